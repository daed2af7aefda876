//! A text that comes in: from a phone, through keywords and opt-outs, to the account's webhook.

use base64::Engine as _;
use twilio::HttpMethod;
use twilio::callback::{InboundMedium, InboundMessage, OptOutType, Place};
use twilio::message::{Direction, MessageStatus};
use twilio::sid::{Sid, SidKind};

use crate::accounts::AccountStatus;
use crate::address;
use crate::draft::{Draft, count_segments};
use crate::faults::{Facts, Operation, WebhookPlan};
use crate::journal::{Event, Purpose};
use crate::medium::{self, Medium, MediumContent};
use crate::message::{Change, Message, MessageId, Origin, Retention, VALIDITY_S_MAX};
use crate::numbers::Number;
use crate::optout::{self, Meaning};
use crate::scripts::PhoneText;
use crate::services::Service;
use crate::webhook::Webhook;
use crate::world::World;

/// The longest text that a phone sends in one message.
const BODY_CHARS_MAX: usize = 1_600;

/// Where inbound messages of a number are reported.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) url: String,
    pub(crate) method: HttpMethod,
    pub(crate) fallback_url: String,
    pub(crate) fallback_method: HttpMethod,
}

/// Why a phone cannot send a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReceiveError {
    #[error("no account owns {0}")]
    NotOwned(String),
    #[error("{0} is not a WhatsApp sender")]
    NotOnWhatsApp(String),
    #[error("buttons, lists, locations, replies and forwards exist on WhatsApp only")]
    WhatsAppOnly,
    #[error("a text has at most {BODY_CHARS_MAX} characters")]
    TooLong,
    #[error("a message has at most {} media", medium::MEDIA_MAX)]
    TooManyMedia,
    #[error(
        "a medium needs either its bytes in base64 or a URL, and may not be larger than a message may be"
    )]
    BadMedium,
}

/// An inbound message, and the webhook that reports it, where there is one to send.
pub(crate) struct Received {
    pub(crate) id: MessageId,
    pub(crate) webhook: Option<Webhook>,
}

impl World {
    /// A phone sends a text to an owned number, and the account's webhook hears of it.
    pub(crate) fn receive(
        &mut self,
        phone: &str,
        to: &str,
        text: &PhoneText,
    ) -> Result<MessageId, ReceiveError> {
        let received = self.take_in(phone, to, text)?;
        if let Some(webhook) = received.webhook {
            self.report(webhook, to);
        }
        Ok(received.id)
    }

    /// As [`World::receive`], but the webhook is left to the caller, and faults pass it over.
    pub(crate) fn take_in(
        &mut self,
        phone: &str,
        to: &str,
        text: &PhoneText,
    ) -> Result<Received, ReceiveError> {
        let from = address::on_channel_of(to, address::bare(phone));
        check_text(to, text)?;
        let digits = address::bare(to);
        let Some(number) = self.numbers.find(digits) else {
            return Err(ReceiveError::NotOwned(digits.to_owned()));
        };
        if address::is_whatsapp(to) && !number.whatsapp {
            return Err(ReceiveError::NotOnWhatsApp(digits.to_owned()));
        }
        let media = decode_media(text)?;
        let number = number.clone();
        let service = self.services.of_member(&number.sid).cloned();
        if self.numbers.find(address::bare(&from)).is_none() {
            self.phones.touch(address::bare(&from));
        }
        if address::is_whatsapp(to) {
            self.windows.insert((to.to_owned(), from.clone()), self.now);
        }
        let id = self.keep(&number, service.as_ref(), from.clone(), to.to_owned(), text, media);
        let meaning = self.obey(id, &number, service.as_ref(), &from, to, &text.body);
        let webhook = self.inbound_webhook(id, &number, service.as_ref(), meaning);
        Ok(Received { id, webhook })
    }

    /// Stores the message as received.
    fn keep(
        &mut self,
        number: &Number,
        service: Option<&Service>,
        from: String,
        to: String,
        text: &PhoneText,
        media: Vec<(String, MediumContent)>,
    ) -> MessageId {
        let sid = self.random.sid(if media.is_empty() { SidKind::Sms } else { SidKind::Mms });
        let now = self.now;
        let media: Vec<Medium> = media
            .into_iter()
            .map(|(content_type, content)| Medium {
                sid: self.random.sid(SidKind::Media),
                content_type,
                content,
                created: now,
            })
            .collect();
        self.write(Event::MessageCreated {
            message_sid: sid.as_str().to_owned(),
            direction: Direction::Inbound.as_str().to_owned(),
            from: Some(from.clone()),
            to: to.clone(),
        });
        self.messages.insert(Message {
            sid,
            account: number.account.clone(),
            direction: Direction::Inbound,
            origin: Origin::Phone,
            from: Some(from),
            from_is_hidden: false,
            to,
            service: service.map(|service| service.sid.clone()),
            segments: count_segments(&text.body, media.len()),
            body: text.body.clone(),
            body_asked: None,
            retention: Retention::default(),
            media,
            status: MessageStatus::Received,
            error_code: None,
            created: now,
            updated: now,
            sent: Some(now),
            listed_from: now,
            price_micros: None,
            status_callback: None,
            validity_s: VALIDITY_S_MAX,
            send_at: None,
            template: None,
            feedback: None,
            history: vec![Change { at: now, status: MessageStatus::Received }],
            media_pending: 0,
            waits_for_media: false,
            arrived: Some(now),
            extras: Some(Box::new(PhoneText { media: Vec::new(), body: String::new(), ..text.clone() })),
            doom: None,
        })
    }

    /// Does what a keyword asks for: blocks or unblocks, and confirms.
    fn obey(
        &mut self,
        id: MessageId,
        number: &Number,
        service: Option<&Service>,
        from: &str,
        to: &str,
        body: &str,
    ) -> Option<Meaning> {
        let advanced = service.is_some_and(|service| service.advanced_opt_out);
        if address::is_whatsapp(to) && !advanced {
            return None;
        }
        let toll_free = address::is_toll_free(to);
        let scope = match service {
            Some(service) if !toll_free => service.sid.as_str().to_owned(),
            _ => to.to_owned(),
        };
        let meaning = optout::read(to, body, self.opt_outs.is_blocked(&scope, from))?;
        match meaning {
            Meaning::Stop => self.opt_outs.block(&scope, from),
            Meaning::Start => {
                self.opt_outs.unblock(&scope, from);
            }
            Meaning::Help => {}
        }
        let message_sid = self.messages.get(id).map(|message| message.sid.clone());
        let account = self.accounts.get(&number.account)?;
        if account.status == AccountStatus::Active {
            let origin = if toll_free { Origin::Network } else { Origin::Keyword };
            let confirmation = meaning.confirmation().to_owned();
            let mut draft =
                Draft::reply(number.account.clone(), origin, to.to_owned(), from.to_owned(), confirmation);
            draft.service = service.map(|service| service.sid.clone());
            self.create(draft);
        } else {
            self.debug(10003, message_sid.as_ref(), "the account is not active");
        }
        Some(meaning)
    }

    /// The webhook of an inbound message; `None` where nobody wants to hear of it.
    fn inbound_webhook(
        &mut self,
        id: MessageId,
        number: &Number,
        service: Option<&Service>,
        meaning: Option<Meaning>,
    ) -> Option<Webhook> {
        let message_sid = self.messages.get(id)?.sid.clone();
        if self.accounts.get(&number.account)?.status != AccountStatus::Active {
            self.debug(10003, Some(&message_sid), "the account is not active");
            return None;
        }
        let hooks = self.hooks(number, service);
        if hooks.url.is_empty() {
            return None;
        }
        let message = self.messages.get(id)?;
        let opt_out_type = meaning.filter(|_| service.is_some_and(|service| service.advanced_opt_out));
        let parameters = self.inbound_parameters(message, opt_out_type);
        let fallback =
            (!hooks.fallback_url.is_empty()).then(|| (hooks.fallback_url.clone(), hooks.fallback_method));
        Some(Webhook {
            purpose: Purpose::InboundMessage,
            account: number.account.clone(),
            message: id,
            message_sid,
            url: hooks.url,
            method: hooks.method,
            parameters,
            fallback,
            answer_ignored: false,
        })
    }

    /// The number's own hooks, its application's, or those of the service that it is in.
    fn hooks(&self, number: &Number, service: Option<&Service>) -> Hooks {
        if let Some(service) = service.filter(|service| !service.settings.use_inbound_webhook_on_number) {
            let settings = &service.settings;
            return Hooks {
                url: settings.inbound_request_url.clone().unwrap_or_default(),
                method: settings.inbound_method,
                fallback_url: settings.fallback_url.clone().unwrap_or_default(),
                fallback_method: settings.fallback_method,
            };
        }
        let settings = &number.settings;
        if let Some(application) =
            settings.sms_application.as_ref().and_then(|sid| self.applications.get(sid))
        {
            return application.settings.sms.clone();
        }
        Hooks {
            url: settings.sms_url.clone(),
            method: settings.sms_method,
            fallback_url: settings.sms_fallback_url.clone(),
            fallback_method: settings.sms_fallback_method,
        }
    }

    /// Sends the webhook of an inbound message, as faults have it.
    fn report(&mut self, mut webhook: Webhook, to: &str) {
        let plan = self.plan_inbound(&webhook, to);
        webhook.answer_ignored = plan.answer_ignored;
        let sid = webhook.message_sid.clone();
        if plan.lost {
            return self.note_fault("an inbound webhook was lost", Some(&sid));
        }
        if plan.copies > 0 {
            self.note_fault("an inbound webhook was repeated", Some(&sid));
        }
        for _ in 0..plan.copies {
            self.send_or_delay(webhook.clone(), plan.delay_ms);
        }
        self.send_or_delay(webhook, plan.delay_ms);
    }

    fn plan_inbound(&mut self, webhook: &Webhook, to: &str) -> WebhookPlan {
        let Some(message) = self.messages.get(webhook.message) else { return WebhookPlan::default() };
        let facts = Facts {
            operation: Operation::InboundWebhook,
            account: webhook.account.as_str(),
            to: Some(to),
            from: message.from.as_deref(),
            body: Some(&message.body),
            status: None,
        };
        self.faults.plan_webhook(&facts, &mut self.random)
    }

    fn inbound_parameters(&self, message: &Message, meaning: Option<Meaning>) -> twilio::form::Pairs {
        let from = message.from.clone().unwrap_or_default();
        let mut inbound = InboundMessage::text(
            message.sid.clone(),
            message.account.clone(),
            from.clone(),
            message.to.clone(),
            message.body.clone(),
        );
        inbound.messaging_service_sid = message.service.clone();
        inbound.num_segments = message.segments;
        inbound.media = message
            .media
            .iter()
            .map(|medium| InboundMedium {
                url: self.media_url(&message.account, &message.sid, &medium.sid),
                content_type: medium.content_type.clone(),
            })
            .collect();
        inbound.opt_out_type = meaning.map(|meaning| match meaning {
            Meaning::Stop => OptOutType::Stop,
            Meaning::Start => OptOutType::Start,
            Meaning::Help => OptOutType::Help,
        });
        if message.is_whatsapp() {
            self.add_whatsapp(message, &from, &mut inbound);
        } else {
            inbound.from_place = Some(place(&from));
            inbound.to_place = Some(place(&message.to));
        }
        inbound.to_pairs()
    }

    fn add_whatsapp(&self, message: &Message, from: &str, inbound: &mut InboundMessage) {
        let digits = address::bare(from);
        let extras = message.extras.as_deref().cloned().unwrap_or_default();
        let own_name = self.phones.get(digits).and_then(|phone| phone.profile_name.clone());
        let profile_name = extras.profile_name.or(own_name).unwrap_or_else(|| digits.to_owned());
        let wa_id = digits.trim_start_matches('+').to_owned();
        let context = serde_json::json!({"ProfileName": profile_name, "WaId": wa_id});
        let metadata = serde_json::json!({"type": "whatsapp", "data": {"context": context}});
        inbound.channel_metadata = Some(metadata.to_string());
        inbound.profile_name = Some(profile_name);
        inbound.wa_id = Some(wa_id);
        let mut message_type = message.media.first().map_or("text", |medium| kind(&medium.content_type));
        if let Some(button) = extras.button {
            message_type = "button";
            inbound.button_text = Some(button.text);
            inbound.button_payload = Some(button.payload);
        }
        if let Some(choice) = extras.list_choice {
            message_type = "interactive";
            inbound.list_id = Some(choice.id);
            inbound.list_title = Some(choice.title);
        }
        if let Some(location) = extras.location {
            message_type = "location";
            inbound.location = Some(twilio::callback::Location {
                latitude: location.latitude.to_string(),
                longitude: location.longitude.to_string(),
                address: location.address,
                label: location.label,
            });
        }
        inbound.forwarded = extras.forwarded;
        if let Some(sid) = extras.replies_to.as_deref().and_then(|sid| Sid::parse(sid).ok()) {
            let replied = self.messages.find(&sid).and_then(|id| self.messages.get(id));
            inbound.replied_message_sender = replied.and_then(|message| message.from.clone());
            inbound.replied_message_sid = Some(sid);
        }
        inbound.message_type = Some(message_type.to_owned());
    }

    pub(crate) fn media_url(&self, account: &Sid, message: &Sid, medium: &Sid) -> String {
        format!(
            "{}/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
            self.rules.base_url,
            account.as_str(),
            message.as_str(),
            medium.as_str()
        )
    }
}

fn check_text(to: &str, text: &PhoneText) -> Result<(), ReceiveError> {
    if text.body.chars().count() > BODY_CHARS_MAX {
        return Err(ReceiveError::TooLong);
    }
    if text.media.len() > medium::MEDIA_MAX {
        return Err(ReceiveError::TooManyMedia);
    }
    let rich = text.button.is_some()
        || text.list_choice.is_some()
        || text.location.is_some()
        || text.replies_to.is_some()
        || text.forwarded;
    if rich && !address::is_whatsapp(to) { Err(ReceiveError::WhatsAppOnly) } else { Ok(()) }
}

fn decode_media(text: &PhoneText) -> Result<Vec<(String, MediumContent)>, ReceiveError> {
    text.media
        .iter()
        .map(|medium| {
            let content = match (&medium.base64, &medium.url) {
                (Some(base64), None) => base64::engine::general_purpose::STANDARD
                    .decode(base64)
                    .ok()
                    .filter(|bytes| medium::fits(&medium.content_type, bytes.len()))
                    .map(|bytes| MediumContent::Bytes(bytes.into())),
                (None, Some(url)) => url::Url::parse(url).is_ok().then(|| MediumContent::Url(url.clone())),
                _ => None,
            };
            content.map(|content| (medium.content_type.clone(), content)).ok_or(ReceiveError::BadMedium)
        })
        .collect()
}

/// Only the country is known; the rest is there and empty.
fn place(number: &str) -> Place {
    Place {
        city: String::new(),
        state: String::new(),
        zip: String::new(),
        country: address::country(number).to_owned(),
    }
}

/// WhatsApp's word for a medium.
fn kind(content_type: &str) -> &'static str {
    match content_type.split('/').next() {
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        _ if content_type == "text/vcard" => "contacts",
        _ => "document",
    }
}
