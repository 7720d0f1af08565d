//! The command as a person runs it: exit status, one line per document, nothing lost.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::{Pki, asic, zip};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const SIGNED: i64 = 1_781_000_000;
const TIME: &str = "2026-06-09T12:00:00Z";

/// A folder with a genuine container, an altered one and a root.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pki = Pki::fixed().unwrap();
        let content = "ərizə\n".as_bytes();
        let mut signed = sign(&CadesSpec::detached(SIGNED), content, &pki.citizen_p256).unwrap();
        signed.stamp(&pki, SIGNED + 5).unwrap();
        let values =
            LongTermValues::collect(&pki, &pki.citizen_p256, &pki.tsa_p256, SIGNED + 10).unwrap();
        signed.add_long_term(&values);
        let write = |name: &str, bytes: &[u8]| {
            let file = DataFile {
                name: "ərizə.txt".to_owned(),
                bytes: bytes.to_vec(),
                media_type: "text/plain".to_owned(),
            };
            let container = zip::write(&asic::asic_s_cades(&file, &signed.der()));
            std::fs::write(folder.path().join(name), container).unwrap();
        };
        write("genuine.asics", content);
        write("altered.asics", "ərizA\n".as_bytes());
        std::fs::write(folder.path().join("root.cer"), &pki.root.certificate).unwrap();
        std::fs::write(folder.path().join("plain.txt"), b"nothing signed here").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imza"));
        command
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn verify(&self, documents: &[&str]) -> Output {
        let fixed = ["verify", "--offline", "--trust", "root.cer", "--time", TIME];
        self.run(&[&fixed, documents].concat())
    }

    fn partial_files(&self) -> Vec<String> {
        partial_files(self.folder.path())
    }
}

fn partial_files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".partial")).collect()
}

#[test]
fn the_exit_status_tells_the_worst_verdict() {
    let desk = Desk::new();
    let status = |documents: &[&str]| desk.verify(documents).status.code();
    assert_eq!(status(&["genuine.asics"]), Some(0));
    assert_eq!(status(&["altered.asics"]), Some(20));
    assert_eq!(status(&["plain.txt"]), Some(30));
    assert_eq!(status(&["missing.asics"]), Some(30));
    assert_eq!(
        status(&["altered.asics", "plain.txt", "genuine.asics"]),
        Some(30)
    );
    let untrusted = desk.run(&["verify", "--offline", "--time", TIME, "genuine.asics"]);
    assert_eq!(untrusted.status.code(), Some(10));
}

#[test]
fn a_certificate_is_validated_by_itself() {
    let desk = Desk::new();
    let pki = Pki::fixed().unwrap();
    let write = |name: &str, octets: &[u8]| std::fs::write(desk.path(name), octets).unwrap();
    write("citizen.cer", &pki.citizen_p256.certificate);
    write("revoked.cer", &pki.citizen_revoked.certificate);
    write("issuing-ca.cer", &pki.issuing_ca.certificate);
    let root_list = imza_test_vectors::crl::of_root(&pki, SIGNED).unwrap();
    write("root.crl", &root_list);
    let list = imza_test_vectors::crl::of_issuing_ca(&pki, SIGNED).unwrap();
    write("issuing-ca.crl", &list);
    let validate = |file: &str, more: &[&str]| {
        let mut arguments = vec!["certificate", "validate", "--offline", "--time", TIME];
        arguments.extend(["--untrusted", "issuing-ca.cer", "--trust", "root.cer"]);
        arguments.extend(more);
        arguments.push(file);
        desk.run(&arguments)
    };
    let lists = ["--crl", "root.crl", "--crl", "issuing-ca.crl"];
    assert_eq!(validate("citizen.cer", &lists).status.code(), Some(0));
    let revoked = validate("revoked.cer", &lists);
    assert_eq!(revoked.status.code(), Some(10));
    let page = String::from_utf8(revoked.stdout).unwrap();
    assert!(page.contains("INDETERMINATE / REVOKED_NO_POE"), "{page}");
    // Without lists nothing tells the status; `none` does not ask for it.
    assert_eq!(validate("citizen.cer", &[]).status.code(), Some(10));
    let unasked = validate("citizen.cer", &["--revocation", "none"]);
    assert_eq!(unasked.status.code(), Some(0));
    let role = validate(
        "citizen.cer",
        &["--revocation", "none", "--purpose", "timestamping"],
    );
    assert_eq!(role.status.code(), Some(10));
    let policy = ["--revocation", "none", "--require-explicit-policy"];
    let acceptable = [&policy[..], &["--initial-policy", "1.2.3"]].concat();
    assert_eq!(validate("citizen.cer", &acceptable).status.code(), Some(10));
    // Unreadable files have a report too; material in the wrong place is wrong usage.
    assert_eq!(
        validate("plain.txt", &["--report", "json"]).status.code(),
        Some(30)
    );
    assert_eq!(validate("missing.cer", &[]).status.code(), Some(30));
    let misplaced = validate("citizen.cer", &["--crl", "issuing-ca.cer"]);
    assert_eq!(misplaced.status.code(), Some(2));

    // A page for a browser; the forms that are about signatures are refused.
    let page = validate("citizen.cer", &["--revocation", "none", "--report", "html"]);
    assert_eq!(page.status.code(), Some(0));
    assert!(page.stdout.starts_with(b"<!doctype html>"));
    for form in ["svg", "etsi"] {
        let refused = validate("citizen.cer", &["--report", form]);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("--report text, json or html"), "{said}");
    }

    let shown = desk.run(&["certificate", "show", "citizen.cer"]);
    assert_eq!(shown.status.code(), Some(0));
    let page = String::from_utf8(shown.stdout).unwrap();
    assert!(
        page.contains("Valid") && page.contains("Qualified"),
        "{page}"
    );
    let json = desk
        .run(&["certificate", "show", "--json", "citizen.cer"])
        .stdout;
    let facts: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(facts.get("is_authority"), Some(&false.into()));
}

#[test]
fn wrong_usage_is_two_and_says_what_to_do() {
    let desk = Desk::new();
    for arguments in [
        &["verify"][..],
        &[
            "verify",
            "--report",
            "html",
            "genuine.asics",
            "altered.asics",
        ],
        &["verify", "--report", "pdf", "genuine.asics"],
        &["verify", "--lang", "de", "genuine.asics"],
        &["verify", "--time", "yesterday", "genuine.asics"],
        &["verify", "--trust", "missing.pem", "genuine.asics"],
        &["verify", "--trust", "plain.txt", "genuine.asics"],
        &["verify", "--policy", "nonsense", "genuine.asics"],
        &[
            "verify",
            "--detached",
            "plain.txt",
            "genuine.asics",
            "altered.asics",
        ],
        &["nonsense"],
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn json_is_one_line_per_document_in_their_order() {
    let desk = Desk::new();
    let documents = ["altered.asics", "plain.txt", "genuine.asics"];
    for jobs in ["1", "2"] {
        let output = desk.verify(&[&["--report", "json", "--jobs", jobs][..], &documents].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().count(), 3);
        for (line, name) in text.lines().zip(documents) {
            let report: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(report["schema"], "imza-report/1");
            assert_eq!(report["document"]["name"], name);
            assert_eq!(report["error"].is_null(), name != "plain.txt");
        }
    }
}

#[test]
fn the_text_says_the_verdict_first_and_why() {
    let desk = Desk::new();
    let text = |name| String::from_utf8(desk.verify(&[name]).stdout).unwrap();
    let passed = "The signature is valid (TOTAL-PASSED)  genuine.asics\n";
    assert!(text("genuine.asics").starts_with(passed));
    let failed = text("altered.asics");
    assert!(
        failed.starts_with(
            "The signature is not valid (TOTAL-FAILED / HASH_FAILURE)  altered.asics\n"
        ),
        "{failed}"
    );
    assert!(
        failed.contains("cryptographic.reference-intact"),
        "{failed}"
    );
}

#[test]
fn an_existing_file_is_never_overwritten_unasked() {
    let desk = Desk::new();
    let report = desk.path("report.json");
    std::fs::write(&report, b"mine").unwrap();
    let refused = desk.verify(&["--report", "json", "-o", "report.json", "genuine.asics"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(std::fs::read(&report).unwrap(), b"mine");
    let forced = desk.verify(&[
        "--report",
        "json",
        "--force",
        "-o",
        "report.json",
        "genuine.asics",
    ]);
    assert_eq!(forced.status.code(), Some(0));
    assert!(std::fs::read(&report).unwrap().starts_with(b"{\"schema\""));
    assert!(desk.partial_files().is_empty());
}

#[test]
fn saved_evidence_holds_the_verdict() {
    let desk = Desk::new();
    let output = desk.verify(&["--save-evidence", "evidence.json", "genuine.asics"]);
    assert_eq!(output.status.code(), Some(0));
    let saved = std::fs::read_to_string(desk.path("evidence.json")).unwrap();
    assert!(saved.starts_with("{\"imza-evidence\":1,"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_partial_output() {
    let desk = Desk::new();
    let made = Command::new("mkfifo")
        .arg(desk.path("endless"))
        .status()
        .unwrap();
    assert!(made.success());
    let mut child = desk
        .command(&["verify", "--offline", "-o", "report.txt", "endless"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The run waits for the first octet of the document; its output has been begun.
    let mut waited = 0;
    while desk.partial_files().is_empty() && waited < 200 {
        std::thread::sleep(Duration::from_millis(25));
        waited += 1;
    }
    assert_eq!(desk.partial_files().len(), 1);
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(desk.partial_files().is_empty());
    assert!(!desk.path("report.txt").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_partial_output() {
    let desk = Desk::new();
    let disk = desk.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=8k", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        let mut out = std::io::stderr();
        writeln!(
            out,
            "skipped: full disk (a file system cannot be mounted here)"
        )
        .unwrap();
        return;
    }
    let output = desk.verify(&[
        "--report",
        "json",
        "-o",
        "disk/report.json",
        "genuine.asics",
    ]);
    let left = partial_files(&disk);
    let is_there = disk.join("report.json").exists();
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(output.status.code(), Some(1));
    assert!(left.is_empty() && !is_there);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("cannot be written"), "{complaint}");
}

/// The first line of a report and the complaint about a wrong time, by language.
const SPOKEN: [(&str, &str, &str); 4] = [
    ("az", "İmza etibarlıdır (TOTAL-PASSED)", "--time vaxt deyil"),
    (
        "en",
        "The signature is valid (TOTAL-PASSED)",
        "--time is not a time",
    ),
    (
        "ru",
        "Подпись действительна (TOTAL-PASSED)",
        "--time — не время",
    ),
    (
        "tr",
        "İmza geçerli (TOTAL-PASSED)",
        "--time bir zaman değil",
    ),
];

#[test]
fn reports_and_complaints_are_in_the_language_that_is_wanted() {
    let desk = Desk::new();
    for (language, passed, complaint) in SPOKEN {
        let report = desk.verify(&["--lang", language, "genuine.asics"]);
        let report = String::from_utf8(report.stdout).unwrap();
        assert!(report.starts_with(passed), "{report}");
        let wrong = desk.run(&["--lang", language, "verify", "--time", "x", "a"]);
        let wrong = String::from_utf8(wrong.stderr).unwrap();
        assert!(wrong.contains(complaint), "{wrong}");
    }
}

#[test]
fn the_locale_of_the_environment_is_the_default() {
    let desk = Desk::new();
    let first = |all: &str, messages: &str, lang: &str, arguments: &[&str]| {
        let fixed = ["verify", "--offline", "--trust", "root.cer", "--time", TIME];
        let mut command = desk.command(&[&fixed, arguments, &["genuine.asics"]].concat());
        command
            .env("LC_ALL", all)
            .env("LC_MESSAGES", messages)
            .env("LANG", lang);
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        text.chars().take(4).collect::<String>()
    };
    assert_eq!(first("", "", "az_AZ.UTF-8", &[]), "İmza");
    assert_eq!(first("", "ru_RU.UTF-8", "az_AZ.UTF-8", &[]), "Подп");
    assert_eq!(first("C", "ru_RU.UTF-8", "az_AZ.UTF-8", &[]), "The ");
    assert_eq!(first("ru_RU.UTF-8", "", "", &["--lang", "en"]), "The ");
    assert_eq!(first("", "", "de_DE.UTF-8", &[]), "The ");
}

#[test]
fn json_is_the_same_in_every_language() {
    let desk = Desk::new();
    let json = |language| {
        let documents = ["altered.asics", "plain.txt", "genuine.asics"];
        desk.verify(&[&["--report", "json", "--lang", language][..], &documents].concat())
            .stdout
    };
    for language in ["az", "ru", "tr"] {
        assert_eq!(json(language), json("en"));
    }
}

#[test]
fn plain_lines_have_no_columns_and_narrow_pages_no_wide_lines() {
    let desk = Desk::new();
    let plain = desk.verify(&["--plain", "--lang", "tr", "altered.asics"]);
    let plain = String::from_utf8(plain.stdout).unwrap();
    assert!(!plain.contains("  cryptographic"), "{plain}");
    assert!(plain.lines().all(|line| !line.starts_with(' ')), "{plain}");
    let fixed = ["verify", "--offline", "--lang", "az", "altered.asics"];
    let narrow = desk.command(&fixed).env("COLUMNS", "40").output().unwrap();
    let narrow = String::from_utf8(narrow.stdout).unwrap();
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 40),
        "{narrow}"
    );
}

fn text_of(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[test]
fn saved_evidence_is_judged_again() {
    let desk = Desk::new();
    let fixed = [
        "--offline",
        "--trust",
        "root.cer",
        "--time",
        TIME,
        "--report",
        "json",
    ];
    let save = ["--save-evidence", "e.json", "genuine.asics"];
    let verified = desk.run(&[&["verify"], &fixed[..], &save[..]].concat());
    assert_eq!(
        verified.status.code(),
        Some(0),
        "{}",
        text_of(&verified.stderr)
    );
    let judge = |more: &[&str]| desk.run(&[&["judge"], &fixed[..], more].concat());

    // With the document: the same report, octet by octet.
    let with = judge(&["e.json", "genuine.asics"]);
    assert_eq!(with.status.code(), Some(0), "{}", text_of(&with.stderr));
    assert_eq!(text_of(&with.stdout), text_of(&verified.stdout));
    // Without: the same but for its basis, and never 0 by itself.
    let without = judge(&["e.json"]);
    assert_eq!(without.status.code(), Some(10));
    let from_document = text_of(&verified.stdout);
    let expected = from_document.replace(r#""basis":"document""#, r#""basis":"evidence""#);
    assert_eq!(text_of(&without.stdout), expected);
    let trusting = judge(&["e.json", "--trust-digests"]);
    assert_eq!(trusting.status.code(), Some(0));
    // With another document: not at all.
    let other = judge(&["e.json", "altered.asics"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(other.stdout.is_empty());
    for wrong in [["genuine.asics", "e.json"], ["plain.txt", "genuine.asics"]] {
        assert_eq!(judge(&wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(
        judge(&["e.json", "genuine.asics", "--trust-digests"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn another_policy_judges_saved_evidence_otherwise() {
    let desk = Desk::new();
    let fixed = ["--offline", "--trust", "root.cer", "--time", TIME];
    let save = ["--save-evidence", "e.json", "genuine.asics"];
    assert_eq!(
        desk.run(&[&["verify"], &fixed[..], &save[..]].concat())
            .status
            .code(),
        Some(0)
    );
    let strong = r#"{"name":"ours","suite":{"name":"none","rules":[]}}"#;
    std::fs::write(desk.path("p.json"), strong).unwrap();
    let judged = ["judge", "e.json", "genuine.asics", "--policy", "p.json"];
    assert_eq!(
        desk.run(&[&judged, &fixed[..]].concat()).status.code(),
        Some(10)
    );
}

#[test]
fn policies_are_shown_checked_and_compared() {
    let desk = Desk::new();
    let names = desk.run(&["policy", "show"]);
    for name in text_of(&names.stdout).lines() {
        let shown = desk.run(&["policy", "show", name]);
        assert_eq!(shown.status.code(), Some(0), "{name}");
        std::fs::write(desk.path("p.json"), &shown.stdout).unwrap();
        assert_eq!(
            desk.run(&["policy", "diff", name, "p.json"]).status.code(),
            Some(0)
        );
    }
    let differ = desk.run(&["policy", "diff", "default", "strict"]);
    assert_eq!(differ.status.code(), Some(10));
    assert!(text_of(&differ.stdout).contains("path.key-usage: warn -> fail"));
    std::fs::write(
        desk.path("p.json"),
        r#"{"name":"ours","levels":{"revocation.fresh":"warn","path.valid":"ignore"}}"#,
    )
    .unwrap();
    let checked = text_of(&desk.run(&["policy", "check", "p.json"]).stdout);
    assert!(
        checked.contains("revocation.fresh: warn (default: fail)"),
        "{checked}"
    );
    assert!(
        checked.contains("path.valid is always checked"),
        "{checked}"
    );
    for wrong in [
        "{}",
        r#"{"name":"a","freshnes":"unbounded"}"#,
        "not a policy",
    ] {
        std::fs::write(desk.path("p.json"), wrong).unwrap();
        let said = desk.run(&["policy", "check", "p.json"]);
        assert_eq!(said.status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn every_form_of_a_report_has_the_verdict() {
    let desk = Desk::new();
    for (form, begins, verdict) in [
        (
            "html",
            "<!doctype html>\n<html lang=\"en\">",
            "TOTAL-PASSED",
        ),
        ("svg", "<svg xmlns=", "2026"),
        (
            "etsi",
            "<?xml version=\"1.0\"",
            ":mainindication:total-passed<",
        ),
    ] {
        let name = format!("report.{form}");
        let output = desk.verify(&["--report", form, "-o", &name, "genuine.asics"]);
        assert_eq!(output.status.code(), Some(0), "{form}");
        let text = std::fs::read_to_string(desk.path(&name)).unwrap();
        assert!(
            text.starts_with(begins) && text.contains(verdict),
            "{form}: {text}"
        );
        let failed = desk.verify(&["--report", form, "altered.asics"]);
        assert_eq!(failed.status.code(), Some(20), "{form}");
        assert!(!text_of(&failed.stdout).contains("total-passed<"));
    }
}

#[test]
fn an_outlook_says_what_ends_it() {
    let desk = Desk::new();
    let said = text_of(&desk.verify(&["--what-if", "genuine.asics"]).stdout);
    assert!(
        said.contains("passes until") && said.contains("before"),
        "{said}"
    );
    let json = text_of(
        &desk
            .verify(&["--what-if", "--report", "json", "genuine.asics"])
            .stdout,
    );
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["outlook"]["signatures"][0]["passes"], true);
    assert!(report["outlook"]["signatures"][0]["renewed"]["time"].is_string());
    // Without being asked for it is not there: the report is the same as ever.
    let plain = text_of(&desk.verify(&["--report", "json", "genuine.asics"]).stdout);
    assert!(!plain.contains("outlook"));
    // Saved evidence is looked ahead from as well.
    desk.verify(&["--save-evidence", "e.json", "genuine.asics"]);
    let fixed = [
        "judge",
        "e.json",
        "--what-if",
        "--trust",
        "root.cer",
        "--time",
        TIME,
    ];
    let judged = text_of(&desk.run(&fixed).stdout);
    assert!(judged.contains("passes until"), "{judged}");
}
