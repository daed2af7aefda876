//! The text of a file, and the way from bytes to lines and columns.

use super::{Scalar, Style};
use crate::diagnostic::Place;
use std::sync::Arc;

/// A piece of a file, in bytes from its start (a byte-order mark not counted).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// The text of a file. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Source {
    text: Arc<str>,
    line_starts: Arc<[usize]>,
}

impl Source {
    /// Takes the text without its byte-order mark.
    pub fn new(text: &str) -> Source {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let after_newline = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(after_newline).collect();
        Source { text: Arc::from(text), line_starts }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line of a place, from 1: cheaper than all of [`Source::place`].
    pub(crate) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|line_start| *line_start <= at)
    }

    /// Line, column and length, the length cut at the end of the line.
    pub fn place(&self, span: Span) -> Place {
        let start = self.text.floor_char_boundary(span.start.min(self.text.len()));
        let line = self.line(start);
        let line_start = self.line_starts[line - 1];
        let rest = &self.text[start..];
        let line_end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let end = self.text.floor_char_boundary(span.end.clamp(start, line_end.max(start)));
        Place {
            line,
            column: self.text[line_start..start].chars().count() + 1,
            length: self.text[start..end].chars().count(),
        }
    }

    /// What stands between a place and the end of its line.
    pub(crate) fn rest_of_line(&self, from: usize) -> &str {
        let rest = self.text.get(from..).unwrap_or("");
        rest.split(['\n', '\r']).next().unwrap_or("")
    }

    /// Where in the file a piece of a scalar's text stands: `offset` and `length` in bytes of
    /// `scalar.text`. Where escapes or folding make that unclear, the whole scalar.
    pub(crate) fn within(&self, scalar: &Scalar, span: Span, offset: usize, length: usize) -> Span {
        let start = self.offset_within(scalar, span, offset);
        let end = self.offset_within(scalar, span, offset + length);
        match (start, end) {
            (Some(start), Some(end)) if start <= end => Span { start, end },
            _ => span,
        }
    }

    fn offset_within(&self, scalar: &Scalar, span: Span, offset: usize) -> Option<usize> {
        let raw = self.text.get(span.start..span.end)?;
        let mut walk = Walk { raw, at: 0, indent: 0 };
        walk.open(scalar.style)?;
        let mut rest = scalar.text.get(..offset)?.chars().peekable();
        while let Some(wanted) = rest.peek().copied() {
            if walk.step(scalar.style, wanted)? {
                rest.next();
            }
        }
        walk.settle(scalar.style, scalar.text[offset..].chars().next());
        Some(span.start + walk.at)
    }
}

/// Goes through a scalar's text as it is written, beside its text as it is meant.
struct Walk<'a> {
    raw: &'a str,
    at: usize,
    /// Blanks before each line of a block scalar.
    indent: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<char> {
        self.raw[self.at..].chars().next()
    }

    /// Goes to the first character of the text.
    fn open(&mut self, style: Style) -> Option<()> {
        match style {
            Style::Plain => {}
            Style::SingleQuoted | Style::DoubleQuoted => self.at += self.peek()?.len_utf8(),
            Style::Literal | Style::Folded => {
                let header_end = self.raw.find('\n')?;
                // With an explicit indentation (`|2`) blanks of the text itself cannot be told apart.
                if self.raw[..header_end].bytes().any(|b| b.is_ascii_digit()) {
                    return None;
                }
                self.at = header_end + 1;
                let first = self.raw[self.at..].lines().find(|line| !line.trim().is_empty())?;
                self.indent = first.len() - first.trim_start_matches(' ').len();
                self.skip_blanks(self.indent);
            }
        }
        Some(())
    }

    /// Takes in one character of what is written; whether it stood for `wanted`.
    fn step(&mut self, style: Style, wanted: char) -> Option<bool> {
        let found = self.peek()?;
        match style {
            Style::DoubleQuoted if found == '\\' => return self.escape(),
            Style::SingleQuoted if found == '\'' => {
                self.at += 1;
                (self.peek()? == '\'').then_some(())?;
            }
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted if self.at_fold() => {
                return Some(self.fold(wanted));
            }
            Style::Literal | Style::Folded if self.at_newline() => {
                self.newline();
                self.skip_blanks(self.indent);
                return Some(matches!(wanted, ' ' | '\n'));
            }
            _ => {}
        }
        (self.peek()? == wanted).then_some(())?;
        self.at += wanted.len_utf8();
        Some(true)
    }

    /// Skips what stands for nothing before the next character, so that a place at the start of a
    /// line is not shown at the end of the line before.
    fn settle(&mut self, style: Style, next: Option<char>) {
        let flow = matches!(style, Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
        let Some(next) = next.filter(|c| !c.is_whitespace()) else { return };
        while flow && self.at_fold() {
            self.fold(next);
        }
    }

    fn at_newline(&self) -> bool {
        self.raw[self.at..].starts_with(['\n', '\r'])
    }

    fn at_fold(&self) -> bool {
        self.raw[self.at..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])
    }

    /// One line break of a scalar that folds lines, with the blanks around it.
    fn fold(&mut self, wanted: char) -> bool {
        self.skip_blanks(usize::MAX);
        self.newline();
        self.skip_blanks(usize::MAX);
        matches!(wanted, ' ' | '\n')
    }

    fn newline(&mut self) {
        if self.raw[self.at..].starts_with('\r') {
            self.at += 1;
        }
        if self.raw[self.at..].starts_with('\n') {
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self, most: usize) {
        let rest = &self.raw[self.at..];
        self.at += rest.bytes().take(most).take_while(|b| matches!(b, b' ' | b'\t')).count();
    }

    /// One escape of a double-quoted scalar; an escaped line break stands for nothing.
    fn escape(&mut self) -> Option<bool> {
        self.at += 1;
        let kind = self.peek()?;
        if matches!(kind, '\n' | '\r') {
            self.newline();
            self.skip_blanks(usize::MAX);
            return Some(false);
        }
        self.at += kind.len_utf8();
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let unit = self.raw.get(self.at..self.at + digits)?;
        self.at += digits;
        // JSON writes characters beyond 16 bits as two escapes.
        if kind == 'u' && matches!(u32::from_str_radix(unit, 16), Ok(0xd800..=0xdbff)) {
            self.at = (self.at + 6).min(self.raw.len());
        }
        Some(true)
    }
}
