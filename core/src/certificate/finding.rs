//! Oddities of a certificate that reading can go on with.

use crate::error::Malformed;

/// What is odd about a certificate, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Byte offset in the certificate.
    pub at: u64,
}

/// What is odd about a certificate. Facts: `path` says which of them refuse a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// A `DEFAULT` value is encoded (X.690 §11.5): `critical FALSE`, `cA FALSE`, version 1.
    DefaultEncoded,
    /// An extension stands twice (RFC 5280 §4.2).
    DuplicateExtension {
        /// Its object identifier.
        oid: String,
    },
    /// The list of extensions is there and empty (RFC 5280 §4.1.2.9).
    EmptyExtensions,
    /// The issuer has no name (RFC 5280 §4.1.2.4).
    EmptyIssuer,
    /// Extensions in a certificate of version 1 or 2 (RFC 5280 §4.1.2.9).
    ExtensionsWithoutVersion3,
    /// An extension that cannot be read.
    ExtensionUnreadable {
        /// Its object identifier.
        oid: String,
        /// Whether it is marked critical.
        critical: bool,
        /// What is wrong with it.
        malformed: Malformed,
    },
    /// A path length without the CA flag (RFC 5280 §4.2.1.9).
    PathLengthWithoutAuthority,
    /// The serial number is negative or zero (RFC 5280 §4.1.2.2).
    SerialNumberNotPositive,
    /// The serial number has more than 20 octets (RFC 5280 §4.1.2.2).
    SerialNumberTooLong,
    /// The two algorithm identifiers differ (RFC 5280 §4.1.1.2).
    SignatureAlgorithmsDiffer,
    /// Unique identifiers in a certificate of version 1 (RFC 5280 §4.1.2.8).
    UniqueIdentifierWithoutVersion2,
    /// A time with fractions (RFC 5280 §4.1.2.5.2).
    ValidityWithFractions,
    /// A time without seconds (RFC 5280 §4.1.2.5.1).
    ValidityWithoutSeconds,
    /// GeneralizedTime before 2050, or UTCTime where it cannot stand (RFC 5280 §4.1.2.5).
    ValidityTimeType,
}
