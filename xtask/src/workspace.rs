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
