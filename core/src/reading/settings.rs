//! What a host is told as octets and words, turned into what a validation is given.
//!
//! Every door of the library (a command, a phone, a browser) is handed the same things: files of
//! trust, evidence and keys, the name of a policy, times. [`Settings`] holds them as they came;
//! [`Settings::read`] makes a [`Context`] and the material of a
//! [`ValidationRequest`](super::ValidationRequest) from them, so that all doors read them alike.

use super::material::{Given, recognise_material};
use crate::asn1::pem;
use crate::certificate::read_certificates;
use crate::crypto::PublicKey;
use crate::error::{ApiMisuse, Error};
use crate::limits::{Budget, Limits};
use crate::policy::{RevocationRequirement, ValidationPolicy};
use crate::time::UnixTime;
use crate::trust::TrustSet;
use crate::validation::Context;
use crate::vocabulary::Purpose;
use std::sync::Arc;

/// A file of trust anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFile {
    /// Certificates in PEM, DER or PKCS #7.
    pub octets: Vec<u8>,
    /// The one purpose that they are anchors for; all purposes without.
    pub purpose: Option<Purpose>,
}

/// The inputs of a validation beside its documents, as a host has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The whole trust set: nothing is built in.
    pub trust: Vec<TrustFile>,
    /// Files of certificates, CRLs and OCSP responses: material without trust.
    pub evidence: Vec<Vec<u8>>,
    /// Files with a certificate or a public key (PEM, DER) for signatures that carry none.
    pub keys: Vec<Vec<u8>>,
    /// The name of a built-in policy or a policy as JSON; the default policy without.
    pub policy: Option<String>,
    /// What missing or stale revocation data is worth, where it departs from the policy.
    pub revocation: Option<RevocationRequirement>,
    /// EN 319 102-1's current time.
    pub validation_time: UnixTime,
    /// A proof of existence from the caller.
    pub proven_at: Option<UnixTime>,
    /// The limits of reading and judging.
    pub limits: Limits,
}

/// Settings that were read.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The inputs of the judgement.
    pub context: Context,
    /// Material without trust.
    pub given: Vec<Given>,
    /// Keys for signatures that carry none.
    pub keys: Vec<PublicKey>,
}

impl Settings {
    /// No trust, no material, the default policy.
    #[must_use]
    pub fn at(validation_time: UnixTime) -> Self {
        Self {
            trust: Vec::new(),
            evidence: Vec::new(),
            keys: Vec::new(),
            policy: None,
            revocation: None,
            validation_time,
            proven_at: None,
            limits: Limits::default(),
        }
    }

    /// Reads every file and the policy.
    ///
    /// # Errors
    /// As [`TrustSet::read_anchors`], [`recognise_material`], [`read_key`] and [`read_policy`].
    pub fn read(&self) -> Result<Prepared, Error> {
        let limits = Arc::new(self.limits.clone());
        let budget = || Budget::new(Arc::clone(&limits));
        let mut anchors = Vec::new();
        for file in &self.trust {
            for anchor in TrustSet::read_anchors(&file.octets, &mut budget())? {
                anchors.push(match file.purpose {
                    Some(purpose) => anchor.for_purposes([purpose]),
                    None => anchor,
                });
            }
        }
        let mut given = Vec::new();
        for octets in &self.evidence {
            given.extend(recognise_material(octets, &mut budget())?);
        }
        let mut keys = Vec::new();
        for octets in &self.keys {
            let (found, certificates) = read_key(octets, &mut budget())?;
            keys.extend(found);
            given.extend(certificates);
        }
        let mut policy = match &self.policy {
            Some(text) => read_policy(text)?,
            None => ValidationPolicy::standard(),
        };
        if let Some(requirement) = self.revocation {
            policy.revocation = requirement;
        }
        Ok(Prepared {
            context: Context {
                policy: Arc::new(policy),
                trust: Arc::new(TrustSet::new(anchors)),
                validation_time: self.validation_time,
                proven_at: self.proven_at,
                limits,
            },
            given,
            keys,
        })
    }
}

/// The keys of a file that holds certificates or one public key, in PEM or DER. Certificates are
/// given back as material too: they may turn out to be signing certificates.
///
/// # Errors
/// [`Error::Malformed`] and [`Error::Unsupported`] as [`PublicKey::from_spki`].
pub fn read_key(octets: &[u8], budget: &mut Budget) -> Result<(Vec<PublicKey>, Vec<Given>), Error> {
    if let Ok(certificates) = read_certificates(octets, budget) {
        let keys = certificates.iter().filter_map(|one| one.public_key().ok());
        let given = certificates
            .iter()
            .map(|one| Given::Certificate(Arc::clone(one.der())));
        return Ok((keys.cloned().collect(), given.collect()));
    }
    let block = pem::decode(octets)
        .ok()
        .and_then(|blocks| blocks.into_iter().next());
    let der = block.as_ref().map_or(octets, |block| &block.der);
    Ok((vec![PublicKey::from_spki(der)?], Vec::new()))
}

/// A policy by its built-in name, or from JSON.
///
/// # Errors
/// [`ApiMisuse::UnreadableValue`] when the text is neither.
pub fn read_policy(text: &str) -> Result<ValidationPolicy, Error> {
    match ValidationPolicy::named(text) {
        Some(policy) => Ok(policy),
        None => serde_json::from_str(text).map_err(|_| ApiMisuse::UnreadableValue.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn settings() -> Settings {
        Settings::at(UnixTime::from_seconds(1_750_000_000))
    }

    #[test]
    fn without_anything_nothing_is_trusted() {
        let read = settings().read();
        assert!(
            read.is_ok_and(|read| read.context.trust.anchors().is_empty()
                && read.given.is_empty()
                && read.keys.is_empty())
        );
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        let noise = b"no certificate".to_vec();
        let trust = Settings {
            trust: vec![TrustFile {
                octets: noise.clone(),
                purpose: None,
            }],
            ..settings()
        };
        let evidence = Settings {
            evidence: vec![noise.clone()],
            ..settings()
        };
        let keys = Settings {
            keys: vec![noise],
            ..settings()
        };
        for wrong in [trust, evidence, keys] {
            assert!(
                matches!(wrong.read(), Err(Error::Malformed(_))),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_policy_is_a_name_or_json() {
        assert_eq!(
            read_policy("historic").map(|one| one.name),
            Ok("historic".to_owned())
        );
        let written = serde_json::to_string(&ValidationPolicy::standard());
        assert!(written.is_ok_and(|text| read_policy(&text) == Ok(ValidationPolicy::standard())));
        for wrong in ["", "Default", "{}", "[1]"] {
            assert_eq!(
                read_policy(wrong),
                Err(ApiMisuse::UnreadableValue.into()),
                "{wrong}"
            );
        }
    }

    #[test]
    fn revocation_departs_from_the_policy() {
        let soft = Settings {
            revocation: Some(RevocationRequirement::Soft),
            ..settings()
        };
        let read = soft.read().map(|read| read.context.policy.revocation);
        assert_eq!(read, Ok(RevocationRequirement::Soft));
    }
}
