//! Agents' files: what good ones are loaded as, and what is said of broken ones.

use crate::golden::check_folder;
use engine::agent::{self, Action, ActionKind, Agent, OnMaxRetries, QuestionAgent, Speech, Target};
use engine::diagnostic::{has_errors, render};
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn broken_agents_are_told_apart_exactly() {
    check_folder("agents/broken", |text, name| {
        render(&agent::check(&agent::load(text, Some(name))), text, name)
    });
}

/// A corpus that shrank would show nothing.
#[test]
fn the_corpus_of_broken_agents_is_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/agents/broken");
    let expected: Vec<String> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "expected"))
        .map(|path| fs::read_to_string(path).expect("UTF-8"))
        .collect();
    assert!(expected.len() >= 40, "{} broken agents", expected.len());
    for text in &expected {
        assert!(text.contains("error[") || text.contains("warning["), "{text}");
    }
}

#[test]
fn good_agents_load_as_they_are_meant() {
    check_folder("agents/good", |text, name| {
        let loaded = agent::load(text, Some(name));
        let said = render(&agent::check(&loaded), text, name);
        match loaded.agent {
            Some(Agent::Questions(agent)) => summary(&agent) + &said,
            None => said,
        }
    });
}

/// The shapes in which the format is documented: labels with blanks, a bare list, a single question.
#[test]
fn documented_shapes_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/agents/good");
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "expected") {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        let text = fs::read_to_string(&path).expect("UTF-8");
        let found = agent::check(&agent::load(&text, Some(name)));
        assert!(!has_errors(&found), "{}", render(&found, &text, name));
    }
}

fn summary(agent: &QuestionAgent) -> String {
    let mut out = String::new();
    writeln!(out, "{} speaks {}", agent.name, agent.languages.join(", ")).expect("text");
    let own = [
        ("greeting", &agent.greeting),
        ("recording notice", &agent.recording_notice),
        ("closing", &agent.closing),
        ("voicemail", &agent.voicemail_message),
    ];
    for (name, speech) in own {
        if let Some(speech) = speech {
            writeln!(out, "{name}: {}", shown(speech)).expect("text");
        }
    }
    writeln!(
        out,
        "keys announced: {}, time: {:?} ms, transfer: {:?}, resume: {:?}, {:?}",
        agent.announce_keys,
        agent.conversation_timeout_ms,
        agent.transfer_to.as_ref().map(|to| to.source()),
        agent.resume,
        agent.texting,
    )
    .expect("text");
    for question in &agent.questions {
        let given_up = match question.on_max_retries {
            OnMaxRetries::Continue => "on",
            OnMaxRetries::EndCall => "the end",
            OnMaxRetries::Transfer => "a transfer",
        };
        writeln!(
            out,
            "{} ({:?}): {} | {} retries, then {given_up} | {} ms | -> {}",
            question.id,
            question.kind,
            shown(&question.text),
            question.retries_max,
            question.timeout_ms,
            name_of(agent, question.next),
        )
        .expect("text");
        for choice in &question.choices {
            writeln!(out, "    choice {} key {:?} or {:?}", choice.value, choice.key, choice.synonyms)
                .expect("text");
        }
        for action in &question.actions {
            writeln!(out, "    {}", described(agent, action)).expect("text");
        }
    }
    out
}

fn described(agent: &QuestionAgent, action: &Action) -> String {
    let operands: Vec<String> = action
        .condition
        .operator
        .operands()
        .into_iter()
        .map(|operand| match &operand.value {
            Some(value) => format!("{:?} = {value}", operand.text),
            None => format!("{:?}", operand.text),
        })
        .collect();
    let to = match action.does {
        ActionKind::Continue(Some(target)) => format!(" -> {}", name_of(agent, target)),
        _ => String::new(),
    };
    let message =
        action.message.as_ref().map(|message| format!(", says {}", shown(message))).unwrap_or_default();
    format!(
        "if {} {} [{}]: {}{to}{message}",
        agent.questions[action.condition.field].id,
        action.condition.operator.name(),
        operands.join(", "),
        action.does.name()
    )
}

fn shown(speech: &Speech) -> String {
    let texts: Vec<String> = speech
        .iter()
        .map(|(tag, template)| {
            if tag.is_empty() {
                template.source().to_owned()
            } else {
                format!("{tag}: {}", template.source())
            }
        })
        .collect();
    texts.join(" | ")
}

fn name_of(agent: &QuestionAgent, target: Target) -> &str {
    target.index().map_or("end", |index| &agent.questions[index].id)
}
