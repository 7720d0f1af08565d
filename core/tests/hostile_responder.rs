//! Revocation services that answer late, wrongly, endlessly or not at all, over real sockets.
//!
//! Whatever they do, the verdict says what is missing, and it comes in bounded time and memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::PolicyInputs;
use imza::policy::ValidationPolicy;
use imza::reading::{CertificateRequest, CertificateValidation, Network};
use imza::report::CertificateReport;
use imza::time::UnixTime;
use imza::transport::drive;
use imza::transport::http::{Caps, danger};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, Outcome, SubIndication};
use imza_test_vectors::Pki;
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponseSpec};
use imza_test_vectors::server::{Behaviour, Server};
use imza_test_vectors::time::{Clock, DAY};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const OCSP: &str = "/ocsp";
const LIST: &str = "/crl/issuing-ca.crl";

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The verdict on the citizen, asked of the services as they behave.
fn judged(server: &Server) -> CertificateReport {
    let citizen = server.pki().citizen_p256.certificate;
    judged_of(server, citizen)
}

fn judged_of(server: &Server, certificate: Vec<u8>) -> CertificateReport {
    let pki = server.pki();
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(now()),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let request = CertificateRequest {
        name: "citizen".to_owned(),
        octets: certificate,
        given: Vec::new(),
        purpose: None,
        policies: PolicyInputs::default(),
        path_length: None,
        seed: Seed::new([7; 32]),
        network: Network::Online,
    };
    let job = CertificateValidation::begin(request, context).unwrap();
    let caps = Caps {
        time: Duration::from_secs(3),
        ..Caps::default()
    };
    let mut http = danger::http_with_loopback_documents(caps);
    let begun = Instant::now();
    let report = drive(job, &mut http).unwrap().report;
    // Three seconds for the network; the rest is a slow machine.
    assert!(begun.elapsed() < Duration::from_secs(30));
    report
}

/// What the verdict says about the revocation of the certificate.
fn said(report: &CertificateReport) -> String {
    let relevant = report.checks.iter().filter(|check| {
        check.outcome == Outcome::Failed && check.id.to_string().starts_with("revocation.")
    });
    let found = relevant.map(|check| format!("{}: {:?}", check.id, check.found));
    found.collect::<Vec<_>>().join("; ")
}

/// The list of the CA is never there, and its responder behaves like this.
fn with_responder(behaviour: Option<Behaviour>) -> CertificateReport {
    let server = Server::start(Clock::System).unwrap();
    server.behave(LIST, Behaviour::Status(404));
    if let Some(behaviour) = behaviour {
        server.behave(OCSP, behaviour);
    }
    judged(&server)
}

/// Answers that a forger can give as well as a responder in distress.
fn response(make: impl FnOnce(&Pki, ResponseSpec) -> ResponseSpec) -> Behaviour {
    let pki = Pki::fixed().unwrap();
    let id = CertId::new(&pki.issuing_ca, &pki.citizen_p256.serial_number, Hash::Sha1);
    let spec = ResponseSpec::about(id, CertStatus::Good, &pki.ocsp_responder, now());
    let spec = make(&pki, spec);
    Behaviour::Content(ocsp::respond(&spec, &pki.ocsp_responder).unwrap())
}

#[test]
fn every_way_to_fail_is_named_and_clears_nobody() {
    let about_another = response(|pki, mut spec| {
        let other = CertId::new(&pki.issuing_ca, &pki.citizen_p384.serial_number, Hash::Sha1);
        spec.responses.first_mut().unwrap().cert_id = other;
        spec
    });
    let broken = response(|_, spec| ResponseSpec {
        break_signature: true,
        ..spec
    });
    let declining = |response_status| {
        response(move |_, spec| ResponseSpec {
            response_status,
            ..spec
        })
    };
    let page = b"<html>Log in first</html>".to_vec();
    let rows = [
        (Behaviour::Late(Duration::from_secs(5)), "no answer in time"),
        (Behaviour::Content(page), "not what was asked for"),
        (Behaviour::Content(Vec::new()), "not what was asked for"),
        // A POST is not sent on.
        (Behaviour::RedirectLoop, "status 302"),
        (Behaviour::Huge(1 << 30), "larger than allowed"),
        (Behaviour::Status(503), "status 503"),
        (Behaviour::Silence, "unreachable"),
        (about_another, "an answer about others"),
        (broken, "without authority"),
        (declining(3), "declined: tryLater"),
        (declining(2), "declined: internalError"),
        (declining(6), "declined: unauthorized"),
    ];
    for (behaviour, expected) in rows {
        let name = match &behaviour {
            Behaviour::Content(octets) => format!("{} octets", octets.len()),
            other => format!("{other:?}"),
        };
        let report = with_responder(Some(behaviour));
        eprintln!("{name}: {}", said(&report));
        assert_eq!(
            report.indication,
            Some(BlockIndication::Indeterminate),
            "{name}"
        );
        assert!(
            said(&report).contains(expected),
            "{name}: {}",
            said(&report)
        );
    }
}

#[test]
fn redirects_of_lists_lead_nowhere_else() {
    let redirect = |to: &str| Behaviour::Redirect(to.to_owned());
    let rows = [
        (Behaviour::RedirectLoop, "redirect"),
        (redirect("file:///etc/passwd"), "not asked"),
        (redirect("http://10.0.0.1/list.crl"), "address"),
        (
            redirect("http://user:word@imza.test/list.crl"),
            "credentials",
        ),
    ];
    for (behaviour, expected) in rows {
        let server = Server::start(Clock::System).unwrap();
        server.behave(OCSP, Behaviour::Status(404));
        server.behave(LIST, behaviour.clone());
        let report = judged(&server);
        eprintln!("{behaviour:?}: {}", said(&report));
        assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
        assert!(said(&report).contains(expected), "{}", said(&report));
    }
}

#[test]
fn an_answer_of_last_month_is_stale() {
    let report = with_responder(Some(Behaviour::Stale(30 * DAY)));
    assert_eq!(report.sub_indication, Some(SubIndication::TryLater));
    assert!(
        said(&report).contains("revocation.fresh"),
        "{}",
        said(&report)
    );
}

#[test]
fn an_honest_answer_is_enough() {
    let report = with_responder(None);
    assert_eq!(
        report.indication,
        Some(BlockIndication::Passed),
        "{}",
        said(&report)
    );
}

/// RFC 5280 §4.2.1.15.
#[test]
fn the_address_of_the_freshest_list_is_asked_too() {
    let server = Server::start(Clock::System).unwrap();
    let pki = server.pki();
    let citizen = &pki.citizen_p256;
    let point = Extension::crl_distribution_point(&format!("{}{LIST}", server.url()));
    let freshest = Extension::new("2.5.29.46", point.value);
    let own = pki.citizen_spec(citizen.name.clone(), &citizen.key, 4711);
    let own = own.without("2.5.29.31").with([
        freshest,
        Extension::authority_info_access(
            None,
            Some(&format!("{}/aia/issuing-ca.cer", server.url())),
        ),
    ]);
    let certificate = own
        .issue(&pki.issuing_ca.name, &pki.issuing_ca.key)
        .unwrap();
    let report = judged_of(&server, certificate);
    assert_eq!(
        report.indication,
        Some(BlockIndication::Passed),
        "{}",
        said(&report)
    );
}
