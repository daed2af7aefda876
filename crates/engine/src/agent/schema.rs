//! The JSON Schema (draft 2020-12) of agents' files, made from the very tables that the loader reads by.

use super::keys::{ACTION, AGENT, CHOICE, CONDITION, QUESTION};
use crate::conversation::phrase_names;
use crate::workflow::keys::AgentShape;
use crate::workflow::schema::{merge, table};
use serde_json::{Map, Value, json};

/// The schema of a question agent's file.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Switchboard question agent",
        "description": "A conversation of questions, and what follows on which answer.",
    });
    let question = json!({"$ref": "#/$defs/question"});
    merge(
        &mut schema,
        json!({"anyOf": [
            {"$ref": "#/$defs/agent"},
            {"type": "array", "items": question, "minItems": 1},
            question,
        ]}),
    );
    schema["$defs"] = json!({
        "text": {"description": "A text; a number or a truth value stands for its spelling.", "type": ["string", "number", "boolean"]},
        "speech": speech(),
        "agent": table(&[&AGENT]),
        "question": table(&[&QUESTION]),
    });
    schema
}

/// What stands under an agent's key.
pub(crate) fn shape_schema(shape: AgentShape) -> Value {
    let text = json!({"$ref": "#/$defs/text"});
    let speech = json!({"$ref": "#/$defs/speech"});
    match shape {
        AgentShape::Speech => speech,
        AgentShape::Speeches => json!({"anyOf": [speech, {"type": "array", "items": speech, "minItems": 1}]}),
        AgentShape::PlainByLanguage => {
            json!({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]})
        }
        AgentShape::Questions => {
            json!({"type": "array", "items": {"$ref": "#/$defs/question"}, "minItems": 1})
        }
        AgentShape::Choices => {
            json!({"type": "array", "items": {"anyOf": [text, table(&[&CHOICE])]}, "minItems": 1})
        }
        AgentShape::Actions => json!({"type": "array", "items": table(&[&ACTION])}),
        AgentShape::Condition => table(&[&CONDITION]),
        AgentShape::Operand => json!({"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}),
        AgentShape::Phrases => {
            let named: Map<String, Value> =
                phrase_names().into_iter().map(|name| (name.to_owned(), speech.clone())).collect();
            json!({"type": "object", "properties": named, "additionalProperties": false})
        }
    }
}

fn speech() -> Value {
    let text = json!({"$ref": "#/$defs/text"});
    json!({
        "description": "A text that is said, or one for each language by its tag.",
        "anyOf": [text, {"type": "object", "additionalProperties": text}, {"type": "array", "items": {"type": "object"}}],
    })
}
