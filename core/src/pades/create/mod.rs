//! What a new signature, document time-stamp or security store appends to a PDF.
//!
//! Everything is an incremental update: new objects, and new versions of the few that must lead to
//! them (catalog, form, page). A signature stands in its update as a hole of zeros; the octets
//! around the hole are what is signed.
//!
//! # Standard
//! EN 319 142-1 §5.3, §5.4, §6.3; ISO 32000-2 §12.7.5.5, §12.8.

use super::appearance::{self, Appearance};
use super::page::{Page, quarters, rectangle};
use super::update::{SignedUpdate, Writer};
use crate::error::{ApiMisuse, InputError, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::pdf::{Dictionary, Document, Finding, Lock, Object, ObjectReference, Password};
use crate::signature::ValidationData;
use crate::source::{Source, Stop};
use crate::time::UnixTime;
use std::sync::Arc;

mod locking;
mod showing;

pub use locking::FieldLock;

/// The longest way down a page tree.
const PAGE_DEPTH: usize = 64;
/// Flags of an invisible field: printed and locked, which PDF/A wants (ISO 32000-2 §12.5.3).
const WIDGET_FLAGS: i64 = 4 | 128;

/// What may be changed after a certification (ISO 32000-2 §12.8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certification {
    /// Nothing but validation data and document time-stamps.
    NoChanges,
    /// Filling in forms and signing.
    FormFilling,
    /// The same, and annotations.
    Annotations,
}

impl Certification {
    fn permission(self) -> i64 {
        match self {
            Self::NoChanges => 1,
            Self::FormFilling => 2,
            Self::Annotations => 3,
        }
    }
}

/// What a signature dictionary says beside the signature; every member may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfParameters {
    /// The field to sign: an unsigned one of this name, else a new one; by default a new one.
    pub field: Option<String>,
    /// Why it was signed.
    pub reason: Option<String>,
    /// Where it was signed.
    pub location: Option<String>,
    /// How the signer can be reached.
    pub contact: Option<String>,
    /// The signer's name.
    pub signer_name: Option<String>,
    /// Makes the signature a certification, which must be the first of the document.
    pub certification: Option<Certification>,
    /// What is locked: fields that are not to be filled in after the signature. A field that is there
    /// may have its own lock, which then counts, and no other.
    pub lock: Option<FieldLock>,
    /// What the signature looks like; by default it is invisible.
    pub appearance: Option<Appearance>,
    /// What opens an encrypted document, where the empty password does not.
    pub password: Option<Password>,
}

/// What is appended.
#[derive(Clone, Debug)]
pub enum Addition {
    /// A signature.
    Signature {
        /// What its dictionary says.
        parameters: Box<PdfParameters>,
        /// The claimed signing time.
        claimed_signing_time: UnixTime,
        /// Octets that the message will have at most.
        room: u64,
    },
    /// A document time-stamp.
    Timestamp {
        /// Octets that the token will have at most.
        room: u64,
    },
    /// Validation data.
    Store(ValidationData),
}

/// Plans an update of the newest revision. Reads what it needs anew at each call.
///
/// # Errors
/// [`Stop::NotHere`] when pages are missing: call again when they have come. [`Unsupported`] for a
/// certification that allows no signature, for a field that demands what is not implemented, and for
/// a lock of a field that is not there or has its own; [`Malformed`] for a document whose catalog,
/// form or pages cannot be read, or can be read in two ways.
///
/// # Standard
/// EN 319 142-1 §5.3, §5.4.
pub fn plan(
    document: &mut Document,
    addition: &Addition,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<SignedUpdate, Stop> {
    let mut spent = budget.clone();
    let mut planner = Planner::new(document, source, &mut spent)?;
    let planned = match addition {
        Addition::Signature {
            parameters,
            claimed_signing_time,
            room,
        } => planner.signature(parameters, *claimed_signing_time, *room),
        Addition::Timestamp { room } => planner.timestamp(*room),
        Addition::Store(data) => planner.store(data),
    };
    if !matches!(planned, Err(Stop::NotHere)) {
        *budget = spent;
    }
    planned
}

struct Planner<'a> {
    document: &'a mut Document,
    source: &'a mut Source,
    budget: &'a mut Budget,
    writer: Writer,
    root: ObjectReference,
    catalog: Dictionary,
    /// The catalog as it was.
    original: Dictionary,
}

/// A field that is there and unsigned.
struct Field {
    reference: ObjectReference,
    dictionary: Dictionary,
    lock: Option<Dictionary>,
    /// Its widgets, where they are objects of their own.
    widgets: Vec<(ObjectReference, Dictionary)>,
}

/// A form field that is still to be looked at, and the name above it.
type Waiting = (Object, Option<Arc<str>>, bool);

impl<'a> Planner<'a> {
    fn new(
        document: &'a mut Document,
        source: &'a mut Source,
        budget: &'a mut Budget,
    ) -> Result<Self, Stop> {
        // What two readers see differently is not signed: they would differ about what was. The end
        // of a file that leads nowhere is mended by the update, whose own end leads to it.
        let is_signed = !document.signatures().is_empty();
        let is_mended =
            |found: &Finding| matches!(found, Finding::StartxrefRepaired { .. }) && !is_signed;
        let mut findings = document.findings().iter();
        if let Some(found) = findings.find(|found| found.is_ambiguous() && !is_mended(found)) {
            let otherwise = || Malformed::within(MalformedKind::PdfCrossReference, "document");
            return Err(found.malformed("document").unwrap_or_else(otherwise).into());
        }
        let length = document.length();
        let last = source.read(length.saturating_sub(1)..length)?;
        let ends_in_line = matches!(*last, [b'\n' | b'\r']);
        let writer = Writer::new(document, ends_in_line)?;
        let root = document
            .trailer()
            .get("Root")
            .and_then(Object::as_reference);
        let root = root.ok_or_else(|| Malformed::within(MalformedKind::PdfTrailer, "Root"))?;
        let mut planner = Self {
            document,
            source,
            budget,
            writer,
            root,
            catalog: Dictionary::default(),
            original: Dictionary::default(),
        };
        planner.original = planner.dictionary(root, "catalog")?;
        planner.catalog = planner.original.clone();
        Ok(planner)
    }

    /// An object as of the newest revision.
    fn object(&mut self, reference: ObjectReference) -> Result<Object, Stop> {
        let newest = self.document.newest();
        let (object, _) = self
            .document
            .object(reference, newest, self.source, self.budget)?;
        Ok(object)
    }

    fn resolve(&mut self, object: &Object) -> Result<Object, Stop> {
        let newest = self.document.newest();
        self.document
            .resolve(object, newest, self.source, self.budget)
    }

    /// A dictionary that is to be written anew: what two readers read differently is not.
    fn dictionary(
        &mut self,
        reference: ObjectReference,
        what: &'static str,
    ) -> Result<Dictionary, Stop> {
        match self.object(reference)? {
            Object::Dictionary(dictionary) if !dictionary.has_duplicate_keys() => Ok(dictionary),
            _ => Err(Malformed::within(MalformedKind::PdfObject, what).into()),
        }
    }

    /// A member of a dictionary that is a dictionary itself: where it stands, and what it is.
    fn member(
        &mut self,
        owner: &Dictionary,
        key: &'static str,
    ) -> Result<(Option<ObjectReference>, Dictionary), Stop> {
        let wrong = || Malformed::within(MalformedKind::PdfObject, key);
        match owner.get(key) {
            None => Ok((None, Dictionary::default())),
            Some(Object::Reference(reference)) => {
                let reference = *reference;
                Ok((Some(reference), self.dictionary(reference, key)?))
            }
            Some(Object::Dictionary(own)) if !own.has_duplicate_keys() => Ok((None, own.clone())),
            Some(_) => Err(wrong().into()),
        }
    }

    /// Adds elements to an array that is a member of a dictionary; an array that is an object of
    /// its own is written anew, and the dictionary stays as it is.
    fn append(
        &mut self,
        owner: &mut Dictionary,
        key: &'static str,
        new: Vec<Object>,
    ) -> Result<(), Stop> {
        let value = owner.get(key).cloned().unwrap_or(Object::Array(Vec::new()));
        let reference = value.as_reference();
        let Object::Array(mut elements) = self.resolve(&value)? else {
            return Err(Malformed::within(MalformedKind::PdfObject, key).into());
        };
        elements.extend(new);
        match reference {
            Some(reference) => self
                .writer
                .update
                .write(reference, &Object::Array(elements)),
            None => owner.set(key, Object::Array(elements)),
        }
        Ok(())
    }

    fn signature(
        &mut self,
        parameters: &PdfParameters,
        claimed_signing_time: UnixTime,
        room: u64,
    ) -> Result<SignedUpdate, Stop> {
        let name = match &parameters.field {
            Some(name) => name.clone(),
            None => self.free_name()?,
        };
        self.check_permission(&name)?;
        if parameters.certification.is_some() && !self.document.signatures().is_empty() {
            // ISO 32000-2 §12.8.2.2: the first signature, or none.
            return Err(InputError::NotFirst.into());
        }
        let mut dictionary = Dictionary::default();
        dictionary.set("Type", Object::name("Sig"));
        dictionary.set("Filter", Object::name("Adobe.PPKLite"));
        dictionary.set("SubFilter", Object::name("ETSI.CAdES.detached"));
        dictionary.set("M", Object::date(claimed_signing_time));
        for (key, text) in [
            ("Reason", &parameters.reason),
            ("Location", &parameters.location),
            ("ContactInfo", &parameters.contact),
            ("Name", &parameters.signer_name),
        ] {
            if let Some(text) = text {
                dictionary.set(key, Object::text(text));
            }
        }
        let found = match &parameters.field {
            Some(name) => self.field(name, parameters.certification)?,
            None => None,
        };
        let mut transforms = Vec::new();
        if let Some(certification) = parameters.certification {
            let mut values = transform_parameters();
            values.set("P", Object::Integer(certification.permission()));
            transforms.push(transform("DocMDP", values));
        }
        let lock = self.lock(found.as_ref(), parameters.lock.as_ref(), &name)?;
        if let Some(lock) = &lock {
            transforms.push(self.locking(lock)?);
        }
        if !transforms.is_empty() {
            let transforms = transforms.into_iter().map(Object::Dictionary);
            dictionary.set("Reference", Object::Array(transforms.collect()));
        }
        let value = self.writer.update.allocate()?;
        match found {
            Some(mut field) => {
                let before = field.widgets.clone();
                match &parameters.appearance {
                    Some(appearance) => self.show_in(&mut field, appearance)?,
                    None => self.hide_in(&mut field)?,
                }
                for ((reference, widget), (_, before)) in field.widgets.into_iter().zip(before) {
                    if widget != before {
                        let widget = Object::Dictionary(widget);
                        self.writer.update.write(reference, &widget);
                    }
                }
                field.dictionary.set("V", Object::Reference(value));
                self.writer
                    .update
                    .write(field.reference, &Object::Dictionary(field.dictionary));
                self.set_signature_flags()?;
            }
            None => self.new_field(&name, value, parameters.appearance.as_ref(), lock)?,
        }
        if parameters.certification.is_some() {
            let catalog = self.catalog.clone();
            let (reference, mut permissions) = self.member(&catalog, "Perms")?;
            permissions.set("DocMDP", Object::Reference(value));
            let permissions = Object::Dictionary(permissions);
            match reference {
                Some(reference) => self.writer.update.write(reference, &permissions),
                None => self.catalog.set("Perms", permissions),
            }
        }
        self.finish(Some((value, dictionary, room)))
    }

    /// EN 319 142-1 §5.4.3.
    fn timestamp(&mut self, room: u64) -> Result<SignedUpdate, Stop> {
        let mut dictionary = Dictionary::default();
        dictionary.set("Type", Object::name("DocTimeStamp"));
        dictionary.set("Filter", Object::name("Adobe.PPKLite"));
        dictionary.set("SubFilter", Object::name("ETSI.RFC3161"));
        let value = self.writer.update.allocate()?;
        let name = self.free_name()?;
        self.new_field(&name, value, None, None)?;
        self.finish(Some((value, dictionary, room)))
    }

    /// EN 319 142-1 §5.4.2.2. No VRI is written: it should not be used (§6.3 (v)).
    fn store(&mut self, data: &ValidationData) -> Result<SignedUpdate, Stop> {
        let catalog = self.catalog.clone();
        let (reference, mut store) = self.member(&catalog, "DSS")?;
        store.set("Type", Object::name("DSS"));
        let known = self.document.security_store().clone();
        let kinds = [
            ("Certs", &data.certificates, &known.certificates),
            ("OCSPs", &data.ocsps, &known.ocsps),
            ("CRLs", &data.crls, &known.crls),
        ];
        for (key, values, known) in kinds {
            let mut new = Vec::new();
            for octets in values {
                // EN 319 142-1 §6.3 (s): nothing twice.
                if known.iter().any(|stored| stored.octets == *octets) {
                    continue;
                }
                let stream = self.writer.update.allocate()?;
                self.writer.update.write_stream(stream, octets);
                new.push(Object::Reference(stream));
            }
            if !new.is_empty() {
                self.append(&mut store, key, new)?;
            }
        }
        let store = Object::Dictionary(store);
        let reference = match reference {
            Some(reference) => reference,
            None => {
                let reference = self.writer.update.allocate()?;
                self.catalog.set("DSS", Object::Reference(reference));
                reference
            }
        };
        self.writer.update.write(reference, &store);
        self.finish(None)
    }

    fn finish(
        &mut self,
        signed: Option<(ObjectReference, Dictionary, u64)>,
    ) -> Result<SignedUpdate, Stop> {
        if self.catalog != self.original {
            let catalog = Object::Dictionary(std::mem::take(&mut self.catalog));
            self.writer.update.write(self.root, &catalog);
        }
        Ok(self.writer.finish(signed)?)
    }

    /// ISO 32000-2 §12.8.2.2.2, §12.8.2.4: what signatures that are there allow.
    fn check_permission(&self, name: &str) -> Result<(), InputError> {
        for field in self.document.signatures() {
            let Ok(dictionary) = &field.dictionary else {
                continue;
            };
            let locks = dictionary.transforms.iter().map(|one| &one.parameters);
            if locks.chain(&field.lock).any(|lock| forbids(lock, name)) {
                return Err(InputError::Forbidden);
            }
        }
        Ok(())
    }

    /// The form, where it stands, and its fields.
    fn form(&mut self) -> Result<(Option<ObjectReference>, Dictionary), Stop> {
        let catalog = self.catalog.clone();
        self.member(&catalog, "AcroForm")
    }

    fn put_form(&mut self, reference: Option<ObjectReference>, form: Dictionary) {
        let form = Object::Dictionary(form);
        match reference {
            Some(reference) => self.writer.update.write(reference, &form),
            None => self.catalog.set("AcroForm", form),
        }
    }

    /// ISO 32000-2 §12.7.3, SigFlags: there are signatures, and the file is only appended to.
    fn set_signature_flags(&mut self) -> Result<(), Stop> {
        let (reference, mut form) = self.form()?;
        let flags = signature_flags(&form);
        if form.get("SigFlags") != Some(&flags) {
            form.set("SigFlags", flags);
            self.put_form(reference, form);
        }
        Ok(())
    }

    /// An unsigned signature field by its full name; none when no field has the name.
    fn field(
        &mut self,
        name: &str,
        certification: Option<Certification>,
    ) -> Result<Option<Field>, Stop> {
        let (_, form) = self.form()?;
        let fields = form.get("Fields").cloned().unwrap_or(Object::Null);
        let Object::Array(fields) = self.resolve(&fields)? else {
            return Ok(None);
        };
        let mut waiting: Vec<Waiting> = fields.into_iter().map(|one| (one, None, false)).collect();
        let mut seen = std::collections::BTreeSet::new();
        while let Some((object, above, is_signature)) = waiting.pop() {
            let Some(reference) = object.as_reference() else {
                continue;
            };
            if !seen.insert(reference) {
                continue;
            }
            let Object::Dictionary(dictionary) = self.object(reference)? else {
                continue;
            };
            let own = dictionary.get("T").and_then(Object::as_string);
            let own = own.map(|own| crate::pdf::text(&own.octets));
            let full: Option<Arc<str>> = match (&above, &own) {
                (Some(above), Some(own)) => Some(format!("{above}.{own}").into()),
                (None, Some(own)) => Some(own.as_str().into()),
                (above, None) => above.clone(),
            };
            let is_signature = match dictionary.name("FT") {
                Some(kind) => kind == b"Sig",
                None => is_signature,
            };
            if own.is_some() && full.as_deref() == Some(name) {
                let found = self.unsigned(reference, dictionary, is_signature)?;
                self.check_demands(&found, certification)?;
                return Ok(Some(found));
            }
            let kids = dictionary.get("Kids").cloned().unwrap_or(Object::Null);
            if let Object::Array(kids) = self.resolve(&kids)? {
                waiting.extend(
                    kids.into_iter()
                        .map(|kid| (kid, full.clone(), is_signature)),
                );
            }
        }
        Ok(None)
    }

    fn unsigned(
        &mut self,
        reference: ObjectReference,
        dictionary: Dictionary,
        is_signature: bool,
    ) -> Result<Field, Stop> {
        if !is_signature || dictionary.get("V").is_some() {
            return Err(InputError::FieldTaken.into());
        }
        if dictionary.has_duplicate_keys() {
            return Err(Malformed::within(MalformedKind::PdfObject, "field").into());
        }
        let lock = match dictionary.get("Lock") {
            Some(_) => Some(self.member(&dictionary, "Lock")?.1),
            None => None,
        };
        let widgets = self.widgets_of(&dictionary)?;
        Ok(Field {
            reference,
            dictionary,
            lock,
            widgets,
        })
    }

    /// ISO 32000-2 §12.7.5.5: what the author of the form demands of the signature. Proposals bind
    /// nobody; of demands only the certification is one that can be kept here.
    fn check_demands(
        &mut self,
        field: &Field,
        certification: Option<Certification>,
    ) -> Result<(), Stop> {
        let flags = |of: &Dictionary| of.get("Ff").map_or(Some(0), Object::as_unsigned);
        let (_, seed) = self.member(&field.dictionary, "SV")?;
        let mut demands = flags(&seed) != Some(0);
        for part in ["Cert", "TimeStamp"] {
            demands |= flags(&self.member(&seed, part)?.1) != Some(0);
        }
        if seed.get("MDP").is_some() {
            let permission = certification.map_or(0, Certification::permission);
            let (_, wanted) = self.member(&seed, "MDP")?;
            demands |= wanted.get("P") != Some(&Object::Integer(permission));
        }
        if demands {
            return Err(Unsupported::Feature("a field with seed values").into());
        }
        Ok(())
    }

    /// A new field, invisible on the first page or as wanted.
    fn new_field(
        &mut self,
        name: &str,
        value: ObjectReference,
        shown: Option<&Appearance>,
        lock: Option<Dictionary>,
    ) -> Result<(), Stop> {
        let (form_reference, mut form) = self.form()?;
        if name.is_empty() || name.contains('.') {
            return Err(Unsupported::Feature("a new field inside another").into());
        }
        let number = shown.map_or(1, |appearance| appearance.page);
        let page = self.page(number)?;
        let page_reference = page.reference;
        let field = self.writer.update.allocate()?;
        let mut widget = Dictionary::default();
        widget.set("Type", Object::name("Annot"));
        widget.set("Subtype", Object::name("Widget"));
        widget.set("FT", Object::name("Sig"));
        widget.set("T", Object::text(name));
        widget.set("V", Object::Reference(value));
        widget.set("F", Object::Integer(WIDGET_FLAGS));
        if let Some(lock) = lock {
            // ISO 32000-2 table 235: an object of its own.
            let reference = self.writer.update.allocate()?;
            self.writer
                .update
                .write(reference, &Object::Dictionary(lock));
            widget.set("Lock", Object::Reference(reference));
        }
        let area = match shown {
            Some(appearance) => {
                let area = page.area(appearance.area)?;
                let turn = quarters(page.rotation.as_ref())?;
                self.show(appearance, area, turn, &mut widget)?;
                widget.set("TU", showing::spoken(appearance));
                area
            }
            None => {
                self.hide(&mut widget)?;
                [0; 4]
            }
        };
        let corners = area.map(appearance::hundredths);
        widget.set("Rect", Object::Array(corners.into()));
        widget.set("P", Object::Reference(page_reference));
        self.writer.update.write(field, &Object::Dictionary(widget));

        self.append(&mut form, "Fields", vec![Object::Reference(field)])?;
        form.set("SigFlags", signature_flags(&form));
        self.put_form(form_reference, form);

        let mut page = self.dictionary(page_reference, "page")?;
        let before = page.clone();
        self.append(&mut page, "Annots", vec![Object::Reference(field)])?;
        if page != before {
            self.writer
                .update
                .write(page_reference, &Object::Dictionary(page));
        }
        Ok(())
    }

    /// `Signature1`, or the next number that no field of the form has.
    fn free_name(&mut self) -> Result<String, Stop> {
        let (_, form) = self.form()?;
        let fields = form.get("Fields").cloned().unwrap_or(Object::Null);
        let mut names = std::collections::BTreeSet::new();
        if let Object::Array(fields) = self.resolve(&fields)? {
            for field in fields {
                if let Object::Dictionary(field) = self.resolve(&field)?
                    && let Some(name) = field.get("T").and_then(Object::as_string)
                {
                    names.insert(crate::pdf::text(&name.octets));
                }
            }
        }
        let mut names_to_try = (1_u64..).map(|number| format!("Signature{number}"));
        let free = names_to_try.find(|name| !names.contains(name));
        Ok(free.unwrap_or_default())
    }

    /// A page by its number, from 1.
    fn page(&mut self, number: u32) -> Result<Page, Stop> {
        let wrong = || Malformed::within(MalformedKind::PdfObject, "page tree");
        let pages = self.catalog.get("Pages").and_then(Object::as_reference);
        let mut page = Page {
            reference: pages.ok_or_else(wrong)?,
            rotation: None,
            media_box: None,
        };
        // Pages to pass over.
        let mut before = u64::from(
            number
                .checked_sub(1)
                .ok_or(ApiMisuse::ContradictoryParameters)?,
        );
        for _ in 0..PAGE_DEPTH {
            let Object::Dictionary(node) = self.object(page.reference)? else {
                return Err(wrong().into());
            };
            // ISO 32000-2 §7.7.3.4: inherited by what is below.
            for key in ["MediaBox", "CropBox"] {
                if let Some(value) = node.get(key) {
                    page.media_box = rectangle(Some(&self.resolve(&value.clone())?)).ok();
                }
            }
            if let Some(value) = node.get("Rotate") {
                page.rotation = Some(self.resolve(&value.clone())?);
            }
            let Some(kids) = node.get("Kids") else {
                return Ok(page);
            };
            let Object::Array(kids) = self.resolve(&kids.clone())? else {
                return Err(wrong().into());
            };
            let mut below = None;
            for kid in kids {
                let kid = kid.as_reference().ok_or_else(wrong)?;
                let Object::Dictionary(own) = self.object(kid)? else {
                    return Err(wrong().into());
                };
                let count = match own.get("Kids") {
                    Some(_) => own
                        .get("Count")
                        .and_then(Object::as_unsigned)
                        .ok_or_else(wrong)?,
                    None => 1,
                };
                if before < count {
                    below = Some(kid);
                    break;
                }
                before -= count;
            }
            page.reference = below.ok_or(InputError::PageMissing)?;
        }
        Err(wrong().into())
    }
}

/// Whether a signature that is there forbids to sign a field. A lock of all fields but some holds
/// for new ones too; a name covers what is below it.
fn forbids(lock: &Lock, name: &str) -> bool {
    let is_listed = lock.fields.iter().any(|listed| {
        let below = name.strip_prefix(listed.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
    });
    let is_locked = match lock.action.as_deref() {
        Some("All") => true,
        Some("Include") => is_listed,
        Some("Exclude") => !is_listed,
        Some(_) => true,
        None => false,
    };
    is_locked || lock.permission == Some(1)
}

fn signature_flags(form: &Dictionary) -> Object {
    let flags = match form.get("SigFlags") {
        Some(Object::Integer(flags)) => *flags,
        _ => 0,
    };
    Object::Integer(flags | 3)
}

fn transform_parameters() -> Dictionary {
    let mut parameters = Dictionary::default();
    parameters.set("Type", Object::name("TransformParams"));
    parameters.set("V", Object::name("1.2"));
    parameters
}

/// A signature reference dictionary, ISO 32000-2 §12.8.1, table 256.
fn transform(method: &str, parameters: Dictionary) -> Dictionary {
    let mut reference = Dictionary::default();
    reference.set("Type", Object::name("SigRef"));
    reference.set("TransformMethod", Object::name(method));
    reference.set("TransformParams", Object::Dictionary(parameters));
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(action: &str, fields: &[&str], permission: Option<i64>) -> Lock {
        Lock {
            action: Some(action.to_owned()),
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
            permission,
        }
    }

    #[test]
    fn a_lock_holds_for_what_it_names_and_below() {
        assert!(forbids(&lock("All", &[], None), "a"));
        assert!(forbids(&lock("Include", &["a"], None), "a"));
        assert!(forbids(&lock("Include", &["a"], None), "a.b"));
        assert!(!forbids(&lock("Include", &["a"], None), "ab"));
        assert!(!forbids(&lock("Include", &["a.b"], None), "a"));
        assert!(forbids(&lock("Exclude", &["a"], None), "new"));
        assert!(!forbids(&lock("Exclude", &["a"], None), "a.b"));
        assert!(!forbids(&lock("Include", &[], Some(2)), "a"));
        assert!(forbids(&lock("Include", &[], Some(1)), "a"));
    }
}
