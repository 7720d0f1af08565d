//! Updates that are written in another way than writers write them.
//!
//! Each is one step away from an honest update: a reader stumbles there, repairs the file and finds
//! what no entry names, or what was signed and hidden.

use crate::attacks::{Attack, ending, find, owned, then, victim};
use crate::builder::{Ending, File, number_of, stream};
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

/// How the data of a section is written.
type Encode = fn(Vec<u8>) -> Vec<u8>;

const REVISIONS: &str = "modification.revisions";

/// An update with a table, in its parts.
struct Table {
    /// Numbers, and the objects with all that belongs to them.
    objects: Vec<(u32, String)>,
    head: &'static str,
    /// What stands behind the rows, up to the dictionary.
    trailer: &'static str,
    size: &'static str,
    previous: &'static str,
    more: String,
    startxref: String,
    behind: String,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            objects: owned(&[(50, "50 0 obj\n<<>>\nendobj\n")]),
            head: "xref\n",
            trailer: "trailer\n",
            size: "/Size 300",
            previous: "/Prev ",
            more: String::new(),
            startxref: "startxref\n".to_owned(),
            behind: String::new(),
        }
    }
}

impl Table {
    fn file(self) -> File {
        let mut file = victim();
        let mut rows = String::new();
        for (number, object) in &self.objects {
            rows += &format!("{number} 1\n{:010} 00000 n \n", file.octets.len());
            file.octets.extend(object.bytes());
        }
        let start = file.octets.len();
        let at = file.sections.last().copied().unwrap_or_default();
        let Self { head, trailer, .. } = self;
        let (size, previous, more) = (self.size, self.previous, self.more);
        let (startxref, behind) = (self.startxref, self.behind);
        file.octets.extend(
            format!(
                "{head}{rows}{trailer}<<{size}{previous}{at}/Root 1 0 R/Info 14 0 R{more}>>\n\
                 {startxref}{start}\n%%EOF\n{behind}"
            )
            .bytes(),
        );
        file.sections.push(start);
        file
    }
}

/// An update of this object alone.
fn object(text: &str) -> File {
    Table {
        objects: owned(&[(50, text)]),
        ..Table::default()
    }
    .file()
}

/// The same, of a value.
fn of(value: &str) -> File {
    object(&format!("50 0 obj\n{value}\nendobj\n"))
}

/// The same, with another number.
fn numbered(number: u32, size: &'static str) -> File {
    Table {
        objects: vec![(number, format!("{number} 0 obj\n<<>>\nendobj\n"))],
        size,
        ..Table::default()
    }
    .file()
}

/// An update with a cross-reference stream, in its parts.
struct Section {
    header: &'static str,
    /// The number that its own entry says, if it has one.
    own: Option<u32>,
    widths: [usize; 3],
    index: Option<&'static str>,
    size: &'static str,
    more: String,
    behind: Vec<u8>,
    encode: Encode,
}

impl Default for Section {
    fn default() -> Self {
        Self {
            header: "250 0 obj\n",
            own: Some(250),
            widths: [1, 3, 1],
            index: None,
            size: "/Size 299",
            more: String::new(),
            behind: Vec::new(),
            encode: |data| data,
        }
    }
}

impl Section {
    fn file(self) -> File {
        let mut file = victim();
        let at = file.octets.len();
        file.octets.extend(b"50 0 obj\n<<>>\nendobj\n");
        let start = file.octets.len();
        let (mut data, mut index) = (Vec::new(), String::new());
        let entries = [Some((50, at)), self.own.map(|own| (own, start))];
        for (number, offset) in entries.into_iter().flatten() {
            index += &format!("{number} 1 ");
            for (width, value) in self.widths.into_iter().zip([1, offset, 0]) {
                let octets = u64::from(number_of(value)).to_be_bytes();
                data.extend(&octets[8 - width..]);
            }
        }
        data.extend(self.behind);
        let data = (self.encode)(data);
        let index = self.index.map_or(index, str::to_owned);
        let [a, b, c] = self.widths;
        let previous = file.sections.last().copied().unwrap_or_default();
        let (header, size, more, length) = (self.header, self.size, self.more, data.len());
        file.octets.extend(
            format!(
                "{header}<</Type/XRef/W[{a} {b} {c}]/Index[{index}]{size}/Prev {previous}\
                 /Root 1 0 R/Info 14 0 R{more}/Length {length}>>\nstream\n"
            )
            .bytes(),
        );
        file.octets.extend(data);
        let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
        file.octets.extend(end.bytes());
        file.sections.push(start);
        file
    }
}

fn deflated(data: Vec<u8>) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&data).unwrap();
    encoder.finish().unwrap()
}

/// Rows of five octets, with the predictor "up".
fn predicted(data: Vec<u8>) -> Vec<u8> {
    let mut above = [0_u8; 5];
    let mut rows = Vec::new();
    for row in data.chunks(5) {
        rows.push(2);
        for (octet, above) in row.iter().zip(&mut above) {
            rows.push(octet.wrapping_sub(*above));
            *above = *octet;
        }
    }
    deflated(rows)
}

fn hexadecimal(data: Vec<u8>) -> Vec<u8> {
    let digits: String = data.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{digits}>").into_bytes()
}

/// What tables can be spelt like, and objects beside them.
pub(crate) fn hostile() -> Vec<Attack> {
    let mut all = Vec::new();
    let mut push = |name, file| all.push((name, file, REVISIONS));
    let table = Table::default;

    for size in [
        "",
        "/Size -1",
        "/Size 300.0",
        "/Size(300)",
        "/Size 14 0 R",
        "/Size 50",
        "/Size 0300",
        "/Size 8388609",
        "/Size 2147483647",
        "/Size 99999999999",
        "/Size null",
    ] {
        push("plain: another size", Table { size, ..table() }.file());
    }
    for head in [
        "xref ",
        "xref\n\n",
        "xref %\n",
        "xref\n%\n",
        "xref\n+",
        "xref\n00",
        "xref\n8388609 0\n",
        "xref\n51 0\n",
        "xref\n51  1\n0000000000 00001 f \n",
        "xref\n51\t1\n0000000000 00001 f \n",
        "xref\n51\x001\n0000000000 00001 f \n",
        "xref\n51 1 %\n0000000000 00001 f \n",
        "xref\n51 1\n%\n0000000000 00001 f \n",
        "xref\n51 1\n0000000000 00001 f\n",
        "xref\n51 1\n0000000000 00000 n \n",
    ] {
        push("plain: another table", Table { head, ..table() }.file());
    }
    for trailer in ["%\ntrailer\n", "trailer%\n"] {
        push(
            "plain: another trailer",
            Table { trailer, ..table() }.file(),
        );
    }
    for previous in ["/Prev 0000", "/Prev +", "/Prev %\n"] {
        push(
            "plain: another number of the section before",
            Table {
                previous,
                ..table()
            }
            .file(),
        );
    }
    for more in [
        format!("/{} 1", "N".repeat(128)),
        "/Info 14 0 R".to_owned(),
        "/X[01 0 R]".to_owned(),
        "/X null".to_owned(),
        format!("/X[{}1 0 R]", "0".repeat(300)),
    ] {
        push("plain: more in a trailer", Table { more, ..table() }.file());
    }
    // Readers look for the keyword in the last 1024 octets.
    let far = Table {
        behind: format!("{}\n", " ".repeat(985)),
        ..table()
    };
    push("plain: startxref far from the end", far.file());
    let zip = Table {
        behind: format!("%PK\x05\x06{}\n", "\0".repeat(18)),
        ..table()
    };
    push("plain: a ZIP file in a comment behind the end", zip.file());
    for between in ["0", &"0".repeat(225), &" ".repeat(225)] {
        let startxref = format!("startxref\n{between}");
        push(
            "plain: startxref with a padded number",
            Table {
                startxref,
                ..table()
            }
            .file(),
        );
    }

    for header in ["050 0", "50 00", "+50 0", "50  0", "50\n0", "50 %\n0"] {
        let text = format!("{header} obj\n<<>>\nendobj\n");
        push("plain: another header of an object", object(&text));
    }
    push(
        "plain: the header on two lines",
        object("50 0\nobj\n<<>>\nendobj\n"),
    );
    for value in [
        "<</A %\n1>>",
        "<</A\x001>>",
        "<</A\x0c1>>",
        "<</A +1>>",
        "<</A 99999999999999999999>>",
        "<</A[4 -0 R]>>",
        "<</A[4 +0 R]>>",
        "<</A[04 0 R]>>",
        "<</A 4294967295 65535 R>>",
        "<</A#00B 1>>",
        "<</A#4G 1>>",
        "4 0 R",
        "<</Length 1>>%\nstream\nx\nendstream",
        "<</Length 1>>\nstream\nx\n%\nendstream",
        "<</Length 1/Filter null>>\nstream\nx\nendstream",
    ] {
        push("plain: another spelling of a value", of(value));
    }
    for long in [
        format!("<</A {}1>>", "0".repeat(300)),
        format!("<</A 1.{}>>", "0".repeat(300)),
        format!("<</{} 1>>", "N".repeat(5_000)),
        format!("<</A 4{}0 R>>", " ".repeat(5_000)),
    ] {
        push("plain: a token without end", of(&long));
    }
    // Some readers ask whether a file of this length can have so many objects.
    for number in [100_000, 4_194_304] {
        push(
            "plain: a number too high for its file",
            numbered(number, "/Size 5000000"),
        );
    }
    let text = "50 0 obj\n<</Length 51 0 R>>\nstream\nx\nendstream\nendobj\n";
    let chain = [
        (50, text),
        (51, "51 0 obj\n52 0 R\nendobj\n"),
        (52, "52 0 obj\n1\nendobj\n"),
    ];
    push(
        "plain: a length by two references",
        Table {
            objects: owned(&chain),
            ..table()
        }
        .file(),
    );

    // What is found where no object is: in data, in a string.
    let other = stream("", "BT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET");
    for waiting in [
        format!("\nendstream\nendobj\n4 0 obj\n{other}\nendobj\n"),
        "4 0 obj".to_owned(),
        "4 %x\n0 %\nobj<<>>".to_owned(),
        "\r4\x00000obj[".to_owned(),
        "trailer<</Root 60 0 R>>".to_owned(),
        "trailer %\n<</Root 60 0 R>>".to_owned(),
    ] {
        push(
            "plain: an object in the data of a stream",
            of(&stream("", &waiting)),
        );
        push(
            "plain: an object in a string",
            of(&format!("<</A({waiting})>>")),
        );
        let more = format!("/ID[({waiting})(a)]");
        push(
            "plain: an object in a trailer",
            Table { more, ..table() }.file(),
        );
    }
    // The parts in which it is looked for meet in it.
    let wide = format!("{}4 0 obj", "x".repeat((1 << 16) - 45));
    push("plain: an object between two parts", of(&stream("", &wide)));
    push(
        "plain: a title with an object inside",
        then(&owned(&[(14, "<</Title(a\nendobj\n4 0 obj\n(b))>>")])),
    );
    push(
        "plain: a section that is none of the file",
        of(
            "<</Type/XRef/W[1 2 1]/Index[4 1]/Size 300/Root 60 0 R/Length 4>>\nstream\n\x01\x01\x01\0\nendstream",
        ),
    );
    all
}

/// What cross-reference streams and object streams can be like.
pub(crate) fn streams() -> Vec<Attack> {
    let mut all = Vec::new();
    let mut push = |name, file| all.push((name, file, REVISIONS));
    let section = Section::default;

    for size in [
        "/Size -1",
        "",
        "/Size 299.0",
        "/Size(299)",
        "/Size 14 0 R",
        "/Size 250",
        "/Size 0299",
        "/Size 2147483647",
        "/Size 99999999999",
    ] {
        push(
            "plain: another size of a stream",
            Section { size, ..section() }.file(),
        );
    }
    for header in [
        "0250 0 obj\n",
        "+250 0 obj\n",
        "250 %\n0 obj\n",
        "250  0 obj\n",
    ] {
        push(
            "plain: another header of a stream",
            Section {
                header,
                ..section()
            }
            .file(),
        );
    }
    for widths in [[2, 6, 1], [8, 8, 8], [1, 3, 5]] {
        push(
            "plain: other widths",
            Section {
                widths,
                ..section()
            }
            .file(),
        );
    }
    for index in [
        "50 1 250 1 251 0",
        "50 1 250 1 4294967295 0",
        "50 1 250 1 0 0",
        "+50 1 250 1",
        "0050 1 250 1",
    ] {
        let index = Some(index);
        push(
            "plain: another index",
            Section { index, ..section() }.file(),
        );
    }
    let coded: [(&str, Encode); 8] = [
        ("/XRefStm 20", |data| data),
        ("/Filter/Crypt", |data| data),
        ("/Filter null", |data| data),
        ("/Filter[/Crypt/FlateDecode]", deflated),
        ("/Filter/ASCIIHexDecode", hexadecimal),
        (
            "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5/Colors 1/BitsPerComponent 16>>",
            predicted,
        ),
        (
            "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1/Colors 5>>",
            predicted,
        ),
        (
            "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 05>>",
            predicted,
        ),
    ];
    for (more, encode) in coded {
        let more = more.to_owned();
        push(
            "plain: data in another way",
            Section {
                more,
                encode,
                ..section()
            }
            .file(),
        );
    }
    let behind = b"\nBT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET".to_vec();
    push(
        "plain: data behind the entries",
        Section {
            behind,
            ..section()
        }
        .file(),
    );
    let content = Section {
        header: "4 0 obj\n",
        own: None,
        ..section()
    };
    push(
        "plain: a section with the number of the content",
        content.file(),
    );
    let hidden = Section {
        own: None,
        index: Some("50 1 60 1"),
        behind: b"\0BT \x01".to_vec(),
        ..section()
    };
    push(
        "plain: text in a free entry of a section without its own",
        hidden.file(),
    );

    push(
        "plain: a number too high for its file",
        then(&owned(&[(100_000, "<<>>")])),
    );
    for value in ["4 0 R", "<</A %\n1>>", "<</A[04 0 R]>>"] {
        push(
            "plain: another spelling in an object stream",
            then(&owned(&[(50, value)])),
        );
    }
    let unlisted = |number: u32| Ending {
        unlisted: owned(&[(number, "<</Type/Catalog>>")]),
        ..Ending::default()
    };
    push(
        "plain: an object that is in a stream and in no entry",
        ending(&owned(&[(50, "<<>>")]), unlisted(3)),
    );
    push(
        "plain: nothing else in the stream",
        ending(&[], unlisted(60)),
    );

    // ISO 32000-2 §7.5.8.4: the table calls the content free, and the stream beside it does not.
    let mut file = victim();
    let at = find(&file.octets, b"4 0 obj");
    let mut row = vec![1];
    row.extend(number_of(at).to_be_bytes());
    row.push(0);
    let hidden = file.octets.len();
    let head =
        "290 0 obj\n<</Type/XRef/W[1 4 1]/Index[4 1]/Size 299/Root 1 0 R/Length 6>>\nstream\n";
    file.octets.extend(head.bytes());
    file.octets.extend(row);
    file.octets.extend(b"\nendstream\nendobj\n");
    let start = file.octets.len();
    let previous = file.sections.last().copied().unwrap_or_default();
    file.octets.extend(
        format!(
            "xref\n4 1\n0000000000 00001 f \n290 1\n{hidden:010} 00000 n \n\
             trailer\n<</Size 299/Prev {previous}/XRefStm {hidden}/Root 1 0 R/Info 14 0 R>>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    push("hybrid: the table frees what the stream keeps", file);
    all
}

/// Other ways in which writers write.
pub(crate) fn honest() -> Vec<(&'static str, File)> {
    let table = Table::default;
    let mut all = vec![("plain: a table", table().file())];
    let mut push = |name, file| all.push((name, file));
    for head in [
        "xref\r\n",
        "xref \n",
        "xref\n0 0\n",
        "xref\n0 1\n0000000000 65535 f\r\n",
        "xref\r\n60 2 \r\n0000000000 00001 f \r0000000061 00000 f \n",
    ] {
        push(
            "plain: a table in another way",
            Table { head, ..table() }.file(),
        );
    }
    for trailer in ["trailer", "trailer ", "trailer\r\n", "\ntrailer\n"] {
        push(
            "plain: a trailer in another way",
            Table { trailer, ..table() }.file(),
        );
    }
    let short = Table {
        behind: format!("{}\n", " ".repeat(900)),
        ..table()
    };
    push("plain: blanks behind the end", short.file());
    let comment = Table {
        behind: "% \u{259}\tprinted twice\r\n".to_owned(),
        ..table()
    };
    push("plain: a comment behind the end", comment.file());
    let more = "/ID[<00><0a >(4 0 R)]".to_owned();
    push("plain: more in a trailer", Table { more, ..table() }.file());
    for value in [
        "<</A 0.30000000000000004/B -0.5/C .5/D[0000000012 007]>>",
        "<</A#20B(\\) 4 0 R 5 of 10 objects, trailer of a film)>>",
        "<</ByteRange[0 1                                        ]>>",
        "<</Length 28>>stream\r\n4 of 10 objects, trailer</a>\r\nendstream",
        "[ 9223372036854775807 -9223372036854775 99999 0 R ]",
    ] {
        push("plain: a value", of(value));
    }
    push("plain: a stream beside the table", beside());
    push("plain: a higher number", numbered(1_500, "/Size 1501"));
    push("plain: a tight header", object("50 0 obj<<>>endobj\r"));
    let text = "50 0 obj\n<</Length 51 0 R>>\nstream\nx\nendstream\nendobj\n";
    push(
        "plain: a length by reference",
        Table {
            objects: owned(&[(50, text), (51, "51 0 obj\n1\nendobj\n")]),
            ..table()
        }
        .file(),
    );
    all
}

/// The same with streams.
pub(crate) fn honest_streams() -> Vec<(&'static str, File)> {
    let section = Section::default;
    let mut all = vec![("plain: a stream", section().file())];
    let mut push = |name, file| all.push((name, file));
    for widths in [[1, 2, 0], [1, 4, 2], [1, 8, 4], [0, 4, 1]] {
        push(
            "plain: widths",
            Section {
                widths,
                ..section()
            }
            .file(),
        );
    }
    let coded: [(&str, Encode); 3] = [
        ("/Filter/FlateDecode", deflated),
        ("/Filter[/FlateDecode]/DecodeParms[null]", deflated),
        (
            "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5>>",
            predicted,
        ),
    ];
    for (more, encode) in coded {
        let more = more.to_owned();
        push(
            "plain: deflated",
            Section {
                more,
                encode,
                ..section()
            }
            .file(),
        );
    }
    // Some writers give the section no entry of its own.
    push(
        "plain: no own entry",
        Section {
            own: None,
            ..section()
        }
        .file(),
    );
    let freed = Section {
        own: None,
        index: Some("50 1 250 1"),
        behind: b"\0\0\0\0\x01".to_vec(),
        ..section()
    };
    push("plain: its own entry is free", freed.file());
    all
}

/// Some writers leave the stream of a section beside its table.
fn beside() -> File {
    let previous = victim().sections.last().copied().unwrap_or_default();
    let entries = format!("/Type/XRef/W[1 2 0]/Index[0 1]/Size 300/Prev {previous}/Root 1 0 R");
    let value = stream(&entries, "\0\0\0");
    of(&value)
}
