//! Revocation data: certificate revocation lists and OCSP responses, as facts.
//!
//! A CRL lists the certificates that an authority has revoked; an OCSP response says the status
//! of single ones. Both are signed, both speak of a time, and both concern some certificates and
//! not others. What they say is read here and put in terms that can be compared: which
//! certificate, which status, since when, why, and as of what time.
//!
//! Whether revocation data counts (who may sign it, whether it is fresh, whether its signer can
//! be trusted) is judged by `validation`. Certification paths are unknown here.
//!
//! # Standard
//! RFC 5280 §5, §6.3.3 (b), (d), (i), (j); RFC 6960 §4; certHash of Common PKI (ISIS-MTT) part 4.
//! Delta CRLs and the combination of CRLs by reasons are read, not combined: [`Crl::obstacle`].

mod crl;
mod crl_scope;
mod ocsp;
mod ocsp_request;
mod ocsp_single;
#[cfg(test)]
mod tests;

pub use crl::{Crl, CrlEntry, CrlObstacle};
pub use crl_scope::{IssuingDistributionPoint, ScopeMismatch};
pub use ocsp::{BasicOcspResponse, OcspResponse, OcspResponseStatus, ResponderId};
pub use ocsp_request::ocsp_request;
pub(crate) use ocsp_single::IssuerDigests;
pub use ocsp_single::{CertHash, CertId, CertificateStatus, SingleResponse};

use crate::certificate::{Certificate, Name};

/// The issuer of a certificate as far as revocation data names it: a name and a key.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// Its name.
    pub name: &'a Name,
    /// The octets of its `subjectPublicKey`, without unused bits.
    pub key_bits: &'a [u8],
}

impl<'a> Issuer<'a> {
    /// The issuer that a certificate is about.
    #[must_use]
    pub fn of(certificate: &'a Certificate) -> Self {
        Self {
            name: certificate.subject(),
            key_bits: certificate.key_bits(),
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident, $number:literal => $word:literal;)+) => {
        /// Why a certificate was revoked.
        ///
        /// # Standard
        /// RFC 5280 §5.3.1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RevocationReason { $($(#[$doc])* $variant,)+ }

        impl RevocationReason {
            /// By its number; 7 and numbers above 10 are no reasons.
            #[must_use]
            pub fn from_number(number: u64) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }

            /// As the standard writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

reasons! {
    /// No reason given.
    Unspecified, 0 => "unspecified";
    /// The subject's key is no longer the subject's alone.
    KeyCompromise, 1 => "keyCompromise";
    /// The key of the CA is no longer the CA's alone.
    CaCompromise, 2 => "cACompromise";
    /// The subject's name or affiliation changed.
    AffiliationChanged, 3 => "affiliationChanged";
    /// There is a newer certificate.
    Superseded, 4 => "superseded";
    /// The certificate is needed no more.
    CessationOfOperation, 5 => "cessationOfOperation";
    /// On hold: may be lifted again.
    CertificateHold, 6 => "certificateHold";
    /// No longer listed (delta CRLs).
    RemoveFromCrl, 8 => "removeFromCRL";
    /// A privilege was withdrawn.
    PrivilegeWithdrawn, 9 => "privilegeWithdrawn";
    /// The key of the attribute authority is no longer its alone.
    AaCompromise, 10 => "aACompromise";
}

/// The one of two reasons of one revocation that says more against the key: that it was stolen, then
/// what leaves that open, then what has nothing to do with it. The first of two that weigh alike.
///
/// # Standard
/// RFC 5280 §5.3.1: no entry withdraws what another says.
#[must_use]
pub fn graver(
    one: Option<RevocationReason>,
    two: Option<RevocationReason>,
) -> Option<RevocationReason> {
    let weight = |reason| match reason {
        Some(
            RevocationReason::KeyCompromise
            | RevocationReason::CaCompromise
            | RevocationReason::AaCompromise,
        ) => 2,
        Some(
            RevocationReason::AffiliationChanged
            | RevocationReason::Superseded
            | RevocationReason::CessationOfOperation,
        ) => 0,
        _ => 1,
    };
    if weight(two) > weight(one) { two } else { one }
}
