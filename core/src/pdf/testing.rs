//! PDF files made in code, and the opening of files in tests.

use super::{Document, Opening, Password};
use crate::error::Error;
use crate::job::InputId;
use crate::limits::Budget;
use crate::source::testing::Host;
use crate::source::{Advance, Source};

/// Builds a file update by update.
pub(super) struct Builder {
    pub(super) octets: Vec<u8>,
    entries: Vec<(u32, u64)>,
    previous: Option<u64>,
    size: u32,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            octets: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            entries: Vec::new(),
            previous: None,
            size: 1,
        }
    }

    pub(super) fn here(&self) -> u64 {
        self.octets.len() as u64
    }

    pub(super) fn raw(&mut self, text: impl AsRef<[u8]>) -> &mut Self {
        self.octets.extend_from_slice(text.as_ref());
        self
    }

    pub(super) fn object(&mut self, number: u32, value: impl AsRef<[u8]>) -> &mut Self {
        self.entries.push((number, self.here()));
        self.size = self.size.max(number + 1);
        self.raw(format!("{number} 0 obj\n"))
            .raw(value)
            .raw("\nendobj\n")
    }

    pub(super) fn stream(&mut self, number: u32, keys: &str, data: &[u8]) -> &mut Self {
        let head = format!("<<{keys}/Length {}>>\nstream\n", data.len());
        let value = [head.as_bytes(), data, b"\nendstream"].concat();
        self.object(number, value)
    }

    /// Ends the update with a table.
    pub(super) fn table(&mut self, keys: &str) -> &mut Self {
        let at = self.here();
        self.raw("xref\n");
        if self.previous.is_none() {
            self.raw("0 1\n0000000000 65535 f \n");
        }
        for (number, offset) in std::mem::take(&mut self.entries) {
            self.raw(format!("{number} 1\n{offset:010} 00000 n \n"));
        }
        let previous = self.previous_key();
        self.raw(format!(
            "trailer\n<</Size {}{previous}{keys}>>\n",
            self.size
        ));
        self.end(at)
    }

    /// Ends the update with a stream, which gets `number`; `hidden` objects are in object streams.
    pub(super) fn xref_stream(
        &mut self,
        number: u32,
        hidden: &[(u32, u32, u32)],
        keys: &str,
    ) -> &mut Self {
        let at = self.here();
        self.size = self.size.max(number + 1);
        let previous = self.previous_key();
        let head = self.xref_stream_object(number, hidden, &format!("{previous}{keys}"));
        self.raw(head);
        self.end(at)
    }

    /// The octets of a cross-reference stream with the entries so far.
    pub(super) fn xref_stream_object(
        &mut self,
        number: u32,
        hidden: &[(u32, u32, u32)],
        keys: &str,
    ) -> Vec<u8> {
        let (mut index, mut data) = (String::new(), Vec::new());
        for (number, offset) in std::mem::take(&mut self.entries) {
            index += &format!("{number} 1 ");
            data.push(1);
            data.extend_from_slice(&(offset as u32).to_be_bytes());
            data.push(0);
        }
        for (number, container, position) in hidden {
            index += &format!("{number} 1 ");
            data.push(2);
            data.extend_from_slice(&container.to_be_bytes());
            data.push(*position as u8);
        }
        let size = self.size;
        let length = data.len();
        let head = format!(
            "{number} 0 obj\n<</Type/XRef/W[1 4 1]/Index[{index}]/Size {size}/Length {length}{keys}>>\nstream\n"
        );
        [head.as_bytes(), &data, b"\nendstream\nendobj\n"].concat()
    }

    fn previous_key(&self) -> String {
        self.previous
            .map_or_else(String::new, |previous| format!("/Prev {previous}"))
    }

    pub(super) fn end(&mut self, startxref: u64) -> &mut Self {
        self.previous = Some(startxref);
        self.raw(format!("startxref\n{startxref}\n%%EOF\n"))
    }

    /// An empty document with a form of `fields`.
    pub(super) fn form(&mut self, fields: &str) -> &mut Self {
        self.object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>")
            .object(2, "<</Type/Pages/Kids[]/Count 0>>")
            .object(3, format!("<</SigFlags 3/Fields[{fields}]>>"))
    }
}

/// A signature dictionary whose ByteRange is filled in by [`fill`].
pub(super) fn unfilled(contents: &str) -> String {
    format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
         /ByteRange[0 {HOLE} {HOLE} {HOLE}]/Contents<{contents}>/M(D:20240102030405Z)>>"
    )
}

const HOLE: &str = "##########";

/// Puts the right numbers into the last unfilled ByteRange.
pub(super) fn fill(octets: &mut [u8]) {
    let find = |octets: &[u8], what: &[u8]| {
        octets
            .windows(what.len())
            .rposition(|window| window == what)
            .unwrap()
    };
    let range = find(octets, b"/ByteRange[0 #");
    let start = range + find(&octets[range..], b"/Contents<") + 9;
    let end = start
        + octets[start..]
            .iter()
            .position(|octet| *octet == b'>')
            .unwrap()
        + 1;
    let numbers = [start, end, octets.len() - end];
    for (index, number) in numbers.into_iter().enumerate() {
        let at = range + b"/ByteRange[0 ".len() + index * (HOLE.len() + 1);
        octets[at..at + HOLE.len()].copy_from_slice(format!("{number:010}").as_bytes());
    }
}

/// A file with one signature that follows every rule.
pub(super) fn signed(contents: &str) -> Builder {
    let mut file = Builder::new();
    file.form("4 0 R")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(5, unfilled(contents))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    file
}

pub(super) struct Opened {
    pub(super) document: Document,
    pub(super) budget: Budget,
    pub(super) host: Host,
    pub(super) source: Source,
}

/// Opens a file at hand.
pub(super) fn open(octets: &[u8]) -> Result<Document, Error> {
    open_with(octets, None, Budget::default()).map(|opened| opened.document)
}

/// Opens a file by pages of some size, or at hand.
pub(super) fn open_with(octets: &[u8], page: Option<u64>, budget: Budget) -> Result<Opened, Error> {
    open_protected(octets, page, budget, None)
}

/// Opens a file that may need a password.
pub(super) fn open_protected(
    octets: &[u8],
    page: Option<u64>,
    mut budget: Budget,
    password: Option<Password>,
) -> Result<Opened, Error> {
    let mut host = Host::new(vec![octets.to_vec()]);
    let inputs = if page.is_some() {
        host.paged()
    } else {
        host.at_hand()
    };
    let mut source = Source::file(inputs, InputId(0), page.unwrap_or(4096)).unwrap();
    let mut opening = Opening::new(&source).with_password(password);
    loop {
        let step = host.run(&mut source, |source| opening.advance(source, &mut budget))?;
        if let Advance::Done(document) = step {
            return Ok(Opened {
                document,
                budget,
                host,
                source,
            });
        }
    }
}
