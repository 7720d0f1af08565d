use super::*;
use crate::limits::Resource;
use std::path::{Path, PathBuf};

/// The folder of published test data, where it is at hand.
pub(super) fn shared() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let found = std::env::var_os("IMZA_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain([workspace.join("../shared"), workspace.join("../../shared")])
        .find(|folder| folder.join("corpora/index.jsonl").is_file());
    if found.is_none() {
        eprintln!("skipped: no published test data (set IMZA_SHARED)");
    }
    found
}

fn parse(xml: &str) -> Result<u64, Error> {
    let text = Text::new(xml);
    Tree::parse(&text, &mut Budget::default()).map(|tree| count(tree.len()))
}

fn code(xml: &str) -> &'static str {
    parse(xml).map_or_else(|error| error.code(), |_| "read")
}

#[test]
fn what_other_readers_could_understand_otherwise_is_refused() {
    for (xml, expected) in [
        ("<a xmlns:p=''/>", "malformed.xml.namespace"),
        ("<:a/>", "malformed.xml.namespace"),
        ("<a:/>", "malformed.xml.namespace"),
        ("<a xmlns:b='urn:b' b:c:d=''/>", "malformed.xml.namespace"),
        ("<b:c:d xmlns:b='urn:b'/>", "malformed.xml.namespace"),
        ("<a :b=''/>", "malformed.xml.namespace"),
        ("<a xmlns:xmlns='urn:x'/>", "malformed.xml.namespace"),
        (
            "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
            "malformed.xml.namespace",
        ),
        (
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            "malformed.xml.namespace",
        ),
        ("<a xmlns:xml='urn:x'/>", "malformed.xml.namespace"),
        (
            "<a xmlns:p='urn:p' p:xmlns='urn:q'/>",
            "malformed.xml.namespace",
        ),
        (
            "<a xmlns='urn:p' xmlns='urn:q'/>",
            "malformed.xml.namespace",
        ),
        (
            "<a xmlns:p='urn:p' xmlns:p='urn:p'/>",
            "malformed.xml.namespace",
        ),
        ("<a p:b=''/>", "malformed.xml.namespace"),
        (
            "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>",
            "malformed.xml.syntax",
        ),
        ("<a b='' b=''/>", "malformed.xml.syntax"),
        ("<xmlns:a/>", "malformed.xml.namespace"),
        ("<?XmL x?><a/>", "malformed.xml.syntax"),
        ("<?xml{?><a/>", "malformed.xml.syntax"),
        ("<?b{?><a/>", "malformed.xml.syntax"),
        ("<a><?b?c?></a>", "malformed.xml.syntax"),
        ("<a b=''c=''/>", "malformed.xml.syntax"),
        ("<a/><?xml version='1.0'?>", "malformed.xml.syntax"),
        (" <?xml version='1.0'?><a/>", "malformed.xml.syntax"),
        ("<?xml version='1.1'?><a/>", "malformed.xml.version"),
        ("<?xml version='2.0'?><a/>", "malformed.xml.version"),
        ("<?xml encoding='UTF-8'?><a/>", "malformed.xml.syntax"),
        (
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "malformed.xml.syntax",
        ),
        (
            "<?xml version='1.0'encoding='UTF-8'?><a/>",
            "malformed.xml.syntax",
        ),
        ("<?xml version='1.0'?>\u{FEFF}<a/>", "malformed.xml.syntax"),
        ("<!DOCTYPE a><a/>", "malformed.xml.document-type"),
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "malformed.xml.document-type",
        ),
        ("<a>&b;</a>", "malformed.xml.syntax"),
        ("<a/><b/>", "malformed.xml.syntax"),
        ("<a/>text", "malformed.xml.syntax"),
        ("text<a/>", "malformed.xml.syntax"),
        ("<a><b></a></b>", "malformed.xml.syntax"),
        ("<a>", "malformed.xml.syntax"),
        ("</a>", "malformed.xml.syntax"),
        ("", "malformed.xml.syntax"),
        ("<a>]]></a>", "malformed.xml.syntax"),
        ("<a b='<'/>", "malformed.xml.syntax"),
        ("<a>\u{1}</a>", "malformed.xml.syntax"),
        ("<a>&#0;</a>", "malformed.xml.syntax"),
        ("<a>\u{FFFE}</a>", "malformed.xml.syntax"),
        ("<a><!-- -- --></a>", "malformed.xml.syntax"),
        ("<a><!ELEMENT a></a>", "malformed.xml.syntax"),
        ("<a><", "malformed.xml.syntax"),
        ("<a>b<!", "malformed.xml.syntax"),
        ("<a><![CDATA", "malformed.xml.syntax"),
        ("<a></", "malformed.xml.syntax"),
        ("<", "malformed.xml.syntax"),
        ("<?", "malformed.xml.syntax"),
        ("<a b", "malformed.xml.syntax"),
    ] {
        assert_eq!(code(xml), expected, "{xml}");
    }
}

#[test]
fn odd_but_right_documents_are_read() {
    for xml in [
        "<?xml\tversion = \"1.0\"\n?><a/>",
        "<?xml version='1.0' encoding='utf-8' standalone='no' ?>\r\n<a/>\r\n",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        "<?xml-stylesheet href='x'?><a/>",
        "<?b?><a/><?b\tc?><?b ?><?b d??>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='az'/>",
        "<a b = '>' c=\"/>\"><![CDATA[<b>]]><!--<c>--><?d <e>?></a>",
        "<a xmlns=''/>",
    ] {
        assert_eq!(code(xml), "read", "{xml}");
    }
}

#[test]
fn an_error_says_where() {
    let error = parse("<?xml version='1.0'?>\n<a>\n  <b></c></a>").unwrap_err();
    assert_eq!(
        error.to_string(),
        "not well-formed XML at line 3, column 6 (XML 1.0 §2.1)"
    );
    let error = parse("<a>\n <b xmlns:c=''/></a>").unwrap_err();
    assert!(error.to_string().contains("at line 2, column"), "{error}");
}

#[test]
fn an_identifier_that_two_elements_bear_names_none() {
    let text = Text::new(
        "<a Id='1'><b ID='1'/><c xml:id='2' Id='2'/><d id='3' x:Id='4' xmlns:x='urn:x'/><e Id='5&#65;'/></a>",
    );
    let tree = Tree::parse(&text, &mut Budget::default()).unwrap();
    assert_eq!(
        tree.by_id("1").unwrap_err().kind,
        MalformedKind::XmlDuplicateId
    );
    assert_eq!(tree.duplicate_ids().collect::<Vec<_>>(), ["1"]);
    assert_eq!(tree.by_id("2").unwrap().unwrap().name(), "c");
    assert_eq!(tree.by_id("5A").unwrap().unwrap().name(), "e");
    for unknown in ["3", "4", "", "5"] {
        assert_eq!(tree.by_id(unknown).unwrap(), None);
    }
}

#[test]
fn places_lead_back_to_the_text() {
    let xml = "<?xml version='1.0'?><p:a xmlns:p='urn:p' p:q = 'p:q'><b/>text<!-- </c> --></p:a >";
    let text = Text::new(xml);
    let tree = Tree::parse(&text, &mut Budget::default()).unwrap();
    let a = tree.document_element();
    assert_eq!(tree.slice(a.range()), Some(&xml[21..]));
    let end = usize::try_from(a.end_tag().unwrap()).unwrap();
    assert_eq!(&xml[end..], "</p:a >");
    assert_eq!(a.elements().next().unwrap().end_tag(), None);
    assert_eq!(a.prefix(), "p");
    let attribute = a.attributes().next().unwrap();
    assert_eq!(
        (attribute.prefix, attribute.name, attribute.value),
        ("p", "q", "p:q")
    );
    assert!(a.only_text().is_err());
    assert_eq!(a.text(), "text");
}

/// Refused for a limit, and soon.
fn refused(xml: &str) -> Resource {
    match parse(xml) {
        Err(Error::LimitExceeded(limit)) => limit.resource,
        other => panic!("{other:?}"),
    }
}

#[test]
fn deep_nesting_is_refused() {
    let xml = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(refused(&xml), Resource::Depth);
    let deepest = format!("{}{}", "<a>".repeat(128), "</a>".repeat(128));
    assert_eq!(code(&deepest), "read");
}

#[test]
fn too_many_nodes_are_refused_before_the_tree_is_built() {
    assert_eq!(
        refused(&format!("<a>{}</a>", "<b/>".repeat(4_000_000))),
        Resource::Nodes
    );
    assert_eq!(
        refused(&format!("<a>{}</a>", "<!---->".repeat(4_000_000))),
        Resource::Nodes
    );
    assert_eq!(
        refused(&format!("<a>{}</a>", "<?b?>x".repeat(2_000_000))),
        Resource::Nodes
    );
}

#[test]
fn text_and_nodes_are_bounded_together() {
    let node = format!("<b>{}</b>", "x".repeat(400));
    assert_eq!(
        refused(&format!("<a>{}</a>", node.repeat(100_000))),
        Resource::Nodes
    );
    assert_eq!(
        refused(&format!("<a>{}</a>", "x".repeat(39 << 20))),
        Resource::Nodes
    );
    assert_eq!(code(&format!("<a>{}</a>", "x".repeat(38 << 20))), "read");
}

#[test]
fn many_attributes_are_compared_in_time_and_a_million_refused() {
    let attributes: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(refused(&format!("<a{attributes}/>")), Resource::Nodes);
    let attributes: String = (0..300_000).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(code(&format!("<a{attributes}/>")), "read");
    assert_eq!(
        code(&format!("<a{attributes} a77=''/>")),
        "malformed.xml.syntax"
    );
}

#[test]
fn ten_thousand_namespaces_by_ten_thousand_elements_are_read_in_time() {
    let declarations: String = (0..10_000)
        .map(|n| format!(" xmlns:n{n}='urn:{n}'"))
        .collect();
    let plain = "<b/>".repeat(200);
    let declaring: String = (0..10_000)
        .map(|n| format!("<b xmlns:m='urn:m{n}'/>"))
        .collect();
    let using: String = "<b n9999:a=''/>".repeat(10_000);
    for inside in [&declaring, &using] {
        let xml = format!("<a{declarations}>{inside}</a>");
        assert_eq!(code(&xml), "read");
        assert_eq!(
            code(&format!("<a{declarations} xmlns:n7='urn:7'/>")),
            "malformed.xml.namespace"
        );
    }
    // Elements that only inherit are cheap to read, and cheap to canonicalise.
    let xml = format!(
        "<a{}>{plain}</a>",
        declarations
            .get(..20_000)
            .unwrap()
            .rsplit_once(" xmlns")
            .unwrap()
            .0
    );
    let text = Text::new(&xml);
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget).unwrap();
    for element in tree.document_element().elements() {
        let octets =
            c14n::canonicalize_element(element, &c14n::Method::CANONICAL_XML_10, &mut budget);
        assert!(octets.is_ok_and(|octets| octets.len() > 10_000));
    }
}

#[test]
fn a_thousand_identifiers_by_a_thousand_lookups() {
    let xml: String = (0..100_000).map(|n| format!("<b Id='i{n}'/>")).collect();
    let xml = format!("<a>{xml}</a>");
    let text = Text::new(&xml);
    let tree = Tree::parse(&text, &mut Budget::default()).unwrap();
    for n in 0..100_000 {
        assert!(tree.by_id(&format!("i{n}")).unwrap().is_some());
    }
}

#[test]
fn damaged_documents_never_panic() {
    let xml = "<?xml version=\"1.0\" encoding='UTF-8'?><!-- c --><p:a xmlns:p='urn:p' xmlns=\"urn:d\" p:b='&lt;&#x41;\t' Id='x'><![CDATA[d]]>t&amp;<e/><?pi d?>\u{e9}</p:a >\n";
    let octets = xml.as_bytes();
    let read = |octets: &[u8]| {
        let text = decode(octets)?;
        let mut budget = Budget::default();
        let tree = Tree::parse(&text, &mut budget)?;
        for node in tree.root().descendants() {
            let _ = (
                node.attributes().count(),
                node.end_tag(),
                tree.slice(node.range()),
            );
        }
        let set = c14n::NodeSet::document(&tree, c14n::Comments::Keep);
        c14n::canonicalize(&tree, &set, &c14n::Method::EXCLUSIVE, &mut budget)
    };
    assert!(read(octets).is_ok());
    for length in 0..octets.len() {
        let _ = read(&octets[..length]);
    }
    for place in 0..octets.len() {
        for bit in 0..8 {
            let mut damaged = octets.to_vec();
            damaged[place] ^= 1 << bit;
            let _ = read(&damaged);
        }
        for inserted in [
            b'<', b'>', b'/', b'&', b':', b'"', b'\'', b'\r', b'!', b'?', b'=',
        ] {
            let mut damaged = octets.to_vec();
            damaged.insert(place, inserted);
            let _ = read(&damaged);
        }
    }
}

#[test]
fn what_is_charged_and_taken_stays_in_proportion_to_the_text() {
    // Rows of a register, and data in base64: what 200 MB of them would be charged must fit into
    // the limits of a program on a computer, and be taken in less than six times their size beside
    // what is digested.
    let row = "<row id=\"7\"><name>Ann Example</name><sum cur=\"AZN\">12.5</sum></row>\n";
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\n";
    for xml in [
        format!("<a>{}</a>", row.repeat(20_000)),
        format!("<a>{}</a>", line.repeat(20_000)),
    ] {
        let text = Text::new(&xml);
        let mut budget = Budget::default();
        let tree = Tree::parse(&text, &mut budget).unwrap();
        let length = count(xml.len());
        let nodes = budget.spent(Resource::Nodes);
        let large = crate::limits::Limits::large();
        assert!(
            nodes * 200_000_000 / length < large.nodes,
            "{nodes} of {length}"
        );
        assert_eq!(budget.spent(Resource::StructureBytes), 0, "charged twice");
        let taken = tree.records.capacity() * size_of::<Record>()
            + tree.decoded.capacity() * size_of::<Decoded>()
            + tree.identifiers.capacity() * size_of::<Identifier>()
            + tree.arena.capacity();
        assert!(count(taken) < 2 * length, "{taken} of {length}");
        let set = c14n::NodeSet::document(&tree, c14n::Comments::Keep);
        let octets = c14n::canonicalize(&tree, &set, &c14n::Method::EXCLUSIVE, &mut budget);
        assert!(count(octets.unwrap().capacity()) < 2 * length);
        assert!(budget.spent(Resource::DigestedBytes) < 2 * length);
    }
    let limits = crate::limits::Limits {
        nodes: 1_000,
        ..Default::default()
    };
    let xml = format!("<a>{}</a>", line.repeat(1_000));
    let text = Text::new(&xml);
    let refused = Tree::parse(&text, &mut Budget::new(std::sync::Arc::new(limits)));
    assert!(matches!(
        refused,
        Err(Error::LimitExceeded(limit)) if limit.maximum == 1_000 && limit.requested > 1_000
    ));
}
