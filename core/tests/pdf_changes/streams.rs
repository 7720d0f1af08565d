//! Attacks by object streams, cross-reference streams and files that have tables as well.

use crate::attacks::{Attack, NO_SIGNATURE, ending, filled, find, owned, victim};
use crate::builder::{Ending, File, STREAMS, number_of, page, stream};

const ANNOTATIONS: &str = "[10 0 R 11 0 R 12 0 R]";

/// The object stream of the document that was signed.
const FIRST: u32 = STREAMS;

/// An update with further entries.
fn recorded(objects: &[(u32, String)], records: Vec<(u32, [u32; 3])>) -> File {
    ending(
        objects,
        Ending {
            records,
            ..Ending::default()
        },
    )
}

/// Another page, with its own content.
fn other_page() -> Vec<(u32, String)> {
    vec![
        (3, page(ANNOTATIONS).replace("4 0 R", "30 0 R")),
        (30, stream("", "BT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET")),
    ]
}

/// An object stream with all that the signed one has, and another page in the place of the page.
fn replacement(file: &File) -> String {
    let begin = find(&file.octets, format!("{FIRST} 0 obj").as_bytes());
    let data = begin + find(&file.octets[begin..], b"stream\n") + 7;
    let end = data + find(&file.octets[data..], b"\nendstream");
    let body = String::from_utf8_lossy(&file.octets[data..end]).into_owned();
    let first = body.find("<<").unwrap();
    let count = body[..first].split_whitespace().count() / 2;
    let body = body.replace("/Contents 4 0 R", "/Contents 5 0 R");
    stream(&format!("/Type/ObjStm/N {count}/First {first}"), &body)
}

pub(crate) fn hostile() -> Vec<Attack> {
    let content = "modification.content";
    let structure = "format.structure";
    let duplicate = "format.duplicate";
    let base = victim();
    let mut all = Vec::new();
    let mut push = |name, file, check| all.push((name, file, check));

    let mut file = victim();
    file.update(&other_page());
    push("streams: a page in an object stream", file, content);
    // The objects stay where they are, and the stream that holds them is another.
    let mut file = victim();
    file.update(&[(FIRST, replacement(&base))]);
    push(
        "streams: another object stream under the same number",
        file,
        structure,
    );
    let mut file = victim();
    file.update(&[(FIRST, "null".to_owned())]);
    push("streams: the object stream is null", file, NO_SIGNATURE);
    let freed = Ending {
        freed: vec![FIRST],
        ..Ending::default()
    };
    push(
        "streams: the object stream is freed",
        ending(&[], freed),
        NO_SIGNATURE,
    );
    let container = Ending {
        container: Some(FIRST),
        ..Ending::default()
    };
    push(
        "streams: new objects under the number of the old stream",
        ending(&filled(), container),
        NO_SIGNATURE,
    );
    // Which of two objects is at a place?
    let next = base_next(&base);
    push(
        "streams: two objects at one place",
        recorded(&owned(&[(50, "<<>>")]), vec![(51, [2, next, 0])]),
        duplicate,
    );
    push(
        "streams: an object at the place of another",
        recorded(&[], vec![(3, [2, FIRST, 0])]),
        "unsupported.pdf-changes",
    );
    push(
        "streams: an object at a place that is not there",
        recorded(&[], vec![(3, [2, FIRST, 99])]),
        "unsupported.pdf-changes",
    );
    push(
        "streams: an object in a stream that holds none",
        recorded(&[], vec![(3, [2, 4, 0])]),
        "unsupported.pdf-changes",
    );
    push(
        "streams: an object in a stream that is in a stream",
        recorded(
            &owned(&[(60, "<</Type/ObjStm/N 1/First 4>>")]),
            vec![(3, [2, 60, 0])],
        ),
        "unsupported.pdf-changes",
    );
    push(
        "streams: an object in a stream that is not there",
        recorded(&[], vec![(3, [2, 77, 0])]),
        "unsupported.pdf-changes",
    );
    push(
        "streams: two entries for an object",
        recorded(&filled(), vec![(10, [2, FIRST, 5])]),
        duplicate,
    );
    push(
        "streams: an entry of a kind that nobody knows",
        recorded(&[], vec![(4, [7, 0, 0])]),
        content,
    );
    push(
        "streams: the page is freed",
        recorded(&[], vec![(3, [0, 0, 1])]),
        content,
    );
    let at = find(&base.octets, b"4 0 obj");
    push(
        "streams: the content in another generation",
        recorded(&[], vec![(4, [1, number_of(at), 1])]),
        content,
    );
    push(
        "streams: an offset in the middle of an object",
        recorded(&[], vec![(4, [1, number_of(at) + 1, 0])]),
        "unsupported.pdf-changes",
    );
    let small = Ending {
        trailer: Some("/Size 5/Root 1 0 R/Info 14 0 R".to_owned()),
        ..Ending::default()
    };
    push(
        "streams: objects above the size",
        ending(&filled(), small),
        structure,
    );
    let root = Ending {
        trailer: Some("/Root 60 0 R/Info 14 0 R".to_owned()),
        ..Ending::default()
    };
    push(
        "streams: another catalog",
        ending(
            &owned(&[(60, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>")]),
            root,
        ),
        structure,
    );
    // Objects that no entry names are nobody's, until a later entry names them.
    let mut late = victim();
    let unlisted = vec![other_page().swap_remove(0)];
    late.update_with(
        &[other_page().swap_remove(1)],
        &Ending {
            unlisted,
            ..Ending::default()
        },
    );
    let holder = base_next(&base);
    late.update_with(
        &[],
        &Ending {
            records: vec![(3, [2, holder, 0])],
            ..Ending::default()
        },
    );
    push("streams: an object that was there unnamed", late, content);
    // A signature that can be read in an object stream alone signs nothing that is in the file.
    let at = find(&base.octets, b"20 0 obj\n") + 9;
    let end = at + find(&base.octets[at..], b"\nendobj");
    let dictionary = String::from_utf8_lossy(&base.octets[at..end]).into_owned();
    let unlisted = vec![(20, dictionary)];
    let records = vec![(20, [2, base_next(&base), 0])];
    push(
        "streams: the signature in an object stream",
        ending(
            &[],
            Ending {
                unlisted,
                records,
                ..Ending::default()
            },
        ),
        "format.byte-range",
    );
    // Hybrid files: the table for old readers, the stream for new ones.
    push(
        "hybrid: the stream has another page",
        hybrid(&base, "", &other_page()),
        content,
    );
    push(
        "hybrid: the stream has another page than the table",
        hybrid(&base, "3", &other_page()),
        structure,
    );
    all
}

/// The number that the next object stream gets.
fn base_next(file: &File) -> u32 {
    let numbers = (STREAMS..).take_while(|number| {
        let name = format!("\n{number} 0 obj");
        file.octets
            .windows(name.len())
            .any(|one| one == name.as_bytes())
    });
    STREAMS + number_of(numbers.count())
}

/// An update whose table names an object and whose hidden stream has others.
fn hybrid(base: &File, named: &str, objects: &[(u32, String)]) -> File {
    let mut file = base.clone();
    let mut records = String::new();
    let mut data: Vec<u8> = Vec::new();
    for (number, value) in objects {
        records += &format!("{number} 1 ");
        data.push(1);
        data.extend(number_of(file.octets.len()).to_be_bytes());
        data.push(0);
        file.octets
            .extend(format!("{number} 0 obj\n{value}\nendobj\n").bytes());
    }
    let hidden = file.octets.len();
    let entries = format!(
        "/Type/XRef/W[1 4 1]/Index[{records}]/Size 299/Root 1 0 R/Length {}",
        data.len()
    );
    file.octets
        .extend(format!("290 0 obj\n<<{entries}>>\nstream\n").bytes());
    file.octets.extend(data);
    file.octets.extend(b"\nendstream\nendobj\n");
    let rows = match named {
        "" => "0 1\n0000000000 65535 f \n".to_owned(),
        number => {
            let row = format!("{number} 1\n{:010} 00000 n \n", file.octets.len());
            file.octets
                .extend(format!("{number} 0 obj\n{}\nendobj\n", page(ANNOTATIONS)).bytes());
            row
        }
    };
    let start = file.octets.len();
    let previous = file.sections.last().copied().unwrap_or_default();
    file.octets.extend(
        format!(
            "xref\n{rows}trailer\n<</Size 299/Prev {previous}/XRefStm {hidden}/Root 1 0 R/Info 14 0 R>>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    file.sections.push(start);
    file
}
