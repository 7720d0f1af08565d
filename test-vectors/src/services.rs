//! What the trust services answer, as a pure function: for the server and for tests without sockets.
//!
//! | request | answer |
//! |---|---|
//! | `POST /ocsp`, `GET /ocsp/BASE64` | the honest OCSP response of the issuing CA's responder |
//! | `GET /crl/root.crl`, `GET /crl/issuing-ca.crl` | the current list |
//! | `GET /aia/root.cer`, `GET /aia/issuing-ca.cer` | the certificate in DER |
//! | `POST /tsa`, `POST /tsa/p256` | a time-stamp by the RSA-2048 or the P-256 authority |

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Result;
use crate::pki::Pki;
use crate::{crl, ocsp, tsa};

/// An answer before it is put into HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The media type of the body.
    pub media_type: &'static str,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    fn found(media_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            media_type,
            location: None,
            body,
        }
    }

    /// An answer that is only a status.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            media_type: "text/plain",
            location: None,
            body: Vec::new(),
        }
    }

    /// A redirect.
    pub fn redirect(location: &str) -> Self {
        Self {
            location: Some(location.to_owned()),
            ..Self::status(302)
        }
    }
}

/// Answers one request at `time`; `target` is the path, with or without the address of the PKI.
pub fn answer(pki: &Pki, method: &str, target: &str, body: &[u8], time: i64) -> Answer {
    let path = target.strip_prefix(&pki.url).unwrap_or(target);
    match try_answer(pki, method, path, body, time) {
        Ok(answer) => answer,
        Err(error) => Answer {
            body: error.to_string().into_bytes(),
            ..Answer::status(400)
        },
    }
}

fn try_answer(pki: &Pki, method: &str, path: &str, body: &[u8], time: i64) -> Result<Answer> {
    const OCSP: &str = "application/ocsp-response";
    const CRL: &str = "application/pkix-crl";
    const CERTIFICATE: &str = "application/pkix-cert";
    const TIMESTAMP: &str = "application/timestamp-reply";
    Ok(match (method, path) {
        ("POST", "/ocsp") => Answer::found(OCSP, ocsp::answer(pki, body, time)?),
        ("GET", "/crl/root.crl") => Answer::found(CRL, crl::of_root(pki, time)?),
        ("GET", "/crl/issuing-ca.crl") => Answer::found(CRL, crl::of_issuing_ca(pki, time)?),
        ("GET", "/aia/root.cer") => Answer::found(CERTIFICATE, pki.root.certificate.clone()),
        ("GET", "/aia/issuing-ca.cer") => {
            Answer::found(CERTIFICATE, pki.issuing_ca.certificate.clone())
        }
        ("POST", "/tsa") => Answer::found(TIMESTAMP, tsa::answer(&pki.tsa_rsa_2048, body, time)?),
        ("POST", "/tsa/p256") => Answer::found(TIMESTAMP, tsa::answer(&pki.tsa_p256, body, time)?),
        ("GET", get) => match get.strip_prefix("/ocsp/").map(percent_decode) {
            Some(text) => match STANDARD.decode(text) {
                Ok(request) => Answer::found(OCSP, ocsp::answer(pki, &request, time)?),
                Err(_) => Answer::status(400),
            },
            None => Answer::status(404),
        },
        (_, "/ocsp" | "/tsa" | "/tsa/p256") => Answer::status(405),
        _ => Answer::status(404),
    })
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        if octet == b'%' {
            let pair: Vec<u8> = octets.by_ref().take(2).collect();
            let pair = String::from_utf8_lossy(&pair).into_owned();
            out.extend(u8::from_str_radix(&pair, 16).ok());
        } else {
            out.push(octet);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::pki::FIXED_TIME;

    #[test]
    fn addresses_in_certificates_are_answered() {
        let pki = Pki::fixed().unwrap();
        for target in [
            "http://pki.imza.test/aia/issuing-ca.cer",
            "/aia/issuing-ca.cer",
        ] {
            let got = answer(&pki, "GET", target, &[], FIXED_TIME);
            assert_eq!(
                (got.status, got.body),
                (200, pki.issuing_ca.certificate.clone())
            );
        }
    }

    #[test]
    fn ocsp_by_get_and_by_post_are_the_same() {
        let pki = Pki::fixed().unwrap();
        let serial = &pki.citizen_p256.serial_number;
        let id = ocsp::CertId::new(&pki.issuing_ca, serial, Hash::Sha1);
        let request = ocsp::request(&[id], None);
        let path = format!("/ocsp/{}", STANDARD.encode(&request).replace('/', "%2F"));
        let get = answer(&pki, "GET", &path, &[], FIXED_TIME);
        assert_eq!(get, answer(&pki, "POST", "/ocsp", &request, FIXED_TIME));
        assert_eq!(get.status, 200);
    }

    #[test]
    fn anything_else_is_an_error() {
        let pki = Pki::fixed().unwrap();
        for (method, path, status) in [
            ("GET", "/", 404),
            ("GET", "/tsa", 404),
            ("PUT", "/tsa", 405),
            ("POST", "/ocsp", 400),
        ] {
            assert_eq!(
                answer(&pki, method, path, b"?", 0).status,
                status,
                "{method} {path}"
            );
        }
    }
}
