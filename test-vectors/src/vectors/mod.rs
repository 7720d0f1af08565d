//! The committed vectors: how each is made, and what a judge must say of it.
//!
//! A set is one JSON file with an entry for every file beside it. [`generate`] makes all of them
//! from nothing but this crate, the same octets every time, and a test compares them with what is
//! committed. `README.md` of this crate says how to read an entry and how to add one.

mod asic;
mod asic_cades;
mod cades;
mod certificates;
mod pades;
mod revocation;
mod scenario;
mod timestamps;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::crl;
use crate::error::{Error, Result};
use crate::pki::{FIXED_TIME, Pki};
use crate::time::rfc3339;

/// The time at which every vector is judged: one hour after it was signed.
pub const VALIDATION_TIME: i64 = FIXED_TIME + 3_600;

/// The text that most documents sign, a permit application.
pub const PERMIT: &[u8] = "Tikinti icazəsi üçün ərizə\nÜnvan: Nizami küçəsi 7, Bakı\n".as_bytes();

const ORIGIN: &str = "made for this project by the crate imza-test-vectors";
const LICENCE: &str = "MIT OR Apache-2.0";

/// A set of vectors of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct VectorSet {
    /// The form of this file.
    pub schema: &'static str,
    /// The name of the set, the first part of every id.
    pub set: &'static str,
    /// What is in it.
    pub about: &'static str,
    /// Where it comes from.
    pub origin: &'static str,
    /// The licence of the files.
    pub licence: &'static str,
    /// The command that makes them.
    pub generator: &'static str,
    /// The time to judge at.
    pub validation_time: String,
    /// Trust anchors, as paths from the folder of the sets.
    pub trust: Vec<String>,
    /// Certificates and revocation data to be given beside, as paths.
    pub evidence: Vec<String>,
    /// The vectors.
    pub vectors: Vec<Vector>,
}

/// One vector.
#[derive(Debug, Clone, Serialize)]
pub struct Vector {
    /// The stable id, `set::subject::what-is-wrong`.
    pub id: String,
    /// The file, as a path from the folder of the sets.
    pub file: String,
    /// A file that is signed and stands beside, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detached: Option<String>,
    /// What a judge must say.
    pub expected: Expected,
    /// The check of the report that does not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<&'static str>,
    /// The clause that decides.
    pub clause: &'static str,
    /// What is special about it.
    pub comment: String,
    /// Words by which vectors are found: attacks, kinds of bugs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'static str>,
    #[serde(skip)]
    octets: Vec<u8>,
}

/// What a judge must say; what is not stated may be anything.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Expected {
    /// Whether the verdict may be TOTAL-PASSED (PASSED).
    pub passed: bool,
    /// The indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indication: Option<&'static str>,
    /// The sub-indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<&'static str>,
    /// The cryptographic fact: `intact`, `broken` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<&'static str>,
}

impl Expected {
    /// TOTAL-PASSED and intact.
    pub const PASSED: Self = Self {
        passed: true,
        indication: Some("TOTAL-PASSED"),
        sub_indication: None,
        integrity: Some("intact"),
    };

    /// Anything but passed.
    pub const NOT_PASSED: Self = Self {
        passed: false,
        indication: None,
        sub_indication: None,
        integrity: None,
    };

    /// TOTAL-FAILED, with the reason and the cryptographic fact.
    pub const fn failed(sub_indication: &'static str, integrity: &'static str) -> Self {
        Self {
            passed: false,
            indication: Some("TOTAL-FAILED"),
            sub_indication: Some(sub_indication),
            integrity: Some(integrity),
        }
    }

    /// INDETERMINATE, with the reason and the cryptographic fact.
    pub const fn indeterminate(sub_indication: &'static str, integrity: &'static str) -> Self {
        Self {
            passed: false,
            indication: Some("INDETERMINATE"),
            sub_indication: Some(sub_indication),
            integrity: Some(integrity),
        }
    }
}

impl Vector {
    /// A vector; its file is named after its id.
    fn new(id: &str, ending: &str, octets: Vec<u8>, expected: Expected) -> Self {
        let (set, rest) = id.split_once("::").unwrap_or((id, "vector"));
        Self {
            id: id.to_owned(),
            file: format!("{set}/{}.{ending}", rest.replace("::", ".")),
            detached: None,
            expected,
            check: None,
            clause: "EN 319 102-1 §5.1.3",
            comment: String::new(),
            flags: Vec::new(),
            octets,
        }
    }

    fn because(mut self, check: &'static str, clause: &'static str, comment: &str) -> Self {
        self.check = Some(check);
        self.noted(clause, comment)
    }

    fn noted(mut self, clause: &'static str, comment: &str) -> Self {
        self.clause = clause;
        self.comment = comment.to_owned();
        self
    }

    fn flagged(mut self, flags: &[&'static str]) -> Self {
        self.flags = flags.to_vec();
        self
    }
}

impl VectorSet {
    fn new(set: &'static str, about: &'static str, vectors: Vec<Vector>) -> Self {
        Self {
            schema: "imza-vectors/1",
            set,
            about,
            origin: ORIGIN,
            licence: LICENCE,
            generator: "cargo run -p imza-test-vectors -- generate test-vectors/vectors",
            validation_time: rfc3339(VALIDATION_TIME),
            trust: vec!["pki/root.cer".to_owned()],
            evidence: Vec::new(),
            vectors,
        }
    }
}

/// Every set.
///
/// # Errors
/// Never with the keys that are committed.
pub fn sets() -> Result<Vec<VectorSet>> {
    let pki = Pki::fixed()?;
    Ok(vec![
        certificates::set(&pki)?,
        revocation::crl_set(&pki)?,
        revocation::ocsp_set(&pki)?,
        timestamps::set(&pki)?,
        cades::set(&pki)?,
        asic::set(&pki)?,
        asic_cades::extended(&pki)?,
        asic_cades::simple(&pki)?,
        pades::set(&pki)?,
    ])
}

/// Every file of the folder of vectors: its path and its octets.
///
/// # Errors
/// Never with the keys that are committed.
pub fn generate() -> Result<BTreeMap<String, Vec<u8>>> {
    let pki = Pki::fixed()?;
    let mut files = BTreeMap::new();
    for entity in pki.entities() {
        files.insert(
            format!("pki/{}.cer", entity.file),
            entity.certificate.clone(),
        );
    }
    files.insert("pki/root.crl".to_owned(), crl::of_root(&pki, FIXED_TIME)?);
    files.insert(
        "pki/issuing-ca.crl".to_owned(),
        crl::of_issuing_ca(&pki, FIXED_TIME)?,
    );
    files.insert("data/permit.txt".to_owned(), PERMIT.to_vec());
    let support = support(&pki, files.keys());
    files.insert("support.json".to_owned(), json(&support)?);
    for set in sets()? {
        files.insert(format!("{}.json", set.set), json(&set)?);
        for vector in set.vectors {
            let file = vector.file.clone();
            if files.insert(vector.file, vector.octets).is_some() {
                return Err(Error::new(format!("{file} is made twice")));
            }
        }
    }
    Ok(files)
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Error::while_doing("writing a vector set", e))?;
    Ok((text + "\n").into_bytes())
}

/// The files that vectors refer to and that are no vectors themselves.
#[derive(Serialize)]
struct Support {
    schema: &'static str,
    origin: &'static str,
    licence: &'static str,
    files: Vec<SupportFile>,
}

#[derive(Serialize)]
struct SupportFile {
    file: String,
    about: String,
}

fn support<'a>(pki: &Pki, names: impl Iterator<Item = &'a String>) -> Support {
    let about = |name: &str| {
        let entity = pki
            .entities()
            .into_iter()
            .find(|e| name == format!("pki/{}.cer", e.file));
        match (entity, name) {
            (Some(entity), _) => format!("certificate of {}", entity.name.rfc4514()),
            (None, "data/permit.txt") => "the text that is signed".to_owned(),
            (None, _) => "current list, nobody revoked but citizen-revoked".to_owned(),
        }
    };
    Support {
        schema: "imza-vectors-support/1",
        origin: ORIGIN,
        licence: LICENCE,
        files: names
            .map(|name| SupportFile {
                file: name.clone(),
                about: about(name),
            })
            .collect(),
    }
}

/// Writes every file into a folder, which is made if need be.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> Result<()> {
    for (name, octets) in generate()? {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, octets)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
