//! Values that another implementation (OpenSSL 3, `dgst -sign`) made, where no published vectors
//! exist or where the curve is put together here; the points are compressed.

use super::super::{Fit, PublicKey};
use super::{curves, unanimous};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use hex_literal::hex;

#[test]
fn values_of_another_implementation_fit() {
    let mut count = 0;
    for (curve, digest, spki, value) in VECTORS {
        if !curves().any(|there| there == *curve) {
            continue;
        }
        count += 1;
        let key = PublicKey::from_spki(spki).unwrap();
        let algorithm = SignatureAlgorithm::Ecdsa {
            digest: *digest,
            encoding: ValueEncoding::Der,
        };
        let ask = |message| unanimous(&key, algorithm, message, value);
        assert_eq!(ask(b"to be signed"), Fit::Fits, "{curve} {digest}");
        assert_eq!(ask(b"to be signee"), Fit::DoesNotFit, "{curve} {digest}");
    }
    let all = cfg!(all(feature = "brainpool", feature = "secp256k1"));
    assert!(count == VECTORS.len() || !all);
}

const VECTORS: &[(Curve, DigestAlgorithm, &[u8], &[u8])] = &[
    (
        Curve::BrainpoolP256t1,
        DigestAlgorithm::Sha1,
        &hex!(
            "303a301406072a8648ce3d020106092b2403030208010108032200036a71c0eb163bc7a2a39497b7"
            "e0c373c253d2e7c07ab74afbaa184ee554f40578"
        ),
        &hex!(
            "304402205328005a0c308d40dc244e91d56624640518048bf0b501e63f85501dded470e302207622"
            "3072a9f5fd472685e664d49af9f5079b3e5903f69ed1eb15deb9e1739ec4"
        ),
    ),
    (
        Curve::BrainpoolP256t1,
        DigestAlgorithm::Sha512,
        &hex!(
            "303a301406072a8648ce3d020106092b24030302080101080322000214cef9b96863f33f2b7c5d5f"
            "38a58d2717fabbaf2327b20d7a59aa76705304f2"
        ),
        &hex!(
            "3045022100a8162bd8ff8f977ffdd958c69843f9ff3a3b9544fbe06449cbe61fce2a802095022012"
            "9cc7d6352e370ef1b19dfcd60f87023f8bc697dc14ef912868685dadc0bc6e"
        ),
    ),
    (
        Curve::BrainpoolP384t1,
        DigestAlgorithm::Sha1,
        &hex!(
            "304a301406072a8648ce3d020106092b240303020801010c0332000375d788d3a64ab4d82e3b5664"
            "d5fc34b91dddaaca35b095215995934c35a9bfb7236d6ad37a6a62738c32c3c5fee19dd4"
        ),
        &hex!(
            "3064023008c4bec06c830a569a3f676b2a9c8639323ea39722d21dac81a68768dbcee78c2998c8de"
            "f8e86a51cb395bc0f450708702305a122538f875106f2f79ee8ee1f7e29390d75a31432747508004"
            "ac072c90bcb7850563159a8a2fa7a85690345e16378d"
        ),
    ),
    (
        Curve::BrainpoolP384t1,
        DigestAlgorithm::Sha512,
        &hex!(
            "304a301406072a8648ce3d020106092b240303020801010c03320003332c8bba3122d4da4d8d7359"
            "78646d252835589ee489121d8a9e2da8db4d2d6b654c57ce2b2aa70871ed1af174a1d907"
        ),
        &hex!(
            "30640230342054ef982267c20875a5ce285982b77bfcdf122072770a70cadea26877774c99eda4de"
            "b05e4cf9e562554babd993a102303d786b095e1f00a0e659f06308f1430626e5506d2a1cbc61e81c"
            "193e685d42913c3d53557824d27f86f32854ffe23025"
        ),
    ),
    (
        Curve::BrainpoolP512t1,
        DigestAlgorithm::Sha1,
        &hex!(
            "305a301406072a8648ce3d020106092b240303020801010e03420003695815c1d4c3c9bc4f1bbbd4"
            "6c8254ae09e368979fd2dd90ff169db3313a9112f526d5bf7171a3697f9caaf16742e21b75f9b531"
            "1f9768de3b7bd7e26686fac5"
        ),
        &hex!(
            "3081860241009549b516dd8e55053d41587a7c71ba401e42711e2936d973b7b2f524f8d3777cb317"
            "e4b8c9dcd2e5da04d32ad62181c58062f08c06df1654207a09d0c5f46d13024100a744b6f95a5e55"
            "295203eed35cca3a3c59c6ab2034b1d5597e84a81fb7232b10aadc46a305081dd4ccb29c16b56f1a"
            "c8e0577af909552b5c70c4d44d446272b9"
        ),
    ),
    (
        Curve::BrainpoolP512t1,
        DigestAlgorithm::Sha512,
        &hex!(
            "305a301406072a8648ce3d020106092b240303020801010e034200032d451b387a078b23af7ac333"
            "959dbacbafe6ed82ed27a9089bf368fdbf395ffcf38605c8686796a7e9493f9bec96e3993a454ae3"
            "1a23de023ddf114bb342e93d"
        ),
        &hex!(
            "308184024023b35091ff86d0099a3577f20850cdf08980dd16ae93d9f5dc4b03426073b706e6fa87"
            "a06c14cec51d3eeb0e6be8bb8ae144a7cbe6577444fb2421e785fe2ecb02403919848c243e60c5d0"
            "89bc05830ab9075bc0fdd4d66efc3eeb8c1398ee625e605c4f563f0666060a94e6efc8911c848312"
            "a799aa335ac9de2c521459c66158a4"
        ),
    ),
    (
        Curve::BrainpoolP512r1,
        DigestAlgorithm::Sha1,
        &hex!(
            "305a301406072a8648ce3d020106092b240303020801010d034200037dfa3662b98af9e86089507f"
            "8e0448397ba2789898595d6634991c38598b50a120f65c773df4bc4a98773f341eb55b55f601895b"
            "fe307ccaf081f85ec7731dd0"
        ),
        &hex!(
            "308184024028b77683cc38000f57231387db843dd0cd57b12d273a410d7c9372c303fe334717c9c7"
            "dfe72fd30763aabf16fac1a190e791da23a9534e3ff483f733b800d68c02403353a92bcb46407632"
            "6d59ef0d1a6bfc44865807d885ba8706cc24615f54be711f813f994785443b691543844066721ead"
            "46d120749bd766be1db7c62f17c82d"
        ),
    ),
    (
        Curve::BrainpoolP512r1,
        DigestAlgorithm::Sha512,
        &hex!(
            "305a301406072a8648ce3d020106092b240303020801010d0342000354881585be41bca0f06a9044"
            "58fe50d65be340b09f4eb558cf174c307075b4e7ad994891af2b6b1d940056db4adc9d75247218fd"
            "7d00277405d6dfbd0516f729"
        ),
        &hex!(
            "30818402407c8765f4c0d9dfddec0bc15df10bce9e1342df1dbd22bd7b4840e32de1d8aef83334ab"
            "b13a068059b017c8627d864c9aa476cbc95eba418b6086f16d9777681602407b94037f36b5369448"
            "f55052677bc3347daada7a80fffe725ddc30fc0c37e930c1f6f710c05fbfac6c0e6fe7c6fa35f3e7"
            "8dc276d1c9fd6c19c0088258ab204a"
        ),
    ),
    (
        Curve::Secp256k1,
        DigestAlgorithm::Sha1,
        &hex!(
            "3036301006072a8648ce3d020106052b8104000a0322000395c03c328c518a7476ee3a96ccd3c77f"
            "89a61c8ecdc184b68ab2698c6df3c9b5"
        ),
        &hex!(
            "3045022100fa9258b1b0f1d8aab604e149f9f09e7153f3f17204ea2ed0b5d55e61e4c2535d02204f"
            "fc21de00a0d1879eec981fefa98a2aea1f0bffe76403cc5d544f98adeede5a"
        ),
    ),
    (
        Curve::Secp256k1,
        DigestAlgorithm::Sha512,
        &hex!(
            "3036301006072a8648ce3d020106052b8104000a03220003760ca94309f404f9160f2de71d5c3823"
            "5e088901197e79dad1b4b92cd42a1820"
        ),
        &hex!(
            "3046022100f7fa2194cee6d157078440c9e5c4234982bdd930db531a521fe888f50a4361af022100"
            "c4e03e4f746b8701f901a53a9076f47dceed64fc9d32005ea87efb3752eb7e1f"
        ),
    ),
];
