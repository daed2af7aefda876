//! Many seeds, each a world of faults; what is promised must hold at the end of each.
//!
//! `TEST_SEEDS` says how many seeds are run. A failing one is replayed by
//! `TEST_SEED=… cargo nextest run -p host simulation`.

use crate::drive::Drive;
use crate::line::said;
use crate::world::{NUMBER, SERVICE, Text};
use engine::call::Call;
use engine::id::{CredentialId, SenderId};
use engine::message::{Direction, Message, State};
use jiff::Timestamp;
use std::collections::HashMap;
use store::record::{Capabilities, CredentialSummary, Sender, SenderKind};
use store::{CallFilter, MessageFilter, PageRequest, RunFilter, Store};

const NOTICE: &str = r#"
name: notice
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: tell, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "{{text}}"}
"#;

const POOLED: &str = r#"
name: pooled
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: tell, type: twilio, messageType: sms, from: "MG00000000000000000000000000000001", to: "{{phone}}", message: "{{text}}", until: delivered, deliveryTimeout: 10m}
"#;

const CALL: &str = r#"
name: call
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: ring, type: twilio, messageType: voice, from: "+15551234567", to: "{{phone}}", message: "{{text}}", on: {failed: end}}
"#;

const QUESTION: &str = r#"
name: question
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: ask, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "{{text}}"}
  - {id: answer, type: waitForReply, timeout: 2h}
  - id: pick
    type: switch
    value: "{{SMS reply}}"
    cases:
      - {equals: "YES", next: thanks}
      - {equals: "RESCHEDULE", next: move}
    else: end
  - {id: thanks, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "thanks", next: end}
  - {id: move, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "call us", next: end}
"#;

#[test]
fn every_text_is_sent_once_whatever_happens() {
    for seed in seeds() {
        eprintln!("seed {seed}");
        simulate(seed);
    }
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{name} must be a number")))
    };
    match number("TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..1 + number("TEST_SEEDS").unwrap_or(25),
    }
}

fn simulate(seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut drive = Drive::new(seed, folder.path().join("simulation.db"), 8);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(prepare(&drive));
    drop(runtime);
    for n in 0..12 {
        // Half of the load is the same text to the same number.
        let (phone, text) = if n % 2 == 0 { (0, "same".to_owned()) } else { (n, format!("it\u{2019}s {n}")) };
        let workflow = if n % 3 == 0 { "pooled" } else { "notice" };
        let input = serde_json::json!({"phone": format!("+1555000{phone:04}"), "text": text});
        drive.to_start.push((workflow.to_owned(), input));
    }
    for n in 0..4 {
        let input = serde_json::json!({"phone": format!("+1555100{n:04}"), "text": format!("question {n}")});
        drive.to_start.push(("question".to_owned(), input));
    }
    for n in 0..8 {
        // Half of the calls say the same to the same person.
        let (phone, text) = if n % 2 == 0 { (0, "same".to_owned()) } else { (n, format!("call {n}")) };
        let input = serde_json::json!({"phone": format!("+1555200{phone:04}"), "text": text});
        drive.to_start.push(("call".to_owned(), input));
    }
    let asked = drive.to_start.clone();
    drive.run();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = drive.open().await;
        judge(&drive, &store, &asked).await;
    });
}

async fn prepare(drive: &Drive) {
    let store = drive.open().await;
    let now = Timestamp::from_second(1_800_000_000).expect("within range");
    for source in [NOTICE, POOLED, CALL, QUESTION] {
        let loaded = engine::workflow::load(source, None);
        let workflow = loaded.workflow.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        store.publish_workflow(&workflow.name, source, now).await.expect("published");
    }
    let credential = CredentialSummary {
        id: CredentialId::from_trusted("crd_1"),
        name: "main".into(),
        kind: "twilio".into(),
        public: serde_json::json!({}),
        created_at: now,
        updated_at: now,
    };
    store.put_credential(credential, "secret".to_owned().into()).await.expect("stored");
    let sender = |id: &str, address: &str, kind, members: &[&str]| Sender {
        id: SenderId::from_trusted(id),
        credential: "main".into(),
        name: id.into(),
        address: address.into(),
        kind,
        capabilities: Capabilities { sms: true, ..Capabilities::default() },
        sid: None,
        members: members.iter().map(|m| (*m).to_owned()).collect(),
        rate: None,
        call_rate: None,
        rewrites_text: kind == SenderKind::Service,
        updated_at: now,
    };
    let senders = vec![
        sender("snd_1", NUMBER, SenderKind::Number, &[]),
        sender("snd_2", SERVICE, SenderKind::Service, &[NUMBER]),
    ];
    store.commit(store::Commit { senders, ..store::Commit::default() }).await.expect("stored");
}

async fn judge(drive: &Drive, store: &Store, asked: &[(String, serde_json::Value)]) {
    let everything = PageRequest { before: None, limit: 1_000 };
    let runs = store.runs(RunFilter::default(), everything.clone()).await.expect("readable");
    assert_eq!(runs.len(), asked.len(), "every run is there once");
    let failed: Vec<_> = runs.iter().filter(|run| run.status != "completed").collect();
    assert!(failed.is_empty(), "runs did not complete: {failed:?}");

    let texts = drive.world.state().texts.clone();
    let (inbound, outbound): (Vec<&Text>, Vec<&Text>) = texts.iter().partition(|text| text.inbound);
    let mut wanted: HashMap<(String, String), usize> = HashMap::new();
    for (_, input) in asked.iter().filter(|(workflow, _)| workflow != "call") {
        let key = (input["phone"].as_str().unwrap_or_default(), input["text"].as_str().unwrap_or_default());
        *wanted.entry((key.0.to_owned(), key.1.to_owned())).or_default() += 1;
    }
    // A person answers each question that reached them; the run goes on with the first answer.
    let messages: Vec<Message> = store.list(MessageFilter::default(), everything).await.expect("readable");
    for text in &inbound {
        let person = text.from.clone().unwrap_or_default();
        let said = if text.body == "YES" { "thanks" } else { "call us" };
        *wanted.entry((person, said.to_owned())).or_default() += 1;
    }
    let mut created: HashMap<(String, String), usize> = HashMap::new();
    for text in &outbound {
        *created.entry((text.to.clone(), text.asked_body.clone())).or_default() += 1;
    }
    assert_eq!(created, wanted, "texts at the provider against texts asked for");

    let rows: HashMap<&str, &Message> =
        messages.iter().filter_map(|message| Some((message.progress.sid.as_deref()?, message))).collect();
    for text in &texts {
        let row = rows.get(text.sid.as_str()).unwrap_or_else(|| panic!("{text:?} is known to us"));
        assert_eq!(row.progress.status, Some(text.status), "status of {}", text.sid);
    }
    let theirs = messages.iter().filter(|message| message.direction == Direction::Outbound);
    assert!(
        theirs.clone().all(|message| message.progress.state == State::Accepted),
        "no text is left on the way"
    );
    assert_eq!(theirs.count(), outbound.len());
    judge_calls(drive, store, asked).await;
    let left = store.tasks(100).await.expect("readable");
    let left: Vec<_> =
        left.iter().filter(|task| !matches!(task.kind.name(), "reconcile" | "prune")).collect();
    assert!(left.is_empty(), "tasks are left over: {left:?}");
}

/// No phone rang twice for one call, and a call that did not ring is held for a person.
async fn judge_calls(drive: &Drive, store: &Store, asked: &[(String, serde_json::Value)]) {
    let everything = PageRequest { before: None, limit: 1_000 };
    let calls: Vec<Call> = store.list(CallFilter::default(), everything).await.expect("readable");
    let rings = drive.world.state().rings.clone();
    let mut wanted: HashMap<(String, String), usize> = HashMap::new();
    for (_, input) in asked.iter().filter(|(workflow, _)| workflow == "call") {
        let word = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        *wanted.entry((word("phone"), word("text"))).or_default() += 1;
    }
    let mut rung_or_held: HashMap<(String, String), usize> = HashMap::new();
    for ring in &rings {
        *rung_or_held.entry((ring.to.clone(), ring.said.clone())).or_default() += 1;
    }
    for call in calls.iter().filter(|call| call.progress.state == State::Held) {
        *rung_or_held.entry((call.to.clone(), said(call))).or_default() += 1;
    }
    assert_eq!(rung_or_held, wanted, "calls that rang, or are held, against calls asked for");
    let rows: HashMap<&str, &Call> =
        calls.iter().filter_map(|call| Some((call.progress.sid.as_deref()?, call))).collect();
    for ring in &rings {
        let row = rows.get(ring.sid.as_str()).unwrap_or_else(|| panic!("{ring:?} is known to us"));
        assert_eq!(row.progress.status, Some(ring.status), "status of {}", ring.sid);
    }
    let settled = |call: &&Call| matches!(call.progress.state, State::Accepted | State::Held);
    assert!(calls.iter().all(|call| settled(&call)), "no call is left on the way");
}
