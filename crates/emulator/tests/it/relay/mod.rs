//! ConversationRelay: the caller's words go to a program over a websocket, and the program's are spoken.

pub(crate) mod program;

use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, Stage};
use program::{Program, Say};

/// A call to Ann, who behaves as her script says, that is handed to a program.
struct Talk {
    stage: Stage,
    sid: String,
}

impl Talk {
    async fn begin(script: Value, twiml: &str) -> Self {
        let stage = Stage::new().await;
        let answer = stage.control(Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", twiml)]).await;
        assert_eq!(call.status, 201, "{call:?}");
        Self { sid: call.sid(), stage }
    }

    /// Lines of the call's story of one kind.
    async fn story(&self, kind: &str) -> Vec<Value> {
        let call = self.stage.control(Method::GET, &format!("/calls/{}", self.sid), Value::Null).await.json;
        let lines = call["story"].as_array().unwrap().iter();
        lines.filter(|line| line["kind"] == kind).cloned().collect()
    }

    async fn said(&self) -> Vec<String> {
        let lines = self.story("said").await;
        lines.iter().map(|line| line["words"].as_str().unwrap().to_owned()).collect()
    }
}

/// A document that hands the call to a program.
fn connect(program: &Program, attributes: &str, connect: &str) -> String {
    format!(
        "<Response><Connect {connect}><ConversationRelay url=\"{}\" {attributes}>\
         <Parameter name=\"order\" value=\"7\"/></ConversationRelay></Connect>\
         <Say>After the connect</Say></Response>",
        program.url
    )
}

fn text(token: &str, last: bool) -> Say {
    Say::Json(json!({"type": "text", "token": token, "last": last}))
}

fn end(data: &str) -> Say {
    Say::Json(json!({"type": "end", "handoffData": data}))
}

/// Somebody who asks for help once the greeting is over.
fn asks() -> Value {
    json!({"rules": [{"hears": {"contains": "welcome"}, "do": [{"say": "I need help"}]}]})
}

#[tokio::test]
async fn words_go_to_and_fro_until_the_program_ends_the_session() {
    let server = Receiver::start().await;
    server.reply([Reply::Twiml("<Response><Say>Good bye</Say></Response>")]);
    let program = Program::start(vec![
        ("prompt", vec![text("One moment. ", false), text("Who are ", false), text("you?", true)]),
        ("prompt", vec![end(r#"{"to":"desk"}"#)]),
    ])
    .await;
    let script = json!({"rules": [
        {"hears": {"contains": "welcome"}, "do": [{"say": "I need help"}]},
        {"hears": {"contains": "who are you"}, "do": [{"say": "Ann"}]},
    ]});
    let twiml =
        connect(&program, "welcomeGreeting=\"Welcome to us\"", &format!("action=\"{}/done\"", server.url));
    let talk = Talk::begin(script, &twiml).await;
    talk.stage.wind(60_000).await;

    assert_eq!(program.signed(), [true]);
    let told = program.told();
    assert_eq!(
        told[0],
        json!({
            "type": "setup", "sessionId": told[0]["sessionId"], "callSid": talk.sid, "parentCallSid": "",
            "accountSid": emulator::DEFAULT_ACCOUNT, "from": OURS, "to": ANN, "forwardedFrom": "",
            "callType": "PSTN", "callerName": "", "direction": "outbound-api", "callStatus": "IN-PROGRESS",
            "customParameters": {"order": "7"},
        })
    );
    assert!(told[0]["sessionId"].as_str().unwrap().starts_with("VX"));
    assert_eq!(
        told[1..],
        [
            json!({"type": "prompt", "voicePrompt": "I need help", "lang": "en-US", "last": true}),
            json!({"type": "prompt", "voicePrompt": "Ann", "lang": "en-US", "last": true}),
        ]
    );
    assert_eq!(talk.said().await, ["Welcome to us", "One moment.", "Who are you?", "Good bye"]);
    let done = &server.got()[0];
    assert!(done.is_signed);
    assert_eq!(done.get("SessionStatus"), Some("ended"));
    assert_eq!(done.get("HandoffData"), Some(r#"{"to":"desk"}"#));
    assert_eq!(done.get("SessionId"), told[0]["sessionId"].as_str());
    assert!(done.get("SessionDuration").unwrap().parse::<u32>().unwrap() > 3);
    assert_eq!(program.closes(), [Some(1000)]);
}

#[tokio::test]
async fn an_interruption_falls_at_a_word_and_the_rest_is_never_spoken() {
    let program = Program::start(vec![(
        "setup",
        vec![
            text("Life is a complex set of chemical things. ", false),
            text("And there is more to it.", true),
        ],
    )])
    .await;
    let script = json!({"rules": [
        {"hears": {"contains": "complex set of"}, "interrupts": true, "do": [{"say": "stop", "afterMs": 0}]},
    ]});
    let talk = Talk::begin(script, &connect(&program, "", "")).await;
    talk.stage.wind(20_000).await;
    let interrupts = program.told_of("interrupt");
    assert_eq!(interrupts.len(), 1);
    assert_eq!(interrupts[0]["utteranceUntilInterrupt"], "Life is a complex set of");
    // Six words at 160 words a minute.
    assert_eq!(interrupts[0]["durationUntilInterruptMs"], 2_250);
    assert_eq!(program.told_of("prompt")[0]["voicePrompt"], "stop");
    assert_eq!(talk.said().await, ["Life is a complex set of"]);
}

#[tokio::test]
async fn what_cannot_be_interrupted_is_spoken_to_its_end() {
    for (attributes, prompts) in [
        ("interruptible=\"none\"", vec![]),
        ("interruptible=\"dtmf\"", vec![]),
        ("interruptible=\"none\" reportInputDuringAgentSpeech=\"speech\"", vec!["stop"]),
    ] {
        let program = Program::start(vec![("setup", vec![text("one two three four five six", true)])]).await;
        let script = json!({"rules": [
            {"hears": {"contains": "two"}, "interrupts": true, "do": [{"say": "stop", "afterMs": 0}]},
        ]});
        let talk = Talk::begin(script, &connect(&program, attributes, "")).await;
        talk.stage.wind(20_000).await;
        assert_eq!(program.told_of("interrupt"), Vec::<Value>::new(), "{attributes}");
        let told = program.told_of("prompt");
        let told: Vec<&str> = told.iter().map(|prompt| prompt["voicePrompt"].as_str().unwrap()).collect();
        assert_eq!(told, prompts, "{attributes}");
        assert_eq!(talk.said().await, ["one two three four five six"], "{attributes}");
    }
}

#[tokio::test]
async fn keys_are_told_where_the_document_wants_them() {
    for (attributes, told) in [("dtmfDetection=\"true\"", vec!["4", "2"]), ("", vec![])] {
        let program = Program::start(vec![("setup", vec![text("one two three four five six", true)])]).await;
        let script = json!({"opening": [{"press": "42", "afterMs": 1000}]});
        let talk = Talk::begin(script, &connect(&program, attributes, "")).await;
        talk.stage.wind(20_000).await;
        let digits = program.told_of("dtmf");
        let digits: Vec<&str> = digits.iter().map(|key| key["digit"].as_str().unwrap()).collect();
        assert_eq!(digits, told, "{attributes}");
        assert_eq!(program.told_of("interrupt").len(), 1, "{attributes}");
    }
}

#[tokio::test]
async fn partial_prompts_and_events_are_told_where_they_are_asked_for() {
    let program = Program::start(vec![("prompt", vec![text("Fine", true)])]).await;
    let attributes = "speechModel=\"flux\" partialPrompts=\"true\" events=\"speaker-events tokens-played\" \
                      welcomeGreeting=\"Welcome\"";
    let script = json!({"rules": [
        {"hears": {"contains": "welcome"}, "do": [{"say": "one two three four five six seven"}]},
    ]});
    let talk = Talk::begin(script, &connect(&program, attributes, "")).await;
    talk.stage.wind(20_000).await;
    let prompts = program.told_of("prompt");
    assert!(prompts.len() > 2, "{prompts:?}");
    assert_eq!((&prompts[0]["last"], &prompts[0]["voicePrompt"]), (&json!(false), &json!("one two")));
    assert_eq!(prompts.last().unwrap()["last"], true);
    let infos = program.told_of("info");
    let infos: Vec<(&str, &str)> =
        infos.iter().map(|info| (info["name"].as_str().unwrap(), info["value"].as_str().unwrap())).collect();
    assert!(infos.contains(&("agentSpeaking", "on")) && infos.contains(&("agentSpeaking", "off")));
    assert!(infos.contains(&("clientSpeaking", "on")) && infos.contains(&("tokensPlayed", "Welcome")));
}

#[tokio::test]
async fn a_message_that_is_none_is_dropped_and_ten_in_a_row_end_the_session() {
    let server = Receiver::start().await;
    let odd = || Say::Raw(r#"{"foo":"bar"}"#);
    let mut answers = vec![("setup", vec![odd(), text("Still here", true)])];
    answers.push(("prompt", (0..10).map(|_| odd()).collect()));
    let program = Program::start(answers).await;
    let script = json!({"rules": [{"hears": {"contains": "still here"}, "do": [{"say": "go on"}]}]});
    let twiml = connect(&program, "", &format!("action=\"{}/done\"", server.url));
    let talk = Talk::begin(script, &twiml).await;
    talk.stage.wind(20_000).await;
    let errors = program.told_of("error");
    assert_eq!(errors[0]["description"], r#"Invalid message received: {"foo":"bar"}"#);
    assert_eq!(talk.said().await[0], "Still here");
    assert_eq!(program.closes(), [Some(1007)]);
    let done = &server.got()[0];
    assert_eq!((done.get("SessionStatus"), done.get("ErrorCode")), (Some("failed"), Some("64105")));
    let codes = talk.stage.debugger().await;
    assert_eq!(codes.iter().filter(|code| **code == 64107).count(), 11);
    assert!(codes.contains(&64105));
}

#[tokio::test]
async fn a_program_that_cannot_be_reached_or_goes_away_fails_the_session() {
    let gone = Program::start(vec![("setup", vec![Say::Close])]).await;
    let refusing = Receiver::start().await;
    for (url, code, debugged) in [
        (gone.url.clone(), "64105", 64105),
        ("ws://127.0.0.1:1/relay".to_owned(), "39001", 64102),
        (refusing.url.replace("http://", "ws://"), "39001", 64102),
        ("https://example.com/relay".to_owned(), "64101", 64101),
        ("ws://example.com/relay".to_owned(), "64101", 64101),
    ] {
        let server = Receiver::start().await;
        let twiml = format!(
            "<Response><Connect action=\"{}/done\"><ConversationRelay url=\"{url}\"/></Connect></Response>",
            server.url
        );
        let talk = Talk::begin(json!({}), &twiml).await;
        talk.stage.wind(30_000).await;
        let got = server.got();
        assert_eq!(got[0].get("SessionStatus"), Some("failed"), "{url}");
        assert_eq!(got[0].get("ErrorCode"), Some(code), "{url}");
        assert!(talk.stage.debugger().await.contains(&debugged), "{url}");
    }
}

#[tokio::test]
async fn whoever_hangs_up_completes_the_session() {
    let server = Receiver::start().await;
    let program = Program::start(vec![]).await;
    let script = json!({"rules": [{"hears": {"contains": "welcome"}, "do": [{"hangUp": true}]}]});
    let twiml = connect(&program, "welcomeGreeting=\"Welcome\"", &format!("action=\"{}/done\"", server.url));
    let talk = Talk::begin(script, &twiml).await;
    talk.stage.wind(20_000).await;
    let done = &server.got()[0];
    assert_eq!((done.get("SessionStatus"), done.get("CallStatus")), (Some("completed"), Some("completed")));
    assert_eq!(program.closes(), [Some(1000)]);
    let state = talk.stage.control(Method::GET, "/state", Value::Null).await.json;
    assert_eq!((&state["waiting"], &state["busy"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn without_an_action_the_document_goes_on() {
    let program = Program::start(vec![("prompt", vec![end("{}")])]).await;
    let talk = Talk::begin(asks(), &connect(&program, "welcomeGreeting=\"Welcome\"", "")).await;
    talk.stage.wind(20_000).await;
    assert_eq!(talk.said().await, ["Welcome", "After the connect"]);
}

#[tokio::test]
async fn providers_that_do_not_go_together_are_refused() {
    let program = Program::start(vec![]).await;
    for attributes in [
        "transcriptionProvider=\"Google\" speechModel=\"nova-3-general\"",
        "speechModel=\"telephony\"",
        "ttsProvider=\"Google\" ttsLanguage=\"multi\"",
        "partialPrompts=\"true\"",
    ] {
        let talk = Talk::begin(json!({}), &connect(&program, attributes, "")).await;
        talk.stage.wind(20_000).await;
        assert_eq!(talk.stage.debugger().await, [64106], "{attributes}");
        assert_eq!(talk.said().await, ["After the connect"]);
    }
    assert_eq!(program.told(), Vec::<Value>::new());
}
