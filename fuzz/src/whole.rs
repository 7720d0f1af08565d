//! Whole validations in memory.

use crate::limits;
use imza::error::Error;
use imza::job::Seed;
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest, Verdict};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use std::sync::Arc;

/// 2026-06-15T13:00:00Z: an hour after the vectors were signed.
const VALIDATION_TIME: i64 = 1_781_528_400;

/// What a document is judged with.
#[must_use]
pub fn context(trust: TrustSet) -> Context {
    Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(trust),
        validation_time: UnixTime::from_seconds(VALIDATION_TIME),
        proven_at: None,
        limits: limits(),
    }
}

/// Validates without asking anybody; with pages of a size, or with all octets at hand.
///
/// # Errors
/// What the job answers.
pub fn validate(
    inputs: &[(&str, &[u8])],
    context: &Context,
    pages: Option<u64>,
) -> Result<Verdict, Error> {
    let list = inputs.iter().map(|(name, octets)| match pages {
        None => Input::at_hand(*name, *octets),
        Some(_) => Input::on_request(*name, u64::try_from(octets.len()).unwrap_or(u64::MAX)),
    });
    let request = ValidationRequest {
        inputs: list.collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let size = pages.unwrap_or(1 << 16);
    let job = Validation::begin_with_pages(request, context.clone(), size)?;
    drive(
        job,
        &mut Memory::new(inputs.iter().map(|(_, octets)| *octets)),
    )
}
