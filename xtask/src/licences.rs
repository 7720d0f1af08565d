//! Licences, bans and sources of everything that is built in: `deny.toml`, asked of cargo-deny.
//!
//! The tool is pinned and compiled once into `target/tools`, without optimisation: it reads two lock
//! files.

use crate::process::{cargo, quiet};
use crate::{Outcome, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = "0.20.2";

/// Each workspace with a lock file of its own.
const MANIFESTS: &[&str] = &["Cargo.toml", "fuzz/Cargo.toml"];

/// The tool, installed where it is not there yet.
///
/// # Errors
/// Why it cannot be had.
pub(crate) fn tool() -> Outcome<PathBuf> {
    let tools = workspace::target()?.join("tools");
    let tool = tools.join("bin/cargo-deny");
    if quiet(Command::new(&tool).arg("--version"))
        .is_ok_and(|said| said.trim() == format!("cargo-deny {VERSION}"))
    {
        return Ok(tool);
    }
    eprintln!("  compiling cargo-deny {VERSION} into target/tools …");
    let builds = tools.join("cargo-deny-build");
    let made = quiet(
        cargo()
            .args(["install", "cargo-deny", "--locked", "--debug", "--force"])
            .args(["--version", &format!("={VERSION}"), "--root"])
            .arg(&tools)
            .env("CARGO_TARGET_DIR", &builds)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0"),
    );
    let _ = std::fs::remove_dir_all(&builds);
    made.map_err(|error| format!("cargo-deny {VERSION} cannot be installed: {error}"))?;
    Ok(tool)
}

/// Checks every lock file.
///
/// # Errors
/// What breaks a rule.
pub(crate) fn check(tool: &Path) -> Outcome<()> {
    let root = workspace::root()?;
    for manifest in MANIFESTS {
        quiet(&mut question(tool, &root, manifest))
            .map_err(|error| format!("{manifest}: {error}"))?;
        println!("  {manifest}: bans, licences and sources as deny.toml wants them");
    }
    Ok(())
}

fn question(tool: &Path, root: &Path, manifest: &str) -> Command {
    let mut deny = Command::new(tool);
    deny.args(["--locked", "--color", "never", "--config"])
        .arg(root.join("deny.toml"))
        .arg("--manifest-path")
        .arg(root.join(manifest))
        // One list for several lock files: no one of them has everything in it.
        .args(["check", "--allow", "license-exception-not-encountered"])
        .args([
            "--allow",
            "license-not-encountered",
            "--hide-inclusion-graph",
        ])
        .args(["bans", "licenses", "sources"])
        .current_dir(root);
    crate::process::forget_own_package(&mut deny);
    deny
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lock_file_of_the_tree_is_asked_about() {
        let root = workspace::root().unwrap();
        for manifest in MANIFESTS {
            let lock = root.join(manifest).with_extension("lock");
            assert!(lock.is_file(), "{}", lock.display());
        }
    }
}
