//! What is wrong with an agent that talks by a language model, and what it costs.
//!
//! What cannot work is an error: more than a model can take or a budget allows, secrets in prompts, arguments that
//! nobody gives. What works, and hardly as it is meant, is a warning.

mod cost;
mod prompt;
mod settings;
mod tools;

use super::speech;
use crate::agent::llm::spot;
use crate::agent::load::LlmDraft;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    texts(draft, found);
    secrets(draft, found);
    settings::check(draft, found);
    prompt::check(draft, found);
    tools::check(draft, found);
    cost::check(draft, found);
}

/// Lengths and languages.
fn texts(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    for (key, text) in draft.agent.speeches() {
        let (tool, path) = spot(&key);
        let named = tool.and_then(|index| draft.agent.tools.iter().find(|tool| tool.index == index));
        let of_tool = |diagnostic: Diagnostic| match named {
            Some(tool) => diagnostic.in_block(&tool.name),
            None => diagnostic,
        };
        let of_text = speech::findings(&draft.spots, &draft.agent.languages, tool, path, text);
        found.extend(of_text.into_iter().map(of_tool));
    }
}

/// What is secret is in no text that is said or told to a model.
fn secrets(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    for (key, template) in draft.agent.texts() {
        for used in template.variables() {
            let Some(name) = used.path.first().filter(|name| draft.agent.secrets.contains(name)) else {
                continue;
            };
            let (tool, path) = spot(&key);
            let message = format!("`{name}` is secret, and would be said or told to the model here");
            let hint = "leave it out, or take it out of `secretVariables`; tools may use it";
            let at = draft.spots.place_within(tool, path, used.at.offset, used.length);
            found.push(Diagnostic::new(Code::SecretInPrompt, at, message).hint(hint));
        }
    }
}
