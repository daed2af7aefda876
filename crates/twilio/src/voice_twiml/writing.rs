//! Writing voice TwiML.

use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};
use quick_xml::writer::Writer;

use super::Document;
use super::part::OneOf;
use crate::xml::allowed;

pub(super) fn document(document: &Document) -> String {
    let mut out = Writing { writer: Writer::new(Vec::with_capacity(256)), open: None };
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    out.element("Response", &[], |out| document.verbs.iter().for_each(|verb| verb.write(out)));
    String::from_utf8(out.writer.into_inner()).expect("only text was written")
}

/// A document while it is written.
pub(super) struct Writing {
    writer: Writer<Vec<u8>>,
    /// The tag of an element in which nothing stands so far: it may turn out to be empty.
    open: Option<BytesStart<'static>>,
}

impl Writing {
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        attributes: &[(&str, Option<String>)],
        content: impl FnOnce(&mut Writing),
    ) {
        self.begin();
        let mut start = BytesStart::new(tag);
        for (name, value) in attributes {
            if let Some(value) = value {
                start.push_attribute((*name, allowed(value).as_ref()));
            }
        }
        self.open = Some(start);
        content(self);
        match self.open.take() {
            Some(start) => self.event(Event::Empty(start)),
            None => self.event(Event::End(BytesStart::new(tag).to_end())),
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.begin();
            self.event(Event::Text(BytesText::new(&allowed(text))));
        }
    }

    /// Something stands in the element that is open.
    fn begin(&mut self) {
        if let Some(start) = self.open.take() {
            self.event(Event::Start(start));
        }
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("writing to memory cannot fail");
    }
}
