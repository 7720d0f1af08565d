//! X.509 certificates and names: read, not trusted.
//!
//! A [`Certificate`] is its original bytes and what they say. Nothing here tells whether a
//! certificate is good: `path` asks whether it leads to an anchor, `validation` whether it was
//! revoked. Nothing is ever encoded again: digests and signatures are taken over slices of the
//! bytes that came.
//!
//! What does not follow the structure of a certificate at all is an error. What is odd inside a
//! sound structure (an extension that stands twice, that cannot be read, a serial number that is
//! too long) is a [`Finding`] with its place, and reading goes on: `path` refuses, and can say
//! why. Extensions are read at first use. An accessor that tells something on which a refusal may
//! rest returns an error for an extension that is there and cannot be read, so that *unreadable*
//! is never taken for *absent*.
//!
//! # Standard
//! RFC 5280 §4; RFC 3739 and EN 319 412-5 (qualified certificate statements); RFC 4514, RFC 4518
//! (names); RFC 5755 §4.1 (what attribute certificates say).

mod addresses;
mod attribute_certificate;
mod bundle;
mod constraints;
mod extensions;
mod finding;
mod general_name;
mod kept;
mod name;
mod prepare;
mod qc_statements;
#[cfg(test)]
pub(crate) mod sample;
mod signed;
#[cfg(test)]
mod tests;
mod text;
mod usage;

pub use addresses::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, DistributionPoint, ReasonFlags, SubjectService,
};
pub use attribute_certificate::AttributeCertificate;
#[cfg(test)]
pub(crate) use attribute_certificate::samples;
pub use bundle::read_certificates;
pub use constraints::{
    NameConstraints, PolicyConstraints, PolicyInformation, PolicyMapping, Subtree,
};
pub use extensions::{Extension, oid};
pub use finding::{Finding, FindingKind};
pub use general_name::{DistributionPointName, GeneralName};
pub(crate) use kept::Kept;
pub use name::{Name, NameAttribute};
pub use qc_statements::{Disclosure, MonetaryValue, QcStatements, QcType};
pub(crate) use signed::{Opened, Signed};
pub use usage::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsageBit};

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{Mode, Oid, Tag, Tlv, check_tree};
use crate::crypto::{Fit, Memo, PublicKey, object_id};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::time::Validity;
use crate::vocabulary::ObjectId;
use extensions::Decoded;
use std::sync::{Arc, OnceLock};

/// An X.509 certificate. Cloning is cheap.
///
/// ```text
/// Certificate ::= SEQUENCE {
///   tbsCertificate     TBSCertificate,
///   signatureAlgorithm AlgorithmIdentifier,
///   signatureValue     BIT STRING }
/// TBSCertificate ::= SEQUENCE {
///   version         [0] EXPLICIT Version DEFAULT v1,
///   serialNumber        CertificateSerialNumber,
///   signature           AlgorithmIdentifier,
///   issuer              Name,
///   validity            Validity,
///   subject             Name,
///   subjectPublicKeyInfo SubjectPublicKeyInfo,
///   issuerUniqueID  [1] IMPLICIT UniqueIdentifier OPTIONAL,
///   subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
///   extensions      [3] EXPLICIT Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.1.
#[derive(Clone)]
pub struct Certificate {
    inner: Arc<Inner>,
    /// The key, where it was completed with the parameters of the issuer's.
    whole_key: Option<PublicKey>,
}

struct Inner {
    der: Arc<[u8]>,
    id: OnceLock<ObjectId>,
    version: u8,
    serial_number: Kept,
    issuer: Name,
    validity: Validity,
    subject: Name,
    spki: Kept,
    key_bits: Kept,
    public_key: OnceLock<Result<PublicKey, Error>>,
    extensions: Vec<Extension>,
    decoded: OnceLock<Decoded>,
    signed: Signed,
    findings: Vec<Finding>,
}

/// Octets of extensions that are paid for like any others.
const USUAL_EXTENSIONS: u64 = 2048;

impl Certificate {
    /// Reads a DER certificate.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it does not follow its structure or is not DER;
    /// [`Error::LimitExceeded`].
    pub fn parse(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        Self::parse_kept(der.into(), budget)
    }

    /// Reads a DER certificate from bytes that are already shared.
    ///
    /// # Errors
    /// As [`Certificate::parse`].
    pub fn parse_kept(der: Arc<[u8]>, budget: &mut Budget) -> Result<Self, Error> {
        let before = budget.spent(Resource::Values);
        check_tree(&der, Mode::Der, budget)?;
        // Names, extensions and what is in them are taken apart and kept: a value costs up to 130
        // octets then, six times as much as one that is passed over.
        let values = budget.spent(Resource::Values).saturating_sub(before);
        budget.charge(Resource::Values, values.saturating_mul(5))?;
        let mut findings = Vec::new();
        let Opened {
            signed,
            tbs,
            algorithm,
            rest,
        } = Signed::open(&der)?;
        rest.finish()?;

        let mut fields = tbs.reader();
        let version = version(fields.optional(Tag::context_constructed(0))?, &mut findings)?;
        let serial = fields.read(Tag::INTEGER)?;
        check_serial_number(&serial, &mut findings)?;
        let tbs_algorithm = fields.read(Tag::SEQUENCE)?;
        // RFC 5280 §4.1.1.2: both fields hold the same algorithm identifier.
        if tbs_algorithm.whole != algorithm.whole {
            findings.push(Finding {
                kind: FindingKind::SignatureAlgorithmsDiffer,
                at: algorithm.offset,
            });
        }
        let issuer = Name::from_tlv(&der, &fields.read_any()?)?;
        if issuer.is_empty() {
            findings.push(Finding {
                kind: FindingKind::EmptyIssuer,
                at: serial.offset,
            });
        }
        let validity = validity(&fields.read(Tag::SEQUENCE)?, &mut findings)?;
        let subject = Name::from_tlv(&der, &fields.read_any()?)?;
        let spki = fields.read(Tag::SEQUENCE)?;
        let mut key = spki.reader();
        key.read(Tag::SEQUENCE)?;
        let key_bits = key.read(Tag::BIT_STRING)?;
        key.finish()?;
        for number in [1, 2] {
            if let Some(unique) = fields.optional(Tag::context(number))?
                && version < 2
            {
                findings.push(Finding {
                    kind: FindingKind::UniqueIdentifierWithoutVersion2,
                    at: unique.offset,
                });
            }
        }
        let mut extensions = Vec::new();
        if let Some(explicit) = fields.optional(Tag::context_constructed(3))? {
            let mut inner = explicit.reader();
            let list = inner.read(Tag::SEQUENCE)?;
            inner.finish()?;
            // What is in an extension is taken apart when it is asked for: an octet costs up to 40
            // then. Genuine certificates have some hundreds of octets in all of them.
            let octets = u64::try_from(list.whole.len()).unwrap_or(u64::MAX);
            let unusual = octets.saturating_sub(USUAL_EXTENSIONS);
            budget.charge(Resource::Values, unusual.saturating_mul(2))?;
            extensions = Extension::list(&der, &list, &mut findings)?;
            let at = list.offset;
            if version < 3 {
                let kind = FindingKind::ExtensionsWithoutVersion3;
                findings.push(Finding { kind, at });
            }
            if extensions.is_empty() {
                let kind = FindingKind::EmptyExtensions;
                findings.push(Finding { kind, at });
            }
        }
        fields.finish()?;

        Ok(Self {
            whole_key: None,
            inner: Arc::new(Inner {
                id: OnceLock::new(),
                version,
                serial_number: Kept::content(&der, &serial),
                issuer,
                validity,
                subject,
                spki: Kept::whole(&der, &spki),
                key_bits: Kept::content(&der, &key_bits),
                public_key: OnceLock::new(),
                extensions,
                decoded: OnceLock::new(),
                signed,
                findings,
                der,
            }),
        })
    }

    /// The original bytes.
    #[must_use]
    pub fn der(&self) -> &Arc<[u8]> {
        &self.inner.der
    }

    /// The SHA-256 digest of the original bytes.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        *self.inner.id.get_or_init(|| object_id(&self.inner.der))
    }

    /// The same certificate, whose octets were digested already.
    pub(crate) fn identified(self, id: ObjectId) -> Self {
        let _ = self.inner.id.set(id);
        self
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn tbs(&self) -> &[u8] {
        self.inner.signed.tbs()
    }

    /// Whether a key made the signature.
    ///
    /// # Errors
    /// [`Error::Unsupported`], [`Error::Malformed`] (algorithm), [`Error::LimitExceeded`].
    pub fn verify(
        &self,
        key: &PublicKey,
        budget: &mut Budget,
        memo: &mut Memo,
    ) -> Result<Fit, Error> {
        self.inner.signed.verify(key, budget, memo)
    }

    /// 1, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.inner.version
    }

    /// The content octets of the serial number, as they stand there.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        self.inner.serial_number.as_slice()
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.inner.issuer
    }

    /// Whose it is.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.inner.subject
    }

    /// From when to when it is valid.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.inner.validity
    }

    /// The DER of `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        self.inner.spki.as_slice()
    }

    /// The octets of `subjectPublicKey`, without tag, length and unused bits: what key hashes of
    /// OCSP are made from (RFC 6960 §4.1.1).
    #[must_use]
    pub fn key_bits(&self) -> &[u8] {
        let content = self.inner.key_bits.as_slice();
        content.get(1..).unwrap_or_default()
    }

    /// The subject's public key.
    ///
    /// # Errors
    /// [`Error::Malformed`] or [`Error::Unsupported`], the same at every call.
    pub fn public_key(&self) -> Result<&PublicKey, Error> {
        if let Some(key) = &self.whole_key {
            return Ok(key);
        }
        let key = &self.inner.public_key;
        key.get_or_init(|| PublicKey::from_spki(self.spki()))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The same certificate with a whole key, where its own lacks the domain parameters that it
    /// inherits: see [`PublicKey::with_parameters_of`]. The caller knows whose key the issuer's is.
    ///
    /// # Errors
    /// As [`Certificate::public_key`].
    pub fn with_parameters_of(&self, issuer: &PublicKey) -> Result<Option<Self>, Error> {
        let whole_key = self.public_key()?.with_parameters_of(issuer)?;
        Ok(whole_key.map(|key| Self {
            inner: Arc::clone(&self.inner),
            whole_key: Some(key),
        }))
    }

    /// How it is signed.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for an algorithm that is not known, [`Error::Malformed`] for bad
    /// parameters.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, Error> {
        self.inner.signed.algorithm()
    }

    /// The DER of the outer `signatureAlgorithm`.
    #[must_use]
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.inner.signed.algorithm_der()
    }

    /// The octets of the signature value.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        self.inner.signed.value()
    }

    /// Whether subject and issuer have the same name (RFC 5280 §3.2).
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject().matches(self.issuer())
    }

    /// Every extension in the order of the certificate.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.inner.extensions
    }

    /// The extension with an OID in dotted form.
    #[must_use]
    pub fn extension(&self, oid: &str) -> Option<&Extension> {
        let mut all = self.inner.extensions.iter();
        all.find(|extension| extension.oid.is(oid))
    }

    /// The critical extensions that nothing here acts on.
    pub fn unknown_critical(&self) -> impl Iterator<Item = &Oid> {
        let extensions = self.inner.extensions.iter();
        extensions
            .filter(|extension| extension.critical && !extension.is_processed())
            .map(|extension| &extension.oid)
    }

    /// Oddities, those of extensions included.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let own = self.inner.findings.iter();
        own.chain(&self.decoded().findings).cloned().collect()
    }

    fn decoded(&self) -> &Decoded {
        let inner = &self.inner;
        inner
            .decoded
            .get_or_init(|| Decoded::read(&inner.der, &inner.extensions))
    }
}

/// One line per extension: what it says, or that it is absent, or that it cannot be read.
macro_rules! extensions {
    ($($(#[$doc:meta])* $name:ident => $field:ident: $type:ty;)+) => {
        impl Certificate {
            $($(#[$doc])*
            ///
            /// # Errors
            /// [`Malformed`] when the extension is there and cannot be read, or stands twice.
            pub fn $name(&self) -> Result<Option<&$type>, Malformed> {
                self.decoded().$field.as_ref().map(Option::as_ref).map_err(Clone::clone)
            })+
        }
    };
}

extensions! {
    /// What the key may be used for.
    key_usage => key_usage: KeyUsage;
    /// For which purposes the key may be used.
    extended_key_usage => extended_key_usage: ExtendedKeyUsage;
    /// Whether the subject is a CA.
    basic_constraints => basic_constraints: BasicConstraints;
    /// Further names of the subject.
    subject_alt_names => subject_alt_names: Vec<GeneralName>;
    /// Further names of the issuer.
    issuer_alt_names => issuer_alt_names: Vec<GeneralName>;
    /// Where names of certificates below may lie.
    name_constraints => name_constraints: NameConstraints;
    /// The policies it is issued under.
    certificate_policies => policies: Vec<PolicyInformation>;
    /// Policies that count as others.
    policy_mappings => policy_mappings: Vec<PolicyMapping>;
    /// From where on policies are required, or mappings forbidden.
    policy_constraints => policy_constraints: PolicyConstraints;
    /// After how many certificates `anyPolicy` counts no more.
    inhibit_any_policy => inhibit_any_policy: u64;
    /// Where its CRL is found.
    crl_distribution_points => distribution_points: Vec<DistributionPoint>;
    /// Where the delta of its CRL is found.
    freshest_crl => freshest_crl: Vec<DistributionPoint>;
    /// What it says about its own qualification.
    qc_statements => qc_statements: QcStatements;
}

/// Hints: unreadable ones are as good as none, and a [`Finding`].
impl Certificate {
    /// The identifier of the subject's key.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        let read = self.decoded().subject_key_identifier.as_ref();
        read.ok().and_then(Option::as_deref)
    }

    /// The issuer's key.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        let read = self.decoded().authority_key_identifier.as_ref();
        read.ok().and_then(Option::as_ref)
    }

    /// Addresses of OCSP responders and issuer certificates.
    #[must_use]
    pub fn authority_info_access(&self) -> Option<&AuthorityInfoAccess> {
        let read = self.decoded().authority_info_access.as_ref();
        read.ok().and_then(Option::as_ref)
    }

    /// Services of the subject.
    #[must_use]
    pub fn subject_info_access(&self) -> Option<&[SubjectService]> {
        let read = self.decoded().subject_info_access.as_ref();
        read.ok().and_then(Option::as_deref)
    }

    /// TLS extensions that a server with this certificate must offer (RFC 7633), by number. They
    /// mean nothing for documents.
    #[must_use]
    pub fn tls_features(&self) -> Option<&[u64]> {
        let read = self.decoded().tls_features.as_ref();
        read.ok().and_then(Option::as_deref)
    }

    /// Whether `id-pkix-ocsp-nocheck` is there (RFC 6960 §4.2.2.2.1).
    #[must_use]
    pub fn has_ocsp_nocheck(&self) -> bool {
        self.extension(oid::OCSP_NOCHECK).is_some()
    }

    /// Whether `noRevAvail` is there (RFC 9608).
    #[must_use]
    pub fn has_no_revocation_available(&self) -> bool {
        self.extension(oid::NO_REVOCATION_AVAILABLE).is_some()
    }

    /// Whether `id-etsi-ext-valassured-ST-certs` is there (EN 319 412-1 §5.2).
    #[must_use]
    pub fn has_validity_assured_short_term(&self) -> bool {
        self.extension(oid::VALIDITY_ASSURED_SHORT_TERM).is_some()
    }
}

impl PartialEq for Certificate {
    /// Octet by octet.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) || self.inner.der == other.inner.der
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.inner.der.hash(state);
    }
}

impl std::fmt::Debug for Certificate {
    /// The digest only: names are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.id())
    }
}

/// RFC 5280 §4.1.2.1.
fn version(explicit: Option<Tlv<'_>>, findings: &mut Vec<Finding>) -> Result<u8, Malformed> {
    let Some(explicit) = explicit else {
        return Ok(1);
    };
    let mut inner = explicit.reader();
    let number = inner.read(Tag::INTEGER)?;
    inner.finish()?;
    match number.small_integer()? {
        0 => {
            let (kind, at) = (FindingKind::DefaultEncoded, explicit.offset);
            findings.push(Finding { kind, at });
            Ok(1)
        }
        1 => Ok(2),
        2 => Ok(3),
        other => {
            let kind = MalformedKind::CertificateStructure;
            Err(Malformed::at(kind, number.offset).compared(2, other))
        }
    }
}

/// RFC 5280 §4.1.2.2: at most 20 octets, positive.
fn check_serial_number(serial: &Tlv<'_>, findings: &mut Vec<Finding>) -> Result<(), Malformed> {
    let at = serial.offset;
    let octets = serial.integer()?;
    let negative = octets.first().is_some_and(|first| *first >= 0x80);
    if negative || octets == [0] {
        let kind = FindingKind::SerialNumberNotPositive;
        findings.push(Finding { kind, at });
    }
    if octets.len() > 20 {
        let kind = FindingKind::SerialNumberTooLong;
        findings.push(Finding { kind, at });
    }
    Ok(())
}

/// RFC 5280 §4.1.2.5.
fn validity(tlv: &Tlv<'_>, findings: &mut Vec<Finding>) -> Result<Validity, Malformed> {
    const YEAR_2050: i64 = 2_524_608_000;
    let mut reader = tlv.reader();
    let mut one = || -> Result<crate::time::UnixTime, Malformed> {
        let value = reader.read_any()?;
        let time = value.time()?;
        let kind = if value.tag == Tag::GENERALIZED_TIME {
            if value.content.len() > 15 {
                Some(FindingKind::ValidityWithFractions)
            } else if time.seconds < YEAR_2050 {
                Some(FindingKind::ValidityTimeType)
            } else {
                None
            }
        } else {
            (value.content.len() < 13).then_some(FindingKind::ValidityWithoutSeconds)
        };
        let at = value.offset;
        findings.extend(kind.map(|kind| Finding { kind, at }));
        Ok(time)
    };
    let validity = Validity {
        not_before: one()?,
        not_after: one()?,
    };
    reader.finish()?;
    Ok(validity)
}
