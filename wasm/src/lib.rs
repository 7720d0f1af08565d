//! imza for browsers and Node.
#![forbid(unsafe_code)]
