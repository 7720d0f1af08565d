//! What the command says besides reports: complaints, each with what to do next.

use crate::phrase::phrases;
use crate::sink::{file_name, terminal};
use crate::words::{Explained, Value, Words, key_of};
use imza::error::Error;

phrases! {
    /// A sentence of the command.
    #[non_exhaustive]
    pub Sentence {
        Doing => "command-doing" ["doing", "reason"];
        IoNotFound => "io-not-found" [];
        IoPermissionDenied => "io-permission-denied" [];
        IoIsAFolder => "io-is-a-folder" [];
        IoAlreadyExists => "io-already-exists" [];
        IoFull => "io-full" [];
        FormOfDocuments => "form-of-documents" ["form"];
        DetachedForOne => "detached-for-one" [];
        FormForOne => "form-for-one" [];
        EvidenceForOne => "evidence-for-one" [];
        Unreadable => "unreadable" ["name", "why"];
        Unwritable => "unwritable" ["name", "why"];
        OutputUnwritable => "output-unwritable" ["why"];
        Exists => "exists" ["name"];
        NoRandom => "no-random" ["why"];
        KeyNotShown => "key-not-shown" ["name"];
        StoreNotShown => "store-not-shown" ["name"];
        Written => "written" ["name"];
        Verifying => "progress-verifying" [];
        Signing => "progress-signing" [];
        DoingDocuments => "doing-documents" ["doing", "documents"];
        NotTwice => "not-twice" [];
        JudgeTakesNoMore => "judge-takes-no-more" [];
        NotEvidence => "not-evidence" ["name", "why"];
        OtherDocument => "other-document" [];
        DoingReading => "doing-reading" [];
        PolicyIs => "policy-is" ["name"];
        PolicyLowers => "policy-lowers" ["name", "default", "here"];
        PolicyIneffective => "policy-ineffective" ["name"];
        TrustEmpty => "trust-empty" [];
        DoingBundle => "doing-bundle" [];
        BundleKey => "bundle-key" [];
        NotABundle => "not-a-bundle" ["name"];
        BundleSigned => "bundle-signed" ["name"];
        BundleOtherKey => "bundle-other-key" ["name"];
        BundleUnsigned => "bundle-unsigned" ["name"];
        NotATime => "not-a-time" ["option", "text"];
        NoPolicy => "no-policy" ["name", "why"];
        NotAPolicy => "not-a-policy" ["name", "why"];
        TrustFor => "trust-for" ["text"];
        LeftOutTrust => "left-out-trust" ["name"];
        LeftOutSigned => "left-out-signed" ["name"];
        NothingInFolder => "nothing-in-folder" ["name"];
        PassedOver => "passed-over" ["name", "count"];
        LeftOutEvidence => "left-out-evidence" ["name"];
        LeftOutUnreadable => "left-out-unreadable" ["name", "why"];
        LevelNeedsAuthority => "level-needs-authority" [];
        FormatForOne => "format-for-one" [];
        AttachedIsCades => "attached-is-cades" [];
        NothingToExtract => "nothing-to-extract" [];
        NotInContainer => "not-in-container" ["name"];
        OneFileAlone => "one-file-alone" [];
        RevisionMissing => "revision-missing" [];
        NameLeadsOutside => "name-leads-outside" ["name"];
        ContentBroken => "content-broken" ["name"];
        WrittenUnsigned => "written-unsigned" ["name"];
        ContainerFile => "container-file" ["name", "size", "count"];
        DoingContainer => "doing-container" [];
        PackagingIsXades => "packaging-is-xades" [];
        AssertionIsXades => "assertion-is-xades" [];
        ManifestIsDetached => "manifest-is-detached" [];
        KeyNotForXml => "key-not-for-xml" ["algorithm"];
        CommitmentIsAnOid => "commitment-is-an-oid" [];
        CommitmentDocument => "commitment-document" ["text"];
        CommitmentOrReason => "commitment-or-reason" [];
        ContentHintIsCades => "content-hint-is-cades" [];
        SignaturePolicyIsAnOid => "signature-policy-is-an-oid" [];
        SignaturePolicyFile => "signature-policy-file" [];
        SignaturePolicyStoreNotHere => "signature-policy-store-not-here" [];
        ContentTimestampNotHere => "content-timestamp-not-here" [];
        PlaceIsLocation => "place-is-location" [];
        NotAPartOfAPlace => "not-a-part-of-a-place" ["text"];
        OptionsOfPdf => "options-of-pdf" [];
        NotAPlace => "not-a-place" ["text"];
        NoFont => "no-font" [];
        VisibleSigner => "visible-signer" ["name"];
        VisibleTime => "visible-time" ["time"];
        Augmented => "augmented" ["name"];
        Augmenting => "progress-augmenting" [];
        DoingAugmenting => "doing-augmenting" [];
        Timestamped => "timestamped" ["name", "time", "host"];
        AuthorityPassedOver => "authority-passed-over" ["name"];
        DoingTimestamping => "doing-timestamping" [];
        Archiving => "progress-archiving" [];
        DoingArchiving => "doing-archiving" [];
        Archived => "archived" ["count", "name"];
        ArchiveNothingNew => "archive-nothing-new" ["name"];
        ArchiveRenewed => "archive-renewed" ["name"];
        ArchiveIncomplete => "archive-incomplete" ["name", "why"];
        ArchiveIntact => "archive-intact" ["count", "time"];
        ArchiveOpen => "archive-open" ["name", "why"];
        ArchiveChanged => "archive-changed" ["name"];
        ArchiveMissing => "archive-missing" ["name"];
        ArchiveUnprotected => "archive-unprotected" ["name"];
        ArchiveUnlisted => "archive-unlisted" ["name"];
        ArchiveDoubtful => "archive-doubtful" ["name"];
        NothingAbout => "nothing-about" ["name"];
        NotAnArchive => "not-an-archive" ["name"];
        NotInArchive => "not-in-archive" ["name"];
        ArchiveDamaged => "archive-damaged" ["name"];
        NotAnIdentifier => "not-an-identifier" ["text"];
        NotAnOid => "not-an-oid" ["text"];
        WrongMaterial => "wrong-material" ["option", "name"];
        PinPrompt => "pin-prompt" [];
        Signed => "signed" ["name"];
        DoingSigning => "doing-signing" [];
        DoingWriting => "doing-writing" [];
        DoingInspecting => "doing-inspecting" ["name"];
        DoingDigesting => "doing-digesting" [];
        NoRevision => "no-revision" ["number", "count"];

        Kind => "kind" ["kind"];
        Takes => "takes" ["place"];
        IsKind => "is-kind" ["name", "kind"];
        IsWrong => "is-wrong" ["name", "why"];
        IsNotTaken => "is-not-taken" ["name", "option"];
        PublicHalf => "public-half" ["option", "name"];
        KeepSecret => "keep-secret" ["name", "option", "takes"];
        TakeCertificatesOut => "take-certificates-out" ["name"];
        BelongsToEvidence => "belongs-to-evidence" ["name", "option", "takes"];
        BelongsToKey => "belongs-to-key" ["name", "option", "takes"];
        BelongsToTrust => "belongs-to-trust" ["name", "option", "takes"];
        BelongsToPolicy => "belongs-to-policy" ["name", "option", "takes"];
        PolicyForm => "policy-form" [];
        DocumentsLast => "documents-last" ["option", "takes"];
        InspectShows => "inspect-shows" ["name", "option", "takes"];
        OptionTakes => "option-takes" ["option", "takes"];
        DocumentEmpty => "document-empty" ["name"];
        DocumentShown => "document-shown" ["name", "kind"];
        DocumentSecret => "document-secret" ["name", "kind"];
        DocumentSigns => "document-signs" ["name", "kind"];
        DocumentEvidence => "document-evidence" ["name", "kind"];
        DocumentNone => "document-none" ["name", "kind"];
        SignatureBeside => "signature-beside" ["name", "beside"];
        NobodyTrusted => "nobody-trusted" [];
        NotHeldBeside => "not-held-beside" ["name", "file"];
        NotHeld => "not-held" ["name"];
        NotHeldNamed => "not-held-named" ["name", "file"];
        NobodySigns => "nobody-signs" [];
        ForeignOption => "foreign-option" ["option", "owner"];
        Unprotected => "unprotected" ["name"];
        StoreWithoutKey => "store-without-key" ["name"];
        StoreWithoutCalled => "store-without-called" ["name", "label", "labels"];
        StoreWithoutCertificate => "store-without-certificate" ["name"];
        StoreWithSeveral => "store-with-several" ["name", "labels"];
        NamelessKey => "nameless-key" [];
        NotItsPassword => "not-its-password" ["name"];
        NoStoreButKey => "no-store-but-key" ["name", "kind"];
        NoStore => "no-store" ["name", "kind"];
        StoreUnreadable => "store-unreadable" ["name"];
        StoreAnew => "store-anew" ["name"];
        NoPemButStore => "no-pem-but-store" ["name"];
        PemForm => "pem-form" ["name"];
        NoPemKey => "no-pem-key" ["name", "kind"];
        NoCertificates => "no-certificates" ["name", "why", "kind"];
        KeyWithoutCertificate => "key-without-certificate" ["name"];
        CertificateOfOtherKey => "certificate-of-other-key" ["name"];
        Opening => "opening" ["name"];
        SecretVariable => "secret-variable" ["name", "secret"];
        SecretFile => "secret-file" ["name", "why", "secret"];
        SecretTerminal => "secret-terminal" ["secret", "why"];
        PasswordPrompt => "password-prompt" ["name"];
        DemoKey => "demo-key" [];
        DemoToken => "demo-token" [];
        DemoServices => "demo-services" [];
        DemoSigned => "demo-signed" [];
        DemoFile => "demo-file" [];
        DemoTry => "demo-try" [];
        DemoInMemory => "demo-in-memory" [];
        DemoOnToken => "demo-on-token" ["label", "name"];
        DemoServicesAt => "demo-services-at" ["url"];
        DemoServicesStopped => "demo-services-stopped" [];
        DemoGenuine => "demo-genuine" [];
        DemoAltered => "demo-altered" [];
        DemoFailed => "demo-failed" ["why"];
        DemoTokenFailed => "demo-token-failed" ["why"];
    }
}

/// Facts that have a label, by the members of the JSON of `imza inspect`.
#[cfg(test)]
pub(crate) const FACTS: &[&str] = &[
    "kind",
    "name",
    "issued",
    "signer",
    "anchors",
    "purposes",
    "sunset_date",
    "note",
    "subject",
    "person",
    "organisation",
    "issuer",
    "self_issued",
    "serial_number",
    "not_before",
    "not_after",
    "version",
    "key",
    "signature_algorithm",
    "subject_key_identifier",
    "authority_key_identifier",
    "sha256",
    "unknown_critical_extensions",
    "findings",
    "ca",
    "path_length",
    "key_usage",
    "extended_key_usage",
    "policies",
    "qc_statements",
    "ocsp_nocheck",
    "no_revocation_available",
    "short_term",
    "subject_alternative_names",
    "ocsp",
    "ca_issuers",
    "crl",
    "freshest_crl",
    "algorithm",
    "curve",
    "bits",
    "compliance",
    "qscd",
    "types",
    "legislation",
    "limit_value",
    "retention_years",
    "disclosures",
    "semantics",
    "unknown",
    "type",
    "country",
    "identifier",
    "number",
    "delta_base",
    "this_update",
    "next_update",
    "entries",
    "distribution_point",
    "expired_certificates_since",
    "obstacle",
    "names",
    "only_user_certificates",
    "only_ca_certificates",
    "only_attribute_certificates",
    "only_some_reasons",
    "indirect",
    "status",
    "responder",
    "produced_at",
    "nonce",
    "responses",
    "certificates",
    "revocation_time",
    "reason",
    "archive_cutoff",
    "hash_algorithm",
    "issuer_name_hash",
    "issuer_key_hash",
    "time",
    "accuracy_microseconds",
    "policy",
    "imprint",
    "ordering",
    "tsa",
    "qualified_statement",
    "digest",
    "token",
    "yes",
    "no_container",
    "no_media_type",
    "file",
    "structure",
    "document",
    "signature",
    "integrity",
    "claimed",
    "covers",
    "timestamp",
    "pdf_name",
    "pdf_object",
    "pdf_type",
    "pdf_value",
    "pdf_filled",
    "pdf_read_only",
    "pdf_signed_revision",
    "pdf_locks",
    "pdf_certificate_source",
    "pdf_revision",
    "pdf_octets",
    "pdf_section",
    "pdf_signed_by",
    "pdf_none",
    "pdf_text",
    "pdf_button",
    "pdf_choice",
    "pdf_signature",
    "pdf_timestamp",
    "pdf_unknown",
    "pdf_table",
    "pdf_stream",
    "pdf_repairs",
    "pdf_data_before_header",
    "pdf_offsets_from_header",
    "pdf_data_after_end",
    "pdf_table_from_one",
    "pdf_startxref_repaired",
    "pdf_startxref_elsewhere",
    "pdf_startxref_superseded",
    "pdf_startxref_on_one_line",
    "pdf_space_before_section",
    "pdf_unfinished_update",
    "pdf_missing_end_of_object",
    "pdf_loose_entries",
    "pdf_header_without_version",
    "pdf_strings_unencrypted",
    "pdf_unreadable_part",
    "pdf_two_readings",
];

/// A value in a sentence.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text of any origin.
    Text(String),
    /// A sentence of its own.
    Said(Box<Said>),
    /// What the operating system says about a file.
    Io(std::io::ErrorKind, String),
    /// An error of the library.
    Error(Box<Error>),
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&std::path::Path> for Part {
    fn from(path: &std::path::Path) -> Self {
        Self::Text(file_name(&path.to_string_lossy()))
    }
}

impl From<Said> for Part {
    fn from(said: Said) -> Self {
        Self::Said(Box::new(said))
    }
}

impl From<&std::io::Error> for Part {
    fn from(error: &std::io::Error) -> Self {
        Self::Io(error.kind(), error.to_string())
    }
}

impl From<&Error> for Part {
    fn from(error: &Error) -> Self {
        Self::Error(Box::new(error.clone()))
    }
}

/// Something to be said, in whatever language it is wanted.
#[derive(Clone, Debug)]
pub enum Said {
    /// A sentence with its values.
    Sentence(Sentence, Vec<(&'static str, Part)>),
    /// An error of the library while something was done.
    Error {
        /// What was done.
        doing: Box<Said>,
        /// What went wrong.
        error: Box<Error>,
    },
    /// English, as it stands.
    Plain(String),
}

impl Said {
    /// A sentence without values.
    #[must_use]
    pub fn new(sentence: Sentence) -> Self {
        Self::Sentence(sentence, Vec::new())
    }

    /// With one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, part: impl Into<Part>) -> Self {
        if let Self::Sentence(_, values) = &mut self {
            values.push((name, part.into()));
        }
        self
    }
}

impl From<Sentence> for Said {
    fn from(sentence: Sentence) -> Self {
        Self::new(sentence)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&String> for Said {
    fn from(text: &String) -> Self {
        Self::Plain(text.clone())
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl Words {
    /// The label of a fact by the member of the JSON of `imza inspect`; the member itself where it
    /// has none.
    #[must_use]
    pub fn fact(&self, member: &str) -> String {
        let key = key_of("fact", member);
        self.find(&key).unwrap_or_else(|| member.to_owned())
    }

    /// What is said, and what to do about it where there is advice; harmless for a terminal.
    #[must_use]
    pub fn said(&self, said: &Said) -> Explained {
        match said {
            Said::Plain(text) => Explained {
                what: terminal(text),
                advice: String::new(),
            },
            Said::Sentence(sentence, values) => {
                let values: Vec<_> = values
                    .iter()
                    .map(|(name, part)| (*name, self.part(part)))
                    .collect();
                let values: Vec<_> = values
                    .iter()
                    .map(|(name, text)| (*name, Value::Text(text)))
                    .collect();
                Explained {
                    what: self.message(sentence.key(), &values),
                    advice: self.advice(sentence.key(), &values).unwrap_or_default(),
                }
            }
            Said::Error { doing, error } => {
                let explained = self.error_or_reason(error);
                let doing = self.said(doing).what;
                let values = [
                    ("doing", Value::Text(&doing)),
                    ("reason", Value::Text(&explained.what)),
                ];
                Explained {
                    what: self.message(Sentence::Doing.key(), &values),
                    advice: explained.advice,
                }
            }
        }
    }

    fn part(&self, part: &Part) -> String {
        match part {
            Part::Text(text) => terminal(text),
            Part::Said(said) => self.said(said).what,
            Part::Error(error) => self.error_or_reason(error).what,
            Part::Io(kind, text) => {
                use std::io::ErrorKind;
                let sentence = match kind {
                    ErrorKind::NotFound => Sentence::IoNotFound,
                    ErrorKind::PermissionDenied => Sentence::IoPermissionDenied,
                    ErrorKind::IsADirectory => Sentence::IoIsAFolder,
                    ErrorKind::AlreadyExists => Sentence::IoAlreadyExists,
                    ErrorKind::StorageFull => Sentence::IoFull,
                    _ => return terminal(text),
                };
                self.message(sentence.key(), &[])
            }
        }
    }

    fn error_or_reason(&self, error: &Error) -> Explained {
        self.error(error.code()).unwrap_or_else(|| Explained {
            what: terminal(&error.reason()),
            advice: String::new(),
        })
    }
}
