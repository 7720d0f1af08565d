//! Addresses that may be asked, and where a redirect leads.

use super::address::reserved_for;
use super::resolver::Admit;
use crate::job::{FetchFailure, UrlOrigin};
use std::net::IpAddr;
use ureq::http::Uri;
use ureq::http::uri::Authority;

/// Longest address that is asked. Genuine ones have below 300 octets; servers refuse above 8,000.
const LONGEST: usize = 2_048;

/// An address that keeps the rules, as far as they can be kept before its name is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    uri: Uri,
    host: String,
    origin: UrlOrigin,
}

impl Target {
    /// Checks an address.
    ///
    /// # Errors
    /// [`FetchFailure::RefusedUrl`] with the rule that it breaks.
    pub(super) fn parse(
        text: &str,
        origin: UrlOrigin,
        documents: Admit,
    ) -> Result<Self, FetchFailure> {
        if text.len() > LONGEST {
            return Err(refused(format!("longer than {LONGEST} octets")));
        }
        let uri: Uri = text.parse().map_err(|_| refused("not an address"))?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(other) => return Err(refused(format!("scheme {other}"))),
            None => return Err(refused("no scheme")),
        };
        let authority = uri.authority().ok_or_else(|| refused("no host"))?;
        let host = host_of(authority);
        if host.is_empty() {
            return Err(refused("no host"));
        }
        if origin == UrlOrigin::Document {
            if authority.as_str().contains('@') {
                return Err(refused("credentials in the address"));
            }
            let ours = documents == Admit::PublicAndLoopback && names_loopback(&host);
            let default = if https { 443 } else { 80 };
            if let Some(port) = authority.port()
                && port.as_str().parse() != Ok(default)
                && !ours
            {
                return Err(refused(format!("port {port}")));
            }
            if let Ok(address) = host.parse::<IpAddr>() {
                documents.check(address)?;
            }
        }
        Ok(Self { uri, host, origin })
    }

    /// Where a redirect leads, RFC 9110 §10.2.2.
    ///
    /// # Errors
    /// [`FetchFailure::RefusedUrl`] with the rule that it breaks.
    pub(super) fn redirect(&self, location: &str, documents: Admit) -> Result<Self, FetchFailure> {
        let joined = self.join(location);
        let next = Self::parse(&joined, UrlOrigin::Configuration, documents)?;
        if self.uri.scheme_str() == Some("https") && next.uri.scheme_str() == Some("http") {
            return Err(refused("a redirect from https to http"));
        }
        // Only the very host that the caller configured keeps the caller's trust.
        let same =
            self.uri.scheme() == next.uri.scheme() && self.uri.authority() == next.uri.authority();
        let origin = if same {
            self.origin
        } else {
            UrlOrigin::Document
        };
        Self::parse(&joined, origin, documents)
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The host without port and brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn origin(&self) -> UrlOrigin {
        self.origin
    }

    fn join(&self, location: &str) -> String {
        let location = location.split('#').next().unwrap_or_default();
        if has_scheme(location) {
            return location.to_owned();
        }
        let scheme = self.uri.scheme_str().unwrap_or_default();
        if location.starts_with("//") {
            return format!("{scheme}:{location}");
        }
        let authority = self.uri.authority().map_or("", Authority::as_str);
        let path = self.uri.path();
        let joined = if location.starts_with('/') {
            location.to_owned()
        } else if location.starts_with('?') {
            format!("{path}{location}")
        } else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{location}")
        };
        format!("{scheme}://{authority}{joined}")
    }
}

/// RFC 3986 §3.1.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '-' | '.'))
    })
}

fn host_of(authority: &Authority) -> String {
    authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase()
}

fn names_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: IpAddr| reserved_for(address) == Some("loopback"))
}

pub(super) fn refused(rule: impl Into<String>) -> FetchFailure {
    FetchFailure::RefusedUrl(rule.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Result<Target, FetchFailure> {
        Target::parse(text, UrlOrigin::Document, Admit::Public)
    }

    #[test]
    fn addresses_of_documents_that_break_a_rule_are_refused_with_it() {
        for (text, rule) in [
            ("file:///etc/passwd", "not an address"),
            ("ftp://ca.example/crl", "scheme ftp"),
            ("ldap://ca.example/cn=crl", "scheme ldap"),
            ("gopher://ca.example/", "scheme gopher"),
            ("javascript:alert(1)", "no scheme"),
            ("http:///crl", "not an address"),
            ("/crl", "no scheme"),
            ("ca.example", "no scheme"),
            ("", "not an address"),
            ("http://ca.example:8080/crl", "port 8080"),
            ("http://ca.example:443/crl", "port 443"),
            ("https://ca.example:80/crl", "port 80"),
            ("http://user@ca.example/", "credentials in the address"),
            (
                "http://user:secret@ca.example/",
                "credentials in the address",
            ),
            ("http://127.0.0.1/", "address 127.0.0.1 is loopback"),
            ("http://[::1]/", "address ::1 is loopback"),
            (
                "http://169.254.169.254/latest",
                "address 169.254.169.254 is link-local",
            ),
            (
                "http://[::ffff:10.0.0.1]/",
                "address ::ffff:10.0.0.1 is IPv4-mapped",
            ),
            ("http://ca.example/\r\nX: y", "not an address"),
            ("http://ca .example/", "not an address"),
        ] {
            assert_eq!(document(text), Err(refused(rule)), "{text}");
        }
        let long = format!("http://ca.example/{}", "a".repeat(3_000));
        assert_eq!(document(&long), Err(refused("longer than 2048 octets")));
    }

    #[test]
    fn default_ports_may_be_written() {
        for text in [
            "http://ca.example/crl",
            "http://ca.example:80/crl",
            "https://ca.example:443",
            "HTTP://CA.EXAMPLE/",
            "http://1.1.1.1/",
        ] {
            assert!(document(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_configured_address_may_lie_anywhere_but_is_still_http() {
        let configured = |text| Target::parse(text, UrlOrigin::Configuration, Admit::Public);
        assert!(configured("http://10.0.0.1:3180/tsa").is_ok());
        assert_eq!(configured("ftp://tsa.example/"), Err(refused("scheme ftp")));
    }

    #[test]
    fn a_redirect_keeps_the_rules() {
        let from = document("https://ca.example/a/b?c").unwrap();
        for (location, uri) in [
            ("d", "https://ca.example/a/d"),
            ("/d#e", "https://ca.example/d"),
            ("?f", "https://ca.example/a/b?f"),
            ("//other.example/d", "https://other.example/d"),
            ("https://other.example/", "https://other.example/"),
        ] {
            let next = from.redirect(location, Admit::Public).unwrap();
            assert_eq!(next.uri().to_string(), uri);
        }
        for (location, rule) in [
            ("http://ca.example/", "a redirect from https to http"),
            ("file:///etc/passwd", "not an address"),
            ("https://127.0.0.1/", "address 127.0.0.1 is loopback"),
            ("//u@ca.example/", "credentials in the address"),
            ("//ca.example:8443/", "port 8443"),
        ] {
            assert_eq!(
                from.redirect(location, Admit::Public),
                Err(refused(rule)),
                "{location}"
            );
        }
    }

    #[test]
    fn a_configured_host_gives_its_trust_to_no_other() {
        let from = Target::parse(
            "http://10.0.0.1:3180/tsa",
            UrlOrigin::Configuration,
            Admit::Public,
        )
        .unwrap();
        let same = from.redirect("/tsa/", Admit::Public).unwrap();
        assert_eq!(same.origin(), UrlOrigin::Configuration);
        for (location, rule) in [
            ("http://10.0.0.1:22/", "port 22"),
            ("http://10.0.0.2/", "address 10.0.0.2 is private"),
        ] {
            assert_eq!(from.redirect(location, Admit::Public), Err(refused(rule)));
        }
    }
}
