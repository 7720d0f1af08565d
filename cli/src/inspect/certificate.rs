//! The facts of a certificate and of a public key.

use super::facts::{Facts, hex};
use imza::algorithm::DigestAlgorithm;
use imza::certificate::{
    Certificate, DistributionPoint, DistributionPointName, ExtendedKeyUsage, FindingKind,
    GeneralName, KeyUsage, KeyUsageBit, QcStatements, QcType,
};
use imza::crypto::{KeyKind, PublicKey, digest};
use imza::identity::SemanticsIdentifier;

/// RFC 5280 §4.2.1.3.
const KEY_USAGES: &[(KeyUsageBit, &str)] = &[
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

/// RFC 5280 §4.2.1.12, RFC 9336 §3.1.
const PURPOSES: &[(&str, &str)] = &[
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("1.3.6.1.5.5.7.3.36", "documentSigning"),
];

/// The facts of a certificate.
pub(crate) fn certificate(certificate: &Certificate) -> Facts {
    let mut facts = Facts::default();
    let subject = certificate.subject();
    facts
        .add("kind", "certificate")
        .add("subject", subject.to_rfc4514());
    facts.add(
        "person",
        SemanticsIdentifier::of_person(subject).map(|one| identifier(&one)),
    );
    facts.add(
        "organisation",
        SemanticsIdentifier::of_organisation(subject).map(|one| identifier(&one)),
    );
    let validity = certificate.validity();
    facts
        .add("issuer", certificate.issuer().to_rfc4514())
        .add("self_issued", certificate.is_self_issued())
        .add("serial_number", hex(certificate.serial_number()))
        .add("not_before", validity.not_before.to_string())
        .add("not_after", validity.not_after.to_string())
        .add("version", u64::from(certificate.version()));
    let key = certificate.public_key().ok();
    facts.add("key", key.map(key_facts));
    facts.add(
        "signature_algorithm",
        certificate
            .signature_algorithm()
            .ok()
            .map(|one| one.to_string()),
    );
    usages(certificate, &mut facts);
    addresses(certificate, &mut facts);
    facts.add(
        "subject_key_identifier",
        certificate.subject_key_identifier().map(hex),
    );
    facts.add(
        "authority_key_identifier",
        certificate
            .authority_key_identifier()
            .and_then(|one| one.key_identifier.as_deref().map(hex)),
    );
    facts.add("sha256", sha256(certificate.der()));
    let unknown: Vec<String> = certificate
        .unknown_critical()
        .map(ToString::to_string)
        .collect();
    facts.add("unknown_critical_extensions", unknown);
    let findings = certificate.findings();
    let findings: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} (byte {})", words(&finding.kind), finding.at))
        .collect();
    facts.add("findings", findings);
    facts
}

fn words(kind: &FindingKind) -> String {
    let words = match kind {
        FindingKind::DefaultEncoded => "a default value is written out",
        FindingKind::DuplicateExtension { oid } => {
            return format!("the extension {oid} stands twice");
        }
        FindingKind::EmptyExtensions => "the list of extensions is empty",
        FindingKind::EmptyIssuer => "the issuer has no name",
        FindingKind::ExtensionsWithoutVersion3 => "extensions without version 3",
        FindingKind::ExtensionUnreadable { oid, .. } => {
            return format!("the extension {oid} cannot be read");
        }
        FindingKind::PathLengthWithoutAuthority => "a path length without being an authority",
        FindingKind::SerialNumberNotPositive => "the serial number is not positive",
        FindingKind::SerialNumberTooLong => "the serial number has more than 20 octets",
        FindingKind::SignatureAlgorithmsDiffer => "the two names of the signature algorithm differ",
        FindingKind::UniqueIdentifierWithoutVersion2 => "unique identifiers in version 1",
        FindingKind::ValidityWithFractions => "a time with fractions of seconds",
        FindingKind::ValidityWithoutSeconds => "a time without seconds",
        FindingKind::ValidityTimeType => "a time in the wrong form for its year",
        _ => "something is out of rule",
    };
    words.to_owned()
}

fn usages(certificate: &Certificate, facts: &mut Facts) {
    let constraints = certificate.basic_constraints().ok().flatten();
    facts.add("ca", constraints.is_some_and(|one| one.ca));
    facts.add("path_length", constraints.and_then(|one| one.path_length));
    let usage = certificate.key_usage().ok().flatten();
    facts.add("key_usage", usage.map(|usage| key_usage(*usage)));
    let extended = certificate.extended_key_usage().ok().flatten();
    facts.add("extended_key_usage", extended.map(purposes));
    let policies = certificate.certificate_policies().ok().flatten();
    facts.add(
        "policies",
        policies.map(|policies| -> Vec<String> {
            policies.iter().map(|one| one.policy.to_string()).collect()
        }),
    );
    let statements = certificate.qc_statements().ok().flatten();
    facts.add("qc_statements", statements.map(qualification));
    facts.add("ocsp_nocheck", certificate.has_ocsp_nocheck());
    facts.add(
        "no_revocation_available",
        certificate.has_no_revocation_available(),
    );
    facts.add("short_term", certificate.has_validity_assured_short_term());
}

fn addresses(certificate: &Certificate, facts: &mut Facts) {
    let names = certificate.subject_alt_names().ok().flatten();
    facts.add(
        "subject_alternative_names",
        names.map(|names| general_names(names)),
    );
    let access = certificate.authority_info_access();
    facts.add("ocsp", access.map(|one| one.ocsp.clone()));
    facts.add("ca_issuers", access.map(|one| one.ca_issuers.clone()));
    let points = |points: &Vec<DistributionPoint>| -> Vec<String> {
        points
            .iter()
            .flat_map(|point| point.uris().map(str::to_owned))
            .collect()
    };
    let lists = certificate.crl_distribution_points().ok().flatten();
    facts.add("crl", lists.map(points));
    let deltas = certificate.freshest_crl().ok().flatten();
    facts.add("freshest_crl", deltas.map(points));
}

/// The facts of a public key that stands alone.
pub(crate) fn public_key(key: &PublicKey) -> Facts {
    let mut facts = Facts::default();
    facts.add("kind", "public-key");
    facts.add("key", key_facts(key));
    facts.add("sha256", sha256(key.spki()));
    facts
}

fn key_facts(key: &PublicKey) -> Facts {
    let mut facts = Facts::default();
    let algorithm = match key.kind() {
        KeyKind::Rsa => "RSA",
        KeyKind::RsaPss(_) => "RSA-PSS",
        KeyKind::Ec(_) => "EC",
        KeyKind::Dsa => "DSA",
        KeyKind::Ed25519 => "Ed25519",
        KeyKind::MlDsa44 => "ML-DSA-44",
        KeyKind::MlDsa65 => "ML-DSA-65",
        KeyKind::MlDsa87 => "ML-DSA-87",
        _ => "other",
    };
    let curve = match key.kind() {
        KeyKind::Ec(curve) => Some(curve.to_string()),
        _ => None,
    };
    facts
        .add("algorithm", algorithm)
        .add("curve", curve)
        .add("bits", u64::from(key.bits()));
    facts
}

fn key_usage(usage: KeyUsage) -> Vec<String> {
    KEY_USAGES
        .iter()
        .filter(|(bit, _)| usage.contains(*bit))
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

fn purposes(usage: &ExtendedKeyUsage) -> Vec<String> {
    let name = |oid: String| {
        PURPOSES
            .iter()
            .find(|(known, _)| *known == oid)
            .map_or(oid, |(_, name)| (*name).to_owned())
    };
    usage
        .purposes
        .iter()
        .map(|oid| name(oid.to_string()))
        .collect()
}

fn qualification(statements: &QcStatements) -> Facts {
    let mut facts = Facts::default();
    let types: Vec<String> = statements
        .types
        .iter()
        .map(|one| match one {
            QcType::Esign => "esign".to_owned(),
            QcType::Eseal => "eseal".to_owned(),
            QcType::Web => "web".to_owned(),
            QcType::Other(oid) => oid.to_string(),
            _ => "other".to_owned(),
        })
        .collect();
    let limit = statements.limit_value.as_ref().map(|limit| {
        format!(
            "{} · 10^{} {}",
            limit.amount, limit.exponent, limit.currency
        )
    });
    let disclosures: Vec<String> = statements
        .disclosures
        .iter()
        .map(|one| format!("{} ({})", one.uri, one.language))
        .collect();
    let unknown: Vec<String> = statements.unknown.iter().map(ToString::to_string).collect();
    let semantics: Vec<String> = statements
        .semantics
        .iter()
        .map(ToString::to_string)
        .collect();
    facts
        .add("compliance", statements.compliance)
        .add("qscd", statements.qscd)
        .add("types", types)
        .add("legislation", statements.legislation.clone())
        .add("limit_value", limit)
        .add("retention_years", statements.retention_years)
        .add("disclosures", disclosures)
        .add("semantics", semantics)
        .add("unknown", unknown);
    facts
}

fn identifier(identifier: &SemanticsIdentifier) -> Facts {
    let mut facts = Facts::default();
    facts
        .add("type", identifier.kind.to_string())
        .add("country", identifier.country.clone())
        .add("identifier", identifier.identifier.clone());
    facts
}

/// General names, each with its kind.
pub(crate) fn general_names(names: &[GeneralName]) -> Vec<String> {
    names.iter().map(general_name).collect()
}

fn general_name(name: &GeneralName) -> String {
    match name {
        GeneralName::Rfc822Name(text) => format!("email:{text}"),
        GeneralName::DnsName(text) => format!("dns:{text}"),
        GeneralName::Uri(text) => format!("uri:{text}"),
        GeneralName::DirectoryName(name) => format!("name:{}", name.to_rfc4514()),
        GeneralName::IpAddress(octets) => match <[u8; 4]>::try_from(octets.as_slice()) {
            Ok(octets) => format!("ip:{}", std::net::Ipv4Addr::from(octets)),
            Err(_) => match <[u8; 16]>::try_from(octets.as_slice()) {
                Ok(octets) => format!("ip:{}", std::net::Ipv6Addr::from(octets)),
                Err(_) => format!("ip:{}", hex(octets)),
            },
        },
        GeneralName::RegisteredId(oid) => format!("oid:{oid}"),
        GeneralName::OtherName { oid, .. } => format!("other:{oid}"),
        _ => "a name of another kind".to_owned(),
    }
}

/// A name of a distribution point.
pub(crate) fn point_name(name: &DistributionPointName) -> Vec<String> {
    match name {
        DistributionPointName::FullName(names) => general_names(names),
        _ => vec!["relative to the issuer".to_owned()],
    }
}

fn sha256(octets: &[u8]) -> Option<String> {
    digest(DigestAlgorithm::Sha256, octets)
        .ok()
        .map(|digest| hex(&digest))
}
