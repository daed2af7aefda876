//! A message that passed all checks and is about to come into being.

use jiff::Timestamp;
use twilio::message::{Direction, MessageStatus};
use twilio::sid::{Sid, SidKind};

use crate::address;
use crate::due::Due;
use crate::fixture::{AccountKind, MediaFetch};
use crate::journal::Event;
use crate::medium::{Medium, MediumContent, guess_content_type};
use crate::message::{Message, MessageId, Origin, Retention, Template, VALIDITY_S_MAX};
use crate::world::{World, later};

/// What stands before every text of a trial account.
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";

pub(crate) struct Draft {
    pub(crate) account: Sid,
    pub(crate) direction: Direction,
    pub(crate) origin: Origin,
    /// None where the service picks it.
    pub(crate) from: Option<String>,
    pub(crate) service: Option<Sid>,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) media_urls: Vec<String>,
    pub(crate) template: Option<Template>,
    pub(crate) status_callback: Option<String>,
    pub(crate) validity_s: u32,
    pub(crate) send_at: Option<Timestamp>,
    pub(crate) smart_encoded: bool,
    pub(crate) sends_as_mms: bool,
    pub(crate) retention: Retention,
    pub(crate) list_lag_ms: u64,
    pub(crate) from_is_hidden: bool,
    /// Why it will fail although it is taken.
    pub(crate) doom: Option<u32>,
}

impl Draft {
    /// A text that nobody asked for by REST.
    pub(crate) fn reply(account: Sid, origin: Origin, from: String, to: String, body: String) -> Self {
        Self {
            account,
            direction: Direction::OutboundReply,
            origin,
            from: Some(from),
            service: None,
            to,
            body,
            media_urls: Vec::new(),
            template: None,
            status_callback: None,
            validity_s: VALIDITY_S_MAX,
            send_at: None,
            smart_encoded: false,
            sends_as_mms: false,
            retention: Retention::default(),
            list_lag_ms: 0,
            from_is_hidden: false,
            doom: None,
        }
    }
}

impl World {
    /// Brings a message into being and sets it going.
    pub(crate) fn create(&mut self, draft: Draft) -> MessageId {
        let status = match (&draft.send_at, &draft.from) {
            (Some(_), _) => MessageStatus::Scheduled,
            (None, Some(_)) => MessageStatus::Queued,
            (None, None) => MessageStatus::Accepted,
        };
        let send_at = draft.send_at;
        let (message, to_fetch) = self.message_from(draft);
        let created = Event::MessageCreated {
            message_sid: message.sid.as_str().to_owned(),
            direction: message.direction.as_str().to_owned(),
            from: message.from.clone(),
            to: message.to.clone(),
        };
        let phone = address::bare(&message.to).to_owned();
        let id = self.messages.insert(message);
        if self.numbers.find(&phone).is_none() {
            self.phones.touch(&phone);
        }
        self.write(created);
        for (index, url) in to_fetch {
            self.fetch_media(id, index, url);
        }
        self.set_status(id, status.clone(), None);
        match (status, send_at) {
            (MessageStatus::Queued, _) => self.queue(id),
            (_, Some(send_at)) => self.enter(send_at, Due::Advance(id)),
            _ => self.enter_in(self.rules.timings.queued_ms.into(), Due::Advance(id)),
        }
        id
    }

    /// The message of a draft, and which of its media are to be fetched.
    fn message_from(&mut self, draft: Draft) -> (Message, Vec<(usize, String)>) {
        let is_mms = draft.sends_as_mms || !draft.media_urls.is_empty();
        let kind = if is_mms { SidKind::Mms } else { SidKind::Sms };
        let body = self.rewritten(&draft);
        let segments = match &draft.from {
            Some(_) if is_mms => 1,
            Some(_) => count_segments(&body, 0),
            None => 0,
        };
        let mut media = Vec::with_capacity(draft.media_urls.len());
        let mut to_fetch = Vec::new();
        for (index, url) in draft.media_urls.into_iter().enumerate() {
            if self.fetches(&url) {
                to_fetch.push((index, url.clone()));
            }
            media.push(Medium {
                sid: self.random.sid(SidKind::Media),
                content_type: guess_content_type(&url).to_owned(),
                content: MediumContent::Url(url),
                created: self.now,
            });
        }
        let message = Message {
            sid: self.random.sid(kind),
            account: draft.account,
            direction: draft.direction,
            origin: draft.origin,
            from: draft.from,
            from_is_hidden: draft.from_is_hidden,
            to: draft.to,
            service: draft.service,
            body_asked: (body != draft.body).then_some(draft.body),
            body,
            retention: draft.retention,
            segments,
            media,
            // Set at once by whoever creates it.
            status: MessageStatus::Accepted,
            error_code: None,
            created: self.now,
            updated: self.now,
            sent: None,
            listed_from: later(self.now, draft.list_lag_ms),
            price_micros: None,
            status_callback: draft.status_callback,
            validity_s: draft.validity_s,
            send_at: draft.send_at,
            template: draft.template,
            feedback: None,
            history: Vec::with_capacity(5),
            media_pending: u32::try_from(to_fetch.len()).unwrap_or(u32::MAX),
            waits_for_media: false,
            arrived: None,
            extras: None,
            doom: draft.doom,
        };
        (message, to_fetch)
    }

    /// The text as it goes out: with the prefix of a trial account, and with look-alikes replaced where that
    /// is switched on.
    fn rewritten(&self, draft: &Draft) -> String {
        let is_trial =
            self.accounts.get(&draft.account).is_some_and(|account| account.kind == AccountKind::Trial);
        let text = if is_trial { format!("{TRIAL_PREFIX}{}", draft.body) } else { draft.body.clone() };
        let by_service = draft
            .service
            .as_ref()
            .and_then(|sid| self.services.get(sid))
            .is_some_and(|service| service.settings.smart_encoding);
        if draft.smart_encoded || by_service { segments::smart_encode(&text).into() } else { text }
    }

    fn fetches(&self, url: &str) -> bool {
        match self.rules.media_fetch {
            MediaFetch::Never => false,
            MediaFetch::Always => true,
            MediaFetch::Loopback => url::Url::parse(url).is_ok_and(|url| is_loopback(&url)),
        }
    }
}

pub(crate) fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A text's segments; a message with media counts as one.
pub(crate) fn count_segments(body: &str, media: usize) -> u32 {
    if media > 0 { 1 } else { u32::try_from(segments::count(body).segments).unwrap_or(u32::MAX).max(1) }
}
