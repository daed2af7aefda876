//! Cookies of webhooks about texts: kept for each pair of numbers, some hours after the last text.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::cookies::Jar;
use crate::message::MessageId;
use crate::world::World;

const KEPT: SignedDuration = SignedDuration::from_hours(4);
/// How many pairs are remembered before those that are over are forgotten.
const PAIRS_MAX: usize = 10_000;

/// By sender and recipient.
#[derive(Default)]
pub(crate) struct TextCookies(HashMap<(String, String), (Jar, Timestamp)>);

impl World {
    /// What earlier webhooks about texts between the same two left here.
    pub(crate) fn cookies_of(&self, message: MessageId) -> Jar {
        let kept = self.pair(message).and_then(|pair| self.text_cookies.0.get(&pair));
        let fresh = kept.filter(|(_, last)| self.now.duration_since(*last) < KEPT);
        fresh.map(|(jar, _)| jar.clone()).unwrap_or_default()
    }

    pub(crate) fn keep_cookies(&mut self, message: MessageId, jar: Jar) {
        let now = self.now;
        let Some(pair) = self.pair(message) else { return };
        let TextCookies(kept) = &mut self.text_cookies;
        if kept.len() >= PAIRS_MAX {
            kept.retain(|_, (_, last)| now.duration_since(*last) < KEPT);
        }
        if jar == Jar::default() {
            kept.remove(&pair);
        } else if kept.len() < PAIRS_MAX || kept.contains_key(&pair) {
            kept.insert(pair, (jar, now));
        }
    }

    fn pair(&self, message: MessageId) -> Option<(String, String)> {
        let message = self.messages.get(message)?;
        Some((message.from.clone()?, message.to.clone()))
    }
}
