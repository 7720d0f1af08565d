//! A case with the options that it implies by the contract, as files and words.
//!
//! Every door of the library is given the same: this process, and the packages of other languages.

use super::case::{Case, Corpora};
use super::run::Failure;
use imza::job::Seed;
use imza::limits::Budget;
use imza::pdf::Password;
use imza::policy::RevocationRequirement;
use imza::reading::{
    Network, Settings, TrustFile, Validation, ValidationRequest, read_key, recognise_material,
};
use imza::report::Report;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::vocabulary::Purpose;
use serde_json::{Value, json};

/// The time of cases that state none: for them it does not matter, or was the day of their making.
/// A fixed one, so that a run says the same every day.
pub(super) const UNSTATED_TIME: &str = "2026-11-01T00:00:00Z";

/// What a door is given. Paths are relative to the folder of the corpora.
pub(crate) struct Setup {
    corpora: Corpora,
    document: String,
    /// Names that references use, and files.
    detached: Vec<(String, String)>,
    trust: Vec<(String, Option<Purpose>)>,
    evidence: Vec<String>,
    keys: Vec<String>,
    policy: Option<&'static str>,
    revocation: Option<RevocationRequirement>,
    time: String,
    password: Option<String>,
}

impl Setup {
    /// Reads every file once: material of cases that cannot be read is left out, as some suites
    /// give broken certificates.
    pub(super) fn of(case: &Case, corpora: &Corpora) -> Result<Self, Failure> {
        let document = case.document.as_ref().or(case.files.first());
        let document = document.ok_or_else(|| "no document is named".to_owned())?;
        let mut setup = Self {
            corpora: corpora.clone(),
            document: document.clone(),
            detached: Vec::new(),
            trust: Vec::new(),
            evidence: Vec::new(),
            keys: Vec::new(),
            policy: None,
            revocation: None,
            time: UNSTATED_TIME.to_owned(),
            password: case.password.clone(),
        };
        for path in &case.detached {
            setup
                .detached
                .push((base_name(path).to_owned(), path.clone()));
        }
        for (uri, path) in &case.uri_map {
            let path = path.as_str().unwrap_or_default();
            setup.detached.push((uri.clone(), path.to_owned()));
        }
        for path in case.anchors() {
            setup.add_anchors(path, None)?;
        }
        for path in &case.ts_trust_anchors {
            setup.add_anchors(path, Some(Purpose::Timestamping))?;
        }
        let lists = [
            &case.adjunct_certs,
            &case.intermediates,
            &case.crls,
            &case.ocsps,
        ];
        for path in lists.into_iter().flatten() {
            if is_material(&corpora.read(path)?) {
                setup.evidence.push(path.clone());
            }
        }
        for path in &case.keys {
            setup.add_keys(path)?;
        }
        if case.kind == "xmldsig" {
            setup.beside(case)?;
        }
        if case.kind == "cms/cades" && setup.detached.is_empty() {
            setup.content(case)?;
        }
        // The corpora ask to allow the algorithms of old XML signatures by policy: this format knows
        // SHA-1 only, and its own library warns of it.
        if case.kind == "ddoc" {
            setup.policy = Some("historic");
        }
        let wanted = case.facts.get("revocation_policy").and_then(Value::as_str);
        if wanted.is_some_and(|wanted| wanted.contains("SOFT")) {
            setup.revocation = Some(RevocationRequirement::Soft);
        }
        if let Some(time) = &case.validation_time {
            setup.time.clone_from(time);
        }
        Ok(setup)
    }

    fn add_anchors(&mut self, path: &str, purpose: Option<Purpose>) -> Result<(), Failure> {
        let octets = self.corpora.read(path)?;
        if TrustSet::read_anchors(&octets, &mut Budget::default()).is_ok() {
            self.trust.push((path.to_owned(), purpose));
        }
        Ok(())
    }

    /// Public keys, or those of certificates; private and symmetric keys are none.
    fn add_keys(&mut self, path: &str) -> Result<(), Failure> {
        let octets = self.corpora.read(path)?;
        if read_key(&octets, &mut Budget::default()).is_ok() {
            self.keys.push(path.to_owned());
        }
        Ok(())
    }

    /// The content of a message that has none inside: some suites give it as a further file and do
    /// not say that it is one.
    fn content(&mut self, case: &Case) -> Result<(), Failure> {
        for path in case.files.iter().filter(|path| **path != self.document) {
            if !is_material(&self.corpora.read(path)?) {
                let name = base_name(path).to_owned();
                self.detached.push((name, path.clone()));
            }
        }
        Ok(())
    }

    /// The further files that a case of plain XML signatures needs: certificates and lists are
    /// material, and where the case gives no key, their keys are those to verify with; the rest is
    /// what external references lead to, by the way from the document to it.
    fn beside(&mut self, case: &Case) -> Result<(), Failure> {
        let mut other = Vec::new();
        for path in &case.files {
            let is_named = *path == self.document
                || case.detached.contains(path)
                || case.uri_map.values().any(|named| named == path.as_str());
            if is_named {
                continue;
            }
            if is_material(&self.corpora.read(path)?) {
                self.evidence.push(path.clone());
                if case.keys.is_empty() {
                    self.add_keys(path)?;
                }
            } else {
                other.push((way(&self.document, path), path.clone()));
            }
        }
        // A reference without an address means the one document that there is: where the signature
        // names none of them, that is the first.
        let text = self.corpora.read(&self.document)?;
        let text = String::from_utf8_lossy(&text);
        let is_named = |(way, _): &(String, String)| text.contains(base_name(way));
        match other.iter().any(is_named) {
            true => self.detached.extend(other.into_iter().filter(is_named)),
            false => self.detached.extend(other.into_iter().take(1)),
        }
        Ok(())
    }

    /// Judges it in this process, all bytes at hand.
    pub(crate) fn judge(&self) -> Result<Report, Failure> {
        let read = |path: &String| self.corpora.read(path);
        let time = UnixTime::from_rfc3339(&self.time)
            .map_err(|error| format!("{}: {error}", self.time))?;
        let mut settings = Settings::at(time);
        for (path, purpose) in &self.trust {
            settings.trust.push(TrustFile {
                octets: read(path)?,
                purpose: *purpose,
            });
        }
        for path in &self.evidence {
            settings.evidence.push(read(path)?);
        }
        for path in &self.keys {
            settings.keys.push(read(path)?);
        }
        settings.policy = self.policy.map(ToOwned::to_owned);
        settings.revocation = self.revocation;
        let prepared = settings.read()?;
        let mut inputs = vec![(base_name(&self.document), read(&self.document)?)];
        for (name, path) in &self.detached {
            inputs.push((name, read(path)?));
        }
        let request = ValidationRequest {
            inputs: inputs
                .iter()
                .map(|(name, octets)| Input::at_hand(*name, octets.as_slice()))
                .collect(),
            given: prepared.given,
            keys: prepared.keys,
            seed: Seed::new([0; 32]),
            network: Network::Offline,
        };
        let password = self.password.as_deref().map(Password::new);
        let job = Validation::begin(request, prepared.context)?.with_password(password);
        let mut transport = Memory::new(inputs.into_iter().map(|(_, octets)| octets));
        Ok(drive(job, &mut transport)?.report)
    }

    /// The same as data, with whole paths.
    pub(crate) fn job(&self) -> Value {
        let whole = |path: &String| self.corpora.path(path);
        let named = |name: &str, path| json!({ "name": name, "path": whole(path) });
        let detached = self.detached.iter();
        let trust = self.trust.iter();
        json!({
            "document": named(base_name(&self.document), &self.document),
            "detached": detached.map(|(name, path)| named(name, path)).collect::<Vec<_>>(),
            "trust": trust.map(|(path, purpose)| json!({
                "path": whole(path),
                "purpose": purpose.map(Purpose::as_str),
            })).collect::<Vec<_>>(),
            "evidence": self.evidence.iter().map(whole).collect::<Vec<_>>(),
            "keys": self.keys.iter().map(whole).collect::<Vec<_>>(),
            "policy": self.policy,
            "revocation": self.revocation.map(|_| "soft"),
            "validation_time": self.time,
        })
    }
}

fn is_material(octets: &[u8]) -> bool {
    recognise_material(octets, &mut Budget::default()).is_ok_and(|found| !found.is_empty())
}

/// A path relative to the folder of a document.
fn way(document: &str, path: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.split('/').map(str::to_owned).collect()
    };
    let (from, to) = (folders(document), folders(path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..");
    let down = to.iter().skip(common).map(String::as_str);
    let segments: Vec<&str> = up.chain(down).chain([base_name(path)]).collect();
    segments.join("/")
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn ways_lead_from_the_folder_of_the_document() {
        assert_eq!(way("a/b/c.xml", "a/d/e.txt"), "../d/e.txt");
        assert_eq!(way("a/b/c.xml", "a/b/e.txt"), "e.txt");
        assert_eq!(way("c.xml", "e.txt"), "e.txt");
    }
}
