//! Lists and lengths.

use super::argument::{Arguments, Outcome, Refusal, made};
use super::{Function, Missing};
use crate::value;
use serde_json::Value;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "join",
        signature: "join(list[, between[, beforeLast]])",
        about: "The items as one text, with `between` (\", \") between them and `beforeLast` before the last.",
        examples: &[
            ("join(items)", "tea, milk, bread"),
            ("join(items, \" + \")", "tea + milk + bread"),
            ("join(items, \", \", \" and \")", "tea, milk and bread"),
        ],
        arguments: 1..=3,
        missing: Missing::Refused,
        run: join,
    },
    Function {
        name: "length",
        signature: "length(value)",
        about: "How many items a list has, or characters a text.",
        examples: &[("length(items)", "3"), ("length(\"Zoë\")", "3")],
        arguments: 1..=1,
        missing: Missing::Empty,
        run: length,
    },
    Function {
        name: "first",
        signature: "first(list)",
        about: "The first item of a list; an empty list has none.",
        examples: &[("first(items)", "tea")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| item(arguments, <[Value]>::first),
    },
    Function {
        name: "last",
        signature: "last(list)",
        about: "The last item of a list; an empty list has none.",
        examples: &[("last(items)", "bread")],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: |arguments| item(arguments, <[Value]>::last),
    },
];

fn join<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let items = arguments.list(0)?;
    let between = arguments.text_or(1, ", ")?;
    let before_last = arguments.text_or(2, &between)?;
    let bytes_max = arguments.context.limits.output_bytes_max;
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == items.len() { &before_last } else { &between });
        }
        let item = value::scalar_text(item).ok_or_else(|| {
            let kind = if item.is_null() { "null" } else { "a list or an object" };
            Refusal::hinted(
                0,
                format!("cannot print item {} of `{}`, which is {kind}", index + 1, arguments.written(0)),
                "go through the list with `#each`",
            )
        })?;
        text.push_str(&item);
        if text.len() > bytes_max {
            return Err(Refusal::TooLong);
        }
    }
    made(text)
}

fn length<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let length = match &*arguments.values[0] {
        Value::Null => 0,
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => arguments.text(0)?.graphemes(true).count(),
    };
    Ok(Cow::Owned(Value::from(length)))
}

fn item<'a>(arguments: &Arguments<'a>, choose: fn(&[Value]) -> Option<&Value>) -> Outcome<'a> {
    // Functions never make lists, so whatever is one is part of the scope.
    match &arguments.values[0] {
        Cow::Borrowed(Value::Array(items)) => {
            Ok(choose(items).map_or(Cow::Owned(Value::Null), Cow::Borrowed))
        }
        _ => {
            let items = arguments.list(0)?;
            Ok(Cow::Owned(choose(items).cloned().unwrap_or_default()))
        }
    }
}
