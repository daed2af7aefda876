//! When a condition holds: by the value that was understood, and by the words that were heard.

use super::interview::Talk;
use super::results::{Answer, How};
use crate::agent::{Operand, Operator, Question};
use crate::understand::{AnswerType, Asked, Heard, Understanding, understand};
use crate::words::{Decimal, fold, same_value, same_words};
use jiff::civil::Date;
use serde_json::Value;
use std::cmp::Ordering;

/// The answer that a condition looks at.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    question: &'a Question,
    /// Null where there is none.
    value: &'a Value,
    /// What was said, where that counts.
    words: Option<&'a str>,
    /// Dates such as `tomorrow` are read by this day, in this language and region.
    reader: Option<Reader<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Reader<'a> {
    language: &'a str,
    region: Option<&'a str>,
    call_date: Date,
}

static NOTHING: Value = Value::Null;

impl<'a> Compared<'a> {
    /// Words that nothing was understood of.
    pub(crate) fn words_alone(question: &'a Question, words: Option<&'a str>) -> Compared<'a> {
        Compared { question, value: &NOTHING, words, reader: None }
    }

    /// An answer as it was kept; a question that was not answered is null.
    pub(super) fn of(question: &'a Question, answer: Option<&'a Answer>, talk: &'a Talk<'_>) -> Compared<'a> {
        let counts = |answer: &&Answer| matches!(answer.how, How::Answered | How::ByWords);
        let reader = Reader {
            language: &talk.conversation.language,
            region: talk.conversation.region.as_deref(),
            call_date: talk.call_date(),
        };
        Compared {
            question,
            value: answer.map_or(&NOTHING, |answer| &answer.value),
            words: answer.filter(counts).and_then(|answer| answer.heard.as_deref()),
            reader: Some(reader),
        }
    }

    /// An answer that somebody may give.
    pub(crate) fn supposed(
        question: &'a Question,
        value: &'a Value,
        words: Option<&'a str>,
        (language, region, call_date): (&'a str, Option<&'a str>, Date),
    ) -> Compared<'a> {
        let reader = Reader { language, region, call_date };
        Compared { question, value, words, reader: Some(reader) }
    }

    pub(super) fn is_of(&self, question: &Question) -> bool {
        std::ptr::eq(self.question, question) || self.question.id == question.id
    }

    /// There is no value, and it is not settled that there will be none.
    pub(super) fn is_by_words_alone(&self) -> bool {
        self.reader.is_none()
    }

    /// The value, where it is text.
    fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// The operand as a value of the field's type.
    fn value_of(&self, operand: &Operand) -> Option<Value> {
        if operand.value.is_some() || self.question.kind != AnswerType::Date {
            return operand.value.clone();
        }
        let reader = self.reader?;
        let asked = Asked {
            kind: AnswerType::Date,
            choices: &[],
            language: reader.language,
            region: reader.region,
            call_date: reader.call_date,
            question: None,
        };
        match understand(&asked, &Heard { words: &operand.text, digits: None, confidence: None }) {
            Understanding::Value { value, .. } => Some(value),
            Understanding::AskAgain { .. } => None,
        }
    }

    fn equals(&self, operand: &Operand) -> bool {
        let by_words = self.words.is_some_and(|words| same_words(words, &operand.text));
        let by_text = self.text().is_some_and(|text| same_value(text, &operand.text));
        by_words || by_text || self.equals_by_value(operand)
    }

    fn equals_by_value(&self, operand: &Operand) -> bool {
        self.value_of(operand).is_some_and(|value| same(&value, self.value))
    }

    /// An alternative that is a value of the type matches by value alone, so that 10 does not contain 1.
    fn contains(&self, operand: &Operand) -> bool {
        if self.value_of(operand).is_some() {
            return self.equals_by_value(operand);
        }
        let is_inside = |text: &str| is_inside(&operand.text, text);
        self.words.is_some_and(is_inside) || self.text().is_some_and(is_inside)
    }

    fn begins_or_ends(&self, operand: &Operand, fits: fn(&str, &str) -> bool) -> bool {
        let wanted = fold(&operand.text);
        let by_words = |text: &str| !wanted.is_empty() && fits(&fold(text), &wanted);
        let by_signs = |text: &str| fits(text, operand.text.trim());
        self.words.is_some_and(by_words) || self.text().is_some_and(|text| by_words(text) || by_signs(text))
    }

    fn order(&self, operand: &Operand) -> Option<Ordering> {
        match (self.value, self.value_of(operand)) {
            (Value::Number(a), Some(Value::Number(b))) => a.as_f64()?.partial_cmp(&b.as_f64()?),
            // Dates and times are written so that they sort as they follow each other.
            (Value::String(a), Some(Value::String(b)))
                if matches!(self.question.kind, AnswerType::Date | AnswerType::Time) =>
            {
                Some(a.as_str().cmp(b.as_str()))
            }
            (Value::String(a), _) => {
                let number = |text: &str| Decimal::parse(text)?.to_json()?.as_f64();
                number(a)?.partial_cmp(&number(&operand.text)?)
            }
            _ => None,
        }
    }
}

/// Whether a condition holds for an answer. An answer without value holds for `is_empty` and `any_other`, and, where
/// words were heard, for what compares words.
pub fn holds(operator: &Operator, answer: &Compared<'_>) -> bool {
    let is_null = answer.value.is_null();
    match operator {
        Operator::Equals(one) => answer.equals(one),
        Operator::OneOf(many) => many.iter().any(|one| answer.equals(one)),
        Operator::Contains(many) => many.iter().any(|one| answer.contains(one)),
        Operator::StartsWith(one) => answer.begins_or_ends(one, |text, wanted| text.starts_with(wanted)),
        Operator::EndsWith(one) => answer.begins_or_ends(one, |text, wanted| text.ends_with(wanted)),
        Operator::Matches(regex) => {
            answer.words.is_some_and(|words| regex.is_match(words))
                || answer.text().is_some_and(|text| regex.is_match(text))
                || answer.value.is_number() && regex.is_match(&answer.value.to_string())
        }
        Operator::NotEquals(one) => !is_null && !answer.equals(one),
        Operator::NotContains(many) => !is_null && !many.iter().any(|one| answer.contains(one)),
        Operator::GreaterThan(one) => answer.order(one) == Some(Ordering::Greater),
        Operator::LessThan(one) => answer.order(one) == Some(Ordering::Less),
        Operator::Between(low, high) => {
            answer.order(low).is_some_and(Ordering::is_ge) && answer.order(high).is_some_and(Ordering::is_le)
        }
        Operator::IsNotEmpty => !is_null,
        // Only where it is settled that there is no value.
        Operator::IsEmpty => is_null && !answer.is_by_words_alone(),
        Operator::AnyOther => !answer.is_by_words_alone(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

/// Letters that an alternative needs to be found in the middle of a word, and at the start of one. A shorter one
/// is a word of its own: `no` is not in `know`.
const INSIDE_LETTERS_MIN: usize = 4;
const START_LETTERS_MIN: usize = 3;

/// Whether an alternative is inside what was said, whatever case and punctuation.
fn is_inside(alternative: &str, text: &str) -> bool {
    let (wanted, text) = (fold(alternative), fold(text));
    if wanted.is_empty() {
        return false;
    }
    let letters = wanted.chars().filter(|c| !c.is_whitespace()).count();
    let is_number = wanted.chars().all(|c| c.is_numeric() || c.is_whitespace());
    text.match_indices(&wanted).any(|(start, found)| {
        let begins = text[..start].chars().next_back().is_none_or(char::is_whitespace);
        let ends = text[start + found.len()..].chars().next().is_none_or(char::is_whitespace);
        begins && ends
            || !is_number && (letters >= INSIDE_LETTERS_MIN || begins && letters >= START_LETTERS_MIN)
    })
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn alternatives_are_found_inside_words_that_are_long_enough() {
        for (alternative, text) in [
            ("senior", "I'm a Senior engineer"),
            ("bill", "billing, please"),
            ("rechnung", "die Telefonrechnung"),
            ("pay", "a payment"),
            ("no", "no, never"),
            ("25", "about 25 people"),
            ("tech support", "the tech-support team"),
        ] {
            assert!(is_inside(alternative, text), "{alternative} in {text}");
        }
        for (alternative, text) in [
            ("no", "I know"),
            ("art", "a start"),
            ("1", "10"),
            ("100", "1000"),
            ("...", "well"),
            ("ten", "often"),
        ] {
            assert!(!is_inside(alternative, text), "{alternative} in {text}");
        }
    }
}
