//! Kills a server again and again while a language model talks by webhooks with several people at once, each at another
//! point of the conversation: in the middle of a sentence, while the model thinks or a phrase holds the caller, when a
//! sentence is held back, when a tool is at work, between two parts. Every call goes on; whoever is on the phone hears
//! every sentence once, no tool is performed twice, and the model remembers what was heard.

use super::process::{Database, Site};
use super::talks::{calls_with, lines_of, tells};
use super::{Duration, RngExt as _, SeedableRng as _, StdRng, number};
use axum::extract::State;
use axum::{Json, Router};
use engine::conversation::{EndedBy, TurnKind};
use engine::llm::history::Line;
use http::HeaderMap;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use store::record::StoredConversation;
use store::{ConversationFilter, PageRequest, Role, RunFilter, Store};

const GREETING: &str = "Good evening, dear listener.";
const STORY: &str = "First there was a house by the sea. Second there came a man with a dog. Third they found a \
                     letter under the door. Fourth and last they all went home.";
/// What holds a caller while the model is slow: nothing that the model says.
const HOLD: &str = "Hmm, let me think.";
const BOOKED: &str = "Your table is booked. Do you want anything else?";
const NOBODY_KNOWS: &str = "A colleague will look at that. Do you want anything else?";
/// What each person says, in that order.
const WANTS: [&str; 3] = ["Tell me a story", "A table for two please", "Thank you, goodbye"];

/// Between two people who are called.
const CALL_EVERY: Duration = Duration::from_millis(1_500);
/// A provider asks five times within fifteen seconds and then gives up: a server lives at least as long as a part waits
/// for its model.
const ALIVE_MS: std::ops::Range<u64> = 4_200..7_000;
/// Each kill finds about fifteen people on the phone.
const KILLS_MAX: u64 = 30;

const AGENT: &str = "
name: teller
agentType: LLM Agent
credential: models
model: m
mode: gather
systemPrompt: You tell stories, and book tables.
greeting: Good evening, dear listener.
closing: Good night.
holdPhrases: [\"Hmm, let me think.\"]
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_survive_kills_on_sqlite() {
    survive(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_survive_kills_on_postgres() {
    survive(Database::Postgres).await;
}

async fn survive(database: Database) {
    let (kills, seed) = (number("TEST_KILLS", 5).min(KILLS_MAX), number("TEST_SEED", 7));
    let restaurant = Restaurant::open().await;
    let mut site = Site::with_calls(database, 500).await;
    calls_with(&site, &agent(&restaurant), &model()).await;
    site.start().await;
    let mut rng = StdRng::seed_from_u64(seed);
    let mut people = 0;
    for _ in 0..kills {
        let dies = tokio::time::Instant::now() + Duration::from_millis(rng.random_range(ALIVE_MS));
        while tokio::time::Instant::now() < dies {
            calls_somebody(&site, people).await;
            people += 1;
            tokio::time::sleep(CALL_EVERY).await;
        }
        site.kill().await;
        site.start().await;
    }
    let store = site.store(Role::Tool).await;
    until_all_is_said(&site, &store).await;
    let held: Vec<StoredConversation> = all(&store).await;
    assert_eq!(held.len(), people, "everybody was called once");
    let mut seen = Seen::default();
    for conversation in &held {
        judge(&site, &store, conversation, &mut seen).await;
    }
    store.close().await;
    site.stop().await;
    let doubled: Vec<_> = restaurant.orders().into_iter().filter(|(_, times)| *times > 1).collect();
    assert!(doubled.is_empty(), "orders that came twice: {doubled:?}");
    eprintln!("{kills} kills with {people} people on the phone: {seen:?}");
    assert!(seen.sessions > people, "no kill hit a conversation");
    assert!(seen.booked > 0 && seen.holds > 0 && seen.held_back > 0, "{seen:?}");
}

/// What the conversations went through, so that it is known that there was something to be seen.
#[derive(Debug, Default)]
struct Seen {
    /// Each conversation has one, and one more for each kill that hit it.
    sessions: usize,
    holds: usize,
    held_back: usize,
    booked: usize,
    nobody_knows: usize,
}

/// A restaurant that writes down how often each order came.
struct Restaurant {
    address: SocketAddr,
    orders: Arc<Mutex<HashMap<String, usize>>>,
}

impl Restaurant {
    async fn open() -> Restaurant {
        let orders: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().fallback(takes_order).with_state(orders.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Restaurant { address, orders }
    }

    fn orders(&self) -> HashMap<String, usize> {
        self.orders.lock().expect("no test panicked").clone()
    }
}

async fn takes_order(
    State(orders): State<Arc<Mutex<HashMap<String, usize>>>>,
    headers: HeaderMap,
) -> Json<Value> {
    let key = headers["idempotency-key"].to_str().expect("plain").to_owned();
    *orders.lock().expect("no test panicked").entry(key).or_default() += 1;
    // Long enough for a server to die meanwhile.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    Json(json!({ "state": "reserved" }))
}

fn agent(restaurant: &Restaurant) -> String {
    let tool = format!(
        "tools:
  - name: book
    type: http
    description: Books a table.
    method: POST
    url: http://{}/tables
    sayWhile: I ask the kitchen.
    claims: [booking]
",
        restaurant.address
    );
    format!("{AGENT}{tool}")
}

/// A model that is slow, claims what it has not done, and goes on behind what was said before it was asked again.
fn model() -> Value {
    let first = json!({ "contains": "table" });
    let with = |more: Value| {
        let mut when = first.clone();
        when.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        when
    };
    json!({ "id": "m", "pace": { "firstTokenMs": 300, "tokensPerSecond": 15.0 }, "rules": [
        { "when": { "resultOf": "book", "resultContains": "reserved" }, "then": { "text": BOOKED } },
        { "when": { "resultOf": "book" }, "then": { "text": NOBODY_KNOWS } },
        { "when": with(json!({ "historyContains": "reserved" })), "then": { "text": BOOKED } },
        { "when": with(json!({ "historyContains": "nobody knows" })), "then": { "text": NOBODY_KNOWS } },
        {
            "when": with(json!({ "instructionsContain": "claims what book does" })),
            "then": { "toolCalls": [{ "name": "book", "arguments": {} }] },
        },
        { "when": first, "then": { "text": "One moment please. I have booked your table." } },
        {
            "when": { "contains": "story" },
            // Longer than a part waits for its first word.
            "then": { "text": STORY, "pace": { "firstTokenMs": 4_100, "tokensPerSecond": 15.0 } },
        },
    ] })
}

async fn calls_somebody(site: &Site, n: usize) {
    let phone = format!("+1555777{n:04}");
    let script = json!({ "rules": [
        { "hears": { "contains": "listener" }, "do": [{ "say": WANTS[0] }], "times": 1 },
        { "hears": { "contains": "went home" }, "do": [{ "say": WANTS[1] }], "times": 1 },
        { "hears": { "contains": "anything else" }, "do": [{ "say": WANTS[2] }], "times": 1 },
    ] });
    site.post(&format!("/emulator/v1/phones/{phone}/callScripts"), script).await;
    tells(site, &phone).await;
}

async fn all(store: &Store) -> Vec<StoredConversation> {
    let page = PageRequest { before: None, limit: 1_000 };
    store.conversations(ConversationFilter::default(), page).await.expect("readable")
}

/// Waits until every call is over to its last word, and every run has heard of it.
async fn until_all_is_said(site: &Site, store: &Store) {
    for _ in 0..600 {
        let filter = RunFilter { status: Some("running".into()), workflow: None };
        let is_running = !store.runs(filter, PageRequest::default()).await.expect("readable").is_empty();
        if !is_running && !anybody_is_on_the_phone(site).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for conversation in all(store).await.iter().filter(|it| it.conversation.ended_by().is_none()) {
        eprintln!("{:?}: {:?}", conversation.contact, call_with(site, &conversation.contact).await);
    }
    panic!("not all calls come to their end");
}

async fn anybody_is_on_the_phone(site: &Site) -> bool {
    let calls = site.get("/emulator/v1/calls").await;
    calls["calls"].as_array().expect("a list").iter().any(|call| call["status"] == "in-progress")
}

async fn call_with(site: &Site, phone: &str) -> Value {
    let calls = site.get(&format!("/emulator/v1/calls?to={}", phone.replace('+', "%2B"))).await;
    let calls = calls["calls"].as_array().expect("a list").clone();
    let mut theirs = calls.into_iter().filter(|call| call["to"] == phone);
    let call = theirs.next().unwrap_or_else(|| panic!("nobody called {phone}"));
    assert!(theirs.next().is_none(), "{phone} was called twice");
    call
}

/// What was heard on one phone, against what is remembered of it.
async fn judge(site: &Site, store: &Store, stored: &StoredConversation, seen: &mut Seen) {
    let phone = &stored.contact;
    let call = call_with(site, phone).await;
    let sid = call["sid"].as_str().expect("a SID");
    let all_heard = lines_of(site, sid, "said").await;
    let spoke = lines_of(site, sid, "spoke").await;
    let transcript = store.transcript(&stored.conversation.id).await.expect("readable");
    let told = || {
        let kinds: Vec<_> = transcript.iter().map(|entry| &entry.kind).collect();
        format!("{phone} heard {all_heard:#?}, and said {spoke:?}; we have {kinds:#?}")
    };
    assert_eq!(stored.conversation.ended_by(), Some(EndedBy::Completed), "{}", told());
    assert_eq!(spoke, WANTS, "{}", told());
    let (holds, heard): (Vec<_>, Vec<_>) = all_heard.iter().partition(|line| line.as_str() == HOLD);
    let heard: Vec<String> = heard.into_iter().cloned().collect();

    let lines = &stored.conversation.dialogue().expect("a model talks").lines;
    let said: Vec<&str> = lines.iter().filter_map(agents).collect();
    assert_eq!(said.join(" "), heard.join(" "), "{}", told());
    let callers: Vec<&str> = lines.iter().filter_map(callers).collect();
    assert_eq!(callers, WANTS, "{}", told());
    // Everything once and in its order, whatever became of the table.
    let is_known = heard.iter().any(|line| BOOKED.starts_with(line.as_str()));
    let end = if is_known { BOOKED } else { NOBODY_KNOWS };
    let expected = format!("{GREETING} {STORY} One moment please. I ask the kitchen. {end} Good night.");
    assert_eq!(heard.join(" "), expected, "{}", told());

    seen.sessions += stored.line.as_ref().map_or(0, |line| line.epoch as usize);
    seen.holds += holds.len();
    seen.booked += usize::from(is_known);
    seen.nobody_knows += usize::from(!is_known);
    let held_back = |kind: &TurnKind| matches!(kind, TurnKind::Noted { note } if note.sentence().contains("holds a sentence"));
    seen.held_back += transcript.iter().filter(|entry| held_back(&entry.kind)).count();
    let calls = transcript.iter().filter(|entry| matches!(entry.kind, TurnKind::ToolCalled { .. })).count();
    assert_eq!(calls, 1, "{}", told());
}

fn agents(line: &Line) -> Option<&str> {
    match line {
        Line::Agent { text } => Some(text),
        _ => None,
    }
}

fn callers(line: &Line) -> Option<&str> {
    match line {
        Line::Caller { text } => Some(text),
        _ => None,
    }
}
