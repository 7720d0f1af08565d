//! Evidence records that a message carries in its unsigned attributes.

use super::augment::{Message, members};
use super::parse::Ids;
use crate::asn1::{Reader, Tag, write};
use crate::cms::attribute_types::{EVIDENCE_RECORD_EXTERNAL, EVIDENCE_RECORD_INTERNAL};
use crate::cms::{Attribute, SignedData};
use crate::error::{Error, Malformed};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// An evidence record in an unsigned attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedRecord {
    /// The signature that carries it, by [`crate::signature::Signature::id`].
    pub parent: String,
    /// The record.
    pub octets: Arc<[u8]>,
    /// What it is about: the message without this record. Any of several, where readers differ in
    /// which of the other records belong to it.
    pub messages: Vec<Arc<[u8]>>,
    /// Whether it is about the content beside the message as well.
    pub is_external: bool,
}

/// The evidence records of a message.
///
/// # Errors
/// As [`SignedData::parse`].
///
/// # Standard
/// RFC 4998 Appendix A.
pub fn carried_records(
    octets: &[u8],
    place: &str,
    budget: &mut Budget,
) -> Result<Vec<CarriedRecord>, Error> {
    let data = SignedData::parse(octets, budget)?;
    let mut ids = Ids::new(place);
    let mut found = Vec::new();
    for info in &data.signer_infos {
        let parent = ids.signature(&info.signature);
        let attributes: Vec<&Attribute> = info.unsigned_attrs.iter().flatten().collect();
        for (index, attribute) in attributes.iter().enumerate() {
            let Some(is_external) = is_record(attribute) else {
                continue;
            };
            // All records left out; or this one and those behind it.
            let all = attributes.iter().filter(|one| is_record(one).is_none());
            let earlier = attributes.iter().enumerate();
            let earlier = earlier.filter(|(at, one)| *at < index || is_record(one).is_none());
            let kept: [Vec<&[u8]>; 2] = [
                all.map(|one| &one.whole[..]).collect(),
                earlier.map(|(_, one)| &one.whole[..]).collect(),
            ];
            let mut messages: Vec<Arc<[u8]>> = Vec::new();
            for kept in kept {
                let length = u64::try_from(data.whole.len()).unwrap_or(u64::MAX);
                budget.charge(Resource::StructureBytes, length)?;
                let message: Arc<[u8]> = with_unsigned(&data, &info.whole, &kept)?.into();
                if !messages.contains(&message) {
                    messages.push(message);
                }
            }
            for value in &attribute.attr_values {
                found.push(CarriedRecord {
                    parent: parent.clone(),
                    octets: Arc::clone(value),
                    messages: messages.clone(),
                    is_external,
                });
            }
        }
    }
    Ok(found)
}

/// Whether an attribute holds evidence records, and about the content beside the message too.
fn is_record(of: &Attribute) -> Option<bool> {
    if of.attr_type.is(EVIDENCE_RECORD_EXTERNAL) {
        return Some(true);
    }
    of.attr_type.is(EVIDENCE_RECORD_INTERNAL).then_some(false)
}

/// The message with other unsigned attributes in one of its SignerInfos.
fn with_unsigned(
    data: &SignedData,
    signer: &[u8],
    attributes: &[&[u8]],
) -> Result<Vec<u8>, Malformed> {
    let message = Message::parse(&data.whole)?;
    let mut signers = Vec::new();
    for member in members(&message.signers)? {
        if member != signer {
            signers.push(member);
            continue;
        }
        let mut fields = Reader::ber(&member).read(Tag::SEQUENCE)?.reader();
        let mut written = Vec::new();
        while !fields.is_empty() {
            let field = fields.read_any()?;
            if field.tag != Tag::context_constructed(1) {
                written.push(field.whole.to_vec());
            }
        }
        if !attributes.is_empty() {
            written.push(write::implicit_constructed(1, attributes));
        }
        let written: Vec<&[u8]> = written.iter().map(Vec::as_slice).collect();
        signers.push(write::sequence(&written));
    }
    let signers: Vec<&[u8]> = signers.iter().map(Vec::as_slice).collect();
    let signers = write::set_as_given(&signers);
    let whole = |set: &Option<crate::asn1::Tlv<'_>>| set.as_ref().map(|set| set.whole.to_vec());
    let (certificates, revocation) = (whole(&message.certificates), whole(&message.revocation));
    Ok(message.written(None, certificates, revocation, &signers))
}
