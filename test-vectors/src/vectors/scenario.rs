//! One signing with everything that belongs to it, to be varied in one point for each vector.

use super::PERMIT;
use crate::asic;
use crate::cades::{self, CadesSpec};
use crate::cms::{Attribute, id};
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::long_term::LongTermValues;
use crate::pdf::{CrossReference, PadesSpec, Pdf};
use crate::pki::{Entity, FIXED_TIME, Pki};
use crate::tsa::{self, TokenSpec};
use crate::xades::{self, DataFile, XadesSpec};
use crate::zip::Entry;

/// The revocation data and certificates that are put in.
pub(super) enum Values {
    /// What the honest services give a minute after the time-stamp.
    Honest,
    /// None.
    Missing,
    /// These.
    Given(LongTermValues),
}

type Change<T> = Box<dyn Fn(&mut T)>;

/// A signature at level LT by Aysel Məmmədova over the permit, before anything is varied.
pub(super) struct Scenario {
    pub(super) pki: Pki,
    pub(super) signer: Entity,
    pub(super) tsa: Entity,
    /// Whether there is a signature time-stamp.
    pub(super) stamped: bool,
    /// What the token says, beside the imprint.
    pub(super) token: Change<TokenSpec>,
    pub(super) values: Values,
    pub(super) files: Vec<DataFile>,
    pub(super) xades: XadesSpec,
    pub(super) cades: CadesSpec,
    pub(super) pades: PadesSpec,
    pub(super) cross_reference: CrossReference,
    /// What becomes of the entries of the container.
    pub(super) entries: Change<Vec<Entry>>,
}

/// The time of the time-stamp.
pub(super) const STAMP_TIME: i64 = FIXED_TIME + 60;
/// The time of the revocation data.
pub(super) const VALUES_TIME: i64 = FIXED_TIME + 120;

impl Scenario {
    pub(super) fn new(pki: &Pki) -> Self {
        Self {
            pki: pki.clone(),
            signer: pki.citizen_p256.clone(),
            tsa: pki.tsa_p256.clone(),
            stamped: true,
            token: Box::new(|_| {}),
            values: Values::Honest,
            files: vec![DataFile::new("permit.txt", "text/plain", PERMIT)],
            xades: XadesSpec::container(FIXED_TIME),
            cades: CadesSpec::detached(FIXED_TIME),
            pades: PadesSpec {
                reserved: 6_000,
                ..PadesSpec::new(FIXED_TIME)
            },
            cross_reference: CrossReference::Table,
            entries: Box::new(|_| {}),
        }
    }

    /// The signer with another certificate of the issuing CA for the same key.
    pub(super) fn recertify(
        &mut self,
        change: impl FnOnce(&mut crate::certificate::CertificateSpec),
    ) -> Result<()> {
        let mut spec = self
            .pki
            .citizen_spec(self.signer.name.clone(), &self.signer.key, 0x5001);
        change(&mut spec);
        let key = self.signer.key.clone();
        self.signer = Entity::issue("signer", &spec, &key, &self.pki.issuing_ca)?;
        Ok(())
    }

    /// The first file.
    pub(super) fn file(&self) -> Result<&DataFile> {
        self.files
            .first()
            .ok_or_else(|| Error::new("nothing to sign"))
    }

    fn token_over(&self, octets: &[u8]) -> Result<Option<Vec<u8>>> {
        if !self.stamped {
            return Ok(None);
        }
        let mut spec = TokenSpec::over(octets, Hash::Sha256, STAMP_TIME, &self.tsa);
        (self.token)(&mut spec);
        Ok(Some(tsa::token(&spec, &self.tsa)?))
    }

    pub(super) fn honest_values(&self) -> Result<LongTermValues> {
        LongTermValues::collect(&self.pki, &self.signer, &self.tsa, VALUES_TIME)
    }

    fn long_term(&self) -> Result<LongTermValues> {
        match &self.values {
            Values::Honest => self.honest_values(),
            Values::Missing => Ok(LongTermValues::default()),
            Values::Given(values) => Ok(values.clone()),
        }
    }

    /// `META-INF/signatures0.xml`.
    pub(super) fn xades_document(&self) -> Result<String> {
        let mut signature = xades::sign(&self.xades, &self.files, &self.signer)?;
        if let Some(token) = self.token_over(signature.timestamped_octets())? {
            signature.add_timestamp(&token);
        }
        signature.add_long_term(&self.long_term()?);
        Ok(signature.document())
    }

    /// An ASiC-E container with XAdES.
    pub(super) fn asic_e(&self) -> Result<Vec<u8>> {
        let mut entries = asic::asic_e_xades(&self.files, &[self.xades_document()?]);
        (self.entries)(&mut entries);
        Ok(asic::write(&entries))
    }

    /// A CMS over `content`.
    pub(super) fn cms(&self, content: &[u8]) -> Result<Vec<u8>> {
        let mut signed = cades::sign(&self.cades, content, &self.signer)?;
        if let Some(token) = self.token_over(&signed.signature)? {
            signed
                .unsigned
                .push(Attribute::new(id::SIGNATURE_TIME_STAMP, token));
        }
        signed.add_long_term(&self.long_term()?);
        Ok(signed.der())
    }

    /// A PDF with one signature and, if there are values, a document security store.
    pub(super) fn pdf(&self) -> Result<Pdf> {
        let mut pdf = Pdf::new("Tikinti icazesi ucun erize", self.cross_reference);
        pdf.sign(&self.pades, &self.signer, |signed| {
            if let Some(token) = self.token_over(&signed.signature)? {
                signed.add_timestamp(token);
            }
            Ok(())
        })?;
        Ok(pdf)
    }

    /// The PDF at level LT.
    pub(super) fn pdf_long_term(&self) -> Result<Pdf> {
        let mut pdf = self.pdf()?;
        pdf.add_security_store(&self.long_term()?);
        Ok(pdf)
    }
}
