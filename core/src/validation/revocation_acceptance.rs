//! Which revocation data counts for a certificate, and what it says: joins `revocation` with the
//! path (EN 319 102-1 §5.2.6.4 step 4; RFC 5280 §6.3.3; RFC 6960 §3.2, §4.2.2.2).
//!
//! Data is *acceptable* when it is about the certificate, its issuer is authorised for that very
//! certificate, its signature verifies, and it was issued inside the validity of its issuer's
//! certificate and while it still knew the certificate. A path to some anchor is no authority.

use super::crl_acceptance::crls;
use super::validator::Validator;
use crate::algorithm::{KeySize, SignatureAlgorithm};
use crate::asn1::{Reader, Tag};
use crate::certificate::{Certificate, ExtendedKeyUsage, KeyUsageBit, Name};
use crate::crypto::PublicKey;
use crate::error::Error;
use crate::evidence::{Revocation, RevocationData, verify_certificate, verify_ocsp};
use crate::policy::{CryptographicSuite, Reliability};
use crate::revocation::{
    BasicOcspResponse, CertificateStatus, Issuer, RevocationReason, SingleResponse,
};
use crate::time::UnixTime;
use crate::trust::TrustAnchor;
use crate::vocabulary::{ObjectId, Purpose, RevocationOrigin};
use std::cmp::Reverse;

/// Certificates whose status rests on one another: responder, CRL issuer, their issuers.
const MAX_DEPTH: usize = 8;
/// Clocks of responders may be this many seconds ahead, for answers fetched in this run only.
const SKEW: i64 = 300;

/// The issuer of a certificate in its path.
#[derive(Clone)]
pub(super) struct PathIssuer<'p> {
    pub(super) name: &'p Name,
    pub(super) key_bits: Vec<u8>,
    pub(super) public_key: PublicKey,
    /// Its certificate; an anchor may come without one.
    pub(super) certificate: Option<&'p Certificate>,
    pub(super) is_anchor: bool,
    /// The anchor of the path.
    pub(super) anchor: &'p TrustAnchor,
}

impl<'p> PathIssuer<'p> {
    /// The issuer that is a certificate of the path.
    pub(super) fn of_certificate(
        certificate: &'p Certificate,
        anchor: &'p TrustAnchor,
    ) -> Result<Self, Error> {
        Ok(Self {
            name: certificate.subject(),
            key_bits: certificate.key_bits().to_vec(),
            public_key: certificate.public_key()?.clone(),
            certificate: Some(certificate),
            is_anchor: false,
            anchor,
        })
    }

    /// The issuer that is the anchor of the path.
    pub(super) fn of_anchor(anchor: &'p TrustAnchor) -> Result<Self, Error> {
        let public_key = anchor.public_key()?.clone();
        Ok(Self {
            name: anchor.name(),
            key_bits: key_octets(anchor.spki())?,
            public_key,
            certificate: anchor.certificate.as_ref(),
            is_anchor: true,
            anchor,
        })
    }

    fn for_revocation(&self) -> Issuer<'_> {
        Issuer {
            name: self.name,
            key_bits: &self.key_bits,
        }
    }
}

/// The octets of `subjectPublicKey` in a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
fn key_octets(spki: &[u8]) -> Result<Vec<u8>, Error> {
    let mut fields = Reader::der(spki).read(Tag::SEQUENCE)?.reader();
    fields.read(Tag::SEQUENCE)?;
    Ok(fields.read(Tag::BIT_STRING)?.bit_string()?.to_vec())
}

/// What acceptable revocation data says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Good,
    Revoked {
        at: UnixTime,
        reason: Option<RevocationReason>,
    },
}

/// Revocation data that counts.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) id: ObjectId,
    pub(super) statement: Statement,
    pub(super) issued: UnixTime,
    pub(super) this_update: UnixTime,
    pub(super) next_update: Option<UnixTime>,
    /// The certificate of whoever signed it, and whether that is an anchor.
    pub(super) signer: Option<Certificate>,
    pub(super) signer_is_anchor: bool,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) key_size: KeySize,
    /// How the issuer signed its delegate's certificate, where a delegate signed.
    pub(super) delegation: Option<(SignatureAlgorithm, KeySize)>,
    /// CRLs that say it together with this one: a delta with its base, lists of other reasons.
    pub(super) companions: Vec<Accepted>,
}

/// The outcome for one certificate.
#[derive(Clone, Debug)]
pub(super) enum Status {
    Decided(Box<Accepted>),
    /// None that counts, and why each was refused.
    Undetermined(Vec<String>),
}

/// The status of one certificate, and all that it was decided from.
pub(super) struct Known {
    pub(super) status: Status,
    /// Everything acceptable, in the order of its digest: what decides now need not be what
    /// decided at an earlier time.
    pub(super) accepted: Vec<Accepted>,
}

impl Known {
    fn undetermined(refused: Vec<String>) -> Self {
        Self {
            status: Status::Undetermined(refused),
            accepted: Vec::new(),
        }
    }
}

impl Status {
    /// Whether it is known to be revoked or on hold.
    pub(super) fn is_revoked(&self) -> bool {
        matches!(self, Self::Decided(one) if one.statement != Statement::Good)
    }
}

/// Why a certificate needs no revocation data, if it does not.
pub(crate) fn exemption(certificate: &Certificate) -> Option<&'static str> {
    let is_authority = matches!(certificate.basic_constraints(), Ok(Some(known)) if known.ca);
    if is_authority {
        return None;
    }
    // EN 319 412-1 §5.2: only for periods too short for revocation to matter.
    let validity = certificate.validity();
    let period = validity
        .not_after
        .seconds
        .saturating_sub(validity.not_before.seconds);
    if certificate.has_validity_assured_short_term() && period <= 7 * 86_400 {
        return Some("validity-assured short-term certificate (EN 319 412-1 §5.2)");
    }
    // RFC 9608 §3: void beside any pointer to revocation data.
    let has_pointer = !matches!(certificate.crl_distribution_points(), Ok(None))
        || !matches!(certificate.freshest_crl(), Ok(None))
        || certificate
            .authority_info_access()
            .is_some_and(|access| !access.ocsp.is_empty());
    if certificate.has_no_revocation_available() && !has_pointer {
        return Some("noRevAvail (RFC 9608 §2)");
    }
    None
}

/// Decides the status of a certificate from everything at hand.
pub(super) fn revocation_status(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
) -> Result<Known, Error> {
    let mut accepted: Vec<Accepted> = Vec::new();
    let mut refused = Vec::new();
    // A certificate already under validation is not entered again.
    if validator.under_validation.contains(&certificate.id()) {
        let reason = "its status would rest on itself".to_owned();
        return Ok(Known::undetermined(vec![reason]));
    }
    if validator.under_validation.len() >= MAX_DEPTH {
        let reason = "its status would rest on too many others".to_owned();
        return Ok(Known::undetermined(vec![reason]));
    }
    validator.under_validation.push(certificate.id());
    let evidence = validator.evidence;
    for revocation in evidence.pool().revocation() {
        let RevocationData::Ocsp(response) = &revocation.data else {
            continue;
        };
        match ocsp(validator, certificate, issuer, revocation, response) {
            Ok(Ok(one)) => accepted.push(one),
            Ok(Err(Refusal::NotAboutIt)) => {}
            Ok(Err(Refusal::Because(reason))) => refused.push(reason.to_owned()),
            Err(error @ Error::LimitExceeded(_)) => {
                validator.under_validation.pop();
                return Err(error);
            }
            Err(error) => refused.push(error.reason()),
        }
    }
    let lists = crls(validator, certificate, issuer, &mut refused);
    validator.under_validation.pop();
    accepted.extend(lists?);
    // Ties must not depend on the order in which data was found.
    accepted.sort_by_key(|one| one.id);
    Ok(match decide(&accepted) {
        Some(one) => Known {
            status: Status::Decided(Box::new(one)),
            accepted,
        },
        None => {
            refused.sort_unstable();
            refused.dedup();
            Known::undetermined(refused)
        }
    })
}

/// The latest decides, but a `good` never overturns a revocation other than a hold: only a hold
/// can be lifted (RFC 5280 §5.3.1), and a fresh answer may rest on older data than a CRL.
fn decide(accepted: &[Accepted]) -> Option<Accepted> {
    let lasting = |one: &&Accepted| match one.statement {
        Statement::Good => false,
        Statement::Revoked { reason, .. } => !is_hold(reason),
    };
    let time = |one: &&Accepted| match one.statement {
        Statement::Good => one.issued,
        Statement::Revoked { at, .. } => at,
    };
    if let Some(earliest) = accepted.iter().filter(lasting).min_by_key(time) {
        let mut decided = earliest.clone();
        // Of several reasons the graver one counts: a key that was stolen is not made safe by an
        // earlier entry with a harmless reason.
        let graver = accepted
            .iter()
            .filter(lasting)
            .find_map(|one| match one.statement {
                Statement::Revoked { reason, .. } if !leaves_key_safe(reason) => Some(reason),
                _ => None,
            });
        if let (Statement::Revoked { at, .. }, Some(reason)) = (decided.statement, graver) {
            decided.statement = Statement::Revoked { at, reason };
        }
        return Some(decided);
    }
    accepted.iter().max_by_key(|one| one.recency()).cloned()
}

impl Accepted {
    /// The order in which later data outweighs earlier; of two that are equally late a hold is
    /// believed.
    pub(super) fn recency(&self) -> (UnixTime, UnixTime, bool) {
        let is_suspended = self.statement != Statement::Good;
        (self.issued, self.this_update, is_suspended)
    }

    /// Until when the algorithms that its authority rests on are reliable.
    pub(super) fn reliability(&self, suite: &CryptographicSuite) -> Reliability {
        let own = suite.signature(self.algorithm, self.key_size);
        let delegation = self.delegation;
        delegation.map_or(own, |(algorithm, size)| {
            own.and(suite.signature(algorithm, size))
        })
    }
}

/// Whether a reason of revocation leaves a CA's earlier signatures in force (EN 319 102-1 §5.5.4
/// step 4a, on the safe side).
pub(super) fn leaves_key_safe(reason: Option<RevocationReason>) -> bool {
    matches!(
        reason,
        Some(
            RevocationReason::AffiliationChanged
                | RevocationReason::Superseded
                | RevocationReason::CessationOfOperation
        )
    )
}

/// Whether a reason is a suspension.
pub(super) fn is_hold(reason: Option<RevocationReason>) -> bool {
    reason == Some(RevocationReason::CertificateHold)
}

/// Why revocation data does not count.
enum Refusal {
    NotAboutIt,
    Because(&'static str),
}

type Judged = Result<Result<Accepted, Refusal>, Error>;

fn refuse(reason: &'static str) -> Judged {
    Ok(Err(Refusal::Because(reason)))
}

/// RFC 6960 §3.2, §4.2.2.2.
fn ocsp(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    revocation: &Revocation,
    response: &BasicOcspResponse,
) -> Judged {
    let Some(single) = response.lookup(certificate, issuer.for_revocation())? else {
        return Ok(Err(Refusal::NotAboutIt));
    };
    if !response.unknown_critical().is_empty() || !single.unknown_critical.is_empty() {
        return refuse("OCSP response with an unknown critical extension");
    }
    let statement = match single.status {
        CertificateStatus::Good => Statement::Good,
        CertificateStatus::Revoked {
            revocation_time,
            reason,
        } => Statement::Revoked {
            at: revocation_time,
            reason,
        },
        _ => return refuse("OCSP response with status unknown"),
    };
    let latest = latest_time(validator.time, revocation.origin);
    if single.this_update > latest || response.produced_at() > latest {
        return refuse("OCSP response later than the validation time");
    }
    if single.this_update < certificate.validity().not_before {
        return refuse("OCSP response older than the certificate");
    }
    if let Some(hash) = &single.cert_hash
        && !hash.fits(certificate)?
    {
        return refuse("OCSP response whose certHash names another certificate");
    }
    // What is said to be revoked is known, however late that is said.
    if statement == Statement::Good && !still_knows(certificate, single) {
        return refuse("OCSP response from after the certificate expired");
    }
    let Some(signer) = responder(validator, certificate, issuer, response)? else {
        return refuse("OCSP response of a responder without authority for the certificate");
    };
    // The issuance date must lie in the validity of the signer's certificate.
    if let Some(own) = &signer.certificate
        && !signer.is_anchor
        && !own.validity().contains(response.produced_at())
    {
        return refuse("OCSP response from outside the validity of its responder's certificate");
    }
    let algorithm = response.signature_algorithm()?;
    Ok(Ok(Accepted {
        id: revocation.id,
        statement,
        issued: response.produced_at(),
        this_update: single.this_update,
        next_update: single.next_update,
        signer: signer.certificate,
        signer_is_anchor: signer.is_anchor,
        algorithm,
        key_size: signer.key_size,
        delegation: signer.delegation,
        companions: Vec::new(),
    }))
}

/// Whether a responder or CRL still speaks about the certificate (expired ones are dropped from
/// CRLs, and a responder may forget them).
fn still_knows(certificate: &Certificate, single: &SingleResponse) -> bool {
    let not_after = certificate.validity().not_after;
    single.this_update <= not_after
        || single.cert_hash.is_some()
        || single
            .archive_cutoff
            .is_some_and(|cutoff| cutoff <= not_after)
}

struct Signer {
    certificate: Option<Certificate>,
    is_anchor: bool,
    key_size: KeySize,
    delegation: Option<(SignatureAlgorithm, KeySize)>,
}

/// RFC 6960 §4.2.2.2: the issuer itself, a delegate that the issuer certified directly, or one
/// that is trusted locally.
fn responder(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    response: &BasicOcspResponse,
) -> Result<Option<Signer>, Error> {
    // (i) The CA itself answers.
    if response.responder().is(issuer.for_revocation())?
        && verify_ocsp(
            response,
            &issuer.public_key,
            validator.budget,
            validator.memo,
        )?
        .is_some()
    {
        return Ok(Some(Signer {
            certificate: issuer.certificate.cloned(),
            is_anchor: issuer.is_anchor,
            key_size: issuer.public_key.size(),
            delegation: None,
        }));
    }
    // (iii) A responder that is itself an anchor.
    let anchors = validator.trust.for_purpose(Some(Purpose::Ocsp));
    for anchor in anchors {
        let Some(own) = &anchor.certificate else {
            continue;
        };
        // EN 319 102-1 §5.2.6.4 step 3: at the sunset date itself it is past.
        if anchor
            .sunset_date
            .is_some_and(|sunset| validator.time >= sunset)
        {
            continue;
        }
        let is_named_for_ocsp = anchor.purposes.len() == 1;
        if !response.responder().matches(own)? || !(is_named_for_ocsp || has_ocsp_purpose(own)) {
            continue;
        }
        let key = own.public_key()?;
        if verify_ocsp(response, key, validator.budget, validator.memo)?.is_some() {
            let key_size = key.size();
            return Ok(Some(Signer {
                certificate: Some(own.clone()),
                is_anchor: true,
                key_size,
                delegation: None,
            }));
        }
    }
    // (ii) A delegate.
    let pool = validator.pool;
    let mut delegates = Vec::new();
    for candidate in pool.certificates() {
        if candidate != certificate
            && has_ocsp_purpose(candidate)
            && candidate.issuer().matches(issuer.name)
            && response.responder().matches(candidate)?
        {
            delegates.push(candidate);
        }
    }
    // A responder's certificate is often renewed with the same key: the one that was valid when it
    // answered is meant, of several the one that lives longest.
    delegates.sort_by_cached_key(|candidate| {
        let validity = candidate.validity();
        let was_valid = validity.contains(response.produced_at());
        Reverse((was_valid, validity.not_after, candidate.id()))
    });
    for candidate in delegates {
        let Ok(key) = candidate.public_key() else {
            continue;
        };
        if verify_ocsp(response, key, validator.budget, validator.memo)?.is_some()
            && verify_certificate(
                candidate,
                &issuer.public_key,
                validator.budget,
                validator.memo,
            )?
            .is_some()
            && may_sign(candidate)
            && delegate_is_good(validator, candidate, issuer)?
        {
            let key_size = key.size();
            let certificate = Some(candidate.clone());
            let delegation = Some((candidate.signature_algorithm()?, issuer.public_key.size()));
            return Ok(Some(Signer {
                certificate,
                is_anchor: false,
                key_size,
                delegation,
            }));
        }
    }
    Ok(None)
}

/// A responder of which its CA says that no revocation data is given (RFC 6960 §4.2.2.2.1).
pub(super) fn is_unchecked_responder(certificate: &Certificate) -> bool {
    certificate.has_ocsp_nocheck() && has_ocsp_purpose(certificate)
}

/// A fact about the certificate; critical or not.
fn has_ocsp_purpose(certificate: &Certificate) -> bool {
    let usage = certificate.extended_key_usage();
    matches!(usage, Ok(Some(known)) if known.contains(ExtendedKeyUsage::OCSP_SIGNING))
}

fn may_sign(certificate: &Certificate) -> bool {
    match certificate.key_usage() {
        Ok(Some(usage)) => {
            usage.contains(KeyUsageBit::DigitalSignature)
                || usage.contains(KeyUsageBit::NonRepudiation)
        }
        Ok(None) => true,
        Err(_) => false,
    }
}

/// The delegate's own status: `ocsp-nocheck` says that none is given (RFC 6960 §4.2.2.2.1), else
/// data from outside the circle must say that it is good, or was when it answered.
fn delegate_is_good(
    validator: &mut Validator<'_>,
    delegate: &Certificate,
    issuer: &PathIssuer<'_>,
) -> Result<bool, Error> {
    if delegate.unknown_critical().next().is_some() {
        return Ok(false);
    }
    if delegate.has_ocsp_nocheck() || exemption(delegate).is_some() {
        return Ok(true);
    }
    Ok(
        match revocation_status(validator, delegate, issuer)?.status {
            // An answer of a revoked delegate is no evidence by itself, whenever it was given.
            Status::Decided(one) => one.statement == Statement::Good,
            Status::Undetermined(_) => false,
        },
    )
}

/// The latest time at which data may have been issued.
pub(super) fn latest_time(current: UnixTime, origin: RevocationOrigin) -> UnixTime {
    match origin {
        RevocationOrigin::Fetched => current.plus_seconds(SKEW),
        _ => current,
    }
}
