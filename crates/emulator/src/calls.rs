//! All calls, in order of creation, found by SID.

use std::collections::{HashMap, VecDeque};

use twilio::sid::Sid;

use crate::call::{Call, Live};

/// Where a call has its place in the order of creation. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CallId(pub(crate) u64);

/// How many calls are kept; above it the oldest finished ones are forgotten.
pub(crate) const CALLS_MAX: usize = 100_000;

pub(crate) struct Calls {
    max: usize,
    /// Slot `n` holds the call with id `first + n`; empty where it was deleted.
    slots: VecDeque<Option<Box<Call>>>,
    first: u64,
    kept: usize,
    /// Keeps the place of deleted calls too, so that a page token outlives the call that it names.
    by_sid: HashMap<Sid, CallId>,
}

impl Default for Calls {
    fn default() -> Self {
        Self { max: CALLS_MAX, slots: VecDeque::new(), first: 0, kept: 0, by_sid: HashMap::new() }
    }
}

impl Calls {
    /// Makes new ids come after all those of another world, so that none is met twice.
    pub(crate) fn begin_after(&mut self, former: &Calls) {
        self.first = former.first + former.slots.len() as u64;
    }

    pub(crate) fn insert(&mut self, call: Call) -> CallId {
        self.forget_old();
        let id = CallId(self.first + self.slots.len() as u64);
        self.by_sid.insert(call.sid.clone(), id);
        self.slots.push_back(Some(Box::new(call)));
        self.kept += 1;
        id
    }

    pub(crate) fn get(&self, id: CallId) -> Option<&Call> {
        self.slots.get(self.slot(id)?)?.as_deref()
    }

    pub(crate) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        let slot = self.slot(id)?;
        self.slots.get_mut(slot)?.as_deref_mut()
    }

    /// What a call does, while it is not over.
    pub(crate) fn live(&self, id: CallId) -> Option<&Live> {
        self.get(id)?.live.as_deref()
    }

    pub(crate) fn live_mut(&mut self, id: CallId) -> Option<&mut Live> {
        self.get_mut(id)?.live.as_deref_mut()
    }

    /// The id of the call with this SID, which may have been deleted since.
    pub(crate) fn find(&self, sid: &Sid) -> Option<CallId> {
        self.by_sid.get(sid).copied()
    }

    pub(crate) fn delete(&mut self, id: CallId) {
        let Some(slot) = self.slot(id) else { return };
        if self.slots.get_mut(slot).and_then(Option::take).is_some() {
            self.kept -= 1;
        }
    }

    /// Every call, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (CallId, &Call)> {
        let first = self.first;
        self.slots
            .iter()
            .enumerate()
            .filter_map(move |(slot, call)| Some((CallId(first + slot as u64), call.as_deref()?)))
    }

    /// How many calls of an account are not over.
    pub(crate) fn going_on(&self, account: &Sid) -> usize {
        self.iter().filter(|(_, call)| call.live.is_some() && call.account == *account).count()
    }

    fn forget_old(&mut self) {
        while self.kept >= self.max {
            match self.slots.front() {
                Some(Some(call)) if call.live.is_some() => return,
                Some(Some(call)) => {
                    self.by_sid.remove(&call.sid);
                    self.kept -= 1;
                }
                Some(None) => {}
                None => return,
            }
            self.slots.pop_front();
            self.first += 1;
        }
    }

    fn slot(&self, id: CallId) -> Option<usize> {
        usize::try_from(id.0.checked_sub(self.first)?).ok()
    }
}
