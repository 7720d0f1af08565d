//! The command in the hands of people: keys, wrong files, pages and helps.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod augmenting;
mod documents;
mod helping;
mod hostile;
mod inspecting;
mod keeping;
mod messages;
mod mistakes;
mod pdf;
mod signing;
mod trusting;

use imza_test_vectors::{Entity, Pki, export};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder to work in, and the PKI in a box.
struct Desk {
    folder: tempfile::TempDir,
    pki: Pki,
}

/// What a run said.
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pki = Pki::fixed().unwrap();
        let desk = Self { folder, pki };
        desk.write("root.pem", pem(&desk.pki.root));
        desk.write("permit.txt", "May build.\n");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, octets: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), octets).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imza"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env("LC_ALL", "C")
            .env("IMZA_TEST_PASSWORD", "secret")
            .env("IMZA_TEST_WRONG", "Secret")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        Said {
            status: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    /// A program of the machine, here; false when it is not installed.
    fn tool(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(arguments);
        match command.output() {
            Ok(output) => {
                assert!(
                    output.status.success(),
                    "{program} {arguments:?}: {output:?}"
                );
                true
            }
            Err(_) => {
                eprintln!("skipped: {program} is not installed");
                false
            }
        }
    }
}

fn pem(entity: &Entity) -> String {
    export::pem("CERTIFICATE", &entity.certificate)
}
