//! The report: indications and check records. Serialisable, no logic.
//!
//! One [`Report`] per document, the same from the command, the phones, the browser and a service.
//! Its JSON form is the contract `imza-report/1`: members in the order of declaration, no clock, no
//! duration, no machine path inside, the same in every language. Words and pictures are made from
//! it outside this crate.
//!
//! # Standard
//! EN 319 102-1 §5.1.3, §5.1.4 (what a report must name); TS 119 102-2 (its XML form is made
//! elsewhere).

mod certificate;
mod certificate_facts;
mod claims;
mod outlook;

pub use certificate::{Attempt, CERTIFICATE_SCHEMA, CertificateReport, InitialPolicies, Refusal};
pub use certificate_facts::{
    AlternativeName, CERTIFICATE_FACTS_SCHEMA, CertificateFacts, Disclosure, ExtensionFacts,
    FindingFacts, IdentifierFacts, QualificationClaims, SubjectService,
};
pub use claims::{ClaimedMediaType, ClaimedPlace, ClaimedPolicy, ClaimedRole, Claims, Commitment};
pub use outlook::{Dated, Ending, Outlook, SignatureOutlook};

use crate::error::Error;
use crate::time::UnixTime;
use crate::vocabulary::{
    Basis, BlockIndication, ChangeAction, ChangeClass, CheckId, ContainerKind, Indication,
    Integrity, Level, ObjectId, Outcome, ScopeKind, SignatureFormat, SignatureLevel, SubIndication,
    TimestampKind,
};
use serde::Serialize;

/// The name and number of this form.
pub const SCHEMA: &str = "imza-report/1";

/// What was found out about one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Version of this library.
    pub imza: &'static str,
    /// The document.
    pub document: Document,
    /// What holds signatures and data together.
    pub container: Option<ContainerKind>,
    /// The time that the document was judged at.
    pub validation_time: UnixTime,
    /// A proof of existence that the caller gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven_at: Option<UnixTime>,
    /// The policy that it was judged by.
    pub policy: Policy,
    /// The trust set that it was judged with.
    pub trust: Trust,
    /// The evidence that it rests on; `null` where the document could not be processed.
    pub evidence: Option<EvidenceDigest>,
    /// What the report was made from.
    pub basis: Basis,
    /// The worst indication; a convenience, the standard judges signatures.
    pub indication: Option<AnyIndication>,
    /// Its sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// Signatures, in the order found.
    pub signatures: Vec<Signature>,
    /// Time-stamps of the document itself.
    pub timestamps: Vec<Timestamp>,
    /// Evidence records of the document itself.
    pub evidence_records: Vec<Timestamp>,
    /// Files of a container.
    pub files: Vec<File>,
    /// Checks of the document that belong to no signature.
    pub checks: Vec<Check>,
    /// Hosts that were asked, in the order of their names.
    pub hosts: Vec<String>,
    /// What was to be asked of other hosts, and what came of it, in the order of asking.
    pub requests: Vec<Request>,
    /// Why the document could not be processed.
    pub error: Option<Failure>,
    /// Until when the verdicts stay, only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
}

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its name, as the caller gave it, without folders.
    pub name: String,
    /// Media type, where recognised.
    pub media_type: Option<String>,
    /// Octets.
    pub size: u64,
    /// SHA-256 of the whole document, only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// The policy that a report rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// SHA-256 of its canonical JSON form.
    pub digest: ObjectId,
    /// Every check that it lowers, and from what.
    pub departures: Vec<Departure>,
}

/// A check whose level is lower than in the default policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Departure {
    /// The check, or `cryptographic-suite` or another constraint by name.
    pub check: String,
    /// The value in the default policy.
    pub default: String,
    /// The value here.
    pub level: String,
}

/// The trust set that a report rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trust {
    /// SHA-256 over the sorted anchors with their purposes and dates.
    pub digest: ObjectId,
    /// How many anchors.
    pub anchors: u64,
}

/// The evidence that a report rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceDigest {
    /// SHA-256 over the facts of the document and the digests of everything kept, given and fetched.
    pub digest: ObjectId,
}

/// A main or a block indication: documents without signatures have only time-stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AnyIndication {
    /// Of signatures.
    Main(Indication),
    /// Of time-stamps and evidence records.
    Block(BlockIndication),
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Identifier inside the document.
    pub id: String,
    /// Format.
    pub format: SignatureFormat,
    /// Level by what is present.
    pub level: SignatureLevel,
    /// The file of the container or field of the PDF that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Indication.
    pub indication: Indication,
    /// Sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// The cryptographic fact alone.
    pub integrity: Integrity,
    /// Algorithm of the signature value.
    pub algorithm: Option<String>,
    /// The signing certificate, where identified.
    pub signing_certificate: Option<Certificate>,
    /// The certification path, from the signing certificate to the trust anchor.
    pub path: Vec<Certificate>,
    /// When the signer claims to have signed.
    pub claimed_signing_time: Option<UnixTime>,
    /// What the signer claims besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<Claims>,
    /// The earliest time at which the signature is proven to have existed.
    pub best_signature_time: Option<BestSignatureTime>,
    /// What is covered.
    pub scopes: Vec<Scope>,
    /// Time-stamps of the signature.
    pub timestamps: Vec<Timestamp>,
    /// Every check that was made.
    pub checks: Vec<Check>,
    /// The signature that this one counter-signs.
    pub parent: Option<String>,
    /// The revision of the document that the signature covers (PDF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// What was changed after signing (PDF).
    pub changes: Vec<Change>,
}

/// A time of existence and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BestSignatureTime {
    /// The time.
    pub time: UnixTime,
    /// `validation` (a time-stamp that was validated), `time-mark` (an OCSP answer about the
    /// signature value, where the policy lets it count), `provided` (by the caller), or
    /// `current-time` (nothing proves an earlier one).
    pub proof: &'static str,
    /// The time-stamp or the OCSP answer, where one proves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

/// A certificate in words and by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Subject, in the manner of RFC 4514.
    pub subject: String,
    /// Issuer, in the manner of RFC 4514.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial_number: String,
    /// SHA-256 of the DER.
    pub digest: ObjectId,
    /// The person or organisation, where an identifier is known.
    pub person: Option<Person>,
    /// First instant of validity.
    pub not_before: UnixTime,
    /// Last instant of validity.
    pub not_after: UnixTime,
}

/// A person or organisation as the certificate names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Name for display.
    pub name: String,
    /// Kind of the identifier: `PNO`, `IDC`, `TIN`, `VAT`, `NTR` … (EN 319 412-1 §5.1.3).
    pub identifier_type: Option<String>,
    /// Country that gave it.
    pub country: Option<String>,
    /// The identifier.
    pub identifier: Option<String>,
}

/// What a signature or time-stamp covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Name of the object.
    pub name: String,
    /// How much of it.
    pub kind: ScopeKind,
}

/// One time-stamp or evidence record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timestamp {
    /// Identifier inside the document.
    pub id: String,
    /// Kind.
    pub kind: TimestampKind,
    /// Indication.
    pub indication: BlockIndication,
    /// Sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// The cryptographic fact alone.
    pub integrity: Integrity,
    /// The time that it states.
    pub time: Option<UnixTime>,
    /// The time-stamping certificate.
    pub signing_certificate: Option<Certificate>,
    /// What is covered.
    pub scopes: Vec<Scope>,
    /// Every check that was made.
    pub checks: Vec<Check>,
    /// What was changed in the document after a time-stamp of it (PDF).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// A file of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Octets, inflated.
    pub size: u64,
    /// SHA-256, where it was computed.
    pub digest: Option<String>,
    /// The intact signatures that cover it, by [`Signature::id`].
    pub covered_by: Vec<String>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The stable id.
    pub id: CheckId,
    /// The clause that it comes from.
    pub clause: &'static str,
    /// Its level in the policy.
    pub level: Level,
    /// What came of it.
    pub outcome: Outcome,
    /// What was wanted.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// The object, by digest or identifier.
    pub object: Option<String>,
    /// Whether another trust set could change the outcome.
    pub depends_on_trust: bool,
}

/// A state of a document that is changed by appending to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number, from 1 for the original file.
    pub number: u64,
    /// How many the document has.
    pub of: u64,
}

/// A change of a PDF after signing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How far it goes.
    pub kind: ChangeClass,
    /// What was done.
    pub action: ChangeAction,
    /// The revision that did it, from 1 for the original file.
    pub revision: u64,
    /// Where, from the trailer down.
    pub path: String,
    /// The numbers of the object that holds it.
    pub object: Option<String>,
    /// The form field that it belongs to.
    pub field: Option<String>,
    /// The page that it is on, from 1.
    pub page: Option<u64>,
    /// Whether it covers what was there, or uncovers it.
    pub overlaps: bool,
    /// Whether the signatures in force permit it.
    pub is_permitted: bool,
}

/// Something that was to be asked of another host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The address; untrusted text where a document gave it.
    pub url: String,
    /// `answered`, or why not.
    pub outcome: String,
}

/// Why a document could not be processed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// [`Error::code`].
    pub code: &'static str,
    /// [`Error::reason`].
    pub reason: String,
    /// [`Error::details`].
    pub details: std::collections::BTreeMap<&'static str, String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code(),
            reason: error.reason(),
            details: error.details().into_iter().collect(),
        }
    }
}

impl Report {
    /// One line of JSON without its line end.
    ///
    /// # Panics
    /// Never: the report holds nothing that JSON cannot write.
    #[must_use]
    pub fn to_json(&self) -> String {
        harmless_json(serde_json::to_string(self).unwrap_or_default())
    }

    /// Indented JSON.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        harmless_json(serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// Files of the container that no passed signature covers.
    pub fn uncovered_files(&self) -> impl Iterator<Item = &File> {
        let passed = |id: &String| {
            let total_passed = Indication::TotalPassed;
            self.signatures
                .iter()
                .any(|one| one.id == *id && one.indication == total_passed)
        };
        self.files
            .iter()
            .filter(move |file| !file.covered_by.iter().any(passed))
    }

    /// The exit status of the contract: 0, 10, 20 or 30. Saved evidence alone never ends with 0.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match (self.basis, self.exit_status_trusting_digests()) {
            (Basis::Evidence, 0) => 10,
            (_, status) => status,
        }
    }

    /// The exit status where the digests and facts of saved evidence are believed as if the document
    /// had been read.
    #[must_use]
    pub fn exit_status_trusting_digests(&self) -> u8 {
        if self.error.is_some() {
            return 30;
        }
        match self.indication {
            Some(AnyIndication::Main(Indication::TotalFailed))
            | Some(AnyIndication::Block(BlockIndication::Failed)) => 20,
            Some(AnyIndication::Main(Indication::TotalPassed))
                if self.uncovered_files().next().is_none() =>
            {
                0
            }
            _ => 10,
        }
    }
}

/// JSON that a terminal can be shown, with the same values.
///
/// JSON may hold as they are control characters above those that it escapes itself, direction marks
/// and invisible characters. Here they are escaped: all of them stand in strings, since whatever
/// JSON is made of besides is ASCII.
#[must_use]
pub fn harmless_json(json: String) -> String {
    let is_obeyed = |character: char| {
        matches!(character,
            '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
    };
    // Nearly every report is plain ASCII.
    if json.bytes().all(|octet| octet < 0x7f) || !json.contains(is_obeyed) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for character in json.chars() {
        if is_obeyed(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::harmless_json;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_means_the_same() {
        let text = "\u{9b}2J\u{202e}fdp\u{2028}\u{e0041}\u{7f} Əliyeva 中\n\u{1b}";
        let json = serde_json::to_string(text).unwrap();
        let safe = harmless_json(json.clone());
        assert!(
            safe.contains("\\u009b2J\\u202efdp\\u2028\\udb40\\udc41\\u007f Əliyeva"),
            "{safe}"
        );
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        assert_eq!(harmless_json(safe.clone()), safe);
    }
}
