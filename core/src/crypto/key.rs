//! Public keys, read strictly and checked before any use.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{AlgorithmIdentifier, Mode, Reader, Tag, check_tree};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Limit, Resource};
use crate::vocabulary::ObjectId;
use std::sync::{Arc, OnceLock};

/// Bits of an RSA modulus beyond which no key is read, whatever the limits say.
const MAX_MODULUS_BITS: u64 = 16_384;

/// Bits of an RSA public exponent. Verification time grows with it; 33 bits are what *ring* and
/// the crate `rsa` settled on, after the exponents that Windows CryptoAPI can hold (32 bits).
const MAX_EXPONENT_BITS: u64 = 33;

/// A named elliptic curve, FIPS 186-5 and SP 800-186 §3.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// P-256, also secp256r1.
    P256,
    /// P-384, also secp384r1.
    P384,
    /// P-521, also secp521r1.
    P521,
}

impl Curve {
    /// Dotted OID.
    #[must_use]
    pub fn oid(self) -> &'static str {
        match self {
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::P521 => "1.3.132.0.35",
        }
    }

    /// Bits of the order of the group.
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// Octets of one half of a plain signature value.
    #[must_use]
    pub fn scalar_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    fn from_oid(oid: &crate::asn1::Oid) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521]
            .into_iter()
            .find(|curve| oid.is(curve.oid()))
    }
}

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
    /// A point on a named curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
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
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

/// Modulus and exponent, highest octet first, without leading zeros.
pub(super) struct RsaKey {
    pub(super) modulus: Box<[u8]>,
    pub(super) exponent: Box<[u8]>,
    prepared: OnceLock<Option<rsa::PublicKey>>,
}

impl RsaKey {
    /// The key with its Montgomery constants, which are computed at first use.
    pub(super) fn prepared(&self) -> Option<&rsa::PublicKey> {
        let prepare = || {
            let bits = u32::try_from(self.modulus.len().checked_mul(8)?).ok()?;
            let modulus = rsa::BoxedUint::from_be_slice(&self.modulus, bits).ok()?;
            let exponent = rsa::BoxedUint::from_be_slice(&self.exponent, 64).ok()?;
            let sizes = 1..=usize::try_from(MAX_MODULUS_BITS).ok()?;
            rsa::PublicKey::new_with_size_limits(modulus, exponent, sizes).ok()
        };
        self.prepared.get_or_init(prepare).as_ref()
    }
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
    /// CVE-2020-0601) or an RSA exponent over 33 bits; [`Limit`] for an RSA modulus over 16,384
    /// bits.
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
                let (bits, material) = rsa(key)?;
                (KeyKind::Rsa, bits, material)
            }
            "1.2.840.113549.1.1.10" => {
                let kind = KeyKind::RsaPss(pss_restriction(&algorithm)?);
                let (bits, material) = rsa(key)?;
                (kind, bits, material)
            }
            "1.2.840.10045.2.1" => {
                let curve = named_curve(&algorithm)?;
                (KeyKind::Ec(curve), curve.bits(), point(curve, key)?)
            }
            "1.3.101.112" => {
                without_parameters(&algorithm)?;
                let octets = key.try_into().map_err(|_| wrong())?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(octets).map_err(|_| wrong())?;
                (KeyKind::Ed25519, 256, Material::Ed25519(key))
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

    /// Size: bits of the modulus, of the order of the group, or of the Ed25519 key.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits
    }

    /// SHA-256 of [`PublicKey::spki`].
    #[must_use]
    pub fn id(&self) -> ObjectId {
        self.0.id
    }

    /// Octets of a plain signature value of this key.
    #[must_use]
    pub fn value_len(&self) -> usize {
        match &self.0.material {
            Material::Rsa(key) => key.modulus.len(),
            Material::P256(_) | Material::Ed25519(_) => 64,
            Material::P384(_) => 96,
            Material::P521(_) => 132,
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
            (Material::P256(left), Material::P256(right)) => left == right,
            (Material::P384(left), Material::P384(right)) => left == right,
            (Material::P521(left), Material::P521(right)) => left == right,
            (Material::Ed25519(left), Material::Ed25519(right)) => left == right,
            _ => false,
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

fn wrong() -> Malformed {
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
    use crate::algorithm::SignatureAlgorithm;
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
            let oid = value.oid()?;
            Curve::from_oid(&oid).ok_or_else(|| Unsupported::Algorithm(oid.to_string()).into())
        }
        // A curve of the certificate's own making can turn any public key into one whose private
        // key is known (CVE-2020-0601).
        Tag::SEQUENCE => Err(Unsupported::Feature("explicit elliptic curve parameters").into()),
        Tag::NULL => Err(Unsupported::Feature("implicit elliptic curve parameters").into()),
        _ => Err(wrong().into()),
    }
}

/// RFC 5480 §2.2: an uncompressed or compressed point. It must lie on the curve and not be the
/// point at infinity, which the crates check (SP 800-56A §5.6.2.3.3).
fn point(curve: Curve, octets: &[u8]) -> Result<Material, Malformed> {
    // The crates also read other forms of SEC 1 (compact, identity): not of RFC 5480.
    if !matches!(octets.first(), Some(2..=4)) {
        return Err(wrong());
    }
    let material = match curve {
        Curve::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(octets).map(Material::P256),
        Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(octets).map(Material::P384),
        Curve::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(octets).map(Material::P521),
    };
    material.map_err(|_| wrong())
}

/// RFC 8017 Appendix A.1.1.
///
/// ```text
/// RSAPublicKey ::= SEQUENCE {
///     modulus         INTEGER,
///     publicExponent  INTEGER }
/// ```
fn rsa(key: &[u8]) -> Result<(u32, Material), Error> {
    check_tree(key, Mode::Der, &mut Budget::default())?;
    let mut fields = Reader::der(key).read(Tag::SEQUENCE)?.reader();
    // Cards of a national identity scheme were issued for years with the zero octet missing that
    // keeps the modulus positive. No modulus is negative, so that its octets read in one way only.
    let modulus = fields.read(Tag::INTEGER)?.integer()?;
    let modulus = match modulus {
        [0, rest @ ..] => rest,
        whole => whole,
    };
    let exponent = fields.read(Tag::INTEGER)?.unsigned_integer()?;
    fields.finish()?;
    let bits = bit_length(modulus);
    if bits > MAX_MODULUS_BITS {
        return Err(Limit {
            resource: Resource::ModulusBits,
            maximum: MAX_MODULUS_BITS,
            requested: bits,
        }
        .into());
    }
    // RFC 8017 §3.1: n is a product of odd primes, e lies between 3 and n-1 and is odd.
    let is_odd = |octets: &[u8]| octets.last().is_some_and(|last| last & 1 == 1);
    if !is_odd(modulus) || !is_odd(exponent) || exponent == [1] {
        return Err(wrong().into());
    }
    if bit_length(exponent) > MAX_EXPONENT_BITS {
        return Err(Unsupported::Feature("an RSA public exponent over 33 bits").into());
    }
    if (modulus.len(), modulus) <= (exponent.len(), exponent) {
        return Err(wrong().into());
    }
    let key = RsaKey {
        modulus: modulus.into(),
        exponent: exponent.into(),
        prepared: OnceLock::new(),
    };
    let bits = u32::try_from(bits).map_err(|_| wrong())?;
    Ok((bits, Material::Rsa(key)))
}

/// Bits of a number without leading zero octets.
fn bit_length(octets: &[u8]) -> u64 {
    let Some((first, rest)) = octets.split_first() else {
        return 0;
    };
    let rest = u64::try_from(rest.len()).unwrap_or(u64::MAX / 16);
    rest * 8 + u64::from(8 - first.leading_zeros())
}
