//! What is to happen at which instant of domain time, in order.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::due::Due;

/// Where an entry stands in the agenda, for whoever may want to take it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    at: Timestamp,
    number: u64,
}

/// The list of everything that waits for its time. Entries of the same instant keep the order in which they
/// were entered.
#[derive(Default)]
pub(crate) struct Agenda {
    entries: Mutex<Entries>,
    earlier: Notify,
}

#[derive(Default)]
struct Entries {
    next_ticket: u64,
    due: BTreeMap<(Timestamp, u64), Due>,
}

impl Agenda {
    pub(crate) fn enter(&self, at: Timestamp, what: Due) -> Ticket {
        let (ticket, is_first) = {
            let mut entries = self.entries();
            let ticket = entries.next_ticket;
            entries.next_ticket += 1;
            let is_first = entries.due.first_key_value().is_none_or(|((first, _), _)| at < *first);
            entries.due.insert((at, ticket), what);
            (Ticket { at, number: ticket }, is_first)
        };
        if is_first {
            self.earlier.notify_one();
        }
        ticket
    }

    /// Takes an entry out before its time; one that was taken already is no mistake.
    pub(crate) fn take_back(&self, ticket: Ticket) {
        self.entries().due.remove(&(ticket.at, ticket.number));
    }

    /// Takes the first entry whose time has come.
    pub(crate) fn take_due(&self, now: Timestamp) -> Option<Due> {
        let mut entries = self.entries();
        let first = entries.due.first_entry()?;
        if first.key().0 > now { None } else { Some(first.remove()) }
    }

    /// The instant of the first entry.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        self.entries().due.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.first().is_some_and(|first| first <= now)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries().due.len()
    }

    pub(crate) fn clear(&self) {
        self.entries().due.clear();
    }

    /// Resolves after an entry was made that comes before all others.
    pub(crate) async fn earlier(&self) {
        self.earlier.notified().await;
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
