//! Evidence records in ASN.1, RFC 4998.

use super::{
    ArchiveTimestamp, ArchiveTimestampChain, EvidenceRecord, Syntax, charge_digest, check_lengths,
    wrong,
};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, AlgorithmIdentifier, Mode, Oid, Reader, Tag, Tlv, write};
use crate::cms::attribute_types::{
    BASIC_OCSP_RESPONSE, CERTIFICATE_VALUES, OCSP_RESPONSE, REVOCATION_VALUES,
};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::timestamp::TimestampToken;
use std::sync::Arc;

impl EvidenceRecord {
    /// Reads a record in ASN.1.
    ///
    /// ```text
    /// EvidenceRecord ::= SEQUENCE {
    ///   version                  INTEGER { v1(1) },
    ///   digestAlgorithms         SEQUENCE OF AlgorithmIdentifier,
    ///   cryptoInfos              [0] CryptoInfos OPTIONAL,
    ///   encryptionInfo           [1] EncryptionInfo OPTIONAL,
    ///   archiveTimeStampSequence ArchiveTimeStampSequence }
    /// ArchiveTimeStampSequence ::= SEQUENCE OF ArchiveTimeStampChain
    /// ArchiveTimeStampChain    ::= SEQUENCE OF ArchiveTimeStamp
    /// ```
    ///
    /// # Errors
    /// [`crate::error::Malformed`]; [`Unsupported::Feature`] for encrypted data objects; a limit.
    ///
    /// # Standard
    /// RFC 4998 §3.1, §4.1, §5.1.
    pub fn parse(octets: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::StructureBytes, length)?;
        // The tokens inside may be in BER; the members that are digested are taken as stored.
        asn1::check_tree(octets, Mode::Ber, budget)?;
        let mut outer = Reader::ber(octets);
        let mut fields = outer.read(Tag::SEQUENCE)?.reader();
        outer.finish()?;
        let version = fields.read(Tag::INTEGER)?.small_integer()?;
        if version != 1 {
            return Err(wrong("version").compared(1, version).into());
        }
        fields.read(Tag::SEQUENCE)?;
        let mut material = Material::default();
        if let Some(infos) = fields.optional(Tag::context_constructed(0))? {
            material.attributes(&infos, budget)?;
        }
        if fields.optional(Tag::context_constructed(1))?.is_some() {
            return Err(Unsupported::Feature("an evidence record over encrypted data").into());
        }
        let mut sequence = fields.read(Tag::SEQUENCE)?.reader();
        fields.finish()?;
        let mut chains: Vec<ArchiveTimestampChain> = Vec::new();
        let mut earlier: Vec<&[u8]> = Vec::new();
        while !sequence.is_empty() {
            let chain = sequence.read(Tag::SEQUENCE)?;
            // RFC 4998 §5.2: the sequence of all chains before, with its own tag and length.
            let before = match earlier.as_slice() {
                [] => Vec::new(),
                earlier => {
                    let octets = write::sequence(earlier);
                    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
                    budget.charge(Resource::StructureBytes, length)?;
                    vec![Arc::from(octets)]
                }
            };
            chains.push(ArchiveTimestampChain {
                timestamps: timestamps(&chain, &mut material, budget)?,
                before,
                canonicalization: None,
            });
            earlier.push(chain.whole);
        }
        if chains.is_empty() {
            return Err(wrong("archiveTimeStampSequence").into());
        }
        Ok(Self {
            syntax: Syntax::Asn1,
            chains,
            certificates: material.certificates,
            crls: material.crls,
            ocsps: material.ocsps,
        })
    }
}

fn timestamps(
    chain: &Tlv<'_>,
    material: &mut Material,
    budget: &mut Budget,
) -> Result<Vec<ArchiveTimestamp>, Error> {
    let mut members = chain.reader();
    let mut timestamps = Vec::new();
    while !members.is_empty() {
        budget.charge(Resource::Signatures, 1)?;
        let member = members.read(Tag::SEQUENCE)?;
        timestamps.push(timestamp(&member, material, budget)?);
    }
    match timestamps.is_empty() {
        true => Err(wrong("archiveTimeStampChain").into()),
        false => Ok(timestamps),
    }
}

/// ```text
/// ArchiveTimeStamp ::= SEQUENCE {
///   digestAlgorithm [0] AlgorithmIdentifier OPTIONAL,
///   attributes      [1] Attributes OPTIONAL,
///   reducedHashtree [2] SEQUENCE OF PartialHashtree OPTIONAL,
///   timeStamp       ContentInfo }
/// PartialHashtree ::= SEQUENCE OF OCTET STRING
/// ```
fn timestamp(
    tlv: &Tlv<'_>,
    material: &mut Material,
    budget: &mut Budget,
) -> Result<ArchiveTimestamp, Error> {
    let mut fields = tlv.reader();
    let algorithm = fields.optional(Tag::context_constructed(0))?;
    let algorithm = algorithm.map(|tlv| digest(&tlv)).transpose()?;
    if let Some(attributes) = fields.optional(Tag::context_constructed(1))? {
        material.attributes(&attributes, budget)?;
    }
    let mut lists = Vec::new();
    if let Some(tree) = fields.optional(Tag::context_constructed(2))? {
        let mut tree = tree.reader();
        while !tree.is_empty() {
            let mut list = tree.read(Tag::SEQUENCE)?.reader();
            let mut digests = Vec::new();
            while !list.is_empty() {
                charge_digest(budget)?;
                digests.push(list.read(Tag::OCTET_STRING)?.octet_string()?.into_owned());
            }
            // An empty list leads nowhere.
            if digests.is_empty() {
                return Err(wrong("PartialHashtree").into());
            }
            lists.push(digests);
        }
        if lists.is_empty() {
            return Err(wrong("reducedHashtree").into());
        }
    }
    let token = fields.read(Tag::SEQUENCE)?;
    fields.finish()?;
    let length = u64::try_from(token.whole.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::StructureBytes, length)?;
    let token: Arc<[u8]> = Arc::from(token.whole);
    // RFC 4998 §4.1: where the field is not there, the algorithm of the time-stamp.
    let algorithm = match algorithm {
        Some(algorithm) => algorithm,
        None => {
            let token = TimestampToken::parse(&token, budget)?;
            token.tst_info.message_imprint.hash_algorithm
        }
    };
    let timestamp = ArchiveTimestamp {
        algorithm,
        lists,
        // RFC 4998 §5.2: the content of the timeStamp field.
        stamped: Arc::clone(&token),
        token,
        beside: Vec::new(),
    };
    check_lengths(&timestamp)?;
    Ok(timestamp)
}

/// Certificates and revocation data in the attributes of a record: offers, which no time-stamp
/// protects.
#[derive(Default)]
struct Material {
    certificates: Vec<Arc<[u8]>>,
    crls: Vec<Arc<[u8]>>,
    ocsps: Vec<Arc<[u8]>>,
}

/// userCertificate and cACertificate, RFC 4523 §2.
const CERTIFICATES: [&str; 2] = ["2.5.4.36", "2.5.4.37"];
/// authorityRevocationList and certificateRevocationList, RFC 4523 §2.
const REVOCATION_LISTS: [&str; 2] = ["2.5.4.38", "2.5.4.39"];

impl Material {
    /// ```text
    /// CryptoInfos ::= SEQUENCE SIZE (1..MAX) OF Attribute
    /// Attributes  ::= SET SIZE (1..MAX) OF Attribute
    /// ```
    /// RFC 4998 §3.1 names no types. Read are those that hold certificates and revocation data in
    /// other standards; a value that cannot be read is as if it were not there.
    fn attributes(&mut self, list: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        let mut members = list.reader();
        while !members.is_empty() {
            let mut fields = members.read(Tag::SEQUENCE)?.reader();
            let attr_type = fields.read(Tag::OID)?.oid()?;
            let mut values = fields.read(Tag::SET)?.reader();
            fields.finish()?;
            while !values.is_empty() {
                budget.charge(Resource::Values, 2)?;
                let value = values.read_any()?;
                match self.value(&attr_type, &value, budget) {
                    Ok(()) | Err(Error::Malformed(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, of: &Oid, value: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        let whole = |value: &Tlv<'_>| -> Arc<[u8]> { Arc::from(value.whole) };
        if of.is(CERTIFICATE_VALUES) {
            members(value, budget, |one| self.certificates.push(whole(one)))?;
        } else if of.is(REVOCATION_VALUES) {
            // EN 319 122-1 §A.1.2.2.
            let mut fields = value.reader();
            if let Some(crls) = fields.optional(Tag::context_constructed(0))? {
                members(&crls.explicit()?, budget, |one| self.crls.push(whole(one)))?;
            }
            if let Some(ocsps) = fields.optional(Tag::context_constructed(1))? {
                members(&ocsps.explicit()?, budget, |one| {
                    self.ocsps.push(whole(one))
                })?;
            }
        } else if CERTIFICATES.iter().any(|known| of.is(known)) {
            self.certificates.push(whole(value));
        } else if REVOCATION_LISTS.iter().any(|known| of.is(known)) {
            self.crls.push(whole(value));
        } else if of.is(OCSP_RESPONSE) || of.is(BASIC_OCSP_RESPONSE) {
            self.ocsps.push(whole(value));
        }
        Ok(())
    }
}

fn members(
    list: &Tlv<'_>,
    budget: &mut Budget,
    mut each: impl FnMut(&Tlv<'_>),
) -> Result<(), Error> {
    let mut list = list.reader();
    while !list.is_empty() {
        budget.charge(Resource::Values, 2)?;
        each(&list.read(Tag::SEQUENCE)?);
    }
    Ok(())
}

/// An implicitly tagged AlgorithmIdentifier.
fn digest(tlv: &Tlv<'_>) -> Result<Result<DigestAlgorithm, Unsupported>, Error> {
    let whole = write::tlv(Tag::SEQUENCE, tlv.content);
    let mut reader = Reader::ber(&whole);
    let identifier = AlgorithmIdentifier::parse(&reader.read(Tag::SEQUENCE)?)?;
    match identifier.digest_algorithm() {
        Ok(algorithm) => Ok(Ok(algorithm)),
        Err(Error::Unsupported(unsupported)) => Ok(Err(unsupported)),
        Err(other) => Err(other),
    }
}
