//! What a file is, for messages about a file in the wrong place. Decides nothing else.

use imza::asn1::{Reader, Tag, pem};
use imza::certificate::{Certificate, read_certificates};
use imza::cms::SignedData;
use imza::crypto::PublicKey;
use imza::limits::Budget;
use imza::revocation::{BasicOcspResponse, Crl, OcspResponse};
use imza::timestamp::TimestampToken;
use imza_explain::{Said, Sentence};
use std::path::Path;

/// Octets at the beginning that tell texts and documents apart.
const HEAD: usize = 4096;
/// Files over this size are told by their beginning.
const WHOLE: u64 = 64 << 20;

/// A kind of file that this command meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Certificate,
    Certificates,
    Crl,
    OcspResponse,
    TimestampToken,
    TimestampResponse,
    EvidenceRecord,
    PublicKey,
    PrivateKey,
    KeyStore,
    CertificateRequest,
    SignedMessage,
    Container,
    Pdf,
    Xml,
    TrustedList,
    Evidence,
    Report,
    Json,
    Other,
}

impl Kind {
    /// The word that [`Sentence::Kind`] knows it by.
    fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Certificate => "certificate",
            Self::Certificates => "certificates",
            Self::Crl => "crl",
            Self::OcspResponse => "ocsp-response",
            Self::TimestampToken => "timestamp-token",
            Self::TimestampResponse => "timestamp-response",
            Self::EvidenceRecord => "evidence-record",
            Self::PublicKey => "public-key",
            Self::PrivateKey => "private-key",
            Self::KeyStore => "key-store",
            Self::CertificateRequest => "certificate-request",
            Self::SignedMessage => "signed-message",
            Self::Container => "container",
            Self::Pdf => "pdf",
            Self::Xml => "xml",
            Self::TrustedList => "trusted-list",
            Self::Evidence => "evidence",
            Self::Report => "report",
            Self::Json => "json",
            Self::Other => "other",
        }
    }

    /// In a sentence: *FILE is …*.
    pub(crate) fn said(self) -> Said {
        Said::new(Sentence::Kind).with("kind", self.word())
    }

    /// Whether signatures may be inside.
    pub(crate) fn is_document(self) -> bool {
        matches!(
            self,
            Self::SignedMessage | Self::Container | Self::Pdf | Self::Xml
        )
    }

    /// The kind of a file that can be read, else [`Kind::Other`].
    pub(crate) fn of_file(path: &Path) -> Self {
        use std::io::Read as _;
        let read = || -> std::io::Result<Vec<u8>> {
            let file = std::fs::File::open(path)?;
            let is_whole = file.metadata()?.len() <= WHOLE;
            let limit = if is_whole { WHOLE } else { 1 << 16 };
            let mut octets = Vec::new();
            file.take(limit).read_to_end(&mut octets)?;
            Ok(octets)
        };
        read().map_or(Self::Other, |octets| Self::of(&octets))
    }

    /// The kind of the octets of a file.
    pub(crate) fn of(octets: &[u8]) -> Self {
        let head = octets.get(..HEAD).unwrap_or(octets);
        let holds = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
        match octets {
            [] => return Self::Empty,
            [0x30, ..] => return Self::of_der(octets),
            [b'P', b'K', 3, 4, ..] => return Self::Container,
            _ => {}
        }
        if holds(b"%PDF-") {
            return Self::Pdf;
        }
        if holds(b"-----BEGIN ") {
            return Self::of_pem(octets);
        }
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        match text.trim_ascii_start().first() {
            Some(b'<') if holds(b"TrustServiceStatusList") => Self::TrustedList,
            Some(b'<') => Self::Xml,
            Some(b'{') if holds(b"\"imza-evidence\"") => Self::Evidence,
            Some(b'{') if holds(b"\"imza-report/") => Self::Report,
            Some(b'{') => Self::Json,
            _ => Self::Other,
        }
    }

    fn of_pem(octets: &[u8]) -> Self {
        // Also keys in the old form with headers, which are not decoded here.
        let needle = b"PRIVATE KEY-----";
        if octets.windows(needle.len()).any(|window| window == needle) {
            return Self::PrivateKey;
        }
        let Ok(blocks) = pem::decode(octets) else {
            return Self::Other;
        };
        match blocks.as_slice() {
            [] => Self::Other,
            [only] => Self::of_der(&only.der),
            [first, ..] => match Self::of_der(&first.der) {
                Self::Certificate => Self::Certificates,
                other => other,
            },
        }
    }

    /// The kind of a DER or BER value.
    pub(crate) fn of_der(der: &[u8]) -> Self {
        let budget = &mut Budget::default();
        if Certificate::parse(der, budget).is_ok() {
            return Self::Certificate;
        }
        if Crl::parse(der, budget).is_ok() {
            return Self::Crl;
        }
        if OcspResponse::parse(der, budget).is_ok() || BasicOcspResponse::parse(der, budget).is_ok()
        {
            return Self::OcspResponse;
        }
        if TimestampToken::parse(der, budget).is_ok() {
            return Self::TimestampToken;
        }
        if PublicKey::from_spki(der).is_ok() {
            return Self::PublicKey;
        }
        if let Ok(message) = SignedData::parse(der, budget) {
            return if message.signer_infos.is_empty() && read_certificates(der, budget).is_ok() {
                Self::Certificates
            } else {
                Self::SignedMessage
            };
        }
        Self::by_shape(der).unwrap_or(Self::Other)
    }

    /// What is told by its first elements.
    fn by_shape(der: &[u8]) -> Option<Self> {
        let mut fields = Reader::ber(der).read(Tag::SEQUENCE).ok()?.reader();
        match fields.read_any().ok()? {
            version if version.tag == Tag::INTEGER => match fields.peek()? {
                // PFX: a ContentInfo. PrivateKeyInfo: an algorithm and a key.
                Tag::SEQUENCE if version.content == [3] => Some(Self::KeyStore),
                // EvidenceRecord: algorithms, each by itself.
                Tag::SEQUENCE if fields.read_any().ok()?.reader().peek() == Some(Tag::SEQUENCE) => {
                    Some(Self::EvidenceRecord)
                }
                Tag::SEQUENCE | Tag::OCTET_STRING | Tag::INTEGER => Some(Self::PrivateKey),
                _ => None,
            },
            first if first.tag == Tag::SEQUENCE => {
                let mut inner = first.reader();
                let start = inner.read_any().ok()?;
                match (start.tag, fields.peek()) {
                    // EncryptedPrivateKeyInfo
                    (Tag::OID, Some(Tag::OCTET_STRING)) => Some(Self::PrivateKey),
                    // SubjectPublicKeyInfo with a key that is not supported
                    (Tag::OID, Some(Tag::BIT_STRING)) => Some(Self::PublicKey),
                    // PKIStatusInfo, then perhaps a token
                    (Tag::INTEGER, None) => Some(Self::TimestampResponse),
                    (Tag::INTEGER, Some(Tag::SEQUENCE)) if inner.peek() != Some(Tag::SEQUENCE) => {
                        Some(Self::TimestampResponse)
                    }
                    (Tag::INTEGER, Some(Tag::SEQUENCE)) => Some(Self::CertificateRequest),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use imza_test_vectors::{Pki, export};

    /// The beginning of an evidence record: what stands in its first list.
    fn record(list: &[u8]) -> Vec<u8> {
        let tlv = |tag: u8, content: &[u8]| {
            let length = u8::try_from(content.len()).unwrap();
            [&[tag, length][..], content].concat()
        };
        let algorithm = tlv(0x30, &[6, 3, 0x2a, 3, 4]);
        let tree = tlv(0xa2, &tlv(0x30, list));
        let token = tlv(0x30, &[]);
        let chains = tlv(0x30, &tlv(0x30, &tlv(0x30, &[tree, token].concat())));
        let own = [vec![2, 1, 1], tlv(0x30, &algorithm), chains];
        tlv(0x30, &own.concat())
    }

    #[test]
    fn what_people_give_is_told_apart() {
        let pki = Pki::fixed().unwrap();
        let pem = |label: &str, der: &[u8]| export::pem(label, der).into_bytes();
        let citizen = &pki.citizen_p256;
        let key = citizen.key.pkcs8_pem().unwrap();
        let chain = [
            pem("CERTIFICATE", &citizen.certificate),
            pem("CERTIFICATE", &pki.root.certificate),
        ]
        .concat();
        for (octets, kind) in [
            (b"".to_vec(), Kind::Empty),
            (citizen.certificate.clone(), Kind::Certificate),
            (pem("CERTIFICATE", &citizen.certificate), Kind::Certificate),
            (chain.clone(), Kind::Certificates),
            ([chain, key.clone().into_bytes()].concat(), Kind::PrivateKey),
            (key.into_bytes(), Kind::PrivateKey),
            (citizen.key.pkcs8_der().to_vec(), Kind::PrivateKey),
            (citizen.key.spki().to_vec(), Kind::PublicKey),
            (pem("PUBLIC KEY", citizen.key.spki()), Kind::PublicKey),
            (b"%PDF-1.7\n".to_vec(), Kind::Pdf),
            (b"PK\x03\x04".to_vec(), Kind::Container),
            (b"\xEF\xBB\xBF <a/>".to_vec(), Kind::Xml),
            (b"{\"imza-evidence\":1}".to_vec(), Kind::Evidence),
            (b"{}".to_vec(), Kind::Json),
            // An evidence record with and without a digest in its first list.
            (record(&[4, 0]), Kind::EvidenceRecord),
            (record(&[]), Kind::EvidenceRecord),
            (b"nothing".to_vec(), Kind::Other),
            (vec![0x30], Kind::Other),
            (vec![0x30, 0x80, 0, 0], Kind::Other),
        ] {
            let head = String::from_utf8_lossy(octets.get(..20).unwrap_or(&octets)).into_owned();
            assert_eq!(Kind::of(&octets), kind, "{head:?}");
        }
    }
}
