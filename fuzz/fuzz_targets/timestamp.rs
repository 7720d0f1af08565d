//! Time-stamp tokens, and answers of authorities.
#![no_main]

use imza::algorithm::DigestAlgorithm;
use imza::cades::read_token;
use imza::timestamp::{TimestampRequest, TimestampToken, TstInfo, parse_response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let _ = TstInfo::parse(octets, &mut imza_fuzz::budget());
    if let Ok(token) = TimestampToken::parse(octets, &mut imza_fuzz::budget()) {
        for finding in &token.findings {
            let _ = (finding.clause(), finding.gravity());
        }
    }
    let _ = read_token(octets, "place", &mut imza_fuzz::budget());
    let expected = TimestampRequest {
        algorithm: DigestAlgorithm::Sha256,
        digest: vec![7; 32],
        policy: None,
        nonce: Some(vec![1, 2, 3, 4, 5, 6, 7, 8]),
    };
    if let Ok(token) = parse_response(octets, &expected, &mut imza_fuzz::budget()) {
        assert_eq!(
            token.tst_info.message_imprint.hashed_message,
            expected.digest
        );
    }
});
