//! PAdES: signatures and time-stamps in PDF files.
//!
//! A PDF signature is a CMS message in the `/Contents` of a signature dictionary, over the rest of
//! its revision of the file. The cryptography is that of CAdES; what PDF adds is the question *which
//! octets*. [`locate`] answers it from an opened document: for every signature field the message,
//! the signed ranges as payload to stream, and a finding for each rule of the ByteRange that does
//! not hold. [`records`] makes the format-neutral record from the message and those facts, so the
//! same record can be made again from saved evidence.
//!
//! A document time-stamp is a field too. It is a record of its own, and also a time-stamp of every
//! signature whose octets it covers: that is how a PDF signature gets its proof of existence.
//!
//! What later revisions changed is found out by [`Comparison`], for all signatures together, and
//! what each signature permits by [`permissions`]; whether the two go together is judged elsewhere.
//!
//! # Common operations
//! - [`locate`]: the signatures of an opened document, with their facts.
//! - [`document_findings`]: what is ambiguous in the document as a whole.
//! - [`stored_certificates`], [`stored_revocation`]: the document security store.
//! - [`records`]: the record of one located signature.
//! - [`plan`]: what a new signature, document time-stamp or security store appends.
//!
//! # Standard
//! EN 319 142-1 §5.3, §5.4, §6; ISO 32000-2 §12.8. SubFilters `ETSI.CAdES.detached`,
//! `ETSI.RFC3161`, `adbe.pkcs7.detached` and `adbe.pkcs7.sha1`. Not covered:
//! `adbe.x509.rsa_sha1`, time-stamps of VRI dictionaries; of seed values, legal attestations and appearance filters.

mod appearance;
mod certificate_demands;
mod changes;
mod create;
mod facts;
mod level;
mod locate;
mod page;
mod parse;
mod seed_values;
mod update;

pub use appearance::{Appearance, SignaturePicture};
pub use certificate_demands::{CertificateDemands, DemandedIssuer};
pub use changes::{Comparison, permissions};
pub use create::{Addition, Certification, FieldLock, PdfParameters, plan};
pub use facts::{CoveringTimestamp, SignatureFacts};
pub use locate::{Located, document_findings, locate, stored_certificates, stored_revocation};
pub use parse::records;
pub use seed_values::MessageDemands;
pub use update::SignedUpdate;

#[cfg(test)]
mod tests;
