//! The joining of `xml:base` values in Canonical XML 1.1.

/// The five parts of a URI reference. RFC 3986 appendix B.
#[derive(Clone, Copy, Debug, Default)]
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

/// Joins a reference to a base, both of which may be relative.
///
/// # Standard
/// Canonical XML 1.1 §2.4 "join-URI-References": RFC 3986 §5.2.1, §5.2.2 and §5.2.4, except that a
/// fragment of the base is dropped, leading `..` segments are kept, empty segments removed, and a
/// final `..` ends in a slash.
pub(super) fn join(base: &str, reference: &str) -> String {
    let (base, reference) = (split(base), split(reference));
    let mut result = Parts {
        query: reference.query,
        ..Parts::default()
    };
    let path;
    if reference.scheme.is_some() || reference.authority.is_some() {
        result.scheme = reference.scheme.or(base.scheme);
        result.authority = reference.authority;
        path = remove_dot_segments(reference.path);
    } else {
        result.scheme = base.scheme;
        result.authority = base.authority;
        if reference.path.is_empty() {
            result.query = reference.query.or(base.query);
            path = base.path.to_owned();
        } else if reference.path.starts_with('/') {
            path = remove_dot_segments(reference.path);
        } else {
            path = remove_dot_segments(&merge(&base, reference.path));
        }
    }
    let mut joined = String::new();
    if let Some(scheme) = result.scheme {
        joined.push_str(scheme);
        joined.push(':');
    }
    if let Some(authority) = result.authority {
        joined.push_str("//");
        joined.push_str(authority);
    }
    joined.push_str(&path);
    if let Some(query) = result.query {
        joined.push('?');
        joined.push_str(query);
    }
    joined
}

fn split(uri: &str) -> Parts<'_> {
    let uri = uri.split_once('#').map_or(uri, |(before, _)| before);
    let (uri, query) = match uri.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (uri, None),
    };
    let (scheme, rest) = match uri.split_once(':') {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => (Some(scheme), rest),
        _ => (None, uri),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (rest.get(..end), rest.get(end..).unwrap_or_default())
        }
        None => (None, rest),
    };
    Parts {
        scheme,
        authority,
        path,
        query,
    }
}

/// RFC 3986 §5.2.3; Canonical XML 1.1: the last segment of the base, if it is `..`, stands for a
/// folder.
fn merge(base: &Parts<'_>, reference: &str) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{reference}");
    }
    let folder = match base.path.rsplit_once('/') {
        _ if base.path == ".." => "../",
        Some((_, "..")) => return format!("{}/{reference}", base.path),
        Some((folder, _)) => return format!("{folder}/{reference}"),
        None => "",
    };
    format!("{folder}{reference}")
}

fn remove_dot_segments(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut folder = false;
    for segment in path.split('/') {
        folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => match kept.last() {
                Some(last) if *last != ".." => {
                    kept.pop();
                }
                _ if absolute => {}
                _ => kept.push(".."),
            },
            other => kept.push(other),
        }
    }
    let mut result = String::new();
    if absolute {
        result.push('/');
    }
    result.push_str(&kept.join("/"));
    if folder && !kept.is_empty() {
        result.push('/');
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments() {
        for (path, expected) in [
            (
                "no/.././/pseudo-netpath/seg/file.ext",
                "pseudo-netpath/seg/file.ext",
            ),
            (
                "no/..//.///pseudo-netpath/seg/file.ext",
                "pseudo-netpath/seg/file.ext",
            ),
            (
                "yes/no//..//.///pseudo-netpath/seg/file.ext",
                "yes/pseudo-netpath/seg/file.ext",
            ),
            ("no/../yes", "yes"),
            ("no/../yes/", "yes/"),
            ("no/../yes/no/..", "yes/"),
            ("../../no/../..", "../../../"),
            ("no/../..", "../"),
            ("no/..", ""),
            ("no/../", ""),
            ("/a/b/c/./../../g", "/a/g"),
            ("mid/content=5/../6", "mid/6"),
            ("/..", "/"),
            ("/.", "/"),
            ("../../no", "../../no"),
        ] {
            assert_eq!(remove_dot_segments(path), expected, "{path}");
        }
    }

    #[test]
    fn references_join() {
        for (base, reference, expected) in [
            ("http://a/b/c/d;p?q", "g", "http://a/b/c/g"),
            ("http://a/b/c/d;p?q", "../../g", "http://a/g"),
            ("http://a/b/c/d;p?q", "//g", "http://g"),
            ("http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"),
            ("http://a/b/c/d;p?q", "http:g", "http:g"),
            ("http://a/b/c/d;p?q", "/g", "http://a/g"),
            ("http://a", "g", "http://a/g"),
            ("foo/bar", "..", ""),
            ("foo/bar/", "..", "foo/"),
            ("../a/", "../../b", "../../b"),
            ("..", "x", "../x"),
            ("x/..", "y", "y"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} + {reference}");
        }
    }
}
