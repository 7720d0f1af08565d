//! Digests, in one piece or in many; a running digest can be copied, saved and taken up again.

use crate::algorithm::DigestAlgorithm;
use crate::error::{ApiMisuse, Error, Unsupported};
use crate::vocabulary::ObjectId;
use digest::Digest as _;
use digest::common::hazmat::{SerializableState, SerializedState};

/// A running digest.
#[derive(Clone)]
pub struct Digester {
    algorithm: DigestAlgorithm,
    state: State,
}

/// Digests `bytes`.
///
/// # Errors
/// [`Unsupported::Algorithm`].
pub fn digest(algorithm: DigestAlgorithm, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut digester = Digester::new(algorithm)?;
    digester.update(bytes);
    Ok(digester.finish())
}

/// The SHA-256 digest that names an object.
#[must_use]
pub fn object_id(bytes: &[u8]) -> ObjectId {
    ObjectId(sha2::Sha256::digest(bytes).into())
}

impl Digester {
    /// A digest of nothing yet.
    ///
    /// # Errors
    /// [`Unsupported::Algorithm`] for MD5 and RIPEMD-160.
    pub fn new(algorithm: DigestAlgorithm) -> Result<Self, Error> {
        let state =
            State::new(algorithm).ok_or_else(|| Unsupported::Algorithm(algorithm.to_string()))?;
        Ok(Self { algorithm, state })
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Takes in more octets.
    pub fn update(&mut self, octets: &[u8]) {
        self.state.update(octets);
    }

    /// The digest of everything taken in.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.state.finish()
    }

    /// The state after what was taken in, to be saved. It tells the digest of a payload without
    /// the payload; see [`Digester::resume`].
    ///
    /// SHA-1 and the SHA-2 family: the chaining words, each with the lowest octet first; the count
    /// of whole blocks (8 octets, for SHA-384 and SHA-512 16, lowest first); the number of octets
    /// that wait for their block (one octet); these octets, filled up with zeros to one octet less
    /// than a block. SHA-3: the 25 lanes, each with the lowest octet first, and the number of
    /// octets absorbed into the present block (one octet).
    #[must_use]
    pub fn state(&self) -> Option<Vec<u8>> {
        Some(self.state.save())
    }

    /// Takes up a digest where [`Digester::state`] left it.
    ///
    /// # Errors
    /// [`ApiMisuse::UnreadableValue`] for octets that are no such state;
    /// [`Unsupported::Algorithm`].
    pub fn resume(algorithm: DigestAlgorithm, state: &[u8]) -> Result<Self, Error> {
        let mut digester = Self::new(algorithm)?;
        digester.state = digester
            .state
            .load(state)
            .ok_or(ApiMisuse::UnreadableValue)?;
        Ok(digester)
    }
}

impl std::fmt::Debug for Digester {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digester({})", self.algorithm)
    }
}

macro_rules! states {
    ($($variant:ident => $digest:ty;)+) => {
        #[derive(Clone)]
        enum State { $($variant($digest),)+ }

        impl State {
            fn new(algorithm: DigestAlgorithm) -> Option<Self> {
                match algorithm {
                    $(DigestAlgorithm::$variant => Some(Self::$variant(<$digest>::new())),)+
                    _ => None,
                }
            }

            fn update(&mut self, octets: &[u8]) {
                match self { $(Self::$variant(state) => state.update(octets),)+ }
            }

            fn finish(self) -> Vec<u8> {
                match self { $(Self::$variant(state) => state.finalize().to_vec(),)+ }
            }

            fn save(&self) -> Vec<u8> {
                match self { $(Self::$variant(state) => state.serialize().to_vec(),)+ }
            }

            /// A state of the same algorithm.
            fn load(&self, octets: &[u8]) -> Option<Self> {
                match self {
                    $(Self::$variant(_) => {
                        let state = SerializedState::<$digest>::try_from(octets).ok()?;
                        <$digest>::deserialize(&state).ok().map(Self::$variant)
                    })+
                }
            }
        }
    };
}

states! {
    Sha1 => sha1::Sha1;
    Sha224 => sha2::Sha224;
    Sha256 => sha2::Sha256;
    Sha384 => sha2::Sha384;
    Sha512 => sha2::Sha512;
    Sha3_224 => sha3::Sha3_224;
    Sha3_256 => sha3::Sha3_256;
    Sha3_384 => sha3::Sha3_384;
    Sha3_512 => sha3::Sha3_512;
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    const SUPPORTED: [DigestAlgorithm; 9] = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha3_224,
        DigestAlgorithm::Sha3_256,
        DigestAlgorithm::Sha3_384,
        DigestAlgorithm::Sha3_512,
    ];

    #[test]
    fn digests_are_those_of_the_standards() {
        let of_abc = |algorithm| digest(algorithm, b"abc").unwrap();
        assert_eq!(
            of_abc(DigestAlgorithm::Sha1),
            hex!("a9993e364706816aba3e25717850c26c9cd0d89d")
        );
        assert_eq!(
            of_abc(DigestAlgorithm::Sha256),
            hex!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        );
        assert_eq!(
            of_abc(DigestAlgorithm::Sha3_256),
            hex!("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")
        );
        for algorithm in SUPPORTED {
            assert_eq!(of_abc(algorithm).len(), algorithm.output_len());
        }
        let id = object_id(b"abc");
        assert_eq!(id.0.to_vec(), of_abc(DigestAlgorithm::Sha256));
    }

    #[test]
    fn a_saved_state_goes_on_at_any_octet() {
        let octets: Vec<u8> = (0u16..700).map(|number| number.to_le_bytes()[0]).collect();
        for algorithm in SUPPORTED {
            let whole = digest(algorithm, &octets).unwrap();
            for cut in 0..octets.len() {
                let mut first = Digester::new(algorithm).unwrap();
                first.update(&octets[..cut]);
                let state = first.state().unwrap();
                let mut second = Digester::resume(algorithm, &state).unwrap();
                second.update(&octets[cut..]);
                assert_eq!(second.finish(), whole, "{algorithm} {cut}");
            }
        }
    }

    #[test]
    fn the_saved_form_is_the_documented_one() {
        let mut digester = Digester::new(DigestAlgorithm::Sha256).unwrap();
        digester.update(&[0x61; 67]);
        let state = digester.state().unwrap();
        assert_eq!(state.len(), 32 + 8 + 64);
        assert_eq!(state[32..40], 1u64.to_le_bytes());
        assert_eq!(state[40..44], [3, 0x61, 0x61, 0x61]);
        assert!(state[44..].iter().all(|octet| *octet == 0));
        let mut digester = Digester::new(DigestAlgorithm::Sha512).unwrap();
        digester.update(&[0x61; 129]);
        let state = digester.state().unwrap();
        assert_eq!(
            (state.len(), state[80], state[81]),
            (64 + 16 + 128, 1, 0x61)
        );
        let mut digester = Digester::new(DigestAlgorithm::Sha3_512).unwrap();
        digester.update(&[0x61; 5]);
        let state = digester.state().unwrap();
        assert_eq!((state.len(), state[0], state[200]), (201, 0x61, 5));
    }

    #[test]
    fn states_that_are_none_are_refused() {
        let good = Digester::new(DigestAlgorithm::Sha256)
            .unwrap()
            .state()
            .unwrap();
        let resume = |state: &[u8]| Digester::resume(DigestAlgorithm::Sha256, state).map(drop);
        assert_eq!(resume(&good), Ok(()));
        assert!(resume(&good[1..]).is_err());
        assert!(resume(&[]).is_err());
        assert!(Digester::resume(DigestAlgorithm::Sha512, &good).is_err());
        let mut more_than_a_block = good.clone();
        more_than_a_block[40] = 64;
        assert!(resume(&more_than_a_block).is_err());
        let mut octets_beyond_the_count = good;
        octets_beyond_the_count[50] = 1;
        assert!(resume(&octets_beyond_the_count).is_err());
    }

    #[test]
    fn broken_digests_are_unsupported() {
        for algorithm in [DigestAlgorithm::Md5, DigestAlgorithm::Ripemd160] {
            let error = digest(algorithm, b"abc").unwrap_err();
            assert_eq!(error.code(), "unsupported.algorithm");
        }
    }
}
