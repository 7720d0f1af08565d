//! A new signature: what is signed follows from a few plain values.

use super::{NAMESPACE, NAMESPACE_141};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::write;
use crate::certificate::Certificate;
use crate::crypto;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::payload::{hex_list, hex_octets};
use crate::signature::{IdentifiedPolicy, NewCommitment, NewPolicy, PolicyStore};
use crate::time::UnixTime;
use crate::xml::c14n::{self, Method};
use crate::xml::uri::encode_uri;
use crate::xml::write::Writer;
use crate::xml::{self, Node, Text, Tree, base64, dsig};
use serde::{Deserialize, Serialize};

/// `Type` of the reference to a countersigned value. EN 319 132-1 §5.2.7.3.
const COUNTERSIGNED: &str = "http://uri.etsi.org/01903#CountersignedSignature";
/// `Type` of the reference to the signed properties. EN 319 132-1 §4.4.2.
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";

/// `Type` of the reference to a manifest. XMLDSig §5.1.
const MANIFEST: &str = "http://www.w3.org/2000/09/xmldsig#Manifest";

/// XMLDSig §6.6.2, and the encoding of §4.6.
const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
/// XPath Filter 2.0 §3.
const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";

/// Where the thing stands that is to be signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceForm {
    /// A file beside the signature, named by a relative URI.
    #[default]
    File,
    /// A file inside of the signature, as base64 in a `ds:Object`.
    Enclosed,
    /// The document around the signature: everything in it that is in no signature.
    Document,
    /// An element of the document around the signature, named by its identifier.
    Element,
    /// The value of another signature, which this one counter-signs, by its identifier.
    SignatureValue,
}

/// How a signature names what it signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// By references of its own: whoever validates needs every file.
    #[default]
    References,
    /// In a `ds:Manifest` inside of the signature, which alone is referred to: a signature over many
    /// files fits though some of them are not at hand. For files beside the signature.
    Manifest,
}

impl Naming {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What time-stamps over signed data are over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampedContent {
    /// What one reference leads to, each by itself: `IndividualDataObjectsTimeStamp`.
    #[default]
    Each,
    /// What all references lead to, one behind the other: `AllDataObjectsTimeStamp`.
    All,
}

impl StampedContent {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The digests of what the signature itself holds and signs.
#[derive(Default)]
struct Digests {
    properties: Vec<u8>,
    /// Of the manifest, where there is one.
    manifest: Vec<u8>,
}

/// A file that is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReference {
    /// Its name in the container, or the identifier of the element.
    pub name: String,
    /// The digest over its octets, by [`Blueprint::digest`].
    #[serde(with = "hex_octets")]
    pub digest: Vec<u8>,
    /// Its media type.
    pub media_type: String,
    /// Where it stands.
    #[serde(default)]
    pub form: ReferenceForm,
}

/// Everything that a new signature at level B derives from but its value.
///
/// Equal blueprints give equal octets: identifiers come from digests and not from chance, and all
/// canonical forms are exclusive, so that the data to be signed does not depend on the document
/// that the signature will stand in.
///
/// # Standard
/// EN 319 132-1 §6.3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    /// The files, at least one.
    pub references: Vec<NewReference>,
    /// How they are named.
    #[serde(default, skip_serializing_if = "Naming::is_default")]
    pub naming: Naming,
    /// Digest of the files, of the signed properties and of the signing certificate.
    pub digest: DigestAlgorithm,
    /// Signature algorithm; its values are written plain.
    #[serde(with = "algorithm_uri")]
    pub algorithm: SignatureAlgorithm,
    /// The signing certificate (DER).
    #[serde(with = "hex_octets")]
    pub signing_certificate: Vec<u8>,
    /// Further certificates that shall travel along (DER).
    #[serde(with = "hex_list")]
    pub other_certificates: Vec<Vec<u8>>,
    /// The claimed signing time.
    pub claimed_signing_time: UnixTime,
    /// Claimed roles.
    pub roles: Vec<String>,
    /// Roles that somebody certified: attribute certificates (DER).
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "hex_list")]
    pub certified_roles: Vec<Vec<u8>>,
    /// What others assert about the signer, an element each, as [`assertion`] gives it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed_assertions: Vec<String>,
    /// Place of signing: country, region, postal code, town, street; each may be empty.
    pub production_place: Option<[String; 5]>,
    /// The signature policy, for a signature that follows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<NewPolicy>,
    /// Commitments, for everything that is signed or for some of the references.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<NewCommitment>,
    /// What [`Blueprint::content_timestamps`] are over.
    #[serde(default, skip_serializing_if = "StampedContent::is_default")]
    pub stamped_content: StampedContent,
    /// Time-stamps over what is signed, as the authority wrote them, in the order of
    /// [`Blueprint::reference_digests`] where each is over one.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "hex_list")]
    pub content_timestamps: Vec<Vec<u8>>,
}

impl Blueprint {
    /// The data to be signed (DTBS): the canonical `ds:SignedInfo`.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no or repeated references and digests of another length,
    /// [`Unsupported`] for algorithms without a URI; a certificate that cannot be read.
    ///
    /// # Standard
    /// XMLDSig §3.1.2.
    pub fn data_to_be_signed(&self) -> Result<Vec<u8>, Error> {
        let (signature, _) = self.element(&self.digests()?, &[])?;
        canonical(&signature, |signature| {
            signature.element(dsig::NAMESPACE, "SignedInfo")
        })
    }

    /// The `ds:Signature` element with a value over [`Blueprint::data_to_be_signed`], in UTF-8.
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`]; [`ApiMisuse::ContradictoryParameters`] where files are
    /// to be enclosed, for which [`Blueprint::signature_around`] is.
    pub fn signature(&self, value: &[u8]) -> Result<Vec<u8>, Error> {
        let mut pieces = self.signature_around(value)?.into_iter();
        match (pieces.next(), pieces.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(ApiMisuse::ContradictoryParameters.into()),
        }
    }

    /// The `ds:Signature` element in pieces: between them stand the enclosed files in base64, in
    /// the order of the references.
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`].
    pub fn signature_around(&self, value: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        let (signature, places) = self.element(&self.digests()?, value)?;
        let mut pieces = Vec::with_capacity(places.len() + 1);
        let mut from = 0;
        for place in places.into_iter().chain([signature.len()]) {
            let piece = signature.get(from..place).unwrap_or_default();
            pieces.push(piece.as_bytes().to_vec());
            from = place;
        }
        Ok(pieces)
    }

    /// The digests of the references of `ds:SignedInfo`, but of the one to the signed properties.
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`].
    pub fn reference_digests(&self) -> Result<Vec<Vec<u8>>, Error> {
        Ok(match self.naming {
            Naming::References => {
                let references = self.references.iter();
                references.map(|one| one.digest.clone()).collect()
            }
            Naming::Manifest => vec![self.digests()?.manifest],
        })
    }

    fn digests(&self) -> Result<Digests, Error> {
        let draft = self.element(&Digests::default(), &[])?.0;
        let properties = canonical(&draft, |signature| {
            let object = signature.element(dsig::NAMESPACE, "Object")?;
            let qualifying = object.element(NAMESPACE, "QualifyingProperties")?;
            qualifying.element(NAMESPACE, "SignedProperties")
        })?;
        let manifest = match self.naming {
            Naming::References => Vec::new(),
            Naming::Manifest => {
                let manifest = canonical(&draft, |signature| {
                    let mut objects = signature.elements_named(dsig::NAMESPACE, "Object");
                    objects.find_map(|object| object.element(dsig::NAMESPACE, "Manifest"))
                })?;
                crypto::digest(self.digest, &manifest)?
            }
        };
        Ok(Digests {
            properties: crypto::digest(self.digest, &properties)?,
            manifest,
        })
    }

    fn check(&self) -> Result<(), Error> {
        if self.references.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        for commitment in &self.commitments {
            let mut places = places_of(commitment, &self.references);
            if commitment.id.is_empty() || places.any(|place| place.is_none()) {
                return Err(ApiMisuse::ContradictoryParameters.into());
            }
        }
        let mut names = std::collections::BTreeSet::new();
        for reference in &self.references {
            if !names.insert(&reference.name) {
                return Err(ApiMisuse::DuplicateName.into());
            }
            let is_name = || {
                let uri = encode_uri(&reference.name);
                crate::xml::uri::decode_uri(&uri).as_deref() == Some(&reference.name)
            };
            if reference.form == ReferenceForm::File && !is_name() {
                return Err(ApiMisuse::BadFileName.into());
            }
            // What stands in the signature or around it would be named by a part of itself.
            let is_nameable =
                self.naming == Naming::References || reference.form == ReferenceForm::File;
            if reference.digest.len() != self.digest.output_len() || !is_nameable {
                return Err(ApiMisuse::ContradictoryParameters.into());
            }
        }
        Ok(())
    }

    /// Told apart from other signatures of the same document by everything that is signed.
    pub(super) fn id(&self) -> String {
        let octets = match self.naming {
            Naming::References => serde_json::to_vec(self),
            // Content time-stamps are over the manifest, which bears this identifier.
            Naming::Manifest => serde_json::to_vec(&Self {
                content_timestamps: Vec::new(),
                ..self.clone()
            }),
        };
        let octets = octets.unwrap_or_default();
        let hex = crypto::object_id(&octets).to_hex();
        format!("S-{}", hex.get(..32).unwrap_or(&hex))
    }

    /// The element, and where enclosed files go into it.
    fn element(&self, digests: &Digests, value: &[u8]) -> Result<(String, Vec<usize>), Error> {
        self.check()?;
        let digest_uri = self.digest.uri();
        let digest_uri =
            digest_uri.ok_or_else(|| Unsupported::Algorithm(self.digest.oid().to_owned()))?;
        let algorithm = algorithm_uri::of(self.algorithm)
            .ok_or_else(|| Unsupported::Algorithm(self.algorithm.to_string()))?;
        let certificate = Certificate::parse(&self.signing_certificate, &mut Budget::default())?;
        let id = self.id();
        let exclusive = Method::EXCLUSIVE.uri();
        let mut out = Writer::new();
        out.start(
            "ds:Signature",
            &[("xmlns:ds", dsig::NAMESPACE), ("Id", &id)],
        );
        out.start("ds:SignedInfo", &[]);
        out.empty("ds:CanonicalizationMethod", &[("Algorithm", exclusive)]);
        out.empty("ds:SignatureMethod", &[("Algorithm", algorithm)]);
        match self.naming {
            Naming::References => self.references(&mut out, &id, digest_uri),
            Naming::Manifest => {
                let (own, uri) = (format!("{id}-R"), format!("#{id}-M"));
                let attributes = [("Id", &*own), ("Type", MANIFEST), ("URI", &*uri)];
                out.start("ds:Reference", &attributes);
                out.start("ds:Transforms", &[]);
                out.empty("ds:Transform", &[("Algorithm", exclusive)]);
                out.end();
                digest(&mut out, digest_uri, &digests.manifest);
                out.end();
            }
        }
        let properties = format!("#{id}-P");
        out.start(
            "ds:Reference",
            &[("Type", SIGNED_PROPERTIES), ("URI", &properties)],
        );
        out.start("ds:Transforms", &[]);
        out.empty("ds:Transform", &[("Algorithm", exclusive)]);
        out.end();
        digest(&mut out, digest_uri, &digests.properties);
        out.end().end();
        let own = format!("{id}-V");
        out.leaf("ds:SignatureValue", &[("Id", &own)], &base64::encode(value));
        // EN 319 132-1 §6.3 (a): the signing certificate, and those that are known above it.
        out.start("ds:KeyInfo", &[]).start("ds:X509Data", &[]);
        let others = self.other_certificates.iter();
        for der in std::iter::once(&self.signing_certificate).chain(others) {
            out.leaf("ds:X509Certificate", &[], &base64::encode(der));
        }
        out.end().end();
        let target = format!("#{id}");
        out.start("ds:Object", &[]);
        out.start(
            "xades:QualifyingProperties",
            &[("xmlns:xades", NAMESPACE), ("Target", &target)],
        );
        let own = format!("{id}-P");
        out.start("xades:SignedProperties", &[("Id", &own)]);
        self.signature_properties(&mut out, &certificate, digest_uri)?;
        self.data_properties(&mut out, &id);
        out.end();
        if let Some(policy) = &self.policy {
            policy_store(&mut out, policy)?;
        }
        out.end().end();
        if self.naming == Naming::Manifest {
            let own = format!("{id}-M");
            out.start("ds:Object", &[]);
            out.start("ds:Manifest", &[("Id", &own)]);
            self.references(&mut out, &id, digest_uri);
            out.end().end();
        }
        let mut places = Vec::new();
        for (number, reference) in self.references.iter().enumerate() {
            if reference.form == ReferenceForm::Enclosed {
                let own = format!("{id}-O{number}");
                out.start("ds:Object", &[("Id", &own), ("Encoding", BASE64)]);
                places.push(out.len());
                out.end();
            }
        }
        Ok((out.finish(), places))
    }

    /// A reference for each file.
    fn references(&self, out: &mut Writer, id: &str, digest_uri: &str) {
        for (number, reference) in self.references.iter().enumerate() {
            let own = format!("{id}-R{number}");
            let uri = match reference.form {
                ReferenceForm::File => encode_uri(&reference.name),
                ReferenceForm::Enclosed => format!("#{id}-O{number}"),
                ReferenceForm::Document => String::new(),
                ReferenceForm::Element | ReferenceForm::SignatureValue => {
                    format!("#{}", reference.name)
                }
            };
            let mut attributes = vec![("Id", own.as_str()), ("URI", uri.as_str())];
            if reference.form == ReferenceForm::SignatureValue {
                attributes.push(("Type", COUNTERSIGNED));
            }
            out.start("ds:Reference", &attributes);
            transforms(out, reference.form);
            digest(out, digest_uri, &reference.digest);
            out.end();
        }
    }

    /// `SignedSignatureProperties`, in the order of the schema. EN 319 132-1 §4.4.2, §5.2.
    fn signature_properties(
        &self,
        out: &mut Writer,
        certificate: &Certificate,
        digest_uri: &str,
    ) -> Result<(), Error> {
        out.start("xades:SignedSignatureProperties", &[]);
        let time = self.claimed_signing_time.to_string();
        out.leaf("xades:SigningTime", &[], &time);
        out.start("xades:SigningCertificateV2", &[])
            .start("xades:Cert", &[]);
        out.start("xades:CertDigest", &[]);
        let octets = crypto::digest(self.digest, &self.signing_certificate)?;
        digest(out, digest_uri, &octets);
        out.end();
        // RFC 5035 §4: IssuerSerial, the issuer as a directoryName.
        let issuer = write::sequence(&[&write::explicit(4, certificate.issuer().der())]);
        let number = write::tlv(crate::asn1::Tag::INTEGER, certificate.serial_number());
        let issuer_serial = write::sequence(&[&issuer, &number]);
        out.leaf("xades:IssuerSerialV2", &[], &base64::encode(&issuer_serial));
        out.end().end();
        if let Some(policy) = &self.policy {
            self::policy(out, policy)?;
        }
        if let Some([country, region, postal_code, town, street]) = &self.production_place {
            let parts = [
                ("xades:City", town),
                ("xades:StreetAddress", street),
                ("xades:StateOrProvince", region),
                ("xades:PostalCode", postal_code),
                ("xades:CountryName", country),
            ];
            if parts.iter().any(|(_, text)| !text.is_empty()) {
                out.start("xades:SignatureProductionPlaceV2", &[]);
                for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
                    out.leaf(name, &[], text);
                }
                out.end();
            }
        }
        self.signer_role(out);
        out.end();
        Ok(())
    }

    /// ```text
    /// <SignerRoleV2>
    ///   <ClaimedRoles>? (<ClaimedRole/>)+
    ///   <CertifiedRolesV2>? (<CertifiedRole> <X509AttributeCertificate/> </CertifiedRole>)+
    ///   <SignedAssertions>? (<SignedAssertion/>)+
    /// </SignerRoleV2>
    /// ```
    /// EN 319 132-1 §5.2.6.
    fn signer_role(&self, out: &mut Writer) {
        let is_there = [
            !self.roles.is_empty(),
            !self.certified_roles.is_empty(),
            !self.signed_assertions.is_empty(),
        ];
        let [is_claimed, is_certified, is_asserted] = is_there;
        if !is_there.contains(&true) {
            return;
        }
        out.start("xades:SignerRoleV2", &[]);
        if is_claimed {
            out.start("xades:ClaimedRoles", &[]);
            for role in &self.roles {
                out.leaf("xades:ClaimedRole", &[], role);
            }
            out.end();
        }
        if is_certified {
            out.start("xades:CertifiedRolesV2", &[]);
            for der in &self.certified_roles {
                out.start("xades:CertifiedRole", &[]);
                let text = base64::encode(der);
                out.leaf("xades:X509AttributeCertificate", &[], &text).end();
            }
            out.end();
        }
        if is_asserted {
            out.start("xades:SignedAssertions", &[]);
            for assertion in &self.signed_assertions {
                out.start("xades:SignedAssertion", &[]).raw(assertion).end();
            }
            out.end();
        }
        out.end();
    }

    /// ```text
    /// <CommitmentTypeIndication>
    ///   <CommitmentTypeId/> ( (<ObjectReference> #id </ObjectReference>)+ | <AllSignedDataObjects/> )
    ///   (<CommitmentTypeQualifiers> (<CommitmentTypeQualifier/>)+ </CommitmentTypeQualifiers>)?
    /// </CommitmentTypeIndication>
    /// ```
    /// EN 319 132-1 §5.2.3.
    fn commitment(&self, out: &mut Writer, id: &str, commitment: &NewCommitment) {
        out.start("xades:CommitmentTypeIndication", &[]);
        out.start("xades:CommitmentTypeId", &[]);
        identifier(out, &commitment.id);
        out.end();
        if commitment.documents.is_empty() {
            out.empty("xades:AllSignedDataObjects", &[]);
        }
        for number in places_of(commitment, &self.references).flatten() {
            let uri = format!("#{id}-R{number}");
            out.leaf("xades:ObjectReference", &[], &uri);
        }
        if !commitment.qualifiers.is_empty() {
            out.start("xades:CommitmentTypeQualifiers", &[]);
            for text in &commitment.qualifiers {
                out.leaf("xades:CommitmentTypeQualifier", &[], text);
            }
            out.end();
        }
        out.end();
    }

    /// EN 319 132-1 §5.2.4: the media type of each file; §6.3: none of a countersigned value.
    fn data_properties(&self, out: &mut Writer, id: &str) {
        let is_data = |reference: &NewReference| reference.form != ReferenceForm::SignatureValue;
        let says_nothing = self.commitments.is_empty() && self.content_timestamps.is_empty();
        if says_nothing && !self.references.iter().any(is_data) {
            return;
        }
        out.start("xades:SignedDataObjectProperties", &[]);
        if self.naming == Naming::Manifest {
            format(out, &format!("#{id}-R"), "text/xml");
        }
        for (number, reference) in self.references.iter().enumerate() {
            if !is_data(reference) {
                continue;
            }
            let reference_uri = format!("#{id}-R{number}");
            let media_type = match reference.media_type.as_str() {
                "" => "application/octet-stream",
                known => known,
            };
            format(out, &reference_uri, media_type);
        }
        for commitment in &self.commitments {
            self.commitment(out, id, commitment);
        }
        // EN 319 132-1 §5.2.8.2: over what one reference leads to; §5.2.8.1: over all.
        for (number, token) in self.content_timestamps.iter().enumerate() {
            let uri = match self.naming {
                Naming::References => format!("#{id}-R{number}"),
                Naming::Manifest => format!("#{id}-R"),
            };
            match self.stamped_content {
                StampedContent::Each => {
                    out.start("xades:IndividualDataObjectsTimeStamp", &[]);
                    let attributes = [("URI", &*uri), ("referencedData", "true")];
                    out.empty("xades:Include", &attributes);
                }
                StampedContent::All => {
                    out.start("xades:AllDataObjectsTimeStamp", &[]);
                }
            }
            let exclusive = Method::EXCLUSIVE.uri();
            out.empty("ds:CanonicalizationMethod", &[("Algorithm", exclusive)]);
            out.leaf("xades:EncapsulatedTimeStamp", &[], &base64::encode(token));
            out.end();
        }
        out.end();
    }
}

/// The outermost element of an XML document, as it can stand in a signature: in its exclusive
/// canonical form, which takes nothing from around it, so that a signature in it holds too.
///
/// # Errors
/// A document that cannot be read, or has a document type.
///
/// # Standard
/// EN 319 132-1 §5.2.6, Exclusive XML Canonicalization 1.0 §2.
pub fn assertion(octets: &[u8], budget: &mut Budget) -> Result<String, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let element = tree.document_element();
    let canonical = c14n::canonicalize_element(element, &Method::EXCLUSIVE, budget)?;
    let wrong = |_| Error::from(element.malformed(MalformedKind::XadesStructure));
    String::from_utf8(canonical).map_err(wrong)
}

/// The places among the references of what a commitment names.
fn places_of(
    commitment: &NewCommitment,
    references: &[NewReference],
) -> impl Iterator<Item = Option<usize>> {
    let documents = commitment.documents.iter();
    documents.map(|name| references.iter().position(|one| one.name == *name))
}

/// EN 319 132-1 §5.2.4: the reference is one of `ds:SignedInfo` or of a signed manifest.
fn format(out: &mut Writer, reference: &str, media_type: &str) {
    let attributes = [("ObjectReference", reference)];
    out.start("xades:DataObjectFormat", &attributes);
    out.leaf("xades:MimeType", &[], media_type).end();
}

/// EN 319 132-1 §5.1.2: an OID is written as a URN.
fn identifier(out: &mut Writer, id: &str) {
    let is_oid = id
        .bytes()
        .all(|octet| octet.is_ascii_digit() || octet == b'.');
    if is_oid {
        let urn = format!("urn:oid:{id}");
        out.leaf("xades:Identifier", &[("Qualifier", "OIDAsURN")], &urn);
    } else {
        out.leaf("xades:Identifier", &[], id);
    }
}

/// EN 319 132-1 §5.2.9.
fn policy(out: &mut Writer, policy: &NewPolicy) -> Result<(), Error> {
    let policy = match policy {
        NewPolicy::Identified(policy) => policy,
        NewPolicy::Implied => {
            out.start("xades:SignaturePolicyIdentifier", &[]);
            out.empty("xades:SignaturePolicyImplied", &[]).end();
            return Ok(());
        }
    };
    if policy.id.is_empty() {
        return Err(ApiMisuse::ContradictoryParameters.into());
    }
    let octets = policy.signed_digest()?;
    let uri = policy.algorithm.uri();
    let uri = uri.ok_or_else(|| Unsupported::Algorithm(policy.algorithm.oid().to_owned()))?;
    out.start("xades:SignaturePolicyIdentifier", &[]);
    out.start("xades:SignaturePolicyId", &[]);
    out.start("xades:SigPolicyId", &[]);
    identifier(out, &policy.id);
    out.end();
    out.start("xades:SigPolicyHash", &[]);
    digest(out, uri, &octets);
    out.end();
    if policy.uri.is_some() || policy.user_notice.is_some() || policy.specification.is_some() {
        out.start("xades:SigPolicyQualifiers", &[]);
        if let Some(uri) = &policy.uri {
            out.start("xades:SigPolicyQualifier", &[]);
            out.leaf("xades:SPURI", &[], uri).end();
        }
        if let Some(notice) = &policy.user_notice {
            out.start("xades:SigPolicyQualifier", &[]);
            out.start("xades:SPUserNotice", &[]);
            out.leaf("xades:ExplicitText", &[], notice);
            out.end().end();
        }
        // EN 319 132-1 §5.2.9.2: of version 1.4.1.
        if let Some(specification) = &policy.specification {
            out.start("xades:SigPolicyQualifier", &[]);
            out.start(
                "xades141:SPDocSpecification",
                &[("xmlns:xades141", NAMESPACE_141)],
            );
            identifier(out, specification);
            out.end().end();
        }
        out.end();
    }
    out.end().end();
    Ok(())
}

/// The unsigned properties: the policy document, where it travels along.
///
/// ```text
/// <SignaturePolicyStore>
///   <SPDocSpecification/> ( <SignaturePolicyDocument/> | <SigPolDocLocalURI/> )
/// </SignaturePolicyStore>
/// ```
/// EN 319 132-1 §5.2.10.
fn policy_store(out: &mut Writer, policy: &NewPolicy) -> Result<(), Error> {
    let NewPolicy::Identified(IdentifiedPolicy {
        store: Some(store),
        specification,
        ..
    }) = policy
    else {
        return Ok(());
    };
    let specification = specification.as_deref();
    let specification = specification.ok_or(ApiMisuse::ContradictoryParameters)?;
    out.start("xades:UnsignedProperties", &[]);
    out.start("xades:UnsignedSignatureProperties", &[]);
    out.start(
        "xades141:SignaturePolicyStore",
        &[("xmlns:xades141", NAMESPACE_141)],
    );
    out.start("xades141:SPDocSpecification", &[]);
    identifier(out, specification);
    out.end();
    match store {
        PolicyStore::Document(octets) => out.leaf(
            "xades141:SignaturePolicyDocument",
            &[],
            &base64::encode(octets),
        ),
        PolicyStore::LocalUri(uri) => out.leaf("xades141:SigPolDocLocalURI", &[], uri),
    };
    out.end().end().end();
    Ok(())
}

/// What is done with the thing before it is digested. Of a document everything is taken that is in
/// no signature: so another person can sign it too, and add to a signature later.
fn transforms(out: &mut Writer, form: ReferenceForm) {
    if form == ReferenceForm::File {
        return;
    }
    out.start("ds:Transforms", &[]);
    if form == ReferenceForm::Document {
        out.start("ds:Transform", &[("Algorithm", FILTER)]);
        let attributes = [("xmlns:xf", FILTER), ("Filter", "subtract")];
        out.leaf("xf:XPath", &attributes, "/descendant::ds:Signature");
        out.end();
    }
    let last = match form {
        ReferenceForm::Enclosed => BASE64,
        _ => Method::EXCLUSIVE.uri(),
    };
    out.empty("ds:Transform", &[("Algorithm", last)]);
    out.end();
}

fn digest(out: &mut Writer, uri: &str, octets: &[u8]) {
    out.empty("ds:DigestMethod", &[("Algorithm", uri)]);
    out.leaf("ds:DigestValue", &[], &base64::encode(octets));
}

/// The exclusive canonical form of a part of our own text.
fn canonical(
    xml: &str,
    part: impl for<'t> Fn(Node<'t>) -> Option<Node<'t>>,
) -> Result<Vec<u8>, Error> {
    let mut budget = Budget::default();
    let text = Text::new(xml);
    let tree = Tree::parse(&text, &mut budget)?;
    let node = part(tree.document_element())
        .ok_or_else(|| Malformed::within(MalformedKind::XadesStructure, "Signature"))?;
    c14n::canonicalize_element(node, &Method::EXCLUSIVE, &mut budget)
}

/// A signature algorithm by its URI, which says that values are plain.
mod algorithm_uri {
    use crate::algorithm::SignatureAlgorithm;
    use serde::{Deserialize, Deserializer, Serializer};

    /// The URI that leads back to this very algorithm.
    pub(super) fn of(algorithm: SignatureAlgorithm) -> Option<&'static str> {
        algorithm
            .uri()
            .filter(|uri| SignatureAlgorithm::from_uri(uri) == Some(algorithm))
    }

    pub(super) fn serialize<S: Serializer>(
        algorithm: &SignatureAlgorithm,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let none = || serde::ser::Error::custom("a signature algorithm without a URI");
        serializer.serialize_str(of(*algorithm).ok_or_else(none)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SignatureAlgorithm, D::Error> {
        let uri = String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom("unknown signature algorithm");
        SignatureAlgorithm::from_uri(&uri).ok_or_else(unknown)
    }
}
