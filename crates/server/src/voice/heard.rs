//! What a caller did, in our words.

use engine::call;
use engine::conversation::{AnsweredBy, What};
use twilio::call::{CallStatus, GatherAction};
use twilio::form::Pairs;

/// Characters of one answer that count. A minute of speech has far fewer.
const WORDS_MAX: usize = 4_000;
/// The parameters that hold what a caller said.
pub(super) const SAID_IN: [&str; 2] = ["SpeechResult", "Digits"];
/// Keys of one answer that count.
const KEYS_MAX: usize = 100;

/// The result of listening. Whatever cannot be read is data, or silence.
pub(super) fn heard(params: &Pairs) -> What {
    let get = |name: &str| twilio::form::get(params, name).unwrap_or_default();
    let action = GatherAction::from_pairs(params).ok();
    let keys: String = get("Digits").chars().filter(|key| is_key(*key)).take(KEYS_MAX).collect();
    if !keys.is_empty() {
        return What::Keys { keys };
    }
    // The key that ends keys, where there were none before it.
    if get("FinishedOnKey") == "#" {
        return What::Keys { keys: "#".to_owned() };
    }
    let words = plain(get("SpeechResult"));
    if !words.is_empty() {
        let confidence = action.as_ref().and_then(|action| action.confidence);
        let confidence = confidence.filter(|sure| (0.0..=1.0).contains(sure));
        return What::Speech { words, confidence };
    }
    let is_over = action.is_some_and(|action| is_final(&action.call.status));
    if is_over { What::HungUp } else { What::Nothing }
}

/// Who answered, as far as a conversation minds.
pub(super) fn answered_by(detected: Option<call::AnsweredBy>) -> AnsweredBy {
    match detected {
        None | Some(call::AnsweredBy::Unknown) => AnsweredBy::Unknown,
        Some(call::AnsweredBy::Human) => AnsweredBy::Human,
        Some(_) => AnsweredBy::Machine,
    }
}

fn is_key(key: char) -> bool {
    key.is_ascii_digit() || matches!(key, '*' | '#')
}

fn is_final(status: &CallStatus) -> bool {
    matches!(
        status,
        CallStatus::Completed
            | CallStatus::Busy
            | CallStatus::Failed
            | CallStatus::NoAnswer
            | CallStatus::Canceled
    )
}

/// Words without control characters and surplus blanks, and no more than count.
fn plain(words: &str) -> String {
    let words = words.chars().take(WORDS_MAX).map(|char| if char.is_control() { ' ' } else { char });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> What {
        let base = [
            ("CallSid", "CA00000000000000000000000000000001"),
            ("AccountSid", "AC00000000000000000000000000000001"),
            ("From", "+15551234567"),
            ("To", "+15557654321"),
        ];
        let status = [("CallStatus", "in-progress")];
        let status = if pairs.iter().any(|(name, _)| *name == "CallStatus") { &[][..] } else { &status[..] };
        let pairs = base.iter().chain(status).chain(pairs);
        heard(&pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn speech(words: &str, confidence: Option<f64>) -> What {
        What::Speech { words: words.to_owned(), confidence }
    }

    #[test]
    fn keys_speech_and_silence_are_told_apart() {
        let keys = |keys: &str| What::Keys { keys: keys.to_owned() };
        let long = "word ".repeat(2_000);
        let cases: &[(&[(&str, &str)], What)] = &[
            (&[("Digits", "1")], keys("1")),
            (&[("Digits", "*")], keys("*")),
            (&[("Digits", ""), ("FinishedOnKey", "#")], keys("#")),
            (&[("Digits", ""), ("FinishedOnKey", "")], What::Nothing),
            (&[("SpeechResult", "ten"), ("Confidence", "0.93")], speech("ten", Some(0.93))),
            (&[("SpeechResult", "ten")], speech("ten", None)),
            (&[("SpeechResult", "ten"), ("Confidence", "surely")], speech("ten", None)),
            (&[("SpeechResult", "ten"), ("Confidence", "7")], speech("ten", None)),
            (&[("SpeechResult", " a\u{0}b\r\n c\u{7} ")], speech("a b c", None)),
            (&[("SpeechResult", "  ")], What::Nothing),
            (&[], What::Nothing),
            (&[("CallStatus", "completed")], What::HungUp),
            (&[("CallStatus", "completed"), ("SpeechResult", "bye")], speech("bye", None)),
        ];
        for (pairs, expected) in cases {
            assert_eq!(of(pairs), *expected, "{pairs:?}");
        }
        let What::Speech { words, .. } = of(&[("SpeechResult", &long)]) else { panic!("it is speech") };
        assert!(words.len() <= WORDS_MAX && words.starts_with("word word"));
    }
}
