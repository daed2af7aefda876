//! What becomes of calls that are never talked in, and what is left of those that are over.

use reqwest::Method;
use serde_json::{Value, json};

use super::app::{App, Reply};
use crate::stage::{ANN, OURS, Stage};

async fn stage_with(pick_up: Value) -> Stage {
    let stage = Stage::new().await;
    let script = json!({ "pickUp": pick_up });
    let answer = stage.control(Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    stage
}

async fn create(stage: &Stage, more: &[(&str, &str)]) -> String {
    let mut form = vec![("To", ANN), ("From", OURS)];
    form.extend(more);
    let answer = stage.post("Calls.json", &form).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json["status"], "queued");
    answer.sid()
}

async fn fetch(stage: &Stage, sid: &str) -> Value {
    stage.get(&format!("Calls/{sid}.json")).await.json
}

const TALK: (&str, &str) = ("Twiml", "<Response><Say>one two three four</Say></Response>");

#[tokio::test]
async fn a_call_ends_as_its_far_end_takes_it() {
    for (pick_up, status) in [
        (json!({"kind": "answer"}), "completed"),
        (json!({"kind": "busy"}), "busy"),
        (json!({"kind": "noAnswer"}), "no-answer"),
        (json!({"kind": "reject"}), "busy"),
        (json!({"kind": "fail"}), "failed"),
        (json!({"kind": "live"}), "no-answer"),
    ] {
        let stage = stage_with(pick_up.clone()).await;
        let sid = create(&stage, &[TALK]).await;
        stage.wind(120_000).await;
        let call = fetch(&stage, &sid).await;
        assert_eq!(call["status"], status, "{pick_up}");
        let answered = status == "completed";
        assert_eq!(call["duration"], if answered { "2" } else { "0" }, "{pick_up}");
        assert_eq!(call["price"], if answered { json!("-0.014") } else { Value::Null }, "{pick_up}");
        assert_eq!(call["start_time"].is_null(), !answered);
    }
}

#[tokio::test]
async fn an_hour_later_nothing_is_left_of_a_call() {
    let app = App::start(vec![(
        "/voice".to_owned(),
        Reply::read(
            "",
            "<Response><Gather input=\"speech dtmf\"><Say>Hello</Say></Gather><Record/></Response>",
        ),
    )])
    .await;
    let stage = stage_with(json!({"kind": "answer"})).await;
    for _ in 0..5 {
        create(&stage, &[("Url", &format!("{}/voice", app.url)), ("Record", "true")]).await;
    }
    stage.wind(10_000).await;
    let calls = stage.control(Method::GET, "/calls?status=in-progress", Value::Null).await.json;
    for call in calls["calls"].as_array().unwrap() {
        let path = format!("/calls/{}/hangUp", call["sid"].as_str().unwrap());
        assert_eq!(stage.control(Method::POST, &path, Value::Null).await.status, 200);
    }
    stage.wind(3_600_000).await;
    let state = stage.control(Method::GET, "/state", Value::Null).await.json;
    assert_eq!((&state["waiting"], &state["busy"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_person_may_be_driven_by_hand() {
    let stage = stage_with(json!({"kind": "live"})).await;
    let twiml = "<Response><Gather input=\"speech dtmf\" timeout=\"60\" action=\"https://example.invalid/\"/></Response>";
    let sid = create(&stage, &[("Twiml", twiml)]).await;
    stage.wind(5_000).await;
    let path = |what: &str| format!("/calls/{sid}/{what}");
    assert_eq!(stage.control(Method::POST, &path("acts"), json!({"say": "hello"})).await.status, 409);
    assert_eq!(stage.control(Method::POST, &path("answer"), Value::Null).await.json["status"], "in-progress");
    assert_eq!(stage.control(Method::POST, &path("answer"), Value::Null).await.status, 409);
    assert_eq!(stage.control(Method::POST, &path("acts"), json!({"say": "hello there"})).await.status, 200);
    stage.wind(1_000).await;
    let story = stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json["story"].clone();
    let spoke = story.as_array().unwrap().iter().any(|line| line["words"] == "hello there");
    assert!(spoke, "{story}");
    assert_eq!(stage.control(Method::POST, &path("hangUp"), Value::Null).await.json["status"], "completed");
    assert_eq!(stage.control(Method::POST, &path("hangUp"), Value::Null).await.status, 409);
}

#[tokio::test]
async fn what_is_just_being_said_is_shown_as_far_as_it_was_heard() {
    let stage = stage_with(json!({"kind": "live"})).await;
    let sid = create(&stage, &[TALK]).await;
    let saying = async || {
        stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json["saying"].clone()
    };
    stage.wind(5_000).await;
    assert_eq!(saying().await, Value::Null, "it rings");
    stage.control(Method::POST, &format!("/calls/{sid}/answer"), Value::Null).await;
    stage.wind(1_000).await;
    let heard = saying().await;
    assert!(heard.as_str().is_some_and(|words| words == "one two"), "{heard}");
    stage.wind(10_000).await;
    assert_eq!(saying().await, Value::Null, "it is said, and stands in the story");
}

#[tokio::test]
async fn calls_wait_for_their_turn() {
    let stage = Stage::with_account(json!({"callsPerSecond": 1.0})).await;
    for _ in 0..3 {
        create(&stage, &[TALK]).await;
    }
    stage.wind(1_200).await;
    let list = stage.get("Calls.json?Status=queued").await.json;
    let waits: Vec<&str> =
        list["calls"].as_array().unwrap().iter().map(|call| call["queue_time"].as_str().unwrap()).collect();
    // The second is being dialled already, and shown as queued until it rings.
    assert_eq!(waits, ["2000", "1000"]);
    stage.wind(60_000).await;
    assert_eq!(stage.get("Calls.json?Status=completed").await.json["calls"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn documents_that_lead_in_a_circle_do_not_stop_the_clock() {
    let circle = Reply::read("", "<Response><Redirect/></Response>");
    let app = App::start(vec![("/voice".to_owned(), circle)]).await;
    let stage = stage_with(json!({"kind": "answer"})).await;
    let sid = create(&stage, &[("Url", &format!("{}/voice", app.url)), ("TimeLimit", "10")]).await;
    stage.wind(60_000).await;
    assert_eq!(fetch(&stage, &sid).await["status"], "completed");
    assert_eq!(stage.debugger().await, [32015]);
    assert!((31..60).contains(&app.got().len()), "{}", app.got().len());
}

#[tokio::test]
async fn cookies_last_for_a_call() {
    let app = App::start(vec![
        (
            "/voice".to_owned(),
            Reply::read("cookie session=7", "<Response><Redirect>/next</Redirect></Response>"),
        ),
        ("/next".to_owned(), Reply::read("", "<Response/>")),
    ])
    .await;
    let stage = stage_with(json!({"kind": "answer"})).await;
    for _ in 0..2 {
        create(&stage, &[("Url", &format!("{}/voice", app.url))]).await;
        stage.wind(10_000).await;
    }
    let got: Vec<(String, String)> = app.got().into_iter().map(|got| (got.path, got.cookie)).collect();
    let expected = [("/voice", ""), ("/next", "session=7"), ("/voice", ""), ("/next", "session=7")];
    assert_eq!(got, expected.map(|(path, cookie)| (path.to_owned(), cookie.to_owned())));
}

#[tokio::test]
async fn the_script_of_the_guide_is_taken() {
    const GUIDE: &str = include_str!("../../../../../docs/emulator.md");
    let (_, calls) = GUIDE.split_once("\n## Calls\n").unwrap();
    let (_, rest) = calls.split_once("```json\n").unwrap();
    let script: Value = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
    let stage = Stage::new().await;
    let path = format!("/phones/{ANN}/callScripts");
    assert_eq!(stage.control(Method::POST, &path, script).await.status, 201);
    assert_eq!(stage.control(Method::GET, &path, Value::Null).await.json[0]["used"], 0);
    assert_eq!(stage.control(Method::DELETE, &format!("{path}/1"), Value::Null).await.status, 204);
    assert_eq!(stage.control(Method::GET, &path, Value::Null).await.json, json!([]));
}

#[tokio::test]
async fn the_pace_of_an_account_can_be_changed() {
    let stage = Stage::new().await;
    let path = format!("/accounts/{}", emulator::DEFAULT_ACCOUNT);
    assert_eq!(stage.control(Method::PATCH, &path, json!({"callsPerSecond": -1.0})).await.status, 422);
    assert_eq!(stage.control(Method::PATCH, &path, json!({"callsPerSecond": 0.5})).await.status, 200);
    create(&stage, &[TALK]).await;
    let second = create(&stage, &[TALK]).await;
    assert_eq!(fetch(&stage, &second).await["queue_time"], "2000");
}

/// What cannot be had in time or at all, and what goes round in circles, has Twilio's code; whoever is called
/// hears of it, and the call ends.
#[tokio::test]
async fn no_webhook_keeps_a_call_for_ever() {
    let server = crate::receiver::Receiver::start().await;
    let circle = Reply::read("", "<Response><Redirect>/circle</Redirect></Response>");
    let to_itself = Reply::read("302 to /moved none", "");
    let app = App::start(vec![("/circle".to_owned(), circle), ("/moved".to_owned(), to_itself)]).await;
    for (url, code) in [
        ("http://127.0.0.1:9/nobody".to_owned(), 11205),
        ("http://nowhere.invalid/".to_owned(), 11210),
        (format!("{}/slow#rt=200&rc=0", server.url), 11200),
        (format!("{}/slow#tt=300&rc=0", server.url), 11200),
        (format!("{}/moved", app.url), 11215),
    ] {
        server.reply([crate::receiver::Reply::Never]);
        let stage = Stage::new().await;
        let sid = create(&stage, &[("Url", &url)]).await;
        stage.wind(60_000).await;
        assert_eq!(stage.debugger().await, [code], "{url}");
        assert_eq!(fetch(&stage, &sid).await["status"], "completed", "{url}");
        let shown = stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json;
        let story = shown["story"].to_string();
        assert!(story.contains("an application error has occurred"), "{url}: {story}");
    }
    // A circle of TwiML takes a second a turn from some turns on, until the call has lasted long enough.
    let stage = Stage::new().await;
    let circle = format!("{}/circle", app.url);
    let sid = create(&stage, &[("Url", &circle), ("TimeLimit", "30")]).await;
    stage.wind(60_000).await;
    assert_eq!(fetch(&stage, &sid).await["status"], "completed");
    assert!(app.got().iter().filter(|got| got.path == "/circle").count() < 100);
}
