//! What the command line says of PDFs.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What may be changed after a certification.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertifyOption {
    /// Nothing
    None,
    /// Forms may be filled in and signed
    Forms,
    /// Forms may be filled in and signed, and annotations made
    Annotations,
}

/// What a signature in a PDF says.
#[derive(Args)]
pub(crate) struct PdfOptions {
    /// Why a PDF is signed
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Where a PDF is signed
    #[arg(long, value_name = "TEXT")]
    pub(crate) location: Option<String>,
    /// How the signer of a PDF can be reached
    #[arg(long, value_name = "TEXT")]
    pub(crate) contact: Option<String>,
    /// Name of the signer, as a PDF shows it
    #[arg(long, value_name = "TEXT")]
    pub(crate) signer_name: Option<String>,
    /// Signature field of a PDF; default: a new one
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    /// Show the signature in a PDF: page=1,at=36x36x220x64 (left, bottom, width, height in points), text=no
    #[arg(long, value_name = "PLACE", num_args = 0..=1, require_equals = true, default_missing_value = "page=1")]
    pub(crate) visible: Option<String>,
    /// TrueType font of a visible signature; default: one of this machine
    #[arg(long, value_name = "FILE", requires = "visible")]
    pub(crate) font: Option<PathBuf>,
    /// Picture in a visible signature, PNG or JPEG
    #[arg(long, value_name = "FILE", requires = "visible")]
    pub(crate) image: Option<PathBuf>,
    /// Text of a QR code in a visible signature
    #[arg(
        long,
        value_name = "TEXT",
        requires = "visible",
        conflicts_with = "image"
    )]
    pub(crate) qr: Option<String>,
    /// Certify a PDF: say what may be changed after the signature
    #[arg(long, value_enum)]
    pub(crate) certify: Option<CertifyOption>,
    /// Lock every field of a PDF: nothing is to be filled in after the signature
    #[arg(long, conflicts_with_all = ["lock_only", "lock_except"])]
    pub(crate) lock: bool,
    /// Lock this field of a PDF and those below it; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "lock_except")]
    pub(crate) lock_only: Vec<String>,
    /// Lock every field of a PDF but this one; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) lock_except: Vec<String>,
}

/// What opens encrypted PDFs.
#[derive(Args)]
pub(crate) struct PasswordOptions {
    /// File with the password of an encrypted PDF
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password of an encrypted PDF
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    pub(crate) password_env: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum PdfCommand {
    /// The fields of the form: what they hold, which are signed, what their signatures lock
    Fields(PdfFileOptions),
    /// The revisions, and who signed which
    Revisions(PdfFileOptions),
    /// What each revision changed, signed or not
    Changes(PdfFileOptions),
}

#[derive(Args)]
pub(crate) struct PdfFileOptions {
    /// One line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// A PDF
    #[arg(value_name = "FILE")]
    pub(crate) document: PathBuf,
}
