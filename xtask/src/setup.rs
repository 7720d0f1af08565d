//! The tools that chores use beside Rust.

use crate::process::{command, find, is_root, quiet};
use std::fmt;
use std::path::Path;

/// A tool, the Debian package that has it, and what stands still without it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    presence: Presence,
    package: &'static str,
    used_for: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Presence {
    /// A program on the path.
    Program(&'static str),
    /// One of these files.
    File(&'static [&'static str]),
    /// A module of Python.
    Module(&'static str),
}

const TOOLS: &[Tool] = &[
    Tool {
        presence: Presence::File(&[
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
        ]),
        package: "softhsm2",
        used_for: "tests of signing through PKCS #11",
    },
    Tool {
        presence: Presence::Program("pkcs11-tool"),
        package: "opensc",
        used_for: "certificates on tokens",
    },
    Tool {
        presence: Presence::Program("openssl"),
        package: "openssl",
        used_for: "comparisons with OpenSSL",
    },
    Tool {
        presence: Presence::Program("xmlsec1"),
        package: "xmlsec1",
        used_for: "comparisons of XML signatures with xmlsec",
    },
    Tool {
        presence: Presence::Program("c++"),
        package: "g++",
        used_for: "fuzz targets, whose fuzzer is written in C++",
    },
    Tool {
        presence: Presence::Program("python3"),
        package: "python3",
        used_for: "containers given to other programs",
    },
    Tool {
        presence: Presence::Module("ensurepip"),
        package: "python3-venv",
        used_for: "the Python package",
    },
    Tool {
        presence: Presence::Program("xmllint"),
        package: "libxml2-utils",
        used_for: "comparisons of canonical XML with libxml2",
    },
    Tool {
        presence: Presence::Program("unzip"),
        package: "unzip",
        used_for: "containers unpacked by Info-ZIP",
    },
    Tool {
        presence: Presence::Program("qpdf"),
        package: "qpdf",
        used_for: "PDF files checked by qpdf",
    },
    Tool {
        presence: Presence::Program("pdfsig"),
        package: "poppler-utils",
        used_for: "PDF signatures and texts as poppler has them",
    },
    Tool {
        presence: Presence::Program("node"),
        package: "nodejs",
        used_for: "the package in Node",
    },
    Tool {
        presence: Presence::Program("npm"),
        package: "npm",
        used_for: "tools of the package for browsers",
    },
    Tool {
        presence: Presence::Program("chromium"),
        package: "chromium",
        used_for: "the page in a browser",
    },
];

impl Tool {
    fn is_there(&self) -> bool {
        match self.presence {
            Presence::Program(name) => find(name).is_some(),
            Presence::Module(name) => {
                let import = format!("import {name}");
                quiet(&mut command("python3", &["-c", &import])).is_ok()
            }
            Presence::File(paths) => paths.iter().any(|path| Path::new(path).exists()),
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is not installed", self.used_for, self.package)
    }
}

/// The packages of a card in software.
pub(crate) const CARD: &[&str] = &["softhsm2", "opensc"];

/// The package of the fuzzer.
pub(crate) const FUZZER: &[&str] = &["g++"];

/// The packages of the Python bindings.
pub(crate) const PYTHON: &[&str] = &["python3", "python3-venv"];

/// Every package.
pub(crate) fn all() -> Vec<&'static str> {
    TOOLS.iter().map(|tool| tool.package).collect()
}

/// Installs what can be installed of the packages; gives what is still missing.
pub(crate) fn tools(wanted: &[&str]) -> Vec<Tool> {
    let missing = absent(wanted);
    if missing.is_empty() {
        return missing;
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    if find("apt-get").is_none() || !is_root() {
        eprintln!(
            "missing: {}\n  on Debian: sudo apt-get install {}",
            packages.join(", "),
            packages.join(" ")
        );
        return missing;
    }
    eprintln!("installing {}", packages.join(" "));
    let install = || {
        quiet(
            command(
                "apt-get",
                &["install", "-y", "-qq", "--no-install-recommends"],
            )
            .args(&packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let installed = install()
        .or_else(|_| quiet(&mut command("apt-get", &["update", "-qq"])).and_then(|_| install()));
    if let Err(error) = installed {
        eprintln!("{error}");
    }
    absent(wanted)
}

fn absent(wanted: &[&str]) -> Vec<Tool> {
    TOOLS
        .iter()
        .filter(|tool| wanted.contains(&tool.package) && !tool.is_there())
        .copied()
        .collect()
}
