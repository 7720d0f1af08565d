//! The plan of the house as data: the order of the modules, and what is allowed beside it.
//!
//! ARCHITECTURE.md says the same in words; `the_table_is_the_one_of_the_document` compares them.

/// The modules of `core`. A module may import what stands before it, unless a rule forbids it.
pub(super) const ORDER: &[(&str, Group)] = &[
    ("vocabulary", Group::Words),
    ("limits", Group::Words),
    ("error", Group::Words),
    ("time", Group::Words),
    ("algorithm", Group::Words),
    ("job", Group::Words),
    ("asn1", Group::Encodings),
    ("crypto", Group::Encodings),
    ("source", Group::Encodings),
    ("zip", Group::Encodings),
    ("pdf", Group::Encodings),
    ("xml", Group::Encodings),
    ("json", Group::Encodings),
    ("certificate", Group::Tokens),
    ("identity", Group::Tokens),
    ("revocation", Group::Tokens),
    ("cms", Group::Tokens),
    ("timestamp", Group::Tokens),
    ("payload", Group::Records),
    ("signature", Group::Records),
    ("cades", Group::Formats),
    ("xades", Group::Formats),
    ("pades", Group::Formats),
    ("jades", Group::Formats),
    ("asic", Group::Formats),
    ("trust", Group::Trust),
    ("path", Group::Trust),
    ("evidence", Group::Judgement),
    ("policy", Group::Judgement),
    ("report", Group::Judgement),
    ("qualification", Group::Judgement),
    ("validation", Group::Judgement),
    ("signer", Group::Signers),
    ("reading", Group::Doors),
    ("trust_list", Group::Doors),
    ("creation", Group::Doors),
    ("transport", Group::Transport),
];

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Names only.
    Words,
    /// How bytes are written.
    Encodings,
    /// Certificates, revocation data, CMS, time-stamps.
    Tokens,
    /// `payload` and `signature`, open to all below them.
    Records,
    /// The five signature formats.
    Formats,
    /// Anchors and paths.
    Trust,
    /// Evidence, policy, report, validation.
    Judgement,
    /// Whoever holds a key.
    Signers,
    /// The jobs.
    Doors,
    /// The loop and the socket.
    Transport,
}

/// The place of a module, and its group.
pub(super) fn place(module: &str) -> Option<(usize, Group)> {
    ORDER
        .iter()
        .position(|(name, _)| *name == module)
        .and_then(|at| ORDER.get(at).map(|(_, group)| (at, *group)))
}

/// Formats that may import a format (invariant 3).
pub(super) const FORMAT_IMPORTS: &[(&str, &str)] =
    &[("pades", "cades"), ("asic", "cades"), ("asic", "xades")];

/// Modules below the formats that call them (invariant 4).
pub(super) const CALLERS_OF_FORMATS: &[&str] = &["evidence", "reading", "trust_list", "creation"];

/// What `validation` may name of `crypto`: digests, facts of keys, the memo for `path`, and the
/// answer of a `verify` that belongs to a certificate, a CRL or a response.
pub(super) const CRYPTO_FOR_VALIDATION: &[&str] = &[
    "Fit",
    "Digester",
    "KeyKind",
    "Memo",
    "PublicKey",
    "digest",
    "equal",
    "object_id",
];

/// What `signer` may import: nothing that knows a document (invariant 7).
pub(super) const SIGNER_IMPORTS: &[&str] = &[
    "vocabulary",
    "limits",
    "error",
    "time",
    "algorithm",
    "job",
    "asn1",
    "crypto",
    "json",
    "certificate",
    "identity",
];

/// Crates that compute signatures, digests or ciphers (invariant 8).
pub(super) const CRYPTOGRAPHIC_CRATES: &[&str] = &[
    "aes",
    "bp256",
    "bp384",
    "cbc",
    "crypto_bigint",
    "des",
    "digest",
    "ecdsa",
    "ed25519_dalek",
    "elliptic_curve",
    "hkdf",
    "hmac",
    "k256",
    "md5",
    "ml_dsa",
    "p256",
    "p384",
    "p521",
    "pbkdf2",
    "pkcs1",
    "pkcs5",
    "pkcs8",
    "primefield",
    "primeorder",
    "rc4",
    "ring",
    "ripemd",
    "rsa",
    "sha1",
    "sha2",
    "sha3",
    "subtle",
];

/// Crates and modules that open sockets (invariant 8).
pub(super) const SOCKETS: &[&[&str]] = &[
    &["ureq"],
    &["rustls"],
    &["reqwest"],
    &["hyper"],
    &["std", "net"],
    &["core", "net"],
];

/// Clocks, random sources, files, threads, environment, runtimes (invariant 9).
pub(super) const OUTSIDE_WORLD: &[&[&str]] = &[
    &["std", "time", "SystemTime"],
    &["std", "time", "Instant"],
    &["std", "time", "UNIX_EPOCH"],
    &["std", "fs"],
    &["std", "env"],
    &["std", "thread"],
    &["std", "process"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "io", "stderr"],
    &["std", "hash", "RandomState"],
    &["std", "collections", "hash_map", "RandomState"],
    &["chrono"],
    &["getrandom"],
    &["rand"],
    &["rand_core"],
    &["ring", "rand"],
    &["tokio"],
    &["async_std"],
    &["smol"],
    &["futures"],
    &["rayon"],
];

/// Of these, what tests need to find the shared corpora and to measure.
pub(super) const OUTSIDE_WORLD_IN_TESTS: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "env"],
    &["std", "thread"],
    &["std", "time", "Instant"],
    &["std", "process"],
];

/// What the tests of a module may name below it: `transport` knows nothing but jobs, and the tests
/// of doors drive theirs.
pub(super) const TESTS_MAY_NAME: &[(&str, &str)] = &[
    ("reading", "transport"),
    ("trust_list", "transport"),
    ("creation", "transport"),
];

/// Macros that print.
pub(super) const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// Where the outside world may be touched.
pub(super) const OUTSIDE_WORLD_MODULES: &[&[&str]] = &[
    &["signer", "pkcs12"],
    &["signer", "pkcs11"],
    &["transport", "http"],
];

/// Words of the vocabulary that are verdicts (invariant 1).
pub(super) const VERDICT_WORDS: &[&str] = &["Indication", "BlockIndication", "SubIndication"];

/// The crates of the workspace: folder, name in Rust, and what of ours each may name.
pub(super) const CRATES: &[(&str, &str, &[&str])] = &[
    ("core", "imza", &["imza_pkcs11"]),
    ("pkcs11", "imza_pkcs11", &[]),
    ("explain", "imza_explain", &["imza"]),
    (
        "cli",
        "imza_cli",
        &["imza", "imza_explain", "imza_test_vectors"],
    ),
    ("ffi", "imza_ffi", &["imza", "imza_explain"]),
    ("wasm", "imza_wasm", &["imza", "imza_explain"]),
    ("test-vectors", "imza_test_vectors", &[]),
    ("fuzz", "imza_fuzz", &["imza"]),
    ("examples", "imza_examples", &["imza"]),
    ("xtask", "xtask", &["imza", "imza_test_vectors"]),
];
