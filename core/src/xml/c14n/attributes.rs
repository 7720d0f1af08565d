//! Which attributes the canonical form shows at an element, and in which order.

use super::{Family, Method, NodeSet, Output, base};
use crate::error::Limit;
use crate::xml::{Attribute, Node, XML_NAMESPACE};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An attribute to be written.
pub(super) struct Shown<'t> {
    namespace: &'t str,
    pub(super) prefix: &'t str,
    pub(super) name: &'t str,
    pub(super) value: Cow<'t, str>,
}

impl<'t> From<Attribute<'t>> for Shown<'t> {
    fn from(attribute: Attribute<'t>) -> Self {
        Self {
            namespace: attribute.namespace,
            prefix: attribute.prefix,
            name: attribute.name,
            value: Cow::Borrowed(attribute.value),
        }
    }
}

/// Completes the attributes of an element, and puts them in the order of Canonical XML 1.0 §2.2: by
/// namespace, then by local name; those without a namespace first.
pub(super) fn order<'t>(
    element: Node<'t>,
    shown: &mut Vec<Shown<'t>>,
    parent_omitted: bool,
    set: &NodeSet,
    method: &Method,
    out: &mut Output<'_>,
) -> Result<(), Limit> {
    if parent_omitted {
        inherit(element, shown, set, method, out)?;
    }
    if shown.len() > 1 {
        shown.sort_unstable_by(|a, b| (a.namespace, a.name).cmp(&(b.namespace, b.name)));
    }
    Ok(())
}

/// `xml:…` attributes of elements above one whose parent is left out.
fn inherit<'t>(
    element: Node<'t>,
    shown: &mut Vec<Shown<'t>>,
    set: &NodeSet,
    method: &Method,
    out: &mut Output<'_>,
) -> Result<(), Limit> {
    let passes: fn(&str) -> bool = match method.family {
        // Exclusive XML Canonicalization 1.0 §3: nothing of the context that is not used.
        Family::Exclusive => return Ok(()),
        // Canonical XML 1.0 §2.4: every attribute of the namespace.
        Family::Inclusive10 => |_| true,
        // Canonical XML 1.1 §2.4: `xml:id` names one element only, `xml:base` is joined.
        Family::Inclusive11 => |name| matches!(name, "lang" | "space"),
    };
    let mut known: BTreeSet<&str> = shown
        .iter()
        .filter(|attribute| attribute.namespace == XML_NAMESPACE)
        .map(|attribute| attribute.name)
        .collect();
    for ancestor in element.ancestors().skip(1) {
        for attribute in ancestor.attributes() {
            out.charge(1)?;
            let inherited = attribute.namespace == XML_NAMESPACE && passes(attribute.name);
            if inherited && known.insert(attribute.name) {
                shown.push(attribute.into());
            }
        }
    }
    if method.family == Family::Inclusive11 {
        join_base(element, shown, set);
    }
    Ok(())
}

/// Canonical XML 1.1 §2.4: `xml:base` of the elements left out between this one and the nearest
/// that is kept, joined from the inside out.
fn join_base<'t>(element: Node<'t>, shown: &mut Vec<Shown<'t>>, set: &NodeSet) {
    const BASE: &str = "base";
    let omitted: Vec<&str> = element
        .ancestors()
        .skip(1)
        .take_while(|ancestor| ancestor.is_element() && !set.contains(*ancestor))
        .filter_map(|ancestor| ancestor.attribute_in(XML_NAMESPACE, BASE))
        .collect();
    if omitted.is_empty() {
        return;
    }
    let own = shown
        .iter()
        .position(|attribute| attribute.namespace == XML_NAMESPACE && attribute.name == BASE)
        .map(|place| shown.swap_remove(place).value.into_owned());
    let joined = omitted
        .into_iter()
        .fold(own, |reference, above| {
            Some(match reference {
                Some(reference) => base::join(above, &reference),
                None => above.to_owned(),
            })
        })
        .unwrap_or_default();
    if !joined.is_empty() {
        shown.push(Shown {
            namespace: XML_NAMESPACE,
            prefix: "xml",
            name: BASE,
            value: Cow::Owned(joined),
        });
    }
}
