//! What people see of a run while somebody is on the line, or is asked by text.

use super::app::{PHONE, TestApp};
use super::interviews::{calling, says};
use crate::cli::online::said;
use emulator::Fixture;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const TEMPLATE: &str = "HX00000000000000000000000000000001";

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

/// Free words, and a template for whoever has not written.
const WRITING: &str = "name: write
from: \"+15551234567\"
blocks:
  - id: write
    type: twilio
    messageType: whatsapp
    to: \"+15557654321\"
    message: Free words.
    contentSid: HX00000000000000000000000000000001
    contentVariables: {\"1\": Ann}
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
    let mut following = Following::of(&app, &["call-with-visit", "--input", &input]);
    following.until("call ringing (callback)").await;
    app.quiet().await;
    app.let_it_ring().await;
    let followed = following.ended().await;
    for text in [followed, said(&app, &["runs", "show"]).await] {
        in_order(
            &text,
            &[
                "talk: call to +15557654321",
                "call ringing (callback)",
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
        // The provider tells that somebody answered while it asks what to say, and either may come first.
        in_order(&text, &["call ringing (callback)", "call answered (callback)", "run completed"]);
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
    let mut following = Following::of(&app, &["ask"]);
    for (asks, answer) in [("How was it?", "nine"), ("What is your number?", "4711")] {
        following.until(&format!("agent: \u{201c}{asks}\u{201d}")).await;
        app.phone_says(answer).await;
    }
    let told = following.ended().await;
    in_order(&told, &["person: ***", "conversation ended by completed", "run completed"]);
    assert!(!told.contains("4711"), "{told}");
    app.finish().await;
}

/// Whether it goes out as a template is decided when its turn comes, and its words come from the provider later.
#[tokio::test]
async fn a_template_is_told_once_whatever_becomes_known_of_it() {
    let mut fixture = Fixture::default();
    let template = json!([{ "sid": TEMPLATE, "friendlyName": "Visit", "body": "Hello {{1}}." }]);
    fixture.accounts[0].contents = serde_json::from_value(template).unwrap();
    let app = TestApp::start_in(&[], fixture).await;
    app.publish("write", WRITING).await;
    let busy = json!({ "do": "tooManyRequests", "retryAfterS": 60 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": busy, "times": 1 })).await;
    let mut following = Following::of(&app, &["write"]);
    following.until("; tried again at").await;
    app.clock.advance(SignedDuration::from_mins(2)).await;
    app.inbox_of(1).await;
    // Long lines are broken.
    let told = following.ended().await.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(told.matches(TEMPLATE).count(), 1, "{told}");
    in_order(
        &told,
        &[
            &format!("\u{201c}Free words.\u{201d}, template {TEMPLATE} (1: Ann)"),
            "text handed to the provider",
            "text refused",
            "text handed to the provider, attempt 2, as a template",
            "run completed",
        ],
    );
    app.finish().await;
}

#[tokio::test]
async fn whoever_follows_with_few_requests_left_is_told_later_and_not_refused() {
    let limits =
        [("SWITCHBOARD_RATE_LIMITS_TOKEN_PER_SECOND", "5"), ("SWITCHBOARD_RATE_LIMITS_TOKEN_BURST", "10")];
    let app = TestApp::start_with(&limits).await;
    app.publish_agent("visit", VISIT).await;
    app.publish("ask", ASKING).await;
    let mut following = Following::of(&app, &["ask"]);
    following.until("How was it?").await;
    app.phone_says("nine").await;
    following.until("What is your number?").await;
    app.phone_says("4711").await;
    in_order(&following.ended().await, &["person: ***", "run completed"]);
    app.finish().await;
}

/// `switchboard run --follow`, line by line as it tells.
struct Following {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    told: String,
}

impl Following {
    fn of(app: &TestApp, arguments: &[&str]) -> Following {
        let token = std::fs::read_to_string(app.folder().join("token")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
        command.env_clear().env("SWITCHBOARD_URL", &app.url).env("SWITCHBOARD_TOKEN", token);
        command.arg("run").args(arguments).arg("--follow").stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Following { child, lines, told: String::new() }
    }

    /// Reads until a line that has these words.
    async fn until(&mut self, words: &str) {
        loop {
            let line = self.lines.next_line().await.unwrap();
            let Some(line) = line else { panic!("{words} is not told before the end:\n{}", self.told) };
            self.told.push_str(&(line + "\n"));
            if self.told.lines().next_back().is_some_and(|line| line.contains(words)) {
                return;
            }
        }
    }

    /// All that was told, once it ended well.
    async fn ended(mut self) -> String {
        while let Some(line) = self.lines.next_line().await.unwrap() {
            self.told.push_str(&(line + "\n"));
        }
        assert!(self.child.wait().await.unwrap().success(), "{}", self.told);
        self.told
    }
}
