//! The ciphers of encrypted documents, and the digest that their old keys are made with. Nothing here
//! proves anything about a document.
//!
//! # Standard
//! ISO 32000-2 §7.6.3.1: RC4 and AES in CBC mode with an initialisation vector before the data.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit,
    StreamCipher,
};
use md5::{Digest, Md5};
use rc4::Rc4;

/// Octets of a block, and of an initialisation vector.
pub(crate) const BLOCK: usize = 16;

/// MD5 of parts one behind the other.
pub(crate) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// RC4 with a key of 1 to 256 octets; `None` for another key.
pub(crate) fn rc4(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut octets = data.to_vec();
    Rc4::new_from_slice(key).ok()?.apply_keystream(&mut octets);
    Some(octets)
}

/// AES-CBC of a whole number of blocks, without padding; `None` for a key or length that is none.
pub(crate) fn decrypt_blocks(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn with<C: BlockCipherDecrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        cipher.decrypt_padded_vec::<NoPadding>(data).ok()
    }
    match key.len() {
        16 => with::<Aes128>(key, iv, data),
        32 => with::<Aes256>(key, iv, data),
        _ => None,
    }
}

/// AES-CBC of a whole number of blocks, without padding.
pub(crate) fn encrypt_blocks(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn with<C: BlockCipherEncrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
        Some(cipher.encrypt_padded_vec::<NoPadding>(data))
    }
    // The cipher has no answer for a part of a block.
    if !data.len().is_multiple_of(BLOCK) {
        return None;
    }
    match key.len() {
        16 => with::<Aes128>(key, iv, data),
        32 => with::<Aes256>(key, iv, data),
        _ => None,
    }
}

/// A string or stream: the vector, then padded blocks. Nothing at all stands for nothing.
pub(crate) fn decrypt(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn with<C: BlockCipherDecrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(data).ok()
    }
    if data.is_empty() {
        return Some(Vec::new());
    }
    let (iv, data) = data.split_at_checked(BLOCK)?;
    match key.len() {
        16 => with::<Aes128>(key, iv, data),
        32 => with::<Aes256>(key, iv, data),
        _ => None,
    }
}

/// The opposite of [`decrypt`].
pub(crate) fn encrypt(key: &[u8], iv: [u8; BLOCK], data: &[u8]) -> Option<Vec<u8>> {
    fn with<C: BlockCipherEncrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
        Some(cipher.encrypt_padded_vec::<Pkcs7>(data))
    }
    let encrypted = match key.len() {
        16 => with::<Aes128>(key, &iv, data),
        32 => with::<Aes256>(key, &iv, data),
        _ => None,
    }?;
    Some([iv.as_slice(), &encrypted].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    #[test]
    fn md5_as_published() {
        assert_eq!(
            md5(&[b"mess", b"age digest"]),
            hex!("f96b697d7cb7938d525a2f31aaf161d0")
        );
    }

    #[test]
    fn rc4_as_published() {
        let octets = rc4(b"Key", b"Plaintext").unwrap();
        assert_eq!(octets, hex!("BBF316E8D940AF0AD3"));
        assert_eq!(rc4(b"", b"x"), None);
        assert_eq!(rc4(&[0; 257], b"x"), None);
    }

    #[test]
    fn aes_as_in_sp_800_38a() {
        let key = hex!("2b7e151628aed2a6abf7158809cf4f3c");
        let iv = hex!("000102030405060708090a0b0c0d0e0f");
        let plain = hex!("6bc1bee22e409f96e93d7e117393172a");
        let sealed = hex!("7649abac8119b246cee98e9b12e9197d");
        assert_eq!(encrypt_blocks(&key, &iv, &plain).unwrap(), sealed);
        assert_eq!(decrypt_blocks(&key, &iv, &sealed).unwrap(), plain);
        let key = hex!("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let sealed = hex!("f58c4c04d6e5f1ba779eabfb5f7bfbd6");
        assert_eq!(encrypt_blocks(&key, &iv, &plain).unwrap(), sealed);
    }

    #[test]
    fn what_is_no_encrypted_value_is_refused() {
        let key = [7; 16];
        let sealed = encrypt(&key, [9; 16], b"words").unwrap();
        assert_eq!(decrypt(&key, &sealed).unwrap(), b"words");
        assert_eq!(decrypt(&key, b"").unwrap(), b"");
        for cut in 1..sealed.len() {
            assert_eq!(decrypt(&key, &sealed[..cut]), None, "{cut}");
        }
        assert_eq!(decrypt(&[8; 16], &sealed), None);
        assert_eq!(decrypt(&[7; 24], &sealed), None);
        assert_eq!(encrypt_blocks(&key, &[0; 16], b"part"), None);
    }
}
