//! Certificates and revocation data that travel with a signature.

use super::properties::Properties;
use super::{NAMESPACE_141, NAMESPACES};
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::{EmbeddedCertificate, EmbeddedRevocation, RevocationKind};
use crate::vocabulary::{CertificateOrigin, RevocationOrigin};
use crate::xml::Node;
use crate::xml::dsig;

/// Certificates and revocation data, in the order found.
#[derive(Default)]
pub(super) struct Material {
    pub(super) certificates: Vec<EmbeddedCertificate>,
    pub(super) revocation: Vec<EmbeddedRevocation>,
}

/// Everything at hand: `ds:KeyInfo`, then the unsigned properties.
pub(super) fn embedded(
    signature: &dsig::Signature,
    properties: &Properties<'_>,
    budget: &mut Budget,
) -> Result<(Vec<EmbeddedCertificate>, Vec<EmbeddedRevocation>), Error> {
    let mut found = Material::default();
    for octets in signature
        .key_info
        .iter()
        .flat_map(|found| found.certificates.iter().chain(&found.retrieved))
    {
        budget.charge(Resource::Values, 1)?;
        found.certificates.push(EmbeddedCertificate {
            octets: octets.clone(),
            origin: CertificateOrigin::KeyInfo,
        });
    }
    for property in &properties.unsigned {
        found.read(*property, budget)?;
    }
    Ok((found.certificates, found.revocation))
}

#[derive(Clone, Copy)]
struct Origin {
    certificate: CertificateOrigin,
    revocation: RevocationOrigin,
}

impl Material {
    /// Reads one unsigned property; others than those for validation data hold none.
    pub(super) fn read(&mut self, property: Node<'_>, budget: &mut Budget) -> Result<(), Error> {
        let of_signature = Origin {
            certificate: CertificateOrigin::CertificateValues,
            revocation: RevocationOrigin::RevocationValues,
        };
        let of_timestamp = Origin {
            certificate: CertificateOrigin::TimestampValidationData,
            revocation: RevocationOrigin::TimestampValidationData,
        };
        // EN 319 132-1 §5.4.1 to §5.4.4, §5.4.6 and §5.5.1.
        if NAMESPACES.contains(&property.namespace()) || property.namespace() == dsig::NAMESPACE {
            self.values(property, of_signature, budget)
        } else if property.is(NAMESPACE_141, "AnyValidationData") {
            self.all(property, of_signature, budget)
        } else if property.is(NAMESPACE_141, "TimeStampValidationData") {
            self.all(property, of_timestamp, budget)
        } else {
            Ok(())
        }
    }

    fn all(&mut self, of: Node<'_>, origin: Origin, budget: &mut Budget) -> Result<(), Error> {
        of.elements()
            .try_for_each(|values| self.values(values, origin, budget))
    }

    fn values(&mut self, of: Node<'_>, origin: Origin, budget: &mut Budget) -> Result<(), Error> {
        match of.name() {
            "CertificateValues" | "AttrAuthoritiesCertValues" => {
                for value in of.elements() {
                    self.certificate(value, origin.certificate, budget)?;
                }
            }
            "RevocationValues" | "AttributeRevocationValues" => {
                for group in of.elements() {
                    // SK-XML 1.0 has no `OCSPValues` around them.
                    self.revocation(group, origin.revocation, budget)?;
                    for value in group.elements() {
                        self.revocation(value, origin.revocation, budget)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Values are offers: one that cannot be read is as if it were not there.
    fn certificate(
        &mut self,
        value: Node<'_>,
        origin: CertificateOrigin,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        if value.name() == "EncapsulatedX509Certificate"
            && let Ok(octets) = dsig::read_octets(value)
        {
            budget.charge(Resource::Values, 1)?;
            self.certificates.push(EmbeddedCertificate {
                octets: octets.into(),
                origin,
            });
        }
        Ok(())
    }

    fn revocation(
        &mut self,
        value: Node<'_>,
        origin: RevocationOrigin,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let kind = match value.name() {
            "EncapsulatedCRLValue" => RevocationKind::Crl,
            "EncapsulatedOCSPValue" => RevocationKind::OcspResponse,
            _ => return Ok(()),
        };
        if let Ok(octets) = dsig::read_octets(value) {
            budget.charge(Resource::Values, 1)?;
            self.revocation.push(EmbeddedRevocation {
                kind,
                octets: octets.into(),
                origin,
            });
        }
        Ok(())
    }
}
