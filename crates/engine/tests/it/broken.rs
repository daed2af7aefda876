//! Broken workflows and what is said of them.

use crate::golden::check_folder;
use engine::{diagnostic, workflow};

#[test]
fn broken_files_are_told_apart_exactly() {
    check_folder("broken", |text, name| {
        let loaded = workflow::load(text, Some(name));
        diagnostic::render(&loaded.diagnostics, text, name)
    });
}
