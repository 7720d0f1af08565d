//! A signer from a key store: a PKCS #12 file (`.p12`, `.pfx`) with a key and its certificates.
//!
//! [`KeyStore::open`] reads the file with its password; [`KeyStore::keys`] lists what lies in it, and
//! [`KeyStore::signer`] makes a [`SoftwareSigner`] of one key. A key belongs to the certificate
//! that carries its public key, whatever the identifiers in the file say. A store may protect
//! nothing: then it opens with **any** password ([`KeyStore::is_protected`] tells).
//!
//! Keys are wiped here when they are dropped; the crate that reads the file holds copies of its own
//! for as long as it reads, and does not wipe them.
//!
//! # Standard
//! RFC 7292 §4 (PFX, in DER), §5.1 (integrity and privacy by password). Not covered: BER, integrity
//! by signature, RFC 9579 (PBMAC1).

use super::software::SoftwareSigner;
use super::{chain, is_for_documents};
use crate::asn1::{Reader, Tag, write};
use crate::certificate::Certificate;
use crate::crypto::SoftwareKey;
use crate::error::{Error, Malformed, MalformedKind, SignerError, Unsupported};
use crate::job::Seed;
use crate::limits::Budget;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Wrong;
use zeroize::Zeroizing;

/// Octets of a file: a key with its certificates has some 10,000. Every bag may ask for a key
/// derivation of its own.
const MAX_OCTETS: usize = 1 << 20;

/// A key store that was opened.
pub struct KeyStore {
    keys: Vec<StoredKey>,
    certificates: Vec<Certificate>,
    is_protected: bool,
}

/// A key in a store, as a list shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyDescription {
    /// What the store calls it (`friendlyName`), for [`KeyChoice::label`].
    pub label: Option<String>,
    /// Its certificate, when it lies in the store.
    pub certificate: Option<Certificate>,
    /// Whether the certificate is meant for signatures on documents.
    pub is_for_documents: bool,
}

/// Which key of a store. The default takes the only one, or the only one that is for documents.
#[derive(Clone, Debug, Default)]
pub struct KeyChoice {
    /// The label, or the common name in the certificate.
    pub label: Option<String>,
}

struct StoredKey {
    pkcs8: Zeroizing<Vec<u8>>,
    description: KeyDescription,
}

impl KeyStore {
    /// Opens a key store. A store without protection opens with any password.
    ///
    /// # Errors
    /// [`SignerError::WrongPin`]; [`MalformedKind::KeyEncoding`] for what is no key store;
    /// [`Unsupported`] for protection that is not read here or takes too long.
    pub fn open(octets: &[u8], password: &str) -> Result<Self, Error> {
        let shape = Shape::of(octets)?;
        let archive = shape.read(octets, password)?;
        let is_protected = !shape.is_open_to_all();
        let mut certificates = Vec::with_capacity(archive.certs.len());
        for bag in &archive.certs {
            certificates.push(Certificate::parse(
                bag.cert.as_der(),
                &mut Budget::default(),
            )?);
        }
        let keys = archive
            .keys
            .iter()
            .map(|bag| stored(bag, &certificates))
            .collect();
        Ok(Self {
            keys,
            certificates,
            is_protected,
        })
    }

    /// Whether a file opens only with a password: an empty one and none are the same here.
    ///
    /// # Errors
    /// As [`KeyStore::open`], but for the wrong password.
    pub fn needs_password(octets: &[u8]) -> Result<bool, Error> {
        match Shape::of(octets)?.read(octets, "") {
            Ok(_) => Ok(false),
            Err(Error::Signer(SignerError::WrongPin { .. })) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether the keys are encrypted. If not, whoever has the file has the keys.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.is_protected
    }

    /// The private keys in the store, in its order.
    pub fn keys(&self) -> impl Iterator<Item = &KeyDescription> {
        self.keys.iter().map(|key| &key.description)
    }

    /// A signer from one key, with the certificates above it that lie in the store. Blinding and
    /// salts come from the seed.
    ///
    /// # Errors
    /// [`SignerError::NotFound`] for a key or certificate that is not there;
    /// [`SignerError::Refused`] when several keys could be meant; what
    /// [`SoftwareKey::from_pkcs8_der`] says.
    pub fn signer(&self, choice: &KeyChoice, seed: Seed) -> Result<SoftwareSigner, Error> {
        let chosen = self.choose(choice)?;
        let key = SoftwareKey::from_pkcs8_der(&chosen.pkcs8)?;
        let own = chosen.description.certificate.as_ref();
        let own = own.ok_or(SignerError::NotFound {
            what: "certificate",
        })?;
        SoftwareSigner::new(key, chain(own, self.certificates.iter()), seed)
    }

    fn choose(&self, choice: &KeyChoice) -> Result<&StoredKey, SignerError> {
        let candidates: Vec<&StoredKey> = match &choice.label {
            Some(label) => self
                .keys
                .iter()
                .filter(|key| key.description.is_called(label))
                .collect(),
            None => self.keys.iter().collect(),
        };
        let fitting = |wanted: &dyn Fn(&KeyDescription) -> bool| {
            let mut found = candidates.iter().filter(|key| wanted(&key.description));
            match (found.next(), found.next()) {
                (Some(only), None) => Some(*only),
                _ => None,
            }
        };
        if candidates.is_empty() {
            return Err(SignerError::NotFound { what: "key" });
        }
        fitting(&|_| true)
            .or_else(|| fitting(&|description| description.is_for_documents))
            .ok_or(SignerError::Refused {
                why: "several keys could sign: choose one",
            })
    }
}

/// Keys show nothing of themselves.
impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStore")
            .field("keys", &self.keys.len())
            .field("certificates", &self.certificates.len())
            .field("is_protected", &self.is_protected)
            .finish()
    }
}

impl KeyDescription {
    /// Programs change the case of labels when they copy them.
    fn is_called(&self, label: &str) -> bool {
        let is_same = |name: &str| name.to_lowercase() == label.to_lowercase();
        self.label.as_deref().is_some_and(is_same)
            || self
                .certificate
                .as_ref()
                .and_then(|certificate| certificate.subject().common_name())
                .is_some_and(|name| is_same(&name))
    }
}

fn stored(bag: &p12_keystore::PrivateKeyBag, certificates: &[Certificate]) -> StoredKey {
    let pkcs8 = Zeroizing::new(bag.key.as_der().to_vec());
    // A key of a kind that is not supported is listed; taking it says why not.
    let certificate = SoftwareKey::from_pkcs8_der(&pkcs8).ok().and_then(|key| {
        let is_own = |certificate: &&Certificate| {
            certificate
                .public_key()
                .is_ok_and(|public| public.is_same_key(key.public_key()))
        };
        certificates.iter().find(is_own).cloned()
    });
    let description = KeyDescription {
        label: bag.friendly_name.clone(),
        is_for_documents: certificate.as_ref().is_some_and(is_for_documents),
        certificate,
    };
    StoredKey { pkcs8, description }
}

/// What can be seen of a store without its password, RFC 7292 §4.
///
/// ```text
/// PFX ::= SEQUENCE {
///     version     INTEGER {v3(3)}(v3,...),
///     authSafe    ContentInfo,
///     macData     MacData OPTIONAL }
/// ```
struct Shape {
    has_integrity: bool,
    /// The store without its code of integrity, which hides nothing.
    bare: Vec<u8>,
}

impl Shape {
    fn of(octets: &[u8]) -> Result<Self, Error> {
        if octets.len() > MAX_OCTETS {
            return Err(Unsupported::Feature("a key store of this size").into());
        }
        if octets.starts_with(&[0x30, 0x80]) {
            return Err(Unsupported::Feature("a key store in BER").into());
        }
        let read = || -> Result<Self, Malformed> {
            let mut whole = Reader::der(octets);
            let mut fields = whole.read(Tag::SEQUENCE)?.reader();
            whole.finish()?;
            let version = fields.read(Tag::INTEGER)?.whole;
            let safe = fields.read(Tag::SEQUENCE)?.whole;
            Ok(Self {
                has_integrity: !fields.is_empty(),
                bare: write::sequence(&[version, safe]),
            })
        };
        read().map_err(|_| malformed().into())
    }

    fn read(&self, octets: &[u8], password: &str) -> Result<Pkcs12Archive, Error> {
        Pkcs12Archive::from_pkcs12(octets, password)
            .map_err(|wrong| error(&wrong, self.has_integrity))
    }

    /// What opens with a password that nobody chose, opens with every one.
    fn is_open_to_all(&self) -> bool {
        Pkcs12Archive::from_pkcs12(&self.bare, "\u{1}\u{2}nobody chose this\u{3}").is_ok()
    }
}

fn malformed() -> Malformed {
    Malformed::within(MalformedKind::KeyEncoding, "PFX")
}

/// Without a code of integrity a wrong password shows in what comes out of the decryption only.
fn error(wrong: &Wrong, has_integrity: bool) -> Error {
    let wrong_password = SignerError::WrongPin {
        attempts_left: None,
    };
    match wrong {
        Wrong::MacError(_) => wrong_password.into(),
        Wrong::InvalidParameters => {
            Unsupported::Feature("a key derivation that takes this long").into()
        }
        Wrong::UnsupportedEncryptionScheme | Wrong::UnsupportedMacAlgorithm => {
            Unsupported::Feature("the protection of this key store").into()
        }
        Wrong::UnsupportedContentType => {
            Unsupported::Feature("a key store without a password of integrity").into()
        }
        Wrong::UnsupportedCertificateType => {
            Unsupported::Feature("a certificate other than X.509 in a key store").into()
        }
        Wrong::InvalidVersion => malformed().into(),
        Wrong::Pkcs5Error(_) if has_integrity => {
            Unsupported::Feature("the protection of this key store").into()
        }
        _ if has_integrity => malformed().into(),
        _ => wrong_password.into(),
    }
}

#[cfg(test)]
mod tests;
