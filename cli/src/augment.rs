//! `imza augment`: time-stamps and validation data for a signed document.

use crate::Outcome;
use crate::arguments::{AugmentLevel, AugmentOptions};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::pin;
use crate::progress::{Progress, Show};
use crate::sign::write;
use crate::verify::{detached, name_of};
use crate::voice;
use imza::creation::{Augmentation, AugmentationRequest};
use imza::error::Error;
use imza::job::InputId;
use imza::reading::Network;
use imza::source::Edits;
use imza::transport::drive;
use imza::validation::Context;
use imza::vocabulary::BaselineLevel;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs the command.
pub(crate) fn run(options: &AugmentOptions) -> Outcome {
    let target = options
        .output
        .clone()
        .unwrap_or_else(|| default_target(&options.document, options.level));
    let mut output = Output::create(&target, Existing::of(options.force))?;
    let context = material::context(&options.trust, None)?;
    let size = std::fs::metadata(&options.document).map_or(0, |metadata| metadata.len());
    let progress = Arc::new(Progress::new(
        Sentence::Augmenting,
        1,
        size.saturating_mul(2),
        Show::of(voice::is_plain()),
    ));
    progress.during(|| make(options, &context, &mut output, &progress))?;
    output.finish()?;
    let augmented = Said::new(Sentence::Augmented).with("name", target.as_path());
    anstream::eprintln!("{}", voice::words().said(&augmented).what);
    Ok(0)
}

fn make(
    options: &AugmentOptions,
    context: &Context,
    output: &mut Output,
    progress: &Arc<Progress>,
) -> Result<(), Complaint> {
    let mut paths = vec![(name_of(&options.document), options.document.clone())];
    paths.extend(options.detached.iter().map(|text| detached(text)));
    let mut files = Files::open(&paths, Connection::of(&options.trust))
        .map_err(|error| Complaint::misuse(error.said()))?;
    files.count(progress);
    let edits = Edits::whole(InputId(0), files.length(0));
    let network = if options.trust.offline {
        Network::Offline
    } else {
        Network::Online
    };
    let request = AugmentationRequest {
        edits,
        inputs: files.inputs(),
        level: match options.level {
            AugmentLevel::T => BaselineLevel::T,
            AugmentLevel::Lt => BaselineLevel::Lt,
            AugmentLevel::Lta => BaselineLevel::Lta,
        },
        timestamp_authority: options.tsa.first().cloned().unwrap_or_default(),
        context: context.clone(),
        seed: seed()?,
        network,
    };
    let password = pin::of_documents(&options.password)?;
    let given = material::evidence(&options.trust.evidence)?;
    let wrong = |error: &Error| Complaint::from_error(Sentence::DoingAugmenting, error);
    let edits = Augmentation::begin(request)
        .and_then(|job| job.with_given(given))
        .and_then(|job| {
            let more = options.tsa.iter().skip(1).cloned().collect();
            let job = job.with_password(password).with_more_authorities(more);
            let job = job.with_signatures(options.signature.clone());
            drive(job, &mut files)
        })
        .map_err(|error| wrong(&error))?;
    files.count_rest();
    write(&edits, &mut files, output, progress)
}

/// `permit.asice` becomes `permit-lt.asice`; `permit.txt.p7s` becomes `permit.txt-lt.p7s`.
fn default_target(document: &Path, level: AugmentLevel) -> PathBuf {
    let mut name = document.file_stem().unwrap_or_default().to_owned();
    name.push(match level {
        AugmentLevel::T => "-t",
        AugmentLevel::Lt => "-lt",
        AugmentLevel::Lta => "-lta",
    });
    if let Some(ending) = document.extension() {
        name.push(".");
        name.push(ending);
    }
    document.with_file_name(name)
}
