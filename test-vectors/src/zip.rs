//! A ZIP writer for containers, right or wrong as asked: everything stored, nothing compressed.

/// An entry, with what the headers say when that shall differ from the truth.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The name in the directory.
    pub name: String,
    /// The octets.
    pub bytes: Vec<u8>,
    /// The name in the local header, when it shall be another.
    pub local_name: Option<String>,
    /// The CRC-32 in both headers, when it shall be another.
    pub crc32: Option<u32>,
    /// Octets before the local header that belong to nothing.
    pub gap: Vec<u8>,
    /// An extra field in the local header.
    pub extra: Vec<u8>,
}

impl Entry {
    /// An entry as it should be.
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            ..Self::default()
        }
    }
}

/// Writes the entries in the order given, dated 1980-01-01.
///
/// Names are marked as UTF-8 when they are not ASCII. Files of 4 GiB and more are beyond it.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        out.extend_from_slice(&entry.gap);
        let offset = size(out.len());
        let crc = entry.crc32.unwrap_or_else(|| crc32(&entry.bytes));
        let flags: u16 = if entry.name.is_ascii() { 0 } else { 1 << 11 };
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        let length = size(entry.bytes.len());

        // version needed, flags, method, time, date, CRC-32, both sizes
        let mut common = Vec::new();
        for value in [20, flags, 0, 0, 0x21] {
            common.extend_from_slice(&value.to_le_bytes());
        }
        for value in [crc, length, length] {
            common.extend_from_slice(&value.to_le_bytes());
        }

        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(&short(local_name.len()));
        out.extend_from_slice(&short(entry.extra.len()));
        out.extend_from_slice(local_name.as_bytes());
        out.extend_from_slice(&entry.extra);
        out.extend_from_slice(&entry.bytes);

        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&short(entry.name.len()));
        // extra length, comment length, disk, internal attributes; external attributes
        directory.extend_from_slice(&[0; 12]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(entry.name.as_bytes());
    }
    let start = size(out.len());
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&short(entries.len()));
    out.extend_from_slice(&short(entries.len()));
    out.extend_from_slice(&size(directory.len()).to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes()
}

/// The CRC-32 of APPNOTE.TXT §4.4.7, bit by bit.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for octet in bytes {
        crc ^= u32::from(*octet);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc32() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn the_first_entry_stands_at_the_start() {
        let zip = write(&[Entry::new("mimetype", b"application/vnd.etsi.asic-e+zip")]);
        assert_eq!(&zip[30..38], b"mimetype");
        assert_eq!(&zip[38..69], b"application/vnd.etsi.asic-e+zip");
    }
}
