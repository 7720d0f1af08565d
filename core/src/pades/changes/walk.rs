//! The walk through two revisions at once, from the trailer down.

use super::item::{FieldContext, Item, Known, Out, Owner, PathStep, Role, Slot, Stage, action};
use super::shelf::{Need, Shelf};
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::{Definition, Dictionary, Document, Object, ObjectReference};
use crate::signature::{Change, Finding};
use crate::vocabulary::{ChangeAction, ChangeClass, CheckId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Changes kept of one update; an honest one has a few.
const CHANGES: usize = 1_000;
/// Keys by which fields are referred to without being part of what refers.
const BACKWARD: [&[u8]; 11] = [
    b"Obj", b"Fields", b"CO", b"T", b"Kids", b"Parent", b"Annots", b"Popup", b"IRT", b"P", b"D",
];
/// The same of annotations. A note that is a node of a tree too is compared as that node.
const TO_ANNOTATIONS: [&[u8]; 5] = [b"Obj", b"T", b"Annots", b"Popup", b"IRT"];
/// Entries under which something acts.
const ACTING: [&[u8]; 4] = [b"A", b"AA", b"JS", b"OpenAction"];

/// What a step of a walk came to.
pub(super) enum Step {
    More,
    Need(Need),
    Done,
}

/// A place by its numbers, what it is, and whether it is drawn.
type Seen = (Option<ObjectReference>, Option<ObjectReference>, Role, bool);

/// One comparison of a revision with the next.
#[derive(Debug)]
pub(super) struct Walk {
    tables: Tables,
    form: Vec<Item>,
    pages: Vec<Item>,
    rest: Vec<Item>,
    seen: BTreeSet<Seen>,
    changes: Vec<Change>,
    findings: Vec<Finding>,
    has_begun: bool,
}

/// What was learnt on the way.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) old: usize,
    pub(super) new: usize,
    /// Whether everything that is signed so far is a time-stamp of the document.
    pub(super) only_timestamps: bool,
    pub(super) known: BTreeMap<u32, Known>,
    pub(super) owners: Vec<Owner>,
    pub(super) contexts: Vec<FieldContext>,
    paths: Vec<(usize, PathStep)>,
    pub(super) pages: u64,
}

/// What a rule sees.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    pub(super) shelf: &'a Shelf,
    pub(super) tables: &'a Tables,
}

impl Walk {
    pub(super) fn new(document: &Document, old: usize) -> Self {
        let mut signed = document
            .signatures()
            .iter()
            .filter_map(|field| field.dictionary.as_ref().ok())
            .filter(|dictionary| {
                dictionary
                    .signed_revision
                    .is_some_and(|signed| signed <= old)
            });
        let only_timestamps = signed.all(|dictionary| dictionary.is_document_timestamp());
        Self {
            tables: Tables {
                old,
                new: old.saturating_add(1),
                only_timestamps,
                known: BTreeMap::new(),
                owners: vec![Owner::default()],
                contexts: vec![FieldContext::default()],
                paths: vec![(0, PathStep::Key(Arc::from(&b""[..])))],
                pages: 0,
            },
            form: Vec::new(),
            pages: Vec::new(),
            rest: Vec::new(),
            seen: BTreeSet::new(),
            changes: Vec::new(),
            findings: Vec::new(),
            has_begun: false,
        }
    }

    /// Compares the next place.
    pub(super) fn step(
        &mut self,
        document: &Document,
        shelf: &Shelf,
        budget: &mut Budget,
    ) -> Result<Step, Limit> {
        let view = View {
            document,
            shelf,
            tables: &self.tables,
        };
        let stage = match (self.form.last(), self.pages.last(), self.rest.last()) {
            _ if !self.has_begun => {
                let mut out = view.out();
                view.trailer(&mut out);
                view.containers(&mut out);
                self.has_begun = true;
                self.commit(out, budget)?;
                return Ok(Step::More);
            }
            (Some(_), ..) => Stage::Form,
            (_, Some(_), _) => Stage::Pages,
            (_, _, Some(_)) => Stage::Rest,
            _ => return Ok(Step::Done),
        };
        let stack = match stage {
            Stage::Form => &mut self.form,
            Stage::Pages => &mut self.pages,
            Stage::Rest => &mut self.rest,
        };
        let Some(item) = stack.last() else {
            return Ok(Step::Done);
        };
        let (old, new) = (item.old.reference(), item.new.reference());
        let role = match item.role {
            // Whatever a thing that must not change belongs to, it is compared once.
            Role::Any { class, .. } if class == ChangeClass::Other => Role::Any { class, owner: 0 },
            role => role,
        };
        let is_drawn = item.is_drawn;
        let key = (old, new, role, is_drawn);
        let is_numbered = old.is_some() || new.is_some();
        if is_numbered && self.seen.contains(&key) {
            stack.pop();
            return Ok(Step::More);
        }
        let mut out = view.out();
        out.holder = new.or(old);
        match view.run(item, &mut out) {
            Err(need) => return Ok(Step::Need(need)),
            Ok(()) => {
                stack.pop();
            }
        }
        if is_numbered && !out.is_elsewhere {
            self.seen.insert(key);
        }
        for (_, below) in &mut out.items {
            below.is_drawn |= is_drawn;
        }
        self.commit(out, budget)?;
        Ok(Step::More)
    }

    fn commit(&mut self, out: Out, budget: &mut Budget) -> Result<(), Limit> {
        let done = out.items.len().saturating_add(out.looked_at);
        let charge = u64::try_from(done).unwrap_or(u64::MAX);
        budget.charge(Resource::Values, charge.saturating_add(1))?;
        self.tables.paths.extend(out.paths);
        self.tables.owners.extend(out.owners);
        self.tables.contexts.extend(out.contexts);
        self.tables.pages += u64::from(out.is_page);
        for (number, known) in out.known {
            self.tables.known.entry(number).or_insert(known);
        }
        if let Some(object) = out.unreadable {
            let (expected, found) = ("objects that can be read", format!("{object} cannot"));
            let check = CheckId::UnsupportedPdfChanges;
            self.find(Finding::new(check, expected, found));
        }
        if let Some((expected, object)) = out.disputed {
            let found = format!("{object} is not");
            let check = CheckId::ModificationRevisions;
            self.find(Finding::new(check, expected, found));
        }
        if let Some(object) = out.twofold {
            let (expected, found) = ("each key once", format!("a key twice: {object}"));
            self.find(Finding::new(CheckId::FormatDuplicate, expected, found));
        }
        // The first pushed is the first compared.
        for (stage, item) in out.items.into_iter().rev() {
            match stage {
                Stage::Form => self.form.push(item),
                Stage::Pages => self.pages.push(item),
                Stage::Rest => self.rest.push(item),
            }
        }
        for change in out.changes {
            if self.changes.len() >= CHANGES {
                let (expected, found) = ("changes that can be listed", "too many");
                self.find(Finding::new(CheckId::LimitReading, expected, found));
                break;
            }
            self.changes.push(change);
        }
        Ok(())
    }

    fn find(&mut self, finding: Finding) {
        if !self
            .findings
            .iter()
            .any(|known| known.check == finding.check)
        {
            self.findings.push(finding);
        }
    }

    /// The changes, in the order of their paths.
    pub(super) fn take(&mut self) -> (Vec<Change>, Vec<Finding>) {
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_by(|one, other| {
            let key = |change: &Change| (change.path.clone(), change.class, change.action);
            key(one).cmp(&key(other))
        });
        changes.dedup();
        (changes, std::mem::take(&mut self.findings))
    }
}

impl<'a> View<'a> {
    fn out(&self) -> Out {
        Out {
            path_base: self.tables.paths.len(),
            owner_base: self.tables.owners.len(),
            context_base: self.tables.contexts.len(),
            ..Out::default()
        }
    }

    fn run(&self, item: &Item, out: &mut Out) -> Result<(), Need> {
        let Item {
            role,
            old,
            new,
            path,
            ..
        } = item;
        let path = *path;
        match *role {
            Role::Any { class, owner } => {
                return self.any(item, class, owner, out);
            }
            Role::New { owner } => {
                if let Slot::Reference(reference) = new
                    && self.tables.known.contains_key(&reference.number)
                {
                    return Ok(());
                }
                let Some(new) = self.new_value(new, out)? else {
                    return Ok(());
                };
                self.vet(&new, path, owner, out);
                return Ok(());
            }
            _ => {}
        }
        let (Some(before), Some(after)) = (self.old_value(old, out)?, self.new_value(new, out)?)
        else {
            return Ok(());
        };
        let (before, after) = (&*before, &*after);
        match *role {
            Role::Catalog => self.catalog(item, before, after, out),
            Role::Form { is_rendered } => self.form(item, (before, after), is_rendered, out)?,
            Role::Fields { context } => self.fields(before, after, context, path, out),
            Role::Field { context } => self.field(item, before, after, context, out)?,
            Role::NewField { context } => self.new_field(item, after, context, out)?,
            Role::PageTree => self.page_tree(item, before, after, out),
            Role::Annotations { owner } => self.annotations(before, after, owner, path, out)?,
            Role::Annotation { owner, over } => {
                self.annotation(item, (before, after), (owner, over), out);
            }
            Role::FormResources { owner } => self.form_resources(before, after, owner, path, out),
            Role::FormNames { owner } => self.form_names(before, after, owner, path, out),
            Role::Store => self.store(before, after, path, out),
            Role::StoreArray => self.store_array(item, before, after, out),
            Role::StoreValue => {
                if new.reference().is_none() || !matches!(after, Object::Stream(_)) {
                    self.change(ChangeClass::Other, ChangeAction::Added, path, 0, out);
                }
            }
            Role::Vri => self.vri(before, after, path, out),
            Role::VriEntry => self.vri_entry(before, after, path, out),
            Role::Information => self.information(before, after, path, out),
            Role::Metadata => self.metadata(item, before, after, out)?,
            Role::Any { .. } | Role::New { .. } => {}
        }
        Ok(())
    }

    /// The value of a slot in the old revision; `None`, and said so, when it cannot be read.
    pub(super) fn old_value(
        &self,
        slot: &Slot,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        self.value(slot, self.tables.old, out)
    }

    /// The value of a slot in the new revision; `None`, and said so, when it cannot be read.
    pub(super) fn new_value(
        &self,
        slot: &Slot,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        self.value(slot, self.tables.new, out)
    }

    pub(super) fn value(
        &self,
        slot: &Slot,
        as_of: usize,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        match slot {
            Slot::Null => Ok(Some(Arc::new(Object::Null))),
            Slot::Direct(object) => Ok(Some(Arc::clone(object))),
            Slot::Reference(reference) => {
                let found = self.shelf.object(self.document, *reference, as_of)?;
                self.check_generation(*reference, out);
                match &found {
                    // ISO 32000-2 §7.3.10: some readers follow a reference that stands for an
                    // object, some take it for nothing.
                    Some((_, last)) if last != reference && self.is_redefined(*reference) => {
                        out.disputed = Some(("objects that are no references", *reference));
                    }
                    None => out.unreadable = Some(*reference),
                    Some((_, last)) if as_of == self.tables.new && self.is_twofold(*last) => {
                        out.twofold = Some(*last);
                    }
                    Some(_) => {}
                }
                Ok(found.map(|(object, _)| object))
            }
        }
    }

    /// An entry of a dictionary, references followed.
    pub(super) fn entry(
        &self,
        of: &Object,
        key: &str,
        as_of: usize,
        out: &mut Out,
    ) -> Result<Arc<Object>, Need> {
        let entry = of.as_dictionary().and_then(|entries| entries.get(key));
        let value = self.value(&Slot::of(entry), as_of, out)?;
        Ok(value.unwrap_or(Arc::new(Object::Null)))
    }

    /// ISO 32000-2 §7.3.10: a reference to a generation that is not there is null. Many readers take
    /// the object of that number all the same, and show what the update makes of it.
    fn check_generation(&self, reference: ObjectReference, out: &mut Out) {
        let (old, new) = (self.tables.old, self.tables.new);
        let document = self.document;
        if document.definition(reference, new) == Definition::Absent
            && document.has_other_generation(reference, new)
            && document.numbered(reference.number, old) != document.numbered(reference.number, new)
        {
            out.disputed = Some(("references to what is there", reference));
        }
    }

    /// Whether an object that an update defines has a key twice: readers disagree about it.
    fn is_twofold(&self, reference: ObjectReference) -> bool {
        let definition = self.document.definition(reference, self.tables.new);
        self.is_redefined(reference) && self.shelf.is_twofold(reference, definition)
    }

    fn is_redefined(&self, reference: ObjectReference) -> bool {
        let (old, new) = (self.tables.old, self.tables.new);
        self.document.definition(reference, old) != self.document.definition(reference, new)
    }

    /// What a slot refers to last, in a revision.
    fn last(&self, slot: &Slot, as_of: usize) -> Result<Option<ObjectReference>, Need> {
        let Slot::Reference(reference) = slot else {
            return Ok(None);
        };
        let found = self.shelf.object(self.document, *reference, as_of)?;
        Ok(found.map(|(_, last)| last))
    }

    /// Whether a place holds what is no dictionary: a stream under the number of a page or a note
    /// has data too, and is compared with it.
    pub(super) fn is_plain(
        &self,
        item: &Item,
        (old, new): (&Object, &Object),
        out: &mut Out,
    ) -> bool {
        let is_stream = |value: &Object| matches!(value, Object::Stream(_));
        if is_stream(old) || is_stream(new) {
            let role = Role::Any {
                class: ChangeClass::Other,
                owner: 0,
            };
            let slots = (item.old.clone(), item.new.clone());
            out.push(Stage::Rest, role, slots, item.path, b"");
            return false;
        }
        true
    }

    /// A value of which every difference is a change of one class.
    fn any(
        &self,
        item: &Item,
        class: ChangeClass,
        owner: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let tables = self.tables;
        let path = item.path;
        if let (Slot::Reference(old), Slot::Reference(new)) = (&item.old, &item.new)
            && old == new
        {
            if !item.is_drawn && self.is_elsewhere(*old, &item.key) {
                out.is_elsewhere = true;
                return Ok(());
            }
            let definition = self.document.definition(*old, tables.old);
            if definition == self.document.definition(*old, tables.new) {
                if definition == Definition::Absent {
                    self.check_generation(*old, out);
                    return Ok(());
                }
                // The same octets: only what they refer to can be another thing.
                let Some(links) = self.shelf.links(self.document, *old, tables.old)? else {
                    out.unreadable = Some(*old);
                    return Ok(());
                };
                for link in links.iter() {
                    let is_drawn = item.is_drawn || link.is_drawn;
                    if !is_drawn && self.is_elsewhere(link.to, &link.key) {
                        continue;
                    }
                    let below = out.below(path, &link.key);
                    let slots = (Slot::Reference(link.to), Slot::Reference(link.to));
                    out.push(Stage::Rest, item.role, slots, below, &link.key);
                    if let Some((_, below)) = out.items.last_mut() {
                        below.is_drawn |= is_drawn;
                    }
                }
                return Ok(());
            }
        }
        let (Some(old), Some(new)) = (
            self.old_value(&item.old, out)?,
            self.new_value(&item.new, out)?,
        ) else {
            return Ok(());
        };
        if let (Object::Stream(_), Object::Stream(_)) = (&*old, &*new)
            && let (Some(before), Some(after)) = (
                self.last(&item.old, tables.old)?,
                self.last(&item.new, tables.new)?,
            )
        {
            let same =
                self.shelf
                    .same_data(self.document, (before, tables.old), (after, tables.new))?;
            match same {
                Some(true) => {}
                Some(false) => {
                    self.change(class, ChangeAction::Changed, path, owner, out);
                    self.vet_below(class, &new, path, owner, out);
                }
                None => out.unreadable = Some(after),
            }
        }
        self.compare((class, owner), Some(&old), Some(&new), path, &item.key, out);
        Ok(())
    }

    /// Compares two values; references in them are compared later.
    pub(super) fn compare(
        &self,
        (class, owner): (ChangeClass, usize),
        old: Option<&Object>,
        new: Option<&Object>,
        path: usize,
        key: &[u8],
        out: &mut Out,
    ) {
        let is_reference = |value: Option<&Object>| matches!(value, Some(Object::Reference(_)));
        if is_reference(old) || is_reference(new) {
            let slots = (Slot::of(old), Slot::of(new));
            out.push(Stage::Rest, Role::Any { class, owner }, slots, path, key);
            // What is new under another number must not act either.
            if class != ChangeClass::Other && old != new {
                self.vet_below(class, new.unwrap_or(&Object::Null), path, owner, out);
            }
            return;
        }
        match (old.unwrap_or(&Object::Null), new.unwrap_or(&Object::Null)) {
            (Object::Array(before), Object::Array(after)) if before.len() == after.len() => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let path = out.element(path, index);
                    self.compare((class, owner), Some(before), Some(after), path, key, out);
                }
            }
            (before @ Object::Stream(_), after @ Object::Stream(_))
            | (before @ Object::Dictionary(_), after @ Object::Dictionary(_)) => {
                let is_stream = matches!(after, Object::Stream(_));
                for (key, before, after) in union(before, after) {
                    // The length is that of the data, which is compared.
                    if is_stream && key == b"Length" {
                        continue;
                    }
                    let path = out.below(path, key);
                    self.compare((class, owner), before, after, path, key, out);
                    if ACTING.contains(&key) && class != ChangeClass::Other && before != after {
                        self.change(ChangeClass::Other, action(before, after), path, owner, out);
                    }
                }
                self.nulled((class, owner), (before, after), path, out);
            }
            (before, after) if same(before, after, key) => {}
            (before, after) => {
                self.change(class, action(Some(before), Some(after)), path, owner, out);
                self.vet_below(class, after, path, owner, out);
            }
        }
    }

    /// Null where nothing was: for some readers it hides what is inherited, or is a value that they
    /// cannot take (ISO 32000-2 §7.3.7 says that it is nothing).
    pub(super) fn nulled(
        &self,
        (class, owner): (ChangeClass, usize),
        (old, new): (&Object, &Object),
        path: usize,
        out: &mut Out,
    ) {
        let (Some(old), Some(new)) = (old.as_dictionary(), new.as_dictionary()) else {
            return;
        };
        for key in new.nulls().filter(|key| !old.names(key)) {
            let path = out.below(path, key);
            self.change(class, ChangeAction::Added, path, owner, out);
        }
    }

    fn vet_below(
        &self,
        class: ChangeClass,
        new: &Object,
        path: usize,
        owner: usize,
        out: &mut Out,
    ) {
        if class != ChangeClass::Other {
            self.vet(new, path, owner, out);
        }
    }

    /// Nothing that acts may come in with what is new.
    pub(super) fn vet(&self, new: &Object, path: usize, owner: usize, out: &mut Out) {
        match new {
            Object::Reference(_) => {
                let slots = (Slot::Null, Slot::of(Some(new)));
                out.push(Stage::Rest, Role::New { owner }, slots, path, b"");
            }
            Object::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    if is_compound(element) {
                        let path = out.element(path, index);
                        self.vet(element, path, owner, out);
                    }
                }
            }
            Object::Dictionary(_) | Object::Stream(_) => {
                for (key, _, value) in union(&Object::Null, new) {
                    let Some(value) = value else { continue };
                    if ACTING.contains(&key) {
                        let path = out.below(path, key);
                        self.change(ChangeClass::Other, ChangeAction::Added, path, owner, out);
                    } else if is_compound(value) {
                        let path = out.below(path, key);
                        self.vet(value, path, owner, out);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a reference leads to what is compared as something else. Not asked of what is drawn.
    fn is_elsewhere(&self, to: ObjectReference, key: &[u8]) -> bool {
        match self.tables.known.get(&to.number) {
            // ISO 32000-2 table 256.
            Some(Known::Root) => key == b"Data",
            Some(Known::Structure) => true,
            Some(Known::Field { .. }) => BACKWARD.contains(&key),
            Some(Known::Annotation) => TO_ANNOTATIONS.contains(&key),
            None => false,
        }
    }

    pub(super) fn change(
        &self,
        class: ChangeClass,
        action: ChangeAction,
        path: usize,
        owner: usize,
        out: &mut Out,
    ) {
        let owners = &self.tables.owners;
        let owner = match owner.checked_sub(owners.len()) {
            Some(own) => out.owners.get(own),
            None => owners.get(owner),
        };
        let owner = owner.cloned().unwrap_or_default();
        let change = Change {
            class,
            action,
            path: self.path(path, out),
            object: out.holder.map(|holder| holder.to_string()),
            field: owner.field.map(|name| name.to_string()),
            page: owner.page,
            overlaps: owner.is_over,
            is_of_any_field: owner.is_any_field,
        };
        out.changes.push(change);
    }

    /// A path in words, at most as long as a line of a report.
    fn path(&self, mut path: usize, out: &Out) -> String {
        const LONGEST: usize = 64;
        let paths = &self.tables.paths;
        let mut steps = Vec::new();
        while path > 0 && steps.len() < LONGEST {
            let step = match path.checked_sub(paths.len()) {
                Some(own) => out.paths.get(own),
                None => paths.get(path),
            };
            let Some((above, step)) = step else { break };
            steps.push(match step {
                PathStep::Key(key) => String::from_utf8_lossy(key).into_owned(),
                PathStep::Index(index) => index.to_string(),
            });
            path = *above;
        }
        let mut text = String::new();
        for step in steps.iter().rev() {
            text.push('/');
            text.push_str(step);
        }
        text
    }
}

fn is_compound(value: &Object) -> bool {
    matches!(
        value,
        Object::Reference(_) | Object::Array(_) | Object::Dictionary(_) | Object::Stream(_)
    )
}

/// Keys of which every reader takes a whole number and a real one alike: coordinates and widths.
const MEASURED: [&[u8]; 9] = [
    b"Rect",
    b"BBox",
    b"Matrix",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Widths",
];

/// Whether two values without parts are the same. Where a count or flags are wanted, some readers
/// take 1.0 for nothing.
fn same(old: &Object, new: &Object, key: &[u8]) -> bool {
    match (old, new) {
        (Object::Integer(whole), Object::Real(real))
        | (Object::Real(real), Object::Integer(whole))
            if MEASURED.contains(&key) =>
        {
            i32::try_from(*whole).is_ok_and(|whole| f64::from(whole).total_cmp(real).is_eq())
        }
        _ => old == new,
    }
}

/// The keys of two dictionaries with both values, in the order of the keys. A value that is null is
/// none.
pub(super) fn union<'o>(
    old: &'o Object,
    new: &'o Object,
) -> impl Iterator<Item = (&'o [u8], Option<&'o Object>, Option<&'o Object>)> {
    let mut keys: BTreeMap<&[u8], (Option<&Object>, Option<&Object>)> = BTreeMap::new();
    let entries = |of: &'o Object| {
        let dictionary: Option<&'o Dictionary> = of.as_dictionary();
        dictionary
            .into_iter()
            .flat_map(Dictionary::iter)
            .filter(|(_, value)| **value != Object::Null)
    };
    for (key, value) in entries(old) {
        keys.entry(key).or_default().0 = Some(value);
    }
    for (key, value) in entries(new) {
        keys.entry(key).or_default().1 = Some(value);
    }
    keys.into_iter().map(|(key, (old, new))| (key, old, new))
}
