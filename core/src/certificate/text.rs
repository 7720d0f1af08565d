//! Names as text.

use super::name::NameAttribute;
use crate::asn1::Oid;

/// Descriptors that RFC 4514 §3 lists, and further registered ones that certificates use: those of
/// X.520, by their last arc under 2.5.4.
const DESCRIPTORS: &[(u8, &str)] = &[
    (3, "CN"),
    (4, "SN"),
    (5, "serialNumber"),
    (6, "C"),
    (7, "L"),
    (8, "ST"),
    (9, "STREET"),
    (10, "O"),
    (11, "OU"),
    (12, "title"),
    (42, "givenName"),
    (43, "initials"),
    (46, "dnQualifier"),
    (65, "pseudonym"),
    (97, "organizationIdentifier"),
];
/// The others.
const OTHER_DESCRIPTORS: &[(&str, &str)] = &[
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// RFC 4514 §2: RDNs from the last to the first, attributes of one RDN joined by `+`.
pub(super) fn rfc4514(attributes: &[NameAttribute]) -> String {
    let mut rdns: Vec<String> = Vec::new();
    let mut last = None;
    for attribute in attributes {
        let text = assertion(attribute);
        match rdns.last_mut() {
            Some(rdn) if last == Some(attribute.rdn) => {
                rdn.push('+');
                rdn.push_str(&text);
            }
            _ => rdns.push(text),
        }
        last = Some(attribute.rdn);
    }
    rdns.reverse();
    rdns.join(",")
}

/// Whether two texts of names say the same: white space beside separators, case, and which end comes
/// first do not count. What is written in other ways is not recognised.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, mut other) = (parts(one), parts(other));
    if one == other {
        return true;
    }
    other.reverse();
    one == other
}

/// RFC 4514 §3: parts between separators that are not escaped.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for character in text.chars() {
        match (character, parts.last_mut()) {
            (',' | ';', _) if !is_escaped => parts.push(String::new()),
            (_, Some(part)) => part.extend(character.to_lowercase()),
            (_, None) => {}
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    let trimmed = parts.iter().map(|part| part.trim().to_owned());
    trimmed.collect()
}

fn assertion(attribute: &NameAttribute) -> String {
    let known = descriptor(&attribute.oid);
    match (known, &attribute.text) {
        (Some(descriptor), Some(text)) => format!("{descriptor}={}", escape(text)),
        // RFC 4514 §2.4: a type in dotted form, or a value without a string form, is hexadecimal.
        (known, _) => {
            let kind = known.map_or_else(|| attribute.oid.to_string(), str::to_owned);
            let hex: String = attribute.value.iter().map(|b| format!("{b:02x}")).collect();
            format!("{kind}=#{hex}")
        }
    }
}

fn descriptor(oid: &Oid) -> Option<&'static str> {
    // 2.5.4 is encoded as two octets; the arcs of the table fit into one.
    if let [0x55, 4, last] = oid.as_content() {
        let mut known = DESCRIPTORS.iter();
        return known.find(|(arc, _)| arc == last).map(|(_, text)| *text);
    }
    let mut known = OTHER_DESCRIPTORS.iter();
    known
        .find(|(dotted, _)| oid.is(dotted))
        .map(|(_, text)| *text)
}

/// RFC 4514 §2.4.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let at_start = index == 0 && (c == ' ' || c == '#');
        let at_end = index == last && c == ' ';
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\{:02x}", u32::from(c))),
            _ => {
                if at_start || at_end {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{DESCRIPTORS, OTHER_DESCRIPTORS, descriptor, escape, same};
    use crate::asn1::Oid;

    #[test]
    fn every_descriptor_is_found_by_its_type_and_no_other() {
        let of = |dotted: &str| Oid::from_dotted(dotted).as_ref().and_then(descriptor);
        for (arc, text) in DESCRIPTORS {
            assert_eq!(of(&format!("2.5.4.{arc}")), Some(*text));
        }
        for (dotted, text) in OTHER_DESCRIPTORS {
            assert_eq!(of(dotted), Some(*text));
        }
        for dotted in ["2.5.4.1", "2.5.4.3.1", "2.5.5.3", "2.5.4.128", "1.2.3"] {
            assert_eq!(of(dotted), None, "{dotted}");
        }
    }

    #[test]
    fn names_are_compared_part_by_part() {
        assert!(same("CN=A B, O=X", "o=x,cn=a b"));
        assert!(same(" C=IE ,O=X\\, Y", "C=IE,O=X\\, Y"));
        for (one, other) in [
            ("CN=A", "CN=AB"),
            ("CN=A,O=X", "CN=A"),
            ("CN=A,O=X", "CN=A\\,O=X"),
            ("CN=A,O=X,C=IE", "O=X,CN=A,C=IE"),
            ("", "CN=A"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escape("A, B+C"), "A\\, B\\+C");
        assert_eq!(escape(" #x "), "\\ #x\\ ");
        assert_eq!(escape("#x"), "\\#x");
        assert_eq!(escape(" "), "\\ ");
        assert_eq!(escape("a\0b"), "a\\00b");
        assert_eq!(escape(""), "");
    }
}
