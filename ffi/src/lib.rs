//! imza for Kotlin, Swift and Python.
#![forbid(unsafe_code)]
