//! ML-DSA: its private keys, and its values made by RustCrypto; pure, with an empty context.
//!
//! # Standard
//! FIPS 204 §5.2; RFC 9881 §6 (private keys), RFC 9882 §3 (the context is empty), §4 (hedged).

use super::equal;
use super::seed::SeedStream;
use super::software_key::wrong;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{Reader, Tag};
use crate::error::Malformed;
use ml_dsa::{
    B32, ExpandedSigningKey, ExpandedSigningKeyBytes, MlDsa44, MlDsa65, MlDsa87, MlDsaParams,
};
use zeroize::Zeroizing;

/// A private key, wiped when dropped.
pub(super) enum MlDsaPrivateKey {
    MlDsa44(Box<ExpandedSigningKey<MlDsa44>>),
    MlDsa65(Box<ExpandedSigningKey<MlDsa65>>),
    MlDsa87(Box<ExpandedSigningKey<MlDsa87>>),
}

impl MlDsaPrivateKey {
    /// Reads what `privateKey` holds, RFC 9881 §6, and gives the octets of the public key with it.
    ///
    /// ```text
    /// ML-DSA-44-PrivateKey ::= CHOICE {
    ///     seed        [0] OCTET STRING (SIZE (32)),
    ///     expandedKey OCTET STRING (SIZE (2560)),
    ///     both        SEQUENCE {
    ///         seed        OCTET STRING (SIZE (32)),
    ///         expandedKey OCTET STRING (SIZE (2560)) } }
    /// ```
    pub(super) fn read(
        algorithm: SignatureAlgorithm,
        choice: &[u8],
    ) -> Result<(Self, Vec<u8>), Malformed> {
        let form = Form::read(choice)?;
        let read = match algorithm {
            SignatureAlgorithm::MlDsa44 => form
                .key(SECRETS_44)
                .map(|(key, public)| (Self::MlDsa44(key), public)),
            SignatureAlgorithm::MlDsa65 => form
                .key(SECRETS_65)
                .map(|(key, public)| (Self::MlDsa65(key), public)),
            SignatureAlgorithm::MlDsa87 => form
                .key(SECRETS_87)
                .map(|(key, public)| (Self::MlDsa87(key), public)),
            _ => None,
        };
        read.ok_or_else(wrong)
    }

    pub(super) fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::MlDsa44(_) => SignatureAlgorithm::MlDsa44,
            Self::MlDsa65(_) => SignatureAlgorithm::MlDsa65,
            Self::MlDsa87(_) => SignatureAlgorithm::MlDsa87,
        }
    }

    /// The hedged variant, FIPS 204 §5.2 (Algorithm 2); none when all attempts were rejected, which
    /// does not happen to a key that was made by the rules.
    pub(super) fn sign(&self, message: &[u8], random: &mut SeedStream) -> Option<Vec<u8>> {
        match self {
            Self::MlDsa44(key) => sign(key, message, random),
            Self::MlDsa65(key) => sign(key, message, random),
            Self::MlDsa87(key) => sign(key, message, random),
        }
    }
}

fn sign<P: MlDsaParams>(
    key: &ExpandedSigningKey<P>,
    message: &[u8],
    random: &mut SeedStream,
) -> Option<Vec<u8>> {
    let value = key.sign_randomized(message, b"", random).ok()?;
    Some(value.encode().to_vec())
}

/// The three forms of a private key.
enum Form<'k> {
    Seed(&'k [u8]),
    Expanded(&'k [u8]),
    Both(&'k [u8], &'k [u8]),
}

impl<'k> Form<'k> {
    fn read(choice: &'k [u8]) -> Result<Self, Malformed> {
        let mut outer = Reader::der(choice);
        let value = outer.read_any()?;
        outer.finish()?;
        match value.tag {
            Tag::OCTET_STRING => Ok(Self::Expanded(value.content)),
            Tag::SEQUENCE => {
                let mut fields = value.reader();
                let seed = fields.read(Tag::OCTET_STRING)?.content;
                let expanded = fields.read(Tag::OCTET_STRING)?.content;
                fields.finish()?;
                Ok(Self::Both(seed, expanded))
            }
            tag if tag == Tag::context(0) => Ok(Self::Seed(value.content)),
            _ => Err(wrong()),
        }
    }

    /// The key and its public key; none for what is no key of this parameter set.
    fn key<P: MlDsaParams>(
        &self,
        secrets: Secrets,
    ) -> Option<(Box<ExpandedSigningKey<P>>, Vec<u8>)> {
        let key = match self {
            Self::Seed(seed) => from_seed::<P>(seed)?,
            Self::Expanded(octets) => from_expanded::<P>(octets, secrets)?,
            Self::Both(seed, octets) => {
                let key = from_seed::<P>(seed)?;
                // RFC 9881 §6: of two keys in one file nobody could say which one signs.
                equal(&expanded(&key), octets).then_some(key)?
            }
        };
        let public = key.verifying_key().encode().to_vec();
        Some((key, public))
    }
}

fn from_seed<P: MlDsaParams>(seed: &[u8]) -> Option<Box<ExpandedSigningKey<P>>> {
    let seed = <&B32>::try_from(seed).ok()?;
    Some(Box::new(ExpandedSigningKey::from_seed(seed)))
}

#[expect(
    deprecated,
    reason = "RFC 9881 §6 allows the expanded form, and nothing else gives it"
)]
fn expanded<P: MlDsaParams>(key: &ExpandedSigningKey<P>) -> Zeroizing<Vec<u8>> {
    let octets = Zeroizing::new(key.to_expanded());
    Zeroizing::new(octets.to_vec())
}

/// FIPS 204 §7.2 (Algorithm 25), for keys of strangers: what is out of range is no key, and neither
/// is one whose parts do not belong together, which a value that it makes shows.
#[expect(
    deprecated,
    reason = "RFC 9881 §6 allows keys without a seed; ranges are checked before"
)]
fn from_expanded<P: MlDsaParams>(
    octets: &[u8],
    secrets: Secrets,
) -> Option<Box<ExpandedSigningKey<P>>> {
    let encoded = <&ExpandedSigningKeyBytes<P>>::try_from(octets).ok()?;
    secrets.are_in_range(octets).then_some(())?;
    let key = Box::new(ExpandedSigningKey::<P>::from_expanded(encoded));
    let value = key.sign_deterministic(b"", b"").ok()?;
    let public = key.verifying_key();
    public.verify_with_context(b"", b"", &value).then_some(key)
}

/// Where s1 and s2 stand in an expanded key, one coefficient after the other.
#[derive(Clone, Copy)]
struct Secrets {
    octets: usize,
    /// Bits of a coefficient.
    width: u32,
    /// Twice η: the largest number that stands for a coefficient.
    most: u32,
}

/// FIPS 204 §4 Table 1: l + k polynomials of 256 coefficients in [-η, η].
const SECRETS_44: Secrets = Secrets {
    octets: 8 * 96,
    width: 3,
    most: 4,
};
const SECRETS_65: Secrets = Secrets {
    octets: 11 * 128,
    width: 4,
    most: 8,
};
const SECRETS_87: Secrets = Secrets {
    octets: 15 * 96,
    width: 3,
    most: 4,
};

impl Secrets {
    /// The crate panics at a coefficient that is none. They stand behind ρ, K and tr; of t0, which
    /// comes last, every number of 13 bits is one.
    fn are_in_range(self, octets: &[u8]) -> bool {
        let secrets = octets.iter().skip(32 + 32 + 64).take(self.octets);
        let secrets: Zeroizing<Vec<u8>> = Zeroizing::new(secrets.copied().collect());
        // Three octets hold whole coefficients, of three bits and of four.
        secrets.chunks(3).all(|chunk| {
            let number = chunk
                .iter()
                .rev()
                .fold(0, |number: u32, octet| number << 8 | u32::from(*octet));
            let mask = (1 << self.width) - 1;
            (0..24 / self.width).all(|place| (number >> (place * self.width)) & mask <= self.most)
        })
    }
}
