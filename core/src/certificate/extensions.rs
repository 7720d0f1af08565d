//! The extensions of a certificate, read at first use.

use super::addresses::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, DistributionPoint, SubjectService,
};
use super::constraints::{NameConstraints, PolicyConstraints, PolicyInformation, PolicyMapping};
use super::finding::{Finding, FindingKind};
use super::general_name::GeneralName;
use super::kept::Kept;
use super::qc_statements::QcStatements;
use super::usage::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use crate::asn1::{Oid, Reader, Tag, Tlv};
use crate::error::{Malformed, MalformedKind};
use std::sync::Arc;

/// Object identifiers of extensions, in dotted form.
pub mod oid {
    /// `subjectDirectoryAttributes`.
    pub const SUBJECT_DIRECTORY_ATTRIBUTES: &str = "2.5.29.9";
    /// `subjectKeyIdentifier`.
    pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
    /// `keyUsage`.
    pub const KEY_USAGE: &str = "2.5.29.15";
    /// `privateKeyUsagePeriod`.
    pub const PRIVATE_KEY_USAGE_PERIOD: &str = "2.5.29.16";
    /// `subjectAltName`.
    pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    /// `issuerAltName`.
    pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
    /// `basicConstraints`.
    pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    /// `nameConstraints`.
    pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
    /// `cRLDistributionPoints`.
    pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    /// `certificatePolicies`.
    pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
    /// `policyMappings`.
    pub const POLICY_MAPPINGS: &str = "2.5.29.33";
    /// `authorityKeyIdentifier`.
    pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
    /// `policyConstraints`.
    pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    /// `extKeyUsage`.
    pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    /// `freshestCRL`.
    pub const FRESHEST_CRL: &str = "2.5.29.46";
    /// `inhibitAnyPolicy`.
    pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
    /// `noRevAvail` (RFC 9608).
    pub const NO_REVOCATION_AVAILABLE: &str = "2.5.29.56";
    /// `authorityInfoAccess`.
    pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
    /// `qCStatements` (RFC 3739).
    pub const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
    /// `subjectInfoAccess`.
    pub const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
    /// TLS feature (RFC 7633).
    pub const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
    /// `id-pkix-ocsp-nocheck` (RFC 6960 §4.2.2.2.1).
    pub const OCSP_NOCHECK: &str = "1.3.6.1.5.5.7.48.1.5";
    /// `id-etsi-ext-valassured-ST-certs` (EN 319 412-1 §5.2).
    pub const VALIDITY_ASSURED_SHORT_TERM: &str = "0.4.0.194121.2.1";
}

/// An extension as it stands in the certificate.
///
/// ```text
/// Extension ::= SEQUENCE {
///   extnID    OBJECT IDENTIFIER,
///   critical  BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
///
/// # Standard
/// RFC 5280 §4.1.2.9, §4.2.
#[derive(Clone)]
pub struct Extension {
    /// Which one.
    pub oid: Oid,
    /// Whether who does not know it must refuse.
    pub critical: bool,
    value: Kept,
}

impl Extension {
    /// The octets inside `extnValue`.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.value.as_slice()
    }

    /// Where [`Extension::value`] starts, in bytes from the start of the structure.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.value.offset()
    }

    /// Whether `path` and `validation` act on it, so that it may be critical. Extensions that must
    /// not be critical (authorityInfoAccess, subjectInfoAccess, freshestCRL) are not among them.
    #[must_use]
    pub fn is_processed(&self) -> bool {
        const PROCESSED: &[&str] = &[
            oid::SUBJECT_KEY_IDENTIFIER,
            oid::KEY_USAGE,
            oid::SUBJECT_ALT_NAME,
            oid::ISSUER_ALT_NAME,
            oid::BASIC_CONSTRAINTS,
            oid::NAME_CONSTRAINTS,
            oid::CRL_DISTRIBUTION_POINTS,
            oid::CERTIFICATE_POLICIES,
            oid::POLICY_MAPPINGS,
            oid::AUTHORITY_KEY_IDENTIFIER,
            oid::POLICY_CONSTRAINTS,
            oid::EXTENDED_KEY_USAGE,
            oid::INHIBIT_ANY_POLICY,
            oid::NO_REVOCATION_AVAILABLE,
            oid::QC_STATEMENTS,
            oid::OCSP_NOCHECK,
            oid::VALIDITY_ASSURED_SHORT_TERM,
        ];
        PROCESSED.iter().any(|known| self.oid.is(known))
    }

    /// The one value inside, or an error at its place.
    pub(crate) fn tlv(&self) -> Result<Tlv<'_>, Malformed> {
        let mut reader = Reader::der(self.value()).at(self.offset());
        let tlv = reader.read_any()?;
        reader.finish()?;
        Ok(tlv)
    }

    /// Reads `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`; an empty list is empty. The
    /// second value is where one stands that stood before.
    pub(crate) fn read_list(
        source: &Arc<[u8]>,
        extensions: &Tlv<'_>,
    ) -> Result<(Vec<Self>, Option<u64>), Malformed> {
        let mut findings = Vec::new();
        let list = Self::list(source, extensions, &mut findings)?;
        let duplicate = findings.into_iter().find_map(|finding| match finding.kind {
            FindingKind::DuplicateExtension { .. } => Some(finding.at),
            _ => None,
        });
        Ok((list, duplicate))
    }

    pub(super) fn list(
        source: &Arc<[u8]>,
        extensions: &Tlv<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<Self>, Malformed> {
        let mut reader = expect(extensions, Tag::SEQUENCE)?.reader();
        let mut list: Vec<Self> = Vec::new();
        while !reader.is_empty() {
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            let oid = fields.read(Tag::OID)?.oid()?;
            let critical = fields.optional(Tag::BOOLEAN)?;
            let value = fields.read(Tag::OCTET_STRING)?;
            fields.finish()?;
            let is_critical = critical.map(|flag| flag.boolean()).transpose()?;
            if let (Some(flag), Some(false)) = (critical, is_critical) {
                findings.push(Finding {
                    kind: FindingKind::DefaultEncoded,
                    at: flag.offset,
                });
            }
            list.push(Self {
                oid,
                critical: is_critical.unwrap_or(false),
                value: Kept::content(source, &value),
            });
        }
        // Sorting keeps a certificate with thousands of extensions cheap.
        let mut order: Vec<&Self> = list.iter().collect();
        order.sort_by(|one, two| one.oid.as_content().cmp(two.oid.as_content()));
        for (one, two) in order.iter().zip(order.iter().skip(1)) {
            if one.oid.as_content() == two.oid.as_content() {
                findings.push(Finding {
                    kind: FindingKind::DuplicateExtension {
                        oid: two.oid.to_string(),
                    },
                    at: one.offset().max(two.offset()),
                });
            }
        }
        Ok(list)
    }
}

impl std::fmt::Debug for Extension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Extension({}, critical: {})", self.oid, self.critical)
    }
}

/// An extension that may be absent, or there and unreadable.
pub(super) type Slot<T> = Result<Option<T>, Malformed>;

/// The extensions that are known here.
pub(super) struct Decoded {
    pub(super) key_usage: Slot<KeyUsage>,
    pub(super) extended_key_usage: Slot<ExtendedKeyUsage>,
    pub(super) basic_constraints: Slot<BasicConstraints>,
    pub(super) subject_alt_names: Slot<Vec<GeneralName>>,
    pub(super) issuer_alt_names: Slot<Vec<GeneralName>>,
    pub(super) name_constraints: Slot<NameConstraints>,
    pub(super) policies: Slot<Vec<PolicyInformation>>,
    pub(super) policy_mappings: Slot<Vec<PolicyMapping>>,
    pub(super) policy_constraints: Slot<PolicyConstraints>,
    pub(super) inhibit_any_policy: Slot<u64>,
    pub(super) distribution_points: Slot<Vec<DistributionPoint>>,
    pub(super) freshest_crl: Slot<Vec<DistributionPoint>>,
    pub(super) qc_statements: Slot<QcStatements>,
    pub(super) authority_info_access: Slot<AuthorityInfoAccess>,
    pub(super) subject_info_access: Slot<Vec<SubjectService>>,
    pub(super) tls_features: Slot<Vec<u64>>,
    pub(super) authority_key_identifier: Slot<AuthorityKeyIdentifier>,
    pub(super) subject_key_identifier: Slot<Vec<u8>>,
    pub(super) findings: Vec<Finding>,
}

impl Decoded {
    pub(super) fn read(source: &Arc<[u8]>, extensions: &[Extension]) -> Self {
        let mut taker = Taker {
            extensions,
            findings: Vec::new(),
        };
        let mut default_encoded = None;
        let mut decoded = Self {
            key_usage: taker.take(oid::KEY_USAGE, |value, _| {
                bit_string(value).and_then(KeyUsage::from_tlv)
            }),
            extended_key_usage: taker.take(oid::EXTENDED_KEY_USAGE, |value, critical| {
                ExtendedKeyUsage::from_tlv(sequence(value)?, critical)
            }),
            basic_constraints: taker.take(oid::BASIC_CONSTRAINTS, |value, critical| {
                let (read, default) = BasicConstraints::from_tlv(sequence(value)?, critical)?;
                default_encoded = default.then_some(value.offset);
                Ok(read)
            }),
            subject_alt_names: taker.take(oid::SUBJECT_ALT_NAME, |value, _| {
                GeneralName::list(source, sequence(value)?)
            }),
            issuer_alt_names: taker.take(oid::ISSUER_ALT_NAME, |value, _| {
                GeneralName::list(source, sequence(value)?)
            }),
            name_constraints: taker.take(oid::NAME_CONSTRAINTS, |value, _| {
                NameConstraints::from_tlv(source, sequence(value)?)
            }),
            policies: taker.take(oid::CERTIFICATE_POLICIES, |value, _| {
                PolicyInformation::list(sequence(value)?)
            }),
            policy_mappings: taker.take(oid::POLICY_MAPPINGS, |value, _| {
                PolicyMapping::list(sequence(value)?)
            }),
            policy_constraints: taker.take(oid::POLICY_CONSTRAINTS, |value, _| {
                PolicyConstraints::from_tlv(sequence(value)?)
            }),
            inhibit_any_policy: taker.take(oid::INHIBIT_ANY_POLICY, |value, _| {
                expect(value, Tag::INTEGER)?.small_integer()
            }),
            distribution_points: taker.take(oid::CRL_DISTRIBUTION_POINTS, |value, _| {
                DistributionPoint::list(source, sequence(value)?)
            }),
            freshest_crl: taker.take(oid::FRESHEST_CRL, |value, _| {
                DistributionPoint::list(source, sequence(value)?)
            }),
            qc_statements: taker.take(oid::QC_STATEMENTS, |value, critical| {
                QcStatements::from_tlv(source, sequence(value)?, critical)
            }),
            authority_info_access: taker.take(oid::AUTHORITY_INFO_ACCESS, |value, _| {
                AuthorityInfoAccess::from_tlv(source, sequence(value)?)
            }),
            subject_info_access: taker.take(oid::SUBJECT_INFO_ACCESS, |value, _| {
                SubjectService::list(source, sequence(value)?)
            }),
            tls_features: taker.take(oid::TLS_FEATURE, |value, _| {
                let mut reader = sequence(value)?.reader();
                let mut features = Vec::new();
                while !reader.is_empty() {
                    features.push(reader.read(Tag::INTEGER)?.small_integer()?);
                }
                Ok(features)
            }),
            authority_key_identifier: taker.take(oid::AUTHORITY_KEY_IDENTIFIER, |value, _| {
                AuthorityKeyIdentifier::from_tlv(source, sequence(value)?)
            }),
            subject_key_identifier: taker.take(oid::SUBJECT_KEY_IDENTIFIER, |value, _| {
                Ok(expect(value, Tag::OCTET_STRING)?.content.to_vec())
            }),
            findings: Vec::new(),
        };
        // RFC 6960 §4.2.2.2.1, RFC 9608 §2: the value is NULL. Only the finding is of use.
        for empty in [oid::OCSP_NOCHECK, oid::NO_REVOCATION_AVAILABLE] {
            let _ = taker.take(empty, |value, _| value.null());
        }
        decoded.findings = taker.findings;
        if let Some(at) = default_encoded {
            let kind = FindingKind::DefaultEncoded;
            decoded.findings.push(Finding { kind, at });
        }
        if let Ok(Some(BasicConstraints {
            ca: false,
            path_length: Some(_),
            ..
        })) = decoded.basic_constraints
        {
            let at = extensions
                .iter()
                .find(|extension| extension.oid.is(oid::BASIC_CONSTRAINTS));
            decoded.findings.push(Finding {
                kind: FindingKind::PathLengthWithoutAuthority,
                at: at.map_or(0, Extension::offset),
            });
        }
        decoded
    }
}

/// Finds and reads one extension after the other.
struct Taker<'a> {
    extensions: &'a [Extension],
    findings: Vec<Finding>,
}

impl Taker<'_> {
    fn take<T>(
        &mut self,
        oid: &str,
        read: impl FnOnce(&Tlv<'_>, bool) -> Result<T, Malformed>,
    ) -> Slot<T> {
        let mut found = self.extensions.iter().filter(|e| e.oid.is(oid));
        let Some(extension) = found.next() else {
            return Ok(None);
        };
        // RFC 5280 §4.2: which of two would count? Neither can be said to be what the CA meant.
        if let Some(second) = found.next() {
            return Err(Malformed::at(
                MalformedKind::CertificateExtension,
                second.offset(),
            ));
        }
        let value = extension.tlv();
        match value.and_then(|value| read(&value, extension.critical)) {
            Ok(value) => Ok(Some(value)),
            Err(malformed) => {
                self.findings.push(Finding {
                    kind: FindingKind::ExtensionUnreadable {
                        oid: extension.oid.to_string(),
                        critical: extension.critical,
                        malformed: malformed.clone(),
                    },
                    at: extension.offset(),
                });
                Err(malformed)
            }
        }
    }
}

pub(super) fn expect<'a, 'b>(tlv: &'b Tlv<'a>, tag: Tag) -> Result<&'b Tlv<'a>, Malformed> {
    if tlv.tag == tag {
        Ok(tlv)
    } else {
        Err(Malformed::at(MalformedKind::DerTag, tlv.offset))
    }
}

fn sequence<'a, 'b>(tlv: &'b Tlv<'a>) -> Result<&'b Tlv<'a>, Malformed> {
    expect(tlv, Tag::SEQUENCE)
}

fn bit_string<'a, 'b>(tlv: &'b Tlv<'a>) -> Result<&'b Tlv<'a>, Malformed> {
    expect(tlv, Tag::BIT_STRING)
}
