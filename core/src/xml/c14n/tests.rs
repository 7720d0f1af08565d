use super::*;
use crate::xml::{Text, decode};

fn method(name: &str) -> Method {
    let uri = match name.trim_end_matches("-with-comments") {
        "c14n10" => "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "c14n11" => "http://www.w3.org/2006/12/xml-c14n11",
        "exc-c14n" => "http://www.w3.org/2001/10/xml-exc-c14n#",
        other => panic!("unknown method {other}"),
    };
    let mut method = Method::from_uri(uri).unwrap();
    if name.ends_with("-with-comments") {
        method.comments = Comments::Keep;
    }
    method
}

fn at(xml: &str, name: &str, method: &Method) -> String {
    let text = Text::new(xml);
    let tree = Tree::parse(&text, &mut Budget::default()).unwrap();
    let element = tree
        .root()
        .descendants()
        .find(|node| node.is_element() && node.name() == name)
        .unwrap();
    let octets = canonicalize_element(element, method, &mut Budget::default()).unwrap();
    String::from_utf8(octets).unwrap()
}

/// The canonical form without the elements of a name; what is below them stays.
fn without(xml: &str, names: &[&str], method: &Method) -> String {
    let text = Text::new(xml);
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let mut set = NodeSet::document(&tree, Comments::Keep);
    set.filter(&tree, &mut budget, |node| !names.contains(&node.name()))
        .unwrap();
    String::from_utf8(canonicalize(&tree, &set, method, &mut budget).unwrap()).unwrap()
}

#[test]
fn an_inherited_namespace_is_written_once() {
    let xml =
        "<r xmlns='urn:d' xmlns:u='urn:unused' xmlns:a='urn:a'><s><a:t x='1' a:y='2'/></s></r>";
    assert_eq!(
        at(xml, "s", &method("c14n10")),
        "<s xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:u=\"urn:unused\"><a:t x=\"1\" a:y=\"2\"></a:t></s>"
    );
    assert_eq!(
        at(xml, "s", &method("exc-c14n")),
        "<s xmlns=\"urn:d\"><a:t xmlns:a=\"urn:a\" x=\"1\" a:y=\"2\"></a:t></s>"
    );
    let listed = method("exc-c14n").with_prefix_list("u  #default\nnone");
    assert_eq!(
        at(xml, "t", &listed),
        "<a:t xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:u=\"urn:unused\" x=\"1\" a:y=\"2\"></a:t>"
    );
}

#[test]
fn an_undeclared_default_namespace_is_written_where_one_was_shown() {
    let xml = "<r xmlns='urn:d'><s xmlns=''><t/></s></r>";
    for name in ["c14n10", "c14n11", "exc-c14n"] {
        assert_eq!(at(xml, "s", &method(name)), "<s><t></t></s>", "{name}");
        assert_eq!(
            at(xml, "r", &method(name)),
            "<r xmlns=\"urn:d\"><s xmlns=\"\"><t></t></s></r>",
            "{name}"
        );
    }
    // The default namespace is declared but not used between.
    let xml = "<a:r xmlns:a='urn:a' xmlns='urn:d'><a:s xmlns=''><t/></a:s></a:r>";
    assert_eq!(
        at(xml, "r", &method("exc-c14n")),
        "<a:r xmlns:a=\"urn:a\"><a:s><t></t></a:s></a:r>"
    );
}

#[test]
fn xml_attributes_of_omitted_ancestors() {
    let xml = "<r xml:lang='az' xml:id='i' xml:base='http://x/a/' xml:other='o'><s xml:base='b/c' xml:lang='en'><t xml:base='d'/></s></r>";
    assert_eq!(
        at(xml, "t", &method("c14n10")),
        "<t xml:base=\"d\" xml:id=\"i\" xml:lang=\"en\" xml:other=\"o\"></t>"
    );
    assert_eq!(
        at(xml, "t", &method("c14n11")),
        "<t xml:base=\"http://x/a/b/d\" xml:lang=\"en\"></t>"
    );
    assert_eq!(at(xml, "t", &method("exc-c14n")), "<t xml:base=\"d\"></t>");
}

#[test]
fn an_element_left_out_in_the_middle() {
    let xml = "<r xmlns='urn:d' xmlns:a='urn:1' xml:lang='az'><s xmlns:a='urn:2' xmlns:b='urn:b' xml:base='x/' xml:space='preserve'><t xml:base='y'/><u xmlns:a='urn:1'/></s></r>";
    assert_eq!(
        without(xml, &["s"], &method("c14n10")),
        "<r xmlns=\"urn:d\" xmlns:a=\"urn:1\" xml:lang=\"az\">\
         <t xmlns:a=\"urn:2\" xmlns:b=\"urn:b\" xml:base=\"y\" xml:lang=\"az\" xml:space=\"preserve\"></t>\
         <u xmlns:b=\"urn:b\" xml:base=\"x/\" xml:lang=\"az\" xml:space=\"preserve\"></u></r>"
    );
    assert_eq!(
        without(xml, &["s"], &method("c14n11")),
        "<r xmlns=\"urn:d\" xmlns:a=\"urn:1\" xml:lang=\"az\">\
         <t xmlns:a=\"urn:2\" xmlns:b=\"urn:b\" xml:base=\"x/y\" xml:lang=\"az\" xml:space=\"preserve\"></t>\
         <u xmlns:b=\"urn:b\" xml:base=\"x/\" xml:lang=\"az\" xml:space=\"preserve\"></u></r>"
    );
    assert_eq!(
        without(xml, &["s"], &method("exc-c14n")),
        "<r xmlns=\"urn:d\" xml:lang=\"az\"><t xml:base=\"y\"></t><u></u></r>"
    );
    assert_eq!(without(xml, &["r", "s", "t", "u"], &method("c14n10")), "");
}

#[test]
fn beside_the_document_element() {
    let xml = "<?xml version='1.0'?>\n<!--a--><?b  c?>\n<r><!--in--></r>\n<!--d--><?e?>";
    let whole = |name| {
        let octets = canonicalize_octets(xml.as_bytes(), &method(name), &mut Budget::default());
        String::from_utf8(octets.unwrap()).unwrap()
    };
    assert_eq!(whole("c14n10"), "<?b c?>\n<r></r>\n<?e?>");
    assert_eq!(
        whole("c14n10-with-comments"),
        "<!--a-->\n<?b c?>\n<r><!--in--></r>\n<!--d-->\n<?e?>"
    );
}

#[test]
fn a_relative_namespace_has_no_canonical_form() {
    for uri in ["relative", "../up", "#x", "1:2", ":x"] {
        let xml = format!("<a xmlns:p='{uri}' p:x=''/>");
        let result =
            canonicalize_octets(xml.as_bytes(), &Method::EXCLUSIVE, &mut Budget::default());
        assert!(matches!(result, Err(Error::Malformed(_))), "{uri}");
    }
}

#[test]
fn many_references_to_one_big_element_are_bounded() {
    let xml = format!("<a>{}</a>", "x".repeat(1 << 20));
    let text = Text::new(&xml);
    let limits = crate::limits::Limits {
        digested_bytes: 16 << 20,
        ..Default::default()
    };
    let mut budget = Budget::new(limits.into());
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let refused = (0..20).find_map(|_| {
        canonicalize_element(tree.document_element(), &Method::EXCLUSIVE, &mut budget).err()
    });
    assert!(matches!(refused, Some(Error::LimitExceeded(_))));
}

#[test]
fn published_cases() {
    let Some(shared) = crate::xml::tests::shared() else {
        return;
    };
    let corpora = shared.join("corpora");
    let index = std::fs::read_to_string(corpora.join("index.jsonl")).unwrap();
    let mut compared = 0;
    for case in index.lines() {
        let case: serde_json::Value = serde_json::from_str(case).unwrap();
        if case["kind"] != "c14n" {
            continue;
        }
        let read =
            |field: &str| std::fs::read(corpora.join(case[field].as_str().unwrap())).unwrap();
        let (input, output) = (read("input"), read("output"));
        let text = decode(&input).unwrap();
        let mut budget = Budget::default();
        let tree = match Tree::parse(&text, &mut budget) {
            Ok(tree) => tree,
            Err(error) => {
                // Document types are refused on principle.
                assert_eq!(
                    error.code(),
                    "malformed.xml.document-type",
                    "{}",
                    case["id"]
                );
                continue;
            }
        };
        // The cases name their node set in words only; it begins at the element that the expected
        // form begins with.
        let wanted_text = decode(&output).unwrap();
        let wanted = Tree::parse(&wanted_text, &mut budget).unwrap();
        let wanted = wanted.document_element();
        let apex = tree
            .root()
            .descendants()
            .find(|node| node.is(wanted.namespace(), wanted.name()))
            .unwrap();
        let apex = if apex == tree.document_element() {
            tree.root()
        } else {
            apex
        };
        let method = method(case["facts"]["algorithm"].as_str().unwrap());
        let set = NodeSet::subtree(apex.id(), Comments::Keep);
        let found = canonicalize(&tree, &set, &method, &mut budget).unwrap();
        let found = String::from_utf8(found).unwrap();
        assert_eq!(found.as_bytes(), output, "{}: {found}", case["id"]);
        compared += 1;
    }
    assert_eq!(compared, 10);
}
