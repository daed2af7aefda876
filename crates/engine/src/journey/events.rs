//! What can happen to a run where it stands, and the events that tell it.

use super::inputs::{OURS, PERSON, literals, reply};
use super::talks::Talks;
use super::{Happening, Play};
use crate::call::{self, AnsweredBy, Call, Course, Script};
use crate::effect::{Effect, PlaceCall, SendMessage, TimerPurpose};
use crate::event::{Event, Failure, Interviewed};
use crate::id::{CallId, MessageId};
use crate::message::{Channel, Message, Receipt, Status};
use crate::outcome::Outcome;
use crate::run::RunStatus;
use crate::sending::{Direction, MessageClass, Origin, Progress, State};
use crate::workflow::{Accepts, Block, BlockKind, CallUntil, Says, Until};

/// What nobody expects.
const SOMETHING_ELSE: &str = "something else";

/// How a call may end beside the usual end.
const ANNOUNCEMENT_ENDS: &[Outcome] =
    &[Outcome::Confirmed, Outcome::Transferred, Outcome::Voicemail, Outcome::HungUp];

/// How an agent's conversation may end of which nothing else is known.
const CONVERSATION_ENDS: &[Outcome] = &[
    Outcome::Ended,
    Outcome::Transferred,
    Outcome::MaxRetries,
    Outcome::Timeout,
    Outcome::Voicemail,
    Outcome::HungUp,
];
const TEXT_CONVERSATION_ENDS: &[Outcome] =
    &[Outcome::Ended, Outcome::Transferred, Outcome::MaxRetries, Outcome::Timeout];

impl Play<'_> {
    /// What can happen next; nothing where nothing can.
    pub(super) fn options(&self, talks: &Talks) -> Vec<Happening> {
        let Some(position) = self.run.position.as_ref().filter(|_| self.run.status == RunStatus::Running)
        else {
            return Vec::new();
        };
        let Some((_, block)) = self.workflow.block(&position.block) else { return Vec::new() };
        if self.timers.keys().any(|key| key.purpose == TimerPurpose::Retry && key.step == position.step) {
            // It failed, and is tried again in a while.
            return vec![Happening::Time];
        }
        match &block.kind {
            BlockKind::Twilio(text) => {
                let usual = match text.until {
                    Until::Accepted => Outcome::Accepted,
                    Until::Sent => Outcome::Sent,
                    Until::Delivered => Outcome::Delivered,
                };
                ends(block, usual, &[])
            }
            BlockKind::Call(call) if call.until == CallUntil::Accepted => ends(block, Outcome::Accepted, &[]),
            BlockKind::Call(call) => match call.says {
                Says::Announcement(_) => ends(block, Outcome::Completed, ANNOUNCEMENT_ENDS),
                Says::Agent(_) => self
                    .answers(block, talks, &[Outcome::Timeout, Outcome::Voicemail])
                    .unwrap_or_else(|| ends(block, Outcome::Completed, CONVERSATION_ENDS)),
            },
            BlockKind::TextAgent(_) => self
                .answers(block, talks, &[])
                .unwrap_or_else(|| ends(block, Outcome::Completed, TEXT_CONVERSATION_ENDS)),
            BlockKind::WaitForReply(wait) => {
                let mut options: Vec<Happening> = Vec::new();
                options.extend(wait.answers.iter().filter_map(|answer| said(&answer.accepts)));
                if wait.answers.is_empty() {
                    options.extend(literals(self.workflow).into_iter().map(Happening::Reply));
                }
                options.push(Happening::Reply(SOMETHING_ELSE.to_owned()));
                options.extend(wait.timeout_ms.map(|_| Happening::Time));
                if block.on.contains_key(Outcome::OptedOut.name()) {
                    options.push(Happening::Stop);
                }
                options
            }
            BlockKind::Wait(_) => vec![Happening::Time],
            _ => Vec::new(),
        }
    }

    /// The events that tell the run of it.
    pub(super) fn events(&self, happening: &Happening) -> Vec<Event> {
        match happening {
            // Both take time, which is told with them.
            Happening::Time | Happening::Answers(_) => Vec::new(),
            Happening::Reply(text) => {
                let route = self.run.routes.first();
                let channel = route.map_or(Channel::Sms, |route| route.channel);
                let mut reply = reply(self.path.len() + 1, text, channel, self.now);
                if let Some(route) = route {
                    reply.contact.clone_from(&route.contact);
                }
                vec![Event::ReplyReceived { reply }]
            }
            Happening::Stop => {
                let stop = |route: &crate::run::ReplyRoute| Event::OptedOut {
                    channel: route.channel,
                    contact: route.contact.clone(),
                };
                self.run.routes.iter().map(stop).collect()
            }
            Happening::Comes(outcome) => self.comes(*outcome).into_iter().collect(),
        }
    }

    fn comes(&self, outcome: Outcome) -> Option<Event> {
        let key = self.key();
        let failure = outcome.is_failure().then(|| Failure {
            outcome,
            code: None,
            reason: "it is played that way".to_owned(),
        });
        Some(match self.asked.as_ref()? {
            Effect::SendMessage { send, .. } => {
                let message = Box::new(self.message(send, outcome));
                Event::MessageChanged { key, message, failure }
            }
            asked @ (Effect::PlaceCall { .. } | Effect::AnswerCall { .. }) => {
                let call = Box::new(self.ended_call(&self.placed(asked)?, outcome));
                match (asked, failure) {
                    // Nothing else fails once somebody is on the line.
                    (Effect::AnswerCall { .. }, Some(failure)) => Event::AnswerRefused { key, call, failure },
                    (_, failure) => Event::CallChanged { key, call, failure },
                }
            }
            Effect::BeginConversation { .. } => {
                Event::TextConversationEnded { key, outcome, failure, answers: Interviewed::default() }
            }
            _ => return None,
        })
    }

    /// The call that was asked for, or is answered.
    pub(super) fn placed(&self, asked: &Effect) -> Option<PlaceCall> {
        match asked {
            Effect::PlaceCall { place, .. } => Some(place.clone()),
            Effect::AnswerCall { plan, .. } => Some(PlaceCall {
                credential: None,
                from: PERSON.into(),
                to: OURS.into(),
                plan: plan.clone(),
                class: MessageClass::default(),
                retry_of: None,
            }),
            _ => None,
        }
    }

    fn origin(&self) -> Origin {
        let key = self.key();
        Origin { run: self.run.id.clone(), step: key.step, n: key.n }
    }

    fn message(&self, send: &SendMessage, outcome: Outcome) -> Message {
        let status = match outcome {
            Outcome::Sent => Status::Sent,
            Outcome::Delivered => Status::Delivered,
            Outcome::Read => Status::Read,
            _ if outcome.is_failure() => Status::Failed,
            _ => Status::Queued,
        };
        Message {
            id: MessageId::from_trusted("msg_path"),
            direction: Direction::Outbound,
            channel: send.channel,
            credential: send.credential.clone().unwrap_or_default(),
            from: Some(send.from.clone()),
            service: None,
            to: send.to.clone(),
            content: send.content.clone(),
            goes_as: None,
            class: send.class,
            origin: Some(self.origin()),
            conversation: None,
            progress: Progress {
                status: Some(status),
                sid: Some("SM00000000000000000000000000000001".into()),
                ..Progress::new(reached(outcome))
            },
            receipt: Receipt::default(),
            created_at: self.now,
            updated_at: self.now,
        }
    }

    pub(super) fn ended_call(&self, place: &PlaceCall, outcome: Outcome) -> Call {
        let talks = matches!(place.plan.script, Script::Conversation { .. });
        let at = |is: bool| is.then_some(self.now);
        let is_machine = outcome == Outcome::Voicemail;
        let course = Course {
            answered_by: is_machine.then_some(AnsweredBy::MachineEndBeep),
            heard_at: at(outcome != Outcome::HungUp),
            confirmed_at: at(outcome == Outcome::Confirmed),
            connected_at: at(outcome == Outcome::Transferred),
            ended_by: Some(outcome).filter(|outcome| talks && !outcome.is_failure()),
            ..Course::default()
        };
        let status = match outcome {
            Outcome::Accepted => call::Status::Queued,
            Outcome::Busy => call::Status::Busy,
            Outcome::NoAnswer => call::Status::NoAnswer,
            Outcome::Canceled => call::Status::Canceled,
            _ if outcome.is_failure() => call::Status::Failed,
            _ => call::Status::Completed,
        };
        Call {
            id: CallId::from_trusted("call_path"),
            direction: Direction::Outbound,
            credential: place.credential.clone().unwrap_or_default(),
            from: Some(place.from.clone()),
            to: place.to.clone(),
            plan: Some(place.plan.clone()),
            class: place.class,
            origin: Some(self.origin()),
            progress: Progress {
                status: Some(status),
                sid: Some("CA00000000000000000000000000000001".into()),
                ..Progress::new(reached(outcome))
            },
            course,
            receipt: call::Receipt::default(),
            created_at: self.now,
            updated_at: self.now,
        }
    }
}

/// What failed was never taken by the provider: where a block is done as soon as it was, this is the other way.
fn reached(outcome: Outcome) -> State {
    if outcome.is_failure() { State::Failed } else { State::Accepted }
}

/// The usual end, the others that the block names, and the failures that it names.
fn ends(block: &Block, usual: Outcome, others: &[Outcome]) -> Vec<Happening> {
    std::iter::once(Happening::Comes(usual)).chain(named_ends(block, others)).collect()
}

/// Those of these ends that the block names, and the failures that it names.
pub(super) fn named_ends(block: &Block, others: &[Outcome]) -> Vec<Happening> {
    let is_named = |outcome: &Outcome| block.on.contains_key(outcome.name());
    let failures = Outcome::ALL.into_iter().filter(Outcome::is_failure_of_its_own);
    let all = others.iter().copied().chain(failures).chain([Outcome::Failed]);
    all.filter(is_named).map(Happening::Comes).collect()
}

impl Outcome {
    /// A cause of failure that is not the group of all.
    fn is_failure_of_its_own(&self) -> bool {
        self.is_failure() && *self != Outcome::Failed
    }
}

/// Words that are taken as this answer; nothing where none can be made up.
fn said(accepts: &Accepts) -> Option<Happening> {
    let text = match accepts {
        Accepts::Words(words) => words.first()?.clone(),
        Accepts::Yes => "yes".to_owned(),
        Accepts::No => "no".to_owned(),
        Accepts::Number => "7".to_owned(),
        Accepts::Choice(choices) => choices.first()?.clone(),
        Accepts::Pattern(pattern) => {
            let guesses = ["1", "12", "123", "1234", "12345", "123456", "A1", "AB123", "yes", "2026-11-23"];
            (*guesses.iter().find(|guess| pattern.is_match(guess))?).to_owned()
        }
    };
    Some(Happening::Reply(text))
}
