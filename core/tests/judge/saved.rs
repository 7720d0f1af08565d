//! Saved evidence: forged, grafted, incomplete. Never accepted.

use crate::invariants::judge_saved;
use crate::matrix::in_parallel;
use crate::scene::{Packaging, SIGNED, Scene, Stamp};
use base64_text::encode;
use imza::limits::Limits;
use imza::report::Report;
use imza::vocabulary::{CheckId, Indication, Integrity, Outcome};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::tsa::{self, TokenSpec};
use imza_test_vectors::zip;
use serde_json::Value;

/// Base64 by itself: the saved form is read by a second hand here.
mod base64_text {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    pub(super) fn encode(octets: &[u8]) -> String {
        let mut text = String::new();
        for chunk in octets.chunks(3) {
            let at = |index| chunk.get(index).copied().map_or(0, u32::from);
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
                let digit = usize::try_from(bits >> shift & 63).unwrap();
                let is_there = index <= chunk.len();
                text.push(if is_there {
                    ALPHABET[digit].into()
                } else {
                    '='
                });
            }
        }
        text
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Puts other octets in the place of kept ones, under their own name, wherever that is used.
fn replace(saved: &str, old: &[u8], new: &[u8]) -> String {
    let (old_id, new_id) = (
        hex(&Hash::Sha256.digest(old)),
        hex(&Hash::Sha256.digest(new)),
    );
    let (old_text, new_text) = (encode(old), encode(new));
    assert!(saved.contains(&old_id) && saved.contains(&old_text));
    saved
        .replace(&old_id, &new_id)
        .replace(&old_text, &new_text)
}

fn first_failed(report: &Report, check: CheckId) -> bool {
    let signatures = report.signatures.iter().flat_map(|one| &one.timestamps);
    let mut stamps = signatures.chain(&report.timestamps);
    stamps.any(|stamp| {
        let failed = |one: &imza::report::Check| one.id == check && one.outcome == Outcome::Failed;
        stamp.integrity == Integrity::Broken && stamp.checks.iter().any(failed)
    })
}

#[test]
fn a_genuine_token_of_another_signature_is_broken_by_replay() {
    for packaging in [Packaging::AsicS, Packaging::AsicE, Packaging::Xades] {
        let scene = Scene::new(packaging);
        let saved = scene.case().validate().evidence.save(&Limits::default());
        // The token is genuine, of the same authority, and over another signature of the signer.
        let spec = TokenSpec::over(b"another signature value", Hash::Sha256, SIGNED, &scene.tsa);
        let mut grafted = Scene::new(packaging);
        grafted.stamps = vec![Stamp {
            forged: Some(tsa::token(&spec, &scene.tsa).unwrap()),
            ..Stamp::at(SIGNED, &scene.tsa)
        }];
        let last = |scene: &Scene| scene.entries().pop().unwrap().bytes;
        let forged = replace(&saved, &last(&scene), &last(&grafted));
        let context = scene.case().context;
        assert!(!first_failed(
            &judge_saved(&saved, &context).unwrap(),
            CheckId::TimestampImprint
        ));
        let report = judge_saved(&forged, &context).unwrap();
        assert!(
            first_failed(&report, CheckId::TimestampImprint),
            "{}",
            report.to_pretty_json()
        );
    }
}

/// Every value in a JSON document, by the way to it.
fn ways(value: &Value, way: &mut Vec<String>, found: &mut Vec<String>) {
    if !way.is_empty() {
        found.push(format!("/{}", way.join("/")));
    }
    let mut inner = |name: String, value: &Value| {
        way.push(name.replace('~', "~0").replace('/', "~1"));
        ways(value, way, found);
        way.pop();
    };
    match value {
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                inner(index.to_string(), value);
            }
        }
        Value::Object(map) => {
            for (name, value) in map {
                inner(name.clone(), value);
            }
        }
        _ => {}
    }
}

/// Other values in the place of one.
fn forgeries(value: &Value) -> Vec<Value> {
    let mut forged = vec![Value::Null, Value::Array(Vec::new()), Value::from("")];
    match value {
        Value::String(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            for at in [0, letters.len() / 2] {
                if let Some(letter) = letters.get_mut(at) {
                    *letter = if *letter == 'a' { 'b' } else { 'a' };
                }
                forged.push(letters.iter().collect::<String>().into());
            }
        }
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or(0);
            forged.extend([number + 1, -1, 0].map(Value::from));
        }
        Value::Bool(flag) => forged.push((!flag).into()),
        Value::Array(list) => {
            forged.push(list.iter().skip(1).cloned().collect());
            forged.push(list.iter().chain(list).cloned().collect());
        }
        Value::Object(map) => {
            let rest = map.iter().skip(1);
            let rest = rest.map(|(name, value)| (name.clone(), value.clone()));
            forged.push(Value::Object(rest.collect()));
        }
        Value::Null => forged.push(0.into()),
    }
    forged
}

#[test]
fn forging_any_field_of_saved_evidence_is_never_accepted() {
    for packaging in [Packaging::Detached, Packaging::AsicE, Packaging::Xades] {
        let scene = Scene::new(packaging);
        let case = scene.case();
        let saved = case.validate().evidence.save(&Limits::default());
        let good: Value = serde_json::from_str(&saved).unwrap();
        let mut found = Vec::new();
        ways(&good, &mut Vec::new(), &mut found);
        let said = in_parallel(&found, |way| {
            let value = good.pointer(way).unwrap();
            forgeries(value).into_iter().find_map(|forgery| {
                let mut forged = good.clone();
                *forged.pointer_mut(way).unwrap() = forgery;
                let report = judge_saved(&forged.to_string(), &case.context).ok()?;
                (report.exit_status() == 0).then(|| way.clone())
            })
        });
        let accepted: Vec<String> = said.into_iter().flatten().collect();
        eprintln!("{packaging:?}: {} fields", found.len());
        assert!(accepted.is_empty(), "{accepted:?}");
    }
}

/// What fails stays so, whichever single field is forged: an altered document, a revoked signer, and
/// a signer whom nobody vouches for.
#[test]
fn forging_any_field_makes_no_failing_evidence_pass() {
    use crate::scene::Known;
    use imza_test_vectors::ocsp::CertStatus;
    let mut altered = Scene::new(Packaging::Detached).case();
    altered.inputs[1].1.push(b'!');
    let mut revoked = Scene::new(Packaging::Detached);
    let status = CertStatus::Revoked(SIGNED - 60, None);
    revoked.about_signer = vec![Known::Ocsp(status, SIGNED + 10)];
    let mut alone = Scene::new(Packaging::Detached);
    alone.anchors.clear();
    for (name, case) in [
        ("altered", altered),
        ("revoked", revoked.case()),
        ("alone", alone.case()),
    ] {
        let passed = |report: &Report| {
            let signatures = &mut report.signatures.iter();
            signatures.any(|one| one.indication == Indication::TotalPassed)
        };
        let verdict = case.validate();
        assert!(!passed(&verdict.report), "{name}");
        let saved = verdict.evidence.save(&Limits::default());
        let good: Value = serde_json::from_str(&saved).unwrap();
        let mut found = Vec::new();
        ways(&good, &mut Vec::new(), &mut found);
        let said = in_parallel(&found, |way| {
            let value = good.pointer(way).unwrap();
            forgeries(value).into_iter().find_map(|forgery| {
                let mut forged = good.clone();
                *forged.pointer_mut(way).unwrap() = forgery;
                let report = judge_saved(&forged.to_string(), &case.context).ok()?;
                passed(&report).then(|| way.clone())
            })
        });
        let accepted: Vec<String> = said.into_iter().flatten().collect();
        assert!(accepted.is_empty(), "{name}: {accepted:?}");
    }
}

/// The same document with one member under a name that no form has.
fn misspelt(good: &Value, way: &str) -> Option<Value> {
    let (parent, name) = way.rsplit_once('/')?;
    let mut wrong = good.clone();
    let map = wrong.pointer_mut(parent)?.as_object_mut()?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let value = map.remove(&name)?;
    map.insert(format!("{name}-"), value);
    Some(wrong)
}

/// A finding under another name would be a finding less: found by fuzzing.
#[test]
fn a_misspelt_member_is_refused_and_not_passed_over() {
    for packaging in Packaging::ALL {
        let scene = Scene::new(packaging);
        let case = scene.case();
        let saved = case.validate().evidence.save(&Limits::default());
        let good: Value = serde_json::from_str(&saved).unwrap();
        let mut found = Vec::new();
        ways(&good, &mut Vec::new(), &mut found);
        let said = in_parallel(&found, |way| {
            let wrong = misspelt(&good, way)?;
            let read = judge_saved(&wrong.to_string(), &case.context);
            read.is_ok().then(|| way.clone())
        });
        let passed_over: Vec<String> = said.into_iter().flatten().collect();
        assert!(passed_over.is_empty(), "{packaging:?}: {passed_over:?}");
    }
}

#[test]
fn forged_payload_digests_break_the_signature() {
    for packaging in [
        Packaging::Detached,
        Packaging::AsicS,
        Packaging::AsicE,
        Packaging::Xades,
    ] {
        let scene = Scene::new(packaging);
        let case = scene.case();
        let saved = case.validate().evidence.save(&Limits::default());
        let genuine = hex(&Hash::Sha256.digest(&scene.content));
        let other = hex(&Hash::Sha256.digest(b"another document"));
        assert!(saved.contains(&genuine), "{packaging:?}");
        let report = judge_saved(&saved.replace(&genuine, &other), &case.context).unwrap();
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity, Integrity::Broken, "{packaging:?}");
        assert_eq!(
            signature.indication,
            Indication::TotalFailed,
            "{packaging:?}"
        );
    }
}

#[test]
fn bytes_that_were_not_kept_are_told() {
    let case = Scene::new(Packaging::AsicS).case();
    let limits = {
        let mut limits = Limits::default();
        limits.evidence_bytes = 1_500;
        limits
    };
    let saved = case.validate().evidence.save(&limits);
    let report = judge_saved(&saved, &case.context).unwrap();
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.indication, Indication::Indeterminate);
    assert_eq!(signature.integrity, Integrity::Unknown);
    let told = |check: &&imza::report::Check| {
        check.id == CheckId::LimitEvidenceBytes && check.outcome == Outcome::Failed
    };
    assert!(signature.checks.iter().any(|check| told(&check)));
}

#[test]
fn a_time_stamped_file_that_was_changed_is_broken() {
    use imza_test_vectors::asic;
    use imza_test_vectors::xades::DataFile;
    let scene = Scene::new(Packaging::AsicS);
    let file = DataFile::new("a.txt", "text/plain", b"a permit");
    let stamped = |message: &[u8]| {
        let spec = TokenSpec::over(message, Hash::Sha256, SIGNED, &scene.tsa);
        tsa::token(&spec, &scene.tsa).unwrap()
    };
    let judge = |entries: &[zip::Entry]| {
        let mut case = scene.case();
        case.inputs[0].1 = zip::write(entries);
        case.validate().report
    };
    // ASiC-S: the token is over the file.
    let mut entries = asic::asic_s_timestamp(&file, &stamped(&file.bytes));
    let report = judge(&entries);
    let stamp = report.timestamps.first().unwrap();
    assert_eq!(stamp.sub_indication, None, "{}", report.to_pretty_json());
    assert_eq!(report.exit_status(), 10);
    entries[1].bytes.push(b'!');
    assert!(first_failed(&judge(&entries), CheckId::TimestampImprint));

    // ASiC-E: the token is over a manifest with the digests of files.
    let manifest = asic::asic_manifest(std::slice::from_ref(&file), Hash::Sha256)
        .replace("META-INF/signature.p7s", "META-INF/timestamp.tst")
        .replace(
            "application/pkcs7-signature",
            "application/vnd.etsi.timestamp-token",
        );
    let mut entries = asic::asic_e_cades(&[file], &manifest, &stamped(manifest.as_bytes()));
    entries.last_mut().unwrap().name = "META-INF/timestamp.tst".to_owned();
    let report = judge(&entries);
    let stamp = report.timestamps.first().unwrap();
    assert_eq!(stamp.sub_indication, None, "{}", report.to_pretty_json());
    assert_eq!(stamp.integrity, Integrity::Intact);
    entries[1].bytes.push(b'!');
    let report = judge(&entries);
    let stamp = report.timestamps.first().unwrap();
    assert_eq!(
        stamp.integrity,
        Integrity::Broken,
        "{}",
        report.to_pretty_json()
    );
    assert_eq!(report.exit_status(), 20);
}

/// Reads a document anew and judges it by saved evidence.
fn replayed(saved: &str, case: &crate::run::Case) -> Option<Report> {
    use imza::evidence::Evidence;
    use imza::job::Seed;
    use imza::limits::Budget;
    use imza::reading::{Validation, replay, replay_request};
    use imza::source::Input;
    use imza::transport::{Memory, drive};
    let saved = Evidence::load(saved, &mut Budget::default()).ok()?;
    let inputs = case.inputs.iter();
    let inputs = inputs.map(|(name, octets)| Input::at_hand(name.as_str(), octets.as_slice()));
    let request = replay_request(&saved, inputs.collect(), Seed::new([9; 32]));
    let job = Validation::begin(request, case.context.clone()).ok()?;
    let documents = case.inputs.iter().map(|(_, octets)| octets.as_slice());
    let verdict = drive(job, &mut Memory::new(documents)).ok()?;
    replay(&saved, verdict, &case.context).map(|verdict| verdict.report)
}

#[test]
fn with_the_document_the_report_is_the_same_octet_by_octet() {
    let samples: Vec<_> = crate::matrix::judged()
        .iter()
        .filter(|one| one.is_sample)
        .collect();
    let complaints = in_parallel(&samples, |one| {
        let saved = one.case.validate().evidence.save(&Limits::default());
        let replayed = replayed(&saved, &one.case).map(|report| report.to_json());
        (replayed != Some(one.report.to_json())).then(|| one.name.clone())
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn no_forged_evidence_makes_another_document_pass() {
    for packaging in [Packaging::Detached, Packaging::Xades] {
        let scene = Scene::new(packaging);
        let case = scene.case();
        let saved = case.validate().evidence.save(&Limits::default());
        assert_eq!(
            replayed(&saved, &case).map(|one| one.exit_status()),
            Some(0)
        );
        let mut altered = Scene::new(packaging);
        altered.content.push(b'!');
        let mut wrong = case.clone();
        wrong.inputs = match packaging {
            Packaging::Detached => vec![
                case.inputs[0].clone(),
                (case.inputs[1].0.clone(), altered.content.clone()),
            ],
            _ => {
                let mut entries = scene.entries();
                let file = entries.iter_mut().find(|entry| entry.name == "a.txt");
                file.unwrap().bytes.push(b'!');
                vec![(case.inputs[0].0.clone(), zip::write(&entries))]
            }
        };
        // The evidence is about another document: it is not judged at all.
        assert!(replayed(&saved, &wrong).is_none());
        let good: Value = serde_json::from_str(&saved).unwrap();
        let mut found = Vec::new();
        ways(&good, &mut Vec::new(), &mut found);
        let accepted = in_parallel(&found, |way| {
            let value = good.pointer(way).unwrap();
            forgeries(value).into_iter().find_map(|forgery| {
                let mut forged = good.clone();
                *forged.pointer_mut(way).unwrap() = forgery;
                let report = replayed(&forged.to_string(), &wrong)?;
                let passed =
                    |one: &imza::report::Signature| one.indication == Indication::TotalPassed;
                report.signatures.iter().any(passed).then(|| way.clone())
            })
        });
        let accepted: Vec<String> = accepted.into_iter().flatten().collect();
        assert!(accepted.is_empty(), "{accepted:?}");
    }
}
