//! Why a candidate path was refused.

use crate::error::{Error, Malformed};
use crate::trust::AnchorObstacle;

/// Why a path was refused, and at which certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct PathFailure {
    /// The certificate, counted from the target, which is 0; one above the last is the anchor.
    pub index: usize,
    /// What is wrong with it.
    pub reason: FailureReason,
}

/// What is wrong with a certificate of a path.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FailureReason {
    /// The anchor above it can stand above no other certificate.
    Anchor(AnchorObstacle),
    /// An intermediate certificate without a subject.
    AuthorityWithoutSubject,
    /// The certificate has no issuer name.
    EmptyIssuer,
    /// Neither a subject nor a critical subjectAltName.
    EmptySubject,
    /// An extension stands twice.
    DuplicateExtension {
        /// Which one.
        oid: String,
    },
    /// Extensions in a certificate that is not of version 3.
    ExtensionsWithoutVersion3,
    /// A name lies in an excluded subtree.
    NameExcluded,
    /// A name lies in no permitted subtree.
    NameNotPermitted,
    /// A name constraint that is malformed, or of a kind that is not processed.
    NameConstraintUnusable,
    /// A host name in subjectAltName is none.
    NameSyntax,
    /// No certificate and no anchor carries the issuer's name, or only ones already in the path.
    NoIssuer,
    /// The public key above it cannot be used.
    KeyUnusable(Error),
    /// keyCertSign without the CA flag.
    KeyCertSignWithoutAuthority,
    /// An intermediate certificate without the CA flag.
    NotAuthority,
    /// An intermediate certificate whose key usage does not allow signing certificates.
    NoKeyCertSign,
    /// More intermediate certificates than a CA above allows.
    PathLength {
        /// What the constraints leave.
        maximum: u64,
    },
    /// The path is longer than this library follows.
    PathTooLong {
        /// The longest.
        maximum: u64,
    },
    /// `anyPolicy` in a policy mapping.
    PolicyMappedToAny,
    /// A critical policy with a qualifier that is not known.
    PolicyQualifierUnknown {
        /// Which one.
        oid: String,
    },
    /// A policy is required and none is valid.
    PolicyRequired,
    /// A critical qualified certificate statement that is not known.
    QcStatementUnknown {
        /// Which one.
        oid: String,
    },
    /// A serial number of more than 20 octets.
    SerialNumberTooLong,
    /// A serial number that is zero.
    SerialNumberZero,
    /// The two algorithm identifiers of the certificate differ.
    SignatureAlgorithmsDiffer,
    /// The issuer's key did not make the signature.
    SignatureDoesNotFit,
    /// The signature algorithm is not implemented, or its parameters are malformed.
    SignatureUnusable(Error),
    /// A unique identifier in a certificate of version 1.
    UniqueIdentifierWithoutVersion2,
    /// A critical extension that is not known.
    UnknownCriticalExtension {
        /// Which one.
        oid: String,
    },
    /// An extension that counts cannot be read.
    UnreadableExtension {
        /// Which one.
        oid: String,
        /// What is wrong with it.
        malformed: Malformed,
    },
    /// A validity with fractions of seconds.
    ValidityWithFractions,
    /// An intermediate certificate that is not of version 3.
    Version {
        /// The version found.
        found: u8,
    },
}

impl FailureReason {
    /// The clause that refuses it.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Self::Anchor(_) => "RFC 5280 §6.1.1(d)",
            Self::AuthorityWithoutSubject | Self::EmptySubject => "RFC 5280 §4.1.2.6",
            Self::EmptyIssuer => "RFC 5280 §4.1.2.4",
            Self::DuplicateExtension { .. } => "RFC 5280 §4.2",
            Self::ExtensionsWithoutVersion3 => "RFC 5280 §4.1.2.9",
            Self::NameExcluded => "RFC 5280 §6.1.3(c)",
            Self::NameNotPermitted => "RFC 5280 §6.1.3(b)",
            Self::NameConstraintUnusable => "RFC 5280 §4.2.1.10",
            Self::NameSyntax => "RFC 5280 §4.2.1.6",
            Self::NoIssuer => "RFC 5280 §6.1",
            Self::KeyUnusable(_) | Self::SignatureDoesNotFit | Self::SignatureUnusable(_) => {
                "RFC 5280 §6.1.3(a)(1)"
            }
            Self::KeyCertSignWithoutAuthority => "RFC 5280 §4.2.1.3",
            Self::NotAuthority | Self::Version { .. } => "RFC 5280 §6.1.4(k)",
            Self::NoKeyCertSign => "RFC 5280 §6.1.4(n)",
            Self::PathLength { .. } => "RFC 5280 §6.1.4(l)",
            Self::PathTooLong { .. } => "RFC 5280 §6.1",
            Self::PolicyMappedToAny => "RFC 5280 §6.1.4(a)",
            Self::PolicyQualifierUnknown { .. } => "RFC 5280 §4.2.1.4",
            Self::PolicyRequired => "RFC 5280 §6.1.3(f)",
            Self::QcStatementUnknown { .. } => "RFC 3739 §3.2.6",
            Self::SerialNumberTooLong | Self::SerialNumberZero => "RFC 5280 §4.1.2.2",
            Self::SignatureAlgorithmsDiffer => "RFC 5280 §4.1.1.2",
            Self::UniqueIdentifierWithoutVersion2 => "RFC 5280 §4.1.2.8",
            Self::UnknownCriticalExtension { .. } | Self::UnreadableExtension { .. } => {
                "RFC 5280 §6.1.4(o)"
            }
            Self::ValidityWithFractions => "RFC 5280 §4.1.2.5.2",
        }
    }

    /// What was wanted, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::PathLength { maximum } => {
                format!("at most {maximum} intermediate certificates below")
            }
            Self::PathTooLong { maximum } => format!("a path of at most {maximum} certificates"),
            Self::Version { .. } => "version 3".to_owned(),
            other => other.words().0.to_owned(),
        }
    }

    /// What was found, in words.
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            Self::Anchor(AnchorObstacle::UnknownCriticalExtension { oid })
            | Self::DuplicateExtension { oid }
            | Self::UnknownCriticalExtension { oid }
            | Self::PolicyQualifierUnknown { oid }
            | Self::QcStatementUnknown { oid } => format!("{} {oid}", self.words().1),
            Self::UnreadableExtension { oid, malformed } => {
                format!("{} {oid}: {malformed}", self.words().1)
            }
            Self::KeyUnusable(error) | Self::SignatureUnusable(error) => error.to_string(),
            Self::Version { found } => format!("version {found}"),
            other => other.words().1.to_owned(),
        }
    }

    /// Expected and found, without values.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Anchor(AnchorObstacle::NotAuthority) => (
                "a trust anchor that is a CA",
                "a trust anchor without the CA flag",
            ),
            Self::Anchor(AnchorObstacle::NoKeyCertSign) => (
                "a trust anchor that may sign certificates",
                "its key usage without keyCertSign",
            ),
            Self::Anchor(_) => (
                "a trust anchor without unknown critical extensions",
                "an extension of the trust anchor",
            ),
            Self::AuthorityWithoutSubject => ("a CA with a subject", "an empty subject"),
            Self::EmptyIssuer => ("an issuer name", "an empty issuer"),
            Self::EmptySubject => ("a subject or a critical subjectAltName", "an empty subject"),
            Self::DuplicateExtension { .. } => ("every extension once", "twice the extension"),
            Self::ExtensionsWithoutVersion3 => ("version 3", "extensions in another version"),
            Self::NameExcluded => ("names outside the excluded subtrees", "a name inside"),
            Self::NameNotPermitted => ("names inside the permitted subtrees", "a name outside"),
            Self::NameConstraintUnusable => {
                ("name constraints that can be processed", "one that cannot")
            }
            Self::NameSyntax => ("host names in subjectAltName", "one that is no host name"),
            Self::NoIssuer => ("a certificate of the issuer", "none"),
            Self::KeyUnusable(_) => ("a usable public key of the issuer", "another key"),
            Self::KeyCertSignWithoutAuthority => (
                "keyCertSign only with the CA flag",
                "keyCertSign without it",
            ),
            Self::NotAuthority => ("an intermediate certificate of a CA", "no CA flag"),
            Self::NoKeyCertSign => ("keyCertSign", "a key usage without it"),
            Self::PathLength { .. } | Self::PathTooLong { .. } => ("a shorter path", "more"),
            Self::PolicyMappedToAny => ("mappings between policies", "anyPolicy in a mapping"),
            Self::PolicyQualifierUnknown { .. } => {
                ("known qualifiers of critical policies", "the qualifier")
            }
            Self::PolicyRequired => ("a valid policy", "none"),
            Self::QcStatementUnknown { .. } => ("known critical statements", "the statement"),
            Self::SerialNumberTooLong => ("a serial number of at most 20 octets", "a longer one"),
            Self::SerialNumberZero => ("a positive serial number", "zero"),
            Self::SignatureAlgorithmsDiffer => {
                ("one signature algorithm", "two different identifiers")
            }
            Self::SignatureDoesNotFit => (
                "a signature of the issuer's key",
                "a value that does not fit",
            ),
            Self::SignatureUnusable(_) => ("a usable signature algorithm", "another one"),
            Self::UniqueIdentifierWithoutVersion2 => {
                ("no unique identifier in version 1", "a unique identifier")
            }
            Self::UnknownCriticalExtension { .. } => {
                ("known critical extensions", "the critical extension")
            }
            Self::UnreadableExtension { .. } => ("readable extensions", "the extension"),
            Self::ValidityWithFractions => ("whole seconds", "fractions"),
            Self::Version { .. } => ("version 3", "another version"),
        }
    }

    /// How far a path came, for showing the best first: lower is nearer to success.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::NoIssuer | Self::PathTooLong { .. } => 3,
            Self::SignatureDoesNotFit => 2,
            Self::SignatureUnusable(_) | Self::KeyUnusable(_) => 1,
            _ => 0,
        }
    }
}

impl std::fmt::Display for FailureReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (expected, found) = (self.expected(), self.found());
        write!(f, "expected {expected}, found {found} ({})", self.clause())
    }
}
