//! Evidence records about signatures: in containers and in attributes. The signer's certificate has
//! ended; only a record made before proves that the signature is older.

use crate::world::{FIRST, NOW, SECOND, context, validate, world};
use imza::report::{AnyIndication, Report};
use imza::vocabulary::{BlockIndication, CheckId, Indication, Outcome, SubIndication};
use imza_test_vectors::cades::{self, CadesSpec};
use imza_test_vectors::certificate::{CertificateSpec, usage};
use imza_test_vectors::cms::{Attribute, Signed};
use imza_test_vectors::evidence_record::{self as er, ArchiveTimestamp};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::{DAY, day};
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::zip::{self, Entry};
use imza_test_vectors::{Entity, asic};

const INTERNAL: &str = "1.2.840.113549.1.9.16.2.49";
const EXTERNAL: &str = "1.2.840.113549.1.9.16.2.50";
pub(crate) const CONTENT: &[u8] = b"the content";

/// A citizen whose certificate ends in 2012.
pub(crate) fn signer() -> Entity {
    let world = world();
    let of = &world.pki.citizen_p256;
    let validity = (day(2005, 1, 1), day(2012, 1, 1));
    let bits = [usage::NON_REPUDIATION];
    let (name, key) = (of.name.clone(), &of.key);
    let spec = CertificateSpec::end_entity(name, key, &world.root.key, 0x7100, validity, &bits);
    Entity::issue("signer", &spec, key, &world.root).unwrap()
}

pub(crate) fn signed(content: &[u8]) -> Signed {
    cades::sign(&CadesSpec::detached(FIRST - DAY), content, &signer()).unwrap()
}

/// A record over a group of data, made at a time, good until 2036.
fn record(group: &[&[u8]], time: i64) -> Vec<u8> {
    let mut list: Vec<Vec<u8>> = group.iter().map(|one| Hash::Sha256.digest(one)).collect();
    list.sort_unstable();
    let one: ArchiveTimestamp = er::stamped(Hash::Sha256, vec![list], time, &world().new).unwrap();
    er::record(&[vec![one]])
}

pub(crate) fn of_signature(report: &Report) -> (Indication, Option<SubIndication>, i64) {
    let one = &report.signatures[0];
    let best = one.best_signature_time.as_ref().unwrap();
    (one.indication, one.sub_indication, best.time.seconds)
}

fn outcome(report: &Report, check: CheckId) -> Option<Outcome> {
    let checks = &report.signatures[0].checks;
    checks
        .iter()
        .find(|one| one.id == check)
        .map(|one| one.outcome)
}

pub(crate) const OPEN: (Indication, Option<SubIndication>, i64) = (
    Indication::Indeterminate,
    Some(SubIndication::OutOfBoundsNotRevoked),
    NOW,
);
pub(crate) const PASSED: (Indication, Option<SubIndication>, i64) =
    (Indication::TotalPassed, None, FIRST);

/// ASiC-E with CAdES and, over some of its files, an evidence record.
fn container(covered: &[&str], time: i64, edit: fn(&mut Vec<Entry>)) -> Report {
    let file = DataFile {
        name: "a.txt".to_owned(),
        bytes: CONTENT.to_vec(),
        media_type: "text/plain".to_owned(),
    };
    let manifest = asic::asic_manifest(std::slice::from_ref(&file), Hash::Sha256);
    let signature = signed(manifest.as_bytes()).der();
    let mut entries = asic::asic_e_cades(&[file], &manifest, &signature);
    let octets = |name: &str| {
        let entry = entries.iter().find(|one| one.name == name);
        entry.unwrap().bytes.clone()
    };
    let files: Vec<DataFile> = covered
        .iter()
        .map(|name| DataFile {
            name: (*name).to_owned(),
            bytes: octets(name),
            media_type: "application/octet-stream".to_owned(),
        })
        .collect();
    let group: Vec<&[u8]> = files.iter().map(|one| one.bytes.as_slice()).collect();
    let record = record(&group, time);
    let (from, to) = ("META-INF/signature.p7s", "META-INF/evidencerecord.ers");
    let named = asic::asic_manifest(&files, Hash::Sha256).replacen(from, to, 1);
    entries.push(Entry::new("META-INF/evidencerecord.ers", &record));
    entries.push(Entry::new(
        "META-INF/ASiCEvidenceRecordManifest.xml",
        named.as_bytes(),
    ));
    edit(&mut entries);
    validate(
        &[("c.asice".to_owned(), zip::write(&entries))],
        context(NOW),
    )
}

const ALL: [&str; 3] = [
    "a.txt",
    "META-INF/ASiCManifest.xml",
    "META-INF/signature.p7s",
];

#[test]
fn a_record_over_the_signature_file_proves_the_signature() {
    let report = container(&ALL, FIRST, |_| {});
    assert_eq!(
        report.evidence_records[0].indication,
        BlockIndication::Passed
    );
    assert_eq!(of_signature(&report), PASSED);
    assert_eq!(
        outcome(&report, CheckId::EvidenceRecordValid),
        Some(Outcome::Passed)
    );
}

#[test]
fn a_record_over_the_data_alone_proves_nothing_about_the_signature() {
    let report = container(&ALL[..2], FIRST, |_| {});
    assert_eq!(
        report.evidence_records[0].indication,
        BlockIndication::Passed
    );
    assert_eq!(of_signature(&report), OPEN);
    assert_eq!(outcome(&report, CheckId::EvidenceRecordValid), None);
}

#[test]
fn a_record_that_is_younger_than_the_certificate_does_not_help() {
    let report = container(&ALL, day(2013, 1, 1), |_| {});
    assert_eq!(
        report.evidence_records[0].indication,
        BlockIndication::Passed
    );
    assert_eq!(report.signatures[0].indication, Indication::Indeterminate);
}

#[test]
fn a_record_that_does_not_hold_proves_nothing() {
    type Edit = fn(&mut Vec<Entry>);
    fn named<'a>(entries: &'a mut [Entry], name: &str) -> &'a mut Entry {
        entries
            .iter_mut()
            .find(|one| one.name.contains(name))
            .unwrap()
    }
    let edits: [(&str, Edit); 5] = [
        ("cut off", |entries| {
            named(entries, "evidencerecord.ers").bytes.pop();
        }),
        ("a name more in the manifest", |entries| {
            let entry = named(entries, "EvidenceRecordManifest");
            let text = String::from_utf8(entry.bytes.clone()).unwrap();
            let start = text.find("<asic:DataObjectReference").unwrap();
            let more = text[start..]
                .split("</asic:DataObjectReference>")
                .next()
                .unwrap();
            let more = format!("{more}</asic:DataObjectReference>").replace("a.txt", "b.txt");
            let mut text = text.clone();
            text.insert_str(start, &more);
            entry.bytes = text.into_bytes();
        }),
        ("another digest in the manifest", |entries| {
            let entry = named(entries, "EvidenceRecordManifest");
            let text = String::from_utf8(entry.bytes.clone()).unwrap();
            let other = "<ds:DigestValue>AAAA";
            entry.bytes = text.replacen("<ds:DigestValue>", other, 1).into_bytes();
        }),
        ("no manifest", |entries| {
            entries.retain(|one| !one.name.contains("EvidenceRecordManifest"));
        }),
        ("two manifests", |entries| {
            let mut other = named(entries, "EvidenceRecordManifest").clone();
            other.name = "META-INF/ASiCEvidenceRecordManifest2.xml".to_owned();
            entries.push(other);
        }),
    ];
    for (name, edit) in edits {
        let report = container(&ALL, FIRST, edit);
        let record = &report.evidence_records[0];
        assert_ne!(record.indication, BlockIndication::Passed, "{name}");
        assert_eq!(of_signature(&report), OPEN, "{name}");
    }
}

/// A detached message with a record in an attribute.
fn carried(attribute: &str, record: Vec<u8>, before: &Signed) -> Report {
    let mut message = before.clone();
    message.unsigned.push(Attribute::new(attribute, record));
    let inputs = [
        ("m.p7s".to_owned(), message.der()),
        ("content".to_owned(), CONTENT.to_vec()),
    ];
    validate(&inputs, context(NOW))
}

#[test]
fn an_internal_record_is_about_the_message_without_it() {
    let message = signed(CONTENT);
    let report = carried(INTERNAL, record(&[&message.der()], FIRST), &message);
    assert_eq!(of_signature(&report), PASSED);
    assert!(report.evidence_records.is_empty());
    assert_eq!(report.signatures[0].timestamps.len(), 1);
}

#[test]
fn an_external_record_is_about_the_content_too() {
    let message = signed(CONTENT);
    let both = record(&[&message.der(), CONTENT], FIRST);
    assert_eq!(of_signature(&carried(EXTERNAL, both, &message)), PASSED);
    let alone = record(&[&message.der()], FIRST);
    assert_eq!(of_signature(&carried(EXTERNAL, alone, &message)), OPEN);
}

#[test]
fn a_record_of_another_message_proves_nothing() {
    let message = signed(CONTENT);
    let other = cades::sign(&CadesSpec::detached(FIRST), CONTENT, &signer()).unwrap();
    for group in [
        vec![other.der()],
        vec![CONTENT.to_vec()],
        vec![message.signer_info()],
    ] {
        let group: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
        let report = carried(INTERNAL, record(&group, FIRST), &message);
        assert_eq!(of_signature(&report), OPEN);
        let found = outcome(&report, CheckId::EvidenceRecordValid);
        assert_eq!(found, Some(Outcome::Warning));
    }
    let unreadable = carried(INTERNAL, vec![0x30, 0x00], &message);
    assert_eq!(of_signature(&unreadable), OPEN);
}

#[test]
fn a_later_record_may_be_about_an_earlier_one() {
    let message = signed(CONTENT);
    let first = record(&[&message.der()], FIRST);
    let mut with = message.clone();
    with.unsigned.push(Attribute::new(INTERNAL, first));
    // In a set the order of members is that of their octets, so either may come to stand first.
    let second = record(&[&with.der()], SECOND);
    let report = carried(INTERNAL, second, &with);
    assert_eq!(of_signature(&report), PASSED);
}

#[test]
fn a_document_of_its_own_has_the_indication_of_its_record() {
    let good = [
        ("r.ers".to_owned(), record(&[CONTENT], FIRST)),
        ("content".to_owned(), CONTENT.to_vec()),
    ];
    let report = validate(&good, context(NOW));
    assert_eq!(
        report.indication,
        Some(AnyIndication::Block(BlockIndication::Passed))
    );
    assert_eq!(report.evidence_records[0].scopes[0].name, "content");
}

/// A manifest that names one file often, and a record with a long list.
fn large(names: usize, digests: u32, listed: bool) -> Report {
    let mut list: Vec<Vec<u8>> = (0..digests)
        .map(|number| [&number.to_be_bytes()[..], &[0; 28]].concat())
        .collect();
    if listed {
        list.push(Hash::Sha256.digest(CONTENT));
    }
    list.sort_unstable();
    let stamp = er::stamped(Hash::Sha256, vec![list], FIRST, &world().new).unwrap();
    let record = er::record(&[vec![stamp]]);
    let file = DataFile {
        name: "a.txt".to_owned(),
        bytes: CONTENT.to_vec(),
        media_type: "text/plain".to_owned(),
    };
    let files = vec![file.clone(); names];
    let (from, to) = ("META-INF/signature.p7s", "META-INF/evidencerecord.ers");
    let manifest = asic::asic_manifest(&files, Hash::Sha256).replacen(from, to, 1);
    let own = asic::asic_manifest(std::slice::from_ref(&file), Hash::Sha256);
    let signature = signed(own.as_bytes()).der();
    let mut entries = asic::asic_e_cades(&[file], &own, &signature);
    let name = "META-INF/ASiCEvidenceRecordManifest.xml";
    entries.push(Entry::new("META-INF/evidencerecord.ers", &record));
    entries.push(Entry::new(name, manifest.as_bytes()));
    validate(
        &[("c.asice".to_owned(), zip::write(&entries))],
        context(NOW),
    )
}

/// 8,000 times 200,000 comparisons take minutes in a build that is not optimised.
#[test]
fn many_names_and_a_long_list_do_not_multiply() {
    for (listed, indication) in [
        (true, BlockIndication::Passed),
        (false, BlockIndication::Failed),
    ] {
        let begun = std::time::Instant::now();
        let report = large(8_000, 200_000, listed);
        let [record] = report.evidence_records.as_slice() else {
            panic!("{} records", report.evidence_records.len());
        };
        assert_eq!(record.indication, indication);
        let is_told = |check: &&imza::report::Check| check.id == CheckId::EvidenceRecordGroup;
        let found = record.checks.iter().find(is_told).unwrap();
        assert_eq!(found.found.as_deref(), Some("200000 digests more"));
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}
