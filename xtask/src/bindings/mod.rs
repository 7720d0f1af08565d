//! `cargo xtask bindings`: the core as packages of other languages.
//!
//! Every binding is built into a folder of its own below `target/`; nothing is installed.

pub(crate) mod scenarios;
mod typescript;
mod wasm;

use crate::Outcome;

pub(crate) use wasm::build as build_wasm;

/// Builds a binding.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["wasm"] => wasm::run(),
        _ => Err("cargo xtask bindings wasm".into()),
    }
}
