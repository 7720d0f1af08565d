//! XML by others: canonical forms of a large document, and a signature with a thousand references.
//!
//! The document of rows is the one of criterion's suite `xml`, and both write the same octets of it.
//! The signed document is verified by everybody before a figure counts, and refused when damaged.

use super::measure::must_fail;
use super::peers::{Peers, Row, program};
use super::{documents, to_f64};
use crate::process::{command, find, quiet};
use crate::{Outcome, workspace};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imza::limits::{Budget, Limits};
use imza::xml::c14n::{Method, canonicalize_octets};
use imza_test_vectors::Pki;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::time::rfc3339;
use imza_test_vectors::vectors::VALIDATION_TIME;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// The document of rows, as criterion's suite calls it.
const ROWS: &str = "10 MB of rows";
const ROWS_LENGTH: usize = 10_000_000;
/// References of the signed document, each to a part of five kilobytes.
const REFERENCES: usize = 1_000;
const SCRIPT: &str = include_str!("xml.py");

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Every row, ours before theirs.
pub(super) fn rows(peers: &Peers<'_>) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    match canonical(peers) {
        Ok(more) => rows.extend(more),
        Err(error) => eprintln!("no rows of canonical forms: {error}"),
    }
    rows.extend(signed(peers)?);
    Ok(rows)
}

/// Ours as criterion measured it, lxml in one process.
fn canonical(peers: &Peers<'_>) -> Outcome<Vec<Row>> {
    let document = peers.folder.join("rows.xml");
    let text = of_rows(ROWS_LENGTH);
    std::fs::write(&document, &text)?;
    let measured = octets_of_criterion(&format!("{ROWS}, parsed"))?;
    if usize::try_from(measured)? != text.len() {
        return Err(format!("criterion measured another document of {measured} octets").into());
    }
    let python = documents::python(peers.folder)?;
    let script = peers.folder.join("xml.py");
    std::fs::write(&script, SCRIPT)?;
    let mut work = Command::new(python);
    work.arg(script).arg(&document).arg(ROWS).arg(peers.folder);
    let said = quiet(&mut work)?;
    for (form, method) in [
        ("canonical", Method::CANONICAL_XML_10),
        ("exclusive-canonical", Method::EXCLUSIVE),
    ] {
        let mut budget = Budget::new(Arc::new(Limits::large()));
        let ours = canonicalize_octets(text.as_bytes(), &method, &mut budget)?;
        if ours != std::fs::read(peers.folder.join(format!("{form}.xml")))? {
            return Err(format!("lxml writes another {form} form").into());
        }
    }
    let mut rows = Vec::new();
    for line in said.lines() {
        let mut cells = line.split('\t').map(str::to_owned);
        let (Some(what), Some(who)) = (cells.next(), cells.next()) else {
            continue;
        };
        let own = peers.warm.iter().find(|(name, _)| *name == what);
        if let Some((name, time)) = own {
            rows.push([name, "imza", time, ""].map(str::to_owned));
        }
        let (time, memory) = (cells.next(), cells.next());
        rows.push([
            what,
            who,
            time.unwrap_or_default(),
            memory.unwrap_or_default(),
        ]);
    }
    Ok(rows)
}

/// A document of rows as criterion's suite makes it.
fn of_rows(length: usize) -> String {
    let mut text = "<r:rows xmlns:r=\"urn:register\" xmlns=\"urn:row\">\n".to_owned();
    let mut number = 0;
    while text.len() < length {
        let hundredth = number % 100;
        let _ = writeln!(
            text,
            "<row id=\"{number}\"><name>Ann &amp; Co</name><r:sum cur=\"AZN\">12.{hundredth}</r:sum></row>"
        );
        number += 1;
    }
    text + "</r:rows>"
}

/// How long the document was that criterion measured under a name.
fn octets_of_criterion(name: &str) -> Outcome<u64> {
    for entry in std::fs::read_dir(workspace::target()?.join("criterion/xml"))? {
        let path = entry?.path().join("new/benchmark.json");
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let benchmark: Value = serde_json::from_str(&text)?;
        if benchmark.get("function_id").and_then(Value::as_str) == Some(name) {
            let octets = benchmark.pointer("/throughput/Bytes");
            return Ok(octets.and_then(Value::as_u64).ok_or("no octets")?);
        }
    }
    Err(format!("criterion measured no {name}").into())
}

/// The command, xmlsec1 and DSS over one signed document.
fn signed(peers: &Peers<'_>) -> Outcome<Vec<Row>> {
    let (document, damaged) = (
        peers.folder.join("references.xml"),
        peers.folder.join("damaged.xml"),
    );
    let text = of_references(REFERENCES)?;
    std::fs::write(&document, &text)?;
    std::fs::write(
        &damaged,
        text.replacen("five kilobytes", "six kilobytes", 1),
    )?;
    let length = to_f64(u64::try_from(text.len())?) / 1e6;
    let what = format!("XAdES B, {REFERENCES} references to parts of a document of {length:.1} MB");
    let mut rows = Vec::new();
    let of_program = |make: &dyn Fn(&Path) -> Outcome<Command>| -> Outcome<(String, String)> {
        must_fail(&mut make(&damaged)?)?;
        program(&mut make(&document)?)
    };
    let ours = of_program(&|path| Ok(peers.verify_file(path)));
    let dss = dss(peers, &document, &damaged);
    for (who, figures) in [
        ("imza", ours),
        (
            "xmlsec1 (no XAdES)",
            of_program(&|path| xmlsec(peers, path)),
        ),
        ("DSS, inside one process, warm", dss),
    ] {
        match figures {
            Ok((time, memory)) => rows.push([what.clone(), who.to_owned(), time, memory]),
            Err(error) => eprintln!("no row: {what}, {who}: {error}"),
        }
    }
    Ok(rows)
}

fn xmlsec(peers: &Peers<'_>, document: &Path) -> Outcome<Command> {
    find("xmlsec1").ok_or("no xmlsec1")?;
    let mut theirs = command("xmlsec1", &["--verify", "--trusted-pem"]);
    theirs.arg(peers.certificate("root")?);
    theirs
        .arg("--untrusted-pem")
        .arg(peers.certificate("issuing-ca")?);
    let time = rfc3339(VALIDATION_TIME).replace('T', " ").replace('Z', "");
    theirs.args(["--verification-gmt-time", &time]);
    theirs.args(["--id-attr:Id", "part", "--id-attr:Id"]);
    theirs
        .arg(format!("{XADES}:SignedProperties"))
        .arg(document);
    Ok(theirs)
}

/// Median of three rounds after one, when it says of the document what everybody says.
fn dss(peers: &Peers<'_>, document: &Path, damaged: &Path) -> Outcome<(String, String)> {
    find("java").ok_or("no java")?;
    let shared = workspace::shared().ok_or("no oracle")?;
    let oracle = |chore: &[&str]| {
        let mut oracle = Command::new(shared.join("tools/dss-oracle/dss-oracle"));
        oracle.args(chore).args(["--no-revocation", "--time"]);
        oracle.arg(rfc3339(VALIDATION_TIME)).arg("--trust");
        oracle.arg(peers.vectors.join("pki/root.cer"));
        oracle
            .arg("--adjunct")
            .arg(peers.vectors.join("pki/issuing-ca.cer"));
        oracle
    };
    let said = quiet(oracle(&["validate"]).arg("--").args([document, damaged]))?;
    let verdicts: Vec<String> = said.lines().map(indication).collect();
    if verdicts != ["TOTAL-PASSED", "TOTAL-FAILED"] {
        return Err(format!("says {verdicts:?}").into());
    }
    let rounds = ["bench", "--rounds", "3", "--warmup", "1"];
    let said = quiet(oracle(&rounds).arg("--").arg(document))?;
    let totals: Value = serde_json::from_str(said.lines().last().ok_or("no figures")?)?;
    let number = |name: &str| totals.get(name).and_then(Value::as_f64).unwrap_or_default();
    Ok((
        format!("{:.0} ms", number("median_ms")),
        format!("{:.1} MB", number("peak_rss_kib") * 1.024 / 1e3),
    ))
}

fn indication(line: &str) -> String {
    let answer: Value = serde_json::from_str(line).unwrap_or_default();
    let found = answer.pointer("/signatures/0/indication");
    let found = found.and_then(Value::as_str).unwrap_or_default();
    found.replace('_', "-")
}

/// A document with a XAdES signature over parts of it, all of it written in canonical form.
fn of_references(references: usize) -> Outcome<String> {
    let pki = Pki::fixed()?;
    let signer = &pki.citizen_p256;
    let filling = "five kilobytes ".repeat(330);
    let parts: Vec<String> = (0..references)
        .map(|number| format!("<part Id=\"p{number}\">{number} {filling}</part>"))
        .collect();
    let properties = format!(
        "<xades:SignedProperties xmlns:xades=\"{XADES}\" Id=\"S-P\">\
         <xades:SignedSignatureProperties><xades:SigningTime>{}</xades:SigningTime>\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}</xades:CertDigest>\
         </xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
         </xades:SignedProperties>",
        rfc3339(FIXED_TIME),
        digest(&signer.certificate, &format!(" xmlns:ds=\"{XMLDSIG}\""))
    );
    let mut info = format!(
        "<ds:SignedInfo xmlns:ds=\"{XMLDSIG}\"><ds:CanonicalizationMethod \
         Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"{}\"></ds:SignatureMethod>",
        signer.key.scheme().uri()
    );
    for (number, part) in parts.iter().enumerate() {
        info += &reference("", &format!("p{number}"), part);
    }
    let kind = " Type=\"http://uri.etsi.org/01903#SignedProperties\"";
    info += &reference(kind, "S-P", &properties);
    info += "</ds:SignedInfo>";
    let value = signer
        .key
        .sign_fixed(signer.key.scheme(), info.as_bytes())?;
    Ok(format!(
        "<parts>{}<ds:Signature xmlns:ds=\"{XMLDSIG}\" Id=\"S\">{info}<ds:SignatureValue>{}\
         </ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties \
         xmlns:xades=\"{XADES}\" Target=\"#S\">{properties}</xades:QualifyingProperties>\
         </ds:Object></ds:Signature></parts>",
        parts.concat(),
        STANDARD.encode(value),
        STANDARD.encode(&signer.certificate),
        STANDARD.encode(&pki.issuing_ca.certificate)
    ))
}

/// A reference to an element of the same document, given in canonical form.
fn reference(kind: &str, id: &str, element: &str) -> String {
    format!(
        "<ds:Reference{kind} URI=\"#{id}\"><ds:Transforms><ds:Transform \
         Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>{}</ds:Reference>",
        digest(element.as_bytes(), "")
    )
}

fn digest(octets: &[u8], declaration: &str) -> String {
    format!(
        "<ds:DigestMethod{declaration} Algorithm=\"{}\"></ds:DigestMethod>\
         <ds:DigestValue{declaration}>{}</ds:DigestValue>",
        Hash::Sha256.uri(),
        STANDARD.encode(Hash::Sha256.digest(octets))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_of_rows_is_as_long_as_it_should_be() {
        let text = of_rows(1_000);
        assert!((1_000..1_200).contains(&text.len()));
        assert!(text.ends_with("</row>\n</r:rows>"));
    }

    #[test]
    fn the_signed_document_is_valid_and_a_damaged_one_is_not() {
        let pki = Pki::fixed().unwrap();
        let text = of_references(3).unwrap();
        let damaged = text.replacen("five kilobytes", "six kilobytes", 1);
        let verdict = |text: String| crate::interop::judge_bare(&pki, text.as_bytes()).unwrap();
        assert_eq!(verdict(text), "TOTAL-PASSED");
        assert_eq!(verdict(damaged), "TOTAL-FAILED/HASH_FAILURE");
    }

    #[test]
    fn the_indication_of_an_answer_is_found() {
        let line = "{\"signatures\": [{\"indication\": \"TOTAL_PASSED\"}]}";
        assert_eq!(indication(line), "TOTAL-PASSED");
        assert_eq!(indication("no JSON"), "");
    }
}
