//! The one place where cases meet the library.

use super::agree::Verdict;
use super::case::{Case, Corpora};
use imza::error::Error;
use imza::limits::Budget;
use imza::xml::c14n::{Comments, Method, NodeSet, canonicalize};
use imza::xml::{Tree, decode};

/// Answers a case, in this process.
pub(super) fn judge(case: &Case, corpora: &Corpora) -> Verdict {
    let answer = match case.kind.as_str() {
        "c14n" => canonical_form(case, corpora),
        _ => return Verdict::NoDoor,
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

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Corpora(reason)
    }
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
