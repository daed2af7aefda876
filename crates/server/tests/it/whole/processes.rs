//! The binary itself: what it prints, when it refuses, how it ends.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);
const KEY: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

/// The binary in a world of its own: no settings and no files but those of `folder`.
pub(super) fn switchboard(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.args(arguments).current_dir(folder).env_clear();
    command.env("HOME", folder).env("XDG_RUNTIME_DIR", folder).env("TMPDIR", folder);
    command
}

fn serve(folder: &Path) -> Command {
    let mut command = switchboard(folder, &["serve"]);
    command.envs(settings());
    command
}

fn settings() -> [(&'static str, &'static str); 3] {
    [
        ("SWITCHBOARD_LISTEN", "127.0.0.1:0"),
        ("SWITCHBOARD_DATABASE_URL", "sqlite:board.db"),
        ("SWITCHBOARD_ENCRYPTION_KEY", KEY),
    ]
}

/// A process that serves, ended with its test.
pub(super) struct Serving {
    child: Child,
    /// The line that it printed.
    pub(super) ready: String,
}

impl Serving {
    pub(super) fn start(command: Command) -> Serving {
        Serving::start_telling(command, Stdio::null())
    }

    /// What it prints for people goes there.
    pub(super) fn start_telling(mut command: Command, told: Stdio) -> Serving {
        let mut child = command.stdout(Stdio::piped()).stderr(told).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        Serving { child, ready: ready.trim_end().to_owned() }
    }

    /// The value of `name=…` in the line.
    pub(super) fn value(&self, name: &str) -> &str {
        let prefix = format!("{name}=");
        self.ready.split(' ').find_map(|part| part.strip_prefix(&prefix)).unwrap()
    }

    pub(super) fn terminate(mut self) -> ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < LIMIT, "it does not end");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already where the test got so far.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn serve_says_when_it_is_ready_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(serve(folder.path()));
    assert!(serving.ready.starts_with("ready url=http://127.0.0.1:"), "{}", serving.ready);
    assert_eq!(serving.ready.split(' ').count(), 2);

    let second = serve(folder.path()).output().unwrap();
    let told = refusal(&second);
    assert!(
        told.contains("another process uses the database") && told.contains("hint: one server at a time"),
        "{told}"
    );

    let mut create =
        switchboard(folder.path(), &["token", "create", "--json", "--scope", "read", "--scope", "run"]);
    let created = create.envs(settings()).output().unwrap();
    assert!(created.status.success(), "{created:?}");
    let token: serde_json::Value = serde_json::from_slice(&created.stdout).unwrap();
    assert_eq!(token["scopes"], serde_json::json!(["read", "run"]));
    assert!(token["token"].as_str().unwrap().starts_with("sbt_"));

    assert_eq!(serving.terminate().code(), Some(0));
}

#[test]
fn settings_that_cannot_be_used_are_told_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let run = |settings: &[(&str, &str)], arguments: &[&str]| {
        let mut command = switchboard(folder.path(), arguments);
        refusal(&command.envs(settings.iter().copied()).output().unwrap())
    };
    let told = run(&[("SWITCHBOARD_LISTN", "127.0.0.1:0")], &["serve"]);
    assert_eq!(
        told,
        "error: SWITCHBOARD_LISTN: there is no such setting (did you mean SWITCHBOARD_LISTEN?)\n"
    );
    let told = run(&[("SWITCHBOARD_LISTEN", "127.0.0.1:0")], &["serve"]);
    assert!(
        told.contains("error: no encryption key is set") && told.contains("openssl rand -hex 32"),
        "{told}"
    );
    std::fs::write(folder.path().join("s.toml"), "[sending]\nsettleWindow = 2\n").unwrap();
    let told = run(&[], &["serve", "--config", "s.toml"]);
    assert!(told.contains("s.toml:2:1: sending.settleWindow must be a duration"), "{told}");
    let told = run(&[], &["serve", "--config", "missing.toml"]);
    assert!(told.contains("the settings in missing.toml cannot be read\n  because: No such file"), "{told}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = refusal(&serve(folder.path()).env("SWITCHBOARD_LISTEN", &address).output().unwrap());
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
}

#[test]
fn dev_prints_one_line_and_leaves_the_way_in_for_as_long_as_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--emulator-listen", "127.0.0.1:0"];
    let serving = Serving::start(switchboard(folder.path(), &arguments));
    let left = folder.path().join("switchboard").join("dev.json");
    let content: serde_json::Value = serde_json::from_slice(&std::fs::read(&left).unwrap()).unwrap();
    assert_eq!(content["url"], serving.value("url"));
    assert_eq!(content["token"], serving.value("token"));
    assert!(serving.value("emulator").starts_with("http://127.0.0.1:"));
    assert_eq!(serving.terminate().code(), Some(0));
    assert!(!left.exists());
    let temporary = std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
    let temporary =
        temporary.filter(|entry| entry.file_name().to_string_lossy().starts_with("switchboard-dev-"));
    assert_eq!(temporary.count(), 0, "the temporary folder is removed");
}

#[test]
fn dev_keeps_its_token_with_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let start = |arguments: &[&str]| {
        let mut all =
            vec!["dev", "--listen", "127.0.0.1:0", "--emulator-listen", "127.0.0.1:0", "--data", "kept"];
        all.extend(arguments);
        let serving = Serving::start(switchboard(folder.path(), &all));
        let token = serving.value("token").to_owned();
        assert_eq!(serving.terminate().code(), Some(0));
        token
    };
    let first = start(&[]);
    assert_eq!(start(&[]), first);
    assert_eq!(start(&["--token", "chosen-by-hand"]), "chosen-by-hand");
    let mut unknown =
        switchboard(folder.path(), &["dev", "--listen", "127.0.0.1:0", "--example", "nonsense"]);
    let told = unknown.output().unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("there are: appointment-reminder"), "{told:?}");
}

#[test]
fn a_server_does_not_begin_with_a_key_that_opens_no_credential() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--emulator-listen", "127.0.0.1:0", "--data", "."];
    assert_eq!(Serving::start(switchboard(folder.path(), &arguments)).terminate().code(), Some(0));
    let mut other = serve(folder.path());
    other.env("SWITCHBOARD_DATABASE_URL", "sqlite:switchboard.db");
    let told = refusal(&other.output().unwrap());
    assert!(
        told.contains("opens these credentials: ") && told.contains("`dev` is sealed with the key "),
        "{told}"
    );
    assert!(told.contains("encryption.previousKeyFiles"), "{told}");
}

#[test]
fn the_emulator_serves_alone() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(switchboard(folder.path(), &["emulator", "--listen", "127.0.0.1:0"]));
    assert!(serving.value("url").starts_with("http://127.0.0.1:"));
    assert_eq!(serving.terminate().code(), Some(0));
    std::fs::write(folder.path().join("bad.json"), "{\"acounts\": []}").unwrap();
    let mut bad =
        switchboard(folder.path(), &["emulator", "--listen", "127.0.0.1:0", "--fixture", "bad.json"]);
    let told = bad.output().unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("unknown field `acounts`"), "{told:?}");
}
