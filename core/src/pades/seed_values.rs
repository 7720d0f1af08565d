//! Whether a signature keeps to what its field demands.
//!
//! # Standard
//! ISO 32000-2 §12.7.5.5, table 238.

use crate::certificate::{Certificate, KeyUsage, KeyUsageBit};
use crate::cms::{SignedData, SignerIdentifier};
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Limit};
use crate::pdf::{CertificateSeed, SeedValues};
use crate::signature::{Finding, Signature};
use crate::vocabulary::{CheckId, ObjectId, TimestampKind};
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

/// The demands of a certificate, by bits of its `/Ff` (table 239).
const SUBJECT: u64 = 1;
const SUBJECT_NAME: u64 = 1 << 3;
const KEY_USAGE: u64 = 1 << 5;
/// In the order of RFC 5280 §4.2.1.3.
const USAGES: [KeyUsageBit; 9] = [
    KeyUsageBit::DigitalSignature,
    KeyUsageBit::NonRepudiation,
    KeyUsageBit::KeyEncipherment,
    KeyUsageBit::DataEncipherment,
    KeyUsageBit::KeyAgreement,
    KeyUsageBit::KeyCertSign,
    KeyUsageBit::CrlSign,
    KeyUsageBit::EncipherOnly,
    KeyUsageBit::DecipherOnly,
];

/// What the signer's certificate has to be; each part holds where it is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateDemands {
    /// Certificates of which it has to be one, by their digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<ObjectId>>,
    /// Attributes of the subject, of which all of one list have to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<Vec<(String, String)>>>,
    /// Usages of the key, a letter each: `1`, `0` or `X`; one of the strings has to fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usages: Option<Vec<String>>,
}

impl CertificateDemands {
    fn of(seed: &CertificateSeed) -> Option<Self> {
        let demands = |bit: u64| seed.flags & bit != 0;
        let own = Self {
            subjects: demands(SUBJECT).then(|| {
                let subjects = seed.subjects.iter();
                subjects.map(|der| crypto::object_id(der)).collect()
            }),
            names: demands(SUBJECT_NAME).then(|| seed.names.clone()),
            usages: demands(KEY_USAGE).then(|| seed.usages.clone()),
        };
        (own != Self::default()).then_some(own)
    }

    fn fits(&self, certificate: &Certificate) -> bool {
        let is_subject = self
            .subjects
            .as_ref()
            .is_none_or(|subjects| subjects.contains(&crypto::object_id(certificate.der())));
        let has_name = self.names.as_ref().is_none_or(|names| {
            let has = |(name, value): &(String, String)| {
                let oid = attribute_oid(name);
                certificate.subject().attribute(oid).as_deref() == Some(value)
            };
            names.iter().any(|all| all.iter().all(has))
        });
        let has_usage = self.usages.as_ref().is_none_or(|usages| {
            let usage = certificate.key_usage().ok().flatten().copied();
            usages.iter().any(|one| is_used_as(usage, one))
        });
        is_subject && has_name && has_usage
    }

    /// Whether the certificates that the message names as the signer's fit, and there is one.
    fn are_kept(
        &self,
        record: &Signature,
        data: &SignedData,
        budget: &mut Budget,
    ) -> Result<bool, Limit> {
        let mut count = 0;
        for embedded in &record.certificates {
            let certificate = match Certificate::parse(&embedded.octets, budget) {
                Ok(certificate) => certificate,
                Err(Error::LimitExceeded(limit)) => return Err(limit),
                Err(_) => continue,
            };
            let signer = data.signer_infos.first();
            if signer.is_some_and(|signer| is_named(&certificate, &signer.sid)) {
                count += 1;
                if !self.fits(&certificate) {
                    return Ok(false);
                }
            }
        }
        Ok(count > 0)
    }
}

fn is_named(certificate: &Certificate, sid: &SignerIdentifier) -> bool {
    match sid {
        SignerIdentifier::IssuerAndSerialNumber {
            issuer,
            serial_number,
        } => {
            certificate.issuer().der() == &**issuer
                && certificate.serial_number() == &**serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            certificate.subject_key_identifier() == Some(&**id)
        }
    }
}

/// Table 239: names of attributes as in RFC 4514 and RFC 5280, or identifiers.
fn attribute_oid(name: &str) -> &str {
    match name {
        "CN" => "2.5.4.3",
        "SN" => "2.5.4.4",
        "SERIALNUMBER" => "2.5.4.5",
        "C" => "2.5.4.6",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "STREET" => "2.5.4.9",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "T" => "2.5.4.12",
        "GN" => "2.5.4.42",
        "EMAIL" | "E" => "1.2.840.113549.1.9.1",
        other => other,
    }
}

/// A letter for each usage in the order of RFC 5280 §4.2.1.3; what is not written does not matter.
fn is_used_as(usage: Option<KeyUsage>, letters: &str) -> bool {
    letters.chars().zip(USAGES).all(|(letter, bit)| {
        let is_used = usage.is_some_and(|usage| usage.contains(bit));
        match letter {
            '0' => !is_used,
            '1' => is_used,
            _ => letter == 'X',
        }
    })
}

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
        if let Some(demands) = &self.certificate
            && !demands.are_kept(record, data, budget)?
        {
            wrong(
                "a certificate that the field names".to_owned(),
                "another".to_owned(),
            );
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
    let of_certificates = !(SUBJECT | SUBJECT_NAME | KEY_USAGE);
    if is_unknown || seed.is_unreadable || seed.certificate.flags & of_certificates != 0 {
        let expected = "demands of the field that are known";
        let found = "others";
        findings.push(Finding::new(CheckId::UnsupportedFeature, expected, found));
    }
    findings
}
