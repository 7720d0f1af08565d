//! What the signatures of a document permit after them.

use crate::pdf::{Document, Lock};
use crate::signature::{FieldLock, Permission};

/// The permissions of each signature, by what it says itself and what its field locks.
///
/// # Standard
/// ISO 32000-2 §12.8.2.2 (DocMDP), §12.8.2.4 (FieldMDP), §12.7.5.5 (SigFieldLock).
#[must_use]
pub fn permissions(document: &Document) -> Vec<Permission> {
    let signatures = document.signatures().iter();
    let all = signatures.filter_map(|field| {
        let dictionary = field.dictionary.as_ref().ok()?;
        let mut permission = Permission {
            revision: u64::try_from(dictionary.signed_revision?).ok()?,
            ..Permission::default()
        };
        for transform in &dictionary.transforms {
            match transform.method.as_deref() {
                // Table 257: 2 where nothing is written.
                Some("DocMDP") => {
                    let level = transform.parameters.permission.map_or(2, level);
                    lower(&mut permission, level);
                }
                Some("FieldMDP") => {
                    let lock = lock(&transform.parameters);
                    permission.locks.push(lock.unwrap_or(FieldLock::All));
                }
                Some(_) => {}
                // It may be any of them.
                None => {
                    lower(&mut permission, 1);
                    permission.locks.push(FieldLock::All);
                }
            }
        }
        if let Some(found) = &field.lock {
            permission.locks.extend(lock(found));
            if let Some(written) = found.permission {
                lower(&mut permission, level(written));
            }
        }
        let says_something = permission.level.is_some() || !permission.locks.is_empty();
        says_something.then_some(permission)
    });
    all.collect()
}

/// What is no permission permits nothing.
fn level(written: i64) -> u8 {
    match written {
        2 => 2,
        3 => 3,
        _ => 1,
    }
}

fn lower(permission: &mut Permission, level: u8) {
    permission.level = Some(permission.level.map_or(level, |known| known.min(level)));
}

/// Without a known action nothing says which fields are meant: then it is all of them.
fn lock(found: &Lock) -> Option<FieldLock> {
    Some(match found.action.as_deref() {
        Some("Include") => FieldLock::Include(found.fields.clone()),
        Some("Exclude") => FieldLock::Exclude(found.fields.clone()),
        None if found.fields.is_empty() => return None,
        _ => FieldLock::All,
    })
}
