//! A certificate in words, as it speaks of itself.

use crate::certificate::{
    Certificate, FindingKind, GeneralName, KeyUsageBit, QcStatements, QcType,
};
use crate::crypto::KeyKind;
use crate::identity::{Checksum, IdentifierForm, PersonIdentifier};
use crate::report::{
    AlternativeName, CERTIFICATE_FACTS_SCHEMA, CertificateFacts, Disclosure, ExtensionFacts,
    FindingFacts, IdentifierFacts, QualificationClaims, SubjectService,
};
use crate::validation::{certificate_in_words, no_revocation_needed};

/// What a certificate says. Nothing is judged: a forged one says the same.
#[must_use]
pub fn certificate_facts(certificate: &Certificate) -> CertificateFacts {
    let constraints = certificate.basic_constraints().ok().flatten();
    let access = certificate.authority_info_access();
    let points = certificate.crl_distribution_points().ok().flatten();
    let policies = certificate.certificate_policies().ok().flatten();
    let names = certificate.subject_alt_names().ok().flatten();
    CertificateFacts {
        schema: CERTIFICATE_FACTS_SCHEMA,
        imza: env!("CARGO_PKG_VERSION"),
        certificate: certificate_in_words(certificate),
        identifier: PersonIdentifier::of(certificate).map(identifier),
        version: certificate.version(),
        is_authority: constraints.is_some_and(|known| known.ca),
        is_self_issued: certificate.is_self_issued(),
        key: match certificate.public_key() {
            Ok(key) => format!("{}, {} bits", key_words(&key.kind()), key.bits()),
            Err(error) => error.reason(),
        },
        signature_algorithm: match certificate.signature_algorithm() {
            Ok(algorithm) => algorithm.to_string(),
            Err(error) => error.reason(),
        },
        key_usage: certificate.key_usage().ok().flatten().map(|usage| {
            let mut words = Vec::new();
            for (bit, word) in BITS {
                if usage.contains(*bit) {
                    words.push(*word);
                }
            }
            words
        }),
        extended_key_usage: certificate
            .extended_key_usage()
            .ok()
            .flatten()
            .map(|usage| usage.purposes.iter().map(ToString::to_string).collect()),
        policies: policies
            .into_iter()
            .flatten()
            .map(|policy| policy.policy.to_string())
            .collect(),
        alternative_names: names.into_iter().flatten().map(name).collect(),
        qualification: certificate.qc_statements().ok().flatten().map(claims),
        ocsp: access.map(|access| access.ocsp.clone()).unwrap_or_default(),
        crls: points
            .into_iter()
            .flatten()
            .flat_map(|point| point.uris().map(str::to_owned))
            .collect(),
        ca_issuers: access
            .map(|access| access.ca_issuers.clone())
            .unwrap_or_default(),
        subject_services: certificate
            .subject_info_access()
            .into_iter()
            .flatten()
            .map(|service| SubjectService {
                method: service.method.to_string(),
                location: name(&service.location).value,
            })
            .collect(),
        no_revocation: no_revocation_needed(certificate),
        extensions: certificate
            .extensions()
            .iter()
            .map(|extension| ExtensionFacts {
                oid: extension.oid.to_string(),
                critical: extension.critical,
                size: u64::try_from(extension.value().len()).unwrap_or(u64::MAX),
            })
            .collect(),
        findings: certificate
            .findings()
            .into_iter()
            .map(|finding| FindingFacts {
                what: odd(&finding.kind),
                at: finding.at,
            })
            .collect(),
    }
}

fn identifier(identifier: PersonIdentifier) -> IdentifierFacts {
    IdentifierFacts {
        kind: identifier.kind,
        country: identifier.country,
        value: identifier.value,
        form: match identifier.form {
            IdentifierForm::Declared => "declared",
            IdentifierForm::Undeclared => "undeclared",
            IdentifierForm::National => "national",
            IdentifierForm::Unknown => "unknown",
        },
        checksum: match identifier.checksum {
            Checksum::Passed => "passed",
            Checksum::Failed => "failed",
            Checksum::NotDefined => "not-defined",
        },
    }
}

fn key_words(kind: &KeyKind) -> String {
    match kind {
        KeyKind::Rsa => "RSA".to_owned(),
        KeyKind::RsaPss(_) => "RSA for PSS".to_owned(),
        KeyKind::Ec(curve) => format!("EC {curve:?}"),
        other => format!("{other:?}"),
    }
}

/// RFC 5280 §4.2.1.3, in its order.
const BITS: &[(KeyUsageBit, &str)] = &[
    (KeyUsageBit::DigitalSignature, "digitalSignature"),
    (KeyUsageBit::NonRepudiation, "nonRepudiation"),
    (KeyUsageBit::KeyEncipherment, "keyEncipherment"),
    (KeyUsageBit::DataEncipherment, "dataEncipherment"),
    (KeyUsageBit::KeyAgreement, "keyAgreement"),
    (KeyUsageBit::KeyCertSign, "keyCertSign"),
    (KeyUsageBit::CrlSign, "cRLSign"),
    (KeyUsageBit::EncipherOnly, "encipherOnly"),
    (KeyUsageBit::DecipherOnly, "decipherOnly"),
];

fn name(name: &GeneralName) -> AlternativeName {
    let (kind, value) = match name {
        GeneralName::Rfc822Name(text) => ("mail", text.clone()),
        GeneralName::DnsName(text) => ("dns", text.clone()),
        GeneralName::Uri(text) => ("uri", text.clone()),
        GeneralName::IpAddress(octets) => ("ip", address(octets)),
        GeneralName::DirectoryName(name) => ("directory", name.to_rfc4514()),
        GeneralName::RegisteredId(oid) => ("registered-id", oid.to_string()),
        GeneralName::OtherName { oid, .. } => ("other", oid.to_string()),
        GeneralName::X400Address => ("other", "x400Address".to_owned()),
        GeneralName::EdiPartyName => ("other", "ediPartyName".to_owned()),
    };
    AlternativeName { kind, value }
}

/// Of four octets in decimal; of more in hexadecimal, by twos.
fn address(octets: &[u8]) -> String {
    if octets.len() == 4 {
        let parts: Vec<String> = octets.iter().map(ToString::to_string).collect();
        return parts.join(".");
    }
    let pairs = octets.chunks(2).map(|pair| {
        let pair = pair.iter();
        pair.map(|octet| format!("{octet:02x}")).collect::<String>()
    });
    pairs.collect::<Vec<_>>().join(":")
}

fn claims(statements: &QcStatements) -> QualificationClaims {
    let dotted = |oids: &[crate::asn1::Oid]| oids.iter().map(ToString::to_string).collect();
    QualificationClaims {
        qualified: statements.compliance,
        qualified_device: statements.qscd,
        types: statements
            .types
            .iter()
            .map(|one| match one {
                QcType::Esign => "esign".to_owned(),
                QcType::Eseal => "eseal".to_owned(),
                QcType::Web => "web".to_owned(),
                QcType::Other(oid) => oid.to_string(),
            })
            .collect(),
        legislation: statements.legislation.clone(),
        device_legislation: statements.qscd_legislation.clone(),
        limit: statements.limit_value.as_ref().map(|value| {
            format!(
                "{} × 10^{} {}",
                value.amount, value.exponent, value.currency
            )
        }),
        retention_years: statements.retention_years,
        disclosures: statements
            .disclosures
            .iter()
            .map(|one| Disclosure {
                language: one.language.clone(),
                uri: one.uri.clone(),
            })
            .collect(),
        semantics: dotted(&statements.semantics),
    }
}

fn odd(kind: &FindingKind) -> String {
    match kind {
        FindingKind::DefaultEncoded => "a default value is encoded".to_owned(),
        FindingKind::DuplicateExtension { oid } => format!("extension {oid} stands twice"),
        FindingKind::EmptyExtensions => "the list of extensions is empty".to_owned(),
        FindingKind::EmptyIssuer => "the issuer has no name".to_owned(),
        FindingKind::ExtensionsWithoutVersion3 => {
            "extensions in a version that has none".to_owned()
        }
        FindingKind::ExtensionUnreadable { oid, malformed, .. } => {
            format!("extension {oid} cannot be read: {malformed}")
        }
        FindingKind::PathLengthWithoutAuthority => "a path length without the CA flag".to_owned(),
        FindingKind::SerialNumberNotPositive => "the serial number is zero or negative".to_owned(),
        FindingKind::SerialNumberTooLong => "the serial number has more than 20 octets".to_owned(),
        FindingKind::SignatureAlgorithmsDiffer => {
            "the two signature algorithm identifiers differ".to_owned()
        }
        FindingKind::UniqueIdentifierWithoutVersion2 => {
            "a unique identifier in version 1".to_owned()
        }
        FindingKind::ValidityWithFractions => "a time with fractions".to_owned(),
        FindingKind::ValidityWithoutSeconds => "a time without seconds".to_owned(),
        FindingKind::ValidityTimeType => "a time of the wrong type for its year".to_owned(),
    }
}
