//! Reports in words for people.
#![forbid(unsafe_code)]
