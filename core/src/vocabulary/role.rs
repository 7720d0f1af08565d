//! Identifiers of objects, and where and in which role things were found.

use super::format::words;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The SHA-256 digest of an object's original bytes; names the object in evidence and reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub [u8; 32]);

impl ObjectId {
    /// Lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads what [`ObjectId::to_hex`] wrote.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0u8; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// Lower-case hexadecimal digits of any octets.
pub(crate) fn hex(octets: &[u8]) -> String {
    // Reports name dozens of objects: one text for each, not one for each octet.
    let mut text = String::with_capacity(octets.len() * 2);
    let digit = |value: u8| match value {
        0..=9 => char::from(b'0' + value),
        _ => char::from(b'a' - 10 + value),
    };
    for octet in octets {
        text.push(digit(octet >> 4));
        text.push(digit(octet & 15));
    }
    text
}

impl std::fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 digest"))
    }
}

words! {
    /// What a trust anchor may be used for.
    Purpose {
        /// Signing certificates of documents.
        Signing => "signing",
        /// Time-stamping units.
        Timestamping => "timestamping",
        /// OCSP responders.
        Ocsp => "ocsp",
    }
}

words! {
    /// Role of a certificate in a validation.
    CertificateRole {
        /// The signing certificate of a signature or time-stamp.
        Signing => "signing-certificate",
        /// A CA certificate of a certification path.
        Authority => "ca-certificate",
        /// Signer of an OCSP response.
        OcspResponder => "ocsp-responder",
        /// Signer of a CRL.
        CrlIssuer => "crl-issuer",
    }
}

words! {
    /// Where in the object a certificate was found.
    CertificateOrigin {
        /// `ds:KeyInfo`.
        KeyInfo => "key-info",
        /// `xades:CertificateValues`.
        CertificateValues => "certificate-values",
        /// `xades141:TimeStampValidationData`.
        TimestampValidationData => "timestamp-validation-data",
        /// `SignedData.certificates`.
        SignedData => "signed-data",
        /// Inside an OCSP response.
        OcspResponse => "ocsp-response",
        /// The document security store of a PDF.
        DocumentSecurityStore => "document-security-store",
        /// Beside a time-stamp of an evidence record.
        EvidenceRecord => "evidence-record",
        /// Given by the caller.
        Provided => "provided",
        /// Fetched from an address in a certificate.
        Fetched => "fetched",
        /// A trust anchor.
        TrustAnchor => "trust-anchor",
    }
}

words! {
    /// Where in the object revocation data was found.
    RevocationOrigin {
        /// `xades:RevocationValues`.
        RevocationValues => "revocation-values",
        /// `xades141:TimeStampValidationData`.
        TimestampValidationData => "timestamp-validation-data",
        /// `SignedData.crls`.
        SignedData => "signed-data",
        /// Adobe's `RevocationInfoArchival` attribute.
        AdobeArchival => "adobe-revocation-info-archival",
        /// The document security store of a PDF.
        DocumentSecurityStore => "document-security-store",
        /// Beside a time-stamp of an evidence record.
        EvidenceRecord => "evidence-record",
        /// Given by the caller.
        Provided => "provided",
        /// Fetched in this run.
        Fetched => "fetched",
    }
}

words! {
    /// Kind of a time-stamp by what it covers.
    TimestampKind {
        /// Over the signed data, made before signing.
        ContentTimestamp => "content",
        /// Over the signature value.
        SignatureTimestamp => "signature",
        /// Over references to validation data (with the signature: SigAndRefs, CAdES-C).
        ValidationDataTimestamp => "validation-data",
        /// Over the signature with all its validation data.
        ArchiveTimestamp => "archive",
        /// PDF document time-stamp, or a token that covers a container's files.
        DocumentTimestamp => "document",
        /// An evidence record with all its archive time-stamps.
        EvidenceRecord => "evidence-record",
    }
}

words! {
    /// What one digest of a signature is about.
    ReferenceKind {
        /// A signer's document.
        SignersDocument => "signers-document",
        /// The signed properties of an XAdES signature.
        SignedProperties => "signed-properties",
        /// `ds:KeyInfo`.
        KeyInfo => "key-info",
        /// A manifest that is itself signed.
        Manifest => "manifest",
        /// An entry of a signed manifest.
        ManifestEntry => "manifest-entry",
        /// A newer digest of what an entry of a signed manifest is about; nobody signed it.
        RenewedDigest => "renewed-digest",
        /// The signature value that a counter-signature signs.
        CountersignedSignature => "countersigned-signature",
        /// Another object inside the signature.
        Object => "object",
    }
}

words! {
    /// How much of an object a signature covers.
    ScopeKind {
        /// All of it, octet by octet or by its canonical form.
        Full => "full",
        /// What the transforms select.
        Partial => "partial",
        /// By a digest in a signed manifest.
        Digest => "digest",
        /// Another signature.
        CounterSignature => "counter-signature",
    }
}

words! {
    /// How the signer states a role. None of them is verified.
    RoleKind {
        /// In the signer's own words.
        Claimed => "claimed",
        /// By an attribute certificate, which somebody else signed.
        Certified => "certified",
        /// By an assertion, which somebody else signed.
        Assertion => "assertion",
    }
}

words! {
    /// What a report was made from.
    Basis {
        /// The document itself.
        Document => "document",
        /// Saved evidence: payload digests and facts of the document are taken on trust.
        Evidence => "evidence",
    }
}
