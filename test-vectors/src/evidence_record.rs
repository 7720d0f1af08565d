//! Evidence records written, right or wrong as asked.
//!
//! [`archive_timestamp`] and [`record`] write what they are given in ASN.1, [`xml`] in XML; [`root`]
//! computes what an honest token over a reduced hash tree is over.
//!
//! # Standard
//! RFC 4998 §3.1, §4.1 to §4.3; RFC 6283 §2.1, §3.1.

use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::pki::Entity;
use crate::tsa::{self, TokenSpec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The lists of a reduced hash tree.
pub type Lists = Vec<Vec<Vec<u8>>>;

/// An archive time-stamp in the making.
#[derive(Debug, Clone)]
pub struct ArchiveTimestamp {
    /// The digest algorithm that it names.
    pub hash: Option<Hash>,
    /// The lists of its reduced hash tree.
    pub lists: Lists,
    /// The token.
    pub token: Vec<u8>,
}

/// The root of a reduced hash tree; nothing without lists.
pub fn root(hash: Hash, lists: &Lists) -> Vec<u8> {
    let mut node: Option<Vec<u8>> = None;
    for list in lists {
        let mut all = list.clone();
        all.extend(node.take());
        all.sort_unstable();
        node = Some(match all.as_slice() {
            [only] => only.clone(),
            _ => hash.digest(&all.concat()),
        });
    }
    node.unwrap_or_default()
}

/// A token whose imprint is a digest.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn token(hash: Hash, digest: &[u8], time: i64, tsa: &Entity) -> Result<Vec<u8>> {
    let mut spec = TokenSpec::over(digest, hash, time, tsa);
    spec.imprint = digest.to_vec();
    tsa::token(&spec, tsa)
}

/// An honest archive time-stamp over a reduced hash tree.
///
/// # Errors
/// As [`token`].
pub fn stamped(hash: Hash, lists: Lists, time: i64, tsa: &Entity) -> Result<ArchiveTimestamp> {
    let token = token(hash, &root(hash, &lists), time, tsa)?;
    Ok(ArchiveTimestamp {
        hash: Some(hash),
        lists,
        token,
    })
}

/// An `ArchiveTimeStamp` in DER.
pub fn archive_timestamp(of: &ArchiveTimestamp) -> Vec<u8> {
    let algorithm = of.hash.map(|hash| der::explicit(0, &der::oid(hash.oid())));
    let list = |list: &Vec<Vec<u8>>| {
        let digests: Vec<Vec<u8>> = list.iter().map(|one| der::octet_string(one)).collect();
        der::sequence_of(&digests)
    };
    let lists: Vec<Vec<u8>> = of.lists.iter().map(list).collect();
    let tree = (!lists.is_empty()).then(|| der::explicit(2, &lists.concat()));
    der::sequence(&[
        &algorithm.unwrap_or_default(),
        &tree.unwrap_or_default(),
        &of.token,
    ])
}

/// An `ArchiveTimeStampSequence` in DER: what a renewed hash tree is over beside the data.
pub fn sequence(chains: &[Vec<ArchiveTimestamp>]) -> Vec<u8> {
    let chain = |chain: &Vec<ArchiveTimestamp>| {
        let timestamps: Vec<Vec<u8>> = chain.iter().map(archive_timestamp).collect();
        der::sequence_of(&timestamps)
    };
    let chains: Vec<Vec<u8>> = chains.iter().map(chain).collect();
    der::sequence_of(&chains)
}

/// An `EvidenceRecord` in DER.
pub fn record(chains: &[Vec<ArchiveTimestamp>]) -> Vec<u8> {
    record_with(1, &[], chains)
}

/// The same with another version or more members before the chains.
pub fn record_with(version: u64, more: &[u8], chains: &[Vec<ArchiveTimestamp>]) -> Vec<u8> {
    let hashes: Vec<Vec<u8>> = chains
        .iter()
        .flatten()
        .filter_map(|one| one.hash.map(Hash::identifier))
        .collect();
    der::sequence(&[
        &der::integer(version),
        &der::sequence_of(&hashes),
        more,
        &sequence(chains),
    ])
}

/// Exclusive canonicalization, whose result does not depend on what stands around an element.
pub const CANONICALIZATION: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const NAMESPACE: &str = "urn:ietf:params:xml:ns:ers";

/// An evidence record in XML, in canonical form.
pub fn xml(chains: &[Vec<ArchiveTimestamp>]) -> String {
    let inside = xml_chains(chains);
    format!(
        "<EvidenceRecord xmlns=\"{NAMESPACE}\" Version=\"1.0\"><ArchiveTimeStampSequence>{inside}\
         </ArchiveTimeStampSequence></EvidenceRecord>"
    )
}

/// The canonical `ArchiveTimeStampSequence` of chains.
pub fn xml_sequence(chains: &[Vec<ArchiveTimestamp>]) -> String {
    let inside = xml_chains(chains);
    format!("<ArchiveTimeStampSequence xmlns=\"{NAMESPACE}\">{inside}</ArchiveTimeStampSequence>")
}

/// The canonical `TimeStamp` of a token.
pub fn xml_timestamp(token: &[u8]) -> String {
    let inside = xml_token(token);
    format!("<TimeStamp xmlns=\"{NAMESPACE}\">{inside}</TimeStamp>")
}

fn xml_token(token: &[u8]) -> String {
    let text = STANDARD.encode(token);
    format!("<TimeStampToken Type=\"RFC3161\">{text}</TimeStampToken>")
}

fn xml_chains(chains: &[Vec<ArchiveTimestamp>]) -> String {
    let chain = |(order, chain): (usize, &Vec<ArchiveTimestamp>)| {
        let hash = chain.first().and_then(|one| one.hash);
        let method = hash.map_or("", Hash::uri);
        let timestamps: String = (1..).zip(chain).map(xml_archive_timestamp).collect();
        format!(
            "<ArchiveTimeStampChain Order=\"{order}\"><DigestMethod Algorithm=\"{method}\">\
             </DigestMethod><CanonicalizationMethod Algorithm=\"{CANONICALIZATION}\">\
             </CanonicalizationMethod>{timestamps}</ArchiveTimeStampChain>"
        )
    };
    (1..).zip(chains).map(chain).collect()
}

fn xml_archive_timestamp((order, of): (usize, &ArchiveTimestamp)) -> String {
    let value =
        |digest: &Vec<u8>| format!("<DigestValue>{}</DigestValue>", STANDARD.encode(digest));
    let list = |(order, list): (usize, &Vec<Vec<u8>>)| {
        let values: String = list.iter().map(value).collect();
        format!("<Sequence Order=\"{order}\">{values}</Sequence>")
    };
    let lists: String = (1..).zip(&of.lists).map(list).collect();
    let tree = match lists.is_empty() {
        true => String::new(),
        false => format!("<HashTree>{lists}</HashTree>"),
    };
    let token = xml_token(&of.token);
    format!(
        "<ArchiveTimeStamp Order=\"{order}\">{tree}<TimeStamp>{token}</TimeStamp></ArchiveTimeStamp>"
    )
}
