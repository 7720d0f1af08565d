//! Other people's tools judge what this crate makes: right things pass, wrong ones fail.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot write its files has failed"
)]

mod cades;
mod certificates;
mod common;
mod pdf;
mod timestamps;
mod xades;
