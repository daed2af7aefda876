//! Calls from people: they start runs, and go on with conversations that broke off.

use super::app::{PHONE, TestApp};
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER};
use engine::call::{self, Call, Status};
use engine::id::RunId;
use engine::run::RunStatus;
use engine::sending::{Direction, ReportedVia};
use host::InboundCall;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::{PageRequest, RunFilter};

const SURVEY: &str = include_str!("agents/survey.yaml");

const DESK: &str = r#"
name: desk
trigger: {type: incomingCall, to: "+15551234567"}
blocks:
  - {id: known, type: condition, if: 'call.from == "+15557654321"', on: {"false": closed}}
  - {id: talk, type: twilio, messageType: voiceAgent, agent: survey, recordCall: true, on: {hung_up: early}}
  - {id: done, type: end, result: {from: "{{call.from}}", to: "{{call.to}}", rating: "{{rating}}"}}
  - {id: early, type: end, result: {early: true}}
  - {id: closed, type: twilio, messageType: voice, message: "We are closed today.", on: {failed: end}}
"#;

impl TestApp {
    /// A phone calls our number and plays this, or its own script where that is null; then twenty minutes pass.
    pub(super) async fn calls_in(&self, phone: &str, script: &Value) -> String {
        let url = format!("{}/emulator/v1/phones/{phone}/calls", self.emulator_url);
        let call = json!({ "to": DEFAULT_NUMBER, "script": script });
        let called = self.http.post(url).json(&call).send().await.unwrap();
        assert_eq!(called.status(), StatusCode::CREATED, "{}", called.text().await.unwrap());
        let called: Value = called.json().await.unwrap();
        self.quiet().await;
        self.clock.advance(SignedDuration::from_mins(20)).await;
        let sid = called["sid"].as_str().unwrap();
        let story = self.http.get(format!("{}/emulator/v1/calls/{sid}", self.emulator_url)).send().await;
        story.unwrap().text().await.unwrap()
    }

    pub(super) async fn runs_of(&self, workflow: &str) -> Vec<RunId> {
        let filter = RunFilter { workflow: Some(workflow.to_owned()), ..RunFilter::default() };
        let runs = self.state.store.runs(filter, PageRequest::default()).await.unwrap();
        runs.into_iter().map(|run| run.id).collect()
    }
}

/// Somebody who says this when these words are heard.
fn says(answers: &[(&str, &str)]) -> Value {
    let act = |says: &str| match says {
        "hang up" => json!({ "hangUp": true }),
        words => json!({ "say": words }),
    };
    let rules =
        answers.iter().map(|(hears, says)| json!({ "hears": { "contains": hears }, "do": [act(says)] }));
    json!({ "rules": rules.collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_call_starts_a_run_that_answers_it() {
    let app = TestApp::start().await;
    app.publish_agent("survey", SURVEY).await;
    app.publish("desk", DESK).await;
    let story = app.calls_in(PHONE, &says(&[("one to ten", "nine"), ("come again", "yes")])).await;
    assert!(story.contains("From one to ten"), "{story}");
    let runs = app.runs_of("desk").await;
    assert_eq!(runs.len(), 1);
    let ended = app.ended(&runs[0]).await;
    assert_eq!(ended.result, Some(json!({ "from": PHONE, "to": DEFAULT_NUMBER, "rating": 9 })));
    let calls = app.kept_calls().await;
    assert_eq!(calls[0].progress.status, Some(Status::Completed), "{:?}", calls[0]);
    assert_eq!((calls.len(), calls[0].direction), (1, Direction::Inbound));
    assert_eq!(calls[0].origin.as_ref().unwrap().run, runs[0]);
    let recordings = app.state.store.recordings(Some(&calls[0].id), PageRequest::default()).await.unwrap();
    assert_eq!(recordings.len(), 1, "what comes in is recorded by its document");

    // Somebody else hears something else.
    let story = app.calls_in("+15557654322", &json!({})).await;
    assert!(story.contains("We are closed today"), "{story}");
    let runs = app.runs_of("desk").await;
    app.ended(&runs[0]).await;
    app.finish().await;
}

#[tokio::test]
async fn a_call_that_was_taken_and_not_answered_is_answered_when_it_asks_again() {
    let app = TestApp::start().await;
    app.publish_agent("survey", SURVEY).await;
    app.publish("desk", DESK).await;
    let sid = "CA000000000000000000000000000000aa";
    // What a server stored before it was killed.
    let report = call::Report {
        sid: sid.into(),
        status: Some(Status::Ringing),
        error_code: None,
        error_message: None,
        answered_by: None,
        receipt: call::Receipt::default(),
    };
    let taken = InboundCall {
        credential: "dev".into(),
        from: PHONE.into(),
        to: DEFAULT_NUMBER.into(),
        report,
        via: ReportedVia::Callback,
    };
    app.state.host.receive_call(taken, None).await.unwrap();
    let form = [
        ("CallSid", sid),
        ("AccountSid", DEFAULT_ACCOUNT),
        ("From", PHONE),
        ("To", DEFAULT_NUMBER),
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
    ];
    let ask = async || {
        let response = app.signed_webhook("/twilio/dev/voice", &form).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    let first = ask().await;
    assert!(first.contains("From one to ten"), "{first}");
    assert_eq!(ask().await, first, "and once more");
    assert_eq!(app.runs_of("desk").await.len(), 1);
    assert_eq!(app.kept_calls().await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn an_agent_that_cannot_talk_fails_the_run_and_the_caller_hears_so() {
    let app = TestApp::start().await;
    app.publish("desk", DESK).await;
    let story = app.calls_in(PHONE, &json!({})).await;
    assert!(story.contains("We are sorry, something went wrong"), "{story}");
    let run = app.run(&app.runs_of("desk").await[0]).await;
    let RunStatus::Failed { cause } = &run.status else { panic!("{:?}", run.status) };
    assert!(cause.message.contains("no agent of this name"), "{cause:?}");
    app.finish().await;
}

/// Where nothing of the workflow can answer, the apology is in its language; else it is the author's.
#[tokio::test]
async fn another_block_may_answer_where_the_agent_cannot_talk() {
    let app = TestApp::start().await;
    let german = DESK.replacen("name: desk", "name: desk\nlanguage: de-DE", 1);
    app.publish("desk", &german).await;
    let story = app.calls_in(PHONE, &json!({})).await;
    assert!(story.contains("Es tut uns leid"), "{story}");
    let own = DESK.replace("on: {hung_up: early}", "on: {hung_up: early, failed: closed}");
    app.publish("desk", &own).await;
    let story = app.calls_in(PHONE, &json!({})).await;
    assert!(story.contains("We are closed today") && !story.contains("sorry"), "{story}");
    let run = app.run(&app.runs_of("desk").await[0]).await;
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.variables["messageStatus"], "completed", "{:?}", run.variables);
    app.finish().await;
}

#[tokio::test]
async fn whoever_is_not_meant_hears_a_goodbye_and_starts_nothing() {
    let app = TestApp::start().await;
    app.publish("desk", &DESK.replace("to: \"+15551234567\"", "to: \"+15557770000\"")).await;
    let story = app.calls_in(PHONE, &json!({})).await;
    assert!(story.contains("nothing to tell you"), "{story}");
    assert!(app.runs_of("desk").await.is_empty());
    app.finish().await;
}

/// A workflow that calls with an agent that calls back, within the hours of the day.
const CALLING: &str = r#"
name: calling
trigger: {type: webhook, path: calling}
input: {phone: {type: string}}
timeZone: UTC
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    from: "+15551234567"
    to: "{{phone}}"
    agent: survey
    retry: {attempts: 3, within: "09:00-20:00"}
    on: {hung_up: early}
  - {id: done, type: end, result: {again: "{{again}}"}}
  - {id: early, type: end, result: {early: true}}
"#;

#[tokio::test]
async fn the_next_call_goes_on_where_the_last_one_broke_off() {
    let app = TestApp::start().await;
    app.publish_agent("survey", &format!("{SURVEY}resume: {{within: 2d}}\n")).await;
    app.publish("calling", CALLING).await;
    app.phone_behaves(&says(&[("one to ten", "eight"), ("come again", "hang up")])).await;
    let run = app.begin_call("calling").await;
    app.let_it_ring().await;
    let ended = app.ended(&run).await;
    assert_eq!(
        (ended.result.as_ref(), &ended.variables["rating"]),
        (Some(&json!({ "early": true })), &json!(8))
    );
    // The person calls, and is asked the open question alone.
    let story = app.calls_in(PHONE, &says(&[("come again", "yes I would")])).await;
    assert!(story.contains("Welcome back") && !story.contains("From one to ten"), "{story}");
    let second = app.begin_call("calling").await;
    app.let_it_ring().await;
    let ended = app.ended(&second).await;
    assert_eq!(ended.variables["rating"], 8, "what was finished is not gone on with: it begins anew");
    app.finish().await;
}

#[tokio::test]
async fn who_hung_up_is_called_back_once_and_not_at_night() {
    let app = TestApp::start().await;
    app.publish_agent("survey", &format!("{SURVEY}resume: {{within: 2d, callBack: 10m}}\n")).await;
    app.publish("calling", CALLING).await;
    app.phone_behaves(&says(&[("one to ten", "eight"), ("come again", "hang up")])).await;
    let run = app.begin_call("calling").await;
    app.let_it_ring().await;
    app.clock.advance(SignedDuration::from_hours(40)).await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result, Some(json!({ "early": true })), "hung up again");
    let calls: Vec<Call> = app.kept_calls().await;
    assert_eq!(calls.len(), 2, "one call back and no more");
    for call in calls.iter().filter(|call| call.origin.as_ref().is_some_and(|origin| origin.n == 1)) {
        let hour = call.created_at.to_zoned(jiff::tz::TimeZone::UTC).hour();
        assert!((9..20).contains(&hour), "called back at {}", call.created_at);
    }
    app.finish().await;
}
