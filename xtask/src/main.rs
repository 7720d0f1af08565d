//! See the manifest.
fn main() {}
