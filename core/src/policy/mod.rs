//! The validation policy: constraints, their levels, and algorithms with end dates. Data only.
//!
//! A policy says how much each check matters ([`Level`]), which algorithms are reliable until when
//! ([`CryptographicSuite`]), what revocation data is wanted and how fresh. Functions here look
//! things up in that data, for a time that the caller gives; they read no clock. Cryptographic
//! checks, digests, format exactness and the fit of a signing-certificate reference are
//! [`Level::Always`] and cannot be lowered: their entry in [`ValidationPolicy::levels`] is ignored.
//!
//! # Standard
//! EN 319 102-1 §5.1.4 (constraints); TS 119 312 (algorithms).

mod comparison;
mod constraints;
mod ready_made;
mod suite;

pub use comparison::Difference;
pub(crate) use constraints::one_of;
pub use constraints::{CertificateConstraints, SignatureConstraints, SignatureElement};
pub use suite::{AlgorithmRule, CryptographicSuite, Reliability};

use crate::vocabulary::{CheckId, Level};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is wanted of revocation data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationRequirement {
    /// Missing or stale revocation data fails.
    Require,
    /// Missing or stale revocation data is a warning.
    Soft,
    /// Revocation data is not asked for; what is there and says *revoked* counts all the same.
    None,
}

/// How old revocation data may be (EN 319 102-1 §5.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Freshness {
    /// No constraint: `nextUpdate − thisUpdate`; without `nextUpdate` this many seconds.
    NextUpdate {
        /// Seconds for data without `nextUpdate`.
        without_next_update: u32,
    },
    /// At most this many seconds old; 0 means issued after the time in question.
    Seconds(u32),
    /// Issued more than this many seconds after the time in question: a grace period, in which a
    /// revocation that was asked for comes to be published (EN 319 102-1 §5.2.5.4 with a maximum
    /// below zero).
    After(u32),
    /// Any age.
    Unbounded,
}

impl Freshness {
    /// The constraint in one word: `next-update/86400`, `seconds/3600`, `after/86400` or
    /// `unbounded`.
    #[must_use]
    pub fn to_word(self) -> String {
        match self {
            Self::NextUpdate {
                without_next_update,
            } => format!("next-update/{without_next_update}"),
            Self::Seconds(seconds) => format!("seconds/{seconds}"),
            Self::After(seconds) => format!("after/{seconds}"),
            Self::Unbounded => "unbounded".to_owned(),
        }
    }

    /// The constraint of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "unbounded" {
            return Some(Self::Unbounded);
        }
        let (kind, seconds) = word.split_once('/')?;
        let seconds = seconds.parse().ok()?;
        match kind {
            "next-update" => Some(Self::NextUpdate {
                without_next_update: seconds,
            }),
            "seconds" => Some(Self::Seconds(seconds)),
            "after" => Some(Self::After(seconds)),
            _ => None,
        }
    }
}

/// Whether constraints beyond RFC 5280 apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdesConstraints {
    /// The constraints of advanced electronic signatures apply.
    Apply,
    /// Only RFC 5280 applies: no algorithm and no attribute constraint.
    Omit,
}

/// Whether a time mark of BDOC (an OCSP answer whose nonce is about the signature value) proves
/// when the signature existed. EN 319 102-1 does not know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeMarks {
    /// It proves nothing about the time.
    #[default]
    Ignore,
    /// It proves that the signature existed when the answer was produced.
    Count,
}

impl TimeMarks {
    fn are_ignored(&self) -> bool {
        *self == Self::Ignore
    }
}

/// A signature validation policy.
///
/// In a file only the name and what differs from the default policy has to be there; a member that
/// is not known is refused, for a misspelt one would change nothing and say so to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationPolicy {
    /// Its name.
    pub name: String,
    /// Levels that differ from [`CheckId::default_level`].
    #[serde(default)]
    pub levels: BTreeMap<CheckId, Level>,
    /// Levels in the judgement of time-stamps that differ from those of signatures.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub timestamp_levels: BTreeMap<CheckId, Level>,
    /// Algorithms and their end dates.
    #[serde(default = "CryptographicSuite::standard")]
    pub suite: CryptographicSuite,
    /// Revocation data wanted for signing certificates and their CAs.
    #[serde(default = "required")]
    pub revocation: RevocationRequirement,
    /// Age of revocation data for signing certificates and their CAs.
    #[serde(default = "fresh")]
    pub freshness: Freshness,
    /// Age of revocation data for time-stamping certificates, OCSP responders and CRL issuers.
    #[serde(default = "of_any_age")]
    pub auxiliary_freshness: Freshness,
    /// Whether the constraints of advanced electronic signatures apply.
    #[serde(default = "applied")]
    pub ades: AdesConstraints,
    /// Whether time marks of BDOC prove a time.
    #[serde(default, skip_serializing_if = "TimeMarks::are_ignored")]
    pub time_marks: TimeMarks,
    /// What a signature has to be and to say.
    #[serde(default, skip_serializing_if = "SignatureConstraints::are_none")]
    pub signature: SignatureConstraints,
    /// What the certificate of a signer has to say.
    #[serde(default, skip_serializing_if = "CertificateConstraints::are_none")]
    pub certificate: CertificateConstraints,
}

const fn required() -> RevocationRequirement {
    RevocationRequirement::Require
}

const fn fresh() -> Freshness {
    Freshness::NextUpdate {
        without_next_update: 86_400,
    }
}

const fn of_any_age() -> Freshness {
    Freshness::Unbounded
}

const fn applied() -> AdesConstraints {
    AdesConstraints::Apply
}

impl ValidationPolicy {
    /// The default policy: TS 119 312 as compiled in [`CryptographicSuite::standard`], revocation
    /// data required and fresh.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            name: "default".to_owned(),
            levels: BTreeMap::new(),
            timestamp_levels: BTreeMap::new(),
            suite: CryptographicSuite::standard(),
            revocation: required(),
            freshness: fresh(),
            auxiliary_freshness: of_any_age(),
            ades: applied(),
            time_marks: TimeMarks::Ignore,
            signature: SignatureConstraints::default(),
            certificate: CertificateConstraints::default(),
        }
    }

    /// The policy by which time-stamps are judged: its levels are those of
    /// [`ValidationPolicy::timestamp_levels`] where they are given, and what a signer has to be
    /// and to say is not asked of an authority.
    pub(crate) fn of_timestamps(&self) -> Cow<'_, Self> {
        let has_constraints = !self.signature.are_none() || !self.certificate.are_none();
        if self.timestamp_levels.is_empty() && !has_constraints {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.levels.append(&mut own.timestamp_levels);
        own.signature = SignatureConstraints::default();
        own.certificate = CertificateConstraints::default();
        Cow::Owned(own)
    }

    /// The level of a check. [`Level::Always`] is never lowered.
    #[must_use]
    pub fn level(&self, check: CheckId) -> Level {
        let default = check.default_level();
        if default == Level::Always {
            return default;
        }
        if let Some(level) = self.levels.get(&check) {
            return *level;
        }
        match (check, self.revocation) {
            (
                CheckId::RevocationAvailable
                | CheckId::RevocationFresh
                | CheckId::RevocationIssuerValidity,
                RevocationRequirement::Soft,
            ) => Level::Warn,
            (
                CheckId::RevocationAvailable
                | CheckId::RevocationFresh
                | CheckId::RevocationIssuerValidity,
                RevocationRequirement::None,
            ) => Level::Ignore,
            _ => default,
        }
    }

    /// The canonical JSON form, whose SHA-256 names the policy in reports.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn kept_standard() -> &'static Self {
        static STANDARD: OnceLock<ValidationPolicy> = OnceLock::new();
        STANDARD.get_or_init(Self::standard)
    }

    /// What this policy lowers, as (name, default, here), in the order of the checks.
    #[must_use]
    pub fn departures(&self) -> Vec<(String, String, String)> {
        let standard = Self::kept_standard();
        let mut departures = Vec::new();
        let of_timestamps = self.of_timestamps();
        for check in CheckId::ALL {
            let (wanted, here) = (standard.level(*check), self.level(*check));
            // Levels are ordered from strict to lax.
            if here > wanted {
                let words = (check.to_string(), wanted.to_string(), here.to_string());
                departures.push(words);
            }
            let stamped = of_timestamps.level(*check);
            if stamped > wanted && stamped != here {
                let name = format!("{check} (time-stamps)");
                departures.push((name, wanted.to_string(), stamped.to_string()));
            }
        }
        if self.suite != standard.suite {
            // A name may be borrowed: then the report says that the rows are others.
            let here = match &self.suite.name {
                name if *name == standard.suite.name => format!("{name}, changed"),
                name => name.clone(),
            };
            let default = standard.suite.name.clone();
            departures.push(("cryptographic-suite".to_owned(), default, here));
        }
        let mut freshness = |name: &str, wanted: Freshness, here: Freshness| {
            if wanted != here {
                let words = (name.to_owned(), wanted.to_word(), here.to_word());
                departures.push(words);
            }
        };
        freshness("freshness", standard.freshness, self.freshness);
        freshness(
            "auxiliary-freshness",
            standard.auxiliary_freshness,
            self.auxiliary_freshness,
        );
        if self.ades != standard.ades {
            departures.push((
                "ades-constraints".to_owned(),
                "apply".to_owned(),
                "omit".to_owned(),
            ));
        }
        if self.time_marks != standard.time_marks {
            let words = ("time-marks", "ignore", "count");
            let (name, wanted, here) = words;
            departures.push((name.to_owned(), wanted.to_owned(), here.to_owned()));
        }
        departures
    }
}

/// Policies that accept what the default refuses. Every report says so in its first lines.
pub mod danger {
    use super::{AdesConstraints, CryptographicSuite, ValidationPolicy};
    use crate::vocabulary::{CheckId, Level};

    /// No algorithm and no AdES constraint: RFC 5280 alone, as the NIST path tests measure it.
    #[must_use]
    pub fn rfc5280() -> ValidationPolicy {
        let mut policy = ValidationPolicy {
            name: "rfc5280".to_owned(),
            suite: CryptographicSuite::unlimited(),
            ades: AdesConstraints::Omit,
            ..ValidationPolicy::standard()
        };
        for check in [
            CheckId::AttributeSigningTime,
            CheckId::AttributeSigningTimeInValidity,
            CheckId::AttributeSignedProperties,
            CheckId::ContainerManifestPresent,
            CheckId::PathKeyUsage,
        ] {
            policy.levels.insert(check, Level::Ignore);
        }
        policy
    }

    /// Every implemented algorithm is accepted at any time.
    #[must_use]
    pub fn historic() -> ValidationPolicy {
        ValidationPolicy {
            name: "historic".to_owned(),
            suite: CryptographicSuite::unlimited(),
            ..ValidationPolicy::standard()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_policy_lowers_what_is_always_checked() {
        let mut policy = ValidationPolicy::standard();
        policy
            .levels
            .insert(CheckId::SignatureIntact, Level::Ignore);
        assert_eq!(policy.level(CheckId::SignatureIntact), Level::Always);
        assert!(policy.departures().is_empty());
    }

    #[test]
    fn a_misspelt_member_is_refused_and_not_passed_over() {
        // An end date under another name would be no end date.
        let json = ValidationPolicy::standard().to_canonical_json();
        assert!(serde_json::from_str::<ValidationPolicy>(&json).is_ok());
        for member in ["end", "levels", "revocation", "without_next_update", "name"] {
            let wrong = json.replacen(&format!("\"{member}\":"), "\"other\":", 1);
            assert_ne!(wrong, json, "{member}");
            assert!(
                serde_json::from_str::<ValidationPolicy>(&wrong).is_err(),
                "{member}"
            );
        }
    }

    #[test]
    fn every_lowered_check_is_a_departure() {
        let mut policy = ValidationPolicy::standard();
        policy.revocation = RevocationRequirement::None;
        let names: Vec<_> = policy.departures().into_iter().map(|row| row.0).collect();
        assert_eq!(
            names,
            [
                "revocation.available",
                "revocation.fresh",
                "revocation.issuer-validity"
            ]
        );
        let historic = ValidationPolicy::named("historic").unwrap().departures();
        assert_eq!(historic.first().unwrap().0, "cryptographic-suite");
    }

    #[test]
    fn a_lax_suite_under_the_name_of_the_standard_one_is_a_departure() {
        let mut policy = ValidationPolicy::standard();
        policy.suite.is_unlimited = true;
        let departures = policy.departures();
        assert_eq!(departures.len(), 1);
        assert_eq!(departures.first().unwrap().2, "ts-119-312, changed");
    }

    #[test]
    fn a_lax_freshness_is_a_departure_in_words_that_can_be_read_again() {
        let mut policy = ValidationPolicy::standard();
        policy.freshness = Freshness::Unbounded;
        let departures = policy.departures();
        let words = ("freshness", "next-update/86400", "unbounded");
        let (name, wanted, here) = departures.first().unwrap();
        assert_eq!((name.as_str(), wanted.as_str(), here.as_str()), words);
        for freshness in [
            policy.freshness,
            Freshness::Seconds(60),
            Freshness::After(60),
        ] {
            let word = freshness.to_word();
            assert_eq!(Freshness::from_word(&word), Some(freshness));
        }
        for word in ["", "seconds", "seconds/", "seconds/-1", "unbounded/1"] {
            assert_eq!(Freshness::from_word(word), None, "{word}");
        }
    }

    #[test]
    fn the_policy_of_the_manual_can_be_read() {
        let page = include_str!("../../../docs/manual/policies.md");
        let (_, rest) = page.split_once("```json\n").unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let policy: ValidationPolicy = serde_json::from_str(text).unwrap();
        assert_eq!(policy.level(CheckId::PathKeyUsage), Level::Fail);
        assert!(!policy.suite.is_unlimited);
    }

    #[test]
    fn a_file_holds_the_name_and_what_differs() {
        let text = r#"{"name":"ours","levels":{"path.key-usage":"fail"}}"#;
        let policy: ValidationPolicy = serde_json::from_str(text).unwrap();
        assert_eq!(policy.level(CheckId::PathKeyUsage), Level::Fail);
        let mut standard = ValidationPolicy::standard();
        (standard.name, standard.levels) = (policy.name.clone(), policy.levels.clone());
        assert_eq!(policy, standard);
    }

    #[test]
    fn a_file_without_a_name_or_with_something_unknown_is_refused() {
        let suite =
            |more: &str| format!(r#"{{"name":"a","suite":{{"name":"b","rules":[]{more}}}}}"#);
        assert!(serde_json::from_str::<ValidationPolicy>(&suite("")).is_ok());
        for text in [
            "{}".to_owned(),
            r#"{"levels":{}}"#.to_owned(),
            r#"{"name":"a","Revocation":"none"}"#.to_owned(),
            r#"{"name":"a","levels":{"path.keyusage":"fail"}}"#.to_owned(),
            r#"{"name":"a","levels":{"path.key-usage":"Fail"}}"#.to_owned(),
            suite(r#","unlimited":true"#),
            r#"{"name":"a","suite":{"name":"b","rules":[{"name":"SHA-256","until":null}]}}"#
                .to_owned(),
            r#"{"name":"a","suite":{"name":"b"}}"#.to_owned(),
        ] {
            assert!(
                serde_json::from_str::<ValidationPolicy>(&text).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_policy_survives_its_json_form() {
        for name in ValidationPolicy::NAMES {
            let policy = ValidationPolicy::named(name).unwrap();
            let json = policy.to_canonical_json();
            assert_eq!(
                serde_json::from_str::<ValidationPolicy>(&json).unwrap(),
                policy
            );
        }
    }
}
