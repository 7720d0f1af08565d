//! What a signature field demands of its signature.
//!
//! # Standard
//! ISO 32000-2 §12.7.5.5, table 238 (seed values).

use super::document::Document;
use super::object::{Dictionary, Object};
use super::signature::lossy;
use crate::limits::Budget;
use crate::source::{Source, Stop};

/// A seed value dictionary, as far as it is understood.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SeedValues {
    /// `/Ff`: which of the others are demanded and not only proposed.
    pub flags: u64,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/SubFilter`.
    pub sub_filters: Vec<String>,
    /// `/DigestMethod`.
    pub digest_methods: Vec<String>,
    /// `/Reasons`.
    pub reasons: Vec<String>,
    /// `/AddRevInfo`.
    pub adds_revocation: Option<bool>,
    /// `/LockDocument`: `true`, `false` or `auto`.
    pub lock_document: Option<String>,
    /// `/MDP /P`.
    pub certification: Option<i64>,
    /// Whether `/TimeStamp` demands a time-stamp.
    pub demands_timestamp: bool,
    /// What `/Cert` demands.
    pub certificate: CertificateSeed,
    /// Whether the dictionary, or a part of it, could not be read.
    pub is_unreadable: bool,
}

/// What a field demands of the signer's certificate (table 239), as far as it is understood.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CertificateSeed {
    /// `/Ff`: which of the others are demanded.
    pub flags: u64,
    /// `/Subject`: certificates of which it has to be one.
    pub subjects: Vec<Vec<u8>>,
    /// `/Issuer`: certificates of authorities, to one of which it has to lead.
    pub issuers: Vec<Vec<u8>>,
    /// `/OID`: certificate policies, dotted, all of which it has to name.
    pub policies: Vec<String>,
    /// `/SubjectDN`: attributes of the subject, by name; all of one list have to be there.
    pub names: Vec<Vec<(String, String)>>,
    /// `/KeyUsage`: a letter for each usage, `1`, `0` or `X`; one of the strings has to fit.
    pub usages: Vec<String>,
    /// `/URL`: where a certificate can be had. It says nothing about the one that was used.
    pub url: Option<String>,
    /// `/URLType`: what answers at that address, such as `Browser` or `ASSP`.
    pub url_type: Option<String>,
}

pub(super) fn read(
    seed: &Object,
    as_of: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<SeedValues>, Stop> {
    let mut values = SeedValues::default();
    let mut entry = |object: &Object, values: &mut SeedValues| match document
        .resolve(object, as_of, source, budget)
    {
        Ok(value) => Ok(value),
        Err(Stop::NotHere) => Err(Stop::NotHere),
        Err(_) => {
            values.is_unreadable = true;
            Ok(Object::Null)
        }
    };
    let dictionary = match entry(seed, &mut values)? {
        Object::Dictionary(dictionary) => dictionary,
        Object::Null if !values.is_unreadable => return Ok(None),
        _ => {
            values.is_unreadable = true;
            return Ok(Some(values));
        }
    };
    let mut resolved: Vec<(Vec<u8>, Object)> = Vec::new();
    for (key, value) in dictionary.iter() {
        let value = entry(value, &mut values)?;
        resolved.push((key.to_vec(), value));
    }
    for (key, value) in resolved {
        let flags = |of: &Dictionary| of.get("Ff").and_then(Object::as_unsigned);
        match key.as_slice() {
            b"Ff" => values.flags = value.as_unsigned().unwrap_or(u64::MAX),
            b"Filter" => values.filter = value.as_name().map(lossy),
            b"SubFilter" => values.sub_filters = words(&value),
            b"DigestMethod" => values.digest_methods = words(&value),
            b"Reasons" => values.reasons = words(&value),
            b"AddRevInfo" => match value {
                Object::Boolean(adds) => values.adds_revocation = Some(adds),
                _ => values.is_unreadable = true,
            },
            b"LockDocument" => values.lock_document = value.as_name().map(lossy),
            b"MDP" => {
                let level = value.as_dictionary().and_then(|mdp| mdp.get("P"));
                match level {
                    Some(Object::Integer(level)) => values.certification = Some(*level),
                    _ => values.is_unreadable = true,
                }
            }
            b"TimeStamp" => {
                let of = value.as_dictionary();
                values.demands_timestamp = of.is_none_or(|of| flags(of).unwrap_or(0) & 1 != 0);
            }
            b"Cert" => {
                let Some(of) = value.as_dictionary() else {
                    values.is_unreadable = true;
                    continue;
                };
                let mut lists: Vec<Vec<Object>> = Vec::new();
                for key in ["Subject", "SubjectDN", "KeyUsage", "Issuer", "OID"] {
                    let list = entry(of.get(key).unwrap_or(&Object::Null), &mut values)?;
                    let elements = list.as_array().unwrap_or_default().iter();
                    let elements = elements.map(|element| entry(element, &mut values));
                    lists.push(elements.collect::<Result<_, Stop>>()?);
                }
                let url = entry(of.get("URL").unwrap_or(&Object::Null), &mut values)?;
                let kind = entry(of.get("URLType").unwrap_or(&Object::Null), &mut values)?;
                if let [subjects, names, usages, issuers, policies] = lists.as_slice() {
                    values.certificate = CertificateSeed {
                        flags: of
                            .get("Ff")
                            .map_or(Some(0), Object::as_unsigned)
                            .unwrap_or(u64::MAX),
                        subjects: subjects.iter().filter_map(octets).collect(),
                        issuers: issuers.iter().filter_map(octets).collect(),
                        policies: words(&Object::Array(policies.clone())),
                        url: url.as_string().map(|url| url.text()),
                        url_type: kind.as_name().map(lossy),
                        names: names.iter().map(attributes).collect(),
                        usages: words(&Object::Array(usages.clone())),
                    };
                }
            }
            _ => {}
        }
    }
    Ok(Some(values))
}

fn octets(value: &Object) -> Option<Vec<u8>> {
    let string = value.as_string()?;
    Some(string.octets.to_vec())
}

/// The attributes of a name; one that is no string is kept as one that no name has.
fn attributes(value: &Object) -> Vec<(String, String)> {
    let Some(attributes) = value.as_dictionary() else {
        return vec![(String::new(), String::new())];
    };
    attributes
        .iter()
        .map(|(key, value)| match value.as_string() {
            Some(text) => (lossy(key), text.text()),
            None => (String::new(), String::new()),
        })
        .collect()
}

/// Names or strings; one that is neither is kept as a word that nothing is equal to.
fn words(value: &Object) -> Vec<String> {
    let elements = value.as_array().unwrap_or_default().iter();
    elements
        .map(|element| match element {
            Object::Name(name) => lossy(name),
            Object::String(string) => string.text(),
            _ => String::from("\u{0}"),
        })
        .collect()
}
