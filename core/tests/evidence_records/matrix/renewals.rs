//! Renewals: of the time-stamp, and of the hash tree.

use super::*;

pub(super) fn of_renewals() -> Vec<Row> {
    let world = world();
    let replaced = |place: usize, by: ArchiveTimestamp| {
        let mut chain = renewed();
        chain[place] = by;
        vec![chain]
    };
    let foreign = {
        let mut other = first();
        other.token = edited(|_| {}, &world.old, FIRST + 1);
        renewal(&other, SECOND, &world.middle)
    };
    let by_higher_list = {
        let own = Hash::Sha256.digest(&renewed()[1].token);
        let lists = vec![vec![sha(7), sha(8)], vec![own]];
        er::stamped(Hash::Sha256, lists, THIRD, &world.new).unwrap()
    };
    let other_hash = {
        let own = Hash::Sha512.digest(&renewed()[1].token);
        let lists = vec![vec![own, Hash::Sha512.digest(b"x")]];
        er::stamped(Hash::Sha512, lists, THIRD, &world.new).unwrap()
    };
    let mut turned = renewed();
    turned.reverse();
    let mut gap = renewed();
    gap.remove(1);
    let late = {
        let one = first();
        let two = renewal(&one, day(2013, 1, 1), &world.new);
        vec![vec![one, two]]
    };
    let same_time = {
        let one = with_token(edited(|_| {}, &world.new, FIRST));
        let two = renewal(&one, FIRST, &world.new);
        vec![vec![one, two]]
    };
    let earlier = {
        let one = with_token(edited(|_| {}, &world.new, SECOND));
        let two = renewal(&one, FIRST, &world.new);
        vec![vec![one, two]]
    };
    let by_stranger = {
        let one = first();
        let two = renewal(&one, SECOND, &world.stranger);
        vec![vec![one, two]]
    };
    let of_the_data = {
        // A renewal over the data again is no renewal of the time-stamp.
        let one = first();
        let two = er::stamped(Hash::Sha256, four(), SECOND, &world.new).unwrap();
        vec![vec![one, two]]
    };
    let mut future = row(
        "the last renewal is of a time to come",
        not(NoPoe, Intact),
        vec![vec![first(), renewal(&first(), SECOND, &world.new)]],
    );
    future.now = SECOND - DAY;
    vec![
        row(
            "never renewed",
            not(OutOfBoundsNotRevoked, Intact),
            vec![vec![first()]],
        ),
        row(
            "the last renewal is missing",
            not(OutOfBoundsNotRevoked, Intact),
            vec![renewed()[..2].to_vec()],
        ),
        row(
            "the middle renewal is missing",
            not(HashFailure, Broken),
            vec![gap],
        ),
        row(
            "the first time-stamp is missing",
            not(HashFailure, Broken),
            vec![renewed()[1..].to_vec()],
        ),
        row(
            "a renewal of another time-stamp",
            not(HashFailure, Broken),
            replaced(1, foreign),
        ),
        row(
            "the old time-stamp is in a higher list",
            not(HashFailure, Broken),
            replaced(2, by_higher_list),
        ),
        row(
            "another digest within a chain",
            not(FormatFailure, Intact),
            replaced(2, other_hash),
        ),
        row(
            "the chain is turned around",
            not(HashFailure, Broken),
            vec![turned],
        ),
        row(
            "renewed after the certificate had ended",
            not(OutOfBoundsNotRevoked, Intact),
            late,
        ),
        row(
            "renewed at the same time",
            not(TimestampOrderFailure, Intact),
            same_time,
        ),
        row(
            "renewed before it was made",
            not(TimestampOrderFailure, Intact),
            earlier,
        ),
        row(
            "renewed by a stranger",
            not(OutOfBoundsNotRevoked, Intact),
            by_stranger,
        ),
        row(
            "renewed over the data",
            not(HashFailure, Broken),
            of_the_data,
        ),
        row(
            "the first time-stamp was replaced",
            not(HashFailure, Broken),
            replaced(0, with_token(edited(|_| {}, &world.new, day(2006, 1, 1)))),
        ),
        future,
    ]
}

pub(super) fn of_hash_tree_renewals() -> Vec<Row> {
    let world = world();
    let broken = || not(HashFailure, Broken);
    let chain = || vec![vec![first(), renewal(&first(), SECOND, &world.middle)]];
    let then = |next: ArchiveTimestamp| [chain(), vec![vec![next]]].concat();
    let data_only = {
        let list = vec![Hash::Sha512.digest(&file(0)), Hash::Sha512.digest(b"x")];
        er::stamped(Hash::Sha512, vec![list], THIRD, &world.new).unwrap()
    };
    let chains_only = {
        let list = vec![
            Hash::Sha512.digest(&er::sequence(&chain())),
            Hash::Sha512.digest(b"x"),
        ];
        er::stamped(Hash::Sha512, vec![list], THIRD, &world.new).unwrap()
    };
    let side_by_side = {
        let list = vec![
            Hash::Sha512.digest(&er::sequence(&chain())),
            Hash::Sha512.digest(&file(0)),
        ];
        er::stamped(Hash::Sha512, vec![list], THIRD, &world.new).unwrap()
    };
    let other_chains = rehashed(
        Hash::Sha512,
        &[vec![first()]],
        &[file(0)],
        THIRD,
        &world.new,
    );
    let other_data = rehashed(Hash::Sha512, &chain(), &[file(5)], THIRD, &world.new);
    let mut grown = two_chains();
    let more = renewal(&grown[0][1], SECOND + DAY, &world.middle);
    grown[0].push(more);
    let mut turned = two_chains();
    turned.reverse();
    let mut changed = two_chains();
    changed[0][0].lists[1][0][0] ^= 1;
    let mut group = row(
        "two of a group, one left out of the second chain",
        broken(),
        {
            let list: Vec<Vec<u8>> = (0..2).map(sha).collect();
            let one = er::stamped(Hash::Sha256, vec![list], FIRST, &world.new).unwrap();
            let chains = vec![vec![one]];
            let next = rehashed(Hash::Sha512, &chains, &[file(0)], SECOND, &world.new);
            [chains, vec![vec![next]]].concat()
        },
    );
    group.files = vec![file(0), file(1)];
    let mut whole = row("two of a group in both chains", Expected::PASSED, {
        let list: Vec<Vec<u8>> = (0..2).map(sha).collect();
        let one = er::stamped(Hash::Sha256, vec![list], FIRST, &world.new).unwrap();
        let chains = vec![vec![one]];
        let files = [file(0), file(1)];
        let next = rehashed(Hash::Sha512, &chains, &files, SECOND, &world.new);
        [chains, vec![vec![next]]].concat()
    });
    whole.files = vec![file(0), file(1)];
    let before = {
        let chains = chain();
        let next = rehashed(Hash::Sha512, &chains, &[file(0)], SECOND - DAY, &world.new);
        [chains, vec![vec![next]]].concat()
    };
    vec![
        row(
            "a second chain over the data only",
            broken(),
            then(data_only),
        ),
        row(
            "a second chain over the chains only",
            broken(),
            then(chains_only),
        ),
        row(
            "data and chains side by side in ASN.1",
            broken(),
            then(side_by_side),
        ),
        row(
            "a second chain over other chains",
            broken(),
            then(other_chains),
        ),
        row("a second chain over other data", broken(), then(other_data)),
        row(
            "a time-stamp put into the first chain later",
            broken(),
            grown,
        ),
        row("the chains are turned around", broken(), turned),
        row("the first chain was changed later", broken(), changed),
        row(
            "the second chain is older than the first",
            not(TimestampOrderFailure, Intact),
            before,
        ),
        group,
        whole,
    ]
}
