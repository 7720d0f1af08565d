//! PDFs and messages from signing to the last level, with services on this machine, judged by this
//! command and by programs of others.

use super::{Desk, Said, pem};
use imza_test_vectors::crl;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::server::{Behaviour, Server};
use imza_test_vectors::time::Clock;

impl Desk {
    /// A desk with services that answer now, and somebody's key.
    fn with_services() -> (Self, Server) {
        let mut desk = Self::new();
        let server = Server::start(Clock::System).unwrap();
        desk.pki = server.pki();
        desk.write("root.pem", pem(&desk.pki.root));
        let citizen = &desk.pki.citizen_p256;
        desk.write("key.pem", citizen.key.pkcs8_pem().unwrap());
        desk.write("cert.pem", pem(citizen) + &pem(&desk.pki.issuing_ca));
        let pdf = Pdf::new("May build.", CrossReference::Stream);
        desk.write("contract.pdf", pdf.bytes());
        (desk, server)
    }

    fn sign_here(&self, options: &[&str]) {
        let key = ["sign", "--with", "pem:key.pem", "--cert", "cert.pem"];
        let said = self.run(&[&key, options].concat());
        assert_eq!(said.status, 0, "{options:?}: {}", said.err);
    }

    fn augment(&self, server: &Server, options: &[&str]) -> Said {
        let tsa = format!("{}/tsa", server.url());
        let fixed = [
            "augment",
            "--tsa",
            &tsa,
            "--trust",
            "root.pem",
            "--danger-allow-loopback",
        ];
        self.run(&[&fixed, options].concat())
    }

    fn judge(&self, documents: &[&str]) -> Said {
        let fixed = [
            "verify",
            "--offline",
            "--trust",
            "root.pem",
            "--report",
            "json",
        ];
        self.run(&[&fixed, documents].concat())
    }

    /// qpdf finds nothing wrong, and poppler finds every signature to fit.
    fn others_agree(&self, document: &str, signatures: usize) {
        self.tool("qpdf", &["--check", document]);
        let mut pdfsig = std::process::Command::new("pdfsig");
        pdfsig.current_dir(self.folder.path()).arg(document);
        match pdfsig.output() {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stdout);
                let valid = said.matches("Signature is Valid.").count();
                assert_eq!(valid, signatures, "{said}");
            }
            Err(_) => eprintln!("skipped: pdfsig is not installed"),
        }
        self.tool(
            "python3",
            &["-c", PYHANKO, document, &signatures.to_string()],
        );
    }
}

/// pyHanko, strict: every signature and time-stamp fits, and what followed it is permitted.
const PYHANKO: &str = r#"
import sys
try:
    from pyhanko.pdf_utils.reader import PdfFileReader
except ImportError:
    print("skipped: no pyHanko")
    sys.exit()
with open(sys.argv[1], "rb") as file:
    reader = PdfFileReader(file, strict=True)
    signatures = reader.embedded_signatures
    assert len(reader.embedded_regular_signatures) == int(sys.argv[2]), signatures
    for one in signatures:
        one.compute_integrity_info()
        said = one.summarise_integrity_info()
        assert said["docmdp_ok"], (one.field_name, one.diff_result)
"#;

#[test]
fn a_pdf_is_signed_in_place_of_a_container_and_grows_to_every_level() {
    let (desk, server) = Desk::with_services();
    let before = std::fs::read(desk.path("contract.pdf")).unwrap();
    let reason = ["--reason", "Razıyam", "--location", "Bakı", "contract.pdf"];
    desk.sign_here(&reason);
    let signed = std::fs::read(desk.path("contract-signed.pdf")).unwrap();
    assert!(signed.starts_with(&before));
    desk.others_agree("contract-signed.pdf", 1);
    desk.sign_here(&["contract-signed.pdf", "-o", "twice.pdf"]);
    desk.others_agree("twice.pdf", 2);
    for (level, from, to) in [
        ("t", "twice.pdf", "twice-t.pdf"),
        ("lt", "twice-t.pdf", "twice-t-lt.pdf"),
        ("lta", "twice-t-lt.pdf", "twice-t-lt-lta.pdf"),
    ] {
        let said = desk.augment(&server, &["--level", level, from]);
        assert_eq!(said.status, 0, "{}", said.err);
        let (from, to) = (desk.path(from), desk.path(to));
        let (from, to) = (std::fs::read(from).unwrap(), std::fs::read(to).unwrap());
        assert!(to.starts_with(&from));
    }
    desk.tool("qpdf", &["--check", "twice-t-lt-lta.pdf"]);
    let report = desk.judge(&["twice-t-lt-lta.pdf"]).out;
    assert_eq!(report.matches("\"level\":\"B-LTA\"").count(), 2);
    assert!(!report.contains("\"integrity\":\"broken\""));
    assert!(!report.contains("\"integrity\":\"unknown\""));
    desk.others_agree("twice-t-lt-lta.pdf", 2);

    // Another round over all of that: seen this time, then kept for long again.
    let place = ["--visible=text=no", "--qr", "https://example.org"];
    let files = ["twice-t-lt-lta.pdf", "-o", "thrice.pdf"];
    desk.sign_here(&[&place[..], &files].concat());
    desk.others_agree("thrice.pdf", 3);
    let said = desk.augment(&server, &["--level", "lta", "thrice.pdf"]);
    assert_eq!(said.status, 0, "{}", said.err);
    desk.others_agree("thrice-lta.pdf", 3);
    let report = desk.judge(&["thrice-lta.pdf"]).out;
    assert_eq!(report.matches("\"level\":\"B-LTA\"").count(), 3);
    assert!(!report.contains("\"integrity\":\"broken\""));
    assert!(!report.contains("\"is_permitted\":false"));
}

#[test]
fn one_call_signs_a_pdf_to_level_lt() {
    let (desk, server) = Desk::with_services();
    let tsa = format!("{}/tsa", server.url());
    let options = ["--level", "lt", "--tsa", &tsa, "--trust", "root.pem"];
    let rest = ["--danger-allow-loopback", "contract.pdf"];
    desk.sign_here(&[&options[..], &rest].concat());
    desk.others_agree("contract-signed.pdf", 1);
    let report = desk.judge(&["contract-signed.pdf"]).out;
    assert!(report.contains("\"level\":\"B-LT\""));
}

#[test]
fn a_message_grows_to_the_last_level() {
    let (desk, server) = Desk::with_services();
    desk.sign_here(&["--format", "cades", "permit.txt"]);
    let beside = [
        "--level",
        "lta",
        "--detached",
        "permit.txt",
        "permit.txt.p7s",
    ];
    let said = desk.augment(&server, &beside);
    assert_eq!(said.status, 0, "{}", said.err);
    let judged = desk.judge(&["--detached", "permit.txt", "permit.txt-lta.p7s"]);
    assert_eq!(judged.status, 0);
    assert!(judged.out.contains("\"level\":\"B-LTA\""));
}

#[test]
fn a_level_that_cannot_be_reached_is_not_claimed() {
    let (desk, server) = Desk::with_services();
    desk.sign_here(&["--format", "cades", "permit.txt"]);
    let detached = ["--detached", "permit.txt", "permit.txt.p7s"];
    // Without the network there is no time-stamp.
    let tsa = format!("{}/tsa", server.url());
    let offline = ["augment", "--tsa", &tsa, "--trust", "root.pem", "--offline"];
    let said = desk.run(&[&offline[..], &detached].concat());
    assert_eq!(said.status, 1, "{}", said.err);
    // A trust set that does not know the certification authority.
    desk.write("other.pem", pem(&desk.pki.other_root));
    let other = [
        "augment",
        "--tsa",
        &tsa,
        "--trust",
        "other.pem",
        "--danger-allow-loopback",
    ];
    let said = desk.run(&[&other[..], &detached].concat());
    assert!(
        said.status == 1 && said.err.contains("--trust"),
        "{}",
        said.err
    );
    assert!(!desk.path("permit.txt-lt.p7s").exists());
}

impl Desk {
    /// A folder of lists and of the certificate between, as of now.
    fn keep_lists(&self) {
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = i64::try_from(now.as_secs()).unwrap();
        std::fs::create_dir_all(self.path("lists")).unwrap();
        self.write("lists/root.crl", crl::of_root(&self.pki, now).unwrap());
        let of_issuing_ca = crl::of_issuing_ca(&self.pki, now).unwrap();
        self.write("lists/issuing-ca.crl", of_issuing_ca);
        self.write("lists/issuing-ca.pem", pem(&self.pki.issuing_ca));
    }
}

#[test]
fn lists_in_files_reach_level_lt_without_a_network() {
    let (desk, server) = Desk::with_services();
    desk.sign_here(&["contract.pdf", "-o", "signed.pdf"]);
    desk.sign_here(&["permit.txt", "-o", "signed.asice"]);
    for ending in ["pdf", "asice"] {
        let file = |level: &str| format!("signed{level}.{ending}");
        let said = desk.augment(&server, &["--level", "t", &file("")]);
        assert_eq!(said.status, 0, "{ending}: {}", said.err);
        desk.keep_lists();
        let (t, lt) = (file("-t"), file("-t-lt"));
        let tsa = ["augment", "--tsa", "http://tsa.invalid/"];
        let offline = [&tsa[..], &["--trust", "root.pem", "--offline"]].concat();
        // Nothing to put in is no level LT, however little revocation is asked for.
        for revocation in ["require", "soft", "none"] {
            let said = desk.run(&[&offline[..], &["--revocation", revocation, &t]].concat());
            assert_eq!(said.status, 1, "{ending} {revocation}: {}", said.err);
            assert!(said.err.contains("input.material-missing"), "{}", said.err);
            assert!(!desk.path(&lt).exists());
        }
        let said = desk.run(&[&offline[..], &["--evidence", "lists", &t]].concat());
        assert_eq!(said.status, 0, "{ending}: {}", said.err);
        let judged = desk.judge(&[&lt]);
        assert_eq!(judged.status, 0, "{ending}: {}", judged.out);
        assert!(judged.out.contains("\"indication\":\"TOTAL-PASSED\""));
        assert!(judged.out.contains("\"level\":\"B-LT\""));
    }
}

#[test]
fn lists_in_files_are_put_in_by_whoever_signs() {
    let (desk, server) = Desk::with_services();
    desk.keep_lists();
    for path in ["/ocsp", "/crl/root.crl", "/crl/issuing-ca.crl"] {
        server.behave(path, Behaviour::Status(503));
    }
    let tsa = format!("{}/tsa", server.url());
    let key = ["sign", "--with", "pem:key.pem", "--cert", "cert.pem"];
    let level = ["--level", "lt", "--tsa", &tsa, "--trust", "root.pem"];
    let sign = [&key[..], &level, &["--danger-allow-loopback"]].concat();
    let said = desk.run(&[&sign[..], &["--revocation", "soft", "contract.pdf"]].concat());
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(!desk.path("contract-signed.pdf").exists());
    let said = desk.run(&[&sign[..], &["--evidence", "lists", "contract.pdf"]].concat());
    assert_eq!(said.status, 0, "{}", said.err);
    let judged = desk.judge(&["contract-signed.pdf"]);
    assert_eq!(judged.status, 0, "{}", judged.out);
    assert!(judged.out.contains("\"level\":\"B-LT\""));
    let said = desk.run(&[&sign[..], &["--evidence", "nowhere.crl", "permit.txt"]].concat());
    assert_eq!(said.status, 2, "{}", said.err);
}

#[test]
fn a_visible_signature_can_be_read_and_a_wrong_place_is_named() {
    let (desk, _server) = Desk::with_services();
    let key = ["sign", "--with", "pem:key.pem", "--cert", "cert.pem"];
    for place in [
        "--visible=page",
        "--visible=at=1x2",
        "--visible=page=0",
        "--visible=text=no",
    ] {
        let said = desk.run(&[&key[..], &[place, "contract.pdf"]].concat());
        assert_eq!(said.status, 2, "{}", said.err);
    }
    let font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    if !std::path::Path::new(font).exists() {
        eprintln!("skipped: DejaVu Sans is not installed");
        return;
    }
    let place = "--visible=page=1,at=36x36x220x64";
    desk.sign_here(&["--lang", "az", place, "--font", font, "contract.pdf"]);
    desk.others_agree("contract-signed.pdf", 1);
    if desk.tool("pdftotext", &["contract-signed.pdf", "shown.txt"]) {
        let shown = std::fs::read_to_string(desk.path("shown.txt")).unwrap();
        assert!(shown.contains("İmzalayan: Aysel Məmmədova"), "{shown}");
    }
    let said = desk.run(&[&key[..], &["--visible", "permit.txt"]].concat());
    assert_eq!(said.status, 2, "{}", said.err);
}

#[test]
fn a_visible_signature_can_be_a_picture_alone() {
    let (desk, _server) = Desk::with_services();
    desk.sign_here(&[
        "--visible=text=no",
        "--qr",
        "https://example.org",
        "contract.pdf",
    ]);
    desk.others_agree("contract-signed.pdf", 1);
    let key = [
        "sign",
        "--with",
        "pem:key.pem",
        "--cert",
        "cert.pem",
        "--force",
    ];
    for more in [
        ["--image", "permit.txt"],
        ["--image", "nowhere.png"],
        ["--qr", "x"],
    ] {
        let place: &[&str] = if more[0] == "--qr" {
            &[]
        } else {
            &["--visible=text=no"]
        };
        let said = desk.run(&[&key[..], place, &more, &["contract.pdf"]].concat());
        assert!(said.status != 0, "{}", said.err);
    }
}

#[test]
fn one_signature_of_several_is_augmented_and_a_new_one_alone() {
    let (desk, server) = Desk::with_services();
    desk.write("a.txt", b"a");
    desk.sign_here(&["a.txt"]);
    desk.sign_here(&["--role", "Notarius", "a.asice", "-o", "two.asice"]);
    let levels = |document: &str| {
        let report = desk.judge(&[document]).out;
        assert!(!report.contains("\"integrity\":\"broken\""));
        let count = |level: &str| report.matches(&format!("\"level\":\"{level}\"")).count();
        ["B-B", "B-T", "B-LT"].map(count)
    };
    let report = desk.judge(&["two.asice"]).out;
    let start = report.find("\"id\":\"S-").unwrap() + 6;
    let id = report[start..].split('"').next().unwrap();
    let one = ["--level", "lt", "two.asice", "--signature"];
    let said = desk.augment(&server, &[&one[..], &[id]].concat());
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(levels("two-lt.asice"), [1, 0, 1]);
    let unknown = ["--level", "t", "two.asice", "--signature", "S-0"];
    let said = desk.augment(&server, &unknown);
    assert_eq!(said.status, 1);
    assert!(
        said.err
            .contains("input.signature-missing: the document has no signature S-0")
    );

    let tsa = format!("{}/tsa", server.url());
    let to = |level| ["--level", level, "--tsa", &tsa, "--trust", "root.pem"];
    let trust = ["--danger-allow-loopback", "two.asice", "-o"];
    desk.sign_here(
        &[
            &to("t")[..],
            &["--role", "Tərcüməçi"][..],
            &trust[..],
            &["three.asice"],
        ]
        .concat(),
    );
    assert_eq!(levels("three.asice"), [2, 1, 0]);
    let countersign = format!("--countersign={id}");
    let fourth = [&trust[..], &["four.asice"]].concat();
    desk.sign_here(&[&to("lt")[..], &[&*countersign][..], &fourth[..]].concat());
    assert_eq!(levels("four.asice"), [2, 0, 1]);
    let key = ["sign", "--with", "pem:key.pem", "--cert", "cert.pem"];
    let fifth = [&trust[..], &["five.asice"]].concat();
    let said = desk.run(&[&key[..], &to("lta")[..], &[&*countersign][..], &fifth].concat());
    assert_eq!(said.status, 1);
    assert!(
        said.err
            .contains("an archive time-stamp of a counter-signature")
    );
    assert!(!desk.path("five.asice").exists());
}
