//! The server under test as a process of its own, its database, and the emulator beside it.

use super::load::{NOTICE, POOLED, QUESTION, RING, TALK};
use emulator::{
    AccountFixture, CallTimings, Chances, Emulator, FaultSettings, Fixture, NumberFixture, ServiceFixture,
};
use engine::id::{CredentialId, SenderId};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use store::record::{Capabilities, CredentialSummary, Sender, SenderKind};
use store::{Commit, OpenOptions, Role, Store};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

pub(crate) const ACCOUNT: &str = emulator::DEFAULT_ACCOUNT;
pub(crate) const NUMBER: &str = emulator::DEFAULT_NUMBER;
pub(crate) const POOL_NUMBER: &str = "+15551234568";
pub(crate) const SERVICE: &str = "MG000000000000000000000000000000aa";
const KEY: &str = "4242424242424242424242424242424242424242424242424242424242424242";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(crate) struct Site {
    pub(crate) emulator_url: String,
    pub(crate) server_url: String,
    pub(crate) http: reqwest::Client,
    database_url: String,
    folder: tempfile::TempDir,
    /// Where the server listens. Its public address may be that of a door before it.
    port: u16,
    server: Option<Child>,
    _stop: tokio_util::sync::DropGuard,
}

/// What goes wrong all the while.
pub(crate) fn faults() -> FaultSettings {
    let chances = Chances {
        too_many_requests: 0.03,
        error_before: 0.02,
        error_after: 0.02,
        drop_before: 0.03,
        drop_after: 0.05,
        slow_after: 0.05,
        slow_ms_max: 400,
        late_creation: 0.03,
        late_ms_max: 2_500,
        list_lag_ms_max: 2_000,
        from_null: 0.5,
        callback_delayed: 0.2,
        callback_delay_ms_max: 3_000,
        callback_doubled: 0.2,
        callback_reordered: 0.2,
        callback_lost: 0.2,
        inbound_lost: 0.1,
        inbound_doubled: 0.2,
        answer_ignored: 0.05,
        ..Chances::default()
    };
    FaultSettings { chances, ..FaultSettings::default() }
}

/// What stands before the server.
enum Door {
    None,
    Patient,
}

impl Site {
    pub(crate) async fn new(database: Database, faults: FaultSettings, seed: u64) -> Site {
        Site::in_world(database, seed, |server_url| fixture(server_url, faults), Door::None).await
    }

    /// A world in which people speak so fast, with a door before the server that waits while the server is away, as
    /// that of a load balancer does.
    pub(crate) async fn with_calls(database: Database, words_per_minute: u32) -> Site {
        let world = |server_url: &str| {
            let mut fixture = fixture(server_url, FaultSettings::default());
            fixture.timings.calls = CallTimings { dialing_ms: 10, answer_ms: 50, words_per_minute };
            fixture
        };
        Site::in_world(database, 1, world, Door::Patient).await
    }

    async fn in_world(
        database: Database,
        seed: u64,
        fixture: impl FnOnce(&str) -> Fixture,
        door: Door,
    ) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        // The port stays the same over restarts: the emulator calls back there.
        let port =
            TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound").port();
        let stop = CancellationToken::new();
        let server_url = match door {
            Door::None => format!("http://127.0.0.1:{port}"),
            Door::Patient => super::door::open(port, stop.clone()).await,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut options = emulator::Options::new(listener);
        options.fixture = fixture(&server_url);
        options.seed = seed;
        let running = Emulator::start(options, stop.clone()).expect("the emulator starts");
        let database_url = match database {
            Database::Sqlite => format!("sqlite:{}", folder.path().join("switchboard.db").display()),
            Database::Postgres => fresh_postgres().await,
        };
        let site = Site {
            emulator_url: running.url().to_owned(),
            server_url,
            http: reqwest::Client::new(),
            database_url,
            folder,
            port,
            server: None,
            _stop: stop.drop_guard(),
        };
        std::fs::write(site.key_file(), KEY).expect("the key is written");
        site.prepare().await;
        site
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    pub(crate) async fn store(&self, role: Role) -> Store {
        let options = OpenOptions {
            postgres_roots_file: None,
            url: self.database_url.clone(),
            encryption_keys: vec![KEY.to_owned().into()],
            connections: 2,
            role,
        };
        Store::open(options).await.expect("the database opens")
    }

    /// Credential, senders and workflows, as an administrator would have made them.
    async fn prepare(&self) {
        let store = self.store(Role::Node).await;
        let now = jiff::Timestamp::now();
        let credential = CredentialSummary {
            id: CredentialId::from_trusted("crd_kill"),
            name: "main".into(),
            kind: "twilio".into(),
            public: serde_json::json!({"accountSid": ACCOUNT, "apiBase": self.emulator_url}),
            created_at: now,
            updated_at: now,
        };
        let secrets = serde_json::json!({"authToken": emulator::DEFAULT_TOKEN}).to_string();
        store.put_credential(credential, secrets.into()).await.expect("stored");
        let sender = |id: &str, address: &str, kind, members: &[&str]| Sender {
            id: SenderId::from_trusted(format!("snd_{id}")),
            credential: "main".into(),
            name: id.into(),
            address: address.into(),
            kind,
            capabilities: Capabilities { sms: true, ..Capabilities::default() },
            sid: None,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            rate: None,
            call_rate: None,
            rewrites_text: kind == SenderKind::Service,
            updated_at: now,
        };
        let senders = vec![
            sender("desk", NUMBER, SenderKind::Number, &[]),
            sender("pooled", POOL_NUMBER, SenderKind::Number, &[]),
            sender("pool", SERVICE, SenderKind::Service, &[POOL_NUMBER]),
        ];
        store.commit(Commit { senders, ..Commit::default() }).await.expect("stored");
        for source in [NOTICE, POOLED, RING, TALK, QUESTION] {
            let loaded = engine::workflow::load(source.1, Some(source.0));
            assert!(loaded.workflow.is_some(), "{:?}", loaded.diagnostics);
            store.publish_workflow(source.0, source.1, now).await.expect("published");
        }
        store.close().await;
    }

    pub(crate) async fn start(&mut self) {
        self.start_within(Duration::from_secs(30)).await;
    }

    /// Starts the server, which has to be ready in time.
    pub(crate) async fn start_within(&mut self, limit: Duration) {
        let mut server = Command::new(env!("CARGO_BIN_EXE_switchboard"))
            .arg("serve")
            .env("SWITCHBOARD_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("SWITCHBOARD_DATABASE_URL", &self.database_url)
            .env("SWITCHBOARD_PUBLIC_URL", &self.server_url)
            .env("SWITCHBOARD_ENCRYPTION_KEY_FILE", self.key_file())
            .env("SWITCHBOARD_SENDING_REQUEST_LIMIT", "3s")
            .env("SWITCHBOARD_SENDING_SETTLE_WINDOW", "8s")
            .env("SWITCHBOARD_SENDING_SETTLE_EVERY", "1s")
            .env("SWITCHBOARD_SENDING_RESENDS_MAX", "20")
            .env("SWITCHBOARD_RECONCILIATION_EVERY", "2s")
            .env("SWITCHBOARD_OUTGOING_ALLOWED_NETWORKS", "127.0.0.1")
            .env("SWITCHBOARD_LOG_FILTER", "error")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(server.stdout.take().expect("piped")).lines();
        let ready = tokio::time::timeout(limit, lines.next_line()).await;
        let ready = ready.expect("ready in time").expect("readable");
        assert!(ready.as_deref().is_some_and(|line| line.starts_with("ready ")), "{ready:?}");
        self.server = Some(server);
    }

    /// `SIGKILL`, and nothing else.
    pub(crate) async fn kill(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().await.expect("it can be killed");
    }

    /// Asks it to stop, so that everything under way is finished.
    pub(crate) async fn stop(&mut self) {
        let mut server = self.server.take().expect("it runs");
        let pid = server.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill runs");
        assert!(asked.success());
        let status = tokio::time::timeout(Duration::from_secs(30), server.wait()).await;
        assert!(status.expect("it stops in time").expect("waited for").success(), "it stops well");
    }

    pub(crate) async fn get(&self, path: &str) -> serde_json::Value {
        let answer = self.http.get(format!("{}{path}", self.emulator_url)).send().await.expect("it answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn put(&self, path: &str, body: &serde_json::Value) {
        let url = format!("{}{path}", self.emulator_url);
        let answer = self.http.put(url).json(body).send().await.expect("it answers");
        assert!(answer.status().is_success(), "{path}: {:?}", answer.text().await);
    }

    pub(crate) async fn post(&self, path: &str, body: serde_json::Value) {
        let url = format!("{}{path}", self.emulator_url);
        let answer = self.http.post(url).json(&body).send().await.expect("it answers");
        assert!(answer.status().is_success(), "{path}: {:?}", answer.text().await);
    }

    pub(crate) async fn hold_next_answer(&self) {
        let rule = serde_json::json!({"when": {"operation": "createMessage"}, "then": {"do": "hold", "when": "after"}});
        self.post("/emulator/v1/faults/rules", rule).await;
    }

    pub(crate) async fn wait_until_held(&self) {
        for _ in 0..500 {
            if self.held().await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no answer is held back");
    }

    pub(crate) async fn release_held(&self) {
        // The server's death may have ended the request already.
        if let Some(id) = self.held().await {
            self.post(&format!("/emulator/v1/faults/holds/{id}/release"), serde_json::json!({})).await;
        }
    }

    async fn held(&self) -> Option<u64> {
        let holds = self.get("/emulator/v1/faults/holds").await;
        holds.as_array()?.first()?["id"].as_u64()
    }
}

fn fixture(server_url: &str, faults: FaultSettings) -> Fixture {
    let inbound = format!("{server_url}/twilio/main/message#rc=5&rp=ct,rt,5xx&tt=15000");
    let number = |phone_number: &str| NumberFixture {
        phone_number: phone_number.to_owned(),
        sms_url: Some(inbound.clone()),
        ..NumberFixture::default()
    };
    let mut fixture = Fixture::default();
    let account: &mut AccountFixture = &mut fixture.accounts[0];
    account.numbers = vec![number(NUMBER), number(POOL_NUMBER)];
    account.services = vec![ServiceFixture {
        sid: Some(SERVICE.to_owned()),
        friendly_name: "pool".into(),
        smart_encoding: Some(true),
        use_inbound_webhook_on_number: Some(true),
        numbers: vec![POOL_NUMBER.to_owned()],
        ..ServiceFixture::default()
    }];
    fixture.phones = super::people::phones(super::load::CALLERS);
    fixture.faults = faults;
    fixture
}

/// A schema of its own in the server that the tests run against.
async fn fresh_postgres() -> String {
    let url = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL is not set; `make test` sets it, or run under scripts/with-postgres");
    store_tests_database(&url).await
}

async fn store_tests_database(url: &str) -> String {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    let name = format!("kill_{}", uuid::Uuid::now_v7().simple());
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database is made");
    let mut parsed = url::Url::parse(url).expect("a URL");
    parsed.set_path(&name);
    parsed.to_string()
}
