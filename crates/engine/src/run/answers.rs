//! Which of the answers that a `waitForReply` names a reply is.

use crate::event::Reply;
use crate::words::{Decimal, fold, same_words};
use crate::workflow::{Accepts, Answer};
use serde_json::Value;

/// How people say yes, folded. Several languages, and the thumbs.
const YES: &[&str] = &[
    "y",
    "yes",
    "yeah",
    "yep",
    "yup",
    "sure",
    "ok",
    "okay",
    "correct",
    "confirm",
    "confirmed",
    "yes please",
    "of course",
    "si",
    "sí",
    "claro",
    "oui",
    "d accord",
    "daccord",
    "ja",
    "jawohl",
    "sim",
    "sì",
    "tak",
];
const NO: &[&str] = &[
    "n",
    "no",
    "nope",
    "nah",
    "no thanks",
    "no thank you",
    "not now",
    "non",
    "nein",
    "nee",
    "não",
    "nao",
    "nie",
];
const YES_SIGNS: &[&str] = &["\u{1f44d}", "\u{2705}", "\u{1f44c}"];
const NO_SIGNS: &[&str] = &["\u{1f44e}", "\u{274c}"];

/// The first answer that takes the reply, with what it understood.
pub(super) fn first_match<'a>(answers: &'a [Answer], reply: &Reply) -> Option<(&'a Answer, Value)> {
    answers.iter().find_map(|answer| Some((answer, understand(&answer.accepts, reply)?)))
}

/// Whether an answer takes this text.
pub(crate) fn takes(accepts: &Accepts, said: &str) -> bool {
    understand_text(accepts, said).is_some()
}

/// A button counts by its label and by its payload, whatever text came with it.
fn understand(accepts: &Accepts, reply: &Reply) -> Option<Value> {
    let button = reply.content.button.as_ref();
    let payload = button.and_then(|button| button.payload.as_deref());
    let said = [Some(reply.text()), button.map(|button| button.text.as_str()), payload];
    said.into_iter().flatten().find_map(|said| understand_text(accepts, said))
}

fn understand_text(accepts: &Accepts, said: &str) -> Option<Value> {
    match accepts {
        Accepts::Words(words) => {
            words.iter().find(|word| same_words(word, said)).map(|word| word.as_str().into())
        }
        Accepts::Yes => is_one_of(said, YES, YES_SIGNS).then_some(Value::Bool(true)),
        Accepts::No => is_one_of(said, NO, NO_SIGNS).then_some(Value::Bool(false)),
        Accepts::Number => Decimal::parse(said)?.to_json().map(Value::Number),
        Accepts::Choice(choices) => choice(choices, said),
        Accepts::Pattern(pattern) => pattern.is_match(said.trim()).then(|| Value::from(said.trim())),
    }
}

/// By its text, or by its place in the list; a choice that is a number itself counts by its text.
fn choice(choices: &[String], said: &str) -> Option<Value> {
    let by_text = choices.iter().find(|choice| same_words(choice, said));
    let by_place = || {
        let place: usize = said.trim().trim_end_matches(['.', ')']).parse().ok()?;
        choices.get(place.checked_sub(1)?)
    };
    by_text.or_else(by_place).map(|choice| choice.as_str().into())
}

fn is_one_of(said: &str, words: &[&str], signs: &[&str]) -> bool {
    let folded = fold(said);
    // A thumb may come in any colour of skin, which is a character of its own.
    let sign: String =
        said.trim().chars().filter(|c| !matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{fe0f}')).collect();
    words.contains(&folded.as_str()) || signs.contains(&sign.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_understood_by_their_kind() {
        let choices = || Accepts::Choice(vec!["Monday".into(), "Next week".into()]);
        let pattern = || Accepts::Pattern(regex::Regex::new("^[A-Z]{2}[0-9]+$").expect("well formed"));
        let cases = [
            (Accepts::Words(vec!["YES".into(), "OK".into()]), " ok. ", Some(json!("OK"))),
            (Accepts::Words(vec!["YES".into()]), "yes please", None),
            (Accepts::Yes, "Sí!", Some(json!(true))),
            (Accepts::Yes, "\u{1f44d}\u{1f3fd}", Some(json!(true))),
            (Accepts::Yes, "yes and no", None),
            (Accepts::No, "No, thanks", Some(json!(false))),
            (Accepts::No, "", None),
            (Accepts::Number, " 7.50 ", Some(json!(7.5))),
            (Accepts::Number, "seven", None),
            (choices(), "next week!", Some(json!("Next week"))),
            (choices(), "1.", Some(json!("Monday"))),
            (choices(), "0", None),
            (choices(), "3", None),
            (pattern(), " AB12 ", Some(json!("AB12"))),
            (pattern(), "ab12", None),
        ];
        for (accepts, said, value) in cases {
            assert_eq!(understand_text(&accepts, said), value, "{accepts:?} {said:?}");
        }
    }
}
