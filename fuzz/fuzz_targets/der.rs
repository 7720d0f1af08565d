//! Strict DER, value by value; what it accepts, tolerant BER reads the same.
#![no_main]

use imza::asn1::{Mode, Reader};
use imza_fuzz::walk::walk;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    walk(octets, Mode::Der);
    let (mut strict, mut tolerant) = (Reader::der(octets), Reader::ber(octets));
    while let Ok(value) = strict.read_any() {
        let again = tolerant.read_any().expect("BER reads what DER reads");
        assert_eq!((value.tag, value.whole), (again.tag, again.whole));
    }
});
