//! Files tell one story, functions fit on a screen; exceptions are named, and may only shrink.

use serde::Deserialize;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::source::{Finding, Repository, Source};

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// Files in these languages are written by people.
const ENDINGS: &[&str] = &[".rs", ".ts", ".tsx", ".js", ".mjs", ".py", ".sh", ".css"];

const EXCEPTIONS_PATH: &str = "crates/server/tests/it/tidy/exceptions.toml";

/// The list of what is longer than the limits, each with the length that it has now.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    file: Vec<LongFile>,
    #[serde(default)]
    function: Vec<LongFunction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongFile {
    path: String,
    lines: usize,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongFunction {
    path: String,
    name: String,
    lines: usize,
    reason: String,
}

/// Something that has a length: a file, or a function in one.
#[derive(Debug, PartialEq, Eq)]
struct Measured {
    path: String,
    /// Empty for the file itself.
    function: String,
    line: usize,
    lines: usize,
}

pub(super) fn limits(repository: &Repository) -> Vec<Finding> {
    let list = repository.files.iter().find(|file| file.path == EXCEPTIONS_PATH);
    let exceptions: Exceptions = match list {
        Some(list) => toml::from_str(&list.text).expect("the list of exceptions has the documented form"),
        None => Exceptions::default(),
    };
    let too_long: Vec<Measured> = repository
        .files
        .iter()
        .filter(|file| ENDINGS.iter().any(|ending| file.path.ends_with(ending)))
        .flat_map(measure)
        .filter(|measured| measured.lines > measured.lines_max())
        .collect();
    let mut findings: Vec<Finding> =
        too_long.iter().filter_map(|measured| measured.against(&exceptions)).collect();
    findings.extend(exceptions.without_need(&too_long));
    findings
}

impl Measured {
    fn lines_max(&self) -> usize {
        if self.function.is_empty() { FILE_LINES_MAX } else { FUNCTION_LINES_MAX }
    }

    /// What is wrong with this length, given the exceptions.
    fn against(&self, exceptions: &Exceptions) -> Option<Finding> {
        let (what, listed) = if self.function.is_empty() {
            let entry = exceptions.file.iter().find(|entry| entry.path == self.path);
            ("the file".to_owned(), entry.map(|entry| entry.lines))
        } else {
            let mut entries = exceptions.function.iter();
            let entry = entries.find(|entry| entry.path == self.path && entry.name == self.function);
            (format!("fn {}", self.function), entry.map(|entry| entry.lines))
        };
        let lines = self.lines;
        let what = match listed {
            None => {
                format!("{what} has {lines} lines; {} are the limit: split it by meaning", self.lines_max())
            }
            Some(listed) if listed < lines => {
                format!("{what} grew from {listed} to {lines} lines: shrink it")
            }
            Some(listed) if listed > lines => {
                format!("{what} shrank to {lines} lines: write {lines} into its exception")
            }
            Some(_) => return None,
        };
        Some(Finding { path: self.path.clone(), line: self.line, what })
    }
}

impl Exceptions {
    /// Entries that name something that keeps the limits, or is gone, or that give no reason.
    fn without_need(&self, too_long: &[Measured]) -> Vec<Finding> {
        let files = self.file.iter().map(|entry| (&entry.path, "", &entry.reason));
        let functions = self.function.iter().map(|entry| (&entry.path, entry.name.as_str(), &entry.reason));
        let mut findings = Vec::new();
        for (path, function, reason) in files.chain(functions) {
            let is_needed = too_long.iter().any(|it| it.path == *path && it.function == function);
            let finding = |what: &str| Finding {
                path: EXCEPTIONS_PATH.to_owned(),
                line: 0,
                what: format!("{path} {function}: {what}"),
            };
            if !is_needed {
                findings.push(finding("needs no exception any more: remove the entry"));
            }
            if reason.trim().is_empty() {
                findings.push(finding("has no reason"));
            }
        }
        findings
    }
}

fn measure(file: &Source) -> Vec<Measured> {
    let whole = Measured {
        path: file.path.clone(),
        function: String::new(),
        line: 1,
        lines: file.text.lines().count(),
    };
    let mut functions = Functions { path: &file.path, found: vec![whole] };
    if file.path.ends_with(".rs") {
        functions.visit_file(&file.syntax());
    }
    functions.found
}

/// Collects the functions of a file, from the line of `fn` to that of the closing brace.
struct Functions<'a> {
    path: &'a str,
    found: Vec<Measured>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.span().start().line;
        let lines = block.brace_token.span.close().end().line + 1 - first;
        let function = signature.ident.to_string();
        self.found.push(Measured { path: self.path.to_owned(), function, line: first, lines });
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
fn function_of(lines: usize) -> String {
    format!("/// What it does.\nimpl A {{\n    fn long() {{{}    }}\n}}\n", "\n".repeat(lines - 1))
}

#[cfg(test)]
fn whats(files: &[(&str, &str)]) -> Vec<String> {
    limits(&Repository::made_up(files)).into_iter().map(|finding| finding.what).collect()
}

#[test]
fn long_functions_and_files_are_found() {
    assert_eq!(whats(&[("a.rs", &function_of(70)), ("b.py", &"#\n".repeat(600))]), [""; 0]);
    assert_eq!(
        whats(&[("a.rs", &function_of(71)), ("b.py", &"#\n".repeat(601)), ("c.json", &"\n".repeat(5000))]),
        [
            "fn long has 71 lines; 70 are the limit: split it by meaning",
            "the file has 601 lines; 600 are the limit: split it by meaning",
        ]
    );
}

#[test]
fn exceptions_may_only_shrink() {
    let entry = |lines: usize| {
        format!("[[function]]\npath = \"a.rs\"\nname = \"long\"\nlines = {lines}\nreason = \"a table\"\n")
    };
    let with = |code: usize, listed: usize| {
        whats(&[("a.rs", &function_of(code)), (EXCEPTIONS_PATH, &entry(listed))])
    };
    assert_eq!(with(80, 80), [""; 0]);
    assert_eq!(with(81, 80), ["fn long grew from 80 to 81 lines: shrink it"]);
    assert_eq!(with(79, 80), ["fn long shrank to 79 lines: write 79 into its exception"]);
    assert_eq!(with(70, 80), ["a.rs long: needs no exception any more: remove the entry"]);
}
