//! Until when a verdict stays as it is, and what ends it first.

use crate::time::UnixTime;
use crate::vocabulary::{CheckId, Indication, ObjectId, SubIndication};
use serde::Serialize;

/// Until when the verdicts on a document stay as they are, by what is at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outlook {
    /// Of each signature, in the order of the report.
    pub signatures: Vec<SignatureOutlook>,
    /// Revocation data that the verdicts rest on.
    pub revocation: Vec<Dated>,
}

/// Until when the verdict on one signature stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureOutlook {
    /// The signature, by its id in the report.
    pub id: String,
    /// Whether it passes at the validation time.
    pub passes: bool,
    /// What ends that, with nothing but the evidence at hand; none where nothing at hand does.
    pub at_hand: Option<Ending>,
    /// What ends that, if revocation data can be had anew whenever it is wanted.
    pub renewed: Option<Ending>,
    /// Its algorithms, with their end dates.
    pub algorithms: Vec<Dated>,
}

/// The first instant at which a signature passes no longer, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The instant.
    pub time: UnixTime,
    /// The indication from then on.
    pub indication: Indication,
    /// The sub-indication from then on.
    pub sub_indication: Option<SubIndication>,
    /// The check that decides, where one does.
    pub check: Option<CheckId>,
    /// What that check is about.
    pub object: Option<String>,
}

/// Something that holds from one instant to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dated {
    /// What it is: `CRL`, `OCSP`, or the name of an algorithm.
    pub name: String,
    /// Its digest, where it is an object.
    pub object: Option<ObjectId>,
    /// First instant.
    pub from: Option<UnixTime>,
    /// The instant at which it ends.
    pub until: Option<UnixTime>,
}
