//! What may stand around a CMS message: textual encoding, bare base64, S/MIME headers.

use crate::asn1::{Reader, Tag, pem};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Labels under which messages are met: RFC 7468 §8, §9 and those of OpenSSL.
const LABELS: &[&str] = &["CMS", "PKCS7", "PKCS #7 SIGNED DATA"];

/// Padding may be cut off, as mail clients do.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A message without what stood around it.
#[derive(Debug)]
pub(super) struct Stripped<'a> {
    /// The binary message.
    pub(super) message: Cow<'a, [u8]>,
    /// Whether words stood before or behind it, which nobody signed. Headers of mail are none.
    pub(super) has_text_around: bool,
}

/// The binary message inside `bytes`.
///
/// # Errors
/// [`Malformed`] when it is neither binary, nor one PEM block, nor base64 with or without the
/// headers of an `application/pkcs7-mime` entity, nor such an entity in binary.
pub(super) fn strip(bytes: &[u8]) -> Result<Stripped<'_>, Error> {
    // A ContentInfo is a SEQUENCE; the octet 0x30 is the digit 0, with which neither a PEM text nor
    // a header begins, and base64 of a SEQUENCE begins with M.
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(Stripped {
            message: Cow::Borrowed(bytes),
            has_text_around: false,
        });
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wrong = || Malformed::at(MalformedKind::PemSyntax, 0);
    if let Some(block) = pem_block(text) {
        let blocks = pem::pem_or_der(block, LABELS)?;
        // Two messages in one text: which one is meant would be a guess.
        return match <[Vec<u8>; 1]>::try_from(blocks) {
            Ok([block]) => Ok(Stripped {
                message: Cow::Owned(block),
                has_text_around: has_text_around_block(text),
            }),
            Err(_) => Err(wrong().into()),
        };
    }
    let body = mime_body(text)?.unwrap_or(Body {
        octets: text,
        is_binary: false,
    });
    if body.is_binary {
        let mut reader = Reader::ber(body.octets);
        let message = reader.read(Tag::SEQUENCE)?.whole;
        return Ok(Stripped {
            message: Cow::Borrowed(message),
            has_text_around: !reader.rest().trim_ascii().is_empty(),
        });
    }
    if !body.octets.trim_ascii_start().starts_with(b"M") {
        return Err(Malformed::at(MalformedKind::DerTag, 0).into());
    }
    let (packed, has_text_around) = front(body.octets);
    if packed.is_empty() {
        return Err(wrong().into());
    }
    Ok(Stripped {
        message: Cow::Owned(BASE64.decode(packed).map_err(|_| wrong())?),
        has_text_around,
    })
}

/// The identifier octet of a SEQUENCE.
const SEQUENCE: u8 = 0x30;

/// The base64 at the front of a body, and whether text follows: lists of mail put their own words
/// behind what was sent. Base64 ends with its padding or with the first other line.
fn front(body: &[u8]) -> (Vec<u8>, bool) {
    let mut packed = Vec::new();
    let mut has_ended = false;
    for line in body.split(|octet| *octet == b'\n') {
        let line = line.trim_ascii();
        has_ended |= !line.iter().all(|octet| {
            octet.is_ascii_alphanumeric()
                || octet.is_ascii_whitespace()
                || matches!(octet, b'+' | b'/' | b'=')
        });
        if has_ended && !line.is_empty() {
            return (packed, true);
        }
        packed.extend(line.iter().filter(|octet| !octet.is_ascii_whitespace()));
        has_ended |= line.ends_with(b"=");
    }
    (packed, false)
}

/// Whether words stand outside of the block of a message (RFC 7468 §5.2 lets readers pass over them).
fn has_text_around_block(text: &[u8]) -> bool {
    let mut is_inside = false;
    for line in text.split(|octet| *octet == b'\n') {
        let line = line.trim_ascii();
        let label = line
            .strip_prefix(b"-----BEGIN ")
            .and_then(|line| line.strip_suffix(b"-----"));
        if is_inside {
            is_inside = !line.starts_with(b"-----END ");
        } else if label.is_some_and(|label| LABELS.iter().any(|own| own.as_bytes() == label)) {
            is_inside = true;
        } else if !line.is_empty() {
            return true;
        }
    }
    false
}

/// From the first line on that begins a textual encoding; RFC 7468 §5.2 allows text before it.
fn pem_block(text: &[u8]) -> Option<&[u8]> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let mut rest = text.trim_ascii_start();
    for _ in 0..MAX_LINES_BEFORE {
        if rest.starts_with(BEGIN) {
            return Some(rest);
        }
        let end = rest.iter().position(|octet| *octet == b'\n')?;
        rest = rest.get(end + 1..)?;
    }
    None
}

/// What follows the headers of an entity.
struct Body<'a> {
    octets: &'a [u8],
    /// By its `Content-Transfer-Encoding` (RFC 2045 §6.2): the message itself, and no base64 of it.
    is_binary: bool,
}

/// The body behind the headers of a MIME entity that is one CMS message (RFC 8551 §3.1.3, §3.2).
///
/// Its type is said once (RFC 2045 §5), and is what stands before the parameters: a mail that is a
/// page for whoever reads it, and names a message in a parameter, shows other words than are signed.
fn mime_body(text: &[u8]) -> Result<Option<Body<'_>>, Error> {
    let mut rest = text;
    let mut types: Vec<Vec<u8>> = Vec::new();
    let mut is_header = false;
    let mut is_binary = false;
    let (mut in_type, mut in_encoding) = (false, false);
    // A text without an empty line among its first ones has no headers.
    for _ in 0..MAX_HEADER_LINES {
        let end = rest.iter().position(|octet| *octet == b'\n');
        let Some((line, behind)) = end.and_then(|end| rest.split_at_checked(end + 1)) else {
            return Ok(None);
        };
        let line = line.trim_ascii_end();
        rest = behind;
        if line.is_empty() {
            let octets = rest;
            return match types.as_slice() {
                [] if !is_header => Ok(None),
                [of] if is_message_type(of) => Ok(Some(Body { octets, is_binary })),
                [] | [_] => Err(Unsupported::Feature("S/MIME multipart messages").into()),
                _ => Err(Unsupported::Feature("mail with more than one type").into()),
            };
        }
        let lower = line.to_ascii_lowercase();
        // RFC 5322 §2.2.3: a header goes on in lines that begin with white space.
        let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
        if !goes_on {
            in_type = lower.starts_with(TYPE);
            in_encoding = lower.starts_with(b"content-transfer-encoding:");
            is_header |= in_type || lower.starts_with(b"mime-version:");
        }
        is_binary |= in_encoding && lower.windows(6).any(|part| part == b"binary");
        match types.last_mut() {
            Some(last) if in_type && goes_on => last.extend_from_slice(&lower),
            _ if in_type => types.push(lower.get(TYPE.len()..).unwrap_or_default().to_vec()),
            _ => {}
        }
    }
    Ok(None)
}

const TYPE: &[u8] = b"content-type:";

/// Whether the value of a field, in lower case, is the type of messages (RFC 8551 §3.2.1, §5.1).
fn is_message_type(value: &[u8]) -> bool {
    let name = value.split(|octet| *octet == b';').next();
    let name = name.unwrap_or_default().trim_ascii();
    matches!(
        name,
        b"application/pkcs7-mime" | b"application/x-pkcs7-mime"
    )
}

/// Lines of explanatory text.
const MAX_LINES_BEFORE: u32 = 64;

/// Every relay and filter of mail adds some, and folds them (RFC 5322 §2.1.1).
const MAX_HEADER_LINES: u32 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(bytes: &[u8]) -> Vec<u8> {
        strip(bytes).unwrap().message.into_owned()
    }

    #[test]
    fn every_wrapper_gives_the_same_octets() {
        let message = [0x30, 0x03, 0x02, 0x01, 0x05];
        let base64 = "MAMCAQU=";
        for wrapped in [
            format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n"),
            format!("\n-----BEGIN PKCS7-----\r\n{base64}\r\n-----END PKCS7-----"),
            format!("Signed by A\nfor B\n\n-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n"),
            base64.to_owned(),
            "MAMC\r\nAQU\r\n".to_owned(),
            format!("Subject: a\nContent-Type:\n\tapplication/pkcs7-mime\n\n{base64}"),
            format!(
                "MIME-Version: 1.0\nContent-Disposition: attachment\nContent-Type: \
                 application/x-pkcs7-mime; smime-type=signed-data\n\n{base64}\n"
            ),
        ] {
            assert_eq!(stripped(wrapped.as_bytes()), message, "{wrapped}");
        }
        let mail = |lines| {
            let relayed = "Received: from a\n".repeat(lines);
            format!("{relayed}Content-Type: application/pkcs7-mime\n\n{base64}")
        };
        assert_eq!(stripped(mail(900).as_bytes()), message);
        assert!(strip(mail(1_000).as_bytes()).is_err());
        assert_eq!(stripped(&message), message);
    }

    #[test]
    fn mail_is_of_one_type_and_that_is_a_message() {
        let mail = |headers: &str| format!("{headers}\n\nMAMCAQU=");
        for headers in [
            "Content-Type: APPLICATION/pkcs7-mime;\n name=\"a.p7m\"",
            "Subject: a\ncontent-type:\n application/x-pkcs7-mime ; smime-type=signed-data",
        ] {
            assert_eq!(stripped(mail(headers).as_bytes()).len(), 5, "{headers}");
        }
        for headers in [
            "Content-Type: text/html; x=\"application/pkcs7-mime\"",
            "Content-Type: text/html (application/pkcs7-mime)",
            "Content-Type: text/html;\n application/pkcs7-mime",
            "Content-Type: text/html\nContent-Type: application/pkcs7-mime",
            "Content-Type: application/pkcs7-mime\nSubject: a\nContent-Type: text/html",
            "MIME-Version: 1.0",
        ] {
            let found = strip(mail(headers).as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(found.code(), "unsupported.feature", "{headers}");
        }
    }

    #[test]
    fn text_around_a_message_is_told_and_blank_space_is_not() {
        let block = "-----BEGIN CMS-----\nMAMCAQU=\n-----END CMS-----";
        let mail = "Subject: pay A\nContent-Type: application/pkcs7-mime\n\nMAMCAQU=";
        let unpadded = "Content-Type: application/pkcs7-mime\n\nMAQCAgUG";
        for whole in [block, mail, unpadded] {
            for (before, behind, told) in [
                ("", "", false),
                ("", "\r\n \t\n", false),
                ("", "\n-- \nA list of mail\n", true),
                ("", "\n_______\nA list\n", true),
            ] {
                let text = [before, whole, behind].concat();
                let found = strip(text.as_bytes()).unwrap();
                assert_eq!(found.has_text_around, told, "{text}");
                assert_eq!(found.message, stripped(whole.as_bytes()), "{text}");
            }
        }
        let told = |text: String| strip(text.as_bytes()).unwrap().has_text_around;
        assert!(!told(format!("\n \n{block}")));
        assert!(told(format!("Pay B\n{block}")));
        let other = block.replace("CMS", "CERTIFICATE");
        assert!(told(format!("{block}\n{other}\n")));
        assert!(told(format!("{other}\n{block}\n")));
    }

    #[test]
    fn an_entity_may_be_in_binary() {
        let message: &[u8] = &[0x30, 0x03, 0x02, 0x01, 0x05];
        let headers =
            b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: Binary\r\n\r\n";
        for (behind, told) in [(&b""[..], false), (b"\r\n", false), (b"\r\nA list", true)] {
            let mail = [headers, message, behind].concat();
            let found = strip(&mail).unwrap();
            assert_eq!((&*found.message, found.has_text_around), (message, told));
        }
        // By no other encoding, and by no other field.
        let base64 = String::from_utf8_lossy(headers).replace("Binary", "base64");
        assert!(strip(&[base64.as_bytes(), message].concat()).is_err());
        let noted = "X-Note: binary\r\nContent-Type: application/pkcs7-mime\r\n\r\n";
        assert!(strip(&[noted.as_bytes(), message].concat()).is_err());
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let code = |text: &str| strip(text.as_bytes()).unwrap_err().code();
        let block = "-----BEGIN CMS-----\nMAMCAQU=\n-----END CMS-----\n";
        assert_eq!(code(&[block, block].concat()), "malformed.pem.syntax");
        assert_eq!(
            code(&block.replace("CMS", "CERTIFICATE")),
            "malformed.pem.syntax"
        );
        assert_eq!(code("M*"), "malformed.pem.syntax");
        assert_eq!(code(""), "malformed.der.tag");
        assert_eq!(code("%PDF-1.7\n\nM"), "malformed.der.tag");
        let mail = "Content-Type: multipart/signed; boundary=x\n\n--x";
        assert_eq!(code(mail), "unsupported.feature");
    }
}
