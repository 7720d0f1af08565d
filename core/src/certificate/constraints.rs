//! What a CA may issue: name constraints, policies, mappings, policy constraints.

use super::general_name::GeneralName;
use crate::asn1::{Oid, Tag, Tlv};
use crate::error::{Malformed, MalformedKind};
use std::sync::Arc;

/// Where the names of certificates below a CA may and may not lie.
///
/// ```text
/// NameConstraints ::= SEQUENCE {
///   permittedSubtrees [0] GeneralSubtrees OPTIONAL,
///   excludedSubtrees  [1] GeneralSubtrees OPTIONAL }
/// GeneralSubtree ::= SEQUENCE {
///   base        GeneralName,
///   minimum [0] BaseDistance DEFAULT 0,
///   maximum [1] BaseDistance OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.10.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// Names must lie in one of these.
    pub permitted: Vec<Subtree>,
    /// Names must lie in none of these.
    pub excluded: Vec<Subtree>,
}

/// A part of a name space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// Its top.
    pub base: GeneralName,
    /// Levels below the top at which it starts; RFC 5280 allows 0 only.
    pub minimum: u64,
    /// Levels below the top at which it ends; RFC 5280 wants none.
    pub maximum: Option<u64>,
}

impl NameConstraints {
    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let mut part = |number| -> Result<Vec<Subtree>, Malformed> {
            match reader.optional(Tag::context_constructed(number))? {
                Some(subtrees) => Subtree::list(source, &subtrees),
                None => Ok(Vec::new()),
            }
        };
        let (permitted, excluded) = (part(0)?, part(1)?);
        reader.finish()?;
        // RFC 5280 §4.2.1.10: an empty sequence must not stand there.
        if permitted.is_empty() && excluded.is_empty() {
            return Err(Malformed::at(
                MalformedKind::CertificateExtension,
                tlv.offset,
            ));
        }
        Ok(Self {
            permitted,
            excluded,
        })
    }
}

impl Subtree {
    fn list(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = tlv.reader();
        let mut list = Vec::new();
        loop {
            let mut subtree = reader.read(Tag::SEQUENCE)?.reader();
            let base = GeneralName::from_tlv(source, &subtree.read_any()?)?;
            let minimum = subtree.optional(Tag::context(0))?;
            let maximum = subtree.optional(Tag::context(1))?;
            subtree.finish()?;
            list.push(Self {
                base,
                minimum: minimum.map_or(Ok(0), |value| value.small_integer())?,
                maximum: maximum.map(|value| value.small_integer()).transpose()?,
            });
            if reader.is_empty() {
                return Ok(list);
            }
        }
    }
}

/// A policy that a certificate is issued under.
///
/// ```text
/// certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
/// PolicyInformation ::= SEQUENCE {
///   policyIdentifier CertPolicyId,
///   policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInformation {
    /// The policy.
    pub policy: Oid,
    /// Its qualifiers: kind, and the value's original bytes.
    pub qualifiers: Vec<(Oid, Vec<u8>)>,
}

impl PolicyInformation {
    /// `anyPolicy`.
    pub const ANY: &'static str = "2.5.29.32.0";
    /// `id-qt-cps`.
    pub const QUALIFIER_CPS: &'static str = "1.3.6.1.5.5.7.2.1";
    /// `id-qt-unotice`.
    pub const QUALIFIER_USER_NOTICE: &'static str = "1.3.6.1.5.5.7.2.2";

    pub(crate) fn list(tlv: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = tlv.reader();
        let mut seen = std::collections::BTreeSet::new();
        let mut list = Vec::new();
        loop {
            let item = reader.read(Tag::SEQUENCE)?;
            let mut fields = item.reader();
            let policy = fields.read(Tag::OID)?.oid()?;
            let mut qualifiers = Vec::new();
            if let Some(infos) = fields.optional(Tag::SEQUENCE)? {
                let mut infos = infos.reader();
                loop {
                    let mut info = infos.read(Tag::SEQUENCE)?.reader();
                    let kind = info.read(Tag::OID)?.oid()?;
                    let value = info.read_any()?.whole.to_vec();
                    info.finish()?;
                    qualifiers.push((kind, value));
                    if infos.is_empty() {
                        break;
                    }
                }
            }
            fields.finish()?;
            // RFC 5280 §4.2.1.4: a policy must not stand twice.
            if !seen.insert(policy.as_content().to_vec()) {
                return Err(Malformed::at(
                    MalformedKind::CertificateExtension,
                    item.offset,
                ));
            }
            list.push(Self { policy, qualifiers });
            if reader.is_empty() {
                return Ok(list);
            }
        }
    }
}

/// A policy of the issuer that counts as a policy of the subject.
///
/// ```text
/// PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
///   issuerDomainPolicy  CertPolicyId,
///   subjectDomainPolicy CertPolicyId }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMapping {
    /// The policy above.
    pub issuer_domain: Oid,
    /// The policy below.
    pub subject_domain: Oid,
}

impl PolicyMapping {
    pub(crate) fn list(tlv: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = tlv.reader();
        let mut list = Vec::new();
        loop {
            let mut mapping = reader.read(Tag::SEQUENCE)?.reader();
            list.push(Self {
                issuer_domain: mapping.read(Tag::OID)?.oid()?,
                subject_domain: mapping.read(Tag::OID)?.oid()?,
            });
            mapping.finish()?;
            if reader.is_empty() {
                return Ok(list);
            }
        }
    }
}

/// After how many certificates policies are required, or mappings forbidden.
///
/// ```text
/// PolicyConstraints ::= SEQUENCE {
///   requireExplicitPolicy [0] SkipCerts OPTIONAL,
///   inhibitPolicyMapping  [1] SkipCerts OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// Certificates after which a valid policy is required.
    pub require_explicit_policy: Option<u64>,
    /// Certificates after which mappings count no more.
    pub inhibit_policy_mapping: Option<u64>,
}

impl PolicyConstraints {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let mut part = |number| -> Result<Option<u64>, Malformed> {
            let value = reader.optional(Tag::context(number))?;
            value.map(|value| value.small_integer()).transpose()
        };
        let constraints = Self {
            require_explicit_policy: part(0)?,
            inhibit_policy_mapping: part(1)?,
        };
        reader.finish()?;
        // RFC 5280 §4.2.1.11: an empty sequence must not stand there.
        match constraints {
            Self {
                require_explicit_policy: None,
                inhibit_policy_mapping: None,
            } => Err(Malformed::at(
                MalformedKind::CertificateExtension,
                tlv.offset,
            )),
            some => Ok(some),
        }
    }
}
