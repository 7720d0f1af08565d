//! XAdES signatures at levels B, T and LT, right or wrong as asked.
//!
//! No canonicalisation is written here: each element that is digested is put together in its
//! canonical form (namespaces declared where that form has them, attributes sorted, no empty-element
//! tags), so that the method named in the signature changes nothing. A canonicaliser under test is
//! so compared with text that no canonicaliser made.
//!
//! # Standard
//! XMLDSig §4; EN 319 132-1 §5 (the properties), §6.3 (the baseline levels).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::certificate::flip;
use crate::cms::issuer_and_serial;
use crate::der;
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::key::Scheme;
use crate::long_term::LongTermValues;
use crate::pki::{Entity, Pki};
use crate::time::rfc3339;
use crate::tsa::{self, TokenSpec};

pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";

/// A file with its name and media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// The name in the container.
    pub name: String,
    /// The media type.
    pub media_type: String,
    /// The octets.
    pub bytes: Vec<u8>,
}

impl DataFile {
    /// A file.
    pub fn new(name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let (name, media_type) = (name.to_owned(), media_type.to_owned());
        Self {
            name,
            media_type,
            bytes: bytes.to_vec(),
        }
    }
}

/// Where signature and data stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packaging {
    /// The files lie beside it; the root is `asic:XAdESSignatures`.
    Container,
    /// The first file, which is text, stands inside a ds:Object.
    Enveloping,
    /// The signature stands at the end of the first file, which is XML in canonical form, without
    /// namespaces.
    Enveloped,
}

/// The canonicalisation that the signature names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canonicalization {
    /// Exclusive Canonical XML 1.0.
    Exclusive,
    /// Canonical XML 1.0.
    Inclusive,
    /// Canonical XML 1.1.
    Inclusive11,
}

impl Canonicalization {
    /// The URI.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Exclusive => "http://www.w3.org/2001/10/xml-exc-c14n#",
            Self::Inclusive => "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            Self::Inclusive11 => "http://www.w3.org/2006/12/xml-c14n11",
        }
    }
}

/// What is wrong with a XAdES signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// The digest of the first file is of something else.
    WrongFileDigest,
    /// No file is referenced, only SignedProperties.
    NoFileReference,
    /// The digest of SignedProperties is of something else.
    WrongPropertiesDigest,
    /// SignedProperties are there and not referenced: they are not signed.
    PropertiesNotReferenced,
    /// Wrapping: the signed SignedProperties stand in another ds:Object, forged ones in their place.
    PropertiesMoved,
    /// Wrapping: as [`Flaw::PropertiesMoved`], both with the same Id.
    DuplicateId,
    /// There is no SigningCertificateV2.
    MissingSigningCertificate,
    /// The certificate digest is of something else.
    WrongCertificateDigest,
    /// IssuerSerialV2 names another certificate.
    WrongIssuerSerial,
    /// The signature value does not fit.
    BrokenSignature,
    /// There is no KeyInfo.
    MissingKeyInfo,
    /// KeyInfo holds the certificate of this stranger to the signature, not that of the signer.
    WrongKeyInfo,
    /// QualifyingProperties name another signature as their target.
    WrongTarget,
    /// There is no SigningTime.
    MissingSigningTime,
    /// There is no DataObjectFormat.
    MissingDataObjectFormat,
    /// There are two SignedInfo elements, the second forged.
    TwoSignedInfos,
    /// The first file's reference has a transform that nobody knows.
    UnknownTransform,
    /// The first file is signed by its canonical form, which it has already.
    CanonicalFile,
    /// The first file's reference has a digest method that nobody knows.
    UnknownDigest,
    /// The references to files have no URI: whoever validates has to know what they are about.
    NamelessFiles,
}

/// How a signature is made.
#[derive(Debug, Clone)]
pub struct XadesSpec {
    /// The Id of the signature, from which all others are derived.
    pub id: String,
    /// SigningTime.
    pub signing_time: i64,
    /// The digest of references and of the signing certificate.
    pub hash: Hash,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// The canonicalisation.
    pub canonicalization: Canonicalization,
    /// Where signature and data stand to each other.
    pub packaging: Packaging,
    /// The URI of a signature policy that the signer names, with an invented digest.
    pub signature_policy: Option<String>,
    /// A token over the files in order, put in as AllDataObjectsTimeStamp.
    pub content_timestamp: Option<Vec<u8>>,
    /// Whether the legacy SigningCertificate is written instead of SigningCertificateV2.
    pub legacy_reference: bool,
    /// What is wrong.
    pub flaw: Flaw,
}

impl XadesSpec {
    /// A signature for a container: SHA-256, exclusive canonicalisation, nothing wrong.
    pub fn container(signing_time: i64) -> Self {
        Self {
            id: "S0".to_owned(),
            signing_time,
            hash: Hash::Sha256,
            scheme: None,
            canonicalization: Canonicalization::Exclusive,
            packaging: Packaging::Container,
            signature_policy: None,
            content_timestamp: None,
            legacy_reference: false,
            flaw: Flaw::None,
        }
    }
}

/// A signature with its value, to which unsigned properties can be added.
#[derive(Debug, Clone)]
pub struct XadesSignature {
    spec: XadesSpec,
    pub(crate) signed_info: String,
    pub(crate) signature_value: String,
    pub(crate) key_info: String,
    objects: String,
    pub(crate) signed_properties: String,
    unsigned: String,
    /// The unsigned properties, each in exclusive canonical form.
    pub(crate) unsigned_canonical: String,
    document: String,
}

/// Signs the files at level B; the outcome can be stamped and written.
///
/// # Errors
/// When the scheme does not go with the key, or a file does not go with the packaging.
pub fn sign(spec: &XadesSpec, files: &[DataFile], signer: &Entity) -> Result<XadesSignature> {
    let writer = Writer { spec, signer };
    let signed_properties = writer.signed_properties(files, spec.signing_time, "P")?;
    let (mut objects, mut document) = (String::new(), String::new());
    match (spec.packaging, files.first()) {
        (Packaging::Container, _) => {}
        (Packaging::Enveloping, Some(file)) => objects = writer.object(&text(file)?),
        (Packaging::Enveloped, Some(file)) => document = text(file)?,
        (_, None) => return Err(Error::new("nothing to sign")),
    }
    let signed_info = writer.signed_info(files, &objects, &signed_properties);
    let scheme = spec.scheme.unwrap_or_else(|| signer.key.scheme());
    let mut value = signer.key.sign_fixed(scheme, signed_info.as_bytes())?;
    if spec.flaw == Flaw::BrokenSignature {
        flip(&mut value);
    }
    let id = &spec.id;
    let signature_value = format!(
        "<ds:SignatureValue{} Id=\"{id}-V\">{}</ds:SignatureValue>",
        writer.scope(&["ds"]),
        STANDARD.encode(value)
    );
    let certificate = match spec.flaw {
        Flaw::WrongKeyInfo => Pki::fixed()?.stranger.certificate,
        _ => signer.certificate.clone(),
    };
    let key_info = match spec.flaw {
        Flaw::MissingKeyInfo => String::new(),
        _ => format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo>",
            STANDARD.encode(certificate)
        ),
    };
    let mut signature = XadesSignature {
        spec: spec.clone(),
        signed_info,
        signature_value,
        key_info,
        objects,
        signed_properties,
        unsigned: String::new(),
        unsigned_canonical: String::new(),
        document,
    };
    if matches!(spec.flaw, Flaw::PropertiesMoved | Flaw::DuplicateId) {
        let mark = if spec.flaw == Flaw::DuplicateId {
            "P"
        } else {
            "F"
        };
        let forged = writer.signed_properties(files, spec.signing_time + 86_400, mark)?;
        let signed = std::mem::replace(&mut signature.signed_properties, forged);
        signature.objects += &format!("<ds:Object>{signed}</ds:Object>");
    }
    if spec.flaw == Flaw::TwoSignedInfos {
        let other = writer.signed_info(&[], "", &signature.signed_properties);
        signature.signed_info += &other;
    }
    Ok(signature)
}

impl XadesSignature {
    /// The octets that a SignatureTimeStamp is over: ds:SignatureValue in canonical form.
    pub fn timestamped_octets(&self) -> &[u8] {
        self.signature_value.as_bytes()
    }

    /// Adds a SignatureTimeStamp as the honest authority would give it: level T.
    ///
    /// # Errors
    /// Never with the keys that are committed.
    pub fn stamp(&mut self, pki: &Pki, time: i64) -> Result<()> {
        let tsa = &pki.tsa_p256;
        let spec = TokenSpec::over(self.timestamped_octets(), Hash::Sha256, time, tsa);
        self.add_timestamp(&tsa::token(&spec, tsa)?);
        Ok(())
    }

    /// Adds any token as SignatureTimeStamp, fitting or not.
    pub fn add_timestamp(&mut self, token: &[u8]) {
        let property = self.timestamp("xades:SignatureTimeStamp", token);
        self.add_unsigned(&property);
    }

    /// The unsigned properties so far, each in exclusive canonical form.
    pub fn unsigned_canonical(&self) -> &str {
        &self.unsigned_canonical
    }

    /// A time-stamp property of this name.
    pub fn timestamp(&self, name: &str, token: &[u8]) -> String {
        format!(
            "<{name}><ds:CanonicalizationMethod Algorithm=\"{}\">\
             </ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>{}\
             </xades:EncapsulatedTimeStamp></{name}>",
            self.spec.canonicalization.uri(),
            STANDARD.encode(token)
        )
    }

    /// Adds an unsigned property: an element without attributes, its name with a prefix; that of
    /// version 1.4.1, `xades141`, is declared on it.
    pub fn add_unsigned(&mut self, property: &str) {
        self.unsigned += property;
        let declare = |text: &str, at: &str, prefix: &str, uri: &str| {
            text.replacen(at, &format!("{at} xmlns:{prefix}=\"{uri}\""), 1)
        };
        let end = property.find('>').unwrap_or_default();
        let start = property.get(..end).unwrap_or_default();
        let canonical = match start.contains("xades:") {
            true => declare(property, start, "xades", XADES),
            false => declare(property, "<xades:EncapsulatedTimeStamp", "xades", XADES),
        };
        self.unsigned_canonical += &declare(&canonical, "<ds:CanonicalizationMethod", "ds", DS);
    }

    /// Adds CertificateValues and RevocationValues: level LT.
    pub fn add_long_term(&mut self, values: &LongTermValues) {
        let list = |name: &str, members: &[Vec<u8>]| -> String {
            members
                .iter()
                .map(|m| format!("<xades:{name}>{}</xades:{name}>", STANDARD.encode(m)))
                .collect()
        };
        let wrap = |name: &str, inner: String| match inner.as_str() {
            "" => inner,
            _ => format!("<xades:{name}>{inner}</xades:{name}>"),
        };
        let certificates = list("EncapsulatedX509Certificate", &values.certificates);
        let crls = wrap("CRLValues", list("EncapsulatedCRLValue", &values.crls));
        let ocsps = wrap("OCSPValues", list("EncapsulatedOCSPValue", &values.ocsps));
        for property in [
            wrap("CertificateValues", certificates),
            wrap("RevocationValues", crls + &ocsps),
        ] {
            self.add_unsigned(&property);
        }
    }

    /// The ds:Signature element.
    pub fn element(&self) -> String {
        let id = &self.spec.id;
        let target = if self.spec.flaw == Flaw::WrongTarget {
            "another"
        } else {
            id
        };
        let unsigned = match self.unsigned.as_str() {
            "" => String::new(),
            unsigned => format!(
                "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{unsigned}\
                 </xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
            ),
        };
        format!(
            "<ds:Signature xmlns:ds=\"{DS}\" Id=\"{id}\">{}{}{}{}<ds:Object>\
             <xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#{target}\">{}{unsigned}\
             </xades:QualifyingProperties></ds:Object></ds:Signature>",
            self.signed_info,
            self.signature_value,
            self.key_info,
            self.objects,
            self.signed_properties
        )
    }

    /// The whole document.
    pub fn document(&self) -> String {
        match self.spec.packaging {
            Packaging::Container => signatures_document(std::slice::from_ref(self)),
            Packaging::Enveloping => self.element(),
            Packaging::Enveloped => {
                let end = self.document.rfind("</").unwrap_or(self.document.len());
                let (before, after) = self.document.split_at(end);
                format!("{before}{}{after}", self.element())
            }
        }
    }
}

/// Several signatures as one `META-INF/signatures*.xml`.
pub fn signatures_document(signatures: &[XadesSignature]) -> String {
    let elements: String = signatures.iter().map(XadesSignature::element).collect();
    format!("<asic:XAdESSignatures xmlns:asic=\"{ASIC}\">{elements}</asic:XAdESSignatures>")
}

struct Writer<'a> {
    spec: &'a XadesSpec,
    signer: &'a Entity,
}

impl Writer<'_> {
    /// The namespaces that an element declares when it is canonicalised by itself.
    fn scope(&self, used: &[&str]) -> String {
        let inclusive = self.spec.canonicalization != Canonicalization::Exclusive;
        let container = self.spec.packaging == Packaging::Container;
        let mut out = String::new();
        for (prefix, uri) in [("asic", ASIC), ("ds", DS), ("xades", XADES)] {
            let in_scope = match prefix {
                "asic" => container,
                "ds" => true,
                _ => used.contains(&"xades"),
            };
            if (inclusive && in_scope) || (!inclusive && used.contains(&prefix)) {
                out += &format!(" xmlns:{prefix}=\"{uri}\"");
            }
        }
        out
    }

    /// The declaration of `ds` on its elements inside SignedProperties, where exclusive form has it.
    fn inner_ds(&self) -> String {
        match self.spec.canonicalization {
            Canonicalization::Exclusive => format!(" xmlns:ds=\"{DS}\""),
            _ => String::new(),
        }
    }

    fn digest(&self, octets: &[u8], declaration: &str) -> String {
        digest_elements(
            self.spec.hash.uri(),
            &self.spec.hash.digest(octets),
            declaration,
        )
    }

    fn signed_properties(&self, files: &[DataFile], time: i64, mark: &str) -> Result<String> {
        let (id, flaw) = (&self.spec.id, self.spec.flaw);
        let time = match flaw {
            Flaw::MissingSigningTime => String::new(),
            _ => format!("<xades:SigningTime>{}</xades:SigningTime>", rfc3339(time)),
        };
        let formats: String = match flaw {
            Flaw::MissingDataObjectFormat | Flaw::NoFileReference => String::new(),
            _ => files
                .iter()
                .enumerate()
                .map(|(index, file)| {
                    format!(
                        "<xades:DataObjectFormat ObjectReference=\"#{id}-R{index}\">\
                         <xades:MimeType>{}</xades:MimeType></xades:DataObjectFormat>",
                        escape(&file.media_type)
                    )
                })
                .collect(),
        };
        let formats = formats + &self.content_timestamp();
        let data_objects = match formats.as_str() {
            "" => String::new(),
            _ => format!(
                "<xades:SignedDataObjectProperties>{formats}</xades:SignedDataObjectProperties>"
            ),
        };
        Ok(format!(
            "<xades:SignedProperties{} Id=\"{id}-{mark}\"><xades:SignedSignatureProperties>{time}{}{}\
             </xades:SignedSignatureProperties>{data_objects}</xades:SignedProperties>",
            self.scope(&["xades"]),
            self.signing_certificate()?,
            self.signature_policy()
        ))
    }

    fn content_timestamp(&self) -> String {
        let Some(token) = &self.spec.content_timestamp else {
            return String::new();
        };
        format!(
            "<xades:AllDataObjectsTimeStamp><ds:CanonicalizationMethod{} Algorithm=\"{}\">\
             </ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>{}\
             </xades:EncapsulatedTimeStamp></xades:AllDataObjectsTimeStamp>",
            self.inner_ds(),
            self.spec.canonicalization.uri(),
            STANDARD.encode(token)
        )
    }

    fn signature_policy(&self) -> String {
        let Some(uri) = &self.spec.signature_policy else {
            return String::new();
        };
        format!(
            "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>\
             <xades:Identifier>{}</xades:Identifier></xades:SigPolicyId><xades:SigPolicyHash>{}\
             </xades:SigPolicyHash></xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>",
            escape(uri),
            self.digest(uri.as_bytes(), &self.inner_ds())
        )
    }

    fn signing_certificate(&self) -> Result<String> {
        let ds = self.inner_ds();
        let (octets, serial) = match self.spec.flaw {
            Flaw::MissingSigningCertificate => return Ok(String::new()),
            Flaw::WrongCertificateDigest => (b"another certificate".to_vec(), None),
            Flaw::WrongIssuerSerial => (self.signer.certificate.clone(), Some(vec![0x7f])),
            _ => (self.signer.certificate.clone(), None),
        };
        let digest = self.digest(&octets, &ds);
        let serial = serial.unwrap_or_else(|| self.signer.serial_number.clone());
        let (issuer, _) = issuer_and_serial(&self.signer.certificate)?;
        if self.spec.legacy_reference {
            let number = serial
                .iter()
                .fold(0_u64, |sum, o| (sum << 8) | u64::from(*o));
            return Ok(format!(
                "<xades:SigningCertificate><xades:Cert><xades:CertDigest>{digest}\
                 </xades:CertDigest><xades:IssuerSerial><ds:X509IssuerName{ds}>{}\
                 </ds:X509IssuerName><ds:X509SerialNumber{ds}>{number}</ds:X509SerialNumber>\
                 </xades:IssuerSerial></xades:Cert></xades:SigningCertificate>",
                escape(&Pki::fixed()?.issuing_ca.name.rfc4514())
            ));
        }
        let names = der::sequence(&[&der::explicit(4, &issuer)]);
        let issuer_serial = der::sequence(&[&names, &der::integer_raw(&serial)]);
        Ok(format!(
            "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{digest}\
             </xades:CertDigest><xades:IssuerSerialV2>{}</xades:IssuerSerialV2></xades:Cert>\
             </xades:SigningCertificateV2>",
            STANDARD.encode(issuer_serial)
        ))
    }

    fn object(&self, content: &str) -> String {
        let (id, scope) = (&self.spec.id, self.scope(&["ds"]));
        format!(
            "<ds:Object{scope} Id=\"{id}-O\">{}</ds:Object>",
            escape(content)
        )
    }

    fn signed_info(&self, files: &[DataFile], object: &str, properties: &str) -> String {
        let (id, flaw) = (&self.spec.id, self.spec.flaw);
        let scheme = self.spec.scheme.unwrap_or_else(|| self.signer.key.scheme());
        let c14n = transform(self.spec.canonicalization.uri());
        let mut references = String::new();
        for (index, file) in files.iter().enumerate() {
            if flaw == Flaw::NoFileReference {
                break;
            }
            let octets: &[u8] = match (flaw, self.spec.packaging) {
                (Flaw::WrongFileDigest, _) if index == 0 => b"something else",
                (_, Packaging::Enveloping) => object.as_bytes(),
                _ => &file.bytes,
            };
            let mut digest = self.digest(octets, "");
            if flaw == Flaw::UnknownDigest && index == 0 {
                digest = digest_elements("urn:nobody:digest", &[0; 32], "");
            }
            let (uri, transforms) = match self.spec.packaging {
                Packaging::Container => (percent_encode(&file.name), String::new()),
                Packaging::Enveloping => (format!("#{id}-O"), c14n.clone()),
                Packaging::Enveloped => (String::new(), transform(ENVELOPED) + &c14n),
            };
            let transforms = match flaw {
                Flaw::UnknownTransform if index == 0 => transform("urn:nobody:transform"),
                Flaw::CanonicalFile if index == 0 => c14n.clone(),
                _ => transforms,
            };
            let transforms = match transforms.as_str() {
                "" => String::new(),
                _ => format!("<ds:Transforms>{transforms}</ds:Transforms>"),
            };
            let uri = match flaw {
                Flaw::NamelessFiles => String::new(),
                _ => format!(" URI=\"{uri}\""),
            };
            references += &format!(
                "<ds:Reference Id=\"{id}-R{index}\"{uri}>{transforms}{digest}</ds:Reference>"
            );
        }
        if flaw != Flaw::PropertiesNotReferenced {
            let octets: &[u8] = match flaw {
                Flaw::WrongPropertiesDigest => b"something else",
                _ => properties.as_bytes(),
            };
            references += &format!(
                "<ds:Reference Type=\"{PROPERTIES}\" URI=\"#{id}-P\"><ds:Transforms>{c14n}\
                 </ds:Transforms>{}</ds:Reference>",
                self.digest(octets, "")
            );
        }
        format!(
            "<ds:SignedInfo{}><ds:CanonicalizationMethod Algorithm=\"{}\">\
             </ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{}\">\
             </ds:SignatureMethod>{references}</ds:SignedInfo>",
            self.scope(&["ds"]),
            self.spec.canonicalization.uri(),
            scheme.uri()
        )
    }
}

fn digest_elements(uri: &str, digest: &[u8], declaration: &str) -> String {
    format!(
        "<ds:DigestMethod{declaration} Algorithm=\"{uri}\"></ds:DigestMethod>\
         <ds:DigestValue{declaration}>{}</ds:DigestValue>",
        STANDARD.encode(digest)
    )
}

fn transform(uri: &str) -> String {
    format!("<ds:Transform Algorithm=\"{uri}\"></ds:Transform>")
}

fn text(file: &DataFile) -> Result<String> {
    String::from_utf8(file.bytes.clone()).map_err(|e| Error::while_doing("text to be signed", e))
}

/// Text in canonical form (Canonical XML 1.0 §2.3).
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#xD;")
}

/// A relative URI of an entry name (RFC 3986 §2.1).
pub fn percent_encode(name: &str) -> String {
    name.bytes()
        .map(|octet| match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(octet).to_string()
            }
            _ => format!("%{octet:02X}"),
        })
        .collect()
}
