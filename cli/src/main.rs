//! The command `imza`.
#![forbid(unsafe_code)]

fn main() {}
