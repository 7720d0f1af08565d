//! The whole way over CMS documents made by a PKI in a box.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base64::Engine as _;
use imza::evidence::Evidence;
use imza::job::{Job, Request, Response, Seed, Step};
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest, Verdict, judge};
use imza::report::AnyIndication;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza::vocabulary::{Indication, Integrity, SubIndication};
use imza_test_vectors::cades::{CadesSpec, Flaw, sign};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::{Pki, asic, zip};
use std::sync::Arc;

const SIGNED: i64 = 1_780_000_000;
const CONTENT: &[u8] = b"Tikinti icaz\xc9\x99si \xc3\xbc\xc3\xa7\xc3\xbcn \xc9\x99riz\xc9\x99\n";

fn context(pki: &Pki, time: i64) -> Context {
    let root = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(root)),
        validation_time: UnixTime::from_seconds(time),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    }
}

fn validate(inputs: &[(&str, &[u8])], context: &Context, page_size: Option<u64>) -> Verdict {
    let list = inputs.iter().map(|(name, octets)| match page_size {
        None => Input::at_hand(*name, *octets),
        Some(_) => Input::on_request(*name, u64::try_from(octets.len()).unwrap()),
    });
    let request = ValidationRequest {
        inputs: list.collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let pages = page_size.unwrap_or(1 << 16);
    let job = Validation::begin_with_pages(request, context.clone(), pages).unwrap();
    let mut memory = Memory::new(inputs.iter().map(|(_, octets)| octets.to_vec()));
    drive(job, &mut memory).unwrap()
}

/// A detached CAdES LT signature and what it is over.
fn cades(flaw: Flaw) -> (Pki, Vec<u8>) {
    let pki = Pki::fixed().unwrap();
    let spec = CadesSpec {
        flaw,
        ..CadesSpec::detached(SIGNED)
    };
    let mut signed = sign(&spec, CONTENT, &pki.citizen_p256).unwrap();
    signed.stamp(&pki, SIGNED + 5).unwrap();
    let (signer, tsa) = (&pki.citizen_p256, &pki.tsa_p256);
    signed.add_long_term(&LongTermValues::collect(&pki, signer, tsa, SIGNED + 10).unwrap());
    let der = signed.der();
    (pki, der)
}

fn explain(verdict: &Verdict) -> String {
    verdict.report.to_pretty_json()
}

#[test]
fn a_detached_cades_lt_signature_passes() {
    let (pki, der) = cades(Flaw::None);
    let inputs = [("a.p7s", der.as_slice()), ("a.txt", CONTENT)];
    let verdict = validate(&inputs, &context(&pki, SIGNED + 60), None);
    let page = explain(&verdict);
    assert_eq!(
        verdict.report.indication,
        Some(AnyIndication::Main(Indication::TotalPassed)),
        "{page}"
    );
    assert_eq!(verdict.report.exit_status(), 0);
}

#[test]
fn what_a_detached_signature_covers_has_the_name_that_the_caller_gave() {
    let (pki, der) = cades(Flaw::None);
    let names = |inputs: &[(&str, &[u8])]| {
        let report = validate(inputs, &context(&pki, SIGNED + 60), None).report;
        let scopes = &report.signatures.first().unwrap().scopes;
        let names = scopes.iter().map(|scope| scope.name.clone());
        names.collect::<Vec<_>>()
    };
    let given = [("a.p7s", der.as_slice()), ("a.txt", CONTENT)];
    assert_eq!(names(&given), ["a.txt"]);
    assert_eq!(names(given.get(..1).unwrap()), [""]);
}

#[test]
fn without_any_trust_nothing_passes() {
    let (pki, der) = cades(Flaw::None);
    let inputs = [("a.p7s", der.as_slice()), ("a.txt", CONTENT)];
    let mut context = context(&pki, SIGNED + 60);
    context.trust = Arc::new(TrustSet::new(Vec::<TrustAnchor>::new()));
    let report = validate(&inputs, &context, None).report;
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.integrity, Integrity::Intact);
    let failed = signature
        .checks
        .iter()
        .filter(|check| check.outcome == imza::vocabulary::Outcome::Failed);
    for check in failed {
        assert!(check.depends_on_trust, "{}", check.id);
    }
}

#[test]
fn another_content_is_a_hash_failure() {
    let (pki, der) = cades(Flaw::None);
    let inputs = [("a.p7s", der.as_slice()), ("a.txt", b"another".as_slice())];
    let report = validate(&inputs, &context(&pki, SIGNED + 60), None).report;
    assert_eq!(report.sub_indication, Some(SubIndication::HashFailure));
    assert_eq!(report.exit_status(), 20);
}

#[test]
fn a_missing_document_is_said_to_be_missing() {
    let (pki, der) = cades(Flaw::None);
    let report = validate(&[("a.p7s", &der)], &context(&pki, SIGNED + 60), None).report;
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::SignedDataNotFound)
    );
    assert_eq!(
        report.signatures.first().unwrap().integrity,
        Integrity::Unknown
    );
}

#[test]
fn mail_with_a_long_header_is_judged() {
    let pki = Pki::fixed().unwrap();
    let spec = CadesSpec {
        detached: false,
        ..CadesSpec::detached(SIGNED)
    };
    let der = sign(&spec, CONTENT, &pki.citizen_p256).unwrap().der();
    let content = der.windows(CONTENT.len()).position(|part| part == CONTENT);
    let mut broken = der.clone();
    broken[content.unwrap()] ^= 1;
    // RFC 5322 §2.2.3: folded fields, as relays and filters put them before all others.
    let relayed = "Received: from mail.example\r\n\tby relay.example;\r\n".repeat(400);
    let mail = |message: &[u8]| {
        let base64 = base64::engine::general_purpose::STANDARD.encode(message);
        let named = "Content-Type: application/pkcs7-mime; smime-type=signed-data";
        format!("{relayed}MIME-Version: 1.0\r\n{named}\r\n\r\n{base64}\r\n").into_bytes()
    };
    let context = context(&pki, SIGNED + 60);
    for (message, integrity) in [(&der, Integrity::Intact), (&broken, Integrity::Broken)] {
        let mail = mail(message);
        assert!(mail.len() > 20_000);
        let at_hand = validate(&[("a.eml", &mail)], &context, None);
        let found = at_hand.report.signatures[0].integrity;
        assert_eq!(found, integrity, "{}", explain(&at_hand));
        let paged = validate(&[("a.eml", &mail)], &context, Some(64));
        assert_eq!(paged.report.to_json(), at_hand.report.to_json());
        assert_eq!(paged.budget, at_hand.budget);
    }
}

#[test]
fn octets_that_are_not_those_asked_for_end_the_job() {
    let (pki, der) = cades(Flaw::None);
    for answer in [
        Response::Unreadable,
        Response::Bytes(b"0".as_slice().into()),
    ] {
        let request = ValidationRequest {
            inputs: vec![Input::on_request(
                "a.p7s",
                u64::try_from(der.len()).unwrap(),
            )],
            given: Vec::new(),
            keys: Vec::new(),
            seed: Seed::new([7; 32]),
            network: Network::Offline,
        };
        let mut job = Validation::begin(request, context(&pki, SIGNED + 60)).unwrap();
        let Step::Needs(requests) = job.step().unwrap() else {
            unreachable!("the document is not at hand")
        };
        let id = requests.first().map(Request::id).unwrap();
        // A host that overlooks the error gets no verdict.
        assert!(job.supply(id, answer).is_err());
        let ended = job.step().map(|_| ()).map_err(|error| error.code());
        assert_eq!(ended, Err("api-misuse.job-ended"));
    }
}

#[test]
fn flaws_are_told_apart() {
    for (flaw, expected) in [
        (Flaw::WrongMessageDigest, SubIndication::HashFailure),
        (Flaw::BrokenSignature, SubIndication::SigCryptoFailure),
        (Flaw::MissingMessageDigest, SubIndication::FormatFailure),
        (Flaw::WrongContentType, SubIndication::FormatFailure),
        (
            Flaw::WrongSigningCertificate,
            SubIndication::NoSigningCertificateFound,
        ),
        (
            Flaw::MissingCertificate,
            SubIndication::NoSigningCertificateFound,
        ),
    ] {
        let (pki, der) = cades(flaw);
        let inputs = [("a.p7s", der.as_slice()), ("a.txt", CONTENT)];
        let report = validate(&inputs, &context(&pki, SIGNED + 60), None).report;
        assert_eq!(report.sub_indication, Some(expected), "{flaw:?}");
    }
}

#[test]
fn pages_and_replay_give_the_same_report() {
    let (pki, der) = cades(Flaw::None);
    let file = imza_test_vectors::xades::DataFile {
        name: "a.txt".into(),
        bytes: CONTENT.to_vec(),
        media_type: "text/plain".into(),
    };
    let container = zip::write(&asic::asic_s_cades(&file, &der));
    let context = context(&pki, SIGNED + 60);
    let at_hand = validate(&[("a.asics", &container)], &context, None);
    assert_eq!(at_hand.report.exit_status(), 0, "{}", explain(&at_hand));
    let saved = at_hand.evidence.save(&Limits::default());
    for pages in [64, 1 << 16] {
        let paged = validate(&[("a.asics", &container)], &context, Some(pages));
        assert_eq!(paged.report.to_json(), at_hand.report.to_json(), "{pages}");
        assert_eq!(paged.evidence.save(&Limits::default()), saved, "{pages}");
        assert_eq!(paged.budget, at_hand.budget, "{pages}");
    }
    let evidence = Evidence::load(&saved, &mut Budget::default()).unwrap();
    let replayed = judge(&evidence, &context);
    let said = at_hand
        .report
        .to_json()
        .replace("\"basis\":\"document\"", "\"basis\":\"evidence\"");
    assert_eq!(replayed.to_json(), said);
    assert_eq!(replayed.exit_status(), 10);
}
