//! Advanced electronic signatures: sign, augment, validate and explain.
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
