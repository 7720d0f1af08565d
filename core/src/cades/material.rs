//! Certificates and revocation data that travel with a signature.

use crate::asn1::{self, Mode, Reader, Tag, Tlv};
use crate::cms::attribute_types::{
    CERTIFICATE_VALUES, REVOCATION_INFO_ARCHIVAL, REVOCATION_VALUES,
};
use crate::cms::{RevocationForm, SignedData, SignerInfo};
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::{EmbeddedCertificate, EmbeddedRevocation, RevocationKind};
use crate::vocabulary::{CertificateOrigin, RevocationOrigin};
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
    let mut found = Material {
        certificates: Vec::new(),
        revocation: Vec::new(),
    };
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
        for value in attributes.values(CERTIFICATE_VALUES) {
            read(value, budget, |value, budget| {
                found.certificate_values(value, budget)
            })?;
        }
        for value in attributes.values(REVOCATION_VALUES) {
            read(value, budget, |value, budget| {
                found.revocation_values(value, budget)
            })?;
        }
    }
    if let Some(value) = info.signed_attribute(REVOCATION_INFO_ARCHIVAL) {
        read(value, budget, |value, budget| found.archival(value, budget))?;
    }
    Ok((found.certificates, found.revocation))
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

struct Material {
    certificates: Vec<EmbeddedCertificate>,
    revocation: Vec<EmbeddedRevocation>,
}

impl Material {
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
