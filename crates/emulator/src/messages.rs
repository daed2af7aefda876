//! All messages, in order of creation, found by SID, recipient or sender.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::{Bound, RangeBounds};

use jiff::Timestamp;
use twilio::sid::Sid;

use crate::message::{Message, MessageId};

/// How many messages are kept; above it the oldest finished ones are forgotten.
pub(crate) const MESSAGES_MAX: usize = 1_000_000;

pub(crate) struct Messages {
    max: usize,
    /// Slot `n` holds the message with id `first + n`; empty where it was deleted.
    slots: VecDeque<Option<Box<Message>>>,
    first: u64,
    kept: usize,
    /// Keeps the place of deleted messages too, so that a page token outlives the message that it names.
    by_sid: HashMap<Sid, MessageId>,
    by_to: HashMap<String, BTreeSet<MessageId>>,
    by_from: HashMap<String, BTreeSet<MessageId>>,
}

/// What a list shows.
#[derive(Debug, Default)]
pub(crate) struct Filter<'a> {
    pub(crate) account: Option<&'a Sid>,
    pub(crate) to: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    /// The earliest and the latest `date_sent`, both included.
    pub(crate) sent_since: Option<Timestamp>,
    pub(crate) sent_until: Option<Timestamp>,
    /// Show what a list at this instant would; without it, everything.
    pub(crate) listed_at: Option<Timestamp>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// So many of the newest are passed over.
    Skip(usize),
    /// Just older than this one.
    After(MessageId),
    /// The page that ends just before this one.
    Before(MessageId),
}

/// One page, newest first.
pub(crate) struct Page<'a> {
    pub(crate) items: Vec<&'a Message>,
    pub(crate) has_more: bool,
}

impl Default for Messages {
    fn default() -> Self {
        Self::keeping(MESSAGES_MAX)
    }
}

impl Messages {
    fn keeping(max: usize) -> Self {
        Self {
            max,
            slots: VecDeque::new(),
            first: 0,
            kept: 0,
            by_sid: HashMap::new(),
            by_to: HashMap::new(),
            by_from: HashMap::new(),
        }
    }

    /// Makes new ids come after all those of another world, so that none is met twice.
    pub(crate) fn begin_after(&mut self, former: &Messages) {
        self.first = former.first + former.slots.len() as u64;
    }

    pub(crate) fn insert(&mut self, message: Message) -> MessageId {
        self.forget_old();
        let id = MessageId(self.first + self.slots.len() as u64);
        self.by_sid.insert(message.sid.clone(), id);
        index(&mut self.by_to, &message.to, id);
        if let Some(from) = &message.from {
            index(&mut self.by_from, from, id);
        }
        self.slots.push_back(Some(Box::new(message)));
        self.kept += 1;
        id
    }

    pub(crate) fn get(&self, id: MessageId) -> Option<&Message> {
        self.slots.get(self.slot(id)?)?.as_deref()
    }

    pub(crate) fn get_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        let slot = self.slot(id)?;
        self.slots.get_mut(slot)?.as_deref_mut()
    }

    /// The id of the message with this SID, which may have been deleted since.
    pub(crate) fn find(&self, sid: &Sid) -> Option<MessageId> {
        self.by_sid.get(sid).copied()
    }

    pub(crate) fn set_from(&mut self, id: MessageId, from: &str) {
        let Some(message) = self.get_mut(id) else { return };
        let former = message.from.replace(from.to_owned());
        if let Some(former) = former {
            unindex(&mut self.by_from, &former, id);
        }
        index(&mut self.by_from, from, id);
    }

    pub(crate) fn delete(&mut self, id: MessageId) {
        let Some(slot) = self.slot(id) else { return };
        let Some(message) = self.slots.get_mut(slot).and_then(Option::take) else { return };
        self.kept -= 1;
        unindex(&mut self.by_to, &message.to, id);
        if let Some(from) = &message.from {
            unindex(&mut self.by_from, from, id);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.kept
    }

    /// Every message, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Message> {
        self.slots.iter().filter_map(Option::as_deref)
    }

    /// Messages to or from an address, oldest first.
    pub(crate) fn with_address(&self, address: &str) -> impl Iterator<Item = (MessageId, &Message)> {
        let ids: BTreeSet<MessageId> = [&self.by_to, &self.by_from]
            .into_iter()
            .filter_map(|by| by.get(address))
            .flatten()
            .copied()
            .collect();
        ids.into_iter().filter_map(|id| Some((id, self.get(id)?)))
    }

    pub(crate) fn page(&self, filter: &Filter<'_>, start: Start, size: usize) -> Page<'_> {
        let fitting = |id| self.fitting(id, filter);
        match start {
            Start::Skip(count) => {
                collect_page(self.candidates(filter, ..).rev().filter_map(fitting).skip(count), size)
            }
            Start::After(last) => {
                collect_page(self.candidates(filter, ..last).rev().filter_map(fitting), size)
            }
            Start::Before(first) => {
                let newer = self.candidates(filter, MessageId(first.0 + 1)..).filter_map(fitting);
                let mut items: Vec<&Message> = newer.take(size).collect();
                items.reverse();
                // The page that this one was reached from comes after it.
                Page { items, has_more: true }
            }
        }
    }

    /// Ids within bounds that may fit, oldest first, by the best index. Finding the bounds costs no walk, so
    /// that deep pages are as fast as the first.
    fn candidates<'a>(
        &'a self,
        filter: &Filter<'_>,
        bounds: impl RangeBounds<MessageId>,
    ) -> Box<dyn DoubleEndedIterator<Item = MessageId> + 'a> {
        let indexed = match (filter.to, filter.from) {
            (Some(to), _) => Some(self.by_to.get(to)),
            (None, Some(from)) => Some(self.by_from.get(from)),
            (None, None) => None,
        };
        match indexed {
            Some(Some(ids)) => Box::new(ids.range(bounds).copied()),
            Some(None) => Box::new(std::iter::empty()),
            None => {
                let end = self.first + self.slots.len() as u64;
                let from = match bounds.start_bound() {
                    Bound::Included(id) => id.0,
                    Bound::Excluded(id) => id.0 + 1,
                    Bound::Unbounded => self.first,
                };
                let to = match bounds.end_bound() {
                    Bound::Included(id) => id.0 + 1,
                    Bound::Excluded(id) => id.0,
                    Bound::Unbounded => end,
                };
                Box::new((from.max(self.first)..to.min(end)).map(MessageId))
            }
        }
    }

    fn fitting(&self, id: MessageId, filter: &Filter<'_>) -> Option<&Message> {
        let message = self.get(id)?;
        let by_date = filter.sent_since.is_some() || filter.sent_until.is_some();
        let date_fits = !by_date
            || message.sent.is_some_and(|sent| {
                filter.sent_since.is_none_or(|since| sent >= since)
                    && filter.sent_until.is_none_or(|until| sent <= until)
            });
        let fits = date_fits
            && filter.account.is_none_or(|account| message.account == *account)
            && filter.to.is_none_or(|to| message.to == to)
            && filter.from.is_none_or(|from| message.from.as_deref() == Some(from))
            && filter.listed_at.is_none_or(|now| message.is_listed() && message.listed_from <= now);
        fits.then_some(message)
    }

    fn forget_old(&mut self) {
        while self.kept >= self.max {
            let oldest = MessageId(self.first);
            match self.slots.front() {
                Some(Some(message)) if !message.is_finished() => return,
                Some(Some(message)) => {
                    let sid = message.sid.clone();
                    self.delete(oldest);
                    self.by_sid.remove(&sid);
                }
                Some(None) => {}
                None => return,
            }
            self.slots.pop_front();
            self.first += 1;
        }
    }

    fn slot(&self, id: MessageId) -> Option<usize> {
        usize::try_from(id.0.checked_sub(self.first)?).ok()
    }
}

fn collect_page<'a>(mut fitting: impl Iterator<Item = &'a Message>, size: usize) -> Page<'a> {
    let items = fitting.by_ref().take(size).collect();
    Page { items, has_more: fitting.next().is_some() }
}

fn index(by: &mut HashMap<String, BTreeSet<MessageId>>, address: &str, id: MessageId) {
    // Most addresses are known already, so that no key is made for them.
    match by.get_mut(address) {
        Some(ids) => {
            ids.insert(id);
        }
        None => {
            by.insert(address.to_owned(), BTreeSet::from([id]));
        }
    }
}

fn unindex(by: &mut HashMap<String, BTreeSet<MessageId>>, address: &str, id: MessageId) {
    if let Some(ids) = by.get_mut(address) {
        ids.remove(&id);
        if ids.is_empty() {
            by.remove(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use twilio::message::MessageStatus;

    use super::*;

    #[test]
    fn above_the_limit_the_oldest_finished_message_is_forgotten_and_an_unfinished_one_is_kept() {
        let mut messages = Messages::keeping(3);
        let ids: Vec<MessageId> = (0..5)
            .map(|number| {
                let mut message = crate::message::example(number);
                message.status = MessageStatus::Delivered;
                if number == 2 {
                    message.status = MessageStatus::Queued;
                }
                messages.insert(message)
            })
            .collect();
        let kept = |messages: &Messages| ids.iter().map(|id| messages.get(*id).is_some()).collect::<Vec<_>>();
        assert_eq!(kept(&messages), [false, false, true, true, true]);
        assert_eq!(messages.len(), 3);
        messages.insert(crate::message::example(6));
        assert_eq!(kept(&messages), [false, false, true, true, true], "the oldest is not finished");
        assert_eq!(messages.with_address("+15550001111").count(), 4);
    }
}
