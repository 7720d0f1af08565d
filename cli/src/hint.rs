//! What a person may have forgotten, said on standard error beside the report.

use crate::arguments::VerifyOptions;
use crate::kind::Kind;
use crate::misplaced;
use crate::voice;
use imza::error::Error;
use imza::report::Report;
use imza::vocabulary::{CheckId, Integrity, Outcome};
use imza_explain::sink::file_name;
use imza_explain::{Said, Sentence};
use std::collections::BTreeSet;
use std::path::Path;

/// The hints of one run; each is said once.
#[derive(Default)]
pub(crate) struct Hints {
    said: BTreeSet<String>,
}

impl Hints {
    /// After a report.
    pub(crate) fn on_report(&mut self, path: &Path, report: &Report, options: &VerifyOptions) {
        if report.trust.anchors == 0 && !report.signatures.is_empty() {
            self.say(&Sentence::NobodyTrusted.into());
        }
        if options.detached.is_empty() {
            for name in missing(report) {
                self.say(&detached(path, &name));
            }
        }
        if report.indication.is_none() && report.error.is_none() {
            self.on_document(path);
        }
    }

    /// After a document that could not be processed.
    pub(crate) fn on_error(&mut self, path: &Path, error: &Error) {
        if matches!(
            error,
            Error::Input(_) | Error::Malformed(_) | Error::Unsupported(_)
        ) {
            self.on_document(path);
        }
    }

    fn on_document(&mut self, path: &Path) {
        if path.is_file()
            && let Some(hint) = misplaced::document(path, Kind::of_file(path))
        {
            self.say(&hint);
        }
    }

    fn say(&mut self, hint: &Said) {
        let explained = voice::words().said(hint);
        if self.said.insert(explained.what.clone()) {
            voice::tell_explained(&explained);
        }
    }
}

/// The names of signed files that were not at hand; empty for one without a name.
fn missing(report: &Report) -> BTreeSet<String> {
    let signatures = report
        .signatures
        .iter()
        .filter(|signature| signature.integrity == Integrity::Unknown);
    signatures
        .flat_map(|signature| &signature.checks)
        .filter(|check| check.id == CheckId::ReferenceFound && check.outcome == Outcome::Failed)
        .map(|check| check.object.clone().unwrap_or_default())
        .collect()
}

/// How to give the file that a signature covers and does not hold.
fn detached(path: &Path, name: &str) -> Said {
    let of = |sentence| Said::new(sentence).with("name", path);
    // A CMS signature names nothing: `permit.txt.p7s` is by habit that of `permit.txt`.
    let plain = Path::new(name)
        .file_name()
        .filter(|_| !name.contains("://"));
    let stem = path.file_stem().filter(|stem| !stem.is_empty());
    let beside = [plain, stem]
        .into_iter()
        .flatten()
        .map(|name| path.with_file_name(name))
        .find(|beside| beside.is_file() && beside.as_path() != path);
    let named = plain.is_some_and(|plain| {
        beside
            .as_deref()
            .and_then(Path::file_name)
            .is_none_or(|own| own != plain)
            || plain.to_str() != Some(name)
    });
    let prefix = if named {
        format!("{name}=")
    } else {
        String::new()
    };
    match (beside, name) {
        (Some(beside), _) => {
            of(Sentence::NotHeldBeside).with("file", format!("{prefix}{}", beside.display()))
        }
        (None, "") => of(Sentence::NotHeld),
        (None, name) => of(Sentence::NotHeldNamed).with("file", file_name(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::{detached, voice};

    #[test]
    fn the_file_beside_is_suggested_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let signature = folder.path().join("permit.txt.p7s");
        let hint = |name: &str| voice::words().said(&detached(&signature, name)).what;
        assert!(hint("").ends_with("--detached FILE"));
        assert!(hint("plan.pdf").ends_with("--detached plan.pdf=FILE"));
        let permit = folder.path().join("permit.txt");
        std::fs::write(&permit, "x").unwrap();
        let beside = format!("--detached {}", permit.display());
        assert!(hint("").ends_with(&beside), "{}", hint(""));
        assert!(
            hint("permit.txt").ends_with(&beside),
            "{}",
            hint("permit.txt")
        );
        let named = format!("--detached plan.pdf={}", permit.display());
        assert!(hint("plan.pdf").ends_with(&named), "{}", hint("plan.pdf"));
        let plan = folder.path().join("plan.pdf");
        std::fs::write(&plan, "x").unwrap();
        let named = format!("--detached drawings/plan.pdf={}", plan.display());
        let hint = hint("drawings/plan.pdf");
        assert!(hint.ends_with(&named), "{hint}");
    }
}
