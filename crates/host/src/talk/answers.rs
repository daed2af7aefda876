//! Answers that a model gave before, for agents whose author wants them given again.
//!
//! An answer belongs to the version of its agent, to every word of the conversation so far, and to the variables of
//! the prompt. Where a tool ran, a note of ours went along, or a variable is secret or about a person, nothing is kept.

use engine::agent::LlmAgent;
use engine::conversation::Course;
use engine::llm::history::Line;
use engine::llm::instant::{Asked, cache_key};
use engine::llm::question::{Finish, ModelEvent};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::record::StoredConversation;

/// Answers that are kept at once; above it, those go that would have gone first.
const ANSWERS_MAX: usize = 10_000;

/// The answers of this process.
#[derive(Default)]
pub(crate) struct Answers(Mutex<HashMap<String, Kept>>);

struct Kept {
    text: String,
    until: Timestamp,
}

/// An answer that comes in, and is to be kept once it is whole.
pub(super) struct Recording {
    key: String,
    asked: u32,
    text: String,
    until: Timestamp,
}

impl Answers {
    pub(super) fn find(&self, key: &str, now: Timestamp) -> Option<String> {
        let found = self.kept().get(key).filter(|kept| kept.until > now).map(|kept| kept.text.clone());
        let is_found = if found.is_some() { "yes" } else { "no" };
        metrics::counter!("switchboard_cached_answers_total", "found" => is_found).increment(1);
        found
    }

    fn keep(&self, recording: Recording, now: Timestamp) {
        let mut kept = self.kept();
        if kept.len() >= ANSWERS_MAX {
            kept.retain(|_, kept| kept.until > now);
        }
        if kept.len() >= ANSWERS_MAX {
            let mut ends: Vec<Timestamp> = kept.values().map(|kept| kept.until).collect();
            ends.sort_unstable();
            let median = ends[ends.len() / 2];
            kept.retain(|_, kept| kept.until > median);
        }
        kept.insert(recording.key, Kept { text: recording.text, until: recording.until });
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recording {
    pub(super) fn begin(agent: &LlmAgent, key: String, asked: u32, now: Timestamp) -> Option<Recording> {
        let keep_ms = agent.cache?.keep_ms;
        let until = now.checked_add(SignedDuration::from_millis(keep_ms)).ok()?;
        Some(Recording { key, asked, text: String::new(), until })
    }

    /// Takes in what comes of an answer, and gives the recording back while it goes on. One that ends as it should,
    /// without a call, is kept.
    pub(super) fn hear(
        mut self,
        asked: u32,
        event: &ModelEvent,
        answers: &Answers,
        now: Timestamp,
    ) -> Option<Recording> {
        match event {
            _ if asked != self.asked => None,
            ModelEvent::Text { text } => {
                self.text.push_str(text);
                Some(self)
            }
            ModelEvent::Finished { how: Finish::Stop, .. } if !self.text.trim().is_empty() => {
                answers.keep(self, now);
                None
            }
            ModelEvent::Finished { .. } | ModelEvent::Called { .. } | ModelEvent::Failed { .. } => None,
        }
    }
}

/// The name of the answer to what is asked now; nothing where it must not be one that was given before.
pub(super) fn key(agent: &LlmAgent, stored: &StoredConversation) -> Option<String> {
    agent.cache?;
    let conversation = &stored.conversation;
    let Course::Llm(dialogue) = &conversation.course else { return None };
    let is_someones = |name: &String| {
        agent.secrets.contains(name) || agent.personal.contains(name) || conversation.secrets.contains(name)
    };
    if conversation.variables.keys().any(is_someones) || !dialogue.variables.is_empty() {
        return None;
    }
    let said = dialogue.lines.iter().map(|line| match line {
        Line::Caller { text } | Line::Agent { text } => Some(text.as_str()),
        Line::Called { .. } | Line::Result { .. } | Line::Note { .. } => None,
    });
    let said: Vec<&str> = said.collect::<Option<_>>()?;
    let mut printed: Vec<(String, String)> =
        conversation.variables.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    printed.sort_unstable();
    let variables: Vec<(&str, &str)> =
        printed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Some(cache_key(&Asked {
        agent: &stored.agent.name,
        version: u64::from(stored.agent.version),
        language: &dialogue.language,
        said: &said,
        variables: &variables,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(key: &str, text: &str, until: Timestamp) -> Recording {
        Recording { key: key.to_owned(), asked: 1, text: text.to_owned(), until }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn finished(how: Finish) -> ModelEvent {
        ModelEvent::Finished { how, usage: engine::llm::models::Usage::default(), endpoint: 0 }
    }

    #[test]
    fn a_whole_answer_is_kept_for_its_time_and_a_broken_one_is_not() {
        let answers = Answers::default();
        let text = ModelEvent::Text { text: "Nine.".to_owned() };
        let heard = recorded("a", "", at(10)).hear(1, &text, &answers, at(0)).unwrap();
        assert!(heard.hear(1, &finished(Finish::Stop), &answers, at(0)).is_none());
        assert_eq!(answers.find("a", at(9)).as_deref(), Some("Nine."));
        assert_eq!(answers.find("a", at(10)), None);
        for how in [Finish::Length, Finish::Calls, Finish::Filtered, Finish::Declined] {
            assert!(recorded("b", "Half", at(10)).hear(1, &finished(how), &answers, at(0)).is_none());
        }
        assert!(recorded("b", "Half", at(10)).hear(2, &finished(Finish::Stop), &answers, at(0)).is_none());
        assert_eq!(answers.find("b", at(0)), None);
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let answers = Answers::default();
        for n in 0..=ANSWERS_MAX {
            let second = i64::try_from(n).unwrap();
            answers.keep(recorded(&n.to_string(), "Nine.", at(second + 1)), at(0));
        }
        let kept = answers.kept().len();
        assert!(kept < ANSWERS_MAX && kept > 1, "{kept}");
        assert!(answers.find(&ANSWERS_MAX.to_string(), at(0)).is_some());
        assert!(answers.find("0", at(0)).is_none());
    }
}
