//! Every Rust file is part of some target; a file that no `mod` names is dead.

use std::collections::BTreeSet;

use super::source::{Finding, Repository};

/// Folders whose packages the rule covers.
const PACKAGE_FOLDERS: &[&str] = &["crates/", "fuzz/", "bench/"];

pub(super) fn files(repository: &Repository) -> Vec<Finding> {
    let mut reached = BTreeSet::new();
    for file in repository.rust().filter(|file| is_root(&file.path)) {
        reach(repository, &file.path, &mut reached);
    }
    let mut findings = Vec::new();
    for file in repository.rust() {
        let is_covered = PACKAGE_FOLDERS.iter().any(|folder| file.path.starts_with(folder));
        if is_covered && !reached.contains(&file.path) {
            findings.push(file.finding(0, "no module declares this file"));
        }
        if is_stray_test(&file.path) {
            findings.push(file.finding(0, "a second test binary: make it a module of tests/it/main.rs"));
        }
    }
    findings
}

/// Whether cargo starts to read a target here.
fn is_root(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match folder.rsplit('/').next().unwrap_or(folder) {
        "src" => matches!(name, "lib.rs" | "main.rs"),
        "bin" | "examples" | "benches" | "fuzz_targets" => true,
        "it" => name == "main.rs",
        _ => name == "build.rs",
    }
}

/// A file directly under `tests/` is a target of its own, which links everything once more.
fn is_stray_test(path: &str) -> bool {
    let inside = path.strip_prefix("crates/").and_then(|rest| rest.split_once("/tests/"));
    inside.is_some_and(|(_, rest)| !rest.starts_with("it/"))
}

fn reach(repository: &Repository, path: &str, reached: &mut BTreeSet<String>) {
    let Some(file) = repository.files.iter().find(|file| file.path == path) else { return };
    if !reached.insert(path.to_owned()) {
        return;
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.trim_end_matches(".rs");
    let owns_folder = is_root(path) || stem == "mod";
    let children = if owns_folder { folder.to_owned() } else { format!("{folder}/{stem}") };
    let mut targets = Vec::new();
    declared(&file.syntax().items, folder, &children, &mut targets);
    for target in targets {
        reach(repository, &target, reached);
    }
}

/// The files that the modules declared among these items may stand in.
fn declared(items: &[syn::Item], folder: &str, children: &str, targets: &mut Vec<String>) {
    for item in items {
        let syn::Item::Mod(module) = item else { continue };
        if let Some((_, inner)) = &module.content {
            let children = format!("{children}/{}", module.ident);
            declared(inner, &children, &children, targets);
        } else if let Some(path) = path_attribute(module) {
            targets.push(format!("{folder}/{path}"));
        } else {
            targets.push(format!("{children}/{}.rs", module.ident));
            targets.push(format!("{children}/{}/mod.rs", module.ident));
        }
    }
}

fn path_attribute(module: &syn::ItemMod) -> Option<String> {
    let attribute = module.attrs.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &pair.value else { return None };
    Some(path.value())
}

#[test]
fn files_that_no_module_declares_are_found() {
    let repository = Repository::made_up(&[
        ("crates/host/src/lib.rs", "mod pacing; mod send { mod lane; } #[path = \"odd.rs\"] mod other;"),
        ("crates/host/src/pacing.rs", "mod bucket;"),
        ("crates/host/src/pacing/bucket.rs", ""),
        ("crates/host/src/send/lane.rs", ""),
        ("crates/host/src/odd.rs", ""),
        ("crates/host/src/bin/tool.rs", ""),
        ("crates/host/src/dead.rs", ""),
        ("crates/host/src/pacing/dead.rs", ""),
        ("crates/host/tests/it/main.rs", "mod first;"),
        ("crates/host/tests/it/first.rs", ""),
        ("crates/host/tests/second.rs", ""),
        ("bench/render/src/main.rs", ""),
        ("bench/webhook/src/bin/load.rs", ""),
        ("bench/webhook/src/dead.rs", ""),
    ]);
    let found: Vec<String> = files(&repository).into_iter().map(|finding| finding.path).collect();
    assert_eq!(
        found,
        [
            "crates/host/src/dead.rs",
            "crates/host/src/pacing/dead.rs",
            "crates/host/tests/second.rs",
            "crates/host/tests/second.rs",
            "bench/webhook/src/dead.rs",
        ]
    );
}
