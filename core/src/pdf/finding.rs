//! What is odd about a file that can be read all the same.

use super::object::ObjectReference;
use crate::error::{Malformed, MalformedKind};

/// A deviation that reading passed over or repaired. A fact; whether it matters is judged later.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Octets before the header.
    DataBeforeHeader {
        /// How many.
        length: u64,
    },
    /// Offsets in the file are counted from the header, not from the first octet.
    OffsetsFromHeader,
    /// Octets after the last `%%EOF` and its end of line.
    DataAfterEnd {
        /// How many.
        length: u64,
    },
    /// A table whose numbers are one too high.
    TableFromOne {
        /// Where.
        offset: u64,
    },
    /// A section has two entries for one object.
    DuplicateEntry {
        /// Object number.
        number: u32,
    },
    /// The table and the stream of a hybrid section disagree about an object.
    HybridConflict {
        /// Object number.
        number: u32,
    },
    /// `startxref` behind a section does not point at it.
    StartxrefElsewhere {
        /// Where the section is.
        section: u64,
    },
    /// The end of the file leads to no section: the last one was looked for.
    StartxrefRepaired {
        /// Where it was found.
        section: u64,
    },
    /// `startxref` behind a section does not point at it, in a revision under the first signed one.
    StartxrefSuperseded {
        /// Where the section is.
        section: u64,
    },
    /// What leads to a section leads to white space before it.
    SpaceBeforeSection {
        /// Where the section is.
        section: u64,
    },
    /// No `startxref` and `%%EOF` behind a section.
    UnfinishedUpdate {
        /// Where the section is.
        section: u64,
    },
    /// `/Prev` leads forward in the file, and this is no linearised file.
    PreviousIsLater {
        /// Where the section is.
        section: u64,
    },
    /// A dictionary on the way to a signature has a key twice.
    DuplicateKey {
        /// Which dictionary.
        owner: &'static str,
        /// Its object, unless it is a trailer or stands inside another object.
        object: Option<ObjectReference>,
    },
    /// An object does not end with `endobj`.
    MissingEndOfObject {
        /// Which object.
        object: ObjectReference,
    },
    /// An object stream that a later revision replaced while its objects stayed.
    ReplacedObjectStream {
        /// Object number of the stream.
        number: u32,
    },
    /// Form fields that lead in a circle, or a field reached twice.
    RepeatedField {
        /// Which object.
        object: ObjectReference,
    },
    /// A form field that cannot be read, with the code of the error.
    UnreadableField {
        /// Which object.
        object: Option<ObjectReference>,
        /// Error code.
        code: &'static str,
    },
    /// The header names no version.
    HeaderWithoutVersion,
    /// `startxref` and its number do not stand on a line each.
    StartxrefOnOneLine {
        /// Where.
        offset: u64,
    },
    /// A table whose entries do not have the fixed form of twenty octets.
    LooseEntries {
        /// Where the first such entry is.
        offset: u64,
    },
    /// `/Size` of the newest trailer calls objects missing that its sections have.
    SizeTooSmall {
        /// The highest object number.
        number: u32,
    },
    /// Two objects at one place of an object stream.
    SharedPlace {
        /// Object number of the stream.
        container: u32,
    },
    /// The catalog leads to no page tree.
    UnreadablePages,
    /// An object that goes on behind the end of the file: into whatever is appended.
    ObjectPastEnd {
        /// Where it begins.
        offset: u64,
    },
    /// Updates that name different catalogs.
    CatalogChanged,
    /// Updates that differ about encryption.
    EncryptionChanged,
    /// Strings in an encrypted document that are none of its encryption.
    StringsUnencrypted,
}

impl Finding {
    /// The kind of finding, in a word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::DataBeforeHeader { .. } => "data-before-header",
            Self::OffsetsFromHeader => "offsets-from-header",
            Self::DataAfterEnd { .. } => "data-after-end",
            Self::TableFromOne { .. } => "table-from-one",
            Self::DuplicateEntry { .. } => "duplicate-entry",
            Self::HybridConflict { .. } => "hybrid-conflict",
            Self::StartxrefElsewhere { .. } => "startxref-elsewhere",
            Self::StartxrefRepaired { .. } => "startxref-repaired",
            Self::StartxrefSuperseded { .. } => "startxref-superseded",
            Self::SpaceBeforeSection { .. } => "space-before-section",
            Self::UnfinishedUpdate { .. } => "unfinished-update",
            Self::PreviousIsLater { .. } => "previous-is-later",
            Self::DuplicateKey { .. } => "duplicate-key",
            Self::MissingEndOfObject { .. } => "missing-end-of-object",
            Self::ReplacedObjectStream { .. } => "replaced-object-stream",
            Self::RepeatedField { .. } => "repeated-field",
            Self::UnreadableField { .. } => "unreadable-field",
            Self::HeaderWithoutVersion => "header-without-version",
            Self::StartxrefOnOneLine { .. } => "startxref-on-one-line",
            Self::LooseEntries { .. } => "loose-entries",
            Self::SizeTooSmall { .. } => "size-too-small",
            Self::SharedPlace { .. } => "shared-place",
            Self::UnreadablePages => "unreadable-pages",
            Self::ObjectPastEnd { .. } => "object-past-end",
            Self::CatalogChanged => "catalog-changed",
            Self::EncryptionChanged => "encryption-changed",
            Self::StringsUnencrypted => "strings-unencrypted",
        }
    }

    /// Where in the file it is, if that is known.
    #[must_use]
    pub fn place(&self) -> Option<u64> {
        match self {
            Self::ObjectPastEnd { offset }
            | Self::LooseEntries { offset }
            | Self::TableFromOne { offset }
            | Self::StartxrefOnOneLine { offset }
            | Self::StartxrefElsewhere { section: offset }
            | Self::StartxrefRepaired { section: offset }
            | Self::StartxrefSuperseded { section: offset }
            | Self::SpaceBeforeSection { section: offset }
            | Self::UnfinishedUpdate { section: offset }
            | Self::PreviousIsLater { section: offset } => Some(*offset),
            _ => None,
        }
    }

    /// Whether two readers may see two different documents here.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::DuplicateEntry { .. }
            | Self::HybridConflict { .. }
            | Self::PreviousIsLater { .. }
            | Self::StartxrefElsewhere { .. }
            | Self::StartxrefRepaired { .. }
            | Self::DuplicateKey { .. }
            | Self::ReplacedObjectStream { .. }
            | Self::SizeTooSmall { .. }
            | Self::SharedPlace { .. }
            | Self::ObjectPastEnd { .. }
            | Self::CatalogChanged
            | Self::EncryptionChanged => true,
            Self::DataBeforeHeader { .. }
            | Self::OffsetsFromHeader
            | Self::DataAfterEnd { .. }
            | Self::TableFromOne { .. }
            | Self::StartxrefSuperseded { .. }
            | Self::SpaceBeforeSection { .. }
            | Self::UnfinishedUpdate { .. }
            | Self::MissingEndOfObject { .. }
            | Self::RepeatedField { .. }
            | Self::UnreadableField { .. }
            | Self::HeaderWithoutVersion
            | Self::StartxrefOnOneLine { .. }
            | Self::LooseEntries { .. }
            | Self::UnreadablePages
            | Self::StringsUnencrypted => false,
        }
    }

    /// Why this file may hold a signature that was not found: another reader may see another
    /// document, or more of this one. `None` for what hides nothing.
    #[must_use]
    pub fn leaves_open(&self) -> Option<MalformedKind> {
        Some(match self {
            Self::DuplicateEntry { .. }
            | Self::HybridConflict { .. }
            | Self::PreviousIsLater { .. }
            | Self::LooseEntries { .. }
            | Self::SharedPlace { .. } => MalformedKind::PdfCrossReference,
            Self::StartxrefElsewhere { .. }
            | Self::StartxrefRepaired { .. }
            | Self::StartxrefOnOneLine { .. } => MalformedKind::PdfStartxref,
            Self::SizeTooSmall { .. } | Self::CatalogChanged | Self::EncryptionChanged => {
                MalformedKind::PdfTrailer
            }
            Self::RepeatedField { .. } => MalformedKind::PdfReferenceLoop,
            Self::DuplicateKey { .. }
            | Self::ObjectPastEnd { .. }
            | Self::ReplacedObjectStream { .. }
            | Self::UnreadableField { .. }
            | Self::UnreadablePages => MalformedKind::PdfObject,
            Self::HeaderWithoutVersion => MalformedKind::PdfHeader,
            Self::DataBeforeHeader { .. }
            | Self::OffsetsFromHeader
            | Self::DataAfterEnd { .. }
            | Self::TableFromOne { .. }
            | Self::StartxrefSuperseded { .. }
            | Self::SpaceBeforeSection { .. }
            | Self::UnfinishedUpdate { .. }
            | Self::MissingEndOfObject { .. }
            | Self::StringsUnencrypted => return None,
        })
    }

    /// What this leaves open, as what is wrong with the file: with the place where that is known,
    /// else in this of it.
    pub(crate) fn malformed(&self, of: &'static str) -> Option<Malformed> {
        let kind = self.leaves_open()?;
        Some(match self.place() {
            Some(offset) => Malformed::at(kind, offset),
            None => Malformed::within(kind, of),
        })
    }
}
