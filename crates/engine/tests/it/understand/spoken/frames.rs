//! Sentences in which people answer. `{}` is the value, and `[]` another one of the same kind.

/// The sentences for values of one type in one language.
pub(super) struct Frames {
    /// The value is meant.
    pub(super) plain: &'static [&'static str],
    /// The other value is taken back, and the first one meant.
    pub(super) corrected: &'static [&'static str],
    /// Nobody can tell a value.
    pub(super) open: &'static [&'static str],
}

pub(super) fn of_numbers(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &[
                "{}",
                "um {}",
                "{} please",
                "I think {}",
                "it's {}",
                "{} boxes",
                "maybe {}",
                "let me see, {}",
                "{}, because we're moving",
                "we need {}",
                "{} should do",
                "I'd say {}",
            ],
            corrected: &["[], no wait, {}", "[], sorry, {}", "[], I mean {}", "[], no, {}", "[] no sorry {}"],
            open: &[
                "more than {}",
                "less than {}",
                "not {}",
                "at least {}",
                "[] or {}",
                "between [] and {}",
                "is {} enough",
            ],
        },
        "es" => Frames {
            plain: &[
                "{}",
                "eh {}",
                "{} por favor",
                "creo que {}",
                "son {}",
                "{} cajas",
                "quizás {}",
                "a ver, {}",
                "{}, porque nos mudamos",
                "necesitamos {}",
                "yo diría {}",
            ],
            corrected: &["[], no espere, {}", "[], perdón, {}", "[], digo {}", "[], no, {}"],
            open: &["más de {}", "menos de {}", "al menos {}", "[] o {}", "entre [] y {}", "no sé si {}"],
        },
        "fr" => Frames {
            plain: &[
                "{}",
                "euh {}",
                "{} s'il vous plaît",
                "je crois {}",
                "{} cartons",
                "peut-être {}",
                "voyons, {}",
                "{}, parce qu'on déménage",
                "il m'en faut {}",
                "je dirais {}",
            ],
            corrected: &["[], non attendez, {}", "[], pardon, {}", "[], je veux dire {}", "[], non, {}"],
            open: &["plus de {}", "moins de {}", "au moins {}", "[] ou {}", "entre [] et {}", "pas {}"],
        },
        _ => Frames {
            plain: &[
                "{}",
                "äh {}",
                "{} bitte",
                "ich glaube {}",
                "es sind {}",
                "{} kisten",
                "vielleicht {}",
                "mal sehen, {}",
                "{}, weil wir umziehen",
                "wir brauchen {}",
                "ich würde sagen {}",
            ],
            corrected: &[
                "[], nein warten sie, {}",
                "[], entschuldigung, {}",
                "[], ich meine {}",
                "[], nein, {}",
            ],
            open: &[
                "mehr als {}",
                "weniger als {}",
                "mindestens {}",
                "[] oder {}",
                "zwischen [] und {}",
                "nicht {}",
            ],
        },
    }
}

pub(super) fn of_days(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &[
                "{}",
                "um {}",
                "{} please",
                "I think {}",
                "it's {}",
                "let's say {}",
                "well {}",
                "{}, I believe",
                "that would be {}",
            ],
            corrected: &["[], no wait, {}", "[], sorry, {}", "[], no, {}", "[] I mean {}"],
            open: &[
                "not {}",
                "[] or {}",
                "between [] and {}",
                "before {}",
                "{} or later",
                "I'm not sure about {}",
            ],
        },
        "es" => Frames {
            plain: &[
                "{}",
                "eh {}",
                "{} por favor",
                "creo que {}",
                "es {}",
                "digamos {}",
                "pues {}",
                "sería {}",
            ],
            corrected: &["[], no espere, {}", "[], perdón, {}", "[], no, {}", "[] digo {}"],
            open: &["{} no", "[] o {}", "entre [] y {}", "antes de {}", "no sé si {}"],
        },
        "fr" => Frames {
            plain: &[
                "{}",
                "euh {}",
                "{} s'il vous plaît",
                "je crois {}",
                "c'est {}",
                "disons {}",
                "alors {}",
                "ce serait {}",
            ],
            corrected: &["[], non attendez, {}", "[], pardon, {}", "[], non, {}", "[] je veux dire {}"],
            open: &["pas {}", "[] ou {}", "entre [] et {}", "avant {}", "je ne sais pas si {}"],
        },
        _ => Frames {
            plain: &[
                "{}",
                "äh {}",
                "{} bitte",
                "ich glaube {}",
                "das ist {}",
                "sagen wir {}",
                "also {}",
                "das wäre {}",
            ],
            corrected: &[
                "[], nein warten sie, {}",
                "[], entschuldigung, {}",
                "[], nein, {}",
                "[] ich meine {}",
            ],
            open: &["nicht {}", "[] oder {}", "zwischen [] und {}", "vor {}", "ich weiß nicht ob {}"],
        },
    }
}

pub(super) fn of_times(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &[
                "{}",
                "um {}",
                "{} please",
                "around {}",
                "let's say {}",
                "{} works for me",
                "maybe {}",
                "{}, I have to work before that",
                "how about {}",
                "tomorrow at {}",
            ],
            corrected: &["[], no wait, {}", "[], sorry, {}", "[], no, {}"],
            open: &[
                "not {}",
                "[] or {}",
                "between [] and {}",
                "before {}",
                "after {}",
                "{} doesn't work",
                "{} is too late",
                "any time after {}",
            ],
        },
        "es" => Frames {
            plain: &[
                "{}",
                "eh {}",
                "{} por favor",
                "digamos {}",
                "{} me viene bien",
                "quizás {}",
                "{} estaría bien",
                "mañana {}",
            ],
            corrected: &["[], no espere, {}", "[], perdón, {}", "[], no, {}"],
            open: &[
                "[] o {}",
                "entre [] y {}",
                "antes de {}",
                "después de {}",
                "{} no puedo",
                "{} es muy tarde",
            ],
        },
        "fr" => Frames {
            plain: &[
                "{}",
                "euh {}",
                "{} s'il vous plaît",
                "disons {}",
                "{} ça me va",
                "peut-être {}",
                "plutôt {}",
                "demain {}",
            ],
            corrected: &["[], non attendez, {}", "[], pardon, {}", "[], non, {}"],
            open: &[
                "pas {}",
                "[] ou {}",
                "entre [] et {}",
                "avant {}",
                "après {}",
                "{} je ne peux pas",
                "{} c'est trop tard",
            ],
        },
        _ => Frames {
            plain: &[
                "{}",
                "äh {}",
                "{} bitte",
                "sagen wir {}",
                "{} passt mir",
                "vielleicht {}",
                "am besten {}",
                "am donnerstag {}",
            ],
            corrected: &["[], nein warten sie, {}", "[], entschuldigung, {}", "[], nein, {}"],
            open: &[
                "nicht {}",
                "[] oder {}",
                "zwischen [] und {}",
                "{} geht nicht",
                "{} ist zu spät",
                "{} kann ich nicht",
            ],
        },
    }
}

pub(super) fn of_addresses(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &[
                "{}",
                "it's {}",
                "um {}",
                "my email is {}",
                "{} thanks",
                "sure it's {}",
                "you can use {}",
                "just {}",
            ],
            corrected: &["[], no wait, {}", "[], sorry, {}", "[], no, {}"],
            open: &["[] or {}", "not {}", "I don't have {}"],
        },
        "es" => Frames {
            plain: &["{}", "es {}", "eh {}", "mi correo es {}", "{} gracias", "claro es {}", "solo {}"],
            corrected: &["[], no espere, {}", "[], perdón, {}", "[], no, {}"],
            open: &["[] o {}", "no tengo {}"],
        },
        "fr" => Frames {
            plain: &[
                "{}",
                "c'est {}",
                "euh {}",
                "mon adresse c'est {}",
                "{} merci",
                "alors c'est {}",
                "simplement {}",
            ],
            corrected: &["[], non attendez, {}", "[], pardon, {}", "[], non, {}"],
            open: &["[] ou {}", "je n'ai pas {}"],
        },
        _ => Frames {
            plain: &[
                "{}",
                "das ist {}",
                "äh {}",
                "meine adresse ist {}",
                "{} danke",
                "also {}",
                "einfach {}",
            ],
            corrected: &["[], nein warten sie, {}", "[], entschuldigung, {}", "[], nein, {}"],
            open: &["[] oder {}", "nicht {}"],
        },
    }
}

pub(super) fn of_choices(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &[
                "{}",
                "um {}",
                "{} please",
                "I'd like {}",
                "{} I guess",
                "to {}",
                "it's about {}",
                "{}, I called yesterday",
                "the {} team",
                "hello, {} please",
                "not [], {}",
            ],
            corrected: &["[], no wait, {}", "[], sorry, {}", "[], no, {}", "[], I mean {}"],
            open: &[
                "not {}",
                "[] or {}",
                "both [] and {}",
                "what is {}",
                "how long does {} take",
                "anything but {}",
            ],
        },
        "es" => Frames {
            plain: &[
                "{}",
                "eh {}",
                "{} por favor",
                "quisiera {}",
                "{} creo",
                "con {}",
                "es por {}",
                "{}, llamé ayer",
                "hola, {} por favor",
                "[] no, {}",
            ],
            corrected: &["[], no espere, {}", "[], perdón, {}", "[], digo {}"],
            open: &["{} no", "[] o {}", "tanto [] como {}", "qué es {}", "cuánto tarda {}"],
        },
        "fr" => Frames {
            plain: &[
                "{}",
                "euh {}",
                "{} s'il vous plaît",
                "je voudrais {}",
                "{} je crois",
                "c'est pour {}",
                "{}, j'ai appelé hier",
                "bonjour, {} s'il vous plaît",
                "pas [], {}",
            ],
            corrected: &["[], non attendez, {}", "[], pardon, {}", "[], non, {}"],
            open: &["pas {}", "[] ou {}", "[] et {}", "c'est quoi {}", "combien de temps prend {}"],
        },
        _ => Frames {
            plain: &[
                "{}",
                "äh {}",
                "{} bitte",
                "ich möchte {}",
                "{} glaube ich",
                "zur {}",
                "es geht um {}",
                "{}, ich hab gestern angerufen",
                "guten tag, {} bitte",
                "nicht [], {}",
            ],
            corrected: &["[], nein warten sie, {}", "[], entschuldigung, {}", "[], nein, {}"],
            open: &["nicht {}", "[] oder {}", "sowohl [] als auch {}", "was ist {}", "wie lange dauert {}"],
        },
    }
}

pub(super) fn of_yes_and_no(language: &str) -> Frames {
    match &language[..2] {
        "en" => Frames {
            plain: &["{}", "um {}", "{} thanks", "well {}", "I think {}", "honestly {}", "oh {}"],
            corrected: &[],
            open: &["{} maybe", "{} and []", "{} what was the question", "maybe {}, maybe []"],
        },
        "es" => Frames {
            plain: &["{}", "eh {}", "{} gracias", "pues {}", "ay {}", "la verdad {}"],
            corrected: &[],
            open: &["{} quizás", "quizás {}, quizás []", "{} cómo dice"],
        },
        "fr" => Frames {
            plain: &["{}", "euh {}", "{} merci", "ben {}", "alors {}", "ah {}"],
            corrected: &[],
            open: &["{} peut-être", "peut-être {}, peut-être []", "{} pardon quelle question"],
        },
        _ => Frames {
            plain: &["{}", "äh {}", "{} danke", "also {}", "ach {}"],
            corrected: &[],
            open: &["{} vielleicht", "vielleicht {}, vielleicht []", "{} wie war die frage"],
        },
    }
}
