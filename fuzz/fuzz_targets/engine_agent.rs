//! Any text as an agent: it is one or it is refused, every finding points into it, and a call with it comes to an end.
#![no_main]

use engine::agent::{self, Agent};
use engine::diagnostic::{has_errors, render};
use engine::rehearsal::{Rehearsal, Reply};
use libfuzzer_sys::fuzz_target;

/// More replies than any agent of a fuzzer's size takes without an answer.
const REPLIES: usize = 3_000;

fuzz_target!(|text: &str| {
    let lines = text.lines().count() + 1;
    let now = serde_json::from_value("2026-01-14T09:00:00Z".into()).expect("a time stamp");
    for name in ["a.yaml", "a.json5", "a"] {
        let loaded = agent::load(text, Some(name));
        assert_eq!(loaded.agent.is_none(), has_errors(&loaded.diagnostics));
        let diagnostics = agent::check(&loaded);
        for diagnostic in &diagnostics {
            assert!((1..=lines).contains(&diagnostic.at.line) && diagnostic.at.column >= 1);
        }
        render(&diagnostics, text, name);
        if let Some(agent @ Agent::Questions(_)) = loaded.agent {
            let mut call = Rehearsal::begin(&agent, serde_json::Map::new(), now);
            for words in [text, "yes", "7", "1"] {
                call.reply(&Reply::Said { words: words.into(), confidence: None });
                call.reply(&Reply::Keys(words.into()));
            }
            (0..REPLIES).for_each(|_| call.reply(&Reply::Silence));
            assert!(call.conversation.ended_by().is_some());
        }
    }
});
