//! A module: the vendor's library.

use crate::error::Error;
use crate::raw::Raw;
use crate::token::Token;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Cryptoki, RvError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A loaded and initialised module. Cheap to clone.
#[derive(Clone)]
pub struct Module(Arc<Shared>);

struct Shared {
    path: PathBuf,
    context: Pkcs11,
    raw: Raw,
}

/// Every module of the process. They stay: `C_Finalize` would pull a module away from under
/// whoever else uses it, and unloading libraries with threads of their own ends badly.
static MODULES: Mutex<BTreeMap<PathBuf, Module>> = Mutex::new(BTreeMap::new());

impl Module {
    /// Loads the module at an absolute path; a module that is loaded already is the same one.
    ///
    /// Loading runs code of the library with the rights of the program: give it only paths that
    /// the user or the system's administrator chose.
    ///
    /// # Errors
    /// [`Error::PathNotAbsolute`], [`Error::ModuleNotLoaded`]; [`Error::Device`] when it cannot
    /// be initialised.
    pub fn load(path: &Path) -> Result<Self, Error> {
        if !path.is_absolute() {
            return Err(Error::PathNotAbsolute);
        }
        // Two names of one file are one module: initialising it twice would fail.
        let path = path
            .canonicalize()
            .map_err(|error| Error::ModuleNotLoaded(format!("{}: {error}", path.display())))?;
        let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = modules.get(&path) {
            return Ok(module.clone());
        }
        let context = Pkcs11::new(&path)?;
        let raw = Raw::open(&path)?;
        let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        match context.initialize(arguments) {
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            // Some modules take no arguments at all, some none of the flags.
            Err(Cryptoki::Pkcs11(RvError::ArgumentsBad | RvError::CantLock, _)) => {
                raw.initialize()?;
            }
            Err(error) => return Err(error.into()),
        }
        let shared = Shared {
            path: path.clone(),
            context,
            raw,
        };
        let module = Self(Arc::new(shared));
        modules.insert(path, module.clone());
        Ok(module)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The tokens that are present and initialised. A slot that cannot be read is passed over:
    /// one broken reader must not hide the others.
    ///
    /// # Errors
    /// [`Error::Device`] when the module cannot even list its slots.
    pub fn tokens(&self) -> Result<Vec<Token>, Error> {
        let slots = self.context().get_slots_with_token()?;
        Ok(slots
            .into_iter()
            .filter_map(|slot| Token::read(self, slot).ok())
            .filter(Token::is_initialized)
            .collect())
    }

    /// The token with this label; labels are what people see, slot numbers change.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Module::tokens`].
    pub fn token(&self, label: &str) -> Result<Token, Error> {
        let mut tokens = self.tokens()?.into_iter();
        tokens
            .find(|token| token.label() == label)
            .ok_or(Error::NotFound("token"))
    }

    pub(crate) fn context(&self) -> &Pkcs11 {
        &self.0.context
    }

    pub(crate) fn raw(&self) -> &Raw {
        &self.0.raw
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Module").field(&self.0.path).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_not_absolute_are_refused() {
        for path in ["libsofthsm2.so", "./module.so", ""] {
            let error = Module::load(Path::new(path)).map(drop);
            assert_eq!(error, Err(Error::PathNotAbsolute));
        }
    }

    #[test]
    fn files_that_are_no_modules_say_so() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing.so");
        let error = Module::load(&missing).map(drop).unwrap_err();
        assert!(matches!(error, Error::ModuleNotLoaded(_)), "{error}");
        let text = directory.path().join("text.so");
        std::fs::write(&text, "no library").unwrap();
        let error = Module::load(&text).map(drop).unwrap_err();
        assert!(matches!(error, Error::ModuleNotLoaded(_)), "{error}");
    }
}
