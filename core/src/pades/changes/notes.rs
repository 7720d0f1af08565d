//! Notes and marks on pages: which they are, and what may be another of one.

use super::compare::union;
use super::item::{Item, Known, Out};
use super::view::View;
use crate::pdf::Object;
use crate::vocabulary::ChangeClass::{self, Annotation, Other};

/// Annotations that are notes and marks. Links, screens, films, watermarks and redactions are not.
const MARKS: [&[u8]; 16] = [
    b"Text",
    b"FreeText",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Ink",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Caret",
    b"Popup",
    b"FileAttachment",
];

/// What is not seen of a note, or only in a list of notes.
const UNSEEN: [&[u8]; 16] = [
    b"Type",
    b"P",
    b"Parent",
    b"Popup",
    b"NM",
    b"M",
    b"StructParent",
    b"Lang",
    b"T",
    b"CreationDate",
    b"IRT",
    b"RT",
    b"Subj",
    b"ExData",
    b"State",
    b"StateModel",
];

/// What any annotation and any note may have (ISO 32000-2 tables 166 and 172).
const OF_ANNOTATIONS: [&[u8]; 29] = [
    b"Type",
    b"Subtype",
    b"Rect",
    b"Contents",
    b"P",
    b"NM",
    b"M",
    b"F",
    b"AP",
    b"AS",
    b"Border",
    b"C",
    b"StructParent",
    b"OC",
    b"AF",
    b"ca",
    b"CA",
    b"BM",
    b"Lang",
    b"T",
    b"Popup",
    b"RC",
    b"CreationDate",
    b"IRT",
    b"Subj",
    b"RT",
    b"IT",
    b"ExData",
    b"BS",
];

/// What those of a type may have besides (ISO 32000-2 tables 175 to 187).
fn of_type(subtype: &[u8]) -> &'static [&'static [u8]] {
    match subtype {
        b"Text" => &[b"Open", b"Name", b"State", b"StateModel"],
        b"FreeText" => &[b"DA", b"Q", b"DS", b"CL", b"BE", b"RD", b"LE"],
        b"Line" => &[
            b"L", b"LE", b"IC", b"LL", b"LLE", b"Cap", b"LLO", b"CP", b"Measure", b"CO",
        ],
        b"Square" | b"Circle" => &[b"IC", b"BE", b"RD"],
        b"Polygon" | b"PolyLine" => &[b"Vertices", b"LE", b"IC", b"BE", b"Measure", b"Path"],
        b"Highlight" | b"Underline" | b"Squiggly" | b"StrikeOut" => &[b"QuadPoints"],
        b"Caret" => &[b"RD", b"Sy"],
        b"Stamp" => &[b"Name"],
        b"Ink" => &[b"InkList", b"Path"],
        b"Popup" => &[b"Parent", b"Open"],
        b"FileAttachment" => &[b"FS", b"Name"],
        _ => &[],
    }
}

impl View<'_> {
    /// An annotation that both revisions have.
    pub(super) fn annotation(
        &self,
        item: &Item,
        (old, new): (&Object, &Object),
        (owner, over): (usize, usize),
        out: &mut Out,
    ) {
        if !self.is_plain(item, (old, new), out) {
            return;
        }
        let subtype = |value: &Object| {
            let dictionary = value.as_dictionary();
            dictionary
                .and_then(|all| all.name("Subtype"))
                .map(<[u8]>::to_vec)
        };
        let is_same_mark = is_mark(old) && subtype(old) == subtype(new);
        let class = if is_same_mark { Annotation } else { Other };
        let own = subtype(new).map_or(&[][..], |subtype| of_type(&subtype));
        // The words of any other note are seen in its window.
        let are_words_seen = subtype(new).as_deref() == Some(&b"FreeText"[..]);
        if let Some(reference) = item.new.reference().filter(|_| is_same_mark) {
            out.known.push((reference.number, Known::Annotation));
        }
        for (key, before, after) in union(old, new) {
            if is_type_of_annotation(key, old, after) {
                continue;
            }
            let path = out.below(item.path, key);
            // Wherever these lead, readers may go, and take what a widget inherits from there.
            let is_back = matches!(key, b"P" | b"Parent") && before == after;
            // What a note has no use for, it has as something else: a page of it or a tree of names.
            let is_own = OF_ANNOTATIONS.contains(&key) || own.contains(&key);
            let class = if is_back || !is_own { Other } else { class };
            // The note that a pop-up belongs to is compared as a note.
            let is_to_note = is_back && is_own && key == b"Parent";
            let is_unseen =
                UNSEEN.contains(&key) || matches!(key, b"Contents" | b"RC") && !are_words_seen;
            let owner = if is_unseen { owner } else { over };
            let key = if is_to_note { b"Popup" } else { key };
            self.compare((class, owner), before, after, path, key, out);
        }
        if !matches!(new, Object::Dictionary(_)) {
            let class: ChangeClass = if *new == Object::Null { class } else { Other };
            self.compare((class, owner), Some(old), Some(new), item.path, b"", out);
        }
    }
}

/// ISO 32000-2 table 166: the type of an annotation, which may be left out and is always this one.
/// PDFBox writes it into every widget that it looks at.
pub(super) fn is_type_of_annotation(key: &[u8], old: &Object, new: Option<&Object>) -> bool {
    let old = old.as_dictionary();
    let lacked = old.is_some_and(|old| old.get("Subtype").is_some() && old.get("Type").is_none());
    key == b"Type" && lacked && new.and_then(Object::as_name) == Some(b"Annot")
}

/// Whether an annotation is a note or a mark.
pub(super) fn is_mark(value: &Object) -> bool {
    let dictionary = value.as_dictionary();
    let subtype = dictionary.and_then(|all| all.name("Subtype"));
    subtype.is_some_and(|subtype| MARKS.contains(&subtype))
}
