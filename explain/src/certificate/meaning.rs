//! What the words and object identifiers in a certificate mean to a person.

use super::phrase::CertificatePhrase;
use crate::sink::{name, terminal};
use crate::words::{Explained, Value, Words, key_of};
use imza::report::{Certificate, CertificateFacts, IdentifierFacts};
use imza::time::UnixTime;
use imza::vocabulary::{Purpose, SubIndication};

/// Purposes of an extended key usage that have a name, by object identifier.
const PURPOSES: &[(&str, &str)] = &[
    ("2.5.29.37.0", "any"),
    ("1.3.6.1.5.5.7.3.1", "tls-server"),
    ("1.3.6.1.5.5.7.3.2", "tls-client"),
    ("1.3.6.1.5.5.7.3.3", "code"),
    ("1.3.6.1.5.5.7.3.4", "mail"),
    ("1.3.6.1.5.5.7.3.8", "timestamping"),
    ("1.3.6.1.5.5.7.3.9", "ocsp"),
    ("1.3.6.1.5.5.7.3.36", "documents"),
    ("1.2.840.113583.1.1.5", "documents"),
];

/// Policies that have a name (EN 319 411-1, EN 319 411-2), by object identifier.
const POLICIES: &[(&str, &str)] = &[
    ("2.5.29.32.0", "any"),
    ("0.4.0.194112.1.0", "qcp-n"),
    ("0.4.0.194112.1.1", "qcp-l"),
    ("0.4.0.194112.1.2", "qcp-n-qscd"),
    ("0.4.0.194112.1.3", "qcp-l-qscd"),
    ("0.4.0.194112.1.4", "qcp-w"),
    ("0.4.0.2042.1.1", "ncp"),
    ("0.4.0.2042.1.2", "ncp-plus"),
    ("0.4.0.2042.1.3", "lcp"),
];

/// Sub-indications whose words differ where there is no signature to speak of.
pub(crate) const SUBS: &[SubIndication] = &[
    SubIndication::NoCertificateChainFound,
    SubIndication::NoCertificateChainFoundNoPoe,
    SubIndication::CertificateChainGeneralFailure,
    SubIndication::ChainConstraintsFailure,
    SubIndication::RevokedNoPoe,
    SubIndication::RevokedCaNoPoe,
    SubIndication::TryLater,
    SubIndication::OutOfBoundsNotRevoked,
    SubIndication::OutOfBoundsNoPoe,
    SubIndication::RevocationOutOfBoundsNoPoe,
    SubIndication::CryptoConstraintsFailureNoPoe,
    SubIndication::Custom,
];

fn named(list: &[(&str, &'static str)], oid: &str) -> Option<&'static str> {
    let found = list.iter().find(|(known, _)| *known == oid);
    found.map(|(_, word)| *word)
}

impl Words {
    pub(crate) fn certificate(&self, phrase: CertificatePhrase) -> String {
        self.message(phrase.key(), &[])
    }

    pub(crate) fn certificate_with(
        &self,
        phrase: CertificatePhrase,
        values: &[(&str, Value<'_>)],
    ) -> String {
        self.message(phrase.key(), values)
    }

    fn certificate_word(&self, phrase: CertificatePhrase, of: &str, word: &str) -> String {
        self.certificate_with(phrase, &[(of, Value::Text(word))])
    }

    /// What a sub-indication means for a certificate alone, and what to do.
    pub(crate) fn certificate_sub(&self, sub: SubIndication) -> Explained {
        if !SUBS.contains(&sub) {
            return self.sub_indication(sub);
        }
        let key = key_of("certificate-sub", sub.as_str());
        Explained {
            what: self.message(&key, &[]),
            advice: self.advice(&key, &[]).unwrap_or_default(),
        }
    }

    /// The person or the subject of a certificate.
    pub(crate) fn certificate_owner(&self, certificate: &Certificate) -> String {
        match &certificate.person {
            Some(person) => terminal(&name(&person.name)),
            None if certificate.subject.is_empty() => self.certificate(CertificatePhrase::Nameless),
            None => terminal(&name(&certificate.subject)),
        }
    }

    pub(crate) fn certificate_identifier(&self, identifier: &IdentifierFacts) -> String {
        let kind = terminal(identifier.kind.as_deref().unwrap_or("none"));
        let kind = self.certificate_word(CertificatePhrase::IdentifierKind, "kind", &kind);
        let country = match identifier.country.as_deref() {
            Some(country) => terminal(country),
            None => self.certificate(CertificatePhrase::NoCountry),
        };
        let phrase = match identifier.checksum {
            "failed" => CertificatePhrase::IdentifierWrong,
            _ => CertificatePhrase::Identifier,
        };
        let value = terminal(&identifier.value);
        self.certificate_with(
            phrase,
            &[
                ("value", Value::Text(&value)),
                ("kind", Value::Text(&kind)),
                ("country", Value::Text(&country)),
            ],
        )
    }

    pub(crate) fn certificate_period(&self, from: UnixTime, until: UnixTime) -> String {
        let (from, until) = (self.moment(from), self.moment(until));
        self.certificate_with(
            CertificatePhrase::Period,
            &[("from", Value::Text(&from)), ("until", Value::Text(&until))],
        )
    }

    /// What a certificate is for, each use once.
    pub(crate) fn certificate_uses(&self, facts: &CertificateFacts) -> Vec<String> {
        let mut uses = Vec::new();
        if facts.is_authority {
            uses.push(self.certificate(CertificatePhrase::Authority));
        }
        let claims = facts.qualification.as_ref();
        for kind in claims.into_iter().flat_map(|claims| &claims.types) {
            let kind = terminal(kind);
            uses.push(self.certificate_word(CertificatePhrase::Type, "type", &kind));
        }
        match &facts.key_usage {
            None => uses.push(self.certificate(CertificatePhrase::AnyUse)),
            Some(bits) => {
                for bit in bits {
                    uses.push(self.certificate_word(CertificatePhrase::Usage, "bit", bit));
                }
            }
        }
        for oid in facts.extended_key_usage.iter().flatten() {
            uses.push(match named(PURPOSES, oid) {
                Some(word) => self.certificate_word(CertificatePhrase::Purpose, "purpose", word),
                None => terminal(oid),
            });
        }
        uses
    }

    pub(crate) fn certificate_policy(&self, oid: &str) -> String {
        let shown = terminal(oid);
        match named(POLICIES, oid) {
            Some(word) => {
                let meaning = self.certificate_word(CertificatePhrase::Policy, "policy", word);
                format!("{shown}: {meaning}")
            }
            None => shown,
        }
    }

    /// What a certificate says of its qualification.
    pub(crate) fn certificate_qualification(&self, facts: &CertificateFacts) -> String {
        let claims = facts.qualification.as_ref();
        let Some(claims) = claims.filter(|claims| claims.qualified) else {
            return self.certificate(CertificatePhrase::QualifiedNot);
        };
        let law = match claims.legislation.as_slice() {
            [] => self.certificate(CertificatePhrase::QualifiedUnion),
            countries => {
                let countries = terminal(&countries.join(", "));
                let values = [("countries", Value::Text(countries.as_str()))];
                self.certificate_with(CertificatePhrase::QualifiedUnder, &values)
            }
        };
        let device = self.certificate(match claims.qualified_device {
            true => CertificatePhrase::Device,
            false => CertificatePhrase::DeviceNot,
        });
        let decides = self.certificate(CertificatePhrase::ListDecides);
        format!("{law}; {device}; {decides}")
    }

    /// `RSA, 2048 bits` in words.
    pub(crate) fn certificate_key(&self, key: &str) -> String {
        let parts = key
            .strip_suffix(" bits")
            .and_then(|key| key.rsplit_once(", "))
            .and_then(|(kind, bits)| Some((kind, bits.parse().ok()?)));
        match parts {
            Some((kind, bits)) => self.certificate_with(
                CertificatePhrase::Bits,
                &[
                    ("kind", Value::Text(&terminal(kind))),
                    ("count", Value::Number(bits)),
                ],
            ),
            // Why it cannot be read.
            None => terminal(key),
        }
    }

    /// What a certificate was to be used for.
    pub(crate) fn certificate_role(&self, purpose: Option<Purpose>) -> String {
        let word = match purpose {
            None => "any",
            Some(Purpose::Timestamping) => "timestamping",
            Some(Purpose::Ocsp) => "ocsp",
            Some(_) => "documents",
        };
        self.certificate_word(CertificatePhrase::Purpose, "purpose", word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_of_a_list_is_told_in_every_language() {
        let bits = [
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly",
        ];
        let kinds = [
            "PNO", "FIN", "VOEN", "IIN", "BIN", "TCKN", "VKN", "IDC", "PAS", "TAX", "TIN", "VAT",
            "NTR", "PSD", "LEI",
        ];
        let words = |list: &[(&str, &'static str)]| -> Vec<&'static str> {
            let all: BTreeSet<_> = list.iter().map(|(_, word)| *word).collect();
            all.into_iter().collect()
        };
        for language in Language::ALL {
            let said = Words::new(*language);
            for (phrase, of, list) in [
                (CertificatePhrase::Usage, "bit", bits.to_vec()),
                (CertificatePhrase::IdentifierKind, "kind", kinds.to_vec()),
                (CertificatePhrase::Purpose, "purpose", words(PURPOSES)),
                (CertificatePhrase::Policy, "policy", words(POLICIES)),
                (
                    CertificatePhrase::Type,
                    "type",
                    vec!["esign", "eseal", "web"],
                ),
            ] {
                let text = |word: &&str| said.certificate_word(phrase, of, word);
                let texts: BTreeSet<String> = list.iter().map(text).collect();
                assert_eq!(texts.len(), list.len(), "{language}: {texts:?}");
                // What has no words of its own is told as it stands.
                assert!(list.iter().all(|word| text(word) != phrase.key()));
                let has_words = |word: &&str| *word == "mail" || text(word) != *word;
                assert!(list.iter().all(has_words), "{language}: {texts:?}");
            }
        }
    }

    #[test]
    fn a_key_that_cannot_be_read_is_told_as_it_is() {
        let words = Words::new(Language::Ru);
        assert_eq!(words.certificate_key("RSA, 2048 bits"), "RSA, 2048 бит");
        assert_eq!(
            words.certificate_key("EC P521, 521 bits"),
            "EC P521, 521 бит"
        );
        assert_eq!(words.certificate_key("no \u{1b} key"), "no \\u{1b} key");
    }
}
