//! Credentials that are in use, opened and kept for a short time.

use super::CredentialError;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use store::StoreError;

/// How long one is used before the database is asked again.
const FRESH_FOR: Duration = Duration::from_secs(10);

/// Opened credentials of one kind, by name.
pub(super) struct Opened<T> {
    by_name: RwLock<HashMap<String, Kept<T>>>,
}

struct Kept<T> {
    credential: Arc<T>,
    read_at: Instant,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept { credential: self.credential.clone(), read_at: self.read_at }
    }
}

impl<T> Default for Opened<T> {
    fn default() -> Opened<T> {
        Opened { by_name: RwLock::default() }
    }
}

impl<T: PartialEq> Opened<T> {
    /// The credential of this name, read by `read` where it is not fresh. One that is unchanged stays the same value,
    /// with what hangs on it.
    ///
    /// # Errors
    /// Those of `read`; but while the database is away, what was read before goes on being used.
    pub(super) async fn of(
        &self,
        name: &str,
        read: impl AsyncFnOnce() -> Result<T, CredentialError>,
    ) -> Result<Arc<T>, CredentialError> {
        let known = self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(known) = &known
            && known.read_at.elapsed() < FRESH_FOR
        {
            return Ok(known.credential.clone());
        }
        match (read().await, known) {
            (Err(CredentialError::Store(StoreError::Unavailable(_))), Some(known)) => Ok(known.credential),
            (Err(error), _) => {
                self.forget(name);
                Err(error)
            }
            (Ok(read), Some(known)) if *known.credential == read => Ok(self.keep(name, known.credential)),
            (Ok(read), _) => Ok(self.keep(name, Arc::new(read))),
        }
    }

    fn keep(&self, name: &str, credential: Arc<T>) -> Arc<T> {
        let kept = Kept { credential: credential.clone(), read_at: Instant::now() };
        self.by_name.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), kept);
        credential
    }

    pub(super) fn forget(&self, name: &str) {
        self.by_name.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    pub(super) fn forget_all(&self) {
        self.by_name.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn a_credential_is_read_once_until_it_is_changed() {
        let (opened, reads) = (Opened::default(), Cell::new(0));
        let of = async |secret: &str| {
            let read = async || {
                reads.set(reads.get() + 1);
                Ok(secret.to_owned())
            };
            opened.of("main", read).await.unwrap()
        };
        let first = of("old").await;
        assert!(Arc::ptr_eq(&first, &of("new").await));
        opened.forget("main");
        assert_eq!((of("new").await.as_str(), reads.get()), ("new", 2));
        opened.forget_all();
        assert_eq!((of("newer").await.as_str(), reads.get()), ("newer", 3));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_not_kept() {
        let opened: Opened<String> = Opened::default();
        let unknown = opened.of("main", async || Err(CredentialError::Unknown("main".to_owned()))).await;
        assert!(matches!(unknown, Err(CredentialError::Unknown(_))));
        let read = opened.of("main", async || Ok("there now".to_owned())).await;
        assert_eq!(*read.unwrap(), "there now");
    }
}
