//! Writes the Kotlin, Swift and Python sources that call the library.
#![forbid(unsafe_code)]

fn main() {
    uniffi::uniffi_bindgen_main();
}
