//! Which CRLs count for a certificate, and what they say together (RFC 5280 §6.3.3).
//!
//! One list rarely stands alone in the standard: a delta list changes its base, a list may speak
//! of some reasons only, and a list may come from an issuer that is not the certificate's. So every
//! list is first judged by itself, then what they say is put together: any of them can say that a
//! certificate is revoked, but only lists that cover every reason together can say that it is not.

use super::revocation_acceptance::{
    Accepted, Delegation, PathIssuer, Statement, Status, Support, exemption, is_hold, latest_time,
    revocation_status,
};
use super::validator::Validator;
use super::x509_constraints::allows;
use crate::algorithm::{KeySize, SignatureAlgorithm};
use crate::certificate::{Certificate, KeyUsageBit, ReasonFlags};
use crate::error::Error;
use crate::evidence::{Revocation, RevocationData, verify_crl};
use crate::path::{PathRequest, build_and_validate};
use crate::revocation::{Crl, CrlEntry, CrlObstacle, RevocationReason};
use crate::time::UnixTime;
use crate::trust::TrustSet;
use crate::vocabulary::{CheckId, Level, ObjectId};
use std::cmp::{Ordering, Reverse};

/// What the CRLs at hand say about a certificate; why others do not count is added to `refused`.
pub(super) fn crls(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    refused: &mut Vec<String>,
) -> Result<Vec<Accepted>, Error> {
    let evidence = validator.evidence;
    let (mut complete, mut deltas) = (Vec::new(), Vec::new());
    for revocation in evidence.pool().revocation() {
        let RevocationData::Crl(crl) = &revocation.data else {
            continue;
        };
        match list(validator, certificate, issuer, revocation, crl) {
            Ok(Ok(list)) if list.crl.delta_base().is_some() => deltas.push(list),
            Ok(Ok(list)) => complete.push(list),
            Ok(Err(Refusal::NotAboutIt)) => {}
            Ok(Err(Refusal::Because(reason))) => refused.push(reason.to_owned()),
            Err(error @ Error::LimitExceeded(_)) => return Err(error),
            Err(error) => refused.push(error.reason()),
        }
    }
    let mut answers: Vec<Answer<'_>> = complete.iter().map(Answer::of).collect();
    for base in &complete {
        // RFC 5280 §6.3.3(c).
        let own = deltas.iter().filter(|delta| delta.extends(base));
        let latest = own.max_by(|one, two| {
            let number = |list: &List<'_>| list.crl.number().map(<[u8]>::to_vec);
            compare(number(one).as_deref(), number(two).as_deref())
                .then(one.crl.this_update().cmp(&two.crl.this_update()))
                .then(one.id.cmp(&two.id))
        });
        answers.extend(latest.map(|delta| Answer::of_delta(base, delta)));
    }
    // A delta without its base clears nothing, but whom it names is revoked.
    let lone = |delta: &&List<'_>| !complete.iter().any(|base| delta.extends(base));
    let named = |list: &&List<'_>| list.entry.is_some_and(|entry| !is_removal(entry));
    answers.extend(deltas.iter().filter(lone).filter(named).map(Answer::of));
    Ok(together(certificate, answers, refused))
}

/// A list that counts for the certificate by itself.
struct List<'e> {
    id: ObjectId,
    crl: &'e Crl,
    /// RFC 5280 §6.3.3(d).
    reasons: ReasonFlags,
    entry: Option<CrlEntry>,
    signer: Signer,
    algorithm: SignatureAlgorithm,
}

/// Who signed a list.
#[derive(Clone)]
struct Signer {
    certificate: Option<Certificate>,
    is_anchor: bool,
    key_size: KeySize,
    delegation: Vec<Delegation>,
    supports: Vec<Support>,
}

enum Refusal {
    NotAboutIt,
    Because(&'static str),
}

/// RFC 5280 §6.3.3(b), (d), (f), (g), (i), (j) for one list.
fn list<'e>(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    revocation: &Revocation,
    crl: &'e Crl,
) -> Result<Result<List<'e>, Refusal>, Error> {
    let refuse = |reason| Ok(Err(Refusal::Because(reason)));
    // (b), (d): scope and reasons.
    let Ok(reasons) = crl.scope(certificate) else {
        return Ok(Err(Refusal::NotAboutIt));
    };
    if !matches!(crl.obstacle(), None | Some(CrlObstacle::Delta)) {
        return refuse("CRL with a critical extension that is not known, or a structural fault");
    }
    if crl.this_update() > latest_time(validator.time, revocation.origin) {
        return refuse("CRL later than the validation time");
    }
    if crl.this_update() < certificate.validity().not_before {
        return refuse("CRL older than the certificate");
    }
    let Some(signer) = signer(validator, certificate, issuer, crl)? else {
        return refuse("CRL that no key with authority for the certificate has signed");
    };
    Ok(Ok(List {
        id: revocation.id,
        crl,
        reasons,
        entry: entry(validator, certificate, revocation.id, crl)?,
        signer,
        algorithm: crl.signature_algorithm()?,
    }))
}

/// What a list says of a certificate, looked for once: the same responder answers about many, and a
/// list can have a million entries.
fn entry(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    id: ObjectId,
    crl: &Crl,
) -> Result<Option<CrlEntry>, Error> {
    let question = (id, certificate.id());
    if let Some(entry) = validator.entries.get(&question) {
        return Ok(*entry);
    }
    let mut entry = crl.lookup(certificate, validator.budget)?;
    // RFC 5280 §5.3.1: removal is a word of delta lists, which name what they take back. A complete
    // list takes back by not naming, so whom it names under any word is not cleared by it.
    if let Some(named) = entry.as_mut().filter(|named| is_removal(**named))
        && crl.delta_base().is_none()
    {
        named.reason = Some(RevocationReason::CertificateHold);
    }
    validator.entries.insert(question, entry);
    Ok(entry)
}

/// RFC 5280 §6.3.3(f), (g): the key that signed the list, if it may. The path of another issuer
/// must lead to the anchor that the certificate's own path leads to.
fn signer(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
    crl: &Crl,
) -> Result<Option<Signer>, Error> {
    // The issuer of the certificate, whose path is being judged.
    let is_own = crl.issuer().matches(issuer.name) && issuer.certificate.is_none_or(may_sign);
    let is_in_time = issuer.is_anchor
        || issuer
            .certificate
            .is_none_or(|own| own.validity().contains(crl.this_update()));
    if is_own
        && is_in_time
        && verify_crl(crl, &issuer.public_key, validator.budget, validator.memo)?.is_some()
    {
        return Ok(Some(Signer {
            certificate: issuer.certificate.cloned(),
            is_anchor: issuer.is_anchor,
            key_size: issuer.public_key.size(),
            delegation: Vec::new(),
            supports: Vec::new(),
        }));
    }
    // The anchor itself, and certificates with the name of the CRL's issuer.
    let anchor = issuer.anchor;
    if !issuer.is_anchor
        && crl.issuer().matches(anchor.name())
        && anchor.certificate.as_ref().is_none_or(may_sign)
        && let Ok(key) = anchor.public_key()
        && verify_crl(crl, key, validator.budget, validator.memo)?.is_some()
    {
        return Ok(Some(Signer {
            certificate: anchor.certificate.clone(),
            is_anchor: true,
            key_size: key.size(),
            delegation: Vec::new(),
            supports: Vec::new(),
        }));
    }
    let pool = validator.pool;
    for candidate in pool.with_subject(crl.issuer()) {
        // Nobody vouches for its own certificate.
        if candidate == certificate
            || !may_sign(candidate)
            || !candidate.validity().contains(crl.this_update())
        {
            continue;
        }
        let Ok(key) = candidate.public_key() else {
            continue;
        };
        if verify_crl(crl, key, validator.budget, validator.memo)?.is_some()
            && let Some(ToAnchor {
                delegation,
                supports,
            }) = path_to_anchor(validator, candidate, issuer, crl)?
        {
            return Ok(Some(Signer {
                certificate: Some(candidate.clone()),
                is_anchor: false,
                key_size: key.size(),
                delegation,
                supports,
            }));
        }
    }
    Ok(None)
}

/// RFC 5280 §6.3.3(f).
fn may_sign(certificate: &Certificate) -> bool {
    allows(certificate, &[KeyUsageBit::CrlSign])
}

/// What the path of a CRL issuer rests on.
struct ToAnchor {
    delegation: Vec<Delegation>,
    supports: Vec<Support>,
}

/// A valid path, revocation included, from a CRL issuer to the anchor of the certificate; how its
/// certificates are signed, and by what they are known to be good. EN 319 102-1 §5.2.6.4 step 6 asks that of every certificate of a path:
/// whoever broke the key of one above the CRL issuer could have made the CRL issuer.
fn path_to_anchor(
    validator: &mut Validator<'_>,
    candidate: &Certificate,
    issuer: &PathIssuer<'_>,
    crl: &Crl,
) -> Result<Option<ToAnchor>, Error> {
    let trust = TrustSet::new([issuer.anchor.clone()]);
    let request = PathRequest::new(candidate, validator.pool, &trust, crl.this_update());
    let paths = build_and_validate(&request, validator.budget, validator.memo);
    let mut weak = None;
    for path in paths.accepted() {
        if !path.authority_outside_validity().is_empty() {
            continue;
        }
        let certificates = path.certificates();
        let (mut delegation, mut supports) = (Vec::new(), Vec::new());
        let mut is_good = true;
        for (index, member) in certificates.iter().enumerate() {
            let above = PathIssuer::of(certificates, index, path.anchor())?;
            match status_of_issuer(validator, member, &above)? {
                Some(own) => supports.extend(own),
                None => {
                    is_good = false;
                    break;
                }
            }
            delegation.push(Delegation {
                certificate: member.id(),
                algorithm: member.signature_algorithm()?,
                key_size: above.public_key.size(),
            });
        }
        if !is_good {
            continue;
        }
        // A weak path that somebody put beside a strong one does not take its place.
        let (suite, time) = (&validator.policy.suite, validator.time);
        let is_strong = |one: &Delegation| one.reliability(suite).holds_at(time).is_some();
        let is_strong = delegation.iter().all(is_strong);
        let found = ToAnchor {
            delegation,
            supports,
        };
        if is_strong {
            return Ok(Some(found));
        }
        weak.get_or_insert(found);
    }
    match paths.stopped {
        Some(limit) if weak.is_none() => Err(limit.into()),
        _ => Ok(weak),
    }
}

/// What says that a certificate on the path of a CRL issuer is not revoked, as far as the policy
/// asks; none where it is, or is not known not to be.
fn status_of_issuer(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    issuer: &PathIssuer<'_>,
) -> Result<Option<Vec<Support>>, Error> {
    let level = validator.policy.level(CheckId::RevocationAvailable);
    let is_asked = matches!(level, Level::Always | Level::Fail) && exemption(certificate).is_none();
    Ok(
        match revocation_status(validator, certificate, issuer)?.status {
            Status::Decided(one) if one.statement != Statement::Good => None,
            _ if !is_asked => Some(Vec::new()),
            Status::Decided(one) => Some(Support::of(certificate, *one)),
            Status::Undetermined(_) => None,
        },
    )
}

fn is_removal(entry: CrlEntry) -> bool {
    entry.reason == Some(RevocationReason::RemoveFromCrl)
}

impl List<'_> {
    /// RFC 5280 §6.3.3(c), §5.2.4: whether this delta changes that base.
    fn extends(&self, base: &Self) -> bool {
        let key = |list: &Self| {
            let key = list.crl.authority_key_identifier();
            key.and_then(|key| key.key_identifier.clone())
        };
        let (Some(number), Some(since), Some(own)) =
            (base.crl.number(), self.crl.delta_base(), self.crl.number())
        else {
            return false;
        };
        self.crl.issuer().matches(base.crl.issuer())
            && self.crl.distribution_point() == base.crl.distribution_point()
            && key(self) == key(base)
            && compare(Some(since), Some(number)) != Ordering::Greater
            && compare(Some(number), Some(own)) == Ordering::Less
    }
}

/// Compares CRL numbers, content octets of INTEGERs that are not negative.
fn compare(one: Option<&[u8]>, two: Option<&[u8]>) -> Ordering {
    let plain = |number: Option<&[u8]>| -> Vec<u8> {
        let octets = number.unwrap_or_default().iter();
        octets.copied().skip_while(|octet| *octet == 0).collect()
    };
    let (one, two) = (plain(one), plain(two));
    one.len().cmp(&two.len()).then(one.cmp(&two))
}

/// What one list says, or a base with its delta.
struct Answer<'l> {
    list: &'l List<'l>,
    base: Option<&'l List<'l>>,
    entry: Option<CrlEntry>,
}

impl<'l> Answer<'l> {
    fn of(list: &'l List<'l>) -> Self {
        Self {
            list,
            base: None,
            entry: list.entry,
        }
    }

    /// RFC 5280 §6.3.3(i), (j), (k): first the delta, then the base.
    fn of_delta(base: &'l List<'l>, delta: &'l List<'l>) -> Self {
        let entry = match (delta.entry, base.entry) {
            // DEVIATION: by the letter of (k) removal always clears. It stands for a hold that was
            // lifted or for a certificate that expired (§5.3.1), and the latter stays revoked.
            (Some(removal), Some(known)) if is_removal(removal) => {
                (!is_hold(known.reason)).then_some(known)
            }
            (Some(removal), None) if is_removal(removal) => None,
            (Some(entry), _) => Some(entry),
            (None, entry) => entry,
        };
        Self {
            list: delta,
            base: Some(base),
            entry,
        }
    }

    fn this_update(&self) -> UnixTime {
        self.list.crl.this_update()
    }

    /// Whether an expired certificate may have been dropped from the list.
    fn may_have_forgotten(&self, certificate: &Certificate) -> bool {
        let not_after = certificate.validity().not_after;
        let since = self.list.crl.expired_certificates_since();
        let remembers = since.is_some_and(|since| since <= not_after);
        self.this_update() > not_after && !remembers
    }

    fn accepted(&self, statement: Statement) -> Accepted {
        let base = self.base.map(|base| accepted(base, statement));
        Accepted {
            companions: base.into_iter().collect(),
            ..accepted(self.list, statement)
        }
    }
}

fn accepted(list: &List<'_>, statement: Statement) -> Accepted {
    let signer = list.signer.clone();
    Accepted {
        id: list.id,
        statement,
        issued: list.crl.this_update(),
        this_update: list.crl.this_update(),
        next_update: list.crl.next_update(),
        signer: signer.certificate,
        signer_is_anchor: signer.is_anchor,
        algorithm: list.algorithm,
        key_size: signer.key_size,
        delegation: signer.delegation,
        supports: signer.supports,
        // Known when all is together.
        is_reliable: false,
        companions: Vec::new(),
    }
}

/// RFC 5280 §6.3.3(e), (l): revocations count one by one; the rest counts when it covers every
/// reason together.
fn together(
    certificate: &Certificate,
    answers: Vec<Answer<'_>>,
    refused: &mut Vec<String>,
) -> Vec<Accepted> {
    let mut accepted = Vec::new();
    let mut good = Vec::new();
    for answer in answers {
        match answer.entry {
            Some(entry) if !is_removal(entry) => {
                accepted.push(answer.accepted(Statement::Revoked {
                    at: entry.revocation_time,
                    reason: entry.reason,
                }));
            }
            _ if answer.may_have_forgotten(certificate) => {
                refused.push("CRL from after the certificate expired".to_owned());
            }
            _ => good.push(answer),
        }
    }
    // The latest first, so that what is put together is as fresh as it can be.
    good.sort_by_key(|answer| (Reverse(answer.this_update()), answer.list.id));
    let mut mask = ReasonFlags::NONE;
    let mut chosen: Vec<Accepted> = Vec::new();
    for answer in &good {
        let more = mask.union(answer.list.reasons);
        if more != mask {
            mask = more;
            chosen.push(answer.accepted(Statement::Good));
        }
    }
    if mask != ReasonFlags::ALL {
        if !good.is_empty() {
            refused.push("CRLs that cover only some reasons of revocation".to_owned());
        }
        return accepted;
    }
    // The answer is as old as its oldest part, and is overdue with the first that is.
    let next_update = chosen.iter().filter_map(|one| one.next_update).min();
    let is_bounded = chosen.iter().all(|one| one.next_update.is_some());
    if let Some(mut oldest) = chosen.pop() {
        if !chosen.is_empty() {
            oldest.next_update = next_update.filter(|_| is_bounded);
        }
        oldest.companions.append(&mut chosen);
        accepted.push(oldest);
    }
    accepted
}
