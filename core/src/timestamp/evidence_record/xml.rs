//! Evidence records in XML, RFC 6283.

use super::{
    ArchiveTimestamp, ArchiveTimestampChain, EvidenceRecord, Syntax, XML_NAMESPACE, charge_digest,
    check_lengths, wrong,
};
use crate::algorithm::DigestAlgorithm;
use crate::error::{Error, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::xml::c14n::{Comments, Method, NodeSet, canonicalize, canonicalize_element};
use crate::xml::{self, Node, Tree, base64};
use std::sync::Arc;

impl EvidenceRecord {
    /// Reads a record in XML.
    ///
    /// ```text
    /// <EvidenceRecord Version="1.0"> <EncryptionInformation/>? <SupportingInformationList/>?
    ///   <ArchiveTimeStampSequence> <ArchiveTimeStampChain Order>+
    ///     <DigestMethod Algorithm/> <CanonicalizationMethod Algorithm/> <ArchiveTimeStamp Order>+
    ///       <HashTree>? <Sequence Order>+ <DigestValue/>+
    ///       <TimeStamp> <TimeStampToken Type="RFC3161"/> <CryptographicInformationList/>?
    /// ```
    ///
    /// # Errors
    /// As [`EvidenceRecord::parse`], and what is wrong with the XML.
    ///
    /// # Standard
    /// RFC 6283 §2.1, §3.1, §4.1.
    pub fn parse_xml(octets: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::StructureBytes, length)?;
        let text = xml::decode(octets)?;
        let tree = Tree::parse(&text, budget)?;
        Self::of_element(tree.document_element(), budget)
    }

    /// Reads a record that stands inside another document.
    ///
    /// # Errors
    /// As [`EvidenceRecord::parse_xml`].
    pub fn of_element(root: Node<'_>, budget: &mut Budget) -> Result<Self, Error> {
        if !root.is(XML_NAMESPACE, "EvidenceRecord") || root.attribute("Version") != Some("1.0") {
            return Err(root
                .malformed(MalformedKind::EvidenceRecordStructure)
                .into());
        }
        if named(root, "EncryptionInformation").next().is_some() {
            return Err(Unsupported::Feature("an evidence record over encrypted data").into());
        }
        let sequence = only(root, "ArchiveTimeStampSequence")?;
        let nodes = in_order(sequence, "ArchiveTimeStampChain", budget)?;
        let mut record = Self {
            syntax: Syntax::Xml,
            chains: Vec::with_capacity(nodes.len()),
            certificates: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
        };
        for (place, chain) in nodes.iter().enumerate() {
            let later = nodes.get(place..).unwrap_or_default();
            record.chain(*chain, sequence, later, budget)?;
        }
        Ok(record)
    }

    fn chain(
        &mut self,
        chain: Node<'_>,
        sequence: Node<'_>,
        own_and_later: &[Node<'_>],
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let method = algorithm(only(chain, "DigestMethod")?)?;
        let digest = DigestAlgorithm::from_uri(method)
            .ok_or_else(|| Unsupported::Algorithm(method.to_owned()));
        let canonicalization =
            Method::from_uri(algorithm(only(chain, "CanonicalizationMethod")?)?)?;
        let before = match self.chains.is_empty() {
            true => Vec::new(),
            false => before(sequence, own_and_later, &canonicalization, budget)?,
        };
        let mut timestamps = Vec::new();
        for node in in_order(chain, "ArchiveTimeStamp", budget)? {
            budget.charge(Resource::Signatures, 1)?;
            timestamps.push(self.timestamp(node, &digest, &canonicalization, budget)?);
        }
        self.chains.push(ArchiveTimestampChain {
            timestamps,
            before,
            canonicalization: Some(canonicalization.uri().to_owned()),
        });
        Ok(())
    }

    fn timestamp(
        &mut self,
        node: Node<'_>,
        digest: &Result<DigestAlgorithm, Unsupported>,
        method: &Method,
        budget: &mut Budget,
    ) -> Result<ArchiveTimestamp, Error> {
        let mut lists = Vec::new();
        let mut trees = named(node, "HashTree");
        if let Some(tree) = trees.next() {
            for list in in_order(tree, "Sequence", budget)? {
                let mut digests = Vec::new();
                for value in named(list, "DigestValue") {
                    charge_digest(budget)?;
                    digests.push(base64::decode(&value.only_text()?)?);
                }
                if digests.is_empty() {
                    return Err(wrong("Sequence").into());
                }
                lists.push(digests);
            }
        }
        if trees.next().is_some() {
            return Err(wrong("HashTree").into());
        }
        let stamp = only(node, "TimeStamp")?;
        let token = only(stamp, "TimeStampToken")?;
        if token.attribute("Type") != Some(TOKEN_TYPE) {
            let kind = "a time-stamp of another kind than RFC 3161 in an evidence record";
            return Err(Unsupported::Feature(kind).into());
        }
        let timestamp = ArchiveTimestamp {
            algorithm: digest.clone(),
            lists,
            token: base64::decode(&token.only_text()?)?.into(),
            stamped: canonicalize_element(stamp, method, budget)?.into(),
            beside: self.cryptographic_information(stamp, budget)?,
        };
        check_lengths(&timestamp)?;
        Ok(timestamp)
    }

    /// RFC 6283 §3.1.3: certificates and revocation data, offered. What cannot be read is as if it
    /// were not there.
    fn cryptographic_information(
        &mut self,
        stamp: Node<'_>,
        budget: &mut Budget,
    ) -> Result<Vec<Arc<[u8]>>, Error> {
        let mut found = Vec::new();
        let lists = named(stamp, "CryptographicInformationList");
        for one in lists.flat_map(|list| named(list, "CryptographicInformation")) {
            budget.charge(Resource::Values, 4)?;
            let Ok(octets) = one.only_text().and_then(|text| base64::decode(&text)) else {
                continue;
            };
            let octets: Arc<[u8]> = octets.into();
            match one.attribute("Type") {
                Some("CERT") => self.certificates.push(Arc::clone(&octets)),
                Some("CRL") => self.crls.push(Arc::clone(&octets)),
                Some("OCSP") => self.ocsps.push(Arc::clone(&octets)),
                _ => continue,
            }
            found.push(octets);
        }
        Ok(found)
    }
}

/// The word for tokens of RFC 3161, RFC 6283 §3.1.2.
const TOKEN_TYPE: &str = concat!("RFC", "3161");

/// RFC 6283 §4.2.2: the canonical form of the sequence with the chains so far. Whether white space
/// stood between the last of them and a later one when it was made, nobody can tell: both forms.
fn before(
    sequence: Node<'_>,
    own_and_later: &[Node<'_>],
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<Arc<[u8]>>, Error> {
    let tree = sequence.tree();
    let mut set = NodeSet::subtree(sequence.id(), Comments::Keep);
    for chain in own_and_later {
        set.subtract(tree, budget, chain.id())?;
    }
    let mut forms: Vec<Arc<[u8]>> = vec![canonicalize(tree, &set, method, budget)?.into()];
    let starts: Vec<u64> = own_and_later
        .iter()
        .map(|chain| chain.range().start)
        .collect();
    set.filter(tree, budget, |node| {
        let is_space = !node.is_element() && node.text().trim().is_empty();
        !(is_space && starts.contains(&node.range().end))
    })?;
    let without: Arc<[u8]> = canonicalize(tree, &set, method, budget)?.into();
    if !forms.contains(&without) {
        forms.push(without);
    }
    Ok(forms)
}

fn algorithm(node: Node<'_>) -> Result<&str, Error> {
    let wrong = || node.malformed(MalformedKind::EvidenceRecordStructure);
    Ok(node.attribute("Algorithm").ok_or_else(wrong)?)
}

fn named<'t>(node: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    node.elements_named(XML_NAMESPACE, name)
}

fn only<'t>(node: Node<'t>, name: &'static str) -> Result<Node<'t>, Error> {
    let mut nodes = named(node, name);
    match (nodes.next(), nodes.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(node
            .malformed(MalformedKind::EvidenceRecordStructure)
            .into()),
    }
}

/// Elements in the order of their attribute `Order`, which counts from 1 without a gap.
fn in_order<'t>(
    node: Node<'t>,
    name: &'static str,
    budget: &mut Budget,
) -> Result<Vec<Node<'t>>, Error> {
    let mut nodes = Vec::new();
    for one in named(node, name) {
        budget.charge(Resource::Values, 1)?;
        let order = one.attribute("Order");
        let order: Option<usize> = order.and_then(|order| order.parse().ok());
        nodes.push((order.ok_or_else(|| wrong("Order"))?, one));
    }
    nodes.sort_by_key(|(order, _)| *order);
    let counts = nodes.iter().map(|(order, _)| *order).eq(1..=nodes.len());
    if nodes.is_empty() || !counts {
        return Err(node
            .malformed(MalformedKind::EvidenceRecordStructure)
            .into());
    }
    Ok(nodes.into_iter().map(|(_, node)| node).collect())
}
