//! Recognising the kind of a document by its first octets.

use super::mail::{MAIL_HEAD, fields, is_header, is_mail};
use super::twofold::pdf_header;
use crate::asn1::{Reader, Tag};
use crate::error::{Error, InputError, MalformedKind, Unsupported};
use crate::timestamp;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A ZIP container.
    Container,
    /// An XML document.
    Xml,
    /// An XML document that may be DIGIDOC-XML.
    Digidoc,
    /// A CMS message, in PEM or binary.
    Cms,
    /// The answer of a time-stamping authority, with a token in it.
    TimestampResponse,
    /// An evidence record, in ASN.1 or XML.
    EvidenceRecord,
    /// A PDF file.
    Pdf,
}

/// Octets that are looked at: a PDF header may stand behind some junk (ISO 32000-2 §7.5.2).
pub(super) const HEAD: usize = 1024;

/// What the label of a textual encoding that is no message holds (RFC 7468 §5 to §13).
const OTHER_LABELS: [&[u8]; 3] = [b"CERTIFICATE", b"CRL", b" KEY-----"];

/// Whether a file that begins with these octets may be a signed document: as many of them as
/// [`head_length`] says, or all where there are fewer. Whether it is one, reading says.
#[must_use]
pub fn may_be_signed(head: &[u8]) -> bool {
    recognise(head).is_ok()
}

/// How many octets at the front of a file tell its kind, from those that are known: 1,024, and
/// 65,536 where these are fields of the header of a mail that go on. Ask with none, then once more.
#[must_use]
pub fn head_length(head: &[u8]) -> u64 {
    let head = head.get(..HEAD).unwrap_or(head);
    if is_header(text_of(head)) && recognise(head).is_err() {
        return MAIL_HEAD;
    }
    1024
}

/// What stands behind a mark of the encoding and white space.
fn text_of(head: &[u8]) -> &[u8] {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start()
}

/// Tells the kind.
///
/// # Errors
/// [`InputError::Empty`], [`InputError::UnknownKind`]; [`Unsupported::Document`] for a JWS; the
/// status of an authority that refused a time-stamp.
pub(super) fn recognise(octets: &[u8]) -> Result<Kind, Error> {
    let head = octets.get(..HEAD).unwrap_or(octets);
    if head.is_empty() {
        return Err(InputError::Empty.into());
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Container);
    }
    let text = text_of(head);
    match text {
        [b'<', ..] if is_xml_record(text) => return Ok(Kind::EvidenceRecord),
        [b'<', ..] if may_be_digidoc(text) => return Ok(Kind::Digidoc),
        [b'<', ..] => return Ok(Kind::Xml),
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => return Ok(Kind::Xml),
        [b'{', ..] => return Err(Unsupported::Document("JSON Web Signature").into()),
        _ => {}
    }
    // A CMS message may carry a PDF file: what the first octets say goes before what stands behind.
    if is_signed_data(head) {
        return Ok(Kind::Cms);
    }
    if is_record(head) {
        return Ok(Kind::EvidenceRecord);
    }
    // Mail may carry a message in binary, and that a PDF file.
    if is_mail(fields(text)) {
        return Ok(Kind::Cms);
    }
    if pdf_header(head).is_some() {
        return Ok(Kind::Pdf);
    }
    if let Some(answer) = answer(head) {
        return answer;
    }
    // Certificates, revocation lists and requests: a SEQUENCE that begins with one. A message begins
    // with an object identifier, and whoever gave one of these is to be told so.
    if inside_sequence(head).is_some_and(|inside| inside.starts_with(b"0")) || is_other_label(text)
    {
        return Err(InputError::UnknownKind.into());
    }
    // ContentInfo: a SEQUENCE in DER or BER, or its textual encoding.
    if head.starts_with(b"0") && head.len() > 2 || text.starts_with(b"-----BEGIN ") {
        return Ok(Kind::Cms);
    }
    // A compact JWS: three parts of base64url.
    let is_compact = text.starts_with(b"eyJ");
    if is_compact {
        return Err(Unsupported::Document("JSON Web Signature").into());
    }
    // Textual encodings may carry explanatory text before their first line (RFC 7468 §5.2), and
    // base64 without any label is seen in mail: the CMS reader says what is wrong with them.
    let is_base64 = text.iter().all(|octet| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=' | b'\r' | b'\n')
    });
    let begins = [&b"\n-----BEGIN CMS-----"[..], b"\n-----BEGIN PKCS7-----"];
    let is_inside = |begin: &&[u8]| text.windows(begin.len()).any(|part| part == *begin);
    let is_text = begins.iter().any(is_inside);
    if is_base64 && text.starts_with(b"MI") || is_text || is_mail(text) {
        return Ok(Kind::Cms);
    }
    // Behind the first octets only fields count: a text may hold any line.
    if is_header(text) && is_mail(fields(text_of(octets))) {
        return Ok(Kind::Cms);
    }
    Err(InputError::UnknownKind.into())
}

/// A SEQUENCE that begins with an object identifier of PKCS #7 (1.2.840.113549.1.7), as every
/// `ContentInfo` that holds signatures does. RFC 5652 §3.
fn is_signed_data(head: &[u8]) -> bool {
    const PKCS7: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
    inside_sequence(head).is_some_and(|inside| inside.starts_with(PKCS7))
}

/// What follows the header of a SEQUENCE, where the octets begin with one.
fn inside_sequence(head: &[u8]) -> Option<&[u8]> {
    let [0x30, length, rest @ ..] = head else {
        return None;
    };
    // X.690 §8.1.3: the short form, the indefinite one, or a number of further octets.
    let more = match length {
        0x81..=0x88 => usize::from(length & 0x7f),
        _ => 0,
    };
    rest.get(more..)
}

/// The answer of a time-stamping authority: a short SEQUENCE that begins with a status, then a
/// message or, where it was refused, nothing. In certificates and CRLs, which may begin like it, an
/// algorithm stands there. RFC 3161 §2.4.2.
fn answer(head: &[u8]) -> Option<Result<Kind, Error>> {
    let mut response = Reader::ber(inside_sequence(head)?);
    let status = response.read(Tag::SEQUENCE).ok()?;
    status.reader().read(Tag::INTEGER).ok()?;
    if is_signed_data(response.rest()) {
        return Some(Ok(Kind::TimestampResponse));
    }
    if !response.is_empty() {
        return None;
    }
    // All of it is here, and it is short.
    let refused = timestamp::granted(head).err()?;
    (refused.code() == MalformedKind::TimestampRefused.code()).then_some(Err(refused))
}

/// A SEQUENCE that begins with the version 1 and a SEQUENCE of algorithms (RFC 4998 §3.1): no
/// message begins so, whose first member is an object identifier.
fn is_record(head: &[u8]) -> bool {
    let begins = b"\x02\x01\x01\x30";
    inside_sequence(head).is_some_and(|inside| inside.starts_with(begins))
}

/// An XML document that begins with an element of RFC 6283: what stands before its first start tag
/// are declarations and comments.
fn is_xml_record(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        let Some(start) = rest.iter().position(|octet| *octet == b'<') else {
            return false;
        };
        let Some(tag) = rest.get(start + 1..) else {
            return false;
        };
        let end: &[u8] = match tag {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            _ => {
                let name = tag.split(|octet| b" \t\r\n/>".contains(octet)).next();
                let name = name.unwrap_or_default();
                let local = name.rsplit(|octet| *octet == b':').next();
                return local == Some(b"EvidenceRecord");
            }
        };
        let Some(skip) = tag.windows(end.len()).position(|window| window == end) else {
            return false;
        };
        rest = tag.get(skip + end.len()..).unwrap_or_default();
    }
}

fn is_other_label(text: &[u8]) -> bool {
    let line = text.split(|octet| *octet == b'\n').next();
    let line = line.filter(|line| line.starts_with(b"-----BEGIN "));
    line.is_some_and(|line| {
        OTHER_LABELS
            .iter()
            .any(|label| line.windows(label.len()).any(|window| window == *label))
    })
}

/// A start tag `SignedDoc`: whether it is the document element of DIGIDOC-XML, its parser says.
fn may_be_digidoc(text: &[u8]) -> bool {
    let words = b"SignedDoc";
    text.windows(words.len()).any(|window| window == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_octets() {
        assert_eq!(recognise(b"PK\x03\x04...").unwrap(), Kind::Container);
        assert_eq!(recognise(b"\xef\xbb\xbf \n<a/>").unwrap(), Kind::Xml);
        assert_eq!(recognise(b"junk\n%PDF-1.7").unwrap(), Kind::Pdf);
        assert_eq!(recognise(b"\x30\x80\x06").unwrap(), Kind::Cms);
        assert_eq!(recognise(b"-----BEGIN PKCS7-----").unwrap(), Kind::Cms);
    }

    #[test]
    fn evidence_records_are_told_by_their_first_member() {
        let record = b"\x30\x82\x01\x00\x02\x01\x01\x30\x0b";
        assert_eq!(recognise(record).unwrap(), Kind::EvidenceRecord);
        for text in [
            "<EvidenceRecord Version='1.0'/>",
            "<?xml version='1.0'?><!-- <a> --><e:EvidenceRecord/>",
        ] {
            assert_eq!(recognise(text.as_bytes()).unwrap(), Kind::EvidenceRecord);
        }
        for text in [
            "<a><EvidenceRecord/></a>",
            "<EvidenceRecords/>",
            "<!-- <EvidenceRecord/>",
        ] {
            assert_eq!(recognise(text.as_bytes()).unwrap(), Kind::Xml, "{text}");
        }
    }

    #[test]
    fn signed_doc_elements_may_be_digidoc() {
        let digidoc = b"<?xml version='1.0'?><SignedDoc format='DIGIDOC-XML' version='1.3'>";
        assert_eq!(recognise(digidoc).unwrap(), Kind::Digidoc);
        assert_eq!(recognise(b"<a>SignedDo</a>").unwrap(), Kind::Xml);
    }

    #[test]
    fn a_message_that_carries_a_pdf_file_is_a_message() {
        let oid = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
        for start in [&b"\x30\x80"[..], b"\x30\x40", b"\x30\x82\x10\x00"] {
            let message = [start, oid, b"\xa0 %PDF-1.7"].concat();
            assert_eq!(recognise(&message).unwrap(), Kind::Cms);
        }
        assert_eq!(recognise(b"0\x82\x10\x00 %PDF-1.7").unwrap(), Kind::Pdf);
        assert_eq!(recognise(b"0 junk %PDF-1.7").unwrap(), Kind::Pdf);
        let mail = b"Content-Type: application/pkcs7-mime\n\n0\x40 %PDF-1.7";
        assert_eq!(recognise(mail).unwrap(), Kind::Cms);
        let other = b"Content-Type: application/pdf\n\n%PDF-1.7";
        assert_eq!(recognise(other).unwrap(), Kind::Pdf);
    }

    #[test]
    fn mail_that_is_a_message_is_told_by_its_headers() {
        for text in [
            "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nMIAG",
            "Subject: a\nContent-Type:\n application/x-pkcs7-mime\n\nMIAG",
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"\n\n--x",
            "Signed by A\n\n-----BEGIN PKCS7-----\nMIAG",
        ] {
            assert_eq!(recognise(text.as_bytes()).unwrap(), Kind::Cms, "{text}");
        }
        for text in [
            "Subject: pkcs7-mime\n\nMIAG",
            "Content-Type: text/plain\n\napplication/pkcs7-mime",
            "Content-Type: text/plain\nSubject:\n application/pkcs7-mime\n\n",
        ] {
            assert!(recognise(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn mail_is_told_behind_a_long_header() {
        let relayed = "Received: from a\r\n\tby b\r\n".repeat(800);
        let named = "Content-Type: application/pkcs7-mime\r\n\r\nMIAG";
        let mail = [&relayed, named].concat();
        assert!(mail.len() > 20_000 && !may_be_signed(&mail.as_bytes()[..HEAD]));
        assert_eq!(head_length(b""), 1024);
        for known in [HEAD, mail.len()] {
            assert_eq!(head_length(&mail.as_bytes()[..known]), MAIL_HEAD);
        }
        assert_eq!(recognise(mail.as_bytes()).unwrap(), Kind::Cms);
        // What the type is said in is no field, or no field of the header.
        for between in [
            "\r\n",
            "A word\r\n",
            "Subject:\r\n ",
            "%PDF-1.7\r\n",
            "SignedDoc\r\n",
        ] {
            let other = [&relayed, between, named].concat();
            assert!(!may_be_signed(other.as_bytes()), "{between}");
        }
        // Headers all along, and what is told by its first octets or is none.
        let text = "Note: a line\n".repeat(6_000);
        assert_eq!(head_length(text.as_bytes()), MAIL_HEAD);
        assert!(!may_be_signed(text.as_bytes()));
        let first = "A word, then\n";
        for first in [first, named, "<a:b>", "X: %PDF-1.7\n", "0\x03"] {
            let other = [first, &relayed, named].concat();
            assert_eq!(head_length(other.as_bytes()), 1024, "{first}");
        }
        assert!(!may_be_signed([first, &relayed, named].concat().as_bytes()));
    }

    #[test]
    fn answers_of_authorities_are_told_by_what_follows_the_status() {
        let token = b"\x30\x82\x10\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
        let statuses = [
            &b"\x30\x03\x02\x01\x00"[..],
            b"\x30\x06\x02\x01\x01\x30\x01\x00",
        ];
        for status in statuses {
            let answer = [b"\x30\x82\x10\x09", status, token].concat();
            assert_eq!(recognise(&answer).unwrap(), Kind::TimestampResponse);
        }
        // PKIFailureInfo unacceptedPolicy; a status by itself; granted, and no token.
        for (answer, found) in [
            (
                &b"\x30\x0b\x30\x09\x02\x01\x02\x03\x04\x00\x00\x00\x01"[..],
                "2",
            ),
            (b"\x30\x05\x30\x03\x02\x01\x03", "3"),
            (b"\x30\x05\x30\x03\x02\x01\x00", "timeStampToken"),
        ] {
            let refused = recognise(answer).unwrap_err();
            assert_eq!(refused.code(), "malformed.timestamp.refused");
            assert!(refused.reason().contains(found), "{}", refused.reason());
            assert!(!may_be_signed(answer));
        }
        // A certificate of version 1 and a list begin alike: an algorithm follows. A name that
        // begins like a status, and an answer with something behind it, are none.
        for other in [
            &b"\x30\x82\x10\x00\x30\x03\x02\x01\x05\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"[..],
            b"\x30\x82\x10\x00\x30\x03\x02\x01\x02",
            b"\x30\x05\x30\x03\x02\x01\x02\x00",
            b"\x30\x05\x30\x03\x06\x01\x02",
        ] {
            assert_eq!(recognise(other).unwrap_err().code(), "input.unknown-kind");
        }
    }

    #[test]
    fn what_is_no_signed_document_is_refused() {
        assert_eq!(recognise(b"").unwrap_err().code(), "input.empty");
        assert_eq!(
            recognise(b"hello").unwrap_err().code(),
            "input.unknown-kind"
        );
        assert_eq!(
            recognise(b"-----BEGIN CERTIFICATE-----\nMIIB")
                .unwrap_err()
                .code(),
            "input.unknown-kind"
        );
        // A certificate of version 3: TBSCertificate is a SEQUENCE inside.
        assert_eq!(
            recognise(b"\x30\x82\x01\xc6\x30\x82\x01\x6d\xa0\x03\x02\x01\x02")
                .unwrap_err()
                .code(),
            "input.unknown-kind"
        );
        assert_eq!(
            recognise(b"{\"a\":1}").unwrap_err().code(),
            "unsupported.document"
        );
        assert_eq!(
            recognise(b"eyJhbGciOi").unwrap_err().code(),
            "unsupported.document"
        );
    }
}
