//! Codes and other digits whose zeros in front count.

use super::Asked;
use super::language::{Language, Locale};
use super::number::{self, Order, Run};
use super::reading::Reading;
use super::speech;
use super::token::{self, Kind, Token};

/// Fewer digits beside other words are a quantity rather than a code.
const CODE_DIGITS_MIN: usize = 3;
/// In a longer sentence the digits may be anything.
const SENTENCE_WORDS_MAX: usize = 9;

/// All digits of the answer in a row. Other words may stand around them, but not between them.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if let Some(letter) = letter(tokens, locale) {
        return Reading::unclear(format!("\"{letter}\" is a letter, and only digits were asked for."));
    }
    if tokens.iter().any(|token| token.kind == Kind::Numeral && token.text.contains(['.', ',', '\''])) {
        return Reading::unclear("A decimal mark is no part of a code.");
    }
    let lengths = lengths(asked, locale);
    let runs = number::digit_runs(tokens, locale);
    match runs.as_slice() {
        [] => Reading::unclear("There are no digits in the answer."),
        [run] if run.has_doubt => Reading::unclear("The words around the digits leave open which they are."),
        [run] if run.digits.starts_with('+') => Reading::unclear("A sign is no part of a code."),
        [Run { digits, .. }] if !lengths.is_empty() => {
            if lengths.contains(&digits.len()) {
                told(digits)
            } else {
                Reading::unclear(format!(
                    "The question asks for another number of digits than {}.",
                    digits.len()
                ))
            }
        }
        [Run { digits, others, .. }] if is_quantity(digits, *others) => {
            Reading::unclear("So few digits in a sentence may count something.")
        }
        [run] => told(&run.digits),
        several => {
            let said: Vec<&str> = several.iter().map(|run| run.digits.as_str()).collect();
            Reading::unclear(format!("There are several groups of digits: {}.", said.join(", ")))
        }
    }
}

fn told(digits: &str) -> Reading {
    Reading::value(digits, format!("The digits are {digits}."))
}

fn is_quantity(digits: &str, others: usize) -> bool {
    digits.len() < CODE_DIGITS_MIN && others > 0 || others > SENTENCE_WORDS_MAX
}

/// How many digits the question says there are: `your four-digit code`, `die letzten vier Ziffern`, or those of the
/// postal codes of the person's country. Nothing where it does not say.
fn lengths(asked: &Asked<'_>, locale: &Locale) -> Vec<usize> {
    const DIGITS: &[&str] = &[
        "digit", "digits", "ziffern", "ziffer", "stellen", "chiffres", "cifras", "digitos", "numeros",
        "zahlen",
    ];
    let question = token::tokens(asked.question.unwrap_or(""), locale.language);
    let numbers = number::whole_numbers(&question, locale, |_| true);
    let counts = |at: usize| numbers.iter().find(|said| said.to == at && said.order == Order::Cardinal);
    let of_noun = question.iter().enumerate().find_map(|(at, token)| {
        let said = counts(at).filter(|_| DIGITS.contains(&token.text.as_str()))?;
        usize::try_from(said.value).ok().filter(|length| *length > 0)
    });
    if let Some(length) = of_noun.or_else(|| question.iter().find_map(|token| of_compound(&token.text))) {
        return vec![length];
    }
    postal_code(&question, locale)
}

/// `vierstellig`, `sechsstelligen`.
fn of_compound(word: &str) -> Option<usize> {
    const NUMBERS: &[&str] =
        &["zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf"];
    let (number, _) = word.split_once("stellig")?;
    NUMBERS.iter().position(|name| *name == number).map(|at| at + 2)
}

fn postal_code(question: &[Token], locale: &Locale) -> Vec<usize> {
    let asks = |first: &str, second: &str| {
        question.windows(2).any(|pair| pair[0].is_word(first) && pair[1].is_word(second))
    };
    let region = locale.region.as_deref().unwrap_or("");
    match locale.language {
        Language::En if asks("zip", "code") => vec![5, 9],
        Language::De if question.iter().any(|token| token.is_word("postleitzahl")) => match region {
            "AT" | "CH" | "LI" => vec![4],
            _ => vec![5],
        },
        Language::Fr if asks("code", "postal") => match region {
            "CH" | "BE" | "LU" => vec![4],
            "CA" => Vec::new(),
            _ => vec![5],
        },
        Language::Es if asks("codigo", "postal") && matches!(region, "ES" | "MX" | "") => vec![5],
        _ => Vec::new(),
    }
}

/// A letter beside digits: the code has letters in it. Words of one letter are none, unless a French one that is
/// written with an apostrophe stands before a digit.
fn letter<'a>(tokens: &'a [Token], locale: &Locale) -> Option<&'a str> {
    let words = match locale.language {
        Language::En => "aion",
        Language::Es => "aeoyu",
        Language::Fr => "aycdjlmnst",
        Language::De => "nso",
        Language::Other => "abcdefghijklmnopqrstuvwxyz",
    };
    let numbers = number::whole_numbers(tokens, locale, |_| true);
    let is_before_number = |at: usize| {
        let begins = |said: &number::Said| said.from == at + 1 && said.order == Order::Cardinal;
        let may_be_word = !matches!(locale.language, Language::Fr | Language::En);
        let is_en = locale.language == Language::En && tokens[at].text == "a";
        is_en && numbers.iter().any(begins)
            || !may_be_word
                && locale.language == Language::Fr
                && tokens[at].text != "a"
                && tokens[at].text != "y"
                && numbers.iter().any(begins)
    };
    let is_letter = |at: usize| {
        let token = &tokens[at];
        token.kind == Kind::Word
            && token.text.len() == 1
            && (!words.contains(token.text.as_str()) || is_before_number(at))
    };
    (0..tokens.len()).find(|at| is_letter(*at)).map(|at| tokens[at].text.as_str())
}

/// What a correction of some of the digits makes of them, where the question says how many there are.
pub(super) fn corrected(
    before: &[Token],
    after: &[Token],
    asked: &Asked<'_>,
    locale: &Locale,
) -> Option<Reading> {
    let lengths = lengths(asked, locale);
    let digits = number::corrected(before, after, locale, |digits| {
        lengths.contains(&digits.len()).then(|| digits.to_owned())
    })?;
    Some(told(&digits))
}
