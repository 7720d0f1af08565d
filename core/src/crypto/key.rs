//! Public keys, read strictly and checked before any use.

use super::elliptic::Point;
use super::rsassa::RsaKey;
use crate::algorithm::{Curve, DigestAlgorithm, KeySize, SignatureAlgorithm};
use crate::asn1::{AlgorithmIdentifier, Mode, Reader, Tag, check_tree};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::vocabulary::ObjectId;
use std::sync::Arc;

/// What a key of the kind id-RSASSA-PSS may be used with (RFC 4055 §3.1, §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PssRestriction {
    /// The only digest.
    pub digest: DigestAlgorithm,
    /// The only digest inside MGF1.
    pub mgf_digest: DigestAlgorithm,
    /// The shortest salt, in octets.
    pub min_salt_length: u32,
}

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA for any padding.
    Rsa,
    /// RSA for PSS only, perhaps restricted.
    RsaPss(Option<PssRestriction>),
    /// DSA.
    Dsa,
    /// A point on a named curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// A public key that passed the checks of [`PublicKey::from_spki`]. Cheap to clone.
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

struct Inner {
    spki: Arc<[u8]>,
    id: ObjectId,
    kind: KeyKind,
    bits: u32,
    material: Material,
}

/// What the providers need.
pub(super) enum Material {
    Rsa(RsaKey),
    #[cfg(feature = "dsa")]
    Dsa(super::dsa::DsaKey),
    Ec(Point),
    Ed25519(ed25519_dalek::VerifyingKey),
    #[cfg(feature = "ml-dsa")]
    MlDsa(super::ml_dsa::MlDsaKey),
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`, RFC 5280 §4.1.2.7.
    ///
    /// ```text
    /// SubjectPublicKeyInfo ::= SEQUENCE {
    ///     algorithm         AlgorithmIdentifier,
    ///     subjectPublicKey  BIT STRING }
    /// ```
    ///
    /// # Errors
    /// [`Malformed`] for a structure, a number or a point that is none of its algorithm;
    /// [`Unsupported`] for another algorithm, curve, explicit curve parameters (the hole of
    /// CVE-2020-0601) or an RSA exponent over 33 bits; [`Limit`](crate::limits::Limit) for an RSA
    /// modulus over 16,384 bits.
    pub fn from_spki(spki: &[u8]) -> Result<Self, Error> {
        // A key is small: a fresh budget only bounds the nesting.
        check_tree(spki, Mode::Der, &mut Budget::default())?;
        let mut outer = Reader::der(spki);
        let mut fields = outer.read(Tag::SEQUENCE)?.reader();
        let algorithm = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let key = fields.read(Tag::BIT_STRING)?.bit_string()?;
        fields.finish()?;
        let (kind, bits, material) = match algorithm.oid.to_string().as_str() {
            "1.2.840.113549.1.1.1" => {
                without_parameters(&algorithm)?;
                let (bits, key) = RsaKey::read(key)?;
                (KeyKind::Rsa, bits, Material::Rsa(key))
            }
            "1.2.840.113549.1.1.10" => {
                let kind = KeyKind::RsaPss(pss_restriction(&algorithm)?);
                let (bits, key) = RsaKey::read(key)?;
                (kind, bits, Material::Rsa(key))
            }
            #[cfg(feature = "dsa")]
            "1.2.840.10040.4.1" => {
                let key = super::dsa::DsaKey::read(&algorithm, key)?;
                (KeyKind::Dsa, key.bits(), Material::Dsa(key))
            }
            "1.2.840.10045.2.1" => {
                let curve = named_curve(&algorithm)?;
                let point = Point::read(curve, key)?;
                (KeyKind::Ec(curve), curve.bits(), Material::Ec(point))
            }
            "1.3.101.112" => {
                without_parameters(&algorithm)?;
                let octets = key.try_into().map_err(|_| wrong())?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(octets).map_err(|_| wrong())?;
                (KeyKind::Ed25519, 256, Material::Ed25519(key))
            }
            #[cfg(feature = "ml-dsa")]
            "2.16.840.1.101.3.4.3.17" | "2.16.840.1.101.3.4.3.18" | "2.16.840.1.101.3.4.3.19" => {
                // RFC 9881 §2: the parameters must be absent, NULL is none of it.
                if algorithm.parameters.is_some() {
                    return Err(wrong().into());
                }
                let (kind, set) = match algorithm.signature_algorithm(None)? {
                    set @ SignatureAlgorithm::MlDsa44 => (KeyKind::MlDsa44, set),
                    set @ SignatureAlgorithm::MlDsa65 => (KeyKind::MlDsa65, set),
                    set => (KeyKind::MlDsa87, set),
                };
                let key = super::ml_dsa::MlDsaKey::read(set, key)?;
                (kind, key.bits(), Material::MlDsa(key))
            }
            other => return Err(Unsupported::Algorithm(other.to_owned()).into()),
        };
        Ok(Self(Arc::new(Inner {
            spki: spki.into(),
            id: super::object_id(spki),
            kind,
            bits,
            material,
        })))
    }

    /// The original bytes.
    #[must_use]
    pub fn spki(&self) -> &Arc<[u8]> {
        &self.0.spki
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.0.kind
    }

    /// Size: see [`KeySize::bits`].
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits
    }

    /// The size, as cryptographic suites measure it.
    #[must_use]
    pub fn size(&self) -> KeySize {
        let curve = match self.0.kind {
            KeyKind::Ec(curve) => Some(curve),
            _ => None,
        };
        KeySize {
            bits: self.0.bits,
            curve,
        }
    }

    /// SHA-256 of [`PublicKey::spki`].
    #[must_use]
    pub fn id(&self) -> ObjectId {
        self.0.id
    }

    /// Octets of a plain signature value of this key; 0 for a DSA key without its parameters.
    #[must_use]
    pub fn value_len(&self) -> usize {
        match &self.0.material {
            Material::Rsa(key) => key.modulus.len(),
            #[cfg(feature = "dsa")]
            Material::Dsa(key) => key.scalar_len() * 2,
            Material::Ec(point) => point.curve().scalar_len() * 2,
            Material::Ed25519(_) => 64,
            #[cfg(feature = "ml-dsa")]
            Material::MlDsa(key) => key.value_len(),
        }
    }

    /// The modulus of an RSA key, highest octet first, without leading zeros.
    #[must_use]
    pub fn rsa_modulus(&self) -> Option<&[u8]> {
        match &self.0.material {
            Material::Rsa(key) => Some(&key.modulus),
            _ => None,
        }
    }

    /// Whether both are the same key, though their `SubjectPublicKeyInfo` may differ: in
    /// parameters, or in the compression of the point.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        match (&self.0.material, &other.0.material) {
            (Material::Rsa(left), Material::Rsa(right)) => {
                left.modulus == right.modulus && left.exponent == right.exponent
            }
            #[cfg(feature = "dsa")]
            (Material::Dsa(left), Material::Dsa(right)) => left.is_same(right),
            (Material::Ec(left), Material::Ec(right)) => left == right,
            (Material::Ed25519(left), Material::Ed25519(right)) => left == right,
            #[cfg(feature = "ml-dsa")]
            (Material::MlDsa(left), Material::MlDsa(right)) => left.is_same(right),
            _ => false,
        }
    }

    /// Whether this is a DSA key without its domain parameters: it verifies nothing until
    /// [`PublicKey::with_parameters_of`] gave it those of its issuer's key.
    #[must_use]
    pub fn inherits_parameters(&self) -> bool {
        match &self.0.material {
            #[cfg(feature = "dsa")]
            Material::Dsa(key) => key.inherits(),
            _ => false,
        }
    }

    /// A DSA key with the domain parameters of its issuer's key, RFC 3279 §2.3.2 and RFC 5280
    /// §6.1.4(d) to (f). Its [`PublicKey::spki`] is written anew, so that the same number in two
    /// domains is two keys; none where there is nothing to inherit, or from nobody.
    ///
    /// # Errors
    /// [`Malformed`] for a number that is none of the domain.
    pub fn with_parameters_of(&self, issuer: &Self) -> Result<Option<Self>, Error> {
        match (&self.0.material, &issuer.0.material) {
            #[cfg(feature = "dsa")]
            (Material::Dsa(key), Material::Dsa(other)) if key.inherits() => key
                .spki_within(other)
                .as_deref()
                .map(Self::from_spki)
                .transpose(),
            _ => Ok(None),
        }
    }

    pub(super) fn material(&self) -> &Material {
        &self.0.material
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.0.kind, self.0.id)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.spki == other.0.spki
    }
}

impl Eq for PublicKey {}

pub(super) fn wrong() -> Malformed {
    Malformed::within(MalformedKind::KeyEncoding, "subjectPublicKey")
}

fn without_parameters(algorithm: &AlgorithmIdentifier) -> Result<(), Malformed> {
    match algorithm.parameters.as_deref() {
        None | Some([5, 0]) => Ok(()),
        Some(_) => Err(Malformed::within(
            MalformedKind::KeyEncoding,
            "AlgorithmIdentifier",
        )),
    }
}

/// RFC 4055 §3.1: absent parameters leave the key free, present ones bind it.
fn pss_restriction(algorithm: &AlgorithmIdentifier) -> Result<Option<PssRestriction>, Error> {
    if algorithm.parameters.is_none() {
        return Ok(None);
    }
    match algorithm.signature_algorithm(None)? {
        SignatureAlgorithm::RsaPss {
            digest,
            mgf_digest,
            salt_length,
        } => Ok(Some(PssRestriction {
            digest,
            mgf_digest,
            min_salt_length: salt_length,
        })),
        _ => Err(wrong().into()),
    }
}

/// RFC 5480 §2.1.1.
///
/// ```text
/// ECParameters ::= CHOICE {
///     namedCurve      OBJECT IDENTIFIER,
///     implicitCurve   NULL,
///     specifiedCurve  SpecifiedECDomain }   -- RFC 5480: only namedCurve
/// ```
fn named_curve(algorithm: &AlgorithmIdentifier) -> Result<Curve, Error> {
    let parameters = algorithm.parameters.as_deref().ok_or_else(wrong)?;
    let value = Reader::der(parameters).read_any()?;
    match value.tag {
        Tag::OID => {
            let oid = value.oid()?.to_string();
            Curve::from_oid(&oid).ok_or_else(|| Unsupported::Algorithm(oid).into())
        }
        // A curve of the certificate's own making can turn any public key into one whose private
        // key is known (CVE-2020-0601).
        Tag::SEQUENCE => Err(Unsupported::Feature("explicit elliptic curve parameters").into()),
        Tag::NULL => Err(Unsupported::Feature("implicit elliptic curve parameters").into()),
        _ => Err(wrong().into()),
    }
}
