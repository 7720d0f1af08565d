//! Signature dictionaries, and how exactly their ByteRange covers the file.
//!
//! A PDF signature signs two ranges of octets of the file around its own `/Contents` string. Every
//! known forgery moves, empties or widens that gap, so each rule of the standard is a fact here,
//! with a name, and none can be lowered later.
//!
//! # Standard
//! ISO 32000-2 §12.8.1 (table 255), §12.8.2 (transforms), §12.7.5.5 (locks); EN 319 142-1 §5.3.

use super::document::{Document, Place, Revision};
use super::fields::{Signed, note_duplicates};
use super::lexer::StringForm;
use super::object::{Dictionary, Object, ObjectReference};
use super::seed_values::{self, SeedValues};
use super::text::{date, text};
use crate::asn1::Reader;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::source::{Source, Stop};
use crate::time::UnixTime;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// More signature references than any writer makes; each may be an object of its own.
const REFERENCES: usize = 16;
/// More field names than any form has.
const NAMES: usize = 10_000;
/// Table 236: every field is locked.
const ALL: &str = "All";

/// A signature field with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureField {
    /// The full name; `None` when it has none.
    pub name: Option<String>,
    /// The field's object; `None` when it stands inside another.
    pub field: Option<ObjectReference>,
    /// What signing this field locks.
    pub lock: Option<Lock>,
    /// What the field demands of its signature (`/SV`).
    pub seed_values: Option<SeedValues>,
    /// Its signature dictionary, or why it cannot be read.
    pub dictionary: Result<SignatureDictionary, Error>,
}

/// What a signature dictionary says and where it stands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SignatureDictionary {
    /// Its object; `None` when it stands inside the field.
    pub object: Option<ObjectReference>,
    /// The revision that defines it, 0 is the original.
    pub revision: usize,
    /// The octets of the object that holds it; `None` inside an object stream.
    pub range: Option<Range<u64>>,
    /// `/Type`: `Sig` or `DocTimeStamp`.
    pub kind: Option<String>,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// The numbers of `/ByteRange`, when it is a direct array of four that are not negative.
    pub byte_range: Option<[u64; 4]>,
    /// The octets of `/Contents`, with the padding.
    pub contents: Arc<[u8]>,
    /// Where the string stands, delimiters included; `None` inside an object stream or when it is
    /// not a string of this dictionary.
    pub contents_token: Option<Range<u64>>,
    /// How many of the octets the first ASN.1 value takes.
    pub contents_value: Option<u64>,
    /// `/M`: the claimed signing time.
    pub claimed_signing_time: Option<UnixTime>,
    /// `/Name`, a claim.
    pub name: Option<String>,
    /// `/Reason`, a claim.
    pub reason: Option<String>,
    /// `/Location`, a claim.
    pub location: Option<String>,
    /// `/ContactInfo`, a claim.
    pub contact: Option<String>,
    /// Whether `/Cert` is there, which EN 319 142-1 §6.3 forbids.
    pub has_certificate_entry: bool,
    /// `/Reference`: what the signature permits and locks.
    pub transforms: Vec<Transform>,
    /// The rules of the ByteRange that do not hold, in the order of the rules.
    pub faults: Vec<ByteRangeFault>,
    /// The revision whose end is the end of the signed ranges.
    pub signed_revision: Option<usize>,
}

impl SignatureDictionary {
    /// The two signed ranges, when they lie in the file, in order and apart.
    #[must_use]
    pub fn signed_ranges(&self, length: u64) -> Option<[Range<u64>; 2]> {
        let [first, first_length, second, second_length] = self.byte_range?;
        let first_end = first.checked_add(first_length)?;
        let end = second.checked_add(second_length)?;
        (first_end <= second && end <= length).then_some([first..first_end, second..end])
    }

    /// The first ASN.1 value in `/Contents`: the CMS message without the padding.
    #[must_use]
    pub fn message(&self) -> Option<&[u8]> {
        self.contents
            .get(..usize::try_from(self.contents_value?).ok()?)
    }

    /// Whether this is a time-stamp of the document and not a signature of a person.
    #[must_use]
    pub fn is_document_timestamp(&self) -> bool {
        self.sub_filter.as_deref() == Some("ETSI.RFC3161")
    }
}

/// A rule about the signed ranges that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ByteRangeFault {
    /// `/ByteRange` is not a direct array of four whole numbers that are not negative.
    NotFourNumbers,
    /// The first range does not begin with the file.
    NotFromStart,
    /// There is no gap between the ranges.
    NoGap,
    /// The gap is not exactly the `/Contents` string of this dictionary.
    GapIsNotContents,
    /// The second range does not end where a revision ends.
    NotARevision,
    /// `/Contents` is not written in hexadecimal digits alone.
    ContentsNotExact,
    /// `/Contents` does not begin with an ASN.1 value.
    ContentsNotDer,
    /// Something other than zeros follows the ASN.1 value, or other than zeros that were encrypted
    /// with the document.
    ContentsPadding,
    /// The ranges overlap, are out of order, or pass the end of the file.
    RangesOverlap,
    /// The dictionary is not an object of the revision that the ranges end.
    OutsideRevision,
    /// Two fields share the dictionary, or something that is no field uses it.
    SharedByFields,
    /// Another dictionary has the same `/Contents`, and signs an older revision.
    CopyOfAnother,
    /// The dictionary has a key twice.
    DuplicateKey,
    /// Another object has octets in the gap or behind the end of the ranges, which nobody signed.
    ReachesUnsigned,
}

impl ByteRangeFault {
    /// A stable word for reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFourNumbers => "byte-range-not-four-numbers",
            Self::NotFromStart => "byte-range-not-from-start",
            Self::NoGap => "byte-range-without-gap",
            Self::GapIsNotContents => "gap-is-not-contents",
            Self::NotARevision => "byte-range-ends-at-no-revision",
            Self::ContentsNotExact => "contents-not-plain-hexadecimal",
            Self::ContentsNotDer => "contents-not-asn1",
            Self::ContentsPadding => "contents-padding-not-zero",
            Self::RangesOverlap => "byte-range-out-of-order",
            Self::OutsideRevision => "dictionary-outside-signed-revision",
            Self::SharedByFields => "dictionary-shared",
            Self::CopyOfAnother => "contents-copied",
            Self::DuplicateKey => "dictionary-key-twice",
            Self::ReachesUnsigned => "object-reaches-unsigned-octets",
        }
    }
}

impl std::fmt::Display for ByteRangeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A signature reference dictionary: `DocMDP`, `FieldMDP` or `UR3` (ISO 32000-2 §12.8.2).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transform {
    /// `/TransformMethod`.
    pub method: Option<String>,
    /// Its parameters.
    pub parameters: Lock,
}

/// Which fields are locked, and which changes are permitted. What is written and cannot be read
/// takes the stricter reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// `/Action`: `All`, `Include` or `Exclude`; `All` too when nothing says which fields it means.
    pub action: Option<String>,
    /// `/Fields`: full names.
    pub fields: Vec<String>,
    /// `/P` as written, 0 when it is no number; `None` when absent.
    pub permission: Option<i64>,
}

impl Lock {
    /// What locks everything and permits nothing.
    fn unreadable() -> Self {
        Self {
            action: Some(ALL.to_owned()),
            fields: Vec::new(),
            permission: Some(0),
        }
    }
}

/// Reads the signature dictionary of a field; `None` when the value is null: a field not signed.
pub(super) fn read(
    signed: &Signed,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<SignatureField>, Stop> {
    let dictionary = match dictionary(signed, as_of, document, source, budget) {
        Ok(None) => return Ok(None),
        Ok(Some(dictionary)) => Ok(dictionary),
        Err(Stop::NotHere) => return Err(Stop::NotHere),
        Err(Stop::Error(error)) => Err(error),
    };
    let lock = match lock(&signed.lock, as_of, document, source, budget) {
        Err(Stop::NotHere) => return Err(Stop::NotHere),
        Ok(lock) => lock,
        Err(Stop::Error(_)) => Some(Lock::unreadable()),
    };
    let seed = &signed.seed_values;
    let seed_values = seed_values::read(seed, as_of, document, source, budget)?;
    Ok(Some(SignatureField {
        name: signed.name.clone(),
        field: signed.field,
        lock,
        seed_values,
        dictionary,
    }))
}

fn dictionary(
    signed: &Signed,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<SignatureDictionary>, Stop> {
    let object = signed.value.as_reference();
    let (value, place) = match object.or(signed.field) {
        Some(holder) => document.object(holder, as_of, source, budget)?,
        None => (Object::Null, None),
    };
    let value = if object.is_some() {
        value
    } else {
        signed.value.clone()
    };
    let (dictionary, place) = match (value, place) {
        (Object::Null, _) => return Ok(None),
        (Object::Dictionary(dictionary), Some(place)) => (dictionary, place),
        _ => return Err(Malformed::within(MalformedKind::PdfObject, "signature").into()),
    };
    let transforms = transforms(&dictionary, as_of, document, source, budget)?;
    note_duplicates(document, &dictionary, "signature", object);

    let contents = dictionary.get("Contents").and_then(Object::as_string);
    let octets: Arc<[u8]> = contents.map_or_else(|| Arc::from([]), |found| found.octets.clone());
    let string = |key| dictionary.get(key).and_then(Object::as_string);
    let words = |key| string(key).map(|found| text(&found.octets));
    let name = |key| dictionary.name(key).map(lossy);
    let mut facts = SignatureDictionary {
        object,
        revision: place.revision,
        range: place.range.clone(),
        kind: name("Type"),
        filter: name("Filter"),
        sub_filter: name("SubFilter"),
        byte_range: byte_range(&dictionary),
        contents_token: contents
            .filter(|_| place.range.is_some())
            .map(|found| found.token.clone()),
        contents_value: value_length(&octets),
        contents: octets,
        claimed_signing_time: string("M").and_then(|found| date(&found.octets)),
        name: words("Name"),
        reason: words("Reason"),
        location: words("Location"),
        contact: words("ContactInfo"),
        has_certificate_entry: dictionary.get("Cert").is_some(),
        transforms,
        faults: Vec::new(),
        signed_revision: None,
    };
    let form = contents.map(|found| found.form);
    let holder = object.or(signed.field);
    check(&mut facts, form, (&place, holder), document);
    // ISO 32000-2 table 255 has none of these: readers show what has them as a note with this text.
    if ["Subtype", "Rect", "AP"]
        .iter()
        .any(|key| dictionary.names(key.as_bytes()))
    {
        facts.faults.push(ByteRangeFault::SharedByFields);
    }
    if dictionary.has_duplicate_keys() {
        facts.faults.push(ByteRangeFault::DuplicateKey);
    }
    Ok(Some(facts))
}

pub(super) fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Rule 1: a direct array of exactly four whole numbers, none of them negative.
fn byte_range(dictionary: &Dictionary) -> Option<[u64; 4]> {
    let numbers: Option<Vec<u64>> = dictionary
        .get("ByteRange")?
        .as_array()?
        .iter()
        .map(Object::as_unsigned)
        .collect();
    numbers?.try_into().ok()
}

fn value_length(octets: &[u8]) -> Option<u64> {
    let value = Reader::ber(octets).read_any().ok()?;
    u64::try_from(value.whole.len()).ok()
}

/// The rules about the signed ranges, in their order.
fn check(
    facts: &mut SignatureDictionary,
    form: Option<StringForm>,
    (place, holder): (&Place, Option<ObjectReference>),
    document: &Document,
) {
    let mut faults = Vec::new();
    let mut rule = |holds: bool, fault| {
        if !holds {
            faults.push(fault);
        }
    };
    // 1
    rule(facts.byte_range.is_some(), ByteRangeFault::NotFourNumbers);
    if let Some([first, first_length, second, second_length]) = facts.byte_range {
        let gap = first.saturating_add(first_length)..second;
        // 2, 3
        rule(first == 0, ByteRangeFault::NotFromStart);
        rule(gap.start < gap.end, ByteRangeFault::NoGap);
        // 4: `<`, digits, `>` and nothing else, so no second string and no comment can hide there.
        rule(
            facts.contents_token.as_ref() == Some(&gap),
            ByteRangeFault::GapIsNotContents,
        );
        // 5
        facts.signed_revision = second
            .checked_add(second_length)
            .and_then(|end| document.revision_that_ends_at(end));
        rule(
            facts.signed_revision.is_some(),
            ByteRangeFault::NotARevision,
        );
    }
    // 6
    rule(
        form == Some(StringForm::Hexadecimal),
        ByteRangeFault::ContentsNotExact,
    );
    // 7
    let padding = facts
        .contents_value
        .and_then(|length| usize::try_from(length).ok())
        .and_then(|length| facts.contents.get(length..));
    rule(padding.is_some(), ByteRangeFault::ContentsNotDer);
    let padding = padding.unwrap_or_default();
    let is_zero = padding.iter().all(|octet| *octet == 0)
        || is_encrypted_zeros(facts, holder, padding.len(), document);
    rule(is_zero, ByteRangeFault::ContentsPadding);
    // 8
    if facts.byte_range.is_some() {
        let ranges = facts.signed_ranges(document.length());
        rule(ranges.is_some(), ByteRangeFault::RangesOverlap);
    }
    // 9, and with it 11: a dictionary that a later revision replaced is an object of that one.
    if let Some(signed) = facts.signed_revision {
        let before = signed
            .checked_sub(1)
            .and_then(|older| document.revisions().get(older))
            .and_then(|older| older.end.as_ref())
            .map_or(0, |end| end.start);
        let is_inside = place.revision == signed
            && place
                .range
                .as_ref()
                .is_some_and(|range| range.start >= before);
        rule(is_inside, ByteRangeFault::OutsideRevision);
    }
    facts.faults = faults;
}

/// Whether the last octets of `/Contents` are zeros that were encrypted as a string of their object.
fn is_encrypted_zeros(
    facts: &SignatureDictionary,
    holder: Option<ObjectReference>,
    count: usize,
    document: &Document,
) -> bool {
    let (Some(encryption), Some(holder)) = (&document.encryption, holder) else {
        return false;
    };
    let length = facts.contents.len().checked_sub(count);
    length.is_some_and(|length| encryption.is_of_zeros(holder, &facts.contents, length))
}

impl Document {
    /// The revision that ends here: after its `%%EOF`, or in or after the end of line behind it.
    #[must_use]
    pub fn revision_that_ends_at(&self, offset: u64) -> Option<usize> {
        self.revisions().iter().position(|Revision { end, .. }| {
            end.as_ref()
                .is_some_and(|end| (end.start..=end.end).contains(&offset))
        })
    }
}

fn transforms(
    dictionary: &Dictionary,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Vec<Transform>, Stop> {
    let wrong = || Malformed::within(MalformedKind::PdfObject, "Reference");
    let references = match dictionary.get("Reference") {
        Some(references) => document.resolve(references, as_of, source, budget)?,
        None => return Ok(Vec::new()),
    };
    let references = references.as_array().ok_or_else(wrong)?;
    if references.len() > REFERENCES {
        return Err(wrong().into());
    }
    let mut transforms = Vec::new();
    for reference in references {
        let reference = document.resolve(reference, as_of, source, budget)?;
        let reference = reference.as_dictionary().ok_or_else(wrong)?;
        let method = match reference.get("TransformMethod") {
            Some(method) => document.resolve(method, as_of, source, budget)?,
            None => Object::Null,
        };
        let parameters = reference.get("TransformParams").unwrap_or(&Object::Null);
        let parameters = lock(parameters, as_of, document, source, budget)?;
        transforms.push(Transform {
            method: method.as_name().map(lossy),
            parameters: parameters.unwrap_or_default(),
        });
    }
    Ok(transforms)
}

/// What a dictionary locks; `None` when there is none.
fn lock(
    written: &Object,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<Lock>, Stop> {
    let dictionary = match document.resolve(written, as_of, source, budget)? {
        Object::Null => return Ok(None),
        Object::Dictionary(dictionary) => dictionary,
        _ => return Ok(Some(Lock::unreadable())),
    };
    let mut entry = |key| match dictionary.get(key) {
        Some(entry) => document.resolve(entry, as_of, source, budget),
        None => Ok(Object::Null),
    };
    let permission = match entry("P")? {
        Object::Null => None,
        Object::Integer(permission) => Some(permission),
        // Written, and no permission: pdf-changes treats what is not 1, 2 or 3 as 1.
        _ => Some(0),
    };
    let action = match entry("Action")? {
        Object::Null => None,
        Object::Name(action) => Some(lossy(&action)),
        _ => Some(ALL.to_owned()),
    };
    let listed = entry("Fields")?;
    let names = listed.as_array().unwrap_or_default();
    if names.len() > NAMES {
        return Err(Malformed::within(MalformedKind::PdfObject, "Fields").into());
    }
    let mut fields = Vec::new();
    for name in names {
        let name = document.resolve(name, as_of, source, budget)?;
        fields.extend(name.as_string().map(|name| text(&name.octets)));
    }
    // Names that cannot be read may be those of any field; without them more is excluded.
    let is_whole = listed.as_array().is_some() && fields.len() == names.len();
    let action = match action {
        Some(action) if action == "Include" && !is_whole => Some(ALL.to_owned()),
        None if !names.is_empty() || listed != Object::Null && !is_whole => Some(ALL.to_owned()),
        action => action,
    };
    Ok(Some(Lock {
        action,
        fields,
        permission,
    }))
}

/// The value of one signature in two dictionaries: the one that signs the older revision may be
/// genuine, every other one is a copy.
pub(super) fn find_copies(signatures: &mut [SignatureField]) {
    let mut first: BTreeMap<Arc<[u8]>, (usize, usize)> = BTreeMap::new();
    let rank = |index, dictionary: &SignatureDictionary| {
        (dictionary.signed_revision.unwrap_or(usize::MAX), index)
    };
    for (index, field) in signatures.iter().enumerate() {
        if let Ok(dictionary) = &field.dictionary {
            let rank = rank(index, dictionary);
            first
                .entry(dictionary.contents.clone())
                .and_modify(|first| *first = rank.min(*first))
                .or_insert(rank);
        }
    }
    for (index, field) in signatures.iter_mut().enumerate() {
        if let Ok(dictionary) = &mut field.dictionary
            && first.get(&dictionary.contents) != Some(&rank(index, dictionary))
        {
            dictionary.faults.push(ByteRangeFault::CopyOfAnother);
        }
    }
}
