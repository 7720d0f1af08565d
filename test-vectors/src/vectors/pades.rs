//! PDF files with one PAdES signature.

use super::scenario::Scenario;
use super::{Expected, Vector, VectorSet};
use crate::cades;
use crate::error::Result;
use crate::pdf::{CrossReference, Flaw, Pdf};
use crate::pki::Pki;

const FORMAT: Expected = Expected {
    integrity: None,
    ..Expected::failed("FORMAT_FAILURE", "")
};

/// What may be said as long as the changes of later revisions are not judged.
const INTACT: Expected = Expected {
    integrity: Some("intact"),
    ..Expected::NOT_PASSED
};

pub(super) fn set(pki: &Pki) -> Result<VectorSet> {
    let make = |name: &str,
                expected: Expected,
                change: &dyn Fn(&mut Scenario),
                then: &dyn Fn(&mut Pdf)|
     -> Result<Vector> {
        let mut scenario = Scenario::new(pki);
        change(&mut scenario);
        let mut pdf = scenario.pdf()?;
        then(&mut pdf);
        let id = format!("pades::{name}");
        Ok(Vector::new(&id, "pdf", pdf.bytes().to_vec(), expected))
    };
    let flaw = |name: &str, flaw, expected| -> Result<Vector> {
        make(name, expected, &|s| s.pades.flaw = flaw, &|_| {})
    };
    let long_term = Scenario::new(pki).pdf_long_term()?;
    let broken = Expected::failed("HASH_FAILURE", "broken");
    let vectors = vec![
        make("form::table", INTACT, &|_| {}, &|_| {})?.noted(
            "EN 319 142-1 §6.3",
            "level T, nothing wrong; no revocation data",
        ),
        make(
            "form::stream",
            INTACT,
            &|s| s.cross_reference = CrossReference::Stream,
            &|_| {},
        )?
        .noted(
            "ISO 32000-2 §7.5.8",
            "the same, with cross-reference streams",
        ),
        make(
            "form::rsa-2048",
            INTACT,
            &|s| s.signer = s.pki.citizen_rsa_2048.clone(),
            &|_| {},
        )?
        .noted("EN 319 142-1 §6.3", "the same, signed with RSA"),
        Vector::new(
            "pades::form::long-term",
            "pdf",
            long_term.bytes().to_vec(),
            Expected {
                passed: true,
                integrity: Some("intact"),
                ..Expected::NOT_PASSED
            },
        )
        .noted(
            "EN 319 142-1 §5.4.2",
            "level LT: a document security store in a second revision",
        ),
        make("revision::edited", INTACT, &|_| {}, &|pdf| {
            pdf.edit("Another text")
        })?
        .because(
            "modification.content",
            "ISO 32000-2 §12.8.2",
            "the text is replaced after signing",
        )
        .flagged(&["incremental-saving-attack"]),
        flaw(
            "revision::octet-changed",
            Flaw::ChangedOctet,
            broken.clone(),
        )?
        .because(
            "cryptographic.reference-intact",
            "EN 319 102-1 §5.2.7.4",
            "one octet of the page is changed",
        ),
        flaw("byte-range::gap", Flaw::GapTooWide, FORMAT)?
            .because(
                "format.byte-range",
                "EN 319 142-1 §5.3",
                "the gap is wider than Contents",
            )
            .flagged(&["universal-signature-forgery"]),
        flaw("byte-range::short", Flaw::RangeTooShort, FORMAT)?.because(
            "format.byte-range",
            "EN 319 142-1 §5.3",
            "ends before the mark of the end of the file",
        ),
        flaw("byte-range::start", Flaw::RangeStartsLate, FORMAT)?.because(
            "format.byte-range",
            "EN 319 142-1 §5.3",
            "does not begin with the file",
        ),
        flaw("byte-range::three-numbers", Flaw::RangeOfThree, FORMAT)?.because(
            "format.byte-range",
            "ISO 32000-2 §12.8.1",
            "an array of three numbers",
        ),
        flaw("contents::padding", Flaw::Padding, FORMAT)?.because(
            "format.byte-range",
            "ISO 32000-2 §12.8.3.3",
            "octets other than zero after the CMS",
        ),
        flaw("contents::embedded", Flaw::EmbeddedContent, FORMAT)?.because(
            "format.signer-information-store",
            "EN 319 142-1 §6.3",
            "the content stands in the CMS too",
        ),
        flaw("field::orphan", Flaw::Orphan, Expected::NOT_PASSED)?.noted(
            "ISO 32000-2 §12.8.1",
            "no field points to the signature dictionary",
        ),
        make(
            "cms::digest",
            broken,
            &|s| s.pades.cms.flaw = cades::Flaw::WrongMessageDigest,
            &|_| {},
        )?
        .because(
            "cryptographic.reference-intact",
            "RFC 5652 §5.6",
            "message-digest of another content",
        ),
        make(
            "cms::value",
            Expected::failed("SIG_CRYPTO_FAILURE", "broken"),
            &|s| s.pades.cms.flaw = cades::Flaw::BrokenSignature,
            &|_| {},
        )?
        .because(
            "cryptographic.signature-intact",
            "EN 319 102-1 §5.2.7.4",
            "one bit is flipped",
        ),
        make(
            "cms::reference-digest",
            Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "broken"),
            &|s| s.pades.cms.flaw = cades::Flaw::WrongSigningCertificate,
            &|_| {},
        )?
        .because(
            "signing-certificate.reference-fits",
            "EN 319 102-1 §5.2.3.4",
            "names another certificate",
        ),
    ];
    Ok(VectorSet::new(
        "pades",
        "PDF files with one signature in a second revision.",
        vectors,
    ))
}
