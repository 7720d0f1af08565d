//! Time-stamps over what is signed, made before anybody signs: they are among what is signed.

use super::augmentation::{Authority, Call};
use super::pending::PendingSignature;
use crate::algorithm::DigestAlgorithm;
use crate::error::{ApiMisuse, Error};
use crate::job::{Progress, Request, RequestId, Response};
use crate::limits::Budget;

/// The first id of a request; the documents are asked for by lower ones.
const FIRST_ID: u64 = 1 << 32;

/// A signature whose content is time-stamped, each reference by itself.
pub(super) struct ContentStamping {
    pending: PendingSignature,
    stamps: Vec<Stamp>,
}

enum Stamp {
    Open(Call),
    Made(Vec<u8>),
}

impl ContentStamping {
    /// Asks for a time-stamp over the octets of every reference, over those of all of them, of which
    /// `all` is the digest, or over the content of a message.
    ///
    /// # Standard
    /// EN 319 132-1 §5.2.8.2: of the data as it is behind the transforms of its reference, which
    /// here always end in octets; so the imprint is what the reference says, by its algorithm.
    /// Of all, §5.2.8.1: of their concatenation. EN 319 122-1 §5.2.8: of the content, whose digest
    /// is signed.
    pub(super) fn begin(
        pending: PendingSignature,
        all: Option<Vec<u8>>,
        authority: &Authority,
    ) -> Result<Self, Error> {
        let imprints = match (pending.xades(), pending.cades()) {
            (Some(blueprint), _) => {
                let digests = match all {
                    Some(digest) => vec![digest],
                    None => blueprint.reference_digests()?,
                };
                let digests = digests.into_iter();
                digests.map(|digest| (blueprint.digest, digest)).collect()
            }
            (None, Some(message)) => vec![(message.digest(), message.content_digest.clone())],
            (None, None) => return Err(ApiMisuse::ContradictoryParameters.into()),
        };
        let imprints: Vec<(DigestAlgorithm, Vec<u8>)> = imprints;
        let stamps = (0_u64..).zip(imprints).map(|(number, imprint)| {
            let room = number.saturating_mul(authority.count());
            let id = RequestId(FIRST_ID.saturating_add(room));
            Stamp::Open(authority.ask(imprint, ("content-nonce", number), id))
        });
        Ok(Self {
            stamps: stamps.collect(),
            pending,
        })
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        let open = self.stamps.iter().filter_map(|stamp| match stamp {
            Stamp::Open(call) => Some(call.request()),
            Stamp::Made(_) => None,
        });
        open.collect()
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let mut stamps = self.stamps.iter_mut();
        let stamp = stamps.find(|stamp| matches!(stamp, Stamp::Open(call) if call.id() == id));
        let Some(stamp) = stamp else {
            return Err(ApiMisuse::UnknownRequest.into());
        };
        if let Stamp::Open(call) = stamp
            && let Some(token) = call.token(response, &mut Budget::default())?
        {
            *stamp = Stamp::Made(token);
        }
        Ok(())
    }

    pub(super) fn progress(&self) -> Progress {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let made = self.stamps.iter();
        let made = made.filter(|stamp| matches!(stamp, Stamp::Made(_)));
        Progress {
            fetched: count(made.count()),
            to_fetch: count(self.stamps.len()),
            ..Progress::default()
        }
    }

    /// The signature with its time-stamps in it.
    pub(super) fn finish(self) -> PendingSignature {
        let tokens = self.stamps.into_iter().filter_map(|stamp| match stamp {
            Stamp::Made(token) => Some(token),
            Stamp::Open(_) => None,
        });
        let tokens: Vec<Vec<u8>> = tokens.collect();
        let mut pending = self.pending;
        if let Some(blueprint) = pending.xades_mut() {
            blueprint.content_timestamps = tokens;
        } else if let Some(message) = pending.cades_mut() {
            message.content_timestamp = tokens.concat();
        }
        pending
    }
}
