//! Audio of a stream, in both directions.

use jiff::Timestamp;
use twilio::stream::{Dtmf, FromTwilio, Mark, Media, StreamError, ToTwilio};

use super::Piece;
use crate::call::{CallId, Item, Playback, Sound, Wake, elapsed_ms};
use crate::recordings::Side;
use crate::socket::Reaction;
use crate::world::{World, later};

/// How long the audio of one message is.
pub(super) const PIECE_MS: u64 = twilio::stream::FRAME_MS as u64;
const PIECE_BYTES: usize = twilio::stream::FRAME_MS * twilio::stream::BYTES_A_MS;
/// Silence in µ-law.
const SILENCE: u8 = 0xff;
/// The samples of one wave of a tone of 400 Hz.
const WAVE: usize = 20;
const LOUDNESS: f64 = 8_000.0;
/// How much of a piece must be spoken for all of it to be.
const HEARD_MS: u64 = PIECE_MS / 2;
/// The most audio that waits to be played, in milliseconds; what is above it is thrown away.
const QUEUE_MS_MAX: u64 = 600_000;

impl World {
    /// Sends the audio of the last 20 ms.
    pub(crate) fn stream_pieces(&mut self, id: CallId) {
        let now = self.now;
        let (far, near) = (self.far_speaks_since(id), self.near_speaks_since(id));
        let Some(live) = self.calls.live_mut(id) else { return };
        let mut goes_on = false;
        for stream in live.streams.iter_mut().filter(|stream| stream.is_open) {
            goes_on = true;
            while (stream.pieces + 1) * PIECE_MS <= elapsed_ms(stream.began, now) {
                let heard_ms = [stream.heard_ms(Side::Far, far, now), stream.heard_ms(Side::Near, near, now)];
                stream.pieces += 1;
                for track in stream.tracks() {
                    let heard_ms = if *track == "inbound" { heard_ms[0] } else { heard_ms[1] };
                    let media = FromTwilio::Media {
                        sequence_number: stream.next_number(),
                        media: Media {
                            track: (*track).to_owned(),
                            chunk: stream.pieces,
                            timestamp_ms: stream.pieces * PIECE_MS,
                            payload: if heard_ms >= HEARD_MS { tone() } else { vec![SILENCE; PIECE_BYTES] },
                        },
                        stream_sid: stream.sid.as_str().to_owned(),
                    };
                    stream.says(&media, Reaction::None);
                }
            }
            let sent_until = later(stream.began, stream.pieces * PIECE_MS);
            stream.sounds.retain(|(_, _, until)| *until > sent_until);
        }
        if goes_on {
            self.wake_in(id, Wake::StreamPiece, PIECE_MS);
        }
    }

    /// Somebody spoke from then until now.
    pub(crate) fn streams_hear(&mut self, id: CallId, side: Side, since: Timestamp) {
        let now = self.now;
        let Some(live) = self.calls.live_mut(id) else { return };
        for stream in live.streams.iter_mut().filter(|stream| stream.is_open) {
            stream.sounds.push((side, since, now));
        }
    }

    fn far_speaks_since(&self, id: CallId) -> Option<Timestamp> {
        Some(self.calls.live(id)?.voice.as_ref()?.began)
    }

    /// TwiML speaks, or whoever the call is joined with.
    fn near_speaks_since(&self, id: CallId) -> Option<Timestamp> {
        let speaking = self.calls.live(id)?.speaking.as_ref();
        let is_heard = |sound: &Sound| !matches!(sound, Sound::Silence { .. } | Sound::Music);
        let by_twiml = speaking.filter(|speaking| is_heard(&speaking.sound)).map(|speaking| speaking.began);
        let voices = self.speakers(id).into_iter().filter_map(|other| self.far_speaks_since(other));
        by_twiml.into_iter().chain(voices).min()
    }

    /// A key is pressed while a program may speak.
    pub(crate) fn stream_hears_key(&mut self, id: CallId, serial: u64, key: char) {
        let Some(stream) = self.stream_mut(id, serial).filter(|stream| stream.is_open) else { return };
        let dtmf = FromTwilio::Dtmf {
            stream_sid: stream.sid.as_str().to_owned(),
            sequence_number: stream.next_number(),
            dtmf: Dtmf { track: "inbound_track".to_owned(), digit: key.to_string() },
        };
        stream.says(&dtmf, Reaction::Possible);
    }

    /// A message of the program.
    pub(crate) fn stream_told(&mut self, id: CallId, serial: u64, text: &str) {
        let Some(stream) = self.stream_mut(id, serial) else { return };
        if !stream.is_two_way {
            let detail = "a program that only listens has said something";
            return self.debug_call(id, StreamError::Event.code(), detail);
        }
        match ToTwilio::parse(text) {
            Ok(ToTwilio::Media { media, .. }) => {
                let ms = (media.payload.len() / twilio::stream::BYTES_A_MS) as u64;
                self.stream_queues(id, serial, ms);
            }
            Ok(ToTwilio::Mark { mark, .. }) => {
                stream.queue.push_back(Piece::Mark(mark.name));
                self.stream_plays(id, serial);
            }
            Ok(ToTwilio::Clear { .. }) => self.stream_clears(id, serial),
            Err(error) => self.debug_call(id, error.code(), error.to_string()),
        }
    }

    fn stream_queues(&mut self, id: CallId, serial: u64, ms: u64) {
        let Some(stream) = self.stream_mut(id, serial) else { return };
        let waiting: u64 = stream
            .queue
            .iter()
            .map(|piece| match piece {
                Piece::Audio { ms } => *ms,
                Piece::Mark(_) => 0,
            })
            .sum();
        if waiting + ms > QUEUE_MS_MAX {
            return self.debug_call(id, 31930, "more audio waits to be played than is kept");
        }
        match stream.queue.back_mut() {
            Some(Piece::Audio { ms: present }) => *present += ms,
            _ => stream.queue.push_back(Piece::Audio { ms }),
        }
        self.stream_plays(id, serial);
    }

    /// Plays what comes next, unless something is being played.
    pub(crate) fn stream_plays(&mut self, id: CallId, serial: u64) {
        while self.calls.live(id).is_some_and(|live| live.speaking.is_none()) {
            let Some(stream) = self.stream_mut(id, serial) else { return };
            match stream.queue.pop_front() {
                Some(Piece::Mark(name)) => self.stream_marks(id, serial, name),
                Some(Piece::Audio { ms }) if ms > 0 => {
                    let url = format!("stream:{}", stream.sid.as_str());
                    self.play(id, Playback::of([Item::Play { url, ms: Some(ms), loops: 1 }]));
                }
                Some(Piece::Audio { .. }) => {}
                None => return self.quiet_begins(id),
            }
        }
    }

    /// What was played so far has reached a mark.
    fn stream_marks(&mut self, id: CallId, serial: u64, name: String) {
        let Some(stream) = self.stream_mut(id, serial) else { return };
        let mark = FromTwilio::Mark {
            sequence_number: stream.next_number(),
            stream_sid: stream.sid.as_str().to_owned(),
            mark: Mark { name },
        };
        stream.says(&mark, Reaction::Possible);
    }

    /// Throws away what waits to be played; its marks come back at once.
    fn stream_clears(&mut self, id: CallId, serial: u64) {
        let Some(stream) = self.stream_mut(id, serial) else { return };
        let queue = std::mem::take(&mut stream.queue);
        self.stop_playing(id);
        for piece in queue {
            if let Piece::Mark(name) = piece {
                self.stream_marks(id, serial, name);
            }
        }
        self.quiet_begins(id);
    }
}

/// 20 ms of a tone.
fn tone() -> Vec<u8> {
    (0..PIECE_BYTES)
        .map(|at| {
            let turn = (at % WAVE) as f64 / WAVE as f64 * std::f64::consts::TAU;
            mu_law((turn.sin() * LOUDNESS) as i16)
        })
        .collect()
}

/// A sample in the µ-law of G.711.
fn mu_law(sample: i16) -> u8 {
    const BIAS: u16 = 0x84;
    const CLIP: u16 = 32_635;
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = sample.unsigned_abs().min(CLIP) + BIAS;
    // The highest bit that is set, from the eighth on, which the bias makes sure of.
    let exponent = 8 - u8::try_from(magnitude.leading_zeros()).unwrap_or(8).min(8);
    let mantissa = u8::try_from((magnitude >> (exponent + 3)) & 0x0f).unwrap_or(0);
    !(sign | (exponent << 4) | mantissa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_written_as_g711_has_them() {
        for (sample, byte) in [(0, 0xff), (-1, 0x7f), (32_635, 0x80), (-32_635, 0x00), (1_000, 0xce)] {
            assert_eq!(mu_law(sample), byte, "{sample}");
        }
        assert_eq!(tone().len(), 160);
    }
}
