//! What a request may change about a call: where it goes, and whether it goes on.

use super::{CallId, CallStatus, Ending, Instructions, Player, Role, Source};
use crate::call::story::HungUpBy;
use crate::world::World;

/// A change of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Update {
    /// It goes on with another document.
    GoTo(Instructions),
    /// It is hung up, or not made at all.
    Complete,
    /// It is not made; once it is answered, it stays.
    Cancel,
}

/// The call is in a state that does not allow the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongState;

impl World {
    pub(crate) fn update_call(&mut self, id: CallId, update: Update) -> Result<(), WrongState> {
        let call = self.calls.get(id).filter(|call| !call.is_over()).ok_or(WrongState)?;
        let is_answered = call.status == CallStatus::InProgress;
        match update {
            Update::GoTo(_) if !is_answered => return Err(WrongState),
            Update::GoTo(instructions) => self.lead(id, instructions),
            Update::Cancel if is_answered => return Err(WrongState),
            Update::Complete if is_answered => self.end_call(id, Ending::COMPLETED, HungUpBy::Request),
            Update::Complete | Update::Cancel => self.end_call(id, Ending::CANCELED, HungUpBy::Request),
        }
        Ok(())
    }

    /// Leads a call elsewhere, out of whatever it does.
    pub(crate) fn lead(&mut self, id: CallId, instructions: Instructions) {
        self.part_from_caller(id);
        self.interrupt_all(id);
        let Some(live) = self.calls.live_mut(id) else { return };
        live.players = vec![Player::new(Role::Main, Source::default())];
        match instructions {
            Instructions::Url { url, method } => {
                self.request_document(id, Source { url: Some(url), method }, Vec::new());
            }
            Instructions::Twiml(twiml) => self.read_document(id, &twiml),
            Instructions::Join => {}
        }
    }

    /// A leg that was dialled goes its own way; for the caller, the dial is over.
    fn part_from_caller(&mut self, id: CallId) {
        let Some((parent, _)) = self.calls.get(id).and_then(|call| call.parent.clone()) else { return };
        self.part(id);
        self.leg_ended(parent, id, Ending::COMPLETED);
    }
}
