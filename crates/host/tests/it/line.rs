//! The made-up provider's calls: placed with the same faults as texts, listed, and told of.

use crate::world::{Delivery, DeliveryKind, Fate, State, World, provider_lag, time};
use engine::call::{Call, Receipt, Report, Script, Status};
use host::{Listing, Lookup, ProvidedCall, Refusal, SendEnd};
use jiff::{SignedDuration, Timestamp};

/// A call as the provider has it.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    pub(crate) sid: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// What it was asked to say.
    pub(crate) said: String,
    pub(crate) created_ms: i64,
    /// Lists show it from then on.
    pub(crate) listed_ms: i64,
    pub(crate) status: Status,
}

pub(crate) fn report(sid: &str, status: Status) -> Report {
    Report {
        sid: sid.to_owned(),
        status: Some(status),
        error_code: None,
        error_message: None,
        answered_by: None,
        receipt: Receipt::default(),
    }
}

pub(crate) fn said(call: &Call) -> String {
    match call.plan.as_ref().map(|plan| &plan.script) {
        Some(Script::Announcement(said)) => said.text.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

impl State {
    fn ring_of(&mut self, call: &Call, now_ms: i64, words: &str) -> Ring {
        Ring {
            sid: self.next_sid("CA"),
            from: call.from.clone().unwrap_or_default(),
            to: call.to.clone(),
            said: said(call),
            created_ms: now_ms,
            listed_ms: now_ms + provider_lag(self, words),
            status: Status::Queued,
        }
    }

    /// The phone rings: its statuses go their way.
    pub(crate) fn ring(&mut self, ring: Ring, call: &str, words: &str) {
        let end = match self.draw(&format!("end{words}"), 4) {
            0 => Status::NoAnswer,
            1 => Status::Busy,
            _ => Status::Completed,
        };
        let (sid, now_ms) = (ring.sid.clone(), ring.created_ms);
        self.rings.push(Ring { status: end, ..ring });
        for (n, status) in (0..).zip([Status::Initiated, Status::Ringing, Status::InProgress, end]) {
            let times = match self.draw(&format!("times{words}{n}"), 10) {
                0..2 => 0,
                2..4 => 2,
                _ => 1,
            };
            for time in 0..times {
                let late = self.draw(&format!("late{words}{n}{time}"), 4_000);
                let at_ms = now_ms + 300 * n + i64::try_from(late).expect("small");
                // Nobody answered: there is no such status.
                if status == Status::InProgress && end != Status::Completed {
                    continue;
                }
                let kind = DeliveryKind::CallStatus { call: call.to_owned(), sid: sid.clone(), status };
                self.deliveries.push(Delivery { at_ms, kind });
            }
        }
    }
}

impl World {
    pub(crate) async fn place_call(&self, call: &Call) -> SendEnd<Report> {
        let now_ms = self.clock.now_ms();
        let fate = {
            let mut state = self.state();
            let (fate, words) = state.fate(&format!("{}|call {}", call.to, said(call)));
            let ring = state.ring_of(call, now_ms, &words);
            let id = call.id.as_str();
            match fate {
                Fate::Good | Fate::AnswerLost | Fate::CrashAfter => {
                    let sid = ring.sid.clone();
                    state.ring(ring, id, &words);
                    if fate == Fate::Good {
                        return SendEnd::Accepted(report(&sid, Status::Queued));
                    }
                }
                Fate::CreatedLate => {
                    let late_ms =
                        500 + i64::try_from(state.draw(&format!("wait{words}"), 3_000)).expect("small");
                    let (created_ms, listed_ms) = (now_ms + late_ms, ring.listed_ms + late_ms);
                    let ring = Ring { created_ms, listed_ms, ..ring };
                    let kind = DeliveryKind::LateRing(Box::new(ring), id.to_owned());
                    state.deliveries.push(Delivery { at_ms: created_ms, kind });
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

    pub(crate) fn ring_by_sid(&self, sid: &str) -> Lookup<ProvidedCall> {
        let state = self.state();
        let found = state.rings.iter().find(|ring| ring.sid == sid);
        found.map_or(Lookup::Gone, |ring| Lookup::Found(Box::new(provided(ring))))
    }

    pub(crate) fn rings_of(&self, lane: &Call, since: Timestamp) -> Listing<ProvidedCall> {
        let now_ms = self.clock.now_ms();
        let state = self.state();
        let fits = |ring: &&Ring| {
            Some(&ring.from) == lane.from.as_ref()
                && ring.to == lane.to
                && ring.listed_ms <= now_ms
                && time(ring.created_ms) >= since
        };
        let items = state.rings.iter().rev().filter(fits).map(provided).collect();
        Listing { items, clock_offset: SignedDuration::ZERO }
    }
}

fn provided(ring: &Ring) -> ProvidedCall {
    ProvidedCall {
        report: report(&ring.sid, ring.status),
        inbound: false,
        from: ring.from.clone(),
        to: ring.to.clone(),
        created_at: time(ring.created_ms),
    }
}
