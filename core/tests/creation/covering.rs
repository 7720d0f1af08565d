//! Signature files that other signatures cover: whatever is done, who was intact stays intact.

use super::changes::signed_as;
use super::containers::{augmented, signed_again};
use super::{SIGNED, context, validate};
use imza::creation::Packaging;
use imza::error::Error;
use imza::vocabulary::{BaselineLevel, Integrity, SignatureLevel};
use imza_test_vectors::asic::{ASIC_E, asic_manifest, open_document_manifest};
use imza_test_vectors::cades::{self, CadesSpec};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::xades::{DataFile, XadesSpec, sign, signatures_document};
use imza_test_vectors::zip::{self, Entry};
use imza_test_vectors::{Entity, Pki};

fn text(name: &str, content: &str) -> DataFile {
    DataFile::new(name, "text/xml", content.as_bytes())
}

/// A file with one XAdES signature over files.
fn xades(id: &str, files: &[DataFile], entity: &Entity, is_stamped: bool) -> String {
    let mut spec = XadesSpec::container(SIGNED);
    spec.id = id.to_owned();
    let mut signature = sign(&spec, files, entity).unwrap();
    if is_stamped {
        signature.stamp(&Pki::fixed().unwrap(), SIGNED + 1).unwrap();
    }
    signatures_document(&[signature])
}

fn written(media_type: &str, files: &[DataFile]) -> Vec<u8> {
    let mut entries = vec![Entry::new("mimetype", media_type.as_bytes())];
    entries.extend(files.iter().map(|file| Entry::new(&file.name, &file.bytes)));
    zip::write(&entries)
}

/// EN 319 162-1 §4.4.3: a second signature that names the file of the first.
pub(super) fn named_by_another(is_stamped: bool, is_other: bool) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let data = text("a.xml", "<a/>");
    let files = std::slice::from_ref(&data);
    let first = text(
        "META-INF/signatures0.xml",
        &xades("S0", files, &pki.citizen_p256, is_stamped),
    );
    let mut covered = first.clone();
    if is_other {
        covered.bytes.push(b'\n');
    }
    let second = xades("S1", &[data.clone(), covered], &pki.citizen_p384, false);
    let manifest = text("META-INF/manifest.xml", &open_document_manifest(files));
    let second = text("META-INF/signatures1.xml", &second);
    written(ASIC_E, &[data, manifest, first, second])
}

/// OpenDocument 1.2 part 1 §3.16: the document signature comes after that of the macros.
fn open_document() -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let macros = text("Basic/script-lc.xml", "<b/>");
    let inner = [text("content.xml", "<a/>"), macros.clone()];
    let first = xades("S0", &[macros], &pki.citizen_p256, false);
    let manifest = text("META-INF/manifest.xml", &open_document_manifest(&inner));
    let mut files = inner.to_vec();
    files.push(manifest);
    files.push(text("META-INF/macrosignatures.xml", &first));
    let second = xades("S1", &files, &pki.citizen_p384, false);
    files.push(text("META-INF/documentsignatures.xml", &second));
    written("application/vnd.oasis.opendocument.text", &files)
}

/// EN 319 162-1 §4.4.4: a manifest that names the message of another.
fn named_by_a_manifest() -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let data = text("a.xml", "<a/>");
    let message = |manifest: &str, entity| {
        let spec = CadesSpec::detached(SIGNED);
        let signed = cades::sign(&spec, manifest.as_bytes(), entity);
        signed.unwrap().der()
    };
    let manifest = asic_manifest(std::slice::from_ref(&data), Hash::Sha256);
    let first = DataFile::new(
        "META-INF/signature.p7s",
        "",
        &message(&manifest, &pki.citizen_p256),
    );
    let second = asic_manifest(&[data.clone(), first.clone()], Hash::Sha256).replacen(
        "URI=\"META-INF/signature.p7s\"",
        "URI=\"META-INF/signature9.p7s\"",
        1,
    );
    let over = message(&second, &pki.citizen_p384);
    written(
        ASIC_E,
        &[
            data,
            text("META-INF/ASiCManifest.xml", &manifest),
            first,
            text("META-INF/ASiCManifest9.xml", &second),
            DataFile::new("META-INF/signature9.p7s", "", &over),
        ],
    )
}

/// The intact signatures of a document, and their levels.
fn intact(document: &[u8]) -> Vec<(String, SignatureLevel)> {
    let pki = Pki::fixed().unwrap();
    let report = validate(document, &context(&pki, SIGNED + 60));
    let signatures = report.signatures.into_iter();
    let intact = signatures.filter(|one| one.integrity == Integrity::Intact);
    intact.map(|one| (one.id, one.level)).collect()
}

/// The identifier of the signature in a file.
pub(super) fn id_in(document: &[u8], place: &str) -> String {
    let pki = Pki::fixed().unwrap();
    let report = validate(document, &context(&pki, SIGNED + 60));
    let mut signatures = report.signatures.into_iter();
    let own = signatures.find(|one| one.place.as_deref() == Some(place));
    own.unwrap().id
}

pub(super) fn assert_intact(before: &[u8], after: &[u8]) {
    let after = intact(after);
    for (id, _) in intact(before) {
        assert!(after.iter().any(|(other, _)| *other == id), "{id}");
    }
}

/// The refusal, with the file that it names.
fn assert_refused(outcome: Result<Vec<u8>, Error>, file: &str) {
    let error = outcome.err().unwrap();
    assert_eq!(error.code(), "input.signed");
    assert!(error.reason().contains(file), "{}", error.reason());
}

#[test]
fn a_signature_file_that_another_signature_is_over_is_not_raised() {
    for (document, covered) in [
        (named_by_another(false, false), "META-INF/signatures0.xml"),
        (open_document(), "META-INF/macrosignatures.xml"),
        (named_by_a_manifest(), "META-INF/signature.p7s"),
    ] {
        assert_eq!(intact(&document).len(), 2, "{covered}");
        for level in [BaselineLevel::T, BaselineLevel::Lt, BaselineLevel::Lta] {
            assert_refused(augmented(&document, level), covered);
        }
    }
}

#[test]
fn a_covered_signature_that_has_the_level_is_left_alone() {
    let document = named_by_another(true, false);
    let after = augmented(&document, BaselineLevel::T).unwrap();
    assert_intact(&document, &after);
    let levels: Vec<_> = intact(&after).into_iter().map(|(_, level)| level).collect();
    assert_eq!(levels, [SignatureLevel::BaselineT; 2]);
    // The level above would have to change it.
    let refused = augmented(&document, BaselineLevel::Lt);
    assert_refused(refused, "META-INF/signatures0.xml");
}

#[test]
fn a_digest_that_fits_nothing_holds_nothing() {
    let document = named_by_another(false, true);
    assert_eq!(intact(&document).len(), 1);
    let after = augmented(&document, BaselineLevel::T).unwrap();
    assert_intact(&document, &after);
}

#[test]
fn a_covered_signature_is_not_countersigned_and_the_other_is() {
    let pki = Pki::fixed().unwrap();
    let xades = |document: &[u8], id: &str| {
        let packaging = Packaging::AsicCounterSignature;
        signed_as(document, &pki.citizen_p256, packaging, Some(id))
    };
    let cades = |document: &[u8], id: &str| {
        signed_again(document, Packaging::AsicCadesCounterSignature, Some(id))
    };
    type Countersign<'a> = &'a dyn Fn(&[u8], &str) -> Result<Vec<u8>, Error>;
    let cases: [(Vec<u8>, Countersign<'_>, [&str; 2]); 2] = [
        (
            named_by_another(false, false),
            &xades,
            ["META-INF/signatures0.xml", "META-INF/signatures1.xml"],
        ),
        (
            named_by_a_manifest(),
            &cades,
            ["META-INF/signature.p7s", "META-INF/signature9.p7s"],
        ),
    ];
    for (document, countersign, [covered, free]) in cases {
        let refused = countersign(&document, &id_in(&document, covered));
        assert_refused(refused, covered);
        let after = countersign(&document, &id_in(&document, free)).unwrap();
        assert_intact(&document, &after);
        assert_eq!(intact(&after).len(), 3);
    }
}

#[test]
fn an_open_document_is_augmented() {
    let pki = Pki::fixed().unwrap();
    let files = [text("content.xml", "<a/>")];
    let manifest = text("META-INF/manifest.xml", &open_document_manifest(&files));
    let mut all = files.to_vec();
    all.push(manifest);
    let signature = xades("S0", &all, &pki.citizen_p256, false);
    all.push(text("META-INF/documentsignatures.xml", &signature));
    let document = written("application/vnd.oasis.opendocument.text", &all);
    for (level, reached) in [
        (BaselineLevel::T, SignatureLevel::BaselineT),
        (BaselineLevel::Lt, SignatureLevel::BaselineLt),
        (BaselineLevel::Lta, SignatureLevel::BaselineLta),
    ] {
        let after = augmented(&document, level).unwrap();
        assert_intact(&document, &after);
        let levels: Vec<_> = intact(&after).into_iter().map(|(_, level)| level).collect();
        assert_eq!(levels, [reached]);
        if level != BaselineLevel::T {
            let report = validate(&after, &context(&pki, SIGNED + 400 * 86_400));
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        }
    }
}
