//! What a signature of an OpenDocument package must cover.

use crate::scene::{Packaging, Scene};
use imza::report::Report;
use imza::vocabulary::{CheckId, Indication, Outcome, SubIndication};
use imza_test_vectors::asic::open_document_manifest;
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::zip::{self, Entry};

const MANIFEST: &str = "META-INF/manifest.xml";
const DOCUMENT: &str = "META-INF/documentsignatures.xml";
const MACROS: &str = "META-INF/macrosignatures.xml";

/// The files of a package, as an office suite writes them.
fn package() -> Vec<DataFile> {
    let text = |name, content: &str| DataFile::new(name, "text/xml", content.as_bytes());
    let inner = [
        text("content.xml", "<a>1000</a>"),
        text("Basic/script-lc.xml", "<b/>"),
    ];
    let manifest = open_document_manifest(&inner);
    let media_type = b"application/vnd.oasis.opendocument.text";
    let mut files = vec![DataFile::new("mimetype", "text/plain", media_type)];
    files.extend(inner);
    files.push(text(MANIFEST, &manifest));
    files
}

/// Signs the files that are wanted, and puts further ones beside them.
fn validated(signatures: &str, is_signed: impl Fn(&str) -> bool, more: &[&str]) -> Report {
    let scene = Scene::new(Packaging::Xades);
    let files = package();
    let mut entries: Vec<Entry> = files
        .iter()
        .map(|file| Entry::new(&file.name, &file.bytes))
        .collect();
    let signed: Vec<DataFile> = files
        .into_iter()
        .filter(|one| is_signed(&one.name))
        .collect();
    entries.push(Entry::new(signatures, scene.xades(&signed).as_bytes()));
    let empty = b"<document-signatures/>";
    entries.extend(more.iter().map(|name| Entry::new(name, empty)));
    let mut case = scene.case();
    case.inputs = vec![("a.odt".to_owned(), zip::write(&entries))];
    case.validate().report
}

/// The report, and what is said of the files that are left out of a signature that passes.
fn judged(
    signatures: &str,
    is_signed: impl Fn(&str) -> bool,
    more: &[&str],
) -> (Report, Option<String>) {
    let report = validated(signatures, is_signed, more);
    let mut checks = report.signatures[0].checks.iter();
    let check = checks.find(|check| check.id == CheckId::ContainerAllFilesSigned);
    let check = check.unwrap();
    let found = (check.outcome != Outcome::Passed).then(|| check.found.clone().unwrap());
    assert_eq!(
        report.signatures[0].indication,
        Indication::TotalPassed,
        "{:?}",
        report.signatures[0].checks
    );
    (report, found)
}

#[test]
fn a_signature_over_every_file_leaves_nothing_out() {
    let (report, found) = judged(DOCUMENT, |_| true, &[]);
    assert_eq!(found, None);
    assert_eq!(report.container, Some(imza::vocabulary::ContainerKind::Odf));
    assert!(report.files.iter().all(|file| file.covered_by.len() == 1));
}

/// OpenDocument 1.2 part 1 §3.16. Signatures before 1.2 leave `mimetype` and `META-INF` out.
#[test]
fn a_file_of_the_package_itself_that_is_not_signed_is_named() {
    for name in [MANIFEST, "mimetype", "Basic/script-lc.xml"] {
        let (_, found) = judged(DOCUMENT, |file| file != name, &[]);
        assert_eq!(found, Some(format!("{name} is not")));
    }
    for name in [MACROS, "META-INF/other.xml", "META-INF/signatures.xml"] {
        let (_, found) = judged(DOCUMENT, |_| true, &[name]);
        assert_eq!(found, Some(format!("{name} is not")));
    }
}

/// A signature of the macros says nothing about what the document says.
#[test]
fn a_signature_of_macros_is_none_of_the_document() {
    let (_, found) = judged(MACROS, |file| file.starts_with("Basic/"), &[]);
    assert_eq!(found.as_deref(), Some("content.xml is not"));
    // The document signature comes after it, and is over it too.
    let (_, found) = judged(MACROS, |_| true, &[DOCUMENT]);
    assert_eq!(found, None);
}

/// OpenDocument 1.2 part 1 §3.16: whoever signs a document signs what it says. Signatures of something
/// else beside another text would vouch for it.
#[test]
fn a_document_signature_that_leaves_out_the_document_fails() {
    let cases: [(&str, &[&str], &str); 5] = [
        (DOCUMENT, &[], "a reference to a data file"),
        (
            DOCUMENT,
            &["mimetype", MANIFEST],
            "a reference to a data file",
        ),
        (MACROS, &[], "a reference to a data file"),
        (
            MACROS,
            &["mimetype", MANIFEST],
            "a reference to a data file",
        ),
        (
            DOCUMENT,
            &["mimetype", MANIFEST, "Basic/script-lc.xml"],
            "a reference to content.xml",
        ),
    ];
    for (signatures, signed, wanted) in cases {
        let report = validated(signatures, |name| signed.contains(&name), &[]);
        let signature = &report.signatures[0];
        assert_eq!(signature.indication, Indication::TotalFailed);
        let sub_indication = Some(SubIndication::FormatFailure);
        assert_eq!(signature.sub_indication, sub_indication);
        let is_told = signature.checks.iter().any(|check| {
            let expected = check.expected.as_deref().unwrap_or_default();
            check.id == CheckId::FormatStructure && expected.starts_with(wanted)
        });
        assert!(is_told, "{signatures}: {:?}", signature.checks);
    }
}
