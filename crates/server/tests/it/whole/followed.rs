//! What people see of a run while somebody is on the line, or is asked by text.

use super::app::{PHONE, TestApp};
use super::interviews::{calling, says};
use crate::cli::online::{asked, said};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

const VISIT: &str = "name: visit
greeting: Hello.
closing: Thank you.
questions:
  - {id: rating, question: How was it?, expectedAnswerType: number}
  - {id: pin, question: What is your number?, expectedAnswerType: digits, sensitive: true}
";

const ASKING: &str = "name: ask
from: \"+15551234567\"
blocks: [{id: ask, type: twilio, messageType: sms, to: \"+15557654321\", agent: visit}]
";

/// Holds that each of these stands in the text, one behind the other.
#[track_caller]
fn in_order(text: &str, all: &[&str]) {
    let mut rest = text;
    for words in all {
        let Some(at) = rest.find(words) else { panic!("{words} is not there, or too early, in\n{text}") };
        rest = &rest[at + words.len()..];
    }
}

#[tokio::test]
async fn a_call_is_told_with_its_steps_and_who_said_what() {
    let app = TestApp::start().await;
    app.publish_agent("visit", VISIT).await;
    app.publish("call-with-visit", &calling("visit")).await;
    app.phone_behaves(&says(&[("How was it", "nine"), ("your number", "press 4711#")])).await;
    let input = json!({ "phone": PHONE }).to_string();
    let command = ["run", "call-with-visit", "--input", &input, "--follow"];
    let following = asked(&app, &command);
    let answering = async {
        app.eventually(async || (!app.runs_of("call-with-visit").await.is_empty()).then_some(())).await;
        app.quiet().await;
        app.let_it_ring().await;
    };
    let (output, ()) = tokio::join!(following, answering);
    let followed = String::from_utf8(output.stdout).unwrap();
    for text in [followed, said(&app, &["runs", "show"]).await] {
        in_order(
            &text,
            &[
                "talk: call to +15557654321",
                "call ringing (callback)",
                "call answered (callback)",
                "conversation cnv_",
                "agent: \u{201c}Hello.\u{201d}",
                "agent: \u{201c}How was it?\u{201d}",
                "person: \u{201c}nine\u{201d}",
                "agent: \u{201c}What is your number?\u{201d}",
                "person: ***",
                "agent: \u{201c}Thank you.\u{201d}",
                "conversation ended by completed",
                "talk: the conversation is over, with 2 answers",
                "run completed",
            ],
        );
        assert!(!text.contains("4711"), "{text}");
    }
    in_order(&said(&app, &["runs", "show"]).await, &["run completed", "call ended (callback)"]);
    let shown = said(&app, &["runs", "show", "--json"]).await;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["conversations"][0]["answers"]["rating"]["value"], 9, "{shown}");
    app.finish().await;
}

#[tokio::test]
async fn what_an_agent_asks_by_text_is_told_before_anybody_answers() {
    let app = TestApp::start().await;
    app.publish_agent("visit", VISIT).await;
    app.publish("ask", ASKING).await;
    let mut following = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    let token = std::fs::read_to_string(app.folder().join("token")).unwrap();
    following.env_clear().env("SWITCHBOARD_URL", &app.url).env("SWITCHBOARD_TOKEN", token);
    following.args(["run", "ask", "--follow"]).stdout(Stdio::piped()).kill_on_drop(true);
    let mut following = following.spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    for (asks, answer) in [("How was it?", "nine"), ("What is your number?", "4711")] {
        loop {
            let line = lines.next_line().await.unwrap().expect("it is asked before the end");
            if line.contains(&format!("agent: \u{201c}{asks}\u{201d}")) {
                break;
            }
        }
        app.phone_says(answer).await;
    }
    let mut rest = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        rest.push_str(&(line + "\n"));
    }
    in_order(&rest, &["person: ***", "conversation ended by completed", "run completed"]);
    assert!(!rest.contains("4711") && following.wait().await.unwrap().success(), "{rest}");
    app.finish().await;
}
