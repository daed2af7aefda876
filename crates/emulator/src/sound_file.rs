//! Files of sound: how long one plays, by its head.

/// How long a file plays; `None` where it is no sound that can be played.
///
/// The length of WAV and AIFF stands in their heads, that of MP3 follows from the bit rate of its first
/// frame, that of raw µ-law and GSM from its size.
pub(crate) fn length_ms(content_type: Option<&str>, bytes: &[u8]) -> Option<u64> {
    let essence = content_type?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let size = bytes.len() as u64;
    match essence.as_str() {
        "audio/mpeg" | "audio/mp3" => Some(mp3_ms(bytes)),
        "audio/wav" | "audio/wave" | "audio/x-wav" => Some(wav_ms(bytes).unwrap_or(size / 16)),
        "audio/aiff" | "audio/x-aifc" | "audio/x-aiff" => Some(size / 16),
        "audio/x-gsm" | "audio/gsm" => Some(size * 20 / 33),
        "audio/ulaw" | "audio/basic" | "audio/x-mulaw" => Some(size / 8),
        _ => None,
    }
}

/// By the byte rate and the length of the samples.
fn wav_ms(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u64::from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)));
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut at = 12;
    let mut bytes_per_s = None;
    loop {
        let size = number(at + 4)?;
        match bytes.get(at..at + 4)? {
            b"fmt " => bytes_per_s = Some(number(at + 16)?.max(1)),
            // A writer that streams does not know the size; then the file's own end counts.
            b"data" => return Some(size.min(bytes.len() as u64 - at as u64 - 8) * 1_000 / bytes_per_s?),
            _ => {}
        }
        at = at.checked_add(8)?.checked_add(usize::try_from(size + (size & 1)).ok()?)?;
    }
}

/// By the bit rate of the first frame.
fn mp3_ms(bytes: &[u8]) -> u64 {
    const KBITS_V1: [u64; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const KBITS_V2: [u64; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let frame = bytes.windows(3).find(|head| head[0] == 0xff && head[1] & 0xe6 == 0xe2 && head[2] >> 4 < 15);
    let kbits = frame.map_or(0, |head| {
        let table = if head[1] & 0x18 == 0x18 { KBITS_V1 } else { KBITS_V2 };
        table[usize::from(head[2] >> 4)]
    });
    bytes.len() as u64 * 8 / if kbits == 0 { 64 } else { kbits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_follow_from_heads_and_sizes() {
        let mut wav =
            b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
        wav.extend(32_000_u32.to_le_bytes());
        wav.extend(vec![0; 32_000]);
        assert_eq!(length_ms(Some("audio/wav"), &wav), Some(2_000));
        let mut mp3 = vec![0xff, 0xfb, 0x90, 0x00];
        mp3.extend(vec![0; 15_996]);
        assert_eq!(length_ms(Some("audio/mpeg; x=y"), &mp3), Some(1_000));
        assert_eq!(length_ms(Some("audio/basic"), &[0; 8_000]), Some(1_000));
        assert_eq!(length_ms(Some("text/html"), b"<html>"), None);
        assert_eq!(length_ms(None, b""), None);
    }
}
