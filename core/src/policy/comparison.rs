//! What one policy says otherwise than another.

use super::{ValidationPolicy, one_of};
use crate::vocabulary::{CheckId, Level};
use serde::Serialize;

/// A member in which two policies differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The check, or the member's name.
    pub name: String,
    /// What the first policy says.
    pub one: String,
    /// What the second policy says.
    pub other: String,
}

impl ValidationPolicy {
    /// Everything in which another policy differs, names apart: checks in their order, then the
    /// other members.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut compare = |name: &str, one: String, two: String| {
            if one != two {
                let name = name.to_owned();
                found.push(Difference {
                    name,
                    one,
                    other: two,
                });
            }
        };
        for check in CheckId::ALL {
            let (one, two) = (self.level(*check), other.level(*check));
            compare(check.as_str(), one.to_string(), two.to_string());
        }
        let (stamps_of_one, stamps_of_other) = (self.of_timestamps(), other.of_timestamps());
        for check in CheckId::ALL {
            let own = (self.level(*check), other.level(*check));
            let (one, two) = (stamps_of_one.level(*check), stamps_of_other.level(*check));
            // What differs in the same way everywhere has been said.
            if own != (one, two) {
                let name = format!("{check} (time-stamps)");
                compare(&name, one.to_string(), two.to_string());
            }
        }
        compare("revocation", word(self.revocation), word(other.revocation));
        let (one, two) = (self.freshness.to_word(), other.freshness.to_word());
        compare("freshness", one, two);
        compare(
            "auxiliary-freshness",
            self.auxiliary_freshness.to_word(),
            other.auxiliary_freshness.to_word(),
        );
        compare("ades-constraints", word(self.ades), word(other.ades));
        compare("time-marks", word(self.time_marks), word(other.time_marks));
        for ((name, one), (_, two)) in constraints(self).into_iter().zip(constraints(other)) {
            compare(name, one, two);
        }
        let unlimited = |of: &Self| of.suite.is_unlimited.to_string();
        compare("suite.is-unlimited", unlimited(self), unlimited(other));
        let rules = |of: &Self| {
            let rules = of.suite.rules.iter();
            let rows = rules.map(|rule| ((rule.name.clone(), rule.bits), rule.end));
            rows.collect::<std::collections::BTreeMap<_, _>>()
        };
        let (one, two) = (rules(self), rules(other));
        let names: std::collections::BTreeSet<_> = one.keys().chain(two.keys()).collect();
        let end = |of: Option<&Option<crate::time::UnixTime>>| match of {
            None => "no row".to_owned(),
            Some(None) => "without end".to_owned(),
            Some(Some(end)) => format!("before {end}"),
        };
        for row in names {
            let name = format!("suite.{} from {} bits", row.0, row.1);
            compare(&name, end(one.get(row)), end(two.get(row)));
        }
        found
    }

    /// Entries of [`ValidationPolicy::levels`] that have no effect: those of checks that no policy
    /// lowers or raises.
    #[must_use]
    pub fn ineffective(&self) -> Vec<CheckId> {
        let entries = self.levels.keys().copied();
        entries
            .filter(|check| check.default_level() == Level::Always)
            .collect()
    }
}

/// What is asked beside checks that always exist; empty where nothing is.
fn constraints(policy: &ValidationPolicy) -> [(&'static str, String); 9] {
    let (signature, certificate) = (&policy.signature, &policy.certificate);
    [
        ("signature.formats", one_of(&signature.formats)),
        ("signature.levels", one_of(&signature.levels)),
        ("signature.required", one_of(&signature.required)),
        (
            "signature.commitment-types",
            one_of(&signature.commitment_types),
        ),
        ("signature.roles", one_of(&signature.roles)),
        ("signature.policies", one_of(&signature.policies)),
        ("certificate.policies", one_of(&certificate.policies)),
        ("certificate.statements", one_of(&certificate.statements)),
        (
            "certificate.forbidden-purposes",
            one_of(&certificate.forbidden_purposes),
        ),
    ]
}

/// The word of a member in the JSON form.
fn word(value: impl Serialize) -> String {
    let json = serde_json::to_string(&value).unwrap_or_default();
    json.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_does_not_differ_from_itself() {
        for name in ValidationPolicy::NAMES {
            let policy = ValidationPolicy::named(name).unwrap();
            assert_eq!(policy.differences(&policy), [], "{name}");
        }
    }

    #[test]
    fn every_member_is_compared() {
        let standard = ValidationPolicy::standard();
        let other = super::super::danger::rfc5280();
        let found = standard.differences(&other);
        let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
        for name in [
            "path.key-usage",
            "ades-constraints",
            "suite.is-unlimited",
            "suite.SHA-1 from 0 bits",
        ] {
            assert!(names.contains(&name), "{name}: {names:?}");
        }
        let strict = ValidationPolicy::named("strict").unwrap();
        let freshness = standard.differences(&strict);
        let last = freshness.last().unwrap();
        assert_eq!(last.name, "auxiliary-freshness");
        assert_eq!(
            (last.one.as_str(), last.other.as_str()),
            ("unbounded", "next-update/86400")
        );
    }

    #[test]
    fn entries_for_what_is_always_checked_have_no_effect() {
        let mut policy = ValidationPolicy::standard();
        policy
            .levels
            .insert(CheckId::SignatureIntact, Level::Ignore);
        policy.levels.insert(CheckId::PathKeyUsage, Level::Fail);
        assert_eq!(policy.ineffective(), [CheckId::SignatureIntact]);
    }
}
