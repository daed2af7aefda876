//! What something queued waits for, for people who look at it: the rules of dispatch, asked without doing anything.

use super::{Decision, decide};
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::work::Host;
use engine::call::Call;
use engine::message::Message;
use engine::sending::State;
use jiff::Timestamp;

/// Why a queued text or call is not handed over yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The provider asked for patience with its sender.
    Sender { until: Timestamp },
    /// Its turn comes under the rate of its sender.
    Turn { until: Timestamp },
    /// Nobody knows yet whether an earlier one to the same person went out.
    Lane,
    /// It was put off until then, as by another node or before a new start, and why is not stored.
    Later { until: Timestamp },
}

impl Host {
    /// Nothing where it waits for nothing but a free hand, or is not queued.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn text_waits_for(&self, text: &Message) -> Result<Option<WaitsFor>, HostError> {
        self.waits_for(text).await
    }

    /// As [`Host::text_waits_for`].
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn call_waits_for(&self, call: &Call) -> Result<Option<WaitsFor>, HostError> {
        self.waits_for(call).await
    }

    async fn waits_for<T: Sendable>(&self, item: &T) -> Result<Option<WaitsFor>, HostError> {
        let mut wanted = item.clone();
        if item.progress().state != State::Queued || wanted.resolve(&self.directory()).is_err() {
            return Ok(None);
        }
        if let Some(until) = self.slowed_until(wanted.credential(), &wanted.pacer()) {
            return Ok(Some(WaitsFor::Sender { until }));
        }
        let facts = self.store().dispatch_facts(&wanted).await?;
        let rate = wanted.rate(&self.directory());
        Ok(match decide(&wanted, &facts, rate, self.settings().give_up_after, self.now()) {
            Decision::Reserve { at: until, .. } | Decision::NotBefore(until) => {
                Some(WaitsFor::Turn { until })
            }
            Decision::LaneUnknown => Some(WaitsFor::Lane),
            Decision::Send { .. } | Decision::Refuse(_) => {
                let until = self.store().sleeps_until(item).await?.filter(|until| *until > self.now());
                until.map(|until| WaitsFor::Later { until })
            }
        })
    }
}
