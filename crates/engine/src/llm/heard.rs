//! How much of an answer the caller heard before breaking in.

/// The part of `given` that was heard, by what the line reports as spoken until then: up to the longest match of
/// its words, blanks folded. A report that matches nothing keeps nothing.
///
/// The report is of what was being spoken, which may begin later than `given` does, because only the latest
/// utterance is reported: then everything before the match was heard too.
pub fn heard<'a>(given: &'a str, reported: &str) -> &'a str {
    let reported: Vec<String> =
        reported.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    let words: Vec<(usize, String)> = given
        .split_whitespace()
        .map(|word| (offset(given, word) + word.len(), fold(word)))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let longest = (0..words.len())
        .map(|start| (run(&words[start..], &reported), start))
        .filter(|(length, _)| *length > 0)
        // The longest, and of those the one that claims least to have been heard.
        .max_by(|(a, at), (b, than)| a.cmp(b).then(than.cmp(at)));
    match longest {
        Some((length, start)) => &given[..words[start + length - 1].0],
        None => "",
    }
}

/// Whether two sentences have the same words.
pub fn is_same(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect()
    };
    words(one) == words(other)
}

/// How many words both begin with; a last word may have been broken off.
fn run(words: &[(usize, String)], reported: &[String]) -> usize {
    let same = words.iter().zip(reported).take_while(|((_, word), reported)| word == *reported).count();
    let is_last = same + 1 == reported.len();
    let broken_off = is_last && words.get(same).is_some_and(|(_, word)| word.starts_with(&reported[same]));
    if broken_off && same > 0 { same + 1 } else { same }
}

/// A word as it is compared: without case and punctuation.
fn fold(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_match_of_the_words_was_heard() {
        let given = "Life is a complex set of  events. It is what you make of it.";
        let cases = [
            ("Life is a complex set of", "Life is a complex set of"),
            ("life is  a complex SET of events", "Life is a complex set of  events."),
            ("It is what", "Life is a complex set of  events. It is what"),
            ("Life is a comp", "Life is a complex"),
            (given, given),
            ("", ""),
            ("Something else", ""),
            ("Life was good", "Life"),
            ("It is", "Life is a complex set of  events. It is"),
        ];
        for (reported, expected) in cases {
            assert_eq!(heard(given, reported), expected, "{reported}");
        }
        assert_eq!(heard("", "Hello"), "");
        assert_eq!(heard("— … —", "—"), "");
    }
}
