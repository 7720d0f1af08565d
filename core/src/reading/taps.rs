//! Taps: digests that are computed while payload passes by.
//!
//! One tap is a digest algorithm, the parts to digest in order, and a position among them. Payload
//! passes in the order of the file, each file once; a tap whose next part has already passed waits
//! for another pass. Taps that differ in nothing share one digest, since they have one key.

use crate::crypto::Digester;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::{
    Part, PayloadDigests, PayloadFailure, PayloadHead, PayloadName, PayloadState, Span, Tap,
    TapKey, Transform,
};
use crate::xml::base64;
use crate::xml::c14n::{Method, canonicalize_octets};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Taps that have not come to their end.
///
/// A container may have as many taps as files: each file finds its own.
#[derive(Default)]
pub(super) struct Taps {
    /// By the payload that they wait for.
    waiting: BTreeMap<PayloadName, Vec<Running>>,
    /// Those that take part in the payload that passes.
    passing: Vec<Running>,
    /// Those that wait for nothing.
    ended: Vec<Running>,
}

struct Running {
    key: TapKey,
    parts: Vec<Part>,
    continues: bool,
    next: usize,
    digester: Digester,
    head: Option<PayloadHead>,
    intake: Option<Intake>,
    failure: Option<PayloadFailure>,
}

/// How the octets of the current part are taken in.
enum Intake {
    Plain,
    /// The transform needs all octets at once: they are collected, within the limits.
    Collected {
        octets: Vec<u8>,
        transform: Collecting,
    },
}

enum Collecting {
    Base64,
    Canonical(Method),
}

impl Taps {
    /// Starts taps; one whose algorithm is not implemented is left out: the judge says so.
    pub(super) fn start(taps: Vec<Tap>) -> Self {
        let mut started = Self::default();
        for tap in taps {
            let Ok(digester) = Digester::new(tap.key.algorithm) else {
                continue;
            };
            let mut running = Running {
                key: tap.key,
                parts: tap.parts,
                continues: tap.continues,
                next: 0,
                digester,
                head: tap.keeps_head.then(PayloadHead::default),
                intake: None,
                failure: None,
            };
            running.take_octets();
            started.wait(running);
        }
        started
    }

    fn wait(&mut self, tap: Running) {
        match tap.awaited() {
            Some(name) => self.waiting.entry(name.clone()).or_default().push(tap),
            None => self.ended.push(tap),
        }
    }

    /// The payload that taps wait for.
    pub(super) fn awaited(&self) -> BTreeSet<PayloadName> {
        let passing = self.passing.iter().filter_map(Running::awaited);
        self.waiting.keys().chain(passing).cloned().collect()
    }

    /// Payload begins to pass.
    pub(super) fn begin(&mut self, name: &PayloadName) {
        for tap in std::mem::take(&mut self.passing) {
            self.wait(tap);
        }
        self.passing = self.waiting.remove(name).unwrap_or_default();
        for tap in &mut self.passing {
            tap.begin(name);
        }
    }

    /// Octets of the payload that passes, at their offset in it.
    pub(super) fn data(
        &mut self,
        name: &PayloadName,
        offset: u64,
        chunk: &[u8],
        budget: &mut Budget,
    ) {
        for tap in &mut self.passing {
            tap.data(name, offset, chunk, budget);
        }
    }

    /// The payload has passed, whole or with an error.
    pub(super) fn end(
        &mut self,
        name: &PayloadName,
        outcome: Result<(), Error>,
        digests: &mut PayloadDigests,
        budget: &mut Budget,
    ) {
        for tap in &mut self.passing {
            tap.end(name, &outcome, budget);
        }
        self.settle(digests);
    }

    /// Takes out the taps that have come to their end.
    fn settle(&mut self, digests: &mut PayloadDigests) {
        let passed = std::mem::take(&mut self.passing);
        for tap in passed.into_iter().chain(std::mem::take(&mut self.ended)) {
            match tap.state() {
                None => self.wait(tap),
                Some(state) => {
                    let is_whole = tap.failure.is_none();
                    if let Some(head) = tap.head.filter(|_| is_whole) {
                        digests.insert_head(tap.key.clone(), head);
                    }
                    digests.insert(tap.key, state);
                }
            }
        }
    }

    /// Nothing more will pass: what is still awaited is not there.
    pub(super) fn close(self, digests: &mut PayloadDigests) {
        let waiting = self.waiting.into_values().flatten();
        for tap in waiting.chain(self.passing).chain(self.ended) {
            digests.insert(tap.key, PayloadState::NotFound);
        }
    }
}

impl Running {
    fn current(&self) -> Option<(&PayloadName, Option<Span>, &Transform)> {
        match self.parts.get(self.next) {
            Some(Part::Payload(part)) => Some((&part.name, part.range, &part.transform)),
            _ => None,
        }
    }

    fn awaited(&self) -> Option<&PayloadName> {
        self.current().map(|(name, ..)| name)
    }

    /// Digests the octets up to the next payload.
    fn take_octets(&mut self) {
        while let Some(Part::Octets(octets)) = self.parts.get(self.next) {
            let octets = Arc::clone(octets);
            self.absorb(&octets);
            self.next += 1;
        }
    }

    fn absorb(&mut self, octets: &[u8]) {
        self.digester.update(octets);
        if let Some(head) = &mut self.head {
            head.take(octets);
        }
    }

    fn begin(&mut self, name: &PayloadName) {
        let Some((awaited, _, transform)) = self.current() else {
            return;
        };
        if awaited != name || self.failure.is_some() {
            return;
        }
        let intake = match transform {
            Transform::None => Ok(Intake::Plain),
            Transform::Base64Decoded => Ok(Intake::Collected {
                octets: Vec::new(),
                transform: Collecting::Base64,
            }),
            Transform::Canonical {
                method,
                inclusive_prefixes,
            } => Method::from_uri(method)
                .map(|method| method.with_prefix_list(&inclusive_prefixes.join(" ")))
                .map(Collecting::Canonical)
                .map(|transform| Intake::Collected {
                    octets: Vec::new(),
                    transform,
                }),
            Transform::Base64UrlEncoded => {
                Err(Unsupported::Feature("payload written as base64url"))
            }
        };
        match intake {
            Ok(intake) => self.intake = Some(intake),
            Err(unsupported) => self.failure = Some(PayloadFailure::of(&unsupported.into())),
        }
    }

    fn data(&mut self, name: &PayloadName, offset: u64, chunk: &[u8], budget: &mut Budget) {
        // Several ranges of one payload follow each other in one pass (a PDF's ByteRange).
        let mut rest = (offset, chunk);
        loop {
            let Some((awaited, range, _)) = self.current() else {
                return;
            };
            if awaited != name || self.failure.is_some() || self.intake.is_none() {
                return;
            }
            let Some(range) = range else {
                self.take(rest.1, budget);
                return;
            };
            let (at, octets) = rest;
            let end = at.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
            let (from, to) = (range.start.max(at), range.end.min(end));
            if from < to {
                let slice = usize::try_from(from - at)
                    .ok()
                    .zip(usize::try_from(to - at).ok());
                let slice = slice
                    .and_then(|(from, to)| octets.get(from..to))
                    .unwrap_or_default();
                self.take(slice, budget);
            }
            if end < range.end {
                return;
            }
            // This range is complete; a following one may begin in the same chunk.
            self.next += 1;
            self.take_octets();
            if !matches!(self.current(), Some((next, Some(span), _)) if next == name && span.start >= range.end)
            {
                self.intake = None;
                return;
            }
            let skip = usize::try_from(to.saturating_sub(at)).unwrap_or(usize::MAX);
            rest = (
                to.max(at),
                octets.get(skip.min(octets.len())..).unwrap_or_default(),
            );
        }
    }

    fn take(&mut self, octets: &[u8], budget: &mut Budget) {
        let outcome = match &mut self.intake {
            None => Ok(()),
            Some(Intake::Plain) => {
                self.absorb(octets);
                Ok(())
            }
            // What does not begin like XML is none: nothing of it is held.
            Some(Intake::Collected {
                octets: collected,
                transform: Collecting::Canonical(_),
            }) if collected.is_empty() && !may_be_xml(octets) => {
                Err(Malformed::within(MalformedKind::XmlSyntax, "payload").into())
            }
            Some(Intake::Collected {
                octets: collected, ..
            }) => {
                let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
                let charged = budget.charge(Resource::StructureBytes, length);
                charged
                    .map(|()| collected.extend_from_slice(octets))
                    .map_err(Error::from)
            }
        };
        if let Err(error) = outcome {
            self.failure = Some(PayloadFailure::of(&error));
        }
    }

    fn end(&mut self, name: &PayloadName, outcome: &Result<(), Error>, budget: &mut Budget) {
        let is_current = self.current().is_some_and(|(awaited, ..)| awaited == name);
        let Some(intake) = self.intake.take() else {
            return;
        };
        if !is_current {
            return;
        }
        if let Err(error) = outcome {
            self.failure = self
                .failure
                .take()
                .or_else(|| Some(PayloadFailure::of(error)));
            return;
        }
        if matches!(self.current(), Some((_, Some(_), _))) {
            // The range ends behind the payload: not all of it is there.
            self.failure = Some(PayloadFailure {
                code: "input.short".to_owned(),
                reason: "the signed range ends behind the document".to_owned(),
            });
            return;
        }
        let finished = match intake {
            Intake::Plain => Ok(()),
            Intake::Collected { octets, transform } => {
                collected(&octets, &transform, budget).map(|result| self.absorb(&result))
            }
        };
        match finished {
            Ok(()) => {
                self.next += 1;
                self.take_octets();
            }
            Err(error) => self.failure = Some(PayloadFailure::of(&error)),
        }
    }

    /// What the tap leaves, once it has come to its end.
    fn state(&self) -> Option<PayloadState> {
        if let Some(failure) = &self.failure {
            return Some(PayloadState::Failed(failure.clone()));
        }
        if self.next < self.parts.len() {
            return None;
        }
        if !self.continues {
            return Some(PayloadState::Digest(self.digester.clone().finish()));
        }
        Some(match self.digester.state() {
            Some(state) => PayloadState::Midstate(state),
            None => {
                let what = "the midstate of this digest";
                PayloadState::Failed(PayloadFailure::of(&Unsupported::Feature(what).into()))
            }
        })
    }
}

/// XML begins with a tag, white space or the mark of an encoding; nothing was seen of it so far when
/// there are no octets.
fn may_be_xml(octets: &[u8]) -> bool {
    matches!(
        octets.first(),
        None | Some(b'<' | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xfe | 0xff | 0x00)
    )
}

/// The result of a transform over all octets.
fn collected(octets: &[u8], transform: &Collecting, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    match transform {
        Collecting::Canonical(method) => canonicalize_octets(octets, method, budget),
        Collecting::Base64 => {
            let wrong = |_| Malformed::within(MalformedKind::XmlBase64, "payload");
            let text = std::str::from_utf8(octets).map_err(wrong)?;
            Ok(base64::decode(text)?)
        }
    }
}
