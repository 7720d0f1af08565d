//! Pages and what lies on them.

use super::compare::union;
use super::item::{Item, Known, Out, Owner, Role, Slot, Stage, action};
use super::notes::is_mark;
use super::shelf::Need;
use super::view::View;
use crate::pdf::{Object, ObjectReference};
use crate::vocabulary::ChangeAction::{Added, Changed, Removed};
use crate::vocabulary::ChangeClass::{self, Annotation, Other, PrivateData};
use std::collections::BTreeSet;

/// ISO 32000-2 table 31: what a page has from above where it says nothing itself.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Table 167: of the same size however large the page is seen.
const NO_ZOOM: u64 = 1 << 3;
/// Table 167: drawn beside its rectangle where the page is turned; it may keep its size too.
const UNTURNED: u64 = 1 << 4 | NO_ZOOM;

/// As many areas are compared as fast as one object is.
const COMPARED: usize = 64;

/// Where an annotation is drawn.
#[derive(Clone, Copy)]
enum Area {
    Nowhere,
    In([f64; 4]),
    /// Where cannot be told.
    Anywhere,
}

impl View<'_> {
    /// A node of the page tree, or a page: neither moves, and of a page only the annotations
    /// change.
    pub(super) fn page_tree(&self, item: &Item, old: &Object, new: &Object, out: &mut Out) {
        if !self.is_plain(item, (old, new), out) {
            return;
        }
        self.structure(item, Known::Structure, out);
        let (Object::Dictionary(before), Object::Dictionary(after)) = (old, new) else {
            return self.frozen(Some(old), Some(new), item.path, b"", out);
        };
        let is_page = before.is("Type", "Page") || before.get("Kids").is_none();
        let mut page = None;
        if is_page {
            out.is_page = true;
            page = Some(self.tables.pages.saturating_add(1));
        }
        let owner = out.owner(Owner {
            page,
            ..Owner::default()
        });
        // What is inherited is hidden by null for some readers and not for others.
        for key in INHERITED {
            if before.names(key) != after.names(key) {
                let path = out.below(item.path, key);
                self.change(Other, Changed, path, owner, out);
            }
        }
        self.nulled((Other, owner), (old, new), item.path, out);
        for (key, before, after) in union(old, new) {
            let path = out.below(item.path, key);
            match key {
                // Readers that look for what is inherited go up from here, wherever it leads.
                b"Parent" if before == after && self.is_structure(before) => {}
                // Under no key: what else it is, a note, does not matter here.
                b"Parent" => self.compare((Other, owner), before, after, path, b"", out),
                b"Kids" if !is_page => self.kids(before, after, path, out),
                b"Annots" if is_page => {
                    let slots = (Slot::of(before), Slot::of(after));
                    let role = Role::Annotations { owner };
                    out.push(Stage::Pages, role, slots, path, key);
                }
                b"PieceInfo" | b"LastModified" => {
                    self.compare((PrivateData, owner), before, after, path, key, out);
                }
                _ => self.compare((Other, owner), before, after, path, key, out),
            }
        }
    }

    fn kids(&self, old: Option<&Object>, new: Option<&Object>, path: usize, out: &mut Out) {
        let (Some(Object::Array(before)), Some(Object::Array(after))) = (old, new) else {
            // In an object of its own, which must stay; the pages are then compared as anything.
            return self.frozen(old, new, path, b"Kids", out);
        };
        if before != after {
            return self.change(Other, action(old, new), path, 0, out);
        }
        for (index, kid) in after.iter().enumerate() {
            let path = out.element(path, index);
            let slot = Slot::of(Some(kid));
            if slot.reference().is_some() {
                out.push(
                    Stage::Pages,
                    Role::PageTree,
                    (slot.clone(), slot),
                    path,
                    b"Kids",
                );
            }
        }
    }

    /// The annotations of a page.
    pub(super) fn annotations(
        &self,
        old: &Object,
        new: &Object,
        owner: usize,
        path: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        fn elements(value: &Object) -> Option<&[Object]> {
            match value {
                Object::Null => Some(&[]),
                Object::Array(elements) => Some(elements),
                _ => None,
            }
        }
        let (Some(before), Some(after)) = (elements(old), elements(new)) else {
            self.compare((Other, owner), Some(old), Some(new), path, b"", out);
            return Ok(());
        };
        let references = |values: &[Object]| -> Vec<ObjectReference> {
            values.iter().filter_map(Object::as_reference).collect()
        };
        let (had, has) = (references(before), references(after));
        let (old_set, new_set): (BTreeSet<_>, BTreeSet<_>) =
            (had.iter().copied().collect(), has.iter().copied().collect());
        let (old_as_of, new_as_of) = (self.tables.old, self.tables.new);
        let added = has.iter().filter(|one| !old_set.contains(one));
        let added = added.map(|one| (*one, new_as_of));
        let signed = had.iter().filter(|one| self.becomes(**one).is_some());
        let signed = signed.map(|one| (*one, new_as_of));
        let all = had.iter().map(|one| (*one, old_as_of));
        let all = all.chain(added).chain(signed);
        self.shelf.need_all(self.document, all.clone())?;
        // ISO 32000-2 §12.5.2: what is added to a page or moves on it is seen over what was there.
        let over = out.owner(Owner {
            page: self.tables.owners.get(owner).and_then(|own| own.page),
            is_over: true,
            ..Owner::default()
        });
        let mut places = Vec::new();
        for (reference, as_of) in all {
            let found = self.shelf.object(self.document, reference, as_of)?;
            let found = found.as_ref().and_then(|(found, _)| found.as_dictionary());
            let entries = ["Rect", "F"].map(|key| found?.get(key)?.as_reference());
            places.extend(entries.into_iter().flatten().map(|to| (to, as_of)));
        }
        self.shelf.need_all(self.document, places.into_iter())?;
        // What lies above what is seen.
        let kept = has.iter().filter(|one| old_set.contains(one));
        if !kept.eq(had.iter().filter(|one| new_set.contains(one))) {
            self.change(Annotation, Changed, path, over, out);
        }
        let mut signed = Vec::new();
        let mut areas = Vec::new();
        for (index, value) in before.iter().enumerate() {
            let Some(reference) = value.as_reference() else {
                areas.push(self.area(value, old_as_of, out)?);
                continue;
            };
            let path = out.element(path, index);
            let slot = Slot::Reference(reference);
            let Some(known) = self.old_value(&slot, out)? else {
                continue;
            };
            let area = self.area(&known, old_as_of, out)?;
            areas.push(area);
            if new_set.contains(&reference) {
                if let Some(class) = self.becomes(reference)
                    && matches!(area, Area::Nowhere)
                {
                    signed.push((reference, class, path));
                } else if !self.is_field(reference) {
                    let role = Role::Annotation { owner, over };
                    out.push(Stage::Pages, role, (slot.clone(), slot), path, b"Annots");
                }
            } else if *known != Object::Null {
                let class = if is_mark(&known) { Annotation } else { Other };
                self.change(class, Removed, path, owner, out);
            }
        }
        for (index, reference) in after.iter().enumerate() {
            let Some(reference) = reference.as_reference() else {
                continue;
            };
            if !old_set.contains(&reference) {
                let path = out.element(path, index);
                self.added(reference, &areas, owner, path, out)?;
            }
        }
        // A field that is nowhere until it is signed.
        for (reference, class, path) in signed {
            let Some(new) = self.new_value(&Slot::Reference(reference), out)? else {
                continue;
            };
            let area = self.new_area(&new, out)?;
            if lies_over(area, &areas, &mut out.looked_at) {
                self.change(class, Changed, path, over, out);
            }
        }
        self.direct((before, after), (owner, over), path, out);
        Ok(())
    }

    /// The class of a field that is signed in the new revision only.
    fn becomes(&self, reference: ObjectReference) -> Option<ChangeClass> {
        match self.tables.known.get(&reference.number) {
            Some(Known::Field { becomes }) => *becomes,
            _ => None,
        }
    }

    fn added(
        &self,
        reference: ObjectReference,
        areas: &[Area],
        owner: usize,
        path: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let Some(new) = self.new_value(&Slot::Reference(reference), out)? else {
            return Ok(());
        };
        let area = self.new_area(&new, out)?;
        let known = self.tables.known.get(&reference.number);
        let class = match known {
            Some(Known::Field {
                becomes: Some(class),
            }) => *class,
            None if is_mark(&new) => Annotation,
            _ => Other,
        };
        self.change(class, Added, path, owner, out);
        if class == Annotation {
            // What had this number was something else.
            if !self.is_old(reference) {
                out.known.push((reference.number, Known::Annotation));
            }
            self.vet(&new, path, owner, out);
        }
        let looked_at = &mut out.looked_at;
        if let Some(change) = out.changes.last_mut() {
            change.object = Some(reference.to_string());
            // All but a signature is made to be seen over the page: a note, or a field with words.
            change.overlaps =
                self.becomes(reference).is_none() || lies_over(area, areas, looked_at);
        }
        Ok(())
    }

    /// Where an annotation is drawn in the new revision, however large the page is seen.
    fn new_area(&self, new: &Object, out: &mut Out) -> Result<Area, Need> {
        let flags = self.annotation_flags(new, self.tables.new, out)?;
        Ok(match self.area(new, self.tables.new, out)? {
            // It grows over the page when this is seen smaller.
            Area::In(_) if flags & NO_ZOOM != 0 => Area::Anywhere,
            area => area,
        })
    }

    /// Flags of an annotation (ISO 32000-2 table 167); all of them where they cannot be read.
    fn annotation_flags(&self, of: &Object, as_of: usize, out: &mut Out) -> Result<u64, Need> {
        Ok(match &*self.entry(of, "F", as_of, out)? {
            Object::Null => 0,
            flags => flags.as_unsigned().unwrap_or(u64::MAX),
        })
    }

    /// Where an annotation is drawn.
    fn area(&self, of: &Object, as_of: usize, out: &mut Out) -> Result<Area, Need> {
        let written = self.entry(of, "Rect", as_of, out)?;
        if *written == Object::Null {
            return Ok(Area::Nowhere);
        }
        let Some([left, low, right, high]) = rectangle(&written) else {
            return Ok(Area::Anywhere);
        };
        if left >= right || low >= high {
            return Ok(Area::Nowhere);
        }
        let is_unturned = self.annotation_flags(of, as_of, out)? & UNTURNED != 0;
        // Turned about a corner, it comes no farther than its longer side.
        let around = match is_unturned {
            true => (right - left).max(high - low),
            false => 0.0,
        };
        Ok(Area::In([
            left - around,
            low - around,
            right + around,
            high + around,
        ]))
    }

    /// Annotations that stand in the array itself.
    fn direct(
        &self,
        (old, new): (&[Object], &[Object]),
        (owner, over): (usize, usize),
        path: usize,
        out: &mut Out,
    ) {
        let is_direct = |value: &&Object| value.as_reference().is_none();
        let before: Vec<&Object> = old.iter().filter(is_direct).collect();
        let after: Vec<&Object> = new.iter().filter(is_direct).collect();
        for index in 0..before.len().max(after.len()) {
            let (old, new) = (before.get(index).copied(), after.get(index).copied());
            let are_marks = old.is_none_or(is_mark) && new.is_none_or(is_mark);
            let class = if are_marks { Annotation } else { Other };
            let path = out.element(path, index);
            let owner = if new.is_some() { over } else { owner };
            self.compare((class, owner), old, new, path, b"Annots", out);
        }
    }

    /// Whether a reference leads to a node of the page tree.
    fn is_structure(&self, value: Option<&Object>) -> bool {
        let reference = value.and_then(Object::as_reference);
        let known = reference.and_then(|to| self.tables.known.get(&to.number));
        known == Some(&Known::Structure)
    }

    fn is_field(&self, reference: ObjectReference) -> bool {
        let known = self.tables.known.get(&reference.number);
        matches!(known, Some(Known::Field { .. }))
    }
}

/// ISO 32000-2 §7.9.5: two corners, in any order; as left, low, right, high.
pub(super) fn rectangle(value: &Object) -> Option<[f64; 4]> {
    let numbers: Option<Vec<f64>> = value
        .as_array()?
        .iter()
        .map(|number| match number {
            Object::Integer(whole) => i32::try_from(*whole).ok().map(f64::from),
            Object::Real(real) if real.is_finite() => Some(*real),
            _ => None,
        })
        .collect();
    let &[x, y, u, v] = numbers?.as_slice() else {
        return None;
    };
    Some([x.min(u), y.min(v), x.max(u), y.max(v)])
}

/// Whether an area lies over one of others; looking through many of them for each counts.
fn lies_over(area: Area, others: &[Area], looked_at: &mut usize) -> bool {
    *looked_at = looked_at.saturating_add(others.len() / COMPARED);
    others.iter().any(|other| overlap(area, *other))
}

fn overlap(one: Area, other: Area) -> bool {
    match (one, other) {
        (Area::Nowhere, _) | (_, Area::Nowhere) => false,
        (Area::In(one), Area::In(other)) => {
            one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
        }
        _ => true,
    }
}
