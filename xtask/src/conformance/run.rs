//! The one place where cases meet the library.

use super::agree::Verdict;
use super::case::{Case, Corpora};
use super::primitives;
use imza::asn1::{Oid, pem};
use imza::certificate::read_certificates;
use imza::crypto::{Memo, PublicKey};
use imza::error::Error;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::{ExplicitPolicy, Initially, PathRequest, PolicyInputs, Pool, build_and_validate};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Given, Network, Validation, ValidationRequest, recognise_material};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza::vocabulary::Purpose;
use imza::xml::c14n::{Comments, Method, NodeSet, canonicalize};
use imza::xml::{Tree, decode};
use serde_json::{Value, json};
use std::sync::Arc;

/// The time of cases that state none: for them it does not matter, or was the day of their making.
/// A fixed one, so that a run says the same every day.
const UNSTATED_TIME: &str = "2026-11-01T00:00:00Z";

/// Answers a case, in this process.
pub(super) fn judge(case: &Case, corpora: &Corpora) -> Verdict {
    let answer = match case.kind.as_str() {
        "c14n" => canonical_form(case, corpora),
        "x509-path" if case.crls.is_empty() && case.ocsps.is_empty() => path(case, corpora),
        "crypto-primitive" => values(case, corpora),
        // Paths with revocation data need a door of their own.
        "x509-path" | "ocsp" => return Verdict::NoDoor,
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

enum Failure {
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
    let document = case
        .document
        .as_deref()
        .or(case.files.first().map(String::as_str));
    let document = document.ok_or_else(|| "no document is named".to_owned())?;
    let mut inputs = vec![(base_name(document).to_owned(), corpora.read(document)?)];
    for path in &case.detached {
        inputs.push((base_name(path).to_owned(), corpora.read(path)?));
    }
    for (uri, path) in &case.uri_map {
        let path = path.as_str().unwrap_or_default();
        inputs.push((uri.clone(), corpora.read(path)?));
    }
    let mut given = given(case, corpora)?;
    let mut keys = keys(case, corpora)?;
    if case.kind == "xmldsig" {
        beside(case, document, corpora, &mut inputs, &mut given, &mut keys)?;
    }
    let request = ValidationRequest {
        inputs: inputs
            .iter()
            .map(|(name, octets)| Input::at_hand(name, octets.as_slice()))
            .collect(),
        given,
        keys,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let context = Context {
        policy: Arc::new(policy(case)),
        trust: Arc::new(trust(case, corpora)?),
        validation_time: time(case)?,
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let job = Validation::begin(request, context)?;
    let verdict = drive(
        job,
        &mut Memory::new(inputs.into_iter().map(|(_, octets)| octets)),
    )?;
    let report = serde_json::from_str(&verdict.report.to_json())
        .map_err(|error| format!("the report is no JSON: {error}"))?;
    Ok(Verdict::Report(report))
}

/// The further files that a case of plain XML signatures needs: certificates and lists are material,
/// and where the case gives no key, their keys are those to verify with; the rest is what external
/// references lead to, by the way from the document to it.
fn beside(
    case: &Case,
    document: &str,
    corpora: &Corpora,
    inputs: &mut Vec<(String, Vec<u8>)>,
    given: &mut Vec<Given>,
    known: &mut Vec<PublicKey>,
) -> Result<(), Failure> {
    let mut other = Vec::new();
    for path in &case.files {
        let is_named = path == document
            || case.detached.contains(path)
            || case.uri_map.values().any(|named| named == path.as_str());
        if is_named {
            continue;
        }
        let octets = corpora.read(path)?;
        match recognise_material(&octets, &mut Budget::default()) {
            Ok(material) if !material.is_empty() => {
                given.extend(material);
                if case.keys.is_empty() {
                    known.extend(keys_of(&octets));
                }
            }
            _ => other.push((way(document, path), octets)),
        }
    }
    // A reference without an address means the one document that there is: where the signature
    // names none of them, that is the first.
    let text = String::from_utf8_lossy(&corpora.read(document)?).into_owned();
    let is_named = |(way, _): &(String, Vec<u8>)| text.contains(base_name(way));
    match other.iter().any(is_named) {
        true => inputs.extend(other.into_iter().filter(is_named)),
        false => inputs.extend(other.into_iter().take(1)),
    }
    Ok(())
}

/// A path relative to the folder of a document.
fn way(document: &str, path: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.split('/').map(str::to_owned).collect()
    };
    let (from, to) = (folders(document), folders(path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..");
    let down = to.iter().skip(common).map(String::as_str);
    let segments: Vec<&str> = up.chain(down).chain([base_name(path)]).collect();
    segments.join("/")
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn time(case: &Case) -> Result<UnixTime, Failure> {
    let text = case.validation_time.as_deref().unwrap_or(UNSTATED_TIME);
    UnixTime::from_rfc3339(text).map_err(|error| format!("{text}: {error}").into())
}

fn policy(case: &Case) -> ValidationPolicy {
    let mut policy = ValidationPolicy::standard();
    let wanted = case.facts.get("revocation_policy").and_then(Value::as_str);
    if wanted.is_some_and(|wanted| wanted.contains("SOFT")) {
        policy.revocation = RevocationRequirement::Soft;
    }
    policy
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

/// Material without trust; what cannot be read is left out.
fn given(case: &Case, corpora: &Corpora) -> Result<Vec<Given>, Failure> {
    let lists = [
        &case.adjunct_certs,
        &case.intermediates,
        &case.crls,
        &case.ocsps,
    ];
    let mut given = Vec::new();
    for path in lists.into_iter().flatten() {
        let octets = corpora.read(path)?;
        given.extend(recognise_material(&octets, &mut Budget::default()).unwrap_or_default());
    }
    Ok(given)
}

/// Public keys, or those of certificates; private and symmetric keys are none.
fn keys(case: &Case, corpora: &Corpora) -> Result<Vec<PublicKey>, Failure> {
    let mut keys = Vec::new();
    for path in &case.keys {
        let octets = corpora.read(path)?;
        keys.extend(keys_of(&octets));
    }
    Ok(keys)
}

fn keys_of(octets: &[u8]) -> Vec<PublicKey> {
    let certificates = read_certificates(octets, &mut Budget::default()).unwrap_or_default();
    let certified = certificates
        .iter()
        .filter_map(|certificate| certificate.public_key().ok().cloned());
    let blocks = pem::pem_or_der(octets, &["PUBLIC KEY"]).unwrap_or_default();
    let bare = blocks
        .iter()
        .filter_map(|block| PublicKey::from_spki(block).ok());
    certified.chain(bare).collect()
}

/// A certificate without revocation data: RFC 5280 alone, at the time of the case.
fn path(case: &Case, corpora: &Corpora) -> Result<Verdict, Failure> {
    let leaf = case
        .leaf
        .as_deref()
        .or(case.files.first().map(String::as_str));
    let leaf = corpora.read(leaf.unwrap_or_default())?;
    let mut budget = Budget::default();
    let mut members = read_certificates(&leaf, &mut budget)?.into_iter();
    let Some(target) = members.next() else {
        return Err("no certificate is named".to_owned().into());
    };
    let mut pool: Pool = members.collect();
    for path in &case.intermediates {
        let octets = corpora.read(path)?;
        pool.extend(read_certificates(&octets, &mut budget).unwrap_or_default());
    }
    let trust = trust(case, corpora)?;
    let time = match &case.validation_time {
        Some(_) => time(case)?,
        None => target.validity().not_before,
    };
    let mut request = PathRequest::new(&target, &pool, &trust, time);
    request.policies = policies(case);
    request.path_length = case.count("max_chain_depth");
    let paths = build_and_validate(&request, &mut budget, &mut Memo::default());
    // EN 319 102-1 exempts the validity of the target and reports that of its issuers: here the
    // question is RFC 5280's, at one time.
    let passed = target.validity().contains(time)
        && paths.accepted().any(|path| {
            path.authority_outside_validity().is_empty() && !path.is_anchor_outside_validity()
        });
    let indication = if passed { "PASSED" } else { "INDETERMINATE" };
    Ok(Verdict::Path(json!({ "indication": indication })))
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

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn ways_lead_from_the_folder_of_the_document() {
        assert_eq!(way("a/b/c.xml", "a/d/e.txt"), "../d/e.txt");
        assert_eq!(way("a/b/c.xml", "a/b/e.txt"), "e.txt");
        assert_eq!(way("c.xml", "e.txt"), "e.txt");
    }
}
