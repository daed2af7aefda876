//! Who talks: an agent with its texts filled in for one conversation. Variables marked as secret are not among what
//! fills them, so they reach neither a prompt nor a log.

use super::claims::{ClaimSet, claims};
use super::instant::InstantAnswer;
use super::models::{self, Certainty, Prices};
use super::question::{Endpoint, Offer};
use crate::agent::Agent;
use crate::agent::llm::Handover;
use crate::agent::same_language;
use crate::workflow::Shape;
use regex::Regex;
use serde_json::{Map, Value};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Persona {
    /// Tags such as `en-US`; the first is the usual one, and there is always one.
    pub languages: Vec<String>,
    /// Where the model is asked, fallbacks behind the first. Never empty.
    pub endpoints: Vec<Endpoint>,
    /// What the author says that each of them costs.
    pub stated_prices: Vec<Option<Prices>>,
    pub instructions: String,
    pub temperature: Option<f64>,
    /// Tokens of one answer.
    pub answer_tokens_max: u32,
    /// Turns of the caller, after which the agent brings the call to an end.
    pub turns_max: u32,
    /// Longest call, from the moment it is answered.
    pub timeout_ms: Option<i64>,
    /// Whether a goodbye of the caller ends the call.
    pub ends_on_goodbye: bool,
    /// What else the caller may say to end it.
    pub end_phrases: Vec<String>,
    /// Whether the caller may break in.
    pub interruptible: bool,
    pub greeting: Texts,
    /// Said behind the greeting: that it is a machine that talks.
    pub disclosure: Texts,
    pub recording_notice: Texts,
    /// Said to an answering machine, before the call ends.
    pub voicemail: Texts,
    /// What is said where the model has no answer; words of ours where it is empty.
    pub fallback: Texts,
    /// Where the call goes when the model fails again and again; without it, the call is ended.
    pub fallback_transfer: Option<String>,
    /// By silence, the last one before the call is ended; words of ours where there are none.
    pub silence_prompts: Vec<Texts>,
    /// While the model is slow, one after the other; words of ours where there are none.
    pub hold_phrases: Vec<Texts>,
    /// The last words; words of ours where it is empty.
    pub closing: Texts,
    pub reply_sentences_max: Option<u32>,
    pub delivery: Delivery,
    pub tools: Vec<Tool>,
    pub instant_answers: Vec<InstantAnswer<Texts>>,
    pub budget: Budget,
}

/// In which pieces an answer goes to speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Whole sentences: the line takes nothing else, or what tools did is claimed in them.
    Sentences,
    /// Words, as they come.
    Words,
}

/// One text, or one for each language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// Nothing is said.
    pub fn none() -> Texts {
        Texts::default()
    }

    /// The same in every language.
    pub fn alike(text: impl Into<String>) -> Texts {
        Texts(vec![(String::new(), text.into())])
    }

    /// Tags with their texts.
    pub fn of(texts: Vec<(String, String)>) -> Texts {
        Texts(texts)
    }

    /// The text for a language: of the very tag, else of the same language, else the one for all.
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let by = |fits: &dyn Fn(&str) -> bool| {
            self.0.iter().find(|(of, text)| fits(of) && !text.trim().is_empty())
        };
        by(&|of| of.eq_ignore_ascii_case(tag))
            .or_else(|| by(&|of| language(of) == language(tag)))
            .or_else(|| by(&str::is_empty))
            .map(|(_, text)| text.as_str())
    }
}

/// What one conversation may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Tokens of all prompts and answers.
    pub tokens_max: Option<u64>,
    /// US dollars. Where nobody knows the model's prices, the dearest model's are counted.
    pub dollars_max: Option<f64>,
    /// Tokens of one prompt; the model's window where nothing is said.
    pub prompt_tokens_max: Option<u32>,
}

/// Something that the model may do.
#[derive(Clone, Debug)]
pub struct Tool {
    pub name: String,
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
    /// What they must be. A call that does not fit is sent back to the model.
    pub shape: Shape,
    pub action: Action,
    /// What may only be said once it succeeded.
    pub claims: Vec<Claim>,
    pub on_interrupt: OnInterrupt,
    /// Said when it begins.
    pub say_while: Texts,
}

#[derive(Clone, Debug)]
pub enum Action {
    /// Done outside: whoever performs it knows how, by the tool's name.
    Outside,
    /// A question is put, and its answer understood by rules.
    Ask {
        inquiry: Arc<Inquiry>,
    },
    /// The person is connected with somebody else.
    Transfer {
        to: String,
        summary: Handover,
    },
    EndCall,
    /// The argument `value` goes to this variable.
    SetVariable {
        variable: String,
    },
}

/// A question as a question agent puts it.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// Of that one question, and without last words.
    pub agent: Agent,
    /// Variables that its texts may use.
    pub variables: Map<String, Value>,
    pub region: Option<String>,
    pub time_zone: Option<String>,
    /// Where the value goes, beside the model.
    pub variable: Option<String>,
}

/// What becomes of a call that is under way when the caller breaks in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnInterrupt {
    /// It goes on, and the model learns its result at the next turn.
    #[default]
    Keep,
    Cancel,
}

/// Sentences that claim a tool's deed.
#[derive(Clone, Debug)]
pub enum Claim {
    Set(ClaimSet),
    /// Patterns of the author, for one language.
    Patterns {
        language: String,
        patterns: Vec<Regex>,
    },
}

impl Claim {
    /// Whether it has patterns of the author for that language.
    pub(crate) fn is_of(&self, language: &str) -> bool {
        matches!(self, Claim::Patterns { language: of, .. } if same_language(of, language))
    }

    fn is_in(&self, sentence: &str, language: &str) -> bool {
        match self {
            Claim::Set(set) => claims(*set, sentence, language),
            Claim::Patterns { patterns, .. } => {
                self.is_of(language) && patterns.iter().any(|pattern| pattern.is_match(sentence))
            }
        }
    }
}

impl Tool {
    /// Whether a sentence says that this was done.
    pub fn is_claimed_by(&self, sentence: &str, language: &str) -> bool {
        self.claims.iter().any(|claim| claim.is_in(sentence, language))
    }

    pub(super) fn offer(&self) -> Offer {
        Offer {
            name: self.name.clone(),
            description: self.description.clone(),
            parameters: self.parameters.clone(),
        }
    }
}

impl Persona {
    /// What an exchange with one of the endpoints costs.
    pub fn prices(&self, endpoint: usize) -> (Prices, Certainty) {
        let model = self.endpoints.get(endpoint).map_or("", |endpoint| endpoint.model.as_str());
        models::prices(model, self.stated_prices.get(endpoint).copied().flatten())
    }

    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }
}
