//! What requests do to a call beside its documents: streams, and a look at the requests that were made for it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::relay::program::Program;
use crate::stage::{ANN, OURS, Stage};

const STAYS: &str = "<Response><Pause length=\"30\"/></Response>";

async fn answered() -> (Stage, String) {
    let stage = Stage::new().await;
    let call = stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", STAYS)]).await.sid();
    let path = format!("Calls/{call}/Streams.json");
    assert_eq!(stage.post(&path, &[("Url", "wss://example.com")]).await.code(), Some(21220));
    stage.wind(4_000).await;
    (stage, call)
}

#[tokio::test]
async fn a_stream_is_begun_and_ended_by_request() {
    let program = Program::start(vec![]).await;
    let (stage, call) = answered().await;
    let path = format!("Calls/{call}/Streams");
    for (form, code) in [
        (vec![("Name", "ear")], 20422),
        (vec![("Url", "https://example.com/")], 31922),
        (vec![("Url", "wss://example.com/"), ("Track", "some")], 20422),
    ] {
        assert_eq!(stage.post(&format!("{path}.json"), &form).await.code(), Some(code), "{form:?}");
    }
    let form = [
        ("Url", program.url.as_str()),
        ("Name", "ear"),
        ("Track", "outbound_track"),
        ("Parameter1.Name", "order"),
        ("Parameter1.Value", "7"),
    ];
    let stream = stage.post(&format!("{path}.json"), &form).await;
    assert_eq!((stream.status, &stream.json["status"]), (200, &json!("in-progress")), "{stream:?}");
    stage.wind(1_000).await;
    let start = program.told_of("start")[0]["start"].clone();
    assert_eq!(
        (&start["streamSid"], &start["tracks"], &start["customParameters"]),
        (&stream.json["sid"], &json!(["outbound"]), &json!({"order": "7"}))
    );
    let stopped = stage.post(&format!("{path}/ear.json"), &[("Status", "stopped")]).await;
    assert_eq!(stopped.json["sid"], stream.json["sid"], "by its name");
    stage.wind(1_000).await;
    assert_eq!(program.told().last().unwrap()["event"], "stop");
    let again = stage.post(&format!("{path}/{}.json", stream.sid()), &[("Status", "stopped")]).await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn the_requests_made_for_a_call_are_listed() {
    let (stage, call) = answered().await;
    stage.post(&format!("Calls/{call}.json"), &[("Url", "http://127.0.0.1:9/moved")]).await;
    stage.wind(1_000).await;
    stage.get(&format!("Calls/{call}.json")).await;
    let events = stage.get(&format!("Calls/{call}/Events.json")).await.json;
    let told: Vec<(&Value, bool, &Value)> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            let url = event["request"]["url"].as_str().unwrap();
            (&event["request"]["method"], url.contains("/2010-04-01/"), &event["response"]["response_code"])
        })
        .collect();
    // The document was asked for twice and could not be had; before that came the change, and the creation.
    let post = json!("POST");
    assert_eq!(
        told,
        [
            (&post, false, &Value::Null),
            (&post, false, &Value::Null),
            (&post, true, &json!(200)),
            (&post, true, &json!(201)),
        ]
    );
    let created = &events["events"][3];
    assert_eq!(created["request"]["parameters"]["twiml"], STAYS);
    assert!(created["response"]["response_body"].as_str().unwrap().contains(&call));
}

#[tokio::test]
async fn a_recording_server_is_refused_for_want_of_a_connector() {
    let (stage, call) = answered().await;
    let path = format!("Calls/{call}/Siprec.json");
    let refused = stage.post(&path, &[("ConnectorName", "mine")]).await;
    assert_eq!((refused.status, refused.code()), (400, Some(31940)));
    assert_eq!(stage.get(&path).await.status, 405);
}

#[tokio::test]
async fn somebody_is_called_into_a_conference_that_is_named_by_the_request() {
    let stage = Stage::new().await;
    let server = crate::receiver::Receiver::start().await;
    let form = [
        ("To", ANN),
        ("From", OURS),
        ("ConferenceStatusCallback", server.url.as_str()),
        ("ConferenceStatusCallbackEvent", "start"),
        ("ConferenceStatusCallbackEvent", "join"),
        ("ConferenceRecord", "true"),
        ("MaxParticipants", "2"),
    ];
    let first = stage.post("Conferences/the%20room/Participants.json", &form).await;
    assert_eq!(first.status, 201, "{first:?}");
    let sid = first.json["conference_sid"].as_str().unwrap().to_owned();
    for phone in ["+15550002222", "+15550003333"] {
        let form = [("To", phone), ("From", OURS), ("MaxParticipants", "2")];
        let path = format!("Conferences/{sid}/Participants.json");
        assert_eq!(stage.post(&path, &form).await.json["conference_sid"], sid);
        stage.wind(5_000).await;
    }
    let conference = stage.get(&format!("Conferences/{sid}.json")).await.json;
    assert_eq!(
        (&conference["friendly_name"], &conference["status"]),
        (&json!("the room"), &json!("in-progress"))
    );
    assert_eq!(
        server.values("StatusCallbackEvent"),
        ["participant-join", "participant-join", "conference-start"]
    );
    assert_eq!(stage.debugger().await, [16001], "the third finds it full");
    let recordings = stage.get(&format!("Conferences/{sid}/Recordings.json")).await.json;
    assert_eq!(recordings["recordings"][0]["source"], "Conference", "as the first one said");
    for (form, code) in [
        (vec![("To", ANN), ("From", OURS), ("Beep", "loud")], 20422),
        (vec![("To", ANN), ("From", OURS), ("Coaching", "true")], 20422),
        (vec![("To", ANN), ("From", OURS), ("ConferenceStatusCallback", "x")], 21609),
    ] {
        let refused = stage.post("Conferences/other/Participants.json", &form).await;
        assert_eq!(refused.code(), Some(code), "{form:?}");
    }
    let named = stage.get("Conferences.json?FriendlyName=other").await.json;
    assert_eq!(named["conferences"], json!([]), "what is refused makes no conference");
}

#[tokio::test]
async fn test_credentials_call_nobody() {
    let stage = Stage::new().await;
    let (account, token) = (emulator::DEFAULT_TEST_ACCOUNT, emulator::DEFAULT_TEST_TOKEN);
    let path = format!("/2010-04-01/Accounts/{account}/Calls.json");
    for (from, to, code) in [
        ("+15005550001", ANN, Some(21212)),
        (OURS, ANN, Some(21210)),
        ("+15005550006", "+15005550001", Some(21217)),
        ("+15005550006", "+15005550002", Some(21214)),
        ("+15005550006", "+15005550003", Some(21215)),
        ("+15005550006", "+15005550004", Some(21216)),
        ("+15005550006", ANN, None),
    ] {
        let form = [("From", from), ("To", to), ("Twiml", STAYS)];
        let request = stage.request(Method::POST, &path).basic_auth(account, Some(token)).form(&form);
        let answer = stage.send(request).await.unwrap();
        assert_eq!(answer.code(), code, "{from} {to}");
        if code.is_none() {
            assert_eq!((answer.status, &answer.json["status"]), (201, &json!("queued")));
        }
    }
    stage.wind(10_000).await;
    let calls = stage.control(Method::GET, "/calls", Value::Null).await.json;
    assert_eq!(calls["total"], 0);
}
