//! Cutting an answer into words, numerals, signs and pauses.

use super::language::Language;
use unicode_normalization::UnicodeNormalization as _;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, folded: lower case, without accents, without apostrophes.
    Word,
    /// Digits with the points, commas and apostrophes between them.
    Numeral,
    /// One character that may mean something: `% $ € £ + - / : @ # * _ &`.
    Sign,
    /// Punctuation at which a speaker pauses.
    Pause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// A letter of the word had an accent.
    pub(super) is_accented: bool,
    /// Nothing stands between it and the token before: `3pm`, `-4`.
    pub(super) joined: bool,
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.text.starts_with(sign)
    }

    pub(super) fn is_pause(&self) -> bool {
        self.kind == Kind::Pause
    }
}

/// The tokens of an answer. Letters are folded, so that `Sí`, `si` and `SI` are one word. In French an
/// apostrophe parts words (`d'accord`), elsewhere it joins them (`don't`).
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token> {
    // "110 m²" has no two in it.
    let chars: Vec<char> = text.chars().filter(|c| !matches!(c, '²' | '³')).nfkd().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut end_of_last = usize::MAX;
    while at < chars.len() {
        let c = chars[at];
        let (kind, length, text) = if c.is_ascii_digit() {
            let length = numeral_length(&chars[at..]);
            (Kind::Numeral, length, chars[at..at + length].iter().collect())
        } else if c.is_alphabetic() {
            let (length, word) = word(&chars[at..], language);
            (Kind::Word, length, word)
        } else if is_pause(c) {
            (Kind::Pause, 1, c.to_string())
        } else if c.is_whitespace() || c.is_control() || is_apostrophe(c) || is_accent(c) {
            at += 1;
            continue;
        } else {
            (Kind::Sign, 1, dash_as_hyphen(c).to_string())
        };
        let is_accented = kind == Kind::Word && chars[at..at + length].iter().any(|c| is_accent(*c));
        tokens.push(Token { kind, text, is_accented, joined: end_of_last == at });
        at += length;
        end_of_last = at;
    }
    drop_hyphens(tokens)
}

/// A pause that stands for words that were left out.
pub(super) fn pause() -> Token {
    Token { kind: Kind::Pause, text: ",".to_owned(), is_accented: false, joined: false }
}

/// The words of a phrase of ours, folded like an answer.
pub(super) fn fold(phrase: &str, language: Language) -> Vec<String> {
    tokens(phrase, language).into_iter().map(|token| token.text).collect()
}

/// The whole of some tokens as people would write them.
pub(super) fn spelled(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        if !text.is_empty() && !token.joined && token.kind != Kind::Pause {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

/// `1,000.5` is one numeral; the point that ends a sentence is none of it.
fn numeral_length(chars: &[char]) -> usize {
    let mut length = 0;
    while length < chars.len() {
        let inside = matches!(chars[length], '.' | ',' | '\'' | '\u{2019}')
            && chars.get(length + 1).is_some_and(char::is_ascii_digit);
        if !chars[length].is_ascii_digit() && !inside {
            break;
        }
        length += 1;
    }
    length
}

/// A word and how many characters it takes.
fn word(chars: &[char], language: Language) -> (usize, String) {
    let mut text = String::new();
    let mut length = 0;
    while length < chars.len() {
        let c = chars[length];
        let joins = is_apostrophe(c)
            && language != Language::Fr
            && chars.get(length + 1).is_some_and(|c| c.is_alphabetic());
        if c.is_alphabetic() {
            fold_letter(c, &mut text);
        } else if !joins && !is_accent(c) {
            break;
        }
        length += 1;
    }
    (length, text)
}

fn fold_letter(c: char, into: &mut String) {
    match c {
        'ß' | 'ẞ' => into.push_str("ss"),
        'æ' | 'Æ' => into.push_str("ae"),
        'œ' | 'Œ' => into.push_str("oe"),
        'ø' | 'Ø' => into.push('o'),
        _ => into.extend(c.to_lowercase().filter(|c| !is_accent(*c))),
    }
}

/// The hyphen of `twenty-three` parts words; one beside a digit stays, for `-4`, `5-7` and `555-0100`.
fn drop_hyphens(mut tokens: Vec<Token>) -> Vec<Token> {
    let kinds: Vec<Kind> = tokens.iter().map(|token| token.kind).collect();
    let mut at = 0_usize;
    tokens.retain(|token| {
        let before = at.checked_sub(1).map(|before| kinds[before]);
        let after = kinds.get(at + 1).copied();
        at += 1;
        !(token.is_sign('-') && before == Some(Kind::Word) && after == Some(Kind::Word))
    });
    tokens
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2bc}')
}

fn is_pause(c: char) -> bool {
    matches!(c, ',' | ';' | '.' | '!' | '?' | '\u{2026}' | '\u{a1}' | '\u{bf}' | '(' | ')' | '"')
}

fn dash_as_hyphen(c: char) -> char {
    if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_cut_into_folded_words() {
        let cases = [
            ("Twenty-three, I'd SAY.", Language::En, "twenty three , id say ."),
            ("D'accord, peut-être !", Language::Fr, "d accord , peut etre !"),
            ("Fünf Straßen", Language::De, "funf strassen"),
            ("1,000.5 -4 3pm 5-7", Language::En, "1,000.5 - 4 3 pm 5 - 7"),
            ("\u{0}\u{7}", Language::En, ""),
            ("50 % a@b.co", Language::En, "50 % a @ b . co"),
        ];
        for (text, language, folded) in cases {
            let words: Vec<String> = tokens(text, language).into_iter().map(|token| token.text).collect();
            assert_eq!(words.join(" "), folded, "{text}");
        }
    }
}
