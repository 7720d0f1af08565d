//! What raises a counter-signature: an attribute of a SignerInfo inside of another's attributes.
//!
//! Every value around it keeps its octets but for its length. An archive time-stamp of the outer
//! signature names attributes by their digest: what it names does not change any more.

use super::addition::{Addition, Changed};
use super::augment::check_age;
use super::create::attribute;
use super::parse::{Detached, Message, parse};
use crate::cms::SignedData;
use crate::cms::attribute_types::SIGNATURE_TIMESTAMP;
use crate::error::{Error, Unsupported};
use crate::limits::Budget;
use crate::payload::{Part, PayloadName, PayloadPart};
use crate::signature::{Signature, Timestamp};
use crate::vocabulary::ReferenceKind;

/// What a signature time-stamp of a counter-signature is over: its value.
///
/// `place` and `id` name the record, as [`super::parse`] gave it.
///
/// # Errors
/// [`crate::error::ApiMisuse::ContradictoryParameters`] when there is no such signature;
/// [`Unsupported`] under an archive time-stamp of an older kind; as [`SignedData::parse`].
///
/// # Standard
/// EN 319 122-1 §5.3; RFC 5652 §11.4.
pub fn counter_timestamp_input(
    octets: &[u8],
    place: &str,
    id: &str,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let data = SignedData::parse(octets, budget)?;
    check_age(&data)?;
    let (_, value) = Changed::of(octets, &data)?.find(place, Some(id), budget)?;
    Ok(value)
}

/// The message with a signature-time-stamp more, of a counter-signature.
///
/// # Errors
/// As [`counter_timestamp_input`]; [`Unsupported`] where an archive time-stamp of the outer
/// signature is over the counter-signature.
pub fn add_counter_timestamp(
    octets: &[u8],
    place: &str,
    id: &str,
    token: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let data = SignedData::parse(octets, budget)?;
    check_age(&data)?;
    let message = Changed::of(octets, &data)?;
    let (path, _) = message.find(place, Some(id), budget)?;
    let frames = message.behind(&path, Vec::new())?;
    let addition = Addition { frames }.holding(octets);
    let after = addition.around(attribute(SIGNATURE_TIMESTAMP, token))?;
    // Payload that is not looked at: over missing one an archive time-stamp would say of nothing
    // else what it is over.
    let payload = PayloadPart::whole(PayloadName::Entry(String::new()));
    let detached = Detached {
        parts: vec![Part::Payload(payload)],
        name: String::new(),
        kind: ReferenceKind::SignersDocument,
        covers: None,
    };
    let message = Message {
        place,
        detached: data.econtent.is_none().then_some(&detached),
    };
    if is_unharmed(
        &parse(octets, message, budget)?,
        &parse(&after, message, budget)?,
    ) {
        return Ok(after);
    }
    Err(Unsupported::Feature("augmentation inside of what another signature covers").into())
}

/// Whether every signature and time-stamp is over the same as before.
fn is_unharmed(before: &[Signature], after: &[Signature]) -> bool {
    let is_kept = |one: &Timestamp, after: &Signature| {
        after.timestamps.iter().any(|other| {
            other.id == one.id && other.imprint == one.imprint && other.findings == one.findings
        })
    };
    let is_same = |(before, after): (&Signature, &Signature)| {
        let mut timestamps = before.timestamps.iter();
        before.id == after.id
            && before.value == after.value
            && before.references == after.references
            && before.findings == after.findings
            && timestamps.all(|one| is_kept(one, after))
    };
    before.len() == after.len() && before.iter().zip(after).all(is_same)
}
