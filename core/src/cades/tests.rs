//! Records of messages of OpenSSL and of the corpora, their edges recomputed.

use super::*;
use crate::certificate::Certificate;
use crate::cms::attribute_types::*;
use crate::cms::testing::{
    Workshop, attribute, basic_attributes, corpora, corpus_files, hostile, message, signer_info,
};
use crate::crypto::{self, Digester, Fit, Memo};
use crate::job::InputId;
use crate::limits::{Budget, Limits};
use crate::payload::{
    DigestOutcome, Part, PayloadDigests, PayloadHead, PayloadName, PayloadPart, PayloadState, Tap,
};
use crate::signature::{
    CertificateReferences, Reference, ReferenceOrder, Signature, SignatureValue, SignerHint,
    Target, Timestamp,
};
use crate::vocabulary::{CheckId, ReferenceKind, SignatureFormat, SignatureLevel};
use std::path::Path;
use std::sync::Arc;

fn read(bytes: &[u8]) -> Vec<Signature> {
    parse(bytes, Message::default(), &mut Budget::default()).unwrap()
}

fn streamed() -> Detached {
    let name = PayloadName::Input(InputId(1));
    Detached {
        parts: vec![Part::Payload(PayloadPart::whole(name.clone()))],
        name: "content".to_owned(),
        kind: ReferenceKind::SignersDocument,
        covers: Some(name),
    }
}

fn read_detached(bytes: &[u8]) -> Vec<Signature> {
    let detached = streamed();
    let of = Message {
        place: "file.p7s",
        detached: Some(&detached),
    };
    parse(bytes, of, &mut Budget::default()).unwrap()
}

/// Digests over one payload, as a stream would leave them.
fn taps(records: &[Signature], payload: &[u8]) -> PayloadDigests {
    let mut digests = PayloadDigests::default();
    let mut run = |taps: Vec<Tap>| {
        for tap in taps {
            let mut digester = Digester::new(tap.key.algorithm).unwrap();
            for part in &tap.parts {
                match part {
                    Part::Octets(octets) => digester.update(octets),
                    Part::Payload(part) if part.name == PayloadName::Input(InputId(1)) => {
                        digester.update(payload);
                    }
                    other => panic!("{other:?}"),
                }
            }
            let state = match tap.continues {
                true => PayloadState::Midstate(digester.state().unwrap()),
                false => PayloadState::Digest(digester.finish()),
            };
            digests.insert(tap.key, state);
        }
    };
    for record in records {
        let value = record.value.as_ref();
        let algorithm = value.and_then(|value| value.algorithm.clone().ok()?.digest());
        if let (Some(value), Some(algorithm)) = (value, algorithm) {
            run(Tap::needed(algorithm, &value.over));
        }
        for reference in &record.references {
            if let Target::Parts(parts) = &reference.target {
                run(Tap::needed(reference.algorithm.clone().unwrap(), parts));
            }
        }
        for timestamp in &record.timestamps {
            let token = read_token(&timestamp.token, "", &mut Budget::default());
            let Ok(algorithm) = token.map(|token| token.imprint_algorithm.unwrap()) else {
                continue;
            };
            for target in accepted(timestamp) {
                if let Target::Parts(parts) = target {
                    run(Tap::needed(algorithm, parts));
                }
            }
        }
    }
    digests
}

/// Whatever the imprint may be over.
fn accepted(of: &Timestamp) -> impl Iterator<Item = &Target> {
    std::iter::once(&of.imprint).chain(of.alternatives.iter().map(|(target, _)| target))
}

fn fits(reference: &Reference, digests: &PayloadDigests) -> bool {
    let Target::Parts(parts) = &reference.target else {
        return false;
    };
    let algorithm = reference.algorithm.clone().unwrap();
    let outcome = digests
        .digest(algorithm, parts, &mut Budget::default())
        .unwrap();
    outcome == DigestOutcome::Digest(reference.expected.clone())
}

fn is_made_by(value: &SignatureValue, certificate: &[u8], digests: &PayloadDigests) -> bool {
    let mut budget = Budget::default();
    let certificate = Certificate::parse(certificate, &mut budget).unwrap();
    let Ok(key) = crypto::PublicKey::from_spki(certificate.spki()) else {
        return false;
    };
    let algorithm = value.algorithm.clone().unwrap();
    let alternatives = value.alternatives.iter().map(|(parts, _)| parts);
    std::iter::once(&value.over)
        .chain(alternatives)
        .any(|parts| {
            let found = match &parts[..] {
                [Part::Octets(octets)] => {
                    let message = crypto::Message::Octets(octets);
                    let memo = &mut Memo::default();
                    crypto::verify(&key, algorithm, message, &value.value, &mut budget, memo)
                }
                parts => {
                    let digest = algorithm.digest().unwrap();
                    let digest = match digests.digest(digest, parts, &mut budget).unwrap() {
                        DigestOutcome::Digest(digest) => digest,
                        _ => return false,
                    };
                    let message = crypto::Message::Digest(&digest);
                    let memo = &mut Memo::default();
                    crypto::verify(&key, algorithm, message, &value.value, &mut budget, memo)
                }
            };
            found == Ok(Fit::Fits)
        })
}

fn is_intact(record: &Signature, digests: &PayloadDigests) -> bool {
    let value = record.value.as_ref().unwrap();
    let mut certificates = record.certificates.iter();
    record
        .references
        .iter()
        .all(|reference| fits(reference, digests))
        && certificates.any(|certificate| is_made_by(value, &certificate.octets, digests))
}

fn failing(record: &Signature) -> Vec<CheckId> {
    record
        .findings
        .iter()
        .map(|finding| finding.check)
        .collect()
}

#[test]
fn openssl_signatures_attached_and_detached_are_intact() {
    let Some(shop) = Workshop::open("openssl_signatures_attached_and_detached_are_intact") else {
        return;
    };
    shop.signer();
    let content = b"some content\n".repeat(5000);
    shop.write("content", &content);
    for (options, is_cades) in [
        ("-nodetach -cades", true),
        ("-nodetach -stream -md sha512", false),
        ("-cades -md sha384", true),
        ("-keyid", false),
        ("-cades -keyopt rsa_padding_mode:pss", true),
    ] {
        shop.run(&format!(
            "cms -sign -binary -in content -signer signer.pem -inkey key.pem -outform DER -out \
             message {options}"
        ));
        let bytes = shop.read("message");
        let is_attached = options.contains("nodetach");
        let records = if is_attached {
            read(&bytes)
        } else {
            read_detached(&bytes)
        };
        let [record] = &records[..] else { panic!() };
        assert_eq!(failing(record), [], "{options}");
        assert!(record.claims.signing_time.is_some());
        let (format, level) = if is_cades {
            (SignatureFormat::Cades, SignatureLevel::BaselineB)
        } else {
            (SignatureFormat::Cms, SignatureLevel::NotEtsi)
        };
        assert_eq!((record.format, record.level), (format, level), "{options}");
        let digests = taps(&records, &content);
        assert!(is_intact(record, &digests), "{options}");
        let first = record.identification.hints.first();
        assert_eq!(
            matches!(first, Some(SignerHint::SubjectKeyIdentifier(_))),
            options.contains("keyid")
        );
        if !is_attached {
            assert_eq!(record.references[0].name, "content");
            assert!(record.references[0].covers.is_some());
            let mut other = content.clone();
            other[9] ^= 1;
            assert!(!is_intact(record, &taps(&records, &other)), "{options}");
            // Content that nobody gave is not found, and never the empty content.
            let missing = read(&bytes);
            assert_eq!(missing[0].references[0].target, Target::NotFound);
            assert!(!is_intact(&missing[0], &PayloadDigests::default()));
        }
    }
}

#[test]
fn every_flipped_byte_of_a_signer_info_is_noticed() {
    let Some(shop) = Workshop::open("every_flipped_byte_of_a_signer_info_is_noticed") else {
        return;
    };
    shop.signer();
    shop.write("content", b"content");
    shop.run(
        "cms -sign -binary -nodetach -cades -nocerts -in content -signer signer.pem -inkey \
         key.pem -outform DER -out message",
    );
    shop.run("x509 -in signer.pem -outform DER -out signer.der");
    let (bytes, certificate) = (shop.read("message"), shop.read("signer.der"));
    let nothing = PayloadDigests::default();
    let check = |bytes: &[u8]| {
        let Ok(records) = parse(bytes, Message::default(), &mut Budget::default()) else {
            return false;
        };
        let [record] = &records[..] else { return false };
        let is_reference =
            |reference: &Reference| reference.algorithm.is_ok() && fits(reference, &nothing);
        let Some(value) = &record.value else {
            return false;
        };
        failing(record).is_empty()
            && !record.references.is_empty()
            && record.references.iter().all(is_reference)
            && value.algorithm.is_ok()
            && is_made_by(value, &certificate, &nothing)
    };
    assert!(check(&bytes));
    let mut copy = bytes.clone();
    let mut passing = Vec::new();
    for at in 0..bytes.len() {
        copy[at] ^= 0x01;
        if check(&copy) {
            passing.push(at);
        }
        copy[at] ^= 0x01;
    }
    // Unsigned: the two versions, the list of digest algorithms, and the sid, which is only a hint.
    let data = crate::cms::SignedData::parse(&bytes, &mut Budget::default()).unwrap();
    let info = &data.signer_infos[0].whole;
    let start = bytes.len() - info.len();
    let signed = data.signer_infos[0].signed_attrs.as_ref().unwrap();
    let stored = &signed.stored[..];
    let mut places = info.windows(stored.len());
    let behind = start + places.position(|part| part == stored).unwrap();
    assert!(
        passing.iter().all(|at| *at < behind),
        "{passing:?} from {behind}"
    );
}

#[test]
fn a_value_without_signed_attributes_is_over_the_streamed_content() {
    let Some(shop) =
        Workshop::open("a_value_without_signed_attributes_is_over_the_streamed_content")
    else {
        return;
    };
    shop.signer();
    let content = b"some content\n".repeat(5000);
    shop.write("content", &content);
    for options in ["", "-md sha512", "-keyopt rsa_padding_mode:pss"] {
        shop.run(&format!(
            "cms -sign -binary -noattr -in content -signer signer.pem -inkey key.pem -outform DER \
             -out message {options}"
        ));
        let records = read_detached(&shop.read("message"));
        let [record] = &records[..] else { panic!() };
        assert_eq!((failing(record), record.references.len()), (vec![], 0));
        let payload = PayloadName::Input(InputId(1));
        assert_eq!(record.signed_directly(), Some(&payload), "{options}");
        assert!(is_intact(record, &taps(&records, &content)), "{options}");
        let other = [&content[..], b"!"].concat();
        assert!(!is_intact(record, &taps(&records, &other)), "{options}");
    }
}

#[test]
fn content_without_signed_attributes_that_reads_as_them_is_refused() {
    let attributes = basic_attributes();
    let stripped = crate::asn1::write::set_of(&[&attributes[0], &attributes[1]]);
    let bare = signer_info(None, &[]);
    let inside = message(DATA, Some(&stripped), std::slice::from_ref(&bare));
    assert_eq!(failing(&read(&inside)[0]), [CheckId::FormatStructure]);
    let outside = message(DATA, None, &[bare]);
    let mut detached = streamed();
    detached.parts = vec![Part::Octets(Arc::from(&stripped[..]))];
    let of = Message {
        place: "",
        detached: Some(&detached),
    };
    let records = parse(&outside, of, &mut Budget::default()).unwrap();
    assert_eq!(failing(&records[0]), [CheckId::FormatStructure]);
    // Streamed content is looked at when it has passed; what was not kept of it is not accepted.
    assert_eq!(failing(&read_detached(&outside)[0]), []);
    let mut head = PayloadHead::default();
    head.take(&stripped[..2]);
    head.take(&stripped[2..]);
    let found = |head: Option<&PayloadHead>| content_found(head).map(|finding| finding.check);
    assert_eq!(found(Some(&head)), Some(CheckId::FormatStructure));
    assert_eq!(found(None), Some(CheckId::UnsupportedFeature));
    head.take(b"!");
    assert_eq!(found(Some(&head)), None);
    // Content that is not at hand is not found.
    let [record] = &read(&outside)[..] else {
        panic!()
    };
    assert_eq!(record.references[0].target, Target::NotFound);
    let over = &record.value.as_ref().unwrap().over;
    assert!(matches!(&over[..], [Part::Payload(_)]));
}

#[test]
fn rules_of_the_envelope_become_findings() {
    let [content_type, digest] = &basic_attributes()[..] else {
        panic!()
    };
    let of = |content_type: &str, signed: &[Vec<u8>]| {
        failing(
            &read(&message(
                content_type,
                Some(b"x"),
                &[signer_info(Some(signed), &[])],
            ))[0],
        )
    };
    let structure = CheckId::FormatStructure;
    assert_eq!(of(DATA, std::slice::from_ref(content_type)), [structure]);
    assert_eq!(of(DATA, std::slice::from_ref(digest)), [structure]);
    assert_eq!(of(TST_INFO, &basic_attributes()), [structure]);
    let null = crate::asn1::write::null();
    let mut attributes = basic_attributes();
    attributes.push(attribute(
        SIGNATURE_POLICY,
        &[&crate::asn1::write::integer(1)],
    ));
    assert_eq!(of(DATA, &attributes), [structure]);
    let mut attributes = basic_attributes();
    attributes.push(attribute(SIGNATURE_POLICY, &[&null, &null]));
    assert_eq!(of(DATA, &attributes), [CheckId::FormatDuplicate]);
    let mut attributes = basic_attributes();
    attributes.push(attribute(ALGORITHM_PROTECTION, &[&null]));
    attributes.sort();
    assert_eq!(
        of(DATA, &attributes),
        [CheckId::AttributeAlgorithmProtection]
    );
}

#[test]
fn references_to_the_certificate_that_are_empty_or_repeated_are_told_apart() {
    use crate::asn1::write;
    let hash = write::octet_string(&[7; 32]);
    let value = write::sequence(&[&write::sequence(&[
        &write::sequence(&[&hash]),
        &write::sequence(&[&hash]),
    ])]);
    let empty = write::sequence(&[&write::sequence(&[])]);
    let of = |values: &[&[u8]]| {
        let mut attributes = basic_attributes();
        attributes.push(attribute(SIGNING_CERTIFICATE_V2, values));
        let bytes = message(DATA, Some(b"x"), &[signer_info(Some(&attributes), &[])]);
        read(&bytes).remove(0).identification.references
    };
    assert_eq!(of(&[&empty]), CertificateReferences::Malformed);
    assert_eq!(of(&[]), CertificateReferences::Malformed);
    assert_eq!(of(&[&value, &value]), CertificateReferences::Ambiguous);
    assert!(matches!(
        of(&[&value]),
        CertificateReferences::Present { references, order: ReferenceOrder::FirstOnly, .. }
            if references.len() == 2
    ));
}

#[test]
fn countersignatures_are_children_and_bounded() {
    let attributes = &basic_attributes()[1..];
    let mut info = signer_info(Some(attributes), &[]);
    for _ in 0..5 {
        let nested = attribute(COUNTERSIGNATURE, &[&info, &crate::asn1::write::null()]);
        info = signer_info(Some(attributes), &[nested]);
    }
    let outer = signer_info(
        Some(&basic_attributes()),
        &[attribute(COUNTERSIGNATURE, &[&info])],
    );
    let records = read(&message(DATA, Some(b"x"), &[outer]));
    assert_eq!(records.len(), 2 + 5 * 2);
    let unreadable: Vec<_> = records
        .iter()
        .filter(|record| record.value.is_none())
        .collect();
    assert_eq!(unreadable.len(), 5);
    assert!(
        unreadable
            .iter()
            .all(|record| failing(record) == [CheckId::FormatStructure])
    );
    assert_eq!(records[0].parent, None);
    assert_eq!(records[1].parent.as_ref(), Some(&records[0].id));
    assert_eq!(
        records[1].references[0].kind,
        ReferenceKind::CountersignedSignature
    );
    let value = Part::Octets(Arc::from(&b"value"[..]));
    assert_eq!(records[1].references[0].target, Target::Parts(vec![value]));
    let mut ids: Vec<_> = records.iter().map(|record| &record.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), records.len());
    let limits = Limits {
        signatures: 3,
        ..Limits::default()
    };
    let bytes = message(DATA, None, &vec![signer_info(None, &[]); 5]);
    let found = parse(&bytes, Message::default(), &mut Budget::new(limits.into()));
    assert_eq!(found.unwrap_err().code(), "limits.signatures");
}

#[test]
fn one_unreadable_signer_info_is_a_record() {
    let good = signer_info(Some(&basic_attributes()), &[]);
    let records = read(&message(
        DATA,
        Some(b"x"),
        &[crate::asn1::write::null(), good],
    ));
    assert_eq!(records.len(), 2);
    assert!(records[1].value.is_none());
    assert_eq!(failing(&records[1]), [CheckId::FormatStructure]);
}

/// The cases of the corpora: main file, detached content, expectation.
fn cases(folder: &Path) -> Vec<(String, Option<Vec<u8>>, String)> {
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let cases = index
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let cases = cases.filter(|case| case["kind"] == "cms/cades");
    let read = |case: serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let content = case["files"]
            .get(1)
            .map(|name| std::fs::read(folder.join(text(name))));
        (
            text(&case["files"][0]),
            content.map(Result::unwrap),
            text(&case["expected"]),
        )
    };
    cases.map(read).collect()
}

#[test]
fn corpora_give_records_whose_edges_hold() {
    let Some(folder) = corpora() else { return };
    let (mut intact, mut all, mut imprints, mut tokens) = (0, 0, 0, 0);
    for (name, content, expected) in cases(&folder) {
        let octets = std::fs::read(folder.join(&name)).unwrap();
        let records = if content.is_some() {
            read_detached(&octets)
        } else {
            read(&octets)
        };
        let digests = taps(&records, content.as_deref().unwrap_or_default());
        for record in &records {
            let is = is_intact(record, &digests) && record.findings.is_empty();
            (all, intact) = (all + 1, intact + usize::from(is));
            // A certificate that is not in the message would come from the caller.
            if expected == "valid" && !record.certificates.is_empty() {
                assert!(is, "{name}: {:?}", record.findings);
            }
            if expected == "invalid" {
                assert!(!is, "{name}");
            }
            for timestamp in &record.timestamps {
                tokens += 1;
                let token = read_token(&timestamp.token, &timestamp.id, &mut Budget::default());
                let Ok(token) = token else { continue };
                let algorithm = token.imprint_algorithm.unwrap();
                let fits = accepted(timestamp).any(|target| match target {
                    Target::Parts(parts) => {
                        let found = digests.digest(algorithm, parts, &mut Budget::default());
                        found.unwrap() == DigestOutcome::Digest(token.imprint.clone())
                    }
                    _ => false,
                });
                let holds = fits && is_intact(&token.record, &PayloadDigests::default());
                imprints += usize::from(holds && timestamp.findings.is_empty());
            }
        }
    }
    eprintln!("{intact} of {all} signatures intact, {imprints} of {tokens} time-stamps hold");
    // Copied and damaged time-stamps are among them.
    assert!(imprints * 10 >= tokens * 8);
}

#[test]
fn damaged_messages_of_the_corpora_end_in_records_or_errors() {
    for (_, octets) in corpus_files("cms/cades") {
        if octets.len() < 10_000 {
            hostile(&octets, |bytes| {
                let _ = parse(bytes, Message::default(), &mut Budget::default());
            });
        }
    }
}

#[test]
fn detached_content_beside_other_content_inside_is_broken() {
    let Some(shop) = Workshop::open("detached_content_beside_other_content_inside_is_broken")
    else {
        return;
    };
    shop.signer();
    shop.write("content", b"content");
    shop.run(
        "cms -sign -binary -nodetach -in content -signer signer.pem -inkey key.pem -outform DER \
         -out message",
    );
    let records = read_detached(&shop.read("message"));
    assert!(is_intact(&records[0], &taps(&records, b"content")));
    assert!(!is_intact(&records[0], &taps(&records, b"other")));
    shop.run(
        "cms -sign -binary -nodetach -noattr -in content -signer signer.pem -inkey key.pem \
         -outform DER -out message",
    );
    let records = read_detached(&shop.read("message"));
    assert_eq!(failing(&records[0]), [CheckId::FormatStructure]);
    assert_eq!(failing(&read(&shop.read("message"))[0]), []);
}

#[test]
fn products_of_small_attributes_meet_a_limit() {
    let null = crate::asn1::write::null();
    let stamps = attribute(CADES_C_TIMESTAMP, &vec![&null[..]; 900]);
    let tokens = attribute(SIGNATURE_TIMESTAMP, &[]).repeat(10_000);
    let info = signer_info(Some(&basic_attributes()), &[stamps, tokens]);
    let bytes = message(DATA, Some(b"x"), &[info]);
    let error = parse(&bytes, Message::default(), &mut Budget::default()).unwrap_err();
    assert_eq!(error.code(), "limits.values");
}
