//! XML signatures of ours, alone and in containers, judged by xmlsec1.

use super::matrix::{FORMS, Form, INVOICE, KEYS, LEVEL_NAMES, LEVELS, make};
use crate::Outcome;
use crate::process::{command, quiet};
use imza::creation::Packaging;
use imza::job::InputId;
use imza::limits::Budget;
use imza::source::{Advance, Input, Inputs, Source, Stop};
use imza::zip;
use imza_test_vectors::Pki;
use imza_test_vectors::pki::FIXED_TIME;
use std::path::Path;
use std::sync::Arc;

/// Whether a form holds XML signatures.
pub(super) fn is_asked(form: &Form) -> bool {
    matches!(
        form.packaging,
        Packaging::AsicEWithXades
            | Packaging::AsicSWithXades
            | Packaging::AsicXadesAddition
            | Packaging::AsicCounterSignature
    ) || form.ending == "xml"
}

/// The document, or every signature file of a container, beside the file that it signs.
pub(super) fn judge(folder: &Path, form: &Form, document: &Path) -> Outcome<()> {
    if form.ending == "xml" {
        return verify(folder, document);
    }
    let files = signature_files(&std::fs::read(document)?)?;
    if files.is_empty() {
        return Err("no signature file".into());
    }
    for contents in files {
        let file = folder.join("signature-file.xml");
        std::fs::write(&file, contents)?;
        verify(folder, &file)?;
    }
    Ok(())
}

fn signature_files(container: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("container", container)]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16)?;
    let (mut opening, budget) = (zip::Opening::new(), &mut Budget::default());
    let directory = loop {
        match opening.advance(&mut source, budget).map_err(unreadable)? {
            Advance::More => {}
            Advance::Done(directory) => break directory,
        }
    };
    let mut files = Vec::new();
    for (_, entry) in directory.iter() {
        if entry.name.starts_with("META-INF/") && entry.name.contains("signatures") {
            let contents = zip::read_entry(&mut source, entry, budget);
            files.push(contents.map_err(unreadable)?);
        }
    }
    Ok(files)
}

fn unreadable(stop: Stop) -> String {
    format!("a container that cannot be read: {stop:?}")
}

/// What is made here without a container, judged by xmlsec1 alone: the part of the table that needs
/// no virtual machine. Gives how many documents were judged, and what was wrong.
pub(crate) fn by_xmlsec_alone() -> Outcome<(usize, Vec<String>)> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let pki = Pki::fixed()?;
    std::fs::write(folder.join("root.cer"), &pki.root.certificate)?;
    std::fs::write(folder.join("issuing-ca.cer"), &pki.issuing_ca.certificate)?;
    std::fs::write(folder.join("invoice.xml"), INVOICE)?;
    let (mut count, mut wrong) = (0, Vec::new());
    for form in FORMS.iter().filter(|form| form.ending == "xml") {
        for key in KEYS.iter().filter(|key| key.is_old) {
            for (level, name) in LEVELS.iter().zip(LEVEL_NAMES) {
                let Some(octets) = make(&pki, form, key, *level, FIXED_TIME)? else {
                    continue;
                };
                let path = folder.join("signed.xml");
                std::fs::write(&path, octets)?;
                count += 1;
                if let Err(error) = verify(folder, &path) {
                    wrong.push(format!("{}, {name}, {}: {error}", form.name, key.name));
                }
            }
        }
    }
    Ok((count, wrong))
}

/// References, value and path; xmlsec1 knows nothing of XAdES.
fn verify(folder: &Path, document: &Path) -> Outcome<()> {
    let mut xmlsec = command("xmlsec1", &["--verify"]);
    xmlsec.current_dir(folder);
    xmlsec.args([
        "--trusted-der",
        "root.cer",
        "--untrusted-der",
        "issuing-ca.cer",
    ]);
    xmlsec.args(["--enabled-reference-uris", "empty,same-doc,local,remote"]);
    xmlsec.args(["--verification-time", "2026-07-01 12:00:00"]);
    for element in [
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        "http://www.w3.org/2000/09/xmldsig#:Object",
        "urn:invoice:invoice",
    ] {
        xmlsec.args(["--id-attr:Id", element]);
    }
    quiet(xmlsec.arg(document)).map(drop)
}
