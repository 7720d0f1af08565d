//! The fixed records of a ZIP file, as they stand in the bytes.

use crate::error::{Malformed, MalformedKind};
use crate::source::length_of;

/// Signature of a local file header, APPNOTE §4.3.7.
pub(super) const LOCAL: u32 = 0x0403_4b50;
/// Signature of a directory record, APPNOTE §4.3.12.
pub(super) const CENTRAL: u32 = 0x0201_4b50;
/// Signature of the end of central directory record, APPNOTE §4.3.16.
pub(super) const END: u32 = 0x0605_4b50;
/// Signature of the ZIP64 end of central directory record, APPNOTE §4.3.14.
pub(super) const END64: u32 = 0x0606_4b50;
/// Signature of the ZIP64 locator, APPNOTE §4.3.15.
pub(super) const LOCATOR: u32 = 0x0706_4b50;
/// Signature of a data descriptor, APPNOTE §4.3.9.3.
pub(super) const DESCRIPTOR: u32 = 0x0807_4b50;

pub(super) const LOCAL_LENGTH: u64 = 30;
pub(super) const CENTRAL_LENGTH: u64 = 46;
pub(super) const END_LENGTH: u64 = 22;
pub(super) const END64_LENGTH: u64 = 56;
pub(super) const LOCATOR_LENGTH: u64 = 20;

/// Bit 0: encrypted. APPNOTE §4.4.4.
pub(super) const ENCRYPTED: u16 = 1;
/// Bit 3: sizes and checksum stand in a descriptor behind the data.
pub(super) const DESCRIBED: u16 = 1 << 3;
/// Bit 6: strong encryption.
pub(super) const STRONG: u16 = 1 << 6;
/// Bit 11: name and comment are UTF-8.
pub(super) const UTF8: u16 = 1 << 11;
/// Bit 13: the directory is encrypted, local headers are masked.
pub(super) const MASKED: u16 = 1 << 13;
/// The bits that change what is read.
pub(super) const MEANINGFUL: u16 = ENCRYPTED | DESCRIBED | STRONG | UTF8 | MASKED;

/// Method 0: stored. APPNOTE §4.4.5.
pub(super) const STORED: u16 = 0;
/// Method 8: deflated.
pub(super) const DEFLATED: u16 = 8;

/// A 32-bit field whose value stands in the ZIP64 extra field.
pub(super) const SATURATED: u32 = u32::MAX;
pub(super) const SATURATED_COUNT: u16 = u16::MAX;

/// Reads little-endian numbers in order; `None` past the end.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

/// End of central directory record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) disk: u16,
    pub(super) directory_disk: u16,
    pub(super) entries_here: u16,
    pub(super) entries: u16,
    pub(super) size: u32,
    pub(super) offset: u32,
    pub(super) comment_length: u16,
}

impl End {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.u32()? != END {
            return None;
        }
        Some(Self {
            disk: fields.u16()?,
            directory_disk: fields.u16()?,
            entries_here: fields.u16()?,
            entries: fields.u16()?,
            size: fields.u32()?,
            offset: fields.u32()?,
            comment_length: fields.u16()?,
        })
    }

    pub(super) fn is_saturated(&self) -> bool {
        self.entries == SATURATED_COUNT
            || self.entries_here == SATURATED_COUNT
            || self.size == SATURATED
            || self.offset == SATURATED
    }
}

/// ZIP64 end of central directory record, without its extensible data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End64 {
    /// Length of the whole record.
    pub(super) length: u64,
    pub(super) disk: u32,
    pub(super) directory_disk: u32,
    pub(super) entries_here: u64,
    pub(super) entries: u64,
    pub(super) size: u64,
    pub(super) offset: u64,
}

impl End64 {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.u32()? != END64 {
            return None;
        }
        let length = fields.u64()?.checked_add(12)?;
        let _versions = fields.u32()?;
        Some(Self {
            length,
            disk: fields.u32()?,
            directory_disk: fields.u32()?,
            entries_here: fields.u64()?,
            entries: fields.u64()?,
            size: fields.u64()?,
            offset: fields.u64()?,
        })
    }
}

/// ZIP64 end of central directory locator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Locator {
    pub(super) disk: u32,
    /// Where the record stands.
    pub(super) at: u64,
    pub(super) disks: u32,
}

impl Locator {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.u32()? != LOCATOR {
            return None;
        }
        Some(Self {
            disk: fields.u32()?,
            at: fields.u64()?,
            disks: fields.u32()?,
        })
    }
}

/// A record of the directory, with the ZIP64 values already in place.
#[derive(Clone, Debug)]
pub(super) struct Central<'a> {
    pub(super) made_by: u16,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    pub(super) compressed_size: u64,
    pub(super) size: u64,
    pub(super) header_offset: u64,
    pub(super) attributes: u32,
    pub(super) disk: u32,
    pub(super) name: &'a [u8],
    pub(super) extra: &'a [u8],
    /// Length of the whole record.
    pub(super) length: u64,
    /// Where in the record the header's offset stands, and whether it has 64 bits.
    pub(super) offset_at: u32,
    pub(super) offset_is_wide: bool,
}

/// What a parser of records says.
pub(super) enum Parsed<T> {
    Record(T),
    /// More octets are needed.
    Incomplete,
}

impl<'a> Central<'a> {
    /// Reads the record at the start of `bytes`, which stands at `at`.
    pub(super) fn parse(bytes: &'a [u8], at: u64) -> Result<Parsed<Self>, Malformed> {
        let wrong = || Malformed::at(MalformedKind::ZipRecord, at);
        let mut fields = Fields(bytes);
        match fields.u32() {
            Some(CENTRAL) => {}
            Some(_) => return Err(wrong()),
            None => return Ok(Parsed::Incomplete),
        }
        let Some(mut record) = Self::fields(&mut fields) else {
            return Ok(Parsed::Incomplete);
        };
        record.length = length_of(bytes).saturating_sub(length_of(fields.0));
        record.widen().ok_or_else(wrong)?;
        Ok(Parsed::Record(record))
    }

    fn fields(fields: &mut Fields<'a>) -> Option<Self> {
        let made_by = fields.u16()?;
        let _needed = fields.u16()?;
        let flags = fields.u16()?;
        let method = fields.u16()?;
        let _time = fields.u32()?;
        let crc32 = fields.u32()?;
        let compressed_size = fields.u32()?.into();
        let size = fields.u32()?.into();
        let name_length = fields.u16()?;
        let extra_length = fields.u16()?;
        let comment_length = fields.u16()?;
        let disk = fields.u16()?.into();
        let _internal = fields.u16()?;
        let attributes = fields.u32()?;
        let header_offset = fields.u32()?.into();
        let name = fields.take(name_length.into())?;
        let extra = fields.take(extra_length.into())?;
        fields.take(comment_length.into())?;
        Some(Self {
            made_by,
            flags,
            method,
            crc32,
            compressed_size,
            size,
            header_offset,
            attributes,
            disk,
            name,
            extra,
            length: 0,
            offset_at: OFFSET_FIELD,
            offset_is_wide: false,
        })
    }

    /// Takes saturated fields from the ZIP64 extra field; `None` when they are not there.
    fn widen(&mut self) -> Option<()> {
        let saturated = u64::from(SATURATED);
        let wide = [self.size, self.compressed_size, self.header_offset].contains(&saturated)
            || self.disk == u32::from(SATURATED_COUNT);
        if !wide {
            return Some(());
        }
        let (value, at) = extra_field(self.extra, ZIP64_EXTRA)?;
        let mut fields = Fields(value);
        if self.size == saturated {
            self.size = fields.u64()?;
        }
        if self.compressed_size == saturated {
            self.compressed_size = fields.u64()?;
        }
        if self.header_offset == saturated {
            let inside = value.len().saturating_sub(fields.0.len());
            self.header_offset = fields.u64()?;
            let name_and_field = self.name.len().saturating_add(at).saturating_add(inside);
            self.offset_at = u32::try_from(name_and_field)
                .ok()?
                .checked_add(CENTRAL_LENGTH_32)?;
            self.offset_is_wide = true;
        }
        if self.disk == u32::from(SATURATED_COUNT) {
            self.disk = fields.u32()?;
        }
        Some(())
    }
}

/// Where the header's offset stands in a directory record.
const OFFSET_FIELD: u32 = 42;
/// [`CENTRAL_LENGTH`] in the width of that place.
const CENTRAL_LENGTH_32: u32 = 46;

/// ZIP64 extended information, APPNOTE §4.5.3.
pub(super) const ZIP64_EXTRA: u16 = 0x0001;
/// Info-ZIP Unicode path, APPNOTE §4.6.9.
pub(super) const UNICODE_PATH: u16 = 0x7075;

/// The value of the first extra field of a kind and where it begins; a broken list ends the search.
pub(super) fn extra_field(extra: &[u8], wanted: u16) -> Option<(&[u8], usize)> {
    extra_fields(extra)
        .find(|field| field.id == wanted)
        .and_then(|field| Some((field.value?, field.at)))
}

/// An extra field, APPNOTE §4.5.1.
pub(super) struct ExtraField<'a> {
    pub(super) id: u16,
    /// `None` where it would reach beyond the list.
    pub(super) value: Option<&'a [u8]>,
    /// Where the value begins in the list.
    pub(super) at: usize,
}

/// All extra fields; octets at the end that are too few for a field are padding.
pub(super) fn extra_fields(extra: &[u8]) -> impl Iterator<Item = ExtraField<'_>> {
    let mut fields = Fields(extra);
    std::iter::from_fn(move || {
        let id = fields.u16()?;
        let length = fields.u16()?;
        let at = extra.len().saturating_sub(fields.0.len());
        let value = fields.take(length.into());
        if value.is_none() {
            fields = Fields(&[]);
        }
        Some(ExtraField { id, value, at })
    })
}

/// A local file header, with the ZIP64 values already in place.
#[derive(Clone, Debug)]
pub(super) struct Local<'a> {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    pub(super) compressed_size: u64,
    pub(super) size: u64,
    pub(super) name: &'a [u8],
    pub(super) extra: &'a [u8],
}

/// Lengths of name and extra field of the local header at the start of `bytes`.
pub(super) fn local_variable_length(bytes: &[u8]) -> Option<u64> {
    let mut fields = Fields(bytes);
    if fields.u32()? != LOCAL {
        return None;
    }
    fields.take(22)?;
    let name: u64 = fields.u16()?.into();
    let extra: u64 = fields.u16()?.into();
    Some(name.saturating_add(extra))
}

impl<'a> Local<'a> {
    /// Reads a whole header; `None` when it is none.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.u32()? != LOCAL {
            return None;
        }
        let _needed = fields.u16()?;
        let flags = fields.u16()?;
        let method = fields.u16()?;
        let _time = fields.u32()?;
        let crc32 = fields.u32()?;
        let mut compressed_size = fields.u32()?.into();
        let mut size = fields.u32()?.into();
        let name_length = fields.u16()?;
        let extra_length = fields.u16()?;
        let name = fields.take(name_length.into())?;
        let extra = fields.take(extra_length.into())?;
        let saturated = u64::from(SATURATED);
        if (size == saturated || compressed_size == saturated)
            && let Some((value, _)) = extra_field(extra, ZIP64_EXTRA)
        {
            let mut wide = Fields(value);
            if size == saturated {
                size = wide.u64()?;
            }
            if compressed_size == saturated {
                compressed_size = wide.u64()?;
            }
        }
        Some(Self {
            flags,
            method,
            crc32,
            compressed_size,
            size,
            name,
            extra,
        })
    }
}

/// The values of a data descriptor: checksum, compressed size, size. The length tells its form:
/// with or without a signature, with 32 or 64 bits a size.
pub(super) fn descriptor(bytes: &[u8]) -> Option<(u32, u64, u64)> {
    let mut fields = Fields(bytes);
    if matches!(bytes.len(), 16 | 24) && fields.u32()? != DESCRIPTOR {
        return None;
    }
    let crc32 = fields.u32()?;
    match fields.0.len() {
        8 => Some((crc32, fields.u32()?.into(), fields.u32()?.into())),
        16 => Some((crc32, fields.u64()?, fields.u64()?)),
        _ => None,
    }
}
