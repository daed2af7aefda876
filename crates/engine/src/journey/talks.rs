//! Conversations on the way: an agent asks, and what the person answers decides where the run goes.

use super::events::named_ends;
use super::outlook::{Verdict, looks, verdicts};
use super::{Cast, Happening, Passed, Play};
use crate::agent::paths::{Outside, Scripts, scripts};
use crate::agent::{Agent, QuestionAgent};
use crate::conversation::{Medium, Opening, Resumption};
use crate::effect::{Effect, TimerKey};
use crate::event::{Event, Interviewed};
use crate::id::ConversationId;
use crate::outcome::Outcome;
use crate::rehearsal::{Rehearsal, Reply};
use crate::run::context;
use crate::workflow::{Block, BlockKind, Workflow};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// What people may say to the agents of a workflow, by block.
pub(super) struct Talks(HashMap<String, Scripts>);

impl Talks {
    pub(super) fn of(workflow: &Workflow, cast: &Cast, now: Timestamp) -> Talks {
        let looks = looks(workflow);
        let of_block = |block: &Block| {
            let (medium, language) = spoken(workflow, block)?;
            let agent = speaking(cast.questions(&block.id)?, language.as_deref());
            let outside = Outside { looks: &looks, medium };
            Some((block.id.clone(), scripts(&agent, outside, now)))
        };
        Talks(workflow.blocks.iter().filter_map(of_block).collect())
    }

    pub(super) fn is_cut(&self) -> bool {
        self.0.values().any(|scripts| scripts.is_cut)
    }
}

/// How a block talks, and in which language.
fn spoken(workflow: &Workflow, block: &Block) -> Option<(Medium, Option<String>)> {
    match &block.kind {
        BlockKind::Call(call) => {
            let language = call.language.clone().or_else(|| workflow.defaults.language.clone());
            Some((Medium::Voice, language))
        }
        BlockKind::TextAgent(talk) => Some((Medium::Text, talk.language.clone())),
        _ => None,
    }
}

/// The agent with the language first that it will speak.
fn speaking(agent: &QuestionAgent, language: Option<&str>) -> Agent {
    let mut agent = agent.clone();
    let spoken = crate::conversation::language(&agent.languages, language);
    agent.languages.sort_by_key(|tag| *tag != spoken);
    Agent::Questions(Box::new(agent))
}

impl Play<'_> {
    /// What the person may answer to the agent of a block, each as the shortest of all answers that lead the same way,
    /// and how else the conversation may end. Nothing where the agent is not known.
    pub(super) fn answers(&self, block: &Block, talks: &Talks, others: &[Outcome]) -> Option<Vec<Happening>> {
        let (agent, scripts) = (self.cast.questions(&block.id)?, talks.0.get(&block.id)?);
        let speaker = self.cast.agent(&block.id)?;
        if speaker.missing_variable(&self.run.variables).is_some() {
            // Nobody is called for half a sentence.
            return Some(vec![Happening::Comes(Outcome::Failed)]);
        }
        let (nobody, left) = match block.kind {
            BlockKind::TextAgent(_) => (Outcome::Timeout, Vec::new()),
            _ => (Outcome::HungUp, Vec::new()),
        };
        let calls_back = agent.resume.is_some_and(|resume| resume.call_back_ms.is_some());
        let leaves = block.on.contains_key(nobody.name()) || calls_back;
        let mut seen = HashSet::new();
        let mut options = Vec::new();
        for replies in scripts.replies.iter().chain(leaves.then_some(&left)) {
            let happening = Happening::Answers(replies.clone());
            let mut tried = self.clone();
            tried.happen(&happening);
            if seen.insert(tried.stands_since(self)) {
                options.push(happening);
            }
        }
        options.extend(named_ends(block, others));
        Some(options)
    }

    /// Where a run has come to since, and where it would go.
    fn stands_since(self, before: &Play<'_>) -> Stands {
        Stands {
            path: self.path[before.path.len()..].to_vec(),
            entered: self.entered.clone(),
            status: self.run.status.as_str(),
            timers: self.timers.keys().copied().collect(),
            verdicts: verdicts(self.workflow, &self.run.variables, &context(self.workflow, self.now)),
        }
    }

    /// A conversation in which these are the answers, and after which the person is gone.
    pub(super) fn conversed(&self, replies: &[Reply]) -> Option<Conversed> {
        let position = self.run.position.as_ref()?;
        let (_, block) = self.workflow.block(&position.block)?;
        let (medium, language) = spoken(self.workflow, block)?;
        let agent = self.cast.agent(&block.id).filter(|agent| agent.questions().is_some())?;
        let defaults = &self.workflow.defaults;
        let opening = Opening {
            id: ConversationId::from_trusted("cnv_path"),
            medium,
            variables: self.run.variables.clone(),
            secrets: self.run.sensitive.clone(),
            time_zone: defaults.time_zone.clone(),
            language,
            region: defaults.region.clone(),
            resume: self.broke_off.get(agent.name()).cloned(),
        };
        let mut talk = Rehearsal::open(agent, opening, self.now);
        replies.iter().for_each(|reply| talk.reply(reply));
        talk.leave();
        let outcome = talk.conversation.ended_by()?.outcome();
        let answers = Interviewed::from(talk.conversation.results());
        let key = self.key();
        let event = match self.asked.as_ref()? {
            Effect::BeginConversation { .. } => {
                Event::TextConversationEnded { key, outcome, failure: None, answers }
            }
            asked => {
                let call = Box::new(self.ended_call(&self.placed(asked)?, outcome));
                Event::ConversationEnded { key, call, answers, call_back_at: talk.call_back_at() }
            }
        };
        let (agent, broke_off) = (agent.name().to_owned(), talk.conversation.resumption(agent));
        Some(Conversed { event, at: talk.now, agent, broke_off })
    }
}

/// What came of a conversation.
pub(super) struct Conversed {
    /// What the run hears of it.
    pub(super) event: Event,
    pub(super) at: Timestamp,
    pub(super) agent: String,
    /// Where the next one goes on.
    pub(super) broke_off: Option<Resumption>,
}

/// What tells two ways to answer apart.
#[derive(PartialEq, Eq, Hash)]
struct Stands {
    path: Vec<Passed>,
    entered: Option<String>,
    status: &'static str,
    timers: Vec<TimerKey>,
    verdicts: Vec<Verdict>,
}
