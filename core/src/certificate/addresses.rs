//! Where more about a certificate can be found: authority information, distribution points.

use super::general_name::{DistributionPointName, GeneralName};
use super::name::Name;
use super::usage::named_bits;
use crate::asn1::{Oid, Tag, Tlv};
use crate::error::{Malformed, MalformedKind};
use std::sync::Arc;

/// Addresses of OCSP responders and issuer certificates.
///
/// ```text
/// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
/// AccessDescription ::= SEQUENCE {
///   accessMethod   OBJECT IDENTIFIER,
///   accessLocation GeneralName }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.2.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityInfoAccess {
    /// URIs of OCSP responders.
    pub ocsp: Vec<String>,
    /// URIs of the issuer's certificates.
    pub ca_issuers: Vec<String>,
}

impl AuthorityInfoAccess {
    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let mut access = Self::default();
        loop {
            let mut description = reader.read(Tag::SEQUENCE)?.reader();
            let method = description.read(Tag::OID)?.oid()?;
            let location = GeneralName::from_tlv(source, &description.read_any()?)?;
            description.finish()?;
            if let GeneralName::Uri(uri) = location {
                if method.is("1.3.6.1.5.5.7.48.1") {
                    access.ocsp.push(uri);
                } else if method.is("1.3.6.1.5.5.7.48.2") {
                    access.ca_issuers.push(uri);
                }
            }
            if reader.is_empty() {
                return Ok(access);
            }
        }
    }
}

/// A service that the subject offers: a repository, a time-stamping authority.
///
/// ```text
/// SubjectInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
/// ```
///
/// # Standard
/// RFC 5280 §4.2.2.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectService {
    /// What kind of service.
    pub method: Oid,
    /// Where it is.
    pub location: GeneralName,
}

impl SubjectService {
    pub(crate) fn list(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = tlv.reader();
        let mut services = Vec::new();
        loop {
            let mut description = reader.read(Tag::SEQUENCE)?.reader();
            let method = description.read(Tag::OID)?.oid()?;
            let location = GeneralName::from_tlv(source, &description.read_any()?)?;
            description.finish()?;
            services.push(Self { method, location });
            if reader.is_empty() {
                return Ok(services);
            }
        }
    }
}

/// Whose key this certificate was signed with, as a hint.
///
/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE {
///   keyIdentifier             [0] KeyIdentifier           OPTIONAL,
///   authorityCertIssuer       [1] GeneralNames            OPTIONAL,
///   authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// The issuer's key identifier.
    pub key_identifier: Option<Vec<u8>>,
    /// The names of the issuer's issuer.
    pub issuer: Vec<GeneralName>,
    /// The serial number of the issuer's certificate.
    pub serial_number: Option<Vec<u8>>,
}

impl AuthorityKeyIdentifier {
    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let key = reader.optional(Tag::context(0))?;
        let issuer = reader.optional(Tag::context_constructed(1))?;
        let serial = reader.optional(Tag::context(2))?;
        reader.finish()?;
        Ok(Self {
            key_identifier: key.map(|key| key.content.to_vec()),
            issuer: match issuer {
                Some(names) => GeneralName::list(source, &names)?,
                None => Vec::new(),
            },
            serial_number: match serial {
                Some(serial) => Some(serial.integer()?.to_vec()),
                None => None,
            },
        })
    }
}

/// Reasons of revocation that a CRL covers: bit `n` is bit `n` of `ReasonFlags`.
///
/// ```text
/// ReasonFlags ::= BIT STRING { unused (0), keyCompromise (1), cACompromise (2),
///   affiliationChanged (3), superseded (4), cessationOfOperation (5), certificateHold (6),
///   privilegeWithdrawn (7), aACompromise (8) }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// Every reason (bits 1 to 8; bit 0 means nothing).
    pub const ALL: Self = Self(0x1fe);
    /// No reason.
    pub const NONE: Self = Self(0);

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        Ok(Self(named_bits(tlv)? & Self::ALL.0))
    }

    /// The reasons in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every reason of `other` is here.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Where a CRL about the certificate is found, and which one it is.
///
/// ```text
/// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
/// DistributionPoint ::= SEQUENCE {
///   distributionPoint [0] DistributionPointName OPTIONAL,
///   reasons           [1] ReasonFlags           OPTIONAL,
///   cRLIssuer         [2] GeneralNames          OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.13.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Its name.
    pub name: Option<DistributionPointName>,
    /// The reasons that its CRL covers; absent means all.
    pub reasons: Option<ReasonFlags>,
    /// Who issues its CRL, where that is not the issuer of the certificate.
    pub crl_issuer: Vec<GeneralName>,
}

impl DistributionPoint {
    pub(crate) fn list(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = tlv.reader();
        let mut list = Vec::new();
        loop {
            let point = reader.read(Tag::SEQUENCE)?;
            let mut fields = point.reader();
            let name = fields.optional(Tag::context_constructed(0))?;
            let reasons = fields.optional(Tag::context(1))?;
            let issuer = fields.optional(Tag::context_constructed(2))?;
            fields.finish()?;
            // RFC 5280 §4.2.1.13: reasons alone do not make a distribution point.
            if name.is_none() && issuer.is_none() {
                return Err(Malformed::at(
                    MalformedKind::CertificateExtension,
                    point.offset,
                ));
            }
            list.push(Self {
                name: match name {
                    Some(name) => Some(DistributionPointName::from_tlv(source, &name)?),
                    None => None,
                },
                reasons: reasons
                    .map(|bits| ReasonFlags::from_tlv(&bits))
                    .transpose()?,
                crl_issuer: match issuer {
                    Some(names) => GeneralName::list(source, &names)?,
                    None => Vec::new(),
                },
            });
            if reader.is_empty() {
                return Ok(list);
            }
        }
    }

    /// The addresses of the CRL, of whatever scheme.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        let names = match &self.name {
            Some(DistributionPointName::FullName(names)) => names.as_slice(),
            _ => &[],
        };
        names.iter().filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri.as_str()),
            _ => None,
        })
    }

    /// The distinguished names of [`DistributionPoint::crl_issuer`].
    pub fn crl_issuer_names(&self) -> impl Iterator<Item = &Name> {
        self.crl_issuer.iter().filter_map(|name| match name {
            GeneralName::DirectoryName(name) => Some(name),
            _ => None,
        })
    }
}
