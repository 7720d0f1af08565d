//! Canonical forms of node sets: of an element in its document, without an element inside of it.
//!
//! The first octets choose the method and the elements, the rest is the document.
#![no_main]

use imza::xml::c14n::{
    Comments, Family, Method, NodeSet, canonicalize, canonicalize_element, canonicalize_octets,
};
use imza::xml::{Node, Tree, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let [choice, apex, inside, document @ ..] = octets else {
        return;
    };
    let Ok(text) = decode(document) else {
        return;
    };
    let Ok(tree) = Tree::parse(&text, &mut imza_fuzz::budget()) else {
        return;
    };
    let method = method(*choice);
    let nodes = tree.root().descendants();
    let elements: Vec<Node<'_>> = nodes.filter(|node| node.is_element()).collect();
    let Some(apex) = elements.get(usize::from(*apex) % elements.len()) else {
        return;
    };
    let mut set = NodeSet::subtree(apex.id(), method.comments);
    let Ok(whole) = canonicalize(&tree, &set, &method, &mut imza_fuzz::budget()) else {
        return;
    };
    let alone = canonicalize_element(*apex, &method, &mut imza_fuzz::budget());
    assert_eq!(alone.as_deref(), Ok(&*whole), "two ways to one form");
    // An element of its own says the same in its canonical form: nothing is above it any more.
    let again = canonicalize_octets(&whole, &method, &mut imza_fuzz::budget());
    assert_eq!(again.as_deref(), Ok(&*whole), "{method:?}: not canonical");
    let inside = elements.get(usize::from(*inside) % elements.len());
    let Some(inside) = inside.filter(|node| node.id() != apex.id()) else {
        return;
    };
    let removed = set.subtract(&tree, &mut imza_fuzz::budget(), inside.id());
    if removed.is_err() {
        return;
    }
    let Ok(part) = canonicalize(&tree, &set, &method, &mut imza_fuzz::budget()) else {
        return;
    };
    assert!(part.len() <= whole.len(), "a part is more than the whole");
    if !inside.is_within(apex.id()) && !apex.is_within(inside.id()) {
        assert_eq!(part, whole, "what is outside changes nothing");
    }
});

fn method(choice: u8) -> Method {
    let family = match choice & 3 {
        0 => Family::Inclusive10,
        1 => Family::Inclusive11,
        _ => Family::Exclusive,
    };
    let comments = match choice & 4 {
        0 => Comments::Omit,
        _ => Comments::Keep,
    };
    let method = Method {
        family,
        comments,
        inclusive_prefixes: Default::default(),
    };
    // Exclusive XML Canonicalization 1.0 §4: a list goes with this family alone.
    match (family, choice & 8) {
        (Family::Exclusive, 8) => method.with_prefix_list("#default a ds xs xsi"),
        _ => method,
    }
}
