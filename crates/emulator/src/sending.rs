//! A text on its way out: from the request to the phone, one status after the other.

use jiff::{SignedDuration, Timestamp};
use twilio::message::MessageStatus;

use crate::accounts::AccountStatus;
use crate::address;
use crate::draft::count_segments;
use crate::due::Due;
use crate::faults::{Facts, Operation};
use crate::fixture::CarrierOutcome;
use crate::medium::MediumContent;
use crate::message::{Message, MessageId, Origin};
use crate::phones::PhoneState;
use crate::pool;
use crate::scripts::{Moment, PhoneMedium, PhoneText, Script};
use crate::world::{World, later};

/// The price of a segment, and of a message with media, in millionths.
const SEGMENT_PRICE_MICROS: i64 = 8_300;
const MEDIA_PRICE_MICROS: i64 = 22_000;

/// How long a WhatsApp user may be written to freely after writing.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// What becomes of a text between carrier and phone.
enum Delivery {
    Arrives,
    /// It arrives and nobody reports it.
    Silent,
    Fails(u32),
}

impl World {
    /// Takes a message on to whatever comes next for it.
    pub(crate) fn advance(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        match message.status {
            MessageStatus::Scheduled => self.begin_scheduled(id),
            MessageStatus::Accepted => self.pick_sender(id),
            MessageStatus::Queued => self.begin_sending(id),
            MessageStatus::Sending => self.hand_over(id),
            MessageStatus::Sent => self.deliver(id),
            MessageStatus::Delivered => self.set_status(id, MessageStatus::Read, None),
            // Cancelled or failed meanwhile.
            _ => {}
        }
    }

    /// Fails a message whose validity has ended while it waits.
    pub(crate) fn expire(&mut self, id: MessageId) {
        let waits = self
            .messages
            .get(id)
            .is_some_and(|message| matches!(message.status, MessageStatus::Queued | MessageStatus::Accepted));
        if waits {
            self.parked.retain(|parked| *parked != id);
            self.fail(id, 30036);
        }
    }

    /// Puts a message whose sender is known into that sender's queue.
    pub(crate) fn queue(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        let Some(from) = message.from.as_deref() else { return };
        let end = validity_end(message, self.now);
        if self.queues.next_turn(from, self.now) > end {
            return self.enter(end, Due::Expire(id));
        }
        let turn = self.queues.take_turn(from, message.segments, self.now);
        self.enter(later(turn, self.rules.timings.sending_ms.into()), Due::Advance(id));
    }

    fn begin_scheduled(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        if message.from.is_none() {
            self.set_status(id, MessageStatus::Accepted, None);
            return self.enter_in(self.rules.timings.queued_ms.into(), Due::Advance(id));
        }
        self.set_status(id, MessageStatus::Queued, None);
        self.queue(id);
    }

    fn pick_sender(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        let picked = match message.service.as_ref().and_then(|service| self.services.get(service)) {
            Some(service) => pool::pick(self, service, &message.to, message.media.len()),
            None => Err(pool::Unfit::Empty),
        };
        let from = match picked {
            Ok(from) => from,
            Err(_) => return self.fail(id, 21703),
        };
        if self.queues.is_full(&from, self.now) {
            return self.fail(id, 30001);
        }
        let segments = if message.is_mms() { 1 } else { count_segments(&message.body, 0) };
        if let (Some(service), to) = (message.service.clone(), message.to.clone()) {
            self.services.remember_sender(&service, &to, &from);
        }
        self.messages.set_from(id, &from);
        if let Some(message) = self.messages.get_mut(id) {
            message.segments = segments;
        }
        self.set_status(id, MessageStatus::Queued, None);
        self.queue(id);
    }

    fn begin_sending(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        if self.faults.carrier_outage() {
            let end = validity_end(message, self.now);
            if end <= self.now {
                return self.expire(id);
            }
            if !self.parked.contains(&id) {
                self.parked.push(id);
            }
            return self.enter(end, Due::Expire(id));
        }
        if message.media_pending > 0 {
            return self.wait_for_media(id);
        }
        if let Some(code) = self.obstacle(message) {
            return self.fail(id, code);
        }
        self.set_status(id, MessageStatus::Sending, None);
        self.enter_in(self.rules.timings.sent_ms.into(), Due::Advance(id));
    }

    /// Whoever fetches the media lets the message go on.
    fn wait_for_media(&mut self, id: MessageId) {
        if let Some(message) = self.messages.get_mut(id) {
            message.waits_for_media = true;
        }
    }

    /// A medium of a message was fetched, or could not be.
    pub(crate) fn media_fetched(
        &mut self,
        id: MessageId,
        index: usize,
        fetched: Result<(String, bytes::Bytes), u32>,
    ) {
        let Some(message) = self.messages.get_mut(id) else { return };
        message.media_pending = message.media_pending.saturating_sub(1);
        match (fetched, message.media.get_mut(index)) {
            (Ok((content_type, bytes)), Some(medium)) => {
                medium.content_type = content_type;
                medium.content = MediumContent::Bytes(bytes);
            }
            (Ok(_), None) => {}
            (Err(code), _) => message.doom = Some(if message.is_whatsapp() { 63019 } else { code }),
        }
        if message.media_pending == 0 && message.waits_for_media {
            self.enter(self.now, Due::Advance(id));
        }
    }

    /// Why a message cannot be sent now, although it could be created.
    fn obstacle(&self, message: &Message) -> Option<u32> {
        if message.doom.is_some() {
            return message.doom;
        }
        let account = self.accounts.get(&message.account)?;
        if account.status != AccountStatus::Active || account.out_of_funds {
            return Some(30002);
        }
        let from = message.from.as_deref()?;
        let number = self.numbers.find(address::bare(from));
        let is_name = address::is_alphanumeric_sender(from) && !address::is_whatsapp(from);
        if !is_name && number.is_none_or(|number| number.account != message.account) {
            return Some(30024);
        }
        if message.is_whatsapp() { self.whatsapp_obstacle(message, from) } else { None }
    }

    fn whatsapp_obstacle(&self, message: &Message, from: &str) -> Option<u32> {
        if let Some(template) = &message.template
            && let Err(code) = template.verdict
        {
            let open = code == 63016 && self.window_is_open(from, &message.to);
            return (!open).then_some(code);
        }
        if message.template.is_some() || self.window_is_open(from, &message.to) {
            return None;
        }
        Some(63016)
    }

    /// Whether the user wrote to this WhatsApp sender within the last 24 hours.
    pub(crate) fn window_is_open(&self, sender: &str, user: &str) -> bool {
        self.windows
            .get(&(sender.to_owned(), user.to_owned()))
            .is_some_and(|last| self.now.duration_since(*last) < WINDOW)
    }

    fn hand_over(&mut self, id: MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        if let CarrierOutcome::Failed { code } = self.carrier_outcome(&message.to) {
            return self.fail(id, code);
        }
        let price = match message.is_mms() {
            false => -SEGMENT_PRICE_MICROS * i64::from(message.segments),
            true => -MEDIA_PRICE_MICROS,
        };
        let account = message.account.clone();
        if let Some(message) = self.messages.get_mut(id) {
            message.sent = Some(self.now);
            message.price_micros = Some(price);
        }
        if let Some(account) = self.accounts.get_mut(&account) {
            account.balance_micros += price;
        }
        self.set_status(id, MessageStatus::Sent, None);
        self.enter_in(self.rules.timings.delivered_ms.into(), Due::Advance(id));
    }

    fn deliver(&mut self, id: MessageId) {
        match self.delivery(id) {
            Delivery::Fails(code) => self.set_status(id, MessageStatus::Undelivered, Some(code)),
            Delivery::Silent => self.arrive(id),
            Delivery::Arrives => {
                self.set_status(id, MessageStatus::Delivered, None);
                self.arrive(id);
                let reads = self.messages.get(id).is_some_and(Message::is_whatsapp);
                if let Some(read_ms) = self.rules.timings.read_ms.filter(|_| reads) {
                    self.enter_in(read_ms.into(), Due::Advance(id));
                }
            }
        }
    }

    fn delivery(&mut self, id: MessageId) -> Delivery {
        let Some(message) = self.messages.get(id) else { return Delivery::Silent };
        let facts = Facts {
            operation: Operation::Delivery,
            account: message.account.as_str(),
            to: Some(&message.to),
            from: message.from.as_deref(),
            body: Some(&message.body),
            status: None,
        };
        if let Some(code) = self.faults.plan_delivery(&facts, &mut self.random) {
            return Delivery::Fails(code);
        }
        match self.carrier_outcome(&message.to) {
            CarrierOutcome::Undelivered { code } => return Delivery::Fails(code),
            CarrierOutcome::NoReceipt => return Delivery::Silent,
            _ => {}
        }
        // A toll-free network enforces what its subscribers said by itself.
        let from = message.from.as_deref().unwrap_or_default();
        if address::is_toll_free(from)
            && message.origin != Origin::Network
            && self.opt_outs.is_blocked(from, &message.to)
        {
            return Delivery::Fails(30004);
        }
        match self.phones.get(address::bare(&message.to)).map(|phone| phone.state) {
            Some(PhoneState::NoReceipts) => Delivery::Silent,
            Some(state) => state.error_code().map_or(Delivery::Arrives, Delivery::Fails),
            None => Delivery::Arrives,
        }
    }

    /// The text is there: a phone may answer it, and another account's number receives it.
    fn arrive(&mut self, id: MessageId) {
        let now = self.now;
        let Some(message) = self.messages.get_mut(id) else { return };
        message.arrived = Some(now);
        let (Some(from), to) = (message.from.clone(), message.to.clone()) else { return };
        if self.numbers.find(address::bare(&to)).is_some() {
            let text = self.as_phone_text(id);
            let due = Due::PhoneSends { phone: from, to, text: Box::new(text) };
            return self.enter(self.now, due);
        }
        let answer = self.phones.get_mut(address::bare(&to)).and_then(|phone| {
            let message = self.messages.get(id)?;
            Script::take(&mut phone.scripts, Moment::OnArrival, &from, &message.body)
                .map(|rule| (rule.after_ms, rule.answer.clone()))
        });
        if let Some((after_ms, text)) = answer {
            self.enter_in(after_ms, Due::PhoneSends { phone: to, to: from, text: Box::new(text) });
        }
    }
}

impl World {
    /// A message as a phone would send it on.
    fn as_phone_text(&self, id: MessageId) -> PhoneText {
        let Some(message) = self.messages.get(id) else { return PhoneText::default() };
        let media = message.media.iter().map(|medium| PhoneMedium {
            content_type: medium.content_type.clone(),
            base64: None,
            url: Some(match &medium.content {
                MediumContent::Url(url) => url.clone(),
                MediumContent::Bytes(_) => self.media_url(&message.account, &message.sid, &medium.sid),
            }),
        });
        PhoneText { body: message.body.clone(), media: media.collect(), ..PhoneText::default() }
    }
}

/// When a message that still waits is given up.
fn validity_end(message: &Message, now: Timestamp) -> Timestamp {
    // A scheduled message has the whole of its validity from the moment it is due.
    let begin = message.send_at.unwrap_or(message.created);
    begin.checked_add(SignedDuration::from_secs(message.validity_s.into())).unwrap_or(now)
}
