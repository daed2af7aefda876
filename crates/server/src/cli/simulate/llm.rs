//! Conversations with an agent that talks by a language model: at the terminal, by a script, or many of them.

use super::endpoint::ModelArgs;
use super::report::Tally;
use super::talk::{LlmTalk, Screen};
use super::{Args, HELP, lines_of, reply, told};
use crate::cli::CliError;
use crate::cli::check::read_file;
use crate::cli::script::{Call, Outcome};
use crate::cli::terminal::{Paint, harmless, print, print_json};
use crate::model::ModelClient;
use engine::agent::LlmAgent;
use engine::agent::llm::EndpointDef;
use engine::conversation::{Medium, Opening};
use engine::id::ConversationId;
use engine::rehearsal::Reply;
use serde_json::{Map, Value, json};
use std::io::BufRead as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) async fn run(
    mut agent: LlmAgent,
    args: &Args,
    variables: Map<String, Value>,
) -> Result<ExitCode, CliError> {
    if args.text {
        let hint = "leave --text out: it speaks as on the phone";
        return Err(CliError::misused("an agent that talks by a language model has no texts yet", hint));
    }
    let client = Arc::new(args.model.client()?);
    if let Some(model) = args.model.model() {
        agent.endpoints = vec![EndpointDef { credential: None, model: model.to_owned(), prices: None }];
    }
    let actor = Actor { agent: Arc::new(agent), client, variables, language: args.language.clone() };
    match (&args.script, args.model.conversations) {
        (Some(script), Some(count)) => many(&actor, script, count, &args.model, args.json).await,
        (Some(script), None) => play(&actor, script, args.json).await,
        (None, _) => talk(&actor, args.why).await,
    }
}

/// What every conversation begins with.
#[derive(Clone)]
struct Actor {
    agent: Arc<LlmAgent>,
    client: Arc<ModelClient>,
    variables: Map<String, Value>,
    language: Option<String>,
}

impl Actor {
    async fn open(&self, tools: Map<String, Value>, screen: Screen) -> Result<LlmTalk, CliError> {
        let opening = Opening {
            variables: self.variables.clone(),
            language: self.language.clone(),
            ..Opening::of(ConversationId::from_trusted("cnv_simulation"), Medium::Voice)
        };
        LlmTalk::open(&self.agent, self.client.clone(), opening, tools, screen).await
    }

    /// A whole scripted call. A script that runs out hangs up.
    async fn played(&self, call: &Call, replies: &[Reply]) -> Result<(LlmTalk, Outcome), CliError> {
        let mut talk = self.open(call.tools.clone(), Screen::None).await?;
        for reply in replies {
            talk.reply(reply).await?;
        }
        talk.hang_up().await?;
        let mut values = talk.conversation.results().answers;
        values.extend(talk.findings(&self.agent).await);
        let outcome = Outcome {
            asked: Vec::new(),
            said: talk.said.clone(),
            values,
            ended_by: talk.conversation.ended_by().map_or("hangup", |by| by.as_str()),
        };
        Ok((talk, outcome))
    }
}

/// Plays every line of a script, and prints it as it is played.
async fn play(actor: &Actor, script: &Path, as_json: bool) -> Result<ExitCode, CliError> {
    let mut code = ExitCode::SUCCESS;
    for (number, line) in lines_of(&read_file(script)?) {
        let (call, replies) = match line {
            Ok(line) => line,
            Err(problem) => {
                code = ExitCode::FAILURE;
                let problem = format!("line {number} is no call: {problem}");
                if as_json {
                    print_json(&json!({ "error": problem }))?;
                } else {
                    eprintln!("error: {problem}");
                }
                continue;
            }
        };
        let (_, outcome) = actor.played(&call, &replies).await?;
        if as_json {
            let Outcome { asked, said, values, ended_by } = &outcome;
            print_json(&json!({
                "id": call.id, "asked": asked, "said": said, "values": values, "ended_by": ended_by,
            }))?;
        } else {
            print(&told(&call.id, &outcome))?;
        }
        for difference in call.expected.differences(&outcome) {
            code = ExitCode::FAILURE;
            eprintln!("error: {} (line {number}): {difference}", call.id);
        }
    }
    Ok(code)
}

/// Holds so many conversations, some of them at the same time, and reports how they went.
async fn many(
    actor: &Actor,
    script: &Path,
    count: u32,
    args: &ModelArgs,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let lines = lines_of(&read_file(script)?).into_iter();
    let calls = lines.map(|(number, line)| {
        line.map_err(|problem| {
            let hint = "mend the script: of many conversations every line counts";
            CliError::misused(format!("line {number} is no call: {problem}"), hint)
        })
    });
    let calls: Vec<Arc<(Call, Vec<Reply>)>> =
        calls.map(|call| call.map(Arc::new)).collect::<Result<_, _>>()?;
    if calls.is_empty() {
        return Err(CliError::misused("the script holds no call", "write one JSON object a line"));
    }
    let mut waiting = calls.iter().cycle().take(usize::try_from(count).unwrap_or(usize::MAX)).cloned();
    let mut under_way = JoinSet::new();
    let mut tally = Tally::default();
    loop {
        while under_way.len() < usize::from(args.at_once)
            && let Some(call) = waiting.next()
        {
            let actor = actor.clone();
            under_way.spawn(async move {
                let (talk, outcome) = actor.played(&call.0, &call.1).await?;
                let is_different = !call.0.expected.differences(&outcome).is_empty();
                Ok::<_, CliError>((talk, outcome, is_different))
            });
        }
        let Some(ended) = under_way.join_next().await else { break };
        let ended = ended.map_err(|error| CliError::io("a conversation broke off")(error.into()))?;
        let (talk, outcome, is_different) = ended?;
        tally.add(&talk, &outcome, is_different);
    }
    let report = tally.report();
    if as_json {
        print_json(&report)?
    } else {
        print(&report.told())?
    }
    Ok(if report.different > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Holds one conversation with whoever types.
async fn talk(actor: &Actor, with_why: bool) -> Result<ExitCode, CliError> {
    let paint = Paint::for_output();
    print(&paint.faint(HELP))?;
    let screen = |with_why| if with_why { Screen::All(paint) } else { Screen::Words(paint) };
    let mut talk = actor.open(Map::new(), screen(with_why)).await?;
    let mut lines = std::io::stdin().lock().lines();
    while talk.conversation.ended_by().is_none() {
        print("> ")?;
        let Some(line) = lines.next() else {
            talk.hang_up().await?;
            break;
        };
        let line = line.map_err(CliError::io("standard input cannot be read"))?;
        match line.trim() {
            "/why" => talk.screen = screen(!matches!(talk.screen, Screen::All(_))),
            "/bye" => talk.hang_up().await?,
            typed => {
                talk.reply(&reply(typed)).await?;
                if let (Screen::All(_), Some(pace)) = (talk.screen, talk.pace()) {
                    print(&format!("    {}\n", paint.faint(&pace)))?;
                }
            }
        }
    }
    conclude(&actor.agent, &mut talk, paint).await
}

async fn conclude(agent: &LlmAgent, talk: &mut LlmTalk, paint: Paint) -> Result<ExitCode, CliError> {
    let by = talk.conversation.ended_by().map_or("hangup", |by| by.as_str());
    let mut out = format!("\nended by {}\n", paint.bold(by));
    let found = talk.findings(agent).await;
    for (name, value) in talk.conversation.results().answers.into_iter().chain(found) {
        out.push_str(&format!("  {name} = {}\n", harmless(&value.to_string())));
    }
    for problem in &talk.problems {
        out.push_str(&format!("  {}\n", paint.faint(&harmless(problem))));
    }
    if let Some(dialogue) = talk.conversation.dialogue() {
        let is_assumed = dialogue.cost_is_assumed || talk.after.cost_is_assumed;
        let assumed = if is_assumed { ", at the dearest price" } else { "" };
        let dollars = dialogue.cost_nanodollars as f64 / 1e9 + talk.after_dollars();
        let after = talk.after.usage;
        let tokens = dialogue.usage.prompt + dialogue.usage.answer + after.prompt + after.answer;
        out.push_str(&format!("  {tokens} tokens, ${dollars:.6}{assumed}\n"));
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}
