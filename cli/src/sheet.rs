//! Reports in the form that is wanted, one after the other, to a file or to standard output.

use crate::arguments::{FormOptions, ReportForm};
use crate::complaint::Complaint;
use crate::output::{Existing, Output, say};
use crate::voice::{self, Target};
use imza::crypto::Memo;
use imza::evidence::Evidence;
use imza::report::Report;
use imza::validation::{Context, outlook};
use imza_explain::Look;

/// Where reports go.
pub(crate) struct Sheet {
    form: ReportForm,
    is_pretty: bool,
    look: Look,
    file: Option<Output>,
    is_first: bool,
}

/// Whether a report in this form is a file of its own: several in one would be none.
pub(crate) fn is_for_one(options: &FormOptions) -> bool {
    matches!(
        options.report,
        ReportForm::Html | ReportForm::Svg | ReportForm::Etsi
    )
}

/// Adds until when the verdicts stay, where it is asked for or drawn.
pub(crate) fn look_ahead(
    options: &FormOptions,
    report: &mut Report,
    evidence: &Evidence,
    context: &Context,
) {
    if options.what_if || is_for_one(options) {
        report.outlook = Some(outlook(evidence, context, &mut Memo::default()));
    }
}

impl Sheet {
    /// Opens the output, where a file is wanted.
    pub(crate) fn open(options: &FormOptions) -> Result<Self, Complaint> {
        let existing = Existing::of(options.force);
        let file = options.output.as_deref();
        let file = file
            .map(|path| Output::create(path, existing))
            .transpose()?;
        let target = match file {
            Some(_) => Target::File,
            None => Target::StandardOutput,
        };
        Ok(Self {
            form: options.report,
            is_pretty: options.pretty,
            look: voice::look(target),
            file,
            is_first: true,
        })
    }

    /// Writes one report.
    pub(crate) fn put(&mut self, report: &Report) -> Result<(), Complaint> {
        let text = match self.form {
            ReportForm::Json if self.is_pretty => report.to_pretty_json(),
            ReportForm::Json => report.to_json(),
            ReportForm::Html => imza_explain::html(report, voice::words()),
            ReportForm::Svg => imza_explain::svg(report, voice::words()),
            ReportForm::Etsi => imza_explain::etsi(report),
            ReportForm::Text => {
                let separator = if self.is_first { "" } else { "\n" };
                let page = imza_explain::text(report, voice::words(), self.look);
                format!("{separator}{page}")
            }
        };
        self.is_first = false;
        let text = text.trim_end();
        match &mut self.file {
            Some(file) => {
                file.write(text.as_bytes())?;
                file.write(b"\n")
            }
            None => say(text),
        }
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result<(), Complaint> {
        self.file.map_or(Ok(()), Output::finish)
    }
}
