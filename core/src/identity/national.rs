//! National identifiers: their form and their check digits.

/// A number that a state gives to a person or an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NationalNumber {
    /// Azerbaijan: fərdi identifikasiya nömrəsi (FIN) of a person.
    AzerbaijaniFin,
    /// Azerbaijan: VÖEN of a taxpayer.
    AzerbaijaniTaxpayer,
    /// Türkiye: T.C. kimlik numarası of a person.
    TurkishIdentity,
    /// Türkiye: vergi kimlik numarası of a taxpayer.
    TurkishTaxpayer,
    /// Kazakhstan: IIN of a person.
    KazakhPerson,
    /// Kazakhstan: BIN of an organisation.
    KazakhOrganisation,
    /// Estonia: isikukood.
    EstonianPerson,
    /// Lithuania: asmens kodas.
    LithuanianPerson,
    /// Latvia: personas kods.
    LatvianPerson,
}

/// What the check digits of a number say. A number that fails is still what the certificate says:
/// test PKIs use numbers that nobody can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checksum {
    /// They fit.
    Passed,
    /// They do not fit.
    Failed,
    /// The number has none, or its rule is not published.
    NotDefined,
}

impl NationalNumber {
    /// The country that gives it.
    #[must_use]
    pub fn country(self) -> &'static str {
        match self {
            Self::AzerbaijaniFin | Self::AzerbaijaniTaxpayer => "AZ",
            Self::TurkishIdentity | Self::TurkishTaxpayer => "TR",
            Self::KazakhPerson | Self::KazakhOrganisation => "KZ",
            Self::EstonianPerson => "EE",
            Self::LithuanianPerson => "LT",
            Self::LatvianPerson => "LV",
        }
    }

    /// What it is called there, in short.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AzerbaijaniFin => "FIN",
            Self::AzerbaijaniTaxpayer => "VOEN",
            Self::TurkishIdentity => "TCKN",
            Self::TurkishTaxpayer => "VKN",
            Self::KazakhPerson => "IIN",
            Self::KazakhOrganisation => "BIN",
            Self::EstonianPerson | Self::LithuanianPerson | Self::LatvianPerson => "PNO",
        }
    }

    /// The personal number of a country, if its form is known here.
    pub(super) fn of_person(country: &str) -> Option<Self> {
        Some(match country {
            "AZ" => Self::AzerbaijaniFin,
            "TR" => Self::TurkishIdentity,
            "KZ" => Self::KazakhPerson,
            "EE" => Self::EstonianPerson,
            "LT" => Self::LithuanianPerson,
            "LV" => Self::LatvianPerson,
            _ => return None,
        })
    }

    /// The tax number of a country, if its form is known here and is not that of a person.
    pub(super) fn of_taxpayer(country: &str) -> Option<Self> {
        Some(match country {
            "AZ" => Self::AzerbaijaniTaxpayer,
            "TR" => Self::TurkishTaxpayer,
            _ => return None,
        })
    }

    /// The number as it is compared: letters in upper case (a–z only, whatever the language),
    /// without the hyphen that Latvia writes; `None` when it has another form.
    #[must_use]
    pub fn normalised(self, text: &str) -> Option<String> {
        let upper = text.to_ascii_uppercase();
        let is_number = |text: &str, length| {
            text.len() == length && text.bytes().all(|octet| octet.is_ascii_digit())
        };
        let plain = match self {
            Self::AzerbaijaniFin => {
                let fits = upper.bytes().all(|octet| octet.is_ascii_alphanumeric());
                return (upper.len() == 7 && fits).then_some(upper);
            }
            // The last digit: 1 an organisation, 2 a person.
            Self::AzerbaijaniTaxpayer => {
                let fits = is_number(&upper, 10) && upper.ends_with(['1', '2']);
                return fits.then_some(upper);
            }
            Self::LatvianPerson => match upper.split_once('-') {
                Some((date, rest)) if date.len() == 6 => format!("{date}{rest}"),
                _ => upper,
            },
            _ => upper,
        };
        let length = match self {
            Self::KazakhPerson | Self::KazakhOrganisation => 12,
            Self::TurkishTaxpayer => 10,
            _ => 11,
        };
        is_number(&plain, length).then_some(plain)
    }

    /// What the check digits of a normalised number say.
    #[must_use]
    pub fn checksum(self, normalised: &str) -> Checksum {
        let digits: Vec<u32> = normalised
            .chars()
            .filter_map(|one| one.to_digit(10))
            .collect();
        let outcome = match self {
            Self::AzerbaijaniFin | Self::AzerbaijaniTaxpayer => return Checksum::NotDefined,
            // Since 2017 numbers begin with 32 and carry neither date nor check digit.
            Self::LatvianPerson if normalised.starts_with("32") => return Checksum::NotDefined,
            Self::TurkishIdentity => turkish_identity(&digits),
            Self::TurkishTaxpayer => turkish_taxpayer(&digits),
            Self::KazakhPerson | Self::KazakhOrganisation => kazakh(&digits),
            Self::EstonianPerson | Self::LithuanianPerson => baltic(&digits),
            Self::LatvianPerson => latvian(&digits),
        };
        match outcome {
            Some(true) => Checksum::Passed,
            _ => Checksum::Failed,
        }
    }
}

fn weighed(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// d10 = (7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10, d11 = (d1+…+d10) mod 10, d1 ≠ 0.
fn turkish_identity(digits: &[u32]) -> Option<bool> {
    let (tenth, eleventh) = (digits.get(9)?, digits.get(10)?);
    let odd: u32 = digits.iter().take(9).step_by(2).sum();
    let even: u32 = digits.iter().take(8).skip(1).step_by(2).sum();
    let all: u32 = digits.iter().take(10).sum();
    // The sum of four digits is at most 36.
    Some(*digits.first()? != 0 && (7 * odd + 40 - even) % 10 == *tenth && all % 10 == *eleventh)
}

/// p = (dᵢ + 9 − i) mod 10, q = p·2^(9−i) mod 9 but 9 for p ≠ 0 and q = 0, d10 = (10 − Σq mod 10) mod 10.
fn turkish_taxpayer(digits: &[u32]) -> Option<bool> {
    let mut sum = 0;
    for (digit, left) in digits.iter().take(9).zip((1..=9).rev()) {
        let p = (digit + left) % 10;
        let q = p * (1 << left) % 9;
        sum += if p != 0 && q == 0 { 9 } else { q };
    }
    Some((10 - sum % 10) % 10 == *digits.get(9)?)
}

/// Σ dᵢ·i mod 11 for i = 1…11; for 10 once more with weights 3…11, 1, 2; for 10 again the number
/// is never given.
fn kazakh(digits: &[u32]) -> Option<bool> {
    let first = weighed(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let check = match first {
        10 => weighed(digits, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
        _ => first,
    };
    Some(check != 10 && check == *digits.get(11)?)
}

/// Weights 1…9, 1, then for a remainder of 10 the weights 3…9, 1, 2, 3, then 0.
fn baltic(digits: &[u32]) -> Option<bool> {
    let first = weighed(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = match first {
        10 => weighed(digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
        _ => first,
    };
    Some(check == *digits.get(10)?)
}

/// (1101 − Σ w·d) mod 11 mod 10.
fn latvian(digits: &[u32]) -> Option<bool> {
    let sum = weighed(digits, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    Some(1101_u32.checked_sub(sum)? % 11 % 10 == *digits.get(10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: NationalNumber, text: &str) -> Option<Checksum> {
        let normalised = number.normalised(text)?;
        Some(number.checksum(&normalised))
    }

    #[test]
    fn check_digits_of_published_and_impossible_numbers() {
        use NationalNumber as N;
        for (number, text) in [
            (N::TurkishIdentity, "10000000146"),
            (N::TurkishIdentity, "11111111110"),
            (N::TurkishTaxpayer, "1234567890"),
            (N::TurkishTaxpayer, "0000000001"),
            (N::KazakhPerson, "900000300008"),
            (N::KazakhPerson, "900000300908"),
            (N::KazakhOrganisation, "000040000009"),
            (N::KazakhOrganisation, "000040001803"),
            (N::EstonianPerson, "50001000010"),
            (N::EstonianPerson, "50001000000"),
            (N::LithuanianPerson, "50001000480"),
            (N::EstonianPerson, "38001085718"),
            (N::LithuanianPerson, "30303039914"),
            (N::EstonianPerson, "60001019906"),
            (N::LatvianPerson, "00019010007"),
            (N::LatvianPerson, "000190-10015"),
        ] {
            assert_eq!(
                check(number, text),
                Some(Checksum::Passed),
                "{number:?} {text}"
            );
        }
        for (number, text) in [
            (N::TurkishIdentity, "10000000147"),
            (N::TurkishIdentity, "01234567890"),
            (N::TurkishTaxpayer, "1234567891"),
            (N::KazakhPerson, "123456789012"),
            // Both weightings give 10.
            (N::KazakhPerson, "900000300910"),
            (N::KazakhOrganisation, "000040001890"),
            (N::EstonianPerson, "38001085719"),
            (N::LatvianPerson, "00019010008"),
        ] {
            assert_eq!(
                check(number, text),
                Some(Checksum::Failed),
                "{number:?} {text}"
            );
        }
        for (number, text) in [
            (N::AzerbaijaniFin, "1abc2de"),
            (N::AzerbaijaniTaxpayer, "1234567891"),
            (N::LatvianPerson, "32000000000"),
        ] {
            assert_eq!(
                check(number, text),
                Some(Checksum::NotDefined),
                "{number:?} {text}"
            );
        }
    }

    #[test]
    fn other_forms_are_no_numbers() {
        use NationalNumber as N;
        for (number, text) in [
            (N::AzerbaijaniFin, "1ABC2D"),
            (N::AzerbaijaniFin, "1ABC2DEF"),
            // Letters of the language are no letters of the identifier.
            (N::AzerbaijaniFin, "1ABC2DI\u{307}"),
            (N::AzerbaijaniFin, "1ABCıDE"),
            (N::AzerbaijaniTaxpayer, "1234567893"),
            (N::TurkishIdentity, "1000000014"),
            (N::TurkishIdentity, "1000000014٦"),
            (N::KazakhPerson, "IIN900000300008"),
            (N::EstonianPerson, "380010857180"),
            (N::LatvianPerson, "00019-010007"),
            (N::LatvianPerson, ""),
        ] {
            assert_eq!(number.normalised(text), None, "{number:?} {text}");
        }
    }
}
