//! What a person decides before signing.

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::pades::PdfParameters;
use crate::signature::{NewCommitment, NewPolicy};
use crate::source::Input;
use crate::time::UnixTime;
use crate::xades::{Naming, StampedContent};

/// How signature and documents are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Packaging {
    /// A new ASiC-E container with an XAdES signature (EN 319 162-1 §4.4.3).
    AsicEWithXades,
    /// Another XAdES signature in an ASiC container with XAdES, the one document, over every data file
    /// of it: in ASiC-E in a file of its own, in ASiC-S beside the others in their file.
    AsicXadesAddition,
    /// A signature of a signature in an ASiC container with XAdES, as
    /// [`Packaging::XadesCounterSignature`]: the one document is the container.
    AsicCounterSignature,
    /// Another CAdES signature in an ASiC container with CAdES, the one document: in ASiC-E over a
    /// manifest of its own with every data file, in ASiC-S a further signer of the message.
    AsicCadesAddition,
    /// A signature of a signature in an ASiC container with CAdES, as
    /// [`Packaging::CadesCounterSignature`]: the one document is the container.
    AsicCadesCounterSignature,
    /// A signature of a signature in an XML document, among the properties of that one
    /// (EN 319 132-1 §5.2.7): see [`SigningParameters::countersigned`].
    XadesCounterSignature,
    /// A new ASiC-S container: one document and an XAdES signature (EN 319 162-1 §4.3.3).
    AsicSWithXades,
    /// A new ASiC-E container with a CAdES signature over a manifest (EN 319 162-1 §4.4.4).
    AsicEWithCades,
    /// A new ASiC-S container: one document and a CAdES signature (EN 319 162-1 §4.3).
    AsicSWithCades,
    /// A CAdES signature that holds its one document (EN 319 122-1 §4.1).
    CadesAttached,
    /// A CAdES signature beside its one document (EN 319 122-1 §4.1).
    CadesDetached,
    /// Another CAdES signature in a message: the first document is the message, the second is the
    /// content where that lies beside it.
    CadesAddition,
    /// A signature of a signature in a CMS message (RFC 5652 §11.4), the one document: see
    /// [`SigningParameters::countersigned`].
    CadesCounterSignature,
    /// A PDF with a PAdES signature in it (EN 319 142-1 §5.3).
    Pades,
    /// An XAdES signature beside its documents, which it names (EN 319 132-1 §4).
    XadesDetached,
    /// An XAdES signature that holds its documents, in base64.
    XadesEnveloping,
    /// An XML document with an XAdES signature in its outermost element. Others can sign it too.
    XadesEnveloped,
    /// The outermost element of an XML document, which bears an identifier, and an XAdES signature
    /// beside it in a new document.
    XadesInternallyDetached,
}

impl Packaging {
    /// How the format writes ECDSA values: CMS in DER, XML plain.
    #[must_use]
    pub fn value_encoding(self) -> ValueEncoding {
        if self.is_xades() {
            ValueEncoding::Plain
        } else {
            ValueEncoding::Der
        }
    }

    /// Whether the signature is one of XAdES.
    #[must_use]
    pub fn is_xades(self) -> bool {
        matches!(
            self,
            Self::AsicEWithXades
                | Self::AsicXadesAddition
                | Self::AsicSWithXades
                | Self::AsicCounterSignature
                | Self::XadesCounterSignature
                | Self::XadesDetached
                | Self::XadesEnveloping
                | Self::XadesEnveloped
                | Self::XadesInternallyDetached
        )
    }

    /// Whether the one document is a container, which is read.
    pub(super) fn is_within_container(self) -> bool {
        matches!(
            self,
            Self::AsicXadesAddition
                | Self::AsicCounterSignature
                | Self::AsicCadesAddition
                | Self::AsicCadesCounterSignature
        )
    }

    /// Whether the first document is structure, and held.
    pub(super) fn is_embedded(self) -> bool {
        self.is_within_xml() || matches!(self, Self::CadesAddition | Self::CadesCounterSignature)
    }

    /// Whether the signature stands inside of an XML document.
    fn is_within_xml(self) -> bool {
        matches!(
            self,
            Self::XadesEnveloped | Self::XadesInternallyDetached | Self::XadesCounterSignature
        )
    }
}

/// A document to be signed.
#[derive(Clone, Debug)]
pub struct DocumentToSign {
    /// Name, length and perhaps the bytes. The name becomes the name in the container.
    pub input: Input,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
}

/// The decisions of one signing; a plain structure with public members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningParameters {
    /// How signature and documents are put together.
    pub packaging: Packaging,
    /// The signature algorithm: one that the signer offers and its certificate's key can do.
    pub algorithm: SignatureAlgorithm,
    /// Digest of documents and of the certificate reference. In CMS that of the signature
    /// algorithm takes its place (RFC 5652 §5.4).
    pub digest: DigestAlgorithm,
    /// The claimed signing time, from the host's clock.
    pub claimed_signing_time: UnixTime,
    /// Claimed roles.
    pub roles: Vec<String>,
    /// Roles that somebody certified: attribute certificates (RFC 5755, DER).
    pub certified_roles: Vec<Vec<u8>>,
    /// What others assert about the signer, such as a SAML assertion: an XML element each, as
    /// [`assertion`](crate::xades::assertion) gives it. In XAdES only. A signature in it is one more signature of the
    /// document for whoever validates.
    pub signed_assertions: Vec<String>,
    /// Place of signing: country, region, postal code, town, street; empty members are left out.
    pub production_place: Option<[String; 5]>,
    /// The signature that is counter-signed, by the id of reports; none means the only one.
    pub countersigned: Option<String>,
    /// The signature policy that the signer follows; in CMS its id is a dotted OID.
    pub policy: Option<NewPolicy>,
    /// What the signer commits to; in CMS for everything that is signed, and without qualifiers.
    pub commitments: Vec<NewCommitment>,
    /// How the documents are named: in a manifest for [`Packaging::XadesDetached`] only.
    pub naming: Naming,
    /// What time-stamps over the content are over, where there are such
    /// ([`Preparation::with_content_timestamps`](super::Preparation::with_content_timestamps)); in
    /// CMS there is one content.
    pub stamped_content: StampedContent,
    /// What the content is, for people (content-hints); CAdES only.
    pub content_description: Option<String>,
    /// What the signature dictionary of a PDF says; for other forms nothing.
    pub pdf: PdfParameters,
    /// Octets to leave free in a PDF signature for a time-stamp that is added later; 0: none, then a
    /// document time-stamp takes its place. For a message that is made elsewhere, octets more than one
    /// of ours takes; without a certificate, all of them.
    pub timestamp_room: u64,
}

/// Room for a time-stamp with the certificates of its authority, as most are: see
/// [`SigningParameters::timestamp_room`].
pub const TIMESTAMP_ROOM: u64 = 12 << 10;

impl SigningParameters {
    /// ASiC-E with XAdES, SHA-256, nothing claimed but the time.
    #[must_use]
    pub fn asic_e(algorithm: SignatureAlgorithm, claimed_signing_time: UnixTime) -> Self {
        Self::new(Packaging::AsicEWithXades, algorithm, claimed_signing_time)
    }

    /// Nothing claimed but the time; SHA-256, or the stronger digest of the signature algorithm.
    #[must_use]
    pub fn new(
        packaging: Packaging,
        algorithm: SignatureAlgorithm,
        claimed_signing_time: UnixTime,
    ) -> Self {
        // The digest of the documents is never weaker than that of the signature value.
        let digest = match algorithm.digest() {
            Some(digest @ (DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512)) => digest,
            _ => DigestAlgorithm::Sha256,
        };
        Self {
            packaging,
            algorithm,
            digest,
            claimed_signing_time,
            roles: Vec::new(),
            certified_roles: Vec::new(),
            signed_assertions: Vec::new(),
            production_place: None,
            countersigned: None,
            policy: None,
            commitments: Vec::new(),
            naming: Naming::References,
            stamped_content: StampedContent::Each,
            content_description: None,
            pdf: PdfParameters::default(),
            timestamp_room: 0,
        }
    }
}
