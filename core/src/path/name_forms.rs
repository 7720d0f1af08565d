//! Names in subjectAltName, taken apart by their grammars.
//!
//! What a grammar does not know is read differently by different readers: `<u@a.test>`, `u@a.test.`
//! and `http://%61.test/` lead to the same host for some. Under a constraint such a name must not
//! count as one that lies elsewhere.

/// A host name in preferred name syntax: letters, digits and hyphens inside, the last label no number
/// (RFC 5280 §4.2.1.6). No dot at the end, no literal of an address.
pub(super) fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// How the local part of a mailbox is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Local<'a> {
    /// Atoms between dots: this mailbox and no other.
    Atoms(&'a str),
    /// In quotes, in which one mailbox has many spellings.
    Quoted,
}

/// The local part and the host of a mailbox: no name before it, no angle brackets, no comments
/// (RFC 5280 §4.2.1.6).
pub(super) fn mailbox(text: &str) -> Option<(Local<'_>, &str)> {
    let (local, host) = text.rsplit_once('@')?;
    Some((local_part(local)?, host)).filter(|_| is_host_name(host))
}

/// `Local-part` of a `Mailbox` (RFC 5280 §4.2.1.6): atoms between dots, or a string in quotes.
fn local_part(local: &str) -> Option<Local<'_>> {
    if let Some(inner) = local.strip_prefix('"') {
        let inner = inner.strip_suffix('"')?;
        let mut octets = inner.bytes();
        while let Some(octet) = octets.next() {
            match octet {
                b'"' => return None,
                b'\\' => octets.next().filter(|next| matches!(next, b' '..=b'~'))?,
                b' '..=b'~' => octet,
                _ => return None,
            };
        }
        return Some(Local::Quoted);
    }
    let is_atom = |atom: &str| {
        let inner =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        !atom.is_empty() && atom.bytes().all(inner)
    };
    local.split('.').all(is_atom).then_some(Local::Atoms(local))
}

/// The host of a URI that has an authority and, in it, a host name (RFC 5280 §4.2.1.6, §4.2.1.10).
///
/// # Standard
/// RFC 3986 §3.
pub(super) fn host_of_uri(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        || !scheme.bytes().all(is_scheme)
        || !is_spelled(rest)
    {
        return None;
    }
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
    let place = authority
        .split_once('@')
        .map_or(authority, |(_, place)| place);
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    let is_whole = is_host_name(host) && port.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then_some(host)
}

/// Characters of RFC 3986 §2 only: no blank, no backslash, no control character, and every percent
/// sign before two hexadecimal digits.
fn is_spelled(text: &str) -> bool {
    let is_known =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let mut behind = text.split('%').skip(1);
    let is_hex = |byte: &u8| byte.is_ascii_hexdigit();
    text.bytes().all(is_known)
        && behind.all(|rest| {
            rest.as_bytes()
                .iter()
                .take(2)
                .filter(|byte| is_hex(byte))
                .count()
                == 2
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_taken_apart_by_its_grammar() {
        for (text, local) in [
            ("u@a.test", Local::Atoms("u")),
            ("u.v+w%x!y@A.test", Local::Atoms("u.v+w%x!y")),
            ("\"u v\"@a.test", Local::Quoted),
            ("\"u@b.test\"@a.test", Local::Quoted),
            (r#""u\"\\"@a.test"#, Local::Quoted),
        ] {
            let (found, host) = mailbox(text).unwrap();
            assert_eq!(found, local, "{text}");
            assert!(host.eq_ignore_ascii_case("a.test"), "{text}");
        }
        for other in [
            "",
            "u",
            "@a.test",
            "u@",
            "u@a.test.",
            "u@a.test ",
            "u@ a.test",
            " u@a.test",
            "u@a.test\0",
            "<u@a.test>",
            "u <u@a.test>",
            "u@a.test(x)",
            "(x)u@a.test",
            "u@[192.0.2.1]",
            "u@192.0.2.1",
            "u..v@a.test",
            ".u@a.test",
            "u.@a.test",
            "\"u@a.test",
            "u\"@a.test",
            "\"u\"v\"@a.test",
            "\"u\\\"@a.test",
            "\"u\n\"@a.test",
            "u@b.test,v@a.test",
            "u@a_b.test",
            "u@a..test",
            "ə@a.test",
            "u@%61.test",
            "@b.test:u@a.test",
        ] {
            assert_eq!(mailbox(other), None, "{other:?}");
        }
    }

    #[test]
    fn the_host_of_a_uri_is_taken_by_its_grammar() {
        for (uri, host) in [
            ("http://a.test", "a.test"),
            ("HTTP://u:p@A.test:80/x@b.test?y#z", "A.test"),
            ("ldap+x-1.0://a.test:?%20", "a.test"),
        ] {
            assert_eq!(host_of_uri(uri), Some(host), "{uri}");
        }
        for other in [
            "",
            "urn:x",
            "http:/a.test",
            "http:a.test",
            "://a.test",
            "1http://a.test",
            "ht_tp://a.test",
            "http://",
            "http://a.test.",
            "http://a.test./",
            "http://%61.test/",
            "http://a.test\\x/",
            "http://b.test\\@a.test/",
            "http://a.test\t/",
            "http://a.test /",
            "http://a.test\0/",
            "http://a.test/%",
            "http://a.test/%4",
            "http://a.test/%4g",
            "http://a.test/\u{259}",
            "http://u@v@a.test/",
            "http://a.test:80:90/",
            "http://a.test:x/",
            "http://[::1]/",
            "http://127.0.0.1/",
            "http://a.test<b>/",
            " http://a.test/",
            "http://a|b.test/",
        ] {
            assert_eq!(host_of_uri(other), None, "{other:?}");
        }
    }
}
