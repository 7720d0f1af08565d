//! The walk through two revisions at once, from the trailer down.

use super::item::{FieldContext, Item, Out, Owner, PathStep, Role, Slot, Stage};
use super::shelf::{Need, Shelf};
use super::view::{Tables, View};
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::{Document, Object, ObjectReference};
use crate::signature::{Change, Finding};
use crate::vocabulary::{ChangeAction, ChangeClass, CheckId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Changes kept of one update. A form that is filled in has two for each of its fields.
const CHANGES: usize = 5_000;
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
                places: BTreeMap::new(),
                same: BTreeSet::new(),
                smallest: None,
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
        self.tables.same.extend(out.same);
        for (number, area) in out.places {
            let known = match number {
                Some(number) => self.tables.places.entry(number).or_insert(area),
                None => self.tables.smallest.get_or_insert(area),
            };
            *known = known.min(area);
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

impl View<'_> {
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
            Role::Places => self.places(after, out)?,
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
}
