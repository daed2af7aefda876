//! A thousand people talk at once.

use reqwest::Method;
use serde_json::{Value, json};

use super::app::{App, Reply};
use crate::stage::{OURS, Stage};

const CALLS: usize = 1_000;
const TURNS: usize = 10;
/// The most memory that this process may have used at its peak, which has the application and the client in it
/// besides the emulator.
const PEAK_KB_MAX: u64 = 400_000;

#[tokio::test]
async fn a_thousand_calls_of_ten_turns_keep_within_their_memory() {
    let mut answers: Vec<(String, Reply)> = (0..TURNS)
        .map(|turn| {
            let twiml = format!(
                "<Response><Gather input=\"speech\" speechTimeout=\"auto\" action=\"/turn{}\">\
                 <Say>This is question number {turn} and what do you say</Say></Gather></Response>",
                turn + 1
            );
            (format!("/turn{turn}"), Reply::read("", &twiml))
        })
        .collect();
    let last = "<Response><Say>Thank you and good bye</Say></Response>";
    answers.push((format!("/turn{TURNS}"), Reply::read("", last)));
    let app = App::start(answers).await;
    let phones: Vec<Value> = (0..CALLS)
        .map(|number| {
            let says = format!("I am number {number} and this is my answer");
            let rule = json!({"hears": {"contains": "what do you say"}, "do": [{"say": says}]});
            json!({"number": format!("+1555{number:07}").replace("+15550", "+15552"), "callScripts": [{"rules": [rule]}]})
        })
        .collect();
    let numbers: Vec<String> =
        phones.iter().map(|phone| phone["number"].as_str().unwrap().to_owned()).collect();
    let stage = Stage::with(Stage::fixture(json!({}), json!({"phones": phones}))).await;
    let url = format!("{}/turn0", app.url);
    for to in &numbers {
        let answer = stage.post("Calls.json", &[("To", to), ("From", OURS), ("Url", &url)]).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    stage.wind(5_000).await;
    let path = "/calls?status=in-progress&limit=0";
    assert_eq!(stage.control(Method::GET, path, Value::Null).await.json["total"], CALLS);
    stage.wind(600_000).await;
    let path = "/calls?status=completed&limit=0";
    assert_eq!(stage.control(Method::GET, path, Value::Null).await.json["total"], CALLS);
    assert_eq!(app.got().len(), CALLS * (TURNS + 1));
    let state = stage.control(Method::GET, "/state", Value::Null).await.json;
    assert_eq!((&state["waiting"], &state["busy"]), (&json!(0), &json!(0)));
    let peak_kb = peak_kb();
    assert!(peak_kb < PEAK_KB_MAX, "{peak_kb} kB");
}

/// The most memory that this process has had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    println!("peak {line}");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
