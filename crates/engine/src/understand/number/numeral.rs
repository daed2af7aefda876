//! Numbers written in digits, as each language writes them.

use super::super::language::{Language, Locale};
use super::super::token::{Kind, Token};
use super::item::Part;

/// Digits, and how many tokens they take: `1 000` is one number in French.
pub(super) struct Grouped {
    pub(super) part: Part,
    pub(super) tokens: usize,
}

pub(super) fn grouped(tokens: &[Token], locale: &Locale) -> Option<Grouped> {
    let first = tokens.first().filter(|token| token.kind == Kind::Numeral)?;
    let mut text = first.text.clone();
    let mut taken = 1;
    if locale.language != Language::En && is_group_start(&text) {
        while let Some(next) = tokens.get(taken).filter(|token| is_group(token)) {
            text.push_str(&next.text);
            taken += 1;
        }
    }
    Some(Grouped { part: part(&text, locale)?, tokens: taken })
}

fn is_group_start(text: &str) -> bool {
    (1..=3).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}

/// Three digits, perhaps with decimals behind.
fn is_group(token: &Token) -> bool {
    let digits = token.text.bytes().take_while(u8::is_ascii_digit).count();
    token.kind == Kind::Numeral && !token.joined && digits == 3
}

fn part(text: &str, locale: &Locale) -> Option<Part> {
    let (whole, decimals) = value(text, locale)?;
    let value = format!("{whole}.{decimals}0").parse::<f64>().ok()?;
    Some(Part::Numeral {
        value,
        digits: u32::try_from(whole.len()).ok()?,
        is_whole: decimals.is_empty(),
        leads_with_zero: whole.starts_with('0'),
    })
}

/// Whole and decimals. Marks that could be either in this language make nothing of it: `1,5` in English.
fn value(text: &str, locale: &Locale) -> Option<(String, String)> {
    let text = text.replace(['\u{2019}', '\''], "");
    let decimal = locale.decimal_mark();
    let group = if decimal == '.' { ',' } else { '.' };
    let has_groups = |whole: &str, mark: char| {
        let mut parts = whole.split(mark);
        let first = parts.next().unwrap_or("");
        (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3)
    };
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    match (text.matches(decimal).count(), text.matches(group).count()) {
        (0, 0) => Some((text, String::new())),
        (0, _) if has_groups(&text, group) => Some((digits(&text), String::new())),
        // Not three digits behind: a point is for decimals wherever people write English style on a phone.
        (0, 1) if group == '.' => {
            let (whole, decimals) = text.split_once('.')?;
            Some((whole.to_owned(), decimals.to_owned()))
        }
        (1, groups) => {
            let (whole, decimals) = text.split_once(decimal)?;
            let is_sound = !decimals.contains(group) && (groups == 0 || has_groups(whole, group));
            is_sound.then(|| (digits(whole), digits(decimals)))
        }
        _ => None,
    }
}
