//! The lines of a stream of events, however they are cut into packets.

/// The longest line that is taken, in bytes.
const LINE_BYTES_MAX: usize = 1024 * 1024;

#[derive(Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
}

/// A line is longer than can be right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Lines {
    /// Takes a packet in, and gives what stood behind `data:` in every line that it completed. Comments, other
    /// fields and blank lines say nothing.
    pub(super) fn push(&mut self, packet: &[u8]) -> Result<Vec<String>, TooLong> {
        self.pending.extend_from_slice(packet);
        let Some(last) = self.pending.iter().rposition(|byte| *byte == b'\n') else {
            return if self.pending.len() > LINE_BYTES_MAX { Err(TooLong) } else { Ok(Vec::new()) };
        };
        let rest = self.pending.split_off(last + 1);
        let whole = std::mem::replace(&mut self.pending, rest);
        Ok(whole.split(|byte| *byte == b'\n').filter_map(data).collect())
    }

    /// The stream is over: the last line may lack its end.
    pub(super) fn finish(&mut self) -> Option<String> {
        data(&std::mem::take(&mut self.pending))
    }
}

fn data(line: &[u8]) -> Option<String> {
    let data = line.strip_prefix(b"data:")?;
    let text = String::from_utf8_lossy(data);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let stream =
            "data: {\"a\":1}\n\n: comment\r\n\r\ndata:{\"b\":\"é\"}\r\nevent: x\nid: 1\ndata: [DONE]";
        let expected = ["{\"a\":1}", "{\"b\":\"é\"}", "[DONE]"];
        for size in 1..stream.len() {
            let mut lines = Lines::default();
            let mut found: Vec<String> =
                stream.as_bytes().chunks(size).flat_map(|packet| lines.push(packet).unwrap()).collect();
            found.extend(lines.finish());
            assert_eq!(found, expected, "in packets of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut lines = Lines::default();
        let packet = vec![b'x'; LINE_BYTES_MAX / 2 + 1];
        assert_eq!(lines.push(&packet), Ok(Vec::new()));
        assert_eq!(lines.push(&packet), Err(TooLong));
    }
}
