//! Reading messaging TwiML.

use super::{DOCUMENT_BYTES_MAX, MessagingResponse, TwimlError, Verb, Warning};
use crate::message::{BODY_LENGTH_MAX, MEDIA_MAX, body_length};
use crate::parameter::WireText;
use crate::twiml_document::{is_noise, media_type, response};
use crate::words::HttpMethod;
use crate::xml::{Element, is_blank};

/// Reads the answer to a webhook about a message.
///
/// An empty answer does nothing, whatever its type. Plain text is TwiML if it reads as such, else it is the
/// reply. What is wrong in a part of a document passes that part over with a warning. Memory is linear in
/// the document, which is limited; entities that a document declares are never expanded.
pub fn parse(
    answer: &[u8],
    content_type: Option<&str>,
) -> Result<(MessagingResponse, Vec<Warning>), TwimlError> {
    if answer.len() > DOCUMENT_BYTES_MAX {
        return Err(TwimlError::TooLarge { bytes: answer.len() });
    }
    if answer.is_empty() {
        return Ok((MessagingResponse::nothing(), Vec::new()));
    }
    let form = Form::of(content_type)?;
    let text = std::str::from_utf8(answer).map_err(TwimlError::NotUtf8)?;
    match (form, document(text)) {
        (_, Ok(read)) => Ok(read),
        (Form::Xml, Err(error)) => Err(error),
        (Form::PlainText, Err(_)) => {
            let mut reading = Reading::default();
            reading.keep_message(Verb::message(text));
            Ok(reading.finish())
        }
    }
}

enum Form {
    Xml,
    PlainText,
}

impl Form {
    fn of(content_type: Option<&str>) -> Result<Form, TwimlError> {
        let media_type = media_type(content_type);
        match media_type.as_deref() {
            Some("text/xml" | "application/xml" | "text/html") => Ok(Form::Xml),
            Some("text/plain") => Ok(Form::PlainText),
            _ => Err(TwimlError::ContentType(media_type)),
        }
    }
}

fn document(text: &str) -> Result<(MessagingResponse, Vec<Warning>), TwimlError> {
    let root = response(text)?;
    let mut reading = Reading::default();
    for (name, _) in root.attributes.iter().filter(|(name, _)| name != "version") {
        reading.unknown_attribute(&root, name);
    }
    reading.no_text(&root);
    for element in root.elements() {
        match element.name.as_str() {
            // <Sms> is the old name.
            "Message" | "Sms" => reading.message(element),
            "Redirect" => reading.redirect(element),
            name if VOICE_VERBS.contains(&name) => {
                reading.warn(14110, format!("<{name}> has no meaning in an answer to a message"));
            }
            _ => reading.unknown_element(element),
        }
    }
    Ok(reading.finish())
}

const VOICE_VERBS: &[&str] = &[
    "Connect", "Dial", "Enqueue", "Gather", "Hangup", "Leave", "Pause", "Pay", "Play", "Record", "Refer",
    "Reject", "Say", "Start", "Stop",
];

/// What was read so far.
#[derive(Default)]
struct Reading {
    verbs: Vec<Verb>,
    warnings: Vec<Warning>,
}

impl Reading {
    fn message(&mut self, element: &Element) {
        let (mut to, mut from, mut action, mut callback, mut method) = (None, None, None, None, None);
        for (name, value) in &element.attributes {
            match name.as_str() {
                "to" => to = Some(value.clone()),
                "from" => from = Some(value.clone()),
                "action" => action = Some(value.clone()),
                // The old name of `action`.
                "statusCallback" => callback = Some(value.clone()),
                "method" => method = self.method(element, value, 14104),
                name => self.unknown_attribute(element, name),
            }
        }
        let direct = element.text();
        let direct = direct.trim_matches(is_blank);
        let mut body = (!direct.is_empty()).then(|| direct.to_owned());
        let mut media = Vec::new();
        for child in element.elements() {
            match child.name.as_str() {
                "Body" => body.get_or_insert_default().push_str(&self.only_text(child)),
                "Media" => media.push(self.only_text(child).trim_matches(is_blank).to_owned()),
                _ => self.unknown_element(child),
            }
        }
        let action = action.or(callback);
        self.keep_message(Verb::Message { to, from, action, method, body, media });
    }

    /// A message that Twilio would not send is passed over, and what follows is still done.
    fn keep_message(&mut self, verb: Verb) {
        if let Verb::Message { body, media, .. } = &verb {
            let length = body.as_deref().map_or(0, body_length);
            let wrong = match () {
                () if length > BODY_LENGTH_MAX => Some(format!("its text has {length} characters")),
                () if length == 0 && media.is_empty() => Some("it has neither text nor media".to_owned()),
                () if media.len() > MEDIA_MAX => Some(format!("it has {} media", media.len())),
                () if media.iter().any(String::is_empty) => {
                    Some("one of its media has no address".to_owned())
                }
                () => None,
            };
            if let Some(wrong) = wrong {
                return self.warn(14103, format!("a message was passed over: {wrong}"));
            }
        }
        self.verbs.push(verb);
    }

    fn redirect(&mut self, element: &Element) {
        let mut method = None;
        for (name, value) in &element.attributes {
            match name.as_str() {
                "method" => method = self.method(element, value, 13710),
                name => self.unknown_attribute(element, name),
            }
        }
        let url = self.only_text(element).trim_matches(is_blank).to_owned();
        self.verbs.push(Verb::Redirect { url, method });
    }

    fn method(&mut self, element: &Element, value: &str, code: u32) -> Option<HttpMethod> {
        let method = HttpMethod::from_wire(&value.to_ascii_uppercase());
        if method.is_none() {
            self.warn(code, format!("<{}> has the unknown method {value:?}", element.name));
        }
        method
    }

    fn only_text(&mut self, element: &Element) -> String {
        for child in element.elements() {
            self.unknown_element(child);
        }
        element.text()
    }

    fn no_text(&mut self, element: &Element) {
        if !element.text().chars().all(is_blank) {
            self.warn(12200, format!("<{}> has text outside its verbs", element.name));
        }
    }

    fn unknown_element(&mut self, element: &Element) {
        self.warn(12200, format!("<{}> is not known here", element.name));
    }

    fn unknown_attribute(&mut self, element: &Element, name: &str) {
        if !is_noise(name) {
            self.warn(12200, format!("<{}> has the unknown attribute {name:?}", element.name));
        }
    }

    fn warn(&mut self, code: u32, detail: String) {
        self.warnings.push(Warning { code, detail });
    }

    fn finish(self) -> (MessagingResponse, Vec<Warning>) {
        (MessagingResponse { verbs: self.verbs }, self.warnings)
    }
}
