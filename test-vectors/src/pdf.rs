//! Small PDF files with PAdES signatures, right or wrong as asked.
//!
//! [`Pdf`] is one page with one line of text. Each operation (sign, stamp, edit …) appends one
//! incremental update, as real programs do; the octets before it are never touched.
//!
//! # Standard
//! ISO 32000-2 §7.5 (file structure), §12.7 (form fields), §12.8 (signatures); EN 319 142-1 §5, §6.3.

use crate::cades::{self, CadesSpec};
use crate::cms::Signed;
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::long_term::LongTermValues;
use crate::pki::{Entity, Pki};
use crate::time::civil;
use crate::tsa::{self, TokenSpec};

/// What is wrong with the PDF side of a signature; for the CMS side see [`cades::Flaw`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// The gap of ByteRange begins one octet before the string of Contents.
    GapTooWide,
    /// ByteRange ends before the mark of the end of the file.
    RangeTooShort,
    /// ByteRange leaves out the line end behind that mark.
    RangeWithoutLineEnd,
    /// ByteRange begins at octet 1.
    RangeStartsLate,
    /// ByteRange has three numbers.
    RangeOfThree,
    /// Octets other than zero follow the CMS in Contents.
    Padding,
    /// The content stands in the CMS too.
    EmbeddedContent,
    /// No form field points to the signature dictionary.
    Orphan,
    /// One octet of the page is changed after signing.
    ChangedOctet,
}

/// How cross-references are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossReference {
    /// As a table with a trailer.
    Table,
    /// As a stream, not compressed.
    Stream,
}

/// How a signature is made.
#[derive(Debug, Clone)]
pub struct PadesSpec {
    /// SubFilter: `ETSI.CAdES.detached`, or another.
    pub sub_filter: String,
    /// The claimed time, entry M.
    pub time: i64,
    /// How the CMS is made; signing-time is left out, as PAdES wants it.
    pub cms: CadesSpec,
    /// The octets reserved for the CMS.
    pub reserved: usize,
    /// Further entries of the signature dictionary, such as `/Reason (test)`.
    pub entries: String,
    /// What is wrong.
    pub flaw: Flaw,
}

impl PadesSpec {
    /// A baseline signature with nothing wrong.
    pub fn new(time: i64) -> Self {
        Self {
            sub_filter: "ETSI.CAdES.detached".to_owned(),
            time,
            cms: CadesSpec {
                signing_time: None,
                ..CadesSpec::detached(time)
            },
            reserved: 8_192,
            entries: String::new(),
            flaw: Flaw::None,
        }
    }
}

/// A PDF file that grows by incremental updates.
#[derive(Debug, Clone)]
pub struct Pdf {
    bytes: Vec<u8>,
    cross_reference: CrossReference,
    /// The number of the next new object.
    next: u32,
    /// Where the last cross-reference section starts.
    last: usize,
    fields: Vec<u32>,
    security_store: Option<u32>,
}

impl Pdf {
    /// One page that says `text`, which must be plain ASCII without parentheses.
    pub fn new(text: &str, cross_reference: CrossReference) -> Self {
        let mut pdf = Self {
            bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            cross_reference,
            next: 6,
            last: 0,
            fields: Vec::new(),
            security_store: None,
        };
        let objects = vec![
            (1, pdf.catalog()),
            (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec()),
            (3, pdf.page()),
            (4, page_content(text)),
            (
                5,
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
            ),
        ];
        pdf.append(&objects);
        pdf
    }

    /// The file as it is now.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Signs in an incremental update; `finish` may stamp the CMS before it is put in.
    ///
    /// # Errors
    /// When the CMS cannot be made or does not fit into what is reserved.
    pub fn sign(
        &mut self,
        spec: &PadesSpec,
        signer: &Entity,
        finish: impl FnOnce(&mut Signed) -> Result<()>,
    ) -> Result<()> {
        let entries = format!("/M ({}) {}", pdf_date(spec.time), spec.entries);
        let hole = self.signature_dictionary("Sig", &spec.sub_filter, &entries, spec);
        let ranges = self.fill_byte_range(&hole, spec.flaw)?;
        let mut cms = spec.cms.clone();
        cms.detached = spec.flaw != Flaw::EmbeddedContent;
        let mut signed = cades::sign(&cms, &ranges, signer)?;
        finish(&mut signed)?;
        self.fill_contents(&hole, &signed.der(), spec.flaw)?;
        if spec.flaw == Flaw::ChangedOctet {
            self.flip_page_text();
        }
        Ok(())
    }

    /// Adds a document time-stamp as the honest authority would give it.
    ///
    /// # Errors
    /// When the token does not fit into what is reserved.
    pub fn stamp(&mut self, pki: &Pki, time: i64) -> Result<()> {
        let spec = PadesSpec::new(time);
        let hole = self.signature_dictionary("DocTimeStamp", "ETSI.RFC3161", "", &spec);
        let ranges = self.fill_byte_range(&hole, Flaw::None)?;
        let tsa = &pki.tsa_p256;
        let token = tsa::token(&TokenSpec::over(&ranges, Hash::Sha256, time, tsa), tsa)?;
        self.fill_contents(&hole, &token, Flaw::None)
    }

    /// Adds a document security store with these values.
    pub fn add_security_store(&mut self, values: &LongTermValues) {
        let mut objects = Vec::new();
        let mut array = |members: &[Vec<u8>], next: &mut u32| {
            let mut references = String::new();
            for member in members {
                references += &format!("{next} 0 R ");
                objects.push((*next, stream("", member)));
                *next += 1;
            }
            references
        };
        let certs = array(&values.certificates, &mut self.next);
        let crls = array(&values.crls, &mut self.next);
        let ocsps = array(&values.ocsps, &mut self.next);
        let store = format!("<< /Type /DSS /Certs [{certs}] /CRLs [{crls}] /OCSPs [{ocsps}] >>");
        objects.push((self.next, store.into_bytes()));
        self.security_store = Some(self.next);
        self.next += 1;
        objects.push((1, self.catalog()));
        self.append(&objects);
    }

    /// Replaces the text of the page in an update that nobody signs.
    pub fn edit(&mut self, text: &str) {
        self.append(&[(4, page_content(text))]);
    }

    fn catalog(&self) -> Vec<u8> {
        let mut out = "<< /Type /Catalog /Pages 2 0 R".to_owned();
        if !self.fields.is_empty() {
            let fields = references(&self.fields);
            out += &format!(" /AcroForm << /Fields [{fields}] /SigFlags 3 >>");
        }
        if let Some(store) = self.security_store {
            out += &format!(" /DSS {store} 0 R");
        }
        (out + " >>").into_bytes()
    }

    fn page(&self) -> Vec<u8> {
        let annotations = match self.fields.as_slice() {
            [] => String::new(),
            fields => format!(" /Annots [{}]", references(fields)),
        };
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >>{annotations} >>"
        )
        .into_bytes()
    }

    /// Appends field and dictionary, with room for ByteRange and Contents.
    fn signature_dictionary(
        &mut self,
        kind: &str,
        sub_filter: &str,
        entries: &str,
        spec: &PadesSpec,
    ) -> Hole {
        let (field, dictionary) = (self.next, self.next + 1);
        self.next += 2;
        let value = format!(
            "<< /Type /{kind} /Filter /Adobe.PPKLite /SubFilter /{sub_filter} {entries}\
             /ByteRange {} /Contents <{}> >>",
            " ".repeat(RANGE_WIDTH),
            "0".repeat(spec.reserved * 2)
        );
        let mut objects = vec![(dictionary, value.into_bytes())];
        if spec.flaw != Flaw::Orphan {
            self.fields.push(field);
            let name = format!("Signature{}", self.fields.len());
            let widget = format!(
                "<< /FT /Sig /T ({name}) /V {dictionary} 0 R /Type /Annot /Subtype /Widget \
                 /Rect [0 0 0 0] /F 132 /P 3 0 R >>"
            );
            objects.push((field, widget.into_bytes()));
            objects.push((1, self.catalog()));
            objects.push((3, self.page()));
        }
        let start = self.bytes.len();
        self.append(&objects);
        let find = |mark: &[u8]| {
            let appended = self.bytes.get(start..).unwrap_or_default();
            let at = appended
                .windows(mark.len())
                .position(|window| window == mark);
            start + at.unwrap_or_default() + mark.len()
        };
        let contents = find(b"/Contents ");
        Hole {
            range: find(b"/ByteRange "),
            contents,
            end: contents + spec.reserved * 2 + 2,
        }
    }

    /// Writes ByteRange and gives the octets that it covers.
    fn fill_byte_range(&mut self, hole: &Hole, flaw: Flaw) -> Result<Vec<u8>> {
        let length = self.bytes.len();
        let (mut first, mut gap, mut second) = (0, hole.contents, length - hole.end);
        match flaw {
            Flaw::GapTooWide => gap -= 1,
            // `%%EOF` and its line end.
            Flaw::RangeTooShort => second -= 6,
            Flaw::RangeWithoutLineEnd => second -= 1,
            Flaw::RangeStartsLate => first = 1,
            _ => {}
        }
        let text = match flaw {
            Flaw::RangeOfThree => format!("[{first} {} {}]", gap - first, hole.end),
            _ => format!("[{first} {} {} {second}]", gap - first, hole.end),
        };
        self.put(hole.range, text.as_bytes())?;
        let part = |from: usize, to: usize| self.bytes.get(from..to).unwrap_or_default();
        Ok([part(first, gap), part(hole.end, hole.end + second)].concat())
    }

    fn fill_contents(&mut self, hole: &Hole, cms: &[u8], flaw: Flaw) -> Result<()> {
        let mut text: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
        if flaw == Flaw::Padding {
            text += "00ff";
        }
        if hole.contents + text.len() + 2 > hole.end {
            return Err(Error::new(format!(
                "{} octets of CMS are too many",
                cms.len()
            )));
        }
        self.put(hole.contents + 1, text.as_bytes())
    }

    fn put(&mut self, at: usize, octets: &[u8]) -> Result<()> {
        let place = self.bytes.get_mut(at..at + octets.len());
        place
            .ok_or_else(|| Error::new("beyond the end of the file"))?
            .copy_from_slice(octets);
        Ok(())
    }

    /// Changes a letter of the page's text where it was first written.
    fn flip_page_text(&mut self) {
        let at = self.bytes.windows(4).position(|window| window == b") Tj");
        if let Some(octet) = at.and_then(|at| self.bytes.get_mut(at - 1)) {
            *octet ^= 1;
        }
    }

    /// Appends objects, cross-reference section and trailer as one revision.
    fn append(&mut self, objects: &[(u32, Vec<u8>)]) {
        let mut offsets: Vec<(u32, usize)> = Vec::new();
        for (number, body) in objects {
            offsets.push((*number, self.bytes.len()));
            self.bytes.extend(format!("{number} 0 obj\n").bytes());
            self.bytes.extend_from_slice(body);
            self.bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = self.bytes.len();
        let previous = if self.last == 0 {
            String::new()
        } else {
            format!(" /Prev {}", self.last)
        };
        let id = "<696d7a6120746573742066696c652030>";
        let section = match self.cross_reference {
            CrossReference::Table => {
                offsets.sort_unstable();
                let mut out = "xref\n".to_owned();
                if self.last == 0 {
                    out += "0 1\n0000000000 65535 f \n";
                }
                for (number, offset) in &offsets {
                    out += &format!("{number} 1\n{offset:010} 00000 n \n");
                }
                out += &format!(
                    "trailer\n<< /Size {} /Root 1 0 R /ID [{id} {id}]{previous} >>\n",
                    self.next
                );
                out.into_bytes()
            }
            CrossReference::Stream => {
                let number = self.next;
                self.next += 1;
                offsets.push((number, start));
                offsets.sort_unstable();
                let (mut index, mut rows) = (String::new(), Vec::new());
                if self.last == 0 {
                    index += "0 1 ";
                    rows.extend_from_slice(&[0, 0, 0, 0, 0, 0xff, 0xff]);
                }
                for (number, offset) in &offsets {
                    index += &format!("{number} 1 ");
                    rows.push(1);
                    rows.extend_from_slice(
                        &u32::try_from(*offset).unwrap_or(u32::MAX).to_be_bytes(),
                    );
                    rows.extend_from_slice(&[0, 0]);
                }
                let entries = format!(
                    "/Type /XRef /Size {} /W [1 4 2] /Index [{index}] /Root 1 0 R \
                     /ID [{id} {id}]{previous} ",
                    self.next
                );
                let mut out = format!("{number} 0 obj\n").into_bytes();
                out.extend(stream(&entries, &rows));
                out.extend_from_slice(b"\nendobj\n");
                out
            }
        };
        self.bytes.extend(section);
        self.bytes
            .extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        self.last = start;
    }
}

/// The room that ByteRange takes, whatever its numbers.
const RANGE_WIDTH: usize = 48;

/// Where ByteRange and Contents are to be written.
struct Hole {
    range: usize,
    /// The `<` of the string.
    contents: usize,
    /// The octet after its `>`.
    end: usize,
}

fn references(numbers: &[u32]) -> String {
    numbers
        .iter()
        .map(|number| format!("{number} 0 R "))
        .collect()
}

fn page_content(text: &str) -> Vec<u8> {
    stream(
        "",
        format!("BT /F1 14 Tf 72 760 Td ({text}) Tj ET").as_bytes(),
    )
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {entries}/Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
    out
}

fn pdf_date(time: i64) -> String {
    let c = civil(time);
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::FIXED_TIME;

    #[test]
    fn updates_leave_what_was_there() {
        let pki = Pki::fixed().unwrap();
        for cross_reference in [CrossReference::Table, CrossReference::Stream] {
            let mut pdf = Pdf::new("Tikinti icazesi", cross_reference);
            let before = pdf.bytes().to_vec();
            let spec = PadesSpec::new(FIXED_TIME);
            pdf.sign(&spec, &pki.citizen_p256, |signed| {
                signed.stamp(&pki, FIXED_TIME)
            })
            .unwrap();
            assert!(pdf.bytes().starts_with(&before));
            let signed = pdf.bytes().to_vec();
            pdf.add_security_store(&LongTermValues::default());
            pdf.stamp(&pki, FIXED_TIME).unwrap();
            pdf.edit("Something else");
            assert!(pdf.bytes().starts_with(&signed));
        }
    }

    #[test]
    fn a_signature_that_does_not_fit_is_refused() {
        let pki = Pki::fixed().unwrap();
        let mut pdf = Pdf::new("x", CrossReference::Table);
        let spec = PadesSpec {
            reserved: 100,
            ..PadesSpec::new(FIXED_TIME)
        };
        assert!(pdf.sign(&spec, &pki.citizen_p256, |_| Ok(())).is_err());
    }
}
