//! Keys that a caller presses, put together to what they mean: a number is typed key by key.

use jiff::{SignedDuration, Timestamp};

/// How long it takes after a key until no more are waited for.
const PAUSE: SignedDuration = SignedDuration::from_millis(2_000);
/// Keys of one answer that count.
const KEYS_MAX: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Keys {
    pressed: String,
    until: Option<Timestamp>,
}

impl Keys {
    /// A key was pressed; the keys so far, where this one ends them.
    pub(super) fn press(&mut self, key: &str, now: Timestamp) -> Option<String> {
        let mut ends = false;
        for key in key.chars() {
            match key {
                '#' if !self.pressed.is_empty() => ends = true,
                '0'..='9' | '*' | '#' if self.pressed.len() < KEYS_MAX => {
                    self.pressed.push(key);
                    ends |= key == '#';
                }
                _ => {}
            }
        }
        self.until = now.checked_add(PAUSE).ok().filter(|_| !self.pressed.is_empty());
        if ends { self.take() } else { None }
    }

    /// When they are complete, if no more come.
    pub(super) fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// What was pressed.
    pub(super) fn take(&mut self) -> Option<String> {
        self.until = None;
        Some(std::mem::take(&mut self.pressed)).filter(|keys| !keys.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_complete_with_a_hash_or_after_a_pause() {
        let mut keys = Keys::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(keys.press("4", now), None);
        assert_eq!(keys.press("2", now), None);
        assert_eq!(keys.until(), Some(now + PAUSE));
        assert_eq!(keys.press("#", now).as_deref(), Some("42"));
        assert_eq!((keys.until(), keys.take()), (None, None));
        assert_eq!(keys.press("#", now).as_deref(), Some("#"), "alone it is a key");
        assert_eq!(keys.press("x", now), None);
        assert_eq!(keys.until(), None);
        assert_eq!(keys.press("7", now), None);
        assert_eq!(keys.take().as_deref(), Some("7"));
    }
}
