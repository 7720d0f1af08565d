//! What X.509 certificate validation found, kept so that later processes can lift each finding by
//! its own rule.
//!
//! EN 319 102-1 §5.2.6.4 returns at the first finding and so hides the ones behind it: a signer
//! revoked after the best signature time would hide that its CA was revoked before it. Here the
//! steps are evaluated to the end; one status is reported, but **all findings count**.
//!
//! DEVIATION: to the safe side of EN 319 102-1 §5.2.6.4, precedent: none known.

use super::check_log::OnTrust;
use super::conclusion::Conclusion;
use super::revocation_acceptance::Accepted;
use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::evidence::Wanted;
use crate::policy::{Freshness, Reliability};
use crate::time::UnixTime;
use crate::vocabulary::{CheckId, ObjectId, SubIndication};

/// One condition that does not hold.
#[derive(Clone, Debug)]
pub(super) struct X509Finding {
    pub(super) kind: FindingKind,
    /// The check that it fails.
    pub(super) check: CheckId,
    pub(super) expected: String,
    pub(super) found: String,
    /// The certificate or revocation data, by digest.
    pub(super) object: Option<String>,
    pub(super) trust: OnTrust,
    /// What could mend it.
    pub(super) wanted: Option<Wanted>,
}

/// What a finding is, with the values that later processes need.
#[derive(Clone, Debug)]
pub(super) enum FindingKind {
    /// No path to any anchor (step 2).
    NoPath,
    /// The anchor is past its sunset date (step 3).
    Sunset,
    /// The signing certificate is revoked (4b).
    Revoked { at: UnixTime },
    /// The signing certificate is on hold (4c).
    OnHold { since: UnixTime },
    /// A CA certificate is revoked (4d).
    AuthorityRevoked { at: UnixTime, is_key_safe: bool },
    /// Path validation failed for another reason (4e).
    General,
    /// A constraint of the policy on the path (5).
    Constraints,
    /// An algorithm of the path or of revocation data (6), and what was made with it.
    Unreliable {
        until: Reliability,
        object: ObjectId,
    },
    /// Outside the validity of the signing certificate (7).
    OutOfBounds { known_not_revoked: bool },
    /// A CA certificate is outside its validity.
    AuthorityOutOfBounds,
    /// Outside the validity of the issuer of the revocation data (8).
    RevocationIssuerOutOfBounds {
        issuer: Box<Certificate>,
        data: ObjectId,
    },
    /// The revocation data is not fresh (4a).
    Stale {
        this_update: UnixTime,
        next_update: Option<UnixTime>,
        freshness: Freshness,
    },
}

impl FindingKind {
    /// The rank in which one finding is reported before another.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::NoPath => 0,
            Self::Sunset => 1,
            Self::Revoked { .. } => 2,
            Self::OnHold { .. } => 3,
            Self::AuthorityRevoked { .. } => 4,
            Self::General => 5,
            Self::Constraints => 6,
            Self::Unreliable { .. } => 7,
            Self::OutOfBounds { .. } => 8,
            Self::AuthorityOutOfBounds => 9,
            Self::RevocationIssuerOutOfBounds { .. } => 10,
            Self::Stale { .. } => 11,
        }
    }

    /// Whether step 7 of EN 319 102-1 §5.2.6.4 would not have been reached.
    pub(super) fn precedes_bounds(&self) -> bool {
        self.rank()
            < Self::OutOfBounds {
                known_not_revoked: true,
            }
            .rank()
    }

    /// The sub-indication of the block.
    pub(super) fn sub_indication(&self) -> SubIndication {
        match self {
            Self::NoPath => SubIndication::NoCertificateChainFound,
            Self::Sunset => SubIndication::NoCertificateChainFoundNoPoe,
            Self::Revoked { .. } => SubIndication::RevokedNoPoe,
            Self::OnHold { .. } | Self::Stale { .. } => SubIndication::TryLater,
            Self::AuthorityRevoked { .. } => SubIndication::RevokedCaNoPoe,
            Self::General => SubIndication::CertificateChainGeneralFailure,
            Self::Constraints => SubIndication::ChainConstraintsFailure,
            Self::Unreliable { .. } => SubIndication::CryptoConstraintsFailureNoPoe,
            Self::OutOfBounds {
                known_not_revoked: true,
            } => SubIndication::OutOfBoundsNotRevoked,
            Self::OutOfBounds {
                known_not_revoked: false,
            }
            | Self::AuthorityOutOfBounds => SubIndication::OutOfBoundsNoPoe,
            Self::RevocationIssuerOutOfBounds { .. } => SubIndication::RevocationOutOfBoundsNoPoe,
        }
    }
}

/// The outcome of X.509 certificate validation.
#[derive(Clone, Debug, Default)]
pub(super) struct X509Outcome {
    /// From the certificate to the last one below the anchor; empty without any path.
    pub(super) path: Vec<Certificate>,
    /// The anchor's certificate, where it is given as one.
    pub(super) anchor: Option<Certificate>,
    /// The policies that hold for the path.
    pub(super) valid_policies: Vec<Oid>,
    /// Everything that weighs: findings that the policy tolerates stand in `tolerated`.
    pub(super) findings: Vec<X509Finding>,
    /// Findings that are only a warning or less.
    pub(super) tolerated: Vec<X509Finding>,
    /// Whether acceptable data says that the signing certificate is not revoked (step 7, note 8).
    pub(super) known_not_revoked: bool,
    /// Checks that were executed, with the object each is about.
    pub(super) executed: Vec<(CheckId, Option<String>)>,
    /// The sunset date of the anchor.
    pub(super) sunset: Option<UnixTime>,
    /// What the later processes need to know of each certificate of the path, in its order; empty
    /// where the certificate is itself the anchor.
    pub(super) links: Vec<PathLink>,
    /// Other paths that were judged, in the order tried.
    pub(super) alternatives: Vec<X509Outcome>,
}

/// A certificate of a path, and what is known of its revocation.
#[derive(Clone, Debug)]
pub(super) struct PathLink {
    pub(super) certificate: Certificate,
    /// Until when the algorithm that made it is reliable.
    pub(super) until: Reliability,
    /// All acceptable revocation data.
    pub(super) accepted: Vec<Accepted>,
    /// Whether the path fails without.
    pub(super) is_required: bool,
}

impl X509Outcome {
    /// The status that is reported: the finding that comes first.
    pub(super) fn conclusion(&self) -> Conclusion {
        let first = self
            .findings
            .iter()
            .min_by_key(|finding| finding.kind.rank());
        first.map_or(Conclusion::PASSED, |finding| {
            Conclusion::of(finding.kind.sub_indication())
        })
    }

    /// The rank of the first finding; a path without findings ranks best.
    pub(super) fn rank(&self) -> u8 {
        let ranks = self.findings.iter().map(|finding| finding.kind.rank());
        // A late step is nearer to success than an early one.
        ranks.min().unwrap_or(u8::MAX)
    }

    /// Whether acceptable data says that the signing certificate is revoked or on hold.
    pub(super) fn is_signer_revoked(&self) -> bool {
        self.findings.iter().any(|finding| {
            matches!(
                finding.kind,
                FindingKind::Revoked { .. } | FindingKind::OnHold { .. }
            )
        })
    }

    /// Whether some path reached an anchor.
    pub(super) fn has_path(&self) -> bool {
        !self.path.is_empty()
    }
}
