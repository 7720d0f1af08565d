//! Messages for tests, written without any key: signature values are made up.

use super::attribute_types::{CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use std::path::PathBuf;
use std::process::Command;

/// An attribute with these values.
pub(crate) fn attribute(attr_type: &str, values: &[&[u8]]) -> Vec<u8> {
    write::sequence(&[&write::oid(attr_type), &write::set_as_given(values)])
}

/// The two attributes that every signature with signed attributes has.
pub(crate) fn basic_attributes() -> Vec<Vec<u8>> {
    vec![
        attribute(CONTENT_TYPE, &[&write::oid(DATA)]),
        attribute(MESSAGE_DIGEST, &[&write::octet_string(&[7; 32])]),
    ]
}

/// A SignerInfo; attributes in the given order.
pub(crate) fn signer_info(signed: Option<&[Vec<u8>]>, unsigned: &[Vec<u8>]) -> Vec<u8> {
    let borrow = |list: &[Vec<u8>]| -> Vec<u8> { list.concat() };
    let mut fields = vec![
        write::integer(1),
        write::sequence(&[&write::sequence(&[]), &write::integer(1000)]),
        write::digest_identifier(DigestAlgorithm::Sha256),
    ];
    if let Some(signed) = signed {
        fields.push(write::implicit_constructed(0, &[&borrow(signed)]));
    }
    fields.push(write::sequence(&[
        &write::oid("1.2.840.113549.1.1.11"),
        &write::null(),
    ]));
    fields.push(write::octet_string(b"value"));
    if !unsigned.is_empty() {
        fields.push(write::implicit_constructed(1, &[&borrow(unsigned)]));
    }
    write::sequence(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// A message around SignerInfos.
pub(crate) fn message(content_type: &str, content: Option<&[u8]>, signers: &[Vec<u8>]) -> Vec<u8> {
    let mut encapsulated = write::oid(content_type);
    if let Some(content) = content {
        encapsulated.extend(write::explicit(0, &write::octet_string(content)));
    }
    let signers: Vec<&[u8]> = signers.iter().map(Vec::as_slice).collect();
    let data = write::sequence(&[
        &write::integer(1),
        &write::set_of(&[&write::digest_identifier(DigestAlgorithm::Sha256)]),
        &write::sequence(&[&encapsulated]),
        &write::set_as_given(&signers),
    ]);
    write::sequence(&[&write::oid(SIGNED_DATA), &write::explicit(0, &data)])
}

/// A folder that disappears with the value, and `openssl` in it.
pub(crate) struct Workshop(PathBuf);

impl Workshop {
    /// None, said loudly, where there is no openssl.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let found = Command::new("openssl").arg("version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: {name}: no openssl");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("imza-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Some(Self(folder))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, octets: &[u8]) {
        std::fs::write(self.path(name), octets).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs openssl with words separated by blanks.
    pub(crate) fn run(&self, words: &str) {
        let output = Command::new("openssl")
            .args(words.split_ascii_whitespace())
            .current_dir(&self.0)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {words}: {errors}");
    }

    /// A self-signed certificate `signer.pem` with its key.
    pub(crate) fn signer(&self) {
        self.run(
            "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out signer.pem -days 30 -sha256 \
             -subj /C=AZ/CN=Test",
        );
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The shared corpora, where they are.
pub(crate) fn corpora() -> Option<PathBuf> {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = [
        std::env::var_os("IMZA_SHARED").map(PathBuf::from),
        Some(manifest.join("../../shared")),
        Some(manifest.join("../../../shared")),
    ];
    let mut folders = places
        .into_iter()
        .flatten()
        .map(|place| place.join("corpora"));
    let found = folders.find(|folder| folder.join("index.jsonl").is_file());
    if found.is_none() {
        eprintln!("skipped: no shared corpora");
    }
    found
}

/// The main files of the cases of one kind, each once.
pub(crate) fn corpus_files(kind: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let cases = index
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut names: Vec<String> = cases
        .filter(|case| case["kind"] == kind)
        .map(|case| case["files"][0].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names.dedup();
    let read = |name: String| {
        let octets = std::fs::read(folder.join(&name)).unwrap();
        (name, octets)
    };
    names.into_iter().map(read).collect()
}

/// Every way in which a hostile copy of `octets` differs: cut short, and single bits turned.
pub(crate) fn hostile(octets: &[u8], mut parse: impl FnMut(&[u8])) {
    for part in 0..64 {
        parse(&octets[..octets.len() * part / 64]);
    }
    let step = (octets.len() / 100).max(1);
    let mut copy = octets.to_vec();
    for at in (0..octets.len()).step_by(step) {
        for bit in [0, 5, 7] {
            copy[at] ^= 1 << bit;
            parse(&copy);
            copy[at] ^= 1 << bit;
        }
    }
}
