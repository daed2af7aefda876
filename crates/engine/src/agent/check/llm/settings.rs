//! Settings that a model cannot take, that do nothing, or that leave callers without words.

use crate::agent::llm::{Does, Mode, UserHangup};
use crate::agent::load::LlmDraft;
use crate::diagnostic::{Code, Diagnostic};
use crate::llm::Tongue;
use crate::llm::models::{self, Temperature};
use crate::llm::persona::Claim;
use crate::workflow::load::top::is_language_tag;

pub(super) fn check(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    models_of(draft, found);
    without_effect(draft, found);
    tongues(draft, found);
    way_out(draft, found);
}

fn models_of(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    for (index, endpoint) in agent.endpoints.iter().enumerate() {
        let Some(known) = models::find(&endpoint.model) else { continue };
        let path = if index == 0 { "model" } else { "fallback.model" };
        let at = draft.spots.place(None, path);
        if let Some(shutdown) = known.shutdown {
            let gone = if shutdown <= models::as_of() { "was" } else { "will be" };
            let message = format!("`{}` {gone} shut down at OpenAI on {shutdown}", endpoint.model);
            let hint = match &known.successor {
                Some(successor) => format!("take `{successor}`, unless a server of your own has the model"),
                None => "take another one, unless a server of your own has the model".to_owned(),
            };
            found.push(Diagnostic::new(Code::RetiredModel, at, message).hint(hint));
        }
        if agent.answer_tokens_max > known.output {
            let message = format!(
                "`maxTokens` is {}; `{}` answers with at most {} tokens",
                agent.answer_tokens_max, endpoint.model, known.output
            );
            found.push(Diagnostic::new(Code::LimitReached, draft.spots.place(None, "maxTokens"), message));
        }
        if agent.temperature.is_some_and(|temperature| (temperature - 1.0).abs() > f64::EPSILON)
            && known.temperature == Temperature::Fixed
        {
            let message = format!("`temperature` does nothing: `{}` takes none but its own", endpoint.model);
            let at = draft.spots.place(None, "temperature");
            found.push(Diagnostic::new(Code::NoEffect, at, message).hint("remove it"));
        }
    }
}

fn without_effect(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    let mut nothing = |path: &str, message: &str, hint: &str| {
        let at = draft.spots.place(None, path);
        found.push(Diagnostic::new(Code::NoEffect, at, message).hint(hint));
    };
    if agent.mode == Mode::Relay && !agent.hold_phrases.is_empty() {
        let message = "`holdPhrases` are never said with `mode: relay`, where words go as they come";
        nothing("holdPhrases.0", message, "remove them");
    }
    if agent.cache.is_some() && agent.temperature.is_some_and(|temperature| temperature > 1.0) {
        let message = "with `cache` the same words get the same answer, however freely the model words it";
        nothing("cache", message, "lower `temperature`, or leave `cache` out");
    }
    if !agent.personal.is_empty() && agent.cache.is_none() {
        let message = "`personalVariables` matter to `cache` alone, which is not switched on";
        nothing("personalVariables.0", message, "remove them, or switch `cache` on");
    }
}

/// Languages that we have no words and no ear for.
fn tongues(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    let path = if draft.spots.has(None, "language") { "language" } else { "languages.0" };
    let is_strange = |language: &&String| Tongue::of(language).is_none() && is_language_tag(language);
    for language in agent.languages.iter().filter(is_strange) {
        let own = [
            ("fallback", agent.fallback.is_some()),
            ("closing", agent.closing.is_some()),
            ("silencePrompts", !agent.silence_prompts.is_empty()),
            ("holdPhrases", agent.mode == Mode::Relay || !agent.hold_phrases.is_empty()),
        ];
        let missing: Vec<&str> =
            own.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
        let at = draft.spots.place(None, path);
        if !missing.is_empty() {
            let message = format!("there are no phrases in `{language}`: they are said in English");
            let hint = format!("write your own: `{}`", missing.join("`, `"));
            found.push(Diagnostic::new(Code::MissingPhrases, at, message).hint(hint));
        }
        if agent.user_hangup == UserHangup::Allowed && agent.end_phrases.is_empty() {
            let message = format!("no goodbye is understood in `{language}`");
            let hint = "write what callers say to end the call under `endPhrases`";
            found.push(Diagnostic::new(Code::MissingPhrases, at, message).hint(hint));
        }
        for tool in &agent.tools {
            let has_set = tool.claims.iter().any(|claim| matches!(claim, Claim::Set(_)));
            let has_own = tool.claims.iter().any(|claim| claim.is_of(language));
            if has_set && !has_own {
                let message = format!("no claim is found in `{language}`: the ready sets do not know it");
                let at = draft.spots.place(Some(tool.index), "claims");
                let hint = format!("add `{{language: {language}, patterns: […]}}`");
                let diagnostic = Diagnostic::new(Code::MissingPhrases, at, message).hint(hint);
                found.push(diagnostic.in_block(&tool.name));
            }
        }
    }
}

/// Somebody who wants to go should not have to hang up.
fn way_out(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    let ends = |does: &Does| matches!(does, Does::EndCall | Does::Transfer { .. });
    if agent.user_hangup == UserHangup::Refused && !agent.tools.iter().any(|tool| ends(&tool.does)) {
        let message = "nothing but a limit ends the call: a goodbye does not, and no tool can";
        let hint = "add a tool of type `endCall`, or leave `allowUserHangup` out";
        let at = draft.spots.place(None, "allowUserHangup");
        found.push(Diagnostic::new(Code::CallerCannotEnd, at, message).hint(hint));
    }
}
