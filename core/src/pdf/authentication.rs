//! Message authentication codes of encrypted documents: that there is one, not whether it fits.
//!
//! Its key comes from that of the encryption, so it tells who knows the password that nobody else
//! changed the file. Readers that look at it open no file that was changed without renewing it.
//!
//! # Standard
//! ISO/TS 32004 (`/AuthCode` of the trailer, `/KDFSalt` of the encryption). Not covered: verifying
//! the code, and making one.

use super::document::Document;
use super::object::{Dictionary, Object};

/// Where the message authentication code of a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthenticationCode {
    /// In the trailer, over all the rest of the file.
    Standalone,
    /// In the message of a signature.
    AttachedToSignature,
    /// Somewhere that the standard does not know.
    Elsewhere,
    /// The encryption, or an older revision, is of a document with a code; the newest revision has
    /// none.
    Missing,
}

impl AuthenticationCode {
    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standalone => "in the trailer",
            Self::AttachedToSignature => "in a signature",
            Self::Elsewhere => "in an unknown place",
            Self::Missing => "not carried on by the newest revision",
        }
    }
}

impl Document {
    /// Where the message authentication code is, in a document that has or had one.
    #[must_use]
    pub fn authentication_code(&self) -> Option<AuthenticationCode> {
        let code = |trailer: &Dictionary| trailer.get("AuthCode").cloned();
        if let Some(code) = code(self.trailer()) {
            let location = code
                .as_dictionary()
                .and_then(|code| code.name("MACLocation"));
            return Some(match location {
                Some(b"Standalone") => AuthenticationCode::Standalone,
                Some(b"AttachedToSig") => AuthenticationCode::AttachedToSignature,
                _ => AuthenticationCode::Elsewhere,
            });
        }
        let mut older = self.revisions().iter();
        let has_older = older.any(|revision| code(&revision.trailer).is_some());
        (has_older || self.has_code_salt).then_some(AuthenticationCode::Missing)
    }
}

/// Whether an encryption is that of a document with a message authentication code.
pub(super) fn has_salt(encryption: &Dictionary) -> bool {
    !matches!(encryption.get("KDFSalt"), None | Some(Object::Null))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, open};
    use super::*;

    fn code(trailers: &[&str]) -> Option<AuthenticationCode> {
        let mut file = Builder::new();
        for trailer in trailers {
            file.object(1, "<</Pages<<>>>>");
            file.table(&format!("/Root 1 0 R{trailer}"));
        }
        open(&file.octets).unwrap().authentication_code()
    }

    #[test]
    fn a_code_is_found_where_the_newest_trailer_says() {
        let standalone = "/AuthCode<</MACLocation/Standalone/MAC<30>/ByteRange[0 1 2 3]>>";
        let attached = "/AuthCode<</MACLocation/AttachedToSig/SigObjRef 5 0 R>>";
        for (trailers, expected) in [
            (&[standalone][..], Some(AuthenticationCode::Standalone)),
            (
                &[standalone, attached],
                Some(AuthenticationCode::AttachedToSignature),
            ),
            (&[standalone, ""], Some(AuthenticationCode::Missing)),
            (
                &["/AuthCode<</MACLocation/Here>>"],
                Some(AuthenticationCode::Elsewhere),
            ),
            (&["/AuthCode 7 0 R"], Some(AuthenticationCode::Elsewhere)),
            (&["", ""], None),
        ] {
            assert_eq!(code(trailers), expected, "{trailers:?}");
        }
    }
}
