//! English.

use super::{CurrencyWords, DayOrder, Form, SpokenDate, Words, Year, masculine, month_name, weekday_name};

pub(super) static WORDS: Words = Words {
    digits: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    plus: "plus",
    minus: "minus",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    before_noon: "AM",
    after_noon: "PM",
    signs: &[
        ('-', "dash"),
        ('_', "underscore"),
        ('.', "dot"),
        ('@', "at"),
        ('/', "slash"),
        ('+', "plus"),
        ('#', "hash"),
        ('*', "star"),
        ('&', "and"),
        (':', "colon"),
    ],
    currencies: &CURRENCIES,
    and_hundredths: "and",
    cardinal,
    is_one: |count| count == 1,
    after_millions: |_| "",
    spoken_date,
};

static CURRENCIES: [CurrencyWords; 11] = [
    CurrencyWords {
        code: "USD",
        unit: masculine("dollar", "dollars"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "EUR",
        unit: masculine("euro", "euros"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "GBP",
        unit: masculine("pound", "pounds"),
        hundredth: Some(masculine("penny", "pence")),
    },
    CurrencyWords {
        code: "CAD",
        unit: masculine("Canadian dollar", "Canadian dollars"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "AUD",
        unit: masculine("Australian dollar", "Australian dollars"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "NZD",
        unit: masculine("New Zealand dollar", "New Zealand dollars"),
        hundredth: Some(masculine("cent", "cents")),
    },
    CurrencyWords {
        code: "CHF",
        unit: masculine("Swiss franc", "Swiss francs"),
        hundredth: Some(masculine("centime", "centimes")),
    },
    CurrencyWords {
        code: "MXN",
        unit: masculine("Mexican peso", "Mexican pesos"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords {
        code: "INR",
        unit: masculine("rupee", "rupees"),
        hundredth: Some(masculine("paisa", "paise")),
    },
    CurrencyWords { code: "JPY", unit: masculine("yen", "yen"), hundredth: None },
    CurrencyWords { code: "KRW", unit: masculine("won", "won"), hundredth: None },
];

const BELOW_TWENTY: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 4] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

fn cardinal(number: u64, _: Form) -> String {
    let mut rest = number;
    let mut words = Vec::new();
    for (scale, name) in SCALES {
        if rest >= scale {
            words.push(format!("{} {name}", below_thousand(rest / scale)));
            rest %= scale;
        }
    }
    if rest > 0 || words.is_empty() {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

fn below_thousand(number: u64) -> String {
    match number {
        0..100 => below_hundred(number),
        _ if number.is_multiple_of(100) => format!("{} hundred", below_hundred(number / 100)),
        _ => format!("{} hundred {}", below_hundred(number / 100), below_hundred(number % 100)),
    }
}

fn below_hundred(number: u64) -> String {
    let (tens, ones) = ((number / 10) as usize, (number % 10) as usize);
    match (tens, ones) {
        (0 | 1, _) => String::from(BELOW_TWENTY[number as usize]),
        (_, 0) => String::from(TENS[tens]),
        _ => format!("{}-{}", TENS[tens], BELOW_TWENTY[ones]),
    }
}

fn spoken_date(SpokenDate { date, year, order }: SpokenDate) -> String {
    let weekday = weekday_name(&WORDS.weekdays, date.weekday());
    let month = month_name(&WORDS.months, date);
    let day = ordinal(date.day().unsigned_abs().into());
    let spoken = match order {
        DayOrder::MonthFirst => format!("{weekday}, {month} {day}"),
        DayOrder::DayFirst => format!("{weekday}, the {day} of {month}"),
    };
    match year {
        Year::Said => format!("{spoken}, {}", year_words(date.year().unsigned_abs().into())),
        Year::Understood => spoken,
    }
}

/// The ordinal of a day in a month.
fn ordinal(day: u64) -> String {
    let cardinal = below_hundred(day);
    let (before, last) = match cardinal.rsplit_once('-') {
        Some((tens, ones)) => (format!("{tens}-"), ones),
        None => (String::new(), cardinal.as_str()),
    };
    let last = match last {
        "one" => String::from("first"),
        "two" => String::from("second"),
        "three" => String::from("third"),
        "five" => String::from("fifth"),
        "eight" => String::from("eighth"),
        "nine" => String::from("ninth"),
        "twelve" => String::from("twelfth"),
        _ => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    format!("{before}{last}")
}

/// Years are spoken in pairs, but for the first ten of a millennium.
fn year_words(year: u64) -> String {
    let (century, rest) = (year / 100, year % 100);
    match (century, rest) {
        (10..100, _) if century % 10 == 0 && rest < 10 => cardinal(year, Form::Counting),
        (10..100, 0) => format!("{} hundred", below_hundred(century)),
        (10..100, 1..10) => format!("{} oh {}", below_hundred(century), below_hundred(rest)),
        (10..100, _) => format!("{} {}", below_hundred(century), below_hundred(rest)),
        _ => cardinal(year, Form::Counting),
    }
}
