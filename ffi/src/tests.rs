//! The job as a foreign language drives it.

use crate::{
    Document, ImzaError, Judged, Manner, NetworkAccess, Options, Settings, TrustFile, Validation,
    judge,
};
use base64::Engine;
use std::sync::Arc;

const CONTAINER: &[u8] = include_bytes!("../../test-vectors/vectors/asic-e/form.p-256.asice");
const ROOT: &[u8] = include_bytes!("../../test-vectors/vectors/pki/root.cer");

fn options() -> Options {
    Options {
        trust: vec![TrustFile {
            octets: ROOT.to_vec(),
            purpose: None,
        }],
        evidence: Vec::new(),
        keys: Vec::new(),
        policy: None,
        revocation: None,
        validation_time: Some("2026-06-15T13:00:00Z".to_owned()),
        proven_at: None,
        network: NetworkAccess::Offline,
    }
}

fn settings() -> Arc<Settings> {
    Arc::new(Settings::new(options()).unwrap())
}

fn begin(document: Document) -> Validation {
    Validation::new(settings(), vec![document], None).unwrap()
}

fn asked() -> Validation {
    begin(Document::Asked {
        name: "form.p-256.asice".to_owned(),
        length: u64::try_from(CONTAINER.len()).unwrap(),
    })
}

fn code<T>(outcome: Result<T, ImzaError>) -> Option<String> {
    match outcome {
        Ok(_) => None,
        Err(ImzaError::Failed { code, .. }) => Some(code),
    }
}

fn range(offset: u64, length: u64) -> &'static [u8] {
    let start = usize::try_from(offset).unwrap();
    let end = usize::try_from(offset + length).unwrap();
    CONTAINER.get(start..end.min(CONTAINER.len())).unwrap()
}

/// What a binding does, with chunks of a few octets.
fn feed(job: &Validation) -> Judged {
    while let Some(ask) = job.step().unwrap() {
        let octets = range(ask.offset, ask.length);
        match ask.manner {
            Manner::Whole => job.supply(ask.id, octets).unwrap(),
            Manner::Chunks => {
                for chunk in octets.chunks(7) {
                    job.feed(ask.id, chunk).unwrap();
                }
                job.end(ask.id).unwrap();
            }
        }
    }
    job.report().unwrap()
}

#[test]
fn a_document_that_is_asked_for_and_one_at_hand_give_the_same_report() {
    let at_hand = begin(Document::Octets {
        name: "form.p-256.asice".to_owned(),
        octets: CONTAINER.to_vec(),
    });
    assert_eq!(at_hand.step(), Ok(None));
    let report = at_hand.report().unwrap();
    assert_eq!(report.exit_status, 0);
    let job = asked();
    assert_eq!(feed(&job), report);
    assert_eq!(job.step(), Ok(None));
}

#[test]
fn an_ask_that_is_not_answered_is_asked_again() {
    let job = asked();
    let first = job.step().unwrap();
    assert!(first.is_some());
    assert_eq!(job.step().unwrap(), first);
}

#[test]
fn answers_to_nothing_are_refused() {
    let job = asked();
    job.step().unwrap();
    let unknown = Some("api-misuse.unknown-request".to_owned());
    assert_eq!(code(job.supply(999, b"x")), unknown);
    assert_eq!(code(job.feed(999, b"x")), unknown);
    assert_eq!(code(job.end(999)), unknown);
    assert_eq!(code(job.unreadable(999)), unknown);
}

#[test]
fn what_cannot_be_read_is_said_and_ends_the_job() {
    let job = asked();
    let ask = job.step().unwrap().unwrap();
    assert_eq!(
        code(job.unreadable(ask.id)),
        Some("input.unreadable".to_owned())
    );
    let ended = Some("api-misuse.job-ended".to_owned());
    assert_eq!(code(job.step()), ended);
    assert_eq!(code(job.report()), ended);
    assert_eq!(code(job.evidence()), ended);
}

#[test]
fn octets_that_change_end_the_job_even_for_a_caller_who_overlooks_it() {
    let job = asked();
    let mut turn = 0u8;
    let mut failure = None;
    for _ in 0..1_000 {
        let ask = match job.step() {
            Ok(Some(ask)) => ask,
            Ok(None) => break,
            Err(error) => {
                failure = code::<()>(Err(error));
                break;
            }
        };
        let mut octets = range(ask.offset, ask.length).to_vec();
        turn = turn.wrapping_add(1);
        if let Some(octet) = octets.last_mut() {
            *octet ^= turn & 1;
        }
        let _ = match ask.manner {
            Manner::Whole => job.supply(ask.id, &octets),
            Manner::Chunks => job.feed(ask.id, &octets).and_then(|()| job.end(ask.id)),
        };
    }
    assert!(failure.is_some() || job.report().is_ok_and(|report| report.exit_status != 0));
}

#[test]
fn a_short_answer_ends_the_job() {
    let job = asked();
    let ask = job.step().unwrap().unwrap();
    assert!(code(job.supply(ask.id, b"PK")).is_some());
    assert_eq!(code(job.step()), Some("api-misuse.job-ended".to_owned()));
}

#[test]
fn a_password_opens_what_is_encrypted_and_is_not_told() {
    let lines = include_str!("../../core/src/pdf/encryption/vectors.txt").lines();
    let mut found = lines.filter_map(|line| line.strip_prefix("aes-256 "));
    let octets = base64::engine::general_purpose::STANDARD
        .decode(found.next().unwrap())
        .unwrap();
    let open = |password: Option<&str>| {
        let document = Document::Octets {
            name: "locked.pdf".to_owned(),
            octets: octets.clone(),
        };
        let password = password.map(str::to_owned);
        let job = Validation::new(settings(), vec![document], password).unwrap();
        job.step().and_then(|_| job.report())
    };
    for (password, wanted) in [
        (None, "input.password-missing"),
        (Some("sesame"), "input.password-wrong"),
    ] {
        let refused = open(password);
        assert!(!format!("{refused:?}").contains("sesame"));
        assert_eq!(code(refused).as_deref(), Some(wanted));
    }
    for password in ["usr", "own"] {
        let report = open(Some(password)).unwrap();
        assert!(report.json.contains("\"error\":null"));
    }
}

#[test]
fn there_is_no_report_before_the_end() {
    let ended = Some("api-misuse.job-ended".to_owned());
    assert_eq!(code(asked().report()), ended);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let document = Document::Path {
        name: "missing".to_owned(),
        path: "/nonexistent/missing.asice".to_owned(),
    };
    let begun = Validation::new(settings(), vec![document], None);
    let Err(ImzaError::Failed { code, details, .. }) = begun else {
        panic!("opened");
    };
    assert_eq!(code, "input.unreadable");
    assert_eq!(
        details.get("path").map(String::as_str),
        Some("/nonexistent/missing.asice")
    );
}

#[test]
fn settings_that_cannot_be_read_are_refused() {
    let wrong = |change: fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        code(Settings::new(options).map(|_| ()))
    };
    assert!(wrong(|options| options.evidence = vec![b"noise".to_vec()]).is_some());
    assert!(wrong(|options| options.keys = vec![b"noise".to_vec()]).is_some());
    assert!(wrong(|options| options.policy = Some("strictest".to_owned())).is_some());
    assert!(wrong(|options| options.validation_time = Some("noon".to_owned())).is_some());
    assert!(wrong(|options| options.proven_at = Some("2026-06-15".to_owned())).is_some());
    assert_eq!(wrong(|_| ()), None);
}

#[test]
fn saved_evidence_is_judged_again_and_never_passes_whole() {
    let job = asked();
    let report = feed(&job);
    let again = judge(settings(), job.evidence().unwrap()).unwrap();
    assert_eq!((report.exit_status, again.exit_status), (0, 10));
    assert!(code(judge(settings(), "{}".to_owned())).is_some());
}
