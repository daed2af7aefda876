//! What a file is, by what stands in it.

use super::{Node, Value};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Workflow,
    Agent,
    /// A text of `From:`, `To:` and `Message:` lines.
    Send,
    /// Nothing of it.
    Unknown,
}

/// Tells by the keys; `text` is the whole file, for texts to send are no trees.
pub fn kind_of(root: Option<&Node>, text: &str) -> FileKind {
    if super::send_text::looks_like_send(text) {
        return FileKind::Send;
    }
    match root.map(|root| &root.value) {
        Some(Value::Map(entries)) => {
            let has = |name: &str| entries.iter().any(|entry| fold_key(&entry.key) == name);
            if has("blocks") {
                FileKind::Workflow
            } else if has("agenttype") || has("questions") || has("question") {
                FileKind::Agent
            } else {
                FileKind::Unknown
            }
        }
        Some(Value::List(items)) if items.iter().any(is_question) => FileKind::Agent,
        _ => FileKind::Unknown,
    }
}

fn is_question(node: &Node) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|e| fold_key(&e.key) == "question"))
}

/// Keys are the same whatever their case, blanks, `_` and `-`.
pub(crate) fn fold_key(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '\t')).flat_map(char::to_lowercase).collect()
}
