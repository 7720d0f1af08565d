//! Certificates and revocation data that a record carries for its time-stamps.

use crate::world::{Expected, FIRST, NOW, Row, SECOND, file, sha, world};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imza::vocabulary::{Integrity, SubIndication};
use imza_test_vectors::certificate::{CertificateSpec, Extension, purpose, usage};
use imza_test_vectors::evidence_record::{self as er, ArchiveTimestamp};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::day;
use imza_test_vectors::tsa::{self, TokenSpec};
use imza_test_vectors::{Entity, der};

const CERTIFICATE_VALUES: &str = "1.2.840.113549.1.9.16.2.23";
const USER_CERTIFICATE: &str = "2.5.4.36";
const CA_CERTIFICATE: &str = "2.5.4.37";

/// An authority between the root and the time-stamping authority, which the token leaves out.
fn between() -> (Entity, Entity) {
    let world = world();
    let long = (day(2005, 1, 1), day(2046, 1, 1));
    let of = &world.pki.issuing_ca;
    let spec = CertificateSpec::authority(of.name.clone(), &of.key, &world.root.key, 0x7200, long);
    let middle = Entity::issue("between", &spec, &of.key, &world.root).unwrap();
    let of = &world.pki.tsa_p256;
    let purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
    let bits = [usage::DIGITAL_SIGNATURE];
    let validity = (day(2005, 1, 1), day(2036, 1, 1));
    let spec = CertificateSpec::end_entity(
        of.name.clone(),
        &of.key,
        &middle.key,
        0x7201,
        validity,
        &bits,
    )
    .with([Extension {
        critical: true,
        ..purposes
    }]);
    let tsa = Entity::issue("tsa", &spec, &of.key, &middle).unwrap();
    (middle, tsa)
}

fn stamped(lists: Vec<Vec<Vec<u8>>>, time: i64, tsa: &Entity) -> ArchiveTimestamp {
    let mut spec = TokenSpec::over(b"", Hash::Sha256, time, tsa);
    spec.imprint = er::root(Hash::Sha256, &lists);
    spec.certificates = vec![tsa.certificate.clone()];
    ArchiveTimestamp {
        hash: Some(Hash::Sha256),
        lists,
        token: tsa::token(&spec, tsa).unwrap(),
    }
}

fn attribute(attr_type: &str, value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(attr_type), &der::set_of(&[value.to_vec()])])
}

fn infos(attributes: &[Vec<u8>]) -> Vec<u8> {
    der::explicit(0, &attributes.concat())
}

fn row(name: &'static str, expected: Expected, record: Vec<u8>) -> Row {
    Row {
        name,
        expected,
        record,
        files: vec![file(0)],
        now: NOW,
    }
}

#[test]
fn paths_of_the_time_stamps_are_built_with_what_the_record_carries() {
    let (middle, tsa) = between();
    let chains = vec![vec![stamped(vec![vec![sha(0), sha(1)]], FIRST, &tsa)]];
    let passed = || Expected::PASSED;
    let open = || Expected::not(SubIndication::NoCertificateChainFound, Integrity::Intact);
    let with = |attributes: &[Vec<u8>]| er::record_with(1, &infos(attributes), &chains);
    let certificate = middle.certificate.as_slice();
    let list = der::sequence(&[certificate]);
    let other = world().pki.citizen_p256.certificate.as_slice();
    let mut changed = certificate.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    let text = er::xml(&chains);
    let listed = |attribute: &str, octets: &[u8]| {
        let text = text.replace(
            "</TimeStampToken>",
            &format!(
                "</TimeStampToken><CryptographicInformationList><CryptographicInformation \
                 Order=\"1\" Type=\"{attribute}\">{}</CryptographicInformation>\
                 </CryptographicInformationList>",
                STANDARD.encode(octets)
            ),
        );
        text.into_bytes()
    };
    crate::judge(vec![
        row("nothing beside", open(), er::record(&chains)),
        row(
            "in certificate-values",
            passed(),
            with(&[attribute(CERTIFICATE_VALUES, &list)]),
        ),
        row(
            "in cACertificate",
            passed(),
            with(&[attribute(CA_CERTIFICATE, certificate)]),
        ),
        row(
            "in userCertificate, behind noise",
            passed(),
            with(&[
                attribute("1.2.3", &der::null()),
                attribute(CERTIFICATE_VALUES, &der::null()),
                attribute(USER_CERTIFICATE, certificate),
            ]),
        ),
        row(
            "in an attribute of another type",
            open(),
            with(&[attribute("1.2.3", &list)]),
        ),
        row(
            "of somebody else",
            open(),
            with(&[attribute(CA_CERTIFICATE, other)]),
        ),
        row(
            "with a broken signature",
            Expected::not(
                SubIndication::CertificateChainGeneralFailure,
                Integrity::Intact,
            ),
            with(&[attribute(CA_CERTIFICATE, &changed)]),
        ),
        row(
            "that is no certificate",
            open(),
            with(&[attribute(CA_CERTIFICATE, &der::null())]),
        ),
        row(
            "infos that are no attributes",
            Expected::not(SubIndication::FormatFailure, Integrity::Unknown),
            er::record_with(1, &infos(&[der::null()]), &chains),
        ),
        row("XML, nothing beside", open(), text.clone().into_bytes()),
        row("XML, in the list", passed(), listed("CERT", certificate)),
        row("XML, by another type", open(), listed("CRL", certificate)),
        row("XML, of somebody else", open(), listed("CERT", other)),
    ]);
}

/// RFC 6283 §4.2.1: what stands beside a token in its element is covered by the renewal.
#[test]
fn a_list_that_was_changed_after_the_renewal_breaks_it() {
    let (middle, tsa) = between();
    let list = |octets: &[u8]| {
        format!(
            "</TimeStampToken><CryptographicInformationList><CryptographicInformation \
             Order=\"1\" Type=\"CERT\">{}</CryptographicInformation>\
             </CryptographicInformationList>",
            STANDARD.encode(octets)
        )
    };
    let one = stamped(vec![vec![sha(0), sha(1)]], FIRST, &tsa);
    let with =
        |octets: &[u8]| er::xml_timestamp(&one.token).replace("</TimeStampToken>", &list(octets));
    let own = Hash::Sha256.digest(with(&middle.certificate).as_bytes());
    let two = er::stamped(
        Hash::Sha256,
        vec![vec![own, Hash::Sha256.digest(b"x")]],
        SECOND,
        &world().new,
    )
    .unwrap();
    let text = er::xml(&[vec![one.clone(), two]]);
    let first = |octets: &[u8]| {
        let text = text.replacen("</TimeStampToken>", &list(octets), 1);
        text.into_bytes()
    };
    let broken = || Expected::not(SubIndication::HashFailure, Integrity::Broken);
    let other = &world().pki.citizen_p256.certificate;
    crate::judge(vec![
        row("as renewed", Expected::PASSED, first(&middle.certificate)),
        row("another list", broken(), first(other)),
        row("no list", broken(), text.clone().into_bytes()),
    ]);
}
