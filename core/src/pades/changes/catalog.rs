//! Trailer and catalog: where everything begins.

use super::compare::union;
use super::item::{Item, Known, Out, Role, Slot, Stage, action};
use super::view::View;
use crate::pdf::{Object, ObjectReference};
use crate::vocabulary::ChangeClass::{self, FormFilling, LongTermData, Other, PrivateData};

impl View<'_> {
    /// The trailers of both revisions.
    pub(super) fn trailer(&self, out: &mut Out) {
        let of = |index: usize| {
            let revision = self.document.revisions().get(index);
            revision.map_or(Object::Null, |revision| {
                Object::Dictionary(revision.trailer.clone())
            })
        };
        let (old, new) = (of(self.tables.old), of(self.tables.new));
        let is_encrypted = old
            .as_dictionary()
            .is_some_and(|trailer| trailer.get("Encrypt").is_some());
        for (key, before, after) in union(&old, &new) {
            let path = out.below(0, key);
            let slots = (Slot::of(before), Slot::of(after));
            match key {
                // What describes the section itself, and a checksum and a code over the file.
                b"Size" | b"Prev" | b"XRefStm" | b"Index" | b"W" | b"Length" | b"Filter"
                | b"DecodeParms" | b"Type" | b"DocChecksum" | b"AuthCode" => {}
                b"Root" if before == after => {
                    out.push(Stage::Form, Role::Catalog, slots, path, key);
                }
                b"Root" => self.change(Other, action(before, after), path, 0, out),
                b"Info" => out.push(Stage::Rest, Role::Information, slots, path, key),
                b"ID" => {
                    let first = |value: Option<&Object>| {
                        let elements = value.and_then(Object::as_array);
                        elements.and_then(|elements| elements.first()).cloned()
                    };
                    let (one, other) = (first(before), first(after));
                    // The key of an encrypted document is made from it.
                    let is_bound = is_encrypted || (one.is_some() && other.is_some());
                    if is_bound && one != other {
                        self.change(Other, action(before, after), path, 0, out);
                    }
                }
                _ => self.compare((Other, 0), before, after, path, key, out),
            }
        }
    }

    /// Objects in streams are what those streams are: their lengths, which stand elsewhere, too.
    pub(super) fn containers(&self, out: &mut Out) {
        let containers = self.document.containers(self.tables.old);
        out.looked_at = containers.len();
        for number in containers {
            let reference = ObjectReference {
                number,
                generation: 0,
            };
            let slot = Slot::Reference(reference);
            let role = Role::Any {
                class: Other,
                owner: 0,
            };
            let path = out.below(0, b"ObjStm");
            out.push(Stage::Rest, role, (slot.clone(), slot), path, b"");
        }
    }

    pub(super) fn catalog(&self, item: &Item, old: &Object, new: &Object, out: &mut Out) {
        self.structure(item, Known::Root, out);
        // ISO 32000-2 table 29: the pages are made of the form when the document is opened.
        let is_rendered = [old, new].iter().any(|catalog| {
            let entries = catalog.as_dictionary();
            let needs = entries.and_then(|entries| entries.get("NeedsRendering"));
            !matches!(needs, None | Some(Object::Null | Object::Boolean(false)))
        });
        for (key, before, after) in union(old, new) {
            let path = out.below(item.path, key);
            let slots = (Slot::of(before), Slot::of(after));
            match key {
                b"AcroForm" => {
                    // What a field may hide depends on the page that it lies on.
                    let pages = new.as_dictionary().and_then(|new| new.get("Pages"));
                    let place = (Slot::Null, Slot::of(pages));
                    out.push(Stage::Form, Role::Places, place, item.path, b"Pages");
                    let role = Role::Form { is_rendered };
                    out.push(Stage::Form, role, slots, path, key);
                }
                b"Pages" if before == after => {
                    out.push(Stage::Pages, Role::PageTree, slots, path, key);
                }
                b"DSS" if after.is_some() => {
                    out.push(Stage::Rest, Role::Store, slots, path, key);
                }
                b"Metadata" => out.push(Stage::Rest, Role::Metadata, slots, path, key),
                b"Extensions" => {
                    self.compare((LongTermData, 0), before, after, path, key, out);
                }
                b"Version" => {
                    if before != after {
                        let class = if is_raised(before, after) {
                            LongTermData
                        } else {
                            Other
                        };
                        self.change(class, action(before, after), path, 0, out);
                    }
                }
                b"MarkInfo" if after.is_some_and(are_flags) && before.is_none_or(are_flags) => {
                    self.compare((LongTermData, 0), before, after, path, key, out);
                }
                // The certification is the first signature of a person.
                b"Perms" if before.is_none() && self.tables.only_timestamps => {
                    self.change(FormFilling, action(before, after), path, 0, out);
                }
                b"PieceInfo" => self.compare((PrivateData, 0), before, after, path, key, out),
                _ => self.compare((Other, 0), before, after, path, key, out),
            }
        }
    }

    /// Descriptive data: text and dates, nothing that leads anywhere.
    pub(super) fn information(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        let is_flat = |value: Option<&Object>| match value {
            None => true,
            Some(value) => matches!(
                value,
                Object::String(_) | Object::Name(_) | Object::Boolean(_) | Object::Integer(_)
            ),
        };
        if !matches!(new, Object::Dictionary(_) | Object::Null) {
            return self.change(Other, action(Some(old), Some(new)), path, 0, out);
        }
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            let class = if is_flat(before) && is_flat(after) {
                LongTermData
            } else {
                Other
            };
            self.compare((class, 0), before, after, path, key, out);
        }
    }

    /// Whoever refers to this object, it is compared as what it is.
    pub(super) fn structure(&self, item: &Item, known: Known, out: &mut Out) {
        if let (Some(old), Some(new)) = (item.old.reference(), item.new.reference())
            && old == new
        {
            out.known.push((new.number, known));
        }
    }

    /// The references of arrays that must not change but in what they lead to.
    pub(super) fn frozen(
        &self,
        before: Option<&Object>,
        after: Option<&Object>,
        path: usize,
        key: &[u8],
        out: &mut Out,
    ) {
        self.compare((ChangeClass::Other, 0), before, after, path, key, out);
    }
}

/// ISO 32000-2 §7.5.2: `/Version` is a name like `1.7`, and no update lowers it.
fn is_raised(old: Option<&Object>, new: Option<&Object>) -> bool {
    let version = |value: Option<&Object>| -> Option<(u32, u32)> {
        let name = std::str::from_utf8(value?.as_name()?).ok()?;
        let (major, minor) = name.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    match (version(old), version(new)) {
        (Some(old), Some(new)) => new >= old,
        (None, Some(_)) => old.is_none(),
        _ => false,
    }
}

fn are_flags(value: &Object) -> bool {
    let dictionary = value.as_dictionary();
    dictionary.is_some_and(|all| {
        all.iter()
            .all(|(_, flag)| matches!(flag, Object::Boolean(_)))
    })
}
