//! Examples: a program per task.
#![forbid(unsafe_code)]
