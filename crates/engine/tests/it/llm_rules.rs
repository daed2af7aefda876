//! Rules that models and callers must not be able to break, whatever they say.

use engine::llm::claims::{ClaimSet, claims};
use engine::llm::goodbye::is_goodbye;
use engine::llm::heard::heard;
use engine::llm::sentence::{SENTENCE_CHARS_MAX, Sentences, split};
use engine::llm::spoken::spoken;
use engine::llm::tongue;
use proptest::prelude::*;

const LANGUAGES: [&str; 5] = ["en-US", "es-MX", "fr-FR", "de-DE", "ja-JP"];

/// Text as models write it: words, stops, numbers, marks and whatever else there is.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Zäßéñ]{1,9} ",
        2 => "[.!?…:,;]{1,3} ?",
        1 => "[0-9]{1,7}[.,]? ?",
        1 => "(Dr|z\\. B|Sra|etc|p\\.m)\\. ",
        1 => "[\"'()*_#\n¿¡]",
        1 => ".{1,4}",
    ];
    proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn sentences_are_the_same_however_the_text_is_cut(text in text(), language in 0..5_usize, size in 1..9_usize) {
        let language = LANGUAGES[language];
        let whole = split(&text, language);
        let characters: Vec<char> = text.chars().collect();
        let mut sentences = Sentences::new(language);
        let pieces = characters.chunks(size).map(|piece| piece.iter().collect::<String>());
        let mut found: Vec<String> = pieces.flat_map(|piece| sentences.push(&piece)).collect();
        found.extend(sentences.finish());
        prop_assert_eq!(&found, &whole);
        prop_assert!(whole.iter().all(|sentence| !sentence.trim().is_empty() && sentence.trim() == sentence));
        prop_assert!(whole.iter().all(|sentence| sentence.chars().count() <= SENTENCE_CHARS_MAX * 2));
        // Nothing is lost but blanks, and marks that close what is not there.
        let told = without_blanks(&whole.concat());
        let given = without_blanks(&text);
        prop_assert!(told.len() <= given.len());
        prop_assert_eq!(
            told.chars().filter(|c| c.is_alphanumeric()).count(),
            given.chars().filter(|c| c.is_alphanumeric()).count()
        );
    }

    #[test]
    fn what_was_heard_is_a_beginning_of_what_was_given(given in text(), reported in text()) {
        let kept = heard(&given, &reported);
        prop_assert!(given.starts_with(kept));
        let words: Vec<&str> = given.split_whitespace().collect();
        for count in 0..=words.len() {
            let kept = heard(&given, &words[..count].join(" "));
            prop_assert!(kept.split_whitespace().count() <= count);
        }
    }

    #[test]
    fn no_text_breaks_the_rules(text in text(), language in 0..5_usize) {
        let language = LANGUAGES[language];
        for set in ClaimSet::ALL {
            claims(set, &text, language);
        }
        is_goodbye(&text, LANGUAGES, &[]);
        let offered = LANGUAGES.map(str::to_owned);
        tongue::wished(&text, &offered, language);
        tongue::detected(&text, &offered, language);
        let said = spoken(&text, language);
        prop_assert!(!said.contains('*') && !said.contains("  ") && said.trim() == said);
    }
}

#[test]
fn a_very_long_text_takes_no_long_time() {
    let text = "I have booked it, and if you like I can send it to you again ".repeat(2_000);
    for set in ClaimSet::ALL {
        claims(set, &text, "en-US");
    }
    assert!(split(&text, "en-US").len() > 100);
    assert!(!is_goodbye(&text, ["en-US"], &[]));
    assert!(!spoken(&text, "en-US").is_empty());
}
