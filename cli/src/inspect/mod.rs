//! `imza inspect`: what a file is made of, without judging it.
//!
//! Certificates, revocation data, time-stamps and public keys are shown as facts, in PEM or DER; a
//! signed document as its parts and signatures. The page and the JSON say the same.

mod certificate;
mod crl;
mod document;
pub(crate) mod facts;
mod ocsp;
mod timestamp;

use crate::Outcome;
use crate::arguments::InspectOptions;
use crate::complaint::Complaint;
use crate::kind::Kind;
use crate::material;
use crate::voice;
use facts::Facts;
use imza::asn1::pem;
use imza::certificate::{Certificate, read_certificates};
use imza::crypto::PublicKey;
use imza::error::{Error, InputError};
use imza::limits::Budget;
use imza::revocation::{BasicOcspResponse, Crl, OcspResponse, OcspResponseStatus};
use imza::timestamp::TimestampToken;
use imza_explain::{Said, Sentence};
use std::io::Write as _;
use std::path::Path;

/// Runs the command.
pub(crate) fn run(options: &InspectOptions) -> Outcome {
    let path = &options.document;
    let kind = if path.is_file() {
        Kind::of_file(path)
    } else {
        Kind::Other
    };
    let of = |sentence| Said::new(sentence).with("name", path.as_path());
    match kind {
        Kind::PrivateKey => Err(Complaint::misuse(of(Sentence::KeyNotShown))),
        Kind::KeyStore => Err(Complaint::misuse(of(Sentence::StoreNotShown))),
        Kind::Certificate
        | Kind::Certificates
        | Kind::Crl
        | Kind::OcspResponse
        | Kind::TimestampToken
        | Kind::TimestampResponse
        | Kind::PublicKey => show(path, &material::read(path)?, options.json),
        // A stream can be read once only.
        _ if !path.is_file() && path.exists() && !path.is_dir() => {
            let octets = material::read(path)?;
            show(path, &octets, options.json)
        }
        _ => document::run(options),
    }
}

fn show(path: &Path, octets: &[u8], is_json: bool) -> Outcome {
    let all = read(octets).map_err(|error| {
        let doing = Said::new(Sentence::DoingInspecting).with("name", path);
        Complaint::from_error(doing, &error)
    })?;
    let mut text = String::new();
    for (index, facts) in all.iter().enumerate() {
        if is_json {
            text.push_str(&facts.json());
            text.push('\n');
        } else {
            if index > 0 {
                text.push('\n');
            }
            text.push_str(&facts.page(voice::is_plain()));
        }
    }
    let mut out = anstream::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Complaint::other(
            Said::new(Sentence::OutputUnwritable).with("why", &error),
        )),
        _ => Ok(0),
    }
}

/// The facts of everything in a file.
fn read(octets: &[u8]) -> Result<Vec<Facts>, Error> {
    if octets.starts_with(b"0") {
        return one(octets);
    }
    let mut all = Vec::new();
    for block in pem::decode(octets)? {
        all.extend(one(&block.der)?);
    }
    if all.is_empty() {
        return Err(InputError::UnknownKind.into());
    }
    Ok(all)
}

fn one(der: &[u8]) -> Result<Vec<Facts>, Error> {
    let budget = &mut Budget::default();
    Ok(match Kind::of_der(der) {
        Kind::Certificate => vec![certificate::certificate(&Certificate::parse(der, budget)?)],
        Kind::Certificates => {
            let certificates = read_certificates(der, budget)?;
            certificates.iter().map(certificate::certificate).collect()
        }
        Kind::Crl => vec![crl::crl(&Crl::parse(der, budget)?)],
        Kind::OcspResponse => {
            let (status, basic) = match OcspResponse::parse(der, budget) {
                Ok(response) => (response.status, response.basic),
                Err(_) => {
                    let basic = BasicOcspResponse::parse(der, budget)?;
                    (OcspResponseStatus::Successful, Some(basic))
                }
            };
            vec![ocsp::response(status, basic.as_ref())]
        }
        Kind::TimestampToken => vec![timestamp::token(&TimestampToken::parse(der, budget)?)],
        Kind::TimestampResponse => vec![timestamp::response(der)?],
        Kind::PublicKey => vec![certificate::public_key(&PublicKey::from_spki(der)?)],
        _ => return Err(InputError::UnknownKind.into()),
    })
}
