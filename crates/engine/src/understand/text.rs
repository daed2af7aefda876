//! Free text: the answer itself.

use super::reading::Reading;

/// The words as they are, without control characters and blanks around them.
pub(super) fn read(words: &str) -> Reading {
    let plain: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.trim() {
        "" => Reading::unclear("There are no words in the answer."),
        text => Reading::value(text, "Any words are an answer to this question."),
    }
}
