//! The keys that seal credentials: from a file, the environment, or a command.

use crate::config::Encryption;
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};
use std::process::Command;
use zeroize::Zeroize;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("no encryption key is set")]
    Missing,
    #[error(
        "encryption.keyFile, encryption.key and encryption.keyCommand exclude each other: set one of them"
    )]
    Several,
    #[error("the encryption key in {} cannot be read", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the command of encryption.keyCommand cannot be run")]
    NotRun(#[source] std::io::Error),
    #[error("the command of encryption.keyCommand failed ({0})")]
    CommandFailed(std::process::ExitStatus),
    #[error("{0} gives no key of 32 bytes in base64 or hexadecimal")]
    NotAKey(String),
}

impl KeyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            KeyError::Missing => {
                "make one with `openssl rand -hex 32 > switchboard.key`, keep it safe, and set \
                 SWITCHBOARD_ENCRYPTION_KEY_FILE=switchboard.key"
            }
            KeyError::Several => "leave two of them empty",
            KeyError::Unreadable { .. } => "check the path, and that this user may read the file",
            KeyError::NotRun(_) | KeyError::CommandFailed(_) => {
                "the command must print the key and nothing else"
            }
            KeyError::NotAKey(_) => "a key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints",
        }
    }
}

/// All keys, the one that seals first.
///
/// # Errors
/// Where there is no key, or a source cannot be read. Keys are never part of an error.
pub fn load(from: &Encryption) -> Result<Vec<SecretString>, KeyError> {
    let newest = match (&from.key_file, &from.key, &from.key_command) {
        (None, None, None) => return Err(KeyError::Missing),
        (Some(path), None, None) => read(path)?,
        (None, Some(key), None) => checked(key.expose_secret(), "encryption.key")?,
        (None, None, Some(command)) => ask(command)?,
        _ => return Err(KeyError::Several),
    };
    let mut keys = vec![newest];
    for path in &from.previous_key_files {
        keys.push(read(path)?);
    }
    Ok(keys)
}

fn read(path: &Path) -> Result<SecretString, KeyError> {
    let text = std::fs::read_to_string(path);
    let mut text = text.map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })?;
    warn_if_open(path);
    let key = checked(&text, &path.display().to_string());
    text.zeroize();
    key
}

/// A key that others on the machine can read protects little.
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Ok(metadata) = std::fs::metadata(path)
        && metadata.permissions().mode() & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "other users can read the encryption key: chmod 600 it");
    }
}

fn ask(command: &str) -> Result<SecretString, KeyError> {
    let mut output = Command::new("sh").args(["-c", command]).output().map_err(KeyError::NotRun)?;
    if !output.status.success() {
        return Err(KeyError::CommandFailed(output.status));
    }
    let key = checked(&String::from_utf8_lossy(&output.stdout), "encryption.keyCommand");
    output.stdout.zeroize();
    key
}

/// The store reads keys; here only what is obviously none is named with its source.
fn checked(text: &str, source: &str) -> Result<SecretString, KeyError> {
    let key = text.trim();
    let length_fits = (43..=64).contains(&key.len());
    if length_fits && !key.contains(char::is_whitespace) {
        Ok(SecretString::from(key))
    } else {
        Err(KeyError::NotAKey(source.to_owned()))
    }
}

/// A new key, in hexadecimal.
pub fn generate() -> SecretString {
    use rand::RngExt as _;
    let bytes: [u8; 32] = rand::rng().random();
    SecretString::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Encryption {
        Encryption { key_file: None, key: None, key_command: None, previous_key_files: Vec::new() }
    }

    #[test]
    fn a_key_comes_from_exactly_one_place_and_older_ones_follow() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, digit: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("{}\n", digit.repeat(64))).unwrap();
            path
        };
        let (new, old) = (write("new", "b"), write("old", "a"));
        let keys =
            load(&Encryption { key_file: Some(new.clone()), previous_key_files: vec![old], ..settings() });
        let keys: Vec<String> = keys.unwrap().iter().map(|key| key.expose_secret().to_owned()).collect();
        assert_eq!(keys, ["b".repeat(64), "a".repeat(64)]);

        let command = format!("cat {}", new.display());
        let keys = load(&Encryption { key_command: Some(command), ..settings() }).unwrap();
        assert_eq!(keys[0].expose_secret(), "b".repeat(64));

        assert!(matches!(load(&settings()), Err(KeyError::Missing)));
        let both = Encryption { key_file: Some(new), key: Some("c".repeat(64).into()), ..settings() };
        assert!(matches!(load(&both), Err(KeyError::Several)));
        let short = Encryption { key: Some("secret".into()), ..settings() };
        let error = load(&short).unwrap_err();
        assert_eq!(error.to_string(), "encryption.key gives no key of 32 bytes in base64 or hexadecimal");
        let failing = Encryption { key_command: Some("exit 3".into()), ..settings() };
        assert!(matches!(load(&failing), Err(KeyError::CommandFailed(_))));
    }
}
