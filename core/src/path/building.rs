//! The search for paths.

use super::failure::{FailureReason, PathFailure};
use super::steps::validate;
use super::{Candidate, MAX_LENGTH, PathRequest, Paths, ValidatedPath};
use crate::certificate::{Certificate, Name};
use crate::crypto::{Fit, Memo, PublicKey};
use crate::error::{Error, Limit, Unsupported};
use crate::limits::{Budget, Resource};
use crate::trust::TrustAnchor;
use crate::vocabulary::ObjectId;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Signatures that one search checks: a path of ten certificates with ten wrong guesses each.
const MAX_CHECKS: u64 = 100;
/// Paths that one search keeps.
const MAX_CANDIDATES: usize = 1000;

/// Finds every path from the target to an anchor and validates it.
///
/// Certificates are tried by the key identifiers, then anchors first, then those whose own issuer
/// is an anchor, those valid at the time, and the newest. A signature is checked before a path is
/// followed further, so that certificates which only carry the right name lead nowhere. The search
/// is bounded by the budget and by limits of its own; [`Paths::stopped`] says that one ended it.
///
/// # Standard
/// RFC 5280 §6.1; building after RFC 4158 §2, §3.5.
pub fn build_and_validate(
    request: &PathRequest<'_>,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Paths {
    let anchors: Vec<&TrustAnchor> = request.trust.for_purpose(request.purpose).collect();
    let mut by_name: BTreeMap<&[Vec<u8>], Vec<&TrustAnchor>> = BTreeMap::new();
    for anchor in &anchors {
        let name = anchor.name().prepared();
        by_name.entry(name).or_default().push(anchor);
    }
    let mut search = Search {
        request,
        anchors,
        by_name,
        budget,
        memo,
        edges: BTreeMap::new(),
        paths: Paths::default(),
    };
    if let Err(limit) = search.run() {
        search.paths.stopped = Some(limit);
    }
    let mut paths = search.paths;
    paths.candidates.sort_by_key(rank);
    paths
}

/// Accepted ones first; see [`FailureReason::rank`].
fn rank(candidate: &Candidate) -> (bool, u8, bool, usize) {
    let has_anchor = candidate.anchor.is_some();
    match &candidate.result {
        Ok(path) => {
            let outside = path.authority_outside_validity.len();
            (
                false,
                u8::from(path.is_anchor_outside_validity),
                !has_anchor,
                outside,
            )
        }
        Err(failure) => (
            true,
            failure.reason.rank(),
            !has_anchor,
            candidate.further.len(),
        ),
    }
}

/// What a key says of a signature.
#[derive(Clone)]
enum Edge {
    Fits,
    /// The key lacks the parameters that it inherits: asked when the path is complete.
    Deferred,
    Refused(FailureReason),
}

/// The certificates of a path with whole keys, or as they are with what is wrong.
type Completed = Result<Vec<Certificate>, (Vec<Certificate>, PathFailure)>;

#[derive(Clone, Copy)]
enum Issuer<'a> {
    Anchor(&'a TrustAnchor),
    Certificate(&'a Certificate),
}

impl<'a> Issuer<'a> {
    fn public_key(self) -> Result<&'a PublicKey, Error> {
        match self {
            Self::Anchor(anchor) => anchor.public_key(),
            Self::Certificate(certificate) => certificate.public_key(),
        }
    }

    fn certificate(self) -> Option<&'a Certificate> {
        match self {
            Self::Anchor(anchor) => anchor.certificate.as_ref(),
            Self::Certificate(certificate) => Some(certificate),
        }
    }
}

struct Search<'a, 'b> {
    request: &'b PathRequest<'a>,
    anchors: Vec<&'a TrustAnchor>,
    by_name: BTreeMap<&'a [Vec<u8>], Vec<&'a TrustAnchor>>,
    budget: &'b mut Budget,
    memo: &'b mut Memo,
    /// Certificate and key, so that one signature costs one check in a search.
    edges: BTreeMap<(ObjectId, ObjectId), Edge>,
    paths: Paths,
}

impl<'a> Search<'a, '_> {
    fn run(&mut self) -> Result<(), Limit> {
        let target = self.request.target;
        let anchors = self.anchors.clone();
        // EN 319 102-1 §5.2.6.4 step 1: the target is an anchor itself.
        for anchor in anchors
            .iter()
            .filter(|anchor| anchor.is_certificate(target))
        {
            let path = ValidatedPath {
                certificates: vec![target.clone()],
                anchor: (*anchor).clone(),
                authority_outside_validity: Vec::new(),
                is_anchor_outside_validity: false,
                valid_policies: Vec::new(),
            };
            self.record(vec![target.clone()], Some(anchor), Ok(path), Vec::new())?;
        }

        let mut path: Vec<&Certificate> = vec![target];
        let mut open = vec![self.issuers(&path)?.into_iter()];
        while let Some(issuers) = open.last_mut() {
            let Some(issuer) = issuers.next() else {
                open.pop();
                path.pop();
                continue;
            };
            self.budget.charge(Resource::PathSteps, 1)?;
            let Some(current) = path.last() else { break };
            match (self.edge(current, issuer)?, issuer) {
                (Edge::Refused(reason), _) => self.refuse(&path, issuer, reason)?,
                (_, Issuer::Anchor(anchor)) => self.complete(&path, anchor)?,
                (_, Issuer::Certificate(_)) if path.len() >= MAX_LENGTH => {
                    let maximum = u64::try_from(MAX_LENGTH).unwrap_or(u64::MAX);
                    self.refuse(&path, issuer, FailureReason::PathTooLong { maximum })?;
                }
                (_, Issuer::Certificate(certificate)) => {
                    path.push(certificate);
                    open.push(self.issuers(&path)?.into_iter());
                }
            }
        }
        Ok(())
    }

    /// The anchors and certificates that carry the name of the last certificate's issuer, best
    /// first. Records a dead end where there is none.
    fn issuers(&mut self, path: &[&'a Certificate]) -> Result<Vec<Issuer<'a>>, Limit> {
        let Some(current) = path.last() else {
            return Ok(Vec::new());
        };
        let mut issuers: Vec<Issuer<'a>> = Vec::new();
        for anchor in self.anchors_named(current.issuer()) {
            if !anchor.is_certificate(current) {
                issuers.push(Issuer::Anchor(anchor));
            }
        }
        for certificate in self.request.pool.with_subject(current.issuer()) {
            self.budget.charge(Resource::PathSteps, 1)?;
            // A loop: the same name and key again (RFC 4158 §2.4.2).
            let is_in_path = path.iter().any(|member| {
                member.spki() == certificate.spki()
                    && member.subject().matches(certificate.subject())
            });
            // An anchor ends the path: its own issuer is of no interest.
            let mut same_name = self.anchors_named(certificate.subject()).iter();
            let is_anchor = same_name.any(|anchor| {
                anchor.spki().as_ref() == certificate.spki() && anchor.obstacle().is_none()
            });
            if !is_in_path && !is_anchor {
                issuers.push(Issuer::Certificate(certificate));
            }
        }
        if issuers.is_empty() {
            let index = path.len().saturating_sub(1);
            let reason = FailureReason::NoIssuer;
            let failure = PathFailure { index, reason };
            let certificates = path.iter().copied().cloned().collect();
            self.record(certificates, None, Err(failure), Vec::new())?;
        }
        issuers.sort_by_cached_key(|issuer| self.order(current, *issuer));
        Ok(issuers)
    }

    fn anchors_named(&self, name: &Name) -> &[&'a TrustAnchor] {
        let anchors = self.by_name.get(name.prepared());
        anchors.map(Vec::as_slice).unwrap_or_default()
    }

    fn order(&self, current: &Certificate, issuer: Issuer<'_>) -> impl Ord + use<> {
        let is_certificate = matches!(issuer, Issuer::Certificate(_));
        let Some(certificate) = issuer.certificate() else {
            return (1, is_certificate, false, false, Reverse(None));
        };
        let is_far = is_certificate && self.anchors_named(certificate.issuer()).is_empty();
        let validity = certificate.validity();
        (
            key_identifiers(current, certificate),
            is_certificate,
            is_far,
            !validity.contains(self.request.time),
            Reverse(Some(validity.not_before)),
        )
    }

    /// RFC 5280 §6.1.3(a)(1).
    fn edge(&mut self, certificate: &Certificate, issuer: Issuer<'_>) -> Result<Edge, Limit> {
        let key = match issuer.public_key() {
            Ok(key) => key,
            Err(Error::LimitExceeded(limit)) => return Err(limit),
            Err(error) => return Ok(Edge::Refused(FailureReason::KeyUnusable(error))),
        };
        if key.inherits_parameters() && matches!(issuer, Issuer::Certificate(_)) {
            return Ok(Edge::Deferred);
        }
        self.check(certificate, key)
    }

    fn check(&mut self, certificate: &Certificate, key: &PublicKey) -> Result<Edge, Limit> {
        let pair = (certificate.id(), key.id());
        if let Some(edge) = self.edges.get(&pair) {
            return Ok(edge.clone());
        }
        let checks = u64::try_from(self.edges.len()).unwrap_or(u64::MAX);
        if checks >= MAX_CHECKS {
            return Err(Limit {
                resource: Resource::SignatureChecks,
                maximum: MAX_CHECKS,
                requested: checks.saturating_add(1),
            });
        }
        let edge = match certificate.verify(key, self.budget, self.memo) {
            Ok(Fit::Fits) => Edge::Fits,
            Ok(_) => Edge::Refused(FailureReason::SignatureDoesNotFit),
            Err(Error::LimitExceeded(limit)) => return Err(limit),
            Err(error) => Edge::Refused(FailureReason::SignatureUnusable(error)),
        };
        self.edges.insert(pair, edge.clone());
        Ok(edge)
    }

    fn complete(&mut self, path: &[&Certificate], anchor: &'a TrustAnchor) -> Result<(), Limit> {
        let certificates: Vec<Certificate> = path.iter().copied().cloned().collect();
        let certificates = match self.with_inherited_parameters(certificates, anchor)? {
            Ok(certificates) => certificates,
            Err((certificates, failure)) => {
                return self.record(certificates, Some(anchor), Err(failure), Vec::new());
            }
        };
        let (result, further) = validate(&certificates, anchor, self.request, self.budget)?;
        self.record(certificates, Some(anchor), result, further)
    }

    /// RFC 5280 §6.1.4(d) to (f): a key without parameters has those of the key above it. Down from
    /// the anchor, so that each key is whole before it is asked; the path then holds whole keys.
    fn with_inherited_parameters(
        &mut self,
        mut certificates: Vec<Certificate>,
        anchor: &TrustAnchor,
    ) -> Result<Completed, Limit> {
        let inherits = |one: &Certificate| {
            let key = one.public_key();
            key.is_ok_and(PublicKey::inherits_parameters)
        };
        if !certificates.iter().any(inherits) {
            return Ok(Ok(certificates));
        }
        let mut above = anchor.public_key().cloned();
        let mut is_asked = true;
        for index in (0..certificates.len()).rev() {
            let Some(certificate) = certificates.get(index).cloned() else {
                continue;
            };
            let failed = match self.complete_key(&certificate, &above, is_asked)? {
                Ok(whole) => {
                    is_asked = whole.is_none();
                    if let (Some(whole), Some(place)) = (whole, certificates.get_mut(index)) {
                        *place = whole;
                    }
                    None
                }
                // What the key of the target lacks is no question of its path.
                Err(FailureReason::KeyUnusable(_)) if index == 0 => None,
                Err(reason) => Some(reason),
            };
            if let Some(reason) = failed {
                return Ok(Err((certificates, PathFailure { index, reason })));
            }
            let certificate = certificates.get(index).unwrap_or(&certificate);
            above = certificate.public_key().cloned();
        }
        Ok(Ok(certificates))
    }

    /// Asks what was deferred, and then gives the certificate a whole key, if it lacks one.
    fn complete_key(
        &mut self,
        certificate: &Certificate,
        above: &Result<PublicKey, Error>,
        is_asked: bool,
    ) -> Result<Result<Option<Certificate>, FailureReason>, Limit> {
        let issuer = match above {
            Ok(issuer) => issuer,
            Err(error) => return Ok(Err(FailureReason::SignatureUnusable(error.clone()))),
        };
        if !is_asked && let Edge::Refused(reason) = self.check(certificate, issuer)? {
            return Ok(Err(reason));
        }
        let is_whole = match certificate.public_key() {
            Ok(key) => !key.inherits_parameters(),
            Err(Error::LimitExceeded(limit)) => return Err(limit),
            Err(error) => return Ok(Err(FailureReason::KeyUnusable(error))),
        };
        if is_whole {
            return Ok(Ok(None));
        }
        Ok(match certificate.with_parameters_of(issuer) {
            Ok(Some(whole)) => Ok(Some(whole)),
            Ok(None) => {
                let lacking = Unsupported::Feature("a DSA key without its parameters");
                Err(FailureReason::KeyUnusable(lacking.into()))
            }
            Err(Error::LimitExceeded(limit)) => return Err(limit),
            Err(error) => Err(FailureReason::KeyUnusable(error)),
        })
    }

    fn refuse(
        &mut self,
        path: &[&Certificate],
        issuer: Issuer<'_>,
        reason: FailureReason,
    ) -> Result<(), Limit> {
        let index = path.len().saturating_sub(1);
        let mut certificates: Vec<Certificate> = path.iter().copied().cloned().collect();
        let anchor = match issuer {
            Issuer::Anchor(anchor) => Some(anchor),
            Issuer::Certificate(certificate) => {
                certificates.push(certificate.clone());
                None
            }
        };
        let failure = PathFailure { index, reason };
        self.record(certificates, anchor, Err(failure), Vec::new())
    }

    fn record(
        &mut self,
        certificates: Vec<Certificate>,
        anchor: Option<&TrustAnchor>,
        result: Result<ValidatedPath, PathFailure>,
        further: Vec<PathFailure>,
    ) -> Result<(), Limit> {
        let maximum = u64::try_from(MAX_CANDIDATES).unwrap_or(u64::MAX);
        if self.paths.candidates.len() >= MAX_CANDIDATES {
            return Err(Limit {
                resource: Resource::PathSteps,
                maximum,
                requested: maximum.saturating_add(1),
            });
        }
        self.paths.candidates.push(Candidate {
            certificates,
            anchor: anchor.cloned(),
            result,
            further,
        });
        Ok(())
    }
}

/// 0: the identifiers are equal; 1: one is missing; 2: they differ. A hint only (RFC 5280
/// §4.2.1.1).
fn key_identifiers(current: &Certificate, issuer: &Certificate) -> u8 {
    let authority = current.authority_key_identifier();
    let wanted = authority.and_then(|authority| authority.key_identifier.as_deref());
    match (wanted, issuer.subject_key_identifier()) {
        (Some(wanted), Some(found)) if wanted == found => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    }
}
