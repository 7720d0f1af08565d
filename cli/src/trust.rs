//! `imza trust`: trust anchors in one file, put together, shown and verified.

use crate::Outcome;
use crate::arguments::{TrustBuildOptions, TrustCommand};
use crate::complaint::Complaint;
use crate::host::seed;
use crate::inspect::facts::Facts;
use crate::material::{self, now};
use crate::output::{Existing, Output, say};
use crate::voice;
use imza::algorithm::SignatureAlgorithm;
use imza::crypto::{Message, PublicKey, SoftwareKey};
use imza::error::Error;
use imza::limits::Budget;
use imza::trust::{Bundle, TrustAnchor, TrustSet};
use imza_explain::{Said, Sentence};
use std::path::Path;

/// The bundle is signed, but not by the key that was named; or by nobody.
const OTHER_KEY: u8 = 10;

/// Runs the command.
pub(crate) fn run(command: &TrustCommand) -> Outcome {
    match command {
        TrustCommand::Build(options) => build(options),
        TrustCommand::Show { json, bundle } => show(bundle, *json),
        TrustCommand::Verify { key, bundle } => verify(bundle, key),
    }
}

fn build(options: &TrustBuildOptions) -> Outcome {
    let mut output = Output::create(&options.output, Existing::of(options.force))?;
    let mut anchors = material::anchors(&options.trust, &options.trust_for)?;
    if anchors.is_empty() {
        return Err(Complaint::misuse(Sentence::TrustEmpty));
    }
    if let Some(text) = &options.until {
        let until = material::time(text, "--until")?;
        anchors = anchors.into_iter().map(|one| one.until(until)).collect();
    }
    let note = options.note.clone().unwrap_or_default();
    let anchors: Vec<(TrustAnchor, String)> =
        anchors.into_iter().map(|one| (one, note.clone())).collect();
    let wrong = |error: &Error| Complaint::from_error(Sentence::DoingBundle, error);
    let name = options.name.clone().unwrap_or_default();
    let mut bundle = Bundle::new(name, now(), anchors).map_err(|error| wrong(&error))?;
    if let Some(path) = &options.key {
        sign(&mut bundle, path)?;
    }
    let text = bundle.write().map_err(|error| wrong(&error))?;
    output.write(text.as_bytes())?;
    output.finish()?;
    let written = Said::new(Sentence::Written).with("name", options.output.as_path());
    anstream::eprintln!("{}", voice::words().said(&written).what);
    Ok(0)
}

fn sign(bundle: &mut Bundle, path: &Path) -> Result<(), Complaint> {
    let wrong = |error: &Error| Complaint::from_error(Sentence::DoingBundle, error);
    let octets = zeroize::Zeroizing::new(material::read(path)?);
    let text = std::str::from_utf8(&octets).unwrap_or_default();
    let key = SoftwareKey::from_pem(text, None).map_err(|error| wrong(&error))?;
    let public = key.public_key().clone();
    let data = bundle.data_to_be_signed();
    let (algorithm, value) = ["ES256", "ES384", "ES512", "Ed25519", "PS256"]
        .into_iter()
        .filter_map(SignatureAlgorithm::from_jose)
        .filter(|named| named.curve.is_none() || named.curve == public.size().curve)
        .find_map(|named| {
            let seed = seed().ok()?;
            let signed = key.sign(named.algorithm, Message::Octets(&data), &seed);
            Some((named.algorithm, signed.ok()?))
        })
        .ok_or_else(|| Complaint::misuse(Sentence::BundleKey))?;
    let attached = bundle.attach(algorithm, public, value, &mut Budget::default());
    attached.map_err(|error| wrong(&error))
}

fn read(path: &Path) -> Result<Bundle, Complaint> {
    let octets = material::read(path)?;
    if !Bundle::is_one(&octets) {
        let what = Said::new(Sentence::NotABundle).with("name", path);
        return Err(Complaint::misuse(what));
    }
    Bundle::read(&octets, &mut Budget::default()).map_err(|error| {
        let doing = Said::new(Sentence::DoingInspecting).with("name", path);
        Complaint::from_error(doing, &error)
    })
}

fn show(path: &Path, is_json: bool) -> Outcome {
    let bundle = read(path)?;
    let facts = facts(&bundle);
    if is_json {
        say(&facts.json())?;
    } else {
        say(facts.page(voice::is_plain()).trim_end())?;
    }
    Ok(0)
}

fn facts(bundle: &Bundle) -> Facts {
    let anchors = bundle.anchors.iter().map(|(anchor, note)| {
        let purposes = anchor.purposes.iter().map(ToString::to_string);
        let validity = anchor.certificate.as_ref().map(|one| one.validity());
        let mut facts = Facts::default();
        facts
            .add("subject", anchor.name().to_rfc4514())
            .add("purposes", purposes.collect::<Vec<_>>())
            .add("not_before", validity.map(|one| one.not_before.to_string()))
            .add("not_after", validity.map(|one| one.not_after.to_string()))
            .add("sunset_date", anchor.sunset_date.map(|one| one.to_string()))
            .add("note", Some(note.clone()).filter(|note| !note.is_empty()))
            .add(
                "sha256",
                anchor.certificate.as_ref().map(|one| one.id().to_hex()),
            );
        facts
    });
    let set = TrustSet::new(bundle.anchors.iter().map(|(anchor, _)| anchor.clone()));
    let name = Some(bundle.name.clone()).filter(|name| !name.is_empty());
    let mut facts = Facts::default();
    facts
        .add("kind", "trust-bundle")
        .add("name", name)
        .add("issued", bundle.issued.to_string())
        .add("signer", bundle.signer().map(|key| key.id().to_hex()))
        .add("digest", imza::vocabulary::ObjectId(set.digest()).to_hex())
        .add("anchors", anchors.collect::<Vec<_>>());
    facts
}

/// By a key that the person has from elsewhere: the one inside says nothing by itself.
fn verify(path: &Path, key: &Path) -> Outcome {
    let (keys, _) = material::keys(&[key.to_owned()])?;
    let bundle = read(path)?;
    let is_named = |signer: &PublicKey| keys.iter().any(|key| key.spki() == signer.spki());
    let (sentence, status) = match bundle.signer() {
        Some(signer) if is_named(signer) => (Sentence::BundleSigned, 0),
        Some(_) => (Sentence::BundleOtherKey, OTHER_KEY),
        None => (Sentence::BundleUnsigned, OTHER_KEY),
    };
    let said = Said::new(sentence).with("name", path);
    say(&voice::words().said(&said).what)?;
    Ok(status)
}
