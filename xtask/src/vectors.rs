//! `cargo xtask vectors`: the committed vectors, made anew or compared.

use crate::{Outcome, workspace};
use imza_test_vectors::vectors::generate;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes the vectors and removes what is no longer made; with `--check` names what differs.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let folder = workspace::root()?.join("test-vectors/vectors");
    let made = generate()?;
    let committed = read(&folder)?;
    let differences = differences(&made, &committed);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--check"] if differences.is_empty() => {}
        ["--check"] => {
            return Err(format!("{}\nrun `cargo xtask vectors`", differences.join("\n")).into());
        }
        [] => {
            write(&folder, &made, &committed)?;
            for difference in &differences {
                println!("{difference}");
            }
        }
        _ => return Err("cargo xtask vectors [--check]".into()),
    }
    println!(
        "vectors: {} files, {} differ",
        made.len(),
        differences.len()
    );
    Ok(())
}

type Files = BTreeMap<String, Vec<u8>>;

fn differences(made: &Files, committed: &Files) -> Vec<String> {
    let new_or_changed = made
        .iter()
        .filter_map(|(name, octets)| match committed.get(name) {
            None => Some(format!("missing: {name}")),
            Some(other) if other != octets => Some(format!("differs: {name}")),
            Some(_) => None,
        });
    let no_longer = committed
        .keys()
        .filter(|name| !made.contains_key(*name))
        .map(|name| format!("no longer made: {name}"));
    new_or_changed.chain(no_longer).collect()
}

fn read(folder: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let parts = path.strip_prefix(folder)?.iter();
            let name: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            files.insert(name.join("/"), std::fs::read(&path)?);
        }
    }
    Ok(files)
}

fn write(folder: &Path, made: &Files, committed: &Files) -> Outcome<()> {
    for name in committed.keys().filter(|name| !made.contains_key(*name)) {
        std::fs::remove_file(folder.join(name))?;
    }
    for (name, octets) in made {
        if committed.get(name) == Some(octets) {
            continue;
        }
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, octets)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &[u8])]) -> Files {
        list.iter()
            .map(|(name, octets)| ((*name).to_owned(), octets.to_vec()))
            .collect()
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let made = files(&[("a", b"1"), ("b", b"1"), ("c", b"1")]);
        let committed = files(&[("b", b"2"), ("c", b"1"), ("d", b"1")]);
        assert_eq!(
            differences(&made, &committed),
            ["missing: a", "differs: b", "no longer made: d"]
        );
    }

    #[test]
    fn what_is_written_is_read_again_and_the_rest_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let before = files(&[("set/old", b"1")]);
        write(folder.path(), &before, &Files::new()).unwrap();
        let after = files(&[("set/new", b"1"), ("top", b"2")]);
        write(folder.path(), &after, &read(folder.path()).unwrap()).unwrap();
        assert_eq!(read(folder.path()).unwrap(), after);
    }
}
