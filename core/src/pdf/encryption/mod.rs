//! Documents whose strings and streams are encrypted under a password.
//!
//! An encrypted PDF is an ordinary PDF: its objects, tables and revisions stand in the file as
//! ever. Only the octets of strings and of the data of streams are encrypted, each with a key made
//! of the document's key and the number of its object. The values of signatures are left out, and
//! the signed ranges are octets of the file, so that a signature is checked without any key; but
//! names, reasons, the security store and what an update changed cannot be read without it.
//!
//! The document's key is found with a password, that of the user or that of the owner; for many
//! documents it is the empty one. A document that no given password opens is not judged at all.
//!
//! # Standard
//! ISO 32000-2 §7.6: the standard security handler, V 1, 2, 4 and 5, R 2 to 6. Not covered:
//! handlers of public keys, V 3, crypt filters of others.

mod keys;
mod padding;
#[cfg(test)]
mod tests;
mod unencrypted;

use super::lexer::StringForm;
use super::object::{Dictionary, Object, ObjectReference, Stream};
use crate::crypto::{self, cipher};
use crate::error::{Error, InputError, Malformed, MalformedKind, Unsupported};
use keys::{Entries, Opened};
use std::collections::BTreeMap;
pub(super) use unencrypted::Strings;
use zeroize::Zeroizing;

/// A password of a document; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The password as it is typed.
    #[must_use]
    pub fn new(password: &str) -> Self {
        Self(Zeroizing::new(password.to_owned()))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// How octets are encrypted (table 25, `/CFM`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Identity,
    Rc4,
    Aes128,
    Aes256,
}

/// The key of a document, and what it applies to.
#[derive(Clone)]
pub(super) struct Encryption {
    key: Zeroizing<Vec<u8>>,
    strings: Method,
    streams: Method,
    embedded: Method,
    filters: BTreeMap<Vec<u8>, Method>,
    encrypts_metadata: bool,
    /// The object that is the encryption dictionary; its strings are plain.
    holder: Option<ObjectReference>,
}

impl std::fmt::Debug for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encryption({:?}, {:?})", self.strings, self.streams)
    }
}

impl Encryption {
    /// Opens a document whose encryption dictionary this is, all values in it resolved. Without a
    /// password the empty one is tried.
    ///
    /// # Errors
    /// [`InputError::PasswordMissing`] and [`InputError::PasswordWrong`]; [`Unsupported`] for other
    /// handlers; [`Malformed`] for a dictionary without what its handler needs.
    pub(super) fn open(
        dictionary: &Dictionary,
        holder: Option<ObjectReference>,
        identifier: &[u8],
        password: Option<&Password>,
    ) -> Result<Self, Error> {
        match dictionary.name("Filter") {
            Some(b"Standard") => {}
            Some(_) => return Err(Unsupported::Encryption("a PDF encrypted to a key").into()),
            None => return Err(wrong("Encrypt")),
        }
        let version = number(dictionary, "V")?.unwrap_or(0);
        let revision = number(dictionary, "R")?.ok_or_else(|| wrong("R"))?;
        let bits = number(dictionary, "Length")?;
        let key_length = match (version, revision) {
            (1, 2 | 3) => 5,
            (2, 3) => match bits.unwrap_or(40) {
                bits @ 40..=128 if bits.is_multiple_of(8) => {
                    usize::try_from(bits / 8).map_err(|_| wrong("Length"))?
                }
                _ => return Err(wrong("Length")),
            },
            (4, 4) => 16,
            (5, 5 | 6) => 32,
            _ => return Err(Unsupported::Encryption("a version of PDF encryption").into()),
        };
        let encrypts_metadata = match dictionary.get("EncryptMetadata") {
            _ if version < 4 => true,
            None => true,
            Some(Object::Boolean(value)) => *value,
            Some(_) => return Err(wrong("EncryptMetadata")),
        };
        let is_new = version == 5;
        let octets = |key: &'static str, length: usize| match dictionary.get(key) {
            Some(Object::String(string)) if string.octets.len() >= length => {
                Ok(string.octets.to_vec())
            }
            _ => Err(wrong(key)),
        };
        let only_new = |key, length| match is_new {
            true => octets(key, length),
            false => Ok(Vec::new()),
        };
        let value_length = if is_new { 48 } else { 32 };
        let mut owner = octets("O", value_length)?;
        let mut user = octets("U", value_length)?;
        owner.truncate(value_length);
        user.truncate(value_length);
        // A number of 32 bits, which some write without its sign.
        let permissions = match dictionary.get("P") {
            Some(Object::Integer(value)) => match (i32::try_from(*value), u32::try_from(*value)) {
                (Ok(signed), _) => u32::from_le_bytes(signed.to_le_bytes()),
                (_, Ok(unsigned)) => unsigned,
                _ => return Err(wrong("P")),
            },
            _ => return Err(wrong("P")),
        };
        let entries = Entries {
            revision,
            key_length,
            owner,
            user,
            owner_key: only_new("OE", 32)?,
            user_key: only_new("UE", 32)?,
            permissions,
            sealed_permissions: only_new("Perms", 16).or_else(|error| match revision {
                5 => Ok(Vec::new()),
                _ => Err(error),
            })?,
            encrypts_metadata,
            identifier: identifier.to_vec(),
        };
        let filters = filters(dictionary, version)?;
        let of = |key: &'static str, otherwise: Method| match dictionary.get(key) {
            None => Ok(otherwise),
            Some(Object::Name(name)) => filters.get(name).copied().ok_or_else(|| wrong(key)),
            Some(_) => Err(wrong(key)),
        };
        let (strings, streams) = match version {
            1 | 2 => (Method::Rc4, Method::Rc4),
            _ => (of("StrF", Method::Identity)?, of("StmF", Method::Identity)?),
        };
        let embedded = match version {
            1 | 2 => Method::Rc4,
            _ => of("EFF", streams)?,
        };
        let mut encryption = Self {
            key: Zeroizing::new(Vec::new()),
            strings,
            streams,
            embedded,
            filters,
            encrypts_metadata,
            holder,
        };
        // §7.6.5: where only attached files are encrypted, nothing here needs the key.
        if strings == Method::Identity && streams == Method::Identity {
            return Ok(encryption);
        }
        let tried = [Some(""), password.map(|password| password.0.as_str())];
        for candidate in tried.into_iter().flatten() {
            match entries.open(candidate) {
                Opened::Key(key) => {
                    encryption.key = key;
                    return Ok(encryption);
                }
                Opened::Contradiction => return Err(wrong("Perms")),
                Opened::WrongPassword => {}
            }
        }
        Err(match password {
            None => InputError::PasswordMissing.into(),
            Some(_) => InputError::PasswordWrong.into(),
        })
    }

    /// Makes the strings of an object plain. `/Contents` of signature dictionaries are plain
    /// already (§7.6.2). A string that is none of this encryption stays as it stands, and is
    /// [`StringForm::Unencrypted`].
    ///
    /// # Errors
    /// [`Malformed`] for such a string where a signature may depend on it.
    pub(super) fn open_strings(
        &self,
        object: &mut Object,
        of: ObjectReference,
    ) -> Result<Strings, Malformed> {
        if self.strings == Method::Identity || self.holder == Some(of) {
            return Ok(Strings::Opened);
        }
        if let Object::Stream(stream) = object
            && stream.dictionary.is("Type", "XRef")
        {
            return Ok(Strings::Opened);
        }
        let key = self.key_of(self.strings, of);
        let mut strings = Strings::Opened;
        object.change_strings::<Malformed>(&mut |string| {
            match decrypt(self.strings, &key, &string.octets) {
                Some(plain) => string.octets = plain.into(),
                None => {
                    string.form = StringForm::Unencrypted;
                    strings = Strings::SomeUnencrypted;
                }
            }
            Ok(())
        })?;
        if strings == Strings::SomeUnencrypted {
            unencrypted::check(object)?;
        }
        Ok(strings)
    }

    /// Makes the data of a stream plain; `None` when it is so already.
    ///
    /// # Errors
    /// [`Malformed`] for data that is none of this encryption, or an unknown crypt filter.
    pub(super) fn open_data(
        &self,
        stream: &Stream,
        data: &[u8],
    ) -> Result<Option<Vec<u8>>, Malformed> {
        let at = stream.data_offset;
        let wrong = || Malformed::at(MalformedKind::PdfEncryption, at);
        let method = self.method(&stream.dictionary).ok_or_else(wrong)?;
        if method == Method::Identity {
            return Ok(None);
        }
        // Every stream is an indirect object (§7.3.8.1).
        let of = stream.owner.ok_or_else(wrong)?;
        let plain = decrypt(method, &self.key_of(method, of), data);
        plain.map(Some).ok_or_else(wrong)
    }

    /// Encrypts the strings of an object that is to be written, but those that were found plain.
    ///
    /// # Errors
    /// [`Malformed`] for a key that is none.
    pub(super) fn seal_strings(
        &self,
        object: &mut Object,
        of: ObjectReference,
    ) -> Result<(), Malformed> {
        object.change_strings(&mut |string| {
            if string.form != StringForm::Unencrypted {
                string.octets = self.seal(self.strings, of, &string.octets)?.into();
            }
            Ok(())
        })
    }

    /// Encrypts the data of a stream that is to be written.
    ///
    /// # Errors
    /// [`Malformed`] for a key that is none.
    pub(super) fn seal_data(
        &self,
        dictionary: &Dictionary,
        of: ObjectReference,
        data: &[u8],
    ) -> Result<Vec<u8>, Malformed> {
        let method = self.method(dictionary);
        let method = method.ok_or_else(|| Malformed::within(MalformedKind::PdfEncryption, "CF"))?;
        self.seal(method, of, data)
    }

    fn seal(
        &self,
        method: Method,
        of: ObjectReference,
        octets: &[u8],
    ) -> Result<Vec<u8>, Malformed> {
        let key = self.key_of(method, of);
        let sealed = match method {
            Method::Identity => Some(octets.to_vec()),
            Method::Rc4 => cipher::rc4(&key, octets),
            Method::Aes128 | Method::Aes256 => {
                // Made from the secret and what is sealed: unlike for unlike values, and no
                // randomness is at hand.
                let number = of.number.to_le_bytes();
                let generation = of.generation.to_le_bytes();
                let made_of = [&*self.key, &number[..], &generation[..], octets];
                let digest = crypto::object_id(&made_of.concat()).0;
                let mut vector = [0; cipher::BLOCK];
                for (place, octet) in vector.iter_mut().zip(&digest) {
                    *place = *octet;
                }
                cipher::encrypt(&key, vector, octets)
            }
        };
        sealed.ok_or_else(|| Malformed::within(MalformedKind::PdfEncryption, "key"))
    }

    /// §7.6.5: a filter of its own, that of attached files, or the usual one.
    fn method(&self, dictionary: &Dictionary) -> Option<Method> {
        let first = |key| match dictionary.get(key) {
            Some(Object::Array(elements)) => elements.first(),
            other => other,
        };
        if first("Filter").and_then(Object::as_name) == Some(b"Crypt") {
            let name = first("DecodeParms")
                .and_then(Object::as_dictionary)
                .and_then(|parameters| parameters.name("Name"));
            return self.filters.get(name.unwrap_or(b"Identity")).copied();
        }
        let is = |kind| dictionary.is("Type", kind);
        Some(
            if is("XRef") || (is("Metadata") && !self.encrypts_metadata) {
                Method::Identity
            } else if is("EmbeddedFile") {
                self.embedded
            } else {
                self.streams
            },
        )
    }

    /// Algorithm 1: the key of an object; the document's own where it is long enough (1.A).
    fn key_of(&self, method: Method, of: ObjectReference) -> Zeroizing<Vec<u8>> {
        if method == Method::Aes256 {
            return self.key.clone();
        }
        let number = of.number.to_le_bytes();
        let number = number.get(..3).unwrap_or_default();
        let generation = of.generation.to_le_bytes();
        let salt: &[u8] = match method {
            Method::Aes128 => b"sAlT",
            _ => b"",
        };
        let digest = cipher::md5(&[&self.key, number, &generation, salt]);
        let mut key = Zeroizing::new(digest.to_vec());
        key.truncate(self.key.len().saturating_add(5));
        key
    }
}

fn decrypt(method: Method, key: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    match method {
        Method::Identity => Some(octets.to_vec()),
        Method::Rc4 => cipher::rc4(key, octets),
        Method::Aes128 | Method::Aes256 => cipher::decrypt(key, octets),
    }
}

fn wrong(what: &'static str) -> Error {
    Malformed::within(MalformedKind::PdfEncryption, what).into()
}

fn number(dictionary: &Dictionary, key: &'static str) -> Result<Option<u64>, Error> {
    let value = dictionary.get(key);
    value
        .map(|value| value.as_unsigned().ok_or_else(|| wrong(key)))
        .transpose()
}

/// Table 25: the crypt filters by name.
fn filters(dictionary: &Dictionary, version: u64) -> Result<BTreeMap<Vec<u8>, Method>, Error> {
    let mut filters = BTreeMap::new();
    if version >= 4
        && let Some(all) = dictionary.get("CF")
    {
        let all = all.as_dictionary().ok_or_else(|| wrong("CF"))?;
        for (name, filter) in all.iter() {
            let filter = filter.as_dictionary().ok_or_else(|| wrong("CF"))?;
            let method = match (version, filter.name("CFM")) {
                (_, Some(b"None") | None) => Method::Identity,
                (4, Some(b"V2")) => Method::Rc4,
                (4, Some(b"AESV2")) => Method::Aes128,
                (5, Some(b"AESV3")) => Method::Aes256,
                _ => return Err(Unsupported::Encryption("a crypt filter").into()),
            };
            filters.insert(name.to_vec(), method);
        }
    }
    filters.insert(b"Identity".to_vec(), Method::Identity);
    Ok(filters)
}
