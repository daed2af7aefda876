//! Languages with a grammar of their own, and what a region changes.

use std::sync::OnceLock;

/// The language of an answer. What has no grammar here is [`Language::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    En,
    Es,
    Fr,
    De,
    Other,
}

impl Language {
    const ALL: [Language; 5] = [Language::En, Language::Es, Language::Fr, Language::De, Language::Other];

    /// By the first part of a tag, in any case: `en-US`, `DE_at`.
    pub(super) fn of_tag(tag: &str) -> Language {
        let name = tag.split(['-', '_']).next().unwrap_or(tag);
        match name.to_ascii_lowercase().as_str() {
            "en" => Language::En,
            "es" => Language::Es,
            "fr" => Language::Fr,
            "de" => Language::De,
            _ => Language::Other,
        }
    }

    /// One value for each language, in the order of [`Language::ALL`].
    fn index(self) -> usize {
        Language::ALL.iter().position(|language| *language == self).unwrap_or(0)
    }
}

/// Something for each language, made when an answer in it first needs it: of most languages nothing ever is.
pub(super) struct ByLanguage<T> {
    made: [OnceLock<T>; Language::ALL.len()],
    make: fn(Language) -> T,
}

impl<T> ByLanguage<T> {
    pub(super) const fn new(make: fn(Language) -> T) -> ByLanguage<T> {
        ByLanguage { made: [const { OnceLock::new() }; Language::ALL.len()], make }
    }

    pub(super) fn of(&self, language: Language) -> &T {
        self.made[language.index()].get_or_init(|| (self.make)(language))
    }
}

/// The list of words of a language: `en.txt`, `es.txt`, `fr.txt` or `de.txt` beside the file that asks, and an empty one
/// for a language without a grammar.
macro_rules! word_list {
    ($language:expr) => {
        match $language {
            $crate::understand::language::Language::En => include_str!("en.txt"),
            $crate::understand::language::Language::Es => include_str!("es.txt"),
            $crate::understand::language::Language::Fr => include_str!("fr.txt"),
            $crate::understand::language::Language::De => include_str!("de.txt"),
            $crate::understand::language::Language::Other => "",
        }
    };
}
pub(super) use word_list;

/// A language and a country.
#[derive(Clone, Debug)]
pub(super) struct Locale {
    pub(super) language: Language,
    /// ISO 3166, upper case: the person's, else that of the tag.
    pub(super) region: Option<String>,
    /// The region of the tag alone, which tells how the language is written.
    written_in: Option<String>,
}

/// Countries of each language that write 1,234.5 though Spain writes 1.234,5.
const SPANISH_WITH_POINT: &[&str] = &["MX", "US", "PR", "GT", "HN", "NI", "PA", "SV", "DO"];
/// English that writes the month first.
const MONTH_FIRST: &[&str] = &["US", "PH", "CA"];

impl Locale {
    pub(super) fn of(tag: &str, region: Option<&str>) -> Locale {
        let two_letters = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
        let written_in = tag.split(['-', '_']).skip(1).find(two_letters).map(str::to_ascii_uppercase);
        let region = region.map(str::trim).filter(two_letters).map(str::to_ascii_uppercase);
        Locale { language: Language::of_tag(tag), region: region.or_else(|| written_in.clone()), written_in }
    }

    /// The character between a number and its decimals.
    pub(super) fn decimal_mark(&self) -> char {
        let country = self.written_in.as_deref().or(self.region.as_deref()).unwrap_or("");
        match self.language {
            Language::En | Language::Other => '.',
            Language::Es if SPANISH_WITH_POINT.contains(&country) => '.',
            Language::De if country == "CH" || country == "LI" => '.',
            Language::Es | Language::Fr | Language::De => ',',
        }
    }

    /// Which part of `3/4/2026` is the month; nothing where nobody can tell.
    pub(super) fn month_first(&self) -> Option<bool> {
        match (self.language, self.written_in.as_deref().or(self.region.as_deref())) {
            (Language::En, Some("CA")) => None,
            (Language::En, Some(country)) => Some(MONTH_FIRST.contains(&country)),
            (Language::En | Language::Other, _) => None,
            (Language::Es, Some("US" | "PR")) => None,
            (Language::Es | Language::Fr | Language::De, _) => Some(false),
        }
    }
}
