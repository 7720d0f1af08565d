//! A trust set in one file, signed by whoever put it together.
//!
//! Two lines of text. The first is the content as JSON: the anchors with their purposes, their
//! sunset dates and a note on what they mean. The second is the signature over the octets of the
//! first, and the public key that made it; a bundle that nobody signed has no second line.
//!
//! A signature that is there has to fit, or the bundle is refused. Whose it is, the reader decides:
//! a key inside a bundle says nothing by itself ([`Bundle::signer`]). What a bundle relies on, a
//! validation relies on when its caller names it as trust.

use super::{TrustAnchor, every_purpose};
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::crypto::{Fit, Memo, Message, PublicKey, verify};
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::time::UnixTime;
use crate::vocabulary::Purpose;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const VERSION: u32 = 1;
/// What is signed begins with this, so that it is no other signature of the same key.
const CONTEXT: &[u8] = b"imza-trust\n";
/// How every bundle begins.
const BEGINNING: &[u8] = b"{\"imza-trust\":";

/// Anchors in a file.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What it is called.
    pub name: String,
    /// When it was put together.
    pub issued: UnixTime,
    /// The anchors, each with a note on what it means.
    pub anchors: Vec<(TrustAnchor, String)>,
    /// The first line, as it was read or will be written.
    content: String,
    signature: Option<Signed>,
}

#[derive(Clone, Debug)]
struct Signed {
    algorithm: SignatureAlgorithm,
    key: PublicKey,
    value: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(rename = "imza-trust")]
    version: u32,
    name: String,
    issued: UnixTime,
    anchors: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    certificate: String,
    #[serde(default = "every_purpose")]
    purposes: BTreeSet<Purpose>,
    #[serde(default)]
    sunset_date: Option<UnixTime>,
    #[serde(default)]
    note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureLine {
    /// The name of RFC 7518.
    algorithm: String,
    key: String,
    value: String,
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "imza-trust")]
    version: u32,
}

fn wrong() -> Error {
    Malformed::within(MalformedKind::TrustBundle, "trust bundle").into()
}

impl Bundle {
    /// A bundle that nobody has signed yet.
    ///
    /// # Errors
    /// [`Unsupported`] for an anchor that is no certificate.
    pub fn new(
        name: String,
        issued: UnixTime,
        anchors: Vec<(TrustAnchor, String)>,
    ) -> Result<Self, Error> {
        let entry = |(anchor, note): &(TrustAnchor, String)| {
            let certificate = anchor.certificate.as_ref();
            let certificate =
                certificate.ok_or(Unsupported::Feature("an anchor without a certificate"));
            Ok::<_, Error>(Entry {
                certificate: STANDARD.encode(certificate?.der()),
                purposes: anchor.purposes.clone(),
                sunset_date: anchor.sunset_date,
                note: note.clone(),
            })
        };
        let entries: Result<Vec<Entry>, Error> = anchors.iter().map(entry).collect();
        let content = Content {
            version: VERSION,
            name: name.clone(),
            issued,
            anchors: entries?,
        };
        let content = serde_json::to_string(&content).map_err(|_| wrong())?;
        Ok(Self {
            name,
            issued,
            anchors,
            content,
            signature: None,
        })
    }

    /// Whether octets would like to be a bundle.
    #[must_use]
    pub fn is_one(octets: &[u8]) -> bool {
        octets.starts_with(BEGINNING)
    }

    /// Reads a bundle. A signature in it is verified.
    ///
    /// # Errors
    /// [`Malformed`] for what is no bundle or has a signature that does not fit;
    /// [`ApiMisuse::UnknownVersion`]; [`Error::Unsupported`] for an algorithm; a limit.
    pub fn read(octets: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let text = std::str::from_utf8(octets).map_err(|_| wrong())?;
        let mut lines = text.lines();
        let first = lines.next().ok_or_else(wrong)?;
        let version: Version = serde_json::from_str(first).map_err(|_| wrong())?;
        if version.version != VERSION {
            return Err(ApiMisuse::UnknownVersion.into());
        }
        let content: Content = serde_json::from_str(first).map_err(|_| wrong())?;
        let mut anchors = Vec::with_capacity(content.anchors.len());
        for entry in content.anchors {
            let der = STANDARD.decode(&entry.certificate).map_err(|_| wrong())?;
            let certificate = Certificate::parse(&der, budget)?;
            let mut anchor = TrustAnchor::from_certificate(certificate);
            anchor.purposes = entry.purposes;
            anchor.sunset_date = entry.sunset_date;
            anchors.push((anchor, entry.note));
        }
        let mut bundle = Self {
            name: content.name,
            issued: content.issued,
            anchors,
            content: first.to_owned(),
            signature: None,
        };
        if let Some(second) = lines.next() {
            let line: SignatureLine = serde_json::from_str(second).map_err(|_| wrong())?;
            let decode = |text: &str| STANDARD.decode(text).map_err(|_| wrong());
            let named = SignatureAlgorithm::from_jose(&line.algorithm)
                .ok_or(Unsupported::Algorithm(line.algorithm.clone()))?;
            let key = PublicKey::from_spki(&decode(&line.key)?)?;
            // RFC 7518 §3.4: the name binds the curve.
            if named.curve.is_some() && named.curve != key.size().curve {
                return Err(wrong());
            }
            bundle.attach(named.algorithm, key, decode(&line.value)?, budget)?;
        }
        if lines.next().is_some() {
            return Err(wrong());
        }
        Ok(bundle)
    }

    /// What a signature is over.
    #[must_use]
    pub fn data_to_be_signed(&self) -> Vec<u8> {
        [CONTEXT, self.content.as_bytes()].concat()
    }

    /// Attaches a signature; it is verified first. An ECDSA value has its plain form here.
    ///
    /// # Errors
    /// [`Malformed`] when it does not fit; what the key or the algorithm cannot do.
    pub fn attach(
        &mut self,
        algorithm: SignatureAlgorithm,
        key: PublicKey,
        value: Vec<u8>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let data = self.data_to_be_signed();
        let message = Message::Octets(&data);
        match verify(
            &key,
            algorithm,
            message,
            &value,
            budget,
            &mut Memo::default(),
        )? {
            Fit::Fits => {}
            _ => return Err(wrong()),
        }
        self.signature = Some(Signed {
            algorithm,
            key,
            value,
        });
        Ok(())
    }

    /// The key that signed the bundle; none when nobody did.
    #[must_use]
    pub fn signer(&self) -> Option<&PublicKey> {
        self.signature.as_ref().map(|signed| &signed.key)
    }

    /// The file.
    ///
    /// # Errors
    /// [`Unsupported`] for an algorithm that has no name in RFC 7518.
    pub fn write(&self) -> Result<String, Error> {
        let mut text = format!("{}\n", self.content);
        if let Some(signed) = &self.signature {
            let curve = signed.key.size().curve;
            let name = signed.algorithm.jose(curve);
            let unnamed = || Unsupported::Algorithm(signed.algorithm.to_string());
            let line = SignatureLine {
                algorithm: name.ok_or_else(unnamed)?.to_owned(),
                key: STANDARD.encode(signed.key.spki()),
                value: STANDARD.encode(&signed.value),
            };
            text.push_str(&serde_json::to_string(&line).map_err(|_| wrong())?);
            text.push('\n');
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests;
