//! What the packages are tried with: the same documents in a browser and in Node.
//!
//! Documents come from the vectors, so that nobody who judges them has made them; what the command
//! says of one of them lies beside it, to be compared byte for byte.

use super::wasm::{Package, node_modules};
use crate::process::{cargo, command, find, quiet};
use crate::{Outcome, workspace};
use base64::Engine;
use imza_test_vectors::Pki;
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::time::rfc3339;
use imza_test_vectors::vectors::VALIDATION_TIME;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Octets of the large file, all of them zero: it takes no room on the disk.
const LARGE: u64 = 1 << 30;

/// Makes the documents.
pub(crate) fn documents() -> Outcome<PathBuf> {
    let vectors = workspace::root()?.join("test-vectors/vectors");
    let folder = workspace::target()?.join("wasm-scenarios");
    std::fs::create_dir_all(&folder)?;
    for (from, to) in [
        ("asic-e/form.p-256.asice", "passes.asice"),
        ("asic-e/container.file-changed.asice", "altered.asice"),
        ("pki/root.cer", "root.cer"),
        ("pki/issuing-ca.cer", "issuing-ca.cer"),
    ] {
        std::fs::copy(vectors.join(from), folder.join(to))?;
    }
    std::fs::write(folder.join("locked.pdf"), locked(&workspace::root()?)?)?;
    large(&folder)?;
    let report = quiet(
        cargo()
            .args(["run", "--quiet", "--package", "imza-cli", "--bin", "imza"])
            .args(["--", "verify", "--offline", "--report", "json"])
            .args(["--time", &rfc3339(VALIDATION_TIME), "--trust"])
            .arg(folder.join("root.cer"))
            .arg(folder.join("passes.asice"))
            .current_dir(workspace::root()?),
    )?;
    std::fs::write(folder.join("passes.json"), report)?;
    Ok(folder)
}

/// A PDF without signatures, which qpdf encrypted with AES-256 under `usr` and `own`.
fn locked(root: &Path) -> Outcome<Vec<u8>> {
    let vectors = std::fs::read_to_string(root.join("core/src/pdf/encryption/vectors.txt"))?;
    let mut found = vectors
        .lines()
        .filter_map(|line| line.strip_prefix("aes-256 "));
    let text = found.next().ok_or("no such vector: aes-256")?;
    Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
}

/// A sparse file and a signature beside it, made once: a gigabyte is digested for it.
fn large(folder: &Path) -> Outcome<()> {
    let (file, signature) = (folder.join("large.bin"), folder.join("large.p7s"));
    std::fs::File::create(file)?.set_len(LARGE)?;
    if signature.is_file() {
        return Ok(());
    }
    let content = vec![0; usize::try_from(LARGE)?];
    let spec = CadesSpec::detached(FIXED_TIME);
    let made = sign(&spec, &content, &Pki::fixed()?.citizen_p256)?;
    std::fs::write(signature, made.der())?;
    Ok(())
}

/// The scenarios in Node.
pub(crate) fn in_node(package: &Package, documents: &Path) -> Outcome<Command> {
    let node = find("node").ok_or("node is not installed")?;
    let script = workspace::root()?.join("wasm/tests/node.mjs");
    let mut node = command(node, &[script]);
    node.arg(&package.folder).arg(documents);
    Ok(node)
}

/// The scenarios in a browser.
pub(crate) fn in_browser(package: &Package, documents: &Path) -> Outcome<Command> {
    let node = find("node").ok_or("node is not installed")?;
    let chromium = find("chromium").ok_or("chromium is not installed")?;
    let root = workspace::root()?;
    let modules = node_modules(&root, &workspace::target()?)?;
    let mut node = command(node, &[root.join("wasm/tests/browser.mjs")]);
    node.arg(&package.page)
        .arg(documents)
        .arg(modules)
        .arg(chromium);
    Ok(node)
}

/// axe over the HTML reports of every kind and over the page.
pub(crate) fn accessibility(package: &Package, documents: &Path) -> Outcome<Command> {
    let node = find("node").ok_or("node is not installed")?;
    let chromium = find("chromium").ok_or("chromium is not installed")?;
    let root = workspace::root()?;
    let modules = node_modules(&root, &workspace::target()?)?;
    let mut node = command(node, &[root.join("wasm/tests/axe.mjs")]);
    node.arg(&package.page)
        .arg(reports(&root)?)
        .arg(documents)
        .arg(modules)
        .arg(chromium);
    Ok(node)
}

/// The HTML reports that the tests of `explain` look at, as files.
fn reports(root: &Path) -> Outcome<PathBuf> {
    let folder = workspace::target()?.join("html-reports");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    // As the whole workspace is tested, so that nothing is built twice.
    quiet(
        cargo()
            .args(["test", "--quiet", "--workspace", "--all-features"])
            .args(["--test", "pages", "--"])
            .args(["pages_to_look_at", "every_page_of_a_certificate"])
            .env("IMZA_PAGES", &folder)
            .current_dir(root),
    )?;
    Ok(folder)
}
