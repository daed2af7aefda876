//! The definition of a workflow, as it is executed: every name resolved, every template parsed.
//!
//! [`load`] reads a file into it, and tells everything that is wrong with the file.

mod call;
pub(crate) mod input;
pub(crate) mod keys;
pub(crate) mod load;
pub(crate) mod schema;

pub use call::{
    AnnouncementTemplate, CallBlock, CallRetry, CallUntil, CallingHours, Line, Says, TextAgentBlock,
};
pub use input::{Format, Input, Shape, Type};
pub(crate) use load::Draft;
pub use load::{Loaded, Send, is_workflow, load, parse_send};
pub use schema::schema;

use crate::call::AgentRef;
use crate::message::Channel;
use crate::sending::MessageClass;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use template::{Context, Expression, RenderError, Scope, Template};

#[derive(Clone, Debug)]
pub struct Workflow {
    pub name: String,
    pub trigger: Trigger,
    pub input: Vec<Input>,
    pub defaults: Defaults,
    /// Where a failure that no outcome catches goes; nothing: the run fails.
    pub on_error: Option<Target>,
    /// The first one starts.
    pub blocks: Vec<Block>,
}

impl Workflow {
    pub fn block(&self, id: &str) -> Option<(usize, &Block)> {
        self.blocks.iter().enumerate().find(|(_, block)| block.id == id)
    }

    /// What a run begins with: the input, checked, with defaults filled in. Fields that are not
    /// declared are dropped.
    ///
    /// # Errors
    /// One sentence a problem, without any value in it.
    pub fn accept_input(&self, input: Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
        input::accept(&self.input, self.defaults.region.as_deref(), input)
    }

    /// Input as a form has it, all of it texts, with the values that the inputs declare.
    #[must_use]
    pub fn read_texts(&self, given: Map<String, Value>) -> Map<String, Value> {
        input::read_texts(&self.input, given)
    }

    /// Every variable that the input, a saved result or a `set` names; some more than once.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        fn of_block(block: &Block) -> Vec<&str> {
            match &block.kind {
                BlockKind::Twilio(text) => text.save.iter().map(|save| save.variable.as_str()).collect(),
                BlockKind::Call(call) => call.save.iter().map(|save| save.variable.as_str()).collect(),
                BlockKind::Set(set) => set.values.keys().map(String::as_str).collect(),
                _ => Vec::new(),
            }
        }
        self.input.iter().map(|input| input.name.as_str()).chain(self.blocks.iter().flat_map(of_block))
    }

    /// Whether a run that stands at `from` (an index into `blocks`) can come to a `waitForReply`.
    pub fn reaches_reply(&self, from: usize) -> bool {
        let mut seen = vec![false; self.blocks.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let block = &self.blocks[at];
            if matches!(block.kind, BlockKind::WaitForReply(_)) {
                return true;
            }
            open.extend(block.targets().chain(self.on_error).filter_map(Target::index));
        }
        false
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    Manual,
    Webhook(WebhookTrigger),
    IncomingMessage(IncomingMessageTrigger),
    IncomingCall(IncomingCallTrigger),
}

#[derive(Clone, Debug, PartialEq)]
pub struct WebhookTrigger {
    /// Last part of `/hooks/{path}`.
    pub path: String,
    pub respond: Respond,
    /// Input field whose value makes a second request the same as the first.
    pub dedupe_by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respond {
    /// As soon as the run is durably stored.
    Stored,
    /// After the run ended, or after this many milliseconds.
    Result { timeout_ms: i64 },
}

/// Starts a run for a text that no waiting run takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingMessageTrigger {
    /// Any channel where nothing is said.
    pub channel: Option<Channel>,
    /// Addresses or names of our senders; any where empty.
    pub to: Vec<String>,
    /// Words that the whole text must equal, case and blanks folded; any text where empty.
    pub words: Vec<String>,
}

/// Starts a run for a call to one of our numbers, which a block of the run answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingCallTrigger {
    /// Numbers, or names of our senders; any where empty.
    pub to: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Defaults {
    pub credential: Option<String>,
    pub from: Option<Template>,
    /// ISO 3166 code for numbers without a country code.
    pub region: Option<String>,
    pub language: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    pub message_class: MessageClass,
}

#[derive(Clone, Debug)]
pub struct Block {
    pub id: String,
    pub kind: BlockKind,
    /// Named outcomes, as written.
    pub on: IndexMap<String, Target>,
    /// Where every outcome goes that is not named: what is written, else the next in sequence.
    pub next: Target,
    /// Line in the file, from 1.
    pub line: usize,
}

impl Block {
    /// Everywhere that this block may lead to.
    pub fn targets(&self) -> impl Iterator<Item = Target> + '_ {
        let next = (!self.is_end()).then_some(self.next);
        self.branches().chain(next)
    }

    /// Where it leads by `on`, by cases and by `else`: everything but `next` and the sequence.
    pub fn branches(&self) -> impl Iterator<Item = Target> + '_ {
        let (cases, otherwise) = match &self.kind {
            BlockKind::Switch(switch) => (switch.cases.as_slice(), switch.otherwise),
            _ => (&[][..], None),
        };
        self.on.values().copied().chain(cases.iter().map(|case| case.next)).chain(otherwise)
    }

    pub fn is_end(&self) -> bool {
        matches!(self.kind, BlockKind::End(_))
    }

    /// The agent that talks in it.
    pub fn agent(&self) -> Option<&AgentRef> {
        match &self.kind {
            BlockKind::TextAgent(talk) => Some(&talk.agent),
            BlockKind::Call(call) => match &call.says {
                Says::Agent(agent) => Some(agent),
                Says::Announcement(_) => None,
            },
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Index into the workflow's blocks.
    Block(usize),
    End,
}

impl Target {
    pub fn index(self) -> Option<usize> {
        match self {
            Target::Block(index) => Some(index),
            Target::End => None,
        }
    }
}

#[derive(Clone, Debug)]
pub enum BlockKind {
    /// A text.
    Twilio(Box<TwilioBlock>),
    /// A call.
    Call(Box<CallBlock>),
    /// An agent that talks by text.
    TextAgent(Box<TextAgentBlock>),
    WaitForReply(WaitForReply),
    Wait(Wait),
    Condition(Condition),
    Switch(Switch),
    Set(Set),
    End(End),
}

impl BlockKind {
    /// The name under `type`.
    pub fn name(&self) -> &'static str {
        match self {
            BlockKind::Twilio(_) | BlockKind::Call(_) | BlockKind::TextAgent(_) => "twilio",
            BlockKind::WaitForReply(_) => "waitForReply",
            BlockKind::Wait(_) => "wait",
            BlockKind::Condition(_) => "condition",
            BlockKind::Switch(_) => "switch",
            BlockKind::Set(_) => "set",
            BlockKind::End(_) => "end",
        }
    }

    /// Every outcome that may be named under `on`. Any block but `end` may fail for a reason of
    /// the engine's own, such as a variable that is missing.
    pub fn outcomes(&self) -> Vec<String> {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match self {
            BlockKind::Twilio(_) => named(keys::TEXT_OUTCOMES),
            BlockKind::Call(call) => named(match &call.says {
                Says::Announcement(_) => keys::CALL_OUTCOMES,
                Says::Agent(_) => keys::AGENT_OUTCOMES,
            }),
            BlockKind::TextAgent(_) => named(keys::TEXT_AGENT_OUTCOMES),
            BlockKind::WaitForReply(wait) => {
                let mut outcomes: Vec<String> = wait.answers.iter().map(|a| a.outcome.clone()).collect();
                if !outcomes.is_empty() {
                    outcomes.push("other".into());
                }
                outcomes.extend(named(&["reply", "timeout", "opted_out", "failed"]));
                outcomes
            }
            BlockKind::Wait(wait) => match (&wait.until, wait.if_past) {
                (WaitUntil::Moment { .. }, IfPast::Now) => named(&["done", "past", "failed"]),
                (WaitUntil::Moment { .. }, IfPast::Skip) => named(&["done", "skipped", "failed"]),
                _ => named(&["done", "failed"]),
            },
            BlockKind::Condition(_) => named(&["true", "false", "failed"]),
            BlockKind::Switch(_) => named(&["else", "failed"]),
            BlockKind::Set(_) => named(&["done", "failed"]),
            BlockKind::End(_) => Vec::new(),
        }
    }
}

/// A text to send.
#[derive(Clone, Debug)]
pub struct TwilioBlock {
    pub channel: Channel,
    pub credential: Option<String>,
    /// The block's own or the workflow's.
    pub from: Template,
    pub to: Template,
    pub message: Option<Template>,
    pub media: Vec<Template>,
    /// With a message beside it: what is sent outside of WhatsApp's 24-hour window.
    pub content_sid: Option<Template>,
    pub content_variables: IndexMap<String, Template>,
    /// Latitude, longitude, label, address.
    pub location: Option<LocationTemplate>,
    pub until: Until,
    pub delivery_timeout_ms: i64,
    pub save: Vec<Save>,
    pub retry: Retry,
}

#[derive(Clone, Debug)]
pub struct LocationTemplate {
    pub latitude: Template,
    pub longitude: Template,
    pub label: Option<Template>,
    pub address: Option<Template>,
}

/// When the block is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    #[default]
    Accepted,
    Sent,
    Delivered,
}

/// A result of the block that goes to a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    /// One of the documented names: `sid`, `status`, …
    pub result: String,
    pub variable: String,
}

/// What happens after a final failure. `attempts_max` counts messages, the first one included.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    pub attempts_max: u32,
    pub delay_ms: i64,
    /// Codes after which it is tried again; the outcome table's where nothing is said.
    pub codes: Option<Vec<u32>>,
}

#[derive(Clone, Debug)]
pub struct WaitForReply {
    /// Nothing: as long as the run may live.
    pub timeout_ms: Option<i64>,
    /// In order, the first that matches names the outcome; none: `reply`.
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub outcome: String,
    pub accepts: Accepts,
}

#[derive(Clone, Debug)]
pub enum Accepts {
    /// The whole text is one of these, case, punctuation and blanks folded.
    Words(Vec<String>),
    Yes,
    No,
    Number,
    /// One of these, by its text or by its number from 1.
    Choice(Vec<String>),
    Pattern(regex::Regex),
}

#[derive(Clone, Debug)]
pub struct Wait {
    pub until: WaitUntil,
    pub if_past: IfPast,
    pub time_zone: Option<String>,
}

#[derive(Clone, Debug)]
pub enum WaitUntil {
    Duration {
        ms: i64,
    },
    /// A time stamp, a date, a date and time, or relative text such as `tomorrow 9:00`, after rendering.
    Moment {
        at: Template,
        offset_ms: i64,
    },
}

/// What a wait does whose moment has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfPast {
    /// Outcome `past`, or on as if it had waited.
    #[default]
    Now,
    /// Outcome `skipped`.
    Skip,
    Fail,
}

#[derive(Clone, Debug)]
pub struct Condition {
    /// Outcomes `true` and `false`.
    pub test: Expression,
}

#[derive(Clone, Debug)]
pub struct Switch {
    pub value: Template,
    pub cases: Vec<Case>,
    pub otherwise: Option<Target>,
}

#[derive(Clone, Debug)]
pub struct Case {
    /// Alternatives; each compares as the same words after folding case, punctuation and blanks, or as the same number.
    pub equals: Vec<String>,
    pub next: Target,
}

#[derive(Clone, Debug)]
pub struct Set {
    pub values: IndexMap<String, SetValue>,
}

#[derive(Clone, Debug)]
pub enum SetValue {
    /// A text with tags in it: always text.
    Text(Template),
    /// A field that is one tag and nothing else: the value itself, whatever its type.
    Value(Expression),
    /// Anything without tags.
    Literal(Value),
    /// A list with tags somewhere in it.
    List(Vec<SetValue>),
    /// An object with tags somewhere in it.
    Object(IndexMap<String, SetValue>),
}

impl SetValue {
    /// The value with every tag evaluated.
    ///
    /// # Errors
    /// The first tag that cannot be evaluated.
    pub fn evaluate(&self, scope: &dyn Scope, context: &Context) -> Result<Value, RenderError> {
        Ok(match self {
            SetValue::Text(template) => template.render(scope, context)?.into(),
            SetValue::Value(expression) => expression.evaluate(scope, context)?,
            SetValue::Literal(value) => value.clone(),
            SetValue::List(items) => {
                items.iter().map(|item| item.evaluate(scope, context)).collect::<Result<Vec<_>, _>>()?.into()
            }
            SetValue::Object(fields) => {
                let evaluate =
                    |(key, value): (&String, &SetValue)| Ok((key.clone(), value.evaluate(scope, context)?));
                fields.iter().map(evaluate).collect::<Result<Map<_, _>, RenderError>>()?.into()
            }
        })
    }

    /// Names of the variables that it uses, some more than once.
    pub fn uses(&self) -> Vec<String> {
        let names = |uses: Vec<template::Use>| {
            uses.into_iter().filter_map(|used| used.path.into_iter().next()).collect::<Vec<_>>()
        };
        match self {
            SetValue::Text(template) => names(template.variables()),
            SetValue::Value(expression) => names(expression.variables()),
            SetValue::Literal(_) => Vec::new(),
            SetValue::List(items) => items.iter().flat_map(SetValue::uses).collect(),
            SetValue::Object(fields) => fields.values().flat_map(SetValue::uses).collect(),
        }
    }

    /// The value, where there is nothing to evaluate.
    pub fn literal(&self) -> Option<&Value> {
        match self {
            SetValue::Literal(value) => Some(value),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct End {
    /// Fails the run with this text.
    pub fail: Option<Template>,
    /// What the run answers, where somebody waits for its result.
    pub result: IndexMap<String, SetValue>,
}
