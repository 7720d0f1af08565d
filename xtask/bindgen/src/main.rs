//! Writes the JavaScript beside the compiled library: `imza-bindgen FILE.wasm FOLDER`.
//!
//! `cargo xtask bindings wasm` compiles and runs it. It is a workspace of its own, so that nobody
//! who tests or lints the workspace compiles what it stands on.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, folder] = arguments.as_slice() else {
        eprintln!("imza-bindgen FILE.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("imza")
        // The types of the package are its own; these are of its hinge.
        .typescript(false)
        // Else `init()` without a path fails.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let written = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("imza-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}
