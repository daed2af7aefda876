//! One conversation with an agent that talks by a language model. What its tools would do outside is not done: the
//! script says what they answer.

use super::show;
use crate::cli::CliError;
use crate::cli::terminal::Paint;
use crate::model::ModelClient;
use engine::agent::{Agent, LlmAgent};
use engine::conversation::{Conversation, Opening, TalkEvent, TurnEntry, begin};
use engine::llm::after::{self, Gathering, Next};
use engine::llm::dialogue::{Done, Heard, Note, Out};
use engine::llm::models::Usage;
use engine::llm::persona::Persona;
use engine::llm::question::{Failure, ModelEvent, Question};
use engine::rehearsal::Reply;
use host::{LanguageModel as _, Patience};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Pieces of an answer that may wait to be looked at.
const PIECES_MAX: usize = 64;

/// Milliseconds from the caller's last word on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timing {
    pub(super) first_token_ms: Option<f64>,
    pub(super) first_sentence_ms: Option<f64>,
    pub(super) complete_ms: Option<f64>,
}

/// Where what happens is shown while it happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Screen {
    None,
    Words(Paint),
    /// With reasons.
    All(Paint),
}

pub(super) struct LlmTalk {
    persona: Persona,
    client: Arc<ModelClient>,
    patience: Patience,
    /// What tools answer, by name.
    tools: Map<String, Value>,
    pub(super) conversation: Conversation,
    pub(super) said: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) timings: Vec<Timing>,
    /// What the questions behind the call took.
    pub(super) after: Gathering,
    /// Why something that was to be found out is missing.
    pub(super) problems: Vec<String>,
    pub(super) screen: Screen,
    began: Instant,
    asking: Option<(u32, mpsc::Receiver<ModelEvent>)>,
}

impl LlmTalk {
    /// A call that is answered by a person at once.
    ///
    /// # Errors
    /// Where a text of the agent lacks a variable, or nothing can be printed.
    pub(super) async fn open(
        agent: &LlmAgent,
        client: Arc<ModelClient>,
        opening: Opening,
        tools: Map<String, Value>,
        screen: Screen,
    ) -> Result<LlmTalk, CliError> {
        let conversation =
            begin(&Agent::Llm(Box::new(agent.clone())), opening, Timestamp::now()).conversation;
        let persona = agent.persona(&conversation).map_err(|unfilled| {
            CliError::misused(unfilled.to_string(), r#"give the variables by --vars '{"name": "Ann"}'"#)
        })?;
        let ms = |ms: i64| Duration::from_millis(ms.unsigned_abs());
        let patience = Patience { first: ms(agent.patience.first_ms), whole: ms(agent.patience.whole_ms) };
        let mut talk = LlmTalk {
            persona,
            client,
            patience,
            tools,
            conversation,
            said: Vec::new(),
            notes: Vec::new(),
            timings: Vec::new(),
            after: Gathering::default(),
            problems: Vec::new(),
            screen,
            began: Instant::now(),
            asking: None,
        };
        talk.hear(Heard::Connected).await?;
        talk.timings.clear();
        Ok(talk)
    }

    /// What the person does next, up to where they have the word again. Nothing happens once it has ended.
    ///
    /// # Errors
    /// Where nothing can be printed.
    pub(super) async fn reply(&mut self, reply: &Reply) -> Result<(), CliError> {
        if self.conversation.ended_by().is_some() {
            return Ok(());
        }
        self.hear(match reply {
            Reply::Said { words, confidence } => {
                Heard::Words { words: words.clone(), language: None, confidence: *confidence }
            }
            Reply::Keys(keys) => Heard::Keys { keys: keys.clone() },
            Reply::Silence => Heard::Silence,
        })
        .await
    }

    /// # Errors
    /// Where nothing can be printed.
    pub(super) async fn hang_up(&mut self) -> Result<(), CliError> {
        if self.conversation.ended_by().is_some() {
            return Ok(());
        }
        let turn = self.conversation.turn;
        self.happen(TalkEvent::Heard { turn, heard: Heard::HungUp })
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), CliError> {
        self.began = Instant::now();
        self.timings.push(Timing::default());
        let turn = self.conversation.turn;
        self.happen(TalkEvent::Heard { turn, heard })?;
        while let Some((asked, events)) = &mut self.asking {
            let asked = *asked;
            // An answer that ends without its end counts as broken.
            let nothing = || ModelEvent::Failed { failure: Failure::Broken, usage: Default::default() };
            let event = events.recv().await.unwrap_or_else(nothing);
            if matches!(event, ModelEvent::Finished { .. } | ModelEvent::Failed { .. }) {
                self.asking = None;
            }
            self.happen(TalkEvent::Model { asked, event })?;
        }
        self.mark(|timing| &mut timing.complete_ms);
        Ok(())
    }

    /// Once it is over: the fields, the summary and the outcome that the agent asks for, as variables.
    pub(super) async fn findings(&mut self, agent: &LlmAgent) -> Map<String, Value> {
        if !after::is_wanted(agent, &self.conversation) {
            return Map::new();
        }
        let mut gathering = Gathering::begin(agent, &self.conversation);
        loop {
            let next = match gathering.question(agent, &self.conversation) {
                Some(question) => match self.whole(question).await {
                    Ok((answer, usage, endpoint)) => gathering.answered(agent, &answer, usage, endpoint),
                    Err((failure, usage)) => gathering.failed(agent, failure, usage),
                },
                None => gathering.give_up(agent, "the budget does not allow to ask a model"),
            };
            match next {
                Next::Ask => {}
                // Somebody sits before it, and nothing is lost.
                Next::Wait { .. } => {
                    gathering.give_up(agent, "the model has no answer");
                    break;
                }
                Next::Over => break,
            }
        }
        let findings = gathering.findings.clone().unwrap_or_default();
        self.problems.clone_from(&findings.problems);
        self.after = gathering;
        findings.variables(agent)
    }

    /// What that cost, in US dollars.
    pub(super) fn after_dollars(&self) -> f64 {
        self.after.cost_nanodollars as f64 / 1e9
    }

    /// A whole answer.
    async fn whole(&self, question: Question) -> Result<(String, Usage, usize), (Failure, Usage)> {
        let (sender, mut events) = mpsc::channel(PIECES_MAX);
        let (client, patience) = (self.client.clone(), self.patience);
        tokio::spawn(async move { client.ask(question, patience, sender).await });
        let mut answer = String::new();
        while let Some(event) = events.recv().await {
            match event {
                ModelEvent::Text { text } => answer.push_str(&text),
                ModelEvent::Called { .. } => {}
                ModelEvent::Finished { usage, endpoint, .. } => return Ok((answer, usage, endpoint)),
                ModelEvent::Failed { failure, usage } => return Err((failure, usage)),
            }
        }
        Err((Failure::Broken, Usage::default()))
    }

    fn mark(&mut self, stage: impl Fn(&mut Timing) -> &mut Option<f64>) {
        let ms = self.began.elapsed().as_secs_f64() * 1_000.0;
        if let Some(timing) = self.timings.last_mut() {
            stage(timing).get_or_insert(ms);
        }
    }

    /// Takes an event in, and whatever tools answer to it.
    fn happen(&mut self, event: TalkEvent) -> Result<(), CliError> {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            if matches!(&event, TalkEvent::Model { event: ModelEvent::Text { .. }, .. }) {
                self.mark(|timing| &mut timing.first_token_ms);
            }
            let talked = self.conversation.clone().talk(&self.persona, event, Timestamp::now());
            // What comes too late changes nothing.
            let Ok(talked) = talked else { continue };
            self.conversation = talked.conversation;
            self.notes.extend(talked.notes);
            for out in talked.out {
                events.extend(self.act(out));
            }
            self.print(&talked.log)?;
        }
        Ok(())
    }

    fn act(&mut self, out: Out) -> Option<TalkEvent> {
        match out {
            Out::Speak { text, .. } => {
                self.mark(|timing| &mut timing.first_sentence_ms);
                self.said.push(text);
            }
            Out::Think { asked, question } => {
                let (sender, events) = mpsc::channel(PIECES_MAX);
                let (client, patience) = (self.client.clone(), self.patience);
                tokio::spawn(async move { client.ask(*question, patience, sender).await });
                self.asking = Some((asked, events));
            }
            Out::StopThinking { asked } if self.asking.as_ref().is_some_and(|(open, _)| *open == asked) => {
                self.asking = None;
            }
            Out::Call { call, .. } => {
                let done = answer(self.tools.get(&call.name));
                return Some(TalkEvent::ToolDone { id: call.id, done });
            }
            _ => {}
        }
        None
    }

    fn print(&self, log: &[TurnEntry]) -> Result<(), CliError> {
        match self.screen {
            Screen::None => Ok(()),
            Screen::Words(paint) => show(log, false, paint),
            Screen::All(paint) => show(log, true, paint),
        }
    }

    /// How long the last turn took, for whoever wants reasons.
    pub(super) fn pace(&self) -> Option<String> {
        let timing = self.timings.last()?;
        let stage = |name: &str, ms: Option<f64>| ms.map(|ms| format!("{name} after {ms:.0} ms"));
        let stages = [
            stage("first token", timing.first_token_ms),
            stage("first sentence", timing.first_sentence_ms),
            stage("complete", timing.complete_ms),
        ];
        Some(stages.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// What a tool answers: what the script says, an object with `error` being a failure; else that nothing was done.
fn answer(scripted: Option<&Value>) -> Done {
    match scripted {
        None => Done::Well { text: json!({"done": true, "simulated": true}).to_string() },
        Some(Value::Object(object)) if object.contains_key("error") => {
            let reason = object["error"].as_str().unwrap_or("it failed").to_owned();
            Done::Badly { reason }
        }
        Some(Value::String(text)) => Done::Well { text: text.clone() },
        Some(value) => Done::Well { text: value.to_string() },
    }
}
