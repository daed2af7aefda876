//! Senders as the provider has them: what is new, what changed, and which of their webhooks do not lead here.
//!
//! [`plan`] asks and compares, [`apply`] stores and sets. Between the two, people are shown the difference.

mod webhooks;

pub use webhooks::WebhookChange;

use super::client::Allowance;
use super::{TwilioCarrier, ask};
use crate::credentials::{CredentialError, TwilioCredential};
use engine::id::SenderId;
use host::{Host, HostError};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use store::record::{Capabilities, Sender, SenderKind};
use store::{Commit, CommitError};
use twilio::number::IncomingNumber;
use twilio::service::{ServiceAlphaSender, ServicePhoneNumber, ServiceResource, ServiceShortCode};
use url::Url;

/// The difference between what the provider has and what is stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPlan {
    pub credential: String,
    pub senders: Vec<SenderChange>,
    pub webhooks: Vec<WebhookChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum SenderChange {
    New {
        sender: Sender,
    },
    Changed {
        before: Sender,
        sender: Sender,
    },
    /// The provider lists it no more.
    Gone {
        sender: Sender,
    },
    Same {
        sender: Sender,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error("test credentials have no senders")]
    TestCredentials,
    #[error("the provider cannot be asked: {0}")]
    Provider(String),
    #[error("the database refused")]
    Store(#[from] store::StoreError),
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("the senders changed meanwhile: look at the difference again")]
    Changed,
}

impl SyncPlan {
    /// Whether applying it would change anything.
    pub fn is_empty(&self) -> bool {
        self.webhooks.is_empty()
            && self.senders.iter().all(|change| matches!(change, SenderChange::Same { .. }))
    }
}

/// Lists numbers, services with their members, and WhatsApp senders of a credential, and compares.
///
/// # Errors
/// Where the credential cannot be used, or the provider or the database cannot be asked.
pub async fn plan(carrier: &TwilioCarrier, host: &Host, credential: &str) -> Result<SyncPlan, SyncError> {
    let credential = carrier.credentials.twilio(credential).await?;
    if credential.test {
        return Err(SyncError::TestCredentials);
    }
    let first = credential.account_url("IncomingPhoneNumbers.json");
    let numbers: Vec<IncomingNumber> = listed(carrier, &credential, first, "incoming_phone_numbers").await?;
    let services: Vec<ServiceResource> = listed_meta(carrier, &credential, "/v1/Services").await?;
    let mut found: Vec<Sender> =
        numbers.iter().map(|number| number_sender(&credential.name, number)).collect();
    for service in &services {
        let members = members(carrier, &credential, service).await?;
        found.push(service_sender(&credential.name, service, members));
    }
    found.extend(whatsapp_senders(carrier, &credential).await?);
    let stored = host.store().senders().await?;
    Ok(SyncPlan {
        webhooks: webhooks::changes(&numbers, &services, &credential.name, &carrier.public_url),
        senders: compare(&credential.name, stored, found, host.now()),
        credential: credential.name.clone(),
    })
}

/// Stores the senders and sets the webhooks of a plan.
///
/// # Errors
/// As [`plan`]. What was done until then stays; a new plan shows what is left.
pub async fn apply(carrier: &TwilioCarrier, host: &Host, plan: &SyncPlan) -> Result<(), SyncError> {
    let credential = carrier.credentials.twilio(&plan.credential).await?;
    let mut commit = Commit::default();
    for change in &plan.senders {
        match change {
            SenderChange::New { sender } | SenderChange::Changed { sender, .. } => {
                commit.senders.push(sender.clone())
            }
            SenderChange::Gone { sender } => {
                host.store().delete_sender(&sender.name).await?;
            }
            SenderChange::Same { .. } => {}
        }
    }
    match host.store().commit(commit).await {
        Ok(()) => {}
        Err(CommitError::Conflict(_)) => return Err(SyncError::Changed),
        Err(CommitError::Store(error)) => return Err(error.into()),
    }
    for (url, form) in webhooks::requests(&credential, &plan.webhooks) {
        let allowance = Allowance::from_now(carrier.request_limit);
        ask(carrier.client.post(&credential, url, form, allowance).await).map_err(SyncError::Provider)?;
    }
    Ok(host.refresh().await?)
}

/// All items of a list of the 2010 API.
pub(super) async fn listed<T: DeserializeOwned>(
    carrier: &TwilioCarrier,
    credential: &TwilioCredential,
    mut url: Url,
    key: &str,
) -> Result<Vec<T>, SyncError> {
    url.query_pairs_mut().append_pair("PageSize", PAGE_SIZE);
    let mut all = Vec::new();
    for _ in 0..PAGES_MAX {
        let answer = carrier.client.get(credential, url, carrier.request_limit).await;
        let answer = ask(answer).map_err(SyncError::Provider)?;
        let page = twilio::page::read_2010(&answer.body, key).map_err(|error| unreadable(&error))?;
        all.extend(page.items);
        match page.next.as_deref().map(|next| credential.api_url(next)) {
            None => return Ok(all),
            Some(Some(next)) => url = next,
            Some(None) => return Err(SyncError::Provider("its list goes on at another host".to_owned())),
        }
    }
    Err(SyncError::Provider(format!("its list is longer than {PAGES_MAX} pages")))
}

/// All items of a list of the messaging product; none where the product does not have it.
async fn listed_meta<T: DeserializeOwned>(
    carrier: &TwilioCarrier,
    credential: &TwilioCredential,
    path: &str,
) -> Result<Vec<T>, SyncError> {
    let mut url = credential.messaging_url(path);
    let origin = url.origin();
    url.query_pairs_mut().append_pair("PageSize", META_PAGE_SIZE);
    let mut all = Vec::new();
    for _ in 0..PAGES_MAX {
        let answer = carrier.client.get(credential, url, carrier.request_limit).await;
        if answer.as_ref().is_ok_and(|answer| answer.status == StatusCode::NOT_FOUND) {
            return Ok(all);
        }
        let answer = ask(answer).map_err(SyncError::Provider)?;
        let page = twilio::page::read_meta(&answer.body).map_err(|error| unreadable(&error))?;
        all.extend(page.items);
        let next = page.next.map(|next| Url::parse(&next).ok().filter(|next| next.origin() == origin));
        match next {
            None => return Ok(all),
            Some(Some(next)) => url = next,
            Some(None) => return Err(SyncError::Provider("its list goes on at another host".to_owned())),
        }
    }
    Err(SyncError::Provider(format!("its list is longer than {PAGES_MAX} pages")))
}

const PAGE_SIZE: &str = "1000";
const META_PAGE_SIZE: &str = "100";
const PAGES_MAX: usize = 200;

fn unreadable(error: &twilio::page::PageError) -> SyncError {
    SyncError::Provider(error.to_string())
}

async fn members(
    carrier: &TwilioCarrier,
    credential: &TwilioCredential,
    service: &ServiceResource,
) -> Result<Vec<String>, SyncError> {
    let path = |list: &str| format!("/v1/Services/{}/{list}", service.sid.as_str());
    let numbers: Vec<ServicePhoneNumber> = listed_meta(carrier, credential, &path("PhoneNumbers")).await?;
    let codes: Vec<ServiceShortCode> = listed_meta(carrier, credential, &path("ShortCodes")).await?;
    let names: Vec<ServiceAlphaSender> = listed_meta(carrier, credential, &path("AlphaSenders")).await?;
    let mut members: Vec<String> = numbers.into_iter().map(|number| number.phone_number).collect();
    members.extend(codes.into_iter().map(|code| code.short_code));
    members.extend(names.into_iter().map(|name| name.alpha_sender));
    members.sort();
    Ok(members)
}

fn number_sender(credential: &str, number: &IncomingNumber) -> Sender {
    let capabilities = Capabilities {
        sms: number.capabilities.sms,
        mms: number.capabilities.mms,
        voice: number.capabilities.voice,
        whatsapp: false,
    };
    let sid = Some(number.sid.as_str().to_owned());
    found(credential, &number.phone_number, &number.phone_number, SenderKind::Number, capabilities, sid)
}

fn service_sender(credential: &str, service: &ServiceResource, members: Vec<String>) -> Sender {
    let sid = service.sid.as_str();
    let name = service.friendly_name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(sid);
    let capabilities = Capabilities { sms: true, mms: true, ..Capabilities::default() };
    Sender {
        members,
        // What a provider does that says nothing is not known.
        rewrites_text: service.smart_encoding.unwrap_or(true),
        ..found(credential, name, sid, SenderKind::Service, capabilities, Some(sid.to_owned()))
    }
}

async fn whatsapp_senders(
    carrier: &TwilioCarrier,
    credential: &TwilioCredential,
) -> Result<Vec<Sender>, SyncError> {
    #[derive(serde::Deserialize)]
    struct Channel {
        sid: String,
        sender_id: String,
    }
    let listed: Vec<Channel> = listed_meta(carrier, credential, "/v2/Channels/Senders").await?;
    let capabilities = Capabilities { whatsapp: true, ..Capabilities::default() };
    let sender = |channel: Channel| {
        let address = channel.sender_id.strip_prefix("whatsapp:")?;
        let name = &channel.sender_id;
        Some(found(&credential.name, name, address, SenderKind::WhatsApp, capabilities, Some(channel.sid)))
    };
    Ok(listed.into_iter().filter_map(sender).collect())
}

fn found(
    credential: &str,
    name: &str,
    address: &str,
    kind: SenderKind,
    capabilities: Capabilities,
    sid: Option<String>,
) -> Sender {
    Sender {
        id: SenderId::from_trusted(host::new_id(SenderId::PREFIX)),
        credential: credential.to_owned(),
        name: name.to_owned(),
        address: address.to_owned(),
        kind,
        capabilities,
        sid,
        members: Vec::new(),
        rate: None,
        call_rate: None,
        rewrites_text: false,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

/// What people set, the name and the rate, stays. Senders without a SID were entered by hand and stay too.
fn compare(credential: &str, stored: Vec<Sender>, found: Vec<Sender>, now: Timestamp) -> Vec<SenderChange> {
    let mut names: HashSet<String> = stored.iter().map(|sender| sender.name.to_lowercase()).collect();
    let (mut ours, _) = stored.into_iter().partition::<Vec<_>, _>(|sender| sender.credential == credential);
    let mut changes = Vec::new();
    for mut sender in found {
        let same = |known: &Sender| known.address == sender.address && known.kind == sender.kind;
        let Some(at) = ours.iter().position(same) else {
            sender.name = free_name(&sender, &mut names);
            sender.updated_at = now;
            changes.push(SenderChange::New { sender });
            continue;
        };
        let before = ours.swap_remove(at);
        let kept = Sender {
            id: before.id.clone(),
            name: before.name.clone(),
            rate: before.rate,
            call_rate: before.call_rate,
            ..sender
        };
        if (Sender { updated_at: before.updated_at, ..kept.clone() }) == before {
            changes.push(SenderChange::Same { sender: before });
        } else {
            changes.push(SenderChange::Changed { before, sender: Sender { updated_at: now, ..kept } });
        }
    }
    let gone = ours.into_iter().filter(|sender| sender.sid.is_some());
    changes.extend(gone.map(|sender| SenderChange::Gone { sender }));
    changes
}

fn free_name(sender: &Sender, taken: &mut HashSet<String>) -> String {
    let tries =
        [sender.name.clone(), format!("{} {}", sender.credential, sender.name), sender.id.to_string()];
    let free = tries.into_iter().find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_else(|| sender.id.to_string())
}

#[cfg(test)]
mod tests;
