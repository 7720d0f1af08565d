//! What is done to a PDF after it was signed, honest and hostile, and the check that says so.
//!
//! The files are made here, object by object, and truly signed: a test proves that what is honest
//! passes and that each known family of attacks is stopped by the check that should.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests, helpers included"
)]

mod attacks;
mod builder;
mod covers;
mod evasion;
mod looks;
mod plain;
mod ranges;
mod readers;
mod repair;
mod sharing;
mod streams;
mod styles;
mod views;

use builder::{File, Style};
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Signature;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{ChangeClass, Indication, Outcome};
use imza_test_vectors::Pki;
use imza_test_vectors::pki::Entity;
use std::sync::{Arc, OnceLock};

fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| Pki::fixed().unwrap())
}

/// The signatures of a file; none when it cannot be read at all.
fn judge(octets: &[u8]) -> Vec<Signature> {
    let mut budget = Budget::default();
    let anchors = TrustSet::read_anchors(&pki().root.certificate, &mut budget).unwrap();
    let mut policy = ValidationPolicy::standard();
    policy.revocation = RevocationRequirement::None;
    let context = Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(1_750_000_100),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let intermediate =
        imza::reading::Given::Certificate(pki().issuing_ca.certificate.clone().into());
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("a.pdf", octets)],
        given: vec![intermediate],
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context).unwrap();
    match drive(job, &mut Memory::new([octets.to_vec()])) {
        Ok(verdict) => verdict.report.signatures,
        Err(_) => Vec::new(),
    }
}

fn failed(signature: &Signature) -> Vec<&'static str> {
    let failed = signature.checks.iter();
    failed
        .filter(|check| check.outcome == Outcome::Failed)
        .map(|check| check.id.as_str())
        .collect()
}

/// The worst class of changes after the first signature.
fn class(signature: &Signature) -> Option<ChangeClass> {
    signature.changes.iter().map(|change| change.kind).max()
}

/// What an honest update comes to: the class, and TOTAL-PASSED.
fn passes(name: &str, file: &File, expected: Option<ChangeClass>) {
    let signatures = judge(&file.octets);
    let first = signatures
        .first()
        .unwrap_or_else(|| panic!("{name}: unreadable"));
    assert_eq!(
        first.indication,
        Indication::TotalPassed,
        "{name}: {:?} {:?}",
        failed(first),
        first.changes
    );
    assert_eq!(class(first), expected, "{name}: {:?}", first.changes);
}

/// What is stopped, and by which check.
fn stopped(name: &str, file: &File, check: &str) {
    let signatures = judge(&file.octets);
    if check == attacks::NO_SIGNATURE {
        assert!(signatures.is_empty(), "{name}: {signatures:?}");
        return;
    }
    let all: Vec<_> = signatures.iter().map(failed).collect();
    for one in &signatures {
        assert_ne!(
            one.indication,
            Indication::TotalPassed,
            "{name}: {:?}",
            one.changes
        );
    }
    assert!(
        all.iter().any(|checks| checks.contains(&check)),
        "{name}: {check} does not fail, but {all:?}"
    );
}

/// What its first signature is told about and not stopped by.
fn warned(file: &File, check: &str) {
    let signatures = judge(&file.octets);
    let mut checks = signatures[0].checks.iter();
    let told = checks.find(|told| told.id.as_str() == check).unwrap();
    assert_eq!(told.outcome, Outcome::Warning);
    assert_eq!(signatures[0].indication, Indication::TotalPassed);
}

#[test]
fn what_is_honest_passes() {
    for style in [Style::Tables, Style::Streams] {
        for (name, file, class) in attacks::honest(style) {
            passes(name, &file, class);
        }
        for (name, file) in attacks::read_otherwise(style) {
            passes(name, &file, Some(ChangeClass::FormFilling));
        }
    }
    for (name, file) in attacks::sound() {
        passes(name, &file, None);
    }
}

#[test]
fn every_attack_is_stopped_by_its_check() {
    let mut count = 0;
    for style in [Style::Tables, Style::Streams] {
        let mut all = attacks::hostile("", style);
        // A certification that permits notes permits nothing else of this.
        let mut certified = attacks::hostile(&builder::certification("/P 3"), style);
        certified.retain(|(_, _, check)| *check != "modification.annotations");
        all.extend(certified);
        for (name, file, check) in all {
            stopped(name, &file, check);
            count += 1;
        }
    }
    assert!(count >= 500, "{count}");
}

#[test]
fn what_is_permitted_depends_on_the_certification() {
    for (name, file, check) in attacks::permissions() {
        match check {
            Some(check) => stopped(&name, &file, check),
            None => {
                let signatures = judge(&file.octets);
                let first = signatures.first().unwrap_or_else(|| panic!("{name}"));
                assert_eq!(
                    first.indication,
                    Indication::TotalPassed,
                    "{name}: {:?}",
                    failed(first)
                );
            }
        }
    }
}

#[test]
fn what_is_permitted_is_not_evaded() {
    for style in [Style::Tables, Style::Streams] {
        for (name, file, check) in attacks::evading(style) {
            stopped(name, &file, check);
        }
    }
    let by_reference = evasion::kind_by_reference();
    passes("a kind that is a reference", &by_reference, None);
    for file in evasion::empty_fields() {
        passes("an empty field", &file, Some(ChangeClass::FormFilling));
    }
    let changed = evasion::changed_note();
    passes("another note", &changed, Some(ChangeClass::Annotation));
    for (name, file, is_permitted) in evasion::timestamps() {
        let signatures = judge(&file.octets);
        let checks = failed(&signatures[0]);
        assert_eq!(
            !checks.contains(&"modification.permitted"),
            is_permitted,
            "{name}: {checks:?} {:?}",
            signatures[0].changes
        );
    }
}

#[test]
fn a_large_store_that_is_written_again_and_again_is_compared() {
    // With a look through the whole array for each of its values this takes minutes.
    let large = attacks::large_store(20_000, 6);
    passes("a large store", &large, Some(ChangeClass::LongTermData));
}

#[test]
fn a_page_with_many_notes_is_compared() {
    // With a look through all of them for each that is read this takes minutes.
    let many = attacks::many_notes(10_000);
    passes("many notes", &many, Some(ChangeClass::FormFilling));
}

/// ISO 32000-2 table 166: PDFBox writes the type into every widget that it looks at.
#[test]
fn the_type_of_an_annotation_says_nothing() {
    let entries = "/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R>>";
    let signed = || {
        let mut file = File::new(Style::Tables);
        let field = (11, format!("<</FT/Sig/T(sig){entries}"));
        file.sign_with(&pki().citizen_p256, 20, "", &[field]);
        file
    };
    let mut written = signed();
    let field = (11, format!("<</FT/Sig/T(sig)/Type/Annot{entries}"));
    written.update(&[field]);
    passes("the type is written", &written, None);
    for other in ["/Type/Page", "/Type/Annot/A 1", "/Type(Annot)"] {
        let mut file = signed();
        file.update(&[(11, format!("<</FT/Sig/T(sig){other}{entries}"))]);
        stopped(other, &file, "modification.content");
    }
}

#[test]
fn a_locked_field_is_not_drawn_in_another_way() {
    for (name, file, check) in evasion::restyled() {
        match check {
            Some(check) => stopped(name, &file, check),
            None => passes(name, &file, Some(ChangeClass::FormFilling)),
        }
    }
}

#[test]
fn a_field_keeps_its_style_where_the_form_gets_more() {
    for (name, file, check) in styles::hostile() {
        stopped(name, &file, check);
    }
    for (name, file) in styles::honest() {
        passes(name, &file, Some(ChangeClass::FormFilling));
    }
}

/// The field to sign, with its demands, signed with these entries.
fn with_demands(seed: &str, entries: &str) -> File {
    with_demands_and(seed, entries, Vec::new())
}

/// The same, with certificates beside that of the signer.
fn with_demands_and(seed: &str, entries: &str, along: Vec<Vec<u8>>) -> File {
    let field = |more: &str| {
        let field = format!(
            "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R\
             /SV<<{seed}>>{more}>>"
        );
        (11, field)
    };
    let mut file = File::new(Style::Tables);
    file.along = along;
    file.update(&[field("")]);
    file.sign_with(&pki().citizen_p256, 20, entries, &[field("/V 20 0 R")]);
    file
}

#[test]
fn a_signature_that_its_field_does_not_want_is_stopped() {
    // ISO 32000-2 table 238: bit 4 of /Ff makes the reasons a demand.
    let demand = "/Ff 8/Reasons[(approved)]";
    passes("kept", &with_demands(demand, "/Reason(approved)"), None);
    let other = with_demands(demand, "/Reason(seen)");
    stopped("another reason", &other, "attribute.seed-values");
    let none = with_demands(demand, "");
    stopped("no reason", &none, "attribute.seed-values");
    let certificate = |demands: &str| with_demands(&format!("/Cert<<{demands}>>"), "");
    let hex = |entity: &Entity| -> String {
        let octets = entity.certificate.iter();
        octets.map(|octet| format!("{octet:02x}")).collect()
    };
    let own = hex(&pki().citizen_p256);
    let (authority, root) = (hex(&pki().issuing_ca), hex(&pki().root));
    let stranger = hex(&pki().other_root);
    for (name, demands) in [
        ("name", "/Ff 8/SubjectDN[<</CN(x)>><</C(AZ)>>]"),
        ("usage", "/Ff 32/KeyUsage[(X0)(X1)]"),
        ("itself", &format!("/Ff 1/Subject[<3000><{own}>]")),
        ("its issuer", &format!("/Ff 2/Issuer[<3000><{authority}>]")),
        ("a policy", "/Ff 4/OID[(1.3.6.1.4.1.32473.1.1)]"),
        (
            "an address",
            "/Ff 64/URL(https://ca.example/)/URLType/Browser",
        ),
        ("proposed issuers", "/Issuer[<3000>]/OID[(1.2.3)]"),
        ("only proposed", "/SubjectDN[<</C(TR)>>]/KeyUsage[(X0)]"),
    ] {
        passes(name, &certificate(demands), None);
    }
    for (name, demands) in [
        ("another name", "/Ff 8/SubjectDN[<</C(AZ)/CN(x)>>]"),
        ("no name", "/Ff 8/SubjectDN[1]"),
        ("no names", "/Ff 8"),
        ("a usage that it has", "/Ff 32/KeyUsage[(X0)]"),
        ("a usage that is none", "/Ff 32/KeyUsage[(Xx)]"),
        ("another certificate", "/Ff 1/Subject[<3000>]"),
        ("an issuer that cannot be read", "/Ff 2/Issuer[<3000>]"),
        ("no issuers", "/Ff 2"),
        ("another policy", "/Ff 4/OID[(1.2.3)]"),
        (
            "one policy too many",
            "/Ff 4/OID[(1.3.6.1.4.1.32473.1.1)(1.2.3)]",
        ),
        ("a policy that is none", "/Ff 4/OID[1]"),
        ("no policies", "/Ff 4"),
        ("one of two", "/Ff 9/SubjectDN[<</C(AZ)>>]/Subject[<3000>]"),
    ] {
        stopped(name, &certificate(demands), "attribute.seed-values");
    }
    let above = format!("/Cert<</Ff 2/Issuer[<{stranger}><{root}>]>>");
    let along = vec![pki().issuing_ca.certificate.clone()];
    passes("above", &with_demands_and(&above, "", along.clone()), None);
    let elsewhere = format!("/Cert<</Ff 2/Issuer[<{stranger}>]>>");
    let whole = [along, vec![pki().root.certificate.clone()]].concat();
    let elsewhere = with_demands_and(&elsewhere, "", whole);
    stopped("a path elsewhere", &elsewhere, "attribute.seed-values");
    for (name, demands) in [
        ("a reserved flag", "/Ff 16"),
        ("flags", "/Ff -1"),
        (
            "an issuer above what is at hand",
            &format!("/Ff 2/Issuer[<{root}>]"),
        ),
        (
            "another issuer, and what is between",
            &format!("/Ff 2/Issuer[<{stranger}>]"),
        ),
    ] {
        stopped(name, &certificate(demands), "unsupported.feature");
    }
    // Without the bit they are only proposed.
    let proposed = with_demands("/Reasons[(approved)]", "/Reason(seen)");
    passes("proposed", &proposed, None);
}

#[test]
fn a_certification_that_the_catalog_does_not_name_is_told() {
    let mut file = File::new(Style::Tables);
    file.sign(&pki().citizen_p256, &builder::certification("/P 2"));
    warned(&file, "certification.consistent");
}

#[test]
fn a_second_certification_permits_no_more() {
    let mut file = File::new(Style::Tables);
    file.sign(&pki().citizen_p256, &builder::certification("/P 1"));
    file.update(&attacks::note(60, ""));
    let form = builder::form("10 0 R 11 0 R 30 0 R", "");
    let field = (30, "<</FT/Sig/T(two)/V 40 0 R>>".to_owned());
    let second = builder::certification("/P 3");
    file.sign_with(&pki().citizen_p256, 40, &second, &[form, field]);
    let signatures = judge(&file.octets);
    assert!(failed(&signatures[0]).contains(&"modification.permitted"));
    assert_ne!(signatures[0].indication, Indication::TotalPassed);
}

#[test]
fn a_signature_laid_over_what_was_there_is_told() {
    warned(&attacks::laid_over(), "modification.overlap");
    // A field that was hidden when the document was signed.
    warned(&attacks::shown(), "modification.overlap");
    for file in evasion::shown().iter().chain(&evasion::uncovered()) {
        warned(file, "modification.overlap");
    }
    let signatures = evasion::laid_over().into_iter().chain(covers::placed());
    let signatures = signatures.map(|row| (row, ChangeClass::FormFilling));
    let notes = covers::notes().into_iter();
    let notes = notes.map(|row| (row, ChangeClass::Annotation));
    for ((name, file, is_over), class) in signatures.chain(notes) {
        passes(name, &file, Some(class));
        assert_eq!(is_told_as_overlap(&file), is_over, "{name}");
    }
}

fn is_told_as_overlap(file: &File) -> bool {
    let signatures = judge(&file.octets);
    let mut checks = signatures[0].checks.iter();
    checks.any(|check| check.id.as_str() == "modification.overlap")
}

#[test]
fn what_no_certification_permits_is_told_as_laid_over_too() {
    let field = covers::field();
    stopped("a new field", &field, "modification.content");
    assert!(is_told_as_overlap(&field));
    let signatures = judge(&covers::moved().octets);
    assert_ne!(signatures[0].indication, Indication::TotalPassed);
    assert!(failed(&signatures[0]).contains(&"modification.content"));
}

#[test]
fn a_field_that_hides_or_uncovers_something_is_told() {
    let rows = [
        looks::over_pages(),
        looks::drawn(),
        looks::redrawn(),
        looks::signed(),
    ];
    for (name, file, is_over) in rows.into_iter().flatten() {
        passes(name, &file, Some(ChangeClass::FormFilling));
        assert_eq!(is_told_as_overlap(&file), is_over, "{name}");
    }
    for (name, file) in looks::hostile() {
        stopped(name, &file, "modification.content");
    }
}
