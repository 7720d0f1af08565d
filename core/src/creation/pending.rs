//! A signature that waits for its value.

use super::outside;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asic::{self, NewFile};
use crate::asn1::Mode;
use crate::certificate::Certificate;
use crate::crypto::{self, Fit, Memo, Message};
use crate::error::{ApiMisuse, Error, SignerError};
use crate::job::InputId;
use crate::limits::{Budget, Limit, Resource};
use crate::source::{CopyEncoding, Edits, Piece};
use crate::xades::{self, EmbeddedPiece};
use crate::zip::Extension;
use crate::{cades, pades};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 5;

/// The first line of a new XML document.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Everything that the signed document derives from but the payload and the value.
///
/// Holds of each input name, length, SHA-256 and CRC-32, and what our output adds; never payload.
/// The JSON form may travel to a phone and back: [`PendingSignature::complete`] derives the data to
/// be signed anew and verifies the value, so that a changed form signs nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignature {
    version: u32,
    plan: Plan,
}

/// What is made, by format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Plan {
    /// ASiC-E with XAdES.
    AsicEWithXades {
        blueprint: xades::Blueprint,
        files: Vec<NewFile>,
    },
    /// Another XAdES signature in a container.
    AsicEAddition {
        blueprint: xades::Blueprint,
        container: Extension,
        name: String,
    },
    /// A signature in a file of signatures that a container has: the text around it.
    AsicEmbedded {
        blueprint: xades::Blueprint,
        container: Extension,
        name: String,
        text: (String, String),
    },
    /// ASiC-S with XAdES.
    AsicSWithXades {
        blueprint: xades::Blueprint,
        file: NewFile,
    },
    /// XAdES beside its files.
    XadesDetached { blueprint: xades::Blueprint },
    /// XAdES around its files.
    XadesEnveloping {
        blueprint: xades::Blueprint,
        files: Vec<NewFile>,
    },
    /// XAdES inside of a document.
    XadesEmbedded {
        blueprint: xades::Blueprint,
        pieces: Vec<xades::EmbeddedPiece>,
    },
    /// ASiC-E with CAdES over the manifest in it.
    AsicEWithCades {
        blueprint: cades::Blueprint,
        files: Vec<NewFile>,
        manifest: String,
    },
    /// ASiC-S with CAdES.
    AsicSWithCades {
        blueprint: cades::Blueprint,
        file: NewFile,
    },
    /// A manifest and the CMS message over it more in an ASiC-E container.
    AsicCadesAddition {
        blueprint: cades::Blueprint,
        container: Extension,
        names: [String; 2],
        manifest: String,
    },
    /// An ASiC container with a CMS message that has a signature more.
    AsicMessage {
        blueprint: cades::Blueprint,
        addition: cades::Addition,
        container: Extension,
        name: String,
    },
    /// A CMS message around its content.
    CadesAttached {
        blueprint: cades::Blueprint,
        content: NewFile,
    },
    /// A CMS message beside its content.
    CadesDetached { blueprint: cades::Blueprint },
    /// A CMS message with a signature more.
    CadesAddition {
        blueprint: cades::Blueprint,
        addition: cades::Addition,
    },
    /// A PDF with an update behind it.
    Pades {
        blueprint: cades::Blueprint,
        document: NewFile,
        update: pades::SignedUpdate,
    },
}

/// What a key holder signs, in the syntax of the signature.
enum Signed<'p> {
    Xades(&'p xades::Blueprint),
    Cms(&'p cades::Blueprint),
}

impl Plan {
    fn signed(&self) -> Signed<'_> {
        match self {
            Self::AsicEWithXades { blueprint, .. }
            | Self::AsicEAddition { blueprint, .. }
            | Self::AsicEmbedded { blueprint, .. }
            | Self::AsicSWithXades { blueprint, .. }
            | Self::XadesDetached { blueprint }
            | Self::XadesEnveloping { blueprint, .. }
            | Self::XadesEmbedded { blueprint, .. } => Signed::Xades(blueprint),
            Self::AsicEWithCades { blueprint, .. }
            | Self::AsicSWithCades { blueprint, .. }
            | Self::AsicCadesAddition { blueprint, .. }
            | Self::AsicMessage { blueprint, .. }
            | Self::CadesAttached { blueprint, .. }
            | Self::CadesDetached { blueprint }
            | Self::CadesAddition { blueprint, .. }
            | Self::Pades { blueprint, .. } => Signed::Cms(blueprint),
        }
    }

    fn xades(&self) -> Option<&xades::Blueprint> {
        match self.signed() {
            Signed::Xades(blueprint) => Some(blueprint),
            Signed::Cms(_) => None,
        }
    }

    fn cades(&self) -> Option<&cades::Blueprint> {
        match self {
            Self::AsicEWithCades { blueprint, .. }
            | Self::AsicSWithCades { blueprint, .. }
            | Self::AsicCadesAddition { blueprint, .. }
            | Self::CadesAttached { blueprint, .. }
            | Self::CadesDetached { blueprint }
            | Self::CadesAddition { blueprint, .. }
            | Self::Pades { blueprint, .. } => Some(blueprint),
            _ => None,
        }
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.signed() {
            Signed::Xades(blueprint) => blueprint.algorithm,
            Signed::Cms(blueprint) => blueprint.algorithm,
        }
    }

    fn signing_certificate(&self) -> &[u8] {
        match self.signed() {
            Signed::Xades(blueprint) => &blueprint.signing_certificate,
            Signed::Cms(blueprint) => &blueprint.signing_certificate,
        }
    }

    fn data_to_be_signed(&self) -> Result<Vec<u8>, Error> {
        match self.signed() {
            Signed::Xades(blueprint) => blueprint.data_to_be_signed(),
            Signed::Cms(blueprint) => blueprint.data_to_be_signed(),
        }
    }

    /// The signed document with a value that was verified.
    fn document(&self, value: &[u8]) -> Result<Edits, Error> {
        match self {
            Self::AsicEWithCades { blueprint, .. }
            | Self::AsicSWithCades { blueprint, .. }
            | Self::CadesDetached { blueprint }
            | Self::Pades { blueprint, .. } => self.document_with(&blueprint.detached(value)?),
            Self::AsicEWithXades { blueprint, files } => {
                let signature = blueprint.signature(value)?;
                asic::create(files, &[asic::signatures_file(&[&signature])])
            }
            Self::AsicEAddition {
                blueprint,
                container,
                name,
            } => {
                let file = asic::signatures_file(&[&blueprint.signature(value)?]);
                asic::add_signatures_file(container, name, file)
            }
            Self::AsicEmbedded {
                blueprint,
                container,
                name,
                text: (before, behind),
            } => {
                let signature = blueprint.signature(value)?;
                let file = [before.as_bytes(), &signature, behind.as_bytes()].concat();
                asic::replace_signatures_file(container, name, file)
            }
            Self::AsicSWithXades { blueprint, file } => {
                let signature = blueprint.signature(value)?;
                asic::create_simple_with_xades(file, &asic::signatures_file(&[&signature]))
            }
            Self::XadesDetached { blueprint } => {
                let mut edits = Edits::new();
                let signature = blueprint.signature(value)?;
                edits.append(Piece::insert([DECLARATION, &signature].concat()));
                Ok(edits)
            }
            Self::XadesEnveloping { blueprint, files } => {
                let mut edits = Edits::new();
                edits.append(Piece::insert(DECLARATION));
                let mut files = files.iter();
                for text in blueprint.signature_around(value)? {
                    edits.append(Piece::insert(text));
                    edits.append_all(files.next().map(|file| encoded(file, CopyEncoding::Base64)));
                }
                Ok(edits)
            }
            Self::XadesEmbedded { blueprint, pieces } => {
                let mut edits = Edits::new();
                for piece in pieces {
                    edits.append(match piece {
                        EmbeddedPiece::Text(text) => Piece::insert(text.as_bytes()),
                        EmbeddedPiece::Signature => Piece::insert(blueprint.signature(value)?),
                        EmbeddedPiece::Document { range, sha256 } => Piece::Copy {
                            input: InputId(0),
                            range: range.clone(),
                            encoding: CopyEncoding::None,
                            digest: sha256.as_slice().try_into().ok(),
                        },
                    });
                }
                Ok(edits)
            }
            Self::AsicCadesAddition {
                blueprint,
                container,
                names: [manifest_name, message_name],
                manifest,
            } => {
                let message = blueprint.detached(value)?;
                let manifest = manifest.as_bytes().to_vec();
                let files = [(&**manifest_name, manifest), (&**message_name, message)];
                asic::add_own_files(container, files)
            }
            Self::AsicMessage {
                blueprint,
                addition,
                container,
                name,
            } => {
                let message = addition.message(blueprint, value)?;
                asic::add_own_files(container, [(&**name, message)])
            }
            Self::CadesAttached { blueprint, content } => {
                let (before, after) = blueprint.attached(value, content.length)?;
                let mut edits = Edits::new();
                edits.append(Piece::insert(before));
                edits.append(copy(content));
                edits.append(Piece::insert(after));
                Ok(edits)
            }
            Self::CadesAddition {
                blueprint,
                addition,
            } => addition.document(blueprint, value),
        }
    }

    /// The signed document with a message beside its content.
    fn document_with(&self, message: &[u8]) -> Result<Edits, Error> {
        match self {
            Self::AsicEWithCades {
                files, manifest, ..
            } => asic::create_with_manifest(files, manifest.as_bytes(), message),
            Self::AsicSWithCades { file, .. } => asic::create_simple(file, message),
            Self::CadesDetached { .. } => {
                let mut edits = Edits::new();
                edits.append(Piece::insert(message));
                Ok(edits)
            }
            Self::Pades {
                document, update, ..
            } => {
                let mut edits = Edits::new();
                edits.append(copy(document));
                edits.append(Piece::insert(update.filled(message)?));
                Ok(edits)
            }
            _ => Err(ApiMisuse::ContradictoryParameters.into()),
        }
    }

    /// What a message is over that stands beside its content.
    fn beside(&self) -> Option<&cades::Blueprint> {
        match self {
            Self::AsicEWithCades { blueprint, .. }
            | Self::AsicSWithCades { blueprint, .. }
            | Self::CadesDetached { blueprint }
            | Self::Pades { blueprint, .. } => Some(blueprint),
            _ => None,
        }
    }
}

/// A document as it is, compared when it is written.
fn copy(file: &NewFile) -> Piece {
    encoded(file, CopyEncoding::None)
}

fn encoded(file: &NewFile, encoding: CopyEncoding) -> Piece {
    Piece::Copy {
        input: file.input,
        range: 0..file.length,
        encoding,
        digest: file.sha256.as_slice().try_into().ok(),
    }
}

impl PendingSignature {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            version: VERSION,
            plan,
        }
    }

    /// What is to be signed by XAdES.
    pub(super) fn xades(&self) -> Option<&xades::Blueprint> {
        self.plan.xades()
    }

    pub(super) fn xades_mut(&mut self) -> Option<&mut xades::Blueprint> {
        match &mut self.plan {
            Plan::AsicEWithXades { blueprint, .. }
            | Plan::AsicEAddition { blueprint, .. }
            | Plan::AsicEmbedded { blueprint, .. }
            | Plan::AsicSWithXades { blueprint, .. }
            | Plan::XadesDetached { blueprint }
            | Plan::XadesEnveloping { blueprint, .. }
            | Plan::XadesEmbedded { blueprint, .. } => Some(blueprint),
            _ => None,
        }
    }

    /// What is to be signed by CAdES.
    pub(super) fn cades(&self) -> Option<&cades::Blueprint> {
        self.plan.cades()
    }

    pub(super) fn cades_mut(&mut self) -> Option<&mut cades::Blueprint> {
        match &mut self.plan {
            Plan::AsicEWithCades { blueprint, .. }
            | Plan::AsicSWithCades { blueprint, .. }
            | Plan::AsicCadesAddition { blueprint, .. }
            | Plan::CadesAttached { blueprint, .. }
            | Plan::CadesDetached { blueprint }
            | Plan::CadesAddition { blueprint, .. }
            | Plan::Pades { blueprint, .. } => Some(blueprint),
            _ => None,
        }
    }

    /// The data to be signed (DTBS): for XAdES the canonical `ds:SignedInfo`, for CMS the DER of
    /// the signed attributes.
    ///
    /// # Errors
    /// [`ApiMisuse::KeyMismatch`] where no certificate was given; as
    /// [`xades::Blueprint::data_to_be_signed`] and [`cades::Blueprint::data_to_be_signed`].
    pub fn data_to_be_signed(&self) -> Result<Vec<u8>, Error> {
        if self.plan.signing_certificate().is_empty() {
            return Err(ApiMisuse::KeyMismatch.into());
        }
        self.plan.data_to_be_signed()
    }

    /// The data to be signed representation (DTBSR): its digest, with the digest algorithm of the
    /// signature; the data itself for algorithms that take the message.
    ///
    /// # Errors
    /// As [`PendingSignature::data_to_be_signed`].
    pub fn data_to_be_signed_representation(&self) -> Result<Vec<u8>, Error> {
        let data = self.data_to_be_signed()?;
        match self.algorithm().digest() {
            Some(digest) => crypto::digest(digest, &data),
            None => Ok(data),
        }
    }

    /// The signature algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.plan.algorithm()
    }

    /// Takes the signature value, verifies it, and gives the signed document at level B.
    ///
    /// # Errors
    /// [`SignerError::ValueDoesNotVerify`] when the value does not verify with the certificate's
    /// key; as [`PendingSignature::data_to_be_signed`]; errors of an unreadable saved form.
    pub fn complete(&self, value: &[u8]) -> Result<Edits, Error> {
        let data = self.data_to_be_signed()?;
        let mut budget = Budget::default();
        let certificate = Certificate::parse(self.plan.signing_certificate(), &mut budget)?;
        let key = certificate.public_key()?;
        let message = Message::Octets(&data);
        let algorithm = self.algorithm();
        match crypto::verify(
            key,
            algorithm,
            message,
            value,
            &mut budget,
            &mut Memo::default(),
        )? {
            Fit::Fits => {}
            Fit::DoesNotFit => return Err(SignerError::ValueDoesNotVerify.into()),
        }
        self.plan.document(value)
    }

    /// The digest over what is signed, with its algorithm, for whoever makes the whole message by
    /// themselves: of a PDF, over the octets of the `/ByteRange`. None where the message is not a
    /// detached one, or the signature one of XAdES.
    #[must_use]
    pub fn content_digest(&self) -> Option<(DigestAlgorithm, &[u8])> {
        let blueprint = self.plan.beside()?;
        Some((blueprint.digest(), &blueprint.content_digest))
    }

    /// Takes a CMS message that was made elsewhere over [`PendingSignature::content_digest`], and
    /// gives the signed document with it, octet for octet; time-stamps and revocation data in it
    /// stay. It is detached, has one signer, and refers to its certificate, which is in it; where the
    /// request named a certificate, it is that one. In a PDF, whose dictionary says the time, no time of
    /// signing should be in it (EN 319 142-1 §6.3): with one, it reaches no baseline level.
    ///
    /// # Errors
    /// [`SignerError::ValueDoesNotVerify`] when it is over another content, or its value does not fit
    /// its certificate; [`Malformed`](crate::error::Malformed) when it has not this form;
    /// [`Error::LimitExceeded`] with the octets that it needs when it is longer than its place in a
    /// PDF, which [`SigningParameters::timestamp_room`](super::SigningParameters::timestamp_room)
    /// makes larger; [`ApiMisuse`] for a signature that takes no such message, claims that were to be
    /// made and are not in it, and another certificate than the request named.
    ///
    /// # Standard
    /// RFC 5652 §5; EN 319 142-1 §6.3.
    pub fn complete_with_message(&self, message: &[u8]) -> Result<Edits, Error> {
        let blueprint = self.plan.beside();
        let blueprint = blueprint.ok_or(ApiMisuse::ContradictoryParameters)?;
        let mut mode = Mode::Ber;
        if let Plan::Pades { update, .. } = &self.plan {
            // ISO 32000-2 §12.8.3.3.1.
            mode = Mode::Der;
            let length = |octets: usize| u64::try_from(octets).unwrap_or(u64::MAX);
            let (maximum, requested) = (length(update.room()?), length(message.len()));
            if requested > maximum {
                return Err(Error::LimitExceeded(Limit {
                    resource: Resource::StructureBytes,
                    maximum,
                    requested,
                }));
            }
        }
        outside::check(message, blueprint, mode)?;
        self.plan.document_with(message)
    }

    /// The JSON form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`ApiMisuse::UnreadableValue`] or [`ApiMisuse::UnknownVersion`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let pending: Self = serde_json::from_str(text).map_err(|_| ApiMisuse::UnreadableValue)?;
        if pending.version != VERSION {
            return Err(ApiMisuse::UnknownVersion.into());
        }
        Ok(pending)
    }
}
