//! What the fuzzer begins with: the vectors, taken apart for each target.

use crate::Outcome;
use imza::asn1::write::{integer, sequence};
use imza::certificate::Certificate;
use imza::creation::{DocumentToSign, Packaging, Preparation, SigningParameters, SigningRequest};
use imza::job::{InputId, Seed};
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::signer::{Signer, preferred_algorithm, software::SoftwareSigner};
use imza::source::{Advance, Input, Inputs, Source};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::zip;
use imza_test_vectors::Pki;
use imza_test_vectors::export::pem;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::vectors::{VALIDATION_TIME, generate};
use std::path::Path;
use std::sync::Arc;

/// Forms of time that are read, and neighbours of them that are not.
const TIMES: &[&str] = &[
    "260615130000Z",
    "2606151300Z",
    "500101000000Z",
    "20260615130000Z",
    "20260615130000.25Z",
    "20240229235959Z",
    "99991231235959Z",
    "2026-06-15T13:00:00Z",
    "2026-06-15t13:00:00.123456789+04:00",
    "0001-01-01T00:00:00-14:00",
    "2016-12-31T23:59:60Z",
];

/// Writes the seeds of every target; gives their number.
pub(super) fn write(root: &Path, folder: &Path) -> Outcome<usize> {
    let _ = std::fs::remove_dir_all(folder);
    let mut seeds = Seeds { folder, written: 0 };
    let trust = anchors(&Pki::fixed()?.root.certificate)?;
    for (name, octets) in generate()? {
        seeds.vector(&name, &octets, &trust)?;
    }
    for entry in std::fs::read_dir(root.join("test-vectors/keys"))? {
        seeds.add(&["pem"], &std::fs::read(entry?.path())?)?;
    }
    for time in TIMES {
        seeds.add(&["time"], time.as_bytes())?;
    }
    for policy in ["default", "rfc5280", "historic"] {
        let policy = ValidationPolicy::named(policy).ok_or("a policy without a name")?;
        seeds.add(&["policy"], policy.to_canonical_json().as_bytes())?;
    }
    for packaging in [
        Packaging::AsicEWithXades,
        Packaging::AsicEWithCades,
        Packaging::AsicSWithCades,
        Packaging::CadesAttached,
        Packaging::CadesDetached,
        Packaging::Pades,
        Packaging::XadesEnveloped,
        Packaging::XadesEnveloping,
        Packaging::XadesDetached,
        Packaging::XadesInternallyDetached,
    ] {
        seeds.add(&["pending"], pending(packaging)?.as_bytes())?;
    }
    Ok(seeds.written)
}

struct Seeds<'f> {
    folder: &'f Path,
    written: usize,
}

impl Seeds<'_> {
    /// A seed of several targets, under the digest of its octets.
    fn add(&mut self, targets: &[&str], octets: &[u8]) -> Outcome<()> {
        let id = imza::crypto::object_id(octets).to_string();
        for target in targets {
            let folder = self.folder.join(target);
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join(&id), octets)?;
            self.written += 1;
        }
        Ok(())
    }

    /// A file of the vectors, for every target that reads such files or a part of them.
    fn vector(&mut self, name: &str, octets: &[u8], trust: &TrustSet) -> Outcome<()> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "cer" => {
                self.add(&["der", "ber", "certificate", "trust"], octets)?;
                let text = pem("CERTIFICATE", octets);
                self.add(&["pem", "trust"], text.as_bytes())?;
                if let Ok(certificate) = Certificate::parse(octets, &mut Budget::default()) {
                    self.add(&["name"], certificate.subject().der())?;
                    self.add(&["name"], certificate.issuer().der())?;
                }
            }
            "crl" => self.add(&["der", "crl", "trust"], octets)?,
            "der" => self.add(&["der", "ocsp", "trust"], octets)?,
            "tst" => {
                self.add(&["der", "cms", "timestamp", "reading", "verdict"], octets)?;
                let answer = sequence(&[&sequence(&[&integer(0)]), octets]);
                self.add(&["timestamp"], &answer)?;
                self.add(&["ers"], &evidence_record(octets))?;
            }
            "p7s" => {
                self.add(&["ber", "cms", "trust", "reading", "verdict"], octets)?;
                self.add(&["pem", "cms"], pem("CMS", octets).as_bytes())?;
            }
            "pdf" => self.add(&["pdf", "revisions", "reading", "verdict"], octets)?,
            "asice" | "asics" => {
                self.add(&["zip", "asic", "reading", "verdict"], octets)?;
                self.container(octets)?;
            }
            _ => return Ok(()),
        }
        if matches!(extension, "pdf" | "asice" | "asics" | "p7s" | "tst")
            && let Some(evidence) = evidence(octets, trust)
        {
            self.add(&["evidence"], evidence.as_bytes())?;
        }
        Ok(())
    }

    /// The files of a container that hold structure.
    fn container(&mut self, octets: &[u8]) -> Outcome<()> {
        let inputs = Arc::new(Inputs::new(vec![Input::at_hand("container", octets)]));
        let mut source = Source::file(inputs, InputId(0), 1 << 16)?;
        let (mut opening, budget) = (zip::Opening::new(), &mut Budget::default());
        let directory = loop {
            match opening.advance(&mut source, budget) {
                Ok(Advance::More) => {}
                Ok(Advance::Done(directory)) => break directory,
                Err(_) => return Ok(()),
            }
        };
        for (_, entry) in directory.iter() {
            let Ok(contents) = zip::read_entry(&mut source, entry, budget) else {
                continue;
            };
            if !entry.name.starts_with("META-INF/") {
                continue;
            }
            if contents.starts_with(b"0") {
                self.add(&["cms"], &contents)?;
            } else if entry.name.contains("anifest") {
                self.add(&["manifest", "xml"], &contents)?;
            } else {
                let targets = ["xades", "xmldsig", "embed", "xml", "reading", "verdict"];
                self.add(&targets, &contents)?;
                for choice in [[0, 0, 1], [1, 1, 9], [2, 3, 4], [14, 2, 200]] {
                    self.add(&["c14n"], &[&choice, &*contents].concat())?;
                }
            }
        }
        Ok(())
    }
}

fn anchors(root: &[u8]) -> Outcome<TrustSet> {
    let anchors = TrustSet::read_anchors(root, &mut Budget::default())?;
    Ok(TrustSet::new(anchors))
}

/// The saved form of what a document's verdict rests on.
fn evidence(octets: &[u8], trust: &TrustSet) -> Option<String> {
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(trust.clone()),
        validation_time: UnixTime::from_seconds(VALIDATION_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("document", octets)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context).ok()?;
    let verdict = drive(job, &mut Memory::new([octets])).ok()?;
    Some(verdict.evidence.save(&Limits::default()))
}

/// A signature in the making, saved.
fn pending(packaging: Packaging) -> Outcome<String> {
    let citizen = Pki::fixed()?.citizen_p256;
    let (key, certificate) = (citizen.key.pkcs8_pem()?, &citizen.certificate);
    let certificates = pem("CERTIFICATE", certificate);
    let signer = SoftwareSigner::from_pem(&key, None, &certificates, Seed::new([0; 32]))?;
    let algorithm = preferred_algorithm(&signer, packaging.value_encoding())
        .ok_or("a key without an algorithm")?;
    let pdf = Pdf::new("May build.", CrossReference::Table);
    let octets: &[u8] = match packaging {
        Packaging::Pades => pdf.bytes(),
        Packaging::XadesEnveloped | Packaging::XadesInternallyDetached => b"<a Id='i'/>",
        _ => b"May build.",
    };
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: Input::at_hand("permit.txt", octets),
            media_type: "text/plain".to_owned(),
        }],
        certificates: signer.certificate(),
        parameters: SigningParameters::new(
            packaging,
            algorithm,
            UnixTime::from_seconds(FIXED_TIME),
        ),
    };
    let pending = drive(Preparation::begin(request)?, &mut Memory::new([octets]))?;
    Ok(pending.to_json())
}

/// RFC 4998 §3.1: a record of one chain of one archive time-stamp, without a hash tree.
fn evidence_record(token: &[u8]) -> Vec<u8> {
    // id-sha256.
    let algorithm = sequence(&[b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"]);
    let chain = sequence(&[&sequence(&[token])]);
    sequence(&[&integer(1), &sequence(&[&algorithm]), &sequence(&[&chain])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn every_target_has_something_to_begin_with() {
        let folder = tempfile::tempdir().unwrap();
        let root = workspace::root().unwrap();
        assert!(write(&root, folder.path()).unwrap() > 500);
        for target in crate::fuzz::TARGETS {
            let seeds = std::fs::read_dir(folder.path().join(target.name));
            assert!(
                seeds.is_ok_and(|seeds| seeds.count() > 0),
                "{}",
                target.name
            );
        }
    }
}
