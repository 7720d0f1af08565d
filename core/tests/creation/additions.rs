//! A signature more in a CMS message, beside the others or over one of them; and time-stamping
//! authorities that do not do what they should.

use super::messages::{augmented, der_ecdsa, judge, message};
use super::{CONTENTS, NAMES, SIGNED, World, context, signer, world, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use imza::asn1::{Reader, Tag, write};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, Timestamping, TimestampingRequest, sign,
};
use imza::error::{ApiMisuse, Error};
use imza::job::{Fetch, FetchFailure, InputId, Seed};
use imza::limits::Limits;
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::Network;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Fetched, Memory, Streamed, Transport, drive};
use imza::validation::Context;
use imza::vocabulary::{BaselineLevel, SignatureLevel};
use imza_test_vectors::Pki;
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::tsa::{self, CertificateReference, TokenSpec};
use std::ops::Range;
use std::sync::Arc;

/// A message with a signature more.
fn added(
    files: &[&[u8]],
    signer: &mut SoftwareSigner,
    (packaging, countersigned): (Packaging, Option<String>),
) -> Result<Vec<u8>, Error> {
    let names = ["m.p7s", NAMES[0]];
    let documents = names
        .into_iter()
        .zip(files)
        .map(|(name, octets)| DocumentToSign {
            input: Input::on_request(name, u64::try_from(octets.len()).unwrap()),
            media_type: "text/plain".to_owned(),
        });
    let mut parameters =
        SigningParameters::new(packaging, der_ecdsa(), UnixTime::from_seconds(SIGNED + 5));
    if signer.algorithms().iter().all(|one| *one != der_ecdsa()) {
        parameters.algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha512);
    }
    parameters.countersigned = countersigned;
    let request = SigningRequest {
        documents: documents.collect(),
        certificates: signer.certificate(),
        parameters,
    };
    let mut world = World {
        memory: Memory::new(files.iter().map(|octets| octets.to_vec())),
        pki: Pki::fixed().unwrap(),
        time: SIGNED + 5,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    let edits = sign(&pending, signer)?;
    Ok(write(&edits, &mut world))
}

fn lenient(pki: &Pki) -> Context {
    let mut context = context(pki, SIGNED + 60);
    let mut policy = ValidationPolicy::standard();
    policy.revocation = RevocationRequirement::None;
    context.policy = Arc::new(policy);
    context
}

#[test]
fn a_message_gets_signature_beside_signature() {
    let pki = Pki::fixed().unwrap();
    let context = lenient(&pki);
    for (packaging, content) in [
        (Packaging::CadesDetached, Some(CONTENTS[0])),
        (Packaging::CadesAttached, None),
    ] {
        let first = message(packaging, &mut signer(&pki.citizen_p256), der_ecdsa());
        let with = |message: &[u8], of: &mut SoftwareSigner| {
            let files: Vec<&[u8]> = std::iter::once(message).chain(content).collect();
            added(&files, of, (Packaging::CadesAddition, None)).unwrap()
        };
        let second = with(&first, &mut signer(&pki.citizen_rsa_3072));
        let third = with(&second, &mut signer(&pki.citizen_p256));
        let report = judge(&third, content, &context);
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        assert_eq!(report.signatures.len(), 3);
        let levels = report.signatures.iter().map(|one| one.level);
        assert!(
            levels
                .into_iter()
                .all(|one| one == SignatureLevel::BaselineB)
        );
        // What was there is there still, octet for octet.
        let parse = |octets: &[u8]| {
            imza::cms::SignedData::parse(octets, &mut imza::limits::Budget::default()).unwrap()
        };
        let (before, after) = (parse(&first), parse(&third));
        assert_eq!(before.signer_infos[0].whole, after.signer_infos[0].whole);
        assert_eq!(after.digest_algorithms.len(), 2);
        // And each can be lifted.
        let t = augmented(&third, content, BaselineLevel::Lta, SIGNED + 10).unwrap();
        let report = judge(&t, content, &self::context(&pki, SIGNED + 60));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    }
}

#[test]
fn a_signature_beside_another_is_over_the_same_content() {
    let pki = Pki::fixed().unwrap();
    let mut signer = signer(&pki.citizen_p256);
    let detached = message(Packaging::CadesDetached, &mut signer, der_ecdsa());
    let attached = message(Packaging::CadesAttached, &mut signer, der_ecdsa());
    let form = || (Packaging::CadesAddition, None);
    for (files, code) in [
        (vec![&detached[..], b"other data"], "unsupported.feature"),
        (vec![&detached[..]], "api-misuse.contradictory-parameters"),
        (
            vec![&attached[..], CONTENTS[0]],
            "api-misuse.contradictory-parameters",
        ),
        (vec![&detached[..40], CONTENTS[0]], "malformed."),
    ] {
        let refused = added(&files, &mut signer, form()).unwrap_err();
        assert!(
            refused.code().starts_with(code),
            "{refused}: {}",
            refused.code()
        );
    }
    // In PEM it is written in binary.
    let text = imza_test_vectors::export::pem("CMS", &attached);
    let added = added(&[text.as_bytes()], &mut signer, form()).unwrap();
    let report = judge(&added, None, &lenient(&pki));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    assert_eq!(report.signatures.len(), 2);
}

/// The message with its one SignerInfo twice, octet for octet.
fn doubled(message: &[u8]) -> Vec<u8> {
    let content_info = Reader::der(message).read(Tag::SEQUENCE).unwrap();
    let mut fields = content_info.reader();
    let content_type = fields.read(Tag::OID).unwrap();
    let explicit = fields.read(Tag::context_constructed(0)).unwrap();
    let mut fields = explicit.explicit().unwrap().reader();
    let mut parts = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.read_any().unwrap());
    }
    let signers = parts.pop().unwrap().content;
    let signers = write::set_as_given(&[signers, signers]);
    let mut parts: Vec<&[u8]> = parts.iter().map(|part| part.whole).collect();
    parts.push(&signers);
    let explicit = write::explicit(0, &write::sequence(&parts));
    write::sequence(&[content_type.whole, &explicit])
}

#[test]
fn the_same_signature_twice_is_not_made_but_lifted_where_it_is() {
    let pki = Pki::fixed().unwrap();
    let mut signer = signer(&pki.citizen_p256);
    for (packaging, content) in [
        (Packaging::CadesDetached, Some(CONTENTS[0])),
        (Packaging::CadesAttached, None),
    ] {
        let first = message(packaging, &mut signer, der_ecdsa());
        let with = |message: &[u8], signer: &mut SoftwareSigner| {
            let files: Vec<&[u8]> = std::iter::once(message).chain(content).collect();
            added(&files, signer, (Packaging::CadesAddition, None))
        };
        let second = with(&first, &mut signer).unwrap();
        let refused = Err(ApiMisuse::SignedAlready.into());
        assert_eq!(with(&second, &mut signer), refused);
        // Others make such messages: each of the two gets its own.
        let two = doubled(&first);
        for level in [BaselineLevel::T, BaselineLevel::Lt, BaselineLevel::Lta] {
            let lifted = augmented(&two, content, level, SIGNED + 10).unwrap();
            let report = judge(&lifted, content, &context(&pki, SIGNED + 60));
            let levels: Vec<_> = report.signatures.iter().map(|one| one.level).collect();
            let reached = match level {
                BaselineLevel::T => SignatureLevel::BaselineT,
                BaselineLevel::Lt => SignatureLevel::BaselineLt,
                _ => SignatureLevel::BaselineLta,
            };
            assert_eq!(levels, [reached; 2], "{packaging:?}");
            let passes = level == BaselineLevel::T || report.exit_status() == 0;
            assert!(passes, "{}", report.to_pretty_json());
        }
    }
}

#[test]
fn signatures_of_signatures_go_as_deep_as_wanted() {
    let pki = Pki::fixed().unwrap();
    let context = lenient(&pki);
    let content = Some(CONTENTS[0]);
    let mut message = message(
        Packaging::CadesDetached,
        &mut signer(&pki.citizen_p256),
        der_ecdsa(),
    );
    let mut wanted = None;
    for depth in 1..5 {
        let mut signer = match depth % 2 {
            0 => signer(&pki.citizen_p256),
            _ => signer(&pki.citizen_rsa_2048),
        };
        let form = (Packaging::CadesCounterSignature, wanted.take());
        message = added(&[&message], &mut signer, form).unwrap();
        let report = judge(&message, content, &context);
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        assert_eq!(report.signatures.len(), depth + 1);
        let last = report.signatures.last().unwrap();
        let before = &report.signatures[depth - 1];
        assert_eq!(last.parent.as_deref(), Some(before.id.as_str()));
        wanted = Some(last.id.clone());
    }
    // A second one over the first of them, among the others.
    let report = judge(&message, content, &context);
    let form = (
        Packaging::CadesCounterSignature,
        Some(report.signatures[1].id.clone()),
    );
    let mut other = signer(&pki.citizen_p384);
    let message = added(&[&message], &mut other, form).unwrap();
    let report = judge(&message, content, &context);
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    assert_eq!(report.signatures.len(), 6);
    // A broken one does not pass, and neither does the document.
    let none = (Packaging::CadesCounterSignature, Some("S-none".to_owned()));
    assert!(added(&[&message], &mut other, none).is_err());
    let twice = added(
        &[&message, CONTENTS[0]],
        &mut other,
        (Packaging::CadesAddition, None),
    )
    .unwrap();
    let any = (Packaging::CadesCounterSignature, None);
    assert!(added(&[&twice], &mut other, any).is_err(), "which one?");
}

/// A world with authorities that are told apart by their addresses.
struct Authorities {
    world: World,
    asked: Vec<String>,
}

impl Authorities {
    fn new(world: World) -> Self {
        Self {
            world,
            asked: Vec::new(),
        }
    }
}

/// What those do that do not do what they should.
const BAD: &[&str] = &[
    "gone",
    "sick",
    "garbage",
    "broken-value",
    "broken-digest",
    "wrong-reference",
    "no-reference",
    "no-certificate",
    "other-certificate",
    "other-data",
    "other-nonce",
    "no-nonce",
    "other-digest",
    "refused-with-token",
    "waiting",
    "granted-without-token",
    "two-tokens",
    "trailing",
    "bare-token",
];

impl Transport for Authorities {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        self.world.read(input, range)
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        self.world.stream(input, range, sink)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let Some(name) = fetch.url.strip_prefix("http://tsa.test/") else {
            return self.world.fetch(fetch);
        };
        self.asked.push(name.to_owned());
        let request = tsa::parse_request(fetch.body.as_deref().unwrap()).unwrap();
        let signer = &self.world.pki.tsa_p256;
        let mut spec = TokenSpec::over(&[], request.hash, self.world.time, signer);
        spec.imprint = request.imprint;
        spec.nonce = request.nonce;
        match name {
            "gone" => return Err(FetchFailure::Unreachable),
            "sick" => return Err(FetchFailure::Status(503)),
            "garbage" => {
                return Ok(Fetched {
                    body: b"<html>".to_vec(),
                });
            }
            "broken-value" => spec.break_signature = true,
            "broken-digest" => spec.break_digest = true,
            "wrong-reference" => spec.reference = CertificateReference::Wrong,
            "no-reference" => spec.reference = CertificateReference::Missing,
            "no-certificate" => spec.certificates.clear(),
            "other-certificate" => {
                spec.certificates = vec![self.world.pki.tsa_rsa_2048.certificate.clone()];
            }
            "other-data" => spec.imprint = Hash::Sha256.digest(b"other"),
            "other-nonce" => spec.nonce = Some(vec![7; 16]),
            "no-nonce" => spec.nonce = None,
            "other-digest" => spec.imprint = Hash::Sha512.digest(b"other"),
            _ => {}
        }
        let token = tsa::token(&spec, signer).unwrap();
        let status = |status: u64| der::sequence(&[&der::integer(status)]);
        let body = match name {
            // RFC 3161 §2.4.2: a token beside a refusal is none, and granted without one is nothing.
            "refused-with-token" => der::sequence(&[&status(2), &token]),
            "waiting" => der::sequence(&[&status(3)]),
            "granted-without-token" => der::sequence(&[&status(0)]),
            "two-tokens" => der::sequence(&[&status(0), &token, &token]),
            "trailing" => [tsa::granted(&token), vec![0]].concat(),
            "bare-token" => token,
            // With what was changed said in the token itself, which is compared all the same.
            "honest-with-mods" => der::sequence(&[&status(1), &token]),
            _ => tsa::granted(&token),
        };
        Ok(Fetched { body })
    }
}

fn address(name: &str) -> String {
    format!("http://tsa.test/{name}")
}

/// Level T by these authorities, in this order.
fn stamped(message: &[u8], names: &[&str]) -> (Result<Vec<u8>, Error>, Vec<String>) {
    let pki = Pki::fixed().unwrap();
    let mut world = Authorities::new(World {
        memory: Memory::new([message.to_vec()]),
        pki: pki.clone(),
        time: SIGNED + 10,
    });
    let length = u64::try_from(message.len()).unwrap();
    let (first, more) = names.split_first().unwrap();
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), length),
        inputs: vec![Input::on_request("m.p7m", length)],
        level: BaselineLevel::T,
        timestamp_authority: address(first),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let more = more.iter().map(|name| address(name)).collect();
    let job = Augmentation::begin(request).unwrap();
    let edits = drive(job.with_more_authorities(more), &mut world);
    let made = edits.map(|edits| write(&edits, &mut world.world));
    (made, world.asked)
}

#[test]
fn an_authority_that_fails_is_passed_over_for_the_next() {
    let pki = Pki::fixed().unwrap();
    let message = message(
        Packaging::CadesAttached,
        &mut signer(&pki.citizen_p256),
        der_ecdsa(),
    );
    let honest = [BAD, &["honest", "never"]].concat();
    let (made, asked) = stamped(&message, &honest);
    assert_eq!(asked, [BAD, &["honest"]].concat());
    let report = judge(&made.unwrap(), None, &context(&pki, SIGNED + 60));
    let [stamp] = report.signatures[0].timestamps.as_slice() else {
        panic!("one time-stamp");
    };
    assert!(stamp.checks.iter().any(|one| {
        one.id == imza::vocabulary::CheckId::SignatureIntact
            && one.outcome == imza::vocabulary::Outcome::Passed
    }));
}

#[test]
fn no_token_of_a_bad_authority_is_taken_in() {
    let pki = Pki::fixed().unwrap();
    let message = message(
        Packaging::CadesAttached,
        &mut signer(&pki.citizen_p256),
        der_ecdsa(),
    );
    for name in BAD {
        let (made, asked) = stamped(&message, &[name]);
        let error = made.expect_err(name);
        assert!(error.code().starts_with("malformed."), "{name}: {error}");
        assert_eq!(asked, [*name]);
    }
    for name in ["honest", "honest-with-mods"] {
        let (made, _) = stamped(&message, &[name]);
        assert!(made.is_ok(), "{name}");
    }
}

#[test]
fn a_token_by_itself_is_looked_at_as_well() {
    let pki = Pki::fixed().unwrap();
    let mut world = Authorities::new(world(&pki, SIGNED));
    let request = TimestampingRequest {
        algorithm: DigestAlgorithm::Sha256,
        digest: Hash::Sha256.digest(b"data"),
        authorities: BAD
            .iter()
            .chain(&["honest"])
            .map(|one| address(one))
            .collect(),
        policy: None,
        seed: Seed::new([4; 32]),
        limits: Arc::new(Limits::default()),
    };
    let made = drive(Timestamping::begin(request).unwrap(), &mut world).unwrap();
    assert_eq!(made.authority, address("honest"));
    assert_eq!(made.failed.len(), BAD.len());
}
