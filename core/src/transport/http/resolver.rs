//! Names to addresses, each of them checked.

use super::address::reserved_for;
use super::url::refused;
use crate::job::FetchFailure;
use std::fmt;
use std::net::IpAddr;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admit {
    /// Public ones.
    Public,
    /// Public ones, and this machine.
    PublicAndLoopback,
    /// All: for addresses that the caller configured.
    Anything,
}

impl Admit {
    /// Checks one address.
    ///
    /// # Errors
    /// [`FetchFailure::RefusedUrl`] that says what the address is.
    pub(super) fn check(self, address: IpAddr) -> Result<(), FetchFailure> {
        match (self, reserved_for(address)) {
            (Self::Anything, _) | (_, None) | (Self::PublicAndLoopback, Some("loopback")) => Ok(()),
            (_, Some(purpose)) => Err(refused(format!("address {address} is {purpose}"))),
        }
    }
}

/// Resolves with the system, and refuses a name when one of its addresses is not admitted: a name
/// that is public and private at once is no accident.
pub(super) struct Checked {
    pub(super) admit: Admit,
}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = DefaultResolver::default().resolve(uri, config, timeout)?;
        for address in addresses.iter() {
            if let Err(failure) = self.admit.check(address.ip()) {
                return Err(ureq::Error::Other(Box::new(Refused(failure))));
            }
        }
        Ok(addresses)
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({:?})", self.admit)
    }
}

/// Carries a refusal through the client.
#[derive(Debug)]
pub(super) struct Refused(pub(super) FetchFailure);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused address")
    }
}

impl std::error::Error for Refused {}
