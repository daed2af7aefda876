//! Text as tokens. No real tokenizer: words with the blank before them, long words in pieces, so that counts are
//! near enough to the real ones and always the same.

/// The longest piece of a word, in characters.
const PIECE_CHARS_MAX: usize = 7;

/// The pieces in which a text is streamed and counted. Together they are the text.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = 0;
    let mut previous = None;
    for (index, c) in text.char_indices() {
        let begins = match previous {
            None => false,
            Some(before) => {
                let word_ends = !is_word(c) && is_word(before);
                let mark_ends = !is_word(before) && before != ' ';
                word_ends || mark_ends || (c == ' ' && before != ' ') || chars == PIECE_CHARS_MAX
            }
        };
        if begins {
            pieces.push(&text[start..index]);
            start = index;
            chars = 0;
        }
        chars += 1;
        previous = Some(c);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

pub(super) fn count(text: &str) -> usize {
    split(text).len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_with_their_blanks_and_make_up_the_text() {
        let cases: [(&str, &[&str]); 5] = [
            ("Hello, Ann!", &["Hello", ",", " Ann", "!"]),
            ("I don't know.", &["I", " don't", " know", "."]),
            ("confirmation", &["confirm", "ation"]),
            ("  a", &["  a"]),
            ("", &[]),
        ];
        for (text, pieces) in cases {
            assert_eq!(split(text), pieces);
            assert_eq!(split(text).concat(), text);
        }
    }
}
