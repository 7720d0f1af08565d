//! The command line, as `docs` and the contract describe it.

mod pdf;

pub(crate) use pdf::{CertifyOption, PasswordOptions, PdfCommand, PdfOptions};

use crate::key::KeySource;
use clap::{Args, Parser, Subcommand, ValueEnum};
use imza_explain::Language;
use std::path::PathBuf;

/// Advanced electronic signatures: sign, verify and inspect.
#[derive(Parser)]
#[command(name = "imza", version, about, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Language of reports and messages; default: the locale of the environment, else English
    #[arg(long, value_enum, global = true)]
    pub(crate) lang: Option<LanguageOption>,
    /// One fact on each line, without columns and colours: for screen readers
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Validate signed documents and say why
    Verify(Box<VerifyOptions>),
    /// Judge saved evidence again, with another policy, trust or time
    Judge(Box<JudgeOptions>),
    /// Show, check and compare validation policies
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Put trust anchors together in one file, show and verify it
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Sign documents: into a container, or one document by itself
    Sign(Box<SignOptions>),
    /// The files of a container: list them; add and take out, before anybody signs
    #[command(subcommand)]
    Container(ContainerCommand),
    /// Write the signed files of a container, or what an XML or CMS signature holds
    Extract(ExtractOptions),
    /// Show or validate a certificate by itself
    Certificate(Box<crate::certificate::CertificateOptions>),
    /// Add time-stamps and validation data to a signed document
    Augment(Box<AugmentOptions>),
    /// Make a time-stamp for a file, or validate one
    #[command(subcommand)]
    Timestamp(TimestampCommand),
    /// Protect any number of files with one time-stamp (RFC 4998)
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Show what a document, certificate, CRL, OCSP response or time-stamp says, without judging it
    Inspect(InspectOptions),
    /// Show the fields, revisions or changes of a PDF, without judging it
    #[command(subcommand)]
    Pdf(PdfCommand),
    /// Print the completions of a shell
    Completions(CompletionOptions),
    /// Print the manual page, or write every page into a folder
    Man(ManOptions),
    /// Sign, validate and break a document with a certification authority on this machine
    #[cfg(feature = "demo")]
    Demo(DemoOptions),
}

/// What revocation data is worth.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevocationOption {
    /// Missing or stale data fails (default)
    Require,
    /// Missing or stale data is a warning
    Soft,
    /// Data is not asked for; what says *revoked* counts all the same
    None,
}

/// Form of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    Text,
    Json,
    Html,
    Etsi,
    Svg,
}

/// Language of what is said.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageOption {
    Az,
    En,
    Ru,
    Tr,
}

impl From<LanguageOption> for Language {
    fn from(option: LanguageOption) -> Self {
        match option {
            LanguageOption::Az => Self::Az,
            LanguageOption::En => Self::En,
            LanguageOption::Ru => Self::Ru,
            LanguageOption::Tr => Self::Tr,
        }
    }
}

/// Where trust and evidence come from; shared by every command that judges.
#[derive(Args)]
pub(crate) struct TrustOptions {
    /// Trust anchors: a file or folder of PEM, DER or PKCS #7 certificates, or a trust bundle
    #[arg(long, value_name = "PATH")]
    pub(crate) trust: Vec<PathBuf>,
    /// Trust anchors for one purpose: signing, timestamping or ocsp
    #[arg(long, value_name = "PURPOSE=PATH")]
    pub(crate) trust_for: Vec<String>,
    /// Certificates, CRLs, OCSP responses, evidence records: material without trust
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Validation policy: default, strict, archive, eu-basic, azerbaijan, estonia, kazakhstan, turkiye, rfc5280, historic, or a JSON file
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) policy: String,
    /// What missing or stale revocation data means
    #[arg(long, value_enum)]
    pub(crate) revocation: Option<RevocationOption>,
    /// Judge as of this time (RFC 3339); default: the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// Open no socket, and read no kept answers
    #[arg(long)]
    pub(crate) offline: bool,
    /// Ask for every CRL and certificate anew, and keep none for the next run
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Follow addresses in documents to this machine, as a test PKI has them
    #[arg(long, hide = true)]
    pub(crate) danger_allow_loopback: bool,
}

/// How a report looks and where it goes; shared by every command that judges.
#[derive(Args)]
pub(crate) struct FormOptions {
    /// Form of the report
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) report: ReportForm,
    /// Say until when the verdict stays, and what ends it first
    #[arg(long)]
    pub(crate) what_if: bool,
    /// Indent JSON
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace output files if they are there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args)]
pub(crate) struct VerifyOptions {
    /// A document that the signature covers but does not hold
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) detached: Vec<String>,
    /// A public key or certificate for signatures that carry none: tells integrity, gives no trust
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// A proof from you that the signature existed at this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) proven_at: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    #[command(flatten)]
    pub(crate) form: FormOptions,
    /// Put the SHA-256 of each document into the report (a second pass over it)
    #[arg(long)]
    pub(crate) document_digest: bool,
    /// Write the evidence that the verdict rests on to a file, to be judged again later
    #[arg(long, value_name = "FILE")]
    pub(crate) save_evidence: Option<PathBuf>,
    /// Documents judged at the same time, 1 to 64; default: as many as the machine has processors, at most 8
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: Option<u16>,
    /// The signed documents; of a folder, those in it and below
    #[arg(required = true, value_name = "DOCUMENT")]
    pub(crate) documents: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct JudgeOptions {
    /// Without the document: believe the digests in the evidence, and let the exit status say so
    #[arg(long, conflicts_with = "documents")]
    pub(crate) trust_digests: bool,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// A proof from you that the signature existed at this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) proven_at: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    #[command(flatten)]
    pub(crate) form: FormOptions,
    /// What `imza verify --save-evidence` wrote
    #[arg(value_name = "EVIDENCE")]
    pub(crate) saved: PathBuf,
    /// The document that it is about, then what its signatures cover beside it
    #[arg(value_name = "[NAME=]DOCUMENT")]
    pub(crate) documents: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum TrustCommand {
    /// Write a trust bundle: what --trust takes, in one file
    Build(Box<TrustBuildOptions>),
    /// Say which anchors a trust bundle holds, for what and until when
    Show {
        /// One line of JSON
        #[arg(long)]
        json: bool,
        /// A trust bundle
        #[arg(value_name = "BUNDLE")]
        bundle: PathBuf,
    },
    /// Say whether a trust bundle was signed by a key; exit status 10 when it was not
    Verify {
        /// The public key, or its certificate, from whoever signs the bundle
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// A trust bundle
        #[arg(value_name = "BUNDLE")]
        bundle: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct TrustBuildOptions {
    /// Trust anchors: a file or folder of PEM, DER or PKCS #7 certificates, or a trust bundle
    #[arg(long, value_name = "PATH")]
    pub(crate) trust: Vec<PathBuf>,
    /// Trust anchors for one purpose: signing, timestamping or ocsp
    #[arg(long, value_name = "PURPOSE=PATH")]
    pub(crate) trust_for: Vec<String>,
    /// From this time on they are relied on no more (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// What the bundle is called
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// What the anchors mean
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Sign the bundle with this private key in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The bundle
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Replace the bundle if it is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print a policy as JSON, every member of it
    Show {
        /// A built-in name or a JSON file; without it the built-in names
        #[arg(value_name = "NAME|FILE")]
        policy: Option<String>,
    },
    /// Say whether a file is a policy, what it lowers and what has no effect
    Check {
        /// A JSON file
        #[arg(value_name = "FILE")]
        policy: String,
    },
    /// Compare two policies; exit status 10 when they differ
    Diff {
        /// A built-in name or a JSON file
        #[arg(value_name = "NAME|FILE")]
        one: String,
        /// Another
        #[arg(value_name = "NAME|FILE")]
        other: String,
    },
}

/// Level of the signature to make.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelOption {
    /// The signature alone
    B,
    /// With a time-stamp
    T,
    /// With a time-stamp and everything that validates it for years
    Lt,
    /// The same, sealed by one more time-stamp
    Lta,
}

/// Form of what is signed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatOption {
    /// An ASiC-E container with the documents and an XAdES signature (default)
    AsicE,
    /// An ASiC-E container with the documents and a CAdES signature
    AsicECades,
    /// An ASiC-S container with one document and a CAdES signature
    AsicS,
    /// An ASiC-S container with one document and an XAdES signature
    AsicSXades,
    /// A PDF with a PAdES signature in it (default for one PDF)
    Pades,
    /// A CAdES signature (CMS) over one document, beside it or, with --attached, around it
    Cades,
    /// An XAdES signature without a container; --packaging says how
    Xades,
}

/// What a time-stamp before signing is over.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContentTimestampOption {
    /// One document, each its own (default)
    Each,
    /// All documents of an XAdES signature together
    All,
}

/// How an XAdES signature without a container stands to what it signs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PackagingOption {
    /// In the XML document, which others can sign too (default for one XML document)
    Enveloped,
    /// Around the documents, which it holds in base64
    Enveloping,
    /// Beside the documents, in a file of its own (default)
    Detached,
    /// Beside the XML document's outermost element (with an Id), in a new document
    InternallyDetached,
}

/// What the signer says besides, which is signed with the documents.
#[derive(Args)]
pub(crate) struct ClaimOptions {
    /// Role that the signer claims
    #[arg(long, value_name = "TEXT")]
    pub(crate) role: Vec<String>,
    /// Attribute certificate for a role of the signer, in DER or PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) certified_role: Vec<PathBuf>,
    /// What somebody asserts about the signer, such as a SAML assertion: an XML element (XAdES)
    #[arg(long, value_name = "FILE")]
    pub(crate) signed_assertion: Vec<PathBuf>,
    /// Commitment of the signer, such as approval, or any by its OID or URI (URI: XAdES); approval=DOCUMENT: for that one (XAdES)
    #[arg(long, value_name = "NAME|URI|OID")]
    pub(crate) commitment: Vec<String>,
    /// A part of where the signer signs: country, region, postal-code, town or street
    #[arg(long, value_name = "PART=TEXT")]
    pub(crate) place: Vec<String>,
    /// Signature policy that the signer follows: implied, or its OID or URI (URI: XAdES)
    #[arg(long, value_name = "implied|OID|URI")]
    pub(crate) signature_policy: Option<String>,
    /// Document of the signature policy; its digest is signed
    #[arg(long, value_name = "FILE", requires = "signature_policy")]
    pub(crate) signature_policy_file: Option<PathBuf>,
    /// Address at which the document of the signature policy is
    #[arg(long, value_name = "URL", requires = "signature_policy_file")]
    pub(crate) signature_policy_url: Option<String>,
    /// Specification by which the document of the signature policy is written
    #[arg(long, value_name = "OID|URI", requires = "signature_policy_file")]
    pub(crate) signature_policy_specification: Option<String>,
    /// Put the document of the signature policy into the signature (not PDF)
    #[arg(
        long,
        requires = "signature_policy_file",
        requires = "signature_policy_specification"
    )]
    pub(crate) signature_policy_store: bool,
    /// What whoever validates the signature is to be shown
    #[arg(long, value_name = "TEXT", requires = "signature_policy_file")]
    pub(crate) signature_policy_notice: Option<String>,
    /// What the content is, in a few words (CAdES)
    #[arg(long, value_name = "TEXT")]
    pub(crate) content_hint: Option<String>,
    /// Media type of the documents; default: by the endings of their names
    #[arg(long, value_name = "TYPE")]
    pub(crate) media_type: Option<String>,
    /// Name the documents in a manifest inside of the signature (detached XAdES): it fits though some are not at hand
    #[arg(long)]
    pub(crate) manifest: bool,
    /// Have each document time-stamped before it is signed: nobody signed earlier
    #[arg(long, value_enum, requires = "tsa", num_args = 0..=1, require_equals = true, default_missing_value = "each")]
    pub(crate) content_timestamp: Option<ContentTimestampOption>,
}

#[derive(Args)]
pub(crate) struct SignOptions {
    /// Form of what is signed
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatOption>,
    /// Put the document into the CAdES signature
    #[arg(long)]
    pub(crate) attached: bool,
    /// How an XAdES signature stands to what it signs, without a container
    #[arg(long, value_enum)]
    pub(crate) packaging: Option<PackagingOption>,
    /// Sign a signature of an XML document, a CMS message or an ASiC container: the only one, or the one with this id in reports
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "packaging")]
    pub(crate) countersign: Option<String>,
    #[command(flatten)]
    pub(crate) claims: ClaimOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// Who signs: p12:FILE (a key store), pem:FILE (a key, with --cert) or pkcs11:MODULE (a card or token)
    #[arg(long, value_name = "KIND:FILE")]
    pub(crate) with: Option<KeySource>,
    /// PKCS #11 library of the card or token; the same as --with pkcs11:FILE
    #[arg(long, value_name = "FILE", conflicts_with = "with")]
    pub(crate) module: Option<PathBuf>,
    /// Label of the token, when several are there
    #[arg(long, value_name = "LABEL")]
    pub(crate) token: Option<String>,
    /// Identifier (CKA_ID, hexadecimal) of the certificate, when the token holds several
    #[arg(long, value_name = "ID")]
    pub(crate) certificate: Option<String>,
    /// Name of the key in a key store, when it holds several
    #[arg(long, value_name = "LABEL")]
    pub(crate) key_label: Option<String>,
    /// Certificate of a key in PEM, and those above it; default: the file with the key
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: Vec<PathBuf>,
    /// Name of the environment variable that holds the PIN or password; default: asked
    #[arg(long, value_name = "NAME", conflicts_with = "pin_file")]
    pub(crate) pin_env: Option<String>,
    /// File that holds the PIN or password
    #[arg(long, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
    /// Level
    #[arg(long, value_enum, ignore_case = true, default_value = "b")]
    pub(crate) level: LevelOption,
    /// Address of the time-stamping authority, for levels t, lt and lta; several are asked one after the other until one answers
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// The signed document; default: the first document's name with .asice, .asics, .p7s (CAdES), .p7m (CAdES, attached), .xades.xml, -signed.xml or -signed.pdf
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// The documents to sign
    #[arg(required = true, value_name = "DOCUMENT")]
    pub(crate) documents: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ContainerCommand {
    /// Say which files a container holds and how many signatures cover each
    List {
        /// One line of JSON
        #[arg(long)]
        json: bool,
        /// A container
        #[arg(value_name = "CONTAINER")]
        container: PathBuf,
    },
    /// Add files to a container that nobody has signed yet, or make a new one
    Add(ContainerAddOptions),
    /// Take files out of a container that nobody has signed yet, or whole signature files out of one
    Remove(ContainerRemoveOptions),
}

#[derive(Args)]
pub(crate) struct ContainerAddOptions {
    /// The changed container; default: the container itself
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// A container
    #[arg(value_name = "CONTAINER")]
    pub(crate) container: PathBuf,
    /// The files to add
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ContainerRemoveOptions {
    /// The changed container; default: the container itself
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// A container
    #[arg(value_name = "CONTAINER")]
    pub(crate) container: PathBuf,
    /// Names of files in it
    #[arg(required = true, value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Args)]
pub(crate) struct ExtractOptions {
    /// Folder for the files; default: this one
    #[arg(short = 'C', long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// A revision of a PDF, from 1, as reports and imza pdf revisions count: exactly what was signed
    #[arg(long, value_name = "N", requires = "output", conflicts_with_all = ["folder", "force", "names"])]
    pub(crate) revision: Option<u64>,
    /// Where the one file, or the revision, is written; an existing file stays as it is
    #[arg(short, long, value_name = "FILE", conflicts_with = "folder")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// A container, a signature that holds what it signs, or a PDF
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: PathBuf,
    /// Names of files in it; default: all
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

/// Level to reach.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AugmentLevel {
    /// With a time-stamp
    T,
    /// With everything that validates it for years
    Lt,
    /// The same, sealed by one more time-stamp
    Lta,
}

#[derive(Args)]
pub(crate) struct AugmentOptions {
    /// Augment the signature with this id in reports, counter-signatures too, and leave the others as they are; default: all
    #[arg(long, value_name = "ID")]
    pub(crate) signature: Vec<String>,
    /// Level
    #[arg(long, value_enum, ignore_case = true, default_value = "lt")]
    pub(crate) level: AugmentLevel,
    /// Address of a time-stamping authority; several are asked one after the other until one answers
    #[arg(long, value_name = "URL", required = true)]
    pub(crate) tsa: Vec<String>,
    /// A document that the signature covers but does not hold
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) detached: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// The augmented document; default: the document's name with the level, such as permit-lt.asice
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// The signed document
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: PathBuf,
}

#[derive(Subcommand)]
pub(crate) enum TimestampCommand {
    /// Ask an authority for a time-stamp over a file
    Create(Box<TimestampCreateOptions>),
    /// Validate a time-stamp; exit status 0 when it passed
    Verify(Box<TimestampVerifyOptions>),
}

/// Which time-stamping authorities are asked.
#[derive(Args)]
pub(crate) struct AuthorityOptions {
    /// Address of a time-stamping authority; several are asked one after the other until one answers
    #[arg(long, value_name = "URL", required = true)]
    pub(crate) tsa: Vec<String>,
    /// Follow addresses to this machine, as a test PKI has them
    #[arg(long, hide = true)]
    pub(crate) danger_allow_loopback: bool,
}

#[derive(Args)]
pub(crate) struct TimestampCreateOptions {
    #[command(flatten)]
    pub(crate) authority: AuthorityOptions,
    /// The time-stamp; default: the file's name with .tst
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct TimestampVerifyOptions {
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    #[command(flatten)]
    pub(crate) form: FormOptions,
    /// A time-stamp token, or a container that holds one
    #[arg(value_name = "TIMESTAMP")]
    pub(crate) token: PathBuf,
    /// What it is over, where that is a file beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ArchiveCommand {
    /// Digest the files of a folder that are new, and have them time-stamped together
    Add(Box<ArchiveAddOptions>),
    /// Have the time-stamps of an archive time-stamped anew, before they grow old
    Renew(Box<ArchiveRenewOptions>),
    /// Compare every file with the archive, and validate its time-stamps
    Verify(Box<ArchiveVerifyOptions>),
    /// Write the evidence record of one file, which can be validated without the others
    Record(Box<ArchiveRecordOptions>),
}

#[derive(Args)]
pub(crate) struct ArchiveAddOptions {
    /// Address of a time-stamping authority; several are asked one after the other until one answers
    #[arg(long, value_name = "URL", required = true)]
    pub(crate) tsa: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// The folder
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Args)]
pub(crate) struct ArchiveRenewOptions {
    #[command(flatten)]
    pub(crate) add: ArchiveAddOptions,
    /// Digest every file anew, with SHA-512, before SHA-256 grows weak
    #[arg(long)]
    pub(crate) rehash: bool,
}

#[derive(Args)]
pub(crate) struct ArchiveVerifyOptions {
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// One line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The folder
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Args)]
pub(crate) struct ArchiveRecordOptions {
    /// The evidence record; default: the file's name with .ers
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output file if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// The folder of the archive
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The file, by its path below the folder
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
}

#[derive(Args)]
pub(crate) struct InspectOptions {
    /// One line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// A document, or a certificate, CRL, OCSP response, time-stamp or public key in PEM or DER
    #[arg(value_name = "FILE")]
    pub(crate) document: PathBuf,
}

#[derive(Args)]
pub(crate) struct CompletionOptions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args)]
pub(crate) struct ManOptions {
    /// Replace pages that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// Folder for the pages imza.1, imza-verify.1 …; made when it is not there
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
}

#[cfg(feature = "demo")]
#[derive(Args)]
pub(crate) struct DemoOptions {
    /// Folder for everything that the demonstration makes; must not exist yet
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// The document to sign
    #[arg(long, value_name = "FILE")]
    pub(crate) document: Option<PathBuf>,
    /// PKCS #11 library of SoftHSM2; a key in memory signs when there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
}
