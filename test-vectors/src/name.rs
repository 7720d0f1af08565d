//! Distinguished names: their DER, and their text as XML signatures write it.

use crate::der;

/// A distinguished name, one attribute an RDN.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    attributes: Vec<(String, String)>,
}

/// The attributes that can be named by their short name, with their object identifiers.
const ATTRIBUTES: [(&str, &str); 9] = [
    ("C", "2.5.4.6"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("GN", "2.5.4.42"),
    ("serialNumber", "2.5.4.5"),
    ("L", "2.5.4.7"),
    ("organizationIdentifier", "2.5.4.97"),
];

impl Name {
    /// A name from short names (or dotted identifiers) and values, the country first as in DER.
    pub fn new(attributes: &[(&str, &str)]) -> Self {
        let owned = attributes
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Self {
            attributes: owned.collect(),
        }
    }

    /// The name of a certification or other authority.
    pub fn authority(common_name: &str) -> Self {
        Self::new(&[("C", "AZ"), ("O", "imza test"), ("CN", common_name)])
    }

    /// The name of a natural person, with an invented personal number.
    pub fn person(given: &str, family: &str, number: &str) -> Self {
        Self::new(&[
            ("C", "AZ"),
            ("CN", &format!("{given} {family}")),
            ("SN", family),
            ("GN", given),
            ("serialNumber", number),
        ])
    }

    /// The value of the first attribute of this short name.
    pub fn value(&self, attribute: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(k, _)| k == attribute)
            .map(|(_, v)| v.as_str())
    }

    /// The Name in DER: PrintableString for country and serialNumber, UTF8String otherwise.
    pub fn der(&self) -> Vec<u8> {
        let rdns: Vec<Vec<u8>> = self
            .attributes
            .iter()
            .map(|(kind, value)| {
                let value = match kind.as_str() {
                    "C" | "serialNumber" => der::printable_string(value),
                    _ => der::utf8_string(value),
                };
                der::set_of(&[der::sequence(&[&der::oid(identifier(kind)), &value])])
            })
            .collect();
        der::sequence_of(&rdns)
    }

    /// The name as RFC 4514 writes it, last RDN first.
    pub fn rfc4514(&self) -> String {
        let parts: Vec<String> = self
            .attributes
            .iter()
            .rev()
            .map(|(kind, value)| match kind.as_str() {
                "C" | "O" | "OU" | "CN" | "L" => format!("{kind}={}", escape(value)),
                _ => {
                    let value: String = der::utf8_string(value).iter().map(hex).collect();
                    format!("{}=#{value}", identifier(kind))
                }
            })
            .collect();
        parts.join(",")
    }
}

fn identifier(kind: &str) -> &str {
    ATTRIBUTES
        .iter()
        .find(|(short, _)| *short == kind)
        .map_or(kind, |(_, oid)| oid)
}

fn hex(octet: &u8) -> String {
    format!("{octet:02X}")
}

fn escape(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_number_and_names() {
        let name = Name::person("Aysel", "Məmmədova", "PNOAZ-1TEST11");
        assert_eq!(name.value("CN"), Some("Aysel Məmmədova"));
        assert!(name.rfc4514().ends_with("CN=Aysel Məmmədova,C=AZ"));
        assert!(name.rfc4514().starts_with("2.5.4.5=#0C0D504E4F415A2D"));
    }

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(Name::new(&[("O", "A, B+C")]).rfc4514(), "O=A\\, B\\+C");
    }
}
