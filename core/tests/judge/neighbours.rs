//! Several signatures in one document: each has its own verdict, the document has the worst.

use crate::run::Case;
use crate::scene::{Packaging, Scene, citizen};
use imza::report::{AnyIndication, Report};
use imza::vocabulary::{Indication, SubIndication};
use imza_test_vectors::xades::{DataFile, Flaw, XadesSignature, XadesSpec, sign};
use imza_test_vectors::{Entity, asic, zip};

fn file(name: &str) -> DataFile {
    DataFile::new(name, "text/plain", name.as_bytes())
}

fn signature(id: &str, files: &[DataFile], signer: &Entity, flaw: Flaw) -> XadesSignature {
    let spec = XadesSpec {
        id: id.to_owned(),
        flaw,
        ..XadesSpec::container(crate::scene::SIGNED)
    };
    sign(&spec, files, signer).unwrap()
}

/// A container with these files and signature files.
fn container(scene: &Scene, files: &[DataFile], signatures: &[XadesSignature]) -> Case {
    let documents: Vec<String> = signatures.iter().map(XadesSignature::document).collect();
    let mut case = scene.case();
    case.inputs[0].1 = zip::write(&asic::asic_e_xades(files, &documents));
    case
}

fn verdicts(report: &Report) -> Vec<(Indication, Option<SubIndication>)> {
    let signatures = report.signatures.iter();
    signatures
        .map(|one| (one.indication, one.sub_indication))
        .collect()
}

const PASSED: (Indication, Option<SubIndication>) = (Indication::TotalPassed, None);

#[test]
fn the_document_has_the_worst_verdict() {
    let scene = Scene::new(Packaging::Xades);
    let files = [file("a.txt")];
    let good = signature("S0", &files, &scene.signer, Flaw::None);
    let broken = signature("S1", &files, &scene.signer, Flaw::BrokenSignature);
    let stranger = citizen(&scene.pki.stranger, &scene.pki.other_root, |_| {});
    let unknown = signature("S2", &files, &stranger, Flaw::None);
    for (signatures, worst, status) in [
        (vec![good.clone()], Indication::TotalPassed, 0),
        (
            vec![good.clone(), unknown.clone()],
            Indication::Indeterminate,
            10,
        ),
        (
            vec![unknown.clone(), broken.clone()],
            Indication::TotalFailed,
            20,
        ),
        (vec![broken, good, unknown], Indication::TotalFailed, 20),
    ] {
        let report = container(&scene, &files, &signatures).validate().report;
        assert_eq!(report.indication, Some(AnyIndication::Main(worst)));
        assert_eq!(report.exit_status(), status);
    }
}

#[test]
fn a_verdict_does_not_depend_on_its_neighbours_or_their_order() {
    let scene = Scene::new(Packaging::Xades);
    let files = [file("a.txt")];
    let flaws = [
        Flaw::None,
        Flaw::BrokenSignature,
        Flaw::WrongFileDigest,
        Flaw::WrongKeyInfo,
        Flaw::MissingSigningTime,
        Flaw::WrongTarget,
    ];
    let signatures: Vec<XadesSignature> = flaws
        .iter()
        .enumerate()
        .map(|(number, flaw)| signature(&format!("S{number}"), &files, &scene.signer, *flaw))
        .collect();
    let alone: Vec<_> = signatures
        .iter()
        .flat_map(|one| {
            let case = container(&scene, &files, std::slice::from_ref(one));
            verdicts(&case.validate().report)
        })
        .collect();
    assert_eq!(alone.first(), Some(&PASSED));
    let mut turned = signatures;
    for turn in 0..turned.len() {
        let mut expected = alone.clone();
        expected.rotate_left(turn);
        let report = container(&scene, &files, &turned).validate().report;
        // KeyInfo of a stranger is made good by the certificate that a neighbour brings.
        let found = verdicts(&report);
        for (found, expected) in found.iter().zip(&expected) {
            let is_mended = expected.1 == Some(SubIndication::NoSigningCertificateFound);
            assert!(
                found == expected || is_mended && *found == PASSED,
                "{found:?} {expected:?}"
            );
        }
        turned.rotate_left(1);
    }
}

#[test]
fn files_must_be_covered_by_a_signature_that_passed() {
    let scene = Scene::new(Packaging::Xades);
    let (a, b) = (file("a.txt"), file("b.txt"));
    let files = [a.clone(), b.clone()];
    let over = |id: &str, of: &DataFile, flaw| {
        signature(id, std::slice::from_ref(of), &scene.signer, flaw)
    };
    let both = [over("S0", &a, Flaw::None), over("S1", &b, Flaw::None)];
    assert_eq!(
        container(&scene, &files, &both)
            .validate()
            .report
            .exit_status(),
        0
    );
    let one = container(&scene, &files, &both[..1]).validate().report;
    assert_eq!(
        one.indication,
        Some(AnyIndication::Main(Indication::TotalPassed))
    );
    assert_eq!(one.exit_status(), 10);
    let uncovered: Vec<_> = one
        .uncovered_files()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(uncovered, ["b.txt"]);
    // A signature that fails covers nothing, however right its digests are.
    let failed = [
        over("S0", &a, Flaw::None),
        over("S1", &b, Flaw::MissingSigningTime),
    ];
    assert_eq!(
        container(&scene, &files, &failed)
            .validate()
            .report
            .exit_status(),
        10
    );
}

#[test]
fn a_container_without_signatures_is_not_accepted() {
    let scene = Scene::new(Packaging::Xades);
    let report = container(&scene, &[file("a.txt")], &[]).validate().report;
    assert_eq!(report.indication, None);
    assert_eq!(report.exit_status(), 10);
}
