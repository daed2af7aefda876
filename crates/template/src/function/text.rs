//! Letters and words.

use super::argument::{Arguments, Outcome, made};
use super::{Function, Missing};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "upper",
        signature: "upper(text)",
        about: "The text in capital letters.",
        examples: &[("upper(name)", "ADA LOVELACE"), ("upper(\"straße\")", "STRASSE")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| made(arguments.text(0)?.to_uppercase()),
    },
    Function {
        name: "lower",
        signature: "lower(text)",
        about: "The text in small letters.",
        examples: &[("lower(\"ADA@EXAMPLE.COM\")", "ada@example.com")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| made(arguments.text(0)?.to_lowercase()),
    },
    Function {
        name: "title",
        signature: "title(text)",
        about: "Each word with a capital first letter and small letters after it.",
        examples: &[("title(name)", "Ada Lovelace"), ("title(\"ANNE-MARIE O'NEIL\")", "Anne-Marie O'Neil")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| made(title(&arguments.text(0)?)),
    },
    Function {
        name: "trim",
        signature: "trim(text)",
        about: "The text without blanks at its ends.",
        examples: &[("trim(\"  yes \")", "yes")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| made(arguments.text(0)?.trim()),
    },
    Function {
        name: "truncate",
        signature: "truncate(text, length[, ending])",
        about: "At most `length` characters; what is cut ends in `ending`, which is \"...\" and counts.",
        examples: &[
            ("truncate(name, 6)", "ada..."),
            ("truncate(name, 3, \"\")", "ada"),
            ("truncate(name, 20)", "ada lovelace"),
        ],
        arguments: 2..=3,
        missing: Missing::Refused,
        run: truncate,
    },
    Function {
        name: "urlEncode",
        signature: "urlEncode(text)",
        about: "The text as one part of a URL: all but letters, digits and `-_.~` as percent signs and codes.",
        examples: &[("urlEncode(\"tea & milk\")", "tea%20%26%20milk"), ("urlEncode(\"é/~\")", "%C3%A9%2F~")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| made(url_encoded(&arguments.text(0)?)),
    },
    Function {
        name: "default",
        signature: "default(value, otherwise)",
        about: "The value, or `otherwise` where it is missing, null or empty text.",
        examples: &[
            ("default(nickname, \"friend\")", "friend"),
            ("default(name, \"friend\")", "ada lovelace"),
        ],
        arguments: 2..=2,
        missing: Missing::Replaced,
        run: default,
    },
];

/// Far more than any message has; longer texts have no use for `truncate`.
const TRUNCATED_CHARACTERS_MAX: usize = 100_000;

/// All but the characters that RFC 3986 calls unreserved.
const URL_ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub(crate) fn url_encoded(text: &str) -> String {
    utf8_percent_encode(text, URL_ENCODED).to_string()
}

fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut before = Before::Blank;
    // A letter and its accents are one, however they are written.
    for grapheme in text.graphemes(true) {
        titled.push_str(&match before {
            Before::Blank => grapheme.to_uppercase(),
            Before::FirstLetter(_) | Before::Word => grapheme.to_lowercase(),
        });
        let letter = grapheme.chars().next().filter(|character| character.is_alphanumeric());
        before = match (letter, before) {
            (Some(letter), Before::Blank) => Before::FirstLetter(letter.to_ascii_lowercase()),
            (Some(_), _) => Before::Word,
            // A name begins after `O'`, `D'` and `L'`; what comes after `I'` or `don'` is a mere ending.
            (None, Before::FirstLetter('o' | 'd' | 'l')) => Before::Blank,
            (None, Before::FirstLetter(_) | Before::Word) if matches!(grapheme, "'" | "’") => Before::Word,
            (None, _) => Before::Blank,
        };
    }
    titled
}

/// What stands before a letter, as far as its case is concerned.
#[derive(Clone, Copy)]
enum Before {
    Blank,
    /// In lower case, if it is one of ASCII.
    FirstLetter(char),
    Word,
}

fn truncate<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let text = arguments.text(0)?;
    let length = arguments.whole(1, 0..=TRUNCATED_CHARACTERS_MAX)?;
    let ending = arguments.text_or(2, "...")?;
    if text.graphemes(true).nth(length).is_none() {
        return made(text);
    }
    let kept = length.saturating_sub(ending.graphemes(true).count());
    let mut cut: String = text.graphemes(true).take(kept).collect();
    cut.truncate(cut.trim_end().len());
    // An ending that is longer than the whole is itself cut.
    cut.extend(ending.graphemes(true).take(length));
    made(cut)
}

fn default<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let empty = match &*arguments.values[0] {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    let chosen = &arguments.values[usize::from(empty)];
    Ok(match chosen {
        Cow::Borrowed(value) => Cow::Borrowed(value),
        Cow::Owned(value) => Cow::Owned(value.clone()),
    })
}
