use super::*;
use crate::algorithm::{Curve, DigestAlgorithm, ValueEncoding};
use crate::crypto::{self, Fit, Memo, Message, PublicKey};
use crate::error::Error;
use crate::job::InputId;
use crate::limits::{Budget, Limits};
use crate::payload::{Part, PayloadName, Transform};
use crate::signature::{
    CertificateReferences, IssuerName, Signature, SignaturePolicy, SignerHint, Target,
};
use crate::vocabulary::{
    CertificateOrigin, CheckId, ReferenceKind, RevocationOrigin, ScopeKind, SignatureFormat,
    SignatureLevel, TimestampKind,
};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::pki::Pki;
use imza_test_vectors::xades::{
    Canonicalization, DataFile, Flaw, Packaging, XadesSpec, sign, signatures_document,
};
use std::collections::BTreeMap;
use std::sync::Arc;

type Files = BTreeMap<String, Vec<u8>>;

/// Records of a document, with the files that lie beside it.
fn read(xml: &[u8], files: &Files) -> Vec<Signature> {
    read_within(xml, files, &mut Budget::default()).unwrap()
}

fn read_within(xml: &[u8], files: &Files, budget: &mut Budget) -> Result<Vec<Signature>, Error> {
    let resolve = |name: &str| {
        let name = files.contains_key(name).then(|| name.to_owned());
        name.map(PayloadName::Entry)
    };
    parse(
        &Arc::from(xml),
        "META-INF/signatures0.xml",
        &resolve,
        budget,
    )
}

/// The octets of parts; none where a file is missing or a transform cannot be done here.
fn octets(parts: &[Part], files: &Files) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Octets(octets) => all.extend_from_slice(octets),
            Part::Payload(payload) => {
                let PayloadName::Entry(name) = &payload.name else {
                    return None;
                };
                let file = files.get(name)?;
                match &payload.transform {
                    Transform::None => all.extend_from_slice(file),
                    Transform::Base64Decoded => {
                        let text = std::str::from_utf8(file).ok()?;
                        all.extend(crate::xml::base64::decode(text).ok()?);
                    }
                    Transform::Canonical {
                        method,
                        inclusive_prefixes,
                    } => {
                        let method = crate::xml::c14n::Method::from_uri(method)
                            .ok()?
                            .with_prefix_list(&inclusive_prefixes.join(" "));
                        let budget = &mut Budget::default();
                        all.extend(
                            crate::xml::c14n::canonicalize_octets(file, &method, budget).ok()?,
                        );
                    }
                    _ => return None,
                }
            }
            Part::Digest { .. } | Part::Group { .. } => return None,
        }
    }
    Some(all)
}

/// What is wrong with digests, value and imprints; the key is that of the first hint.
fn faults(record: &Signature, files: &Files) -> Vec<String> {
    let mut faults: Vec<String> = record
        .findings
        .iter()
        .map(|finding| format!("{}: {}", finding.check, finding.found))
        .collect();
    for reference in &record.references {
        let found = match &reference.target {
            Target::Parts(parts) => octets(parts, files),
            Target::NotFound => None,
            Target::Unsupported(what) => {
                faults.push(format!("reference: {what}"));
                continue;
            }
        };
        let Some(found) = found else {
            if !reference.is_optional {
                faults.push(format!("not found: {}", reference.name));
            }
            continue;
        };
        match &reference.algorithm {
            Err(what) => faults.push(format!("reference: {what}")),
            Ok(algorithm) => {
                if crypto::digest(*algorithm, &found).ok().as_ref() != Some(&reference.expected) {
                    faults.push(format!("digest: {}", reference.name));
                }
            }
        }
    }
    if let Some(value) = &record.value {
        match (&value.algorithm, key(record)) {
            (Err(what), _) => faults.push(format!("value: {what}")),
            (_, None) => faults.push("no key".to_owned()),
            (Ok(algorithm), Some(key)) => {
                let over = octets(&value.over, files).unwrap_or_default();
                let message = Message::Octets(&over);
                let budget = &mut Budget::default();
                let memo = &mut Memo::default();
                match crypto::verify(&key, *algorithm, message, &value.value, budget, memo) {
                    Ok(Fit::Fits) => {}
                    Ok(Fit::DoesNotFit) => faults.push("value".to_owned()),
                    Err(error) => faults.push(format!("value: {}", error.code())),
                }
            }
        }
    }
    for timestamp in &record.timestamps {
        let name = format!("{:?}", timestamp.kind);
        faults.extend(
            timestamp
                .findings
                .iter()
                .map(|found| format!("{name}: {}", found.found)),
        );
        let found = match &timestamp.imprint {
            Target::Parts(parts) => octets(parts, files),
            _ => None,
        };
        let token =
            crate::timestamp::TimestampToken::parse(&timestamp.token, &mut Budget::default());
        let Ok(token) = token else {
            faults.push(format!("{name}: no token"));
            continue;
        };
        let imprint = &token.tst_info.message_imprint;
        let digest = imprint.hash_algorithm.clone().ok();
        let digest = digest
            .zip(found)
            .map(|(algorithm, found)| crypto::digest(algorithm, &found));
        match digest {
            Some(Ok(digest)) if digest == imprint.hashed_message => {}
            Some(_) => faults.push(format!("{name}: imprint")),
            None => faults.push(format!("{name}: {:?}", kind_of(&timestamp.imprint))),
        }
    }
    faults
}

fn kind_of(target: &Target) -> &'static str {
    match target {
        Target::Parts(_) => "parts",
        Target::NotFound => "not found",
        Target::Unsupported(_) => "unsupported",
    }
}

fn key(record: &Signature) -> Option<PublicKey> {
    let mut keys = record
        .identification
        .hints
        .iter()
        .filter_map(|hint| match hint {
            SignerHint::Certificate(der) => {
                let certificate =
                    crate::certificate::Certificate::parse(der, &mut Budget::default());
                certificate.ok()?.public_key().ok().cloned()
            }
            SignerHint::PublicKey(spki) => PublicKey::from_spki(spki).ok(),
            _ => None,
        });
    keys.next()
}

const TIME: i64 = imza_test_vectors::pki::FIXED_TIME;

fn file() -> DataFile {
    DataFile::new("ərizə 1.txt", "text/plain", b"salam\n")
}

fn files() -> Files {
    [("ərizə 1.txt".to_owned(), b"salam\n".to_vec())].into()
}

fn made(flaw: Flaw) -> (Signature, Vec<String>) {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        flaw,
        ..XadesSpec::container(TIME)
    };
    let signature = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    let records = read(signature.document().as_bytes(), &files());
    assert_eq!(records.len(), 1);
    let record = records.into_iter().next().unwrap();
    let faults = faults(&record, &files());
    (record, faults)
}

fn checks(record: &Signature) -> Vec<CheckId> {
    record
        .findings
        .iter()
        .map(|finding| finding.check)
        .collect()
}

mod augmentation;
mod chained;
mod claims;
mod commitments;
mod creation;
mod extended;
mod flaws;
mod kept;
mod left_out;
mod manifests;
mod policies;
mod published;
mod renewed;
mod shapes;
mod wrapping;
