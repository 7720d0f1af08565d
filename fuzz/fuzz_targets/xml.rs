//! XML, and its canonical forms: what is read is what another reader reads, and the canonical form
//! of a canonical form is itself.
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
    compare(text.as_str(), &tree);
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

/// Whatever is read, roxmltree reads too, and sees the same elements, attributes and text.
fn compare(text: &str, tree: &Tree<'_>) {
    // That reader knows only a declaration with a space behind `<?xml`.
    let body = match text.strip_prefix("<?xml") {
        Some(rest) if rest.starts_with([' ', '\t', '\n', '\r']) => {
            rest.split_once("?>").map_or("", |(_, behind)| behind)
        }
        _ => text,
    };
    let shift = text.len() - body.len();
    let theirs = roxmltree::Document::parse(body).unwrap_or_else(|error| panic!("{error}"));
    let mut elements = tree.root().descendants().filter(|node| node.is_element());
    for node in theirs.descendants().filter(|node| node.is_element()) {
        let ours = elements.next().expect("an element less");
        let range = ours.range();
        let at = |place: usize| u64::try_from(place + shift).unwrap_or(u64::MAX);
        assert_eq!(range, at(node.range().start)..at(node.range().end));
        assert_eq!(ours.name(), node.tag_name().name());
        assert_eq!(
            ours.namespace(),
            node.tag_name().namespace().unwrap_or_default()
        );
        let mut attributes = ours.attributes();
        for attribute in node.attributes() {
            let one = attributes.next().expect("an attribute less");
            assert_eq!(one.name, attribute.name());
            assert_eq!(one.namespace, attribute.namespace().unwrap_or_default());
            assert_eq!(one.value, attribute.value());
        }
        assert!(attributes.next().is_none(), "an attribute more");
        let pieces = node.children().filter(|child| child.is_text());
        let text: String = pieces.filter_map(|child| child.text()).collect();
        assert_eq!(ours.text(), text);
    }
    assert!(elements.next().is_none(), "an element more");
}
