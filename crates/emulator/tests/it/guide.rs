//! The guide's examples work as they stand.

use emulator::Fixture;
use reqwest::Method;
use serde_json::Value;

use crate::stage::Stage;

const GUIDE: &str = include_str!("../../../../docs/emulator.md");

#[tokio::test]
async fn the_fixture_of_the_guide_makes_a_world() {
    let (_, rest) = GUIDE.split_once("```json\n").unwrap();
    let (json, _) = rest.split_once("```").unwrap();
    let stage = Stage::with(Fixture::from_json(json).unwrap()).await;
    let phones = stage.control(Method::GET, "/phones", Value::Null).await.json;
    assert_eq!(phones[0]["profileName"], "Ann");
}

#[tokio::test]
async fn the_commands_of_the_guide_are_taken() {
    let stage = Stage::new().await;
    let mut asked = 0;
    for command in GUIDE.split("curl ").skip(1) {
        let (Some((head, rest)), Some(path)) = (command.split_once("-d '"), path_of(command)) else {
            continue;
        };
        let body: Value = serde_json::from_str(rest.split('\'').next().unwrap()).unwrap();
        let method = if head.contains("-X PUT") { Method::PUT } else { Method::POST };
        let answer = stage.control(method, path, body).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        asked += 1;
    }
    assert_eq!(asked, 5);
}

fn path_of(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("localhost:8081/emulator/v1")?;
    rest.split([' ', '\'', '\n']).next()
}
