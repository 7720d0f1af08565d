//! Foreign tools as judges of what this crate makes.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether a tool is there. Absent it is a failure with `CI=true`, else the test is skipped by name.
pub(crate) fn has(tool: &str, test: &str) -> bool {
    if Command::new(tool).arg("--version").output().is_ok() {
        return true;
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{tool} is missing, {test} cannot run"
    );
    eprintln!("skipped: {test} ({tool} is not installed)");
    false
}

/// A folder that goes away with the value.
pub(crate) struct Folder(PathBuf);

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Folder {
    pub(crate) fn new() -> Self {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("imza-test-vectors-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.0.join(name), bytes).unwrap();
        self.path(name)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a tool to its end.
pub(crate) fn run(tool: &str, arguments: &[&str]) -> Output {
    Command::new(tool).args(arguments).output().unwrap()
}

/// Runs a tool to its end, inside a folder.
pub(crate) fn run_in(folder: &Folder, tool: &str, arguments: &[&str]) -> Output {
    Command::new(tool)
        .current_dir(&folder.0)
        .args(arguments)
        .output()
        .unwrap()
}

/// Both outputs as text.
pub(crate) fn words_of(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[track_caller]
pub(crate) fn passes(tool: &str, arguments: &[&str]) -> String {
    let output = run(tool, arguments);
    assert!(
        output.status.success(),
        "{tool} {arguments:?}: {}",
        words_of(&output)
    );
    words_of(&output)
}

#[track_caller]
pub(crate) fn fails(tool: &str, arguments: &[&str]) -> String {
    let output = run(tool, arguments);
    assert!(
        !output.status.success(),
        "{tool} {arguments:?} passed: {}",
        words_of(&output)
    );
    words_of(&output)
}
