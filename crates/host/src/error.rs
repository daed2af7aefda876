//! What the host can fail with.

use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error("the database refused")]
    Store(#[from] StoreError),
    #[error("{what} kept changing under us")]
    Contended { what: &'static str },
    #[error("no {what} has this name or id")]
    NotFound { what: &'static str },
    /// The caller asked for something that the state of things does not allow.
    #[error("{0}")]
    NotAllowed(String),
}

impl HostError {
    /// Whether asking again later is right.
    pub fn is_temporary(&self) -> bool {
        matches!(self, HostError::Store(StoreError::Unavailable(_)) | HostError::Contended { .. })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("no workflow is called {0:?}")]
    UnknownWorkflow(String),
    /// One line a problem.
    #[error("the input does not fit")]
    BadInput(Vec<String>),
    #[error(transparent)]
    Host(#[from] HostError),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        StartError::Host(error.into())
    }
}
