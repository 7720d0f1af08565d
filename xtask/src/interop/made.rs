//! What we make, judged by strangers: the container of `imza demo`.

use super::oracle::{NAME, Oracle};
use super::{Answer, Row};
use crate::process::{command, find, quiet};
use crate::{Outcome, demo};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::json;
use std::path::{Path, PathBuf};

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

pub(super) fn rows(oracle: Result<&Oracle, &String>) -> Outcome<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let made = Made::make(folder.path())?;
    Ok(vec![
        by_oracle(oracle, &made, "application.asice", &["TOTAL-PASSED"]),
        // The checksum of the ZIP does not fit either: Java's reader goes no further.
        by_oracle(
            oracle,
            &made,
            "altered.asice",
            &["TOTAL-FAILED/HASH_FAILURE", "cannot be processed"],
        ),
        with_tool("xmlsec1", "its XML signature", || made.xml_signature()),
        with_tool("openssl", "its time-stamp", || made.timestamp()),
    ])
}

fn by_oracle(oracle: Result<&Oracle, &String>, made: &Made, name: &str, expected: &[&str]) -> Row {
    let answer = match oracle {
        Err(missing) => Answer::Skipped(missing.clone()),
        Ok(oracle) => match made.by_oracle(oracle, name) {
            Ok(verdict) if expected.contains(&verdict.as_str()) => Answer::Agrees(verdict),
            Ok(verdict) => {
                let expected = expected.join(" or ");
                Answer::Differs(format!("{verdict} instead of {expected}"))
            }
            Err(error) => Answer::Differs(error.to_string()),
        },
    };
    Row::new(NAME, &format!("{name} of the demonstration"), answer)
}

fn with_tool(tool: &'static str, what: &str, judge: impl FnOnce() -> Outcome<String>) -> Row {
    let answer = if find(tool).is_none() {
        Answer::Skipped(format!("{tool} is not installed"))
    } else {
        match judge() {
            Ok(said) => Answer::Agrees(said),
            Err(error) => Answer::Differs(error.to_string()),
        }
    };
    Row::new(tool, what, answer)
}

/// The files of a demonstration, the container unpacked beside it.
struct Made {
    folder: PathBuf,
    unpacked: PathBuf,
    signature: String,
}

impl Made {
    fn make(folder: &Path) -> Outcome<Self> {
        let folder = folder.join("demo");
        quiet(demo::build()?.arg("--folder").arg(&folder))?;
        let unpacked = folder.join("unpacked");
        quiet(
            command("python3", &["-X", "utf8", "-m", "zipfile", "-e"])
                .arg(folder.join("application.asice"))
                .arg(&unpacked),
        )?;
        let mut names = Vec::new();
        for entry in std::fs::read_dir(unpacked.join("META-INF"))? {
            names.push(entry?.path());
        }
        let signature = names
            .iter()
            .find(|path| path.to_string_lossy().contains("signatures"))
            .ok_or("the container has no signature")?;
        let signature = std::fs::read_to_string(signature)?;
        Ok(Self {
            folder,
            unpacked,
            signature,
        })
    }

    fn by_oracle(&self, oracle: &Oracle, name: &str) -> Outcome<String> {
        let job = json!({
            "id": name,
            "file": self.folder.join(name).to_string_lossy(),
            "trust": [self.folder.join("root.pem").to_string_lossy()],
        });
        let answers = oracle.judge(&[job])?;
        let (_, said) = answers.into_iter().next().ok_or("no answer")?;
        Ok(said.verdict)
    }

    /// Every certificate in the signature, as files beside it.
    fn certificates(&self, ending: &str) -> Outcome<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut names = ["X509Certificate", "EncapsulatedX509Certificate"]
            .iter()
            .flat_map(|name| contents(&self.signature, name))
            .collect::<Vec<_>>();
        names.sort();
        names.dedup();
        for (index, der) in names.iter().enumerate() {
            let path = self.folder.join(format!("certificate-{index}.{ending}"));
            match ending {
                "pem" => std::fs::write(&path, pem(der))?,
                _ => std::fs::write(&path, der)?,
            }
            files.push(path);
        }
        Ok(files)
    }

    /// Its references, its value and the certificate's path; xmlsec1 knows nothing of XAdES.
    fn xml_signature(&self) -> Outcome<String> {
        let document = self.unpacked.join("signature.xml");
        std::fs::write(&document, &self.signature)?;
        let mut xmlsec = command("xmlsec1", &["--verify"]);
        xmlsec
            .current_dir(&self.unpacked)
            .arg("--trusted-pem")
            .arg(self.folder.join("root.pem"));
        for certificate in self.certificates("der")? {
            xmlsec.arg("--untrusted-der").arg(certificate);
        }
        xmlsec.args([
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        ]);
        quiet(xmlsec.arg(&document))?;
        Ok("verified, with the path to the root".to_owned())
    }

    /// The token over the canonical `SignatureValue`, which xmllint makes.
    fn timestamp(&self) -> Outcome<String> {
        let token = self.folder.join("token.der");
        let tokens = contents(&self.signature, "EncapsulatedTimeStamp");
        std::fs::write(&token, tokens.first().ok_or("no time-stamp")?)?;
        let value = self.folder.join("value.xml");
        std::fs::write(&value, alone(&self.signature)?)?;
        let canonical = self.folder.join("value.c14n");
        let octets = quiet(command("xmllint", &["--exc-c14n"]).arg(&value))?;
        // xmllint ends with a line end of its own.
        std::fs::write(&canonical, octets.trim_end_matches('\n'))?;
        let untrusted = self.folder.join("untrusted.pem");
        let mut pems = String::new();
        for path in self.certificates("pem")? {
            pems.push_str(&std::fs::read_to_string(path)?);
        }
        std::fs::write(&untrusted, pems)?;
        let said = quiet(
            command("openssl", &["ts", "-verify", "-token_in", "-in"])
                .arg(&token)
                .arg("-data")
                .arg(&canonical)
                .arg("-CAfile")
                .arg(self.folder.join("root.pem"))
                .arg("-untrusted")
                .arg(&untrusted),
        )?;
        Ok(said.trim().to_owned())
    }
}

/// What elements of a name hold in base64, whatever their prefix.
fn contents(text: &str, name: &str) -> Vec<Vec<u8>> {
    let Ok(pattern) = Regex::new(&format!(r"<(?:[\w.-]+:)?{name}(?:\s[^>]*)?>([^<]*)<")) else {
        return Vec::new();
    };
    pattern
        .captures_iter(text)
        .filter_map(|captures| captures.get(1))
        .filter_map(|content| {
            let base64: String = content.as_str().split_whitespace().collect();
            STANDARD.decode(base64).ok()
        })
        .collect()
}

/// `SignatureValue` as a document of its own: with its namespace declared, its exclusive canonical
/// form is the one that it has inside.
fn alone(text: &str) -> Outcome<String> {
    let pattern = Regex::new(r"<(?:([\w.-]+):)?SignatureValue[^>]*>[^<]*</[^>]*>")?;
    let captures = pattern.captures(text).ok_or("no SignatureValue")?;
    let element = captures.get(0).map_or("", |found| found.as_str());
    let declaration = match captures.get(1) {
        Some(prefix) => format!(" xmlns:{}=\"{XMLDSIG}\"", prefix.as_str()),
        None => format!(" xmlns=\"{XMLDSIG}\""),
    };
    Ok(element.replacen("SignatureValue", &format!("SignatureValue{declaration}"), 1))
}

fn pem(der: &[u8]) -> String {
    imza_test_vectors::export::pem("CERTIFICATE", der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_found_whatever_the_prefix() {
        let text = "<a:X>AQ\n==</a:X><X Id='i'>Ag==</X><XY>Aw==</XY>";
        assert_eq!(contents(text, "X"), [vec![1], vec![2]]);
    }

    #[test]
    fn a_value_stands_alone_with_its_namespace() {
        let text = "<ds:S><ds:SignatureValue Id=\"v\">AQ==</ds:SignatureValue></ds:S>";
        let expected =
            format!("<ds:SignatureValue xmlns:ds=\"{XMLDSIG}\" Id=\"v\">AQ==</ds:SignatureValue>");
        assert_eq!(alone(text).unwrap(), expected);
        assert!(alone("<ds:S/>").is_err());
    }
}
