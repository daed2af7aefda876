//! What the YAML parser's complaints mean to whoever wrote the file.

/// A piece of the parser's complaint, what is wrong, and what to do. The first that fits is taken.
const EXPLAINED: &[(&str, &str, &str)] = &[
    (
        "comment intercepting",
        "` #` begins a comment in the middle of a text",
        "put the whole text into quotes",
    ),
    (
        "mapping values are not allowed",
        "there is a second `: ` where a text is read",
        "put the whole text into quotes, or begin a new line for the next key",
    ),
    (
        "unknown anchor",
        "`*` begins an alias, and nothing of that name was anchored before",
        "put the text into quotes if it is none",
    ),
    (
        "anchor or alias",
        "`&` or `*` begins an anchor or alias, and no name follows",
        "put the text into quotes",
    ),
    ("duplicated anchor", "this anchor is there already", "give it another name"),
    ("a tag", "`!` begins a YAML tag, which files here do not use", "put the text into quotes if it is none"),
    ("unexpected character", "a text cannot begin with this character", "put the text into quotes"),
    ("plain scalar cannot start", "a text cannot begin like this", "put the text into quotes"),
    (
        "unknown escape",
        "the escape after `\\` is unknown",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "hexadecimal",
        "the escape lacks hexadecimal digits",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    ("Unicode character escape", "the escape stands for no character", "write the character itself"),
    ("unexpected end of stream", "a quote is never closed", "close it, or write the text below `key: |`"),
    (
        "invalid indentation in quoted",
        "a quoted text goes on on a line that is not indented, or its quote is never closed",
        "close the quote, or indent the lines of the text deeper than its key",
    ),
    (
        "invalid trailing content",
        "something follows the closing quote",
        "put all of the text into one pair of quotes",
    ),
    (
        "wrongly indented line in block",
        "the line is indented less than the text that it belongs to",
        "indent all lines of the text alike",
    ),
    ("tab", "a tab stands where YAML takes blanks only", "replace the tab by blanks"),
    ("flow mapping", "a `,` or `}` is expected here", "close the brace; a text with braces needs quotes"),
    (
        "flow sequence",
        "a `,` or `]` is expected here",
        "close the bracket; a text with brackets needs quotes",
    ),
    ("flow construct", "a bracket is never closed, or a line inside it is not indented", "close it"),
    ("misplaced bracket", "this bracket closes nothing", "remove it, or put the text into quotes"),
    (
        "block mapping",
        "a key is expected here",
        "indent the line like the keys it belongs to; a text of several lines needs `|`",
    ),
    (
        "simple key expect",
        "this line is no key and no part of the text before it",
        "add a `:`, or indent it deeper than the key of its text; a text of several lines needs `|`",
    ),
    ("'-' indicator", "an item of the list is expected here", "indent the line like the items of its list"),
    (
        "block sequence entries",
        "a list cannot begin here",
        "put the first `- ` on a line of its own below the key",
    ),
    ("mapping keys are not allowed", "a key cannot begin here", "put it on a line of its own"),
    (
        "invalid indentation",
        "the line is not indented as its neighbours are",
        "indent it like the keys it belongs to",
    ),
    ("unexpected end of plain scalar", "the text is not indented enough", "indent it deeper than its key"),
    ("unprintable", "there is a character that no text file has", "remove it"),
    ("byte order mark", "there is a byte-order mark in the middle of the file", "remove it"),
    (
        "expected <document",
        "the text goes on where the file should end",
        "mind the indentation, and quote text that begins with a quote or bracket",
    ),
];

/// What is wrong, and what to do about it where that is known.
pub(super) fn explain(info: &str) -> (String, Option<&'static str>) {
    let info = info.trim();
    match EXPLAINED.iter().find(|(needle, _, _)| info.contains(needle)) {
        Some((_, message, hint)) => ((*message).to_owned(), Some(hint)),
        None => (format!("this is no YAML: {info}"), None),
    }
}
