//! Names as text.

use super::name::NameAttribute;

/// Descriptors that RFC 4514 §3 lists, and further registered ones that certificates use.
const DESCRIPTORS: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.42", "givenName"),
    ("2.5.4.43", "initials"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.97", "organizationIdentifier"),
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
    let known = DESCRIPTORS.iter().find(|(oid, _)| attribute.oid.is(oid));
    match (known, &attribute.text) {
        (Some((_, descriptor)), Some(text)) => format!("{descriptor}={}", escape(text)),
        // RFC 4514 §2.4: a type in dotted form, or a value without a string form, is hexadecimal.
        (known, _) => {
            let kind = known.map_or_else(|| attribute.oid.to_string(), |(_, d)| (*d).to_owned());
            let hex: String = attribute.value.iter().map(|b| format!("{b:02x}")).collect();
            format!("{kind}=#{hex}")
        }
    }
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
    use super::{escape, same};

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
