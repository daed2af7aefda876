//! Free text: the answer itself.

use super::language::{Language, Locale};
use super::reading::Reading;
use super::speech;
use super::token::Token;

/// The words as they are, without control characters and blanks around them.
pub(super) fn read(words: &str, tokens: &[Token], locale: &Locale) -> Reading {
    let is_noise = words.trim().starts_with('[') && words.trim().ends_with(']')
        || tokens.iter().all(|token| token.is_pause() || is_drawn_out(&token.text));
    if let Some(said) = speech::tells_of_trouble(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person did not hear, or asks for time."));
    }
    if is_noise || speech::is_hesitation(tokens, locale) {
        return Reading::unclear("The answer has no words but those of somebody who thinks or did not hear.");
    }
    if asks_in_return(tokens, locale.language) {
        return Reading::unclear("The answer is a question.");
    }
    let plain: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.trim() {
        "" => Reading::unclear("There are no words in the answer."),
        text => Reading::value(text, "Any words are an answer to this question."),
    }
}

/// A longer question may be what the person calls about.
const QUESTION_WORDS_MAX: usize = 7;
/// An answer of so few words that ends in a word that asks is a question, however it is written.
const ECHO_WORDS_MAX: usize = 5;

/// `the name of what`, `¿qué empresa?`: a short question in return.
fn asks_in_return(tokens: &[Token], language: Language) -> bool {
    let asks = |token: &&Token| {
        let is_accented = language != Language::Es || token.is_accented;
        is_accented && asking(language).contains(&token.text.as_str())
    };
    let words: Vec<&Token> = tokens.iter().filter(|token| !token.is_pause()).collect();
    let is_marked = tokens.last().is_some_and(|token| token.text == "?");
    let opens = words.first().is_some_and(asks) && is_marked && words.len() <= QUESTION_WORDS_MAX;
    // Names end in "who" as well: "Doctor Who".
    let ends = words.last().is_some_and(|last| asks(last) && !last.is_word("who"));
    opens || (ends || is_marked) && words.len() <= ECHO_WORDS_MAX
}

/// The words that ask, as tokens have them. In Spanish they have an accent, and are other words without.
fn asking(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["what", "which", "who", "whose", "why", "whom"],
        Language::Es => &["que", "quien", "cual", "cuales", "como", "donde", "cuando"],
        Language::Fr => {
            &["quoi", "quel", "quelle", "quels", "quelles", "qui", "pourquoi", "laquelle", "lequel"]
        }
        Language::De => {
            &["was", "wer", "wem", "wen", "welche", "welcher", "welches", "welchen", "wieso", "warum", "wozu"]
        }
        Language::Other => &[],
    }
}

/// `ehh`, `ummm`: a sound of thinking that is drawn out.
fn is_drawn_out(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| "aehmur".contains(c)) && {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        speech::is_sound_of_thinking(&letters.iter().collect::<String>())
    }
}
