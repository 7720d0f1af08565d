//! `cargo xtask tidy`: the rules of the house that no compiler knows.
//!
//! The plan stands in [`table`] as data; [`source`] reads what a file really names; [`imports`],
//! [`manners`] and [`citations`] hold the rules. Every rule has a fixture that breaks it under
//! `xtask/fixtures/tidy`, and a test that says so.

mod citations;
mod imports;
mod manners;
mod source;
mod table;
#[cfg(test)]
mod tests;

use crate::{Outcome, workspace};
use std::fmt;
use std::path::{Path, PathBuf};

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    rule: &'static str,
    path: String,
    line: usize,
    text: String,
}

impl Finding {
    fn new(rule: &'static str, path: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            rule,
            path: path.to_owned(),
            line,
            text: text.into(),
        }
    }

    /// Shown, but not counted as a failure.
    fn is_warning(&self) -> bool {
        self.rule == manners::LONG_FILE
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_warning() { "warning: " } else { "" };
        write!(
            f,
            "{}:{}: {kind}{} [{}]",
            self.path, self.line, self.text, self.rule
        )
    }
}

/// A file with its place in the house.
#[derive(Clone, Debug)]
struct File {
    /// Path below the workspace, with `/`.
    path: String,
    /// First segment: the folder of the crate.
    folder: String,
    /// Below `src/`.
    in_sources: bool,
    /// Module path below the crate; empty for `lib.rs`.
    module: Vec<String>,
    /// A file of tests, benches or examples.
    is_test: bool,
    text: String,
}

impl File {
    fn new(path: &str, text: String) -> Self {
        let mut segments: Vec<&str> = path.split('/').collect();
        let file = segments.pop().unwrap_or_default();
        let folder = segments.first().copied().unwrap_or_default().to_owned();
        let in_sources = segments.get(1) == Some(&"src");
        let mut module: Vec<String> = segments
            .iter()
            .skip(2)
            .map(|segment| (*segment).to_owned())
            .collect();
        let stem = file.strip_suffix(".rs").unwrap_or(file);
        if !matches!(stem, "mod" | "lib" | "main") {
            module.push(stem.to_owned());
        }
        let is_test = !in_sources && folder != "fuzz" && folder != "examples"
            || module.iter().any(|segment| segment == "tests");
        Self {
            path: path.to_owned(),
            folder,
            in_sources,
            module,
            is_test,
            text,
        }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Runs every rule over the workspace, or over another folder with a copy of it.
pub(crate) fn run(folder: Option<&str>) -> Outcome<()> {
    let root = match folder {
        Some(folder) => PathBuf::from(folder),
        None => workspace::root()?,
    };
    let mut files = collect(&root)?;
    find_tests(&mut files);
    let references = std::fs::read_to_string(root.join("REFERENCES.md")).unwrap_or_default();
    let mut findings = Vec::new();
    for file in &files {
        judge(file, &references, &mut findings);
    }
    imports::one_signing_helper(&files, &mut findings);
    manners::vectors(&files, &root, &mut findings);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let (warnings, failures): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| finding.is_warning());
    for finding in warnings.iter().chain(&failures) {
        eprintln!("{finding}");
    }
    println!(
        "tidy: {} files, {} rules, {} warnings, {} failures",
        files.len(),
        rules().count(),
        warnings.len(),
        failures.len()
    );
    if failures.is_empty() {
        Ok(())
    } else {
        Err(format!("tidy: {} failures", failures.len()).into())
    }
}

fn rules() -> impl Iterator<Item = &'static str> {
    imports::RULES
        .iter()
        .chain(manners::RULES)
        .chain(citations::RULES)
        .copied()
}

fn judge(file: &File, references: &str, findings: &mut Vec<Finding>) {
    manners::text(file, findings);
    if !file.is_rust() {
        return;
    }
    citations::check(file, references, findings);
    let module: Vec<String> = file.module.clone();
    match source::parse(&file.text, &module, file.is_test) {
        Ok(parsed) => {
            imports::check(file, &parsed, findings);
            manners::source(file, &parsed, findings);
        }
        Err(error) => findings.push(Finding::new(manners::UNREADABLE, &file.path, 1, error)),
    }
}

/// Files whose `mod` stands under `#[cfg(test)]` are tests, and so are the files below them.
fn find_tests(files: &mut [File]) {
    let mut tests: Vec<(String, Vec<String>)> = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        if let Ok(parsed) = source::parse(&file.text, &file.module, false) {
            let modules = parsed.test_modules.into_iter();
            tests.extend(modules.map(|module| (file.folder.clone(), module)));
        }
    }
    for file in files {
        file.is_test |= tests.iter().any(|(folder, module)| {
            *folder == file.folder && file.in_sources && file.module.starts_with(module)
        });
    }
}

/// The files that belong to the project: what git knows or would add.
fn collect(root: &Path) -> Outcome<Vec<File>> {
    let listed = std::process::Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output();
    let paths: Vec<String> = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        _ => walk(root)?,
    };
    let mut files = Vec::new();
    for path in paths {
        if path.starts_with("xtask/fixtures/") {
            continue;
        }
        // A file that was removed but not yet committed is no file; bytes that are no text are
        // vectors and pictures.
        if let Ok(bytes) = std::fs::read(root.join(&path)) {
            let text = String::from_utf8(bytes).unwrap_or_default();
            files.push(File::new(&path, text));
        }
    }
    Ok(files)
}

/// Every file but those of builds and version control: a source archive has no git.
fn walk(root: &Path) -> Outcome<Vec<String>> {
    let mut paths = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            if entry.file_type()?.is_dir() {
                if !matches!(name.as_str(), "target" | ".git") {
                    folders.push(path);
                }
            } else {
                paths.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(paths)
}
