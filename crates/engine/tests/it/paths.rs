//! Every path through an agent, each played by the engine.

use crate::golden::check_folder;
use engine::agent::{self, Agent, paths::paths};
use engine::rehearsal::Reply;
use jiff::Timestamp;
use std::collections::HashSet;
use std::fmt::Write;

fn now() -> Timestamp {
    "2026-01-14T09:00:00Z".parse().expect("well formed")
}

fn agent(text: &str, name: &str) -> Agent {
    let loaded = agent::load(text, Some(name));
    loaded.agent.unwrap_or_else(|| panic!("{name}: {:#?}", loaded.diagnostics))
}

#[test]
fn paths_are_listed_with_their_shortest_answers() {
    check_folder("paths", |text, name| {
        let found = paths(&agent(text, name), now()).expect("an interview");
        let mut out = format!(
            "{} paths{}{}\n",
            found.total,
            if found.has_loops { ", and ways back" } else { "" },
            if found.is_complete { "" } else { "; shown is every way out of every question" },
        );
        for path in &found.paths {
            let ended = path.played.ended_by.map_or("open", |by| by.as_str());
            writeln!(out, "{ended}: {}", path.played.asked.join(" -> ")).expect("text");
            for step in &path.steps {
                writeln!(out, "    {} {}: {}", step.question, step.given, step.way).expect("text");
            }
            writeln!(out, "    values {}", serde_json::Value::Object(path.played.values.clone()))
                .expect("text");
        }
        out
    });
}

/// As large as agents get: 40 questions and 60 conditions, two of which look at other questions.
fn large() -> Agent {
    let mut text = String::from("name: large\nquestions:\n");
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
                "      - {{condition: {{operator: equals, value: {low}}}, customMessage: Ten times {n}.}}"
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
    agent(&text, "large")
}

#[test]
fn a_large_agent_is_counted_and_every_way_out_of_every_question_is_shown() {
    let agent = large();
    let questions = agent.questions().expect("an interview");
    let conditions: usize = questions.questions.iter().map(|question| question.actions.len()).sum();
    assert_eq!((questions.questions.len(), conditions), (40, 60));
    let found = paths(&agent, now()).expect("an interview");
    assert!(found.total > 1_000_000 && !found.is_complete && !found.is_cut, "{}", found.total);
    let ways: HashSet<(&str, &str)> = found
        .paths
        .iter()
        .flat_map(|path| &path.steps)
        .map(|step| (step.question.as_str(), step.way.as_str()))
        .collect();
    // Each of the 60 conditions, and going on in sequence at each question.
    let actions = ways.iter().filter(|(_, way)| way.starts_with("action")).count();
    assert_eq!(actions, 60);
    for path in &found.paths {
        assert_eq!(path.played.used, path.replies.len(), "a path is played to its end: {:?}", path.steps);
        let asked: Vec<&str> = path.steps.iter().map(|step| step.question.as_str()).collect();
        assert_eq!(path.played.asked, asked, "the engine asks what the path says");
        assert!(path.replies.iter().all(|reply| matches!(reply, Reply::Said { .. })));
    }
}
