//! Failures of a step, on their way to a branch, to `onError`, or to the end of the run.

use super::Cause;
use crate::event::Failure;
use crate::outcome::{self, Outcome};
use template::{RenderError, Template};

/// Codes of failures that are the engine's own; those of texts are names of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultCode {
    MissingVariable,
    RenderFailed,
    EmptyText,
    TextTooLong,
    TooManyMedia,
    BadMediaAddress,
    BadLocation,
    BadSender,
    BadMoment,
    MomentPassed,
    WaitTooLong,
    NobodyToAnswer,
    TooManyReplies,
    LoopWithoutWait,
    TooManySteps,
    RunTooOld,
    EndedByWorkflow,
    UnknownBlock,
    CallWithoutEnd,
    NoCallToAnswer,
}

impl FaultCode {
    pub fn name(self) -> &'static str {
        match self {
            FaultCode::MissingVariable => "missing_variable",
            FaultCode::RenderFailed => "render_failed",
            FaultCode::EmptyText => "empty_text",
            FaultCode::TextTooLong => "text_too_long",
            FaultCode::TooManyMedia => "too_many_media",
            FaultCode::BadMediaAddress => "bad_media_address",
            FaultCode::BadLocation => "bad_location",
            FaultCode::BadSender => "bad_sender",
            FaultCode::BadMoment => "bad_moment",
            FaultCode::MomentPassed => "moment_passed",
            FaultCode::WaitTooLong => "wait_too_long",
            FaultCode::NobodyToAnswer => "nobody_to_answer",
            FaultCode::TooManyReplies => "too_many_replies",
            FaultCode::LoopWithoutWait => "loop_without_wait",
            FaultCode::TooManySteps => "too_many_steps",
            FaultCode::RunTooOld => "run_too_old",
            FaultCode::EndedByWorkflow => "ended_by_workflow",
            FaultCode::UnknownBlock => "unknown_block",
            FaultCode::CallWithoutEnd => "call_without_end",
            FaultCode::NoCallToAnswer => "no_call_to_answer",
        }
    }

    /// What an author can do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            FaultCode::MissingVariable => {
                "give the variable a value before this block, or a default with `??`"
            }
            FaultCode::RenderFailed => "see what the template's function or list was given",
            FaultCode::EmptyText => "give `message` a text that stays when its variables are empty",
            FaultCode::TextTooLong => "shorten it, or send it as two texts",
            FaultCode::TooManyMedia => "send the others with a second text",
            FaultCode::BadMediaAddress => "give a public address that begins with https://",
            FaultCode::BadLocation => "give degrees as decimal numbers, such as 52.52",
            FaultCode::BadSender => "name a number, a messaging service, or one of your senders",
            FaultCode::BadMoment => {
                "write a time stamp, a date and time, or text such as `tomorrow 9:00` or `next monday 08:30`"
            }
            FaultCode::MomentPassed => "let `ifPast` be `now` or `skip` where that may happen",
            FaultCode::WaitTooLong => "end the run, and start another one nearer to the moment",
            FaultCode::NobodyToAnswer => "send a text before the wait, or give it a `timeout`",
            FaultCode::TooManyReplies => "let a `waitForReply` take them",
            FaultCode::LoopWithoutWait => "put a `wait` or a `waitForReply` into the loop",
            FaultCode::TooManySteps => "let the workflow end, and start a new run for what follows",
            FaultCode::RunTooOld => "give every wait a `timeout`, and let the workflow end",
            FaultCode::EndedByWorkflow => "see the `end` block that says so",
            FaultCode::CallWithoutEnd => {
                "see the call's history, and whether the provider reaches our webhooks"
            }
            FaultCode::NoCallToAnswer => {
                "answer the call once, and before anything that waits, such as a text or a `wait`"
            }
            FaultCode::UnknownBlock => "the stored run does not fit its workflow version: report it",
        }
    }
}

/// A step that failed.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    code: &'static str,
    message: String,
    hint: Option<String>,
    /// Branches that catch it, the first one named wins.
    pub(super) branches: Vec<&'static str>,
}

impl Fault {
    pub(super) fn new(code: FaultCode, message: impl Into<String>) -> Fault {
        Fault {
            code: code.name(),
            message: message.into(),
            hint: Some(code.remedy().to_owned()),
            branches: vec![Outcome::Failed.name()],
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = Some(hint.into());
        self
    }

    /// A failure that has an outcome's name.
    pub(super) fn of_outcome(outcome: Outcome, message: impl Into<String>) -> Fault {
        let mut branches = vec![outcome.name()];
        branches.extend(outcome.group().map(Outcome::name));
        let hint = Some(outcome.remedy().to_owned());
        Fault { code: outcome.name(), message: message.into(), hint, branches }
    }

    /// A text that failed for good. Once the provider had taken it, it also is `undelivered`,
    /// whatever the cause: whoever names that branch means it.
    pub(super) fn of_text(failure: &Failure, handed_over: HandedOver) -> Fault {
        let mut fault = Fault::of_failure(failure);
        if handed_over == HandedOver::Yes && !fault.branches.contains(&Outcome::Undelivered.name()) {
            fault.branches.insert(1, Outcome::Undelivered.name());
        }
        fault
    }

    /// A call that reached nobody or could not be placed, or a conversation by text that could not go on.
    pub(super) fn of_call(failure: &Failure) -> Fault {
        Fault::of_failure(failure)
    }

    fn of_failure(failure: &Failure) -> Fault {
        let mut message = failure.reason.clone();
        if let Some(code) = failure.code {
            message = format!("{message} ({code})");
        }
        let mut fault = Fault::of_outcome(failure.outcome, message);
        if let Some(code) = failure.code {
            fault.hint = Some(outcome::of_code(code).remedy.to_owned());
        }
        fault
    }

    /// A template of `field` that could not be rendered.
    pub(super) fn of_render(field: &str, error: &RenderError) -> Fault {
        let code = match error.variable() {
            Some(_) => FaultCode::MissingVariable,
            None => FaultCode::RenderFailed,
        };
        let fault = Fault::new(code, format!("`{field}`: {error}"));
        match error.hint() {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }

    pub(super) fn into_cause(self, block: &str) -> Cause {
        Cause {
            code: self.code.into(),
            message: self.message,
            hint: self.hint,
            block: Some(block.to_owned()),
        }
    }
}

/// Whether the provider had taken a text before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HandedOver {
    Yes,
    No,
}

impl Cause {
    /// The cause in words for people.
    pub fn sentence(&self) -> String {
        match &self.block {
            Some(block) => format!("{block}: {}", self.bare_sentence()),
            None => self.bare_sentence(),
        }
    }

    /// The cause where its block is named already.
    pub(super) fn bare_sentence(&self) -> String {
        let Cause { code, message, hint, .. } = self;
        match hint {
            Some(hint) => format!("{message} [{code}]; {hint}"),
            None => format!("{message} [{code}]"),
        }
    }

    pub(super) fn of_run(code: FaultCode, message: impl Into<String>) -> Cause {
        let hint = Some(code.remedy().to_owned());
        Cause { code: code.name().into(), message: message.into(), hint, block: None }
    }
}

/// A template as an author wrote it, short enough for a message.
pub(super) fn quoted(template: &Template) -> String {
    let source = template.source();
    let mut short: String = source.chars().take(60).collect();
    if short.len() < source.len() {
        short.push('…');
    }
    format!("`{short}`")
}
