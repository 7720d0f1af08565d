//! A private key in memory.

use super::elliptic::Scalar;
use super::key::{KeyKind, PublicKey};
#[cfg(feature = "ml-dsa")]
use super::ml_dsa_private::MlDsaPrivateKey;
use super::rsassa::{self, Pss};
use super::seed::SeedStream;
use super::verify::Message;
use super::{Digester, digest};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asn1::{AlgorithmIdentifier, Mode, Reader, Tag, check_tree, pem, write};
use crate::error::{Error, Malformed, MalformedKind, SignerError, Unsupported};
use crate::job::Seed;
use crate::limits::Budget;
use ecdsa::signature::Signer as _;
use pkcs8::der::Decode as _;
use pkcs8::pkcs5::EncryptionScheme;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use zeroize::Zeroizing;

/// Rounds of PBKDF2 that a key file may ask for: RFC 8018 §4.2 calls 10,000,000 fit for especially
/// critical keys.
const MAX_PBKDF2_ROUNDS: u32 = 10_000_000;
/// Octets that scrypt may need (128 · N · r): 256 MiB.
const MAX_SCRYPT_OCTETS: u64 = 256 << 20;

/// A private key in memory. Wiped when dropped; cannot be copied, and shows nothing of itself.
pub struct SoftwareKey {
    private: Private,
    public: PublicKey,
}

enum Private {
    Rsa(Box<rsa::PrivateKey>),
    Ec(Scalar),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    #[cfg(feature = "ml-dsa")]
    MlDsa(MlDsaPrivateKey),
}

impl SoftwareKey {
    /// Reads a `PrivateKeyInfo`, RFC 5958 §2.
    ///
    /// ```text
    /// OneAsymmetricKey ::= SEQUENCE {
    ///     version              Version,
    ///     privateKeyAlgorithm  AlgorithmIdentifier,
    ///     privateKey           OCTET STRING,
    ///     attributes       [0] Attributes OPTIONAL,
    ///     publicKey        [1] BIT STRING OPTIONAL }
    /// ```
    ///
    /// # Errors
    /// [`Malformed`]; [`Unsupported::Algorithm`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        check_tree(der, Mode::Der, &mut Budget::default())?;
        let mut fields = Reader::der(der).read(Tag::SEQUENCE)?.reader();
        fields.read(Tag::INTEGER)?.small_integer()?;
        let algorithm = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let key = fields.read(Tag::OCTET_STRING)?.content;
        // What follows (attributes, the public key) is not needed and not relied on.
        match algorithm.oid.to_string().as_str() {
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
                let private = rsa::PrivateKey::from_pkcs1_der(key).map_err(|_| wrong())?;
                let public = rsa_public_key(&private, &algorithm)?;
                Ok(Self {
                    private: Private::Rsa(Box::new(private)),
                    public,
                })
            }
            "1.2.840.10045.2.1" => Self::from_sec1(key, algorithm.parameters.as_deref()),
            "1.3.101.112" => {
                // RFC 8410 §7: the seed in an OCTET STRING of its own.
                let octets = Reader::der(key).read(Tag::OCTET_STRING)?.content;
                let octets = octets.try_into().map_err(|_| wrong())?;
                let private = ed25519_dalek::SigningKey::from_bytes(octets);
                let public = private.verifying_key();
                let identifier = write::sequence(&[&write::oid("1.3.101.112")]);
                let public = public_key(&identifier, public.as_bytes())?;
                Ok(Self {
                    private: Private::Ed25519(Box::new(private)),
                    public,
                })
            }
            #[cfg(feature = "ml-dsa")]
            "2.16.840.1.101.3.4.3.17" | "2.16.840.1.101.3.4.3.18" | "2.16.840.1.101.3.4.3.19" => {
                let set = algorithm.signature_algorithm(None)?;
                let (private, public) = MlDsaPrivateKey::read(set, key)?;
                Ok(Self {
                    private: Private::MlDsa(private),
                    // RFC 9881 §2: parameters, which must be absent, are refused here.
                    public: public_key(&algorithm.whole, &public)?,
                })
            }
            other => Err(Unsupported::Algorithm(other.to_owned()).into()),
        }
    }

    /// Reads the first private key of a PEM text: `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY` (PBES2),
    /// `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    ///
    /// # Errors
    /// [`Malformed`]; [`Unsupported::Algorithm`]; [`SignerError::WrongPin`] for a wrong password,
    /// [`SignerError::Refused`] for none where one is needed, [`SignerError::NotFound`] when there
    /// is no key in the text.
    pub fn from_pem(text: &str, password: Option<&str>) -> Result<Self, Error> {
        for block in pem::decode(text)? {
            let der = Zeroizing::new(block.der);
            match block.label.as_str() {
                "PRIVATE KEY" => return Self::from_pkcs8_der(&der),
                "ENCRYPTED PRIVATE KEY" => {
                    let password = password.ok_or(SignerError::Refused {
                        why: "the key is encrypted and no password was given",
                    })?;
                    return Self::from_encrypted(&der, password);
                }
                "RSA PRIVATE KEY" => {
                    let identifier =
                        write::sequence(&[&write::oid("1.2.840.113549.1.1.1"), &write::null()]);
                    let fields = [write::integer(0), identifier, write::octet_string(&der)];
                    let fields = fields.map(Zeroizing::new);
                    let values: Vec<_> = fields.iter().map(|field| field.as_slice()).collect();
                    return Self::from_pkcs8_der(&Zeroizing::new(write::sequence(&values)));
                }
                "EC PRIVATE KEY" => {
                    check_tree(&der, Mode::Der, &mut Budget::default())?;
                    return Self::from_sec1(&der, None);
                }
                _ => {}
            }
        }
        Err(SignerError::NotFound { what: "key" }.into())
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The algorithms it signs with, the best first.
    #[must_use]
    pub fn algorithms(&self) -> Vec<SignatureAlgorithm> {
        let digests = [
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ];
        match self.public.kind() {
            KeyKind::Rsa => {
                let pss = digests.map(SignatureAlgorithm::pss);
                let pkcs1 = digests.map(|digest| SignatureAlgorithm::RsaPkcs1 { digest });
                pss.into_iter().chain(pkcs1).collect()
            }
            KeyKind::RsaPss(None) => digests.map(SignatureAlgorithm::pss).into(),
            KeyKind::RsaPss(Some(restriction)) => vec![SignatureAlgorithm::RsaPss {
                digest: restriction.digest,
                mgf_digest: restriction.mgf_digest,
                salt_length: restriction.min_salt_length,
            }],
            KeyKind::Ec(curve) => {
                let digest = curve.preferred_digest();
                let others = digests.into_iter().filter(|other| *other != digest);
                std::iter::once(digest)
                    .chain(others)
                    .flat_map(|digest| {
                        [ValueEncoding::Der, ValueEncoding::Plain]
                            .map(|encoding| SignatureAlgorithm::Ecdsa { digest, encoding })
                    })
                    .collect()
            }
            KeyKind::Ed25519 => vec![SignatureAlgorithm::Ed25519],
            KeyKind::MlDsa44 => vec![SignatureAlgorithm::MlDsa44],
            KeyKind::MlDsa65 => vec![SignatureAlgorithm::MlDsa65],
            KeyKind::MlDsa87 => vec![SignatureAlgorithm::MlDsa87],
            // Verified only.
            KeyKind::Dsa => Vec::new(),
        }
    }

    /// Signs a message. RSA takes blinding and salt from the seed, and ML-DSA what hedges it; ECDSA
    /// is deterministic (RFC 6979), and so is Ed25519.
    ///
    /// # Errors
    /// [`SignerError::Refused`] for an algorithm that is not the key's, a message digest of another
    /// length, or Ed25519 or ML-DSA over a digest.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
        seed: &Seed,
    ) -> Result<Vec<u8>, SignerError> {
        match (&self.private, algorithm) {
            (Private::Rsa(key), SignatureAlgorithm::RsaPkcs1 { digest })
                if self.public.kind() == KeyKind::Rsa =>
            {
                let message_digest = digest_of(message, digest)?;
                let mut random = SeedStream::new(seed, "rsa", &message_digest);
                key.sign_with_rng(&mut random, rsassa::pkcs1_scheme(digest), &message_digest)
                    .map_err(|_| too_small())
            }
            (
                Private::Rsa(key),
                SignatureAlgorithm::RsaPss {
                    digest,
                    mgf_digest,
                    salt_length,
                },
            ) => {
                let pss = Pss {
                    digest,
                    mgf_digest,
                    salt_length,
                };
                sign_pss(key, pss, &digest_of(message, digest)?, seed)
            }
            (Private::Ed25519(key), SignatureAlgorithm::Ed25519) => match message {
                Message::Octets(octets) => Ok(key.sign(octets).to_bytes().to_vec()),
                Message::Digest(_) => Err(SignerError::Refused {
                    why: "Ed25519 signs the message itself, not its digest",
                }),
            },
            #[cfg(feature = "ml-dsa")]
            (Private::MlDsa(key), algorithm) if key.algorithm() == algorithm => match message {
                Message::Octets(octets) => {
                    let mut random = SeedStream::new(seed, "ml-dsa", octets);
                    key.sign(octets, &mut random).ok_or(SignerError::Refused {
                        why: "the key gives no value",
                    })
                }
                Message::Digest(_) => Err(SignerError::Refused {
                    why: "ML-DSA signs the message itself, not its digest",
                }),
            },
            (private, SignatureAlgorithm::Ecdsa { digest, encoding }) => {
                sign_ecdsa(private, &digest_of(message, digest)?, encoding)
            }
            _ => Err(other_key()),
        }
    }

    fn from_encrypted(der: &[u8], password: &str) -> Result<Self, Error> {
        let info = pkcs8::EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| wrong())?;
        let EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else {
            return Err(Unsupported::Algorithm("PBES1".to_owned()).into());
        };
        let too_slow = || Unsupported::Feature("a key derivation that takes this long");
        if let Some(pbkdf2) = parameters.kdf.pbkdf2()
            && pbkdf2.iteration_count > MAX_PBKDF2_ROUNDS
        {
            return Err(too_slow().into());
        }
        if let Some(scrypt) = parameters.kdf.scrypt() {
            let octets = scrypt
                .cost_parameter
                .saturating_mul(u64::from(scrypt.block_size))
                .saturating_mul(128);
            if octets > MAX_SCRYPT_OCTETS || scrypt.parallelization > 16 {
                return Err(too_slow().into());
            }
        }
        // A wrong password shows in the padding or in what comes out: the two are one answer.
        let clear = info.decrypt(password).map_err(|error| match error {
            pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm {
                oid,
            }) => Error::from(Unsupported::Algorithm(oid.to_string())),
            _ => SignerError::WrongPin {
                attempts_left: None,
            }
            .into(),
        })?;
        Self::from_pkcs8_der(clear.as_bytes())
    }

    /// Reads an `ECPrivateKey`, RFC 5915 §3. The curve stands beside it or inside.
    ///
    /// ```text
    /// ECPrivateKey ::= SEQUENCE {
    ///     version         INTEGER { ecPrivkeyVer1(1) },
    ///     privateKey      OCTET STRING,
    ///     parameters  [0] ECParameters OPTIONAL,
    ///     publicKey   [1] BIT STRING OPTIONAL }
    /// ```
    fn from_sec1(der: &[u8], beside: Option<&[u8]>) -> Result<Self, Error> {
        let mut fields = Reader::der(der).read(Tag::SEQUENCE)?.reader();
        fields.read(Tag::INTEGER)?.small_integer()?;
        let scalar = fields.read(Tag::OCTET_STRING)?.content;
        let inside = fields.optional(Tag::context_constructed(0))?;
        let parameters = match (beside, inside) {
            (Some(beside), _) => beside,
            (None, Some(inside)) => inside.content,
            (None, None) => return Err(wrong().into()),
        };
        let oid = write::oid("1.2.840.10045.2.1");
        let identifier = write::sequence(&[&oid, parameters]);
        let oid = Reader::der(parameters).read(Tag::OID)?.oid()?.to_string();
        let curve = Curve::from_oid(&oid).ok_or(Unsupported::Algorithm(oid))?;
        let private = Scalar::read(curve, scalar)?;
        let public = public_key(&identifier, &private.point().octets())?;
        Ok(Self {
            private: Private::Ec(private),
            public,
        })
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareKey({:?}, …)", self.public.kind())
    }
}

fn sign_pss(
    key: &rsa::PrivateKey,
    pss: Pss,
    message_digest: &[u8],
    seed: &Seed,
) -> Result<Vec<u8>, SignerError> {
    use rsa::rand_core::Rng as _;
    let length = key.size();
    let salt_length = usize::try_from(pss.salt_length).map_err(|_| too_small())?;
    if salt_length > length {
        return Err(too_small());
    }
    let mut random = SeedStream::new(seed, "rsa-pss", message_digest);
    let mut salt = vec![0; salt_length];
    random.fill_bytes(&mut salt);
    let encoded = rsassa::encode_pss(pss, message_digest, &salt, key.n().bit_width())
        .map_err(|_| other_key())?
        .ok_or_else(too_small)?;
    let number =
        rsa::BoxedUint::from_be_slice(&encoded, key.n_bits_precision()).map_err(|_| too_small())?;
    // Blinded, and checked against faults before it is given out.
    let value = rsa::hazmat::rsa_decrypt_and_check(key, Some(&mut random), &number)
        .map_err(|_| too_small())?;
    rsassa::to_octets(&value, length).ok_or_else(too_small)
}

fn sign_ecdsa(
    private: &Private,
    message_digest: &[u8],
    encoding: ValueEncoding,
) -> Result<Vec<u8>, SignerError> {
    let Private::Ec(key) = private else {
        return Err(other_key());
    };
    let value = key.sign(message_digest).ok_or_else(other_key)?;
    Ok(value.write(encoding))
}

fn digest_of(message: Message<'_>, algorithm: DigestAlgorithm) -> Result<Vec<u8>, SignerError> {
    let unsupported = |_| SignerError::Refused {
        why: "the digest algorithm is not supported",
    };
    match message {
        Message::Octets(octets) => digest(algorithm, octets).map_err(unsupported),
        Message::Digest(digest) => {
            Digester::new(algorithm).map_err(unsupported)?;
            if digest.len() != algorithm.output_len() {
                return Err(SignerError::Refused {
                    why: "the digest does not have the length of its algorithm",
                });
            }
            Ok(digest.to_vec())
        }
    }
}

/// The public key as the certificate of this key would carry it.
fn rsa_public_key(
    key: &rsa::PrivateKey,
    algorithm: &AlgorithmIdentifier,
) -> Result<PublicKey, Error> {
    let modulus = write::integer_bytes(&key.n().as_ref().to_be_bytes());
    let exponent = write::integer_bytes(&key.e().to_be_bytes());
    public_key(&algorithm.whole, &write::sequence(&[&modulus, &exponent]))
}

fn public_key(identifier: &[u8], key: &[u8]) -> Result<PublicKey, Error> {
    PublicKey::from_spki(&write::sequence(&[identifier, &write::bit_string(key)]))
}

pub(super) fn wrong() -> Malformed {
    Malformed::within(MalformedKind::KeyEncoding, "PrivateKeyInfo")
}

fn other_key() -> SignerError {
    SignerError::Refused {
        why: "the key does not sign with this algorithm",
    }
}

fn too_small() -> SignerError {
    SignerError::Refused {
        why: "the key is too small for this algorithm",
    }
}
