//! E-mail addresses, typed or spelled: `j dot smith at example dot com`.

mod around;
mod ending;
mod hints;
mod parts;
mod spelling;

use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use parts::{Part, parts};

/// More words before the sign are a sentence rather than a name.
const LOCAL_WORDS_MAX: usize = 4;
const LABEL_WORDS_MAX: usize = 3;
/// Names of domains end in at least two letters and rarely in more than these.
const TOP_LEVEL_LETTERS: std::ops::RangeInclusive<usize> = 2..=12;

/// Reads an address; the value is in lower case. `words` is the answer as it came, for what was typed.
pub(super) fn read(tokens: &[Token], words: &str, locale: &Locale) -> Reading {
    let typed: Vec<String> = words.split_whitespace().filter_map(typed).collect();
    match typed.as_slice() {
        [] => {}
        [address] => return Reading::value(address.as_str(), "The answer holds an address."),
        several if several.iter().all(|address| *address == several[0]) => {
            return Reading::value(several[0].as_str(), "The answer holds an address.");
        }
        _ => return Reading::unclear("The answer holds several addresses."),
    }
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    // "It used to be …, now it's …".
    let latest = speech::latest_state(tokens, locale);
    if let Some((said, after)) = latest.filter(|(_, after)| speech::has_words(after)) {
        return read(after, "", locale).because(format!("\"{said}\" is what counts."));
    }
    match spoken(tokens, words, locale) {
        Ok(address) => {
            let why = format!("\"{}\" spells the address.", token::spelled(tokens));
            Reading::value(address, why)
        }
        Err(why) => Reading::unclear(why),
    }
}

/// What a correction of the end of an address makes of it: `example dot net, no, dot org`.
pub(super) fn corrected(before: &[Token], after: &[Token], words: &str, locale: &Locale) -> Option<Reading> {
    // "Huber, no, Hubert at …".
    let latest = read(after, words, locale);
    // "R dot smith, no apostrophe" corrects nothing of it.
    let has_dot = |tokens: &[Token]| around::begins_with_dots(tokens, locale);
    if has_dot(before) && !has_dot(after) {
        return None;
    }
    if latest.is_value() && before.iter().filter(|token| !token.is_pause()).count() <= LOCAL_WORDS_MAX {
        return Some(latest);
    }
    let spliced = around::splice(before, after, locale)?;
    Some(read(&spliced, words, locale)).filter(Reading::is_value)
}

/// A word that is an address, without the punctuation around it.
fn typed(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let (local, domain) = word.split_once('@')?;
    (is_local(local) && is_domain(domain)).then_some(word)
}

fn is_local(local: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b);
    (1..=64).contains(&local.len())
        && local.bytes().all(fits)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().copied().unwrap_or("");
    labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && TOP_LEVEL_LETTERS.contains(&top.len())
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

fn spoken(tokens: &[Token], words: &str, locale: &Locale) -> Result<String, String> {
    let parts = parts(tokens, locale)?;
    let mut halves = parts.split(|part| *part == Part::At);
    let (Some(local), Some(domain), None) = (halves.next(), halves.next(), halves.next()) else {
        return Err("An address has one @ in it.".to_owned());
    };
    if is_spelled_in_two_ways(local, words) {
        return Err("A letter of the name can be written in two ways.".to_owned());
    }
    let address = format!("{}@{}", name(local)?, domain_name(domain)?);
    let (local, domain) = address.split_once('@').unwrap_or_default();
    if is_local(local) && is_domain(domain) {
        Ok(address)
    } else {
        Err("The words make no address.".to_owned())
    }
}

/// What stands before the sign.
fn name(parts: &[Part]) -> Result<String, String> {
    let words = parts.iter().filter(|part| matches!(part, Part::Text(text) if text.len() > 1)).count();
    if words > LOCAL_WORDS_MAX {
        return Err("There are too many words before the sign.".to_owned());
    }
    Ok(parts.iter().map(Part::written).collect())
}

/// What stands behind it. After the last dot one word is the end of the address.
fn domain_name(parts: &[Part]) -> Result<String, String> {
    let dot = parts.iter().rposition(|part| *part == Part::Dot);
    let dot = dot.ok_or_else(|| "The domain has no dot.".to_owned())?;
    let top = &parts[dot + 1..];
    let is_spelled = top.iter().all(|part| matches!(part, Part::Text(text) if text.len() == 1));
    if !is_spelled && top.len() > 1 {
        return Err("Words after the address are no part of it.".to_owned());
    }
    for label in parts[..dot].split(|part| *part == Part::Dot) {
        let words = label.iter().filter(|part| matches!(part, Part::Text(text) if text.len() > 1)).count();
        if words > LABEL_WORDS_MAX {
            return Err("There are too many words behind the sign.".to_owned());
        }
    }
    Ok(parts.iter().map(Part::written).collect())
}

/// `müller` may be `mueller` or `muller`.
fn is_spelled_in_two_ways(local: &[Part], words: &str) -> bool {
    let has_umlaut = |word: &&str| word.chars().any(|c| "äöüßñÄÖÜÑ".contains(c));
    let folded = |word: &str| token::fold(word, super::language::Language::De).concat();
    let doubtful: Vec<String> = words.split_whitespace().filter(has_umlaut).map(folded).collect();
    local.iter().any(|part| matches!(part, Part::Text(text) if doubtful.contains(text)))
}
