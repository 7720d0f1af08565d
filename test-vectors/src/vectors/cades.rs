//! Detached CAdES signatures at level LT over the permit.

use super::scenario::{Scenario, Values};
use super::{Expected, PERMIT, Vector, VectorSet};
use crate::cades::Flaw;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::Pki;

const FORMAT: Expected = Expected {
    integrity: None,
    ..Expected::failed("FORMAT_FAILURE", "")
};

pub(super) fn set(pki: &Pki) -> Result<VectorSet> {
    let make = |name: &str, expected, change: &dyn Fn(&mut Scenario)| -> Result<Vector> {
        let mut scenario = Scenario::new(pki);
        change(&mut scenario);
        let octets = scenario.cms(PERMIT)?;
        let mut vector = Vector::new(&format!("cades::{name}"), "p7s", octets, expected);
        vector.detached = Some("data/permit.txt".to_owned());
        Ok(vector)
    };
    let flaw = |name: &str, flaw, expected| make(name, expected, &|s| s.cades.flaw = flaw);
    let vectors = vec![
        make("form::p-256", Expected::PASSED, &|_| {})?
            .noted("EN 319 122-1 §6.3", "as it should be"),
        make("form::p-384", Expected::PASSED, &|s| {
            s.signer = s.pki.citizen_p384.clone()
        })?
        .noted("EN 319 122-1 §6.3", "signed with P-384"),
        make("form::rsa-2048", Expected::PASSED, &|s| {
            s.signer = s.pki.citizen_rsa_2048.clone()
        })?
        .noted("EN 319 122-1 §6.3", "signed with RSA"),
        make("form::rsa-pss", Expected::PASSED, &|s| {
            s.signer = s.pki.citizen_rsa_3072.clone();
            s.cades.algorithms = Some((Hash::Sha256, Scheme::RsaPss(Hash::Sha256)));
        })?
        .noted("RFC 4056 §3", "signed with RSA-PSS"),
        make("form::attached", Expected::PASSED, &|s| {
            s.cades.detached = false
        })?
        .noted("RFC 5652 §5.2", "the content stands inside"),
        flaw(
            "attribute::unsorted",
            Flaw::UnsortedAttributes,
            Expected::PASSED,
        )?
        .noted(
            "RFC 5652 §5.4",
            "attributes stored in another order than they are signed in",
        ),
        make("form::level-b", Expected::NOT_PASSED, &|s| {
            s.stamped = false;
            s.values = Values::Missing;
        })?
        .because(
            "path.found",
            "EN 319 102-1 §5.2.6.4",
            "level B: nothing but the certificate",
        ),
        flaw(
            "content::digest",
            Flaw::WrongMessageDigest,
            Expected::failed("HASH_FAILURE", "broken"),
        )?
        .because(
            "cryptographic.reference-intact",
            "RFC 5652 §5.6",
            "message-digest of another content",
        ),
        flaw(
            "attribute::no-message-digest",
            Flaw::MissingMessageDigest,
            FORMAT,
        )?
        .because("format.structure", "RFC 5652 §11.2", "no message-digest"),
        flaw(
            "attribute::two-message-digests",
            Flaw::TwoMessageDigests,
            FORMAT,
        )?
        .because(
            "format.structure",
            "RFC 5652 §11.2",
            "two message-digests, one fits",
        ),
        flaw(
            "attribute::no-content-type",
            Flaw::MissingContentType,
            FORMAT,
        )?
        .because("format.structure", "RFC 5652 §11.1", "no content-type"),
        flaw("attribute::content-type", Flaw::WrongContentType, FORMAT)?.because(
            "format.structure",
            "RFC 5652 §11.1",
            "content-type is not that of the content",
        ),
        flaw("attribute::none", Flaw::NoAttributes, Expected::NOT_PASSED)?
            .noted(
                "EN 319 122-1 §5.1",
                "no signed attributes: the value is over the content itself",
            )
            .flagged(&["attribute-downgrade"]),
        flaw(
            "attribute::algorithm-protection",
            Flaw::WrongAlgorithmProtection,
            Expected::indeterminate("SIG_CONSTRAINTS_FAILURE", "intact"),
        )?
        .because(
            "attribute.algorithm-protection",
            "RFC 6211 §2",
            "names another digest algorithm",
        ),
        flaw(
            "certificate::no-reference",
            Flaw::MissingSigningCertificate,
            Expected::PASSED,
        )?
        .because(
            "signing-certificate.reference",
            "EN 319 102-1 §5.2.8.4.2.1",
            "no signing-certificate-v2",
        ),
        flaw(
            "certificate::reference-digest",
            Flaw::WrongSigningCertificate,
            Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "broken"),
        )?
        .because(
            "signing-certificate.reference-fits",
            "EN 319 102-1 §5.2.3.4",
            "names another certificate",
        ),
        flaw(
            "certificate::missing",
            Flaw::MissingCertificate,
            Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "unknown"),
        )?
        .because(
            "signing-certificate.identified",
            "EN 319 102-1 §5.2.3.4",
            "the signer's certificate is nowhere",
        ),
        flaw(
            "value::broken",
            Flaw::BrokenSignature,
            Expected::failed("SIG_CRYPTO_FAILURE", "broken"),
        )?
        .because(
            "cryptographic.signature-intact",
            "EN 319 102-1 §5.2.7.4",
            "one bit is flipped",
        ),
        make(
            "value::sha-1",
            Expected::indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "intact"),
            &|s| s.cades.algorithms = Some((Hash::Sha1, Scheme::Ecdsa(Hash::Sha1))),
        )?
        .because(
            "algorithm.signature",
            "EN 319 102-1 §5.2.8.4",
            "digested and signed with SHA-1",
        ),
        make(
            "revocation::revoked-before",
            Expected::indeterminate("REVOKED_NO_POE", "intact"),
            &|s| s.signer = s.pki.citizen_revoked.clone(),
        )?
        .because(
            "revocation.not-revoked",
            "EN 319 102-1 §5.5.4",
            "revoked before the time-stamp",
        ),
    ];
    Ok(VectorSet::new(
        "cades",
        "Detached signatures over data/permit.txt, level LT unless said otherwise.",
        vectors,
    ))
}
