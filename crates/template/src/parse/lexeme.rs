//! Names, numbers and quoted texts, and what to say of anything else.

use super::{Enclosure, Parser};
use crate::error::ParseError;
use crate::position::Span;
use serde_json::Number;

impl<'s> Parser<'s> {
    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub(super) fn skip_blanks(&mut self) {
        self.at = self.source.len() - self.rest().trim_start().len();
    }

    /// Takes `sign` if it comes next, blanks aside.
    pub(super) fn eat(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len();
        }
        there
    }

    /// Takes what ends the present expression.
    pub(super) fn close(&mut self) -> Result<(), ParseError> {
        self.skip_blanks();
        let closed = match self.enclosure {
            Enclosure::Tag => self.eat("}}"),
            Enclosure::Bare => self.rest().is_empty(),
        };
        if closed { Ok(()) } else { Err(self.unexpected()) }
    }

    /// One word of a name: letters, digits, `_`, and `-` between them. Anything beyond ASCII
    /// that is no blank or quotation mark counts as a letter, so that names work in every script.
    pub(super) fn word(&mut self) -> Option<&'s str> {
        let rest = self.rest();
        let mut end = 0;
        for (offset, character) in rest.char_indices() {
            let inside = is_word_character(character)
                || (character == '-'
                    && end > 0
                    && rest[offset + 1..].starts_with(|next: char| is_word_character(next) || next == '-'));
            if !inside {
                break;
            }
            end = offset + character.len_utf8();
        }
        self.at += end;
        (end > 0).then_some(&rest[..end])
    }

    /// A name of one or more words, with one blank between them.
    pub(super) fn words(&mut self) -> Option<(String, Span)> {
        let start = self.at;
        let mut name = String::from(self.word()?);
        loop {
            let end = self.at;
            self.skip_blanks();
            match self.word() {
                Some(word) if self.at > end => {
                    name.push(' ');
                    name.push_str(word);
                }
                _ => {
                    self.at = end;
                    return Some((name, Span::new(start, end)));
                }
            }
        }
    }

    /// A number that is not the beginning of a name: `12`, `12.5`, `-3`.
    pub(super) fn number(&mut self) -> Option<Number> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let sign = usize::from(rest.starts_with('-'));
        let mut end = sign + digits(&rest[sign..]);
        if end == sign {
            return None;
        }
        if let Some(fraction) = rest[end..].strip_prefix('.') {
            let length = digits(fraction);
            if length > 0 {
                end += 1 + length;
            }
        }
        if rest[end..].starts_with(|next: char| is_word_character(next) || next == '-') {
            return None;
        }
        let text = &rest[..end];
        let number = text
            .parse::<i64>()
            .map(Number::from)
            .ok()
            .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))?;
        self.at += end;
        Some(number)
    }

    /// A text in single or double quotation marks.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, ParseError> {
        let start = self.at;
        let Some(mark) = self.rest().chars().next().filter(|mark| matches!(mark, '"' | '\'')) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut characters = self.source[start + 1..].char_indices();
        while let Some((offset, character)) = characters.next() {
            match character {
                '\\' => {
                    let Some((_, escaped)) = characters.next() else { break };
                    text.push(match escaped {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        '\\' | '"' | '\'' | '{' | '}' => escaped,
                        _ => {
                            let span = Span::new(start + 1 + offset, start + 2 + offset + escaped.len_utf8());
                            let message = format!("`\\{escaped}` has no meaning");
                            return Err(self.error(
                                span,
                                message,
                                Some("write `\\\\` for a backslash itself"),
                            ));
                        }
                    });
                }
                _ if character == mark => {
                    self.at = start + 1 + offset + 1;
                    return Ok(Some(text));
                }
                _ => text.push(character),
            }
        }
        let span = Span::new(start, start + 1);
        Err(self.error(span, "the quotation mark is never closed", Some(&format!("add `{mark}`"))))
    }

    fn unclosed_tag(&self) -> ParseError {
        self.error(
            self.opened,
            "the tag is never closed",
            Some("add `}}`; to print two opening braces, write `{{{{`"),
        )
    }

    /// What stands here cannot stand here.
    pub(super) fn unexpected(&self) -> ParseError {
        let rest = self.rest();
        let Some(character) = rest.chars().next() else {
            return match self.enclosure {
                Enclosure::Tag => self.unclosed_tag(),
                Enclosure::Bare => {
                    let end = Span::new(self.at, self.at);
                    self.error(end, "the expression ends too early", Some("a value is expected here"))
                }
            };
        };
        let span = Span::new(self.at, self.at + character.len_utf8());
        if rest.starts_with("}}") {
            let span = Span::new(self.at, self.at + 2);
            return match self.enclosure {
                Enclosure::Tag => {
                    self.error(span, "the tag ends too early", Some("a value is expected before `}}`"))
                }
                Enclosure::Bare => {
                    self.error(span, "`}}` closes nothing", Some("open the expression with `{{`"))
                }
            };
        }
        self.error(span, format!("`{character}` is not expected here"), hint_for(character))
    }
}

fn is_word_character(character: char) -> bool {
    match character {
        '_' => true,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        '\u{2018}'..='\u{201F}' | '«' | '»' => false,
        _ => !character.is_whitespace() && !character.is_control(),
    }
}

/// What people of other template languages usually mean by a sign that this one lacks.
fn hint_for(character: char) -> Option<&'static str> {
    Some(match character {
        '+' | '*' | '/' | '%' | '-' => {
            "there is no arithmetic here; put several tags side by side to join texts"
        }
        '=' => "compare with `==`",
        '&' => "write `&&`",
        '|' => "write `||` for `or`, and functions as `upper(name)`",
        '?' => "write `{{#if name}}…{{else}}…{{/if}}`, or `??` for a default",
        '[' | ']' => "write `list.0` or `object.field`",
        '{' => "two braces are enough: nothing is ever escaped",
        '\u{2018}'..='\u{201F}' | '«' | '»' | '`' => "use straight quotation marks, `\"` or `'`",
        '#' | '$' => "put this sign before the braces",
        '~' => "blanks around tags always stay",
        ')' => "there is no bracket to close",
        '.' => "a name begins with a letter, a digit or `_`",
        _ => return None,
    })
}
