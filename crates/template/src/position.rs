//! Places in the source of a template.

/// A place in a template's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Bytes before the place.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl Position {
    /// The place `offset` bytes into `source`; an offset past its end counts as its end.
    pub(crate) fn of(source: &str, offset: usize) -> Position {
        let offset = source.floor_char_boundary(offset);
        let before = &source[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            offset,
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Gives the positions of places that come in the order of the source, reading it only once.
#[derive(Debug)]
pub(crate) struct Positions<'s> {
    source: &'s str,
    last: Position,
}

impl<'s> Positions<'s> {
    pub(crate) fn new(source: &'s str) -> Positions<'s> {
        Positions { source, last: Position { offset: 0, line: 1, column: 1 } }
    }

    pub(crate) fn of(&mut self, span: Span) -> Position {
        let offset = span.start as usize;
        let Some(between) = self.source.get(self.last.offset..offset) else {
            // Not in order: this one costs a reading from the start.
            return Position::of(self.source, offset);
        };
        let newlines = between.bytes().filter(|byte| *byte == b'\n').count();
        let column = match between.rfind('\n') {
            Some(newline) => between[newline + 1..].chars().count() + 1,
            None => self.last.column + between.chars().count(),
        };
        self.last = Position { offset, line: self.last.line + newlines, column };
        self.last
    }
}

/// A piece of the source, in bytes. Sources are limited well below 4 GiB, so 32 bits are enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).expect("sources are limited to SOURCE_BYTES_MAX");
        Span { start: narrow(start), end: narrow(end) }
    }

    pub(crate) fn of(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }

    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(crate) fn position(self, source: &str) -> Position {
        Position::of(source, self.start as usize)
    }
}
