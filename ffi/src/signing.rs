//! Signing into an ASiC-E container.

use crate::document::{Document, Machine, seed};
use crate::error::ImzaError;
use crate::settings::{NetworkAccess, Settings};
use imza::algorithm::Curve;
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::certificate::{Certificate, read_certificates};
use imza::creation::{
    Augmentation, AugmentationRequest, PendingSignature, Preparation, SigningParameters,
    SigningRequest,
};
use imza::crypto::{KeyKind, SoftwareKey, transcode_ecdsa};
use imza::error::{ApiMisuse, Error, InputError, SignerError, Unsupported};
use imza::limits::Budget;
use imza::signer::software::SoftwareSigner;
use imza::signer::{Signer, preferred_algorithm};
use imza::source::{Edits, write_all};
use imza::time::UnixTime;
use imza::transport::{Transport, drive};
use imza::vocabulary::BaselineLevel;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// How a signature value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSASSA-PSS with SHA-256, MGF1 with the same digest, a salt of 32 octets.
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, MGF1 with the same digest, a salt of 48 octets.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, MGF1 with the same digest, a salt of 64 octets.
    RsaPssSha512,
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// Ed25519, which takes the data itself.
    Ed25519,
}

impl SigningAlgorithm {
    fn of_core(self) -> SignatureAlgorithm {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        let pkcs1 = |digest| SignatureAlgorithm::RsaPkcs1 { digest };
        let ecdsa = |digest| SignatureAlgorithm::Ecdsa {
            digest,
            encoding: ValueEncoding::Plain,
        };
        match self {
            Self::RsaPkcs1Sha256 => pkcs1(Sha256),
            Self::RsaPkcs1Sha384 => pkcs1(Sha384),
            Self::RsaPkcs1Sha512 => pkcs1(Sha512),
            Self::RsaPssSha256 => SignatureAlgorithm::pss(Sha256),
            Self::RsaPssSha384 => SignatureAlgorithm::pss(Sha384),
            Self::RsaPssSha512 => SignatureAlgorithm::pss(Sha512),
            Self::EcdsaSha256 => ecdsa(Sha256),
            Self::EcdsaSha384 => ecdsa(Sha384),
            Self::EcdsaSha512 => ecdsa(Sha512),
            Self::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }

    /// The one that suits a key: for curves the digest as long as the curve.
    fn for_key(certificate: &Certificate) -> Result<Self, Error> {
        Ok(match certificate.public_key()?.kind() {
            KeyKind::Rsa | KeyKind::RsaPss(None) => Self::RsaPssSha256,
            KeyKind::Ec(Curve::P256) => Self::EcdsaSha256,
            KeyKind::Ec(Curve::P384) => Self::EcdsaSha384,
            KeyKind::Ec(Curve::P521) => Self::EcdsaSha512,
            KeyKind::Ed25519 => Self::Ed25519,
            _ => return Err(Unsupported::Algorithm("of the certificate's key".to_owned()).into()),
        })
    }
}

/// Whoever holds the key, in the caller's language.
#[uniffi::export(with_foreign)]
pub trait ExternalSigner: Send + Sync {
    /// Signs the data: digests it as the algorithm says, unless it is Ed25519. ECDSA values may be
    /// DER or the two numbers one after the other.
    ///
    /// # Errors
    /// Why it does not.
    fn sign(&self, data: Vec<u8>, algorithm: SigningAlgorithm) -> Result<Vec<u8>, SigningFailure>;
}

/// Why a signer gives no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SigningFailure {
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The PIN was wrong.
    #[error("wrong PIN")]
    WrongPin {
        /// Attempts left, where the device tells.
        attempts_left: Option<u32>,
    },
    /// The PIN is blocked.
    #[error("the PIN is blocked")]
    PinBlocked,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// Anything else.
    #[error("{why}")]
    Failed {
        /// The kind of failure in a word; no names, no secrets.
        why: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SigningFailure {
    /// What else the foreign language throws. Its text may hold anything and stays there.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            why: "unexpected exception".to_owned(),
        }
    }
}

impl From<SigningFailure> for SignerError {
    fn from(failure: SigningFailure) -> Self {
        match failure {
            SigningFailure::Cancelled => Self::UserCancelled,
            SigningFailure::WrongPin { attempts_left } => Self::WrongPin { attempts_left },
            SigningFailure::PinBlocked => Self::PinBlocked,
            SigningFailure::Timeout => Self::Timeout,
            SigningFailure::Failed { why } => Self::Device {
                function: "sign",
                return_code: why,
            },
        }
    }
}

/// Level of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SigningLevel {
    /// The signature alone.
    B,
    /// With a time-stamp.
    T,
    /// With a time-stamp and everything that validates it for years.
    Lt,
}

/// A document to be signed.
#[derive(Clone, Debug, uniffi::Record)]
pub struct DocumentToSign {
    /// In memory or by path; its name becomes the name in the container.
    pub document: Document,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
}

/// What is decided before signing.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SigningOptions {
    /// Level.
    pub level: SigningLevel,
    /// Address of the time-stamping authority, for levels T and LT.
    pub timestamp_authority: Option<String>,
    /// The algorithm; what suits the certificate's key without.
    pub algorithm: Option<SigningAlgorithm>,
    /// The claimed signing time (RFC 3339); the time of the judgement without.
    pub claimed_signing_time: Option<String>,
    /// Claimed roles.
    pub roles: Vec<String>,
}

/// A signed document that was not written yet.
#[derive(uniffi::Object)]
pub struct SignedDocument {
    edits: Edits,
    machine: Mutex<Machine>,
}

#[uniffi::export]
impl SignedDocument {
    /// All of it.
    ///
    /// # Errors
    /// A document cannot be read, or changed since it was signed.
    pub fn octets(&self) -> Result<Vec<u8>, ImzaError> {
        let mut octets = Vec::new();
        self.write(&mut |chunk| {
            octets.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(octets)
    }

    /// Writes it to a file, which is there whole or not at all.
    ///
    /// # Errors
    /// As [`SignedDocument::octets`]; the file exists and is not to be replaced, or cannot be
    /// written.
    pub fn save(&self, path: String, replace: bool) -> Result<(), ImzaError> {
        let wrong = |error: &std::io::Error| ImzaError::file("output.unwritable", &path, error);
        let target = Path::new(&path);
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !replace && target.symlink_metadata().is_ok() {
            return Err(wrong(&std::io::ErrorKind::AlreadyExists.into()));
        }
        let file = tempfile::Builder::new()
            .prefix(".imza-")
            .suffix(".partial")
            .tempfile_in(folder)
            .map_err(|error| wrong(&error))?;
        let mut file = std::io::BufWriter::with_capacity(1 << 16, file);
        let mut failure = None;
        let written = self.write(&mut |chunk| {
            file.write_all(chunk).map_err(|error| {
                failure = Some(error);
                InputError::Unreadable.into()
            })
        });
        if let Some(error) = failure {
            return Err(wrong(&error));
        }
        written?;
        let file = file.into_inner().map_err(|error| wrong(error.error()))?;
        file.as_file().sync_all().map_err(|error| wrong(&error))?;
        let persisted = if replace {
            file.persist(target)
        } else {
            file.persist_noclobber(target)
        };
        persisted.map(|_| ()).map_err(|error| wrong(&error.error))
    }
}

impl SignedDocument {
    fn write(&self, sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let mut machine = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |input, range| {
            let octets = machine.read(input, range);
            octets.ok_or(InputError::Unreadable.into())
        };
        write_all(&self.edits, read, sink)
    }
}

/// Signs documents into a new ASiC-E container with XAdES, with a signer of the caller.
///
/// `certificates` are files in PEM, DER or PKCS #7; the signing certificate comes first.
///
/// # Errors
/// What creation says; `signer.…` when the signer gives no value or one that does not verify.
#[uniffi::export]
pub fn sign(
    settings: Arc<Settings>,
    documents: Vec<DocumentToSign>,
    options: SigningOptions,
    certificates: Vec<Vec<u8>>,
    signer: Arc<dyn ExternalSigner>,
) -> Result<Arc<SignedDocument>, ImzaError> {
    let mut chain = Vec::new();
    for file in &certificates {
        chain.extend(read_certificates(file, &mut Budget::default())?);
    }
    let first = chain.first().ok_or(ImzaError::of(ApiMisuse::KeyMismatch))?;
    let algorithm = match options.algorithm {
        Some(algorithm) => algorithm,
        None => SigningAlgorithm::for_key(first)?,
    };
    let kind = first.public_key()?.kind();
    let certificates = chain.iter().map(|one| Arc::clone(one.der())).collect();
    make(
        &settings,
        documents,
        &options,
        certificates,
        algorithm.of_core(),
        |pending| {
            let data = pending.data_to_be_signed()?;
            let value = signer.sign(data, algorithm).map_err(SignerError::from)?;
            pending.complete(&plain(value, kind))
        },
    )
}

/// Signs with a key in memory: PEM texts of a private key, perhaps encrypted, and of certificates.
///
/// # Errors
/// As [`sign`]; a key that cannot be read or is not the certificate's.
#[uniffi::export]
pub fn sign_with_pem_key(
    settings: Arc<Settings>,
    documents: Vec<DocumentToSign>,
    options: SigningOptions,
    certificates: String,
    key: String,
    password: Option<String>,
) -> Result<Arc<SignedDocument>, ImzaError> {
    let (key, password) = (Zeroizing::new(key), password.map(Zeroizing::new));
    let password = password.as_ref().map(|password| password.as_str());
    // Read twice, so that a wrong password is not taken for a wrong certificate.
    SoftwareKey::from_pem(&key, password)?;
    let mut signer = SoftwareSigner::from_pem(&key, password, &certificates, seed()?)?;
    let algorithm = match options.algorithm {
        Some(algorithm) => algorithm.of_core(),
        None => preferred_algorithm(&signer, ValueEncoding::Plain)
            .ok_or(ImzaError::of(ApiMisuse::KeyMismatch))?,
    };
    let certificates = signer.certificate();
    make(
        &settings,
        documents,
        &options,
        certificates,
        algorithm,
        |pending| imza::creation::sign(pending, &mut signer),
    )
}

/// Prepares, lets the value be made, completes and augments.
fn make(
    settings: &Settings,
    documents: Vec<DocumentToSign>,
    options: &SigningOptions,
    certificates: Vec<Arc<[u8]>>,
    algorithm: SignatureAlgorithm,
    value: impl FnOnce(&PendingSignature) -> Result<Edits, Error>,
) -> Result<Arc<SignedDocument>, ImzaError> {
    let level = match (options.level, &options.timestamp_authority) {
        (SigningLevel::B, _) => None,
        (_, None) => return Err(ImzaError::of(ApiMisuse::ContradictoryParameters)),
        (SigningLevel::T, Some(authority)) => Some((BaselineLevel::T, authority)),
        (SigningLevel::Lt, Some(authority)) => Some((BaselineLevel::Lt, authority)),
    };
    let (documents, media_types): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .map(|one| (one.document, one.media_type))
        .unzip();
    // A time-stamp cannot be had without a socket.
    if level.is_some() && settings.network() == NetworkAccess::Offline {
        return Err(ImzaError::of(ApiMisuse::ContradictoryParameters));
    }
    let mut machine = Machine::open(documents, settings.network())?;
    machine.all_here()?;
    let context = settings.context();
    let claimed = match &options.claimed_signing_time {
        Some(text) => UnixTime::from_rfc3339(text).map_err(ImzaError::of)?,
        None => context.validation_time,
    };
    let mut parameters = SigningParameters::asic_e(algorithm, claimed);
    parameters.roles.clone_from(&options.roles);
    let documents = machine.inputs().into_iter().zip(media_types);
    let preparation = Preparation::begin(SigningRequest {
        documents: documents
            .map(|(input, media_type)| imza::creation::DocumentToSign { input, media_type })
            .collect(),
        certificates,
        parameters,
    })?;
    let pending = drive(preparation, &mut machine)?;
    let mut edits = value(&pending)?;
    if let Some((level, authority)) = level {
        let augmentation = Augmentation::begin(AugmentationRequest {
            edits,
            inputs: machine.inputs(),
            level,
            timestamp_authority: authority.clone(),
            context,
            seed: seed()?,
            network: settings.network().of_job(),
        })?
        .with_given(settings.prepared().given.clone())?;
        edits = drive(augmentation, &mut machine)?;
    }
    Ok(Arc::new(SignedDocument {
        edits,
        machine: Mutex::new(machine),
    }))
}

/// An ECDSA value in the plain form that XML wants; signers give either. A plain value that reads
/// as DER to its last octet would be refused as not verifying, once in more than 2^40.
fn plain(value: Vec<u8>, kind: KeyKind) -> Vec<u8> {
    let KeyKind::Ec(curve) = kind else {
        return value;
    };
    transcode_ecdsa(&value, curve, ValueEncoding::Der, ValueEncoding::Plain).unwrap_or(value)
}
