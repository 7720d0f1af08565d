//! Files of trust, evidence, keys and policies, as the command line names them.

use crate::arguments::{RevocationOption, TrustOptions};
use crate::complaint::Complaint;
use crate::kind::Kind;
use crate::misplaced::{self, Place};
use crate::voice;
use imza::crypto::PublicKey;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Given, read_key, recognise_material};
use imza::time::UnixTime;
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza::vocabulary::Purpose;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The context of a judgement from the options.
pub(crate) fn context(
    options: &TrustOptions,
    proven_at: Option<&str>,
) -> Result<Context, Complaint> {
    let validation_time = match &options.time {
        Some(text) => time(text, "--time")?,
        None => now(),
    };
    Ok(Context {
        policy: Arc::new(policy(options)?),
        trust: Arc::new(trust(options)?),
        validation_time,
        proven_at: proven_at
            .map(|text| time(text, "--proven-at"))
            .transpose()?,
        limits: Arc::new(Limits::large()),
    })
}

/// The machine's clock, read once a run.
pub(crate) fn now() -> UnixTime {
    let now = std::time::SystemTime::now();
    let since = now
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

pub(crate) fn time(text: &str, option: &str) -> Result<UnixTime, Complaint> {
    UnixTime::from_rfc3339(text).map_err(|_| {
        let what = Said::new(Sentence::NotATime).with("option", option);
        Complaint::misuse(what.with("text", text))
    })
}

fn policy(options: &TrustOptions) -> Result<ValidationPolicy, Complaint> {
    let mut policy = named_policy(&options.policy)?;
    match options.revocation {
        None => {}
        Some(RevocationOption::Require) => policy.revocation = RevocationRequirement::Require,
        Some(RevocationOption::Soft) => policy.revocation = RevocationRequirement::Soft,
        Some(RevocationOption::None) => policy.revocation = RevocationRequirement::None,
    }
    Ok(policy)
}

/// A policy by its built-in name, or in a file.
pub(crate) fn named_policy(name: &str) -> Result<ValidationPolicy, Complaint> {
    if let Some(policy) = ValidationPolicy::named(name) {
        return Ok(policy);
    }
    let octets = std::fs::read(name).map_err(|error| {
        let what = Said::new(Sentence::NoPolicy).with("name", name);
        Complaint::misuse(what.with("why", &error))
    })?;
    serde_json::from_slice(&octets).map_err(|error| {
        let reason = error.to_string();
        misplaced::complaint(Path::new(name), &octets, Place::Policy, reason)
    })
}

fn trust(options: &TrustOptions) -> Result<TrustSet, Complaint> {
    let anchors = anchors(&options.trust, &options.trust_for)?;
    Ok(TrustSet::new(anchors))
}

/// Anchors for every purpose, then those for one.
pub(crate) fn anchors(
    trust: &[PathBuf],
    trust_for: &[String],
) -> Result<Vec<TrustAnchor>, Complaint> {
    let mut anchors = Vec::new();
    for path in trust {
        anchors.extend(anchors_of(path)?);
    }
    for text in trust_for {
        let (purpose, path) = text
            .split_once('=')
            .and_then(|(word, path)| Some((Purpose::from_word(word)?, path)))
            .ok_or_else(|| {
                Complaint::misuse(Said::new(Sentence::TrustFor).with("text", text.as_str()))
            })?;
        let own = anchors_of(Path::new(path))?;
        anchors.extend(own.into_iter().map(|anchor| anchor.for_purposes([purpose])));
    }
    Ok(anchors)
}

fn anchors_of(path: &Path) -> Result<Vec<TrustAnchor>, Complaint> {
    let mut anchors = Vec::new();
    each_file(path, |file, octets, is_explicit| {
        match TrustSet::read_anchors(octets, &mut Budget::default()) {
            // Else whoever signed a document would be trusted because it was signed.
            Ok(_) if Kind::of(octets) == Kind::SignedMessage => {
                if is_explicit {
                    return Err(misplaced::complaint(file, octets, Place::Trust, ""));
                }
                warn(file, Sentence::LeftOutSigned);
            }
            Ok(found) => anchors.extend(found),
            Err(error) if is_explicit => {
                return Err(misplaced::complaint(file, octets, Place::Trust, &error));
            }
            Err(_) => warn(file, Sentence::LeftOutTrust),
        }
        Ok(())
    })?;
    Ok(anchors)
}

/// Material without trust.
pub(crate) fn evidence(paths: &[PathBuf]) -> Result<Vec<Given>, Complaint> {
    let mut given = Vec::new();
    for path in paths {
        each_file(path, |file, octets, is_explicit| {
            match recognise_material(octets, &mut Budget::default()) {
                Ok(found) => given.extend(found),
                Err(error) if is_explicit => {
                    return Err(misplaced::complaint(file, octets, Place::Evidence, &error));
                }
                Err(_) => warn(file, Sentence::LeftOutEvidence),
            }
            Ok(())
        })?;
    }
    Ok(given)
}

/// Keys for signatures that carry none: certificates or bare public keys.
pub(crate) fn keys(paths: &[PathBuf]) -> Result<(Vec<PublicKey>, Vec<Given>), Complaint> {
    let (mut keys, mut given) = (Vec::new(), Vec::new());
    for path in paths {
        let octets = read(path)?;
        let (found, certificates) = read_key(&octets, &mut Budget::default())
            .map_err(|error| misplaced::complaint(path, &octets, Place::Key, &error))?;
        keys.extend(found);
        given.extend(certificates);
    }
    Ok((keys, given))
}

/// Reads a file that the command line names.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

/// A file, or every file of a folder in the order of their names.
fn each_file(
    path: &Path,
    mut visit: impl FnMut(&Path, &[u8], bool) -> Result<(), Complaint>,
) -> Result<(), Complaint> {
    if !path.is_dir() {
        return visit(path, &read(path)?, true);
    }
    let unreadable = |error: std::io::Error| unreadable(path, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    for file in files {
        match std::fs::read(&file) {
            Ok(octets) => visit(&file, &octets, false)?,
            Err(error) => {
                let what = Said::new(Sentence::LeftOutUnreadable).with("name", file.as_path());
                voice::tell(what.with("why", &error));
            }
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Complaint {
    let what = Said::new(Sentence::Unreadable).with("name", path);
    Complaint::misuse(what.with("why", error))
}

fn warn(file: &Path, sentence: Sentence) {
    voice::tell(Said::new(sentence).with("name", file));
}
