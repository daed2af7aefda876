//! Numbers in words, as people say them in each language.

/// A whole number under ten thousand.
pub(super) fn cardinal(language: &str, n: u32) -> String {
    match &language[..2] {
        "en" => english(n),
        "es" => spanish(n),
        "fr" => french(n),
        _ => german(n),
    }
}

fn english(n: u32) -> String {
    const SMALL: [&str; 20] = [
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
    match n {
        0..20 => SMALL[n as usize].to_owned(),
        20..100 if n.is_multiple_of(10) => TENS[n as usize / 10].to_owned(),
        20..100 => format!("{} {}", TENS[n as usize / 10], SMALL[n as usize % 10]),
        100..1000 if n.is_multiple_of(100) => format!("{} hundred", english(n / 100)),
        100..1000 => format!("{} hundred and {}", english(n / 100), english(n % 100)),
        _ if n.is_multiple_of(1000) => format!("{} thousand", english(n / 1000)),
        _ if n % 1000 < 100 => format!("{} thousand and {}", english(n / 1000), english(n % 1000)),
        _ => format!("{} thousand {}", english(n / 1000), english(n % 1000)),
    }
}

fn german(n: u32) -> String {
    const SMALL: [&str; 20] = [
        "null",
        "eins",
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
    let one = |n: u32| if n == 1 { "ein".to_owned() } else { german(n) };
    match n {
        0..20 => SMALL[n as usize].to_owned(),
        20..100 if n.is_multiple_of(10) => TENS[n as usize / 10].to_owned(),
        20..100 => format!("{}und{}", one(n % 10), TENS[n as usize / 10]),
        100..1000 if n.is_multiple_of(100) => format!("{}hundert", one(n / 100)),
        100..1000 => format!("{}hundert{}", one(n / 100), german(n % 100)),
        _ if n.is_multiple_of(1000) => format!("{}tausend", one(n / 1000)),
        _ => format!("{}tausend{}", one(n / 1000), german(n % 1000)),
    }
}

fn french(n: u32) -> String {
    const SMALL: [&str; 17] = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
        "douze", "treize", "quatorze", "quinze", "seize",
    ];
    const TENS: [&str; 7] = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"];
    match n {
        0..17 => SMALL[n as usize].to_owned(),
        17..20 => format!("dix-{}", SMALL[n as usize - 10]),
        20..70 if n.is_multiple_of(10) => TENS[n as usize / 10].to_owned(),
        20..70 if n % 10 == 1 => format!("{} et un", TENS[n as usize / 10]),
        20..70 => format!("{}-{}", TENS[n as usize / 10], SMALL[n as usize % 10]),
        71 => "soixante et onze".to_owned(),
        70..80 => format!("soixante-{}", french(n - 60)),
        80 => "quatre-vingts".to_owned(),
        81..100 => format!("quatre-vingt-{}", french(n - 80)),
        100..200 if n == 100 => "cent".to_owned(),
        100..200 => format!("cent {}", french(n - 100)),
        200..1000 if n.is_multiple_of(100) => format!("{} cents", french(n / 100)),
        200..1000 => format!("{} cent {}", french(n / 100), french(n % 100)),
        1000..2000 if n == 1000 => "mille".to_owned(),
        1000..2000 => format!("mille {}", french(n - 1000)),
        _ if n.is_multiple_of(1000) => format!("{} mille", french(n / 1000)),
        _ => format!("{} mille {}", french(n / 1000), french(n % 1000)),
    }
}

fn spanish(n: u32) -> String {
    const SMALL: [&str; 30] = [
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
    const HUNDREDS: [&str; 10] = [
        "",
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];
    match n {
        0..30 => SMALL[n as usize].to_owned(),
        30..100 if n.is_multiple_of(10) => TENS[n as usize / 10].to_owned(),
        30..100 => format!("{} y {}", TENS[n as usize / 10], SMALL[n as usize % 10]),
        100 => "cien".to_owned(),
        101..1000 if n.is_multiple_of(100) => HUNDREDS[n as usize / 100].to_owned(),
        101..1000 => format!("{} {}", HUNDREDS[n as usize / 100], spanish(n % 100)),
        1000..2000 if n == 1000 => "mil".to_owned(),
        1000..2000 => format!("mil {}", spanish(n - 1000)),
        _ if n.is_multiple_of(1000) => format!("{} mil", spanish(n / 1000)),
        _ => format!("{} mil {}", spanish(n / 1000), spanish(n % 1000)),
    }
}

/// A day of a month as it is said in a date.
pub(super) fn day(language: &str, n: u32) -> String {
    match (&language[..2], n) {
        ("en", 1) => "first".to_owned(),
        ("en", 2) => "second".to_owned(),
        ("en", 3) => "third".to_owned(),
        ("en", 5) => "fifth".to_owned(),
        ("en", 8) => "eighth".to_owned(),
        ("en", 9) => "ninth".to_owned(),
        ("en", 12) => "twelfth".to_owned(),
        ("en", 20) => "twentieth".to_owned(),
        ("en", 30) => "thirtieth".to_owned(),
        ("en", 4..=19) => format!("{}th", english(n)),
        ("en", _) => format!("{} {}", english(n / 10 * 10), day(language, n % 10)),
        ("de", 1) => "ersten".to_owned(),
        ("de", 3) => "dritten".to_owned(),
        ("de", 7) => "siebten".to_owned(),
        ("de", 8) => "achten".to_owned(),
        ("de", 2..=19) => format!("{}ten", german(n)),
        ("de", _) => format!("{}sten", german(n)),
        ("fr", 1) => "premier".to_owned(),
        _ => cardinal(language, n),
    }
}

/// A year of the last century or this one.
pub(super) fn year(language: &str, n: u32) -> String {
    match &language[..2] {
        "en" if !(2000..2010).contains(&n) => format!("{} {}", english(n / 100), english(n % 100)),
        "en" => format!("two thousand {}", english(n - 2000)),
        "de" if n < 2000 => format!("{}hundert{}", german(n / 100), german(n % 100)),
        _ => cardinal(language, n),
    }
}
