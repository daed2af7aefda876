//! Sets of addresses: proxies that are trusted, networks that may be reached.

use std::net::IpAddr;

/// Addresses and networks. Empty: no address belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<(IpAddr, u8)>);

impl Networks {
    /// Adds an address, or a network such as `10.0.0.0/8`; nothing where it is neither.
    pub(super) fn add(&mut self, text: &str) -> Option<()> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.trim(), Some(prefix.trim().parse().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest {
            return None;
        }
        self.0.push((address, prefix));
        Some(())
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        // A dual-stack socket reports IPv4 peers in their IPv6 form.
        let address = address.to_canonical();
        self.0.iter().any(|(network, prefix)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                same_start(u128::from(network.to_bits()), u128::from(address.to_bits()), 32 - prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same_start(network.to_bits(), address.to_bits(), 128 - prefix)
            }
            _ => false,
        })
    }
}

fn same_start(a: u128, b: u128, ignored_bits: u8) -> bool {
    (a ^ b).checked_shr(u32::from(ignored_bits)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_begins_alike() {
        let mut networks = Networks::default();
        for text in ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"] {
            assert_eq!(networks.add(text), Some(()), "{text}");
        }
        for (address, inside) in [
            ("10.1.2.3", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::ffff:10.9.9.9", true),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(networks.contains(address.parse().unwrap()), inside, "{address}");
        }
        let mut all = Networks::default();
        assert_eq!(all.add("0.0.0.0/0"), Some(()));
        assert!(all.contains("203.0.113.1".parse().unwrap()));
        for text in ["10.0.0.0/33", "example.com", "", "10.0.0.0/x"] {
            assert_eq!(Networks::default().add(text), None, "{text}");
        }
    }
}
