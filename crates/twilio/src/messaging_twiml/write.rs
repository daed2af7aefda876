//! Writing messaging TwiML.

use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};
use quick_xml::writer::Writer;

use super::{MessagingResponse, Verb};
use crate::words::HttpMethod;
use crate::xml::allowed;

pub(super) fn document(response: &MessagingResponse) -> String {
    let mut out = Document(Writer::new(Vec::with_capacity(128)));
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    if response.verbs.is_empty() {
        out.event(Event::Empty(BytesStart::new("Response")));
    } else {
        let tag = BytesStart::new("Response");
        out.element(tag, |out| response.verbs.iter().for_each(|verb| out.verb(verb)));
    }
    String::from_utf8(out.0.into_inner()).expect("only text was written")
}

struct Document(Writer<Vec<u8>>);

impl Document {
    fn verb(&mut self, verb: &Verb) {
        match verb {
            Verb::Message { to, from, action, method, body, media } => {
                let mut tag = BytesStart::new("Message");
                attribute(&mut tag, "to", to.as_deref());
                attribute(&mut tag, "from", from.as_deref());
                attribute(&mut tag, "action", action.as_deref());
                attribute(&mut tag, "method", method.as_ref().map(HttpMethod::as_str));
                self.element(tag, |out| {
                    // In an element of its own a text keeps the blanks around it.
                    if let Some(body) = body {
                        out.element(BytesStart::new("Body"), |out| out.text(body));
                    }
                    for url in media {
                        out.element(BytesStart::new("Media"), |out| out.text(url));
                    }
                });
            }
            Verb::Redirect { url, method } => {
                let mut tag = BytesStart::new("Redirect");
                attribute(&mut tag, "method", method.as_ref().map(HttpMethod::as_str));
                self.element(tag, |out| out.text(url));
            }
        }
    }

    fn element(&mut self, tag: BytesStart<'_>, content: impl FnOnce(&mut Document)) {
        let end = tag.to_end().into_owned();
        self.event(Event::Start(tag));
        content(self);
        self.event(Event::End(end));
    }

    fn text(&mut self, text: &str) {
        self.event(Event::Text(BytesText::new(&allowed(text))));
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to memory cannot fail");
    }
}

fn attribute(tag: &mut BytesStart<'_>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        tag.push_attribute((name, allowed(value).as_ref()));
    }
}
