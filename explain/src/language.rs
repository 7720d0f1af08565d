//! The four languages, and how one is chosen.

/// A language that this crate has words in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Azerbaijani, in Latin letters.
    Az,
    /// English.
    En,
    /// Russian.
    Ru,
    /// Turkish.
    Tr,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::Az, Self::En, Self::Ru, Self::Tr];

    /// The subtag of the language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Az => "az",
            Self::En => "en",
            Self::Ru => "ru",
            Self::Tr => "tr",
        }
    }

    /// The language of a tag (BCP 47) or a locale (POSIX): `az`, `az-Latn-AZ`, `az_AZ.UTF-8@latin`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_', '.', '@']).next()?;
        let mut all = Self::ALL.iter().copied();
        all.find(|language| first.eq_ignore_ascii_case(language.as_str()))
    }

    /// The language that the environment asks for: the values of `LC_ALL`, `LC_MESSAGES` and
    /// `LANG`, which the caller has read. The first that is set decides, as POSIX orders them; English
    /// where it names a language that is not here.
    #[must_use]
    pub fn from_environment<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut set = values.into_iter().flatten().filter(|one| !one.is_empty());
        set.next().and_then(Self::from_tag).unwrap_or(Self::En)
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_locales_name_a_language() {
        for (tag, language) in [
            ("az", Language::Az),
            ("AZ", Language::Az),
            ("az-Latn-AZ", Language::Az),
            ("az_AZ.UTF-8", Language::Az),
            ("ru_RU.KOI8-R", Language::Ru),
            ("tr@euro", Language::Tr),
            ("en_GB", Language::En),
        ] {
            assert_eq!(Language::from_tag(tag), Some(language), "{tag}");
        }
        for tag in ["", "C", "POSIX", "aze", "a", "_az", "de_DE.UTF-8"] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |values: [Option<&str>; 3]| Language::from_environment(values);
        assert_eq!(of([None, None, Some("az_AZ.UTF-8")]), Language::Az);
        assert_eq!(of([Some("C"), Some("ru_RU"), Some("az_AZ")]), Language::En);
        assert_eq!(of([Some(""), Some("ru_RU"), Some("az_AZ")]), Language::Ru);
        assert_eq!(of([None, Some("tr_TR"), Some("az_AZ")]), Language::Tr);
        assert_eq!(of([None, None, None]), Language::En);
    }
}
