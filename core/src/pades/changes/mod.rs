//! What later revisions of a document changed, by comparing it with itself.
//!
//! A signature covers a revision; whatever was appended later is not signed, and may show another
//! document. So each later revision is compared with the one before, from the trailer down: every
//! object that a reader can come to is looked at twice, as it was and as it is, along every way
//! that leads to it. What differs is a [`Change`] with its place and a class. A list of what is
//! harmless decides the class; whatever the list does not know is
//! [`ChangeClass::Other`](crate::vocabulary::ChangeClass::Other).
//!
//! [`Comparison`] is a cursor, as the opening of the document is: it reads an object, or compares
//! one place, at a time. What it finds are facts. Whether a change is permitted is judged in
//! `validation`, by [`permissions`] and the policy.
//!
//! # Standard
//! ISO 32000-2 §7.5.6 (incremental updates), §12.8.2 (what signatures permit); EN 319 142-1 §5.4,
//! §5.5. The standards say in words what is permitted; the list of places is ours.

mod catalog;
mod compare;
mod contents;
mod cover;
mod fields;
mod form;
mod item;
mod look;
mod new_field;
mod notes;
mod pages;
mod permissions;
mod places;
mod redraw;
mod shelf;
mod sketch;
mod store;
mod style;
mod view;
mod walk;
mod widget;

pub use permissions::permissions;

use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::Document;
use crate::signature::{Change, Finding, Update};
use crate::source::{Advance, Source, Stop};
use crate::vocabulary::CheckId;
use cover::{Cover, Covering};
use shelf::Shelf;
use walk::{Step, Walk};

/// Longest stretch that is looked through between two updates.
const BLANK: u64 = 1 << 12;
/// Readers look for `startxref` in the last 1024 octets (ISO 32000-1 annex H.3): with more behind
/// it, some look through the whole file for objects instead.
const LONGEST_TAIL: u64 = 1_000;

/// Changes kept of all updates together.
const CHANGES: usize = 10_000;

/// Compares the revisions of a document, one object or place a step.
#[derive(Debug)]
pub struct Comparison {
    document: Option<Document>,
    shelf: Shelf,
    phase: Phase,
    /// Where the octets of each revision begin.
    starts: Vec<Option<u64>>,
    updates: Vec<Update>,
}

#[derive(Debug)]
enum Phase {
    /// The next pair begins with this revision.
    Pair(usize),
    Walk(usize, Box<Walk>),
    Gap(usize, Vec<Change>, Vec<Finding>, Option<Box<Cover>>),
    Tail,
    Done,
}

impl Comparison {
    /// Begins with an opened document.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let signatures = document.signatures().iter();
        let first = signatures
            .filter_map(|field| field.dictionary.as_ref().ok()?.signed_revision)
            .min();
        Self {
            starts: document.update_starts(),
            document: Some(document),
            shelf: Shelf::default(),
            phase: first.map_or(Phase::Done, Phase::Pair),
            updates: Vec::new(),
        }
    }

    /// The same, with every update, also of a document that nobody signed.
    #[must_use]
    pub fn of_all(document: Document) -> Self {
        Self {
            phase: Phase::Pair(0),
            ..Self::new(document)
        }
    }

    /// Does the next step.
    ///
    /// # Errors
    /// [`Stop::NotHere`] when pages are missing: call again when they have come.
    pub fn advance(
        &mut self,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<(Document, Vec<Update>)>, Stop> {
        let Some(mut document) = self.document.take() else {
            return Err(Malformed::within(MalformedKind::PdfObject, "document").into());
        };
        // Charges and state are committed together: a step that stops for a page charges nothing.
        let mut spent = budget.clone();
        let next = self.step(&mut document, source, &mut spent);
        match next {
            Err(Stop::NotHere) => {
                self.document = Some(document);
                return Err(Stop::NotHere);
            }
            // What exceeds a limit does so for the rest of the document.
            Err(Stop::Error(error)) => {
                self.stopped(&document, &error);
                self.phase = Phase::Done;
            }
            Ok(Some(phase)) => self.phase = phase,
            Ok(None) => {}
        }
        *budget = spent;
        source.commit();
        if matches!(self.phase, Phase::Done) {
            return Ok(Advance::Done((document, std::mem::take(&mut self.updates))));
        }
        self.document = Some(document);
        Ok(Advance::More)
    }

    /// The next phase; `None` when this one goes on.
    fn step(
        &mut self,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Option<Phase>, Stop> {
        match &mut self.phase {
            Phase::Pair(old) if *old >= document.newest() => Ok(Some(Phase::Tail)),
            Phase::Pair(_)
                if self
                    .updates
                    .iter()
                    .map(|one| one.changes.len())
                    .sum::<usize>()
                    > CHANGES =>
            {
                let limits = budget.limits();
                let limit = Limit {
                    resource: Resource::Values,
                    maximum: limits.of(Resource::Values),
                    requested: limits.of(Resource::Values),
                };
                Err(limit.into())
            }
            Phase::Pair(old) => {
                let walk = Walk::new(document, *old);
                Ok(Some(Phase::Walk(*old, Box::new(walk))))
            }
            Phase::Walk(old, walk) => {
                let old = *old;
                // Many places need no octets: they are one step.
                for done in 0..256 {
                    match walk.step(document, &self.shelf, budget)? {
                        Step::More => {}
                        // What is done is charged; what is needed is a step of its own.
                        Step::Need(_) if done > 0 => return Ok(None),
                        Step::Need(need) => {
                            self.shelf.load(need, document, source, budget)?;
                            return Ok(None);
                        }
                        Step::Done => {
                            let (changes, findings) = walk.take();
                            return Ok(Some(Phase::Gap(old, changes, findings, None)));
                        }
                    }
                }
                Ok(None)
            }
            Phase::Gap(old, changes, findings, cover) => {
                let old = *old;
                let found = match cover {
                    None => match gap(document, &self.starts, old, source, budget)? {
                        Some(found) => Some(found),
                        None => {
                            *cover = Some(Box::new(Cover::new(document, old)));
                            return Ok(None);
                        }
                    },
                    Some(cover) => match cover.advance(document, source, budget)? {
                        Covering::More => return Ok(None),
                        Covering::Done => None,
                        Covering::Found(found) => Some(found),
                    },
                };
                let mut findings = std::mem::take(findings);
                findings.extend(found);
                self.updates.push(Update {
                    revision: number(old.saturating_add(1)),
                    changes: std::mem::take(changes),
                    findings,
                });
                Ok(Some(Phase::Pair(old.saturating_add(1))))
            }
            Phase::Tail => {
                let end = document
                    .revisions()
                    .last()
                    .and_then(|last| last.end.clone());
                let end = end.map_or(document.length(), |end| end.end);
                let is_short = end >= document.length() || {
                    let startxref = document.startxref(document.newest(), source, budget)?;
                    startxref.is_some_and(|at| document.length().saturating_sub(at) <= LONGEST_TAIL)
                };
                let mut findings = Vec::new();
                if !is_short || !is_blank(end..document.length(), source, budget)? {
                    let expected = "nothing behind the last revision";
                    findings.push(revisions(expected, "other octets"));
                }
                if document.is_linearized_later(source, budget)? {
                    let expected = "a linearised file of the length of its first revision";
                    findings.push(revisions(expected, "the length of a later one"));
                }
                if !findings.is_empty() {
                    self.updates.push(Update {
                        revision: number(document.revisions().len()),
                        changes: Vec::new(),
                        findings,
                    });
                }
                Ok(Some(Phase::Done))
            }
            Phase::Done => Ok(Some(Phase::Done)),
        }
    }

    /// Says of every update that was not compared why not.
    fn stopped(&mut self, document: &Document, error: &Error) {
        let from = match &self.phase {
            Phase::Pair(old) | Phase::Walk(old, _) | Phase::Gap(old, ..) => old.saturating_add(1),
            Phase::Tail | Phase::Done => document.revisions().len(),
        };
        let check = match error {
            Error::LimitExceeded(_) => CheckId::LimitReading,
            _ => CheckId::UnsupportedPdfChanges,
        };
        self.updates.push(Update {
            revision: number(from),
            changes: Vec::new(),
            findings: vec![Finding::new(
                check,
                "updates that can be compared",
                error.reason(),
            )],
        });
    }
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

fn revisions(expected: &str, found: &str) -> Finding {
    Finding::new(CheckId::ModificationRevisions, expected, found)
}

/// ISO 32000-2 §7.5.6: an update follows right behind the revision before. Whatever else stands
/// there is a revision that the chain leaves out, or objects that a lenient reader may find.
fn gap(
    document: &Document,
    starts: &[Option<u64>],
    old: usize,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<Finding>, Stop> {
    let new = old.saturating_add(1);
    let end = |index: usize| document.revisions().get(index)?.end.clone();
    let (Some(before), Some(_)) = (end(old), end(new)) else {
        let expected = "updates that end with %%EOF";
        return Ok(Some(revisions(expected, "one without")));
    };
    let start = starts.get(new).copied().flatten().unwrap_or(before.end);
    if start < before.end || is_blank(before.end..start, source, budget)? {
        return Ok(None);
    }
    let expected = "an update right behind the revision before";
    Ok(Some(revisions(expected, "other octets between them")))
}

/// White space, zeros and comments alone, and in these nothing that looks like an object, nor octets
/// that are no text: the record at the end of a ZIP file fits into a comment.
fn is_blank(
    range: std::ops::Range<u64>,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<bool, Stop> {
    let length = range.end.saturating_sub(range.start);
    if length == 0 {
        return Ok(true);
    }
    let charged: Result<(), Limit> = budget.charge(Resource::StructureBytes, length.min(BLANK));
    charged?;
    // Zeros may go on: some systems fill their blocks.
    let octets = source.read(range.start..range.start.saturating_add(length.min(BLANK)))?;
    if octets.windows(3).any(|part| part == b"obj") {
        return Ok(false);
    }
    let mut is_comment = false;
    for octet in octets.iter() {
        match octet {
            b'\r' | b'\n' => is_comment = false,
            0..=0x08 | 0x0B..=0x1F | 0x7F if is_comment => return Ok(false),
            _ if is_comment => {}
            b'%' => is_comment = true,
            0 | b'\t' | 0x0C | b' ' => {}
            _ => return Ok(false),
        }
    }
    Ok(length <= BLANK)
}
