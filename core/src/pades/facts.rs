//! What a PDF says about a signature outside its CMS message.

use super::seed_values::MessageDemands;
use crate::job::InputId;
use crate::payload::{Part, PayloadName, PayloadPart, Span, Transform};
use crate::signature::Finding;
use crate::time::UnixTime;
use crate::vocabulary::{CheckId, ObjectId};
use serde::{Deserialize, Serialize};

/// Facts of the file that belong to one signature; kept with evidence, taken on trust on replay
/// without the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureFacts {
    /// `/Type`.
    pub kind: Option<String>,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// `/ByteRange`, where it is four numbers whose ranges lie apart, in order and in the file.
    pub byte_range: Option<[u64; 4]>,
    /// The revision that the ranges end, from 0.
    pub signed_revision: Option<u64>,
    /// How many revisions the document has.
    pub revisions: u64,
    /// Whether the ranges end with the file.
    pub covers_whole_file: bool,
    /// `/M`: the claimed signing time.
    pub claimed_signing_time: Option<UnixTime>,
    /// `/Reason`, a claim.
    pub reason: Option<String>,
    /// `/Location`, a claim.
    pub location: Option<String>,
    /// `/Name`, a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `/ContactInfo`, a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Whether `/Cert` is there, which EN 319 142-1 §6.3 forbids.
    pub has_certificate_entry: bool,
    /// Whether the document has a document security store.
    pub has_store: bool,
    /// Of a document time-stamp: the values of the store and the tokens that it covers.
    pub covers: Vec<ObjectId>,
    /// The document time-stamps that cover this signature, oldest first.
    pub timestamps: Vec<CoveringTimestamp>,
    /// What the field demands of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demands: Option<Box<MessageDemands>>,
}

/// A document time-stamp, as seen from a signature that it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoveringTimestamp {
    /// The name of its field.
    pub place: String,
    /// The token, by its kept bytes.
    pub token: ObjectId,
    /// Its `/ByteRange`.
    pub byte_range: [u64; 4],
    /// The values of the store and the tokens that it covers too.
    pub covers: Vec<ObjectId>,
}

impl SignatureFacts {
    /// Whether this is a time-stamp of the document and not a signature.
    #[must_use]
    pub fn is_document_timestamp(&self) -> bool {
        self.sub_filter.as_deref() == Some("ETSI.RFC3161")
    }

    /// What is signed: two ranges of the document, which is input 0 of the job.
    #[must_use]
    pub fn signed_parts(&self) -> Option<Vec<Part>> {
        self.byte_range.map(parts)
    }
}

/// ISO/TS 32004: a message authentication code tells who knows the password that nobody else
/// changed the file. It is read and not verified, and no signature rests on it.
pub(super) fn unverified_code(place: &str) -> Finding {
    let expected = "nothing that is not verified";
    let found = format!("a message authentication code, {place}");
    Finding::new(CheckId::FormatTolerated, expected, found)
}

/// The two ranges of a ByteRange as payload.
pub(super) fn parts([first, first_length, second, second_length]: [u64; 4]) -> Vec<Part> {
    [(first, first_length), (second, second_length)]
        .into_iter()
        .map(|(start, length)| {
            Part::Payload(PayloadPart {
                name: PayloadName::Input(InputId(0)),
                range: Some(Span {
                    start,
                    end: start.saturating_add(length),
                }),
                transform: Transform::None,
            })
        })
        .collect()
}
