//! Validation reports in words.
//!
//! A [`Report`](imza::report::Report) is data; this crate makes a page of it that a person reads at
//! a glance: the verdict first, then who signed, when that is proven, what exactly is covered, why,
//! and what to do next. It decides nothing. Texts are English so far.
//!
//! # Common operations
//! - [`text`]: a page for a terminal.
//! - [`sink::terminal`]: makes untrusted text harmless; every name passes it.
#![forbid(unsafe_code)]

mod advice;
pub mod sink;
mod text;

pub use advice::{advice, meaning};
pub use text::{Style, failure, text};
