//! The loop of a session.
//!
//! Whatever happens goes to the engine, and what comes out is sorted: a question is put to the model at once, so that
//! it thinks while what the caller said is being stored; everything that others see waits until it is on disk.

mod begun;
mod shown;

use super::answers::Recording;
use super::handle::{Came, NotHeard, NotKept, Session, Told};
use super::pace;
use super::sheaf::{After, IDLE_WAIT, Kept, Sheaf, WORDS_WAIT};
use super::thinking::Thinking;
use super::times::Times;
use super::tools::Tries;
use super::write::{Next, NotStored};
use super::{Stage, Standing};
use crate::Steering;
use crate::language_model::Patience;
use crate::live::Busy;
use crate::work::Host;
use engine::agent::Agent;
use engine::conversation::{Course, EndedBy, Refused, TalkEvent, TurnEntry};
use engine::id::ConversationId;
use engine::llm::dialogue::{Dialogue, Done, Heard, Out, Phase};
use engine::llm::persona::Persona;
use engine::llm::question::ModelEvent;
use jiff::SignedDuration;
use shown::standing_of;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::record::{Exchange, LineState, Saying, StoredConversation, Transfer};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};

/// Things that may wait to be told; a line that tells more waits.
const DESK: usize = 64;
/// A session that nothing happened to for so long is over; its conversation can be taken up again.
const IDLE_MAX: Duration = Duration::from_mins(10);
/// How long one is kept after its conversation's end, for those who still ask.
const LINGER: Duration = Duration::from_mins(1);
/// Things that are taken in one after another before what they made is stored: what is there at once, such as the
/// sentences of a quick answer, makes one commit.
const AT_ONCE_MAX: u32 = 64;

/// What a session begins with.
pub(super) struct Begin {
    pub(super) agent: Arc<Agent>,
    pub(super) persona: Arc<Persona>,
    pub(super) patience: Patience,
    /// As it was stored last.
    pub(super) stored: StoredConversation,
    pub(super) guard: i64,
}

/// A session at work.
struct Work {
    host: Host,
    agent: Arc<Agent>,
    persona: Arc<Persona>,
    patience: Patience,
    /// The newest value; what is ahead of the disk is in the sheaf or under way.
    stored: StoredConversation,
    /// Of the latest value on disk.
    guard: i64,
    /// The latest saying on disk.
    said_on_disk: u32,
    /// The end of the conversation is on disk, or was when the session began.
    is_end_stored: bool,
    interruptions: u32,
    sheaf: Sheaf,
    flight: Option<Flight>,
    thinking: Option<Thinking>,
    /// Of the answer that comes in, where it may be given again.
    recording: Option<Recording>,
    tools: JoinSet<(String, Done)>,
    tools_at_work: HashMap<String, AbortHandle>,
    times: Times,
    told: mpsc::Receiver<Told>,
    standing: watch::Sender<Standing>,
    /// Until when nothing may happen.
    idle_until: Instant,
    leaves: bool,
    busy: Option<Busy>,
}

/// A commit that is under way.
struct Flight {
    stored: Pin<Box<dyn Future<Output = Result<i64, NotStored>> + Send>>,
    /// How it stands once it is stored, and the latest saying of all.
    standing: Standing,
    said: u32,
    after: Vec<After>,
    keep: Option<Kept>,
    ends: bool,
}

/// Something that happens to a session.
enum Happening {
    Told(Option<Told>),
    Model(ModelEvent),
    Tool(Option<(String, Done)>),
    Stored(Result<i64, NotStored>),
    TimeUp,
    /// Something is to be stored now.
    Due,
    /// Something is to be stored soon, or nothing happened for long.
    Clock,
}

/// Makes a session's task.
pub(super) fn begin(host: &Host, begin: Begin) -> Session {
    let Begin { agent, persona, patience, stored, guard } = begin;
    let (tells, told) = mpsc::channel(DESK);
    let is_end_stored = stored.conversation.ended_by().is_some();
    let said_on_disk = stored.line.as_ref().map_or(0, |line| line.said);
    let (standing, watched) = watch::channel(standing_of(&stored, 0));
    let of = stored.conversation.id.clone();
    let session = Session {
        of,
        credential: stored.credential.clone(),
        agent: agent.clone(),
        persona: persona.clone(),
        tells,
        standing: watched,
    };
    host.sessions().add(session.clone());
    let work = Work {
        host: host.clone(),
        agent,
        persona,
        patience,
        stored,
        guard,
        said_on_disk,
        is_end_stored,
        interruptions: 0,
        sheaf: Sheaf::default(),
        flight: None,
        thinking: None,
        recording: None,
        tools: JoinSet::new(),
        tools_at_work: HashMap::new(),
        times: Times::default(),
        told,
        standing,
        idle_until: Instant::now() + IDLE_MAX,
        leaves: false,
        busy: None,
    };
    let (host, handle) = (host.clone(), session.clone());
    host.clone().sessions().tasks.spawn(async move {
        work.run().await;
        host.sessions().forget(&handle);
    });
    session
}

impl Work {
    async fn run(mut self) {
        self.go_on();
        let mut time_up = self.time_up();
        let mut at_once = 0;
        loop {
            if self.leaves || at_once >= AT_ONCE_MAX {
                self.store_what_is_due();
                at_once = 0;
            }
            if self.leaves && self.flight.is_none() {
                return;
            }
            self.count_as_busy();
            let happening = self.next(&mut time_up).await;
            at_once = if self.is_due() { at_once + 1 } else { 0 };
            if !matches!(happening, Happening::Clock | Happening::Due | Happening::TimeUp) {
                let patience = if self.is_end_stored { LINGER } else { IDLE_MAX };
                self.idle_until = Instant::now() + patience;
            }
            match happening {
                Happening::Told(None) => self.leave(),
                Happening::Told(Some(told)) => {
                    let was_waiting = self.dialogue().connected_at.is_none();
                    self.hear(told);
                    if was_waiting {
                        time_up = self.time_up();
                    }
                }
                Happening::Model(event) => self.read(event),
                Happening::Tool(done) => self.tool_is_done(done),
                Happening::Stored(stored) => self.is_stored(stored),
                Happening::TimeUp => {
                    time_up = Box::pin(std::future::pending());
                    let _ =
                        self.advance(TalkEvent::Heard { turn: self.dialogue().turn, heard: Heard::TimedOut });
                }
                Happening::Due => self.store_what_is_due(),
                Happening::Clock if Instant::now() >= self.idle_until => self.leave(),
                Happening::Clock => {}
            }
        }
    }

    async fn next(&mut self, time_up: &mut Pin<Box<dyn Future<Output = ()> + Send>>) -> Happening {
        let alarm = match self.sheaf.due().filter(|_| self.flight.is_none()) {
            Some(due) => due.min(self.idle_until),
            None => self.idle_until,
        };
        tokio::select! {
            biased;
            stored = async { self.flight.as_mut().expect("asked for").stored.as_mut().await },
                if self.flight.is_some() => Happening::Stored(stored),
            told = self.told.recv(), if !self.leaves => Happening::Told(told),
            event = async { self.thinking.as_mut().expect("asked for").next().await },
                if self.thinking.is_some() => Happening::Model(event),
            done = self.tools.join_next(), if !self.tools.is_empty() => {
                // A tool that was cancelled, or broke, has nothing to say for itself.
                Happening::Tool(done.and_then(Result::ok))
            }
            () = time_up => Happening::TimeUp,
            () = std::future::ready(()), if self.is_due() => Happening::Due,
            () = tokio::time::sleep_until(alarm.into()) => Happening::Clock,
        }
    }

    /// Ends once the call has lasted as long as it may.
    fn time_up(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let since = self.dialogue().connected_at;
        let until = since
            .zip(self.persona.timeout_ms)
            .and_then(|(since, ms)| since.checked_add(SignedDuration::from_millis(ms)).ok());
        let Some(until) = until else { return Box::pin(std::future::pending()) };
        let host = self.host.clone();
        Box::pin(async move {
            while host.now() < until {
                host.sleep_until(until).await;
            }
        })
    }

    /// Takes up what an earlier session left.
    fn go_on(&mut self) {
        if self.is_end_stored {
            return;
        }
        let at_work = self.dialogue().at_work.clone();
        if self.is_replying() {
            // Refused only where the answer came to its end.
            let _ = self.advance(TalkEvent::Resumed);
        }
        for call in at_work {
            let key = format!("{}.{}", self.dialogue().turn, call.id);
            self.perform(call, &key, Tries::Again);
        }
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Heard { turn, heard, came, reply } => {
                let answer = self.heard(turn, heard, came);
                let _ = reply.send(answer);
            }
            Told::Interrupted { reported, reply } => {
                let _ = reply.send(self.interrupted(reported));
            }
            Told::Took { n } => {
                if self.line().outbox.first().is_some_and(|saying| saying.n <= n) {
                    self.line().outbox.retain(|saying| saying.n > n);
                    self.sheaf.want(IDLE_WAIT);
                }
            }
            Told::Keep { keep, reply } => {
                self.sheaf.keep((keep, reply));
            }
            Told::Leave => self.leave(),
            Told::CallOver => {
                self.standing.send_modify(|standing| {
                    if !standing.stage.is_over() {
                        standing.stage = Stage::Ended { by: EndedBy::Hangup };
                    }
                });
                self.give_up(&NotKept::Lost);
            }
        }
    }

    fn heard(&mut self, turn: Option<u32>, heard: Heard, came: Came) -> Result<u32, NotHeard> {
        let before = self.dialogue().turn;
        let (heard, is_unheard) = self.against_the_clock(heard);
        if is_unheard {
            // Refused where nothing was said, or another turn is asked for.
            let _ = self.advance(TalkEvent::Unheard);
        }
        let event = TalkEvent::Heard { turn: turn.unwrap_or(before), heard };
        self.advance(event)?;
        let turn = self.dialogue().turn;
        if turn > before {
            self.times.begin(turn, came);
        }
        self.note_end_of_turn();
        Ok(turn)
    }

    fn interrupted(&mut self, reported: String) -> Result<(), NotHeard> {
        let turn = self.dialogue().turn;
        // What was still to be said is not said any more, even where the conversation is over already.
        let open = std::mem::take(&mut self.line().outbox);
        let open: usize =
            open.iter().filter(|saying| saying.turn == turn).map(|saying| saying.shown().len() + 1).sum();
        self.interruptions += 1;
        self.sheaf.want(Duration::ZERO);
        let open = open.saturating_sub(1);
        self.advance(TalkEvent::Interrupted { reported, open })
    }

    fn read(&mut self, event: ModelEvent) {
        let Some(thinking) = &self.thinking else { return };
        let asked = thinking.asked;
        self.record(asked, &event);
        match event {
            ModelEvent::Text { .. } | ModelEvent::Called { .. } => self.times.token(),
            // Dropped before the engine hears of it: what it took is told, and not estimated.
            ModelEvent::Finished { .. } | ModelEvent::Failed { .. } => self.thinking = None,
        }
        // Refused where an interruption was faster.
        let _ = self.advance(TalkEvent::Model { asked, event });
        self.note_end_of_turn();
    }

    fn tool_is_done(&mut self, done: Option<(String, Done)>) {
        let (id, done) = match done {
            Some(done) => done,
            None => match self.broken_tool() {
                Some(id) => {
                    (id, Done::Badly { reason: "it broke; nobody knows whether it was done".to_owned() })
                }
                None => return,
            },
        };
        self.tools_at_work.remove(&id);
        let _ = self.advance(TalkEvent::ToolDone { id, done });
        self.note_end_of_turn();
    }

    /// A tool whose task ended without a result.
    fn broken_tool(&self) -> Option<String> {
        let mut broken = self.tools_at_work.iter().filter(|(_, task)| task.is_finished());
        broken.next().map(|(id, _)| id.clone())
    }

    /// Lets the engine make the next value, and does what comes out of it.
    fn advance(&mut self, event: TalkEvent) -> Result<(), NotHeard> {
        let is_result = matches!(event, TalkEvent::ToolDone { .. });
        let is_text = matches!(event, TalkEvent::Model { event: ModelEvent::Text { .. }, .. });
        let conversation = self.stored.conversation.clone();
        let talked =
            conversation.talk(&self.persona, event, self.host.now()).map_err(|refused| match refused {
                Refused::Stale => NotHeard::Stale,
                Refused::Ended => NotHeard::Ended,
            })?;
        self.stored.conversation = talked.conversation;
        // Text that makes up no sentence yet is not worth a commit.
        if !talked.out.is_empty() || !talked.log.is_empty() || !is_text {
            let only_thinks =
                talked.out.iter().all(|out| matches!(out, Out::Think { .. } | Out::StopThinking { .. }));
            self.sheaf.want(if only_thinks { WORDS_WAIT } else { Duration::ZERO });
        }
        self.sheaf.entries.extend(talked.log);
        for out in talked.out {
            self.act(out, is_result);
        }
        self.show_draft();
        Ok(())
    }

    fn act(&mut self, out: Out, is_result: bool) {
        match out {
            Out::Speak { text, language, interruptible, secrecy } => {
                let turn = self.dialogue().turn;
                let line = self.line();
                line.said += 1;
                line.outbox.push(Saying { n: line.said, turn, text, language, interruptible, secrecy });
            }
            // What a tool did is stored before the model learns it.
            Out::Think { asked, question } if is_result => {
                self.sheaf.after.push(After::Ask { asked, question });
            }
            Out::Think { asked, question } => self.ask(asked, *question),
            Out::StopThinking { asked } if self.thinking.as_ref().is_some_and(|it| it.asked == asked) => {
                self.spend()
            }
            Out::StopThinking { .. } => {}
            Out::Call { call, key } => self.sheaf.after.push(After::Perform { call, key }),
            Out::CancelCall { id } => {
                self.sheaf.forget_call(&id);
                if let Some(task) = self.tools_at_work.remove(&id) {
                    task.abort();
                }
            }
            Out::PauseRecording => self.sheaf.steering = Some(Steering::Pause),
            Out::ResumeRecording => self.sheaf.steering = Some(Steering::Resume),
            Out::Transfer { to, summary, about } => {
                self.line().transfer = Some(Transfer { to, summary, about });
            }
            // They show in how the conversation stands, or are done.
            Out::Listen { .. }
            | Out::Switch { .. }
            | Out::End { .. }
            | Out::Inquire { .. }
            | Out::Said { .. } => {}
        }
    }

    /// Whether something is to be stored now: no other commit is under way.
    fn is_due(&self) -> bool {
        self.flight.is_none() && self.sheaf.due().is_some_and(|due| due <= Instant::now() || self.leaves)
    }

    /// Begins a commit, if one is due and none is under way.
    fn store_what_is_due(&mut self) {
        if !self.is_due() || self.standing.borrow().stage == Stage::Lost {
            return;
        }
        let Sheaf { entries, keep, after, steering, .. } = self.sheaf.take();
        if let Some(from) = keep.as_ref().and_then(|(keep, _)| keep.open_from) {
            let at = self.host.now();
            let open = pace::words_from(&self.line().outbox, from, at);
            self.line().open = open;
        }
        if let Some(took) = keep.as_ref().and_then(|(keep, _)| keep.took) {
            self.line().outbox.retain(|saying| saying.n > took);
        }
        let ending = self.stored.conversation.ended_by().filter(|_| !self.is_end_stored);
        self.stored.updated_at = self.host.now();
        let (standing, said) = (standing_of(&self.stored, self.interruptions), self.line().said);
        let next = Next {
            stored: self.stored.clone(),
            loaded_guard: Some(self.guard),
            exchange: self.exchange(entries, keep.as_ref()),
            webhook: keep.as_ref().and_then(|(keep, _)| keep.webhook.clone()),
            steering,
            ending,
        };
        let stored = Box::pin(self.host.clone().write_talk(next));
        self.flight = Some(Flight { stored, standing, said, after, keep, ends: ending.is_some() });
    }

    /// What is written of it in the transcript, under a name that no other commit has.
    fn exchange(&self, entries: Vec<TurnEntry>, keep: Option<&Kept>) -> Exchange {
        match keep {
            Some((keep, _)) => Exchange {
                turn: keep.turn,
                part: keep.part.clone(),
                document: Some(keep.document.clone()),
                entries,
            },
            None => Exchange {
                turn: self.dialogue().turn,
                part: format!("talk{}", self.guard + 1),
                document: None,
                entries,
            },
        }
    }

    fn is_stored(&mut self, stored: Result<i64, NotStored>) {
        let Some(flight) = self.flight.take() else { return };
        let guard = match stored {
            Ok(guard) => guard,
            Err(why) => return self.is_not_stored(&why, flight.keep),
        };
        self.guard = guard;
        self.said_on_disk = flight.said;
        self.is_end_stored |= flight.ends;
        if let Some((_, reply)) = flight.keep {
            let _ = reply.send(Ok(()));
        }
        if flight.standing.outbox.iter().any(|saying| saying.turn == self.dialogue().turn) {
            self.times.sentence();
        }
        let stands = Standing { done: self.is_done(&flight.standing.stage), ..flight.standing };
        self.standing.send_if_modified(|standing| {
            let is_new = *standing != stands;
            *standing = stands;
            is_new
        });
        self.show_draft();
        self.note_times();
        for after in flight.after {
            match after {
                After::Ask { asked, question } if self.is_asked(asked) => self.ask(asked, *question),
                After::Perform { call, key } if self.is_at_work(&call.id) => {
                    self.perform(call, &key, Tries::First);
                }
                // Broken off meanwhile.
                After::Ask { .. } | After::Perform { .. } => {}
            }
        }
    }

    fn is_asked(&self, asked: u32) -> bool {
        let dialogue = self.dialogue();
        dialogue.asked == asked && matches!(dialogue.phase, Phase::Replying { .. }) && self.thinking.is_none()
    }

    fn is_at_work(&self, id: &str) -> bool {
        self.dialogue().at_work.iter().any(|call| call.id == id) && !self.tools_at_work.contains_key(id)
    }

    fn is_not_stored(&mut self, why: &NotStored, keep: Option<Kept>) {
        let id: &ConversationId = &self.stored.conversation.id;
        let (stage, not_kept) = match why {
            NotStored::Lost => {
                tracing::debug!(conversation = %id, "another session holds the conversation");
                (Stage::Lost, NotKept::Lost)
            }
            NotStored::Broken(error) => {
                let error = error as &dyn std::error::Error;
                tracing::error!(conversation = %id, error, "a conversation could not be stored");
                (Stage::Broken, NotKept::Broken)
            }
        };
        if let Some((_, reply)) = keep {
            let _ = reply.send(Err(not_kept.clone()));
        }
        self.standing.send_modify(|standing| standing.stage = stage);
        self.give_up(&not_kept);
    }

    /// Stops without storing anything more.
    fn give_up(&mut self, why: &NotKept) {
        self.sheaf.refuse(why);
        self.sheaf = Sheaf::default();
        self.flight = None;
        self.stop();
    }

    /// Stops, and stores what is known.
    fn leave(&mut self) {
        self.spend();
        self.stop();
    }

    /// What an answer took that is stopped counts all the same.
    fn spend(&mut self) {
        let Some(thinking) = self.thinking.take() else { return };
        if let Some(usage) = thinking.spent() {
            // A conversation that has ended keeps no accounts any more.
            let _ = self.advance(TalkEvent::Spent { asked: thinking.asked, usage });
        }
    }

    fn stop(&mut self) {
        self.thinking = None;
        self.tools.abort_all();
        self.tools_at_work.clear();
        self.leaves = true;
        self.told.close();
    }

    fn note_end_of_turn(&mut self) {
        self.show_done();
        if !self.is_replying() {
            self.times.complete();
            self.note_times();
        }
    }

    /// The times of a turn that is over go to the transcript, with whatever is stored next.
    fn note_times(&mut self) {
        if let Some((turn, kind)) = self.times.take() {
            self.sheaf.entries.push(TurnEntry { at: self.host.now(), turn, kind });
            self.sheaf.want_some_time();
        }
    }

    fn line(&mut self) -> &mut LineState {
        self.stored.line.get_or_insert_default()
    }

    fn dialogue(&self) -> &Dialogue {
        dialogue_of(&self.stored)
    }
}

/// The dialogue of a conversation that a session holds.
fn dialogue_of(stored: &StoredConversation) -> &Dialogue {
    match &stored.conversation.course {
        Course::Llm(dialogue) => dialogue,
        Course::Questions(_) => unreachable!("a session is opened for a language model alone"),
    }
}
