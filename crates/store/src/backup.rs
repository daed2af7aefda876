//! A copy of the database as it is at one moment, also while a server works on it.

use crate::error::StoreError;
use crate::open::Address;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long whoever else has the file may keep us from beginning.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why there is no copy. Nothing is left where it was to be.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Url(#[from] StoreError),
    /// PostgreSQL has tools of its own, which do it better.
    #[error("a PostgreSQL database is not copied by Switchboard")]
    Postgres,
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    #[error("the copy cannot be written to {}", path.display())]
    Unwritable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the database cannot be copied")]
    Copy(#[source] rusqlite::Error),
    #[error("the copying was interrupted")]
    Interrupted,
}

/// Copies the SQLite database of `url` into a new file. Its schema is left as it is, and no encryption key is
/// needed: sealed secrets stay sealed. The file is complete and on disk once this returns.
///
/// # Errors
/// Where `to` exists, cannot be written, or the database cannot be read; and for PostgreSQL.
pub async fn back_up(url: &str, to: &Path) -> Result<(), BackupError> {
    let from = match Address::parse(url)? {
        Address::Sqlite(path) => path,
        Address::Postgres(_) => return Err(BackupError::Postgres),
    };
    let to = to.to_owned();
    let copying = tokio::task::spawn_blocking(move || copy(&from, &to));
    copying.await.map_err(|_| BackupError::Interrupted)?
}

fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    // Under another name first, so that nobody takes half a copy for a whole one.
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let unwritable = |source| BackupError::Unwritable { path: to.to_owned(), source };
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritable(error)),
        _ => {}
    }
    let written = vacuum_into(from, &partial).and_then(|()| {
        File::open(&partial).and_then(|file| file.sync_all()).map_err(unwritable)?;
        // A link refuses a name that was taken in between, which renaming would write over.
        std::fs::hard_link(&partial, to).map_err(unwritable)
    });
    // What is left of a failure is of no use, and after success it is the second name of the copy.
    drop(std::fs::remove_file(&partial));
    written?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritable)
}

fn vacuum_into(from: &Path, to: &Path) -> Result<(), BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(from, flags).map_err(BackupError::Copy)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(BackupError::Copy)?;
    let to = to.to_str().ok_or_else(|| BackupError::Unwritable {
        path: to.to_owned(),
        source: std::io::Error::other("its name is not UTF-8"),
    })?;
    // An empty file is written into, and keeps its mode: the copy is for this user alone, as the database is.
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    made.map_err(|source| BackupError::Unwritable { path: PathBuf::from(to), source })?;
    connection.execute("VACUUM INTO ?1", [to]).map_err(BackupError::Copy)?;
    Ok(())
}
