//! Who signs: a card or token, a key store, or a key in PEM.

use crate::arguments::SignOptions;
use crate::complaint::Complaint;
use crate::host::seed;
use crate::kind::Kind;
use crate::material;
use crate::pin::{self, Secret};
use crate::voice;
use imza::certificate::{Certificate, read_certificates};
use imza::crypto::SoftwareKey;
use imza::error::{ApiMisuse, Error, SignerError};
use imza::limits::Budget;
use imza::signer::Signer;
use imza::signer::pkcs11::{TokenChoice, TokenSigner, UserPin};
use imza::signer::pkcs12::{KeyChoice, KeyStore};
use imza::signer::software::SoftwareSigner;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};

/// Where the key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// The PKCS #11 library of a card or token.
    Pkcs11(PathBuf),
    /// A PKCS #12 file.
    Pkcs12(PathBuf),
    /// A private key in PEM.
    Pem(PathBuf),
}

impl std::str::FromStr for KeySource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, path) = text.split_once(':').unwrap_or((text, ""));
        let make = match kind {
            "pkcs11" => Self::Pkcs11,
            "p12" | "pkcs12" => Self::Pkcs12,
            "pem" => Self::Pem,
            _ => {
                let kind = match Path::new(text)
                    .extension()
                    .map(|ending| ending.to_ascii_lowercase())
                {
                    Some(ending) if ending == "p12" || ending == "pfx" => "p12",
                    Some(ending) if ending == "pem" || ending == "key" => "pem",
                    Some(ending) if ending == "so" || ending == "dll" || ending == "dylib" => {
                        "pkcs11"
                    }
                    _ => return Err("write p12:FILE, pem:FILE or pkcs11:MODULE".to_owned()),
                };
                return Err(format!("write {kind}:{text}"));
            }
        };
        if path.is_empty() {
            return Err(format!("write the file after {kind}:"));
        }
        Ok(make(PathBuf::from(path)))
    }
}

/// Opens the key that the options name, and asks for its PIN or password where it needs one.
pub(crate) fn open(options: &SignOptions) -> Result<Box<dyn Signer>, Complaint> {
    let source = match (&options.with, &options.module) {
        (Some(source), _) => source.clone(),
        (None, Some(module)) => KeySource::Pkcs11(module.clone()),
        (None, None) => {
            return Err(Complaint::misuse(Sentence::NobodySigns));
        }
    };
    refuse_foreign_options(&source, options)?;
    match source {
        KeySource::Pkcs11(module) => token(&module, options),
        KeySource::Pkcs12(path) => store(&path, options),
        KeySource::Pem(path) => pem(&path, options),
    }
}

fn refuse_foreign_options(source: &KeySource, options: &SignOptions) -> Result<(), Complaint> {
    let is_token = matches!(source, KeySource::Pkcs11(_));
    for (option, is_given, owner, is_fitting) in [
        ("--token", options.token.is_some(), "token", is_token),
        (
            "--certificate",
            options.certificate.is_some(),
            "token",
            is_token,
        ),
        (
            "--key-label",
            options.key_label.is_some(),
            "store",
            matches!(source, KeySource::Pkcs12(_)),
        ),
        (
            "--cert",
            !options.cert.is_empty(),
            "pem",
            matches!(source, KeySource::Pem(_)),
        ),
    ] {
        if is_given && !is_fitting {
            let what = Said::new(Sentence::ForeignOption).with("option", option);
            return Err(Complaint::misuse(what.with("owner", owner)));
        }
    }
    Ok(())
}

fn no_signature(error: &Error) -> Complaint {
    Complaint::from_error(Sentence::DoingSigning, error)
}

fn token(module: &Path, options: &SignOptions) -> Result<Box<dyn Signer>, Complaint> {
    let pin = pin::read(options, Secret::Pin)?;
    let choice = TokenChoice {
        token: options.token.clone(),
        certificate: options
            .certificate
            .as_deref()
            .map(certificate_id)
            .transpose()?,
    };
    let pin = UserPin::new(pin.as_str().to_owned());
    let signer = TokenSigner::open(module, &choice, Some(pin))
        .map_err(|error| no_signature(&error.into()))?;
    Ok(Box::new(signer))
}

/// The identifier of a certificate on a token, as `imza` and card programs show it.
fn certificate_id(text: &str) -> Result<Vec<u8>, Complaint> {
    let digits: String = text.chars().filter(|one| *one != ':').collect();
    let pairs = (0..digits.len())
        .step_by(2)
        .map(|at| digits.get(at..at + 2));
    let octets: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(pair?, 16).ok())
        .collect();
    octets
        .filter(|octets| !octets.is_empty())
        .ok_or_else(|| Complaint::misuse(Said::new(Sentence::NotAnIdentifier).with("text", text)))
}

fn store(path: &Path, options: &SignOptions) -> Result<Box<dyn Signer>, Complaint> {
    let of = |sentence| Said::new(sentence).with("name", path);
    let octets = material::read(path)?;
    let wrong = |error: &Error| store_complaint(path, &octets, error);
    let secret = Secret::Password(path);
    let needs_password = KeyStore::needs_password(&octets).map_err(|error| wrong(&error))?;
    let password = if needs_password {
        pin::read(options, secret)?
    } else {
        pin::given(options, secret)?.unwrap_or_default()
    };
    let store = KeyStore::open(&octets, &password).map_err(|error| wrong(&error))?;
    if !store.is_protected() || !needs_password {
        voice::tell(of(Sentence::Unprotected));
    }
    let choice = KeyChoice {
        label: options.key_label.clone(),
    };
    let signer = store
        .signer(&choice, seed()?)
        .map_err(|error| match &error {
            Error::Signer(SignerError::NotFound { what: "key" }) if store.keys().count() == 0 => {
                Complaint::other(of(Sentence::StoreWithoutKey))
            }
            Error::Signer(SignerError::NotFound { what: "key" }) => {
                let label = options.key_label.as_deref().unwrap_or_default();
                let what = of(Sentence::StoreWithoutCalled).with("label", label);
                Complaint::misuse(what.with("labels", labels(&store)))
            }
            Error::Signer(SignerError::NotFound { .. }) => {
                Complaint::other(of(Sentence::StoreWithoutCertificate))
            }
            Error::Signer(SignerError::Refused { .. }) => {
                Complaint::misuse(of(Sentence::StoreWithSeveral).with("labels", labels(&store)))
            }
            _ => Complaint::from_error(of(Sentence::Opening), &error),
        })?;
    Ok(Box::new(signer))
}

fn store_complaint(path: &Path, octets: &[u8], error: &Error) -> Complaint {
    let of = |sentence| Said::new(sentence).with("name", path);
    match error {
        Error::Signer(SignerError::WrongPin { .. }) => {
            Complaint::other(of(Sentence::NotItsPassword))
        }
        Error::Malformed(_) => match Kind::of(octets) {
            kind @ Kind::PrivateKey => {
                Complaint::misuse(of(Sentence::NoStoreButKey).with("kind", kind.said()))
            }
            Kind::KeyStore | Kind::Other => Complaint::misuse(of(Sentence::StoreUnreadable)),
            kind => Complaint::misuse(of(Sentence::NoStore).with("kind", kind.said())),
        },
        Error::Unsupported(_) => {
            Complaint::from_error(of(Sentence::Opening), error).advise(of(Sentence::StoreAnew))
        }
        _ => Complaint::from_error(of(Sentence::Opening), error),
    }
}

/// The keys of a store, as `--key-label` takes them.
fn labels(store: &KeyStore) -> String {
    let names: Vec<String> = store
        .keys()
        .map(|key| {
            let common = key
                .certificate
                .as_ref()
                .and_then(|certificate| certificate.subject().common_name());
            match (&key.label, common) {
                (Some(label), Some(common)) => format!("\"{label}\" ({common})"),
                (Some(label), None) => format!("\"{label}\""),
                (None, Some(common)) => format!("\"{common}\""),
                (None, None) => voice::words().said(&Sentence::NamelessKey.into()).what,
            }
        })
        .collect();
    names.join(", ")
}

fn pem(path: &Path, options: &SignOptions) -> Result<Box<dyn Signer>, Complaint> {
    let of = |sentence| Said::new(sentence).with("name", path);
    let octets = zeroize::Zeroizing::new(material::read(path)?);
    let not_a_key = || match Kind::of(&octets) {
        Kind::KeyStore => Complaint::misuse(of(Sentence::NoPemButStore)),
        Kind::PrivateKey => Complaint::misuse(of(Sentence::PemForm)),
        kind => Complaint::misuse(of(Sentence::NoPemKey).with("kind", kind.said())),
    };
    let text = std::str::from_utf8(&octets).map_err(|_| not_a_key())?;
    let key = match SoftwareKey::from_pem(text, None) {
        // Encrypted, and nothing else is wrong so far.
        Err(Error::Signer(SignerError::Refused { .. })) => {
            let password = pin::read(options, Secret::Password(path))?;
            SoftwareKey::from_pem(text, Some(&password))
        }
        other => other,
    };
    let key = key.map_err(|error| match &error {
        Error::Signer(SignerError::WrongPin { .. }) => store_complaint(path, &octets, &error),
        Error::Signer(SignerError::NotFound { .. }) | Error::Malformed(_) => not_a_key(),
        _ => Complaint::from_error(of(Sentence::Opening), &error),
    })?;
    let mut pool: Vec<Certificate> = Vec::new();
    for file in &options.cert {
        let octets = material::read(file)?;
        let found = read_certificates(&octets, &mut Budget::default()).map_err(|error| {
            let what = Said::new(Sentence::NoCertificates).with("name", file.as_path());
            Complaint::misuse(
                what.with("why", &error)
                    .with("kind", Kind::of(&octets).said()),
            )
        })?;
        pool.extend(found);
    }
    if options.cert.is_empty() {
        // The certificates may stand in the same file.
        pool = read_certificates(&octets, &mut Budget::default())
            .map_err(|_| Complaint::misuse(of(Sentence::KeyWithoutCertificate)))?;
    }
    let signer =
        SoftwareSigner::with_certificates(key, &pool, seed()?).map_err(|error| match error {
            Error::ApiMisuse(ApiMisuse::KeyMismatch) => {
                Complaint::misuse(of(Sentence::CertificateOfOtherKey))
            }
            error => no_signature(&error),
        })?;
    Ok(Box::new(signer))
}

#[cfg(test)]
mod tests {
    use super::KeySource;
    use std::path::PathBuf;

    #[test]
    fn sources_are_written_with_their_kind() {
        let parse = |text: &str| text.parse::<KeySource>();
        let path = || PathBuf::from("a:b.p12");
        assert_eq!(parse("p12:a:b.p12"), Ok(KeySource::Pkcs12(path())));
        assert_eq!(parse("pem:a:b.p12"), Ok(KeySource::Pem(path())));
        assert_eq!(parse("pkcs11:a:b.p12"), Ok(KeySource::Pkcs11(path())));
        for (wrong, hint) in [
            ("citizen.p12", "write p12:citizen.p12"),
            ("citizen.PFX", "write p12:citizen.PFX"),
            ("key.pem", "write pem:key.pem"),
            ("/usr/lib/card.so", "write pkcs11:/usr/lib/card.so"),
            ("card", "write p12:FILE, pem:FILE or pkcs11:MODULE"),
            ("p12:", "write the file after p12:"),
            ("pem", "write the file after pem:"),
        ] {
            assert_eq!(parse(wrong), Err(hint.to_owned()), "{wrong}");
        }
    }
}
