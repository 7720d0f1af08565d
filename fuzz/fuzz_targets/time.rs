//! Times: what is read is written the same, in every form.
#![no_main]

use imza::time::UnixTime;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let mut times = Vec::new();
    times.extend(UnixTime::from_utc_time(octets));
    times.extend(UnixTime::from_generalized_time(octets));
    if let Ok(text) = std::str::from_utf8(octets) {
        times.extend(UnixTime::from_rfc3339(text));
        times.extend(UnixTime::from_xs_date_time(text).map(|(time, _)| time));
    }
    for time in times {
        assert!(time.nanoseconds < 1_000_000_000);
        // A zone may carry an instant beyond the years that have four digits.
        let written = time.to_string();
        if written.len() >= 20 && written.as_bytes().get(4) == Some(&b'-') {
            assert_eq!(UnixTime::from_rfc3339(&written), Ok(time), "{written}");
            let whole = UnixTime {
                nanoseconds: 0,
                ..time
            };
            let asn1 = time.to_generalized_time();
            assert_eq!(
                UnixTime::from_generalized_time(asn1.as_bytes()),
                Ok(whole),
                "{asn1}"
            );
        }
    }
});
