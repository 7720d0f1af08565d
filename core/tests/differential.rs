//! Random small PKIs, judged by us and by OpenSSL's `verify`. Every difference has a reason here.
//!
//! `IMZA_DIFFERENTIAL` says how many hierarchies are tried; 500 without it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza::asn1::Oid;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::{ExplicitPolicy, Initially, PolicyInputs};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{CertificateRequest, CertificateValidation, Given, Network};
use imza::report::CertificateReport;
use imza::signature::RevocationKind;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::BlockIndication;
use imza_test_vectors::certificate::{CertificateSpec, Extension, usage};
use imza_test_vectors::crl::{CrlSpec, RevocationReason, issue};
use imza_test_vectors::key::Key;
use imza_test_vectors::name::Name;
use imza_test_vectors::pki::{Entity, Revocation};
use imza_test_vectors::{Pki, der};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const TIME: i64 = 1_781_000_000;
const YEAR: i64 = 31_536_000;
const POLICIES: [&str; 3] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"];
const ANY_POLICY: &str = "2.5.29.32.0";

/// Differences that we stand by: what a hierarchy must hold, our verdict, and why.
const EXPLAINED: &[(&[&str], bool, &str)] = &[(
    &["inhibit-any", "mapping"],
    false,
    "RFC 5280 §6.1.3(d)(2), §6.1.4(b)(1): an anyPolicy that is inhibited leaves no node, so that no \
     mapping can make one of it; OpenSSL makes it before it asks whether anyPolicy counts",
)];

/// A small generator (xorshift): the same hierarchies in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        let index = usize::try_from(self.roll(u64::try_from(from.len()).unwrap())).unwrap();
        from.get(index).unwrap()
    }
}

/// A hierarchy, and what was put into it.
#[derive(Default)]
struct Hierarchy {
    /// From the root to the last CA.
    authorities: Vec<Vec<u8>>,
    target: Vec<u8>,
    lists: Vec<Vec<u8>>,
    flaws: Vec<String>,
    acceptable: Option<&'static str>,
    explicit: bool,
    inhibit_mapping: bool,
    inhibit_any: bool,
}

impl Hierarchy {
    fn note(&mut self, index: usize, flaw: &str) {
        self.flaws.push(format!("{flaw}@{index}"));
    }

    fn has(&self, flaw: &str) -> bool {
        self.flaws.iter().any(|one| one.starts_with(flaw))
    }
}

/// The base of a subtree of one kind, and a name inside and one outside of it.
const SUBTREES: [(u8, &str, &str, &str); 3] = [
    (2, "good.test", "www.good.test", "www.bad.test"),
    (1, "good.test", "a@good.test", "a@bad.test"),
    (6, "good.test", "http://good.test/x", "http://bad.test/x"),
];

fn name_constraints(hierarchy: &mut Hierarchy, index: usize, dice: &mut Dice) -> Extension {
    let which = usize::try_from(dice.roll(3)).unwrap();
    let (number, base, ..) = *SUBTREES.get(which).unwrap();
    let subtree = der::sequence(&[&der::implicit(number, base.as_bytes())]);
    let is_excluded = dice.one_in(2);
    hierarchy.note(index, if is_excluded { "excluded" } else { "permitted" });
    let side = if is_excluded { 1 } else { 0 };
    let list = der::tlv(0xa0 + side, &subtree);
    Extension::critical("2.5.29.30", der::sequence(&[&list]))
}

fn policies(dice: &mut Dice) -> Option<Extension> {
    let mut own: Vec<&str> = POLICIES
        .iter()
        .copied()
        .filter(|_| dice.one_in(2))
        .collect();
    if dice.one_in(4) {
        own.push(ANY_POLICY);
    }
    (!own.is_empty() && !dice.one_in(5)).then(|| Extension::policies(&own))
}

fn authority(
    hierarchy: &mut Hierarchy,
    index: usize,
    dice: &mut Dice,
    key: &Key,
    issuer: &Entity,
) -> CertificateSpec {
    let is_self_issued = dice.one_in(12) && index > 1;
    let name = match is_self_issued {
        true => issuer.name.clone(),
        false => Name::authority(&format!("authority {index}")),
    };
    if is_self_issued {
        hierarchy.note(index, "self-issued");
    }
    let serial = 100 + u64::try_from(index).unwrap();
    let validity = (TIME - YEAR, TIME + YEAR);
    let mut spec = CertificateSpec::authority(name, key, &issuer.key, serial, validity);
    spec.extensions.extend(policies(dice));
    if dice.one_in(4) {
        let length = dice.roll(3);
        hierarchy.note(index, &format!("path-length-{length}"));
        spec = spec.with([Extension::authority(Some(length))]);
    }
    if dice.one_in(4) {
        spec.extensions
            .push(name_constraints(hierarchy, index, dice));
    }
    if dice.one_in(8) {
        hierarchy.note(index, "require-explicit");
        let skip = der::implicit(0, &[u8::try_from(dice.roll(3)).unwrap()]);
        let value = der::sequence(&[&skip]);
        spec.extensions
            .push(Extension::critical("2.5.29.36", value));
    }
    if dice.one_in(8) {
        hierarchy.note(index, "inhibit-any");
        let value = der::integer(dice.roll(3));
        spec.extensions
            .push(Extension::critical("2.5.29.54", value));
    }
    if dice.one_in(6) {
        hierarchy.note(index, "mapping");
        let one = der::oid(dice.pick(&POLICIES));
        let two = der::oid(dice.pick(&POLICIES));
        let value = der::sequence(&[&der::sequence(&[&one, &two])]);
        spec.extensions
            .push(Extension::critical("2.5.29.33", value));
    }
    flaw(hierarchy, index, dice, &mut spec);
    spec
}

fn flaw(hierarchy: &mut Hierarchy, index: usize, dice: &mut Dice, spec: &mut CertificateSpec) {
    match dice.roll(40) {
        0 => {
            hierarchy.note(index, "expired");
            spec.not_after = TIME - 1;
        }
        1 => {
            hierarchy.note(index, "early");
            spec.not_before = TIME + 1;
        }
        2 => {
            hierarchy.note(index, "broken");
            spec.break_signature = true;
        }
        3 => {
            hierarchy.note(index, "unknown-critical");
            spec.extensions
                .push(Extension::critical("1.2.3.4.5", der::null()));
        }
        4 => {
            hierarchy.note(index, "no-authority");
            *spec = spec.clone().with([Extension::end_entity()]);
        }
        5 => {
            hierarchy.note(index, "no-cert-sign");
            *spec = spec
                .clone()
                .with([Extension::key_usage(&[usage::CRL_SIGN])]);
        }
        6 => {
            hierarchy.note(index, "no-basic-constraints");
            *spec = spec.clone().without("2.5.29.19");
        }
        _ => {}
    }
}

fn hierarchy(dice: &mut Dice, keys: &[Key], pki: &Pki) -> Hierarchy {
    let mut hierarchy = Hierarchy::default();
    let mut members = vec![pki.root.clone()];
    let depth = usize::try_from(dice.roll(4)).unwrap();
    for (index, key) in (1..=depth).zip(keys) {
        let issuer = members.last().unwrap().clone();
        let spec = authority(&mut hierarchy, index, dice, key, &issuer);
        members.push(Entity::issue("authority", &spec, key, &issuer).unwrap());
    }
    let issuer = members.last().unwrap().clone();
    let key = keys.last().unwrap();
    let validity = (TIME - YEAR, TIME + YEAR);
    let subject = Name::new(&[("C", "AZ"), ("CN", "A Person")]);
    let signs = [usage::NON_REPUDIATION];
    let mut spec = CertificateSpec::end_entity(subject, key, &issuer.key, 999, validity, &signs);
    spec.extensions.extend(policies(dice));
    let mut names = Vec::new();
    for (number, _, inside, outside) in SUBTREES {
        if dice.one_in(2) {
            let name = if dice.one_in(3) { outside } else { inside };
            names.push(der::implicit(number, name.as_bytes()));
        }
    }
    if !names.is_empty() {
        let value = der::sequence_of(&names);
        spec.extensions.push(Extension::new("2.5.29.17", value));
    }
    if dice.one_in(6) {
        flaw(&mut hierarchy, 0, dice, &mut spec);
    }
    let target = Entity::issue("target", &spec, key, &issuer).unwrap();

    if dice.one_in(3) {
        let revoked = usize::try_from(dice.roll(8)).unwrap();
        for (index, member) in members.iter().enumerate() {
            let below = members.get(index + 1).unwrap_or(&target);
            let named = (revoked == index).then(|| Revocation {
                serial_number: below.serial_number.clone(),
                time: TIME - 500,
                reason: Some(RevocationReason::Superseded),
            });
            if named.is_some() {
                hierarchy.note(index, "revoked-below");
            }
            let named: Vec<Revocation> = named.into_iter().collect();
            let list = CrlSpec::new(member, 1, TIME - 100, &named);
            hierarchy.lists.push(issue(&list, member).unwrap());
        }
    }
    if dice.one_in(3) {
        hierarchy.acceptable = Some(POLICIES[0]);
        hierarchy.explicit = dice.one_in(2);
        hierarchy.inhibit_mapping = dice.one_in(3);
        hierarchy.inhibit_any = dice.one_in(3);
    }
    hierarchy.authorities = members.into_iter().map(|one| one.certificate).collect();
    hierarchy.target = target.certificate;
    hierarchy
}

fn ours(hierarchy: &Hierarchy) -> CertificateReport {
    let mut given: Vec<Given> = hierarchy
        .authorities
        .iter()
        .skip(1)
        .map(|der| Given::Certificate(der.as_slice().into()))
        .collect();
    given.extend(hierarchy.lists.iter().map(|der| Given::Revocation {
        kind: RevocationKind::Crl,
        octets: der.as_slice().into(),
    }));
    let mut policy = ValidationPolicy::named("rfc5280").unwrap();
    if hierarchy.lists.is_empty() {
        policy.revocation = RevocationRequirement::None;
    }
    let root = hierarchy.authorities.first().unwrap();
    let anchors = TrustSet::read_anchors(root, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let initially = |inhibited| match inhibited {
        true => Initially::Inhibited,
        false => Initially::Allowed,
    };
    let request = CertificateRequest {
        name: "target".to_owned(),
        octets: hierarchy.target.clone(),
        given,
        purpose: None,
        policies: PolicyInputs {
            acceptable: hierarchy
                .acceptable
                .map(|policy| vec![Oid::from_dotted(policy).unwrap()]),
            explicit_policy: match hierarchy.explicit {
                true => ExplicitPolicy::Required,
                false => ExplicitPolicy::Optional,
            },
            policy_mapping: initially(hierarchy.inhibit_mapping),
            any_policy: initially(hierarchy.inhibit_any),
        },
        path_length: None,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = CertificateValidation::begin(request, context).unwrap();
    drive(job, &mut Memory::new(Vec::<Vec<u8>>::new()))
        .unwrap()
        .report
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).unwrap());
        out.push('\n');
    }
    format!("{out}-----END {label}-----\n")
}

/// Whether OpenSSL accepts it, and what it says.
fn theirs(hierarchy: &Hierarchy, folder: &Path) -> (bool, String) {
    let write = |name: &str, label: &str, all: &[Vec<u8>]| {
        let text: String = all.iter().map(|der| pem(label, der)).collect();
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (root, others) = hierarchy.authorities.split_at(1);
    let mut command = Command::new("openssl");
    command.args([
        "verify",
        "-no-CApath",
        "-no-CAstore",
        "-policy_check",
        "-attime",
    ]);
    command.arg(TIME.to_string());
    command
        .arg("-CAfile")
        .arg(write("root.pem", "CERTIFICATE", root));
    if !others.is_empty() {
        command
            .arg("-untrusted")
            .arg(write("others.pem", "CERTIFICATE", others));
    }
    if !hierarchy.lists.is_empty() {
        command.arg("-crl_check_all").arg("-CRLfile");
        command.arg(write("lists.pem", "X509 CRL", &hierarchy.lists));
    }
    // Without a policy OpenSSL takes none for acceptable; RFC 5280 §6.1.1(c) has any-policy for that.
    command.args(["-policy", hierarchy.acceptable.unwrap_or(ANY_POLICY)]);
    let flags = [
        (hierarchy.explicit, "-explicit_policy"),
        (hierarchy.inhibit_mapping, "-inhibit_map"),
        (hierarchy.inhibit_any, "-inhibit_any"),
    ];
    command.args(
        flags
            .iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, flag)| flag),
    );
    command.arg(write(
        "target.pem",
        "CERTIFICATE",
        std::slice::from_ref(&hierarchy.target),
    ));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

#[test]
fn openssl_agrees_or_is_answered() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: openssl is not at hand");
        return;
    }
    let number = std::env::var("IMZA_DIFFERENTIAL").ok();
    let number: u64 = number.and_then(|text| text.parse().ok()).unwrap_or(500);
    let pki = Pki::fixed().unwrap();
    let keys = [
        pki.issuing_ca.key.clone(),
        pki.citizen_p256.key.clone(),
        pki.citizen_p384.key.clone(),
        pki.citizen_revoked.key.clone(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let (mut accepted, mut different) = (0_u64, Vec::new());
    for round in 0..number {
        let hierarchy = hierarchy(&mut dice, &keys, &pki);
        let report = ours(&hierarchy);
        let own = report.indication == Some(BlockIndication::Passed);
        let (other, said) = theirs(&hierarchy, folder.path());
        accepted += u64::from(own);
        let is_explained = EXPLAINED.iter().any(|(flaws, verdict, _)| {
            *verdict == own && flaws.iter().all(|flaw| hierarchy.has(flaw))
        });
        if own != other && !is_explained {
            let reasons: Vec<String> = report
                .attempts
                .iter()
                .flat_map(|attempt| &attempt.reasons)
                .map(|reason| format!("{}: {}", reason.clause, reason.found))
                .collect();
            different.push(format!(
                "round {round}: {:?} policies {:?} {} {} {}: we {own} {reasons:?}, OpenSSL {said}",
                hierarchy.flaws,
                hierarchy.acceptable,
                hierarchy.explicit,
                hierarchy.inhibit_mapping,
                hierarchy.inhibit_any,
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    // The dice must give both kinds.
    assert!(
        accepted > number / 20 && accepted < number - number / 20,
        "{accepted}"
    );
}
