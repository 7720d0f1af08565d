//! What is out of rule in a SignedData that could be read.

use crate::asn1::Oid;

/// A rule of the envelope that does not hold. Facts: what follows from them is for the judge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// No signed attributes although the content is not `id-data`.
    SignedAttributesMissing,
    /// No signed attributes, and the content reads as signed attributes: another signature of
    /// which they were stripped.
    SignedAttributesAsContent,
    /// Signed attributes are present, but empty.
    SignedAttributesEmpty,
    /// The stored order of the signed attributes, or a length, is not that of DER.
    SignedAttributesNotDer,
    /// The content-type attribute is missing.
    ContentTypeMissing,
    /// The content-type attribute or its value is repeated, empty or not an OID.
    ContentTypeNotSingle,
    /// The content-type attribute differs from eContentType.
    ContentTypeDiffers {
        /// The content type of the message.
        expected: Oid,
        /// The content type in the attribute.
        found: Oid,
    },
    /// A countersignature has a content-type attribute.
    ContentTypeInCountersignature,
    /// The message-digest attribute is missing.
    MessageDigestMissing,
    /// The message-digest attribute or its value is repeated, empty or not an OCTET STRING.
    MessageDigestNotSingle,
    /// A single-valued attribute is repeated or has another count of values.
    AttributeNotSingle(Oid),
    /// An attribute that must be signed stands among the unsigned ones; it is never used.
    SignedAttributeUnsigned(Oid),
    /// The algorithms of the cms-algorithm-protection attribute are not those of the SignerInfo.
    AlgorithmProtectionDiffers,
    /// digestAlgorithm is not in the list at the head of the message, which is only a hint.
    DigestAlgorithmNotListed,
    /// The signature algorithm has another digest than the digestAlgorithm.
    DigestAlgorithmsDiffer,
    /// The version is not the one that the contents call for.
    VersionUnexpected {
        /// The version that the contents call for.
        expected: u64,
        /// The version found.
        found: u64,
    },
    /// The content is not an OCTET STRING (PKCS #7 1.5); its octets are digested as RFC 5652
    /// §5.2.1 says.
    ContentNotOctets,
    /// Words stand before or behind a message in a textual encoding or a mail, where readers pass
    /// over them: nobody signed them.
    TextAround,
}

/// What a finding means for the format by the clause that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Worth knowing; common producers do it.
    Noted,
    /// A constraint on attributes is broken; the envelope stands.
    Constraint,
    /// The clause says MUST and verification rests on it.
    Refused,
}

impl Finding {
    /// The clause that is broken.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Self::SignedAttributesMissing
            | Self::SignedAttributesEmpty
            | Self::DigestAlgorithmNotListed
            | Self::VersionUnexpected { .. } => "RFC 5652 §5.3",
            Self::SignedAttributesAsContent | Self::SignedAttributesNotDer => "RFC 5652 §5.4",
            Self::ContentTypeMissing
            | Self::ContentTypeNotSingle
            | Self::ContentTypeDiffers { .. } => "RFC 5652 §11.1",
            Self::MessageDigestMissing | Self::MessageDigestNotSingle => "RFC 5652 §11.2",
            Self::ContentTypeInCountersignature => "RFC 5652 §11.4",
            Self::AttributeNotSingle(_) | Self::SignedAttributeUnsigned(_) => "RFC 5652 §11",
            Self::AlgorithmProtectionDiffers => "RFC 6211 §2",
            Self::DigestAlgorithmsDiffer => "RFC 5652 §5.4",
            Self::ContentNotOctets => "RFC 5652 §5.2.1",
            Self::TextAround => "RFC 7468 §5.2",
        }
    }

    /// How much it matters.
    #[must_use]
    pub fn gravity(&self) -> Gravity {
        match self {
            Self::SignedAttributesMissing
            | Self::SignedAttributesAsContent
            | Self::SignedAttributesEmpty
            | Self::ContentTypeMissing
            | Self::ContentTypeNotSingle
            | Self::ContentTypeDiffers { .. }
            | Self::ContentTypeInCountersignature
            | Self::MessageDigestMissing
            | Self::MessageDigestNotSingle => Gravity::Refused,
            Self::AlgorithmProtectionDiffers | Self::AttributeNotSingle(_) => Gravity::Constraint,
            Self::SignedAttributesNotDer
            | Self::SignedAttributeUnsigned(_)
            | Self::DigestAlgorithmNotListed
            | Self::DigestAlgorithmsDiffer
            | Self::VersionUnexpected { .. }
            | Self::ContentNotOctets
            | Self::TextAround => Gravity::Noted,
        }
    }
}
