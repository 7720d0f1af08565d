//! What a report means, sentence by sentence, for a page that lays them out itself.

use imza::report::{AnyIndication, Report, Signature};
use imza::vocabulary::{Outcome, SubIndication};
use imza_explain::Words;
use serde::Serialize;

/// A report in sentences.
#[derive(Serialize)]
pub(crate) struct Sentences {
    /// The document as a whole: its indication, or why it could not be processed.
    #[serde(flatten)]
    verdict: Verdict,
    /// The signatures, in the order of the report.
    signatures: Vec<SignatureSentences>,
}

#[derive(Default, Serialize)]
struct Verdict {
    /// The indication in words.
    indication: Option<String>,
    /// What is the matter.
    what: Option<String>,
    /// What to do.
    advice: Option<String>,
}

#[derive(Serialize)]
struct SignatureSentences {
    #[serde(flatten)]
    verdict: Verdict,
    /// The cryptographic fact in words.
    integrity: String,
    /// What it means that a check does not hold.
    checks: Vec<CheckSentence>,
}

#[derive(Serialize)]
struct CheckSentence {
    id: String,
    what: String,
}

impl Sentences {
    /// The sentences of a report.
    pub(crate) fn of(report: &Report, words: &Words) -> Self {
        let verdict = match (&report.error, report.indication) {
            (Some(failure), _) => {
                words
                    .error(failure.code)
                    .map_or_else(Verdict::default, |explained| Verdict {
                        indication: None,
                        what: Some(explained.what),
                        advice: Some(explained.advice),
                    })
            }
            (None, Some(AnyIndication::Main(indication))) => {
                Verdict::new(words.indication(indication), report.sub_indication, words)
            }
            (None, Some(AnyIndication::Block(indication))) => Verdict::new(
                words.block_indication(indication),
                report.sub_indication,
                words,
            ),
            (None, None) => Verdict::default(),
        };
        let signatures = report.signatures.iter();
        Self {
            verdict,
            signatures: signatures
                .map(|signature| SignatureSentences::of(signature, words))
                .collect(),
        }
    }
}

impl Verdict {
    fn new(indication: String, sub: Option<SubIndication>, words: &Words) -> Self {
        let explained = sub.map(|sub| words.sub_indication(sub));
        let (what, advice) = explained
            .map(|explained| (explained.what, explained.advice))
            .unzip();
        Self {
            indication: Some(indication),
            what,
            advice,
        }
    }
}

impl SignatureSentences {
    fn of(signature: &Signature, words: &Words) -> Self {
        let indication = words.indication(signature.indication);
        let failed = signature
            .checks
            .iter()
            .filter(|check| check.outcome == Outcome::Failed);
        Self {
            verdict: Verdict::new(indication, signature.sub_indication, words),
            integrity: words.integrity(signature.integrity),
            checks: failed
                .map(|check| CheckSentence {
                    id: check.id.to_string(),
                    what: words.check(check.id),
                })
                .collect(),
        }
    }
}
