//! Completions for shells and manual pages, made from the options themselves.

use crate::Outcome;
use crate::arguments::{Arguments, CompletionOptions, ManOptions};
use crate::complaint::Complaint;
use crate::output::{Existing, Output};
use crate::voice;
use clap::CommandFactory as _;
use imza_explain::{Said, Sentence};
use std::io::Write as _;

/// `imza completions SHELL`: to standard output.
pub(crate) fn completions(options: &CompletionOptions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        options.shell,
        &mut Arguments::command(),
        "imza",
        &mut script,
    );
    print(&script)
}

/// `imza man [FOLDER]`: the first page to standard output, or every page into a folder.
pub(crate) fn man(options: &ManOptions) -> Outcome {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &options.folder else {
        return print(&page(&command)?);
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        let what = Said::new(Sentence::Unwritable).with("name", folder.as_path());
        Complaint::other(what.with("why", &error))
    })?;
    let pages = std::iter::once(&command).chain(command.get_subcommands());
    for command in pages.filter(|command| command.get_name() != "help") {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let target = folder.join(format!("{name}.1"));
        let mut file = Output::create(&target, Existing::of(options.force))?;
        file.write(&page(command)?)?;
        file.finish()?;
        let written = Said::new(Sentence::Written).with("name", target.as_path());
        anstream::eprintln!("{}", voice::words().said(&written).what);
    }
    Ok(0)
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Complaint> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let man = clap_mangen::Man::new(command.clone())
        .title(name.to_uppercase())
        .manual("imza");
    let mut page = Vec::new();
    man.render(&mut page).map_err(|error| {
        Complaint::other(Said::new(Sentence::OutputUnwritable).with("why", &error))
    })?;
    Ok(page)
}

fn print(octets: &[u8]) -> Outcome {
    let mut out = std::io::stdout();
    match out.write_all(octets).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Complaint::other(
            Said::new(Sentence::OutputUnwritable).with("why", &error),
        )),
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_page_without_hidden_options() {
        let mut command = Arguments::command();
        command.build();
        for command in command.get_subcommands() {
            let page = String::from_utf8(page(command).unwrap()).unwrap();
            assert!(page.contains(".SH NAME"), "{page}");
            assert!(!page.contains("danger"), "{page}");
        }
    }
}
