//! Who a certificate names: identifiers of persons and organisations as typed values.
//!
//! A name says who its subject is in words that others share too. What tells people apart is the
//! identifier beside it, and EN 319 412-1 gives it a form: `PNOEE-38001085718` is the personal
//! number 38001085718 of Estonia. [`SemanticsIdentifier`] reads that form and keeps its parts.
//!
//! Not every authority uses that form: [`PersonIdentifier`] reads the national ones as well, and
//! says what the check digits of a number tell.
//!
//! An identifier is what the certification authority says. It is read here, not checked against
//! any register; a wrong check digit is a fact about it and refuses nothing. Letters are ASCII:
//! `i` and `ı` differ in Azerbaijani and Turkish, and no identifier is folded by the rules of a
//! language.
//!
//! # Standard
//! EN 319 412-1 §5.1.3 (natural persons), §5.1.4 (legal persons). The eIDAS forms of §5.1.5 and
//! §5.1.6 are not read. National numbers of Azerbaijan, Türkiye, Kazakhstan, Estonia, Latvia and
//! Lithuania.

mod national;
mod person;

pub use national::{Checksum, NationalNumber};
pub use person::{IdentifierForm, PersonIdentifier};

use crate::certificate::Name;

/// An identifier of the form that EN 319 412-1 §5.1.3 and §5.1.4 give.
///
/// ```text
/// three letters: kind of identity | two letters and ':': national scheme
/// two letters: country
/// '-'
/// identifier
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SemanticsIdentifier {
    /// The kind of identity.
    pub kind: IdentityKind,
    /// ISO 3166-1 code of the country (`EL`, `EU`, `UK`, `XG` and `XI` occur as well).
    pub country: String,
    /// The identifier itself.
    pub identifier: String,
}

/// What an identifier is the number of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IdentityKind {
    /// `PAS`: passport.
    Passport,
    /// `IDC`: national identity card.
    IdentityCard,
    /// `PNO`: national personal number.
    PersonalNumber,
    /// `TAX`: tax number, as newer editions of the standard write it.
    TaxNumber,
    /// `TIN`: tax identification number, as older editions write it.
    TaxIdentificationNumber,
    /// `VAT`: value added tax number.
    ValueAddedTaxNumber,
    /// `NTR`: national trade register.
    TradeRegister,
    /// `PSD`: authorisation number of a payment service provider.
    PaymentServiceProvider,
    /// `LEI`: legal entity identifier.
    LegalEntity,
    /// Two letters and a colon: a national scheme.
    National(String),
}

impl IdentityKind {
    const LETTERS: &'static [(&'static str, Self)] = &[
        ("PAS", Self::Passport),
        ("IDC", Self::IdentityCard),
        ("PNO", Self::PersonalNumber),
        ("TAX", Self::TaxNumber),
        ("TIN", Self::TaxIdentificationNumber),
        ("VAT", Self::ValueAddedTaxNumber),
        ("NTR", Self::TradeRegister),
        ("PSD", Self::PaymentServiceProvider),
        ("LEI", Self::LegalEntity),
    ];

    fn from_letters(letters: &str) -> Option<Self> {
        if let Some(scheme) = letters.strip_suffix(':') {
            return Some(Self::National(scheme.to_owned()));
        }
        let mut known = Self::LETTERS.iter();
        known
            .find(|(known, _)| *known == letters)
            .map(|(_, kind)| kind.clone())
    }
}

impl std::fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self, Self::LETTERS.iter().find(|(_, kind)| kind == self)) {
            (Self::National(scheme), _) => write!(f, "{scheme}:"),
            (_, Some((letters, _))) => f.write_str(letters),
            (_, None) => Ok(()),
        }
    }
}

impl SemanticsIdentifier {
    /// Reads an identifier; `None` when it has another form.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (letters, identifier) = text.split_once('-')?;
        let (kind, country) = (letters.get(..3)?, letters.get(3..)?);
        let scheme = kind.strip_suffix(':').unwrap_or(kind);
        let upper = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
        if country.len() != 2 || !upper(country) || !upper(scheme) || identifier.is_empty() {
            return None;
        }
        Some(Self {
            kind: IdentityKind::from_letters(kind)?,
            country: country.to_owned(),
            identifier: identifier.to_owned(),
        })
    }

    /// The person that a name is about: its `serialNumber`.
    #[must_use]
    pub fn of_person(name: &Name) -> Option<Self> {
        Self::from_text(&name.attribute("2.5.4.5")?)
    }

    /// The organisation that a name is about: its `organizationIdentifier`.
    #[must_use]
    pub fn of_organisation(name: &Name) -> Option<Self> {
        Self::from_text(&name.attribute("2.5.4.97")?)
    }
}

impl std::fmt::Display for SemanticsIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}-{}", self.kind, self.country, self.identifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_forms_come_back() {
        for text in [
            "PNOEE-38001085718",
            "IDCAZ-AA1234567",
            "TINTR-12345678901",
            "NTREE-10747013",
            "VATBE-0876866142",
            "LEIXG-529900T8BM49AURSDO55",
            "PSDES-BDE-3DFD21",
            "EI:SE-5567971433",
        ] {
            let identifier = SemanticsIdentifier::from_text(text).unwrap();
            assert_eq!(identifier.to_string(), text);
        }
        let psd = SemanticsIdentifier::from_text("PSDES-BDE-3DFD21").unwrap();
        assert_eq!(psd.identifier, "BDE-3DFD21");
    }

    #[test]
    fn other_forms_are_not_guessed_at() {
        for text in [
            "",
            "-",
            "38001085718",
            "PNOEE-",
            "PNOEE38001085718",
            "PNO-38001085718",
            "pnoEE-38001085718",
            "PNOee-38001085718",
            "XYZEE-38001085718",
            "PNOEST-38001085718",
            "E1:SE-1",
            "ÕÕÕEE-1",
            " PNOEE-1",
        ] {
            assert_eq!(SemanticsIdentifier::from_text(text), None, "{text}");
        }
    }
}
