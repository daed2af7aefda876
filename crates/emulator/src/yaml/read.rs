//! The events of the parser as a tree.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::YamlError;

/// How many values there may be, repeated ones counted as often as they are repeated, and how deep.
const NODES_MAX: usize = 200_000;
const DEPTH_MAX: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    /// How many values it is made of, itself included.
    size: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Without quotes: a text, or something else.
    Plain(String),
    /// In quotes, or as a block.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A list or map that is being read.
struct Open {
    anchor: usize,
    contents: Contents,
}

enum Contents {
    List(Vec<Node>),
    Map { entries: Vec<(String, Node)>, key: Option<String> },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

pub(super) fn read(text: &str) -> Result<Node, YamlError> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| YamlError::Syntax {
            line: error.marker().line(),
            message: error.info().to_owned(),
        })?;
        let line = span.start.line();
        builder.event(event).map_err(|message| YamlError::Syntax { line, message })?;
    }
    builder.root.ok_or_else(|| YamlError::Syntax { line: 1, message: "there is nothing in it".to_owned() })
}

impl Builder {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err("a second document begins here".to_owned()),
            Event::Scalar(text, style, anchor, tag) => {
                no_tag(tag.is_some())?;
                let text = text.into_owned();
                let value = match style {
                    ScalarStyle::Plain => Value::Plain(text),
                    _ => Value::Text(text),
                };
                self.add(Node { value, size: 1 }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                no_tag(tag.is_some())?;
                self.begin(anchor, Contents::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                no_tag(tag.is_some())?;
                self.begin(anchor, Contents::Map { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                self.add(node.ok_or("the alias stands inside of what it repeats")?, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, contents: Contents) -> Result<(), String> {
        if self.open.len() == DEPTH_MAX {
            return Err(format!("it is nested deeper than {DEPTH_MAX} levels"));
        }
        self.open.push(Open { anchor, contents });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(Open { anchor, contents }) = self.open.pop() else { return Ok(()) };
        let (value, size) = match contents {
            Contents::List(items) => {
                let size = items.iter().map(|item| item.size).sum::<usize>();
                (Value::List(items), size)
            }
            Contents::Map { entries, .. } => {
                let size = entries.iter().map(|(_, value)| value.size).sum::<usize>();
                (Value::Map(entries), size)
            }
        };
        // What is inside was counted already.
        self.nodes -= size;
        self.add(Node { value, size: size + 1 }, anchor)
    }

    /// Puts a finished value where it belongs.
    fn add(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        self.nodes += node.size;
        if self.nodes > NODES_MAX {
            return Err(format!("there is too much in it: {NODES_MAX} values are the most"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.contents {
            Contents::List(items) => items.push(node),
            Contents::Map { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    self.nodes -= node.size;
                    let (Value::Plain(text) | Value::Text(text)) = node.value else {
                        return Err("a key must be a text".to_owned());
                    };
                    if entries.iter().any(|(present, _)| *present == text) {
                        return Err(format!("the key `{text}` stands here twice"));
                    }
                    *key = Some(text);
                }
            },
        }
        Ok(())
    }
}

fn no_tag(is_tagged: bool) -> Result<(), String> {
    if is_tagged { Err("the value has a tag, which nothing here wants".to_owned()) } else { Ok(()) }
}
