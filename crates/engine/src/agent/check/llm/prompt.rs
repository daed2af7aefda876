//! What keeps providers from charging less for a prompt that they have seen.

use super::cost::prompt_tokens;
use crate::agent::load::LlmDraft;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::llm::models::estimate_tokens;

/// Providers keep the beginning of a prompt from so many tokens on (OpenAI).
const CACHED_FROM_TOKENS: usize = 1_024;
/// Text behind a variable that is worth to be moved before it, in tokens.
const WORTH_MOVING_TOKENS: usize = 50;

/// Variables near the beginning of the prompt: from the first one on, no two calls have it in common.
pub(super) fn check(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let prompt = &draft.agent.system_prompt;
    let source = prompt.source();
    let mut told: Vec<String> = Vec::new();
    let mut first: Option<(usize, usize)> = None;
    for used in prompt.variables() {
        let name = used.path.join(".");
        let before = estimate_tokens(source.get(..used.at.offset).unwrap_or_default());
        if before < CACHED_FROM_TOKENS && !told.contains(&name) {
            told.push(name);
            first.get_or_insert((used.at.offset, used.length));
        }
    }
    let Some((offset, length)) = first else { return };
    let behind = estimate_tokens(source.get(offset..).unwrap_or_default());
    let whole = prompt_tokens(&draft.agent);
    if behind < WORTH_MOVING_TOKENS {
        return;
    }
    let before = estimate_tokens(&source[..offset]);
    let names = told.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let message = format!(
        "{names} {} from call to call near the beginning of the prompt: only its first {before} tokens are the same \
         for all calls",
        if told.len() == 1 { "changes" } else { "change" }
    );
    let hint = if whole >= CACHED_FROM_TOKENS {
        "put what changes at the end of the prompt: providers charge less for a beginning that they have seen"
            .to_owned()
    } else {
        format!(
            "put what changes at the end of the prompt; it begins to matter at {CACHED_FROM_TOKENS} tokens, and this one has about {whole}"
        )
    };
    // A short prompt is kept by no provider, so nothing is lost yet.
    let severity = if whole >= CACHED_FROM_TOKENS { Severity::Warning } else { Severity::Hint };
    let at = draft.spots.place_within(None, "systemPrompt", offset, length);
    found.push(Diagnostic::new(Code::UncachedPrompt, at, message).hint(hint).severity(severity));
}
