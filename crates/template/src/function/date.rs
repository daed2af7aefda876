//! Dates and times, written and spoken.

use super::argument::{Arguments, Outcome, Refusal, made};
use super::date_input::Moment;
use super::{Function, Missing, date_pattern};
use crate::language::{DayOrder, Language, Locale, SpokenDate, Year};
use jiff::civil::Date;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "formatDate",
        signature: "formatDate(date[, style])",
        about: "The date as people write it: `short`, `medium` (the default), `long`, `full`, `weekday`, `iso`, or a pattern of `yyyy MM dd` and the like.",
        examples: &[
            ("formatDate(appointment)", "Nov 23, 2026"),
            ("formatDate(\"2026-12-01\", \"full\")", "Tuesday, December 1, 2026"),
            ("formatDate(\"tomorrow\", \"weekday\")", "Tuesday"),
            ("formatDate(appointment, \"dd.MM.yy HH:mm\")", "23.11.26 14:30"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: format_date,
    },
    Function {
        name: "formatTime",
        signature: "formatTime(time[, style])",
        about: "The time of day as people write it: `short` (the default, as usual in the region), `12h`, `24h`, or a pattern of `HH mm ss a`.",
        examples: &[
            ("formatTime(appointment)", "2:30 PM"),
            ("formatTime(appointment, \"24h\")", "14:30"),
            ("formatTime(\"09:05\")", "9:05 AM"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: format_time,
    },
    Function {
        name: "spokenDate",
        signature: "spokenDate(date)",
        about: "The date in words, for speech; the year only where it is not the present one.",
        examples: &[
            ("spokenDate(appointment)", "Monday, November twenty-third"),
            ("spokenDate(\"2027-01-02\")", "Saturday, January second, twenty twenty-seven"),
        ],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: spoken_date,
    },
];

fn format_date<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let moment = moment(arguments)?;
    let date = date(arguments, moment)?;
    let style = arguments.text_or(1, "medium")?;
    let pattern = date_style(&style, date, arguments.locale()).unwrap_or(&style);
    written(arguments, moment, pattern, "the styles are short, medium, long, full, weekday and iso")
}

fn format_time<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let moment = moment(arguments)?;
    if moment.time.is_none() {
        let problem = format!("needs a time of day, and `{}` is only a date", arguments.written(0));
        return Err(Refusal::bad(0, problem));
    }
    let style = arguments.text_or(1, "short")?;
    let pattern = match &*style {
        "short" if arguments.locale().has_twelve_hours() => "h:mm a",
        "12h" => "h:mm a",
        "short" | "24h" => "HH:mm",
        pattern => pattern,
    };
    written(arguments, moment, pattern, "the styles are short, 12h and 24h")
}

fn written<'a>(arguments: &Arguments<'a>, moment: Moment, pattern: &str, styles: &str) -> Outcome<'a> {
    match date_pattern::write(pattern, moment, arguments.locale()) {
        Ok(text) => made(text),
        Err(problem) => Err(Refusal::hinted(
            1,
            problem,
            format!(
                "{styles}; a pattern is made of yyyy yy MMMM MMM MM M dd d EEEE EEE HH H hh h mm ss a and 'text'"
            ),
        )),
    }
}

fn spoken_date<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let date = date(arguments, moment(arguments)?)?;
    let locale = arguments.locale();
    let Some(words) = locale.language.words() else {
        return made(date.to_string());
    };
    let today = arguments.context.now.to_zoned(arguments.context.time_zone.clone()).date();
    let year = if date.year() == today.year() { Year::Understood } else { Year::Said };
    made((words.spoken_date)(SpokenDate { date, year, order: locale.day_order() }))
}

fn moment(arguments: &Arguments<'_>) -> Result<Moment, Refusal> {
    Moment::of(&arguments.values[0], arguments.context).ok_or_else(|| {
        Refusal::hinted(
            0,
            format!("cannot read `{}` as a date or time", arguments.written(0)),
            "write dates as 2026-11-23, times as 14:30, both as 2026-11-23T14:30:00Z, or `today`, `tomorrow`, `now`",
        )
    })
}

fn date(arguments: &Arguments<'_>, moment: Moment) -> Result<Date, Refusal> {
    moment.date.ok_or_else(|| {
        Refusal::bad(0, format!("needs a date, and `{}` is only a time of day", arguments.written(0)))
    })
}

/// The pattern of a named style, or `None` where it is no name.
fn date_style(style: &str, date: Date, locale: Locale) -> Option<&'static str> {
    let month_first = locale.day_order() == DayOrder::MonthFirst;
    let first = date.day() == 1;
    Some(match (style, locale.language) {
        ("iso", _) => "yyyy-MM-dd",
        ("weekday", _) => "EEEE",
        ("short" | "medium" | "long" | "full", Language::Other) => "yyyy-MM-dd",
        ("short", Language::English | Language::French) if locale.is_in(&["CA"]) => "yyyy-MM-dd",
        ("short", Language::English) if month_first => "M/d/yyyy",
        ("short", Language::German) => "dd.MM.yyyy",
        ("short", _) => "dd/MM/yyyy",
        ("medium", Language::English) if month_first => "MMM d, yyyy",
        ("medium", Language::German) => "dd.MM.yyyy",
        ("medium", _) => "d MMM yyyy",
        ("long", Language::English) if month_first => "MMMM d, yyyy",
        ("long", Language::English) => "d MMMM yyyy",
        ("long", Language::Spanish) => "d 'de' MMMM 'de' yyyy",
        ("long", Language::French) if first => "d'er' MMMM yyyy",
        ("long", Language::French) => "d MMMM yyyy",
        ("long", Language::German) => "d. MMMM yyyy",
        ("full", Language::English) if month_first => "EEEE, MMMM d, yyyy",
        ("full", Language::English) => "EEEE, d MMMM yyyy",
        ("full", Language::Spanish) => "EEEE, d 'de' MMMM 'de' yyyy",
        ("full", Language::French) if first => "EEEE d'er' MMMM yyyy",
        ("full", Language::French) => "EEEE d MMMM yyyy",
        ("full", Language::German) => "EEEE, d. MMMM yyyy",
        _ => return None,
    })
}
