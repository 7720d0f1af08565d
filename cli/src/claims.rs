//! What the signer says besides the documents: roles, commitments, place, signature policy.

use crate::arguments::ClaimOptions;
use crate::complaint::Complaint;
use imza::algorithm::DigestAlgorithm;
use imza::creation::{Packaging, SigningParameters};
use imza::crypto;
use imza::xades::{IdentifiedPolicy, NewPolicy};
use imza_explain::{Said, Sentence};
use std::path::Path;

/// Everything that the signer says besides.
#[derive(Default)]
pub(crate) struct Claims {
    roles: Vec<String>,
    commitment_types: Vec<String>,
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
    ) -> Result<Self, Complaint> {
        let is_xades = packaging.is_xades();
        if !options.commitment.is_empty() && !is_xades {
            return Err(Complaint::misuse(Sentence::CommitmentIsXades));
        }
        if options.signature_policy.is_some() && !is_xades {
            return Err(Complaint::misuse(Sentence::SignaturePolicyIsXades));
        }
        if options.content_timestamp && !is_xades {
            return Err(Complaint::misuse(Sentence::ContentTimestampIsXades));
        }
        // EN 319 142-1 §6.3: a PDF says it in its dictionary.
        if !options.place.is_empty() && packaging == Packaging::Pades {
            return Err(Complaint::misuse(Sentence::PlaceIsLocation));
        }
        Ok(Self {
            roles: options.role.clone(),
            commitment_types: options.commitment.iter().map(|name| uri(name)).collect(),
            production_place: place(&options.place)?,
            policy: policy(options)?,
            has_content_timestamps: options.content_timestamp,
            countersigned: countersign.filter(|id| !id.is_empty()).map(str::to_owned),
        })
    }

    pub(crate) fn put_into(&self, parameters: &mut SigningParameters) {
        parameters.roles.clone_from(&self.roles);
        let commitments = &self.commitment_types;
        parameters.commitment_types.clone_from(commitments);
        let place = &self.production_place;
        parameters.production_place.clone_from(place);
        parameters.policy.clone_from(&self.policy);
        parameters.countersigned.clone_from(&self.countersigned);
    }
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
    format!("http://uri.etsi.org/01903/v1.2.2#{proof}")
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
        (Some(id), Some(file)) => Ok(Some(NewPolicy::Identified(IdentifiedPolicy {
            id: id.to_owned(),
            algorithm: DigestAlgorithm::Sha256,
            digest: digest(file)?,
            uri: options.signature_policy_url.clone(),
            specification: options.signature_policy_specification.clone(),
        }))),
    }
}

/// EN 319 132-1 §5.2.9.1: the digest of the policy document as it is.
fn digest(file: &Path) -> Result<Vec<u8>, Complaint> {
    let octets = std::fs::read(file).map_err(|error| {
        let what = Said::new(Sentence::Unreadable).with("name", file);
        Complaint::misuse(what.with("why", &error))
    })?;
    crypto::digest(DigestAlgorithm::Sha256, &octets)
        .map_err(|error| Complaint::from_error(Sentence::DoingSigning, &error))
}
