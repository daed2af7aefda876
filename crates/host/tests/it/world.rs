//! A provider that loses, doubles, delays and reorders, by a seed.
//!
//! What happens to a request depends on the seed, the text and how often it was asked for, and not
//! on the order in which requests arrive, so that a seed replays.

use crate::clock::ManualClock;
use crate::line::Ring;
use async_trait::async_trait;
use engine::call::{self, Call};
use engine::message::{Channel, Content, Message, Receipt, Report, Status};
use host::{Account, Carrier, InboundText, Listing, Lookup, Provided, ProvidedCall, Refusal, SendEnd};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;

pub(crate) const NUMBER: &str = "+15551234567";
pub(crate) const SERVICE: &str = "MG00000000000000000000000000000001";

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) state: Arc<Mutex<State>>,
    /// The provider has reached a place where the process is to die.
    pub(crate) crash: Arc<Notify>,
}

pub(crate) struct State {
    pub(crate) seed: u64,
    pub(crate) texts: Vec<Text>,
    pub(crate) rings: Vec<Ring>,
    pub(crate) deliveries: Vec<Delivery>,
    asked: HashMap<String, u64>,
    created: u32,
    pub(crate) crashes_left: u32,
}

/// A text as the provider has it.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) sid: String,
    pub(crate) inbound: bool,
    pub(crate) from: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) to: String,
    pub(crate) body: String,
    /// As it was asked for.
    pub(crate) asked_body: String,
    pub(crate) created_ms: i64,
    /// Lists show it from then on.
    pub(crate) listed_ms: i64,
    pub(crate) status: Status,
}

/// Something that the provider will tell us, once or several times.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) at_ms: i64,
    pub(crate) kind: DeliveryKind,
}

#[derive(Clone, Debug)]
pub(crate) enum DeliveryKind {
    Status {
        message: String,
        sid: String,
        status: Status,
    },
    CallStatus {
        call: String,
        sid: String,
        status: call::Status,
    },
    Text(Box<InboundText>),
    /// A phone rings although the connection dropped.
    LateRing(Box<Ring>, String),
    /// A text is created although its connection dropped.
    LateCreation(Box<Text>, String),
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Good,
    AnswerLost,
    NotCreated,
    CreatedLate,
    TooMany,
    NoConnection,
    CrashBefore,
    CrashAfter,
}

impl World {
    pub(crate) fn new(seed: u64, crashes: u32) -> Self {
        let state = State {
            seed,
            texts: Vec::new(),
            rings: Vec::new(),
            deliveries: Vec::new(),
            asked: HashMap::new(),
            created: 0,
            crashes_left: crashes,
        };
        World {
            clock: ManualClock::new(),
            state: Arc::new(Mutex::new(state)),
            crash: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test thread panics while holding it")
    }
}

impl State {
    /// A number below `below` that depends on the seed and these words alone.
    pub(crate) fn draw(&self, words: &str, below: u64) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in words.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash ^= hash >> 32;
        hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
        (hash ^ (hash >> 32)) % below
    }

    /// How this request ends, by what it asks for, and words that name it.
    pub(crate) fn fate(&mut self, key: &str) -> (Fate, String) {
        let count = self.asked.entry(key.to_owned()).or_default();
        *count += 1;
        let words = format!("{key}|{count}");
        let fate = match self.draw(&format!("fate{words}"), 100) {
            0..50 => Fate::Good,
            50..60 => Fate::AnswerLost,
            60..68 => Fate::NotCreated,
            68..76 => Fate::CreatedLate,
            76..82 => Fate::TooMany,
            82..88 => Fate::NoConnection,
            88..94 => Fate::CrashBefore,
            _ => Fate::CrashAfter,
        };
        let crashing = matches!(fate, Fate::CrashBefore | Fate::CrashAfter);
        (if crashing && self.crashes_left == 0 { Fate::Good } else { fate }, words)
    }

    pub(crate) fn next_sid(&mut self, prefix: &str) -> String {
        self.created += 1;
        format!("{prefix}{:032x}", self.created)
    }

    fn text_of(&mut self, message: &Message, now_ms: i64, words: &str) -> Text {
        let asked_body = message.content.body.clone().unwrap_or_default();
        // A service encodes smartly.
        let body =
            if message.service.is_some() { asked_body.replace('\u{2019}', "'") } else { asked_body.clone() };
        Text {
            sid: self.next_sid("SM"),
            inbound: false,
            from: message.from.clone().or_else(|| Some(NUMBER.to_owned())),
            service: message.service.clone(),
            to: message.to.clone(),
            body,
            asked_body,
            created_ms: now_ms,
            listed_ms: now_ms + provider_lag(self, words),
            status: Status::Queued,
        }
    }

    /// The text exists: its statuses go their way, and its person may answer at once.
    pub(crate) fn create(&mut self, text: Text, message: &str, words: &str) {
        let steps = [Status::Sending, Status::Sent, Status::Delivered];
        let (sid, person, asked) = (text.sid.clone(), text.to.clone(), text.asked_body.clone());
        let now_ms = text.created_ms;
        self.texts.push(text);
        for (n, status) in steps.into_iter().enumerate() {
            let n = i64::try_from(n).expect("small");
            let times = match self.draw(&format!("times{words}{n}"), 10) {
                0..2 => 0,
                2..4 => 2,
                _ => 1,
            };
            for time in 0..times {
                // Late ones overtake each other.
                let late = self.draw(&format!("late{words}{n}{time}"), 4_000);
                let at_ms = now_ms + 200 * n + i64::try_from(late).expect("small");
                let kind = DeliveryKind::Status { message: message.to_owned(), sid: sid.clone(), status };
                self.deliveries.push(Delivery { at_ms, kind });
            }
            if let Some(text) = self.texts.iter_mut().find(|text| text.sid == sid) {
                text.status = status;
            }
        }
        if asked.starts_with("question") {
            self.answer(&person, now_ms, words);
        }
    }

    fn answer(&mut self, person: &str, now_ms: i64, words: &str) {
        let body = if self.draw(&format!("yes{words}"), 2) == 0 { "YES" } else { "RESCHEDULE" };
        let delay = i64::try_from(self.draw(&format!("think{words}"), 3) * 30_000).expect("small");
        let text = Text {
            sid: self.next_sid("SM"),
            inbound: true,
            from: Some(person.to_owned()),
            service: None,
            to: NUMBER.to_owned(),
            body: body.to_owned(),
            asked_body: body.to_owned(),
            created_ms: now_ms + delay,
            listed_ms: now_ms + delay + 500,
            status: Status::Received,
        };
        let times = match self.draw(&format!("webhook{words}"), 10) {
            0..3 => 0,
            3..5 => 2,
            _ => 1,
        };
        for _ in 0..times {
            let kind = DeliveryKind::Text(Box::new(inbound(&text)));
            self.deliveries.push(Delivery { at_ms: now_ms + delay, kind });
        }
        self.texts.push(text);
    }
}

fn inbound(text: &Text) -> InboundText {
    InboundText {
        credential: "main".into(),
        sid: text.sid.clone(),
        channel: Channel::Sms,
        from: text.from.clone().unwrap_or_default(),
        to: text.to.clone(),
        service: None,
        content: Content { body: Some(text.body.clone()), ..Content::default() },
        profile_name: None,
        keyword: None,
        receipt: Receipt::default(),
        said_at: None,
        said_in: &[],
    }
}

/// How much later lists show something.
pub(crate) fn provider_lag(state: &State, words: &str) -> i64 {
    i64::try_from(state.draw(&format!("lag{words}"), 2_000)).expect("small")
}

pub(crate) fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).expect("within range")
}

pub(crate) fn report(sid: &str, status: Status) -> Report {
    Report {
        sid: sid.to_owned(),
        status: Some(status),
        error_code: None,
        error_message: None,
        from: None,
        service: None,
        receipt: Receipt::default(),
    }
}

fn provided(text: &Text) -> Provided {
    let mut report = report(&text.sid, text.status);
    report.from.clone_from(&text.from);
    report.service.clone_from(&text.service);
    Provided {
        report,
        inbound: text.inbound,
        channel: Channel::Sms,
        to: text.to.clone(),
        body: text.body.clone(),
        media: Vec::new(),
        created_at: time(text.created_ms),
    }
}

#[async_trait]
impl Carrier for World {
    async fn send(&self, message: &Message, _limit: Duration) -> SendEnd {
        let now_ms = self.clock.now_ms();
        let fate = {
            let mut state = self.state();
            let body = message.content.body.as_deref().unwrap_or_default();
            let (fate, words) = state.fate(&format!("{}|{body}", message.to));
            let text = state.text_of(message, now_ms, &words);
            let id = message.id.as_str();
            match fate {
                Fate::Good | Fate::AnswerLost | Fate::CrashAfter => {
                    let sid = text.sid.clone();
                    state.create(text, id, &words);
                    if fate == Fate::Good {
                        return SendEnd::Accepted(report(&sid, Status::Queued));
                    }
                }
                Fate::CreatedLate => {
                    let late_ms =
                        500 + i64::try_from(state.draw(&format!("wait{words}"), 3_000)).expect("small");
                    let text =
                        Text { created_ms: now_ms + late_ms, listed_ms: text.listed_ms + late_ms, ..text };
                    let kind = DeliveryKind::LateCreation(Box::new(text), id.to_owned());
                    state.deliveries.push(Delivery { at_ms: now_ms + late_ms, kind });
                }
                Fate::NotCreated | Fate::TooMany | Fate::NoConnection | Fate::CrashBefore => {}
            }
            if matches!(fate, Fate::CrashBefore | Fate::CrashAfter) {
                state.crashes_left -= 1;
            }
            fate
        };
        match fate {
            Fate::TooMany => SendEnd::Refused(Refusal {
                http_status: 429,
                code: Some(20_429),
                message: "Too Many Requests".into(),
                retry_after: None,
            }),
            Fate::NoConnection => SendEnd::NotConnected { reason: "connection refused".into() },
            Fate::CrashBefore | Fate::CrashAfter => {
                self.crash.notify_one();
                std::future::pending().await
            }
            _ => SendEnd::Unknown { reason: "connection reset".into() },
        }
    }

    async fn fetch(&self, _credential: &str, sid: &str) -> Result<Lookup, String> {
        let state = self.state();
        let found = state.texts.iter().find(|text| text.sid == sid);
        Ok(found.map_or(Lookup::Gone, |text| Lookup::Found(Box::new(provided(text)))))
    }

    async fn list_outbound(&self, lane: &Message, since: Timestamp) -> Result<Listing, String> {
        let now_ms = self.clock.now_ms();
        let state = self.state();
        let fits = |text: &&Text| {
            let sender = match &lane.service {
                Some(service) => text.service.as_ref() == Some(service),
                None => text.service.is_none() && text.from == lane.from,
            };
            !text.inbound
                && sender
                && text.to == lane.to
                && text.listed_ms <= now_ms
                && time(text.created_ms) >= since
        };
        let items = state.texts.iter().rev().filter(fits).map(provided).collect();
        Ok(Listing { items, clock_offset: SignedDuration::ZERO })
    }

    async fn list_inbound(
        &self,
        _credential: &str,
        _channel: Channel,
        number: &str,
        since: Timestamp,
    ) -> Result<Listing, String> {
        let now_ms = self.clock.now_ms();
        let state = self.state();
        let fits = |text: &&Text| {
            text.inbound && text.to == number && text.listed_ms <= now_ms && time(text.created_ms) >= since
        };
        let items = state.texts.iter().rev().filter(fits).map(provided).collect();
        Ok(Listing { items, clock_offset: SignedDuration::ZERO })
    }

    async fn place(&self, call: &Call, _limit: Duration) -> SendEnd<call::Report> {
        self.place_call(call).await
    }

    async fn fetch_call(&self, _credential: &str, sid: &str) -> Result<Lookup<ProvidedCall>, String> {
        Ok(self.ring_by_sid(sid))
    }

    async fn list_calls(&self, lane: &Call, since: Timestamp) -> Result<Listing<ProvidedCall>, String> {
        Ok(self.rings_of(lane, since))
    }

    async fn list_inbound_calls(
        &self,
        _credential: &str,
        _number: &str,
        _since: Timestamp,
    ) -> Result<Listing<ProvidedCall>, String> {
        Ok(Listing::default())
    }

    async fn steer_recording(&self, _: &str, _: &str, _: host::Steering, _: Duration) -> Result<(), String> {
        Ok(())
    }

    async fn list_notices(&self, _: &str, _: Timestamp) -> Result<Vec<host::ProvidedNotice>, String> {
        Ok(Vec::new())
    }

    async fn break_in(&self, _: &str, _: &str, _: &str, _: Duration) -> Result<(), String> {
        Ok(())
    }

    async fn account(&self, _credential: &str) -> Option<Account> {
        Some(Account { test: false })
    }
}
