//! The words of a date with what they mean.

use super::super::language::{ByLanguage, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::Phrases;
use super::super::token::{self, Token};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Month(i8),
    /// From 1, Monday.
    Weekday(i8),
    /// So many days from the call.
    Day(i16),
    Holiday(i8, i8),
    /// A holiday by month, how many-th, and day of the week.
    Counted(i8, i8, i8),
    Next,
    Coming,
    This,
    Last,
    /// So many weeks from that of the call, for a weekday in it.
    Week(i16),
    /// Seven days after what stands beside it.
    WeekLater,
    /// Fourteen days after what stands beside it.
    FortnightLater,
    /// The one that follows the next one: `Monday after next`.
    AfterNext,
    /// Makes the day that follows it an approximate one: `around the tenth`.
    About,
    /// Between two days, where both stand beside it: `to`.
    Range,
    /// Every such day of the week, or an English "is" behind one: `Fridays fine`.
    Weekdays(i8),
    /// So many months from that of the call, for a day in it.
    MonthsAway(i16),
    /// So many years from that of the call, for a date in it.
    YearsAway(i16),
    In,
    FromToday,
    Ago,
    Half,
    Unit(Unit),
    /// Between two days, where it is not inside a number.
    And,
    /// Leaves open which day.
    Open,
    Neutral,
    Number(Said),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) sense: Sense,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What the question tells about the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clues {
    None,
    Birth,
    Past,
}

/// Which end of a time a question asks for, or a phrase names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

struct Table {
    answer: Phrases<Sense>,
    question: Phrases<Clues>,
    /// Asks from when on something is, or until when: `ab wann`.
    asks_end: Phrases<End>,
    /// Says that a day is the first one, or the last: `ab dem`.
    ends: Phrases<End>,
    /// What tells of the past in the answer itself: `it was`.
    said: Phrases<Clues>,
    /// What is said of one day: `fine`.
    praise: Phrases<Clues>,
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let senses = senses(list);
    let named: Vec<(&str, Sense)> = senses.iter().map(|(name, sense)| (name.as_str(), *sense)).collect();
    Table {
        answer: Phrases::of_sections(language, list, &named),
        question: Phrases::of_sections(
            language,
            list,
            &[("not past", Clues::None), ("birth", Clues::Birth), ("past", Clues::Past)],
        ),
        asks_end: Phrases::of_sections(language, list, &[("start", End::First), ("end", End::Last)]),
        ends: Phrases::of_sections(language, list, &[("since", End::First), ("until", End::Last)]),
        said: Phrases::of_sections(language, list, &[("said past", Clues::Past)]),
        praise: Phrases::of_sections(language, list, &[("praise", Clues::None)]),
    }
});

/// What the sections of a list mean, by their names: `month 3`, `day -1`, `holiday 12 25`, `next`.
fn senses(list: &str) -> Vec<(String, Sense)> {
    let names = list.lines().filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
    let of = |name: &str| {
        let mut parts = name.split(' ');
        let kind = parts.next()?;
        let numbers: Vec<i16> = parts.clone().filter_map(|part| part.parse().ok()).collect();
        let small = |at: usize| numbers.get(at).and_then(|number| i8::try_from(*number).ok());
        Some(match (kind, parts.next()) {
            ("month", _) => Sense::Month(small(0)?),
            ("weekday", _) => Sense::Weekday(small(0)?),
            ("weekdays", _) => Sense::Weekdays(small(0)?),
            ("day", _) => Sense::Day(*numbers.first()?),
            ("counted", _) => Sense::Counted(small(0)?, small(1)?, small(2)?),
            ("holiday", _) => Sense::Holiday(small(0)?, small(1)?),
            ("months", _) => Sense::MonthsAway(*numbers.first()?),
            ("years", _) => Sense::YearsAway(*numbers.first()?),
            ("unit", Some("day")) => Sense::Unit(Unit::Day),
            ("unit", Some("week")) => Sense::Unit(Unit::Week),
            ("unit", Some("month")) => Sense::Unit(Unit::Month),
            ("unit", Some("year")) => Sense::Unit(Unit::Year),
            ("next", _) => Sense::Next,
            ("coming", _) => Sense::Coming,
            ("this", _) => Sense::This,
            ("last", _) => Sense::Last,
            ("week", Some("later")) => Sense::WeekLater,
            ("fortnight", Some("later")) => Sense::FortnightLater,
            ("after", Some("next")) => Sense::AfterNext,
            ("about", _) => Sense::About,
            ("range", _) => Sense::Range,
            ("week", _) => Sense::Week(*numbers.first()?),
            ("in", _) => Sense::In,
            ("from", Some("today")) => Sense::FromToday,
            ("ago", _) => Sense::Ago,
            ("half", _) => Sense::Half,
            ("and", _) => Sense::And,
            ("open", _) => Sense::Open,
            ("neutral", _) => Sense::Neutral,
            _ => return None,
        })
    };
    names.filter_map(|name| Some((name.to_owned(), of(name)?))).collect()
}

/// What the question says about the year that is meant, or else the answer.
pub(super) fn clues(question: Option<&str>, answer: &[Token], locale: &Locale) -> Clues {
    let tokens = token::tokens(question.unwrap_or(""), locale.language);
    let found = TABLES.of(locale.language).question.all(&tokens);
    let has = |clue: Clues| found.iter().any(|phrase| phrase.sense == clue);
    if has(Clues::Birth) {
        Clues::Birth
    } else if has(Clues::Past) || !TABLES.of(locale.language).said.all(answer).is_empty() {
        Clues::Past
    } else {
        Clues::None
    }
}

/// Whether a phrase says that a day is the first one or the last, where the question asks for just that: `ab dem ersten
/// April`.
pub(super) fn is_asked_end(question: Option<&str>, phrase: &[Token], locale: &Locale) -> bool {
    let table = TABLES.of(locale.language);
    let asked = table.asks_end.all(&token::tokens(question.unwrap_or(""), locale.language));
    table.ends.at(phrase, 0).is_some_and(|said| asked.iter().any(|end| end.sense == said.sense))
}

/// The phrases of an answer and the numbers between them, from left to right; other words are left out.
pub(super) fn pieces(tokens: &[Token], locale: &Locale) -> Vec<Piece> {
    let found = TABLES.of(locale.language).answer.all(tokens);
    // "And" may also stand inside a number: "two thousand and one".
    let claims = |sense: Sense| sense != Sense::And;
    let is_free = |at: usize| {
        !found.iter().any(|phrase| claims(phrase.sense) && (phrase.from..phrase.to).contains(&at))
    };
    let numbers = number::whole_numbers(tokens, locale, is_free);
    let is_number = |at: usize| numbers.iter().any(|said| (said.from..said.to).contains(&at));
    let mut pieces: Vec<Piece> = found
        .iter()
        .filter(|phrase| phrase.sense != Sense::Neutral && !is_number(phrase.from))
        .map(|phrase| Piece { sense: phrase.sense, from: phrase.from, to: phrase.to })
        .collect();
    let days = days(tokens, &numbers).into_iter().map(|said| {
        let said = Said { from: begin_of(tokens, said.from), ..said };
        Piece { sense: Sense::Number(said), from: said.from, to: said.to }
    });
    pieces.extend(days);
    pieces.sort_by_key(|piece| piece.from);
    last_not_day_after_tomorrow(&mut pieces, tokens);
    drop_sounds(&mut pieces, tokens);
    settle_plurals(&mut pieces, tokens, locale);
    drop_bare_units(&mut pieces, tokens);
    pieces
}

/// Where a day of the month begins: at its article, as in `mercredi le deux`.
fn begin_of(tokens: &[Token], mut from: usize) -> usize {
    const ARTICLES: &[&str] = &["le", "el", "den", "der", "dem", "the", "dia"];
    while let Some(before) = from.checked_sub(1)
        && ARTICLES.contains(&tokens[before].text.as_str())
    {
        from = before;
    }
    from
}

/// The numbers that are no hours and minutes.
fn days(tokens: &[Token], numbers: &[Said]) -> Vec<Said> {
    let mut days = Vec::with_capacity(numbers.len());
    let mut hour: Option<&Said> = None;
    for said in numbers {
        let is_minute = hour.is_some_and(|hour| said.from <= hour.to + 1 && said.order != Order::Ordinal);
        if is_minute || counts_hours(tokens, said) {
            hour = Some(said);
        } else {
            days.push(*said);
        }
    }
    days
}

/// `Donnerstag drei Uhr`, `Thursday at three`: the number is no day.
fn counts_hours(tokens: &[Token], said: &Said) -> bool {
    const HOURS: &[&str] = &["uhr", "heures", "heure", "horas", "hora", "oclock", "am", "pm", "h"];
    const PARTS: &[&str] = &["morning", "afternoon", "evening"];
    let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text.as_str());
    let before = |words: usize| text(said.from.checked_sub(words));
    let says_hour = HOURS.contains(&text(Some(said.to)))
        || text(Some(said.to)) == "in" && PARTS.contains(&text(Some(said.to + 2)))
        || text(Some(said.to)) == ":"
        || ["at", "um"].contains(&before(1))
        || ["la", "las"].contains(&before(1)) && before(2) == "a";
    said.order != Order::Ordinal && said.value < 60 && says_hour
}

/// `Oh, the fourth`: no zero, where no number stands beside it.
fn drop_sounds(pieces: &mut Vec<Piece>, tokens: &[Token]) {
    let numbers: Vec<(usize, usize)> = pieces
        .iter()
        .filter(|piece| matches!(piece.sense, Sense::Number(_)))
        .map(|piece| (piece.from, piece.to))
        .collect();
    let is_the = |at: usize| tokens.get(at).is_some_and(|token| token.is_word("the"));
    let is_beside = |piece: &Piece| {
        !is_the(piece.to) && numbers.iter().any(|(from, to)| *to == piece.from || *from == piece.to)
    };
    pieces.retain(|piece| match piece.sense {
        Sense::Number(said) if said.order == Order::Oh => is_beside(piece),
        _ => true,
    });
}

/// `Friday's fine` is one day, "Fridays" are several.
fn settle_plurals(pieces: &mut [Piece], tokens: &[Token], locale: &Locale) {
    let praise = &TABLES.of(locale.language).praise;
    for piece in pieces {
        if let Sense::Weekdays(weekday) = piece.sense {
            let is_one = praise.at(tokens, piece.to).is_some();
            piece.sense = if is_one { Sense::Weekday(weekday) } else { Sense::Open };
        }
    }
}

/// The Spanish `día` is a distance after a number, and says nothing beside a date: `el viernes día cuatro`.
fn drop_bare_units(pieces: &mut Vec<Piece>, tokens: &[Token]) {
    let ends: Vec<usize> =
        pieces.iter().filter(|piece| matches!(piece.sense, Sense::Number(_))).map(|piece| piece.to).collect();
    pieces.retain(|piece| {
        let is_bare = piece.to == piece.from + 1 && tokens[piece.from].is_word("dia");
        piece.sense != Sense::Unit(Unit::Day) || !is_bare || ends.contains(&piece.from)
    });
}

/// The Spanish `pasado` is the day after tomorrow, but `el viernes pasado` is over.
fn last_not_day_after_tomorrow(pieces: &mut [Piece], tokens: &[Token]) {
    for at in 1..pieces.len() {
        let is_after_weekday = matches!(pieces[at - 1].sense, Sense::Weekday(_) | Sense::Month(_))
            && pieces[at - 1].to == pieces[at].from;
        let is_bare = pieces[at].to - pieces[at].from == 1 && tokens[pieces[at].from].is_word("pasado");
        if is_after_weekday && is_bare {
            pieces[at].sense = Sense::Last;
        }
    }
}

/// The numbers among some pieces, without articles.
pub(super) fn numbers(pieces: &[Piece]) -> Vec<Said> {
    pieces
        .iter()
        .filter_map(|piece| match piece.sense {
            Sense::Number(said) if !matches!(said.order, Order::Article) => Some(said),
            _ => None,
        })
        .collect()
}
