//! Documents that are of two kinds: a signature for us, a PDF or ZIP file for other readers.
//!
//! Readers of PDF take a header within the first 1,024 octets and look for the last `startxref`
//! (ISO 32000-2 §7.5.2, §7.5.5), those of ZIP look for the record at the end (APPNOTE §4.3.16).
//! A comment, an unknown certificate or an unsigned attribute has room for both: whoever opens the
//! file under another name is shown pages that nobody signed.

use super::kind::{HEAD, Kind};
use crate::asn1::{Reader, Tag};
use crate::error::Malformed;
use crate::signature::Finding;
use crate::source::View;
use crate::vocabulary::CheckId;
use crate::zip::Directory;
use std::ops::Range;
use std::sync::Arc;

const HEADER: &[u8] = b"%PDF-";

/// The record at the end of a ZIP file that is on one disk.
const ZIP_END: &[u8] = b"PK\x05\x06\0\0\0\0";

/// Where the header of a PDF file stands, among the octets at the front of a document.
pub(super) fn pdf_header(head: &[u8]) -> Option<usize> {
    find(head.get(..HEAD).unwrap_or(head), HEADER)
}

/// The octets at the front of a container, where they are needed once its directory is read.
pub(super) fn kept(head: &View) -> Option<Arc<[u8]>> {
    pdf_header(head).map(|_| head.to_arc())
}

/// What else a document is that is one structure, outside of the content that it holds.
pub(super) fn of_whole(kind: Kind, octets: &[u8]) -> Option<Finding> {
    let header = pdf_header(octets);
    match kind {
        Kind::Xml | Kind::Digidoc => header.filter(|at| is_markup(octets, *at)).map(pdf),
        Kind::Cms | Kind::TimestampResponse => {
            let content = content_of_message(octets).unwrap_or(0..0);
            let (before, behind) = around(octets, &content);
            let zip = find(before, ZIP_END).or_else(|| {
                let from = octets.len() - behind.len();
                find(behind, ZIP_END).map(|at| from + at)
            });
            if let Some(at) = zip {
                return Some(finding("a ZIP file", at));
            }
            // A PDF file that was signed shows what was signed, if nothing is added to it.
            let is_signed = |at: &usize| content.contains(at) && !is_of_pdf(behind);
            header.filter(|at| !is_signed(at)).map(pdf)
        }
        Kind::EvidenceRecord => header.map(pdf),
        Kind::Container | Kind::Pdf => None,
    }
}

/// What else a container is: a PDF file whose header is not among its data, or that goes on where
/// nothing is signed.
pub(super) fn of_container(
    head: &[u8],
    directory: &Directory,
    signatures: &[&[u8]],
) -> Option<Finding> {
    let at = pdf_header(head)?;
    let is_added_to = is_of_pdf(&directory.comment) || signatures.iter().any(|one| is_of_pdf(one));
    let is_data = || {
        let begins = |offset: u64| usize::try_from(offset).ok().filter(|from| *from < at);
        let mut entries = directory.iter().map(|(_, entry)| entry);
        entries.any(|entry| {
            let is_data_file = *entry.name != *"mimetype" && !entry.name.starts_with("META-INF/");
            let data = begins(entry.header_offset).and_then(|from| data(head, from));
            let size = usize::try_from(entry.compressed_size).unwrap_or(usize::MAX);
            is_data_file && data.is_some_and(|from| (from..from.saturating_add(size)).contains(&at))
        })
    };
    (is_added_to || !is_data()).then(|| pdf(at))
}

/// Where the data behind a local header begins (APPNOTE §4.3.7).
fn data(head: &[u8], header: usize) -> Option<usize> {
    let lengths = head.get(header.checked_add(26)?..header.checked_add(30)?)?;
    let [name, more, extra, further] = lengths.try_into().ok()?;
    let name = usize::from(u16::from_le_bytes([name, more]));
    let extra = usize::from(u16::from_le_bytes([extra, further]));
    header.checked_add(30 + name + extra)
}

/// Whether the octet lies in a comment or an instruction, which signatures leave out (XMLDSig
/// §4.4.3.2) or which stand around the element that is signed. Of UTF-16 nothing is told apart.
fn is_markup(octets: &[u8], at: usize) -> bool {
    let before = octets.get(..at).unwrap_or_default();
    let is_open = |begin: &[u8], end: &[u8]| {
        let last = before.windows(begin.len()).rposition(|part| part == begin);
        let inside = last.and_then(|from| before.get(from + begin.len()..));
        inside.is_some_and(|inside| find(inside, end).is_none())
    };
    let is_wide = matches!(octets, [0xfe, 0xff, ..] | [0xff, 0xfe, ..]);
    is_wide || is_open(b"<!--", b"-->") || is_open(b"<?", b"?>")
}

/// Where the content of a message lies, the whole `EncapsulatedContentInfo` (RFC 5652 §5.2). Its
/// type is signed too, or told by the attributes.
fn content_of_message(octets: &[u8]) -> Option<Range<usize>> {
    let start = message(octets)?;
    let read = || -> Result<Range<u64>, Malformed> {
        let message = octets.get(start..).unwrap_or_default();
        let mut content_info = Reader::ber(message).read(Tag::SEQUENCE)?.reader();
        content_info.read(Tag::OID)?;
        let content = content_info.read(Tag::context_constructed(0))?.explicit()?;
        let mut fields = content.reader();
        fields.read(Tag::INTEGER)?;
        fields.read(Tag::SET)?;
        let mut encapsulated = fields.read(Tag::SEQUENCE)?.reader();
        encapsulated.read(Tag::OID)?;
        let from = encapsulated.offset();
        encapsulated.optional(Tag::context_constructed(0))?;
        Ok(from..encapsulated.offset())
    };
    let content = read().ok()?;
    let at = |offset: u64| usize::try_from(offset).ok()?.checked_add(start);
    Some(at(content.start)?..at(content.end)?)
}

/// Where a message in binary begins: at the front, or behind the headers of mail.
fn message(octets: &[u8]) -> Option<usize> {
    if octets.first() == Some(&0x30) {
        return Some(0);
    }
    let ends = [&b"\n\n"[..], b"\n\r\n"];
    let ends = ends
        .iter()
        .filter_map(|end| Some(find(octets, end)? + end.len()));
    ends.min()
}

/// What lies before and behind.
fn around<'a>(octets: &'a [u8], inside: &Range<usize>) -> (&'a [u8], &'a [u8]) {
    let before = octets.get(..inside.start).unwrap_or(octets);
    (before, octets.get(inside.end..).unwrap_or_default())
}

/// Octets that readers of PDF look for, by name or when they repair a file.
fn is_of_pdf(octets: &[u8]) -> bool {
    let is_object = |part: &[u8]| matches!(part, [b'0'..=b'9', space, b'o', b'b', b'j'] if space.is_ascii_whitespace());
    octets
        .windows(5)
        .any(|part| part == HEADER || is_object(part))
        || find(octets, b"startxref").is_some()
}

fn find(octets: &[u8], word: &[u8]) -> Option<usize> {
    octets.windows(word.len()).position(|part| part == word)
}

fn pdf(at: usize) -> Finding {
    finding("a PDF file", at)
}

fn finding(what: &str, at: usize) -> Finding {
    Finding::new(
        CheckId::FormatStructure,
        "a document of one kind",
        format!("{what} too, by what is not signed, at {at}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_header_in_a_comment_of_an_xml_document_is_told() {
        for text in [
            "<!-- %PDF-1.7 --><a/>",
            "<?a %PDF-1.7?><a/>",
            "<!-- a --><a/><!--%PDF-1.7-->",
            "\u{feff}<a><!-- <?a ?> %PDF-1.7 --></a>",
        ] {
            assert!(of_whole(Kind::Xml, text.as_bytes()).is_some(), "{text}");
        }
        assert!(of_whole(Kind::Xml, b"\xff\xfe<\0!\0%PDF-1").is_some());
        for text in [
            "<a>%PDF-1.7</a>",
            "<?xml version='1.0'?><!-- a --><a>%PDF-1.7</a>",
            "<!-- %PDF --><a/>",
        ] {
            assert!(of_whole(Kind::Xml, text.as_bytes()).is_none(), "{text}");
        }
        // Readers of PDF look at the first octets only.
        let late = format!("<a>{}</a><!--%PDF-1.7-->", "a".repeat(HEAD));
        assert!(of_whole(Kind::Xml, late.as_bytes()).is_none());
    }

    #[test]
    fn an_evidence_record_has_no_room_for_a_pdf_header() {
        assert!(of_whole(Kind::EvidenceRecord, b"<a>%PDF-1.7</a>").is_some());
        assert!(of_whole(Kind::EvidenceRecord, b"<a>PDF-1.7</a>").is_none());
    }

    #[test]
    fn objects_are_told_by_number_and_word() {
        for octets in ["1 0 obj", "7\nobj", "startxref", "%PDF-2.0"] {
            assert!(is_of_pdf(octets.as_bytes()), "{octets}");
        }
        for octets in ["the objective", "1obj", "0 OBJ", "xref", ""] {
            assert!(!is_of_pdf(octets.as_bytes()), "{octets}");
        }
    }
}
