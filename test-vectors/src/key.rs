//! Private keys of the test PKI: read from PEM, signing the same octets every time.
//!
//! PKCS #1 v1.5 is deterministic by itself, ECDSA by RFC 6979; the salt of a PSS signature is drawn
//! from a counter over the message, so that a vector can be made again octet by octet. Nothing here
//! protects a secret: the keys are published with the vectors.

use std::convert::Infallible;

use pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::signature::hazmat::PrehashSigner;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer};

use crate::der;
use crate::error::{Error, Result};
use crate::hash::Hash;

/// The kind of a key, as far as a builder must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits at most.
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    Rsa3072,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

/// A way of signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 with this digest.
    RsaPkcs1(Hash),
    /// RSASSA-PSS with this digest for the message and the mask, and a salt of that length.
    RsaPss(Hash),
    /// ECDSA with this digest.
    Ecdsa(Hash),
}

impl Scheme {
    /// The digest that the message goes through.
    pub const fn hash(self) -> Hash {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => hash,
        }
    }

    /// The AlgorithmIdentifier that certificates and CMS carry.
    pub fn identifier(self) -> Vec<u8> {
        match self {
            Self::RsaPkcs1(hash) => {
                let oid = match hash {
                    Hash::Sha1 => "1.2.840.113549.1.1.5",
                    Hash::Sha256 => "1.2.840.113549.1.1.11",
                    Hash::Sha384 => "1.2.840.113549.1.1.12",
                    Hash::Sha512 => "1.2.840.113549.1.1.13",
                };
                der::sequence(&[&der::oid(oid), &der::null()])
            }
            Self::RsaPss(hash) => {
                let digest = der::sequence(&[&der::oid(hash.oid()), &der::null()]);
                let mask = der::sequence(&[&der::oid("1.2.840.113549.1.1.8"), &digest]);
                let salt = u64::try_from(hash.digest(&[]).len()).unwrap_or_default();
                let parameters = der::sequence(&[
                    &der::explicit(0, &digest),
                    &der::explicit(1, &mask),
                    &der::explicit(2, &der::integer(salt)),
                ]);
                der::sequence(&[&der::oid("1.2.840.113549.1.1.10"), &parameters])
            }
            Self::Ecdsa(hash) => {
                let oid = match hash {
                    Hash::Sha1 => "1.2.840.10045.4.1",
                    Hash::Sha256 => "1.2.840.10045.4.3.2",
                    Hash::Sha384 => "1.2.840.10045.4.3.3",
                    Hash::Sha512 => "1.2.840.10045.4.3.4",
                };
                der::sequence(&[&der::oid(oid)])
            }
        }
    }

    /// The URI of the SignatureMethod in XML signatures.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::RsaPkcs1(Hash::Sha1) => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::RsaPkcs1(Hash::Sha256) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaPkcs1(Hash::Sha384) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaPkcs1(Hash::Sha512) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::RsaPss(Hash::Sha1) => "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
            Self::RsaPss(Hash::Sha256) => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Self::RsaPss(Hash::Sha384) => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            Self::RsaPss(Hash::Sha512) => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
            Self::Ecdsa(Hash::Sha1) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
            Self::Ecdsa(Hash::Sha256) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::Ecdsa(Hash::Sha384) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Self::Ecdsa(Hash::Sha512) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        }
    }
}

/// A private key of the test PKI.
#[derive(Clone)]
pub struct Key {
    secret: Secret,
    kind: KeyKind,
    pkcs8: Vec<u8>,
    spki: Vec<u8>,
}

#[derive(Clone)]
enum Secret {
    Rsa(Box<rsa::PrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl Key {
    /// Reads a PKCS #8 key in PEM.
    ///
    /// # Errors
    /// When it is no RSA key of up to 3072 bits and no P-256 or P-384 key.
    pub fn from_pem(pem: &str) -> Result<Self> {
        let unreadable = |e: &dyn std::fmt::Display| Error::while_doing("reading a test key", e);
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            let spki = key
                .verifying_key()
                .to_public_key_der()
                .map_err(|e| unreadable(&e))?;
            let pkcs8 = key
                .to_pkcs8_der()
                .map_err(|e| unreadable(&e))?
                .as_bytes()
                .to_vec();
            return Ok(Self {
                secret: Secret::P256(key),
                kind: KeyKind::P256,
                pkcs8,
                spki: spki.into_vec(),
            });
        }
        if let Ok(key) = p384::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            let spki = key
                .verifying_key()
                .to_public_key_der()
                .map_err(|e| unreadable(&e))?;
            let pkcs8 = key
                .to_pkcs8_der()
                .map_err(|e| unreadable(&e))?
                .as_bytes()
                .to_vec();
            return Ok(Self {
                secret: Secret::P384(key),
                kind: KeyKind::P384,
                pkcs8,
                spki: spki.into_vec(),
            });
        }
        let key = rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|e| unreadable(&e))?;
        let public = key.to_public_key();
        let spki = public
            .to_public_key_der()
            .map_err(|e| unreadable(&e))?
            .into_vec();
        let pkcs8 = key
            .to_pkcs8_der()
            .map_err(|e| unreadable(&e))?
            .as_bytes()
            .to_vec();
        let kind = match spki.len() {
            ..=350 => KeyKind::Rsa2048,
            _ => KeyKind::Rsa3072,
        };
        Ok(Self {
            secret: Secret::Rsa(Box::new(key)),
            kind,
            pkcs8,
            spki,
        })
    }

    /// What kind of key it is.
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The SubjectPublicKeyInfo in DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The private key as PKCS #8 in DER.
    pub fn pkcs8_der(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The private key as PKCS #8 in PEM.
    ///
    /// # Errors
    /// When the key cannot be encoded.
    pub fn pkcs8_pem(&self) -> Result<String> {
        let pem = match &self.secret {
            Secret::Rsa(key) => key.to_pkcs8_pem(LineEnding::LF),
            Secret::P256(key) => key.to_pkcs8_pem(LineEnding::LF),
            Secret::P384(key) => key.to_pkcs8_pem(LineEnding::LF),
        };
        Ok(pem
            .map_err(|e| Error::while_doing("writing a test key", e))?
            .to_string())
    }

    /// The content of the subjectPublicKey BIT STRING, without its unused-bits octet.
    pub fn public_key_bits(&self) -> &[u8] {
        public_key_bits(&self.spki)
    }

    /// The SHA-1 of the public key bits: key identifiers, OCSP responder ids (RFC 5280 §4.2.1.2).
    pub fn key_id(&self) -> Vec<u8> {
        Hash::Sha1.digest(self.public_key_bits())
    }

    /// The scheme that this key signs with when nothing else is asked.
    pub const fn scheme(&self) -> Scheme {
        match self.kind {
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => Scheme::RsaPkcs1(Hash::Sha256),
            KeyKind::P256 => Scheme::Ecdsa(Hash::Sha256),
            KeyKind::P384 => Scheme::Ecdsa(Hash::Sha384),
        }
    }

    /// Signs a message; an ECDSA value is the DER of RFC 3279 §2.2.3.
    ///
    /// # Errors
    /// When the scheme does not go with the key.
    pub fn sign(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>> {
        match self.sign_value(scheme, message)? {
            Value::Rsa(value) => Ok(value),
            Value::Ecdsa { der, .. } => Ok(der),
        }
    }

    /// Signs a message; an ECDSA value is r and s of fixed length, as XML signatures want it.
    ///
    /// # Errors
    /// When the scheme does not go with the key.
    pub fn sign_fixed(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>> {
        match self.sign_value(scheme, message)? {
            Value::Rsa(value) => Ok(value),
            Value::Ecdsa { fixed, .. } => Ok(fixed),
        }
    }

    fn sign_value(&self, scheme: Scheme, message: &[u8]) -> Result<Value> {
        let failed = |e: rsa::signature::Error| Error::while_doing("signing", e);
        match (&self.secret, scheme) {
            (Secret::Rsa(key), Scheme::RsaPkcs1(hash)) => pkcs1(key, hash, message),
            (Secret::Rsa(key), Scheme::RsaPss(hash)) => pss(key, hash, message),
            (Secret::P256(key), Scheme::Ecdsa(hash)) => {
                let value: p256::ecdsa::Signature =
                    key.sign_prehash(&hash.digest(message)).map_err(failed)?;
                Ok(Value::Ecdsa {
                    der: value.to_der().as_bytes().to_vec(),
                    fixed: value.to_bytes().to_vec(),
                })
            }
            (Secret::P384(key), Scheme::Ecdsa(hash)) => {
                let value: p384::ecdsa::Signature =
                    key.sign_prehash(&hash.digest(message)).map_err(failed)?;
                Ok(Value::Ecdsa {
                    der: value.to_der().as_bytes().to_vec(),
                    fixed: value.to_bytes().to_vec(),
                })
            }
            _ => Err(Error::new(format!(
                "{:?} key cannot sign with {scheme:?}",
                self.kind
            ))),
        }
    }
}

/// The content of the subjectPublicKey BIT STRING of any SubjectPublicKeyInfo.
///
/// What is none gives nothing.
pub fn public_key_bits(spki: &[u8]) -> &[u8] {
    let inner = der::read(spki).and_then(|(spki, _)| der::read_all(spki.content));
    match inner.as_deref() {
        Ok([_, bits]) => bits.content.get(1..).unwrap_or_default(),
        _ => &[],
    }
}

enum Value {
    Rsa(Vec<u8>),
    Ecdsa { der: Vec<u8>, fixed: Vec<u8> },
}

fn pkcs1(key: &rsa::PrivateKey, hash: Hash, message: &[u8]) -> Result<Value> {
    use rsa::pkcs1v15::SigningKey;
    let key = key.clone();
    let value = match hash {
        Hash::Sha1 => SigningKey::<sha1::Sha1>::new(key).try_sign(message),
        Hash::Sha256 => SigningKey::<sha2::Sha256>::new(key).try_sign(message),
        Hash::Sha384 => SigningKey::<sha2::Sha384>::new(key).try_sign(message),
        Hash::Sha512 => SigningKey::<sha2::Sha512>::new(key).try_sign(message),
    };
    Ok(Value::Rsa(
        value
            .map_err(|e| Error::while_doing("signing with RSA", e))?
            .to_vec(),
    ))
}

fn pss(key: &rsa::PrivateKey, hash: Hash, message: &[u8]) -> Result<Value> {
    use rsa::pss::SigningKey;
    let (key, mut salt) = (key.clone(), Counter::new(message));
    let value = match hash {
        Hash::Sha1 => SigningKey::<sha1::Sha1>::new(key).try_sign_with_rng(&mut salt, message),
        Hash::Sha256 => SigningKey::<sha2::Sha256>::new(key).try_sign_with_rng(&mut salt, message),
        Hash::Sha384 => SigningKey::<sha2::Sha384>::new(key).try_sign_with_rng(&mut salt, message),
        Hash::Sha512 => SigningKey::<sha2::Sha512>::new(key).try_sign_with_rng(&mut salt, message),
    };
    Ok(Value::Rsa(
        value
            .map_err(|e| Error::while_doing("signing with RSA-PSS", e))?
            .to_vec(),
    ))
}

/// Octets that look random and are the same for the same message.
struct Counter {
    seed: Vec<u8>,
    count: u64,
}

impl Counter {
    fn new(message: &[u8]) -> Self {
        Self {
            seed: Hash::Sha256.digest(message),
            count: 0,
        }
    }

    fn block(&mut self) -> Vec<u8> {
        self.count += 1;
        Hash::Sha256.digest(&[self.seed.as_slice(), &self.count.to_be_bytes()].concat())
    }
}

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Infallible> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_be_bytes(octets))
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_be_bytes(octets))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> std::result::Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            for (to, from) in chunk.iter_mut().zip(self.block()) {
                *to = from;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [Key; 4] {
        [
            Key::from_pem(include_str!("../keys/citizen-rsa-2048.pem")).unwrap(),
            Key::from_pem(include_str!("../keys/citizen-rsa-3072.pem")).unwrap(),
            Key::from_pem(include_str!("../keys/citizen-p256.pem")).unwrap(),
            Key::from_pem(include_str!("../keys/citizen-p384.pem")).unwrap(),
        ]
    }

    #[test]
    fn every_kind_is_recognised_and_written_back() {
        let kinds = [
            KeyKind::Rsa2048,
            KeyKind::Rsa3072,
            KeyKind::P256,
            KeyKind::P384,
        ];
        for (key, kind) in keys().iter().zip(kinds) {
            assert_eq!(key.kind(), kind);
            let again = Key::from_pem(&key.pkcs8_pem().unwrap()).unwrap();
            assert_eq!(again.spki(), key.spki());
            assert_eq!(key.key_id().len(), 20);
            assert!(!key.public_key_bits().is_empty());
        }
    }

    #[test]
    fn signatures_are_the_same_every_time() {
        let [rsa, _, p256, p384] = keys();
        for (key, scheme) in [
            (&rsa, Scheme::RsaPkcs1(Hash::Sha256)),
            (&rsa, Scheme::RsaPss(Hash::Sha256)),
            (&p256, Scheme::Ecdsa(Hash::Sha256)),
            (&p384, Scheme::Ecdsa(Hash::Sha512)),
        ] {
            let once = key.sign(scheme, b"permit").unwrap();
            assert_eq!(once, key.sign(scheme, b"permit").unwrap(), "{scheme:?}");
            assert_ne!(once, key.sign(scheme, b"Permit").unwrap(), "{scheme:?}");
        }
    }

    #[test]
    fn a_scheme_of_another_key_is_refused() {
        let [rsa, _, p256, _] = keys();
        assert!(rsa.sign(Scheme::Ecdsa(Hash::Sha256), b"").is_err());
        assert!(p256.sign(Scheme::RsaPkcs1(Hash::Sha256), b"").is_err());
    }
}
