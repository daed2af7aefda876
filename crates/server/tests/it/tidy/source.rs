//! The repository as the rules see it: text files by path, Rust files also as tokens and syntax.

use std::fmt;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// All text files of the repository that people write.
pub(crate) struct Repository {
    pub(crate) files: Vec<Source>,
}

/// One text file.
pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// From 1; 0 where the whole file is meant.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Folders that hold what tools made or fetched.
const FOLDERS_SKIPPED: &[&str] =
    &[".git", ".venv", "__pycache__", "artifacts", "corpus", "dist", "node_modules", "target"];

/// Larger files are data; no rule reads them.
const FILE_BYTES_MAX: u64 = 4 << 20;

impl Repository {
    /// Reads the repository that this test was built from.
    pub(crate) fn read() -> Repository {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut files = Vec::new();
        walk(&root, "", &mut files);
        assert!(
            files.iter().any(|file| file.path == "Cargo.toml"),
            "the root of the repository was not found"
        );
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Repository { files }
    }

    /// A made-up repository, for the tests of the rules themselves.
    pub(crate) fn made_up(files: &[(&str, &str)]) -> Repository {
        let files =
            files.iter().map(|(path, text)| Source { path: (*path).into(), text: (*text).into() }).collect();
        Repository { files }
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// The manifests of the rooms, each with its room's name, read as TOML.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&Source, String, toml::Table)> {
        self.files.iter().filter_map(|file| {
            let room = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            Some((file, room.to_owned(), file.text.parse().expect("cargo reads this manifest too")))
        })
    }
}

impl Source {
    /// The room that this file belongs to: `engine` for `crates/engine/src/run.rs`.
    pub(crate) fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether this is part of what ships, and not a test, bench or example of a room.
    pub(crate) fn is_product(&self) -> bool {
        self.path.strip_prefix("crates/").is_some_and(|rest| rest.split('/').nth(1) == Some("src"))
    }

    pub(crate) fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }

    pub(crate) fn syntax(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }

    /// Every word and literal of a Rust file in order. Comments, doc comments and code under `#[cfg(test)]` are
    /// left out: the rules are about what ships.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        let stream: TokenStream = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.path));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        tokens
    }
}

/// A word or literal of a Rust file.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) kind: TokenKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word(String),
    /// A string literal's value.
    Text(String),
}

impl Token {
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(word) => Some(word),
            TokenKind::Text(_) => None,
        }
    }

    /// The word or the literal's value.
    pub(crate) fn content(&self) -> &str {
        match &self.kind {
            TokenKind::Word(content) | TokenKind::Text(content) => content,
        }
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("the folder was just opened");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if FOLDERS_SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let meta = fs::symlink_metadata(entry.path()).expect("the entry was just listed");
        if meta.is_dir() {
            walk(&entry.path(), &path, files);
        } else if meta.is_file()
            && meta.len() <= FILE_BYTES_MAX
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(Source { path, text });
        }
    }
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let is_inner = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == '!');
                trees.next_if(is_inner);
                let is_bracket = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
                let attribute = trees.next_if(is_bracket).map(|tree| tree.to_string()).unwrap_or_default();
                if attribute.replace(' ', "").contains("cfg(test)") {
                    skip_item(&mut trees);
                }
            }
            TokenTree::Group(group) => flatten(group.stream(), tokens),
            TokenTree::Ident(word) => {
                let line = word.span().start().line;
                tokens.push(Token { line, kind: TokenKind::Word(word.to_string()) });
            }
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    tokens.push(Token { line, kind: TokenKind::Text(text.value()) });
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Goes past the item that follows an attribute: it ends with its block in braces, or with a semicolon.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) {
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

#[test]
fn tokens_leave_out_comments_attributes_and_tests() {
    let repository = Repository::made_up(&[(
        "crates/engine/src/a.rs",
        "//! doc word\n#[derive(Clone)]\nstruct Kept { text: &'static str }\n\
         const A: &str = \"a \\\"quoted\\\" text\";\n#[cfg(test)]\nmod tests { fn dropped() {} }\nfn last() {}",
    )]);
    let tokens = repository.files[0].tokens();
    let contents: Vec<&str> = tokens.iter().map(Token::content).collect();
    assert_eq!(
        contents,
        ["struct", "Kept", "text", "static", "str", "const", "A", "str", "a \"quoted\" text", "fn", "last"]
    );
    assert_eq!(tokens.last().map(|token| token.line), Some(7));
}
