//! What an outcome means and what a person can do about it.
//!
//! # Standard
//! EN 319 102-1 §5.1.3 tables 6 and 7.

use imza::vocabulary::SubIndication as Sub;

/// What the outcome means, in one sentence; none for a passed signature.
#[must_use]
pub fn meaning(sub: Sub) -> &'static str {
    match sub {
        Sub::FormatFailure => "The signature does not follow its format and cannot be checked.",
        Sub::HashFailure => "What was signed is not what is here: it was changed after signing.",
        Sub::SigCryptoFailure => {
            "The signature value was not made with the key of this certificate."
        }
        Sub::Revoked => "The certificate was revoked, and the signature was made afterwards.",
        Sub::Expired => "The signature was made after the certificate had expired.",
        Sub::NotYetValid => "The signature existed before the certificate was valid.",
        Sub::SigConstraintsFailure => "The signature lacks something that the policy demands.",
        Sub::ChainConstraintsFailure => "The certificate may not be used for this purpose.",
        Sub::CertificateChainGeneralFailure => {
            "The certificate could not be validated, or nothing says that it is not revoked."
        }
        Sub::CryptoConstraintsFailure => "An algorithm was already too weak when it was used.",
        Sub::PolicyProcessingError => "The signature policy cannot be processed.",
        Sub::SignaturePolicyNotAvailable => "The signature policy is not at hand.",
        Sub::TimestampOrderFailure => "The time-stamps contradict each other.",
        Sub::NoSigningCertificateFound => "The signer's certificate is missing or is another one.",
        Sub::NoCertificateChainFound => {
            "Nothing that you trust vouches for the signer's certificate."
        }
        Sub::NoCertificateChainFoundNoPoe => "The trust anchor is trusted no more.",
        Sub::RevokedNoPoe => {
            "The certificate was revoked, and nothing proves that the signature is older."
        }
        Sub::RevokedCaNoPoe => "The certificate of an authority was revoked.",
        Sub::OutOfBoundsNotRevoked | Sub::OutOfBoundsNoPoe => {
            "The certificate is not valid at this time, and nothing proves an earlier signing."
        }
        Sub::RevocationOutOfBoundsNoPoe => {
            "Whoever vouched for the certificate has an expired certificate."
        }
        Sub::CryptoConstraintsFailureNoPoe => {
            "An algorithm is too weak by now, and nothing proves an earlier signing."
        }
        Sub::NoPoe => "A proof of existence is missing.",
        Sub::TryLater => "Newer revocation data is needed, or the certificate is suspended.",
        Sub::SignedDataNotFound => "Something that was signed is not here.",
        Sub::Custom => "A limit of this program, or something that it does not implement.",
        _ => "Not known.",
    }
}

/// What to do next, in one sentence.
#[must_use]
pub fn advice(sub: Sub) -> &'static str {
    match sub {
        Sub::HashFailure | Sub::FormatFailure => {
            "Do not rely on this document. Ask the sender for the original."
        }
        Sub::SigCryptoFailure
        | Sub::Revoked
        | Sub::Expired
        | Sub::NotYetValid
        | Sub::TimestampOrderFailure => {
            "Do not rely on this signature. Ask the signer to sign again."
        }
        Sub::NoCertificateChainFound => {
            "Give the certificate of an authority that you trust with --trust FILE."
        }
        Sub::NoSigningCertificateFound => {
            "Give the signer's certificate with --evidence FILE, if you have it from the signer."
        }
        Sub::SignedDataNotFound => "Give the missing file with --detached NAME=FILE.",
        Sub::CertificateChainGeneralFailure => {
            "Try again with network, or give revocation data with --evidence FILE."
        }
        Sub::TryLater => "Try again later, or with network, so that newer revocation data is had.",
        Sub::RevokedNoPoe
        | Sub::RevokedCaNoPoe
        | Sub::OutOfBoundsNotRevoked
        | Sub::OutOfBoundsNoPoe
        | Sub::RevocationOutOfBoundsNoPoe
        | Sub::CryptoConstraintsFailureNoPoe
        | Sub::NoCertificateChainFoundNoPoe
        | Sub::NoPoe => {
            "Ask the sender for a copy with time-stamps, or ask the signer to sign again."
        }
        Sub::SignaturePolicyNotAvailable | Sub::PolicyProcessingError => {
            "Ask the signer which signature policy is meant."
        }
        Sub::ChainConstraintsFailure
        | Sub::SigConstraintsFailure
        | Sub::CryptoConstraintsFailure => {
            "Ask the signer to sign again with a certificate and algorithms that are accepted."
        }
        _ => "See the checks below for what stopped the validation.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sub_indication_has_its_own_words() {
        for sub in Sub::ALL {
            assert_ne!(meaning(*sub), "Not known.", "{sub}");
            assert!(advice(*sub).ends_with('.'), "{sub}");
        }
    }
}
