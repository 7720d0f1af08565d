//! Telling mail that is a message, or comes with its signature, by the fields of its header.

/// Octets among which the header of mail names its type: relays and filters put much before it.
pub(super) const MAIL_HEAD: u64 = 1 << 16;

/// Headers of a MIME entity that is a message, or of one that comes with its signature: what is made
/// of the latter, the CMS reader says. RFC 8551 §3.2, §3.5.
pub(super) fn is_mail(text: &[u8]) -> bool {
    let lines = text.split(|octet| *octet == b'\n');
    let headers = lines.take_while(|line| !line.trim_ascii().is_empty());
    let mut in_type = false;
    for line in headers {
        let lower = line.to_ascii_lowercase();
        // RFC 5322 §2.2.3: a header goes on in lines that begin with white space.
        in_type = match line.first() {
            Some(b' ' | b'\t') => in_type,
            _ => lower.starts_with(b"content-type:"),
        };
        let has = |word: &[u8]| lower.windows(word.len()).any(|part| part == word);
        if in_type && (has(b"pkcs7-mime") || has(b"pkcs7-signature")) {
            return true;
        }
    }
    false
}

/// Whether `text` is nothing but fields of a header, the last of them perhaps cut off: more of them
/// may follow.
pub(super) fn is_header(text: &[u8]) -> bool {
    !text.is_empty() && fields(text).len() == text.len()
}

/// The lines at the front of `text` that are fields of a header: a name of printable ASCII and a
/// colon, or white space and what goes on. RFC 5322 §2.2. One more line may stand before them: that
/// of a mailbox (RFC 4155).
pub(super) fn fields(text: &[u8]) -> &[u8] {
    let mut length = 0;
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let is_first = length == 0;
        let mut behind_name = line.iter().skip_while(|octet| is_of_name(**octet));
        let is_field = match (line.first(), behind_name.next()) {
            (Some(b' ' | b'\t'), _) => !is_first && !line.trim_ascii().is_empty(),
            (Some(b':'), _) => false,
            (_, Some(octet)) => *octet == b':' || is_first && line.starts_with(b"From "),
            // A name that is cut off.
            (_, None) => !is_first,
        };
        if !is_field {
            break;
        }
        length += line.len();
    }
    text.get(..length).unwrap_or(text)
}

/// Printable, and no colon.
fn is_of_name(octet: u8) -> bool {
    octet.is_ascii_graphic() && octet != b':'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_by_the_names_of_their_fields() {
        for text in [
            "Received: from a\r\n\tby b\r\nX-Spam: no",
            "From a@b Thu Nov 26\nSubject: a\n",
            "Subject: a\nCont",
            "Subject: \u{259}riz\u{259}\n",
        ] {
            assert!(is_header(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "MIIGIAYJKoZI",
            " Subject: a\n",
            ": a\n",
            "Subject : a\n",
            "Subject: a\nA word\n",
            "Subject: a\n\n",
            "Subject: a\n \t\nX: b\n",
            "From a\nFrom b\n",
            "S\u{259}n\u{259}d: a\n",
        ] {
            assert!(!is_header(text.as_bytes()), "{text}");
        }
        assert_eq!(fields(b"A: a\n b\nword\nB: b\n"), b"A: a\n b\n");
    }
}
