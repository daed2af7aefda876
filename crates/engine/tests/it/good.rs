//! Good workflows and what they are loaded as.

use crate::golden::check_folder;
use engine::check::{Surroundings, check};
use engine::workflow::{self, Block, BlockKind, Target, Workflow};
use std::fmt::Write;

#[test]
fn good_files_load_as_they_are_meant() {
    check_folder("good", |text, name| {
        let loaded = workflow::load(text, Some(name));
        let said = engine::diagnostic::render(&check(&loaded, &Surroundings::default()), text, name);
        loaded.workflow.map_or_else(|| said.clone(), |workflow| summary(&workflow) + &said)
    });
}

/// What matters of a workflow, in lines.
fn summary(workflow: &Workflow) -> String {
    let mut out = String::new();
    let on_error = workflow.on_error.map(|target| name_of(workflow, target));
    let inputs: Vec<String> = workflow
        .input
        .iter()
        .map(|input| match &input.default {
            None => format!("{} {}", input.name, input.schema),
            Some(default) => format!("{} {} = {default}", input.name, input.schema),
        })
        .collect();
    writeln!(out, "name: {}", workflow.name).expect("text");
    writeln!(out, "trigger: {:?}", workflow.trigger).expect("text");
    writeln!(out, "input: {}", inputs.join("; ")).expect("text");
    writeln!(out, "on error: {on_error:?}").expect("text");
    for block in &workflow.blocks {
        write!(out, "{}: {}", block.id, kind(workflow, block)).expect("text");
        for (outcome, target) in &block.on {
            write!(out, " | {outcome} -> {}", name_of(workflow, *target)).expect("text");
        }
        writeln!(out, " | -> {}", name_of(workflow, block.next)).expect("text");
    }
    out
}

fn name_of(workflow: &Workflow, target: Target) -> &str {
    target.index().map_or("end", |index| &workflow.blocks[index].id)
}

fn kind(workflow: &Workflow, block: &Block) -> String {
    match &block.kind {
        BlockKind::Twilio(text) => {
            let message = text.message.as_ref().map(|message| message.source());
            let save: Vec<String> =
                text.save.iter().map(|save| format!("{}->{}", save.result, save.variable)).collect();
            format!(
                "{} from {:?} to {:?} says {message:?} media {} until {:?} in {} ms, save [{}], retry {} after {} ms {:?}",
                text.channel.as_str(),
                text.from.source(),
                text.to.source(),
                text.media.len(),
                text.until,
                text.delivery_timeout_ms,
                save.join(" "),
                text.retry.attempts_max,
                text.retry.delay_ms,
                text.retry.codes,
            )
        }
        BlockKind::Call(call) => format!("{call:?}"),
        BlockKind::TextAgent(talk) => format!("{talk:?}"),
        BlockKind::WaitForReply(wait) => {
            let answers: Vec<String> = wait
                .answers
                .iter()
                .map(|answer| format!("{}: {:?}", answer.outcome, answer.accepts))
                .collect();
            format!("reply within {:?} ms [{}]", wait.timeout_ms, answers.join(", "))
        }
        BlockKind::Wait(wait) => format!("{wait:?}").replace(['\n'], " "),
        BlockKind::Condition(condition) => format!("if {}", condition.test.source()),
        BlockKind::Switch(switch) => {
            let cases: Vec<String> = switch
                .cases
                .iter()
                .map(|case| format!("{:?} -> {}", case.equals, name_of(workflow, case.next)))
                .collect();
            let otherwise = switch.otherwise.map(|target| name_of(workflow, target));
            format!("switch {} [{}] else {otherwise:?}", switch.value.source(), cases.join(", "))
        }
        BlockKind::Set(set) => {
            let values: Vec<String> =
                set.values.iter().map(|(name, value)| format!("{name} = {}", text_of(value))).collect();
            format!("set {}", values.join(", "))
        }
        BlockKind::End(end) => {
            let result: Vec<String> =
                end.result.iter().map(|(name, value)| format!("{name} = {}", text_of(value))).collect();
            format!("end fail {:?} result {}", end.fail.as_ref().map(|fail| fail.source()), result.join(", "))
        }
    }
}

fn text_of(value: &workflow::SetValue) -> String {
    use workflow::SetValue;
    match value {
        SetValue::Text(template) => format!("text {:?}", template.source()),
        SetValue::Value(expression) => format!("value {:?}", expression.source()),
        SetValue::Literal(value) => value.to_string(),
        SetValue::List(items) => format!("[{}]", items.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        SetValue::Object(fields) => {
            let field = |(name, value): (&String, &SetValue)| format!("{name}: {}", text_of(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}
