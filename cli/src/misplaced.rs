//! A file in the wrong place: what it is, and where it belongs.

use crate::complaint::Complaint;
use crate::kind::Kind;
use imza_explain::{Part, Said, Sentence};
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
    fn takes(self) -> Said {
        let word = match self {
            Self::Trust => "trust",
            Self::Evidence => "evidence",
            Self::Key => "key",
            Self::Policy => "policy",
        };
        Said::new(Sentence::Takes).with("place", word)
    }
}

/// The complaint about a file that cannot be what its place takes.
pub(crate) fn complaint(
    file: &Path,
    octets: &[u8],
    place: Place,
    reason: impl Into<Part>,
) -> Complaint {
    let option = place.option();
    let kind = Kind::of(octets);
    let of = |sentence| Said::new(sentence).with("name", file);
    let what = match (kind, place) {
        // Of the right kind, but something is wrong with it.
        (Kind::Certificate | Kind::Certificates, Place::Trust | Place::Evidence | Place::Key)
        | (Kind::Crl | Kind::OcspResponse | Kind::EvidenceRecord, Place::Evidence)
        | (Kind::PublicKey, Place::Key) => of(Sentence::IsWrong).with("why", reason),
        (Kind::Json, Place::Policy) => of(Sentence::NotAPolicy).with("why", reason),
        (Kind::Other, _) => of(Sentence::IsNotTaken).with("option", option),
        (kind, _) => of(Sentence::IsKind).with("kind", kind.said()),
    };
    let beside = |sentence| {
        let said = of(sentence).with("option", option);
        said.with("takes", place.takes())
    };
    let next = match (kind, place) {
        (Kind::PrivateKey, Place::Key) => of(Sentence::PublicHalf).with("option", option),
        (Kind::PrivateKey, _) => beside(Sentence::KeepSecret),
        (Kind::KeyStore, Place::Trust | Place::Evidence | Place::Key) => {
            of(Sentence::TakeCertificatesOut)
        }
        (Kind::Crl | Kind::OcspResponse | Kind::EvidenceRecord, Place::Trust | Place::Key) => {
            beside(Sentence::BelongsToEvidence)
        }
        (Kind::PublicKey, Place::Trust | Place::Evidence) => beside(Sentence::BelongsToKey),
        (Kind::Certificate | Kind::Certificates, Place::Policy) => beside(Sentence::BelongsToTrust),
        (Kind::Json, Place::Trust | Place::Evidence | Place::Key) => {
            beside(Sentence::BelongsToPolicy)
        }
        (Kind::Json, Place::Policy) => Sentence::PolicyForm.into(),
        (kind, _) if kind.is_document() => beside(Sentence::DocumentsLast),
        (Kind::TimestampToken | Kind::TimestampResponse, _) => beside(Sentence::InspectShows),
        _ => beside(Sentence::OptionTakes),
    };
    Complaint::usage(what, next)
}

/// What to say beside the report of a document that is none.
pub(crate) fn document(path: &Path, kind: Kind) -> Option<Said> {
    let of = |sentence| {
        let said = Said::new(sentence).with("name", path);
        said.with("kind", kind.said())
    };
    Some(of(match kind {
        Kind::Empty => Sentence::DocumentEmpty,
        Kind::Certificate
        | Kind::Certificates
        | Kind::Crl
        | Kind::OcspResponse
        | Kind::TimestampToken
        | Kind::TimestampResponse
        | Kind::PublicKey => Sentence::DocumentShown,
        Kind::PrivateKey => Sentence::DocumentSecret,
        Kind::KeyStore => Sentence::DocumentSigns,
        Kind::Evidence => Sentence::DocumentEvidence,
        Kind::CertificateRequest | Kind::Report | Kind::Json | Kind::TrustedList => {
            Sentence::DocumentNone
        }
        Kind::Other => return signature_beside(path),
        Kind::SignedMessage | Kind::EvidenceRecord | Kind::Container | Kind::Pdf | Kind::Xml => {
            return None;
        }
    }))
}

/// A file that is not signed may have its signature beside it.
fn signature_beside(path: &Path) -> Option<Said> {
    let name = path.file_name()?.to_string_lossy();
    let beside = ["p7s", "p7m", "sig", "asice", "asics", "sce", "xades", "xml"]
        .iter()
        .map(|ending| path.with_file_name(format!("{name}.{ending}")))
        .find(|beside| beside.is_file())?;
    let said = Said::new(Sentence::SignatureBeside).with("name", path);
    Some(said.with("beside", beside.as_path()))
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
                let said = complaint(Path::new("FILE"), octets, place, "reason").in_words();
                assert!(said.contains("FILE"), "{said}");
                assert!(
                    said.contains(place.option()) || said.contains("reason"),
                    "{said}"
                );
            }
        }
    }
}
