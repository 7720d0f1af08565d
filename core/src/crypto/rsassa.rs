//! RSA: its keys, and its signatures by RustCrypto: PKCS #1 v1.5 and PSS.
//!
//! PSS is put together here from digests and the raw operation, because no provider takes a digest
//! in MGF1 that differs from the one of the message.

use super::digester::Digester;
use super::key::wrong;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Mode, Reader, Tag, check_tree, write};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Limit, Resource};
use rsa::traits::PublicKeyParts as _;
use std::sync::OnceLock;

/// Bits of an RSA modulus beyond which no key is read, whatever the limits say.
const MAX_MODULUS_BITS: u64 = 16_384;

/// Bits of an RSA public exponent. Verification time grows with it; 33 bits are what *ring* and
/// the crate `rsa` settled on, after the exponents that Windows CryptoAPI can hold (32 bits).
const MAX_EXPONENT_BITS: u64 = 33;

/// Modulus and exponent, highest octet first, without leading zeros.
pub(super) struct RsaKey {
    pub(super) modulus: Box<[u8]>,
    pub(super) exponent: Box<[u8]>,
    prepared: OnceLock<Option<rsa::PublicKey>>,
}

impl RsaKey {
    /// RFC 8017 Appendix A.1.1.
    ///
    /// ```text
    /// RSAPublicKey ::= SEQUENCE {
    ///     modulus         INTEGER,
    ///     publicExponent  INTEGER }
    /// ```
    pub(super) fn read(key: &[u8]) -> Result<(u32, Self), Error> {
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
        let key = Self {
            modulus: modulus.into(),
            exponent: exponent.into(),
            prepared: OnceLock::new(),
        };
        let bits = u32::try_from(bits).map_err(|_| wrong())?;
        Ok((bits, key))
    }

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

/// Bits of a number without leading zero octets.
pub(super) fn bit_length(octets: &[u8]) -> u64 {
    let Some((first, rest)) = octets.split_first() else {
        return 0;
    };
    let rest = u64::try_from(rest.len()).unwrap_or(u64::MAX / 16);
    rest * 8 + u64::from(8 - first.leading_zeros())
}

/// Parameters of PSS.
#[derive(Clone, Copy)]
pub(super) struct Pss {
    pub(super) digest: DigestAlgorithm,
    pub(super) mgf_digest: DigestAlgorithm,
    pub(super) salt_length: u32,
}

/// RSASSA-PKCS1-v1_5, RFC 8017 §9.2: DigestInfo with NULL parameters, compared as a whole. The form
/// without them is refused, as every provider does.
///
/// ```text
/// DigestInfo ::= SEQUENCE {
///     digestAlgorithm  AlgorithmIdentifier,
///     digest           OCTET STRING }
/// ```
pub(super) fn pkcs1_scheme(digest: DigestAlgorithm) -> rsa::Pkcs1v15Sign {
    let length = digest.output_len();
    let identifier = write::sequence(&[&write::oid(digest.oid()), &write::null()]);
    let mut info = write::sequence(&[&identifier, &write::octet_string(&vec![0; length])]);
    info.truncate(info.len().saturating_sub(length));
    rsa::Pkcs1v15Sign {
        hash_len: Some(length),
        prefix: info.into(),
    }
}

/// Whether an RSASSA-PKCS1-v1_5 value fits.
pub(super) fn verify_pkcs1(
    key: &RsaKey,
    digest: DigestAlgorithm,
    message_digest: &[u8],
    value: &[u8],
) -> bool {
    key.prepared().is_some_and(|key| {
        key.verify(pkcs1_scheme(digest), message_digest, value)
            .is_ok()
    })
}

/// Whether an RSASSA-PSS value fits, RFC 8017 §8.1.2.
///
/// # Errors
/// [`crate::error::Unsupported`] for a digest that cannot be computed.
pub(super) fn verify_pss(
    key: &RsaKey,
    pss: Pss,
    message_digest: &[u8],
    value: &[u8],
) -> Result<bool, Error> {
    // A digest that is not supported is so whatever the value.
    Digester::new(pss.digest)?;
    Digester::new(pss.mgf_digest)?;
    let Some(encoded) = encoded_message(key, value) else {
        return Ok(false);
    };
    let bits = key.prepared().map_or(0, |key| key.n().bit_width());
    let unused = unused_bits(bits);
    is_consistent(pss, message_digest, encoded, unused)
}

/// Bits of the first octet of the encoded message that stay zero: it has one bit less than the
/// modulus.
fn unused_bits(modulus_bits: u32) -> u32 {
    (8 - modulus_bits.saturating_sub(1) % 8) % 8
}

/// RFC 8017 §8.1.2 steps 1 and 2: the value as a number below the modulus, raised to the public
/// exponent.
fn encoded_message(key: &RsaKey, value: &[u8]) -> Option<Vec<u8>> {
    // Step 1: exactly as long as the modulus.
    if value.len() != key.modulus.len() || value >= &*key.modulus {
        return None;
    }
    let prepared = key.prepared()?;
    let number = rsa::BoxedUint::from_be_slice(value, prepared.n_bits_precision()).ok()?;
    let result = rsa::hazmat::rsa_encrypt(prepared, &number).ok()?;
    // Step 2c: emLen is one octet less than the modulus when that has 8k+1 bits.
    let length = usize::try_from(prepared.n().bit_width().saturating_sub(1).div_ceil(8)).ok()?;
    to_octets(&result, length)
}

/// A number in `length` octets; none when it needs more.
pub(super) fn to_octets(number: &rsa::BoxedUint, length: usize) -> Option<Vec<u8>> {
    let octets = number.to_be_bytes();
    let cut = octets.len().saturating_sub(length);
    let (leading, significant) = octets.split_at_checked(cut)?;
    if leading.iter().any(|octet| *octet != 0) {
        return None;
    }
    let mut padded = vec![0; length.saturating_sub(significant.len())];
    padded.extend_from_slice(significant);
    Some(padded)
}

/// EMSA-PSS-VERIFY, RFC 8017 §9.1.2, from step 3.
fn is_consistent(
    pss: Pss,
    message_digest: &[u8],
    encoded: Vec<u8>,
    unused: u32,
) -> Result<bool, Error> {
    let digest_length = pss.digest.output_len();
    let Ok(salt_length) = usize::try_from(pss.salt_length) else {
        return Ok(false);
    };
    // Step 3: room for digest, salt, separator and trailer. The order keeps the sum small.
    let room = encoded
        .len()
        .checked_sub(2)
        .and_then(|room| room.checked_sub(digest_length))
        .and_then(|room| room.checked_sub(salt_length));
    let (Some(padding_length), true) = (room, message_digest.len() == digest_length) else {
        return Ok(false);
    };
    // Steps 4 and 5: maskedDB ‖ H ‖ BC.
    let Some((0xbc, rest)) = encoded.split_last().map(|(last, rest)| (*last, rest)) else {
        return Ok(false);
    };
    let Some((masked, hash)) = rest.split_at_checked(padding_length + 1 + salt_length) else {
        return Ok(false);
    };
    // Step 6: the leftmost bits are zero.
    let mask = 0xff_u8.checked_shr(unused).unwrap_or(0);
    if masked.first().is_none_or(|first| first & !mask != 0) {
        return Ok(false);
    }
    // Steps 7 to 9.
    let mut block = masked.to_vec();
    mgf1_xor(pss.mgf_digest, hash, &mut block)?;
    if let Some(first) = block.first_mut() {
        *first &= mask;
    }
    // Step 10: zeros, then 01.
    let Some((padding, salt)) = block.split_at_checked(padding_length + 1) else {
        return Ok(false);
    };
    let starts_well = padding
        .split_last()
        .is_some_and(|(last, zeros)| *last == 1 && zeros.iter().all(|octet| *octet == 0));
    if !starts_well {
        return Ok(false);
    }
    // Steps 11 to 14.
    Ok(super::equal(
        &salted(pss.digest, message_digest, salt)?,
        hash,
    ))
}

/// EMSA-PSS-ENCODE, RFC 8017 §9.1.1; none when the modulus is too small.
pub(super) fn encode_pss(
    pss: Pss,
    message_digest: &[u8],
    salt: &[u8],
    modulus_bits: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let length = modulus_bits.saturating_sub(1).div_ceil(8);
    let room = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_sub(2))
        .and_then(|room| room.checked_sub(pss.digest.output_len()))
        .and_then(|room| room.checked_sub(salt.len()));
    let Some(padding_length) = room else {
        return Ok(None);
    };
    let hash = salted(pss.digest, message_digest, salt)?;
    let mut encoded = vec![0; padding_length];
    encoded.push(1);
    encoded.extend_from_slice(salt);
    mgf1_xor(pss.mgf_digest, &hash, &mut encoded)?;
    if let Some(first) = encoded.first_mut() {
        *first &= 0xff_u8.checked_shr(unused_bits(modulus_bits)).unwrap_or(0);
    }
    encoded.extend_from_slice(&hash);
    encoded.push(0xbc);
    Ok(Some(encoded))
}

/// Hash(eight zeros ‖ mHash ‖ salt).
fn salted(digest: DigestAlgorithm, message_digest: &[u8], salt: &[u8]) -> Result<Vec<u8>, Error> {
    let mut digester = Digester::new(digest)?;
    digester.update(&[0; 8]);
    digester.update(message_digest);
    digester.update(salt);
    Ok(digester.finish())
}

/// MGF1, RFC 8017 Appendix B.2.1, over `block`.
fn mgf1_xor(digest: DigestAlgorithm, seed: &[u8], block: &mut [u8]) -> Result<(), Error> {
    let mut seeded = Digester::new(digest)?;
    seeded.update(seed);
    for (counter, chunk) in (0u32..).zip(block.chunks_mut(digest.output_len().max(1))) {
        let mut digester = seeded.clone();
        digester.update(&counter.to_be_bytes());
        for (octet, mask) in chunk.iter_mut().zip(digester.finish()) {
            *octet ^= mask;
        }
    }
    Ok(())
}
