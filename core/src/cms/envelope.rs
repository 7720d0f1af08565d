//! What may stand around a CMS message: textual encoding, bare base64, S/MIME headers.

use crate::asn1::pem;
use crate::error::{Error, Malformed, MalformedKind};
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

/// The binary message inside `bytes`.
///
/// # Errors
/// [`Malformed`] when it is neither binary, nor one PEM block, nor base64 with or without the
/// headers of an `application/pkcs7-mime` entity.
pub(super) fn strip(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Error> {
    // A ContentInfo is a SEQUENCE; the octet 0x30 is the digit 0, with which neither a PEM text nor
    // a header begins, and base64 of a SEQUENCE begins with M.
    if bytes.first() == Some(&0x30) {
        return Ok(Cow::Borrowed(bytes));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wrong = || Malformed::at(MalformedKind::PemSyntax, 0);
    if let Some(block) = pem_block(text) {
        let blocks = pem::pem_or_der(block, LABELS)?;
        // Two messages in one text: which one is meant would be a guess.
        return match <[Vec<u8>; 1]>::try_from(blocks) {
            Ok([block]) => Ok(Cow::Owned(block)),
            Err(_) => Err(wrong().into()),
        };
    }
    let body = mime_body(text)?.unwrap_or(text);
    if !body.trim_ascii_start().starts_with(b"M") {
        return Err(Malformed::at(MalformedKind::DerTag, 0).into());
    }
    let is_blank = |octet: &u8| octet.is_ascii_whitespace();
    let packed: Vec<u8> = body
        .iter()
        .copied()
        .filter(|octet| !is_blank(octet))
        .collect();
    Ok(Cow::Owned(BASE64.decode(packed).map_err(|_| wrong())?))
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

/// The body behind the headers of a MIME entity that is one CMS message (RFC 8551 §3.2).
fn mime_body(text: &[u8]) -> Result<Option<&[u8]>, Error> {
    let mut rest = text;
    let mut is_message = false;
    let mut is_header = false;
    let mut in_type = false;
    // A text without an empty line among its first ones has no headers.
    for _ in 0..MAX_HEADER_LINES {
        let end = rest.iter().position(|octet| *octet == b'\n');
        let Some((line, behind)) = end.and_then(|end| rest.split_at_checked(end + 1)) else {
            return Ok(None);
        };
        let line = line.trim_ascii_end();
        rest = behind;
        if line.is_empty() {
            return match (is_header, is_message) {
                (false, _) => Ok(None),
                (true, true) => Ok(Some(rest)),
                // multipart/signed and other entities.
                (true, false) => {
                    Err(crate::error::Unsupported::Feature("S/MIME multipart messages").into())
                }
            };
        }
        let lower = line.to_ascii_lowercase();
        // RFC 5322 §2.2.3: a header goes on in lines that begin with white space.
        in_type = match line.first() {
            Some(b' ' | b'\t') => in_type,
            _ => lower.starts_with(b"content-type:"),
        };
        is_header |= in_type || lower.starts_with(b"mime-version:");
        is_message |= in_type
            && [&b"application/pkcs7-mime"[..], b"application/x-pkcs7-mime"]
                .iter()
                .any(|name| lower.windows(name.len()).any(|part| part == *name));
    }
    Ok(None)
}

/// Lines of explanatory text.
const MAX_LINES_BEFORE: u32 = 64;

/// Every relay and filter of mail adds some, and folds them (RFC 5322 §2.1.1).
const MAX_HEADER_LINES: u32 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(strip(wrapped.as_bytes()).unwrap()[..], message, "{wrapped}");
        }
        let mail = |lines| {
            let relayed = "Received: from a\n".repeat(lines);
            format!("{relayed}Content-Type: application/pkcs7-mime\n\n{base64}")
        };
        assert_eq!(strip(mail(900).as_bytes()).unwrap()[..], message);
        assert!(strip(mail(1_000).as_bytes()).is_err());
        assert_eq!(strip(&message).unwrap()[..], message);
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
