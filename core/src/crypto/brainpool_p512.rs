//! brainpoolP512r1 and its twist, over the generic curve arithmetic of RustCrypto.
//!
//! No crate has these two curves. What stands here are their numbers; field, group and ECDSA are
//! those of `primefield`, `primeorder` and `ecdsa`, as for every other curve.
//!
//! # Standard
//! RFC 5639 §3.7.

use ecdsa::elliptic_curve::bigint::{Odd, U512};
use ecdsa::elliptic_curve::consts::U64;
use ecdsa::elliptic_curve::hazmat::FieldArithmetic;
use ecdsa::elliptic_curve::point::PointCompression;
use ecdsa::elliptic_curve::{Curve, CurveArithmetic, PrimeCurve, PrimeCurveArithmetic};
use field::FieldElement;
use primeorder::{PrimeCurveParams, mul_backend, point_arithmetic};
use scalar::Scalar;

/// The modulus of the field.
const P: &str = "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3";
/// The order of the group, whose cofactor is 1.
const Q: &str = "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069";
const ORDER: Odd<U512> = Odd::<U512>::from_be_hex(Q);

// The generators are the smallest numbers that are no squares. Square roots are all that they are
// used for, and that needs no more of them.

/// The field of the coordinates.
#[expect(
    deprecated,
    reason = "a macro of primefield 0.14 uses what crypto-bigint 0.7.11 renamed"
)]
mod field {
    use super::{P, U512};
    use ecdsa::elliptic_curve::ops::BatchInvert;
    use primefield::subtle::{Choice, ConstantTimeEq as _, CtOption};
    use primeorder::PrimeField;

    primefield::monty_field_params! {
        name: Params,
        modulus: P,
        uint: U512,
        byte_order: primefield::ByteOrder::BigEndian,
        multiplicative_generator: 2,
        doc: "The field of brainpoolP512."
    }

    primefield::monty_field_element! {
        name: FieldElement,
        params: Params,
        uint: U512,
        doc: "A member of the field of brainpoolP512."
    }

    primefield::monty_field_arithmetic! {
        name: FieldElement,
        params: Params,
        uint: U512
    }

    impl BatchInvert for FieldElement {}
}

/// Numbers modulo the order of the group.
#[expect(
    deprecated,
    reason = "a macro of primefield 0.14 uses what crypto-bigint 0.7.11 renamed"
)]
mod scalar {
    use super::{BrainpoolP512r1, BrainpoolP512t1, ORDER, Q, U512};
    use ecdsa::elliptic_curve::scalar::{FromUintUnchecked, IsHigh};
    use primefield::subtle::{Choice, ConstantTimeEq as _, ConstantTimeGreater as _, CtOption};
    use primeorder::{PrimeField, wnaf};

    primefield::monty_field_params! {
        name: Params,
        modulus: Q,
        uint: U512,
        byte_order: primefield::ByteOrder::BigEndian,
        multiplicative_generator: 7,
        doc: "Numbers modulo the order of brainpoolP512."
    }

    primefield::monty_field_element! {
        name: Scalar,
        params: Params,
        uint: U512,
        doc: "A number modulo the order of brainpoolP512."
    }

    primefield::monty_field_arithmetic! {
        name: Scalar,
        params: Params,
        uint: U512
    }

    primefield::monty_field_reduce! {
        name: Scalar,
        params: Params,
        uint: U512,
    }

    ecdsa::elliptic_curve::scalar_impls!(BrainpoolP512r1, Scalar);
    ecdsa::elliptic_curve::scalar_impls!(BrainpoolP512t1, Scalar);

    wnaf::impl_wnaf_size_for_scalar!(Scalar);

    impl AsRef<Scalar> for Scalar {
        fn as_ref(&self) -> &Scalar {
            self
        }
    }

    impl FromUintUnchecked for Scalar {
        type Uint = U512;

        fn from_uint_unchecked(number: U512) -> Self {
            Self::from_uint_unchecked(number)
        }
    }

    impl IsHigh for Scalar {
        fn is_high(&self) -> Choice {
            const HALF: U512 = ORDER.as_ref().shr_vartime(1);
            self.to_canonical().ct_gt(&HALF)
        }
    }
}

macro_rules! curve {
    ($(#[$doc:meta])* $name:ident, $arithmetic:ty, $a:expr, $b:literal, $x:literal, $y:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name;

        impl Curve for $name {
            type FieldBytesSize = U64;
            type Uint = U512;
            const ORDER: Odd<U512> = ORDER;
        }

        impl PrimeCurve for $name {}

        impl PointCompression for $name {
            const COMPRESS_POINTS: bool = false;
        }

        impl CurveArithmetic for $name {
            type AffinePoint = primeorder::AffinePoint<Self>;
            type ProjectivePoint = primeorder::ProjectivePoint<Self>;
            type Scalar = Scalar;
        }

        impl FieldArithmetic for $name {
            type FieldElement = FieldElement;
        }

        impl PrimeCurveArithmetic for $name {
            type CurveGroup = primeorder::ProjectivePoint<Self>;
        }

        impl PrimeCurveParams for $name {
            type PointArithmetic = $arithmetic;
            type Backend = mul_backend::VariableOnly;

            const EQUATION_A: FieldElement = $a;
            const EQUATION_B: FieldElement = FieldElement::from_hex_vartime($b);
            const GENERATOR: (FieldElement, FieldElement) = (
                FieldElement::from_hex_vartime($x),
                FieldElement::from_hex_vartime($y),
            );
        }

        impl ecdsa::EcdsaCurve for $name {
            const NORMALIZE_S: bool = false;
        }

        impl ecdsa::DigestAlgorithm for $name {
            type Digest = sha2::Sha512;
        }
    };
}

curve! {
    /// RFC 5639 §3.7, curve-ID brainpoolP512r1.
    BrainpoolP512r1,
    point_arithmetic::EquationAIsGeneric,
    FieldElement::from_hex_vartime("7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca"),
    "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
    "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
    "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892"
}

curve! {
    /// RFC 5639 §3.7, curve-ID brainpoolP512t1.
    BrainpoolP512t1,
    point_arithmetic::EquationAIsMinusThree,
    FieldElement::from_u64(3).neg(),
    "7cbbbcf9441cfab76e1890e46884eae321f70c0bcb4981527897504bec3e36a62bcdfa2304976540f6450085f2dae145c22553b465763689180ea2571867423e",
    "640ece5c12788717b9c1ba06cbc2a6feba85842458c56dde9db1758d39c0313d82ba51735cdb3ea499aa77a7d6943a64f7a3f25fe26f06b51baa2696fa9035da",
    "5b534bd595f5af0fa2c892376c84ace1bb4e3019b71634c01131159cae03cee9d9932184beef216bd71df2dadf86a627306ecff96dbb8bace198b61e00f8b332"
}
