//! Diagnostics for programs: one object a line, and SARIF 2.1.0.

use super::{CODES, Diagnostic, Severity};
use serde_json::{Map, Value, json};

/// One diagnostic as the object that `check --json` prints on a line.
pub fn json_object(diagnostic: &Diagnostic, file: &str) -> Value {
    let mut object = Map::new();
    object.insert("code".into(), diagnostic.code.as_str().into());
    object.insert("severity".into(), diagnostic.severity.as_str().into());
    object.insert("message".into(), diagnostic.message.as_str().into());
    object.insert("file".into(), file.into());
    object.insert("line".into(), diagnostic.at.line.into());
    object.insert("column".into(), diagnostic.at.column.into());
    object.insert("length".into(), diagnostic.at.length.into());
    let optional = [
        ("block", &diagnostic.block),
        ("hint", &diagnostic.hint),
        ("counter_example", &diagnostic.counter_example),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            object.insert(key.into(), value.as_str().into());
        }
    }
    Value::Object(object)
}

/// A whole SARIF log of the diagnostics of some files, each with its path.
pub fn sarif(files: &[(&str, &[Diagnostic])]) -> Value {
    let rules: Vec<Value> = CODES
        .iter()
        .map(|info| {
            json!({
                "id": info.name,
                "shortDescription": {"text": info.title},
                "help": {"text": info.remedy},
                "defaultConfiguration": {"level": level(info.severity)},
            })
        })
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|(path, diagnostics)| diagnostics.iter().map(|diagnostic| result(diagnostic, path)))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "switchboard", "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(diagnostic: &Diagnostic, path: &str) -> Value {
    let at = diagnostic.at;
    let mut text = diagnostic.message.clone();
    if let Some(hint) = &diagnostic.hint {
        text.push_str("; ");
        text.push_str(hint);
    }
    if let Some(way) = &diagnostic.counter_example {
        text.push_str(&format!("; {} {way}", diagnostic.counter_label()));
    }
    json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": diagnostic.code as usize,
        "level": level(diagnostic.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": path},
            "region": {
                "startLine": at.line,
                "startColumn": at.column,
                "endColumn": at.column + at.length,
            },
        }}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}
