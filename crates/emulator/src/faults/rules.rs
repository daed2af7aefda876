//! Faults that strike certain requests: the first three texts to a number, the next list, one callback, one
//! call.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Facts, FaultError, RequestPlan, Strike, WebhookPlan};

/// One fault: when it strikes, what it does, how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    #[serde(default)]
    pub when: Condition,
    pub then: Action,
    /// How many that fit are passed over first.
    #[serde(default)]
    pub skip: u64,
    /// How many are struck; `null` for all until the rule is removed. Once, unless it says otherwise.
    #[serde(default = "once")]
    pub times: Option<u64>,
}

/// What a request or webhook must be to be struck; what is left out fits everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Condition {
    pub operation: Operation,
    pub account: Option<String>,
    pub to: Option<String>,
    /// The sender's address or the service's SID, as the request names it.
    pub from: Option<String>,
    /// The text; of a create of a call, its URL or TwiML.
    pub body_contains: Option<String>,
    /// Of a status callback. Of a callback about a call, what it tells: the status of the call or of the
    /// recording, the event of the stream, the transcription or the conference, or who answered.
    pub status: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    #[default]
    CreateMessage,
    FetchMessage,
    ListMessages,
    CreateCall,
    FetchCall,
    ListCalls,
    /// A call is led elsewhere or hung up by request.
    UpdateCall,
    /// Every other REST request.
    OtherRequest,
    StatusCallback,
    InboundWebhook,
    /// A text on its way from the carrier to the phone.
    Delivery,
    /// A call, in either direction.
    Call,
    /// A webhook that asks what a call does next.
    CallDocument,
    /// A webhook that tells of a call, its recordings, transcriptions, streams or conference.
    CallCallback,
}

/// Whether a fault strikes before the request has done anything, or after it has done everything and only
/// the answer is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum When {
    Before,
    After,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// A request is answered 429 and does nothing.
    TooManyRequests {
        #[serde(default)]
        retry_after_s: Option<u32>,
    },
    /// A request is answered with an HTTP error.
    Error {
        when: When,
        status: u16,
        #[serde(default)]
        code: Option<u32>,
    },
    /// A create is refused with this error code.
    Refuse { code: u32 },
    /// A request waits, in real time.
    Slow { when: When, ms: u64 },
    /// A request waits until it is released.
    Hold { when: When },
    /// The connection is dropped without an answer.
    Drop { when: When },
    /// The connection is dropped, and the message or the call comes into being later, in domain time.
    CreateLate { ms: u64 },
    /// Lists pass over the message or the call for this long after its creation, in domain time.
    LagList { ms: u64 },
    /// The text is rewritten to GSM-7 look-alikes.
    Rewrite,
    /// The message's `from` stays null until it is sent, where a service picks the sender.
    FromNull,
    /// A webhook is never sent.
    Lose,
    /// A webhook is sent later, in domain time.
    Delay { ms: u64 },
    /// A webhook is sent this many times more.
    Repeat { copies: u32 },
    /// A status callback is sent after the next one of its message, a callback about a call after the next
    /// one of its call.
    Reorder,
    /// A webhook is sent and its answer counts as not given in time.
    IgnoreAnswer,
    /// A text ends undelivered, a call `failed` before it rings, with this code in the debugger.
    Fail { code: u32 },
    /// The line of a call breaks so long after it was answered, in domain time: it ends as if the phone had
    /// hung up.
    HangUp { after_ms: u64 },
}

fn once() -> Option<u64> {
    Some(1)
}

impl Rule {
    pub(super) fn check(&self) -> Result<(), FaultError> {
        let operation = self.when.operation;
        if !self.then.goes_with(operation) {
            return Err(FaultError::Mismatch { action: self.then.name(), operation: operation.name() });
        }
        match self.then {
            Action::Error { status, .. } if !(400..=599).contains(&status) => {
                Err(FaultError::Status { status })
            }
            _ => Ok(()),
        }
    }
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Operation::CreateMessage => "createMessage",
            Operation::FetchMessage => "fetchMessage",
            Operation::ListMessages => "listMessages",
            Operation::CreateCall => "createCall",
            Operation::FetchCall => "fetchCall",
            Operation::ListCalls => "listCalls",
            Operation::UpdateCall => "updateCall",
            Operation::OtherRequest => "otherRequest",
            Operation::StatusCallback => "statusCallback",
            Operation::InboundWebhook => "inboundWebhook",
            Operation::Delivery => "delivery",
            Operation::Call => "call",
            Operation::CallDocument => "callDocument",
            Operation::CallCallback => "callCallback",
        }
    }

    /// Something comes into being.
    pub(super) fn is_create(self) -> bool {
        matches!(self, Operation::CreateMessage | Operation::CreateCall)
    }

    /// A webhook that nothing waits for.
    pub(super) fn is_callback(self) -> bool {
        matches!(self, Operation::StatusCallback | Operation::CallCallback)
    }

    fn is_webhook(self) -> bool {
        self.is_callback() || matches!(self, Operation::InboundWebhook | Operation::CallDocument)
    }

    fn is_request(self) -> bool {
        !self.is_webhook() && !matches!(self, Operation::Delivery | Operation::Call)
    }
}

impl Action {
    fn goes_with(&self, operation: Operation) -> bool {
        match self {
            Action::TooManyRequests { .. }
            | Action::Error { .. }
            | Action::Slow { .. }
            | Action::Hold { .. }
            | Action::Drop { .. } => operation.is_request(),
            Action::Refuse { .. } | Action::CreateLate { .. } | Action::LagList { .. } => {
                operation.is_create()
            }
            Action::Rewrite | Action::FromNull => operation == Operation::CreateMessage,
            Action::Delay { .. } | Action::Repeat { .. } | Action::IgnoreAnswer => operation.is_webhook(),
            // A call that never asks what to do would wait for ever.
            Action::Lose => operation.is_webhook() && operation != Operation::CallDocument,
            Action::Reorder => operation.is_callback(),
            Action::Fail { .. } => matches!(operation, Operation::Delivery | Operation::Call),
            Action::HangUp { .. } => operation == Operation::Call,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Action::TooManyRequests { .. } => "tooManyRequests",
            Action::Error { .. } => "error",
            Action::Refuse { .. } => "refuse",
            Action::Slow { .. } => "slow",
            Action::Hold { .. } => "hold",
            Action::Drop { .. } => "drop",
            Action::CreateLate { .. } => "createLate",
            Action::LagList { .. } => "lagList",
            Action::Rewrite => "rewrite",
            Action::FromNull => "fromNull",
            Action::Lose => "lose",
            Action::Delay { .. } => "delay",
            Action::Repeat { .. } => "repeat",
            Action::Reorder => "reorder",
            Action::IgnoreAnswer => "ignoreAnswer",
            Action::Fail { .. } => "fail",
            Action::HangUp { .. } => "hangUp",
        }
    }

    pub(super) fn strike_request(&self, rule: u64, plan: &mut RequestPlan) {
        let (when, strike) = match *self {
            Action::TooManyRequests { retry_after_s } => {
                (When::Before, Strike::Answer { status: 429, code: 20429, retry_after_s })
            }
            Action::Error { when, status, code } => {
                let code = code.unwrap_or(20_000 + u32::from(status));
                (when, Strike::Answer { status, code, retry_after_s: None })
            }
            Action::Slow { when, ms } => (when, Strike::Slow { ms }),
            Action::Hold { when } => (when, Strike::Hold { rule }),
            Action::Drop { when } => (when, Strike::Drop),
            Action::Refuse { code } => return plan.refuse_code = Some(code),
            Action::CreateLate { ms } => return plan.late_creation_ms = Some(ms),
            Action::LagList { ms } => return plan.list_lag_ms = ms,
            Action::Rewrite => return plan.rewrite = true,
            Action::FromNull => return plan.from_null = true,
            Action::Lose
            | Action::Delay { .. }
            | Action::Repeat { .. }
            | Action::Reorder
            | Action::IgnoreAnswer
            | Action::Fail { .. }
            | Action::HangUp { .. } => return,
        };
        match when {
            When::Before => plan.before.push(strike),
            When::After => plan.after.push(strike),
        }
    }

    pub(super) fn strike_webhook(&self, plan: &mut WebhookPlan) {
        match *self {
            Action::Lose => plan.lost = true,
            Action::Delay { ms } => plan.delay_ms = ms,
            Action::Repeat { copies } => plan.copies = copies,
            Action::Reorder => plan.reordered = true,
            Action::IgnoreAnswer => plan.answer_ignored = true,
            _ => {}
        }
    }
}

/// A rule that stands, and how far it has come.
pub(super) struct Active {
    pub(super) id: u64,
    pub(super) rule: Rule,
    pub(super) strikes: u64,
    passed_over: u64,
}

impl Active {
    pub(super) fn new(id: u64, rule: Rule) -> Self {
        Self { id, rule, strikes: 0, passed_over: 0 }
    }

    pub(super) fn strikes_at(&mut self, facts: &Facts<'_>) -> bool {
        if self.is_spent() || !self.rule.when.fits(facts) {
            return false;
        }
        if self.passed_over < self.rule.skip {
            self.passed_over += 1;
            return false;
        }
        self.strikes += 1;
        true
    }

    pub(super) fn is_spent(&self) -> bool {
        self.rule.times.is_some_and(|times| self.strikes >= times)
    }
}

impl Condition {
    fn fits(&self, facts: &Facts<'_>) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        self.operation == facts.operation
            && same(&self.account, Some(facts.account))
            && same(&self.to, facts.to)
            && same(&self.from, facts.from)
            && same(&self.status, facts.status)
            && self
                .body_contains
                .as_deref()
                .is_none_or(|part| facts.body.is_some_and(|body| body.contains(part)))
    }
}
