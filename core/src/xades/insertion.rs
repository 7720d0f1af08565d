//! Text that goes into a document at a byte position, and what it must leave alone.

use super::dialect::Dialect;
use super::parse::located;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::payload::PayloadName;
use crate::signature::{Reference, Signature};
use crate::vocabulary::ReferenceKind;
use crate::xml::{self, Node, Tree};

/// A change of the text: what stands in a range gives way to other text.
pub(super) struct Splice {
    pub(super) range: std::ops::Range<u64>,
    pub(super) text: String,
}

/// The records of a document. Every name leads to payload that is not looked at: an archive
/// time-stamp over payload that is missing would say of nothing else what it is over.
pub(super) fn records(
    octets: &[u8],
    place: &str,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let payload = |name: &str| Some(PayloadName::Entry(name.to_owned()));
    let records = located(&tree, place, &payload, &Dialect::default(), budget)?;
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// Whether every signature and time-stamp is over the same as before.
pub(super) fn is_unharmed(before: &[Signature], after: &[Signature]) -> bool {
    let is_same = |(before, after): (&Signature, &Signature)| {
        let mut timestamps = before.timestamps.iter();
        before.id == after.id
            && before.value == after.value
            && signed(before).eq(signed(after))
            && before.findings == after.findings
            && timestamps.all(|one| {
                let mut others = after.timestamps.iter();
                others.any(|other| other.id == one.id && other.imprint == one.imprint)
            })
    };
    before.len() == after.len() && before.iter().zip(after).all(is_same)
}

/// Renewed digests are nobody's: what they are about is in the entries that are compared.
fn signed(record: &Signature) -> impl Iterator<Item = &Reference> {
    let references = record.references.iter();
    references.filter(|one| one.kind != ReferenceKind::RenewedDigest)
}

/// As the last child of an element; an empty tag is opened.
pub(super) fn append(tree: &Tree<'_>, parent: Node<'_>, text: String) -> Result<Splice, Error> {
    if let Some(at) = parent.end_tag() {
        return Ok(Splice {
            range: at..at,
            text,
        });
    }
    let range = parent.range();
    let written = tree.slice(range.clone()).ok_or_else(missing)?;
    let name: String = written
        .chars()
        .skip(1)
        .take_while(|one| !one.is_whitespace() && !matches!(one, '/' | '>'))
        .collect();
    let slash = range.end.checked_sub(2).ok_or_else(missing)?;
    Ok(Splice {
        range: slash..range.end,
        text: format!(">{text}</{name}>"),
    })
}

fn missing() -> Malformed {
    Malformed::within(MalformedKind::XadesStructure, "Signature")
}
