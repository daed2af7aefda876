//! JSON and JSON5 into the tree, by a parser of our own: those of the ecosystem keep no positions
//! or no spelling of numbers.

use super::source::{Source, Span};
use super::{Budget, Entry, Node, Scalar, Style, Value, duplicate_key};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::PROBLEMS_MAX;
use std::collections::HashMap;

pub(super) fn read(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let mut reader = Reader {
        source,
        text: source.text(),
        at: 0,
        depth: 0,
        budget: Budget::default(),
        problems: Vec::new(),
    };
    let root = reader.document();
    match root {
        Ok(root) if reader.problems.is_empty() => Ok(root),
        Ok(_) => Err(reader.problems),
        Err(problem) => {
            reader.problems.push(*problem);
            Err(reader.problems)
        }
    }
}

type Problem = Box<Diagnostic>;

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    depth: usize,
    budget: Budget,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Problem> {
        let root = self.value()?;
        self.skip_blanks()?;
        if self.peek().is_some() {
            return Err(self.syntax("the file should end here"));
        }
        Ok(root)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn problem(&self, code: Code, start: usize, message: impl Into<String>) -> Problem {
        let length = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let place = self.source.place(Span { start, end: start + length });
        Box::new(Diagnostic::new(code, place, message))
    }

    fn syntax(&self, message: &str) -> Problem {
        self.problem(Code::Syntax, self.at, message)
    }

    /// Blanks and comments.
    fn skip_blanks(&mut self) -> Result<(), Problem> {
        loop {
            let rest = &self.text[self.at..];
            self.at +=
                rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
            let rest = &self.text[self.at..];
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").ok_or_else(|| self.syntax("the comment is never closed"))? + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Node, Problem> {
        self.skip_blanks()?;
        let start = self.at;
        self.budget.take(1, 0).map_err(|message| self.problem(Code::LimitReached, start, message))?;
        let value = match self.peek() {
            Some(open @ ('{' | '[')) => {
                self.depth += 1;
                Budget::depth(self.depth)
                    .map_err(|message| self.problem(Code::LimitReached, start, message))?;
                let value = if open == '{' { self.map()? } else { self.list()? };
                self.depth -= 1;
                value
            }
            Some(quote @ ('"' | '\'')) => {
                let text = self.string(quote)?;
                scalar(text, Style::DoubleQuoted)
            }
            Some(_) => scalar(self.bare()?, Style::Plain),
            None => return Err(self.syntax("a value is lacking at the end of the file")),
        };
        Ok(Node { value, span: Span { start, end: self.at } })
    }

    fn map(&mut self) -> Result<Value, Problem> {
        self.at += 1;
        let mut entries = Vec::new();
        let mut seen = HashMap::new();
        loop {
            self.skip_blanks()?;
            if self.peek() == Some('}') {
                self.at += 1;
                return Ok(Value::Map(entries));
            }
            let start = self.at;
            let key = self.key()?;
            let key_span = Span { start, end: self.at };
            if let Some(first) = seen.insert(key.clone(), key_span)
                && self.problems.len() < PROBLEMS_MAX
            {
                self.problems.push(duplicate_key(self.source, &key, first, key_span));
            }
            self.skip_blanks()?;
            if self.peek() != Some(':') {
                return Err(self.syntax("a `:` is expected after the key"));
            }
            self.at += 1;
            let value = self.value()?;
            entries.push(Entry { key, key_span, value });
            self.separator('}')?;
        }
    }

    fn list(&mut self) -> Result<Value, Problem> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blanks()?;
            if self.peek() == Some(']') {
                self.at += 1;
                return Ok(Value::List(items));
            }
            items.push(self.value()?);
            self.separator(']')?;
        }
    }

    /// A comma, unless the list or map ends. A comma before the end is fine.
    fn separator(&mut self, close: char) -> Result<(), Problem> {
        self.skip_blanks()?;
        match self.peek() {
            Some(',') => {
                self.at += 1;
                Ok(())
            }
            Some(c) if c == close => Ok(()),
            None => Err(self.syntax(&format!("a `{close}` is lacking at the end of the file"))),
            Some(_) => Err(self.syntax(&format!("a `,` or `{close}` is expected here"))),
        }
    }

    fn key(&mut self) -> Result<String, Problem> {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => self.string(quote),
            Some(c) if c.is_alphabetic() || c == '_' || c == '$' => {
                let rest = &self.text[self.at..];
                let end =
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
                self.at += end;
                Ok(rest[..end].to_owned())
            }
            _ => Err(self.syntax("a key is expected here")),
        }
    }

    /// A number, `true`, `false` or `null`, kept as it is spelled.
    fn bare(&mut self) -> Result<String, Problem> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            let message = if word.is_empty() { "a value is expected here" } else { "a text needs quotes" };
            return Err(self.syntax(message));
        }
        self.at += word.len();
        Ok(word.to_owned())
    }

    fn string(&mut self, quote: char) -> Result<String, Problem> {
        let opening = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find([quote, '\\', '\n', '\r']).unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some('\\') => self.escape(&mut text)?,
                Some(c) if c == quote => {
                    self.at += 1;
                    let length = text.len();
                    self.budget
                        .take(0, length)
                        .map_err(|message| self.problem(Code::LimitReached, opening, message))?;
                    return Ok(text);
                }
                _ => {
                    let problem =
                        self.problem(Code::Syntax, opening, "the quote is never closed on its line");
                    return Err(Box::new(problem.hint("write `\\n` for a line break")));
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Problem> {
        self.at += 1;
        let Some(kind) = self.peek() else { return Err(self.syntax("the quote is never closed")) };
        self.at += kind.len_utf8();
        let plain = match kind {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => char::from_u32(self.hex(2)?).unwrap_or(char::REPLACEMENT_CHARACTER),
            'u' => self.unicode()?,
            '\r' if self.peek() == Some('\n') => {
                self.at += 1;
                return Ok(());
            }
            '\n' | '\r' => return Ok(()),
            other => other,
        };
        text.push(plain);
        Ok(())
    }

    fn hex(&mut self, digits: usize) -> Result<u32, Problem> {
        let value =
            self.text.get(self.at..self.at + digits).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = value.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let value =
            value.ok_or_else(|| self.syntax(&format!("{digits} hexadecimal digits are expected here")))?;
        self.at += digits;
        Ok(value)
    }

    /// A character as `\uXXXX`; beyond 16 bits as a pair of them.
    fn unicode(&mut self) -> Result<char, Problem> {
        let start = self.at;
        let high = self.hex(4)?;
        let lonely = |reader: &Self| reader.problem(Code::Syntax, start, "half of a character stands alone");
        if !(0xd800..0xe000).contains(&high) {
            return char::from_u32(high).ok_or_else(|| lonely(self));
        }
        if high >= 0xdc00 || !self.text[self.at..].starts_with("\\u") {
            return Err(lonely(self));
        }
        self.at += 2;
        let low = self.hex(4)?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(lonely(self));
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or_else(|| lonely(self))
    }
}

fn scalar(text: String, style: Style) -> Value {
    Value::Scalar(Scalar { text, style, cut: None })
}

/// A number of JSON5.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    if matches!(unsigned, "Infinity" | "NaN") {
        return true;
    }
    if let Some(hex) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        return !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
    }
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') && unsigned.parse::<f64>().is_ok()
}
