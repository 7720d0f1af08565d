//! Whether a signature keeps to what its field demands.
//!
//! # Standard
//! ISO 32000-2 §12.7.5.5, table 238.

use super::certificate_demands::CertificateDemands;
use crate::cms::SignedData;
use crate::limits::{Budget, Limit};
use crate::pdf::SeedValues;
use crate::signature::{Finding, Signature};
use crate::vocabulary::{CheckId, TimestampKind};
use serde::{Deserialize, Serialize};

/// The demands of a field, by bits of `/Ff`.
const FILTER: u64 = 1;
const SUB_FILTER: u64 = 1 << 1;
const REASONS: u64 = 1 << 3;
const LEGAL: u64 = 1 << 4;
const REVOCATION: u64 = 1 << 5;
const DIGEST: u64 = 1 << 6;
const LOCK: u64 = 1 << 7;
const APPEARANCE: u64 = 1 << 8;
/// Adobe's RevocationInfoArchival.
const ARCHIVAL: &str = "1.2.840.113583.1.1.8";

/// What has to be compared with the CMS message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageDemands {
    /// Digest algorithms of which one has to be used; none where it does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<String>,
    /// Whether revocation data has to be among the signed attributes, or must not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<bool>,
    /// Whether there has to be a time-stamp.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub timestamp: bool,
    /// What the signer's certificate has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateDemands>,
}

impl MessageDemands {
    pub(super) fn of(seed: &SeedValues) -> Self {
        let demands = |bit: u64| seed.flags & bit != 0;
        Self {
            digests: if demands(DIGEST) {
                seed.digest_methods.clone()
            } else {
                Vec::new()
            },
            revocation: seed.adds_revocation.filter(|_| demands(REVOCATION)),
            timestamp: seed.demands_timestamp,
            certificate: CertificateDemands::of(&seed.certificate),
        }
    }

    /// What of the message does not fit.
    pub(super) fn compare(
        &self,
        record: &Signature,
        data: &SignedData,
        budget: &mut Budget,
    ) -> Result<Vec<Finding>, Limit> {
        let mut findings = Vec::new();
        let mut wrong = |expected: String, found: String| {
            findings.push(Finding::new(CheckId::AttributeSeedValues, expected, found));
        };
        if !self.digests.is_empty() {
            let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_uppercase();
            let used = record.references.first().map(|one| match &one.algorithm {
                Ok(algorithm) => algorithm.to_string(),
                Err(unsupported) => unsupported.to_string(),
            });
            let used = used.unwrap_or_default();
            if !self.digests.iter().any(|one| plain(one) == plain(&used)) {
                wrong(format!("one of {}", self.digests.join(", ")), used);
            }
        }
        if let Some(is_wanted) = self.revocation {
            let signer = data.signer_infos.first();
            let has = signer.is_some_and(|signer| {
                let attributes = signer.signed_attrs.iter();
                attributes
                    .flat_map(|attributes| attributes.attributes.iter())
                    .any(|attribute| attribute.attr_type.is(ARCHIVAL))
            });
            if has != is_wanted {
                let word = |has: bool| if has { "there" } else { "not there" };
                wrong(
                    format!("revocation data {}", word(is_wanted)),
                    word(has).to_owned(),
                );
            }
        }
        let is_stamped = record
            .timestamps
            .iter()
            .any(|stamp| stamp.kind == TimestampKind::SignatureTimestamp);
        if self.timestamp && !is_stamped {
            wrong("a time-stamp".to_owned(), "none".to_owned());
        }
        if let Some(demands) = &self.certificate {
            findings.extend(demands.compare(record, data, budget)?);
        }
        Ok(findings)
    }
}

/// What of the signature dictionary does not fit the demands of its field.
pub(super) fn compare(
    seed: &SeedValues,
    dictionary: &crate::pdf::SignatureDictionary,
    lock: Option<i64>,
) -> Vec<Finding> {
    let demands = |bit: u64| seed.flags & bit != 0;
    let mut findings = Vec::new();
    let mut wrong = |expected: String, found: &str| {
        findings.push(Finding::new(CheckId::AttributeSeedValues, expected, found));
    };
    let none = "none";
    if demands(FILTER) && seed.filter.is_some() && seed.filter != dictionary.filter {
        let expected = seed.filter.clone().unwrap_or_default();
        wrong(expected, dictionary.filter.as_deref().unwrap_or(none));
    }
    let sub_filter = dictionary.sub_filter.as_deref();
    if demands(SUB_FILTER) && !seed.sub_filters.is_empty() {
        let is_one = seed
            .sub_filters
            .iter()
            .any(|one| Some(one.as_str()) == sub_filter);
        if !is_one {
            let expected = format!("one of {}", seed.sub_filters.join(", "));
            wrong(expected, sub_filter.unwrap_or(none));
        }
    }
    // Table 238: revocation data among the signed attributes is a thing of adbe.pkcs7 alone.
    if demands(REVOCATION)
        && seed.adds_revocation == Some(true)
        && !sub_filter.is_some_and(|name| name.starts_with("adbe.pkcs7."))
    {
        wrong(
            "a SubFilter adbe.pkcs7".to_owned(),
            sub_filter.unwrap_or(none),
        );
    }
    if demands(REASONS) {
        // No reasons, or a full stop alone: none may be given.
        let is_forbidden = matches!(seed.reasons.as_slice(), []) || seed.reasons == ["."];
        let reason = dictionary.reason.as_deref();
        let fits = match reason {
            None => is_forbidden,
            Some(reason) => !is_forbidden && seed.reasons.iter().any(|one| one == reason),
        };
        if !fits {
            let expected = if is_forbidden {
                "no reason".to_owned()
            } else {
                format!("one of {}", seed.reasons.join(", "))
            };
            wrong(expected, reason.unwrap_or(none));
        }
    }
    let is = |method: &str| {
        let transforms = dictionary.transforms.iter();
        let mut found = transforms.filter(|one| one.method.as_deref() == Some(method));
        found
            .next()
            .map(|one| one.parameters.permission.unwrap_or(2))
    };
    let certification = is("DocMDP");
    // Table 238: 0 demands a signature that certifies nothing, 1 to 3 one that certifies this.
    if let Some(wanted) = seed.certification {
        let fits = match wanted {
            0 => certification.is_none(),
            _ => certification == Some(wanted),
        };
        if !fits {
            let found = certification.map_or(none.to_owned(), |level| level.to_string());
            wrong(format!("certification {wanted}"), &found);
        }
    }
    if demands(LOCK) {
        let locks = certification == Some(1) || lock == Some(1);
        match seed.lock_document.as_deref() {
            Some("true") if !locks => wrong("a document that is locked".to_owned(), "not locked"),
            Some("false") if locks => wrong("a document not locked".to_owned(), "locked"),
            _ => {}
        }
    }
    let unknown = !(FILTER | SUB_FILTER | 1 << 2 | REASONS | REVOCATION | DIGEST | LOCK);
    let is_unknown = seed.flags & unknown != 0 || demands(LEGAL) || demands(APPEARANCE);
    let has_unknown = CertificateDemands::has_unknown(&seed.certificate);
    if is_unknown || seed.is_unreadable || has_unknown {
        let expected = "demands of the field that are known";
        let found = "others";
        findings.push(Finding::new(CheckId::UnsupportedFeature, expected, found));
    }
    findings
}
