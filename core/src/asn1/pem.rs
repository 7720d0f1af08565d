//! The textual encoding of certificates, keys and messages.
//!
//! ```text
//! -----BEGIN CERTIFICATE-----
//! base64 in lines
//! -----END CERTIFICATE-----
//! ```
//!
//! # Standard
//! RFC 7468 §3, read as its lax grammar: text around the blocks is passed over, lines may have any
//! length and blanks. Not covered: the encrypted blocks of RFC 1421 (`Proc-Type`).

use super::to_u64;
use crate::error::{Malformed, MalformedKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One block.
#[derive(Clone, PartialEq, Eq)]
pub struct PemBlock {
    /// What stands after `BEGIN`, such as `CERTIFICATE`.
    pub label: String,
    /// The bytes inside.
    pub der: Vec<u8>,
}

/// The label only: the bytes may be a private key.
impl std::fmt::Debug for PemBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PemBlock({}, {} octets)", self.label, self.der.len())
    }
}

/// Blocks of one text. Lists of every authority that a browser trusts have some hundreds; a
/// million empty ones would take more memory than everything else may.
const MOST_BLOCKS: usize = 100_000;

/// Every block of a text, in order.
///
/// # Errors
/// [`Malformed`] when a block has no end, another label at its end, or text that is no base64; for
/// more than 100,000 blocks.
/// A text without blocks gives none.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<PemBlock>, Malformed> {
    let mut blocks = Vec::new();
    let mut open: Option<(&[u8], Vec<u8>, usize)> = None;
    let mut at = 0usize;
    for line in text.as_ref().split(|octet| *octet == b'\n') {
        let start = at;
        at = at.saturating_add(line.len()).saturating_add(1);
        let wrong = |place| Malformed::at(MalformedKind::PemSyntax, to_u64(place));
        let line = line.trim_ascii();
        match &mut open {
            None => {
                if let Some(label) = boundary(line, b"-----BEGIN ") {
                    open = Some((label, Vec::new(), start));
                }
            }
            Some((label, base64, begin)) => {
                if let Some(end) = boundary(line, b"-----END ") {
                    let name = std::str::from_utf8(label).map_err(|_| wrong(*begin))?;
                    if end != *label {
                        return Err(wrong(start));
                    }
                    if blocks.len() >= MOST_BLOCKS {
                        return Err(wrong(*begin));
                    }
                    let der = STANDARD.decode(&*base64).map_err(|_| wrong(*begin))?;
                    blocks.push(PemBlock {
                        label: name.to_owned(),
                        der,
                    });
                    zeroize::Zeroize::zeroize(base64);
                    open = None;
                } else if line.starts_with(b"-----") {
                    return Err(wrong(start));
                } else {
                    base64.extend(line.iter().filter(|octet| !octet.is_ascii_whitespace()));
                }
            }
        }
    }
    match open {
        Some((_, _, begin)) => Err(Malformed::at(MalformedKind::PemSyntax, to_u64(begin))),
        None => Ok(blocks),
    }
}

/// The values of a file that is either one DER value or a PEM text: of a text, the blocks with one
/// of these labels.
///
/// # Errors
/// [`Malformed`] when it is neither, or the text has no such block.
pub fn pem_or_der(bytes: &[u8], labels: &[&str]) -> Result<Vec<Vec<u8>>, Malformed> {
    // Every value read this way is a SEQUENCE; `0` starts no PEM text that has a block.
    if bytes.first() == Some(&0x30) && !bytes.starts_with(b"0\n") && !bytes.starts_with(b"0\r") {
        return Ok(vec![bytes.to_vec()]);
    }
    let blocks: Vec<_> = decode(bytes)?
        .into_iter()
        .filter(|block| labels.contains(&block.label.as_str()))
        .map(|block| block.der)
        .collect();
    if blocks.is_empty() {
        return Err(Malformed::at(MalformedKind::PemSyntax, 0));
    }
    Ok(blocks)
}

fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_between_other_text() {
        let text = "subject=x\r\n-----BEGIN A B-----\r\nAQ\r\nID\r\n-----END A B-----\r\nrest\n\
                    -----BEGIN C-----\n BA== \n-----END C-----";
        let blocks = decode(text).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!(
            (blocks[0].label.as_str(), &blocks[0].der[..]),
            ("A B", &[1, 2, 3][..])
        );
        assert_eq!(blocks[1].der, [4]);
        assert_eq!(pem_or_der(text.as_bytes(), &["C"]).unwrap(), [vec![4]]);
        assert!(!format!("{blocks:?}").contains("[1"));
    }

    #[test]
    fn broken_blocks_are_refused() {
        for wrong in [
            "-----BEGIN A-----\nAQID\n",
            "-----BEGIN A-----\nAQID\n-----END B-----",
            "-----BEGIN A-----\nA?ID\n-----END A-----",
            "-----BEGIN A-----\nAQI\n-----END A-----",
            "-----BEGIN A-----\n-----BEGIN A-----\nAQID\n-----END A-----",
            "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END A-----",
        ] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
        assert_eq!(decode("no block").unwrap(), []);
        assert!(pem_or_der(b"no block", &["A"]).is_err());
        assert!(pem_or_der(b"-----BEGIN A-----\n-----END A-----", &["B"]).is_err());
    }

    #[test]
    fn a_million_blocks_are_refused() {
        let text = "-----BEGIN A-----\nAA==\n-----END A-----\n";
        assert_eq!(decode(text.repeat(1_000)).unwrap().len(), 1_000);
        assert!(decode(text.repeat(1_000_000)).is_err());
    }

    #[test]
    fn der_is_taken_as_it_is() {
        assert_eq!(pem_or_der(&[0x30, 0], &["A"]).unwrap(), [vec![0x30, 0]]);
    }
}
