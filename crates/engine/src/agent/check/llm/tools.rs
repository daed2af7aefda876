//! Tools whose templates ask for arguments that nobody gives, and variables that several of them set.

use crate::agent::llm::{ARGUMENTS, Does, ToolDef};
use crate::agent::load::LlmDraft;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::workflow::load::fields::listed;

/// Variables that the end of a call sets by itself.
const OWN: &[&str] = &["summary", "outcome", "answers"];

pub(super) fn check(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    for tool in &draft.agent.tools {
        let of_tool = |diagnostic: Diagnostic| diagnostic.in_block(&tool.name);
        found.extend(arguments(draft, tool).into_iter().map(of_tool));
        found.extend(unclaimed(draft, tool).map(of_tool));
        found.extend(taken(draft, tool).map(of_tool));
    }
    let extracted = draft.agent.after.extract.iter().flat_map(|extract| &extract.shape.properties);
    for name in extracted.map(|(name, _)| name.as_str()).filter(|name| OWN.contains(name)) {
        let message = format!("`{name}` is set by the end of the call itself");
        let at = draft.spots.place(None, "extract");
        found.push(Diagnostic::new(Code::BadName, at, message).hint("give the field another name"));
    }
    said_at_once(draft, found);
}

/// `arguments.x` where the tool has no parameter `x`.
fn arguments(draft: &LlmDraft, tool: &ToolDef) -> Vec<Diagnostic> {
    let mut known: Vec<&str> = tool.shape.properties.iter().map(|(name, _)| name.as_str()).collect();
    match &tool.does {
        Does::SendText(text) if text.message.is_none() => known.push("text"),
        Does::Transfer { .. } => known.push("summary"),
        _ => {}
    }
    let mut found = Vec::new();
    for (path, uses) in tool.all_uses() {
        for used in uses.iter().filter(|used| used.path.first().is_some_and(|name| name == ARGUMENTS)) {
            let Some(name) = used.path.get(1).filter(|name| !known.contains(&name.as_str())) else {
                continue;
            };
            let message = format!("the tool `{}` has no parameter `{name}`", tool.name);
            let hint = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
                [] => "describe it under `parameters`".to_owned(),
                known => format!("its parameters are {}", listed(known)),
            });
            let at = draft.spots.place_within(Some(tool.index), &path, used.at.offset, used.length);
            found.push(Diagnostic::new(Code::UnknownArgument, at, message).hint(hint));
        }
    }
    found
}

/// What a tool does that nobody keeps the model from claiming.
fn unclaimed(draft: &LlmDraft, tool: &ToolDef) -> Option<Diagnostic> {
    let set = match &tool.does {
        Does::SendText(_) => "sending",
        Does::Transfer { .. } => "transferring",
        _ => return None,
    };
    if !tool.claims.is_empty() {
        return None;
    }
    let message = format!("the model may say that `{}` was done without calling it", tool.name);
    let at = draft.spots.place(Some(tool.index), "name");
    Some(Diagnostic::new(Code::UnclaimedTool, at, message).hint(format!("write `claims: {set}`")))
}

/// A variable that something else sets too.
fn taken(draft: &LlmDraft, tool: &ToolDef) -> Option<Diagnostic> {
    let sets = |tool: &'_ ToolDef| -> Option<String> {
        match &tool.does {
            Does::SetVariable { variable } => Some(variable.clone()),
            Does::Ask { variable, .. } => variable.clone(),
            _ => None,
        }
    };
    let variable = sets(tool)?;
    let extracted = draft.agent.after.extract.as_ref();
    let is_extracted =
        extracted.is_some_and(|extract| extract.shape.properties.iter().any(|(name, _)| *name == variable));
    let message = if OWN.contains(&variable.as_str()) || is_extracted {
        format!("`{variable}` is set by the end of the call too, which overwrites it")
    } else {
        let mut before = draft.agent.tools.iter().take_while(|before| before.index < tool.index);
        let before = before.find(|before| sets(before).as_ref() == Some(&variable))?;
        format!("`{variable}` is set by `{}` too", before.name)
    };
    let at = draft.spots.place(Some(tool.index), "variable");
    Some(Diagnostic::new(Code::DuplicateId, at, message).hint("give it another name"))
}

/// A phrase that two instant answers have: only the first is ever given.
fn said_at_once(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<String> = Vec::new();
    for (index, instant) in draft.agent.instant_answers.iter().enumerate() {
        for phrase in &instant.phrases {
            let folded = crate::words::fold(phrase);
            if seen.contains(&folded) {
                let message = format!("an instant answer before it takes `{phrase}`");
                let at = draft.spots.place(None, &format!("instantAnswers.{index}"));
                found.push(Diagnostic::new(Code::DuplicateId, at, message).hint("remove one of the two"));
            }
            seen.push(folded);
        }
    }
}
