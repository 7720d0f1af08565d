//! The core compiled for WebAssembly.
//!
//! Whether a toolchain can do it is seen in its sysroot, not asked of rustup, which might start a
//! download. Where the installed Rust lacks the target, Debian's `rustc-web` is unpacked below
//! `target/tools` (no package is installed, no toolchain touched) and the standard library is
//! compiled once from its sources. A failure to do either is named by the caller.

use crate::process::{command, find, is_root, quiet};
use crate::{Outcome, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The triple.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
/// Raised when copies that were made before must be made anew.
const RECIPE: &str = "1";

/// A toolchain that can compile for the target.
#[derive(Debug)]
pub(crate) enum Toolchain {
    /// The installed one.
    Installed,
    /// Debian's, unpacked in this folder.
    Debian(PathBuf),
}

impl Toolchain {
    /// What a person may want to know of it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Installed => "installed Rust",
            Self::Debian(_) => "Debian's rustc-web",
        }
    }

    /// A cargo of this toolchain, with a target folder of its own: two compilers that share one
    /// rebuild each other's work.
    pub(crate) fn cargo(&self) -> Outcome<Command> {
        let mut cargo = match self {
            Self::Installed => crate::process::cargo(),
            Self::Debian(prefix) => debian_cargo(prefix),
        };
        cargo
            .env("CARGO_TARGET_DIR", workspace::target()?.join("wasm"))
            .env("CARGO_ENCODED_RUSTFLAGS", flags()?);
        Ok(cargo)
    }
}

/// Flags of the compiler, in the form that lets paths hold spaces.
fn flags() -> Outcome<String> {
    // The core draws no random number: a backend that cannot is the right one for it.
    let mut flags = vec!["--cfg=getrandom_backend=\"unsupported\"".to_owned()];
    // Messages of panics name places in sources; they need not name this machine too.
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    for (from, to) in [
        (home.map(|home| home.join("registry/src")), "/registry"),
        (Some(workspace::root()?), "/imza"),
    ] {
        if let Some(from) = from {
            flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        }
    }
    Ok(flags.join("\u{1f}"))
}

/// Finds a toolchain, or makes one; the error names what is missing.
pub(crate) fn toolchain() -> Outcome<Toolchain> {
    if has_std(&sysroot()?) {
        return Ok(Toolchain::Installed);
    }
    let missing = format!("rustup target add {TARGET}");
    if find("apt-get").is_none() || find("dpkg").is_none() {
        return Err(missing.into());
    }
    let prefix = workspace::target()?.join("tools/wasm-toolchain");
    let stamp = prefix.join("made");
    let toolchain = Toolchain::Debian(prefix.clone());
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == RECIPE)
        && quiet(debian_cargo(&prefix).arg("--version")).is_ok()
    {
        return Ok(toolchain);
    }
    make(&prefix).map_err(|error| format!("{missing} (Debian's way failed: {error})"))?;
    std::fs::write(stamp, RECIPE)?;
    Ok(toolchain)
}

fn sysroot() -> Outcome<PathBuf> {
    let printed = quiet(command("rustc", &["--print", "sysroot"]).env("RUSTUP_AUTO_INSTALL", "0"))?;
    Ok(PathBuf::from(printed.trim()))
}

fn has_std(sysroot: &Path) -> bool {
    let folder = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn make(prefix: &Path) -> Outcome<()> {
    let _ = std::fs::remove_dir_all(prefix);
    std::fs::create_dir_all(prefix.join("packages"))?;
    download(&prefix.join("packages"))?;
    for entry in std::fs::read_dir(prefix.join("packages"))? {
        let package = entry?.path();
        if package.extension().is_some_and(|ending| ending == "deb") {
            quiet(Command::new("dpkg").arg("-x").arg(&package).arg(prefix))?;
        }
    }
    std::fs::remove_dir_all(prefix.join("packages"))?;
    build_std(prefix)
}

/// Fetches what is not installed of the packages and what they need.
fn download(folder: &Path) -> Outcome<()> {
    let mut names = closure()?;
    if !names.iter().any(|name| name == "rustc-web") && is_root() {
        quiet(&mut command("apt-get", &["update", "-qq"]))?;
        names = closure()?;
    }
    if !names.iter().any(|name| name == "rustc-web") {
        return Err("apt does not offer rustc-web".into());
    }
    quiet(
        command(
            "apt-get",
            &["-o", "APT::Sandbox::User=root", "download", "-qq"],
        )
        .args(&names)
        .current_dir(folder),
    )?;
    Ok(())
}

fn closure() -> Outcome<Vec<String>> {
    // Without package lists the simulation fails: nothing is offered, the lists are fetched.
    let simulated =
        quiet(command("apt-get", &["install", "-s", "--no-install-recommends"]).args(PACKAGES))
            .unwrap_or_default();
    Ok(simulated
        .lines()
        .filter_map(|line| line.strip_prefix("Inst "))
        .filter_map(|line| line.split(' ').next())
        .map(ToOwned::to_owned)
        .collect())
}

fn library_path(prefix: &Path) -> String {
    let usr = prefix.join("usr");
    let mut folders = vec![usr.join("lib").join(multiarch())];
    if let Ok(entries) = std::fs::read_dir(usr.join("lib")) {
        folders.extend(
            entries
                .flatten()
                .filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"))
                .map(|entry| entry.path().join("lib")),
        );
    }
    let mut path: Vec<String> = folders
        .iter()
        .map(|folder| folder.to_string_lossy().into_owned())
        .collect();
    path.extend(std::env::var("LD_LIBRARY_PATH"));
    path.join(":")
}

fn multiarch() -> String {
    format!("{}-linux-gnu", std::env::consts::ARCH)
}

/// Debian's cargo with Debian's compiler; rustup's own variables would lead it back.
fn debian_cargo(prefix: &Path) -> Command {
    let programs = prefix.join("usr/bin");
    let mut cargo = Command::new(programs.join("cargo"));
    crate::process::forget_own_package(&mut cargo);
    let path = std::env::var("PATH").unwrap_or_default();
    cargo
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("CARGO")
        .env("RUSTC", programs.join("rustc"))
        .env("RUSTDOC", programs.join("rustdoc"))
        .env("LD_LIBRARY_PATH", library_path(prefix))
        .env(
            "PATH",
            format!("{}:{path}:{}", programs.display(), lld().display()),
        );
    cargo
}

/// Where the installed Rust keeps its linker for WebAssembly, which Debian's packages of Rust do
/// not bring. Asked of the installed one only: a linker is no part of a compiler.
fn lld() -> PathBuf {
    sysroot()
        .map(|root| {
            let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
            root.join("lib/rustlib").join(host).join("bin")
        })
        .unwrap_or_default()
}

/// Compiles the standard library once and puts it into the unpacked sysroot.
fn build_std(prefix: &Path) -> Outcome<()> {
    let folder = tempfile::tempdir_in(prefix)?;
    let package = folder.path();
    std::fs::create_dir(package.join("src"))?;
    std::fs::write(package.join("src/lib.rs"), "")?;
    std::fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"std-maker\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [profile.release]\nopt-level = 2\ndebug = 0\n[workspace]\n",
    )?;
    let usr = prefix.join("usr");
    // Bitcode for link-time optimisation later; sources under a neutral name, so that messages
    // carry no path of this machine.
    let flags = format!(
        "-Cembed-bitcode=yes --remap-path-prefix={}=/rustc",
        usr.display()
    );
    quiet(
        debian_cargo(prefix)
            .args(["build", "--quiet", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", package.join("built"))
            .env("RUSTFLAGS", flags)
            .current_dir(package),
    )?;
    let sysroot = usr.join("lib/rustlib").join(TARGET).join("lib");
    let _ = std::fs::remove_dir_all(&sysroot);
    std::fs::create_dir_all(&sysroot)?;
    for entry in std::fs::read_dir(package.join("built").join(TARGET).join("release/deps"))? {
        let library = entry?.path();
        let name = library
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.ends_with(".rlib") && !name.starts_with("libstd_maker") {
            std::fs::copy(&library, sysroot.join(name))?;
        }
    }
    // Cargo does not notice that the standard library is another one.
    let _ = std::fs::remove_dir_all(workspace::target()?.join("wasm"));
    Ok(())
}

/// The arguments that check the core for the target.
pub(crate) fn check_arguments() -> Vec<&'static str> {
    vec![
        "check",
        "--quiet",
        "--package",
        "imza",
        "--no-default-features",
        "--lib",
        "--target",
        TARGET,
    ]
}
