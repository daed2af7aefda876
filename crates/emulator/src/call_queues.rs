//! Queues in which calls wait for somebody to take them.

use std::collections::VecDeque;

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::sid::{Sid, SidKind};

use crate::call::CallId;
use crate::world::World;

/// How many calls may wait in a queue that a call made by entering it.
const SIZE_MAX: u32 = 100;

/// A queue of calls.
#[derive(Debug, Clone)]
pub(crate) struct CallQueue {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) friendly_name: String,
    pub(crate) size_max: u32,
    /// Calls that wait, the longest first.
    pub(crate) members: VecDeque<Member>,
    /// Calls that wait for a member to come.
    pub(crate) takers: VecDeque<CallId>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// A call that waits.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) call: CallId,
    pub(crate) call_sid: Sid,
    pub(crate) entered: Timestamp,
}

/// All queues, in the order in which they were made.
#[derive(Default)]
pub(crate) struct CallQueues(IndexMap<Sid, CallQueue>);

impl CallQueues {
    pub(crate) fn get(&self, sid: &Sid) -> Option<&CallQueue> {
        self.0.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut CallQueue> {
        self.0.get_mut(sid)
    }

    /// The account's queue with this name.
    pub(crate) fn named(&self, account: &Sid, name: &str) -> Option<&CallQueue> {
        self.0.values().find(|queue| queue.account == *account && queue.friendly_name == name)
    }

    pub(crate) fn insert(&mut self, queue: CallQueue) {
        self.0.insert(queue.sid.clone(), queue);
    }

    pub(crate) fn remove(&mut self, sid: &Sid) -> Option<CallQueue> {
        self.0.shift_remove(sid)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &CallQueue> {
        self.0.values()
    }
}

impl CallQueue {
    /// The place of a call, from 1.
    pub(crate) fn position(&self, call: CallId) -> Option<usize> {
        self.members.iter().position(|member| member.call == call).map(|index| index + 1)
    }

    /// How long those who wait have waited on average, in seconds.
    pub(crate) fn average_wait_s(&self, now: Timestamp) -> u64 {
        let waits = self.members.iter().map(|member| member.wait_s(now));
        waits.sum::<u64>() / (self.members.len() as u64).max(1)
    }
}

impl Member {
    pub(crate) fn wait_s(&self, now: Timestamp) -> u64 {
        u64::try_from(now.duration_since(self.entered).as_secs()).unwrap_or(0)
    }
}

impl World {
    /// The account's queue with this name, which is made where there is none.
    pub(crate) fn queue_named(&mut self, account: &Sid, name: &str, size_max: Option<u32>) -> Sid {
        if let Some(queue) = self.call_queues.named(account, name) {
            return queue.sid.clone();
        }
        let sid = self.random.sid(SidKind::Queue);
        self.call_queues.insert(CallQueue {
            sid: sid.clone(),
            account: account.clone(),
            friendly_name: name.to_owned(),
            size_max: size_max.unwrap_or(SIZE_MAX),
            members: VecDeque::new(),
            takers: VecDeque::new(),
            created: self.now,
            updated: self.now,
        });
        sid
    }
}
