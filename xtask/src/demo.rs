//! `cargo xtask demo`: the whole way from a card to a verdict, on this machine alone.
//!
//! Sets up a card in software where that can be done; the command `imza demo` does the rest, and
//! signs with a key in memory where there is no card.

use crate::process::{cargo, quiet};
use crate::{Outcome, setup, workspace};
use std::process::Command;

/// The arguments that build the command with the features that tests build it with, so that one
/// build serves both.
const BUILD: &[&str] = &[
    "build",
    "--quiet",
    "--workspace",
    "--all-features",
    "--bin",
    "imza",
];

/// Sets up, builds and runs.
pub(crate) fn run(options: &[String]) -> Outcome<()> {
    setup::tools(setup::CARD);
    let status = build()?.args(options).status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("imza demo: {status}").into())
}

/// Runs the demonstration in a folder that does not stay, and looks at what it says.
pub(crate) fn check() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let said = quiet(build()?.arg("--folder").arg(folder.path().join("demo")))?;
    for wanted in ["TOTAL-PASSED", "TOTAL-FAILED"] {
        if !said.contains(wanted) {
            return Err(format!("imza demo does not say {wanted}:\n{said}").into());
        }
    }
    Ok(())
}

/// Builds the command and gives `imza demo`, to be run.
pub(crate) fn build() -> Outcome<Command> {
    let status = cargo()
        .args(BUILD)
        .current_dir(workspace::root()?)
        .status()?;
    if !status.success() {
        return Err("the command imza cannot be built".into());
    }
    let mut command = Command::new(workspace::target()?.join("debug/imza"));
    command.arg("demo");
    Ok(command)
}
