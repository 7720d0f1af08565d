//! Whether the signer's certificate is one that the field asks for.
//!
//! # Standard
//! ISO 32000-2 §12.7.5.5, table 239 (certificate seed values).

use crate::certificate::{Certificate, KeyUsage, KeyUsageBit};
use crate::cms::SignedData;
use crate::crypto::{self, Fit, Memo};
use crate::error::Error;
use crate::limits::{Budget, Limit};
use crate::payload::hex_octets;
use crate::pdf::CertificateSeed;
use crate::signature::{Finding, Signature};
use crate::vocabulary::{CheckId, ObjectId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The demands of a certificate, by bits of its `/Ff`.
const SUBJECT: u64 = 1;
const ISSUER: u64 = 1 << 1;
const POLICY: u64 = 1 << 2;
const SUBJECT_NAME: u64 = 1 << 3;
const KEY_USAGE: u64 = 1 << 5;
/// Where a certificate can be had, which says nothing about the one that was used.
const ADDRESS: u64 = 1 << 6;
/// Those that are understood; bit 5 is reserved.
const KNOWN: u64 = SUBJECT | ISSUER | POLICY | SUBJECT_NAME | KEY_USAGE | ADDRESS;

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

/// What the signer's certificate has to be; each part holds where it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateDemands {
    /// Certificates of which it has to be one, by their digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<ObjectId>>,
    /// Certificates of authorities, to one of which it has to lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<DemandedIssuer>>,
    /// Certificate policies, all of which it has to name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<String>>,
    /// Attributes of the subject, of which all of one list have to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<Vec<(String, String)>>>,
    /// Usages of the key, a letter each: `1`, `0` or `X`; one of the strings has to fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usages: Option<Vec<String>>,
}

/// A certificate that a field names as an issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandedIssuer(#[serde(with = "hex_octets")] pub Vec<u8>);

/// What came of a demand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
    /// Certificates between are not in the message.
    Unknown,
}

impl CertificateDemands {
    pub(super) fn of(seed: &CertificateSeed) -> Option<Self> {
        let demands = |bit: u64| seed.flags & bit != 0;
        let own = Self {
            subjects: demands(SUBJECT).then(|| {
                let subjects = seed.subjects.iter();
                subjects.map(|der| crypto::object_id(der)).collect()
            }),
            issuers: demands(ISSUER).then(|| {
                let issuers = seed.issuers.iter();
                issuers.map(|der| DemandedIssuer(der.clone())).collect()
            }),
            policies: demands(POLICY).then(|| seed.policies.clone()),
            names: demands(SUBJECT_NAME).then(|| seed.names.clone()),
            usages: demands(KEY_USAGE).then(|| seed.usages.clone()),
        };
        (own != Self::default()).then_some(own)
    }

    /// Whether something is demanded that is not understood.
    pub(super) fn has_unknown(seed: &CertificateSeed) -> bool {
        seed.flags & !KNOWN != 0
    }

    /// What of the certificates that the message names as the signer's does not fit.
    pub(super) fn compare(
        &self,
        record: &Signature,
        data: &SignedData,
        budget: &mut Budget,
    ) -> Result<Option<Finding>, Limit> {
        let embedded = record.certificates.iter().map(|one| &*one.octets);
        let embedded = parsed(embedded, budget)?;
        let signer = data.signer_infos.first();
        let is_signers = |one: &&Certificate| signer.is_some_and(|by| by.sid.is_name_of(one));
        let mut kept = Kept::No;
        for certificate in embedded.iter().filter(is_signers) {
            kept = if self.fits(certificate) {
                self.leads_to_issuer(certificate, &embedded, budget)?
            } else {
                Kept::No
            };
            if kept != Kept::Yes {
                break;
            }
        }
        Ok(match kept {
            Kept::Yes => None,
            Kept::No => Some(Finding::new(
                CheckId::AttributeSeedValues,
                "a certificate that the field names",
                "another",
            )),
            Kept::Unknown => Some(Finding::new(
                CheckId::UnsupportedFeature,
                "a path to an issuer that the field names",
                "a certificate whose issuer is not in the message",
            )),
        })
    }

    /// What can be seen of the certificate alone.
    fn fits(&self, certificate: &Certificate) -> bool {
        let is_subject = self
            .subjects
            .as_ref()
            .is_none_or(|subjects| subjects.contains(&certificate.id()));
        let has_policies = self.policies.as_ref().is_none_or(|policies| {
            let of = certificate.certificate_policies().ok().flatten();
            let of = of.map(Vec::as_slice).unwrap_or_default();
            // No policy at all is a demand that nobody can know the sense of.
            !policies.is_empty()
                && policies
                    .iter()
                    .all(|wanted| of.iter().any(|one| one.policy.is(wanted)))
        });
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
        is_subject && has_policies && has_name && has_usage
    }

    /// Table 239, `/Issuer`: directly or through certificates that the message carries. Whether
    /// they are valid is a question of the path, not of the form.
    fn leads_to_issuer(
        &self,
        certificate: &Certificate,
        embedded: &[Certificate],
        budget: &mut Budget,
    ) -> Result<Kept, Limit> {
        let Some(issuers) = &self.issuers else {
            return Ok(Kept::Yes);
        };
        let issuers = parsed(issuers.iter().map(|issuer| &*issuer.0), budget)?;
        if issuers.is_empty() {
            return Ok(Kept::No);
        }
        let mut memo = Memo::default();
        let mut seen = BTreeSet::from([certificate.id()]);
        let mut open = vec![certificate];
        let mut kept = Kept::No;
        while let Some(subject) = open.pop() {
            let mut has_issuer = subject.is_self_issued();
            let above = issuers.iter().map(|one| (one, true));
            let above = above.chain(embedded.iter().map(|one| (one, false)));
            for (issuer, is_wanted) in above {
                if !subject.issuer().matches(issuer.subject())
                    || !is_issued(subject, issuer, budget, &mut memo)?
                {
                    continue;
                }
                if is_wanted && issuer.id() != certificate.id() {
                    return Ok(Kept::Yes);
                }
                has_issuer = true;
                if seen.insert(issuer.id()) {
                    open.push(issuer);
                }
            }
            if !has_issuer {
                kept = Kept::Unknown;
            }
        }
        Ok(kept)
    }
}

/// Those that can be read.
fn parsed<'a>(
    all: impl Iterator<Item = &'a [u8]>,
    budget: &mut Budget,
) -> Result<Vec<Certificate>, Limit> {
    let mut certificates = Vec::new();
    for der in all {
        match Certificate::parse(der, budget) {
            Ok(certificate) => certificates.push(certificate),
            Err(Error::LimitExceeded(limit)) => return Err(limit),
            Err(_) => {}
        }
    }
    Ok(certificates)
}

/// Whether the key of one signed the other.
fn is_issued(
    subject: &Certificate,
    issuer: &Certificate,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<bool, Limit> {
    let Ok(key) = issuer.public_key() else {
        return Ok(false);
    };
    match subject.verify(key, budget, memo) {
        Ok(fit) => Ok(fit == Fit::Fits),
        Err(Error::LimitExceeded(limit)) => Err(limit),
        Err(_) => Ok(false),
    }
}

/// Names of attributes as in RFC 4514 and RFC 5280, or identifiers.
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
