//! The client of language models, against the emulator's scripted ones.

use super::app::{LIMIT, TestApp};
use emulator::{DEFAULT_ECHO_MODEL, DEFAULT_MODEL_KEY, DEFAULT_MODEL_KEY_WITHOUT_CREDIT};
use engine::llm::question::{Call, Endpoint, Failure, Finish, Message, ModelEvent, Offer, Question};
use host::{LanguageModel as _, Patience};
use serde_json::{Value, json};
use server::credentials::Draft;
use std::time::Duration;
use tokio::sync::mpsc;

impl TestApp {
    pub(super) async fn put_openai(&self, name: &str, key: &str, base_url: &str) {
        let draft = json!({ "kind": "openai", "name": name, "apiKey": key, "baseUrl": base_url });
        let draft: Draft = serde_json::from_value(draft).unwrap();
        self.state.credentials.put(&draft, self.state.host.now()).await.unwrap();
    }

    /// A credential `models` for the emulator, and a model `m` there.
    pub(super) async fn with_model(model: Value) -> TestApp {
        let app = TestApp::start().await;
        app.put_openai("models", DEFAULT_MODEL_KEY, &format!("{}/v1", app.emulator_url)).await;
        let url = format!("{}/emulator/v1/models/m", app.emulator_url);
        let put = app.http.put(url).json(&model).send().await.unwrap();
        assert!(put.status().is_success(), "{}", put.text().await.unwrap());
        app
    }

    pub(super) async fn model_fault(&self, fault: Value) {
        let url = format!("{}/emulator/v1/models/m/faults", self.emulator_url);
        let added = self.http.post(url).json(&fault).send().await.unwrap();
        assert!(added.status().is_success(), "{}", added.text().await.unwrap());
    }

    /// All events of one question.
    async fn ask(&self, question: Question, patience: Patience) -> Vec<ModelEvent> {
        let (sender, mut receiver) = mpsc::channel(64);
        let models = self.state.models.clone();
        let asking = tokio::spawn(async move { models.ask(question, patience, sender).await });
        let mut events = Vec::new();
        while let Some(event) = tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap() {
            events.push(event);
        }
        asking.await.unwrap();
        events
    }

    async fn answer(&self, said: &str) -> Vec<ModelEvent> {
        self.ask(question(said), Patience::default()).await
    }

    pub(super) async fn asked(&self) -> u64 {
        let url = format!("{}/emulator/v1/models/m", self.emulator_url);
        let model: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        model["asked"].as_u64().unwrap()
    }
}

fn at(credential: &str, model: &str) -> Endpoint {
    Endpoint { credential: credential.to_owned(), model: model.to_owned() }
}

fn question(said: &str) -> Question {
    Question {
        endpoints: vec![at("models", "m")],
        messages: vec![
            Message::Instructions { text: "Be brief.".to_owned() },
            Message::Caller { text: said.to_owned() },
        ],
        tools: Vec::new(),
        answer_tokens_max: 100,
        temperature: Some(0.7),
        schema: None,
    }
}

fn text(events: &[ModelEvent]) -> String {
    let pieces = events.iter().filter_map(|event| match event {
        ModelEvent::Text { text } => Some(text.as_str()),
        _ => None,
    });
    pieces.collect()
}

fn failure(events: &[ModelEvent]) -> Option<Failure> {
    match events.last() {
        Some(ModelEvent::Failed { failure, .. }) => Some(*failure),
        _ => None,
    }
}

fn saying(text: &str) -> Value {
    json!({"id": "m", "rules": [{"then": {"text": text}}]})
}

#[tokio::test]
async fn an_answer_comes_in_pieces_with_what_it_took() {
    let app = TestApp::with_model(saying("One, two, three.")).await;
    let events = app.answer("Count").await;
    assert_eq!(text(&events), "One, two, three.");
    assert!(events.len() > 4, "{events:?}");
    let Some(ModelEvent::Finished { how: Finish::Stop, usage, endpoint: 0 }) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(usage.answer, 6);
    assert!(usage.prompt > 0 && usage.cached == 0);
    app.stop().await;
}

#[tokio::test]
async fn tools_are_offered_called_and_answered() {
    let app = TestApp::with_model(json!({"id": "m", "rules": [
        {"when": {"resultOf": "book"}, "then": {"text": "It is {result}."}},
        {"when": {"offered": "book"}, "then": {"toolCalls": [{"name": "book", "arguments": {"when": "{said}"}}]}},
    ]}))
    .await;
    let mut asked = question("Tuesday");
    asked.tools = vec![Offer {
        name: "book".to_owned(),
        description: "Books.".to_owned(),
        parameters: json!({"type": "object", "properties": {"when": {"type": "string"}}}),
    }];
    let events = app.ask(asked.clone(), Patience::default()).await;
    let [ModelEvent::Called { call }, ModelEvent::Finished { how: Finish::Calls, .. }] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((call.name.as_str(), call.arguments.as_str()), ("book", r#"{"when":"Tuesday"}"#));
    let id = call.id.clone();
    asked.messages.push(Message::Agent { text: None, calls: vec![Call::clone(call)] });
    asked.messages.push(Message::Tool { call: id, text: "booked".to_owned() });
    assert_eq!(text(&app.ask(asked, Patience::default()).await), "It is booked.");
    app.stop().await;
}

#[tokio::test]
async fn a_failure_before_the_first_word_is_tried_again_where_that_can_help() {
    let app = TestApp::with_model(saying("Fine.")).await;
    let passing = [
        json!({"do": "rateLimited", "retryAfterS": 0}),
        json!({"do": "overloaded"}),
        json!({"do": "error", "status": 500}),
        json!({"do": "drop"}),
        json!({"do": "end", "ends": {"kind": "cut", "afterTokens": 0}}),
        json!({"do": "end", "ends": {"kind": "error", "afterTokens": 0}}),
    ];
    for then in passing {
        app.model_fault(json!({ "then": then })).await;
        let before = app.asked().await;
        assert_eq!(text(&app.answer("Hi").await), "Fine.", "{then}");
        assert_eq!(app.asked().await, before + 2, "{then}");
    }
    app.model_fault(json!({"then": {"do": "noCredit"}})).await;
    let before = app.asked().await;
    assert_eq!(failure(&app.answer("Hi").await), Some(Failure::NoCredit));
    assert_eq!(app.asked().await, before + 1, "another try is in vain");
    app.stop().await;
}

#[tokio::test]
async fn what_was_said_is_never_said_again() {
    let app = TestApp::with_model(saying("One two three four.")).await;
    for kind in ["cut", "malformed", "error"] {
        app.model_fault(json!({"then": {"do": "end", "ends": {"kind": kind, "afterTokens": 2}}})).await;
        let before = app.asked().await;
        let events = app.answer("Count").await;
        assert_eq!(text(&events), "One two", "{kind}");
        assert!(matches!(failure(&events), Some(Failure::Broken | Failure::Overloaded)), "{events:?}");
        assert_eq!(app.asked().await, before + 1, "{kind}");
        let Some(ModelEvent::Failed { usage, .. }) = events.last() else { panic!("{events:?}") };
        assert!(usage.prompt > 0 && usage.answer == 2, "what a cut answer took is counted: {usage:?}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_model_that_hangs_ends_in_time_and_the_next_endpoint_answers() {
    let app = TestApp::with_model(saying("From m.")).await;
    let stall = json!({"do": "end", "ends": {"kind": "stall", "afterTokens": 0}});
    app.model_fault(json!({"then": stall, "times": null})).await;
    let patience = Patience { first: Duration::from_millis(600), whole: Duration::from_secs(5) };
    assert_eq!(failure(&app.ask(question("Hi"), patience).await), Some(Failure::TimedOut));
    let mut asked = question("Hi");
    asked.endpoints.push(at("models", DEFAULT_ECHO_MODEL));
    let events = app.ask(asked, patience).await;
    assert_eq!(text(&events), "You said: Hi");
    assert!(matches!(events.last(), Some(ModelEvent::Finished { endpoint: 1, .. })), "{events:?}");
    app.stop().await;
}

#[tokio::test]
async fn how_an_answer_ends_is_told() {
    let app = TestApp::with_model(json!({"id": "m", "rules": [
        {"when": {"contains": "weapon"}, "then": {"refusal": "I can't help with that."}},
        {"then": {"text": "One two three."}},
    ]}))
    .await;
    let how = |events: &[ModelEvent]| match events.last() {
        Some(ModelEvent::Finished { how, .. }) => *how,
        other => panic!("{other:?}"),
    };
    assert_eq!(how(&app.answer("weapon").await), Finish::Declined);
    let mut short = question("Hi");
    short.answer_tokens_max = 2;
    let events = app.ask(short, Patience::default()).await;
    assert_eq!((text(&events).as_str(), how(&events)), ("One two", Finish::Length));
    app.model_fault(json!({"then": {"do": "finish", "reason": "content_filter", "afterTokens": 1}})).await;
    assert_eq!(how(&app.answer("Hi").await), Finish::Filtered);
    app.stop().await;
}

#[tokio::test]
async fn parameters_that_an_endpoint_does_not_take_are_left_out_from_then_on() {
    let mut model = saying("Fine.");
    model["parameters"] = "reasoning".into();
    let app = TestApp::with_model(model).await;
    assert_eq!(text(&app.answer("Hi").await), "Fine.");
    let url = format!("{}/emulator/v1/model-requests", app.emulator_url);
    let requests: Value = app.http.get(&url).send().await.unwrap().json().await.unwrap();
    let last = &requests.as_array().unwrap().last().unwrap()["body"];
    assert_eq!((&last["max_completion_tokens"], last.get("temperature")), (&json!(100), None));
    let before = requests.as_array().unwrap().len();
    assert_eq!(text(&app.answer("Hi").await), "Fine.");
    let requests: Value = app.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(requests.as_array().unwrap().len(), before + 1, "it was learned");
    app.stop().await;
}

#[tokio::test]
async fn a_loose_server_is_understood() {
    let app = TestApp::with_model(json!({"id": "m", "format": "loose", "rules": [{"then": {
        "text": "Hello there.", "toolCalls": [{"name": "note", "arguments": {"a": 1}}],
    }}]}))
    .await;
    let events = app.answer("Hi").await;
    assert_eq!(text(&events), "Hello there.");
    assert!(events.iter().any(|event| matches!(event, ModelEvent::Called { call } if call.name == "note")));
    let Some(ModelEvent::Finished { usage, .. }) = events.last() else { panic!("{events:?}") };
    assert!(usage.prompt > 0 && usage.answer == 3, "estimated: {usage:?}");
    app.stop().await;
}

#[tokio::test]
async fn who_stops_listening_stops_the_model() {
    let mut model = saying(&"word ".repeat(200));
    model["pace"] = json!({"tokensPerSecond": 50});
    let app = TestApp::with_model(model).await;
    let (sender, mut receiver) = mpsc::channel(1);
    let models = app.state.models.clone();
    let asking = tokio::spawn(async move { models.ask(question("Hi"), Patience::default(), sender).await });
    assert!(matches!(receiver.recv().await, Some(ModelEvent::Text { .. })));
    drop(receiver);
    tokio::time::timeout(LIMIT, asking).await.unwrap().unwrap();
    let log = app.eventually(async || app.emulator_log("modelAnswered").await.into_iter().next()).await;
    assert_eq!(log["complete"], false);
    app.stop().await;
}

#[tokio::test]
async fn a_trial_tells_a_wrong_key_no_credit_and_an_unknown_model_apart() {
    let app = TestApp::with_model(saying("ok")).await;
    let base = format!("{}/v1", app.emulator_url);
    let report = app.state.models.test("models", None).await.unwrap();
    assert_eq!((report.finding, report.models), (None, Some(4)));
    let told = async |name: &str, model: Option<&str>| {
        let report = app.state.models.test(name, model).await.unwrap();
        report.finding.map(|finding| (finding.failure, finding.message))
    };
    app.put_openai("wrong", "sk-nobody-has-this-key", &base).await;
    let wrong = (Failure::BadKey, "the endpoint does not accept this key".to_owned());
    assert_eq!(told("wrong", None).await, Some(wrong));
    app.put_openai("poor", DEFAULT_MODEL_KEY_WITHOUT_CREDIT, &base).await;
    let poor = (Failure::NoCredit, "the account has no credit left".to_owned());
    assert_eq!(told("poor", None).await, Some(poor));
    let unknown = told("models", Some("gpt-none")).await.unwrap();
    assert_eq!(unknown.0, Failure::UnknownModel);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    app.put_openai("away", "sk-0123456789", &format!("http://{nobody}/v1")).await;
    assert_eq!(told("away", None).await.unwrap().0, Failure::Unreachable);
    assert!(app.state.models.test("dev", None).await.is_err(), "a Twilio credential is no endpoint");
    app.stop().await;
}
