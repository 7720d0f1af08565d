//! `imza sign`: sign documents into a container, or one document by itself.

use crate::Outcome;
use crate::arguments::{
    CertifyOption, FormatOption, LevelOption, PackagingOption, PdfOptions, SignOptions,
};
use crate::claims::Claims;
use crate::complaint::Complaint;
use crate::extract::directory;
use crate::host::{Connection, Files, seed};
use crate::key;
use crate::kind::Kind;
use crate::material;
use crate::output::{Existing, Output};
use crate::pin;
use crate::progress::{Progress, Show};
use crate::verify::name_of;
use crate::visible;
use crate::voice;
use imza::asic::{ASIC_E, ASIC_S};
use imza::cms::SignedData;
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, TIMESTAMP_ROOM, sign,
};
use imza::error::{ApiMisuse, Error, Unsupported};
use imza::job::{InputId, Seed};
use imza::limits::Budget;
use imza::pades::{Certification, FieldLock, PdfParameters};
use imza::reading::{Given, Network};
use imza::signer::{Signer, preferred_algorithm};
use imza::source::{Edits, write_all};
use imza::transport::{Transport, drive};
use imza::validation::Context;
use imza::vocabulary::BaselineLevel;
use imza_explain::{Said, Sentence};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs the command.
pub(crate) fn run(options: &SignOptions) -> Outcome {
    if options.level != LevelOption::B && options.tsa.is_empty() {
        return Err(Complaint::misuse(Sentence::LevelNeedsAuthority));
    }
    if options.level == LevelOption::Lta && options.countersign.is_some() {
        // Told before a PIN is asked for; the job would say the same.
        let what = Unsupported::Feature("an archive time-stamp of a counter-signature");
        return Err(Complaint::from_error(Sentence::DoingSigning, &what.into()));
    }
    let packaging = packaging(options)?;
    let target = options
        .output
        .clone()
        .unwrap_or_else(|| default_target(&options.documents, packaging));
    // Asked before the PIN: nobody likes to type a PIN for nothing.
    let mut output = Output::create(&target, Existing::of(options.force))?;
    let context = material::context(&options.trust, None)?;
    let mut signer = key::open(options)?;
    check_name(packaging, signer.as_ref())?;
    let request = Request {
        documents: &options.documents,
        packaging,
        pdf: pdf_parameters(options, packaging, &context, signer.as_ref())?,
        claims: claims(options, packaging)?,
        level: options.level,
        tsa: &options.tsa,
        context,
        given: material::evidence(&options.trust.evidence)?,
        network: Connection::of(&options.trust),
    };
    let progress = Arc::new(progress(&options.documents));
    progress.during(|| make(&request, signer.as_mut(), &mut output, &progress))?;
    output.finish()?;
    let signed = Said::new(Sentence::Signed).with("name", target.as_path());
    anstream::eprintln!("{}", voice::words().said(&signed).what);
    Ok(0)
}

/// A key whose algorithm has no name in XML signs everything else.
fn check_name(packaging: Packaging, signer: &dyn Signer) -> Result<(), Complaint> {
    let algorithm = preferred_algorithm(signer, packaging.value_encoding());
    match algorithm.filter(|one| packaging.is_xades() && one.uri().is_none()) {
        Some(algorithm) => {
            let what = Said::new(Sentence::KeyNotForXml);
            Err(Complaint::misuse(
                what.with("algorithm", algorithm.to_string()),
            ))
        }
        None => Ok(()),
    }
}

fn claims(options: &SignOptions, packaging: Packaging) -> Result<Claims, Complaint> {
    // EN 319 142-1 §6.3: a PDF says why it was signed in one of two places.
    let has_both = options.pdf.reason.is_some() && !options.claims.commitment.is_empty();
    if packaging == Packaging::Pades && has_both {
        return Err(Complaint::misuse(Sentence::CommitmentOrReason));
    }
    let countersign = options.countersign.as_deref();
    Claims::of(&options.claims, countersign, packaging, &options.documents)
}

/// What to sign and how; shared with the demonstration.
pub(crate) struct Request<'a> {
    pub(crate) documents: &'a [PathBuf],
    pub(crate) packaging: Packaging,
    pub(crate) pdf: PdfParameters,
    pub(crate) claims: Claims,
    pub(crate) level: LevelOption,
    /// Time-stamping authorities, in the order in which they are asked.
    pub(crate) tsa: &'a [String],
    pub(crate) context: Context,
    /// Certificates and revocation data without trust.
    pub(crate) given: Vec<Given>,
    pub(crate) network: Connection,
}

/// Signs, augments and writes.
pub(crate) fn make(
    request: &Request<'_>,
    signer: &mut dyn Signer,
    output: &mut Output,
    progress: &Arc<Progress>,
) -> Result<(), Complaint> {
    let wrong = |error: &Error| Complaint::from_error(Sentence::DoingSigning, error);
    let paths: Vec<(String, PathBuf)> = request
        .documents
        .iter()
        .map(|path| (name_of(path), path.clone()))
        .collect();
    let mut files =
        Files::open(&paths, request.network).map_err(|error| Complaint::misuse(error.said()))?;
    files.count(progress);
    let (pending, edits) =
        level_b(request, signer, &mut files, seed()?).map_err(|error| wrong(&error))?;
    let edits = match (request.level, request.tsa.split_first()) {
        (LevelOption::B, _) | (_, None) => edits,
        (level, Some((tsa, more))) => {
            let level = match level {
                LevelOption::B | LevelOption::T => BaselineLevel::T,
                LevelOption::Lt => BaselineLevel::Lt,
                LevelOption::Lta => BaselineLevel::Lta,
            };
            let augmentation = AugmentationRequest {
                edits,
                inputs: files.inputs(),
                level,
                timestamp_authority: tsa.clone(),
                context: request.context.clone(),
                seed: seed()?,
                network: Network::Online,
            };
            Augmentation::begin(augmentation)
                .and_then(|job| job.with_given(request.given.clone()))
                // What others signed is theirs to raise.
                .and_then(|job| job.with_new(&pending))
                .and_then(|job| {
                    let password = request.pdf.password.clone();
                    let job = job.with_password(password);
                    drive(job.with_more_authorities(more.to_vec()), &mut files)
                })
                .map_err(|error| wrong(&error))?
        }
    };
    files.count_rest();
    write(&edits, &mut files, output, progress)
}

/// Every document is digested, and then written.
pub(crate) fn progress(documents: &[PathBuf]) -> Progress {
    let size = |path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let total: u64 = documents.iter().map(size).sum();
    let total = total.saturating_mul(2);
    Progress::new(
        Sentence::Signing,
        documents.len(),
        total,
        Show::of(voice::is_plain()),
    )
}

fn level_b(
    request: &Request<'_>,
    signer: &mut dyn Signer,
    files: &mut Files,
    nonces: Seed,
) -> Result<(PendingSignature, Edits), Error> {
    let encoding = request.packaging.value_encoding();
    let algorithm = preferred_algorithm(signer, encoding).ok_or(ApiMisuse::KeyMismatch)?;
    let claimed = request.context.validation_time;
    let documents = files.inputs().into_iter().map(|input| DocumentToSign {
        media_type: match &request.claims.media_type {
            Some(given) => given.clone(),
            None => media_type(&input.name).to_owned(),
        },
        input,
    });
    let mut parameters = SigningParameters::new(request.packaging, algorithm, claimed);
    parameters.pdf.clone_from(&request.pdf);
    request.claims.put_into(&mut parameters);
    if request.level != LevelOption::B {
        parameters.timestamp_room = TIMESTAMP_ROOM;
    }
    let mut preparation = Preparation::begin(SigningRequest {
        documents: documents.collect(),
        certificates: signer.certificate(),
        parameters,
    })?;
    if request.claims.has_content_timestamps {
        preparation = preparation.with_content_timestamps(request.tsa.to_vec(), nonces)?;
    }
    let pending = drive(preparation, files)?;
    let edits = sign(&pending, signer)?;
    Ok((pending, edits))
}

pub(crate) fn write(
    edits: &Edits,
    files: &mut Files,
    output: &mut Output,
    progress: &Progress,
) -> Result<(), Complaint> {
    let mut complaint = None;
    let read = |input: InputId, range: std::ops::Range<u64>| {
        files
            .read(input, range)
            .ok_or(imza::error::InputError::Unreadable.into())
    };
    let written = write_all(edits, read, |octets| {
        progress.add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
        output.write(octets).map_err(|error| {
            complaint = Some(error);
            imza::error::InputError::Unreadable.into()
        })
    });
    match (written, complaint) {
        (_, Some(complaint)) => Err(complaint),
        (Ok(()), None) => Ok(()),
        (Err(error), None) => Err(Complaint::from_error(Sentence::DoingWriting, &error)),
    }
}

/// What the options say about the form.
fn packaging(options: &SignOptions) -> Result<Packaging, Complaint> {
    let format = match (options.format, options.packaging) {
        (Some(FormatOption::Cades) | None, None)
            if options.countersign.is_some() && is_message(options) =>
        {
            return Ok(Packaging::CadesCounterSignature);
        }
        (Some(FormatOption::Xades) | None, _) if options.countersign.is_some() => {
            return Ok(match is_container(options, &[ASIC_E, ASIC_S]) {
                true if holds_messages(options) => Packaging::AsicCadesCounterSignature,
                true => Packaging::AsicCounterSignature,
                false => Packaging::XadesCounterSignature,
            });
        }
        (Some(FormatOption::Xades), _) | (None, Some(_)) => {
            return Ok(xades_packaging(options));
        }
        (None, None) if options.claims.manifest => return Ok(Packaging::XadesDetached),
        (Some(_), Some(_)) => return Err(Complaint::misuse(Sentence::PackagingIsXades)),
        (Some(format), None) => format,
        (None, None) if is_container(options, &[ASIC_E, ASIC_S]) && holds_messages(options) => {
            return Ok(Packaging::AsicCadesAddition);
        }
        (None, None)
            if is_container(options, &[ASIC_E])
                || is_container(options, &[ASIC_S]) && holds(options, "signatures.xml") =>
        {
            return Ok(Packaging::AsicXadesAddition);
        }
        (None, None) if is_message(options) => return Ok(Packaging::CadesAddition),
        (None, None) => default_format(options),
    };
    if options.attached && format != FormatOption::Cades {
        return Err(Complaint::misuse(Sentence::AttachedIsCades));
    }
    let is_for_several = matches!(format, FormatOption::AsicE | FormatOption::AsicECades);
    if !is_for_several && options.documents.len() > 1 {
        return Err(Complaint::misuse(Sentence::FormatForOne));
    }
    Ok(match (format, options.attached) {
        (FormatOption::AsicE | FormatOption::Xades, _) => Packaging::AsicEWithXades,
        (FormatOption::AsicECades, _) => Packaging::AsicEWithCades,
        (FormatOption::AsicS, _) => Packaging::AsicSWithCades,
        (FormatOption::AsicSXades, _) => Packaging::AsicSWithXades,
        (FormatOption::Pades, _) => Packaging::Pades,
        (FormatOption::Cades, false) => Packaging::CadesDetached,
        (FormatOption::Cades, true) => Packaging::CadesAttached,
    })
}

/// XAdES without a container: one XML document is signed inside, everything else beside.
fn xades_packaging(options: &SignOptions) -> Packaging {
    let is_xml = |path: &PathBuf| {
        let head = head(path);
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        text.trim_ascii_start().starts_with(b"<")
    };
    match (options.packaging, options.documents.as_slice()) {
        (Some(PackagingOption::Enveloped), _) => Packaging::XadesEnveloped,
        (Some(PackagingOption::Enveloping), _) => Packaging::XadesEnveloping,
        (Some(PackagingOption::InternallyDetached), _) => Packaging::XadesInternallyDetached,
        (None, [only]) if !options.claims.manifest && is_xml(only) => Packaging::XadesEnveloped,
        (Some(PackagingOption::Detached) | None, _) => Packaging::XadesDetached,
    }
}

/// One container gets another signature; with --format it would be a document in a new one.
fn is_container(options: &SignOptions, media_types: &[&str]) -> bool {
    let [only] = options.documents.as_slice() else {
        return false;
    };
    // EN 319 162-1 §A.1: the name of the first file, and right behind it its octets.
    let head = head(only);
    let is_named = |media_type: &&str| {
        let mark = format!("mimetype{media_type}");
        head.windows(mark.len())
            .any(|octets| octets == mark.as_bytes())
    };
    !options.attached && head.starts_with(b"PK\x03\x04") && media_types.iter().any(is_named)
}

/// EN 319 162-1 §4.3.3, §4.4.4: whether the container is signed with CAdES. What cannot be read is
/// told by the job itself.
fn holds_messages(options: &SignOptions) -> bool {
    holds(options, ".p7s")
}

/// Whether a file of the container's own has a name that ends so.
fn holds(options: &SignOptions, ending: &str) -> bool {
    let Some(path) = options.documents.first() else {
        return false;
    };
    let files = Files::open(&[(name_of(path), path.clone())], Connection::Offline);
    let directory = files.ok().and_then(|mut files| directory(&mut files).ok());
    directory.is_some_and(|directory| {
        let mut names = directory.iter().map(|(_, entry)| entry.name.to_lowercase());
        names.any(|name| name.starts_with("meta-inf/") && name.ends_with(ending))
    })
}

/// One PDF is signed inside, everything else in a container.
fn default_format(options: &SignOptions) -> FormatOption {
    let is_pdf = |path: &PathBuf| head(path).windows(5).any(|octets| octets == b"%PDF-");
    match options.documents.as_slice() {
        [only] if !options.attached && is_pdf(only) => FormatOption::Pades,
        _ => FormatOption::AsicE,
    }
}

/// The first octets of a file; none of what can be read once only, which is not looked at here.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        let file = std::fs::File::open(path);
        let read = file.and_then(|file| file.take(1024).read_to_end(&mut head));
        if read.is_err() {
            head.clear();
        }
    }
    head
}

fn pdf_parameters(
    options: &SignOptions,
    packaging: Packaging,
    context: &Context,
    signer: &dyn Signer,
) -> Result<PdfParameters, Complaint> {
    let appearance = match &options.pdf.visible {
        Some(place) => Some(visible::appearance(
            place,
            &options.pdf,
            context.validation_time,
            signer,
        )?),
        None => None,
    };
    let parameters = PdfParameters {
        field: options.pdf.field.clone(),
        reason: options.pdf.reason.clone(),
        location: options.pdf.location.clone(),
        contact: options.pdf.contact.clone(),
        signer_name: options.pdf.signer_name.clone(),
        certification: options.pdf.certify.map(|certify| match certify {
            CertifyOption::None => Certification::NoChanges,
            CertifyOption::Forms => Certification::FormFilling,
            CertifyOption::Annotations => Certification::Annotations,
        }),
        lock: lock(&options.pdf),
        appearance,
        password: pin::of_documents(&options.password)?,
    };
    if packaging != Packaging::Pades && parameters != PdfParameters::default() {
        return Err(Complaint::misuse(Sentence::OptionsOfPdf));
    }
    Ok(parameters)
}

fn lock(options: &PdfOptions) -> Option<FieldLock> {
    if options.lock {
        return Some(FieldLock::All);
    }
    match (&*options.lock_only, &*options.lock_except) {
        ([], []) => None,
        ([], but) => Some(FieldLock::Exclude(but.to_vec())),
        (only, _) => Some(FieldLock::Include(only.to_vec())),
    }
}

/// A CMS message gets another signature, over what it holds or over the file behind it; with
/// --format it would be a document like any other.
fn is_message(options: &SignOptions) -> bool {
    let (first, has_content) = match options.documents.as_slice() {
        [only] => (only, false),
        [first, _] => (first, true),
        _ => return false,
    };
    let head = head(first);
    let may_be = head.starts_with(b"0") || head.trim_ascii_start().starts_with(b"-----BEGIN ");
    if options.attached || !may_be || Kind::of_file(first) != Kind::SignedMessage {
        return false;
    }
    // A file beside a message that holds its content is another document.
    !has_content
        || std::fs::read(first).is_ok_and(|octets| {
            let read = SignedData::parse(&octets, &mut Budget::default());
            options.countersign.is_none() && read.is_ok_and(|read| read.econtent.is_none())
        })
}

/// `permit.txt` becomes `permit.asice`; what stands beside or around keeps the whole name:
/// `permit.txt.p7s`, `permit.txt.xades.xml`.
fn default_target(documents: &[PathBuf], packaging: Packaging) -> PathBuf {
    let Some(first) = documents.first() else {
        return PathBuf::new();
    };
    let behind = |ending: &str| {
        let mut name = first.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    match packaging {
        Packaging::CadesDetached => behind(".p7s"),
        Packaging::CadesAttached => behind(".p7m"),
        Packaging::Pades => {
            let mut name = first.file_stem().unwrap_or_default().to_owned();
            name.push("-signed.pdf");
            first.with_file_name(name)
        }
        Packaging::AsicSWithCades | Packaging::AsicSWithXades => first.with_extension("asics"),
        Packaging::CadesAddition | Packaging::CadesCounterSignature => {
            let mut name = first.file_stem().unwrap_or_default().to_owned();
            name.push("-signed.");
            name.push(first.extension().unwrap_or("p7s".as_ref()));
            first.with_file_name(name)
        }
        Packaging::AsicXadesAddition
        | Packaging::AsicCounterSignature
        | Packaging::AsicCadesAddition
        | Packaging::AsicCadesCounterSignature => {
            let mut name = first.file_stem().unwrap_or_default().to_owned();
            name.push("-signed.");
            name.push(first.extension().unwrap_or("asice".as_ref()));
            first.with_file_name(name)
        }
        Packaging::XadesDetached | Packaging::XadesEnveloping => behind(".xades.xml"),
        Packaging::XadesEnveloped
        | Packaging::XadesInternallyDetached
        | Packaging::XadesCounterSignature => {
            let mut name = first.file_stem().unwrap_or_default().to_owned();
            name.push("-signed.xml");
            first.with_file_name(name)
        }
        _ => first.with_extension("asice"),
    }
}

/// The media type of a file by the ending of its name.
pub(crate) fn media_type(name: &str) -> &'static str {
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("txt") => "text/plain",
        Some("pdf") => "application/pdf",
        Some("xml") => "text/xml",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("odt") => "application/vnd.oasis.opendocument.text",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}
