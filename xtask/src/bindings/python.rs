//! A wheel for Python: built by maturin, installed into a fresh environment, tested there.
//!
//! Tools come from PyPI in the versions of `ffi/python/requirements.txt` and live below
//! `target/tools`; nothing is installed outside `target`.

use crate::process::{command, find, forget_own_package, logged, quiet, tail};
use crate::{Outcome, workspace};
use imza_test_vectors::export;
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the library is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// As tests are: warm in seconds.
    Quick,
    /// As it is shipped.
    Release,
}

impl Build {
    fn folder(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Release => "release",
        }
    }
}

/// A wheel in an environment of its own.
pub(super) struct Installed {
    pub(super) python: PathBuf,
    wheel: PathBuf,
    library: PathBuf,
}

/// Builds, installs, tests, and prints figures.
pub(super) fn run(build: Build) -> Outcome<()> {
    for line in check(build)?.lines() {
        println!("{line}");
    }
    Ok(())
}

/// A step of the tests; gives what was measured.
pub(crate) fn step() -> Outcome<String> {
    check(Build::Quick)
}

/// Builds, installs and tests; gives what was measured.
fn check(build: Build) -> Outcome<String> {
    let installed = install(build)?;
    let root = workspace::root()?;
    let folder = folder()?;
    types(&installed)?;
    let server = Server::start(Clock::System)?;
    let box_ = folder.join("box");
    export::write(&server.pki(), Clock::System.read(), &box_)?;
    let figures = folder.join("figures.txt");
    let _ = std::fs::remove_file(&figures);
    let log = folder.join("pytest.log");
    let mut tests = Command::new(&installed.python);
    tests
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c"])
        .arg(root.join("ffi/pyproject.toml"))
        .arg("--rootdir")
        .arg(root.join("ffi"))
        .arg(root.join("ffi/python/tests"))
        .current_dir(&folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("IMZA_TEST_BOX", &box_)
        .env("IMZA_TEST_SERVER", server.url())
        .env("IMZA_TEST_VECTORS", root.join("test-vectors/vectors"))
        .env("IMZA_TEST_FIGURES", &figures);
    let passed = logged(&mut tests, &log)?;
    let text = std::fs::read_to_string(&log)?;
    if !passed {
        return Err(format!("{}\n(all of it: {})", tail(&text, 60), log.display()).into());
    }
    let mut measured = std::fs::read_to_string(&figures).unwrap_or_default();
    let kilobytes = |path: &Path| -> Outcome<u64> { Ok(std::fs::metadata(path)?.len() / 1000) };
    measured += &format!(
        "wheel {} kB, library {} kB, stripped {} kB ({})\n",
        kilobytes(&installed.wheel)?,
        kilobytes(&installed.library)?,
        stripped(&installed.library)?,
        build.folder(),
    );
    measured += &tail(&text, 1);
    Ok(measured)
}

/// Builds the wheel and installs it into an environment that did not exist before.
pub(super) fn install(build: Build) -> Outcome<Installed> {
    let tools = tools()?;
    let folder = folder()?;
    let root = workspace::root()?;
    let wheels = folder.join(build.folder());
    let _ = std::fs::remove_dir_all(&wheels);
    let mut maturin = Command::new(tools.join("bin/maturin"));
    forget_own_package(&mut maturin);
    maturin
        .args(["build", "--compatibility", "linux", "--manifest-path"])
        .arg(root.join("ffi/Cargo.toml"))
        .arg("--out")
        .arg(&wheels)
        .env("CARGO_TARGET_DIR", workspace::target()?)
        .current_dir(&root);
    match build {
        Build::Quick => maturin.args(["--profile", "dev"]),
        Build::Release => maturin.arg("--release"),
    };
    let log = folder.join("maturin.log");
    if !logged(&mut maturin, &log)? {
        let text = std::fs::read_to_string(&log)?;
        return Err(format!("maturin:\n{}", tail(&text, 40)).into());
    }
    let wheel = the_one(&wheels, ".whl")?;
    let fresh = folder.join("fresh");
    quiet(command("python3", &["-m", "venv", "--clear"]).arg(&fresh))?;
    let python = fresh.join("bin/python");
    quiet(
        Command::new(&python)
            .args(["-m", "pip", "install", "-q", "--no-index", "--no-compile"])
            .arg("--find-links")
            .arg(tools.join("wheels"))
            .args(["pytest", "cryptography"])
            .arg(&wheel),
    )?;
    let package = quiet(
        Command::new(&python)
            .args(["-c", "import imza; print(imza.__path__[0])"])
            .current_dir(&folder),
    )?;
    let library = Path::new(package.trim()).join("_native/libimza_ffi.so");
    Ok(Installed {
        python,
        wheel,
        library,
    })
}

/// The stubs are the sources: mypy reads the installed package, and then a program that uses it.
fn types(installed: &Installed) -> Outcome<()> {
    let root = workspace::root()?;
    let typed = root.join("ffi/python/tests/typed.py");
    let whole: [&[&OsStr]; 2] = [&["-p".as_ref(), "imza".as_ref()], &[typed.as_ref()]];
    for arguments in whole {
        let log = folder()?.join("mypy.log");
        let mut mypy = Command::new(tools()?.join("bin/mypy"));
        mypy.arg("--config-file")
            .arg(root.join("ffi/pyproject.toml"))
            .arg("--cache-dir")
            .arg(folder()?.join("mypy"))
            .arg("--python-executable")
            .arg(&installed.python)
            .args(arguments)
            .current_dir(folder()?);
        if !logged(&mut mypy, &log)? {
            let text = std::fs::read_to_string(&log)?;
            return Err(format!("types:\n{}", tail(&text, 40)).into());
        }
    }
    Ok(())
}

pub(super) fn folder() -> Outcome<PathBuf> {
    let folder = workspace::target()?.join("bindings/python");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// An environment with the tools, made anew when their list changes.
fn tools() -> Outcome<PathBuf> {
    if find("python3").is_none() {
        return Err("python3 is not installed".into());
    }
    let list = workspace::root()?.join("ffi/python/requirements.txt");
    let wanted = std::fs::read_to_string(&list)?;
    let tools = workspace::target()?.join("tools/python");
    let stamp = tools.join("made");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(tools);
    }
    quiet(command("python3", &["-m", "venv", "--clear"]).arg(&tools))?;
    let pip = |arguments: &[&str]| {
        let mut pip = Command::new(tools.join("bin/python"));
        pip.args(["-m", "pip"]).args(arguments).arg("-r").arg(&list);
        pip
    };
    let wheels = tools.join("wheels").to_string_lossy().into_owned();
    quiet(&mut pip(&["download", "-q", "-d", &wheels]))?;
    quiet(&mut pip(&[
        "install",
        "-q",
        "--no-index",
        "--find-links",
        &wheels,
    ]))?;
    std::fs::write(stamp, wanted)?;
    Ok(tools)
}

fn the_one(folder: &Path, ending: &str) -> Outcome<PathBuf> {
    std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(ending))
        .ok_or_else(|| format!("{} holds no {ending}", folder.display()).into())
}

/// Kilobytes of a stripped copy; what is generated from must keep its symbols.
fn stripped(library: &Path) -> Outcome<String> {
    if find("strip").is_none() {
        return Ok("(no strip) ?".to_owned());
    }
    let copy = folder()?.join("stripped.so");
    quiet(Command::new("strip").arg("-o").arg(&copy).arg(library))?;
    let size = std::fs::metadata(&copy)?.len();
    std::fs::remove_file(copy)?;
    Ok((size / 1000).to_string())
}
