//! The PDF files of public test suites, when they are at hand.

use super::super::testing::*;
use super::super::*;
use crate::error::{Error, Unsupported};
use crate::limits::Budget;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Documents and their cases; none when the corpora are absent, and that is said.
fn cases() -> Vec<(PathBuf, Value)> {
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
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|case| case["kind"] == "pades" && case["document"].is_string())
        .map(|case| (folder.join(case["document"].as_str().unwrap()), case))
        .collect()
}

/// One suite counts the time-stamps of documents among the signatures, the others do not.
fn counted(field: &SignatureField, with_timestamps: bool) -> bool {
    const SIGNATURES: [&str; 4] = [
        "ETSI.CAdES.detached",
        "adbe.pkcs7.detached",
        "adbe.pkcs7.sha1",
        "adbe.x509.rsa_sha1",
    ];
    field.dictionary.as_ref().is_ok_and(|dictionary| {
        let name = dictionary.sub_filter.as_deref().unwrap_or_default();
        SIGNATURES.contains(&name) || with_timestamps && dictionary.is_document_timestamp()
    })
}

/// Opens the document of a case, with its password.
fn open_case(path: &Path, case: &Value) -> Result<Document, Error> {
    let password = case["password"].as_str().map(Password::new);
    let octets = std::fs::read(path).unwrap();
    open_protected(&octets, None, Budget::default(), password).map(|opened| opened.document)
}

#[test]
fn signatures_are_found_where_the_suites_found_them() {
    for (path, case) in cases() {
        let facts = &case["facts"];
        // That suite counts only signatures whose CMS can be read.
        if facts["no_signature_found"] == true {
            continue;
        }
        let document = match open_case(&path, &case) {
            Ok(document) => document,
            Err(Error::Unsupported(Unsupported::Encryption(_))) => continue,
            Err(_) => {
                assert_ne!(case["expected"], "valid", "{}", path.display());
                continue;
            }
        };
        if let Some(count) = facts["n_signatures"].as_u64() {
            let with_timestamps = case["source"] != "esig/dss";
            let found = document
                .signatures()
                .iter()
                .filter(|field| counted(field, with_timestamps))
                .count();
            assert_eq!(found as u64, count, "{}", path.display());
        }
        if let Some(count) = facts["total_revisions"].as_u64() {
            assert_eq!(
                document.revisions().len() as u64,
                count,
                "{}",
                path.display()
            );
        }
        let field = facts["field"]
            .as_str()
            .and_then(|name| document.signature(name));
        if let (Some(field), Some(signed)) = (field, facts["signed_revision"].as_u64()) {
            let dictionary = field.dictionary.as_ref().unwrap();
            let whole = dictionary.signed_revision.map(|revision| revision as u64);
            if dictionary.faults.is_empty() {
                assert_eq!(whole, Some(signed), "{}", path.display());
            }
        }
    }
}

#[test]
fn valid_signatures_break_no_rule_of_the_byte_range() {
    for (path, case) in cases() {
        if case["expected"] != "valid" {
            continue;
        }
        let document = match open_case(&path, &case) {
            Err(Error::Unsupported(Unsupported::Encryption(_))) => continue,
            document => document.unwrap(),
        };
        for field in document
            .signatures()
            .iter()
            .filter(|field| counted(field, false))
        {
            let dictionary = field.dictionary.as_ref().unwrap();
            let faults = dictionary
                .faults
                .iter()
                .filter(|fault| **fault != ByteRangeFault::SharedByFields);
            assert_eq!(
                faults.count(),
                0,
                "{} {:?}",
                path.display(),
                dictionary.faults
            );
        }
        assert!(
            !document.findings().iter().any(Finding::is_ambiguous),
            "{}",
            path.display()
        );
    }
}

#[test]
fn pages_change_neither_facts_nor_charges() {
    for (path, _) in cases().into_iter().step_by(4) {
        let octets = std::fs::read(&path).unwrap();
        let facts = |page| {
            open_with(&octets, page, Budget::default()).map(|opened| {
                let document = opened.document;
                let facts = (
                    document.signatures().to_vec(),
                    document.security_store().clone(),
                );
                (facts, document.findings().to_vec(), opened.budget)
            })
        };
        let at_hand = facts(None);
        assert_eq!(facts(Some(64)), at_hand, "{}", path.display());
        assert_eq!(facts(Some(65_536)), at_hand, "{}", path.display());
    }
}

#[test]
fn damaged_files_have_an_answer() {
    for (path, _) in cases().into_iter().step_by(9) {
        let octets = std::fs::read(&path).unwrap();
        let step = (octets.len() / 20).max(1);
        for cut in (0..octets.len()).step_by(step) {
            let _ = open(&octets[..cut]);
            let mut flipped = octets.clone();
            flipped[cut] ^= 0x11;
            let _ = open(&flipped);
        }
    }
}
