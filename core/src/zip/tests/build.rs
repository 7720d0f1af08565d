//! Builds containers field by field, so that every field can be wrong.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

#[derive(Clone)]
pub(super) struct File {
    pub(super) name: Vec<u8>,
    pub(super) local_name: Vec<u8>,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) local_flags: u16,
    pub(super) crc32: u32,
    pub(super) size: u32,
    pub(super) declared: Option<u32>,
    pub(super) local: Option<(u32, u32, u32)>,
    pub(super) data: Vec<u8>,
    pub(super) after: Vec<u8>,
    pub(super) local_extra: Vec<u8>,
    pub(super) extra: Vec<u8>,
    pub(super) offset: Option<u32>,
    pub(super) made_by: u16,
    pub(super) attributes: u32,
}

impl File {
    pub(super) fn stored(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            local_name: name.into(),
            method: 0,
            flags: 0,
            local_flags: 0,
            crc32: crc32fast::hash(content),
            size: content.len() as u32,
            declared: None,
            local: None,
            data: content.to_vec(),
            after: Vec::new(),
            local_extra: Vec::new(),
            extra: Vec::new(),
            offset: None,
            made_by: 20,
            attributes: 0,
        }
    }

    pub(super) fn deflated(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        Self {
            method: 8,
            data: encoder.finish().unwrap(),
            ..Self::stored(name, content)
        }
    }

    pub(super) fn named(mut self, name: &[u8]) -> Self {
        self.name = name.to_vec();
        self.local_name = name.to_vec();
        self
    }

    pub(super) fn flagged(mut self, flags: u16) -> Self {
        self.flags = flags;
        self.local_flags = flags;
        self
    }

    pub(super) fn csize(&self) -> u32 {
        self.declared.unwrap_or(self.data.len() as u32)
    }

    /// With a descriptor of this form behind the data.
    pub(super) fn described(mut self, with_signature: bool, is_wide: bool) -> Self {
        self = self.flagged(8);
        self.local = Some((0, 0, 0));
        if with_signature {
            self.after.extend(b"PK\x07\x08");
        }
        self.after.extend(self.crc32.to_le_bytes());
        for size in [self.csize(), self.size] {
            if is_wide {
                self.after.extend(u64::from(size).to_le_bytes());
            } else {
                self.after.extend(size.to_le_bytes());
            }
        }
        self
    }

    fn header(&self) -> Vec<u8> {
        let (crc32, csize, size) = self.local.unwrap_or((self.crc32, self.csize(), self.size));
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        out.extend(self.local_flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0, 0, 0x21, 0]);
        for value in [crc32, csize, size] {
            out.extend(value.to_le_bytes());
        }
        out.extend((self.local_name.len() as u16).to_le_bytes());
        out.extend((self.local_extra.len() as u16).to_le_bytes());
        out.extend(&self.local_name);
        out.extend(&self.local_extra);
        out
    }

    pub(super) fn record(&self, offset: u32) -> Vec<u8> {
        let mut out = b"PK\x01\x02".to_vec();
        out.extend(self.made_by.to_le_bytes());
        out.extend([20, 0]);
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0, 0, 0x21, 0]);
        for value in [self.crc32, self.csize(), self.size] {
            out.extend(value.to_le_bytes());
        }
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend((self.extra.len() as u16).to_le_bytes());
        out.extend([0; 6]);
        out.extend(self.attributes.to_le_bytes());
        out.extend(self.offset.unwrap_or(offset).to_le_bytes());
        out.extend(&self.name);
        out.extend(&self.extra);
        out
    }
}

/// The end record.
pub(super) fn end(count: u16, size: u32, offset: u32, comment: &[u8]) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend((comment.len() as u16).to_le_bytes());
    out.extend(comment);
    out
}

/// The files with their headers, and the directory.
pub(super) fn parts(files: &[File], start: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        directory.extend(file.record((start + body.len()) as u32));
        body.extend(file.header());
        body.extend(&file.data);
        body.extend(&file.after);
    }
    (body, directory)
}

pub(super) fn container(files: &[File]) -> Vec<u8> {
    with_comment(files, b"")
}

pub(super) fn with_comment(files: &[File], comment: &[u8]) -> Vec<u8> {
    let (mut out, directory) = parts(files, 0);
    let offset = out.len() as u32;
    out.extend(&directory);
    let count = files.len() as u16;
    out.extend(end(count, directory.len() as u32, offset, comment));
    out
}

/// The ZIP64 end record, with extensible data.
pub(super) fn wide_end(count: u64, size: u64, offset: u64, extensible: &[u8]) -> Vec<u8> {
    let mut out = b"PK\x06\x06".to_vec();
    out.extend((44 + extensible.len() as u64).to_le_bytes());
    out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [count, count, size, offset] {
        out.extend(value.to_le_bytes());
    }
    out.extend(extensible);
    out
}

/// The ZIP64 locator.
pub(super) fn locator(at: u64) -> Vec<u8> {
    [&b"PK\x06\x07\0\0\0\0"[..], &at.to_le_bytes(), &[1, 0, 0, 0]].concat()
}

/// A Unicode path field of a name of these octets.
pub(super) fn unicode_path(octets: &[u8], path: &str) -> Vec<u8> {
    let mut out = vec![0x75, 0x70];
    out.extend((5 + path.len() as u16).to_le_bytes());
    out.push(1);
    out.extend(crc32fast::hash(octets).to_le_bytes());
    out.extend(path.as_bytes());
    out
}
