//! Signatures of public test suites.

use super::*;
use serde_json::Value;
use std::path::Path;

/// Signatures that are valid though a time-stamp does not fit, and why.
const IMPRINTS: &[(&str, &str)] = &[
    (
        "dss/xades/RefsOnlyTimestampTest",
        "the references were laid out anew afterwards",
    ),
    (
        "dss/xades/XAdESLevelLTA132EnvelopedNoObjectsTest",
        "an object was taken out afterwards",
    ),
    (
        "dss/xades/XAdESLevelLTA132EnvelopingAdditionalObjectTest",
        "an object was added afterwards",
    ),
    (
        "dss/xades/XAdESLTAAdditionalKeyInfoCertTest",
        "KeyInfo was changed afterwards",
    ),
    (
        "dss/xades/XAdESLTACorruptedCertTest",
        "CertificateValues was changed afterwards",
    ),
    (
        "dss/xades/XAdESLevelLTAWithCopiedATSTTest",
        "a time-stamp of another signature",
    ),
    (
        "dss/xades/XAdESLevelTWithCopiedSigTstTest",
        "a time-stamp of another signature",
    ),
    (
        "dss/xades/XAdESParallelSigWithCopiedTstTest",
        "a time-stamp of another signature",
    ),
    (
        "dss/xades/XAdESWrongIndividualDataTimestampTest",
        "Include leads nowhere",
    ),
];

/// A ZIP reader for well-made test containers only.
fn unzip(bytes: &[u8]) -> Option<Files> {
    let number = |at: usize, length: usize| -> Option<usize> {
        let octets = bytes.get(at..at + length)?;
        Some(
            octets
                .iter()
                .rev()
                .fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
        )
    };
    let end = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    let mut at = number(end + 16, 4)?;
    let mut files = Files::new();
    for _ in 0..number(end + 10, 2)? {
        let (method, size) = (number(at + 10, 2)?, number(at + 20, 4)?);
        let (name, extra, comment) = (
            number(at + 28, 2)?,
            number(at + 30, 2)?,
            number(at + 32, 2)?,
        );
        let local = number(at + 42, 4)?;
        let data = local + 30 + number(local + 26, 2)? + number(local + 28, 2)?;
        let data = bytes.get(data..data + size)?;
        let data = match method {
            0 => data.to_vec(),
            _ => {
                let mut all = Vec::new();
                let mut reader = flate2::read::DeflateDecoder::new(data);
                std::io::Read::read_to_end(&mut reader, &mut all).ok()?;
                all
            }
        };
        let name_octets = bytes.get(at + 46..at + 46 + name)?;
        files.insert(String::from_utf8_lossy(name_octets).into_owned(), data);
        at += 46 + name + extra + comment;
    }
    Some(files)
}

/// Documents with signatures of a case, and the files beside them.
fn documents(corpora: &Path, case: &Value) -> (Vec<Vec<u8>>, Files) {
    let main = case["document"]
        .as_str()
        .or_else(|| case["files"][0].as_str())
        .unwrap();
    let main = corpora.join(main);
    let bytes = std::fs::read(&main).unwrap();
    if bytes.starts_with(b"PK") {
        let files = unzip(&bytes).unwrap_or_default();
        let signatures = files
            .iter()
            .filter(|(name, _)| {
                let name = name.to_lowercase();
                name.starts_with("meta-inf/")
                    && name.contains("signature")
                    && name.ends_with(".xml")
            })
            .map(|(_, octets)| octets.clone())
            .collect();
        return (signatures, files);
    }
    let mut files = Files::new();
    for (uri, file) in case["uri_map"].as_object().into_iter().flatten() {
        files.insert(
            uri.clone(),
            std::fs::read(corpora.join(file.as_str().unwrap())).unwrap(),
        );
    }
    let others = case["files"].as_array().unwrap().iter().skip(1);
    let others: Vec<_> = others
        .map(|file| corpora.join(file.as_str().unwrap()))
        .collect();
    for path in &others {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let octets = std::fs::read(path).unwrap();
        if others.len() == 1 {
            files.entry(String::new()).or_insert_with(|| octets.clone());
        }
        files.entry(name).or_insert(octets);
    }
    (vec![bytes], files)
}

#[test]
fn public_signatures_are_read() {
    let Some(corpora) = crate::certificate::sample::corpora() else {
        return;
    };
    let index = std::fs::read_to_string(corpora.join("index.jsonl")).unwrap();
    let cases = index
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let (mut judged, mut fitting) = (0, 0);
    for case in cases {
        if !["xades", "xmldsig", "asic-e", "asic-s"].contains(&case["kind"].as_str().unwrap()) {
            continue;
        }
        let (documents, files) = documents(&corpora, &case);
        if documents.is_empty() {
            continue;
        }
        let mut records = Vec::new();
        let mut errors = Vec::new();
        for document in &documents {
            match read_within(document, &files, &mut Budget::default()) {
                Ok(found) => records.extend(found),
                Err(error) => errors.push(error.code()),
            }
        }
        let id = case["id"].as_str().unwrap();
        let count = case["facts"]["n_signatures"].as_u64();
        if let Some(count) = count.filter(|_| errors.is_empty()) {
            // One count is about what its test makes of the container.
            let is_other = id == "digidoc4j/BDocContainerTest.saveExistingContainerToStream";
            let found = u64::try_from(records.len()).unwrap();
            assert!(is_other || found == count, "{id}: {found} of {count}");
        }
        let ids: std::collections::BTreeSet<_> = records.iter().map(|found| &found.id).collect();
        // Files of a container are read apart here, so that equal ones share their place.
        assert!(documents.len() > 1 || ids.len() == records.len(), "{id}");
        let is_xades = case["kind"] != "xmldsig";
        if case["expected"] != "valid" || !is_xades {
            continue;
        }
        assert_eq!(errors, Vec::<&str>::new(), "{id}");
        for record in &records {
            let found = faults(record, &files);
            // Documents that stand alone are read as files of a container here.
            let is_alone = |fault: &String| fault.contains("document.all-signed");
            let is_broken = |fault: &&String| {
                ["digest", "value", "format", "reference"]
                    .iter()
                    .any(|word| fault.starts_with(word) && !is_alone(fault))
            };
            let broken: Vec<_> = found.iter().filter(is_broken).collect();
            assert_eq!(broken, Vec::<&String>::new(), "{id}");
            let stamps = found
                .iter()
                .filter(|fault| fault.contains("imestamp"))
                .count();
            let explained = IMPRINTS.iter().any(|(known, _)| *known == id);
            assert!(stamps == 0 || explained, "{id}: {found:?}");
            fitting += record.timestamps.len() - stamps.min(record.timestamps.len());
        }
        judged += 1;
    }
    println!("{judged} documents, {fitting} time-stamps fit");
    assert!(judged > 50 && fitting > 50);
}
