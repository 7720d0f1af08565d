//! DSA: its keys, with or without their domain parameters, and its signatures by RustCrypto.
//!
//! Only old documents and old certificates carry it, so that it is verified and never made.
//!
//! # Standard
//! FIPS 186-4 §4; RFC 3279 §2.3.2 (keys), §2.2.2 (values).

use super::elliptic::Pair;
use super::key::wrong;
use super::rsassa::bit_length;
use crate::asn1::{AlgorithmIdentifier, Mode, Reader, Tag, check_tree, write};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Limit, Resource};
use dsa::signature::hazmat::PrehashVerifier as _;
use rsa::BoxedUint;
use std::sync::OnceLock;

/// Bits of the modulus beyond which no key is read: FIPS 186-4 §4.2 ends at 3072.
const MAX_MODULUS_BITS: u64 = 4096;
/// Bits of the modulus below which no key is read: the first edition of FIPS 186-4 (1994) began there.
const MIN_MODULUS_BITS: u64 = 512;

/// A public number and, unless they are inherited, the domain parameters that it belongs to.
pub(super) struct DsaKey {
    y: Box<[u8]>,
    domain: Option<Domain>,
    prepared: OnceLock<Option<dsa::VerifyingKey>>,
}

/// Highest octet first, without leading zeros.
#[derive(Clone, PartialEq)]
struct Domain {
    p: Box<[u8]>,
    q: Box<[u8]>,
    g: Box<[u8]>,
}

impl DsaKey {
    /// RFC 3279 §2.3.2. Without parameters the key inherits those of its issuer's key.
    ///
    /// ```text
    /// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
    /// DSAPublicKey ::= INTEGER   -- public key, y
    /// ```
    pub(super) fn read(algorithm: &AlgorithmIdentifier, key: &[u8]) -> Result<Self, Error> {
        check_tree(key, Mode::Der, &mut Budget::default())?;
        let mut outer = Reader::der(key);
        let y: Box<[u8]> = outer.read(Tag::INTEGER)?.unsigned_integer()?.into();
        outer.finish()?;
        let domain = match algorithm.parameters.as_deref() {
            None => None,
            Some(parameters) => Some(Domain::read(parameters)?),
        };
        if let Some(domain) = &domain {
            domain.holds(&y)?;
        }
        Ok(Self {
            y,
            domain,
            prepared: OnceLock::new(),
        })
    }

    /// Bits of the modulus; 0 where it is inherited.
    pub(super) fn bits(&self) -> u32 {
        let bits = self
            .domain
            .as_ref()
            .map_or(0, |domain| bit_length(&domain.p));
        u32::try_from(bits).unwrap_or(0)
    }

    /// Octets of one half of a plain value; 0 where the parameters are inherited.
    pub(super) fn scalar_len(&self) -> usize {
        self.domain.as_ref().map_or(0, |domain| domain.q.len())
    }

    /// Whether the parameters are the issuer's.
    pub(super) fn inherits(&self) -> bool {
        self.domain.is_none()
    }

    /// A `SubjectPublicKeyInfo` of this key with the domain parameters of another.
    pub(super) fn spki_within(&self, other: &Self) -> Option<Vec<u8>> {
        let domain = other.domain.as_ref()?;
        let numbers = [&domain.p, &domain.q, &domain.g].map(|number| write::integer_bytes(number));
        let [p, q, g] = &numbers;
        let identifier = write::sequence(&[
            &write::oid("1.2.840.10040.4.1"),
            &write::sequence(&[p, q, g]),
        ]);
        let y = write::bit_string(&write::integer_bytes(&self.y));
        Some(write::sequence(&[&identifier, &y]))
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.domain.is_some() && self.domain == other.domain && self.y == other.y
    }

    /// Whether a value over a message digest fits, FIPS 186-4 §4.7.
    ///
    /// # Errors
    /// [`Unsupported::Feature`] for a key without its parameters.
    pub(super) fn fits(
        &self,
        message_digest: &[u8],
        value: &[u8],
        encoding: crate::algorithm::ValueEncoding,
    ) -> Result<bool, Error> {
        if self.inherits() {
            return Err(Unsupported::Feature("a DSA key without its parameters").into());
        }
        let Some(pair) = Pair::read_long(value, self.scalar_len(), encoding) else {
            return Ok(false);
        };
        let (r, s) = pair.halves();
        let number = |octets: &[u8]| BoxedUint::from_be_slice_vartime(octets);
        // Zero is no part of a value; that both are below q, the crate checks.
        let value = dsa::Signature::from_components(number(r), number(s));
        let fits = self
            .prepared()
            .zip(value)
            .is_some_and(|(key, value)| key.verify_prehash(message_digest, &value).is_ok());
        Ok(fits)
    }

    /// The key, once generator and public number are known to lie in the subgroup of order q
    /// (SP 800-56A §5.6.2.3.1; the first key is made only to have its number checked).
    fn prepared(&self) -> Option<&dsa::VerifyingKey> {
        let prepare = || {
            let domain = self.domain.as_ref()?;
            let bits = u32::try_from(domain.p.len().checked_mul(8)?).ok()?;
            let number = |octets: &[u8]| BoxedUint::from_be_slice(octets, bits).ok();
            let q = BoxedUint::from_be_slice_vartime(&domain.q);
            let components = dsa::Components::from_components_unchecked(
                number(&domain.p)?,
                q,
                number(&domain.g)?,
            )
            .ok()?;
            let key = |octets: &[u8]| {
                dsa::VerifyingKey::from_components(components.clone(), number(octets)?).ok()
            };
            key(&domain.g).and_then(|_| key(&self.y))
        };
        self.prepared.get_or_init(prepare).as_ref()
    }
}

impl Domain {
    fn read(parameters: &[u8]) -> Result<Self, Error> {
        check_tree(parameters, Mode::Der, &mut Budget::default())?;
        let mut outer = Reader::der(parameters);
        let mut fields = outer.read(Tag::SEQUENCE)?.reader();
        let mut number = || -> Result<Box<[u8]>, Error> {
            Ok(fields.read(Tag::INTEGER)?.unsigned_integer()?.into())
        };
        let domain = Self {
            p: number()?,
            q: number()?,
            g: number()?,
        };
        fields.finish()?;
        outer.finish()?;
        let bits = bit_length(&domain.p);
        if bits > MAX_MODULUS_BITS {
            return Err(Limit {
                resource: Resource::ModulusBits,
                maximum: MAX_MODULUS_BITS,
                requested: bits,
            }
            .into());
        }
        // FIPS 186-4 §4.1: p and q are odd primes, 1 < g < p; §4.2 names the lengths of q. Whether
        // they are primes is the business of who chose them: it could deceive about nobody's
        // signatures but the own ones.
        let is_odd = |octets: &[u8]| octets.last().is_some_and(|last| last & 1 == 1);
        let is_sound = bits >= MIN_MODULUS_BITS
            && matches!(bit_length(&domain.q), 160 | 224 | 256)
            && is_odd(&domain.p)
            && is_odd(&domain.q)
            && is_between(&domain.g, &domain.p);
        is_sound.then_some(domain).ok_or_else(|| wrong().into())
    }

    /// FIPS 186-4 §4.1: 1 < y < p; and p - 1, which squares to one, generates no subgroup of an
    /// odd order, which is checked at first use.
    fn holds(&self, y: &[u8]) -> Result<(), Error> {
        is_between(y, &self.p)
            .then_some(())
            .ok_or_else(|| wrong().into())
    }
}

/// 1 < number < bound.
fn is_between(number: &[u8], bound: &[u8]) -> bool {
    let is_above_one = number.len() > 1 || number.first().is_some_and(|octet| *octet > 1);
    is_above_one && (number.len(), number) < (bound.len(), bound)
}
