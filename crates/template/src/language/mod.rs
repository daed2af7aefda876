//! What differs between languages and regions: names, number words, signs.

mod english;
mod figures;
mod french;
mod german;
mod spanish;

use crate::context::Context;
use jiff::civil::{Date, Weekday};

/// Numbers from here on are spoken digit by digit or written in figures.
pub(crate) const WORDS_BELOW: u64 = 1_000_000_000_000_000;

/// A language with its own words, or any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Spanish,
    French,
    German,
    /// Neutral forms that are wrong nowhere: figures, ISO dates, currency codes.
    Other,
}

/// A language as it is used in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Locale {
    pub(crate) language: Language,
    /// Two capital letters.
    region: Option<[u8; 2]>,
}

/// How a word behaves that a number stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing follows: `uno`, `eins`.
    Counting,
    /// `un dólar`, `ein Euro`.
    Masculine,
    /// `una libra`, `eine Krone`.
    Feminine,
}

/// The words of a language.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) digits: [&'static str; 10],
    pub(crate) plus: &'static str,
    pub(crate) minus: &'static str,
    /// From January.
    pub(crate) months: [&'static str; 12],
    pub(crate) months_short: [&'static str; 12],
    /// From Monday.
    pub(crate) weekdays: [&'static str; 7],
    pub(crate) weekdays_short: [&'static str; 7],
    pub(crate) before_noon: &'static str,
    pub(crate) after_noon: &'static str,
    /// How signs are called when a text is spelled.
    pub(crate) signs: &'static [(char, &'static str)],
    pub(crate) currencies: &'static [CurrencyWords],
    /// Between the amount and its hundredths.
    pub(crate) and_hundredths: &'static str,
    /// A whole number below [`WORDS_BELOW`].
    pub(crate) cardinal: fn(u64, Form) -> String,
    /// What counts as one thing.
    pub(crate) is_one: fn(u64) -> bool,
    /// What stands between a round number of millions and what it counts: `un millón de euros`.
    pub(crate) after_millions: fn(&str) -> &'static str,
    /// A spoken date; the year is left out where it goes without saying.
    pub(crate) spoken_date: fn(SpokenDate) -> String,
}

/// A date to be spoken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpokenDate {
    pub(crate) date: Date,
    pub(crate) year: Year,
    pub(crate) order: DayOrder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Year {
    Said,
    Understood,
}

/// Which of day and month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
}

/// How a currency is called.
#[derive(Debug)]
pub(crate) struct CurrencyWords {
    pub(crate) code: &'static str,
    pub(crate) unit: Noun,
    /// The hundredth, where there is one.
    pub(crate) hundredth: Option<Noun>,
}

/// A word for one and for many.
#[derive(Debug)]
pub(crate) struct Noun {
    pub(crate) one: &'static str,
    pub(crate) many: &'static str,
    pub(crate) form: Form,
}

const fn masculine(one: &'static str, many: &'static str) -> Noun {
    Noun { one, many, form: Form::Masculine }
}

const fn feminine(one: &'static str, many: &'static str) -> Noun {
    Noun { one, many, form: Form::Feminine }
}

/// The signs between and within numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberSigns {
    pub(crate) group: Option<char>,
    pub(crate) decimal: char,
    /// Shortest whole number that is grouped, in digits.
    pub(crate) grouped_from: usize,
    pub(crate) grouping: Grouping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    Thousands,
    /// Thousands, then hundreds: `12,34,567`.
    Lakhs,
}

impl Language {
    pub(crate) fn words(self) -> Option<&'static Words> {
        match self {
            Language::English => Some(&english::WORDS),
            Language::Spanish => Some(&spanish::WORDS),
            Language::French => Some(&french::WORDS),
            Language::German => Some(&german::WORDS),
            Language::Other => None,
        }
    }
}

impl Locale {
    /// The language of the context; its region is the tag's own, else the context's.
    pub(crate) fn of(context: &Context) -> Locale {
        let mut parts = context.language.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let language = [
            ("en", Language::English),
            ("es", Language::Spanish),
            ("fr", Language::French),
            ("de", Language::German),
        ]
        .into_iter()
        .find(|(code, _)| primary.eq_ignore_ascii_case(code))
        .map_or(Language::Other, |(_, language)| language);
        let region = parts.find_map(region_code).or_else(|| context.region.as_deref().and_then(region_code));
        Locale { language, region }
    }

    pub(crate) fn is_in(self, regions: &[&str]) -> bool {
        self.region.is_some_and(|region| regions.iter().any(|other| other.as_bytes() == region))
    }

    /// Spanish is written with a decimal point from Mexico to Peru, and with a comma elsewhere.
    pub(crate) fn is_american_spanish(self) -> bool {
        self.language == Language::Spanish
            && self.is_in(&["DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"])
    }

    /// Spaces are plain ones and no sign is outside GSM-7: a no-break space would double what a
    /// text message costs.
    pub(crate) fn number_signs(self) -> NumberSigns {
        let point = |grouping| NumberSigns { group: Some(','), decimal: '.', grouped_from: 4, grouping };
        match self.language {
            Language::English if self.is_in(&["IN"]) => point(Grouping::Lakhs),
            Language::English => point(Grouping::Thousands),
            Language::Spanish if self.is_american_spanish() => point(Grouping::Thousands),
            Language::Spanish => {
                NumberSigns { group: Some('.'), decimal: ',', grouped_from: 5, grouping: Grouping::Thousands }
            }
            Language::French => {
                NumberSigns { group: Some(' '), decimal: ',', grouped_from: 4, grouping: Grouping::Thousands }
            }
            Language::German if self.is_in(&["CH", "LI"]) => NumberSigns {
                group: Some('\''),
                decimal: '.',
                grouped_from: 4,
                grouping: Grouping::Thousands,
            },
            Language::German => {
                NumberSigns { group: Some('.'), decimal: ',', grouped_from: 4, grouping: Grouping::Thousands }
            }
            Language::Other => {
                NumberSigns { group: None, decimal: '.', grouped_from: 4, grouping: Grouping::Thousands }
            }
        }
    }

    /// English without a region is American.
    pub(crate) fn day_order(self) -> DayOrder {
        let american = self.region.is_none() || self.is_in(&["US", "CA", "PH"]);
        if self.language == Language::English && american { DayOrder::MonthFirst } else { DayOrder::DayFirst }
    }

    pub(crate) fn has_twelve_hours(self) -> bool {
        self.language == Language::English
            && (self.region.is_none() || self.is_in(&["US", "CA", "AU", "NZ", "IN", "PH", "PK", "SG", "MY"]))
    }
}

fn region_code(text: &str) -> Option<[u8; 2]> {
    let code: [u8; 2] = text.as_bytes().try_into().ok()?;
    code.iter().all(u8::is_ascii_alphabetic).then(|| code.map(|letter| letter.to_ascii_uppercase()))
}

/// The name of a weekday from a row that begins with Monday.
pub(crate) fn weekday_name(names: &[&'static str; 7], weekday: Weekday) -> &'static str {
    names[weekday.to_monday_zero_offset().unsigned_abs() as usize]
}

/// The name of a date's month from a row that begins with January.
pub(crate) fn month_name(names: &[&'static str; 12], date: Date) -> &'static str {
    names[date.month().unsigned_abs() as usize - 1]
}
