//! Whole files: made in code, and those of the corpora.

mod chain;
mod corpora;
mod filters;
mod hostile;
mod repair;
mod signatures;
