//! What TwiML says in answer to an inbound message.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use twilio::messaging_twiml::{self, Verb};

use crate::address;
use crate::draft::Draft;
use crate::journal::Purpose;
use crate::message::Origin;
use crate::rest::message_checks;
use crate::webhook::Webhook;
use crate::world::World;

/// How many messages TwiML may send in answer to one inbound message, over all its documents.
const REPLIES_MAX: usize = 10;
/// How many documents may follow one another.
pub(crate) const DOCUMENTS_MAX: usize = 10;
/// How many replies may go between two numbers within [`RATE_WINDOW`]; then they fail for as long.
const RATE_MAX: usize = 15;
const RATE_WINDOW: SignedDuration = SignedDuration::from_secs(30);

/// How far the answer to one inbound message has come.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Session {
    pub(crate) replies: usize,
    pub(crate) documents: usize,
}

/// What executing a document came to.
pub(crate) enum Executed {
    Done,
    /// Another document is to be asked for.
    Redirect(Box<Webhook>),
    /// It is no document that can be executed, and the fallback URL is asked instead.
    Failed {
        code: u32,
    },
}

/// When replies went between two numbers lately.
#[derive(Default)]
pub(crate) struct ReplyRates(HashMap<(String, String), Recent>);

#[derive(Default)]
struct Recent {
    at: VecDeque<Timestamp>,
    barred_until: Option<Timestamp>,
}

impl ReplyRates {
    /// Counts a reply; false where there were too many.
    fn admit(&mut self, from: &str, to: &str, now: Timestamp) -> bool {
        if self.0.len() > 10_000 {
            self.0.retain(|_, recent| {
                recent.at.back().is_some_and(|last| now.duration_since(*last) < RATE_WINDOW)
            });
        }
        let recent = self.0.entry((from.to_owned(), to.to_owned())).or_default();
        if recent.barred_until.is_some_and(|until| now < until) {
            return false;
        }
        while recent.at.front().is_some_and(|at| now.duration_since(*at) >= RATE_WINDOW) {
            recent.at.pop_front();
        }
        if recent.at.len() >= RATE_MAX {
            recent.barred_until = Some(now + RATE_WINDOW);
            return false;
        }
        recent.at.push_back(now);
        true
    }
}

impl World {
    /// Executes the answer to a webhook about an inbound message.
    pub(crate) fn execute(
        &mut self,
        webhook: &Webhook,
        content_type: Option<&str>,
        body: &[u8],
        session: &mut Session,
    ) -> Executed {
        session.documents += 1;
        let sid = &webhook.message_sid;
        if session.documents > DOCUMENTS_MAX {
            self.debug(14106, Some(sid), "too many documents in answer to one message");
            return Executed::Done;
        }
        let (response, warnings) = match messaging_twiml::parse(body, content_type) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.debug(error.code(), Some(sid), error.to_string());
                return Executed::Failed { code: error.code() };
            }
        };
        for warning in warnings {
            self.debug(warning.code, Some(sid), warning.detail);
        }
        for verb in response.verbs {
            match verb {
                message @ Verb::Message { .. } => {
                    if session.replies == REPLIES_MAX {
                        self.debug(14109, Some(sid), "more than ten replies to one message");
                        return Executed::Done;
                    }
                    session.replies += 1;
                    self.reply(webhook, message);
                }
                Verb::Redirect { url, method } => {
                    let url = resolve(&webhook.url, &url);
                    return Executed::Redirect(Box::new(Webhook {
                        purpose: Purpose::Redirect,
                        url,
                        method: method.unwrap_or_default(),
                        ..webhook.clone()
                    }));
                }
            }
        }
        Executed::Done
    }

    fn reply(&mut self, webhook: &Webhook, verb: Verb) {
        let Verb::Message { to, from, action, body, media, .. } = verb else { return };
        let sid = webhook.message_sid.clone();
        let Some(inbound) = self.messages.get(webhook.message) else { return };
        let to = to.or_else(|| inbound.from.clone()).unwrap_or_default();
        let from = from.unwrap_or_else(|| inbound.to.clone());
        let account = inbound.account.clone();
        let callback = action.map(|action| resolve(&webhook.url, &action));
        let body = body.unwrap_or_default();
        if body.is_empty() && media.is_empty() {
            return self.debug(14103, Some(&sid), "a reply has neither text nor media");
        }
        let mut draft = match message_checks::reply(self, &account, &from, &to, &body, &media) {
            Ok(to) => Draft::reply(account, Origin::Reply, from, to, body),
            Err(refusal) => return self.debug(refusal.code, Some(&sid), refusal.message),
        };
        draft.media_urls = media.into_iter().map(|url| resolve(&webhook.url, &url)).collect();
        draft.status_callback = callback;
        let service = self.numbers.find(address::bare(&draft.from.clone().unwrap_or_default()));
        draft.service = service
            .and_then(|number| self.services.of_member(&number.sid))
            .map(|service| service.sid.clone());
        let from = draft.from.clone().unwrap_or_default();
        if !self.reply_rates.admit(&from, &draft.to, self.now) {
            draft.doom = Some(14107);
        }
        self.create(draft);
    }
}

/// A URL of a document, which may be relative to where the document came from.
fn resolve(base: &str, url: &str) -> String {
    if url::Url::parse(url).is_ok() {
        // Kept letter by letter, because that is what gets signed.
        return url.to_owned();
    }
    match url::Url::parse(base).and_then(|base| base.join(url)) {
        Ok(joined) => joined.into(),
        Err(_) => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixteenth_reply_in_thirty_seconds_bars_the_pair_for_thirty_seconds() {
        let mut rates = ReplyRates::default();
        let start = Timestamp::UNIX_EPOCH;
        assert!((0..15).all(|_| rates.admit("a", "b", start)));
        assert!(!rates.admit("a", "b", start));
        assert!(rates.admit("a", "c", start));
        assert!(!rates.admit("a", "b", start + SignedDuration::from_secs(29)));
        assert!(rates.admit("a", "b", start + SignedDuration::from_secs(30)));
    }
}
