//! The parser beside another one: what that refuses is refused here, and what both read is the same
//! tree. Documents are generated, then damaged.

use super::c14n::differential::{Dice, document};
use super::node::Kind;
use super::*;

/// A tree as lines.
fn ours(text: &Text<'_>) -> Result<Vec<String>, Error> {
    let tree = Tree::parse(text, &mut Budget::default())?;
    let mut lines = Vec::new();
    for node in tree.root().descendants().skip(1) {
        let parent = node.parent().map(|parent| parent.range().start);
        let parent = parent.filter(|_| !node.parent().is_some_and(|p| p == tree.root()));
        let mut range = node.range();
        if node.kind() == Kind::Text {
            // They tell the range of the first of several pieces.
            range.end = range.start;
        }
        let what = match node.kind() {
            Kind::Document => unreachable!(),
            Kind::Element => {
                let mut what = format!("<{{{}}}{}", node.namespace(), node.name());
                for one in node.attributes() {
                    what += &format!(" {{{}}}{}={:?}", one.namespace, one.name, one.value);
                }
                what
            }
            Kind::Text => format!("{:?}", node.content()),
            Kind::Comment => format!("!{:?}", node.content()),
            Kind::Instruction => format!("?{:?}", node.instruction().unwrap()),
        };
        lines.push(format!("{parent:?} {range:?} {what}"));
    }
    Ok(lines)
}

/// What stands behind an XML declaration at the very beginning: they read `<?xml` and a tab
/// otherwise.
fn body(text: &str) -> (usize, &str) {
    let found = declaration::declaration(text).ok().flatten();
    let length = found.map_or(0, |found| found.length);
    (length, &text[length..])
}

fn theirs(text: &str) -> Option<Vec<String>> {
    let (shift, text) = body(text);
    let document = roxmltree::Document::parse(text).ok()?;
    let mut lines = Vec::new();
    for node in document.descendants().skip(1) {
        let parent = node.parent().filter(|parent| !parent.is_root());
        let parent = parent.map(|parent| count(parent.range().start + shift));
        let range = node.range();
        let end = if node.is_text() {
            range.start
        } else {
            range.end
        };
        let range = count(range.start + shift)..count(end + shift);
        let what = if node.is_element() {
            let name = node.tag_name();
            let namespace = name.namespace().unwrap_or_default();
            let mut what = format!("<{{{namespace}}}{}", name.name());
            for one in node.attributes() {
                let namespace = one.namespace().unwrap_or_default();
                what += &format!(" {{{namespace}}}{}={:?}", one.name(), one.value());
            }
            what
        } else if let Some(pi) = node.pi() {
            format!("?{:?}", (pi.target, pi.value.unwrap_or_default()))
        } else if node.is_comment() {
            format!("!{:?}", node.text().unwrap_or_default())
        } else {
            format!("{:?}", node.text().unwrap_or_default())
        };
        lines.push(format!("{parent:?} {range:?} {what}"));
    }
    Some(lines)
}

#[test]
fn whatever_both_read_is_the_same_tree() {
    let documents: u64 = std::env::var("IMZA_XML_DOCUMENTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(500);
    let pieces = [
        "<",
        ">",
        "/",
        "&",
        ";",
        ":",
        "\"",
        "'",
        "!",
        "?",
        "=",
        "-",
        "]]>",
        "<![CDATA[",
        "]]",
        "<!--",
        "-->",
        "<?p ",
        "?>",
        "&#x41;",
        "&lt;",
        "xmlns",
        "xmlns:a='urn:one'",
        " x='y'",
        "a:",
        "\t",
        "\n",
        " ",
        "\u{e9}",
        "\u{FFFE}",
        "1",
        "<x/>",
        "xml:id='i'",
        "</x>",
    ];
    let (mut read, mut refused, mut stricter) = (0, 0, 0);
    for seed in 1..=documents {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let whole = document(seed);
        for round in 0..40 {
            let mut xml = whole.clone();
            for _ in 0..dice.roll(4).min(round) {
                let places: Vec<usize> = xml.char_indices().map(|(at, _)| at).collect();
                let at = places[usize::try_from(dice.roll(count(places.len()))).unwrap()];
                match dice.roll(3) {
                    0 => drop(xml.remove(at)),
                    _ => xml.insert_str(at, dice.pick(&pieces)),
                }
            }
            let text = Text::new(&xml);
            match (ours(&text), theirs(text.as_str())) {
                (Ok(ours), Some(theirs)) => {
                    assert_eq!(ours, theirs, "document {seed}: {xml}");
                    read += 1;
                }
                (Ok(_), None) => {
                    let error = roxmltree::Document::parse(body(text.as_str()).1).unwrap_err();
                    panic!("document {seed}, they refuse ({error}): {xml}")
                }
                (Err(_), Some(_)) => stricter += 1,
                (Err(_), None) => refused += 1,
            }
        }
    }
    assert!(read > 0 && refused > 0, "{read} {refused}");
    // What only we refuse are the forms that other readers could understand otherwise.
    assert!(stricter * 20 < refused, "{stricter} of {refused}");
}
