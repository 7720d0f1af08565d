//! `cargo xtask bindings`: the core as packages of other languages, and whether they answer alike.
//!
//! ```text
//! cargo xtask bindings wasm                 the package for browsers and Node, and the page that shows it
//! cargo xtask bindings python [--release]   a wheel, installed and tested in a fresh environment
//! cargo xtask bindings types [--check]      the Python classes of the report, from its JSON Schema
//! cargo xtask bindings replay [DOOR]...     every shared document, native and through every door
//! ```
//!
//! Every binding is built into a folder of its own below `target/`; nothing is installed.

mod classes;
mod python;
mod replay;
pub(crate) mod scenarios;
mod schema;
mod typescript;
mod wasm;

use crate::Outcome;

pub(crate) use python::step as python_step;
pub(crate) use wasm::{Package, build as build_wasm};

const HELP: &str = "\
cargo xtask bindings wasm | python [--release] | types [--check] | replay [DOOR]...";

/// Builds a binding, or compares them.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["wasm"] => wasm::run(),
        ["python"] => python::run(python::Build::Quick),
        ["python", "--release"] => python::run(python::Build::Release),
        ["types"] => Ok(std::fs::write(classes::place()?, classes::text()?)?),
        ["types", "--check"] => {
            if std::fs::read_to_string(classes::place()?)? == classes::text()? {
                return Ok(());
            }
            Err("the classes are stale: run `cargo xtask bindings types`".into())
        }
        ["replay", doors @ ..] => replay::run(doors),
        _ => Err(HELP.into()),
    }
}
