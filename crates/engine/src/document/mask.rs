//! Template tags in plain YAML scalars.
//!
//! To YAML an unquoted `{{name}}` is a map inside a map, and a tag with `: ` or ` #` in it ends its
//! scalar. People write `to: {{phone}}` all the same. So before the parser sees a file, the ASCII
//! characters of every tag that stands in a plain scalar are replaced, one by one, by characters of
//! a private-use area; the scalars that come out are translated back. Lengths in characters stay the
//! same, and with them all positions. Quoted and block scalars are left alone: there YAML does not
//! look at braces, and quoting has escapes of its own.

/// Where each window of 256 private-use characters begins. The first one that the file does not
/// use is taken.
const WINDOWS: std::ops::Range<u32> = 0xe0..0xf8;

/// Longest tag that is looked for, so that a file full of opening braces costs no quadratic time.
const TAG_CHARACTERS_MAX: usize = 2_000;

/// A file whose tags are hidden from YAML.
pub(super) struct Masked {
    pub(super) text: String,
    window: u32,
}

impl Masked {
    /// Nothing where there is no tag to hide, or (far-fetched) no private-use character is free.
    pub(super) fn of(source: &str) -> Option<Masked> {
        if !source.contains("{{") {
            return None;
        }
        let used = |window: u32| source.chars().any(|c| c as u32 >> 8 == window);
        let window = WINDOWS.clone().find(|window| !used(*window))?;
        let mut masker = Masker { chars: source.chars().collect(), at: 0, block_column: -1, window };
        masker.file();
        Some(Masked { text: masker.chars.into_iter().collect(), window })
    }

    /// The text as it stands in the file.
    pub(super) fn unmask(&self, text: &str) -> String {
        let plain = |c: char| match c as u32 {
            code if code >> 8 == self.window => char::from((code & 0xff) as u8),
            _ => c,
        };
        text.chars().map(plain).collect()
    }
}

/// Just enough of YAML's lexical rules to tell plain scalars from all else.
struct Masker {
    chars: Vec<char>,
    at: usize,
    /// Column of the key or dash that the value at hand belongs to; -1 for the whole document.
    block_column: isize,
    window: u32,
}

impl Masker {
    fn file(&mut self) {
        while self.at < self.chars.len() {
            self.line();
            self.skip_line();
            self.at += 1;
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn is_blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), None | Some(' ' | '\t' | '\n' | '\r'))
    }

    fn skip_line(&mut self) {
        while self.at < self.chars.len() && self.chars[self.at] != '\n' {
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// One line outside of any scalar, and whatever of its last value stands on the lines below.
    fn line(&mut self) {
        let line_start = self.at;
        self.block_column = -1;
        if self.peek(0) == Some('%') {
            return;
        }
        self.skip_blanks();
        loop {
            let column = (self.at - line_start) as isize;
            match self.peek(0) {
                None | Some('\n' | '\r' | '#') => return,
                Some('-') if column == 0 && self.is_document_mark() => self.at += 3,
                Some('-' | '?' | ':') if self.is_blank_or_end(1) => {
                    self.block_column = column;
                    self.at += 1;
                }
                Some('&' | '!') => {
                    while !self.is_blank_or_end(0) {
                        self.at += 1;
                    }
                }
                Some('|' | '>') => return self.block_scalar(),
                Some('"' | '\'') => {
                    self.quoted();
                    self.key_mark(column);
                }
                Some(open @ ('[' | '{')) if !(open == '{' && self.peek(1) == Some('{')) => {
                    self.flow();
                    self.key_mark(column);
                }
                Some(_) => {
                    if !self.plain(column) {
                        return;
                    }
                }
            }
            self.skip_blanks();
        }
    }

    fn is_document_mark(&self) -> bool {
        (0..3).all(|n| self.peek(n) == Some('-')) && self.is_blank_or_end(3)
    }

    /// A `:` after something quoted or bracketed makes a key of it.
    fn key_mark(&mut self, column: isize) {
        self.skip_blanks();
        if self.peek(0) == Some(':') && self.is_blank_or_end(1) {
            self.block_column = column;
            self.at += 1;
        }
    }

    /// A plain scalar in block context; whether it was a key, with a value to come on this line.
    fn plain(&mut self, column: isize) -> bool {
        loop {
            match self.peek(0) {
                None => return false,
                Some('\n' | '\r') => {
                    if !self.continues() {
                        return false;
                    }
                }
                Some(':') if self.is_blank_or_end(1) => {
                    self.block_column = column;
                    self.at += 1;
                    return true;
                }
                Some(' ' | '\t') if self.peek(1) == Some('#') => return false,
                Some('{') if self.peek(1) == Some('{') => self.tag(),
                Some(_) => self.at += 1,
            }
        }
    }

    /// At the end of a line of a plain scalar: whether the next line that is not empty goes on
    /// with it. If so, the place is moved there.
    fn continues(&mut self) -> bool {
        let mut next = self.at;
        let mut indent = 0;
        while let Some(c) = self.chars.get(next) {
            match c {
                '\n' | '\r' => indent = 0,
                ' ' | '\t' => indent += 1,
                '#' => return false,
                _ => break,
            }
            next += 1;
        }
        let goes_on = next < self.chars.len() && indent > self.block_column && indent > 0;
        if goes_on && !self.is_key_line(next) {
            self.at = next;
            return true;
        }
        false
    }

    /// Whether a line has a `: ` outside of tags: then it is no text but the next key.
    fn is_key_line(&self, mut at: usize) -> bool {
        while let Some(c) = self.chars.get(at) {
            match c {
                '\n' | '\r' => return false,
                ':' if matches!(self.chars.get(at + 1), None | Some(' ' | '\n' | '\r')) => return true,
                '{' if self.chars.get(at + 1) == Some(&'{') => {
                    at = self.tag_end(at).unwrap_or(at + 2);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// `|` or `>`: everything that is indented deeper than what it belongs to.
    fn block_scalar(&mut self) {
        self.skip_line();
        loop {
            let mut next = self.at + 1;
            let mut indent = 0;
            while matches!(self.chars.get(next), Some(' ')) {
                next += 1;
                indent += 1;
            }
            let is_empty = matches!(self.chars.get(next), Some('\n' | '\r' | '\t'));
            if next >= self.chars.len() || !(is_empty || indent > self.block_column) {
                return;
            }
            self.at = next;
            self.skip_line();
        }
    }

    /// From an opening quote to behind the closing one.
    fn quoted(&mut self) {
        let quote = self.peek(0);
        self.at += 1;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '\\' if quote == Some('"') => self.at += 1,
                _ if Some(c) != quote => {}
                '\'' if self.peek(0) == Some('\'') => self.at += 1,
                _ => return,
            }
        }
    }

    /// From an opening bracket or brace to behind the one that closes it.
    fn flow(&mut self) {
        let mut depth = 0;
        let mut token_start = true;
        while let Some(c) = self.peek(0) {
            match c {
                '{' if self.peek(1) == Some('{') => {
                    self.tag();
                    token_start = false;
                    continue;
                }
                '[' | '{' => depth += 1,
                ']' | '}' => depth -= 1,
                '"' | '\'' if token_start => {
                    self.quoted();
                    token_start = false;
                    continue;
                }
                '#' if self.at == 0 || matches!(self.chars[self.at - 1], ' ' | '\t' | '\n') => {
                    self.skip_line();
                    continue;
                }
                _ => {}
            }
            if !c.is_whitespace() {
                token_start = matches!(c, '[' | '{' | ',' | ':' | ']' | '}');
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Hides one tag. Where it does not end on its line, only its braces are hidden.
    fn tag(&mut self) {
        let end = match (self.peek(2), self.peek(3)) {
            (Some('{'), Some('{')) => self.at + 4,
            _ => self.tag_end(self.at).unwrap_or(self.at + 2),
        };
        for c in &mut self.chars[self.at..end] {
            if matches!(c, ' '..='~')
                && let Some(masked) = char::from_u32((self.window << 8) | *c as u32)
            {
                *c = masked;
            }
        }
        self.at = end;
    }

    /// Behind the `}}` of a tag on the same line. Quotes hide braces, unless they never close.
    fn tag_end(&self, start: usize) -> Option<usize> {
        let reach = (start + 2 + TAG_CHARACTERS_MAX).min(self.chars.len());
        let line = self.chars[start + 2..reach].iter().position(|c| matches!(c, '\n' | '\r'));
        let line_end = line.map_or(reach, |length| start + 2 + length);
        let closing = |respect_quotes: bool| {
            let mut quote = None;
            let mut at = start + 2;
            while at + 1 < line_end {
                match (self.chars[at], quote) {
                    ('\\', Some(_)) => at += 1,
                    (c, Some(open)) if c == open => quote = None,
                    (_, Some(_)) => {}
                    (c @ ('"' | '\''), None) if respect_quotes => quote = Some(c),
                    ('}', None) if self.chars[at + 1] == '}' => return Some(at + 2),
                    _ => {}
                }
                at += 1;
            }
            None
        };
        closing(true).or_else(|| closing(false))
    }
}
