//! Language models on the line by ConversationRelay, with scripted models and people who play scripts.

use super::app::{PHONE, TestApp};
use emulator::{DEFAULT_MODEL_KEY, DEFAULT_TOKEN};
use engine::call::Call;
use engine::conversation::{EndedBy, TurnKind};
use engine::id::{CallId, RunId};
use engine::llm::history::Line;
use futures::{SinkExt as _, StreamExt as _};
use host::{Take, TalkOf};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::credentials::Draft;
use std::ops::Range;
use store::record::StoredConversation;
use store::{ConversationFilter, PageRequest};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use twilio::signature::{SignedBody, sign};

const AGENT: &str = "
name: desk
agentType: LLM Agent
credential: models
model: m
mode: relay
systemPrompt: You are the desk of a clinic.
greeting: Hello, this is the clinic.
";

/// A workflow that calls with the agent, and ends with what came of it.
const CALLING: &str = r#"
name: call-with-desk
trigger: {type: webhook, path: desk}
input: {phone: {type: string}}
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    from: "+15551234567"
    to: "{{phone}}"
    agent: desk
    on: {ended: ended, hung_up: hung_up, voicemail: machine, max_retries: gave_up, timeout: timeout, transferred: over, failed: failed}
  - {id: done, type: end, result: {outcome: completed}}
  - {id: ended, type: end, result: {outcome: ended}}
  - {id: hung_up, type: end, result: {outcome: hung_up}}
  - {id: machine, type: end, result: {outcome: voicemail}}
  - {id: gave_up, type: end, result: {outcome: max_retries}}
  - {id: timeout, type: end, result: {outcome: timeout}}
  - {id: over, type: end, result: {outcome: transferred}}
  - {id: failed, type: end, result: {outcome: failed}}
"#;

impl TestApp {
    /// An agent that talks by a scripted model, and a workflow that calls with it.
    pub(super) async fn with_desk(model: &Value, more: &str) -> TestApp {
        let app = TestApp::start().await;
        app.has_desk(model, more).await;
        app
    }

    async fn has_desk(&self, model: &Value, more: &str) {
        let base_url = format!("{}/v1", self.emulator_url);
        let draft =
            json!({ "kind": "openai", "name": "models", "apiKey": DEFAULT_MODEL_KEY, "baseUrl": base_url });
        let draft: Draft = serde_json::from_value(draft).unwrap();
        self.state.credentials.put(&draft, self.state.host.now()).await.unwrap();
        self.has_model(model).await;
        self.publish_agent("desk", &format!("{AGENT}{more}")).await;
        self.publish("call-with-desk", CALLING).await;
    }

    async fn has_model(&self, model: &Value) {
        let url = format!("{}/emulator/v1/models/m", self.emulator_url);
        let put = self.http.put(url).json(model).send().await.unwrap();
        assert!(put.status().is_success(), "{}", put.text().await.unwrap());
    }

    /// The desk calls somebody who behaves like this; what came of it.
    async fn desk_calls(&self, script: &Value) -> Value {
        self.phone_behaves(script).await;
        let run = self.begin_call("desk").await;
        self.let_it_ring().await;
        self.ended(&run).await.result.unwrap()["outcome"].clone()
    }

    /// Lets time pass in small steps until it has come to that.
    async fn wind_until<T>(&self, ask: impl AsyncFn() -> Option<T>) -> T {
        for _ in 0..300 {
            if let Some(answer) = ask().await {
                return answer;
            }
            self.clock.advance(jiff::SignedDuration::from_millis(500)).await;
        }
        panic!("it never came to that")
    }

    pub(super) async fn conversation(&self) -> StoredConversation {
        let (filter, page) = (ConversationFilter::default(), PageRequest::default());
        self.state.store.conversations(filter, page).await.unwrap().remove(0)
    }

    /// What is remembered: `>` before the caller's words.
    pub(super) async fn remembered(&self) -> Vec<String> {
        let stored = self.conversation().await;
        let lines = &stored.conversation.dialogue().unwrap().lines;
        let shown = lines.iter().filter_map(|line| match line {
            Line::Caller { text } => Some(format!("> {text}")),
            Line::Agent { text } => Some(text.clone()),
            _ => None,
        });
        shown.collect()
    }

    /// What happened on the latest call, as the provider saw it.
    async fn story(&self) -> Vec<Value> {
        let rung = self.rung().await;
        let latest = rung.iter().rfind(|call| call["to"] == PHONE);
        let Some(sid) = latest.and_then(|call| call["sid"].as_str()) else { return Vec::new() };
        let url = format!("{}/emulator/v1/calls/{sid}", self.emulator_url);
        let mut call: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        serde_json::from_value(call["story"].take()).unwrap_or_else(|_| panic!("{call}"))
    }

    /// The websocket of a call, opened as the provider does, by whoever says that it is about the call of that SID.
    pub(super) async fn opens_line(&self, call: &Call, sid: &str) -> WebSocketStream<TcpStream> {
        let address = format!("{}/twilio/dev/relay/{}", self.url.replace("http://", "ws://"), call.id);
        let mut request = address.as_str().into_client_request().unwrap();
        let signature = sign(DEFAULT_TOKEN, &address, SignedBody::None);
        request.headers_mut().insert("X-Twilio-Signature", signature.parse().unwrap());
        let stream = TcpStream::connect(self.url.trim_start_matches("http://")).await.unwrap();
        let (mut websocket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        let setup = json!({
            "type": "setup", "sessionId": "VX00000000000000000000000000000001",
            "accountSid": emulator::DEFAULT_ACCOUNT, "callSid": sid, "from": "", "to": "",
        });
        websocket.send(Message::text(setup.to_string())).await.unwrap();
        websocket
    }

    /// The desk calls somebody and is telling when it is open: the model has written everything, and its first sentence
    /// is being spoken. The run, and how another session takes the conversation.
    async fn is_told_the_hours(&self) -> (RunId, TalkOf) {
        let run = self.begin_call("desk").await;
        let is_told = async || self.heard().await.iter().any(|line| line.contains("open at")).then_some(());
        self.wind_until(is_told).await;
        let stored = self.conversation().await;
        let call: CallId = stored.call.clone().unwrap();
        (run, TalkOf { credential: stored.credential, call, take: Take::Anew })
    }

    /// A call of the desk that the provider has, whoever answers it.
    pub(super) async fn places_call(&self) -> Call {
        self.begin_call("desk").await;
        self.eventually(async || self.kept_calls().await.into_iter().find(|call| call.progress.sid.is_some()))
            .await
    }

    /// What the phone heard and said, in order.
    async fn heard(&self) -> Vec<String> {
        let story = self.story().await;
        let spoken = story.iter().filter_map(|line| match line["kind"].as_str()? {
            "said" => Some(line["words"].as_str()?.to_owned()),
            "spoke" => Some(format!("> {}", line["words"].as_str()?)),
            _ => None,
        });
        spoken.collect()
    }
}

/// Somebody who says this when these words are heard.
fn says(answers: &[(&str, &str)]) -> Value {
    let rule = |(hears, says): &(&str, &str)| {
        let act = match *says {
            "hang up" => json!({ "hangUp": true }),
            says => match says.strip_prefix("press ") {
                Some(keys) => json!({ "press": keys }),
                None => json!({ "say": says }),
            },
        };
        json!({ "hears": { "contains": hears }, "do": [act], "times": 1 })
    };
    json!({ "rules": answers.iter().map(rule).collect::<Vec<_>>(), "times": 1 })
}

/// A model that answers this where the caller's last words have that in them.
pub(super) fn answering(rules: &[(&str, &str)]) -> Value {
    let rules: Vec<Value> = rules
        .iter()
        .map(|(said, answer)| json!({ "when": { "contains": said }, "then": { "text": answer } }))
        .collect();
    json!({ "id": "m", "rules": rules })
}

#[tokio::test]
async fn a_conversation_goes_from_its_greeting_to_the_callers_goodbye() {
    let model = answering(&[("open", "We open at nine. Anything else?")]);
    let app = TestApp::with_desk(&model, "").await;
    let person = says(&[("the clinic", "When are you open?"), ("anything else", "No, thank you, goodbye")]);
    assert_eq!(app.desk_calls(&person).await, "completed");
    let said = [
        "Hello, this is the clinic.",
        "> When are you open?",
        "We open at nine.",
        "Anything else?",
        "> No, thank you, goodbye",
        "Thank you for calling. Goodbye.",
    ];
    let heard = app.heard().await;
    assert_eq!(heard, said);
    assert_eq!(app.remembered().await.join(" / "), said.join(" / ").replace("nine. / Any", "nine. Any"));
    let id = app.conversation().await.conversation.id;
    let transcript = app.state.store.transcript(&id).await.unwrap();
    let times: Vec<_> =
        transcript.iter().filter(|entry| matches!(entry.kind, TurnKind::Timed { .. })).collect();
    assert_eq!(times.len(), 2, "{transcript:?}");
    let TurnKind::Timed { first_token_ms: Some(token), first_sentence_ms, complete_ms, .. } = times[0].kind
    else {
        panic!("{:?}", times[0]);
    };
    assert!(token <= first_sentence_ms && token <= complete_ms, "{:?}", times[0]);
    assert_eq!(app.conversation().await.conversation.ended_by(), Some(EndedBy::Completed));
    app.finish().await;
}

/// Twenty-six words, in sentences that a voice says one after the other.
const ALPHABET: &str = "Alpha bravo charlie, delta echo. Foxtrot golf hotel india juliett kilo! Lima mike november, \
                        oscar papa quebec? Romeo sierra tango uniform. Victor whiskey xray yankee zulu.";

/// A model that says the alphabet, in that pace.
fn spelling(pace: &Value) -> Value {
    json!({ "id": "m", "rules": [
        { "when": { "contains": "alphabet" }, "then": { "text": ALPHABET, "pace": pace } },
        { "when": { "contains": "hold on" }, "then": { "text": "Good night." } },
    ] })
}

/// Breaks in at each of these words of the alphabet.
async fn whatever_is_interrupted_is_remembered_as_it_was_heard(words: Range<usize>, pace: &Value) {
    let app = TestApp::with_desk(&spelling(pace), "").await;
    let all: Vec<&str> = ALPHABET.split(' ').collect();
    for word in &all[words] {
        let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let person = json!({ "times": 1, "rules": [
            { "hears": { "contains": "the clinic" }, "do": [{ "say": "Say the alphabet" }], "times": 1 },
            { "hears": { "contains": word }, "interrupts": true, "do": [{ "afterMs": 100, "say": "Hold on" }], "times": 1 },
            { "hears": { "contains": "good night" }, "do": [{ "hangUp": true }] },
        ] });
        assert_eq!(app.desk_calls(&person).await, "hung_up", "{word}");
        let heard = app.heard().await;
        let said: Vec<&str> =
            heard.iter().map(String::as_str).filter(|line| !line.starts_with('>')).collect();
        let spoken = said[1..said.len() - 1].join(" ");
        let remembered = app.remembered().await;
        assert_eq!(remembered[1..4], ["> Say the alphabet", &spoken, "> Hold on"], "{word}: {heard:?}");
        assert!(spoken.to_lowercase().contains(&word), "{word}: {spoken}");
        let is_last = word == "zulu";
        assert!((spoken == ALPHABET) == is_last, "{word}: {spoken}");
    }
    app.finish().await;
}

/// The answer is there at once, and goes out by sentence.
#[tokio::test]
async fn an_interruption_at_every_word_leaves_what_was_heard() {
    whatever_is_interrupted_is_remembered_as_it_was_heard(0..26, &Value::Null).await;
}

/// The answer goes out word by word, while the model writes.
#[tokio::test]
async fn an_interruption_at_every_word_of_a_slow_model_leaves_what_was_heard() {
    whatever_is_interrupted_is_remembered_as_it_was_heard(0..14, &slowly()).await;
}

#[tokio::test]
async fn an_interruption_at_every_later_word_of_a_slow_model_leaves_what_was_heard() {
    whatever_is_interrupted_is_remembered_as_it_was_heard(14..26, &slowly()).await;
}

fn slowly() -> Value {
    json!({ "firstTokenMs": 0, "tokensPerSecond": 10.0 })
}

/// With a slow model the first words are sent long before the last of their sentence is written.
#[tokio::test]
async fn words_are_sent_as_they_come() {
    let app = TestApp::with_desk(&spelling(&slowly()), "").await;
    app.phone_behaves(&json!({ "pickUp": { "kind": "noAnswer" }, "rules": [] })).await;
    let call = app.places_call().await;
    let mut line = app.opens_line(&call, call.progress.sid.as_deref().unwrap()).await;
    let words = json!({ "type": "prompt", "voicePrompt": "Say the alphabet", "lang": "en-US", "last": true });
    line.send(Message::text(words.to_string())).await.unwrap();
    let mut tokens: Vec<String> = Vec::new();
    while !tokens.concat().contains("zulu.") {
        tokio::select! {
            message = line.next() => {
                let message: Value = serde_json::from_str(message.unwrap().unwrap().to_text().unwrap()).unwrap();
                tokens.push(message["token"].as_str().unwrap_or_default().to_owned());
            }
            _ = app.clock.advance(jiff::SignedDuration::from_millis(50)) => {}
        }
    }
    assert!(tokens.len() > 15, "{tokens:?}");
    assert!(tokens.concat().trim_end().ends_with(ALPHABET), "nothing is lost or said twice: {tokens:?}");
    app.stop().await;
}

#[tokio::test]
async fn a_model_that_is_interrupted_is_stopped() {
    let long =
        "One two three. Four five six. Seven eight nine. Ten eleven twelve. Thirteen fourteen fifteen. "
            .repeat(8);
    let slow = json!({ "id": "m", "rules": [
        { "when": { "contains": "count" }, "then": { "text": long, "pace": { "firstTokenMs": 0, "tokensPerSecond": 20.0 } } },
        { "when": { "contains": "stop" }, "then": { "text": "Good night." } },
    ] });
    let app = TestApp::with_desk(&slow, "").await;
    let person = json!({ "rules": [
        { "hears": { "contains": "the clinic" }, "do": [{ "say": "Count" }], "times": 1 },
        { "hears": { "contains": "three four" }, "interrupts": true, "do": [{ "afterMs": 0, "say": "Stop" }], "times": 1 },
        { "hears": { "contains": "good night" }, "do": [{ "hangUp": true }] },
    ] });
    assert_eq!(app.desk_calls(&person).await, "hung_up");
    let answers = app.emulator_log("modelAnswered").await;
    assert!(answers.iter().any(|answer| answer["complete"] == false), "{answers:?}");
    let usage = app.conversation().await.conversation.dialogue().unwrap().usage;
    assert!(usage.prompt > 0 && usage.answer > 0, "what was stopped counts: {usage:?}");
    app.finish().await;
}

#[tokio::test]
async fn words_in_two_pieces_are_answered_once_and_both_are_remembered() {
    let model = json!({ "id": "m", "pace": { "firstTokenMs": 2_500 }, "rules": [
        { "when": { "contains": "sunday" }, "then": { "text": "We are closed on Sundays." } },
        { "when": { "contains": "open" }, "then": { "text": "Which day do you mean?" } },
    ] });
    let app = TestApp::with_desk(&model, "").await;
    let person = json!({ "rules": [
        { "hears": { "contains": "the clinic" }, "times": 1, "do": [
            { "say": "When are you open" }, { "afterMs": 1_000, "say": "on a Sunday" },
        ] },
        { "hears": { "contains": "closed" }, "do": [{ "hangUp": true }] },
    ] });
    assert_eq!(app.desk_calls(&person).await, "hung_up");
    let remembered = app.remembered().await;
    assert_eq!(remembered[1..], ["> When are you open", "> on a Sunday", "We are closed on Sundays."]);
    app.finish().await;
}

#[tokio::test]
async fn a_model_that_fails_ends_in_the_authors_fallback() {
    let app =
        TestApp::with_desk(&answering(&[("open", "We open at nine.")]), "fallback: Say it again please.\n")
            .await;
    let faults = [
        json!({ "do": "noCredit" }),
        json!({ "do": "error", "status": 400 }),
        json!({ "do": "error", "status": 500 }),
        json!({ "do": "overloaded" }),
        json!({ "do": "rateLimited", "retryAfterS": 0 }),
        json!({ "do": "drop" }),
        json!({ "do": "end", "ends": { "kind": "cut", "afterTokens": 1 } }),
        json!({ "do": "end", "ends": { "kind": "malformed", "afterTokens": 1 } }),
        json!({ "do": "end", "ends": { "kind": "error", "afterTokens": 1 } }),
        json!({ "do": "finish", "reason": "content_filter", "afterTokens": 2 }),
    ];
    for then in faults {
        // The first question meets it however often it is put; the second finds the model well.
        let fault = json!({ "then": then, "when": { "turn": 1 }, "times": null });
        let mut model = answering(&[("open", "We open at nine.")]);
        model["faults"] = json!([fault]);
        app.has_model(&model).await;
        let person = says(&[
            ("the clinic", "When are you open?"),
            ("say it again please", "When are you open, please?"),
            ("at nine", "hang up"),
        ]);
        assert_eq!(app.desk_calls(&person).await, "hung_up", "{then}");
        let heard = app.heard().await;
        let again = heard.iter().filter(|line| line.contains("Say it again please.")).count();
        assert_eq!(
            (again, heard.last().map(String::as_str)),
            (1, Some("We open at nine.")),
            "{then}: {heard:?}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_model_that_is_away_for_good_ends_the_call() {
    let mut model = answering(&[]);
    model["faults"] = json!([{ "then": { "do": "noCredit" }, "times": null }]);
    let app = TestApp::with_desk(&model, "").await;
    let person = json!({ "rules": [{ "hears": {}, "do": [{ "say": "Hello? Is anybody there?" }] }] });
    assert_eq!(app.desk_calls(&person).await, "max_retries");
    app.finish().await;
}

#[tokio::test]
async fn a_websocket_that_breaks_comes_back_without_a_greeting_three_times() {
    let model = answering(&[("open", "We open at nine. We close at five. On Sundays we are closed.")]);
    let app = TestApp::with_desk(&model, "").await;
    app.phone_behaves(&says(&[("the clinic", "When are you open?")])).await;
    let (run, of) = app.is_told_the_hours().await;
    for back in 1..=3 {
        // Whoever takes the conversation over makes the other websocket close.
        let other = app.state.host.talk(&of).await.unwrap();
        app.eventually(async || (app.conversation().await.line.unwrap().epoch > 2 * back).then_some(()))
            .await;
        drop(other);
    }
    app.let_it_ring().await;
    app.ended(&run).await;
    let stored = app.conversation().await;
    assert_eq!(stored.line.as_ref().unwrap().returns, 3);
    let heard = app.heard().await;
    assert_eq!(heard.iter().filter(|line| line.contains("the clinic")).count(), 1, "{heard:?}");
    assert_eq!(heard.iter().filter(|line| line.contains("Sundays")).count(), 1, "{heard:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_call_whose_websocket_breaks_once_too_often_goes_on_by_webhooks() {
    let model = answering(&[("open", "We open at nine. We close at five. On Sundays we are closed.")]);
    let app = TestApp::with_desk(&model, "").await;
    app.phone_behaves(&says(&[("the clinic", "When are you open?"), ("Sundays", "goodbye")])).await;
    let (run, of) = app.is_told_the_hours().await;
    for back in 1..=3 {
        app.state.host.talk(&of).await.unwrap();
        app.eventually(async || (app.conversation().await.line.unwrap().epoch > 2 * back).then_some(()))
            .await;
    }
    app.state.host.talk(&of).await.unwrap();
    app.let_it_ring().await;
    app.ended(&run).await;
    let stored = app.conversation().await;
    assert_eq!(stored.line.as_ref().unwrap().returns, 3);
    assert_eq!(stored.conversation.ended_by(), Some(EndedBy::Completed), "{:?}", app.story().await);
    let heard = app.heard().await;
    assert_eq!(heard.iter().filter(|line| line.contains("Sundays")).count(), 1, "{heard:?}");
    let story = app.story().await;
    let gathers = story.iter().any(|line| line["twiml"].as_str().is_some_and(|it| it.starts_with("<Gather")));
    assert!(gathers, "{story:?}");
    app.finish().await;
}

#[tokio::test]
async fn tools_end_the_call_or_hand_it_over() {
    let model = json!({ "id": "m", "rules": [
        { "when": { "contains": "human" }, "then": { "toolCalls": [{ "name": "hand_over", "arguments": {} }] } },
        { "when": { "contains": "enough" }, "then": { "toolCalls": [{ "name": "finish", "arguments": {} }] } },
    ] });
    let tools = r#"
tools:
  - {name: hand_over, type: transfer, description: Connects the caller with a person., to: "+15550009999"}
  - {name: finish, type: endCall, description: Ends the call.}
"#;
    let app = TestApp::with_desk(&model, tools).await;
    assert_eq!(app.desk_calls(&says(&[("the clinic", "A human please")])).await, "transferred");
    let story = app.story().await;
    let dials = story.iter().any(|line| line["twiml"].as_str().is_some_and(|it| it.contains("+15550009999")));
    assert!(dials, "{story:?}");
    assert_eq!(app.desk_calls(&says(&[("the clinic", "That is enough")])).await, "ended");
    assert_eq!(app.heard().await.last().map(String::as_str), Some("Thank you for calling. Goodbye."));
    app.finish().await;
}

#[tokio::test]
async fn keys_come_together_and_silence_is_asked_about() {
    let model = answering(&[("keys 4711", "Thank you, that is your number.")]);
    let app = TestApp::with_desk(&model, "silencePrompts: [Are you still with us?]\n").await;
    assert_eq!(
        app.desk_calls(&says(&[("the clinic", "press 4711"), ("your number", "hang up")])).await,
        "hung_up"
    );
    assert_eq!(app.desk_calls(&says(&[])).await, "max_retries", "somebody who never speaks");
    let heard = app.heard().await;
    assert_eq!(heard[1], "Are you still with us?", "{heard:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_handshake_without_the_right_signature_is_refused() {
    let app = TestApp::start().await;
    let address = format!("{}/twilio/dev/relay/call_0001", app.url.replace("http://", "ws://"));
    let knock = async |signature: Option<String>| {
        let mut request = app.http.get(format!("{}/twilio/dev/relay/call_0001", app.url));
        for (name, value) in [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            request = request.header(name, value);
        }
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        request.send().await.unwrap().status()
    };
    assert_eq!(knock(None).await, StatusCode::FORBIDDEN);
    let of_http = sign(DEFAULT_TOKEN, &address.replace("ws://", "http://"), SignedBody::None);
    assert_eq!(knock(Some(of_http)).await, StatusCode::FORBIDDEN, "the address of a webhook is another one");
    let right = sign(DEFAULT_TOKEN, &address, SignedBody::None);
    assert_eq!(knock(Some(right)).await, StatusCode::SWITCHING_PROTOCOLS);
    app.finish().await;
}

#[tokio::test]
async fn a_websocket_that_is_about_another_call_is_refused() {
    let app = TestApp::with_desk(&answering(&[]), "").await;
    app.phone_behaves(&json!({ "pickUp": { "kind": "answer" }, "rules": [] })).await;
    let call = app.places_call().await;
    let first_of = async |sid: &str| app.opens_line(&call, sid).await.next().await.unwrap().unwrap();
    let refused = first_of("CA00000000000000000000000000000009").await;
    let Message::Close(Some(frame)) = &refused else { panic!("{refused:?}") };
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (1008, "another call"));
    let begun = app.state.store.conversations(ConversationFilter::default(), PageRequest::default());
    assert!(begun.await.unwrap().is_empty(), "nobody took the conversation over");
    let greeted = first_of(call.progress.sid.as_deref().unwrap()).await;
    assert!(greeted.to_text().unwrap().contains("the clinic"), "{greeted:?}");
    app.stop().await;
}
