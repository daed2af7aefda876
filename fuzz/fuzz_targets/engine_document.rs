//! Any text as a file: it is a workflow or it is refused, and every finding points into it.
#![no_main]

use engine::check::{Surroundings, check};
use engine::diagnostic::{has_errors, render};
use engine::workflow;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = text.lines().count() + 1;
    for name in ["a.yaml", "a.json", "a"] {
        let loaded = workflow::load(text, Some(name));
        assert_eq!(loaded.workflow.is_none(), has_errors(&loaded.diagnostics));
        let diagnostics = check(&loaded, &Surroundings::default());
        for diagnostic in &diagnostics {
            assert!((1..=lines).contains(&diagnostic.at.line) && diagnostic.at.column >= 1);
        }
        render(&diagnostics, text, name);
    }
    let _ = workflow::parse_send(text);
});
