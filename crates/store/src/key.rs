//! Keys that come from outside and are unique in a table.

use sha2::{Digest, Sha256};

/// Longest key that is stored as it is. PostgreSQL's indexes take no rows over about 2,700 bytes.
const KEY_BYTES_MAX: usize = 512;

/// The key itself, or its SHA-256 where it is too long for an index.
pub(crate) fn bounded(key: &str) -> String {
    if key.len() <= KEY_BYTES_MAX {
        return key.to_owned();
    }
    let hash = Sha256::digest(key.as_bytes());
    std::iter::once("sha256:".to_owned()).chain(hash.iter().map(|byte| format!("{byte:02x}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_keys_stay_apart_and_short_enough_to_be_indexed() {
        let long = "k".repeat(KEY_BYTES_MAX + 1);
        assert_eq!(bounded("order 7"), "order 7");
        assert_eq!(bounded(&long).len(), "sha256:".len() + 64);
        assert_ne!(bounded(&long), bounded(&format!("{long}k")));
    }
}
