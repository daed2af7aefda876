//! Messages of ConversationRelay and of Media Streams.

use proptest::prelude::*;
use serde_json::{Value, json};
use twilio::relay::{self, Interrupt, RelayError};
use twilio::stream::{self, FRAME_MS, StreamError};

use crate::pairs;

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn relay_messages_of_twilio_are_kept() {
    for message in [
        json!({
            "type": "setup", "sessionId": "VX00000000000000000000000000000000",
            "accountSid": "AC00000000000000000000000000000001", "parentCallSid": "",
            "callSid": "CA00000000000000000000000000000000", "from": "+15559876543", "to": "+15551234567",
            "forwardedFrom": "", "callType": "PSTN", "callerName": "", "direction": "inbound",
            "callStatus": "RINGING", "customParameters": {"callReference": "bar"}
        }),
        json!({"type": "prompt", "voicePrompt": "Hi! Can you tell me about life?", "lang": "en-US", "last": true}),
        json!({"type": "dtmf", "digit": "1"}),
        json!({
            "type": "interrupt", "utteranceUntilInterrupt": "Life is a complex set of",
            "durationUntilInterruptMs": 460
        }),
        json!({"type": "error", "description": "Invalid message received: {}"}),
        json!({"type": "info", "name": "agentSpeaking", "value": "on", "ts": 1_763_882_400_000_u64, "more": 1}),
        json!({"type": "telepathy", "thought": [1, 2]}),
    ] {
        let read = relay::FromTwilio::parse(&message.to_string()).unwrap();
        assert_eq!(value(&read.to_json()), message);
    }
}

#[test]
fn relay_traffic_that_differs_from_the_pages_is_read() {
    let interrupt =
        r#"{"type":"interrupt","utteranceUntilInterrupt":"Life","durationUntilInterruptMs":"460"}"#;
    assert_eq!(
        relay::FromTwilio::parse(interrupt).unwrap(),
        relay::FromTwilio::Interrupt(Interrupt {
            utterance_until_interrupt: "Life".to_owned(),
            duration_until_interrupt_ms: 460
        })
    );
    let setup = r#"{"type":"setup","callSid":null,"customParameters":{"n":5,"x":"y"},"new":true}"#;
    let relay::FromTwilio::Setup(setup) = relay::FromTwilio::parse(setup).unwrap() else { panic!() };
    assert_eq!((setup.call_sid.as_str(), setup.custom_parameters["n"].as_str()), ("", "5"));
    let prompt = r#"{"type":"prompt","voicePrompt":"Hi"}"#;
    let relay::FromTwilio::Prompt(prompt) = relay::FromTwilio::parse(prompt).unwrap() else { panic!() };
    assert!(prompt.last);
    assert_eq!(
        relay::FromTwilio::parse(r#"{"type":"dtmf","digit":5}"#).unwrap(),
        relay::FromTwilio::Dtmf { digit: "5".to_owned() }
    );
    assert!(relay::FromTwilio::parse("[]").is_err());
}

#[test]
fn relay_messages_of_programs_are_kept() {
    for message in [
        json!({"type": "text", "token": " Hello ", "last": false}),
        json!({"type": "text", "token": "", "last": true, "lang": "es-ES", "interruptible": false, "preemptible": true}),
        json!({"type": "play", "source": "https://example.com/a.mp3", "loop": 2, "interruptible": false}),
        json!({"type": "sendDigits", "digits": "12w#*"}),
        json!({"type": "language", "ttsLanguage": "es-ES", "transcriptionLanguage": "es-ES"}),
        json!({"type": "end", "handoffData": "{\"reason\":\"agent\"}"}),
        json!({"type": "end"}),
    ] {
        let read = relay::ToTwilio::parse(&message.to_string()).unwrap();
        assert_eq!(value(&read.to_json()), message);
    }
    assert_eq!(value(&relay::ToTwilio::last_text("Bye").to_json())["last"], json!(true));
}

#[test]
fn relay_messages_that_are_not_taken() {
    for (message, malformed) in [
        (r#"{"foo":"bar"}"#, true),
        (r#"{"type":"setup"}"#, true),
        ("words", true),
        ("[]", true),
        (r#"{"type":"text"}"#, false),
        (r#"{"type":"text","token":null}"#, false),
        (r#"{"type":"play","source":"a.mp3"}"#, false),
        (r#"{"type":"sendDigits","digits":""}"#, false),
        (r#"{"type":"sendDigits","digits":"1W"}"#, false),
        (r#"{"type":"language"}"#, false),
        (r#"{"type":"end","handoffData":{"reason":"agent"}}"#, false),
    ] {
        let error = relay::ToTwilio::parse(message).unwrap_err();
        assert_eq!(error.is_malformed(), malformed, "{message}: {error}");
    }
    assert_eq!(
        RelayError::told(r#"{ "foo" : "bar" }"#).to_json(),
        r#"{"type":"error","description":"Invalid message received: { \"foo\" : \"bar\" }"}"#
    );
}

#[test]
fn stream_messages_are_kept() {
    let sid = "MZ00000000000000000000000000000001";
    for message in [
        json!({"event": "connected", "protocol": "Call", "version": "1.0.0"}),
        json!({
            "event": "start", "sequenceNumber": "1", "streamSid": sid,
            "start": {
                "accountSid": "AC00000000000000000000000000000001", "streamSid": sid,
                "callSid": "CA00000000000000000000000000000001", "tracks": ["inbound"], "customParameters": {"a": "b"},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
            }
        }),
        json!({
            "event": "media", "sequenceNumber": "4", "streamSid": sid,
            "media": {"track": "inbound", "chunk": "2", "timestamp": "5", "payload": "f39/"}
        }),
        json!({"event": "dtmf", "streamSid": sid, "sequenceNumber": "5", "dtmf": {"track": "inbound_track", "digit": "1"}}),
        json!({"event": "mark", "sequenceNumber": "4", "streamSid": sid, "mark": {"name": "x"}}),
        json!({
            "event": "stop", "sequenceNumber": "5", "streamSid": sid,
            "stop": {"accountSid": "AC00000000000000000000000000000001", "callSid": "CA00000000000000000000000000000001"}
        }),
        json!({"event": "other", "streamSid": sid}),
    ] {
        let read = stream::FromTwilio::parse(&message.to_string()).unwrap();
        assert_eq!(value(&read.to_json()), message);
    }
    for message in [
        json!({"event": "media", "streamSid": sid, "media": {"payload": "f39/"}}),
        json!({"event": "mark", "streamSid": sid, "mark": {"name": "x"}}),
        json!({"event": "clear", "streamSid": sid}),
    ] {
        let read = stream::ToTwilio::parse(&message.to_string()).unwrap();
        assert_eq!(value(&read.to_json()), message);
    }
    assert_eq!(value(&stream::FromTwilio::connected().to_json())["version"], json!("1.0.0"));
    assert_eq!(FRAME_MS * stream::BYTES_A_MS, 160);
}

#[test]
fn stream_messages_that_differ_or_are_not_taken() {
    let numbers = r#"{"event":"media","sequenceNumber":4,"streamSid":"MZ1","media":{"chunk":2,"timestamp":5,"payload":""}}"#;
    let stream::FromTwilio::Media { sequence_number, media, .. } =
        stream::FromTwilio::parse(numbers).unwrap()
    else {
        panic!()
    };
    assert_eq!((sequence_number, media.chunk, media.timestamp_ms), (4, 2, 5));
    for (message, code) in [
        ("words", 31950),
        ("[]", 31950),
        ("{}", 31951),
        (r#"{"event":"media","streamSid":"MZ1","media":{}}"#, 31951),
        (r#"{"event":"media","streamSid":"MZ1","media":{"payload":"%%"}}"#, 31951),
        (r#"{"event":"mark","streamSid":"MZ1"}"#, 31951),
        (r#"{"event":"clear"}"#, 31951),
    ] {
        let error: StreamError = stream::ToTwilio::parse(message).unwrap_err();
        assert_eq!(error.code(), code, "{message}");
    }
}

#[test]
fn a_stream_that_is_started_by_request() {
    let form = pairs(&[
        ("Url", "wss://example.com/stream"),
        ("Track", "both_tracks"),
        ("Parameter1.Name", "run"),
        ("Parameter1.Value", "run_1"),
        ("Parameter3.Name", "empty"),
    ]);
    let start = stream::StartStream::from_pairs(&form).unwrap();
    assert_eq!(
        (start.url.as_str(), start.track.map(|track| track.as_str())),
        ("wss://example.com/stream", Some("both_tracks"))
    );
    let parameters = stream::parameters(&form);
    assert_eq!(parameters.into_iter().collect::<Vec<_>>(), pairs(&[("empty", ""), ("run", "run_1")]));
}

proptest! {
    #[test]
    fn any_message_is_read_or_refused(
        message in "(\\{|\\}|\"type\":|\"event\":|\"text\"|\"media\"|\"prompt\"|\"token\":|,|\"[a-z]{0,4}\"|[0-9]|null){0,12}",
    ) {
        let _ = (relay::FromTwilio::parse(&message).is_ok(), relay::ToTwilio::parse(&message).is_ok());
        let _ = (stream::FromTwilio::parse(&message).is_ok(), stream::ToTwilio::parse(&message).is_ok());
    }

    #[test]
    fn every_token_is_spoken_as_it_was_written(token in "\\PC{0,30}", last in any::<bool>()) {
        let text = relay::ToTwilio::Text(relay::Text { token, last, ..relay::Text::default() });
        prop_assert_eq!(relay::ToTwilio::parse(&text.to_json()).unwrap(), text);
    }
}
