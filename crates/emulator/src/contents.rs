//! Content templates: texts with numbered or named gaps, in one or several forms.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use twilio::sid::Sid;

use crate::fixture::{Approval, ButtonFixture};
use crate::world::World;

/// The types of forms that there are.
const TYPES: [&str; 14] = [
    "twilio/text",
    "twilio/media",
    "twilio/location",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/card",
    "twilio/catalog",
    "twilio/carousel",
    "twilio/flows",
    "twilio/schedule",
    "whatsapp/card",
    "whatsapp/authentication",
    "whatsapp/flows",
];

#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) friendly_name: String,
    pub(crate) language: String,
    pub(crate) forms: Forms,
    pub(crate) defaults: BTreeMap<String, String>,
    pub(crate) approval: Approved,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// All templates, in the order in which they were made.
pub(crate) type Contents = IndexMap<Sid, Content>;

/// What WhatsApp was asked about a template, and what it said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Approved {
    pub(crate) verdict: Approval,
    /// What was asked for; missing before the request, and where the fixture decided.
    pub(crate) asked: Option<AskedApproval>,
    pub(crate) rejection_reason: String,
}

#[derive(Debug, Clone)]
pub(crate) struct AskedApproval {
    pub(crate) name: String,
    pub(crate) category: &'static str,
    pub(crate) allow_category_change: bool,
}

/// The forms of a template, and what a phone can see of them: the words of the first form that has any.
#[derive(Debug, Clone)]
pub(crate) struct Forms {
    pub(crate) types: Map<String, Value>,
    body: String,
    media: Vec<String>,
    pub(crate) buttons: Vec<ButtonFixture>,
}

/// Why forms are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormsError {
    #[error("a template needs at least one type")]
    None,
    #[error("{0} is no type of content")]
    UnknownType(String),
    #[error("{0} needs a {1}")]
    Missing(String, &'static str),
}

/// Why variables do not fill a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VariablesError {
    #[error("ContentVariables is not a JSON object whose values are texts")]
    NotAnObject,
    #[error("the template has no variable {0}")]
    UnknownName(String),
}

/// A template with its gaps filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    /// Addresses of media.
    pub(crate) media: Vec<String>,
    /// Gaps for which there was neither a value nor a default; they are left empty.
    pub(crate) missing: Vec<String>,
}

impl Forms {
    /// Reads forms as a request gives them.
    pub(crate) fn read(types: Map<String, Value>) -> Result<Self, FormsError> {
        if types.is_empty() {
            return Err(FormsError::None);
        }
        for (kind, form) in &types {
            if !TYPES.contains(&kind.as_str()) {
                return Err(FormsError::UnknownType(kind.clone()));
            }
            for key in required(kind) {
                if form.get(key).is_none_or(Value::is_null) {
                    return Err(FormsError::Missing(kind.clone(), key));
                }
            }
        }
        let words = types.values().find_map(|form| {
            ["body", "title", "label", "header_text"].into_iter().find_map(|key| form.get(key)?.as_str())
        });
        let media = types.values().flat_map(media_of).collect();
        let buttons = types.values().flat_map(buttons_of).collect();
        Ok(Self { body: words.unwrap_or_default().to_owned(), media, buttons, types })
    }

    /// A text, with buttons or without.
    pub(crate) fn of_text(body: &str, buttons: &[ButtonFixture]) -> Self {
        let actions: Vec<Value> = buttons
            .iter()
            .map(|button| json!({"type": "QUICK_REPLY", "title": button.text, "id": button.payload}))
            .collect();
        let (kind, form) = match buttons {
            [] => ("twilio/text", json!({"body": body})),
            _ => ("twilio/quick-reply", json!({"body": body, "actions": actions})),
        };
        Self {
            types: Map::from_iter([(kind.to_owned(), form)]),
            body: body.to_owned(),
            media: Vec::new(),
            buttons: buttons.to_vec(),
        }
    }

    /// The type of the first form.
    pub(crate) fn first_type(&self) -> &str {
        self.types.keys().next().map_or("", String::as_str)
    }
}

/// What each type cannot do without.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "twilio/text" => &["body"],
        "twilio/media" => &["media"],
        "twilio/location" => &["latitude", "longitude"],
        "twilio/list-picker" => &["body", "button", "items"],
        "twilio/quick-reply" | "twilio/call-to-action" => &["body", "actions"],
        "twilio/card" => &["title"],
        "twilio/carousel" => &["body", "cards"],
        "whatsapp/card" => &["body"],
        _ => &[],
    }
}

fn media_of(form: &Value) -> Vec<String> {
    let urls = form.get("media").and_then(Value::as_array).into_iter().flatten();
    urls.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The buttons that answer with a text when somebody presses them.
fn buttons_of(form: &Value) -> Vec<ButtonFixture> {
    let actions = form.get("actions").and_then(Value::as_array).into_iter().flatten();
    actions
        .filter(|action| {
            // In quick replies the kind may be left out, because there is no other.
            action.get("type").is_none_or(|kind| kind == "QUICK_REPLY") && action.get("title").is_some()
        })
        .map(|action| {
            let text = |key| action.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            ButtonFixture { text: text("title"), payload: text("id") }
        })
        .collect()
}

impl Content {
    /// Fills the template from the JSON text of `ContentVariables`.
    pub(crate) fn fill(&self, variables: Option<&str>) -> Result<Filled, VariablesError> {
        let given: BTreeMap<String, String> = match variables.filter(|text| !text.is_empty()) {
            Some(text) => serde_json::from_str(text).map_err(|_| VariablesError::NotAnObject)?,
            None => BTreeMap::new(),
        };
        let texts = || std::iter::once(&self.forms.body).chain(&self.forms.media);
        let has = |name: &str| {
            texts().flat_map(|text| parts(text)).any(|part| matches!(part, Part::Gap(gap) if gap == name))
        };
        if let Some(unknown) = given.keys().find(|name| !has(name)) {
            return Err(VariablesError::UnknownName(unknown.clone()));
        }
        let mut missing = Vec::new();
        let mut fill = |template: &str| {
            let mut filled = String::with_capacity(template.len());
            for part in parts(template) {
                match part {
                    Part::Text(text) => filled.push_str(text),
                    Part::Gap(name) => match given.get(name).or_else(|| self.defaults.get(name)) {
                        Some(value) => filled.push_str(value),
                        None => missing.push(name.to_owned()),
                    },
                }
            }
            filled
        };
        let text = fill(&self.forms.body);
        let media = self.forms.media.iter().map(|url| fill(url)).collect();
        Ok(Filled { text, media, missing })
    }
}

impl World {
    /// WhatsApp approves what it was asked to, unless somebody has decided otherwise since.
    pub(crate) fn decide_approval(&mut self, content: &Sid) {
        if let Some(content) = self.contents.get_mut(content)
            && content.approval.verdict == Approval::Pending
        {
            content.approval.verdict = Approval::Approved;
            content.updated = self.now;
        }
    }
}

enum Part<'a> {
    Text(&'a str),
    Gap(&'a str),
}

fn parts(body: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        parts.push(Part::Text(before));
        parts.push(Part::Gap(name.trim()));
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(forms: Forms) -> Content {
        Content {
            sid: Sid::parse("HX00000000000000000000000000000001").unwrap(),
            account: Sid::parse("AC00000000000000000000000000000001").unwrap(),
            friendly_name: "Reminder".to_owned(),
            language: "en".to_owned(),
            forms,
            defaults: BTreeMap::from([("2".to_owned(), "noon".to_owned())]),
            approval: Approved::default(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn gaps_are_filled_from_variables_and_defaults() {
        let content = content(Forms::of_text("Hi {{1}}, see you at {{2}} {{", &[]));
        let filled = content.fill(Some(r#"{"1":"Ann {{2}}"}"#)).unwrap();
        assert_eq!(filled.text, "Hi Ann {{2}}, see you at noon {{");
        assert_eq!(content.fill(None).unwrap().missing, ["1"]);
        assert_eq!(content.fill(Some("[]")), Err(VariablesError::NotAnObject));
        assert_eq!(content.fill(Some(r#"{"1":1}"#)), Err(VariablesError::NotAnObject));
        assert_eq!(content.fill(Some(r#"{"3":"x"}"#)), Err(VariablesError::UnknownName("3".to_owned())));
    }

    #[test]
    fn media_have_gaps_too() {
        let types = json!({"twilio/media": {"body": "Look", "media": ["https://example.com/{{1}}.png"]}});
        let content = content(Forms::read(types.as_object().unwrap().clone()).unwrap());
        let filled = content.fill(Some(r#"{"1":"cat"}"#)).unwrap();
        assert_eq!(
            (filled.text.as_str(), filled.media),
            ("Look", vec!["https://example.com/cat.png".into()])
        );
    }

    #[test]
    fn forms_that_cannot_be_are_refused() {
        for (types, error) in [
            (json!({}), FormsError::None),
            (json!({"twilio/poem": {}}), FormsError::UnknownType("twilio/poem".to_owned())),
            (json!({"twilio/text": {}}), FormsError::Missing("twilio/text".to_owned(), "body")),
        ] {
            assert_eq!(Forms::read(types.as_object().unwrap().clone()).err(), Some(error));
        }
    }
}
