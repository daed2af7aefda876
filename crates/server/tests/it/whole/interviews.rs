//! Agents that talk over calls, with people who play scripts at the far end.

use super::app::{LIMIT, PHONE, TestApp};
use emulator::DEFAULT_NUMBER;
use engine::call::Call;
use engine::id::{CallId, ConversationId, RunId};
use engine::run::{Run, RunStatus};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{ConversationFilter, OutboundFilter, PageRequest};

const TRIAGE: &str = include_str!("agents/triage.yaml");
const SCREENING: &str = include_str!("agents/screening.yaml");
const SURVEY: &str = include_str!("agents/survey.yaml");
const EXAMPLE: &str = include_str!("../../../../../examples/appointment-call.yaml");

/// A workflow that calls with an agent and answers with what came of it.
pub(super) fn calling(agent: &str) -> String {
    format!(
        "name: call-with-{agent}
trigger: {{type: webhook, path: {agent}}}
input: {{phone: {{type: string}}, name: {{type: string, default: Ann}}}}
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    from: \"{DEFAULT_NUMBER}\"
    to: \"{{{{phone}}}}\"
    agent: {agent}
    on: {{ended: cut_short, hung_up: broke_off, voicemail: machine, max_retries: gave_up, no_answer: nobody}}
  - {{id: done, type: end, result: {{outcome: completed}}}}
  - {{id: cut_short, type: end, result: {{outcome: ended}}}}
  - {{id: broke_off, type: end, result: {{outcome: hung_up}}}}
  - {{id: machine, type: end, result: {{outcome: voicemail}}}}
  - {{id: gave_up, type: end, result: {{outcome: max_retries}}}}
  - {{id: nobody, type: end, result: {{outcome: no_answer}}}}
"
    )
}

impl TestApp {
    pub(super) async fn publish_agent(&self, name: &str, source: &str) {
        let loaded = engine::agent::load(source, Some(name));
        assert!(loaded.agent.is_some(), "{:?}", loaded.diagnostics);
        self.state.store.publish_agent(name, source, self.state.host.now()).await.unwrap();
        self.state.host.refresh().await.unwrap();
    }

    /// How the phone behaves in calls.
    pub(crate) async fn phone_behaves(&self, script: &Value) {
        let url = format!("{}/emulator/v1/phones/{PHONE}/callScripts", self.emulator_url);
        let added = self.http.post(url).json(script).send().await.unwrap();
        assert!(added.status().is_success(), "{}", added.text().await.unwrap());
    }

    pub(super) async fn begin_call(&self, agent: &str) -> RunId {
        let (status, body) = self.hook(agent, &json!({ "phone": PHONE })).await;
        assert_eq!(status, reqwest::StatusCode::ACCEPTED, "{body}");
        RunId::parse(body["run"].as_str().unwrap()).unwrap()
    }

    /// Lets an hour pass, in which every call comes to its end.
    pub(super) async fn let_it_ring(&self) {
        self.clock.advance(SignedDuration::from_hours(1)).await;
    }

    /// An agent calls somebody who behaves like this; the run as it ended.
    pub(super) async fn interview(&self, agent: &str, source: &str, script: &Value) -> Run {
        self.publish_agent(agent, source).await;
        self.publish(&format!("call-with-{agent}"), &calling(agent)).await;
        self.phone_behaves(script).await;
        let run = self.begin_call(agent).await;
        self.let_it_ring().await;
        self.ended(&run).await
    }

    pub(super) async fn kept_calls(&self) -> Vec<Call> {
        self.state.store.list::<Call>(OutboundFilter::default(), PageRequest::default()).await.unwrap()
    }

    /// Questions by id, in the order in which they were asked, repeats included.
    async fn questions_asked(&self) -> Vec<String> {
        let found = self
            .state
            .store
            .conversations(ConversationFilter::default(), PageRequest::default())
            .await
            .unwrap();
        let id = found[0].conversation.id.clone();
        self.asked_in(&id).await
    }

    async fn asked_in(&self, id: &ConversationId) -> Vec<String> {
        let transcript = self.state.store.transcript(id).await.unwrap();
        let asked = transcript.into_iter().filter_map(|entry| match entry.kind {
            engine::conversation::TurnKind::Asked { question, .. } => Some(question),
            _ => None,
        });
        asked.collect()
    }
}

/// Somebody who says this when a question holds these words.
pub(super) fn says(answers: &[(&str, &str)]) -> Value {
    let rule = |(hears, says): &(&str, &str)| {
        let act = match says.strip_prefix("press ") {
            Some(keys) => json!({ "press": keys }),
            None if *says == "hang up" => json!({ "hangUp": true }),
            None => json!({ "say": says }),
        };
        json!({ "hears": { "contains": hears }, "do": [act] })
    };
    json!({ "rules": answers.iter().map(rule).collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_caller_with_a_bill_is_never_asked_about_a_device() {
    let app = TestApp::start().await;
    let script = says(&[("about a bill", "it is about my bill"), ("number on the bill", "press 4711#")]);
    let run = app.interview("triage", TRIAGE, &script).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed");
    assert_eq!(run.variables["topic"], "bill");
    assert_eq!(run.variables["invoice"], "4711");
    assert!(!run.variables.contains_key("model"), "{:?}", run.variables);
    assert_eq!(run.variables["answers"]["topic"]["heard"], "it is about my bill");
    assert_eq!(run.variables["answers"]["topic"]["attempts"], 1);
    assert_eq!(app.questions_asked().await, ["topic", "invoice"]);
    app.finish().await;
}

#[tokio::test]
async fn who_has_no_experience_hears_why_and_is_asked_nothing_more() {
    let app = TestApp::start().await;
    let run = app.interview("screening", SCREENING, &says(&[("How many years", "none at all")])).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "ended");
    assert_eq!(run.variables["experience"], 0);
    assert_eq!(app.questions_asked().await, ["experience"]);
    app.finish().await;
}

#[tokio::test]
async fn a_beginner_is_never_asked_whom_they_led_and_an_old_hand_is() {
    for (years, asked) in [
        ("two years", vec!["experience", "start"]),
        ("twelve years", vec!["experience", "team", "start"]),
        ("I am a senior", vec!["experience", "team", "start"]),
    ] {
        let app = TestApp::start().await;
        let script =
            says(&[("How many years", years), ("did you lead", "four"), ("begin next month", "yes I could")]);
        let run = app.interview("screening", SCREENING, &script).await;
        assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed", "{years}");
        assert_eq!(run.variables["start"], true, "{years}");
        assert_eq!(app.questions_asked().await, asked, "{years}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_ten_is_no_one_and_keys_count_as_words_do() {
    for (rating, asked) in
        [("ten", ["rating", "again"]), ("press 10#", ["rating", "again"]), ("one", ["rating", "wrong"])]
    {
        let app = TestApp::start().await;
        let script =
            says(&[("From one to ten", rating), ("come again", "press 1"), ("went wrong", "it was cold")]);
        let run = app.interview("survey", SURVEY, &script).await;
        assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed", "{rating}");
        assert_eq!(app.questions_asked().await, asked, "{rating}");
        app.finish().await;
    }
}

#[tokio::test]
async fn the_example_is_confirmed_by_voice_or_by_key_and_moved_by_a_no() {
    let wish = ("suits you better", "on Friday");
    for (answer, outcome) in
        [("yes I will be there", "confirmed"), ("press 1", "confirmed"), ("no sorry", "open")]
    {
        let app = TestApp::start().await;
        app.publish("appointment-call", EXAMPLE).await;
        app.phone_behaves(&says(&[("Are you coming", answer), wish])).await;
        let input = json!({ "patientPhone": PHONE, "patientName": "Ann" });
        let (status, body) = app.hook("appointment-call", &input).await;
        assert_eq!(status, reqwest::StatusCode::ACCEPTED, "{body}");
        let run = RunId::parse(body["run"].as_str().unwrap()).unwrap();
        app.let_it_ring().await;
        let result = app.ended(&run).await.result.unwrap();
        assert_eq!(result["outcome"], outcome, "{answer}");
        if outcome == "open" {
            assert_eq!(result["wishedDay"], "on Friday");
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn who_hangs_up_leaves_what_was_answered() {
    let app = TestApp::start().await;
    let script = says(&[("about a bill", "a device"), ("device is broken", "hang up")]);
    let run = app.interview("triage", TRIAGE, &script).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "hung_up");
    assert_eq!(run.variables["topic"], "device");
    let found =
        app.state.store.conversations(ConversationFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(found[0].conversation.ended_by().unwrap().as_str(), "hangup");
    app.finish().await;
}

#[tokio::test]
async fn silence_is_asked_again_and_then_gone_past() {
    let app = TestApp::start().await;
    let run = app.interview("survey", SURVEY, &json!({ "rules": [] })).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed");
    assert_eq!(run.variables["rating"], Value::Null);
    let asked = app.questions_asked().await;
    assert!(asked.len() >= 6, "each question was put three times: {asked:?}");
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_rung_up_to_hear_half_a_sentence_or_an_apology() {
    let app = TestApp::start().await;
    let half = SURVEY.replace("Hello, we have", "Hello {{title}} {{name}}, we have");
    for (agent, source) in [("half", Some(half)), ("unheard_of", None)] {
        if let Some(source) = source {
            app.publish_agent(agent, &source).await;
        }
        app.publish(&format!("call-with-{agent}"), &calling(agent)).await;
        let run = app.begin_call(agent).await;
        let run = app.state.host.wait_for_end(&run, LIMIT).await.unwrap().expect("it ends");
        let RunStatus::Failed { cause } = &run.status else { panic!("{:?}", run.status) };
        let why = if agent == "half" { "need `title`" } else { "no agent of this name" };
        assert!(cause.message.contains(why), "{cause:?}");
    }
    assert_eq!(app.rung().await, [] as [Value; 0]);
    app.finish().await;
}

#[tokio::test]
async fn nobody_answers_and_there_is_no_conversation() {
    let app = TestApp::start().await;
    let run = app.interview("survey", SURVEY, &json!({ "pickUp": { "kind": "noAnswer" } })).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "no_answer");
    let found =
        app.state.store.conversations(ConversationFilter::default(), PageRequest::default()).await.unwrap();
    assert!(found.is_empty());
    app.finish().await;
}

/// A call that is under way by webhooks alone: the emulator's phone rings until the end of the test.
struct OpenCall {
    call: CallId,
    sid: String,
}

impl OpenCall {
    async fn begin(app: &TestApp, agent: &str, source: &str) -> OpenCall {
        app.publish_agent(agent, source).await;
        app.publish(&format!("call-with-{agent}"), &calling(agent)).await;
        app.phone_behaves(&json!({ "pickUp": { "kind": "live" } })).await;
        app.begin_call(agent).await;
        let call = app
            .eventually(async || {
                let calls = app.kept_calls().await;
                calls.into_iter().find(|call| call.progress.sid.is_some())
            })
            .await;
        OpenCall { call: call.id, sid: call.progress.sid.unwrap() }
    }

    /// Posts what the provider would; the document that comes back.
    async fn post(&self, app: &TestApp, path: &str, more: &[(&str, &str)]) -> String {
        let form = [
            &[
                ("CallSid", self.sid.as_str()),
                ("AccountSid", emulator::DEFAULT_ACCOUNT),
                ("From", DEFAULT_NUMBER),
                ("To", PHONE),
                ("CallStatus", "in-progress"),
                ("Direction", "outbound-api"),
            ],
            more,
        ]
        .concat();
        let response = app.signed_webhook(&format!("/twilio/dev/voice/{}{path}", self.call), &form).await;
        assert_eq!(response.status(), reqwest::StatusCode::OK);
        let document = response.text().await.unwrap();
        let read = twilio::voice_twiml::read(&document).unwrap();
        assert!(read.warnings.is_empty(), "{:?} of {document}", read.warnings);
        document
    }

    /// The turn whose answer the document asks for.
    fn turn(document: &str) -> String {
        let (_, after) = document.split_once("/turn/").expect("it asks something");
        format!("/turn/{}", after.chars().take_while(char::is_ascii_digit).collect::<String>())
    }
}

#[tokio::test]
async fn a_webhook_that_comes_twice_gets_the_same_document_and_nothing_moves() {
    let app = TestApp::start().await;
    let open = OpenCall::begin(&app, "triage", TRIAGE).await;
    let greeted = open.post(&app, "", &[]).await;
    assert_eq!(open.post(&app, "", &[]).await, greeted);
    let first = OpenCall::turn(&greeted);
    let second = open.post(&app, &first, &[("Digits", "1")]).await;
    assert!(second.contains("number on the bill"), "{second}");
    // The same key again, another one, and the words of somebody who spoke as well: the turn is over.
    for more in [&[("Digits", "1")][..], &[("Digits", "2")], &[("SpeechResult", "device")]] {
        assert_eq!(open.post(&app, &first, more).await, second);
    }
    let id = ConversationId::of_call(&open.call);
    assert_eq!(app.asked_in(&id).await, ["topic", "invoice"]);
    let third = open.post(&app, &OpenCall::turn(&second), &[("Digits", "4711")]).await;
    assert!(third.contains("call you back") && third.contains("<Hangup"), "{third}");
    // What comes after the end changes nothing.
    assert_eq!(open.post(&app, &first, &[("Digits", "2")]).await, second, "it was answered so before");
    assert_eq!(open.post(&app, "/turn/99", &[("Digits", "2")]).await, third);
    app.stop().await;
}

#[tokio::test]
async fn two_keys_at_once_move_the_conversation_once() {
    let app = TestApp::start().await;
    let open = OpenCall::begin(&app, "triage", TRIAGE).await;
    let first = OpenCall::turn(&open.post(&app, "", &[]).await);
    let (one, two) = tokio::join!(
        open.post(&app, &first, &[("Digits", "1")]),
        open.post(&app, &first, &[("Digits", "2")])
    );
    assert_eq!(one, two, "whoever comes second hears what the first one brought about");
    assert_eq!(app.asked_in(&ConversationId::of_call(&open.call)).await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn odd_answers_are_data() {
    let app = TestApp::start().await;
    let open = OpenCall::begin(&app, "triage", TRIAGE).await;
    let mut document = open.post(&app, "", &[]).await;
    document = open.post(&app, &OpenCall::turn(&document), &[("Digits", "3")]).await;
    assert!(document.contains("in a few words"), "{document}");
    let long = format!("<Say>&\"' \u{7}{}", "word ".repeat(250));
    let more = [("SpeechResult", long.as_str())];
    document = open.post(&app, &OpenCall::turn(&document), &more).await;
    assert!(document.contains("call you back"), "{document}");
    let stored = app.state.store.conversation(&ConversationId::of_call(&open.call)).await.unwrap().unwrap();
    let results = stored.value.conversation.results();
    assert!(
        results.details["matter"]["heard"].as_str().unwrap().starts_with("<Say>&\"' word"),
        "{results:?}"
    );
    assert_eq!(results.details["matter"]["confidence"], Value::Null);
    app.stop().await;
}

#[tokio::test]
async fn an_unknown_call_hears_a_goodbye() {
    let app = TestApp::start().await;
    let open = OpenCall { call: CallId::from_trusted("call_0000"), sid: format!("CA{:032x}", 7) };
    for path in ["", "/turn/1", "/key"] {
        let document = open.post(&app, path, &[]).await;
        assert!(document.contains("<Say") && document.contains("<Hangup"), "{path}: {document}");
    }
    let unsigned = app.webhook("/twilio/dev/voice/call_0000/turn/1", &[("CallSid", &open.sid)], None).await;
    assert_eq!(unsigned.status(), reqwest::StatusCode::FORBIDDEN);
    app.finish().await;
}

/// An agent that connects whoever says yes with somebody else.
const HANDING_OVER: &str = r#"
agentType: JSON Questions
voicemailMessage: "Please call us back tomorrow."
transferTo: "+15557650001"
phrases: {nobodyThere: "All our people are out for lunch."}
questions:
  - id: person
    question: "Do you want to talk to a person?"
    expectedAnswerType: yes_no
    conditionalActions:
      - {condition: {operator: equals, value: "yes"}, action: transfer}
"#;

#[tokio::test]
async fn who_wants_a_person_is_connected_or_hears_that_nobody_is_there() {
    for (pick_up, hears) in [("answer", "Hello, how can I help?"), ("noAnswer", "out for lunch")] {
        let app = TestApp::start().await;
        let far = json!({
            "pickUp": { "kind": pick_up }, "opening": [{ "say": "Hello, how can I help?" }],
            "hangUpAfterMs": 20_000,
        });
        let url = format!("{}/emulator/v1/phones/+15557650001/callScripts", app.emulator_url);
        assert!(app.http.post(url).json(&far).send().await.unwrap().status().is_success());
        let run = app.interview("handing", HANDING_OVER, &says(&[("talk to a person", "yes please")])).await;
        assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed", "transferred, of the group");
        app.quiet().await;
        let mut told = String::new();
        for call in app.rung().await {
            let sid = call["sid"].as_str().unwrap();
            let story = app.http.get(format!("{}/emulator/v1/calls/{sid}", app.emulator_url)).send().await;
            told += &story.unwrap().text().await.unwrap();
        }
        assert!(told.contains("+15557650001") && told.contains(hears), "{pick_up}: {told}");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_machine_found_out_late_is_left_a_message() {
    let app = TestApp::start().await;
    let open = OpenCall::begin(&app, "handing", HANDING_OVER).await;
    let greeted = open.post(&app, "", &[]).await;
    assert!(greeted.contains("talk to a person"), "{greeted}");
    let form = [
        ("CallSid", open.sid.as_str()),
        ("AccountSid", emulator::DEFAULT_ACCOUNT),
        ("AnsweredBy", "machine_start"),
        ("MachineDetectionDuration", "2900"),
    ];
    let path = format!("/twilio/dev/voice/{}/answered", open.call);
    for _ in 0..2 {
        assert!(app.signed_webhook(&path, &form).await.status().is_success());
    }
    let changes = app.emulator_log("request").await;
    let broke_in = |entry: &&Value| {
        entry.to_string().contains("call+us+back+tomorrow")
            || entry.to_string().contains("call us back tomorrow")
    };
    assert_eq!(changes.iter().filter(broke_in).count(), 1, "once: {changes:?}");
    // Had the server been killed before it broke in, the next turn would say it.
    let late = open.post(&app, &OpenCall::turn(&greeted), &[("SpeechResult", "after the tone")]).await;
    assert!(late.contains("call us back tomorrow") && late.contains("<Hangup"), "{late}");
    app.stop().await;
}
