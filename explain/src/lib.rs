//! Validation reports in words, in Azerbaijani, English, Russian and Turkish.
//!
//! A [`Report`](imza::report::Report) is data; this crate makes a page of it that a person reads at
//! a glance: the verdict first, then who signed, when that is proven, what exactly is covered, why,
//! and what to do next. It decides nothing. Each failed check is told to a citizen, with the
//! technical line below it.
//!
//! The words stand in Fluent files, one folder for each language, and are built into the crate; the
//! ids of checks and the codes of errors are their keys. One language is read when its first word
//! is wanted. There is no file, environment, thread or clock in here, so a browser can have it too.
//!
//! # Common operations
//! - [`Words::new`]: the words of a [`Language`].
//! - [`text`]: a page for a terminal or a text file.
//! - `certificate_page`, `certificate_text`, under the feature `command`: what a certificate says,
//!   and whether it holds; with `pages` also `certificate_html`.
//! - `html`, `svg`, `etsi`, under the feature `pages`: a page for a browser and for paper, a picture
//!   of the times, and the validation report of ETSI TS 119 102-2.
//! - [`Words::check`], [`Words::error`], [`Words::sub_indication`]: single sentences.
//! - [`sink::terminal`], [`sink::html`], [`sink::name`]: make untrusted text harmless; every name
//!   passes them.
#![forbid(unsafe_code)]

#[cfg(feature = "command")]
mod certificate;
#[cfg(feature = "command")]
mod command;
#[cfg(feature = "pages")]
mod etsi;
#[cfg(feature = "pages")]
mod html;
mod language;
#[cfg(feature = "pages")]
mod markup;
mod measure;
mod page;
mod phrase;
pub mod sink;
mod text;
#[cfg(feature = "pages")]
mod timeline;
mod words;

#[cfg(feature = "command")]
pub use certificate::{certificate_page, certificate_text};
#[cfg(feature = "command")]
pub use command::{Part, Said, Sentence};
#[cfg(feature = "pages")]
pub use etsi::etsi;
#[cfg(all(feature = "pages", feature = "command"))]
pub use html::certificate_html;
#[cfg(feature = "pages")]
pub use html::html;
pub use language::Language;
pub use page::{Door, Layout, Look, Style};
pub use text::{failure, text};
#[cfg(feature = "pages")]
pub use timeline::svg;
pub use words::{Explained, Words};
