//! What a certificate says and whether it holds, as people read it.

use super::{Court, golden_text, hostile, look, read};
use imza::asn1::Oid;
use imza::certificate::read_certificates;
use imza::job::Seed;
use imza::limits::Budget;
use imza::path::{ExplicitPolicy, Initially, PolicyInputs};
use imza::reading::{
    CertificateRequest, CertificateValidation, Network, certificate_facts, recognise_material,
};
use imza::report::{CertificateFacts, CertificateReport, Disclosure, FindingFacts};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::Purpose;
use imza_explain::{Language, Words, certificate_page, certificate_text};

/// With the lists of both authorities at hand.
pub(super) fn court() -> Court {
    let mut court = Court::of("certificate");
    let lists = ["pki/issuing-ca.crl", "pki/root.crl"];
    court.evidence.extend(lists.map(str::to_owned));
    court
}

fn facts(path: &str) -> CertificateFacts {
    let certificates = read_certificates(&read(path), &mut Budget::default()).unwrap();
    certificate_facts(certificates.first().unwrap())
}

/// Judged with the material of a set; the name of the file is the path's last part.
pub(super) fn judged(court: &Court, path: &str) -> CertificateReport {
    let given = court
        .evidence
        .iter()
        .flat_map(|path| recognise_material(&read(path), &mut Budget::default()).unwrap());
    let request = CertificateRequest {
        name: path.rsplit('/').next().unwrap().to_owned(),
        octets: read(path),
        given: given.collect(),
        purpose: Some(Purpose::Signing),
        policies: PolicyInputs {
            acceptable: None::<Vec<Oid>>,
            explicit_policy: ExplicitPolicy::Optional,
            policy_mapping: Initially::Allowed,
            any_policy: Initially::Allowed,
        },
        path_length: None,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let mut memory = Memory::new(std::iter::empty::<Vec<u8>>());
    let job = CertificateValidation::begin(request, court.context.clone()).unwrap();
    drive(job, &mut memory).unwrap().report
}

fn in_every_language(of: impl Fn(&Words) -> String) -> String {
    let page = |language: &Language| format!("--- {language}\n{}", of(&Words::new(*language)));
    let pages: Vec<_> = Language::ALL.iter().map(page).collect();
    pages.join("\n")
}

fn shown(facts: &CertificateFacts) -> String {
    let time = UnixTime::from_rfc3339("2026-03-01T12:00:00Z").unwrap();
    in_every_language(|words| certificate_page(facts, time, words, look(100)))
}

pub(super) fn told(report: &CertificateReport, width: usize) -> String {
    in_every_language(|words| certificate_text(report, words, look(width)))
}

#[test]
fn a_certificate_speaks_of_itself() {
    golden_text("certificate-shown", &shown(&facts("pki/citizen-p256.cer")));
    golden_text(
        "certificate-shown-expired",
        &shown(&facts("pki/citizen-expired.cer")),
    );
}

#[test]
fn a_certificate_that_holds_is_revoked_or_unknown() {
    let court = court();
    golden_text(
        "certificate-valid",
        &told(&judged(&court, "pki/citizen-p256.cer"), 80),
    );
    golden_text(
        "certificate-revoked",
        &told(&judged(&court, "pki/citizen-revoked.cer"), 80),
    );
    let court = court.without_trust();
    golden_text(
        "certificate-no-trust",
        &told(&judged(&court, "pki/citizen-p256.cer"), 80),
    );
}

#[test]
fn a_hostile_certificate_paints_nothing() {
    let court = court().without_trust();
    for text in hostile::HOSTILE {
        let mut said = facts("pki/citizen-p256.cer");
        said.certificate.subject = (*text).to_owned();
        said.certificate.issuer = (*text).to_owned();
        if let Some(person) = &mut said.certificate.person {
            person.name = (*text).to_owned();
        }
        said.key = (*text).to_owned();
        said.policies.push((*text).to_owned());
        said.ocsp.push((*text).to_owned());
        if let Some(identifier) = &mut said.identifier {
            identifier.value = (*text).to_owned();
            identifier.kind = Some((*text).to_owned());
            identifier.country = Some((*text).to_owned());
        }
        if let Some(claims) = &mut said.qualification {
            claims.types.push((*text).to_owned());
            claims.legislation.push((*text).to_owned());
            claims.limit = Some((*text).to_owned());
            claims.disclosures.push(Disclosure {
                language: (*text).to_owned(),
                uri: (*text).to_owned(),
            });
        }
        said.findings.push(FindingFacts {
            what: (*text).to_owned(),
            at: 1,
        });
        let mut report = judged(&court, "pki/citizen-p256.cer");
        report.name = (*text).to_owned();
        report.certificate = Some(said.certificate.clone());
        report.path.push(said.certificate.clone());
        report.valid_policies.push((*text).to_owned());
        report.policy.name = (*text).to_owned();
        #[cfg(feature = "pages")]
        browser(&report, text);
        let page = shown(&said) + &told(&report, 100);
        for character in page.chars() {
            assert!(character == '\n' || !character.is_control(), "{page}");
            assert!(
                !"\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}".contains(character),
                "{page}"
            );
        }
    }
}

/// The page for a browser in every language: well-formed, harmless, with the verdict of the text.
#[cfg(feature = "pages")]
fn browser(report: &CertificateReport, about: &str) {
    use super::browser::{harmless, well_formed};
    for language in Language::ALL {
        let words = Words::new(*language);
        let page = imza_explain::certificate_html(report, &words);
        well_formed(&page, about);
        harmless(&page, about);
        for character in page.chars().filter(|one| *one != '\n') {
            assert!(hostile::is_harmless(character), "{about:?}: {character:?}");
        }
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        let sentence = page.split("<h1>").nth(1).unwrap();
        let sentence = sentence.split('<').next().unwrap();
        let text = certificate_text(report, &words, look(400));
        assert!(text.starts_with(sentence), "{about}: {sentence}\n{text}");
        let is_plain = about.ends_with(".cer") || about == "unreadable";
        if let (Ok(folder), true) = (std::env::var("IMZA_PAGES"), is_plain) {
            let name = format!("certificate-{}-{language}.html", report.name);
            std::fs::write(std::path::Path::new(&folder).join(name), page).unwrap();
        }
    }
}

#[cfg(feature = "pages")]
#[test]
fn every_page_of_a_certificate_is_well_formed_and_fetches_nothing() {
    for path in [
        "pki/citizen-p256.cer",
        "pki/citizen-revoked.cer",
        "pki/citizen-expired.cer",
        "certificate/signature.sha-1.cer",
        "pki/stranger.cer",
    ] {
        browser(&judged(&court(), path), path);
    }
    let mut report = judged(&court(), "pki/citizen-p256.cer");
    report.error = Some(imza::report::Failure::from(&imza::error::Error::from(
        imza::error::InputError::Unreadable,
    )));
    report.name = "unreadable.cer".to_owned();
    browser(&report, "unreadable");
}
