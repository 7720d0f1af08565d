//! Trust anchors in one file.

use super::{Desk, pem};

fn desk() -> Desk {
    let desk = Desk::new();
    let key = &desk.pki.citizen_p384.key;
    desk.write("key.pem", key.pkcs8_pem().unwrap());
    desk.write("public.pem", pem(&desk.pki.citizen_p384));
    desk.write("other.pem", pem(&desk.pki.citizen_p256));
    desk.write("ocsp.pem", pem(&desk.pki.ocsp_responder));
    desk
}

const BUILD: [&str; 6] = [
    "trust",
    "build",
    "--trust",
    "root.pem",
    "--trust-for",
    "ocsp=ocsp.pem",
];

#[test]
fn a_bundle_is_built_shown_verified_and_trusted() {
    let desk = desk();
    let more = [
        "--name",
        "ours",
        "--note",
        "of the test",
        "--key",
        "key.pem",
        "-o",
        "ours.trust",
    ];
    let built = desk.run(&[&BUILD[..], &more].concat());
    assert_eq!(
        (built.status, built.err.as_str()),
        (0, "written: ours.trust\n")
    );
    let shown = desk.run(&["trust", "show", "ours.trust"]);
    assert_eq!(shown.status, 0, "{}", shown.err);
    for words in ["ours", "of the test", "signing", "ocsp", "Signed by key"] {
        assert!(shown.out.contains(words), "{}", shown.out);
    }
    let json = desk.run(&["trust", "show", "--json", "ours.trust"]).out;
    let facts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(facts["anchors"].as_array().unwrap().len(), 2);
    assert_eq!(facts["anchors"][1]["purposes"], serde_json::json!(["ocsp"]));
    for (key, status) in [("public.pem", 0), ("other.pem", 10)] {
        let said = desk.run(&["trust", "verify", "--key", key, "ours.trust"]);
        assert_eq!(said.status, status, "{key}: {}", said.out);
    }
    // What it says of a document is what the certificates say.
    let both = desk.pki.citizen_p256.key.pkcs8_pem().unwrap() + &pem(&desk.pki.citizen_p256);
    desk.write("both.pem", both);
    assert_eq!(
        desk.run(&["sign", "--with", "pem:both.pem", "permit.txt"])
            .status,
        0
    );
    let judged = |trust: &[&str]| {
        let fixed = [
            "verify",
            "--offline",
            "--report",
            "json",
            "--time",
            "2026-06-09T12:00:00Z",
        ];
        desk.run(&[&fixed[..], trust, &["permit.txt.asice"]].concat())
            .out
    };
    let bundle = judged(&["--trust", "ours.trust"]);
    let files = judged(&["--trust", "root.pem", "--trust-for", "ocsp=ocsp.pem"]);
    assert_eq!(bundle, files);
}

#[test]
fn a_changed_bundle_is_refused_wherever_it_is_given() {
    let desk = desk();
    let more = ["--key", "key.pem", "-o", "ours.trust"];
    assert_eq!(desk.run(&[&BUILD[..], &more].concat()).status, 0);
    let text = std::fs::read_to_string(desk.path("ours.trust")).unwrap();
    desk.write("ours.trust", text.replace("\"ocsp\"", "\"signing\""));
    for arguments in [
        &["trust", "show", "ours.trust"][..],
        &["trust", "verify", "--key", "public.pem", "ours.trust"],
        &["verify", "--trust", "ours.trust", "permit.txt"],
    ] {
        let said = desk.run(arguments);
        assert!(
            said.status == 1 || said.status == 2,
            "{arguments:?}: {}",
            said.out
        );
        assert!(said.out.is_empty() && !said.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_a_bundle_is_told() {
    let desk = desk();
    for (arguments, status) in [
        (&["trust", "build", "-o", "a"][..], 2),
        (&["trust", "build", "--trust", "permit.txt", "-o", "a"], 2),
        (
            &[
                "trust", "build", "--trust", "root.pem", "--until", "soon", "-o", "a",
            ],
            2,
        ),
        (
            &[
                "trust",
                "build",
                "--trust",
                "root.pem",
                "--key",
                "permit.txt",
                "-o",
                "a",
            ],
            1,
        ),
        (&["trust", "show", "root.pem"], 2),
        (&["trust", "show", "missing"], 2),
    ] {
        let said = desk.run(arguments);
        assert_eq!(said.status, status, "{arguments:?}: {}", said.err);
        assert!(!desk.path("a").exists());
    }
    let more = ["--until", "2030-01-01T00:00:00Z", "-o", "unsigned.trust"];
    assert_eq!(desk.run(&[&BUILD[..], &more].concat()).status, 0);
    let said = desk.run(&["trust", "verify", "--key", "public.pem", "unsigned.trust"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (10, "unsigned.trust: signed by nobody\n")
    );
    let again = desk.run(&[&BUILD[..], &more].concat());
    assert_eq!(again.status, 1, "{}", again.err);
}
