//! PDF files made update by update, right and wrong.

use imza_test_vectors::Entity;
use imza_test_vectors::cades::{self, CadesSpec};
use imza_test_vectors::long_term::LongTermValues;

const TIME: i64 = 1_750_000_000;
const RESERVED: usize = 3_000;
const HOLE: &str = "##########";

/// How an update ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    /// Numbers that are freed.
    pub(crate) freed: Vec<u32>,
    /// Another offset than that of the section before.
    pub(crate) previous: Option<usize>,
    /// Other entries of the trailer than `/Root 1 0 R`.
    pub(crate) trailer: Option<String>,
    /// Entries that are written as they are, behind the true ones.
    pub(crate) entries: String,
    /// Octets between the revision before and the first object.
    pub(crate) before: Vec<u8>,
    /// What `startxref` says, if not the truth.
    pub(crate) startxref: Option<usize>,
    /// Entries of a cross-reference stream that are written behind the true ones: a number, then
    /// kind and two fields.
    pub(crate) records: Vec<(u32, [u32; 3])>,
    /// The number of the object stream, if it is no new one.
    pub(crate) container: Option<u32>,
    /// Objects that stand in the object stream and not in the cross-reference stream.
    pub(crate) unlisted: Vec<(u32, String)>,
}

/// How a file keeps its objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// Each by itself, with tables.
    #[default]
    Tables,
    /// In object streams, with cross-reference streams.
    Streams,
}

/// A file that grows.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) octets: Vec<u8>,
    pub(crate) sections: Vec<usize>,
    pub(crate) style: Style,
    /// The next number for a stream of objects or of references.
    next: u32,
    /// Certificates that travel along with the signer's.
    pub(crate) along: Vec<Vec<u8>>,
}

/// Numbers of object streams and cross-reference streams begin here.
pub(crate) const STREAMS: u32 = 200;

impl File {
    /// A form on a page: text, a line of content, a field to fill in and one to sign.
    pub(crate) fn new(style: Style) -> Self {
        Self::begun(style, "")
    }

    /// The same, with this right behind the header.
    pub(crate) fn begun(style: Style, first: &str) -> Self {
        let mut file = Self {
            octets: [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", first.as_bytes()].concat(),
            sections: Vec::new(),
            style,
            next: STREAMS,
            along: Vec::new(),
        };
        let mut objects = vec![
            (1, CATALOG.to_owned()),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
            (3, page("[10 0 R 11 0 R 12 0 R]")),
            (
                5,
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
            ),
            (
                9,
                "<</Fields[10 0 R 11 0 R]/SigFlags 3/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf)>>"
                    .to_owned(),
            ),
            (10, text_field("", "13 0 R")),
            (
                11,
                "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R>>"
                    .to_owned(),
            ),
            (
                12,
                "<</Type/Annot/Subtype/Highlight/Rect[100 100 200 120]/P 3 0 R/Contents(old)>>"
                    .to_owned(),
            ),
            (
                13,
                stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", "q Q"),
            ),
            (14, "<</Title(a)>>".to_owned()),
        ];
        objects.push((4, stream("", "BT /F1 14 Tf 72 760 Td (1000 AZN) Tj ET")));
        file.update(&objects);
        file
    }

    /// Appends an update.
    pub(crate) fn update(&mut self, objects: &[(u32, String)]) -> &mut Self {
        self.update_with(objects, &Ending::default())
    }

    pub(crate) fn update_with(&mut self, objects: &[(u32, String)], ending: &Ending) -> &mut Self {
        // What is written as it is, is written for a table.
        if self.style == Style::Streams && ending.entries.is_empty() {
            return self.pack(objects, ending);
        }
        self.octets.extend_from_slice(&ending.before);
        let mut rows = String::new();
        if self.sections.is_empty() {
            rows += "0 1\n0000000000 65535 f \n";
        }
        for (number, value) in objects {
            rows += &format!("{number} 1\n{:010} 00000 n \n", self.octets.len());
            self.octets
                .extend(format!("{number} 0 obj\n{value}\nendobj\n").bytes());
        }
        for number in &ending.freed {
            rows += &format!("{number} 1\n0000000000 00001 f \n");
        }
        rows += &ending.entries;
        let start = self.octets.len();
        let previous = ending.previous.or(self.sections.last().copied());
        let previous = previous.map_or(String::new(), |at| format!("/Prev {at}"));
        let trailer = ending
            .trailer
            .as_deref()
            .unwrap_or("/Root 1 0 R/Info 14 0 R");
        let startxref = ending.startxref.unwrap_or(start);
        self.octets.extend(
            format!("xref\n{rows}trailer\n<</Size 19999{previous}{trailer}>>\nstartxref\n{startxref}\n%%EOF\n")
                .bytes(),
        );
        self.sections.push(start);
        self
    }

    /// Appends an update with a cross-reference stream. What is neither a stream nor a signature
    /// stands in an object stream.
    fn pack(&mut self, objects: &[(u32, String)], ending: &Ending) -> &mut Self {
        self.octets.extend_from_slice(&ending.before);
        let mut records: Vec<(u32, [u32; 3])> = Vec::new();
        if self.sections.is_empty() {
            records.push((0, [0, 0, 65_535]));
        }
        let is_direct = |value: &str| value.contains("endstream") || value.contains("/ByteRange");
        let (direct, packed): (Vec<_>, Vec<_>) =
            objects.iter().partition(|(_, value)| is_direct(value));
        let mut write = |number: u32, value: &str, octets: &mut Vec<u8>| {
            records.push((number, [1, number_of(octets.len()), 0]));
            octets.extend(format!("{number} 0 obj\n{value}\nendobj\n").bytes());
        };
        for (number, value) in direct {
            write(*number, value, &mut self.octets);
        }
        if !packed.is_empty() || !ending.unlisted.is_empty() {
            let container = ending.container.unwrap_or(self.next);
            self.next += 1;
            let (mut index, mut body) = (String::new(), String::new());
            for (number, value) in packed.iter().copied().chain(&ending.unlisted) {
                index += &format!("{number} {} ", body.len());
                body += &format!("{value} ");
            }
            let count = packed.len() + ending.unlisted.len();
            let entries = format!("/Type/ObjStm/N {count}/First {}", index.len());
            let value = stream(&entries, &(index + &body));
            write(container, &value, &mut self.octets);
            for (place, (number, _)) in packed.into_iter().enumerate() {
                records.push((*number, [2, container, number_of(place)]));
            }
        }
        let freed = ending.freed.iter();
        records.extend(freed.map(|number| (*number, [0, 0, 1])));
        records.extend(&ending.records);
        let start = self.octets.len();
        let number = self.next;
        self.next += 1;
        records.push((number, [1, number_of(start), 0]));
        let (mut index, mut data) = (String::new(), Vec::new());
        for (number, [kind, first, second]) in records {
            index += &format!("{number} 1 ");
            data.push(u8::try_from(kind).unwrap());
            data.extend(first.to_be_bytes());
            data.extend(u16::try_from(second).unwrap().to_be_bytes());
        }
        let previous = ending.previous.or(self.sections.last().copied());
        let previous = previous.map_or(String::new(), |at| format!("/Prev {at}"));
        let trailer = ending
            .trailer
            .as_deref()
            .unwrap_or("/Root 1 0 R/Info 14 0 R");
        let size = if trailer.contains("/Size") {
            ""
        } else {
            "/Size 299"
        };
        let length = data.len();
        self.octets.extend(
            format!(
                "{number} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{index}]{size}/Length {length}\
                 {previous}{trailer}>>\nstream\n"
            )
            .bytes(),
        );
        self.octets.extend(data);
        let startxref = ending.startxref.unwrap_or(start);
        self.octets
            .extend(format!("\nendstream\nendobj\nstartxref\n{startxref}\n%%EOF\n").bytes());
        self.sections.push(start);
        self
    }

    /// Signs the field `11`, or with another field object and further objects.
    pub(crate) fn sign(&mut self, signer: &Entity, entries: &str) -> &mut Self {
        let field =
            "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R>>";
        self.sign_with(signer, 20, entries, &[(11, field.to_owned())])
    }

    pub(crate) fn sign_with(
        &mut self,
        signer: &Entity,
        number: u32,
        entries: &str,
        others: &[(u32, String)],
    ) -> &mut Self {
        // What has a higher number stands behind the signature.
        let split = others.partition_point(|(other, _)| *other < number);
        let (before, behind) = others.split_at(split);
        let mut objects = before.to_vec();
        let contents = "0".repeat(RESERVED * 2);
        objects.push((
            number,
            format!(
                "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20250615150640Z)\
                 /ByteRange[0 {HOLE} {HOLE} {HOLE}]{entries}/Contents<{contents}>>>"
            ),
        ));
        objects.extend_from_slice(behind);
        let from = self.octets.len();
        self.update(&objects);
        self.fill(from, signer);
        self
    }

    fn fill(&mut self, from: usize, signer: &Entity) {
        let find = |octets: &[u8], what: &[u8]| {
            let found = octets[from..]
                .windows(what.len())
                .position(|one| one == what);
            from + found.unwrap()
        };
        let start = find(&self.octets, b"/Contents<0000") + 9;
        let end = start + RESERVED * 2 + 2;
        let range = find(&self.octets, b"/ByteRange[0 #") + 13;
        let length = self.octets.len();
        for (index, number) in [start, end, length - end].into_iter().enumerate() {
            let at = range + index * (HOLE.len() + 1);
            self.octets[at..at + HOLE.len()].copy_from_slice(format!("{number:010}").as_bytes());
        }
        let signed = [&self.octets[..start], &self.octets[end..]].concat();
        let spec = CadesSpec {
            signing_time: None,
            ..CadesSpec::detached(TIME)
        };
        let mut made = cades::sign(&spec, &signed, signer).unwrap();
        made.add_long_term(&LongTermValues {
            certificates: self.along.clone(),
            ..LongTermValues::default()
        });
        let cms = made.der();
        let hexadecimal: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
        assert!(hexadecimal.len() <= RESERVED * 2);
        self.octets[start + 1..start + 1 + hexadecimal.len()]
            .copy_from_slice(hexadecimal.as_bytes());
    }
}

/// A length or an offset as files keep it.
pub(crate) fn number_of(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

pub(crate) const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>";

pub(crate) fn catalog(more: &str) -> (u32, String) {
    (
        1,
        format!("<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R{more}>>"),
    )
}

pub(crate) fn page(annotations: &str) -> String {
    format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>/Annots{annotations}>>"
    )
}

pub(crate) fn text_field(more: &str, appearance: &str) -> String {
    format!(
        "<</FT/Tx/T(sum)/Type/Annot/Subtype/Widget/Rect[10 50 100 70]/F 4/P 3 0 R\
         /AP<</N {appearance}>>{more}>>"
    )
}

pub(crate) fn form(fields: &str, more: &str) -> (u32, String) {
    let form =
        format!("<</Fields[{fields}]/SigFlags 3/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf){more}>>");
    (9, form)
}

pub(crate) fn stream(entries: &str, data: &str) -> String {
    format!(
        "<<{entries}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
}

/// A signature reference with DocMDP.
pub(crate) fn certification(level: &str) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP\
         /TransformParams<</Type/TransformParams/V/1.2{level}>>>>]"
    )
}

/// A signature reference with FieldMDP.
pub(crate) fn lock(action: &str) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/FieldMDP\
         /TransformParams<</Type/TransformParams/V/1.2{action}>>>>]"
    )
}
