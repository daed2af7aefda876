//! Free text: the answer itself.

use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::Token;

/// The words as they are, without control characters and blanks around them.
pub(super) fn read(words: &str, tokens: &[Token], locale: &Locale) -> Reading {
    let is_noise = words.trim().starts_with('[') && words.trim().ends_with(']');
    if is_noise || speech::is_hesitation(tokens, locale) {
        return Reading::unclear("The answer has no words but those of somebody who thinks or did not hear.");
    }
    let plain: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.trim() {
        "" => Reading::unclear("There are no words in the answer."),
        text => Reading::value(text, "Any words are an answer to this question."),
    }
}
