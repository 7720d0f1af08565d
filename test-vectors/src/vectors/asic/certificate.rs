//! What can be wrong with the signer's certificate and its path.

use super::revocation::{about_signer, responder};
use super::{Case, UNKNOWN_PATH, flaw};
use crate::certificate::{CertificateSpec, Extension, usage};
use crate::der;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::ocsp::CertStatus;
use crate::pki::FIXED_TIME;
use crate::time::day;
use crate::vectors::Expected;
use crate::vectors::scenario::{VALUES_TIME, Values};
use crate::xades::Flaw;

pub(super) const CERTIFICATE: &[Case] = &[
    (
        "certificate::no-reference",
        Expected::PASSED,
        Some("signing-certificate.reference"),
        "EN 319 102-1 §5.2.8.4.2.1",
        "no SigningCertificateV2",
        |s| flaw(s, Flaw::MissingSigningCertificate),
    ),
    (
        "certificate::reference-digest",
        Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "broken"),
        Some("signing-certificate.reference-fits"),
        "EN 319 102-1 §5.2.3.4",
        "SigningCertificateV2 has the digest of something else",
        |s| flaw(s, Flaw::WrongCertificateDigest),
    ),
    (
        "certificate::issuer-serial",
        Expected::PASSED,
        Some("signing-certificate.issuer-serial"),
        "EN 319 102-1 §5.2.3.4",
        "IssuerSerialV2 has another serial number",
        |s| flaw(s, Flaw::WrongIssuerSerial),
    ),
    (
        "certificate::no-key-info",
        Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "unknown"),
        Some("signing-certificate.identified"),
        "EN 319 102-1 §5.2.3.4",
        "the signer's certificate is nowhere",
        |s| flaw(s, Flaw::MissingKeyInfo),
    ),
    (
        "certificate::key-info-of-stranger",
        Expected {
            integrity: None,
            ..Expected::indeterminate("NO_SIGNING_CERTIFICATE_FOUND", "")
        },
        Some("signing-certificate.reference-fits"),
        "EN 319 102-1 §5.2.3.4",
        "KeyInfo holds the certificate of somebody with the same name",
        |s| flaw(s, Flaw::WrongKeyInfo),
    ),
    (
        "certificate::untrusted",
        Expected::indeterminate("NO_CERTIFICATE_CHAIN_FOUND", "intact"),
        Some("path.found"),
        "EN 319 102-1 §5.2.6.4",
        "signed by a stranger under a root that nobody trusts",
        |s| {
            s.signer = s.pki.stranger.clone();
            Ok(())
        },
    ),
    (
        "certificate::forged",
        Expected {
            sub_indication: None,
            ..UNKNOWN_PATH
        },
        Some("path.found"),
        "RFC 5280 §6.1.3(a)(1)",
        "the CA's signature in the signer's certificate does not fit: nobody's certificate",
        |s| s.recertify(|spec| spec.break_signature = true),
    ),
    (
        "certificate::unknown-critical-extension",
        UNKNOWN_PATH,
        Some("path.valid"),
        "RFC 5280 §4.2",
        "a critical extension that nobody knows",
        |s| {
            s.recertify(|spec| {
                spec.extensions
                    .push(Extension::critical("1.3.6.1.4.1.32473.9", der::null()));
            })
        },
    ),
    (
        "certificate::key-usage",
        Expected::indeterminate("CHAIN_CONSTRAINTS_FAILURE", "intact"),
        Some("path.constraints"),
        "RFC 5280 §4.2.1.3",
        "a key for encipherment only",
        |s| {
            s.recertify(|spec| {
                *spec = spec
                    .clone()
                    .with([Extension::key_usage(&[usage::KEY_ENCIPHERMENT])]);
            })
        },
    ),
    (
        "certificate::sha-1",
        Expected::indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "intact"),
        Some("algorithm.path"),
        "EN 319 102-1 §5.2.6.4",
        "the signer's certificate is signed with SHA-1",
        |s| s.recertify(|spec| spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1))),
    ),
    (
        "certificate::expired",
        Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "intact"),
        Some("certificate.validity"),
        "EN 319 102-1 §5.5.4",
        "stamped after the certificate had ended",
        |s| {
            s.signer = s.pki.citizen_expired.clone();
            s.xades.signing_time = day(2026, 1, 15);
            // Without archiveCutoff a response after notAfter says nothing of the certificate.
            let responder = responder(s);
            about_signer(s, CertStatus::Good, VALUES_TIME, &responder, |response| {
                let cutoff = der::generalized_time(day(2024, 1, 1));
                let cutoff = Extension::new("1.3.6.1.5.5.7.48.1.6", cutoff);
                response
                    .responses
                    .iter_mut()
                    .for_each(|r| r.extensions.push(cutoff.clone()));
            })
        },
    ),
    (
        "certificate::expired-since",
        Expected::PASSED,
        None,
        "EN 319 102-1 §5.5.4",
        "stamped in time, ended before the time judged at",
        |s| s.recertify(|spec| spec.not_after = FIXED_TIME + 600),
    ),
    (
        "certificate::not-yet-valid",
        Expected::failed("NOT_YET_VALID", "intact"),
        Some("time.not-before"),
        "EN 319 102-1 §5.5.4",
        "stamped before the certificate began",
        |s| {
            s.xades.signing_time = FIXED_TIME + 900;
            s.recertify(|spec| spec.not_before = FIXED_TIME + 600)?;
            let responder = responder(s);
            about_signer(s, CertStatus::Good, FIXED_TIME + 900, &responder, |_| {})
        },
    ),
    (
        "certificate::authority-expired",
        Expected::indeterminate("OUT_OF_BOUNDS_NO_POE", "intact"),
        Some("certificate.authority-validity"),
        "RFC 5280 §6.1.3(a)(2)",
        "the issuing CA's certificate ended half an hour before the time judged at",
        |s| {
            let mut values = s.honest_values()?;
            let ca = &s.pki.issuing_ca;
            let spec = CertificateSpec {
                not_after: FIXED_TIME + 1_800,
                ..CertificateSpec::authority(
                    ca.name.clone(),
                    &ca.key,
                    &s.pki.root.key,
                    0x0102,
                    (day(2024, 1, 1), 0),
                )
            };
            let short = spec.issue(&s.pki.root.name, &s.pki.root.key)?;
            values.certificates.retain(|c| *c != ca.certificate);
            values.certificates.push(short);
            s.values = Values::Given(values);
            Ok(())
        },
    ),
];
