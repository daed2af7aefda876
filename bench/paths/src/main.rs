//! Prints how long an agent of 40 questions and 60 conditions takes, the fastest of some rounds: whatever else the
//! machine does can only make a round slower.

use engine::agent::{self, Agent, paths::paths};
use engine::rehearsal::{Rehearsal, Reply};
use jiff::Timestamp;
use serde_json::Map;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: u32 = 20;

fn main() {
    let text = large();
    let now: Timestamp = "2026-01-14T09:00:00Z".parse().expect("well formed");
    let loaded = agent::load(&text, Some("large.yaml"));
    let agent = loaded.agent.clone().expect("the benchmark's own agent");
    let found = paths(&agent, now).expect("questions alone decide where it goes");
    let load = fastest(|| drop(black_box(agent::load(black_box(&text), Some("large.yaml")))));
    let check = fastest(|| drop(black_box(agent::check(black_box(&loaded)))));
    let find = fastest(|| drop(black_box(paths(black_box(&agent), now))));
    println!("load                {:>9.2} ms", ms(load));
    println!("check               {:>9.2} ms", ms(check));
    println!(
        "paths               {:>9.2} ms   {} in all, {} played",
        ms(find),
        found.total,
        found.paths.len()
    );
    println!("one turn of a call  {:>9.2} µs", turn_us(&agent, now));
}

/// Forty questions for numbers; every other one has three conditions, and the last three look at other answers.
fn large() -> String {
    let mut text = String::from("questions:\n");
    for n in 1..=40 {
        let _ = writeln!(text, "  - id: q{n}\n    question: Question {n}?\n    expectedAnswerType: number");
        if n <= 38 && n % 2 == 1 {
            let (low, high) = (n * 10, n * 10 + 5);
            let _ = writeln!(text, "    conditionalActions:");
            let _ = writeln!(
                text,
                "      - {{condition: {{operator: less_than, value: {low}}}, customMessage: Less.}}"
            );
            let _ = writeln!(
                text,
                "      - {{condition: {{operator: equals, value: {low}}}, customMessage: Equal.}}"
            );
            let _ = writeln!(
                text,
                "      - {{condition: {{operator: greater_than, value: {high}}}, action: end_call}}"
            );
        }
        if n == 39 {
            let _ = writeln!(text, "    conditionalActions:");
            for other in [2, 4, 6] {
                let _ = writeln!(
                    text,
                    "      - {{condition: {{field: q{other}, operator: equals, value: 7}}, action: end_call}}"
                );
            }
        }
    }
    text
}

/// A call of forty answers, divided by them.
fn turn_us(agent: &Agent, now: Timestamp) -> f64 {
    let answer = Reply::Said { words: "one".into(), confidence: Some(0.9) };
    let call = fastest(|| {
        let mut call = Rehearsal::begin(agent, Map::new(), now);
        (0..40).for_each(|_| call.reply(black_box(&answer)));
        drop(black_box(call.played()));
    });
    call.as_secs_f64() * 1e6 / 40.0
}

fn fastest(mut call: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        call();
        start.elapsed()
    });
    rounds.min().unwrap_or_default()
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
