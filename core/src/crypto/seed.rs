//! Octets that follow from the host's seed: nonces, salts, blinding factors.

use crate::job::Seed;
use rsa::rand_core::{Infallible, TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The `number`-th 32 octets for one purpose. Different labels or numbers give unrelated octets;
/// none of them tells the seed.
#[must_use]
pub fn derive(seed: &Seed, label: &str, number: u64) -> [u8; 32] {
    // The label is digested so that the input has one length and one reading.
    Sha256::new()
        .chain_update(b"imza seed 1")
        .chain_update(Sha256::digest(label))
        .chain_update(number.to_be_bytes())
        .chain_update(seed.octets())
        .finalize()
        .into()
}

/// A generator over SHA-256 in counter mode (in the manner of SP 800-90A §10.1.1, Hash_DRBG
/// without reseeding), for the crates that want one.
pub(super) struct SeedStream {
    key: Zeroizing<[u8; 32]>,
    counter: u64,
}

impl SeedStream {
    /// The stream for one operation. `context` (what is signed) keeps two operations apart that
    /// are given the same seed by mistake.
    pub(super) fn new(seed: &Seed, label: &str, context: &[u8]) -> Self {
        let base = Zeroizing::new(derive(seed, label, 0));
        let key = Sha256::new()
            .chain_update(base.as_slice())
            .chain_update(Sha256::digest(context))
            .finalize();
        Self {
            key: Zeroizing::new(key.into()),
            counter: 0,
        }
    }
}

impl TryRng for SeedStream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        for chunk in octets.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.key.as_slice())
                .chain_update(self.counter.to_be_bytes())
                .finalize();
            self.counter = self.counter.wrapping_add(1);
            for (octet, random) in chunk.iter_mut().zip(block) {
                *octet = random;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for SeedStream {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_labels_numbers_and_seeds_give_other_octets() {
        let seed = Seed::new([7; 32]);
        let first = derive(&seed, "nonce", 0);
        assert_eq!(first, derive(&Seed::new([7; 32]), "nonce", 0));
        assert_ne!(first, derive(&seed, "nonce", 1));
        assert_ne!(first, derive(&seed, "nonc", 0));
        assert_ne!(first, derive(&Seed::new([8; 32]), "nonce", 0));
    }

    #[test]
    fn streams_do_not_repeat() {
        let seed = Seed::new([7; 32]);
        let mut stream = SeedStream::new(&seed, "salt", b"a");
        let mut octets = [0; 96];
        stream.try_fill_bytes(&mut octets).unwrap();
        assert_ne!(octets[..32], octets[32..64]);
        let mut other = [0; 96];
        SeedStream::new(&seed, "salt", b"b")
            .try_fill_bytes(&mut other)
            .unwrap();
        assert_ne!(octets, other);
        assert_ne!(stream.try_next_u32(), stream.try_next_u32());
    }
}
