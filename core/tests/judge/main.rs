//! The judge before situations: what EN 319 102-1 says to each, and what must hold in all of them.
//!
//! Stands outside the crate. Every situation is made by a PKI that shares no code with the judge.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, helpers included"
)]

mod algorithms;
mod archive;
mod archive_chains;
mod archive_validity;
mod attacks;
mod certificates;
mod checks;
mod constraints;
mod corpora;
mod data;
mod documents_beside;
mod extended;
mod flips;
mod hostile;
mod identification;
mod invariants;
mod matrix;
mod monotony;
mod neighbours;
mod open_document;
mod outlook;
mod pdf;
mod policy_documents;
mod revocation;
mod revocation_issuers;
mod row;
mod run;
mod saved;
mod scene;
mod situations;
mod time_marks;
mod times;
mod timestamps;
mod wrapping;
mod xml;
