//! Indications and sub-indications of EN 319 102-1 §5.1.3.

use super::format::words;

words! {
    /// Main indication of a validation process, EN 319 102-1 §5.1.3 table 5.
    Indication {
        /// Mathematics right, identity established, constraints met.
        TotalPassed => "TOTAL-PASSED",
        /// Wrong for ever.
        TotalFailed => "TOTAL-FAILED",
        /// Neither can be shown with what is at hand.
        Indeterminate => "INDETERMINATE",
    }
}

words! {
    /// Indication of a building block, a time-stamp, a certificate or an evidence record.
    BlockIndication {
        /// The block's conditions are met.
        Passed => "PASSED",
        /// The block's conditions are not met, for ever.
        Failed => "FAILED",
        /// It cannot be said.
        Indeterminate => "INDETERMINATE",
    }
}

words! {
    /// The cryptographic fact alone: no policy, no trust, no time.
    Integrity {
        /// Everything was found and every digest and the signature value fit.
        Intact => "intact",
        /// A digest or the signature value does not fit.
        Broken => "broken",
        /// Data, a certificate or an algorithm is missing.
        Unknown => "unknown",
    }
}

words! {
    /// Sub-indication, EN 319 102-1 §5.1.3 table 6.
    SubIndication {
        /// Not conformant to the base format.
        FormatFailure => "FORMAT_FAILURE",
        /// A digest of a signed object does not fit.
        HashFailure => "HASH_FAILURE",
        /// The signature value is not verified by the signing certificate's key.
        SigCryptoFailure => "SIG_CRYPTO_FAILURE",
        /// Revoked, and proven to be made after the revocation.
        Revoked => "REVOKED",
        /// Proven to be made after the signing certificate expired.
        Expired => "EXPIRED",
        /// Proven to exist before the signing certificate's notBefore.
        NotYetValid => "NOT_YET_VALID",
        /// An attribute constraint of the policy is not met.
        SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
        /// The certification path does not meet the policy's X.509 constraints.
        ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
        /// Path validation failed for any other reason.
        CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        /// Algorithm below the required level when the object was made.
        CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
        /// A signature policy cannot be processed.
        PolicyProcessingError => "POLICY_PROCESSING_ERROR",
        /// The signature policy document cannot be had.
        SignaturePolicyNotAvailable => "SIGNATURE_POLICY_NOT_AVAILABLE",
        /// Time-stamps contradict their order.
        TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
        /// The signing certificate cannot be identified.
        NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
        /// No path to a trust anchor.
        NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
        /// Paths exist, but their anchor is past its sunset date.
        NoCertificateChainFoundNoPoe => "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
        /// Revoked, and nothing proves signing before or after.
        RevokedNoPoe => "REVOKED_NO_POE",
        /// A CA of the path is revoked.
        RevokedCaNoPoe => "REVOKED_CA_NO_POE",
        /// Outside the certificate's validity, known not to be revoked.
        OutOfBoundsNotRevoked => "OUT_OF_BOUNDS_NOT_REVOKED",
        /// Outside the certificate's validity.
        OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
        /// Outside the validity of the revocation data's issuer.
        RevocationOutOfBoundsNoPoe => "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        /// Algorithm below the required level, no earlier proof of existence.
        CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        /// A proof of existence is missing.
        NoPoe => "NO_POE",
        /// Fresher revocation data is needed, or the certificate is suspended.
        TryLater => "TRY_LATER",
        /// A signed object cannot be obtained.
        SignedDataNotFound => "SIGNED_DATA_NOT_FOUND",
        /// A limit was met or something is unsupported; see the checks `limits.…`, `unsupported.…`.
        Custom => "CUSTOM",
    }
}

impl SubIndication {
    /// The main indication that this sub-indication accompanies (EN 319 102-1 v1.4.1, tables 5, 6).
    #[must_use]
    pub fn accompanies(self) -> BlockIndication {
        match self {
            Self::FormatFailure
            | Self::HashFailure
            | Self::SigCryptoFailure
            | Self::Revoked
            | Self::Expired
            | Self::NotYetValid => BlockIndication::Failed,
            _ => BlockIndication::Indeterminate,
        }
    }

    /// The URN of TS 119 102-2.
    #[must_use]
    pub fn urn(self) -> String {
        format!("urn:etsi:019102:subindication:{}", self.as_str())
    }
}

impl BlockIndication {
    /// The outermost process says TOTAL-… (EN 319 102-1 §5.1.1).
    #[must_use]
    pub fn total(self) -> Indication {
        match self {
            Self::Passed => Indication::TotalPassed,
            Self::Failed => Indication::TotalFailed,
            Self::Indeterminate => Indication::Indeterminate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sub_indication_accompanies_failed_or_indeterminate() {
        for sub in SubIndication::ALL {
            assert_ne!(sub.accompanies(), BlockIndication::Passed, "{sub}");
            assert_eq!(SubIndication::from_word(sub.as_str()), Some(*sub));
        }
        assert_eq!(SubIndication::ALL.len(), 26);
        let failed = SubIndication::ALL
            .iter()
            .filter(|sub| sub.accompanies() == BlockIndication::Failed)
            .count();
        assert_eq!(failed, 6);
    }
}
