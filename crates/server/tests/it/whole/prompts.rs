//! What comes late, twice or from two sides over ConversationRelay. The test is the provider: it opens the websockets and
//! says what is sent when.

use super::app::TestApp;
use super::relay::answering;
use engine::call::Call;
use engine::conversation::EndedBy;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

const GREETING: &str = "Hello, this is the clinic.";
const HOURS: &str = "We open at nine. We close at five. On Sundays we are closed.";
const PLACE: &str = "We are at 12 Main Street. It is the house with the red door.";

/// A websocket as the provider has it, and what came over it.
struct Wire {
    socket: WebSocketStream<TcpStream>,
    /// All words, in order.
    said: String,
    ends: u32,
    closed_by: Option<CloseCode>,
}

impl Wire {
    async fn open(app: &TestApp, call: &Call) -> Wire {
        let socket = app.opens_line(call, call.progress.sid.as_deref().unwrap()).await;
        Wire { socket, said: String::new(), ends: 0, closed_by: None }
    }

    /// One that is open to the end of its greeting.
    async fn greeted(app: &TestApp, call: &Call) -> Wire {
        let mut wire = Wire::open(app, call).await;
        wire.hears(app, GREETING).await;
        wire
    }

    async fn tells(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn prompts(&mut self, words: &str) {
        self.tells(json!({"type": "prompt", "voicePrompt": words, "lang": "en-US", "last": true})).await;
    }

    async fn interrupts(&mut self, heard: &str) {
        let interrupt =
            json!({"type": "interrupt", "utteranceUntilInterrupt": heard, "durationUntilInterruptMs": 900});
        self.tells(interrupt).await;
    }

    async fn played(&mut self, words: &str) {
        self.tells(json!({"type": "info", "name": "tokensPlayed", "value": words})).await;
    }

    /// Takes one message in; nothing where no more will come.
    async fn takes(&mut self) -> Option<()> {
        match self.socket.next().await?.ok()? {
            Message::Text(text) => {
                let message: Value = serde_json::from_str(text.as_str()).unwrap();
                match message["type"].as_str() {
                    Some("text") => self.said.push_str(message["token"].as_str().unwrap()),
                    Some("end") => self.ends += 1,
                    _ => {}
                }
            }
            Message::Close(frame) => self.closed_by = frame.map(|frame| frame.code),
            _ => {}
        }
        Some(())
    }

    /// Lets time pass until it is so.
    async fn until(&mut self, app: &TestApp, mut is_so: impl FnMut(&Wire) -> bool) {
        let waited = async {
            while !is_so(self) {
                tokio::select! {
                    took = self.takes() => took.unwrap_or_else(|| panic!("it is closed: {}", self.said)),
                    _ = app.clock.advance(jiff::SignedDuration::from_millis(50)) => {}
                }
            }
        };
        tokio::time::timeout(super::app::LIMIT, waited).await.expect("it never came to that");
    }

    async fn hears(&mut self, app: &TestApp, words: &str) {
        self.until(app, |wire| wire.words().contains(words)).await;
    }

    /// All that was said.
    fn words(&self) -> String {
        self.said.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Hangs up, and hears whatever is still to be heard.
    async fn closes(&mut self) {
        // Closed already is as good.
        let _ = self.socket.close(None).await;
        while self.takes().await.is_some() {}
    }
}

/// A model that takes its time for the first word, and then so long for every further one.
fn model(first_token_ms: u64, tokens_per_second: f64) -> Value {
    let mut model = answering(&[("hours", HOURS), ("where", PLACE)]);
    model["pace"] = json!({"firstTokenMs": first_token_ms, "tokensPerSecond": tokens_per_second});
    model
}

/// The desk, and a call that it is to talk on.
async fn desk(model: &Value) -> (TestApp, Call) {
    let app = TestApp::with_desk(model, "").await;
    app.phone_behaves(&json!({"pickUp": {"kind": "noAnswer"}, "rules": []})).await;
    let call = app.places_call().await;
    (app, call)
}

#[tokio::test]
async fn the_same_prompt_twice_has_one_answer() {
    let (app, call) = desk(&model(300, 100.0)).await;
    let mut wire = Wire::greeted(&app, &call).await;
    wire.prompts("your hours").await;
    wire.prompts("your hours").await;
    wire.hears(&app, "we are closed.").await;
    wire.prompts("and where").await;
    wire.hears(&app, "red door.").await;
    assert_eq!(wire.words(), format!("{GREETING} {HOURS} {PLACE}"));
    assert_eq!(app.asked().await, 2);
    wire.closes().await;
    assert_eq!(app.remembered().await, [GREETING, "> your hours", HOURS, "> and where", PLACE]);
    app.stop().await;
}

#[tokio::test]
async fn a_prompt_behind_the_answer_of_the_next_one_is_answered_too() {
    let (app, call) = desk(&model(500, 15.0)).await;
    let mut wire = Wire::greeted(&app, &call).await;
    wire.prompts("your hours").await;
    wire.prompts("and where").await;
    wire.hears(&app, "12 Main").await;
    wire.prompts("your hours").await;
    wire.hears(&app, "we are closed.").await;
    wire.closes().await;
    let remembered = app.remembered().await;
    let [greeting, first, second, place, third, hours] = remembered.as_slice() else {
        panic!("{remembered:?}");
    };
    assert_eq!([first, second, third], ["> your hours", "> and where", "> your hours"]);
    assert!(PLACE.starts_with(place.as_str()) && place != PLACE, "{place}");
    assert_eq!(hours, HOURS);
    assert_eq!(wire.words(), format!("{greeting} {place} {hours}"), "what is remembered was said, and once");
    app.stop().await;
}

#[tokio::test]
async fn a_prompt_behind_the_end_is_not_answered() {
    let (app, call) = desk(&model(0, 100.0)).await;
    let mut wire = Wire::greeted(&app, &call).await;
    wire.prompts("thank you, goodbye").await;
    wire.hears(&app, "Goodbye.").await;
    // While the last words are spoken, and behind them.
    wire.prompts("your hours").await;
    wire.until(&app, |wire| wire.ends > 0).await;
    let said = wire.words();
    wire.prompts("your hours").await;
    wire.interrupts("Thank you").await;
    wire.closes().await;
    assert_eq!((wire.words(), wire.ends, app.asked().await), (said, 1, 0));
    let stored = app.conversation().await;
    assert_eq!(stored.conversation.ended_by(), Some(EndedBy::Completed));
    assert_eq!(app.remembered().await.len(), 3, "{:?}", app.remembered().await);
    app.stop().await;
}

#[tokio::test]
async fn an_interruption_of_words_that_are_over_takes_nothing_away() {
    let (app, call) = desk(&model(1_000, 100.0)).await;
    let mut wire = Wire::greeted(&app, &call).await;
    wire.prompts("your hours").await;
    wire.hears(&app, "we are closed.").await;
    wire.played(HOURS).await;
    // The caller has the word.
    wire.interrupts(HOURS).await;
    wire.prompts("and where").await;
    // The next answer is under way.
    wire.interrupts(HOURS).await;
    wire.hears(&app, "red door.").await;
    wire.closes().await;
    assert_eq!(wire.words(), format!("{GREETING} {HOURS} {PLACE}"));
    assert_eq!(app.remembered().await, [GREETING, "> your hours", HOURS, "> and where", PLACE]);
    app.stop().await;
}

#[tokio::test]
async fn of_two_websockets_for_one_call_the_newer_one_talks() {
    let (app, call) = desk(&model(0, 10.0)).await;
    let mut older = Wire::greeted(&app, &call).await;
    older.prompts("your hours").await;
    older.hears(&app, "at nine.").await;
    older.played("We open at nine.").await;
    let is_spoken = async || {
        let outbox = app.conversation().await.line.unwrap().outbox;
        outbox.iter().all(|saying| saying.text != "We open at nine.").then_some(())
    };
    app.eventually(is_spoken).await;
    let mut newer = Wire::open(&app, &call).await;
    newer.hears(&app, "we are closed.").await;
    // Nobody listens at the older one any more.
    let _ =
        older.socket.send(Message::text(json!({"type": "prompt", "voicePrompt": "where"}).to_string())).await;
    older.closes().await;
    assert_eq!(older.closed_by, Some(CloseCode::Normal));
    newer.prompts("and where").await;
    newer.hears(&app, "red door.").await;
    newer.closes().await;
    let rest = newer.words();
    assert!(!rest.contains("nine") && !rest.contains(GREETING), "{rest}");
    for once in ["we are closed.", PLACE] {
        assert_eq!((older.words() + &rest).matches(once).count(), 1, "{once}");
    }
    assert!(
        (older.words() + &rest).matches("at five.").count() <= 2,
        "at most the sentence in flight: {rest}"
    );
    let remembered = app.remembered().await.join(" ");
    assert_eq!(remembered, format!("{GREETING} > your hours {HOURS} > and where {PLACE}"));
    assert_eq!(app.asked().await, 3, "the rest of the answer is asked for");
    app.stop().await;
}
