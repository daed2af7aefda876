//! How things look: colours only on a terminal, lines that fit, and JSON for programs.

use super::CliError;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

/// Colours, where whoever reads can see them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    is_on: bool,
}

impl Paint {
    /// On a terminal, unless `NO_COLOR` says otherwise.
    pub(super) fn for_output() -> Paint {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Paint { is_on: std::io::stdout().is_terminal() && !refused }
    }

    #[cfg(test)]
    pub(super) fn off() -> Paint {
        Paint { is_on: false }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }

    /// A run's or a text's status in the colour that it deserves.
    pub(super) fn status(self, status: &str) -> String {
        match status {
            "completed" | "delivered" | "read" | "valid" => self.green(status),
            "failed" | "undelivered" | "held" | "wrong" | "missing" => self.red(status),
            "running" | "queued" | "unknown" | "dispatching" => self.yellow(status),
            _ => status.to_owned(),
        }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.is_on && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Columns that lines may have.
pub(super) const COLUMNS: usize = 80;

/// Words in lines of at most `columns`; a word that is longer stands on a line of its own.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// What came from outside may hold commands to the terminal: those are shown, not obeyed.
pub(super) fn harmless(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// Prints to standard output. Whoever stops reading ends the command without a word, as pipes do.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(CliError::io("standard output cannot be written")),
    }
}

/// Prints a value as one line of JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let line = serde_json::to_string(value).expect("what is printed is plain data");
    print(&(line + "\n"))
}

/// Prints values as JSON, one a line.
pub(super) fn print_json_lines<T: Serialize>(values: &[T]) -> Result<(), CliError> {
    values.iter().try_for_each(print_json)
}

/// Prints rows under their headings; a sentence where there are none.
pub(super) fn print_table(headings: &[&str], rows: Vec<Vec<String>>, none: &str) -> Result<(), CliError> {
    if rows.is_empty() {
        return print(&format!("{none}\n"));
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| harmless(&cell.replace('\n', " "))).collect::<Vec<_>>());
    }
    let flush = |line: String| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n";
    let text: String = table.lines().map(flush).collect();
    print(&text)
}

/// The beginning of a text, on one line.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    let flat = text.replace(['\n', '\r'], " ");
    if flat.chars().count() <= characters {
        return flat;
    }
    let mut short: String = flat.chars().take(characters.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("extraordinary", 5), ["extraordinary"]);
        assert_eq!(wrapped("a\n\nb", 5), ["a", "", "b"]);
    }

    #[test]
    fn commands_to_the_terminal_are_shown_and_not_obeyed() {
        assert_eq!(harmless("a\u{1b}[2Jb\rc"), "a\u{fffd}[2Jb\u{fffd}c");
    }
}
