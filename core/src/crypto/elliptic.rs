//! ECDSA values: read strictly, rewritten, verified by RustCrypto.

use super::key::Curve;
use crate::algorithm::ValueEncoding;
use crate::asn1::{Reader, Tag, write};
use crate::error::{Malformed, MalformedKind};

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
        let length = curve.scalar_len();
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

    pub(super) fn write(&self, encoding: ValueEncoding) -> Vec<u8> {
        match encoding {
            ValueEncoding::Plain => self.octets.clone(),
            ValueEncoding::Der => {
                let (r, s) = self.octets.split_at(self.octets.len() / 2);
                write::sequence(&[&write::integer_bytes(r), &write::integer_bytes(s)])
            }
        }
    }
}

macro_rules! verify_with {
    ($name:ident, $curve:ident) => {
        /// Whether `r ‖ s` fits. FIPS 186-5 §6.4.2: r and s between 1 and n-1 are the first check,
        /// made where the value is read into scalars.
        pub(super) fn $name(key: &$curve::ecdsa::VerifyingKey, digest: &[u8], pair: &Pair) -> bool {
            use ::ecdsa::signature::hazmat::PrehashVerifier as _;
            $curve::ecdsa::Signature::from_slice(pair.plain())
                .and_then(|value| key.verify_prehash(digest, &value))
                .is_ok()
        }
    };
}

verify_with!(verify_p256, p256);
verify_with!(verify_p384, p384);
verify_with!(verify_p521, p521);

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
