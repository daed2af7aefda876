//! Codes and names that are said sign by sign.

use super::argument::{Arguments, Outcome, Refusal, made};
use super::{Function, Missing};
use crate::language::Words;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "spokenDigits",
        signature: "spokenDigits(number)",
        about: "The digits one by one, for speech; blanks, dots and hyphens between them are passed over.",
        examples: &[
            ("spokenDigits(\"48-21\")", "four eight two one"),
            ("spokenDigits(\"007\")", "zero zero seven"),
        ],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: spoken_digits,
    },
    Function {
        name: "spell",
        signature: "spell(text)",
        about: "Letters, digits and signs one by one, for speech.",
        examples: &[
            ("spell(\"ab-12\")", "A, B, dash, one, two"),
            ("spell(\"zoe@example.com\")", "Z, O, E, at, E, X, A, M, P, L, E, dot, C, O, M"),
        ],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: spell,
    },
];

fn spoken_digits<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let text = arguments.text(0)?;
    let words = arguments.locale().language.words();
    let mut spoken = Vec::new();
    for character in text.chars() {
        match character.to_digit(10) {
            Some(digit) => spoken.push(digit_word(digit, words)),
            None if character.is_whitespace() || matches!(character, '-' | '.') => {}
            None => {
                let problem = format!("needs digits, and `{}` has something else", arguments.written(0));
                return Err(Refusal::hinted(0, problem, "use `spell` for codes with letters"));
            }
        }
    }
    if spoken.is_empty() {
        return Err(Refusal::bad(0, format!("needs digits, and `{}` has none", arguments.written(0))));
    }
    made(spoken.join(" "))
}

fn spell<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let words = arguments.locale().language.words();
    let text = arguments.text(0)?;
    let spoken: Vec<String> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match (character.to_digit(10), sign_name(character, words)) {
            (Some(digit), _) => digit_word(digit, words),
            (None, Some(name)) => String::from(name),
            (None, None) => character.to_uppercase().collect(),
        })
        .collect();
    made(spoken.join(", "))
}

fn digit_word(digit: u32, words: Option<&Words>) -> String {
    words.map_or_else(|| digit.to_string(), |words| String::from(words.digits[digit as usize]))
}

fn sign_name(character: char, words: Option<&Words>) -> Option<&'static str> {
    words?.signs.iter().find(|(sign, _)| *sign == character).map(|(_, name)| *name)
}
