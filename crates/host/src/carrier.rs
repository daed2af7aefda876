//! The provider as the host sees it.

use crate::notices::ProvidedNotice;
use async_trait::async_trait;
use engine::call::{self, Call};
use engine::message::{Channel, Message, Report};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Hands texts and calls over and looks them up. An implementation follows no redirects and repeats nothing
/// by itself; each call ends within the limit that it is given.
#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// Asks the provider to create this text. The message's id travels in its callback address.
    async fn send(&self, message: &Message, limit: Duration) -> SendEnd;

    /// One text by its SID.
    async fn fetch(&self, credential: &str, sid: &str) -> Result<Lookup, String>;

    /// Texts from us to `to` by this sender, newest first, back to `since` in the provider's time.
    async fn list_outbound(&self, lane: &Message, since: Timestamp) -> Result<Listing, String>;

    /// Texts to this number of ours, newest first, back to `since` in the provider's time.
    async fn list_inbound(
        &self,
        credential: &str,
        channel: Channel,
        number: &str,
        since: Timestamp,
    ) -> Result<Listing, String>;

    /// Asks the provider to place this call. The call's id travels in the addresses that belong to it.
    async fn place(&self, call: &Call, limit: Duration) -> SendEnd<call::Report>;

    /// One call by its SID.
    async fn fetch_call(&self, credential: &str, sid: &str) -> Result<Lookup<ProvidedCall>, String>;

    /// Calls of this call's lane that were asked for, newest first, back to `since` in the provider's time.
    async fn list_calls(&self, lane: &Call, since: Timestamp) -> Result<Listing<ProvidedCall>, String>;

    /// Calls to this number of ours, newest first, back to `since` in the provider's time.
    async fn list_inbound_calls(
        &self,
        credential: &str,
        number: &str,
        since: Timestamp,
    ) -> Result<Listing<ProvidedCall>, String>;

    /// Pauses the recording of a call that is under way, or lets it go on.
    async fn steer_recording(
        &self,
        credential: &str,
        call_sid: &str,
        steering: Steering,
        limit: Duration,
    ) -> Result<(), String>;

    /// What the provider's debugger noticed about calls since then.
    ///
    /// # Errors
    /// Why it could not be asked, for the log.
    async fn list_notices(&self, credential: &str, since: Timestamp) -> Result<Vec<ProvidedNotice>, String>;

    /// Lets a call that is under way go on with this document.
    ///
    /// # Errors
    /// Why it does not, for the log.
    async fn break_in(
        &self,
        credential: &str,
        call_sid: &str,
        document: &str,
        limit: Duration,
    ) -> Result<(), String>;

    /// What the provider's account is like; nothing where the credential is unknown.
    async fn account(&self, credential: &str) -> Option<Account>;
}

/// What becomes of the recording of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steering {
    Pause,
    Resume,
}

/// How a request to create a text or a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum SendEnd<R = Report> {
    Accepted(R),
    /// An answer that proves that nothing was created.
    Refused(Refusal),
    /// No byte of the request left: the connection was never made.
    NotConnected {
        reason: String,
    },
    /// Anything else: a time-out, a reset, a 5xx.
    Unknown {
        reason: String,
    },
}

impl<R> SendEnd<R> {
    /// A word for it, for metrics.
    pub fn name(&self) -> &'static str {
        match self {
            SendEnd::Accepted(_) => "accepted",
            SendEnd::Refused(_) => "refused",
            SendEnd::NotConnected { .. } => "not_connected",
            SendEnd::Unknown { .. } => "unknown",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub http_status: u16,
    /// The provider's code.
    pub code: Option<u32>,
    pub message: String,
    /// The provider's own hint when to come back.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// We do not ask the provider at all, and will not later.
    pub(crate) fn of_ours(message: String) -> Refusal {
        Refusal { http_status: 422, code: None, message, retry_after: None }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Lookup<P = Provided> {
    Found(Box<P>),
    /// The provider knows nothing of this SID (any more).
    Gone,
}

/// A text as the provider lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Provided {
    pub report: Report,
    pub inbound: bool,
    pub channel: Channel,
    pub to: String,
    pub body: String,
    pub media: Vec<String>,
    pub created_at: Timestamp,
}

/// A call as the provider lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvidedCall {
    pub report: call::Report,
    pub inbound: bool,
    pub from: String,
    pub to: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Listing<P = Provided> {
    pub items: Vec<P>,
    /// The provider's clock minus ours, learned from its answers.
    pub clock_offset: SignedDuration,
}

impl<P> Default for Listing<P> {
    fn default() -> Self {
        Listing { items: Vec::new(), clock_offset: SignedDuration::ZERO }
    }
}

/// What must be known of an account before its texts and calls are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Test credentials: no callbacks, lists or look-ups exist.
    pub test: bool,
}
