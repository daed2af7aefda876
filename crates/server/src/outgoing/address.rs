//! Which addresses are not for the outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is none of the open network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Loopback,
    Private,
    LinkLocal,
    /// Multicast, documentation, tunnels, and whatever else names no single machine out there.
    Special,
}

impl Kind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Kind::Loopback => "it is this machine's own",
            Kind::Private => "it belongs to a private network",
            Kind::LinkLocal => "it belongs to this machine's own link",
            Kind::Special => "it is set aside for other purposes",
        }
    }
}

/// The kind of an address that must not be reached from outside; nothing for one of the open network. An address of
/// the older kind inside one of the newer is judged by itself.
pub(super) fn kind_of(address: IpAddr) -> Option<Kind> {
    match address.to_canonical() {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

fn of_v4(address: Ipv4Addr) -> Option<Kind> {
    let [a, b, c, _] = address.octets();
    Some(match (a, b, c) {
        (127, ..) => Kind::Loopback,
        // "This host": the same machine to most systems.
        (0, ..) => Kind::Loopback,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Kind::Private,
        // Carriers' own networks, and benchmarks.
        (100, 64..=127, _) | (198, 18..=19, _) => Kind::Private,
        (169, 254, _) => Kind::LinkLocal,
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => Kind::Special,
        (224.., ..) => Kind::Special,
        _ => return None,
    })
}

fn of_v6(address: Ipv6Addr) -> Option<Kind> {
    if address.is_loopback() || address.is_unspecified() {
        return Some(Kind::Loopback);
    }
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Some(Kind::Private),
        [0xfe80..=0xfebf, ..] => Some(Kind::LinkLocal),
        // Site-local, as it was once.
        [0xfec0..=0xfeff, ..] => Some(Kind::Private),
        // What translators make of an address of the older kind.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0, 0, high, low] => of_v4(inner(high, low)),
        [0x64, 0xff9b, ..] => Some(Kind::Private),
        [0x2002, high, low, ..] => of_v4(inner(high, low)).or(Some(Kind::Special)),
        // Tunnels, documentation, nobody, everybody, and what was never given out.
        [0x2001, 0..=0x1ff | 0xdb8, ..] => Some(Kind::Special),
        [0x2000..=0x3ffe, ..] => None,
        _ => Some(Kind::Special),
    }
}

fn inner(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_for_the_outside_are_known_however_they_are_written() {
        use Kind::*;
        for (address, kind) in [
            ("127.0.0.1", Some(Loopback)),
            ("127.255.0.9", Some(Loopback)),
            ("0.0.0.0", Some(Loopback)),
            ("10.1.2.3", Some(Private)),
            ("172.16.0.1", Some(Private)),
            ("172.31.255.255", Some(Private)),
            ("172.32.0.1", None),
            ("192.168.1.1", Some(Private)),
            ("100.64.0.1", Some(Private)),
            ("100.128.0.1", None),
            ("169.254.169.254", Some(LinkLocal)),
            ("192.0.2.1", Some(Special)),
            ("224.0.0.1", Some(Special)),
            ("255.255.255.255", Some(Special)),
            ("8.8.8.8", None),
            ("1.1.1.1", None),
            ("::1", Some(Loopback)),
            ("::", Some(Loopback)),
            ("::ffff:127.0.0.1", Some(Loopback)),
            ("::ffff:8.8.8.8", None),
            ("::10.0.0.1", Some(Private)),
            ("64:ff9b::a9fe:a9fe", Some(LinkLocal)),
            ("64:ff9b:1::1", Some(Private)),
            ("2002:7f00:1::", Some(Loopback)),
            ("2002:808:808::", Some(Special)),
            ("fc00::1", Some(Private)),
            ("fd12:3456::1", Some(Private)),
            ("fe80::1", Some(LinkLocal)),
            ("fec0::1", Some(Private)),
            ("ff02::1", Some(Special)),
            ("2001:db8::1", Some(Special)),
            ("2001::1", Some(Special)),
            ("2606:4700::1111", None),
            ("2a00:1450::1", None),
            ("4000::1", Some(Special)),
        ] {
            assert_eq!(kind_of(address.parse().unwrap()), kind, "{address}");
        }
    }
}
