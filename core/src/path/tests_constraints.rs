//! Name constraints and policies.

use super::tests::{
    CA, ROOT, SIGNER, accepted, at, ca, chain, reasons, refused, root, search, signer, trust,
};
use super::*;
use crate::asn1::write;
use crate::certificate::oid;
use crate::certificate::sample::{Sample, name};
use crate::crypto::Memo;
use crate::limits::Budget;

fn subtree(base: &[u8]) -> Vec<u8> {
    write::sequence(&[base])
}

/// A CA with one permitted or excluded subtree, and a signer with one alternative name.
fn constrained(permitted: Option<&[u8]>, excluded: Option<&[u8]>, name: &[u8]) -> Paths {
    let part = |number, base: Option<&[u8]>| {
        base.map(|base| write::implicit_constructed(number, &[&subtree(base)]))
            .unwrap_or_default()
    };
    let constraints = write::sequence(&[&part(0, permitted), &part(1, excluded)]);
    let names = write::sequence(&[name]);
    chain(
        &ca().extension(oid::NAME_CONSTRAINTS, true, &constraints),
        &signer().extension(oid::SUBJECT_ALT_NAME, false, &names),
    )
}

#[test]
fn names_outside_their_constraints_are_refused() {
    let dns = |text: &str| write::implicit(2, text.as_bytes());
    let mail = |text: &str| write::implicit(1, text.as_bytes());
    let uri = |text: &str| write::implicit(6, text.as_bytes());
    let ip = |octets: &[u8]| write::implicit(7, octets);
    let directory = |cn: &str| write::explicit(4, &name(&[("2.5.4.3", cn)]));
    let net = ip(&[192, 0, 2, 0, 255, 255, 255, 0]);
    let wide = ip(&[0; 32]);
    for (base, inside, outside) in [
        (dns("a.test"), dns("x.A.test"), dns("xa.test")),
        (dns("a.test"), dns("a.test"), dns("test")),
        (dns("a.test"), dns("*.a.test"), dns("*.test")),
        (mail("u@a.test"), mail("u@A.test"), mail("U@a.test")),
        (mail("a.test"), mail("u@a.test"), mail("u@b.a.test")),
        (mail(".a.test"), mail("u@b.a.test"), mail("u@a.test")),
        (
            uri("a.test"),
            uri("http://a.test/x"),
            uri("http://b.a.test/"),
        ),
        (
            uri(".a.test"),
            uri("http://u@b.a.test:80/"),
            uri("http://a.test"),
        ),
        (net.clone(), ip(&[192, 0, 2, 7]), ip(&[192, 0, 3, 7])),
        (net.clone(), ip(&[192, 0, 2, 7]), ip(&[0; 16])),
        (directory("signer"), directory("SIGNER"), directory("other")),
        (wide, ip(&[1; 16]), ip(&[1; 4])),
    ] {
        accepted(&constrained(Some(&base), None, &inside));
        let paths = constrained(Some(&base), None, &outside);
        assert_eq!(
            refused(&paths),
            (0, FailureReason::NameNotPermitted),
            "{base:x?}"
        );
        if base != directory("signer") {
            let paths = constrained(None, Some(&base), &inside);
            assert_eq!(
                refused(&paths),
                (0, FailureReason::NameExcluded),
                "{base:x?}"
            );
        }
    }
    // One expansion of the wildcard would be excluded.
    let paths = constrained(None, Some(&dns("b.a.test")), &dns("*.a.test"));
    assert_eq!(refused(&paths), (0, FailureReason::NameExcluded));
    // Another kind of name is free.
    accepted(&constrained(Some(&dns("a.test")), None, &mail("u@b.test")));
    // The subject itself.
    let paths = constrained(Some(&directory("other")), None, &dns("a.test"));
    assert_eq!(refused(&paths), (0, FailureReason::NameNotPermitted));
    let paths = constrained(None, Some(&directory("signer")), &dns("a.test"));
    assert_eq!(refused(&paths), (0, FailureReason::NameExcluded));
}

#[test]
fn constraints_that_cannot_be_processed_are_refused() {
    let dns = |text: &str| write::implicit(2, text.as_bytes());
    let uri = |text: &str| write::implicit(6, text.as_bytes());
    let other = |oid: &str| {
        write::implicit_constructed(0, &[&write::oid(oid), &write::explicit(0, &write::null())])
    };
    let unusable = FailureReason::NameConstraintUnusable;
    for base in [
        dns(".a.test"),
        write::implicit(7, &[1, 2, 3]),
        write::implicit(7, &[1, 2, 3, 4, 255, 0, 255, 0]),
        write::implicit(7, &[1, 2, 3, 4, 254, 255, 0, 0]),
        write::implicit(1, b""),
        write::implicit(1, b"u@"),
        write::implicit(1, b"@a.test"),
        write::implicit(1, b"a.test "),
        write::implicit(1, b"<u@a.test>"),
        dns("*.a.test"),
        dns("a.test "),
        uri("http://a.test"),
        uri("a.test."),
        uri(""),
    ] {
        let paths = constrained(Some(&base), None, &dns("b.test"));
        assert!(reasons(&paths).contains(&unusable), "{base:x?}");
    }
    for (base, name) in [
        (uri("a.test"), uri("urn:x")),
        (uri("a.test"), uri("http://127.0.0.1/")),
        (uri("a.test"), uri("http://[::1]/")),
        (write::implicit(1, b"a.test"), write::implicit(1, b"nobody")),
        (other("1.2.3"), other("1.2.3")),
    ] {
        let paths = constrained(None, Some(&base), &name);
        assert_eq!(refused(&paths), (0, unusable.clone()), "{name:x?}");
    }
    accepted(&constrained(None, Some(&other("1.2.3")), &other("1.2.4")));
}

/// Names whose host another reader takes to be `a.test`.
#[test]
fn names_that_no_grammar_knows_lie_not_outside_of_what_is_excluded() {
    let mail = |text: &str| write::implicit(1, text.as_bytes());
    let uri = |text: &str| write::implicit(6, text.as_bytes());
    let internationalised = |text: &str| {
        let text = write::tlv(crate::asn1::Tag::UTF8_STRING, text.as_bytes());
        let value = write::explicit(0, &text);
        write::implicit_constructed(0, &[&write::oid("1.3.6.1.5.5.7.8.9"), &value])
    };
    let host = mail("a.test");
    let one = mail("u@a.test");
    for (base, name) in [
        (&host, mail("u@a.test.")),
        (&host, mail("u@a.test ")),
        (&host, mail("u@ a.test")),
        (&host, mail("u@a.test\0")),
        (&host, mail("<u@a.test>")),
        (&host, mail("u@a.test(x)")),
        (&host, mail("u@[192.0.2.1]")),
        (&one, mail("\"u\"@a.test")),
        (&one, internationalised("u@a.test")),
        (&host, internationalised("\u{259}@a.test.")),
        (&uri("a.test"), uri("http://%61.test/")),
        (&uri("a.test"), uri("http://a.test./")),
        (&uri("a.test"), uri("http://a.test\\x/")),
        (&uri("a.test"), uri("http://a.test\t/")),
        (&uri("a.test"), uri("http://a.test\0/")),
        (&uri("a.test"), uri("http://u@v@a.test/")),
    ] {
        let paths = constrained(None, Some(base), &name);
        let unusable = FailureReason::NameConstraintUnusable;
        assert_eq!(refused(&paths), (0, unusable), "{name:x?}");
        // Without a constraint of this form nothing is asked of them.
        accepted(&constrained(
            None,
            Some(&write::implicit(2, b"a.test")),
            &name,
        ));
    }
    for (base, name) in [
        (&host, mail("u@b.test")),
        (&host, mail("\"u@a.test\"@b.test")),
        (&one, mail("\"u\"@b.test")),
        (&one, mail("v@a.test")),
        (&host, internationalised("\u{259}@b.test")),
        (&uri("a.test"), uri("http://b.test/http://a.test/%20")),
    ] {
        accepted(&constrained(None, Some(base), &name));
    }
    // So does the address in the subject.
    let constraints = write::sequence(&[&write::implicit_constructed(1, &[&subtree(&host)])]);
    let ca = ca().extension(oid::NAME_CONSTRAINTS, true, &constraints);
    let mut signer = signer();
    for (text, fits) in [
        ("u@b.test", true),
        ("u@a.test ", false),
        ("u@a.test.", false),
    ] {
        signer.subject = name(&[("1.2.840.113549.1.9.1", text)]);
        let paths = chain(&ca, &signer);
        match fits {
            true => {
                accepted(&paths);
            }
            false => {
                let unusable = FailureReason::NameConstraintUnusable;
                assert_eq!(refused(&paths), (0, unusable), "{text}");
            }
        }
    }
}

#[test]
fn values_that_cannot_be_compared_lie_not_outside_of_what_is_excluded() {
    let organisation = |tag: u8, value: &[u8]| {
        let length = u8::try_from(value.len()).unwrap();
        let value = [&[tag, length][..], value].concat();
        let attribute = write::sequence(&[&write::oid("2.5.4.10"), &value]);
        write::sequence(&[&write::tlv(crate::asn1::Tag::SET, &attribute)])
    };
    let base = write::explicit(4, &organisation(12, b"a"));
    let constraints = write::sequence(&[&write::implicit_constructed(1, &[&subtree(&base)])]);
    let ca = ca().extension(oid::NAME_CONSTRAINTS, true, &constraints);
    let judged = |tag: u8, value: &[u8]| {
        let mut signer = signer();
        signer.subject = organisation(tag, value);
        chain(&ca, &signer)
    };
    // UTF8String, PrintableString, VisibleString, BMPString.
    for (tag, value) in [(12, &b"A"[..]), (19, b"a"), (26, b"a"), (30, b"\0a")] {
        let paths = judged(tag, value);
        assert_eq!(refused(&paths), (0, FailureReason::NameExcluded), "{tag}");
    }
    // GraphicString, GeneralString, OCTET STRING, and UTF8String in which no text is.
    for (tag, value) in [(25, &b"a"[..]), (27, b"a"), (4, b"a"), (12, b"\xff")] {
        let paths = judged(tag, value);
        let unusable = FailureReason::NameConstraintUnusable;
        assert_eq!(refused(&paths), (0, unusable), "{tag}");
    }
    accepted(&judged(12, b"b"));
}

#[test]
fn constraints_of_the_mail_address_in_the_subject_count() {
    let base = subtree(&write::implicit(1, b"a.test"));
    let constraints = write::sequence(&[&write::implicit_constructed(0, &[&base])]);
    let ca = ca().extension(oid::NAME_CONSTRAINTS, true, &constraints);
    let mut signer = signer();
    signer.subject = name(&[("1.2.840.113549.1.9.1", "u@b.test")]);
    let paths = chain(&ca, &signer);
    assert_eq!(refused(&paths), (0, FailureReason::NameNotPermitted));
    signer.subject = name(&[("1.2.840.113549.1.9.1", "u@a.test")]);
    accepted(&chain(&ca, &signer));
}

fn policies(oids: &[&str]) -> Vec<u8> {
    let list: Vec<Vec<u8>> = oids
        .iter()
        .map(|policy| write::sequence(&[&write::oid(policy)]))
        .collect();
    let list: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
    write::sequence(&list)
}

fn with_policies(sample: Sample, oids: &[&str]) -> Sample {
    sample.extension(oid::CERTIFICATE_POLICIES, false, &policies(oids))
}

const ANY: &str = "2.5.29.32.0";

#[test]
fn required_policies_must_hold_for_the_whole_path() {
    let demand = write::sequence(&[&write::implicit(0, &[0])]);
    let ca = |oids: &[&str]| {
        with_policies(self::ca(), oids).extension(oid::POLICY_CONSTRAINTS, true, &demand)
    };
    let valid = |paths: &Paths| -> Vec<String> {
        accepted(paths)
            .valid_policies()
            .iter()
            .map(Oid::to_string)
            .collect()
    };
    let paths = chain(
        &ca(&["1.2.3", "1.2.4"]),
        &with_policies(signer(), &["1.2.3"]),
    );
    assert_eq!(valid(&paths), ["1.2.3"]);
    let paths = chain(&ca(&[ANY]), &with_policies(signer(), &["1.2.3"]));
    assert_eq!(valid(&paths), ["1.2.3"]);
    let paths = chain(&ca(&["1.2.3"]), &with_policies(signer(), &[ANY]));
    assert_eq!(valid(&paths), ["1.2.3"]);
    let paths = chain(&ca(&[ANY]), &with_policies(signer(), &[ANY]));
    assert_eq!(valid(&paths), [ANY]);
    for (above, below) in [
        (&["1.2.3"][..], &["1.2.4"][..]),
        (&["1.2.3"], &["1.2.3.1"]),
        (&[], &[]),
    ] {
        let ca = if above.is_empty() {
            self::ca().extension(oid::POLICY_CONSTRAINTS, true, &demand)
        } else {
            ca(above)
        };
        let signer = if below.is_empty() {
            signer()
        } else {
            with_policies(signer(), below)
        };
        let (_, reason) = refused(&chain(&ca, &signer));
        assert_eq!(reason, FailureReason::PolicyRequired);
    }
    accepted(&chain(&self::ca(), &with_policies(signer(), &["1.2.4"])));
}

#[test]
fn mappings_and_inhibitions_count() {
    let demand = write::sequence(&[&write::implicit(0, &[0])]);
    let mapping = |from: &str, to: &str| {
        write::sequence(&[&write::sequence(&[&write::oid(from), &write::oid(to)])])
    };
    let ca =
        with_policies(self::ca(), &["1.2.3"]).extension(oid::POLICY_CONSTRAINTS, true, &demand);
    let mapped = ca
        .clone()
        .extension(oid::POLICY_MAPPINGS, true, &mapping("1.2.3", "1.2.4"));
    let paths = chain(&mapped, &with_policies(signer(), &["1.2.4"]));
    let valid = accepted(&paths).valid_policies();
    assert_eq!(
        valid.iter().map(Oid::to_string).collect::<Vec<_>>(),
        ["1.2.3"]
    );
    let paths = chain(&mapped, &with_policies(signer(), &["1.2.3"]));
    assert_eq!(refused(&paths).1, FailureReason::PolicyRequired);
    let any = ca
        .clone()
        .extension(oid::POLICY_MAPPINGS, true, &mapping("1.2.3", ANY));
    let paths = chain(&any, &with_policies(signer(), &["1.2.3"]));
    assert!(reasons(&paths).contains(&FailureReason::PolicyMappedToAny));
    let no_any = ca.extension(oid::INHIBIT_ANY_POLICY, true, &write::integer(0));
    let paths = chain(&no_any, &with_policies(signer(), &[ANY]));
    assert_eq!(refused(&paths).1, FailureReason::PolicyRequired);
}

#[test]
fn policies_of_the_caller_count() {
    let root = root().signed(ROOT);
    let trust = trust(&[&root]);
    let pool = [with_policies(ca(), &["1.2.3"]).signed(ROOT)]
        .into_iter()
        .collect();
    let target = with_policies(signer(), &["1.2.3"]).signed(CA);
    let run = |inputs: PolicyInputs| {
        let mut request = PathRequest::new(&target, &pool, &trust, at("2025-01-01T00:00:00Z"));
        request.policies = inputs;
        build_and_validate(&request, &mut Budget::default(), &mut Memo::default())
    };
    let inputs = |oid: &str, explicit_policy| PolicyInputs {
        acceptable: Some(vec![Oid::from_dotted(oid).unwrap()]),
        explicit_policy,
        ..PolicyInputs::default()
    };
    accepted(&run(inputs("1.2.3", ExplicitPolicy::Required)));
    accepted(&run(inputs(ANY, ExplicitPolicy::Required)));
    let paths = run(inputs("1.2.4", ExplicitPolicy::Optional));
    assert!(accepted(&paths).valid_policies().is_empty());
    let paths = run(inputs("1.2.4", ExplicitPolicy::Required));
    assert_eq!(refused(&paths).1, FailureReason::PolicyRequired);
}

#[test]
fn the_policy_graph_does_not_grow_exponentially() {
    // RFC 9618 §1: two policies, each mapped to both, at every level.
    let both = ["1.2.3", "1.2.4"];
    let mut pairs = Vec::new();
    for from in both {
        for to in both {
            pairs.push(write::sequence(&[&write::oid(from), &write::oid(to)]));
        }
    }
    let pairs: Vec<&[u8]> = pairs.iter().map(Vec::as_slice).collect();
    let mappings = write::sequence(&pairs);
    let root = root().signed(ROOT);
    let mut pool = Vec::new();
    for number in 10..18u8 {
        let issuer = if number == 10 {
            "root".to_owned()
        } else {
            format!("ca{}", number - 1)
        };
        let key = if number == 10 { ROOT } else { number - 1 };
        let sample = Sample::keyed(&format!("ca{number}"), number, &issuer).authority(None);
        let sample = with_policies(sample, &both).extension(oid::POLICY_MAPPINGS, true, &mappings);
        pool.push(sample.signed(key));
    }
    let target = with_policies(Sample::keyed("signer", SIGNER, "ca17"), &both).signed(17);
    let paths = search(&target, &pool, &trust(&[&root]));
    assert_eq!(accepted(&paths).valid_policies().len(), 2);
}
