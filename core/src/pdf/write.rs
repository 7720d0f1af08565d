//! Writing: objects, and the update that is appended to a file.
//!
//! An update is written in the style of the file it is appended to: a cross-reference table behind
//! a table, a stream behind a stream. The file itself is not touched.
//!
//! # Standard
//! ISO 32000-2 §7.3 (objects), §7.5.4 (tables), §7.5.6 (incremental updates), §7.5.8 (streams).

use super::document::Document;
use super::encryption::Encryption;
use super::lexer::{PdfString, StringForm};
use super::object::{Dictionary, Object, ObjectReference};
use crate::crypto;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::time::UnixTime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest offset that a line of a table has room for.
const TABLE_OFFSET: u64 = 9_999_999_999;

impl Object {
    /// A name.
    #[must_use]
    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A string of octets.
    #[must_use]
    pub(crate) fn octets(octets: &[u8]) -> Self {
        Self::String(PdfString {
            octets: Arc::from(octets),
            token: 0..0,
            form: StringForm::Hexadecimal,
        })
    }

    /// A text string: in PDFDocEncoding where that is ASCII, else in UTF-16 (§7.9.2.2).
    #[must_use]
    pub(crate) fn text(text: &str) -> Self {
        if text.is_ascii() {
            return Self::octets(text.as_bytes());
        }
        let mut octets = vec![0xfe, 0xff];
        octets.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        Self::octets(&octets)
    }

    /// A date (§7.9.4) in UTC.
    #[must_use]
    pub(crate) fn date(time: UnixTime) -> Self {
        let text = time.to_generalized_time();
        Self::octets(format!("D:{text}").as_bytes())
    }

    /// Appends the object as it stands in a file. Its depth is that of what was read, which the
    /// limits bound, or of what is made here.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Boolean(true) => out.extend_from_slice(b"true"),
            Self::Boolean(false) => out.extend_from_slice(b"false"),
            Self::Integer(integer) => out.extend_from_slice(integer.to_string().as_bytes()),
            Self::Real(real) => {
                let text = real.to_string();
                out.extend_from_slice(text.as_bytes());
                // A real stays one.
                if !text.contains('.') {
                    out.extend_from_slice(b".0");
                }
            }
            Self::Name(name) => write_name(name, out),
            Self::String(string) => write_string(&string.octets, out),
            Self::Array(elements) => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    element.write(out);
                }
                out.push(b']');
            }
            Self::Dictionary(dictionary) => dictionary.write(out),
            Self::Reference(reference) => out.extend_from_slice(reference.to_string().as_bytes()),
            // The data of a stream is written apart.
            Self::Stream(stream) => stream.dictionary.write(out),
        }
    }
}

impl Dictionary {
    /// Appends the dictionary as it stands in a file.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        for (key, value) in self.iter() {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
            out.push(b'\n');
        }
        out.extend_from_slice(b">>");
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for octet in name {
        let is_regular = matches!(octet, b'!'..=b'~') && !b"()<>[]{}/%#".contains(octet);
        if is_regular {
            out.push(*octet);
        } else {
            out.extend_from_slice(format!("#{octet:02X}").as_bytes());
        }
    }
}

fn write_string(octets: &[u8], out: &mut Vec<u8>) {
    if octets.iter().all(|octet| matches!(octet, b' '..=b'~')) {
        out.push(b'(');
        for octet in octets {
            if b"()\\".contains(octet) {
                out.push(b'\\');
            }
            out.push(*octet);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        push_hex(octets, out);
        out.push(b'>');
    }
}

/// Appends hexadecimal digits.
pub(crate) fn push_hex(octets: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for octet in octets {
        for digit in [octet >> 4, octet & 15] {
            out.extend(DIGITS.get(usize::from(digit)));
        }
    }
}

/// An incremental update in the making.
#[derive(Clone, Debug)]
pub struct IncrementalUpdate {
    octets: Vec<u8>,
    /// Where the update begins in the file.
    start: u64,
    base: u64,
    previous: u64,
    has_stream: bool,
    next_number: u32,
    written: BTreeMap<u32, (u16, u64)>,
    trailer: Dictionary,
    encryption: Option<Encryption>,
    /// What could not be encrypted: nothing is written plain instead.
    failed: Option<Malformed>,
}

impl IncrementalUpdate {
    /// Begins an update of a document. `ends_in_line`: whether its last octet ends a line.
    ///
    /// # Errors
    /// [`Malformed`] for a document without a trailer to carry on; [`Unsupported`] for one with a
    /// message authentication code.
    pub(crate) fn new(document: &Document, ends_in_line: bool) -> Result<Self, Error> {
        // ISO/TS 32004: an update without a code of its own makes readers refuse the whole file.
        if document.authentication_code().is_some() {
            return Err(Unsupported::Feature("a PDF with a MAC (ISO/TS 32004)").into());
        }
        let wrong = || Malformed::within(MalformedKind::PdfTrailer, "Size");
        let newest = document.revisions().last().ok_or_else(wrong)?;
        // §7.5.5: one more than the highest number in use; a file that says less is not believed.
        let stated = newest
            .trailer
            .get("Size")
            .and_then(Object::as_unsigned)
            .and_then(|size| u32::try_from(size).ok())
            .unwrap_or(0);
        let known = document.history.keys().next_back();
        let above = known.map_or(Some(1), |last| last.checked_add(1));
        let next_number = above.ok_or_else(wrong)?.max(stated);
        let mut octets = Vec::new();
        if !ends_in_line {
            octets.push(b'\n');
        }
        Ok(Self {
            octets,
            start: document.length(),
            base: document.base,
            previous: newest.begin.saturating_sub(document.base),
            has_stream: newest.has_stream,
            next_number,
            written: BTreeMap::new(),
            trailer: newest.trailer.clone(),
            encryption: document.encryption.clone(),
            failed: None,
        })
    }

    /// A number for a new object.
    ///
    /// # Errors
    /// [`Malformed`] when there is none left.
    pub(crate) fn allocate(&mut self) -> Result<ObjectReference, Malformed> {
        let number = self.next_number;
        let wrong = || Malformed::within(MalformedKind::PdfTrailer, "Size");
        self.next_number = number.checked_add(1).ok_or_else(wrong)?;
        Ok(ObjectReference {
            number,
            generation: 0,
        })
    }

    /// Where the next octet will stand in the file.
    pub(crate) fn offset(&self) -> u64 {
        self.start.saturating_add(length_of(&self.octets))
    }

    /// Writes an object, new or in place of an older definition. The last writing counts.
    pub(crate) fn write(&mut self, reference: ObjectReference, object: &Object) {
        let octets = self.octets_of(reference, object);
        self.write_octets(reference, &octets);
    }

    /// An object as it stands in the file under a number: in an encrypted document with its strings
    /// encrypted (§7.6.2).
    pub(crate) fn octets_of(&mut self, reference: ObjectReference, object: &Object) -> Vec<u8> {
        let mut octets = Vec::new();
        match &self.encryption {
            None => object.write(&mut octets),
            Some(encryption) => {
                let mut sealed = object.clone();
                match encryption.seal_strings(&mut sealed, reference) {
                    Ok(()) => sealed.write(&mut octets),
                    Err(malformed) => self.failed = Some(malformed),
                }
            }
        }
        octets
    }

    /// Writes an object from its octets; gives where they begin in the file.
    pub(crate) fn write_octets(&mut self, reference: ObjectReference, octets: &[u8]) -> u64 {
        let ObjectReference { number, generation } = reference;
        let place = (generation, self.offset());
        self.written.insert(number, place);
        let head = format!("{number} {generation} obj\n");
        self.octets.extend_from_slice(head.as_bytes());
        let begin = self.offset();
        self.octets.extend_from_slice(octets);
        self.octets.extend_from_slice(b"\nendobj\n");
        begin
    }

    /// Writes a stream object without filters.
    pub(crate) fn write_stream(&mut self, reference: ObjectReference, data: &[u8]) {
        self.write_stream_with(reference, Dictionary::default(), data);
    }

    /// Writes a stream object without filters, whose dictionary says more than its length.
    pub(crate) fn write_stream_with(
        &mut self,
        reference: ObjectReference,
        mut dictionary: Dictionary,
        data: &[u8],
    ) {
        let sealed = match &self.encryption {
            None => None,
            Some(encryption) => match encryption.seal_data(&dictionary, reference, data) {
                Ok(sealed) => Some(sealed),
                Err(malformed) => {
                    self.failed = Some(malformed);
                    return;
                }
            },
        };
        let data = sealed.as_deref().unwrap_or(data);
        dictionary.set("Length", integer(length_of(data)));
        let mut octets = self.octets_of(reference, &Object::Dictionary(dictionary));
        octets.extend_from_slice(b"\nstream\n");
        octets.extend_from_slice(data);
        octets.extend_from_slice(b"\nendstream");
        self.write_octets(reference, &octets);
    }

    /// The update with its cross-reference section.
    ///
    /// # Errors
    /// [`Unsupported`] for a table in a file of more than 10 decimal digits of octets.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        if let Some(malformed) = self.failed {
            return Err(malformed.into());
        }
        let mut trailer = Dictionary::default();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(value) = self.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        // §14.4: the first identifier stays, the second is that of this version.
        if let Some([first, _]) = self.trailer.get("ID").and_then(Object::as_array) {
            let own = crypto::object_id(&self.octets).to_hex();
            let own = own.get(..16).unwrap_or_default();
            let identifiers = vec![first.clone(), Object::octets(own.as_bytes())];
            trailer.set("ID", Object::Array(identifiers));
        }
        trailer.set("Prev", integer(self.previous));
        let section = self.offset();
        if self.has_stream {
            self.cross_reference_stream(trailer)?;
        } else {
            self.cross_reference_table(trailer)?;
        }
        let stated = section.saturating_sub(self.base);
        let end = format!("startxref\n{stated}\n%%EOF\n");
        self.octets.extend_from_slice(end.as_bytes());
        Ok(self.octets)
    }

    /// Runs of consecutive numbers: the subsections of a section.
    fn runs(&self) -> Vec<(u32, Vec<(u16, u64)>)> {
        let mut runs: Vec<(u32, Vec<(u16, u64)>)> = Vec::new();
        for (number, (generation, offset)) in &self.written {
            let place = (*generation, offset.saturating_sub(self.base));
            match runs.last_mut() {
                Some((first, places))
                    if u64::from(*first).saturating_add(count_of(places)) == u64::from(*number) =>
                {
                    places.push(place);
                }
                _ => runs.push((*number, vec![place])),
            }
        }
        runs
    }

    fn cross_reference_table(&mut self, mut trailer: Dictionary) -> Result<(), Error> {
        trailer.set("Size", integer(u64::from(self.next_number)));
        let mut table = b"xref\n".to_vec();
        for (first, places) in self.runs() {
            table.extend_from_slice(format!("{first} {}\n", places.len()).as_bytes());
            for (generation, offset) in places {
                if offset > TABLE_OFFSET {
                    return Err(Unsupported::Feature("a PDF too large for its table").into());
                }
                table.extend_from_slice(format!("{offset:010} {generation:05} n \n").as_bytes());
            }
        }
        table.extend_from_slice(b"trailer\n");
        trailer.write(&mut table);
        table.push(b'\n');
        self.octets.extend_from_slice(&table);
        Ok(())
    }

    fn cross_reference_stream(&mut self, mut trailer: Dictionary) -> Result<(), Error> {
        let own = self.allocate()?;
        // The stream lists itself too.
        self.written
            .insert(own.number, (own.generation, self.offset()));
        let (mut data, mut index) = (Vec::new(), Vec::new());
        for (first, places) in self.runs() {
            index.push(integer(u64::from(first)));
            index.push(integer(count_of(&places)));
            for (generation, offset) in places {
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        trailer.set("Type", Object::name("XRef"));
        trailer.set("Size", integer(u64::from(self.next_number)));
        trailer.set("Index", Object::Array(index));
        trailer.set("W", Object::Array([1, 8, 2].map(integer).into()));
        trailer.set("Length", integer(length_of(&data)));
        let mut octets = Vec::new();
        trailer.write(&mut octets);
        octets.extend_from_slice(b"\nstream\n");
        octets.extend_from_slice(&data);
        octets.extend_from_slice(b"\nendstream");
        self.write_octets(own, &octets);
        Ok(())
    }
}

fn integer(value: u64) -> Object {
    Object::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn count_of<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

fn length_of(octets: &[u8]) -> u64 {
    count_of(octets)
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Lexer;
    use super::super::object::value;
    use super::*;
    use crate::limits::Budget;

    fn read(octets: &[u8]) -> Object {
        value(&mut Lexer::new(octets, 0, true), &mut Budget::default()).unwrap()
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        for text in [
            &b"[null true false -7 0 1.5 -0.25 (a\\)b\\\\) <00FF> /A#20b#2F 3 0 R]"[..],
            b"<</A[<</B(x)>>[]]/C/D/E 12 7 R/F 0.000001/G 100000000000000000000000.0>>",
        ] {
            let object = read(text);
            let mut written = Vec::new();
            object.write(&mut written);
            assert_eq!(read(&written), object, "{}", written.escape_ascii());
        }
    }

    #[test]
    fn texts_read_back_in_every_alphabet() {
        for text in ["Bakı", "ərizə", "Подпись", "plain (text)", "😀"] {
            let Object::String(string) = Object::text(text) else {
                panic!("no string");
            };
            assert_eq!(super::super::text::text(&string.octets), text);
        }
    }

    #[test]
    fn a_date_reads_back() {
        let time = UnixTime::from_rfc3339("2026-06-15T13:00:00Z").unwrap();
        let Object::String(string) = Object::date(time) else {
            panic!("no string");
        };
        assert_eq!(super::super::text::date(&string.octets), Some(time));
    }
}
