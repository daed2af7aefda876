//! German.

use super::{CurrencyWords, Form, SpokenDate, Words, Year, masculine, month_name, weekday_name};

pub(super) static WORDS: Words = Words {
    digits: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    plus: "plus",
    minus: "minus",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    months_short: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
    ],
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    weekdays_short: ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."],
    before_noon: "AM",
    after_noon: "PM",
    signs: &[
        ('-', "Bindestrich"),
        ('_', "Unterstrich"),
        ('.', "Punkt"),
        ('@', "at"),
        ('/', "Schrägstrich"),
        ('+', "plus"),
        ('#', "Raute"),
        ('*', "Stern"),
        ('&', "und"),
        (':', "Doppelpunkt"),
    ],
    currencies: &CURRENCIES,
    and_hundredths: "und",
    cardinal,
    is_one: |count| count == 1,
    after_millions: |_| "",
    spoken_date,
};

static CURRENCIES: [CurrencyWords; 8] = [
    CurrencyWords {
        code: "USD",
        unit: masculine("Dollar", "Dollar"),
        hundredth: Some(masculine("Cent", "Cent")),
    },
    CurrencyWords {
        code: "EUR",
        unit: masculine("Euro", "Euro"),
        hundredth: Some(masculine("Cent", "Cent")),
    },
    CurrencyWords {
        code: "GBP",
        unit: masculine("Pfund", "Pfund"),
        hundredth: Some(masculine("Penny", "Pence")),
    },
    CurrencyWords {
        code: "CAD",
        unit: masculine("kanadischer Dollar", "kanadische Dollar"),
        hundredth: Some(masculine("Cent", "Cent")),
    },
    CurrencyWords {
        code: "AUD",
        unit: masculine("australischer Dollar", "australische Dollar"),
        hundredth: Some(masculine("Cent", "Cent")),
    },
    CurrencyWords {
        code: "CHF",
        unit: masculine("Schweizer Franken", "Schweizer Franken"),
        hundredth: Some(masculine("Rappen", "Rappen")),
    },
    CurrencyWords {
        code: "MXN",
        unit: masculine("mexikanischer Peso", "mexikanische Pesos"),
        hundredth: Some(masculine("Centavo", "Centavos")),
    },
    CurrencyWords { code: "JPY", unit: masculine("Yen", "Yen"), hundredth: None },
];

const BELOW_TWENTY: [&str; 20] = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const TENS: [&str; 10] =
    ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

fn cardinal(number: u64, form: Form) -> String {
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, one, many) in [
        (1_000_000_000_000, "eine Billion", "Billionen"),
        (1_000_000_000, "eine Milliarde", "Milliarden"),
        (1_000_000, "eine Million", "Millionen"),
    ] {
        match rest / scale {
            0 => {}
            1 => words.push(String::from(one)),
            count => words.push(format!("{} {many}", below_million(count, Form::Masculine))),
        }
        rest %= scale;
    }
    if rest > 0 || words.is_empty() {
        words.push(below_million(rest, form));
    }
    words.join(" ")
}

/// One word, with the ending of its last part.
fn below_million(number: u64, form: Form) -> String {
    let mut word = String::new();
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands > 0 {
        word.push_str(&below_thousand(thousands));
        word.push_str("tausend");
    }
    if rest > 0 || thousands == 0 {
        word.push_str(&below_thousand(rest));
    }
    if number % 100 == 1 {
        word.push_str(match form {
            Form::Counting => "s",
            Form::Masculine => "",
            Form::Feminine => "e",
        });
    }
    word
}

/// With `ein` for a one at its end.
fn below_thousand(number: u64) -> String {
    match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{}hundert", BELOW_TWENTY[hundreds as usize]),
        (hundreds, rest) => format!("{}hundert{}", BELOW_TWENTY[hundreds as usize], below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    let (tens, ones) = ((number / 10) as usize, (number % 10) as usize);
    match (tens, ones) {
        (0 | 1, _) => String::from(BELOW_TWENTY[number as usize]),
        (_, 0) => String::from(TENS[tens]),
        _ => format!("{}und{}", BELOW_TWENTY[ones], TENS[tens]),
    }
}

fn spoken_date(SpokenDate { date, year, .. }: SpokenDate) -> String {
    let weekday = weekday_name(&WORDS.weekdays, date.weekday());
    let day = date.day().unsigned_abs();
    let day = match day {
        1 => String::from("erste"),
        3 => String::from("dritte"),
        7 => String::from("siebte"),
        8 => String::from("achte"),
        0..20 => format!("{}te", below_hundred(day.into())),
        _ => format!("{}ste", below_hundred(day.into())),
    };
    let spoken = format!("{weekday}, der {day} {}", month_name(&WORDS.months, date));
    match year {
        Year::Said => format!("{spoken} {}", year_words(date.year().unsigned_abs().into())),
        Year::Understood => spoken,
    }
}

/// From 1100 to 1999, years are counted in hundreds.
fn year_words(year: u64) -> String {
    match (year / 100, year % 100) {
        (11..20, 0) => format!("{}hundert", below_hundred(year / 100)),
        (11..20, rest) => {
            format!("{}hundert{}", below_hundred(year / 100), below_million(rest, Form::Counting))
        }
        _ => cardinal(year, Form::Counting),
    }
}
