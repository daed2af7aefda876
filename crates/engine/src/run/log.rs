//! A run's log: the whole story, with times.

use super::{Cause, RunStatus};
use crate::effect::{EffectKey, TimerKey, TimerPurpose};
use crate::outcome::Outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line of a run's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    #[serde(flatten)]
    pub kind: LogKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogKind {
    RunStarted {
        /// `manual`, `webhook`, `incomingMessage` or `incomingCall`.
        trigger: String,
    },
    BlockEntered {
        block_type: String,
    },
    MessageRequested {
        key: EffectKey,
        from: String,
        to: String,
    },
    /// A text got further. Nothing is said of reports that told nothing new.
    MessageChanged {
        key: EffectKey,
        /// The provider's status, or how far we are with handing it over.
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_code: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Outcome>,
    },
    CallRequested {
        key: EffectKey,
        from: String,
        to: String,
    },
    /// The call that started the run is taken.
    CallAnswered {
        key: EffectKey,
        from: String,
        to: String,
    },
    /// A call got further. Nothing is said of reports that told nothing new.
    CallChanged {
        key: EffectKey,
        /// The provider's status, or how far we are with handing it over.
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_code: Option<u32>,
        /// What came of it, once it is over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    /// An agent begins to talk by text.
    ConversationRequested {
        key: EffectKey,
        from: String,
        to: String,
    },
    /// An agent's conversation is over; what was answered stands in the variables.
    ConversationEnded {
        key: EffectKey,
        /// How many questions were left, answered or not.
        answers: usize,
    },
    RetryPlanned {
        /// The attempt that failed.
        key: EffectKey,
        again_at: Timestamp,
    },
    RetryDropped {
        key: EffectKey,
    },
    WaitStarted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    ReplyTaken {
        message: String,
        text: String,
    },
    ReplyKept {
        message: String,
    },
    PersonOptedOut {
        contact: String,
    },
    TimerFired {
        key: TimerKey,
    },
    VariableSet {
        name: String,
        value: Value,
    },
    BlockFailed {
        cause: Cause,
    },
    BlockLeft {
        outcome: String,
        /// The next block; nothing where the run ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// An author's mistake that did not stop the run.
    Problem {
        code: String,
        message: String,
    },
    RunEnded {
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
        /// Who canceled it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
}

impl LogEntry {
    /// The entry in words for people, without its time.
    pub fn sentence(&self) -> String {
        let said = self.kind.sentence();
        match (&self.block, &self.kind) {
            (Some(block), kind) if !kind.speaks_of_the_run() => format!("{block}: {said}"),
            _ => said,
        }
    }
}

impl LogKind {
    /// What happened, as a sentence without subject or full stop.
    pub fn sentence(&self) -> String {
        match self {
            LogKind::RunStarted { trigger } => format!("run started by {}", trigger_words(trigger)),
            LogKind::BlockEntered { block_type } => format!("entered ({block_type})"),
            LogKind::CallAnswered { from, to, .. } => format!("call from {from} to {to} answered"),
            LogKind::ConversationRequested { from, to, .. } => {
                format!("conversation with {to} from {from} begins")
            }
            LogKind::MessageRequested { key, from, to } if key.n == 0 => {
                format!("text to {to} from {from} queued")
            }
            LogKind::MessageRequested { key, from, to } => {
                format!("text to {to} from {from} queued again, attempt {}", key.n + 1)
            }
            LogKind::MessageChanged { key, status, error_code, failure } => {
                changed_words("text", *key, status, *error_code, *failure)
            }
            LogKind::CallRequested { key, from, to } if key.n == 0 => {
                format!("call to {to} from {from} queued")
            }
            LogKind::CallRequested { key, from, to } => {
                format!("call to {to} from {from} queued again, attempt {}", key.n + 1)
            }
            LogKind::CallChanged { key, status, error_code, outcome } => {
                // What the status says already is not said twice.
                let outcome = outcome.filter(|outcome| outcome.name() != status.replace('-', "_"));
                changed_words("call", *key, status, *error_code, outcome)
            }
            LogKind::ConversationEnded { answers: 1, .. } => {
                "the conversation is over, with one answer".into()
            }
            LogKind::ConversationEnded { answers, .. } => {
                format!("the conversation is over, with {answers} answers")
            }
            LogKind::RetryPlanned { key, again_at } => {
                format!("attempt {} is to follow at {again_at}", key.n + 2)
            }
            LogKind::RetryDropped { key } => format!("attempt {} is not needed any more", key.n + 2),
            LogKind::WaitStarted { until: Some(until) } => format!("waits until {until}"),
            LogKind::WaitStarted { until: None } => "waits as long as it takes".into(),
            LogKind::ReplyTaken { text, .. } if text.is_empty() => "took an answer without text".into(),
            LogKind::ReplyTaken { text, .. } => format!("took the answer \u{201c}{text}\u{201d}"),
            LogKind::ReplyKept { .. } => "a reply came early and is kept for the next waitForReply".into(),
            LogKind::PersonOptedOut { contact } => format!("{contact} said stop"),
            LogKind::TimerFired { key } => timer_words(key.purpose).into(),
            LogKind::VariableSet { name, value } => format!("{name} is now {value}"),
            LogKind::BlockFailed { cause } => format!("failed: {}", cause.bare_sentence()),
            LogKind::BlockLeft { outcome, to: Some(to) } => format!("left with {outcome} to {to}"),
            LogKind::BlockLeft { outcome, to: None } => format!("left with {outcome} to the end"),
            LogKind::Problem { code, message } => format!("problem: {message} ({code})"),
            LogKind::RunEnded { status, cause: Some(cause), .. } => {
                format!("run {status}: {}", cause.sentence())
            }
            LogKind::RunEnded { status, by: Some(by), .. } => format!("run {status} by {by}"),
            LogKind::RunEnded { status, .. } => format!("run {status}"),
        }
    }

    fn speaks_of_the_run(&self) -> bool {
        matches!(self, LogKind::RunStarted { .. } | LogKind::RunEnded { .. })
    }

    pub(super) fn ended(run: &RunStatus) -> LogKind {
        let (cause, by) = match run {
            RunStatus::Failed { cause } => (Some(cause.clone()), None),
            RunStatus::Canceled { by } => (None, Some(by.clone())),
            RunStatus::Running | RunStatus::Completed => (None, None),
        };
        LogKind::RunEnded { status: run.as_str().to_owned(), cause, by }
    }
}

fn trigger_words(trigger: &str) -> &str {
    match trigger {
        "manual" => "hand",
        "webhook" => "a webhook",
        "incomingMessage" => "an incoming message",
        "incomingCall" => "an incoming call",
        other => other,
    }
}

fn changed_words(
    noun: &str,
    key: EffectKey,
    status: &str,
    error_code: Option<u32>,
    outcome: Option<Outcome>,
) -> String {
    let mut said = format!("{noun} is {status}");
    if key.n > 0 {
        said = format!("{noun} of attempt {} is {status}", key.n + 1);
    }
    let code = error_code.map(|code| code.to_string());
    let outcome = outcome.map(|outcome| outcome.name().to_owned());
    let details: Vec<String> = outcome.into_iter().chain(code).collect();
    if details.is_empty() { said } else { format!("{said} ({})", details.join(", ")) }
}

fn timer_words(purpose: TimerPurpose) -> &'static str {
    match purpose {
        TimerPurpose::Wait => "the wait is over",
        TimerPurpose::ReplyTimeout => "nobody answered in time",
        TimerPurpose::DeliveryTimeout => "no receipt came in time",
        TimerPurpose::Retry => "the next attempt is due",
        TimerPurpose::RunAge => "the run reached its greatest age",
    }
}
