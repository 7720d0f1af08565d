//! archive-time-stamp of versions 1 and 2: over the message as it stands, field after field.
//!
//! Version 3 names what it covers in an index; its predecessors cover everything that was there:
//! content, certificates, revocation data, and the SignerInfo with the unsigned attributes of the
//! time. Which attributes were there is told by the times of the archive time-stamps among them.

use super::augment::Message;
use super::material;
use super::parse::Maker;
use super::timestamps::Imprint;
use crate::asn1::{self, Mode, Reader, Tag, write};
use crate::cms::Attribute;
use crate::cms::attribute_types::{
    ARCHIVE_TIMESTAMP_V1, ARCHIVE_TIMESTAMP_V2, ARCHIVE_TIMESTAMP_V3,
};
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::payload::Part;
use crate::signature::{Covered, Finding, Target};
use crate::time::UnixTime;
use crate::timestamp::TimestampToken;
use crate::vocabulary::{CheckId, ReferenceKind};
use std::sync::Arc;

/// Versions of the attribute before the third.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Former {
    /// Of TS 101 733 before 1.7.1.
    V1,
    V2,
}

/// What the imprint of an archive-time-stamp of version 1 or 2 must be over.
///
/// # Standard
/// EN 319 122-1 §A.2.4 (TS 101 733 §6.4.1): encapContentInfo, the content where it lies elsewhere,
/// certificates and crls, and every field of the SignerInfo without the archive time-stamps that
/// are not older. Version 1 is the same where the content is inside the message (RFC 5126 §6.4.1,
/// note 2); where it is not, with or without that content.
pub(super) fn imprint(
    of: &Maker<'_>,
    token: &Arc<[u8]>,
    version: Former,
    budget: &mut Budget,
) -> Result<Imprint, Error> {
    let nothing = |reason: &str| Imprint {
        target: Target::NotFound,
        alternatives: Vec::new(),
        covered: Covered::default(),
        findings: vec![Finding::new(
            CheckId::TimestampImprint,
            "an archive-time-stamp with its time",
            reason,
        )],
    };
    if of.content.kind == ReferenceKind::CountersignedSignature {
        return Ok(nothing("one on a countersignature"));
    }
    let Some(time) = time_of(token, budget)? else {
        return Ok(nothing("no time-stamp token"));
    };
    let message = match Message::parse(&of.data.whole) {
        Ok(message) => message,
        Err(error) => return Ok(nothing(&error.to_string())),
    };
    let length = u64::try_from(of.data.whole.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::StructureBytes, length)?;

    let octets = |octets: &[u8]| Part::Octets(Arc::from(octets));
    let mut parts = vec![octets(message.content().whole)];
    // TS 101 733 §6.4.1: version 1 says nothing about content beside the message, which some makers
    // digest and others do not. What it is about is known by its digest in the signed attributes.
    let is_beside = of.data.econtent.is_none();
    let beside = parts.len();
    let mut content_parts = 0;
    if is_beside {
        match &of.content.parts {
            Some(content) => {
                content_parts = content.len();
                parts.extend(content.iter().cloned());
            }
            None if version == Former::V2 => return Ok(without(Target::NotFound)),
            None => {}
        }
    }
    for set in [&message.certificates, &message.revocation] {
        parts.extend(set.iter().map(|set| octets(set.whole)));
    }
    parts.push(Part::Octets(Arc::clone(&of.info.fields)));

    let older = older(of, time, budget)?;
    let whole: Vec<&[u8]> = older.iter().map(|one| &one.whole[..]).collect();
    let with = |last: Vec<u8>| {
        let last = (!last.is_empty()).then(|| Part::Octets(last.into()));
        Target::Parts(parts.iter().cloned().chain(last).collect())
    };
    let mut covered = Covered {
        signature: true,
        data: !(is_beside && version == Former::V1),
        objects: Vec::new(),
    };
    let certificates = of.data.certificates.iter();
    let others = of.data.other_certificates.iter();
    let revocation = of.data.revocation.iter().map(|choice| &choice.value);
    let values = older.iter().flat_map(|one| &one.attr_values);
    let objects = certificates.chain(others).chain(revocation).chain(values);
    for object in objects {
        let length = u64::try_from(object.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::DigestedBytes, length)?;
        covered.objects.push(crypto::object_id(object));
    }
    let inner = material::within(of.info, &covered.objects, budget)?;
    covered.objects.extend(inner);
    let tagged = match whole.is_empty() {
        true => Vec::new(),
        false => write::implicit_constructed(1, &whole),
    };
    let mut alternatives = Vec::new();
    // TS 101 733 up to version 1.8.3 leaves out tag and length of the attributes.
    let mut lasts = vec![tagged.clone()];
    if !whole.is_empty() {
        let words = "unsigned attributes without their set";
        alternatives.push((with(whole.concat()), words));
        lasts.push(whole.concat());
    }
    if version == Former::V1 && content_parts > 0 {
        for last in lasts {
            let Target::Parts(mut all) = with(last) else {
                continue;
            };
            all.drain(beside..beside.saturating_add(content_parts));
            alternatives.push((Target::Parts(all), "without the content beside the message"));
        }
    }
    Ok(Imprint {
        target: with(tagged),
        alternatives,
        covered,
        findings: Vec::new(),
    })
}

fn without(target: Target) -> Imprint {
    Imprint {
        target,
        alternatives: Vec::new(),
        covered: Covered::default(),
        findings: Vec::new(),
    }
}

/// The unsigned attributes that an archive time-stamp of a time is over. One that cannot be read
/// is no archive time-stamp, and nothing rests on it.
fn older<'a>(
    of: &Maker<'a>,
    time: UnixTime,
    budget: &mut Budget,
) -> Result<Vec<&'a Attribute>, Error> {
    let mut older = Vec::new();
    for attribute in of.info.unsigned_attrs.iter().flatten() {
        let is = |attr_type| attribute.attr_type.is(attr_type);
        let is_archive =
            is(ARCHIVE_TIMESTAMP_V1) || is(ARCHIVE_TIMESTAMP_V2) || is(ARCHIVE_TIMESTAMP_V3);
        let mut is_older = true;
        for token in attribute.attr_values.iter().filter(|_| is_archive) {
            is_older &= time_of(token, budget)?.is_some_and(|own| own < time);
        }
        if is_older {
            older.push(attribute);
        }
    }
    Ok(older)
}

/// The time of a token; none for what is no token.
fn time_of(token: &[u8], budget: &mut Budget) -> Result<Option<UnixTime>, Error> {
    match TimestampToken::parse(token, budget) {
        Ok(token) => Ok(Some(token.tst_info.gen_time)),
        Err(Error::LimitExceeded(limit)) => Err(limit.into()),
        Err(_) => Ok(None),
    }
}

/// The time-stamps in values of long-term-validation: `[0] EXPLICIT TimeStampToken` behind the
/// date (EN 319 122-1 §A.2.5).
pub(super) fn tokens_of_long_term_validation(
    attribute: &Attribute,
    budget: &mut Budget,
) -> Result<Vec<Arc<[u8]>>, Error> {
    let mut tokens = Vec::new();
    for value in &attribute.attr_values {
        match asn1::check_tree(value, Mode::Ber, budget) {
            Ok(()) => tokens.extend(token_in(value)),
            Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
            Err(_) => {}
        }
    }
    Ok(tokens)
}

fn token_in(value: &[u8]) -> Option<Arc<[u8]>> {
    let mut fields = Reader::ber(value).read(Tag::SEQUENCE).ok()?.reader();
    fields.read_any().ok()?;
    let proof = fields.optional(Tag::context_constructed(0)).ok()??;
    let token = proof.reader().read(Tag::SEQUENCE).ok()?;
    (token.reader().peek() == Some(Tag::OID)).then(|| Arc::from(token.whole))
}
