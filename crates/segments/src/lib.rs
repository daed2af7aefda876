//! SMS encodings: GSM-7 and UCS-2 tables, units, segments, and the characters that force them.
//!
//! A text whose characters all stand in the GSM 7-bit alphabet is sent in it, 160 septets to a message; one
//! other character sends the whole text as UCS-2, 70 units to a message. Longer texts are cut into segments,
//! each of which gives up 7 septets, or 3 units, to the header that joins them on the phone. Every segment is
//! paid for, which is why the characters that force UCS-2 are worth knowing.

mod alphabet;
mod lookalike;

use std::fmt;

pub use alphabet::gsm7_septets;
pub use lookalike::{smart_encode, suggest};

/// How many segments a text takes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How the text is sent.
    pub encoding: Encoding,
    /// Its length in units of the encoding: septets of GSM-7, 16-bit units of UCS-2.
    pub units: usize,
    /// How many segments it takes; an empty text takes one, if it is sent at all.
    pub segments: usize,
    /// The characters that force UCS-2, in order, each time that they occur; empty for GSM-7.
    pub culprits: Vec<Culprit>,
}

/// What [`count`] finds without looking for culprits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How the text is sent.
    pub encoding: Encoding,
    /// Its length in units of the encoding: septets of GSM-7, 16-bit units of UCS-2.
    pub units: usize,
    /// How many segments it takes; an empty text takes one, if it is sent at all.
    pub segments: usize,
}

/// A character that GSM-7 does not have, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// The character.
    pub char: char,
    /// How many characters come before it.
    pub index: usize,
    /// How many bytes of UTF-8 come before it.
    pub offset: usize,
}

/// How a text is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// The GSM 7-bit alphabet of 3GPP TS 23.038 with its extension table.
    Gsm7,
    /// UTF-16, called by the name of its forerunner.
    Ucs2,
}

/// Measures a text and finds every character that forces UCS-2. Takes time linear in the text, and memory
/// only for the culprits.
pub fn measure(text: &str) -> Measure {
    let Count { encoding, units, segments } = count(text);
    let culprits = match encoding {
        Encoding::Gsm7 => Vec::new(),
        Encoding::Ucs2 => culprits(text).collect(),
    };
    Measure { encoding, units, segments, culprits }
}

/// Measures a text without naming culprits. Allocates nothing.
pub fn count(text: &str) -> Count {
    let mut ucs2 = Filling::of(Encoding::Ucs2);
    let mut gsm7 = Some(Filling::of(Encoding::Gsm7));
    for char in text.chars() {
        ucs2.add(char.len_utf16());
        gsm7 = gsm7.and_then(|filling| Some(filling.with(gsm7_septets(char)?)));
    }
    gsm7.unwrap_or(ucs2).count()
}

/// The encoding that a text is sent in. Stops at the first character that decides it.
pub fn encoding(text: &str) -> Encoding {
    if text.chars().all(|char| gsm7_septets(char).is_some()) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// The characters that force UCS-2, in order, each time that they occur.
pub fn culprits(text: &str) -> impl Iterator<Item = Culprit> + '_ {
    text.char_indices()
        .enumerate()
        .filter(|(_, (_, char))| gsm7_septets(*char).is_none())
        .map(|(index, (offset, char))| Culprit { char, index, offset })
}

/// The text of each segment, in order; put together they are the text. An empty text is one empty segment.
pub fn split(text: &str) -> Vec<&str> {
    let Count { encoding, units, segments } = count(text);
    if units <= encoding.units_alone() {
        return vec![text];
    }
    let mut pieces = Vec::with_capacity(segments);
    let mut filling = Filling::of(encoding);
    let mut start = 0;
    for (offset, char) in text.char_indices() {
        let full = filling.full;
        filling.add(encoding.units_of(char));
        if filling.full > full {
            pieces.push(&text[start..offset]);
            start = offset;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

impl Encoding {
    /// `GSM-7` or `UCS-2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        }
    }

    /// How many units the only segment of a text can hold.
    pub fn units_alone(self) -> usize {
        match self {
            Encoding::Gsm7 => 160,
            Encoding::Ucs2 => 70,
        }
    }

    /// How many units each of several segments can hold.
    pub fn units_joined(self) -> usize {
        match self {
            Encoding::Gsm7 => 153,
            Encoding::Ucs2 => 67,
        }
    }

    fn units_of(self, char: char) -> usize {
        match self {
            Encoding::Gsm7 => gsm7_septets(char).expect("the text was found to be GSM-7"),
            Encoding::Ucs2 => char.len_utf16(),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Segments while they fill up. A character of two units (an escape and its character, or a surrogate pair)
/// is never cut in two: it moves to the next segment whole and leaves a unit empty.
#[derive(Clone, Copy)]
struct Filling {
    encoding: Encoding,
    units: usize,
    /// Segments that take no more.
    full: usize,
    /// Units in the segment after those.
    last: usize,
}

impl Filling {
    fn of(encoding: Encoding) -> Filling {
        Filling { encoding, units: 0, full: 0, last: 0 }
    }

    fn add(&mut self, units: usize) {
        self.units += units;
        self.last += units;
        if self.last > self.encoding.units_joined() {
            self.full += 1;
            self.last = units;
        }
    }

    fn with(mut self, units: usize) -> Filling {
        self.add(units);
        self
    }

    fn count(self) -> Count {
        let alone = self.units <= self.encoding.units_alone();
        Count { encoding: self.encoding, units: self.units, segments: if alone { 1 } else { self.full + 1 } }
    }
}
