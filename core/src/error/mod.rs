//! What can go wrong, grouped by whose fault it is.
//!
//! `Err` means *could not do the work*. A bad signature is never an error: it is a report
//! ([`crate::report`]). Codes ([`Error::code`]) are API: frozen by a test, the same in every
//! language binding. Texts are English, lower case, without a full stop, and carry the compared
//! values; they never hold PINs, names of persons or bytes of a document.

#[cfg(test)]
mod frozen;
mod malformed;
mod signer;

pub use malformed::{Malformed, MalformedKind, Position};
pub use signer::SignerError;

pub use crate::limits::Limit;

/// Could not do the work.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller used the API wrongly. Never caused by the values of untrusted data.
    #[error("{0}")]
    ApiMisuse(ApiMisuse),
    /// The input does not follow its format. Says what, where, and which clause.
    #[error("{0}")]
    Malformed(Malformed),
    /// An input could not be read, or changed meanwhile.
    #[error("{0}")]
    Input(InputError),
    /// A limit was reached.
    #[error("{0}")]
    LimitExceeded(Limit),
    /// The input is well-formed but uses something this library does not implement.
    #[error("{0}")]
    Unsupported(Unsupported),
    /// The signer refused or failed.
    #[error("{0}")]
    Signer(SignerError),
    /// Anything from a custom provider. Never compares equal.
    #[error("{0}")]
    Other(OtherError),
}

impl Error {
    /// The stable code, such as `malformed.der.trailing-data`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ApiMisuse(misuse) => misuse.code(),
            Self::Malformed(malformed) => malformed.kind.code(),
            Self::Input(input) => input.code(),
            Self::LimitExceeded(limit) => limit.resource.code(),
            Self::Unsupported(unsupported) => unsupported.code(),
            Self::Signer(signer) => signer.code(),
            Self::Other(_) => "other",
        }
    }

    /// The sentence for a person: [`std::fmt::Display`].
    #[must_use]
    pub fn reason(&self) -> String {
        self.to_string()
    }

    /// The compared values and places, by name, for programs.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed(malformed) => malformed.details(),
            Self::LimitExceeded(limit) => {
                vec![
                    ("maximum", limit.maximum.to_string()),
                    ("requested", limit.requested.to_string()),
                ]
            }
            Self::Unsupported(unsupported) => unsupported
                .what()
                .map(|what| ("what", what))
                .into_iter()
                .collect(),
            Self::Signer(signer) => signer.details(),
            Self::Input(input) => input.details(),
            _ => Vec::new(),
        }
    }
}

/// The caller used the API wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiMisuse {
    /// An answer came for a request that is not open.
    #[error("no request with this id is open")]
    UnknownRequest,
    /// An answer of another kind than the request.
    #[error("the answer does not fit the kind of the request")]
    WrongResponse,
    /// A job was used after it ended.
    #[error("the job has ended")]
    JobEnded,
    /// No input was given.
    #[error("no document was given")]
    NoInput,
    /// Two inputs have one name.
    #[error("two inputs have the same name")]
    DuplicateName,
    /// A file name cannot stand in a container.
    #[error("a file name is empty, absolute or leads outside the container")]
    BadFileName,
    /// The certificate and the key of a signer do not belong together.
    #[error("the signer's certificate does not fit its key")]
    KeyMismatch,
    /// The parameters of a signing or augmentation contradict each other.
    #[error("the parameters contradict each other")]
    ContradictoryParameters,
    /// The same person has signed the same at the same time already.
    #[error("the same signature is there already")]
    SignedAlready,
    /// A saved value is of a version that this library does not read.
    #[error("the saved value has a version that is not supported")]
    UnknownVersion,
    /// A saved value cannot be read.
    #[error("the saved value cannot be read")]
    UnreadableValue,
}

impl ApiMisuse {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownRequest => "api-misuse.unknown-request",
            Self::WrongResponse => "api-misuse.wrong-response",
            Self::JobEnded => "api-misuse.job-ended",
            Self::NoInput => "api-misuse.no-input",
            Self::DuplicateName => "api-misuse.duplicate-name",
            Self::BadFileName => "api-misuse.bad-file-name",
            Self::KeyMismatch => "api-misuse.key-mismatch",
            Self::ContradictoryParameters => "api-misuse.contradictory-parameters",
            Self::SignedAlready => "api-misuse.signed-already",
            Self::UnknownVersion => "api-misuse.unknown-version",
            Self::UnreadableValue => "api-misuse.unreadable-value",
        }
    }
}

/// An input could not be read. Nobody's malformed data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The host could not give the bytes asked for.
    #[error("the document could not be read")]
    Unreadable,
    /// Fewer bytes than announced.
    #[error("the document is shorter than announced: {found} of {expected} bytes")]
    Short {
        /// Bytes announced.
        expected: u64,
        /// Bytes had.
        found: u64,
    },
    /// Other bytes at a second reading.
    #[error("the document changed while it was read")]
    Changed,
    /// The kind of document is not recognised.
    #[error("not a signed document of a known kind")]
    UnknownKind,
    /// The document is empty.
    #[error("the document is empty")]
    Empty,
    /// What a level is made of could not be had: a path to a trust anchor, or revocation data.
    #[error(
        "the certificates or revocation data that the level needs are not at hand{}",
        of_signature(.signature)
    )]
    MaterialMissing {
        /// The signature that lacks it, by its identifier in reports.
        signature: Option<String>,
    },
    /// The document is encrypted, and the empty password does not open it.
    #[error("the document is encrypted and needs a password")]
    PasswordMissing,
    /// The document is encrypted, and the password does not open it.
    #[error("the password does not open the document")]
    PasswordWrong,
    /// A file was to go into a container that somebody signed, or out of it; or to change, though
    /// somebody's signature or time-stamp is over it.
    #[error("the container is signed: {} as they are", staying(.file))]
    Signed {
        /// The file that was to change.
        file: Option<String>,
    },
    /// A signature was named that the document does not hold.
    #[error("the document has no signature {signature}")]
    SignatureMissing {
        /// The identifier that was given.
        signature: String,
    },
    /// Nothing is signed that could be augmented.
    #[error("nothing in the document is signed")]
    NotSigned,
    /// A certification was to follow a signature. ISO 32000-2 §12.8.2.2.
    #[error("only the first signature of a document can certify it")]
    NotFirst,
    /// Whoever signed the document before allowed no such signature. ISO 32000-2 §12.8.2.
    #[error("an earlier signature of the document allows no further one here")]
    Forbidden,
    /// A field that is signed already, or that is for something else.
    #[error("the field is signed, or is for something else than a signature")]
    FieldTaken,
    /// The document has fewer pages.
    #[error("the page is not there")]
    PageMissing,
    /// A visible signature reaches over its page, or shows more than there is room for.
    #[error("the visible signature does not fit on its page or into its area")]
    NoRoom,
}

fn of_signature(signature: &Option<String>) -> String {
    let of = |id: &String| format!(" for signature {id}");
    signature.as_ref().map(of).unwrap_or_default()
}

fn staying(file: &Option<String>) -> String {
    match file {
        None => "its files stay".to_owned(),
        Some(file) => format!("signatures in it cover {file}, and its octets stay"),
    }
}

impl InputError {
    fn details(&self) -> Vec<(&'static str, String)> {
        let detail = match self {
            Self::Signed { file } => file.as_ref().map(|file| ("file", file)),
            Self::MaterialMissing { signature } => signature.as_ref().map(|id| ("signature", id)),
            Self::SignatureMissing { signature } => Some(("signature", signature)),
            _ => None,
        };
        let owned = detail.map(|(name, value)| (name, value.clone()));
        owned.into_iter().collect()
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "input.unreadable",
            Self::Short { .. } => "input.short",
            Self::Changed => "input.changed",
            Self::UnknownKind => "input.unknown-kind",
            Self::Empty => "input.empty",
            Self::MaterialMissing { .. } => "input.material-missing",
            Self::PasswordMissing => "input.password-missing",
            Self::PasswordWrong => "input.password-wrong",
            Self::Signed { .. } => "input.signed",
            Self::SignatureMissing { .. } => "input.signature-missing",
            Self::NotSigned => "input.not-signed",
            Self::NotFirst => "input.not-first",
            Self::Forbidden => "input.forbidden",
            Self::FieldTaken => "input.field-taken",
            Self::PageMissing => "input.page-missing",
            Self::NoRoom => "input.no-room",
        }
    }
}

/// Well-formed, but not implemented here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// An algorithm, by OID, URI or name.
    #[error("unsupported algorithm: {0}")]
    Algorithm(String),
    /// A transform of XML signatures, by URI.
    #[error("unsupported transform: {0}")]
    Transform(String),
    /// A kind of document.
    #[error("unsupported kind of document: {0}")]
    Document(&'static str),
    /// A feature of a format.
    #[error("unsupported feature: {0}")]
    Feature(&'static str),
    /// A way to encrypt a document.
    #[error("unsupported encryption: {0}")]
    Encryption(&'static str),
}

impl Unsupported {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Algorithm(_) => "unsupported.algorithm",
            Self::Transform(_) => "unsupported.transform",
            Self::Document(_) => "unsupported.document",
            Self::Feature(_) => "unsupported.feature",
            Self::Encryption(_) => "unsupported.encryption",
        }
    }

    fn what(&self) -> Option<String> {
        match self {
            Self::Algorithm(name) | Self::Transform(name) => Some(name.clone()),
            Self::Document(name) | Self::Feature(name) | Self::Encryption(name) => {
                Some((*name).to_owned())
            }
        }
    }
}

/// An error of a provider that is not ours.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct OtherError(pub std::sync::Arc<dyn std::error::Error + Send + Sync>);

impl PartialEq for OtherError {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$source> for Error {
            fn from(source: $source) -> Self { Self::$variant(source) }
        })+
    };
}
from!(
    ApiMisuse => ApiMisuse,
    Malformed => Malformed,
    InputError => Input,
    Limit => LimitExceeded,
    Unsupported => Unsupported,
    SignerError => Signer,
);
