//! Object identifiers of content types and attributes, dotted.

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident = $oid:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $oid;)+
    };
}

types! {
    /// id-data, RFC 5652 §4.
    DATA = "1.2.840.113549.1.7.1";
    /// id-signedData, RFC 5652 §5.1.
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// id-ct-TSTInfo, RFC 3161 §2.4.2.
    TST_INFO = "1.2.840.113549.1.9.16.1.4";
    /// id-ri-ocsp-response, RFC 5940 §2.1.
    OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";
    /// id-pkix-ocsp-basic, RFC 6960 §4.2.1: met in place of the former.
    BASIC_OCSP_RESPONSE = "1.3.6.1.5.5.7.48.1.1";

    /// content-type, RFC 5652 §11.1; signed.
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// message-digest, RFC 5652 §11.2; signed.
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// signing-time, RFC 5652 §11.3; signed.
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// countersignature, RFC 5652 §11.4; unsigned.
    COUNTERSIGNATURE = "1.2.840.113549.1.9.6";
    /// signing-certificate, RFC 2634 §5.4; signed.
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// signing-certificate-v2, RFC 5035 §3; signed.
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// cms-algorithm-protection, RFC 6211 §2; signed.
    ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
    /// content-reference, EN 319 122-1 §5.2.11; signed.
    CONTENT_REFERENCE = "1.2.840.113549.1.9.16.2.10";
    /// content-identifier, EN 319 122-1 §5.2.12; signed.
    CONTENT_IDENTIFIER = "1.2.840.113549.1.9.16.2.7";
    /// content-hints, EN 319 122-1 §5.2.4.1; signed.
    CONTENT_HINTS = "1.2.840.113549.1.9.16.2.4";
    /// mime-type, EN 319 122-1 §5.2.4.2; signed.
    MIME_TYPE = "0.4.0.1733.2.1";
    /// signature-policy-identifier, EN 319 122-1 §5.2.9.1; signed.
    SIGNATURE_POLICY = "1.2.840.113549.1.9.16.2.15";
    /// signature-policy-store, EN 319 122-1 §5.2.10; unsigned.
    SIGNATURE_POLICY_STORE = "0.4.0.19122.1.3";
    /// commitment-type-indication, EN 319 122-1 §5.2.3; signed.
    COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16";
    /// signer-location, EN 319 122-1 §5.2.5; signed.
    SIGNER_LOCATION = "1.2.840.113549.1.9.16.2.17";
    /// signer-attributes, RFC 5126 §5.11.3; signed.
    SIGNER_ATTRIBUTES = "1.2.840.113549.1.9.16.2.18";
    /// signer-attributes-v2, EN 319 122-1 §5.2.6.1; signed.
    SIGNER_ATTRIBUTES_V2 = "0.4.0.19122.1.1";
    /// content-time-stamp, EN 319 122-1 §5.2.8; signed.
    CONTENT_TIMESTAMP = "1.2.840.113549.1.9.16.2.20";
    /// signature-time-stamp, EN 319 122-1 §5.3; unsigned.
    SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14";
    /// complete-certificate-references, EN 319 122-1 §A.1.1.1; unsigned.
    CERTIFICATE_REFERENCES = "1.2.840.113549.1.9.16.2.21";
    /// complete-revocation-references, EN 319 122-1 §A.1.2.1; unsigned.
    REVOCATION_REFERENCES = "1.2.840.113549.1.9.16.2.22";
    /// certificate-values, EN 319 122-1 §A.1.1.2; unsigned.
    CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23";
    /// revocation-values, EN 319 122-1 §A.1.2.2; unsigned.
    REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
    /// CAdES-C-timestamp, EN 319 122-1 §A.1.5.2; unsigned.
    CADES_C_TIMESTAMP = "1.2.840.113549.1.9.16.2.25";
    /// time-stamped-certs-crls-references, EN 319 122-1 §A.1.5.1; unsigned.
    REFERENCES_TIMESTAMP = "1.2.840.113549.1.9.16.2.26";
    /// archive-time-stamp of TS 101 733 before 1.7.3; unsigned.
    ARCHIVE_TIMESTAMP_V1 = "1.2.840.113549.1.9.16.2.27";
    /// archive-time-stamp (v2), EN 319 122-1 §A.2.4; unsigned.
    ARCHIVE_TIMESTAMP_V2 = "1.2.840.113549.1.9.16.2.48";
    /// archive-time-stamp-v3, EN 319 122-1 §5.5.3; unsigned.
    ARCHIVE_TIMESTAMP_V3 = "0.4.0.1733.2.4";
    /// long-term-validation, EN 319 122-1 §A.2.5; unsigned.
    LONG_TERM_VALIDATION = "0.4.0.1733.2.2";
    /// ats-hash-index, TS 101 733 §6.4.2; unsigned attribute of the time-stamp.
    ATS_HASH_INDEX = "0.4.0.1733.2.5";
    /// ats-hash-index-v2; unsigned attribute of the time-stamp.
    ATS_HASH_INDEX_V2 = "0.4.0.19122.1.4";
    /// ats-hash-index-v3, EN 319 122-1 §5.5.2; unsigned attribute of the time-stamp.
    ATS_HASH_INDEX_V3 = "0.4.0.19122.1.5";
    /// attribute-certificate-references, EN 319 122-1 §A.1.3; unsigned.
    ATTRIBUTE_CERTIFICATE_REFERENCES = "1.2.840.113549.1.9.16.2.44";
    /// attribute-revocation-references, EN 319 122-1 §A.1.4; unsigned.
    ATTRIBUTE_REVOCATION_REFERENCES = "1.2.840.113549.1.9.16.2.45";
    /// Internal evidence record, RFC 4998 §A.1; unsigned.
    EVIDENCE_RECORD_INTERNAL = "1.2.840.113549.1.9.16.2.49";
    /// External evidence record, RFC 4998 §A.2; unsigned.
    EVIDENCE_RECORD_EXTERNAL = "1.2.840.113549.1.9.16.2.50";
    /// pdfMacData, ISO/TS 32004; unsigned.
    PDF_MAC_DATA = "1.0.32004.1.2";
    /// Adobe's RevocationInfoArchival, ISO 32000-2 §12.8.3.3.2; signed.
    REVOCATION_INFO_ARCHIVAL = "1.2.840.113583.1.1.8";
}

/// Attributes that count only when signed: an unsigned one could be put in by anybody.
pub(super) const SIGNED_ONLY: &[&str] = &[
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2,
    ALGORITHM_PROTECTION,
    SIGNATURE_POLICY,
    COMMITMENT_TYPE,
    SIGNER_LOCATION,
    SIGNER_ATTRIBUTES,
    SIGNER_ATTRIBUTES_V2,
    CONTENT_TIMESTAMP,
    CONTENT_REFERENCE,
    CONTENT_IDENTIFIER,
    CONTENT_HINTS,
    MIME_TYPE,
    REVOCATION_INFO_ARCHIVAL,
];

/// Signed attributes that stand once, with one value (EN 319 122-1 §6.3 table 1), besides
/// content-type and message-digest, which have findings of their own, and commitment-type-indication,
/// which signers that commit to several things give several values.
pub(super) const SINGLE_SIGNED: &[&str] = &[
    SIGNING_TIME,
    SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2,
    ALGORITHM_PROTECTION,
    SIGNATURE_POLICY,
    SIGNER_LOCATION,
    SIGNER_ATTRIBUTES,
    SIGNER_ATTRIBUTES_V2,
    CONTENT_REFERENCE,
    CONTENT_IDENTIFIER,
    CONTENT_HINTS,
    MIME_TYPE,
];
