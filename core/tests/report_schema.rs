//! The JSON Schema of the report says what the library writes; check ids are frozen.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, helpers included"
)]

use imza::error::{Error, Malformed, MalformedKind};
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::PolicyInputs;
use imza::policy::ValidationPolicy;
use imza::reading::{
    CertificateRequest, CertificateValidation, Network, Validation, ValidationRequest,
    empty_certificate_report, empty_report,
};
use imza::report::{
    BestSignatureTime, Change, ClaimedMediaType, ClaimedPlace, ClaimedPolicy, ClaimedRole, Claims,
    Commitment, Dated, Ending, Failure, Outlook, Person, Report, Request, Revision,
    SignatureOutlook,
};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{
    Basis, BlockIndication, ChangeAction, ChangeClass, CheckId, ContainerKind, Indication,
    Integrity, Level, Outcome, Purpose, RoleKind, ScopeKind, SignatureFormat, SignatureLevel,
    SubIndication, TimestampKind,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Members that are left out where there is nothing to say.
const OPTIONAL: [&str; 28] = [
    "certified_by",
    "changes",
    "city",
    "claims",
    "commitments",
    "contact",
    "country",
    "digest",
    "is_unreadable",
    "location",
    "media_types",
    "notice",
    "object",
    "outlook",
    "place",
    "postal_code",
    "proven_at",
    "reason",
    "revision",
    "roles",
    "scope",
    "signature_policy",
    "signer_name",
    "specification",
    "state",
    "street",
    "uri",
    "value",
];

fn schema() -> Value {
    let text = include_str!("../../docs/imza-report-1.schema.json");
    serde_json::from_str(text).unwrap()
}

/// Compares a value with the part of JSON Schema that ours uses; members that it does not name are
/// wrong here, though readers ignore them. Gathers every path of the schema that was used.
struct Comparison<'a> {
    root: &'a Value,
    used: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Comparison<'_> {
    fn compare(&mut self, schema: &Value, value: &Value, at: &str) {
        let rules = schema.as_object().unwrap();
        for (rule, wanted) in rules {
            let fits = match rule.as_str() {
                "$ref" => {
                    let name = wanted.as_str().unwrap();
                    let target = self.root.pointer(&name[1..]).unwrap().clone();
                    self.compare(&target, value, &name[1..]);
                    true
                }
                "anyOf" => {
                    let mut branches = wanted.as_array().unwrap().iter();
                    let fitting = branches.find_map(|branch| {
                        let mut attempt = Comparison {
                            root: self.root,
                            used: BTreeSet::new(),
                            wrong: Vec::new(),
                        };
                        attempt.compare(branch, value, at);
                        attempt.wrong.is_empty().then_some(attempt.used)
                    });
                    let fits = fitting.is_some();
                    self.used.extend(fitting.unwrap_or_default());
                    fits
                }
                "type" => match wanted {
                    Value::String(one) => is_of(value, one),
                    many => {
                        let mut many = many.as_array().unwrap().iter();
                        many.any(|one| is_of(value, one.as_str().unwrap()))
                    }
                },
                "enum" => wanted.as_array().unwrap().contains(value),
                "const" => wanted == value,
                "required" => {
                    let mut names = wanted.as_array().unwrap().iter();
                    names.all(|name| value.get(name.as_str().unwrap()).is_some())
                }
                "properties" => {
                    self.members(wanted, value, at);
                    true
                }
                "items" => {
                    for item in value.as_array().into_iter().flatten() {
                        self.compare(wanted, item, at);
                    }
                    true
                }
                "pattern" => {
                    let text = value.as_str().unwrap_or_default();
                    let digit = |one: char| matches!(one, '0'..='9' | 'a'..='f');
                    !wanted.as_str().unwrap().contains("{64}")
                        || text.len() == 64 && text.chars().all(digit)
                }
                "format" => UnixTime::from_rfc3339(value.as_str().unwrap_or_default()).is_ok(),
                "minimum" => value.as_u64() >= wanted.as_u64(),
                "description" | "additionalProperties" | "$schema" | "$id" | "$defs" | "title" => {
                    true
                }
                // A rule that this comparison does not know.
                _ => false,
            };
            if !fits {
                self.wrong.push(format!("{at}: {rule}: {value}"));
            }
        }
    }

    fn members(&mut self, properties: &Value, value: &Value, at: &str) {
        for (name, member) in value.as_object().into_iter().flatten() {
            match properties.get(name) {
                Some(schema) => {
                    let path = format!("{at}/{name}");
                    self.used.insert(path.clone());
                    self.compare(schema, member, &path);
                }
                None => self.wrong.push(format!("{at}: not in the schema: {name}")),
            }
        }
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn compared(report: &Report) -> BTreeSet<String> {
    compared_with(&schema(), &report.to_json())
}

fn compared_with(schema: &Value, json: &str) -> BTreeSet<String> {
    let mut comparison = Comparison {
        root: schema,
        used: BTreeSet::new(),
        wrong: Vec::new(),
    };
    let value = serde_json::from_str(json).unwrap();
    comparison.compare(schema, &value, "");
    assert_eq!(comparison.wrong, Vec::<String>::new());
    comparison.used
}

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors")
}

fn context() -> Context {
    let root = std::fs::read(vectors().join("pki/root.cer")).unwrap();
    let anchors = TrustSet::read_anchors(&root, &mut Budget::default()).unwrap();
    Context {
        policy: Arc::new(ValidationPolicy::named("historic").unwrap()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_rfc3339("2026-06-15T13:00:00Z").unwrap(),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    }
}

fn validated(vector: &str) -> Report {
    let octets = std::fs::read(vectors().join(vector)).unwrap();
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("document", octets.as_slice())],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context()).unwrap();
    drive(job, &mut Memory::new([octets])).unwrap().report
}

/// Claims with something in every member.
fn claims() -> Claims {
    let text = || "a".to_owned();
    let some = || Some(text());
    let role = |kind| ClaimedRole {
        kind,
        value: some(),
        certified_by: some(),
        is_unreadable: true,
    };
    Claims {
        roles: RoleKind::ALL.iter().copied().map(role).collect(),
        place: Some(ClaimedPlace {
            street: some(),
            city: some(),
            state: some(),
            postal_code: some(),
            country: some(),
        }),
        commitments: vec![Commitment {
            identifier: text(),
            scope: vec![text()],
        }],
        signature_policy: Some(ClaimedPolicy {
            identifier: text(),
            uri: some(),
            notice: some(),
            specification: some(),
        }),
        media_types: vec![ClaimedMediaType {
            name: text(),
            media_type: text(),
        }],
        signer_name: some(),
        reason: some(),
        location: some(),
        contact: some(),
    }
}

/// The report on a vector, with something in every member that was empty.
fn full() -> Report {
    let mut report = validated("asic-e/form.p-256.asice");
    let time = report.validation_time;
    report.proven_at = Some(time);
    report.document.digest = Some(report.trust.digest.to_hex());
    let error = Error::from(Malformed::at(MalformedKind::ZipGap, 7));
    report.error = Some(Failure::from(&error));
    report.outlook = Some(Outlook {
        signatures: vec![SignatureOutlook {
            id: "a".to_owned(),
            passes: true,
            at_hand: None,
            renewed: Some(Ending {
                time: UnixTime::from_seconds(3),
                indication: Indication::Indeterminate,
                sub_indication: Some(SubIndication::OutOfBoundsNoPoe),
                check: Some(CheckId::CertificateValidity),
                object: Some("a".to_owned()),
            }),
            algorithms: Vec::new(),
        }],
        revocation: vec![Dated {
            name: "CRL".to_owned(),
            object: None,
            from: Some(UnixTime::from_seconds(1)),
            until: None,
        }],
    });
    let signature = &mut report.signatures[0];
    report.timestamps = signature.timestamps.clone();
    report.evidence_records = signature.timestamps.clone();
    report.checks = signature.checks.clone();
    report.hosts = vec!["localhost".to_owned()];
    report.requests = vec![Request {
        url: "http://localhost/ocsp".to_owned(),
        outcome: "answered".to_owned(),
    }];
    signature.best_signature_time = Some(BestSignatureTime {
        time,
        proof: "validation",
        object: Some("a".to_owned()),
    });
    signature.changes = vec![Change {
        kind: ChangeClass::Annotation,
        action: ChangeAction::Added,
        revision: 2,
        path: "/Root/Pages/Kids/0/Annots/0".to_owned(),
        object: Some("1 0 R".to_owned()),
        field: Some("a".to_owned()),
        page: Some(1),
        overlaps: true,
        is_permitted: false,
    }];
    report.timestamps[0].changes = signature.changes.clone();
    signature.claims = Some(claims());
    signature.revision = Some(Revision { number: 1, of: 2 });
    signature.path[0].person = Some(Person {
        name: "A".to_owned(),
        identifier_type: None,
        country: None,
        identifier: None,
    });
    report
}

#[test]
fn the_schema_names_every_member_and_only_those() {
    let used = compared(&full());
    let schema = schema();
    let mut unused = Vec::new();
    let mut optional = BTreeSet::new();
    let mut objects = vec![(String::new(), &schema)];
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        objects.push((format!("/$defs/{name}"), definition));
    }
    for (at, object) in objects {
        let names = object["properties"].as_object();
        for name in names.into_iter().flat_map(|names| names.keys()) {
            let path = format!("{at}/{name}");
            if !used.contains(&path) {
                unused.push(path);
            }
            let required = object["required"].as_array().unwrap();
            if !required.contains(&Value::from(name.as_str())) {
                optional.insert(name.as_str());
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new());
    assert_eq!(optional, BTreeSet::from(OPTIONAL));
}

#[test]
fn reports_on_vectors_follow_the_schema() {
    for vector in [
        "asic-e/form.p-256.asice",
        "asic-e/certificate.forged.asice",
        "asic-e-cades/form.p-256.asice",
        "cades/form.attached.p7s",
        "pades/form.table.pdf",
    ] {
        compared(&validated(vector));
    }
    compared(&empty_report("nothing", 0, &context()));
}

#[test]
fn reports_on_certificates_follow_their_schema() {
    let text = include_str!("../../docs/imza-certificate-report-1.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    let validated = |name: &str, purpose| {
        let request = CertificateRequest {
            name: name.to_owned(),
            octets: std::fs::read(vectors().join(name)).unwrap(),
            given: Vec::new(),
            purpose,
            policies: PolicyInputs::default(),
            path_length: None,
            seed: Seed::new([7; 32]),
            network: Network::Offline,
        };
        let job = CertificateValidation::begin(request, context()).unwrap();
        drive(job, &mut Memory::new(Vec::<Vec<u8>>::new()))
            .unwrap()
            .report
    };
    for purpose in [None, Some(Purpose::Signing), Some(Purpose::Timestamping)] {
        let report = validated("pki/issuing-ca.cer", purpose);
        assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
        assert!(!report.attempts.is_empty() && !report.checks.is_empty());
        compared_with(&schema, &report.to_json());
    }
    compared_with(&schema, &validated("pki/root.cer", None).to_json());
    let error = Error::from(Malformed::at(MalformedKind::TrustPath, 0));
    let policies = PolicyInputs::default();
    let report = empty_certificate_report("nothing", None, &policies, &context(), &error);
    assert_eq!(report.exit_status(), 30);
    let used = compared_with(&schema, &report.to_json());
    let names = schema["required"].as_array().unwrap().iter();
    for name in names {
        assert!(
            used.contains(&format!("/{}", name.as_str().unwrap())),
            "{name}"
        );
    }
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        if let Some(same) = self::schema()["$defs"].get(name) {
            assert_eq!(definition, same, "{name}");
        }
    }
}

#[test]
fn a_foreign_member_or_word_is_noticed() {
    let schema = schema();
    let report = serde_json::from_str::<Value>(&full().to_json()).unwrap();
    let foreign: [fn(&mut Value); 4] = [
        |report| report["verdict"] = Value::from("good"),
        |report| report["signatures"][0]["integrity"] = Value::from("fine"),
        |report| report["signatures"][0]["checks"][0]["id"] = Value::from("path.unheard-of"),
        |report| report["files"][0]["size"] = Value::from("many"),
    ];
    for change in foreign {
        let mut comparison = Comparison {
            root: &schema,
            used: BTreeSet::new(),
            wrong: Vec::new(),
        };
        let mut changed = report.clone();
        change(&mut changed);
        comparison.compare(&schema, &changed, "");
        assert!(!comparison.wrong.is_empty(), "{changed}");
    }
}

#[test]
fn members_are_written_in_the_order_of_the_schema() {
    let text = empty_report("nothing", 0, &context()).to_json();
    let schema = schema();
    let names = schema["required"].as_array().unwrap().iter();
    let places: Vec<_> = names
        .map(|name| text.find(&format!("\"{}\":", name.as_str().unwrap())))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted());
}

#[test]
fn every_word_of_the_code_is_a_word_of_the_schema() {
    macro_rules! words {
        ($($name:literal => $words:ty,)+) => {
            [$(($name, <$words>::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()),)+]
        };
    }
    let schema = schema();
    for (name, words) in words! {
        "basis" => Basis,
        "block_indication" => BlockIndication,
        "change_action" => ChangeAction,
        "change_class" => ChangeClass,
        "check_id" => CheckId,
        "container_kind" => ContainerKind,
        "indication" => Indication,
        "integrity" => Integrity,
        "level" => Level,
        "outcome" => Outcome,
        "role_kind" => RoleKind,
        "scope_kind" => ScopeKind,
        "signature_format" => SignatureFormat,
        "signature_level" => SignatureLevel,
        "sub_indication" => SubIndication,
        "timestamp_kind" => TimestampKind,
    } {
        let listed = schema["$defs"][name]["enum"].as_array().unwrap();
        assert_eq!(*listed, words, "{name}");
    }
}

#[test]
fn no_check_id_is_removed_renamed_or_unwritten() {
    let frozen: BTreeSet<&str> = include_str!("frozen/check-ids.txt").lines().collect();
    let ids: BTreeSet<&str> = CheckId::ALL.iter().map(|check| check.as_str()).collect();
    assert_eq!(ids, frozen);
}

#[test]
fn what_a_signer_claims_is_told_and_nothing_else_is() {
    let report = validated("asic-e/form.p-256.asice");
    let claims = report.signatures[0].claims.as_ref().unwrap();
    let signed = claims.media_types.iter().map(|one| one.name.as_str());
    let files = report.files.iter().map(|file| file.name.as_str());
    assert_eq!(signed.collect::<Vec<_>>(), files.collect::<Vec<_>>());
    let json: Value = serde_json::from_str(&report.to_json()).unwrap();
    let claims = json["signatures"][0]["claims"].as_object().unwrap();
    assert_eq!(claims.keys().collect::<Vec<_>>(), ["media_types"]);
    let none = validated("cades/form.attached.p7s").to_json();
    assert!(!none.contains("\"claims\""), "{none}");
}
