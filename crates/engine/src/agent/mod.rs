//! The definition of an agent, as it is executed: every text parsed, every target resolved.
//!
//! [`load`] reads a file into it, and tells everything that is wrong with the file.

mod check;
pub(crate) mod keys;
pub mod llm;
mod load;
pub(crate) mod looks;
mod needs;
pub mod paths;
mod probe;
mod schema;
mod texts;

pub use check::check;
pub use llm::LlmAgent;
pub(crate) use load::load_node;
pub use load::{Loaded, is_agent, load};
pub use schema::schema;
pub(crate) use schema::shape_schema;
pub use texts::{ByLanguage, same_language};

use crate::understand::{AnswerType, Choice};
use regex::Regex;
use template::Template;

/// The definition of a conversation.
#[derive(Clone, Debug)]
pub enum Agent {
    /// A structured interview: questions, and what follows on which answer.
    Questions(Box<QuestionAgent>),
    /// A language model that holds the conversation.
    Llm(Box<LlmAgent>),
}

impl Agent {
    pub fn name(&self) -> &str {
        match self {
            Agent::Questions(agent) => &agent.name,
            Agent::Llm(agent) => &agent.name,
        }
    }

    /// Whether a call that broke off can be gone on with.
    pub fn resumes(&self) -> bool {
        match self {
            Agent::Questions(agent) => agent.resume.is_some(),
            Agent::Llm(_) => false,
        }
    }

    /// Tags of the languages that it has texts in; the first is the usual one, and there is always one.
    pub fn languages(&self) -> &[String] {
        match self {
            Agent::Questions(agent) => &agent.languages,
            Agent::Llm(agent) => &agent.languages,
        }
    }

    /// The structured interview, where it is one.
    pub fn questions(&self) -> Option<&QuestionAgent> {
        match self {
            Agent::Questions(agent) => Some(agent),
            Agent::Llm(_) => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct QuestionAgent {
    pub name: String,
    /// Tags such as `en-US`; the first is the usual one.
    pub languages: Vec<String>,
    /// ISO 3166 code for phone numbers without a country code.
    pub region: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    pub voice: Option<ByLanguage<String>>,
    pub greeting: Option<Speech>,
    pub recording_notice: Option<Speech>,
    pub closing: Option<Speech>,
    pub voicemail_message: Option<Speech>,
    pub sequence: Sequence,
    pub announce_keys: bool,
    /// Longest call, from the moment it is answered.
    pub conversation_timeout_ms: Option<i64>,
    pub transfer_to: Option<Template>,
    pub resume: Option<Resume>,
    pub texting: Texting,
    /// Words of the author's own for system phrases, by the phrase's name.
    pub phrases: Vec<(String, Speech)>,
    /// The first one starts; there is always one.
    pub questions: Vec<Question>,
}

impl QuestionAgent {
    pub fn question(&self, id: &str) -> Option<(usize, &Question)> {
        self.questions.iter().enumerate().find(|(_, question)| question.id == id)
    }

    /// Every text that is said, with the question that it belongs to.
    pub fn speeches(&self) -> Vec<(Option<usize>, &Speech)> {
        let own = [&self.greeting, &self.recording_notice, &self.closing, &self.voicemail_message];
        let own = own.into_iter().flatten().chain(self.phrases.iter().map(|(_, speech)| speech));
        let mut all: Vec<_> = own.map(|speech| (None, speech)).collect();
        for (index, question) in self.questions.iter().enumerate() {
            let messages = question.actions.iter().filter_map(|action| action.message.as_ref());
            let texts = std::iter::once(&question.text)
                .chain(&question.retry_prompts)
                .chain(&question.examples)
                .chain(messages);
            all.extend(texts.map(|speech| (Some(index), speech)));
        }
        all
    }

    /// Names of the variables that its texts use, answers included, in order and without repetitions.
    pub fn variables(&self) -> Vec<String> {
        let audio = self.questions.iter().filter_map(|question| question.audio.as_ref());
        let transfers = self.questions.iter().flat_map(|question| &question.actions);
        let transfers = transfers.filter_map(|action| action.transfer_to.as_ref()).chain(&self.transfer_to);
        let speeches = self.speeches();
        let speeches = speeches.iter().flat_map(|(_, speech)| speech.iter().map(|(_, template)| template));
        let mut names: Vec<String> = speeches
            .chain(audio)
            .chain(transfers)
            .flat_map(Template::variables)
            .filter_map(|used| used.path.into_iter().next())
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// A text that is said, in one language or several.
pub type Speech = ByLanguage<Template>;

/// How the plain sequence reads the list of questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sequence {
    /// Past whatever is only reached by a branch.
    #[default]
    Branches,
    Literal,
}

/// How a call that broke off is gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The next call with that person goes on at the open question if it comes within this time.
    pub within_ms: i64,
    /// How long after the break we call back, once.
    pub call_back_ms: Option<i64>,
}

/// How long answers are waited for by text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texting {
    pub remind_after_ms: i64,
    /// Reminders for each question.
    pub reminders_max: u32,
    pub expire_after_ms: i64,
}

impl Default for Texting {
    /// A reminder after 4 hours, given up after 24.
    fn default() -> Texting {
        Texting { remind_after_ms: 4 * 3_600_000, reminders_max: 1, expire_after_ms: 24 * 3_600_000 }
    }
}

#[derive(Clone, Debug)]
pub struct Question {
    pub id: String,
    pub text: Speech,
    pub kind: AnswerType,
    /// Of `multiple_choice`, and then there are some.
    pub choices: Vec<Choice>,
    /// Attempts beyond the first.
    pub retries_max: u32,
    pub on_max_retries: OnMaxRetries,
    pub timeout_ms: i64,
    /// It cannot be skipped by key.
    pub required: bool,
    /// By retry; the last one is repeated. None: the system's words and the question again.
    pub retry_prompts: Vec<Speech>,
    pub examples: Vec<Speech>,
    pub say_options: SayOptions,
    /// The answer is read back and has to be confirmed.
    pub confirm: bool,
    /// From 0 (no check) to 1.
    pub confidence_min: f64,
    pub interruptible: bool,
    pub hints: Vec<String>,
    pub sensitive: bool,
    /// Address of a recording that is played instead of the text.
    pub audio: Option<Template>,
    /// Bounds of a number, or of how many digits there are.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// In order, the first that holds decides.
    pub actions: Vec<Action>,
    /// Where it goes on where no action says otherwise.
    pub next: Target,
    /// Line in the file, from 1.
    pub line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Index into the agent's questions.
    Question(usize),
    End,
}

impl Target {
    pub fn index(self) -> Option<usize> {
        match self {
            Target::Question(index) => Some(index),
            Target::End => None,
        }
    }
}

/// What follows where all attempts brought no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMaxRetries {
    /// On without an answer.
    #[default]
    Continue,
    EndCall,
    Transfer,
}

/// When the choices are read out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SayOptions {
    /// Each time.
    First,
    /// When the question is asked again.
    #[default]
    Retry,
    Never,
}

/// What follows on an answer.
#[derive(Clone, Debug)]
pub struct Action {
    pub condition: Condition,
    pub does: ActionKind,
    /// Said before what follows; with `end_call`, the last words.
    pub message: Option<Speech>,
    pub transfer_to: Option<Template>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// On to a question, to the end, or (nothing) as if no action had held.
    Continue(Option<Target>),
    EndCall,
    Repeat,
    GoBack,
    Transfer,
}

impl ActionKind {
    /// The name under `action`.
    pub fn name(self) -> &'static str {
        match self {
            ActionKind::Continue(_) => "continue_flow",
            ActionKind::EndCall => "end_call",
            ActionKind::Repeat => "repeat",
            ActionKind::GoBack => "go_back",
            ActionKind::Transfer => "transfer",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Condition {
    /// Index of the question whose answer is looked at.
    pub field: usize,
    pub operator: Operator,
}

/// How an answer is compared. See [`crate::conversation::holds`] for when each holds.
#[derive(Clone, Debug)]
pub enum Operator {
    Equals(Operand),
    NotEquals(Operand),
    /// Any of these.
    Contains(Vec<Operand>),
    NotContains(Vec<Operand>),
    GreaterThan(Operand),
    LessThan(Operand),
    /// Both included.
    Between(Operand, Operand),
    OneOf(Vec<Operand>),
    StartsWith(Operand),
    EndsWith(Operand),
    Matches(Regex),
    IsEmpty,
    IsNotEmpty,
    AnyOther,
}

/// What an answer is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// As it is written.
    pub text: String,
    /// What it is as an answer of the field's type, where it is one. Dates that depend on the day
    /// (`tomorrow`) are none.
    pub value: Option<serde_json::Value>,
}

impl Operator {
    /// The name under `operator`.
    pub fn name(&self) -> &'static str {
        match self {
            Operator::Equals(_) => "equals",
            Operator::NotEquals(_) => "not_equals",
            Operator::Contains(_) => "contains",
            Operator::NotContains(_) => "not_contains",
            Operator::GreaterThan(_) => "greater_than",
            Operator::LessThan(_) => "less_than",
            Operator::Between(..) => "between",
            Operator::OneOf(_) => "one_of",
            Operator::StartsWith(_) => "starts_with",
            Operator::EndsWith(_) => "ends_with",
            Operator::Matches(_) => "matches",
            Operator::IsEmpty => "is_empty",
            Operator::IsNotEmpty => "is_not_empty",
            Operator::AnyOther => "any_other",
        }
    }

    /// What it compares with, as written.
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Operator::Equals(one)
            | Operator::NotEquals(one)
            | Operator::GreaterThan(one)
            | Operator::LessThan(one)
            | Operator::StartsWith(one)
            | Operator::EndsWith(one) => vec![one],
            Operator::Contains(many) | Operator::NotContains(many) | Operator::OneOf(many) => {
                many.iter().collect()
            }
            Operator::Between(low, high) => vec![low, high],
            Operator::Matches(_) | Operator::IsEmpty | Operator::IsNotEmpty | Operator::AnyOther => {
                Vec::new()
            }
        }
    }
}

impl Question {
    /// Where its actions lead by name: everything but `next` and the sequence.
    pub fn branches(&self) -> impl Iterator<Item = Target> + '_ {
        self.actions.iter().filter_map(|action| match action.does {
            ActionKind::Continue(target) => target,
            _ => None,
        })
    }
}
