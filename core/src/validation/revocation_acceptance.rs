//! Which revocation data counts for a certificate, and what it says: joins `revocation` with the
//! path (EN 319 102-1 §5.2.6.4 step 4; RFC 5280 §6.3.3; RFC 6960 §3.2, §4.2.2.2).
//!
//! Data is *acceptable* when it is about the certificate, its issuer is authorised for that very
//! certificate, its signature verifies, and it was issued inside the validity of its issuer's
//! certificate and while it still knew the certificate. A path to some anchor is no authority.

use super::crl_acceptance::crls;
use super::ocsp_acceptance::{Refusal, ocsp};
use super::validator::Validator;
use crate::algorithm::{KeySize, SignatureAlgorithm};
use crate::asn1::{Reader, Tag};
use crate::certificate::{Certificate, Name};
use crate::crypto::PublicKey;
use crate::error::Error;
use crate::evidence::RevocationData;
use crate::policy::{AdesConstraints, CryptographicSuite, Reliability};
use crate::revocation::{Issuer, IssuerDigests, RevocationReason, graver};
use crate::time::UnixTime;
use crate::trust::TrustAnchor;
use crate::vocabulary::{ObjectId, RevocationOrigin};
use std::cmp::Reverse;

/// Certificates whose status rests on one another: responder, CRL issuer, their issuers.
pub(super) const MAX_DEPTH: usize = 8;
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
    /// From its certificate to the last below the anchor.
    pub(super) above: &'p [Certificate],
    /// The anchor of the path.
    pub(super) anchor: &'p TrustAnchor,
}

impl<'p> PathIssuer<'p> {
    /// The issuer of the certificate at this place of a path.
    pub(super) fn of(
        path: &'p [Certificate],
        index: usize,
        anchor: &'p TrustAnchor,
    ) -> Result<Self, Error> {
        let above = path.get(index.saturating_add(1)..).unwrap_or_default();
        let Some(certificate) = above.first() else {
            return Self::of_anchor(anchor);
        };
        Ok(Self {
            name: certificate.subject(),
            key_bits: certificate.key_bits().to_vec(),
            public_key: certificate.public_key()?.clone(),
            certificate: Some(certificate),
            is_anchor: false,
            above,
            anchor,
        })
    }

    /// The issuer that is the anchor of the path.
    fn of_anchor(anchor: &'p TrustAnchor) -> Result<Self, Error> {
        let public_key = anchor.public_key()?.clone();
        Ok(Self {
            name: anchor.name(),
            key_bits: key_octets(anchor.spki())?,
            public_key,
            certificate: anchor.certificate.as_ref(),
            is_anchor: true,
            above: &[],
            anchor,
        })
    }

    pub(super) fn for_revocation(&self) -> Issuer<'_> {
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
    /// Where another than the issuer signed: how its certificate was made, and those above it that
    /// lead to the anchor and are not in the path of the issuer.
    pub(super) delegation: Vec<Delegation>,
    /// What says that those certificates are not revoked.
    pub(super) supports: Vec<Support>,
    /// Whether the algorithms that it rests on are reliable at the time of judging.
    pub(super) is_reliable: bool,
    /// CRLs that say it together with this one: a delta with its base, lists of other reasons.
    pub(super) companions: Vec<Accepted>,
}

/// Revocation data about a certificate that the authority of other revocation data rests on.
#[derive(Clone, Debug)]
pub(super) struct Support {
    pub(super) about: ObjectId,
    pub(super) data: Accepted,
}

impl Support {
    /// The data about a certificate, and all that it rests on in turn, each once.
    pub(super) fn of(about: &Certificate, mut data: Accepted) -> Vec<Self> {
        let mut all = std::mem::take(&mut data.supports);
        for one in &mut data.companions {
            all.append(&mut one.supports);
        }
        let about = about.id();
        all.push(Self { about, data });
        all.sort_by_key(|one| (one.about, one.data.id));
        all.dedup_by_key(|one| (one.about, one.data.id));
        all
    }

    /// The data, and the lists that say it together.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Accepted> {
        std::iter::once(&self.data).chain(&self.data.companions)
    }
}

/// How a certificate that the authority of revocation data rests on was signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delegation {
    pub(super) certificate: ObjectId,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) key_size: KeySize,
}

impl Delegation {
    pub(super) fn reliability(&self, suite: &CryptographicSuite) -> Reliability {
        suite.signature(self.algorithm, self.key_size)
    }
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
    let mut digests = IssuerDigests::new(certificate, issuer.for_revocation());
    for revocation in evidence.pool().revocation() {
        let RevocationData::Ocsp(response) = &revocation.data else {
            continue;
        };
        match ocsp(
            validator,
            certificate,
            issuer,
            revocation,
            response,
            &mut digests,
        ) {
            Ok(Ok(all)) => accepted.extend(all),
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
    let policy = validator.policy;
    for one in &mut accepted {
        let until = one.reliability(&policy.suite);
        one.is_reliable =
            policy.ades == AdesConstraints::Omit || until.holds_at(validator.time).is_some();
    }
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
pub(super) fn decide(accepted: &[Accepted]) -> Option<Accepted> {
    let lasting = |one: &&Accepted| lasts_since(one).is_some();
    let earliest = accepted
        .iter()
        .filter(lasting)
        .min_by_key(|one| lasts_since(one));
    let holds = holds_in_force(accepted, earliest.and_then(lasts_since));
    let since = holds.iter().filter_map(|one| revoked_at(one)).min();
    let Some(earliest) = earliest else {
        let latest = || accepted.iter().max_by_key(|one| one.recency());
        let mut decided = holds.first().copied().or_else(latest)?.clone();
        if let (Statement::Revoked { at, .. }, Some(since)) = (&mut decided.statement, since) {
            *at = since;
        }
        return Some(decided);
    };
    let mut decided = earliest.clone();
    // Of several reasons the graver one counts: a key that was stolen is not made safe by an
    // earlier entry with a harmless reason.
    let reasons = accepted
        .iter()
        .filter(lasting)
        .filter_map(|one| match one.statement {
            Statement::Revoked { reason, .. } => Some(reason),
            Statement::Good => None,
        });
    if let Statement::Revoked { at, reason } = &mut decided.statement {
        // A hold that ends in revocation was never lifted (RFC 5280 §5.3.1): what was signed
        // meanwhile was signed with a certificate that was not valid, whatever date a later entry
        // has.
        *at = since.map_or(*at, |since| since.min(*at));
        *reason = reasons.fold(*reason, graver);
    }
    decided.companions.extend(holds.first().copied().cloned());
    Some(decided)
}

fn revoked_at(one: &Accepted) -> Option<UnixTime> {
    match one.statement {
        Statement::Good => None,
        Statement::Revoked { at, .. } => Some(at),
    }
}

/// Since when it is revoked, where it is not only on hold.
fn lasts_since(one: &Accepted) -> Option<UnixTime> {
    match one.statement {
        Statement::Revoked { at, reason } if !is_hold(reason) => Some(at),
        _ => None,
    }
}

/// Since when data says that the certificate is revoked for good: from the hold that came before on.
pub(super) fn revoked_since(accepted: &[Accepted]) -> Option<UnixTime> {
    let earliest = accepted.iter().filter_map(lasts_since).min()?;
    let holds = holds_in_force(accepted, Some(earliest));
    let since = holds.iter().filter_map(|one| revoked_at(one));
    since.chain([earliest]).min()
}

/// The holds that nothing lifts, the latest first. Only a later `good` lifts one, and only with data
/// that is not older: an answer that is signed today may rest on yesterday's data. Nor does one that
/// still says `good` when the certificate is `revoked` for good.
pub(super) fn holds_in_force<'a>(
    accepted: impl IntoIterator<Item = &'a Accepted>,
    revoked: Option<UnixTime>,
) -> Vec<&'a Accepted> {
    let mut ordered = Vec::from_iter(accepted);
    ordered.sort_by_key(|one| Reverse(one.recency()));
    // What a dead algorithm signed lifts only what a dead algorithm signed.
    let (mut newest, mut newest_reliable): (Option<UnixTime>, Option<UnixTime>) = (None, None);
    let mut holds = Vec::new();
    for one in ordered {
        match one.statement {
            Statement::Good if revoked.is_none_or(|at| one.this_update < at) => {
                newest = newest.max(Some(one.this_update));
                if one.is_reliable {
                    newest_reliable = newest_reliable.max(Some(one.this_update));
                }
            }
            Statement::Revoked { reason, .. } if is_hold(reason) => {
                let good = if one.is_reliable {
                    newest_reliable
                } else {
                    newest
                };
                if good.is_none_or(|good| good < one.this_update) {
                    holds.push(one);
                }
            }
            _ => {}
        }
    }
    holds
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
        let delegation = self.delegation.iter().map(|one| one.reliability(suite));
        let supports = self.supports.iter().flat_map(Support::parts);
        let parts = supports.chain(&self.companions);
        let parts = parts.map(|one| one.reliability(suite));
        delegation.chain(parts).fold(own, Reliability::and)
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

/// The latest time at which data may have been issued.
pub(super) fn latest_time(current: UnixTime, origin: RevocationOrigin) -> UnixTime {
    match origin {
        RevocationOrigin::Fetched => current.plus_seconds(SKEW),
        _ => current,
    }
}
