//! Certificates as path validation sees them, without revocation.

use super::{Expected, Vector, VectorSet};
use crate::certificate::{CertificateSpec, Extension, usage};
use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::name::Name;
use crate::pki::{FIXED_TIME, Pki};

const PASSED: Expected = Expected {
    passed: true,
    indication: Some("PASSED"),
    sub_indication: None,
    integrity: None,
};

const GENERAL_FAILURE: Expected = Expected {
    passed: false,
    indication: Some("INDETERMINATE"),
    sub_indication: Some("CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    integrity: None,
};

const NO_PATH: Expected = Expected {
    sub_indication: Some("NO_CERTIFICATE_CHAIN_FOUND"),
    ..GENERAL_FAILURE
};

pub(super) fn set(pki: &Pki) -> Result<VectorSet> {
    let key = &pki.citizen_p256.key;
    let base = pki.citizen_spec(pki.citizen_p256.name.clone(), key, 0x4000);
    let issue = |spec: &CertificateSpec| spec.issue(&pki.issuing_ca.name, &pki.issuing_ca.key);
    let odd = |name: &str, spec: CertificateSpec, expected: Expected| -> Result<Vector> {
        Ok(Vector::new(
            &format!("certificate::{name}"),
            "cer",
            issue(&spec)?,
            expected,
        ))
    };
    let mut vectors = Vec::new();
    for entity in [&pki.citizen_p256, &pki.citizen_p384, &pki.citizen_rsa_2048] {
        let id = format!("certificate::end-entity::{}", entity.file);
        let vector = Vector::new(&id, "cer", entity.certificate.clone(), PASSED);
        vectors.push(vector.noted("RFC 5280 §6.1", "a citizen's certificate as it should be"));
    }
    vectors.extend([
        odd(
            "signature::broken",
            with(&base, |s| s.break_signature = true),
            GENERAL_FAILURE,
        )?
        .because(
            "path.valid",
            "RFC 5280 §6.1.3(a)(1)",
            "the CA's signature does not fit",
        ),
        odd(
            "signature::algorithms-differ",
            with(&base, |s| {
                s.inner_algorithm = Some(Scheme::Ecdsa(Hash::Sha384).identifier());
            }),
            GENERAL_FAILURE,
        )?
        .because(
            "path.valid",
            "RFC 5280 §4.1.1.2",
            "the two algorithm fields differ",
        ),
        odd(
            "signature::sha-1",
            with(&base, |s| s.scheme = Some(Scheme::Ecdsa(Hash::Sha1))),
            Expected {
                sub_indication: Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
                ..GENERAL_FAILURE
            },
        )?
        .because(
            "algorithm.path",
            "EN 319 102-1 §5.2.6.4",
            "signed with ECDSA and SHA-1",
        ),
        odd(
            "name::issuer-unknown",
            with(&base, |s| s.issuer = Some(Name::authority("nobody"))),
            NO_PATH,
        )?
        .because(
            "path.found",
            "RFC 5280 §6.1.3(a)(4)",
            "issued under a name that nobody bears",
        ),
        odd(
            "extension::unknown-critical",
            base.clone()
                .with([Extension::critical("1.3.6.1.4.1.32473.9", der::null())]),
            GENERAL_FAILURE,
        )?
        .because(
            "path.valid",
            "RFC 5280 §4.2",
            "a critical extension that nobody knows",
        ),
        odd(
            "extension::unknown",
            base.clone()
                .with([Extension::new("1.3.6.1.4.1.32473.9", der::null())]),
            PASSED,
        )?
        .noted(
            "RFC 5280 §4.2",
            "an extension that nobody knows, not critical",
        ),
        odd(
            "extension::duplicate",
            with(&base, |s| {
                s.extensions
                    .push(Extension::key_usage(&[usage::KEY_ENCIPHERMENT]))
            }),
            Expected::NOT_PASSED,
        )?
        .noted("RFC 5280 §4.2", "keyUsage twice, with different bits"),
        odd(
            "extension::no-key-identifiers",
            base.clone().without("2.5.29.35").without("2.5.29.14"),
            PASSED,
        )?
        .noted(
            "RFC 5280 §4.2.1.1",
            "no authority and no subject key identifier",
        ),
        odd(
            "version::v1-with-extensions",
            with(&base, |s| s.version = None),
            Expected::NOT_PASSED,
        )?
        .noted(
            "RFC 5280 §4.1.2.9",
            "version 1, and extensions all the same",
        ),
        odd(
            "validity::not-yet",
            with(&base, |s| s.not_before = FIXED_TIME + 86_400),
            Expected {
                sub_indication: None,
                ..GENERAL_FAILURE
            },
        )?
        .because(
            "certificate.validity",
            "EN 319 102-1 §5.2.6.4",
            "begins tomorrow",
        ),
        odd(
            "serial-number::negative",
            with(&base, |s| s.serial_number = vec![0xff]),
            PASSED,
        )?
        .noted(
            "RFC 5280 §4.1.2.2",
            "a negative serial number, which readers must handle",
        ),
        odd(
            "serial-number::long",
            with(&base, |s| s.serial_number = vec![0x11; 40]),
            PASSED,
        )?
        .noted(
            "RFC 5280 §4.1.2.2",
            "a serial number of 40 octets, twice what is allowed",
        ),
    ]);
    let from = &pki.citizen_p384;
    let by_citizen = base.issue(&from.name, &from.key)?;
    vectors.push(
        Vector::new(
            "certificate::issuer::no-authority",
            "cer",
            by_citizen,
            GENERAL_FAILURE,
        )
        .because(
            "path.valid",
            "RFC 5280 §6.1.4(k)",
            "issued by a citizen (citizen-p384)",
        )
        .flagged(&["missing-ca-check"]),
    );
    let mut truncated = issue(&base)?;
    truncated.truncate(200);
    vectors.push(
        Vector::new(
            "certificate::encoding::truncated",
            "cer",
            truncated,
            Expected::NOT_PASSED,
        )
        .noted("X.690 §8.1.3", "ends in the middle"),
    );
    let trailing = [issue(&base)?, vec![0]].concat();
    vectors.push(
        Vector::new(
            "certificate::encoding::trailing",
            "cer",
            trailing,
            Expected::NOT_PASSED,
        )
        .noted("X.690 §8.1.1", "one octet follows the certificate"),
    );
    let mut set = VectorSet::new(
        "certificate",
        "Certificates to be validated up to the root without revocation, purpose signing.",
        vectors,
    );
    set.evidence = ["issuing-ca", "citizen-p384"]
        .map(|n| format!("pki/{n}.cer"))
        .to_vec();
    Ok(set)
}

fn with(spec: &CertificateSpec, change: impl FnOnce(&mut CertificateSpec)) -> CertificateSpec {
    let mut spec = spec.clone();
    change(&mut spec);
    spec
}
