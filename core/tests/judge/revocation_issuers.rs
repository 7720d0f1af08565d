//! Who may say that a certificate is revoked or not, and how.

mod answers;
mod delegates;
mod lists;
mod responders;
mod times;

use crate::row::{Expected, Row};
use crate::scene::{Scene, ocsp_given};
use imza::vocabulary::CheckId::RevocationAvailable;
use imza::vocabulary::SubIndication::CertificateChainGeneralFailure;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::CertStatus::Good;

const MISSING: Expected = Expected {
    indication: imza::vocabulary::Indication::Indeterminate,
    sub_indication: Some(CertificateChainGeneralFailure),
    integrity: imza::vocabulary::Integrity::Intact,
    check: RevocationAvailable,
    is_warning: false,
    timestamp: None,
};

/// The answer about the signer comes from this responder.
fn answered_by(scene: &mut Scene, by: &imza_test_vectors::Entity, at: i64) {
    let answer = scene.answer(Good, by, at);
    scene.about_signer = vec![ocsp_given(&answer, by)];
}

fn scheme_sha1() -> Scheme {
    Scheme::Ecdsa(Hash::Sha1)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = responders::rows();
    rows.extend(delegates::rows());
    rows.extend(answers::rows());
    rows.extend(lists::rows());
    rows.extend(times::rows());
    rows
}
