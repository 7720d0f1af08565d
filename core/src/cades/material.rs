//! Certificates and revocation data that travel with a signature.

use crate::asn1::{self, Mode, Reader, Tag, Tlv};
use crate::cms::attribute_types::{
    CERTIFICATE_VALUES, LONG_TERM_VALIDATION, REVOCATION_INFO_ARCHIVAL, REVOCATION_VALUES,
};
use crate::cms::{RevocationForm, SignedData, SignerInfo};
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::{EmbeddedCertificate, EmbeddedRevocation, RevocationKind};
use crate::vocabulary::{CertificateOrigin, ObjectId, RevocationOrigin};
use std::sync::Arc;

/// Everything at hand, in the order SignedData, unsigned attributes, signed attributes.
pub(super) fn embedded(
    data: &SignedData,
    info: &SignerInfo,
    budget: &mut Budget,
) -> Result<(Vec<EmbeddedCertificate>, Vec<EmbeddedRevocation>), Error> {
    // All signatures of a message share these sets, so their product is what has to be bounded.
    let shared = data
        .certificates
        .len()
        .saturating_add(data.revocation.len());
    budget.charge(Resource::Values, u64::try_from(shared).unwrap_or(u64::MAX))?;
    let mut found = Material::default();
    for octets in &data.certificates {
        found.certificates.push(EmbeddedCertificate {
            octets: Arc::clone(octets),
            origin: CertificateOrigin::SignedData,
        });
    }
    for choice in &data.revocation {
        let kind = match choice.form {
            RevocationForm::Crl => RevocationKind::Crl,
            RevocationForm::OcspResponse => RevocationKind::OcspResponse,
            RevocationForm::BasicOcspResponse => RevocationKind::BasicOcspResponse,
            RevocationForm::Other(_) => continue,
        };
        found.revocation.push(EmbeddedRevocation {
            kind,
            octets: Arc::clone(&choice.value),
            origin: RevocationOrigin::SignedData,
        });
    }
    // Values in attributes are offers: one that cannot be read is as if it were not there.
    let unsigned = info.unsigned_attrs.iter();
    for attributes in unsigned {
        for attr_type in [CERTIFICATE_VALUES, REVOCATION_VALUES, LONG_TERM_VALIDATION] {
            for value in attributes.values(attr_type) {
                found.values(attr_type, value, budget)?;
            }
        }
    }
    if let Some(value) = info.signed_attribute(REVOCATION_INFO_ARCHIVAL) {
        read(value, budget, |value, budget| found.archival(value, budget))?;
    }
    Ok((found.certificates, found.revocation))
}

/// The certificates and revocation data whole inside those values of unsigned attributes that are
/// among `objects`: what a digest over a value proves, it proves of its members.
pub(super) fn within(
    info: &SignerInfo,
    objects: &[ObjectId],
    budget: &mut Budget,
) -> Result<Vec<ObjectId>, Error> {
    let mut found = Material::default();
    let attributes = info.unsigned_attrs.iter();
    for attributes in attributes {
        for attr_type in [CERTIFICATE_VALUES, REVOCATION_VALUES] {
            for value in attributes.values(attr_type) {
                let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
                budget.charge(Resource::DigestedBytes, length.saturating_mul(2))?;
                if objects.contains(&crypto::object_id(value)) {
                    found.values(attr_type, value, budget)?;
                }
            }
        }
    }
    let certificates = found.certificates.iter().map(|one| &one.octets);
    let revocation = found.revocation.iter().map(|one| &one.octets);
    let all = certificates.chain(revocation);
    Ok(all.map(|octets| crypto::object_id(octets)).collect())
}

fn read(
    value: &[u8],
    budget: &mut Budget,
    mut each: impl FnMut(&Tlv<'_>, &mut Budget) -> Result<(), Error>,
) -> Result<(), Error> {
    match asn1::check_tree(value, Mode::Ber, budget) {
        Ok(()) => {}
        Err(Error::Malformed(_)) => return Ok(()),
        Err(other) => return Err(other),
    }
    let mut reader = Reader::ber(value);
    if let Ok(value) = reader.read(Tag::SEQUENCE) {
        // What was read before the fault stays.
        match each(&value, budget) {
            Ok(()) | Err(Error::Malformed(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// A member is kept in a piece of its own, which costs more than an empty value has octets.
const COST: u64 = 4;

#[derive(Default)]
struct Material {
    certificates: Vec<EmbeddedCertificate>,
    revocation: Vec<EmbeddedRevocation>,
}

impl Material {
    /// What the value of an unsigned attribute holds.
    fn values(&mut self, attr_type: &str, value: &[u8], budget: &mut Budget) -> Result<(), Error> {
        read(value, budget, |value, budget| match attr_type {
            CERTIFICATE_VALUES => self.certificate_values(value, budget),
            REVOCATION_VALUES => self.revocation_values(value, budget),
            _ => self.long_term_validation(value, budget),
        })
    }

    /// ```text
    /// LongTermValidation ::= SEQUENCE {
    ///   poeDate GeneralizedTime,
    ///   poeValue CHOICE {
    ///     timeStamp      [0] EXPLICIT TimeStampToken,
    ///     evidenceRecord [1] EXPLICIT EvidenceRecord } OPTIONAL,
    ///   extraCertificates [0] IMPLICIT CertificateSet OPTIONAL,
    ///   extraRevocation   [1] IMPLICIT RevocationInfoChoices OPTIONAL }
    /// ```
    /// EN 319 122-1 §A.2.5. Proofs have the tags of the sets behind them; a ContentInfo begins with
    /// its type and an EvidenceRecord with its version, a certificate and a CRL with what is signed.
    fn long_term_validation(&mut self, value: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        let mut fields = value.reader();
        fields.read_any()?;
        while !fields.is_empty() {
            let set = fields.read_any()?;
            let mut members = set.reader();
            while !members.is_empty() {
                budget.charge(Resource::Values, COST)?;
                let member = members.read_any()?;
                let octets = Arc::from(member.whole);
                let is_signed = member.reader().peek() == Some(Tag::SEQUENCE);
                match set.tag {
                    tag if tag == Tag::context_constructed(0) && is_signed => {
                        self.certificates.push(EmbeddedCertificate {
                            octets,
                            origin: CertificateOrigin::CertificateValues,
                        });
                    }
                    tag if tag == Tag::context_constructed(1) && is_signed => {
                        self.revocation.push(EmbeddedRevocation {
                            kind: RevocationKind::Crl,
                            octets,
                            origin: RevocationOrigin::RevocationValues,
                        });
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// ```text
    /// CertificateValues ::= SEQUENCE OF Certificate
    /// ```
    /// EN 319 122-1 §A.1.1.2.
    fn certificate_values(&mut self, value: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        let mut list = value.reader();
        while !list.is_empty() {
            let certificate = list.read(Tag::SEQUENCE)?;
            budget.charge(Resource::Values, COST)?;
            self.certificates.push(EmbeddedCertificate {
                octets: Arc::from(certificate.whole),
                origin: CertificateOrigin::CertificateValues,
            });
        }
        Ok(())
    }

    /// ```text
    /// RevocationValues ::= SEQUENCE {
    ///   crlVals      [0] SEQUENCE OF CertificateList OPTIONAL,
    ///   ocspVals     [1] SEQUENCE OF BasicOCSPResponse OPTIONAL,
    ///   otherRevVals [2] OtherRevVals OPTIONAL }
    /// ```
    /// EN 319 122-1 §A.1.2.2.
    fn revocation_values(&mut self, value: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        self.lists(
            (value, budget),
            RevocationKind::BasicOcspResponse,
            RevocationOrigin::RevocationValues,
        )
    }

    /// ```text
    /// RevocationInfoArchival ::= SEQUENCE {
    ///   crl          [0] EXPLICIT SEQUENCE OF CRLs OPTIONAL,
    ///   ocsp         [1] EXPLICIT SEQUENCE OF OCSPResponse OPTIONAL,
    ///   otherRevInfo [2] EXPLICIT SEQUENCE OF OtherRevInfo OPTIONAL }
    /// ```
    /// ISO 32000-2 §12.8.3.3.2.
    fn archival(&mut self, value: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        self.lists(
            (value, budget),
            RevocationKind::OcspResponse,
            RevocationOrigin::AdobeArchival,
        )
    }

    fn lists(
        &mut self,
        (value, budget): (&Tlv<'_>, &mut Budget),
        ocsp: RevocationKind,
        origin: RevocationOrigin,
    ) -> Result<(), Error> {
        let mut fields = value.reader();
        for (number, kind) in [(0, RevocationKind::Crl), (1, ocsp)] {
            let Some(field) = fields.optional(Tag::context_constructed(number))? else {
                continue;
            };
            let mut list = field.explicit()?.reader();
            while !list.is_empty() {
                budget.charge(Resource::Values, COST)?;
                self.revocation.push(EmbeddedRevocation {
                    kind,
                    octets: Arc::from(list.read(Tag::SEQUENCE)?.whole),
                    origin,
                });
            }
        }
        Ok(())
    }
}
