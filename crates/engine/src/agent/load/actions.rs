//! What follows on which answer.

use super::operands::{split, unresolved};
use crate::agent::keys::{ACTION, CONDITION};
use crate::agent::{Action, ActionKind, Condition, Operator};
use crate::diagnostic::Code;
use crate::document::{Node, Value};
use crate::limits::ACTIONS_MAX;
use crate::workflow::load::Loader;
use crate::workflow::load::answers::{PATTERN_BYTES_MAX, pattern_problem};
use crate::workflow::load::fields::Fields;

impl Loader<'_> {
    pub(super) fn actions(&mut self, fields: &Fields<'_>) -> Vec<Action> {
        let Some(entry) = fields.get("conditionalActions") else { return Vec::new() };
        let items = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            Value::Map(_) => std::slice::from_ref(&entry.value),
            Value::Scalar(_) => {
                let message = format!("`conditionalActions` is a list, not {}", entry.value.noun());
                self.wrong_type(entry.value.span, &message);
                return Vec::new();
            }
        };
        if items.len() > ACTIONS_MAX {
            let message = format!("there are {} actions; a question has at most {ACTIONS_MAX}", items.len());
            self.report_at(Code::LimitReached, entry.key_span, message, None);
            return Vec::new();
        }
        let numbered = items.iter().enumerate();
        numbered
            .filter_map(|(index, item)| self.action(item, &format!("conditionalActions.{index}")))
            .collect()
    }

    fn action(&mut self, node: &Node, path: &str) -> Option<Action> {
        self.remember(path, node.span, None);
        let fields = self.fields(node, &[&ACTION], &format!("{path}."))?;
        let condition = self.condition(&fields, path);
        let stated = self.one_of(&fields, "action");
        let target = self.question_target(&fields, "nextQuestionId");
        let does = match stated {
            Some("end_call") => ActionKind::EndCall,
            Some("repeat") => ActionKind::Repeat,
            Some("go_back") => ActionKind::GoBack,
            Some("transfer") => ActionKind::Transfer,
            _ => ActionKind::Continue(target),
        };
        self.means_nothing(&fields, "nextQuestionId", "continue_flow", does.name());
        self.means_nothing(&fields, "transferTo", "transfer", does.name());
        let message = self.speech(&fields, "customMessage");
        let transfer_to = self.template(&fields, "transferTo");
        Some(Action { condition: condition?, does, message, transfer_to })
    }

    fn means_nothing(&mut self, fields: &Fields<'_>, name: &str, with: &str, action: &str) {
        if let Some(entry) = fields.get(name)
            && action != with
        {
            let hint = format!("remove it, or write `action: {with}`");
            let message = format!("`{name}` means nothing with `action: {action}`");
            self.report_at(Code::BadValue, entry.key_span, message, Some(hint));
        }
    }

    fn condition(&mut self, fields: &Fields<'_>, path: &str) -> Option<Condition> {
        let entry = fields.get("condition")?;
        let path = format!("{path}.condition");
        self.remember(&path, entry.value.span, None);
        let fields = self.fields(&entry.value, &[&CONDITION], &format!("{path}."))?;
        let own = self.at_block.unwrap_or_default();
        let field = match fields.get("field") {
            None => Some(own),
            Some(entry) => {
                let id = self.plain(&fields, "field")?;
                let known = self.ids.get(&id).copied();
                if known.is_none() {
                    self.missing_question(&id, entry.value.span, "name the question whose answer is meant");
                }
                known
            }
        };
        let operator = self.operator(&fields, &path);
        Some(Condition { field: field?, operator: operator? })
    }

    fn operator(&mut self, fields: &Fields<'_>, path: &str) -> Option<Operator> {
        let name = self.one_of(fields, "operator")?;
        let is_alone = matches!(name, "is_empty" | "is_not_empty" | "any_other");
        let Some(entry) = fields.get("value") else {
            if is_alone {
                return Some(alone(name));
            }
            self.missing_key(fields, "value");
            return None;
        };
        if is_alone {
            // The documented conditions carry a field and a value in any case; they are not looked at.
            return Some(alone(name));
        }
        self.remember(&format!("{path}.value"), entry.value.span, entry.value.scalar());
        let is_list = matches!(entry.value.value, Value::List(_));
        let texts = self.plains(fields, "value");
        if texts.is_empty() {
            return None;
        }
        let many = || -> Vec<_> {
            let texts = if is_list { texts.clone() } else { split(&texts[0]) };
            texts.into_iter().map(unresolved).collect()
        };
        if let ([_, _, ..], false) =
            (texts.as_slice(), matches!(name, "contains" | "not_contains" | "one_of" | "between"))
        {
            let hint = "with several values, `one_of` and `contains` hold where one of them fits".to_owned();
            let message = format!("`{name}` compares with one value");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
            return None;
        }
        let one = || unresolved(texts[0].clone());
        Some(match name {
            "equals" => Operator::Equals(one()),
            "not_equals" => Operator::NotEquals(one()),
            "contains" => Operator::Contains(many()),
            "not_contains" => Operator::NotContains(many()),
            "greater_than" => Operator::GreaterThan(one()),
            "less_than" => Operator::LessThan(one()),
            "one_of" => Operator::OneOf(many()),
            "starts_with" => Operator::StartsWith(one()),
            "ends_with" => Operator::EndsWith(one()),
            "between" => match <[_; 2]>::try_from(many()) {
                Ok([low, high]) => Operator::Between(low, high),
                Err(_) => {
                    let message = "`between` needs two values, the lower one first".to_owned();
                    let hint = "write `value: [1, 5]`".to_owned();
                    self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
                    return None;
                }
            },
            _ => return self.answer_pattern(&texts[0], entry.value.span),
        })
    }

    fn answer_pattern(&mut self, pattern: &str, span: crate::document::Span) -> Option<Operator> {
        let built =
            regex::RegexBuilder::new(pattern).case_insensitive(true).size_limit(PATTERN_BYTES_MAX).build();
        match built {
            Ok(regex) => Some(Operator::Matches(regex)),
            Err(error) => {
                self.report_at(Code::BadPattern, span, pattern_problem(&error), None);
                None
            }
        }
    }
}

/// An operator that compares with nothing.
fn alone(name: &str) -> Operator {
    match name {
        "is_empty" => Operator::IsEmpty,
        "is_not_empty" => Operator::IsNotEmpty,
        _ => Operator::AnyOther,
    }
}
