//! The XML of TS 119 102-2 against its schema, by another program.

use super::browser::{reports, with_outlook};
use super::hostile;
use imza_explain::etsi;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Schemas that it imports, and where they lie.
const IMPORTED: [(&str, &str); 4] = [
    (
        "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd",
        "xmldsig/xmldsig-core-schema.xsd",
    ),
    (
        "http://uri.etsi.org/01903/v1.3.2/XAdES.xsd",
        "xades/XAdES.xsd",
    ),
    (
        "http://uri.etsi.org/19612/v2.2.1/ts_119612v020201_201601xsd.xsd",
        "trusted-list/ts_119612v020201_201601xsd.xsd",
    ),
    ("http://www.w3.org/2001/xml.xsd", "xmldsig/xml.xsd"),
];

/// The schemas and a catalogue that leads to them, where they are at hand.
fn schemas(folder: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("IMZA_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let candidates = [
        named,
        Some(beside.join("../shared")),
        Some(beside.join("../../shared")),
    ];
    let shared = candidates
        .into_iter()
        .flatten()
        .find(|path| path.join("schemas/validation-report").is_dir())?;
    let schemas = shared.join("schemas").canonicalize().ok()?;
    let mut catalogue =
        "<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">".to_owned();
    for (address, file) in IMPORTED {
        let file = schemas.join(file);
        let file = file.display();
        catalogue.push_str(&format!(
            "<system systemId=\"{address}\" uri=\"file://{file}\"/>\
             <uri name=\"{address}\" uri=\"file://{file}\"/>"
        ));
    }
    catalogue.push_str("</catalog>");
    std::fs::write(folder.join("catalog.xml"), catalogue).ok()?;
    Some(schemas.join("validation-report/TS119102-2-v141.xsd"))
}

#[test]
fn every_report_is_valid_against_the_schema() {
    let folder = std::env::temp_dir().join(format!("imza-etsi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let Some(schema) = schemas(&folder) else {
        return eprintln!("skipped: the schemas of the validation report are not at hand");
    };
    let mut all = reports();
    for text in hostile::HOSTILE {
        all.push(("hostile", hostile::report(text)));
    }
    for (name, report) in all {
        let file = folder.join("report.xml");
        std::fs::write(&file, etsi(&with_outlook(report))).unwrap();
        let run = Command::new("xmllint")
            .env("XML_CATALOG_FILES", folder.join("catalog.xml"))
            .args(["--nonet", "--noout", "--schema"])
            .args([&schema, &file])
            .output();
        let Ok(output) = run else {
            return eprintln!("skipped: xmllint is not installed");
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(output.status.success(), "{name}: {said}\n{text}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_indications_are_those_of_the_report() {
    for (name, report) in reports() {
        let xml = etsi(&report);
        for signature in &report.signatures {
            let main = signature.indication.as_str().to_ascii_lowercase();
            assert!(xml.contains(&format!(":mainindication:{main}<")), "{name}");
            if let Some(sub) = signature.sub_indication {
                assert!(xml.contains(&sub.urn()), "{name}: {sub}");
            }
        }
    }
}

#[test]
fn a_revocation_is_told_with_its_time_and_reason() {
    let all = reports();
    let (_, report) = all.iter().find(|(name, _)| *name == "revoked").unwrap();
    let xml = etsi(report);
    let (_, rest) = xml.split_once("<vr:RevocationStatusInformation>").unwrap();
    let (told, _) = rest
        .split_once("</vr:RevocationStatusInformation>")
        .unwrap();
    let signature = report.signatures.first().unwrap();
    let certificate = signature.signing_certificate.as_ref().unwrap();
    let id = certificate.digest.to_hex();
    assert!(told.contains(&format!("VOReference=\"C-{id}\"")), "{told}");
    assert!(told.contains("<vr:RevocationTime>2026-"), "{told}");
    assert!(told.contains(":revocationReason:keyCompromise<"), "{told}");
    // Who was not revoked is not said to be.
    let (_, valid) = all.iter().find(|(name, _)| *name == "valid").unwrap();
    assert!(!etsi(valid).contains("RevocationStatusInformation"));
}
