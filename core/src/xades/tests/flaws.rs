//! Signatures with one flaw each, and hostile documents.

use super::*;

#[test]
fn a_signature_without_flaw_is_read_and_fits() {
    let (record, faults) = made(Flaw::None);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(record.format, SignatureFormat::Xades);
    assert_eq!(record.level, SignatureLevel::BaselineB);
    assert_eq!(
        record.checked,
        [CheckId::FormatStructure, CheckId::FormatDuplicate]
    );
    assert_eq!(
        record.claims.signing_time.map(|time| time.seconds),
        Some(TIME)
    );
    let kinds: Vec<_> = record.references.iter().map(|found| found.kind).collect();
    assert_eq!(
        kinds,
        [
            ReferenceKind::SignersDocument,
            ReferenceKind::SignedProperties
        ]
    );
    assert_eq!(record.references[0].name, "ərizə 1.txt");
    let entry = PayloadName::Entry("ərizə 1.txt".to_owned());
    assert_eq!(record.references[0].covers, Some(entry));
    assert_eq!(record.references[1].covers, None);
    assert_eq!(
        record.claims.media_types,
        [("ərizə 1.txt".to_owned(), "text/plain".to_owned())]
    );
    assert_eq!(record.scopes.len(), 1);
    assert_eq!(record.scopes[0].kind, ScopeKind::Full);
    let CertificateReferences::Present { references, .. } = &record.identification.references
    else {
        panic!("{:?}", record.identification.references);
    };
    assert_eq!(references.len(), 1);
    assert_eq!(references[0].algorithm, Ok(DigestAlgorithm::Sha256));
    let issuer = references[0]
        .issuer_serial
        .as_ref()
        .map(|found| &found.issuer);
    assert!(matches!(issuer, Some(IssuerName::Der(_))));
    assert_eq!(record.certificates.len(), 1);
    assert_eq!(record.certificates[0].origin, CertificateOrigin::KeyInfo);
    assert!(record.identification.signed_copies.is_empty());
}

#[test]
fn a_digest_of_something_else_does_not_fit() {
    assert_eq!(made(Flaw::WrongFileDigest).1, ["digest: ərizə 1.txt"]);
    assert_eq!(made(Flaw::WrongPropertiesDigest).1, ["digest: #S0-P"]);
}

#[test]
fn a_broken_value_does_not_fit() {
    assert_eq!(made(Flaw::BrokenSignature).1, ["value"]);
}

/// A signature made well, with its text changed afterwards.
fn rewritten(change: impl Fn(&str) -> String) -> (Signature, Vec<String>) {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec::container(TIME);
    let signature = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    let records = read(change(&signature.document()).as_bytes(), &files());
    let record = records.into_iter().next().unwrap();
    let faults = faults(&record, &files());
    (record, faults)
}

fn text_of<'a>(document: &'a str, element: &str) -> &'a str {
    let from = document.find(&format!("<ds:{element}")).unwrap();
    let behind = document[from..].split_once('>').unwrap().1;
    behind.split_once('<').unwrap().0
}

#[test]
fn an_ecdsa_value_in_der_is_malformed_though_it_fits() {
    let in_der = |document: &str| {
        let written = text_of(document, "SignatureValue");
        let value = crate::xml::base64::decode(written).unwrap();
        let (plain, der) = (ValueEncoding::Plain, ValueEncoding::Der);
        let value = crypto::transcode_ecdsa(&value, Curve::P256, plain, der).unwrap();
        document.replace(written, &crate::xml::base64::encode(&value))
    };
    let (record, faults) = rewritten(in_der);
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
    assert_eq!(faults.len(), 1, "nothing but the finding: {faults:?}");
    // Neither form.
    let (record, faults) = rewritten(|document| {
        let written = text_of(document, "SignatureValue");
        document.replace(written, "MAYCAQECAQEA")
    });
    assert_eq!(checks(&record), []);
    assert_eq!(faults, ["value"]);
}

#[test]
fn an_ecdsa_value_without_its_zeros_is_told() {
    let with = |value: &[u8]| {
        let (record, faults) = rewritten(|document| {
            let written = text_of(document, "SignatureValue");
            document.replace(written, &crate::xml::base64::encode(value))
        });
        // What was cut is read with its zeros: here they do not make it fit.
        assert!(faults.iter().any(|fault| fault == "value"), "{faults:?}");
        let found = record.findings.first().map(|one| one.found.clone());
        (checks(&record), found)
    };
    let cut = |length: usize| [vec![1; length], vec![2; length]].concat();
    for (length, expected) in [(31, 62), (29, 58), (65, 130)] {
        let (checks, found) = with(&cut(length));
        assert_eq!(checks, [CheckId::FormatValueLength]);
        assert_eq!(found, Some(format!("{expected} octets")));
    }
    // Of full length, and cut by more than chance.
    for length in [32, 28, 1] {
        assert_eq!(with(&cut(length)).0, [], "{length}");
    }
}

#[test]
fn a_certificate_that_is_no_base64_is_malformed() {
    let (record, _) = rewritten(|document| {
        let written = text_of(document, "X509Certificate");
        document.replace(written, &written[..written.len() - 3])
    });
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
}

#[test]
fn a_name_that_is_not_encoded_finds_its_file_and_is_told() {
    let name = "a%20b.txt";
    let written = |document: &str| {
        let uri = crate::xml::uri::encode_uri(&file().name);
        document.replace(&format!("URI=\"{uri}\""), &format!("URI=\"{name}\""))
    };
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec::container(TIME);
    let signature = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    let document = written(&signature.document());
    let found = |names: &[&str]| {
        let files: Files = names
            .iter()
            .map(|name| ((*name).to_owned(), b"salam\n".to_vec()))
            .collect();
        let record = read(document.as_bytes(), &files).remove(0);
        (record.references[0].covers.clone(), checks(&record))
    };
    let entry = |name: &str| Some(PayloadName::Entry(name.to_owned()));
    assert_eq!(
        found(&[name]),
        (entry(name), vec![CheckId::ContainerManifest])
    );
    // Decoded, as the clause has it, goes first.
    assert_eq!(found(&[name, "a b.txt"]), (entry("a b.txt"), vec![]));
    assert_eq!(found(&["c.txt"]), (None, vec![]));
}

#[test]
fn a_signature_over_nothing_but_its_properties_is_malformed() {
    let (record, _) = made(Flaw::NoFileReference);
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
}

fn assert_no_properties(record: &Signature) {
    assert_eq!(record.format, SignatureFormat::Xades);
    assert_eq!(record.level, SignatureLevel::NotEtsi);
    assert_eq!(record.claims, crate::signature::Claims::default());
    assert_eq!(
        record.identification.references,
        CertificateReferences::Absent
    );
    let mut kinds = record.references.iter().map(|reference| reference.kind);
    assert!(!kinds.any(|kind| kind == ReferenceKind::SignedProperties));
}

#[test]
fn properties_without_reference_are_none() {
    assert_no_properties(&made(Flaw::PropertiesNotReferenced).0);
}

#[test]
fn properties_that_were_moved_are_none() {
    let (record, faults) = made(Flaw::PropertiesMoved);
    assert_eq!(faults, Vec::<String>::new(), "the digest still fits");
    assert_no_properties(&record);
}

#[test]
fn an_identifier_that_two_elements_bear_leads_nowhere() {
    let (record, _) = made(Flaw::DuplicateId);
    // What bears the identifier besides stands in an object that nobody signed.
    let expected = [CheckId::FormatDuplicate, CheckId::DocumentAllSigned];
    assert_eq!(checks(&record), expected);
    assert_eq!(record.references[1].target, Target::NotFound);
    assert_no_properties(&record);
}

#[test]
fn properties_of_another_signature_are_malformed() {
    assert_eq!(
        checks(&made(Flaw::WrongTarget).0),
        [CheckId::FormatStructure]
    );
}

#[test]
fn a_second_signed_info_leaves_no_value() {
    let (record, _) = made(Flaw::TwoSignedInfos);
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
    assert_eq!(record.value, None);
    assert_eq!(record.format, SignatureFormat::Xades);
    assert!(record.references.is_empty());
}

#[test]
fn what_is_missing_is_absent_and_lowers_the_level() {
    let (record, _) = made(Flaw::MissingSigningCertificate);
    assert_eq!(
        record.identification.references,
        CertificateReferences::Absent
    );
    assert_eq!(record.level, SignatureLevel::NotEtsi);
    let (record, _) = made(Flaw::MissingSigningTime);
    assert_eq!(record.claims.signing_time, None);
    assert_eq!(record.level, SignatureLevel::Bes);
    let (record, faults) = made(Flaw::MissingKeyInfo);
    assert!(record.identification.hints.is_empty());
    assert_eq!(faults, ["no key"]);
    assert_eq!(record.level, SignatureLevel::Bes);
    let (record, faults) = made(Flaw::MissingDataObjectFormat);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(record.level, SignatureLevel::Bes);
}

#[test]
fn unknown_names_are_unsupported_not_malformed() {
    let (record, _) = made(Flaw::UnknownTransform);
    assert!(matches!(
        record.references[0].target,
        Target::Unsupported(_)
    ));
    assert!(record.findings.is_empty());
    let (record, _) = made(Flaw::UnknownDigest);
    assert!(record.references[0].algorithm.is_err());
    assert!(record.findings.is_empty());
}

fn good() -> String {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec::container(TIME);
    sign(&spec, &[file()], &pki.citizen_p256)
        .unwrap()
        .document()
}

/// The one record of the good document with a change.
fn changed(from: &str, to: &str) -> Signature {
    let xml = good();
    assert!(xml.contains(from), "{from}");
    let xml = xml.replacen(from, to, 1);
    let mut records = read(xml.as_bytes(), &files());
    assert_eq!(records.len(), 1, "{from}");
    records.remove(0)
}

#[test]
fn a_structure_that_differs_is_malformed() {
    for (from, to) in [
        ("</ds:DigestValue>", "<!-- x --></ds:DigestValue>"),
        ("</ds:DigestValue>", "<x/></ds:DigestValue>"),
        ("</ds:SignatureValue>", "<!-- x --></ds:SignatureValue>"),
        (
            "</ds:SignatureValue>",
            "</ds:SignatureValue><ds:SignatureValue/>",
        ),
        ("<ds:KeyInfo>", "<ds:KeyInfo/><ds:KeyInfo>"),
        ("<ds:KeyInfo>", "<foreign/><ds:KeyInfo>"),
        ("<ds:KeyInfo>", "text<ds:KeyInfo>"),
        (
            "<ds:SignatureMethod Algorithm=",
            "<ds:SignatureMethod Algorithmus=",
        ),
    ] {
        let record = changed(from, to);
        assert_eq!(checks(&record), [CheckId::FormatStructure], "{to}");
        assert_eq!(record.value, None, "{to}");
    }
}

#[test]
fn qualifying_properties_twice_are_none() {
    let two = "<ds:Object><xades:QualifyingProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" \
         Target=\"#S0\"></xades:QualifyingProperties></ds:Object></ds:Signature>";
    let record = changed("</ds:Signature>", two);
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
    assert_no_properties(&record);
}

#[test]
fn parts_of_the_properties_twice_are_none() {
    let record = changed(
        "</xades:SignedProperties>",
        "</xades:SignedProperties><xades:SignedProperties></xades:SignedProperties>",
    );
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
    assert_no_properties(&record);
}

#[test]
fn a_signature_with_an_identifier_of_others_is_ambiguous() {
    let record = changed("<ds:KeyInfo>", "<ds:KeyInfo Id=\"S0\">");
    assert_eq!(checks(&record), [CheckId::FormatDuplicate]);
}

#[test]
fn keyed_digests_are_refused() {
    let record = changed(
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    );
    assert!(record.value.unwrap().algorithm.is_err());
}

#[test]
fn an_unknown_canonicalization_leaves_no_algorithm() {
    let record = changed(
        "<ds:CanonicalizationMethod Algorithm=\"",
        "<ds:CanonicalizationMethod Algorithm=\"urn:x:",
    );
    assert_eq!(checks(&record), [CheckId::UnsupportedAlgorithm]);
    let value = record.value.unwrap();
    assert!(value.algorithm.is_err());
    assert!(value.over.is_empty());
}

#[test]
fn properties_under_another_transform_are_none() {
    let transforms = "<ds:Transforms><ds:Transform Algorithm=\
         \"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    let xml = good();
    let place = xml.find("#SignedProperties").unwrap();
    let (before, after) = xml.split_at(place);
    let xml = format!(
        "{before}{}",
        after.replacen("<ds:Transforms>", transforms, 1)
    );
    let records = read(xml.as_bytes(), &files());
    assert_no_properties(&records[0]);
}

#[test]
fn a_reference_to_the_object_around_signs_no_properties() {
    let record = changed("URI=\"#S0-P\"", "URI=\"#O\"");
    assert_no_properties(&record);
    let xml = good().replacen("URI=\"#S0-P\"", "URI=\"#O\"", 1).replacen(
        "<ds:Object>",
        "<ds:Object Id=\"O\">",
        1,
    );
    let records = read(xml.as_bytes(), &files());
    assert!(matches!(records[0].references[1].target, Target::Parts(_)));
    assert_no_properties(&records[0]);
}

#[test]
fn signing_certificate_references_that_cannot_decide() {
    let record = changed(
        "<xades:SigningCertificateV2>",
        "<xades:SigningCertificate></xades:SigningCertificate><xades:SigningCertificateV2>",
    );
    assert_eq!(
        record.identification.references,
        CertificateReferences::Ambiguous
    );
    let record = changed("<xades:CertDigest>", "<xades:CertDigest><x/>");
    assert_eq!(
        record.identification.references,
        CertificateReferences::Malformed
    );
    let record = changed("<xades:Cert>", "<xades:Cert/><xades:Cert>");
    assert_eq!(
        record.identification.references,
        CertificateReferences::Malformed
    );
    let record = changed("<xades:Cert>", "<xades:Other>x</xades:Other><xades:Cert>");
    assert_eq!(
        record.identification.references,
        CertificateReferences::Malformed
    );
}

#[test]
fn claims_that_cannot_be_read_are_malformed() {
    for (from, to) in [
        ("<xades:SigningTime>", "<xades:SigningTime>x"),
        ("<xades:SigningTime>", "<xades:SigningTime><!-- x -->"),
        (
            "<xades:SigningTime>",
            "<xades:SigningTime>2026-01-01T00:00:00Z</xades:SigningTime><xades:SigningTime>",
        ),
        (
            "</xades:SignedSignatureProperties>",
            "<xades:SignaturePolicyIdentifier></xades:SignaturePolicyIdentifier>\
             </xades:SignedSignatureProperties>",
        ),
    ] {
        let record = changed(from, to);
        assert_eq!(checks(&record), [CheckId::FormatStructure], "{to}");
    }
}

#[test]
fn a_signature_inside_another_is_a_record_without_parent() {
    let inner = good();
    let start = inner.find("<ds:Signature ").unwrap();
    let end = inner.find("</asic:").unwrap();
    let inner = inner[start..end].replace("S0", "S1");
    let outer = good().replacen(
        "</ds:Signature>",
        &format!("<ds:Object>{inner}</ds:Object></ds:Signature>"),
        1,
    );
    let records = read(outer.as_bytes(), &files());
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].parent, None);
    assert_ne!(records[0].id, records[1].id);
    // The properties of the inner one are not those of the outer one.
    assert_eq!(records[0].claims, records[1].claims);
    assert!(records.iter().all(|record| record.findings.is_empty()));
}

#[test]
fn a_file_that_is_not_there_is_not_found() {
    let records = read(good().as_bytes(), &Files::new());
    assert_eq!(records[0].references[0].target, Target::NotFound);
    assert_eq!(records[0].references[0].covers, None);
}

#[test]
fn what_is_no_xml_is_an_error() {
    for xml in [&b""[..], b"<a>", b"<!DOCTYPE a><a/>", b"\xFE\xFF\0<"] {
        assert!(read_within(xml, &Files::new(), &mut Budget::default()).is_err());
    }
    assert!(read(b"<a/>", &Files::new()).is_empty());
}

#[test]
fn more_signatures_or_references_than_allowed_are_a_limit() {
    let limits = Limits {
        signatures: 0,
        ..Limits::default()
    };
    let mut budget = Budget::new(Arc::new(limits));
    let error = read_within(good().as_bytes(), &files(), &mut budget).unwrap_err();
    assert_eq!(error.code(), "limits.signatures");
    let limits = Limits {
        references: 1,
        ..Limits::default()
    };
    let mut budget = Budget::new(Arc::new(limits));
    let error = read_within(good().as_bytes(), &files(), &mut budget).unwrap_err();
    assert_eq!(error.code(), "limits.references");
}

#[test]
fn every_octet_that_is_changed_is_noticed_or_changes_nothing() {
    let xml = good();
    let unchanged = read(xml.as_bytes(), &files()).remove(0);
    for place in (0..xml.len()).step_by(7) {
        let mut octets = xml.clone().into_bytes();
        octets[place] = if octets[place] == b'A' { b'B' } else { b'A' };
        let Ok(records) = read_within(&octets, &files(), &mut Budget::default()) else {
            continue;
        };
        let Some(record) = records.first() else {
            continue;
        };
        let is_believed =
            record.claims.signing_time.is_some() && faults(record, &files()).is_empty();
        let is_same = record.claims == unchanged.claims
            && record.references == unchanged.references
            && record.identification.references == unchanged.identification.references
            && record.value == unchanged.value;
        let around = &xml[place.saturating_sub(40)..=place];
        assert!(!is_believed || is_same, "{around}");
    }
}
