//! Verbs beside the commit: claims, reads, definitions. Split by what they are about.

use crate::commit::{Claimed, Commit, DispatchFacts};
use crate::error::{CommitError, StoreError};
use crate::open::Store;
use crate::record::*;
use engine::id::{MessageId, RunId, TokenId};
use engine::message::{Channel, Message, MessageEvent};
use engine::run::{LogEntry, ReplyRoute, Run};
use jiff::Timestamp;
use secrecy::SecretString;

type Read<T> = Result<T, StoreError>;

/// A page of a list: newest first, `before` is the last id of the page before.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    pub before: Option<String>,
    pub limit: u32,
}

#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub workflow: Option<String>,
    pub status: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub run: Option<RunId>,
    /// The person's address.
    pub contact: Option<String>,
    pub direction: Option<engine::message::Direction>,
    pub state: Option<engine::message::State>,
}

impl Store {
    pub async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let _ = commit;
        todo!()
    }

    // ---- tasks -------------------------------------------------------------------------------

    /// Claims up to `limit` tasks that are due at `now` (domain time) and nobody holds, the longest due first.
    pub async fn claim(&self, now: Timestamp, lease_ms: i64, limit: u32) -> Read<Vec<Claimed>> {
        todo!()
    }
    /// When the next task that nobody holds is due, and when the next lease of anybody runs out (in
    /// milliseconds from now, real time).
    pub async fn next_due(&self) -> Read<NextDue> {
        todo!()
    }
    /// Puts a task in if none of this id is there: recurring tasks such as reconciliation.
    pub async fn ensure_task(&self, task: Task) -> Read<()> {
        todo!()
    }
    /// Tasks by state, for metrics and for tests that nothing is left over.
    pub async fn count_tasks(&self) -> Read<Vec<(String, u64)>> {
        todo!()
    }

    // ---- runs --------------------------------------------------------------------------------

    pub async fn run(&self, id: &RunId) -> Read<Option<Guarded<Run>>> {
        todo!()
    }
    pub async fn run_by_dedupe_key(&self, key: &str) -> Read<Option<RunId>> {
        todo!()
    }
    pub async fn runs(&self, filter: RunFilter, page: PageRequest) -> Read<Vec<RunSummary>> {
        todo!()
    }
    pub async fn run_log(&self, id: &RunId) -> Read<Vec<LogEntry>> {
        todo!()
    }
    /// Routes of live runs for texts of this person, whichever sender.
    pub async fn reply_routes(&self, channel: Channel, contact: &str) -> Read<Vec<(RunId, ReplyRoute)>> {
        todo!()
    }

    // ---- messages ----------------------------------------------------------------------------

    pub async fn message(&self, id: &MessageId) -> Read<Option<Guarded<Message>>> {
        todo!()
    }
    pub async fn message_by_sid(&self, credential: &str, sid: &str) -> Read<Option<Guarded<Message>>> {
        todo!()
    }
    /// Which of these SIDs are known already.
    pub async fn known_sids(&self, credential: &str, sids: &[String]) -> Read<Vec<String>> {
        todo!()
    }
    pub async fn messages(&self, filter: MessageFilter, page: PageRequest) -> Read<Vec<Message>> {
        todo!()
    }
    pub async fn message_events(&self, id: &MessageId) -> Read<Vec<MessageEvent>> {
        todo!()
    }
    /// Messages of a lane that are dispatching or unknown.
    pub async fn lane_open(&self, lane: &str) -> Read<Vec<Guarded<Message>>> {
        todo!()
    }
    /// Accepted outbound messages without a final status, not updated since `before`, oldest first.
    pub async fn messages_unfinished(
        &self,
        credential: &str,
        before: Timestamp,
        limit: u32,
    ) -> Read<Vec<Guarded<Message>>> {
        todo!()
    }
    pub async fn dispatch_facts(&self, message: &Message) -> Read<DispatchFacts> {
        todo!()
    }
    pub async fn suppression(&self, channel: Channel, address: &str) -> Read<Option<Suppression>> {
        todo!()
    }
    /// One line a person: the latest message with each contact, newest first.
    pub async fn inbox(&self, page: PageRequest) -> Read<Vec<Message>> {
        todo!()
    }

    // ---- definitions -------------------------------------------------------------------------

    /// Publishes a version and gives its number; the same source as the latest gives that one again.
    pub async fn publish_workflow(&self, name: &str, source: &str, now: Timestamp) -> Read<u32> {
        todo!()
    }
    /// The latest where no version is named.
    pub async fn workflow(&self, name: &str, version: Option<u32>) -> Read<Option<StoredWorkflow>> {
        todo!()
    }
    /// The latest of each.
    pub async fn workflows(&self) -> Read<Vec<StoredWorkflow>> {
        todo!()
    }

    // ---- credentials, senders, tokens ---------------------------------------------------------

    /// Inserts or replaces by name; `secrets` is sealed under the newest key with table, column and row as associated data.
    pub async fn put_credential(&self, credential: CredentialSummary, secrets: SecretString) -> Read<()> {
        todo!()
    }
    pub async fn credential(&self, name: &str) -> Read<Option<(CredentialSummary, SecretString)>> {
        todo!()
    }
    pub async fn credentials(&self) -> Read<Vec<CredentialSummary>> {
        todo!()
    }
    pub async fn delete_credential(&self, name: &str) -> Read<bool> {
        todo!()
    }
    /// Seals everything anew under the newest key; how many rows changed.
    pub async fn rotate_keys(&self) -> Read<u64> {
        todo!()
    }
    pub async fn senders(&self) -> Read<Vec<Sender>> {
        todo!()
    }
    pub async fn delete_sender(&self, name: &str) -> Read<bool> {
        todo!()
    }
    pub async fn put_token(&self, token: Token) -> Read<()> {
        todo!()
    }
    pub async fn token_by_hash(&self, hash: &str) -> Read<Option<Token>> {
        todo!()
    }
    pub async fn tokens(&self) -> Read<Vec<Token>> {
        todo!()
    }
    pub async fn revoke_token(&self, id: &TokenId, now: Timestamp) -> Read<bool> {
        todo!()
    }

    // ---- webhooks, idempotency, cursors, health ----------------------------------------------

    /// Keeps a webhook that led to no other commit.
    pub async fn put_webhook(&self, webhook: WebhookRecord) -> Read<()> {
        todo!()
    }
    /// Oldest first after this id, for following; or the newest, newest first, where `after` is nothing.
    pub async fn webhooks(&self, after: Option<&str>, limit: u32) -> Read<Vec<WebhookRecord>> {
        todo!()
    }
    /// Reserves the key: nothing if it is ours now, else what stands there.
    pub async fn begin_idempotent(&self, record: IdempotencyRecord) -> Read<Option<IdempotencyRecord>> {
        todo!()
    }
    pub async fn finish_idempotent(&self, key: &str, status: u16, body: &str) -> Read<()> {
        todo!()
    }
    /// Gives a reservation back whose request failed, so that it can be repeated.
    pub async fn abandon_idempotent(&self, key: &str) -> Read<()> {
        todo!()
    }
    pub async fn cursor(&self, name: &str) -> Read<Option<String>> {
        todo!()
    }
    /// Deletes what is older than its retention; how many rows.
    pub async fn prune(&self, webhooks_before: Timestamp, idempotency_before: Timestamp) -> Read<u64> {
        todo!()
    }
    /// A write that changes nothing: whether the database can be written right now.
    pub async fn check_writable(&self) -> Read<()> {
        todo!()
    }
    /// Finishes what was handed over and closes; later calls fail as unavailable.
    pub async fn close(&self) {
        todo!()
    }
}

/// When the loop has to look again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextDue {
    /// Domain time.
    pub due_at: Option<Timestamp>,
    /// Real time from now.
    pub lease_ends_in_ms: Option<i64>,
}
