//! The published schema of workflow files.

use engine::{agent, workflow};
use std::fs;
use std::path::Path;

#[test]
fn the_published_schemas_are_those_that_the_loaders_read_by() {
    for (file, schema) in [("workflow", workflow::schema()), ("agent", agent::schema())] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{file}.schema.json"));
        let made = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &made).expect("to write the schema");
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert!(published == made, "the schema of {file} files is out of date (UPDATE_EXPECT=1 rewrites it)");
    }
}

#[test]
fn every_key_of_a_question_is_described() {
    let schema = agent::schema();
    for part in ["agent", "question", "llmAgent", "llmKeys"] {
        let properties = schema["$defs"][part]["properties"].as_object().expect("keys");
        assert!(properties.len() > 15, "{part}");
        for (name, property) in properties {
            assert!(property["description"].is_string(), "{name} of {part}");
        }
    }
}

#[test]
fn every_block_type_and_key_is_described() {
    let schema = workflow::schema();
    let blocks = schema["$defs"]["block"]["oneOf"].as_array().expect("a list");
    let titles: Vec<&str> = blocks.iter().filter_map(|block| block["title"].as_str()).collect();
    assert_eq!(
        titles,
        [
            "twilio: a text",
            "twilio: a call",
            "twilio: an agent's call",
            "twilio: an agent's texts",
            "waitForReply",
            "wait",
            "condition",
            "switch",
            "set",
            "end"
        ]
    );
    for block in blocks {
        for (name, property) in block["properties"].as_object().expect("keys") {
            let is_described = name == "type" || property["description"].is_string();
            assert!(is_described, "{name} of {}", block["title"]);
        }
    }
}
