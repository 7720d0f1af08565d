//! `imza demo`: the whole way, with a certification authority on this machine.
//!
//! Makes a token with a citizen's certificate in SoftHSM2 (or takes a key in memory), starts trust
//! services on the loopback interface, signs a permit application to level LT, validates it
//! offline, and shows that a copy with one other byte fails.

use crate::Outcome;
use crate::arguments::{DemoOptions, LevelOption};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::sign::{Request, make, progress};
use crate::verify::name_of;
use crate::voice;
use imza::creation::Packaging;
use imza::crypto::SoftwareKey;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signer::Signer;
use imza::signer::pkcs11::{TokenChoice, TokenSigner, UserPin};
use imza::signer::software::SoftwareSigner;
use imza::transport::drive;
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_explain::{Part, Said, Sentence};
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use imza_test_vectors::{Pki, export};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Tells the second process, which has SoftHSM2's configuration in its environment.
const CONFIGURED: &str = "IMZA_DEMO_TOKEN";
const PIN: &str = "1234";
const LABEL: &str = "imza demo";
const DOCUMENT: &[u8] = include_bytes!("../../examples/documents/tikinti-icazesi-ucun-erize.txt");
const DOCUMENT_NAME: &str = "tikinti-icazəsi-üçün-ərizə.txt";

/// Runs the command.
pub(crate) fn run(options: DemoOptions) -> Outcome {
    let folder = folder(&options)?;
    let is_configured = std::env::var_os(CONFIGURED).is_some();
    match module(options.module.as_deref()) {
        Some(module) if is_configured => {
            demonstrate(&folder, &options, |pki| on_token(&folder, &module, pki))
        }
        Some(module) => run_with_token(&folder, &module, &options),
        None => {
            say(Sentence::DemoKey, Sentence::DemoInMemory);
            demonstrate(&folder, &options, in_memory)
        }
    }
}

/// The PKCS #11 library of SoftHSM2, where it is installed.
fn module(named: Option<&Path>) -> Option<PathBuf> {
    let known = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
    ];
    named
        .into_iter()
        .map(Path::to_owned)
        .chain(known.map(PathBuf::from))
        .find(|path| path.is_file())
}

fn say(label: Sentence, text: impl Into<Said>) {
    let said = |said: &Said| voice::words().said(said).what;
    anstream::println!("{:<10} {}", said(&label.into()), said(&text.into()));
}

fn cannot_go_on(why: impl Into<Part>) -> Complaint {
    Complaint::other(Said::new(Sentence::DemoFailed).with("why", why))
}

fn unreadable(path: &Path, why: &std::io::Error) -> Complaint {
    Complaint::other(
        Said::new(Sentence::Unreadable)
            .with("name", path)
            .with("why", why),
    )
}

fn no_token(why: impl Into<Part>) -> Complaint {
    Complaint::other(Said::new(Sentence::DemoTokenFailed).with("why", why))
}

fn folder(options: &DemoOptions) -> Result<PathBuf, Complaint> {
    let folder = match &options.folder {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("imza-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&folder).map_err(|error| {
        let what = Said::new(Sentence::Unwritable).with("name", folder.as_path());
        Complaint::other(what.with("why", &error))
    })?;
    Ok(folder)
}

/// Makes a token with the citizen's key and certificate.
fn make_token(folder: &Path, module: &Path, pki: &Pki) -> Result<(), Complaint> {
    let key = folder.join("citizen-key.pem");
    let certificate = folder.join("citizen.der");
    let citizen = &pki.citizen_p256;
    let pem = citizen.key.pkcs8_pem().map_err(unexpected)?;
    std::fs::write(&key, pem)
        .and_then(|()| std::fs::write(&certificate, &citizen.certificate))
        .map_err(|error| no_token(&error))?;
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let (key_path, certificate_path, module) = (path(&key), path(&certificate), path(module));
    let steps: [(&str, Vec<&str>); 3] = [
        (
            "softhsm2-util",
            vec![
                "--init-token",
                "--free",
                "--label",
                LABEL,
                "--pin",
                PIN,
                "--so-pin",
                "12345678",
            ],
        ),
        (
            "softhsm2-util",
            vec![
                "--import", &key_path, "--token", LABEL, "--label", "citizen", "--id", "01",
                "--pin", PIN,
            ],
        ),
        (
            "pkcs11-tool",
            vec![
                "--module",
                &module,
                "--token-label",
                LABEL,
                "--login",
                "--pin",
                PIN,
                "--write-object",
                &certificate_path,
                "--type",
                "cert",
                "--id",
                "01",
                "--label",
                "citizen",
            ],
        ),
    ];
    for (program, arguments) in steps {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let why = match command.status() {
            Ok(status) if status.success() => continue,
            Ok(_) => format!("{program} failed"),
            Err(_) => format!("{program} is not installed"),
        };
        return Err(no_token(why));
    }
    // The key lives on the token from now on.
    let _ = std::fs::remove_file(&key);
    Ok(())
}

/// SoftHSM2 finds its configuration by the environment, which a process cannot safely change for
/// itself: a second one goes on.
fn run_with_token(folder: &Path, module: &Path, options: &DemoOptions) -> Outcome {
    let wrong = |error: std::io::Error| cannot_go_on(&error);
    let tokens = folder.join("tokens");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\n",
        tokens.display()
    );
    std::fs::create_dir_all(&tokens)
        .and_then(|()| std::fs::write(folder.join("softhsm2.conf"), text))
        .map_err(wrong)?;
    let mut command = Command::new(std::env::current_exe().map_err(wrong)?);
    command
        .arg("demo")
        .args(["--lang", voice::words().language().as_str()])
        .arg("--folder")
        .arg(folder)
        .arg("--module")
        .arg(module)
        .env(CONFIGURED, "1")
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"));
    if let Some(document) = &options.document {
        command.arg("--document").arg(document);
    }
    let status = command.status().map_err(wrong)?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}

fn on_token(folder: &Path, module: &Path, pki: &Pki) -> Result<Box<dyn Signer>, Complaint> {
    make_token(folder, module, pki)?;
    let token = Said::new(Sentence::DemoOnToken).with("label", LABEL);
    say(Sentence::DemoToken, token.with("name", module));
    let choice = TokenChoice {
        token: Some(LABEL.to_owned()),
        ..TokenChoice::default()
    };
    let signer = TokenSigner::open(module, &choice, Some(UserPin::new(PIN.to_owned())))
        .map_err(|error| Complaint::from_error(Sentence::DoingSigning, &error.into()))?;
    Ok(Box::new(signer))
}

fn in_memory(pki: &Pki) -> Result<Box<dyn Signer>, Complaint> {
    let wrong = |error: imza::error::Error| Complaint::from_error(Sentence::DoingSigning, &error);
    let key = SoftwareKey::from_pkcs8_der(pki.citizen_p256.key.pkcs8_der()).map_err(wrong)?;
    let certificates = vec![Arc::from(pki.citizen_p256.certificate.as_slice())];
    let signer = SoftwareSigner::new(key, certificates, seed()?).map_err(wrong)?;
    Ok(Box::new(signer))
}

fn unexpected(error: imza_test_vectors::Error) -> Complaint {
    cannot_go_on(error.to_string())
}

fn demonstrate(
    folder: &Path,
    options: &DemoOptions,
    signer: impl FnOnce(&Pki) -> Result<Box<dyn Signer>, Complaint>,
) -> Outcome {
    let server = Server::start(Clock::System).map_err(unexpected)?;
    let pki = server.pki();
    let services = Said::new(Sentence::DemoServicesAt).with("url", server.url().to_string());
    say(Sentence::DemoServices, services);
    let written = |error: std::io::Error| cannot_go_on(&error);

    let (name, content) = match &options.document {
        Some(own) => (
            name_of(own),
            std::fs::read(own).map_err(|why| unreadable(own, &why))?,
        ),
        None => (DOCUMENT_NAME.to_owned(), DOCUMENT.to_vec()),
    };
    let document = folder.join(name);
    std::fs::write(&document, &content).map_err(written)?;
    let root = folder.join("root.pem");
    std::fs::write(&root, export::pem("CERTIFICATE", &pki.root.certificate)).map_err(written)?;
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(trust(&pki)?),
        validation_time: material::now(),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };

    let container = folder.join("application.asice");
    let mut output = Output::create(&container, Existing::Replace)?;
    let tsa = format!("{}/tsa", server.url());
    let request = Request {
        documents: std::slice::from_ref(&document),
        packaging: Packaging::AsicEWithXades,
        claims: crate::claims::Claims::default(),
        pdf: imza::pades::PdfParameters::default(),
        level: LevelOption::Lt,
        tsa: std::slice::from_ref(&tsa),
        context: context.clone(),
        given: Vec::new(),
        network: Connection::Loopback,
    };
    let mut signer = signer(&pki)?;
    let progress = Arc::new(progress(request.documents));
    make(&request, signer.as_mut(), &mut output, &progress)?;
    output.finish()?;
    say(Sentence::DemoSigned, container.display().to_string());

    let octets = std::fs::read(&container).map_err(written)?;
    let altered = folder.join("altered.asice");
    std::fs::write(&altered, alter(&octets, &content)).map_err(written)?;
    drop(server);
    say(Sentence::DemoServices, Sentence::DemoServicesStopped);
    let later = Context {
        validation_time: material::now(),
        ..context
    };
    let copies = [
        (Sentence::DemoGenuine, &container, 0),
        (Sentence::DemoAltered, &altered, 20),
    ];
    for (label, path, expected) in copies {
        let report = validate(path, &later)?;
        let label = voice::words().said(&label.into()).what;
        anstream::println!("\n--- {label}: {}", name_of(path));
        let look = voice::look(voice::Target::StandardOutput);
        anstream::print!("{}", imza_explain::text(&report, voice::words(), look));
        if report.exit_status() != expected {
            return Err(cannot_go_on(label));
        }
    }
    anstream::println!();
    for path in [&document, &container, &altered, &root] {
        say(Sentence::DemoFile, path.display().to_string());
    }
    say(
        Sentence::DemoTry,
        format!(
            "imza verify --offline --trust {} {}",
            root.display(),
            container.display()
        ),
    );
    Ok(0)
}

fn trust(pki: &Pki) -> Result<TrustSet, Complaint> {
    TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default())
        .map(TrustSet::new)
        .map_err(|error| cannot_go_on(&error))
}

/// One byte of the document inside the container, changed.
fn alter(container: &[u8], document: &[u8]) -> Vec<u8> {
    let mut altered = container.to_vec();
    let needle = document.get(..document.len().min(64)).unwrap_or(document);
    let at = container
        .windows(needle.len().max(1))
        .position(|window| window == needle);
    let at = at.unwrap_or(container.len() / 3) + needle.len() / 2;
    if let Some(byte) = altered.get_mut(at) {
        *byte ^= 1;
    }
    altered
}

fn validate(path: &Path, context: &Context) -> Result<Report, Complaint> {
    let wrong = |error: imza::error::Error| cannot_go_on(&error);
    let mut files = Files::open(&[(name_of(path), path.to_owned())], Connection::Offline)
        .map_err(|error| Complaint::other(error.said()))?;
    let request = ValidationRequest {
        inputs: files.inputs(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: seed()?,
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).map_err(wrong)?;
    drive(job, &mut files)
        .map(|verdict| verdict.report)
        .map_err(wrong)
}
