//! What a model finds out behind calls, and what their runs make of it.

use super::app::{PHONE, TestApp};
use super::interviews::says;
use super::talks::desk;
use crate::api::caller::Caller;
use crate::cli::online::said;
use emulator::DEFAULT_NUMBER;
use engine::conversation::TurnKind;
use engine::id::ConversationId;
use engine::llm::after::Progress;
use engine::run::{LogKind, Run};
use serde_json::{Value, json};

/// What is asked for behind a call.
const FORM: &str = "
extract: {day: {type: string, format: date}, people: {type: integer, minimum: 1}}
summary: true
outcomes: [booked, refused]
";

const WHOLE: &str =
    r#"{"fields": {"day": "2026-12-01", "people": 2}, "summary": "Two people come.", "outcome": "booked"}"#;

/// Calls with the desk, and then writes what came of it.
fn calling() -> String {
    format!(
        r#"name: call-with-desk
trigger: {{type: webhook, path: desk}}
input: {{phone: {{type: string}}, pin: {{type: string, default: "0000"}}}}
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    from: "{DEFAULT_NUMBER}"
    to: "{{{{phone}}}}"
    agent: desk
    next: tell
    on: {{hung_up: tell, transferred: tell, max_retries: tell, ended: tell, timeout: tell, voicemail: tell}}
  - id: tell
    type: twilio
    messageType: sms
    from: "{DEFAULT_NUMBER}"
    to: "{{{{phone}}}}"
    message: "{{{{people ?? 'no'}}}} people, {{{{day ?? 'no'}}}} day, {{{{outcome ?? 'no'}}}} outcome, {{{{summary ?? 'no summary'}}}}"
"#
    )
}

/// A model that talks, and that fills in the form like this.
fn model(form: &str) -> Value {
    json!({"id": "m", "rules": [
        {"when": {"wantsJson": true}, "then": {"text": form}},
        {"when": {"contains": "table"}, "then": {"text": "For two, then."}},
    ]})
}

fn guest() -> Value {
    says(&[("this is the clinic", "a table please"), ("For two", "goodbye")])
}

impl TestApp {
    /// The desk calls somebody who behaves like this; the run as it ended.
    async fn call_and_tell(&self, more: &str, script: &Value) -> Run {
        self.publish_agent("desk", &desk(&format!("{FORM}{more}"))).await;
        self.publish("call-with-desk", &calling()).await;
        self.phone_behaves(script).await;
        let run = self.begin_call("desk").await;
        self.let_it_ring().await;
        self.ended(&run).await
    }

    /// The requests to models that asked for a form.
    async fn forms(&self) -> Vec<Value> {
        let mut requests = self.model_requests().await;
        requests.retain(|request| request.get("response_format").is_some());
        requests
    }

    async fn gathered(&self) -> Vec<Progress> {
        let id = self.the_conversation().await.id;
        let entries = self.state.store.transcript(&id).await.unwrap();
        let steps = entries.into_iter().filter_map(|entry| match entry.kind {
            TurnKind::Gathered { progress } => Some(progress),
            _ => None,
        });
        steps.collect()
    }

    /// How often the run heard of the end of a conversation.
    async fn ends_told(&self, run: &Run) -> usize {
        let log = self.state.store.run_log(&run.id).await.unwrap();
        log.iter().filter(|entry| matches!(entry.kind, LogKind::ConversationEnded { .. })).count()
    }
}

#[tokio::test]
async fn what_was_found_out_stands_in_the_next_text() {
    for mode in ["gather", "relay"] {
        let app = TestApp::with_model(model(WHOLE)).await;
        let run = app.call_and_tell(&format!("mode: {mode}\n"), &guest()).await;
        assert_eq!(
            app.inbox().await,
            ["2 people, 2026-12-01 day, booked outcome, Two people come."],
            "{mode}"
        );
        assert_eq!(run.variables["people"], 2);
        assert_eq!((app.forms().await.len(), app.ends_told(&run).await), (1, 1));
        assert_eq!(app.gathered().await.last(), Some(&Progress::Known));
        let caller = Caller::admin(&app);
        let id = app.the_conversation().await.id;
        let shown = caller.get(&format!("/conversations/{id}")).await;
        assert_eq!(
            shown["findings"],
            json!({"fields": {"day": "2026-12-01", "people": 2}, "summary": "Two people come.", "outcome": "booked", "problems": []})
        );
        // What was asked for behind the call is paid for too.
        let talk = app.the_conversation().await.dialogue().unwrap().cost_nanodollars;
        let cost = shown["cost"].as_f64().unwrap();
        assert!(cost * 1e9 > talk as f64 + 1.0, "{shown}");
        assert_eq!(run.variables["conversationCost"].as_f64(), Some(cost));
        assert_eq!(caller.get("/conversations").await["items"][0]["cost"].as_f64(), Some(cost));
        let story = said(&app, &["conversations", "show", id.as_str()]).await;
        for words in
            ["people: 2\n", "summary: Two people come.\n", "finds out what came of it\n", "cost at most $"]
        {
            assert!(story.contains(words), "{words} is not in\n{story}");
        }
        assert!(said(&app, &["conversations", "list"]).await.contains(&format!("${cost:.6}")));
        app.finish().await;
    }
}

#[tokio::test]
async fn it_is_found_out_however_the_call_ended() {
    let tools = "tools:
  - {name: hand_over, type: transfer, description: Connects the caller., to: \"+15557650000\"}
  - {name: finish, type: endCall, description: Ends the call.}
";
    let mut talking = model(WHOLE);
    let rules = talking["rules"].as_array_mut().unwrap();
    for (said, tool) in [("a human", "hand_over"), ("enough", "finish")] {
        let calls = json!({"toolCalls": [{"name": tool, "arguments": {}}]});
        rules.push(json!({"when": {"contains": said}, "then": calls}));
    }
    let app = TestApp::with_model(talking).await;
    let silent = json!({"rules": []});
    for mode in ["gather", "relay"] {
        for (mut script, ended, asked) in [
            (says(&[("this is the clinic", "a table please"), ("For two", "hang up")]), "hung_up", 1),
            (says(&[("this is the clinic", "I want a human")]), "transferred", 1),
            (says(&[("this is the clinic", "that is enough")]), "ended", 1),
            (says(&[("this is the clinic", "a table please")]), "max_retries", 1),
            (silent.clone(), "max_retries", 0),
        ] {
            script["times"] = 1.into();
            let (before, forms) = (app.inbox().await.len(), app.forms().await.len());
            let run = app.call_and_tell(&format!("mode: {mode}\n{tools}"), &script).await;
            let call = app.kept_calls().await.remove(0);
            assert_eq!(call.course.ended_by.unwrap().name(), ended, "{mode}");
            let told = app.inbox().await[before..].to_vec();
            let expected = match asked {
                1 => "2 people, 2026-12-01 day, booked outcome, Two people come.",
                _ => "no people, no day, no outcome, no summary",
            };
            assert_eq!(told, [expected], "{mode} {ended}");
            assert_eq!(
                (app.forms().await.len() - forms, app.ends_told(&run).await),
                (asked, 1),
                "{mode} {ended}"
            );
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_again() {
    let mut asked_again =
        model(r#"{"fields": {"day": "soon", "people": 2}, "summary": "Two.", "outcome": "booked"}"#);
    let again = json!({"when": {"wantsJson": true, "instructionsContain": "That does not fit: `day`"}, "then": {"text": WHOLE}});
    asked_again["rules"].as_array_mut().unwrap().insert(0, again);
    let app = TestApp::with_model(asked_again).await;
    app.call_and_tell("", &guest()).await;
    assert_eq!(app.inbox().await, ["2 people, 2026-12-01 day, booked outcome, Two people come."]);
    assert_eq!(app.forms().await.len(), 2);
    let steps = app.gathered().await;
    assert!(matches!(&steps[..], [Progress::Refused { .. }, Progress::Known]), "{steps:?}");
    app.finish().await;
}

#[tokio::test]
async fn what_never_fits_is_left_empty_and_the_run_goes_on() {
    let app =
        TestApp::with_model(model(r#"{"fields": {"day": "soon", "people": 2}, "outcome": "booked"}"#)).await;
    let run = app.call_and_tell("", &guest()).await;
    assert_eq!(app.inbox().await, ["2 people, no day, booked outcome, no summary"]);
    assert_eq!((app.forms().await.len(), app.ends_told(&run).await), (3, 1));
    let shown = Caller::admin(&app).get(&format!("/conversations/{}", app.the_conversation().await.id)).await;
    assert_eq!(shown["findings"]["problems"].as_array().unwrap().len(), 2, "{shown}");
    app.finish().await;
}

#[tokio::test]
async fn a_model_that_is_down_keeps_no_run() {
    for (fault, asked) in [
        (json!({"do": "noCredit"}), 1),
        (json!({"do": "overloaded"}), 2),
        (json!({"do": "end", "ends": {"kind": "stall", "afterTokens": 0}}), 2),
    ] {
        let app = TestApp::with_model(model(WHOLE)).await;
        app.model_fault(json!({"when": {"wantsJson": true}, "then": fault, "times": null})).await;
        let run = app.call_and_tell("timeLimits: {firstToken: 1s, answer: 2s}\n", &guest()).await;
        assert_eq!(app.inbox().await, ["no people, no day, no outcome, no summary"], "{fault}");
        assert_eq!(run.variables["day"], Value::Null);
        assert_eq!(app.ends_told(&run).await, 1);
        assert!(app.forms().await.len() >= asked, "{fault}");
        assert!(
            matches!(app.gathered().await.last(), Some(Progress::Unknown { .. })),
            "{:?}",
            app.gathered().await
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn a_model_that_comes_back_is_asked_again() {
    let app = TestApp::with_model(model(WHOLE)).await;
    app.model_fault(json!({"when": {"wantsJson": true}, "then": {"do": "overloaded"}, "times": 4})).await;
    app.call_and_tell("", &guest()).await;
    assert_eq!(app.inbox().await, ["2 people, 2026-12-01 day, booked outcome, Two people come."]);
    let steps = app.gathered().await;
    assert!(matches!(&steps[..], [Progress::Failed { .. }, .., Progress::Known]), "{steps:?}");
    app.finish().await;
}

#[tokio::test]
async fn who_said_nothing_and_what_nobody_pays_for_is_not_asked_about() {
    let silent = json!({"rules": [{"hears": {"contains": "this is the clinic"}, "do": [{"hangUp": true}]}]});
    for (more, script) in [("", &silent), ("budget: {tokens: 500}\n", &guest())] {
        let app = TestApp::with_model(model(WHOLE)).await;
        let run = app.call_and_tell(more, script).await;
        assert_eq!(app.inbox().await, ["no people, no day, no outcome, no summary"], "{more}");
        assert_eq!((app.forms().await.len(), app.ends_told(&run).await), (0, 1), "{more}");
        app.finish().await;
    }
}

#[tokio::test]
async fn the_run_waits_for_a_slow_model_whatever_the_line_reports_meanwhile() {
    let mut slow = model(WHOLE);
    slow["rules"][0]["then"]["pace"] = json!({"firstTokenMs": 1_500});
    let app = TestApp::with_model(slow).await;
    app.publish_agent("desk", &desk(FORM)).await;
    app.publish("call-with-desk", &calling()).await;
    app.phone_behaves(&guest()).await;
    let run = app.begin_call("desk").await;
    let ringing = tokio::spawn({
        let clock = app.clock.clone();
        async move { clock.advance(jiff::SignedDuration::from_hours(1)).await }
    });
    app.eventually(async || (!app.forms().await.is_empty()).then_some(())).await;
    let call = app.kept_calls().await.remove(0);
    assert!(call.course.gathers && call.course.ended_by.is_some(), "{:?}", call.course);
    let sid = call.progress.sid.clone().unwrap();
    for status in ["completed", "completed", "failed"] {
        let form = [
            ("CallSid", sid.as_str()),
            ("AccountSid", emulator::DEFAULT_ACCOUNT),
            ("From", DEFAULT_NUMBER),
            ("To", PHONE),
            ("CallStatus", status),
        ];
        let told = app.signed_webhook(&format!("/twilio/dev/voice/{}/status", call.id), &form).await;
        assert!(told.status().is_success(), "{}", told.status());
    }
    assert!(app.inbox().await.is_empty());
    let run = app.ended(&run).await;
    app.inbox_of(1).await;
    assert_eq!(app.inbox().await, ["2 people, 2026-12-01 day, booked outcome, Two people come."]);
    assert_eq!((app.forms().await.len(), app.ends_told(&run).await), (1, 1));
    ringing.await.unwrap();
    app.finish().await;
}

/// The model is away, and is asked again and again what came of it: whoever hung up is called again meanwhile.
#[tokio::test]
async fn another_call_does_not_wait_for_what_came_of_the_one_before() {
    let app = TestApp::with_model(model(WHOLE)).await;
    app.model_fault(json!({"when": {"wantsJson": true}, "then": {"do": "overloaded"}, "times": 4})).await;
    app.publish_agent("desk", &desk(FORM)).await;
    let again = "    next: tell\n    retry: {attempts: 2, delay: 1s, outcomes: [hung_up]}\n";
    app.publish("call-with-desk", &calling().replace("    next: tell\n", again)).await;
    let mut hangs_up = says(&[("this is the clinic", "a table please"), ("For two", "hang up")]);
    hangs_up["times"] = 1.into();
    app.phone_behaves(&hangs_up).await;
    app.phone_behaves(&guest()).await;
    let run = app.begin_call("desk").await;
    app.let_it_ring().await;
    let run = app.ended(&run).await;
    let mut calls = app.kept_calls().await;
    calls.sort_by_key(|call| call.created_at);
    let [first, second] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(first.course.ended_by.unwrap().name(), "hung_up");
    let id = ConversationId::of_call(&first.id);
    let transcript = app.state.store.transcript(&id).await.unwrap();
    let known = TurnKind::Gathered { progress: Progress::Known };
    let known_at = transcript.iter().find(|entry| entry.kind == known).unwrap().at;
    assert!(second.created_at < known_at, "{} is not before {known_at}", second.created_at);
    assert_eq!(app.ends_told(&run).await, 2, "what came of the first call is told too");
    assert_eq!(app.inbox().await, ["2 people, 2026-12-01 day, booked outcome, Two people come."]);
    app.finish().await;
}

#[tokio::test]
async fn fields_that_are_called_like_a_secret_are_shown_to_nobody() {
    let form = r#"{"fields": {"pin": "S3CRET-PIN"}, "summary": "It was given.", "outcome": "booked"}"#;
    let app = TestApp::with_model(model(form)).await;
    let agent = desk("secretVariables: [pin]\nextract: {pin: {type: string}}\nsummary: true\n");
    app.publish_agent("desk", &agent).await;
    app.publish("call-with-desk", &calling()).await;
    app.phone_behaves(&guest()).await;
    let run = app.begin_call("desk").await;
    app.let_it_ring().await;
    let run = app.ended(&run).await;
    assert_eq!(run.variables["pin"], "S3CRET-PIN");
    assert!(run.sensitive.contains(&"pin".to_owned()), "{:?}", run.sensitive);
    let caller = Caller::admin(&app);
    let id = app.the_conversation().await.id;
    let mut shown = caller.get(&format!("/conversations/{id}")).await.to_string();
    shown += &caller.get(&format!("/runs/{}", run.id)).await.to_string();
    assert!(shown.contains("It was given.") && !shown.contains("S3CRET-PIN"), "{shown}");
    app.finish().await;
}
