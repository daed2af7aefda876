//! Scripted calls as data: what a person answers, and what came of it.

use engine::rehearsal::{Played, Reply};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One line of a script. What it names beside the answers has to come of the call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) answers: Vec<Reply>,
    /// What the tools of an agent that talks by a language model answer, by name; an object with `error` is a failure.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) tools: Map<String, Value>,
    #[serde(flatten)]
    pub(super) expected: Expected,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Outcome {
    pub(super) asked: Vec<String>,
    pub(super) said: Vec<String>,
    pub(super) values: Map<String, Value>,
    pub(super) ended_by: &'static str,
}

/// As much of an outcome as a line names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Expected {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_by: Option<String>,
}

impl Outcome {
    pub(super) fn of(played: &Played) -> Outcome {
        Outcome {
            asked: played.asked.clone(),
            said: played.said.clone(),
            values: played.values.clone(),
            ended_by: played.ended_by.map_or("hangup", |by| by.as_str()),
        }
    }
}

impl From<Outcome> for Expected {
    fn from(outcome: Outcome) -> Expected {
        Expected {
            asked: Some(outcome.asked),
            said: Some(outcome.said),
            values: Some(outcome.values),
            ended_by: Some(outcome.ended_by.to_owned()),
        }
    }
}

impl Expected {
    /// What came out otherwise, one line each.
    pub(super) fn differences(&self, outcome: &Outcome) -> Vec<String> {
        fn differs<T: PartialEq + Serialize>(name: &str, expected: Option<&T>, found: &T) -> Option<String> {
            let json = |value: &T| serde_json::to_string(value).unwrap_or_default();
            let expected = expected.filter(|expected| *expected != found)?;
            Some(format!("{name} is {} and should be {}", json(found), json(expected)))
        }
        [
            differs("asked", self.asked.as_ref(), &outcome.asked),
            differs("said", self.said.as_ref(), &outcome.said),
            differs("values", self.values.as_ref(), &outcome.values),
            differs("ended_by", self.ended_by.as_ref(), &outcome.ended_by.to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_and_without_what_is_expected() {
        let plain =
            r#"{"id":"a","answers":[{"said":"ten","confidence":0.8},{"digits":"1"},{"silence":true}]}"#;
        let call: Call = serde_json::from_str(plain).unwrap();
        assert_eq!(call.answers.len(), 3);
        assert_eq!(serde_json::to_string(&call).unwrap(), plain);
        let full: Call =
            serde_json::from_str(r#"{"id":"a","answers":[],"asked":["q"],"ended_by":"hangup"}"#).unwrap();
        let outcome = Outcome { asked: vec![], said: vec![], values: Map::new(), ended_by: "hangup" };
        assert_eq!(full.expected.differences(&outcome), [r#"asked is [] and should be ["q"]"#]);
        for broken in [r#"{"said":"a","digits":"1"}"#, "{}", r#"{"silence":false}"#] {
            assert!(serde_json::from_str::<Reply>(broken).is_err(), "{broken}");
        }
    }
}
