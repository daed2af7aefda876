//! Tests that are not run by themselves: each is known here, with its reason, so that none is put to sleep unnoticed.

use super::source::{Finding, Repository, Source};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One test that may be ignored.
struct Known {
    path: &'static str,
    /// As its attribute says it.
    reason: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        path: "crates/engine/tests/it/understand/held_out.rs",
        reason: "prints, and asserts nothing that the test above does not",
    },
    Known { path: "crates/store/tests/it/kills.rs", reason: "started by the cases that kill it" },
];

pub(super) fn tests(repository: &Repository) -> Vec<Finding> {
    ignored_but_for(repository, KNOWN)
}

fn ignored_but_for(repository: &Repository, known: &[Known]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut left: Vec<&Known> = known.iter().collect();
    for file in repository.rust() {
        for (line, reason) in ignores(file) {
            let at = left.iter().position(|known| known.path == file.path && known.reason == reason);
            match at {
                Some(at) => drop(left.remove(at)),
                None => findings.push(file.finding(line, "a test is ignored that nobody decided to ignore")),
            }
        }
    }
    let gone = left.into_iter().map(|known| Finding {
        path: known.path.to_owned(),
        line: 0,
        what: format!("no test is ignored here because it is {:?}: take it off the list", known.reason),
    });
    findings.extend(gone);
    findings
}

/// Every attribute that ignores a test, with its line and its reason; also those that stand in a macro's body.
fn ignores(file: &Source) -> Vec<(usize, String)> {
    let stream: TokenStream = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut found = Vec::new();
    look_through(stream, &mut found);
    found
}

fn look_through(stream: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut after_hash = false;
    for tree in stream {
        if let TokenTree::Group(group) = &tree {
            if after_hash && group.delimiter() == Delimiter::Bracket {
                found.extend(ignored_by(group.stream()));
            }
            look_through(group.stream(), found);
        }
        after_hash = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '#');
    }
}

/// `ignore`, `ignore = "…"`, or `cfg_attr(…, ignore …)`.
fn ignored_by(attribute: TokenStream) -> Option<(usize, String)> {
    let trees: Vec<TokenTree> = attribute.into_iter().collect();
    let TokenTree::Ident(name) = trees.first()? else { return None };
    if name == "cfg_attr" {
        let TokenTree::Group(arguments) = trees.get(1)? else { return None };
        let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
        let is_ignore = |tree: &TokenTree| matches!(tree, TokenTree::Ident(name) if name == "ignore");
        let at = arguments.iter().position(is_ignore)?;
        return ignored_by(arguments.into_iter().skip(at).collect());
    }
    if name != "ignore" {
        return None;
    }
    let reason = match trees.get(2) {
        Some(TokenTree::Literal(literal)) => literal.to_string().trim_matches('"').to_owned(),
        _ => String::new(),
    };
    Some((name.span().start().line, reason))
}

#[test]
fn ignored_tests_are_found_and_so_are_entries_that_hold_no_more() {
    let known = [Known { path: "crates/store/tests/it/kills.rs", reason: "started by others" }];
    let at = |text: &str| Repository::made_up(&[("crates/store/tests/it/kills.rs", text)]);
    let right = "#[test]\n#[ignore = \"started by others\"]\nfn child() {}\n";
    assert_eq!(ignored_but_for(&at(right), &known), []);
    let second = format!("{right}#[test]\n#[ignore = \"started by others\"]\nfn other() {{}}\n");
    for (text, lines) in [
        ("#[test]\n#[ignore]\nfn slow() {}\n", &[2, 0][..]),
        ("#[test]\n#[ignore = \"slow\"]\nfn slow() {}\n", &[2, 0]),
        ("#[test]\n#[cfg_attr(unix, ignore = \"slow\")]\nfn slow() {}\n", &[2, 0]),
        ("cases! {\n #[ignore] slow }\n", &[2, 0]),
        ("#[test]\nfn runs() { ignore(); }\n#[serde(ignore)] struct A;\n", &[0]),
        (&second, &[5]),
    ] {
        let found: Vec<usize> =
            ignored_but_for(&at(text), &known).into_iter().map(|finding| finding.line).collect();
        assert_eq!(found, lines, "{text}");
    }
}
