//! The JSON Schema (draft 2020-12) of agents' files, made from the very tables that the loader reads by.

use super::keys::llm::{
    CLAIM, FALLBACK, GROUPS, INSTANT_ANSWER, LLM, OUTCOME, SUMMARY, TOOL, TOOL_TYPES, tool_table,
};
use super::keys::{ACTION, AGENT, CHOICE, CONDITION, QUESTION};
use crate::conversation::phrase_names;
use crate::llm::claims::ClaimSet;
use crate::workflow::keys::AgentShape;
use crate::workflow::schema::{merge, table};
use serde_json::{Map, Value, json};

/// The schema of an agent's file.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Switchboard agent",
        "description": "A conversation of questions, or one that a language model holds.",
    });
    let question = json!({"$ref": "#/$defs/question"});
    merge(
        &mut schema,
        json!({"anyOf": [
            {"$ref": "#/$defs/agent"},
            {"$ref": "#/$defs/llmAgent"},
            {"type": "array", "items": question, "minItems": 1},
            question,
        ]}),
    );
    schema["$defs"] = json!({
        "text": {"description": "A text; a number or a truth value stands for its spelling.", "type": ["string", "number", "boolean"]},
        "speech": speech(),
        "agent": table(&[&AGENT]),
        "question": table(&[&QUESTION]),
        "llmAgent": llm_agent(),
        "llmKeys": llm_keys(),
        "tool": {"oneOf": TOOL_TYPES.iter().filter_map(|name| tool(name)).collect::<Vec<_>>()},
    });
    schema
}

/// The keys that are required may stand in a group.
fn llm_agent() -> Value {
    let mut schema = table(&[&LLM]);
    schema["required"] = json!(["agentType"]);
    schema["properties"]["agentType"]["enum"] = json!(super::keys::LLM_AGENT);
    schema
}

fn llm_keys() -> Value {
    let mut schema = table(&[&LLM]);
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("required");
    }
    if let Some(properties) = schema["properties"].as_object_mut() {
        for group in GROUPS {
            properties.shift_remove(*group);
        }
    }
    schema
}

fn tool(name: &str) -> Option<Value> {
    let mut schema = json!({"title": name});
    merge(&mut schema, table(&[&TOOL, tool_table(name)?]));
    schema["properties"]["type"] = json!({"const": name});
    Some(schema)
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
        AgentShape::LlmKeys => json!({"$ref": "#/$defs/llmKeys"}),
        AgentShape::JsonSchema => json!({"type": "object"}),
        AgentShape::Fallback => json!({"anyOf": [speech, table(&[&FALLBACK])]}),
        AgentShape::SpeechOrFlag => json!({"anyOf": [{"type": "boolean"}, speech]}),
        AgentShape::Cache => json!({"type": ["boolean", "string", "integer"]}),
        AgentShape::InstantAnswers => json!({"type": "array", "items": table(&[&INSTANT_ANSWER])}),
        AgentShape::Tools => json!({"type": "array", "items": {"$ref": "#/$defs/tool"}}),
        AgentShape::Claims => {
            let sets: Vec<&str> = ClaimSet::ALL.into_iter().map(ClaimSet::as_str).collect();
            let one = json!({"anyOf": [{"enum": sets}, table(&[&CLAIM])]});
            json!({"anyOf": [one, {"type": "array", "items": one}]})
        }
        AgentShape::Body => json!({"anyOf": [text, {"type": ["object", "array"]}]}),
        AgentShape::Question => json!({"$ref": "#/$defs/question"}),
        AgentShape::Summary => json!({"anyOf": [{"type": "boolean"}, table(&[&SUMMARY])]}),
        AgentShape::Outcomes => {
            json!({"type": "array", "items": {"anyOf": [text, table(&[&OUTCOME])]}, "minItems": 2})
        }
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
