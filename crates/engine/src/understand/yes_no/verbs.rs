//! How a verb of the question comes back in an answer: `tiene` as "tengo", `pagó` as "pagué".

use super::super::language::{ByLanguage, Language};
use super::super::token;

/// Shorter words are no verbs whose beginning tells them.
const LETTERS_MIN: usize = 4;
/// Longer ones have more letters in common.
const LETTERS_MAX: usize = 6;
/// What two forms of such a verb have in common at least.
const STEM_LETTERS: usize = 3;

/// Forms in a question, and those that answer it.
struct Verb {
    asked: Vec<String>,
    answers: Vec<String>,
}

static VERBS: ByLanguage<Vec<Verb>> = ByLanguage::new(|language| {
    let list = match language {
        Language::Es => include_str!("verbs_es.txt"),
        Language::Fr => include_str!("verbs_fr.txt"),
        Language::De => include_str!("verbs_de.txt"),
        Language::En | Language::Other => "",
    };
    let forms = |text: &str| text.split(',').map(|form| token::fold(form, language).concat()).collect();
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let parts = lines.filter_map(|line| line.split_once('|'));
    parts.map(|(asked, answers)| Verb { asked: forms(asked), answers: forms(answers) }).collect()
});

/// Whether a word of an answer is a form of a verb of the question.
pub(super) fn answers(asked: &str, said: &str, language: Language) -> bool {
    let verbs = VERBS.of(language);
    let is_known = |verb: &Verb| {
        verb.asked.iter().any(|form| form == asked) && verb.answers.iter().any(|form| form == said)
    };
    verbs.iter().any(is_known) || !verbs.is_empty() && is_regular(asked, said)
}

/// `fuma` and "fumo".
fn is_regular(asked: &str, said: &str) -> bool {
    let lengths = [asked, said].map(|word| word.chars().count());
    let alike = asked.chars().zip(said.chars()).take_while(|(a, b)| a == b).count();
    let is_short = lengths.iter().all(|length| (LETTERS_MIN..=LETTERS_MAX).contains(length));
    is_short && alike >= STEM_LETTERS && asked != said
}
