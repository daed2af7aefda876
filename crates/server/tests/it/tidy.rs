//! The rules of the house that neither the compiler nor clippy can keep, as assertions over the sources.
//!
//! Each rule is a function from sources to findings, and stands beside a test that shows it a broken snippet, so
//! that a rule that stopped working is noticed. `make check` runs this module alone.

mod edges;
mod ignored;
mod purity;
mod reach;
mod rooms;
mod size;
mod source;
mod wording;

use source::{Finding, Repository};

/// Runs one rule over the whole repository and fails with everything that it found.
#[track_caller]
fn holds(rule: impl FnOnce(&Repository) -> Vec<Finding>) {
    let findings = rule(&Repository::read());
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(findings.is_empty(), "{} places break this rule:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn rooms_depend_only_on_the_rooms_below_them() {
    holds(edges::rooms);
}

#[test]
fn pure_rooms_take_only_listed_libraries() {
    holds(edges::pure_libraries);
}

#[test]
fn host_has_no_web_library() {
    holds(edges::host_libraries);
}

#[test]
fn no_crate_has_features_or_optional_dependencies() {
    holds(edges::features);
}

#[test]
fn pure_rooms_have_no_async_clock_randomness_or_outside_world() {
    holds(purity::pure_rooms);
}

#[test]
fn engine_knows_no_wire_words() {
    holds(rooms::engine_wire_words);
}

#[test]
fn host_knows_no_twiml() {
    holds(rooms::host_twiml);
}

#[test]
fn sql_stands_only_in_store() {
    holds(rooms::sql);
}

#[test]
fn product_code_has_no_test_mode_and_no_way_around_signatures() {
    holds(rooms::switches);
}

#[test]
fn files_and_functions_fit_their_limits() {
    holds(size::limits);
}

#[test]
fn every_source_file_is_reachable_and_each_crate_has_one_test_binary() {
    holds(reach::files);
}

#[test]
fn no_test_is_ignored_but_those_that_are_known() {
    holds(ignored::tests);
}

#[test]
fn no_module_is_named_as_a_bag() {
    holds(wording::module_names);
}

#[test]
fn no_code_is_commented_out() {
    holds(wording::commented_code);
}

#[test]
fn no_path_or_address_of_one_machine_is_committed() {
    holds(wording::machine_paths);
}
