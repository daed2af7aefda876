//! Kills a real server with `SIGKILL` under load, again and again, and counts what the provider took.
//!
//! The emulator misbehaves all the while: answers are lost, connections drop before and after creation,
//! some texts are created seconds after their connection dropped, lists lag, callbacks come twice, late,
//! out of order or never. At the end every text that was asked for must exist exactly once.
//!
//! `TEST_KILLS` says how often a server is killed (10 unless it is set), `TEST_SEED` where
//! chance begins.

mod door;
mod interviews;
mod judge;
mod load;
mod parts;
mod people;
mod process;
mod talks;

use judge::Judge;
use load::Load;
use people::People;
use process::{Database, Site};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_sent_twice_on_sqlite() {
    survive(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_sent_twice_on_postgres() {
    survive(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_creation_and_commit_sends_nothing_twice_on_sqlite() {
    die_between(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_between_creation_and_commit_sends_nothing_twice_on_postgres() {
    die_between(Database::Postgres).await;
}

async fn survive(database: Database) {
    let kills = number("TEST_KILLS", 10);
    let seed = number("TEST_SEED", 7);
    eprintln!("{kills} kills, seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut site = Site::new(database, process::faults(), seed).await;
    site.start().await;
    let load = Load::begin(&site, seed);
    let people = People::begin(&site, seed);
    for kill in 0..kills {
        let alive_ms = rng.random_range(100..1_200);
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        site.kill().await;
        // Now and then people write while nobody listens.
        let down_ms = if kill % 3 == 0 { rng.random_range(500..1_500) } else { 0 };
        tokio::time::sleep(Duration::from_millis(down_ms)).await;
        site.start().await;
    }
    let written = people.end().await;
    let asked = load.end().await;
    eprintln!("{} runs asked for, {written} texts written to us", asked.len());
    assert!(asked.len() >= 20, "hardly any load: {} runs", asked.len());
    let calls = asked.iter().filter(|asked| asked.is_call()).count();
    assert!(calls * 4 >= asked.len(), "hardly any calls: {calls} of {}", asked.len());
    let judge = Judge::new(&site, asked);
    judge.wait_for_rest(&mut site).await;
    site.stop().await;
    judge.judge(&site).await;
}

/// The provider has created the text and its answer is held back; the server dies, and neither the answer nor
/// any callback ever comes: only the look-up can tell.
async fn die_between(database: Database) {
    let chances = emulator::Chances { callback_lost: 1.0, ..emulator::Chances::default() };
    let faults = emulator::FaultSettings { chances, ..emulator::FaultSettings::default() };
    let mut site = Site::new(database, faults, 1).await;
    site.start().await;
    site.hold_next_answer().await;
    let load = Load::once(&site, load::NOTICE, "+15550001111", "exactly once");
    site.wait_until_held().await;
    site.kill().await;
    site.release_held().await;
    site.start().await;
    let asked = load.end().await;
    let judge = Judge::new(&site, asked);
    judge.wait_for_rest(&mut site).await;
    site.stop().await;
    judge.judge(&site).await;
}

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number")),
        Err(_) => default,
    }
}
