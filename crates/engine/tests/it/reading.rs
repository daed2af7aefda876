//! Reading never panics, whatever it is given.

use engine::workflow;
use proptest::prelude::*;

/// Pieces that mean something to the readers, thrown together at random.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "blocks:",
        "name: x",
        "- id: a",
        "type: twilio",
        "type: wait",
        "type: switch",
        "on:",
        "next:",
        "end",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        ": ",
        "- ",
        "{{",
        "}}",
        "{{a}}",
        "{{#if a}}",
        "{{/if}}",
        "'",
        "\"",
        "\\",
        "|",
        ">",
        "|2-",
        " #",
        "#",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a",
        "*a",
        "!t",
        "<<: ",
        "---",
        "...",
        "\t",
        "\r\n",
        "\u{feff}",
        "é",
        "🎉",
        "\u{e020}",
        "~",
        "message: ",
        "to: ",
        "+15551234567",
        "5m",
        "timeout: ",
        "answers: ",
        "input:",
        "default: ",
        "To: x\nMessage:",
        "//",
        "/*",
        "*/",
        "1e9",
        "\u{0}",
        "?",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn read_every_way(text: &str) {
    for name in ["a.yaml", "a.json", "a"] {
        let loaded = workflow::load(text, Some(name));
        assert_eq!(
            loaded.workflow.is_none(),
            engine::diagnostic::has_errors(&loaded.diagnostics),
            "{text:?}"
        );
        for diagnostic in &loaded.diagnostics {
            assert!(diagnostic.at.line >= 1 && diagnostic.at.column >= 1, "{diagnostic:?}");
        }
        engine::check::check(&loaded, &engine::check::Surroundings::default());
        engine::diagnostic::render(&loaded.diagnostics, text, name);
    }
    let _ = workflow::parse_send(text);
}

proptest! {
    #[test]
    fn pieces_of_files_are_read_or_refused(text in pieces()) {
        read_every_way(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        read_every_way(&text);
    }

    #[test]
    fn a_workflow_with_a_hole_is_read_or_refused(cut in 0usize..2000, length in 0usize..40, put in pieces()) {
        let whole = include_str!("good/reminder.yaml");
        let start = whole.floor_char_boundary(cut.min(whole.len()));
        let end = whole.floor_char_boundary((start + length).min(whole.len()));
        read_every_way(&format!("{}{put}{}", &whole[..start], &whole[end..]));
    }
}
