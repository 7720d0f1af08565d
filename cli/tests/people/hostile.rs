//! Names made to mislead, in everything that the command writes.

use super::{Desk, pem};
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::name::Name;
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::{Entity, asic, zip};

const SIGNED: i64 = 1_781_000_000;
const FILE: &str = "\u{1b}[2J\u{202e}txt.\u{0430}pril\u{9b}31m\u{200b}";
const PERSON: &str = "Ays\u{0435}l\u{1b}[32mTOTAL-PASSED\r\n\u{2066}";

fn is_harmless(character: char) -> bool {
    character == '\n'
        || (!character.is_control()
            && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'))
}

#[test]
fn hostile_names_are_shown_harmless_by_every_command_and_form() {
    let desk = Desk::new();
    let key = &desk.pki.citizen_p256.key;
    let subject = Name::new(&[("C", "AZ"), ("CN", PERSON), ("serialNumber", "PNOAZ-1")]);
    let spec = desk.pki.citizen_spec(subject, key, 77);
    let signer = Entity::issue("hostile", &spec, key, &desk.pki.issuing_ca).unwrap();
    let spec = CadesSpec::detached(SIGNED);
    let signed = sign(&spec, b"content", &signer).unwrap().der();
    let file = DataFile::new(FILE, "text/plain", b"changed");
    let container = zip::write(&asic::asic_s_cades(&file, &signed));
    let hostile = "bill\u{202e}cisa.\u{1b}[31m.asics";
    desk.write(hostile, container);
    desk.write("signer.pem", pem(&signer));
    for language in ["az", "en", "ru", "tr"] {
        for arguments in [
            &["verify", "--offline", hostile][..],
            &["verify", "--offline", "--plain", hostile],
            &["verify", "--offline", "--report", "json", hostile],
            &[
                "verify",
                "--offline",
                "--report",
                "json",
                "--pretty",
                hostile,
            ],
            &["verify", "--offline", "--trust", hostile, hostile],
            &["verify", "--offline", "no\u{1b}[2J\u{202e}ne"],
            &["inspect", hostile],
            &["inspect", "--json", hostile],
            &["sign", "--with", "p12:no\u{1b}[2Jne", hostile],
        ] {
            let said = desk.run(&[arguments, &["--lang", language]].concat());
            for text in [&said.out, &said.err] {
                let harmful = text.chars().find(|one| !is_harmless(*one));
                assert_eq!(harmful, None, "{arguments:?}: {text}");
            }
            assert!(said.out.len() + said.err.len() > 20, "{arguments:?}");
        }
    }
    let page = desk.run(&["verify", "--offline", hostile]).out;
    assert!(page.contains("Ays\u{0435}\\u{435}l"), "{page}");
}
