//! Just enough HTTP/1.1 for a benchmark on loopback: keep-alive, and bodies with a length.

use std::io;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Reads whole messages from one connection.
#[derive(Default)]
pub struct Reader {
    buffer: Vec<u8>,
}

/// One request or answer: its first line, and its body.
pub struct Message {
    pub first_line: String,
    pub body: Vec<u8>,
}

impl Reader {
    /// The next message; nothing where the peer closed between two.
    pub async fn next(&mut self, stream: &mut TcpStream) -> io::Result<Option<Message>> {
        loop {
            if let Some((message, used)) = parse(&self.buffer)? {
                self.buffer.drain(..used);
                return Ok(Some(message));
            }
            let mut chunk = [0_u8; 16 * 1024];
            let count = stream.read(&mut chunk).await?;
            if count == 0 {
                return if self.buffer.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
            self.buffer.extend_from_slice(&chunk[..count]);
        }
    }
}

fn parse(buffer: &[u8]) -> io::Result<Option<(Message, usize)>> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&buffer[..end]).map_err(io::Error::other)?;
    let mut lines = head.split("\r\n");
    let first_line = lines.next().unwrap_or_default().to_owned();
    let mut length = 0;
    for line in lines {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let used = end + 4 + length;
    if buffer.len() < used {
        return Ok(None);
    }
    Ok(Some((Message { first_line, body: buffer[end + 4..used].to_vec() }, used)))
}
