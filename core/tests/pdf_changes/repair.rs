//! Files that one reader takes as they are, and another repairs: an object in waiting is then found.
//!
//! Every update here ends with a table, which can be spelt in many ways.

use crate::attacks::{Attack, ending, find, owned, then, victim};
use crate::builder::{Ending, File, page, stream};

/// Another content for the page, which no entry of the update names.
fn waiting() -> Vec<u8> {
    let other = stream("", "BT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET");
    format!("4 0 obj\n{other}\nendobj\n").into_bytes()
}

/// An honest update, with octets put behind its first object.
fn with_inside(inside: &[u8]) -> File {
    let mut file = victim();
    let start = file.octets.len();
    file.update_with(&owned(&[(50, "<<>>")]), &Ending::default());
    let at = start + find(&file.octets[start..], b"endobj\n") + 7;
    let shift = inside.len();
    file.octets.splice(at..at, inside.iter().copied());
    moved(&mut file, shift)
}

/// Corrects the place of the last section, which stands further behind.
fn moved(file: &mut File, shift: usize) -> File {
    let old = file.sections.pop().unwrap();
    let new = old + shift;
    let at = file.octets.len() - format!("{old}\n%%EOF\n").len();
    let end = at + old.to_string().len();
    file.octets.splice(at..end, new.to_string().into_bytes());
    file.sections.push(new);
    file.clone()
}

/// An honest update, with its last octets changed.
fn ended(change: impl Fn(&str) -> String) -> File {
    let mut file = victim();
    file.update_with(
        &owned(&[(50, "<<>>")]),
        &Ending {
            entries: "0 0\n".to_owned(),
            ..Ending::default()
        },
    );
    let start = *file.sections.last().unwrap();
    let tail = String::from_utf8(file.octets.split_off(start)).unwrap();
    file.octets.extend(change(&tail).bytes());
    file
}

pub(crate) fn hostile() -> Vec<Attack> {
    let revisions = "modification.revisions";
    let content = "modification.content";
    let duplicate = "format.duplicate";
    let mut all = Vec::new();
    let mut push = |name, file, check| all.push((name, file, check));

    // What no entry names, and what sets another reader off to look for it.
    push(
        "repair: an object that no entry names",
        with_inside(&waiting()),
        revisions,
    );
    push(
        "repair: the same in a comment",
        with_inside(b"%4 0 obj 5 endobj\n"),
        revisions,
    );
    push(
        "repair: a sign before the number of startxref",
        ended(|tail| tail.replace("startxref\n", "startxref\n+")),
        revisions,
    );
    push(
        "repair: a comment between startxref and its number",
        ended(|tail| tail.replace("startxref\n", "startxref\n%x\n")),
        revisions,
    );
    push(
        "repair: a comment before the table",
        ended(|tail| format!("%x\n{tail}")),
        revisions,
    );
    push(
        "repair: rows of another width",
        ended(|tail| tail.replace(" 00000 n ", " 0 n ")),
        revisions,
    );
    let beyond = Ending {
        entries: "60 1\n9000000000 00000 n \n".to_owned(),
        ..Ending::default()
    };
    push(
        "repair: an entry that points behind the file",
        ending(&owned(&[(50, "<<>>")]), beyond),
        revisions,
    );
    push(
        "repair: a number that other readers do not take",
        then(&owned(&[(9_999_999, "<<>>")])),
        revisions,
    );
    let mut zeros = victim();
    zeros.octets.extend([0; 1_100]);
    push(
        "repair: zeros up to where nobody looks for the end",
        zeros,
        revisions,
    );

    // A number that some readers take for none.
    push(
        "reals: a rotation",
        then(&[(
            3,
            page("[10 0 R 11 0 R 12 0 R]").replace("/Parent", "/Rotate 0.0/Parent"),
        )]),
        content,
    );
    // What some readers take the first value of, and some the last.
    for key in ["/Contents 44 0 R", "/#43ontents 44 0 R"] {
        push(
            "keys: two contents of a page",
            then(&[(
                3,
                page("[10 0 R 11 0 R 12 0 R]").replace("/Parent", &format!("{key}/Parent")),
            )]),
            duplicate,
        );
    }
    // What some readers inherit in spite of null, and some do not.
    for key in ["/CropBox null", "/Rotate null", "/CropBox 77 0 R"] {
        push(
            "null: what a page inherits",
            then(&[(
                3,
                page("[10 0 R 11 0 R 12 0 R]").replace("/Parent", &format!("{key}/Parent")),
            )]),
            content,
        );
    }
    all
}

/// The files that the hostile ones are made of, without what makes them hostile.
pub(crate) fn honest() -> Vec<(&'static str, File)> {
    vec![
        ("repair: nothing inside", with_inside(b"")),
        ("repair: white space inside", with_inside(b"\r\n")),
        ("repair: the end as it was", ended(str::to_owned)),
        (
            "repair: the name of a program before the end",
            ended(|tail| tail.replace("startxref\n", "%Writer-5.5.13\nstartxref\n")),
        ),
        ("repair: an end of line before the table", {
            let mut file = ended(|tail| format!("\n{tail}"));
            moved(&mut file, 0)
        }),
    ]
}

/// The same of an object stream.
pub(crate) fn honest_stream() -> File {
    holder("70 0 71 5 <<>> <<>> ", 10, "")
}

/// An update whose objects stand in a stream.
fn holder(data: &str, first: usize, more: &str) -> File {
    let entries = format!("/Type/ObjStm/N 2/First {first}{more}");
    let value = stream(&entries, data);
    let records = vec![(70, [2, 60, 0]), (71, [2, 60, 1])];
    ending(
        &[(60, value)],
        Ending {
            records,
            ..Ending::default()
        },
    )
}

/// Object streams that two readers read in two ways.
pub(crate) fn streams() -> Vec<Attack> {
    let revisions = "modification.revisions";
    vec![
        (
            "streams: a number twice in one",
            holder("70 0 70 5 <<>> <<>> ", 10, ""),
            revisions,
        ),
        (
            "streams: places that fall",
            holder("70 5 71 0 <<>> <<>> ", 10, ""),
            revisions,
        ),
        (
            "streams: an object inside another",
            holder("70 0 71 2 <<    >> ", 10, ""),
            revisions,
        ),
        (
            "streams: the first object in the list",
            holder("70 0 71 5 <<>> <<>> ", 3, ""),
            revisions,
        ),
        (
            "streams: two first places",
            holder("70 0 71 5 <<>> <<>> ", 10, "/First 10"),
            revisions,
        ),
    ]
}
