//! The comparison, on made-up reports.

use super::agree::{Verdict, judge};
use super::case::Case;
use super::known::{Exclusion, Mark, Ratchet, excluded, parse_exclusions};
use super::tally::{Standing, Tally};
use serde_json::{Value, json};

fn case(scope: &str, expected: &str) -> Case {
    Case {
        id: "a/b".to_owned(),
        kind: "xades".to_owned(),
        scope: scope.to_owned(),
        expected: expected.to_owned(),
        ..Case::default()
    }
}

fn trusting(scope: &str, expected: &str) -> Case {
    Case {
        trust_anchors: vec!["a.pem".to_owned()],
        ..case(scope, expected)
    }
}

fn report(indication: &str, integrity: &[&str]) -> Value {
    let signatures: Vec<Value> = integrity
        .iter()
        .map(|word| json!({"integrity": word, "parent": null, "timestamps": [], "checks": []}))
        .collect();
    json!({
        "indication": indication, "sub_indication": null, "container": null,
        "signatures": signatures, "timestamps": [], "evidence_records": [], "files": [],
        "checks": [],
    })
}

fn agrees(case: &Case, report: &Value) -> Option<bool> {
    judge(case, &Verdict::Report(report.clone())).agrees
}

fn error(code: &str) -> Verdict {
    Verdict::Error {
        code: code.to_owned(),
        reason: String::new(),
    }
}

fn with_check(mut report: Value, id: &str, trust: bool) -> Value {
    report["signatures"][0]["checks"] =
        json!([{"id": id, "outcome": "failed", "depends_on_trust": trust}]);
    report
}

/// A refusal for want of support.
fn unsupported() -> Verdict {
    Verdict::Error {
        code: "unsupported.feature".to_owned(),
        reason: String::new(),
    }
}

#[test]
fn anchors_beside_a_list_that_is_not_read_are_not_all_the_trust() {
    let listed = Case {
        trust_list: Some("list.xml".to_owned()),
        ..trusting("full", "valid")
    };
    let intact = || report("INDETERMINATE", &["intact"]);
    let of_trust = with_check(intact(), "path.found", true);
    assert_eq!(agrees(&listed, &of_trust), Some(true));
    assert_eq!(agrees(&trusting("full", "valid"), &of_trust), Some(false));
    let of_format = with_check(intact(), "format.structure", false);
    assert_eq!(agrees(&listed, &of_format), Some(false));
    assert_eq!(
        agrees(&listed, &report("TOTAL-PASSED", &["intact"])),
        Some(true)
    );
    // Nothing is made easier for what must not be accepted.
    let forbidden = Case {
        trust_list: Some("list.xml".to_owned()),
        ..trusting("full", "invalid")
    };
    let passed = Verdict::Report(report("TOTAL-PASSED", &["intact"]));
    assert!(judge(&forbidden, &passed).wrong_accept);
    assert_eq!(judge(&forbidden, &passed).agrees, Some(false));
}

#[test]
fn scope_crypto_looks_at_integrity_alone() {
    let valid = case("crypto", "valid");
    let invalid = case("crypto", "invalid");
    let intact = report("INDETERMINATE", &["intact", "intact"]);
    let broken = report("TOTAL-FAILED", &["intact", "broken"]);
    let unknown = report("INDETERMINATE", &["intact", "unknown"]);
    let empty = report("INDETERMINATE", &[]);
    assert_eq!(agrees(&valid, &intact), Some(true));
    assert_eq!(agrees(&valid, &broken), Some(false));
    assert_eq!(agrees(&valid, &unknown), Some(false));
    assert_eq!(agrees(&valid, &empty), Some(false));
    assert_eq!(agrees(&invalid, &broken), Some(true));
    assert_eq!(agrees(&invalid, &intact), Some(false));
    assert_eq!(agrees(&invalid, &unknown), Some(false));
    assert!(judge(&invalid, &Verdict::Report(intact)).wrongly_intact);
    assert!(!judge(&invalid, &Verdict::Report(unknown)).wrongly_intact);
    let mut failed = report("TOTAL-FAILED", &["unknown"]);
    assert_eq!(agrees(&invalid, &failed), Some(true));
    failed["indication"] = json!("INDETERMINATE");
    failed["signatures"][0]["timestamps"] = json!([{"integrity": "broken"}]);
    assert_eq!(agrees(&invalid, &failed), Some(true));
}

#[test]
fn time_stamps_count_where_nothing_is_signed() {
    let mut report = report("PASSED", &[]);
    report["timestamps"] = json!([{"integrity": "intact"}]);
    assert_eq!(agrees(&case("crypto", "valid"), &report), Some(true));
    report["evidence_records"] = json!([{"integrity": "unknown"}]);
    assert_eq!(agrees(&case("crypto", "valid"), &report), Some(false));
}

#[test]
fn scope_full_with_trust_compares_indications() {
    let passed = report("TOTAL-PASSED", &["intact"]);
    let open = report("INDETERMINATE", &["intact"]);
    assert_eq!(agrees(&trusting("full", "valid"), &passed), Some(true));
    assert_eq!(agrees(&trusting("full", "valid"), &open), Some(false));
    assert_eq!(agrees(&trusting("full", "invalid"), &open), Some(true));
    assert_eq!(agrees(&trusting("full", "invalid"), &passed), Some(false));
    let mut stated = trusting("full", "invalid");
    stated.indication = Some("TOTAL_FAILED".to_owned());
    assert_eq!(agrees(&stated, &open), Some(false));
    let mut revoked = trusting("full", "indeterminate");
    revoked.subindication = Some("REVOKED_NO_POE".to_owned());
    assert_eq!(agrees(&revoked, &open), Some(false));
    let mut found = open;
    found["sub_indication"] = json!("REVOKED_NO_POE");
    assert_eq!(agrees(&revoked, &found), Some(true));
}

#[test]
fn scope_full_without_trust_ignores_what_depends_on_trust() {
    let valid = case("full", "valid");
    let open = report("INDETERMINATE", &["intact"]);
    let untrusted = with_check(open.clone(), "path.found", true);
    let malformed = with_check(open.clone(), "format.structure", false);
    assert_eq!(agrees(&valid, &untrusted), Some(true));
    assert_eq!(agrees(&valid, &malformed), Some(false));
    let invalid = case("full", "invalid");
    assert_eq!(agrees(&invalid, &malformed), Some(true));
    assert_eq!(agrees(&invalid, &untrusted), None);
    let mut stated = case("full", "indeterminate");
    stated.subindication = Some("SIGNED_DATA_NOT_FOUND".to_owned());
    assert_eq!(agrees(&stated, &untrusted), Some(false));
    stated.subindication = Some("NO_CERTIFICATE_CHAIN_FOUND".to_owned());
    assert_eq!(agrees(&stated, &untrusted), None);
    let listed = Case {
        trust_anchors: vec!["list.xml".to_owned()],
        ..case("full", "valid")
    };
    assert_eq!(agrees(&listed, &untrusted), Some(true));
}

#[test]
fn acceptance_of_what_must_not_be_accepted_is_found() {
    let passed = Verdict::Report(report("TOTAL-PASSED", &["intact"]));
    for expected in ["invalid", "indeterminate", "error"] {
        assert!(judge(&trusting("full", expected), &passed).wrong_accept);
        assert!(judge(&trusting("crypto", expected), &passed).wrong_accept);
        assert!(judge(&trusting("seed-values", expected), &passed).wrong_accept);
    }
    assert!(!judge(&trusting("full", "valid"), &passed).wrong_accept);
    assert!(
        judge(&case("full", "valid"), &passed).wrong_accept,
        "without trust"
    );
    let path = Verdict::Path(json!({"indication": "PASSED"}));
    assert!(judge(&trusting("path", "invalid"), &path).wrong_accept);
    assert!(!judge(&trusting("path", "valid"), &path).wrong_accept);
    assert!(
        judge(&case("path", "valid"), &path).wrong_accept,
        "without trust"
    );
}

#[test]
fn paths_are_passed_or_not() {
    let passed = Verdict::Path(json!({"indication": "PASSED"}));
    let open = Verdict::Path(json!({"indication": "INDETERMINATE"}));
    assert_eq!(
        judge(&trusting("path", "valid"), &passed).agrees,
        Some(true)
    );
    assert_eq!(judge(&trusting("path", "valid"), &open).agrees, Some(false));
    assert_eq!(
        judge(&trusting("path", "invalid"), &open).agrees,
        Some(true)
    );
    assert_eq!(
        judge(&trusting("path", "invalid"), &passed).agrees,
        Some(false)
    );
}

#[test]
fn an_error_agrees_where_refusal_is_expected_but_want_of_support_never_does() {
    let malformed = error("malformed.xml.syntax");
    let unsupported = error("unsupported.document");
    for (scope, expected, with_malformed) in [
        ("parse", "error", Some(true)),
        ("crypto", "invalid", Some(true)),
        ("crypto", "valid", Some(false)),
        ("full", "invalid", Some(false)),
        ("full", "valid", Some(false)),
        ("path", "invalid", Some(true)),
        ("structure", "info", None),
        ("seed-values", "invalid", None),
    ] {
        let case = case(scope, expected);
        let found = judge(&case, &malformed);
        assert_eq!(found.agrees, with_malformed, "{scope} {expected}");
        assert!(found.error && !found.unsupported);
        let found = judge(&case, &unsupported);
        assert_ne!(found.agrees, Some(true), "{scope} {expected}");
        assert!(found.unsupported);
    }
}

#[test]
fn parse_errors_may_be_reports() {
    let case = case("parse", "error");
    let mut failed = report("TOTAL-FAILED", &["unknown"]);
    assert_eq!(agrees(&case, &failed), Some(false));
    failed["sub_indication"] = json!("FORMAT_FAILURE");
    assert_eq!(agrees(&case, &failed), Some(true));
}

#[test]
fn facts_are_compared_where_there_is_no_verdict() {
    let mut info = case("structure", "info");
    assert_eq!(agrees(&info, &report("INDETERMINATE", &["intact"])), None);
    info.facts.insert("n_signatures".to_owned(), json!(2));
    assert_eq!(
        agrees(&info, &report("INDETERMINATE", &["intact"])),
        Some(false)
    );
    let mut two = report("INDETERMINATE", &["intact", "intact", "intact"]);
    two["signatures"][2]["parent"] = json!("s1");
    assert_eq!(agrees(&info, &two), Some(true));
}

#[test]
fn what_stopped_for_want_of_support_agrees_with_nothing() {
    let mut report = with_check(
        report("INDETERMINATE", &["unknown"]),
        "unsupported.algorithm",
        false,
    );
    report["sub_indication"] = json!("CUSTOM");
    for case in [trusting("full", "invalid"), case("full", "invalid")] {
        let found = judge(&case, &Verdict::Report(report.clone()));
        assert_eq!(found.agrees, Some(false));
        assert!(found.unsupported);
    }
}

#[test]
fn a_crash_never_agrees() {
    for verdict in [Verdict::Panicked("index".to_owned()), Verdict::Hung] {
        let found = judge(&case("parse", "error"), &verdict);
        assert!(found.crash);
        assert_eq!(found.agrees, Some(false));
    }
}

#[test]
fn balanced_agreement_is_the_lower_share() {
    let mut tally = Tally::default();
    let passed = Verdict::Report(report("TOTAL-PASSED", &["intact"]));
    // Whoever always says valid agrees with every valid case and no other.
    for expected in ["valid", "valid", "valid", "invalid"] {
        let case = trusting("full", expected);
        tally.count(&case, &judge(&case, &passed), Standing::Judged);
    }
    assert_eq!(tally.agree, 3);
    assert_eq!(tally.balanced(), Some(0));
    assert_eq!(tally.wrong_accept, 1);
    let case = trusting("full", "valid");
    tally.count(&case, &judge(&case, &unsupported()), Standing::Excluded);
    assert_eq!((tally.excluded, tally.comparable), (1, 4));
}

#[test]
fn what_is_stood_by_is_no_wrong_accept_but_still_no_agreement() {
    let passed = Verdict::Path(json!({"indication": "PASSED"}));
    let case = trusting("path", "invalid");
    let judgement = judge(&case, &passed);
    let mut tally = Tally::default();
    tally.count(&case, &judgement, Standing::Diverging);
    assert_eq!((tally.wrong_accept, tally.diverging), (0, 1));
    assert_eq!((tally.comparable, tally.agree), (1, 0));
    // Nothing that is merely unsupported excuses an acceptance.
    tally.count(&case, &judgement, Standing::Excluded);
    assert_eq!((tally.wrong_accept, tally.comparable), (1, 2));
    tally.count(&case, &judgement, Standing::NeverAsked);
    assert_eq!((tally.wrong_accept, tally.excluded), (1, 1));
}

#[test]
fn the_ratchet_turns_one_way() {
    let kinds = |agree, wrong_accept| Ratchet {
        kinds: [(
            "xades".to_owned(),
            Mark {
                agree,
                balanced: 5_000,
                wrong_accept,
                ..Mark::default()
            },
        )]
        .into(),
    };
    assert!(kinds(5, 0).worse(&kinds(6, 0)).is_empty());
    assert_eq!(
        kinds(5, 0).worse(&kinds(4, 1)),
        [
            "xades: agree was 5, is 4",
            "xades: wrong accepts was 0, is 1"
        ]
    );
    assert_eq!(
        Ratchet::default().worse(&kinds(1, 1)),
        ["xades: wrong accepts was 0, is 1"]
    );
}

#[test]
fn exclusions_need_feature_code_and_reason() {
    let exclusions =
        parse_exclusions("# why\n\nalg:hmac | unsupported.algorithm | symmetric keys\n").unwrap();
    let mut case = case("crypto", "valid");
    assert_eq!(
        excluded(&exclusions, &case, &error("unsupported.algorithm")),
        None
    );
    case.features.push("alg:hmac".to_owned());
    assert_eq!(
        excluded(&exclusions, &case, &error("unsupported.algorithm")).map(Exclusion::reason),
        Some("symmetric keys")
    );
    assert_eq!(
        excluded(&exclusions, &case, &error("malformed.xml.syntax")),
        None
    );
    assert!(parse_exclusions("alg:hmac | unsupported.algorithm").is_err());
    assert!(parse_exclusions("* | * | everything").is_err());
}

#[test]
fn time_stamps_alone_are_judged_in_their_own_words() {
    let mut failed = report("FAILED", &[]);
    failed["sub_indication"] = json!("FORMAT_FAILURE");
    assert_eq!(agrees(&case("parse", "error"), &failed), Some(true));
    let verdict = Verdict::Report(report("PASSED", &[]));
    assert!(judge(&trusting("full", "invalid"), &verdict).wrong_accept);
    assert!(judge(&case("full", "valid"), &verdict).wrong_accept);
    assert!(!judge(&trusting("full", "valid"), &verdict).wrong_accept);
}
