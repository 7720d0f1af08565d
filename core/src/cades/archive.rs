//! archive-time-stamp-v3: over the signature and, through an index of digests, over everything
//! that was in the message when it was made.

use super::material;
use super::parse::Maker;
use super::timestamps::Imprint;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, AlgorithmIdentifier, Mode, Reader, Tag};
use crate::cms::attribute_types::{ATS_HASH_INDEX, ATS_HASH_INDEX_V2, ATS_HASH_INDEX_V3};
use crate::cms::{Attributes, Occurrence};
use crate::crypto;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::payload::Part;
use crate::signature::{Covered, Finding, Target};
use crate::timestamp::TimestampToken;
use crate::vocabulary::{CheckId, ObjectId, ReferenceKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The `ATSHashIndexV3` type is defined in EN 319 122-1 §5.5.2.
///
/// ```text
/// ATSHashIndexV3 ::= SEQUENCE {
///   hashIndAlgorithm           AlgorithmIdentifier,
///   certificatesHashIndex      SEQUENCE OF OCTET STRING,
///   crlsHashIndex              SEQUENCE OF OCTET STRING,
///   unsignedAttrValuesHashIndex SEQUENCE OF OCTET STRING }
/// ```
struct HashIndex {
    version: Version,
    algorithm: DigestAlgorithm,
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    unsigned_attr_values: Vec<Vec<u8>>,
    whole: Arc<[u8]>,
}

/// Versions differ in what an entry for an attribute is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Version 1 (the algorithm may be left out) and 2: the whole attribute.
    Attribute,
    /// Version 3: type and one value.
    Value,
}

/// What the imprint of an archive-time-stamp-v3 must be over.
///
/// # Standard
/// EN 319 122-1 §5.5.3.
pub(super) fn imprint(of: &Maker<'_>, token: &[u8], budget: &mut Budget) -> Result<Imprint, Error> {
    let nothing = |reason: &str| Imprint {
        target: Target::NotFound,
        alternatives: Vec::new(),
        covered: Covered::default(),
        findings: vec![Finding::new(
            CheckId::TimestampImprint,
            "an archive-time-stamp-v3 with its ats-hash-index",
            reason,
        )],
    };
    if of.content.kind == ReferenceKind::CountersignedSignature {
        return Ok(nothing("one on a countersignature"));
    }
    let token = match TimestampToken::parse(token, budget) {
        Ok(token) => token,
        Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
        Err(error) => return Ok(nothing(&error.reason())),
    };
    let Ok(algorithm) = token.tst_info.message_imprint.hash_algorithm else {
        return Ok(nothing("an imprint by an unknown algorithm"));
    };
    let Some(unsigned) = &token.signer_info.unsigned_attrs else {
        return Ok(nothing("no ats-hash-index"));
    };
    let index = match HashIndex::of(unsigned, budget) {
        Ok(index) => index,
        Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
        Err(error) => return Ok(nothing(&error.reason())),
    };
    let (mut objects, findings) = index.explain(of, algorithm, budget)?;
    objects.extend(material::within(of.info, &objects, budget)?);
    let target = match &of.content.parts {
        None => Target::NotFound,
        Some(parts) => Target::Parts(vec![
            Part::Octets(Arc::clone(&of.data.econtent_type_whole)),
            Part::Digest {
                algorithm,
                parts: parts.clone(),
            },
            Part::Octets(Arc::clone(&of.info.fields)),
            Part::Octets(index.whole),
        ]),
    };
    Ok(Imprint {
        target,
        alternatives: Vec::new(),
        covered: Covered {
            signature: true,
            data: true,
            objects,
        },
        findings,
    })
}

impl HashIndex {
    fn of(unsigned: &Attributes, budget: &mut Budget) -> Result<Self, Error> {
        let wrong = || Malformed::within(MalformedKind::CmsAttribute, "ats-hash-index");
        let types = [
            (ATS_HASH_INDEX_V3, Version::Value),
            (ATS_HASH_INDEX_V2, Version::Attribute),
            (ATS_HASH_INDEX, Version::Attribute),
        ];
        let mut found = None;
        for (attr_type, version) in types {
            match (unsigned.occurrence(attr_type), &found) {
                (Occurrence::Absent, _) => {}
                (Occurrence::Once(value), None) => {
                    found = Some(Self::parse(
                        value,
                        version,
                        attr_type == ATS_HASH_INDEX,
                        budget,
                    )?);
                }
                _ => return Err(wrong().into()),
            }
        }
        found.ok_or_else(|| wrong().into())
    }

    fn parse(
        value: &Arc<[u8]>,
        version: Version,
        has_default: bool,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        asn1::check_tree(value, Mode::Ber, budget)?;
        let mut reader = Reader::ber(value);
        let mut fields = reader.read(Tag::SEQUENCE)?.reader();
        let mut ahead = fields.clone();
        let first = ahead.read(Tag::SEQUENCE)?;
        let names_algorithm = first.reader().peek() == Some(Tag::OID);
        let algorithm = match (names_algorithm, has_default) {
            (true, _) => {
                fields = ahead;
                AlgorithmIdentifier::parse(&first)?.digest_algorithm()?
            }
            (false, true) => DigestAlgorithm::Sha256,
            (false, false) => return Err(first.wrong(MalformedKind::CmsAttribute).into()),
        };
        let mut list = || -> Result<Vec<Vec<u8>>, Error> {
            let mut list = fields.read(Tag::SEQUENCE)?.reader();
            let mut entries = Vec::new();
            while !list.is_empty() {
                entries.push(list.read(Tag::OCTET_STRING)?.octet_string()?.into_owned());
            }
            Ok(entries)
        };
        let (certificates, crls, unsigned_attr_values) = (list()?, list()?, list()?);
        fields.finish()?;
        Ok(Self {
            version,
            algorithm,
            certificates,
            crls,
            unsigned_attr_values,
            whole: Arc::clone(value),
        })
    }

    /// The objects that the entries stand for, and findings for entries without one.
    fn explain(
        &self,
        of: &Maker<'_>,
        imprint: DigestAlgorithm,
        budget: &mut Budget,
    ) -> Result<(Vec<ObjectId>, Vec<Finding>), Error> {
        let mut found = Found {
            algorithm: self.algorithm,
            objects: Vec::new(),
            findings: Vec::new(),
        };
        // EN 319 122-1 §5.5.2: the algorithm shall be that of the message imprint.
        if self.algorithm != imprint {
            found.findings.push(Finding::new(
                CheckId::TimestampImprint,
                format!("an ats-hash-index by {imprint}"),
                self.algorithm.to_string(),
            ));
        }
        let certificates = of
            .data
            .certificates
            .iter()
            .chain(&of.data.other_certificates);
        let certificates = certificates.map(|octets| (vec![octets], octets));
        found.compare("certificate", &self.certificates, certificates, budget)?;
        let crls = of.data.revocation.iter();
        let crls = crls.map(|choice| (vec![&choice.whole], &choice.value));
        found.compare("revocation value", &self.crls, crls, budget)?;
        let attributes = of.info.unsigned_attrs.iter().flatten();
        let entries: Vec<_> = attributes
            .flat_map(|attribute| {
                let whole = &attribute.whole;
                attribute
                    .attr_values
                    .iter()
                    .map(move |value| match self.version {
                        Version::Attribute => (vec![whole], value),
                        Version::Value => (vec![&attribute.attr_type_whole, value], value),
                    })
            })
            .collect();
        let name = "unsigned attribute";
        found.compare(
            name,
            &self.unsigned_attr_values,
            entries.into_iter(),
            budget,
        )?;
        Ok((found.objects, found.findings))
    }
}

struct Found {
    algorithm: DigestAlgorithm,
    objects: Vec<ObjectId>,
    findings: Vec<Finding>,
}

impl Found {
    /// EN 319 122-1 §5.5.2: every entry is explained by an object at hand; objects without an entry
    /// were added later and are not covered.
    fn compare<'a>(
        &mut self,
        name: &str,
        entries: &[Vec<u8>],
        candidates: impl Iterator<Item = (Vec<&'a Arc<[u8]>>, &'a Arc<[u8]>)>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut at_hand: BTreeMap<Vec<u8>, Vec<ObjectId>> = BTreeMap::new();
        for (pieces, object) in candidates {
            let octets = pieces
                .iter()
                .map(|piece| &piece[..])
                .collect::<Vec<_>>()
                .concat();
            // Twice, and an object of a few octets is as much work as one of several blocks.
            let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
            let work = length.saturating_add(256).saturating_mul(2);
            budget.charge(Resource::DigestedBytes, work)?;
            let digest = match crypto::digest(self.algorithm, &octets) {
                Ok(digest) => digest,
                Err(Error::Unsupported(unsupported)) => {
                    let expected = "an ats-hash-index by an algorithm that is implemented";
                    let found = unsupported.to_string();
                    let finding = Finding::new(CheckId::UnsupportedAlgorithm, expected, found);
                    self.findings.push(finding);
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            at_hand
                .entry(digest)
                .or_default()
                .push(crypto::object_id(object));
        }
        let mut missing = 0u64;
        for entry in entries {
            match at_hand.get_mut(entry) {
                // The same entry twice stands for the same object.
                Some(objects) => self.objects.append(objects),
                None => missing += 1,
            }
        }
        if missing > 0 {
            let expected = format!("a {name} for every entry of the ats-hash-index");
            let found = format!("{missing} of {} without", entries.len());
            self.findings
                .push(Finding::new(CheckId::TimestampImprint, expected, found));
        }
        Ok(())
    }
}
