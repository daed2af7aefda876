//! Reads bodies of requests within limits of size and time.

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt as _;
use std::time::Duration;

/// Longest time for a whole body: whoever needs longer holds a connection for nothing.
const READ_LIMIT: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is too large")]
    TooLarge,
    /// It broke off, or did not come in time.
    #[error("the body did not come whole")]
    Incomplete,
}

/// A body of at most `bytes_max`.
pub(crate) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, BodyError> {
    read_within(body, bytes_max, READ_LIMIT).await
}

async fn read_within(body: Body, bytes_max: usize, limit: Duration) -> Result<Bytes, BodyError> {
    let announced = body.size_hint();
    if announced.lower() > bytes_max as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut pieces = body.into_data_stream();
    let reading = async {
        let next = |error: axum::Error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "a body broke off");
            BodyError::Incomplete
        };
        let first = pieces.try_next().await.map_err(next)?.unwrap_or_default();
        if first.len() > bytes_max {
            return Err(BodyError::TooLarge);
        }
        // Nearly every body comes in one piece.
        if announced.exact() == Some(first.len() as u64) {
            return Ok(first);
        }
        let mut whole = BytesMut::from(first);
        while let Some(piece) = pieces.try_next().await.map_err(next)? {
            if whole.len() + piece.len() > bytes_max {
                return Err(BodyError::TooLarge);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    };
    tokio::time::timeout(limit, reading).await.unwrap_or(Err(BodyError::Incomplete))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(pieces: &'static [&'static str]) -> Body {
        let pieces = pieces.iter().map(|piece| Ok::<_, std::io::Error>(*piece));
        Body::from_stream(futures::stream::iter(pieces))
    }

    #[tokio::test]
    async fn bodies_are_read_whole_up_to_their_limit() {
        assert_eq!(read(Body::from("abcd"), 4).await.as_deref(), Ok(&b"abcd"[..]));
        assert_eq!(read(Body::from("abcde"), 4).await, Err(BodyError::TooLarge));
        assert_eq!(read(Body::empty(), 4).await.as_deref(), Ok(&b""[..]));
        assert_eq!(read(pieces(&["ab", "cd"]), 4).await.as_deref(), Ok(&b"abcd"[..]));
        assert_eq!(read(pieces(&["ab", "cde"]), 4).await, Err(BodyError::TooLarge));
        let broken = futures::stream::iter([Ok("ab"), Err(std::io::Error::other("reset"))]);
        assert_eq!(read(Body::from_stream(broken), 4).await, Err(BodyError::Incomplete));
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read_within(endless, 4, Duration::from_millis(1)).await, Err(BodyError::Incomplete));
    }
}
