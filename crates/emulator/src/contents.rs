//! Content templates: texts with numbered or named gaps.

use std::collections::{BTreeMap, HashMap};

use twilio::sid::Sid;

use crate::fixture::{Approval, ButtonFixture};

#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) body: String,
    pub(crate) defaults: BTreeMap<String, String>,
    pub(crate) buttons: Vec<ButtonFixture>,
    pub(crate) approval: Approval,
}

pub(crate) type Contents = HashMap<Sid, Content>;

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
    /// Gaps for which there was neither a value nor a default; they are left empty.
    pub(crate) missing: Vec<String>,
}

impl Content {
    /// Fills the template from the JSON text of `ContentVariables`.
    pub(crate) fn fill(&self, variables: Option<&str>) -> Result<Filled, VariablesError> {
        let given: BTreeMap<String, String> = match variables.filter(|text| !text.is_empty()) {
            Some(text) => serde_json::from_str(text).map_err(|_| VariablesError::NotAnObject)?,
            None => BTreeMap::new(),
        };
        let parts = parts(&self.body);
        let has = |name: &str| parts.iter().any(|part| matches!(part, Part::Gap(gap) if *gap == name));
        if let Some(unknown) = given.keys().find(|name| !has(name)) {
            return Err(VariablesError::UnknownName(unknown.clone()));
        }
        let mut filled = Filled { text: String::with_capacity(self.body.len()), missing: Vec::new() };
        for part in parts {
            match part {
                Part::Text(text) => filled.text.push_str(text),
                Part::Gap(name) => match given.get(name).or_else(|| self.defaults.get(name)) {
                    Some(value) => filled.text.push_str(value),
                    None => filled.missing.push(name.to_owned()),
                },
            }
        }
        Ok(filled)
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

    fn content(body: &str) -> Content {
        Content {
            sid: Sid::parse("HX00000000000000000000000000000001").unwrap(),
            account: Sid::parse("AC00000000000000000000000000000001").unwrap(),
            body: body.to_owned(),
            defaults: BTreeMap::from([("2".to_owned(), "noon".to_owned())]),
            buttons: Vec::new(),
            approval: Approval::Approved,
        }
    }

    #[test]
    fn gaps_are_filled_from_variables_and_defaults() {
        let content = content("Hi {{1}}, see you at {{2}} {{");
        let filled = content.fill(Some(r#"{"1":"Ann {{2}}"}"#)).unwrap();
        assert_eq!(filled.text, "Hi Ann {{2}}, see you at noon {{");
        assert_eq!(content.fill(None).unwrap().missing, ["1"]);
        assert_eq!(content.fill(Some("[]")), Err(VariablesError::NotAnObject));
        assert_eq!(content.fill(Some(r#"{"1":1}"#)), Err(VariablesError::NotAnObject));
        assert_eq!(content.fill(Some(r#"{"3":"x"}"#)), Err(VariablesError::UnknownName("3".to_owned())));
    }
}
