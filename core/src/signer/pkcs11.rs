//! A signer on a smart card or token, through its vendor's PKCS #11 module.
//!
//! The module is a library that the user or the system's administrator named by its absolute path.
//! [`tokens`] lists what is plugged in, with certificates, and needs no PIN; [`TokenSigner::open`]
//! picks the signing certificate, logs in, and is a [`Signer`] from then on.
//!
//! Identity cards carry two certificates, one to log in somewhere and one to sign documents. Unless
//! told otherwise only the one for documents is taken: its key usage says nonRepudiation.
//!
//! # Standard
//! PKCS #11 v2.40 (OASIS) §2.1, §2.3 (RSA and ECDSA mechanisms), EN 319 412-2 §4.3.2 (key usage).
//! Digests are computed here, never on the token. Not covered: SHA-3 inside PSS.

use super::{Signer, chain, is_for_documents};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asn1::write;
use crate::certificate::Certificate;
use crate::crypto::{self, KeyKind, Message, PublicKey};
use crate::error::SignerError;
use crate::limits::Budget;
use imza_pkcs11 as token;
use imza_pkcs11::{Mechanism, Module, PrivateKey, TokenSession};
use std::path::Path;
use std::sync::Arc;

pub use imza_pkcs11::{Login, PinState, UserPin};

/// A token as a list shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenDescription {
    /// Label: what people know the token by.
    pub label: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number; often the document's number.
    pub serial_number: String,
    /// How the user logs in: whether to ask for a PIN, and how long it is.
    pub login: Login,
    /// What it tells about the PIN: whether the next wrong one is the last.
    pub pin_state: PinState,
    /// The certificates that can be read without login.
    pub certificates: Vec<CertificateDescription>,
}

/// A certificate on a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateDescription {
    /// The identifier on the token, for [`TokenChoice::certificate`].
    pub id: Vec<u8>,
    /// The label on the token.
    pub label: String,
    /// The certificate.
    pub certificate: Certificate,
    /// Whether it is meant for signatures on documents.
    pub is_for_documents: bool,
}

/// Which certificate on which token. The default takes the only one that is for documents.
#[derive(Clone, Debug, Default)]
pub struct TokenChoice {
    /// Label of the token.
    pub token: Option<String>,
    /// Identifier of the certificate on the token; also one that is not for documents.
    pub certificate: Option<Vec<u8>>,
}

/// A key on a token, logged in to.
pub struct TokenSigner {
    session: TokenSession,
    key: PrivateKey,
    public: PublicKey,
    chain: Vec<Arc<[u8]>>,
    algorithms: Vec<SignatureAlgorithm>,
    pin: Option<UserPin>,
}

/// The tokens that a module shows.
///
/// # Errors
/// [`SignerError::NotFound`] for a module that is not there, [`SignerError::Device`] for one that
/// fails.
pub fn tokens(module: &Path) -> Result<Vec<TokenDescription>, SignerError> {
    let mut descriptions = Vec::new();
    for token in load(module)?.tokens().map_err(signer_error)? {
        // A token that cannot be read is listed without certificates.
        let certificates = token
            .open()
            .map(|session| certificates(&session).unwrap_or_default())
            .unwrap_or_default();
        descriptions.push(TokenDescription {
            label: token.label().to_owned(),
            manufacturer: token.manufacturer().to_owned(),
            model: token.model().to_owned(),
            serial_number: token.serial_number().to_owned(),
            login: token.login(),
            pin_state: token.pin_state(),
            certificates,
        });
    }
    Ok(descriptions)
}

impl TokenSigner {
    /// Opens the token, picks the certificate, logs in and finds the key.
    ///
    /// The PIN is kept (and wiped with the signer) because some keys want it for every signature.
    /// It is not needed where the token takes it on the reader or in a dialog of the module.
    ///
    /// # Errors
    /// [`SignerError::NotFound`] for a module, token, certificate or key that is not there;
    /// [`SignerError::Refused`] when several certificates could be meant or a PIN is missing;
    /// [`SignerError::WrongPin`], [`SignerError::PinBlocked`], [`SignerError::UserCancelled`],
    /// [`SignerError::Device`].
    pub fn open(
        module: &Path,
        choice: &TokenChoice,
        pin: Option<UserPin>,
    ) -> Result<Self, SignerError> {
        let module = load(module)?;
        let (mut session, chosen) = choose(&module, choice)?;
        let pool = certificates(&session)?;
        let pool = pool.iter().map(|found| &found.certificate);
        let chain = chain(&chosen.certificate, pool);
        let public = PublicKey::from_spki(chosen.certificate.spki()).map_err(|_| other_kind())?;
        let kind = match public.kind() {
            KeyKind::Rsa | KeyKind::RsaPss(_) => token::KeyKind::Rsa,
            KeyKind::Ec(_) => token::KeyKind::Ec,
            KeyKind::Ed25519 => token::KeyKind::Edwards,
            // Verified only: no PIN is spent on it.
            _ => return Err(other_kind()),
        };
        match (session.token().login(), &pin) {
            // Some modules ask by themselves when the key is used.
            (Login::Pin { .. }, None) => {}
            (_, pin) => session.login(pin.as_ref()).map_err(signer_error)?,
        }
        let key = session
            .key_of(&chosen.id, kind, public.rsa_modulus())
            .map_err(|error| match (error, &pin) {
                (token::Error::NotFound(_), None) => pin_needed(),
                (error, _) => signer_error(error),
            })?;
        let algorithms = algorithms(&session, &public)?;
        Ok(Self {
            session,
            key,
            public,
            chain,
            algorithms,
            pin,
        })
    }

    fn value(&mut self, mechanism: Mechanism, data: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.session
            .sign(&self.key, mechanism, data, self.pin.as_ref())
            .map_err(signer_error)
    }
}

impl Signer for TokenSigner {
    fn certificate(&self) -> Vec<Arc<[u8]>> {
        self.chain.clone()
    }

    fn algorithms(&self) -> Vec<SignatureAlgorithm> {
        self.algorithms.clone()
    }

    fn sign(
        &mut self,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
    ) -> Result<Vec<u8>, SignerError> {
        match (self.public.kind(), algorithm) {
            (KeyKind::Rsa, SignatureAlgorithm::RsaPkcs1 { digest }) => {
                // RFC 8017 §9.2: the token pads what it is given, so it is given all of DigestInfo.
                let identifier = write::sequence(&[&write::oid(digest.oid()), &write::null()]);
                let octets = write::octet_string(&digest_of(message, digest)?);
                let info = write::sequence(&[&identifier, &octets]);
                self.value(Mechanism::RsaPkcs1, &info)
            }
            (
                KeyKind::Rsa | KeyKind::RsaPss(_),
                SignatureAlgorithm::RsaPss {
                    digest,
                    mgf_digest,
                    salt_length,
                },
            ) => {
                let mechanism = Mechanism::RsaPss {
                    digest: inside_pss(digest)?,
                    mgf_digest: inside_pss(mgf_digest)?,
                    salt_length,
                };
                self.value(mechanism, &digest_of(message, digest)?)
            }
            (KeyKind::Ec(curve), SignatureAlgorithm::Ecdsa { digest, encoding }) => {
                let value = self.value(Mechanism::Ecdsa, &digest_of(message, digest)?)?;
                // PKCS #11 §2.3.1: r ‖ s, each as long as the order of the group.
                crypto::transcode_ecdsa(&value, curve, ValueEncoding::Plain, encoding)
                    .map_err(|_| SignerError::ValueDoesNotVerify)
            }
            (KeyKind::Ed25519, SignatureAlgorithm::Ed25519) => match message {
                Message::Octets(octets) => self.value(Mechanism::Eddsa, octets),
                Message::Digest(_) => Err(SignerError::Refused {
                    why: "Ed25519 signs the message itself, not its digest",
                }),
            },
            _ => Err(other_key()),
        }
    }
}

/// The PIN and the key show nothing of themselves.
impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSigner")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

fn load(module: &Path) -> Result<Module, SignerError> {
    if module.is_absolute() && !module.exists() {
        return Err(SignerError::NotFound { what: "module" });
    }
    Module::load(module).map_err(signer_error)
}

/// The certificates that can be read; others on the token are of no use here.
fn certificates(session: &TokenSession) -> Result<Vec<CertificateDescription>, SignerError> {
    let mut descriptions = Vec::new();
    for found in session.certificates().map_err(signer_error)? {
        if let Ok(certificate) = Certificate::parse(&found.der, &mut Budget::default()) {
            descriptions.push(CertificateDescription {
                id: found.id,
                label: found.label,
                is_for_documents: is_for_documents(&certificate),
                certificate,
            });
        }
    }
    Ok(descriptions)
}

fn choose(
    module: &Module,
    choice: &TokenChoice,
) -> Result<(TokenSession, CertificateDescription), SignerError> {
    let mut found: Option<(TokenSession, CertificateDescription)> = None;
    let mut is_token_there = false;
    for token in module.tokens().map_err(signer_error)? {
        if choice
            .token
            .as_ref()
            .is_some_and(|label| label != token.label())
        {
            continue;
        }
        is_token_there = true;
        // One broken token must not hide another.
        let Ok(session) = token.open() else { continue };
        let Ok(certificates) = certificates(&session) else {
            continue;
        };
        let fits = |description: &CertificateDescription| match &choice.certificate {
            Some(id) => description.id == *id,
            None => description.is_for_documents,
        };
        let mut fitting = certificates.into_iter().filter(fits);
        let Some(first) = fitting.next() else {
            continue;
        };
        // The same certificate in two slots is one choice.
        let is_other =
            |other: &CertificateDescription| other.certificate.der() != first.certificate.der();
        if fitting.any(|other| is_other(&other))
            || found.as_ref().is_some_and(|(_, other)| is_other(other))
        {
            return Err(SignerError::Refused {
                why: "several certificates could sign: choose one",
            });
        }
        found.get_or_insert((session, first));
    }
    found.ok_or(SignerError::NotFound {
        what: if is_token_there {
            "certificate"
        } else {
            "token"
        },
    })
}

/// What token and key can do together, the preferred one first.
fn algorithms(
    session: &TokenSession,
    public: &PublicKey,
) -> Result<Vec<SignatureAlgorithm>, SignerError> {
    let mut digests = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    if let KeyKind::Ec(curve) = public.kind() {
        digests.sort_by_key(|digest| *digest != curve.preferred_digest());
    }
    let has = |mechanism| session.has_mechanism(mechanism).map_err(signer_error);
    let pss = Mechanism::RsaPss {
        digest: token::Digest::Sha256,
        mgf_digest: token::Digest::Sha256,
        salt_length: 32,
    };
    let mut algorithms = Vec::new();
    match public.kind() {
        KeyKind::Rsa => {
            if has(pss)? {
                algorithms.extend(digests.map(SignatureAlgorithm::pss));
            }
            if has(Mechanism::RsaPkcs1)? {
                algorithms.extend(digests.map(|digest| SignatureAlgorithm::RsaPkcs1 { digest }));
            }
        }
        KeyKind::RsaPss(None) if has(pss)? => {
            algorithms.extend(digests.map(SignatureAlgorithm::pss));
        }
        KeyKind::RsaPss(Some(restriction)) if has(pss)? => {
            algorithms.push(SignatureAlgorithm::RsaPss {
                digest: restriction.digest,
                mgf_digest: restriction.mgf_digest,
                salt_length: restriction.min_salt_length,
            });
        }
        KeyKind::Ec(_) if has(Mechanism::Ecdsa)? => {
            algorithms.extend(digests.into_iter().flat_map(|digest| {
                [ValueEncoding::Der, ValueEncoding::Plain]
                    .map(|encoding| SignatureAlgorithm::Ecdsa { digest, encoding })
            }));
        }
        KeyKind::Ed25519 if has(Mechanism::Eddsa)? => {
            algorithms.push(SignatureAlgorithm::Ed25519);
        }
        _ => {}
    }
    Ok(algorithms)
}

fn other_kind() -> SignerError {
    SignerError::Refused {
        why: "the certificate's key is of a kind that is not supported",
    }
}

fn digest_of(message: Message<'_>, algorithm: DigestAlgorithm) -> Result<Vec<u8>, SignerError> {
    match message {
        Message::Octets(octets) => crypto::digest(algorithm, octets).map_err(|_| other_key()),
        Message::Digest(digest) if digest.len() == algorithm.output_len() => Ok(digest.to_vec()),
        Message::Digest(_) => Err(SignerError::Refused {
            why: "the digest does not have the length of its algorithm",
        }),
    }
}

fn inside_pss(digest: DigestAlgorithm) -> Result<token::Digest, SignerError> {
    match digest {
        DigestAlgorithm::Sha1 => Ok(token::Digest::Sha1),
        DigestAlgorithm::Sha224 => Ok(token::Digest::Sha224),
        DigestAlgorithm::Sha256 => Ok(token::Digest::Sha256),
        DigestAlgorithm::Sha384 => Ok(token::Digest::Sha384),
        DigestAlgorithm::Sha512 => Ok(token::Digest::Sha512),
        _ => Err(other_key()),
    }
}

fn other_key() -> SignerError {
    SignerError::Refused {
        why: "the key does not sign with this algorithm",
    }
}

fn pin_needed() -> SignerError {
    SignerError::Refused {
        why: "the token wants a PIN",
    }
}

fn signer_error(error: token::Error) -> SignerError {
    match error {
        token::Error::WrongPin { attempts_left } => SignerError::WrongPin { attempts_left },
        token::Error::PinBlocked => SignerError::PinBlocked,
        token::Error::Cancelled => SignerError::UserCancelled,
        token::Error::NotFound(what) => SignerError::NotFound { what },
        token::Error::TokenNotPresent => SignerError::NotFound { what: "token" },
        token::Error::PinNeeded => pin_needed(),
        token::Error::PinToBeChanged => SignerError::Refused {
            why: "the PIN must be set or changed first",
        },
        token::Error::PinLength { .. } => SignerError::Refused {
            why: "the PIN is shorter or longer than the token takes",
        },
        token::Error::MechanismNotSupported => SignerError::Refused {
            why: "the token does not do this algorithm",
        },
        token::Error::PathNotAbsolute => SignerError::Refused {
            why: "the path of the module is not absolute",
        },
        token::Error::ModuleNotLoaded(why) => SignerError::Device {
            function: "loading the module",
            return_code: why,
        },
        token::Error::Device {
            function,
            return_code,
        } => SignerError::Device {
            function,
            return_code,
        },
        _ => SignerError::Device {
            function: "the module",
            return_code: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_are_not_there_are_not_found() {
        let error = tokens(Path::new("/no/such/module.so")).unwrap_err();
        assert_eq!(error, SignerError::NotFound { what: "module" });
        let error = tokens(Path::new("module.so")).unwrap_err();
        assert_eq!(error.code(), "signer.refused");
    }

    #[test]
    fn what_a_person_must_tell_apart_stays_apart() {
        let attempts_left = Some(1);
        assert_eq!(
            signer_error(token::Error::WrongPin { attempts_left }),
            SignerError::WrongPin { attempts_left }
        );
        assert_eq!(
            signer_error(token::Error::PinBlocked),
            SignerError::PinBlocked
        );
        assert_eq!(
            signer_error(token::Error::Cancelled),
            SignerError::UserCancelled
        );
        let error = signer_error(token::Error::Device {
            function: "C_Sign",
            return_code: "CKR_DEVICE_ERROR".to_owned(),
        });
        assert_eq!(
            error.to_string(),
            "the device failed: C_Sign returned CKR_DEVICE_ERROR"
        );
    }
}
