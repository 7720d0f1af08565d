//! Documents that another program encrypted, opened with their passwords and without.

use super::super::testing::{Opened, open_protected, open_with};
use super::super::{Finding, Object, ObjectReference, Password, StringForm};
use crate::error::{Error, InputError, MalformedKind};
use crate::limits::Budget;
use crate::source::Stop;
use base64::Engine;

pub(super) fn vector(name: &str) -> Vec<u8> {
    let lines = include_str!("vectors.txt").lines();
    let mut found = lines.filter_map(|line| line.split_once(' '));
    let (_, text) = found.find(|(found, _)| *found == name).unwrap();
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}

pub(super) const ALL: [&str; 6] = [
    "rc4-40",
    "rc4-128",
    "aes-128",
    "aes-128-metadata",
    "aes-256-r5",
    "aes-256",
];

fn open(file: &[u8], password: Option<&str>) -> Result<Opened, Error> {
    open_protected(file, None, Budget::default(), password.map(Password::new))
}

/// Every string and the data of every stream, in the order of their objects.
fn content(opened: &mut Opened) -> Vec<String> {
    let mut found = Vec::new();
    for number in 1..20 {
        let reference = ObjectReference {
            number,
            generation: 0,
        };
        let (source, budget) = (&mut opened.source, &mut opened.budget);
        let document = &mut opened.document;
        let (mut object, _) = document.object(reference, 0, source, budget).unwrap();
        if let Object::Stream(stream) = &object
            && !stream.dictionary.is("Type", "XRef")
            && !stream.dictionary.is("Type", "ObjStm")
        {
            let data = document.stream_data(stream, 0, source, budget).unwrap();
            found.push(String::from_utf8_lossy(&data).into_owned());
        }
        let is_encryption = object
            .as_dictionary()
            .is_some_and(|dictionary| dictionary.is("Filter", "Standard"));
        if !is_encryption && !matches!(object, Object::Stream(_)) {
            let read: Result<(), Error> = object.change_strings(&mut |string| {
                found.push(String::from_utf8_lossy(&string.octets).into_owned());
                Ok(())
            });
            read.unwrap();
        }
    }
    found.sort();
    found
}

const PLAIN: [&str; 4] = ["<x:xmpmeta/>", "ad soyad", "gizli", "plain page data"];

#[test]
fn either_password_opens() {
    for name in ALL {
        for password in ["usr", "own"] {
            let mut opened = open(&vector(name), Some(password)).unwrap();
            assert_eq!(content(&mut opened), PLAIN, "{name} {password}");
        }
    }
}

#[test]
fn no_password_and_a_wrong_one_open_nothing() {
    for name in ALL {
        let refused = |password| open(&vector(name), password).map(|_| ()).unwrap_err();
        assert_eq!(refused(None), InputError::PasswordMissing.into(), "{name}");
        for password in ["", "Usr", "usr ", "owner", "üsr"] {
            let error = refused(Some(password));
            assert_eq!(error, InputError::PasswordWrong.into(), "{name} {password}");
        }
    }
}

#[test]
fn the_empty_password_needs_not_be_given() {
    for password in [None, Some(""), Some("own"), Some("another")] {
        let mut opened = open(&vector("aes-256-empty"), password).unwrap();
        assert_eq!(content(&mut opened), PLAIN);
    }
}

#[test]
fn letters_are_normalised() {
    for password in ["şifrə", "s\u{327}ifrə"] {
        let mut opened = open(&vector("aes-256-letters"), Some(password)).unwrap();
        assert_eq!(content(&mut opened), PLAIN);
    }
    assert!(open(&vector("aes-256-letters"), Some("sifrə")).is_err());
}

#[test]
fn pages_change_nothing() {
    for name in ["aes-256", "aes-256-empty"] {
        let password = Some(Password::new("own"));
        let file = vector(name);
        let opened = open_protected(&file, Some(64), Budget::default(), password);
        let at_hand = open(&file, Some("own")).unwrap();
        let opened = opened.unwrap();
        let spent = |opened: &Opened| format!("{:?}", opened.budget);
        assert_eq!(spent(&opened), spent(&at_hand), "{name}");
    }
}

/// The first place of `old` in a document, made `new`, which is as long.
fn with(name: &str, old: &str, new: &str) -> Vec<u8> {
    let mut file = vector(name);
    let at = file
        .windows(old.len())
        .position(|window| window == old.as_bytes())
        .unwrap_or_else(|| panic!("{old}"));
    file[at..at + old.len()].copy_from_slice(new.as_bytes());
    file
}

#[test]
fn dictionaries_that_contradict_themselves() {
    for (old, new) in [
        ("/P -4", "/P []"),
        ("/P -4", "/P -8"),
        ("/V 5", "/V[]"),
        ("/R 6", "/R()"),
        ("/StmF /StdCF", "/StmF /NoFil"),
        ("/StrF /StdCF", "/StrF (some)"),
        ("/OE <", "/OX <"),
        ("/UE <", "/UX <"),
        ("/Perms <", "/Perks <"),
        ("/U <", "/X <"),
        ("/CF <<", "/CG <<"),
        ("/Filter /Standard", "/Filler /Standard"),
    ] {
        let error = open(&with("aes-256", old, new), Some("usr")).map(|_| ());
        let Err(Error::Malformed(malformed)) = error else {
            panic!("{old} {new}: {error:?}");
        };
        assert_eq!(malformed.kind, MalformedKind::PdfEncryption, "{old} {new}");
    }
}

#[test]
fn other_encryptions_are_said_to_be_unsupported() {
    for (old, new) in [
        ("/Filter /Standard", "/Filter /Stangard"),
        ("/V 5", "/V 3"),
        ("/R 6", "/R 7"),
        ("/CFM /AESV3", "/CFM /AESV9"),
    ] {
        let error = open(&with("aes-256", old, new), Some("usr")).map(|_| ());
        assert!(
            matches!(error, Err(Error::Unsupported(_))),
            "{new}: {error:?}"
        );
    }
}

#[test]
fn an_octet_changed_in_the_keys_opens_nothing() {
    for name in ALL {
        let file = vector(name);
        for (key, password) in [("/O <", "own"), ("/U <", "usr")] {
            let at = file.windows(4).position(|window| window == key.as_bytes());
            let mut file = file.clone();
            let at = at.unwrap() + 8;
            file[at] = if file[at] == b'0' { b'1' } else { b'0' };
            assert!(open(&file, Some(password)).is_err(), "{name} {key}");
        }
    }
}

#[test]
fn what_is_not_encrypted_needs_no_password() {
    let opened = open_with(&vector("aes-256-empty"), None, Budget::default()).unwrap();
    assert!(opened.document.is_encrypted());
}

/// The document with other octets between two words of the field, as many.
fn with_field(name: &str, from: &str, to: &str, octets: &str) -> Vec<u8> {
    let mut file = vector(name);
    let place = |from: usize, what: &str, file: &[u8]| {
        let windows = &mut file[from..].windows(what.len());
        from + windows.position(|part| part == what.as_bytes()).unwrap()
    };
    let field = place(0, "/FT /Tx", &file);
    let start = place(field, from, &file);
    let end = place(start, to, &file);
    let octets = format!("{octets:width$}", width = end - start);
    assert_eq!(octets.len(), end - start);
    file[start..end].copy_from_slice(octets.as_bytes());
    file
}

const AES: [&str; 4] = ["aes-128", "aes-128-metadata", "aes-256-r5", "aes-256"];

/// The field, and what was found of the document on the way.
fn field(file: &[u8]) -> Result<(Object, bool), Error> {
    let Opened {
        mut document,
        mut budget,
        mut source,
        ..
    } = open(file, Some("usr"))?;
    let reference = ObjectReference {
        number: 5,
        generation: 0,
    };
    let read = document.object(reference, 0, &mut source, &mut budget);
    let (object, _) = read.map_err(|stop| match stop {
        Stop::Error(error) => error,
        Stop::NotHere => InputError::Unreadable.into(),
    })?;
    let is_noted = document.findings().contains(&Finding::StringsUnencrypted);
    Ok((object, is_noted))
}

#[test]
fn a_string_that_was_not_encrypted_stays_with_a_finding() {
    for name in AES {
        let sealed = field(&vector(name)).unwrap();
        assert!(!sealed.1);
        // Words, nothing of a whole block, and what is no padding when it is decrypted.
        for value in ["(gizli)", "<00>", "(0123456789abcdef0123456789abcdef)"] {
            let file = with_field(name, "/V <", " >>", &format!("/V {value}"));
            let (object, is_noted) = field(&file).unwrap();
            assert!(is_noted, "{name} {value}");
            assert_ne!(object, sealed.0, "{name} {value}");
            let written = object.as_dictionary().unwrap().get("V").unwrap();
            let form = written.as_string().unwrap().form;
            assert_eq!(form, StringForm::Unencrypted);
        }
        // Nothing stands for nothing, encrypted or not.
        let file = with_field(name, "/V <", " >>", "/V ()");
        assert!(!field(&file).unwrap().1);
    }
}

#[test]
fn a_string_that_was_not_encrypted_and_says_what_is_signed_is_refused() {
    for name in AES {
        for value in [
            "/ByteRange[0 1 2 3]/M(2026)",
            "/Reason(a)/Type/Sig",
            "/Reason(a)/Type/DocTimeStamp",
            "/Lock<</Fields[(ad)]>>",
            "/Fields[(ad)]/Action/All",
            "/SV<</DigestMethod[(SHA1)]>>",
            "/SV[<</A[<</B(a)>>]>>]",
            "/Reference[<</P(a)>>]",
            "/T(one)",
        ] {
            let file = with_field(name, "/V <", " >>", value);
            let error = field(&file).unwrap_err();
            assert_eq!(error.code(), "malformed.pdf.encryption", "{name} {value}");
        }
    }
}
