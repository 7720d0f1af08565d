//! Archive time-stamps of XAdES and CAdES signatures: what they are over, and the properties that
//! hold them.
//!
//! # Standard
//! EN 319 132-1 §5.5.2 (ArchiveTimeStamp of version 1.4.1; that of TS 101 903 v1.3.2 §7.7 is over
//! the same octets where no ds:Object is referenced); EN 319 122-1 §5.5.2, §5.5.3
//! (ats-hash-index-v3, archive-time-stamp-v3), §A.2.4 (archive-time-stamp before version 3).

use crate::cms::{Attribute, Signed, tagged_set};
use crate::der;
use crate::hash::Hash;
use crate::xades::{DS, DataFile, XadesSignature};

/// id-etsi-attrs-archive-time-stamp-v3.
const ARCHIVE_TIME_STAMP_V3: &str = "0.4.0.1733.2.4";
/// id-aa-ATSHashIndex-v3.
const ATS_HASH_INDEX_V3: &str = "0.4.0.19122.1.5";
const XADES_141: &str = "http://uri.etsi.org/01903/v1.4.1#";

/// Which ArchiveTimeStamp of XAdES.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// In the namespace of version 1.4.1.
    V141,
    /// In that of 1.3.2.
    V132,
}

/// Which archive-time-stamp of CAdES before version 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Former {
    /// Version 1, over the same octets as version 2.
    V1,
    /// Version 1, the content left out where it is not inside.
    V1WithoutContent,
    /// Version 2.
    V2,
    /// Version 2 as TS 101 733 1.8.3 has it: unsigned attributes without tag and length of their
    /// set.
    V2WithoutSet,
}

impl XadesSignature {
    /// The octets that an ArchiveTimeStamp is over that is added now. Only for files beside the
    /// signature and exclusive canonicalisation.
    pub fn archived_octets(&self, files: &[DataFile]) -> Vec<u8> {
        self.archived_members(files).concat()
    }

    /// The same, each piece by itself: the data object group of an evidence record that is added
    /// now. All unsigned properties are one piece.
    pub fn archived_members(&self, files: &[DataFile]) -> Vec<Vec<u8>> {
        let key_info = format!("<ds:KeyInfo xmlns:ds=\"{DS}\">");
        let key_info = self.key_info.replacen("<ds:KeyInfo>", &key_info, 1);
        let parts = [
            &self.signed_properties,
            &self.signed_info,
            &self.signature_value,
            &key_info,
            &self.unsigned_canonical,
        ];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let files = files.iter().map(|file| file.bytes.clone());
        files
            .chain(parts.map(|part| part.clone().into_bytes()))
            .collect()
    }

    /// Adds any token as ArchiveTimeStamp, fitting or not.
    pub fn add_archive_timestamp(&mut self, token: &[u8], version: Version) {
        let property = match version {
            Version::V132 => self.timestamp("xades:ArchiveTimeStamp", token),
            Version::V141 => {
                let plain = self.timestamp("xades141:ArchiveTimeStamp", token);
                let start = "<xades141:ArchiveTimeStamp";
                let declared = format!("{start} xmlns:xades141=\"{XADES_141}\"");
                plain.replacen(start, &declared, 1)
            }
        };
        self.add_unsigned(&property);
    }
}

/// An ats-hash-index-v3: digests of what an archive-time-stamp-v3 covers.
#[derive(Debug, Clone)]
pub struct HashIndex {
    /// hashIndAlgorithm.
    pub hash: Hash,
    /// certificatesHashIndex.
    pub certificates: Vec<Vec<u8>>,
    /// crlsHashIndex.
    pub crls: Vec<Vec<u8>>,
    /// unsignedAttrValuesHashIndex.
    pub attributes: Vec<Vec<u8>>,
}

impl HashIndex {
    /// Everything that is there now.
    pub fn of(signed: &Signed, hash: Hash) -> Self {
        let digests = |members: &[Vec<u8>]| members.iter().map(|one| hash.digest(one)).collect();
        let values = signed.unsigned.iter().flat_map(|attribute| {
            let oid = der::oid(&attribute.oid);
            let values = attribute.values.iter();
            values.map(move |value| [oid.as_slice(), value].concat())
        });
        Self {
            hash,
            certificates: digests(&signed.data.certificates),
            crls: digests(&signed.data.crls),
            attributes: digests(&values.collect::<Vec<_>>()),
        }
    }

    /// The attribute of the token.
    pub fn attribute(&self) -> Attribute {
        Attribute::new(ATS_HASH_INDEX_V3, self.der())
    }

    fn der(&self) -> Vec<u8> {
        let list = |digests: &[Vec<u8>]| {
            let strings: Vec<Vec<u8>> = digests.iter().map(|one| der::octet_string(one)).collect();
            der::sequence_of(&strings)
        };
        der::sequence(&[
            &self.hash.identifier(),
            &list(&self.certificates),
            &list(&self.crls),
            &list(&self.attributes),
        ])
    }
}

impl Signed {
    /// The octets that an archive-time-stamp-v3 with this index is over; `content` is what the
    /// signature is over, `hash` the digest of the token's imprint.
    pub fn archived_octets(&self, content: &[u8], index: &HashIndex, hash: Hash) -> Vec<u8> {
        [
            der::oid(&self.data.content_type),
            hash.digest(content),
            self.signer_info_fields(),
            index.der(),
        ]
        .concat()
    }

    /// Adds any token as archive-time-stamp-v3, fitting or not.
    pub fn add_archive_timestamp(&mut self, token: Vec<u8>) {
        self.unsigned
            .push(Attribute::new(ARCHIVE_TIME_STAMP_V3, token));
    }

    /// The octets that an archive-time-stamp before version 3 is over that is added now.
    pub fn formerly_archived_octets(&self, content: &[u8], former: Former) -> Vec<u8> {
        let content = match (&self.data.content, former) {
            (Some(_), _) | (None, Former::V1WithoutContent) => &[],
            (None, _) => content,
        };
        let mut unsigned: Vec<Vec<u8>> = self.unsigned.iter().map(Attribute::der).collect();
        unsigned.sort();
        let unsigned = match former {
            Former::V2WithoutSet => unsigned.concat(),
            Former::V1 | Former::V1WithoutContent | Former::V2 => tagged_set(1, &unsigned),
        };
        [
            &self.encapsulated(),
            content,
            &tagged_set(0, &self.data.certificates),
            &tagged_set(1, &self.data.crls),
            &self.signer_info_fields(),
            &unsigned,
        ]
        .concat()
    }

    /// Adds any token as archive-time-stamp before version 3, fitting or not.
    pub fn add_former_archive_timestamp(&mut self, token: Vec<u8>, former: Former) {
        let oid = match former {
            Former::V1 | Former::V1WithoutContent => "1.2.840.113549.1.9.16.2.27",
            Former::V2 | Former::V2WithoutSet => "1.2.840.113549.1.9.16.2.48",
        };
        self.unsigned.push(Attribute::new(oid, token));
    }
}
