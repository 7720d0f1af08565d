//! Name constraints: where the names of certificates below a CA may lie.

use super::failure::FailureReason;
use super::name_forms::{self, Local, is_host_name};
use crate::asn1::{Oid, Reader};
use crate::certificate::{GeneralName, Name, NameConstraints, Subtree};
use crate::error::Limit;
use crate::limits::{Budget, Resource};

const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";
const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";

/// The constraints of every CA above (RFC 5280 §6.1.2(b), (c)).
#[derive(Default)]
pub(super) struct Constraints {
    /// One list per CA that has any: a name must lie in each.
    permitted: Vec<Vec<Subtree>>,
    excluded: Vec<Subtree>,
}

/// A constraint that cannot be processed.
pub(super) struct Unusable;

impl Constraints {
    /// RFC 5280 §6.1.4(g).
    pub(super) fn add(&mut self, constraints: &NameConstraints) -> Result<(), Unusable> {
        if !constraints.permitted.is_empty() {
            self.permitted.push(constraints.permitted.clone());
        }
        self.excluded.extend(constraints.excluded.iter().cloned());
        let mut all = constraints.permitted.iter().chain(&constraints.excluded);
        if all.all(is_usable) {
            Ok(())
        } else {
            Err(Unusable)
        }
    }

    /// RFC 5280 §6.1.3(b), (c): the first reason why the names of a certificate do not fit.
    pub(super) fn check(
        &self,
        subject: &Name,
        alt_names: &[GeneralName],
        budget: &mut Budget,
    ) -> Result<Option<FailureReason>, Limit> {
        if self.permitted.is_empty() && self.excluded.is_empty() {
            return Ok(None);
        }
        let names = names(subject, alt_names);
        let subtrees = self.permitted.iter().map(Vec::len).sum::<usize>() + self.excluded.len();
        let comparisons = names.len().saturating_mul(subtrees);
        budget.charge(
            Resource::Values,
            u64::try_from(comparisons).unwrap_or(u64::MAX),
        )?;
        for name in &names {
            for subtree in &self.excluded {
                match Match::of(name, &subtree.base, Side::Excluded) {
                    Match::OtherKind | Match::Outside => {}
                    Match::Inside => return Ok(Some(FailureReason::NameExcluded)),
                    Match::Unknown => return Ok(Some(FailureReason::NameConstraintUnusable)),
                }
            }
            for permitted in &self.permitted {
                let matches = permitted
                    .iter()
                    .map(|subtree| Match::of(name, &subtree.base, Side::Permitted));
                let (mut is_constrained, mut is_inside, mut is_unknown) = (false, false, false);
                for one in matches {
                    is_constrained |= one != Match::OtherKind;
                    is_inside |= one == Match::Inside;
                    is_unknown |= one == Match::Unknown;
                }
                if is_unknown {
                    return Ok(Some(FailureReason::NameConstraintUnusable));
                }
                if is_constrained && !is_inside {
                    return Ok(Some(FailureReason::NameNotPermitted));
                }
            }
        }
        Ok(None)
    }
}

/// The names that constraints apply to: the subject, unless it is empty, the subjectAltName, and
/// without a mail address there, those of the subject (RFC 5280 §4.2.1.10).
fn names(subject: &Name, alt_names: &[GeneralName]) -> Vec<GeneralName> {
    let mut names = alt_names.to_vec();
    if !subject.is_empty() {
        names.push(GeneralName::DirectoryName(subject.clone()));
    }
    let is_mailbox = |name: &GeneralName| matches!(name, GeneralName::Rfc822Name(_));
    if !alt_names.iter().any(is_mailbox) {
        for attribute in subject.attributes() {
            if attribute.oid.is(EMAIL_ADDRESS) {
                // One that is no text is no mailbox.
                names.push(GeneralName::Rfc822Name(attribute.text.unwrap_or_default()));
            }
        }
    }
    names
}

/// RFC 5280 §4.2.1.10: minimum is 0, maximum absent; the base has the form of its kind.
fn is_usable(subtree: &Subtree) -> bool {
    if subtree.minimum != 0 || subtree.maximum.is_some() {
        return false;
    }
    let is_host = |base: &str| is_host_name(base.strip_prefix('.').unwrap_or(base));
    match &subtree.base {
        // A leading dot is not in the grammar of RFC 5280, and readers disagree about its meaning.
        GeneralName::DnsName(base) => {
            base.is_empty() || is_host_name(base.strip_suffix('.').unwrap_or(base))
        }
        GeneralName::IpAddress(base) => network(base).is_some(),
        GeneralName::Rfc822Name(base) if base.contains('@') => name_forms::mailbox(base).is_some(),
        GeneralName::Rfc822Name(base) | GeneralName::Uri(base) => is_host(base),
        _ => true,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Permitted,
    Excluded,
}

/// How a name lies to a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    /// Of another kind: not constrained.
    OtherKind,
    Inside,
    Outside,
    /// Constrained, in a way that is not processed.
    Unknown,
}

impl Match {
    fn of(name: &GeneralName, base: &GeneralName, side: Side) -> Self {
        use GeneralName as N;
        match (name, base) {
            (N::DirectoryName(name), N::DirectoryName(base)) => directory_name(name, base),
            (N::DnsName(name), N::DnsName(base)) => inside(host_name(name, base, side)),
            (N::Rfc822Name(name), N::Rfc822Name(base)) => mailbox(name, base),
            (N::OtherName { oid, value }, N::Rfc822Name(base)) if oid.is(SMTP_UTF8_MAILBOX) => {
                utf8_mailbox(value, base)
            }
            (N::IpAddress(name), N::IpAddress(base)) => address(name, base),
            (N::Uri(name), N::Uri(base)) => uri(name, base),
            (N::RegisteredId(name), N::RegisteredId(base)) => inside(name == base),
            (N::OtherName { oid: name, .. }, N::OtherName { oid: base, .. }) => {
                Self::unknown_if(same(name, base))
            }
            (N::X400Address, N::X400Address) | (N::EdiPartyName, N::EdiPartyName) => Self::Unknown,
            _ => Self::OtherKind,
        }
    }

    fn unknown_if(is_constrained: bool) -> Self {
        if is_constrained {
            Self::Unknown
        } else {
            Self::OtherKind
        }
    }
}

fn same(one: &Oid, two: &Oid) -> bool {
    one == two
}

fn inside(is_inside: bool) -> Match {
    if is_inside {
        Match::Inside
    } else {
        Match::Outside
    }
}

/// The host itself or one below. A wildcard stands for all hosts below its suffix: it is permitted
/// only when they all are, and excluded when one may be.
fn host_name(name: &str, base: &str, side: Side) -> bool {
    let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
    let name = name.strip_suffix('.').unwrap_or(&name);
    let base = base.strip_suffix('.').unwrap_or(&base);
    match (name.strip_prefix("*."), side) {
        (Some(suffix), Side::Permitted) => is_at_or_below(suffix, base),
        (Some(suffix), Side::Excluded) => {
            is_at_or_below(suffix, base) || is_at_or_below(base, suffix)
        }
        (None, _) => is_at_or_below(name, base),
    }
}

fn is_at_or_below(host: &str, base: &str) -> bool {
    base.is_empty() || host == base || is_below(host, base)
}

fn is_below(host: &str, base: &str) -> bool {
    host.strip_suffix(base)
        .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// RFC 5280 §7.1. A value that is no text that can be prepared may be the same to another reader.
fn directory_name(name: &Name, base: &Name) -> Match {
    match name.lies_below(base) {
        true => Match::Inside,
        false if name.is_obscure_beside(base) => Match::Unknown,
        false => Match::Outside,
    }
}

/// `u@h`: that mailbox; `h`: every mailbox at that host; `.h`: every mailbox at hosts below. What is no
/// mailbox lies nowhere that could be told.
fn mailbox(name: &str, base: &str) -> Match {
    let Some((local, host)) = name_forms::mailbox(name) else {
        return Match::Unknown;
    };
    if !base.contains('@') {
        return inside(host_of_constraint(host, base));
    }
    match name_forms::mailbox(base) {
        Some((_, base_host)) if !host.eq_ignore_ascii_case(base_host) => Match::Outside,
        Some((Local::Atoms(base), _)) if let Local::Atoms(local) = local => inside(local == base),
        _ => Match::Unknown,
    }
}

/// RFC 9598 §6: constraints of mail addresses apply to the host of an internationalised one, which
/// is in ASCII (A-labels) there.
fn utf8_mailbox(value: &[u8], base: &str) -> Match {
    let Ok(text) = Reader::der(value).read_any().and_then(|text| text.text()) else {
        return Match::Unknown;
    };
    match text.rsplit_once('@') {
        // RFC 9598 §3: one in ASCII is an rfc822Name, and not written in this form.
        Some((local, host)) if is_host_name(host) && !local.is_ascii() => {
            match base.contains('@') {
                // A single mailbox in ASCII is never an internationalised one.
                true => Match::Outside,
                false => inside(host_of_constraint(host, base)),
            }
        }
        _ => Match::Unknown,
    }
}

/// `h`: that host; `.h`: hosts below it.
fn host_of_constraint(host: &str, base: &str) -> bool {
    let (host, base) = (host.to_ascii_lowercase(), base.to_ascii_lowercase());
    match base.strip_prefix('.') {
        Some(base) => is_below(&host, base),
        None => host == base,
    }
}

/// The host of the authority; RFC 5280 §4.2.1.10 demands one that is a name.
fn uri(name: &str, base: &str) -> Match {
    match name_forms::host_of_uri(name) {
        Some(host) => inside(host_of_constraint(host, base)),
        None => Match::Unknown,
    }
}

/// Address and mask (RFC 4632): the mask is ones, then zeros.
fn network(base: &[u8]) -> Option<(&[u8], &[u8])> {
    if base.len() != 8 && base.len() != 32 {
        return None;
    }
    let (address, mask) = base.split_at(base.len() / 2);
    let ones: u32 = mask
        .iter()
        .map(|octet| octet.leading_ones())
        .take_while(|ones| *ones > 0)
        .sum();
    let set: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
    let mut after_ones = mask.iter().skip_while(|octet| **octet == 0xff).skip(1);
    (ones == set && after_ones.all(|octet| *octet == 0)).then_some((address, mask))
}

fn address(name: &[u8], base: &[u8]) -> Match {
    let Some((network, mask)) = network(base) else {
        return Match::Unknown;
    };
    match name.len() {
        // An address of the other version lies in no network of this one.
        4 | 16 if name.len() != network.len() => Match::Outside,
        4 | 16 => {
            let mut octets = name.iter().zip(network).zip(mask);
            inside(octets.all(|((name, network), mask)| name & mask == network & mask))
        }
        _ => Match::Unknown,
    }
}
