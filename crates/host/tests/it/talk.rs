//! Sessions of language models: who holds a conversation, what is on disk when, and tools that run once.

#![expect(clippy::unwrap_used, reason = "a harness that fails is a test that fails")]

use crate::drive::settings;
use crate::world::{NUMBER, World};
use async_trait::async_trait;
use engine::call::{AgentRef, Call, Course, Detection, Plan, Receipt, Script};
use engine::conversation::TurnKind;
use engine::id::{CallId, ConversationId};
use engine::llm::after::PATIENCE_MS;
use engine::llm::dialogue::{Done, Heard};
use engine::llm::history::Line;
use engine::llm::models::Usage;
use engine::llm::question::{self, Finish, Message, ModelEvent, Question};
use engine::sending::{Direction, Progress, State};
use host::{
    Came, Clock as _, Host, Job, Keep, LanguageModel, NotHeard, NotKept, Outside, Patience, Session, Stage,
    Standing, Take, TalkOf, Tools, Tries,
};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use store::record::{Guarded, Held, TaskKind};
use store::{Birth, Commit, ConversationWrite, Insert, OpenOptions, Role, Store};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

const AGENT: &str = "
name: desk
agentType: LLM Agent
credential: models
model: m
mode: relay
systemPrompt: Be brief.
greeting: Hello.
summary: true
tools:
  - {name: book, type: http, description: Books., url: https://example.com/book, method: POST, parameters: {day: {type: string}}}
";

/// A model that answers what the last message asks for.
struct Scripted;

#[async_trait]
impl LanguageModel for Scripted {
    async fn ask(&self, question: Question, _: Patience, events: mpsc::Sender<ModelEvent>) {
        let text = |text: &str| ModelEvent::Text { text: text.to_owned() };
        let finished = |how| ModelEvent::Finished { how, usage: Usage::default(), endpoint: 0 };
        let answer = match question.messages.last() {
            _ if question.schema.is_some() && question.messages.iter().any(is_lazy) => Vec::new(),
            _ if question.schema.is_some() => {
                vec![text(r#"{"summary": "They counted."}"#), finished(Finish::Stop)]
            }
            Some(Message::Tool { text: result, .. }) => vec![text(result), finished(Finish::Stop)],
            Some(Message::Caller { text: said }) if said.contains("book") => {
                let arguments = r#"{"day": "Monday"}"#.to_owned();
                let call = question::Call { id: "call_1".to_owned(), name: "book".to_owned(), arguments };
                vec![ModelEvent::Called { call }, finished(Finish::Calls)]
            }
            // It begins to answer, and then nothing comes any more.
            Some(Message::Caller { text: said }) if said.contains("slow") => vec![text("One. Two. Three")],
            _ => vec![text("One. Two. Three. Four."), finished(Finish::Stop)],
        };
        let is_whole = matches!(answer.last(), Some(ModelEvent::Finished { .. }));
        for event in answer {
            // Nobody may listen any more.
            let _ = events.send(event).await;
        }
        if !is_whole {
            events.closed().await;
        }
    }
}

/// A model that fills forms in late: once it may.
#[derive(Default)]
struct Late {
    asked: AtomicU32,
    may_answer: Notify,
}

#[async_trait]
impl LanguageModel for Late {
    async fn ask(&self, _: Question, _: Patience, events: mpsc::Sender<ModelEvent>) {
        let may_answer = self.may_answer.notified();
        self.asked.fetch_add(1, Ordering::Relaxed);
        may_answer.await;
        let finished = ModelEvent::Finished { how: Finish::Stop, usage: Usage::default(), endpoint: 0 };
        for event in [ModelEvent::Text { text: r#"{"summary": "Too late."}"#.to_owned() }, finished] {
            // Nobody may listen any more.
            let _ = events.send(event).await;
        }
    }
}

fn is_lazy(message: &Message) -> bool {
    matches!(message, Message::Caller { text } if text.contains("lazy form"))
}

/// Tools that tell who called, and wait until they may end.
#[derive(Default)]
struct Bench {
    began: Mutex<Vec<(String, Tries)>>,
    may_end: Notify,
}

#[async_trait]
impl Tools for Bench {
    async fn perform(&self, job: Job) -> Done {
        self.began.lock().unwrap().push((job.key, job.tries));
        self.may_end.notified().await;
        Done::Well { text: "It is booked.".to_owned() }
    }
}

/// Nodes over one database, and a call.
struct Site {
    store: Store,
    tools: Arc<Bench>,
    of: TalkOf,
    id: ConversationId,
    _folder: tempfile::TempDir,
}

impl Site {
    async fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            postgres_roots_file: None,
            url: format!("sqlite:{}", folder.path().join("switchboard.db").display()),
            encryption_keys: vec!["00".repeat(32).into()],
            connections: 2,
            role: Role::Node,
        };
        let store = Store::open(options).await.unwrap();
        let now = World::new(1, 0).clock.now();
        assert!(engine::agent::load(AGENT, Some("desk")).agent.is_some());
        store.publish_agent("desk", AGENT, now).await.unwrap();
        let call = CallId::from_trusted("call_0001");
        let plan = Plan {
            script: Script::Conversation { agent: AgentRef::Named("desk".into()) },
            voice: None,
            language: None,
            record: false,
            ring_timeout_s: None,
            duration_max_s: None,
            detection: Detection::Off,
        };
        let value = Call {
            id: call.clone(),
            direction: Direction::Outbound,
            credential: "main".into(),
            from: Some(NUMBER.into()),
            to: "+15557654321".into(),
            plan: Some(plan),
            class: engine::sending::MessageClass::default(),
            origin: None,
            progress: Progress::new(State::Accepted),
            course: Course::default(),
            receipt: Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        let mut commit = Commit::default();
        commit.calls.new.push(Insert { value, birth: Birth::Settled });
        store.commit(commit).await.unwrap();
        let id = ConversationId::of_call(&call);
        let of = TalkOf { credential: "main".into(), call, take: Take::Share };
        Site { store, tools: Arc::default(), of, id, _folder: folder }
    }

    /// A node of its own: it knows nothing of the others but what is stored.
    async fn node(&self) -> Host {
        self.node_with(Arc::new(Scripted)).await
    }

    async fn node_with(&self, models: Arc<dyn LanguageModel>) -> Host {
        self.node_in(&World::new(1, 0), models).await
    }

    async fn node_in(&self, world: &World, models: Arc<dyn LanguageModel>) -> Host {
        let outside = Outside { carrier: Arc::new(world.clone()), models, tools: self.tools.clone() };
        Host::new(self.store.clone(), outside, Arc::new(world.clock.clone()), settings()).await.unwrap()
    }

    /// What the agent said, as it is stored.
    async fn said(&self) -> Vec<String> {
        let stored = self.store.conversation(&self.id).await.unwrap().unwrap().value;
        let said = stored.conversation.dialogue().unwrap().lines.iter().filter_map(|line| match line {
            Line::Agent { text } => Some(text.clone()),
            _ => None,
        });
        said.collect()
    }
}

async fn says(session: &Session, words: &str) -> Result<u32, NotHeard> {
    let heard = Heard::Words { words: words.to_owned(), language: None, confidence: None };
    session.hear(None, heard, Came::now()).await
}

async fn stands(session: &Session, how: impl FnMut(&Standing) -> bool) -> Standing {
    session.watch().wait_for(how).await.unwrap().clone()
}

fn texts(standing: &Standing) -> Vec<&str> {
    standing.outbox.iter().map(|saying| saying.text.as_str()).collect()
}

#[tokio::test]
async fn whatever_a_line_sees_is_on_disk() {
    let site = Site::new().await;
    let host = site.node().await;
    let session = host.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    let greeted = stands(&session, |standing| standing.stage == Stage::Listening).await;
    assert_eq!((texts(&greeted), greeted.epoch), (vec!["Hello."], 1));
    assert_eq!(site.said().await, ["Hello."]);
    assert_eq!(says(&session, "Count").await, Ok(1));
    let counted = stands(&session, |standing| standing.stage == Stage::Listening && standing.turn == 1).await;
    assert_eq!(texts(&counted), ["Hello.", "One.", "Two.", "Three.", "Four."]);
    assert_eq!(site.said().await, ["Hello.", "One. Two. Three. Four."]);
    session.took(3).await;
    let heard = Heard::Words { words: "Late".to_owned(), language: None, confidence: None };
    assert_eq!(
        session.hear(Some(0), heard, Came::now()).await,
        Err(NotHeard::Stale),
        "of a turn that is over"
    );
    session.interrupted("Thr".to_owned()).await.unwrap();
    let cut = stands(&session, |standing| standing.interruptions == 1).await;
    assert_eq!(texts(&cut), [""; 0]);
    session.leave().await;
    assert_eq!(site.said().await[1], "One. Two.", "what was spoken for sure stays, whatever is reported");
    assert_eq!(says(&session, "Hello?").await, Err(NotHeard::Lost));
    site.store.close().await;
}

#[tokio::test]
async fn a_session_that_lost_its_conversation_stores_nothing_more() {
    let site = Site::new().await;
    let (one, other) = (site.node().await, site.node().await);
    let first = one.talk(&site.of).await.unwrap();
    first.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&first, "slow please").await.unwrap();
    stands(&first, |standing| texts(standing).contains(&"Two.")).await;
    let second = other.talk(&site.of).await.unwrap();
    // It does not know yet, and hears; what it would store is refused.
    let _ = says(&first, "Count").await;
    stands(&first, |standing| standing.stage == Stage::Lost).await;
    let keep =
        Keep { turn: 2, part: "x".into(), document: "y".into(), took: None, open_from: None, webhook: None };
    assert_eq!(first.keep(keep).await, Err(NotKept::Lost));
    // The other one goes on with the answer that was under way: what was said is not said again.
    let now = stands(&second, |standing| standing.stage == Stage::Listening).await;
    assert_eq!((now.epoch, now.turn), (2, 1));
    assert_eq!(texts(&now), ["Hello.", "One.", "Two.", "Three.", "Four."]);
    second.leave().await;
    assert_eq!(site.said().await, ["Hello.", "One. Two.", "Three. Four."]);
    site.store.close().await;
}

#[tokio::test]
async fn the_last_words_are_seen_out_while_it_is_found_out_what_came_of_them() {
    let site = Site::new().await;
    let host = site.node().await;
    let working = Working::begin(&host);
    let session = host.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&session, "Count").await.unwrap();
    stands(&session, |standing| standing.stage == Stage::Listening && standing.turn == 1).await;
    says(&session, "Goodbye").await.unwrap();
    let over = stands(&session, |standing| matches!(standing.stage, Stage::Ended { .. })).await;
    let gathered = async || {
        loop {
            let stored = site.store.conversation(&site.id).await.unwrap().unwrap().value;
            if stored.after.as_ref().is_some_and(|after| after.findings.is_some()) {
                return stored;
            }
            tokio::task::yield_now().await;
        }
    };
    let stored = gathered().await;
    assert!(stored.line.unwrap().is_owing(), "the session does not know of it, and has more to store");
    let took = over.outbox.last().map(|saying| saying.n);
    let (part, document) = ("last".to_owned(), "Goodbye.".to_owned());
    let keep = Keep { turn: 2, part, document, took, open_from: None, webhook: None };
    assert_eq!(session.keep(keep).await, Ok(()));
    session.leave().await;
    let stored = gathered().await;
    assert!(!stored.line.unwrap().is_owing());
    let findings = stored.after.unwrap().findings.unwrap();
    assert_eq!(findings.summary.as_deref(), Some("They counted."));
    let call = site.store.find::<Call>(&site.of.call).await.unwrap().unwrap().value;
    assert!(!call.course.gathers && call.course.ended_by.is_some(), "{:?}", call.course);
    working.end().await;
    site.store.close().await;
}

/// A node at its loop.
struct Working {
    stop: CancellationToken,
    work: tokio::task::JoinHandle<()>,
}

impl Working {
    fn begin(host: &Host) -> Working {
        let (host, stop) = (host.clone(), CancellationToken::new());
        let work = tokio::spawn({
            let stop = stop.clone();
            async move { host.run(stop).await }
        });
        Working { stop, work }
    }

    async fn end(self) {
        self.stop.cancel();
        self.work.await.unwrap();
    }
}

#[tokio::test]
async fn what_came_of_a_call_is_told_by_one_of_two_nodes_that_ask() {
    let site = Site::new().await;
    let late = Arc::new(Late::default());
    let (one, other) = (site.node_with(late.clone()).await, site.node().await);
    let session = other.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&session, "Count").await.unwrap();
    stands(&session, |standing| standing.stage == Stage::Listening && standing.turn == 1).await;
    says(&session, "Goodbye").await.unwrap();
    stands(&session, |standing| matches!(standing.stage, Stage::Ended { .. })).await;
    let first = Working::begin(&one);
    let held = loop {
        if late.asked.load(Ordering::Relaxed) > 0 {
            let tasks = site.store.tasks(100).await.unwrap();
            break tasks.into_iter().find(|task| matches!(task.kind, TaskKind::Gather { .. })).unwrap();
        }
        tokio::task::yield_now().await;
    };
    // The first one loses its lease while it waits, as if it had been frozen, and the other one looks then.
    let held = Held { task: held.id, claim: held.attempts };
    site.store.renew(&held, 0).await.unwrap().expect("the first one holds it");
    let second = Working::begin(&other);
    let findings = async || {
        let stored = site.store.conversation(&site.id).await.unwrap().unwrap().value;
        stored.after.and_then(|after| after.findings)
    };
    let found = loop {
        match findings().await {
            Some(found) => break found,
            None => tokio::task::yield_now().await,
        }
    };
    assert_eq!(found.summary.as_deref(), Some("They counted."));
    late.may_answer.notify_waiters();
    one.activity().quiet().await;
    other.activity().quiet().await;
    assert_eq!(findings().await, Some(found));
    let transcript = site.store.transcript(&site.id).await.unwrap();
    let gathered = transcript.iter().filter(|entry| matches!(entry.kind, TurnKind::Gathered { .. }));
    assert_eq!(gathered.count(), 1, "{transcript:?}");
    assert!(site.store.tasks(100).await.unwrap().iter().all(|left| left.id != held.task));
    first.end().await;
    second.end().await;
    site.store.close().await;
}

#[tokio::test]
async fn a_node_that_stops_leaves_it_to_others_to_find_out_what_came_of_a_call() {
    let site = Site::new().await;
    let host = site.node().await;
    let session = host.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&session, "Count for the lazy form").await.unwrap();
    stands(&session, |standing| standing.stage == Stage::Listening && standing.turn == 1).await;
    says(&session, "Goodbye").await.unwrap();
    stands(&session, |standing| matches!(standing.stage, Stage::Ended { .. })).await;
    let working = Working::begin(&host);
    let states = async || site.store.count_tasks_by_kind(World::new(1, 0).clock.now()).await.unwrap();
    let gathers = async || states().await.into_iter().find(|count| count.kind == "gather").unwrap();
    while gathers().await.leased == 0 {
        tokio::task::yield_now().await;
    }
    working.end().await;
    let left = gathers().await;
    assert_eq!((left.due, left.leased), (1, 0), "nobody waits for the end of its lease");
    site.store.close().await;
}

#[tokio::test]
async fn a_call_whose_agent_cannot_be_read_any_more_is_given_up_in_time() {
    let site = Site::new().await;
    let world = World::new(1, 0);
    let host = site.node_in(&world, Arc::new(Scripted)).await;
    let session = host.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&session, "Count").await.unwrap();
    stands(&session, |standing| standing.stage == Stage::Listening && standing.turn == 1).await;
    says(&session, "Goodbye").await.unwrap();
    stands(&session, |standing| matches!(standing.stage, Stage::Ended { .. })).await;
    session.leave().await;
    let ended_at = world.clock.now_ms();
    let Guarded { mut value, guard } = site.store.conversation(&site.id).await.unwrap().unwrap();
    // Of a version that nobody here has.
    value.agent.version = 9;
    let unread = ConversationWrite { value, loaded_guard: Some(guard), exchange: None };
    site.store.commit(Commit { conversations: vec![unread], ..Commit::default() }).await.unwrap();
    let working = Working::begin(&host);
    let findings = async || {
        let stored = site.store.conversation(&site.id).await.unwrap().unwrap().value;
        stored.after.and_then(|after| after.findings)
    };
    let (mut looks, mut last_due) = (0, world.clock.now());
    let found = loop {
        if let Some(found) = findings().await {
            break found;
        }
        let tasks = site.store.tasks(100).await.unwrap();
        let task = tasks.into_iter().find(|task| matches!(task.kind, TaskKind::Gather { .. }));
        if let Some(due) = task.map(|task| task.due_at).filter(|due| *due > last_due) {
            (looks, last_due) = (looks + 1, due);
            world.clock.move_to(due.as_millisecond());
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(found.problems, ["its agent cannot be read"]);
    assert!(looks > 3, "it is looked for again, {looks} times");
    assert_eq!(world.clock.now_ms() - ended_at, PATIENCE_MS);
    let call = site.store.find::<Call>(&site.of.call).await.unwrap().unwrap().value;
    assert!(!call.course.gathers && call.course.ended_by.is_some(), "{:?}", call.course);
    working.end().await;
    site.store.close().await;
}

#[tokio::test]
async fn a_tool_begins_once_it_is_on_disk_and_its_result_is_stored_before_it_is_told() {
    let site = Site::new().await;
    let host = site.node().await;
    let session = host.talk(&site.of).await.unwrap();
    session.hear(Some(0), Heard::Connected, Came::now()).await.unwrap();
    says(&session, "book Monday").await.unwrap();
    stands(&session, |standing| standing.stage == Stage::AtWork).await;
    let stored = site.store.conversation(&site.id).await.unwrap().unwrap().value;
    assert_eq!(stored.conversation.dialogue().unwrap().at_work.len(), 1);
    // The process dies while the tool is at work; the next one is told that it may have been begun.
    session.leave().await;
    let host = site.node().await;
    let session = host.talk(&site.of).await.unwrap();
    while site.tools.began.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    site.tools.may_end.notify_one();
    let told = stands(&session, |standing| standing.stage == Stage::Listening).await;
    assert_eq!(texts(&told).last(), Some(&"It is booked."));
    let key = format!("{}.1.call_1", site.id);
    assert_eq!(*site.tools.began.lock().unwrap(), [(key.clone(), Tries::First), (key, Tries::Again)]);
    session.leave().await;
    let stored = site.store.conversation(&site.id).await.unwrap().unwrap().value;
    let lines = &stored.conversation.dialogue().unwrap().lines;
    assert!(lines.iter().any(|line| matches!(line, Line::Result { text, .. } if text == "It is booked.")));
    site.store.close().await;
}
