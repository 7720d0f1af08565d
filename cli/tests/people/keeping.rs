//! Time-stamps by themselves and archives, with services on this machine.

use super::{Desk, Said, pem};
use imza::algorithm::DigestAlgorithm;
use imza::creation::Archive;
use imza_test_vectors::cades::{self, CadesSpec};
use imza_test_vectors::evidence_record as er;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use imza_test_vectors::tsa;

struct Keeper {
    desk: Desk,
    server: Server,
}

impl Keeper {
    fn new() -> Self {
        let mut desk = Desk::new();
        let server = Server::start(Clock::System).unwrap();
        desk.pki = server.pki();
        desk.write("root.pem", pem(&desk.pki.root));
        desk.write("a.txt", "one");
        std::fs::create_dir_all(desk.path("files/deep")).unwrap();
        for (name, text) in [("x.txt", "x"), ("y z.txt", "y"), ("deep/\u{259}.txt", "z")] {
            std::fs::write(desk.path("files").join(name), text).unwrap();
        }
        Self { desk, server }
    }

    fn asked(&self, options: &[&str]) -> Said {
        let tsa = format!("{}/tsa", self.server.url());
        let fixed = ["--tsa", &tsa, "--danger-allow-loopback"];
        self.desk.run(&[options, &fixed].concat())
    }

    fn judged(&self, options: &[&str]) -> Said {
        let fixed = ["--trust", "root.pem", "--danger-allow-loopback"];
        self.desk.run(&[options, &fixed].concat())
    }
}

#[test]
fn a_time_stamp_is_made_by_the_first_authority_that_answers() {
    let keeper = Keeper::new();
    // Nobody listens there.
    let nobody = "http://127.0.0.1:9/tsa";
    let said = keeper.asked(&["timestamp", "create", "a.txt", "--tsa", nobody]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains(nobody), "{}", said.err);

    let said = keeper.judged(&[
        "timestamp",
        "verify",
        "a.txt.tst",
        "a.txt",
        "--report",
        "json",
    ]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("\"indication\":\"PASSED\""),
        "{}",
        said.out
    );
    // Without trust nothing passes; another file never does.
    let plain = keeper
        .desk
        .run(&["timestamp", "verify", "a.txt.tst", "a.txt", "--offline"]);
    assert_eq!(plain.status, 10, "{}", plain.out);
    let other = keeper.judged(&["timestamp", "verify", "a.txt.tst", "root.pem"]);
    assert_eq!(other.status, 20, "{}", other.out);
    let alone = keeper.judged(&["timestamp", "verify", "a.txt.tst"]);
    assert_eq!(alone.status, 10, "{}", alone.out);

    let said = keeper.desk.run(&[
        "timestamp",
        "create",
        "a.txt",
        "-o",
        "b.tst",
        "--tsa",
        nobody,
        "--danger-allow-loopback",
    ]);
    assert_ne!(said.status, 0);
    assert!(!keeper.desk.path("b.tst").exists());
}

#[test]
fn the_answer_of_an_authority_is_verified_as_the_token_in_it() {
    let keeper = Keeper::new();
    let said = keeper.asked(&["timestamp", "create", "a.txt"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let token = std::fs::read(keeper.desk.path("a.txt.tst")).unwrap();
    keeper.desk.write("a.tsr", tsa::granted(&token));
    let verify = |answer: &str, file: &str| {
        let form = ["--report", "json"];
        keeper.judged(&[&["timestamp", "verify", answer, file][..], &form].concat())
    };
    let said = verify("a.tsr", "a.txt");
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("\"indication\":\"PASSED\""));
    assert_eq!(verify("a.tsr", "root.pem").status, 20);
    // What was refused says why, and so does what was refused with a token in it.
    let refused = tsa::refused(2, "no", Some(15));
    keeper.desk.write("refused.tsr", &refused);
    let said = verify("refused.tsr", "a.txt");
    assert_eq!(said.status, 1, "{}", said.out);
    let has = |text: &str| said.err.contains(text);
    assert!(
        has("malformed.timestamp.refused") && has("unacceptedPolicy") && has("2"),
        "{}",
        said.err
    );
    let mut revoked = tsa::granted(&token);
    let status = revoked.windows(3).position(|part| part == [2, 1, 0]);
    revoked[status.unwrap() + 2] = 5;
    keeper.desk.write("revoked.tsr", revoked);
    let said = verify("revoked.tsr", "a.txt");
    assert_eq!(said.status, 1, "{}", said.out);
    assert!(said.err.contains("malformed.timestamp.refused"));
    // An answer around a message that is no time-stamp, and one with something behind it.
    let pki = &keeper.desk.pki;
    let message = cades::sign(&CadesSpec::detached(0), b"one", &pki.citizen_p256);
    let answer = tsa::granted(&message.unwrap().der());
    keeper.desk.write("message.tsr", answer);
    let said = verify("message.tsr", "a.txt");
    assert!(said.status == 1 && said.err.contains("input.unknown-kind"));
    let mut longer = tsa::granted(&token);
    longer.push(0);
    keeper.desk.write("longer.tsr", longer);
    assert_eq!(verify("longer.tsr", "a.txt").status, 1);
}

#[test]
fn an_archive_grows_is_renewed_and_notices_what_was_changed() {
    let keeper = Keeper::new();
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 2, "{}", said.err);
    let said = keeper.asked(&["archive", "add", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);

    // A record of one file is all that its reader needs.
    let said = keeper
        .desk
        .run(&["archive", "record", "files", "y z.txt", "-o", "y.ers"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let verify = ["verify", "y.ers", "--report", "json", "--detached"];
    let said = keeper.judged(&[&verify[..], &["files/y z.txt"]].concat());
    assert!(
        said.out.contains("\"indication\":\"PASSED\""),
        "{}",
        said.out
    );
    let said = keeper.judged(&[&verify[..], &["a.txt"]].concat());
    assert!(said.out.contains("HASH_FAILURE"), "{}", said.out);

    std::fs::write(keeper.desk.path("files/new.txt"), "new").unwrap();
    let said = keeper.judged(&["archive", "verify", "files", "--json"]);
    assert_eq!(said.status, 10, "{}", said.err);
    assert!(
        said.out.contains("\"unprotected\":[\"new.txt\"]"),
        "{}",
        said.out
    );
    // The second batch and the renewals of both need a second each, or they are of the same time.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    assert_eq!(
        keeper.asked(&["archive", "add", "files"]).status,
        0,
        "nothing new"
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let said = keeper.asked(&["archive", "renew", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let said = keeper.judged(&["archive", "verify", "files", "--json"]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);

    std::fs::remove_file(keeper.desk.path("files/x.txt")).unwrap();
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 10, "{}", said.err);
    std::fs::write(keeper.desk.path("files/x.txt"), "X").unwrap();
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 20, "{}", said.err);

    // A line less in the index is another tree.
    std::fs::write(keeper.desk.path("files/x.txt"), "x").unwrap();
    let index = keeper.desk.path("files/.imza-archive/000001.index");
    let text = std::fs::read_to_string(&index).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    std::fs::write(&index, lines.join("\n")).unwrap();
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 20, "{}", said.err);
}

#[test]
fn an_archive_keeps_what_validates_its_time_stamps() {
    let keeper = Keeper::new();
    let offline = |keeper: &Keeper| keeper.judged(&["archive", "verify", "--offline", "files"]);
    // Nobody said whom to trust: what validates the time-stamp is not known, and the person is told.
    let said = keeper.asked(&["archive", "add", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains("*.ers"), "{}", said.err);
    let said = offline(&keeper);
    assert_eq!(said.status, 10, "{}{}", said.out, said.err);
    // What is missing is put in before the renewal, so that it covers it.
    for more in [&[][..], &["--rehash"]] {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let renew = ["archive", "renew", "--trust", "root.pem", "files"];
        let said = keeper.asked(&[&renew[..], more].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(!said.err.contains("000001.ers:"), "{}", said.err);
        let said = offline(&keeper);
        assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    }
    // So is the record of one file, which travels alone.
    let record = ["archive", "record", "files", "x.txt", "-o", "x.ers"];
    assert_eq!(keeper.desk.run(&record).status, 0);
    let said = keeper.judged(&["timestamp", "verify", "--offline", "x.ers", "files/x.txt"]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn a_new_archive_is_validated_offline() {
    let keeper = Keeper::new();
    let said = keeper.asked(&["archive", "add", "--trust", "root.pem", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let said = keeper.judged(&["archive", "verify", "--offline", "files"]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn an_archive_is_digested_anew_and_notices_what_was_changed() {
    let keeper = Keeper::new();
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let said = keeper.asked(&["archive", "renew", "--rehash", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let said = keeper.judged(&["archive", "verify", "files", "--json"]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    // And stamped again, and digested again.
    for options in [
        &["archive", "renew", "files"][..],
        &["archive", "renew", "--rehash", "files"],
    ] {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert_eq!(keeper.asked(options).status, 0);
        let said = keeper.judged(&["archive", "verify", "files"]);
        assert_eq!(said.status, 0, "{}", said.err);
    }
    let record = ["archive", "record", "files", "y z.txt", "-o", "y.ers"];
    assert_eq!(keeper.desk.run(&record).status, 0);
    let verify = ["verify", "y.ers", "--report", "json", "--detached"];
    let said = keeper.judged(&[&verify[..], &["files/y z.txt"]].concat());
    assert!(
        said.out.contains("\"indication\":\"PASSED\""),
        "{}",
        said.out
    );

    // The digests that were kept count, as the index does.
    let digests = keeper.desk.path("files/.imza-archive/000001.2.digests");
    let mut octets = std::fs::read(&digests).unwrap();
    let good = octets.clone();
    *octets.last_mut().unwrap() ^= 1;
    std::fs::write(&digests, octets).unwrap();
    assert_ne!(keeper.judged(&["archive", "verify", "files"]).status, 0);
    std::fs::write(&digests, good).unwrap();
    assert_eq!(keeper.judged(&["archive", "verify", "files"]).status, 0);

    std::fs::write(keeper.desk.path("files/x.txt"), "X").unwrap();
    assert_eq!(keeper.judged(&["archive", "verify", "files"]).status, 20);
    let said = keeper.asked(&["archive", "renew", "--rehash", "files"]);
    assert_ne!(said.status, 0, "a file that was changed");
    std::fs::remove_file(keeper.desk.path("files/x.txt")).unwrap();
    let said = keeper.asked(&["archive", "renew", "--rehash", "files"]);
    assert_ne!(said.status, 0, "a file that is missing");
}

#[test]
fn an_archive_is_left_as_it_was_when_no_authority_answers() {
    let keeper = Keeper::new();
    let nobody = "http://127.0.0.1:9/tsa";
    let add = [
        "archive",
        "add",
        "files",
        "--danger-allow-loopback",
        "--tsa",
        nobody,
    ];
    assert_ne!(keeper.desk.run(&add).status, 0);
    assert!(!keeper.desk.path("files/.imza-archive/000001.ers").exists());
    // What was digested serves the next run.
    let state = std::fs::read_to_string(keeper.desk.path("files/.imza-archive/pending.state"));
    assert_eq!(
        state
            .unwrap()
            .lines()
            .filter(|line| !line.is_empty())
            .count(),
        3
    );
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    assert_eq!(keeper.judged(&["archive", "verify", "files"]).status, 0);
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// What an inner node of the tree is the digest of.
fn node(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut both = [Hash::Sha256.digest(left), Hash::Sha256.digest(right)];
    both.sort_unstable();
    both.concat()
}

fn line(name: &str, octets: &[u8]) -> String {
    let digest = hex(&Hash::Sha256.digest(octets));
    format!("{digest} {} {name}\n", octets.len())
}

impl Keeper {
    fn own(&self, name: &str) -> std::path::PathBuf {
        self.desk.path("files/.imza-archive").join(name)
    }

    fn verified(&self) -> Said {
        self.judged(&["archive", "verify", "files", "--json"])
    }

    /// An archive of files as earlier editions made it: the tree is over the files alone.
    fn formerly(&self, files: &[(&str, &[u8])]) {
        let digests = files.iter().map(|(_, octets)| Hash::Sha256.digest(octets));
        let digests = digests.flatten().collect();
        let mut archive = Archive::over(DigestAlgorithm::Sha256, digests).unwrap();
        let root = archive.to_be_stamped().unwrap();
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let time = i64::try_from(since.unwrap().as_secs()).unwrap() - 5;
        let tsa = &self.desk.pki.tsa_p256;
        archive.stamped(er::token(Hash::Sha256, &root, time, tsa).unwrap());
        let _ = std::fs::remove_dir_all(self.desk.path("files"));
        std::fs::create_dir_all(self.own("")).unwrap();
        let mut index = String::new();
        for (name, octets) in files {
            std::fs::write(self.desk.path("files").join(name), octets).unwrap();
            index.push_str(&line(name, octets));
        }
        std::fs::write(self.own("000001.index"), index).unwrap();
        std::fs::write(self.own("000001.ers"), archive.kept()).unwrap();
    }
}

#[test]
fn files_that_are_gone_are_not_replaced_by_a_node_of_their_tree() {
    let keeper = Keeper::new();
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    let said = keeper.verified();
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("\"list\":\"proven\""), "{}", said.out);
    // One file of 64 octets for two, and one line.
    let whole = std::fs::read(keeper.own("000001.index")).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let [head, x, y, deep] = lines.as_slice() else {
        panic!("{text}");
    };
    assert!(
        x.ends_with(" x.txt\n") && y.ends_with(" y z.txt\n"),
        "{text}"
    );
    let stub = node(b"x", b"y");
    std::fs::remove_file(keeper.desk.path("files/x.txt")).unwrap();
    std::fs::remove_file(keeper.desk.path("files/y z.txt")).unwrap();
    std::fs::write(keeper.desk.path("files/stub"), &stub).unwrap();
    let stub = line("stub", &stub);
    std::fs::write(keeper.own("000001.index"), [head, &stub[..], deep].concat()).unwrap();
    let said = keeper.verified();
    assert_eq!(said.status, 20, "{}{}", said.out, said.err);
    // The same as an archive of an earlier edition, in which the index of this one is a file.
    std::fs::write(keeper.desk.path("files/old"), &whole).unwrap();
    let former = [deep, &line("old", &whole)[..], &stub].concat();
    std::fs::write(keeper.own("000001.index"), former).unwrap();
    let said = keeper.verified();
    assert_eq!(said.status, 10, "{}{}", said.out, said.err);
    assert!(said.out.contains("\"doubtful\":[\"stub\"]"), "{}", said.out);
    // Another name for a file is another index.
    let renamed = text.replace("x.txt", "X.txt");
    std::fs::write(keeper.desk.path("files/X.txt"), "x").unwrap();
    std::fs::write(keeper.desk.path("files/y z.txt"), "y").unwrap();
    std::fs::write(keeper.own("000001.index"), renamed).unwrap();
    let said = keeper.verified();
    assert_eq!(said.status, 20, "{}{}", said.out, said.err);
}

#[test]
fn an_archive_of_an_earlier_edition_is_verified_with_a_word() {
    let keeper = Keeper::new();
    // Of as many octets as two digests have, and not in their order.
    let descending = [[2; 32], [1; 32]].concat();
    let files: [(&str, &[u8]); 5] = [
        ("a", b"a"),
        ("b", b"b"),
        ("c", b"c"),
        ("d", b"d"),
        ("e", &descending),
    ];
    keeper.formerly(&files);
    let said = keeper.verified();
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("\"list\":\"unproven\""), "{}", said.out);
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains("000001.index"), "{}", said.err);
    // A later batch is listed by what is time-stamped, and the renewal of both holds.
    std::fs::write(keeper.desk.path("files/f"), "f").unwrap();
    for command in [
        &["archive", "add", "files"][..],
        &["archive", "renew", "--rehash", "files"],
    ] {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let said = keeper.asked(command);
        assert_eq!(said.status, 0, "{}", said.err);
        let said = keeper.verified();
        assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    }
    // Two files are gone, and a file of two digests is there.
    keeper.formerly(&files);
    let stub = node(b"c", b"d");
    std::fs::remove_file(keeper.desk.path("files/c")).unwrap();
    std::fs::remove_file(keeper.desk.path("files/d")).unwrap();
    std::fs::write(keeper.desk.path("files/stub"), &stub).unwrap();
    let ab = node(b"a", b"b");
    std::fs::write(keeper.desk.path("files/ab"), &ab).unwrap();
    let index = [line("ab", &ab), line("stub", &stub), line("e", &descending)].concat();
    std::fs::write(keeper.own("000001.index"), index).unwrap();
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 10, "{}", said.err);
    assert!(said.err.contains("stub"), "{}", said.err);
}

#[test]
fn a_batch_that_was_taken_away_is_missed_by_the_next() {
    let keeper = Keeper::new();
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    std::fs::write(keeper.desk.path("files/new.txt"), "new").unwrap();
    assert_eq!(keeper.asked(&["archive", "add", "files"]).status, 0);
    assert_eq!(keeper.verified().status, 0);
    for name in ["x.txt", "y z.txt", "deep/\u{259}.txt"] {
        std::fs::remove_file(keeper.desk.path("files").join(name)).unwrap();
    }
    for ending in ["index", "ers"] {
        let name = |number| keeper.own(&format!("00000{number}.{ending}"));
        std::fs::rename(name(2), name(1)).unwrap();
    }
    let said = keeper.judged(&["archive", "verify", "files"]);
    assert_eq!(said.status, 20, "{}", said.err);
    assert!(said.err.contains("000001.index"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_never_waited_for() {
    let keeper = Keeper::new();
    let link = keeper.desk.path("files/link");
    std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
    let said = keeper.asked(&["archive", "add", "files"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(
        said.err.contains("not in the archive: link"),
        "{}",
        said.err
    );
    let said = keeper.verified();
    assert_eq!(said.status, 10, "{}", said.err);
    assert!(
        said.out.contains("\"unprotected\":[\"link\"]"),
        "{}",
        said.out
    );
    std::fs::remove_file(&link).unwrap();
    assert_eq!(keeper.verified().status, 0);
    // In the place of a file: a link to the same octets, a folder, a pipe that nobody writes to.
    let file = keeper.desk.path("files/x.txt");
    let changed = |keeper: &Keeper| {
        let said = keeper.verified();
        assert_eq!(said.status, 20, "{}", said.err);
        assert!(said.out.contains("\"changed\":[\"x.txt\"]"), "{}", said.out);
        assert!(said.out.contains("\"unprotected\":[]"), "{}", said.out);
        let said = keeper.asked(&["archive", "renew", "--rehash", "files"]);
        assert_ne!(said.status, 0, "{}", said.err);
    };
    std::fs::rename(&file, keeper.desk.path("x.txt")).unwrap();
    std::os::unix::fs::symlink("../x.txt", &file).unwrap();
    changed(&keeper);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    changed(&keeper);
    std::fs::remove_dir(&file).unwrap();
    let pipe = |path: &std::path::Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        made.is_ok_and(|made| made.success())
    };
    if !pipe(&file) {
        return;
    }
    changed(&keeper);
    std::fs::remove_file(&file).unwrap();
    std::fs::rename(keeper.desk.path("x.txt"), &file).unwrap();
    assert_eq!(keeper.verified().status, 0);
    // In the place of what is kept about the archive.
    for name in ["pending.state", "pending.index"] {
        assert!(pipe(&keeper.own(name)));
        keeper.asked(&["archive", "add", "files"]);
        let _ = std::fs::remove_file(keeper.own(name));
    }
    std::fs::remove_file(keeper.own("000001.index")).unwrap();
    assert!(pipe(&keeper.own("000001.index")));
    assert_ne!(keeper.verified().status, 0);
}
