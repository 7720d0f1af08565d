//! Names: their text, and names compared.
#![no_main]

use imza::certificate::Name;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let budget = &mut imza_fuzz::budget();
    let Ok(name) = Name::parse(octets, budget) else {
        return;
    };
    assert_eq!(name.der(), octets);
    assert!(name.matches(&name.clone()), "a name is itself");
    assert!(name.lies_below(&name), "a name lies below itself");
    assert_eq!(name.is_empty(), name.attributes().is_empty());
    let _ = name.common_name();
    let text = name.to_rfc4514();
    // RFC 4514 §2.4: what would read as another name is escaped.
    assert!(!text.contains(['\0', '\n', '\r', '\u{1b}']), "{text:?}");
});
