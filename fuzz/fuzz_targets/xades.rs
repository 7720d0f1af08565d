//! XML signatures with their properties, as records.
#![no_main]

use imza::job::InputId;
use imza::payload::PayloadName;
use imza::xades;
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|octets: &[u8]| {
    let octets: Arc<[u8]> = octets.into();
    let resolve = |uri: &str| match uri {
        "" => Some(PayloadName::Input(InputId(1))),
        name if name.len() < 100 => Some(PayloadName::Entry(name.to_owned())),
        _ => None,
    };
    let once = xades::parse(&octets, "place", &resolve, &mut imza_fuzz::budget());
    let again = xades::parse(&octets, "place", &resolve, &mut imza_fuzz::budget());
    assert_eq!(once, again, "read twice, the same");
    if let Ok(records) = once {
        for (index, record) in records.iter().enumerate() {
            let others = records.iter().skip(index + 1);
            assert!(
                others.clone().all(|other| other.id != record.id),
                "one name for two"
            );
        }
    }
});
