//! What only XAdES can have wrong.

use crate::row::{Expected, Row, not_passed, passed, row, warned};
use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza::xml::base64;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::xades::Flaw;
use imza_test_vectors::zip::Entry;

use CheckId::{
    AttributeSignedProperties, AttributeSigningTime, FormatDuplicate, FormatStructure,
    ReferenceFound, ReferenceIntact, SignatureIntact, SigningCertificateIdentified,
    SigningCertificateIssuerSerial, SigningCertificateReference, SigningCertificateReferenceFits,
    UnsupportedAlgorithm, UnsupportedTransform,
};
use SubIndication::{
    Custom, FormatFailure, HashFailure, NoSigningCertificateFound, SigConstraintsFailure,
    SigCryptoFailure, SignedDataNotFound,
};

fn xml(name: &'static str, expected: Expected, set: fn(&mut Scene)) -> Row {
    row(name, expected, set).only(Packaging::Xades)
}

/// Takes `ds:X509Data` into an object of the signature; `ds:KeyInfo` says where it is.
fn retrieved(entries: &mut [Entry], uri: &str) {
    edited(entries, |text| {
        let (before, rest) = text.split_once("<ds:X509Data>").unwrap();
        let (data, behind) = rest.split_once("</ds:X509Data>").unwrap();
        let method = format!("<ds:RetrievalMethod URI=\"{uri}\"/>");
        let object = format!(
            "<ds:Object><ds:X509Data Id=\"X\">{data}</ds:X509Data></ds:Object></ds:Signature>"
        );
        let behind = behind.replacen("</ds:Signature>", &object, 1);
        format!("{before}{method}{behind}")
    });
}

/// The signature file, changed.
fn edited(entries: &mut [Entry], change: impl Fn(&str) -> String) {
    let signatures = entries.iter_mut();
    for entry in signatures.filter(|entry| entry.name.ends_with("signatures0.xml")) {
        let text = String::from_utf8(entry.bytes.clone()).unwrap();
        entry.bytes = change(&text).into_bytes();
    }
}

/// The certificate in another `KeyInfo`, in an object (XMLDSig §4.5.10).
fn referenced(entries: &mut [Entry]) {
    let names = "xmlns:n=\"http://www.w3.org/2009/xmldsig11#\"";
    let way = format!("<ds:KeyInfo><n:KeyInfoReference {names} URI=\"#X\"/></ds:KeyInfo>");
    edited(entries, |text| {
        let (before, rest) = text.split_once("<ds:KeyInfo>").unwrap();
        let (data, behind) = rest.split_once("</ds:KeyInfo>").unwrap();
        let object = format!(
            "<ds:Object><ds:KeyInfo Id=\"X\">{data}</ds:KeyInfo></ds:Object></ds:Signature>"
        );
        let behind = behind.replacen("</ds:Signature>", &object, 1);
        format!("{before}{way}{behind}")
    });
}

/// `KeyInfo` with a digest in place of the certificate, its own or of something else.
fn named_by_digest(entries: &mut [Entry], is_own: bool) {
    edited(entries, |text| {
        let (before, rest) = text.split_once("<ds:X509Data>").unwrap();
        let (data, behind) = rest.split_once("</ds:X509Data>").unwrap();
        let (_, certificate) = data.split_once("<ds:X509Certificate>").unwrap();
        let (certificate, _) = certificate.split_once('<').unwrap();
        let certificate = base64::decode(certificate).unwrap();
        let digest = match is_own {
            true => Hash::Sha256.digest(&certificate),
            false => vec![7; 32],
        };
        let digest = base64::encode(&digest);
        format!(
            "{before}<ds:X509Data><n:X509Digest xmlns:n=\"http://www.w3.org/2009/xmldsig11#\" \
             Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">{digest}</n:X509Digest>\
             </ds:X509Data>{behind}"
        )
    });
}

/// The file is signed by its canonical form.
fn canonical(scene: &mut Scene) {
    scene.content = b"<a b=\"c\">1000</a>".to_vec();
    scene.flaw = Flaw::CanonicalFile;
}

/// Another media type in the manifest, which nobody signs.
fn retyped(entries: &mut [Entry], media_type: &str) {
    let mut entries = entries.iter_mut();
    let manifest = entries.find(|entry| entry.name == "META-INF/manifest.xml");
    let manifest = manifest.unwrap();
    let text = String::from_utf8(manifest.bytes.clone()).unwrap();
    manifest.bytes = text.replace("text/plain", media_type).into_bytes();
}

pub(crate) fn rows() -> Vec<Row> {
    let hash = not_passed(HashFailure, ReferenceIntact).broken();
    vec![
        xml(
            "XAdES: digest of a file is of something else",
            hash,
            |scene| {
                scene.flaw = Flaw::WrongFileDigest;
            },
        ),
        xml("XAdES: the file was changed", hash, |scene| {
            scene.edit_entries = |entries| entries[1].bytes.push(b'!');
        }),
        xml(
            "XAdES: the file is missing",
            not_passed(SignedDataNotFound, ReferenceFound).broken(),
            |scene| scene.edit_entries = |entries| drop(entries.remove(1)),
        ),
        xml(
            "XAdES: digest of the signed properties is of something else",
            hash,
            |scene| {
                scene.flaw = Flaw::WrongPropertiesDigest;
            },
        ),
        xml(
            "XAdES: the signed properties are not signed",
            not_passed(SigConstraintsFailure, AttributeSignedProperties),
            |scene| {
                scene.flaw = Flaw::PropertiesNotReferenced;
            },
        ),
        xml(
            "XAdES: signed properties moved, forged ones in their place",
            not_passed(SigConstraintsFailure, AttributeSignedProperties),
            |scene| {
                scene.flaw = Flaw::PropertiesMoved;
            },
        ),
        xml(
            "XAdES: signed properties twice with one Id",
            not_passed(FormatFailure, FormatDuplicate).unknown(),
            |scene| {
                scene.flaw = Flaw::DuplicateId;
            },
        ),
        xml(
            "XAdES: no certificate reference",
            warned(SigningCertificateReference),
            |scene| {
                scene.flaw = Flaw::MissingSigningCertificate;
            },
        ),
        xml(
            "XAdES: the reference is of another certificate",
            not_passed(NoSigningCertificateFound, SigningCertificateReferenceFits).broken(),
            |scene| scene.flaw = Flaw::WrongCertificateDigest,
        ),
        xml(
            "XAdES: issuer and serial number of another certificate",
            warned(SigningCertificateIssuerSerial),
            |scene| {
                scene.flaw = Flaw::WrongIssuerSerial;
            },
        ),
        xml(
            "XAdES: broken signature value",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                scene.flaw = Flaw::BrokenSignature;
            },
        ),
        xml(
            "XAdES: no KeyInfo",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| {
                scene.flaw = Flaw::MissingKeyInfo;
            },
        ),
        xml(
            "XAdES: no KeyInfo, the caller has the certificate",
            passed(SigningCertificateIdentified),
            |scene| {
                scene.flaw = Flaw::MissingKeyInfo;
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        xml(
            "XAdES: the certificate of a stranger in KeyInfo",
            not_passed(NoSigningCertificateFound, SigningCertificateReferenceFits).broken(),
            |scene| scene.flaw = Flaw::WrongKeyInfo,
        ),
        xml(
            "XAdES: the certificate elsewhere in the document, where KeyInfo says",
            passed(SigningCertificateIdentified),
            |scene| scene.edit_entries = |entries| retrieved(entries, "#X"),
        ),
        xml(
            "XAdES: the certificate in another KeyInfo, where KeyInfo says",
            passed(SigningCertificateIdentified),
            |scene| scene.edit_entries = |entries| referenced(entries),
        ),
        xml(
            "XAdES: the certificate with the caller, its digest in KeyInfo",
            passed(SigningCertificateIdentified),
            |scene| {
                scene.flaw = Flaw::MissingSigningCertificate;
                scene.edit_entries = |entries| named_by_digest(entries, true);
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        xml(
            "XAdES: the digest of another certificate in KeyInfo",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| {
                scene.flaw = Flaw::MissingSigningCertificate;
                scene.edit_entries = |entries| named_by_digest(entries, false);
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        xml(
            "XAdES: an object that nobody signed in a signature of a container",
            warned(CheckId::DocumentAllSigned),
            |scene| {
                scene.edit_entries = |entries| {
                    let object = "<ds:Object><sum>1000</sum></ds:Object></ds:Signature>";
                    edited(entries, |text| text.replacen("</ds:Signature>", object, 1));
                };
            },
        ),
        xml(
            "XAdES: the certificate at an address that is not followed",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| scene.edit_entries = |entries| retrieved(entries, "http://x.test/#X"),
        ),
        xml(
            "XAdES: properties of another signature",
            not_passed(FormatFailure, FormatStructure),
            |scene| {
                scene.flaw = Flaw::WrongTarget;
            },
        ),
        xml(
            "XAdES: no claimed time",
            not_passed(SigConstraintsFailure, AttributeSigningTime),
            |scene| scene.flaw = Flaw::MissingSigningTime,
        ),
        xml(
            "XAdES: two SignedInfo",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.flaw = Flaw::TwoSignedInfos;
            },
        ),
        xml(
            "XAdES: a transform that nobody knows",
            not_passed(Custom, UnsupportedTransform).unknown(),
            |scene| {
                scene.flaw = Flaw::UnknownTransform;
            },
        ),
        xml(
            "XAdES: a file signed by its canonical form, written otherwise",
            passed(CheckId::ContainerAllFilesSigned),
            |scene| {
                canonical(scene);
                scene.edit_entries = |entries| {
                    entries[1].bytes = b"<?xml version='1.0'?>\n<a  b='c' >1000</a>".to_vec();
                };
            },
        ),
        xml(
            "XAdES: a comment in a file that is signed by its canonical form",
            warned(CheckId::ContainerAllFilesSigned),
            |scene| {
                canonical(scene);
                scene.edit_entries =
                    |entries| entries[1].bytes = b"<a b=\"c\">1<!-- -->000</a>".to_vec();
            },
        ),
        xml(
            "XAdES: a digest that nobody knows",
            not_passed(Custom, UnsupportedAlgorithm).unknown(),
            |scene| {
                scene.flaw = Flaw::UnknownDigest;
            },
        ),
        xml(
            "XAdES: no file is signed",
            not_passed(FormatFailure, FormatStructure),
            |scene| {
                scene.flaw = Flaw::NoFileReference;
            },
        ),
        xml(
            "XAdES: no manifest",
            not_passed(FormatFailure, CheckId::ContainerManifestPresent),
            |scene| {
                scene.edit_entries =
                    |entries| entries.retain(|entry| entry.name != "META-INF/manifest.xml");
            },
        ),
        xml(
            "XAdES: the manifest gives a file another type than the signer",
            warned(CheckId::ContainerManifest),
            |scene| scene.edit_entries = |entries| retyped(entries, "text/html"),
        ),
        xml(
            "XAdES: the manifest writes the type of a file otherwise",
            passed(CheckId::ContainerAllFilesSigned),
            |scene| scene.edit_entries = |entries| retyped(entries, "Text/Plain"),
        ),
        xml(
            "XAdES: a file that the manifest does not name",
            warned(CheckId::ContainerManifest),
            |scene| {
                scene.edit_entries = |entries| entries.insert(2, Entry::new("b.txt", b"b"));
            },
        ),
    ]
}
