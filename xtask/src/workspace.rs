//! Where things lie.

use crate::Outcome;
use std::path::{Path, PathBuf};

/// The folder of the workspace's manifest.
pub(crate) fn root() -> Outcome<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| "xtask has no parent folder".into())
}

/// Where builds go.
pub(crate) fn target() -> Outcome<PathBuf> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(root()?.join("target")),
    }
}

/// The shared corpora and tools beside the checkout: `../shared`, or where `IMZA_SHARED` says.
pub(crate) fn shared() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("IMZA_SHARED") {
        return Some(PathBuf::from(folder)).filter(|folder| folder.is_dir());
    }
    let root = root().ok()?;
    ["../shared", "../../shared"]
        .iter()
        .map(|place| root.join(place))
        .find(|folder| folder.is_dir())
        .and_then(|folder| folder.canonicalize().ok())
}
