//! The report on a certificate that is asked about by itself.

use super::{Certificate, Check, EvidenceDigest, Failure, Policy, Request, Trust, harmless_json};
use crate::time::UnixTime;
use crate::vocabulary::{BlockIndication, ObjectId, Purpose, SubIndication};
use serde::Serialize;

/// The name and number of this form.
pub const CERTIFICATE_SCHEMA: &str = "imza-certificate-report/1";

/// What was found out about one certificate at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateReport {
    /// [`CERTIFICATE_SCHEMA`].
    pub schema: &'static str,
    /// Version of this library.
    pub imza: &'static str,
    /// Name of the file, as the caller gave it, without folders.
    pub name: String,
    /// The certificate; `null` where the file could not be read.
    pub certificate: Option<Certificate>,
    /// What it was to be used for; `null`: for anything.
    pub purpose: Option<Purpose>,
    /// The time that it was judged at.
    pub validation_time: UnixTime,
    /// The policy that it was judged by.
    pub policy: Policy,
    /// What was asked of certificate policies.
    pub initial: InitialPolicies,
    /// The trust set that it was judged with.
    pub trust: Trust,
    /// The evidence that it rests on; `null` where the file could not be read.
    pub evidence: Option<EvidenceDigest>,
    /// PASSED, FAILED or INDETERMINATE; `null` where the file could not be read.
    pub indication: Option<BlockIndication>,
    /// Its sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// The path that the indication is about, from the certificate to the trust anchor.
    pub path: Vec<Certificate>,
    /// Every candidate path, the best first, and why it was refused.
    pub attempts: Vec<Attempt>,
    /// Every certificate that an attempt names, once.
    pub certificates: Vec<Certificate>,
    /// Every check that was made on the path.
    pub checks: Vec<Check>,
    /// The certificate policies that hold for the path; `2.5.29.32.0` stands for any.
    pub valid_policies: Vec<String>,
    /// Hosts that were asked, in the order of their names.
    pub hosts: Vec<String>,
    /// What was to be asked of other hosts, and what came of it, in the order of asking.
    pub requests: Vec<Request>,
    /// Why the file could not be processed.
    pub error: Option<Failure>,
}

/// The inputs of RFC 5280 §6.1.1 (c), (e), (f), (g).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InitialPolicies {
    /// Acceptable policies; `null`: any.
    pub policies: Option<Vec<String>>,
    /// The path must have a valid policy.
    pub require_explicit_policy: bool,
    /// Policy mappings do not count.
    pub inhibit_policy_mapping: bool,
    /// `anyPolicy` does not count.
    pub inhibit_any_policy: bool,
}

/// A candidate path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// From the certificate to the last below the anchor, or to where the search ended.
    pub certificates: Vec<ObjectId>,
    /// The trust anchor, where one was reached.
    pub anchor: Option<ObjectId>,
    /// What came of it; `null`: not judged to the end, because another path with the same issuer
    /// had passed.
    pub indication: Option<BlockIndication>,
    /// Its sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// Every reason against it.
    pub reasons: Vec<Refusal>,
}

/// A reason against a candidate path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The clause that it comes from.
    pub clause: String,
    /// What was wanted.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// The certificate or revocation data, by digest.
    pub object: Option<String>,
}

impl CertificateReport {
    /// One line of JSON without its line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        harmless_json(serde_json::to_string(self).unwrap_or_default())
    }

    /// Indented JSON.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        harmless_json(serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// The exit status of the contract: PASSED 0, FAILED 20, INDETERMINATE 10, unreadable 30.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match (&self.error, self.indication) {
            (Some(_), _) => 30,
            (None, Some(BlockIndication::Passed)) => 0,
            (None, Some(BlockIndication::Failed)) => 20,
            (None, _) => 10,
        }
    }
}
