//! Answers without a model: those that the author wrote for certain words, and those that were given before.

use crate::words::fold;
use sha2::{Digest, Sha256};

/// Phrases with the answer that they get. The first that is all that was said decides.
#[derive(Clone, Debug, PartialEq)]
pub struct InstantAnswer<T> {
    pub phrases: Vec<String>,
    pub answer: T,
}

/// The answer for what was said, where there is one: the same words, after politeness and fillers are dropped.
pub fn find<'a, T>(words: &str, answers: &'a [InstantAnswer<T>]) -> Option<&'a T> {
    let said = bare(words);
    if said.is_empty() {
        return None;
    }
    let found = answers.iter().find(|instant| instant.phrases.iter().any(|phrase| bare(phrase) == said));
    found.map(|instant| &instant.answer)
}

const FILLERS: &[&str] = &[
    "please", "um", "uh", "er", "hi", "hello", "hey", "so", "well", "okay", "ok", "bitte", "äh", "ähm",
    "hallo", "also", "hola", "pues", "eh", "bonjour", "alors", "euh", "bon",
];

fn bare(words: &str) -> String {
    let folded = fold(words);
    let kept: Vec<&str> = folded.split(' ').filter(|word| !FILLERS.contains(word)).collect();
    if kept.is_empty() { folded } else { kept.join(" ") }
}

/// What makes an answer one that was given before.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Name and version of the agent.
    pub agent: &'a str,
    pub version: u64,
    pub language: &'a str,
    /// The conversation so far and what was said last, word for word.
    pub said: &'a [&'a str],
    /// Variables of the prompt that are no secrets, in a fixed order, as they are printed.
    pub variables: &'a [(&'a str, &'a str)],
}

/// The name under which an answer is kept. Words that differ in case and punctuation alone have the same.
pub fn cache_key(asked: &Asked<'_>) -> String {
    let mut hash = Sha256::new();
    let mut take = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    take(asked.agent);
    take(&asked.version.to_string());
    take(asked.language);
    for said in asked.said {
        take(&fold(said));
    }
    take("");
    for (name, value) in asked.variables {
        take(name);
        take(value);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_answer_needs_all_of_its_words() {
        let answers = [InstantAnswer {
            phrases: vec!["what are your hours".to_owned(), "when are you open".to_owned()],
            answer: "Nine to five.",
        }];
        for said in ["What are your hours?", "um, when are you open please"] {
            assert_eq!(find(said, &answers), Some(&"Nine to five."), "{said}");
        }
        for said in ["", "please", "what are your hours on Sunday", "hours"] {
            assert_eq!(find(said, &answers), None, "{said}");
        }
    }

    #[test]
    fn the_same_question_has_the_same_key_and_any_other_has_another() {
        let asked = Asked {
            agent: "clinic",
            version: 1,
            language: "en-US",
            said: &["What are your hours?"],
            variables: &[("city", "Springfield")],
        };
        let key = cache_key(&asked);
        assert_eq!(key, cache_key(&Asked { said: &["what are your hours"], ..asked.clone() }));
        for other in [
            Asked { version: 2, ..asked.clone() },
            Asked { language: "en-GB", ..asked.clone() },
            Asked { said: &["What are", "your hours?"], ..asked.clone() },
            Asked { variables: &[("city", "Shelbyville")], ..asked.clone() },
        ] {
            assert_ne!(key, cache_key(&other));
        }
    }
}
