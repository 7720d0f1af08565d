//! `imza certificate`: what a certificate says, and whether it holds.

use crate::Outcome;
use crate::arguments::{ReportForm, TrustOptions};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::verify::name_of;
use crate::voice::{self, Target};
use clap::{Args, Subcommand, ValueEnum};
use imza::asn1::Oid;
use imza::certificate::read_certificates;
use imza::error::InputError;
use imza::limits::Budget;
use imza::path::{ExplicitPolicy, Initially, PolicyInputs};
use imza::reading::{
    CertificateRequest, CertificateValidation, Given, Network, certificate_facts,
    empty_certificate_report,
};
use imza::signature::RevocationKind;
use imza::transport::drive;
use imza::vocabulary::Purpose;
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct CertificateOptions {
    #[command(subcommand)]
    command: CertificateCommand,
}

#[derive(Subcommand)]
enum CertificateCommand {
    /// Say whose a certificate is, for what and until when, without judging it
    Show(ShowOptions),
    /// Validate a certificate: every path, revocation, policies
    Validate(Box<ValidateOptions>),
}

#[derive(Args)]
struct ShowOptions {
    /// One line of JSON for each certificate
    #[arg(long)]
    json: bool,
    /// A file of certificates: PEM, DER or PKCS #7
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// What the certificate is to be used for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PurposeOption {
    /// Signing documents (default)
    Signing,
    /// Issuing time-stamps
    Timestamping,
    /// Answering for a certification authority
    Ocsp,
    /// Anything: no role constrains it
    Any,
}

#[derive(Args)]
struct ValidateOptions {
    /// Certificates without trust that paths may lead over: a file or folder
    #[arg(long, value_name = "PATH")]
    untrusted: Vec<PathBuf>,
    /// Certificate revocation lists: a file or folder
    #[arg(long, value_name = "PATH")]
    crl: Vec<PathBuf>,
    /// OCSP responses: a file or folder
    #[arg(long, value_name = "PATH")]
    ocsp: Vec<PathBuf>,
    #[command(flatten)]
    trust: TrustOptions,
    /// A certificate policy that is acceptable, as an object identifier; default: any
    #[arg(long, value_name = "OID")]
    initial_policy: Vec<String>,
    /// The path must have a valid policy
    #[arg(long)]
    require_explicit_policy: bool,
    /// Policy mappings do not count
    #[arg(long)]
    inhibit_policy_mapping: bool,
    /// anyPolicy does not count
    #[arg(long)]
    inhibit_any_policy: bool,
    /// What the certificate is to be used for
    #[arg(long, value_enum, default_value = "signing")]
    purpose: PurposeOption,
    /// Form of the report
    #[arg(long, value_enum, default_value = "text")]
    report: ReportForm,
    /// Indent JSON
    #[arg(long)]
    pretty: bool,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    force: bool,
    /// The certificate: PEM, DER or PKCS #7; the first of several is the one in question
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub(crate) fn run(options: CertificateOptions) -> Outcome {
    match options.command {
        CertificateCommand::Show(options) => show(&options),
        CertificateCommand::Validate(options) => validate(&options),
    }
}

fn show(options: &ShowOptions) -> Outcome {
    let octets = material::read(&options.file)?;
    let certificates = read_certificates(&octets, &mut Budget::default()).map_err(|error| {
        let path = options.file.as_path();
        let doing = Said::new(Sentence::DoingInspecting).with("name", path);
        Complaint::from_error(doing, &error)
    })?;
    let time = material::now();
    let mut is_first = true;
    for certificate in &certificates {
        let facts = certificate_facts(certificate);
        if options.json {
            print(&facts.to_json())?;
            continue;
        }
        if !is_first {
            print("")?;
        }
        is_first = false;
        let look = voice::look(Target::StandardOutput);
        let page = imza_explain::certificate_page(&facts, time, voice::words(), look);
        print(page.trim_end())?;
    }
    Ok(0)
}

fn validate(options: &ValidateOptions) -> Outcome {
    let svg_or_etsi = match options.report {
        ReportForm::Svg => Some("svg"),
        ReportForm::Etsi => Some("etsi"),
        ReportForm::Text | ReportForm::Json | ReportForm::Html => None,
    };
    // TS 119 102-2, and the picture of times, are about signatures.
    if let Some(form) = svg_or_etsi {
        let what = Said::new(Sentence::FormOfDocuments).with("form", form);
        return Err(Complaint::misuse(what));
    }
    let context = material::context(&options.trust, None)?;
    let policies = policies(options)?;
    let purpose = match options.purpose {
        PurposeOption::Signing => Some(Purpose::Signing),
        PurposeOption::Timestamping => Some(Purpose::Timestamping),
        PurposeOption::Ocsp => Some(Purpose::Ocsp),
        PurposeOption::Any => None,
    };
    let mut given = material::evidence(&options.trust.evidence)?;
    let is_certificate = |one: &Given| matches!(one, Given::Certificate(_));
    let crl = RevocationKind::Crl;
    let is_crl = |one: &Given| matches!(one, Given::Revocation { kind, .. } if *kind == crl);
    let is_ocsp = |one: &Given| matches!(one, Given::Revocation { kind, .. } if *kind != crl);
    given.extend(only(&options.untrusted, "--untrusted", is_certificate)?);
    given.extend(only(&options.crl, "--crl", is_crl)?);
    given.extend(only(&options.ocsp, "--ocsp", is_ocsp)?);

    let name = name_of(&options.file);
    let octets = std::fs::read(&options.file).map_err(|error| {
        // The report is silent about this machine; the person is told which file and why.
        let said = Said::new(Sentence::Unreadable).with("name", options.file.as_path());
        voice::tell(said.with("why", &error));
        imza::error::Error::from(InputError::Unreadable)
    });
    let (octets, unread) = match octets {
        Ok(octets) => (octets, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let request = CertificateRequest {
        name: name.clone(),
        octets,
        given,
        purpose,
        policies: policies.clone(),
        path_length: None,
        seed: seed()?,
        network: match options.trust.offline {
            true => Network::Offline,
            false => Network::Online,
        },
    };
    let mut host = Files::open(&[], Connection::of(&options.trust))
        .map_err(|error| Complaint::other(error.said()))?;
    host.use_cache(&options.trust);
    let outcome = match unread {
        Some(error) => Err(error),
        None => CertificateValidation::begin(request, context.clone())
            .and_then(|job| drive(job, &mut host)),
    };
    let report = match outcome {
        Ok(verdict) => verdict.report,
        Err(error) => empty_certificate_report(&name, purpose, &policies, &context, &error),
    };
    let target = match options.output {
        Some(_) => Target::File,
        None => Target::StandardOutput,
    };
    let text = match options.report {
        ReportForm::Json if options.pretty => report.to_pretty_json(),
        ReportForm::Json => report.to_json(),
        ReportForm::Html => imza_explain::certificate_html(&report, voice::words()),
        _ => imza_explain::certificate_text(&report, voice::words(), voice::look(target)),
    };
    match &options.output {
        Some(path) => {
            let mut file = Output::create(path, Existing::of(options.force))?;
            file.write(text.trim_end().as_bytes())?;
            file.write(b"\n")?;
            file.finish()?;
        }
        None => print(text.trim_end())?,
    }
    Ok(report.exit_status())
}

fn policies(options: &ValidateOptions) -> Result<PolicyInputs, Complaint> {
    let mut acceptable = Vec::new();
    for text in &options.initial_policy {
        let oid = Oid::from_dotted(text).ok_or_else(|| {
            Complaint::misuse(Said::new(Sentence::NotAnOid).with("text", text.as_str()))
        })?;
        acceptable.push(oid);
    }
    let initially = |inhibited| match inhibited {
        true => Initially::Inhibited,
        false => Initially::Allowed,
    };
    Ok(PolicyInputs {
        acceptable: (!acceptable.is_empty()).then_some(acceptable),
        explicit_policy: match options.require_explicit_policy {
            true => ExplicitPolicy::Required,
            false => ExplicitPolicy::Optional,
        },
        policy_mapping: initially(options.inhibit_policy_mapping),
        any_policy: initially(options.inhibit_any_policy),
    })
}

/// Material of one kind; a file that a person names and that holds another is a mistake.
fn only(
    paths: &[PathBuf],
    option: &str,
    is_it: impl Fn(&Given) -> bool,
) -> Result<Vec<Given>, Complaint> {
    let mut all = Vec::new();
    for path in paths {
        let given = material::evidence(std::slice::from_ref(path))?;
        let is_folder = Path::new(path).is_dir();
        let own: Vec<Given> = given.into_iter().filter(&is_it).collect();
        if own.is_empty() && !is_folder {
            let what = Said::new(Sentence::WrongMaterial).with("option", option);
            return Err(Complaint::misuse(what.with("name", path.as_path())));
        }
        all.extend(own);
    }
    Ok(all)
}

fn print(text: &str) -> Result<(), Complaint> {
    use std::io::Write as _;
    let mut out = anstream::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        // Whoever reads has seen enough; the verdict is in the exit status.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Complaint::other(
            Said::new(Sentence::OutputUnwritable).with("why", &error),
        )),
    }
}
