//! What the signer says besides the documents: roles, commitments, place, signature policy.

use crate::arguments::{ClaimOptions, ContentTimestampOption};
use crate::complaint::Complaint;
use crate::verify::name_of;
use imza::algorithm::DigestAlgorithm;
use imza::asn1::Oid;
use imza::asn1::pem::pem_or_der;
use imza::creation::{Packaging, SigningParameters};
use imza::crypto;
use imza::error::Error;
use imza::limits::Budget;
use imza::signature::{IdentifiedPolicy, NewCommitment, NewPolicy, PolicyStore};
use imza::xades::{self, Naming, StampedContent};
use imza_explain::{Said, Sentence};
use std::path::{Path, PathBuf};

/// Everything that the signer says besides.
#[derive(Default)]
pub(crate) struct Claims {
    roles: Vec<String>,
    certified_roles: Vec<Vec<u8>>,
    signed_assertions: Vec<String>,
    commitments: Vec<NewCommitment>,
    content_hint: Option<String>,
    /// Of the documents, where their names do not tell.
    pub(crate) media_type: Option<String>,
    naming: Naming,
    stamped_content: StampedContent,
    production_place: Option<[String; 5]>,
    policy: Option<NewPolicy>,
    countersigned: Option<String>,
    /// Whether what is signed is time-stamped first.
    pub(crate) has_content_timestamps: bool,
}

/// The parts of a place, in the order of [`SigningParameters::production_place`].
const PLACE: [&str; 5] = ["country", "region", "postal-code", "town", "street"];

impl Claims {
    /// What the options say.
    pub(crate) fn of(
        options: &ClaimOptions,
        countersign: Option<&str>,
        packaging: Packaging,
        documents: &[PathBuf],
    ) -> Result<Self, Complaint> {
        let commitments = options.commitment.iter();
        let commitments = commitments.map(|text| commitment(text, packaging, documents));
        let commitments = commitments.collect::<Result<Vec<_>, _>>()?;
        // EN 319 122-1 §5.2.3, §5.2.9: in CMS both are object identifiers.
        let is_cms = !packaging.is_xades();
        let is_known = |one: &NewCommitment| one.id.starts_with(COMMITMENTS) || is_oid(&one.id);
        if is_cms && !commitments.iter().all(is_known) {
            return Err(Complaint::misuse(Sentence::CommitmentIsAnOid));
        }
        let policy_id = options.signature_policy.as_deref();
        if is_cms && policy_id.is_some_and(|id| id != "implied" && !is_oid(id)) {
            return Err(Complaint::misuse(Sentence::SignaturePolicyIsAnOid));
        }
        let is_pdf = packaging == Packaging::Pades;
        if options.signature_policy_store && is_pdf {
            return Err(Complaint::misuse(Sentence::SignaturePolicyStoreNotHere));
        }
        let is_countersignature = matches!(
            packaging,
            Packaging::CadesCounterSignature | Packaging::AsicCadesCounterSignature
        );
        if options.content_timestamp.is_some() && (is_pdf || is_countersignature) {
            return Err(Complaint::misuse(Sentence::ContentTimestampNotHere));
        }
        let has_hints = is_cms && !is_pdf && !is_countersignature;
        if options.content_hint.is_some() && !has_hints {
            return Err(Complaint::misuse(Sentence::ContentHintIsCades));
        }
        if is_cms && !options.signed_assertion.is_empty() {
            return Err(Complaint::misuse(Sentence::AssertionIsXades));
        }
        if options.manifest && packaging != Packaging::XadesDetached {
            return Err(Complaint::misuse(Sentence::ManifestIsDetached));
        }
        // EN 319 142-1 §6.3: a PDF says it in its dictionary.
        if !options.place.is_empty() && packaging == Packaging::Pades {
            return Err(Complaint::misuse(Sentence::PlaceIsLocation));
        }
        Ok(Self {
            roles: options.role.clone(),
            certified_roles: certified_roles(&options.certified_role)?,
            signed_assertions: assertions(&options.signed_assertion)?,
            commitments,
            content_hint: options.content_hint.clone(),
            media_type: options.media_type.clone(),
            naming: match options.manifest {
                true => Naming::Manifest,
                false => Naming::References,
            },
            production_place: place(&options.place)?,
            policy: policy(options)?,
            has_content_timestamps: options.content_timestamp.is_some(),
            stamped_content: match options.content_timestamp {
                Some(ContentTimestampOption::All) => StampedContent::All,
                Some(ContentTimestampOption::Each) | None => StampedContent::Each,
            },
            countersigned: countersign.filter(|id| !id.is_empty()).map(str::to_owned),
        })
    }

    pub(crate) fn put_into(&self, parameters: &mut SigningParameters) {
        parameters.roles.clone_from(&self.roles);
        parameters.certified_roles.clone_from(&self.certified_roles);
        let assertions = &self.signed_assertions;
        parameters.signed_assertions.clone_from(assertions);
        parameters.commitments.clone_from(&self.commitments);
        let hint = &self.content_hint;
        parameters.content_description.clone_from(hint);
        let place = &self.production_place;
        parameters.production_place.clone_from(place);
        parameters.naming = self.naming;
        parameters.stamped_content = self.stamped_content;
        parameters.policy.clone_from(&self.policy);
        parameters.countersigned.clone_from(&self.countersigned);
    }
}

/// Attribute certificates; whether they are such is looked at when the signing begins.
fn certified_roles(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, Complaint> {
    let mut roles = Vec::new();
    for file in files {
        let read = pem_or_der(&document(file)?, &["ATTRIBUTE CERTIFICATE"]);
        roles.extend(read.map_err(|error| wrong(&error.into()))?);
    }
    Ok(roles)
}

fn assertions(files: &[PathBuf]) -> Result<Vec<String>, Complaint> {
    let read = |file: &PathBuf| {
        let octets = document(file)?;
        xades::assertion(&octets, &mut Budget::default()).map_err(|error| wrong(&error))
    };
    files.iter().map(read).collect()
}

fn wrong(error: &Error) -> Complaint {
    Complaint::from_error(Sentence::DoingSigning, error)
}

/// `approval`, or `approval=permit.txt`: for that document alone. What is neither a word nor an OID
/// before an equals sign is a URI with one in it.
fn commitment(
    text: &str,
    packaging: Packaging,
    documents: &[PathBuf],
) -> Result<NewCommitment, Complaint> {
    let is_name = |name: &str| uri(name) != name || is_oid(name);
    let split = text.split_once('=').filter(|(name, _)| is_name(name));
    let Some((name, document)) = split else {
        return Ok(NewCommitment::to_all(uri(text)));
    };
    let is_named = match packaging {
        Packaging::XadesDetached
        | Packaging::XadesEnveloping
        | Packaging::AsicEWithXades
        | Packaging::AsicSWithXades => documents.iter().any(|path| name_of(path) == document),
        // One of the container's own.
        Packaging::AsicXadesAddition => !document.is_empty(),
        _ => false,
    };
    if !is_named {
        let what = Said::new(Sentence::CommitmentDocument);
        return Err(Complaint::misuse(what.with("text", text)));
    }
    Ok(NewCommitment {
        documents: vec![document.to_owned()],
        ..NewCommitment::to_all(uri(name))
    })
}

/// A commitment by its name in EN 319 132-1 §5.2.3, or as it is.
fn uri(name: &str) -> String {
    let proof = match name {
        "origin" => "ProofOfOrigin",
        "receipt" => "ProofOfReceipt",
        "delivery" => "ProofOfDelivery",
        "sender" => "ProofOfSender",
        "approval" => "ProofOfApproval",
        "creation" => "ProofOfCreation",
        _ => return name.to_owned(),
    };
    format!("{COMMITMENTS}{proof}")
}

/// What the URI of a commitment begins with.
const COMMITMENTS: &str = "http://uri.etsi.org/01903/v1.2.2#";

/// Digits and dots, perhaps as a URN.
fn is_oid(text: &str) -> bool {
    let text = text.strip_prefix("urn:oid:").unwrap_or(text);
    Oid::from_dotted(text).is_some()
}

fn place(parts: &[String]) -> Result<Option<[String; 5]>, Complaint> {
    let mut place: [String; 5] = Default::default();
    for part in parts {
        let wrong =
            || Complaint::misuse(Said::new(Sentence::NotAPartOfAPlace).with("text", &**part));
        let (name, text) = part.split_once('=').ok_or_else(wrong)?;
        let number = PLACE.iter().position(|known| *known == name);
        let slot = number.and_then(|number| place.get_mut(number));
        let slot = slot.filter(|slot| slot.is_empty() && !text.is_empty());
        *slot.ok_or_else(wrong)? = text.to_owned();
    }
    Ok((!parts.is_empty()).then_some(place))
}

fn policy(options: &ClaimOptions) -> Result<Option<NewPolicy>, Complaint> {
    let file = options.signature_policy_file.as_deref();
    match (options.signature_policy.as_deref(), file) {
        (None, _) => Ok(None),
        (Some("implied"), None) => Ok(Some(NewPolicy::Implied)),
        (Some("implied"), Some(_)) | (Some(_), None) => {
            Err(Complaint::misuse(Sentence::SignaturePolicyFile))
        }
        (Some(id), Some(file)) => {
            let document = document(file)?;
            Ok(Some(NewPolicy::Identified(IdentifiedPolicy {
                id: id.to_owned(),
                algorithm: DigestAlgorithm::Sha256,
                digest: digest(&document)?,
                uri: options.signature_policy_url.clone(),
                user_notice: options.signature_policy_notice.clone(),
                specification: options.signature_policy_specification.clone(),
                store: options
                    .signature_policy_store
                    .then_some(PolicyStore::Document(document)),
            })))
        }
    }
}

fn document(file: &Path) -> Result<Vec<u8>, Complaint> {
    std::fs::read(file).map_err(|error| {
        let what = Said::new(Sentence::Unreadable).with("name", file);
        Complaint::misuse(what.with("why", &error))
    })
}

/// EN 319 132-1 §5.2.9.1: the digest of the policy document as it is.
fn digest(document: &[u8]) -> Result<Vec<u8>, Complaint> {
    crypto::digest(DigestAlgorithm::Sha256, document).map_err(|error| wrong(&error))
}
