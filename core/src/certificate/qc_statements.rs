//! What a certificate says about its own qualification: claims, not findings.

use super::general_name::GeneralName;
use crate::asn1::{Oid, Tag, Tlv};
use crate::error::Malformed;
use std::sync::Arc;

/// The statements of a qualified certificate.
///
/// ```text
/// QCStatements ::= SEQUENCE OF QCStatement
/// QCStatement ::= SEQUENCE {
///   statementId   OBJECT IDENTIFIER,
///   statementInfo ANY DEFINED BY statementId OPTIONAL }
/// ```
///
/// # Standard
/// RFC 3739 §3.2.6, EN 319 412-5 §4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QcStatements {
    /// `QcCompliance`: qualified, under EU law unless [`QcStatements::legislation`] says another.
    pub compliance: bool,
    /// `QcLimitValue`: limit of transactions.
    pub limit_value: Option<MonetaryValue>,
    /// `QcRetentionPeriod`: years that documents are kept.
    pub retention_years: Option<u64>,
    /// `QcSSCD`: the key is in a qualified signature creation device.
    pub qscd: bool,
    /// `QcPDS`: disclosure statements.
    pub disclosures: Vec<Disclosure>,
    /// `QcType`: what the certificate is for.
    pub types: Vec<QcType>,
    /// `QcCClegislation`: countries under whose law it is qualified.
    pub legislation: Vec<String>,
    /// `QcIdentMethod`: how the person was identified.
    pub identification_methods: Vec<Oid>,
    /// `QcQSCDlegislation`: countries under whose law the device is qualified.
    pub qscd_legislation: Vec<String>,
    /// The PSD2 statement (TS 119 495), its value's original bytes.
    pub psd2: Option<Vec<u8>>,
    /// Semantics identifiers (EN 319 412-1 §5): what the identifiers in the subject mean.
    pub semantics: Vec<Oid>,
    /// Names of registration authorities beside the semantics.
    pub name_registration_authorities: Vec<GeneralName>,
    /// Statements that are not known here.
    pub unknown: Vec<Oid>,
    /// Whether the extension is marked critical.
    pub critical: bool,
}

/// An amount of money: `amount · 10^exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonetaryValue {
    /// ISO 4217 code, in letters or as a number.
    pub currency: String,
    /// Amount.
    pub amount: u64,
    /// Exponent.
    pub exponent: u64,
}

/// A disclosure statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Its address.
    pub uri: String,
    /// ISO 639-1 code of its language.
    pub language: String,
}

/// What a qualified certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QcType {
    /// Electronic signatures.
    Esign,
    /// Electronic seals.
    Eseal,
    /// Web site authentication.
    Web,
    /// Another one.
    Other(Oid),
}

impl QcStatements {
    pub(crate) fn from_tlv(
        source: &Arc<[u8]>,
        tlv: &Tlv<'_>,
        critical: bool,
    ) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let mut statements = Self {
            critical,
            ..Self::default()
        };
        while !reader.is_empty() {
            let mut statement = reader.read(Tag::SEQUENCE)?.reader();
            let oid = statement.read(Tag::OID)?.oid()?;
            let info = if statement.is_empty() {
                None
            } else {
                Some(statement.read_any()?)
            };
            statement.finish()?;
            statements.take(source, oid, info)?;
        }
        Ok(statements)
    }

    fn take(
        &mut self,
        source: &Arc<[u8]>,
        oid: Oid,
        info: Option<Tlv<'_>>,
    ) -> Result<(), Malformed> {
        match (oid.to_string().as_str(), info) {
            ("0.4.0.1862.1.1", _) => self.compliance = true,
            ("0.4.0.1862.1.2", Some(info)) => self.limit_value = Some(monetary(&info)?),
            ("0.4.0.1862.1.3", Some(info)) => self.retention_years = Some(info.small_integer()?),
            ("0.4.0.1862.1.4", _) => self.qscd = true,
            ("0.4.0.1862.1.5", Some(info)) => self.disclosures = disclosures(&info)?,
            ("0.4.0.1862.1.6", Some(info)) => {
                self.types = oids(&info)?.into_iter().map(QcType::from_oid).collect();
            }
            ("0.4.0.1862.1.7", Some(info)) => self.legislation = countries(&info)?,
            ("0.4.0.1862.1.8", Some(info)) => self.identification_methods = oids(&info)?,
            ("0.4.0.1862.1.9", Some(info)) => self.qscd_legislation = countries(&info)?,
            ("0.4.0.19495.2", Some(info)) => self.psd2 = Some(info.whole.to_vec()),
            ("1.3.6.1.5.5.7.11.1" | "1.3.6.1.5.5.7.11.2", info) => {
                if let Some(info) = info {
                    self.semantics(source, &info)?;
                }
            }
            _ => self.unknown.push(oid),
        }
        Ok(())
    }

    /// ```text
    /// SemanticsInformation ::= SEQUENCE {
    ///   semanticsIdentifier         OBJECT IDENTIFIER OPTIONAL,
    ///   nameRegistrationAuthorities SEQUENCE SIZE (1..MAX) OF GeneralName OPTIONAL }
    /// ```
    fn semantics(&mut self, source: &Arc<[u8]>, info: &Tlv<'_>) -> Result<(), Malformed> {
        let mut fields = info.reader();
        if let Some(oid) = fields.optional(Tag::OID)? {
            self.semantics.push(oid.oid()?);
        }
        if let Some(names) = fields.optional(Tag::SEQUENCE)? {
            let names = GeneralName::list(source, &names)?;
            self.name_registration_authorities.extend(names);
        }
        fields.finish()
    }
}

impl QcType {
    fn from_oid(oid: Oid) -> Self {
        if oid.is("0.4.0.1862.1.6.1") {
            Self::Esign
        } else if oid.is("0.4.0.1862.1.6.2") {
            Self::Eseal
        } else if oid.is("0.4.0.1862.1.6.3") {
            Self::Web
        } else {
            Self::Other(oid)
        }
    }
}

/// `MonetaryValue ::= SEQUENCE { currency CHOICE { alphabetic PrintableString, numeric INTEGER },
/// amount INTEGER, exponent INTEGER }`.
fn monetary(info: &Tlv<'_>) -> Result<MonetaryValue, Malformed> {
    let mut fields = info.reader();
    let currency = fields.read_any()?;
    let currency = if currency.tag == Tag::INTEGER {
        currency.small_integer()?.to_string()
    } else {
        currency.text()?
    };
    let value = MonetaryValue {
        currency,
        amount: fields.read(Tag::INTEGER)?.small_integer()?,
        exponent: fields.read(Tag::INTEGER)?.small_integer()?,
    };
    fields.finish()?;
    Ok(value)
}

/// `SEQUENCE OF SEQUENCE { url IA5String, language PrintableString }`.
fn disclosures(info: &Tlv<'_>) -> Result<Vec<Disclosure>, Malformed> {
    let mut reader = info.reader();
    let mut list = Vec::new();
    while !reader.is_empty() {
        let mut location = reader.read(Tag::SEQUENCE)?.reader();
        list.push(Disclosure {
            uri: location.read_any()?.text()?,
            language: location.read_any()?.text()?,
        });
        location.finish()?;
    }
    Ok(list)
}

fn oids(info: &Tlv<'_>) -> Result<Vec<Oid>, Malformed> {
    let mut reader = info.reader();
    let mut list = Vec::new();
    while !reader.is_empty() {
        list.push(reader.read(Tag::OID)?.oid()?);
    }
    Ok(list)
}

fn countries(info: &Tlv<'_>) -> Result<Vec<String>, Malformed> {
    let mut reader = info.reader();
    let mut list = Vec::new();
    while !reader.is_empty() {
        list.push(reader.read_any()?.text()?);
    }
    Ok(list)
}
