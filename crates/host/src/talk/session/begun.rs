//! What a session begins: questions to the model, and calls of tools.

use super::Work;
use crate::talk::answers::{self, Recording};
use crate::talk::pace;
use crate::talk::thinking::Thinking;
use crate::talk::tools::{Job, Tries};
use engine::agent::Agent;
use engine::conversation::{TurnEntry, TurnKind};
use engine::llm::dialogue::{Heard, Note, Phase};
use engine::llm::question::{Call, ModelEvent, Question};
use jiff::SignedDuration;
use std::sync::Arc;

impl Work {
    /// Asks the model, unless it answered the same before and the author wants that given again.
    pub(super) fn ask(&mut self, asked: u32, question: Question) {
        if let Agent::Llm(agent) = &*self.agent
            && let Some(key) = answers::key(agent, &self.stored)
        {
            let now = self.host.now();
            if let Some(text) = self.host.sessions().answers.find(&key, now) {
                let (turn, kind) = (self.dialogue().turn, TurnKind::Noted { note: Note::AnsweredBefore });
                self.sheaf.entries.push(TurnEntry { at: now, turn, kind });
                self.thinking = Some(Thinking::given(asked, text));
                return;
            }
            self.recording = Recording::begin(agent, key, asked, now);
        }
        let models = self.host.models().clone();
        let tasks = &self.host.sessions().tasks;
        self.thinking = Some(Thinking::begin(models, tasks, asked, question, self.patience));
    }

    /// Listens along where an answer may be given again.
    pub(super) fn record(&mut self, asked: u32, event: &ModelEvent) {
        let (answers, now) = (&self.host.sessions().answers, self.host.now());
        self.recording = self.recording.take().and_then(|it| it.hear(asked, event, answers, now));
    }

    /// What was heard, and whether it came before the latest words were over, by how long people speak: a line that
    /// does not tell of it takes what cut them off for silence, where it made nothing out.
    pub(super) fn against_the_clock(&mut self, heard: Heard) -> (Heard, bool) {
        let now = self.host.now();
        match &heard {
            Heard::Words { words, .. } => {
                let open = self.line().open.take();
                let is_early = open.is_some_and(|open| pace::began_within(&open, words, now));
                (heard, is_early)
            }
            Heard::Silence if self.dialogue().phase == Phase::Listening => {
                let Agent::Llm(agent) = &*self.agent else { return (heard, false) };
                let silence = SignedDuration::from_millis(agent.silence_timeout_ms);
                let open = self.line().open.take();
                match open.is_some_and(|open| pace::was_cut(&open, silence, now)) {
                    true => (Heard::Unclear, true),
                    false => (heard, false),
                }
            }
            _ => (heard, false),
        }
    }

    pub(super) fn perform(&mut self, call: Call, key: &str, tries: Tries) {
        let id = call.id.clone();
        let job = Job {
            key: format!("{}.{key}", self.stored.conversation.id),
            call,
            stored: Arc::new(self.stored.clone()),
            agent: self.agent.clone(),
            tries,
        };
        let tools = self.host.tools().clone();
        let done = async move {
            let id = job.call.id.clone();
            (id, tools.perform(job).await)
        };
        let task = self.tools.spawn(done);
        self.tools_at_work.insert(id, task);
    }
}
