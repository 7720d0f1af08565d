//! The situations: the good ones, then one fault each.

mod renewals;

use crate::world::{
    Expected, FIRST, NOW, Row, SECOND, THIRD, file, first, four, rehashed, renewal, sha, world,
};
use imza::vocabulary::{Integrity, SubIndication};
use imza_test_vectors::evidence_record::{self as er, ArchiveTimestamp};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::{DAY, day};
use imza_test_vectors::tsa::{self, CertificateReference, TokenSpec};
use imza_test_vectors::{Entity, der};
use renewals::{of_hash_tree_renewals, of_renewals};

use Integrity::{Broken, Intact, Unknown};
use SubIndication::{
    CryptoConstraintsFailureNoPoe, Custom, FormatFailure, HashFailure, NoCertificateChainFound,
    NoPoe, NoSigningCertificateFound, OutOfBoundsNotRevoked, SigCryptoFailure, SignedDataNotFound,
    TimestampOrderFailure,
};

type Chains = Vec<Vec<ArchiveTimestamp>>;

fn row(name: &'static str, expected: Expected, chains: Chains) -> Row {
    over(name, expected, er::record(&chains))
}

fn over(name: &'static str, expected: Expected, record: Vec<u8>) -> Row {
    Row {
        name,
        expected,
        record,
        files: vec![file(0)],
        now: NOW,
    }
}

fn not(sub: SubIndication, integrity: Integrity) -> Expected {
    Expected::not(sub, integrity)
}

/// One chain, renewed until today.
fn renewed() -> Vec<ArchiveTimestamp> {
    let one = first();
    let two = renewal(&one, SECOND, &world().middle);
    let three = renewal(&two, THIRD, &world().new);
    vec![one, two, three]
}

/// Two chains, the second with a stronger digest.
fn two_chains() -> Chains {
    let chain = vec![first(), renewal(&first(), SECOND, &world().middle)];
    let chains = vec![chain];
    let next = rehashed(Hash::Sha512, &chains, &[file(0)], THIRD, &world().new);
    [chains, vec![vec![next]]].concat()
}

fn edited(spec: impl FnOnce(&mut TokenSpec), tsa: &Entity, time: i64) -> Vec<u8> {
    let root = er::root(Hash::Sha256, &four());
    let mut own = TokenSpec::over(b"", Hash::Sha256, time, tsa);
    own.imprint = root;
    spec(&mut own);
    tsa::token(&own, tsa).unwrap()
}

fn with_token(token: Vec<u8>) -> ArchiveTimestamp {
    ArchiveTimestamp {
        hash: Some(Hash::Sha256),
        lists: four(),
        token,
    }
}

fn today(spec: impl FnOnce(&mut TokenSpec)) -> Chains {
    vec![vec![with_token(edited(spec, &world().new, FIRST))]]
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = good();
    rows.extend(of_data());
    rows.extend(of_trees());
    rows.extend(of_renewals());
    rows.extend(of_hash_tree_renewals());
    rows.extend(of_tokens());
    rows.extend(of_digests());
    rows.extend(of_syntax());
    rows.extend(of_xml());
    rows.extend(of_canonical_data());
    rows
}

fn direct(hash: Hash, digest: Vec<u8>, time: i64, tsa: &Entity) -> ArchiveTimestamp {
    ArchiveTimestamp {
        hash: Some(hash),
        lists: Vec::new(),
        token: er::token(hash, &digest, time, tsa).unwrap(),
    }
}

fn good() -> Vec<Row> {
    let world = world();
    let passed = || Expected::PASSED;
    let one_list = |list: Vec<Vec<u8>>| {
        vec![vec![
            er::stamped(Hash::Sha256, vec![list], FIRST, &world.new).unwrap(),
        ]]
    };
    let mut no_name = first();
    no_name.hash = None;
    let mut group = row(
        "a group of three",
        passed(),
        one_list((0..3).map(sha).collect()),
    );
    group.files = (0..3).map(file).collect();
    let mut member = row(
        "one of a group",
        passed(),
        one_list((0..3).map(sha).collect()),
    );
    member.files = vec![file(2)];
    let mut in_time = row("before it needs renewal", passed(), vec![vec![first()]]);
    in_time.now = SECOND;
    let rehashed_alone = {
        let list = vec![vec![sha(0)]];
        let imprint = Hash::Sha256.digest(&sha(0));
        let token = er::token(Hash::Sha256, &imprint, FIRST, &world.new).unwrap();
        vec![vec![ArchiveTimestamp {
            hash: Some(Hash::Sha256),
            lists: list,
            token,
        }]]
    };
    let no_tree_renewal = {
        let one = first();
        let digest = Hash::Sha256.digest(&one.token);
        let two = direct(Hash::Sha256, digest, SECOND, &world.new);
        vec![vec![one, two]]
    };
    let no_tree_chain = {
        let chains = vec![vec![first()]];
        let so_far = Hash::Sha512.digest(&er::sequence(&chains));
        let both = [Hash::Sha512.digest(&file(0)), so_far].concat();
        let next = direct(Hash::Sha512, Hash::Sha512.digest(&both), SECOND, &world.new);
        [chains, vec![vec![next]]].concat()
    };
    let figure_4 = {
        let chains = vec![vec![first()]];
        let mut both = [
            Hash::Sha512.digest(&er::sequence(&chains)),
            Hash::Sha512.digest(&file(0)),
        ];
        both.sort_unstable();
        let list = vec![
            Hash::Sha512.digest(&both.concat()),
            Hash::Sha512.digest(b"x"),
        ];
        let next = er::stamped(Hash::Sha512, vec![list], SECOND, &world.new).unwrap();
        [chains, vec![vec![next]]].concat()
    };
    let three_chains = {
        let chains = two_chains();
        let last = rehashed(Hash::Sha384, &chains, &[file(0)], THIRD + DAY, &world.new);
        [chains, vec![vec![last]]].concat()
    };
    vec![
        row("renewed twice", passed(), vec![renewed()]),
        row("two chains", passed(), two_chains()),
        row("three chains", passed(), three_chains),
        row(
            "two chains, the two sorted as in figure 4",
            passed(),
            figure_4,
        ),
        row("renewed without a hash tree", passed(), no_tree_renewal),
        row(
            "a second chain without a hash tree",
            passed(),
            no_tree_chain,
        ),
        row(
            "without a hash tree",
            passed(),
            vec![vec![direct(Hash::Sha256, sha(0), FIRST, &world.new)]],
        ),
        row("a list of one", passed(), one_list(vec![sha(0)])),
        row("a list of one, digested again", passed(), rehashed_alone),
        row(
            "the algorithm is that of the token",
            passed(),
            vec![vec![no_name.clone(), renewal(&no_name, SECOND, &world.new)]],
        ),
        row(
            "lists that are not sorted",
            passed(),
            one_list(vec![sha(2), sha(1), sha(0)]),
        ),
        group,
        member,
        in_time,
    ]
}

fn of_data() -> Vec<Row> {
    let chain = || vec![renewed()];
    let mut changed = row("the file was changed", not(HashFailure, Broken), chain());
    changed.files = vec![b"data object O".to_vec()];
    let mut neighbour = row(
        "another file of the tree",
        not(HashFailure, Broken),
        chain(),
    );
    neighbour.files = vec![file(2)];
    let mut more = row("one file more", not(HashFailure, Broken), chain());
    more.files = vec![file(0), file(9)];
    let mut none = row("no file", not(SignedDataNotFound, Unknown), chain());
    none.files = Vec::new();
    let mut empty = row("an empty file", not(HashFailure, Broken), chain());
    empty.files = vec![Vec::new()];
    // The octets of an inner node are data like any other only where they stand in a first list.
    let mut inner = row(
        "the octets of an inner node",
        not(HashFailure, Broken),
        chain(),
    );
    let mut both = [sha(2), sha(3)];
    both.sort_unstable();
    inner.files = vec![both.concat()];
    let mut root = row("the octets of the root", not(HashFailure, Broken), chain());
    root.files = vec![four().concat().concat()];
    let mut digest = row(
        "the digest in place of the file",
        not(HashFailure, Broken),
        chain(),
    );
    digest.files = vec![sha(0)];
    let mut direct_two = row(
        "two files without a hash tree",
        not(HashFailure, Broken),
        vec![vec![direct(Hash::Sha256, sha(0), FIRST, &world().new)]],
    );
    direct_two.files = vec![file(0), file(1)];
    let mut twice = row("the same file twice", Expected::PASSED, chain());
    twice.files = vec![file(0), file(0)];
    vec![
        changed, neighbour, more, none, empty, inner, root, digest, direct_two, twice,
    ]
}

fn of_trees() -> Vec<Row> {
    let broken = || not(HashFailure, Broken);
    let edit = |edit: fn(&mut Vec<Vec<Vec<u8>>>)| {
        let mut one = first();
        one.token = edited(|_| {}, &world().new, FIRST);
        edit(&mut one.lists);
        vec![vec![one]]
    };
    vec![
        row(
            "a sibling was changed",
            broken(),
            edit(|lists| lists[0][1][0] ^= 1),
        ),
        row(
            "a node was changed",
            broken(),
            edit(|lists| lists[1][0][0] ^= 1),
        ),
        row(
            "a list is missing",
            broken(),
            edit(|lists| {
                lists.pop();
            }),
        ),
        row(
            "a list is too many",
            broken(),
            edit(|lists| lists.push(vec![sha(7)])),
        ),
        row(
            "the lists are turned around",
            broken(),
            edit(|lists| lists.reverse()),
        ),
        row(
            "the sibling is missing",
            broken(),
            edit(|lists| {
                lists[0].pop();
            }),
        ),
        row(
            "the file stands in a higher list",
            broken(),
            edit(|lists| {
                let own = lists[0].remove(0);
                lists[1].push(own);
            }),
        ),
        row(
            "the sibling stands twice",
            broken(),
            edit(|lists| {
                let one = lists[0][1].clone();
                lists[0].push(one);
            }),
        ),
        row(
            "digests run together",
            not(FormatFailure, Unknown),
            edit(|lists| {
                let both = lists[0].concat();
                lists[0] = vec![both];
            }),
        ),
        row(
            "a digest is cut off",
            not(FormatFailure, Unknown),
            edit(|lists| {
                lists[0][1].pop();
            }),
        ),
        row(
            "an empty list",
            not(FormatFailure, Unknown),
            edit(|lists| lists[1].clear()),
        ),
        row(
            "an empty digest",
            not(FormatFailure, Unknown),
            edit(|lists| lists[1].push(Vec::new())),
        ),
    ]
}

fn of_tokens() -> Vec<Row> {
    let world = world();
    vec![
        row(
            "a broken signature value",
            not(SigCryptoFailure, Broken),
            today(|spec| spec.break_signature = true),
        ),
        row(
            "a broken message digest",
            not(HashFailure, Broken),
            today(|spec| spec.break_digest = true),
        ),
        row(
            "an imprint of something else",
            not(HashFailure, Broken),
            today(|spec| spec.imprint[0] ^= 1),
        ),
        row(
            "a token of a stranger",
            not(NoCertificateChainFound, Intact),
            vec![vec![with_token(edited(|_| {}, &world.stranger, FIRST))]],
        ),
        row(
            "a reference to another certificate",
            not(NoSigningCertificateFound, Broken),
            today(|spec| spec.reference = CertificateReference::Wrong),
        ),
        row(
            "a token without a certificate",
            not(NoSigningCertificateFound, Unknown),
            today(|spec| spec.certificates.clear()),
        ),
        row(
            "a token of a time to come",
            not(NoPoe, Intact),
            vec![vec![with_token(edited(|_| {}, &world.new, NOW + DAY))]],
        ),
        row(
            "a token before its certificate",
            not(NoPoe, Intact),
            vec![vec![with_token(edited(
                |_| {},
                &world.new,
                day(2001, 1, 1),
            ))]],
        ),
        row(
            "no token",
            not(FormatFailure, Unknown),
            vec![vec![with_token(der::sequence(&[]))]],
        ),
        row(
            "a signature of a person in place of the token",
            not(FormatFailure, Unknown),
            vec![vec![with_token(world.pki.citizen_p256.certificate.clone())]],
        ),
    ]
}

fn of_digests() -> Vec<Row> {
    let world = world();
    let sha1 = |time: i64, tsa: &Entity| {
        let list = vec![vec![Hash::Sha1.digest(&file(0)), Hash::Sha1.digest(b"x")]];
        er::stamped(Hash::Sha1, list, time, tsa).unwrap()
    };
    let renewed_in_time = {
        let chains = vec![vec![sha1(FIRST, &world.new)]];
        let next = rehashed(Hash::Sha256, &chains, &[file(0)], SECOND, &world.new);
        [chains, vec![vec![next]]].concat()
    };
    let renewed_late = {
        let chains = vec![vec![sha1(FIRST, &world.new)]];
        let next = rehashed(
            Hash::Sha256,
            &chains,
            &[file(0)],
            day(2014, 1, 1),
            &world.new,
        );
        [chains, vec![vec![next]]].concat()
    };
    let stamped_only = {
        let one = sha1(FIRST, &world.new);
        let list = vec![vec![Hash::Sha1.digest(&one.token), Hash::Sha1.digest(b"y")]];
        let two = er::stamped(Hash::Sha1, list, day(2014, 1, 1), &world.new).unwrap();
        vec![vec![one, two]]
    };
    let weak = || not(CryptoConstraintsFailureNoPoe, Intact);
    let mut mixed = first();
    mixed.hash = Some(Hash::Sha256);
    mixed.token = {
        let mut spec = TokenSpec::over(b"", Hash::Sha512, FIRST, &world.new);
        spec.imprint = Hash::Sha512.digest(&er::root(Hash::Sha256, &four()));
        tsa::token(&spec, &world.new).unwrap()
    };
    vec![
        row("SHA-1 alone", weak(), vec![vec![sha1(FIRST, &world.new)]]),
        row(
            "SHA-1, digested anew in time",
            Expected::PASSED,
            renewed_in_time,
        ),
        row("SHA-1, digested anew too late", weak(), renewed_late),
        row("SHA-1, renewed with SHA-1", weak(), stamped_only),
        row(
            "a token by another digest than the tree",
            not(FormatFailure, Broken),
            vec![vec![mixed]],
        ),
    ]
}

fn of_syntax() -> Vec<Row> {
    let chains = vec![renewed()];
    let good = er::record(&chains);
    let format = || not(FormatFailure, Unknown);
    let mut cut = good.clone();
    cut.truncate(cut.len() - 1);
    let encrypted = der::explicit(1, &[der::oid("1.2.3"), der::null()].concat());
    let crypto = der::explicit(
        0,
        &der::sequence(&[&der::oid("1.2.3"), &der::set_of(&[der::null()])]),
    );
    vec![
        over("another version", format(), {
            // The kind is told by the version: what follows one that is 1 in another encoding.
            er::record_with(1, &der::null(), &chains)
        }),
        over(
            "octets behind the record",
            format(),
            [good.clone(), vec![0]].concat(),
        ),
        over("the record is cut off", format(), cut),
        over("no chain", format(), er::record(&[])),
        over("an empty chain", format(), er::record(&[Vec::new()])),
        over(
            "encrypted data",
            not(Custom, Unknown),
            er::record_with(1, &encrypted, &chains),
        ),
        over(
            "material beside",
            Expected::PASSED,
            er::record_with(1, &crypto, &chains),
        ),
    ]
}

/// A chain of XML: renewals are over the canonical time-stamp, new trees over the canonical
/// sequence.
fn of_xml() -> Vec<Row> {
    let world = world();
    let renewed = {
        let one = first();
        let own = Hash::Sha256.digest(er::xml_timestamp(&one.token).as_bytes());
        let list = vec![own, Hash::Sha256.digest(b"x")];
        vec![
            one,
            er::stamped(Hash::Sha256, vec![list], SECOND, &world.new).unwrap(),
        ]
    };
    let chains = vec![renewed.clone()];
    let so_far = || Hash::Sha512.digest(er::xml_sequence(&chains).as_bytes());
    let data = || Hash::Sha512.digest(&file(0));
    let then = |list: Vec<Vec<u8>>| {
        let next = er::stamped(Hash::Sha512, vec![list], THIRD, &world.new).unwrap();
        er::xml(&[chains.clone(), vec![vec![next]]].concat())
    };
    let text = er::xml(&chains);
    let by_der = {
        let one = first();
        let two = renewal(&one, SECOND, &world.new);
        er::xml(&[vec![one, two]])
    };
    let format = || not(FormatFailure, Unknown);
    let swapped = text.replace("Order=\"1\"", "Order=\"2\"");
    let gap = text.replace(
        "ArchiveTimeStamp Order=\"2\"",
        "ArchiveTimeStamp Order=\"3\"",
    );
    let spaced = then(vec![data(), so_far()])
        .replace("</ArchiveTimeStampChain><A", "</ArchiveTimeStampChain>\n<A");
    let xml = |name, expected, text: String| over(name, expected, text.into_bytes());
    vec![
        xml("XML, renewed", Expected::PASSED, text.clone()),
        xml(
            "XML, two chains, a group of data and chains",
            Expected::PASSED,
            then(vec![data(), so_far()]),
        ),
        xml("XML, two chains, both in one digest", Expected::PASSED, {
            let both = [data(), so_far()].concat();
            then(vec![Hash::Sha512.digest(&both), Hash::Sha512.digest(b"x")])
        }),
        xml(
            "XML, white space between the chains",
            Expected::PASSED,
            spaced,
        ),
        xml(
            "XML, a second chain over the data only",
            not(HashFailure, Broken),
            then(vec![data(), Hash::Sha512.digest(b"x")]),
        ),
        xml(
            "XML, a second chain over the chains only",
            not(HashFailure, Broken),
            then(vec![so_far(), Hash::Sha512.digest(b"x")]),
        ),
        xml(
            "XML, renewed over the octets of the token",
            not(HashFailure, Broken),
            by_der,
        ),
        xml("XML, the order starts with 2", format(), swapped),
        xml("XML, a gap in the order", format(), gap),
        xml(
            "XML, no version",
            format(),
            text.replace(" Version=\"1.0\"", ""),
        ),
        xml(
            "XML, another namespace",
            format(),
            text.replace("ns:ers", "ns:other"),
        ),
        xml(
            "XML, an unknown canonicalization",
            not(Custom, Unknown),
            text.replace("xml-exc-c14n#", "xml-other#"),
        ),
        xml(
            "XML, another kind of token",
            not(Custom, Unknown),
            text.replace("\"RFC", "\"XML"),
        ),
        xml("XML, encrypted data", not(Custom, Unknown), {
            text.replace(
                "<ArchiveTimeStampSequence",
                "<EncryptionInformation/><ArchiveTimeStampSequence",
            )
        }),
        xml("XML, cut off", format(), text[..text.len() - 1].to_owned()),
    ]
}

/// Data in XML may be digested in canonical form, by the method of the chain; in XML records alone.
fn of_canonical_data() -> Vec<Row> {
    let world = world();
    let file = b"<a  b='1'/>\n".to_vec();
    let canonical = b"<a b=\"1\"></a>".to_vec();
    let stamp = |list: Vec<Vec<u8>>| er::stamped(Hash::Sha256, vec![list], FIRST, &world.new);
    let chains = |data: &[u8]| {
        let list = vec![Hash::Sha256.digest(data), Hash::Sha256.digest(b"x")];
        vec![vec![stamp(list).unwrap()]]
    };
    let with = |row: Row, file: &[u8]| Row {
        files: vec![file.to_vec()],
        ..row
    };
    let xml = |name, expected, chains: &Chains| over(name, expected, er::xml(chains).into_bytes());
    let passed = || Expected::PASSED;
    let broken = || not(HashFailure, Broken);
    let alone = {
        let digest = Hash::Sha256.digest(&canonical);
        vec![vec![direct(Hash::Sha256, digest, FIRST, &world.new)]]
    };
    let later = |data: &[u8]| {
        let first = chains(&canonical);
        let so_far = Hash::Sha512.digest(er::xml_sequence(&first).as_bytes());
        let list = vec![Hash::Sha512.digest(data), so_far];
        let next = er::stamped(Hash::Sha512, vec![list], THIRD, &world.new).unwrap();
        [first, vec![vec![next]]].concat()
    };
    vec![
        with(
            xml("XML data, canonical", passed(), &chains(&canonical)),
            &file,
        ),
        with(xml("XML data, as it is", passed(), &chains(&file)), &file),
        with(
            xml("XML data, canonical, without a tree", passed(), &alone),
            &file,
        ),
        with(
            xml(
                "XML data, canonical in both chains",
                passed(),
                &later(&canonical),
            ),
            &file,
        ),
        with(
            xml(
                "XML data, canonical, then as it is",
                passed(),
                &later(&file),
            ),
            &file,
        ),
        with(
            xml(
                "XML data, canonical, then another",
                broken(),
                &later(b"<a/>"),
            ),
            &file,
        ),
        with(
            xml(
                "XML data, canonical, changed",
                broken(),
                &chains(&canonical),
            ),
            b"<a b='2'/>",
        ),
        with(
            xml(
                "the canonical form of what is no XML",
                broken(),
                &chains(&canonical),
            ),
            b"a b='1'",
        ),
        with(
            over(
                "XML data, canonical, a record in ASN.1",
                broken(),
                er::record(&chains(&canonical)),
            ),
            &file,
        ),
    ]
}
