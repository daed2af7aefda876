//! The engine through its public faces.

mod agents;
mod broken;
mod build;
mod claims;
mod conversations;
mod dialogue;
mod errand;
mod failures;
mod golden;
mod good;
mod input;
mod limits;
mod llm_rules;
mod llm_talks;
mod orders;
mod outcomes;
mod pages;
mod paths;
mod reading;
mod runs;
mod schema;
mod sending;
mod statuses;
mod talks;
mod texts;
mod understand;
