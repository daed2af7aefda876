//! `twilio` with a text and an agent: the agent asks one question a message, and the run goes on once the
//! conversation has ended.
//!
//! The conversation is held by whoever hosts the run, and tells the run its end alone.

use super::interviewed::take_answers;
use super::twilio::compose::{recipient, sender};
use crate::effect::{BeginConversation, Effect, EffectKey};
use crate::event::{Failure, Interviewed};
use crate::message::ContentTemplate;
use crate::outcome::Outcome;
use crate::run::Refused;
use crate::run::fault::Fault;
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn};
use crate::workflow::{BlockKind, TextAgentBlock};
use template::Template;

pub(in crate::run) fn run(machine: &mut Machine<'_>, talk: &TextAgentBlock) -> Turn {
    let begin = match compose(machine, talk) {
        Ok(begin) => begin,
        Err(fault) => return Turn::Fail(fault),
    };
    let step = machine.run.position.as_ref().map_or(0, |position| position.step);
    let key = EffectKey { step, n: 0 };
    machine.note(LogKind::ConversationRequested { key, from: begin.from.clone(), to: begin.to.clone() });
    machine.perform(Effect::BeginConversation { key, begin });
    machine.run.visits.clear();
    machine.bound_age();
    Turn::Stay
}

fn compose(machine: &Machine<'_>, talk: &TextAgentBlock) -> Result<BeginConversation, Fault> {
    let render = |field: &str, template: &Template| {
        template
            .render(&machine.run.variables, &machine.context)
            .map_err(|error| Fault::of_render(field, &error))
    };
    let region = machine.workflow.defaults.region.as_deref();
    let template = match &talk.content_sid {
        None => None,
        Some(sid) => {
            let mut variables = indexmap::IndexMap::new();
            for (name, value) in &talk.content_variables {
                variables.insert(name.clone(), render(&format!("contentVariables.{name}"), value)?);
            }
            Some(ContentTemplate { sid: render("contentSid", sid)?.trim().to_owned(), variables })
        }
    };
    Ok(BeginConversation {
        channel: talk.channel,
        credential: talk.credential.clone(),
        from: sender(&render, &talk.from, region)?,
        to: recipient(&render, "to", &talk.to, region)?,
        agent: talk.agent.clone(),
        language: talk.language.clone(),
        template,
        sensitive: talk.content_variables.values().any(|value| machine.says_secrets(value)),
        class: machine.workflow.defaults.message_class,
    })
}

/// Takes the answers, and goes on.
pub(in crate::run) fn ended(
    machine: &mut Machine<'_>,
    key: EffectKey,
    outcome: Outcome,
    failure: Option<Failure>,
    interviewed: Interviewed,
) -> Result<(), Refused> {
    let (index, block) = machine.standing().ok_or(Refused::NotAwaited)?;
    let is_its_step = machine.run.position.as_ref().is_some_and(|position| position.step == key.step);
    if !is_its_step || !matches!(block.kind, BlockKind::TextAgent(_)) {
        return Err(Refused::NotAwaited);
    }
    take_answers(machine, &block.id, key, interviewed);
    let turn = match failure {
        Some(failure) => Turn::Fail(Fault::of_call(&failure)),
        None if outcome.is_failure() => {
            Turn::Fail(Fault::of_outcome(outcome, "the conversation did not come to its end"))
        }
        None => {
            let names: Vec<&str> =
                std::iter::once(outcome).chain(outcome.group()).map(Outcome::name).collect();
            Turn::Leave(Exit::by(block, &names))
        }
    };
    machine.go_on(index, turn);
    Ok(())
}

/// The run ends while an agent still talks for it.
pub(in crate::run) fn abandon(machine: &mut Machine<'_>) {
    let Some((_, block)) = machine.standing() else { return };
    if let (BlockKind::TextAgent(_), Some(position)) = (&block.kind, &machine.run.position) {
        let key = EffectKey { step: position.step, n: 0 };
        machine.perform(Effect::EndConversation { key });
    }
}
