//! TSTInfo: what a time-stamping authority states.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, AlgorithmIdentifier, Mode, Oid, Reader, Tag, Tlv};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::time::UnixTime;
use std::sync::Arc;

/// The `TSTInfo` type is defined in [RFC 3161 Section 2.4.2].
///
/// ```text
/// TSTInfo ::= SEQUENCE {
///   version        INTEGER { v1(1) },
///   policy         TSAPolicyId,
///   messageImprint MessageImprint,
///   serialNumber   INTEGER,
///   genTime        GeneralizedTime,
///   accuracy       Accuracy OPTIONAL,
///   ordering       BOOLEAN DEFAULT FALSE,
///   nonce          INTEGER OPTIONAL,
///   tsa            [0] GeneralName OPTIONAL,
///   extensions     [1] IMPLICIT Extensions OPTIONAL }
/// ```
///
/// [RFC 3161 Section 2.4.2]: https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    /// Policy of the authority.
    pub policy: Oid,
    /// What was time-stamped.
    pub message_imprint: MessageImprint,
    /// Content octets of the serial number.
    pub serial_number: Arc<[u8]>,
    /// The time.
    pub gen_time: UnixTime,
    /// How far the time may be off.
    pub accuracy: Option<Accuracy>,
    /// Whether tokens of this authority are ordered by their times whatever the accuracy.
    pub ordering: bool,
    /// Content octets of the number from the request.
    pub nonce: Option<Arc<[u8]>>,
    /// The `GeneralName` of the authority as stored: a hint.
    pub tsa: Option<Arc<[u8]>>,
    /// Extensions.
    pub extensions: Vec<Extension>,
    /// Whether a default value is written out, which DER forbids (X.690 §11.5).
    pub is_default_written: bool,
}

/// The `MessageImprint` type is defined in [RFC 3161 Section 2.4.1].
///
/// ```text
/// MessageImprint ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier,
///   hashedMessage OCTET STRING }
/// ```
///
/// [RFC 3161 Section 2.4.1]: https://www.rfc-editor.org/rfc/rfc3161#section-2.4.1
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageImprint {
    /// Digest algorithm, or the name of one that is not implemented.
    pub hash_algorithm: Result<DigestAlgorithm, Unsupported>,
    /// The digest, as long as the algorithm makes it.
    pub hashed_message: Vec<u8>,
}

/// The `Accuracy` type is defined in [RFC 3161 Section 2.4.2].
///
/// ```text
/// Accuracy ::= SEQUENCE {
///   seconds INTEGER OPTIONAL,
///   millis  [0] INTEGER (1..999) OPTIONAL,
///   micros  [1] INTEGER (1..999) OPTIONAL }
/// ```
///
/// [RFC 3161 Section 2.4.2]: https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Seconds.
    pub seconds: u64,
    /// Milliseconds, 0 to 999.
    pub millis: u64,
    /// Microseconds, 0 to 999.
    pub micros: u64,
}

/// The `Extension` type is defined in [RFC 5280 Section 4.1].
///
/// ```text
/// Extension ::= SEQUENCE {
///   extnID    OBJECT IDENTIFIER,
///   critical  BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which.
    pub extn_id: Oid,
    /// Whether it must be understood.
    pub critical: bool,
    /// Its value.
    pub extn_value: Vec<u8>,
}

/// qcStatements, RFC 3739 §3.2.6.
const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
/// esi4-qtstStatement-1, EN 319 422 §9.1: issued as a qualified time-stamp.
const QUALIFIED: &str = "0.4.0.19422.1.1";

impl TstInfo {
    /// Reads a TSTInfo in DER.
    ///
    /// # Errors
    /// [`Malformed`], or a limit.
    ///
    /// # Standard
    /// RFC 3161 §2.4.2.
    pub fn parse(bytes: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        asn1::check_tree(bytes, Mode::Der, budget)?;
        let mut reader = Reader::der(bytes);
        let info = reader.read(Tag::SEQUENCE)?;
        reader.finish()?;
        let mut fields = info.reader();
        let version = fields.read(Tag::INTEGER)?;
        let number = version.small_integer()?;
        if number != 1 {
            return Err(version
                .wrong(MalformedKind::TimestampStructure)
                .compared(1, number)
                .into());
        }
        let policy = fields.read(Tag::OID)?.oid()?;
        let message_imprint = MessageImprint::parse(&fields.read(Tag::SEQUENCE)?)?;
        let serial_number = Arc::from(fields.read(Tag::INTEGER)?.integer()?);
        let gen_time = fields.read(Tag::GENERALIZED_TIME)?.time()?;
        let accuracy = fields
            .optional(Tag::SEQUENCE)?
            .map(|tlv| Accuracy::parse(&tlv))
            .transpose()?;
        let ordering = fields
            .optional(Tag::BOOLEAN)?
            .map(|tlv| tlv.boolean())
            .transpose()?;
        let nonce = fields
            .optional(Tag::INTEGER)?
            .map(|tlv| tlv.integer().map(Arc::from))
            .transpose()?;
        let tsa = fields
            .optional(Tag::context_constructed(0))?
            .map(|tlv| tlv.explicit().map(|name| Arc::from(name.whole)))
            .transpose()?;
        let mut extensions = Vec::new();
        let mut is_default_written = ordering == Some(false);
        if let Some(list) = fields.optional(Tag::context_constructed(1))? {
            let mut list = list.reader();
            while !list.is_empty() {
                let (extension, is_written) = Extension::parse(&list.read(Tag::SEQUENCE)?)?;
                is_default_written |= is_written;
                extensions.push(extension);
            }
        }
        fields.finish()?;
        Ok(Self {
            policy,
            message_imprint,
            serial_number,
            gen_time,
            accuracy,
            ordering: ordering.unwrap_or(false),
            nonce,
            tsa,
            extensions,
            is_default_written,
        })
    }

    /// The `Name` of the authority, where [`Self::tsa`] is a directoryName.
    #[must_use]
    pub fn tsa_name(&self) -> Option<&[u8]> {
        let mut reader = Reader::der(self.tsa.as_deref()?);
        let name = reader.read(Tag::context_constructed(4)).ok()?;
        Some(name.explicit().ok()?.whole)
    }

    /// Whether the authority states that this is a qualified time-stamp. A claim.
    ///
    /// # Standard
    /// EN 319 422 §9.1.
    #[must_use]
    pub fn has_qualified_statement(&self) -> bool {
        let mut values = self
            .extensions
            .iter()
            .filter(|extension| extension.extn_id.is(QC_STATEMENTS));
        values.any(|extension| states_qualified(&extension.extn_value).unwrap_or(false))
    }

    /// The first critical extension that is not known here.
    #[must_use]
    pub fn unknown_critical_extension(&self) -> Option<&Oid> {
        let mut critical = self
            .extensions
            .iter()
            .filter(|extension| extension.critical);
        critical
            .find(|extension| !extension.extn_id.is(QC_STATEMENTS))
            .map(|extension| &extension.extn_id)
    }
}

fn states_qualified(value: &[u8]) -> Result<bool, Malformed> {
    let mut reader = Reader::der(value);
    let mut list = reader.read(Tag::SEQUENCE)?.reader();
    reader.finish()?;
    while !list.is_empty() {
        if list
            .read(Tag::SEQUENCE)?
            .reader()
            .read(Tag::OID)?
            .oid()?
            .is(QUALIFIED)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

impl MessageImprint {
    pub(super) fn parse(tlv: &Tlv<'_>) -> Result<Self, Error> {
        let mut fields = tlv.reader();
        let identifier = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let message = fields.read(Tag::OCTET_STRING)?;
        fields.finish()?;
        let hash_algorithm = match identifier.digest_algorithm() {
            Ok(algorithm) => Ok(algorithm),
            Err(Error::Unsupported(unsupported)) => Err(unsupported),
            Err(other) => return Err(other),
        };
        let hashed_message = message.octet_string()?.into_owned();
        // RFC 3161 §2.4.1: its length MUST match the length of the hash value for that algorithm.
        if let Ok(algorithm) = &hash_algorithm
            && algorithm.output_len() != hashed_message.len()
        {
            let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
            return Err(message
                .wrong(MalformedKind::TimestampStructure)
                .compared(length(algorithm.output_len()), length(hashed_message.len()))
                .into());
        }
        Ok(Self {
            hash_algorithm,
            hashed_message,
        })
    }
}

impl Accuracy {
    fn parse(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut fields = tlv.reader();
        let seconds = fields.optional(Tag::INTEGER)?;
        let seconds = seconds.map_or(Ok(0), |tlv| tlv.small_integer())?;
        let mut part = |number| -> Result<u64, Malformed> {
            let Some(tlv) = fields.optional(Tag::context(number))? else {
                return Ok(0);
            };
            // [n] IMPLICIT INTEGER (1..999): at most two octets, not negative.
            match *tlv.content {
                [low @ 1..=0x7f] => Ok(u64::from(low)),
                [high @ 0..=3, low] if (high > 0 || low >= 0x80) && (high < 3 || low <= 0xe7) => {
                    Ok(u64::from(high) * 256 + u64::from(low))
                }
                _ => Err(tlv.wrong(MalformedKind::TimestampStructure)),
            }
        };
        let (millis, micros) = (part(0)?, part(1)?);
        fields.finish()?;
        Ok(Self {
            seconds,
            millis,
            micros,
        })
    }

    /// All of it in microseconds.
    #[must_use]
    pub fn microseconds(&self) -> u64 {
        self.seconds
            .saturating_mul(1_000_000)
            .saturating_add(self.millis.saturating_mul(1000))
            .saturating_add(self.micros)
    }
}

impl Extension {
    /// The extension, and whether its default is written out.
    fn parse(tlv: &Tlv<'_>) -> Result<(Self, bool), Malformed> {
        let mut fields = tlv.reader();
        let extn_id = fields.read(Tag::OID)?.oid()?;
        let critical = fields.optional(Tag::BOOLEAN)?;
        let critical = critical.map(|tlv| tlv.boolean()).transpose()?;
        let extn_value = fields.read(Tag::OCTET_STRING)?.octet_string()?.into_owned();
        fields.finish()?;
        let extension = Self {
            extn_id,
            critical: critical.unwrap_or(false),
            extn_value,
        };
        Ok((extension, critical == Some(false)))
    }
}
