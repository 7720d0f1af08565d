//! Augmentation: what raises the level of a signature is put between the octets that are there.
//!
//! Every member of the message keeps its octets, BER ones too; only the lengths of the values
//! around a new member are written anew, and nothing is digested over those. An addition that would
//! change what an older kind of archive time-stamp is over is refused.
//!
//! # Standard
//! EN 319 122-1 §5.3 (signature-time-stamp), §5.4 and §6.3 (validation data in SignedData), §5.5
//! (archive-time-stamp-v3).

use super::create::attribute;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::asn1::{Reader, Tag, Tlv};
use crate::cms::attribute_types::{
    ARCHIVE_TIMESTAMP_V1, ARCHIVE_TIMESTAMP_V2, ARCHIVE_TIMESTAMP_V3, ATS_HASH_INDEX_V3,
    EVIDENCE_RECORD_EXTERNAL, EVIDENCE_RECORD_INTERNAL, LONG_TERM_VALIDATION, OCSP_RESPONSE,
    SIGNATURE_TIMESTAMP,
};
use crate::cms::{SignedData, SignerInfo};
use crate::crypto;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::signature::ValidationData;

/// What the imprint of a new archive time-stamp is over, and what goes into its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveImprint {
    /// The octets that the authority's digest is over.
    pub input: Vec<u8>,
    /// The `ATSHashIndexV3` of what the message holds.
    pub hash_index: Vec<u8>,
}

/// The message with a signature-time-stamp more, for the SignerInfo at a place.
///
/// # Errors
/// [`ApiMisuse::ContradictoryParameters`] when there is no such SignerInfo; [`Unsupported`] under
/// an archive time-stamp of an older kind; as [`SignedData::parse`].
///
/// # Standard
/// EN 319 122-1 §5.3: over the value of the signature.
pub fn add_signature_timestamp(
    octets: &[u8],
    signer: usize,
    token: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let new = attribute(SIGNATURE_TIMESTAMP, token);
    add_unsigned_attribute(octets, signer, &new, budget)
}

/// The message with certificates and revocation data more, in the sets that all its signatures
/// share.
///
/// # Errors
/// As [`add_signature_timestamp`].
///
/// # Standard
/// EN 319 122-1 §5.4.2, §6.3 (q), (r); RFC 5940 §2.
pub fn add_validation_data(
    octets: &[u8],
    data: &ValidationData,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let before = SignedData::parse(octets, budget)?;
    check_age(&before)?;
    let message = Message::parse(&before.whole)?;
    let members = |set: &Option<Tlv<'_>>| -> Result<Vec<Vec<u8>>, Malformed> {
        set.as_ref().map_or(Ok(Vec::new()), members)
    };
    let mut certificates = members(&message.certificates)?;
    let mut revocation = members(&message.revocation)?;
    let add = |list: &mut Vec<Vec<u8>>, new: Vec<Vec<u8>>| {
        let was_sorted = list.is_sorted();
        for one in new {
            if !list.contains(&one) {
                list.push(one);
            }
        }
        if was_sorted {
            list.sort_unstable();
        }
    };
    let owned = |list: &[std::sync::Arc<[u8]>]| list.iter().map(|one| one.to_vec()).collect();
    add(&mut certificates, owned(&data.certificates));
    add(&mut revocation, owned(&data.crls));
    let ocsps = data.ocsps.iter().map(|response| {
        let format = write::oid(OCSP_RESPONSE);
        write::implicit_constructed(1, &[&format, response])
    });
    add(&mut revocation, ocsps.collect());
    let set = |number, list: &[Vec<u8>]| {
        let list: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
        (!list.is_empty()).then(|| write::implicit_constructed(number, &list))
    };
    // RFC 5652 §5.1: version 5 when a member of crls is of another form than a CRL.
    let version = if data.ocsps.is_empty() {
        None
    } else {
        Some(before.version.max(5))
    };
    let after = message.written(
        version,
        set(0, &certificates),
        set(1, &revocation),
        message.signers.whole,
    );
    unharmed(&before, after, budget)
}

/// What a new archive time-stamp of a signature is over.
///
/// `content_digest` is the digest of the content octets by `algorithm`, which the authority's
/// imprint must use too.
///
/// # Errors
/// As [`add_signature_timestamp`].
///
/// # Standard
/// EN 319 122-1 §5.5.2, §5.5.3.
pub fn archive_imprint(
    octets: &[u8],
    signer: usize,
    algorithm: DigestAlgorithm,
    content_digest: &[u8],
    budget: &mut Budget,
) -> Result<ArchiveImprint, Error> {
    let data = SignedData::parse(octets, budget)?;
    check_age(&data)?;
    let info = data.signer_infos.get(signer).ok_or_else(no_signer)?;
    let message = Message::parse(&data.whole)?;
    let digests = |values: Vec<Vec<u8>>| -> Result<Vec<u8>, Error> {
        let digests: Result<Vec<Vec<u8>>, Error> = values
            .iter()
            .map(|value| Ok(write::octet_string(&crypto::digest(algorithm, value)?)))
            .collect();
        let digests = digests?;
        let digests: Vec<&[u8]> = digests.iter().map(Vec::as_slice).collect();
        Ok(write::sequence(&digests))
    };
    let of_set = |set: &Option<Tlv<'_>>| set.as_ref().map_or(Ok(Vec::new()), members);
    let mut values = Vec::new();
    for one in info.unsigned_attrs.iter().flatten() {
        let attr_type = &one.attr_type_whole;
        let typed = one
            .attr_values
            .iter()
            .map(|value| [&attr_type[..], value].concat());
        values.extend(typed);
    }
    let hash_index = write::sequence(&[
        &write::digest_identifier(algorithm),
        &digests(of_set(&message.certificates)?)?,
        &digests(of_set(&message.revocation)?)?,
        &digests(values)?,
    ]);
    let input = [
        &data.econtent_type_whole,
        content_digest,
        &info.fields,
        &hash_index,
    ]
    .concat();
    Ok(ArchiveImprint { input, hash_index })
}

/// The message with an archive-time-stamp-v3 more; the hash index goes into its token.
///
/// # Errors
/// As [`add_signature_timestamp`].
///
/// # Standard
/// EN 319 122-1 §5.5.3.
pub fn add_archive_timestamp(
    octets: &[u8],
    signer: usize,
    token: &[u8],
    hash_index: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let index = attribute(ATS_HASH_INDEX_V3, hash_index);
    let token = add_unsigned_attribute(token, 0, &index, budget)?;
    let new = attribute(ARCHIVE_TIMESTAMP_V3, &token);
    add_unsigned_attribute(octets, signer, &new, budget)
}

fn add_unsigned_attribute(
    octets: &[u8],
    signer: usize,
    new: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let before = SignedData::parse(octets, budget)?;
    check_age(&before)?;
    let own = before.signer_infos.get(signer).ok_or_else(no_signer)?;
    let message = Message::parse(&before.whole)?;
    let mut signers = Vec::new();
    // The very same SignerInfo may stand there twice: one of them is meant.
    let others = before.signer_infos.iter().take(signer);
    let mut equal = others.filter(|one| one.whole == own.whole).count();
    let mut is_found = false;
    for member in members(&message.signers)? {
        let is_equal = !is_found && member.as_slice() == &*own.whole;
        match (is_equal, equal.checked_sub(1)) {
            (true, None) => {
                is_found = true;
                signers.push(with_attribute(&member, new)?);
            }
            (true, Some(fewer)) => {
                equal = fewer;
                signers.push(member);
            }
            (false, _) => signers.push(member),
        }
    }
    let signers: Vec<&[u8]> = signers.iter().map(Vec::as_slice).collect();
    let signers = write::set_as_given(&signers);
    let whole = |set: &Option<Tlv<'_>>| set.as_ref().map(|set| set.whole.to_vec());
    let (certificates, revocation) = (whole(&message.certificates), whole(&message.revocation));
    let after = message.written(None, certificates, revocation, &signers);
    unharmed(&before, after, budget)
}

/// A SignerInfo with an unsigned attribute behind those that are there.
fn with_attribute(signer: &[u8], new: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut fields = Reader::ber(signer).read(Tag::SEQUENCE)?.reader();
    let mut written = Vec::new();
    let mut attributes = Vec::new();
    while !fields.is_empty() {
        let field = fields.read_any()?;
        if field.tag == Tag::context_constructed(1) {
            attributes = members(&field)?;
        } else {
            written.push(field.whole);
        }
    }
    let was_sorted = attributes.is_sorted();
    attributes.push(new.to_vec());
    if was_sorted {
        attributes.sort_unstable();
    }
    let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    let attributes = write::implicit_constructed(1, &attributes);
    written.push(&attributes);
    Ok(write::sequence(&written))
}

/// A message taken apart into values that keep their octets.
pub(super) struct Message<'a> {
    content_type: Tlv<'a>,
    version: Tlv<'a>,
    /// `digestAlgorithms` and `encapContentInfo`.
    head: [Tlv<'a>; 2],
    pub(super) certificates: Option<Tlv<'a>>,
    pub(super) revocation: Option<Tlv<'a>>,
    pub(super) signers: Tlv<'a>,
}

impl<'a> Message<'a> {
    pub(super) fn parse(whole: &'a [u8]) -> Result<Self, Malformed> {
        let mut content_info = Reader::ber(whole).read(Tag::SEQUENCE)?.reader();
        let content_type = content_info.read(Tag::OID)?;
        let content = content_info.read(Tag::context_constructed(0))?.explicit()?;
        let mut fields = content.reader();
        Ok(Self {
            content_type,
            version: fields.read(Tag::INTEGER)?,
            head: [fields.read(Tag::SET)?, fields.read(Tag::SEQUENCE)?],
            certificates: fields.optional(Tag::context_constructed(0))?,
            revocation: fields.optional(Tag::context_constructed(1))?,
            signers: fields.read(Tag::SET)?,
        })
    }

    /// `encapContentInfo`.
    pub(super) fn content(&self) -> &Tlv<'a> {
        let [_, content] = &self.head;
        content
    }

    pub(super) fn written(
        &self,
        version: Option<u64>,
        certificates: Option<Vec<u8>>,
        revocation: Option<Vec<u8>>,
        signers: &[u8],
    ) -> Vec<u8> {
        let version = version.map_or_else(|| self.version.whole.to_vec(), write::integer);
        let [algorithms, content] = &self.head;
        let signed_data = write::sequence(&[
            &version,
            algorithms.whole,
            content.whole,
            &certificates.unwrap_or_default(),
            &revocation.unwrap_or_default(),
            signers,
        ]);
        write::sequence(&[self.content_type.whole, &write::explicit(0, &signed_data)])
    }
}

pub(super) fn members(set: &Tlv<'_>) -> Result<Vec<Vec<u8>>, Malformed> {
    let mut reader = set.reader();
    let mut members = Vec::new();
    while !reader.is_empty() {
        members.push(reader.read_any()?.whole.to_vec());
    }
    Ok(members)
}

/// EN 319 122-1 §A.2.4 and RFC 4998 §5: older archive time-stamps and evidence records are over the
/// message as it is, sets and all.
pub(super) fn check_age(data: &SignedData) -> Result<(), Error> {
    let closing = [
        ARCHIVE_TIMESTAMP_V1,
        ARCHIVE_TIMESTAMP_V2,
        LONG_TERM_VALIDATION,
        EVIDENCE_RECORD_INTERNAL,
        EVIDENCE_RECORD_EXTERNAL,
    ];
    let unsigned = |info: &SignerInfo| {
        let attributes = info.unsigned_attrs.as_ref();
        attributes.is_some_and(|found| closing.iter().any(|attr_type| found.has(attr_type)))
    };
    if data.signer_infos.iter().any(unsigned) {
        return Err(Unsupported::Feature("augmentation under an older archive time-stamp").into());
    }
    Ok(())
}

/// Whether everything that was there is there still, octet for octet.
fn unharmed(before: &SignedData, after: Vec<u8>, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let read = SignedData::parse_binary(&after, budget)?;
    let signers = before.signer_infos.iter().zip(&read.signer_infos);
    let is_unharmed = before.econtent == read.econtent
        && before.econtent_type_whole == read.econtent_type_whole
        && before.signer_infos.len() == read.signer_infos.len()
        && before.unreadable == read.unreadable
        && signers
            .into_iter()
            .all(|(old, new)| old.fields == new.fields)
        && has_all(&before.certificates, &read.certificates)
        && has_all(&before.other_certificates, &read.other_certificates)
        && has_all(&before.revocation, &read.revocation);
    if is_unharmed {
        Ok(after)
    } else {
        Err(Malformed::within(MalformedKind::CmsStructure, "SignedData").into())
    }
}

fn has_all<T: PartialEq>(before: &[T], after: &[T]) -> bool {
    before.iter().all(|one| after.contains(one))
}

fn no_signer() -> Error {
    ApiMisuse::ContradictoryParameters.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use imza_test_vectors::cades::{CadesSpec, sign};
    use imza_test_vectors::cms::Attribute;
    use imza_test_vectors::{Pki, der};

    const TIME: i64 = 1_781_000_000;

    /// A message, with an unsigned attribute of a type where wanted.
    fn message(attr_type: Option<&str>) -> Vec<u8> {
        let pki = Pki::fixed().unwrap();
        let spec = CadesSpec::detached(TIME);
        let mut signed = sign(&spec, b"content", &pki.citizen_p256).unwrap();
        if let Some(attr_type) = attr_type {
            let value = der::octet_string(b"x");
            signed.unsigned.push(Attribute::new(attr_type, value));
        }
        signed.der()
    }

    fn parse(octets: &[u8]) -> SignedData {
        SignedData::parse(octets, &mut Budget::default()).unwrap()
    }

    /// Another message stands for a token: it is any SignedData.
    fn token() -> Vec<u8> {
        message(None)
    }

    #[test]
    fn a_signer_that_is_not_there_gets_nothing() {
        let budget = &mut Budget::default();
        let octets = message(None);
        let refused = Error::from(ApiMisuse::ContradictoryParameters);
        assert_eq!(
            add_signature_timestamp(&octets, 1, &token(), budget),
            Err(refused.clone())
        );
        let algorithm = DigestAlgorithm::Sha256;
        assert_eq!(
            archive_imprint(&octets, 7, algorithm, &[0; 32], budget),
            Err(refused)
        );
    }

    #[test]
    fn what_an_older_archive_timestamp_is_over_is_left_alone() {
        let budget = &mut Budget::default();
        let data = ValidationData {
            certificates: vec![token().into()],
            ..ValidationData::default()
        };
        for closing in [
            ARCHIVE_TIMESTAMP_V1,
            ARCHIVE_TIMESTAMP_V2,
            LONG_TERM_VALIDATION,
            EVIDENCE_RECORD_INTERNAL,
            EVIDENCE_RECORD_EXTERNAL,
        ] {
            let octets = message(Some(closing));
            for refused in [
                add_signature_timestamp(&octets, 0, &token(), budget),
                add_validation_data(&octets, &data, budget),
                add_archive_timestamp(&octets, 0, &token(), &der::octet_string(b"x"), budget),
            ] {
                assert!(matches!(refused, Err(Error::Unsupported(_))), "{closing}");
            }
        }
    }

    #[test]
    fn what_is_there_already_is_not_added_again() {
        let budget = &mut Budget::default();
        let octets = message(None);
        let own = parse(&octets).certificates.clone();
        let data = ValidationData {
            certificates: own.clone(),
            ..ValidationData::default()
        };
        let after = add_validation_data(&octets, &data, budget).unwrap();
        assert_eq!(parse(&after).certificates, own);
    }

    #[test]
    fn a_message_that_is_cut_off_is_an_error_and_nothing_else() {
        let octets = message(None);
        for length in 0..octets.len() {
            let budget = &mut Budget::default();
            let cut = octets.get(..length).unwrap();
            assert!(add_signature_timestamp(cut, 0, &token(), budget).is_err());
        }
    }

    #[test]
    fn a_new_attribute_changes_nothing_that_was_there() {
        let budget = &mut Budget::default();
        // content-reference is no unsigned attribute; whatever stands there stays.
        let octets = message(Some("1.2.840.113549.1.9.16.2.10"));
        let after = add_signature_timestamp(&octets, 0, &token(), budget).unwrap();
        let (before, after) = (parse(&octets), parse(&after));
        let unsigned = |data: &SignedData| {
            let info = data.signer_infos.first().unwrap();
            let attributes = info.unsigned_attrs.iter().flatten();
            let whole = attributes.map(|one| one.whole.clone());
            whole.collect::<Vec<_>>()
        };
        assert!(has_all(&unsigned(&before), &unsigned(&after)));
        assert_eq!(unsigned(&after).len(), 2);
    }
}
