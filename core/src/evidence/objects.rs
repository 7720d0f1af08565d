//! Bytes, by their digest.

use crate::crypto;
use crate::vocabulary::ObjectId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Original bytes of everything small that is signed or signs, content-addressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    bytes: BTreeMap<ObjectId, Arc<[u8]>>,
}

impl Objects {
    /// Keeps bytes and names them by their SHA-256.
    pub fn keep(&mut self, octets: Arc<[u8]>) -> ObjectId {
        let id = crypto::object_id(&octets);
        self.bytes.entry(id).or_insert(octets);
        id
    }

    /// The bytes with this name.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Arc<[u8]>> {
        self.bytes.get(id)
    }

    /// Everything, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Arc<[u8]>)> {
        self.bytes.iter()
    }

    /// Octets kept in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        let lengths = self
            .bytes
            .values()
            .map(|octets| u64::try_from(octets.len()).unwrap_or(u64::MAX));
        lengths.fold(0, u64::saturating_add)
    }
}
