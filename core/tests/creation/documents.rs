//! XAdES outside of containers: in, around and beside documents.

use super::{SIGNED, World, context, signer, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::error::Error;
use imza::job::{InputId, Seed};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signature::{IdentifiedPolicy, NewCommitment, NewPolicy, SignaturePolicy};
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, ReferenceKind, ScopeKind, SignatureLevel};
use imza::xades;
use imza_test_vectors::key::KeyKind;
use imza_test_vectors::{Entity, Pki};

pub(super) const INVOICE: &str = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- a -->\n\
    <i:invoice xmlns:i='urn:invoice' Id='i1' a = \"b\">\r\n  <total>10 &#8380;</total><empty/>\
    </i:invoice>\n<?end?>\n";

fn algorithm(kind: KeyKind) -> SignatureAlgorithm {
    let digest = DigestAlgorithm::Sha256;
    match kind {
        KeyKind::Rsa2048 => SignatureAlgorithm::pss(digest),
        _ => SignatureAlgorithm::Ecdsa {
            digest,
            encoding: ValueEncoding::Plain,
        },
    }
}

pub(super) fn pending(
    entity: &Entity,
    parameters: SigningParameters,
    documents: &[(&str, &[u8])],
) -> Result<(PendingSignature, World), Error> {
    let pki = Pki::fixed().unwrap();
    let octets = documents.iter().map(|(_, octets)| octets.to_vec());
    let mut world = World {
        memory: Memory::new(octets),
        pki,
        time: SIGNED,
    };
    let documents = documents.iter().map(|(name, octets)| DocumentToSign {
        input: Input::on_request(*name, u64::try_from(octets.len()).unwrap()),
        media_type: "text/xml".to_owned(),
    });
    let request = SigningRequest {
        documents: documents.collect(),
        certificates: vec![entity.certificate.as_slice().into()],
        parameters,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    Ok((pending, world))
}

fn parameters(packaging: Packaging) -> SigningParameters {
    let time = UnixTime::from_seconds(SIGNED);
    SigningParameters::new(packaging, algorithm(KeyKind::P256), time)
}

fn signed(packaging: Packaging, documents: &[(&str, &[u8])]) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let entity = &pki.citizen_p256;
    let (pending, mut world) = pending(entity, parameters(packaging), documents)?;
    // The value between the two calls can travel.
    let pending = PendingSignature::from_json(&pending.to_json())?;
    let edits = sign(&pending, &mut signer(entity))?;
    Ok(write(&edits, &mut world))
}

pub(super) fn judged(document: &[u8], beside: &[(&str, &[u8])], later: i64) -> Report {
    let pki = Pki::fixed().unwrap();
    let mut inputs = vec![Input::at_hand("signed.xml", document)];
    inputs.extend(
        beside
            .iter()
            .map(|(name, octets)| Input::at_hand(*name, *octets)),
    );
    let request = ValidationRequest {
        inputs,
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([5; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context(&pki, SIGNED + later)).unwrap();
    let octets = beside.iter().map(|(_, octets)| octets.to_vec());
    let mut memory = Memory::new([document.to_vec()].into_iter().chain(octets));
    drive(job, &mut memory).unwrap().report
}

fn augmented(
    document: &[u8],
    beside: &[(&str, &[u8])],
    level: BaselineLevel,
) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let length = u64::try_from(document.len()).unwrap();
    let mut inputs = vec![Input::on_request("signed.xml", length)];
    inputs.extend(
        beside
            .iter()
            .map(|(name, octets)| Input::on_request(*name, u64::try_from(octets.len()).unwrap())),
    );
    let octets = beside.iter().map(|(_, octets)| octets.to_vec());
    let mut world = World {
        memory: Memory::new([document.to_vec()].into_iter().chain(octets)),
        pki: pki.clone(),
        time: SIGNED + 10,
    };
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), length),
        inputs,
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let edits = drive(Augmentation::begin(request)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

const FORMS: [(Packaging, bool); 4] = [
    (Packaging::XadesEnveloped, false),
    (Packaging::XadesEnveloping, false),
    (Packaging::XadesDetached, true),
    (Packaging::XadesInternallyDetached, false),
];

/// Whether some octets stand in others, in one piece.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_form_reaches_every_level_and_passes_for_years() {
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    for (packaging, is_beside) in FORMS {
        let beside = if is_beside { &invoice[..] } else { &[] };
        let b = signed(packaging, &invoice).unwrap();
        let report = judged(&b, beside, 60);
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact", "{packaging:?}");
        assert_eq!(signature.level, SignatureLevel::BaselineB);
        assert!(
            matches!(signature.scopes[0].kind, ScopeKind::Full),
            "{packaging:?}"
        );
        for (level, name) in [
            (BaselineLevel::T, SignatureLevel::BaselineT),
            (BaselineLevel::Lt, SignatureLevel::BaselineLt),
            (BaselineLevel::Lta, SignatureLevel::BaselineLta),
        ] {
            let document = augmented(&b, beside, level)
                .unwrap_or_else(|error| panic!("{packaging:?} {level:?}: {error}"));
            if level == BaselineLevel::T {
                continue;
            }
            for later in [60, 400 * 86_400] {
                let report = judged(&document, beside, later);
                let told = || format!("{packaging:?} {}", report.to_pretty_json());
                assert_eq!(report.exit_status(), 0, "{}", told());
                assert_eq!(report.signatures.first().unwrap().level, name);
            }
        }
    }
}

#[test]
fn a_signed_manifest_passes_for_years_though_a_file_is_away() {
    let files = [("a.txt", &b"a"[..]), ("b.txt", b"b")];
    let pki = Pki::fixed().unwrap();
    let mut parameters = parameters(Packaging::XadesDetached);
    parameters.naming = xades::Naming::Manifest;
    let signed = |parameters: &SigningParameters| {
        let made = pending(&pki.citizen_p256, parameters.clone(), &files);
        let (pending, mut world) = made?;
        let pending = PendingSignature::from_json(&pending.to_json())?;
        let edits = sign(&pending, &mut signer(&pki.citizen_p256))?;
        Ok::<_, Error>(write(&edits, &mut world))
    };
    let b = signed(&parameters).unwrap();
    let lta = augmented(&b, &files, BaselineLevel::Lta).unwrap();
    for (beside, later) in [(&files[..], 60), (&files, 400 * 86_400), (&files[1..], 60)] {
        let report = judged(&lta, beside, later);
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineLta);
        assert_eq!(signature.scopes.len(), beside.len());
    }
    // Another file of the name is not the signed one; without any file nothing is shown as signed.
    for beside in [&[("a.txt", &b"b"[..])][..], &[]] {
        let report = judged(&b, beside, 60);
        let signature = report.signatures.first().unwrap();
        assert_ne!(signature.indication.as_str(), "TOTAL-PASSED", "{beside:?}");
    }
    // What is in a container or in the document is referred to by the signature itself.
    for packaging in [
        Packaging::AsicEWithXades,
        Packaging::XadesEnveloping,
        Packaging::CadesDetached,
    ] {
        let mut other = of_form(packaging);
        other.naming = xades::Naming::Manifest;
        let code = signed(&other).unwrap_err().code();
        assert_eq!(code, "api-misuse.contradictory-parameters", "{packaging:?}");
    }
}

/// What the reader says of renewed digests: their names, and whether what they are over is at hand.
fn renewed(document: &[u8]) -> Vec<String> {
    let budget = &mut imza::limits::Budget::default();
    let records = xades::parse(&document.into(), "", &|_| None, budget).unwrap();
    let references = records.first().unwrap().references.iter();
    references
        .filter(|one| one.kind == ReferenceKind::RenewedDigest)
        .map(|one| one.name.clone())
        .collect()
}

#[test]
fn weak_digests_of_a_manifest_are_renewed_before_it_is_archived() {
    let files = [("a.txt", &b"a"[..]), ("b.txt", b"b")];
    let pki = Pki::fixed().unwrap();
    let signed = |digest| {
        let mut parameters = parameters(Packaging::XadesDetached);
        parameters.naming = xades::Naming::Manifest;
        parameters.digest = digest;
        let (pending, mut world) = pending(&pki.citizen_p256, parameters, &files).unwrap();
        let edits = sign(&pending, &mut signer(&pki.citizen_p256)).unwrap();
        write(&edits, &mut world)
    };
    let weak = signed(DigestAlgorithm::Sha224);
    let archived = |document: &[u8], beside| augmented(document, beside, BaselineLevel::Lta);
    let lta = archived(&weak, &files).unwrap();
    assert_eq!(renewed(&lta), ["a.txt", "b.txt"]);
    let text = String::from_utf8(lta.clone()).unwrap();
    let place = |name: &str| text.find(name).unwrap();
    assert!(place("<xades141:RenewedDigestsV2") < place("<xades141:ArchiveTimeStamp"));
    let report = judged(&lta, &files, 60);
    let signature = report.signatures.first().unwrap();
    let told = report.to_pretty_json();
    assert_eq!(signature.integrity.as_str(), "intact", "{told}");
    let mut stamps = signature.timestamps.iter();
    assert!(
        stamps.all(|one| one.integrity.as_str() == "intact"),
        "{told}"
    );
    // The new digest is of the file: another one of the same name is noticed.
    let other = [("a.txt", &b"c"[..]), ("b.txt", b"b")];
    let report = judged(&lta, &other, 60);
    assert_eq!(report.signatures[0].integrity.as_str(), "broken");
    // Once is enough.
    assert_eq!(renewed(&archived(&lta, &files).unwrap()).len(), 2);
    // A file that is away, or is not the signed one, gets none; strong digests need none.
    assert_eq!(renewed(&archived(&weak, &files[..1]).unwrap()), ["a.txt"]);
    if let Ok(document) = archived(&weak, &other) {
        assert_eq!(renewed(&document), ["b.txt"]);
    }
    let strong = signed(DigestAlgorithm::Sha256);
    assert_eq!(renewed(&archived(&strong, &files).unwrap()), [""; 0]);
}

#[test]
fn no_octet_of_the_document_is_changed() {
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let enveloped = signed(Packaging::XadesEnveloped, &invoice).unwrap();
    let (before, after) = INVOICE.split_at(INVOICE.find("</i:invoice>").unwrap());
    assert!(enveloped.starts_with(before.as_bytes()));
    assert!(enveloped.ends_with(after.as_bytes()));
    let lta = augmented(&enveloped, &[], BaselineLevel::Lta).unwrap();
    assert!(lta.starts_with(before.as_bytes()) && lta.ends_with(after.as_bytes()));

    let beside = signed(Packaging::XadesInternallyDetached, &invoice).unwrap();
    let root = &INVOICE[INVOICE.find("<i:invoice").unwrap()..INVOICE.find("\n<?end").unwrap()];
    assert!(holds(&beside, root.as_bytes()));
    assert!(!holds(&beside, "\u{feff}".as_bytes()));
}

#[test]
fn an_element_without_content_is_opened() {
    for (document, end) in [
        ("<a/>", "</a>"),
        ("<p:a xmlns:p = 'urn:a' />", "</p:a>"),
        ("<a></a>", "</a>"),
    ] {
        let files = [("a.xml", document.as_bytes())];
        let enveloped = signed(Packaging::XadesEnveloped, &files).unwrap();
        assert!(enveloped.ends_with(end.as_bytes()), "{document}");
        let report = judged(&enveloped, &[], 60);
        assert_eq!(
            report.signatures.first().unwrap().integrity.as_str(),
            "intact"
        );
    }
}

#[test]
fn several_people_sign_one_document() {
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let pki = Pki::fixed().unwrap();
    let mut document = signed(Packaging::XadesEnveloped, &invoice).unwrap();
    for entity in [&pki.citizen_p256, &pki.citizen_rsa_2048] {
        let mut parameters = parameters(Packaging::XadesEnveloped);
        if entity.certificate == pki.citizen_rsa_2048.certificate {
            parameters.algorithm = algorithm(KeyKind::Rsa2048);
        }
        // Not the same signature twice.
        parameters.roles.push("second".to_owned());
        let files = [("invoice.xml", document.as_slice())];
        let (pending, mut world) = pending(entity, parameters, &files).unwrap();
        let edits = sign(&pending, &mut signer(entity)).unwrap();
        document = write(&edits, &mut world);
    }
    let lta = augmented(&document, &[], BaselineLevel::Lta).unwrap();
    let report = judged(&lta, &[], 60);
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    assert_eq!(report.signatures.len(), 3);
}

#[test]
fn a_changed_document_is_noticed() {
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    for (packaging, is_beside) in FORMS {
        let signed = signed(packaging, &invoice).unwrap();
        let changed = |octets: &[u8]| {
            let text = String::from_utf8(octets.to_vec()).unwrap();
            text.replace(">10 ", ">90 ")
                .replace("MTAgJ", "OTAgJ")
                .into_bytes()
        };
        let (document, beside) = if is_beside {
            (signed, changed(INVOICE.as_bytes()))
        } else if packaging == Packaging::XadesEnveloping {
            let text = String::from_utf8(signed).unwrap();
            let from = text.find("#base64\">").unwrap() + 40;
            let (before, after) = text.split_at(from);
            let other = if after.starts_with('A') { "B" } else { "A" };
            (
                format!("{before}{other}{}", &after[1..]).into_bytes(),
                Vec::new(),
            )
        } else {
            (changed(&signed), Vec::new())
        };
        let files = [("invoice.xml", beside.as_slice())];
        let files = if is_beside { &files[..] } else { &[] };
        let report = judged(&document, files, 60);
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "broken", "{packaging:?}");
    }
}

#[test]
fn several_files_stand_inside_or_beside_one_signature() {
    let files: [(&str, &[u8]); 3] = [("a.txt", b"a"), ("b c.bin", b"\x00\xff"), ("empty", b"")];
    let enveloping = signed(Packaging::XadesEnveloping, &files).unwrap();
    let report = judged(&enveloping, &[], 60);
    assert_eq!(
        report.signatures.first().unwrap().integrity.as_str(),
        "intact"
    );
    assert_eq!(report.signatures.first().unwrap().scopes.len(), 3);
    let detached = signed(Packaging::XadesDetached, &files).unwrap();
    let report = judged(&detached, &files, 60);
    assert_eq!(
        report.signatures.first().unwrap().integrity.as_str(),
        "intact"
    );
    let report = judged(&detached, &files[..2], 60);
    assert_eq!(
        report.signatures.first().unwrap().integrity.as_str(),
        "unknown"
    );
}

/// With ECDSA values as the form writes them.
pub(super) fn of_form(packaging: Packaging) -> SigningParameters {
    let mut parameters = parameters(packaging);
    parameters.algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: packaging.value_encoding(),
    };
    parameters
}

#[test]
fn what_is_signed_is_time_stamped_before() {
    stamped_before(xades::StampedContent::Each);
}

#[test]
fn what_is_signed_is_time_stamped_together() {
    stamped_before(xades::StampedContent::All);
}

fn stamped_before(stamped: xades::StampedContent) {
    let pki = Pki::fixed().unwrap();
    let files: [(&str, &[u8]); 2] = [("a.xml", INVOICE.as_bytes()), ("b.bin", b"\x00\xff")];
    for (packaging, count) in [
        (Packaging::XadesEnveloped, 1),
        (Packaging::XadesEnveloping, 2),
        (Packaging::XadesDetached, 2),
        (Packaging::XadesInternallyDetached, 1),
        (Packaging::AsicEWithXades, 2),
        (Packaging::AsicSWithXades, 1),
        (Packaging::CadesDetached, 1),
        (Packaging::CadesAttached, 1),
        (Packaging::AsicSWithCades, 1),
    ] {
        let files = files.get(..count).unwrap();
        let octets = files.iter().map(|(_, octets)| octets.to_vec());
        let mut world = World {
            memory: Memory::new(octets),
            pki: pki.clone(),
            time: SIGNED - 60,
        };
        let documents = files.iter().map(|(name, octets)| DocumentToSign {
            input: Input::on_request(*name, u64::try_from(octets.len()).unwrap()),
            media_type: "text/xml".to_owned(),
        });
        let request = SigningRequest {
            documents: documents.collect(),
            certificates: vec![pki.citizen_p256.certificate.as_slice().into()],
            parameters: SigningParameters {
                stamped_content: stamped,
                ..of_form(packaging)
            },
        };
        let preparation = Preparation::begin(request).unwrap();
        // One that cannot be reached is passed over for the next.
        let authorities = ["nowhere", "tsa"].map(|path| format!("{}/{path}", pki.url));
        let seed = Seed::new([3; 32]);
        let preparation = preparation.with_content_timestamps(authorities.to_vec(), seed);
        let pending = drive(preparation.unwrap(), &mut world).unwrap();
        let pending = PendingSignature::from_json(&pending.to_json()).unwrap();
        let edits = sign(&pending, &mut signer(&pki.citizen_p256)).unwrap();
        let document = write(&edits, &mut world);
        let is_beside = [Packaging::XadesDetached, Packaging::CadesDetached];
        let beside = if is_beside.contains(&packaging) {
            files
        } else {
            &[]
        };
        let report = judged(&document, beside, 60);
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact", "{packaging:?}");
        assert_eq!(signature.level, SignatureLevel::BaselineB, "{packaging:?}");
        let count = match stamped {
            xades::StampedContent::Each => count,
            xades::StampedContent::All => 1,
        };
        let name = b"xades:AllDataObjectsTimeStamp";
        let is_xades = packaging.is_xades();
        let is_together = is_xades && stamped == xades::StampedContent::All;
        let has_name = document.windows(name.len()).any(|part| part == name);
        assert_eq!(has_name, is_together, "{packaging:?}");
        assert_eq!(signature.timestamps.len(), count, "{packaging:?}");
        for stamp in &signature.timestamps {
            assert_eq!(stamp.kind.as_str(), "content", "{packaging:?}");
            assert_eq!(stamp.integrity.as_str(), "intact", "{packaging:?}");
        }
        // One document that is changed is noticed by its time-stamp too.
        if let Some(place) = document.windows(7).position(|part| part == b"<total>") {
            let mut changed = document.clone();
            *changed.get_mut(place + 7).unwrap() = b'9';
            let report = judged(&changed, beside, 60);
            let signature = report.signatures.first().unwrap();
            assert_eq!(signature.integrity.as_str(), "broken", "{packaging:?}");
            let stamps = signature.timestamps.iter();
            let broken = stamps.filter(|one| one.integrity.as_str() == "broken");
            assert!(broken.count() >= 1, "{packaging:?}");
        }
    }
}

#[test]
fn a_content_time_stamp_that_cannot_be_had_ends_the_signing() {
    let pki = Pki::fixed().unwrap();
    for (packaging, path) in [
        (Packaging::XadesEnveloped, "/nowhere"),
        (Packaging::CadesDetached, "/nowhere"),
        (Packaging::CadesCounterSignature, "/tsa"),
        (Packaging::AsicCadesCounterSignature, "/tsa"),
    ] {
        let parameters = of_form(packaging);
        let input = Input::at_hand("invoice.xml", INVOICE.as_bytes());
        let request = SigningRequest {
            documents: vec![DocumentToSign {
                input,
                media_type: String::new(),
            }],
            certificates: vec![pki.citizen_p256.certificate.as_slice().into()],
            parameters,
        };
        let mut world = World {
            memory: Memory::new([INVOICE.as_bytes().to_vec()]),
            pki: pki.clone(),
            time: SIGNED,
        };
        let job = Preparation::begin(request).unwrap();
        let authorities = vec![format!("{}{path}", pki.url)];
        let job = job.with_content_timestamps(authorities, Seed::new([3; 32]));
        assert!(
            job.and_then(|job| drive(job, &mut world)).is_err(),
            "{packaging:?}"
        );
    }
}

#[test]
fn a_policy_that_is_implied_is_said_to_be() {
    let pki = Pki::fixed().unwrap();
    let mut parameters = parameters(Packaging::XadesEnveloped);
    parameters.policy = Some(NewPolicy::Implied);
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let (pending, mut world) = pending(&pki.citizen_p256, parameters, &invoice).unwrap();
    let pending = PendingSignature::from_json(&pending.to_json()).unwrap();
    let edits = sign(&pending, &mut signer(&pki.citizen_p256)).unwrap();
    let document = write(&edits, &mut world);
    let budget = &mut imza::limits::Budget::default();
    let records = xades::parse(&document.as_slice().into(), "", &|_| None, budget);
    let claims = records.unwrap().remove(0).claims;
    assert_eq!(claims.policy, Some(SignaturePolicy::Implied));
    let report = judged(&document, &[], 60);
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.integrity.as_str(), "intact");
}

#[test]
fn policy_and_commitments_are_signed() {
    let pki = Pki::fixed().unwrap();
    let mut parameters = parameters(Packaging::XadesEnveloped);
    let uri = "http://policy.example/p.pdf";
    parameters.policy = Some(NewPolicy::Identified(IdentifiedPolicy {
        id: "1.2.3.4".to_owned(),
        algorithm: DigestAlgorithm::Sha256,
        digest: vec![7; 32],
        uri: Some(uri.to_owned()),
        user_notice: Some("Oxuyun".to_owned()),
        specification: Some("http://specification.example/1".to_owned()),
        store: None,
    }));
    let approval = "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval";
    parameters.commitments = vec![NewCommitment::to_all(approval)];
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let (pending, mut world) = pending(&pki.citizen_p256, parameters.clone(), &invoice).unwrap();
    let document = write(
        &sign(&pending, &mut signer(&pki.citizen_p256)).unwrap(),
        &mut world,
    );
    let records = xades::parse(
        &document.as_slice().into(),
        "",
        &|_| None,
        &mut imza::limits::Budget::default(),
    );
    let claims = records.unwrap().remove(0).claims;
    let [commitment] = claims.commitment_types.as_slice() else {
        panic!("one commitment");
    };
    assert_eq!(commitment.id, approval);
    assert!(commitment.scope.is_empty(), "about everything");
    let Some(SignaturePolicy::Identified {
        id,
        digest,
        uri: at,
        notice,
        specification,
        ..
    }) = claims.policy
    else {
        panic!("no policy");
    };
    assert_eq!(id.trim_start_matches("urn:oid:"), "1.2.3.4");
    assert_eq!(digest.unwrap().1, [7; 32]);
    assert_eq!(at.as_deref(), Some(uri));
    assert_eq!(notice.as_deref(), Some("Oxuyun"));
    let named = Some("http://specification.example/1");
    assert_eq!(specification.as_deref(), named);
    let text = String::from_utf8(document).unwrap();
    let qualifier = "<xades:SigPolicyQualifier><xades141:SPDocSpecification \
        xmlns:xades141=\"http://uri.etsi.org/01903/v1.4.1#\"><xades:Identifier>\
        http://specification.example/1</xades:Identifier></xades141:SPDocSpecification>\
        </xades:SigPolicyQualifier>";
    assert!(text.contains(qualifier), "{text}");
    // What CMS cannot say is not left out in silence.
    let refused = |edit: fn(&mut SigningParameters)| {
        let mut parameters = SigningParameters {
            algorithm: of_form(Packaging::CadesDetached).algorithm,
            packaging: Packaging::CadesDetached,
            ..parameters.clone()
        };
        edit(&mut parameters);
        let pending = self::pending(&pki.citizen_p256, parameters, &invoice);
        pending.and_then(|(pending, _)| pending.data_to_be_signed().map(drop))
    };
    assert!(refused(|_| {}).is_ok());
    let edits: [fn(&mut SigningParameters); 6] = [
        |parameters| parameters.commitments = vec![NewCommitment::to_all("http://a.example/")],
        |parameters| parameters.commitments[0].documents = vec!["invoice.xml".to_owned()],
        |parameters| parameters.commitments[0].qualifiers = vec!["a".to_owned()],
        |parameters| match &mut parameters.policy {
            Some(NewPolicy::Identified(policy)) => policy.id = "http://a.example/".to_owned(),
            _ => panic!("no policy"),
        },
        |parameters| {
            parameters.packaging = Packaging::Pades;
            parameters.content_description = Some("a".to_owned());
        },
        |parameters| {
            parameters.packaging = Packaging::Pades;
            parameters.pdf.reason = Some("a".to_owned());
        },
    ];
    for edit in edits {
        assert!(refused(edit).is_err());
    }
}

#[test]
fn what_cannot_be_signed_inside_is_refused() {
    let refused = |packaging, document: &[u8]| {
        let error = signed(packaging, &[("a.xml", document)]).err().unwrap();
        error.code().to_owned()
    };
    let (inside, beside) = (
        Packaging::XadesEnveloped,
        Packaging::XadesInternallyDetached,
    );
    assert_eq!(refused(inside, b"no xml"), "malformed.xml.syntax");
    assert_eq!(
        refused(inside, b"<!DOCTYPE a><a/>"),
        "malformed.xml.document-type"
    );
    assert_eq!(
        refused(beside, b"<a><b Id='x'/></a>"),
        "unsupported.feature"
    );
    let other = "<?xml version='1.0' encoding='windows-1251'?><a>\u{fffd}</a>";
    let other: Vec<u8> = other.replace('\u{fffd}', "@").into_bytes();
    let other: Vec<u8> = other
        .iter()
        .map(|octet| if *octet == b'@' { 0xe0 } else { *octet })
        .collect();
    assert_eq!(refused(inside, &other), "unsupported.feature");
    // Two elements of one identifier leave open which of them is signed.
    let twice = b"<a Id='x'><b Id='x'/></a>";
    assert_eq!(refused(beside, twice), "malformed.xml.duplicate-id");
    let two: [(&str, &[u8]); 2] = [("a.xml", b"<a/>"), ("b.xml", b"<b/>")];
    let error = signed(inside, &two).err().unwrap();
    assert_eq!(error.code(), "api-misuse.contradictory-parameters");
    // The same signature once more could not be told from the first.
    let once = signed(inside, &[("a.xml", b"<a/>")]).unwrap();
    let error = signed(inside, &[("a.xml", once.as_slice())]).err().unwrap();
    assert_eq!(error.code(), "api-misuse.signed-already");
}

#[test]
fn a_signature_is_counter_signed_and_each_by_its_own() {
    let pki = Pki::fixed().unwrap();
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let one = signed(Packaging::XadesEnveloped, &invoice).unwrap();
    let counter = |document: &[u8], countersigned: Option<String>| {
        let mut parameters = parameters(Packaging::XadesCounterSignature);
        parameters.countersigned = countersigned;
        let files = [("signed.xml", document)];
        let (pending, mut world) = pending(&pki.citizen_p256, parameters, &files)?;
        let edits = sign(&pending, &mut signer(&pki.citizen_p256))?;
        Ok::<_, Error>(write(&edits, &mut world))
    };
    let two = counter(&one, None).unwrap();
    let report = judged(&two, &[], 60);
    let [own, other] = report.signatures.as_slice() else {
        panic!("{}", report.to_pretty_json());
    };
    assert_eq!(other.parent.as_ref(), Some(&own.id));
    for signature in [own, other] {
        assert_eq!(signature.integrity.as_str(), "intact");
        assert_eq!(signature.level, SignatureLevel::BaselineB);
    }
    assert!(matches!(other.scopes[0].kind, ScopeKind::CounterSignature));
    // By its id; what is not there, and one whose value bears no identifier.
    let refused = |outcome: Result<Vec<u8>, Error>| outcome.err().unwrap().code().to_owned();
    let wrong = counter(&one, Some("S-0".to_owned()));
    assert_eq!(refused(wrong), "api-misuse.contradictory-parameters");
    let lta = augmented(&two, &[], BaselineLevel::Lta).unwrap();
    let after = counter(&lta, Some(own.id.clone()));
    // The same counter-signature could not be told from the first.
    assert_eq!(refused(after), "api-misuse.signed-already");
    let text = String::from_utf8(one.clone()).unwrap();
    let value = text.find("<ds:SignatureValue Id=").unwrap();
    let end = value + text[value..].find('>').unwrap();
    let without = format!("{}<ds:SignatureValue{}", &text[..value], &text[end..]);
    assert_eq!(
        refused(counter(without.as_bytes(), None)),
        "unsupported.feature"
    );
    // The countersigned value changed.
    let changed = String::from_utf8(two).unwrap();
    let at = changed.find("<ds:SignatureValue Id=").unwrap();
    let at = at + changed[at..].find('>').unwrap() + 3;
    let flipped = if &changed[at..=at] == "A" { "B" } else { "A" };
    let changed = format!("{}{flipped}{}", &changed[..at], &changed[at + 1..]);
    let report = judged(changed.as_bytes(), &[], 60);
    let mut all = report.signatures.iter();
    assert!(all.all(|one| one.integrity.as_str() == "broken"));
}
