//! Which OCSP answers count for a certificate (RFC 6960 §3.2, §4.2.2.2).

use super::revocation_acceptance::{
    Accepted, Delegation, MAX_DEPTH, PathIssuer, Statement, Status, Support, exemption,
    latest_time, revocation_status,
};
use super::validator::Validator;
use super::x509_constraints::{SIGNS_DATA, allows};
use crate::algorithm::KeySize;
use crate::certificate::{Certificate, ExtendedKeyUsage};
use crate::error::Error;
use crate::evidence::{Revocation, verify_certificate, verify_ocsp};
use crate::path::{PathRequest, validate_target};
use crate::revocation::{
    BasicOcspResponse, CertificateStatus, IssuerDigests, ResponderId, SingleResponse,
};
use crate::time::UnixTime;
use crate::vocabulary::Purpose;
use std::cmp::Reverse;

/// Why an answer does not count.
pub(super) enum Refusal {
    NotAboutIt,
    Because(&'static str),
}

pub(super) type Judged = Result<Result<Vec<Accepted>, Refusal>, Error>;

fn refuse(reason: &'static str) -> Judged {
    Ok(Err(Refusal::Because(reason)))
}

/// RFC 6960 §3.2, §4.2.2.2: what a response says of a certificate. Beside a revocation that is the
/// hold that came before it too, and a graver reason, as if each stood in a response of its own.
pub(super) fn ocsp(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    revocation: &Revocation,
    response: &BasicOcspResponse,
    digests: &mut IssuerDigests<'_>,
) -> Judged {
    let Some(single) = response.find(digests)? else {
        return Ok(Err(Refusal::NotAboutIt));
    };
    if !response.unknown_critical().is_empty() {
        return refuse(UNKNOWN_CRITICAL);
    }
    let latest = latest_time(validator.time, revocation.origin);
    let statement = match statement(certificate, single, latest)? {
        Ok(statement) => statement,
        Err(reason) => return refuse(reason),
    };
    if response.produced_at() > latest {
        return refuse(TOO_LATE);
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
    let decisive = Accepted {
        id: revocation.id,
        statement,
        issued: response.produced_at(),
        this_update: single.this_update,
        next_update: single.next_update,
        signer: signer.certificate,
        signer_is_anchor: signer.is_anchor,
        algorithm: response.signature_algorithm()?,
        key_size: signer.key_size,
        delegation: signer.delegation,
        supports: signer.supports,
        // Known when all is together.
        is_reliable: false,
        companions: Vec::new(),
    };
    let beside = [
        response.hold_beside(single, digests),
        response.graver_beside(single, digests),
    ];
    let mut all = vec![decisive.clone()];
    for other in beside.into_iter().flatten() {
        if let Ok(Ok(statement)) = self::statement(certificate, other, latest) {
            all.push(Accepted {
                statement,
                this_update: other.this_update,
                next_update: other.next_update,
                ..decisive.clone()
            });
        }
    }
    Ok(Ok(all))
}

const UNKNOWN_CRITICAL: &str = "OCSP response with an unknown critical extension";
const TOO_LATE: &str = "OCSP response later than the validation time";

/// What one answer says, or why it does not count.
fn statement(
    certificate: &Certificate,
    single: &SingleResponse,
    latest: UnixTime,
) -> Result<Result<Statement, &'static str>, Error> {
    if !single.unknown_critical.is_empty() {
        return Ok(Err(UNKNOWN_CRITICAL));
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
        _ => return Ok(Err("OCSP response with status unknown")),
    };
    if single.this_update > latest {
        return Ok(Err(TOO_LATE));
    }
    if single.this_update < certificate.validity().not_before {
        return Ok(Err("OCSP response older than the certificate"));
    }
    if let Some(hash) = &single.cert_hash
        && !hash.fits(certificate)?
    {
        return Ok(Err(
            "OCSP response whose certHash names another certificate",
        ));
    }
    // What is said to be revoked is known, however late that is said.
    if statement == Statement::Good && !still_knows(certificate, single) {
        return Ok(Err("OCSP response from after the certificate expired"));
    }
    Ok(Ok(statement))
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
    delegation: Vec<Delegation>,
    supports: Vec<Support>,
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
            delegation: Vec::new(),
            supports: Vec::new(),
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
        if !(is_named_for_ocsp || has_ocsp_purpose(own)) || !response.responder().matches(own)? {
            continue;
        }
        let key = own.public_key()?;
        if verify_ocsp(response, key, validator.budget, validator.memo)?.is_some() {
            let key_size = key.size();
            return Ok(Some(Signer {
                certificate: Some(own.clone()),
                is_anchor: true,
                key_size,
                delegation: Vec::new(),
                supports: Vec::new(),
            }));
        }
    }
    // (ii) A delegate.
    let pool = validator.pool;
    let mut delegates = Vec::new();
    let mut offer = |candidate| {
        let candidate: &Certificate = candidate;
        if candidate != certificate
            && has_ocsp_purpose(candidate)
            && candidate.issuer().matches(issuer.name)
        {
            delegates.push(candidate);
        }
    };
    match response.responder() {
        ResponderId::ByName(name) => pool.with_subject(name).for_each(&mut offer),
        ResponderId::ByKey(hash) => pool.with_key(hash)?.for_each(&mut offer),
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
            && allows(candidate, &SIGNS_DATA)
            && is_valid(validator, candidate, issuer)?
            && let Some(supports) = status_of_delegate(validator, candidate, issuer)?
        {
            let key_size = key.size();
            let certificate = Some(candidate.clone());
            let delegation = vec![Delegation {
                certificate: candidate.id(),
                algorithm: candidate.signature_algorithm()?,
                key_size: issuer.public_key.size(),
            }];
            return Ok(Some(Signer {
                certificate,
                is_anchor: false,
                key_size,
                delegation,
                supports,
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

/// Whether RFC 5280 §6.1 has nothing against the delegate below the path of its issuer: the issuer
/// may not certify names that it is not given, nor a certificate say two things at once, because the
/// certificate is that of a responder.
fn is_valid(
    validator: &mut Validator<'_>,
    delegate: &Certificate,
    issuer: &PathIssuer<'_>,
) -> Result<bool, Error> {
    let (pool, trust, time) = (validator.pool, validator.trust, validator.time);
    let request = PathRequest::new(delegate, pool, trust, time);
    let failure = validate_target(&request, issuer.above, issuer.anchor, validator.budget)?;
    Ok(failure.is_none())
}

/// What says that the delegate is good, from outside the circle; none where it is not known to be.
/// With `ocsp-nocheck` the CA says that it need not be asked (RFC 6960 §4.2.2.2.1), not that a thief
/// of the key may go on: what is at hand and says *revoked* counts as for everybody.
fn status_of_delegate(
    validator: &mut Validator<'_>,
    delegate: &Certificate,
    issuer: &PathIssuer<'_>,
) -> Result<Option<Vec<Support>>, Error> {
    // At this depth nothing could be said of it.
    if validator.under_validation.len() >= MAX_DEPTH {
        return Ok(None);
    }
    let is_exempt = delegate.has_ocsp_nocheck() || exemption(delegate).is_some();
    Ok(
        match revocation_status(validator, delegate, issuer)?.status {
            // An answer of a revoked delegate is no evidence by itself, whenever it was given.
            Status::Decided(one) if one.statement != Statement::Good => None,
            // What says so need not be reliable where nothing had to.
            _ if is_exempt => Some(Vec::new()),
            Status::Decided(one) => Some(Support::of(delegate, *one)),
            Status::Undetermined(_) => None,
        },
    )
}
