//! What the end of a request makes of a text or a call: the rules, without the doing.

use crate::carrier::{Refusal, SendEnd};
use crate::settings::Settings;
use engine::event::Failure;
use engine::outcome::{self, Outcome};
use engine::sending::{EventKind, Outbound, ReportedVia, SidSource, State, Told};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What follows from an end, beside the next value of what was handed over.
#[derive(Debug)]
pub(crate) struct Ending<S> {
    pub events: Vec<EventKind<S>>,
    /// It will not be sent, or did not arrive.
    pub failure: Option<Failure>,
    /// It goes back to the queue, or is looked up, then.
    pub again_at: Option<Timestamp>,
    /// The provider asked its sender to wait.
    pub slowed_until: Option<Timestamp>,
}

impl<S> Default for Ending<S> {
    fn default() -> Self {
        Ending { events: Vec::new(), failure: None, again_at: None, slowed_until: None }
    }
}

impl<S> Ending<S> {
    /// Takes an end in.
    pub(crate) fn of<T: Outbound<Status = S>>(
        item: &mut T,
        end: &SendEnd<T::Report>,
        settings: &Settings,
        now: Timestamp,
    ) -> Ending<S> {
        match end {
            SendEnd::Accepted(report) => {
                let mut events = Vec::with_capacity(2);
                if item.progress().sid.is_none() {
                    let (sid, source) = (report.sid().to_owned(), SidSource::Answer);
                    events.push(EventKind::Accepted { sid, source });
                }
                if let Some(status) = report.status() {
                    let (error_code, via) = (report.error_code(), ReportedVia::Answer);
                    events.push(EventKind::StatusReported { status, error_code, via });
                }
                item.absorb(report, SidSource::Answer, now);
                Ending { events, failure: item.failure(), ..Ending::default() }
            }
            SendEnd::Refused(refusal) => Ending::refused(item, refusal, now),
            SendEnd::NotConnected { reason } => {
                let again_at = now + backoff(item.progress().attempts, CONNECT_AGAIN_AFTER);
                let reason = reason.clone();
                item.progress_mut().state = State::Queued;
                let event = EventKind::NotConnected { reason, again_at };
                Ending { events: vec![event], again_at: Some(again_at), ..Ending::default() }
            }
            SendEnd::Unknown { reason } => {
                item.progress_mut().state = State::Unknown;
                let event = EventKind::Unknown { reason: reason.clone() };
                let again_at = Some(now + first_look(settings));
                Ending { events: vec![event], again_at, ..Ending::default() }
            }
        }
    }

    fn refused<T: Outbound<Status = S>>(item: &mut T, refusal: &Refusal, now: Timestamp) -> Ending<S> {
        let progress = item.progress_mut();
        match consequence(refusal, progress.attempts) {
            Consequence::Again { after } => {
                let again_at = now + after;
                progress.state = State::Queued;
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
                progress.state = State::Failed;
                progress.error_code = refusal.code;
                progress.error_message = Some(refusal.message.clone());
                let failed = EventKind::Failed {
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

fn refused<S>(refusal: &Refusal, again_at: Option<Timestamp>) -> EventKind<S> {
    EventKind::Refused { code: refusal.code, reason: refusal.message.clone(), again_at }
}

fn first_look(settings: &Settings) -> SignedDuration {
    SignedDuration::try_from(settings.settle_every.min(Duration::from_secs(1)))
        .unwrap_or(SignedDuration::from_secs(1))
}
