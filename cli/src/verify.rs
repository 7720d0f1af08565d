//! `imza verify`: validate signed documents and say why.

use crate::Outcome;
use crate::arguments::{ReportForm, VerifyOptions};
use crate::complaint::Complaint;
use crate::documents::{self, Document};
use crate::hint::Hints;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::pin;
use crate::progress::{Progress, Show};
use crate::sheet::{self, Sheet};
use crate::voice;
use imza::crypto::SharedMemo;
use imza::error::Error;
use imza::limits::Limits;
use imza::reading::{Given, Network, Validation, ValidationRequest};
use imza::report::{self, Report};
use imza::transport::drive;
use imza::validation::Context;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs the command.
pub(crate) fn run(options: &VerifyOptions) -> Outcome {
    let documents = documents::named(&options.documents);
    refuse_what_is_not_there(options, documents.len())?;
    let context = material::context(&options.trust, options.proven_at.as_deref())?;
    let mut given = material::evidence(&options.trust.evidence)?;
    let (keys, certificates) = material::keys(&options.key)?;
    given.extend(certificates);
    let progress = Arc::new(progress(options, &documents));
    let run = Run {
        options,
        documents,
        context,
        given,
        keys,
        password: pin::of_documents(&options.password)?,
        progress: Arc::clone(&progress),
        memo: SharedMemo::default(),
    };

    let mut status = 0;
    let mut sink = Sink {
        sheet: Sheet::open(&options.form)?,
        hints: Hints::default(),
    };
    progress.during(|| {
        run.each(|document, outcome| {
            let shown = progress.aside(|| sink.show(document, outcome, options))?;
            status = status.max(shown);
            Ok(())
        })
    })?;
    sink.sheet.finish()?;
    Ok(status)
}

/// Counted in octets of the files that can be found.
fn progress(options: &VerifyOptions, documents: &[Document]) -> Progress {
    let show = Show::of(voice::is_plain());
    let detached = options.detached.iter().map(|text| detached(text).1);
    let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let paths = documents.iter().map(|document| document.path.clone());
    let total = match show {
        Show::Always => paths.chain(detached).map(size).sum(),
        Show::Never => 0,
    };
    Progress::new(Sentence::Verifying, documents.len(), total, show)
}

/// The name that a signature knows a file by, and where it is.
pub(crate) fn detached(text: &str) -> (String, PathBuf) {
    match text.split_once('=') {
        Some((name, path)) => (name.to_owned(), PathBuf::from(path)),
        None => (name_of(Path::new(text)), PathBuf::from(text)),
    }
}

/// Documents that are judged at the same time.
fn workers(options: &VerifyOptions, documents: usize) -> usize {
    let own = || {
        std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MAX_OWN_WORKERS)
    };
    let wanted = options.jobs.map_or_else(own, usize::from);
    wanted.clamp(1, documents.max(1))
}

fn refuse_what_is_not_there(options: &VerifyOptions, documents: usize) -> Result<(), Complaint> {
    if !options.detached.is_empty() && documents > 1 {
        return Err(Complaint::misuse(Sentence::DetachedForOne));
    }
    if sheet::is_for_one(&options.form) && documents > 1 {
        return Err(Complaint::misuse(Sentence::FormForOne));
    }
    if options.save_evidence.is_some() && documents > 1 {
        return Err(Complaint::misuse(Sentence::EvidenceForOne));
    }
    Ok(())
}

/// What one document gave.
type Verified = Result<Judged, (Error, u64)>;

struct Judged {
    report: Report,
    /// The evidence, where it is wanted.
    saved: Option<String>,
    /// Documents given beside that nothing in this one is about.
    unused: Vec<String>,
}

struct Run<'a> {
    options: &'a VerifyOptions,
    documents: Vec<Document>,
    context: Context,
    given: Vec<Given>,
    keys: Vec<imza::crypto::PublicKey>,
    password: Option<imza::pdf::Password>,
    progress: Arc<Progress>,
    /// What the documents have in common is verified once.
    memo: SharedMemo,
}

/// More share the memory's speed and gain little.
const MAX_OWN_WORKERS: usize = 8;

impl Run<'_> {
    /// Verifies every document and hands the outcomes over in the order of the documents.
    fn each(
        &self,
        mut take: impl FnMut(&Document, Verified) -> Result<(), Complaint>,
    ) -> Result<(), Complaint> {
        let documents = &self.documents;
        let workers = workers(self.options, documents.len());
        if workers < 2 {
            for document in documents {
                take(document, self.verify(document)?)?;
            }
            return Ok(());
        }
        let next = AtomicUsize::new(0);
        let (sender, receiver) = std::sync::mpsc::sync_channel(workers * 2);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (next, sender) = (&next, sender.clone());
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(document) = documents.get(index) else {
                            break;
                        };
                        // The other end is gone when a complaint ended the run.
                        if sender.send((index, self.verify(document))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut waiting = std::collections::BTreeMap::new();
            let mut expected = 0;
            for (index, outcome) in receiver {
                waiting.insert(index, outcome);
                while let Some(outcome) = waiting.remove(&expected) {
                    if let Some(document) = documents.get(expected) {
                        take(document, outcome?)?;
                    }
                    expected += 1;
                }
            }
            Ok(())
        })
    }

    fn verify(&self, document: &Document) -> Result<Verified, Complaint> {
        let mut paths = vec![(document.name.clone(), document.path.clone())];
        paths.extend(self.options.detached.iter().map(|text| detached(text)));
        let mut files = match Files::open(&paths, Connection::of(&self.options.trust)) {
            Ok(files) => files,
            Err(error) => {
                // The report is silent about this machine; the person is told which file and why.
                let complaint = match error.kind() {
                    std::io::ErrorKind::IsADirectory => Complaint::other(
                        Said::new(Sentence::NothingInFolder).with("name", document.path.as_path()),
                    ),
                    _ => Complaint::other(error.said()),
                };
                self.progress.aside(|| complaint.print());
                return Ok(Err((imza::error::InputError::Unreadable.into(), 0)));
            }
        };
        let size = files.length(0);
        files.use_cache(&self.options.trust);
        files.count(&self.progress);
        let network = if self.options.trust.offline {
            Network::Offline
        } else {
            Network::Online
        };
        let request = ValidationRequest {
            inputs: files.inputs(),
            given: self.given.clone(),
            keys: self.keys.clone(),
            seed: seed()?,
            network,
        };
        let outcome = Validation::begin(request, self.context.clone()).and_then(|job| {
            let job = job.with_password(self.password.clone());
            drive(job.with_memo(self.memo.clone()), &mut files)
        });
        files.count_rest();
        Ok(match outcome {
            Ok(mut verdict) => {
                if self.options.document_digest {
                    verdict.report.document.digest = Some(files.digest(0)?);
                }
                let (report, evidence) = (&mut verdict.report, &verdict.evidence);
                sheet::look_ahead(&self.options.form, report, evidence, &self.context);
                let save = self.options.save_evidence.is_some();
                let saved = save.then(|| verdict.evidence.save(&Limits::default()));
                let unused = verdict.evidence.unreferenced().into_iter();
                let unused = unused.map(str::to_owned).collect();
                Ok(Judged {
                    report: verdict.report,
                    saved,
                    unused,
                })
            }
            Err(error) => Err((error, size)),
        })
    }
}

/// The name of a file without its folders.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Where reports and hints go.
struct Sink {
    sheet: Sheet,
    hints: Hints,
}

impl Sink {
    fn show(
        &mut self,
        document: &Document,
        outcome: Verified,
        options: &VerifyOptions,
    ) -> Result<u8, Complaint> {
        let mut failure = None;
        let mut unused = Vec::new();
        let report = match outcome {
            Ok(judged) => {
                let Judged { report, saved, .. } = judged;
                unused = judged.unused;
                if let (Some(text), Some(path)) = (saved, &options.save_evidence) {
                    let mut file = Output::create(path, Existing::of(options.form.force))?;
                    file.write(text.as_bytes())?;
                    file.finish()?;
                }
                report
            }
            Err((error, size)) => {
                let report = failed(document, &error, size, options)?;
                failure = Some(error);
                report
            }
        };
        self.sheet.put(&report)?;
        // Programs read the report; people are told what they may have forgotten.
        if options.form.report == ReportForm::Text {
            match failure {
                Some(error) => self.hints.on_error(&document.path, &error),
                None => self.hints.on_report(&document.path, &report, options),
            }
        }
        // Whoever gives a document asks whether it was signed.
        for name in &unused {
            let said = Said::new(Sentence::NothingAbout).with("name", name.as_str());
            anstream::eprintln!("{}", voice::words().said(&said).what);
        }
        let asked = if unused.is_empty() { 0 } else { 10 };
        Ok(report.exit_status().max(asked))
    }
}

/// The report of a document that could not be processed.
fn failed(
    document: &Document,
    error: &Error,
    size: u64,
    options: &VerifyOptions,
) -> Result<Report, Complaint> {
    let context = material::context(&options.trust, options.proven_at.as_deref())?;
    let mut report = imza::reading::empty_report(&document.name, size, &context);
    report.error = Some(report::Failure::from(error));
    Ok(report)
}
