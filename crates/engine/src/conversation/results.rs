//! What a conversation brought to light.

use super::Conversation;
use crate::agent::{Agent, QuestionAgent};
use crate::limits::RESUMED_ANSWERS_MAX;
use crate::llm::dialogue::Dialogue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What is known of one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Id of the question.
    pub question: String,
    /// Null where there is none.
    pub value: Value,
    /// The words, as they were recognised or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// How often it was asked.
    pub attempts: u32,
    pub how: How,
    /// Nothing may print what it says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// How a question was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// With a value.
    Answered,
    /// Without a value, by words that a condition asks about.
    ByWords,
    Skipped,
    /// All attempts were used.
    GivenUp,
}

/// What the run gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// Values by question id; null for questions that were left without one. Questions that were
    /// never asked are not there.
    pub answers: Map<String, Value>,
    /// By question id: `value`, `heard`, `keys`, `confidence`, `attempts`, `how`, and `sensitive`
    /// where nothing of it may be printed.
    pub details: Map<String, Value>,
    /// Ids whose values nothing may print.
    pub sensitive: Vec<String>,
}

impl Results {
    pub(super) fn of(answers: &[Answer]) -> Results {
        let mut results = Results::default();
        for answer in answers {
            let id = answer.question.clone();
            if answer.sensitive {
                results.sensitive.push(id.clone());
            }
            results.details.insert(
                id.clone(),
                json!({
                    "value": answer.value,
                    "heard": answer.heard,
                    "keys": answer.keys,
                    "confidence": answer.confidence,
                    "attempts": answer.attempts,
                    "how": answer.how,
                    "sensitive": answer.sensitive,
                }),
            );
            results.answers.insert(id, answer.value.clone());
        }
        results
    }
}

impl Results {
    /// What the tools of a model set.
    pub(super) fn of_dialogue(dialogue: &Dialogue) -> Results {
        let details = dialogue.variables.iter().map(|(name, value)| (name.clone(), json!({"value": value})));
        Results {
            answers: dialogue.variables.clone(),
            details: details.collect(),
            sensitive: dialogue.sensitive.clone(),
        }
    }
}

/// What a later conversation goes on with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resumption {
    /// Id of the question that was open.
    pub question: String,
    pub answers: Vec<Answer>,
    /// Ids of the questions that led there.
    pub path: Vec<String>,
    /// Until when it may be gone on with.
    pub until: Timestamp,
    /// We called back already.
    pub called_back: bool,
}

impl Resumption {
    /// Whether it still fits the agent and the time.
    pub(super) fn fits(&self, agent: &QuestionAgent, now: Timestamp) -> bool {
        agent.resume.is_some()
            && now <= self.until
            && self.answers.len() <= RESUMED_ANSWERS_MAX
            && agent.question(&self.question).is_some()
    }
}

impl Conversation {
    /// What the next conversation with this person goes on with: something where this one broke off, the
    /// agent has `resume`, and a question was open.
    pub fn resumption(&self, agent: &Agent) -> Option<Resumption> {
        let agent = agent.questions()?;
        let resume = agent.resume?;
        let super::Status::Ended { by, at } = self.status else { return None };
        let interview = self.interview()?;
        let open = interview.asking.as_ref().filter(|_| by == super::EndedBy::Hangup)?;
        Some(Resumption {
            question: open.question.clone(),
            answers: interview.answers.clone(),
            path: interview.path.clone(),
            until: at.checked_add(SignedDuration::from_millis(resume.within_ms)).ok()?,
            called_back: interview.called_back || resume.call_back_ms.is_some(),
        })
    }
}
