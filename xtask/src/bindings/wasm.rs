//! `cargo xtask bindings wasm`: the package for browsers and Node, and the page that shows it.

use super::typescript;
use crate::process::{cargo, command, find, quiet};
use crate::wasm::{TARGET, toolchain};
use crate::{Outcome, workspace};
use std::path::{Path, PathBuf};

/// What was built.
#[derive(Debug)]
pub(crate) struct Package {
    /// The package, as npm would publish it.
    pub(crate) folder: PathBuf,
    /// The page, ready for any static server.
    pub(crate) page: PathBuf,
    /// What could not be done and is not needed.
    pub(crate) skipped: Vec<String>,
}

/// Builds, and tells the sizes.
pub(super) fn run() -> Outcome<()> {
    let package = build()?;
    for skipped in &package.skipped {
        println!("skipped: {skipped}");
    }
    println!("package  {}", package.folder.display());
    println!("page     {}", package.page.display());
    let script = workspace::root()?.join("wasm/tests/size.mjs");
    match find("node") {
        Some(node) => print!(
            "{}",
            quiet(
                command(node, &[script])
                    .arg(package.folder.join("imza_bg.wasm"))
                    .arg(package.folder.join("imza.js"))
            )?
        ),
        None => println!("skipped: sizes: node is not installed"),
    }
    Ok(())
}

/// Builds the package and the page.
pub(crate) fn build() -> Outcome<Package> {
    let root = workspace::root()?;
    let target = workspace::target()?;
    let folder = target.join("wasm-package");
    let page = target.join("wasm-page");
    empty(&folder)?;
    let compiled = compile(&root)?;
    bind(&root, &target, &compiled, &folder)?;
    let mut skipped = Vec::new();
    if let Err(missing) = optimise(&root, &target, &folder.join("imza_bg.wasm")) {
        skipped.push(format!("smaller WebAssembly: {missing}"));
    }
    copy(&root.join("wasm/js"), &folder)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        std::fs::copy(root.join(licence), folder.join(licence))?;
    }
    let schema = std::fs::read_to_string(root.join("docs/imza-report-1.schema.json"))?;
    let types = typescript::declarations(&serde_json::from_str(&schema)?)?;
    std::fs::write(folder.join("report.d.ts"), types)?;
    empty(&page)?;
    copy(&root.join("wasm/page"), &page)?;
    std::fs::create_dir(page.join("imza"))?;
    copy(&folder, &page.join("imza"))?;
    Ok(Package {
        folder,
        page,
        skipped,
    })
}

fn compile(root: &Path) -> Outcome<PathBuf> {
    quiet(
        toolchain()?
            .cargo()?
            .args(["build", "--quiet", "--package", "imza-wasm"])
            .args(["--profile", "wasm", "--target", TARGET])
            .current_dir(root),
    )?;
    Ok(workspace::target()?
        .join("wasm")
        .join(TARGET)
        .join("wasm/imza_wasm.wasm"))
}

/// The program that writes the glue has a target folder of its own, like its workspace.
fn bind(root: &Path, target: &Path, compiled: &Path, folder: &Path) -> Outcome<()> {
    let manifest = root.join("xtask/bindgen/Cargo.toml");
    quiet(
        cargo()
            .args(["run", "--quiet", "--locked", "--manifest-path"])
            .arg(manifest)
            .arg("--")
            .arg(compiled)
            .arg(folder)
            .env("CARGO_TARGET_DIR", target.join("tools/bindgen")),
    )?;
    Ok(())
}

/// Binaryen's optimiser, in place.
fn optimise(root: &Path, target: &Path, wasm: &Path) -> Outcome<()> {
    let programs = node_modules(root, target)?.join(".bin");
    let smaller = wasm.with_extension("smaller");
    quiet(
        command(programs.join("wasm-opt"), &["-Os"])
            .arg(wasm)
            .arg("-o")
            .arg(&smaller),
    )?;
    std::fs::rename(smaller, wasm)?;
    Ok(())
}

/// What npm provides, installed below `target/` when its list changed.
pub(crate) fn node_modules(root: &Path, target: &Path) -> Outcome<PathBuf> {
    let folder = target.join("tools/node");
    let modules = folder.join("node_modules");
    let lists = ["package.json", "package-lock.json"];
    let wanted = root.join("wasm/tests");
    let is_current = modules.is_dir()
        && lists.iter().all(|list| {
            let read = |folder: &Path| std::fs::read(folder.join(list)).ok();
            read(&folder).is_some() && read(&folder) == read(&wanted)
        });
    if is_current {
        return Ok(modules);
    }
    if find("npm").is_none() || find("node").is_none() {
        return Err("node or npm is not installed".into());
    }
    empty(&folder)?;
    for list in lists {
        std::fs::copy(wanted.join(list), folder.join(list))?;
    }
    let installed = quiet(
        command(
            "npm",
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        )
        .current_dir(&folder),
    );
    if let Err(error) = installed {
        empty(&folder)?;
        return Err(error);
    }
    Ok(modules)
}

fn empty(folder: &Path) -> Outcome<()> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)?;
    Ok(())
}

/// The files of a folder, without folders in it.
fn copy(from: &Path, to: &Path) -> Outcome<()> {
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
