//! `imza container`: the files of a container; files more or less, before anybody signs, and signatures
//! less.

use crate::Outcome;
use crate::arguments::{ContainerAddOptions, ContainerCommand, ContainerRemoveOptions};
use crate::complaint::Complaint;
use crate::extract::{look, open};
use crate::host::{Connection, Files};
use crate::output::{Existing, Output, say};
use crate::progress::{Progress, Show};
use crate::sign::{media_type, write};
use crate::verify::name_of;
use crate::voice;
use imza::creation::{ContainerChange, ContainerChangeRequest, DocumentToSign};
use imza::transport::drive;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs the command.
pub(crate) fn run(command: &ContainerCommand) -> Outcome {
    match command {
        ContainerCommand::List { json, container } => list(container, *json),
        ContainerCommand::Add(options) => add(options),
        ContainerCommand::Remove(options) => remove(options),
    }
}

fn list(container: &Path, json: bool) -> Outcome {
    let mut files = open(container)?;
    let report = look(&mut files)?.report;
    if json {
        let listed = serde_json::json!({
            "container": report.container,
            "files": report.files,
            "signatures": report.signatures.iter().map(|one| &one.id).collect::<Vec<_>>(),
        });
        say(&listed.to_string())?;
        return Ok(0);
    }
    for file in &report.files {
        let said = Said::new(Sentence::ContainerFile)
            .with("name", file.name.as_str())
            .with("size", file.size.to_string())
            .with("count", file.covered_by.len().to_string());
        say(&voice::words().said(&said).what)?;
    }
    Ok(0)
}

fn add(options: &ContainerAddOptions) -> Outcome {
    let is_there = options.container.symlink_metadata().is_ok();
    let change = Change {
        container: is_there.then_some(options.container.as_path()),
        add: &options.files,
        remove: &[],
        target: options.output.as_ref().unwrap_or(&options.container),
        existing: existing(options.output.as_deref(), options.force),
    };
    change.make()
}

fn remove(options: &ContainerRemoveOptions) -> Outcome {
    let change = Change {
        container: Some(&options.container),
        add: &[],
        remove: &options.names,
        target: options.output.as_ref().unwrap_or(&options.container),
        existing: existing(options.output.as_deref(), options.force),
    };
    change.make()
}

/// The container itself is what is to be changed; another file is not replaced unasked.
fn existing(output: Option<&Path>, force: bool) -> Existing {
    match output {
        None => Existing::Replace,
        Some(_) => Existing::of(force),
    }
}

struct Change<'a> {
    container: Option<&'a Path>,
    add: &'a [PathBuf],
    remove: &'a [String],
    target: &'a Path,
    existing: Existing,
}

impl Change<'_> {
    fn make(&self) -> Outcome {
        let mut output = Output::create(self.target, self.existing)?;
        let documents = self
            .container
            .into_iter()
            .chain(self.add.iter().map(PathBuf::as_path));
        let paths: Vec<(String, PathBuf)> = documents
            .map(|path| (name_of(path), path.to_owned()))
            .collect();
        let mut files = Files::open(&paths, Connection::Offline)
            .map_err(|error| Complaint::misuse(error.said()))?;
        let mut inputs = files.inputs().into_iter();
        let request = ContainerChangeRequest {
            container: self.container.and_then(|_| inputs.next()),
            add: inputs
                .map(|input| DocumentToSign {
                    media_type: media_type(&input.name).to_owned(),
                    input,
                })
                .collect(),
            remove: self.remove.to_vec(),
        };
        let edits = ContainerChange::begin(request)
            .and_then(|job| drive(job, &mut files))
            .map_err(|error| Complaint::from_error(Sentence::DoingContainer, &error))?;
        let progress = Arc::new(Progress::new(
            Sentence::Signing,
            1,
            edits.length(),
            Show::of(true),
        ));
        write(&edits, &mut files, &mut output, &progress)?;
        output.finish()?;
        let said = Said::new(Sentence::Written).with("name", self.target);
        anstream::eprintln!("{}", voice::words().said(&said).what);
        Ok(0)
    }
}
