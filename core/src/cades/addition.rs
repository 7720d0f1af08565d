//! A signature more in a message that has some: beside the others, or over one of them.
//!
//! Everything that is there keeps its octets; they are copied from the input. A new SignerInfo
//! stands behind the others, a counter-signature behind the unsigned attributes of the signature
//! that it signs. Only the lengths of the values around are written anew, once the signature value
//! and with it the length of the new SignerInfo is known.

use super::augment::{Message, check_age, members};
use super::create::Blueprint;
use super::parse::Ids;
use crate::asn1::{Reader, Tag, Tlv, write};
use crate::cms::attribute_types::{COUNTERSIGNATURE, DATA};
use crate::cms::{self, SignedData};
use crate::crypto;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::job::InputId;
use crate::limits::{Budget, Resource};
use crate::payload::hex_octets;
use crate::source::{CopyEncoding, Edits, Piece};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ops::Range;

/// Where the new SignerInfo stands: values around it, the innermost first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    pub(super) frames: Vec<Frame>,
}

/// A value around the new SignerInfo, with what stands in it before and behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    tag: u8,
    before: Vec<Chunk>,
    behind: Vec<Chunk>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Chunk {
    /// New octets.
    Octets(#[serde(with = "hex_octets")] Vec<u8>),
    /// A range of the message as it is.
    Copy {
        range: Range<u64>,
        #[serde(with = "hex_octets")]
        sha256: Vec<u8>,
    },
}

impl Chunk {
    fn length(&self) -> u64 {
        match self {
            Self::Octets(octets) => u64::try_from(octets.len()).unwrap_or(u64::MAX),
            Self::Copy { range, .. } => range.end.saturating_sub(range.start),
        }
    }

    fn piece(&self) -> Piece {
        match self {
            Self::Octets(octets) => Piece::insert(octets.as_slice()),
            Self::Copy { range, sha256 } => Piece::Copy {
                input: InputId(0),
                range: range.clone(),
                encoding: CopyEncoding::None,
                digest: sha256.as_slice().try_into().ok(),
            },
        }
    }
}

/// Another signature over the content of a message.
///
/// `detached` is the digest of content beside the message by the digest of the blueprint; content
/// inside is digested here.
///
/// # Errors
/// [`ApiMisuse::ContradictoryParameters`] without content, or with content inside and beside;
/// [`ApiMisuse::SignedAlready`] for what the same person signed already; [`Unsupported`] for content of another type than `id-data`, content that the signatures which
/// are there do not sign, and under an archive time-stamp of an older kind; as
/// [`SignedData::parse`].
///
/// # Standard
/// RFC 5652 §5.1, EN 319 122-1 §4.
pub fn add_parallel(
    octets: &[u8],
    detached: Option<Vec<u8>>,
    blueprint: Blueprint,
    budget: &mut Budget,
) -> Result<(Blueprint, Addition), Error> {
    let data = SignedData::parse(octets, budget)?;
    check_age(&data)?;
    if !data.econtent_type.is(DATA) {
        return Err(Unsupported::Feature("a second signature over other content than data").into());
    }
    let digest = blueprint.digest();
    let content_digest = match (&data.econtent, detached) {
        (Some(content), None) => crypto::digest(digest, &content.octets)?,
        (None, Some(detached)) => detached,
        _ => return Err(ApiMisuse::ContradictoryParameters.into()),
    };
    // All signatures of a message are over one content: another one would break those or be
    // taken for theirs.
    let differs = |info: &cms::SignerInfo| {
        info.digest_algorithm.digest_algorithm().ok() == Some(digest)
            && info
                .message_digest()
                .is_some_and(|own| own != content_digest)
    };
    if data.signer_infos.iter().any(differs) {
        return Err(
            Unsupported::Feature("another content than the message's signatures sign").into(),
        );
    }
    let blueprint = Blueprint {
        content_digest,
        ..blueprint
    };
    check_unknown(&data, &blueprint)?;
    let mut message = Changed::of(octets, &data)?;
    message.add_certificates(&blueprint)?;
    message.add_digest(&blueprint)?;
    let set = message.signers;
    let frames = message.frames(vec![message.around(&set, set.content.len())?])?;
    finish(octets, &data, (blueprint, Addition { frames }), budget)
}

/// A signature of a signature: of the one with this id in reports, or of the only one.
///
/// `place` names the file of the container that the message is; it is empty where it stands alone.
///
/// # Errors
/// [`ApiMisuse::ContradictoryParameters`] when there is no such signature, or without id several;
/// [`Unsupported`] under an archive time-stamp of an older kind; as [`SignedData::parse`].
///
/// # Standard
/// RFC 5652 §11.4.
pub fn countersign(
    octets: &[u8],
    place: &str,
    id: Option<&str>,
    blueprint: Blueprint,
    budget: &mut Budget,
) -> Result<(Blueprint, Addition), Error> {
    let data = SignedData::parse(octets, budget)?;
    check_age(&data)?;
    let mut message = Changed::of(octets, &data)?;
    let (path, value) = message.find(place, id, budget)?;
    let blueprint = Blueprint {
        content_digest: crypto::digest(blueprint.digest(), &value)?,
        // EN 319 122-1 §5.2.4.1, §5.2.8: about content, which a countersignature has none of.
        media_type: String::new(),
        content_description: None,
        content_timestamp: Vec::new(),
        is_countersignature: true,
        ..blueprint
    };
    message.add_certificates(&blueprint)?;
    // Attribute ::= SEQUENCE { attrType, attrValues SET OF } around the new SignerInfo.
    let new = |tag, before: Vec<u8>| Frame {
        tag,
        before: vec![Chunk::Octets(before)],
        behind: Vec::new(),
    };
    let attribute = write::oid(COUNTERSIGNATURE);
    let frames = vec![new(SET, Vec::new()), new(SEQUENCE, attribute)];
    let frames = message.behind(&path, frames)?;
    finish(octets, &data, (blueprint, Addition { frames }), budget)
}

/// RFC 5652 §5.1: signerInfos is a set, in which the same signature once more says nothing.
fn check_unknown(data: &SignedData, blueprint: &Blueprint) -> Result<(), Error> {
    let signed = blueprint.data_to_be_signed()?;
    let is_same = |info: &cms::SignerInfo| {
        let attributes = info.signed_attrs.as_ref();
        attributes.is_some_and(|own| *own.as_stored == *signed)
    };
    match data.signer_infos.iter().any(is_same) {
        true => Err(ApiMisuse::SignedAlready.into()),
        false => Ok(()),
    }
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[1]` of unsigned attributes.
const UNSIGNED: u8 = 0xa1;

fn wrong() -> Error {
    Malformed::within(MalformedKind::CmsStructure, "signerInfos").into()
}

impl Addition {
    /// With every octet of the message in it: for a message that is no input of its own.
    #[must_use]
    pub fn holding(mut self, message: &[u8]) -> Self {
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        for frame in &mut self.frames {
            for chunk in frame.before.iter_mut().chain(&mut frame.behind) {
                if let Chunk::Copy { range, .. } = chunk {
                    let octets = message.get(index(range.start)..index(range.end));
                    *chunk = Chunk::Octets(octets.unwrap_or_default().to_vec());
                }
            }
        }
        self
    }

    /// The message with a signature of the blueprint, where [`Addition::holding`] keeps all of it.
    ///
    /// # Errors
    /// As [`Addition::document`]; [`ApiMisuse::NoInput`] where octets are left in an input.
    pub fn message(&self, blueprint: &Blueprint, value: &[u8]) -> Result<Vec<u8>, Error> {
        self.around(blueprint.signer_info(value)?)
    }

    /// The octets around something new.
    pub(super) fn around(&self, new: Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut message = Vec::new();
        for piece in self.pieces(new) {
            match piece {
                Piece::Insert(octets) => message.extend_from_slice(&octets),
                Piece::Copy { .. } => return Err(ApiMisuse::NoInput.into()),
            }
        }
        Ok(message)
    }

    /// The message with a signature of the blueprint that has this value.
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`].
    pub fn document(&self, blueprint: &Blueprint, value: &[u8]) -> Result<Edits, Error> {
        let mut edits = Edits::new();
        edits.append_all(self.pieces(blueprint.signer_info(value)?));
        Ok(edits)
    }

    fn pieces(&self, signer_info: Vec<u8>) -> VecDeque<Piece> {
        let mut length = u64::try_from(signer_info.len()).unwrap_or(u64::MAX);
        let mut pieces = VecDeque::from([Piece::insert(signer_info)]);
        for frame in &self.frames {
            let own = frame.before.iter().chain(&frame.behind);
            length = own.fold(length, |sum, chunk| sum.saturating_add(chunk.length()));
            for chunk in frame.before.iter().rev() {
                pieces.push_front(chunk.piece());
            }
            pieces.extend(frame.behind.iter().map(Chunk::piece));
            // The length octets of any tag are those of an OCTET STRING.
            let mut header = write::header(Tag::OCTET_STRING, length);
            if let Some(first) = header.first_mut() {
                *first = frame.tag;
            }
            length = length.saturating_add(u64::try_from(header.len()).unwrap_or(u64::MAX));
            pieces.push_front(Piece::insert(header));
        }
        pieces
    }
}

/// A message that changes around its SignerInfos.
pub(super) struct Changed<'a> {
    file: &'a [u8],
    whole: &'a [u8],
    content_info: Tlv<'a>,
    explicit: Tlv<'a>,
    signed_data: Tlv<'a>,
    signers: Tlv<'a>,
    /// Fields of SignedData before signerInfos that are written anew.
    algorithms: Option<Vec<u8>>,
    certificates: Option<Vec<u8>>,
}

impl<'a> Changed<'a> {
    pub(super) fn of(file: &'a [u8], data: &'a SignedData) -> Result<Self, Error> {
        let whole = &*data.whole;
        let content_info = Reader::ber(whole).read(Tag::SEQUENCE)?;
        let mut fields = content_info.reader();
        fields.read(Tag::OID)?;
        let explicit = fields.read(Tag::context_constructed(0))?;
        let signed_data = explicit.explicit()?;
        Ok(Self {
            file,
            whole,
            content_info,
            explicit,
            signed_data,
            signers: Message::parse(whole)?.signers,
            algorithms: None,
            certificates: None,
        })
    }

    /// EN 319 122-1 §5.4.1, RFC 5652 §5.1: certificates travel in the set that all signatures share.
    fn add_certificates(&mut self, blueprint: &Blueprint) -> Result<(), Error> {
        let set = Message::parse(self.whole)?.certificates;
        let mut all = set.as_ref().map_or(Ok(Vec::new()), members)?;
        let (count, was_sorted) = (all.len(), all.is_sorted());
        for one in
            std::iter::once(&blueprint.signing_certificate).chain(&blueprint.other_certificates)
        {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        if all.len() > count {
            if was_sorted {
                all.sort_unstable();
            }
            let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
            self.certificates = Some(write::implicit_constructed(0, &all));
        }
        Ok(())
    }

    /// RFC 5652 §5.1 digestAlgorithms: those of all signers, for readers in one pass.
    fn add_digest(&mut self, blueprint: &Blueprint) -> Result<(), Error> {
        let mut fields = self.signed_data.reader();
        fields.read(Tag::INTEGER)?;
        let mut all = members(&fields.read(Tag::SET)?)?;
        let own = blueprint.digest();
        let is_own = |one: &Vec<u8>| -> Result<bool, Error> {
            let one = Reader::ber(one).read(Tag::SEQUENCE)?;
            let one = crate::asn1::AlgorithmIdentifier::parse(&one)?;
            Ok(one.digest_algorithm().ok() == Some(own))
        };
        for one in &all {
            if is_own(one)? {
                return Ok(());
            }
        }
        all.push(write::digest_identifier(own));
        let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        self.algorithms = Some(write::set_as_given(&all));
        Ok(())
    }

    /// A range of the message: copied where the file is the message, else held.
    fn chunk(&self, range: Range<u64>) -> Result<Chunk, Error> {
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let octets = self.whole.get(index(range.start)..index(range.end));
        let octets = octets.ok_or_else(wrong)?;
        if self.file != self.whole {
            return Ok(Chunk::Octets(octets.to_vec()));
        }
        let sha256 = crypto::digest(crate::algorithm::DigestAlgorithm::Sha256, octets)?;
        Ok(Chunk::Copy { range, sha256 })
    }

    /// A value with something new behind the first octets of its content.
    fn around(&self, outer: &Tlv<'_>, at: usize) -> Result<Frame, Error> {
        let start = outer.content_offset();
        let length = u64::try_from(outer.content.len()).unwrap_or(u64::MAX);
        let at = start.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
        Ok(Frame {
            tag: outer.whole.first().copied().unwrap_or(SEQUENCE),
            before: vec![self.chunk(start..at)?],
            behind: vec![self.chunk(at..start.saturating_add(length))?],
        })
    }

    /// A value with something new in the place of one that is in it.
    fn between(&self, outer: &Tlv<'_>, inner: &Tlv<'_>) -> Result<Frame, Error> {
        let length = |octets: &[u8]| u64::try_from(octets.len()).unwrap_or(u64::MAX);
        let start = outer.content_offset();
        let end = start.saturating_add(length(outer.content));
        let behind = inner.offset.saturating_add(length(inner.whole));
        Ok(Frame {
            tag: outer.whole.first().copied().unwrap_or(SEQUENCE),
            before: vec![self.chunk(start..inner.offset)?],
            behind: vec![self.chunk(behind..end)?],
        })
    }

    /// The frames inside signerInfos with those around it.
    fn frames(&self, mut frames: Vec<Frame>) -> Result<Vec<Frame>, Error> {
        let mut fields = self.signed_data.reader();
        let mut before = Vec::new();
        let mut is_certificates_due = self.certificates.as_ref();
        while !fields.is_empty() {
            let field = fields.read_any()?;
            let length = u64::try_from(field.whole.len()).unwrap_or(u64::MAX);
            let range = field.offset..field.offset.saturating_add(length);
            let is_crls = field.tag == Tag::context_constructed(1);
            let is_signers = field.offset == self.signers.offset;
            // certificates stand before crls and signerInfos.
            if is_crls || is_signers {
                before.extend(is_certificates_due.take().cloned().map(Chunk::Octets));
            }
            if is_signers {
                break;
            }
            match (&self.algorithms, field.tag) {
                (Some(algorithms), Tag::SET) => before.push(Chunk::Octets(algorithms.clone())),
                (_, tag) if tag == Tag::context_constructed(0) => {
                    let new = is_certificates_due.take().cloned().map(Chunk::Octets);
                    before.push(new.map_or_else(|| self.chunk(range), Ok)?);
                }
                _ => before.push(self.chunk(range)?),
            }
        }
        frames.push(Frame {
            tag: SEQUENCE,
            before,
            behind: Vec::new(),
        });
        frames.push(self.between(&self.explicit, &self.signed_data)?);
        frames.push(self.between(&self.content_info, &self.explicit)?);
        Ok(frames)
    }

    /// The frames around an unsigned attribute that goes behind those of a signature: the path to
    /// it is that of [`Changed::find`].
    pub(super) fn behind(
        &self,
        path: &[Tlv<'_>],
        mut frames: Vec<Frame>,
    ) -> Result<Vec<Frame>, Error> {
        let (last, outer) = path.split_last().ok_or_else(wrong)?;
        if last.tag != Tag::context_constructed(1) {
            frames.push(Frame {
                tag: UNSIGNED,
                ..Frame::default()
            });
        }
        frames.push(self.around(last, last.content.len())?);
        let mut inner = last;
        for one in outer.iter().rev() {
            frames.push(self.between(one, inner)?);
            inner = one;
        }
        self.frames(frames)
    }

    /// The values around what is new in a signature, from signerInfos inwards, and its value.
    pub(super) fn find(
        &self,
        place: &str,
        id: Option<&str>,
        budget: &mut Budget,
    ) -> Result<(Vec<Tlv<'a>>, Vec<u8>), Error> {
        let mut ids = Ids::new(place);
        let mut found = None;
        let mut signers = self.signers.reader();
        let mut count = 0;
        while !signers.is_empty() {
            count += 1;
            let first = (vec![self.signers], signers.read_any()?, 0);
            // In the order of `records`: ids of equal signatures are told apart by it.
            let mut open = VecDeque::from([first]);
            while let Some((path, signer, depth)) = open.pop_front() {
                budget.charge(Resource::Signatures, 1)?;
                budget.check(Resource::Depth, depth)?;
                let Ok((value, unsigned)) = signature_and_unsigned(&signer) else {
                    ids.signature(signer.whole);
                    continue;
                };
                let is_wanted = match id {
                    Some(id) => ids.signature(&value) == id,
                    None => depth == 0,
                };
                let mut path = path;
                path.push(signer);
                path.extend(unsigned);
                for attribute in unsigned.iter().flat_map(fields) {
                    let inner = fields(&attribute);
                    let [attr_type, values] = inner.as_slice() else {
                        continue;
                    };
                    if !attr_type.oid().is_ok_and(|oid| oid.is(COUNTERSIGNATURE)) {
                        continue;
                    }
                    for value in fields(values) {
                        let mut inside = path.clone();
                        inside.extend([attribute, *values]);
                        open.push_back((inside, value, depth + 1));
                    }
                }
                if is_wanted && found.is_none() {
                    found = Some((path, value));
                }
            }
        }
        if id.is_none() && count != 1 {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        Ok(found.ok_or(ApiMisuse::ContradictoryParameters)?)
    }
}

/// The values in a value, as far as they can be read.
fn fields<'a>(of: &Tlv<'a>) -> Vec<Tlv<'a>> {
    let mut reader = of.reader();
    let mut found = Vec::new();
    while let Ok(field) = reader.read_any() {
        found.push(field);
    }
    found
}

/// The value octets of a SignerInfo, and its unsigned attributes.
fn signature_and_unsigned<'a>(signer: &Tlv<'a>) -> Result<(Vec<u8>, Option<Tlv<'a>>), Malformed> {
    let mut fields = signer.reader();
    fields.read(Tag::INTEGER)?;
    fields.read_any()?;
    fields.read(Tag::SEQUENCE)?;
    fields.optional(Tag::context_constructed(0))?;
    fields.read(Tag::SEQUENCE)?;
    let value = fields.read(Tag::OCTET_STRING)?.octet_string()?.into_owned();
    Ok((value, fields.optional(Tag::context_constructed(1))?))
}

/// Whether everything that was there will be there still: tried with a value of no meaning.
fn finish(
    octets: &[u8],
    before: &SignedData,
    (blueprint, addition): (Blueprint, Addition),
    budget: &mut Budget,
) -> Result<(Blueprint, Addition), Error> {
    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::StructureBytes, length)?;
    let mut tried = Vec::new();
    for piece in addition.pieces(blueprint.signer_info(&[0; 64])?) {
        match piece {
            Piece::Insert(new) => tried.extend_from_slice(&new),
            Piece::Copy { range, .. } => {
                let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
                let range = index(range.start)..index(range.end);
                tried.extend_from_slice(octets.get(range).ok_or_else(wrong)?);
            }
        }
    }
    let after = SignedData::parse_binary(&tried, budget)?;
    let new = usize::from(!blueprint.is_countersignature);
    let signers = before.signer_infos.iter().zip(&after.signer_infos);
    let is_unharmed = before.econtent == after.econtent
        && before.econtent_type_whole == after.econtent_type_whole
        && before.revocation == after.revocation
        && before.unreadable == after.unreadable
        && before.signer_infos.len().saturating_add(new) == after.signer_infos.len()
        && signers
            .into_iter()
            .all(|(before, after)| before.fields == after.fields)
        && before
            .certificates
            .iter()
            .all(|one| after.certificates.contains(one));
    if !is_unharmed {
        return Err(wrong());
    }
    Ok((blueprint, addition))
}
