//! The one rule book: the building blocks and processes of EN 319 102-1, one file a block.
//!
//! Judging is a pure function of evidence, policy, trust, time and limits. It reads no byte of a
//! document and calls no format: signatures of every format arrive as the same record
//! ([`crate::signature::Signature`]). What it misses it names ([`Judgement::wanted`]); whoever can
//! get it adds it to the evidence and asks again, and the last judgement is the report.
//!
//! A verdict is per signature. Every signature has a budget of its own, so that a verdict depends
//! neither on its neighbours nor on order.
//!
//! # Common operations
//! - [`validate`]: evidence in, report out.
//! - [`validate_certificate`]: the same for a certificate that is asked about by itself.
//! - [`outlook()`]: until when the verdict stays, and what ends it.
//!
//! # Standard
//! EN 319 102-1 v1.4.1: §5.2 (building blocks), §5.3 (basic signatures), §5.4 (time-stamps), §5.5
//! (signatures with time and with long-term validation data), §5.6 (archival data and evidence
//! records).

mod archival_validation;
mod basic_signature_validation;
mod certificate_judgement;
mod check_log;
mod conclusion;
mod content_timestamps;
mod coverage;
mod crl_acceptance;
mod cryptographic_verification;
mod document_modifications;
mod evidence_record_validation;
mod format_checking;
mod identification_of_the_signing_certificate;
mod judgement;
mod long_term_validation;
mod ocsp_acceptance;
mod outlook;
mod past_certificate_validation;
mod past_signature_validation;
mod poe_extraction;
mod proofs_of_existence;
mod references_in_the_path;
mod report_claims;
mod report_parts;
mod revocation_acceptance;
mod revocation_freshness;
mod signature_acceptance_validation;
mod time_mark;
mod timestamp_validation;
mod total_passed;
mod validation_time_sliding;
mod validator;
mod x509_certificate_validation;
mod x509_constraints;
mod x509_findings;

pub use certificate_judgement::{
    CertificateJudgement, CertificateQuestion, unread_certificate_report, validate_certificate,
};
pub use judgement::{Judgement, validate};
pub use outlook::outlook;
pub(crate) use report_parts::certificate as certificate_in_words;
pub(crate) use revocation_acceptance::exemption as no_revocation_needed;
pub use total_passed::TotalPassed;
pub use validator::Context;
