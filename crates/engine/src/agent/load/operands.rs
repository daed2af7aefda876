//! What conditions compare with, as answers of the type that their field has.

use crate::agent::{Operand, Operator, Question, QuestionAgent};
use crate::understand::{AnswerType, Asked, Heard, Understanding, understand};
use crate::words::same_words;
use jiff::civil::{Date, date};
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
            // A date that differs by the day of the call, such as `tomorrow`, has no value of its own.
            AnswerType::Date => {
                let on = |day| self.understood(text, language, region, day);
                on(date(2026, 1, 14)).filter(|value| on(date(2027, 8, 23)).as_ref() == Some(value))
            }
            _ => self.understood(text, language, region, date(2026, 1, 14)),
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

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commas_part_values() {
        assert_eq!(split("1,2, 3"), ["1", "2", "3"]);
        assert_eq!(split(r"yes\, please,no"), ["yes, please", "no"]);
        assert_eq!(split(" , "), [""; 0]);
    }
}
