//! ASiC containers: what is in them, what signs what, and how new ones are made.
//!
//! An associated signature container is a ZIP file that holds data files, and in `META-INF` the
//! signatures over them. ASiC-S holds one data file; ASiC-E any number, signed either by XAdES
//! signatures whose references name the files, or by CAdES signatures and time-stamps over
//! *manifests* that name them. OpenDocument packages keep their XML signatures in the same place.
//!
//! [`Opening`] reads the directory and the small files of `META-INF` and says which file is what;
//! it digests no data file and judges nothing. [`create`] and [`replace_signatures_files`] write.
//!
//! # Common operations
//! - [`Opening::advance`] until it is done: [`Opened`]
//! - [`read_manifest`]: the references of an `ASiCManifest`
//! - [`create_simple`], [`create_with_manifest`], [`asic_manifest`]: new containers with CAdES
//! - [`create`], [`create_simple_with_xades`], [`signatures_file`]: new containers with XAdES
//! - [`read_digidoc`], [`digidoc_signatures`]: the XML containers before ASiC
//!
//! # Standard
//! EN 319 162-1 §4.3, §4.4, §A.1, §A.4, §A.6; DIGIDOC-XML.

mod create;
mod digidoc;
mod manifest;
mod opening;
mod roles;

pub use create::{
    ManifestEntry, NEW_MESSAGE, NewFile, SignaturesFile, add_own_files, add_signatures_file,
    archive_manifest, asic_manifest, change_files, change_own_files, check_new_name, create,
    create_simple, create_simple_with_xades, create_with_manifest, replace_signatures_file,
    replace_signatures_files, signatures_file,
};
pub use digidoc::{DIGIDOC, Digidoc, DigidocFile, digidoc_signatures, read_digidoc};
pub use manifest::{ManifestReference, read_manifest};
pub(crate) use opening::finding;
pub use opening::{DataFile, Opened, Opening, SignatureFile, SignatureFileContent};
pub(crate) use roles::is_unknown;

/// Media type of ASiC-E, EN 319 162-1 §A.1.
pub const ASIC_E: &str = "application/vnd.etsi.asic-e+zip";
/// Media type of ASiC-S, EN 319 162-1 §A.1.
pub const ASIC_S: &str = "application/vnd.etsi.asic-s+zip";
/// Namespace of the container's own elements, EN 319 162-1 §A.4.
pub const NAMESPACE: &str = "http://uri.etsi.org/02918/v1.2.1#";
/// Where signatures and manifests lie.
pub const META_INF: &str = "META-INF/";
