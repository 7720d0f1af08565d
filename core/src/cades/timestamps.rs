//! The time-stamps of a SignerInfo, and what the imprint of each must be over.

use super::former_archive::Former;
use super::parse::{Ids, Maker, unsigned};
use super::{archive, former_archive};
use crate::cms::attribute_types::{
    ARCHIVE_TIMESTAMP_V1, ARCHIVE_TIMESTAMP_V2, ARCHIVE_TIMESTAMP_V3, CADES_C_TIMESTAMP,
    CERTIFICATE_REFERENCES, CONTENT_TIMESTAMP, LONG_TERM_VALIDATION, REFERENCES_TIMESTAMP,
    REVOCATION_REFERENCES, SIGNATURE_TIMESTAMP,
};
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::Part;
use crate::signature::{Covered, Finding, Target, Timestamp};
use crate::vocabulary::TimestampKind;
use std::sync::Arc;

/// What an attribute gives for one of its tokens.
pub(super) struct Imprint {
    pub(super) target: Target,
    /// Other octets that are accepted, where versions of a standard differ.
    pub(super) alternatives: Vec<(Target, &'static str)>,
    pub(super) covered: Covered,
    pub(super) findings: Vec<Finding>,
}

/// Content time-stamps, then the others in the stored order of their attributes.
pub(super) fn read(
    of: &Maker<'_>,
    signature: &str,
    ids: &mut Ids<'_>,
    budget: &mut Budget,
) -> Result<Vec<Timestamp>, Error> {
    let mut found = Vec::new();
    let mut push = |kind, token: &Arc<[u8]>, imprint: Imprint, budget: &mut Budget| {
        budget.charge(Resource::Signatures, 1)?;
        found.push(Timestamp {
            id: ids.timestamp(signature, token),
            kind,
            token: Arc::clone(token),
            imprint: imprint.target,
            alternatives: imprint.alternatives,
            covered: imprint.covered,
            findings: imprint.findings,
        });
        Ok::<_, Error>(())
    };
    let signed = of.info.signed_attrs.iter();
    for token in signed.flat_map(|signed| signed.attributes.values(CONTENT_TIMESTAMP)) {
        // EN 319 122-1 §5.2.8: over the content octets.
        let covered = Covered {
            data: true,
            ..Covered::default()
        };
        let imprint = Imprint {
            target: of.content.target(),
            alternatives: Vec::new(),
            covered,
            findings: Vec::new(),
        };
        push(TimestampKind::ContentTimestamp, token, imprint, budget)?;
    }
    for attribute in of.info.unsigned_attrs.iter().flatten() {
        let is = |attr_type| attribute.attr_type.is(attr_type);
        if is(LONG_TERM_VALIDATION) {
            for token in former_archive::tokens_of_long_term_validation(attribute, budget)? {
                let kind = TimestampKind::ArchiveTimestamp;
                push(kind, &token, long_term_validation(), budget)?;
            }
            continue;
        }
        for token in &attribute.attr_values {
            let (kind, imprint) = if is(SIGNATURE_TIMESTAMP) {
                (TimestampKind::SignatureTimestamp, over_signature(of))
            } else if is(CADES_C_TIMESTAMP) {
                (
                    TimestampKind::ValidationDataTimestamp,
                    over_all_references(of, budget)?,
                )
            } else if is(REFERENCES_TIMESTAMP) {
                (
                    TimestampKind::ValidationDataTimestamp,
                    over_references(of, budget)?,
                )
            } else if is(ARCHIVE_TIMESTAMP_V3) {
                (
                    TimestampKind::ArchiveTimestamp,
                    archive::imprint(of, token, budget)?,
                )
            } else if is(ARCHIVE_TIMESTAMP_V2) || is(ARCHIVE_TIMESTAMP_V1) {
                let version = match is(ARCHIVE_TIMESTAMP_V1) {
                    true => Former::V1,
                    false => Former::V2,
                };
                (
                    TimestampKind::ArchiveTimestamp,
                    former_archive::imprint(of, token, version, budget)?,
                )
            } else {
                break;
            };
            push(kind, token, imprint, budget)?;
        }
    }
    Ok(found)
}

/// EN 319 122-1 §5.3: over the value octets of the signature, without tag and length.
fn over_signature(of: &Maker<'_>) -> Imprint {
    Imprint {
        target: Target::Parts(vec![Part::Octets(Arc::clone(&of.info.signature))]),
        alternatives: Vec::new(),
        covered: Covered {
            signature: true,
            ..Covered::default()
        },
        findings: Vec::new(),
    }
}

/// EN 319 122-1 §A.1.5.2: signature octets, then type and values of the signature-time-stamp and
/// the two reference attributes.
fn over_all_references(of: &Maker<'_>, budget: &mut Budget) -> Result<Imprint, Error> {
    let mut parts = vec![Part::Octets(Arc::clone(&of.info.signature))];
    for attr_type in [
        SIGNATURE_TIMESTAMP,
        CERTIFICATE_REFERENCES,
        REVOCATION_REFERENCES,
    ] {
        push_attribute(of, attr_type, &mut parts, budget)?;
    }
    Ok(Imprint {
        target: Target::Parts(parts),
        alternatives: Vec::new(),
        covered: Covered {
            signature: true,
            data: false,
            objects: unsigned(of.info, SIGNATURE_TIMESTAMP)
                .map(|token| crypto::object_id(token))
                .collect(),
        },
        findings: Vec::new(),
    })
}

/// EN 319 122-1 §A.1.5.1: type and values of the two reference attributes.
fn over_references(of: &Maker<'_>, budget: &mut Budget) -> Result<Imprint, Error> {
    let mut parts = Vec::new();
    for attr_type in [CERTIFICATE_REFERENCES, REVOCATION_REFERENCES] {
        push_attribute(of, attr_type, &mut parts, budget)?;
    }
    Ok(Imprint {
        // Without references the imprint would be over nothing at all.
        target: if parts.is_empty() {
            Target::NotFound
        } else {
            Target::Parts(parts)
        },
        alternatives: Vec::new(),
        covered: Covered::default(),
        findings: Vec::new(),
    })
}

fn push_attribute(
    of: &Maker<'_>,
    attr_type: &str,
    parts: &mut Vec<Part>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let attributes = of.info.unsigned_attrs.iter();
    for attribute in attributes.flat_map(|attributes| attributes.of_type(attr_type)) {
        parts.push(Part::Octets(Arc::clone(&attribute.attr_type_whole)));
        parts.push(Part::Octets(Arc::clone(&attribute.attr_values_whole)));
        // Every such time-stamp is over all of them, so their product is what has to be bounded.
        budget.charge(Resource::Values, 2)?;
    }
    Ok(())
}

/// EN 319 122-1 §A.2.5: what the tree of digests is made of is not worked out here.
fn long_term_validation() -> Imprint {
    Imprint {
        target: Target::Unsupported(Unsupported::Feature("long-term-validation")),
        alternatives: Vec::new(),
        covered: Covered::default(),
        findings: Vec::new(),
    }
}
