//! Calls, case by case: documents, a person's script, and what came of them.
//!
//! A case is a file of parts, each under a line that begins with `>`:
//!
//! * `> account {…}`: keys of the account, as the fixture has them; `URL` stands for the application's.
//! * `> create Name=Value …`: a call is created, one parameter a line; `To` and `From` have defaults.
//! * `> call in`: the phone calls our number, whose `VoiceUrl` is `/voice`; then a call is created only where
//!   the case says so.
//! * `> script`: how the phone behaves, as JSON. `> script NUMBER`: how another one does.
//! * `> /path [text/plain | 500 | 302 /other …]`: what the application answers there; a path that stands more
//!   than once gives its answers in order, the last one again and again.
//! * `> wind MS`: how long the clock runs.
//! * `> story`: what is expected. `UPDATE_EXPECT=1` writes what came out.

mod app;
mod beside;
mod faults;
mod life;
mod many;
mod rest;
mod wire;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};
use app::App;

const WIND_MS: i64 = 120_000;

#[derive(Default)]
struct Case {
    account: Option<Value>,
    create: Vec<(String, String)>,
    is_inbound: bool,
    scripts: Vec<(String, Value)>,
    answers: Vec<(String, app::Reply)>,
    wind_ms: Option<i64>,
    story: String,
}

#[tokio::test]
async fn every_case_goes_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/calls/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 10, "the cases are gone");
    let mut failures = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let case = read(&text);
        let story = play(&case).await;
        if story == case.story {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let kept = text.split("\n> story\n").next().unwrap();
            std::fs::write(&file, format!("{kept}\n> story\n{story}")).unwrap();
        } else {
            writeln!(failures, "{}:\n--- expected\n{}--- got\n{story}", file.display(), case.story).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn read(text: &str) -> Case {
    let mut case = Case::default();
    for part in text.split("\n> ").skip(1) {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
        match word {
            "account" => case.account = Some(serde_json::from_str(body).unwrap()),
            "create" => {
                let pairs = body.lines().filter_map(|line| line.split_once('='));
                case.create = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            }
            "call" => case.is_inbound = true,
            "script" => {
                let number = if rest.is_empty() { ANN } else { rest };
                let script = serde_json::from_str(body).unwrap_or_else(|error| panic!("{body}: {error}"));
                case.scripts.push((number.to_owned(), script));
            }
            "wind" => case.wind_ms = Some(rest.parse().unwrap()),
            "story" => body.clone_into(&mut case.story),
            path => case.answers.push((path.to_owned(), app::Reply::read(rest, body))),
        }
    }
    case
}

async fn play(case: &Case) -> String {
    let app = App::start(case.answers.clone()).await;
    let account = match &case.account {
        Some(account) => serde_json::from_str(&account.to_string().replace("URL", &app.url)).unwrap(),
        None => json!({"numbers": [{"phoneNumber": OURS, "voiceUrl": format!("{}/voice", app.url)}]}),
    };
    let stage = Stage::with_account(account).await;
    for (number, script) in &case.scripts {
        let answer =
            stage.control(Method::POST, &format!("/phones/{number}/callScripts"), script.clone()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    if case.is_inbound {
        let answer = stage.control(Method::POST, &format!("/phones/{ANN}/calls"), json!({"to": OURS})).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    if !case.is_inbound || !case.create.is_empty() {
        let mut form = vec![("To".to_owned(), ANN.to_owned()), ("From".to_owned(), OURS.to_owned())];
        form.retain(|(name, _)| case.create.iter().all(|(given, _)| given != name));
        form.extend(case.create.iter().map(|(name, value)| (name.clone(), value.replace("URL", &app.url))));
        let answer = stage.send(stage.by_account(Method::POST, "Calls.json").form(&form)).await.unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    stage.wind(case.wind_ms.unwrap_or(WIND_MS)).await;
    told(&stage, &app).await
}

/// The stories of all calls, one line for each thing that happened, with what was requested between.
async fn told(stage: &Stage, app: &App) -> String {
    let calls = stage.control(Method::GET, "/calls", Value::Null).await.json["calls"].clone();
    let calls: Vec<Value> = calls.as_array().unwrap().clone();
    let name = |sid: &str| {
        let index = calls.iter().position(|call| call["sid"] == sid).unwrap_or(calls.len());
        ["A", "B", "C", "D", "E"].get(index).copied().unwrap_or("?").to_owned()
    };
    let mut lines: Vec<(f64, usize, String)> = Vec::new();
    for call in &calls {
        let sid = call["sid"].as_str().unwrap();
        let shown = stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json;
        for line in shown["story"].as_array().unwrap() {
            lines.push((at(line), lines.len(), format!("{} {}", name(sid), told_line(line, &name))));
        }
    }
    let mut requests: Vec<(f64, String)> = Vec::new();
    for entry in stage.log("webhook").await {
        let call = name(entry["callSid"].as_str().unwrap());
        requests.push((at(&entry), format!("{call} > {}", requested(&entry))));
    }
    // Requests of the same moment are on their way side by side, in no order.
    requests.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
    let after = lines.len();
    lines.extend(requests.into_iter().enumerate().map(|(index, (at, line))| (at, after + index, line)));
    lines.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut story = String::new();
    for (at, _, line) in lines {
        writeln!(story, "{at:7.2} {}", line.replace(&app.url, "URL")).unwrap();
    }
    story
}

fn at(line: &Value) -> f64 {
    let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
    let start: jiff::Timestamp = crate::stage::START.parse().unwrap();
    at.duration_since(start).as_secs_f64()
}

fn told_line(line: &Value, name: &impl Fn(&str) -> String) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let cut = if line["interrupted"] == true { " …" } else { "" };
    match line["kind"].as_str().unwrap() {
        "status" => format!("is {}", text("status")),
        "document" => format!("document of {}", line["verbs"]),
        "verb" => text("twiml"),
        "said" => format!("said: {}{cut}", text("words")),
        "played" => format!("played: {}{cut}", text("url")),
        "playedKeys" => format!("played keys: {}", text("keys")),
        "spoke" => format!("person: {}", text("words")),
        "understood" => {
            format!("understood: {} ({:.2})", text("words"), line["confidence"].as_f64().unwrap())
        }
        "pressed" => format!("person presses {}", text("key")),
        "ended" => format!("{} got {}", text("verb"), text("how")),
        "joined" => format!("joined with {}", name(&text("call"))),
        "parted" => format!("parted from {}", name(&text("call"))),
        "detected" => format!("detected {}", text("answeredBy")),
        "recording" => format!("recording is {}", text("status")),
        "entered" => format!("entered {}", text("place")),
        "left" => format!("left {}", text("place")),
        "debugger" => format!("debugger {}", line["code"]),
        "hungUp" => format!("hung up by {}", text("by")),
        other => other.to_owned(),
    }
}

/// A request with the parameters that are not on every one, and its answer's status.
fn requested(entry: &Value) -> String {
    const COMMON: [&str; 22] = [
        "CallSid",
        "AccountSid",
        "From",
        "To",
        "Caller",
        "Called",
        "ApiVersion",
        "Direction",
        "Timestamp",
        "CallbackSource",
        "StirVerstat",
        "CallToken",
        "ParentCallSid",
        "RecordingSid",
        "RecordingStartTime",
        "DialCallSid",
        "ConferenceSid",
        "QueueSid",
        "CallSidEndingConference",
        "TranscriptionSid",
        "TranscriptionUrl",
        "RecordingChannels",
    ];
    let is_place = |name: &str| ["City", "State", "Zip", "Country"].iter().any(|part| name.ends_with(part));
    let mut text = format!("{} {}", entry["method"].as_str().unwrap(), entry["url"].as_str().unwrap());
    for pair in entry["parameters"].as_array().unwrap() {
        let (name, value) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        if COMMON.contains(&name) || is_place(name) {
            continue;
        }
        let value = if name == "RecordingUrl" { "…" } else { value };
        write!(text, " {name}={value}").unwrap();
    }
    text
}
