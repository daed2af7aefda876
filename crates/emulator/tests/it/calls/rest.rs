//! The REST API of calls.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};

const TWIML: &str = "<Response><Pause length=\"30\"/></Response>";

#[tokio::test]
async fn what_is_wrong_with_a_create_request_has_its_code() {
    let long = format!("<Response><Say>{}</Say></Response>", "x".repeat(4_000));
    let cases: &[(&[(&str, &str)], u64)] = &[
        (&[("From", OURS), ("Twiml", TWIML)], 21201),
        (&[("To", ANN), ("Twiml", TWIML)], 21213),
        (&[("To", "nobody"), ("From", OURS), ("Twiml", TWIML)], 21211),
        (&[("To", ANN), ("From", "nobody"), ("Twiml", TWIML)], 21212),
        (&[("To", ANN), ("From", "+15559990000"), ("Twiml", TWIML)], 21210),
        (&[("To", ANN), ("From", OURS)], 21205),
        (&[("To", ANN), ("From", OURS), ("Url", "ftp://example.com")], 21205),
        (&[("To", ANN), ("From", OURS), ("Twiml", &long)], 32018),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("SendDigits", "12x")], 21206),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("StatusCallbackEvent", "begun")], 21626),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("StatusCallback", "x")], 21609),
        (&[("To", ANN), ("From", OURS), ("ApplicationSid", "AP1")], 21218),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("MachineDetection", "Maybe")], 20422),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("Timeout", "soon")], 20422),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("Method", "PUT")], 20422),
    ];
    let stage = Stage::new().await;
    for (form, code) in cases {
        let answer = stage.post("Calls.json", form).await;
        assert_eq!((answer.status, answer.code()), (400, Some(*code)), "{form:?} {answer:?}");
    }
    assert_eq!(stage.get("Calls.json").await.json["calls"], json!([]));
}

#[tokio::test]
async fn a_call_is_shown_listed_changed_and_deleted() {
    let stage = Stage::new().await;
    let form = [("To", ANN), ("From", OURS), ("Twiml", TWIML)];
    let created = stage.post("Calls.json", &form).await;
    assert_eq!((created.status, &created.json["direction"]), (201, &json!("outbound-api")));
    for name in ["start_time", "end_time", "duration", "price", "answered_by", "parent_call_sid"] {
        assert_eq!(created.json[name], Value::Null, "{name}");
    }
    let path = format!("Calls/{}.json", created.sid());
    assert_eq!(stage.post(&path, &[("Twiml", TWIML)]).await.code(), Some(21220), "it is not answered yet");
    assert_eq!(stage.delete(&path).await.code(), Some(20009));
    stage.wind(5_000).await;
    assert_eq!(stage.get(&path).await.json["status"], "in-progress");
    let moved = "<Response><Say>Something else</Say><Pause length=\"10\"/></Response>";
    assert_eq!(stage.post(&path, &[("Twiml", moved)]).await.status, 200);
    assert_eq!(stage.post(&path, &[("Status", "canceled")]).await.code(), Some(21220));
    assert_eq!(stage.post(&path, &[("Status", "completed")]).await.json["status"], "completed");
    assert_eq!(stage.post(&path, &[("Status", "completed")]).await.code(), Some(21220));
    let other = stage.post("Calls.json", &form).await.sid();
    assert_eq!(
        stage.post(&format!("Calls/{other}.json"), &[("Status", "canceled")]).await.json["status"],
        "canceled"
    );
    for (query, count) in [
        ("", 2),
        ("?Status=completed", 1),
        ("?Status=canceled", 1),
        ("?To=%2B15550001111", 2),
        ("?To=%2B15559990000", 0),
        ("?StartTime=2026-03-02", 1),
        ("?StartTime%3E=2026-03-03", 0),
        ("?EndTime%3C=2026-03-03", 2),
    ] {
        let list = stage.get(&format!("Calls.json{query}")).await.json;
        assert_eq!(list["calls"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.status, 404);
    assert_eq!(stage.send(stage.by_account(Method::PUT, "Calls.json")).await.unwrap().status, 405);
}

#[tokio::test]
async fn each_page_of_a_list_leads_to_the_next() {
    let stage = Stage::new().await;
    for _ in 0..5 {
        stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", TWIML)]).await;
    }
    let mut path = "Calls.json?PageSize=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = stage.get(&path).await.json;
        seen.extend(page["calls"].as_array().unwrap().iter().map(|call| call["sid"].clone()));
        match page["next_page_uri"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => break,
        }
    }
    let all = stage.get("Calls.json").await.json["calls"].clone();
    let all: Vec<Value> = all.as_array().unwrap().iter().map(|call| call["sid"].clone()).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_recording_can_be_paused_fetched_heard_and_deleted() {
    let stage = Stage::new().await;
    let script = json!({"opening": [{"say": "one two three four", "afterMs": 0}]});
    stage.control(Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
    let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", TWIML)]).await.sid();
    let path = format!("Calls/{call}/Recordings");
    assert_eq!(stage.post(&format!("{path}.json"), &[]).await.code(), Some(21220), "it is not answered yet");
    stage.wind(3_500).await;
    let recording =
        stage.post(&format!("{path}.json"), &[("Trim", "do-not-trim"), ("RecordingChannels", "dual")]).await;
    assert_eq!((recording.status, &recording.json["status"]), (201, &json!("in-progress")), "{recording:?}");
    let current = format!("{path}/Twilio.CURRENT.json");
    stage.wind(4_000).await;
    let paused = stage.post(&current, &[("Status", "paused"), ("PauseBehavior", "skip")]).await;
    assert_eq!(paused.json["status"], "paused", "{paused:?}");
    stage.wind(10_000).await;
    assert_eq!(stage.post(&current, &[("Status", "in-progress")]).await.json["status"], "in-progress");
    stage.wind(2_000).await;
    assert_eq!(stage.post(&current, &[("Status", "stopped")]).await.json["status"], "processing");
    stage.wind(1_000).await;
    let sid = recording.sid();
    let shown = stage.get(&format!("Recordings/{sid}.json")).await.json;
    assert_eq!(
        (&shown["status"], &shown["duration"], &shown["source"]),
        (&json!("completed"), &json!("6"), &json!("StartCallRecordingAPI"))
    );
    let base = format!("/2010-04-01/Accounts/{}/Recordings/{sid}", emulator::DEFAULT_ACCOUNT);
    for (name, kind, size) in [
        ("", "audio/x-wav", 6 * 32_000 + 44),
        (".wav?RequestedChannels=1", "audio/x-wav", 6 * 16_000 + 44),
        (".mp3", "audio/mpeg", 84 * 72),
    ] {
        let response = stage.request(Method::GET, &format!("{base}{name}")).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], kind);
        let bytes = response.bytes().await.unwrap();
        assert_eq!(bytes.len(), size, "{name}");
        let is_loud = bytes[44..].iter().any(|byte| *byte != 0);
        assert!(is_loud);
    }
    assert_eq!(stage.get("Recordings.json").await.json["recordings"].as_array().unwrap().len(), 1);
    assert_eq!(stage.delete(&format!("Recordings/{sid}.json")).await.status, 204);
    assert_eq!(stage.request(Method::GET, &base).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn queues_and_their_members_are_shown_and_led_out() {
    let stage = Stage::new().await;
    let queue = stage.post("Queues.json", &[("FriendlyName", "support"), ("MaxSize", "2")]).await;
    assert_eq!((queue.status, &queue.json["max_size"]), (201, &json!(2)));
    assert_eq!(stage.post("Queues.json", &[("FriendlyName", "support")]).await.status, 400);
    let path = format!("Queues/{}", queue.sid());
    let twiml = "<Response><Enqueue>support</Enqueue></Response>";
    let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", twiml)]).await.sid();
    stage.wind(13_500).await;
    assert_eq!(stage.get(&format!("{path}.json")).await.json["current_size"], 1);
    assert_eq!(stage.delete(&format!("{path}.json")).await.status, 400);
    let front = stage.get(&format!("{path}/Members/Front.json")).await.json;
    assert_eq!(
        (&front["call_sid"], &front["wait_time"], &front["position"]),
        (&json!(call), &json!(10), &json!(1))
    );
    let led = stage.post(&format!("{path}/Members/{call}.json"), &[("Url", "http://127.0.0.1:9/")]).await;
    assert_eq!(led.status, 200, "{led:?}");
    assert_eq!(stage.get(&format!("{path}/Members.json")).await.json["queue_members"], json!([]));
    assert_eq!(stage.delete(&format!("{path}.json")).await.status, 204);
}

#[tokio::test]
async fn participants_are_called_in_held_and_taken_out() {
    let stage = Stage::new().await;
    let twiml = "<Response><Dial><Conference>room</Conference></Dial></Response>";
    let first = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", twiml)]).await.sid();
    stage.wind(5_000).await;
    let conference = stage.get("Conferences.json?FriendlyName=room").await.json["conferences"][0].clone();
    assert_eq!(conference["status"], "init");
    let path = format!("Conferences/{}", conference["sid"].as_str().unwrap());
    let form = [("To", "+15550002222"), ("From", OURS), ("Label", "guest"), ("EndConferenceOnExit", "true")];
    let coming = stage.post(&format!("{path}/Participants.json"), &form).await;
    assert_eq!((coming.status, &coming.json["label"]), (201, &json!("guest")), "{coming:?}");
    stage.wind(5_000).await;
    assert_eq!(stage.get(&format!("{path}.json")).await.json["status"], "in-progress");
    let guest = format!("{path}/Participants/guest.json");
    let held = stage.post(&guest, &[("Hold", "true"), ("Muted", "true")]).await.json;
    assert_eq!((&held["hold"], &held["muted"]), (&json!(true), &json!(true)));
    assert_eq!(
        stage.get(&format!("{path}/Participants.json?Hold=true")).await.json["participants"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(stage.delete(&guest).await.status, 204);
    stage.wind(1_000).await;
    let over = stage.get(&format!("{path}.json")).await.json;
    assert_eq!(
        (&over["status"], &over["reason_conference_ended"]),
        (&json!("completed"), &json!("participant-with-end-conference-on-exit-left"))
    );
    assert_eq!(stage.get(&format!("Calls/{first}.json")).await.json["status"], "completed");
}

#[tokio::test]
async fn a_call_is_transcribed_by_request() {
    let stage = Stage::new().await;
    let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", TWIML)]).await.sid();
    let path = format!("Calls/{call}/Transcriptions");
    assert_eq!(stage.post(&format!("{path}.json"), &[("Name", "mine")]).await.code(), Some(21220));
    stage.wind(5_000).await;
    let started = stage.post(&format!("{path}.json"), &[("Name", "mine")]).await;
    assert_eq!((started.status, &started.json["status"]), (200, &json!("in-progress")), "{started:?}");
    let one = format!("{path}/{}.json", started.sid());
    assert_eq!(stage.post(&one, &[("Status", "gone")]).await.status, 400);
    assert_eq!(stage.post(&one, &[("Status", "stopped")]).await.json["status"], "stopped");
    assert_eq!(stage.post(&one, &[("Status", "stopped")]).await.status, 404);
}
