//! Where PINs and passwords come from: never an argument, never echoed, never logged.

use crate::arguments::SignOptions;
use crate::complaint::Complaint;
use std::path::Path;
use zeroize::Zeroizing;

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Secret<'a> {
    /// The PIN of a card or token.
    Pin,
    /// The password of a file with a key.
    Password(&'a Path),
}

impl Secret<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Pin => "PIN",
            Self::Password(_) => "password",
        }
    }

    fn prompt(self) -> String {
        match self {
            Self::Pin => "PIN: ".to_owned(),
            Self::Password(path) => {
                let name = imza_explain::sink::terminal(&path.display().to_string());
                format!("Password of {name}: ")
            }
        }
    }
}

/// From the environment or a file, when the options name one.
pub(crate) fn given(
    options: &SignOptions,
    secret: Secret<'_>,
) -> Result<Option<Zeroizing<String>>, Complaint> {
    let word = secret.word();
    if let Some(name) = &options.pin_env {
        let value = std::env::var(name).map(Zeroizing::new).map_err(|_| {
            Complaint::usage(
                format!("the environment has no variable {name}"),
                format!("Set it to the {word}, or leave --pin-env out to be asked."),
            )
        })?;
        return Ok(Some(value));
    }
    let Some(path) = &options.pin_file else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            Complaint::usage(
                format!("{} cannot be read: {error}", path.display()),
                format!("Name a file that holds the {word} on one line."),
            )
        })?;
    let line = text.trim_end_matches(['\r', '\n']);
    Ok(Some(Zeroizing::new(line.to_owned())))
}

/// As [`given`], or asked at the terminal without echo.
pub(crate) fn read(
    options: &SignOptions,
    secret: Secret<'_>,
) -> Result<Zeroizing<String>, Complaint> {
    if let Some(given) = given(options, secret)? {
        return Ok(given);
    }
    rpassword::prompt_password(secret.prompt())
        .map(Zeroizing::new)
        .map_err(|error| {
            Complaint::usage(
                format!("the {} cannot be asked for: {error}", secret.word()),
                "Without a terminal, use --pin-env NAME or --pin-file FILE.",
            )
        })
}
