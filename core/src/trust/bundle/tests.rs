//! Bundles: what is read is what was written, and what was changed is refused.

use super::*;
use crate::certificate::sample::Sample;
use crate::crypto::SoftwareKey;
use crate::job::Seed;
use crate::trust::TrustSet;

const PEM: &str = include_str!("../../../../test-vectors/keys/citizen-p256.pem");

fn anchor(subject: &str) -> TrustAnchor {
    let sample = Sample::keyed(subject, 1, subject).authority(None).signed(1);
    TrustAnchor::from_certificate(sample)
}

fn bundle() -> Bundle {
    let until = UnixTime::from_seconds(2_000_000_000);
    let anchors = vec![
        (anchor("a"), "the authority \"a\"\n".to_owned()),
        (
            anchor("b").for_purposes([Purpose::Ocsp]).until(until),
            String::new(),
        ),
    ];
    Bundle::new("ours".to_owned(), UnixTime::from_seconds(1), anchors).unwrap()
}

fn signed() -> Bundle {
    let mut bundle = bundle();
    let key = SoftwareKey::from_pem(PEM, None).unwrap();
    let algorithm = SignatureAlgorithm::from_jose("ES256").unwrap().algorithm;
    let data = bundle.data_to_be_signed();
    let seed = Seed::new([1; 32]);
    let value = key.sign(algorithm, Message::Octets(&data), &seed).unwrap();
    let public = key.public_key().clone();
    bundle
        .attach(algorithm, public, value, &mut Budget::default())
        .unwrap();
    bundle
}

fn read(text: &str) -> Result<Bundle, Error> {
    Bundle::read(text.as_bytes(), &mut Budget::default())
}

fn set(bundle: &Bundle) -> [u8; 32] {
    TrustSet::new(bundle.anchors.iter().map(|(anchor, _)| anchor.clone())).digest()
}

#[test]
fn a_bundle_says_what_was_put_in() {
    for bundle in [bundle(), signed()] {
        let text = bundle.write().unwrap();
        assert!(Bundle::is_one(text.as_bytes()));
        let again = read(&text).unwrap();
        assert_eq!((again.name.as_str(), again.issued), ("ours", bundle.issued));
        assert_eq!(set(&again), set(&bundle));
        assert_eq!(again.anchors[0].1, bundle.anchors[0].1);
        assert_eq!(
            again.anchors[1].0.sunset_date,
            bundle.anchors[1].0.sunset_date
        );
        assert_eq!(again.write().unwrap(), text);
        let key = |one: &Bundle| one.signer().map(PublicKey::id);
        assert_eq!(key(&again), key(&bundle));
    }
}

#[test]
fn a_signed_bundle_that_was_changed_anywhere_is_refused() {
    let text = signed().write().unwrap();
    for (index, character) in text.char_indices() {
        let mut changed = text.clone();
        let other = if character == 'A' { "B" } else { "A" };
        changed.replace_range(index..index + character.len_utf8(), other);
        if let Ok(bundle) = read(&changed) {
            // Only a line end may have other neighbours; nothing that is relied on.
            assert_eq!(set(&bundle), set(&signed()), "{index}");
            assert!(bundle.signer().is_some(), "{index}");
            panic!("octet {index} was changed unnoticed");
        }
    }
}

#[test]
fn a_signature_over_something_else_is_refused() {
    let text = signed().write().unwrap();
    let (content, signature) = text.split_once('\n').unwrap();
    let other = content.replace("ours", "hers");
    assert!(read(&format!("{other}\n{signature}")).is_err());
    // Without its signature it is a bundle that nobody signed, and says so.
    assert!(read(content).unwrap().signer().is_none());
    for wrong in [
        format!("{content}\n{signature}{signature}"),
        format!("{content}\n{{}}\n"),
        format!("{content}\n\n{signature}"),
        format!("{content}\n{}", signature.replace("ES256", "ES384")),
        format!("{content}\n{}", signature.replace("ES256", "none")),
        format!("{content}\n{}", signature.replace("ES256", "HS256")),
        String::new(),
        "{}".to_owned(),
        content.replace("\"imza-trust\":1", "\"imza-trust\":2"),
        content.replace("\"name\"", "\"nom\""),
        content.replace("\"note\"", "\"remark\""),
        content.replace("\"ocsp\"", "\"everything\""),
    ] {
        assert!(read(&wrong).is_err(), "{wrong}");
    }
}
