//! Objects that were read, by where they are: most are the same in every revision.

use super::contents::{metadata, sketched};
use super::item;
use super::sketch::Sketch;
use crate::error::Error;
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::{Definition, Document, Object, ObjectReference, Stream};
use crate::source::{Source, Stop};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What has to be read before a place can be compared.
#[derive(Clone, Debug)]
pub(super) enum Need {
    /// An object as of a revision.
    Object(ObjectReference, usize),
    /// Some, which a place has many of: it is looked at anew after each.
    Objects(Vec<(ObjectReference, usize)>),
    /// The references in it.
    Links(ObjectReference, usize),
    /// Whether the data of two streams is the same.
    Data((ObjectReference, usize), (ObjectReference, usize)),
    /// Whether a stream holds descriptive data and nothing that acts.
    Metadata(ObjectReference, usize),
    /// What the content of a stream draws.
    Sketch(ObjectReference, usize),
}

/// A reference in an object, with the last key on the way to it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) key: Arc<[u8]>,
    pub(super) to: ObjectReference,
    /// Whether the way in the object leads through what pages are drawn with.
    pub(super) is_drawn: bool,
}

type Place = (ObjectReference, Definition);

/// What was read. `None` is what cannot be read.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    objects: BTreeMap<Place, Option<Arc<Object>>>,
    links: BTreeMap<Place, Option<Arc<[Link]>>>,
    data: BTreeMap<(Definition, Definition), Option<bool>>,
    metadata: BTreeMap<Definition, bool>,
    /// Objects in which a key stands twice.
    twofold: BTreeSet<Place>,
    /// By the length as well, which may be another one later.
    sketches: BTreeMap<(Definition, Option<u64>), Option<Arc<Sketch>>>,
    keys: BTreeSet<Arc<[u8]>>,
}

/// Objects that are read in one step.
const AT_ONCE: usize = 256;

/// More references in a row than any writer makes.
const REFERENCES: usize = 16;

impl Shelf {
    /// An object, references followed; `None` when it cannot be read.
    pub(super) fn object(
        &self,
        document: &Document,
        reference: ObjectReference,
        as_of: usize,
    ) -> Result<Option<(Arc<Object>, ObjectReference)>, Need> {
        let mut reference = reference;
        for _ in 0..REFERENCES {
            let definition = document.definition(reference, as_of);
            if definition == Definition::Absent {
                return Ok(Some((Arc::new(Object::Null), reference)));
            }
            let known = self.objects.get(&(reference, definition));
            match known.ok_or(Need::Object(reference, as_of))? {
                None => return Ok(None),
                Some(object) => match &**object {
                    Object::Reference(next) => reference = *next,
                    _ => return Ok(Some((Arc::clone(object), reference))),
                },
            }
        }
        Ok(None)
    }

    /// Whether an object that was read has a key twice.
    pub(super) fn is_twofold(&self, reference: ObjectReference, definition: Definition) -> bool {
        self.twofold.contains(&(reference, definition))
    }

    pub(super) fn links(
        &self,
        document: &Document,
        reference: ObjectReference,
        as_of: usize,
    ) -> Result<Option<Arc<[Link]>>, Need> {
        let definition = document.definition(reference, as_of);
        let known = self.links.get(&(reference, definition));
        known.cloned().ok_or(Need::Links(reference, as_of))
    }

    pub(super) fn same_data(
        &self,
        document: &Document,
        old: (ObjectReference, usize),
        new: (ObjectReference, usize),
    ) -> Result<Option<bool>, Need> {
        let pair = (
            document.definition(old.0, old.1),
            document.definition(new.0, new.1),
        );
        self.length(document, old)?;
        self.length(document, new)?;
        self.data.get(&pair).copied().ok_or(Need::Data(old, new))
    }

    pub(super) fn is_metadata(
        &self,
        document: &Document,
        reference: ObjectReference,
        as_of: usize,
    ) -> Result<bool, Need> {
        let definition = document.definition(reference, as_of);
        self.length(document, (reference, as_of))?;
        let known = self.metadata.get(&definition);
        known.copied().ok_or(Need::Metadata(reference, as_of))
    }

    /// What a stream of content draws; `None` where that cannot be told.
    pub(super) fn sketch(
        &self,
        document: &Document,
        reference: ObjectReference,
        as_of: usize,
    ) -> Result<Option<Arc<Sketch>>, Need> {
        let length = self.length(document, (reference, as_of))?;
        let definition = document.definition(reference, as_of);
        let known = self.sketches.get(&(definition, length));
        known.cloned().ok_or(Need::Sketch(reference, as_of))
    }

    /// The length of a stream, which may be an object of its own.
    fn length(
        &self,
        document: &Document,
        (reference, as_of): (ObjectReference, usize),
    ) -> Result<Option<u64>, Need> {
        let Some((object, _)) = self.object(document, reference, as_of)? else {
            return Ok(None);
        };
        let Object::Stream(stream) = &*object else {
            return Ok(None);
        };
        Ok(match stream.dictionary.get("Length") {
            Some(Object::Reference(length)) => self
                .object(document, *length, as_of)?
                .and_then(|(length, _)| length.as_unsigned()),
            Some(length) => length.as_unsigned(),
            None => None,
        })
    }

    /// A stream that has been read, with its length.
    fn stream(
        &self,
        document: &Document,
        of: (ObjectReference, usize),
    ) -> Option<(Stream, Option<u64>)> {
        let length = self.length(document, of).ok()?;
        let (object, _) = self.object(document, of.0, of.1).ok()??;
        match &*object {
            Object::Stream(stream) => Some((stream.clone(), length)),
            _ => None,
        }
    }

    /// Reads what is needed.
    pub(super) fn load(
        &mut self,
        need: Need,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        match need {
            Need::Object(reference, as_of) => {
                let object = read(reference, as_of, document, source, budget)?;
                self.put(reference, as_of, object, document, budget)?;
            }
            Need::Objects(all) => {
                // None is put before all are read: what is read again is charged again.
                let mut objects = Vec::with_capacity(all.len());
                for (reference, as_of) in all {
                    let object = read(reference, as_of, document, source, budget)?;
                    objects.push((reference, as_of, object));
                }
                for (reference, as_of, object) in objects {
                    self.put(reference, as_of, object, document, budget)?;
                }
            }
            Need::Links(reference, as_of) => {
                let definition = document.definition(reference, as_of);
                let object = read(reference, as_of, document, source, budget)?;
                let links = object.map(|object| self.links_of(&object));
                self.links.insert((reference, definition), links);
            }
            Need::Data(old, new) => {
                let pair = (
                    document.definition(old.0, old.1),
                    document.definition(new.0, new.1),
                );
                let mut data = |of| match self.stream(document, of) {
                    Some((stream, length)) => {
                        readable(document.raw_stream_data(&stream, length, source, budget))
                    }
                    None => Ok(None),
                };
                let (first, second) = (data(old)?, data(new)?);
                let same = first.zip(second).map(|(first, second)| *first == *second);
                self.data.insert(pair, same);
            }
            Need::Metadata(reference, as_of) => {
                let definition = document.definition(reference, as_of);
                let stream = self.stream(document, (reference, as_of));
                let is_metadata = metadata(stream, document, source, budget)?;
                self.metadata.insert(definition, is_metadata);
            }
            Need::Sketch(reference, as_of) => {
                let definition = document.definition(reference, as_of);
                let stream = self.stream(document, (reference, as_of));
                let length = stream.as_ref().and_then(|(_, length)| *length);
                let sketch = sketched(stream, document, source, budget)?;
                let place = (definition, length);
                self.sketches.insert(place, sketch.map(Arc::new));
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        reference: ObjectReference,
        as_of: usize,
        object: Option<Object>,
        document: &Document,
        budget: &mut Budget,
    ) -> Result<(), Limit> {
        let place = (reference, document.definition(reference, as_of));
        if let Some(object) = &object {
            // It is kept, and a part of it costs up to 130 octets.
            budget.charge(Resource::Values, count(object).saturating_mul(4))?;
            if object.has_duplicate_keys() {
                self.twofold.insert(place);
            }
        }
        self.objects.insert(place, object.map(Arc::new));
        Ok(())
    }

    /// Those of some objects that have not been read, a handful at a time.
    pub(super) fn need_all(
        &self,
        document: &Document,
        all: impl Iterator<Item = (ObjectReference, usize)>,
    ) -> Result<(), Need> {
        let mut places = BTreeSet::new();
        let unread = all.filter_map(|(mut reference, as_of)| {
            for _ in 0..REFERENCES {
                let definition = document.definition(reference, as_of);
                let place = (reference, definition);
                match self.objects.get(&place) {
                    _ if definition == Definition::Absent => return None,
                    None => return places.insert(place).then_some((reference, as_of)),
                    // What it refers to is needed as well.
                    Some(object) => reference = object.as_ref()?.as_reference()?,
                }
            }
            None
        });
        let unread: Vec<_> = unread.take(AT_ONCE).collect();
        match unread.is_empty() {
            true => Ok(()),
            false => Err(Need::Objects(unread)),
        }
    }

    fn links_of(&mut self, object: &Object) -> Arc<[Link]> {
        let mut links = Vec::new();
        let none: Arc<[u8]> = Arc::from(&b""[..]);
        let mut open = vec![(none, false, object)];
        while let Some((key, is_drawn, object)) = open.pop() {
            match object {
                Object::Reference(to) => links.push(Link {
                    key,
                    to: *to,
                    is_drawn,
                }),
                Object::Array(elements) => {
                    let elements = elements.iter();
                    open.extend(elements.map(|one| (Arc::clone(&key), is_drawn, one)));
                }
                Object::Dictionary(_) | Object::Stream(_) => {
                    let entries = object.as_dictionary().into_iter();
                    for (key, value) in entries.flat_map(|dictionary| dictionary.iter()) {
                        let holds = matches!(
                            value,
                            Object::Reference(_) | Object::Array(_) | Object::Dictionary(_)
                        );
                        if holds {
                            let is_drawn = is_drawn || item::is_drawn(key);
                            open.push((self.key(key), is_drawn, value));
                        }
                    }
                }
                _ => {}
            }
        }
        links.into()
    }

    fn key(&mut self, key: &[u8]) -> Arc<[u8]> {
        if let Some(known) = self.keys.get(key) {
            return Arc::clone(known);
        }
        let key: Arc<[u8]> = Arc::from(key);
        self.keys.insert(Arc::clone(&key));
        key
    }
}

/// An object; `None` when it cannot be read, which is told, and not what a limit stops.
fn read(
    reference: ObjectReference,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<Object>, Stop> {
    let Some((object, place)) = readable(document.object(reference, as_of, source, budget))? else {
        return Ok(None);
    };
    if let Object::Stream(stream) = &object {
        let length = stream.dictionary.get("Length").cloned();
        let length = length.unwrap_or(Object::Null);
        let length = readable(document.resolve(&length, as_of, source, budget))?;
        let length = length.and_then(|length| length.as_unsigned());
        let revision = place.map_or(as_of, |place| place.revision);
        let ends = document.ends_in_revision(stream, length, revision, source, budget);
        // Octets that were appended later would be octets of what was signed.
        if readable(ends)? != Some(true) {
            return Ok(None);
        }
    }
    Ok(Some(object))
}

pub(super) fn readable<T>(read: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Error(Error::Malformed(_) | Error::Unsupported(_))) => Ok(None),
        Err(stop) => Err(stop),
    }
}

fn count(object: &Object) -> u64 {
    let mut open = vec![object];
    let mut count = 0_u64;
    while let Some(object) = open.pop() {
        count = count.saturating_add(1);
        match object {
            Object::Array(elements) => open.extend(elements),
            Object::Dictionary(_) | Object::Stream(_) => {
                let entries = object.as_dictionary().into_iter();
                open.extend(entries.flat_map(|all| all.iter()).map(|(_, value)| value));
            }
            _ => {}
        }
    }
    count
}
