//! `imza timestamp`: time-stamps by themselves, made and validated.

use crate::Outcome;
use crate::arguments::{
    AuthorityOptions, TimestampCommand, TimestampCreateOptions, TimestampVerifyOptions,
};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::sheet::{self, Sheet};
use crate::verify::name_of;
use crate::voice;
use imza::algorithm::DigestAlgorithm;
use imza::creation::{Timestamped, Timestamping, TimestampingRequest};
use imza::error::Error;
use imza::limits::Limits;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::{AnyIndication, Report};
use imza::transport::drive;
use imza::vocabulary::BlockIndication;
use imza_explain::{Said, Sentence};
use std::sync::Arc;

/// Runs the command.
pub(crate) fn run(command: &TimestampCommand) -> Outcome {
    match command {
        TimestampCommand::Create(options) => create(options),
        TimestampCommand::Verify(options) => verify(options),
    }
}

fn create(options: &TimestampCreateOptions) -> Outcome {
    let target = options.output.clone().unwrap_or_else(|| {
        let mut name = options.file.clone().into_os_string();
        name.push(".tst");
        name.into()
    });
    let mut output = Output::create(&target, Existing::of(options.force))?;
    let paths = [(name_of(&options.file), options.file.clone())];
    let mut files = Files::open(&paths, connection(&options.authority))
        .map_err(|error| Complaint::misuse(error.said()))?;
    let digest = octets(&files.digest(0)?);
    let made = ask(
        &options.authority.tsa,
        (DigestAlgorithm::Sha256, digest),
        &mut files,
    )
    .map_err(|error| Complaint::from_error(Sentence::DoingTimestamping, &error))?;
    output.write(&made.token)?;
    output.finish()?;
    let said = Said::new(Sentence::Timestamped)
        .with("name", target.as_path())
        .with("time", made.read.tst_info.gen_time.to_string())
        .with("host", made.authority.as_str());
    anstream::eprintln!("{}", voice::words().said(&said).what);
    Ok(0)
}

/// Addresses of authorities come from the person; those of a test PKI lie on this machine.
fn connection(options: &AuthorityOptions) -> Connection {
    match options.danger_allow_loopback {
        true => Connection::Loopback,
        false => Connection::Public,
    }
}

/// A time-stamp over a digest, from the first authority that answers.
pub(crate) fn ask(
    authorities: &[String],
    (algorithm, digest): (DigestAlgorithm, Vec<u8>),
    files: &mut Files,
) -> Result<Timestamped, Error> {
    let seed = seed().map_err(|_| imza::error::InputError::Unreadable)?;
    let request = TimestampingRequest {
        algorithm,
        digest,
        authorities: authorities.to_vec(),
        policy: None,
        seed,
        limits: Arc::new(Limits::default()),
    };
    let made = drive(Timestamping::begin(request)?, files)?;
    for (address, _) in &made.failed {
        let said = Said::new(Sentence::AuthorityPassedOver).with("name", address.as_str());
        anstream::eprintln!("{}", voice::words().said(&said).what);
    }
    Ok(made)
}

/// Reads hexadecimal digits that this program wrote.
pub(crate) fn octets(hex: &str) -> Vec<u8> {
    let digit = |one: u8| {
        char::from(one)
            .to_digit(16)
            .and_then(|one| u8::try_from(one).ok())
    };
    let pairs = hex.as_bytes().chunks(2);
    let octet = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    };
    pairs.filter_map(octet).collect()
}

fn verify(options: &TimestampVerifyOptions) -> Outcome {
    let context = material::context(&options.trust, None)?;
    let mut paths = vec![(name_of(&options.token), options.token.clone())];
    paths.extend(
        options
            .file
            .iter()
            .map(|file| (name_of(file), file.clone())),
    );
    let mut files = Files::open(&paths, Connection::of(&options.trust))
        .map_err(|error| Complaint::misuse(error.said()))?;
    files.use_cache(&options.trust);
    let request = ValidationRequest {
        inputs: files.inputs(),
        given: material::evidence(&options.trust.evidence)?,
        keys: Vec::new(),
        seed: seed()?,
        network: match options.trust.offline {
            true => Network::Offline,
            false => Network::Online,
        },
    };
    let verdict = Validation::begin(request, context.clone())
        .and_then(|job| drive(job, &mut files))
        .map_err(|error| Complaint::from_error(Sentence::DoingReading, &error))?;
    let mut report = verdict.report;
    sheet::look_ahead(&options.form, &mut report, &verdict.evidence, &context);
    let mut sheet = Sheet::open(&options.form)?;
    sheet.put(&report)?;
    sheet.finish()?;
    Ok(status(&report))
}

/// 0 for a document of time-stamps that passed, which for `imza verify` is no signed document.
fn status(report: &Report) -> u8 {
    match report.indication {
        Some(AnyIndication::Block(BlockIndication::Passed)) => 0,
        _ => report.exit_status(),
    }
}
