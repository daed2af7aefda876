//! What a run is started with.

use crate::workflow::Workflow;
use serde_json::{Map, Value};

/// The variables that a run begins with: the input, with defaults filled in.
pub(super) fn accept(
    workflow: &Workflow,
    input: Map<String, Value>,
) -> Result<Map<String, Value>, Vec<String>> {
    let mut variables = input;
    let mut problems = Vec::new();
    for declared in &workflow.input {
        match (&declared.default, variables.get(&declared.name)) {
            (_, Some(_)) => {}
            (Some(default), None) => {
                variables.insert(declared.name.clone(), default.clone());
            }
            (None, None) => problems.push(format!("`{}` is required", declared.name)),
        }
    }
    if problems.is_empty() { Ok(variables) } else { Err(problems) }
}
