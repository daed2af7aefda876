//! The definition of an agent that talks by a language model, as it is executed: every text parsed, every tool known.

mod persona;
mod tool;

pub use persona::Unfilled;
pub use tool::{
    ARGUMENTS, Does, Handover, HttpBody, HttpMethod, HttpTool, SendTextTool, TextChannel, ToolDef,
};

use super::{ByLanguage, Speech};
use crate::llm::instant::InstantAnswer;
use crate::llm::models::{self, Certainty, Prices};
use crate::llm::persona::Budget;
use crate::llm::question::Endpoint;
use crate::workflow::input::Shape;
use serde_json::Value;
use template::Template;

/// The definition of a conversation that a language model holds.
#[derive(Clone, Debug)]
pub struct LlmAgent {
    pub name: String,
    /// Tags such as `en-US`; the first is the usual one, and there is always one.
    pub languages: Vec<String>,
    /// ISO 3166 code for phone numbers without a country code.
    pub region: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    pub voice: Option<ByLanguage<String>>,
    /// The recogniser, by its provider's name.
    pub speech_model: Option<String>,
    /// Words that the recogniser should expect.
    pub hints: Vec<String>,
    pub mode: Mode,
    /// Where the model is asked, fallbacks behind the first. Never empty.
    pub endpoints: Vec<EndpointDef>,
    pub system_prompt: Template,
    /// From 0 to 2; the model's own where nothing is said.
    pub temperature: Option<f64>,
    /// Tokens of one answer.
    pub answer_tokens_max: u32,
    pub reply_sentences_max: Option<u32>,
    /// Turns of the caller, after which the agent brings the call to an end.
    pub turns_max: u32,
    /// Longest call, from the moment it is answered.
    pub conversation_timeout_ms: i64,
    pub user_hangup: UserHangup,
    /// What else a caller may say to end the call.
    pub end_phrases: Vec<String>,
    pub greeting: Option<Speech>,
    pub disclosure: Disclosure,
    pub recording_notice: Option<Speech>,
    pub closing: Option<Speech>,
    pub voicemail_message: Option<Speech>,
    /// What is said where the model has no answer; words of ours where there is none.
    pub fallback: Option<Speech>,
    /// Where the call goes when the model fails again and again; without it, the call is ended.
    pub fallback_transfer: Option<Template>,
    /// By silence, the last one before the call is ended; words of ours where there are none.
    pub silence_prompts: Vec<Speech>,
    /// How long a caller may be silent before one of them is said.
    pub silence_timeout_ms: i64,
    /// Said while the model is slow, one after the other; words of ours where there are none.
    pub hold_phrases: Vec<Speech>,
    /// Whether callers may break in.
    pub interruptible: bool,
    /// How long the model's first words, and the end of its answer, are waited for.
    pub patience: PatienceDef,
    /// In the order of the file.
    pub tools: Vec<ToolDef>,
    pub instant_answers: Vec<InstantAnswer<Speech>>,
    pub budget: Budget,
    /// Answers are kept and given again; nothing where the author did not switch it on.
    pub cache: Option<CacheDef>,
    pub record_call: bool,
    /// Names of variables that reach neither prompt nor log.
    pub secrets: Vec<String>,
    /// Names of variables that are about one person: an answer that they went into is kept for nobody else.
    pub personal: Vec<String>,
    /// What is gathered once the call is over.
    pub after: AfterDef,
}

/// How the words get to the caller and back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// By webhooks, turn by turn.
    #[default]
    Gather,
    /// By a socket over which text goes as it comes.
    Relay,
}

impl Mode {
    /// The name under `mode`.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Gather => "gather",
            Mode::Relay => "relay",
        }
    }
}

/// A model at a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointDef {
    /// Name of a credential; nothing stands for the only one of that kind.
    pub credential: Option<String>,
    pub model: String,
    /// What the author says that it costs.
    pub prices: Option<Prices>,
}

/// Whether a goodbye of the caller ends the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserHangup {
    #[default]
    Allowed,
    /// Only limits, tools and the line do.
    Refused,
}

/// Whether callers are told that a machine talks.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Disclosure {
    #[default]
    None,
    /// In words of ours.
    Ours,
    Own(Speech),
}

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatienceDef {
    pub first_ms: i64,
    pub whole_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheDef {
    /// How long an answer is kept.
    pub keep_ms: i64,
}

/// What is gathered once a call is over, by a model.
#[derive(Clone, Debug, Default)]
pub struct AfterDef {
    pub extract: Option<ExtractDef>,
    /// The conversation in a few sentences, in the variable `summary`.
    pub summary: Option<SummaryDef>,
    /// What may have come of it; the one that did is in the variable `outcome`.
    pub outcomes: Vec<OutcomeDef>,
}

impl AfterDef {
    pub fn is_nothing(&self) -> bool {
        self.extract.is_none() && self.summary.is_none() && self.outcomes.is_empty()
    }
}

/// Fields that go to variables of their names.
#[derive(Clone, Debug)]
pub struct ExtractDef {
    /// JSON Schema of an object, as it was written.
    pub schema: Value,
    /// The same, ready to be checked against.
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SummaryDef {
    /// What it should be about; what is usual where nothing is said.
    pub instructions: Option<String>,
    /// Tag; that of the conversation where nothing is said.
    pub language: Option<String>,
    pub sentences_max: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeDef {
    pub name: String,
    pub description: Option<String>,
}

impl LlmAgent {
    pub fn tool(&self, name: &str) -> Option<&ToolDef> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// Where a model is asked, fallbacks behind the first.
    pub fn asked_at(&self) -> Vec<Endpoint> {
        let endpoints = self.endpoints.iter().map(|endpoint| Endpoint {
            credential: endpoint.credential.clone().unwrap_or_default(),
            model: endpoint.model.clone(),
        });
        endpoints.collect()
    }

    /// What an exchange with one of the endpoints costs.
    pub fn prices(&self, endpoint: usize) -> (Prices, Certainty) {
        let endpoint = self.endpoints.get(endpoint);
        let model = endpoint.map_or("", |endpoint| endpoint.model.as_str());
        models::prices(model, endpoint.and_then(|endpoint| endpoint.prices))
    }

    /// Every text that is said or told to the model, by its key.
    pub fn texts(&self) -> Vec<(String, &Template)> {
        let mut texts = vec![("systemPrompt".to_owned(), &self.system_prompt)];
        for (key, speech) in self.speeches() {
            for (tag, template) in speech.iter() {
                let key = if tag.is_empty() { key.clone() } else { format!("{key}.{tag}") };
                texts.push((key, template));
            }
        }
        texts
    }

    /// Every text that is said, by its key.
    pub fn speeches(&self) -> Vec<(String, &Speech)> {
        let own_disclosure = match &self.disclosure {
            Disclosure::Own(speech) => Some(speech),
            Disclosure::None | Disclosure::Ours => None,
        };
        let single = [
            ("greeting", self.greeting.as_ref()),
            ("disclosure", own_disclosure),
            ("recordingNotice", self.recording_notice.as_ref()),
            ("closing", self.closing.as_ref()),
            ("voicemailMessage", self.voicemail_message.as_ref()),
            ("fallback", self.fallback.as_ref()),
        ];
        let mut all: Vec<(String, &Speech)> =
            single.into_iter().filter_map(|(key, speech)| Some((key.to_owned(), speech?))).collect();
        for (key, list) in [("silencePrompts", &self.silence_prompts), ("holdPhrases", &self.hold_phrases)] {
            let numbered = list.iter().enumerate();
            all.extend(numbered.map(|(index, speech)| (format!("{key}.{index}"), speech)));
        }
        for (index, instant) in self.instant_answers.iter().enumerate() {
            all.push((format!("instantAnswers.{index}.answer"), &instant.answer));
        }
        for tool in &self.tools {
            let key = format!("tools.{}.sayWhile", tool.index);
            all.extend(tool.say_while.iter().map(|speech| (key.clone(), speech)));
        }
        all
    }

    /// Names of the variables that its texts and tools use, in order and without repetitions.
    pub fn variables(&self) -> Vec<String> {
        let texts = self.texts();
        let templates = texts.iter().map(|(_, template)| *template).chain(&self.fallback_transfer);
        let of_texts = templates.flat_map(Template::variables);
        let mut names: Vec<String> = of_texts.filter_map(|used| used.path.into_iter().next()).collect();
        names.extend(self.tools.iter().flat_map(ToolDef::variables));
        names.sort();
        names.dedup();
        names
    }
}

/// Where a text stands that [`LlmAgent::texts`] names by this key: the tool that it belongs to, and the path there.
pub(super) fn spot(key: &str) -> (Option<usize>, &str) {
    let in_tool = key.strip_prefix("tools.").and_then(|rest| rest.split_once('.'));
    match in_tool.and_then(|(index, path)| Some((index.parse().ok()?, path))) {
        Some((index, path)) => (Some(index), path),
        None => (None, key),
    }
}
