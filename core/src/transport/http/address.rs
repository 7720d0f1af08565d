//! Addresses that are nobody's public host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network that no document may make us ask, and what it is for.
struct Network<A> {
    address: A,
    prefix: u32,
    purpose: &'static str,
}

const fn v4(address: [u8; 4], prefix: u32, purpose: &'static str) -> Network<[u8; 4]> {
    Network {
        address,
        prefix,
        purpose,
    }
}

const fn v6(address: [u16; 2], prefix: u32, purpose: &'static str) -> Network<[u16; 2]> {
    Network {
        address,
        prefix,
        purpose,
    }
}

/// RFC 6890 §2.2.2 with the additions of the registry.
const V4: &[Network<[u8; 4]>] = &[
    v4([0, 0, 0, 0], 8, "this network"),
    v4([10, 0, 0, 0], 8, "private"),
    v4([100, 64, 0, 0], 10, "shared by carriers"),
    v4([127, 0, 0, 0], 8, "loopback"),
    v4([169, 254, 0, 0], 16, "link-local"),
    v4([172, 16, 0, 0], 12, "private"),
    v4([192, 0, 0, 0], 24, "protocol assignments"),
    v4([192, 0, 2, 0], 24, "documentation"),
    v4([192, 31, 196, 0], 24, "AS112"),
    v4([192, 52, 193, 0], 24, "multicast tunnels"),
    v4([192, 88, 99, 0], 24, "6to4 relays"),
    v4([192, 168, 0, 0], 16, "private"),
    v4([192, 175, 48, 0], 24, "AS112"),
    v4([198, 18, 0, 0], 15, "benchmarking"),
    v4([198, 51, 100, 0], 24, "documentation"),
    v4([203, 0, 113, 0], 24, "documentation"),
    v4([224, 0, 0, 0], 4, "multicast"),
    v4([240, 0, 0, 0], 4, "reserved"),
];

/// RFC 6890 §2.2.3, inside 2000::/3; everything outside it is no global unicast address.
const V6: &[Network<[u16; 2]>] = &[
    v6([0x2001, 0], 23, "protocol assignments"),
    v6([0x2001, 0x0db8], 32, "documentation"),
    v6([0x2002, 0], 16, "6to4"),
    v6([0x3fff, 0], 20, "documentation"),
];

/// What an address is reserved for; `None` for a public one.
pub(super) fn reserved_for(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => reserved_v4(address),
        IpAddr::V6(address) => reserved_v6(address),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from_be_bytes(address.octets());
    V4.iter()
        .find(|network| matches(bits, u32::from_be_bytes(network.address), network.prefix))
        .map(|network| network.purpose)
}

fn reserved_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("loopback");
    }
    if address.to_ipv4_mapped().is_some() {
        return Some("IPv4-mapped");
    }
    let segments = address.segments();
    // RFC 6052 §2.1: a translator reaches the IPv4 address in the last 32 bits.
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return reserved_v4(Ipv4Addr::new(a, b, c, d));
    }
    let [first, second, ..] = segments;
    match first {
        0xfc00..=0xfdff => return Some("unique local"),
        0xfe80..=0xfebf => return Some("link-local"),
        0xfec0..=0xfeff => return Some("site-local"),
        0xff00..=0xffff => return Some("multicast"),
        0x2000..=0x3fff => {}
        _ => return Some("not global unicast"),
    }
    let bits = join(first, second);
    V6.iter()
        .find(|network| {
            let [first, second] = network.address;
            matches(bits, join(first, second), network.prefix)
        })
        .map(|network| network.purpose)
}

fn join(high: u16, low: u16) -> u32 {
    u32::from(high) << 16 | u32::from(low)
}

fn matches(bits: u32, network: u32, prefix: u32) -> bool {
    let mask = u32::MAX
        .checked_shl(32u32.saturating_sub(prefix))
        .unwrap_or_default();
    bits & mask == network & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reserved_address_is_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            let parsed = address.parse().unwrap();
            assert!(reserved_for(parsed).is_some(), "{address}");
        }
    }

    #[test]
    fn neighbours_of_reserved_networks_are_public() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
        ] {
            let parsed = address.parse().unwrap();
            assert_eq!(reserved_for(parsed), None, "{address}");
        }
    }
}
