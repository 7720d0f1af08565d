//! Which canonical form.

use crate::error::Unsupported;
use std::collections::BTreeSet;

/// A family of canonical forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Canonical XML 1.0.
    Inclusive10,
    /// Canonical XML 1.1.
    Inclusive11,
    /// Exclusive XML Canonicalization 1.0.
    Exclusive,
}

/// Whether comments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comments {
    /// They are left out.
    Omit,
    /// They are written.
    Keep,
}

/// A canonicalization method with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The family.
    pub family: Family,
    /// What becomes of comments.
    pub comments: Comments,
    /// Prefixes that the exclusive form treats as the inclusive one does (`InclusiveNamespaces
    /// PrefixList`); the default namespace is the empty string.
    pub inclusive_prefixes: BTreeSet<String>,
}

const ROWS: [(Family, Comments, &str); 6] = [
    (
        Family::Inclusive10,
        Comments::Omit,
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ),
    (
        Family::Inclusive10,
        Comments::Keep,
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ),
    (
        Family::Inclusive11,
        Comments::Omit,
        "http://www.w3.org/2006/12/xml-c14n11",
    ),
    (
        Family::Inclusive11,
        Comments::Keep,
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    ),
    (
        Family::Exclusive,
        Comments::Omit,
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    ),
    (
        Family::Exclusive,
        Comments::Keep,
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ),
];

impl Method {
    /// Canonical XML 1.0 without comments: the default wherever a standard names none.
    pub const CANONICAL_XML_10: Self = Self::new(Family::Inclusive10, Comments::Omit);

    /// Exclusive XML Canonicalization without comments.
    pub const EXCLUSIVE: Self = Self::new(Family::Exclusive, Comments::Omit);

    const fn new(family: Family, comments: Comments) -> Self {
        Self {
            family,
            comments,
            inclusive_prefixes: BTreeSet::new(),
        }
    }

    /// The method with this URI.
    ///
    /// # Errors
    /// [`Unsupported::Algorithm`].
    pub fn from_uri(uri: &str) -> Result<Self, Unsupported> {
        ROWS.iter()
            .find(|row| row.2 == uri)
            .map(|row| Self::new(row.0, row.1))
            .ok_or_else(|| Unsupported::Algorithm(uri.to_owned()))
    }

    /// With the tokens of a `PrefixList`.
    ///
    /// # Standard
    /// Exclusive XML Canonicalization 1.0 §3.
    #[must_use]
    pub fn with_prefix_list(mut self, list: &str) -> Self {
        self.inclusive_prefixes
            .extend(list.split_ascii_whitespace().map(|token| match token {
                "#default" => String::new(),
                prefix => prefix.to_owned(),
            }));
        self
    }

    /// The URI.
    #[must_use]
    pub fn uri(&self) -> &'static str {
        ROWS.iter()
            .find(|row| row.0 == self.family && row.1 == self.comments)
            .map_or("", |row| row.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_lead_back() {
        for row in ROWS {
            assert_eq!(Method::from_uri(row.2).unwrap().uri(), row.2);
        }
        for unknown in [
            "",
            "http://www.w3.org/2001/10/xml-exc-c14n",
            "HTTP://WWW.W3.ORG/2001/10/XML-EXC-C14N#",
        ] {
            assert!(Method::from_uri(unknown).is_err());
        }
    }
}
