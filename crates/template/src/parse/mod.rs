//! From text to [`Node`]s: blocks and tags here, expressions in [`expression`], names and literals in [`lexeme`].

mod expression;
mod lexeme;

use crate::error::ParseError;
use crate::position::{Position, Span};
use crate::syntax::{Branch, Expr, ExprKind, Node};

/// Longest source of a template, in bytes.
pub const SOURCE_BYTES_MAX: usize = 1024 * 1024;
/// How deep blocks may stand inside each other, and brackets and calls inside an expression.
pub const DEPTH_MAX: usize = 32;

/// Parses a whole template.
pub(crate) fn template(source: &str) -> Result<Vec<Node>, ParseError> {
    let mut parser = Parser::new(source, Enclosure::Tag)?;
    if source.starts_with('`') {
        return Err(parser.error(
            Span::new(0, 1),
            "a text that begins with a back-tick is JavaScript, not a template",
            Some("remove the back-tick, or write variables as `{{name}}`"),
        ));
    }
    let (nodes, stopped) = parser.body()?;
    match stopped {
        None => Ok(nodes),
        Some((Tag::Close(block), span)) => {
            let message = format!("`{{{{/{}}}}}` closes a block that was never opened", block.name());
            Err(parser.error(span, message, None))
        }
        Some((_, span)) => Err(parser.error(
            span,
            "`{{else}}` stands outside of a block",
            Some("it belongs between `{{#if …}}` and `{{/if}}`"),
        )),
    }
}

/// Parses one expression, bare or as the only tag of a text: `score > 5` or `{{score > 5}}`.
pub(crate) fn expression(source: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser::new(source, Enclosure::Bare)?;
    parser.skip_blanks();
    if parser.rest().starts_with("{{") {
        parser.enclosure = Enclosure::Tag;
        let opened = Span::new(parser.at, parser.at + 2);
        parser.at += 2;
        parser.opened = opened;
        let expr = parser.whole()?;
        parser.skip_blanks();
        if !parser.rest().is_empty() {
            let rest = Span::new(parser.at, source.trim_end().len());
            return Err(parser.error(
                rest,
                "there is text after the expression",
                Some("an expression stands alone; write the whole condition inside one pair of braces"),
            ));
        }
        return Ok(expr);
    }
    parser.whole()
}

/// What an expression stands in, and so what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Enclosure {
    /// `}}`
    Tag,
    /// The end of the source.
    Bare,
}

/// Reads a source from left to right.
struct Parser<'s> {
    source: &'s str,
    /// Byte offset of what is read next; always on a character's boundary.
    at: usize,
    enclosure: Enclosure,
    /// The braces of the tag that is being read.
    opened: Span,
    expression_depth: usize,
    block_depth: usize,
    /// How many `#each` bodies are open.
    loops: usize,
}

/// What a tag says.
enum Tag {
    Print(Expr),
    Open(Block, Expr),
    ElseIf(Expr),
    Else,
    Close(Block),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    Unless,
    Each,
}

impl Block {
    const ALL: [Block; 3] = [Block::If, Block::Unless, Block::Each];

    fn name(self) -> &'static str {
        match self {
            Block::If => "if",
            Block::Unless => "unless",
            Block::Each => "each",
        }
    }
}

/// The tag that ended a body, or `None` at the end of the source.
type Stopped = Option<(Tag, Span)>;

impl<'s> Parser<'s> {
    fn new(source: &'s str, enclosure: Enclosure) -> Result<Parser<'s>, ParseError> {
        if source.len() > SOURCE_BYTES_MAX {
            return Err(ParseError {
                message: format!("the template is longer than {SOURCE_BYTES_MAX} bytes"),
                hint: None,
                at: Position { offset: 0, line: 1, column: 1 },
                length: source.len(),
            });
        }
        let opened = Span::new(0, 0);
        Ok(Parser { source, at: 0, enclosure, opened, expression_depth: 0, block_depth: 0, loops: 0 })
    }

    /// Reads nodes up to a tag that belongs to the enclosing block.
    fn body(&mut self) -> Result<(Vec<Node>, Stopped), ParseError> {
        let mut nodes = Vec::new();
        loop {
            let Some(found) = self.rest().find("{{") else {
                self.text_up_to(self.source.len(), &mut nodes);
                return Ok((nodes, None));
            };
            let start = self.at + found;
            if self.source[start..].starts_with("{{{{") {
                self.text_up_to(start + 2, &mut nodes);
                self.at = start + 4;
                continue;
            }
            self.text_up_to(start, &mut nodes);
            let (tag, span) = self.tag()?;
            match tag {
                Tag::Print(expr) => nodes.push(Node::Print(expr)),
                Tag::Open(block, expr) => nodes.push(self.block(block, expr, span)?),
                tag => return Ok((nodes, Some((tag, span)))),
            }
        }
    }

    fn text_up_to(&mut self, end: usize, nodes: &mut Vec<Node>) {
        if end > self.at {
            nodes.push(Node::Text(Span::new(self.at, end)));
        }
        self.at = end;
    }

    /// Reads one tag, which begins here.
    fn tag(&mut self) -> Result<(Tag, Span), ParseError> {
        let start = self.at;
        self.at += 2;
        self.opened = Span::new(start, self.at);
        self.skip_blanks();
        let tag = if self.eat("#") {
            let block = self.block_name("#")?;
            self.skip_blanks();
            if self.rest().starts_with("}}") {
                let message = format!("`#{}` lacks what it is about", block.name());
                return Err(self.error(Span::new(start, self.at + 2), message, Some(block.sample())));
            }
            Tag::Open(block, self.whole()?)
        } else if self.eat("/") {
            let block = self.block_name("/")?;
            self.close()?;
            Tag::Close(block)
        } else if let Some(tag) = self.else_tag()? {
            tag
        } else {
            Tag::Print(self.whole()?)
        };
        Ok((tag, Span::new(start, self.at)))
    }

    fn else_tag(&mut self) -> Result<Option<Tag>, ParseError> {
        let start = self.at;
        match self.words() {
            Some((name, _)) if name == "else" => {
                self.skip_blanks();
                if self.rest().starts_with("}}") || self.rest().is_empty() {
                    self.close()?;
                    return Ok(Some(Tag::Else));
                }
                // Something else follows; reading it as an expression tells what is wrong with it.
                self.at = start;
                Ok(None)
            }
            Some((name, _)) if name == "else if" || name.starts_with("else if ") => {
                self.at = start;
                self.word();
                self.skip_blanks();
                self.word();
                self.skip_blanks();
                if self.rest().starts_with("}}") {
                    let tag = Span::new(self.opened.start as usize, self.at + 2);
                    return Err(self.error(
                        tag,
                        "`else if` lacks its condition",
                        Some("write `{{else if name}}`"),
                    ));
                }
                Ok(Some(Tag::ElseIf(self.whole()?)))
            }
            Some((name, span)) if name.starts_with("elseif ") || name.starts_with("elsif ") => {
                let word = name.split(' ').next().unwrap_or_default();
                let message = format!("`{word}` is written as two words");
                Err(self.error(span, message, Some("write `{{else if …}}`")))
            }
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn block_name(&mut self, sign: &str) -> Result<Block, ParseError> {
        self.skip_blanks();
        let start = self.at;
        let word = self.word().unwrap_or_default();
        if let Some(block) = Block::ALL.into_iter().find(|block| block.name() == word) {
            return Ok(block);
        }
        let span = Span::new(start, self.at);
        let message = if word.is_empty() {
            format!("a block's name is expected after `{sign}`")
        } else {
            format!("there is no block `{sign}{word}`")
        };
        Err(self.error(span, message, Some("the blocks are `#if`, `#unless` and `#each`")))
    }

    /// Reads a block whose opening tag was just read.
    fn block(&mut self, block: Block, expr: Expr, opened: Span) -> Result<Node, ParseError> {
        if self.block_depth == DEPTH_MAX {
            let message = format!("blocks stand more than {DEPTH_MAX} deep inside each other");
            return Err(self.error(opened, message, None));
        }
        self.block_depth += 1;
        let node = match block {
            Block::Each => self.each(expr, opened),
            Block::If => self.branches(block, expr, opened),
            Block::Unless => {
                let span = expr.span;
                self.branches(block, Expr { kind: ExprKind::Not(Box::new(expr)), span }, opened)
            }
        }?;
        self.block_depth -= 1;
        Ok(node)
    }

    fn each(&mut self, list: Expr, opened: Span) -> Result<Node, ParseError> {
        self.loops += 1;
        let (body, stopped) = self.body()?;
        self.loops -= 1;
        match stopped {
            Some((Tag::Close(Block::Each), _)) => Ok(Node::Each { list, body }),
            Some((Tag::Close(other), span)) => Err(self.crossed(other, span, Block::Each, opened)),
            Some((_, span)) => Err(self.error(
                span,
                "`#each` has no `{{else}}`",
                Some("put `{{#if list}}…{{else}}…{{/if}}` around it"),
            )),
            None => Err(self.unclosed(Block::Each, opened)),
        }
    }

    fn branches(&mut self, block: Block, first: Expr, opened: Span) -> Result<Node, ParseError> {
        let mut branches = Vec::new();
        let mut test = first;
        loop {
            let (body, stopped) = self.body()?;
            branches.push(Branch { test, body });
            match stopped {
                Some((Tag::Close(closed), _)) if closed == block => {
                    return Ok(Node::If { branches, otherwise: Vec::new() });
                }
                Some((Tag::ElseIf(next), _)) => test = next,
                Some((Tag::Else, _)) => break,
                Some((Tag::Close(other), span)) => return Err(self.crossed(other, span, block, opened)),
                Some((Tag::Print(_) | Tag::Open(..), _)) => unreachable!("a body goes on past these"),
                None => return Err(self.unclosed(block, opened)),
            }
        }
        let (otherwise, stopped) = self.body()?;
        match stopped {
            Some((Tag::Close(closed), _)) if closed == block => Ok(Node::If { branches, otherwise }),
            Some((Tag::Close(other), span)) => Err(self.crossed(other, span, block, opened)),
            Some((_, span)) => {
                Err(self.error(span, "nothing but the end of the block can follow its `{{else}}`", None))
            }
            None => Err(self.unclosed(block, opened)),
        }
    }

    fn unclosed(&self, block: Block, opened: Span) -> ParseError {
        let name = block.name();
        self.error(opened, format!("`#{name}` is never closed"), Some(&format!("add `{{{{/{name}}}}}`")))
    }

    fn crossed(&self, found: Block, span: Span, open: Block, opened: Span) -> ParseError {
        let line = opened.position(self.source).line;
        self.error(
            span,
            format!("`{{{{/{}}}}}` comes while `#{}` of line {line} is open", found.name(), open.name()),
            Some(&format!("close that first with `{{{{/{}}}}}`", open.name())),
        )
    }

    fn error(&self, span: Span, message: impl Into<String>, hint: Option<&str>) -> ParseError {
        ParseError {
            message: message.into(),
            hint: hint.map(String::from),
            at: span.position(self.source),
            length: span.len(),
        }
    }
}

impl Block {
    fn sample(self) -> &'static str {
        match self {
            Block::If => "write `{{#if name}}`",
            Block::Unless => "write `{{#unless name}}`",
            Block::Each => "write `{{#each list}}`",
        }
    }
}
