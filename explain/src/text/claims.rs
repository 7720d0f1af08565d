//! What the signer claims beside the time, a line each.
//!
//! Everything here is somebody's text: long ones are cut, and what could move a cursor is escaped.

use super::Text;
use crate::phrase::Phrase;
use crate::sink::{file_name, name, terminal};
use crate::words::Value;
use imza::report::{ClaimedPlace, ClaimedRole, Claims, Commitment, Signature};
use imza::vocabulary::RoleKind;

/// The characters of one text that are shown.
const CHARACTERS: usize = 200;
/// The texts of one line that are shown.
const TEXTS: usize = 8;

impl Text<'_> {
    /// What the signer claims.
    pub(super) fn claims(&mut self, signature: &Signature) {
        for line in self.claims_of(signature) {
            self.row(4, Phrase::LabelClaimed, &line);
        }
    }

    /// The same, line by line. Media types are left to the JSON: a container has one per file.
    pub(crate) fn claims_of(&self, signature: &Signature) -> Vec<String> {
        let Some(claims) = &signature.claims else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        let mut add = |phrase: Phrase, texts: Vec<String>| {
            if !texts.is_empty() {
                let value = listed(texts);
                let values = [("value", Value::Text(&value))];
                lines.push(self.words.say_with(phrase, &values));
            }
        };
        add(Phrase::ClaimedRole, self.roles(claims, RoleKind::Claimed));
        let certified = self.roles(claims, RoleKind::Certified);
        add(Phrase::ClaimedCertifiedRole, certified);
        let asserted = self.roles(claims, RoleKind::Assertion);
        add(Phrase::ClaimedAssertion, asserted);
        let place = claims.place.as_ref().map(place);
        let place = place
            .into_iter()
            .chain(claims.location.as_deref().map(shown));
        add(Phrase::ClaimedPlace, place.collect());
        let commitments = claims.commitments.iter().take(TEXTS + 1);
        add(
            Phrase::ClaimedCommitment,
            commitments.map(commitment).collect(),
        );
        if let Some(policy) = &claims.signature_policy {
            let identifier = match policy.identifier.as_str() {
                "implied" => self.words.say(Phrase::ClaimedPolicyImplied),
                other => shown(other),
            };
            add(Phrase::ClaimedPolicy, vec![identifier]);
            add(Phrase::ClaimedNotice, one(policy.notice.as_ref()));
            let specification = one(policy.specification.as_ref());
            add(Phrase::ClaimedSpecification, specification);
        }
        add(Phrase::ClaimedName, one(claims.signer_name.as_ref()));
        add(Phrase::ClaimedReason, one(claims.reason.as_ref()));
        add(Phrase::ClaimedContact, one(claims.contact.as_ref()));
        lines
    }

    fn roles(&self, claims: &Claims, kind: RoleKind) -> Vec<String> {
        let roles = claims.roles.iter().filter(|role| role.kind == kind);
        roles.take(TEXTS + 1).map(|role| self.role(role)).collect()
    }

    fn role(&self, role: &ClaimedRole) -> String {
        let value = match &role.value {
            Some(value) => shown(value),
            None if role.is_unreadable => self.words.say(Phrase::ClaimedUnreadable),
            None => self.words.say(Phrase::ClaimedWithoutName),
        };
        match &role.certified_by {
            Some(issuer) => format!("{value} ({})", shown(issuer)),
            None => value,
        }
    }
}

fn one(text: Option<&String>) -> Vec<String> {
    text.map(|text| shown(text)).into_iter().collect()
}

/// A text in one line, cut and harmless.
fn shown(text: &str) -> String {
    terminal(&name(&cut(text)))
}

fn cut(text: &str) -> String {
    let words = text.split(|one: char| one.is_ascii_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn listed(mut texts: Vec<String>) -> String {
    if texts.len() > TEXTS {
        texts.truncate(TEXTS);
        texts.push("…".to_owned());
    }
    texts.join("; ")
}

fn place(place: &ClaimedPlace) -> String {
    let parts = [
        &place.street,
        &place.city,
        &place.state,
        &place.postal_code,
        &place.country,
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|part| shown(part))
        .collect();
    parts.join(", ")
}

fn commitment(commitment: &Commitment) -> String {
    let identifier = shown(&commitment.identifier);
    let scope = commitment.scope.iter().take(TEXTS + 1);
    let scope: Vec<String> = scope.map(|one| terminal(&file_name(&cut(one)))).collect();
    match scope.is_empty() {
        true => identifier,
        false => format!("{identifier} ({})", listed(scope)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_a_hostile_one_is_one_harmless_line() {
        assert_eq!(shown(" a\r\n\tb "), "a b");
        assert_eq!(shown("\u{1b}[2J\u{202e}a"), "\\u{1b}[2J\\u{202e}a");
        let long = "ə".repeat(CHARACTERS);
        assert_eq!(shown(&long), long);
        assert_eq!(shown(&format!("{long}ə")), format!("{long}…"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let texts = |number| vec!["a".to_owned(); number];
        assert_eq!(listed(texts(3)), "a; a; a");
        assert_eq!(listed(texts(TEXTS)).matches('a').count(), TEXTS);
        let cut = listed(texts(TEXTS + 1));
        assert_eq!(cut.matches('a').count(), TEXTS);
        assert!(cut.ends_with("; …"), "{cut}");
    }
}
