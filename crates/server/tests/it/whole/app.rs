//! A whole server beside an emulator, in this process, on free ports.

use emulator::{DEFAULT_NUMBER, DEFAULT_TOKEN};
use engine::id::RunId;
use engine::run::{Run, RunStatus};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use server::app::AppState;
use server::config::Config;
use server::dev::{DemoModel, Dev, Options};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use twilio::signature::{SignedBody, sign};

/// Longest time that anything in these tests may take, in real time.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);
/// The made-up person of most tests.
pub(crate) const PHONE: &str = "+15557654321";

/// Tasks that are always there: one pass of reconciliation a credential, and pruning.
const RECURRING_TASKS: u64 = 2;

pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) url: String,
    pub(crate) emulator_url: String,
    pub(crate) clock: std::sync::Arc<server::clock::WindableClock>,
    pub(crate) http: reqwest::Client,
    emulator_activity: emulator::Activity,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    folder: tempfile::TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> TestApp {
        TestApp::start_with(&[]).await
    }

    /// With settings given as the environment gives them.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> TestApp {
        TestApp::start_in(settings, emulator::Fixture::default()).await
    }

    /// In a world of its own.
    pub(crate) async fn start_in(settings: &[(&str, &str)], fixture: emulator::Fixture) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            example: Some("appointment-reminder".to_owned()),
            fixture,
            ..options(settings, &folder)
        };
        TestApp::start_as(options, folder).await
    }

    /// With the agent to play with, that talks by this.
    pub(crate) async fn start_demo(model: DemoModel) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { example: Some("clinic-desk".to_owned()), model, ..options(&[], &folder) };
        TestApp::start_as(options, folder).await
    }

    async fn start_as(options: Options, folder: tempfile::TempDir) -> TestApp {
        let dev = Dev::start(options).await.unwrap();
        let (state, stop) = (dev.state().clone(), CancellationToken::new());
        TestApp {
            state,
            url: dev.url.clone(),
            emulator_url: dev.emulator_url.clone(),
            clock: dev.clock.clone(),
            http: reqwest::Client::builder().no_proxy().timeout(LIMIT).build().unwrap(),
            emulator_activity: dev.emulator_activity(),
            serving: tokio::spawn({
                let stop = stop.clone();
                async move { dev.run(stop).await.unwrap() }
            }),
            stop,
            folder,
        }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) async fn publish(&self, name: &str, source: &str) {
        let loaded = engine::workflow::load(source, Some(name));
        assert!(loaded.workflow.is_some(), "{:?}", loaded.diagnostics);
        self.state.store.publish_workflow(name, source, self.state.host.now()).await.unwrap();
        self.state.host.refresh().await.unwrap();
    }

    pub(crate) async fn hook(&self, path: &str, input: &Value) -> (StatusCode, Value) {
        let response = self.http.post(format!("{}/hooks/{path}", self.url)).json(input).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Starts the example for [`PHONE`].
    pub(crate) async fn remind(&self) -> RunId {
        let input = json!({ "patientPhone": PHONE, "patientName": "Ann" });
        let (status, body) = self.hook("appointment", &input).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{body}");
        RunId::parse(body["run"].as_str().unwrap()).unwrap()
    }

    pub(crate) async fn phone_says(&self, body: &str) {
        let url = format!("{}/emulator/v1/phones/{PHONE}/messages", self.emulator_url);
        let sent =
            self.http.post(url).json(&json!({ "to": DEFAULT_NUMBER, "body": body })).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::CREATED, "{}", sent.text().await.unwrap());
    }

    /// What the phone got, oldest first.
    pub(crate) async fn inbox(&self) -> Vec<String> {
        let url = format!("{}/emulator/v1/phones/{PHONE}/inbox", self.emulator_url);
        let texts: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        texts.as_array().unwrap().iter().map(|text| text["body"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the phone has so many texts.
    pub(crate) async fn inbox_of(&self, count: usize) -> Vec<String> {
        self.eventually(async || {
            let inbox = self.inbox().await;
            (inbox.len() >= count).then_some(inbox)
        })
        .await
    }

    /// Entries of the emulator's log of one kind.
    pub(crate) async fn emulator_log(&self, kind: &str) -> Vec<Value> {
        let url = format!("{}/emulator/v1/log?kind={kind}", self.emulator_url);
        let mut page: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        serde_json::from_value(page["entries"].take()).unwrap()
    }

    pub(crate) async fn rule(&self, rule: &Value) {
        let url = format!("{}/emulator/v1/faults/rules", self.emulator_url);
        let added = self.http.post(url).json(rule).send().await.unwrap();
        assert!(added.status().is_success(), "{}", added.text().await.unwrap());
    }

    pub(crate) async fn run(&self, id: &RunId) -> Run {
        self.state.store.run(id).await.unwrap().unwrap().value
    }

    /// The run once it ended.
    pub(crate) async fn ended(&self, id: &RunId) -> Run {
        let ended = self.state.host.wait_for_end(id, LIMIT).await.unwrap();
        let Some(run) = ended else { panic!("still running: {:?}", self.run(id).await) };
        assert_eq!(run.status, RunStatus::Completed, "{run:?}");
        run
    }

    /// Asks again after everything that happens, until there is an answer.
    pub(crate) async fn eventually<T>(&self, ask: impl AsyncFn() -> Option<T>) -> T {
        let mut events = self.state.host.watch();
        let waited = async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
                // Things that happen at the emulator alone are not told, so it is asked now and then too.
                let _ = tokio::time::timeout(Duration::from_millis(50), events.recv()).await;
            }
        };
        tokio::time::timeout(LIMIT, waited).await.expect("it never came to that")
    }

    /// Posts a webhook as Twilio would; `token` signs it where there is one.
    pub(crate) async fn webhook(&self, path: &str, form: &[(&str, &str)], token: Option<&str>) -> Response {
        let url = format!("{}{path}", self.url);
        let pairs: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut request = self.http.post(&url).form(form);
        if let Some(token) = token {
            request = request.header("X-Twilio-Signature", sign(token, &url, SignedBody::Form(&pairs)));
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn signed_webhook(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.webhook(path, form, Some(DEFAULT_TOKEN)).await
    }

    /// Nothing under way on either side.
    pub(crate) async fn quiet(&self) {
        let settled = async {
            self.emulator_activity.quiet().await;
            self.state.host.activity().quiet().await;
        };
        tokio::time::timeout(LIMIT, settled).await.expect("it never came to rest");
    }

    /// Stops, and holds that no work is left over. The folder with the data.
    pub(crate) async fn finish(self) -> tempfile::TempDir {
        self.finish_with(0).await
    }

    /// Stops, and holds that so many tasks are left. The folder with the data.
    pub(crate) async fn finish_with(self, tasks: u64) -> tempfile::TempDir {
        self.quiet().await;
        let left = self.state.store.count_tasks().await.unwrap();
        let total: u64 = left.iter().map(|(_, count)| count).sum();
        assert_eq!(total, RECURRING_TASKS + tasks, "tasks are left over: {left:?}");
        self.stop().await
    }

    /// Stops, and gives the folder with the data.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.stop.cancel();
        tokio::time::timeout(LIMIT, self.serving).await.expect("it does not stop").unwrap();
        self.folder
    }
}

/// On free ports, and as fast as it goes.
fn options(settings: &[(&str, &str)], folder: &tempfile::TempDir) -> Options {
    let environment = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let config = Config::from_parts(None, environment).unwrap();
    let free_port = "127.0.0.1:0".parse().unwrap();
    Options {
        listen: free_port,
        emulator_listen: free_port,
        rate: None,
        ..Options::new(config, folder.path().to_owned())
    }
}
