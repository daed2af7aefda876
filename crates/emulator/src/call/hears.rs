//! What this end of a call makes of what comes from the far one.

use super::{CallId, Doing, Voice};
use crate::world::World;

impl World {
    /// Words that recognition listens for, folded.
    pub(crate) fn hints(&self, id: CallId) -> Vec<String> {
        match self.calls.live(id).and_then(|live| live.player()).map(|player| &player.doing) {
            Some(Doing::Gathering(gathering)) => gathering.hints(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn input_hears_voice(&mut self, id: CallId) {
        match self.player_mut(id).map(|player| &player.doing) {
            Some(Doing::Gathering(_)) => self.gather_hears_voice(id),
            Some(Doing::Recording(_)) => self.record_hears_voice(id),
            Some(Doing::Relaying(_)) => self.relay_hears_voice(id),
            _ => {}
        }
    }

    pub(crate) fn input_hears_voice_end(&mut self, id: CallId, voice: &Voice) {
        match self.player_mut(id).map(|player| &player.doing) {
            Some(Doing::Gathering(_)) => return self.gather_hears_voice_end(id, voice),
            Some(Doing::Recording(_)) => return self.record_hears_voice_end(id, voice),
            Some(Doing::Relaying(_)) => return self.relay_hears_voice_end(id, voice),
            _ => {}
        }
        if self.is_quiet(id) {
            self.quiet_begins(id);
        }
    }

    pub(crate) fn input_hears_key(&mut self, id: CallId, key: char) {
        match self.player_mut(id).map(|player| &player.doing) {
            Some(Doing::Gathering(_)) => self.gather_hears_key(id, key),
            Some(Doing::Recording(_)) => self.record_hears_key(id, key),
            Some(Doing::Dialing(_)) => self.dial_hears_key(id, key),
            Some(Doing::Relaying(_)) => self.relay_hears_key(id, key),
            Some(Doing::Streaming { serial, .. }) => {
                let serial = *serial;
                self.stream_hears_key(id, serial, key);
            }
            _ => {}
        }
    }
}
