//! From a reference to the octets that its digest is taken over.

use super::transform::is_signature;
use super::{Reference, Signature, Transform};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::xml::c14n::{self, Comments, Method, NodeSet};
use crate::xml::node::Kind;
use crate::xml::{Node, NodeId, Tree, base64, count};

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Dereferenced {
    /// Something in this document.
    Octets {
        /// What the digest is taken over.
        octets: Vec<u8>,
        /// Which node the URI named.
        selection: Selection,
        /// How much of it is in the octets.
        scope: Scope,
    },
    /// Something outside this document.
    External {
        /// Its name: percent-decoded where it is relative, as given where it has a scheme, none
        /// where the application has to know.
        name: Option<String>,
        /// What has to be done with its octets.
        transform: ExternalTransform,
    },
    /// No element bears the identifier.
    NotFound,
}

/// What a same-document reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The whole document.
    Document,
    /// One element with everything below it.
    Element {
        /// The very node that was digested: whoever interprets an element as signed must compare.
        node: NodeId,
        /// Whether it stands inside the signature that refers to it.
        inside_signature: bool,
    },
}

/// How much of the selected nodes was digested, comments and the like not counted.
///
/// Judged by what the transforms did, not by how they are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Full,
    /// Everything but the signature itself.
    WithoutThisSignature,
    /// Everything but what stands inside signatures.
    WithoutSignatures,
    /// The octets that the selected text encodes in base64.
    Decoded,
    /// Some other part, possibly nothing.
    Partial,
}

/// What is done with an external file before it is digested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalTransform {
    /// Nothing.
    None,
    /// It is base64 text.
    Base64,
    /// It is XML, digested in canonical form: [`c14n::canonicalize_octets`].
    Canonicalize(Method),
}

/// Finds and transforms the data of a reference.
///
/// # Errors
/// [`MalformedKind::XmlUri`], [`MalformedKind::XmlDuplicateId`], [`MalformedKind::XmlBase64`];
/// [`Unsupported`] for transforms and fragments that are not implemented; limits.
///
/// # Standard
/// XMLDSig §4.4.3.2 (the reference processing model), §4.4.3.3 (same-document references).
pub fn dereference(
    tree: &Tree<'_>,
    signature: &Signature,
    reference: &Reference,
    budget: &mut Budget,
) -> Result<Dereferenced, Error> {
    // XMLDSig §4.4.3.2: nodes become octets by Canonical XML 1.0.
    dereference_with(
        tree,
        signature,
        reference,
        &Method::CANONICAL_XML_10,
        budget,
    )
}

/// Finds and transforms the data of a reference; what is still nodes then becomes octets by
/// `method`.
///
/// # Errors
/// As [`dereference`].
///
/// # Standard
/// EN 319 132-1 §5.1.4: time-stamps canonicalize node sets by their own method.
pub fn dereference_with(
    tree: &Tree<'_>,
    signature: &Signature,
    reference: &Reference,
    method: &Method,
    budget: &mut Budget,
) -> Result<Dereferenced, Error> {
    // What is unsupported says so before anything is looked for.
    for transform in &reference.transforms {
        if let Transform::Unsupported(unsupported) = transform {
            return Err(unsupported.clone().into());
        }
    }
    let (apex, comments) = match target(reference.uri.as_deref())? {
        Target::Document(comments) => (tree.root(), comments),
        Target::Element(id, comments) => match tree.by_id(&id)? {
            Some(node) => (node, comments),
            None => return Ok(Dereferenced::NotFound),
        },
        Target::External(name) => {
            let transform = external(&reference.transforms)?;
            return Ok(Dereferenced::External { name, transform });
        }
    };
    let selection = if apex == tree.root() {
        Selection::Document
    } else {
        Selection::Element {
            node: apex.id(),
            inside_signature: apex.is_within(signature.node),
        }
    };
    let mut data = Data::Nodes(NodeSet::subtree(apex.id(), comments));
    let mut scope = Scope::Full;
    for transform in &reference.transforms {
        data = match data {
            Data::Nodes(set) => of_nodes(tree, signature, transform, set, &mut scope, budget)?,
            Data::Octets(octets) => of_octets(transform, octets, &mut scope, budget)?,
        };
    }
    let octets = match data {
        Data::Octets(octets) => octets,
        Data::Nodes(set) => {
            scope = scope.and(left_out(tree, signature, &set, budget)?);
            c14n::canonicalize(tree, &set, method, budget)?
        }
    };
    Ok(Dereferenced::Octets {
        octets,
        selection,
        scope,
    })
}

/// Between two transforms. XMLDSig §4.4.3.2: nodes or octets.
enum Data {
    Nodes(NodeSet),
    Octets(Vec<u8>),
}

fn of_nodes(
    tree: &Tree<'_>,
    signature: &Signature,
    transform: &Transform,
    mut set: NodeSet,
    scope: &mut Scope,
    budget: &mut Budget,
) -> Result<Data, Error> {
    match transform {
        Transform::Canonicalize(method) => {
            *scope = scope.and(left_out(tree, signature, &set, budget)?);
            return Ok(Data::Octets(c14n::canonicalize(
                tree, &set, method, budget,
            )?));
        }
        Transform::Base64 => {
            // XMLDSig §6.6.2: the text of the set, tags and comments taken off.
            *scope = scope.and(left_out(tree, signature, &set, budget)?);
            let text = text_of(tree, &set, budget)?;
            *scope = scope.and(Scope::Decoded);
            return Ok(Data::Octets(base64::decode(&text)?));
        }
        Transform::EnvelopedSignature => set.subtract(tree, budget, signature.node)?,
        Transform::XPath(predicate) => predicate.apply(tree, &mut set, budget)?,
        Transform::Filter(filter) => filter.apply(tree, &mut set, budget)?,
        Transform::Unsupported(unsupported) => return Err(unsupported.clone().into()),
    }
    Ok(Data::Nodes(set))
}

fn of_octets(
    transform: &Transform,
    octets: Vec<u8>,
    scope: &mut Scope,
    budget: &mut Budget,
) -> Result<Data, Error> {
    let octets = match transform {
        Transform::Canonicalize(method) => c14n::canonicalize_octets(&octets, method, budget)?,
        Transform::Base64 => {
            budget.charge(Resource::DigestedBytes, count(octets.len()))?;
            let text = std::str::from_utf8(&octets)
                .map_err(|_| Malformed::within(MalformedKind::XmlBase64, "Reference"))?;
            *scope = scope.and(Scope::Decoded);
            base64::decode(text)?
        }
        // A second tree, in which `here()` and the signature itself do not exist.
        other => return Err(Unsupported::Transform(other.uri().to_owned()).into()),
    };
    Ok(Data::Octets(octets))
}

fn text_of(tree: &Tree<'_>, set: &NodeSet, budget: &mut Budget) -> Result<String, Error> {
    let mut text = String::new();
    let Some(apex) = tree.node(set.apex()) else {
        return Ok(text);
    };
    for node in apex.descendants() {
        budget.charge(Resource::DigestedBytes, 1)?;
        if node.kind() == Kind::Text && set.keeps(node) {
            let run = node.content();
            budget.charge(Resource::DigestedBytes, count(run.len()))?;
            text.push_str(run);
        }
    }
    Ok(text)
}

impl Scope {
    /// The smaller of two.
    fn and(self, other: Self) -> Self {
        use Scope::{Decoded, Full, Partial, WithoutSignatures, WithoutThisSignature};
        match (self, other) {
            (Full, same) | (same, Full) => same,
            (Partial, _) | (_, Partial) => Partial,
            (Decoded, Decoded) => Decoded,
            (WithoutThisSignature, WithoutThisSignature) => WithoutThisSignature,
            (
                WithoutThisSignature | WithoutSignatures,
                WithoutThisSignature | WithoutSignatures,
            ) => WithoutSignatures,
            (Decoded, _) | (_, Decoded) => Partial,
        }
    }
}

/// What a set lacks of everything below its apex.
fn left_out(
    tree: &Tree<'_>,
    signature: &Signature,
    set: &NodeSet,
    budget: &mut Budget,
) -> Result<Scope, Error> {
    if set.is_whole() {
        return Ok(Scope::Full);
    }
    let Some(apex) = tree.node(set.apex()) else {
        return Ok(Scope::Partial);
    };
    c14n::look(tree, budget)?;
    let mut scope = Scope::Full;
    // The outermost signature that is being passed, and whether anything outside was kept.
    let mut inside: Option<(Node<'_>, u64)> = None;
    let mut kept = false;
    for node in apex.descendants() {
        if let Some((_, end)) = inside
            && node.range().start >= end
        {
            inside = None;
        }
        if inside.is_none() && is_signature(node) {
            inside = Some((node, node.range().end));
        }
        if matches!(node.kind(), Kind::Comment | Kind::Document) {
            continue;
        }
        if set.keeps(node) {
            kept = true;
            continue;
        }
        scope = scope.and(match inside {
            Some(_) if node.is_within(signature.node) => Scope::WithoutThisSignature,
            Some(_) => Scope::WithoutSignatures,
            None => Scope::Partial,
        });
    }
    Ok(if kept { scope } else { Scope::Partial })
}

fn external(transforms: &[Transform]) -> Result<ExternalTransform, Error> {
    match transforms {
        [] => Ok(ExternalTransform::None),
        [Transform::Base64] => Ok(ExternalTransform::Base64),
        [Transform::Canonicalize(method)] => Ok(ExternalTransform::Canonicalize(method.clone())),
        [first, ..] => Err(Unsupported::Transform(first.uri().to_owned()).into()),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Target {
    Document(Comments),
    Element(String, Comments),
    External(Option<String>),
}

/// XMLDSig §4.4.3.3: `""` and `#id` leave comments out, the XPointer forms keep them.
fn target(uri: Option<&str>) -> Result<Target, Error> {
    let malformed = || Malformed::within(MalformedKind::XmlUri, "Reference");
    let Some(uri) = uri else {
        return Ok(Target::External(None));
    };
    let Some((before, fragment)) = uri.split_once('#') else {
        return Ok(match uri {
            "" => Target::Document(Comments::Omit),
            _ => Target::External(Some(external_name(uri)?)),
        });
    };
    if !before.is_empty() {
        // With a scheme it is a name like another; the host may have the file.
        return if has_scheme(uri) {
            Ok(Target::External(Some(uri.to_owned())))
        } else {
            Err(Unsupported::Feature("a fragment of another document").into())
        };
    }
    if fragment.is_empty() {
        return Err(malformed().into());
    }
    let Some(pointer) = fragment
        .strip_prefix("xpointer(")
        .and_then(|rest| rest.strip_suffix(')'))
    else {
        // An identifier is an NCName: it cannot hold parentheses.
        return if fragment.contains('(') {
            Err(Unsupported::Feature("XPointer").into())
        } else {
            Ok(Target::Element(
                percent_decode(fragment).ok_or_else(malformed)?,
                Comments::Omit,
            ))
        };
    };
    if pointer.trim() == "/" {
        return Ok(Target::Document(Comments::Keep));
    }
    let id = pointer
        .trim()
        .strip_prefix("id(")
        .and_then(|rest| rest.strip_suffix(')'))
        .map(str::trim)
        .and_then(|quoted| {
            let inside = |quote| quoted.strip_prefix(quote)?.strip_suffix(quote);
            inside('\'').or_else(|| inside('"'))
        })
        .filter(|id| !id.contains(['\'', '"', ' ']));
    match id {
        Some(id) => Ok(Target::Element(id.to_owned(), Comments::Keep)),
        None => Err(Unsupported::Feature("XPointer").into()),
    }
}

/// EN 319 162-1 §4.4: a relative name is percent-decoded once, as UTF-8.
fn external_name(uri: &str) -> Result<String, Malformed> {
    if has_scheme(uri) || uri.starts_with("//") {
        return Ok(uri.to_owned());
    }
    percent_decode(uri).ok_or_else(|| Malformed::within(MalformedKind::XmlUri, "Reference"))
}

fn has_scheme(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// A `%` without two hexadecimal digits stands for itself; none where the result is no UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let digit = |octet: Option<&u8>| char::from(*octet?).to_digit(16);
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let pair = (*first == b'%')
            .then(|| Some((digit(behind.first())?, digit(behind.get(1))?)))
            .flatten();
        match pair {
            Some((high, low)) => {
                octets.push(u8::try_from(high * 16 + low).ok()?);
                rest = behind.get(2..)?;
            }
            None => octets.push(*first),
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_document_forms() {
        let element = |id: &str, comments| Target::Element(id.to_owned(), comments);
        for (uri, expected) in [
            ("", Target::Document(Comments::Omit)),
            ("#xpointer(/)", Target::Document(Comments::Keep)),
            ("#a", element("a", Comments::Omit)),
            ("#xpointer(id('a'))", element("a", Comments::Keep)),
            ("#xpointer( id( \"a\" ) )", element("a", Comments::Keep)),
        ] {
            assert_eq!(target(Some(uri)).unwrap(), expected, "{uri}");
        }
    }

    #[test]
    fn external_names_are_decoded_once() {
        for (uri, expected) in [
            ("a%20b.txt", "a b.txt"),
            ("%C9%99.txt", "\u{259}.txt"),
            ("a%2520b", "a%20b"),
            ("100%.txt", "100%.txt"),
            ("../a", "../a"),
            ("http://x/a%20b", "http://x/a%20b"),
            ("//x/a%20b", "//x/a%20b"),
            ("http://x/a#b", "http://x/a#b"),
        ] {
            assert_eq!(
                target(Some(uri)).unwrap(),
                Target::External(Some(expected.to_owned())),
                "{uri}"
            );
        }
        assert_eq!(target(None).unwrap(), Target::External(None));
    }

    #[test]
    fn unusable_references() {
        for (uri, code) in [
            ("#", "malformed.xml.uri"),
            ("%FF.txt", "malformed.xml.uri"),
            ("#%FF", "malformed.xml.uri"),
            ("a.xml#b", "unsupported.feature"),
            ("#xpointer(//a)", "unsupported.feature"),
            ("#xpointer(id('a' or 'b'))", "unsupported.feature"),
            ("#xpointer(id('a'))xpointer(id('b'))", "unsupported.feature"),
            ("#element(/1)", "unsupported.feature"),
        ] {
            assert_eq!(target(Some(uri)).unwrap_err().code(), code, "{uri}");
        }
    }
}
