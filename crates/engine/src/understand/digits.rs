//! Codes and other digits whose zeros in front count.

use super::language::Locale;
use super::number::{self, Run};
use super::reading::Reading;
use super::speech;
use super::token::{Kind, Token};

/// All digits of the answer in a row. Other words may stand around them, but not between them.
pub(super) fn read(tokens: &[Token], locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if let Some(letter) = tokens.iter().find(|token| is_letter(token)) {
        return Reading::unclear(format!("\"{}\" is a letter, and only digits were asked for.", letter.text));
    }
    if tokens.iter().any(|token| token.kind == Kind::Numeral && token.text.contains(['.', ',', '\''])) {
        return Reading::unclear("A decimal mark is no part of a code.");
    }
    let runs = number::digit_runs(tokens, locale);
    match runs.as_slice() {
        [] => Reading::unclear("There are no digits in the answer."),
        [run] if run.has_doubt => Reading::unclear("The words around the digits leave open which they are."),
        [Run { digits, others, .. }] if digits.len() == 1 && *others > LONE_DIGIT_WORDS_MAX => {
            Reading::unclear("A single digit in a sentence may be a word of it.")
        }
        [run] if run.digits.starts_with('+') => Reading::unclear("A sign is no part of a code."),
        [run] => Reading::value(run.digits.as_str(), format!("The digits are {}.", run.digits)),
        several => {
            let said: Vec<&str> = several.iter().map(|run| run.digits.as_str()).collect();
            Reading::unclear(format!("There are several groups of digits: {}.", said.join(", ")))
        }
    }
}

/// More words around one digit make a sentence of it.
const LONE_DIGIT_WORDS_MAX: usize = 2;

/// Letters that are words of some language, among them the French ones before an apostrophe.
const WORDS_OF_ONE_LETTER: &str = "acdeijlmnostuy";

/// A letter beside digits: the code has letters in it.
fn is_letter(token: &Token) -> bool {
    token.kind == Kind::Word && token.text.len() == 1 && !WORDS_OF_ONE_LETTER.contains(token.text.as_str())
}
