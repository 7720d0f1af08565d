//! XML signatures, and what each of their references leads to.
#![no_main]

use imza::xml::{Tree, decode, dsig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = decode(octets) else {
        return;
    };
    let Ok(tree) = Tree::parse(&text, &mut imza_fuzz::budget()) else {
        return;
    };
    for node in dsig::signatures(&tree) {
        let Some(element) = tree.node(node) else {
            panic!("a signature that is not in its document");
        };
        let Ok(signature) = dsig::Signature::parse(element, &mut imza_fuzz::budget()) else {
            continue;
        };
        let signed_info = &signature.signed_info;
        let once = signed_info.octets(&tree, &mut imza_fuzz::budget());
        let again = signed_info.octets(&tree, &mut imza_fuzz::budget());
        assert_eq!(once, again, "signed twice, the same");
        for reference in &signed_info.references {
            let found = dsig::dereference(&tree, &signature, reference, &mut imza_fuzz::budget());
            let Ok(dsig::Dereferenced::Octets { selection, .. }) = found else {
                continue;
            };
            // See what is signed: an element that is told is one of this document.
            if let dsig::Selection::Element { node, .. } = selection {
                assert!(tree.node(node).is_some(), "an element of another document");
            }
        }
    }
});
