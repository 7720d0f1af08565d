//! The PKI as files, for people, for OpenSSL and for the demo.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::crl;
use crate::error::Result;
use crate::pki::Pki;

/// Wraps DER in PEM (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out + &format!("\n-----END {label}-----\n")
}

/// Every file of the export: its name and its octets.
///
/// For each entity `NAME.cer` (DER), `NAME.pem` and `NAME.key.pem` (PKCS #8); the lists `root.crl`
/// and `issuing-ca.crl` as of `time`; `trust/root.pem`, the folder that a verifier is given to trust.
///
/// # Errors
/// When a key cannot be encoded.
pub fn files(pki: &Pki, time: i64) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entity in pki.entities() {
        let file = entity.file;
        let certificate = pem("CERTIFICATE", &entity.certificate);
        files.push((format!("{file}.cer"), entity.certificate.clone()));
        files.push((format!("{file}.pem"), certificate.into_bytes()));
        files.push((
            format!("{file}.key.pem"),
            entity.key.pkcs8_pem()?.into_bytes(),
        ));
    }
    let root = pem("CERTIFICATE", &pki.root.certificate);
    files.push(("trust/root.pem".to_owned(), root.into_bytes()));
    files.push(("root.crl".to_owned(), crl::of_root(pki, time)?));
    files.push(("issuing-ca.crl".to_owned(), crl::of_issuing_ca(pki, time)?));
    Ok(files)
}

/// Writes the export into a folder, which is made if need be.
///
/// # Errors
/// When a file cannot be written.
pub fn write(pki: &Pki, time: i64, folder: &Path) -> Result<()> {
    for (name, octets) in files(pki, time)? {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, octets)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_lines_have_64_characters() {
        let text = pem("X", &[0; 96]);
        let lengths: Vec<usize> = text.lines().map(str::len).collect();
        assert_eq!(lengths, [17, 64, 64, 15]);
    }

    #[test]
    fn everybody_is_exported_with_key_and_certificate() {
        let pki = Pki::fixed().unwrap();
        let files = files(&pki, crate::pki::FIXED_TIME).unwrap();
        assert_eq!(files.len(), pki.entities().len() * 3 + 3);
        assert!(files.iter().all(|(_, octets)| !octets.is_empty()));
    }
}
