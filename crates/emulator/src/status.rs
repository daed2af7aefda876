//! Changes of status, and the callbacks about them.

use twilio::HttpMethod;
use twilio::callback::MessageStatusCallback;
use twilio::message::MessageStatus;

use crate::address;
use crate::due::Due;
use crate::faults::{Facts, Operation};
use crate::journal::{Event, Purpose};
use crate::message::{Change, Message, MessageId};
use crate::webhook::Webhook;
use crate::world::World;

/// How long a callback waits for the next one, in domain time.
pub(crate) const HELD_BACK_MS_MAX: u64 = 10_000;

impl World {
    /// A message reaches a status; whoever wants to know is called back.
    pub(crate) fn set_status(&mut self, id: MessageId, status: MessageStatus, code: Option<u32>) {
        let now = self.now;
        let Some(message) = self.messages.get_mut(id) else { return };
        let was_scheduled = message.status == MessageStatus::Scheduled;
        message.status = status.clone();
        message.error_code = code;
        message.updated = now;
        message.history.push(Change { at: now, status: status.clone() });
        let message_sid = message.sid.as_str().to_owned();
        self.scheduled -= usize::from(was_scheduled);
        self.scheduled += usize::from(status == MessageStatus::Scheduled);
        self.write(Event::StatusChanged { message_sid, status: status.as_str().to_owned(), code });
        self.call_back(id);
    }

    pub(crate) fn fail(&mut self, id: MessageId, code: u32) {
        self.set_status(id, MessageStatus::Failed, Some(code));
    }

    fn call_back(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        let status = message.status.as_str();
        if !message.is_outbound() || !self.rules.callback_statuses.iter().any(|wanted| wanted == status) {
            return;
        }
        let Some(url) = self.callback_url(message) else { return };
        let webhook = Webhook {
            purpose: Purpose::MessageStatus,
            account: message.account.clone(),
            message: id,
            message_sid: message.sid.clone(),
            url,
            method: HttpMethod::Post,
            parameters: self.callback_parameters(message),
            fallback: None,
            answer_ignored: false,
        };
        let facts = Facts {
            operation: Operation::StatusCallback,
            account: message.account.as_str(),
            to: Some(&message.to),
            from: message.from.as_deref(),
            body: Some(&message.body),
            status: Some(status),
        };
        let plan = self.faults.plan_webhook(&facts, &mut self.random);
        let is_final = message.is_finished();
        self.call_back_as_planned(id, webhook, &plan, is_final);
    }

    fn call_back_as_planned(
        &mut self,
        id: MessageId,
        mut webhook: Webhook,
        plan: &crate::faults::WebhookPlan,
        is_final: bool,
    ) {
        let sid = webhook.message_sid.clone();
        let waiting = self.held_back.remove(&id);
        webhook.answer_ignored = plan.answer_ignored;
        if plan.lost {
            self.note_fault("a status callback was lost", Some(&sid));
        } else if plan.reordered && !is_final && waiting.is_none() {
            // Held until the next one is out. After the last there is none, so the last is never held; and a
            // text that never gets a receipt has no next one either, so that it is not held forever.
            self.note_fault("a status callback was held back behind the next one", Some(&sid));
            self.held_back.insert(id, Box::new(webhook));
            return self.enter_in(HELD_BACK_MS_MAX, Due::SendHeldBack(id));
        } else {
            if plan.copies > 0 {
                self.note_fault("a status callback was repeated", Some(&sid));
            }
            for _ in 0..plan.copies {
                self.send_or_delay(webhook.clone(), plan.delay_ms);
            }
            self.send_or_delay(webhook, plan.delay_ms);
        }
        if let Some(waiting) = waiting {
            self.post(*waiting);
        }
    }

    pub(crate) fn send_or_delay(&mut self, webhook: Webhook, delay_ms: u64) {
        if delay_ms == 0 {
            return self.post(webhook);
        }
        self.note_fault("a webhook was delayed", Some(&webhook.message_sid));
        self.enter_in(delay_ms, Due::Send(Box::new(webhook)));
    }

    /// The message's own URL comes first, which an application's replaced at creation; then the service's.
    fn callback_url(&self, message: &Message) -> Option<String> {
        let by_service = || {
            let service = self.services.get(message.service.as_ref()?)?;
            service.settings.status_callback.clone()
        };
        message.status_callback.clone().or_else(by_service).filter(|url| !url.is_empty())
    }

    fn callback_parameters(&self, message: &Message) -> twilio::form::Pairs {
        let status = message.status.clone();
        let mut callback =
            MessageStatusCallback::new(message.sid.clone(), message.account.clone(), status.clone());
        callback.from = message.from.clone().filter(|_| !message.from_is_hidden || message.sent.is_some());
        callback.to = Some(match message.retention.obfuscates_address {
            true => address::masked(&message.to),
            false => message.to.clone(),
        });
        callback.messaging_service_sid = message.service.clone();
        callback.api_version = Some("2010-04-01".to_owned());
        if matches!(status, MessageStatus::Failed | MessageStatus::Undelivered) {
            callback.error_code = message.error_code;
        }
        let arrived = matches!(status, MessageStatus::Delivered | MessageStatus::Undelivered);
        if message.is_whatsapp() {
            callback.channel_prefix = Some("whatsapp".to_owned());
            callback.channel_to_address = Some(address::masked(address::bare(&message.to)));
            callback.structured_message = Some(false);
            callback.channel_status_message =
                message.error_code.and_then(twilio::error::lookup).map(|info| info.meaning.to_owned());
            if arrived || status == MessageStatus::Read {
                callback.event_type = Some(status.as_str().to_ascii_uppercase());
            }
        } else if arrived && message.media.is_empty() {
            callback.raw_dlr_done_date = Some(self.now.strftime("%y%m%d%H%M").to_string());
        }
        callback.to_pairs()
    }
}
