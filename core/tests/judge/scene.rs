//! A scene: a signer, a signature, what is known about certificates, and who judges it when.
//!
//! [`Scene::new`] is the good case: everything in it passes. A situation changes one thing.

use crate::run::Case;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::Given;
use imza::signature::RevocationKind;
use imza::time::UnixTime;
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza_test_vectors::archive::{self, HashIndex};
use imza_test_vectors::certificate::{CertificateSpec, Extension, purpose, usage};
use imza_test_vectors::cms::{Attribute, Signed, SignedData, id};
use imza_test_vectors::crl::{self, CrlSpec, RevocationReason};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::{Key, Scheme};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::name::Name;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponseSpec};
use imza_test_vectors::pdf::{self, CrossReference, PadesSpec, Pdf};
use imza_test_vectors::pki::Revocation;
use imza_test_vectors::time::{DAY, day, instant};
use imza_test_vectors::tsa::{self, TokenSpec};
use imza_test_vectors::xades::{self, DataFile, XadesSpec};
use imza_test_vectors::zip::{self, Entry};
use imza_test_vectors::{Entity, Pki, asic};
use std::sync::{Arc, OnceLock};

/// When the signature is made.
pub(crate) const SIGNED: i64 = instant(2026, 6, 15, 12, 0, 0);
/// When it is time-stamped.
pub(crate) const STAMPED: i64 = SIGNED + 5;
/// When revocation data is issued.
pub(crate) const DATA: i64 = SIGNED + 10;
/// When it is judged.
pub(crate) const NOW: i64 = SIGNED + 60;
/// An hour later than all that.
pub(crate) const LATER: i64 = SIGNED + 3_600;

/// Validity of every certificate, unless a situation says otherwise.
pub(crate) const VALIDITY: (i64, i64) = (day(2005, 1, 1), day(2036, 1, 1));

/// How the signature and its data are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packaging {
    /// CAdES beside its document.
    Detached,
    /// CAdES in ASiC-S.
    AsicS,
    /// CAdES in ASiC-E, over a manifest.
    AsicE,
    /// XAdES in ASiC-E.
    Xades,
    /// PAdES.
    Pades,
}

impl Packaging {
    pub(crate) const ALL: [Self; 5] = [
        Self::Detached,
        Self::AsicS,
        Self::AsicE,
        Self::Xades,
        Self::Pades,
    ];
}

/// A time-stamp token to be made.
pub(crate) struct Stamp {
    pub(crate) time: i64,
    pub(crate) tsa: Entity,
    pub(crate) edit: fn(&mut TokenSpec),
    /// The digest of its imprint.
    pub(crate) hash: Hash,
    /// Other octets in place of the token.
    pub(crate) forged: Option<Vec<u8>>,
}

/// An archive time-stamp to be made over what is there.
pub(crate) struct Archive {
    pub(crate) stamp: Stamp,
    pub(crate) version: archive::Version,
    /// Changes what its index names, for CMS.
    pub(crate) edit_index: Option<fn(&mut HashIndex)>,
    /// A version before the third, for CMS.
    pub(crate) former: Option<archive::Former>,
}

/// What is known about the revocation of a certificate.
#[derive(Clone)]
pub(crate) enum Known {
    /// An OCSP response of the honest responder.
    Ocsp(CertStatus, i64),
    /// A CRL of the certificate's issuer that says this of it.
    Crl(Option<(i64, Option<RevocationReason>)>, i64),
    /// Anything.
    Raw(Given),
}

/// Everything that makes a situation.
pub(crate) struct Scene {
    pub(crate) pki: Pki,
    pub(crate) signer: Entity,
    /// The issuer of the signer.
    pub(crate) issuer: Entity,
    pub(crate) tsa: Entity,
    pub(crate) packaging: Packaging,
    pub(crate) content: Vec<u8>,
    /// Whether a CMS message holds its content; for the bare one.
    pub(crate) is_attached: bool,
    pub(crate) algorithms: Option<(Hash, Scheme)>,
    /// When the signer claims to have signed.
    pub(crate) claimed: i64,
    pub(crate) edit_attributes: Option<fn(&mut SignedData, &Self)>,
    /// What is wrong with a XAdES signature.
    pub(crate) flaw: xades::Flaw,
    /// The signature policy that a XAdES signature names.
    pub(crate) signature_policy: Option<String>,
    /// What is wrong with a PAdES signature.
    pub(crate) pdf_flaw: pdf::Flaw,
    /// Changes the PDF after signing.
    pub(crate) edit_pdf: fn(&mut Pdf),
    /// Time-stamps over the content, made before signing.
    pub(crate) content_stamps: Vec<Stamp>,
    pub(crate) stamps: Vec<Stamp>,
    /// Archive time-stamps, each over everything before it.
    pub(crate) archives: Vec<Archive>,
    /// Certificates that travel in the signature, where the rest of what is known does not.
    pub(crate) carried: Vec<Vec<u8>>,
    /// Whether what is known was put in after the archive time-stamps.
    pub(crate) is_known_last: bool,
    /// Changes the signature file after all.
    pub(crate) edit_message: Option<fn(&mut Vec<u8>)>,
    pub(crate) edit_entries: fn(&mut Vec<Entry>),
    pub(crate) edit_inputs: fn(&mut Vec<(String, Vec<u8>)>),
    /// Certificates given beside the document.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) about_signer: Vec<Known>,
    pub(crate) about_issuer: Vec<Known>,
    pub(crate) about_tsa: Vec<Known>,
    /// Whether all that is known travels in the signature, not beside it.
    pub(crate) is_embedded: bool,
    pub(crate) keys: Vec<Key>,
    pub(crate) anchors: Vec<TrustAnchor>,
    pub(crate) now: i64,
    pub(crate) proven_at: Option<i64>,
    pub(crate) policy: ValidationPolicy,
    pub(crate) limits: Limits,
}

/// The PKI of the vectors with certificates that are valid for long enough.
fn world() -> &'static Pki {
    static WORLD: OnceLock<Pki> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut pki = Pki::fixed().unwrap();
        let long = (VALIDITY.0, day(2046, 1, 1));
        let key = pki.root.key.clone();
        let spec = CertificateSpec::authority(pki.root.name.clone(), &key, &key, 1, long);
        pki.root.certificate = spec.issue(&pki.root.name, &key).unwrap();
        let key = pki.issuing_ca.key.clone();
        let name = pki.issuing_ca.name.clone();
        let spec = CertificateSpec::authority(name, &key, &pki.root.key, 0x0102, long)
            .with([Extension::authority(Some(0))]);
        pki.issuing_ca = Entity::issue("ca", &spec, &key, &pki.root).unwrap();
        let ca = pki.issuing_ca.clone();
        let delegate = pki.ocsp_responder.clone();
        pki.ocsp_responder = responder(&delegate, &ca, VALIDITY, true);
        pki.tsa_p256 = tsa_of(&pki.tsa_p256, &ca, VALIDITY);
        pki.citizen_p256 = citizen(&pki.citizen_p256, &ca, |_| {});
        pki
    })
}

/// A certificate for a citizen, changed as wanted.
pub(crate) fn citizen(
    person: &Entity,
    issuer: &Entity,
    edit: impl FnOnce(&mut CertificateSpec),
) -> Entity {
    let (name, bits) = (person.name.clone(), [usage::NON_REPUDIATION]);
    let key = &person.key;
    let mut spec = CertificateSpec::end_entity(name, key, &issuer.key, 0x5001, VALIDITY, &bits);
    edit(&mut spec);
    Entity::issue("signer", &spec, key, issuer).unwrap()
}

/// A CA certificate, changed as wanted.
pub(crate) fn authority(
    subject: &str,
    key: &Key,
    issuer: &Entity,
    edit: impl FnOnce(&mut CertificateSpec),
) -> Entity {
    let long = (VALIDITY.0, day(2046, 1, 1));
    let name = Name::authority(subject);
    let mut spec = CertificateSpec::authority(name, key, &issuer.key, 0x0777, long);
    edit(&mut spec);
    Entity::issue("authority", &spec, key, issuer).unwrap()
}

/// A responder's certificate.
pub(crate) fn responder(
    of: &Entity,
    issuer: &Entity,
    validity: (i64, i64),
    no_check: bool,
) -> Entity {
    let bits = [usage::DIGITAL_SIGNATURE];
    let (name, key) = (of.name.clone(), &of.key);
    let spec = CertificateSpec::end_entity(name, key, &issuer.key, 0x5002, validity, &bits)
        .with([Extension::extended_key_usage(&[purpose::OCSP_SIGNING])]);
    let spec = if no_check {
        spec.with([Extension::ocsp_no_check()])
    } else {
        spec
    };
    Entity::issue("responder", &spec, key, issuer).unwrap()
}

/// A time-stamping authority's certificate.
pub(crate) fn tsa_of(of: &Entity, issuer: &Entity, validity: (i64, i64)) -> Entity {
    tsa_edited(of, issuer, |spec| {
        (spec.not_before, spec.not_after) = validity;
    })
}

/// The same, changed as wanted.
pub(crate) fn tsa_edited(
    of: &Entity,
    issuer: &Entity,
    edit: impl FnOnce(&mut CertificateSpec),
) -> Entity {
    let bits = [usage::DIGITAL_SIGNATURE];
    let (name, key) = (of.name.clone(), &of.key);
    let purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
    let mut spec = CertificateSpec::end_entity(name, key, &issuer.key, 0x5003, VALIDITY, &bits)
        .with([Extension {
            critical: true,
            ..purposes
        }]);
    edit(&mut spec);
    Entity::issue("tsa", &spec, key, issuer).unwrap()
}

/// An anchor for every purpose.
pub(crate) fn anchor(entity: &Entity) -> TrustAnchor {
    let mut anchors = TrustSet::read_anchors(&entity.certificate, &mut Budget::default()).unwrap();
    anchors.remove(0)
}

/// An OCSP response as given material.
pub(crate) fn ocsp_given(spec: &ResponseSpec, responder: &Entity) -> Known {
    Known::Raw(Given::Revocation {
        kind: RevocationKind::OcspResponse,
        octets: ocsp::respond(spec, responder).unwrap().into(),
    })
}

/// A CRL as given material.
pub(crate) fn crl_given(spec: &CrlSpec, issuer: &Entity) -> Known {
    Known::Raw(Given::Revocation {
        kind: RevocationKind::Crl,
        octets: crl::issue(spec, issuer).unwrap().into(),
    })
}

impl Stamp {
    /// An honest token.
    pub(crate) fn at(time: i64, tsa: &Entity) -> Self {
        Self {
            time,
            tsa: tsa.clone(),
            edit: |_| {},
            hash: Hash::Sha256,
            forged: None,
        }
    }

    fn token(&self, message: &[u8]) -> Vec<u8> {
        self.token_with(message, Vec::new())
    }

    fn token_with(&self, message: &[u8], unsigned: Vec<Attribute>) -> Vec<u8> {
        if let Some(octets) = &self.forged {
            return octets.clone();
        }
        let mut spec = TokenSpec::over(message, self.hash, self.time, &self.tsa);
        spec.unsigned = unsigned;
        (self.edit)(&mut spec);
        tsa::token(&spec, &self.tsa).unwrap()
    }
}

impl Archive {
    /// An honest one.
    pub(crate) fn at(time: i64, tsa: &Entity) -> Self {
        Self {
            stamp: Stamp::at(time, tsa),
            version: archive::Version::V141,
            edit_index: None,
            former: None,
        }
    }
}

impl Scene {
    /// The good case.
    pub(crate) fn new(packaging: Packaging) -> Self {
        let pki = world().clone();
        Self {
            signer: pki.citizen_p256.clone(),
            issuer: pki.issuing_ca.clone(),
            tsa: pki.tsa_p256.clone(),
            packaging,
            content: b"Tikinti icaz\xc9\x99si".to_vec(),
            is_attached: false,
            algorithms: None,
            claimed: SIGNED,
            edit_attributes: None,
            flaw: xades::Flaw::None,
            signature_policy: None,
            pdf_flaw: pdf::Flaw::None,
            edit_pdf: |_| {},
            content_stamps: Vec::new(),
            stamps: vec![Stamp::at(STAMPED, &pki.tsa_p256)],
            archives: Vec::new(),
            carried: Vec::new(),
            is_known_last: false,
            edit_message: None,
            edit_entries: |_| {},
            edit_inputs: |_| {},
            certificates: vec![pki.issuing_ca.certificate.clone()],
            about_signer: vec![Known::Ocsp(CertStatus::Good, DATA)],
            about_issuer: vec![Known::Crl(None, DATA)],
            about_tsa: vec![Known::Ocsp(CertStatus::Good, DATA)],
            is_embedded: false,
            keys: Vec::new(),
            anchors: vec![anchor(&pki.root)],
            now: NOW,
            proven_at: None,
            policy: ValidationPolicy::standard(),
            limits: Limits::default(),
            pki,
        }
    }

    /// The same signer with another certificate.
    pub(crate) fn sign_with(&mut self, edit: impl FnOnce(&mut CertificateSpec)) {
        self.signer = citizen(&self.pki.citizen_p256, &self.issuer, edit);
    }

    /// Moves everything that happens after signing: what is known, and when it is judged.
    pub(crate) fn judged_at(&mut self, data: i64, now: i64) {
        for known in [
            &mut self.about_signer,
            &mut self.about_issuer,
            &mut self.about_tsa,
        ] {
            for one in known.iter_mut() {
                match one {
                    Known::Ocsp(_, at) | Known::Crl(_, at) => *at = data,
                    Known::Raw(_) => {}
                }
            }
        }
        self.now = now;
    }

    /// An answer about the signer, to be changed.
    pub(crate) fn answer(&self, status: CertStatus, by: &Entity, at: i64) -> ResponseSpec {
        let id = CertId::new(&self.issuer, &self.signer.serial_number, Hash::Sha1);
        ResponseSpec::about(id, status, by, at)
    }

    /// A list of the signer's issuer, to be changed.
    pub(crate) fn list(
        &self,
        revoked: Option<(i64, Option<RevocationReason>)>,
        at: i64,
    ) -> CrlSpec {
        let entries = revoked.map(|(time, reason)| Revocation {
            serial_number: self.signer.serial_number.clone(),
            time,
            reason,
        });
        CrlSpec::new(&self.issuer, 1, at, &Vec::from_iter(entries))
    }

    fn known(&self, known: &Known, about: &Entity, issuer: &Entity) -> Given {
        let made = match known {
            Known::Raw(given) => return given.clone(),
            Known::Ocsp(status, at) => {
                let own = issuer.certificate == self.pki.issuing_ca.certificate;
                let by = if own {
                    &self.pki.ocsp_responder
                } else {
                    issuer
                };
                let id = CertId::new(issuer, &about.serial_number, Hash::Sha1);
                ocsp_given(&ResponseSpec::about(id, *status, by, *at), by)
            }
            Known::Crl(revoked, at) => {
                let entries = revoked.map(|(time, reason)| Revocation {
                    serial_number: about.serial_number.clone(),
                    time,
                    reason,
                });
                let spec = CrlSpec::new(issuer, 1, *at, &Vec::from_iter(entries));
                crl_given(&spec, issuer)
            }
        };
        match made {
            Known::Raw(given) => given,
            _ => unreachable!("made above"),
        }
    }

    fn material(&self) -> Vec<Given> {
        let certificates = self.certificates.iter();
        let mut given: Vec<Given> = certificates
            .map(|der| Given::Certificate(der.as_slice().into()))
            .collect();
        let (signer, issuer, root) = (&self.signer, &self.issuer, &self.pki.root);
        let about = |known: &[Known], whom, by| -> Vec<Given> {
            known.iter().map(|one| self.known(one, whom, by)).collect()
        };
        given.extend(about(&self.about_signer, signer, issuer));
        given.extend(about(&self.about_issuer, issuer, root));
        given.extend(about(&self.about_tsa, &self.tsa, &self.pki.issuing_ca));
        given
    }

    /// The material as it travels in a signature of level LT.
    pub(crate) fn values(&self) -> LongTermValues {
        let mut values = LongTermValues::default();
        for given in self.material() {
            let (list, octets) = match given {
                Given::Certificate(octets) => (&mut values.certificates, octets),
                Given::Revocation {
                    kind: RevocationKind::Crl,
                    octets,
                } => (&mut values.crls, octets),
                Given::Revocation { octets, .. } => (&mut values.ocsps, octets),
                Given::EvidenceRecord(_) => continue,
            };
            list.push(octets.to_vec());
        }
        values
    }

    fn travelling(&self) -> Option<LongTermValues> {
        if self.is_embedded {
            return Some(self.values());
        }
        let carried = LongTermValues {
            certificates: self.carried.clone(),
            ..LongTermValues::default()
        };
        (!carried.certificates.is_empty()).then_some(carried)
    }

    /// The CMS message over octets.
    pub(crate) fn message(&self, over: &[u8]) -> Vec<u8> {
        let mut data = SignedData::new(id::DATA, over, &self.signer);
        if !self.is_attached {
            data.content = None;
        }
        if let Some((hash, scheme)) = self.algorithms {
            (data.hash, data.scheme) = (hash, Some(scheme));
            data.set(Attribute::message_digest(&hash.digest(over)));
        }
        data.set(Attribute::signing_time(self.claimed));
        for stamp in &self.content_stamps {
            let attribute = Attribute::new("1.2.840.113549.1.9.16.2.20", stamp.token(over));
            data.attributes.get_or_insert_default().push(attribute);
        }
        if let Some(edit) = self.edit_attributes {
            edit(&mut data, self);
        }
        let mut signed = data.sign(over, &self.signer).unwrap();
        self.stamp(&mut signed);
        let values = self.travelling();
        if let Some(values) = values.as_ref().filter(|_| !self.is_known_last) {
            signed.add_long_term(values);
        }
        for archive in &self.archives {
            let hash = archive.stamp.hash;
            if let Some(former) = archive.former {
                let octets = signed.formerly_archived_octets(over, former);
                signed.add_former_archive_timestamp(archive.stamp.token(&octets), former);
                continue;
            }
            let mut index = HashIndex::of(&signed, hash);
            if let Some(edit) = archive.edit_index {
                edit(&mut index);
            }
            let octets = signed.archived_octets(over, &index, hash);
            let token = archive.stamp.token_with(&octets, vec![index.attribute()]);
            signed.add_archive_timestamp(token);
        }
        if let Some(values) = values.as_ref().filter(|_| self.is_known_last) {
            signed.add_long_term(values);
        }
        let mut message = signed.der();
        if let Some(edit) = self.edit_message {
            edit(&mut message);
        }
        message
    }

    fn stamp(&self, signed: &mut Signed) {
        for stamp in &self.stamps {
            let token = stamp.token(&signed.signature);
            let attribute = Attribute::new(id::SIGNATURE_TIME_STAMP, token);
            match signed.unsigned.first_mut() {
                // RFC 5652 §11: several values of one attribute.
                Some(first) => first.values.extend(attribute.values),
                None => signed.unsigned.push(attribute),
            }
        }
    }

    /// The XAdES signature over files.
    pub(crate) fn xades(&self, files: &[DataFile]) -> String {
        let mut spec = XadesSpec {
            flaw: self.flaw,
            signature_policy: self.signature_policy.clone(),
            ..XadesSpec::container(self.claimed)
        };
        if let Some((hash, scheme)) = self.algorithms {
            (spec.hash, spec.scheme) = (hash, Some(scheme));
        }
        let mut signature = xades::sign(&spec, files, &self.signer).unwrap();
        for stamp in &self.stamps {
            let token = stamp.token(signature.timestamped_octets());
            signature.add_timestamp(&token);
        }
        let values = self.travelling();
        if let Some(values) = values.as_ref().filter(|_| !self.is_known_last) {
            signature.add_long_term(values);
        }
        for archive in &self.archives {
            let token = archive.stamp.token(&signature.archived_octets(files));
            signature.add_archive_timestamp(&token, archive.version);
        }
        if let Some(values) = values.as_ref().filter(|_| self.is_known_last) {
            signature.add_long_term(values);
        }
        signature.document()
    }

    fn pades(&self) -> Vec<u8> {
        let mut spec = PadesSpec {
            flaw: self.pdf_flaw,
            ..PadesSpec::new(self.claimed)
        };
        spec.cms.algorithms = self.algorithms;
        let mut pdf = Pdf::new("Tikinti icazesi", CrossReference::Table);
        let stamp = |signed: &mut Signed| {
            self.stamp(signed);
            Ok(())
        };
        pdf.sign(&spec, &self.signer, stamp).unwrap();
        (self.edit_pdf)(&mut pdf);
        pdf.bytes().to_vec()
    }

    /// Whether the situation is about something that only CMS has.
    pub(crate) fn is_about_cms(&self) -> bool {
        self.edit_attributes.is_some()
            || self.edit_message.is_some()
            || !self.content_stamps.is_empty()
            || self
                .archives
                .iter()
                .any(|one| one.edit_index.is_some() || one.former.is_some())
    }

    /// The entries of the container.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let file = DataFile::new("a.txt", "text/plain", &self.content);
        let files = std::slice::from_ref(&file);
        let mut entries = match self.packaging {
            Packaging::AsicS => asic::asic_s_cades(&file, &self.message(&self.content)),
            Packaging::AsicE => {
                let manifest = asic::asic_manifest(files, Hash::Sha256);
                let message = self.message(manifest.as_bytes());
                asic::asic_e_cades(files, &manifest, &message)
            }
            Packaging::Xades => asic::asic_e_xades(files, &[self.xades(files)]),
            Packaging::Detached | Packaging::Pades => unreachable!("no container"),
        };
        (self.edit_entries)(&mut entries);
        entries
    }

    fn inputs(&self) -> Vec<(String, Vec<u8>)> {
        match self.packaging {
            Packaging::Detached if self.is_attached => {
                vec![("a.p7m".to_owned(), self.message(&self.content))]
            }
            Packaging::Detached => vec![
                ("a.p7s".to_owned(), self.message(&self.content)),
                ("a.txt".to_owned(), self.content.clone()),
            ],
            Packaging::Pades => vec![("a.pdf".to_owned(), self.pades())],
            _ => vec![("a.asice".to_owned(), zip::write(&self.entries()))],
        }
    }

    /// Everything made.
    pub(crate) fn case(&self) -> Case {
        let mut inputs = self.inputs();
        (self.edit_inputs)(&mut inputs);
        let keys = self.keys.iter();
        Case {
            inputs,
            given: match self.is_embedded {
                true => Vec::new(),
                false => self.material(),
            },
            keys: keys
                .map(|key| imza::crypto::PublicKey::from_spki(key.spki()).unwrap())
                .collect(),
            context: Context {
                policy: Arc::new(self.policy.clone()),
                trust: Arc::new(TrustSet::new(self.anchors.clone())),
                validation_time: UnixTime::from_seconds(self.now),
                proven_at: self.proven_at.map(UnixTime::from_seconds),
                limits: Arc::new(self.limits.clone()),
            },
        }
    }
}

/// Long after: what was signed has expired.
pub(crate) const AFTER_EXPIRY: i64 = SIGNED + 40 * DAY;
/// When the certificate of [`expired`] ends.
pub(crate) const EXPIRY: i64 = SIGNED + 30 * DAY;

/// The signer's certificate has expired since; what is known was issued in its last hour. Only a
/// proof of an earlier time makes the signature pass.
pub(crate) fn expired(scene: &mut Scene) {
    scene.sign_with(|spec| spec.not_after = EXPIRY);
    scene.judged_at(EXPIRY - 3_600, AFTER_EXPIRY);
}
