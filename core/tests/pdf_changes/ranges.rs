//! Games with ByteRange and Contents, and signatures moved to another place.

use crate::attacks::{Attack, NO_SIGNATURE, blank, entries, find, victim};
use crate::builder::{CATALOG, File, Style, stream};
use crate::pki;

/// Where the string of the signature stands, delimiters included.
fn gap(file: &File) -> (usize, usize) {
    let start = find(&file.octets, b"/Contents<") + 9;
    let end = start + find(&file.octets[start..], b">") + 1;
    (start, end)
}

/// The victim with a text of the same length in the place of another.
fn overwritten(from: &str, to: &str) -> File {
    let mut file = victim();
    let at = find(&file.octets, from.as_bytes());
    assert_eq!(from.len(), to.len());
    file.octets[at..at + to.len()].copy_from_slice(to.as_bytes());
    file
}

/// The victim with another ByteRange in its room.
fn ranged(with: impl Fn([usize; 3]) -> String) -> File {
    let mut file = victim();
    let (start, end) = gap(&file);
    let at = find(&file.octets, b"/ByteRange[") + 10;
    let close = at + find(&file.octets[at..], b"]") + 1;
    let mut text = with([start, end, file.octets.len() - end]).into_bytes();
    assert!(text.len() <= close - at);
    text.resize(close - at, b' ');
    file.octets[at..close].copy_from_slice(&text);
    file
}

/// The victim with another text between the delimiters of its Contents.
fn contents(with: impl Fn(&str) -> String) -> File {
    let mut file = victim();
    let (start, end) = gap(&file);
    let old = String::from_utf8_lossy(&file.octets[start..end]).into_owned();
    let new = with(&old);
    assert_eq!(new.len(), old.len());
    file.octets[start..end].copy_from_slice(new.as_bytes());
    file
}

/// Puts octets behind the signature and before what is signed second, as far as the cross-reference
/// section that the signed trailer names: there stands the attacker's (signature wrapping, 2019).
fn wrapped(copies_contents: bool) -> File {
    let mut file = victim();
    let (start, end) = gap(&file);
    let signed_section = *file.sections.last().unwrap();
    let before = file.octets[..end].to_vec();
    let behind = file.octets[end..].to_vec();
    let string = String::from_utf8_lossy(&file.octets[start..end]).into_owned();
    let base = file.sections[file.sections.len() - 2];
    let mut octets = before;
    // The section must begin where the signed one began: the objects stand behind it.
    octets.extend(b">>\nendobj\n%");
    octets.resize(signed_section - 1, b' ');
    octets.push(b'\n');
    let section_room = 400;
    let objects_at = signed_section + section_room;
    let content = stream("", "BT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET");
    let content = format!("4 0 obj\n{content}\nendobj\n");
    let field =
        "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R>>";
    let field = format!("11 0 obj\n{field}\nendobj\n");
    let contents = if copies_contents {
        string
    } else {
        "(x)".to_owned()
    };
    let field_at = objects_at + content.len();
    let signature_at = field_at + field.len();
    let dictionary = |length: usize| {
        let second = signature_at + length;
        format!(
            "20 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
             /ByteRange[0 {start:010} {second:010} {:010}]{}/Contents{contents}>>\nendobj\n",
            behind.len(),
            entries()
        )
    };
    let dictionary = dictionary(dictionary(0).len());
    let section = format!(
        "xref\n4 1\n{objects_at:010} 00000 n \n11 1\n{field_at:010} 00000 n \n20 1\n{signature_at:010} 00000 n \n\
         trailer\n<</Size 299/Prev {base}/Root 1 0 R/Info 14 0 R>>\n"
    );
    octets.extend(section.bytes());
    octets.resize(objects_at, b' ');
    octets.extend(content.bytes());
    octets.extend(field.bytes());
    octets.extend(dictionary.bytes());
    octets.extend(behind);
    file.octets = octets;
    file
}

pub(crate) fn hostile() -> Vec<Attack> {
    let range = "format.byte-range";
    let structure = "format.structure";
    let duplicate = "format.duplicate";
    let content = "modification.content";
    let mut all = Vec::new();
    let mut push = |name, file, check| all.push((name, file, check));

    type Ranges = fn([usize; 3]) -> String;
    let ranges: [(&str, Ranges); 13] = [
        ("range: nothing", |_| "[]".to_owned()),
        ("range: zeros", |_| "[0 0 0 0]".to_owned()),
        ("range: two numbers", |[start, ..]| format!("[0 {start}]")),
        ("range: six numbers", |[start, end, rest]| {
            format!("[0 {start} {end} {rest} 0 0]")
        }),
        ("range: fractions", |[start, end, rest]| {
            format!("[0.0 {start}. {end}. {rest}.]")
        }),
        ("range: strings", |[start, end, rest]| {
            format!("[(0)({start})({end})({rest})]")
        }),
        ("range: names", |_| "[/a/b/c/d]".to_owned()),
        ("range: no gap", |[start, end, rest]| {
            format!("[0 {end} {end} {}]", rest + end - end.max(start))
        }),
        ("range: a gap that is wider", |[start, end, rest]| {
            format!("[0 {} {end} {rest}]", start - 9)
        }),
        ("range: a gap that ends later", |[start, end, rest]| {
            format!("[0 {start} {} {}]", end + 4, rest - 4)
        }),
        (
            "range: a gap that begins in the string",
            |[start, end, rest]| format!("[0 {} {end} {rest}]", start + 1),
        ),
        ("range: out of order", |[start, end, rest]| {
            format!("[{end} {rest} 0 {start}]")
        }),
        ("range: past the end of the file", |[start, end, rest]| {
            format!("[0 {start} {end} {}]", rest + 1)
        }),
    ];
    for (name, with) in ranges {
        push(name, ranged(with), range);
    }
    push(
        "range: a reference",
        ranged(|_| "14 0 R".to_owned()),
        structure,
    );
    push(
        "range: a number too large",
        ranged(|[start, end, _]| format!("[0 {start} {end} 9{}]", "9".repeat(9))),
        range,
    );
    push(
        "range: it ends before the revision",
        ranged(|[start, end, rest]| format!("[0 {start} {end} {}]", rest - 40)),
        range,
    );
    push(
        "range: the first revision alone",
        ranged(|_| "[0 100 200 300]".to_owned()),
        range,
    );

    // Universal signature forgery: what is not there cannot be wrong.
    push(
        "contents: empty",
        contents(|old| format!("<>{}", " ".repeat(old.len() - 2))),
        range,
    );
    push(
        "contents: zeros",
        contents(|old| format!("<{}>", "0".repeat(old.len() - 2))),
        range,
    );
    push(
        "contents: null",
        contents(|old| format!(" null{}", " ".repeat(old.len() - 5))),
        range,
    );
    push(
        "contents: a literal string",
        contents(|old| format!("({})", "0".repeat(old.len() - 2))),
        range,
    );
    push(
        "contents: an integer",
        contents(|old| format!(" 0{}", " ".repeat(old.len() - 2))),
        range,
    );
    push(
        "contents: a comment in the string",
        contents(|old| old.replacen("00>", "%0>", 1)),
        structure,
    );
    push(
        "contents: two strings",
        contents(|old| {
            let length = old.len();
            format!("{}><00>", &old[..length - 5])
        }),
        structure,
    );
    push(
        "contents: another message behind it",
        contents(|old| {
            let message = &old[1..old.len() - 1];
            let used = message.trim_end_matches('0').len();
            let used = used + used % 2;
            format!(
                "<{}3000{}>",
                &message[..used],
                "0".repeat(message.len() - used - 4)
            )
        }),
        range,
    );
    push(
        "contents: an ASN.1 value before the message",
        contents(|old| format!("<0400{}>", &old[1..old.len() - 5])),
        range,
    );

    // Signature wrapping.
    push(
        "swa: the second part is moved behind other objects",
        wrapped(true),
        range,
    );
    push(
        "swa: the same, and Contents elsewhere",
        wrapped(false),
        range,
    );
    let mut inside = victim();
    let (_, end) = gap(&inside);
    inside
        .octets
        .splice(end..end, b"/Reason(x)".iter().copied());
    // The end leads nowhere then. A section that is found instead has the places of before: with
    // object streams nothing stands there.
    let check = match inside.style {
        Style::Tables => structure,
        Style::Streams => NO_SIGNATURE,
    };
    push("swa: octets behind the string", inside, check);
    let mut front = victim();
    front.octets.splice(0..0, b"%PDF-1.4\n".iter().copied());
    push("swa: another header before the first", front, NO_SIGNATURE);

    // What the dictionary calls itself.
    for (name, from, to) in [
        (
            "subfilter: unknown",
            "/ETSI.CAdES.detached",
            "/ETSI-CAdES-detached",
        ),
        ("subfilter: none", "/SubFilter/", "/SubFiltex/"),
        (
            "type: a time-stamp's",
            "/Type/Sig/Filter/Adobe.PPKLite",
            "/Type/DocTimeStamp/Filter/AAAA",
        ),
    ] {
        push(name, overwritten(from, to), structure);
    }
    push(
        "subfilter: a time-stamp's",
        overwritten(
            "/SubFilter/ETSI.CAdES.detached",
            "/SubFilter/ETSI.RFC3161/Xx(56)",
        ),
        NO_SIGNATURE,
    );
    push(
        "a key twice in the dictionary",
        overwritten("/M(D:20250615150640Z)", "/ByteRange[0 1 2 3]  "),
        duplicate,
    );

    // The same signature in two places.
    let mut shared = victim();
    shared.update(&[
        (
            9,
            "<</Fields[10 0 R 11 0 R 30 0 R]/SigFlags 3/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf)>>"
                .to_owned(),
        ),
        (30, "<</FT/Sig/T(two)/V 20 0 R>>".to_owned()),
    ]);
    push("one signature in two fields", shared, duplicate);
    let mut renamed = victim();
    renamed.update(&[(
        11,
        "<</FT/Sig/T(boss)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R>>"
            .to_owned(),
    )]);
    push("the signed field gets another name", renamed, content);

    // Certification attacks.
    let mut replaced = blank();
    replaced.update(&[
        (1, CATALOG.replace(">>", "/Perms<</DocMDP 20 0 R>>>>")),
        (50, "<</Type/TransformParams/V/1.2/P 1>>".to_owned()),
    ]);
    let reference = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams 50 0 R>>]";
    replaced.sign(&pki().citizen_p256, reference);
    let mut raised = replaced.clone();
    raised.update(&[(50, "<</Type/TransformParams/V/1.2/P 3>>".to_owned())]);
    push(
        "certification: the permission is raised later",
        raised,
        content,
    );
    let mut removed = replaced.clone();
    removed.update(&[(1, CATALOG.to_owned())]);
    push("certification: taken out of the catalog", removed, content);
    let mut other = replaced;
    other.update(&[(
        1,
        CATALOG.replace(">>", "/Perms<</DocMDP 99 0 R/UR3 20 0 R>>>>"),
    )]);
    push("certification: another in the catalog", other, content);
    all
}
