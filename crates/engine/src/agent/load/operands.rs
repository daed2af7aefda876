//! What conditions compare with, as answers of the type that their field has.

use crate::agent::{Operand, Operator, Question, QuestionAgent};
use crate::understand::{AnswerType, Asked, Heard, Understanding, understand};
use crate::words::{fold, same_words};
use jiff::civil::Date;
use serde_json::Value;

/// The texts between commas; `\,` is a comma.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek() == Some(&',') => {
                characters.next();
                parts.last_mut().expect("never empty").push(',');
            }
            ',' => parts.push(String::new()),
            c => parts.last_mut().expect("never empty").push(c),
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

pub(super) fn unresolved(text: String) -> Operand {
    Operand { text, value: None }
}

/// Reads every operand as an answer to the question that its condition looks at.
pub(super) fn resolve_operands(agent: &mut QuestionAgent) {
    let (language, region) = (agent.languages[0].clone(), agent.region.clone());
    // Conditions look at other questions than their own: what is read of those is taken out first.
    let asked: Vec<Field> = agent.questions.iter().map(Field::of).collect();
    for question in &mut agent.questions {
        for action in &mut question.actions {
            let field = &asked[action.condition.field];
            for operand in operands_of(&mut action.condition.operator) {
                operand.value = field.value_of(&operand.text, &language, region.as_deref());
            }
        }
    }
}

fn operands_of(operator: &mut Operator) -> Vec<&mut Operand> {
    match operator {
        Operator::Equals(one)
        | Operator::NotEquals(one)
        | Operator::GreaterThan(one)
        | Operator::LessThan(one)
        | Operator::StartsWith(one)
        | Operator::EndsWith(one) => vec![one],
        Operator::Contains(many) | Operator::NotContains(many) | Operator::OneOf(many) => {
            many.iter_mut().collect()
        }
        Operator::Between(low, high) => vec![low, high],
        Operator::Matches(_) | Operator::IsEmpty | Operator::IsNotEmpty | Operator::AnyOther => Vec::new(),
    }
}

/// What of a question decides on values.
struct Field {
    kind: AnswerType,
    choices: Vec<crate::understand::Choice>,
}

impl Field {
    fn of(question: &Question) -> Field {
        Field { kind: question.kind, choices: question.choices.clone() }
    }

    fn value_of(&self, text: &str, language: &str, region: Option<&str>) -> Option<Value> {
        match self.kind {
            AnswerType::Text => None,
            AnswerType::MultipleChoice => {
                let stands_for = |choice: &&crate::understand::Choice| {
                    std::iter::once(&choice.value).chain(&choice.synonyms).any(|name| same_words(name, text))
                };
                self.choices.iter().find(stands_for).map(|choice| Value::from(choice.value.as_str()))
            }
            AnswerType::Digits => {
                let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
                (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.into())
            }
            AnswerType::YesNo => self.understood(text, language, region, SOME_DAY).or_else(|| truth(text)),
            // The format itself says `none` for no years at all, whatever language is spoken.
            AnswerType::Number => self.understood(text, language, region, SOME_DAY).or_else(|| nought(text)),
            // A date that differs by the day of the call, such as `tomorrow`, has no value of its own.
            AnswerType::Date => {
                let on = |day| self.understood(text, language, region, day);
                on(SOME_DAY).filter(|value| on(OTHER_DAY).as_ref() == Some(value))
            }
            _ => self.understood(text, language, region, SOME_DAY),
        }
    }

    fn understood(&self, text: &str, language: &str, region: Option<&str>, call_date: Date) -> Option<Value> {
        let asked =
            Asked { kind: self.kind, choices: &self.choices, language, region, call_date, question: None };
        match understand(&asked, &Heard { words: text, digits: None, confidence: None }) {
            Understanding::Value { value, .. } => Some(value),
            Understanding::AskAgain { .. } => None,
        }
    }
}

/// Two days on which no relative date is the same.
const SOME_DAY: Date = Date::constant(2026, 1, 14);
const OTHER_DAY: Date = Date::constant(2027, 8, 23);

/// Conditions are written in the words of the format also where another language is spoken.
fn truth(text: &str) -> Option<Value> {
    match fold(text).as_str() {
        "true" | "yes" => Some(true.into()),
        "false" | "no" => Some(false.into()),
        _ => None,
    }
}

fn nought(text: &str) -> Option<Value> {
    (fold(text) == "none").then(|| 0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_may_be_written_in_the_words_of_the_format() {
        let of = |kind, text| Field { kind, choices: Vec::new() }.value_of(text, "de-DE", None);
        for (kind, text, value) in [
            (AnswerType::YesNo, "true", Some(Value::Bool(true))),
            (AnswerType::YesNo, "No", Some(Value::Bool(false))),
            (AnswerType::YesNo, "ja", Some(Value::Bool(true))),
            (AnswerType::YesNo, "perhaps", None),
            (AnswerType::Number, "none", Some(Value::from(0))),
            (AnswerType::Number, "zehn", Some(Value::from(10))),
            (AnswerType::Digits, "12-34", Some(Value::from("1234"))),
            (AnswerType::Text, "12", None),
        ] {
            assert_eq!(of(kind, text), value, "{text}");
        }
    }

    #[test]
    fn commas_part_values() {
        assert_eq!(split("1,2, 3"), ["1", "2", "3"]);
        assert_eq!(split(r"yes\, please,no"), ["yes, please", "no"]);
        assert_eq!(split(" , "), [""; 0]);
    }
}
