use super::sample::{Sample, corpora, extension, name, rdn};
use super::*;
use crate::asn1::write;

fn error(der: &[u8]) -> Error {
    Certificate::parse(der, &mut Budget::default()).unwrap_err()
}

fn kinds(sample: &Sample) -> Vec<FindingKind> {
    let findings = sample.parse().findings();
    findings.into_iter().map(|finding| finding.kind).collect()
}

fn parsed_name(der: &[u8]) -> Name {
    Name::parse(der, &mut Budget::default()).unwrap()
}

#[test]
fn a_certificate_keeps_its_bytes() {
    let sample = Sample::new("subject", "issuer").authority(Some(3));
    let certificate = sample.parse();
    assert_eq!(certificate.tbs(), sample.tbs());
    assert_eq!(certificate.spki(), sample.spki);
    assert_eq!(certificate.key_bits(), [4; 65]);
    assert_eq!(certificate.signature_value(), [0xaa; 8]);
    assert_eq!(certificate.subject().der(), sample.subject);
    assert_eq!(certificate.serial_number(), [1]);
    assert_eq!(certificate.version(), 3);
    assert_eq!(
        certificate.validity().not_before.to_string(),
        "2020-01-01T00:00:00Z"
    );
    assert_eq!(certificate.findings(), []);
    let constraints = certificate.basic_constraints().unwrap().unwrap();
    assert!(constraints.ca && constraints.critical);
    assert_eq!(constraints.path_length, Some(3));
    let usage = certificate.key_usage().unwrap().unwrap();
    assert!(usage.contains(KeyUsageBit::KeyCertSign) && usage.contains(KeyUsageBit::CrlSign));
    assert!(!usage.contains(KeyUsageBit::DigitalSignature));
    assert!(usage.contains_only(&[KeyUsageBit::KeyCertSign, KeyUsageBit::CrlSign]));
    assert!(!usage.contains_only(&[KeyUsageBit::CrlSign]));
}

#[test]
fn every_flipped_byte_is_another_certificate_or_none() {
    let der = Sample::new("subject", "issuer").authority(None).encode();
    let original = Certificate::parse(&der, &mut Budget::default()).unwrap();
    for index in 0..der.len() {
        let mut flipped = der.clone();
        flipped[index] ^= 1;
        if let Ok(other) = Certificate::parse(&flipped, &mut Budget::default()) {
            assert_ne!(other.id(), original.id());
            let _ = (other.findings(), other.subject().to_rfc4514());
        }
    }
    for length in 0..der.len() {
        error(&der[..length]);
    }
}

#[test]
fn broken_structure_is_an_error_with_its_place() {
    let sample = Sample::new("s", "i");
    let mut trailing = sample.encode();
    trailing.push(0);
    assert_eq!(error(&trailing).code(), "malformed.der.trailing-data");

    let mut after = sample.clone();
    after.after_extensions = write::null();
    assert_eq!(error(&after.encode()).code(), "malformed.der.trailing-data");

    let mut version = sample.clone();
    version.version = Some(3);
    assert_eq!(
        error(&version.encode()).code(),
        "malformed.certificate.structure"
    );

    let mut serial = sample.clone();
    serial.serial = vec![0, 1];
    assert_eq!(error(&serial.encode()).code(), "malformed.der.integer");

    let mut time = sample.clone();
    time.not_after = write::utf8_string("2030");
    assert_eq!(error(&time.encode()).code(), "malformed.der.tag");

    let mut empty_rdn = sample.clone();
    empty_rdn.subject = write::sequence(&[&write::set_of(&[])]);
    assert_eq!(error(&empty_rdn.encode()).code(), "malformed.der.truncated");

    // BER: the outer length in four octets more than needed.
    let der = sample.encode();
    let long = [&[0x30, 0x84, 0, 0][..], &der[2..]].concat();
    assert_eq!(error(&long).code(), "malformed.der.length");
}

#[test]
fn critical_flag_that_is_no_boolean_is_refused() {
    let mut sample = Sample::new("s", "i");
    let odd = write::sequence(&[
        &write::oid("2.5.29.15"),
        &[1, 1, 1],
        &write::octet_string(&[3, 2, 1, 6]),
    ]);
    sample.extensions = Some(vec![odd]);
    assert_eq!(error(&sample.encode()).code(), "malformed.der.boolean");
}

#[test]
fn oddities_are_findings() {
    let sample = Sample::new("s", "i");
    let with = |change: &dyn Fn(&mut Sample)| {
        let mut sample = sample.clone();
        change(&mut sample);
        kinds(&sample)
    };
    assert_eq!(kinds(&sample), []);
    assert_eq!(
        with(&|s| s.serial = vec![0x80]),
        [FindingKind::SerialNumberNotPositive]
    );
    assert_eq!(
        with(&|s| s.serial = vec![0]),
        [FindingKind::SerialNumberNotPositive]
    );
    assert_eq!(
        with(&|s| s.serial = vec![1; 21]),
        [FindingKind::SerialNumberTooLong]
    );
    assert_eq!(
        with(&|s| s.version = Some(0)),
        [FindingKind::DefaultEncoded]
    );
    assert_eq!(
        with(&|s| s.issuer = write::sequence(&[])),
        [FindingKind::EmptyIssuer]
    );
    assert_eq!(
        with(&|s| s.tbs_algorithm = write::sequence(&[&write::oid("1.2.840.10045.4.3.3")])),
        [FindingKind::SignatureAlgorithmsDiffer]
    );
    assert_eq!(
        with(&|s| s.tbs_algorithm =
            write::sequence(&[&write::oid("1.2.840.10045.4.3.2"), &write::null()])),
        [FindingKind::SignatureAlgorithmsDiffer]
    );
    assert_eq!(
        with(&|s| s.after_extensions = write::explicit(3, &write::sequence(&[]))),
        [FindingKind::EmptyExtensions]
    );
    assert_eq!(
        with(&|s| {
            s.version = None;
            s.after_extensions = write::implicit(1, &[0, 1]);
        }),
        [FindingKind::UniqueIdentifierWithoutVersion2]
    );
    assert_eq!(
        with(&|s| {
            s.version = Some(1);
            s.extensions = Some(vec![extension("2.5.29.15", true, &[3, 2, 1, 6])]);
        }),
        [FindingKind::ExtensionsWithoutVersion3]
    );
}

#[test]
fn times_of_the_wrong_type_are_findings() {
    let time = |der: Vec<u8>| {
        let mut sample = Sample::new("s", "i");
        sample.not_after = der;
        kinds(&sample)
    };
    assert_eq!(
        time([&[0x18, 0x0f][..], b"20300101000000Z"].concat()),
        [FindingKind::ValidityTimeType]
    );
    assert_eq!(
        time([&[0x18, 0x11][..], b"20510101000000.5Z"].concat()),
        [FindingKind::ValidityWithFractions]
    );
    assert_eq!(
        time([&[0x17, 0x0b][..], b"3001010000Z"].concat()),
        [FindingKind::ValidityWithoutSeconds]
    );
}

#[test]
fn an_extension_that_stands_twice_says_nothing() {
    let twice = Sample::new("s", "i")
        .authority(None)
        .authority(Some(0))
        .parse();
    assert!(twice.basic_constraints().is_err());
    assert!(twice.key_usage().is_err());
    let duplicates = twice
        .findings()
        .into_iter()
        .filter(|finding| matches!(finding.kind, FindingKind::DuplicateExtension { .. }));
    assert_eq!(duplicates.count(), 2);
}

#[test]
fn unreadable_extensions_are_not_absent_ones() {
    for (oid, value) in [
        ("2.5.29.15", &[3u8, 1, 7][..]),
        ("2.5.29.15", &[3, 2, 1, 6, 0]),
        ("2.5.29.15", &[4, 2, 1, 6]),
        ("2.5.29.15", &[]),
    ] {
        let certificate = Sample::new("s", "i").extension(oid, false, value).parse();
        assert!(certificate.key_usage().is_err(), "{value:x?}");
        assert_eq!(certificate.findings().len(), 1);
    }
    let certificate = Sample::new("s", "i")
        .extension("2.5.29.19", true, &write::sequence(&[&[1, 1, 1]]))
        .extension("2.5.29.37", true, &write::sequence(&[]))
        .extension("2.5.29.17", true, b"example.com")
        .extension("2.5.29.30", true, &write::sequence(&[]))
        .extension("2.5.29.36", true, &write::sequence(&[]))
        .extension("2.5.29.54", true, &[2, 1, 0xff])
        .extension(
            "2.5.29.31",
            false,
            &write::sequence(&[&write::sequence(&[])]),
        )
        .parse();
    assert!(certificate.basic_constraints().is_err());
    assert!(certificate.extended_key_usage().is_err());
    assert!(certificate.subject_alt_names().is_err());
    assert!(certificate.name_constraints().is_err());
    assert!(certificate.policy_constraints().is_err());
    assert!(certificate.inhibit_any_policy().is_err());
    assert!(certificate.crl_distribution_points().is_err());
    assert_eq!(certificate.findings().len(), 7);
}

#[test]
fn a_policy_that_stands_twice_is_refused() {
    let policy = write::sequence(&[&write::oid("1.2.3")]);
    let list = write::sequence(&[&policy, &policy]);
    let certificate = Sample::new("s", "i")
        .extension("2.5.29.32", false, &list)
        .parse();
    assert!(certificate.certificate_policies().is_err());
}

#[test]
fn critical_extensions_that_nobody_acts_on_are_listed() {
    let certificate = Sample::new("s", "i")
        .authority(None)
        .extension("1.2.3.4", true, &write::null())
        .extension("1.2.3.5", false, &write::null())
        .extension("2.5.29.16", true, &write::null())
        .parse();
    let unknown: Vec<String> = certificate.unknown_critical().map(Oid::to_string).collect();
    assert_eq!(unknown, ["1.2.3.4", "2.5.29.16"]);
}

#[test]
fn encoded_defaults_are_tolerated_and_found() {
    let mut sample = Sample::new("s", "i");
    let explicit_false = write::sequence(&[
        &write::oid("2.5.29.19"),
        &write::boolean(false),
        &write::octet_string(&write::sequence(&[&write::boolean(false)])),
    ]);
    sample.extensions = Some(vec![explicit_false]);
    assert_eq!(
        kinds(&sample),
        [FindingKind::DefaultEncoded, FindingKind::DefaultEncoded]
    );
    let constraints = sample.parse();
    assert!(!constraints.basic_constraints().unwrap().unwrap().ca);
}

#[test]
fn addresses_are_read() {
    let uri = |text: &str| write::implicit(6, text.as_bytes());
    let access = |method: &str, text| write::sequence(&[&write::oid(method), &uri(text)]);
    let aia = write::sequence(&[
        &access("1.3.6.1.5.5.7.48.1", "http://ocsp.test"),
        &access("1.3.6.1.5.5.7.48.2", "http://ca.test/ca.cer"),
        &access("1.3.6.1.5.5.7.48.9", "http://other.test"),
    ]);
    let full_name = write::implicit_constructed(0, &[&uri("http://crl.test/a.crl")]);
    let point = write::sequence(&[&write::explicit(0, &full_name)]);
    let certificate = Sample::new("s", "i")
        .extension(oid::AUTHORITY_INFO_ACCESS, false, &aia)
        .extension(
            oid::CRL_DISTRIBUTION_POINTS,
            false,
            &write::sequence(&[&point]),
        )
        .extension(
            oid::AUTHORITY_KEY_IDENTIFIER,
            false,
            &write::sequence(&[&write::implicit(0, &[7; 20])]),
        )
        .extension(
            oid::SUBJECT_KEY_IDENTIFIER,
            false,
            &write::octet_string(&[8; 20]),
        )
        .extension(oid::OCSP_NOCHECK, false, &write::null())
        .parse();
    let access = certificate.authority_info_access().unwrap();
    assert_eq!(access.ocsp, ["http://ocsp.test"]);
    assert_eq!(access.ca_issuers, ["http://ca.test/ca.cer"]);
    let points = certificate.crl_distribution_points().unwrap().unwrap();
    assert_eq!(
        points[0].uris().collect::<Vec<_>>(),
        ["http://crl.test/a.crl"]
    );
    let authority = certificate.authority_key_identifier().unwrap();
    assert_eq!(authority.key_identifier.as_deref(), Some(&[7; 20][..]));
    assert_eq!(certificate.subject_key_identifier(), Some(&[8; 20][..]));
    assert!(certificate.has_ocsp_nocheck());
}

#[test]
fn qualified_statements_are_read() {
    let statement = |oid: &str, info: Vec<u8>| write::sequence(&[&write::oid(oid), &info]);
    let statements = write::sequence(&[
        &statement("0.4.0.1862.1.1", Vec::new()),
        &statement("0.4.0.1862.1.4", Vec::new()),
        &statement(
            "0.4.0.1862.1.6",
            write::sequence(&[&write::oid("0.4.0.1862.1.6.1")]),
        ),
        &statement(
            "0.4.0.1862.1.2",
            write::sequence(&[
                &write::printable_string("EUR"),
                &write::integer(5),
                &write::integer(3),
            ]),
        ),
        &statement("1.2.3", write::null()),
    ]);
    let certificate = Sample::new("s", "i")
        .extension(oid::QC_STATEMENTS, false, &statements)
        .parse();
    let statements = certificate.qc_statements().unwrap().unwrap();
    assert!(statements.compliance && statements.qscd);
    assert_eq!(statements.types, [QcType::Esign]);
    let limit = statements.limit_value.as_ref().unwrap();
    assert_eq!(
        (limit.currency.as_str(), limit.amount, limit.exponent),
        ("EUR", 5, 3)
    );
    assert_eq!(statements.unknown.len(), 1);
}

#[test]
fn names_match_over_case_space_and_string_type() {
    let one = parsed_name(&name(&[("2.5.4.10", "Good  Org "), ("2.5.4.3", "ÕUN")]));
    let two = parsed_name(&write::sequence(&[
        &rdn(&[("2.5.4.10", write::printable_string("good org"))]),
        &rdn(&[("2.5.4.3", write::utf8_string("õun"))]),
    ]));
    assert!(one.matches(&two));
    assert_ne!(one, two);
    let set = |first, second| {
        parsed_name(&write::sequence(&[&rdn(&[
            ("2.5.4.3", write::utf8_string(first)),
            ("2.5.4.5", write::utf8_string(second)),
        ])]))
    };
    assert!(set("A", "B").matches(&set("a", "b")));
}

#[test]
fn different_names_do_not_match() {
    let base = parsed_name(&name(&[("2.5.4.10", "Org"), ("2.5.4.3", "CA")]));
    for other in [
        name(&[("2.5.4.3", "CA"), ("2.5.4.10", "Org")]),
        name(&[("2.5.4.10", "Org"), ("2.5.4.3", "CA"), ("2.5.4.3", "CA")]),
        name(&[("2.5.4.10", "Org"), ("2.5.4.11", "CA")]),
        name(&[("2.5.4.10", "OrgCA")]),
        name(&[("2.5.4.10", "Org")]),
        name(&[]),
        write::sequence(&[&rdn(&[
            ("2.5.4.10", write::utf8_string("Org")),
            ("2.5.4.3", write::utf8_string("CA")),
        ])]),
        write::sequence(&[
            &rdn(&[("2.5.4.10", write::utf8_string("Org"))]),
            &rdn(&[("2.5.4.3", write::octet_string(b"CA"))]),
        ]),
    ] {
        assert!(!parsed_name(&other).matches(&base), "{other:x?}");
    }
}

#[test]
fn subtrees_are_whole_rdns_from_the_first() {
    let base = parsed_name(&name(&[("2.5.4.6", "EE"), ("2.5.4.10", "Org")]));
    let inside = name(&[("2.5.4.6", "ee"), ("2.5.4.10", "ORG"), ("2.5.4.3", "x")]);
    assert!(parsed_name(&inside).lies_below(&base));
    assert!(base.lies_below(&base));
    let longer = name(&[("2.5.4.6", "EE"), ("2.5.4.10", "Organisation")]);
    let elsewhere = name(&[("2.5.4.3", "x"), ("2.5.4.6", "EE"), ("2.5.4.10", "Org")]);
    for outside in [longer, elsewhere, name(&[("2.5.4.6", "EE")]), name(&[])] {
        assert!(!parsed_name(&outside).lies_below(&base));
    }
}

#[test]
fn names_have_a_text() {
    let both = rdn(&[
        ("2.5.4.3", write::utf8_string("Õun, A")),
        ("2.5.4.5", write::printable_string("PNOEE-1")),
    ]);
    let unknown = rdn(&[("1.2.3", write::utf8_string("x"))]);
    let country = rdn(&[("2.5.4.6", write::printable_string("EE"))]);
    let name = parsed_name(&write::sequence(&[&country, &unknown, &both]));
    assert_eq!(
        name.to_rfc4514(),
        "CN=Õun\\, A+serialNumber=PNOEE-1,1.2.3=#0c0178,C=EE"
    );
    assert_eq!(name.common_name().as_deref(), Some("Õun, A"));
    assert_eq!(parsed_name(&write::sequence(&[])).to_rfc4514(), "");
}

#[test]
fn personal_data_is_not_shown_by_debug() {
    let certificate = Sample::new("Jane Doe", "i").parse();
    let shown = format!("{certificate:?} {:?}", certificate.subject());
    assert!(!shown.contains("Jane"));
}

#[test]
fn files_of_other_kinds_are_not_certificates() {
    for bytes in [
        &b""[..],
        b"hello",
        &[0x30, 0x00],
        &[0x30, 0x03, 0x06, 0x01, 0x2a],
        b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
    ] {
        assert!(
            read_certificates(bytes, &mut Budget::default()).is_err(),
            "{bytes:x?}"
        );
    }
}

#[test]
fn certificates_only_messages_are_read() {
    let one = Sample::new("a", "i").encode();
    let two = Sample::new("b", "i").encode();
    let signed_data = write::sequence(&[
        &write::integer(1),
        &write::set_of(&[]),
        &write::sequence(&[&write::oid("1.2.840.113549.1.7.1")]),
        &write::implicit_constructed(0, &[&one, &two]),
        &write::set_of(&[]),
    ]);
    let message = write::sequence(&[
        &write::oid("1.2.840.113549.1.7.2"),
        &write::explicit(0, &signed_data),
    ]);
    let read = read_certificates(&message, &mut Budget::default()).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[1].der().as_ref(), two);
}

#[test]
fn certificates_of_the_corpora_can_be_read() {
    let Some(corpora) = corpora() else { return };
    let (mut count, mut refused, mut octets) = (0, Vec::new(), 0);
    let mut folders = vec![corpora];
    let mut spent = std::time::Duration::ZERO;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if !matches!(extension, Some("crt" | "cer" | "pem" | "der")) {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            match read_certificates(&bytes, &mut Budget::default()) {
                Ok(certificates) => {
                    count += certificates.len();
                    for certificate in certificates {
                        octets += certificate.der().len();
                        let start = std::time::Instant::now();
                        let again = Certificate::parse(certificate.der(), &mut Budget::default());
                        spent += start.elapsed();
                        let again = again.unwrap();
                        let _ = (again.findings(), again.subject().to_rfc4514());
                    }
                }
                Err(error) => refused.push((path, error)),
            }
        }
    }
    eprintln!("{count} certificates, {octets} octets, {spent:?}");
    for (path, error) in &refused {
        eprintln!("{}: {error}", path.display());
    }
    assert!(count > 300);
}
