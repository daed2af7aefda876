//! Values with the ways in which people say them.

use super::words::{cardinal, day, year};
use engine::understand::{AnswerType, Choice};
use jiff::civil::{Date, date};
use serde_json::Value;

/// The day of the call, from which days without a year are counted.
pub(super) const CALL_DATE: Date = date(2026, 11, 23);

/// One value, said in one way.
pub(super) struct Form {
    pub(super) value: Value,
    pub(super) text: String,
}

/// A question, and values that answer it.
pub(super) struct Spoken {
    pub(super) kind: AnswerType,
    pub(super) question: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) forms: Vec<Form>,
}

fn spoken(kind: AnswerType, question: &'static str, forms: Vec<Form>) -> Spoken {
    Spoken { kind, question, choices: Vec::new(), forms }
}

fn form(value: impl Into<Value>, text: impl Into<String>) -> Form {
    Form { value: value.into(), text: text.into() }
}

/// The one of four texts that is of a language.
fn of<T>(language: &str, [en, es, fr, de]: [T; 4]) -> T {
    match &language[..2] {
        "en" => en,
        "es" => es,
        "fr" => fr,
        _ => de,
    }
}

/// Whole numbers in words and in figures.
pub(super) fn numbers(language: &str) -> Vec<Spoken> {
    const VALUES: [u32; 34] = [
        2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 22, 25, 31, 34, 48, 50, 60, 66, 71, 77,
        80, 85, 91, 99, 100, 104, 250,
    ];
    let question = of(
        language,
        [
            "How many boxes do you need?",
            "¿Cuántas cajas necesita?",
            "Combien de cartons vous faut-il ?",
            "Wie viele Kisten brauchen Sie?",
        ],
    );
    let forms = VALUES.iter().flat_map(|n| [form(*n, cardinal(language, *n)), form(*n, n.to_string())]);
    vec![spoken(AnswerType::Number, question, forms.collect())]
}

fn month(language: &str, at: usize) -> &'static str {
    const MONTHS: [[&str; 4]; 12] = [
        ["january", "enero", "janvier", "januar"],
        ["february", "febrero", "février", "februar"],
        ["march", "marzo", "mars", "märz"],
        ["april", "abril", "avril", "april"],
        ["may", "mayo", "mai", "mai"],
        ["june", "junio", "juin", "juni"],
        ["july", "julio", "juillet", "juli"],
        ["august", "agosto", "août", "august"],
        ["september", "septiembre", "septembre", "september"],
        ["october", "octubre", "octobre", "oktober"],
        ["november", "noviembre", "novembre", "november"],
        ["december", "diciembre", "décembre", "dezember"],
    ];
    of(language, MONTHS[at - 1])
}

fn weekday(language: &str, date: Date) -> &'static str {
    const DAYS: [[&str; 4]; 7] = [
        ["monday", "lunes", "lundi", "montag"],
        ["tuesday", "martes", "mardi", "dienstag"],
        ["wednesday", "miércoles", "mercredi", "mittwoch"],
        ["thursday", "jueves", "jeudi", "donnerstag"],
        ["friday", "viernes", "vendredi", "freitag"],
        ["saturday", "sábado", "samedi", "samstag"],
        ["sunday", "domingo", "dimanche", "sonntag"],
    ];
    let at = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    of(language, DAYS[at])
}

/// Days of the coming year with and without it, and days of birth.
pub(super) fn days(language: &str) -> Vec<Spoken> {
    let at = |n: i16, step: i16, of: i16| i8::try_from(n * step % of + 1).expect("it is small");
    let coming: Vec<Date> = (0..24)
        .map(|n| {
            let (month, day) = (at(n + 11, 1, 12), at(n, 5, 28));
            let next = date(2026, month, day);
            if next >= CALL_DATE { next } else { date(2027, month, day) }
        })
        .collect();
    let births: Vec<Date> = (0..20).map(|n| date(1942 + n * 3, at(n, 7, 12), at(n, 11, 28))).collect();
    let when = of(
        language,
        [
            "What day suits you?",
            "¿Qué día le viene bien?",
            "Quel jour vous convient ?",
            "Welcher Tag passt Ihnen?",
        ],
    );
    let born = of(
        language,
        [
            "What is your date of birth?",
            "¿Cuál es su fecha de nacimiento?",
            "Quelle est votre date de naissance ?",
            "Wie lautet Ihr Geburtsdatum?",
        ],
    );
    let forms = |dates: &[Date], ways: fn(&str, Date) -> Vec<String>| {
        dates
            .iter()
            .flat_map(|date| ways(language, *date).into_iter().map(|way| form(date.to_string(), way)))
            .collect()
    };
    vec![
        spoken(AnswerType::Date, when, forms(&coming, coming_ways)),
        spoken(AnswerType::Date, born, forms(&births, birth_ways)),
    ]
}

fn parts(language: &str, date: Date) -> (u32, u32, &'static str, String, &'static str) {
    let day_of_month = u32::from(date.day().unsigned_abs());
    let month_at = usize::from(date.month().unsigned_abs());
    let number = u32::try_from(month_at).expect("a month");
    (day_of_month, number, month(language, month_at), day(language, day_of_month), weekday(language, date))
}

fn coming_ways(language: &str, date: Date) -> Vec<String> {
    let (d, _, month, day, weekday) = parts(language, date);
    let year_words = year(language, u32::from(date.year().unsigned_abs()));
    match &language[..2] {
        "en" => vec![
            format!("{month} {day}"),
            format!("the {day} of {month}"),
            format!("{month} {d}"),
            format!("{weekday} the {day} of {month}"),
            format!("{weekday} {month} {day}"),
            format!("{month} {day} {year_words}"),
        ],
        "es" => vec![
            format!("el {day} de {month}"),
            format!("{d} de {month}"),
            format!("el {weekday} {day} de {month}"),
            format!("el {day} de {month} de {year_words}"),
        ],
        "fr" => vec![
            format!("le {day} {month}"),
            format!("{d} {month}"),
            format!("{weekday} {day} {month}"),
            format!("le {weekday} {day} {month}"),
            format!("le {day} {month} {year_words}"),
        ],
        _ => vec![
            format!("am {day} {month}"),
            format!("der {d}. {month}"),
            format!("{weekday} den {day} {month}"),
            format!("am {weekday} dem {day} {month}"),
            format!("den {day} {month} {year_words}"),
        ],
    }
}

fn birth_ways(language: &str, date: Date) -> Vec<String> {
    let (d, number, month, day_words, _) = parts(language, date);
    let y = u32::from(date.year().unsigned_abs());
    let (year_words, short) = (year(language, y), cardinal(language, y % 100));
    match &language[..2] {
        "en" => {
            let mut ways = vec![
                format!("{month} {day_words} {year_words}"),
                format!("the {day_words} of {month} {year_words}"),
                format!("{month} {d}, {y}"),
                format!("{number}/{d}/{y}"),
            ];
            if y < 2000 {
                ways.push(format!("{month} {day_words} {short}"));
            }
            ways
        }
        "es" => vec![
            format!("el {day_words} de {month} de {year_words}"),
            format!("{d} de {month} de {y}"),
            format!("{d}/{number}/{y}"),
            format!("el {day_words} de {month} del {short}"),
        ],
        "fr" => vec![
            format!("le {day_words} {month} {year_words}"),
            format!("{d} {month} {y}"),
            format!("{d}/{number}/{y}"),
            format!("{day_words} {month} {short}"),
        ],
        _ => vec![
            format!("{day_words} {month} {year_words}"),
            format!("{d}. {month} {y}"),
            format!("{d}.{number}.{y}"),
            format!("am {day_words} {} {short}", day(language, number)),
        ],
    }
}

/// Times of the whole day, by quarters and a few minutes.
pub(super) fn times(language: &str) -> Vec<Spoken> {
    const TIMES: [(u32, u32); 22] = [
        (7, 0),
        (8, 15),
        (8, 30),
        (9, 0),
        (9, 45),
        (10, 20),
        (11, 10),
        (13, 0),
        (13, 30),
        (14, 0),
        (14, 15),
        (14, 45),
        (15, 30),
        (15, 50),
        (16, 0),
        (16, 5),
        (17, 15),
        (18, 0),
        (18, 30),
        (19, 40),
        (20, 15),
        (21, 0),
    ];
    let question = of(
        language,
        [
            "What time works for you?",
            "¿A qué hora le viene bien?",
            "À quelle heure cela vous convient-il ?",
            "Um wie viel Uhr passt es Ihnen?",
        ],
    );
    let forms = TIMES.iter().flat_map(|(hour, minute)| {
        let ways = match &language[..2] {
            "en" => english_times(*hour, *minute),
            "es" => spanish_times(*hour, *minute),
            "fr" => french_times(*hour, *minute),
            _ => german_times(*hour, *minute),
        };
        let value = format!("{hour:02}:{minute:02}");
        ways.into_iter().map(move |way| form(value.clone(), way))
    });
    vec![spoken(AnswerType::Time, question, forms.collect())]
}

fn on_twelve(hour: u32) -> u32 {
    if hour > 12 { hour - 12 } else { hour }
}

fn english_times(hour: u32, minute: u32) -> Vec<String> {
    let n = |n| cardinal("en", n);
    let part = if hour < 12 {
        "in the morning"
    } else if hour < 18 {
        "in the afternoon"
    } else {
        "in the evening"
    };
    let half = if hour < 12 { "am" } else { "pm" };
    let h = on_twelve(hour);
    let minutes = match minute {
        0 => String::new(),
        1..10 => format!(" oh {}", n(minute)),
        _ => format!(" {}", n(minute)),
    };
    let mut ways = vec![format!("{}{minutes} {half}", n(h)), format!("{}{minutes} {part}", n(h))];
    ways.push(if minute == 0 { format!("{h} {half}") } else { format!("{h}:{minute:02} {half}") });
    if !(10..=12).contains(&hour) {
        ways.push(format!("{hour:02}:{minute:02}"));
    }
    match minute {
        0 => ways.push(format!("{} o'clock {part}", n(h))),
        15 => ways.push(format!("a quarter past {} {part}", n(h))),
        30 => ways.push(format!("half past {} {part}", n(h))),
        45 => ways.push(format!("a quarter to {} {part}", n(h + 1))),
        31.. => ways.push(format!("{} to {} {part}", n(60 - minute), n(h + 1))),
        _ => ways.push(format!("{} past {} {part}", n(minute), n(h))),
    }
    ways
}

fn spanish_times(hour: u32, minute: u32) -> Vec<String> {
    let n = |n| if n == 1 { "una".to_owned() } else { cardinal("es", n) };
    let article = |h| if h == 1 { "la" } else { "las" };
    let part = if hour < 12 {
        "de la mañana"
    } else if hour < 20 {
        "de la tarde"
    } else {
        "de la noche"
    };
    let h = on_twelve(hour);
    let mut ways = Vec::new();
    if !(10..=12).contains(&hour) {
        ways.push(format!("{hour:02}:{minute:02}"));
    }
    let late = |ways: &mut Vec<String>, text: String| {
        if hour > 12 {
            ways.push(text)
        }
    };
    match minute {
        0 => {
            ways.push(format!("a {} {} {part}", article(h), n(h)));
            late(&mut ways, format!("a las {} horas", cardinal("es", hour)));
        }
        15 => ways.push(format!("a {} {} y cuarto {part}", article(h), n(h))),
        30 => ways.push(format!("a {} {} y media {part}", article(h), n(h))),
        45 => ways.push(format!("a {} {} menos cuarto {part}", article(h + 1), n(h + 1))),
        31.. => ways.push(format!(
            "a {} {} menos {} {part}",
            article(h + 1),
            n(h + 1),
            cardinal("es", 60 - minute)
        )),
        _ => ways.push(format!("a {} {} y {} {part}", article(h), n(h), cardinal("es", minute))),
    }
    if minute > 9 {
        late(&mut ways, format!("a las {} {}", cardinal("es", hour), cardinal("es", minute)));
    }
    ways
}

fn french_times(hour: u32, minute: u32) -> Vec<String> {
    let n = |n: u32| cardinal("fr", n).replace("et un", "et une");
    let hours = |h: u32| if h == 1 { "une heure".to_owned() } else { format!("{} heures", n(h)) };
    let part = if hour < 12 {
        "du matin"
    } else if hour < 18 {
        "de l'après-midi"
    } else {
        "du soir"
    };
    let h = on_twelve(hour);
    let mut ways = Vec::new();
    let minutes = if minute == 0 { String::new() } else { format!(" {}", cardinal("fr", minute)) };
    if hour > 12 {
        ways.push(format!("à {}{minutes}", hours(hour)));
        ways.push(if minute == 0 { format!("{hour}h") } else { format!("{hour}h{minute:02}") });
    }
    ways.push(format!("{}{minutes} {part}", hours(h)));
    match minute {
        15 => ways.push(format!("{} et quart {part}", hours(h))),
        30 => ways.push(format!("{} et demie {part}", hours(h))),
        45 => ways.push(format!("{} moins le quart {part}", hours(h + 1))),
        31.. => ways.push(format!("{} moins {} {part}", hours(h + 1), cardinal("fr", 60 - minute))),
        _ => {}
    }
    ways
}

fn german_times(hour: u32, minute: u32) -> Vec<String> {
    let n = |n| cardinal("de", n);
    let part = if hour < 12 {
        "vormittags"
    } else if hour < 18 {
        "nachmittags"
    } else {
        "abends"
    };
    let h = on_twelve(hour);
    let minutes = if minute == 0 { String::new() } else { format!(" {}", n(minute)) };
    let clock = |h: u32| if h == 1 { "ein".to_owned() } else { n(h) };
    let mut ways = vec![format!("{} uhr{minutes} {part}", clock(h))];
    if hour > 12 {
        ways.push(format!("um {} uhr{minutes}", clock(hour)));
        ways.push(if minute == 0 { format!("{hour} uhr") } else { format!("{hour} uhr {minute}") });
        ways.push(format!("{hour:02}:{minute:02} uhr"));
    }
    match minute {
        15 => ways.push(format!("viertel nach {} {part}", n(h))),
        30 => ways.push(format!("halb {} {part}", n(h + 1))),
        45 => ways.push(format!("viertel vor {} {part}", n(h + 1))),
        31.. => ways.push(format!("{} vor {} {part}", n(60 - minute), n(h + 1))),
        1.. => ways.push(format!("{} nach {} {part}", n(minute), n(h))),
        0 => {}
    }
    ways
}

/// Addresses from names, signs and domains.
pub(super) fn addresses(language: &str) -> Vec<Spoken> {
    let [at, dot, dash, underscore] = of(
        language,
        [
            ["at", "dot", "dash", "underscore"],
            ["arroba", "punto", "guion", "guion bajo"],
            ["arobase", "point", "tiret", "tiret bas"],
            ["at", "punkt", "bindestrich", "unterstrich"],
        ],
    );
    let seven = cardinal(language, 7);
    let question = of(
        language,
        [
            "What is your email address?",
            "¿Cuál es su correo electrónico?",
            "Quelle est votre adresse e-mail ?",
            "Wie lautet Ihre E-Mail-Adresse?",
        ],
    );
    let locals = [
        ("anna.lopez", format!("anna {dot} lopez")),
        ("b.martin", format!("b {dot} martin")),
        ("nina_weber", format!("nina {underscore} weber")),
        ("karl-otto", format!("karl {dash} otto")),
        ("kim7", format!("kim {seven}")),
        ("kim77", "kim 77".to_owned()),
        ("rob", "r o b".to_owned()),
        ("nina", "nina n i n a".to_owned()),
    ];
    let domains = [
        ("example.com", format!("example {dot} com")),
        ("example.org", format!("example {dot} org")),
        ("mail.example.net", format!("mail {dot} example {dot} net")),
        ("example-shop.com", format!("example {dash} shop {dot} com")),
    ];
    let forms = locals.iter().flat_map(|(local, said)| {
        domains
            .iter()
            .map(move |(domain, name)| form(format!("{local}@{domain}"), format!("{said} {at} {name}")))
    });
    vec![spoken(AnswerType::Email, question, forms.collect())]
}

/// Choices by name and place.
pub(super) fn choices(language: &str) -> Vec<Spoken> {
    let choice = |value: &str| Choice { value: value.to_owned(), key: None, synonyms: Vec::new() };
    let names: [&str; 3] = of(
        language,
        [
            ["Sales", "Billing", "Technical support"],
            ["Ventas", "Facturación", "Soporte técnico"],
            ["Ventes", "Facturation", "Support technique"],
            ["Vertrieb", "Buchhaltung", "Technik"],
        ],
    );
    let question = of(
        language,
        [
            "Do you want sales, billing or technical support?",
            "¿Quiere ventas, facturación o soporte técnico?",
            "Voulez-vous les ventes, la facturation ou le support technique ?",
            "Möchten Sie Vertrieb, Buchhaltung oder Technik?",
        ],
    );
    let forms = names.iter().flat_map(|name| [form(*name, name.to_lowercase()), form(*name, *name)]);
    let forms = forms.collect();
    vec![Spoken {
        kind: AnswerType::MultipleChoice,
        question,
        choices: names.iter().map(|name| choice(name)).collect(),
        forms,
    }]
}

/// Plain words for yes and no.
pub(super) fn yes_and_no(language: &str) -> Vec<Spoken> {
    let (yes, no): (&[&str], &[&str]) = of(
        language,
        [
            (
                &["yes", "yeah", "yep", "sure", "of course", "absolutely"][..],
                &["no", "nope", "not at all", "absolutely not"][..],
            ),
            (
                &["sí", "claro", "claro que sí", "por supuesto"],
                &["no", "claro que no", "para nada", "en absoluto"],
            ),
            (
                &["oui", "bien sûr", "tout à fait", "absolument"],
                &["non", "pas du tout", "absolument pas", "bien sûr que non"],
            ),
            (
                &["ja", "klar", "natürlich", "auf jeden fall"],
                &["nein", "nee", "auf keinen fall", "überhaupt nicht"],
            ),
        ],
    );
    let question = of(
        language,
        [
            "Do you have a parking space?",
            "¿Tiene plaza de aparcamiento?",
            "Avez-vous une place de parking ?",
            "Haben Sie einen Parkplatz?",
        ],
    );
    let forms = yes.iter().map(|text| form(true, *text)).chain(no.iter().map(|text| form(false, *text)));
    vec![spoken(AnswerType::YesNo, question, forms.collect())]
}
