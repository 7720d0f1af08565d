//! A whole PKI in a box, and the vectors made with it.
//!
//! The crate that judges signatures and the crate that makes them for tests share no code: an error
//! in one cannot hide the same error in the other. So everything here is written anew and written to
//! order: certificates, revocation lists, OCSP responses, time-stamps and signatures are described
//! field by field, and every field can be wrong. All octets come from our own DER writer; what a
//! library like rcgen would not let us say (RSA keys, odd extensions, OCSP, CMS) is most of it, so
//! one writer does all.
//!
//! [`Pki`] is where to begin. With the same address it is the same octets every time.
//!
//! The keys are published and protect nothing. Never trust these roots outside tests.
#![forbid(unsafe_code)]

pub mod archive;
pub mod asic;
pub mod cades;
pub mod certificate;
pub mod cms;
pub mod crl;
pub mod der;
mod error;
pub mod evidence_record;
pub mod export;
pub mod hash;
pub mod key;
pub mod long_term;
pub mod name;
pub mod ocsp;
pub mod pdf;
pub mod pki;
pub mod server;
pub mod services;
pub mod time;
pub mod tsa;
pub mod vectors;
pub mod xades;
pub mod zip;

pub use error::{Error, Result};
pub use pki::{Entity, Pki};
