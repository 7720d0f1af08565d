//! Algorithm identifiers: what they name, with their parameters.

use super::oid::Oid;
use super::reader::{Mode, Reader};
use super::tag::Tag;
use super::tlv::Tlv;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use std::sync::Arc;

/// The `AlgorithmIdentifier` type is defined in [RFC 5280 Section 4.1.1.2].
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY algorithm OPTIONAL }
/// ```
///
/// [RFC 5280 Section 4.1.1.2]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// Which algorithm.
    pub oid: Oid,
    /// The parameters with tag and length, as they stand in the input.
    pub parameters: Option<Arc<[u8]>>,
    /// The original bytes.
    pub whole: Arc<[u8]>,
    mode: Mode,
    offset: u64,
}

impl AlgorithmIdentifier {
    /// Reads one.
    ///
    /// # Errors
    /// [`Malformed`] when the value is none.
    pub fn parse(value: &Tlv<'_>) -> Result<Self, Malformed> {
        // The tag is left to the caller, who may read it implicitly; the form cannot differ.
        if !value.tag.constructed {
            return Err(value.wrong(MalformedKind::DerTag));
        }
        let mut reader = value.reader();
        let oid = reader.read(Tag::OID)?.oid()?;
        let parameters = if reader.is_empty() {
            None
        } else {
            Some(Arc::from(reader.read_any()?.whole))
        };
        reader.finish()?;
        Ok(Self {
            oid,
            parameters,
            whole: value.whole.into(),
            mode: value.mode(),
            offset: value.offset,
        })
    }

    /// Whether both name the same algorithm with the same parameters; absent parameters and NULL
    /// are equal (RFC 4055 §2.1).
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.oid == other.oid && self.significant() == other.significant()
    }

    /// The digest algorithm that this names.
    ///
    /// # Errors
    /// [`Unsupported::Algorithm`]; [`Malformed`] for parameters other than NULL.
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, Error> {
        let digest =
            DigestAlgorithm::from_oid(&self.oid.to_string()).ok_or_else(|| self.unsupported())?;
        self.no_parameters()?;
        Ok(digest)
    }

    /// The signature algorithm that this names. `digest_beside` is the digest that the structure
    /// around it names: CMS allows the bare OID of a key there (RFC 5652 §5.3, RFC 3370 §3.2).
    ///
    /// # Errors
    /// [`Unsupported::Algorithm`] for an unknown algorithm, or a bare key OID without a digest
    /// beside it; [`Malformed`] for parameters that do not follow the algorithm.
    pub fn signature_algorithm(
        &self,
        digest_beside: Option<DigestAlgorithm>,
    ) -> Result<SignatureAlgorithm, Error> {
        let beside = || digest_beside.ok_or_else(|| self.unsupported());
        let dotted = self.oid.to_string();
        match dotted.as_str() {
            "1.2.840.113549.1.1.10" => return self.pss(),
            "1.2.840.113549.1.1.1" => {
                self.no_parameters()?;
                return Ok(SignatureAlgorithm::RsaPkcs1 { digest: beside()? });
            }
            // RFC 5753 §7.1.3: the parameters of a bare EC key OID name the curve; the curve that
            // counts is the key's.
            "1.2.840.10045.2.1" => {
                return Ok(SignatureAlgorithm::Ecdsa {
                    digest: beside()?,
                    encoding: ValueEncoding::Der,
                });
            }
            // RFC 3370 §3.1: likewise the domain of a bare DSA key OID.
            "1.2.840.10040.4.1" => {
                return Ok(SignatureAlgorithm::Dsa {
                    digest: beside()?,
                    encoding: ValueEncoding::Der,
                });
            }
            _ => {}
        }
        let algorithm = SignatureAlgorithm::from_oid(&dotted).ok_or_else(|| self.unsupported())?;
        self.no_parameters()?;
        Ok(algorithm)
    }

    fn significant(&self) -> Option<&[u8]> {
        self.parameters.as_deref().filter(|value| *value != [5, 0])
    }

    fn no_parameters(&self) -> Result<(), Malformed> {
        match self.significant() {
            None => Ok(()),
            Some(_) => Err(self.wrong()),
        }
    }

    fn wrong(&self) -> Malformed {
        Malformed::at(MalformedKind::AlgorithmParameters, self.offset)
    }

    fn unsupported(&self) -> Unsupported {
        Unsupported::Algorithm(self.oid.to_string())
    }

    /// RSASSA-PSS with its parameters, RFC 4055 §3.1.
    ///
    /// ```text
    /// RSASSA-PSS-params ::= SEQUENCE {
    ///     hashAlgorithm     [0] HashAlgorithm     DEFAULT sha1Identifier,
    ///     maskGenAlgorithm  [1] MaskGenAlgorithm  DEFAULT mgf1SHA1Identifier,
    ///     saltLength        [2] INTEGER           DEFAULT 20,
    ///     trailerField      [3] INTEGER           DEFAULT 1 }
    /// ```
    fn pss(&self) -> Result<SignatureAlgorithm, Error> {
        // RFC 4055 §3.1: absent parameters are for keys, a signature must carry them.
        let parameters = self.parameters.as_deref().ok_or_else(|| self.wrong())?;
        let (digest, mgf_digest, salt_length) = self.pss_parameters(parameters)?;
        Ok(SignatureAlgorithm::RsaPss {
            digest,
            mgf_digest,
            salt_length,
        })
    }

    fn pss_parameters(
        &self,
        parameters: &[u8],
    ) -> Result<(DigestAlgorithm, DigestAlgorithm, u32), Error> {
        let wrong = |_| self.wrong();
        let mut outer = Reader::new(parameters, self.mode).at(self.offset);
        let mut fields = outer.read(Tag::SEQUENCE).map_err(wrong)?.reader();
        outer.finish().map_err(wrong)?;
        let mut field = |number| -> Result<Option<Tlv<'_>>, Malformed> {
            let value = fields.optional(Tag::context_constructed(number));
            let value = value.map_err(wrong)?;
            value
                .map(|value| value.explicit().map_err(wrong))
                .transpose()
        };
        let digest = match field(0)? {
            None => DigestAlgorithm::Sha1,
            Some(value) => Self::parse(&value).map_err(wrong)?.digest_algorithm()?,
        };
        let mgf_digest = match field(1)? {
            None => DigestAlgorithm::Sha1,
            Some(value) => {
                let mask = Self::parse(&value).map_err(wrong)?;
                if !mask.oid.is("1.2.840.113549.1.1.8") {
                    return Err(mask.unsupported().into());
                }
                let inner = mask.parameters.as_deref().ok_or_else(|| self.wrong())?;
                let inner = Reader::new(inner, self.mode)
                    .read(Tag::SEQUENCE)
                    .map_err(wrong)?;
                Self::parse(&inner).map_err(wrong)?.digest_algorithm()?
            }
        };
        let salt_length = match field(2)? {
            None => 20,
            Some(value) => value
                .small_integer()
                .ok()
                .and_then(|length| u32::try_from(length).ok())
                .ok_or_else(|| self.wrong())?,
        };
        // RFC 4055 §3.1: the trailer is 1, and nothing else.
        if let Some(trailer) = field(3)?
            && trailer.small_integer() != Ok(1)
        {
            return Err(self.wrong().into());
        }
        fields.finish().map_err(wrong)?;
        Ok((digest, mgf_digest, salt_length))
    }
}

#[cfg(test)]
mod tests {
    use super::super::write;
    use super::*;

    fn parse(bytes: &[u8]) -> AlgorithmIdentifier {
        AlgorithmIdentifier::parse(&Reader::der(bytes).read(Tag::SEQUENCE).unwrap()).unwrap()
    }

    fn pss(parameters: &[&[u8]]) -> AlgorithmIdentifier {
        let oid = write::oid("1.2.840.113549.1.1.10");
        parse(&write::sequence(&[&oid, &write::sequence(parameters)]))
    }

    #[test]
    fn written_identifiers_come_back() {
        use DigestAlgorithm as D;
        let mut algorithms = vec![SignatureAlgorithm::Ed25519, SignatureAlgorithm::MlDsa65];
        for digest in [D::Sha1, D::Sha256, D::Sha3_512] {
            algorithms.push(SignatureAlgorithm::RsaPkcs1 { digest });
            algorithms.push(SignatureAlgorithm::pss(digest));
            for encoding in [ValueEncoding::Der, ValueEncoding::Plain] {
                algorithms.push(SignatureAlgorithm::Ecdsa { digest, encoding });
            }
            algorithms.push(SignatureAlgorithm::RsaPss {
                digest,
                mgf_digest: D::Sha384,
                salt_length: 0,
            });
        }
        for algorithm in algorithms {
            let bytes = write::signature_identifier(algorithm).unwrap();
            assert_eq!(parse(&bytes).signature_algorithm(None), Ok(algorithm));
        }
        for digest in D::ALL {
            let bytes = write::digest_identifier(*digest);
            assert_eq!(parse(&bytes).digest_algorithm(), Ok(*digest));
        }
        let no_oid = SignatureAlgorithm::Ecdsa {
            digest: D::Md5,
            encoding: ValueEncoding::Der,
        };
        assert!(write::signature_identifier(no_oid).is_err());
    }

    #[test]
    fn absent_parameters_and_null_are_equal() {
        let oid = write::oid("2.16.840.1.101.3.4.2.1");
        let (absent, null) = (
            parse(&write::sequence(&[&oid])),
            parse(&write::sequence(&[&oid, &write::null()])),
        );
        assert!(absent.is_same(&null) && null.is_same(&absent));
        assert_eq!(null.digest_algorithm(), Ok(DigestAlgorithm::Sha256));
        let other = parse(&write::sequence(&[&oid, &write::integer(1)]));
        assert!(!other.is_same(&null));
        assert_eq!(
            other.digest_algorithm().unwrap_err().code(),
            "malformed.algorithm.parameters"
        );
    }

    #[test]
    fn bare_key_identifiers_need_the_digest_beside_them() {
        let rsa = parse(&write::sequence(&[
            &write::oid("1.2.840.113549.1.1.1"),
            &write::null(),
        ]));
        let digest = DigestAlgorithm::Sha512;
        assert_eq!(
            rsa.signature_algorithm(Some(digest)),
            Ok(SignatureAlgorithm::RsaPkcs1 { digest })
        );
        assert_eq!(
            rsa.signature_algorithm(None).unwrap_err().code(),
            "unsupported.algorithm"
        );
        let ec = parse(&write::sequence(&[
            &write::oid("1.2.840.10045.2.1"),
            &write::oid("1.2.840.10045.3.1.7"),
        ]));
        let encoding = ValueEncoding::Der;
        assert_eq!(
            ec.signature_algorithm(Some(digest)),
            Ok(SignatureAlgorithm::Ecdsa { digest, encoding })
        );
    }

    #[test]
    fn pss_defaults_are_those_of_1998() {
        assert_eq!(
            pss(&[]).signature_algorithm(None),
            Ok(SignatureAlgorithm::RsaPss {
                digest: DigestAlgorithm::Sha1,
                mgf_digest: DigestAlgorithm::Sha1,
                salt_length: 20,
            })
        );
        assert!(
            pss(&[&write::explicit(3, &write::integer(1))])
                .signature_algorithm(None)
                .is_ok()
        );
    }

    #[test]
    fn wrong_pss_parameters_are_refused() {
        let sha256 = write::digest_identifier(DigestAlgorithm::Sha256);
        let mgf = |parameters: &[u8]| {
            let oid = write::oid("1.2.840.113549.1.1.8");
            write::explicit(1, &write::sequence(&[&oid, parameters]))
        };
        for wrong in [
            &[write::explicit(3, &write::integer(2))][..],
            &[write::explicit(2, &write::tlv(Tag::INTEGER, &[0xff]))],
            &[write::explicit(2, &write::integer(u64::MAX))],
            &[
                write::explicit(2, &write::integer(32)),
                write::explicit(0, &sha256),
            ],
            &[write::explicit(
                0,
                &[sha256.clone(), sha256.clone()].concat(),
            )],
            &[write::explicit(
                1,
                &write::sequence(&[&write::oid("1.2.840.113549.1.1.8")]),
            )],
            &[mgf(&write::integer(1))],
            &[write::explicit(4, &write::integer(1))],
        ] {
            let fields: Vec<_> = wrong.iter().map(Vec::as_slice).collect();
            let error = pss(&fields).signature_algorithm(None).unwrap_err();
            assert_eq!(error.code(), "malformed.algorithm.parameters", "{wrong:x?}");
        }
        let absent = parse(&write::sequence(&[&write::oid("1.2.840.113549.1.1.10")]));
        assert!(absent.signature_algorithm(None).is_err());
        let shake = write::sequence(&[&write::oid("2.16.840.1.101.3.4.2.11")]);
        let unsupported = pss(&[&write::explicit(1, &shake)]).signature_algorithm(None);
        assert_eq!(unsupported.unwrap_err().code(), "unsupported.algorithm");
    }

    #[test]
    fn unknown_algorithms_and_more_than_two_fields_are_refused() {
        let unknown = parse(&write::sequence(&[&write::oid("1.2.3")]));
        assert_eq!(
            unknown.signature_algorithm(None),
            Err(Unsupported::Algorithm("1.2.3".to_owned()).into())
        );
        assert!(unknown.digest_algorithm().is_err());
        let long = write::sequence(&[&write::oid("1.2.3"), &write::null(), &write::null()]);
        let value = Reader::der(&long).read_any().unwrap();
        assert!(AlgorithmIdentifier::parse(&value).is_err());
    }
}
