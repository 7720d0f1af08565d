//! The one place where cases meet the library.

use super::agree::Verdict;
use super::case::{Case, Corpora};
use super::primitives;
use super::setup::{Setup, UNSTATED_TIME};
use imza::asn1::Oid;
use imza::certificate::read_certificates;
use imza::error::Error;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::{ExplicitPolicy, Initially, PolicyInputs};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{CertificateRequest, CertificateValidation, Network, recognise_material};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza::vocabulary::Purpose;
use imza::xml::c14n::{Comments, Method, NodeSet, canonicalize};
use imza::xml::{Tree, decode};
use serde_json::Value;
use std::sync::Arc;

/// Answers a case, in this process.
pub(super) fn judge(case: &Case, corpora: &Corpora) -> Verdict {
    let answer = match case.kind.as_str() {
        "c14n" => canonical_form(case, corpora),
        "x509-path" | "ocsp" => path(case, corpora),
        "crypto-primitive" => values(case, corpora),
        _ => document(case, corpora),
    };
    answer.unwrap_or_else(|failure| match failure {
        Failure::Error(error) => Verdict::Error {
            code: error.code().to_owned(),
            reason: error.reason(),
        },
        Failure::Corpora(reason) => Verdict::Error {
            code: "corpora.unreadable".to_owned(),
            reason,
        },
    })
}

/// Whether a case is a document for the validation job.
pub(super) fn is_document(case: &Case) -> bool {
    !matches!(
        case.kind.as_str(),
        "c14n" | "x509-path" | "ocsp" | "crypto-primitive"
    )
}

/// Why a case has no report.
pub(crate) enum Failure {
    /// What the library answered.
    Error(Error),
    /// A file of the corpora is not there.
    Corpora(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<&str> for Failure {
    fn from(reason: &str) -> Self {
        Self::Corpora(reason.to_owned())
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Corpora(reason)
    }
}

fn values(case: &Case, corpora: &Corpora) -> Result<Verdict, Failure> {
    let document = case.document.as_deref().ok_or("no document is named")?;
    let count = primitives::ask(&corpora.read(document)?)?;
    Ok(Verdict::Values(count))
}

/// Cases name their node set in words only: it begins at the element that the expected octets
/// begin with, and is the whole document where that is the document element.
fn canonical_form(case: &Case, corpora: &Corpora) -> Result<Verdict, Failure> {
    let read = |path: &Option<String>| {
        let path = path.as_deref().ok_or("no file is named")?;
        corpora.read(path)
    };
    let (input, expected) = (read(&case.input)?, read(&case.output)?);
    let algorithm = case.facts.get("algorithm").and_then(|name| name.as_str());
    let method = match algorithm {
        Some("c14n10") => Method::CANONICAL_XML_10,
        Some("c14n10-with-comments") => Method {
            comments: Comments::Keep,
            ..Method::CANONICAL_XML_10
        },
        Some("exc-c14n") => Method::EXCLUSIVE,
        other => return Err(format!("algorithm {other:?}").into()),
    };
    let mut budget = Budget::default();
    let text = decode(&input)?;
    let tree = Tree::parse(&text, &mut budget)?;
    let expected_text = decode(&expected)?;
    let expected_tree = Tree::parse(&expected_text, &mut budget)?;
    let first = expected_tree.document_element();
    let apex = tree
        .root()
        .descendants()
        .find(|node| node.is(first.namespace(), first.name()))
        .filter(|node| *node != tree.document_element())
        .unwrap_or_else(|| tree.root());
    let set = NodeSet::subtree(apex.id(), Comments::Keep);
    let found = canonicalize(&tree, &set, &method, &mut budget)?;
    Ok(Verdict::Octets { found, expected })
}

/// A document with the options that its case implies.
fn document(case: &Case, corpora: &Corpora) -> Result<Verdict, Failure> {
    let report = Setup::of(case, corpora)?.judge()?;
    let report = serde_json::from_str(&report.to_json())
        .map_err(|error| format!("the report is no JSON: {error}"))?;
    Ok(Verdict::Report(report))
}

fn time(case: &Case) -> Result<UnixTime, Failure> {
    let text = case.validation_time.as_deref().unwrap_or(UNSTATED_TIME);
    UnixTime::from_rfc3339(text).map_err(|error| format!("{text}: {error}").into())
}

fn trust(case: &Case, corpora: &Corpora) -> Result<TrustSet, Failure> {
    let mut anchors = Vec::new();
    for path in case.anchors() {
        anchors.extend(anchors_of(path, corpora)?);
    }
    for path in &case.ts_trust_anchors {
        let narrowed = anchors_of(path, corpora)?;
        anchors.extend(
            narrowed
                .into_iter()
                .map(|anchor| anchor.for_purposes([Purpose::Timestamping])),
        );
    }
    Ok(TrustSet::new(anchors))
}

/// A certificate that cannot be read is no anchor: some suites give broken ones.
fn anchors_of(path: &str, corpora: &Corpora) -> Result<Vec<TrustAnchor>, Failure> {
    let octets = corpora.read(path)?;
    Ok(TrustSet::read_anchors(&octets, &mut Budget::default()).unwrap_or_default())
}

/// A certificate by itself: RFC 5280 alone, at the time of the case. Revocation data is required
/// where some is given.
fn path(case: &Case, corpora: &Corpora) -> Result<Verdict, Failure> {
    let leaf = case
        .leaf
        .as_deref()
        .or(case.files.first().map(String::as_str))
        .unwrap_or_default();
    let octets = corpora.read(leaf)?;
    let validation_time = match &case.validation_time {
        Some(_) => time(case)?,
        None => {
            let members = read_certificates(&octets, &mut Budget::default())?;
            let target = members
                .first()
                .ok_or("no certificate is named".to_owned())?;
            target.validity().not_before
        }
    };
    let mut policy = ValidationPolicy::named("rfc5280").ok_or("no policy".to_owned())?;
    policy.revocation = match case.crls.is_empty() && case.ocsps.is_empty() {
        true => RevocationRequirement::None,
        false => RevocationRequirement::Require,
    };
    // What cannot be read is left out.
    let mut given = Vec::new();
    for path in case
        .intermediates
        .iter()
        .chain(&case.crls)
        .chain(&case.ocsps)
    {
        let octets = corpora.read(path)?;
        given.extend(recognise_material(&octets, &mut Budget::default()).unwrap_or_default());
    }
    let request = CertificateRequest {
        name: leaf.rsplit('/').next().unwrap_or(leaf).to_owned(),
        octets,
        given,
        purpose: None,
        policies: policies(case),
        path_length: case.count("max_chain_depth"),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let context = Context {
        policy: Arc::new(policy),
        trust: Arc::new(trust(case, corpora)?),
        validation_time,
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let job = CertificateValidation::begin(request, context)?;
    let verdict = drive(job, &mut Memory::new(Vec::<Vec<u8>>::new()))?;
    let report = serde_json::from_str(&verdict.report.to_json())
        .map_err(|error| format!("the report is no JSON: {error}"))?;
    Ok(Verdict::Path(report))
}

fn policies(case: &Case) -> PolicyInputs {
    let facts = case.facts.get("initial_policies");
    let flag = |name: &str| {
        facts
            .and_then(|facts| facts.get(name))
            .and_then(Value::as_bool)
            .unwrap_or(false)
    };
    let initially = |name| {
        if flag(name) {
            Initially::Inhibited
        } else {
            Initially::Allowed
        }
    };
    PolicyInputs {
        acceptable: facts
            .and_then(|facts| facts.get("user_initial_policy_set"))
            .and_then(Value::as_array)
            .map(|set| {
                set.iter()
                    .filter_map(Value::as_str)
                    .filter_map(Oid::from_dotted)
                    .collect()
            }),
        explicit_policy: if flag("initial_explicit_policy") {
            ExplicitPolicy::Required
        } else {
            ExplicitPolicy::Optional
        },
        policy_mapping: initially("initial_policy_mapping_inhibit"),
        any_policy: initially("initial_any_policy_inhibit"),
    }
}
