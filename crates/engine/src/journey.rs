//! Every path through a workflow: runs are begun with every input that makes a difference, and everything that can
//! happen to them happens, in the very functions that a server uses.
//!
//! A path is a list of blocks with the outcomes by which they were left. Of several ways to take one, the shortest is
//! kept. A way that comes back to where it was is not gone a second time.
//!
//! Where a question agent talks, the person answers: of all conversations that make a difference to the agent or to the
//! workflow, the shortest of each kind is held by the engine.

mod cast;
mod events;
mod inputs;
mod outlook;
mod talks;

pub use cast::Cast;

use crate::conversation::Resumption;
use crate::effect::{Effect, EffectKey, TimerKey};
use crate::event::{Event, Start};
use crate::id::RunId;
use crate::outcome::Outcome;
use crate::rehearsal::Reply;
use crate::run::{Advance, LogKind, Run, RunStatus, resume, start};
use crate::workflow::Workflow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet, VecDeque};
use talks::Talks;

/// Something that happens to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Happening {
    /// The person writes.
    Reply(String),
    /// The person writes STOP.
    Stop,
    /// The person answers the agent that talks, and then hangs up; by text, writes nothing more.
    Answers(Vec<Reply>),
    /// Nothing happens until the run's next timer.
    Time,
    /// The text, the call or the conversation that the run waits for ends like that.
    Comes(Outcome),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Passed {
    pub block: String,
    /// Nothing where the run ended in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// What has to be done to take a path.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Way {
    pub input: Map<String, Value>,
    pub happenings: Vec<Happening>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Came {
    pub path: Vec<Passed>,
    /// `completed`, `failed` or, where the run waits for more, `running`.
    pub status: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    pub way: Way,
    pub came: Came,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Journeys {
    /// The shortest ways first.
    pub found: Vec<Journey>,
    /// Some were not gone: there are too many, or they go round in circles for ever.
    pub is_cut: bool,
}

/// Paths that are looked for.
const PATHS_MAX: usize = 300;
/// Runs that are played to find them.
const PLAYS_MAX: usize = 20_000;
/// Happenings of one path.
const HAPPENINGS_MAX: usize = 40;

/// Every path through a workflow, as long as there are not too many.
pub fn journeys(workflow: &Workflow, cast: &Cast, now: Timestamp) -> Journeys {
    let talks = Talks::of(workflow, cast, now);
    let mut found: Vec<Journey> = Vec::new();
    let mut seen: HashSet<Vec<Passed>> = HashSet::new();
    let (inputs, mut is_cut) = inputs::samples(workflow);
    is_cut |= talks.is_cut();
    let begin = |input| Way { input, happenings: Vec::new() };
    let mut open: VecDeque<Way> = inputs.into_iter().map(begin).collect();
    let mut plays = 0;
    while let Some(way) = open.pop_front() {
        if plays >= PLAYS_MAX || found.len() >= PATHS_MAX {
            is_cut = true;
            break;
        }
        plays += 1;
        let Some(play) = Play::of(workflow, cast, &way, now) else { continue };
        let options = play.options(&talks);
        if options.is_empty() || play.run.status != RunStatus::Running {
            let came = play.came();
            if seen.insert(came.path.clone()) {
                found.push(Journey { way, came });
            }
            continue;
        }
        if way.happenings.len() >= HAPPENINGS_MAX {
            is_cut = true;
            continue;
        }
        if goes_round(&play.path) {
            continue;
        }
        for happening in options {
            let mut next = way.clone();
            next.happenings.push(happening);
            open.push_back(next);
        }
    }
    Journeys { found, is_cut }
}

/// Goes a way, and tells what comes of it; nothing where the input does not fit the workflow.
pub fn go(workflow: &Workflow, cast: &Cast, way: &Way, now: Timestamp) -> Option<Came> {
    Play::of(workflow, cast, way, now).map(|play| play.came())
}

/// Whether some block was left twice in the same manner.
fn goes_round(path: &[Passed]) -> bool {
    let mut seen = HashSet::new();
    path.iter().any(|passed| !seen.insert(passed))
}

/// A run under way.
#[derive(Clone)]
struct Play<'w> {
    workflow: &'w Workflow,
    cast: &'w Cast,
    run: Run,
    now: Timestamp,
    timers: BTreeMap<TimerKey, Timestamp>,
    /// What the run asked for last.
    asked: Option<Effect>,
    /// By agent: where its conversation with the person broke off.
    broke_off: BTreeMap<String, Resumption>,
    /// The block that it stands in, or ended in.
    entered: Option<String>,
    path: Vec<Passed>,
}

impl<'w> Play<'w> {
    fn of(workflow: &'w Workflow, cast: &'w Cast, way: &Way, now: Timestamp) -> Option<Play<'w>> {
        let id = RunId::from_trusted("run_path");
        let begun = Start { input: way.input.clone(), ..inputs::start(workflow, now) };
        let first = start(workflow, 1, id, begun, now).ok()?;
        let mut play = Play {
            workflow,
            cast,
            run: first.run.clone(),
            now,
            timers: BTreeMap::new(),
            asked: None,
            broke_off: BTreeMap::new(),
            entered: None,
            path: Vec::new(),
        };
        play.keep(first);
        for happening in &way.happenings {
            play.happen(happening);
        }
        Some(play)
    }

    fn happen(&mut self, happening: &Happening) {
        if *happening == Happening::Time {
            let next = self.timers.iter().map(|(key, at)| (*key, *at)).min_by_key(|(_, at)| *at);
            let Some((key, at)) = next else { return };
            self.timers.remove(&key);
            self.now = self.now.max(at);
            return self.tell(Event::TimerFired { key });
        }
        if let Happening::Answers(replies) = happening {
            let Some(conversed) = self.conversed(replies) else { return };
            self.now = conversed.at;
            if let Some(resumption) = conversed.broke_off {
                self.broke_off.insert(conversed.agent, resumption);
            }
            return self.tell(conversed.event);
        }
        for event in self.events(happening) {
            self.tell(event);
        }
    }

    fn tell(&mut self, event: Event) {
        if let Ok(advance) = resume(self.workflow, self.run.clone(), event, self.now) {
            self.keep(advance);
        }
    }

    fn keep(&mut self, advance: Advance) {
        for entry in advance.log {
            match (entry.kind, entry.block) {
                (LogKind::BlockEntered { .. }, block) => self.entered = block,
                (LogKind::BlockLeft { outcome, .. }, Some(block)) => {
                    self.entered = None;
                    self.path.push(Passed { block, outcome: Some(outcome) });
                }
                _ => {}
            }
        }
        for effect in advance.effects {
            match effect {
                Effect::SetTimer { key, at } => drop(self.timers.insert(key, at)),
                Effect::CancelTimer { key } => drop(self.timers.remove(&key)),
                Effect::EndConversation { .. } => {}
                asked => self.asked = Some(asked),
            }
        }
        self.run = advance.run;
    }

    fn came(self) -> Came {
        let cause = match &self.run.status {
            RunStatus::Failed { cause } => Some(cause.code.clone()),
            _ => None,
        };
        let mut path = self.path;
        path.extend(self.entered.map(|block| Passed { block, outcome: None }));
        Came { path, status: self.run.status.as_str().to_owned(), cause, result: self.run.result }
    }

    fn key(&self) -> EffectKey {
        match &self.asked {
            Some(
                Effect::SendMessage { key, .. }
                | Effect::PlaceCall { key, .. }
                | Effect::AnswerCall { key, .. }
                | Effect::BeginConversation { key, .. },
            ) => *key,
            _ => EffectKey { step: 0, n: 0 },
        }
    }
}
