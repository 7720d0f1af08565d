//! A signer with its key in memory.

use super::{Signer, chain};
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::pem;
use crate::certificate::Certificate;
use crate::crypto::{Message, SoftwareKey, derive};
use crate::error::{ApiMisuse, Error, SignerError};
use crate::job::Seed;
use crate::limits::Budget;
use std::sync::Arc;

/// A key in memory with its certificates.
pub struct SoftwareSigner {
    key: SoftwareKey,
    certificates: Vec<Arc<[u8]>>,
    seed: Seed,
    signatures: u64,
}

impl SoftwareSigner {
    /// A signer from a key and certificates in DER, the signing certificate first. Blinding and
    /// salts come from the seed; every signature takes fresh octets of it.
    ///
    /// # Errors
    /// [`ApiMisuse::KeyMismatch`] when the first certificate is not the key's, or there is none;
    /// what [`Certificate::parse`] says.
    pub fn new(key: SoftwareKey, certificates: Vec<Arc<[u8]>>, seed: Seed) -> Result<Self, Error> {
        let first = certificates.first().ok_or(ApiMisuse::KeyMismatch)?;
        let certificate = Certificate::parse(first, &mut Budget::default())?;
        if !certificate.public_key()?.is_same_key(key.public_key()) {
            return Err(ApiMisuse::KeyMismatch.into());
        }
        Ok(Self {
            key,
            certificates,
            seed,
            signatures: 0,
        })
    }

    /// A signer from a key and a pool of certificates in any order: its own is the one with its
    /// public key, and those above it come with it, by their names.
    ///
    /// # Errors
    /// [`ApiMisuse::KeyMismatch`] when none is the key's.
    pub fn with_certificates(
        key: SoftwareKey,
        pool: &[Certificate],
        seed: Seed,
    ) -> Result<Self, Error> {
        let is_own = |certificate: &&Certificate| {
            // A certificate above may have a key that is not supported here.
            certificate
                .public_key()
                .is_ok_and(|public| public.is_same_key(key.public_key()))
        };
        let own = pool.iter().find(is_own).ok_or(ApiMisuse::KeyMismatch)?;
        Self::new(key, chain(own, pool.iter()), seed)
    }

    /// A signer from PEM texts (which may be one and the same): a private key, perhaps encrypted,
    /// and `CERTIFICATE` blocks in any order.
    ///
    /// # Errors
    /// As [`SoftwareKey::from_pem`] and [`SoftwareSigner::with_certificates`].
    pub fn from_pem(
        key: &str,
        password: Option<&str>,
        certificates: &str,
        seed: Seed,
    ) -> Result<Self, Error> {
        let key = SoftwareKey::from_pem(key, password)?;
        let blocks = pem::pem_or_der(certificates.as_bytes(), &["CERTIFICATE"])?;
        let pool: Result<Vec<_>, _> = blocks
            .iter()
            .map(|der| Certificate::parse(der, &mut Budget::default()))
            .collect();
        Self::with_certificates(key, &pool?, seed)
    }
}

impl Signer for SoftwareSigner {
    fn certificate(&self) -> Vec<Arc<[u8]>> {
        self.certificates.clone()
    }

    fn algorithms(&self) -> Vec<SignatureAlgorithm> {
        self.key.algorithms()
    }

    fn sign(
        &mut self,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
    ) -> Result<Vec<u8>, SignerError> {
        let seed = Seed::new(derive(&self.seed, "software signer", self.signatures));
        self.signatures = self.signatures.saturating_add(1);
        self.key.sign(algorithm, message, &seed)
    }
}

/// The key shows nothing of itself.
impl std::fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SoftwareSigner").field(&self.key).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{DigestAlgorithm, ValueEncoding};
    use crate::crypto::{Fit, Memo, verify};
    use crate::signer::preferred_algorithm;
    use imza_test_vectors::{Entity, Pki};

    fn key(entity: &Entity) -> SoftwareKey {
        SoftwareKey::from_pkcs8_der(entity.key.pkcs8_der()).unwrap()
    }

    fn signer(entity: &Entity) -> Result<SoftwareSigner, Error> {
        let certificates = vec![entity.certificate.as_slice().into()];
        SoftwareSigner::new(key(entity), certificates, Seed::new([3; 32]))
    }

    #[test]
    fn values_verify_with_the_certificate() {
        let pki = Pki::fixed().unwrap();
        for entity in [&pki.citizen_p256, &pki.citizen_p384, &pki.citizen_rsa_2048] {
            let mut signer = signer(entity).unwrap();
            let (mut budget, mut memo) = (Budget::default(), Memo::default());
            let certificate = Certificate::parse(&signer.certificate()[0], &mut budget).unwrap();
            let public = certificate.public_key().unwrap();
            for algorithm in signer.algorithms() {
                let message = Message::Octets(b"to be signed");
                let value = signer.sign(algorithm, message).unwrap();
                let fit = verify(public, algorithm, message, &value, &mut budget, &mut memo);
                assert_eq!(fit, Ok(Fit::Fits), "{algorithm:?}");
            }
        }
    }

    #[test]
    fn a_certificate_of_another_key_is_refused() {
        let pki = Pki::fixed().unwrap();
        for other in [&pki.stranger, &pki.citizen_p384, &pki.citizen_rsa_2048] {
            let certificates = vec![other.certificate.as_slice().into()];
            let seed = Seed::new([3; 32]);
            let error = SoftwareSigner::new(key(&pki.citizen_p256), certificates, seed);
            assert_eq!(error.unwrap_err().code(), "api-misuse.key-mismatch");
        }
        let none = SoftwareSigner::new(key(&pki.citizen_p256), vec![], Seed::new([3; 32]));
        assert_eq!(none.unwrap_err().code(), "api-misuse.key-mismatch");
        let rubbish = vec![Arc::from([0x30, 0].as_slice())];
        let rubbish = SoftwareSigner::new(key(&pki.citizen_p256), rubbish, Seed::new([3; 32]));
        assert!(rubbish.unwrap_err().code().starts_with("malformed."));
    }

    #[test]
    fn salts_differ_from_signature_to_signature() {
        let pki = Pki::fixed().unwrap();
        let mut signer = signer(&pki.citizen_rsa_2048).unwrap();
        let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
        let first = signer.sign(algorithm, Message::Octets(b"a")).unwrap();
        assert_ne!(
            signer.sign(algorithm, Message::Octets(b"a")).unwrap(),
            first
        );
    }

    #[test]
    fn the_own_certificate_is_found_among_others() {
        use base64::Engine as _;
        let pki = Pki::fixed().unwrap();
        let block = |entity: &Entity| {
            let base64 = base64::engine::general_purpose::STANDARD.encode(&entity.certificate);
            format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
        };
        let own = &pki.citizen_p256;
        let text = [
            own.key.pkcs8_pem().unwrap(),
            block(&pki.issuing_ca),
            block(own),
            block(&pki.root),
        ]
        .concat();
        let signer = SoftwareSigner::from_pem(&text, None, &text, Seed::new([3; 32])).unwrap();
        let chain = signer.certificate();
        assert_eq!(chain.len(), 3);
        assert_eq!(*chain[0], *own.certificate);
        let without = block(&pki.root);
        let error = SoftwareSigner::from_pem(&text, None, &without, Seed::new([3; 32]));
        assert_eq!(error.unwrap_err().code(), "api-misuse.key-mismatch");
    }

    #[test]
    fn formats_get_their_encoding() {
        let pki = Pki::fixed().unwrap();
        let signer = signer(&pki.citizen_p384).unwrap();
        for encoding in [ValueEncoding::Der, ValueEncoding::Plain] {
            assert_eq!(
                preferred_algorithm(&signer, encoding),
                Some(SignatureAlgorithm::Ecdsa {
                    digest: DigestAlgorithm::Sha384,
                    encoding,
                })
            );
        }
    }
}
