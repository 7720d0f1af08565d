//! Signatures inside of documents: what goes in changes nothing that was there.
#![no_main]

use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use imza::time::UnixTime;
use imza::xades::{self, Blueprint, EmbeddedPiece, Naming, Position, StampedContent};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

/// Some certificate: nothing is verified here.
const CERTIFICATE: &[u8] = include_bytes!("../../test-vectors/vectors/pki/root.cer");

fuzz_target!(|octets: &[u8]| {
    for position in [Position::Enveloped, Position::InternallyDetached] {
        let blueprint = Blueprint {
            references: Vec::new(),
            naming: Naming::References,
            digest: DigestAlgorithm::Sha256,
            algorithm: SignatureAlgorithm::Ed25519,
            signing_certificate: CERTIFICATE.to_vec(),
            other_certificates: Vec::new(),
            claimed_signing_time: UnixTime::from_seconds(0),
            roles: Vec::new(),
            certified_roles: Vec::new(),
            signed_assertions: Vec::new(),
            production_place: None,
            policy: None,
            commitments: Vec::new(),
            stamped_content: StampedContent::Each,
            content_timestamps: Vec::new(),
        };
        let planned = xades::embed(
            octets,
            position,
            "text/xml",
            blueprint,
            &mut imza_fuzz::budget(),
        );
        let Ok((blueprint, pieces)) = planned else {
            continue;
        };
        let signature = blueprint
            .signature(b"value")
            .expect("what was planned can be made");
        let mut signed = Vec::new();
        for piece in &pieces {
            match piece {
                EmbeddedPiece::Text(text) => signed.extend_from_slice(text.as_bytes()),
                EmbeddedPiece::Signature => signed.extend_from_slice(&signature),
                EmbeddedPiece::Document { range, .. } => {
                    let start = usize::try_from(range.start).expect("in memory");
                    let end = usize::try_from(range.end).expect("in memory");
                    signed.extend_from_slice(&octets[start..end]);
                }
            }
        }
        let signed: Arc<[u8]> = signed.into();
        let records = xades::parse(&signed, "", &|_| None, &mut imza_fuzz::budget());
        let Ok(records) = records else {
            // Only a limit may stop the reading of what was made.
            assert!(octets.len() > 1 << 12, "what is made can be read");
            continue;
        };
        assert!(!records.is_empty(), "the signature is there");
    }
});
