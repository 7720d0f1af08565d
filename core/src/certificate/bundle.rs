//! Files that hold certificates: PEM, DER, PKCS#7.

use super::Certificate;
use crate::asn1::{Mode, Reader, Tag, check_tree, pem};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};

const LABELS: &[&str] = &["CERTIFICATE", "X509 CERTIFICATE"];
const MESSAGE_LABELS: &[&str] = &["PKCS7", "CMS"];
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// Reads every certificate of a file: PEM texts, one DER certificate, or the certificates of a
/// PKCS#7 message (`.p7b`, `.p7c`), whose signatures, if any, are not looked at.
///
/// # Errors
/// [`Error::Malformed`] when it is none of these, holds no certificate, or one that cannot be
/// read; [`Error::LimitExceeded`].
///
/// # Standard
/// RFC 7468 §5, §8, §9; RFC 5280 §4.2.2.1; RFC 5652 §5.1.
pub fn read_certificates(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Certificate>, Error> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::StructureBytes, length)?;
    let mut certificates = Vec::new();
    if bytes.first() == Some(&0x30) {
        read_der(bytes, &mut certificates, budget)?;
    } else {
        for block in pem::decode(bytes)? {
            let label: &str = &block.label;
            if LABELS.contains(&label) {
                certificates.push(Certificate::parse(&block.der, budget)?);
            } else if MESSAGE_LABELS.contains(&label) {
                read_message(&block.der, &mut certificates, budget)?;
            }
        }
    }
    if certificates.is_empty() {
        return Err(Malformed::at(MalformedKind::TrustPath, 0).into());
    }
    Ok(certificates)
}

/// A certificate starts with a SEQUENCE, a message with the OID of its type.
fn read_der(bytes: &[u8], out: &mut Vec<Certificate>, budget: &mut Budget) -> Result<(), Error> {
    let first = Reader::ber(bytes).read(Tag::SEQUENCE)?.reader().peek();
    if first == Some(Tag::OID) {
        return read_message(bytes, out, budget);
    }
    out.push(Certificate::parse(bytes, budget)?);
    Ok(())
}

/// ```text
/// SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo SEQUENCE,
///   certificates [0] IMPLICIT CertificateSet OPTIONAL, … }
/// ```
fn read_message(
    bytes: &[u8],
    out: &mut Vec<Certificate>,
    budget: &mut Budget,
) -> Result<(), Error> {
    check_tree(bytes, Mode::Ber, budget)?;
    let mut info = Reader::ber(bytes).read(Tag::SEQUENCE)?.reader();
    let kind = info.read(Tag::OID)?;
    if !kind.oid()?.is(SIGNED_DATA) {
        return Err(Malformed::at(MalformedKind::TrustPath, kind.offset).into());
    }
    let mut explicit = info.read(Tag::context_constructed(0))?.reader();
    let mut signed_data = explicit.read(Tag::SEQUENCE)?.reader();
    signed_data.read(Tag::INTEGER)?;
    signed_data.read(Tag::SET)?;
    signed_data.read(Tag::SEQUENCE)?;
    let Some(set) = signed_data.optional(Tag::context_constructed(0))? else {
        return Ok(());
    };
    let mut set = set.reader();
    while !set.is_empty() {
        let choice = set.read_any()?;
        // The other choices are attribute certificates and such.
        if choice.tag == Tag::SEQUENCE {
            out.push(Certificate::parse(choice.whole, budget)?);
        }
    }
    Ok(())
}
