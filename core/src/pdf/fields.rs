//! The walk over the form fields, to the signatures.
//!
//! # Standard
//! ISO 32000-2 §12.7.3 (interactive form), §12.7.4.1 (field dictionaries, inheritance, names),
//! §12.7.5.5 (signature fields).

use super::document::Document;
use super::finding::Finding;
use super::lexer::PdfString;
use super::object::{Dictionary, Object, ObjectReference};
use super::reach::ReachWalk;
use super::security_store::StoreWalk;
use super::signature::{self, ByteRangeFault, SignatureField};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::source::{Advance, Source, Stop};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A field of the form that holds a value and not other fields.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FormField {
    /// The full name; untrusted text.
    pub name: Option<String>,
    /// Its object; `None` when it stands inside another.
    pub object: Option<ObjectReference>,
    /// `/FT`: `Tx`, `Btn`, `Ch` or `Sig`.
    pub kind: Option<String>,
    /// `/V` as text, where it is a string or a name; untrusted.
    pub value: Option<String>,
    /// Whether it has a value of any kind.
    pub has_value: bool,
    /// Bit 1 of `/Ff`.
    pub is_read_only: bool,
}

/// Reads catalog, form, fields, signature dictionaries and the security store, one a step.
#[derive(Clone, Debug)]
pub(super) struct FieldWalk {
    root: ObjectReference,
    as_of: usize,
    phase: Phase,
    /// The next field is the last.
    pending: Vec<Pending>,
    seen: BTreeSet<ObjectReference>,
    store: StoreWalk,
}

#[derive(Clone, Debug)]
enum Phase {
    Catalog,
    Form(Object),
    Fields(Object),
    Field,
    Signature(Box<Signed>),
    Store,
    Reach(Box<ReachWalk>),
}

/// A field, or a kid of one, not looked at yet.
#[derive(Clone, Debug)]
struct Pending {
    object: Object,
    parent: Option<Arc<Inherited>>,
}

/// What a field hands down to its kids.
#[derive(Clone, Debug)]
struct Inherited {
    name: Option<String>,
    kind: Option<Arc<str>>,
    flags: u64,
    /// Its place among the fields of the document.
    listed: Option<usize>,
    depth: u64,
}

/// A field that has been looked at.
struct Field {
    kids: Vec<Object>,
    inherited: Inherited,
    signed: Option<Signed>,
    /// Unless it is one of the widgets of the field above.
    listed: Option<FormField>,
}

/// A signed field whose signature dictionary is not read yet.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) name: Option<String>,
    pub(super) field: Option<ObjectReference>,
    pub(super) value: Object,
    pub(super) lock: Object,
    pub(super) seed_values: Object,
}

impl FieldWalk {
    /// Begins at the catalog of the newest revision.
    pub(super) fn new(document: &Document) -> Result<Self, Malformed> {
        let root = document
            .trailer()
            .get("Root")
            .and_then(Object::as_reference)
            .ok_or_else(|| Malformed::within(MalformedKind::PdfTrailer, "Root"))?;
        Ok(Self {
            root,
            as_of: document.newest(),
            phase: Phase::Catalog,
            pending: Vec::new(),
            seen: BTreeSet::new(),
            store: StoreWalk::default(),
        })
    }

    pub(super) fn advance(
        &mut self,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance, Stop> {
        let as_of = self.as_of;
        let next = match &mut self.phase {
            Phase::Catalog => {
                let (catalog, _) = document.object(self.root, as_of, source, budget)?;
                let Object::Dictionary(catalog) = catalog else {
                    return Err(Malformed::within(MalformedKind::PdfObject, "catalog").into());
                };
                self.catalog(&catalog, document, source, budget)?
            }
            Phase::Form(form) => {
                let reference = form.as_reference();
                match document.resolve(form, as_of, source, budget)? {
                    Object::Dictionary(form) => {
                        note_duplicates(document, &form, "form", reference);
                        Phase::Fields(form.get("Fields").cloned().unwrap_or(Object::Null))
                    }
                    _ => Phase::Store,
                }
            }
            Phase::Fields(fields) => match document.resolve(fields, as_of, source, budget)? {
                Object::Array(fields) => {
                    self.queue(fields, None);
                    Phase::Field
                }
                _ => Phase::Store,
            },
            Phase::Field => match self.pending.last().cloned() {
                Some(pending) => self.field(&pending, document, source, budget)?,
                None => Phase::Store,
            },
            Phase::Signature(signed) if is_shared(signed, document) => Phase::Field,
            Phase::Signature(signed) => {
                let read = signature::read(signed, as_of, document, source, budget)?;
                if let Some(signature) = read {
                    budget.charge(Resource::Signatures, 1)?;
                    document.signatures.push(signature);
                }
                Phase::Field
            }
            Phase::Store => match self.store.advance(as_of, document, source, budget)? {
                Advance::More => return Ok(Advance::More),
                Advance::Done(()) => {
                    signature::find_copies(&mut document.signatures);
                    Phase::Reach(Box::new(ReachWalk::new(document)))
                }
            },
            Phase::Reach(walk) => return walk.advance(document, source, budget),
        };
        self.phase = next;
        Ok(Advance::More)
    }

    fn catalog(
        &mut self,
        catalog: &Dictionary,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Phase, Stop> {
        let permissions = match catalog.get("Perms") {
            Some(permissions) => document.resolve(permissions, self.as_of, source, budget)?,
            None => Object::Null,
        };
        document.certification = permissions
            .as_dictionary()
            .and_then(|permissions| permissions.get("DocMDP"))
            .and_then(Object::as_reference);
        note_duplicates(document, catalog, "catalog", Some(self.root));
        let trailer_is_ambiguous = document.trailer().has_duplicate_keys();
        if trailer_is_ambiguous {
            document.note(Finding::DuplicateKey {
                owner: "trailer",
                object: None,
            });
        }
        // ISO 32000-2 §7.7.2: every catalog leads to a page tree.
        let pages = catalog.get("Pages").unwrap_or(&Object::Null);
        match document.resolve(pages, self.as_of, source, budget) {
            Ok(Object::Dictionary(_)) => {}
            Err(stop @ (Stop::NotHere | Stop::Error(Error::LimitExceeded(_)))) => return Err(stop),
            _ => document.note(Finding::UnreadablePages),
        }
        self.store = StoreWalk::new(catalog.get("DSS").cloned());
        Ok(match catalog.get("AcroForm") {
            Some(form) => Phase::Form(form.clone()),
            None => Phase::Store,
        })
    }

    fn queue(&mut self, fields: Vec<Object>, parent: Option<&Arc<Inherited>>) {
        let fields = fields.into_iter().rev().map(|object| Pending {
            object,
            parent: parent.cloned(),
        });
        self.pending.extend(fields);
    }

    /// Looks at the last pending field, which stays pending until everything has been read.
    fn field(
        &mut self,
        pending: &Pending,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Phase, Stop> {
        let reference = pending.object.as_reference();
        if let Some(object) = reference.filter(|reference| self.seen.contains(reference)) {
            document.note(Finding::RepeatedField { object });
            self.pending.pop();
            return Ok(Phase::Field);
        }
        let read = self.read_field(pending, document, source, budget);
        if matches!(read, Err(Stop::NotHere)) {
            return Err(Stop::NotHere);
        }
        self.pending.pop();
        self.seen.extend(reference);
        match read {
            Ok(Field {
                kids,
                mut inherited,
                signed,
                listed,
            }) => {
                if let Some(listed) = listed {
                    // What has named fields below it is a group of fields.
                    let above = pending.parent.as_ref().and_then(|parent| parent.listed);
                    if let Some(above) = above.and_then(|above| document.fields.get_mut(above)) {
                        *above = None;
                    }
                    inherited.listed = Some(document.fields.len());
                    document.fields.push(Some(listed));
                }
                self.queue(kids, Some(&Arc::new(inherited)));
                Ok(signed.map_or(Phase::Field, |signed| Phase::Signature(Box::new(signed))))
            }
            // A field that cannot be read says nothing, and the others go on.
            Err(Stop::Error(error @ Error::Malformed(_))) => {
                document.note(Finding::UnreadableField {
                    object: reference,
                    code: error.code(),
                });
                Ok(Phase::Field)
            }
            Err(stop) => Err(stop),
        }
    }

    fn read_field(
        &self,
        pending: &Pending,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Field, Stop> {
        let parent = pending.parent.as_deref();
        let depth = parent.map_or(1, |parent| parent.depth.saturating_add(1));
        budget.check(Resource::Depth, depth)?;
        budget.charge(Resource::Values, 1)?;
        let reference = pending.object.as_reference();
        let object = document.resolve(&pending.object, self.as_of, source, budget)?;
        let Object::Dictionary(field) = object else {
            return Err(Malformed::within(MalformedKind::PdfObject, "field").into());
        };
        let kids = match field.get("Kids") {
            Some(kids) => match document.resolve(kids, self.as_of, source, budget)? {
                Object::Array(kids) => kids,
                _ => return Err(Malformed::within(MalformedKind::PdfObject, "Kids").into()),
            },
            None => Vec::new(),
        };
        note_duplicates(document, &field, "field", reference);

        let mut entry = |key| match field.get(key) {
            Some(entry) => document.resolve(entry, self.as_of, source, budget),
            None => Ok(Object::Null),
        };
        let (partial, kind, flags) = (entry("T")?, entry("FT")?, entry("Ff")?);
        let partial = partial.as_string().map(PdfString::text);
        let above = parent.and_then(|parent| parent.name.as_deref());
        let name = match (above, partial) {
            (Some(above), Some(partial)) => Some(format!("{above}.{partial}")),
            (None, Some(partial)) => Some(partial),
            (above, None) => above.map(str::to_owned),
        };
        let kind = match kind {
            Object::Null => parent.and_then(|parent| parent.kind.clone()),
            kind => kind.as_name().map(|kind| Arc::from(signature::lossy(kind))),
        };
        let is_signature = kind.as_deref() == Some("Sig");
        // What is written and no number may be anything: nobody is to write there.
        let flags = match flags {
            Object::Null => parent.map_or(0, |parent| parent.flags),
            flags => flags.as_unsigned().unwrap_or(u64::MAX),
        };
        let is_named = field.get("T").is_some() || parent.is_none();
        let listed = is_named.then(|| FormField {
            name: name.clone(),
            object: reference,
            kind: kind.as_deref().map(str::to_owned),
            value: match field.get("V") {
                Some(Object::String(value)) => Some(value.text()),
                Some(Object::Name(value)) => Some(signature::lossy(value)),
                _ => None,
            },
            has_value: field.get("V").is_some(),
            is_read_only: flags & 1 == 1,
        });
        let signed = field.get("V").filter(|_| is_signature).map(|value| Signed {
            name: name.clone(),
            field: reference,
            value: value.clone(),
            lock: field.get("Lock").cloned().unwrap_or(Object::Null),
            seed_values: field.get("SV").cloned().unwrap_or(Object::Null),
        });
        let inherited = Inherited {
            name,
            kind,
            flags,
            listed: None,
            depth,
        };
        Ok(Field {
            kids,
            inherited,
            signed,
            listed,
        })
    }
}

/// One signature is one field: a dictionary that a second field shares is a signature once.
fn is_shared(signed: &Signed, document: &mut Document) -> bool {
    let Some(object) = signed.value.as_reference() else {
        return false;
    };
    let first = document
        .signatures
        .iter_mut()
        .filter_map(|field| field.dictionary.as_mut().ok())
        .find(|dictionary| dictionary.object == Some(object));
    let is_shared = first.is_some();
    if let Some(first) = first
        && !first.faults.contains(&ByteRangeFault::SharedByFields)
    {
        first.faults.push(ByteRangeFault::SharedByFields);
    }
    is_shared
}

pub(super) fn note_duplicates(
    document: &mut Document,
    dictionary: &Dictionary,
    owner: &'static str,
    object: Option<ObjectReference>,
) {
    if dictionary.has_duplicate_keys() {
        document.note(Finding::DuplicateKey { owner, object });
    }
}

impl Document {
    /// The signed field with this full name.
    #[must_use]
    pub fn signature(&self, name: &str) -> Option<&SignatureField> {
        self.signatures
            .iter()
            .find(|signature| signature.name.as_deref() == Some(name))
    }
}
