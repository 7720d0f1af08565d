//! The facts of a certificate revocation list.

use super::certificate::point_name;
use super::facts::{Facts, hex};
use imza::asn1::{Reader, Tag};
use imza::certificate::ReasonFlags;
use imza::revocation::{Crl, CrlObstacle, IssuingDistributionPoint};

/// The facts of a list.
pub(crate) fn crl(crl: &Crl) -> Facts {
    let mut facts = Facts::default();
    facts
        .add("kind", "crl")
        .add("issuer", crl.issuer().to_rfc4514())
        .add("number", crl.number().map(hex))
        .add("delta_base", crl.delta_base().map(hex))
        .add("this_update", crl.this_update().to_string())
        .add(
            "next_update",
            crl.next_update().map(|time| time.to_string()),
        )
        .add("entries", entries(crl))
        .add("distribution_point", crl.distribution_point().map(scope))
        .add(
            "expired_certificates_since",
            crl.expired_certificates_since()
                .map(|time| time.to_string()),
        )
        .add(
            "authority_key_identifier",
            crl.authority_key_identifier()
                .and_then(|one| one.key_identifier.as_deref().map(hex)),
        )
        .add(
            "signature_algorithm",
            crl.signature_algorithm().ok().map(|one| one.to_string()),
        )
        .add("obstacle", crl.obstacle().map(obstacle));
    facts
}

fn obstacle(obstacle: &CrlObstacle) -> String {
    match obstacle {
        CrlObstacle::Delta => "it is a delta CRL, not combined with its base here".to_owned(),
        CrlObstacle::DuplicateExtension => "an extension stands twice".to_owned(),
        CrlObstacle::ExtensionsWithoutVersion2 => "extensions in a list of version 1".to_owned(),
        CrlObstacle::SignatureAlgorithmsDiffer => {
            "the two names of the signature algorithm differ".to_owned()
        }
        CrlObstacle::UnknownCriticalExtension { oid } => {
            format!("the critical extension {oid} is not understood")
        }
        _ => "something here is not understood".to_owned(),
    }
}

fn scope(point: &IssuingDistributionPoint) -> Facts {
    let mut facts = Facts::default();
    let some = point
        .only_some_reasons
        .filter(|reasons| !reasons.contains(ReasonFlags::ALL));
    facts
        .add("names", point.name.as_ref().map(point_name))
        .add("only_user_certificates", point.only_user_certificates)
        .add("only_ca_certificates", point.only_ca_certificates)
        .add(
            "only_attribute_certificates",
            point.only_attribute_certificates,
        )
        .add("only_some_reasons", some.is_some())
        .add("indirect", point.indirect);
    facts
}

/// How many certificates are listed, RFC 5280 §5.1.2.
fn entries(crl: &Crl) -> Option<u64> {
    let mut fields = Reader::der(crl.tbs()).read(Tag::SEQUENCE).ok()?.reader();
    fields.optional(Tag::INTEGER).ok()?;
    fields.read(Tag::SEQUENCE).ok()?;
    fields.read(Tag::SEQUENCE).ok()?;
    fields.read_any().ok()?;
    if matches!(fields.peek(), Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME)) {
        fields.read_any().ok()?;
    }
    let Some(list) = fields.optional(Tag::SEQUENCE).ok()? else {
        return Some(0);
    };
    let (mut entries, mut count) = (list.reader(), 0u64);
    while !entries.is_empty() {
        entries.read_any().ok()?;
        count += 1;
    }
    Some(count)
}
