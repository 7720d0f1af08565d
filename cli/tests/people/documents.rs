//! XAdES without a container, and containers that are there already.

use super::{Desk, Said, pem};

const TRUST: [&str; 5] = ["--offline", "--revocation", "none", "--trust", "root.pem"];

impl Desk {
    /// `key.pem`: a key, its certificate and the one above it.
    fn with_key() -> Self {
        let desk = Self::new();
        let entity = &desk.pki.citizen_p256;
        let text = entity.key.pkcs8_pem().unwrap() + &pem(entity) + &pem(&desk.pki.issuing_ca);
        desk.write("key.pem", text);
        desk.write(
            "invoice.xml",
            "<invoice Id='i'><total>10</total></invoice>\n",
        );
        desk
    }

    fn signs(&self, options: &[&str]) -> Said {
        self.run(&[&["sign", "--with", "pem:key.pem"], options].concat())
    }

    fn passes(&self, options: &[&str]) -> Said {
        let said = self.run(&[&["verify"], &TRUST[..], options].concat());
        assert_eq!(said.status, 0, "{options:?} {}{}", said.out, said.err);
        said
    }

    fn succeeds(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.status, 0, "{arguments:?} {}", said.err);
        said
    }
}

#[test]
fn an_invoice_is_signed_in_every_way() {
    let desk = Desk::with_key();
    for (options, target, beside) in [
        (&["--format", "xades"][..], "invoice-signed.xml", None),
        (
            &["--packaging", "enveloping"],
            "invoice.xml.xades.xml",
            None,
        ),
        (
            &["--packaging", "detached"],
            "invoice.xml.xades.xml",
            Some("invoice.xml"),
        ),
        (
            &[
                "--packaging",
                "internally-detached",
                "--role",
                "clerk",
                "--commitment",
                "approval",
            ],
            "invoice-signed.xml",
            None,
        ),
    ] {
        let said = desk.signs(&[options, &["--force", "invoice.xml"]].concat());
        assert_eq!(said.status, 0, "{options:?} {}", said.err);
        let beside: Vec<&str> = beside
            .into_iter()
            .flat_map(|name| ["--detached", name])
            .collect();
        desk.passes(&[&beside[..], &[target]].concat());
        std::fs::remove_file(desk.path(target)).unwrap();
    }
}

#[test]
fn a_manifest_lets_a_document_be_away_but_not_be_another() {
    let desk = Desk::with_key();
    let said = desk.signs(&["--manifest", "-o", "m.xml", "invoice.xml", "permit.txt"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let both = ["--detached", "invoice.xml", "--detached", "permit.txt"];
    desk.passes(&[&both[..], &["m.xml"]].concat());
    desk.passes(&["--detached", "permit.txt", "m.xml"]);
    desk.write(
        "invoice.xml",
        "<invoice Id='i'><total>99</total></invoice>\n",
    );
    let verify = [&["verify"], &TRUST[..], &both[..], &["m.xml"]].concat();
    assert_eq!(desk.run(&verify).status, 20);
    // One XML document alone is signed beside, too.
    desk.succeeds(&["sign", "--with", "pem:key.pem", "--manifest", "invoice.xml"]);
    desk.passes(&["--detached", "invoice.xml", "invoice.xml.xades.xml"]);
}

#[test]
fn a_commitment_is_for_the_document_that_it_names() {
    let desk = Desk::with_key();
    let sign = |options: &[&str]| {
        let documents = ["invoice.xml", "permit.txt"];
        desk.signs(&[options, &["--force", "-o", "c.xml"], &documents].concat())
    };
    for form in [&["--packaging", "detached"][..], &["--manifest"]] {
        let said = sign(&[form, &["--commitment", "approval=permit.txt"]].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        let text = std::fs::read_to_string(desk.path("c.xml")).unwrap();
        assert!(text.contains("-R1</xades:ObjectReference>"), "{text}");
        desk.passes(&[
            "--detached",
            "invoice.xml",
            "--detached",
            "permit.txt",
            "c.xml",
        ]);
    }
    // A URI may hold an equals sign.
    let said = sign(&[
        "--packaging",
        "detached",
        "--commitment",
        "http://a.example/?a=b",
    ]);
    assert_eq!(said.status, 0, "{}", said.err);
    for (form, text) in [
        (&["--packaging", "detached"][..], "approval=other.txt"),
        (&["--packaging", "detached"], "1.2.3="),
        (&["--format", "asic-e-cades"], "approval=permit.txt"),
    ] {
        let said = sign(&[form, &["--commitment", text]].concat());
        assert_eq!(said.status, 2, "{text}");
        assert!(said.err.contains(text), "{}", said.err);
    }
}

#[test]
fn what_others_say_of_a_signer_is_signed() {
    let desk = Desk::with_key();
    desk.write(
        "said.xml",
        "<?xml version='1.0'?><a xmlns='urn:a'>clerk</a>",
    );
    // The shape of RFC 5755 §4.1.
    let certificate =
        b"\x30\x19\x30\x10\x02\x01\x01\x30\x00\xa0\x00\x30\x00\x02\x01\x01\x30\x00\x30\x00\
        \x30\x00\x03\x03\x00\x01\x02";
    desk.write("role.der", certificate);
    let role = ["--certified-role", "role.der"];
    let said = ["--signed-assertion", "said.xml"];
    let options = [&role[..], &said, &["--packaging", "enveloped"]].concat();
    let signed = desk.signs(&[&options[..], &["-o", "r.xml", "invoice.xml"]].concat());
    assert_eq!(signed.status, 0, "{}", signed.err);
    desk.passes(&["r.xml"]);
    let text = std::fs::read_to_string(desk.path("r.xml")).unwrap();
    assert!(text.contains("<a xmlns=\"urn:a\">clerk</a></xades:SignedAssertion>"));
    assert!(text.contains("<xades:X509AttributeCertificate>MBkwE"));
    let signed = desk.signs(&[&role[..], &["--format", "cades", "permit.txt"]].concat());
    assert_eq!(signed.status, 0, "{}", signed.err);
    for (options, status) in [
        (
            &["--signed-assertion", "said.xml", "--format", "cades"][..],
            2,
        ),
        (&["--signed-assertion", "permit.txt"], 1),
        (&["--certified-role", "said.xml"], 1),
        (&["--certified-role", "missing.der"], 2),
    ] {
        let said = desk.signs(&[options, &["-o", "no.asice", "permit.txt"]].concat());
        assert_eq!(said.status, status, "{options:?} {}", said.err);
    }
}

#[test]
fn two_people_sign_one_invoice() {
    let desk = Desk::with_key();
    assert_eq!(
        desk.signs(&["--packaging", "enveloped", "invoice.xml"])
            .status,
        0
    );
    let again = [
        "--format",
        "xades",
        "--role",
        "second",
        "-o",
        "two.xml",
        "invoice-signed.xml",
    ];
    let said = desk.signs(&again);
    assert_eq!(said.status, 0, "{}", said.err);
    let report = desk.passes(&["--report", "json", "two.xml"]).out;
    assert_eq!(report.matches("\"parent\":null").count(), 2, "{report}");
}

#[test]
fn options_of_xades_are_not_taken_for_other_forms() {
    let desk = Desk::with_key();
    for (options, word) in [
        (
            &["--packaging", "enveloped", "--format", "cades"][..],
            "--packaging",
        ),
        (
            &["--commitment", "http://a.example/", "--format", "cades"],
            "--commitment",
        ),
        (
            &["--signature-policy", "urn:a", "--format", "cades"],
            "--signature-policy",
        ),
        (&["--content-hint", "a"], "--content-hint"),
        (&["--manifest", "--format", "cades"], "--manifest"),
        (
            &["--manifest", "--packaging", "enveloping"],
            "--packaging detached",
        ),
        (&["--signature-policy", "1.2.3"], "--signature-policy-file"),
        (&["--signature-policy-store"], "--signature-policy-file"),
        (
            &[
                "--signature-policy",
                "1.2.3",
                "--signature-policy-file",
                "invoice.xml",
                "--signature-policy-store",
            ],
            "--signature-policy-specification",
        ),
        (&["--place", "planet=Mars"], "planet=Mars"),
        (&["--place", "town=A", "--place", "town=B"], "town=B"),
        (&["--place", "town="], "town="),
        (&["--packaging", "enveloped"], "permit.txt"),
    ] {
        let said = desk.signs(&[options, &["permit.txt"]].concat());
        assert!([1, 2].contains(&said.status), "{options:?}");
        assert!(
            said.err.contains(word) || word == "permit.txt",
            "{}",
            said.err
        );
    }
    let two = desk.signs(&["--packaging", "enveloped", "invoice.xml", "permit.txt"]);
    assert_ne!(two.status, 0);
}

#[test]
fn what_a_signer_claims_is_signed_in_messages_too() {
    let desk = Desk::with_key();
    desk.write("policy.txt", "what the signature means");
    let claims = [
        "--place",
        "country=AZ",
        "--commitment",
        "approval",
        "--commitment",
        "1.2.5",
        "--signature-policy",
        "1.2.3.4",
        "--signature-policy-file",
        "policy.txt",
        "--signature-policy-notice",
        "Oxuyun",
        "--signature-policy-specification",
        "1.2.3.5",
        "--signature-policy-store",
        "--content-hint",
        "a permit",
        "--media-type",
        "text/markdown",
    ];
    for format in ["cades", "asic-s", "asic-e-cades"] {
        let output = format!("{format}.out");
        let form = ["--format", format, "-o", &output, "permit.txt"];
        let said = desk.signs(&[&claims[..], &form].concat());
        assert_eq!(said.status, 0, "{format}: {}", said.err);
        let detached: &[&str] = match format {
            "cades" => &["--detached", "permit.txt"],
            _ => &[],
        };
        desk.passes(&[detached, &[&output]].concat());
        let octets = std::fs::read(desk.path(&output)).unwrap();
        let holds = |part: &[u8]| octets.windows(part.len()).any(|one| one == part);
        for text in ["Oxuyun", "AZ", "what the signature means"] {
            assert!(holds(text.as_bytes()), "{format}: {text}");
        }
        // 1.2.840.113549.1.9.16.6.5, 1.2.5 and 1.2.3.4 in DER.
        let approval = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x06\x05";
        for oid in [&approval[..], b"\x06\x02\x2a\x05", b"\x06\x03\x2a\x03\x04"] {
            assert!(holds(oid), "{format}: {oid:?}");
        }
        // What a manifest lists has its type there.
        let is_manifest = format == "asic-e-cades";
        assert!(is_manifest || holds(b"text/markdown"), "{format}");
        assert!(is_manifest || holds(b"a permit"), "{format}");
    }
}

#[test]
fn what_a_signer_claims_is_signed() {
    let desk = Desk::with_key();
    desk.write("policy.txt", "what the signature means");
    let claims = [
        "--place",
        "country=AZ",
        "--place",
        "town=Baku",
        "--role",
        "clerk",
        "--signature-policy",
        "1.2.3.4",
        "--signature-policy-file",
        "policy.txt",
        "--signature-policy-url",
        "http://policy.test/policy.txt",
        "--signature-policy-specification",
        "1.2.3.5",
        "--signature-policy-store",
    ];
    for form in [&["--format", "asic-s-xades"][..], &["--format", "asic-e"]] {
        let said = desk.signs(
            &[
                &claims,
                form,
                &["-o", "claims.zip", "--force", "permit.txt"],
            ]
            .concat(),
        );
        assert_eq!(said.status, 0, "{form:?} {}", said.err);
        desk.passes(&["claims.zip"]);
        let octets = std::fs::read(desk.path("claims.zip")).unwrap();
        let text = String::from_utf8_lossy(&octets);
        for claimed in [
            "urn:oid:1.2.3.4<",
            "urn:oid:1.2.3.5<",
            "<xades:City>Baku<",
            "<xades:CountryName>AZ<",
            "clerk",
            "http://policy.test/policy.txt",
            "<xades141:SignaturePolicyDocument>d2hhdCB0aGUgc2lnbmF0dXJlIG1lYW5z<",
        ] {
            assert!(text.contains(claimed), "{claimed}");
        }
    }
    let implied = [
        "--signature-policy",
        "implied",
        "--format",
        "xades",
        "invoice.xml",
    ];
    assert_eq!(desk.signs(&implied).status, 0);
    desk.passes(&["invoice-signed.xml"]);
}

#[test]
fn two_people_sign_a_container_of_one_document() {
    let desk = Desk::with_key();
    for format in ["asic-s-xades", "asic-s"] {
        let one = [
            "--format",
            format,
            "-o",
            "one.asics",
            "--force",
            "permit.txt",
        ];
        assert_eq!(desk.signs(&one).status, 0);
        let said = desk.signs(&["--role", "second", "--force", "one.asics"]);
        assert_eq!(said.status, 0, "{format} {}", said.err);
        let report = desk.passes(&["--report", "json", "one-signed.asics"]).out;
        assert_eq!(report.matches("\"parent\":null").count(), 2, "{report}");
        assert!(report.contains("\"container\":\"asic-s\""), "{report}");
    }
}

#[test]
fn a_signature_in_a_container_is_countersigned() {
    let desk = Desk::with_key();
    for format in ["asic-e", "asic-s-xades", "asic-e-cades", "asic-s"] {
        let one = [
            "--format",
            format,
            "-o",
            "one.asice",
            "--force",
            "permit.txt",
        ];
        assert_eq!(desk.signs(&one).status, 0);
        let said = desk.signs(&["--countersign", "--force", "one.asice"]);
        assert_eq!(said.status, 0, "{format} {}", said.err);
        let report = desk.passes(&["--report", "json", "one-signed.asice"]).out;
        assert_eq!(report.matches("\"parent\":null").count(), 1, "{report}");
        assert_eq!(report.matches("\"parent\":\"S-").count(), 1, "{report}");
    }
}

#[test]
fn a_container_is_filled_and_signed_twice_and_emptied() {
    let desk = Desk::with_key();
    desk.write("plan.txt", "plan");
    desk.succeeds(&[
        "container",
        "add",
        "c.asice",
        "permit.txt",
        "plan.txt",
        "invoice.xml",
    ]);
    desk.succeeds(&["container", "remove", "c.asice", "invoice.xml"]);
    let listed = desk.succeeds(&["container", "list", "c.asice"]).out;
    assert!(
        listed.contains("permit.txt") && listed.contains("plan.txt"),
        "{listed}"
    );
    assert!(!listed.contains("invoice.xml"), "{listed}");
    for target in ["one.asice", "two.asice"] {
        let source = if target == "one.asice" {
            "c.asice"
        } else {
            "one.asice"
        };
        let said = desk.signs(&["--role", target, "-o", target, source]);
        assert_eq!(said.status, 0, "{}", said.err);
    }
    let report = desk.passes(&["--report", "json", "two.asice"]).out;
    assert_eq!(report.matches("\"parent\":null").count(), 2, "{report}");
    let json = desk
        .succeeds(&["container", "list", "--json", "two.asice"])
        .out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["signatures"].as_array().unwrap().len(), 2);
    // Before anybody signs, and not after.
    for change in [
        &["add", "two.asice", "invoice.xml"],
        &["remove", "two.asice", "plan.txt"],
    ] {
        let said = desk.run(&[&["container"], &change[..]].concat());
        assert_eq!(said.status, 1, "{}", said.err);
        assert!(said.err.contains("input.signed"), "{}", said.err);
    }
    // A signature goes whole.
    desk.succeeds(&[
        "container",
        "remove",
        "-o",
        "less.asice",
        "two.asice",
        "META-INF/signatures1.xml",
    ]);
    let report = desk.passes(&["--report", "json", "less.asice"]).out;
    assert_eq!(report.matches("\"parent\":null").count(), 1, "{report}");

    desk.succeeds(&["extract", "-C", "out", "two.asice"]);
    let read = |name: &str| std::fs::read(desk.path(name)).unwrap();
    assert_eq!(read("out/permit.txt"), read("permit.txt"));
    assert_eq!(read("out/plan.txt"), b"plan");
    // What is there is not replaced unasked.
    assert_eq!(desk.run(&["extract", "-C", "out", "two.asice"]).status, 1);
    desk.succeeds(&["extract", "-C", "out", "--force", "two.asice", "plan.txt"]);
    assert_eq!(
        desk.run(&["extract", "-C", "out", "two.asice", "other.txt"])
            .status,
        2
    );
    // One file, where it is wanted; of several none is written.
    desk.succeeds(&["extract", "-o", "mine.txt", "two.asice", "plan.txt"]);
    assert_eq!(read("mine.txt"), b"plan");
    let said = desk.run(&["extract", "-o", "all.txt", "two.asice"]);
    assert_eq!(said.status, 2, "{}", said.err);
    assert!(!desk.path("all.txt").exists());
    // Nobody signed these.
    let said = desk.run(&["extract", "-C", "raw", "c.asice"]);
    assert_eq!(said.status, 10, "{}", said.err);
    assert!(said.err.contains("no intact signature"), "{}", said.err);
}

#[test]
fn what_an_xml_signature_holds_comes_out() {
    let desk = Desk::with_key();
    assert_eq!(
        desk.signs(&["--packaging", "enveloping", "permit.txt"])
            .status,
        0
    );
    desk.succeeds(&["extract", "-C", "out", "permit.txt.xades.xml"]);
    let found = std::fs::read(desk.path("out/permit.txt.xades.xml.content-1")).unwrap();
    assert_eq!(found, b"May build.\n");
    desk.succeeds(&["extract", "-o", "found.txt", "permit.txt.xades.xml"]);
    assert_eq!(std::fs::read(desk.path("found.txt")).unwrap(), found);
    // A changed one does not.
    let text = std::fs::read_to_string(desk.path("permit.txt.xades.xml")).unwrap();
    desk.write("changed.xml", text.replace("TWF5", "TWF6"));
    let said = desk.run(&["extract", "-C", "other", "changed.xml"]);
    assert_ne!(said.status, 0);
    assert!(!desk.path("other/changed.xml.content-1").exists());
    // Whoever has no key can write digests, but no value.
    let (before, value) = text.split_once("<ds:SignatureValue").unwrap();
    let (tag, value) = value.split_once('>').unwrap();
    let other = if value.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{before}<ds:SignatureValue{tag}>{other}{}", &value[1..]);
    desk.write("forged.xml", forged);
    let said = desk.run(&["extract", "-C", "other", "forged.xml"]);
    assert_eq!(said.status, 10, "{}", said.err);
}

#[test]
fn a_document_that_nothing_is_about_is_told() {
    let desk = Desk::with_key();
    let enveloping = ["--packaging", "enveloping", "permit.txt"];
    assert_eq!(desk.signs(&enveloping).status, 0);
    desk.write("other.txt", "May not build.\n");
    let detached = ["--detached", "other.txt", "--", "permit.txt.xades.xml"];
    let said = desk.run(&[&["verify"], &TRUST[..], &detached].concat());
    assert_eq!(said.status, 10, "{}", said.err);
    assert!(said.err.contains("other.txt"), "{}", said.err);
}
