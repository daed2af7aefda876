//! Credentials: what is checked before one is kept, and the opened secrets of those that are in use.
//!
//! Secrets are sealed by the store. What may be shown stands beside them in the clear: account SID, API
//! base, whether they are test credentials.

mod draft;
mod format;
mod http;
mod opened;
mod twilio;

pub use draft::{Draft, DraftProblem, HttpDraft, OpenAiDraft, TwilioDraft};
pub(crate) use format::is_loopback;
pub use http::HttpCredential;
#[cfg(test)]
pub(crate) use twilio::tests::opened_for_tests;
pub use twilio::{ApiKey, DEFAULT_API_BASE, TwilioCredential};

use crate::model::OpenAiCredential;
use engine::id::CredentialId;
use jiff::Timestamp;
use opened::Opened;
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Arc;
use store::record::CredentialSummary;
use store::{Store, StoreError};

/// Opened credentials. What another node changed is seen after ten seconds at the latest.
pub struct Credentials {
    store: Store,
    twilio: Opened<TwilioCredential>,
    openai: Opened<OpenAiCredential>,
}

#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("the credential cannot be used: {}", told(.0))]
    Wrong(Vec<DraftProblem>),
    #[error("no credential is called {0:?}")]
    Unknown(String),
    #[error("{name:?} is a credential of kind {kind}")]
    OtherKind { name: String, kind: String },
    #[error("there is no credential of kind {kind}")]
    NoneOfKind { kind: &'static str },
    #[error("there are several credentials of kind {kind}: name one")]
    SeveralOfKind { kind: &'static str },
    #[error("the database refused")]
    Store(#[from] StoreError),
}

fn told(problems: &[DraftProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Credentials {
    pub fn new(store: Store) -> Credentials {
        Credentials { store, twilio: Opened::default(), openai: Opened::default() }
    }

    /// The opened Twilio credential of this name.
    ///
    /// # Errors
    /// Where there is none of this name and kind, or it cannot be read. While the database is away, a
    /// credential that was read before goes on being used.
    pub async fn twilio(&self, name: &str) -> Result<Arc<TwilioCredential>, CredentialError> {
        self.twilio.of(name, || self.read_twilio(name)).await
    }

    /// The opened credential of an endpoint that speaks OpenAI's API, or the only one of its kind where no name is
    /// given.
    ///
    /// # Errors
    /// Where there is none of this name and kind, or it cannot be read; without a name, where there are several. While
    /// the database is away, a credential that was read before goes on being used.
    pub async fn openai(&self, name: &str) -> Result<Arc<OpenAiCredential>, CredentialError> {
        self.openai.of(name, || self.read_openai(name)).await
    }

    /// The opened secret for a server of somebody else. Read each time: whoever is asked takes far longer.
    ///
    /// # Errors
    /// Where there is none of this name and kind, or it cannot be read.
    pub async fn http(&self, name: &str) -> Result<HttpCredential, CredentialError> {
        let (summary, secrets) = self.stored(name, HttpDraft::KIND).await?;
        Ok(HttpCredential::open(&summary, &secrets)?)
    }

    /// `twilio`, `openai` or `http`.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub async fn kind(&self, name: &str) -> Result<String, CredentialError> {
        let stored = self.store.credential(name).await?;
        stored.map(|(summary, _)| summary.kind).ok_or_else(|| CredentialError::Unknown(name.to_owned()))
    }

    /// The name of the only credential of a kind.
    async fn only(&self, kind: &'static str) -> Result<String, CredentialError> {
        let all = self.store.credentials().await?;
        let mut names = all.into_iter().filter(|known| known.kind == kind).map(|known| known.name);
        match (names.next(), names.next()) {
            (Some(name), None) => Ok(name),
            (None, _) => Err(CredentialError::NoneOfKind { kind }),
            (Some(_), Some(_)) => Err(CredentialError::SeveralOfKind { kind }),
        }
    }

    async fn stored(
        &self,
        name: &str,
        kind: &str,
    ) -> Result<(CredentialSummary, SecretString), CredentialError> {
        let stored = self.store.credential(name).await?;
        let (summary, secrets) = stored.ok_or_else(|| CredentialError::Unknown(name.to_owned()))?;
        if summary.kind != kind {
            return Err(CredentialError::OtherKind { name: summary.name, kind: summary.kind });
        }
        Ok((summary, secrets))
    }

    async fn read_twilio(&self, name: &str) -> Result<TwilioCredential, CredentialError> {
        let (summary, secrets) = self.stored(name, TwilioDraft::KIND).await?;
        Ok(TwilioCredential::open(&summary, &secrets)?)
    }

    async fn read_openai(&self, name: &str) -> Result<OpenAiCredential, CredentialError> {
        let only = if name.is_empty() { Some(self.only(OpenAiDraft::KIND).await?) } else { None };
        let (summary, secrets) = self.stored(only.as_deref().unwrap_or(name), OpenAiDraft::KIND).await?;
        Ok(OpenAiCredential::open(&summary, &secrets)?)
    }

    /// A credential was changed, or is gone.
    fn forget(&self, name: &str) {
        self.twilio.forget(name);
        // Without a name, another may be the only one now.
        self.openai.forget_all();
    }

    /// Checks a credential and keeps it, sealed; one of the same name is replaced. Whoever calls refreshes the
    /// host afterwards, which looks after credentials by name.
    ///
    /// # Errors
    /// All that is wrong with it, in words that say what to do.
    pub async fn put(&self, draft: &Draft, now: Timestamp) -> Result<CredentialSummary, CredentialError> {
        let problems = draft.problems();
        if !problems.is_empty() {
            return Err(CredentialError::Wrong(problems));
        }
        let name = draft.name().trim().to_owned();
        let earlier = self.store.credential(&name).await?.map(|(summary, _)| summary);
        self.check_account_is_free(draft, earlier.as_ref()).await?;
        let summary = CredentialSummary {
            id: earlier.as_ref().map_or_else(new_id, |earlier| earlier.id.clone()),
            name: name.clone(),
            kind: draft.kind().to_owned(),
            public: draft.public(),
            created_at: earlier.map_or(now, |earlier| earlier.created_at),
            updated_at: now,
        };
        self.store.put_credential(summary.clone(), draft.secrets()).await?;
        self.forget(&name);
        Ok(summary)
    }

    /// Two credentials of one account would both list its texts, and each text would be taken in twice.
    /// Whoever replaces a credential without changing its account takes nothing that was not theirs.
    async fn check_account_is_free(
        &self,
        draft: &Draft,
        earlier: Option<&CredentialSummary>,
    ) -> Result<(), CredentialError> {
        let Draft::Twilio(draft) = draft else { return Ok(()) };
        let sid = draft.account_sid.trim();
        let has_account = |known: &CredentialSummary| {
            let known_sid = known.public.get("accountSid").and_then(Value::as_str).unwrap_or_default();
            known.kind == TwilioDraft::KIND && known_sid.eq_ignore_ascii_case(sid)
        };
        if earlier.is_some_and(has_account) {
            return Ok(());
        }
        let name = draft.name.trim();
        let all = self.store.credentials().await?;
        let Some(other) = all.iter().find(|known| known.name != name && has_account(known)) else {
            return Ok(());
        };
        let message = format!(
            "credential {:?} is of this account already, and each text would be taken in twice: replace that \
             one, or delete it first",
            other.name
        );
        Err(CredentialError::Wrong(vec![DraftProblem { field: "accountSid", message }]))
    }

    /// Whether there was one.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn delete(&self, name: &str) -> Result<bool, CredentialError> {
        let deleted = self.store.delete_credential(name).await?;
        self.forget(name);
        Ok(deleted)
    }
}

fn new_id() -> CredentialId {
    CredentialId::from_trusted(host::new_id(CredentialId::PREFIX))
}
