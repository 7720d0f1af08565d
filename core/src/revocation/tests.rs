use super::*;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Tag, write};
use crate::certificate::sample::{Sample, SampleKey, corpora, extension, name};
use crate::certificate::{ReasonFlags, oid};
use crate::crypto::{Fit, Memo, PublicKey, digest};
use crate::error::Error;
use crate::limits::{Budget, Limits};
use crate::time::UnixTime;

const CA: u8 = 2;

fn at(text: &str) -> UnixTime {
    UnixTime::from_rfc3339(text).unwrap()
}

fn joined(values: &[Vec<u8>]) -> Vec<u8> {
    let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
    write::sequence(&values)
}

fn issuer() -> Certificate {
    Sample::keyed("ca", CA, "ca").authority(None).signed(CA)
}

fn user() -> Sample {
    let mut user = Sample::keyed("user", 3, "ca");
    user.serial = vec![7];
    user
}

fn key() -> PublicKey {
    PublicKey::from_spki(&SampleKey::new(CA).spki()).unwrap()
}

/// A CRL of `ca`, to be changed before it is signed.
struct SampleCrl {
    version: Vec<u8>,
    issuer: Vec<u8>,
    next_update: Vec<u8>,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
    outer_algorithm: Vec<u8>,
}

impl SampleCrl {
    fn new() -> Self {
        Self {
            version: write::integer(1),
            issuer: name(&[("2.5.4.3", "ca")]),
            next_update: write::time(at("2025-02-01T00:00:00Z")),
            entries: Vec::new(),
            extensions: Vec::new(),
            outer_algorithm: SampleKey::algorithm(),
        }
    }

    fn entry(self, serial: &[u8], extensions: &[Vec<u8>]) -> Self {
        self.entry_since("2024-06-01T00:00:00Z", serial, extensions)
    }

    fn entry_since(mut self, since: &str, serial: &[u8], extensions: &[Vec<u8>]) -> Self {
        let extensions = if extensions.is_empty() {
            Vec::new()
        } else {
            joined(extensions)
        };
        self.entries.push(write::sequence(&[
            &write::tlv(Tag::INTEGER, serial),
            &write::time(at(since)),
            &extensions,
        ]));
        self
    }

    fn extension(mut self, oid: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(oid, critical, value));
        self
    }

    fn encode(&self) -> Vec<u8> {
        let entries = if self.entries.is_empty() {
            Vec::new()
        } else {
            joined(&self.entries)
        };
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            write::explicit(0, &joined(&self.extensions))
        };
        let tbs = write::sequence(&[
            &self.version,
            &SampleKey::algorithm(),
            &self.issuer,
            &write::time(at("2025-01-01T00:00:00Z")),
            &self.next_update,
            &entries,
            &extensions,
        ]);
        let signature = write::bit_string(&SampleKey::new(CA).sign(&tbs));
        write::sequence(&[&tbs, &self.outer_algorithm, &signature])
    }

    fn parse(&self) -> Crl {
        Crl::parse(&self.encode(), &mut Budget::default()).unwrap()
    }
}

fn lookup(crl: &Crl, certificate: &Certificate) -> Result<Option<CrlEntry>, Error> {
    crl.lookup(certificate, &mut Budget::default())
}

fn reason(number: u8) -> Vec<u8> {
    extension("2.5.29.21", false, &[10, 1, number])
}

#[test]
fn a_crl_says_who_is_revoked_since_when_and_why() {
    let crl = SampleCrl::new()
        .entry(&[6], &[])
        .entry(&[7], &[reason(1)])
        .extension("2.5.29.20", false, &write::integer(5))
        .extension(
            "2.5.29.60",
            false,
            &write::generalized_time(at("2020-01-01T00:00:00Z")),
        )
        .parse();
    let entry = lookup(&crl, &user().parse()).unwrap().unwrap();
    assert_eq!(entry.revocation_time, at("2024-06-01T00:00:00Z"));
    assert_eq!(entry.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(crl.number(), Some(&[5][..]));
    assert_eq!(crl.this_update(), at("2025-01-01T00:00:00Z"));
    assert_eq!(crl.next_update(), Some(at("2025-02-01T00:00:00Z")));
    assert_eq!(
        crl.expired_certificates_since(),
        Some(at("2020-01-01T00:00:00Z"))
    );
    assert_eq!(crl.obstacle(), None);
    let mut other = user();
    other.serial = vec![8];
    assert_eq!(lookup(&crl, &other.parse()), Ok(None));
    assert_eq!(lookup(&SampleCrl::new().parse(), &user().parse()), Ok(None));
}

#[test]
fn entries_of_another_issuer_are_not_ours() {
    let mut foreign = user();
    foreign.issuer = name(&[("2.5.4.3", "other")]);
    let crl = SampleCrl::new().entry(&[7], &[]).parse();
    assert_eq!(lookup(&crl, &foreign.parse()), Ok(None));
    // The issuer of an entry holds for those that follow.
    let directory = write::explicit(4, &name(&[("2.5.4.3", "other")]));
    let issuer = extension("2.5.29.29", true, &write::sequence(&[&directory]));
    let indirect = SampleCrl::new()
        .entry(&[1], &[issuer])
        .entry(&[7], &[])
        .parse();
    assert!(lookup(&indirect, &foreign.parse()).unwrap().is_some());
    assert_eq!(lookup(&indirect, &user().parse()), Ok(None));
}

#[test]
fn a_revocation_wins_over_a_hold() {
    for order in [[6, 1], [1, 6]] {
        let crl = SampleCrl::new()
            .entry(&[7], &[reason(order[0])])
            .entry(&[7], &[reason(order[1])])
            .parse();
        let entry = lookup(&crl, &user().parse()).unwrap().unwrap();
        assert_eq!(entry.reason, Some(RevocationReason::KeyCompromise));
    }
    for order in [[6, 8], [8, 6]] {
        let crl = SampleCrl::new()
            .entry(&[7], &[reason(order[0])])
            .entry(&[7], &[reason(order[1])])
            .parse();
        let entry = lookup(&crl, &user().parse()).unwrap().unwrap();
        assert_eq!(entry.reason, Some(RevocationReason::CertificateHold));
    }
    for order in [[4, 1], [1, 4], [0, 5], [5, 0]] {
        let crl = SampleCrl::new()
            .entry(&[7], &[reason(order[0])])
            .entry(&[7], &[reason(order[1])])
            .parse();
        let entry = lookup(&crl, &user().parse()).unwrap().unwrap();
        let worse = RevocationReason::from_number(order[0].min(order[1]).into());
        assert_eq!(entry.reason, worse, "{order:?}");
    }
    // A number without meaning is still a revocation.
    let crl = SampleCrl::new().entry(&[7], &[reason(7)]).parse();
    let entry = lookup(&crl, &user().parse()).unwrap().unwrap();
    assert_eq!(entry.reason, Some(RevocationReason::Unspecified));
}

#[test]
fn of_two_entries_none_takes_the_earlier_date_away() {
    let (early, late) = ("2024-05-01T00:00:00Z", "2024-07-01T00:00:00Z");
    for ((first, second), found) in [
        ((4, 1), 1),
        ((1, 4), 1),
        // A hold beside a revocation was never lifted.
        ((6, 4), 4),
        ((6, 6), 6),
    ] {
        let one = |list: SampleCrl| list.entry_since(early, &[7], &[reason(first)]);
        let two = |list: SampleCrl| list.entry_since(late, &[7], &[reason(second)]);
        for list in [two(one(SampleCrl::new())), one(two(SampleCrl::new()))] {
            let entry = lookup(&list.parse(), &user().parse()).unwrap().unwrap();
            let expected = RevocationReason::from_number(found);
            assert_eq!((entry.revocation_time, entry.reason), (at(early), expected));
        }
    }
    let list = SampleCrl::new()
        .entry_since(early, &[7], &[reason(8)])
        .entry_since(late, &[7], &[reason(4)]);
    let entry = lookup(&list.parse(), &user().parse()).unwrap().unwrap();
    assert_eq!(entry.revocation_time, at(late));
}

#[test]
fn unknown_critical_extensions_spoil_the_whole_list() {
    let odd = extension("1.2.3", true, &write::null());
    let crl = SampleCrl::new()
        .entry(&[1], &[odd])
        .entry(&[7], &[])
        .parse();
    assert_eq!(
        lookup(&crl, &user().parse()).unwrap_err().code(),
        "unsupported.feature"
    );
    let crl = SampleCrl::new()
        .extension("1.2.3", true, &write::null())
        .parse();
    assert!(matches!(
        crl.obstacle(),
        Some(CrlObstacle::UnknownCriticalExtension { .. })
    ));
    let crl = SampleCrl::new()
        .extension("1.2.3", false, &write::null())
        .parse();
    assert_eq!(crl.obstacle(), None);
}

#[test]
fn lists_that_cannot_stand_alone_say_why() {
    let delta = SampleCrl::new()
        .extension("2.5.29.27", true, &write::integer(1))
        .parse();
    assert_eq!(delta.obstacle(), Some(&CrlObstacle::Delta));
    assert_eq!(delta.delta_base(), Some(&[1][..]));
    let twice = SampleCrl::new()
        .extension("2.5.29.20", false, &write::integer(1))
        .extension("2.5.29.20", false, &write::integer(2))
        .parse();
    assert_eq!(twice.obstacle(), Some(&CrlObstacle::DuplicateExtension));
    let mut old = SampleCrl::new().extension("2.5.29.20", false, &write::integer(1));
    old.version = Vec::new();
    assert_eq!(
        old.parse().obstacle(),
        Some(&CrlObstacle::ExtensionsWithoutVersion2)
    );
    let mut algorithm = SampleCrl::new();
    algorithm.outer_algorithm = write::sequence(&[&write::oid("1.3.101.112"), &write::null()]);
    assert_eq!(
        algorithm.parse().obstacle(),
        Some(&CrlObstacle::SignatureAlgorithmsDiffer)
    );
}

#[test]
fn broken_lists_are_refused() {
    let parse = |der: &[u8]| Crl::parse(der, &mut Budget::default());
    let der = SampleCrl::new().entry(&[7], &[]).encode();
    for length in 0..der.len() {
        assert!(parse(&der[..length]).is_err());
    }
    assert!(parse(&[&der[..], &[0]].concat()).is_err());
    let mut version = SampleCrl::new();
    version.version = write::integer(2);
    assert!(parse(&version.encode()).is_err());
    let unreadable = SampleCrl::new().extension("2.5.29.28", true, &write::null());
    assert!(parse(&unreadable.encode()).is_err());
    let mut entry = SampleCrl::new();
    entry
        .entries
        .push(write::sequence(&[&write::integer(7), &write::null()]));
    assert!(lookup(&entry.parse(), &user().parse()).is_err());
    // Another form of the serial number 7 would be overlooked.
    let long = SampleCrl::new().entry(&[0, 7], &[]);
    assert!(lookup(&long.parse(), &user().parse()).is_err());
    let mut entry = SampleCrl::new();
    entry.entries.push(write::sequence(&[&write::integer(7)]));
    assert!(lookup(&entry.parse(), &user().parse()).is_err());
}

#[test]
fn every_flipped_byte_of_a_list_is_noticed() {
    let der = SampleCrl::new().entry(&[7], &[reason(1)]).encode();
    let mut memo = Memo::default();
    for index in 0..der.len() {
        let mut flipped = der.clone();
        flipped[index] ^= 4;
        let Ok(crl) = Crl::parse(&flipped, &mut Budget::default()) else {
            continue;
        };
        let fit = crl.verify(&key(), &mut Budget::default(), &mut memo);
        let noticed = !matches!(fit, Ok(Fit::Fits)) || crl.obstacle().is_some();
        assert!(noticed, "byte {index}");
    }
    let crl = Crl::parse(&der, &mut Budget::default()).unwrap();
    let fit = crl.verify(&key(), &mut Budget::default(), &mut memo);
    assert_eq!(fit, Ok(Fit::Fits));
}

#[test]
fn the_scope_of_a_list_is_kept() {
    let uri = |text: &str| write::implicit(6, text.as_bytes());
    let full_name = |text: &str| write::explicit(0, &write::implicit_constructed(0, &[&uri(text)]));
    let point = |parts: &[Vec<u8>]| joined(parts);
    let with_point = |point: Vec<u8>| {
        user()
            .extension(
                oid::CRL_DISTRIBUTION_POINTS,
                false,
                &write::sequence(&[&point]),
            )
            .parse()
    };
    let list = |parts: &[Vec<u8>]| {
        SampleCrl::new()
            .extension("2.5.29.28", true, &joined(parts))
            .parse()
    };
    let whole = SampleCrl::new().parse();
    let plain = user().parse();
    let here = with_point(point(&[full_name("http://a")]));
    let authority = user().authority(None).parse();
    let flag = |number| write::implicit(number, &[0xff]);

    assert_eq!(whole.scope(&plain), Ok(ReasonFlags::ALL));
    assert_eq!(whole.scope(&here), Ok(ReasonFlags::ALL));
    let named = list(&[full_name("http://a")]);
    assert_eq!(named.scope(&here), Ok(ReasonFlags::ALL));
    assert_eq!(named.scope(&plain), Err(ScopeMismatch::DistributionPoint));
    let elsewhere = with_point(point(&[full_name("http://b")]));
    assert_eq!(
        named.scope(&elsewhere),
        Err(ScopeMismatch::DistributionPoint)
    );

    assert_eq!(list(&[flag(1)]).scope(&plain), Ok(ReasonFlags::ALL));
    assert_eq!(
        list(&[flag(1)]).scope(&authority),
        Err(ScopeMismatch::CertificateKind)
    );
    assert_eq!(list(&[flag(2)]).scope(&authority), Ok(ReasonFlags::ALL));
    assert_eq!(
        list(&[flag(2)]).scope(&plain),
        Err(ScopeMismatch::CertificateKind)
    );
    assert_eq!(
        list(&[flag(5)]).scope(&plain),
        Err(ScopeMismatch::AttributeCertificates)
    );

    let some = list(&[write::implicit(3, &[6, 0x40])])
        .scope(&plain)
        .unwrap();
    assert_ne!(some, ReasonFlags::ALL);
    let of_point = with_point(point(&[
        full_name("http://a"),
        write::implicit(1, &[6, 0x40]),
    ]));
    assert_eq!(named.scope(&of_point), Ok(some));
    // RFC 5280 §6.3.3, last paragraph: a list of the issuer that names no point is about all.
    assert_eq!(whole.scope(&of_point), Ok(ReasonFlags::ALL));

    let mut foreign = user();
    foreign.issuer = name(&[("2.5.4.3", "other")]);
    assert_eq!(whole.scope(&foreign.parse()), Err(ScopeMismatch::Issuer));
    // cRLIssuer demands that CRL issuer and the indirect flag.
    let ca_name = write::explicit(4, &name(&[("2.5.4.3", "ca")]));
    let delegated = point(&[
        full_name("http://a"),
        write::implicit_constructed(2, &[&ca_name]),
    ]);
    let foreign = foreign
        .extension(
            oid::CRL_DISTRIBUTION_POINTS,
            false,
            &write::sequence(&[&delegated]),
        )
        .parse();
    assert_eq!(named.scope(&foreign), Err(ScopeMismatch::Issuer));
    let indirect = list(&[full_name("http://a"), flag(4)]);
    assert_eq!(indirect.scope(&foreign), Ok(ReasonFlags::ALL));

    let unreadable = user()
        .extension(oid::CRL_DISTRIBUTION_POINTS, false, &[])
        .parse();
    assert_eq!(whole.scope(&unreadable), Err(ScopeMismatch::Unreadable));

    // A name relative to the CRL issuer is the whole name.
    let relative = write::explicit(
        0,
        &write::implicit_constructed(
            1,
            &[&write::sequence(&[
                &write::oid("2.5.4.3"),
                &write::utf8_string("crl1"),
            ])],
        ),
    );
    let relative_list = list(&[relative]);
    let whole_name = write::explicit(4, &name(&[("2.5.4.3", "ca"), ("2.5.4.3", "crl1")]));
    let same = write::explicit(0, &write::implicit_constructed(0, &[&whole_name]));
    assert_eq!(
        relative_list.scope(&with_point(point(&[same]))),
        Ok(ReasonFlags::ALL)
    );
}

#[test]
fn a_large_list_is_scanned_within_the_budget() {
    let mut list = SampleCrl::new();
    let entry = write::sequence(&[
        &write::integer(0x0100_0000),
        &write::time(at("2024-06-01T00:00:00Z")),
    ]);
    list.entries = vec![entry; 300_000];
    let der = list.encode();
    let crl = Crl::parse(&der, &mut Budget::default()).unwrap();
    let start = std::time::Instant::now();
    assert_eq!(lookup(&crl, &user().parse()), Ok(None));
    eprintln!(
        "{} octets, 300,000 entries: {:?}",
        der.len(),
        start.elapsed()
    );
    let limits = Limits {
        crl_entries: 1000,
        ..Limits::default()
    };
    let mut budget = Budget::new(limits.into());
    let error = crl.lookup(&user().parse(), &mut budget).unwrap_err();
    assert_eq!(error.code(), "limits.crl-entries");
}

fn cert_id(algorithm: DigestAlgorithm, serial: u8) -> Vec<u8> {
    let issuer = issuer();
    write::sequence(&[
        &write::digest_identifier(algorithm),
        &write::octet_string(&digest(algorithm, issuer.subject().der()).unwrap()),
        &write::octet_string(&digest(algorithm, issuer.key_bits()).unwrap()),
        &write::tlv(Tag::INTEGER, &[serial]),
    ])
}

fn single(cert_id: &[u8], status: &[u8], this_update: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        write::explicit(1, &joined(extensions))
    };
    let this_update = write::generalized_time(at(this_update));
    write::sequence(&[cert_id, status, &this_update, &extensions])
}

const GOOD: &[u8] = &[0x80, 0];
const UNKNOWN: &[u8] = &[0x82, 0];

fn revoked() -> Vec<u8> {
    write::implicit_constructed(
        1,
        &[
            &write::generalized_time(at("2024-06-01T00:00:00Z")),
            &write::explicit(0, &[10, 1, 6]),
        ],
    )
}

fn basic(responder: &[u8], singles: &[Vec<u8>], extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        write::explicit(1, &joined(extensions))
    };
    let tbs = write::sequence(&[
        responder,
        &write::generalized_time(at("2025-01-01T00:00:00Z")),
        &joined(singles),
        &extensions,
    ]);
    let signature = write::bit_string(&SampleKey::new(CA).sign(&tbs));
    let certificates = write::explicit(0, &write::sequence(&[issuer().der()]));
    write::sequence(&[&tbs, &SampleKey::algorithm(), &signature, &certificates])
}

fn by_name() -> Vec<u8> {
    write::explicit(1, issuer().subject().der())
}

fn whole(status: u8, basic: &[u8]) -> Vec<u8> {
    let bytes = write::sequence(&[
        &write::oid("1.3.6.1.5.5.7.48.1.1"),
        &write::octet_string(basic),
    ]);
    write::sequence(&[&[10, 1, status], &write::explicit(0, &bytes)])
}

fn parsed(basic: &[u8]) -> BasicOcspResponse {
    BasicOcspResponse::parse(basic, &mut Budget::default()).unwrap()
}

#[test]
fn an_answer_is_found_by_its_certificate() {
    let singles = [
        single(
            &cert_id(DigestAlgorithm::Sha1, 7),
            GOOD,
            "2025-01-01T00:00:00Z",
            &[],
        ),
        single(
            &cert_id(DigestAlgorithm::Sha256, 7),
            &revoked(),
            "2025-01-01T01:00:00Z",
            &[],
        ),
        single(
            &cert_id(DigestAlgorithm::Sha1, 8),
            UNKNOWN,
            "2025-01-01T02:00:00Z",
            &[],
        ),
    ];
    let der = whole(0, &basic(&by_name(), &singles, &[]));
    let response = OcspResponse::parse(&der, &mut Budget::default()).unwrap();
    assert_eq!(response.status, OcspResponseStatus::Successful);
    let basic = response.basic.unwrap();
    let issuer = issuer();
    let found = basic
        .lookup(&user().parse(), Issuer::of(&issuer))
        .unwrap()
        .unwrap();
    // The latest of the two.
    assert_eq!(
        found.status,
        CertificateStatus::Revoked {
            revocation_time: at("2024-06-01T00:00:00Z"),
            reason: Some(RevocationReason::CertificateHold),
        }
    );
    assert!(basic.responder().matches(&issuer).unwrap());
    assert_eq!(basic.certificates().len(), 1);
    let fit = basic.verify(&key(), &mut Budget::default(), &mut Memo::default());
    assert_eq!(fit, Ok(Fit::Fits));
    let alone = OcspResponse::parse_any(basic.der(), &mut Budget::default()).unwrap();
    assert_eq!(alone.basic.unwrap().id(), basic.id());
}

#[test]
fn a_graver_reason_is_found_beside_an_earlier_revocation() {
    let id = cert_id(DigestAlgorithm::Sha1, 7);
    let said = |reason: u8, since: &str| {
        let since = write::generalized_time(at(since));
        write::implicit_constructed(1, &[&since, &write::explicit(0, &[10, 1, reason])])
    };
    let time = "2025-01-01T00:00:00Z";
    let issuer = issuer();
    let user = user().parse();
    for (first, second, graver) in [
        (4, 1, Some(RevocationReason::KeyCompromise)),
        (5, 0, Some(RevocationReason::Unspecified)),
        (1, 4, None),
        (4, 6, None),
    ] {
        let answers = [
            said(second, "2024-06-01T00:00:00Z"),
            said(first, "2024-05-01T00:00:00Z"),
        ];
        let singles = answers.map(|status| single(&id, &status, time, &[]));
        let response = parsed(&basic(&by_name(), &singles, &[]));
        let digests = &mut IssuerDigests::new(&user, Issuer::of(&issuer));
        let decisive = response.find(digests).unwrap().unwrap();
        let reason = RevocationReason::from_number(first.into());
        assert_eq!(decisive.status.final_reason(), Some(reason));
        let beside = response.graver_beside(decisive, digests);
        let found = beside.map(|single| single.status.final_reason().unwrap());
        assert_eq!(found, graver.map(Some), "{first} {second}");
    }
}

#[test]
fn of_several_answers_the_worse_wins() {
    let id = cert_id(DigestAlgorithm::Sha1, 7);
    let said = |reason: u8, since: &str| {
        let since = write::generalized_time(at(since));
        write::implicit_constructed(1, &[&since, &write::explicit(0, &[10, 1, reason])])
    };
    let stolen = said(1, "2024-06-01T00:00:00Z");
    let later = said(4, "2024-07-01T00:00:00Z");
    let hold = said(6, "2024-05-01T00:00:00Z");
    let (early, late) = ("2025-01-01T00:00:00Z", "2025-01-01T01:00:00Z");
    let issuer = issuer();
    let found = |one: (&[u8], &str), two: (&[u8], &str)| {
        let in_order = |list: [(&[u8], &str); 2]| {
            let singles = list.map(|(status, time)| single(&id, status, time, &[]));
            let response = parsed(&basic(&by_name(), &singles, &[]));
            let found = response.lookup(&user().parse(), Issuer::of(&issuer));
            found.unwrap().unwrap().status
        };
        let status = in_order([one, two]);
        assert_eq!(status, in_order([two, one]));
        match status {
            CertificateStatus::Revoked { reason, .. } => reason.unwrap().as_str(),
            CertificateStatus::Good => "good",
            CertificateStatus::Unknown => "unknown",
        }
    };
    assert_eq!(found((&stolen, early), (GOOD, late)), "keyCompromise");
    assert_eq!(found((&stolen, early), (GOOD, early)), "keyCompromise");
    assert_eq!(found((&stolen, late), (&later, early)), "keyCompromise");
    assert_eq!(found((&stolen, early), (&hold, late)), "keyCompromise");
    assert_eq!(found((&hold, early), (GOOD, early)), "certificateHold");
    assert_eq!(found((UNKNOWN, early), (GOOD, early)), "unknown");
    // A hold can be lifted, and what was not known can be known later.
    assert_eq!(found((&hold, early), (GOOD, late)), "good");
    assert_eq!(found((UNKNOWN, early), (GOOD, late)), "good");
}

#[test]
fn answers_about_others_are_not_taken() {
    let one = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        GOOD,
        "2025-01-01T00:00:00Z",
        &[],
    );
    let basic = parsed(&basic(&by_name(), &[one], &[]));
    let issuer = issuer();
    let mut serial = user();
    serial.serial = vec![0, 0x87];
    assert!(
        basic
            .lookup(&serial.parse(), Issuer::of(&issuer))
            .unwrap()
            .is_none()
    );
    // The same name, another key: a CA that was re-keyed.
    let other = Sample::keyed("ca", 9, "ca").authority(None).signed(9);
    assert!(
        basic
            .lookup(&user().parse(), Issuer::of(&other))
            .unwrap()
            .is_none()
    );
    let mut foreign = user();
    foreign.issuer = name(&[("2.5.4.3", "other")]);
    let other = Sample::keyed("other", CA, "ca").authority(None).signed(CA);
    assert!(
        basic
            .lookup(&foreign.parse(), Issuer::of(&other))
            .unwrap()
            .is_none()
    );
}

#[test]
fn responders_are_named_exactly() {
    let issuer = issuer();
    let other = Sample::keyed("other", 9, "ca").parse();
    let hash = digest(DigestAlgorithm::Sha1, issuer.key_bits()).unwrap();
    for responder in [by_name(), write::explicit(2, &write::octet_string(&hash))] {
        let basic = parsed(&basic(&responder, &[], &[]));
        assert!(basic.responder().matches(&issuer).unwrap());
        assert!(!basic.responder().matches(&other).unwrap());
    }
}

#[test]
fn extensions_of_answers_are_read() {
    let user = user().parse();
    let hash = digest(DigestAlgorithm::Sha256, user.der()).unwrap();
    let hash = write::sequence(&[
        &write::digest_identifier(DigestAlgorithm::Sha256),
        &write::octet_string(&hash),
    ]);
    let cutoff = write::generalized_time(at("2015-01-01T00:00:00Z"));
    let extensions = [
        extension("1.3.36.8.3.13", false, &hash),
        extension("1.3.6.1.5.5.7.48.1.6", false, &cutoff),
        extension("1.2.3", true, &write::null()),
    ];
    let one = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        GOOD,
        "2025-01-01T00:00:00Z",
        &extensions,
    );
    let nonce = write::octet_string(&[5; 32]);
    let basic = parsed(&basic(
        &by_name(),
        &[one],
        &[
            extension("1.3.6.1.5.5.7.48.1.2", false, &nonce),
            extension("1.2.4", true, &write::null()),
        ],
    ));
    let answer = &basic.responses()[0];
    let cert_hash = answer.cert_hash.as_ref().unwrap();
    assert!(cert_hash.fits(&user).unwrap());
    assert!(!cert_hash.fits(&issuer()).unwrap());
    assert_eq!(answer.archive_cutoff, Some(at("2015-01-01T00:00:00Z")));
    assert_eq!(answer.unknown_critical.len(), 1);
    assert_eq!(basic.nonce(), Some(&[5; 32][..]));
    assert_eq!(basic.unknown_critical().len(), 1);
}

#[test]
fn other_statuses_carry_no_answer() {
    let good = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        GOOD,
        "2025-01-01T00:00:00Z",
        &[],
    );
    let basic = basic(&by_name(), &[good], &[]);
    for status in [1, 2, 3, 4, 5, 6, 9] {
        let read = OcspResponse::parse(&whole(status, &basic), &mut Budget::default()).unwrap();
        assert_ne!(read.status, OcspResponseStatus::Successful);
        assert!(read.basic.is_none());
    }
}

#[test]
fn broken_answers_are_refused() {
    let parse = |der: &[u8]| OcspResponse::parse_any(der, &mut Budget::default());
    let good = || {
        single(
            &cert_id(DigestAlgorithm::Sha1, 7),
            GOOD,
            "2025-01-01T00:00:00Z",
            &[],
        )
    };
    let der = whole(0, &basic(&by_name(), &[good()], &[]));
    for length in 0..der.len() {
        assert!(parse(&der[..length]).is_err());
    }
    assert!(parse(&[&der[..], &[0]].concat()).is_err());
    let odd = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        &[0x83, 0],
        "2025-01-01T00:00:00Z",
        &[],
    );
    assert!(parse(&basic(&by_name(), &[odd], &[])).is_err());
    let full = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        &[0x80, 1, 0],
        "2025-01-01T00:00:00Z",
        &[],
    );
    assert!(parse(&basic(&by_name(), &[full], &[])).is_err());
    assert!(parse(&basic(&write::null(), &[good()], &[])).is_err());
    let nonce = || extension("1.3.6.1.5.5.7.48.1.2", false, &write::octet_string(&[5; 8]));
    assert!(parse(&basic(&by_name(), &[good()], &[nonce(), nonce()])).is_err());
}

#[test]
fn every_flipped_byte_of_an_answer_is_noticed() {
    let good = single(
        &cert_id(DigestAlgorithm::Sha1, 7),
        GOOD,
        "2025-01-01T00:00:00Z",
        &[],
    );
    let der = basic(&by_name(), &[good], &[]);
    let signed = parsed(&der).tbs().len() + 4;
    let mut memo = Memo::default();
    for index in 0..signed {
        let mut flipped = der.clone();
        flipped[index] ^= 2;
        if let Ok(other) = BasicOcspResponse::parse(&flipped, &mut Budget::default()) {
            let fit = other.verify(&key(), &mut Budget::default(), &mut memo);
            assert!(!matches!(fit, Ok(Fit::Fits)), "byte {index}");
        }
    }
}

#[test]
fn a_request_asks_for_one_certificate() {
    let (user, issuer) = (user().parse(), issuer());
    let request = ocsp_request(&user, Issuer::of(&issuer), Some(&[5; 32])).unwrap();
    let id = cert_id(DigestAlgorithm::Sha1, 7);
    let list = write::sequence(&[&write::sequence(&[&id])]);
    let nonce = write::octet_string(&[5; 32]);
    let extensions = write::sequence(&[&extension("1.3.6.1.5.5.7.48.1.2", false, &nonce)]);
    let tbs = write::sequence(&[&list, &write::explicit(2, &extensions)]);
    assert_eq!(request, write::sequence(&[&tbs]));
    let plain = ocsp_request(&user, Issuer::of(&issuer), None).unwrap();
    assert_eq!(plain, write::sequence(&[&write::sequence(&[&list])]));
}

#[test]
fn lists_and_answers_of_the_corpora_can_be_read() {
    let Some(corpora) = corpora() else { return };
    let (mut lists, mut answers, mut refused) = (0, 0, Vec::new());
    let mut folders = vec![corpora];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = path.to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).unwrap();
            if text.ends_with(".crl") {
                let blocks = crate::asn1::pem::pem_or_der(&bytes, &["X509 CRL"]).unwrap();
                for der in blocks {
                    lists += 1;
                    let read = Crl::parse(&der, &mut Budget::default());
                    let read = read.and_then(|crl| lookup(&crl, &user().parse()));
                    refused.extend(read.err().map(|error| (text.clone(), error)));
                }
            } else if text.contains("ocsp") && (text.ends_with(".der") || text.ends_with(".ors")) {
                answers += 1;
                let read = OcspResponse::parse_any(&bytes, &mut Budget::default());
                refused.extend(read.err().map(|error| (text.clone(), error)));
            }
        }
    }
    eprintln!("{lists} lists, {answers} answers; refused: {refused:#?}");
    assert!(lists > 50 && answers > 0);
}
