//! Encryption at rest: secrets are sealed with XChaCha20-Poly1305 under a key that has an id, and
//! bound to the place where they are stored, so that a sealed value cannot be moved to another row.

use crate::error::StoreError;
use base64::Engine as _;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The keys, newest first: that one seals, all of them open.
pub(crate) struct Keyring {
    keys: Vec<SealingKey>,
}

struct SealingKey {
    /// Begin of the key's SHA-256 in hex: tells keys apart and gives nothing away.
    id: String,
    cipher: XChaCha20Poly1305,
}

/// A sealed text and which key it needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sealed {
    pub(crate) key_id: String,
    /// The nonce, then the encrypted text with its tag.
    pub(crate) bytes: Vec<u8>,
}

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) row: &'a str,
}

impl Keyring {
    /// Reads keys in hex or base64 (either alphabet), 32 bytes each.
    ///
    /// # Errors
    /// [`StoreError::Key`] for one that is neither; it names the key's place in the list alone.
    pub(crate) fn new(keys: &[SecretString]) -> Result<Keyring, StoreError> {
        let keys = keys.iter().enumerate().map(|(index, text)| {
            let bytes = decode(text.expose_secret()).ok_or_else(|| {
                StoreError::Key(format!(
                    "encryption key {} is not {KEY_BYTES} bytes in base64 or hex",
                    index + 1
                ))
            })?;
            let id =
                Sha256::digest(bytes.as_slice()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let cipher = XChaCha20Poly1305::new_from_slice(&bytes).expect("the length was checked");
            Ok(SealingKey { id, cipher })
        });
        Ok(Keyring { keys: keys.collect::<Result<_, StoreError>>()? })
    }

    /// Id of the key that seals.
    pub(crate) fn newest(&self) -> Option<&str> {
        self.keys.first().map(|key| key.id.as_str())
    }

    /// Whether what this key sealed can be opened.
    pub(crate) fn knows(&self, key_id: &str) -> bool {
        self.keys.iter().any(|key| key.id == key_id)
    }

    /// The ids of all keys, in one text.
    pub(crate) fn known(&self) -> String {
        let ids: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
        ids.join(" ")
    }

    pub(crate) fn seal(&self, place: Place<'_>, text: &SecretString) -> Result<Sealed, StoreError> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| StoreError::Key("no encryption key is set, so secrets cannot be stored".into()))?;
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: text.expose_secret().as_bytes(), aad: &place.bytes() };
        let encrypted = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreError::Key("a secret is too long to be encrypted".into()))?;
        let mut bytes = nonce.to_vec();
        bytes.extend(encrypted);
        Ok(Sealed { key_id: key.id.clone(), bytes })
    }

    /// Whether what is sealed under this key can be opened.
    pub(crate) fn has(&self, key_id: &str) -> bool {
        self.keys.iter().any(|key| key.id == key_id)
    }

    pub(crate) fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<SecretString, StoreError> {
        let key = self.keys.iter().find(|key| key.id == sealed.key_id).ok_or_else(|| {
            let have: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
            let have =
                if have.is_empty() { "none is set".into() } else { format!("set: {}", have.join(", ")) };
            StoreError::Key(format!(
                "{} of {} is sealed with the encryption key {}, which is missing ({have})",
                place.column, place.row, sealed.key_id
            ))
        })?;
        let damaged = || {
            let what = format!("{} of {}: not what key {} sealed there", place.column, place.row, key.id);
            crate::statement::corrupt("secret", what)
        };
        let (nonce, encrypted) = sealed.bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload { msg: encrypted, aad: &place.bytes() };
        let text = Zeroizing::new(key.cipher.decrypt(&nonce, payload).map_err(|_| damaged())?);
        let text = std::str::from_utf8(&text).map_err(|_| damaged())?;
        Ok(SecretString::from(text))
    }
}

impl Place<'_> {
    /// The associated data. No name holds a zero byte, so places never look alike.
    fn bytes(&self) -> Vec<u8> {
        [self.table, self.column, self.row].join("\0").into_bytes()
    }
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let text = text.trim();
    let from_hex = |text: &str| -> Option<Vec<u8>> {
        let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        (digits && text.len() == 2 * KEY_BYTES).then(|| {
            let pairs = text.as_bytes().chunks_exact(2);
            pairs.map(|pair| hex_digit(pair[0]) << 4 | hex_digit(pair[1])).collect()
        })
    };
    let unpadded = text.trim_end_matches('=');
    let bytes = from_hex(text)
        .or_else(|| STANDARD.decode(text).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(unpadded).ok())
        .map(Zeroizing::new)?;
    (bytes.len() == KEY_BYTES).then_some(bytes)
}

fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    const PLACE: Place<'static> = Place { table: "credentials", column: "sealed", row: "crd_1" };

    fn ring(keys: &[&str]) -> Keyring {
        Keyring::new(&keys.iter().map(|key| SecretString::from(*key)).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn the_same_key_in_any_spelling_opens() {
        let sealed = ring(&[HEX]).seal(PLACE, &"secret".into()).unwrap();
        let base64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
        let url_safe = "ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8\n";
        for key in [HEX, base64, url_safe] {
            assert_eq!(ring(&[key]).open(PLACE, &sealed).unwrap().expose_secret(), "secret");
        }
    }

    #[test]
    fn a_key_of_another_form_is_refused_without_showing_it() {
        for bad in ["", "secret", "0011", &HEX[1..], "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7g=="] {
            let error = Keyring::new(&[HEX.into(), bad.into()]).err().unwrap().to_string();
            assert_eq!(error, "encryption key 2 is not 32 bytes in base64 or hex", "{bad}");
        }
    }

    #[test]
    fn a_sealed_value_opens_in_its_own_place_alone_and_only_unaltered() {
        let keys = ring(&[HEX]);
        let sealed = keys.seal(PLACE, &"secret".into()).unwrap();
        assert_ne!(sealed.bytes, keys.seal(PLACE, &"secret".into()).unwrap().bytes, "nonces repeat");
        let moved = Place { row: "crd_2", ..PLACE };
        assert!(matches!(keys.open(moved, &sealed), Err(StoreError::Corrupt { .. })));
        for index in 0..sealed.bytes.len() {
            let mut altered = sealed.clone();
            altered.bytes[index] ^= 1;
            assert!(matches!(keys.open(PLACE, &altered), Err(StoreError::Corrupt { .. })), "byte {index}");
            altered.bytes.truncate(index);
            assert!(matches!(keys.open(PLACE, &altered), Err(StoreError::Corrupt { .. })), "cut at {index}");
        }
    }

    #[test]
    fn a_missing_key_is_named_by_its_id() {
        let other = HEX.replace('f', "0");
        let sealed = ring(&[HEX]).seal(PLACE, &"secret".into()).unwrap();
        let error = ring(&[&other]).open(PLACE, &sealed).unwrap_err().to_string();
        assert!(error.contains(&sealed.key_id) && !error.contains("secret"), "{error}");
        assert!(ring(&[&other, HEX]).open(PLACE, &sealed).is_ok());
        assert!(matches!(ring(&[]).seal(PLACE, &"secret".into()), Err(StoreError::Key(_))));
    }
}
