//! What a signature is given to be validated for years.

use std::sync::Arc;

/// Certificates and revocation data that a signature is to carry, as DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationData {
    /// Certificates.
    pub certificates: Vec<Arc<[u8]>>,
    /// CRLs.
    pub crls: Vec<Arc<[u8]>>,
    /// OCSPResponses.
    pub ocsps: Vec<Arc<[u8]>>,
}

impl ValidationData {
    /// Whether there is nothing to add.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.crls.is_empty() && self.ocsps.is_empty()
    }
}
