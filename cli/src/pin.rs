//! Where the PIN comes from: never an argument, never echoed, never logged.

use crate::arguments::SignOptions;
use crate::complaint::Complaint;
use imza::signer::pkcs11::UserPin;
use zeroize::Zeroizing;

/// The PIN from the environment, a file, or the terminal.
pub(crate) fn read(options: &SignOptions) -> Result<UserPin, Complaint> {
    text(options).map(UserPin::new)
}

fn text(options: &SignOptions) -> Result<String, Complaint> {
    if let Some(name) = &options.pin_env {
        return std::env::var(name).map_err(|_| {
            Complaint::usage(
                format!("the environment has no variable {name}"),
                "Set it to the PIN, or leave --pin-env out to be asked.",
            )
        });
    }
    if let Some(path) = &options.pin_file {
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|error| {
                Complaint::usage(
                    format!("{} cannot be read: {error}", path.display()),
                    "Name a file that holds the PIN on one line.",
                )
            })?;
        let pin = text.trim_end_matches(['\r', '\n']);
        return Ok(pin.to_owned());
    }
    let asked = rpassword::prompt_password("PIN: ");
    asked.map_err(|error| {
        Complaint::usage(
            format!("the PIN cannot be asked for: {error}"),
            "Without a terminal, use --pin-env NAME or --pin-file FILE.",
        )
    })
}
