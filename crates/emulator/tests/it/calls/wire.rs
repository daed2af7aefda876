//! Every kind of webhook about calls is read by the type that others read it with, to the last parameter.

use serde_json::{Value, json};
use twilio::call::{
    AmdCallback, CallRequest, CallStatusCallback, ConferenceCallback, DialAction, EnqueueAction,
    GatherAction, GatherPartial, LiveTranscriptionCallback, QueueWait, RecordAction, RecordingCallback,
    RelayAction, SmsAction, StreamCallback, TranscriptionCallback,
};
use twilio::form::Pairs;

use super::app::{App, Reply};
use crate::relay::program::Program;
use crate::stage::{ANN, OURS, Stage};

/// The pairs as they are written again, and what was not known among them.
type Read = fn(&Pairs) -> (Pairs, Pairs);

macro_rules! read {
    ($name:ident of a call) => {
        |pairs: &Pairs| {
            let read = $name::from_pairs(pairs).unwrap();
            (read.to_pairs(), read.call.rest)
        }
    };
    ($name:ident) => {
        |pairs: &Pairs| {
            let read = $name::from_pairs(pairs).unwrap();
            (read.to_pairs(), read.rest)
        }
    };
}

/// By the path that it goes to.
const READS: [(&str, Read); 20] = [
    ("/voice", read!(CallRequest)),
    ("/status", read!(CallStatusCallback of a call)),
    ("/amd", read!(AmdCallback)),
    ("/partial", read!(GatherPartial of a call)),
    ("/gathered", read!(GatherAction of a call)),
    ("/recording", read!(RecordingCallback)),
    ("/transcribed", read!(TranscriptionCallback)),
    ("/recorded", read!(RecordAction of a call)),
    ("/texted", read!(SmsAction of a call)),
    ("/leg", read!(CallStatusCallback of a call)),
    ("/dialed", read!(DialAction of a call)),
    ("/words", read!(LiveTranscriptionCallback)),
    ("/streamed", read!(StreamCallback)),
    ("/wait", read!(QueueWait of a call)),
    ("/left", read!(EnqueueAction of a call)),
    ("/related", read!(RelayAction of a call)),
    ("/conference", read!(ConferenceCallback)),
    ("/conferred", read!(DialAction of a call)),
    ("/fails", read!(CallRequest)),
    ("/fallback", read!(CallRequest)),
];

/// A call that meets every verb which asks or tells something.
fn documents(stream: &str) -> Vec<(&'static str, String)> {
    let event = "statusCallbackEvent=\"initiated ringing answered completed\"";
    vec![
        (
            "/voice",
            "<Gather input=\"speech\" action=\"/gathered\" partialResultCallback=\"/partial\" speechTimeout=\"1\">\
             <Say>who</Say></Gather>"
                .to_owned(),
        ),
        (
            "/gathered",
            "<Record action=\"/recorded\" timeout=\"1\" trim=\"do-not-trim\" recordingStatusCallback=\"/recording\" \
             recordingStatusCallbackEvent=\"in-progress completed\" transcribe=\"true\" \
             transcribeCallback=\"/transcribed\"/>"
                .to_owned(),
        ),
        ("/recorded", "<Sms action=\"/texted\">Hi</Sms>".to_owned()),
        (
            "/texted",
            format!(
                "<Dial action=\"/dialed\"><Number statusCallback=\"/leg\" {event}>+15550002222</Number></Dial>"
            ),
        ),
        (
            "/dialed",
            format!(
                "<Start><Transcription statusCallbackUrl=\"/words\" track=\"both_tracks\"/></Start><Start>\
                 <Stream name=\"ear\" url=\"{stream}\" statusCallback=\"/streamed\"/></Start><Pause length=\"2\"/>\
                 <Stop><Stream name=\"ear\"/></Stop><Enqueue action=\"/left\" waitUrl=\"/wait\">line</Enqueue>"
            ),
        ),
        ("/wait", "<Leave/>".to_owned()),
        (
            "/left",
            "<Connect action=\"/related\"><ConversationRelay url=\"ws://127.0.0.1:1/\"/></Connect>".to_owned(),
        ),
        (
            "/related",
            "<Dial action=\"/conferred\"><Conference waitUrl=\"\" participantLabel=\"ann\" \
             statusCallback=\"/conference\" statusCallbackEvent=\"start end join leave mute hold\">room</Conference>\
             </Dial>"
                .to_owned(),
        ),
        ("/conferred", "<Redirect>/fails</Redirect>".to_owned()),
        ("/fallback", "<Hangup/>".to_owned()),
    ]
}

#[tokio::test]
async fn every_webhook_is_read_by_its_type_to_the_last_parameter() {
    let program = Program::start(vec![]).await;
    let mut answers: Vec<(String, Reply)> = documents(&program.url)
        .into_iter()
        .map(|(path, body)| (path.to_owned(), Reply::read("", &format!("<Response>{body}</Response>"))))
        .collect();
    answers.push(("/fails".to_owned(), Reply::read("500", "")));
    let app = App::start(answers).await;
    let stage = Stage::new().await;
    let script = json!({
        "rules": [
            {"hears": {"contains": "who"}, "do": [{"say": "it is Ann Miller from the other side of the town"}]},
            {"hears": {"beep": true}, "do": [{"say": "call me back please", "lastsMs": 3_000}]},
            {"hears": {"silenceMs": 500}, "do": [{"say": "well"}]},
        ],
    });
    stage.control(reqwest::Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
    let short = json!({"hangUpAfterMs": 2_000});
    stage.control(reqwest::Method::POST, "/phones/+15550002222/callScripts", short).await;
    let url = |path: &str| format!("{}{path}", app.url);
    let form = [
        ("To", ANN.to_owned()),
        ("From", OURS.to_owned()),
        ("Url", url("/voice")),
        ("FallbackUrl", url("/fallback")),
        ("StatusCallback", url("/status")),
        ("StatusCallbackEvent", "initiated".to_owned()),
        ("StatusCallbackEvent", "ringing".to_owned()),
        ("StatusCallbackEvent", "answered".to_owned()),
        ("StatusCallbackEvent", "completed".to_owned()),
        ("MachineDetection", "Enable".to_owned()),
        ("AsyncAmd", "true".to_owned()),
        ("AsyncAmdStatusCallback", url("/amd")),
        ("Record", "true".to_owned()),
        ("RecordingStatusCallback", url("/recording")),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let call = stage.post("Calls.json", &form).await.sid();
    stage.wind(90_000).await;
    end_conference(&stage).await;
    stage.wind(30_000).await;
    assert_eq!(stage.get(&format!("Calls/{call}.json")).await.json["status"], "completed");

    let webhooks = stage.log("webhook").await;
    for (path, read) in READS {
        let to_path = |webhook: &&Value| webhook["url"].as_str().unwrap() == url(path);
        let came: Vec<&Value> = webhooks.iter().filter(to_path).collect();
        assert!(!came.is_empty(), "nothing came to {path}");
        for webhook in came {
            let pairs: Pairs = serde_json::from_value(webhook["parameters"].clone()).unwrap();
            let (written, unknown) = read(&pairs);
            assert_eq!(unknown, [], "{path}");
            assert_eq!(sorted(written), sorted(pairs), "{path}");
        }
    }
    let known = |url: &str| READS.iter().any(|(path, _)| url.ends_with(path)) || url.starts_with("ws:");
    let others: Vec<&Value> =
        webhooks.iter().map(|webhook| &webhook["url"]).filter(|url| !known(url.as_str().unwrap())).collect();
    assert_eq!(others, [] as [&Value; 0]);
}

/// Changes the one participant, and takes it out.
async fn end_conference(stage: &Stage) {
    let conference = stage.get("Conferences.json").await.json["conferences"][0]["sid"].clone();
    let path = format!("Conferences/{}/Participants/ann.json", conference.as_str().unwrap());
    assert_eq!(stage.post(&path, &[("Muted", "true"), ("Hold", "true")]).await.status, 200);
    assert_eq!(stage.delete(&path).await.status, 204);
}

fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}
