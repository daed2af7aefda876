//! Diagnostics for people: the line, what is wrong in it, and what to do.

use super::{Diagnostic, Severity};
use std::fmt::Write;

/// Characters of a line that are shown; longer lines are cut around the place.
const SHOWN_MAX: usize = 110;

/// All diagnostics as text, each with its line and a mark below it, and a count at the end.
/// Nothing where there is nothing to say.
pub fn render(diagnostics: &[Diagnostic], source: &str, path: &str) -> String {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let lines: Vec<&str> = source.lines().collect();
    let mut out = String::new();
    for diagnostic in diagnostics {
        one(&mut out, diagnostic, &lines, path);
        out.push('\n');
    }
    if !diagnostics.is_empty() {
        out.push_str(&summary(diagnostics));
        out.push('\n');
    }
    out
}

fn one(out: &mut String, diagnostic: &Diagnostic, lines: &[&str], path: &str) {
    let at = diagnostic.at;
    let severity = diagnostic.severity.as_str();
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{severity}[{}]: {}", diagnostic.code.as_str(), diagnostic.message);
    let number = at.line.to_string();
    let gap = " ".repeat(number.len());
    let _ = writeln!(out, "{gap}--> {path}:{}:{}", at.line, at.column);
    if let Some(line) = at.line.checked_sub(1).and_then(|index| lines.get(index)) {
        let (shown, column) = window(line, at.column);
        let length = at.length.clamp(1, shown.chars().count().saturating_sub(column - 1).max(1));
        let _ = writeln!(out, "{gap} |");
        let _ = writeln!(out, "{number} | {shown}");
        let _ = writeln!(out, "{gap} | {}{}", " ".repeat(column - 1), "^".repeat(length));
    }
    if let Some(hint) = &diagnostic.hint {
        let _ = writeln!(out, "{gap} = hint: {hint}");
    }
    if let Some(way) = &diagnostic.counter_example {
        let _ = writeln!(out, "{gap} = {} {way}", diagnostic.counter_label());
    }
}

/// The part of a line around a column, and the column in it. Tabs count as one blank, so that the
/// mark stands below its place.
fn window(line: &str, column: usize) -> (String, usize) {
    let plain: Vec<char> = line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let column = column.clamp(1, plain.len() + 1);
    if plain.len() <= SHOWN_MAX {
        return (plain.into_iter().collect(), column);
    }
    let start = (column - 1).saturating_sub(SHOWN_MAX / 2).min(plain.len() - SHOWN_MAX);
    let shown: String = plain[start..start + SHOWN_MAX].iter().collect();
    let (before, after) =
        (if start > 0 { "…" } else { "" }, if start + SHOWN_MAX < plain.len() { "…" } else { "" });
    let column = column - start + before.chars().count();
    (format!("{before}{shown}{after}"), column)
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let part = |severity: Severity| match count(severity) {
        0 => None,
        1 => Some(format!("1 {}", severity.as_str())),
        n => Some(format!("{n} {}s", severity.as_str())),
    };
    let parts: Vec<String> =
        [Severity::Error, Severity::Warning, Severity::Hint].into_iter().filter_map(part).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Place};

    #[test]
    fn the_mark_stands_below_its_place() {
        let diagnostic =
            Diagnostic::new(Code::UnknownKey, Place { line: 2, column: 3, length: 4 }, "`form` is no key")
                .hint("did you mean `from`?");
        let text = render(&[diagnostic], "a: b\n  form: x\r\n", "flow.yaml");
        let expected = "error[unknown_key]: `form` is no key\n --> flow.yaml:2:3\n  |\n2 |   form: x\n  |   ^^^^\n  = hint: did you mean `from`?\n\n1 error\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = format!("{}X{}", "a".repeat(300), "b".repeat(300));
        let (shown, column) = window(&line, 301);
        assert_eq!(shown.chars().nth(column - 1), Some('X'));
        assert!(shown.chars().count() <= SHOWN_MAX + 2);
    }
}
