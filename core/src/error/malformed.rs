//! Errors of parsers: what, where, and which clause.

/// Where in the input something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Position {
    /// Byte offset in the structure that was parsed.
    Offset(u64),
    /// Line and column, both from 1, in an XML text.
    Line {
        /// Line.
        line: u32,
        /// Column, in characters.
        column: u32,
    },
    /// A named element, entry or object; a name of the format, never of a person.
    Element(&'static str),
    /// Not known.
    Unknown,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offset(offset) => write!(f, "at byte {offset}"),
            Self::Line { line, column } => write!(f, "at line {line}, column {column}"),
            Self::Element(name) => write!(f, "in {name}"),
            Self::Unknown => f.write_str("at an unknown place"),
        }
    }
}

/// The input does not follow its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong; knows the format and the clause.
    pub kind: MalformedKind,
    /// Where.
    pub at: Position,
    /// The value wanted, where it is a number.
    pub expected: Option<u64>,
    /// The value found, where it is a number.
    pub found: Option<u64>,
}

impl Malformed {
    /// `kind` at a byte offset.
    #[must_use]
    pub fn at(kind: MalformedKind, offset: u64) -> Self {
        Self {
            kind,
            at: Position::Offset(offset),
            expected: None,
            found: None,
        }
    }

    /// `kind` in a named element.
    #[must_use]
    pub fn within(kind: MalformedKind, element: &'static str) -> Self {
        Self {
            kind,
            at: Position::Element(element),
            expected: None,
            found: None,
        }
    }

    /// With the two compared numbers.
    #[must_use]
    pub fn compared(mut self, expected: u64, found: u64) -> Self {
        self.expected = Some(expected);
        self.found = Some(found);
        self
    }

    pub(super) fn details(&self) -> Vec<(&'static str, String)> {
        let mut details = vec![
            ("at", self.at.to_string()),
            ("clause", self.kind.clause().to_owned()),
        ];
        details.extend(self.expected.map(|number| ("expected", number.to_string())));
        details.extend(self.found.map(|number| ("found", number.to_string())));
        details
    }
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind.text(), self.at)?;
        if let (Some(expected), Some(found)) = (self.expected, self.found) {
            write!(f, ": expected {expected}, found {found}")?;
        }
        write!(f, " ({})", self.kind.clause())
    }
}

impl std::error::Error for Malformed {}

macro_rules! kinds {
    ($($variant:ident => $code:literal, $clause:literal, $text:literal;)+) => {
        /// What is wrong with an input. One row each: code, clause, words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum MalformedKind { $(#[doc = $text] $variant,)+ }

        impl MalformedKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }

            /// The clause that the input breaks.
            #[must_use]
            pub fn clause(self) -> &'static str { match self { $(Self::$variant => $clause,)+ } }

            /// What is wrong, in words.
            #[must_use]
            pub fn text(self) -> &'static str { match self { $(Self::$variant => $text,)+ } }
        }
    };
}

// Add a row to the group of your format; keep the groups in the order of the module table.
kinds! {
    // time
    TimeSyntax => "malformed.time.syntax", "X.680 §46", "not a date and time";
    TimeRange => "malformed.time.range", "X.680 §46", "a date or time out of range";

    // DER and BER
    DerTruncated => "malformed.der.truncated", "X.690 §8.1", "the value ends before its length says";
    DerTrailingData => "malformed.der.trailing-data", "X.690 §8.1", "data after the end of the value";
    DerLength => "malformed.der.length", "X.690 §10.1", "a length that is not in its shortest definite form";
    DerTag => "malformed.der.tag", "X.690 §8.1.2", "another tag than the type has";
    DerTagForm => "malformed.der.tag-form", "X.690 §8.1.2.4", "a tag that is not in its shortest form";
    DerBoolean => "malformed.der.boolean", "X.690 §11.1", "a BOOLEAN that is neither FF nor 00";
    DerInteger => "malformed.der.integer", "X.690 §8.3.2", "an INTEGER that is empty, too long or not in its shortest form";
    DerBitString => "malformed.der.bit-string", "X.690 §8.6", "a BIT STRING with a wrong count of unused bits";
    DerOid => "malformed.der.object-identifier", "X.690 §8.19", "an OBJECT IDENTIFIER that is empty or not in its shortest form";
    DerString => "malformed.der.string", "X.690 §8.23", "a character string with octets outside its alphabet";
    DerNull => "malformed.der.null", "X.690 §8.8", "a NULL with content";
    BerEndOfContents => "malformed.ber.end-of-contents", "X.690 §8.1.5", "an indefinite length without its end";
    AlgorithmParameters => "malformed.algorithm.parameters", "RFC 4055 §3.1", "algorithm parameters that are missing or do not follow their algorithm";
    PemSyntax => "malformed.pem.syntax", "RFC 7468 §3", "not a textual encoding of a certificate, key or message";

    // keys and signature values
    SignatureValueEncoding => "malformed.signature-value", "RFC 3279 §2.2.3", "a signature value that does not follow its algorithm";
    KeyEncoding => "malformed.key.encoding", "RFC 5280 §4.1.2.7", "a public key that does not follow its algorithm";

    // XML
    XmlSyntax => "malformed.xml.syntax", "XML 1.0 §2.1", "not well-formed XML";
    XmlEncoding => "malformed.xml.encoding", "XML 1.0 §4.3.3", "octets that are not in the declared encoding";
    XmlDtd => "malformed.xml.document-type", "XMLDSig §8.1", "a document type declaration, which is refused";
    XmlNamespace => "malformed.xml.namespace", "XML Names 1.0 §5", "a namespace declaration that is not allowed";
    XmlVersion => "malformed.xml.version", "XML 1.0 §2.8", "an XML version other than 1.0";
    XmlDuplicateId => "malformed.xml.duplicate-id", "XML 1.0 §3.3.1", "two elements with the same identifier";
    XmlStructure => "malformed.xml.structure", "XMLDSig §4", "an element that is missing, repeated or in the wrong place";
    XmlBase64 => "malformed.xml.base64", "RFC 4648 §4", "text that is not base64";
    XmlUri => "malformed.xml.uri", "XMLDSig §4.4.3.1", "a reference that is not a usable URI";

    // ZIP
    ZipNoDirectory => "malformed.zip.no-directory", "APPNOTE §4.3.16", "no end of a ZIP directory";
    ZipTruncated => "malformed.zip.truncated", "APPNOTE §4.3", "a ZIP record that ends too early";
    ZipRecord => "malformed.zip.record", "APPNOTE §4.3", "a ZIP record with a wrong signature or field";
    ZipMismatch => "malformed.zip.mismatch", "APPNOTE §4.3.12", "a local header that contradicts the directory";
    ZipOverlap => "malformed.zip.overlap", "APPNOTE §4.3", "entries that overlap";
    ZipGap => "malformed.zip.gap", "APPNOTE §4.3", "bytes that no entry accounts for";
    ZipChecksum => "malformed.zip.checksum", "APPNOTE §4.4.7", "a checksum or size that does not fit the data";
    ZipDuplicate => "malformed.zip.duplicate-name", "EN 319 162-1 §A.1", "two entries with one name";
    ZipName => "malformed.zip.name", "EN 319 162-1 §A.6", "an entry name that is empty, absolute or leads outside";
    ZipEncrypted => "malformed.zip.encrypted", "EN 319 162-1 §5.3.1", "an encrypted entry";
    ZipMethod => "malformed.zip.method", "EN 319 162-1 §4.2", "a compression method other than stored and deflated";
    ZipInflate => "malformed.zip.inflate", "RFC 1951 §3", "compressed data that cannot be inflated";
    ZipAmbiguous => "malformed.zip.ambiguous", "APPNOTE §4.3.16", "two ends of a ZIP directory that readers may choose between";
    ZipFolder => "malformed.zip.folder-content", "EN 319 162-1 §A.1", "an entry for a folder that has content";
    ZipNameEncoding => "malformed.zip.name-encoding", "APPNOTE Appendix D", "an entry name that is not UTF-8";
    ZipMimetype => "malformed.zip.mimetype", "EN 319 162-1 §A.1", "an entry mimetype that is not first, stored and plain";

    // PDF
    PdfHeader => "malformed.pdf.header", "ISO 32000-2 §7.5.2", "no PDF header";
    PdfStartxref => "malformed.pdf.startxref", "ISO 32000-2 §7.5.5", "no usable startxref";
    PdfCrossReference => "malformed.pdf.cross-reference", "ISO 32000-2 §7.5.4", "a cross-reference section that cannot be read";
    PdfCrossReferenceLoop => "malformed.pdf.cross-reference-loop", "ISO 32000-2 §7.5.6", "cross-reference sections that lead in a circle";
    PdfTrailer => "malformed.pdf.trailer", "ISO 32000-2 §7.5.5", "a trailer without a usable entry";
    PdfObject => "malformed.pdf.object", "ISO 32000-2 §7.3", "an object that cannot be read";
    PdfStream => "malformed.pdf.stream", "ISO 32000-2 §7.3.8", "a stream that cannot be decoded";
    PdfEncryption => "malformed.pdf.encryption", "ISO 32000-2 §7.6", "an encryption that contradicts itself";
    PdfReferenceLoop => "malformed.pdf.reference-loop", "ISO 32000-2 §7.3.10", "objects that refer to each other in a circle";

    // certificates, revocation data, CMS, time-stamps
    CertificateStructure => "malformed.certificate.structure", "RFC 5280 §4.1", "a certificate that does not follow its ASN.1 module";
    CertificateExtension => "malformed.certificate.extension", "RFC 5280 §4.2", "a certificate extension that cannot be read or stands twice";
    CrlStructure => "malformed.crl.structure", "RFC 5280 §5.1", "a CRL that does not follow its ASN.1 module";
    OcspStructure => "malformed.ocsp.structure", "RFC 6960 §4.2.1", "an OCSP response that does not follow its ASN.1 module";
    CmsStructure => "malformed.cms.structure", "RFC 5652 §5.1", "a CMS message that does not follow its ASN.1 module";
    CmsAttribute => "malformed.cms.attribute", "RFC 5652 §5.3", "a CMS attribute that is missing, repeated or wrong";
    TimestampStructure => "malformed.timestamp.structure", "RFC 3161 §2.4.2", "a time-stamp that does not follow its ASN.1 module";
    EvidenceRecordStructure => "malformed.evidence-record.structure", "RFC 4998 §3.1", "an evidence record that does not follow its ASN.1 module or schema";
    TimestampRefused => "malformed.timestamp.refused", "RFC 3161 §2.4.2", "the time-stamping authority refused or answered something else";

    // formats
    XadesStructure => "malformed.xades.structure", "EN 319 132-1 §4", "qualifying properties that are missing, repeated or misplaced";
    AsicStructure => "malformed.asic.structure", "EN 319 162-1 §4", "a container without what its kind demands";
    TrustPath => "malformed.trust.file", "RFC 7468 §5", "a trust file without any certificate";
    TrustBundle => "malformed.trust.bundle", "RFC 5280 §6.1.1(d)", "a trust bundle that cannot be read, or was changed after it was signed";
    EvidenceStructure => "malformed.evidence.structure", "EN 319 102-1 §5.1.4", "saved evidence that cannot be read";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<_> = MalformedKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), MalformedKind::ALL.len());
    }

    #[test]
    fn text_names_what_where_and_clause() {
        let error = Malformed::at(MalformedKind::DerTrailingData, 7).compared(4, 9);
        assert_eq!(
            error.to_string(),
            "data after the end of the value at byte 7: expected 4, found 9 (X.690 §8.1)"
        );
    }
}
