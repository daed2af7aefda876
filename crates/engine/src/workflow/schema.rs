//! The JSON Schema (draft 2020-12) of workflow files, made from the very tables that the loader
//! reads by.
//!
//! The loader is more lenient than any schema can say: it takes keys in any case, with blanks, `_`
//! and `-`, and under documented labels. The schema names the canonical keys alone, so that editors
//! complete one spelling.

use super::keys::{
    ANSWER, BLOCK, BLOCK_TYPES, CALL_RESULTS, CALL_RETRY, CASE, INCOMING_CALL, INCOMING_MESSAGE, Key, MANUAL,
    NOT_OF_INTERVIEWS, Need, RESULTS, RETRY, Shape, TRIGGERS, Table, WEBHOOK, WORKFLOW, block_table,
};
use super::load::KEYWORDS;
use crate::document::Unit;
use serde_json::{Map, Value, json};

/// The schema of a workflow file.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Switchboard workflow",
        "description": "A named graph of blocks with one trigger.",
    });
    merge(&mut schema, table(&[&WORKFLOW]));
    let mut blocks: Vec<Value> = VARIANTS.iter().filter_map(|variant| twilio(*variant)).collect();
    let others = BLOCK_TYPES.iter().filter(|name| **name != "twilio");
    blocks.extend(others.filter_map(|name| block(name)));
    schema["$defs"] = json!({
        "text": {"description": "A text; a number or a truth value stands for its spelling.", "type": ["string", "number", "boolean"]},
        "block": {"oneOf": blocks},
        "input": input(),
    });
    schema
}

/// What a twilio block makes: its title, its message types, which keys it has, and its results.
#[derive(Clone, Copy)]
struct Variant {
    title: &'static str,
    message_types: &'static [&'static str],
    needs: &'static [Need],
    /// Keys that it has not, whatever the need says.
    without: &'static [&'static str],
    /// Keys that only it requires.
    requires: &'static [&'static str],
    results: &'static [&'static str],
    retry: &'static Table,
}

const VARIANTS: &[Variant] = &[
    Variant {
        title: "twilio: a text",
        message_types: &["sms", "whatsapp"],
        needs: &[Need::Required, Need::Optional, Need::Texts],
        without: &[],
        requires: &["to"],
        results: RESULTS,
        retry: &RETRY,
    },
    Variant {
        title: "twilio: a call",
        message_types: &["voice"],
        needs: &[Need::Required, Need::Optional, Need::Calls, Need::Spoken, Need::Announcements],
        without: &[],
        requires: &[],
        results: CALL_RESULTS,
        retry: &CALL_RETRY,
    },
    Variant {
        title: "twilio: an agent's call",
        message_types: &["voiceAgent"],
        needs: &[Need::Required, Need::Optional, Need::Calls, Need::Spoken, Need::Agents],
        without: &["message"],
        requires: &["agent"],
        results: CALL_RESULTS,
        retry: &CALL_RETRY,
    },
    Variant {
        title: "twilio: an agent's texts",
        message_types: &["sms", "whatsapp"],
        needs: &[Need::Required, Need::Optional, Need::Texts, Need::Spoken, Need::Agents],
        without: NOT_OF_INTERVIEWS,
        requires: &["to", "agent"],
        results: RESULTS,
        retry: &RETRY,
    },
];

fn twilio(variant: Variant) -> Option<Value> {
    let mut schema = json!({"title": variant.title});
    merge(&mut schema, table_of(&[&BLOCK, block_table("twilio")?], variant.needs));
    let properties = &mut schema["properties"];
    properties["type"] = json!({"const": "twilio"});
    properties["messageType"]["enum"] = json!(variant.message_types);
    merge(&mut properties["save"], save(variant.results));
    merge(&mut properties["retry"], retry(variant.retry));
    if let Some(properties) = properties.as_object_mut() {
        properties.retain(|name, _| !variant.without.contains(&name.as_str()));
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.extend(variant.requires.iter().map(|name| Value::from(*name)));
    }
    Some(schema)
}

/// A block of one type: the keys of all blocks and its own.
fn block(name: &str) -> Option<Value> {
    let mut schema = json!({"title": name});
    merge(&mut schema, table(&[&BLOCK, block_table(name)?]));
    schema["properties"]["type"] = json!({"const": name});
    Some(schema)
}

pub(crate) fn table(tables: &[&Table]) -> Value {
    table_of(tables, &[Need::Required, Need::Optional])
}

fn table_of(tables: &[&Table], needs: &[Need]) -> Value {
    let keys = || tables.iter().flat_map(|table| table.keys).filter(|key| needs.contains(&key.need));
    let properties: Map<String, Value> = keys().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = keys().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = json!({"description": key.doc});
    merge(&mut schema, of_shape(key.shape));
    schema
}

fn of_shape(shape: Shape) -> Value {
    let text = || json!({"$ref": "#/$defs/text"});
    match shape {
        Shape::Prose | Shape::Template | Shape::Expression => text(),
        Shape::Plain | Shape::Target => json!({"type": "string"}),
        Shape::Outcomes => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Shape::Duration(unit) => duration(unit, ""),
        Shape::Offset(unit) => duration(unit, "[-+]?"),
        Shape::OneOf(words) => json!({"enum": words}),
        Shape::Plains | Shape::Templates => {
            json!({"anyOf": [text(), {"type": "array", "items": text(), "minItems": 1}]})
        }
        Shape::TemplateMap => json!({"type": "object", "additionalProperties": text()}),
        Shape::Values => json!({"type": "object"}),
        Shape::Whole => json!({"type": "integer", "minimum": 1}),
        Shape::Wholes => {
            json!({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]})
        }
        Shape::Sub(sub) => table(&[sub]),
        Shape::Trigger => trigger(),
        Shape::Inputs => json!({"type": "object", "additionalProperties": {"$ref": "#/$defs/input"}}),
        Shape::Blocks => json!({"type": "array", "items": {"$ref": "#/$defs/block"}, "minItems": 1}),
        Shape::Save => save(RESULTS),
        Shape::Retry => retry(&RETRY),
        Shape::PhoneKey => {
            json!({"anyOf": [{"type": "string", "pattern": "^[0-9*#]$"}, {"type": "integer", "minimum": 0, "maximum": 9}]})
        }
        Shape::AgentRef => json!({"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array"}]}),
        Shape::Answers => answers(),
        Shape::Cases => json!({"type": "array", "items": table(&[&CASE])}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Real => json!({"type": "number"}),
        Shape::Count => json!({"type": "integer", "minimum": 0}),
        Shape::Agent(shape) => crate::agent::shape_schema(shape),
    }
}

fn save(results: &[&str]) -> Value {
    json!({"anyOf": [
        {"const": false},
        {"type": "object", "propertyNames": {"enum": results}, "additionalProperties": {"type": "string"}},
    ]})
}

fn retry(fields: &'static Table) -> Value {
    json!({"anyOf": [{"const": false}, {"type": "integer", "minimum": 1}, table(&[fields])]})
}

fn duration(unit: Unit, sign: &str) -> Value {
    let description = format!("`500ms`, `10s`, `5m`, `24h`, `7d`; a bare number is {}.", unit.name());
    json!({"anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": format!("^{sign}[0-9][0-9.a-zA-Z ]*$"), "description": description},
    ]})
}

fn trigger() -> Value {
    let full = TRIGGERS.iter().map(|name| {
        let own = match *name {
            "webhook" => &WEBHOOK,
            "incomingMessage" => &INCOMING_MESSAGE,
            "incomingCall" => &INCOMING_CALL,
            _ => &MANUAL,
        };
        let mut schema = table(&[own]);
        schema["properties"]["type"] = json!({"const": name});
        let mut required = vec![json!("type")];
        required.extend(schema["required"].as_array().into_iter().flatten().cloned());
        schema["required"] = required.into();
        schema
    });
    let words: Vec<&str> = TRIGGERS.iter().copied().filter(|name| *name != "webhook").collect();
    json!({"anyOf": std::iter::once(json!({"enum": words})).chain(full).collect::<Vec<_>>()})
}

fn answers() -> Value {
    let words =
        json!({"anyOf": [{"$ref": "#/$defs/text"}, {"type": "array", "items": {"$ref": "#/$defs/text"}}]});
    json!({"anyOf": [
        {"enum": ["yes_no", "number"]},
        {"type": "object", "additionalProperties": {"anyOf": [words, table(&[&ANSWER])]}},
    ]})
}

/// What may describe an input: the supported part of JSON Schema.
fn input() -> Value {
    let properties: Map<String, Value> =
        KEYWORDS.iter().map(|word| ((*word).to_owned(), json!(true))).collect();
    json!({
        "description": "What the input must be, in JSON Schema. It is required unless it has a `default`.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}
