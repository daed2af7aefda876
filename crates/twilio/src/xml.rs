//! XML as a small tree, read within limits. TwiML documents are short, so a tree is simpler than events and
//! costs little.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// How deep elements may stand in one another. TwiML needs five; dropping a tree takes stack by its depth.
const DEPTH_MAX: usize = 64;

/// One element, its attributes in order and what it contains.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

/// What stands in an element; comments and processing instructions are left out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    /// Text with its references resolved; neighbours are joined.
    Text(String),
}

/// Why a document is not well-formed, or not taken.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// A syntax error.
    #[error("the document is not well-formed XML")]
    Syntax(#[from] quick_xml::Error),
    /// An attribute is written wrongly, or twice.
    #[error("an attribute is not well-formed")]
    Attribute(#[from] quick_xml::events::attributes::AttrError),
    /// A reference to an entity other than the five that XML has. Those that a document declares are never
    /// expanded, so that none can explode.
    #[error("the entity &{0}; is not known")]
    UnknownEntity(String),
    /// A reference to a character that XML does not allow.
    #[error("the reference &{0}; is no character of XML")]
    NoCharacter(String),
    /// Text or an element outside the root element, or no root element at all.
    #[error("the document does not have exactly one root element")]
    NotOneRoot,
    /// A name has a character that names cannot have there.
    #[error("{0:?} is no name of XML")]
    Name(String),
    /// A character stands in the document that XML does not allow at all.
    #[error("the character U+{:04X} is not allowed in XML", u32::from(*.0))]
    Character(char),
    /// The document ends inside an element.
    #[error("the document ends inside <{0}>")]
    Unclosed(String),
    /// The XML declaration is not the first thing in the document.
    #[error("something stands before the XML declaration")]
    BeforeDeclaration,
    /// Elements stand too deep in one another.
    #[error("elements stand more than {DEPTH_MAX} deep")]
    TooDeep,
}

impl Element {
    /// Reads a whole document.
    pub(crate) fn parse(document: &str) -> Result<Element, XmlError> {
        if let Some(char) = document.chars().find(|char| !is_allowed(*char)) {
            return Err(XmlError::Character(char));
        }
        let mut reader = Reader::from_str(document);
        reader.config_mut().enable_all_checks(true);
        let mut tree = Tree::default();
        loop {
            let start = reader.buffer_position();
            match reader.read_event()? {
                Event::Start(tag) => tree.open(element(&tag)?)?,
                Event::Empty(tag) => {
                    tree.open(element(&tag)?)?;
                    tree.close()?;
                }
                Event::End(_) => tree.close()?,
                Event::Text(text) => tree.text(&text.xml10_content())?,
                Event::CData(text) => tree.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => tree.text(resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
                Event::Decl(_) if start > 0 => return Err(XmlError::BeforeDeclaration),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => return tree.finish(),
            }
        }
    }

    /// All text directly in this element, put together.
    pub(crate) fn text(&self) -> String {
        self.children
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The elements directly in this one.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
}

/// The tree while it is read: the elements that are open, outermost first, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), XmlError> {
        if self.root.is_some() {
            return Err(XmlError::NotOneRoot);
        }
        if self.open.len() == DEPTH_MAX {
            return Err(XmlError::TooDeep);
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or(XmlError::NotOneRoot)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(parent) => {
                if let Some(Node::Text(before)) = parent.children.last_mut() {
                    before.push_str(text);
                } else {
                    parent.children.push(Node::Text(text.to_owned()));
                }
                Ok(())
            }
            None if text.chars().all(is_blank) => Ok(()),
            None => Err(XmlError::NotOneRoot),
        }
    }

    fn finish(self) -> Result<Element, XmlError> {
        match self.open.last() {
            Some(element) => Err(XmlError::Unclosed(element.name.clone())),
            None => self.root.ok_or(XmlError::NotOneRoot),
        }
    }
}

fn element(tag: &BytesStart<'_>) -> Result<Element, XmlError> {
    let name = checked_name(tag.name().0)?;
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
        attributes.push((checked_name(attribute.key.0)?, value.into_owned()));
    }
    Ok(Element { name, attributes, children: Vec::new() })
}

/// The reader takes nearly anything for a name.
fn checked_name(name: &str) -> Result<String, XmlError> {
    let begins = |char: char| char.is_alphabetic() || char == '_' || char == ':';
    let goes_on = |char: char| begins(char) || char.is_alphanumeric() || matches!(char, '-' | '.' | '\u{b7}');
    if name.starts_with(begins) && name.chars().all(goes_on) {
        Ok(name.to_owned())
    } else {
        Err(XmlError::Name(name.to_owned()))
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, XmlError> {
    if let Some(char) = reference.resolve_char_ref()? {
        return if is_allowed(char) { Ok(char) } else { Err(XmlError::NoCharacter(reference.to_string())) };
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name => Err(XmlError::UnknownEntity(name.to_owned())),
    }
}

/// Whether XML 1.0 allows the character at all, in a document or by reference.
pub(crate) fn is_allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The text with what XML does not allow replaced by `U+FFFD`.
pub(crate) fn allowed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|char| if is_allowed(char) { char } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// What XML calls white space.
pub(crate) fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\r' | '\n')
}
