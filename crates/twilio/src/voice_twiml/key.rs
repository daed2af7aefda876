//! Keys of a phone, as attributes name them.

use crate::parameter::WireText;

/// A key of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(char);

impl Key {
    /// Every key, in the order in which a set of them is written.
    pub const ALL: [Key; 12] = [
        Key('1'),
        Key('2'),
        Key('3'),
        Key('4'),
        Key('5'),
        Key('6'),
        Key('7'),
        Key('8'),
        Key('9'),
        Key('0'),
        Key('*'),
        Key('#'),
    ];

    /// `#`
    pub const POUND: Key = Key('#');

    /// `*`
    pub const STAR: Key = Key('*');

    /// The key with this character.
    pub fn from_char(char: char) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.0 == char)
    }

    /// The character on the key.
    pub fn as_char(self) -> char {
        self.0
    }
}

/// A set of keys, such as those that end a recording.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Hash)]
pub struct KeySet(u16);

impl KeySet {
    /// No key at all.
    pub const NONE: KeySet = KeySet(0);

    /// Every key.
    pub const ALL: KeySet = KeySet((1 << 12) - 1);

    /// The set with these keys.
    pub fn of(keys: impl IntoIterator<Item = Key>) -> KeySet {
        keys.into_iter().fold(KeySet::NONE, |set, key| KeySet(set.0 | bit(key)))
    }

    /// Whether the key is in the set.
    pub fn contains(self, key: Key) -> bool {
        self.0 & bit(key) != 0
    }

    /// The keys of the set.
    pub fn keys(self) -> impl Iterator<Item = Key> {
        Key::ALL.into_iter().filter(move |key| self.contains(*key))
    }
}

fn bit(key: Key) -> u16 {
    Key::ALL.iter().position(|other| *other == key).map_or(0, |index| 1 << index)
}

impl WireText for KeySet {
    const EXPECTED: &'static str = "keys of a phone: 0 to 9, * and #";

    fn to_wire(&self) -> String {
        self.keys().map(Key::as_char).collect()
    }

    fn from_wire(text: &str) -> Option<KeySet> {
        text.chars().map(Key::from_char).collect::<Option<Vec<_>>>().map(KeySet::of)
    }
}

/// What key ends the keys that are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinishOnKey {
    /// No key does; written as the empty text.
    Never,
    /// This one, which is not among the digits that are told.
    Key(Key),
}

impl WireText for FinishOnKey {
    const EXPECTED: &'static str = "one key of a phone or nothing";

    fn to_wire(&self) -> String {
        match self {
            FinishOnKey::Never => String::new(),
            FinishOnKey::Key(key) => key.as_char().to_string(),
        }
    }

    fn from_wire(text: &str) -> Option<FinishOnKey> {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Some(FinishOnKey::Never),
            (Some(char), None) => Key::from_char(char).map(FinishOnKey::Key),
            (Some(_), Some(_)) => None,
        }
    }
}

/// Tones to play, in order: `0-9`, `*`, `#`, `A-D`, and `w` and `W` for pauses of half a second and a second.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tones(String);

impl Tones {
    /// Reads tones. There is at least one.
    pub fn parse(text: &str) -> Option<Tones> {
        let all = text.chars().all(|char| matches!(char, '0'..='9' | '*' | '#' | 'w' | 'W' | 'A'..='D'));
        (all && !text.is_empty()).then(|| Tones(text.to_owned()))
    }

    /// The tones as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WireText for Tones {
    const EXPECTED: &'static str = "tones: 0 to 9, *, #, A to D, w and W";

    fn to_wire(&self) -> String {
        self.0.clone()
    }

    fn from_wire(text: &str) -> Option<Tones> {
        Tones::parse(text)
    }
}
