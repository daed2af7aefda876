//! What people write, as one tree with positions.
//!
//! YAML 1.2, JSON and JSON5 all end in the same [`Node`]s. A scalar keeps the spelling that it has
//! in the file: what it means is decided by the key it belongs to, so `+15551234567`, `10`, `yes`
//! and `on` are what they look like.

mod complaint;
mod duration;
mod json;
mod kind;
mod mask;
mod send_text;
mod source;
mod yaml;

pub use duration::{Unit, parse_duration_ms};
pub(crate) use kind::fold_key;
pub use kind::{FileKind, kind_of};
pub use send_text::{SendText, read_send_text};
pub use source::{Source, Span};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_DEPTH_MAX, DOCUMENT_NODES_MAX};

/// A file as a tree.
#[derive(Clone, Debug)]
pub struct Document {
    pub source: Source,
    pub root: Node,
}

/// One value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A text, a number, a truth value or nothing: the spelling, unread.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    pub text: String,
    pub style: Style,
    /// A comment follows on the same line: what was meant as text may have been cut short.
    pub cut: Option<Cut>,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    SingleQuoted,
    /// With the escapes of YAML or JSON.
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A comment right behind a plain scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The comment, `#` included.
    pub comment: Span,
    /// The text as it was probably meant.
    pub whole: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

impl Node {
    /// The scalar, unless it says nothing at all.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.is_null() => Some(scalar),
            _ => None,
        }
    }

    /// Nothing, or one of the spellings of null.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    /// `a text`, `a list`, `a map` or `nothing`.
    pub fn noun(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) if scalar.is_null() => "nothing",
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl Scalar {
    fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

/// Reads a file. `name` (a path or file name) decides between YAML and JSON where it has a known
/// ending; else the text does.
///
/// # Errors
/// Everything that keeps the file from being a tree. Keys that stand twice are all told at once.
pub fn read(text: &str, name: Option<&str>) -> Result<Document, Vec<Diagnostic>> {
    let source = Source::new(text);
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!("the file has {} bytes; at most {DOCUMENT_BYTES_MAX} are read", text.len());
        return Err(vec![Diagnostic::new(Code::LimitReached, START, message)]);
    }
    if source.text().trim().is_empty() {
        return Err(vec![Diagnostic::new(Code::Empty, START, "the file is empty")]);
    }
    let root = match syntax_of(source.text(), name) {
        Syntax::Yaml => yaml::read(&source)?,
        Syntax::Json => json::read(&source)?,
        // A YAML file may begin with a brace too: whoever can read the text is right.
        Syntax::EitherJsonFirst => match json::read(&source) {
            Ok(root) => root,
            Err(json_problems) => yaml::read(&source).map_err(|_| json_problems)?,
        },
    };
    Ok(Document { source, root })
}

const START: Place = Place { line: 1, column: 1, length: 0 };

enum Syntax {
    Yaml,
    Json,
    EitherJsonFirst,
}

fn syntax_of(text: &str, name: Option<&str>) -> Syntax {
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("yaml" | "yml") => return Syntax::Yaml,
        Some("json" | "json5" | "jsonc") => return Syntax::Json,
        _ => {}
    }
    let text = text.trim_start();
    if text.starts_with("{{") {
        Syntax::Yaml
    } else if text.starts_with(['{', '[']) || text.starts_with("//") || text.starts_with("/*") {
        Syntax::EitherJsonFirst
    } else {
        Syntax::Yaml
    }
}

/// Counts nodes, depth and text while a tree is built.
#[derive(Default)]
struct Budget {
    nodes: usize,
    text_bytes: usize,
}

impl Budget {
    /// Text that a tree may hold: aliases repeat it.
    const TEXT_BYTES_MAX: usize = 4 * DOCUMENT_BYTES_MAX;

    fn take(&mut self, nodes: usize, text_bytes: usize) -> Result<(), String> {
        self.nodes += nodes;
        self.text_bytes += text_bytes;
        if self.nodes > DOCUMENT_NODES_MAX {
            return Err(format!(
                "the file has more than {DOCUMENT_NODES_MAX} values, aliases counted in full"
            ));
        }
        if self.text_bytes > Budget::TEXT_BYTES_MAX {
            let max = Budget::TEXT_BYTES_MAX;
            return Err(format!("the file has more than {max} bytes of text, aliases counted in full"));
        }
        Ok(())
    }

    fn depth(depth: usize) -> Result<(), String> {
        if depth > DOCUMENT_DEPTH_MAX {
            return Err(format!("values are nested more than {DOCUMENT_DEPTH_MAX} deep"));
        }
        Ok(())
    }
}

/// Tells of a key that stands twice in one map, letter for letter.
fn duplicate_key(source: &Source, key: &str, first: Span, second: Span) -> Diagnostic {
    let line = source.line(first.start);
    Diagnostic::new(Code::DuplicateKey, source.place(second), format!("the key `{key}` stands twice"))
        .hint(format!("it is in line {line} already; remove one of the two"))
}

#[cfg(test)]
mod tests;
