//! Validation objects: certificates, time-stamps, revocation data and signed data, by digest.

use super::{digest, signature, urn};
use crate::markup::Markup;
use imza::report::{Certificate, Report, Scope, Timestamp};
use imza::vocabulary::{BlockIndication, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a report names, each once, with the identifier it is referred to by.
pub(super) struct Objects {
    certificates: BTreeSet<ObjectId>,
    timestamps: Vec<String>,
    data: Vec<String>,
}

impl Objects {
    pub(super) fn of(report: &Report) -> Self {
        let mut objects = Self {
            certificates: BTreeSet::new(),
            timestamps: Vec::new(),
            data: Vec::new(),
        };
        for signature in &report.signatures {
            let own = signature.signing_certificate.iter();
            for certificate in own.chain(&signature.path) {
                objects.certificates.insert(certificate.digest);
            }
            signature
                .scopes
                .iter()
                .for_each(|scope| objects.data(&scope.name));
        }
        for timestamp in timestamps(report) {
            objects.timestamps.push(timestamp.id.clone());
            if let Some(certificate) = &timestamp.signing_certificate {
                objects.certificates.insert(certificate.digest);
            }
        }
        objects
    }

    fn data(&mut self, name: &str) {
        if !self.data.iter().any(|one| one == name) {
            self.data.push(name.to_owned());
        }
    }

    /// The identifier of a certificate.
    pub(super) fn certificate(certificate: &Certificate) -> String {
        format!("C-{}", certificate.digest.to_hex())
    }

    /// The identifier of a certificate by its digest, where the report names it.
    pub(super) fn certificate_of(&self, digest: &str) -> Option<String> {
        let object = ObjectId::from_hex(digest)?;
        let is_there = self.certificates.contains(&object);
        is_there.then(|| format!("C-{digest}"))
    }

    /// The identifier of a time-stamp.
    pub(super) fn timestamp(&self, id: &str) -> Option<String> {
        let place = self.timestamps.iter().position(|one| one == id)?;
        Some(format!("T-{}", place + 1))
    }

    /// The identifiers of what a signature covers.
    pub(super) fn scopes(&self, scopes: &[Scope]) -> String {
        let place = |scope: &Scope| self.data.iter().position(|one| *one == scope.name);
        let ids = scopes.iter().filter_map(place);
        let ids: Vec<_> = ids.map(|place| format!("D-{}", place + 1)).collect();
        ids.join(" ")
    }

    pub(super) fn write(&self, out: &mut Markup, report: &Report) {
        let revocation = report.outlook.iter().flat_map(|all| &all.revocation);
        let mut revoked: BTreeMap<ObjectId, &str> = BTreeMap::new();
        for one in revocation {
            if let Some(object) = one.object {
                revoked.insert(object, &one.name);
            }
        }
        let is_empty = self.certificates.is_empty()
            && self.timestamps.is_empty()
            && self.data.is_empty()
            && revoked.is_empty();
        if is_empty {
            return;
        }
        out.start("vr:SignatureValidationObjects", &[]);
        for object in &self.certificates {
            let id = format!("C-{}", object.to_hex());
            begin(out, &id, "certificate");
            digest(out, "vr:DigestAlgAndValue", object);
            out.end();
            out.end();
        }
        for (object, kind) in revoked {
            let id = format!("R-{}", object.to_hex());
            let kind = if kind == "CRL" { "CRL" } else { "OCSPResponse" };
            begin(out, &id, kind);
            digest(out, "vr:DigestAlgAndValue", &object);
            out.end();
            out.end();
        }
        for (index, timestamp) in timestamps(report).enumerate() {
            begin(out, &format!("T-{}", index + 1), "timestamp");
            let name = urn("urn:imza:timestamp:", &timestamp.id);
            out.element("vr:URI", &[], &name);
            out.end();
            if let Some(time) = timestamp
                .time
                .filter(|_| timestamp.indication == BlockIndication::Passed)
            {
                out.start("vr:POEProvisioning", &[]);
                out.element("vr:POETime", &[], &time.to_string());
                out.end();
            }
            signature::timestamp(out, "vr:ValidationReport", timestamp, report);
            out.end();
        }
        for (index, name) in self.data.iter().enumerate() {
            begin(out, &format!("D-{}", index + 1), "signedData");
            let file = report.files.iter().find(|file| file.name == *name);
            let known = file.and_then(|file| file.digest.as_deref());
            if let Some(object) = known.and_then(ObjectId::from_hex) {
                digest(out, "vr:DigestAlgAndValue", &object);
            }
            out.element("vr:URI", &[], &urn("urn:imza:data:", name));
            out.end();
            out.end();
        }
        out.end();
    }
}

/// An object, up to its representation; both are left open.
fn begin(out: &mut Markup, id: &str, kind: &str) {
    out.start("vr:ValidationObject", &[("id", id)]);
    let kind = format!("urn:etsi:019102:validationObject:{kind}");
    out.element("vr:ObjectType", &[], &kind);
    out.start("vr:ValidationObjectRepresentation", &[]);
}

/// Time-stamps of signatures, then those of the document.
fn timestamps(report: &Report) -> impl Iterator<Item = &Timestamp> {
    let own = report.signatures.iter().flat_map(|one| &one.timestamps);
    own.chain(&report.timestamps)
        .chain(&report.evidence_records)
}
