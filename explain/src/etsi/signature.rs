//! The report on one signature or time-stamp.

use super::objects::Objects;
use super::{digest, typed, urn};
use crate::markup::Markup;
use imza::report::{Certificate, Check, Report, Signature, Timestamp};
use imza::time::UnixTime;
use imza::vocabulary::{Basis, CheckId, Outcome, SubIndication, TimestampKind};

pub(super) fn signature(
    out: &mut Markup,
    signature: &Signature,
    index: usize,
    report: &Report,
    objects: &Objects,
) {
    out.start("vr:SignatureValidationReport", &[]);
    let id = format!("S-{}", index + 1);
    out.start("vr:SignatureIdentifier", &[("id", &id)]);
    out.element("vr:HashOnly", &[], "false");
    let by_digest = (report.basis == Basis::Evidence).to_string();
    out.element("vr:DocHashOnly", &[], &by_digest);
    out.element("vr:DAIdentifier", &[], &signature.id);
    out.end();
    constraints(out, &signature.checks, report);
    let best = signature.best_signature_time.as_ref();
    out.start("vr:ValidationTimeInfo", &[]);
    let now = report.validation_time;
    out.element("vr:ValidationTime", &[], &now.to_string());
    out.start("vr:BestSignatureTime", &[]);
    proof(
        out,
        best.map_or(now, |best| best.time),
        match best {
            Some(best) if best.proof == "provided" => "provided",
            _ => "validation",
        },
    );
    let object = best.and_then(|best| best.object.as_deref());
    if let Some(id) = object.and_then(|id| objects.timestamp(id)) {
        out.empty("vr:POEObject", &[("VOReference", &id)]);
    }
    out.end();
    out.end();
    let scopes = objects.scopes(&signature.scopes);
    if !scopes.is_empty() {
        out.start("vr:SignersDocument", &[]);
        let reference = [("VOReference", scopes.as_str())];
        out.empty("vr:SignersDocumentRepresentation", &reference);
        out.end();
    }
    attributes(out, signature, objects);
    signer(out, signature.signing_certificate.as_ref());
    out.start("vr:SignatureValidationProcess", &[]);
    // Every process is run; the last one has the last word.
    let process = "urn:etsi:019102:validationprocess:LTA";
    out.element("vr:SignatureValidationProcessID", &[], process);
    out.end();
    let main = signature.indication.as_str().to_ascii_lowercase();
    out.start("vr:SignatureValidationStatus", &[]);
    indications(out, &main, signature.sub_indication);
    let failed: Vec<&Check> = failed(&signature.checks).collect();
    let certificate = signature.signing_certificate.as_ref();
    if certificate.is_some() || !failed.is_empty() {
        out.start("vr:AssociatedValidationReportData", &[]);
        chain(out, certificate, &signature.path);
        let is_about_data = matches!(
            signature.sub_indication,
            Some(SubIndication::HashFailure | SubIndication::SignedDataNotFound)
        );
        if is_about_data && !scopes.is_empty() {
            let reference = [("VOReference", scopes.as_str())];
            out.empty("vr:RelatedValidationObject", &reference);
        }
        revocation(out, &failed, objects);
        algorithms(out, signature, &id);
        additional(out, &failed);
        out.end();
    }
    out.end();
    out.end();
}

/// A time-stamp, as the report on it or inside the object that it is.
pub(super) fn timestamp(
    out: &mut Markup,
    element: &'static str,
    timestamp: &Timestamp,
    report: &Report,
) {
    out.start(element, &[]);
    constraints(out, &timestamp.checks, report);
    signer(out, timestamp.signing_certificate.as_ref());
    out.start("vr:SignatureValidationStatus", &[]);
    let main = timestamp.indication.as_str().to_ascii_lowercase();
    indications(out, &main, timestamp.sub_indication);
    let failed: Vec<&Check> = failed(&timestamp.checks).collect();
    if !failed.is_empty() {
        out.start("vr:AssociatedValidationReportData", &[]);
        additional(out, &failed);
        out.end();
    }
    out.end();
    out.end();
}

fn failed(checks: &[Check]) -> impl Iterator<Item = &Check> {
    checks.iter().filter(|one| one.outcome == Outcome::Failed)
}

fn proof(out: &mut Markup, time: UnixTime, kind: &str) {
    out.element("vr:POETime", &[], &time.to_string());
    let kind = format!("urn:etsi:019102:poetype:{kind}");
    out.element("vr:TypeOfProof", &[], &kind);
}

fn indications(out: &mut Markup, main: &str, sub: Option<SubIndication>) {
    let main = format!("urn:etsi:019102:mainindication:{main}");
    out.element("vr:MainIndication", &[], &main);
    if let Some(sub) = sub {
        out.element("vr:SubIndication", &[], &sub.urn());
    }
}

/// The policy, and every check as a constraint.
fn constraints(out: &mut Markup, checks: &[Check], report: &Report) {
    let policy = format!("urn:imza:policy:{}", report.policy.digest.to_hex());
    out.start("vr:ValidationConstraintsEvaluationReport", &[]);
    out.start("vr:SignatureValidationPolicy", &[]);
    out.start("vr:SignaturePolicyIdentifier", &[]);
    out.start("xades:SignaturePolicyId", &[]);
    out.start("xades:SigPolicyId", &[]);
    out.element("xades:Identifier", &[], &policy);
    out.end();
    digest(out, "xades:SigPolicyHash", &report.policy.digest);
    out.end();
    out.end();
    out.element("vr:PolicyName", &[], &report.policy.name);
    out.end();
    for check in checks {
        constraint(out, check, &policy);
    }
    out.end();
}

fn constraint(out: &mut Markup, check: &Check, policy: &str) {
    out.start("vr:ValidationConstraint", &[]);
    let identifier = format!("urn:imza:check:{}", check.id);
    out.element("vr:ValidationConstraintIdentifier", &[], &identifier);
    for (kind, value) in parameters(check) {
        typed(out, "vr:ValidationConstraintParameter", kind, value);
    }
    // What does not hold and does not count has been overridden by the policy's level.
    let (status, main) = match check.outcome {
        Outcome::Passed => ("applied", Some("passed")),
        Outcome::Failed => ("applied", Some("failed")),
        Outcome::Warning | Outcome::Information => ("overridden", Some("failed")),
        _ => ("disabled", None),
    };
    out.start("vr:ConstraintStatus", &[]);
    let name = format!("urn:etsi:019102:constraintStatus:{status}");
    out.element("vr:Status", &[], &name);
    if status == "overridden" {
        out.element("vr:OverriddenBy", &[], policy);
    }
    out.end();
    if let Some(main) = main {
        out.start("vr:ValidationStatus", &[]);
        indications(out, main, None);
        out.end();
    }
    out.end();
}

fn parameters(check: &Check) -> Vec<(&'static str, &str)> {
    let mut all = vec![("urn:imza:check-clause", check.clause)];
    for (kind, value) in [
        ("urn:imza:check-expected", &check.expected),
        ("urn:imza:check-found", &check.found),
        ("urn:imza:check-object", &check.object),
    ] {
        all.extend(value.as_deref().map(|value| (kind, value)));
    }
    all
}

/// Attributes as far as the report names them.
fn attributes(out: &mut Markup, signature: &Signature, objects: &Objects) {
    let stamped: Vec<_> = signature
        .timestamps
        .iter()
        .filter_map(|one| Some((one, one.time?, objects.timestamp(&one.id)?)))
        .collect();
    if signature.claimed_signing_time.is_none() && stamped.is_empty() {
        return;
    }
    out.start("vr:SignatureAttributes", &[]);
    if let Some(time) = signature.claimed_signing_time {
        out.start("vr:SigningTime", &[("Signed", "true")]);
        out.element("vr:Time", &[], &time.to_string());
        out.end();
    }
    for (timestamp, time, id) in stamped {
        let (element, signed) = match timestamp.kind {
            TimestampKind::ContentTimestamp => ("vr:AllDataObjectsTimeStamp", "true"),
            TimestampKind::SignatureTimestamp => ("vr:SignatureTimeStamp", "false"),
            TimestampKind::ValidationDataTimestamp => ("vr:SigAndRefsTimeStamp", "false"),
            TimestampKind::ArchiveTimestamp => ("vr:ArchiveTimeStamp", "false"),
            _ => ("vr:DocTimeStamp", "false"),
        };
        out.start(element, &[("Signed", signed)]);
        out.empty("vr:AttributeObject", &[("VOReference", &id)]);
        out.element("vr:TimeStampValue", &[], &time.to_string());
        out.end();
    }
    out.end();
}

fn signer(out: &mut Markup, certificate: Option<&Certificate>) {
    let Some(certificate) = certificate else {
        return;
    };
    out.start("vr:SignerInformation", &[]);
    let id = Objects::certificate(certificate);
    out.empty("vr:SignerCertificate", &[("VOReference", &id)]);
    let person = certificate.person.as_ref();
    let name = person.map_or(&certificate.subject, |person| &person.name);
    out.element("vr:Signer", &[], name);
    out.end();
}

/// From the signing certificate to the trust anchor, where one was found.
fn chain(out: &mut Markup, certificate: Option<&Certificate>, path: &[Certificate]) {
    let Some(certificate) = certificate else {
        return;
    };
    out.start("vr:CertificateChain", &[]);
    let reference = |out: &mut Markup, element, certificate: &Certificate| {
        let id = Objects::certificate(certificate);
        out.empty(element, &[("VOReference", &id)]);
    };
    reference(out, "vr:SigningCertificate", certificate);
    if let Some((anchor, between)) = path.get(1..).and_then(<[Certificate]>::split_last) {
        for one in between {
            reference(out, "vr:IntermediateCertificate", one);
        }
        reference(out, "vr:TrustAnchor", anchor);
    }
    out.end();
}

/// Which certificate was revoked, when and why, where that is why a signature does not pass.
fn revocation(out: &mut Markup, failed: &[&Check], objects: &Objects) {
    let found = failed.iter().find_map(|check| {
        let (time, reason) = revoked(check)?;
        let id = objects.certificate_of(check.object.as_deref()?)?;
        Some((id, time, reason))
    });
    let Some((id, time, reason)) = found else {
        return;
    };
    out.start("vr:RevocationStatusInformation", &[]);
    out.empty("vr:ValidationObjectId", &[("VOReference", &id)]);
    out.element("vr:RevocationTime", &[], &time.to_string());
    if let Some(reason) = reason {
        let reason = urn("urn:etsi:019102:revocationReason:", reason);
        out.element("vr:RevocationReason", &[], &reason);
    }
    out.end();
}

/// Time and reason of a revocation in the words of its check; a test compares them with the core's.
fn revoked(check: &Check) -> Option<(UnixTime, Option<&str>)> {
    let found = check.found.as_deref()?;
    match check.id {
        CheckId::RevocationNotOnHold => {
            let time = UnixTime::from_rfc3339(found.strip_prefix("on hold since ")?).ok()?;
            Some((time, Some("certificateHold")))
        }
        CheckId::RevocationNotRevoked | CheckId::RevocationAuthorityNotRevoked => {
            let (time, reason) = found.strip_prefix("revoked ")?.split_once(", ")?;
            let reason = Some(reason).filter(|reason| !reason.contains(' '));
            Some((UnixTime::from_rfc3339(time).ok()?, reason))
        }
        _ => None,
    }
}

/// The algorithm that is not reliable, where that decides.
fn algorithms(out: &mut Markup, signature: &Signature, id: &str) {
    let is_told = matches!(
        signature.sub_indication,
        Some(
            SubIndication::CryptoConstraintsFailure | SubIndication::CryptoConstraintsFailureNoPoe
        )
    );
    if !is_told {
        return;
    }
    let is_algorithm = |check: &&Check| {
        matches!(
            check.id,
            CheckId::AlgorithmSignature | CheckId::AlgorithmPath | CheckId::AlgorithmRevocation
        )
    };
    let found = failed(&signature.checks).find(is_algorithm);
    let found = found.and_then(|check| check.found.as_deref());
    out.start("vr:CryptoInformation", &[]);
    out.empty("vr:ValidationObjectId", &[("VOReference", id)]);
    let name = "urn:etsi:019102:algorithm:unidentified";
    out.element("vr:Algorithm", &[], name);
    if let Some(found) = found.or(signature.algorithm.as_deref()) {
        typed(out, "vr:AlgorithmParameters", "urn:imza:algorithm", found);
    }
    out.element("vr:SecureAlgorithm", &[], "false");
    out.end();
}

/// Why, in the values of the checks that failed.
fn additional(out: &mut Markup, failed: &[&Check]) {
    if failed.is_empty() {
        return;
    }
    out.start("vr:AdditionalValidationReportData", &[]);
    for check in failed {
        let kind = urn("urn:imza:check:", check.id.as_str());
        let values = parameters(check).into_iter().map(|(kind, value)| {
            let word = kind.rsplit('-').next().unwrap_or_default();
            format!("{word}: {value}")
        });
        let value = values.collect::<Vec<_>>().join("; ");
        typed(out, "vr:ReportData", &kind, &value);
    }
    out.end();
}
