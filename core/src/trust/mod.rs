//! Trust anchors: plain data, and nothing that judges a signature.
//!
//! A [`TrustAnchor`] is a name and a key that somebody decided to rely on, for some purposes and
//! perhaps only up to a date. Mostly it came as a certificate, and then the certificate is kept:
//! it can be the signing certificate itself. A [`TrustSet`] is the whole of what a validation
//! relies on. Nothing is built in and nothing is read from the machine.
//!
//! Whether an anchor may stand above other certificates is said by [`TrustAnchor::obstacle`]: one
//! that is no certification authority matches only itself.
//!
//! # Standard
//! RFC 5280 §6.1.1(d); EN 319 102-1 §5.2.6 (sunset dates).

mod bundle;
#[cfg(test)]
mod tests;

pub use bundle::Bundle;

use crate::certificate::{Certificate, KeyUsageBit, Name, read_certificates};
use crate::crypto::{PublicKey, object_id};
use crate::error::{Error, Malformed};
use crate::limits::Budget;
use crate::time::UnixTime;
use crate::vocabulary::{ObjectId, Purpose};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A name and a key that are relied on. Cloning is cheap.
#[derive(Clone)]
pub struct TrustAnchor {
    /// The certificate it came as.
    pub certificate: Option<Certificate>,
    /// What it is relied on for.
    pub purposes: BTreeSet<Purpose>,
    /// From this instant on it is relied on no more.
    pub sunset_date: Option<UnixTime>,
    name: Name,
    spki: Arc<[u8]>,
    public_key: OnceLock<Result<PublicKey, Error>>,
}

/// Why an anchor can stand above no other certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnchorObstacle {
    /// It does not say that it is a CA (RFC 5280 §4.2.1.9).
    NotAuthority,
    /// Its key usage does not allow signing certificates (RFC 5280 §4.2.1.3).
    NoKeyCertSign,
    /// It has a critical extension that is not known (RFC 5280 §4.2).
    UnknownCriticalExtension {
        /// Its object identifier.
        oid: String,
    },
    /// basicConstraints or keyUsage cannot be read.
    Unreadable(Malformed),
}

/// Every purpose.
#[must_use]
pub fn every_purpose() -> BTreeSet<Purpose> {
    Purpose::ALL.iter().copied().collect()
}

impl TrustAnchor {
    /// An anchor that came as a certificate, relied on for every purpose.
    #[must_use]
    pub fn from_certificate(certificate: Certificate) -> Self {
        Self {
            purposes: every_purpose(),
            sunset_date: None,
            name: certificate.subject().clone(),
            spki: certificate.spki().into(),
            public_key: OnceLock::new(),
            certificate: Some(certificate),
        }
    }

    /// An anchor that is only a name and a key (DER of `SubjectPublicKeyInfo`).
    #[must_use]
    pub fn from_name_and_key(name: Name, spki: Arc<[u8]>) -> Self {
        Self {
            certificate: None,
            purposes: every_purpose(),
            sunset_date: None,
            name,
            spki,
            public_key: OnceLock::new(),
        }
    }

    /// The same, relied on for these purposes only.
    #[must_use]
    pub fn for_purposes(mut self, purposes: impl IntoIterator<Item = Purpose>) -> Self {
        self.purposes = purposes.into_iter().collect();
        self
    }

    /// The same, relied on until an instant.
    #[must_use]
    pub fn until(mut self, sunset_date: UnixTime) -> Self {
        self.sunset_date = Some(sunset_date);
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The DER of its `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki(&self) -> &Arc<[u8]> {
        &self.spki
    }

    /// Its key.
    ///
    /// # Errors
    /// [`Error::Malformed`] or [`Error::Unsupported`], the same at every call.
    pub fn public_key(&self) -> Result<&PublicKey, Error> {
        let key = self
            .public_key
            .get_or_init(|| PublicKey::from_spki(&self.spki));
        key.as_ref().map_err(Clone::clone)
    }

    /// Names the anchor in reports: the digest of its certificate, or of its name and key.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        match &self.certificate {
            Some(certificate) => certificate.id(),
            None => object_id(&[self.name.der(), &self.spki].concat()),
        }
    }

    /// Whether it is this very certificate.
    #[must_use]
    pub fn is_certificate(&self, certificate: &Certificate) -> bool {
        self.certificate.as_ref() == Some(certificate)
    }

    /// Why it can stand above no other certificate, if it cannot. An anchor that came without a
    /// certificate, or whose self-issued certificate is of version 1 or 2 and cannot say more,
    /// is taken as a CA because its owner said so.
    #[must_use]
    pub fn obstacle(&self) -> Option<AnchorObstacle> {
        let certificate = self.certificate.as_ref()?;
        if certificate.version() < 3 && certificate.is_self_issued() {
            return None;
        }
        match certificate.basic_constraints() {
            Ok(Some(constraints)) if constraints.ca => {}
            Ok(_) => return Some(AnchorObstacle::NotAuthority),
            Err(malformed) => return Some(AnchorObstacle::Unreadable(malformed)),
        }
        match certificate.key_usage() {
            Ok(Some(usage)) if !usage.contains(KeyUsageBit::KeyCertSign) => {
                return Some(AnchorObstacle::NoKeyCertSign);
            }
            Ok(_) => {}
            Err(malformed) => return Some(AnchorObstacle::Unreadable(malformed)),
        }
        let mut unknown = certificate.unknown_critical();
        unknown
            .next()
            .map(|oid| AnchorObstacle::UnknownCriticalExtension {
                oid: oid.to_string(),
            })
    }

    /// What distinguishes it from others, in one byte string.
    fn fingerprint(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut part = |bytes: &[u8]| {
            out.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        part(
            self.certificate
                .as_ref()
                .map_or(&[], |certificate| certificate.der()),
        );
        part(self.name.der());
        part(&self.spki);
        part(
            self.sunset_date
                .map(|time| time.to_string())
                .unwrap_or_default()
                .as_bytes(),
        );
        for purpose in &self.purposes {
            part(purpose.as_str().as_bytes());
        }
        out
    }
}

impl std::fmt::Debug for TrustAnchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrustAnchor({}, {:?})", self.id(), self.purposes)
    }
}

impl PartialEq for TrustAnchor {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
}

impl Eq for TrustAnchor {}

/// Everything that a validation relies on. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct TrustSet {
    anchors: Arc<Vec<TrustAnchor>>,
    digest: OnceLock<[u8; 32]>,
}

impl TrustSet {
    /// A set of anchors; repeated ones count once.
    #[must_use]
    pub fn new(anchors: impl IntoIterator<Item = TrustAnchor>) -> Self {
        let mut seen = BTreeSet::new();
        let anchors = anchors
            .into_iter()
            .filter(|anchor| seen.insert(anchor.fingerprint()))
            .collect();
        Self {
            anchors: Arc::new(anchors),
            digest: OnceLock::new(),
        }
    }

    /// The anchors that a file gives: those of a [`Bundle`], or every certificate in PEM, DER or
    /// PKCS#7.
    ///
    /// # Errors
    /// As [`read_certificates`] and [`Bundle::read`].
    pub fn read_anchors(bytes: &[u8], budget: &mut Budget) -> Result<Vec<TrustAnchor>, Error> {
        if Bundle::is_one(bytes) {
            let bundle = Bundle::read(bytes, budget)?;
            return Ok(bundle
                .anchors
                .into_iter()
                .map(|(anchor, _)| anchor)
                .collect());
        }
        let certificates = read_certificates(bytes, budget)?;
        let anchors = certificates.into_iter().map(TrustAnchor::from_certificate);
        Ok(anchors.collect())
    }

    /// The anchors.
    #[must_use]
    pub fn anchors(&self) -> &[TrustAnchor] {
        &self.anchors
    }

    /// The anchors relied on for a purpose; `None` takes those of any.
    pub fn for_purpose(&self, purpose: Option<Purpose>) -> impl Iterator<Item = &TrustAnchor> {
        self.anchors
            .iter()
            .filter(move |anchor| purpose.is_none_or(|purpose| anchor.purposes.contains(&purpose)))
    }

    /// A digest that tells sets apart; the order of anchors does not count.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        // The anchors never change, and every report names them.
        *self.digest.get_or_init(|| {
            let mut fingerprints: Vec<_> =
                self.anchors.iter().map(TrustAnchor::fingerprint).collect();
            fingerprints.sort_unstable();
            let digests = fingerprints
                .iter()
                .map(|fingerprint| object_id(fingerprint).0);
            let all: Vec<u8> = digests.flatten().collect();
            object_id(&all).0
        })
    }
}
