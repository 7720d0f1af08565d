//! XML, and its canonical forms: the canonical form of a canonical form is itself.
#![no_main]

use imza::xml::c14n::{Comments, Family, Method, NodeSet, canonicalize, canonicalize_octets};
use imza::xml::{Tree, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = decode(octets) else {
        return;
    };
    let Ok(tree) = Tree::parse(&text, &mut imza_fuzz::budget()) else {
        return;
    };
    for family in [Family::Inclusive10, Family::Inclusive11, Family::Exclusive] {
        for comments in [Comments::Omit, Comments::Keep] {
            let method = Method {
                family,
                comments,
                inclusive_prefixes: Default::default(),
            };
            let set = NodeSet::document(&tree, Comments::Keep);
            let Ok(once) = canonicalize(&tree, &set, &method, &mut imza_fuzz::budget()) else {
                continue;
            };
            let twice = canonicalize_octets(&once, &method, &mut imza_fuzz::budget());
            assert!(
                twice.is_ok(),
                "{method:?}: the canonical form is no XML: {twice:?}"
            );
            assert_eq!(twice.as_deref(), Ok(&*once), "{method:?}: not canonical");
        }
    }
});
