//! Every field of a block that has a template in it, in the order in which it is rendered.

use crate::workflow::{Block, BlockKind, CallBlock, Says, SetValue, TextAgentBlock, TwilioBlock, WaitUntil};
use template::{Expression, Template, Use};

/// A field with what it uses.
pub(crate) struct FieldUses {
    /// The path under which the loader remembers its place.
    pub(crate) path: String,
    pub(crate) uses: Vec<Use>,
    pub(crate) asked: Asked,
    /// The variable that is written once the field is evaluated.
    pub(crate) sets: Option<String>,
}

/// What becomes of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It is needed.
    Value,
    /// Only whether it holds: nothing in it is required.
    Truth,
}

pub(crate) fn of_block(block: &Block) -> Vec<FieldUses> {
    match &block.kind {
        BlockKind::Twilio(text) => of_text(text),
        BlockKind::Call(call) => {
            call_templates(call).into_iter().map(|(path, template)| of_template(path, template)).collect()
        }
        BlockKind::TextAgent(talk) => {
            text_agent_templates(talk).into_iter().map(|(path, of)| of_template(&path, of)).collect()
        }
        BlockKind::Wait(wait) => match &wait.until {
            WaitUntil::Moment { at, .. } => vec![of_template("until", at)],
            WaitUntil::Duration { .. } => Vec::new(),
        },
        BlockKind::Condition(condition) => {
            vec![FieldUses { asked: Asked::Truth, ..of_expression("if", &condition.test) }]
        }
        BlockKind::Switch(switch) => vec![of_template("value", &switch.value)],
        BlockKind::Set(set) => {
            let mut fields = Vec::new();
            for (name, value) in &set.values {
                of_value(&format!("values.{name}"), value, &mut fields);
                fields.push(FieldUses {
                    path: format!("values.{name}"),
                    uses: Vec::new(),
                    asked: Asked::Value,
                    sets: Some(name.clone()),
                });
            }
            fields
        }
        BlockKind::End(end) => {
            let mut fields: Vec<FieldUses> = Vec::new();
            for (name, value) in &end.result {
                of_value(&format!("result.{name}"), value, &mut fields);
            }
            fields.extend(end.fail.iter().map(|fail| of_template("fail", fail)));
            fields
        }
        BlockKind::WaitForReply(_) => Vec::new(),
    }
}

/// The templates of a text, by path.
pub(super) fn templates(text: &TwilioBlock) -> Vec<(String, &Template)> {
    let mut fields = vec![(String::from("from"), &text.from), (String::from("to"), &text.to)];
    fields.extend(text.message.iter().map(|message| (String::from("message"), message)));
    fields.extend(text.media.iter().enumerate().map(|(index, media)| (format!("media.{index}"), media)));
    fields.extend(text.content_sid.iter().map(|sid| (String::from("contentSid"), sid)));
    let variables = text.content_variables.iter();
    fields.extend(variables.map(|(name, value)| (format!("contentVariables.{name}"), value)));
    if let Some(location) = &text.location {
        fields.push((String::from("location.latitude"), &location.latitude));
        fields.push((String::from("location.longitude"), &location.longitude));
        fields.extend(location.label.iter().map(|label| (String::from("location.label"), label)));
        fields.extend(location.address.iter().map(|address| (String::from("location.address"), address)));
    }
    fields
}

/// The templates of a call, by path.
pub(super) fn call_templates(call: &CallBlock) -> Vec<(&'static str, &Template)> {
    let mut fields = vec![("from", &call.from), ("to", &call.to)];
    if let Says::Announcement(said) = &call.says {
        let rest = [
            ("audio", &said.audio),
            ("message", &said.message),
            ("connectTo", &said.connect_to),
            ("voicemailMessage", &said.voicemail),
            ("confirmMessage", &said.confirm_message),
        ];
        fields.extend(rest.into_iter().filter_map(|(path, template)| Some((path, template.as_ref()?))));
    }
    fields
}

/// The templates of an agent's texts that stand in the block itself, by path.
fn text_agent_templates(talk: &TextAgentBlock) -> Vec<(String, &Template)> {
    let mut fields = vec![(String::from("from"), &talk.from), (String::from("to"), &talk.to)];
    fields.extend(talk.content_sid.iter().map(|sid| (String::from("contentSid"), sid)));
    let variables = talk.content_variables.iter();
    fields.extend(variables.map(|(name, value)| (format!("contentVariables.{name}"), value)));
    fields
}

fn of_text(text: &TwilioBlock) -> Vec<FieldUses> {
    templates(text).into_iter().map(|(path, template)| of_template(&path, template)).collect()
}

fn of_template(path: &str, template: &Template) -> FieldUses {
    FieldUses { path: path.into(), uses: template.variables(), asked: Asked::Value, sets: None }
}

fn of_expression(path: &str, expression: &Expression) -> FieldUses {
    FieldUses { path: path.into(), uses: expression.variables(), asked: Asked::Value, sets: None }
}

fn of_value(path: &str, value: &SetValue, fields: &mut Vec<FieldUses>) {
    match value {
        SetValue::Text(template) => fields.push(of_template(path, template)),
        SetValue::Value(expression) => fields.push(of_expression(path, expression)),
        SetValue::Literal(_) => {}
        SetValue::List(items) => {
            for (index, item) in items.iter().enumerate() {
                of_value(&format!("{path}.{index}"), item, fields);
            }
        }
        SetValue::Object(entries) => {
            for (name, item) in entries {
                of_value(&format!("{path}.{name}"), item, fields);
            }
        }
    }
}
