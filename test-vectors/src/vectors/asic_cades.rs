//! ASiC-E containers with CAdES over a manifest, and ASiC-S containers around one file.

use super::scenario::Scenario;
use super::{Expected, Vector, VectorSet};
use crate::asic;
use crate::cades::Flaw;
use crate::certificate::flip;
use crate::error::Result;
use crate::hash::Hash;
use crate::pki::Pki;
use crate::zip::{self, Entry};

const PERMIT_NAME: &str = "permit.txt";
const MANIFEST: &str = "META-INF/ASiCManifest.xml";

fn break_entry(entries: &mut [Entry], name: &str) {
    for entry in entries.iter_mut().filter(|entry| entry.name == name) {
        flip(&mut entry.bytes);
    }
}

/// ASiC-E with CAdES.
pub(super) fn extended(pki: &Pki) -> Result<VectorSet> {
    let make = |name: &str,
                expected: Expected,
                flaw: Flaw,
                change: &dyn Fn(&mut Vec<Entry>)|
     -> Result<Vector> {
        let mut scenario = Scenario::new(pki);
        scenario.cades.flaw = flaw;
        let manifest = asic::asic_manifest(&scenario.files, Hash::Sha256);
        let signature = scenario.cms(manifest.as_bytes())?;
        let mut entries = asic::asic_e_cades(&scenario.files, &manifest, &signature);
        change(&mut entries);
        let id = format!("asic-e-cades::{name}");
        Ok(Vector::new(&id, "asice", zip::write(&entries), expected))
    };
    let vectors = vec![
        make("form::p-256", Expected::PASSED, Flaw::None, &|_| {})?
            .noted("EN 319 162-1 §4.4.4", "as it should be"),
        make(
            "file::changed",
            Expected::failed("HASH_FAILURE", "broken"),
            Flaw::None,
            &|e| {
                break_entry(e, PERMIT_NAME);
            },
        )?
        .because(
            "cryptographic.reference-intact",
            "EN 319 102-1 §5.2.7.4",
            "one octet of the file is changed: the manifest's digest does not fit",
        ),
        make(
            "file::missing",
            Expected::indeterminate("SIGNED_DATA_NOT_FOUND", "broken"),
            Flaw::None,
            &|e| {
                e.retain(|entry| entry.name != PERMIT_NAME);
                e.insert(1, Entry::new("other.txt", b"not signed\n"));
            },
        )?
        .because(
            "cryptographic.reference-found",
            "EN 319 102-1 §5.2.7.4",
            "the file in the manifest is not there, another is",
        ),
        make(
            "file::not-in-manifest",
            Expected {
                indication: None,
                ..Expected::PASSED
            },
            Flaw::None,
            &|e| e.insert(2, Entry::new("extra.txt", b"not signed\n")),
        )?
        .because(
            "format.container.all-files-signed",
            "EN 319 162-1 §4.4.4",
            "a second file that the manifest does not name",
        ),
        make(
            "manifest::changed",
            Expected::failed("HASH_FAILURE", "broken"),
            Flaw::None,
            &|e| {
                for entry in e.iter_mut().filter(|entry| entry.name == MANIFEST) {
                    entry.bytes.push(b'\n');
                }
            },
        )?
        .because(
            "cryptographic.reference-intact",
            "EN 319 102-1 §5.2.7.4",
            "a line feed is added to the signed manifest",
        ),
        make(
            "manifest::missing",
            Expected::NOT_PASSED,
            Flaw::None,
            &|e| e.retain(|entry| entry.name != MANIFEST),
        )?
        .noted(
            "EN 319 162-1 §4.4.4",
            "the manifest that the signature is over is not there",
        ),
        make(
            "value::broken",
            Expected::failed("SIG_CRYPTO_FAILURE", "broken"),
            Flaw::BrokenSignature,
            &|_| {},
        )?
        .because(
            "cryptographic.signature-intact",
            "EN 319 102-1 §5.2.7.4",
            "one bit is flipped",
        ),
    ];
    Ok(VectorSet::new(
        "asic-e-cades",
        "ASiC-E containers with one CAdES signature over ASiCManifest.xml, level LT.",
        vectors,
    ))
}

/// ASiC-S with CAdES or XAdES.
pub(super) fn simple(pki: &Pki) -> Result<VectorSet> {
    let cades = |name: &str, expected: Expected, change: &dyn Fn(&mut Vec<Entry>)| {
        let scenario = Scenario::new(pki);
        let file = scenario.file()?;
        let mut entries = asic::asic_s_cades(file, &scenario.cms(&file.bytes)?);
        change(&mut entries);
        let id = format!("asic-s::{name}");
        Ok::<Vector, crate::Error>(Vector::new(&id, "asics", zip::write(&entries), expected))
    };
    let scenario = Scenario::new(pki);
    let xades = asic::asic_s_xades(scenario.file()?, &scenario.xades_document()?);
    let vectors = vec![
        cades("form::cades", Expected::PASSED, &|_| {})?
            .noted("EN 319 162-1 §4.3", "CAdES, as it should be"),
        Vector::new(
            "asic-s::form::xades",
            "asics",
            zip::write(&xades),
            Expected::PASSED,
        )
        .noted("EN 319 162-1 §4.3", "XAdES, as it should be"),
        cades(
            "file::changed",
            Expected::failed("HASH_FAILURE", "broken"),
            &|e| {
                break_entry(e, PERMIT_NAME);
            },
        )?
        .because(
            "cryptographic.reference-intact",
            "EN 319 102-1 §5.2.7.4",
            "one octet of the file is changed",
        ),
        cades("file::two", Expected::NOT_PASSED, &|e| {
            e.insert(1, Entry::new("other.txt", b"which of the two is signed?\n"));
        })?
        .noted(
            "EN 319 162-1 §4.3",
            "two data files where there must be one",
        ),
        cades("file::none", Expected::NOT_PASSED, &|e| {
            e.retain(|entry| entry.name != PERMIT_NAME);
        })?
        .noted("EN 319 162-1 §4.3", "no data file"),
    ];
    Ok(VectorSet::new(
        "asic-s",
        "ASiC-S containers with one signature, level LT.",
        vectors,
    ))
}
