//! The process is killed while it commits: what was acknowledged is there, and nothing is half there.

use crate::database::{Database, on_both, on_sqlite};
use crate::samples::*;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use store::{Birth, Commit, CommitError, StoreError};

on_both![acknowledged_commits_outlive_a_kill];

const KILLS: u32 = 3;
const ACKNOWLEDGED_MIN: usize = 40;
const COMMITS_OF_A_LIFE: u32 = 100_000;

/// Plays the process that is killed; a test only in name, started by the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the cases that kill it"]
async fn victim() {
    let url = std::env::var("VICTIM_DATABASE").unwrap();
    let first: u32 = std::env::var("VICTIM_FIRST").unwrap().parse().unwrap();
    let store = Database { url }.open().await;
    let workers = (0..8).map(|worker| {
        let store = store.clone();
        tokio::spawn(async move {
            for n in (first + worker..first + COMMITS_OF_A_LIFE).step_by(8) {
                loop {
                    match store.commit(birth(n)).await {
                        Ok(()) => break print_line(&format!("stored {n}\n")),
                        Err(CommitError::Store(StoreError::Unavailable(_))) => print_line("unavailable\n"),
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
}

/// In one write, so that no line is torn.
fn print_line(line: &str) {
    use std::io::Write;
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

/// A run, a message and its task, all of number `n`.
fn birth(n: u32) -> Commit {
    let birth = Birth::Queued { task: task_id(n), due_at: at(0) };
    Commit { run: Some(new_run(run(n))), log: vec![entry(1, "a")], ..born(message(n), birth) }
}

fn start(mut command: Command, database: &Database, first: u32) -> (Child, impl Iterator<Item = String>) {
    let mut child = command
        .env("VICTIM_DATABASE", &database.url)
        .env("VICTIM_FIRST", first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    (child, lines)
}

const VICTIM_ARGUMENTS: [&str; 4] = ["--ignored", "--exact", "--nocapture", "kills::victim"];

fn numbers(lines: impl Iterator<Item = String>) -> impl Iterator<Item = u32> {
    lines.filter_map(|line| line.split_once("stored ")?.1.trim().parse().ok())
}

async fn acknowledged_commits_outlive_a_kill(database: Database) {
    let mut acknowledged = Vec::new();
    for life in 0..KILLS {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(VICTIM_ARGUMENTS);
        let (mut child, lines) = start(command, &database, 1 + life * COMMITS_OF_A_LIFE);
        let mut stored = numbers(lines);
        acknowledged.extend(stored.by_ref().take(ACKNOWLEDGED_MIN + 7 * life as usize));
        child.kill().unwrap();
        // What it still said before it died counts too.
        acknowledged.extend(stored);
        child.wait().unwrap();
        let store = database.open().await;
        for n in &acknowledged {
            assert!(store.run(&run(*n).id).await.unwrap().is_some(), "run {n} of life {life} is lost");
            assert!(store.message(&message(*n).id).await.unwrap().is_some(), "message {n} is lost");
        }
        store.close().await;
    }
    assert!(acknowledged.len() >= KILLS as usize * ACKNOWLEDGED_MIN);
    all_is_whole(&database).await;
}

/// Whatever is stored has all its parts.
async fn all_is_whole(database: &Database) {
    let store = database.open().await;
    let claimed = store.claim(at(0), 60_000, 1_000_000).await.unwrap();
    for claimed in &claimed {
        let n: u32 = claimed.task.id.as_str().trim_start_matches("tsk_").parse().unwrap();
        assert_eq!(store.run_log(&run(n).id).await.unwrap(), [entry(1, "a")]);
        assert_eq!(store.message(&message(n).id).await.unwrap().unwrap().value, message(n));
    }
    store.close().await;
}

/// A limit on the size of files stands for the full disk: writing fails in the same way. Once there is
/// room again, the same process goes on.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_full_disk_is_unavailable_and_loses_nothing() {
    on_sqlite(async |database: Database| {
        database.open().await.close().await;
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -S -f 4000; exec \"$0\" \"$@\""]);
        command.arg(std::env::current_exe().unwrap()).args(VICTIM_ARGUMENTS);
        let (mut child, mut lines) = start(command, &database, 1);
        let is_full = |line: &String| line.contains("unavailable");
        let mut stored: Vec<u32> = numbers(lines.by_ref().take_while(|line| !is_full(line))).collect();
        assert!(stored.len() > 50, "{}", stored.len());
        assert_eq!(lines.by_ref().filter(is_full).take(20).count(), 20, "it stays full");
        let pid = child.id().to_string();
        let room = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap();
        assert!(room.success());
        stored.extend(numbers(lines.by_ref()).take(ACKNOWLEDGED_MIN));
        child.kill().unwrap();
        stored.extend(numbers(lines));
        child.wait().unwrap();
        let store = database.open().await;
        for n in &stored {
            assert!(store.run(&run(*n).id).await.unwrap().is_some(), "run {n} is lost");
        }
        store.close().await;
        all_is_whole(&database).await;
    })
    .await;
}
