//! Documents of the test PKI and of the corpora, their digests and values recomputed.

use super::*;
use crate::algorithm::SignatureAlgorithm;
use crate::cades::read_token;
use crate::certificate::Certificate;
use crate::crypto::{self, Fit, Memo, Message};
use crate::error::Unsupported;
use crate::job::InputId;
use crate::limits::{Budget, Limits};
use crate::payload::{Part, PayloadName};
use crate::pdf::{Document, Opening, Password};
use crate::signature::{RecordKind, Signature, Target, Timestamp};
use crate::source::{Advance, Input, Inputs, Source};
use crate::vocabulary::{CheckId, SignatureFormat, SignatureLevel, TimestampKind};
use imza_test_vectors::cades::CadesSpec;
use imza_test_vectors::pdf::{CrossReference, Flaw, PadesSpec, Pdf};
use imza_test_vectors::{Pki, long_term::LongTermValues};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TIME: i64 = 1_750_000_000;

fn open(file: &[u8]) -> Result<Document, crate::error::Error> {
    open_protected(file, None)
}

fn open_protected(file: &[u8], password: Option<&str>) -> Result<Document, crate::error::Error> {
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("file.pdf", file)]));
    let mut source = Source::file(inputs, InputId(0), 4096)?;
    let password = password.map(Password::new);
    let mut opening = Opening::new(&source).with_password(password);
    let mut budget = Budget::default();
    loop {
        match opening.advance(&mut source, &mut budget) {
            Ok(Advance::Done(document)) => return Ok(document),
            Ok(Advance::More) => {}
            Err(crate::source::Stop::Error(error)) => return Err(error),
            Err(crate::source::Stop::NotHere) => panic!("a page of octets at hand is missing"),
        }
    }
}

type Read = Vec<(Located, Result<Vec<Signature>, crate::error::Error>)>;

fn read(file: &[u8]) -> Read {
    read_opened(&open(file).unwrap())
}

fn read_opened(document: &Document) -> Read {
    let mut budget = Budget::default();
    let all = locate(document, &mut budget);
    let kept = |id: &crate::vocabulary::ObjectId| {
        let mut messages = all.iter().filter_map(|one| one.message.as_ref());
        messages
            .find(|message| crypto::object_id(message) == *id)
            .cloned()
    };
    let found = all.iter().map(|one| {
        let message = one.message.as_deref().unwrap_or_default();
        let records = records(
            message,
            &one.place,
            &one.facts,
            &kept,
            &mut Budget::default(),
        );
        (one.clone(), records)
    });
    found.collect()
}

fn only(file: &[u8]) -> (Located, Signature) {
    let (located, records) = read(file).remove(0);
    let mut records = records.unwrap();
    assert_eq!(records.len(), 1);
    (located, records.remove(0))
}

fn octets(parts: &[Part], file: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Octets(octets) => all.extend_from_slice(octets),
            Part::Payload(part) => {
                assert_eq!(part.name, PayloadName::Input(InputId(0)));
                let range = part.range.unwrap();
                let [start, end] = [range.start, range.end].map(|at| usize::try_from(at).unwrap());
                all.extend_from_slice(&file[start..end]);
            }
            Part::Digest { .. } | Part::Group { .. } => panic!("no digest of parts in a PDF"),
        }
    }
    all
}

fn references_fit(record: &Signature, file: &[u8]) -> bool {
    !record.references.is_empty()
        && record.references.iter().all(|reference| {
            let (Target::Parts(parts), Ok(algorithm)) = (&reference.target, &reference.algorithm)
            else {
                return false;
            };
            crypto::digest(*algorithm, &octets(parts, file)).unwrap() == reference.expected
        })
}

fn value_fits(record: &Signature, file: &[u8]) -> bool {
    let value = record.value.as_ref().unwrap();
    let Ok(algorithm) = value.algorithm.clone() else {
        return false;
    };
    let mut budget = Budget::default();
    let alternatives = value.alternatives.iter().map(|(parts, _)| parts);
    let candidates: Vec<Vec<u8>> = std::iter::once(&value.over)
        .chain(alternatives)
        .map(|parts| octets(parts, file))
        .collect();
    record.certificates.iter().any(|certificate| {
        let Ok(key) = Certificate::parse(&certificate.octets, &mut budget)
            .and_then(|certificate| crypto::PublicKey::from_spki(certificate.spki()))
        else {
            return false;
        };
        candidates.iter().any(|message| {
            let message = Message::Octets(message);
            let memo = &mut Memo::default();
            crypto::verify(&key, algorithm, message, &value.value, &mut budget, memo)
                == Ok(Fit::Fits)
        })
    })
}

fn imprint_fits(timestamp: &Timestamp, file: &[u8]) -> bool {
    let token = read_token(&timestamp.token, "", &mut Budget::default()).unwrap();
    let Target::Parts(parts) = &timestamp.imprint else {
        return false;
    };
    let algorithm = token.imprint_algorithm.unwrap();
    crypto::digest(algorithm, &octets(parts, file)).unwrap() == token.imprint
}

/// The checks that fail.
fn failing(located: &Located, record: &Signature) -> Vec<CheckId> {
    let all = located.findings.iter().chain(&record.findings);
    let mut checks: Vec<CheckId> = all.map(|finding| finding.check).collect();
    checks.sort();
    checks.dedup();
    checks
}

fn signed(spec: &PadesSpec) -> (Pki, Pdf) {
    let pki = Pki::fixed().unwrap();
    let mut pdf = Pdf::new("text", CrossReference::Table);
    pdf.sign(spec, &pki.citizen_p256, |_| Ok(())).unwrap();
    (pki, pdf)
}

fn flawed(flaw: Flaw) -> Vec<u8> {
    let spec = PadesSpec {
        flaw,
        ..PadesSpec::new(TIME)
    };
    signed(&spec).1.bytes().to_vec()
}

#[test]
fn a_baseline_signature_covers_the_whole_file() {
    let spec = PadesSpec {
        entries: "/Reason (because) /Location (Baku) /Name (A) /ContactInfo (B)".to_owned(),
        ..PadesSpec::new(TIME)
    };
    for cross_reference in [CrossReference::Table, CrossReference::Stream] {
        let pki = Pki::fixed().unwrap();
        let mut pdf = Pdf::new("text", cross_reference);
        pdf.sign(&spec, &pki.citizen_p256, |_| Ok(())).unwrap();
        let file = pdf.bytes();
        let (located, record) = only(file);
        assert_eq!(failing(&located, &record), []);
        assert_eq!(record.format, SignatureFormat::Pades);
        assert_eq!(record.level, SignatureLevel::BaselineB);
        assert_eq!(record.claims.signing_time.unwrap().seconds, TIME);
        assert_eq!(record.claims.reason.as_deref(), Some("because"));
        assert_eq!(record.claims.location.as_deref(), Some("Baku"));
        assert_eq!(record.claims.name.as_deref(), Some("A"));
        assert_eq!(record.claims.contact.as_deref(), Some("B"));
        assert_eq!(
            record.references[0].covers,
            Some(PayloadName::Input(InputId(0)))
        );
        assert!(references_fit(&record, file));
        assert!(value_fits(&record, file));
        assert!(document_findings(&open(file).unwrap()).is_empty());
    }
}

#[test]
fn an_octet_changed_after_signing_breaks_the_digest() {
    let file = flawed(Flaw::ChangedOctet);
    let (located, record) = only(&file);
    assert_eq!(failing(&located, &record), []);
    assert!(!references_fit(&record, &file));
    assert!(value_fits(&record, &file));
}

#[test]
fn byte_ranges_that_break_a_rule() {
    for flaw in [
        Flaw::GapTooWide,
        Flaw::RangeTooShort,
        Flaw::RangeStartsLate,
        Flaw::RangeOfThree,
        Flaw::Padding,
    ] {
        let (located, record) = only(&flawed(flaw));
        assert_eq!(
            failing(&located, &record),
            [CheckId::FormatByteRange],
            "{flaw:?}"
        );
    }
}

#[test]
fn the_last_end_of_line_may_be_left_out_but_is_then_not_covered() {
    let (located, record) = only(&flawed(Flaw::RangeWithoutLineEnd));
    assert_eq!(failing(&located, &record), []);
    assert!(!located.facts.covers_whole_file);
    assert_eq!(record.references[0].covers, None);
}

#[test]
fn a_byte_range_that_cannot_be_read_signs_nothing() {
    let (_, record) = only(&flawed(Flaw::RangeOfThree));
    assert_eq!(record.references[0].target, Target::NotFound);
}

#[test]
fn content_in_the_message_is_a_fault_and_the_ranges_are_compared_all_the_same() {
    let file = flawed(Flaw::EmbeddedContent);
    let (located, record) = only(&file);
    assert!(failing(&located, &record).contains(&CheckId::FormatSignerInformationStore));
    assert!(record.references.iter().any(|reference| {
        matches!(&reference.target, Target::Parts(parts) if matches!(parts[..], [Part::Payload(_), Part::Payload(_)]))
    }));
}

#[test]
fn a_signature_that_no_field_names_is_not_one() {
    assert!(read(&flawed(Flaw::Orphan)).is_empty());
}

#[test]
fn a_signature_dictionary_with_cert_is_below_the_baseline() {
    let spec = PadesSpec {
        entries: "/Cert (x)".to_owned(),
        ..PadesSpec::new(TIME)
    };
    let (_, record) = only(signed(&spec).1.bytes());
    assert_eq!(record.level, SignatureLevel::Bes);
}

#[test]
fn sub_filters_decide_the_format() {
    let with = |name: &str| {
        let spec = PadesSpec {
            sub_filter: name.to_owned(),
            ..PadesSpec::new(TIME)
        };
        read(signed(&spec).1.bytes()).remove(0)
    };
    let (_, records) = with("adbe.pkcs7.detached");
    let record = records.unwrap().remove(0);
    assert_eq!(record.format, SignatureFormat::Pkcs7);
    assert_eq!(record.level, SignatureLevel::NotEtsi);

    for name in ["adbe.x509.rsa_sha1", "unknown"] {
        let unsupported = with(name).1;
        assert!(matches!(
            unsupported,
            Err(crate::error::Error::Unsupported(_))
        ));
    }

    // A name that no standard defines and that carries no developer's prefix says nothing.
    for (name, is_known) in [
        ("unknown", false),
        ("", false),
        ("ABCD_own", true),
        ("adbe.x509.rsa_sha1", true),
    ] {
        let found = with(name).0.findings;
        let is_refused = found
            .iter()
            .any(|one| one.check == CheckId::FormatStructure);
        assert_eq!(is_refused, !is_known, "{name}");
    }

    // A signature is no time-stamp, whatever its SubFilter says.
    let (located, _) = with("ETSI.RFC3161");
    let checks: Vec<_> = located
        .findings
        .iter()
        .map(|finding| finding.check)
        .collect();
    assert!(checks.contains(&CheckId::FormatStructure));

    // Content that is not the SHA-1 of the ranges.
    let (located, records) = with("adbe.pkcs7.sha1");
    let record = records.unwrap().remove(0);
    assert_eq!(
        failing(&located, &record),
        [CheckId::FormatSignerInformationStore]
    );
}

#[test]
fn the_older_form_signs_the_digest_of_the_ranges() {
    use imza_test_vectors::cms;
    use imza_test_vectors::hash::Hash;
    let pki = Pki::fixed().unwrap();
    let spec = PadesSpec {
        sub_filter: "adbe.pkcs7.sha1".to_owned(),
        cms: CadesSpec {
            detached: false,
            signing_time: None,
            ..CadesSpec::detached(TIME)
        },
        ..PadesSpec::new(TIME)
    };
    let mut pdf = Pdf::new("text", CrossReference::Table);
    // The ranges are known only while signing: sign twice, the second time with their digest.
    let mut first = pdf.clone();
    first.sign(&spec, &pki.citizen_p256, |_| Ok(())).unwrap();
    let facts = read(first.bytes()).remove(0).0.facts;
    let ranges = octets(&facts.signed_parts().unwrap(), first.bytes());
    let digest = Hash::Sha1.digest(&ranges);
    pdf.sign(&spec, &pki.citizen_p256, |signed| {
        let mut data = cms::SignedData::new("1.2.840.113549.1.7.1", &digest, &pki.citizen_p256);
        data.content = Some(digest.clone());
        *signed = data.sign(&digest, &pki.citizen_p256)?;
        Ok(())
    })
    .unwrap();
    let (located, record) = only(pdf.bytes());
    assert_eq!(failing(&located, &record), []);
    assert_eq!(record.format, SignatureFormat::Pkcs7);
    assert_eq!(record.references.len(), 2);
    assert!(references_fit(&record, pdf.bytes()));
    assert!(value_fits(&record, pdf.bytes()));
    let mut changed = pdf.bytes().to_vec();
    changed[9] ^= 1;
    assert!(!references_fit(&only(&changed).1, &changed));
}

#[test]
fn levels_rise_with_time_stamps_and_the_store() {
    let (pki, mut pdf) = signed(&PadesSpec::new(TIME));
    let level = |pdf: &Pdf| read(pdf.bytes())[0].1.clone().unwrap()[0].level;
    let citizen = &pki.citizen_p256;
    let values = LongTermValues::collect(&pki, citizen, &pki.tsa_p256, TIME + 60).unwrap();

    let mut without_time = pdf.clone();
    without_time.add_security_store(&values);
    assert_eq!(level(&without_time), SignatureLevel::BaselineB);

    pdf.stamp(&pki, TIME + 60).unwrap();
    assert_eq!(level(&pdf), SignatureLevel::BaselineT);
    pdf.add_security_store(&values);
    assert_eq!(level(&pdf), SignatureLevel::BaselineLt);
    pdf.stamp(&pki, TIME + 120).unwrap();
    assert_eq!(level(&pdf), SignatureLevel::BaselineLta);

    let file = pdf.bytes();
    let all = read(file);
    let record = &all[0].1.as_ref().unwrap()[0];
    assert_eq!(record.timestamps.len(), 2);
    for timestamp in &record.timestamps {
        assert_eq!(timestamp.kind, TimestampKind::DocumentTimestamp);
        assert!(imprint_fits(timestamp, file));
        assert!(timestamp.covered.signature);
    }
    // The first covers nothing of the store, which came later; the second all of it.
    let stored = crypto::object_id(&values.certificates[0]);
    assert!(!all[1].0.facts.covers.contains(&stored));
    assert!(all[2].0.facts.covers.contains(&stored));
    assert!(record.timestamps[1].covered.objects.contains(&stored));
    let first_token = crypto::object_id(all[1].0.message.as_ref().unwrap());
    assert!(all[2].0.facts.covers.contains(&first_token));

    let document = open(file).unwrap();
    assert_eq!(
        stored_certificates(&document).len(),
        values.certificates.len()
    );
    let revocation = values.crls.len() + values.ocsps.len();
    assert_eq!(stored_revocation(&document).len(), revocation);
}

#[test]
fn a_document_time_stamp_is_a_record_of_its_own() {
    let (pki, mut pdf) = signed(&PadesSpec::new(TIME));
    pdf.stamp(&pki, TIME + 60).unwrap();
    let (located, records) = read(pdf.bytes()).remove(1);
    let record = records.unwrap().remove(0);
    assert_eq!(record.kind, RecordKind::Timestamp);
    assert_eq!(failing(&located, &record), []);
    assert!(imprint_fits(&record.timestamps[0], pdf.bytes()));
    assert!(located.facts.covers_whole_file);
}

#[test]
fn a_time_stamp_before_the_signature_does_not_cover_it() {
    let pki = Pki::fixed().unwrap();
    let mut pdf = Pdf::new("text", CrossReference::Table);
    pdf.stamp(&pki, TIME).unwrap();
    pdf.sign(&PadesSpec::new(TIME + 60), &pki.citizen_p256, |_| Ok(()))
        .unwrap();
    let all = read(pdf.bytes());
    let record = &all[1].1.as_ref().unwrap()[0];
    assert!(record.timestamps.is_empty());
    assert_eq!(record.level, SignatureLevel::BaselineB);
}

#[test]
fn facts_survive_being_saved() {
    let (pki, mut pdf) = signed(&PadesSpec::new(TIME));
    pdf.stamp(&pki, TIME + 60).unwrap();
    for (located, _) in read(pdf.bytes()) {
        let saved = serde_json::to_string(&located.facts).unwrap();
        let loaded: SignatureFacts = serde_json::from_str(&saved).unwrap();
        assert_eq!(loaded, located.facts);
    }
}

#[test]
fn a_limit_stops_the_signature_that_passes_it() {
    let (pki, mut pdf) = signed(&PadesSpec::new(TIME));
    pdf.stamp(&pki, TIME + 60).unwrap();
    let limits = Limits {
        references: 0,
        ..Limits::default()
    };
    let mut budget = Budget::new(Arc::new(limits));
    let located = locate(&open(pdf.bytes()).unwrap(), &mut budget);
    let checks: Vec<_> = located[0]
        .findings
        .iter()
        .map(|finding| finding.check)
        .collect();
    assert!(checks.contains(&CheckId::LimitReading));
}

#[test]
fn messages_that_are_none_are_malformed() {
    let of = SignatureFacts {
        sub_filter: Some("ETSI.CAdES.detached".to_owned()),
        ..SignatureFacts::default()
    };
    for message in [&b""[..], b"\x30\x00", b"\x30\x03\x02\x01\x01"] {
        let read = records(message, "x", &of, &|_| None, &mut Budget::default());
        assert!(
            matches!(read, Err(crate::error::Error::Malformed(_))),
            "{message:?}"
        );
    }
}

#[test]
fn no_octet_of_the_signed_ranges_can_change() {
    let (_, pdf) = signed(&PadesSpec::new(TIME));
    let file = pdf.bytes();
    let (clean, _) = only(file);
    let ranges = clean.facts.byte_range.unwrap();
    let gap = usize::try_from(ranges[1]).unwrap()..usize::try_from(ranges[2]).unwrap();
    let is_good = |file: &[u8]| {
        let Ok(document) = open(file) else {
            return false;
        };
        let ambiguous = !document_findings(&document).is_empty();
        let found = read(file);
        let [(located, Ok(records))] = &found[..] else {
            return false;
        };
        let record = &records[0];
        !ambiguous
            && failing(located, record).is_empty()
            && references_fit(record, file)
            && value_fits(record, file)
    };
    assert!(is_good(file));
    for index in (0..file.len())
        .filter(|index| !gap.contains(index))
        .step_by(3)
    {
        let mut changed = file.to_vec();
        changed[index] ^= 1;
        assert!(!is_good(&changed), "{index}");
    }
}

/// Documents and their cases; none when the corpora are absent, and that is said.
fn cases() -> Vec<(PathBuf, serde_json::Value)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = std::env::var_os("IMZA_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(["../shared", "../../shared"].map(|up| workspace.join(up)))
        .map(|shared| shared.join("corpora"))
        .find(|folder| folder.join("index.jsonl").is_file());
    let Some(folder) = folder else {
        eprintln!("skipped: no corpora of PDF files");
        return Vec::new();
    };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    index
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|case| case["kind"] == "pades" && case["document"].is_string())
        .map(|case| (folder.join(case["document"].as_str().unwrap()), case))
        .collect()
}

/// Whether this library computes with the algorithms of a record.
fn is_supported(record: &Signature) -> bool {
    let algorithm = record.value.as_ref().map(|value| value.algorithm.clone());
    let is_computed = match algorithm {
        Some(Ok(algorithm)) => {
            algorithm.digest().is_some() || algorithm == SignatureAlgorithm::Ed25519
        }
        _ => false,
    };
    is_computed
        && record
            .references
            .iter()
            .all(|reference| reference.algorithm.is_ok())
}

#[test]
fn the_suites_agree_about_digests_and_values() {
    let mut compared = 0;
    for (path, case) in cases() {
        let facts = &case["facts"];
        let (Some(field), Some(intact), Some(valid)) = (
            facts["field"].as_str(),
            facts["intact"].as_bool(),
            facts["crypto_valid"].as_bool(),
        ) else {
            continue;
        };
        let file = std::fs::read(&path).unwrap();
        let opened = match open_protected(&file, case["password"].as_str()) {
            Err(crate::error::Error::Unsupported(Unsupported::Encryption(_))) => continue,
            opened => opened.unwrap(),
        };
        let mut all = read_opened(&opened).into_iter();
        let Some((located, Ok(records))) = all.find(|(located, _)| located.place == field) else {
            continue;
        };
        let record = &records[0];
        if record.kind == RecordKind::Timestamp {
            assert_eq!(
                imprint_fits(&record.timestamps[0], &file),
                intact,
                "{}",
                path.display()
            );
        } else if is_supported(record) {
            let found = (references_fit(record, &file), value_fits(record, &file));
            assert_eq!(found, (intact, valid), "{}", path.display());
        }
        if case["expected"] == "valid" {
            // What a field demands of its signature is not compared, and said so.
            let mut failing = failing(&located, record);
            failing.retain(|check| *check != CheckId::UnsupportedFeature);
            // The suite has documents with authentication codes.
            failing.retain(|check| *check != CheckId::FormatTolerated);
            assert_eq!(failing, [], "{}", path.display());
        }
        compared += 1;
    }
    println!("{compared} documents compared");
}

#[test]
fn what_the_suites_call_valid_is_intact() {
    for (path, case) in cases() {
        if case["expected"] != "valid" {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let opened = match open_protected(&file, case["password"].as_str()) {
            Err(crate::error::Error::Unsupported(Unsupported::Encryption(_))) => continue,
            opened => opened.unwrap(),
        };
        for (_, records) in read_opened(&opened) {
            let records = records.unwrap();
            let record = &records[0];
            if record.kind == RecordKind::Signature && is_supported(record) {
                assert!(references_fit(record, &file), "{}", path.display());
                assert!(value_fits(record, &file), "{}", path.display());
            }
        }
    }
}
