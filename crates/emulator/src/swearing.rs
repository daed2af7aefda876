//! Swear words, as recognition hides them: the first letter stays, asterisks follow.

/// The commonest of English. What a real provider hides is its own secret; a test needs one that is hidden
/// and many that are not.
const WORDS: [&str; 11] = [
    "asshole",
    "bastard",
    "bitch",
    "bullshit",
    "cunt",
    "damn",
    "fuck",
    "fucking",
    "motherfucker",
    "piss",
    "shit",
];

/// The text with its swear words hidden.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut word = String::new();
    for char in text.chars() {
        if char.is_alphanumeric() {
            word.push(char);
        } else {
            push(&mut masked, &mut word);
            masked.push(char);
        }
    }
    push(&mut masked, &mut word);
    masked
}

fn push(masked: &mut String, word: &mut String) {
    let is_hidden = WORDS.contains(&word.to_lowercase().as_str());
    for (index, char) in word.chars().enumerate() {
        masked.push(if is_hidden && index > 0 { '*' } else { char });
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_swear_words_are_hidden() {
        assert_eq!(masked("Well, damn it! Shit happens."), "Well, d*** it! S*** happens.");
        assert_eq!(masked("Mr. Dickens of Scunthorpe"), "Mr. Dickens of Scunthorpe");
    }
}
