//! One text to send, as people note it down: lines `From:`, `To:` and `Message:`, where everything
//! after `Message:` is the text.

use super::source::{Source, Span};
use crate::diagnostic::{Code, Diagnostic};

/// The fields of a text to send, each with its place. The message may have template tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendText {
    pub from: Option<(String, Span)>,
    pub to: (String, Span),
    pub message: (String, Span),
}

const FROM: &[&str] = &["from", "fromnumber"];
const TO: &[&str] = &["to", "tonumber"];
const MESSAGE: &[&str] = &["message", "smsmessage", "whatsappmessage", "text", "body"];

/// Whether the lines before the first other one name a recipient and then a message.
pub(super) fn looks_like_send(text: &str) -> bool {
    let mut has_to = false;
    for line in text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty()) {
        match label(line) {
            Some((key, _)) if TO.contains(&key.as_str()) => has_to = true,
            Some((key, _)) if FROM.contains(&key.as_str()) => {}
            Some((key, _)) => return has_to && MESSAGE.contains(&key.as_str()),
            None => return false,
        }
    }
    false
}

/// Reads such a text.
///
/// # Errors
/// Everything that is lacking, unknown or said twice.
pub fn read_send_text(text: &str) -> Result<SendText, Vec<Diagnostic>> {
    let source = Source::new(text);
    let mut problems = Vec::new();
    let (mut from, mut to, mut message) = (None, None, None);
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let line_span = Span { start, end: start + line.trim_end().len() };
        let Some((key, value)) = label(line) else {
            let message = "a line `From:`, `To:` or `Message:` is expected here";
            problems.push(Diagnostic::new(Code::Syntax, source.place(line_span), message));
            break;
        };
        if MESSAGE.contains(&key.as_str()) {
            message = Some(message_of(source.text(), start + line.len() - value.len()));
            break;
        }
        let slot = if FROM.contains(&key.as_str()) {
            &mut from
        } else if TO.contains(&key.as_str()) {
            &mut to
        } else {
            let message = format!("`{key}` is not known here");
            let hint = crate::diagnostic::did_you_mean(&key, ["From", "To", "Message"]);
            problems
                .push(Diagnostic::new(Code::UnknownKey, source.place(line_span), message).maybe_hint(hint));
            continue;
        };
        let value_start = start + line.len() - value.len();
        let lead = value.len() - value.trim_start().len();
        let value = value.trim();
        let span = Span { start: value_start + lead, end: value_start + lead + value.len() };
        if slot.replace((value.to_owned(), span)).is_some() {
            problems.push(Diagnostic::new(
                Code::DuplicateKey,
                source.place(line_span),
                "this line stands twice",
            ));
        }
    }
    let end = source.place(Span { start: source.text().trim_end().len(), end: 0 });
    for (name, found) in [("To", to.as_ref()), ("Message", message.as_ref())] {
        if found.is_none_or(|(text, _)| text.is_empty()) && problems.is_empty() {
            problems.push(Diagnostic::new(
                Code::MissingKey,
                end,
                format!("a line `{name}:` with something after it is missing"),
            ));
        }
    }
    match (to, message) {
        (Some(to), Some(message)) if problems.is_empty() => Ok(SendText { from, to, message }),
        _ => Err(problems),
    }
}

/// Everything after `Message:`, without the blanks around it.
fn message_of(text: &str, start: usize) -> (String, Span) {
    let rest = &text[start..];
    let lead = rest.len() - rest.trim_start().len();
    let trimmed = rest.trim();
    let span = Span { start: start + lead, end: start + lead + trimmed.len() };
    (trimmed.replace("\r\n", "\n"), span)
}

/// A short label before a colon, folded, and what follows it.
fn label(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once(':')?;
    let label = label.trim();
    let is_label =
        (1..=20).contains(&label.len()) && label.chars().all(|c| c.is_alphanumeric() || " _-".contains(c));
    is_label.then(|| (super::kind::fold_key(label), value))
}
