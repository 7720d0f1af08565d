//! The algorithms that a signature names.

use super::NAMESPACE;
use super::parse::Children;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::error::{Malformed, MalformedKind, Unsupported};
use crate::xml::Node;
use crate::xml::c14n::{Family, Method};

/// The namespace of the PSS parameters (RFC 9231 §2.3.9).
const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#";

/// The namespace of `InclusiveNamespaces`.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A digest algorithm as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestMethod {
    /// The URI.
    pub uri: String,
    /// The algorithm, where it is known.
    pub algorithm: Result<DigestAlgorithm, Unsupported>,
}

/// The attribute `Algorithm`.
pub(super) fn uri(node: Node<'_>) -> Result<&str, Malformed> {
    node.attribute("Algorithm")
        .ok_or_else(|| node.malformed(MalformedKind::XmlStructure))
}

/// XMLDSig §4.4.3.5. A parameter that is not known changes the algorithm.
pub(crate) fn digest(node: Node<'_>) -> Result<DigestMethod, Malformed> {
    let uri = uri(node)?.to_owned();
    let plain = node.elements().next().is_none();
    let algorithm = DigestAlgorithm::from_uri(&uri)
        .filter(|_| plain)
        .ok_or_else(|| Unsupported::Algorithm(uri.clone()));
    Ok(DigestMethod { uri, algorithm })
}

/// XMLDSig §4.4.1, and the parameter of Exclusive XML Canonicalization 1.0 §4.
pub(crate) fn canonicalization(node: Node<'_>) -> Result<Result<Method, Unsupported>, Malformed> {
    let uri = uri(node)?;
    let Ok(method) = Method::from_uri(uri) else {
        return Ok(Err(Unsupported::Algorithm(uri.to_owned())));
    };
    let mut parameters = node.elements();
    let method = match (parameters.next(), method.family) {
        (None, _) => method,
        (Some(list), Family::Exclusive) if list.is(EXCLUSIVE, "InclusiveNamespaces") => {
            method.with_prefix_list(list.attribute("PrefixList").unwrap_or_default())
        }
        (Some(_), _) => return Ok(Err(Unsupported::Algorithm(uri.to_owned()))),
    };
    if parameters.next().is_some() {
        return Err(node.malformed(MalformedKind::XmlStructure));
    }
    Ok(Ok(method))
}

type Named = (String, Result<SignatureAlgorithm, Unsupported>);

/// XMLDSig §4.4.2, RFC 9231 §2.3.
pub(super) fn signature(node: Node<'_>) -> Result<Named, Malformed> {
    let uri = uri(node)?.to_owned();
    // HMAC proves nothing about a person, and a public key taken for a secret makes forgeries
    // (algorithm confusion): refused altogether.
    if uri.contains("#hmac-") {
        return Ok((uri, Err(Unsupported::Feature("HMAC signatures"))));
    }
    let unsupported = || Unsupported::Algorithm(uri.clone());
    let algorithm = if uri == "http://www.w3.org/2007/05/xmldsig-more#rsa-pss" {
        pss_parameters(node)?.ok_or_else(unsupported)
    } else {
        SignatureAlgorithm::from_uri(&uri)
            .filter(|_| node.elements().next().is_none())
            .ok_or_else(unsupported)
    };
    Ok((uri, algorithm))
}

/// RFC 9231 §2.3.9: SHA-256, MGF1 with the same digest and a salt of its length are the defaults.
///
/// ```text
/// <pss:RSAPSSParams>
///   <ds:DigestMethod/>?
///   <pss:MaskGenerationFunction Algorithm="…#MGF1"?> <ds:DigestMethod/>? </…>?
///   <pss:SaltLength>?  <pss:TrailerField>?
/// </pss:RSAPSSParams>
/// ```
///
/// The schema there gives `Algorithm` its default.
///
/// The JDK writes the salt's length before the function, so the order of the children, each there
/// once at most, is not asked for.
fn pss_parameters(node: Node<'_>) -> Result<Option<SignatureAlgorithm>, Malformed> {
    let structure = |node: Node<'_>| node.malformed(MalformedKind::XmlStructure);
    let mut parameters = node.elements();
    let Some(params) = parameters.next() else {
        return Ok(Some(SignatureAlgorithm::pss(DigestAlgorithm::Sha256)));
    };
    if !params.is(PSS, "RSAPSSParams") || parameters.next().is_some() {
        return Err(structure(params));
    }
    let mut children: Vec<Node<'_>> = params.elements().collect();
    let mut take = |namespace: &str, name: &str| {
        let place = children.iter().position(|child| child.is(namespace, name));
        place.map(|place| children.remove(place))
    };
    let (written_digest, function) = (
        take(NAMESPACE, "DigestMethod"),
        take(PSS, "MaskGenerationFunction"),
    );
    let (salt, trailer) = (take(PSS, "SaltLength"), take(PSS, "TrailerField"));
    if let Some(foreign) = children.first() {
        return Err(structure(*foreign));
    }
    let mut digest = Ok(DigestAlgorithm::Sha256);
    if let Some(found) = written_digest {
        digest = self::digest(found)?.algorithm;
    }
    let mut mgf_digest = digest.clone();
    if let Some(found) = function {
        let is_other = |uri: &str| uri != "http://www.w3.org/2007/05/xmldsig-more#MGF1";
        if found.attribute("Algorithm").is_some_and(is_other) {
            return Ok(None);
        }
        let mut inner = Children::of(found)?;
        if let Some(found) = inner.optional("DigestMethod") {
            mgf_digest = self::digest(found)?.algorithm;
        }
        inner.finish()?;
    }
    let number = |node: Node<'_>| -> Result<u32, Malformed> {
        let text = node.only_text()?;
        text.trim().parse().map_err(|_| structure(node))
    };
    let mut salt_length = None;
    if let Some(found) = salt {
        salt_length = Some(number(found)?);
    }
    if let Some(found) = trailer
        && number(found)? != 1
    {
        return Ok(None);
    }
    let (Ok(digest), Ok(mgf_digest)) = (digest, mgf_digest) else {
        return Ok(None);
    };
    let salt_length =
        salt_length.unwrap_or_else(|| u32::try_from(digest.output_len()).unwrap_or(0));
    Ok(Some(SignatureAlgorithm::RsaPss {
        digest,
        mgf_digest,
        salt_length,
    }))
}
