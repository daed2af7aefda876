//! Agents' files: what good ones are loaded as, and what is said of broken ones.

use crate::golden::check_folder;
use engine::agent::llm::{Disclosure, Does, LlmAgent, ToolDef};
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
        assert!(text.contains("error[") || text.contains("warning[") || text.contains("hint["), "{text}");
    }
}

#[test]
fn good_agents_load_as_they_are_meant() {
    check_folder("agents/good", |text, name| {
        let loaded = agent::load(text, Some(name));
        let said = render(&agent::check(&loaded), text, name);
        match loaded.agent {
            Some(Agent::Questions(agent)) => summary(&agent) + &said,
            Some(Agent::Llm(agent)) => llm_summary(&agent) + &said,
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

fn llm_summary(agent: &LlmAgent) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("text");
    line(format!("{} speaks {} by {}", agent.name, agent.languages.join(", "), agent.mode.as_str()));
    for endpoint in &agent.endpoints {
        line(format!("asks {} with {:?}", endpoint.model, endpoint.credential));
    }
    line(format!("prompt: {:?}", agent.system_prompt.source()));
    line(format!(
        "temperature {:?}, {} tokens, {:?} sentences, {} turns, {} ms, {:?}, {:?}",
        agent.temperature,
        agent.answer_tokens_max,
        agent.reply_sentences_max,
        agent.turns_max,
        agent.conversation_timeout_ms,
        agent.user_hangup,
        agent.end_phrases,
    ));
    for (key, speech) in agent.speeches() {
        line(format!("{key}: {}", shown(speech)));
    }
    if agent.disclosure == Disclosure::Ours {
        line("disclosure: in words of ours".to_owned());
    }
    line(format!(
        "transfer {:?}, silence {} ms, interruptible {}, {:?}, recorded {}, {:?}, {:?}",
        agent.fallback_transfer.as_ref().map(|to| to.source()),
        agent.silence_timeout_ms,
        agent.interruptible,
        agent.patience,
        agent.record_call,
        agent.budget,
        agent.cache,
    ));
    line(format!(
        "model {:?}, hints {:?}, secret {:?}, personal {:?}",
        agent.speech_model, agent.hints, agent.secrets, agent.personal
    ));
    for tool in &agent.tools {
        line(format!("tool {}", tool_summary(tool)));
    }
    for instant in &agent.instant_answers {
        line(format!("at once, to {:?}", instant.phrases));
    }
    if let Some(extract) = &agent.after.extract {
        line(format!("extracts {}", extract.schema));
    }
    line(format!("summary {:?}, outcomes {:?}", agent.after.summary, agent.after.outcomes));
    out
}

fn tool_summary(tool: &ToolDef) -> String {
    let does = match &tool.does {
        Does::Http(http) => format!(
            "{} {} {:?} body {:?} with {:?}, {} characters",
            http.method.as_str(),
            http.url.source(),
            http.headers.iter().map(|(name, text)| (name, text.source())).collect::<Vec<_>>(),
            http.body.is_some(),
            http.credential,
            http.answer_characters_max
        ),
        Does::SendText(text) => format!(
            "{:?} from {:?}: {:?}",
            text.channel,
            text.from.as_ref().map(|from| from.source()),
            text.message.as_ref().map(|message| message.source())
        ),
        Does::Ask { agent, variable } => format!("{} -> {variable:?}", summary(agent).trim_end()),
        Does::Transfer { to, summary, summary_to } => {
            format!("to {}, {summary:?} {:?}", to.source(), summary_to.as_ref().map(|to| to.source()))
        }
        Does::EndCall => String::new(),
        Does::SetVariable { variable } => variable.clone(),
    };
    format!(
        "{} ({:?}): {} {does}\n    {} {} ms {:?} {} claims",
        tool.name,
        tool.description,
        tool.does.name(),
        tool.schema,
        tool.timeout_ms,
        tool.on_interrupt,
        tool.claims.len()
    )
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
