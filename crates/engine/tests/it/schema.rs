//! The published schema of workflow files.

use engine::workflow;
use std::fs;
use std::path::Path;

#[test]
fn the_published_schema_is_the_one_that_the_loader_reads_by() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/workflow.schema.json");
    let made = serde_json::to_string_pretty(&workflow::schema()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &made).expect("to write the schema");
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(published == made, "the schema is out of date (UPDATE_EXPECT=1 rewrites it)");
}

#[test]
fn every_block_type_and_key_is_described() {
    let schema = workflow::schema();
    let blocks = schema["$defs"]["block"]["oneOf"].as_array().expect("a list");
    let titles: Vec<&str> = blocks.iter().filter_map(|block| block["title"].as_str()).collect();
    assert_eq!(titles, ["twilio", "waitForReply", "wait", "condition", "switch", "set", "end"]);
    for block in blocks {
        for (name, property) in block["properties"].as_object().expect("keys") {
            let is_described = name == "type" || property["description"].is_string();
            assert!(is_described, "{name} of {}", block["title"]);
        }
    }
}
