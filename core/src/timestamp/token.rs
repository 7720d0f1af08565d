//! The token: a CMS message around a TSTInfo.

use super::tst_info::TstInfo;
use crate::asn1::Oid;
use crate::cms::attribute_types::TST_INFO;
use crate::cms::{self, EssReferences, Gravity, SignedData, SignerInfo};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;

/// The `TimeStampToken` type is defined in [RFC 3161 Section 2.4.2].
///
/// ```text
/// TimeStampToken ::= ContentInfo
///   -- contentType is id-signedData
///   -- content is SignedData; eContentType is id-ct-TSTInfo, eContent the DER of a TSTInfo
/// ```
///
/// [RFC 3161 Section 2.4.2]: https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampToken {
    /// The message.
    pub signed_data: SignedData,
    /// The one signature of the message.
    pub signer_info: SignerInfo,
    /// What is stated.
    pub tst_info: TstInfo,
    /// References to the authority's certificate.
    pub references: EssReferences,
    /// What is out of rule.
    pub findings: Vec<Finding>,
}

/// A rule of time-stamp tokens that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A rule of the envelope.
    Envelope(cms::Finding),
    /// No signing-certificate attribute of either version.
    NoCertificateReference,
    /// A signing-certificate attribute that is repeated, empty or not readable.
    CertificateReferenceUnusable,
    /// A critical extension that is not known.
    CriticalExtension(Oid),
    /// A default value is written out.
    DefaultWritten,
}

impl Finding {
    /// The clause that is broken.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            Self::Envelope(finding) => finding.clause(),
            Self::NoCertificateReference | Self::CertificateReferenceUnusable => "RFC 5816 §2.2.1",
            Self::CriticalExtension(_) => "RFC 3161 §2.4.2",
            Self::DefaultWritten => "X.690 §11.5",
        }
    }

    /// How much it matters.
    #[must_use]
    pub fn gravity(&self) -> Gravity {
        match self {
            Self::Envelope(finding) => finding.gravity(),
            Self::NoCertificateReference
            | Self::CertificateReferenceUnusable
            | Self::CriticalExtension(_) => Gravity::Refused,
            Self::DefaultWritten => Gravity::Noted,
        }
    }
}

impl TimestampToken {
    /// Reads a token.
    ///
    /// # Errors
    /// [`Malformed`] when it is no token: not one SignerInfo, other content, no TSTInfo; or a
    /// limit.
    ///
    /// # Standard
    /// RFC 3161 §2.4.2, RFC 5816 §2.2.1.
    pub fn parse(bytes: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        Self::from_signed_data(SignedData::parse_binary(bytes, budget)?, budget)
    }

    /// Reads the token in a message that was read already, such as the padded one of a PDF.
    ///
    /// # Errors
    /// As [`TimestampToken::parse`].
    pub fn from_signed_data(signed_data: SignedData, budget: &mut Budget) -> Result<Self, Error> {
        let wrong = |element| Malformed::within(MalformedKind::TimestampStructure, element);
        // RFC 3161 §2.4.2: eContentType is id-ct-TSTInfo.
        if !signed_data.econtent_type.is(TST_INFO) {
            return Err(wrong("eContentType").into());
        }
        // RFC 3161 §2.4.2: MUST NOT contain any signatures other than that of the TSA.
        let readable = signed_data.signer_infos.len();
        let count = readable.saturating_add(signed_data.unreadable.len());
        let [signer_info] = signed_data.signer_infos.as_slice() else {
            return Err(refuse_count(&signed_data, count));
        };
        if count != 1 {
            return Err(refuse_count(&signed_data, count));
        }
        let signer_info = signer_info.clone();
        let content = signed_data.econtent.as_ref();
        let content = content.ok_or_else(|| wrong("eContent"))?;
        let tst_info = TstInfo::parse(&content.octets, budget)?;

        let signed = signer_info.signed_attrs.as_ref();
        let references = signed.map_or(EssReferences::Absent, |signed| {
            EssReferences::of(&signed.attributes)
        });
        let envelope = signed_data.findings.iter().chain(&signer_info.findings);
        let mut findings: Vec<_> = envelope.cloned().map(Finding::Envelope).collect();
        match &references {
            // RFC 5816 §2.2.1: the ESSCertID or ESSCertIDv2 MUST be included as a signed attribute.
            EssReferences::Absent => findings.push(Finding::NoCertificateReference),
            EssReferences::Present { .. } => {}
            EssReferences::Malformed(_) | EssReferences::Repeated => {
                findings.push(Finding::CertificateReferenceUnusable);
            }
        }
        if let Some(extension) = tst_info.unknown_critical_extension() {
            findings.push(Finding::CriticalExtension(extension.clone()));
        }
        if tst_info.is_default_written {
            findings.push(Finding::DefaultWritten);
        }
        Ok(Self {
            signed_data,
            signer_info,
            tst_info,
            references,
            findings,
        })
    }
}

fn refuse_count(signed_data: &SignedData, count: usize) -> Error {
    // A single SignerInfo that cannot be read says best what is wrong with it.
    match signed_data.unreadable.as_slice() {
        [one] if count == 1 => one.error.clone().into(),
        _ => Malformed::within(MalformedKind::TimestampStructure, "signerInfos")
            .compared(1, u64::try_from(count).unwrap_or(u64::MAX))
            .into(),
    }
}
