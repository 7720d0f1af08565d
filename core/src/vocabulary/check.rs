//! The checks of a report: stable ids, the clause each rests on, and levels.

use super::format::words;

words! {
    /// How much a constraint matters, decided by the policy.
    Level {
        /// Cannot be lowered by any policy.
        Always => "always",
        /// Failing it decides the verdict.
        Fail => "fail",
        /// Failing it is shown as a warning.
        Warn => "warn",
        /// Failing it is shown as information.
        Inform => "inform",
        /// Not executed.
        Ignore => "ignore",
    }
}

words! {
    /// What came of a check.
    Outcome {
        /// The condition holds.
        Passed => "passed",
        /// The condition does not hold, and that counts.
        Failed => "failed",
        /// The condition does not hold, a warning.
        Warning => "warning",
        /// The condition does not hold, for information.
        Information => "information",
        /// Not executed by policy.
        Skipped => "skipped",
    }
}

macro_rules! checks {
    ($($(#[$doc:meta])* $variant:ident => $id:literal, $clause:literal, $level:ident;)+) => {
        /// A check with a stable id. Ids are API: a snapshot test freezes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum CheckId { $($(#[$doc])* #[serde(rename = $id)] $variant,)+ }

        impl CheckId {
            /// Every check.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable id.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// The clause that the check comes from.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$variant => $clause,)+ }
            }

            /// The level in the default policy.
            #[must_use]
            pub fn default_level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)+ }
            }

            /// The check with this id.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|check| check.as_str() == word)
            }
        }

        impl std::fmt::Display for CheckId {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

checks! {
    // Format checking.
    /// The signature follows its base format far enough to be handed to the cryptographic block.
    FormatStructure => "format.structure", "EN 319 102-1 §5.2.2", Always;
    /// No identifier, name or reference of the signature is ambiguous.
    FormatDuplicate => "format.duplicate", "EN 319 102-1 §5.2.2", Always;
    /// XML: an ECDSA value has every octet of its two numbers, those that are zero too.
    FormatValueLength => "format.value-length", "XMLDSig §6.4.3", Inform;
    /// PDF: the ByteRange covers a whole revision but for the /Contents string.
    FormatByteRange => "format.byte-range", "EN 319 142-1 §5.3", Always;
    /// PDF: reading repaired nothing and left nothing aside.
    FormatTolerated => "format.tolerated", "ISO 32000-2 §7.5", Inform;
    /// PDF: exactly one SignerInfo and no content inside the CMS.
    FormatSignerInformationStore => "format.signer-information-store", "EN 319 142-1 §6.3", Always;
    /// The ZIP structure is unambiguous: every byte accounted for, both directories agree.
    ContainerStructure => "format.container.structure", "EN 319 162-1 §A.1", Always;
    /// File names of the container are relative, unique and harmless.
    ContainerNames => "format.container.names", "EN 319 162-1 §A.6", Always;
    /// The `mimetype` entry is first, stored and plain.
    ContainerMimetype => "format.container.mimetype", "EN 319 162-1 §A.1", Warn;
    /// XML: everything in a document that stands alone is covered by this signature; of a signature in
    /// a container or over another one, what its own objects hold.
    DocumentAllSigned => "format.document.all-signed", "XMLDSig §8.1.1", Warn;
    /// The checksums of the container's files fit.
    ContainerChecksum => "format.container.checksum", "APPNOTE §4.4.7", Always;
    /// A container with XAdES signatures has the manifest that the baseline profile demands.
    ContainerManifestPresent => "format.container.manifest-present", "EN 319 162-1 §4.4.3.2", Fail;
    /// The manifest names the container's files and only them.
    ContainerManifest => "format.container.manifest", "EN 319 162-1 §4.4.3.2", Warn;
    /// Every file of the container is covered by this signature.
    ContainerAllFilesSigned => "format.container.all-files-signed", "EN 319 162-1 §4.4.3", Warn;

    // PDF: what was changed after signing.
    /// PDF: the revisions after the signed one follow each other without a gap.
    ModificationRevisions => "modification.revisions", "ISO 32000-2 §7.5.6", Always;
    /// PDF: nothing that the signer saw was changed later.
    ModificationContent => "modification.content", "ISO 32000-2 §12.8.2", Always;
    /// PDF: what was changed later is what the signer permits.
    ModificationPermitted => "modification.permitted", "ISO 32000-2 §12.8.2.2", Fail;
    /// PDF: no field that the signer locked was changed later.
    ModificationLockedFields => "modification.locked-fields", "ISO 32000-2 §12.8.2.4", Fail;
    /// PDF: no annotation was added, changed or removed later, where the signer does not permit it.
    ModificationAnnotations => "modification.annotations", "ISO 32000-2 §12.8.2", Fail;
    /// PDF: no private data of an application was changed later.
    ModificationPrivateData => "modification.private-data", "ISO 32000-2 §14.5", Fail;
    /// PDF: nothing that was added or filled in later covers something else, or uncovers it.
    ModificationOverlap => "modification.overlap", "ISO 32000-2 §12.5.2", Warn;
    /// PDF: the certification is the first signature and the catalog names it.
    CertificationConsistent => "certification.consistent", "ISO 32000-2 §12.8.2.2", Warn;

    // Identification of the signing certificate.
    /// The signing certificate is at hand and identified.
    SigningCertificateIdentified => "signing-certificate.identified", "EN 319 102-1 §5.2.3.4", Always;
    /// The signature refers to its signing certificate by a signed attribute.
    SigningCertificateReference => "signing-certificate.reference", "EN 319 102-1 §5.2.8.4.2.1", Warn;
    /// The signed reference fits the signing certificate.
    SigningCertificateReferenceFits => "signing-certificate.reference-fits", "EN 319 102-1 §5.2.3.4", Always;
    /// Issuer and serial number in the reference are those of the certificate.
    SigningCertificateIssuerSerial => "signing-certificate.issuer-serial", "EN 319 102-1 §5.2.3.4", Warn;
    /// Certificates that a CMS signature names behind its own are certificates of the path.
    SigningCertificateReferencesInPath => "signing-certificate.references-in-path", "RFC 5035 §5.4", Warn;

    // Validation context.
    /// The document of the signature policy that the signer names is at hand.
    SignaturePolicyAvailable => "signature-policy.available", "EN 319 102-1 §5.2.4.4", Inform;
    /// The document that travels with the signature is that of the named signature policy.
    SignaturePolicyDigest => "signature-policy.digest", "EN 319 102-1 §5.2.4.4", Warn;

    // Cryptographic verification.
    /// Every signed data object was obtained.
    ReferenceFound => "cryptographic.reference-found", "EN 319 102-1 §5.2.7.4", Always;
    /// What every entry of a signed manifest is about was obtained; the application decides whether
    /// it needs to be.
    EntryFound => "cryptographic.entry-found", "XMLDSig §5.1", Warn;
    /// The digest of every signed data object fits.
    ReferenceIntact => "cryptographic.reference-intact", "EN 319 102-1 §5.2.7.4", Always;
    /// A newer digest of what an entry of a signed manifest is about fits.
    ReferenceRenewed => "cryptographic.reference-renewed", "EN 319 132-1 §5.5.3", Warn;
    /// The signature value verifies with the signing certificate's key.
    SignatureIntact => "cryptographic.signature-intact", "EN 319 102-1 §5.2.7.4", Always;

    // X.509 certificate validation.
    /// A path leads from the certificate to a trust anchor.
    PathFound => "path.found", "EN 319 102-1 §5.2.6.4", Always;
    /// The trust anchor is not past its sunset date.
    PathSunset => "path.sunset-date", "EN 319 102-1 §5.2.6.4", Fail;
    /// The path is valid by RFC 5280 without revocation.
    PathValid => "path.valid", "RFC 5280 §6.1", Always;
    /// The certificates of the path may be used as they are used here.
    PathConstraints => "path.constraints", "EN 319 102-1 §5.2.6.4", Fail;
    /// The certificate may be used for signing (key usage).
    PathKeyUsage => "path.key-usage", "RFC 5280 §4.2.1.3", Warn;
    /// The time lies inside the validity of the signing certificate.
    CertificateValidity => "certificate.validity", "EN 319 102-1 §5.2.6.4", Always;
    /// The time lies inside the validity of every CA certificate of the path.
    AuthorityValidity => "certificate.authority-validity", "RFC 5280 §6.1.3(a)(2)", Always;
    /// Acceptable revocation data is at hand.
    RevocationAvailable => "revocation.available", "EN 319 102-1 §5.2.6.4", Fail;
    /// The revocation data is fresh.
    RevocationFresh => "revocation.fresh", "EN 319 102-1 §5.2.5.4", Fail;
    /// The signing certificate is not revoked.
    RevocationNotRevoked => "revocation.not-revoked", "EN 319 102-1 §5.2.6.4", Always;
    /// The signing certificate is not on hold.
    RevocationNotOnHold => "revocation.not-on-hold", "EN 319 102-1 §5.2.6.4", Always;
    /// No CA certificate of the path is revoked.
    RevocationAuthorityNotRevoked => "revocation.authority-not-revoked", "EN 319 102-1 §5.2.6.4", Always;
    /// The time lies inside the validity of the certificate of the revocation data's issuer.
    RevocationIssuerValidity => "revocation.issuer-validity", "EN 319 102-1 §5.2.6.4", Fail;

    // Algorithms.
    /// The algorithms of the signature and its references are reliable at the time that matters.
    AlgorithmSignature => "algorithm.signature", "EN 319 102-1 §5.2.8.4", Fail;
    /// The algorithms of the path's certificates are reliable at the time that matters.
    AlgorithmPath => "algorithm.path", "EN 319 102-1 §5.2.6.4", Fail;
    /// The algorithms of the revocation data are reliable at the time that matters.
    AlgorithmRevocation => "algorithm.revocation", "EN 319 102-1 §5.2.6.4", Fail;

    // Signature acceptance.
    /// The signed properties, or the message digest, are signed.
    AttributeSignedProperties => "attribute.signed-properties", "EN 319 102-1 §5.2.8.4", Fail;
    /// A claimed signing time is there.
    AttributeSigningTime => "attribute.signing-time", "EN 319 102-1 §5.2.8.4.2", Fail;
    /// The claimed signing time lies inside the validity of the signing certificate.
    AttributeSigningTimeInValidity => "attribute.signing-time-in-validity", "EN 319 102-1 §5.2.8.4.2", Fail;
    /// PDF: the signature keeps to what its field demands of it.
    AttributeSeedValues => "attribute.seed-values", "ISO 32000-2 §12.7.5.5", Fail;
    /// The algorithms named twice (RFC 6211) are the same.
    AttributeAlgorithmProtection => "attribute.algorithm-protection", "RFC 6211 §2", Fail;

    // Constraints that a policy may add.
    /// The format is one that the policy accepts.
    ConstraintFormat => "constraint.format", "EN 319 102-1 §5.1.4.4", Fail;
    /// The level is one that the policy accepts.
    ConstraintLevel => "constraint.level", "EN 319 102-1 §5.1.4.4", Fail;
    /// What the policy wants in every signature is there.
    ConstraintElement => "constraint.element", "EN 319 102-1 §5.2.8.4.2", Fail;
    /// The stated commitment is one that the policy accepts.
    ConstraintCommitmentType => "constraint.commitment-type", "EN 319 102-1 §5.2.8.4.2", Fail;
    /// The claimed roles are ones that the policy accepts.
    ConstraintRole => "constraint.role", "EN 319 102-1 §5.2.8.4.2.7", Fail;
    /// The signature policy is one that the policy accepts.
    ConstraintSignaturePolicy => "constraint.signature-policy", "EN 319 102-1 §5.2.4.4", Fail;
    /// The signing certificate was issued under a certificate policy that the policy accepts.
    ConstraintCertificatePolicy => "constraint.certificate-policy", "EN 319 102-1 §5.2.6.4", Fail;
    /// The signing certificate makes the statements that the policy wants.
    ConstraintCertificateStatement => "constraint.certificate-statement", "EN 319 102-1 §5.2.6.4", Fail;
    /// The signing certificate has no purpose that the policy forbids.
    ConstraintCertificatePurpose => "constraint.certificate-purpose", "EN 319 102-1 §5.2.6.4", Fail;

    // Time-stamps and time.
    /// The time-stamp's imprint fits what it covers.
    TimestampImprint => "timestamp.imprint", "EN 319 102-1 §5.5.4", Always;
    /// The time-stamp token itself is valid.
    TimestampValid => "timestamp.valid", "EN 319 102-1 §5.4", Warn;
    /// The token follows RFC 3161: one SignerInfo, a TSTInfo, a reference to its certificate.
    TimestampToken => "timestamp.token", "RFC 3161 §2.4.2", Always;
    /// The token's time lies inside the validity of the time-stamping certificate.
    TimestampInValidity => "timestamp.in-validity", "EN 319 102-1 §5.4", Always;
    /// The token is not later than the time that the document is judged at.
    TimestampNotLater => "timestamp.not-later", "EN 319 102-1 §5.1.4", Always;
    /// The time-stamps follow one another as they must.
    TimestampOrder => "timestamp.order", "EN 319 102-1 §5.5.4", Always;
    /// The best signature time is not before the signing certificate's notBefore.
    TimeNotBefore => "time.not-before", "EN 319 102-1 §5.5.4", Always;
    /// The best signature time is not after the signing certificate's notAfter.
    TimeNotAfter => "time.not-after", "EN 319 102-1 §5.5.4", Always;
    /// The best signature time is before the revocation.
    TimeBeforeRevocation => "time.before-revocation", "EN 319 102-1 §5.5.4", Always;

    // Proofs of existence.
    /// The path was valid as a whole at some time in the past.
    ProofPastPath => "proof.past-path", "EN 319 102-1 §5.6.2.1", Always;
    /// There is a time at which every certificate of the path was good, by revocation data that is
    /// proven to have existed then.
    ProofControlTime => "proof.control-time", "EN 319 102-1 §5.6.2.2", Always;
    /// The signature or time-stamp is proven to have existed at that time.
    ProofExistence => "proof.existence", "EN 319 102-1 §5.6.2.4", Always;

    // Evidence records.
    /// Every data object is in the evidence record, by its digest in each hash tree.
    EvidenceRecordData => "evidence-record.data", "RFC 4998 §5.3", Always;
    /// The evidence record is about the data objects at hand and no others.
    EvidenceRecordGroup => "evidence-record.data-group", "RFC 4998 §4.3", Inform;
    /// Each archive time-stamp but the first covers what came before it.
    EvidenceRecordRenewal => "evidence-record.renewal", "RFC 4998 §5.3", Always;
    /// The archive time-stamps of a chain have one digest algorithm.
    EvidenceRecordAlgorithm => "evidence-record.algorithm", "RFC 4998 §5.3", Always;
    /// Every archive time-stamp was valid when the next one was made, and the last one is now.
    EvidenceRecordTimestamps => "evidence-record.timestamps", "RFC 4998 §5.3", Always;
    /// The evidence record that a signature carries, or that is about it, is valid.
    EvidenceRecordValid => "evidence-record.valid", "EN 319 102-1 §5.6.3.4", Warn;

    // Limits and what is not implemented: never FORMAT_FAILURE, never PASSED.
    /// A limit of this library stopped the reading of this signature.
    LimitReading => "limits.reading", "EN 319 102-1 §5.1.3", Always;
    /// A limit of this library stopped the judging of this signature.
    LimitJudging => "limits.judging", "EN 319 102-1 §5.1.3", Always;
    /// Saved evidence does not hold bytes that exceeded its limit.
    LimitEvidenceBytes => "limits.evidence-bytes", "EN 319 102-1 §5.1.3", Always;
    /// An algorithm is not implemented.
    UnsupportedAlgorithm => "unsupported.algorithm", "EN 319 102-1 §5.1.3", Always;
    /// A transform of an XML signature is not implemented.
    UnsupportedTransform => "unsupported.transform", "EN 319 102-1 §5.1.3", Always;
    /// A feature of a format is not implemented.
    UnsupportedFeature => "unsupported.feature", "EN 319 102-1 §5.1.3", Always;
    /// What later revisions of a PDF changed is not analysed.
    UnsupportedPdfChanges => "unsupported.pdf-changes", "EN 319 102-1 §5.1.3", Always;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_found_again() {
        let ids: BTreeSet<_> = CheckId::ALL.iter().map(|check| check.as_str()).collect();
        assert_eq!(ids.len(), CheckId::ALL.len());
        for check in CheckId::ALL {
            assert_eq!(CheckId::from_word(check.as_str()), Some(*check));
        }
    }
}
