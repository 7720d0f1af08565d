//! What a key may be used for: keyUsage, extendedKeyUsage, basicConstraints.

use crate::asn1::{Oid, Tag, Tlv};
use crate::error::Malformed;

/// The bits of keyUsage.
///
/// ```text
/// KeyUsage ::= BIT STRING { digitalSignature (0), nonRepudiation (1), keyEncipherment (2),
///   dataEncipherment (3), keyAgreement (4), keyCertSign (5), cRLSign (6), encipherOnly (7),
///   decipherOnly (8) }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

/// One bit of [`KeyUsage`], numbered as the standard does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUsageBit {
    /// `digitalSignature`.
    DigitalSignature,
    /// `nonRepudiation`, also called `contentCommitment`.
    NonRepudiation,
    /// `keyEncipherment`.
    KeyEncipherment,
    /// `dataEncipherment`.
    DataEncipherment,
    /// `keyAgreement`.
    KeyAgreement,
    /// `keyCertSign`.
    KeyCertSign,
    /// `cRLSign`.
    CrlSign,
    /// `encipherOnly`.
    EncipherOnly,
    /// `decipherOnly`.
    DecipherOnly,
}

impl KeyUsageBit {
    const fn mask(self) -> u16 {
        1 << match self {
            Self::DigitalSignature => 0,
            Self::NonRepudiation => 1,
            Self::KeyEncipherment => 2,
            Self::DataEncipherment => 3,
            Self::KeyAgreement => 4,
            Self::KeyCertSign => 5,
            Self::CrlSign => 6,
            Self::EncipherOnly => 7,
            Self::DecipherOnly => 8,
        }
    }
}

impl KeyUsage {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        named_bits(tlv).map(Self)
    }

    /// Whether a bit is set. A fact; an absent extension allows every use.
    #[must_use]
    pub fn contains(self, bit: KeyUsageBit) -> bool {
        self.0 & bit.mask() != 0
    }

    /// Whether no other bits than these are set.
    #[must_use]
    pub fn contains_only(self, bits: &[KeyUsageBit]) -> bool {
        let allowed = bits.iter().fold(0, |mask, bit| mask | bit.mask());
        self.0 & !allowed == 0
    }
}

/// A BIT STRING with named bits: bit `n` of the result is named bit `n`; those above 15 are
/// dropped. Trailing zero bits (X.690 §11.2.2) are tolerated.
pub(crate) fn named_bits(tlv: &Tlv<'_>) -> Result<u16, Malformed> {
    let octets = tlv.bits()?.octets;
    let octet = |index: usize| u16::from(octets.get(index).copied().unwrap_or(0).reverse_bits());
    Ok(octet(0) | octet(1) << 8)
}

/// The purposes of extendedKeyUsage.
///
/// ```text
/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.12.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// The purposes.
    pub purposes: Vec<Oid>,
    /// Whether the extension is marked critical.
    pub critical: bool,
}

impl ExtendedKeyUsage {
    /// `anyExtendedKeyUsage`.
    pub const ANY: &'static str = "2.5.29.37.0";
    /// `id-kp-emailProtection`.
    pub const EMAIL_PROTECTION: &'static str = "1.3.6.1.5.5.7.3.4";
    /// `id-kp-timeStamping`.
    pub const TIME_STAMPING: &'static str = "1.3.6.1.5.5.7.3.8";
    /// `id-kp-OCSPSigning`.
    pub const OCSP_SIGNING: &'static str = "1.3.6.1.5.5.7.3.9";
    /// `id-kp-documentSigning` (RFC 9336).
    pub const DOCUMENT_SIGNING: &'static str = "1.3.6.1.5.5.7.3.36";
    /// Signing of PDF documents, Adobe.
    pub const ADOBE_DOCUMENT_SIGNING: &'static str = "1.2.840.113583.1.1.5";
    /// `id-tsl-kp-tslSigning` (TS 119 612).
    pub const TSL_SIGNING: &'static str = "0.4.0.2231.3.0";

    pub(crate) fn from_tlv(tlv: &Tlv<'_>, critical: bool) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let mut purposes = Vec::new();
        loop {
            purposes.push(reader.read(Tag::OID)?.oid()?);
            if reader.is_empty() {
                return Ok(Self { purposes, critical });
            }
        }
    }

    /// Whether a purpose, in dotted form, stands there itself.
    #[must_use]
    pub fn contains(&self, purpose: &str) -> bool {
        self.purposes.iter().any(|oid| oid.is(purpose))
    }
}

/// Whether the subject is a CA, and how many CAs may stand below it.
///
/// ```text
/// BasicConstraints ::= SEQUENCE {
///   cA                BOOLEAN DEFAULT FALSE,
///   pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// Intermediate certificates that may follow, self-issued ones not counted.
    pub path_length: Option<u64>,
    /// Whether the extension is marked critical.
    pub critical: bool,
}

impl BasicConstraints {
    /// The second value: whether `cA FALSE` is encoded.
    pub(crate) fn from_tlv(tlv: &Tlv<'_>, critical: bool) -> Result<(Self, bool), Malformed> {
        let mut reader = tlv.reader();
        let ca = reader.optional(Tag::BOOLEAN)?;
        let ca = ca.map(|flag| flag.boolean()).transpose()?;
        let path_length = reader.optional(Tag::INTEGER)?;
        let path_length = path_length.map(|length| length.small_integer());
        reader.finish()?;
        let constraints = Self {
            ca: ca.unwrap_or(false),
            path_length: path_length.transpose()?,
            critical,
        };
        Ok((constraints, ca == Some(false)))
    }
}
