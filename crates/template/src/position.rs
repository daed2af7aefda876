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
