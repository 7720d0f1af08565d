//! A signature with parameters of RSASSA-PSS, as another implementation writes them.

use super::*;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::crypto::{self, Fit, Memo, Message, PublicKey};
use crate::xml::Text;

/// Made with Apache Santuario 4.0.2 (`XMLSignature` with a `PSSParameterSpec` of SHA-384 and a salt of
/// 20 octets) and a key of its own. It writes no `MaskGenerationFunction` and means MGF1 with the
/// digest that it wrote.
const SANTUARIO: &str = r##"<a>1<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>
<ds:SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#rsa-pss">
<pss:RSAPSSParams xmlns:pss="http://www.w3.org/2007/05/xmldsig-more#">
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"></ds:DigestMethod>
<pss:SaltLength>20</pss:SaltLength>
<pss:TrailerField>1</pss:TrailerField>
</pss:RSAPSSParams>
</ds:SignatureMethod>
<ds:Reference URI="">
<ds:Transforms>
<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>
</ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>
<ds:DigestValue>ODiZfFnSV0UKFQilKhw7zfursk7GWiG01kTgzqmfwps=</ds:DigestValue>
</ds:Reference>
</ds:SignedInfo>
<ds:SignatureValue>
DRKjqG3uSzAW/9xdvLHkDl2fbG0NGgOIvRfE3vagDI6ua5SGod7OjIB8BhG5w3pA19tIzbW95TOK&#xD;
gIOHTiAvKJ03QBLNi2mGMRDgI4nFe/LptOqkrfwLRRqjzjtm182CFwqv1k5RWFh3suovBHTXieAR&#xD;
Uy/km5oqCOdnLAWUc+/xKFTrajSEjjsEwHHffRnV6s1ck08G2rtXurukFc7qkk8K6IgbOBlsfiKm&#xD;
WF8UbpZhYfGcN6U4xxRXon+QRJC4ZlLNco16wNYjT/nhO1pK7YlSQXN1tdwUnfPmAhuCdf8K3pYu&#xD;
/G3oudFQWJWAMweTeT/j2mYQwdVIp1WmSTP3ew==
</ds:SignatureValue>
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:KeyValue>
<ds:RSAKeyValue>
<ds:Modulus>tIMgoaq6FYtUldnEDGkIZTfV+sSWusztPA6buD+X3frDKX2Kyqolihc0IOYhkCT0no9WAhtILLzM&#xD;
R5MaamIDgi6Qmo6sLvVbs96NTGfa/+o8JPPfsVqbqxRDHWfKXYCRqpobFmVi4hhD3/Ttdu6PnGWD&#xD;
FMmkHU8Iqn8uC2s0jjtAwAW46qq/axKIgoEJW4/+CHRGG7oyllGx/iiXzxzHxFR1ltxGYcapNVwL&#xD;
zcDYb8qszkx8v8zvdnXe77vOWk7BJGL8ARq+n5QSwcTX5g+8G6EUeqZfwuyfI7EQXlkgmWc1ak5q&#xD;
THKn52SZurbqQXuQsyf9NpmgWWcCurQzWnZWiw==</ds:Modulus>
<ds:Exponent>AQAB</ds:Exponent>
</ds:RSAKeyValue>
</ds:KeyValue>
</ds:KeyInfo>
</ds:Signature></a>"##;

#[test]
fn parameters_without_a_function_mean_the_digest_for_it_too() {
    let budget = &mut Budget::default();
    let text = Text::new(SANTUARIO);
    let tree = Tree::parse(&text, budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, budget).unwrap();
    let octets = signature.signed_info.octets(&tree, budget).unwrap();
    let key = &signature.key_info.as_ref().unwrap().keys[0];
    let key = PublicKey::from_spki(key).unwrap();
    let value = &signature.value.octets;
    let mut verify = |mgf_digest, salt_length| {
        let algorithm = SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha384,
            mgf_digest,
            salt_length,
        };
        let message = Message::Octets(&octets);
        let memo = &mut Memo::default();
        let fit = crypto::verify(&key, algorithm, message, value, budget, memo).unwrap();
        (algorithm, fit)
    };
    let (algorithm, fit) = verify(DigestAlgorithm::Sha384, 20);
    assert_eq!(fit, Fit::Fits);
    assert_eq!(signature.signed_info.algorithm, Ok(algorithm));
    for (mgf_digest, salt_length) in [
        (DigestAlgorithm::Sha256, 20),
        (DigestAlgorithm::Sha1, 20),
        (DigestAlgorithm::Sha384, 48),
    ] {
        assert_eq!(verify(mgf_digest, salt_length).1, Fit::DoesNotFit);
    }
}
