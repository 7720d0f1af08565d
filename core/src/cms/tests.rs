//! Messages of our own making, of OpenSSL and of the corpora.

use super::attribute_types::*;
use super::testing::{
    Workshop, attribute, basic_attributes, corpus_files, hostile, message, signer_info,
};
use super::*;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Oid, write};
use crate::error::Error;
use crate::limits::{Budget, Limits};

fn parse(bytes: &[u8]) -> Result<SignedData, Error> {
    SignedData::parse(bytes, &mut Budget::default())
}

fn findings(content_type: &str, signed: &[Vec<u8>], unsigned: &[Vec<u8>]) -> Vec<Finding> {
    let info = signer_info(Some(signed), unsigned);
    let data = parse(&message(content_type, None, &[info])).unwrap();
    data.signer_infos[0].findings.clone()
}

#[test]
fn a_plain_message_has_no_findings_and_keeps_its_bytes() {
    let attributes = basic_attributes();
    let info = signer_info(Some(&attributes), &[]);
    let bytes = message(DATA, Some(b"content"), std::slice::from_ref(&info));
    let data = parse(&bytes).unwrap();
    assert_eq!(data.whole[..], bytes[..]);
    assert_eq!(data.econtent.unwrap().octets[..], b"content"[..]);
    assert_eq!(data.econtent_type_whole[..], write::oid(DATA)[..]);
    let read = &data.signer_infos[0];
    assert_eq!(read.findings, []);
    assert_eq!(read.whole[..], info[..]);
    assert_eq!(read.message_digest(), Some(vec![7; 32]));
    assert_eq!(read.signature[..], b"value"[..]);
    let digest = DigestAlgorithm::Sha256;
    assert_eq!(
        read.algorithm(),
        Ok(SignatureAlgorithm::RsaPkcs1 { digest })
    );
    // The fields up to the value are all of it without the outer header.
    assert_eq!(read.fields[..], info[info.len() - read.fields.len()..]);
    let signed = read.signed_attrs.as_ref().unwrap();
    assert_eq!(
        signed.as_stored[..],
        write::set_of(&[&attributes[0], &attributes[1]])[..]
    );
}

#[test]
fn fields_end_with_the_signature_value() {
    let time = attribute(SIGNATURE_TIMESTAMP, &[&write::null()]);
    let with = signer_info(Some(&basic_attributes()), std::slice::from_ref(&time));
    let without = signer_info(Some(&basic_attributes()), &[]);
    let data = parse(&message(DATA, None, &[with, without])).unwrap();
    let [with, without] = &data.signer_infos[..] else {
        panic!()
    };
    assert_eq!(with.fields, without.fields);
    let unsigned = with.unsigned_attrs.as_ref().unwrap();
    assert_eq!(unsigned.iter().next().unwrap().whole[..], time[..]);
}

#[test]
fn missing_repeated_or_differing_content_type_is_found() {
    let [content_type, digest] = &basic_attributes()[..] else {
        panic!()
    };
    assert_eq!(
        findings(DATA, std::slice::from_ref(digest), &[]),
        [Finding::ContentTypeMissing]
    );
    for repeated in [
        vec![content_type.clone(), content_type.clone(), digest.clone()],
        vec![
            attribute(CONTENT_TYPE, &[&write::oid(DATA), &write::oid(DATA)]),
            digest.clone(),
        ],
        vec![attribute(CONTENT_TYPE, &[]), digest.clone()],
        vec![attribute(CONTENT_TYPE, &[&write::null()]), digest.clone()],
    ] {
        assert!(findings(DATA, &repeated, &[]).contains(&Finding::ContentTypeNotSingle));
    }
    let oid = |dotted| Oid::from_dotted(dotted).unwrap();
    let (expected, found) = (oid(TST_INFO), oid(DATA));
    assert_eq!(
        findings(TST_INFO, &basic_attributes(), &[]),
        [Finding::ContentTypeDiffers { expected, found }]
    );
}

#[test]
fn missing_or_repeated_message_digest_is_found() {
    let [content_type, digest] = &basic_attributes()[..] else {
        panic!()
    };
    assert_eq!(
        findings(DATA, std::slice::from_ref(content_type), &[]),
        [Finding::MessageDigestMissing]
    );
    let other = attribute(MESSAGE_DIGEST, &[&write::octet_string(&[8; 32])]);
    for repeated in [
        vec![content_type.clone(), digest.clone(), digest.clone()],
        vec![content_type.clone(), digest.clone(), other],
        vec![content_type.clone(), attribute(MESSAGE_DIGEST, &[])],
        vec![
            content_type.clone(),
            attribute(MESSAGE_DIGEST, &[&write::null()]),
        ],
    ] {
        let info = signer_info(Some(&repeated), &[]);
        let data = parse(&message(DATA, None, &[info])).unwrap();
        assert_eq!(data.signer_infos[0].message_digest(), None);
        assert!(
            data.signer_infos[0]
                .findings
                .contains(&Finding::MessageDigestNotSingle)
        );
    }
}

#[test]
fn signed_attributes_stripped_and_put_in_as_content_are_found() {
    let attributes = basic_attributes();
    let content = write::set_of(&[&attributes[0], &attributes[1]]);
    let bytes = message(DATA, Some(&content), &[signer_info(None, &[])]);
    let data = parse(&bytes).unwrap();
    assert_eq!(
        data.signer_infos[0].findings,
        [Finding::SignedAttributesAsContent]
    );
    assert_eq!(data.signer_infos[0].findings[0].gravity(), Gravity::Refused);
}

#[test]
fn missing_signed_attributes_are_found_unless_the_content_is_data() {
    let of = |content_type| {
        let bytes = message(content_type, Some(b"x"), &[signer_info(None, &[])]);
        parse(&bytes).unwrap().signer_infos[0].findings.clone()
    };
    assert_eq!(of(DATA), []);
    assert_eq!(of(TST_INFO), [Finding::SignedAttributesMissing]);
    let empty = findings(DATA, &[], &[]);
    assert!(empty.contains(&Finding::SignedAttributesEmpty));
    assert!(empty.contains(&Finding::MessageDigestMissing));
}

#[test]
fn unsorted_signed_attributes_are_found() {
    let mut attributes = basic_attributes();
    attributes.reverse();
    assert_eq!(
        findings(DATA, &attributes, &[]),
        [Finding::SignedAttributesNotDer]
    );
}

#[test]
fn signed_only_attributes_among_the_unsigned_are_found_and_not_used() {
    let [content_type, digest] = &basic_attributes()[..] else {
        panic!()
    };
    let info = signer_info(
        Some(std::slice::from_ref(content_type)),
        std::slice::from_ref(digest),
    );
    let data = parse(&message(DATA, None, &[info])).unwrap();
    assert_eq!(data.signer_infos[0].message_digest(), None);
    let found = &data.signer_infos[0].findings;
    let oid = Oid::from_dotted(MESSAGE_DIGEST).unwrap();
    assert!(found.contains(&Finding::SignedAttributeUnsigned(oid)));
    assert!(found.contains(&Finding::MessageDigestMissing));
}

#[test]
fn repeated_single_valued_attributes_are_found_once_and_not_used() {
    let time = attribute(
        SIGNING_TIME,
        &[&write::utc_time(crate::time::UnixTime::from_seconds(0))],
    );
    let mut attributes = [basic_attributes(), vec![time.clone(), time.clone(), time]].concat();
    attributes.sort();
    let found = findings(DATA, &attributes, &[]);
    let oid = Oid::from_dotted(SIGNING_TIME).unwrap();
    assert_eq!(found, [Finding::AttributeNotSingle(oid)]);
}

#[test]
fn algorithm_protection_that_names_others_is_found() {
    let digest = |algorithm| write::digest_identifier(algorithm);
    let signature = |oid: &str| write::implicit_constructed(1, &[&write::oid(oid)]);
    let check = |value: &[u8]| {
        let protection = attribute(ALGORITHM_PROTECTION, &[value]);
        let attributes = [basic_attributes(), vec![protection]].concat();
        let mut attributes: Vec<Vec<u8>> = attributes;
        attributes.sort();
        findings(DATA, &attributes, &[])
    };
    let sha256 = digest(DigestAlgorithm::Sha256);
    let good = write::sequence(&[&sha256, &signature("1.2.840.113549.1.1.11")]);
    assert_eq!(check(&good), []);
    for wrong in [
        write::sequence(&[&sha256, &signature("1.2.840.113549.1.1.12")]),
        write::sequence(&[
            &digest(DigestAlgorithm::Sha384),
            &signature("1.2.840.113549.1.1.11"),
        ]),
        write::sequence(&[&sha256]),
        write::null(),
    ] {
        assert_eq!(check(&wrong), [Finding::AlgorithmProtectionDiffers]);
    }
}

#[test]
fn a_countersignature_with_a_content_type_is_found() {
    let mut budget = Budget::default();
    let attributes = basic_attributes();
    let with = signer_info(Some(&attributes), &[]);
    let info = SignerInfo::parse_countersignature(&with, &mut budget).unwrap();
    assert_eq!(info.findings, [Finding::ContentTypeInCountersignature]);
    let without = signer_info(Some(&attributes[1..]), &[]);
    let info = SignerInfo::parse_countersignature(&without, &mut budget).unwrap();
    assert_eq!(info.findings, []);
    let trailing = [&without[..], &[5, 0]].concat();
    assert!(SignerInfo::parse_countersignature(&trailing, &mut budget).is_err());
}

#[test]
fn one_unreadable_signer_info_leaves_the_others() {
    let good = signer_info(Some(&basic_attributes()), &[]);
    let broken = write::sequence(&[&write::integer(1), &write::null()]);
    let bytes = message(
        DATA,
        None,
        &[good.clone(), broken.clone(), write::null(), good],
    );
    let data = parse(&bytes).unwrap();
    assert_eq!(data.signer_infos.len(), 2);
    let unreadable: Vec<_> = data
        .unreadable
        .iter()
        .map(|one| (one.index, &one.whole[..]))
        .collect();
    assert_eq!(unreadable, [(1, &broken[..]), (2, &write::null()[..])]);
}

#[test]
fn a_message_of_another_type_or_with_trailing_octets_is_refused() {
    let good = message(DATA, None, &[signer_info(None, &[])]);
    let trailing = [&good[..], &[0]].concat();
    assert_eq!(
        parse(&trailing).unwrap_err().code(),
        "malformed.der.trailing-data"
    );
    let padded = [&good[..], &[0; 9]].concat();
    assert!(SignedData::parse_padded(&padded, &mut Budget::default()).is_ok());
    let dirty = [&good[..], &[0, 0, 1]].concat();
    assert!(SignedData::parse_padded(&dirty, &mut Budget::default()).is_err());
    let enveloped = write::sequence(&[
        &write::oid("1.2.840.113549.1.7.3"),
        &write::explicit(0, &write::sequence(&[])),
    ]);
    assert_eq!(
        parse(&enveloped).unwrap_err().code(),
        "unsupported.document"
    );
    for wrong in [
        &b""[..],
        b"0",
        &[0x30, 0],
        &[0x30, 0x80],
        &[0x30, 0x84, 255, 255, 255, 255],
    ] {
        assert!(parse(wrong).is_err());
    }
}

#[test]
fn revocation_data_is_told_apart() {
    let ocsp = |format: &str| {
        write::implicit_constructed(1, &[&write::oid(format), &write::sequence(&[])])
    };
    let crl = write::sequence(&[&write::integer(1)]);
    let members = [
        crl.clone(),
        ocsp(OCSP_RESPONSE),
        ocsp(BASIC_OCSP_RESPONSE),
        ocsp("1.2.3"),
    ];
    let borrowed: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    let data = write::sequence(&[
        &write::integer(1),
        &write::set_of(&[]),
        &write::sequence(&[&write::oid(DATA)]),
        &write::implicit_constructed(
            0,
            &[&write::sequence(&[]), &write::implicit_constructed(2, &[])],
        ),
        &write::implicit_constructed(1, &borrowed),
        &write::set_of(&[]),
    ]);
    let bytes = write::sequence(&[&write::oid(SIGNED_DATA), &write::explicit(0, &data)]);
    let data = parse(&bytes).unwrap();
    assert_eq!(
        (data.certificates.len(), data.other_certificates.len()),
        (1, 1)
    );
    assert_eq!(
        data.crls().map(|crl| &crl[..]).collect::<Vec<_>>(),
        [&crl[..]]
    );
    let forms: Vec<_> = data.ocsps().map(|choice| choice.form.clone()).collect();
    assert_eq!(
        forms,
        [
            RevocationForm::OcspResponse,
            RevocationForm::BasicOcspResponse
        ]
    );
    assert_eq!(data.revocation[3].whole[..], members[3][..]);
}

#[test]
fn smallest_members_without_end_meet_a_limit() {
    let many = |member: &[u8]| member.repeat(700_000);
    let attributes = many(&attribute("1.2.3", &[]));
    let info = signer_info(Some(&[attributes]), &[]);
    let error = parse(&message(DATA, None, &[info])).unwrap_err();
    assert_eq!(error.code(), "limits.values");
    let error = parse(&message(DATA, None, &[many(&write::sequence(&[]))])).unwrap_err();
    assert_eq!(error.code(), "limits.values");
    let limits = Limits {
        structure_bytes: 10,
        ..Limits::default()
    };
    let error = SignedData::parse(&message(DATA, None, &[]), &mut Budget::new(limits.into()));
    assert_eq!(error.unwrap_err().code(), "limits.structure-bytes");
}

#[test]
fn openssl_messages_in_every_form_are_read() {
    let Some(shop) = Workshop::open("openssl_messages_in_every_form_are_read") else {
        return;
    };
    shop.signer();
    let content = b"first line\r\nsecond line\r\n".repeat(2000);
    shop.write("content", &content);
    let sign = "cms -sign -binary -in content -signer signer.pem -inkey key.pem -out message";
    for (options, is_attached) in [
        ("-outform DER", false),
        ("-outform PEM", false),
        ("-outform DER -nodetach", true),
        ("-outform PEM -nodetach", true),
        ("-outform DER -nodetach -stream", true),
        ("-outform SMIME -nodetach -stream", true),
        ("-outform DER -nodetach -cades", true),
        ("-outform DER -nodetach -keyid -md sha512", true),
        ("-outform DER -nodetach -keyopt rsa_padding_mode:pss", true),
    ] {
        shop.run(&format!("{sign} {options}"));
        let bytes = shop.read("message");
        let data = parse(&bytes).unwrap_or_else(|error| panic!("{options}: {error}"));
        let octets = data.econtent.as_ref().map(|content| &content.octets[..]);
        assert_eq!(octets, is_attached.then_some(&content[..]), "{options}");
        assert_eq!(data.certificates.len(), 1, "{options}");
        let info = &data.signer_infos[0];
        assert_eq!(info.findings, [], "{options}");
        assert!(info.algorithm().is_ok(), "{options}");
        let beside = info.digest_algorithm.digest_algorithm().unwrap();
        assert_eq!(
            info.message_digest().unwrap().len(),
            beside.output_len(),
            "{options}"
        );
        let signed = &info.signed_attrs.as_ref().unwrap().attributes;
        let time = signing_time(info.signed_attribute(SIGNING_TIME).unwrap()).unwrap();
        assert!(time.seconds > 1_700_000_000);
        match EssReferences::of(signed) {
            EssReferences::Present {
                v1: None,
                v2: Some(v2),
            } if options.contains("cades") => {
                assert_eq!(v2.certs[0].hash_algorithm, Ok(DigestAlgorithm::Sha256));
            }
            EssReferences::Absent => assert!(!options.contains("cades")),
            other => panic!("{options}: {other:?}"),
        }
        if options.contains("-keyid") {
            assert!(matches!(
                info.sid,
                SignerIdentifier::SubjectKeyIdentifier(_)
            ));
        }
        if bytes.len() < 10_000 || options.contains("-stream") {
            hostile(&bytes, |bytes| drop(parse(bytes)));
        }
    }
}

#[test]
fn openssl_signature_without_attributes_is_read() {
    let Some(shop) = Workshop::open("openssl_signature_without_attributes_is_read") else {
        return;
    };
    shop.signer();
    shop.write("content", b"content");
    shop.run(
        "cms -sign -binary -noattr -nodetach -in content -signer signer.pem -inkey key.pem \
         -outform DER -out message",
    );
    let data = parse(&shop.read("message")).unwrap();
    assert_eq!(data.signer_infos[0].signed_attrs, None);
    assert_eq!(data.signer_infos[0].findings, []);
}

#[test]
fn certificates_only_message_is_read() {
    let Some(shop) = Workshop::open("certificates_only_message_is_read") else {
        return;
    };
    shop.signer();
    shop.run("crl2pkcs7 -nocrl -certfile signer.pem -outform PEM -out certificates");
    let data = parse(&shop.read("certificates")).unwrap();
    assert_eq!((data.certificates.len(), data.signer_infos.len()), (1, 0));
    shop.run("x509 -in signer.pem -outform DER -out signer.der");
    assert_eq!(data.certificates[0][..], shop.read("signer.der")[..]);
}

#[test]
fn corpora_are_read_and_survive_damage() {
    let mut read = 0;
    let files = corpus_files("cms/cades");
    for (name, octets) in &files {
        match parse(octets) {
            Ok(data) => {
                assert!(!data.signer_infos.is_empty(), "{name}");
                assert!(data.unreadable.is_empty(), "{name}");
                read += 1;
            }
            Err(error) => eprintln!("{name}: {error}"),
        }
        if octets.len() < 20_000 {
            hostile(octets, |bytes| drop(parse(bytes)));
        }
    }
    assert!(
        files.is_empty() || read * 10 >= files.len() * 9,
        "{read} of {}",
        files.len()
    );
}
