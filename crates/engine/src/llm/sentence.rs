//! Cutting a text that comes in pieces into sentences.
//!
//! A stop ends a sentence only once it is seen what follows, so that abbreviations, decimals, dates and initials
//! stay whole. Whatever comes out is trimmed, never empty, and no character of the text is lost but blanks.

use super::Tongue;

/// A sentence without an end is cut at a comma or a blank once it is longer than this, in characters: speech must
/// begin some time.
pub const SENTENCE_CHARS_MAX: usize = 400;

/// A text as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sentences {
    /// Tag of the language.
    language: String,
    /// What has not made up a sentence yet.
    pending: String,
}

impl Sentences {
    pub fn new(language: &str) -> Sentences {
        Sentences { language: language.to_owned(), pending: String::new() }
    }

    /// Takes the next piece in, and gives the sentences that it completed.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.pending.push_str(piece);
        let mut sentences = Vec::new();
        while let Some(end) = first_end(&self.pending, Tongue::of(&self.language)) {
            let rest = self.pending.split_off(end);
            let sentence = std::mem::replace(&mut self.pending, rest);
            if says_something(&sentence) {
                sentences.push(sentence.trim().to_owned());
            }
        }
        sentences
    }

    /// The text is over: what is left, where that is anything.
    pub fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.pending);
        says_something(&rest).then(|| rest.trim().to_owned())
    }

    /// What has not made up a sentence yet.
    pub fn pending(&self) -> &str {
        &self.pending
    }

    /// Whether what is left stands without an end of its own.
    pub fn is_open(&self) -> bool {
        let rest = self.pending.trim_end().trim_end_matches(is_closer);
        !rest.is_empty() && !rest.ends_with(['.', '!', '?', '…'])
    }
}

/// All sentences of a text.
pub fn split(text: &str, language: &str) -> Vec<String> {
    let mut sentences = Sentences::new(language);
    let mut all = sentences.push(text);
    all.extend(sentences.finish());
    all
}

fn says_something(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_closer(c))
}

/// Behind which byte the first sentence ends, where that can be told already. Nothing that comes later changes it,
/// so a text has the same sentences however it is cut.
fn first_end(text: &str, tongue: Option<Tongue>) -> Option<usize> {
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count == SENTENCE_CHARS_MAX {
            return Some(pause_before(text, at));
        }
        match c {
            '\n' if says_something(&text[..at]) => return Some(at + c.len_utf8()),
            '。' | '！' | '？' => return Some(at + c.len_utf8()),
            '.' | '!' | '?' | '…' => match ends_at(text, at, c, tongue) {
                Ends::Yes(end) => return Some(end),
                Ends::No => {}
                Ends::CannotTell => return None,
            },
            _ => {}
        }
    }
    None
}

enum Ends {
    /// Behind this byte.
    Yes(usize),
    No,
    /// What decides has not come yet.
    CannotTell,
}

fn ends_at(text: &str, at: usize, mark: char, tongue: Option<Tongue>) -> Ends {
    let behind = &text[at + mark.len_utf8()..];
    let closers = behind.len() - behind.trim_start_matches(is_closer).len();
    let after = &behind[closers..];
    let Some(next) = after.chars().next() else { return Ends::CannotTell };
    if matches!(next, '.' | '!' | '?' | '…') || !next.is_whitespace() {
        // More marks follow, which decide; or it stands within a word: 3.5, example.com, p.m.
        return Ends::No;
    }
    let end = text.len() - after.len();
    let Some(first) = after.trim_start().chars().next() else {
        return if matches!(mark, '!' | '?') { Ends::Yes(end) } else { Ends::CannotTell };
    };
    if matches!(mark, '!' | '?') {
        return Ends::Yes(end);
    }
    let before = &text[..at];
    if mark == '…' || before.ends_with('.') && before.ends_with("..") {
        // A pause in the middle goes on in lower case.
        return if first.is_lowercase() { Ends::No } else { Ends::Yes(end) };
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || is_opener(c)).next().unwrap_or_default();
    if is_number(word) {
        return after_number(before, word, after.trim_start(), tongue, end);
    }
    match abbreviation(word, tongue) {
        Some(Abbreviation::Never) => Ends::No,
        Some(Abbreviation::BeforeCapital) if !first.is_uppercase() => Ends::No,
        Some(Abbreviation::BeforeNumber) if first.is_ascii_digit() => Ends::No,
        _ if is_initial(word, tongue) => Ends::No,
        _ => Ends::Yes(end),
    }
}

/// A stop behind a number: of a list, of an ordinal, or of the sentence.
fn after_number(before: &str, word: &str, after: &str, tongue: Option<Tongue>, end: usize) -> Ends {
    let lead = &before[..before.len() - word.len()];
    if lead.trim().is_empty() && word.len() <= 2 {
        return Ends::No;
    }
    if tongue != Some(Tongue::German) || word.len() > 2 {
        return Ends::Yes(end);
    }
    let Some((next, _)) = after.split_once(|c: char| !c.is_alphanumeric()) else { return Ends::CannotTell };
    let last = lead.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let is_ordinal = next.chars().next().is_some_and(char::is_lowercase)
        || GERMAN_MONTHS.contains(&next)
        || BEFORE_GERMAN_ORDINALS.contains(&last.as_str());
    if is_ordinal { Ends::No } else { Ends::Yes(end) }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `J.`, but not the English word.
fn is_initial(word: &str, tongue: Option<Tongue>) -> bool {
    let mut chars = word.chars();
    let (Some(first), None) = (chars.next(), chars.next()) else { return false };
    first.is_uppercase()
        && !(tongue == Some(Tongue::English) && first == 'I')
        && !(matches!(tongue, Some(Tongue::Spanish | Tongue::French))
            && matches!(first, 'Y' | 'A' | 'O' | 'É'))
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '»' | '”' | '’' | '“' | '*' | '_')
}

fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | '[' | '«' | '“' | '„' | '¿' | '¡' | '*' | '_')
}

/// Where a sentence that has become too long is cut: at a pause in its second half, else between two words.
fn pause_before(text: &str, limit: usize) -> usize {
    let head = &text[..limit];
    let pause = head.rfind([',', ';', ':']).filter(|at| *at > limit / 2).map(|at| at + 1);
    pause.or_else(|| head.rfind(char::is_whitespace).filter(|at| *at > 0)).unwrap_or(limit)
}

/// What a stop behind an abbreviation says about the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Abbreviation {
    /// A name follows: it never ends one.
    Never,
    /// It ends one where a capital follows.
    BeforeCapital,
    /// It goes on where a number follows.
    BeforeNumber,
}

fn abbreviation(word: &str, tongue: Option<Tongue>) -> Option<Abbreviation> {
    let folded = word.to_lowercase();
    let (never, before_capital, before_number) = match tongue? {
        Tongue::English => ENGLISH,
        Tongue::Spanish => SPANISH,
        Tongue::French => FRENCH,
        Tongue::German => GERMAN,
    };
    let has = |list: &str| list.split(' ').any(|known| known == folded);
    if has(never) {
        Some(Abbreviation::Never)
    } else if has(before_capital) {
        Some(Abbreviation::BeforeCapital)
    } else {
        has(before_number).then_some(Abbreviation::BeforeNumber)
    }
}

/// Abbreviations without their last stop, in lower case: before names, before more, before numbers.
type Lists = (&'static str, &'static str, &'static str);

const ENGLISH: Lists = (
    "mr mrs ms mx dr prof rev hon st mt ft capt sgt lt col gen gov sen rep pres vs e.g i.e messrs",
    "a.m p.m am pm etc inc ltd co corp jr sr u.s u.k ph.d approx dept est ext min max hr hrs sec sq ave rd blvd",
    "no nos p pp vol art fig sec jan feb mar apr jun jul aug sept sep oct nov dec tel",
);
const SPANISH: Lists = (
    "sr sra srta sres dr dra d dña ud uds vd vds prof lic ing arq gral p.ej ej avda av c pza",
    "a.m p.m etc aprox s.a s.l ee.uu pág tel min máx dpto depto",
    "no núm nro n.º tel art pág",
);
const FRENCH: Lists = (
    "m mme mlle mm mmes dr pr me st ste av bd p.ex ex c.-à-d",
    "etc env tél min max s.a apr av.j.-c",
    "no n tél art p",
);
const GERMAN: Lists = (
    "hr fr herrn dr prof dipl z.b z b d.h d u.a o.ä bzw ca inkl exkl evtl ggf sog vgl st str bspw zzgl",
    "usw etc u.s.w o.g s.o s.u min max std co",
    "nr tel art abs s kap",
);
const GERMAN_MONTHS: [&str; 12] = [
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
];
const BEFORE_GERMAN_ORDINALS: [&str; 22] = [
    "am", "vom", "zum", "im", "der", "die", "das", "den", "dem", "des", "beim", "ab", "jeden", "jeder",
    "jedes", "ihr", "ihre", "ihrem", "ihren", "unser", "unsere", "erst",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text with `|` where a sentence ends. The text comes character by character too: the cuts stay the same.
    #[test]
    fn sentences_end_where_a_speaker_pauses() {
        let cases = [
            ("en-US", "Hello, Ann.| How are you?| I am fine!"),
            ("en-US", "Dr. Lee will see you at 3.30 p.m. on Tuesday.| Is that fine?"),
            ("en-US", "We close at 5 p.m.| Please come earlier."),
            ("en-US", "It costs $3.50.| That is all."),
            ("en-US", "Write to ann@example.com or see example.com/help. |Anything else?"),
            ("en-US", "Well... let me see.| Hm…| Yes."),
            ("en-US", "He said \"Stop!\"| Then he left."),
            ("en-US", "J. R. Miller called.| So did I.| We waited."),
            ("en-US", "Really?!| Yes."),
            ("en-US", "Two steps:\n|1. Open the door.\n|2. Close it.\n|"),
            ("en-US", "Your number is no. 5.| Mine is 7.| Good."),
            ("en-GB", "We have apples, pears, etc. in stock.| Want some?"),
            ("es-ES", "¿Cómo está, Sr. Gómez?| ¡Muy bien!| Son las 9.| Hasta luego."),
            ("es-MX", "Su cita es con la Dra. Ruiz a las 3 p.m. del martes.| ¿Algo más?"),
            ("fr-FR", "Bonjour M. Durand.| Votre rendez-vous est à 9 h 30.| À bientôt !"),
            ("fr-FR", "Mme. Petit arrive.| Le total est de 3,50 €.| Merci."),
            ("de-DE", "Ihr Termin ist am 3. Mai um 9 Uhr.| Passt das?"),
            ("de-DE", "Wir sind im 2. Stock, z. B. links.| Bis dann!"),
            ("de-DE", "Das macht 12.| Möchten Sie zahlen?"),
            ("de-DE", "Herr Dr. Weiß ist da, bzw. kommt gleich.| Gut."),
            ("ja-JP", "はい。|そうです。|"),
        ];
        for (language, marked) in cases {
            let text: String = marked.chars().filter(|c| *c != '|').collect();
            let expected: Vec<&str> =
                marked.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
            assert_eq!(split(&text, language), expected, "{marked}");
            let mut sentences = Sentences::new(language);
            let mut found: Vec<String> = text.chars().flat_map(|c| sentences.push(&c.to_string())).collect();
            found.extend(sentences.finish());
            assert_eq!(found, expected, "{marked}, by character");
        }
    }

    #[test]
    fn a_text_without_an_end_is_cut_at_a_pause() {
        let text = format!("{}, {}", "word ".repeat(60).trim_end(), "more ".repeat(60));
        let sentences = split(&text, "en");
        assert!(sentences.len() > 1 && sentences[0].ends_with("word,"), "{sentences:?}");
        assert!(sentences.iter().all(|sentence| sentence.chars().count() <= SENTENCE_CHARS_MAX));
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(folded(&sentences.join(" ")), folded(&text));
        assert_eq!(split(&"x".repeat(1_000), "en").concat().len(), 1_000);
    }

    #[test]
    fn an_open_rest_is_told_from_a_whole_one() {
        let mut sentences = Sentences::new("en");
        assert_eq!(sentences.push("One. Two thre"), ["One."]);
        assert!(sentences.is_open());
        sentences.push("e.");
        assert!(!sentences.is_open());
        assert_eq!(sentences.finish().as_deref(), Some("Two three."));
    }
}
