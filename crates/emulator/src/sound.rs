//! Sound that is made here: tones where somebody speaks, silence where nobody does.

use bytes::Bytes;

use crate::recordings::{Recording, Side};

/// Samples in a second, and in a piece of 20 ms.
const RATE: u32 = 8_000;
const PIECE: usize = 160;
const PIECE_MS: u64 = 20;
/// A second of pieces is made at a time.
const PIECES_AT_ONCE: u64 = 50;
/// The pitch of the far end of a call and of this one, and how loud they are.
const FAR_HZ: f64 = 440.0;
const NEAR_HZ: f64 = 620.0;
const LOUDNESS: f64 = 6_000.0;
/// A frame of MPEG-2.5 layer III with nothing in it: 8 kHz, 8 kbit/s, one channel; 576 samples in 72 bytes.
const MP3_FRAME: [u8; 4] = [0xff, 0xe3, 0x18, 0xc0];
const MP3_FRAME_BYTES: usize = 72;
const MP3_FRAME_MS: u64 = 72;

/// The bytes of a recording, made as they are read.
pub(crate) struct Sound {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: u64,
    pub(crate) pieces: Box<dyn Iterator<Item = Bytes> + Send>,
}

impl std::fmt::Debug for Sound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sound").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// A recording as WAV, 16 bits a sample, in one channel or in two: the far end of the call, and this one.
pub(crate) fn wav(recording: &Recording, channels: u8) -> Sound {
    let (from, until) = recording.span();
    let count = (until - from).div_ceil(PIECE_MS);
    let channels = channels.clamp(1, 2);
    let bytes = count * PIECE as u64 * 2 * u64::from(channels);
    let sounds = recording.sounds.clone();
    let head = head(u32::try_from(bytes).unwrap_or(u32::MAX), channels);
    let body = (0..count.div_ceil(PIECES_AT_ONCE)).map(move |second| {
        let mut samples = Vec::with_capacity(PIECE * 2 * usize::from(channels) * PIECES_AT_ONCE as usize);
        for piece in second * PIECES_AT_ONCE..((second + 1) * PIECES_AT_ONCE).min(count) {
            let at = from + piece * PIECE_MS;
            let is_heard =
                |side| sounds.iter().any(|(other, begin, end)| *other == side && *begin <= at && at < *end);
            write_piece(&mut samples, piece, channels, is_heard(Side::Far), is_heard(Side::Near));
        }
        Bytes::from(samples)
    });
    Sound {
        content_type: "audio/x-wav",
        bytes: bytes + head.len() as u64,
        pieces: Box::new(std::iter::once(Bytes::from(head)).chain(body)),
    }
}

/// A recording as MP3: silence of the right length.
pub(crate) fn mp3(recording: &Recording) -> Sound {
    let count = recording.length_ms().div_ceil(MP3_FRAME_MS);
    let mut frame = MP3_FRAME.to_vec();
    frame.resize(MP3_FRAME_BYTES, 0);
    let frame = Bytes::from(frame);
    Sound {
        content_type: "audio/mpeg",
        bytes: count * MP3_FRAME_BYTES as u64,
        pieces: Box::new((0..count).map(move |_| frame.clone())),
    }
}

fn head(bytes: u32, channels: u8) -> Vec<u8> {
    let frame_bytes = u16::from(channels) * 2;
    let mut head = Vec::with_capacity(44);
    head.extend(b"RIFF");
    head.extend(bytes.saturating_add(36).to_le_bytes());
    head.extend(b"WAVEfmt ");
    head.extend(16_u32.to_le_bytes());
    // Plain samples.
    head.extend(1_u16.to_le_bytes());
    head.extend(u16::from(channels).to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend((RATE * u32::from(frame_bytes)).to_le_bytes());
    head.extend(frame_bytes.to_le_bytes());
    head.extend(16_u16.to_le_bytes());
    head.extend(b"data");
    head.extend(bytes.to_le_bytes());
    head
}

fn write_piece(samples: &mut Vec<u8>, piece: u64, channels: u8, far: bool, near: bool) {
    for index in 0..PIECE {
        let at = (piece * PIECE as u64 + index as u64) as f64 / f64::from(RATE);
        let tone = |is_heard: bool, hz: f64| match is_heard {
            true => LOUDNESS * (at * hz * std::f64::consts::TAU).sin(),
            false => 0.0,
        };
        let (far, near) = (tone(far, FAR_HZ), tone(near, NEAR_HZ));
        let written: [f64; 2] = if channels == 2 { [far, near] } else { [(far + near) / 2.0, 0.0] };
        for sample in &written[..usize::from(channels)] {
            // Within ±LOUDNESS, so that nothing is cut off by the conversion.
            samples.extend((*sample as i16).to_le_bytes());
        }
    }
}
