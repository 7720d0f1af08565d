//! Whole documents and node sets against another implementation, where it is installed.

use super::*;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// A small generator, so that a failure can be found again by its number.
pub(in crate::xml) struct Dice(pub(in crate::xml) u64);

impl Dice {
    pub(in crate::xml) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub(in crate::xml) fn pick<'x>(&mut self, from: &[&'x str]) -> &'x str {
        from[usize::try_from(self.roll(count(from.len()))).unwrap()]
    }
}

const PREFIXES: [&str; 4] = ["", "a", "b", "long"];
// No `&`: libxml2 writes it bare in a namespace declaration, against Canonical XML 1.0 §2.3.
const URIS: [&str; 4] = [
    "urn:one",
    "http://two/?x=1;y",
    "urn:three",
    "http://four/#x",
];
const TEXTS: [&str; 12] = [
    "plain",
    " \n\t ",
    "\r\n",
    "\r",
    "&lt;&amp;&gt;",
    "&#13;&#10;&#9;",
    "\u{e9}\u{1F600}",
    "<![CDATA[<a>&]]>",
    "<![CDATA[\r\n]]>",
    "<!-- remark\r\n -->",
    "<?pi  some data ?>",
    "<?empty?>",
];
const VALUES: [&str; 8] = [
    "v",
    " two  spaces ",
    "line\nbreak",
    "tab\tand\r\nreturn",
    "&#13;&#10;&#9;",
    "&lt;&quot;&apos;&amp;>",
    "'",
    "\u{e9}",
];

/// What `xml:base` says. None has a fragment, which the joining of Canonical XML 1.1 §2.4 leaves out and
/// libxml2 keeps. None leads above the one before it: §2.4 joins from the inside, and an empty path
/// then keeps the query of what is above (RFC 3986 §5.2.2); libxml2 joins from the outside.
const BASES: [&str; 10] = [
    "http://x/a/",
    "http://x/a/b",
    "e/f",
    "g/",
    "/h/i",
    "http://y/?q=1",
    "../c",
    "./d",
    "a/../b",
    "urn:x:y",
];
const LANGUAGES: [&str; 4] = ["az", "tr", "ru-Cyrl", ""];

/// Attributes that elements have from those above them (Canonical XML 1.0 §2.4, 1.1 §2.4).
fn inherited(dice: &mut Dice, number: usize) -> Vec<String> {
    let mut attributes = Vec::new();
    if dice.roll(5) == 0 {
        attributes.push(format!(" xml:lang='{}'", dice.pick(&LANGUAGES)));
    }
    if dice.roll(6) == 0 {
        let space = dice.pick(&["preserve", "default"]);
        attributes.push(format!(" xml:space=\"{space}\""));
    }
    if dice.roll(6) == 0 {
        attributes.push(format!(" xml:base='{}'", dice.pick(&BASES)));
    }
    // No two of one document.
    if dice.roll(6) == 0 {
        attributes.push(format!(" xml:id='n{number}'"));
    }
    attributes
}

fn element(dice: &mut Dice, bound: &[bool; 4], depth: u32, out: &mut String) {
    let mut bound = *bound;
    let mut declarations = String::new();
    for (place, prefix) in PREFIXES.iter().enumerate() {
        if dice.roll(4) != 0 {
            continue;
        }
        if place == 0 {
            let uri = if dice.roll(3) == 0 {
                ""
            } else {
                dice.pick(&URIS)
            };
            write!(declarations, " xmlns='{uri}'").unwrap();
        } else {
            // One URI for each prefix, so that no two attributes can have one name.
            write!(declarations, " xmlns:{prefix}=\"{}\"", URIS[place]).unwrap();
            bound[place] = true;
        }
    }
    let usable: Vec<&str> = PREFIXES
        .iter()
        .zip(bound)
        .filter(|(p, b)| *b || p.is_empty())
        .map(|(p, _)| *p)
        .collect();
    let named = |prefix: &str, local: &str| {
        if prefix.is_empty() {
            local.to_owned()
        } else {
            format!("{prefix}:{local}")
        }
    };
    let name = named(dice.pick(&usable), dice.pick(&["x", "y", "zed"]));
    let mut attributes = Vec::new();
    for local in ["p", "q", "B", "a-b"] {
        for prefix in &usable {
            if dice.roll(5) == 0 {
                attributes.push(format!(
                    " {}=\"{}\"",
                    named(prefix, local),
                    dice.pick(&VALUES)
                ));
            }
        }
    }
    attributes.extend(inherited(dice, out.len()));
    if dice.roll(2) == 0 {
        attributes.insert(0, declarations);
    } else {
        attributes.push(declarations);
    }
    write!(out, "<{name}{}", attributes.concat()).unwrap();
    if dice.roll(5) == 0 {
        out.push_str(dice.pick(&["/>", " />", "\n/>"]));
        return;
    }
    out.push('>');
    for _ in 0..dice.roll(5) {
        if depth > 0 && dice.roll(2) == 0 {
            element(dice, &bound, depth - 1, out);
        } else {
            out.push_str(dice.pick(&TEXTS));
        }
    }
    write!(out, "</{name} >").unwrap();
}

pub(in crate::xml) fn document(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut out = dice
        .pick(&[
            "",
            "<?xml version=\"1.0\"?>",
            "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n",
        ])
        .to_owned();
    for _ in 0..dice.roll(3) {
        out.push_str(dice.pick(&["<!-- before -->", "<?before data?>\n", "\r\n"]));
    }
    element(&mut dice, &[false; 4], 5, &mut out);
    for _ in 0..dice.roll(3) {
        out.push_str(dice.pick(&["<!-- after -->", "\n<?after?>", "\r\n"]));
    }
    out
}

/// How many documents are compared: a few, or as many as `cargo xtask interop c14n` asks for.
fn documents() -> u64 {
    let asked = std::env::var("IMZA_C14N_DOCUMENTS");
    let asked = asked.ok().and_then(|number| number.parse().ok());
    asked.unwrap_or(60)
}

#[test]
fn whole_documents_agree_with_libxml2() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let documents = documents();
    let folder = std::env::temp_dir().join(format!("imza-c14n-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let methods = [
        (
            "--c14n",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        ),
        (
            "--c14n11",
            "http://www.w3.org/2006/12/xml-c14n11#WithComments",
        ),
        (
            "--exc-c14n",
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        ),
    ];
    for seed in 1..=documents {
        let text = document(seed);
        let file = folder.join("in.xml");
        std::fs::write(&file, &text).unwrap();
        for (option, uri) in methods {
            let theirs = Command::new("xmllint")
                .arg(option)
                .arg(&file)
                .output()
                .unwrap();
            assert!(theirs.status.success(), "document {seed}: {text}");
            let method = Method::from_uri(uri).unwrap();
            let ours = canonicalize_octets(text.as_bytes(), &method, &mut Budget::default());
            assert_eq!(
                String::from_utf8(ours.unwrap()).unwrap(),
                String::from_utf8(theirs.stdout).unwrap(),
                "document {seed}, {option}: {text}"
            );
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// libxml2 through the foreign functions of Python, which keeps inherited `xml:` attributes as the
/// wrappers of the library do not. A question is a line: method, comments, the number of the element
/// that is the set (0: the whole document), of one to leave out (0: none), prefixes, the document.
const ASK: &str = r#"
import ctypes, sys
lib = ctypes.CDLL('libxml2.so.2')
P = ctypes.c_void_p
for name, args in {
    'xmlReadMemory': [ctypes.c_char_p, ctypes.c_int, P, P, ctypes.c_int],
    'xmlXPathNewContext': [P],
    'xmlXPathEvalExpression': [ctypes.c_char_p, P],
    'xmlXPathDifference': [P, P],
}.items():
    getattr(lib, name).restype = P
    getattr(lib, name).argtypes = args
lib.xmlC14NDocDumpMemory.argtypes = [P, P, ctypes.c_int, P, ctypes.c_int, ctypes.POINTER(P)]
lib.xmlFreeDoc.argtypes = [P]
def subtree(context, number):
    one = '(//*)[%d]/descendant-or-self::' % number
    expression = one + 'node()|' + one + '*/@*|' + one + '*/namespace::*'
    found = lib.xmlXPathEvalExpression(expression.encode(), context)
    return ctypes.cast(found + 8, ctypes.POINTER(P))[0]
for line in sys.stdin:
    method, comments, number, left_out, prefixes, document = line.split(' ')
    octets = bytes.fromhex(document)
    tree = lib.xmlReadMemory(octets, len(octets), None, None, 2 | 32 | 64)
    nodes = None
    if number != '0':
        context = lib.xmlXPathNewContext(tree)
        nodes = subtree(context, int(number))
        if left_out != '0':
            nodes = lib.xmlXPathDifference(nodes, subtree(context, int(left_out)))
    names = [name.encode() for name in prefixes.split(',') if name != '-']
    names = (ctypes.c_char_p * (len(names) + 1))(*names, None)
    names = ctypes.cast(names, P) if method == '1' else None
    out = P()
    length = lib.xmlC14NDocDumpMemory(tree, nodes, int(method), names, int(comments), ctypes.byref(out))
    print(ctypes.string_at(out, length).hex() if length >= 0 else 'error', flush=True)
    lib.xmlFreeDoc(tree)
"#;

/// Whole documents, elements in their documents, and elements without something inside of them.
#[test]
fn node_sets_agree_with_libxml2() {
    let ask = Command::new("python3")
        .args(["-c", ASK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut ask) = ask else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let mut questions = ask.stdin.take().unwrap();
    let mut answers = BufReader::new(ask.stdout.take().unwrap()).lines();
    let documents = documents();
    let mut compared = 0_u64;
    for seed in 1..=documents {
        let text = document(seed);
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 3);
        let decoded = crate::xml::decode(text.as_bytes()).unwrap();
        let tree = Tree::parse(&decoded, &mut Budget::default()).unwrap();
        let elements: Vec<Node<'_>> = tree
            .root()
            .descendants()
            .filter(|node| node.is_element())
            .collect();
        let all = count(elements.len());
        for number in [0, 1 + dice.roll(all), 1 + dice.roll(all)] {
            let family = dice.roll(3);
            let comments = dice.roll(2);
            let prefixes = match dice.roll(3) {
                0 => "-",
                1 => "a,long",
                _ => "#default,b",
            };
            let apex = usize::try_from(number).unwrap().checked_sub(1);
            let apex = apex.map_or_else(|| tree.root(), |place| elements[place]);
            // Some element inside: its number follows that of the apex.
            let inside = elements
                .iter()
                .filter(|node| node.is_within(apex.id()))
                .count();
            let left_out = match (number, dice.roll(2)) {
                (0, _) | (_, 0) => 0,
                _ => number + dice.roll(count(inside)),
            };
            let left_out = if left_out == number { 0 } else { left_out };
            let hex: String = text.bytes().map(|octet| format!("{octet:02x}")).collect();
            let question = format!("{family} {comments} {number} {left_out} {prefixes} {hex}");
            let asked = writeln!(questions, "{question}");
            let answer = asked.ok().and_then(|()| answers.next());
            let Some(Ok(theirs)) = answer else {
                assert_eq!(compared, 0, "no answer about document {seed}");
                eprintln!("skipped: libxml2 is not installed");
                return;
            };
            let family = match family {
                0 => Family::Inclusive10,
                1 => Family::Exclusive,
                _ => Family::Inclusive11,
            };
            let comments = match comments {
                0 => Comments::Omit,
                _ => Comments::Keep,
            };
            let mut method = Method {
                family,
                comments,
                ..Method::CANONICAL_XML_10
            };
            if family == Family::Exclusive && prefixes != "-" {
                method = method.with_prefix_list(&prefixes.replace(',', " "));
            }
            let mut set = NodeSet::subtree(apex.id(), Comments::Keep);
            if left_out > 0 {
                let node = elements[usize::try_from(left_out - 1).unwrap()];
                set.subtract(&tree, &mut Budget::default(), node.id())
                    .unwrap();
            }
            let ours = canonicalize(&tree, &set, &method, &mut Budget::default()).unwrap();
            let ours: String = ours.iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(
                ours, theirs,
                "document {seed}, {number} {left_out}: {method:?}\n{text}"
            );
            compared += 1;
        }
    }
    drop(questions);
    let _ = ask.wait();
    eprintln!("{compared} node sets of {documents} documents agree");
}
