//! Reading documents: recognises the kind, reads structure, streams payload, asks, judges.
//!
//! [`Validation`] is the job that most programs want: a document in, a report out. It goes through
//! three phases. *Gathering* recognises the kind of document, reads its structure by pages and
//! streams its payload once, and ends with [`Evidence`](crate::evidence::Evidence). *Judging*
//! judges that evidence, asks other hosts for what is missing where the caller allows it, and
//! judges again. What the last judgement says is the verdict. Nothing here decides anything.
//!
//! # Common operations
//! - [`Validation::begin`], then [`crate::transport::drive`]
//! - [`Settings::read`]: files and words of a host, read alike by every door
//! - [`CertificateValidation`]: the same for a certificate that is asked about by itself
//! - [`certificate_facts`]: what a certificate says of itself
//! - [`judge`]: saved evidence, judged again without the document
//! - [`replay_request`], then [`replay`]: the same with the document
//! - [`PdfReading`]: revisions, fields and changes of a PDF, signed or not, unjudged
//! - [`recognise_material`]: certificates, CRLs and OCSP responses in files of unknown kind
//!
//! # Standard
//! EN 319 102-1 §5.1 (the driving application's part). Kinds read: ASiC and OpenDocument
//! containers, XML, CMS, PDF.

mod certificate_facts;
mod certificate_validation;
mod gathering;
mod judging;
mod kind;
mod mail;
mod material;
mod pdf_reading;
mod replay;
mod settings;
mod taps;
mod twofold;
mod validation_job;

pub use certificate_facts::certificate_facts;
pub use certificate_validation::{
    CertificateRequest, CertificateValidation, CertificateVerdict, empty_certificate_report,
};
pub use judging::Network;
pub use kind::{head_length, may_be_signed};
pub use material::{Given, recognise_material};
pub use pdf_reading::{PdfReading, PdfStructure};
pub use replay::{judge, replay, replay_request};
pub use settings::{Prepared, Settings, TrustFile, read_key, read_policy};
pub use validation_job::{Validation, ValidationRequest, Verdict, empty_report};

pub(crate) use gathering::{Gathered, Gathering, Step as GatheringStep};
pub(crate) use judging::Judging;
