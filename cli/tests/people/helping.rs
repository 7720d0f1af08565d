//! Completions, manual pages, and progress that bothers nobody.

use super::Desk;

#[test]
fn every_shell_is_completed() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = desk.run(&["completions", shell]);
        assert_eq!(said.status, 0, "{shell}");
        for word in ["verify", "inspect", "key-label"] {
            assert!(said.out.contains(word), "{shell} lacks {word}");
        }
        assert!(
            !said.out.contains("--unknown") && said.err.is_empty(),
            "{shell}"
        );
    }
    assert_eq!(desk.run(&["completions", "cmd"]).status, 2);
}

#[test]
fn bash_completes_what_was_begun() {
    let desk = Desk::new();
    desk.write("imza.bash", desk.run(&["completions", "bash"]).out);
    let script = "source imza.bash; COMP_WORDS=(imza ver); COMP_CWORD=1; _imza imza ver imza; \
                  [ \"${COMPREPLY[*]}\" = verify ]";
    desk.tool("bash", &["-c", script]);
}

#[test]
fn help_speaks_the_language_that_is_asked_for() {
    let desk = Desk::new();
    for (language, usage) in [
        ("az", "İstifadəsi: imza"),
        ("en", "Usage: imza"),
        ("ru", "Использование: imza"),
        ("tr", "Kullanım: imza"),
    ] {
        let named = format!("--lang={language}");
        for arguments in [
            &[named.as_str(), "--help"][..],
            &["--lang", language, "trust", "build", "-h"],
            &["certificate", "validate", "--lang", language, "--help"],
            &["--lang", language, "help", "sign"],
        ] {
            let said = desk.run(arguments);
            assert_eq!(said.status, 0, "{arguments:?}: {}", said.err);
            assert!(said.out.contains(usage), "{arguments:?}: {}", said.out);
            assert!(
                said.err.is_empty() && !said.out.contains('\u{1b}'),
                "{}",
                said.out
            );
        }
        let said = desk.run(&["--lang", language, "certificate", "validate", "--help"]);
        assert!(
            said.out.contains("--require-explicit-policy"),
            "{}",
            said.out
        );
    }
    // Without a command help is a complaint.
    assert_eq!(desk.run(&["--lang", "az"]).status, 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Desk::new();
    let page = desk.run(&["man"]);
    assert!(
        page.out.contains(".TH") && page.out.contains("imza\\-verify(1)"),
        "{}",
        page.out
    );
    let written = desk.run(&["man", "pages"]);
    assert_eq!(written.status, 0, "{}", written.err);
    for name in [
        "imza",
        "imza-verify",
        "imza-sign",
        "imza-inspect",
        "imza-man",
    ] {
        let page = std::fs::read_to_string(desk.path("pages").join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".SH OPTIONS"), "{name}");
    }
    // Pages that are there are kept.
    let again = desk.run(&["man", "pages"]);
    assert_eq!(again.status, 1);
    assert!(again.err.contains("--force"), "{}", again.err);
    assert_eq!(desk.run(&["man", "--force", "pages"]).status, 0);
}

#[test]
fn progress_is_silent_where_nobody_looks() {
    let desk = Desk::new();
    let entity = &desk.pki.citizen_p256;
    let both = entity.key.pkcs8_pem().unwrap() + &super::pem(entity);
    desk.write("both.pem", both);
    // Long enough in this build for progress, if it were shown.
    let file = std::fs::File::create(desk.path("big")).unwrap();
    file.set_len(128 << 20).unwrap();
    let said = desk.run(&["sign", "--with", "pem:both.pem", "big"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.err, "signed: big.asice\n");
    let trust = ["--offline", "--trust", "root.pem", "--report", "json"];
    let verified = desk.run(&[&["verify"], &trust[..], &["big.asice"]].concat());
    assert!(verified.err.is_empty(), "{}", verified.err);
}

#[test]
fn the_number_of_jobs_is_bounded() {
    let desk = Desk::new();
    for jobs in ["0", "65", "x", "-1"] {
        let said = desk.run(&["verify", "--jobs", jobs, "permit.txt"]);
        assert_eq!(said.status, 2, "{jobs}");
    }
    for jobs in ["1", "64"] {
        let said = desk.run(&["verify", "--jobs", jobs, "permit.txt", "permit.txt"]);
        assert_eq!(said.status, 30, "{jobs}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn progress_is_shown_to_whoever_looks() {
    let desk = Desk::new();
    let entity = &desk.pki.citizen_p256;
    let both = entity.key.pkcs8_pem().unwrap() + &super::pem(entity);
    desk.write("both.pem", both);
    let file = std::fs::File::create(desk.path("big")).unwrap();
    file.set_len(384 << 20).unwrap();
    let imza = env!("CARGO_BIN_EXE_imza");
    for (terminal, document, is_shown) in [
        ("xterm", "big", true),
        ("dumb", "big", false),
        ("xterm", "permit.txt", false),
    ] {
        let line = format!("TERM={terminal} {imza} sign --with pem:both.pem --force {document}");
        if !desk.tool(
            "script",
            &["--quiet", "--return", "--command", &line, "typescript"],
        ) {
            return;
        }
        let seen =
            String::from_utf8_lossy(&std::fs::read(desk.path("typescript")).unwrap()).into_owned();
        assert_eq!(
            seen.contains('%'),
            is_shown,
            "{terminal} {document}: {seen}"
        );
        assert!(seen.contains("signed: "), "{seen}");
    }
}
