//! Media Streams: a call's audio goes to a program, and the program's is played.

use base64::Engine as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::relay::program::{Program, Say};
use crate::stage::{ANN, OURS, Stage};

async fn call(script: Value, twiml: &str) -> (Stage, String) {
    let stage = Stage::new().await;
    stage.control(Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
    let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", twiml)]).await;
    assert_eq!(call.status, 201, "{call:?}");
    let sid = call.sid();
    (stage, sid)
}

async fn story(stage: &Stage, sid: &str, kind: &str) -> Vec<Value> {
    let call = stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json;
    call["story"].as_array().unwrap().iter().filter(|line| line["kind"] == kind).cloned().collect()
}

/// Whether the audio of a message is silence.
fn is_silent(message: &Value) -> bool {
    let payload = message["media"]["payload"].as_str().unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(payload).unwrap();
    assert_eq!(bytes.len(), 160);
    bytes.iter().all(|byte| *byte == 0xff)
}

/// So many milliseconds of audio that a program wants to be played.
fn audio(ms: usize) -> Say {
    let payload = base64::engine::general_purpose::STANDARD.encode(vec![0x55_u8; ms * 8]);
    Say::Json(json!({"event": "media", "streamSid": "MZ", "media": {"payload": payload}}))
}

fn mark(name: &str) -> Say {
    Say::Json(json!({"event": "mark", "streamSid": "MZ", "mark": {"name": name}}))
}

#[tokio::test]
async fn both_voices_go_to_whoever_listens_until_the_document_stops_it() {
    let server = Receiver::start().await;
    let program = Program::start(vec![]).await;
    let twiml = format!(
        "<Response><Start><Stream name=\"ear\" url=\"{}\" track=\"both_tracks\" statusCallback=\"{}/stream\">\
         <Parameter name=\"order\" value=\"7\"/></Stream></Start><Say>one two three four</Say><Pause length=\"3\"/>\
         <Stop><Stream name=\"ear\"/></Stop><Say>five</Say></Response>",
        program.url, server.url
    );
    let script = json!({"rules": [{"hears": {"contains": "four"}, "do": [{"say": "yes"}]}]});
    let (stage, sid) = call(script, &twiml).await;
    stage.wind(20_000).await;

    assert_eq!(program.signed(), [true]);
    let told = program.told();
    assert_eq!(told[0], json!({"event": "connected", "protocol": "Call", "version": "1.0.0"}));
    let stream = told[1]["streamSid"].as_str().unwrap();
    assert_eq!(
        told[1],
        json!({
            "event": "start", "sequenceNumber": "1", "streamSid": stream,
            "start": {
                "accountSid": emulator::DEFAULT_ACCOUNT, "streamSid": stream, "callSid": sid,
                "tracks": ["inbound", "outbound"], "customParameters": {"order": "7"},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            },
        })
    );
    let media = program.told_of("media");
    assert_eq!(
        (&media[0]["sequenceNumber"], &media[0]["media"]["chunk"], &media[0]["media"]["timestamp"]),
        (&json!("2"), &json!("1"), &json!("20"))
    );
    let speech = |track: &str| {
        let of_track = media.iter().filter(|message| message["media"]["track"] == track);
        of_track.filter(|message| !is_silent(message)).count()
    };
    // Four words at 160 a minute are 1.5 s, and so 75 pieces; one is 0.375 s, which is 18 pieces and most of another.
    assert_eq!((speech("outbound"), speech("inbound")), (75, 19));
    assert_eq!(told.last().unwrap()["event"], "stop");
    assert_eq!(program.closes(), [Some(1000)]);
    assert_eq!(server.values("StreamEvent"), ["stream-started", "stream-stopped"]);
    assert_eq!(story(&stage, &sid, "said").await.last().unwrap()["words"], "five");
}

#[tokio::test]
async fn a_program_speaks_marks_come_back_in_their_time_and_clearing_stops_it() {
    let server = Receiver::start().await;
    server.reply([crate::receiver::Reply::Twiml("<Response><Say>Good bye</Say></Response>")]);
    let program = Program::start(vec![
        ("start", vec![audio(300), audio(200), mark("first"), audio(5_000), mark("second")]),
        (
            "dtmf",
            vec![Say::Json(json!({"event": "clear", "streamSid": "MZ"})), Say::Raw("{}"), Say::Raw("[")],
        ),
        ("mark", vec![]),
        ("mark", vec![Say::Close]),
    ])
    .await;
    let twiml = format!(
        "<Response><Connect action=\"{}/done\"><Stream url=\"{}\"/></Connect></Response>",
        server.url, program.url
    );
    let script = json!({"opening": [{"press": "5", "afterMs": 1_500}]});
    let (stage, sid) = call(script, &twiml).await;
    stage.wind(10_000).await;
    assert_eq!(program.told_of("dtmf")[0]["dtmf"], json!({"track": "inbound_track", "digit": "5"}));
    let marks: Vec<Value> = program.told_of("mark").iter().map(|told| told["mark"]["name"].clone()).collect();
    assert_eq!(marks, ["first", "second"]);
    let media_before = |name: &str| {
        let told = program.told();
        let at = told.iter().position(|message| message["mark"]["name"] == name).unwrap();
        told[..at].iter().filter(|message| message["event"] == "media").count()
    };
    // The first comes after half a second of audio, in which 24 pieces are over and one ends, the second with the
    // key.
    assert_eq!((media_before("first"), media_before("second")), (24, 75));
    assert_eq!(stage.debugger().await, [31951, 31950]);
    assert_eq!(server.got()[0].path, "/done");
    assert_eq!(story(&stage, &sid, "said").await[0]["words"], "Good bye");
    assert!(story(&stage, &sid, "played").await[0]["url"].as_str().unwrap().starts_with("stream:MZ"));
}

#[tokio::test]
async fn what_cannot_stream_is_noticed_and_the_document_goes_on() {
    let program = Program::start(vec![]).await;
    for (element, code) in [
        ("<Connect><Stream url=\"https://example.com/\"/></Connect>".to_owned(), 31922),
        ("<Connect><Stream url=\"wss://example.com/?a=1\"/></Connect>".to_owned(), 11100),
        (format!("<Connect><Stream url=\"{}\" track=\"both_tracks\"/></Connect>", program.url), 31941),
        ("<Connect><Stream url=\"ws://127.0.0.1:1/\"/></Connect>".to_owned(), 31902),
        ("<Start><Stream url=\"ws://127.0.0.1:1/\"/></Start>".to_owned(), 31902),
        ("<Stop><Stream name=\"ear\"/></Stop>".to_owned(), 12200),
    ] {
        let twiml = format!("<Response>{element}<Say>Still here</Say></Response>");
        let (stage, sid) = call(json!({}), &twiml).await;
        stage.wind(20_000).await;
        assert_eq!(stage.debugger().await, [code], "{element}");
        assert_eq!(story(&stage, &sid, "said").await[0]["words"], "Still here", "{element}");
    }
}
