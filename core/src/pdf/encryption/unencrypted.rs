//! Strings of an encrypted document that are none of its encryption.
//!
//! Under AES some producers leave a string plain, TCPDF the `/DA` of its form. Readers take such a
//! string as it stands, or for nothing. It stays what it is, and is equal to no string that was
//! encrypted: else an update could swap the two unseen, of which readers show one.

use super::super::lexer::StringForm;
use super::super::object::{Dictionary, Object};
use crate::error::{Malformed, MalformedKind};

/// Whether all strings of an object were of the encryption.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Strings {
    Opened,
    SomeUnencrypted,
}

/// Keys whose strings say what a signature is about: names of fields, locks, seed values, and
/// signature references with their parameters.
const STRICT: [&[u8]; 6] = [
    b"T",
    b"Fields",
    b"Lock",
    b"SV",
    b"Reference",
    b"TransformParams",
];
/// Dictionaries of signatures; one with a `/ByteRange` signs whatever it says.
const STRICT_TYPES: [&str; 7] = [
    "Sig",
    "DocTimeStamp",
    "SigRef",
    "TransformParams",
    "SigFieldLock",
    "SV",
    "SVCert",
];

/// Refuses an unencrypted string that a signature may depend on: what a reader makes of it is then no
/// matter of looks. Of a string or an array by itself nothing tells what it is for.
pub(super) fn check(object: &Object) -> Result<(), Malformed> {
    let is_alone = matches!(object, Object::String(_) | Object::Array(_));
    let mut open = vec![(object, is_alone)];
    while let Some((object, is_strict)) = open.pop() {
        let dictionary = match object {
            Object::String(string) if is_strict && string.form == StringForm::Unencrypted => {
                let at = string.token.start;
                return Err(Malformed::at(MalformedKind::PdfEncryption, at));
            }
            Object::Array(elements) => {
                open.extend(elements.iter().map(|element| (element, is_strict)));
                continue;
            }
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dictionary,
            _ => continue,
        };
        let is_strict = is_strict || is_of_signature(dictionary);
        let values = dictionary.iter();
        open.extend(values.map(|(key, value)| (value, is_strict || STRICT.contains(&key))));
    }
    Ok(())
}

fn is_of_signature(dictionary: &Dictionary) -> bool {
    let mut types = STRICT_TYPES.iter();
    dictionary.names(b"ByteRange") || types.any(|name| dictionary.is("Type", name))
}
