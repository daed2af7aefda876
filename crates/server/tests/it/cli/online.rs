//! The commands that speak with a server.

use crate::whole::app::{PHONE, TestApp};
use serde_json::Value;
use std::process::Output;
use tokio::process::Command;

/// What the example is started with.
const DEFAULT_INPUT: &str = r#"{"patientPhone":"+15557654321","patientName":"Ann"}"#;

/// Runs a command against the test's server.
pub(crate) async fn asked(app: &TestApp, arguments: &[&str]) -> Output {
    let token = std::fs::read_to_string(app.folder().join("token")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.args(arguments).env_clear().current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli"));
    command.env("SWITCHBOARD_URL", &app.url).env("SWITCHBOARD_TOKEN", token);
    command.output().await.unwrap()
}

/// What it printed, where it went well.
pub(crate) async fn said(app: &TestApp, arguments: &[&str]) -> String {
    let output = asked(app, arguments).await;
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {err}");
    String::from_utf8(output.stdout).unwrap()
}

async fn said_json(app: &TestApp, arguments: &[&str]) -> Vec<Value> {
    let text = said(app, &[arguments, &["--json"]].concat()).await;
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_reminder_is_run_followed_and_told() {
    let app = TestApp::start().await;
    let following = asked(&app, &["run", "appointment-reminder", "--input", DEFAULT_INPUT, "--follow"]);
    let answering = async {
        app.inbox_of(1).await;
        app.phone_says("RESCHEDULE").await;
        app.inbox_of(2).await;
        app.phone_says("Tuesday").await;
    };
    let (output, ()) = tokio::join!(following, answering);
    let followed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{followed}");
    for words in [
        "started run_",
        "run started by hand",
        "took the answer “RESCHEDULE”",
        "text taken as SM",
        "run completed",
        "\nresult {",
    ] {
        assert!(followed.contains(words), "{words} is not in\n{followed}");
    }
    let story = said(&app, &["runs", "show"]).await;
    for words in
        ["appointment-reminder version 1: completed after", PHONE, "text delivered (callback)", "“Tuesday”"]
    {
        assert!(story.contains(words), "{words} is not in\n{story}");
    }
    assert!(!story.contains('\u{1b}'), "no colours but on a terminal");
    let shown = said_json(&app, &["runs", "show"]).await;
    assert_eq!(shown[0]["run"]["status"], "completed");
    let run = shown[0]["run"]["id"].as_str().unwrap();
    assert_eq!(said_json(&app, &["runs", "list"]).await[0]["id"], run);
    assert_eq!(said(&app, &["runs", "cancel", run]).await, format!("{run} was completed already\n"));
    app.quiet().await;
    app.finish().await;
}

#[tokio::test]
async fn files_are_published_when_they_are_right_and_runs_that_fail_say_so() {
    let app = TestApp::start().await;
    assert_eq!(said(&app, &["publish", "fine.yaml"]).await, "published greet version 1\n");
    let refused = asked(&app, &["publish", "fine.yaml", "broken.yaml"]).await;
    let err = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(err.contains("broken.yaml:8:5") && err.contains("nothing was published"), "{err}");
    let started = said_json(&app, &["run", "fine.yaml", "--input", r#"{"name":"Ann"}"#]).await;
    assert_eq!((started[0]["workflow"].as_str(), started[0]["version"].as_u64()), (Some("greet"), Some(1)));
    let refused = asked(&app, &["run", "greet"]).await;
    let err = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(err.contains("The input does not fit") && err.contains("hint: "), "{err}");
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_the_server_refuses_keeps_no_other_from_being_published() {
    let app = TestApp::start().await;
    let at = |name: &str| app.folder().join(name).to_str().unwrap().to_owned();
    let (rival, lost, last) = (at("rival.yaml"), at("lost.yaml"), at("last.yaml"));
    let blocks = "blocks: [{id: a, type: end}]\n";
    std::fs::write(&rival, format!("name: rival\ntrigger: {{type: webhook, path: appointment}}\n{blocks}"))
        .unwrap();
    std::fs::write(
        &lost,
        "name: lost\nblocks:\n  - {id: a, type: twilio, messageType: sms, credential: dve, from: front, \
         to: \"+442079460958\", message: Hi}\n",
    )
    .unwrap();
    std::fs::write(&last, format!("name: last\n{blocks}")).unwrap();
    let published = asked(&app, &["publish", &rival, &lost, &last]).await;
    let err = String::from_utf8(published.stderr).unwrap();
    assert_eq!(published.status.code(), Some(1), "{err}");
    assert_eq!(String::from_utf8(published.stdout).unwrap(), "published last version 1\n");
    for words in [
        format!("{rival} is not published\nerror: Something else has that already"),
        format!("error[unknown_credential]: there is no credential `dve`\n --> {lost}:3:"),
        format!("{lost} is not published\nerror: The file has errors: 1 error is to be mended\n"),
        "error: 2 of 3 files were refused\n".to_owned(),
    ] {
        assert!(err.contains(&words), "{words} is not in\n{err}");
    }
    let published = asked(&app, &["publish", "--json", &rival, &last]).await;
    let lines = String::from_utf8(published.stdout).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(published.status.code(), Some(1));
    assert_eq!((&lines[0]["name"], &lines[0]["refused"]["code"]), (&"rival".into(), &"conflict".into()));
    assert_eq!((&lines[1]["name"], &lines[1]["version"]), (&"last".into(), &1.into()));
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_fault_of_the_file_ends_publishing() {
    let limits =
        [("SWITCHBOARD_RATE_LIMITS_TOKEN_PER_SECOND", "1"), ("SWITCHBOARD_RATE_LIMITS_TOKEN_BURST", "1")];
    let app = TestApp::start_with(&limits).await;
    let files = ["a", "b", "c"].map(|name| {
        let file = app.folder().join(format!("{name}.yaml"));
        std::fs::write(&file, format!("name: {name}\nblocks: [{{id: a, type: end}}]\n")).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let published = asked(&app, &["publish", &files[0], &files[1], &files[2]]).await;
    let err = String::from_utf8(published.stderr).unwrap();
    assert_eq!(published.status.code(), Some(1), "{err}");
    assert_eq!(String::from_utf8(published.stdout).unwrap(), "published a version 1\n");
    assert!(err.starts_with("error: ") && !err.contains("is not published"), "{err}");
    app.finish().await;
}

#[tokio::test]
async fn what_only_the_server_knows_of_a_file_is_told_when_it_is_published() {
    let app = TestApp::start().await;
    let file = app.folder().join("stranger.yaml");
    let blocks = "blocks: [{id: hi, type: twilio, messageType: sms, to: \"+15557654321\", message: Hi}]";
    std::fs::write(&file, format!("name: stranger\nfrom: \"+15551234568\"\n{blocks}\n")).unwrap();
    let published = asked(&app, &["publish", file.to_str().unwrap()]).await;
    let err = String::from_utf8(published.stderr).unwrap();
    assert!(published.status.success(), "{err}");
    let news = format!(" --> {}:2:7", file.display());
    assert!(err.contains("[unknown_sender]") && err.contains(&news), "{err}");
    assert_eq!(err.matches("[unusual_address]").count(), 2, "what was told before is not told again: {err}");
    app.finish().await;
}

#[tokio::test]
async fn a_workflow_that_lacks_what_its_agent_needs_is_refused_where_the_server_knows_the_agent() {
    let app = TestApp::start().await;
    said(&app, &["publish", "survey.yaml"]).await;
    let file = app.folder().join("ring.yaml");
    let path = file.to_str().unwrap();
    let block = r#"{id: ring, type: twilio, messageType: voiceAgent, to: "+15557654321", agent: survey}"#;
    let written = |input: &str| format!("name: ring\nfrom: \"+15551234567\"\n{input}blocks:\n  - {block}\n");
    std::fs::write(&file, written("")).unwrap();
    // By itself the file knows nothing of an agent that is published; beside it, or on the server, it does.
    assert_eq!(asked(&app, &["check", path]).await.status.code(), Some(0));
    let together = asked(&app, &["check", path, "survey.yaml"]).await;
    let out = String::from_utf8(together.stdout).unwrap();
    assert_eq!(together.status.code(), Some(1), "{out}");
    assert!(
        out.contains("ring.yaml:4:82") && out.contains("the agent `survey` needs the variable `who`"),
        "{out}"
    );
    let refused = asked(&app, &["publish", path]).await;
    let err = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{err}");
    assert!(err.contains("needs the variable `who`, which nothing ever sets"), "{err}");
    std::fs::write(&file, written("input: {who: {type: string}}\n")).unwrap();
    said(&app, &["publish", path]).await;

    // A later version of the agent may need more than the workflow has.
    let agent =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli/survey.yaml")).unwrap();
    let later = app.folder().join("survey.yaml");
    std::fs::write(&later, agent.replace("Hello {{who}}.", "Hello {{title}} {{who}}.")).unwrap();
    let published = asked(&app, &["publish", later.to_str().unwrap()]).await;
    let err = String::from_utf8(published.stderr).unwrap();
    assert!(published.status.success(), "{err}");
    let told =
        "warning[unknown_variable]: in the workflow `ring`, the agent `survey` needs the variable `title`";
    assert!(err.contains(told) && !err.contains("`who`"), "{err}");
    app.finish().await;
}

#[tokio::test]
async fn every_list_has_a_form_for_people_and_one_for_programs() {
    let app = TestApp::start().await;
    let sent = said_json(&app, &["send", "--to", PHONE, "--body", "The line is open."]).await;
    assert_eq!(sent[0]["to"], PHONE);
    app.inbox_of(1).await;
    app.quiet().await;
    for (arguments, words) in [
        (&["messages", "list"][..], "The line is open."),
        (&["inbox"], "The line is open."),
        (&["inbox", PHONE], "The line is open."),
        (&["senders", "list"], "+15551234567"),
        (&["credentials", "list"], "twilio"),
        (&["credentials", "test", "dev"], "active"),
        (&["webhooks", "tail"], "valid"),
        (&["token", "list"], "admin"),
        (&["senders", "sync"], "dev"),
        (&["senders", "set", "+15551234567", "--rate", "2"], "+15551234567"),
    ] {
        let text = said(&app, arguments).await;
        assert!(text.contains(words), "{arguments:?}: {text}");
        let objects = said_json(&app, arguments).await;
        assert!(!objects.is_empty() && objects[0].is_object(), "{arguments:?}: {objects:?}");
    }
    let detail = said(&app, &["messages", "show", sent[0]["id"].as_str().unwrap()]).await;
    assert!(detail.contains("allowed because the recipient has not opted out"), "{detail}");
    app.finish().await;
}

#[tokio::test]
async fn audio_is_uploaded_listed_and_deleted_and_recordings_are_listed() {
    let app = TestApp::start().await;
    let file = app.folder().join("hello.wav");
    std::fs::write(&file, b"RIFF\0\0\0\0WAVEfmt ").unwrap();
    let put = said(&app, &["audio", "put", "hello", file.to_str().unwrap()]).await;
    assert!(put.starts_with("hello is at ") && put.contains("/audio/"), "{put}");
    assert_eq!(said_json(&app, &["audio", "list"]).await[0]["contentType"], "audio/wav");
    assert!(said(&app, &["audio", "list"]).await.contains("hello"));
    assert_eq!(said(&app, &["audio", "delete", "hello"]).await, "hello is deleted\n");
    assert_eq!(said(&app, &["audio", "list"]).await, "Nothing was uploaded.\n");
    assert_eq!(said(&app, &["recordings", "list"]).await, "There are no recordings.\n");
    let missing = asked(&app, &["recordings", "download", "rec_0"]).await;
    assert!(!missing.status.success());
    app.finish().await;
}
