//! Tags: class, form and number.

/// Class of a tag, X.690 §8.1.2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Types of X.680 itself.
    Universal,
    /// Types of an application.
    Application,
    /// Types in their context: `[0]`, `[1]`, …
    ContextSpecific,
    /// Types of an enterprise.
    Private,
}

/// A tag with its form, X.690 §8.1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    /// Class.
    pub class: Class,
    /// Whether the content is itself made of values.
    pub constructed: bool,
    /// Number.
    pub number: u32,
}

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self::universal(1);
    /// INTEGER.
    pub const INTEGER: Self = Self::universal(2);
    /// BIT STRING.
    pub const BIT_STRING: Self = Self::universal(3);
    /// OCTET STRING.
    pub const OCTET_STRING: Self = Self::universal(4);
    /// NULL.
    pub const NULL: Self = Self::universal(5);
    /// OBJECT IDENTIFIER.
    pub const OID: Self = Self::universal(6);
    /// ENUMERATED.
    pub const ENUMERATED: Self = Self::universal(10);
    /// UTF8String.
    pub const UTF8_STRING: Self = Self::universal(12);
    /// NumericString.
    pub const NUMERIC_STRING: Self = Self::universal(18);
    /// PrintableString.
    pub const PRINTABLE_STRING: Self = Self::universal(19);
    /// T61String, also called TeletexString.
    pub const T61_STRING: Self = Self::universal(20);
    /// IA5String.
    pub const IA5_STRING: Self = Self::universal(22);
    /// UTCTime.
    pub const UTC_TIME: Self = Self::universal(23);
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: Self = Self::universal(24);
    /// VisibleString.
    pub const VISIBLE_STRING: Self = Self::universal(26);
    /// UniversalString.
    pub const UNIVERSAL_STRING: Self = Self::universal(28);
    /// BMPString.
    pub const BMP_STRING: Self = Self::universal(30);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self {
        constructed: true,
        ..Self::universal(16)
    };
    /// SET and SET OF.
    pub const SET: Self = Self {
        constructed: true,
        ..Self::universal(17)
    };

    const fn universal(number: u32) -> Self {
        Self {
            class: Class::Universal,
            constructed: false,
            number,
        }
    }

    /// `[n] IMPLICIT` over a primitive type.
    #[must_use]
    pub const fn context(number: u32) -> Self {
        Self {
            class: Class::ContextSpecific,
            constructed: false,
            number,
        }
    }

    /// `[n] EXPLICIT`, or `[n] IMPLICIT` over a constructed type.
    #[must_use]
    pub const fn context_constructed(number: u32) -> Self {
        Self {
            class: Class::ContextSpecific,
            constructed: true,
            number,
        }
    }

    /// Whether class and number are equal; the form may differ.
    #[must_use]
    pub const fn is_like(self, other: Self) -> bool {
        self.number == other.number
            && matches!(
                (self.class, other.class),
                (Class::Universal, Class::Universal)
                    | (Class::Application, Class::Application)
                    | (Class::ContextSpecific, Class::ContextSpecific)
                    | (Class::Private, Class::Private)
            )
    }

    /// Universal types that exist in constructed form only (X.690 §8.9, §8.11).
    pub(super) fn is_structure(self) -> bool {
        self.class == Class::Universal && matches!(self.number, 8 | 11 | 16 | 17)
    }

    /// Universal string types, which BER may cut into pieces (X.690 §8.6.2, §8.7, §8.23).
    pub(super) fn is_string(self) -> bool {
        self.class == Class::Universal && matches!(self.number, 3 | 4 | 7 | 12 | 18..=30)
    }
}
