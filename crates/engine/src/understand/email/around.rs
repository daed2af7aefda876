//! What stands around a spelled address, and corrections of its end.

use super::super::language::{Language, Locale};
use super::super::token::{Kind, Token};
use super::parts::{Sense, TABLES, Table, is_joined};

/// Without what leads to the address: everything up to the last "is" or the like, and fillers.
pub(super) fn without_lead<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let mut at = 0;
    loop {
        while tokens.get(at).is_some_and(Token::is_pause) {
            at += 1;
        }
        match table.lead.at(tokens, at) {
            // A name that is also such a word: "info", "vale guion bajo".
            Some(found) if found.to == at + 1 && is_inside(tokens, found.to, table) => return &tokens[at..],
            Some(found) => at = found.to,
            None => return &tokens[at.min(tokens.len())..],
        }
    }
}

/// Only what follows the last "is" before the sign: `the best one for work is …`.
pub(super) fn after_is<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let sign = (0..tokens.len())
        .find(|at| table.inside.at(tokens, *at).is_some_and(|found| found.sense == Sense::At));
    let sign = sign.unwrap_or(0);
    // In "pete dot ross, that's r o s s, at" the address has begun before.
    let begins = |at: usize| {
        let senses = table.inside.all(&tokens[..at]);
        senses.iter().any(|found| found.from > 0 && matches!(found.sense, Sense::Dot | Sense::Sign(_)))
    };
    let last = table.is.all(&tokens[..sign]).last().filter(|found| !begins(found.from)).map(|found| found.to);
    match last {
        Some(after) => without_lead(&tokens[after..], table),
        None => tokens,
    }
}

/// `a maria punto …`: the word for "to" before a name is no letter.
pub(super) fn without_to<'a>(tokens: &'a [Token], table: &Table, locale: &Locale) -> &'a [Token] {
    let [first, next, ..] = tokens else { return tokens };
    let is_to = first.is_word("a")
        && (locale.language == Language::Es || locale.language == Language::Fr && first.is_accented);
    let is_name = next.kind == Kind::Word && next.text.chars().count() > 2;
    if is_to && is_name && table.inside.at(tokens, 1).is_none() { &tokens[1..] } else { tokens }
}

/// Without thanks and remarks at the end.
pub(super) fn without_tail<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let mut end = tokens.len();
    loop {
        while end > 0 && tokens[end - 1].is_pause() {
            end -= 1;
        }
        let start =
            (0..end).find(|at| table.tail.at(&tokens[..end], *at).is_some_and(|found| found.to == end));
        match start {
            Some(start) => end = start,
            None => return &tokens[..end],
        }
    }
}

fn is_inside(tokens: &[Token], at: usize, table: &Table) -> bool {
    let found = table.inside.at(tokens, at);
    found.is_some_and(|found| matches!(found.sense, Sense::At | Sense::Dot | Sense::Sign(_)))
}

/// Whether there is a dot before the sign, or in what has none.
pub(super) fn begins_with_dots(tokens: &[Token], locale: &Locale) -> bool {
    let found = TABLES.of(locale.language).inside.all(tokens);
    found.iter().take_while(|found| found.sense != Sense::At).any(|found| found.sense == Sense::Dot)
}

/// A correction of an end of the address, put in the place of what it corrects: `example dot net, no, dot org`.
pub(super) fn splice(before: &[Token], after: &[Token], locale: &Locale) -> Option<Vec<Token>> {
    let table = TABLES.of(locale.language);
    // "Net, no, it's dot org".
    let leads = |at: usize| after[at].is_pause() || table.lead.at(after, at).is_some();
    let begin = (0..after.len()).find(|at| is_inside(after, *at, table) || !leads(*at)).unwrap_or(0);
    let after = &after[begin..];
    let sense = |tokens: &[Token], at: usize| {
        let is_point = tokens[at].is_pause() && tokens[at].text == "." && is_joined(tokens, at + 1);
        if is_point { Some(Sense::Dot) } else { table.inside.at(tokens, at).map(|found| found.sense) }
    };
    let first = (!after.is_empty()).then(|| sense(after, 0))??;
    let sign = (0..before.len()).find(|at| sense(before, *at) == Some(Sense::At))?;
    let from = match first {
        Sense::At => sign,
        Sense::Dot => (sign..before.len()).rfind(|at| sense(before, *at) == Some(Sense::Dot))?,
        _ => return None,
    };
    Some([&before[..from], after].concat())
}
