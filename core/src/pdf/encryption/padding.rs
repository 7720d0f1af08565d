//! What stands behind a message in `/Contents` where a producer encrypted the placeholder.
//!
//! The string is no part of the encryption (ISO 32000-2 §7.6.2), so that zeros stand behind the
//! message. PDFBox encrypts the zeros all the same, and then writes the message over the head of
//! what came of it.

use super::super::object::ObjectReference;
use super::{Encryption, Method};
use crate::crypto::cipher;

impl Encryption {
    /// Whether all that stands behind the first `length` octets is what encrypting zeros leaves.
    ///
    /// That is as exact as zeros are, so that nothing can be kept there: under RC4 the key stream
    /// tells every octet. In a chain of AES over zeros each block is made of the one before, so
    /// that one block behind the message can be chosen, as its vector could, and no other octet.
    pub(in super::super) fn is_of_zeros(
        &self,
        of: ObjectReference,
        octets: &[u8],
        length: usize,
    ) -> bool {
        let key = self.key_of(self.strings, of);
        match self.strings {
            Method::Identity => false,
            Method::Rc4 => {
                let stream = cipher::rc4(&key, &vec![0; octets.len()]);
                let rest = stream.as_ref().and_then(|stream| stream.get(length..));
                rest.is_some() && rest == octets.get(length..)
            }
            Method::Aes128 | Method::Aes256 => {
                blocks_of_zeros(&key, octets, length).unwrap_or_default()
            }
        }
    }
}

/// `None` where too few blocks are left to tell.
fn blocks_of_zeros(key: &[u8], octets: &[u8], length: usize) -> Option<bool> {
    // The block that the message ends in is the vector of those behind it: what the message took
    // of it cannot be told in the block that follows, but the rest of both can.
    let before = length.checked_sub(1)? / cipher::BLOCK * cipher::BLOCK;
    let (vector, blocks) = octets.get(before..)?.split_at_checked(cipher::BLOCK)?;
    let plain = cipher::decrypt_blocks(key, vector, blocks)?;
    let told = plain.get(length.checked_sub(before)?..)?;
    // ISO 32000-2 §7.6.3.1: RFC 8018 §6.1.1, step 4: as many octets as are added, each their number.
    let added = usize::from(*told.last()?);
    if added == 0 || added > cipher::BLOCK {
        return Some(false);
    }
    let (zeros, padding) = told.split_at_checked(told.len().checked_sub(added)?)?;
    let is_padding = padding.iter().all(|octet| usize::from(*octet) == added);
    Some(is_padding && zeros.iter().all(|octet| *octet == 0))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{fill, open_protected, unfilled};
    use super::super::super::write::{IncrementalUpdate, push_hex};
    use super::super::super::{ByteRangeFault, Object, Password};
    use super::super::tests::{ALL, vector};
    use super::*;
    use crate::limits::Budget;
    use crate::pdf::Dictionary;

    /// SEQUENCE { INTEGER, OCTET STRING } of some length.
    fn message(length: u8) -> Vec<u8> {
        let mut message = vec![0x30, length - 2, 2, 1, 1, 4, length - 7];
        message.resize(usize::from(length), 0xa5);
        message
    }

    fn password() -> Option<Password> {
        Some(Password::new("usr"))
    }

    /// What PDFBox makes of a placeholder, a message over its head, and what is then changed; the
    /// faults of the signature.
    fn faults(
        name: &str,
        (message, placeholder): (&[u8], &[u8]),
        change: impl Fn(&mut Vec<u8>),
    ) -> Vec<ByteRangeFault> {
        let file = vector(name);
        let opened = open_protected(&file, None, Budget::default(), password()).unwrap();
        let document = opened.document;
        let mut update = IncrementalUpdate::new(&document, true).unwrap();
        let (signature, field) = (update.allocate().unwrap(), update.allocate().unwrap());
        let encryption = document.encryption.as_ref().unwrap();
        let mut contents = encryption
            .seal(encryption.strings, signature, placeholder)
            .unwrap();
        contents[..message.len()].copy_from_slice(message);
        change(&mut contents);
        let mut digits = Vec::new();
        push_hex(&contents, &mut digits);
        let dictionary = unfilled(&String::from_utf8(digits).unwrap());
        let dictionary = dictionary.replace("/M(D:20240102030405Z)", "");
        update.write_octets(signature, dictionary.as_bytes());
        let of = |entries: [(&str, Object); 3]| {
            let mut dictionary = Dictionary::default();
            for (key, value) in entries {
                dictionary.set(key, value);
            }
            Object::Dictionary(dictionary)
        };
        let signed = of([
            ("FT", Object::name("Sig")),
            ("T", Object::octets(b"one")),
            ("V", Object::Reference(signature)),
        ]);
        update.write(field, &signed);
        let form = of([
            ("SigFlags", Object::Integer(3)),
            ("Fields", Object::Array(vec![Object::Reference(field)])),
            ("DA", Object::octets(b"/F 0 Tf")),
        ]);
        let place = ObjectReference {
            number: 2,
            generation: 0,
        };
        update.write(place, &form);
        let mut whole = [file, update.finish().unwrap()].concat();
        fill(&mut whole);
        let opened = open_protected(&whole, None, Budget::default(), password()).unwrap();
        let signatures = opened.document.signatures();
        assert_eq!(signatures.len(), 1);
        let dictionary = signatures[0].dictionary.as_ref().unwrap();
        assert_eq!(dictionary.message(), Some(message));
        dictionary.faults.clone()
    }

    #[test]
    fn zeros_that_were_encrypted_behind_a_message_are_zeros() {
        for name in ALL {
            for length in [31, 32, 33, 100] {
                for zeros in [256, 250] {
                    let parts = (&*message(length), &*vec![0; zeros]);
                    assert_eq!(faults(name, parts, |_| {}), [], "{name} {length} {zeros}");
                }
            }
            // The rule itself: zeros that nobody encrypted.
            let plain = |contents: &mut Vec<u8>| contents[40..].fill(0);
            assert_eq!(faults(name, (&message(40), &[0; 256]), plain), []);
        }
    }

    #[test]
    fn anything_else_that_was_encrypted_behind_a_message_is_no_padding() {
        let refused = [ByteRangeFault::ContentsPadding];
        for name in ALL {
            let message = message(40);
            for at in [100, 255] {
                let mut words = [0; 256];
                words[at] = b'x';
                assert_eq!(faults(name, (&message, &words), |_| {}), refused, "{name}");
            }
            let length = faults_length(name);
            // Of AES one block behind the message is the vector of the rest: that one, changed,
            // does not fit to what follows it either.
            for at in [40, 47, 48, 63, 64, length - 17, length - 1] {
                let flip = |contents: &mut Vec<u8>| contents[at] ^= 1;
                let found = faults(name, (&message, &[0; 256]), flip);
                assert_eq!(found, refused, "{name} {at}");
            }
            let cut = |contents: &mut Vec<u8>| contents.truncate(length - 16);
            let is_cut = faults(name, (&message, &[0; 256]), cut);
            // A key stream is as good without its end; a chain ends with its padding.
            let expected = if name.starts_with("rc4") {
                &[][..]
            } else {
                &refused
            };
            assert_eq!(is_cut, expected, "{name}");
        }
    }

    fn faults_length(name: &str) -> usize {
        match name.starts_with("rc4") {
            true => 256,
            false => 16 + 256 + 16,
        }
    }

    #[test]
    fn too_few_blocks_tell_nothing() {
        let message = message(40);
        for placeholder in [24, 30, 31] {
            let parts = (&*message, &*vec![0; placeholder]);
            let found = faults("aes-256", parts, |_| {});
            assert_eq!(found, [ByteRangeFault::ContentsPadding], "{placeholder}");
        }
    }
}
