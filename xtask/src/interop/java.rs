//! Programs of one Java file each, with the libraries that Maven fetches below `target`.

use crate::process::{command, find, quiet};
use crate::{Outcome, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of source and the folder of its jars.
pub(super) struct Java {
    libraries: PathBuf,
    source: PathBuf,
}

impl Java {
    /// The program of a folder beside this file, or what is missing.
    pub(super) fn find(folder: &str, source: &str) -> Outcome<Result<Self, String>> {
        let missing = ["java", "mvn"]
            .into_iter()
            .find(|tool| find(tool).is_none());
        if let Some(missing) = missing {
            return Ok(Err(format!("{missing} is not installed")));
        }
        let home = workspace::root()?.join("xtask/src/interop").join(folder);
        Ok(Ok(Self {
            libraries: libraries(folder, &home.join("pom.xml"))?,
            source: home.join(source),
        }))
    }

    /// A start of it; Java compiles the one file in memory.
    pub(super) fn command(&self) -> Command {
        let mut java = command("java", &["-Djava.awt.headless=true", "-cp"]);
        java.arg(self.libraries.join("*")).arg(&self.source);
        java
    }
}

/// The folder of the jars that a project needs.
fn libraries(name: &str, project: &Path) -> Outcome<PathBuf> {
    let folder = workspace::target()?.join("interop").join(name);
    let wanted = std::fs::read(project)?;
    let fetched = folder.join("pom.xml");
    if std::fs::read(&fetched).is_ok_and(|known| known == wanted) {
        return Ok(folder);
    }
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let mut maven = command("mvn", &["-q", "-B", "-f"]);
    maven.arg(project).arg("dependency:copy-dependencies");
    maven.arg(format!("-DoutputDirectory={}", folder.display()));
    quiet(&mut maven)?;
    std::fs::write(fetched, wanted)?;
    Ok(folder)
}
