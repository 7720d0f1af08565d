//! The PKI: a root, an issuing CA, citizens, a responder, time-stamping authorities, a stranger.
//!
//! Keys, names, serial numbers and dates are fixed, signatures are deterministic: two calls of
//! [`Pki::new`] with the same address give the same octets. The address is that of the services: all
//! certificates point to `/ocsp`, `/crl/…` and `/aia/…` below it.
//!
//! ```text
//! imza test root ──┬─ imza test issuing CA ──┬─ citizens (RSA-2048, RSA-3072, P-256, P-384)
//!   (P-256)        │    (P-256)              ├─ a citizen whose certificate is revoked
//!                  │                         ├─ a citizen whose certificate has expired
//!                  │                         ├─ OCSP responder (id-pkix-ocsp-nocheck)
//!                  └─ /crl/root.crl          └─ time-stamping authorities (RSA-2048, P-256)
//! unrelated root ──── a stranger with the name of a citizen
//! ```
//!
//! All persons are invented and so are their numbers; nobody should ever trust these roots.

use crate::certificate::{CertificateSpec, Extension, purpose, usage};
use crate::crl::RevocationReason;
use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::{Key, KeyKind, public_key_bits};
use crate::name::Name;
use crate::time::{day, instant};

/// The address in certificates when nothing is served: a name that never resolves (RFC 6761 §6.2).
pub const FIXED_URL: &str = "http://pki.imza.test";

/// The instant at which fixed vectors are signed and stamped: 2026-06-15T12:00:00Z.
pub const FIXED_TIME: i64 = instant(2026, 6, 15, 12, 0, 0);

/// Validity of the authorities.
pub const AUTHORITY_VALIDITY: (i64, i64) = (day(2024, 1, 1), day(2046, 1, 1));

/// Validity of citizens, responder and time-stamping authorities.
pub const VALIDITY: (i64, i64) = (day(2025, 1, 1), day(2036, 1, 1));

/// Validity of the citizen whose certificate has expired.
pub const EXPIRED_VALIDITY: (i64, i64) = (day(2024, 2, 1), day(2026, 2, 1));

/// The moment at which the revoked citizen's certificate was revoked.
pub const REVOCATION_TIME: i64 = instant(2026, 3, 1, 9, 0, 0);

/// A certificate together with its key.
#[derive(Clone)]
pub struct Entity {
    /// The file name that exports use, without ending.
    pub file: &'static str,
    /// The subject.
    pub name: Name,
    /// The content octets of the serial number.
    pub serial_number: Vec<u8>,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
    /// The private key.
    pub key: Key,
}

impl Entity {
    /// Issues `spec` as a certificate for `key`, signed by `issuer`.
    ///
    /// # Errors
    /// When the scheme asked for does not go with the issuer's key.
    pub fn issue(
        file: &'static str,
        spec: &CertificateSpec,
        key: &Key,
        issuer: &Self,
    ) -> Result<Self> {
        Self::issue_by(file, spec, key, &issuer.name, &issuer.key)
    }

    fn issue_by(
        file: &'static str,
        spec: &CertificateSpec,
        key: &Key,
        issuer: &Name,
        issuer_key: &Key,
    ) -> Result<Self> {
        Ok(Self {
            file,
            name: spec.subject.clone(),
            serial_number: spec.serial_number.clone(),
            certificate: spec.issue(issuer, issuer_key)?,
            key: key.clone(),
        })
    }
}

/// A certificate that was revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The content octets of the serial number.
    pub serial_number: Vec<u8>,
    /// When, in seconds since 1970.
    pub time: i64,
    /// Why, if said.
    pub reason: Option<RevocationReason>,
}

/// The whole PKI.
#[derive(Clone)]
pub struct Pki {
    /// The address below which the services answer, without a slash at the end.
    pub url: String,
    /// The trust anchor.
    pub root: Entity,
    /// The CA that issues to everybody else.
    pub issuing_ca: Entity,
    /// Aysel Məmmədova, P-256.
    pub citizen_p256: Entity,
    /// Elçin Hüseynov, P-384.
    pub citizen_p384: Entity,
    /// Günay Əliyeva, RSA-2048.
    pub citizen_rsa_2048: Entity,
    /// Orxan İsmayılov, RSA-3072.
    pub citizen_rsa_3072: Entity,
    /// A citizen (P-256) whose certificate was revoked at [`REVOCATION_TIME`].
    pub citizen_revoked: Entity,
    /// A citizen (P-256) whose certificate ended before [`FIXED_TIME`].
    pub citizen_expired: Entity,
    /// The delegated OCSP responder of the issuing CA.
    pub ocsp_responder: Entity,
    /// The time-stamping authority with an RSA-2048 key.
    pub tsa_rsa_2048: Entity,
    /// The time-stamping authority with a P-256 key.
    pub tsa_p256: Entity,
    /// A root that nobody trusts and that has nothing to do with the other.
    pub other_root: Entity,
    /// A stranger under the other root, with the name of [`Pki::citizen_p256`].
    pub stranger: Entity,
    /// What was revoked by the issuing CA.
    pub revocations: Vec<Revocation>,
}

macro_rules! test_key {
    ($name:literal) => {
        Key::from_pem(include_str!(concat!("../keys/", $name, ".pem")))
    };
}

impl Pki {
    /// The PKI of fixed vectors, at [`FIXED_URL`].
    ///
    /// # Errors
    /// Never with the keys that are committed.
    pub fn fixed() -> Result<Self> {
        Self::new(FIXED_URL)
    }

    /// The PKI whose services are served below `url`.
    ///
    /// # Errors
    /// Never with the keys that are committed.
    pub fn new(url: &str) -> Result<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let root_key = test_key!("root")?;
        let name = Name::authority("imza test root");
        let spec =
            CertificateSpec::authority(name.clone(), &root_key, &root_key, 1, AUTHORITY_VALIDITY);
        let root = Entity::issue_by("root", &spec, &root_key, &name, &root_key)?;

        let ca_key = test_key!("issuing-ca")?;
        let name = Name::authority("imza test issuing CA");
        let spec = CertificateSpec::authority(name, &ca_key, &root.key, 0x0102, AUTHORITY_VALIDITY)
            .with([
                Extension::authority(Some(0)),
                Extension::authority_info_access(None, Some(&format!("{url}/aia/root.cer"))),
                Extension::crl_distribution_point(&format!("{url}/crl/root.crl")),
            ]);
        let issuing_ca = Entity::issue("issuing-ca", &spec, &ca_key, &root)?;

        let maker = Maker {
            url: &url,
            issuer: &issuing_ca,
        };
        let p256 = test_key!("citizen-p256")?;
        let aysel = Name::person("Aysel", "Məmmədova", "PNOAZ-1TEST11");
        let elchin = Name::person("Elçin", "Hüseynov", "PNOAZ-2TEST22");
        let gunay = Name::person("Günay", "Əliyeva", "PNOAZ-3TEST33");
        let orkhan = Name::person("Orxan", "İsmayılov", "PNOAZ-4TEST44");
        let tural = Name::person("Tural", "Quliyev", "PNOAZ-5TEST55");
        let sevda = Name::person("Sevda", "Rəhimova", "PNOAZ-6TEST66");

        let citizen_p256 = maker.citizen("citizen-p256", aysel.clone(), &p256, 0x1001)?;
        let citizen_p384 =
            maker.citizen("citizen-p384", elchin, &test_key!("citizen-p384")?, 0x1002)?;
        let citizen_rsa_2048 = maker.citizen(
            "citizen-rsa-2048",
            gunay,
            &test_key!("citizen-rsa-2048")?,
            0x1003,
        )?;
        let citizen_rsa_3072 = maker.citizen(
            "citizen-rsa-3072",
            orkhan,
            &test_key!("citizen-rsa-3072")?,
            0x1004,
        )?;
        let revoked_key = test_key!("citizen-revoked")?;
        let citizen_revoked = maker.citizen("citizen-revoked", tural, &revoked_key, 0x1005)?;
        let expired_key = test_key!("citizen-expired")?;
        let spec = CertificateSpec {
            not_before: EXPIRED_VALIDITY.0,
            not_after: EXPIRED_VALIDITY.1,
            ..maker.citizen_spec(sevda, &expired_key, 0x1006)
        };
        let citizen_expired = Entity::issue("citizen-expired", &spec, &expired_key, &issuing_ca)?;

        let key = test_key!("ocsp-responder")?;
        let spec = maker
            .end_entity("imza test OCSP responder", &key, 0x2001)
            .with([
                Extension::extended_key_usage(&[purpose::OCSP_SIGNING]),
                Extension::ocsp_no_check(),
            ]);
        let ocsp_responder = Entity::issue("ocsp-responder", &spec, &key, &issuing_ca)?;

        let tsa = |file, name: &str, key: Key, serial| {
            let purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
            let spec = maker
                .end_entity(name, &key, serial)
                .with([Extension {
                    critical: true,
                    ..purposes
                }])
                .with(maker.pointers());
            Entity::issue(file, &spec, &key, &issuing_ca)
        };
        let tsa_rsa_2048 = tsa(
            "tsa-rsa-2048",
            "imza test TSA (RSA)",
            test_key!("tsa-rsa-2048")?,
            0x2002,
        )?;
        let tsa_p256 = tsa(
            "tsa-p256",
            "imza test TSA (P-256)",
            test_key!("tsa-p256")?,
            0x2003,
        )?;

        let other_key = test_key!("other-root")?;
        let name = Name::authority("unrelated test root");
        let spec =
            CertificateSpec::authority(name.clone(), &other_key, &other_key, 1, AUTHORITY_VALIDITY);
        let other_root = Entity::issue_by("other-root", &spec, &other_key, &name, &other_key)?;
        let key = test_key!("stranger")?;
        let signer = [usage::NON_REPUDIATION];
        let spec = CertificateSpec::end_entity(aysel, &key, &other_key, 0x1001, VALIDITY, &signer);
        let stranger = Entity::issue("stranger", &spec, &key, &other_root)?;

        let revocations = vec![Revocation {
            serial_number: citizen_revoked.serial_number.clone(),
            time: REVOCATION_TIME,
            reason: Some(RevocationReason::KeyCompromise),
        }];
        Ok(Self {
            url,
            root,
            issuing_ca,
            citizen_p256,
            citizen_p384,
            citizen_rsa_2048,
            citizen_rsa_3072,
            citizen_revoked,
            citizen_expired,
            ocsp_responder,
            tsa_rsa_2048,
            tsa_p256,
            other_root,
            stranger,
            revocations,
        })
    }

    /// The citizen with a key of this kind.
    pub const fn citizen(&self, kind: KeyKind) -> &Entity {
        match kind {
            KeyKind::Rsa2048 => &self.citizen_rsa_2048,
            KeyKind::Rsa3072 => &self.citizen_rsa_3072,
            KeyKind::P256 => &self.citizen_p256,
            KeyKind::P384 => &self.citizen_p384,
        }
    }

    /// Everybody, issuers first.
    pub const fn entities(&self) -> [&Entity; 13] {
        [
            &self.root,
            &self.issuing_ca,
            &self.citizen_p256,
            &self.citizen_p384,
            &self.citizen_rsa_2048,
            &self.citizen_rsa_3072,
            &self.citizen_revoked,
            &self.citizen_expired,
            &self.ocsp_responder,
            &self.tsa_rsa_2048,
            &self.tsa_p256,
            &self.other_root,
            &self.stranger,
        ]
    }

    /// What a citizen's certificate says, to be changed and issued by the issuing CA.
    pub fn citizen_spec(&self, subject: Name, key: &Key, serial: u64) -> CertificateSpec {
        Maker {
            url: &self.url,
            issuer: &self.issuing_ca,
        }
        .citizen_spec(subject, key, serial)
    }

    /// Issues a citizen's certificate for a key made elsewhere, for example inside a token.
    ///
    /// # Errors
    /// When the certificate cannot be signed.
    pub fn certify(&self, subject: Name, spki: &[u8], serial: u64) -> Result<Vec<u8>> {
        let key = &self.citizen_p256.key;
        let key_id = Hash::Sha1.digest(public_key_bits(spki));
        let key_id = Extension::new("2.5.29.14", der::octet_string(&key_id));
        let spec = self.citizen_spec(subject, key, serial).with([key_id]);
        let spec = CertificateSpec {
            spki: spki.to_vec(),
            ..spec
        };
        spec.issue(&self.issuing_ca.name, &self.issuing_ca.key)
    }

    /// Revokes a certificate of the issuing CA: the services answer so from now on.
    pub fn revoke(&mut self, entity: &Entity, time: i64, reason: Option<RevocationReason>) {
        let serial_number = entity.serial_number.clone();
        self.revocations
            .retain(|r| r.serial_number != serial_number);
        self.revocations.push(Revocation {
            serial_number,
            time,
            reason,
        });
    }
}

struct Maker<'a> {
    url: &'a str,
    issuer: &'a Entity,
}

impl Maker<'_> {
    fn pointers(&self) -> [Extension; 2] {
        [
            Extension::authority_info_access(
                Some(&format!("{}/ocsp", self.url)),
                Some(&format!("{}/aia/issuing-ca.cer", self.url)),
            ),
            Extension::crl_distribution_point(&format!("{}/crl/issuing-ca.crl", self.url)),
        ]
    }

    fn citizen_spec(&self, subject: Name, key: &Key, serial: u64) -> CertificateSpec {
        let signer = [usage::NON_REPUDIATION];
        CertificateSpec::end_entity(subject, key, &self.issuer.key, serial, VALIDITY, &signer)
            .with(self.pointers())
            .with([Extension::policies(&["1.3.6.1.4.1.32473.1.1"])])
    }

    fn citizen(&self, file: &'static str, name: Name, key: &Key, serial: u64) -> Result<Entity> {
        Entity::issue(
            file,
            &self.citizen_spec(name, key, serial),
            key,
            self.issuer,
        )
    }

    fn end_entity(&self, name: &str, key: &Key, serial: u64) -> CertificateSpec {
        let signer = [usage::DIGITAL_SIGNATURE];
        let name = Name::authority(name);
        CertificateSpec::end_entity(name, key, &self.issuer.key, serial, VALIDITY, &signer)
    }
}

#[cfg(test)]
mod tests;
