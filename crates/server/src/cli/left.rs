//! What `dev` leaves for the same user's command line: where it serves, and a token.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long an earlier server may take to let somebody in.
const KNOCK_LIMIT: Duration = Duration::from_millis(300);

/// Where a server of this user is, and how to be let in.
#[derive(Clone, Debug, Deserialize)]
pub struct Left {
    pub url: String,
    pub token: SecretString,
}

#[derive(Debug, thiserror::Error)]
pub enum LeftError {
    #[error("{} cannot be written", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Removes the file when dropped, unless a later `dev` has written its own; where an earlier one still serves, its own
/// is there again.
#[derive(Debug)]
pub struct LeftFile {
    path: PathBuf,
    content: String,
    /// What another `dev` had left there.
    before: Option<String>,
}

impl Left {
    /// What a running `dev` of this user left; nothing where none runs.
    pub fn read() -> Option<Left> {
        places().iter().find_map(|place| read_from(place))
    }

    /// Leaves it, readable for this user alone.
    ///
    /// # Errors
    /// Where no place can be written.
    pub fn write(&self) -> Result<Option<LeftFile>, LeftError> {
        let places = places();
        let mut last = None;
        for place in places {
            match self.write_to(&place) {
                Ok(file) => return Ok(Some(file)),
                Err(source) => last = Some(LeftError::Write { path: place, source }),
            }
        }
        last.map_or(Ok(None), Err)
    }

    fn write_to(&self, path: &Path) -> io::Result<LeftFile> {
        if let Some(folder) = path.parent() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let content = serde_json::json!({ "url": self.url, "token": self.token.expose_secret() }).to_string();
        // Written beside and renamed, so that nobody reads half of it or keeps the mode of an older file.
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        let _ = std::fs::remove_file(&beside);
        let before = std::fs::read_to_string(path).ok();
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(content.as_bytes())?;
        std::fs::rename(&beside, path)?;
        Ok(LeftFile { path: path.to_owned(), content, before })
    }
}

impl Drop for LeftFile {
    fn drop(&mut self) {
        if !std::fs::read_to_string(&self.path).is_ok_and(|content| content == self.content) {
            return;
        }
        let before = self.before.take().filter(|before| serves(before));
        let done = match before {
            Some(before) => std::fs::write(&self.path, before),
            None => std::fs::remove_file(&self.path),
        };
        if let Err(error) = done {
            tracing::warn!(path = %self.path.display(), error = &error as &dyn std::error::Error, "left behind");
        }
    }
}

/// Whether somebody listens where this content says that a server is.
fn serves(content: &str) -> bool {
    let left: Option<Left> = serde_json::from_str(content).ok();
    let url = left.and_then(|left| url::Url::parse(&left.url).ok());
    let addresses = url.and_then(|url| url.socket_addrs(|| None).ok()).unwrap_or_default();
    addresses.iter().any(|address| TcpStream::connect_timeout(address, KNOCK_LIMIT).is_ok())
}

fn read_from(place: &Path) -> Option<Left> {
    serde_json::from_str(&std::fs::read_to_string(place).ok()?).ok()
}

/// Folders of this user, the one that ends with the session first.
fn places() -> Vec<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    let folders = folder("XDG_RUNTIME_DIR").into_iter().chain(config);
    folders.map(|folder| folder.join("switchboard").join("dev.json")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn it_is_readable_for_its_owner_alone_and_goes_away_with_its_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("switchboard").join("dev.json");
        let left = Left { url: "http://127.0.0.1:1".into(), token: "sbt_1".into() };
        let file = left.write_to(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = read_from(&path).unwrap();
        assert_eq!((read.url.as_str(), read.token.expose_secret()), ("http://127.0.0.1:1", "sbt_1"));

        let later = Left { token: "sbt_2".into(), ..left }.write_to(&path).unwrap();
        drop(file);
        assert!(path.exists(), "a later one is not taken away");
        drop(later);
        assert!(!path.exists());
    }

    #[test]
    fn where_an_earlier_one_still_serves_its_own_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dev.json");
        let serving = TcpListener::bind("127.0.0.1:0").unwrap();
        let first = Left { url: format!("http://{}", serving.local_addr().unwrap()), token: "sbt_1".into() };
        let first_file = first.write_to(&path).unwrap();
        let second = Left { url: "http://127.0.0.1:1".into(), token: "sbt_2".into() };
        drop(second.write_to(&path).unwrap());
        assert_eq!(read_from(&path).unwrap().url, first.url);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second_file = second.write_to(&path).unwrap();
        drop(first_file);
        drop(serving);
        drop(second_file);
        assert!(!path.exists(), "nobody serves there any more");
    }
}
