//! What the sources of pure rooms may not say.

use std::collections::BTreeSet;

use super::edges::PURE_ROOMS;
use super::source::{Finding, Repository, Source};

/// Words that stand for waiting, time or chance wherever they are used.
const WORDS: &[&str] = &[
    "async",
    "await",
    "getrandom",
    "thread_rng",
    "tokio",
    "Instant",
    "RandomState",
    "SystemTime",
    "UnixStream",
    "TcpListener",
    "TcpStream",
    "UdpSocket",
];

/// Pairs of words that follow each other, as in `Timestamp::now`.
const PAIRS: &[(&str, &str)] = &[
    ("Timestamp", "now"),
    ("Zoned", "now"),
    ("TimeZone", "system"),
    ("std", "env"),
    ("std", "fs"),
    ("std", "net"),
    ("std", "process"),
    ("std", "thread"),
];

pub(super) fn pure_rooms(repository: &Repository) -> Vec<Finding> {
    repository
        .rust()
        .filter(|file| file.is_product() && file.room().is_some_and(|room| PURE_ROOMS.contains(&room)))
        .flat_map(impure)
        .collect()
}

fn impure(file: &Source) -> Vec<Finding> {
    let tokens = file.tokens();
    let words = tokens.iter().filter_map(|token| {
        let word = token.word().filter(|word| WORDS.contains(word))?;
        Some((token.line, word.to_owned()))
    });
    let pairs = tokens.windows(2).filter_map(|pair| {
        let pair = (pair[0].line, pair[0].word()?, pair[1].word()?);
        PAIRS.contains(&(pair.1, pair.2)).then(|| (pair.0, format!("{}::{}", pair.1, pair.2)))
    });
    // The same place may be found in both ways, as in `use std::{fs, fmt}`.
    let places: BTreeSet<(usize, String)> = words.chain(pairs).chain(imports(file)).collect();
    places.into_iter().map(|(line, what)| file.finding(line, format!("`{what}` in a pure room"))).collect()
}

/// `use std::{collections::HashMap, fs}` names a module of the outside world at a distance from `std`.
fn imports(file: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for item in file.syntax().items {
        let syn::Item::Use(item) = item else { continue };
        let syn::UseTree::Path(path) = item.tree else { continue };
        let syn::UseTree::Group(group) = *path.tree else { continue };
        for member in group.items {
            let word = match member {
                syn::UseTree::Path(member) => member.ident,
                syn::UseTree::Name(member) => member.ident,
                syn::UseTree::Rename(member) => member.ident,
                syn::UseTree::Glob(_) | syn::UseTree::Group(_) => continue,
            };
            let (first, second) = (path.ident.to_string(), word.to_string());
            if PAIRS.contains(&(first.as_str(), second.as_str())) {
                found.push((word.span().start().line, format!("{first}::{second}")));
            }
        }
    }
    found
}

#[test]
fn every_way_out_of_a_pure_room_is_found() {
    let snippets = [
        "async fn wait() {}",
        "fn f() { tokio::spawn(g()); }",
        "fn f() -> u64 { std::time::SystemTime::now().elapsed() }",
        "use std::time::Instant;",
        "fn f() { jiff::Timestamp::now(); }",
        "fn f() { let zone = TimeZone::system(); }",
        "fn f() { rand::thread_rng(); }",
        "use std::fs;",
        "use std::{collections::HashMap, fs::File};",
        "fn f() { std::env::var(\"HOME\"); }",
    ];
    for snippet in snippets {
        let broken = Repository::made_up(&[("crates/engine/src/run.rs", snippet)]);
        assert_eq!(pure_rooms(&broken).len(), 1, "{snippet}");
        let elsewhere = Repository::made_up(&[("crates/host/src/run.rs", snippet)]);
        assert_eq!(pure_rooms(&elsewhere), [], "{snippet}");
    }
}

#[test]
fn words_of_comments_and_texts_are_nobodys_business() {
    let snippet = "/// Never async, see std::fs.\nfn f() -> &'static str { \"await SystemTime\" } // tokio";
    assert_eq!(pure_rooms(&Repository::made_up(&[("crates/engine/src/run.rs", snippet)])), []);
}
