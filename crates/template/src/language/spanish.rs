//! Spanish.

use super::{CurrencyWords, Form, SpokenDate, Words, Year, feminine, masculine, month_name, weekday_name};

pub(super) static WORDS: Words = Words {
    digits: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    plus: "más",
    minus: "menos",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    months_short: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    weekdays_short: ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
    before_noon: "a. m.",
    after_noon: "p. m.",
    signs: &[
        ('-', "guion"),
        ('_', "guion bajo"),
        ('.', "punto"),
        ('@', "arroba"),
        ('/', "barra"),
        ('+', "más"),
        ('#', "almohadilla"),
        ('*', "asterisco"),
        ('&', "y"),
        (':', "dos puntos"),
    ],
    currencies: &CURRENCIES,
    and_hundredths: "con",
    cardinal,
    is_one: |count| count == 1,
    after_millions: |_| "de ",
    spoken_date,
};

static CURRENCIES: [CurrencyWords; 8] = [
    CurrencyWords {
        code: "USD",
        unit: masculine("dólar", "dólares"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords {
        code: "EUR",
        unit: masculine("euro", "euros"),
        hundredth: Some(masculine("céntimo", "céntimos")),
    },
    CurrencyWords {
        code: "GBP",
        unit: feminine("libra", "libras"),
        hundredth: Some(masculine("penique", "peniques")),
    },
    CurrencyWords {
        code: "CAD",
        unit: masculine("dólar canadiense", "dólares canadienses"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords {
        code: "AUD",
        unit: masculine("dólar australiano", "dólares australianos"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords {
        code: "CHF",
        unit: masculine("franco suizo", "francos suizos"),
        hundredth: Some(masculine("céntimo", "céntimos")),
    },
    CurrencyWords {
        code: "MXN",
        unit: masculine("peso", "pesos"),
        hundredth: Some(masculine("centavo", "centavos")),
    },
    CurrencyWords { code: "JPY", unit: masculine("yen", "yenes"), hundredth: None },
];

const BELOW_THIRTY: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const TENS: [&str; 10] =
    ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
/// Without their ending, which is `os` or `as`.
const HUNDREDS: [&str; 10] = [
    "",
    "",
    "doscient",
    "trescient",
    "cuatrocient",
    "quinient",
    "seiscient",
    "setecient",
    "ochocient",
    "novecient",
];

fn cardinal(number: u64, form: Form) -> String {
    if number == 0 {
        return String::from(BELOW_THIRTY[0]);
    }
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, one, many) in
        [(1_000_000_000_000, "un billón", "billones"), (1_000_000, "un millón", "millones")]
    {
        match rest / scale {
            0 => {}
            1 => words.push(String::from(one)),
            count => words.push(format!("{} {many}", below_million(count, Form::Masculine))),
        }
        rest %= scale;
    }
    if rest > 0 {
        words.push(below_million(rest, form));
    }
    words.join(" ")
}

fn below_million(number: u64, form: Form) -> String {
    let before_noun = if form == Form::Feminine { Form::Feminine } else { Form::Masculine };
    match (number / 1000, number % 1000) {
        (0, rest) => below_thousand(rest, form),
        (1, 0) => String::from("mil"),
        (1, rest) => format!("mil {}", below_thousand(rest, form)),
        (thousands, 0) => format!("{} mil", below_thousand(thousands, before_noun)),
        (thousands, rest) => {
            format!("{} mil {}", below_thousand(thousands, before_noun), below_thousand(rest, form))
        }
    }
}

fn below_thousand(number: u64, form: Form) -> String {
    let ending = if form == Form::Feminine { "as" } else { "os" };
    match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest, form),
        (1, 0) => String::from("cien"),
        (1, rest) => format!("ciento {}", below_hundred(rest, form)),
        (hundreds, 0) => format!("{}{ending}", HUNDREDS[hundreds as usize]),
        (hundreds, rest) => format!("{}{ending} {}", HUNDREDS[hundreds as usize], below_hundred(rest, form)),
    }
}

fn below_hundred(number: u64, form: Form) -> String {
    let one = match form {
        Form::Counting => "uno",
        Form::Masculine => "un",
        Form::Feminine => "una",
    };
    match (number, number % 10) {
        (1, _) => String::from(one),
        (21, _) if form == Form::Masculine => String::from("veintiún"),
        (21, _) if form == Form::Feminine => String::from("veintiuna"),
        (0..30, _) => String::from(BELOW_THIRTY[number as usize]),
        (_, 0) => String::from(TENS[(number / 10) as usize]),
        (_, 1) => format!("{} y {one}", TENS[(number / 10) as usize]),
        (_, ones) => format!("{} y {}", TENS[(number / 10) as usize], BELOW_THIRTY[ones as usize]),
    }
}

fn spoken_date(SpokenDate { date, year, .. }: SpokenDate) -> String {
    let weekday = weekday_name(&WORDS.weekdays, date.weekday());
    let day = match date.day().unsigned_abs() {
        1 => String::from("primero"),
        day => cardinal(day.into(), Form::Counting),
    };
    let spoken = format!("{weekday}, {day} de {}", month_name(&WORDS.months, date));
    match year {
        Year::Said => format!("{spoken} de {}", cardinal(date.year().unsigned_abs().into(), Form::Counting)),
        Year::Understood => spoken,
    }
}
