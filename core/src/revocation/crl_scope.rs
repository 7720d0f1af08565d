//! Which certificates a CRL is about.

use super::Crl;
use crate::asn1::{Reader, Tag, Tlv, write};
use crate::certificate::{
    Certificate, DistributionPoint, DistributionPointName, GeneralName, Name, ReasonFlags,
};
use crate::error::{Malformed, MalformedKind};
use std::sync::Arc;

/// Which certificates a CRL is about, where it is not about all of its issuer.
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///   distributionPoint          [0] DistributionPointName OPTIONAL,
///   onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
///   onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
///   onlySomeReasons            [3] ReasonFlags OPTIONAL,
///   indirectCRL                [4] BOOLEAN DEFAULT FALSE,
///   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
///
/// # Standard
/// RFC 5280 §5.2.5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// The distribution point that it belongs to.
    pub name: Option<DistributionPointName>,
    /// End entities only.
    pub only_user_certificates: bool,
    /// CAs only.
    pub only_ca_certificates: bool,
    /// Revocations for these reasons only.
    pub only_some_reasons: Option<ReasonFlags>,
    /// Certificates of other issuers as well.
    pub indirect: bool,
    /// Attribute certificates only.
    pub only_attribute_certificates: bool,
}

impl IssuingDistributionPoint {
    pub(super) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        if tlv.tag != Tag::SEQUENCE {
            return Err(Malformed::at(MalformedKind::CrlStructure, tlv.offset));
        }
        let mut fields = tlv.reader();
        let name = match fields.optional(Tag::context_constructed(0))? {
            Some(name) => Some(DistributionPointName::from_tlv(source, &name)?),
            None => None,
        };
        let flag = |fields: &mut Reader<'_>, number| -> Result<bool, Malformed> {
            let flag = fields.optional(Tag::context(number))?;
            Ok(flag
                .map(|flag| flag.boolean())
                .transpose()?
                .unwrap_or(false))
        };
        let only_user_certificates = flag(&mut fields, 1)?;
        let only_ca_certificates = flag(&mut fields, 2)?;
        let reasons = fields.optional(Tag::context(3))?;
        let indirect = flag(&mut fields, 4)?;
        let only_attribute_certificates = flag(&mut fields, 5)?;
        fields.finish()?;
        Ok(Self {
            name,
            only_user_certificates,
            only_ca_certificates,
            only_some_reasons: reasons
                .map(|bits| ReasonFlags::from_tlv(&bits))
                .transpose()?,
            indirect,
            only_attribute_certificates,
        })
    }
}

/// Why a CRL is not about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeMismatch {
    /// It has another issuer (RFC 5280 §6.3.3 (b)(1)).
    Issuer,
    /// It belongs to another distribution point (RFC 5280 §6.3.3 (b)(2)(i)).
    DistributionPoint,
    /// It lists CAs only, and this is none, or the other way round (RFC 5280 §6.3.3 (b)(2)(ii),
    /// (iii)).
    CertificateKind,
    /// It lists attribute certificates only (RFC 5280 §6.3.3 (b)(2)(iv)).
    AttributeCertificates,
    /// The certificate's own extensions, which would tell, cannot be read.
    Unreadable,
}

impl Crl {
    /// The reasons of revocation for which this list speaks about a certificate.
    ///
    /// # Errors
    /// [`ScopeMismatch`] when it is not about the certificate at all.
    ///
    /// # Standard
    /// RFC 5280 §6.3.3 (b), (d). Whatever distribution points a certificate has, a list of its
    /// issuer covers it that names none, or names the issuer itself (§6.3.3, last paragraph).
    pub fn scope(&self, certificate: &Certificate) -> Result<ReasonFlags, ScopeMismatch> {
        let unreadable = |_| ScopeMismatch::Unreadable;
        let points = certificate.crl_distribution_points().map_err(unreadable)?;
        let constraints = certificate.basic_constraints().map_err(unreadable)?;
        if let Some(own) = self.distribution_point() {
            // RFC 5280 §6.3.3(b)(2)(ii), (iii), (iv).
            let ca = constraints.is_some_and(|constraints| constraints.ca);
            if own.only_user_certificates && ca || own.only_ca_certificates && !ca {
                return Err(ScopeMismatch::CertificateKind);
            }
            if own.only_attribute_certificates {
                return Err(ScopeMismatch::AttributeCertificates);
            }
        }
        let Some(points) = points else {
            return self.scope_without_point(certificate);
        };
        let mut reasons = None;
        let mut mismatch = ScopeMismatch::Issuer;
        for point in points {
            match self.scope_of_point(certificate, point) {
                Ok(more) => {
                    let so_far = reasons.unwrap_or(ReasonFlags::NONE);
                    reasons = Some(more.union(so_far));
                }
                Err(ScopeMismatch::Issuer) => {}
                Err(other) => mismatch = other,
            }
        }
        match (reasons, self.scope_without_point(certificate)) {
            (Some(reasons), Ok(more)) => Ok(reasons.union(more)),
            (Some(reasons), Err(_)) => Ok(reasons),
            (None, Ok(reasons)) => Ok(reasons),
            (None, Err(_)) => Err(mismatch),
        }
    }

    fn scope_without_point(&self, certificate: &Certificate) -> Result<ReasonFlags, ScopeMismatch> {
        if !self.issuer().matches(certificate.issuer()) {
            return Err(ScopeMismatch::Issuer);
        }
        let own = self.distribution_point();
        if let Some(name) = own.and_then(|own| own.name.as_ref()) {
            let names = full_names(name, &[self.issuer()]);
            let issuer = GeneralName::DirectoryName(certificate.issuer().clone());
            if !names.iter().any(|name| name.matches(&issuer)) {
                return Err(ScopeMismatch::DistributionPoint);
            }
        }
        Ok(self.reasons(None))
    }

    fn scope_of_point(
        &self,
        certificate: &Certificate,
        point: &DistributionPoint,
    ) -> Result<ReasonFlags, ScopeMismatch> {
        let own = self.distribution_point();
        // RFC 5280 §6.3.3(b)(1).
        let issuer_fits = if point.crl_issuer.is_empty() {
            self.issuer().matches(certificate.issuer())
        } else {
            let mut names = point.crl_issuer_names();
            names.any(|name| name.matches(self.issuer())) && own.is_some_and(|own| own.indirect)
        };
        if !issuer_fits {
            return Err(ScopeMismatch::Issuer);
        }
        // RFC 5280 §6.3.3(b)(2)(i).
        if let Some(name) = own.and_then(|own| own.name.as_ref()) {
            let own_names = full_names(name, &[self.issuer()]);
            let issuers: Vec<&Name> = if point.crl_issuer.is_empty() {
                vec![certificate.issuer()]
            } else {
                point.crl_issuer_names().collect()
            };
            let names = match &point.name {
                Some(name) => full_names(name, &issuers),
                None => point.crl_issuer.clone(),
            };
            let shared = |name: &GeneralName| own_names.iter().any(|own| own.matches(name));
            if !names.iter().any(shared) {
                return Err(ScopeMismatch::DistributionPoint);
            }
        }
        Ok(self.reasons(point.reasons))
    }

    /// RFC 5280 §6.3.3(d).
    fn reasons(&self, of_point: Option<ReasonFlags>) -> ReasonFlags {
        let own = self
            .distribution_point()
            .and_then(|own| own.only_some_reasons);
        let all = ReasonFlags::ALL;
        own.unwrap_or(all).intersection(of_point.unwrap_or(all))
    }
}

/// The names of a distribution point; a relative one is added to each issuer's name.
fn full_names(name: &DistributionPointName, issuers: &[&Name]) -> Vec<GeneralName> {
    match name {
        DistributionPointName::FullName(names) => names.clone(),
        DistributionPointName::RelativeToCrlIssuer(rdn) => issuers
            .iter()
            .filter_map(|issuer| extended(issuer, rdn))
            .map(GeneralName::DirectoryName)
            .collect(),
    }
}

/// A name and one more RDN, which stands there with the tag `[1]` instead of SET.
fn extended(name: &Name, rdn: &[u8]) -> Option<Name> {
    let rdns = Reader::der(name.der()).read(Tag::SEQUENCE).ok()?.content;
    let rdn = Reader::der(rdn).read_any().ok()?.content;
    let whole: Arc<[u8]> = write::sequence(&[rdns, &write::tlv(Tag::SET, rdn)]).into();
    let tlv = Reader::der(&whole).read_any().ok()?;
    Name::from_tlv(&whole, &tlv).ok()
}
