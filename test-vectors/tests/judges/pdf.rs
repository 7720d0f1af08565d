use imza_test_vectors::Pki;
use imza_test_vectors::cades;
use imza_test_vectors::key::KeyKind;
use imza_test_vectors::pdf::{CrossReference, Flaw, PadesSpec, Pdf};
use imza_test_vectors::pki::FIXED_TIME;

use crate::certificates::{TIME, folder};
use crate::common::{has, run};

/// The numbers of the last ByteRange, and the octets of the last Contents.
fn last_signature(pdf: &[u8]) -> (Vec<usize>, Vec<u8>) {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let after = |mark: &str| text.rsplit_once(mark).unwrap().1.to_owned();
    let range = after("/ByteRange [");
    let range = range.split_once(']').unwrap().0.to_owned();
    let contents = after("/Contents <");
    let contents = contents.split_once('>').unwrap().0.to_owned();
    let numbers = range
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let octets = (0..contents.len() / 2)
        .map(|at| u8::from_str_radix(&contents[at * 2..at * 2 + 2], 16).unwrap())
        .collect();
    (numbers, octets)
}

#[test]
fn the_cms_fits_the_octets_of_the_byte_range() {
    if !has("openssl", "the_cms_fits_the_octets_of_the_byte_range") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let bundle = folder.path("bundle.pem");
    for (kind, cross_reference, flaw, passes) in [
        (KeyKind::P256, CrossReference::Table, Flaw::None, true),
        (KeyKind::Rsa2048, CrossReference::Stream, Flaw::None, true),
        (
            KeyKind::P256,
            CrossReference::Table,
            Flaw::ChangedOctet,
            false,
        ),
        (KeyKind::P256, CrossReference::Table, Flaw::GapTooWide, true),
        (
            KeyKind::P256,
            CrossReference::Table,
            Flaw::RangeTooShort,
            true,
        ),
    ] {
        let mut pdf = Pdf::new("Tikinti icazesi", cross_reference);
        let spec = PadesSpec {
            flaw,
            ..PadesSpec::new(FIXED_TIME)
        };
        let stamp = |signed: &mut imza_test_vectors::cms::Signed| signed.stamp(&pki, FIXED_TIME);
        pdf.sign(&spec, pki.citizen(kind), stamp).unwrap();
        let (range, contents) = last_signature(pdf.bytes());
        let (a, b, c, d) = (range[0], range[1], range[2], range[3]);
        let bytes = pdf.bytes();
        let content = [&bytes[a..a + b], &bytes[c..c + d]].concat();
        let (data, signature) = (
            folder.write("data", &content),
            folder.write("signature.p7s", &contents),
        );
        let out = folder.path("out");
        let mut arguments = vec![
            "cms", "-verify", "-binary", "-inform", "DER", "-in", &signature,
        ];
        arguments.extend(["-content", &data, "-CAfile", &bundle, "-attime", TIME]);
        arguments.extend(["-purpose", "any", "-cades", "-out", &out]);
        assert_eq!(
            run("openssl", &arguments).status.success(),
            passes,
            "{kind:?} {flaw:?}"
        );
    }
}

#[test]
fn a_cms_with_a_flaw_is_put_in_as_it_is() {
    let pki = Pki::fixed().unwrap();
    let mut spec = PadesSpec::new(FIXED_TIME);
    spec.cms.flaw = cades::Flaw::WrongMessageDigest;
    let (mut one, mut two) = (
        Pdf::new("a", CrossReference::Table),
        Pdf::new("a", CrossReference::Table),
    );
    one.sign(&spec, &pki.citizen_p256, |_| Ok(())).unwrap();
    two.sign(&PadesSpec::new(FIXED_TIME), &pki.citizen_p256, |_| Ok(()))
        .unwrap();
    assert_eq!(one.bytes().len(), two.bytes().len());
    assert_ne!(one.bytes(), two.bytes());
}
