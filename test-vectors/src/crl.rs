//! Certificate revocation lists, right or wrong as asked.
//!
//! # Standard
//! RFC 5280 §5.1 (the fields), §5.2 (extensions of the list), §5.3 (extensions of an entry).

use crate::certificate::{Extension, signed};
use crate::der;
use crate::error::Result;
use crate::key::Scheme;
use crate::name::Name;
use crate::pki::{Entity, Pki, Revocation};
use crate::time::DAY;

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationReason {
    /// unspecified (0).
    Unspecified,
    /// keyCompromise (1).
    KeyCompromise,
    /// cACompromise (2).
    CaCompromise,
    /// affiliationChanged (3).
    AffiliationChanged,
    /// superseded (4).
    Superseded,
    /// cessationOfOperation (5).
    CessationOfOperation,
    /// certificateHold (6).
    CertificateHold,
    /// removeFromCRL (8).
    RemoveFromCrl,
    /// privilegeWithdrawn (9).
    PrivilegeWithdrawn,
}

impl RevocationReason {
    /// The number in CRLReason.
    pub const fn number(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
        }
    }
}

/// Everything that a list says.
#[derive(Debug, Clone)]
pub struct CrlSpec {
    /// The version as encoded: 1 is v2; `None` leaves the field out.
    pub version: Option<u64>,
    /// The issuer's name; `None` takes the name of whoever signs.
    pub issuer: Option<Name>,
    /// thisUpdate.
    pub this_update: i64,
    /// nextUpdate; `None` leaves it out.
    pub next_update: Option<i64>,
    /// The revoked certificates.
    pub revoked: Vec<Revocation>,
    /// Extensions of every entry, beside its reason.
    pub entry_extensions: Vec<Extension>,
    /// The extensions of the list.
    pub extensions: Vec<Extension>,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// Whether one bit of the signature value is flipped.
    pub break_signature: bool,
}

impl CrlSpec {
    /// A list of `issuer` as of `this_update`, good for seven days.
    pub fn new(issuer: &Entity, number: u64, this_update: i64, revoked: &[Revocation]) -> Self {
        Self {
            version: Some(1),
            issuer: None,
            this_update,
            next_update: Some(this_update + 7 * DAY),
            revoked: revoked.to_vec(),
            entry_extensions: Vec::new(),
            extensions: vec![
                Extension::authority_key_identifier(&issuer.key),
                Extension::new("2.5.29.20", der::integer(number)),
            ],
            scheme: None,
            break_signature: false,
        }
    }
}

/// issuingDistributionPoint with a URL and the scope flags, critical (RFC 5280 §5.2.5).
pub fn issuing_distribution_point(
    url: Option<&str>,
    only_user: bool,
    only_ca: bool,
    indirect: bool,
) -> Extension {
    let point =
        url.map(|url| der::explicit(0, &der::explicit(0, &der::implicit(6, url.as_bytes()))));
    let flag = |set: bool, number| {
        if set {
            der::implicit(number, &[0xff])
        } else {
            Vec::new()
        }
    };
    let value = der::sequence(&[
        &point.unwrap_or_default(),
        &flag(only_user, 1),
        &flag(only_ca, 2),
        &flag(indirect, 4),
    ]);
    Extension::critical("2.5.29.28", value)
}

/// Signs a list, giving the CertificateList in DER.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn issue(spec: &CrlSpec, issuer: &Entity) -> Result<Vec<u8>> {
    let scheme = spec.scheme.unwrap_or_else(|| issuer.key.scheme());
    let entries: Vec<Vec<u8>> = spec.revoked.iter().map(|r| entry(r, spec)).collect();
    let entries = if entries.is_empty() {
        Vec::new()
    } else {
        der::sequence_of(&entries)
    };
    let extensions: Vec<Vec<u8>> = spec.extensions.iter().map(Extension::der).collect();
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        der::explicit(0, &der::sequence_of(&extensions))
    };
    let body = der::sequence(&[
        &spec.version.map(der::integer).unwrap_or_default(),
        &scheme.identifier(),
        &spec.issuer.as_ref().unwrap_or(&issuer.name).der(),
        &der::time(spec.this_update),
        &spec.next_update.map(der::time).unwrap_or_default(),
        &entries,
        &extensions,
    ]);
    signed(&body, &issuer.key, scheme, spec.break_signature)
}

fn entry(revocation: &Revocation, spec: &CrlSpec) -> Vec<u8> {
    let reason = revocation
        .reason
        .map(|reason| Extension::new("2.5.29.21", der::enumerated(reason.number())));
    let extensions: Vec<Vec<u8>> = reason
        .iter()
        .chain(&spec.entry_extensions)
        .map(Extension::der)
        .collect();
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        der::sequence_of(&extensions)
    };
    der::sequence(&[
        &der::integer_raw(&revocation.serial_number),
        &der::time(revocation.time),
        &extensions,
    ])
}

/// The list of the root: nothing revoked.
///
/// # Errors
/// Never with the keys that are committed.
pub fn of_root(pki: &Pki, time: i64) -> Result<Vec<u8>> {
    issue(&CrlSpec::new(&pki.root, 1, time, &[]), &pki.root)
}

/// The list of the issuing CA, with what the PKI says was revoked by `time`.
///
/// # Errors
/// Never with the keys that are committed.
pub fn of_issuing_ca(pki: &Pki, time: i64) -> Result<Vec<u8>> {
    let revoked: Vec<Revocation> = pki
        .revocations
        .iter()
        .filter(|r| r.time <= time)
        .cloned()
        .collect();
    issue(
        &CrlSpec::new(&pki.issuing_ca, 1, time, &revoked),
        &pki.issuing_ca,
    )
}
