//! Names that say nothing, code that hides in comments, and places that exist on one machine only.

use super::source::{Finding, Repository, Source};

/// A module named like this collects what has no place, and never stops growing.
const BAGS: &[&str] = &["common", "helper", "helpers", "misc", "util", "utils"];

pub(super) fn module_names(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        let is_code = [".rs", ".ts", ".tsx", ".js", ".mjs", ".py"].iter().any(|end| file.path.ends_with(end));
        let named = |part: &str| BAGS.contains(&part.split('.').next().unwrap_or(part));
        if is_code && file.path.split('/').any(named) {
            findings.push(file.finding(0, "name it after what it holds"));
        }
    }
    for file in repository.rust() {
        let tokens = file.tokens();
        for pair in tokens.windows(2) {
            let is_bag = pair[1].word().is_some_and(|word| BAGS.contains(&word));
            if pair[0].word() == Some("mod") && is_bag {
                findings.push(file.finding(pair[1].line, "name the module after what it holds"));
            }
        }
    }
    findings
}

pub(super) fn commented_code(repository: &Repository) -> Vec<Finding> {
    repository.rust().flat_map(commented_code_of).collect()
}

/// Looks at each run of plain comment lines, and at each of its lines, for something that reads as statements.
fn commented_code_of(file: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut comment = String::new();
    let mut first = 0;
    for (index, line) in file.text.lines().chain(std::iter::once("")).enumerate() {
        let line = line.trim_start();
        let is_plain = line.starts_with("//") && !line.starts_with("///") && !line.starts_with("//!");
        if is_plain {
            if comment.is_empty() {
                first = index + 1;
            }
            comment.push_str(line[2..].trim());
            comment.push('\n');
        } else if !comment.is_empty() {
            if reads_as_code(&comment) || comment.lines().any(reads_as_code) {
                findings.push(file.finding(first, "code in a comment: delete it, the history keeps it"));
            }
            comment.clear();
        }
    }
    findings
}

/// Sentences do not parse as statements, and a lone word or expression without an end is let pass.
fn reads_as_code(text: &str) -> bool {
    let text = text.trim();
    let ends = text.ends_with(';') || text.ends_with('}') || text.ends_with("},");
    ends && syn::parse_str::<syn::Block>(&format!("{{ {text} }}")).is_ok_and(|block| !block.stmts.is_empty())
}

pub(super) fn machine_paths(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(place) = machine_path_in(line) {
                findings.push(file.finding(index + 1, format!("{place} exists on one machine only")));
            }
        }
    }
    findings
}

/// Folders at the root of a file system that belong to somebody. Assembled, so that this file passes its own rule.
const PRIVATE_FOLDERS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

fn machine_path_in(line: &str) -> Option<&'static str> {
    PRIVATE_FOLDERS.iter().copied().find(|folder| {
        line.match_indices(folder).any(|(index, _)| {
            let before = line[..index].chars().next_back();
            before.is_none_or(|c| !(c.is_alphanumeric() || "_.-~$})*".contains(c)))
        })
    })
}

#[test]
fn bags_are_found() {
    let repository = Repository::made_up(&[
        ("crates/host/src/utils.rs", ""),
        ("web/src/helpers/date.ts", ""),
        ("crates/host/src/lib.rs", "mod common { }"),
        ("docs/common.md", "fine"),
        ("crates/host/src/commonwealth.rs", "struct Utils;"),
    ]);
    let paths: Vec<String> = module_names(&repository).into_iter().map(|finding| finding.path).collect();
    assert_eq!(paths, ["crates/host/src/utils.rs", "web/src/helpers/date.ts", "crates/host/src/lib.rs"]);
}

#[test]
fn commented_code_is_found_and_sentences_are_not() {
    let broken = [
        "// let x = 5;",
        "// if ready {\n//     send(x);\n// }",
        "// Tried before:\n// store.commit(batch).await?;",
    ];
    for snippet in broken {
        assert_eq!(commented_code(&Repository::made_up(&[("a.rs", snippet)])).len(), 1, "{snippet}");
    }
    let sentences = [
        "// The lease ends first; the request ends later.",
        "// Rounds half to even, as banks do.\n// See {docs}.",
        "/// let x = 5;",
        "// sms, whatsapp;",
        "let url = \"http://example.com/{id}\";",
    ];
    for snippet in sentences {
        assert_eq!(commented_code(&Repository::made_up(&[("a.rs", snippet)])), [], "{snippet}");
    }
}

#[test]
fn paths_of_one_machine_are_found() {
    let path = concat!("/wo", "rk/main");
    for line in [format!("see {path}"), path.to_owned(), format!("\"{path}\""), format!("file://{path}")] {
        assert_eq!(machine_paths(&Repository::made_up(&[("docs/a.md", &line)])).len(), 1, "{line}");
    }
    for line in [format!("https://example.com{path}"), "a framework/area".to_owned()] {
        assert_eq!(machine_paths(&Repository::made_up(&[("docs/a.md", &line)])), [], "{line}");
    }
}
