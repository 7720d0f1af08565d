//! ECDSA: points, and values that are read strictly, rewritten, verified and made by RustCrypto.

use crate::algorithm::{Curve, ValueEncoding};
use crate::asn1::{Reader, Tag, write};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};

/// Rewrites an ECDSA value from one form into the other.
///
/// Smart cards and phones give `r ‖ s`; CMS and X.509 want `SEQUENCE { r, s }`.
///
/// # Errors
/// [`Malformed`] for a value that does not follow its form, or whose numbers are longer than the
/// order of the group.
pub fn transcode_ecdsa(
    value: &[u8],
    curve: Curve,
    from: ValueEncoding,
    to: ValueEncoding,
) -> Result<Vec<u8>, Malformed> {
    let pair = Pair::read(value, curve, from).ok_or_else(|| {
        Malformed::within(MalformedKind::SignatureValueEncoding, "signature value")
    })?;
    Ok(pair.write(to))
}

/// An ECDSA value in DER where `r ‖ s` is wanted, as `r ‖ s`; none for a value of the right form or
/// of neither. The curve is not known here: the numbers are made as long as the shortest order that
/// holds both, and a key of another curve refuses the value.
#[must_use]
pub fn ecdsa_in_der(value: &[u8]) -> Option<Vec<u8>> {
    let mut lengths = Curve::ALL
        .iter()
        .map(|curve| curve.scalar_len())
        .collect::<Vec<_>>();
    lengths.sort_unstable();
    if lengths.iter().any(|length| value.len() == length * 2) {
        return None;
    }
    let read = |length| Pair::read_long(value, length, ValueEncoding::Der);
    let pair = lengths.into_iter().find_map(read)?;
    Some(pair.octets)
}

/// An ECDSA value `r ‖ s` whose numbers were both cut by zeros at their front, with these; none for a
/// value as long as that of a curve. Cut alike they are still told apart in the middle.
#[must_use]
pub fn ecdsa_with_zeros(value: &[u8]) -> Option<Vec<u8>> {
    let lengths = || Curve::ALL.iter().map(|curve| curve.scalar_len());
    let (r, s) = value.split_at_checked(value.len() / 2)?;
    if r.len() != s.len() || lengths().any(|length| r.len() == length) {
        return None;
    }
    let length = lengths().filter(|length| *length > r.len()).min()?;
    // Three zeros are one signature of sixteen millions.
    if length - r.len() > 3 {
        return None;
    }
    let zeros = vec![0; length - r.len()];
    Some([&zeros, r, &zeros, s].concat())
}

/// The two numbers of an ECDSA value, each as long as the order of the group.
pub(super) struct Pair {
    octets: Vec<u8>,
}

impl Pair {
    /// Reads a value; none unless it follows its form to the letter. One reader serves every
    /// provider, so that they cannot differ in what they take for a value.
    ///
    /// ```text
    /// ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }   -- RFC 3279 §2.2.3, in DER
    /// ```
    pub(super) fn read(value: &[u8], curve: Curve, encoding: ValueEncoding) -> Option<Self> {
        Self::read_long(value, curve.scalar_len(), encoding)
    }

    /// The same for a group whose order has this many octets; DSA writes its values alike (RFC 3279
    /// §2.2.2, XMLDSig §6.4.1).
    pub(super) fn read_long(value: &[u8], length: usize, encoding: ValueEncoding) -> Option<Self> {
        match encoding {
            // XMLDSig §6.4.3 (RFC 6931 §2.3.6), RFC 7518 §3.4: exactly twice the length.
            ValueEncoding::Plain => {
                let is_whole = value.len() == length * 2;
                is_whole.then(|| Self {
                    octets: value.to_vec(),
                })
            }
            ValueEncoding::Der => {
                let mut outer = Reader::der(value);
                let mut fields = outer.read(Tag::SEQUENCE).ok()?.reader();
                outer.finish().ok()?;
                let mut octets = Vec::with_capacity(length * 2);
                for _ in 0..2 {
                    let number = fields.read(Tag::INTEGER).ok()?.unsigned_integer().ok()?;
                    let zeros = length.checked_sub(number.len())?;
                    octets.resize(octets.len() + zeros, 0);
                    octets.extend_from_slice(number);
                }
                fields.finish().ok()?;
                Some(Self { octets })
            }
        }
    }

    /// `r ‖ s`.
    pub(super) fn plain(&self) -> &[u8] {
        &self.octets
    }

    /// r and s.
    pub(super) fn halves(&self) -> (&[u8], &[u8]) {
        self.octets.split_at(self.octets.len() / 2)
    }

    pub(super) fn write(&self, encoding: ValueEncoding) -> Vec<u8> {
        match encoding {
            ValueEncoding::Plain => self.octets.clone(),
            ValueEncoding::Der => {
                let (r, s) = self.halves();
                write::sequence(&[&write::integer_bytes(r), &write::integer_bytes(s)])
            }
        }
    }
}

macro_rules! curves {
    ($($(#[$feature:meta])* $curve:ident => $parameters:ty;)+) => {
        /// A public key: a point that lies on its curve and is not the point at infinity.
        #[derive(PartialEq)]
        pub(super) enum Point {
            $($(#[$feature])* $curve(ecdsa::VerifyingKey<$parameters>),)+
        }

        impl Point {
            /// RFC 5480 §2.2: an uncompressed or compressed point. That it lies on the curve and is
            /// not the point at infinity, the crates check (SP 800-56A §5.6.2.3.3).
            ///
            /// # Errors
            /// [`Malformed`]; [`Unsupported::Algorithm`] for a curve that was left out.
            pub(super) fn read(curve: Curve, octets: &[u8]) -> Result<Self, Error> {
                // The crates also read other forms of SEC 1 (compact, identity): not of RFC 5480.
                if !matches!(octets.first(), Some(2..=4)) {
                    return Err(super::key::wrong().into());
                }
                $($(#[$feature])* if curve == Curve::$curve {
                    let key = ecdsa::VerifyingKey::from_sec1_bytes(octets);
                    return key.map(Self::$curve).map_err(|_| super::key::wrong().into());
                })+
                Err(Unsupported::Algorithm(curve.oid().to_owned()).into())
            }

            pub(super) fn curve(&self) -> Curve {
                match self { $($(#[$feature])* Self::$curve(_) => Curve::$curve,)+ }
            }

            /// The uncompressed form.
            pub(super) fn octets(&self) -> Vec<u8> {
                match self {
                    $($(#[$feature])* Self::$curve(key) => key.to_sec1_point(false).as_bytes().to_vec(),)+
                }
            }

            /// Whether an ECDSA value over a message digest fits.
            pub(super) fn fits(&self, message_digest: &[u8], pair: &Pair) -> bool {
                match self {
                    $($(#[$feature])* Self::$curve(key) => {
                        ecdsa::Signature::<$parameters>::from_slice(pair.plain())
                            // Of the two values s and n - s, secp256k1 is told to take the lower
                            // one only, a rule of a ledger; FIPS 186-5 §6.4.2 takes both.
                            .map(|value| match <$parameters as ecdsa::EcdsaCurve>::NORMALIZE_S {
                                true => value.normalize_s(),
                                false => value,
                            })
                            .and_then(|value| key.verify_prehash(message_digest, &value))
                            .is_ok()
                    })+
                }
            }
        }

        /// A private key.
        pub(super) enum Scalar {
            $($(#[$feature])* $curve(Box<ecdsa::SigningKey<$parameters>>),)+
        }

        impl Scalar {
            /// A number from 1 to the order of the group less 1.
            ///
            /// # Errors
            /// [`Malformed`]; [`Unsupported::Algorithm`] for a curve that was left out.
            pub(super) fn read(curve: Curve, octets: &[u8]) -> Result<Self, Error> {
                $($(#[$feature])* if curve == Curve::$curve {
                    let key = ecdsa::SigningKey::from_slice(octets).map(Box::new);
                    return key.map(Self::$curve).map_err(|_| {
                        Malformed::within(MalformedKind::KeyEncoding, "ECPrivateKey").into()
                    });
                })+
                Err(Unsupported::Algorithm(curve.oid().to_owned()).into())
            }

            pub(super) fn point(&self) -> Point {
                match self {
                    $($(#[$feature])* Self::$curve(key) => Point::$curve(*key.verifying_key()),)+
                }
            }

            /// Signs a message digest, deterministically (RFC 6979 §3.2).
            pub(super) fn sign(&self, message_digest: &[u8]) -> Option<Pair> {
                match self {
                    $($(#[$feature])* Self::$curve(key) => {
                        let value: ecdsa::Signature<$parameters> =
                            key.sign_prehash(message_digest).ok()?;
                        Some(Pair { octets: value.to_bytes().to_vec() })
                    })+
                }
            }
        }
    };
}

curves! {
    P256 => p256::NistP256;
    P384 => p384::NistP384;
    P521 => p521::NistP521;
    #[cfg(feature = "secp256k1")] Secp256k1 => k256::Secp256k1;
    #[cfg(feature = "brainpool")] BrainpoolP256r1 => bp256::BrainpoolP256r1;
    #[cfg(feature = "brainpool")] BrainpoolP256t1 => bp256::BrainpoolP256t1;
    #[cfg(feature = "brainpool")] BrainpoolP384r1 => bp384::BrainpoolP384r1;
    #[cfg(feature = "brainpool")] BrainpoolP384t1 => bp384::BrainpoolP384t1;
    #[cfg(feature = "brainpool")] BrainpoolP512r1 => super::brainpool_p512::BrainpoolP512r1;
    #[cfg(feature = "brainpool")] BrainpoolP512t1 => super::brainpool_p512::BrainpoolP512t1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use ValueEncoding::{Der, Plain};

    #[test]
    fn values_come_back_in_both_forms() {
        let mut plain = vec![0; 64];
        plain[31] = 1;
        plain[32] = 0x80;
        let der = transcode_ecdsa(&plain, Curve::P256, Plain, Der).unwrap();
        assert_eq!(der[..8], [0x30, 38, 2, 1, 1, 2, 33, 0]);
        assert_eq!(
            transcode_ecdsa(&der, Curve::P256, Der, Plain).unwrap(),
            plain
        );
    }

    #[test]
    fn numbers_that_were_cut_alike_get_their_zeros_back() {
        let cut = [[1; 65], [2; 65]].concat();
        let whole = [&[0][..], &[1; 65], &[0], &[2; 65]].concat();
        assert_eq!(ecdsa_with_zeros(&cut), Some(whole));
        assert_eq!(ecdsa_with_zeros(&[7; 62]).unwrap().len(), 64);
        // Long enough, uneven, cut by more than chance cuts, longer than any.
        for length in [0, 63, 64, 96, 132, 131, 56, 134] {
            assert_eq!(ecdsa_with_zeros(&vec![1; length]), None, "{length}");
        }
    }

    #[test]
    fn values_that_are_not_to_the_letter_are_refused() {
        for wrong in [
            &[][..],
            &[0x30, 0],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x81, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
        ] {
            assert!(Pair::read(wrong, Curve::P256, Der).is_none(), "{wrong:x?}");
        }
        let long = write::sequence(&[&write::integer_bytes(&[1; 33]), &write::integer(1)]);
        assert!(Pair::read(&long, Curve::P256, Der).is_none());
        assert!(Pair::read(&long, Curve::P384, Der).is_some());
        for length in [0, 63, 65, 96] {
            assert!(Pair::read(&vec![1; length], Curve::P256, Plain).is_none());
        }
    }
}
