//! The PKI in a box from the command line: write the vectors, export the PKI, serve it.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use imza_test_vectors::{Error, Pki, Result, export, pki, vectors};

const USAGE: &str = "\
imza-test-vectors generate FOLDER   writes the committed vectors
imza-test-vectors export FOLDER     writes the fixed PKI: certificates, keys, lists
imza-test-vectors serve FOLDER      serves a PKI on a loopback port, writes it to FOLDER first";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["generate", folder] => vectors::write(Path::new(folder)),
        ["export", folder] => {
            Pki::fixed().and_then(|pki| export::write(&pki, pki::FIXED_TIME, Path::new(folder)))
        }
        ["serve", folder] => serve(Path::new(folder)),
        _ => Err(Error::new(USAGE)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(folder: &Path) -> Result<()> {
    let server = Server::start(Clock::System)?;
    export::write(&server.pki(), Clock::System.read(), folder)?;
    println!("{}", server.url());
    loop {
        std::thread::park();
    }
}
