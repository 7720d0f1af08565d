//! Policies that can be named: the default, stricter ones, national ones, which are data, and those
//! that accept what the default refuses ([`super::danger`]).

use super::{ValidationPolicy, danger, fresh};
use crate::vocabulary::{CheckId, Level};

impl ValidationPolicy {
    /// The names that [`ValidationPolicy::named`] knows.
    pub const NAMES: [&'static str; 10] = [
        "default",
        "strict",
        "archive",
        "eu-basic",
        "azerbaijan",
        "estonia",
        "kazakhstan",
        "turkiye",
        "rfc5280",
        "historic",
    ];

    /// The policy with this built-in name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::standard()),
            "strict" => Some(strict()),
            "archive" => Some(archive()),
            "eu-basic" => Some(eu_basic()),
            "azerbaijan" => national(include_str!("national/azerbaijan.json")),
            "estonia" => national(include_str!("national/estonia.json")),
            "kazakhstan" => national(include_str!("national/kazakhstan.json")),
            "turkiye" => national(include_str!("national/turkiye.json")),
            "rfc5280" => Some(danger::rfc5280()),
            "historic" => Some(danger::historic()),
            _ => None,
        }
    }

    fn raised(name: &str, checks: &[CheckId]) -> Self {
        Self {
            name: name.to_owned(),
            levels: checks.iter().map(|check| (*check, Level::Fail)).collect(),
            ..Self::standard()
        }
    }
}

/// A policy in the form of a file. A test reads every one.
fn national(json: &str) -> Option<ValidationPolicy> {
    serde_json::from_str(json).ok()
}

/// Nothing is only a warning, and all revocation data must be fresh: that of time-stamping
/// authorities, and the past of paths, among it.
fn strict() -> ValidationPolicy {
    let tolerated = |check: &&CheckId| {
        matches!(
            check.default_level(),
            Level::Warn | Level::Inform | Level::Ignore
        )
    };
    let all = CheckId::ALL.iter().filter(tolerated).copied();
    ValidationPolicy {
        auxiliary_freshness: fresh(),
        ..ValidationPolicy::raised("strict", &all.collect::<Vec<_>>())
    }
}

/// For what is taken into an archive: nothing that will be missed later may be broken now, so every
/// time-stamp has to be valid and every file covered.
fn archive() -> ValidationPolicy {
    ValidationPolicy::raised(
        "archive",
        &[
            CheckId::TimestampValid,
            CheckId::ContainerAllFilesSigned,
            CheckId::DocumentAllSigned,
            CheckId::ContainerManifest,
        ],
    )
}

/// What Regulation (EU) 910/2014 article 26 asks of advanced signatures, as far as checks can tell:
/// linked to the signatory by a signed reference to a certificate that is meant for signing.
fn eu_basic() -> ValidationPolicy {
    ValidationPolicy::raised(
        "eu-basic",
        &[CheckId::SigningCertificateReference, CheckId::PathKeyUsage],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_names_a_policy_of_that_name() {
        for name in ValidationPolicy::NAMES {
            assert_eq!(ValidationPolicy::named(name).unwrap().name, name);
        }
        for name in ["", "Default", "dss", "strict "] {
            assert_eq!(ValidationPolicy::named(name), None, "{name}");
        }
    }

    #[test]
    fn outside_of_danger_no_check_is_lowered() {
        let standard = ValidationPolicy::standard();
        for name in [
            "default",
            "strict",
            "archive",
            "eu-basic",
            "azerbaijan",
            "kazakhstan",
        ] {
            let policy = ValidationPolicy::named(name).unwrap();
            for check in CheckId::ALL {
                assert!(
                    policy.level(*check) <= standard.level(*check),
                    "{name} {check}"
                );
            }
            assert_eq!(policy.suite, standard.suite);
            assert_eq!(policy.revocation, standard.revocation);
        }
    }

    #[test]
    fn national_files_hold_only_what_differs() {
        for name in ["azerbaijan", "estonia", "kazakhstan", "turkiye"] {
            let policy = ValidationPolicy::named(name).unwrap();
            let standard = ValidationPolicy::standard();
            assert_ne!(policy.differences(&standard), [], "{name}");
            assert_eq!(policy.ineffective(), [], "{name}");
            assert_eq!(policy.suite, standard.suite, "{name}");
        }
    }

    #[test]
    fn the_strict_policy_tolerates_nothing() {
        let strict = strict();
        for check in CheckId::ALL {
            assert!(matches!(strict.level(*check), Level::Always | Level::Fail));
        }
    }
}
