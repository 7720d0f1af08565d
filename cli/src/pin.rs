//! Where PINs and passwords come from: never an argument, never echoed, never logged.

use crate::arguments::{PasswordOptions, SignOptions};
use crate::complaint::Complaint;
use crate::voice;
use imza::pdf::Password;
use imza_explain::{Said, Sentence};
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
            Self::Pin => "pin",
            Self::Password(_) => "password",
        }
    }

    fn prompt(self) -> String {
        let said = match self {
            Self::Pin => Sentence::PinPrompt.into(),
            Self::Password(path) => Said::new(Sentence::PasswordPrompt).with("name", path),
        };
        format!("{}: ", voice::words().said(&said).what)
    }
}

/// From the environment or a file, when the options name one.
pub(crate) fn given(
    options: &SignOptions,
    secret: Secret<'_>,
) -> Result<Option<Zeroizing<String>>, Complaint> {
    let word = secret.word();
    from(
        options.pin_env.as_deref(),
        options.pin_file.as_deref(),
        word,
    )
}

/// What opens encrypted PDFs, when the options name it.
pub(crate) fn of_documents(options: &PasswordOptions) -> Result<Option<Password>, Complaint> {
    let (name, path) = (
        options.password_env.as_deref(),
        options.password_file.as_deref(),
    );
    let found = from(name, path, "password")?;
    Ok(found.map(|found| Password::new(&found)))
}

fn from(
    name: Option<&str>,
    path: Option<&Path>,
    word: &'static str,
) -> Result<Option<Zeroizing<String>>, Complaint> {
    if let Some(name) = name {
        let value = std::env::var(name).map(Zeroizing::new).map_err(|_| {
            let what = Said::new(Sentence::SecretVariable).with("name", name);
            Complaint::misuse(what.with("secret", word))
        })?;
        return Ok(Some(value));
    }
    let Some(path) = path else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            let what = Said::new(Sentence::SecretFile).with("name", path);
            Complaint::misuse(what.with("why", &error).with("secret", word))
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
            let what = Said::new(Sentence::SecretTerminal).with("secret", secret.word());
            Complaint::misuse(what.with("why", &error))
        })
}
