//! OCSP responses.

use super::ocsp_single::{CertificateStatus, IssuerDigests, SingleResponse, read_extensions};
use super::{Issuer, graver};
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{Mode, Oid, Reader, Tag, Tlv, check_tree};
use crate::certificate::{Certificate, Name, Opened, Signed};
use crate::crypto::{Fit, Memo, PublicKey, digest, object_id};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::time::UnixTime;
use crate::vocabulary::ObjectId;
use std::sync::{Arc, OnceLock};

const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";

/// What a responder answered.
///
/// ```text
/// OCSPResponse ::= SEQUENCE {
///   responseStatus    OCSPResponseStatus,
///   responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }
/// ResponseBytes ::= SEQUENCE {
///   responseType OBJECT IDENTIFIER,
///   response     OCTET STRING }
/// ```
///
/// # Standard
/// RFC 6960 §4.2.1.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    /// Whether the responder answered the question.
    pub status: OcspResponseStatus,
    /// The answer; a successful response of another type has none.
    pub basic: Option<BasicOcspResponse>,
}

/// How a responder answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OcspResponseStatus {
    /// 0.
    Successful,
    /// 1.
    MalformedRequest,
    /// 2.
    InternalError,
    /// 3.
    TryLater,
    /// 5.
    SigRequired,
    /// 6.
    Unauthorized,
    /// A number that RFC 6960 does not define.
    Other(u64),
}

impl OcspResponse {
    /// Reads an OCSP response.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it does not follow its structure; [`Error::LimitExceeded`].
    pub fn parse(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        check_tree(der, Mode::Der, budget)?;
        let mut outer = Reader::der(der);
        let mut fields = outer.read(Tag::SEQUENCE)?.reader();
        outer.finish()?;
        let status = fields.read(Tag::ENUMERATED)?.small_integer()?;
        let bytes = fields.optional(Tag::context_constructed(0))?;
        fields.finish()?;
        let status = OcspResponseStatus::from_number(status);
        let mut basic = None;
        if let Some(bytes) = bytes {
            let mut inner = bytes.explicit()?.reader();
            let kind = inner.read(Tag::OID)?.oid()?;
            let response = inner.read(Tag::OCTET_STRING)?;
            inner.finish()?;
            // RFC 6960 §4.2.1: only a successful response carries an answer.
            if kind.is(BASIC) && status == OcspResponseStatus::Successful {
                basic = Some(BasicOcspResponse::parse(response.content, budget)?);
            }
        }
        Ok(Self { status, basic })
    }

    /// Reads either form: a whole response, or the basic response inside it, which is what CMS
    /// signatures keep.
    ///
    /// # Errors
    /// As [`OcspResponse::parse`].
    pub fn parse_any(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let first = Reader::der(der).read(Tag::SEQUENCE)?.reader().peek();
        if first == Some(Tag::ENUMERATED) {
            return Self::parse(der, budget);
        }
        Ok(Self {
            status: OcspResponseStatus::Successful,
            basic: Some(BasicOcspResponse::parse(der, budget)?),
        })
    }
}

impl OcspResponseStatus {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Successful => 0,
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SigRequired => 5,
            Self::Unauthorized => 6,
            Self::Other(number) => number,
        }
    }

    fn from_number(number: u64) -> Self {
        match number {
            0 => Self::Successful,
            1 => Self::MalformedRequest,
            2 => Self::InternalError,
            3 => Self::TryLater,
            5 => Self::SigRequired,
            6 => Self::Unauthorized,
            other => Self::Other(other),
        }
    }
}

/// A signed answer about the status of certificates. Cloning is cheap.
///
/// ```text
/// BasicOCSPResponse ::= SEQUENCE {
///   tbsResponseData    ResponseData,
///   signatureAlgorithm AlgorithmIdentifier,
///   signature          BIT STRING,
///   certs          [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
/// ResponseData ::= SEQUENCE {
///   version            [0] EXPLICIT Version DEFAULT v1,
///   responderID            ResponderID,
///   producedAt             GeneralizedTime,
///   responses              SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 6960 §4.2.1.
#[derive(Clone)]
pub struct BasicOcspResponse {
    inner: Arc<Inner>,
}

struct Inner {
    der: Arc<[u8]>,
    id: OnceLock<ObjectId>,
    responder: ResponderId,
    produced_at: UnixTime,
    responses: Vec<SingleResponse>,
    nonce: Option<Vec<u8>>,
    has_extended_revoke: bool,
    unknown_critical: Vec<Oid>,
    signed: Signed,
    certificates: Vec<Arc<[u8]>>,
}

/// Who answered.
///
/// ```text
/// ResponderID ::= CHOICE {
///   byName [1] EXPLICIT Name,
///   byKey  [2] EXPLICIT KeyHash }
/// ```
///
/// # Standard
/// RFC 6960 §4.2.2.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// By its name.
    ByName(Name),
    /// By the SHA-1 digest of its public key.
    ByKey(Vec<u8>),
}

impl ResponderId {
    /// Whether a certificate is the one that is named.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where SHA-1 is missing.
    pub fn matches(&self, certificate: &Certificate) -> Result<bool, Error> {
        self.is(Issuer::of(certificate))
    }

    /// Whether a name and key are the ones that are named.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where SHA-1 is missing.
    pub fn is(&self, responder: Issuer<'_>) -> Result<bool, Error> {
        Ok(match self {
            Self::ByName(name) => name.matches(responder.name),
            Self::ByKey(hash) => {
                let sha1 = crate::algorithm::DigestAlgorithm::Sha1;
                *hash == digest(sha1, responder.key_bits)?
            }
        })
    }

    fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let wrong = || Malformed::at(MalformedKind::OcspStructure, tlv.offset);
        if tlv.tag == Tag::context_constructed(1) {
            return Ok(Self::ByName(Name::from_tlv(source, &tlv.explicit()?)?));
        }
        if tlv.tag != Tag::context_constructed(2) {
            return Err(wrong());
        }
        let hash = tlv.explicit()?;
        if hash.tag != Tag::OCTET_STRING {
            return Err(wrong());
        }
        Ok(Self::ByKey(hash.content.to_vec()))
    }
}

impl BasicOcspResponse {
    /// Reads a basic response.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it does not follow its structure; [`Error::LimitExceeded`].
    pub fn parse(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        check_tree(der, Mode::Der, budget)?;
        let der: Arc<[u8]> = der.into();
        let Opened {
            signed,
            tbs,
            rest: mut fields,
            ..
        } = Signed::open(&der)?;
        let mut certificates = Vec::new();
        if let Some(explicit) = fields.optional(Tag::context_constructed(0))? {
            let mut list = explicit.explicit()?.reader();
            while !list.is_empty() {
                certificates.push(list.read(Tag::SEQUENCE)?.whole.into());
            }
        }
        fields.finish()?;

        let mut data = tbs.reader();
        if let Some(version) = data.optional(Tag::context_constructed(0))? {
            let number = version.explicit()?.small_integer()?;
            if number != 0 {
                let kind = MalformedKind::OcspStructure;
                return Err(Malformed::at(kind, version.offset)
                    .compared(0, number)
                    .into());
            }
        }
        let responder = ResponderId::from_tlv(&der, &data.read_any()?)?;
        let produced_at = data.read(Tag::GENERALIZED_TIME)?.time()?;
        let mut list = data.read(Tag::SEQUENCE)?.reader();
        let mut responses = Vec::new();
        while !list.is_empty() {
            responses.push(SingleResponse::from_tlv(&der, &list.read(Tag::SEQUENCE)?)?);
        }
        let mut nonce = None;
        let mut has_extended_revoke = false;
        let extensions = data.optional(Tag::context_constructed(1))?;
        data.finish()?;
        let unknown_critical = read_extensions(&der, extensions, |oid, value| {
            match oid {
                "1.3.6.1.5.5.7.48.1.2" => nonce = Some(nonce_octets(value)),
                "1.3.6.1.5.5.7.48.1.9" => has_extended_revoke = true,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            inner: Arc::new(Inner {
                id: OnceLock::new(),
                responder,
                produced_at,
                responses,
                nonce,
                has_extended_revoke,
                unknown_critical,
                signed,
                certificates,
                der,
            }),
        })
    }

    /// The original bytes of the basic response.
    #[must_use]
    pub fn der(&self) -> &Arc<[u8]> {
        &self.inner.der
    }

    /// The SHA-256 digest of [`BasicOcspResponse::der`]: the same whether it came alone or in a
    /// whole response.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        *self.inner.id.get_or_init(|| object_id(&self.inner.der))
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn tbs(&self) -> &[u8] {
        self.inner.signed.tbs()
    }

    /// Who answered.
    #[must_use]
    pub fn responder(&self) -> &ResponderId {
        &self.inner.responder
    }

    /// When the answer was signed.
    #[must_use]
    pub fn produced_at(&self) -> UnixTime {
        self.inner.produced_at
    }

    /// The single answers.
    #[must_use]
    pub fn responses(&self) -> &[SingleResponse] {
        &self.inner.responses
    }

    /// The nonce (RFC 6960 §4.4.1).
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.inner.nonce.as_deref()
    }

    /// Whether the responder says `revoked` of certificates that were never issued (RFC 6960
    /// §4.4.8).
    #[must_use]
    pub fn has_extended_revoke(&self) -> bool {
        self.inner.has_extended_revoke
    }

    /// Critical extensions that are not known: the response must not be used (RFC 6960 §4.4).
    #[must_use]
    pub fn unknown_critical(&self) -> &[Oid] {
        &self.inner.unknown_critical
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

    /// The certificates beside the signature; not parsed, so that a broken one harms nothing.
    #[must_use]
    pub fn certificates(&self) -> &[Arc<[u8]>] {
        &self.inner.certificates
    }

    /// The answer about a certificate, found by its CertID, which is recomputed with the algorithm
    /// it names. Of several a revocation other than a hold wins, the earliest; else the latest by
    /// `thisUpdate`, of equally late ones the worst. RFC 6960 §4.2.1 does not know several: a
    /// responder that also says `good` has not taken the revocation back.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the only answers use a digest that is not implemented.
    pub fn lookup(
        &self,
        certificate: &Certificate,
        issuer: Issuer<'_>,
    ) -> Result<Option<&SingleResponse>, Error> {
        self.find(&mut IssuerDigests::new(certificate, issuer))
    }

    /// The same for whoever asks many responses.
    pub(crate) fn find(
        &self,
        digests: &mut IssuerDigests<'_>,
    ) -> Result<Option<&SingleResponse>, Error> {
        let mut found: Option<&SingleResponse> = None;
        let mut failure = None;
        for single in &self.inner.responses {
            match digests.are_in(&single.cert_id) {
                Ok(true) => {
                    if found.is_none_or(|found| single.outweighs(found)) {
                        found = Some(single);
                    }
                }
                Ok(false) => {}
                Err(error) => failure = Some(error),
            }
        }
        match (found, failure) {
            (None, Some(error)) => Err(error),
            (found, _) => Ok(found),
        }
    }

    /// The hold that began first, beside an answer that says *revoked*: of several answers about one
    /// certificate none takes the date of another away. What a `good` lifted since, from before the
    /// revocation, is none.
    pub(crate) fn hold_beside(
        &self,
        decisive: &SingleResponse,
        digests: &mut IssuerDigests<'_>,
    ) -> Option<&SingleResponse> {
        let since = decisive.status.revoked_since()?;
        let is_final = !decisive.status.is_hold();
        let about = |single: &&SingleResponse| matches!(digests.are_in(&single.cert_id), Ok(true));
        let own: Vec<&SingleResponse> = self.inner.responses.iter().filter(about).collect();
        let lifts = |single: &&&SingleResponse| {
            let is_before = !is_final || single.this_update < since;
            single.status == CertificateStatus::Good && is_before
        };
        let good = own
            .iter()
            .filter(lifts)
            .map(|single| single.this_update)
            .max();
        own.into_iter()
            .filter(|single| single.status.is_hold())
            .filter(|single| good.is_none_or(|good| good < single.this_update))
            .min_by_key(|single| single.status.revoked_since())
            .filter(|single| single.status.revoked_since() < Some(since))
    }

    /// The answer with the gravest reason, beside one that says *revoked* for a harmless reason from
    /// an earlier time on: of several answers about one certificate none takes the reason of another
    /// away.
    pub(crate) fn graver_beside(
        &self,
        decisive: &SingleResponse,
        digests: &mut IssuerDigests<'_>,
    ) -> Option<&SingleResponse> {
        let mut reason = decisive.status.final_reason()?;
        let mut found = None;
        for single in &self.inner.responses {
            if !matches!(digests.are_in(&single.cert_id), Ok(true)) {
                continue;
            }
            if let Some(own) = single.status.final_reason()
                && graver(reason, own) != reason
            {
                (reason, found) = (own, Some(single));
            }
        }
        found
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

impl PartialEq for BasicOcspResponse {
    /// Octet by octet.
    fn eq(&self, other: &Self) -> bool {
        self.inner.der == other.inner.der
    }
}

impl Eq for BasicOcspResponse {}

impl std::fmt::Debug for BasicOcspResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BasicOcspResponse({})", self.id())
    }
}

/// RFC 8954 §2.1: an OCTET STRING; responders that put the octets there bare exist (RFC 2560).
fn nonce_octets(value: &[u8]) -> Vec<u8> {
    let mut reader = Reader::der(value);
    match reader.read(Tag::OCTET_STRING) {
        Ok(inner) if reader.is_empty() => inner.content.to_vec(),
        _ => value.to_vec(),
    }
}
