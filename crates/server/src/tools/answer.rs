//! What a model is told of a server's answer: as much of it as helps, in as few words as it takes.

use crate::outgoing::Answer;
use engine::llm::dialogue::Done;
use serde_json::Value;

/// Of an error's text so much is told, in characters.
const ERROR_CHARACTERS_MAX: usize = 500;

pub(super) fn told(answer: &Answer, characters_max: usize) -> Done {
    let status = answer.status;
    if status.is_success() {
        let text = shortened(&text_of(answer), characters_max);
        let text = if text.is_empty() { "done; the server answered nothing".to_owned() } else { text };
        return Done::Well { text };
    }
    if status.is_redirection() {
        return Done::Badly {
            reason: format!("the server answered {status}, which points elsewhere and is not followed"),
        };
    }
    let text = shortened(&text_of(answer), characters_max.min(ERROR_CHARACTERS_MAX));
    let colon = if text.is_empty() { "" } else { ": " };
    Done::Badly { reason: format!("the server answered {status}{colon}{text}") }
}

/// The answer as text: JSON without its layout; what is no text by its kind alone.
fn text_of(answer: &Answer) -> String {
    let kind = answer.content_type.as_deref().unwrap_or_default();
    let is_json = kind == "application/json" || kind.ends_with("+json") || kind.is_empty();
    if is_json
        && !answer.is_cut
        && let Ok(value) = serde_json::from_slice::<Value>(&answer.body)
    {
        return match value {
            Value::String(text) => text,
            value => value.to_string(),
        };
    }
    let is_text = is_json || kind.starts_with("text/") || kind.ends_with("xml");
    match std::str::from_utf8(&answer.body) {
        Ok(text) if is_text => text.split_whitespace().collect::<Vec<_>>().join(" "),
        // A character may have been cut in its middle.
        Err(error) if is_text && answer.is_cut && error.error_len().is_none() => {
            String::from_utf8_lossy(&answer.body[..error.valid_up_to()]).into_owned()
        }
        _ if answer.body.is_empty() => String::new(),
        _ => format!("({} bytes of {})", answer.body.len(), if kind.is_empty() { "something" } else { kind }),
    }
}

fn shortened(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}… (shortened)", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn answer(status: u16, kind: &str, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            content_type: Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
            body: body.as_bytes().to_vec().into(),
            is_cut: false,
        }
    }

    #[test]
    fn an_answer_is_told_in_as_few_words_as_it_takes() {
        let well = |text: &str| Done::Well { text: text.to_owned() };
        let badly = |reason: &str| Done::Badly { reason: reason.to_owned() };
        for (status, kind, body, done) in [
            (
                200,
                "application/json",
                "{\n  \"state\": \"sent\",\n  \"n\": 2\n}",
                well(r#"{"state":"sent","n":2}"#),
            ),
            (200, "application/json", "\"sent\"", well("sent")),
            (200, "application/problem+json", "[1, 2]", well("[1,2]")),
            (200, "application/json", "{broken", well("{broken")),
            (200, "text/plain", " on \n its   way ", well("on its way")),
            (204, "", "", well("done; the server answered nothing")),
            (200, "image/png", "\u{fffd}PNG", well("(6 bytes of image/png)")),
            (
                200,
                "text/plain",
                "0123456789012345678901234567890",
                well("0123456789012345678901234… (shortened)"),
            ),
            (
                404,
                "application/json",
                r#"{"error": "no such order"}"#,
                badly("the server answered 404 Not Found: {\"error\":\"no such order\"}"),
            ),
            (500, "text/html", "", badly("the server answered 500 Internal Server Error")),
            (302, "", "", badly("the server answered 302 Found, which points elsewhere and is not followed")),
        ] {
            assert_eq!(told(&answer(status, kind, body), 25), done, "{status} {kind} {body}");
        }
    }
}
