//! What documents are judged by.

use crate::error::ImzaError;
use imza::policy::RevocationRequirement;
use imza::reading::{self, Network, Prepared};
use imza::time::UnixTime;
use imza::validation::Context;
use imza::vocabulary::Purpose;

/// A file of trust anchors.
#[derive(Clone, Debug, uniffi::Record)]
pub struct TrustFile {
    /// Certificates in PEM, DER or PKCS #7.
    pub octets: Vec<u8>,
    /// The one purpose that they are anchors for; all purposes without.
    pub purpose: Option<TrustPurpose>,
}

/// What an anchor is trusted for.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum TrustPurpose {
    /// Signing certificates.
    Signing,
    /// Time-stamping certificates.
    Timestamping,
    /// OCSP responders.
    Ocsp,
}

/// What missing or stale revocation data is worth.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum Revocation {
    /// Without it nothing passes.
    Require,
    /// Its absence is a warning.
    Soft,
    /// It is not looked for.
    None,
}

/// Whether sockets may be opened, and to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum NetworkAccess {
    /// No socket is opened.
    Offline,
    /// Certificates and revocation data are asked for at public addresses.
    Public,
    /// The same, and addresses in documents may lead to this machine: for tests only. With
    /// documents of strangers it would let them reach every service that listens here.
    DangerLoopback,
}

impl NetworkAccess {
    pub(crate) fn of_job(self) -> Network {
        match self {
            Self::Offline => Network::Offline,
            Self::Public | Self::DangerLoopback => Network::Online,
        }
    }
}

/// The settings as the caller has them.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Options {
    /// The whole trust set: nothing is built in.
    pub trust: Vec<TrustFile>,
    /// Files of certificates, CRLs, OCSP responses and evidence records: material without trust.
    pub evidence: Vec<Vec<u8>>,
    /// Files with a certificate or public key for signatures that carry none.
    pub keys: Vec<Vec<u8>>,
    /// The name of a built-in policy or a policy as JSON; the default policy without.
    pub policy: Option<String>,
    /// What missing or stale revocation data is worth, where it departs from the policy.
    pub revocation: Option<Revocation>,
    /// The current time of the judgement (RFC 3339); the machine's clock without.
    pub validation_time: Option<String>,
    /// A proof of existence from the caller (RFC 3339).
    pub proven_at: Option<String>,
    /// Whether other hosts may be asked.
    pub network: NetworkAccess,
}

/// Settings that were read once, for any number of documents.
#[derive(Debug, uniffi::Object)]
pub struct Settings {
    prepared: Prepared,
    is_now: bool,
    network: NetworkAccess,
}

#[uniffi::export]
impl Settings {
    /// Reads every file, the policy and the times.
    ///
    /// # Errors
    /// Files of another kind, texts that are no time or policy.
    #[uniffi::constructor]
    pub fn new(options: Options) -> Result<Self, ImzaError> {
        let validation_time = time(options.validation_time.as_deref())?;
        let mut settings = reading::Settings::at(validation_time.unwrap_or_else(now));
        let trust = options.trust.into_iter().map(|file| reading::TrustFile {
            octets: file.octets,
            purpose: file.purpose.map(|purpose| match purpose {
                TrustPurpose::Signing => Purpose::Signing,
                TrustPurpose::Timestamping => Purpose::Timestamping,
                TrustPurpose::Ocsp => Purpose::Ocsp,
            }),
        });
        settings.trust = trust.collect();
        settings.evidence = options.evidence;
        settings.keys = options.keys;
        settings.policy = options.policy;
        settings.revocation = options.revocation.map(|requirement| match requirement {
            Revocation::Require => RevocationRequirement::Require,
            Revocation::Soft => RevocationRequirement::Soft,
            Revocation::None => RevocationRequirement::None,
        });
        settings.proven_at = time(options.proven_at.as_deref())?;
        Ok(Self {
            prepared: settings.read()?,
            is_now: validation_time.is_none(),
            network: options.network,
        })
    }
}

impl Settings {
    /// The context of one judgement: without a stated time it is made at the time of the call.
    pub(crate) fn context(&self) -> Context {
        let mut context = self.prepared.context.clone();
        if self.is_now {
            context.validation_time = now();
        }
        context
    }

    pub(crate) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    pub(crate) fn network(&self) -> NetworkAccess {
        self.network
    }
}

fn time(text: Option<&str>) -> Result<Option<UnixTime>, ImzaError> {
    text.map(|text| UnixTime::from_rfc3339(text).map_err(ImzaError::of))
        .transpose()
}

/// The machine's clock.
pub(crate) fn now() -> UnixTime {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
