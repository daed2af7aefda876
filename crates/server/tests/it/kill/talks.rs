//! Kills a server in the middle of answers of a language model: the call goes on, and nothing is said twice but at
//! most the sentence in flight.

use super::process::{Database, NUMBER, Site};
use emulator::DEFAULT_MODEL_KEY;
use engine::id::{CredentialId, RunId};
use engine::llm::history::Line;
use engine::run::LogKind;
use serde_json::{Value, json};
use std::time::Duration;
use store::record::{CredentialSummary, RunSummary, StoredConversation};
use store::{ConversationFilter, PageRequest, Role, RunFilter, Store};

const PERSON: &str = "+15557654321";
const GREETING: &str = "Good evening, dear listener.";
const SENTENCES: [&str; 6] = [
    "First there was a house by the sea.",
    "Second there came a man with a dog.",
    "Third they found a letter under the door.",
    "Fourth the dog began to bark at night.",
    "Fifth a light was seen on the water.",
    "Sixth and last they all went home.",
];

const AGENT: &str = "
name: teller
agentType: LLM Agent
credential: models
model: m
mode: relay
systemPrompt: You tell stories.
greeting: Good evening, dear listener.
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_survives_kills_on_sqlite() {
    survive(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_survives_kills_on_postgres() {
    survive(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_of_a_call_survives_kills_on_sqlite() {
    tell_once(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_of_a_call_survives_kills_on_postgres() {
    tell_once(Database::Postgres).await;
}

/// The server dies while a model is asked what came of a call, and once more while it is asked again: the run hears of
/// it once.
async fn tell_once(database: Database) {
    let mut site = Site::with_calls(database, 4_000).await;
    prepare(&site, &format!("{AGENT}summary: true\n")).await;
    site.start().await;
    tells(&site, PERSON).await;
    for asked in 1..=2 {
        until(async || forms(&site).await >= asked).await;
        site.kill().await;
        site.start().await;
    }
    until(async || forms(&site).await >= 3).await;
    let store = site.store(Role::Tool).await;
    until(async || runs(&store).await[0].status == "completed").await;
    let run = RunId::parse(runs(&store).await[0].id.as_str()).expect("an id");
    let log = store.run_log(&run).await.expect("readable");
    let told = log.iter().filter(|entry| matches!(entry.kind, LogKind::ConversationEnded { .. })).count();
    assert_eq!(told, 1);
    let run = store.run(&run).await.expect("readable").expect("it is there").value;
    assert_eq!(run.variables["summary"], "They all went home.");
    let stored = conversation(&store).await;
    assert_eq!(stored.after.expect("a model was asked").lost, 2, "what was asked for nothing is paid for");
    store.close().await;
    site.stop().await;
}

async fn runs(store: &Store) -> Vec<RunSummary> {
    store.runs(RunFilter::default(), PageRequest::default()).await.expect("readable")
}

async fn conversation(store: &Store) -> StoredConversation {
    let found = store.conversations(ConversationFilter::default(), PageRequest::default()).await;
    found.expect("readable").remove(0)
}

/// How often a model was asked for a form.
async fn forms(site: &Site) -> usize {
    let requests = site.get("/emulator/v1/model-requests").await;
    let requests: &[Value] = requests.as_array().map(Vec::as_slice).unwrap_or_default();
    requests.iter().filter(|request| request["body"].get("response_format").is_some()).count()
}

async fn survive(database: Database) {
    let mut site = Site::with_calls(database, 400).await;
    prepare(&site, AGENT).await;
    site.start().await;
    tells(&site, PERSON).await;
    // While the model writes, and when everything is written and being spoken.
    for heard in [SENTENCES[0], SENTENCES[2], SENTENCES[4]] {
        until(async || story(&site).await.iter().any(|line| line == heard)).await;
        site.kill().await;
        site.start().await;
    }
    until(async || story(&site).await.iter().any(|line| line.contains("all went home"))).await;
    until(async || site.get("/emulator/v1/calls").await["calls"][0]["status"] == "completed").await;
    site.stop().await;
    judge(&site).await;
}

/// A model that tells a story, an agent that talks by it, and a person who listens to the end.
async fn prepare(site: &Site, agent: &str) {
    let pace = json!({ "firstTokenMs": 50, "tokensPerSecond": 30.0 });
    let story = SENTENCES.join(" ");
    let model = json!({ "id": "m", "pace": pace, "rules": [
        {
            "when": { "wantsJson": true },
            "then": { "text": r#"{"summary": "They all went home."}"#, "pace": { "firstTokenMs": 2_000 } },
        },
        { "when": { "contains": "story" }, "then": { "text": story } },
    ] });
    let person = json!({ "rules": [
        { "hears": { "contains": "listener" }, "do": [{ "say": "Tell me a story" }], "times": 1 },
        { "hears": { "contains": "went home" }, "do": [{ "hangUp": true }] },
    ] });
    site.post(&format!("/emulator/v1/phones/{PERSON}/callScripts"), person).await;
    calls_with(site, agent, &model).await;
}

/// An agent called teller that talks by this model, and a workflow that calls with it.
pub(super) async fn calls_with(site: &Site, agent: &str, model: &Value) {
    site.put("/emulator/v1/models/m", model).await;
    let store = site.store(Role::Node).await;
    let now = jiff::Timestamp::now();
    let credential = CredentialSummary {
        id: CredentialId::from_trusted("crd_models"),
        name: "models".into(),
        kind: "openai".into(),
        public: json!({ "baseUrl": format!("{}/v1", site.emulator_url) }),
        created_at: now,
        updated_at: now,
    };
    let secrets = json!({ "apiKey": DEFAULT_MODEL_KEY }).to_string();
    store.put_credential(credential, secrets.into()).await.expect("stored");
    let loaded = engine::agent::load(agent, Some("teller"));
    assert!(loaded.agent.is_some(), "{:?}", loaded.diagnostics);
    store.publish_agent("teller", agent, now).await.expect("published");
    let workflow = format!(
        "name: tell
trigger: {{type: webhook, path: tell}}
input: {{phone: {{type: string}}}}
blocks:
  - {{id: talk, type: twilio, messageType: voiceAgent, from: \"{NUMBER}\", to: \"{{{{phone}}}}\", agent: teller, on: {{hung_up: end}}}}
"
    );
    assert!(engine::workflow::load(&workflow, Some("tell")).workflow.is_some());
    store.publish_workflow("tell", &workflow, now).await.expect("published");
    store.close().await;
}

/// Has the teller call somebody.
pub(super) async fn tells(site: &Site, phone: &str) {
    let hook = site.http.post(format!("{}/hooks/tell", site.server_url)).json(&json!({ "phone": phone }));
    assert!(hook.send().await.expect("it answers").status().is_success());
}

/// What the person heard, sentence by sentence.
async fn story(site: &Site) -> Vec<String> {
    let calls = site.get("/emulator/v1/calls").await;
    let Some(sid) = calls["calls"][0]["sid"].as_str() else { return Vec::new() };
    lines_of(site, sid, "said").await
}

/// The words of a call's lines of this kind: what was `said` to the person, or what the person `spoke`.
pub(super) async fn lines_of(site: &Site, sid: &str, kind: &str) -> Vec<String> {
    let call = site.get(&format!("/emulator/v1/calls/{sid}")).await;
    let lines: &[Value] = call["story"].as_array().map(Vec::as_slice).unwrap_or_default();
    let words = lines.iter().filter(|line| line["kind"] == kind).filter_map(|line| line["words"].as_str());
    words.map(str::to_owned).collect()
}

async fn until(came: impl AsyncFn() -> bool) {
    for _ in 0..1_500 {
        if came().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came to that");
}

/// Every sentence was heard to its end, in order, and again only where a kill fell into it; the model's history has
/// each of them once.
async fn judge(site: &Site) {
    let heard = story(site).await;
    let mut whole =
        heard.iter().filter(|line| line.as_str() == GREETING || SENTENCES.contains(&line.as_str()));
    let mut last = whole.next().expect("the greeting");
    assert_eq!(last, GREETING);
    let place = |line: &str| SENTENCES.iter().position(|sentence| *sentence == line);
    let mut twice = 0;
    for line in whole {
        let step = place(line).map_or(0, |at| at + 1) as i64 - place(last).map_or(0, |at| at + 1) as i64;
        assert!(step == 1 || step == 0, "{line:?} after {last:?}: {heard:?}");
        twice += u32::from(step == 0);
        last = line;
    }
    assert_eq!(Some(last.as_str()), SENTENCES.last().copied(), "{heard:?}");
    assert!(twice <= 3, "at most the sentence in flight: {heard:?}");
    let store = site.store(Role::Node).await;
    let stored = conversation(&store).await;
    store.close().await;
    let lines = &stored.conversation.dialogue().expect("a model talks").lines;
    let said: Vec<&str> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Agent { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(said.join(" "), format!("{GREETING} {}", SENTENCES.join(" ")), "{heard:?}");
    assert_eq!(stored.line.expect("it had a line").returns, 3);
}
