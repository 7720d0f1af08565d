//! What the fuzz targets share: small limits, whole validations, and what must hold of a verdict.
//!
//! A target fails by a panic, by the limits that libFuzzer is given (5 seconds, 512 MiB), or by
//! breaking one of the rules that are asserted here and in the targets.
#![forbid(unsafe_code)]

pub mod genuine;
pub mod walk;
pub mod whole;

use imza::limits::{Budget, Limits};
use std::sync::Arc;

/// Limits for inputs of some kilobytes. Where the default is a bound on time and not on memory, it
/// is lowered: an input that takes seconds is looked for, not an input that reaches a known limit.
#[must_use]
pub fn limits() -> Arc<Limits> {
    let mut limits = Limits::default();
    limits.digested_bytes = 8 << 20;
    limits.inflated_bytes = 8 << 20;
    limits.structure_bytes = 8 << 20;
    limits.signatures = 50;
    limits.signature_checks = 40;
    limits.path_steps = 1_000;
    Arc::new(limits)
}

/// A budget from [`limits`].
#[must_use]
pub fn budget() -> Budget {
    Budget::new(limits())
}
