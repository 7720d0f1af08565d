//! Tokens and answers of our own making, of OpenSSL and of the corpora.

use super::*;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Oid, write};
use crate::cms::attribute_types::{DATA, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, TST_INFO};
use crate::cms::testing::{Workshop, attribute, corpus_files, hostile, message, signer_info};
use crate::cms::{EssReferences, SignedData};
use crate::error::Error;
use crate::limits::Budget;
use crate::time::UnixTime;

fn time() -> Vec<u8> {
    write::generalized_time(UnixTime::from_seconds(1_700_000_000))
}

fn imprint(length: usize) -> Vec<u8> {
    write::sequence(&[
        &write::digest_identifier(DigestAlgorithm::Sha256),
        &write::octet_string(&vec![9; length]),
    ])
}

fn tst_info(version: u64, imprint: &[u8], time: &[u8], rest: &[&[u8]]) -> Vec<u8> {
    let fields = [
        &[
            &write::integer(version)[..],
            &write::oid("1.2.3"),
            imprint,
            &write::integer(77),
            time,
        ],
        rest,
    ];
    write::sequence(&fields.concat())
}

fn plain() -> Vec<u8> {
    tst_info(1, &imprint(32), &time(), &[])
}

fn read(bytes: &[u8]) -> Result<TstInfo, Error> {
    TstInfo::parse(bytes, &mut Budget::default())
}

fn signer() -> Vec<u8> {
    let hash = write::octet_string(&[7; 32]);
    let reference = write::sequence(&[&write::sequence(&[&write::sequence(&[&hash])])]);
    signer_info(
        Some(&[
            attribute("1.2.840.113549.1.9.3", &[&write::oid(TST_INFO)]),
            attribute(MESSAGE_DIGEST, &[&write::octet_string(&[7; 32])]),
            attribute(SIGNING_CERTIFICATE_V2, &[&reference]),
        ]),
        &[],
    )
}

fn token(bytes: &[u8]) -> Result<TimestampToken, Error> {
    TimestampToken::parse(bytes, &mut Budget::default())
}

#[test]
fn every_field_is_read() {
    let accuracy = write::sequence(&[
        &write::integer(1),
        &write::implicit(0, &[3, 0xe7]),
        &write::implicit(1, &[1]),
    ]);
    let name = write::sequence(&[]);
    let extension = write::sequence(&[
        &write::oid("1.3.6.1.5.5.7.1.3"),
        &write::octet_string(&write::sequence(&[&write::sequence(&[&write::oid(
            "0.4.0.19422.1.1",
        )])])),
    ]);
    let info = read(&tst_info(
        1,
        &imprint(32),
        &time(),
        &[
            &accuracy,
            &write::boolean(true),
            &write::integer(300),
            &write::explicit(0, &write::explicit(4, &name)),
            &write::implicit_constructed(1, &[&extension]),
        ],
    ))
    .unwrap();
    assert_eq!(info.gen_time.seconds, 1_700_000_000);
    assert_eq!(info.accuracy.unwrap().microseconds(), 1_999_001);
    assert!(info.ordering && !info.is_default_written);
    assert_eq!(info.nonce.as_deref(), Some(&[1, 44][..]));
    assert_eq!(info.tsa_name(), Some(&name[..]));
    assert!(info.has_qualified_statement());
    assert_eq!(info.unknown_critical_extension(), None);
    let info = read(&plain()).unwrap();
    assert_eq!(
        (info.accuracy, info.nonce, info.tsa, info.ordering),
        (None, None, None, false)
    );
    assert_eq!(
        info.message_imprint.hash_algorithm,
        Ok(DigestAlgorithm::Sha256)
    );
}

#[test]
fn statements_that_break_the_module_are_refused() {
    let trailing_zero = write::tlv(crate::asn1::Tag::GENERALIZED_TIME, b"20240101000000.50Z");
    let no_zone = write::tlv(crate::asn1::Tag::GENERALIZED_TIME, b"20240101000000");
    let utc = write::utc_time(UnixTime::from_seconds(0));
    let accuracy = |millis: &[u8]| write::sequence(&[&write::implicit(0, millis)]);
    let with = |field: &[u8]| tst_info(1, &imprint(32), &time(), &[field]);
    for wrong in [
        tst_info(2, &imprint(32), &time(), &[]),
        tst_info(0, &imprint(32), &time(), &[]),
        tst_info(1, &imprint(31), &time(), &[]),
        tst_info(1, &imprint(0), &time(), &[]),
        tst_info(1, &imprint(32), &trailing_zero, &[]),
        tst_info(1, &imprint(32), &no_zone, &[]),
        tst_info(1, &imprint(32), &utc, &[]),
        with(&accuracy(&[0])),
        with(&accuracy(&[0xff])),
        with(&accuracy(&[3, 0xe8])),
        with(&accuracy(&[0, 5])),
        with(&accuracy(&[])),
        with(&accuracy(&[1, 0, 0])),
        with(&write::null()),
        with(&[1, 1, 1]),
        [&plain()[..], &[0]].concat(),
        write::null(),
    ] {
        assert!(read(&wrong).is_err(), "{wrong:x?}");
    }
    let mut open = plain();
    open[1] = 0x80;
    open.extend([0, 0]);
    assert_eq!(read(&open).unwrap_err().code(), "malformed.der.length");
    let written = read(&with(&write::boolean(false))).unwrap();
    assert!(written.is_default_written && !written.ordering);
}

#[test]
fn a_token_has_one_signer_a_reference_and_a_statement() {
    let good = token(&message(TST_INFO, Some(&plain()), &[signer()])).unwrap();
    assert_eq!(good.findings, []);
    assert!(matches!(
        &good.references,
        EssReferences::Present {
            v1: None,
            v2: Some(_)
        }
    ));
    let element = |bytes: &[u8]| match token(bytes).unwrap_err() {
        Error::Malformed(malformed) => (malformed.kind.code(), malformed.at.to_string()),
        other => panic!("{other}"),
    };
    let structure = "malformed.timestamp.structure";
    let of = |place: &str| (structure, format!("in {place}"));
    assert_eq!(
        element(&message(TST_INFO, Some(&plain()), &[])),
        of("signerInfos")
    );
    let two = message(TST_INFO, Some(&plain()), &[signer(), signer()]);
    assert_eq!(element(&two), of("signerInfos"));
    let broken = message(TST_INFO, Some(&plain()), &[signer(), write::null()]);
    assert_eq!(element(&broken), of("signerInfos"));
    assert_eq!(
        element(&message(TST_INFO, None, &[signer()])),
        of("eContent")
    );
    assert_eq!(
        element(&message(DATA, Some(&plain()), &[signer()])),
        of("eContentType")
    );
    assert!(token(&message(TST_INFO, Some(b"x"), &[signer()])).is_err());
    assert!(token(&message(TST_INFO, Some(&plain()), &[write::null()])).is_err());
}

#[test]
fn a_token_without_reference_or_with_a_critical_extension_is_found() {
    let attributes = [
        attribute("1.2.840.113549.1.9.3", &[&write::oid(TST_INFO)]),
        attribute(MESSAGE_DIGEST, &[&write::octet_string(&[7; 32])]),
    ];
    let extension = write::sequence(&[
        &write::oid("1.2.3.4"),
        &write::boolean(true),
        &write::octet_string(b""),
    ]);
    let list = write::implicit_constructed(1, &[&extension]);
    let info = tst_info(1, &imprint(32), &time(), &[&list]);
    let bare = signer_info(Some(&attributes), &[]);
    let found = token(&message(TST_INFO, Some(&info), &[bare]))
        .unwrap()
        .findings;
    let critical = Finding::CriticalExtension(Oid::from_dotted("1.2.3.4").unwrap());
    assert_eq!(found, [Finding::NoCertificateReference, critical]);
    let empty = write::sequence(&[&write::sequence(&[])]);
    let mut unusable = attributes.to_vec();
    unusable.push(attribute(SIGNING_CERTIFICATE_V2, &[&empty]));
    unusable.sort();
    let bytes = message(
        TST_INFO,
        Some(&plain()),
        &[signer_info(Some(&unusable), &[])],
    );
    assert_eq!(
        token(&bytes).unwrap().findings,
        [Finding::CertificateReferenceUnusable]
    );
}

fn asked() -> TimestampRequest {
    TimestampRequest {
        algorithm: DigestAlgorithm::Sha256,
        digest: vec![9; 32],
        policy: None,
        nonce: None,
    }
}

fn answer(status: &[&[u8]], token: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::sequence(status), token])
}

fn refusal(bytes: &[u8], asked: &TimestampRequest) -> String {
    match parse_response(bytes, asked, &mut Budget::default()).unwrap_err() {
        Error::Malformed(malformed) if malformed.kind.code() == "malformed.timestamp.refused" => {
            malformed.at.to_string()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn refusals_and_other_answers_are_told_apart() {
    let token = message(TST_INFO, Some(&plain()), &[signer()]);
    let granted = write::integer(0);
    let rejection = write::integer(2);
    let policy = write::tlv(crate::asn1::Tag::BIT_STRING, &[0, 0, 1]);
    let text = write::sequence(&[&write::utf8_string("no")]);
    let place = refusal(&answer(&[&rejection, &text, &policy], &[]), &asked());
    assert_eq!(place, "in failInfo unacceptedPolicy");
    assert_eq!(
        refusal(&answer(&[&rejection], &token), &asked()),
        "in status"
    );
    assert_eq!(
        refusal(&answer(&[&granted], &[]), &asked()),
        "in timeStampToken"
    );
    let mut other = asked();
    other.digest[0] = 8;
    assert_eq!(
        refusal(&answer(&[&granted], &token), &other),
        "in messageImprint"
    );
    other = asked();
    other.algorithm = DigestAlgorithm::Sha3_256;
    assert_eq!(
        refusal(&answer(&[&granted], &token), &other),
        "in messageImprint"
    );
    other = asked();
    other.nonce = Some(vec![1; 8]);
    assert_eq!(refusal(&answer(&[&granted], &token), &other), "in nonce");
    other = asked();
    other.policy = Oid::from_dotted("1.2.4");
    assert_eq!(refusal(&answer(&[&granted], &token), &other), "in policy");
    assert_eq!(
        refusal(&answer(&[&granted], &token), &asked()),
        "in certificates"
    );
    for wrong in [&b""[..], b"<html>", &answer(&[], &token), &token] {
        assert!(parse_response(wrong, &asked(), &mut Budget::default()).is_err());
    }
}

#[test]
fn openssl_answers_our_request() {
    let Some(shop) = Workshop::open("openssl_answers_our_request") else {
        return;
    };
    shop.write(
        "config",
        b"[req]\ndistinguished_name=name\nx509_extensions=extensions\nprompt=no\n[name]\nCN=TSA\n\
          [extensions]\nkeyUsage=critical,digitalSignature\n\
          extendedKeyUsage=critical,timeStamping\n\
          [tsa]\ndefault_tsa=one\n[one]\nserial=serial\ndefault_policy=1.2.3.4\n\
          other_policies=1.2.3.5\nsigner_digest=sha256\ndigests=sha256,sha512\n\
          accuracy=secs:1,millisecs:500,microsecs:100\nordering=yes\ntsa_name=yes\n\
          ess_cert_id_alg=sha256\n",
    );
    shop.write("serial", b"01\n");
    shop.run("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out tsa.pem -config config");
    let mut asked = asked();
    asked.nonce = Some(vec![0xfe, 1, 2, 3, 4, 5, 6, 7]);
    asked.policy = Oid::from_dotted("1.2.3.5");
    shop.write("query", &request(&asked));
    let reply = "ts -reply -queryfile query -signer tsa.pem -inkey key.pem -config config";
    shop.run(&format!("{reply} -out answer"));
    let bytes = shop.read("answer");
    let token = parse_response(&bytes, &asked, &mut Budget::default()).unwrap();
    assert_eq!(token.findings, []);
    assert_eq!(token.signed_data.certificates.len(), 1);
    assert_eq!(token.tst_info.accuracy.unwrap().microseconds(), 1_500_100);
    assert!(token.tst_info.ordering);
    assert!(token.tst_info.tsa_name().is_some());
    assert!(matches!(
        &token.references,
        EssReferences::Present { v2: Some(_), .. }
    ));
    hostile(&bytes, |bytes| {
        drop(parse_response(bytes, &asked, &mut Budget::default()))
    });

    asked.policy = Oid::from_dotted("1.2.3.6");
    shop.write("query", &request(&asked));
    shop.run(&format!("{reply} -out answer"));
    assert_eq!(
        refusal(&shop.read("answer"), &asked),
        "in failInfo unacceptedPolicy"
    );
}

#[test]
fn tokens_of_the_corpora_are_read() {
    use crate::cms::attribute_types::{
        ARCHIVE_TIMESTAMP_V3, CONTENT_TIMESTAMP, SIGNATURE_TIMESTAMP,
    };
    let (mut read, mut all) = (0, 0);
    for (name, octets) in corpus_files("cms/cades") {
        let data = SignedData::parse(&octets, &mut Budget::default()).unwrap();
        for info in &data.signer_infos {
            let signed = info.signed_attrs.iter().map(|signed| &signed.attributes);
            for attributes in signed.chain(&info.unsigned_attrs) {
                for kind in [CONTENT_TIMESTAMP, SIGNATURE_TIMESTAMP, ARCHIVE_TIMESTAMP_V3] {
                    for value in attributes.values(kind) {
                        all += 1;
                        match token(value) {
                            Ok(token) if token.findings.is_empty() => read += 1,
                            Ok(token) => eprintln!("{name}: {:?}", token.findings),
                            Err(error) => eprintln!("{name}: {error}"),
                        }
                    }
                }
            }
        }
    }
    eprintln!("{read} of {all} tokens without findings");
    assert!(all == 0 || read * 10 >= all * 9, "{read} of {all}");
}
