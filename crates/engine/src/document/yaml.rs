//! YAML into the tree. The grammar is the parser's; what we add is judgement.

use super::complaint::explain;
use super::mask::Masked;
use super::source::{Source, Span};
use super::{Budget, Cut, Entry, Node, Scalar, Style, Value, duplicate_key};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::PROBLEMS_MAX;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};
use std::collections::HashMap;

pub(super) fn read(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let masked = Masked::of(source.text());
    let text = masked.as_ref().map_or(source.text(), |masked| masked.text.as_str());
    let mut builder = Builder {
        source,
        masked: masked.as_ref(),
        offsets: offsets(source.text()),
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        budget: Budget::default(),
        problems: Vec::new(),
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => return Err(builder.fail_at(&error)),
        };
        let span = builder.span(span);
        if let Err(problem) = builder.event(event, span) {
            builder.problems.push(*problem);
            return Err(builder.problems);
        }
    }
    match builder.root {
        Some(root) if builder.problems.is_empty() => Ok(root),
        Some(_) => Err(builder.problems),
        None => Err(vec![Diagnostic::new(Code::Empty, super::START, "the file has nothing but comments")]),
    }
}

/// Bytes before each character; nothing where they are the same.
fn offsets(text: &str) -> Option<Vec<usize>> {
    (!text.is_ascii())
        .then(|| text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len())).collect())
}

type Problem = Box<Diagnostic>;

struct Builder<'a> {
    source: &'a Source,
    masked: Option<&'a Masked>,
    offsets: Option<Vec<usize>>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    budget: Budget,
    problems: Vec<Diagnostic>,
}

/// A list or map that is being read.
struct Open {
    anchor: usize,
    span: Span,
    contents: Contents,
    /// What the budget had used up when it began.
    nodes_before: usize,
    text_before: usize,
}

enum Contents {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(String, Span)>, seen: HashMap<String, Span> },
}

struct Anchored {
    node: Node,
    nodes: usize,
    text_bytes: usize,
}

impl Builder<'_> {
    fn offset(&self, marker: Marker) -> usize {
        match &self.offsets {
            None => marker.index().min(self.source.text().len()),
            Some(offsets) => offsets.get(marker.index()).copied().unwrap_or(self.source.text().len()),
        }
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let start = self.offset(span.start);
        Span { start, end: self.offset(span.end).max(start) }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(self.several_documents(span)),
            Event::Scalar(text, style, anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                self.scalar(&text, style, anchor, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                self.begin(anchor, span, Contents::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                let contents = Contents::Map { entries: Vec::new(), key: None, seen: HashMap::new() };
                self.begin(anchor, span, contents)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn several_documents(&self, span: Span) -> Problem {
        self.problem(Code::SeveralDocuments, span, "a second document begins here; a file holds one")
    }

    fn problem(&self, code: Code, span: Span, message: impl Into<String>) -> Problem {
        Box::new(Diagnostic::new(code, self.source.place(span), message))
    }

    fn no_tag(&self, is_tagged: bool, span: Span) -> Result<(), Problem> {
        if is_tagged {
            let problem =
                self.problem(Code::Tag, span, "the value has a YAML tag (`!…`), which files here do not use");
            return Err(Box::new(problem.hint("remove the tag, or quote the text if it begins with `!`")));
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        mut span: Span,
    ) -> Result<(), Problem> {
        let text = self.masked.map_or_else(|| text.to_owned(), |masked| masked.unmask(text));
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        if text.is_empty() && style == Style::Plain {
            span.end = span.start;
        }
        if matches!(style, Style::Literal | Style::Folded) {
            span.start = self.block_header(span.start);
        } else {
            span.end = span.start + self.source.text()[span.start..span.end].trim_end().len();
        }
        self.budget.take(1, text.len()).map_err(|message| self.problem(Code::LimitReached, span, message))?;
        let cut = (style == Style::Plain).then(|| self.cut(&text, span)).flatten();
        let size = (1, text.len());
        self.add(Node { value: Value::Scalar(Scalar { text, style, cut }), span }, anchor, size)
    }

    /// Where the `|` or `>` stands that began the block scalar whose first line is at `content`.
    fn block_header(&self, content: usize) -> usize {
        let before = &self.source.text()[..content];
        let before = &before[..before.rfind('\n').unwrap_or(0)];
        let line_start = before.trim_end().rfind('\n').map_or(0, |newline| newline + 1);
        let line = &before[line_start..];
        let is_header = |(at, sign): &(usize, char)| {
            if !matches!(sign, '|' | '>') || !(*at == 0 || line[..*at].ends_with([' ', '\t'])) {
                return false;
            }
            let after =
                line[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
            let rest = after.trim_start();
            rest.is_empty() || (rest.starts_with('#') && rest.len() < after.len())
        };
        line.char_indices().find(is_header).map_or(content, |(at, _)| line_start + at)
    }

    /// The comment that follows a plain scalar on its last line.
    fn cut(&self, text: &str, span: Span) -> Option<Cut> {
        let rest = self.source.rest_of_line(span.end);
        let comment = rest.trim_start_matches([' ', '\t']);
        if text.is_empty() || !comment.starts_with('#') || comment.len() == rest.len() {
            return None;
        }
        let start = span.end + rest.len() - comment.len();
        let whole = format!("{text}{}", rest.trim_end());
        Some(Cut { comment: Span { start, end: start + comment.trim_end().len() }, whole })
    }

    fn begin(&mut self, anchor: usize, span: Span, contents: Contents) -> Result<(), Problem> {
        let (nodes_before, text_before) = (self.budget.nodes, self.budget.text_bytes);
        Budget::depth(self.open.len() + 1)
            .and_then(|()| self.budget.take(1, 0))
            .map_err(|message| self.problem(Code::LimitReached, span, message))?;
        self.open.push(Open { anchor, span, contents, nodes_before, text_before });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = span.end.max(open.span.start);
        let value = match open.contents {
            Contents::List(items) => Value::List(items),
            Contents::Map { entries, .. } => Value::Map(entries),
        };
        let size = (self.budget.nodes - open.nodes_before, self.budget.text_bytes - open.text_before);
        self.add(Node { value, span: Span { start: open.span.start, end } }, open.anchor, size)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "the alias stands inside of what it repeats";
            return Err(self.problem(Code::Syntax, span, message));
        };
        let (node, nodes, text_bytes) = (anchored.node.clone(), anchored.nodes, anchored.text_bytes);
        self.budget
            .take(nodes, text_bytes)
            .map_err(|message| self.problem(Code::LimitReached, span, message))?;
        self.add(node, 0, (nodes, text_bytes))
    }

    /// Puts a finished value where it belongs.
    fn add(&mut self, node: Node, anchor: usize, size: (usize, usize)) -> Result<(), Problem> {
        if anchor > 0 {
            let anchored = Anchored { node: node.clone(), nodes: size.0, text_bytes: size.1 };
            self.anchors.insert(anchor, anchored);
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { contents: Contents::List(items), .. }) => items.push(node),
            Some(Open { contents: Contents::Map { entries, key, seen }, .. }) => match key.take() {
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
                None => {
                    let span = node.span;
                    match key_of(node) {
                        Ok(text) => {
                            if let Some(first) = seen.insert(text.clone(), span)
                                && self.problems.len() < PROBLEMS_MAX
                            {
                                self.problems.push(duplicate_key(self.source, &text, first, span));
                            }
                            *key = Some((text, span));
                        }
                        Err((code, message)) => return Err(self.problem(code, span, message)),
                    }
                }
            },
        }
        Ok(())
    }

    /// The parser's complaint in our words.
    fn fail_at(mut self, error: &ScanError) -> Vec<Diagnostic> {
        let mut start = self.offset(*error.marker());
        if self.source.text()[start..].trim().is_empty() {
            // At the end of the file, the last line is what lacks something.
            let text = self.source.text().trim_end();
            start = text.rfind('\n').map_or(0, |newline| newline + 1);
        }
        let span = Span { start, end: start + 1 };
        let line = self.source.place(span).line;
        let tab = [line, line.saturating_sub(1)].into_iter().find_map(|number| self.indenting_tab(number));
        if let Some(tab) = tab {
            let problem =
                self.problem(Code::Tab, tab, "a tab indents this line, where YAML takes blanks only");
            self.problems.push(problem.hint("replace the tab by blanks"));
            return self.problems;
        }
        if error.info().contains("recursion limit") {
            let message = Budget::depth(usize::MAX).err().unwrap_or_default();
            let problem = self.problem(Code::LimitReached, span, message);
            self.problems.push(*problem);
            return self.problems;
        }
        if error.info().contains("comment intercepting") {
            let problem = self.cut_inside(start);
            self.problems.push(*problem);
            return self.problems;
        }
        let (message, hint) = explain(error.info());
        let problem = self.problem(Code::Syntax, span, message);
        self.problems.push(problem.maybe_hint(hint.map(str::to_owned)));
        self.problems
    }

    /// A ` #` in a text that goes on on the next line; `at` is near it.
    fn cut_inside(&self, at: usize) -> Problem {
        let text = self.source.text();
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.source.rest_of_line(line_start);
        let near = line.floor_char_boundary((at - line_start + 2).min(line.len()));
        let sign = line[..near].rfind(" #").map_or(at, |blank| line_start + blank + 1);
        let comment = Span { start: sign, end: line_start + line.trim_end().len() };
        let key = line.split_once(": ").map_or("the key", |(key, _)| key.trim().trim_start_matches("- "));
        let message = "` #` begins a comment, so the text ends before it";
        let problem = self.problem(Code::CutByComment, comment, message);
        Box::new(
            problem
                .hint(format!("write the text on the lines below `{key}: |`, or put all of it into quotes")),
        )
    }

    /// A tab among the blanks that a line begins with.
    fn indenting_tab(&self, line: usize) -> Option<Span> {
        let start: usize =
            self.source.text().split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let text = self.source.rest_of_line(start);
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let tab = text[..indent].find('\t')?;
        Some(Span { start: start + tab, end: start + tab + 1 })
    }
}

fn key_of(node: Node) -> Result<String, (Code, &'static str)> {
    match node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "<<" => {
            Err((Code::MergeKey, "`<<` merges nothing in YAML 1.2"))
        }
        Value::Scalar(scalar) if scalar.text.is_empty() => {
            Err((Code::Syntax, "a key is lacking before the `:`"))
        }
        Value::Scalar(scalar) => Ok(scalar.text),
        Value::List(_) | Value::Map(_) => Err((Code::Syntax, "a key must be a text, not a list or a map")),
    }
}
