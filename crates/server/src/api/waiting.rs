//! Why a text or a call is queued still, and until when.

use engine::sending::{EventKind, Lattice};
use host::WaitsFor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a queued text or call waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WaitingView {
    /// `refused` (the provider did not take it, and is asked again), `notConnected` (no connection to the provider was
    /// made, and it is tried again), `sender` (the provider asked for patience with the sender), `turn` (it is not its
    /// turn under the sender's rate), `lane` (nobody knows yet whether an earlier one to the same person went out) or
    /// `later` (it was put off, and this server does not know why: another one did, or this one before it began anew).
    pub reason: String,
    /// For people.
    pub sentence: String,
    /// It waits at least until then; nothing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl WaitingView {
    /// `last` is the newest line of its history, `sender` what it is sent from.
    pub(super) fn of<S: Lattice>(
        last: Option<&EventKind<S>>,
        waits_for: Option<WaitsFor>,
        sender: &str,
        now: Timestamp,
    ) -> Option<WaitingView> {
        let view = |reason: &str, sentence: String, until| {
            Some(WaitingView { reason: reason.to_owned(), sentence, until })
        };
        match last {
            Some(EventKind::Refused { reason, again_at: Some(again_at), .. }) if *again_at > now => {
                let sentence = format!("the provider did not take it ({reason}), and is asked again");
                return view("refused", sentence, Some(*again_at));
            }
            Some(EventKind::NotConnected { reason, again_at }) if *again_at > now => {
                let sentence =
                    format!("no connection to the provider was made ({reason}), and it is tried again");
                return view("notConnected", sentence, Some(*again_at));
            }
            _ => {}
        }
        match waits_for? {
            WaitsFor::Sender { until } => {
                view("sender", format!("the provider asked for patience with {sender}"), Some(until))
            }
            WaitsFor::Turn { until } => {
                view("turn", format!("its turn comes under the rate of {sender}"), Some(until))
            }
            WaitsFor::Lane => {
                let sentence = "nobody knows yet whether an earlier one to the same person went out";
                view("lane", sentence.to_owned(), None)
            }
            WaitsFor::Later { until } => {
                view("later", "it was put off, and is looked at again then".to_owned(), Some(until))
            }
        }
    }
}
