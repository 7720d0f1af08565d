//! RFC 5280 §6.1: the steps of path validation, from the anchor down to the target.
//!
//! Signatures and issuer names (§6.1.3(a)(1), (4)) were checked when the path was built.
//! Revocation (§6.1.3(a)(3)) is asked by `validation`.

use super::failure::{FailureReason, PathFailure};
use super::name_constraints::Constraints;
use super::name_forms::is_host_name;
use super::policies::Policies;
use super::{PathRequest, ValidatedPath};
use crate::certificate::{
    Certificate, FindingKind, GeneralName, KeyUsageBit, PolicyInformation, oid,
};
use crate::error::{Limit, Malformed};
use crate::limits::Budget;
use crate::trust::TrustAnchor;

/// The answer, and the reasons beyond the first.
type Answer = (Result<ValidatedPath, PathFailure>, Vec<PathFailure>);

/// Validates a path whose signatures fit; `certificates` start with the target.
pub(super) fn validate(
    certificates: &[Certificate],
    anchor: &TrustAnchor,
    request: &PathRequest<'_>,
    budget: &mut Budget,
) -> Result<Answer, Limit> {
    let length = u64::try_from(certificates.len()).unwrap_or(u64::MAX);
    let mut steps = Steps {
        failures: Vec::new(),
        // RFC 5280 §6.1.2(k).
        path_length: request.path_length.unwrap_or(length),
        constraints: Constraints::default(),
        // RFC 5280 §6.1.2(a), (d), (e), (f).
        policies: Policies::new(&request.policies, length),
        outside_validity: Vec::new(),
    };
    if let Some(obstacle) = anchor.obstacle() {
        steps.fail(certificates.len(), FailureReason::Anchor(obstacle));
    }
    for (index, certificate) in certificates.iter().enumerate().rev() {
        steps.basic(index, certificate, request, budget)?;
        if index > 0 {
            steps.prepare(index, certificate);
        } else {
            steps.wrap_up(certificate);
        }
    }
    let mut failures = steps.failures;
    // The signer's own faults first, then those of its CA (EN 319 102-1 §5.2.6.4 step 4).
    failures.sort_by_key(|failure| failure.index);
    let mut failures = failures.into_iter();
    if let Some(first) = failures.next() {
        return Ok((Err(first), failures.collect()));
    }
    let anchor_certificate = anchor.certificate.as_ref();
    let outside = |certificate: &Certificate| !certificate.validity().contains(request.time);
    let path = ValidatedPath {
        certificates: certificates.to_vec(),
        anchor: anchor.clone(),
        authority_outside_validity: steps.outside_validity,
        is_anchor_outside_validity: anchor_certificate.is_some_and(outside),
        valid_policies: steps.policies.valid(),
    };
    Ok((Ok(path), Vec::new()))
}

/// What RFC 5280 §6.1 has against the target, at the end of a path that is known: `above` leads from
/// its issuer to the last certificate below the anchor. Signatures and the certificates above are
/// the caller's questions.
///
/// # Errors
/// A limit.
pub(crate) fn validate_target(
    request: &PathRequest<'_>,
    above: &[Certificate],
    anchor: &TrustAnchor,
    budget: &mut Budget,
) -> Result<Option<PathFailure>, Limit> {
    let target = std::iter::once(request.target);
    let certificates = Vec::from_iter(target.chain(above).cloned());
    let (result, _) = validate(&certificates, anchor, request, budget)?;
    Ok(result.err().filter(|failure| failure.index == 0))
}

struct Steps {
    failures: Vec<PathFailure>,
    path_length: u64,
    constraints: Constraints,
    policies: Policies,
    outside_validity: Vec<usize>,
}

impl Steps {
    fn fail(&mut self, index: usize, reason: FailureReason) {
        self.failures.push(PathFailure { index, reason });
    }

    /// An extension that is there and cannot be read refuses the certificate.
    fn readable<T>(
        &mut self,
        index: usize,
        oid: &str,
        read: Result<Option<T>, Malformed>,
    ) -> Option<T> {
        read.unwrap_or_else(|malformed| {
            let oid = oid.to_owned();
            self.fail(index, FailureReason::UnreadableExtension { oid, malformed });
            None
        })
    }

    /// RFC 5280 §6.1.3, and what §4 asks of every certificate.
    fn basic(
        &mut self,
        index: usize,
        certificate: &Certificate,
        request: &PathRequest<'_>,
        budget: &mut Budget,
    ) -> Result<(), Limit> {
        self.profile(index, certificate);
        // RFC 5280 §6.1.3(a)(2). EN 319 102-1 §5.2.6.4 step 4 exempts the target; a CA outside
        // its validity is a finding, so that a proof of existence can lift it.
        if index > 0 && !certificate.validity().contains(request.time) {
            self.outside_validity.push(index);
        }
        // RFC 5280 §6.1.3(b), (c).
        let names = certificate.subject_alt_names();
        let names = self.readable(index, oid::SUBJECT_ALT_NAME, names);
        let names = names.map(Vec::as_slice).unwrap_or_default();
        if index == 0 || !certificate.is_self_issued() {
            let checked = self
                .constraints
                .check(certificate.subject(), names, budget)?;
            if let Some(reason) = checked {
                self.fail(index, reason);
            }
        }
        if !names.iter().all(is_well_formed) {
            self.fail(index, FailureReason::NameSyntax);
        }
        // RFC 5280 §6.1.3(d), (e).
        let policies = certificate.certificate_policies();
        let policies = self.readable(index, oid::CERTIFICATE_POLICIES, policies);
        let extension = certificate.extension(oid::CERTIFICATE_POLICIES);
        if extension.is_some_and(|extension| extension.critical) {
            self.qualifiers(index, policies.map(Vec::as_slice).unwrap_or_default());
        }
        let is_intermediate_self_issued = index > 0 && certificate.is_self_issued();
        let policies = policies.map(Vec::as_slice);
        self.policies
            .certificate(policies, is_intermediate_self_issued);
        // RFC 5280 §6.1.3(f).
        if self.policies.is_required_and_missing() {
            self.fail(index, FailureReason::PolicyRequired);
        }
        Ok(())
    }

    /// What the profile of RFC 5280 §4 demands, and §6.1.4(o), §6.1.5(f).
    fn profile(&mut self, index: usize, certificate: &Certificate) {
        for finding in certificate.findings() {
            let reason = match finding.kind {
                FindingKind::SignatureAlgorithmsDiffer => FailureReason::SignatureAlgorithmsDiffer,
                FindingKind::DuplicateExtension { oid } => {
                    FailureReason::DuplicateExtension { oid }
                }
                FindingKind::EmptyIssuer => FailureReason::EmptyIssuer,
                FindingKind::ExtensionsWithoutVersion3 => FailureReason::ExtensionsWithoutVersion3,
                FindingKind::UniqueIdentifierWithoutVersion2 => {
                    FailureReason::UniqueIdentifierWithoutVersion2
                }
                FindingKind::ValidityWithFractions => FailureReason::ValidityWithFractions,
                FindingKind::SerialNumberTooLong => FailureReason::SerialNumberTooLong,
                // RFC 5280 §4.1.2.2 allows neither; negative ones are out in the world and told
                // apart by their octets, while zero stands for a number that was never given.
                FindingKind::SerialNumberNotPositive if certificate.serial_number() == [0] => {
                    FailureReason::SerialNumberZero
                }
                FindingKind::ExtensionUnreadable {
                    oid,
                    critical: true,
                    malformed,
                } => FailureReason::UnreadableExtension { oid, malformed },
                // Non-critical extensions that nothing rests on may be unreadable; those that
                // count are asked for one by one. The rest is for reports.
                _ => continue,
            };
            self.fail(index, reason);
        }
        for oid in certificate.unknown_critical() {
            let oid = oid.to_string();
            self.fail(index, FailureReason::UnknownCriticalExtension { oid });
        }
        let statements = certificate.qc_statements().ok().flatten();
        if let Some(statements) = statements.filter(|statements| statements.critical)
            && let Some(unknown) = statements.unknown.first()
        {
            let oid = unknown.to_string();
            self.fail(index, FailureReason::QcStatementUnknown { oid });
        }
        let purposes = certificate.extended_key_usage();
        self.readable(index, oid::EXTENDED_KEY_USAGE, purposes);
    }

    /// RFC 5280 §4.2.1.4: critical policies with qualifiers that cannot be interpreted.
    fn qualifiers(&mut self, index: usize, policies: &[PolicyInformation]) {
        let known = [
            PolicyInformation::QUALIFIER_CPS,
            PolicyInformation::QUALIFIER_USER_NOTICE,
        ];
        let mut kinds = policies.iter().flat_map(|policy| &policy.qualifiers);
        let unknown = kinds.find(|(kind, _)| !known.iter().any(|known| kind.is(known)));
        if let Some((kind, _)) = unknown {
            let oid = kind.to_string();
            self.fail(index, FailureReason::PolicyQualifierUnknown { oid });
        }
    }

    /// RFC 5280 §6.1.4: preparation for the next certificate.
    fn prepare(&mut self, index: usize, certificate: &Certificate) {
        // (a), (b): policy mappings.
        let mappings = certificate.policy_mappings();
        if let Some(mappings) = self.readable(index, oid::POLICY_MAPPINGS, mappings) {
            let any = PolicyInformation::ANY;
            let mut all = mappings.iter();
            if all.any(|one| one.issuer_domain.is(any) || one.subject_domain.is(any)) {
                self.fail(index, FailureReason::PolicyMappedToAny);
            }
            self.policies.map(mappings);
        }
        // (g): name constraints.
        let constraints = certificate.name_constraints();
        if let Some(constraints) = self.readable(index, oid::NAME_CONSTRAINTS, constraints)
            && self.constraints.add(constraints).is_err()
        {
            self.fail(index, FailureReason::NameConstraintUnusable);
        }
        // (h): self-issued certificates do not count.
        let is_self_issued = certificate.is_self_issued();
        if !is_self_issued {
            self.policies.count();
        }
        // (i), (j): policy constraints.
        let constraints = certificate.policy_constraints();
        if let Some(constraints) = self.readable(index, oid::POLICY_CONSTRAINTS, constraints) {
            self.policies.constrain(*constraints);
        }
        let inhibit = certificate.inhibit_any_policy();
        if let Some(inhibit) = self.readable(index, oid::INHIBIT_ANY_POLICY, inhibit) {
            self.policies.inhibit_any(*inhibit);
        }
        // (k): a CA of version 3. Versions 1 and 2 cannot say that they are one.
        if certificate.version() < 3 {
            let found = certificate.version();
            self.fail(index, FailureReason::Version { found });
        }
        let constraints = certificate.basic_constraints();
        let constraints = self.readable(index, oid::BASIC_CONSTRAINTS, constraints);
        if !constraints.is_some_and(|constraints| constraints.ca) {
            self.fail(index, FailureReason::NotAuthority);
        }
        // (l), (m): path length.
        if !is_self_issued {
            match self.path_length.checked_sub(1) {
                Some(left) => self.path_length = left,
                None => self.fail(index, FailureReason::PathLength { maximum: 0 }),
            }
        }
        if let Some(maximum) = constraints.and_then(|constraints| constraints.path_length) {
            self.path_length = self.path_length.min(maximum);
        }
        // (n): key usage.
        let usage = certificate.key_usage();
        let usage = self.readable(index, oid::KEY_USAGE, usage);
        if usage.is_some_and(|usage| !usage.contains(KeyUsageBit::KeyCertSign)) {
            self.fail(index, FailureReason::NoKeyCertSign);
        }
        // RFC 5280 §4.1.2.6: a CA has a name.
        if certificate.subject().is_empty() {
            self.fail(index, FailureReason::AuthorityWithoutSubject);
        }
    }

    /// RFC 5280 §6.1.5, and what §4 asks of the target.
    fn wrap_up(&mut self, certificate: &Certificate) {
        // (a), (b): policies.
        let constraints = certificate.policy_constraints();
        let constraints = self.readable(0, oid::POLICY_CONSTRAINTS, constraints);
        self.policies.wrap_up(constraints.copied());
        // (g).
        if self.policies.is_required_and_missing() {
            let already = |failure: &PathFailure| failure.reason == FailureReason::PolicyRequired;
            if !self.failures.iter().any(already) {
                self.fail(0, FailureReason::PolicyRequired);
            }
        }
        // RFC 5280 §4.1.2.6.
        let names = certificate.extension(oid::SUBJECT_ALT_NAME);
        if certificate.subject().is_empty() && !names.is_some_and(|names| names.critical) {
            self.fail(0, FailureReason::EmptySubject);
        }
        // RFC 5280 §4.2.1.3: keyCertSign demands the CA flag.
        let usage = certificate.key_usage();
        let usage = self.readable(0, oid::KEY_USAGE, usage);
        let constraints = certificate.basic_constraints();
        let constraints = self.readable(0, oid::BASIC_CONSTRAINTS, constraints);
        if usage.is_some_and(|usage| usage.contains(KeyUsageBit::KeyCertSign))
            && constraints.is_some_and(|constraints| !constraints.ca)
        {
            self.fail(0, FailureReason::KeyCertSignWithoutAuthority);
        }
        // Not processed in a target, but not passed over when unreadable and critical: see
        // `profile`.
    }
}

/// RFC 5280 §4.2.1.6: a dNSName is in preferred name syntax, here with an asterisk as the whole
/// first label; an IP address is none. Mailboxes and URIs are taken apart where a constraint asks for
/// their host: see `name_constraints`.
fn is_well_formed(name: &GeneralName) -> bool {
    match name {
        GeneralName::DnsName(host) => is_host_name(host.strip_prefix("*.").unwrap_or(host)),
        GeneralName::IpAddress(octets) => octets.len() == 4 || octets.len() == 16,
        _ => true,
    }
}
