//! The references of a signature: what each digest is taken over.

use super::parse::{Fault, Maker};
use super::properties::{Properties, duplicate, malformed, structure};
use super::renewed_digests;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::{Part, PayloadName, PayloadPart, Transform};
use crate::signature::{Finding, Reference, Scope, Target};
use crate::vocabulary::{CheckId, ReferenceKind, ScopeKind};
use crate::xml::c14n::Method;
use crate::xml::dsig::{self, Dereferenced, ExternalTransform, Selection};
use crate::xml::{Node, NodeId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that the references of a signature say.
pub(super) struct References {
    /// The references, each followed by the entries of the manifest that it leads to.
    pub(super) records: Vec<Reference>,
    /// For each `ds:Reference`: its place in `records`.
    pub(super) places: Vec<usize>,
    /// The number of the `ds:Reference` with an identifier; none where several bear it.
    ids: BTreeMap<String, Option<usize>>,
    /// As `ids`, of the entries of signed manifests: their places in `records`.
    entry_ids: BTreeMap<String, Option<usize>>,
    /// Whether one of them signs the very `SignedProperties` element that is interpreted.
    pub(super) signs_properties: bool,
    /// The entries of signed manifests, by element and place in `records`.
    pub(super) entries: Vec<(NodeId, usize)>,
    /// Elements of the document that references cover whole.
    pub(super) covered: BTreeSet<NodeId>,
    /// Those of them of which only the text is digested.
    pub(super) decoded: BTreeSet<NodeId>,
    /// Those of the document of which the form leaves out what they inherit.
    pub(super) exclusive: BTreeSet<NodeId>,
    /// The first reference of which the transforms leave a part only.
    pub(super) partial: Option<String>,
    /// Whether one of them leads to the whole document.
    pub(super) covers_document: bool,
    pub(super) scopes: Vec<Scope>,
    pub(super) findings: Vec<Finding>,
}

impl References {
    /// The record of the `ds:Reference` with this number.
    pub(super) fn record(&self, number: usize) -> Option<&Reference> {
        self.records.get(*self.places.get(number)?)
    }

    /// The record of what a property is about, given as `#id`: a reference of the signature, or an
    /// entry of a signed manifest (EN 319 132-1 §5.2.4).
    pub(super) fn object(&self, uri: &str) -> Option<&Reference> {
        match self.number(uri) {
            Some(number) => self.record(number),
            None => self
                .records
                .get((*self.entry_ids.get(uri.strip_prefix('#')?)?)?),
        }
    }

    /// The number of the only `ds:Reference` with an identifier, given as `#id`.
    pub(super) fn number(&self, uri: &str) -> Option<usize> {
        *self.ids.get(uri.strip_prefix('#')?)?
    }
}

/// What one reference leads to.
struct Read {
    kind: ReferenceKind,
    name: String,
    target: Target,
    covers: Option<PayloadName>,
    scope: Option<ScopeKind>,
    manifest: Option<NodeId>,
    selection: Option<Selection>,
    is_decoded: bool,
}

/// Reads all references; `countersigned` is the `SignatureValue` that a counter-signature signs.
pub(super) fn read(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    countersigned: Option<NodeId>,
    budget: &mut Budget,
) -> Result<References, Error> {
    let mut found = References {
        records: Vec::new(),
        places: Vec::new(),
        ids: BTreeMap::new(),
        entry_ids: BTreeMap::new(),
        signs_properties: false,
        entries: Vec::new(),
        covered: BTreeSet::new(),
        decoded: BTreeSet::new(),
        exclusive: BTreeSet::new(),
        partial: None,
        covers_document: false,
        scopes: Vec::new(),
        findings: Vec::new(),
    };
    let mut signs_data = false;
    let signature = maker.signature;
    found.nameless(&signature.signed_info.references);
    for reference in &signature.signed_info.references {
        let read = one(
            maker,
            properties,
            countersigned,
            reference,
            &mut found.findings,
            budget,
        )?;
        let number = found.places.len();
        found.places.push(found.records.len());
        if let Some(id) = &reference.id {
            let entry = found.ids.entry(id.clone());
            entry
                .and_modify(|known| *known = None)
                .or_insert(Some(number));
        }
        signs_data |= !matches!(
            read.kind,
            ReferenceKind::SignedProperties | ReferenceKind::KeyInfo | ReferenceKind::Object
        );
        found.signs_properties |= read.kind == ReferenceKind::SignedProperties;
        let manifest = read.manifest;
        found.push(read, reference, false);
        if let Some(manifest) = manifest {
            entries(maker, properties, manifest, &mut found, budget)?;
        }
    }
    renewed_digests::read(maker, properties, &mut found, budget)?;
    // EN 319 132-1 §6.3: something besides the properties is signed.
    if !signs_data {
        found
            .findings
            .push(structure("a reference to signed data", "none"));
    }
    Ok(found)
}

impl References {
    /// XMLDSig §4.4.3.1: the URI may be left out of one reference at most, for the application knows
    /// what is meant by it. Of several, who knows which is which?
    fn nameless(&mut self, references: &[dsig::Reference]) {
        let nameless = references.iter().filter(|one| one.uri.is_none()).count();
        if nameless > 1 {
            let found = format!("{nameless}");
            self.findings
                .push(structure("one reference without URI at most", found));
        }
    }

    fn push(&mut self, read: Read, reference: &dsig::Reference, is_optional: bool) {
        if read.scope == Some(ScopeKind::Partial) {
            self.partial.get_or_insert_with(|| read.name.clone());
        }
        match read
            .selection
            .filter(|_| read.scope != Some(ScopeKind::Partial))
        {
            Some(Selection::Document) => self.covers_document = true,
            Some(Selection::Element { node, .. }) => {
                self.covered.insert(node);
                if read.is_decoded {
                    self.decoded.insert(node);
                }
                if read.kind == ReferenceKind::SignersDocument && reference.leaves_ancestors_out() {
                    self.exclusive.insert(node);
                }
            }
            None => {}
        }
        self.scopes.extend(read.scope.map(|kind| Scope {
            name: read.name.clone(),
            kind,
        }));
        self.records.push(Reference {
            name: read.name,
            kind: read.kind,
            algorithm: reference.digest_method.algorithm.clone(),
            expected: reference.digest_value.clone(),
            target: read.target,
            is_optional,
            covers: read.covers,
        });
    }
}

/// XMLDSig §5.1: entries of a signed manifest. Manifests inside of it are not followed.
fn entries(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    manifest: NodeId,
    found: &mut References,
    budget: &mut Budget,
) -> Result<(), Error> {
    let Some(manifest) = maker.tree.node(manifest) else {
        return Ok(());
    };
    let entries = match dsig::read_references(manifest, budget) {
        Ok(entries) => entries,
        Err(Error::Malformed(error)) => {
            found
                .findings
                .push(malformed("a readable ds:Manifest", &error));
            return Ok(());
        }
        Err(other) => return Err(other),
    };
    found.nameless(&entries);
    for entry in &entries {
        let mut read = one(maker, properties, None, entry, &mut found.findings, budget)?;
        read.kind = ReferenceKind::ManifestEntry;
        // What is not there is not covered.
        let is_there = read.target != Target::NotFound;
        read.scope = is_there.then_some(ScopeKind::Digest);
        let place = found.records.len();
        if let Some(id) = &entry.id {
            let known = found.entry_ids.entry(id.clone());
            known
                .and_modify(|known| *known = None)
                .or_insert(Some(place));
        }
        found.entries.push((entry.node, place));
        found.push(read, entry, true);
    }
    Ok(())
}

fn one(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    countersigned: Option<NodeId>,
    reference: &dsig::Reference,
    findings: &mut Vec<Finding>,
    budget: &mut Budget,
) -> Result<Read, Error> {
    let uri = reference.uri.clone().unwrap_or_default();
    let mut read = Read {
        kind: ReferenceKind::SignersDocument,
        name: uri,
        target: Target::NotFound,
        covers: None,
        scope: None,
        manifest: None,
        selection: None,
        is_decoded: false,
    };
    let dialect = maker.dialect;
    let meaning = dialect.meaning(maker.tree, reference, properties.signed, budget)?;
    if let Some(meaning) = meaning {
        read.kind = meaning.kind;
        read.name = meaning.name.unwrap_or(read.name);
        read.target = meaning.target;
        // Found again where several references lead to it.
        if read.kind == ReferenceKind::SignedProperties
            && let Target::Parts(parts) = &mut read.target
            && let [Part::Octets(octets)] = parts.as_mut_slice()
        {
            *octets = maker.canonical.keep(Arc::clone(octets), budget)?;
        }
        read.scope = (read.kind == ReferenceKind::SignersDocument).then_some(ScopeKind::Full);
        read.covers = meaning.covers;
        return Ok(read);
    }
    let found = dsig::dereference(maker.tree, maker.signature, reference, budget);
    match found.or_else(|error| by_letters(maker, reference, error)) {
        Ok(Dereferenced::Octets {
            octets,
            selection,
            scope,
        }) => {
            read.kind = kind(maker, properties, countersigned, reference, selection);
            read.selection = Some(selection);
            read.is_decoded = scope == dsig::Scope::Decoded;
            let is_partial = match scope {
                dsig::Scope::Partial => true,
                // Text alone, of whichever elements: these are not in it.
                dsig::Scope::Decoded => has_elements(maker, selection),
                _ => false,
            };
            // Transforms that leave nothing leave nothing signed.
            if is_partial && octets.is_empty() && read.kind == ReferenceKind::SignersDocument {
                read.kind = ReferenceKind::Object;
                read.selection = None;
            }
            let octets = maker.canonical.keep(octets, budget)?;
            read.target = Target::Parts(vec![Part::Octets(octets)]);
            read.scope = match read.kind {
                ReferenceKind::CountersignedSignature => Some(ScopeKind::CounterSignature),
                ReferenceKind::SignersDocument if is_partial => Some(ScopeKind::Partial),
                ReferenceKind::SignersDocument => Some(ScopeKind::Full),
                _ => None,
            };
            if let Selection::Element { node, .. } = selection
                && let Some(file) = maker.dialect.file(node)
                && reference.only_canonicalizes()
            {
                read.name.clone_from(&file.name);
                read.covers = Some(PayloadName::Entry(file.name.clone()));
            }
            read.manifest = match selection {
                Selection::Element { node, .. } if read.kind == ReferenceKind::Manifest => {
                    Some(node)
                }
                _ => None,
            };
        }
        Ok(Dereferenced::External { name, transform }) => {
            read.name = name.unwrap_or_default();
            read.scope = Some(ScopeKind::Full);
            let payload = resolve(maker, &read.name).or_else(|| {
                // The name of a file of the container letter by letter, from a producer that does
                // not encode names: its digest says whether it is the signed one.
                let written = reference.uri.as_deref().filter(|uri| *uri != read.name)?;
                let entry = (maker.resolve)(written)?;
                matches!(entry, PayloadName::Entry(_)).then(|| {
                    let (check, expected) = (CheckId::ContainerManifest, "a file's name as a URI");
                    findings.push(Finding::new(check, expected, written));
                    entry
                })
            });
            if let Some(name) = payload {
                // What is told is the file that was found, however it is named.
                if let PayloadName::Entry(entry) = &name {
                    read.name.clone_from(entry);
                }
                // A file counts as covered octet by octet, or by its canonical form.
                read.covers = (transform != ExternalTransform::Base64).then(|| name.clone());
                read.target = Target::Parts(vec![Part::Payload(PayloadPart {
                    name,
                    range: None,
                    transform: neutral(transform),
                })]);
            }
        }
        Ok(_) => {}
        Err(error) => match Fault::of(error)? {
            Fault::Unsupported(unsupported) => read.target = Target::Unsupported(unsupported),
            // Whoever chose one of the elements could be shown another than was signed.
            Fault::Malformed(error) if error.kind == MalformedKind::XmlDuplicateId => {
                findings.push(duplicate(&read.name));
            }
            Fault::Malformed(error) => {
                findings.push(malformed("a reference that can be followed", &error));
            }
        },
    }
    Ok(read)
}

/// A file whose name holds `#`, from a producer that does not encode names: what would be a fragment
/// of another document names a file of the container letter by letter.
fn by_letters(
    maker: &Maker<'_, '_>,
    reference: &dsig::Reference,
    error: Error,
) -> Result<Dereferenced, Error> {
    let written = reference.uri.as_deref().unwrap_or_default();
    let is_fragment = matches!(&error, Error::Unsupported(Unsupported::Feature(_)))
        && !written.starts_with('#')
        && reference.transforms.is_empty();
    let is_file = || matches!((maker.resolve)(written), Some(PayloadName::Entry(_)));
    match is_fragment && is_file() {
        true => Ok(Dereferenced::External {
            name: Some(written.to_owned()),
            transform: ExternalTransform::None,
        }),
        false => Err(error),
    }
}

/// Whether there are elements in what a reference names.
fn has_elements(maker: &Maker<'_, '_>, selection: Selection) -> bool {
    match selection {
        Selection::Document => true,
        Selection::Element { node, .. } => {
            let node = maker.tree.node(node);
            node.is_none_or(|node| node.elements().next().is_some())
        }
    }
}

/// EN 319 162-1 §A.6: names are relative to the root of the container, also as `./a` and `/a`.
fn resolve(maker: &Maker<'_, '_>, name: &str) -> Option<PayloadName> {
    (maker.resolve)(name).or_else(|| {
        let short = name.strip_prefix("./").or_else(|| name.strip_prefix('/'))?;
        (maker.resolve)(short)
    })
}

fn neutral(transform: ExternalTransform) -> Transform {
    match transform {
        ExternalTransform::None => Transform::None,
        ExternalTransform::Base64 => Transform::Base64Decoded,
        ExternalTransform::Canonicalize(method) => Transform::Canonical {
            method: method.uri().to_owned(),
            inclusive_prefixes: method.inclusive_prefixes.into_iter().collect(),
        },
    }
}

/// What a reference is about, by the node that it leads to. Its `Type` proves nothing.
fn kind(
    maker: &Maker<'_, '_>,
    properties: &Properties<'_>,
    countersigned: Option<NodeId>,
    reference: &dsig::Reference,
    selection: Selection,
) -> ReferenceKind {
    let Selection::Element {
        node,
        inside_signature,
    } = selection
    else {
        return ReferenceKind::SignersDocument;
    };
    let signature = maker.signature;
    let key_info = signature.key_info.as_ref().map(|key_info| key_info.node);
    let is_manifest = maker
        .tree
        .node(node)
        .is_some_and(|node| node.is(dsig::NAMESPACE, "Manifest"));
    let whole = if properties.signed.is_some_and(|signed| signed.id() == node) {
        ReferenceKind::SignedProperties
    } else if key_info == Some(node) {
        ReferenceKind::KeyInfo
    } else if countersigned == Some(node) {
        ReferenceKind::CountersignedSignature
    } else if is_manifest {
        ReferenceKind::Manifest
    } else {
        // The child of the signature that holds the element.
        let above = maker.tree.node(node);
        let mut above = above.into_iter().flat_map(Node::ancestors);
        let child = above.find(|node| {
            let parent = node.parent();
            parent.is_some_and(|parent| parent.id() == signature.node)
        });
        let is_object = child.is_some_and(|child| {
            child.is(dsig::NAMESPACE, "Object") && !properties.objects.contains(&child.id())
        });
        let is_data = !inside_signature || is_object;
        return if is_data {
            ReferenceKind::SignersDocument
        } else {
            ReferenceKind::Object
        };
    };
    // What other transforms leave of an element is not that element.
    if reference.only_canonicalizes() {
        whole
    } else {
        ReferenceKind::Object
    }
}

/// What a reference gives to a time-stamp: nodes that are left become octets by its method.
pub(super) fn stamped(
    maker: &mut Maker<'_, '_>,
    references: &References,
    number: usize,
    method: &Method,
    budget: &mut Budget,
) -> Result<Target, Error> {
    // Every time-stamp may ask for every reference.
    budget.charge(Resource::Values, 1)?;
    let reference = maker.signature.signed_info.references.get(number);
    let (Some(reference), Some(record)) = (reference, references.record(number)) else {
        return Ok(Target::NotFound);
    };
    let is_inside = matches!(&record.target, Target::Parts(parts)
        if parts.iter().all(|part| matches!(part, Part::Octets(_))));
    if !is_inside || !reference.leaves_nodes() || *method == Method::CANONICAL_XML_10 {
        return Ok(record.target.clone());
    }
    let (tree, signature) = (maker.tree, maker.signature);
    let again = |budget: &mut Budget| {
        let found = dsig::dereference_with(tree, signature, reference, method, budget)?;
        match found {
            Dereferenced::Octets { octets, .. } => Ok(octets),
            _ => Err(Malformed::within(MalformedKind::XmlUri, "Reference").into()),
        }
    };
    let node = reference.node;
    match maker.canonical.reference(node, method, budget, again) {
        Ok(part) => Ok(Target::Parts(vec![part])),
        Err(error) => Ok(match Fault::of(error)? {
            Fault::Unsupported(unsupported) => Target::Unsupported(unsupported),
            Fault::Malformed(_) => Target::NotFound,
        }),
    }
}
