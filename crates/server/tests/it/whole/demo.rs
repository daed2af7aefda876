//! The agent to play with, until the end of a call, and what it talks by.

use super::app::TestApp;
use super::processes::{Serving, switchboard};
use emulator::{DEFAULT_MODEL_KEY, DEFAULT_MODEL_KEY_WITHOUT_CREDIT};
use engine::id::RunId;
use serde_json::{Value, json};
use server::dev::DemoModel;
use std::fs::File;
use std::path::Path;
use std::process::Output;

/// Who plays a script by itself.
const CALLER: &str = "+15557654322";

const SAID: [&str; 16] = [
    "> Willow Street Clinic, good day.",
    "> This is a demonstration: fixed rules answer, and no language model.",
    "< Hello. When are you open?",
    "> We are open from nine to five, Monday to Friday.",
    "> Would you like to come in?",
    "< Good. And where is the clinic?",
    "> We are at 12 Willow Street, and I have sent you the way as a text.",
    "> Is there anything else?",
    "< Fine. I would like to come in.",
    "> On which day would you like to come in?",
    "< Tomorrow, please.",
    "> Thank you, I have noted that day.",
    "> Somebody will call you back with a time.",
    "> Is there anything else?",
    "< No, that was all. Thank you, goodbye.",
    "> Thank you for calling. Goodbye.",
];

impl TestApp {
    /// The agent calls the one who plays a script; what came of it.
    async fn demonstrate(&self) -> Value {
        let (status, body) = self.hook("clinic-call", &json!({ "phone": CALLER })).await;
        assert_eq!(status, reqwest::StatusCode::ACCEPTED, "{body}");
        let run = RunId::parse(body["run"].as_str().unwrap()).unwrap();
        self.let_it_ring().await;
        self.ended(&run).await.result.unwrap()
    }

    /// What was said on both sides.
    async fn spoken(&self) -> Vec<String> {
        let spoken = self.transcript().await.into_iter();
        spoken.filter(|line| line.starts_with(['<', '>'])).collect()
    }
}

#[tokio::test]
async fn without_a_key_fixed_rules_hold_the_call_to_its_end_and_say_so() {
    let app = TestApp::start_demo(DemoModel::Scripted).await;
    let result = app.demonstrate().await;
    let spoken = app.spoken().await;
    assert_eq!(spoken, SAID, "{:?}", app.transcript().await);
    assert_eq!(result["outcome"], "talked");
    let day: jiff::civil::Date = result["day"].as_str().unwrap().parse().unwrap();
    assert!(day >= jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(), "{day}");
    let url = format!("{}/emulator/v1/phones/{CALLER}/inbox", app.emulator_url);
    let inbox: Value = app.http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(inbox[0]["body"], "Willow Street Clinic, 12 Willow Street. Bus 12 stops at the door.");
    app.finish().await;
}

#[tokio::test]
async fn it_answers_whoever_calls_the_number() {
    let app = TestApp::start_demo(DemoModel::Scripted).await;
    app.calls_in(CALLER, &Value::Null).await;
    let run = app.runs_of("clinic-line").await.remove(0);
    let result = app.ended(&run).await.result.unwrap();
    assert_eq!(result["caller"], CALLER);
    assert_eq!(app.spoken().await, SAID);
    app.finish().await;
}

#[tokio::test]
async fn with_an_address_it_talks_by_the_model_there() {
    let model = json!({"id": "m", "rules": [
        {"when": {"contains": "open"}, "then": {"text": "From nine to five, says the real one."}},
        {"then": {"text": "Anything else?"}},
    ]});
    let other = TestApp::with_model(model).await;
    let app = TestApp::start_demo(DemoModel::Real {
        api_key: DEFAULT_MODEL_KEY.into(),
        base_url: Some(format!("{}/v1", other.emulator_url)),
        model: Some("m".to_owned()),
    })
    .await;
    assert_eq!(app.demonstrate().await["outcome"], "talked");
    let spoken = app.spoken().await;
    assert!(spoken.contains(&"> From nine to five, says the real one.".to_owned()), "{spoken:?}");
    assert_eq!(spoken[1], "> This is an automated assistant.");
    app.finish().await;
    other.stop().await;
}

/// `switchboard dev` with this in its environment: the line that it is ready with, and what it told people.
fn dev(folder: &Path, environment: &[(&str, &str)]) -> (String, String) {
    let told = folder.join("told");
    let mut command = command(folder);
    command.envs(environment.iter().copied());
    let serving = Serving::start_telling(command, File::create(&told).unwrap().into());
    let ready = serving.ready.clone();
    assert_eq!(serving.terminate().code(), Some(0));
    (ready, std::fs::read_to_string(told).unwrap())
}

fn command(folder: &Path) -> std::process::Command {
    let ports = ["dev", "--listen", "127.0.0.1:0", "--emulator-listen", "127.0.0.1:0", "--data", "data"];
    switchboard(folder, &ports)
}

/// Whether any file of the data has this in it.
fn is_written(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder.join("data")).unwrap();
    let contents = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    contents.into_iter().any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[test]
fn the_environment_says_what_it_talks_by_and_no_secret_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let (ready, told) = dev(folder.path(), &[("OPENAI_API_KEY", ""), ("OPENAI_BASE_URL", " ")]);
    assert!(told.contains("the emulator's model scripted-desk, which answers by fixed rules"), "{told}");
    assert!(ready.starts_with("ready url=") && !ready.contains("OPENAI"), "{ready}");

    let models = Serving::start(switchboard(folder.path(), &["emulator", "--listen", "127.0.0.1:0"]));
    let base = format!("{}/v1", models.value("url"));
    // The one key is taken, another is known and has no credit, the third nobody knows.
    for (key, trouble) in [
        (DEFAULT_MODEL_KEY, None),
        (
            DEFAULT_MODEL_KEY_WITHOUT_CREDIT,
            Some("the account has no credit left; add credit at the provider"),
        ),
        ("sk-of-somebody-else", Some("the endpoint does not accept this key; make a new key")),
    ] {
        let (ready, told) = dev(folder.path(), &[("OPENAI_API_KEY", key), ("OPENAI_BASE_URL", &base)]);
        assert!(told.contains(&format!(" at {base}.")) && !told.contains("fixed rules"), "{told}");
        match trouble {
            Some(trouble) => assert!(told.contains(trouble), "{told}"),
            None => assert!(!told.contains("does not answer yet"), "{told}"),
        }
        assert!(!ready.contains(key) && !told.contains(key), "{ready}{told}");
        assert!(!is_written(folder.path(), key), "{key}");
    }
    assert_eq!(models.terminate().code(), Some(0));
}

#[test]
fn a_key_that_cannot_be_one_is_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let Output { status, stderr, .. } =
        command(folder.path()).env("OPENAI_API_KEY", "my-secret-key").output().unwrap();
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{told}");
    assert!(told.contains("must begin with sk-") && told.contains("leave both empty"), "{told}");
    assert!(!told.contains("my-secret-key"), "{told}");
}
