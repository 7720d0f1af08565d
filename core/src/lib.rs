//! Advanced electronic signatures: sign, augment, validate and explain.
//!
//! XAdES, CAdES, PAdES and ASiC are read into one record, judged by one rule book (EN 319 102-1)
//! and answered with one report. What a test proves for which format and level is in the table of
//! the README; what is not there, and why, in `docs/manual/features.md`.
//!
//! # What it does not do
//!
//! - **No network.** What is missing is named as a request; the host asks, or does not. Only
//!   `transport::http` (feature `http`) opens a socket.
//! - **No clock, no random source, no file.** Times, entropy and octets are given. Only
//!   `signer::pkcs11` (feature `pkcs11`) loads something from the machine.
//! - **No trust of its own.** Nothing is built in: who is trusted, for what, is said by the caller.
//! - **No legal judgement.** TOTAL-PASSED says that the mathematics is right, the identity is
//!   established and the policy is met, not that somebody is bound by the document.
//!
//! # How it works
//!
//! ```text
//!            facts, kept octets,              policy, trust, time
//!            digests of payload                       │
//! document ──────── read ────────▶ evidence ────── validate ──────▶ report
//!                                     ▲               │
//!                                     └── answers ◀── what is missing
//! ```
//!
//! Reading says what the octets say; judging is a pure function of [`evidence`], [`policy`],
//! [`trust`] and time; the [`report`] says for every check what was wanted, what was found and
//! which clause wants it. Everything that waits for octets or answers is a [`job::Job`], and
//! [`transport::drive`] is the loop between a job and the world.
//!
//! `Err` means that the work could not be done. A bad signature is a report.
//!
//! # Getting started
//!
//! ## Validate
//!
//! ```
//! use imza::{job::Seed, limits::{Budget, Limits}, policy::ValidationPolicy, source::Input};
//! use imza::{reading::{Network, Validation, ValidationRequest}, time::UnixTime};
//! use imza::{transport::{Memory, drive}, trust::TrustSet, validation::Context};
//! use imza::vocabulary::Indication;
//!
//! # let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/vectors");
//! # let document = std::fs::read(format!("{vectors}/asic-e/form.p-256.asice"))?;
//! # let root = std::fs::read(format!("{vectors}/pki/root.cer"))?;
//! # /*
//! let (document, root) = (std::fs::read("permit.asice")?, std::fs::read("root.cer")?);
//! # */
//! let anchors = TrustSet::read_anchors(&root, &mut Budget::default())?;
//! let context = Context {
//!     policy: ValidationPolicy::standard().into(),
//!     trust: TrustSet::new(anchors).into(),
//!     validation_time: UnixTime::from_rfc3339("2026-06-15T13:00:00Z")?,
//!     proven_at: None,
//!     limits: Limits::default().into(),
//! };
//! let request = ValidationRequest {
//!     inputs: vec![Input::at_hand("permit.asice", document.as_slice())],
//!     given: Vec::new(),
//!     keys: Vec::new(),
//!     seed: Seed::new([0; 32]), // for nonces; nothing is asked offline
//!     network: Network::Offline,
//! };
//! let verdict = drive(Validation::begin(request, context)?, &mut Memory::new([document]))?;
//! for signature in &verdict.report.signatures {
//!     assert_eq!(signature.indication, Indication::TotalPassed);
//! }
//! assert_eq!(verdict.report.uncovered_files().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Sign
//!
//! Two calls with a value between them: [`creation::PendingSignature`] can be saved while a person
//! confirms, and whoever holds the key sees the data to be signed and no document.
//!
//! ```
//! use imza::creation::{DocumentToSign, Preparation, SigningParameters, SigningRequest};
//! use imza::signer::{Signer, preferred_algorithm, software::SoftwareSigner};
//! use imza::{algorithm::ValueEncoding, crypto::Message, job::Seed, source::Input};
//! use imza::{time::UnixTime, transport::{Memory, drive}};
//!
//! # let citizen = imza_test_vectors::Pki::fixed()?.citizen_p256;
//! # let key = citizen.key.pkcs8_pem()?;
//! # let certificates = imza_test_vectors::export::pem("CERTIFICATE", &citizen.certificate);
//! # /*
//! let (key, certificates) = (read_to_string("key.pem")?, read_to_string("certificates.pem")?);
//! # */
//! let mut signer = SoftwareSigner::from_pem(&key, None, &certificates, Seed::new([0; 32]))?;
//! let algorithm = preferred_algorithm(&signer, ValueEncoding::Plain).ok_or("no algorithm")?;
//! let signing_time = UnixTime::from_rfc3339("2026-06-15T12:00:00Z")?;
//! let request = SigningRequest {
//!     documents: vec![DocumentToSign {
//!         input: Input::at_hand("permit.txt", b"May build.".as_slice()),
//!         media_type: "text/plain".to_owned(),
//!     }],
//!     certificates: signer.certificate(),
//!     parameters: SigningParameters::asic_e(algorithm, signing_time),
//! };
//! let mut documents = Memory::new([b"May build.".as_slice()]);
//!
//! let pending = drive(Preparation::begin(request)?, &mut documents)?;
//! let value = signer.sign(algorithm, Message::Octets(&pending.data_to_be_signed()?))?;
//! let edits = pending.complete(&value)?; // verified before anything is given out
//! # assert!(edits.pieces().len() > 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The edits say how to write the container ([`source::write_all`]); [`creation::Augmentation`]
//! takes them, or any container, to level T or LT. A card is `signer::pkcs11::TokenSigner`.
//!
//! # Crate features
//!
//! They add, and change no behaviour: an algorithm that was left out is unsupported, and what it
//! signed is neither good nor bad.
//!
//! - `ring` (default): verifies RSA and P-256 and P-384 signatures with *ring*, which is faster.
//! - `algorithms` (default): the next four.
//! - `brainpool`: ECDSA over brainpoolP256, P384 and P512, r1 and t1.
//! - `dsa`: DSA, verified only.
//! - `ml-dsa`: ML-DSA-44, 65 and 87.
//! - `secp256k1`: ECDSA over secp256k1.
//! - `pkcs11`: cards and tokens, as `signer::pkcs11`.
//! - `p12`: key stores (PKCS #12), as `signer::pkcs12`.
//! - `http`: `transport::http`, a client with rules against hostile addresses.
#![forbid(unsafe_code)]

pub mod algorithm;
pub mod asic;
pub mod asn1;
pub mod cades;
pub mod certificate;
pub mod cms;
pub mod creation;
pub mod crypto;
pub mod error;
pub mod evidence;
pub mod identity;
pub mod job;
pub mod limits;
pub mod pades;
pub mod path;
pub mod payload;
pub mod pdf;
pub mod policy;
pub mod reading;
pub mod report;
pub mod revocation;
pub mod signature;
pub mod signer;
pub mod source;
pub mod time;
pub mod timestamp;
pub mod transport;
pub mod trust;
pub mod validation;
pub mod vocabulary;
pub mod xades;
pub mod xml;
pub mod zip;

/// The examples of the README and of the manual compile.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/manual/evidence.md")]
    struct Evidence;
}
