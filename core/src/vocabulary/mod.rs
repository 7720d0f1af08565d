//! The words of the field: formats, levels, indications, checks, roles. Names only.
//!
//! Everything here is a plain enumeration with the spelling that the standards use. Nothing in this
//! module decides anything; it exists so that every other module, every report and every binding
//! says the same thing with the same word.
//!
//! # Standard
//! EN 319 102-1 §5.1.3 (indications and sub-indications), EN 319 122-1, 132-1, 142-1, 162-1 and
//! TS 119 182-1 (formats and levels).

mod change;
mod check;
mod format;
mod indication;
mod role;

pub(crate) use format::words;

pub use change::{ChangeAction, ChangeClass};
pub use check::{CheckId, Level, Outcome};
pub use format::{BaselineLevel, ContainerKind, SignatureFormat, SignatureLevel};
pub use indication::{BlockIndication, Indication, Integrity, SubIndication};
pub(crate) use role::hex;
pub use role::{
    Basis, CertificateOrigin, CertificateRole, ObjectId, Purpose, ReferenceKind, RevocationOrigin,
    RoleKind, ScopeKind, TimestampKind,
};
