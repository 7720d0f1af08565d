//! The extended forms of EN 319 132-2 and TS 101 903: each as it should be, and each wrong.

use super::wrapping::{DS, EXCLUSIVE, completed, element, signed};
use super::*;
use imza_test_vectors::archive::Version;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::tsa::{self, TokenSpec};
use imza_test_vectors::xades::XadesSignature;

const XADES_141: &str = "http://uri.etsi.org/01903/v1.4.1#";

/// References to validation data, in the form before 1.4.1 and in that of it.
const REFERENCES: [[&str; 2]; 2] = [
    [
        "<xades:CompleteCertificateRefs></xades:CompleteCertificateRefs>",
        "<xades:CompleteRevocationRefs></xades:CompleteRevocationRefs>",
    ],
    [
        "<xades141:CompleteCertificateRefsV2 xmlns:xades141=\"http://uri.etsi.org/01903/v1.4.1#\">\
         </xades141:CompleteCertificateRefsV2>",
        "<xades:CompleteRevocationRefs></xades:CompleteRevocationRefs>",
    ],
];

fn token(over: &[u8]) -> Vec<u8> {
    let tsa = Pki::fixed().unwrap().tsa_p256;
    tsa::token(&TokenSpec::over(over, Hash::Sha256, TIME + 60, &tsa), &tsa).unwrap()
}

/// A signature with what is unsigned added one after the other.
struct Making(XadesSignature);

impl Making {
    fn bes() -> Self {
        let pki = Pki::fixed().unwrap();
        Self(sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256).unwrap())
    }

    fn t() -> Self {
        let mut made = Self::bes();
        let octets = made.0.timestamped_octets().to_vec();
        made.0.add_timestamp(&token(&octets));
        made
    }

    fn c(references: [&str; 2]) -> Self {
        let mut made = Self::t();
        for property in references {
            made.0.add_unsigned(property);
        }
        made
    }

    fn stamp(&mut self, name: &str, over: &[u8]) {
        let plain = self.0.timestamp(name, &token(over));
        let start = format!("<{name}");
        let declared = format!("{start} xmlns:xades141=\"{XADES_141}\"");
        self.0.add_unsigned(&match name.starts_with("xades141:") {
            true => plain.replacen(&start, &declared, 1),
            false => plain,
        });
    }

    /// What a time-stamp over the references has to be over: with the signature, or without.
    fn over(&self, with_signature: bool) -> Vec<u8> {
        let unsigned = self.0.unsigned_canonical();
        if with_signature {
            return [self.0.timestamped_octets(), unsigned.as_bytes()].concat();
        }
        let stamp = "</xades:SignatureTimeStamp>";
        let references = unsigned.split_once(stamp).unwrap().1;
        references.as_bytes().to_vec()
    }

    fn values(&mut self) {
        let pki = Pki::fixed().unwrap();
        let values = LongTermValues::collect(&pki, &pki.citizen_p256, &pki.tsa_p256, TIME + 120);
        self.0.add_long_term(&values.unwrap());
    }

    fn read(&self) -> (SignatureLevel, Vec<String>, Signature) {
        let record = read(self.0.document().as_bytes(), &files()).remove(0);
        (record.level, faults(&record, &files()), record)
    }

    fn is(&self, level: SignatureLevel, wrong: &[&str]) -> Signature {
        let (found, faults, record) = self.read();
        assert_eq!(found, level);
        assert_eq!(faults, wrong);
        record
    }
}

#[test]
fn epes_names_its_policy_among_the_signed_properties() {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        flaw: Flaw::MissingDataObjectFormat,
        signature_policy: Some("http://policy.test/1".to_owned()),
        ..XadesSpec::container(TIME)
    };
    let made = Making(sign(&spec, &[file()], &pki.citizen_p256).unwrap());
    let record = made.is(SignatureLevel::Epes, &[]);
    assert!(matches!(
        record.claims.policy,
        Some(SignaturePolicy::Identified { id, .. }) if id == "http://policy.test/1"
    ));
    // Elsewhere it is no claim of the signer.
    let unsigned = "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied>\
                    </xades:SignaturePolicyImplied></xades:SignaturePolicyIdentifier>";
    let spec = XadesSpec {
        signature_policy: None,
        ..spec
    };
    let mut made = Making(sign(&spec, &[file()], &pki.citizen_p256).unwrap());
    made.0.add_unsigned(unsigned);
    let record = made.is(SignatureLevel::Bes, &[]);
    assert_eq!(record.claims.policy, None);
}

#[test]
fn c_has_both_kinds_of_references() {
    for references in REFERENCES {
        Making::c(references).is(SignatureLevel::C, &[]);
        for only in references {
            let mut made = Making::t();
            made.0.add_unsigned(only);
            made.is(SignatureLevel::T, &[]);
        }
        // Without a time-stamp they raise nothing.
        let mut made = Making::bes();
        for property in references {
            made.0.add_unsigned(property);
        }
        let (level, _, _) = made.read();
        assert!(
            !matches!(level, SignatureLevel::C | SignatureLevel::X),
            "{level:?}"
        );
    }
}

#[test]
fn x_is_over_the_references_with_the_signature_or_without() {
    let forms = [
        (0, "xades:SigAndRefsTimeStamp", true),
        (1, "xades141:SigAndRefsTimeStampV2", true),
        (0, "xades:RefsOnlyTimeStamp", false),
        (1, "xades141:RefsOnlyTimeStampV2", false),
    ];
    for (form, name, with_signature) in forms {
        let mut made = Making::c(REFERENCES[form]);
        made.stamp(name, &made.over(with_signature));
        let record = made.is(SignatureLevel::X, &[]);
        let stamp = record.timestamps.last().unwrap();
        assert_eq!(stamp.kind, TimestampKind::ValidationDataTimestamp, "{name}");
        assert_eq!(stamp.covered.signature, with_signature, "{name}");
        assert!(!stamp.covered.data, "{name}");
        // The octets of the other type, of a part, and of the references that follow.
        let wrong = ["ValidationDataTimestamp: imprint"];
        let mut made = Making::c(REFERENCES[form]);
        made.stamp(name, &made.over(!with_signature));
        made.is(SignatureLevel::X, &wrong);
        let mut made = Making::c(REFERENCES[form]);
        let part = Making::t().over(with_signature);
        made.stamp(name, &part);
        made.is(SignatureLevel::X, &wrong);
        let mut made = Making::t();
        let later = Making::c(REFERENCES[form]).over(with_signature);
        made.stamp(name, &later);
        for property in REFERENCES[form] {
            made.0.add_unsigned(property);
        }
        let (_, faults, _) = made.read();
        assert_eq!(faults.len(), 1, "{name}: {faults:?}");
        // In a namespace that is not its own it is no time-stamp.
        let mut made = Making::c(REFERENCES[form]);
        let (prefix, local) = name.split_once(':').unwrap();
        let other = if prefix == "xades" {
            "xades141"
        } else {
            "xades"
        };
        made.stamp(&format!("{other}:{local}"), &made.over(with_signature));
        let (_, _, record) = made.read();
        assert_eq!(record.timestamps.len(), 1, "{name}");
    }
}

#[test]
fn xl_has_the_values_of_what_it_refers_to() {
    let mut made = Making::c(REFERENCES[0]);
    made.stamp("xades:SigAndRefsTimeStamp", &made.over(true));
    made.values();
    let record = made.is(SignatureLevel::Xl, &[]);
    assert!(!record.revocation.is_empty());
    // References and values without a time-stamp over the former are no more than C.
    let mut made = Making::c(REFERENCES[0]);
    made.values();
    made.is(SignatureLevel::C, &[]);
}

#[test]
fn a_is_over_everything_before_it_in_both_versions() {
    for version in [Version::V132, Version::V141] {
        let prepared = || {
            let mut made = Making::c(REFERENCES[0]);
            made.stamp("xades:SigAndRefsTimeStamp", &made.over(true));
            made.values();
            made
        };
        let mut made = prepared();
        let over = made.0.archived_octets(&[file()]);
        made.0.add_archive_timestamp(&token(&over), version);
        let record = made.is(SignatureLevel::A, &[]);
        let stamp = record.timestamps.last().unwrap();
        assert_eq!(stamp.kind, TimestampKind::ArchiveTimestamp);
        assert!(stamp.covered.signature && stamp.covered.data);
        // Once more, over the first one too.
        let over = made.0.archived_octets(&[file()]);
        made.0.add_archive_timestamp(&token(&over), version);
        made.is(SignatureLevel::A, &[]);
        // Over another file, over less, and over what comes behind.
        let wrong = ["ArchiveTimestamp: imprint"];
        let other = DataFile::new("\u{259}riz\u{259} 1.txt", "text/plain", b"pul\n");
        let mut made = prepared();
        let over = made.0.archived_octets(&[other]);
        made.0.add_archive_timestamp(&token(&over), version);
        made.is(SignatureLevel::A, &wrong);
        let mut made = prepared();
        let less = Making::c(REFERENCES[0]).0.archived_octets(&[file()]);
        made.0.add_archive_timestamp(&token(&less), version);
        made.is(SignatureLevel::A, &wrong);
        let mut made = Making::c(REFERENCES[0]);
        let over = made.0.archived_octets(&[file()]);
        made.values();
        made.0.add_archive_timestamp(&token(&over), version);
        let (_, faults, _) = made.read();
        assert_eq!(faults, wrong);
    }
}

#[test]
fn properties_of_older_versions_are_read_and_others_are_not() {
    let data = format!(
        "<ds:Reference URI=\"#d\"><ds:Transforms><ds:Transform Algorithm=\"{EXCLUSIVE}\"/>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue></ds:DigestValue></ds:Reference>"
    );
    let plain = format!(
        "<doc><a Id=\"d\">1</a>{}</doc>",
        element(&data, "", EXCLUSIVE)
    );
    for (namespace, is_read) in [
        ("http://uri.etsi.org/01903/v1.1.1#", true),
        ("http://uri.etsi.org/01903/v1.2.2#", true),
        ("http://uri.etsi.org/01903/v1.3.2#", true),
        ("http://uri.etsi.org/01903/v1.2.2", false),
        ("http://uri.etsi.org/01903/v1.5.0#", false),
        (DS, false),
    ] {
        let document = completed(plain.replace(NAMESPACE, namespace));
        let good = signed(&document);
        // Properties that no rule knows are an object that nobody signed.
        assert_eq!(good.len(), usize::from(is_read), "{namespace}");
        assert!(good.iter().all(|one| one.1.is_some()), "{namespace}");
        let records = read(document.as_bytes(), &Files::new());
        let told = records[0].findings.iter().map(|finding| finding.check);
        let told: Vec<_> = told.collect();
        let expected = [CheckId::DocumentAllSigned];
        assert_eq!(
            told,
            expected.get(usize::from(is_read)..).unwrap(),
            "{namespace}"
        );
        let changed = document.replace("SigningTime>2", "SigningTime>1");
        assert_ne!(changed, document);
        assert!(
            signed(&changed).iter().all(|one| one.1.is_none()),
            "{namespace}"
        );
        if is_read {
            assert!(signed(&changed).is_empty(), "{namespace}");
        }
    }
    // The archive time-stamps of those versions are over something else: unsupported, and said so.
    let stamp = |namespace: &str| {
        let document = completed(plain.replace(NAMESPACE, namespace));
        let unsigned = "</xades:SignedProperties><xades:UnsignedProperties>\
            <xades:UnsignedSignatureProperties><xades:ArchiveTimeStamp>\
            <xades:EncapsulatedTimeStamp>AAAA</xades:EncapsulatedTimeStamp>\
            </xades:ArchiveTimeStamp></xades:UnsignedSignatureProperties>\
            </xades:UnsignedProperties>";
        let document = document.replacen("</xades:SignedProperties>", unsigned, 1);
        let record = read(document.as_bytes(), &Files::new()).remove(0);
        kind_of(&record.timestamps[0].imprint)
    };
    assert_eq!(stamp("http://uri.etsi.org/01903/v1.1.1#"), "unsupported");
    assert_eq!(stamp("http://uri.etsi.org/01903/v1.2.2#"), "unsupported");
    assert_eq!(stamp(NAMESPACE), "parts");
}
