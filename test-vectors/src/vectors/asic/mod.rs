//! ASiC-E containers with XAdES at level LT: one right, each other wrong in one point.

mod certificate;
mod revocation;
mod timestamp;

use super::scenario::Scenario;
use super::{Expected, Vector, VectorSet};
use crate::certificate::flip;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::Pki;
use crate::time::day;
use crate::xades::{Canonicalization, DataFile, Flaw};
use crate::zip::Entry;
use certificate::CERTIFICATE;
use revocation::REVOCATION;
use timestamp::TIMESTAMP;

/// An id, what must be said, the failing check, the clause, the reason, and how it is made.
type Case = (
    &'static str,
    Expected,
    Option<&'static str>,
    &'static str,
    &'static str,
    fn(&mut Scenario) -> Result<()>,
);

const UNKNOWN_PATH: Expected =
    Expected::indeterminate("CERTIFICATE_CHAIN_GENERAL_FAILURE", "intact");

pub(super) fn set(pki: &Pki) -> Result<VectorSet> {
    let mut vectors = Vec::new();
    for cases in [
        FORMS,
        SIGNATURE,
        CONTAINER,
        CERTIFICATE,
        REVOCATION,
        TIMESTAMP,
    ] {
        for (name, expected, check, clause, comment, change) in cases {
            let mut scenario = Scenario::new(pki);
            change(&mut scenario)?;
            let id = format!("asic-e::{name}");
            let mut vector = Vector::new(&id, "asice", scenario.asic_e()?, expected.clone());
            vector.check = *check;
            vectors.push(vector.noted(clause, comment).flagged(flags(name)));
        }
    }
    Ok(VectorSet::new(
        "asic-e",
        "ASiC-E containers with one XAdES signature, level LT unless said otherwise.",
        vectors,
    ))
}

fn flags(name: &str) -> &'static [&'static str] {
    match name {
        "properties::moved" | "properties::duplicate-id" => &["signature-wrapping"],
        "container::duplicate-entry" | "container::names-differ" => &["zip-confusion"],
        "container::traversal" => &["path-traversal"],
        "certificate::key-info-of-stranger" => &["key-substitution"],
        _ => &[],
    }
}

const FORMS: &[Case] = &[
    (
        "form::p-256",
        Expected::PASSED,
        None,
        "EN 319 162-1 §4.4.3",
        "as it should be",
        |_| Ok(()),
    ),
    (
        "form::p-384",
        Expected::PASSED,
        None,
        "EN 319 162-1 §4.4.3",
        "signed with P-384",
        |s| {
            s.signer = s.pki.citizen_p384.clone();
            Ok(())
        },
    ),
    (
        "form::rsa-2048",
        Expected::PASSED,
        None,
        "EN 319 162-1 §4.4.3",
        "signed with RSA",
        |s| {
            s.signer = s.pki.citizen_rsa_2048.clone();
            Ok(())
        },
    ),
    (
        "form::rsa-pss",
        Expected::PASSED,
        None,
        "RFC 9231 §2.3.10",
        "signed with RSA-PSS",
        |s| {
            s.signer = s.pki.citizen_rsa_3072.clone();
            s.xades.scheme = Some(Scheme::RsaPss(Hash::Sha256));
            Ok(())
        },
    ),
    (
        "form::inclusive",
        Expected::PASSED,
        None,
        "XMLDSig §6.5.1",
        "Canonical XML 1.0",
        |s| {
            s.xades.canonicalization = Canonicalization::Inclusive;
            Ok(())
        },
    ),
    (
        "form::inclusive-1-1",
        Expected::PASSED,
        None,
        "XMLDSig §6.5.2",
        "Canonical XML 1.1",
        |s| {
            s.xades.canonicalization = Canonicalization::Inclusive11;
            Ok(())
        },
    ),
    (
        "form::legacy-reference",
        Expected::PASSED,
        None,
        "EN 319 132-1 §5.2.2",
        "SigningCertificate of the first version",
        |s| {
            s.xades.legacy_reference = true;
            Ok(())
        },
    ),
];

fn flaw(scenario: &mut Scenario, flaw: Flaw) -> Result<()> {
    scenario.xades.flaw = flaw;
    Ok(())
}

const SIGNATURE: &[Case] = &[
    (
        "reference::digest",
        Expected::failed("HASH_FAILURE", "broken"),
        Some("cryptographic.reference-intact"),
        "EN 319 102-1 §5.2.7.4",
        "the digest is of something else",
        |s| flaw(s, Flaw::WrongFileDigest),
    ),
    (
        "reference::none",
        Expected {
            integrity: None,
            ..Expected::failed("FORMAT_FAILURE", "")
        },
        Some("format.structure"),
        "EN 319 132-1 §6.3",
        "no file is referenced, only the properties",
        |s| flaw(s, Flaw::NoFileReference),
    ),
    (
        "reference::unknown-transform",
        Expected {
            integrity: Some("unknown"),
            ..Expected::NOT_PASSED
        },
        Some("unsupported.transform"),
        "XMLDSig §6.6",
        "a transform that nobody knows",
        |s| flaw(s, Flaw::UnknownTransform),
    ),
    (
        "reference::unknown-digest",
        Expected {
            integrity: Some("unknown"),
            ..Expected::NOT_PASSED
        },
        Some("unsupported.algorithm"),
        "XMLDSig §4.4.3.5",
        "a digest method that nobody knows",
        |s| flaw(s, Flaw::UnknownDigest),
    ),
    (
        "reference::sha-1",
        Expected::indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "intact"),
        Some("algorithm.signature"),
        "EN 319 102-1 §5.2.8.4",
        "references digested with SHA-1",
        |s| {
            s.xades.hash = Hash::Sha1;
            Ok(())
        },
    ),
    (
        "value::broken",
        Expected::failed("SIG_CRYPTO_FAILURE", "broken"),
        Some("cryptographic.signature-intact"),
        "EN 319 102-1 §5.2.7.4",
        "one bit of the signature value is flipped",
        |s| flaw(s, Flaw::BrokenSignature),
    ),
    (
        "value::sha-1",
        Expected::indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "intact"),
        Some("algorithm.signature"),
        "EN 319 102-1 §5.2.8.4",
        "signed with ECDSA and SHA-1",
        |s| {
            s.xades.scheme = Some(Scheme::Ecdsa(Hash::Sha1));
            Ok(())
        },
    ),
    (
        "structure::two-signed-infos",
        Expected {
            integrity: None,
            ..Expected::failed("FORMAT_FAILURE", "")
        },
        Some("format.structure"),
        "XMLDSig §4.1",
        "two SignedInfo elements",
        |s| flaw(s, Flaw::TwoSignedInfos),
    ),
    (
        "structure::target",
        Expected {
            integrity: None,
            ..Expected::failed("FORMAT_FAILURE", "")
        },
        Some("format.structure"),
        "EN 319 132-1 §4.3",
        "QualifyingProperties target another signature",
        |s| flaw(s, Flaw::WrongTarget),
    ),
    (
        "properties::digest",
        Expected::failed("HASH_FAILURE", "broken"),
        Some("cryptographic.reference-intact"),
        "EN 319 102-1 §5.2.7.4",
        "the digest of SignedProperties is of something else",
        |s| flaw(s, Flaw::WrongPropertiesDigest),
    ),
    (
        "properties::not-referenced",
        Expected::NOT_PASSED,
        Some("attribute.signed-properties"),
        "EN 319 102-1 §5.2.8.4",
        "SignedProperties are there and not signed",
        |s| flaw(s, Flaw::PropertiesNotReferenced),
    ),
    (
        "properties::moved",
        Expected::NOT_PASSED,
        Some("attribute.signed-properties"),
        "EN 319 132-1 §4.3",
        "the signed properties moved away, forged ones in their place",
        |s| flaw(s, Flaw::PropertiesMoved),
    ),
    (
        "properties::duplicate-id",
        Expected::NOT_PASSED,
        Some("format.duplicate"),
        "EN 319 102-1 §5.2.2",
        "signed and forged properties with the same Id",
        |s| flaw(s, Flaw::DuplicateId),
    ),
    (
        "properties::no-signing-time",
        Expected::indeterminate("SIG_CONSTRAINTS_FAILURE", "intact"),
        Some("attribute.signing-time"),
        "EN 319 102-1 §5.2.8.4.2",
        "no SigningTime",
        |s| flaw(s, Flaw::MissingSigningTime),
    ),
    (
        "properties::signing-time-before-certificate",
        Expected::indeterminate("SIG_CONSTRAINTS_FAILURE", "intact"),
        Some("attribute.signing-time-in-validity"),
        "EN 319 102-1 §5.2.8.4.2",
        "claims a time at which the certificate was not valid yet",
        |s| {
            s.xades.signing_time = day(2024, 12, 31);
            Ok(())
        },
    ),
    (
        "properties::no-data-object-format",
        Expected::PASSED,
        None,
        "EN 319 132-1 §6.3",
        "no DataObjectFormat: not baseline, and no fault of the signature",
        |s| flaw(s, Flaw::MissingDataObjectFormat),
    ),
    (
        "properties::policy-not-at-hand",
        Expected::PASSED,
        Some("signature-policy.available"),
        "EN 319 102-1 §5.2.4.4",
        "names a policy that nobody has",
        |s| {
            s.xades.signature_policy = Some("urn:nobody:policy".to_owned());
            Ok(())
        },
    ),
];

fn entries(scenario: &mut Scenario, change: impl Fn(&mut Vec<Entry>) + 'static) -> Result<()> {
    scenario.entries = Box::new(change);
    Ok(())
}

fn permit(entries: &mut [Entry], change: impl Fn(&mut Entry)) {
    entries
        .iter_mut()
        .filter(|entry| entry.name == "permit.txt")
        .for_each(change);
}

const CONTAINER: &[Case] = &[
    (
        "container::file-changed",
        Expected::failed("HASH_FAILURE", "broken"),
        Some("cryptographic.reference-intact"),
        "EN 319 102-1 §5.2.7.4",
        "one octet of the file is changed after signing",
        |s| {
            entries(s, |e| {
                permit(e, |entry| flip(&mut entry.bytes));
            })
        },
    ),
    (
        "container::file-missing",
        Expected::indeterminate("SIGNED_DATA_NOT_FOUND", "broken"),
        Some("cryptographic.reference-found"),
        "EN 319 102-1 §5.2.7.4",
        "one of two signed files is not there",
        |s| {
            s.files.push(DataFile::new(
                "plan.txt",
                "text/plain",
                b"plan
",
            ));
            entries(s, |e| e.retain(|entry| entry.name != "plan.txt"))
        },
    ),
    (
        "container::file-not-signed",
        Expected::PASSED,
        Some("format.container.all-files-signed"),
        "EN 319 162-1 §4.4.3",
        "a second file that nobody signed",
        |s| entries(s, |e| e.insert(2, Entry::new("extra.txt", b"not signed\n"))),
    ),
    (
        "container::duplicate-entry",
        Expected::NOT_PASSED,
        Some("format.container.names"),
        "EN 319 162-1 §A.6",
        "two entries of one name, the first right",
        |s| {
            entries(s, |e| {
                e.insert(2, Entry::new("permit.txt", b"another permit\n"))
            })
        },
    ),
    (
        "container::names-differ",
        Expected::NOT_PASSED,
        Some("format.container.structure"),
        "EN 319 162-1 §A.1",
        "local header and directory give the file different names",
        |s| {
            entries(s, |e| {
                permit(e, |entry| entry.local_name = Some("permit.exe".to_owned()));
            })
        },
    ),
    (
        "container::gap",
        Expected::NOT_PASSED,
        Some("format.container.structure"),
        "EN 319 162-1 §A.1",
        "octets between entries that belong to nothing",
        |s| entries(s, |e| permit(e, |entry| entry.gap = b"hidden".to_vec())),
    ),
    (
        "container::crc",
        Expected::NOT_PASSED,
        Some("format.container.checksum"),
        "EN 319 162-1 §A.1",
        "the CRC-32 of the file is wrong",
        |s| entries(s, |e| permit(e, |entry| entry.crc32 = Some(0x1234_5678))),
    ),
    (
        "container::traversal",
        Expected::NOT_PASSED,
        Some("format.container.names"),
        "EN 319 162-1 §A.6",
        "a second file whose name leads out of the folder",
        |s| entries(s, |e| e.insert(2, Entry::new("../evil.txt", b"evil\n"))),
    ),
    (
        "container::mimetype-not-first",
        Expected::PASSED,
        Some("format.container.mimetype"),
        "EN 319 162-1 §A.1",
        "mimetype is the second entry",
        |s| entries(s, |e| e.swap(0, 1)),
    ),
    (
        "container::no-manifest",
        Expected::NOT_PASSED,
        Some("format.container.manifest-present"),
        "EN 319 162-1 §4.4.3.2",
        "META-INF/manifest.xml is not there",
        |s| {
            entries(s, |e| {
                e.retain(|entry| entry.name != "META-INF/manifest.xml")
            })
        },
    ),
];
