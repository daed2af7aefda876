//! What the end of a request makes of a message: the rules, without the doing.

use crate::carrier::{Refusal, SendEnd};
use crate::settings::Settings;
use engine::event::Failure;
use engine::message::{Message, MessageEventKind, ReportedVia, SidSource, State};
use engine::outcome::{self, Outcome};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What follows from an end, beside the message's next value.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    pub events: Vec<MessageEventKind>,
    /// It will not be sent, or did not arrive.
    pub failure: Option<Failure>,
    /// It goes back to the queue, or is looked up, then.
    pub again_at: Option<Timestamp>,
    /// The provider asked its sender to wait.
    pub slowed_until: Option<Timestamp>,
}

impl Ending {
    /// Takes an end in.
    pub(crate) fn of(message: &mut Message, end: &SendEnd, settings: &Settings, now: Timestamp) -> Ending {
        match end {
            SendEnd::Accepted(report) => {
                let mut events = Vec::with_capacity(2);
                if message.sid.is_none() {
                    events.push(MessageEventKind::Accepted {
                        sid: report.sid.clone(),
                        source: SidSource::Answer,
                    });
                }
                if let Some(status) = report.status {
                    let error_code = report.error_code;
                    events.push(MessageEventKind::StatusReported {
                        status,
                        error_code,
                        via: ReportedVia::Answer,
                    });
                }
                message.absorb(report, SidSource::Answer, now);
                Ending { events, failure: Failure::of(message), ..Ending::default() }
            }
            SendEnd::Refused(refusal) => Ending::refused(message, refusal, now),
            SendEnd::NotConnected { reason } => {
                let again_at = now + backoff(message.attempts, CONNECT_AGAIN_AFTER);
                let reason = reason.clone();
                message.state = State::Queued;
                let event = MessageEventKind::Refused { code: None, reason, again_at: Some(again_at) };
                Ending { events: vec![event], again_at: Some(again_at), ..Ending::default() }
            }
            SendEnd::Unknown { reason } => {
                message.state = State::Unknown;
                let event = MessageEventKind::Unknown { reason: reason.clone() };
                Ending {
                    events: vec![event],
                    again_at: Some(now + first_look(settings)),
                    ..Ending::default()
                }
            }
        }
    }

    fn refused(message: &mut Message, refusal: &Refusal, now: Timestamp) -> Ending {
        match consequence(refusal, message.attempts) {
            Consequence::Again { after } => {
                let again_at = now + after;
                message.state = State::Queued;
                let overload =
                    refusal.http_status == 429 || refusal.code.is_some_and(outcome::is_sender_overload);
                Ending {
                    events: vec![refused(refusal, Some(again_at))],
                    again_at: Some(again_at),
                    slowed_until: overload.then_some(again_at),
                    ..Ending::default()
                }
            }
            Consequence::Final(failure) => {
                message.state = State::Failed;
                message.error_code = refusal.code;
                message.error_message = Some(refusal.message.clone());
                let failed = MessageEventKind::Failed {
                    outcome: failure.outcome,
                    code: failure.code,
                    reason: failure.reason.clone(),
                };
                Ending {
                    events: vec![refused(refusal, None), failed],
                    failure: Some(failure),
                    ..Ending::default()
                }
            }
        }
    }
}

/// Pause before the first new try after a connection that was never made.
const CONNECT_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Pause before the first new try after the provider asked for patience without saying how much.
const REFUSED_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Longest pause between two tries.
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(60);

/// A provider that asks for more patience than this is asked again all the same.
const HINT_MAX: Duration = Duration::from_secs(3_600);

/// What a refusal leads to.
enum Consequence {
    Again { after: SignedDuration },
    Final(Failure),
}

fn consequence(refusal: &Refusal, attempts: u32) -> Consequence {
    let repeatable = match refusal.code {
        Some(code) => outcome::of_code(code).request_may_be_repeated(),
        None => refusal.http_status == 429,
    };
    if repeatable || refusal.http_status == 429 {
        let own = backoff(attempts, REFUSED_AGAIN_AFTER);
        let hinted = refusal.retry_after.map(|hint| hint.min(HINT_MAX));
        let hinted = hinted.and_then(|hint| SignedDuration::try_from(hint).ok());
        return Consequence::Again { after: hinted.map_or(own, |hint| hint.max(own)) };
    }
    let outcome = refusal.code.map_or(Outcome::Failed, |code| outcome::of_code(code).outcome);
    Consequence::Final(Failure { outcome, code: refusal.code, reason: refusal.message.clone() })
}

/// Doubles with each attempt, with jitter so that many do not come back at once.
fn backoff(attempts: u32, first: Duration) -> SignedDuration {
    let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(AGAIN_AFTER_MAX);
    let jittered = doubled.mul_f64(rand::random_range(0.8..1.2));
    SignedDuration::try_from(jittered).unwrap_or(SignedDuration::from_secs(60))
}

fn refused(refusal: &Refusal, again_at: Option<Timestamp>) -> MessageEventKind {
    MessageEventKind::Refused { code: refusal.code, reason: refusal.message.clone(), again_at }
}

fn first_look(settings: &Settings) -> SignedDuration {
    SignedDuration::try_from(settings.settle_every.min(Duration::from_secs(1)))
        .unwrap_or(SignedDuration::from_secs(1))
}
