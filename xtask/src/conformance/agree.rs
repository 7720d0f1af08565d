//! When an answer agrees with a case: the table of the contract, a function per scope.

use super::case::Case;
use super::primitives::Count;
use serde_json::Value;

/// What the library answered.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// A report `imza-report/1` on a document.
    Report(Value),
    /// A report on a certificate, with `indication` PASSED, FAILED or INDETERMINATE.
    Path(Value),
    /// Canonical octets, with those expected.
    Octets {
        /// Ours.
        found: Vec<u8>,
        /// The case's.
        expected: Vec<u8>,
    },
    /// The values of a list, asked one by one.
    Values(Count),
    /// `Err`: the code and the reason.
    Error {
        /// Stable code.
        code: String,
        /// Sentence.
        reason: String,
    },
    /// A panic, which is never an answer.
    Panicked(String),
    /// No answer in time.
    Hung,
}

/// What an answer is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Agreement; `None` when the two cannot be compared.
    pub(super) agrees: Option<bool>,
    /// In a few words, what was answered.
    pub(super) actual: String,
    /// Accepted what must not be accepted.
    pub(super) wrong_accept: bool,
    /// Every digest and signature value fits, where the case says that one does not.
    pub(super) wrongly_intact: bool,
    /// Something is not supported, and the case is not agreed with.
    pub(super) unsupported: bool,
    /// An `Err`.
    pub(super) error: bool,
    /// A panic or a hang.
    pub(super) crash: bool,
}

impl Judgement {
    /// Valid by the case, and not agreed with.
    pub(super) fn is_wrong_reject(&self, case: &Case) -> bool {
        case.expects_valid() && self.agrees == Some(false)
    }
}

/// Sub-indications that can be reached without knowing whom to trust.
const WITHOUT_TRUST: &[&str] = &[
    "FORMAT_FAILURE",
    "HASH_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "SIG_CONSTRAINTS_FAILURE",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "SIGNED_DATA_NOT_FOUND",
    "SIGNATURE_POLICY_NOT_AVAILABLE",
    "POLICY_PROCESSING_ERROR",
];

/// Compares an answer with its case.
pub(super) fn judge(case: &Case, verdict: &Verdict) -> Judgement {
    let mut judgement = Judgement {
        actual: words(verdict),
        ..Judgement::default()
    };
    match verdict {
        Verdict::Report(report) => {
            judgement.agrees = report_agrees(case, report);
            // Stopped by a limit or by want of support: that it is not accepted is no agreement.
            let stopped = text(report, "sub_indication") == "CUSTOM";
            if stopped && case.scope == "full" && judgement.agrees.is_some() {
                judgement.agrees = Some(false);
            }
            let passed = indication(report) == "TOTAL-PASSED";
            let trusted = case.has_anchors() || !case.ts_trust_anchors.is_empty();
            judgement.wrong_accept = passed && (case.forbids_acceptance() || !trusted);
            judgement.wrongly_intact = case.scope == "crypto"
                && case.expected == "invalid"
                && judgement.agrees == Some(false)
                && all_intact(report);
            judgement.unsupported = judgement.agrees == Some(false)
                && checks_of(report, "unsupported.").any(has_failed);
        }
        Verdict::Path(report) => {
            let passed = text(report, "indication") == "PASSED";
            judgement.agrees = Some(passed == case.expects_valid());
            judgement.wrong_accept = passed && (case.forbids_acceptance() || !case.has_anchors());
            judgement.unsupported = judgement.agrees == Some(false)
                && checks_of(report, "unsupported.").any(has_failed);
        }
        Verdict::Octets { found, expected } => judgement.agrees = Some(found == expected),
        // Such a case states a result for each value inside.
        Verdict::Values(count) => {
            let wrong = count.wrong_accepts + count.wrong_rejects + count.unsupported;
            judgement.agrees = Some(wrong == 0 && count.judged > 0);
            judgement.wrong_accept = count.wrong_accepts > 0;
            judgement.unsupported = count.unsupported > 0;
        }
        Verdict::Error { code, .. } => {
            judgement.error = true;
            judgement.unsupported = code.starts_with("unsupported.");
            judgement.agrees = if judgement.unsupported {
                comparable(case).then_some(false)
            } else {
                error_agrees(case)
            };
        }
        Verdict::Panicked(_) | Verdict::Hung => {
            judgement.crash = true;
            judgement.agrees = Some(false);
        }
    }
    judgement
}

/// Whether a case states a verdict that could be compared at all.
fn comparable(case: &Case) -> bool {
    !matches!(case.expected.as_str(), "info" | "mixed" | "unknown") && case.scope != "seed-values"
}

/// An `Err` that is not for want of support.
fn error_agrees(case: &Case) -> Option<bool> {
    if !comparable(case) {
        return None;
    }
    Some(match case.scope.as_str() {
        "crypto" => case.expected == "invalid",
        "parse" => case.expected == "error",
        "path" | "path+revocation" => !case.expects_valid(),
        // An `Err` is no indication: where one is stated, it is not this.
        _ => false,
    })
}

fn report_agrees(case: &Case, report: &Value) -> Option<bool> {
    if matches!(case.expected.as_str(), "info" | "mixed" | "unknown")
        || matches!(case.scope.as_str(), "structure" | "seed-values")
    {
        return facts_agree(case, report);
    }
    match case.scope.as_str() {
        "crypto" => match case.expected.as_str() {
            "valid" => Some(all_intact(report)),
            "invalid" => Some(any_broken(report) || indication(report) == "TOTAL-FAILED"),
            _ => None,
        },
        // With the rest of its trust in a list, the case counts as one without anchors; what is
        // agreed with all the same is more than that asks.
        "full" if case.has_anchors() && case.lacks_trust() && case.expects_valid() => {
            match indications_agree(case, report) {
                true => Some(true),
                false => without_anchors(case, report),
            }
        }
        "full" if case.has_anchors() => Some(indications_agree(case, report)),
        "full" => without_anchors(case, report),
        "parse" if case.expected == "error" => Some(
            indication(report) == "TOTAL-FAILED"
                && text(report, "sub_indication") == "FORMAT_FAILURE",
        ),
        "document-modification" => Some(
            indication(report) != "TOTAL-PASSED"
                && signatures(report).any(|signature| !list(signature, "changes").is_empty()),
        ),
        _ => None,
    }
}

/// Scope `full` with trust: the indication is the same, and the sub-indication where stated.
fn indications_agree(case: &Case, report: &Value) -> bool {
    let found = indication(report);
    let same = match (case.stated_indication(), case.expected.as_str()) {
        (Some(stated), _) => found == stated,
        (None, "valid") => found == "TOTAL-PASSED",
        (None, "indeterminate") => found == "INDETERMINATE",
        // Not accepted; which of the two ways of it, the case does not say.
        (None, _) => found != "TOTAL-PASSED" && !found.is_empty(),
    };
    let sub = case.subindication.as_deref();
    same && sub.is_none_or(|stated| text(report, "sub_indication") == stated)
}

/// Scope `full` without trust.
fn without_anchors(case: &Case, report: &Value) -> Option<bool> {
    if case.expects_valid() {
        let only_trust = checks_of(report, "")
            .filter(|check| has_failed(check))
            .all(depends_on_trust);
        return Some(all_intact(report) && only_trust);
    }
    if let Some(stated) = case.subindication.as_deref()
        && WITHOUT_TRUST.contains(&stated)
    {
        return Some(text(report, "sub_indication") == stated);
    }
    if case.expected != "invalid" {
        return None;
    }
    let failed = checks_of(report, "").any(|check| has_failed(check) && !depends_on_trust(check));
    failed.then_some(true)
}

/// The counts that are stated, where the report has them.
fn facts_agree(case: &Case, report: &Value) -> Option<bool> {
    let top = u64::try_from(
        signatures(report)
            .filter(|signature| signature.get("parent").is_none_or(Value::is_null))
            .count(),
    )
    .ok();
    let files = u64::try_from(list(report, "files").len()).ok();
    let has_container = report.get("container").is_some_and(|kind| !kind.is_null());
    let compared = [
        case.count("n_signatures").map(|stated| Some(stated) == top),
        case.count("n_data_files")
            .filter(|_| has_container && case.kind.starts_with("asic"))
            .map(|stated| Some(stated) == files),
    ];
    let mut compared = compared.into_iter().flatten().peekable();
    compared.peek()?;
    Some(compared.all(|same| same))
}

fn has_failed(check: &Value) -> bool {
    text(check, "outcome") == "failed"
}

fn depends_on_trust(check: &Value) -> bool {
    check
        .get("depends_on_trust")
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The indication of a report in the words of signatures, also where it is one of time-stamps.
fn indication(report: &Value) -> &str {
    match text(report, "indication") {
        "PASSED" => "TOTAL-PASSED",
        "FAILED" => "TOTAL-FAILED",
        other => other,
    }
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn signatures(report: &Value) -> impl Iterator<Item = &Value> {
    list(report, "signatures").iter()
}

/// Signatures; or, where there are none, time-stamps and evidence records.
fn judged(report: &Value) -> Vec<&Value> {
    let found: Vec<_> = signatures(report).collect();
    if !found.is_empty() {
        return found;
    }
    list(report, "timestamps")
        .iter()
        .chain(list(report, "evidence_records"))
        .collect()
}

fn all_intact(report: &Value) -> bool {
    let judged = judged(report);
    !judged.is_empty()
        && judged
            .iter()
            .all(|item| text(item, "integrity") == "intact")
}

fn any_broken(report: &Value) -> bool {
    let own = signatures(report)
        .chain(list(report, "timestamps"))
        .chain(list(report, "evidence_records"));
    let inner = signatures(report).flat_map(|signature| list(signature, "timestamps"));
    own.chain(inner)
        .any(|item| text(item, "integrity") == "broken")
}

/// Every check whose id begins so, wherever it stands.
fn checks_of<'a>(report: &'a Value, prefix: &str) -> impl Iterator<Item = &'a Value> {
    let mut checks = Vec::new();
    let mut open = vec![report];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                for (name, member) in members {
                    if name == "checks" {
                        checks.extend(member.as_array().into_iter().flatten());
                    } else {
                        open.push(member);
                    }
                }
            }
            _ => {}
        }
    }
    let prefix = prefix.to_owned();
    checks
        .into_iter()
        .filter(move |check| text(check, "id").starts_with(&prefix))
}

/// The codes by which something was refused: of the error, or of checks that failed.
pub(super) fn codes(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Error { code, .. } => vec![code.clone()],
        Verdict::Report(report) | Verdict::Path(report) => {
            let mut codes: Vec<String> = checks_of(report, "")
                .filter(|check| text(check, "outcome") == "failed")
                .flat_map(|check| [text(check, "id"), text(check, "found")])
                .map(ToOwned::to_owned)
                .collect();
            codes.sort();
            codes.dedup();
            codes
        }
        _ => Vec::new(),
    }
}

/// An answer in a few words, stable enough to be written down as a divergence.
fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Report(report) | Verdict::Path(report) => {
            let mut words = text(report, "indication").to_owned();
            if words.is_empty() {
                "nothing signed".clone_into(&mut words);
            }
            let sub = text(report, "sub_indication");
            if !sub.is_empty() {
                words = format!("{words}/{sub}");
            }
            let mut integrities: Vec<&str> = judged(report)
                .iter()
                .map(|item| text(item, "integrity"))
                .filter(|word| !word.is_empty())
                .collect();
            integrities.sort_unstable();
            integrities.dedup();
            if !integrities.is_empty() {
                words = format!("{words} ({})", integrities.join(", "));
            }
            words
        }
        Verdict::Octets { found, expected } if found == expected => "same octets".to_owned(),
        Verdict::Octets { .. } => "other octets".to_owned(),
        Verdict::Values(count) => format!(
            "{} values, {} accepted and {} refused wrongly, {} unsupported",
            count.judged, count.wrong_accepts, count.wrong_rejects, count.unsupported
        ),
        Verdict::Error { code, .. } => format!("error {code}"),
        Verdict::Panicked(message) => format!("panic: {message}"),
        Verdict::Hung => "no answer in time".to_owned(),
    }
}
