//! Time-stamps by themselves and archives, with services on this machine.

use super::{Desk, Said, pem};
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;

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
