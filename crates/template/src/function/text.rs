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
        run: |arguments| made(utf8_percent_encode(&arguments.text(0)?, URL_ENCODED).to_string()),
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

/// All but the characters that RFC 3986 calls unreserved.
const URL_ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut inside_word = false;
    // Letters before an apostrophe: `o'neil` has a name after it, `don't` a mere ending.
    let mut letters_before = 0;
    for character in text.chars() {
        if inside_word {
            titled.extend(character.to_lowercase());
        } else {
            titled.extend(character.to_uppercase());
        }
        let prefix_apostrophe = matches!(character, '\'' | '’') && letters_before == 1;
        inside_word = (character.is_alphanumeric() || matches!(character, '\'' | '’')) && !prefix_apostrophe;
        letters_before = if character.is_alphabetic() { letters_before + 1 } else { 0 };
    }
    titled
}

fn truncate<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let text = arguments.text(0)?;
    let length = arguments.whole(1, 0..=usize::MAX)?;
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
