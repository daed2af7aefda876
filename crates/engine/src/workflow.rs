//! The definition of a workflow, as it is executed: every name resolved, every template parsed.
//!
//! Loading a file into this is the business of [`crate::document`] and the loaders beside it.

use crate::message::Channel;
use indexmap::IndexMap;
use serde_json::Value;
use template::{Expression, Template};

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

#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub name: String,
    /// Its JSON Schema.
    pub schema: Value,
    /// Required where there is none.
    pub default: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    pub credential: Option<String>,
    pub from: Option<String>,
    /// ISO 3166 code for numbers without a country code.
    pub region: Option<String>,
    pub language: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    pub message_class: Option<String>,
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
        let cases: Vec<Target> = match &self.kind {
            BlockKind::Switch(switch) => {
                switch.cases.iter().map(|c| c.next).chain(switch.otherwise).collect()
            }
            _ => Vec::new(),
        };
        let next = (!matches!(self.kind, BlockKind::End(_))).then_some(self.next);
        self.on.values().copied().chain(cases).chain(next)
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
    Twilio(Box<TwilioBlock>),
    WaitForReply(WaitForReply),
    Wait(Wait),
    Condition(Condition),
    Switch(Switch),
    Set(Set),
    End(End),
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
    /// A text field: always text.
    Text(Template),
    /// A field that is one tag and nothing else: the value itself, whatever its type.
    Value(Expression),
    /// Lists and objects without templates.
    Literal(Value),
}

#[derive(Clone, Debug)]
pub struct End {
    /// Fails the run with this text.
    pub fail: Option<Template>,
    /// What the run answers, where somebody waits for its result.
    pub result: IndexMap<String, SetValue>,
}
