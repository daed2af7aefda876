//! Parameters that cannot be used: what is expected, in words for people. Those of parsers are for programmers.

use super::problem::{Problem, ProblemCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A parameter is something else than it must be: `expected` goes on after "is".
pub(super) fn unusable(parameter: &str, expected: &str) -> Problem {
    Problem::new(ProblemCode::BadParameter, format!("`{parameter}` is {expected}"))
}

/// One of the domain's words, as it is written everywhere.
pub(super) fn word_of<T: DeserializeOwned>(word: &str, parameter: &str) -> Result<T, Problem> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|error| {
        let told = error.to_string();
        // The words themselves are told well.
        let expected =
            told.rsplit_once(", expected ").map_or("none of the possible values", |(_, words)| words);
        unusable(parameter, expected)
    })
}

/// One of these words.
pub(super) fn one_of(word: &str, parameter: &str, words: &[&str]) -> Result<(), Problem> {
    if words.contains(&word) {
        return Ok(());
    }
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    Err(unusable(parameter, &format!("one of {listed}")))
}

/// An id of this kind, such as `run_…`.
pub(super) fn id_of<T>(
    text: &str,
    parameter: &str,
    prefix: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Problem> {
    parse(text).ok_or_else(|| unusable(parameter, &format!("an id such as `{prefix}01jd2x3y4z`")))
}

/// What a parser says of a parameter, with what it expects: `limit: invalid digit found in string`.
pub(super) fn explained(told: &str) -> Problem {
    let twice = told.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`'));
    if let Some(parameter) = twice {
        return unusable(parameter, "given more than once");
    }
    let (parameter, why) = told.split_once(": ").unwrap_or(("", told));
    match expected_by(why) {
        // No parameter of ours has a blank in its name: that is a sentence with a word of the caller in it.
        Some(expected) if !parameter.is_empty() && !parameter.contains(' ') => unusable(parameter, expected),
        _ => Problem::new(ProblemCode::BadParameter, told),
    }
}

/// What is expected by a parser that complains like this.
fn expected_by(why: &str) -> Option<&'static str> {
    const NUMBER: &str = "a whole number";
    let expected = [
        ("invalid digit", NUMBER),
        ("cannot parse integer", NUMBER),
        ("number too large", "a smaller number"),
        ("number too small", "a greater number"),
        ("invalid float", "a number"),
        ("not `true` or `false`", "`true` or `false`"),
    ];
    expected.into_iter().find(|(complaint, _)| why.contains(complaint)).map(|(_, expected)| expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::message::Direction;

    #[test]
    fn what_is_expected_is_said_in_words_for_people() {
        for (told, said) in [
            ("limit: invalid digit found in string", "`limit` is a whole number"),
            ("limit: cannot parse integer from empty string", "`limit` is a whole number"),
            ("limit: number too large to fit in target type", "`limit` is a smaller number"),
            ("duplicate field `limit`", "`limit` is given more than once"),
            ("unknown field `staus`, expected `status`", "unknown field `staus`, expected `status`"),
        ] {
            assert_eq!(explained(told).detail, said);
        }
        let direction = word_of::<Direction>("sideways", "direction").unwrap_err().detail;
        assert_eq!(direction, "`direction` is `inbound` or `outbound`");
        let nested = word_of::<Direction>("up, expected x", "direction").unwrap_err().detail;
        assert_eq!(nested, direction, "the word that was given cuts nothing");
        let status = one_of("lost", "status", &["a", "b"]).unwrap_err().detail;
        assert_eq!(status, "`status` is one of `a`, `b`");
        let id = id_of("7", "run", "run_", |_| None::<()>).unwrap_err().detail;
        assert_eq!(id, "`run` is an id such as `run_01jd2x3y4z`");
    }
}
