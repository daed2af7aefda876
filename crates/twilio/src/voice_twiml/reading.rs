//! Reading voice TwiML as Twilio reads it: what is wrong in a part is passed over with a warning.

use super::part::{Attribute, AttributeCode, OneOf, UNKNOWN};
use super::{Document, NESTING, Say, Verb};
use crate::error::{self, Level};
use crate::twiml_document::{self, DOCUMENT_BYTES_MAX, TwimlError, Warning};
use crate::xml::{self, is_blank};

/// A document that was read, and what was passed over in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// What to do.
    pub document: Document,
    /// What was wrong, in the order of the document.
    pub warnings: Vec<Warning>,
}

/// What an answer to a webhook about a call is.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A document.
    Twiml(Read),
    /// Audio of the type named: it is played, and then the call ends.
    Audio(String),
}

/// Reads a document. What is wrong in a part of it passes that part over with a warning; a mistake that ends
/// a call refuses all of it.
///
/// Memory is linear in the document, which is limited; entities that a document declares are never expanded.
pub fn read(document: &str) -> Result<Read, TwimlError> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(TwimlError::TooLarge { bytes: document.len() });
    }
    let root = twiml_document::response(document)?;
    let mut reading = Reading::default();
    reading.unknown_attributes(&root, &["version"], Case::AsWritten);
    reading.no_text(&root);
    let verbs = reading.inside::<Verb>(&root);
    match reading.refusal {
        Some(Warning { code, detail }) => Err(TwimlError::Part { code, detail }),
        None => Ok(Read { document: Document { verbs }, warnings: reading.warnings }),
    }
}

/// Reads the answer to a webhook about a call.
///
/// An empty answer is a document without verbs, whatever its type. Plain text is TwiML if it reads as such,
/// else it is read aloud, after which the call ends.
pub fn read_answer(answer: &[u8], content_type: Option<&str>) -> Result<Answer, TwimlError> {
    let media_type = twiml_document::media_type(content_type);
    let is_plain = match media_type.as_deref() {
        Some(audio) if audio.starts_with("audio/") => return Ok(Answer::Audio(audio.to_owned())),
        _ if answer.is_empty() => return Ok(Answer::Twiml(Read::default())),
        Some("text/xml" | "application/xml" | "text/html") => false,
        Some("text/plain") => true,
        _ => return Err(TwimlError::ContentType(media_type)),
    };
    if answer.len() > DOCUMENT_BYTES_MAX {
        return Err(TwimlError::TooLarge { bytes: answer.len() });
    }
    let text = std::str::from_utf8(answer).map_err(TwimlError::NotUtf8)?;
    match read(text) {
        Err(TwimlError::Xml(_) | TwimlError::Root(_) | TwimlError::ByteOrderMark) if is_plain => {
            Ok(Answer::Twiml(aloud(text)))
        }
        read => read.map(Answer::Twiml),
    }
}

/// A document that says a text and hangs up; without the text where it cannot be said.
fn aloud(text: &str) -> Read {
    let mut reading = Reading::default();
    let say = Say::text(text).checked(&mut reading);
    let document = Document { verbs: say.map(Verb::Say).into_iter().collect() };
    Read { document, warnings: reading.warnings }
}

/// In which case the names of an element's attributes are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    AsWritten,
    /// Twilio's own libraries disagree about the case.
    Any,
}

impl Case {
    fn same(self, one: &str, other: &str) -> bool {
        match self {
            Case::AsWritten => one == other,
            Case::Any => one.eq_ignore_ascii_case(other),
        }
    }
}

/// What was found while a document is read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) warnings: Vec<Warning>,
    /// The first mistake that stops the whole document.
    refusal: Option<Warning>,
    /// The names of the elements around the one that is read, outermost first.
    around: Vec<String>,
}

impl Reading {
    /// The name of the element in which the one that is read stands.
    pub(super) fn parent(&self) -> Option<&str> {
        self.around.last().map(String::as_str)
    }

    /// Reads the elements in this one. One that may not stand there is passed over.
    pub(super) fn inside<T: OneOf>(&mut self, element: &xml::Element) -> Vec<T> {
        self.around.push(element.name.clone());
        let mut parts = Vec::new();
        for child in element.elements() {
            if T::TAGS.contains(&child.name.as_str()) {
                parts.extend(T::read(child, self));
            } else {
                self.misplaced(element, child);
            }
        }
        self.around.pop();
        parts
    }

    /// Reads an attribute; a value that is wrong counts as not given.
    pub(super) fn attribute<T: Attribute>(
        &mut self,
        element: &xml::Element,
        (name, case): (&'static str, Case),
        within: impl Fn(&T) -> bool,
        code: impl AttributeCode,
    ) -> T {
        let Some((_, text)) = element.attributes.iter().find(|(key, _)| case.same(key, name)) else {
            return T::default();
        };
        let (value, right) = match T::from_text(text) {
            Ok(value) if within(&value) => (value, true),
            Ok(_) => (T::default(), false),
            Err(partly) => (partly, false),
        };
        if !right {
            let detail = format!("<{}> has a bad {name}: expected {}", element.name, T::EXPECTED);
            self.warn(code.of(text, self), detail);
        }
        value
    }

    /// The text in an element, without blanks around it.
    #[expect(clippy::unused_self, reason = "it is called beside the other ways to read a field")]
    pub(super) fn text_of(&self, element: &xml::Element) -> String {
        element.text().trim_matches(is_blank).to_owned()
    }

    pub(super) fn unknown_attributes(&mut self, element: &xml::Element, known: &[&str], case: Case) {
        for (name, _) in &element.attributes {
            let is_known = known.iter().any(|known| case.same(known, name));
            if !is_known && !twiml_document::is_noise(name) {
                self.warn(UNKNOWN, format!("<{}> has the unknown attribute {name:?}", element.name));
            }
        }
    }

    pub(super) fn no_text(&mut self, element: &xml::Element) {
        if !element.text().chars().all(is_blank) {
            self.warn(UNKNOWN, format!("<{}> has text where none is taken", element.name));
        }
    }

    pub(super) fn nothing_inside(&mut self, element: &xml::Element) {
        for child in element.elements() {
            self.misplaced(element, child);
        }
    }

    /// Passes over an element that may not stand in another one.
    pub(super) fn misplaced(&mut self, element: &xml::Element, child: &xml::Element) {
        let exists = NESTING.iter().any(|(_, tags)| tags.contains(&child.name.as_str()));
        let code = match element.name.as_str() {
            "Gather" if exists => 13320,
            "Dial" if exists => 13215,
            _ => UNKNOWN,
        };
        let why = if exists { "may not stand in" } else { "is not known in" };
        self.warn(code, format!("<{}> {why} <{}>", child.name, element.name));
    }

    /// Notes what is wrong. A code that stops a document stops it, any other passes a part over.
    pub(super) fn warn(&mut self, code: u32, detail: String) {
        // Codes above these belong to products whose sessions end by them, not documents.
        let stops = (12_000..15_000).contains(&code)
            && error::lookup(code).is_some_and(|info| info.level == Level::Error);
        let found = Warning { code, detail };
        if stops {
            self.refusal.get_or_insert(found);
        } else {
            self.warnings.push(found);
        }
    }
}
