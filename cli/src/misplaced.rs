//! A file in the wrong place: what it is, and where it belongs.

use crate::complaint::Complaint;
use crate::kind::Kind;
use std::path::Path;

/// Where a file was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Trust,
    Evidence,
    Key,
    Policy,
}

impl Place {
    fn option(self) -> &'static str {
        match self {
            Self::Trust => "--trust",
            Self::Evidence => "--evidence",
            Self::Key => "--key",
            Self::Policy => "--policy",
        }
    }

    /// In a sentence: *OPTION takes …*.
    fn takes(self) -> &'static str {
        match self {
            Self::Trust => "certificates in PEM, DER or PKCS #7",
            Self::Evidence => "certificates, CRLs and OCSP responses, in PEM or DER",
            Self::Key => "a certificate or a public key, in PEM or DER",
            Self::Policy => "default, rfc5280, historic, or a policy as JSON",
        }
    }
}

/// The complaint about a file that cannot be what its place takes.
pub(crate) fn complaint(file: &Path, octets: &[u8], place: Place, reason: &str) -> Complaint {
    let name = file.display();
    let (option, takes) = (place.option(), place.takes());
    let kind = Kind::of(octets);
    let what = match (kind, place) {
        // Of the right kind, but something is wrong with it.
        (Kind::Certificate | Kind::Certificates, Place::Trust | Place::Evidence | Place::Key)
        | (Kind::Crl | Kind::OcspResponse, Place::Evidence)
        | (Kind::PublicKey, Place::Key)
        | (Kind::Json, Place::Policy) => format!("{name}: {reason}"),
        (Kind::Other, _) => format!("{name} is not what {option} takes"),
        (kind, _) => format!("{name} is {}", kind.words()),
    };
    let next = match (kind, place) {
        (Kind::PrivateKey, Place::Key) => format!(
            "{option} takes the public half: openssl pkey -in {name} -pubout -out public.pem"
        ),
        (Kind::PrivateKey, _) => {
            format!(
                "Keep it secret. It signs, with imza sign --with pem:{name}; {option} takes {takes}."
            )
        }
        (Kind::KeyStore, Place::Trust | Place::Evidence | Place::Key) => format!(
            "Take its certificates out: openssl pkcs12 -in {name} -nokeys -out certificates.pem"
        ),
        (Kind::Crl | Kind::OcspResponse, Place::Trust | Place::Key) => {
            format!("It belongs to --evidence {name}; {option} takes {takes}.")
        }
        (Kind::PublicKey, Place::Trust | Place::Evidence) => format!(
            "It belongs to --key {name}, which tells integrity and gives no trust; {option} takes {takes}."
        ),
        (Kind::Certificate | Kind::Certificates, Place::Policy) => format!(
            "It belongs to --trust {name} or, without trust, to --evidence {name}; {option} takes {takes}."
        ),
        (Kind::Json, Place::Trust | Place::Evidence | Place::Key) => {
            format!("If it is a policy, it belongs to --policy {name}; {option} takes {takes}.")
        }
        (Kind::Json, Place::Policy) => "docs/manual/policies.md describes the form.".to_owned(),
        (kind, _) if kind.is_document() => {
            format!("Documents stand last, without an option; {option} takes {takes}.")
        }
        (Kind::TimestampToken | Kind::TimestampResponse, _) => {
            format!("imza inspect {name} shows it; {option} takes {takes}.")
        }
        _ => format!("{option} takes {takes}."),
    };
    Complaint::usage(what, next)
}

/// What to say beside the report of a document that is none.
pub(crate) fn document(path: &Path, kind: Kind) -> Option<String> {
    let name = path.display();
    let (what, shown) = (kind.words(), format!("imza inspect {name}"));
    Some(match kind {
        Kind::Empty => format!("{name} is empty: was all of it saved?"),
        Kind::Certificate
        | Kind::Certificates
        | Kind::Crl
        | Kind::OcspResponse
        | Kind::TimestampToken
        | Kind::TimestampResponse
        | Kind::PublicKey => {
            format!("{name} is {what}, not a signed document: {shown} shows it")
        }
        Kind::PrivateKey => format!("{name} is {what}, not a signed document: keep it secret"),
        Kind::KeyStore => {
            format!("{name} is {what}: imza sign --with p12:{name} signs with its key")
        }
        Kind::CertificateRequest
        | Kind::Evidence
        | Kind::Report
        | Kind::Json
        | Kind::TrustedList => format!("{name} is {what}, not a signed document"),
        Kind::Other => return signature_beside(path),
        Kind::SignedMessage | Kind::Container | Kind::Pdf | Kind::Xml => return None,
    })
}

/// A file that is not signed may have its signature beside it.
fn signature_beside(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let beside = ["p7s", "p7m", "sig", "asice", "asics", "sce", "xades", "xml"]
        .iter()
        .map(|ending| path.with_file_name(format!("{name}.{ending}")))
        .find(|beside| beside.is_file())?;
    let (document, beside) = (path.display(), beside.display());
    Some(format!(
        "{document} holds no signature; beside it lies {beside}: imza verify --detached {document} {beside}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imza_test_vectors::Pki;

    #[test]
    fn every_kind_has_words_at_every_place() {
        let pki = Pki::fixed().unwrap();
        let key = pki.citizen_p256.key.pkcs8_pem().unwrap();
        let octets: [&[u8]; 8] = [
            b"",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"<a/>",
            b"{}",
            b"?",
            key.as_bytes(),
            &pki.root.certificate,
        ];
        for place in [Place::Trust, Place::Evidence, Place::Key, Place::Policy] {
            for octets in octets {
                let said = format!(
                    "{:?}",
                    complaint(Path::new("FILE"), octets, place, "reason")
                );
                assert!(said.contains("FILE"), "{said}");
                assert!(
                    said.contains(place.option()) || said.contains("reason"),
                    "{said}"
                );
            }
        }
    }
}
