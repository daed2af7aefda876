//! Hearing that somebody says goodbye.

use crate::words::fold;

/// What alone says goodbye, and what may stand around it, each as folded words.
struct Phrases {
    goodbye: &'static [&'static str],
    around: &'static [&'static str],
}

const ENGLISH: Phrases = Phrases {
    goodbye: &[
        "bye",
        "goodbye",
        "good bye",
        "bye bye",
        "see you",
        "see you later",
        "see you then",
        "see you soon",
        "talk to you later",
        "talk to you soon",
        "have a good day",
        "have a good one",
        "have a nice day",
        "have a great day",
        "have a nice weekend",
        "have a good weekend",
        "have a good night",
        "have a good evening",
        "take care",
        "cheerio",
        "farewell",
        "im hanging up",
        "ill hang up now",
        "im going to hang up now",
        "you can hang up",
        "you can hang up now",
        "thatll be all",
        "that will be all",
        "that is all",
        "thats all",
        "thats it",
        "that is it",
        "nothing else",
        "thats all i need",
        "thats all i needed",
        "thats everything",
        "im done",
        "were done",
        "im all set",
        "all set",
        "good night",
        "catch you later",
    ],
    around: &[
        "ok",
        "okay",
        "alright",
        "all right",
        "right",
        "well",
        "so",
        "then",
        "now",
        "and",
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "nah",
        "thanks",
        "thank you",
        "thank you very much",
        "thank you so much",
        "thanks a lot",
        "thanks so much",
        "many thanks",
        "great",
        "perfect",
        "good",
        "fine",
        "cool",
        "lovely",
        "wonderful",
        "awesome",
        "for now",
        "for today",
        "for your help",
        "for the help",
        "for everything",
        "really",
        "i think",
        "i guess",
        "oh",
        "um",
        "uh",
        "er",
        "hey",
        "you too",
        "and you",
        "same to you",
        "sir",
        "madam",
        "please",
        "just",
        "very much",
        "so much",
        "a lot",
        "appreciate it",
        "i appreciate it",
        "much appreciated",
        "cheers",
        "ma am",
        "have a",
        "everyone",
        "then",
        "from me",
        "no thanks",
        "no thank you",
        "im good",
        "its fine",
        "got it",
    ],
};

const SPANISH: Phrases = Phrases {
    goodbye: &[
        "adiós",
        "adios",
        "hasta luego",
        "hasta pronto",
        "hasta mañana",
        "hasta la próxima",
        "hasta la vista",
        "nos vemos",
        "chao",
        "chau",
        "bye",
        "que tenga un buen día",
        "que tenga buen día",
        "que tengas un buen día",
        "que le vaya bien",
        "que te vaya bien",
        "buen día",
        "buenas noches",
        "eso es todo",
        "es todo",
        "nada más",
        "ya está",
        "ya es todo",
        "eso sería todo",
        "sería todo",
        "voy a colgar",
        "puede colgar",
        "cuídese",
        "cuídate",
    ],
    around: &[
        "vale",
        "bueno",
        "bien",
        "muy bien",
        "de acuerdo",
        "ok",
        "okay",
        "está bien",
        "perfecto",
        "genial",
        "pues",
        "entonces",
        "y",
        "sí",
        "no",
        "gracias",
        "muchas gracias",
        "mil gracias",
        "muchísimas gracias",
        "muy amable",
        "por todo",
        "por su ayuda",
        "por tu ayuda",
        "por ahora",
        "por hoy",
        "ya",
        "igualmente",
        "eh",
        "este",
        "señor",
        "señora",
        "señorita",
        "claro",
        "listo",
        "a usted",
        "a ti",
        "creo que",
        "por mi parte",
        "creo",
    ],
};

const FRENCH: Phrases = Phrases {
    goodbye: &[
        "au revoir",
        "à bientôt",
        "à plus",
        "à plus tard",
        "à la prochaine",
        "à demain",
        "salut",
        "bonne journée",
        "bonne soirée",
        "bonne nuit",
        "bonne fin de journée",
        "bon week end",
        "bon weekend",
        "adieu",
        "ciao",
        "bye",
        "cest tout",
        "ce sera tout",
        "ça sera tout",
        "rien dautre",
        "je vais raccrocher",
        "je raccroche",
        "vous pouvez raccrocher",
        "cest bon pour moi",
        "bonne continuation",
        "à tout à lheure",
    ],
    around: &[
        "ok",
        "okay",
        "daccord",
        "très bien",
        "bien",
        "bon",
        "parfait",
        "super",
        "génial",
        "alors",
        "et",
        "eh bien",
        "oui",
        "non",
        "merci",
        "merci beaucoup",
        "merci bien",
        "mille merci",
        "un grand merci",
        "pour tout",
        "pour votre aide",
        "pour aujourdhui",
        "pour le moment",
        "euh",
        "ben",
        "bah",
        "voilà",
        "à vous aussi",
        "vous aussi",
        "également",
        "de même",
        "monsieur",
        "madame",
        "cest gentil",
        "ça marche",
        "je pense",
        "je crois",
    ],
};

const GERMAN: Phrases = Phrases {
    goodbye: &[
        "tschüss",
        "tschüs",
        "tschüß",
        "auf wiederhören",
        "auf wiedersehen",
        "wiederhören",
        "wiedersehen",
        "ciao",
        "bis dann",
        "bis bald",
        "bis später",
        "bis morgen",
        "machs gut",
        "machen sie es gut",
        "machen sies gut",
        "schönen tag",
        "schönen tag noch",
        "einen schönen tag",
        "einen schönen tag noch",
        "schönen abend",
        "schönen abend noch",
        "schönes wochenende",
        "gute nacht",
        "servus",
        "ade",
        "das wars",
        "das war es",
        "das war alles",
        "das wäre alles",
        "das wärs",
        "mehr nicht",
        "sonst nichts",
        "ich lege jetzt auf",
        "ich leg jetzt auf",
        "sie können auflegen",
        "tschau",
        "baba",
        "pfiat di",
    ],
    around: &[
        "ok",
        "okay",
        "gut",
        "alles klar",
        "in ordnung",
        "super",
        "prima",
        "perfekt",
        "toll",
        "na",
        "na dann",
        "dann",
        "also",
        "so",
        "und",
        "ja",
        "nein",
        "nee",
        "danke",
        "danke schön",
        "dankeschön",
        "danke sehr",
        "vielen dank",
        "besten dank",
        "herzlichen dank",
        "tausend dank",
        "für alles",
        "für die hilfe",
        "für ihre hilfe",
        "für heute",
        "fürs erste",
        "erstmal",
        "von meiner seite",
        "auch",
        "ihnen auch",
        "gleichfalls",
        "ebenso",
        "äh",
        "ähm",
        "nochmal",
        "noch",
        "bitte",
        "schon",
        "wünsche ich",
        "ihnen",
        "ich glaube",
        "glaub ich",
        "dir auch",
    ],
};

/// Whether all that somebody said is a goodbye, in one of the languages with these tags, or one of the author's
/// own phrases. Anything besides politeness makes it something else.
pub fn is_goodbye<'a>(words: &str, languages: impl IntoIterator<Item = &'a str>, own: &[String]) -> bool {
    let said = fold(words);
    if said.is_empty() {
        return false;
    }
    if own.iter().any(|phrase| fold(phrase) == said) {
        return true;
    }
    let said: Vec<&str> = said.split(' ').collect();
    let own: Vec<String> = own.iter().map(|phrase| fold(phrase)).collect();
    languages.into_iter().any(|tag| phrases_of(tag).is_some_and(|phrases| is_made_of(&said, phrases, &own)))
}

fn phrases_of(tag: &str) -> Option<&'static Phrases> {
    Some(match super::Tongue::of(tag)? {
        super::Tongue::English => &ENGLISH,
        super::Tongue::Spanish => &SPANISH,
        super::Tongue::French => &FRENCH,
        super::Tongue::German => &GERMAN,
    })
}

/// Whether the words are phrases of these lists one after the other, with a goodbye among them.
fn is_made_of(said: &[&str], phrases: &Phrases, own: &[String]) -> bool {
    // By how many words are used up: whether that can be, without and with a goodbye.
    let mut reach = vec![(false, false); said.len() + 1];
    reach[0].0 = true;
    for start in 0..said.len() {
        let (without, with) = reach[start];
        if !without && !with {
            continue;
        }
        let mut go = |phrase: &str, is_goodbye: bool| {
            let length = phrase.split(' ').count();
            let here = said[start..].iter().take(length).copied();
            if start + length <= said.len() && phrase.split(' ').eq(here) {
                let end = &mut reach[start + length];
                end.0 |= without && !is_goodbye;
                end.1 |= with || is_goodbye;
            }
        };
        phrases.around.iter().for_each(|phrase| go(phrase, false));
        phrases.goodbye.iter().for_each(|phrase| go(phrase, true));
        own.iter().for_each(|phrase| go(phrase, true));
    }
    reach[said.len()].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goodbye_is_all_that_is_said() {
        let languages = ["en-US", "es-MX", "fr-FR", "de-DE"];
        for said in [
            "Bye.",
            "Okay, thank you so much, bye bye!",
            "No, that's all, thanks.",
            "Alright, have a good day, you too",
            "I'm done",
            "Adiós",
            "No, eso es todo, muchas gracias",
            "Hasta luego, gracias.",
            "Merci, au revoir !",
            "Non, c'est tout, merci beaucoup",
            "Danke, tschüss",
            "Nein, das war's, vielen Dank, schönen Tag noch",
            "Auf Wiederhören",
        ] {
            assert!(is_goodbye(said, languages, &[]), "{said}");
        }
        for said in [
            "",
            "Thanks",
            "Okay",
            "No",
            "Goodbye is the name of the song",
            "Don't hang up",
            "Is that all?",
            "Before you say bye, one more question",
            "I want to say goodbye to my old phone",
            "That's all wrong",
            "Adiós a mi viejo teléfono",
            "Au revoir, c'est le titre",
            "Tschüss sagen will ich nicht",
        ] {
            assert!(!is_goodbye(said, languages, &[]), "{said}");
        }
        assert!(!is_goodbye("tschüss", ["en"], &[]));
        let own = ["over and out".to_owned()];
        assert!(
            is_goodbye("Over and out!", ["en"], &own) && is_goodbye("ok thanks over and out", ["en"], &own)
        );
    }
}
