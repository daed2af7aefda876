//! The pretend world: everything that exists in it, behind one lock.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use twilio::sid::Sid;

use crate::accounts::Accounts;
use crate::agenda::{Agenda, Ticket};
use crate::applications::Applications;
use crate::call::{CallId, Errand};
use crate::call_queues::CallQueues;
use crate::calls::Calls;
use crate::conferences::Conferences;
use crate::contents::Contents;
use crate::due::Due;
use crate::emulation::Strictness;
use crate::faults::Faults;
use crate::fixture::{CarrierOutcome, CarrierRule, MediaFetch, Timings};
use crate::journal::{Event, Journal, Subject};
use crate::lookups::Lookups;
use crate::message::MessageId;
use crate::messages::Messages;
use crate::notices::{Notices, Requested};
use crate::numbers::Numbers;
use crate::openai::Endpoint;
use crate::optout::OptOuts;
use crate::phones::Phones;
use crate::queue::Queues;
use crate::random::Random;
use crate::recordings::Recordings;
use crate::replies::ReplyRates;
use crate::services::Services;
use crate::text_cookies::TextCookies;
use crate::webhook::{Outbox, Webhook};

pub(crate) struct World {
    /// The instant at which the lock was taken; everything that is done under one lock happens at once.
    pub(crate) now: Timestamp,
    pub(crate) random: Random,
    pub(crate) rules: Rules,
    pub(crate) accounts: Accounts,
    pub(crate) numbers: Numbers,
    pub(crate) services: Services,
    pub(crate) contents: Contents,
    pub(crate) applications: Applications,
    pub(crate) lookups: Lookups,
    pub(crate) messages: Messages,
    pub(crate) calls: Calls,
    pub(crate) recordings: Recordings,
    pub(crate) conferences: Conferences,
    pub(crate) call_queues: CallQueues,
    /// When the next call of an account that makes only so many a second has its turn; by the account's SID.
    pub(crate) call_turns: Queues,
    /// How long files play that were looked at.
    pub(crate) file_lengths: HashMap<String, u64>,
    pub(crate) phones: Phones,
    pub(crate) opt_outs: OptOuts,
    /// When a WhatsApp user last wrote to a sender: (sender, user).
    pub(crate) windows: HashMap<(String, String), Timestamp>,
    pub(crate) queues: Queues,
    pub(crate) reply_rates: ReplyRates,
    pub(crate) text_cookies: TextCookies,
    pub(crate) faults: Faults,
    /// Texts that wait for a carrier outage to end, in order.
    pub(crate) parked: Vec<MessageId>,
    /// Status callbacks that go out after the next one of their message.
    pub(crate) held_back: HashMap<MessageId, Box<Webhook>>,
    /// Callbacks of calls that go out after the next one of their call.
    pub(crate) held_back_of_calls: HashMap<CallId, Box<Errand>>,
    /// How many REST requests of each account are in progress.
    pub(crate) requests_in_progress: HashMap<Sid, u32>,
    /// How many messages are scheduled.
    pub(crate) scheduled: usize,
    /// The OpenAI endpoint.
    pub(crate) openai: Endpoint,
    pub(crate) journal: Journal,
    pub(crate) notices: Notices,
    /// The webhook whose answer is being acted upon; notices are about it.
    pub(crate) acts_upon: Option<Arc<Requested>>,
    agenda: Arc<Agenda>,
    pub(crate) outbox: Outbox,
}

/// How the world behaves, as the fixture sets it.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) timings: Timings,
    pub(crate) carriers: Vec<CarrierRule>,
    /// Statuses that are called back.
    pub(crate) callback_statuses: Vec<String>,
    pub(crate) media_fetch: MediaFetch,
    /// Where this emulator is reached, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) strictness: Strictness,
}

impl World {
    /// A world in which nothing exists.
    pub(crate) fn empty(
        now: Timestamp,
        seed: u64,
        rules: Rules,
        faults: Faults,
        openai: Endpoint,
        agenda: Arc<Agenda>,
        outbox: Outbox,
    ) -> Self {
        Self {
            now,
            random: Random::new(seed),
            rules,
            accounts: Accounts::default(),
            numbers: Numbers::default(),
            services: Services::default(),
            contents: Contents::default(),
            applications: Applications::new(),
            lookups: Lookups::new(),
            messages: Messages::default(),
            calls: Calls::default(),
            recordings: Recordings::default(),
            conferences: Conferences::default(),
            call_queues: CallQueues::default(),
            call_turns: Queues::default(),
            file_lengths: HashMap::new(),
            phones: Phones::default(),
            opt_outs: OptOuts::default(),
            windows: HashMap::new(),
            queues: Queues::default(),
            reply_rates: ReplyRates::default(),
            text_cookies: TextCookies::default(),
            faults,
            parked: Vec::new(),
            held_back: HashMap::new(),
            held_back_of_calls: HashMap::new(),
            requests_in_progress: HashMap::new(),
            scheduled: 0,
            openai,
            journal: Journal::default(),
            notices: Notices::default(),
            acts_upon: None,
            agenda,
            outbox,
        }
    }

    pub(crate) fn enter(&self, at: Timestamp, due: Due) {
        self.agenda.enter(at, due);
    }

    pub(crate) fn enter_in(&self, ms: u64, due: Due) {
        self.agenda.enter(later(self.now, ms), due);
    }

    /// As [`World::enter_in`], for what may be taken back with [`World::take_back`].
    pub(crate) fn enter_for_now(&self, ms: u64, due: Due) -> Ticket {
        self.agenda.enter(later(self.now, ms), due)
    }

    pub(crate) fn take_back(&self, ticket: Ticket) {
        self.agenda.take_back(ticket);
    }

    /// Sends a webhook on its way.
    pub(crate) fn post(&mut self, webhook: Webhook) {
        let Some(account) = self.accounts.get(&webhook.account) else { return };
        let token = account.token.clone();
        let idempotency = self.random.token();
        self.outbox.post(webhook, token, idempotency, None);
    }

    /// Sends a webhook on its way and tells when everything that follows from it is done.
    pub(crate) fn post_and_tell(&mut self, webhook: Webhook) -> Option<tokio::sync::oneshot::Receiver<()>> {
        let token = self.accounts.get(&webhook.account)?.token.clone();
        let idempotency = self.random.token();
        let (done, told) = tokio::sync::oneshot::channel();
        self.outbox.post(webhook, token, idempotency, Some(done));
        Some(told)
    }

    pub(crate) fn run_errand(&self, errand: Errand, token: String, idempotency: String) {
        self.outbox.run_errand(errand, token, idempotency);
    }

    pub(crate) fn fetch_media(&self, message: MessageId, index: usize, url: String) {
        self.outbox.fetch_media(message, index, url);
    }

    pub(crate) fn write(&mut self, event: Event) {
        self.journal.write(self.now, event);
    }

    pub(crate) fn note_fault(&mut self, what: impl Into<String>, about: Option<&Sid>) {
        let Subject { message_sid, call_sid } = Subject::of(about);
        self.write(Event::Fault { what: what.into(), message_sid, call_sid });
    }

    /// Writes what Twilio would show in its debugger about a message or a call.
    pub(crate) fn debug(&mut self, code: u32, about: Option<&Sid>, detail: impl Into<String>) {
        let Subject { message_sid, call_sid } = Subject::of(about);
        let detail = detail.into();
        self.notice(code, about, &detail);
        self.write(Event::Debugger { code, message_sid, call_sid, detail });
    }

    /// What the carrier of a number does to texts.
    pub(crate) fn carrier_outcome(&self, number: &str) -> CarrierOutcome {
        self.rules
            .carriers
            .iter()
            .find(|rule| {
                number.len() == rule.from.len() && (rule.from.as_str()..=rule.to.as_str()).contains(&number)
            })
            .map_or(CarrierOutcome::Delivered, |rule| rule.outcome.clone())
    }

    /// Ends or begins a carrier outage. When it ends, what was parked goes on in its order.
    pub(crate) fn set_carrier_outage(&mut self, lasts: bool) {
        self.faults.set_carrier_outage(lasts);
        if !lasts {
            for id in std::mem::take(&mut self.parked) {
                self.enter(self.now, Due::Advance(id));
            }
        }
    }
}

pub(crate) fn later(now: Timestamp, ms: u64) -> Timestamp {
    let span = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}
