//! Twilio as the host's carrier: texts and calls are created, fetched and listed over its REST API.

mod account;
pub(crate) mod call;
mod client;
mod list;
mod notices;
mod recordings;
mod resource;
mod send;
pub mod senders;

pub use account::{AccountReport, Finding, OwnedNumber, Severity};
pub(crate) use client::Identity;
pub(crate) use recordings::RecordingError;
pub(crate) use send::{OVERRIDES, unaddressed};

use crate::credentials::{CredentialError, Credentials, TwilioCredential};
use async_trait::async_trait;
use client::{Allowance, Answer, CallError, Client};
use engine::call::{Call, Report as CallReport};
use engine::message::{Channel, Message};
use host::{Account, Carrier, Clock, Listing, Lookup, ProvidedCall, ProvidedNotice, SendEnd, Steering};
use http::StatusCode;
use jiff::Timestamp;
use send::addressed;
use std::sync::Arc;
use std::time::Duration;
use twilio::call::Direction as CallDirection;
use twilio::message::{Direction, MessageResource};

/// Sends, places and looks up with the credentials that are kept.
pub struct TwilioCarrier {
    credentials: Arc<Credentials>,
    client: Client,
    clock: Arc<dyn Clock>,
    /// How Twilio reaches us, without a slash at its end.
    public_url: String,
    /// Longest time of a request whose caller sets none.
    request_limit: Duration,
}

/// What requests to the provider may take.
#[derive(Clone, Copy, Debug)]
pub struct RequestLimits {
    pub request: Duration,
    pub connect: Duration,
    /// Under way at once, for one credential.
    pub at_once: usize,
}

impl TwilioCarrier {
    /// `public_url` has no slash at its end.
    pub fn new(
        credentials: Arc<Credentials>,
        clock: Arc<dyn Clock>,
        public_url: String,
        limits: RequestLimits,
    ) -> TwilioCarrier {
        let client = Client::new(limits.connect, limits.at_once);
        TwilioCarrier { credentials, client, clock, public_url, request_limit: limits.request }
    }

    async fn open(&self, name: &str) -> Result<Arc<TwilioCredential>, String> {
        self.credentials.twilio(name).await.map_err(|error| error.to_string())
    }
}

#[async_trait]
impl Carrier for TwilioCarrier {
    async fn send(&self, message: &Message, limit: Duration) -> SendEnd {
        // Whoever asks holds the text for so long and not longer, whatever the time is spent on.
        let allowance = Allowance::from_now(limit);
        let credential = self.credentials.twilio(&message.credential);
        let credential = match tokio::time::timeout_at(allowance.begin_by(), credential).await {
            Ok(Ok(credential)) => credential,
            Ok(Err(error)) => return without_credential(&error),
            Err(_) => return SendEnd::NotConnected { reason: UNREADABLE_NOW.to_owned() },
        };
        let form = send::create_form(message, &credential, &self.public_url);
        let result = self.client.post(&credential, credential.messages_url.clone(), form, allowance).await;
        send::end(result, |body| resource::created(body, message))
    }

    async fn place(&self, call: &Call, limit: Duration) -> SendEnd<CallReport> {
        let allowance = Allowance::from_now(limit);
        let credential = self.credentials.twilio(&call.credential);
        let credential = match tokio::time::timeout_at(allowance.begin_by(), credential).await {
            Ok(Ok(credential)) => credential,
            Ok(Err(error)) => return without_credential(&error),
            Err(_) => return SendEnd::NotConnected { reason: UNREADABLE_NOW.to_owned() },
        };
        let form = call::create_form(call, &credential, &self.public_url);
        let url = credential.account_url("Calls.json");
        send::end(self.client.post(&credential, url, form, allowance).await, call::created)
    }

    async fn fetch_call(&self, credential: &str, sid: &str) -> Result<Lookup<ProvidedCall>, String> {
        let credential = self.open(credential).await?;
        let url = credential.account_url(&format!("Calls/{sid}.json"));
        let result = self.client.get(&credential, url, self.request_limit).await;
        if is_gone(&result) {
            return Ok(Lookup::Gone);
        }
        let resource = call::read(&ask(result)?.body).ok_or("the answer cannot be read")?;
        Ok(Lookup::Found(Box::new(call::provided(resource, self.clock.now()))))
    }

    async fn list_calls(&self, lane: &Call, since: Timestamp) -> Result<Listing<ProvidedCall>, String> {
        let credential = self.open(&lane.credential).await?;
        let from = lane.from.as_deref().unwrap_or_default();
        let query = [("To", lane.to.as_str()), ("From", from)];
        let now = || self.clock.now();
        list::calls(&self.client, &credential, &query, since, now, self.request_limit, |item| {
            item.direction == CallDirection::OutboundApi
        })
        .await
    }

    async fn list_inbound_calls(
        &self,
        credential: &str,
        number: &str,
        since: Timestamp,
    ) -> Result<Listing<ProvidedCall>, String> {
        let credential = self.open(credential).await?;
        let now = || self.clock.now();
        let query = [("To", number)];
        list::calls(&self.client, &credential, &query, since, now, self.request_limit, |item| {
            item.direction == CallDirection::Inbound
        })
        .await
    }

    async fn fetch(&self, credential: &str, sid: &str) -> Result<Lookup, String> {
        let credential = self.open(credential).await?;
        let url = credential.account_url(&format!("Messages/{sid}.json"));
        let result = self.client.get(&credential, url, self.request_limit).await;
        if is_gone(&result) {
            return Ok(Lookup::Gone);
        }
        let answer = ask(result)?;
        let resource: MessageResource =
            serde_json::from_slice(&answer.body).map_err(|_| "the answer cannot be read".to_owned())?;
        Ok(Lookup::Found(Box::new(resource::provided(resource, self.clock.now()))))
    }

    async fn list_outbound(&self, lane: &Message, since: Timestamp) -> Result<Listing, String> {
        let credential = self.open(&lane.credential).await?;
        let to = addressed(lane.channel, &lane.to);
        // Replies that Twilio makes from an answer of ours to a webhook have a direction of their own.
        let now = || self.clock.now();
        let ours = |direction: &Direction, item: &host::Provided| {
            *direction == Direction::OutboundApi
                && item.channel == lane.channel
                && match &lane.service {
                    Some(service) => item.report.service.as_ref() == Some(service),
                    None => item.report.service.is_none() && item.report.from == lane.from,
                }
        };
        list::messages(&self.client, &credential, &to, since, now, self.request_limit, ours).await
    }

    async fn list_inbound(
        &self,
        credential: &str,
        channel: Channel,
        number: &str,
        since: Timestamp,
    ) -> Result<Listing, String> {
        let credential = self.open(credential).await?;
        let to = addressed(channel, number);
        let theirs = |_: &Direction, item: &host::Provided| item.inbound && item.channel == channel;
        let now = || self.clock.now();
        let mut listing =
            list::messages(&self.client, &credential, &to, since, now, self.request_limit, theirs).await?;
        for item in &mut listing.items {
            if item.report.receipt.num_media.as_deref().is_some_and(|count| count != "0") {
                item.media = self.media(&credential, &item.report.sid).await?;
            }
        }
        Ok(listing)
    }

    async fn steer_recording(
        &self,
        credential: &str,
        call_sid: &str,
        steering: Steering,
        limit: Duration,
    ) -> Result<(), String> {
        self.steer(credential, call_sid, steering, limit).await.map_err(|error| error.to_string())
    }

    async fn list_notices(&self, credential: &str, since: Timestamp) -> Result<Vec<ProvidedNotice>, String> {
        self.notices(credential, since).await
    }

    async fn break_in(
        &self,
        credential: &str,
        call_sid: &str,
        document: &str,
        limit: Duration,
    ) -> Result<(), String> {
        self.redirect(credential, call_sid, document, limit).await.map_err(|error| error.to_string())
    }

    async fn account(&self, credential: &str) -> Option<Account> {
        let credential = self.credentials.twilio(credential).await.ok()?;
        Some(Account { test: credential.test })
    }
}

impl TwilioCarrier {
    /// Addresses of a text's media, as webhooks give them.
    async fn media(&self, credential: &TwilioCredential, sid: &str) -> Result<Vec<String>, String> {
        #[derive(serde::Deserialize)]
        struct Page {
            media_list: Vec<Medium>,
        }
        #[derive(serde::Deserialize)]
        struct Medium {
            sid: String,
        }
        let url = credential.account_url(&format!("Messages/{sid}/Media.json"));
        let answer = ask(self.client.get(credential, url, self.request_limit).await)?;
        let page: Page =
            serde_json::from_slice(&answer.body).map_err(|_| "the media cannot be read".to_owned())?;
        let address =
            |medium: Medium| credential.account_url(&format!("Messages/{sid}/Media/{}", medium.sid)).into();
        Ok(page.media_list.into_iter().map(address).collect())
    }
}

/// Twilio itself says that there is no such thing.
fn is_gone(result: &Result<Answer, CallError>) -> bool {
    result.as_ref().is_ok_and(|answer| answer.status == StatusCode::NOT_FOUND && answer.error().has_code())
}

/// Nothing was handed over, and trying again is right only where the database was away, or a node lacks a key that
/// another one has sealed it with meanwhile.
fn without_credential<R>(error: &CredentialError) -> SendEnd<R> {
    match error {
        CredentialError::Store(store::StoreError::Unavailable(_) | store::StoreError::Key(_)) => {
            SendEnd::NotConnected { reason: UNREADABLE_NOW.to_owned() }
        }
        error => SendEnd::Refused(host::Refusal {
            http_status: 401,
            code: Some(AUTHENTICATION_FAILED),
            message: error.to_string(),
            retry_after: None,
        }),
    }
}

const UNREADABLE_NOW: &str = "the credential cannot be read now";

/// Twilio's code for wrong credentials.
const AUTHENTICATION_FAILED: u32 = 20003;

/// An answer of success, or why there is none.
fn ask(result: Result<Answer, CallError>) -> Result<Answer, String> {
    let answer = result.map_err(|error| error.to_string())?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    let error = answer.error();
    Err(if error.has_code() {
        format!("Twilio error {}: {}", error.code, error.message)
    } else {
        format!("HTTP {}", answer.status)
    })
}
