//! The identifier of a person or organisation, in whatever form a certificate has it.

use super::national::{Checksum, NationalNumber};
use super::{IdentityKind, SemanticsIdentifier};
use crate::certificate::{Certificate, Name};

/// Attribute types of X.520, by their arc under 2.5.4.
const COUNTRY: u8 = 6;
const SERIAL_NUMBER: u8 = 5;
const ORGANIZATIONAL_UNIT: u8 = 11;
const ORGANIZATION_IDENTIFIER: u8 = 97;

/// An identifier as a typed value. Persons are compared by it, never by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonIdentifier {
    /// The kind: `PNO`, `IDC`, `FIN`, `IIN` … ; `None` for text of a form that is not known.
    pub kind: Option<String>,
    /// The country that gave it, where that is known.
    pub country: Option<String>,
    /// The number in the form in which it is compared.
    pub value: String,
    /// The national number, where its form is known.
    pub national: Option<NationalNumber>,
    /// What its check digits say.
    pub checksum: Checksum,
    /// How its form is known.
    pub form: IdentifierForm,
}

/// How the form of an identifier is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierForm {
    /// Letters, country, hyphen, number, and the certificate declares them by its semantics
    /// (EN 319 412-1 §5).
    Declared,
    /// The same text without that declaration: common practice.
    Undeclared,
    /// A national form.
    National,
    /// None that is known: the text is kept as it is.
    Unknown,
}

impl PersonIdentifier {
    /// The identifier of a certificate's subject: of the person, else of the organisation.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Option<Self> {
        const SEMANTICS: [&str; 4] = [
            "0.4.0.194121.1.1",
            "0.4.0.194121.1.2",
            "0.4.0.194121.1.3",
            "0.4.0.194121.1.4",
        ];
        let statements = certificate.qc_statements().ok().flatten();
        let declared = statements.is_some_and(|statements| {
            let mut semantics = statements.semantics.iter();
            semantics.any(|oid| SEMANTICS.iter().any(|known| oid.is(known)))
        });
        let mut identifier = Self::of_name(certificate.subject())?;
        if declared && identifier.form == IdentifierForm::Undeclared {
            identifier.form = IdentifierForm::Declared;
        }
        Some(identifier)
    }

    /// The identifier in a name: of the person, else of the organisation.
    #[must_use]
    pub fn of_name(name: &Name) -> Option<Self> {
        let types = [
            COUNTRY,
            SERIAL_NUMBER,
            ORGANIZATION_IDENTIFIER,
            ORGANIZATIONAL_UNIT,
        ];
        let [country, number, organization, unit] = name.x520(types);
        let country = country.as_deref().unwrap_or_default();
        let own = [number, organization].into_iter().flatten();
        let mut own = own.map(|text| Self::from_text(&text, country));
        let first = own.next();
        if first.as_ref().is_some_and(Self::is_known) {
            return first;
        }
        if let Some(second) = own.next().filter(Self::is_known) {
            return Some(second);
        }
        // Kazakhstan writes the number of an organisation into its unit.
        let unit = unit.map(|unit| Self::from_text(&unit, country));
        unit.filter(|one| one.national == Some(NationalNumber::KazakhOrganisation))
            .or(first)
    }

    /// Whether the form is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.form != IdentifierForm::Unknown
    }

    /// Reads an identifier; `country` is that of the name it stands in.
    #[must_use]
    pub fn from_text(text: &str, country: &str) -> Self {
        if let Some(known) = SemanticsIdentifier::from_text(text) {
            let number = match known.kind {
                IdentityKind::PersonalNumber => NationalNumber::of_person(&known.country),
                IdentityKind::TaxNumber | IdentityKind::TaxIdentificationNumber => {
                    NationalNumber::of_taxpayer(&known.country)
                }
                _ => None,
            };
            let number = number.and_then(|number| Self::national(number, &known.identifier));
            let kind = Some(known.kind.to_string());
            return match number {
                Some(identifier) => Self {
                    kind,
                    form: IdentifierForm::Undeclared,
                    ..identifier
                },
                None => Self {
                    kind,
                    country: Some(known.country),
                    value: known.identifier,
                    national: None,
                    checksum: Checksum::NotDefined,
                    form: IdentifierForm::Undeclared,
                },
            };
        }
        let national = match country {
            "KZ" => match (text.strip_prefix("IIN"), text.strip_prefix("BIN")) {
                (Some(number), _) => Self::national(NationalNumber::KazakhPerson, number),
                (_, Some(number)) => Self::national(NationalNumber::KazakhOrganisation, number),
                _ => None,
            },
            "AZ" => Self::national(NationalNumber::AzerbaijaniFin, text),
            "TR" => Self::national(NationalNumber::TurkishIdentity, text),
            "EE" => Self::national(NationalNumber::EstonianPerson, text),
            _ => None,
        };
        national.unwrap_or_else(|| Self {
            kind: None,
            country: None,
            value: text.to_owned(),
            national: None,
            checksum: Checksum::NotDefined,
            form: IdentifierForm::Unknown,
        })
    }

    /// Whether another identifier names the same person or organisation: same country, same kind
    /// of number, same number, however it is written.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let kind = |one: &Self| match one.national {
            Some(number) => number.as_str().to_owned(),
            None => one.kind.clone().unwrap_or_default(),
        };
        self.country == other.country && kind(self) == kind(other) && self.value == other.value
    }

    fn national(number: NationalNumber, text: &str) -> Option<Self> {
        let value = number.normalised(text)?;
        Some(Self {
            kind: Some(number.as_str().to_owned()),
            country: Some(number.country().to_owned()),
            checksum: number.checksum(&value),
            value,
            national: Some(number),
            form: IdentifierForm::National,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: &str) -> (Option<NationalNumber>, Checksum, String) {
        let identifier = PersonIdentifier::from_text(text, country);
        (identifier.national, identifier.checksum, identifier.value)
    }

    #[test]
    fn forms_of_the_region_are_known_by_their_country() {
        use NationalNumber as N;
        let known = |number, checksum, value: &str| (Some(number), checksum, value.to_owned());
        let (passed, none) = (Checksum::Passed, Checksum::NotDefined);
        assert_eq!(
            read("1abc2de", "AZ"),
            known(N::AzerbaijaniFin, none, "1ABC2DE")
        );
        assert_eq!(
            read("PNOAZ-1ABC2DE", "AZ"),
            known(N::AzerbaijaniFin, none, "1ABC2DE")
        );
        let iin = known(N::KazakhPerson, passed, "900000300008");
        assert_eq!(read("IIN900000300008", "KZ"), iin);
        let bin = known(N::KazakhOrganisation, passed, "000040000009");
        assert_eq!(read("BIN000040000009", "KZ"), bin);
        let tckn = known(N::TurkishIdentity, passed, "10000000146");
        assert_eq!(read("10000000146", "TR"), tckn);
        let code = known(N::EstonianPerson, passed, "38001085718");
        assert_eq!(read("38001085718", "EE"), code);
        assert_eq!(read("PNOEE-38001085718", ""), code);
        let latvian = known(N::LatvianPerson, passed, "00019010007");
        assert_eq!(read("PNOLV-000190-10007", "LV"), latvian);
    }

    #[test]
    fn a_wrong_check_digit_is_a_fact_and_no_refusal() {
        let (number, checksum, _) = read("IIN123456789012", "KZ");
        assert_eq!(number, Some(NationalNumber::KazakhPerson));
        assert_eq!(checksum, Checksum::Failed);
    }

    #[test]
    fn other_text_is_kept_as_it_is() {
        for (text, country) in [
            ("1ABC2DE", "GE"),
            ("1ABCıDE", "AZ"),
            ("IIN900000300008", "AZ"),
            ("900000300008", "KZ"),
            ("10000000146", "DE"),
            ("iin900000300008", "KZ"),
            ("", "AZ"),
        ] {
            let identifier = PersonIdentifier::from_text(text, country);
            assert_eq!(identifier.form, IdentifierForm::Unknown, "{text}");
            assert_eq!(identifier.value, text);
        }
    }

    #[test]
    fn persons_are_told_apart_by_country_kind_and_number() {
        let of = PersonIdentifier::from_text;
        assert!(of("PNOAZ-1ABC2DE", "").is_same(&of("1abc2de", "AZ")));
        assert!(of("PNOLV-000190-10007", "").is_same(&of("PNOLV-00019010007", "LV")));
        assert!(!of("PNOEE-38001085718", "").is_same(&of("PNOLT-38001085718", "")));
        assert!(!of("PNOEE-38001085718", "").is_same(&of("IDCEE-38001085718", "")));
        assert!(!of("PNOAZ-1ABC2DE", "").is_same(&of("PNOAZ-1ABC2DF", "")));
    }
}
