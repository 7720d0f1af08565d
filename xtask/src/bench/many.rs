//! Many and large: messages by the thousand, a file of 4 GiB, an archive of a million files.

use super::measure::{Run, cpu_of_this_process, median, must_fail, time};
use super::{Rows, to_f64};
use crate::process::{command, find, quiet};
use crate::{Outcome, workspace};
use imza_test_vectors::Pki;
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::export::pem;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::server::Server;
use imza_test_vectors::time::{Clock, rfc3339};
use imza_test_vectors::vectors::VALIDATION_TIME;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Messages in a folder.
const MESSAGES: usize = 10_000;
/// Files of an archive.
const FILES: usize = 1_000_000;
/// Files of one folder.
const FILES_OF_A_FOLDER: usize = 1_000;
/// Octets of the sparse file.
const HUGE: u64 = 4 << 30;
/// Passes over the messages and over the sparse file.
const PASSES: usize = 3;

/// Messages that others judge.
const BESIDE: u32 = 1_000;
const SCRIPT: &str = include_str!("messages.py");
const LIBCRYPTO: &str = include_str!("libcrypto.py");

/// What is measured.
pub(super) struct Many<'b> {
    pub(super) imza: &'b Path,
    pub(super) vectors: &'b Path,
    pub(super) folder: &'b Path,
}

impl Many<'_> {
    fn imza(&self, arguments: &[&str]) -> Command {
        let mut imza = Command::new(self.imza);
        imza.args(arguments);
        imza
    }

    fn verify(&self) -> Command {
        let mut verify = self.imza(&["verify", "--offline", "--revocation", "none"]);
        verify.args(["--time", &rfc3339(VALIDATION_TIME), "--trust"]);
        verify.arg(self.vectors.join("pki/root.cer"));
        verify
            .arg("--evidence")
            .arg(self.vectors.join("pki/issuing-ca.cer"));
        verify
    }

    /// A folder of small messages, each with its content and another signature value.
    pub(super) fn messages(&self) -> Outcome<Rows> {
        eprintln!("{MESSAGES} messages …");
        let pki = Pki::fixed()?;
        let mut rows = Rows::new();
        for (name, signer) in [
            ("RSA-2048", &pki.citizen_rsa_2048),
            ("P-256", &pki.citizen_p256),
        ] {
            let folder = self.folder.join(format!("messages-{name}"));
            if !folder.join("made").is_file() {
                let _ = std::fs::remove_dir_all(&folder);
                std::fs::create_dir_all(&folder)?;
                let spec = CadesSpec {
                    detached: false,
                    ..CadesSpec::detached(FIXED_TIME)
                };
                for number in 0..MESSAGES {
                    let content = format!("message {number}\n").repeat(16);
                    let octets = sign(&spec, content.as_bytes(), signer)?.der();
                    std::fs::write(folder.join(format!("{number:05}.p7m")), octets)?;
                }
                std::fs::write(folder.join("made"), "")?;
            }
            let mut times = Vec::new();
            let mut memory = 0;
            for _ in 0..PASSES {
                let run = Run::of(self.verify().args(["--jobs", "2"]).arg(&folder))?;
                times.push(run.time);
                memory = memory.max(run.memory);
            }
            let time = median(times);
            let rate = f64::from(u32::try_from(MESSAGES)?) / time.as_secs_f64();
            let what = format!("{MESSAGES} messages of {name} in a folder, two jobs");
            let value = format!("{:.2} s, {rate:.0} a second", time.as_secs_f64());
            rows.push((what.clone(), value));
            rows.push((format!("peak memory, {what}"), megabytes(memory)));
            let what = format!("{BESIDE} of these messages of {name}");
            for (who, figures) in [
                ("imza, one job", self.alone(&folder)),
                ("OpenSSL, a process for each", self.openssl(&folder)),
                (
                    "OpenSSL's library, inside one process",
                    self.in_python(&folder, LIBCRYPTO),
                ),
                ("pyHanko", self.in_python(&folder, SCRIPT)),
                ("DSS", self.dss(&folder)),
            ] {
                match figures {
                    Ok(figures) => rows.push((format!("{what}, {who}"), figures)),
                    Err(error) => eprintln!("no row: {what}, {who}: {error}"),
                }
            }
        }
        Ok(rows)
    }

    /// The first of a folder of messages.
    fn first(folder: &Path) -> Vec<String> {
        let names = (0..BESIDE).map(|number| folder.join(format!("{number:05}.p7m")));
        names
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    /// As others do it: one after the other.
    fn alone(&self, folder: &Path) -> Outcome<String> {
        let run = Run::of(
            self.verify()
                .args(["--jobs", "1"])
                .args(Self::first(folder)),
        )?;
        Ok(of_others(run.time.as_secs_f64(), to_f64(run.memory) / 1e6))
    }

    /// Mostly the start of a process; the path is verified too.
    fn openssl(&self, folder: &Path) -> Outcome<String> {
        find("openssl").ok_or("no openssl")?;
        // OpenSSL 3.0 builds paths of what is trusted and what is in the message: the issuing CA stands
        // beside the root, and the path still has to end at the root.
        let mut both = String::new();
        for name in ["root", "issuing-ca"] {
            let der = std::fs::read(self.vectors.join(format!("pki/{name}.cer")))?;
            both += &pem("CERTIFICATE", &der);
        }
        let trusted = self.folder.join("both.pem");
        std::fs::write(&trusted, both)?;
        let verify = |message: &Path| {
            let mut verify = command("openssl", &["cms", "-verify", "-binary", "-inform", "DER"]);
            verify.args(["-purpose", "any", "-out", "/dev/null", "-attime"]);
            verify
                .arg(VALIDATION_TIME.to_string())
                .arg("-in")
                .arg(message);
            verify.arg("-CAfile").arg(&trusted);
            verify
        };
        let files = Self::first(folder);
        let mut octets = std::fs::read(files.first().ok_or("no message")?)?;
        if let Some(last) = octets.last_mut() {
            *last ^= 1;
        }
        let damaged = self.folder.join("damaged.p7m");
        std::fs::write(&damaged, octets)?;
        must_fail(&mut verify(&damaged))?;
        let mut all = Duration::ZERO;
        for file in &files {
            all += time(&mut verify(Path::new(file)))?;
        }
        let memory = Run::of(&mut verify(Path::new(files.first().ok_or("no message")?)))?.memory;
        Ok(of_others(all.as_secs_f64(), to_f64(memory) / 1e6))
    }

    /// One after the other, inside one process, with their paths.
    fn in_python(&self, folder: &Path, text: &str) -> Outcome<String> {
        let python = super::documents::python(self.folder)?;
        let (script, list) = (self.folder.join("messages.py"), self.folder.join("list"));
        std::fs::write(&script, text)?;
        std::fs::write(&list, Self::first(folder).join("\n"))?;
        let mut work = Command::new(python);
        work.arg(script).arg(list);
        work.arg(self.vectors.join("pki/root.cer"));
        work.arg(self.vectors.join("pki/issuing-ca.cer"));
        let said = quiet(work.arg(VALIDATION_TIME.to_string()))?;
        let (seconds, memory) = said.trim().split_once('\t').ok_or("no figures")?;
        Ok(of_others(seconds.parse()?, memory.parse()?))
    }

    /// The same, after a round that warms the machine up.
    fn dss(&self, folder: &Path) -> Outcome<String> {
        let shared = workspace::shared().ok_or("no oracle")?;
        find("java").ok_or("no java")?;
        let mut oracle = Command::new(shared.join("tools/dss-oracle/dss-oracle"));
        oracle.args(["bench", "--rounds", "1", "--warmup", "1", "--no-revocation"]);
        oracle.args(["--time", &rfc3339(VALIDATION_TIME), "--trust"]);
        oracle.arg(self.vectors.join("pki/root.cer"));
        oracle
            .arg("--adjunct")
            .arg(self.vectors.join("pki/issuing-ca.cer"));
        let said = quiet(oracle.arg("--").args(Self::first(folder)))?;
        let totals: Value = serde_json::from_str(said.lines().last().ok_or("no figures")?)?;
        let number = |name: &str| totals.get(name).and_then(Value::as_f64).unwrap_or_default();
        Ok(of_others(
            number("seconds"),
            number("peak_rss_kib") * 1.024 / 1e3,
        ))
    }

    /// A sparse file beside its signature: it takes no room on the disk.
    pub(super) fn huge(&self) -> Outcome<Rows> {
        eprintln!("4 GiB …");
        let file = self.folder.join("huge.bin");
        std::fs::File::create(&file)?.set_len(HUGE)?;
        let pki = Pki::fixed()?;
        let signer = &pki.citizen_rsa_2048;
        let key = self.folder.join("key.pem");
        let own = pem("CERTIFICATE", &signer.certificate);
        std::fs::write(&key, signer.key.pkcs8_pem()? + &own)?;
        let message = self.folder.join("huge.p7s");
        let mut make = self.imza(&["sign", "--format", "cades", "--force"]);
        make.args(["--time", &rfc3339(FIXED_TIME)]);
        make.arg("--with").arg(format!("pem:{}", key.display()));
        quiet(make.arg("-o").arg(&message).arg(&file))?;
        std::fs::remove_file(&key)?;
        let passes = |make: &dyn Fn() -> Command| -> Outcome<Run> {
            let mut runs = Vec::new();
            for _ in 0..PASSES {
                runs.push(Run::of(&mut make())?);
            }
            runs.sort_by_key(|run| run.time);
            Ok(runs.get(PASSES / 2).copied().ok_or("no run")?)
        };
        let mut rows = Rows::new();
        let bare = match find("openssl") {
            None => None,
            Some(_) => Some(passes(&|| {
                let mut bare = command("openssl", &["dgst", "-sha256"]);
                bare.arg(&file);
                bare
            })?),
        };
        let run = passes(&|| {
            let mut verify = self.verify();
            verify.arg("--detached").arg(&file).arg(&message);
            verify
        })?;
        let speed = |run: &Run| {
            let rate = to_f64(HUGE) / 1e6 / run.time.as_secs_f64();
            format!("{:.2} s, {rate:.0} MB/s", run.time.as_secs_f64())
        };
        let mut text = speed(&run);
        if let Some(bare) = bare {
            rows.push(("SHA-256 of 4 GiB (openssl)".to_owned(), speed(&bare)));
            let share = 100.0 * bare.time.as_secs_f64() / run.time.as_secs_f64();
            text = format!("{text}, {share:.0} % of bare SHA-256");
        }
        let what = "4 GiB beside a CAdES B signature";
        rows.push((what.to_owned(), text));
        rows.push((format!("peak memory, {what}"), megabytes(run.memory)));
        std::fs::remove_file(&file)?;
        Ok(rows)
    }

    /// A million small files under one time-stamp.
    pub(super) fn archive(&self) -> Outcome<Rows> {
        eprintln!("an archive of {FILES} files …");
        let files = self.folder.join("archive");
        make_files(&files)?;
        let _ = std::fs::remove_dir_all(files.join(".imza-archive"));
        let server = Server::start(Clock::System)?;
        let root = self.folder.join("archive-root.pem");
        std::fs::write(&root, pem("CERTIFICATE", &server.pki().root.certificate))?;
        let before = cpu_of_this_process();
        let octets = read_files(&files)?;
        let reading = cpu_of_this_process().saturating_sub(before);

        let mut rows = Rows::new();
        let mut push = |what: &str, run: Run| {
            let beyond = run.cpu.saturating_sub(reading).as_secs_f64();
            let (time, cpu) = (run.time.as_secs_f64(), run.cpu.as_secs_f64());
            let value = format!("{time:.1} s, {cpu:.1} s of CPU, {beyond:.1} s beyond reading");
            rows.push((what.to_owned(), value));
            rows.push((format!("peak memory, {what}"), megabytes(run.memory)));
        };
        let tsa = format!("{}/tsa", server.url());
        for (what, words) in [
            ("archived", &["archive", "add"][..]),
            ("archive renewed", &["archive", "renew"]),
            ("archive verified", &["archive", "verify"]),
        ] {
            let mut work = self.imza(words);
            work.arg("--danger-allow-loopback")
                .arg("--trust")
                .arg(&root);
            if words != ["archive", "verify"] {
                work.args(["--tsa", &tsa]);
            }
            let run = Run::of(work.arg(&files))?;
            push(&format!("{FILES} files of {octets} octets {what}"), run);
        }
        rows.push((
            "reading them alone".to_owned(),
            format!("{:.1} s of CPU", reading.as_secs_f64()),
        ));
        Ok(rows)
    }
}

fn of_others(seconds: f64, memory: f64) -> String {
    let rate = f64::from(BESIDE) / seconds;
    let all = format!("{seconds:.2} s, {rate:.0} a second");
    // A process may have ended before anybody looked.
    match memory > 0.0 {
        true => format!("{all}, {memory:.1} MB"),
        false => all,
    }
}

pub(super) fn megabytes(octets: u64) -> String {
    match octets {
        // It ended before anybody looked.
        0 => "–".to_owned(),
        octets => format!("{:.1} MB", to_f64(octets) / 1e6),
    }
}

fn folders(root: &Path) -> impl Iterator<Item = PathBuf> {
    (0..FILES / FILES_OF_A_FOLDER).map(|number| root.join(format!("{number:04}")))
}

/// Files of a few hundred octets, made once.
fn make_files(root: &Path) -> Outcome<()> {
    let made = root.with_extension("made");
    if made.is_file() {
        return Ok(());
    }
    let _ = std::fs::remove_dir_all(root);
    for (folder, path) in folders(root).enumerate() {
        std::fs::create_dir_all(&path)?;
        for number in 0..FILES_OF_A_FOLDER {
            let name = format!("{number:03}.txt");
            let text = format!("{folder} {number}\n").repeat(32);
            std::fs::write(path.join(name), text)?;
        }
    }
    std::fs::write(made, "")?;
    Ok(())
}

/// Reads every file, and says how long they are together.
fn read_files(root: &Path) -> Outcome<u64> {
    let mut octets = 0;
    for path in folders(root) {
        for entry in std::fs::read_dir(path)? {
            let length = std::fs::read(entry?.path())?.len();
            octets += u64::try_from(length)?;
        }
    }
    Ok(octets)
}
