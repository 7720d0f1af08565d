//! Tolerant BER, value by value.
#![no_main]

use imza::asn1::Mode;
use imza_fuzz::walk::walk;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| walk(octets, Mode::Ber));
