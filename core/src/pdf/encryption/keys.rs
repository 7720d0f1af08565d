//! From a password to the key of a document.
//!
//! # Standard
//! ISO 32000-2 §7.6.4: algorithms 1 to 7 (revisions 2 to 4), 2.A, 2.B and 11 to 13 (revisions 5
//! and 6).

use crate::algorithm::DigestAlgorithm;
use crate::crypto::{self, cipher};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// What fills a password up to 32 octets (algorithm 2, step a).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
/// Longer passwords are cut (§7.6.4.3.3).
const LONGEST: usize = 127;

/// The entries of an encryption dictionary that keys are made of.
#[derive(Clone, Debug)]
pub(super) struct Entries {
    /// `/R`.
    pub(super) revision: u64,
    /// Octets of the key.
    pub(super) key_length: usize,
    /// `/O`.
    pub(super) owner: Vec<u8>,
    /// `/U`.
    pub(super) user: Vec<u8>,
    /// `/OE`.
    pub(super) owner_key: Vec<u8>,
    /// `/UE`.
    pub(super) user_key: Vec<u8>,
    /// `/P`, the low 32 bits.
    pub(super) permissions: u32,
    /// `/Perms`.
    pub(super) sealed_permissions: Vec<u8>,
    /// `/EncryptMetadata`.
    pub(super) encrypts_metadata: bool,
    /// The first element of `/ID` of the trailer.
    pub(super) identifier: Vec<u8>,
}

/// A key, or what stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Key(Zeroizing<Vec<u8>>),
    /// Neither the user nor the owner has this password.
    WrongPassword,
    /// The password fits and the dictionary contradicts itself (algorithm 13).
    Contradiction,
}

impl Entries {
    /// Tries a password as that of the user, then as that of the owner.
    pub(super) fn open(&self, password: &str) -> Opened {
        if self.revision >= 5 {
            return self.open_new(password);
        }
        // Table 21 and §7.6.4.3.2: PDFDocEncoding, which agrees with Latin-1 in what people type;
        // some writers took the octets of UTF-8.
        let latin: Option<Vec<u8>> = password
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).ok())
            .collect();
        let candidates = [latin, Some(password.as_bytes().to_vec())];
        for candidate in candidates.into_iter().flatten().map(Zeroizing::new) {
            let as_owner = self.user_password(&candidate);
            let key = self.user_key_of(&candidate);
            let key = key.or_else(|| self.user_key_of(&as_owner?));
            if let Some(key) = key {
                return Opened::Key(key);
            }
        }
        Opened::WrongPassword
    }

    /// Algorithms 2 and 6: the key, when this is the password of the user.
    fn user_key_of(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let plain: &[u8] = match self.revision >= 4 && !self.encrypts_metadata {
            true => &[0xFF; 4],
            false => &[],
        };
        let mut key = Zeroizing::new(
            cipher::md5(&[
                &padded(password),
                &self.owner,
                &self.permissions.to_le_bytes(),
                &self.identifier,
                plain,
            ])
            .to_vec(),
        );
        if self.revision >= 3 {
            for _ in 0..50 {
                let digest = cipher::md5(&[key.get(..self.key_length)?]);
                key.copy_from_slice(&digest);
            }
        }
        key.truncate(self.key_length);
        let (expected, compared) = if self.revision >= 3 {
            let digest = cipher::md5(&[&PADDING, &self.identifier]);
            (repeated(&key, digest.to_vec(), 0..=19)?, 16)
        } else {
            (cipher::rc4(&key, &PADDING)?, 32)
        };
        let (expected, found) = (expected.get(..compared)?, self.user.get(..compared)?);
        crypto::equal(expected, found).then_some(key)
    }

    /// Algorithm 7: the password of the user, when this is that of the owner.
    fn user_password(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new(cipher::md5(&[&padded(password)]).to_vec());
        if self.revision >= 3 {
            for _ in 0..50 {
                let digest = cipher::md5(&[&key]);
                key.copy_from_slice(&digest);
            }
        }
        let key = key.get(..self.key_length)?;
        let owner = self.owner.get(..32)?.to_vec();
        Some(Zeroizing::new(if self.revision >= 3 {
            repeated(key, owner, (0..=19).rev())?
        } else {
            cipher::rc4(key, &owner)?
        }))
    }

    /// Algorithm 2.A.
    fn open_new(&self, password: &str) -> Opened {
        let plain = Zeroizing::new(password.as_bytes().to_vec());
        let prepared = Zeroizing::new(prepared(password).into_bytes());
        for candidate in [prepared, plain] {
            let candidate = candidate.get(..LONGEST).unwrap_or(&candidate);
            if let Some(key) = self.key_of(candidate) {
                return if self.permissions_agree(&key) {
                    Opened::Key(key)
                } else {
                    Opened::Contradiction
                };
            }
        }
        Opened::WrongPassword
    }

    fn key_of(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let user = self.user.get(..48)?;
        for (stored, sealed, with) in [
            (&self.user, &self.user_key, &[][..]),
            (&self.owner, &self.owner_key, user),
        ] {
            let (hash, validation, salt) =
                (stored.get(..32)?, stored.get(32..40)?, stored.get(40..48)?);
            let found = self.hash(password, validation, with)?;
            if crypto::equal(&found, hash) {
                let key = self.hash(password, salt, with)?;
                return cipher::decrypt_blocks(&key, &[0; 16], sealed.get(..32)?)
                    .map(Zeroizing::new);
            }
        }
        None
    }

    /// Algorithm 2.B; revision 5 took its first step alone.
    fn hash(&self, password: &[u8], salt: &[u8], user: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let digest = |algorithm, octets: &[u8]| crypto::digest(algorithm, octets).ok();
        let first = Zeroizing::new([password, salt, user].concat());
        let mut key = Zeroizing::new(digest(DigestAlgorithm::Sha256, &first)?);
        if self.revision < 6 {
            return Some(key);
        }
        let mut round = 0_u16;
        loop {
            let once = Zeroizing::new([password, &key, user].concat());
            let many = Zeroizing::new(once.repeat(64));
            let sealed = cipher::encrypt_blocks(key.get(..16)?, key.get(16..32)?, &many)?;
            // The first sixteen octets as a number modulo 3; 256 is 1 modulo 3.
            let sum: u16 = sealed.iter().take(16).map(|octet| u16::from(*octet)).sum();
            let algorithm = match sum % 3 {
                0 => DigestAlgorithm::Sha256,
                1 => DigestAlgorithm::Sha384,
                _ => DigestAlgorithm::Sha512,
            };
            *key = digest(algorithm, &sealed)?;
            round += 1;
            // The last octet is 255 at most, so that this ends.
            let last = sealed.last().copied().map_or(0, u16::from);
            if round >= 64 && last <= round - 32 {
                key.truncate(32);
                return Some(key);
            }
        }
    }

    /// Algorithm 13: what may be done is sealed too.
    fn permissions_agree(&self, key: &[u8]) -> bool {
        let sealed = self.sealed_permissions.get(..16).unwrap_or_default();
        let Some(plain) = cipher::decrypt_blocks(key, &[0; 16], sealed) else {
            return false;
        };
        let flag = if self.encrypts_metadata { b'T' } else { b'F' };
        plain.get(..4) == Some(&self.permissions.to_le_bytes()[..])
            && plain.get(8) == Some(&flag)
            && plain.get(9..12) == Some(b"adb")
    }
}

/// Algorithm 2, step a.
fn padded(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let all = password.iter().chain(&PADDING).take(32);
    Zeroizing::new(all.copied().collect())
}

/// RC4 again and again, each time with every octet of the key changed by the round.
fn repeated(key: &[u8], mut octets: Vec<u8>, rounds: impl Iterator<Item = u8>) -> Option<Vec<u8>> {
    for round in rounds {
        let key: Vec<u8> = key.iter().map(|octet| octet ^ round).collect();
        octets = cipher::rc4(&key, &octets)?;
    }
    Some(octets)
}

/// §7.6.4.3.3 (SASLprep): spaces of other scripts are spaces, some characters are nothing, the rest
/// is normalised.
fn prepared(password: &str) -> String {
    let mapped = password.chars().filter_map(|letter| match letter {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200B}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            Some(' ')
        }
        '\u{AD}'
        | '\u{34F}'
        | '\u{1806}'
        | '\u{180B}'..='\u{180D}'
        | '\u{200C}'
        | '\u{200D}'
        | '\u{2060}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => None,
        letter => Some(letter),
    });
    mapped.nfkc().collect()
}
