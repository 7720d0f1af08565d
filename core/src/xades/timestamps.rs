//! The time-stamps of a signature, and what the imprint of each must be over.

use super::archive::{self, Before};
use super::parse::{Fault, Ids, Maker};
use super::properties::Properties;
use super::references::{self, References};
use super::{NAMESPACE_141, NAMESPACES};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::Part;
use crate::signature::{Covered, Finding, Target, Timestamp};
use crate::vocabulary::{CheckId, ReferenceKind, TimestampKind};
use crate::xml::c14n::Method;
use crate::xml::{Node, dsig};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The parts of a time-stamp element.
///
/// ```text
/// <XAdESTimeStamp>
///   ( <Include URI referencedData?>* | <ReferenceInfo>+ )
///   <ds:CanonicalizationMethod>?
///   ( <EncapsulatedTimeStamp> | <XMLTimeStamp> )+
/// </XAdESTimeStamp>
/// ```
/// EN 319 132-1 §5.1.4; `HashDataInfo` in place of `Include` in version 1.1.1.
pub(super) struct Element<'t> {
    /// EN 319 132-1 §5.1.4.4: Canonical XML 1.0 where none is named.
    method: Result<Method, Unsupported>,
    includes: Vec<Node<'t>>,
    pub(super) tokens: Vec<Token>,
}

pub(super) struct Token {
    pub(super) octets: Arc<[u8]>,
    unusable: Option<&'static str>,
}

impl<'t> Element<'t> {
    pub(super) fn of(element: Node<'t>) -> Self {
        let mut found = Self {
            method: Ok(Method::CANONICAL_XML_10),
            includes: Vec::new(),
            tokens: Vec::new(),
        };
        for child in element.elements() {
            if child.is(dsig::NAMESPACE, "CanonicalizationMethod") {
                // An empty name is none, as some producers write it.
                if child.attribute("Algorithm") == Some("") {
                    continue;
                }
                let malformed = Unsupported::Feature("a canonicalization method without a name");
                found.method = dsig::read_canonicalization(child).unwrap_or(Err(malformed));
                continue;
            }
            match child.name() {
                "EncapsulatedTimeStamp" => {
                    let octets = dsig::read_octets(child).ok();
                    found.tokens.push(Token {
                        unusable: octets.is_none().then_some("text that is not base64"),
                        octets: octets.unwrap_or_default().into(),
                    });
                }
                "XMLTimeStamp" => found.tokens.push(Token {
                    octets: Arc::from([]),
                    unusable: Some("an XML time-stamp"),
                }),
                _ => found.includes.push(child),
            }
        }
        found
    }
}

/// What an element gives for each of its tokens.
struct Imprint {
    kind: TimestampKind,
    target: Target,
    covered: Covered,
}

/// Adds what follows; what cannot be had once cannot be had at all.
pub(super) fn join(all: &mut Target, next: Target) {
    if let Target::Parts(parts) = all {
        match next {
            Target::Parts(more) => parts.extend(more),
            other => *all = other,
        }
    }
}

/// Content time-stamps, then the others in the order of the unsigned properties.
pub(super) fn read(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    signed: Option<Node<'_>>,
    references: &References,
    signature: &str,
    ids: &mut Ids<'_>,
    budget: &mut Budget,
) -> Result<Vec<Timestamp>, Error> {
    let mut found = Vec::new();
    let mut push = |imprint: Imprint, tokens: Vec<Token>, budget: &mut Budget| {
        for token in tokens {
            budget.charge(Resource::Signatures, 1)?;
            if let Target::Parts(parts) = &imprint.target {
                budget.charge(
                    Resource::Values,
                    u64::try_from(parts.len()).unwrap_or(u64::MAX),
                )?;
            }
            let wrong = |what| Finding::new(CheckId::TimestampToken, "a time-stamp token", what);
            found.push(Timestamp {
                id: ids.timestamp(signature, &token.octets),
                kind: imprint.kind,
                token: token.octets,
                imprint: imprint.target.clone(),
                alternatives: Vec::new(),
                covered: imprint.covered.clone(),
                findings: token.unusable.map(wrong).into_iter().collect(),
            });
        }
        Ok::<_, Error>(())
    };
    let of_data =
        signed.and_then(|signed| signed.element(signed.namespace(), "SignedDataObjectProperties"));
    for property in of_data.into_iter().flat_map(Node::elements) {
        let element = Element::of(property);
        let imprint = match property.name() {
            "AllDataObjectsTimeStamp" => over_all_data(maker, references, &element, budget)?,
            "IndividualDataObjectsTimeStamp" => over_data(maker, references, &element, budget)?,
            _ => continue,
        };
        push(imprint, element.tokens, budget)?;
    }
    let mut before = Before::new(maker.signature, properties);
    for (place, property) in properties.unsigned.iter().enumerate() {
        let element = Element::of(*property);
        let earlier = properties.unsigned.get(..place).unwrap_or_default();
        if let Some(kind) = Kind::of(*property) {
            let imprint = match kind {
                Kind::Signature => over_signature(maker, &element, budget)?,
                Kind::SignatureAndReferences => {
                    over_references(maker, &element, earlier, true, budget)?
                }
                Kind::References => over_references(maker, &element, earlier, false, budget)?,
                Kind::Archive(form) => {
                    let target = element.over(maker, budget, |maker, method, budget| {
                        archive::over(maker, properties, references, earlier, form, method, budget)
                    })?;
                    Imprint {
                        kind: TimestampKind::ArchiveTimestamp,
                        target: element.without_includes(target),
                        covered: Covered {
                            signature: true,
                            data: true,
                            objects: before.objects(budget)?,
                        },
                    }
                }
            };
            before.tokens(&element.tokens, budget)?;
            push(imprint, element.tokens, budget)?;
        }
        before.property(*property, budget)?;
    }
    Ok(found)
}

/// What an unsigned property is as a time-stamp.
enum Kind {
    Signature,
    SignatureAndReferences,
    References,
    Archive(archive::Form),
}

impl Kind {
    fn of(property: Node<'_>) -> Option<Self> {
        let is_new = property.namespace() == NAMESPACE_141;
        if !is_new && !NAMESPACES.contains(&property.namespace()) {
            return None;
        }
        Some(match (property.name(), is_new) {
            ("SignatureTimeStamp", false) => Self::Signature,
            ("SigAndRefsTimeStamp", false) | ("SigAndRefsTimeStampV2", true) => {
                Self::SignatureAndReferences
            }
            ("RefsOnlyTimeStamp", false) | ("RefsOnlyTimeStampV2", true) => Self::References,
            ("ArchiveTimeStamp", true) => Self::Archive(archive::Form::Current),
            ("ArchiveTimeStamp", false) => Self::Archive(archive::Form::Old),
            _ => return None,
        })
    }
}

impl Element<'_> {
    /// Makes the imprint with the element's canonicalization method.
    fn over(
        &self,
        maker: &mut Maker<'_, '_>,
        budget: &mut Budget,
        make: impl FnOnce(&mut Maker<'_, '_>, &Method, &mut Budget) -> Result<Target, Error>,
    ) -> Result<Target, Error> {
        let made = match &self.method {
            Ok(method) => make(maker, method, budget),
            Err(unsupported) => return Ok(Target::Unsupported(unsupported.clone())),
        };
        made.or_else(|error| {
            Ok(match Fault::of(error)? {
                Fault::Unsupported(unsupported) => Target::Unsupported(unsupported),
                Fault::Malformed(_) => Target::NotFound,
            })
        })
    }

    /// EN 319 132-1 §5.5.2.4: properties that stand in several places are named one by one.
    fn without_includes(&self, target: Target) -> Target {
        if self.includes.is_empty() {
            target
        } else {
            Target::Unsupported(Unsupported::Feature("distributed time-stamps"))
        }
    }
}

/// EN 319 132-1 §5.3: the element `ds:SignatureValue`, with its tags.
fn over_signature(
    maker: &mut Maker<'_, '_>,
    element: &Element<'_>,
    budget: &mut Budget,
) -> Result<Imprint, Error> {
    let target = element.over(maker, budget, |maker, method, budget| {
        let value = maker.signature.value.node;
        let part = maker.canonical.element(maker.tree, value, method, budget)?;
        Ok(Target::Parts(vec![part]))
    })?;
    // TS 101 903 v1.1.1 and v1.2.2 §7.3: the value is named, and may be transformed.
    let value = maker.signature.value.id.as_deref();
    let is_value = |include: &Node<'_>| {
        let uri = include
            .attribute("URI")
            .or_else(|| include.attribute("uri"));
        let id = uri.and_then(|uri| uri.strip_prefix('#'));
        id.is_some() && id == value && include.elements().next().is_none()
    };
    let target = if element.includes.iter().all(is_value) {
        target
    } else {
        element.without_includes(target)
    };
    Ok(Imprint {
        kind: TimestampKind::SignatureTimestamp,
        target,
        covered: Covered {
            signature: true,
            ..Covered::default()
        },
    })
}

/// Number of each reference over data: the signed properties are left out.
fn data<'a>(
    maker: &Maker<'_, '_>,
    references: &'a References,
) -> impl Iterator<Item = usize> + use<'a> {
    (0..maker.signature.signed_info.references.len()).filter(|number| {
        let record = references.record(*number);
        record.is_some_and(|record| record.kind != ReferenceKind::SignedProperties)
    })
}

/// EN 319 132-1 §5.2.8.1: what every reference but that to the properties leads to.
fn over_all_data(
    maker: &mut Maker<'_, '_>,
    references: &References,
    element: &Element<'_>,
    budget: &mut Budget,
) -> Result<Imprint, Error> {
    let target = element.over(maker, budget, |maker, method, budget| {
        let mut all = Target::Parts(Vec::new());
        for number in data(maker, references) {
            let next = references::stamped(maker, references, number, method, budget)?;
            join(&mut all, next);
        }
        Ok(all)
    })?;
    Ok(Imprint {
        kind: TimestampKind::ContentTimestamp,
        target: element.without_includes(target),
        covered: Covered {
            data: true,
            ..Covered::default()
        },
    })
}

/// EN 319 132-1 §5.2.8.2: what the included references lead to, in their order.
fn over_data(
    maker: &mut Maker<'_, '_>,
    references: &References,
    element: &Element<'_>,
    budget: &mut Budget,
) -> Result<Imprint, Error> {
    let mut included = BTreeSet::new();
    let target = element.over(maker, budget, |maker, method, budget| {
        let mut all = Target::Parts(Vec::new());
        for include in &element.includes {
            budget.charge(Resource::References, 1)?;
            let is_data = matches!(include.attribute("referencedData"), Some("true" | "1"));
            let uri = include.attribute("URI").unwrap_or_default();
            let number = references
                .number(uri)
                .filter(|_| include.name() == "Include" && is_data);
            let next = match number {
                Some(number) => {
                    included.insert(number);
                    references::stamped(maker, references, number, method, budget)?
                }
                None => Target::NotFound,
            };
            join(&mut all, next);
        }
        Ok(if element.includes.is_empty() {
            Target::NotFound
        } else {
            all
        })
    })?;
    Ok(Imprint {
        kind: TimestampKind::ContentTimestamp,
        target,
        covered: Covered {
            data: data(maker, references).all(|number| included.contains(&number)),
            ..Covered::default()
        },
    })
}

/// EN 319 132-1 §A.1.5: the value and its time-stamps, unless only the references are meant, and
/// the references to validation data, as far as they stand before.
fn over_references(
    maker: &mut Maker<'_, '_>,
    element: &Element<'_>,
    earlier: &[Node<'_>],
    with_signature: bool,
    budget: &mut Budget,
) -> Result<Imprint, Error> {
    let mut covered = Covered {
        signature: with_signature,
        ..Covered::default()
    };
    let target = element.over(maker, budget, |maker, method, budget| {
        let mut parts: Vec<Part> = Vec::new();
        let tree = maker.tree;
        if with_signature {
            let value = maker.signature.value.node;
            parts.push(maker.canonical.element(tree, value, method, budget)?);
        }
        for property in earlier {
            budget.charge(Resource::Values, 1)?;
            match property.name() {
                "SignatureTimeStamp" if with_signature => {
                    let tokens = Element::of(*property).tokens.into_iter();
                    let ids = tokens.map(|token| crate::crypto::object_id(&token.octets));
                    covered.objects.extend(ids);
                }
                "CompleteCertificateRefs"
                | "CompleteCertificateRefsV2"
                | "CompleteRevocationRefs"
                | "AttributeCertificateRefs"
                | "AttributeCertificateRefsV2"
                | "AttributeRevocationRefs" => {}
                _ => continue,
            }
            parts.push(
                maker
                    .canonical
                    .element(tree, property.id(), method, budget)?,
            );
        }
        Ok(if parts.is_empty() {
            // Without references the imprint would be over nothing at all.
            Target::NotFound
        } else {
            Target::Parts(parts)
        })
    })?;
    Ok(Imprint {
        kind: TimestampKind::ValidationDataTimestamp,
        target: element.without_includes(target),
        covered,
    })
}
