//! `cargo xtask bench`: figures, with the machine that they were measured on.
//!
//! Builds the command as it is released, measures its start, its speed and its memory over a file
//! of 1 GiB, over 10,000 messages, over a sparse file of 4 GiB and over an archive of a million
//! small files (which takes 4 GB of disk, below `target`), runs suites of criterion, and does the same work with programs and
//! libraries of others. Prints Markdown: medians, in brackets between what nine of ten runs lie.
//! Figures are facts about one machine on one day: nothing fails because of them.

mod documents;
mod many;
mod measure;
mod peers;
mod xml;

pub(crate) use documents::python;

use crate::process::{cargo, command, find, quiet};
use crate::{Outcome, workspace};
use imza_test_vectors::Pki;
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::export::pem;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::time::rfc3339;
use imza_test_vectors::vectors::VALIDATION_TIME;
use measure::{Run, median, milliseconds, time};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Starts that are timed; the first ones warm the page cache and do not count.
const STARTS: usize = 100;
/// Suites of criterion, which name their group as themselves.
const SUITES: [&str; 6] = [
    "validation",
    "messages",
    "certificates",
    "judging",
    "pdf",
    "xml",
];
/// The large file.
const LARGE: u64 = 1 << 30;
/// The image of a scanned page: what a thick file from an archive weighs.
const SCAN: u64 = 500_000_000;
/// Passes over the large file.
const PASSES: usize = 3;

/// Measures everything and prints the table.
pub(crate) fn run(only: Option<&str>) -> Outcome<()> {
    let root = workspace::root()?;
    let folder = workspace::target()?.join("xtask-bench");
    std::fs::create_dir_all(&folder)?;
    eprintln!("building the command as it is released …");
    quiet(
        cargo()
            .args(["build", "--release", "--package", "imza-cli"])
            .current_dir(&root),
    )?;
    let bench = Bench {
        imza: workspace::target()?.join("release/imza"),
        vectors: root.join("test-vectors/vectors"),
        folder,
        root,
    };
    let many = many::Many {
        imza: &bench.imza,
        vectors: &bench.vectors,
        folder: &bench.folder,
    };
    if only == Some("documents") {
        bench.documents()?;
        println!("\n{}", machine());
        return Ok(());
    }
    if only == Some("xml") {
        let warm = bench.warm(&["xml"])?;
        table(xml::rows(&bench.peers(&warm))?);
        println!("\n{}", machine());
        return Ok(());
    }
    if let Some(only) = only {
        print(match only {
            "messages" => many.messages()?,
            "huge" => many.huge()?,
            "archive" => many.archive()?,
            other => return Err(format!("no such figures: {other}").into()),
        });
        println!("\n{}", machine());
        return Ok(());
    }
    let mut rows = bench.size()?;
    rows.extend(bench.starts()?);
    rows.extend(bench.large()?);
    rows.extend(bench.scan()?);
    rows.extend(many.messages()?);
    rows.extend(many.huge()?);
    rows.extend(many.archive()?);
    rows.extend(bench.corpus()?);
    let warm = bench.warm(&SUITES)?;
    rows.extend(warm.iter().cloned());
    print(rows);
    eprintln!("beside others …");
    let peers = bench.peers(&warm);
    let mut rows = peers.rows()?;
    rows.extend(xml::rows(&peers)?);
    table(rows);
    bench.documents()?;
    println!("\n{}\n{}", machine(), peers.versions());
    Ok(())
}

type Rows = Vec<(String, String)>;

fn print(rows: Rows) {
    println!("| figure | value |\n|---|---|");
    for (figure, value) in rows {
        println!("| {figure} | {value} |");
    }
}

fn table(rows: Vec<peers::Row>) {
    println!("\n| the same work | by | time | peak memory |\n|---|---|---|---|");
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}

struct Bench {
    root: PathBuf,
    imza: PathBuf,
    vectors: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn imza(&self, arguments: &[&str]) -> Command {
        let mut imza = Command::new(&self.imza);
        imza.args(arguments);
        imza
    }

    fn peers<'b>(&'b self, warm: &'b [(String, String)]) -> peers::Peers<'b> {
        peers::Peers {
            imza: &self.imza,
            vectors: &self.vectors,
            folder: &self.folder,
            warm,
        }
    }

    /// The PDF files of public suites, beside others.
    fn documents(&self) -> Outcome<()> {
        let rows = documents::rows(&self.root, &self.folder)?;
        if !rows.is_empty() {
            println!(
                "\n| PDF files of public suites, by | files | median | 95 % | all | peak memory |"
            );
            println!("|---|---|---|---|---|---|");
        }
        for row in rows {
            println!("| {} |", row.join(" | "));
        }
        Ok(())
    }

    fn size(&self) -> Outcome<Rows> {
        let octets = std::fs::metadata(&self.imza)?.len();
        let size = format!("{:.1} MB", to_f64(octets) / 1e6);
        Ok(vec![("binary `imza`".to_owned(), size)])
    }

    fn starts(&self) -> Outcome<Rows> {
        eprintln!("starts …");
        let mut rows = Rows::new();
        let mut verify = self.imza(&["verify", "--offline", "--time", &rfc3339(VALIDATION_TIME)]);
        verify.arg("--trust").arg(self.vectors.join("pki/root.cer"));
        verify.arg(self.vectors.join("asic-e/form.p-256.asice"));
        for (name, mut command) in [
            ("`imza --version`", self.imza(&["--version"])),
            ("`imza verify`, small container LT P-256", verify),
        ] {
            let mut times = Vec::new();
            for start in 0..STARTS + 10 {
                let took = time(&mut command)?;
                if start >= 10 {
                    times.push(took);
                }
            }
            let text = format!("{} (median of {STARTS})", milliseconds(median(times)));
            rows.push((format!("cold start of {name}"), text));
        }
        Ok(rows)
    }

    /// A file of 1 GiB, stored in a container and beside a signature.
    fn large(&self) -> Outcome<Rows> {
        eprintln!("1 GiB …");
        let file = self.folder.join("large.bin");
        make_large(&file)?;
        let mut rows = Rows::new();
        let bare = match find("openssl") {
            None => None,
            Some(_) => {
                let mut bare = command("openssl", &["dgst", "-sha256"]);
                let (time, _) = passes(bare.arg(&file))?;
                rows.push(("SHA-256 of 1 GiB (openssl)".to_owned(), speed(time)));
                Some(time)
            }
        };
        for (name, mut command) in [
            (
                "1 GiB stored in ASiC-E with XAdES LT",
                self.container(&file)?,
            ),
            ("1 GiB beside a CAdES B signature", self.detached(&file)?),
        ] {
            let (time, memory) = passes(&mut command)?;
            let mut text = speed(time);
            if let Some(bare) = bare {
                let share = 100.0 * bare.as_secs_f64() / time.as_secs_f64();
                text = format!("{text}, {share:.0} % of bare SHA-256");
            }
            rows.push((name.to_owned(), text));
            let memory = to_f64(memory) / 1e6;
            rows.push((format!("peak memory, {name}"), format!("{memory:.1} MB")));
        }
        Ok(rows)
    }

    /// A scan of 500 MB, signed and verified; the files are removed afterwards.
    fn scan(&self) -> Outcome<Rows> {
        eprintln!("a scan of 500 MB …");
        let (file, made) = (self.folder.join("scan.pdf"), self.folder.join("signed.pdf"));
        let result = self.scan_in(&file, &made);
        for path in [file, made] {
            let _ = std::fs::remove_file(path);
        }
        result
    }

    fn scan_in(&self, file: &Path, made: &Path) -> Outcome<Rows> {
        make_scan(file)?;
        let pki = Pki::fixed()?;
        let key = self.folder.join("citizen.pem");
        let own = pem("CERTIFICATE", &pki.citizen_p256.certificate)
            + &pem("CERTIFICATE", &pki.issuing_ca.certificate);
        std::fs::write(&key, pki.citizen_p256.key.pkcs8_pem()? + &own)?;
        let mut with = std::ffi::OsString::from("pem:");
        with.push(&key);
        let mut sign = self.imza(&["sign", "--offline", "--format", "pades", "--force"]);
        sign.args(["--level", "b", "--with"]).arg(with);
        sign.arg("-o").arg(made).arg(file);
        // Signed now: the certificates of the fixed PKI are valid for years.
        let mut verify = self.imza(&["verify", "--offline", "--revocation", "none", "--trust"]);
        verify.arg(self.vectors.join("pki/root.cer")).arg(made);
        let mut rows = Rows::new();
        for (what, mut command) in [("signed", sign), ("verified", verify)] {
            let (time, memory) = passes(&mut command)?;
            let memory = to_f64(memory) / 1e6;
            let text = format!("{:.2} s, peak memory {memory:.1} MB", time.as_secs_f64());
            rows.push((format!("PDF with a scan of 500 MB, {what}"), text));
        }
        Ok(rows)
    }

    /// Every ASiC container of the published test documents in one run.
    fn corpus(&self) -> Outcome<Rows> {
        let Some(shared) = workspace::shared() else {
            return Ok(Rows::new());
        };
        eprintln!("containers of the published test documents …");
        let index = std::fs::read_to_string(shared.join("corpora/index.jsonl"))?;
        let mut files = BTreeSet::new();
        for line in index.lines() {
            let entry: Value = serde_json::from_str(line)?;
            let word = |name: &str| entry.get(name).and_then(Value::as_str);
            if let (Some("asic-e" | "asic-s"), Some(path)) = (word("kind"), word("document")) {
                files.insert(shared.join("corpora").join(path));
            }
        }
        let mut verify = self.imza(&["verify", "--offline"]);
        let run = Run::whatever(verify.args(&files))?;
        let count = files.len();
        let name = format!("{count} ASiC containers of the published test documents");
        let memory = to_f64(run.memory) / 1e6;
        let time = run.time.as_secs_f64();
        let text = format!("{time:.2} s, {memory:.1} MB");
        Ok(vec![(name, text)])
    }

    /// The container that the demonstration makes of a document.
    fn container(&self, file: &Path) -> Outcome<Command> {
        let folder = self.folder.join("container");
        let _ = std::fs::remove_dir_all(&folder);
        let mut demo = self.imza(&["demo", "--folder"]);
        quiet(demo.arg(&folder).arg("--document").arg(file))?;
        let mut verify = self.imza(&["verify", "--offline", "--trust"]);
        verify
            .arg(folder.join("root.pem"))
            .arg(folder.join("application.asice"));
        Ok(verify)
    }

    fn detached(&self, file: &Path) -> Outcome<Command> {
        let pki = Pki::fixed()?;
        let content = std::fs::read(file)?;
        let spec = CadesSpec::detached(FIXED_TIME);
        let signature = sign(&spec, &content, &pki.citizen_p256)?.der();
        let path = self.folder.join("large.p7s");
        std::fs::write(&path, signature)?;
        // At level B nothing was asked of the revocation: the figure is about the digest.
        let mut verify = self.imza(&["verify", "--offline", "--revocation", "none"]);
        verify
            .args(["--time", &rfc3339(VALIDATION_TIME), "--trust"])
            .arg(self.vectors.join("pki/root.cer"))
            .arg("--evidence")
            .arg(self.vectors.join("pki/issuing-ca.cer"))
            .arg("--detached")
            .arg(file)
            .arg(path);
        Ok(verify)
    }

    /// The medians of criterion.
    fn warm(&self, suites: &[&str]) -> Outcome<Rows> {
        let mut rows = Rows::new();
        for suite in suites {
            eprintln!("criterion, {suite} …");
            quiet(
                cargo()
                    .args(["bench", "--package", "imza", "--bench", suite])
                    .current_dir(&self.root),
            )?;
            let folder = workspace::target()?.join("criterion").join(suite);
            for entry in std::fs::read_dir(folder)? {
                let new = entry?.path().join("new");
                let Ok(text) = std::fs::read_to_string(new.join("estimates.json")) else {
                    continue;
                };
                let estimates: Value = serde_json::from_str(&text)?;
                let text = std::fs::read_to_string(new.join("benchmark.json"))?;
                let benchmark: Value = serde_json::from_str(&text)?;
                let name = |member: &str| benchmark.get(member).and_then(Value::as_str);
                // One or the other, by how the benchmark was given its name.
                let name = name("function_id").or_else(|| name("value_str"));
                let median = estimates.pointer("/median/point_estimate");
                let median = median.and_then(Value::as_f64).unwrap_or_default();
                let mut text = format!("{:.3} ms", median / 1e6);
                // Nanoseconds for octets: a thousand times this is megabytes a second.
                let octets = benchmark.pointer("/throughput/Bytes");
                if let Some(octets) = octets.and_then(Value::as_f64) {
                    text = format!("{text}, {:.0} MB/s", octets / median * 1e3);
                }
                rows.push((format!("warm: {}", name.unwrap_or_default()), text));
            }
        }
        rows.sort();
        Ok(rows)
    }
}

/// The median time of some passes and the most memory that one took.
fn passes(command: &mut Command) -> Outcome<(Duration, u64)> {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..PASSES {
        let run = Run::of(command)?;
        times.push(run.time);
        memory = memory.max(run.memory);
    }
    Ok((median(times), memory))
}

/// Octets without a pattern, made once.
fn make_large(path: &Path) -> Outcome<()> {
    if std::fs::metadata(path).is_ok_and(|facts| facts.len() == LARGE) {
        return Ok(());
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..LARGE / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes())?;
    }
    file.flush()?;
    Ok(())
}

/// A PDF whose one page is an image of zeros, which take no room on the disk.
fn make_scan(path: &Path) -> Outcome<()> {
    let mut file = std::fs::File::create(path)?;
    let mut places = Vec::new();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 4 0 R>>>>>>"
            .to_owned(),
        format!(
            "<</Type/XObject/Subtype/Image/Width 25000/Height 20000/ColorSpace/DeviceGray\
             /BitsPerComponent 8/Length {SCAN}>>stream\n"
        ),
    ];
    file.write_all(b"%PDF-1.7\n")?;
    for (index, object) in objects.iter().enumerate() {
        places.push(file.stream_position()?);
        write!(file, "{} 0 obj\n{object}", index + 1)?;
        if index + 1 < objects.len() {
            file.write_all(b"\nendobj\n")?;
        }
    }
    let end = file.stream_position()? + SCAN;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(b"\nendstream\nendobj\n")?;
    let table = file.stream_position()?;
    file.write_all(b"xref\n0 5\n0000000000 65535 f \n")?;
    for place in places {
        writeln!(file, "{place:010} 00000 n ")?;
    }
    write!(
        file,
        "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"
    )?;
    Ok(())
}

fn speed(time: Duration) -> String {
    let rate = to_f64(LARGE) / 1e6 / time.as_secs_f64();
    format!("{:.2} s, {rate:.0} MB/s", time.as_secs_f64())
}

/// Near enough for figures of up to a few GB.
fn to_f64(number: u64) -> f64 {
    u32::try_from(number / 1024).map_or(f64::MAX, f64::from) * 1024.0
}

/// What the figures were measured on.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = quiet(&mut command("rustc", &["--version"])).unwrap_or_default();
    format!(
        "{model}, {cores} cores, {}, {}",
        std::env::consts::OS,
        rustc.trim()
    )
}
