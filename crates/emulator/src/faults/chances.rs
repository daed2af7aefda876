//! Faults that strike by probability.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fate, FaultError, Operation, RequestPlan, Strike, WebhookPlan};
use crate::random::Random;

/// Probabilities from 0 (never, the default) to 1 (always), and how bad it gets. They are drawn from the
/// seed, in the order of the requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Chances {
    /// A create is answered 429 and nothing is created.
    pub too_many_requests: f64,
    /// The `Retry-After` of such an answer; without it, none.
    pub retry_after_s: Option<u32>,
    /// A create is answered 503 before anything is created.
    pub error_before: f64,
    /// A create is answered 500 although the message or the call was created.
    pub error_after: f64,
    /// The connection of a create drops before anything is created.
    pub drop_before: f64,
    /// The connection of a create drops after the message or the call was created.
    pub drop_after: f64,
    /// A create waits before it does anything.
    pub slow_before: f64,
    /// The answer of a create waits after the message or the call was created.
    pub slow_after: f64,
    /// The longest of these waits, in real time.
    pub slow_ms_max: u64,
    /// The connection of a create drops and the message or the call comes into being some time later.
    pub late_creation: f64,
    /// The longest such time, in domain time.
    pub late_ms_max: u64,
    /// A list passes over each message and call for up to this long after its creation, in domain time.
    pub list_lag_ms_max: u64,
    /// A create through a service, whose answer never names the sender, keeps `from` null in fetches and
    /// lists too until the message is sent.
    pub from_null: f64,
    /// A text is rewritten to GSM-7 look-alikes as Smart Encoding does, without being asked.
    pub rewritten: f64,
    /// A callback about a text or a call is sent later.
    pub callback_delayed: f64,
    /// The longest such delay, in domain time.
    pub callback_delay_ms_max: u64,
    pub callback_doubled: f64,
    /// A callback is sent after the one that follows it.
    pub callback_reordered: f64,
    pub callback_lost: f64,
    /// An inbound message's webhook is never sent.
    pub inbound_lost: f64,
    /// A webhook is sent twice.
    pub inbound_doubled: f64,
    /// The answer to a webhook counts as not given in time.
    pub answer_ignored: f64,
    /// A text ends undelivered.
    pub carrier_error: f64,
    /// The code of such an end.
    pub carrier_error_code: u32,
    /// A call ends `failed` before it rings.
    pub call_failed: f64,
    /// The line of a call breaks after it was answered.
    pub call_broken: f64,
    /// The longest that such a call lasts, in domain time.
    pub call_broken_ms_max: u64,
}

impl Default for Chances {
    fn default() -> Self {
        Self {
            too_many_requests: 0.0,
            retry_after_s: None,
            error_before: 0.0,
            error_after: 0.0,
            drop_before: 0.0,
            drop_after: 0.0,
            slow_before: 0.0,
            slow_after: 0.0,
            slow_ms_max: 2_000,
            late_creation: 0.0,
            late_ms_max: 5_000,
            list_lag_ms_max: 0,
            from_null: 0.0,
            rewritten: 0.0,
            callback_delayed: 0.0,
            callback_delay_ms_max: 5_000,
            callback_doubled: 0.0,
            callback_reordered: 0.0,
            callback_lost: 0.0,
            inbound_lost: 0.0,
            inbound_doubled: 0.0,
            answer_ignored: 0.0,
            carrier_error: 0.0,
            carrier_error_code: 30008,
            call_failed: 0.0,
            call_broken: 0.0,
            call_broken_ms_max: 30_000,
        }
    }
}

impl Chances {
    pub(crate) fn check(&self) -> Result<(), FaultError> {
        let probabilities = [
            ("tooManyRequests", self.too_many_requests),
            ("errorBefore", self.error_before),
            ("errorAfter", self.error_after),
            ("dropBefore", self.drop_before),
            ("dropAfter", self.drop_after),
            ("slowBefore", self.slow_before),
            ("slowAfter", self.slow_after),
            ("lateCreation", self.late_creation),
            ("fromNull", self.from_null),
            ("rewritten", self.rewritten),
            ("callbackDelayed", self.callback_delayed),
            ("callbackDoubled", self.callback_doubled),
            ("callbackReordered", self.callback_reordered),
            ("callbackLost", self.callback_lost),
            ("inboundLost", self.inbound_lost),
            ("inboundDoubled", self.inbound_doubled),
            ("answerIgnored", self.answer_ignored),
            ("carrierError", self.carrier_error),
            ("callFailed", self.call_failed),
            ("callBroken", self.call_broken),
        ];
        match probabilities.into_iter().find(|(_, value)| !(0.0..=1.0).contains(value)) {
            Some((name, _)) => Err(FaultError::Probability { name }),
            None => Ok(()),
        }
    }

    pub(super) fn strike_request(&self, operation: Operation, random: &mut Random, plan: &mut RequestPlan) {
        if !operation.is_create() {
            return;
        }
        plan.list_lag_ms = random.up_to(self.list_lag_ms_max);
        if operation == Operation::CreateMessage {
            plan.from_null = random.happens(self.from_null);
            plan.rewrite = random.happens(self.rewritten);
        }
        if random.happens(self.slow_before) {
            plan.before.push(Strike::Slow { ms: random.up_to(self.slow_ms_max) });
        }
        if random.happens(self.too_many_requests) {
            let retry_after_s = self.retry_after_s;
            plan.before.push(Strike::Answer { status: 429, code: 20429, retry_after_s });
        } else if random.happens(self.error_before) {
            plan.before.push(Strike::Answer { status: 503, code: 20503, retry_after_s: None });
        } else if random.happens(self.drop_before) {
            plan.before.push(Strike::Drop);
        } else if random.happens(self.late_creation) {
            plan.late_creation_ms = Some(random.up_to(self.late_ms_max));
        }
        if random.happens(self.slow_after) {
            plan.after.push(Strike::Slow { ms: random.up_to(self.slow_ms_max) });
        }
        if random.happens(self.error_after) {
            plan.after.push(Strike::Answer { status: 500, code: 20500, retry_after_s: None });
        } else if random.happens(self.drop_after) {
            plan.after.push(Strike::Drop);
        }
    }

    pub(super) fn strike_webhook(&self, operation: Operation, random: &mut Random, plan: &mut WebhookPlan) {
        match operation {
            Operation::StatusCallback | Operation::CallCallback => {
                plan.lost = random.happens(self.callback_lost);
                plan.copies = u32::from(random.happens(self.callback_doubled));
                plan.reordered = random.happens(self.callback_reordered);
                if random.happens(self.callback_delayed) {
                    plan.delay_ms = random.up_to(self.callback_delay_ms_max);
                }
            }
            Operation::InboundWebhook => {
                plan.lost = random.happens(self.inbound_lost);
                plan.copies = u32::from(random.happens(self.inbound_doubled));
            }
            Operation::CallDocument => {}
            _ => return,
        }
        plan.answer_ignored = random.happens(self.answer_ignored);
    }

    pub(super) fn strike_call(&self, random: &mut Random) -> Fate {
        Fate {
            fails: random.happens(self.call_failed).then_some(None),
            breaks_after_ms: random.happens(self.call_broken).then(|| random.up_to(self.call_broken_ms_max)),
        }
    }
}
