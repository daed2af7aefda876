//! Variables of the run that an agent cannot talk without, and those that its conversation leaves behind.

use super::llm::Does;
use super::load::Loaded;
use super::{Agent, LlmAgent, QuestionAgent, Speech};
use crate::diagnostic::Place;
use crate::workflow::load::Spots;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use template::Use;

/// One place where an agent needs a variable of the run.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) name: String,
    /// Index of the question or tool that it stands in; nothing: in the agent itself.
    part: Option<usize>,
    /// The path of the field there.
    path: String,
    used: Use,
}

impl Agent {
    /// A variable of the run that it needs, and that `variables` does not have: with it missing, somebody would hear
    /// half a sentence, so nobody should be rung up.
    pub fn missing_variable(&self, variables: &Map<String, Value>) -> Option<String> {
        let names = self.needs().into_iter().map(|need| need.name);
        names.into_iter().find(|name| variables.get(name).is_none_or(Value::is_null))
    }

    /// Everything that it needs of the run, in the order of its texts; some of it more than once.
    pub(crate) fn needs(&self) -> Vec<Need> {
        match self {
            Agent::Questions(agent) => of_questions(agent),
            Agent::Llm(agent) => of_llm(agent),
        }
    }

    /// Names of the variables that its conversation may leave to the run.
    pub(crate) fn leaves(&self) -> BTreeSet<String> {
        match self {
            Agent::Questions(agent) => agent.questions.iter().map(|question| question.id.clone()).collect(),
            Agent::Llm(agent) => left_by(agent),
        }
    }
}

/// Answers come later, and system phrases have names of their own.
fn of_questions(agent: &QuestionAgent) -> Vec<Need> {
    let mut needs = Vec::new();
    for (part, path, speech) in texts(agent) {
        for (tag, template) in speech.iter() {
            let path = if tag.is_empty() { path.clone() } else { format!("{path}.{tag}") };
            add(part, &path, template.variables(), &mut needs);
        }
    }
    needs.retain(|need| agent.question(&need.name).is_none());
    needs
}

/// Every text of the author's that is said, but for phrases: with the question that it belongs to, and its path there.
fn texts(agent: &QuestionAgent) -> Vec<(Option<usize>, String, &Speech)> {
    let own = [
        ("greeting", &agent.greeting),
        ("recordingNotice", &agent.recording_notice),
        ("closing", &agent.closing),
        ("voicemailMessage", &agent.voicemail_message),
    ];
    let own = own.into_iter().filter_map(|(path, speech)| Some((None, path.to_owned(), speech.as_ref()?)));
    let mut all: Vec<_> = own.collect();
    for (index, question) in agent.questions.iter().enumerate() {
        let mut put = |path: String, speech| all.push((Some(index), path, speech));
        put("question".to_owned(), &question.text);
        for (key, list) in [("retryPrompt", &question.retry_prompts), ("examples", &question.examples)] {
            list.iter().enumerate().for_each(|(number, speech)| put(format!("{key}.{number}"), speech));
        }
        for (number, action) in question.actions.iter().enumerate() {
            if let Some(message) = &action.message {
                put(format!("conditionalActions.{number}.customMessage"), message);
            }
        }
    }
    all
}

fn of_llm(agent: &LlmAgent) -> Vec<Need> {
    let mut needs = Vec::new();
    for (key, template) in agent.texts() {
        let (part, path) = super::llm::spot(&key);
        add(part, path, template.variables(), &mut needs);
    }
    if let Some(transfer) = &agent.fallback_transfer {
        add(None, "fallback.transferTo", transfer.variables(), &mut needs);
    }
    for tool in &agent.tools {
        for (path, uses) in tool.uses() {
            add(Some(tool.index), &path, uses, &mut needs);
        }
    }
    needs
}

fn add(part: Option<usize>, path: &str, uses: Vec<Use>, needs: &mut Vec<Need>) {
    for used in uses.into_iter().filter(|used| used.guard.is_required()) {
        if let Some(name) = used.path.first().cloned() {
            needs.push(Need { name, part, path: path.to_owned(), used });
        }
    }
}

fn left_by(agent: &LlmAgent) -> BTreeSet<String> {
    let by_tools = agent.tools.iter().filter_map(|tool| match &tool.does {
        Does::SetVariable { variable } => Some(variable.clone()),
        Does::Ask { variable, .. } => variable.clone(),
        _ => None,
    });
    let mut left: BTreeSet<String> = by_tools.collect();
    let extracted = agent.after.extract.iter().flat_map(|extract| &extract.shape.properties);
    left.extend(extracted.map(|(name, _)| name.clone()));
    left.extend(agent.after.summary.iter().map(|_| "summary".to_owned()));
    left.extend(agent.after.outcomes.first().map(|_| "outcome".to_owned()));
    left
}

impl Loaded {
    /// What the agent needs of the run, and where it stands in the file; nothing for the place where that is not known.
    pub(crate) fn placed_needs(&self) -> Vec<(String, Option<Place>)> {
        let spots = match (&self.draft, &self.llm_draft) {
            (Some(draft), _) => &draft.spots,
            (None, Some(draft)) => &draft.spots,
            (None, None) => return Vec::new(),
        };
        let needs = self.agent.as_ref().map(Agent::needs).unwrap_or_default();
        needs.into_iter().map(|need| (need.name.clone(), need.place(spots))).collect()
    }
}

impl Need {
    fn place(&self, spots: &Spots) -> Option<Place> {
        // One of a list, or the only one.
        let single = self.path.rsplit_once('.').map_or("", |(list, _)| list);
        let path = [self.path.as_str(), single].into_iter().find(|path| spots.has(self.part, path))?;
        Some(spots.place_within(self.part, path, self.used.at.offset, self.used.length))
    }
}
