//! A session with a token: certificates, login, signatures.

use crate::error::Error;
use crate::pin::UserPin;
use crate::token::{Login, PinState, Token};
use cryptoki::error::{Error as Cryptoki, RvError};
use cryptoki::mechanism::MechanismType;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::object::{
    Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle,
};
use cryptoki::session::{Session, UserType};

/// A certificate on the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCertificate {
    /// `CKA_ID`: the private key has the same.
    pub id: Vec<u8>,
    /// `CKA_LABEL`.
    pub label: String,
    /// The certificate in DER, as the token gives it.
    pub der: Vec<u8>,
}

/// The kind of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// A point on an elliptic curve.
    Ec,
    /// Ed25519 or Ed448.
    Edwards,
}

/// A private key on the token; the key itself stays there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// `CKA_ID`.
    pub id: Vec<u8>,
    /// Its kind.
    pub kind: KeyKind,
    /// Whether it wants the PIN for every signature.
    pub always_authenticate: bool,
    /// `CKA_MODULUS`, which tells RSA keys with one `CKA_ID` apart.
    pub modulus: Option<Vec<u8>>,
    handle: ObjectHandle,
}

/// A digest algorithm inside PSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Digest {
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// What is computed, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mechanism {
    /// `CKM_ECDSA` over the digest of the message; gives r ‖ s.
    Ecdsa,
    /// `CKM_EDDSA` over the message itself.
    Eddsa,
    /// `CKM_RSA_PKCS` over a whole DigestInfo. (A bare digest "works" and gives a value that
    /// nobody accepts.)
    RsaPkcs1,
    /// `CKM_RSA_PKCS_PSS` over the digest of the message.
    RsaPss {
        /// Digest of the message.
        digest: Digest,
        /// Digest inside MGF1.
        mgf_digest: Digest,
        /// Length of the salt.
        salt_length: u32,
    },
}

/// A session. Logs out when dropped, if it was the one that logged in.
pub struct TokenSession {
    token: Token,
    session: Session,
    logged_in: bool,
}

impl TokenSession {
    pub(crate) fn open(token: Token) -> Result<Self, Error> {
        let session = open(&token)?;
        Ok(Self {
            token,
            session,
            logged_in: false,
        })
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The X.509 certificates that the token shows now.
    ///
    /// # Errors
    /// [`Error::TokenNotPresent`], [`Error::Device`].
    pub fn certificates(&self) -> Result<Vec<TokenCertificate>, Error> {
        let wanted = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
        ];
        let mut certificates = Vec::new();
        for object in self.session.find_objects(&wanted)? {
            let attributes = [
                AttributeType::Id,
                AttributeType::Label,
                AttributeType::Value,
            ];
            let mut certificate = TokenCertificate {
                id: Vec::new(),
                label: String::new(),
                der: Vec::new(),
            };
            for attribute in self.session.get_attributes(object, &attributes)? {
                match attribute {
                    Attribute::Id(id) => certificate.id = id,
                    Attribute::Label(label) => {
                        certificate.label = String::from_utf8_lossy(&label).into_owned();
                    }
                    Attribute::Value(value) => certificate.der = value,
                    _ => {}
                }
            }
            if !certificate.der.is_empty() {
                certificates.push(certificate);
            }
        }
        Ok(certificates)
    }

    /// The private keys that sign; most tokens show them after login only.
    ///
    /// # Errors
    /// [`Error::TokenNotPresent`], [`Error::Device`].
    pub fn private_keys(&self) -> Result<Vec<PrivateKey>, Error> {
        let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY)];
        let mut keys = Vec::new();
        for handle in self.session.find_objects(&wanted)? {
            keys.extend(self.private_key(handle)?);
        }
        Ok(keys)
    }

    /// The private key that belongs to a certificate. Where several carry the `CKA_ID`, an RSA key
    /// is told by the modulus of the certificate.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`TokenSession::private_keys`].
    pub fn key_of(
        &self,
        id: &[u8],
        kind: KeyKind,
        modulus: Option<&[u8]>,
    ) -> Result<PrivateKey, Error> {
        let fits = |key: &PrivateKey| match (&key.modulus, modulus) {
            (Some(own), Some(wanted)) => without_zeros(own) == without_zeros(wanted),
            _ => true,
        };
        self.private_keys()?
            .into_iter()
            .filter(|key| key.id == id && key.kind == kind)
            .find(fits)
            .ok_or(Error::NotFound("key"))
    }

    /// Whether the token offers a mechanism.
    ///
    /// # Errors
    /// [`Error::TokenNotPresent`], [`Error::Device`].
    pub fn has_mechanism(&self, mechanism: Mechanism) -> Result<bool, Error> {
        let slot = self.token.slot();
        let offered = self.token.module().context().get_mechanism_list(slot)?;
        let wanted = match mechanism {
            Mechanism::Ecdsa => MechanismType::ECDSA,
            Mechanism::Eddsa => MechanismType::EDDSA,
            Mechanism::RsaPkcs1 => MechanismType::RSA_PKCS,
            Mechanism::RsaPss { .. } => MechanismType::RSA_PKCS_PSS,
        };
        Ok(offered.contains(&wanted))
    }

    /// Logs in. Without a PIN only where the token takes it on the reader. A wrong PIN is never
    /// tried again: every try counts.
    ///
    /// # Errors
    /// [`Error::WrongPin`], [`Error::PinBlocked`], [`Error::PinLength`], [`Error::PinNeeded`],
    /// [`Error::Cancelled`], [`Error::Device`].
    pub fn login(&mut self, pin: Option<&UserPin>) -> Result<(), Error> {
        if self.token.login() == Login::NotNeeded {
            return Ok(());
        }
        let result = self.authenticate(UserType::User, pin);
        if result.is_ok() {
            self.logged_in = true;
        }
        result
    }

    /// Signs. `pin` is used only for a key that wants it every time.
    ///
    /// # Errors
    /// [`Error::MechanismNotSupported`]; as [`TokenSession::login`], after which the session is
    /// logged out.
    pub fn sign(
        &mut self,
        key: &PrivateKey,
        mechanism: Mechanism,
        data: &[u8],
        pin: Option<&UserPin>,
    ) -> Result<Vec<u8>, Error> {
        // Not every token notices.
        let kind = match mechanism {
            Mechanism::Ecdsa => KeyKind::Ec,
            Mechanism::Eddsa => KeyKind::Edwards,
            Mechanism::RsaPkcs1 | Mechanism::RsaPss { .. } => KeyKind::Rsa,
        };
        if key.kind != kind {
            return Err(Error::MechanismNotSupported);
        }
        let mechanism = for_cryptoki(mechanism);
        if !key.always_authenticate {
            return self
                .session
                .sign(&mechanism, key.handle, data)
                .map_err(|error| self.explain(error));
        }
        self.session.sign_init(&mechanism, key.handle)?;
        if let Err(error) = self.authenticate(UserType::ContextSpecific, pin) {
            // Tokens differ in what is left after this: begin anew, logged out.
            self.renew();
            return Err(error);
        }
        let raw = self.token.module().raw();
        raw.sign(self.session.handle(), data)
    }

    fn private_key(&self, handle: ObjectHandle) -> Result<Option<PrivateKey>, Error> {
        let attributes = [
            AttributeType::Id,
            AttributeType::KeyType,
            AttributeType::Sign,
            AttributeType::AlwaysAuthenticate,
            AttributeType::Modulus,
        ];
        let (mut id, mut kind, mut modulus) = (Vec::new(), None, None);
        let (mut signs, mut always_authenticate) = (true, false);
        for attribute in self.session.get_attributes(handle, &attributes)? {
            match attribute {
                Attribute::Id(value) => id = value,
                Attribute::KeyType(KeyType::RSA) => kind = Some(KeyKind::Rsa),
                Attribute::KeyType(KeyType::EC) => kind = Some(KeyKind::Ec),
                Attribute::KeyType(KeyType::EC_EDWARDS) => kind = Some(KeyKind::Edwards),
                Attribute::Sign(value) => signs = value,
                Attribute::AlwaysAuthenticate(value) => always_authenticate = value,
                Attribute::Modulus(value) => modulus = Some(value),
                _ => {}
            }
        }
        let key = kind.filter(|_| signs).map(|kind| PrivateKey {
            id,
            kind,
            always_authenticate,
            modulus,
            handle,
        });
        Ok(key)
    }

    fn authenticate(&self, user: UserType, pin: Option<&UserPin>) -> Result<(), Error> {
        let pin = match (self.token.login(), pin) {
            (Login::OnDevice, _) => None,
            (_, None) => return Err(Error::PinNeeded),
            (Login::Pin { min, max }, Some(pin)) => {
                // Some tokens tell no limits: 0 and 0.
                if max >= min && max > 0 && !(min..=max).contains(&pin.len()) {
                    return Err(Error::PinLength { min, max });
                }
                Some(pin.for_cryptoki())
            }
            (Login::NotNeeded, Some(pin)) => Some(pin.for_cryptoki()),
        };
        match self.session.login(user, pin.as_ref()) {
            // The login is the token's: another session of the program has made it.
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Cryptoki::Pkcs11(RvError::PinLenRange, _)) => Err(match self.token.login() {
                Login::Pin { min, max } => Error::PinLength { min, max },
                _ => Error::WrongPin {
                    attempts_left: None,
                },
            }),
            Err(error) => Err(self.explain(error)),
        }
    }

    /// Adds what the token tells after the failure.
    fn explain(&self, error: Cryptoki) -> Error {
        let error = Error::from(error);
        match (&error, self.token.reread()) {
            (Error::WrongPin { .. }, Ok(token)) => match token.pin_state() {
                PinState::Blocked => Error::PinBlocked,
                PinState::FinalTry => Error::WrongPin {
                    attempts_left: Some(1),
                },
                PinState::CountLow | PinState::Good => error,
            },
            // CKR_GENERAL_ERROR and the like are what a pulled card looks like.
            (Error::Device { .. }, Err(Error::TokenNotPresent)) => Error::TokenNotPresent,
            _ => error,
        }
    }

    fn renew(&mut self) {
        // Some modules say CKR_USER_NOT_LOGGED_IN here; there is nothing to do about any answer.
        let _ = self.session.logout();
        self.logged_in = false;
        if let Ok(session) = open(&self.token) {
            self.session = session;
        }
    }
}

impl Drop for TokenSession {
    fn drop(&mut self) {
        if self.logged_in {
            let _ = self.session.logout();
        }
    }
}

impl std::fmt::Debug for TokenSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSession")
            .field("token", &self.token.label())
            .field("logged_in", &self.logged_in)
            .finish_non_exhaustive()
    }
}

fn open(token: &Token) -> Result<Session, Error> {
    Ok(token.module().context().open_ro_session(token.slot())?)
}

fn without_zeros(mut octets: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = octets {
        octets = rest;
    }
    octets
}

fn for_cryptoki(mechanism: Mechanism) -> cryptoki::mechanism::Mechanism<'static> {
    use cryptoki::mechanism::Mechanism as Cryptoki;
    match mechanism {
        Mechanism::Ecdsa => Cryptoki::Ecdsa,
        Mechanism::Eddsa => Cryptoki::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519)),
        Mechanism::RsaPkcs1 => Cryptoki::RsaPkcs,
        Mechanism::RsaPss {
            digest,
            mgf_digest,
            salt_length,
        } => Cryptoki::RsaPkcsPss(PkcsPssParams {
            hash_alg: match digest {
                Digest::Sha1 => MechanismType::SHA1,
                Digest::Sha224 => MechanismType::SHA224,
                Digest::Sha256 => MechanismType::SHA256,
                Digest::Sha384 => MechanismType::SHA384,
                Digest::Sha512 => MechanismType::SHA512,
            },
            mgf: match mgf_digest {
                Digest::Sha1 => PkcsMgfType::MGF1_SHA1,
                Digest::Sha224 => PkcsMgfType::MGF1_SHA224,
                Digest::Sha256 => PkcsMgfType::MGF1_SHA256,
                Digest::Sha384 => PkcsMgfType::MGF1_SHA384,
                Digest::Sha512 => PkcsMgfType::MGF1_SHA512,
            },
            s_len: cryptoki_sys::CK_ULONG::from(salt_length).into(),
        }),
    }
}
