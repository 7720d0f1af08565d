//! Time-stamps over `ASiCArchiveManifest` files (EN 319 162-1 §A.7): they keep the signatures and
//! the older time-stamps that the manifest names.

use crate::signatures::{CONTENT, OPEN, PASSED, of_signature, signed};
use crate::world::{FIRST, NOW, SECOND, context, validate, world};
use imza::report::Report;
use imza::vocabulary::BlockIndication;
use imza_test_vectors::evidence_record as er;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::day;
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::zip::{self, Entry};
use imza_test_vectors::{Entity, asic};

const BARE: &str = "META-INF/ASiCArchiveManifest.xml";
const OLDER: &str = "META-INF/ASiCArchiveManifest1.xml";

fn entries() -> Vec<Entry> {
    let file = DataFile {
        name: "a.txt".to_owned(),
        bytes: CONTENT.to_vec(),
        media_type: "text/plain".to_owned(),
    };
    let manifest = asic::asic_manifest(std::slice::from_ref(&file), Hash::Sha256);
    let signature = signed(manifest.as_bytes()).der();
    asic::asic_e_cades(&[file], &manifest, &signature)
}

/// Puts a manifest over entries, and a time-stamp over it, into a container.
fn archive(
    entries: &mut Vec<Entry>,
    names: &[&str],
    (manifest, token): (&str, &str),
    time: i64,
    tsa: &Entity,
) {
    let named = entries
        .iter()
        .filter(|one| names.contains(&one.name.as_str()));
    let files: Vec<DataFile> = named
        .map(|one| DataFile {
            name: one.name.clone(),
            bytes: one.bytes.clone(),
            media_type: "application/octet-stream".to_owned(),
        })
        .collect();
    assert_eq!(files.len(), names.len());
    let text = asic::asic_manifest(&files, Hash::Sha256);
    let text = text.replacen("META-INF/signature.p7s", token, 1);
    let digest = Hash::Sha256.digest(text.as_bytes());
    let octets = er::token(Hash::Sha256, &digest, time, tsa).unwrap();
    entries.push(Entry::new(manifest, text.as_bytes()));
    entries.push(Entry::new(token, &octets));
}

fn judged(entries: &[Entry]) -> Report {
    validate(&[("c.asice".to_owned(), zip::write(entries))], context(NOW))
}

const ALL: [&str; 3] = [
    "a.txt",
    "META-INF/ASiCManifest.xml",
    "META-INF/signature.p7s",
];

#[test]
fn a_time_stamp_over_a_manifest_proves_the_signatures_that_it_names() {
    let mut entries = entries();
    let places = (BARE, "META-INF/timestamp.tst");
    archive(&mut entries, &ALL, places, FIRST, &world().new);
    let report = judged(&entries);
    assert_eq!(report.timestamps[0].indication, BlockIndication::Passed);
    assert_eq!(of_signature(&report), PASSED);
}

/// Two archive manifests: the second names everything, the first and its time-stamp too.
fn renewed(time: i64, edit: fn(&mut Vec<Entry>)) -> Report {
    let mut entries = entries();
    let first = (OLDER, "META-INF/timestamp1.tst");
    archive(&mut entries, &ALL, first, FIRST, &world().old);
    edit(&mut entries);
    let names: Vec<String> = entries.iter().map(|one| one.name.clone()).collect();
    let names = names
        .iter()
        .map(String::as_str)
        .filter(|name| *name != "mimetype");
    let names: Vec<&str> = names.collect();
    let second = (BARE, "META-INF/timestamp2.tst");
    archive(&mut entries, &names, second, time, &world().new);
    judged(&entries)
}

#[test]
fn a_newer_time_stamp_keeps_an_older_one() {
    let report = renewed(SECOND, |_| {});
    for one in &report.timestamps {
        assert_eq!(one.indication, BlockIndication::Passed, "{}", one.id);
    }
    assert_eq!(of_signature(&report), PASSED);
}

#[test]
fn a_time_stamp_that_came_too_late_keeps_nothing() {
    // The first authority's certificate had ended, and so had the signer's.
    let report = renewed(day(2013, 1, 1), |_| {});
    assert_eq!(
        report.timestamps[0].indication,
        BlockIndication::Indeterminate
    );
    assert_eq!(report.timestamps[1].indication, BlockIndication::Passed);
    let (indication, sub, _) = of_signature(&report);
    assert_eq!((indication, sub), (OPEN.0, OPEN.1));
}

#[test]
fn an_older_time_stamp_that_was_replaced_is_kept_by_nothing() {
    let report = renewed(SECOND, |entries| {
        let other = er::token(Hash::Sha256, &[1; 32], day(2006, 1, 1), &world().old).unwrap();
        entries.last_mut().unwrap().bytes = other;
    });
    assert_eq!(report.timestamps[0].indication, BlockIndication::Failed);
    let (_, _, best) = of_signature(&report);
    assert_eq!(best, SECOND, "the newer one still proves what it names");
}

#[test]
fn what_a_manifest_does_not_name_is_not_proven() {
    let mut entries = entries();
    let places = (BARE, "META-INF/timestamp.tst");
    archive(&mut entries, &ALL[..2], places, FIRST, &world().new);
    let report = judged(&entries);
    assert_eq!(report.timestamps[0].indication, BlockIndication::Passed);
    assert_eq!(of_signature(&report), OPEN);
}

#[test]
fn a_manifest_that_does_not_fit_proves_nothing() {
    type Edit = fn(&mut Vec<Entry>);
    fn named<'a>(entries: &'a mut [Entry], name: &str) -> &'a mut Entry {
        entries.iter_mut().find(|one| one.name == name).unwrap()
    }
    let edits: [(&str, Edit); 3] = [
        ("the manifest was changed", |entries| {
            named(entries, BARE).bytes.push(b'\n');
        }),
        ("the token is of something else", |entries| {
            let other = er::token(Hash::Sha256, &[1; 32], FIRST, &world().new).unwrap();
            named(entries, "META-INF/timestamp.tst").bytes = other;
        }),
        ("a file was changed", |entries| {
            named(entries, "META-INF/ASiCManifest.xml")
                .bytes
                .push(b'\n');
        }),
    ];
    for (name, edit) in edits {
        let mut entries = entries();
        let places = (BARE, "META-INF/timestamp.tst");
        archive(&mut entries, &ALL, places, FIRST, &world().new);
        edit(&mut entries);
        let report = judged(&entries);
        assert_eq!(
            report.timestamps[0].indication,
            BlockIndication::Failed,
            "{name}"
        );
        let (indication, _, best) = of_signature(&report);
        assert_ne!(indication, PASSED.0, "{name}");
        assert_eq!(best, NOW, "{name}");
    }
    let mut entries = entries();
    let places = (BARE, "META-INF/timestamp.tst");
    archive(&mut entries, &ALL, places, FIRST, &world().stranger);
    assert_eq!(of_signature(&judged(&entries)), OPEN);
}
