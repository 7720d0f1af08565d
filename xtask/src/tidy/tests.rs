//! Every rule has a fixture that breaks it, and a look-alike that does not.

use super::*;
use std::collections::BTreeSet;

const REFERENCES: &str = include_str!("../../../REFERENCES.md");

fn findings(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    judge(&File::new(path, text.to_owned()), REFERENCES, &mut findings);
    findings
}

fn rules_of(path: &str, text: &str) -> Vec<&'static str> {
    let rules: BTreeSet<_> = findings(path, text)
        .iter()
        .map(|found| found.rule)
        .collect();
    rules.into_iter().collect()
}

/// Fixtures: file name, the path that the fixture pretends to have, its rule, its text.
fn fixtures() -> Vec<(String, String, String, String)> {
    let folder = workspace::root().unwrap().join("xtask/fixtures/tidy");
    let mut fixtures = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let header = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(&format!("//@ {name}: ")))
                .unwrap_or_else(|| panic!("{} lacks {name}", file.display()))
                .to_owned()
        };
        let body: String = text
            .lines()
            .filter(|line| !line.starts_with("//@ "))
            .map(|line| format!("{line}\n"))
            .collect();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        fixtures.push((name, header("path"), header("rule"), body));
    }
    fixtures
}

#[test]
fn every_fixture_breaks_its_rule() {
    for (name, path, rule, text) in fixtures() {
        let found = rules_of(&path, &text);
        assert!(found.contains(&rule.as_str()), "{name}: {found:?}");
    }
}

#[test]
fn every_rule_has_a_failing_fixture() {
    let broken: BTreeSet<String> = fixtures().into_iter().map(|(_, _, rule, _)| rule).collect();
    // Made in the tests below: they need many lines, or files beside.
    let elsewhere = ["long-file", "too-long-file", "vector-without-entry"];
    for rule in rules() {
        assert!(
            broken.contains(rule) || elsewhere.contains(&rule),
            "no fixture breaks {rule}"
        );
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    let allowed = [
        (
            "core/src/pades/parse.rs",
            "use crate::cades::parse; use crate::{pdf, signature::Signature};",
        ),
        ("core/src/asic/mod.rs", "use crate::{cades, xades, zip};"),
        (
            "core/src/validation/mod.rs",
            "use crate::{asn1::Oid, crypto::{digest, Digester}, evidence::Evidence, path};",
        ),
        (
            "core/src/evidence/mod.rs",
            "use crate::{xades, crypto::verify};",
        ),
        (
            "core/src/crypto/rsa.rs",
            "use rsa::RsaPublicKey; use ring::signature;",
        ),
        (
            "core/src/transport/http/mod.rs",
            "use std::{net::IpAddr, time::Instant};",
        ),
        (
            "core/src/signer/pkcs11.rs",
            "use imza_pkcs11::Module; use std::thread;",
        ),
        (
            "core/src/xml/mod.rs",
            "#[cfg(test)] mod tests { use super::*; fn f() { std::fs::read(\"x\"); } }",
        ),
        (
            "core/src/xml/tests.rs",
            "fn f() { std::env::var(\"X\"); println!(); }",
        ),
        ("core/src/creation/sign.rs", "use crate::signer::Signer;"),
        (
            "core/src/reading/tests.rs",
            "use crate::transport::{Memory, drive};",
        ),
        (
            "core/src/xml/c14n/mod.rs",
            "use super::Tree; use super::super::error::Error;",
        ),
        (
            "core/src/path/mod.rs",
            "/// RFC 5280 §6.1.3(a)(3), §6.1.4 and EN 319 102-1 §5.2.6.4.\nfn f() {}",
        ),
        (
            "core/src/path/mod.rs",
            "/// TS 119 612 §5.5.4, XMLDSig §4.4.3.2, EN 319 162-1 §A.1\nfn f() {}",
        ),
        (
            "core/src/path/mod.rs",
            "// RFC 5280\n// §6.1.3 says so.\nfn f() {}",
        ),
        (
            "core/src/path/mod.rs",
            "const U: &str = \"https://www.rfc-editor.org/rfc/rfc5280\";",
        ),
        (
            "core/src/asn1/mod.rs",
            "/// Defined in [RFC 5280 Section 4.1.1.2].\nfn f() {}",
        ),
        ("cli/tests/sign.rs", "use imza_test_vectors::Pki;"),
        (
            "explain/src/lib.rs",
            "#![forbid(unsafe_code)]\n#[expect(dead_code, reason = \"x\")]\nfn f() {}",
        ),
        (
            "core/src/xml/mod.rs",
            "use std::time::Duration; fn f() { Duration::from_secs(1); }",
        ),
    ];
    for (path, text) in allowed {
        assert_eq!(rules_of(path, text), Vec::<&str>::new(), "{path}: {text}");
    }
}

#[test]
fn the_order_is_seen_through_every_kind_of_path() {
    for text in [
        "use crate::cms as c;",
        "use super::cms::SignedData;",
        "use super::{cms, error::Error};",
        "type A = super::cms::SignedData;",
        "mod inner { use super::super::cms; }",
        "vec![crate::cms::parse()];",
        "#[derive(Debug)] struct S(crate::cms::SignedData);",
        "const X: u8 = { use crate::cms; 0 };",
        "pub use crate::cms::SignedData;",
        "use self::super::cms;",
        "use crate::r#cms;",
        "use imza::cms;",
    ] {
        assert_eq!(rules_of("core/src/xml/mod.rs", text), ["order"], "{text}");
    }
}

#[test]
fn tests_do_not_count_as_length_of_a_file() {
    let lines = "fn f() {}\n".repeat(801);
    assert_eq!(rules_of("core/src/xml/mod.rs", &lines), ["long-file"]);
    let lines = "fn f() {}\n".repeat(1_501);
    assert_eq!(rules_of("core/src/xml/mod.rs", &lines), ["too-long-file"]);
    let tested = format!("fn g() {{}}\n#[cfg(test)]\nmod tests {{\n{lines}}}\n");
    assert_eq!(rules_of("core/src/xml/mod.rs", &tested), Vec::<&str>::new());
}

#[test]
fn a_file_declared_for_tests_is_a_test() {
    let mut files = [
        File::new(
            "core/src/xml/mod.rs",
            "mod scan;\n#[cfg(test)]\nmod differential;\n".to_owned(),
        ),
        File::new("core/src/xml/differential.rs", String::new()),
        File::new("core/src/xml/scan.rs", String::new()),
    ];
    find_tests(&mut files);
    assert_eq!(files.map(|file| file.is_test), [false, true, false]);
}

#[test]
fn creation_names_the_signer_in_one_file() {
    let helper = "use crate::signer::Signer; pub fn sign(_: &dyn Signer) {}";
    let naming = "use crate::signer::Signer;";
    let judged = |files: &[(&str, &str)]| {
        let files: Vec<File> = files
            .iter()
            .map(|(path, text)| File::new(path, (*text).to_owned()))
            .collect();
        let mut findings = Vec::new();
        imports::one_signing_helper(&files, &mut findings);
        findings.len()
    };
    assert_eq!(judged(&[("core/src/creation/sign.rs", helper)]), 0);
    assert_eq!(judged(&[("core/src/creation/prepare.rs", naming)]), 1);
    let both = [
        ("core/src/creation/sign.rs", helper),
        ("core/src/creation/prepare.rs", naming),
    ];
    assert_eq!(judged(&both), 2);
}

#[test]
fn a_vector_without_an_entry_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = folder.path().join("test-vectors/vectors/xades");
    std::fs::create_dir_all(&vectors).unwrap();
    for name in ["known.asice", "stray.asice"] {
        std::fs::write(vectors.join(name), "").unwrap();
    }
    let files = [
        File::new(
            "test-vectors/vectors/index.json",
            r#"[{"file": "xades/known.asice"}]"#.to_owned(),
        ),
        File::new("test-vectors/vectors/xades/known.asice", String::new()),
        File::new("test-vectors/vectors/xades/stray.asice", String::new()),
    ];
    let mut findings = Vec::new();
    manners::vectors(&files, folder.path(), &mut findings);
    let found: Vec<_> = findings
        .iter()
        .map(|found| (found.rule, found.path.as_str()))
        .collect();
    assert_eq!(
        found,
        [(
            "vector-without-entry",
            "test-vectors/vectors/xades/stray.asice"
        )]
    );
}

/// The numbered list of modules in ARCHITECTURE.md is the table.
#[test]
fn the_table_is_the_one_of_the_document() {
    let document =
        std::fs::read_to_string(workspace::root().unwrap().join("ARCHITECTURE.md")).unwrap();
    let written: Vec<&str> = document
        .lines()
        .skip_while(|line| !line.starts_with("| | module |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('|').nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let table: Vec<&str> = table::ORDER.iter().map(|(name, _)| *name).collect();
    assert_eq!(written, table);
}
