//! Calls that are joined: the people at their far ends hear each other.

use super::{CallId, Told};
use crate::world::World;

impl World {
    pub(crate) fn join(&mut self, one: CallId, other: CallId) {
        for (id, peer) in [(one, other), (other, one)] {
            let Some(call) = self.calls.get(peer).map(|call| call.sid.as_str().to_owned()) else { return };
            if let Some(live) = self.calls.live_mut(id) {
                live.joined = Some(peer);
            }
            self.note(id, Told::Joined { call });
        }
        for id in [one, other] {
            if self.is_quiet(id) {
                self.quiet_begins(id);
            }
        }
    }

    /// Parts a call from the one that it is joined with; gives that one.
    pub(crate) fn part(&mut self, id: CallId) -> Option<CallId> {
        let other = self.calls.live_mut(id)?.joined.take()?;
        if let Some(live) = self.calls.live_mut(other) {
            live.joined = None;
        }
        for (id, peer) in [(id, other), (other, id)] {
            let call = self.calls.get(peer).map(|call| call.sid.as_str().to_owned()).unwrap_or_default();
            self.note(id, Told::Parted { call });
        }
        Some(other)
    }

    /// The calls whose far ends hear what is said at the far end of this one.
    pub(crate) fn listeners(&self, id: CallId) -> Vec<CallId> {
        let joined = self.calls.live(id).and_then(|live| live.joined);
        let conference = self.conference_of(id).and_then(|sid| self.conferences.get(sid));
        let others = conference.map(|conference| conference.hears(id)).unwrap_or_default();
        joined.into_iter().chain(others).collect()
    }

    /// The calls whose far ends are heard at the far end of this one.
    pub(crate) fn speakers(&self, id: CallId) -> Vec<CallId> {
        let joined = self.calls.live(id).and_then(|live| live.joined);
        let others = self.conference_of(id).map(|sid| self.participants_of(sid)).unwrap_or_default();
        let heard = others.into_iter().filter(|other| *other != id && self.listeners(*other).contains(&id));
        joined.into_iter().chain(heard).collect()
    }
}
