//! How a signature names its certificate.

use super::claims::digest;
use crate::cms::EssIssuerSerial;
use crate::error::{Malformed, MalformedKind};
use crate::signature::{
    CertificateReference, CertificateReferences, IssuerName, IssuerSerial, ReferenceOrder,
    SignerHint,
};
use crate::xml::Node;
use crate::xml::dsig::{self, KeyInfo};
use std::sync::Arc;

/// The longest serial number that is read: RFC 5280 §4.1.2.2 allows 20 octets, some use more.
const SERIAL_NUMBER_DIGITS: usize = 100;

/// The signed references. EN 319 132-1 §5.2.2: the schema gives their order no meaning.
pub(super) fn references(signed: Option<Node<'_>>) -> CertificateReferences {
    let Some(signed) = signed else {
        return CertificateReferences::Absent;
    };
    let namespace = signed.namespace();
    let properties = signed.elements_named(namespace, "SignedSignatureProperties");
    let mut found = properties.flat_map(Node::elements).filter(|node| {
        node.is(namespace, "SigningCertificate") || node.is(namespace, "SigningCertificateV2")
    });
    let Some(property) = found.next() else {
        return CertificateReferences::Absent;
    };
    if found.next().is_some() {
        return CertificateReferences::Ambiguous;
    }
    let references: Result<Vec<_>, _> = property.elements().map(reference).collect();
    match references {
        Ok(references) if !references.is_empty() => CertificateReferences::Present {
            references,
            beside: Vec::new(),
            order: ReferenceOrder::Any,
        },
        _ => CertificateReferences::Malformed,
    }
}

/// ```text
/// <Cert URI?> <CertDigest/> <IssuerSerialV2/>? </Cert>
/// <Cert URI?> <CertDigest/> <IssuerSerial/> </Cert>
/// ```
/// EN 319 132-1 §5.2.2, TS 101 903 §7.2.2.
fn reference(node: Node<'_>) -> Result<CertificateReference, Malformed> {
    let namespace = node.namespace();
    let wrong = || node.malformed(MalformedKind::XadesStructure);
    let mut children = node.elements();
    let certificate_digest = children
        .next()
        .filter(|child| node.name() == "Cert" && child.is(namespace, "CertDigest"))
        .ok_or_else(wrong)?;
    let (algorithm, digest) = digest(certificate_digest)?;
    let issuer_serial = match children.next() {
        None => None,
        // Only a hint: one that cannot be read is none.
        Some(child) if child.is(namespace, "IssuerSerialV2") => by_der(child),
        Some(child) if child.is(namespace, "IssuerSerial") => {
            let part = |name: &str| {
                let part = child.element(dsig::NAMESPACE, name);
                part.or_else(|| child.element(namespace, name))?
                    .only_text()
                    .ok()
            };
            part("X509IssuerName")
                .zip(part("X509SerialNumber"))
                .and_then(|(issuer, number)| by_text(&issuer, &number))
        }
        Some(_) => return Err(wrong()),
    };
    if children.next().is_some() {
        return Err(wrong());
    }
    Ok(CertificateReference {
        algorithm,
        digest,
        issuer_serial,
    })
}

fn by_der(node: Node<'_>) -> Option<IssuerSerial> {
    let der = dsig::read_octets(node).ok()?;
    let found = EssIssuerSerial::parse_value(&der).ok()?;
    Some(IssuerSerial {
        issuer: IssuerName::Der(Arc::clone(&found.issuer?)),
        serial_number: found.serial_number.to_vec(),
    })
}

fn by_text(issuer: &str, number: &str) -> Option<IssuerSerial> {
    Some(IssuerSerial {
        issuer: IssuerName::Text(issuer.trim().to_owned()),
        serial_number: integer(number.trim())?,
    })
}

/// Content octets of the INTEGER that is written in decimal digits; negative ones are no serial
/// numbers.
fn integer(digits: &str) -> Option<Vec<u8>> {
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    if digits.is_empty() || digits.len() > SERIAL_NUMBER_DIGITS || !is_number {
        return None;
    }
    // Least significant octet first.
    let mut octets: Vec<u8> = Vec::new();
    for digit in digits.bytes() {
        let mut carry = u16::from(digit.saturating_sub(b'0'));
        for octet in &mut octets {
            let sum = u16::from(*octet) * 10 + carry;
            *octet = u8::try_from(sum & 0xFF).ok()?;
            carry = sum >> 8;
        }
        if carry > 0 {
            octets.push(u8::try_from(carry).ok()?);
        }
    }
    // X.690 §8.3.3: the first bit is the sign.
    if octets.last().is_none_or(|first| first & 0x80 != 0) {
        octets.push(0);
    }
    octets.reverse();
    Some(octets)
}

/// What `ds:KeyInfo` offers. EN 319 132-1 §6.3 (a): the signing certificate in X509Data.
pub(super) fn hints(key_info: Option<&KeyInfo>) -> Vec<SignerHint> {
    let Some(found) = key_info else {
        return Vec::new();
    };
    let certificates = found.certificates.iter().cloned();
    let names = found.issuer_serials.iter();
    let names = names.filter_map(|(issuer, number)| by_text(issuer, number));
    let identifiers = found.subject_key_identifiers.iter().cloned();
    let digests = found.digests.iter().cloned();
    let subjects = found
        .subject_names
        .iter()
        .map(|name| name.trim().to_owned());
    certificates
        .chain(found.retrieved.iter().cloned())
        .map(SignerHint::Certificate)
        .chain(names.map(SignerHint::IssuerSerial))
        .chain(identifiers.map(SignerHint::SubjectKeyIdentifier))
        .chain(digests.map(|(algorithm, digest)| SignerHint::Digest(algorithm, digest)))
        .chain(found.keys.iter().cloned().map(SignerHint::PublicKey))
        .chain(subjects.map(SignerHint::SubjectName))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_become_integers() {
        for (digits, octets) in [
            ("0", &[0][..]),
            ("00", &[0]),
            ("1", &[1]),
            ("127", &[0x7F]),
            ("128", &[0, 0x80]),
            ("0256", &[1, 0]),
            ("65535", &[0, 0xFF, 0xFF]),
            ("18446744073709551616", &[1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(integer(digits).as_deref(), Some(octets), "{digits}");
        }
    }

    #[test]
    fn what_is_no_serial_number_is_none() {
        let long = "1".repeat(101);
        for digits in ["", "-1", "+1", "0x10", "1 2", "1.0", "١", &long] {
            assert_eq!(integer(digits), None, "{digits}");
        }
    }
}
