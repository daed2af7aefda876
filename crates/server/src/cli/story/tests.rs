use super::*;
use serde_json::json;

fn log(at: &str, sentence: &str, entry: Value) -> LogLine {
    LogLine { at: at.parse().unwrap(), sentence: sentence.into(), entry }
}

fn text(history: Value) -> MessageDetail {
    serde_json::from_value(json!({
        "id": "msg_1", "direction": "outbound", "channel": "sms", "credential": "dev", "from": "+15551234567",
        "to": "+15557654321", "body": "Hi Ann, we look forward to seeing you tomorrow at 10:00. Reply YES to confirm.",
        "run": "run_1", "step": 1, "n": 0, "state": "accepted", "status": "delivered", "attempts": 1,
        "createdAt": "2026-11-23T08:00:00Z", "updatedAt": "2026-11-23T08:00:00Z", "history": history,
    }))
    .unwrap()
}

/// A reminder that was answered the next day, as it is printed without colours.
#[test]
fn the_story_is_told_in_order_of_time_and_fits_80_columns() {
    let entries = [
        log("2026-11-23T23:59:59Z", "run started by hand", json!({"kind": "run_started"})),
        log("2026-11-23T23:59:59Z", "remind: entered (twilio)", json!({"kind": "block_entered"})),
        log(
            "2026-11-23T23:59:59Z",
            "remind: text to +15557654321 from +15551234567 queued",
            json!({"kind": "message_requested", "key": {"step": 1, "n": 0}}),
        ),
        log(
            "2026-11-23T23:59:59.25Z",
            "remind: text is accepted",
            json!({"kind": "message_changed", "key": {"step": 1, "n": 0}, "status": "accepted"}),
        ),
        log("2026-11-23T23:59:59.25Z", "remind: left with accepted to answer", json!({"kind": "block_left"})),
        log(
            "2026-11-24T07:30:00Z",
            "answer: took the answer “\u{1b}[31mYES”",
            json!({"kind": "reply_taken"}),
        ),
        log("2026-11-24T07:30:00Z", "run completed", json!({"kind": "run_ended", "status": "completed"})),
    ];
    let history = json!([
        {"at": "2026-11-23T23:59:59Z", "sentence": "queued", "event": {"kind": "queued"}},
        {"at": "2026-11-23T23:59:59Z", "sentence": "handed to the provider", "event": {"kind": "dispatching"}},
        {"at": "2026-11-23T23:59:59.25Z", "sentence": "taken as SM0123", "event": {"kind": "accepted"}},
        {"at": "2026-11-24T00:00:01Z", "sentence": "delivered (callback)", "event": {"kind": "status_reported"}},
    ]);
    let run: RunView = serde_json::from_value(json!({
        "id": "run_1", "workflow": "appointment-reminder", "version": 3, "status": "completed", "variables": {},
        "steps": 2, "startedAt": "2026-11-23T23:59:59Z", "endedAt": "2026-11-24T07:30:00Z",
    }))
    .unwrap();
    let parts = Parts {
        run,
        log: entries.into(),
        messages: vec![text(history)],
        calls: vec![],
        conversations: vec![],
    };
    let story = told(&parts.run, &moments(&parts), Paint::off());
    insta::assert_snapshot!(story, @r"
    run_1 appointment-reminder version 3: completed after 7 h 30 min

    2026-11-23 (UTC)
    23:59:59.000  run started by hand
    23:59:59.000  remind: entered (twilio)
    23:59:59.000  remind: text to +15557654321 from +15551234567 queued
    23:59:59.000    “Hi Ann, we look forward to seeing you tomorrow at 10:00. Reply
                    YES to confirm.”
    23:59:59.000    text handed to the provider
    23:59:59.250    text taken as SM0123
    23:59:59.250  remind: left with accepted to answer

    2026-11-24 (UTC)
    00:00:01.000    text delivered (callback)
    07:30:00.000  answer: took the answer “�[31mYES”
    07:30:00.000  run completed
    ");
    assert!(story.lines().all(|line| line.chars().count() <= COLUMNS));
}

#[test]
fn a_run_that_failed_says_why_and_what_to_do() {
    let run: RunView = serde_json::from_value(json!({
        "id": "run_1", "workflow": "w", "version": 1, "status": "failed", "variables": {}, "steps": 1,
        "cause": {"code": "missing_variable", "message": "`message`: the variable `name` is missing",
            "hint": "give it a value", "block": "greet"},
        "startedAt": "2026-11-23T08:00:00Z", "endedAt": "2026-11-23T08:02:03Z",
    }))
    .unwrap();
    insta::assert_snapshot!(heading(&run, Paint::off()), @r"
    run_1 w version 1: failed after 2 min 3 s
    because greet: `message`: the variable `name` is missing [missing_variable]
    hint: give it a value
    ");
}

/// What the histories tell is told once; what came of a call in the end only the run knows.
#[test]
fn a_call_is_told_with_its_steps_and_its_outcome() {
    let at = "2026-11-23T08:00:00Z";
    let changed = |status: &str, outcome: Value| {
        let entry =
            json!({"kind": "call_changed", "key": {"step": 1, "n": 0}, "status": status, "outcome": outcome});
        log(at, &format!("ring: call is {status}"), entry)
    };
    let call = serde_json::from_value(json!({
        "id": "call_1", "direction": "outbound", "credential": "dev", "from": "+15551234567", "to": "+15557654321",
        "message": "We are closed.", "run": "run_1", "step": 1, "n": 0, "state": "accepted", "status": "completed",
        "attempts": 1, "createdAt": at, "updatedAt": at, "history": [
            {"at": at, "sentence": "ringing (callback)", "event": {"kind": "status_reported"}},
            {"at": at, "sentence": "answered (callback)", "event": {"kind": "status_reported"}},
        ],
    }));
    let run = serde_json::from_value(json!({
        "id": "run_1", "workflow": "w", "version": 1, "status": "running", "variables": {}, "steps": 1, "startedAt": at,
    }));
    let parts = Parts {
        run: run.unwrap(),
        log: vec![changed("ringing", Value::Null), changed("completed", "hung_up".into())],
        messages: vec![],
        calls: vec![call.unwrap()],
        conversations: vec![],
    };
    let told: Vec<String> = moments(&parts).into_iter().map(|moment| moment.text).collect();
    assert_eq!(told, ["  call ringing (callback)", "  call answered (callback)", "ring: call is completed"]);
}
