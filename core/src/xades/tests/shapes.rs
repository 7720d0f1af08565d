//! The kinds of signatures that are met, each in one example.

use super::*;
use crate::signature::Role;

const DS: &str = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

fn spec(packaging: Packaging, canonicalization: Canonicalization) -> XadesSpec {
    XadesSpec {
        packaging,
        canonicalization,
        ..XadesSpec::container(TIME)
    }
}

#[test]
fn every_packaging_and_canonicalization_fits() {
    let pki = Pki::fixed().unwrap();
    let xml = DataFile::new("a.xml", "text/xml", b"<a><b>salam</b></a>");
    for canonicalization in [
        Canonicalization::Exclusive,
        Canonicalization::Inclusive,
        Canonicalization::Inclusive11,
    ] {
        for (packaging, file) in [
            (Packaging::Container, file()),
            (Packaging::Enveloping, file()),
            (Packaging::Enveloped, xml.clone()),
        ] {
            let spec = spec(packaging, canonicalization);
            let signature = sign(&spec, &[file], &pki.citizen_rsa_2048).unwrap();
            let records = read(signature.document().as_bytes(), &files());
            let name = format!("{packaging:?} {canonicalization:?}");
            assert_eq!(
                faults(&records[0], &files()),
                Vec::<String>::new(),
                "{name}"
            );
            assert_eq!(records[0].level, SignatureLevel::BaselineB, "{name}");
            assert_eq!(
                records[0].references[0].kind,
                ReferenceKind::SignersDocument,
                "{name}"
            );
            assert_eq!(records[0].scopes[0].kind, ScopeKind::Full, "{name}");
        }
    }
}

#[test]
fn time_stamps_and_validation_data_raise_the_level() {
    let pki = Pki::fixed().unwrap();
    let mut signature = sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256).unwrap();
    signature.stamp(&pki, TIME + 60).unwrap();
    let records = read(signature.document().as_bytes(), &files());
    let b = records[0].clone();
    assert_eq!(b.level, SignatureLevel::BaselineT);
    assert_eq!(faults(&b, &files()), Vec::<String>::new());
    assert_eq!(b.timestamps.len(), 1);
    assert_eq!(b.timestamps[0].kind, TimestampKind::SignatureTimestamp);
    assert!(b.timestamps[0].covered.signature);
    assert!(!b.timestamps[0].covered.data);
    assert!(b.timestamps[0].id.starts_with("T-"));

    let values =
        LongTermValues::collect(&pki, &pki.citizen_p256, &pki.tsa_p256, TIME + 120).unwrap();
    signature.add_long_term(&values);
    let records = read(signature.document().as_bytes(), &files());
    let lt = &records[0];
    assert_eq!(lt.level, SignatureLevel::BaselineLt);
    assert_eq!(faults(lt, &files()), Vec::<String>::new());
    assert_eq!(lt.id, b.id);
    assert_eq!(lt.timestamps[0].id, b.timestamps[0].id);
    assert_eq!(lt.certificates.len(), 1 + values.certificates.len());
    assert_eq!(lt.revocation.len(), values.crls.len() + values.ocsps.len());
    let origins = lt.revocation.iter().map(|found| found.origin);
    assert!(
        origins
            .into_iter()
            .all(|origin| origin == RevocationOrigin::RevocationValues)
    );
    assert_eq!(
        lt.certificates[1].origin,
        CertificateOrigin::CertificateValues
    );
}

#[test]
fn a_time_stamp_over_something_else_does_not_fit() {
    let pki = Pki::fixed().unwrap();
    let mut signature = sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256).unwrap();
    let mut other = sign(
        &XadesSpec::container(TIME + 1),
        &[file()],
        &pki.citizen_p256,
    )
    .unwrap();
    other.stamp(&pki, TIME).unwrap();
    let records = read(other.document().as_bytes(), &files());
    signature.add_timestamp(&records[0].timestamps[0].token);
    let records = read(signature.document().as_bytes(), &files());
    assert_eq!(
        faults(&records[0], &files()),
        ["SignatureTimestamp: imprint"]
    );
}

#[test]
fn a_time_stamp_that_is_no_base64_is_told() {
    let pki = Pki::fixed().unwrap();
    let mut signature = sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256).unwrap();
    signature.add_timestamp(b"token");
    let xml = signature.document().replace(
        "</xades:EncapsulatedTimeStamp>",
        "?</xades:EncapsulatedTimeStamp>",
    );
    let records = read(xml.as_bytes(), &files());
    let findings = &records[0].timestamps[0].findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].check, CheckId::TimestampToken);
}

#[test]
fn several_signatures_of_a_document_are_told_apart() {
    let pki = Pki::fixed().unwrap();
    let make = |id: &str| {
        let spec = XadesSpec {
            id: id.to_owned(),
            ..XadesSpec::container(TIME)
        };
        sign(&spec, &[file()], &pki.citizen_p256).unwrap()
    };
    let records = read(
        signatures_document(&[make("A"), make("B")]).as_bytes(),
        &files(),
    );
    assert_eq!(records.len(), 2);
    assert_ne!(records[0].id, records[1].id);
    assert!(
        records
            .iter()
            .all(|record| faults(record, &files()).is_empty())
    );
    // The same signature twice shares identifiers.
    let records = read(
        signatures_document(&[make("A"), make("A")]).as_bytes(),
        &files(),
    );
    assert_ne!(records[0].id, records[1].id);
    for record in &records {
        assert!(checks(record).contains(&CheckId::FormatDuplicate));
        assert_eq!(record.claims.signing_time, None);
    }
}

/// A signature with these references, with whatever digests, and this behind them.
fn bare(references: &str, objects: &str) -> String {
    format!(
        "<ds:Signature {DS} Id=\"S\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\
         \"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod Algorithm=\
         \"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>{references}</ds:SignedInfo>\
         <ds:SignatureValue Id=\"V\">AAAA</ds:SignatureValue>{objects}</ds:Signature>"
    )
}

fn reference(uri: &str, transforms: &str) -> String {
    let transforms = match transforms {
        "" => String::new(),
        uri => format!("<ds:Transforms><ds:Transform Algorithm=\"{uri}\"/></ds:Transforms>"),
    };
    format!(
        "<ds:Reference URI=\"{uri}\">{transforms}<ds:DigestMethod Algorithm=\
         \"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>AAAA</ds:DigestValue>\
         </ds:Reference>"
    )
}

fn one(xml: &str) -> Signature {
    let mut records = read(xml.as_bytes(), &files());
    assert_eq!(records.len(), 1);
    records.remove(0)
}

#[test]
fn a_plain_signature_is_no_xades() {
    let record = one(&bare(&reference("%C9%99riz%C9%99%201.txt", ""), ""));
    assert_eq!(record.format, SignatureFormat::XmlDsig);
    assert_eq!(record.level, SignatureLevel::NotEtsi);
    assert!(record.findings.is_empty());
    assert_eq!(record.references[0].name, "ərizə 1.txt");
}

#[test]
fn names_relative_to_the_root_are_found() {
    for uri in ["./%C9%99riz%C9%99%201.txt", "/%C9%99riz%C9%99%201.txt"] {
        let record = one(&bare(&reference(uri, ""), ""));
        assert!(record.references[0].covers.is_some(), "{uri}");
    }
    for uri in [
        "../%C9%99riz%C9%99%201.txt",
        "x/%C9%99riz%C9%99%201.txt",
        "%25C9%2599riz%25C9%2599%25201.txt",
    ] {
        let record = one(&bare(&reference(uri, ""), ""));
        assert_eq!(record.references[0].target, Target::NotFound, "{uri}");
    }
}

#[test]
fn a_decoded_file_is_not_covered() {
    let uri = "%C9%99riz%C9%99%201.txt";
    let record = one(&bare(
        &reference(uri, "http://www.w3.org/2000/09/xmldsig#base64"),
        "",
    ));
    assert_eq!(record.references[0].covers, None);
    let Target::Parts(parts) = &record.references[0].target else {
        panic!("{:?}", record.references[0].target);
    };
    assert!(matches!(&parts[0], Part::Payload(part) if part.transform == Transform::Base64Decoded));
    let method = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let record = one(&bare(&reference(uri, method), ""));
    assert!(record.references[0].covers.is_some());
}

#[test]
fn a_file_whose_name_holds_a_number_sign_is_found_by_its_letters() {
    let resolve = |name: &str| {
        let file = (name == "a#b.txt").then(|| name.to_owned());
        file.map(PayloadName::Entry)
    };
    let found = |uri: &str| {
        let xml = bare(&reference(uri, ""), "");
        let octets = Arc::from(xml.as_bytes());
        let records = parse(&octets, "", &resolve, &mut Budget::default()).unwrap();
        records[0].references[0].clone()
    };
    let entry = PayloadName::Entry("a#b.txt".to_owned());
    assert_eq!(found("a#b.txt").covers, Some(entry.clone()));
    assert_eq!(found("a%23b.txt").covers, Some(entry));
    assert!(matches!(found("a.xml#b").target, Target::Unsupported(_)));
}

#[test]
fn a_reference_without_uri_is_asked_for_by_the_empty_name() {
    let xml = bare(&reference("", "").replace(" URI=\"\"", ""), "");
    let resolve = |name: &str| name.is_empty().then_some(PayloadName::Input(InputId(1)));
    let octets = Arc::from(xml.as_bytes());
    let records = parse(&octets, "", &resolve, &mut Budget::default()).unwrap();
    assert_eq!(
        records[0].references[0].covers,
        Some(PayloadName::Input(InputId(1)))
    );
}

/// XMLDSig §4.4.3.1: in a `SignedInfo` and in a manifest.
#[test]
fn several_references_without_uri_are_ambiguous() {
    let nameless = reference("", "").replace(" URI=\"\"", "");
    let named = reference("%C9%99riz%C9%99%201.txt", "");
    assert_eq!(checks(&one(&bare(&(named + &nameless), ""))), []);
    let both = nameless.repeat(2);
    assert_eq!(checks(&one(&bare(&both, ""))), [CheckId::FormatStructure]);
    let manifest = format!("<ds:Object><ds:Manifest Id=\"M\">{both}</ds:Manifest></ds:Object>");
    let record = one(&bare(&reference("#M", ""), &manifest));
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
}

#[test]
fn a_signed_key_info_is_a_signed_copy() {
    let key_info = "<ds:KeyInfo Id=\"K\"><ds:X509Data><ds:X509Certificate>AAAA\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo>";
    let both = reference("#K", "") + &reference("%C9%99riz%C9%99%201.txt", "");
    let record = one(&bare(&both, key_info));
    assert_eq!(record.references[0].kind, ReferenceKind::KeyInfo);
    assert_eq!(record.identification.signed_copies.len(), 1);
    let record = one(&bare(&reference("%C9%99riz%C9%99%201.txt", ""), key_info));
    assert!(record.identification.signed_copies.is_empty());
    // Nothing but the key is signed.
    let record = one(&bare(&reference("#K", ""), key_info));
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
    // A reference with another transform signs something, but not the element.
    let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    let record = one(&bare(&reference("#K", enveloped), key_info));
    assert!(record.identification.signed_copies.is_empty());
}

#[test]
fn a_retrieved_certificate_is_a_hint_and_no_signed_copy() {
    let retrieval = "<ds:KeyInfo Id=\"K\"><ds:RetrievalMethod URI=\"#X\"/></ds:KeyInfo><ds:Object>\
         <ds:X509Data Id=\"X\"><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:Object>";
    let both = reference("#K", "") + &reference("%C9%99riz%C9%99%201.txt", "");
    let record = one(&bare(&both, retrieval));
    assert_eq!(record.identification.hints.len(), 1);
    assert_eq!(record.certificates.len(), 1);
    assert!(record.identification.signed_copies.is_empty());
    assert!(!record.identification.leads_elsewhere);
    let referenced = retrieval
        .replace(
            "ds:RetrievalMethod",
            "n:KeyInfoReference xmlns:n=\"http://www.w3.org/2009/xmldsig11#\"",
        )
        .replace(
            "<ds:X509Data Id=\"X\">",
            "<ds:KeyInfo Id=\"X\"><ds:X509Data>",
        )
        .replace("</ds:X509Data>", "</ds:X509Data></ds:KeyInfo>");
    let record = one(&bare(&both, &referenced));
    assert_eq!(record.certificates.len(), 1);
    assert!(record.identification.signed_copies.is_empty());
    let record = one(&bare(&both, &retrieval.replace("#X", "x.der")));
    assert!(record.identification.hints.is_empty());
    assert!(record.identification.leads_elsewhere);
    assert!(record.findings.is_empty());
}

#[test]
fn entries_of_a_signed_manifest_are_optional() {
    let entries = reference("%C9%99riz%C9%99%201.txt", "") + &reference("missing.txt", "");
    let manifest = format!("<ds:Object><ds:Manifest Id=\"M\">{entries}</ds:Manifest></ds:Object>");
    let record = one(&bare(&reference("#M", ""), &manifest));
    let kinds: Vec<_> = record.references.iter().map(|found| found.kind).collect();
    use ReferenceKind::{Manifest, ManifestEntry};
    assert_eq!(kinds, [Manifest, ManifestEntry, ManifestEntry]);
    let optional: Vec<_> = record
        .references
        .iter()
        .map(|found| found.is_optional)
        .collect();
    assert_eq!(optional, [false, true, true]);
    assert_eq!(record.references[2].target, Target::NotFound);
    // A manifest that nobody signed says nothing.
    let record = one(&bare(&reference("%C9%99riz%C9%99%201.txt", ""), &manifest));
    assert_eq!(record.references.len(), 1);
    // One that cannot be read is no manifest.
    let broken = manifest.replace("<ds:DigestMethod", "<ds:Other");
    let record = one(&bare(&reference("#M", ""), &broken));
    assert_eq!(checks(&record), [CheckId::FormatStructure]);
}

fn with_unsigned(unsigned: &str) -> String {
    let object = format!(
        "<ds:Object><x:QualifyingProperties xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\" \
         Target=\"#S\"><x:UnsignedProperties><x:UnsignedSignatureProperties>{unsigned}\
         </x:UnsignedSignatureProperties></x:UnsignedProperties></x:QualifyingProperties>\
         </ds:Object>"
    );
    bare(&reference("%C9%99riz%C9%99%201.txt", ""), &object)
}

#[test]
fn a_counter_signature_follows_what_it_signs() {
    let counter = bare(&reference("#V", ""), "")
        .replace("Id=\"S\"", "Id=\"C\"")
        .replace(" Id=\"V\"", "");
    let xml = with_unsigned(&format!(
        "<x:CounterSignature>{counter}</x:CounterSignature>"
    ));
    let records = read(xml.as_bytes(), &files());
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].parent, Some(records[0].id.clone()));
    assert_eq!(
        records[1].references[0].kind,
        ReferenceKind::CountersignedSignature
    );
    assert_eq!(records[1].scopes[0].kind, ScopeKind::CounterSignature);
    assert!(records[1].findings.is_empty());
    // One that signs something else is none.
    let xml = xml.replace("URI=\"#V\"", "URI=\"%C9%99riz%C9%99%201.txt\"");
    let records = read(xml.as_bytes(), &files());
    assert_eq!(checks(&records[1]), [CheckId::FormatStructure]);
    // One that cannot be read still has its place.
    let xml = xml.replacen("<ds:SignedInfo>", "<ds:Signed>", 2).replacen(
        "<ds:Signed>",
        "<ds:SignedInfo>",
        1,
    );
    let xml = xml
        .replacen("</ds:SignedInfo>", "</ds:Signed>", 2)
        .replacen("</ds:Signed>", "</ds:SignedInfo>", 1);
    let records = read(xml.as_bytes(), &files());
    assert_eq!(records[1].parent, Some(records[0].id.clone()));
    assert_eq!(records[1].value, None);
}

#[test]
fn imprints_name_what_stands_before() {
    let stamp = |name: &str, more: &str| {
        format!("<{name}>{more}<x:EncapsulatedTimeStamp>AAAA</x:EncapsulatedTimeStamp></{name}>")
    };
    let new = "x4:ArchiveTimeStamp xmlns:x4=\"http://uri.etsi.org/01903/v1.4.1#\"";
    let archive = stamp(new, "").replace(&format!("</{new}>"), "</x4:ArchiveTimeStamp>");
    let include = stamp(new, "<x:Include URI=\"#x\"/>")
        .replace(&format!("</{new}>"), "</x4:ArchiveTimeStamp>");
    let xml = with_unsigned(
        &[
            stamp("x:RefsOnlyTimeStamp", ""),
            "<x:CompleteRevocationRefs/>".to_owned(),
            stamp("x:SignatureTimeStamp", ""),
            stamp("x:SigAndRefsTimeStamp", ""),
            stamp("x:RefsOnlyTimeStamp", ""),
            "<unknown/>".to_owned(),
            archive,
            stamp("x:ArchiveTimeStamp", ""),
            include,
            stamp("x:SignatureTimeStamp", "<x:Include URI=\"#other\"/>"),
            stamp("x:SignatureTimeStamp", "<x:Include URI=\"#V\"/>"),
            stamp(
                "x:SignatureTimeStamp",
                "<ds:CanonicalizationMethod Algorithm=\"urn:x\"/>",
            ),
            stamp("x:SignatureTimeStamp", "<x:XMLTimeStamp/>"),
        ]
        .concat(),
    );
    let record = one(&xml);
    let parts: Vec<_> = record
        .timestamps
        .iter()
        .map(|found| match &found.imprint {
            Target::Parts(parts) => Ok(parts.len()),
            other => Err(kind_of(other)),
        })
        .collect();
    // Of the archive time-stamp: one file, SignedInfo, SignatureValue, and what stands before.
    let unsupported = Err("unsupported");
    assert_eq!(
        parts,
        [
            Err("not found"),
            Ok(1),
            Ok(3),
            Ok(1),
            Ok(3 + 6),
            Ok(3 + 7),
            unsupported,
            unsupported,
            Ok(1),
            unsupported,
            Ok(1),
            Ok(1),
        ]
    );
    let archive = &record.timestamps[4];
    assert_eq!(archive.kind, TimestampKind::ArchiveTimestamp);
    assert!(archive.covered.signature && archive.covered.data);
    assert_eq!(archive.covered.objects.len(), 4, "the tokens before");
    let ids: std::collections::BTreeSet<_> =
        record.timestamps.iter().map(|found| &found.id).collect();
    assert_eq!(ids.len(), record.timestamps.len());
}

#[test]
fn claims_are_read() {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        legacy_reference: true,
        ..XadesSpec::container(TIME)
    };
    let xml = sign(&spec, &[file()], &pki.citizen_p256)
        .unwrap()
        .document();
    let xml = xml.replacen(
        "</xades:SignedSignatureProperties>",
        "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>\
         <xades:Identifier Qualifier=\"OIDAsURN\">urn:oid:1.2.3</xades:Identifier>\
         </xades:SigPolicyId><xades:SigPolicyHash><ds:DigestMethod Algorithm=\"urn:x\"/>\
         <ds:DigestValue>AAAA</ds:DigestValue></xades:SigPolicyHash><xades:SigPolicyQualifiers>\
         <xades:SigPolicyQualifier><xades:SPURI> http://p </xades:SPURI>\
         </xades:SigPolicyQualifier></xades:SigPolicyQualifiers></xades:SignaturePolicyId>\
         </xades:SignaturePolicyIdentifier><xades:SignatureProductionPlaceV2><xades:City>Bakı\
         </xades:City><xades:CountryName>AZ</xades:CountryName>\
         </xades:SignatureProductionPlaceV2><xades:SignerRoleV2><xades:ClaimedRoles>\
         <xades:ClaimedRole>müdir</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRoleV2>\
         </xades:SignedSignatureProperties>",
        1,
    );
    let xml = xml.replacen(
        "<xades:DataObjectFormat",
        "<xades:CommitmentTypeIndication><xades:CommitmentTypeId><xades:Identifier>\
         http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin</xades:Identifier>\
         </xades:CommitmentTypeId></xades:CommitmentTypeIndication><xades:DataObjectFormat",
        1,
    );
    let record = one(&xml);
    let claims = &record.claims;
    assert!(matches!(
        &claims.policy,
        Some(SignaturePolicy::Identified { id, digest: Some((Err(_), _)), uri: Some(uri), .. })
            if id == "1.2.3" && uri == "http://p"
    ));
    let place = &claims.production_place;
    assert_eq!(place.country.as_deref(), Some("AZ"));
    assert_eq!(place.city.as_deref(), Some("Bakı"));
    assert_eq!(claims.roles, [Role::claimed("müdir".to_owned())]);
    assert_eq!(
        claims.commitment_types[0].id,
        "http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin"
    );
    let CertificateReferences::Present { references, .. } = &record.identification.references
    else {
        panic!("{:?}", record.identification.references);
    };
    let found = references[0].issuer_serial.as_ref().unwrap();
    assert!(matches!(&found.issuer, IssuerName::Text(_)));
    let certificate = crate::certificate::Certificate::parse(
        &pki.citizen_p256.certificate,
        &mut Budget::default(),
    )
    .unwrap();
    assert_eq!(found.serial_number, certificate.serial_number());
}
