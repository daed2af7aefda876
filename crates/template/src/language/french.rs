//! French, as it is counted in France and Canada.

use super::{CurrencyWords, Form, SpokenDate, Words, Year, feminine, masculine, month_name, weekday_name};

pub(super) static WORDS: Words = Words {
    digits: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    plus: "plus",
    minus: "moins",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    months_short: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    weekdays_short: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    before_noon: "AM",
    after_noon: "PM",
    signs: &[
        ('-', "tiret"),
        ('_', "tiret bas"),
        ('.', "point"),
        ('@', "arobase"),
        ('/', "barre oblique"),
        ('+', "plus"),
        ('#', "dièse"),
        ('*', "étoile"),
        ('&', "et"),
        (':', "deux points"),
    ],
    currencies: &CURRENCIES,
    and_hundredths: "et",
    cardinal,
    is_one: |count| count < 2,
    after_millions: |noun| if noun.starts_with(['a', 'e', 'i', 'o', 'u', 'é']) { "d'" } else { "de " },
    spoken_date,
};

static CURRENCIES: [CurrencyWords; 8] = [
    CurrencyWords {
        code: "USD",
        unit: masculine("dollar", "dollars"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "EUR",
        unit: masculine("euro", "euros"),
        hundredth: Some(masculine("centime", "centimes")),
    },
    CurrencyWords {
        code: "GBP",
        unit: feminine("livre", "livres"),
        hundredth: Some(masculine("penny", "pence")),
    },
    CurrencyWords {
        code: "CAD",
        unit: masculine("dollar canadien", "dollars canadiens"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "AUD",
        unit: masculine("dollar australien", "dollars australiens"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "CHF",
        unit: masculine("franc suisse", "francs suisses"),
        hundredth: Some(masculine("centime", "centimes")),
    },
    CurrencyWords {
        code: "MXN",
        unit: masculine("peso mexicain", "pesos mexicains"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords { code: "JPY", unit: masculine("yen", "yens"), hundredth: None },
];

const BELOW_SEVENTEEN: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize",
];
const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];

/// Whether another number word follows, before which `cents` and `vingts` lose their s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Last,
    BeforeThousand,
}

fn cardinal(number: u64, form: Form) -> String {
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, name) in [(1_000_000_000_000, "billion"), (1_000_000_000, "milliard"), (1_000_000, "million")]
    {
        match rest / scale {
            0 => {}
            1 => words.push(format!("un {name}")),
            count => words.push(format!("{} {name}s", below_thousand(count, Form::Masculine, Place::Last))),
        }
        rest %= scale;
    }
    match rest / 1000 {
        0 => {}
        1 => words.push(String::from("mille")),
        count => {
            words.push(format!("{} mille", below_thousand(count, Form::Masculine, Place::BeforeThousand)))
        }
    }
    rest %= 1000;
    if rest > 0 || words.is_empty() {
        words.push(below_thousand(rest, form, Place::Last));
    }
    words.join(" ")
}

fn below_thousand(number: u64, form: Form, place: Place) -> String {
    match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest, form, place),
        (1, 0) => String::from("cent"),
        (1, rest) => format!("cent {}", below_hundred(rest, form, place)),
        (hundreds, 0) => {
            let plural = if place == Place::Last { "s" } else { "" };
            format!("{} cent{plural}", BELOW_SEVENTEEN[hundreds as usize])
        }
        (hundreds, rest) => {
            format!("{} cent {}", BELOW_SEVENTEEN[hundreds as usize], below_hundred(rest, form, place))
        }
    }
}

fn below_hundred(number: u64, form: Form, place: Place) -> String {
    let one = if form == Form::Feminine { "une" } else { "un" };
    let below_twenty = |number: u64| match number {
        1 => String::from(one),
        0..17 => String::from(BELOW_SEVENTEEN[number as usize]),
        _ => format!("dix-{}", BELOW_SEVENTEEN[(number - 10) as usize]),
    };
    match (number, number % 10) {
        (0..20, _) => below_twenty(number),
        (71, _) => String::from("soixante et onze"),
        (61..80, _) if number != 61 => format!("soixante-{}", below_twenty(number - 60)),
        (80, _) if place == Place::Last => String::from("quatre-vingts"),
        (80, _) => String::from("quatre-vingt"),
        (81..100, _) => format!("quatre-vingt-{}", below_twenty(number - 80)),
        (_, 0) => String::from(TENS[(number / 10) as usize]),
        (_, 1) => format!("{} et {one}", TENS[(number / 10) as usize]),
        (_, ones) => format!("{}-{}", TENS[(number / 10) as usize], BELOW_SEVENTEEN[ones as usize]),
    }
}

fn spoken_date(SpokenDate { date, year, .. }: SpokenDate) -> String {
    let weekday = weekday_name(&WORDS.weekdays, date.weekday());
    let day = match date.day().unsigned_abs() {
        1 => String::from("premier"),
        day => cardinal(day.into(), Form::Counting),
    };
    let spoken = format!("{weekday} {day} {}", month_name(&WORDS.months, date));
    match year {
        Year::Said => format!("{spoken} {}", cardinal(date.year().unsigned_abs().into(), Form::Counting)),
        Year::Understood => spoken,
    }
}
