//! BouncyCastle, which makes and verifies CMS messages, with ML-DSA too.
//!
//! It is asked about values, not about paths: its keys are made for one run, and nobody knows them.

use super::java::Java;
use super::matrix::{self, INVOICE, KEYS};
use super::messages::{Count, row};
use super::{Answer, Row, theirs};
use crate::Outcome;
use crate::process::quiet;
use imza::creation::Packaging;
use imza_test_vectors::Pki;
use std::path::{Path, PathBuf};

const NAME: &str = "BouncyCastle";
/// What it says, and what is said here, of a message whose value fits.
const INTACT: &str = "intact";
/// RFC 9882 §3.
const ALGORITHMS: [&str; 3] = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
/// What it makes: the name of the row, and what the file is called.
const FORMS: [(&str, &str); 2] = [
    ("attached", "attributes"),
    ("without signed attributes", "bare"),
];

/// The program.
struct BouncyCastle<'f> {
    java: Java,
    folder: &'f Path,
}

/// What it makes, judged here, and what is made here, judged by it.
pub(super) fn rows() -> Outcome<Vec<Row>> {
    let java = match Java::find("bouncycastle", "Messages.java")? {
        Ok(java) => java,
        Err(missing) => return Ok(vec![Row::new(NAME, "plain CMS", Answer::Skipped(missing))]),
    };
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    std::fs::write(folder.join("invoice.xml"), INVOICE)?;
    let program = BouncyCastle { java, folder };
    let made = program.make();
    let mut rows = Vec::new();
    for (name, ending) in FORMS {
        let what = format!("CMS by BouncyCastle with ML-DSA, {name}");
        let outcome = match &made {
            Ok(()) => program.judged_here(ending),
            Err(error) => Err(error.to_string().into()),
        };
        rows.push(row("imza", &what, outcome));
    }
    rows.push(row(NAME, "CAdES by imza", program.judged_by_it()));
    let outcome = match &made {
        Ok(()) => program.own_with_its_keys(),
        Err(error) => Err(error.to_string().into()),
    };
    rows.push(row(NAME, "CAdES by imza with ML-DSA", outcome));
    Ok(rows)
}

impl BouncyCastle<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// With a new key of each algorithm: `NAME.cer`, `NAME.key`, `NAME.attributes.p7m` and `NAME.bare.p7m`.
    fn make(&self) -> Outcome<()> {
        let mut make = self.java.command();
        make.arg("make").arg(self.path("invoice.xml"));
        quiet(make.arg(self.folder).args(ALGORITHMS)).map(drop)
    }

    /// What it says of messages of one certificate, in their order.
    fn verify(&self, certificate: &Path, messages: &[PathBuf]) -> Outcome<Vec<String>> {
        let mut verify = self.java.command();
        verify.arg("verify").arg(certificate);
        let said = quiet(verify.arg(self.path("invoice.xml")).args(messages))?;
        let said: Vec<String> = said
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, verdict)| verdict.to_owned())
            .collect();
        match said.len() == messages.len() {
            true => Ok(said),
            false => Err(format!("{NAME} answers {} of {}", said.len(), messages.len()).into()),
        }
    }

    /// Intact as it was made; damaged in its content or in its value, it must not be.
    fn judged_here(&self, ending: &str) -> Outcome<Count> {
        let mut count = Count::default();
        for algorithm in ALGORITHMS {
            let message = std::fs::read(self.path(&format!("{algorithm}.{ending}.p7m")))?;
            let outcome = must_be_intact(&theirs::integrity(&message)?).and_then(|()| {
                for (what, damaged) in damaged(&message)? {
                    if theirs::integrity(&damaged)? == INTACT {
                        return Err(format!("intact with another {what}").into());
                    }
                }
                Ok(())
            });
            count.add(algorithm, outcome);
        }
        Ok(count)
    }

    /// What is made here with every key, each beside a damaged one.
    fn judged_by_it(&self) -> Outcome<Count> {
        let pki = Pki::fixed()?;
        let mut count = Count::default();
        for key in &KEYS {
            let (certificate, _) = key.material(&pki)?;
            let path = self.path("own.cer");
            std::fs::write(&path, certificate)?;
            self.ask(&path, key.name, &mut count, |packaging| {
                let message = matrix::make_first(&pki, packaging, key)?;
                Ok(message.ok_or("nothing is made")?)
            })?;
        }
        Ok(count)
    }

    /// What is made here with the keys that it made, RFC 9881 §6.
    fn own_with_its_keys(&self) -> Outcome<Count> {
        let mut count = Count::default();
        for name in ALGORITHMS {
            let certificate = self.path(&format!("{name}.cer"));
            let (of, key) = (
                std::fs::read(&certificate)?,
                std::fs::read(self.path(&format!("{name}.key")))?,
            );
            self.ask(&certificate, name, &mut count, |packaging| {
                matrix::make_with(packaging, &of, &key)
            })?;
        }
        Ok(count)
    }

    /// Attached and detached, each beside a damaged one.
    fn ask(
        &self,
        certificate: &Path,
        name: &str,
        count: &mut Count,
        make: impl Fn(Packaging) -> Outcome<Vec<u8>>,
    ) -> Outcome<()> {
        let mut messages = Vec::new();
        for (packaging, file) in [
            (Packaging::CadesAttached, "own.p7m"),
            (Packaging::CadesDetached, "own.p7s"),
        ] {
            let message = make(packaging)?;
            std::fs::write(self.path(file), &message)?;
            messages.push(self.path(file));
            let damaged = self.path(&format!("damaged.{file}"));
            std::fs::write(&damaged, of_another_value(&message))?;
            messages.push(damaged);
        }
        let said = self.verify(certificate, &messages)?;
        for (form, said) in ["attached", "detached"].iter().zip(said.chunks(2)) {
            let outcome = match said {
                [own, damaged] if damaged != INTACT => must_be_intact(own),
                _ => Err("a damaged one is intact".into()),
            };
            count.add(&format!("{name} {form}"), outcome);
        }
        Ok(())
    }
}

fn must_be_intact(said: &str) -> Outcome<()> {
    match said {
        INTACT => Ok(()),
        other => Err(other.to_owned().into()),
    }
}

/// A message with another content, and with another value.
fn damaged(message: &[u8]) -> Outcome<[(&'static str, Vec<u8>); 2]> {
    let mut content = message.to_vec();
    let mut windows = content.windows(INVOICE.len());
    let place = windows.position(|window| window == INVOICE);
    let last = place.ok_or("no content")? + INVOICE.len() - 2;
    if let Some(octet) = content.get_mut(last) {
        *octet ^= 1;
    }
    Ok([("content", content), ("value", of_another_value(message))])
}

/// The value of the one signer stands at the end of a message without unsigned attributes.
fn of_another_value(message: &[u8]) -> Vec<u8> {
    let mut damaged = message.to_vec();
    if let Some(octet) = damaged.last_mut() {
        *octet ^= 1;
    }
    damaged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_message_differs_in_one_octet() {
        let message = [b"start", INVOICE, b"end"].concat();
        let differing = |other: &[u8]| {
            assert_eq!(message.len(), other.len());
            message.iter().zip(other).filter(|(a, b)| a != b).count()
        };
        for (_, damaged) in damaged(&message).unwrap() {
            assert_eq!(differing(&damaged), 1);
        }
        assert!(damaged(b"none").is_err());
    }
}
