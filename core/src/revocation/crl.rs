//! Certificate revocation lists: the header is read, the entries are scanned where they stand.

use super::crl_scope::IssuingDistributionPoint;
use super::{RevocationReason, graver};
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{Mode, Reader, Tag, Tlv, check_tree};
use crate::certificate::{
    AuthorityKeyIdentifier, Certificate, Extension, GeneralName, Kept, Name, Opened, Signed,
};
use crate::crypto::{Fit, Memo, PublicKey, object_id};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::time::UnixTime;
use crate::vocabulary::ObjectId;
use std::sync::{Arc, OnceLock};

/// A certificate revocation list. Cloning is cheap; entries are never copied.
///
/// ```text
/// CertificateList ::= SEQUENCE {
///   tbsCertList        TBSCertList,
///   signatureAlgorithm AlgorithmIdentifier,
///   signature          BIT STRING }
/// TBSCertList ::= SEQUENCE {
///   version             Version OPTIONAL,
///   signature           AlgorithmIdentifier,
///   issuer              Name,
///   thisUpdate          Time,
///   nextUpdate          Time OPTIONAL,
///   revokedCertificates SEQUENCE OF SEQUENCE {
///     userCertificate    CertificateSerialNumber,
///     revocationDate     Time,
///     crlEntryExtensions Extensions OPTIONAL } OPTIONAL,
///   crlExtensions   [0] EXPLICIT Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §5.1.
#[derive(Clone)]
pub struct Crl {
    inner: Arc<Inner>,
}

struct Inner {
    der: Arc<[u8]>,
    id: OnceLock<ObjectId>,
    issuer: Name,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    entries: Option<Kept>,
    number: Option<Vec<u8>>,
    delta_base: Option<Vec<u8>>,
    distribution_point: Option<IssuingDistributionPoint>,
    authority_key: Option<AuthorityKeyIdentifier>,
    expired_certificates_since: Option<UnixTime>,
    obstacle: Option<CrlObstacle>,
    signed: Signed,
}

/// Why a CRL cannot be used by itself, whoever signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlObstacle {
    /// A delta CRL (RFC 5280 §5.2.4): not combined with its base here.
    Delta,
    /// An extension stands twice (RFC 5280 §4.2).
    DuplicateExtension,
    /// Extensions in a list of version 1 (RFC 5280 §5.1.2.1).
    ExtensionsWithoutVersion2,
    /// The two algorithm identifiers differ (RFC 5280 §5.1.1.2).
    SignatureAlgorithmsDiffer,
    /// A critical extension that is not known (RFC 5280 §5.2).
    UnknownCriticalExtension {
        /// Its object identifier.
        oid: String,
    },
}

/// What a list says about one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrlEntry {
    /// Since when it is revoked.
    pub revocation_time: UnixTime,
    /// Why, where that is said.
    pub reason: Option<RevocationReason>,
    /// Since when the key may be in other hands; reported, never used in its place.
    pub invalidity_date: Option<UnixTime>,
}

impl Crl {
    /// Reads the header and the extensions of a CRL.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it does not follow its structure; [`Error::LimitExceeded`].
    pub fn parse(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        Self::parse_kept(der.into(), budget)
    }

    /// The same from bytes that are already shared.
    ///
    /// # Errors
    /// As [`Crl::parse`].
    pub fn parse_kept(der: Arc<[u8]>, budget: &mut Budget) -> Result<Self, Error> {
        // The tree is not walked: entries are paid for one by one when they are scanned.
        budget.charge(Resource::Values, 16)?;
        let Opened {
            signed,
            tbs,
            algorithm,
            rest,
        } = Signed::open(&der)?;
        rest.finish()?;

        let mut fields = tbs.reader();
        let version = match fields.optional(Tag::INTEGER)? {
            Some(version) => version.small_integer()?,
            None => 0,
        };
        if version > 1 {
            let kind = MalformedKind::CrlStructure;
            return Err(Malformed::at(kind, tbs.offset).compared(1, version).into());
        }
        let tbs_algorithm = fields.read(Tag::SEQUENCE)?;
        let issuer = fields.read_any()?;
        check_tree(issuer.whole, Mode::Der, budget)?;
        let issuer = Name::from_tlv(&der, &issuer)?;
        let this_update = fields.read_any()?.time()?;
        let next_update = match fields.peek() {
            Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(fields.read_any()?.time()?),
            _ => None,
        };
        let entries = fields.optional(Tag::SEQUENCE)?;
        let extensions = fields.optional(Tag::context_constructed(0))?;
        fields.finish()?;

        let mut inner = Inner {
            id: OnceLock::new(),
            issuer,
            this_update,
            next_update,
            entries: entries.map(|entries| Kept::content(&der, &entries)),
            number: None,
            delta_base: None,
            distribution_point: None,
            authority_key: None,
            expired_certificates_since: None,
            obstacle: None,
            signed,
            der: der.clone(),
        };
        if tbs_algorithm.whole != algorithm.whole {
            inner.obstacle = Some(CrlObstacle::SignatureAlgorithmsDiffer);
        }
        if let Some(extensions) = extensions {
            check_tree(extensions.whole, Mode::Der, budget)?;
            if version == 0 {
                inner.obstacle = Some(CrlObstacle::ExtensionsWithoutVersion2);
            }
            inner.read_extensions(&der, &extensions.explicit()?)?;
        }
        Ok(Self {
            inner: Arc::new(inner),
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

    /// The bytes that are signed.
    #[must_use]
    pub fn tbs(&self) -> &[u8] {
        self.inner.signed.tbs()
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.inner.issuer
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> UnixTime {
        self.inner.this_update
    }

    /// When the next one comes.
    #[must_use]
    pub fn next_update(&self) -> Option<UnixTime> {
        self.inner.next_update
    }

    /// Its number, content octets (RFC 5280 §5.2.3).
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.inner.number.as_deref()
    }

    /// For a delta CRL the number of its base (RFC 5280 §5.2.4).
    #[must_use]
    pub fn delta_base(&self) -> Option<&[u8]> {
        self.inner.delta_base.as_deref()
    }

    /// Which certificates it is about, where it is not about all of its issuer.
    #[must_use]
    pub fn distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.inner.distribution_point.as_ref()
    }

    /// Whose key it was signed with, as a hint.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.inner.authority_key.as_ref()
    }

    /// Certificates that expired at this instant or later are still listed (`expiredCertsOnCRL`,
    /// X.509 §9.5.2.8).
    #[must_use]
    pub fn expired_certificates_since(&self) -> Option<UnixTime> {
        self.inner.expired_certificates_since
    }

    /// Why it cannot be used by itself, if it cannot.
    #[must_use]
    pub fn obstacle(&self) -> Option<&CrlObstacle> {
        self.inner.obstacle.as_ref()
    }

    /// The octets of the signature value.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        self.inner.signed.value()
    }

    /// How it is signed.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for an algorithm that is not known, [`Error::Malformed`] for bad
    /// parameters.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, Error> {
        self.inner.signed.algorithm()
    }

    /// What it says about a certificate; `None` when it is not listed. Every entry is read: one
    /// with a critical extension that is not known makes the whole list unusable. Of several
    /// entries a revocation wins over a hold, a hold over its end; none takes the earlier date or
    /// the graver reason of another away.
    ///
    /// # Errors
    /// [`Error::Malformed`] for an entry that cannot be read, [`Error::Unsupported`] for a
    /// critical entry extension, [`Error::LimitExceeded`].
    ///
    /// # Standard
    /// RFC 5280 §6.3.3 (i), (j); §5.3.3 (the issuer of an entry holds for those that follow).
    pub fn lookup(
        &self,
        certificate: &Certificate,
        budget: &mut Budget,
    ) -> Result<Option<CrlEntry>, Error> {
        let Some(entries) = &self.inner.entries else {
            return Ok(None);
        };
        let serial = certificate.serial_number();
        // In a list of its own issuer every entry is about that issuer.
        let mut concerns_issuer = self.inner.issuer.matches(certificate.issuer());
        let mut found: Option<CrlEntry> = None;
        let mut known = KnownExtensions::default();
        let mut reader = Reader::der(entries.as_slice()).at(entries.offset());
        while !reader.is_empty() {
            budget.charge(Resource::CrlEntries, 1)?;
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            // The check of the shortest form matters: a serial number in another form would be missed.
            let number = fields.read(Tag::INTEGER)?.integer()?;
            let date = fields.read_any()?;
            if date.tag != Tag::UTC_TIME && date.tag != Tag::GENERALIZED_TIME {
                return Err(Malformed::at(MalformedKind::CrlStructure, date.offset).into());
            }
            let mut extensions = EntryExtensions::default();
            if !fields.is_empty() {
                let list = fields.read(Tag::SEQUENCE)?;
                fields.finish()?;
                extensions = known.read(entries.source(), &list)?;
            }
            if let Some(issuer) = &extensions.certificate_issuer {
                concerns_issuer = issuer.matches(certificate.issuer());
            }
            if concerns_issuer && number == serial {
                let entry = CrlEntry {
                    revocation_time: date.time()?,
                    reason: extensions.reason,
                    invalidity_date: extensions.invalidity_date,
                };
                found = Some(found.map_or(entry, |found| found.with(entry)));
            }
        }
        Ok(found)
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
}

impl CrlEntry {
    /// The lightest counts: a revocation, then a hold, then the end of one.
    fn weight(&self) -> u8 {
        match self.reason {
            Some(RevocationReason::RemoveFromCrl) => 2,
            Some(RevocationReason::CertificateHold) => 1,
            _ => 0,
        }
    }

    /// What two entries of one list say of a certificate together. A list holds what is in force: a
    /// hold beside a revocation was never lifted, and counts from its own date on.
    fn with(self, other: Self) -> Self {
        let (mut decisive, beside) = if other.weight() < self.weight() {
            (other, self)
        } else {
            (self, other)
        };
        if beside.reason == Some(RevocationReason::RemoveFromCrl)
            && decisive.reason != beside.reason
        {
            return decisive;
        }
        if beside.weight() == decisive.weight() {
            decisive.reason = graver(decisive.reason, beside.reason);
        }
        if beside.revocation_time < decisive.revocation_time {
            decisive.revocation_time = beside.revocation_time;
            decisive.invalidity_date = beside.invalidity_date.or(decisive.invalidity_date);
        }
        decisive
    }
}

impl Inner {
    fn read_extensions(&mut self, source: &Arc<[u8]>, list: &Tlv<'_>) -> Result<(), Malformed> {
        let (extensions, duplicate) = Extension::read_list(source, list)?;
        if duplicate.is_some() {
            self.obstacle = Some(CrlObstacle::DuplicateExtension);
        }
        for extension in extensions {
            let value = extension.tlv()?;
            match extension.oid.to_string().as_str() {
                "2.5.29.20" => self.number = Some(value.integer()?.to_vec()),
                "2.5.29.27" => {
                    self.delta_base = Some(value.integer()?.to_vec());
                    self.obstacle.get_or_insert(CrlObstacle::Delta);
                }
                "2.5.29.28" => {
                    let point = IssuingDistributionPoint::from_tlv(source, &value)?;
                    self.distribution_point = Some(point);
                }
                "2.5.29.35" => {
                    let key = AuthorityKeyIdentifier::from_tlv(source, &value)?;
                    self.authority_key = Some(key);
                }
                "2.5.29.60" => {
                    let since = value.time()?;
                    self.expired_certificates_since = Some(since);
                }
                // issuerAltName says nothing that counts.
                "2.5.29.18" => {}
                oid if extension.critical => {
                    let oid = oid.to_owned();
                    self.obstacle = Some(CrlObstacle::UnknownCriticalExtension { oid });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl PartialEq for Crl {
    /// Octet by octet.
    fn eq(&self, other: &Self) -> bool {
        self.inner.der == other.inner.der
    }
}

impl Eq for Crl {}

impl std::fmt::Debug for Crl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crl({})", self.id())
    }
}

/// RFC 5280 §5.3.
#[derive(Clone, Default)]
struct EntryExtensions {
    reason: Option<RevocationReason>,
    invalidity_date: Option<UnixTime>,
    certificate_issuer: Option<Name>,
}

/// Forms of entry extensions that were read: a list of a million entries has a handful of them.
#[derive(Default)]
struct KnownExtensions<'a> {
    /// The newest first.
    forms: Vec<(&'a [u8], EntryExtensions)>,
}

impl<'a> KnownExtensions<'a> {
    const FORMS: usize = 8;

    fn read(&mut self, source: &Arc<[u8]>, list: &Tlv<'a>) -> Result<EntryExtensions, Error> {
        if let Some((_, known)) = self.forms.iter().find(|(form, _)| *form == list.whole) {
            return Ok(known.clone());
        }
        let read = EntryExtensions::read(source, list)?;
        self.forms.truncate(Self::FORMS - 1);
        self.forms.insert(0, (list.whole, read.clone()));
        Ok(read)
    }
}

impl EntryExtensions {
    fn read(source: &Arc<[u8]>, list: &Tlv<'_>) -> Result<Self, Error> {
        let mut read = Self::default();
        let mut reader = list.reader();
        while !reader.is_empty() {
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            let oid = fields.read(Tag::OID)?;
            let critical = match fields.optional(Tag::BOOLEAN)? {
                Some(flag) => flag.boolean()?,
                None => false,
            };
            let octets = fields.read(Tag::OCTET_STRING)?;
            fields.finish()?;
            let value = || -> Result<Tlv<'_>, Malformed> {
                let mut reader = Reader::der(octets.content).at(octets.content_offset());
                let value = reader.read_any()?;
                reader.finish()?;
                Ok(value)
            };
            // id-ce: 2.5.29.n, compared as octets because there are many entries.
            match oid.content {
                [0x55, 0x1d, 21] => {
                    let number = value()?.small_integer()?;
                    let reason = RevocationReason::from_number(number);
                    read.reason = Some(reason.unwrap_or(RevocationReason::Unspecified));
                }
                [0x55, 0x1d, 24] => read.invalidity_date = Some(value()?.time()?),
                // holdInstructionCode says what to tell people, nothing about the status.
                [0x55, 0x1d, 23] => {}
                [0x55, 0x1d, 29] => {
                    let names = GeneralName::list(source, &value()?)?;
                    let name = names.into_iter().find_map(|name| match name {
                        GeneralName::DirectoryName(name) => Some(name),
                        _ => None,
                    });
                    let wrong = || Malformed::at(MalformedKind::CrlStructure, oid.offset);
                    read.certificate_issuer = Some(name.ok_or_else(wrong)?);
                }
                _ if critical => {
                    return Err(Unsupported::Feature("a critical CRL entry extension").into());
                }
                _ => {}
            }
        }
        Ok(read)
    }
}
