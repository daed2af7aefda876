//! Values of variables and results: texts with tags, and whatever else JSON has.

use super::Loader;
use super::fields::Fields;
use super::top::NAME_CHARACTERS_MAX;
use crate::diagnostic::Code;
use crate::document::{Node, Scalar, Style, Value};
use crate::workflow::SetValue;
use indexmap::IndexMap;
use serde_json::Number;

impl Loader<'_> {
    /// Names with their values, in order.
    pub(super) fn values(&mut self, fields: &Fields<'_>, name: &str) -> IndexMap<String, SetValue> {
        let mut values = IndexMap::new();
        let Some(entry) = fields.get(name) else { return values };
        let Value::Map(entries) = &entry.value.value else {
            let message = format!("`{name}` is a map of names and values, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return values;
        };
        for value in entries {
            if !is_variable_name(&value.key) {
                self.bad_variable_name(&value.key, value.key_span);
            }
            let path = format!("{name}.{}", value.key);
            if let Some(read) = self.value(&value.value, &path) {
                values.insert(value.key.clone(), read);
            }
        }
        values
    }

    pub(super) fn bad_variable_name(&mut self, name: &str, span: crate::document::Span) {
        let hint = "take letters, digits, `_` and single blanks, beginning with a letter".to_owned();
        self.report_at(Code::BadName, span, format!("`{name}` cannot name a variable"), Some(hint));
    }

    pub(crate) fn value(&mut self, node: &Node, path: &str) -> Option<SetValue> {
        match &node.value {
            Value::Scalar(scalar) => self.scalar_value(scalar, node, path),
            Value::List(items) => {
                let items: Vec<_> = items
                    .iter()
                    .enumerate()
                    .filter_map(|(index, item)| self.value(item, &format!("{path}.{index}")))
                    .collect();
                Some(list(items))
            }
            Value::Map(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .filter_map(|entry| {
                        let value = self.value(&entry.value, &format!("{path}.{}", entry.key))?;
                        Some((entry.key.clone(), value))
                    })
                    .collect();
                Some(object(entries))
            }
        }
    }

    fn scalar_value(&mut self, scalar: &Scalar, node: &Node, path: &str) -> Option<SetValue> {
        if let Some(cut) = &scalar.cut
            && core_value(scalar).is_none()
        {
            let message = "` #` begins a comment, so the text ends before it".to_owned();
            let hint = format!("put the text into quotes: \"{}\"", cut.whole.replace('"', "\\\""));
            self.report_at(Code::CutByComment, cut.comment, message, Some(hint));
        }
        if let Some(value) = core_value(scalar) {
            self.remember(path, node.span, Some(scalar));
            return Some(SetValue::Literal(value));
        }
        let template = self.template_of(scalar, node.span, path)?;
        Some(match (template.expression(), template.literal()) {
            (Some(expression), _) => SetValue::Value(expression),
            (None, Some(text)) => SetValue::Literal(text.into()),
            (None, None) => SetValue::Text(template),
        })
    }
}

/// Numbers, truth values and null of plain scalars, but only where they print as they are
/// written: `10` is a number, while `+15551234567` and `007` are texts.
pub(super) fn core_value(scalar: &Scalar) -> Option<serde_json::Value> {
    if scalar.style != Style::Plain {
        return None;
    }
    match scalar.text.as_str() {
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        "null" | "~" | "" => Some(serde_json::Value::Null),
        text => {
            let number: Number = text.parse().ok()?;
            (number.to_string() == text).then_some(number.into())
        }
    }
}

/// A list is a literal where all of it is.
fn list(items: Vec<SetValue>) -> SetValue {
    match items.iter().map(SetValue::literal).collect::<Option<Vec<_>>>() {
        Some(values) => SetValue::Literal(values.into_iter().cloned().collect()),
        None => SetValue::List(items),
    }
}

fn object(entries: Vec<(String, SetValue)>) -> SetValue {
    let literal = |(key, value): &(String, SetValue)| Some((key.clone(), value.literal()?.clone()));
    match entries.iter().map(literal).collect::<Option<serde_json::Map<_, _>>>() {
        Some(values) => SetValue::Literal(values.into()),
        None => SetValue::Object(entries.into_iter().collect()),
    }
}

/// Whether templates can name it.
pub(crate) fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-' || c == ' ')
        && !name.contains("  ")
        && !name.ends_with(' ')
        && !matches!(name, "this" | "true" | "false" | "null")
        && name.chars().count() <= NAME_CHARACTERS_MAX
}
