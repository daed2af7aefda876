//! One turn: what came in is handed to the host, and what it answers to the provider.

use super::heard;
use super::phrases;
use super::{Line, render, spoken, written};
use crate::outbound::call::with_recording;
use axum::response::Response;
use engine::conversation::{Heard, Out, What};
use host::{Asked, HostError, Told};
use std::time::Duration;
use tokio::time::Instant;

/// How long a caller is let wait for a database that is away. The provider gives up after 15 s.
const PATIENCE: Duration = Duration::from_secs(9);
/// Between two tries.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Lets the conversation of a call hear something, and gives its document.
pub(super) async fn hear(
    line: &Line<'_>,
    turn: u32,
    part: &'static str,
    what: What,
) -> Result<Response, Response> {
    let asked = Asked {
        credential: line.credential.clone(),
        call: line.call.clone(),
        sid: line.sid.clone(),
        part,
        heard: Heard { turn, what },
        said_in: &heard::SAID_IN,
    };
    match patiently(line, &asked).await {
        Ok(Told::Document(document)) => Ok(written(document)),
        Ok(Told::Unknown) => Err(line.unknown()),
        Ok(Told::Over) => Ok(spoken(&phrases::silence())),
        Err(error) => Err(line.apology(&error).await),
    }
}

/// Tells the conversation of a call who answered, and breaks into the call where that changes what is said.
pub(super) async fn detected(line: &Line<'_>, what: What) -> Result<(), HostError> {
    let asked = Asked {
        credential: line.credential.clone(),
        call: line.call.clone(),
        sid: line.sid.clone(),
        part: "detected",
        heard: Heard { turn: 0, what },
        said_in: &heard::SAID_IN,
    };
    let here = line.addresses();
    let scribe = |out: &[Out]| render::document(out, &here).to_xml();
    Box::pin(line.app.host.detect(&asked, &scribe, line.record.clone())).await
}

/// Asks again while the database is away, as long as the provider waits.
async fn patiently(line: &Line<'_>, asked: &Asked) -> Result<Told, HostError> {
    let here = line.addresses();
    let scribe = |out: &[Out]| {
        let document = render::document(out, &here);
        match &line.begins {
            Some(call) => with_recording(call, None, document, &here).to_xml(),
            None => document.to_xml(),
        }
    };
    let give_up = Instant::now() + PATIENCE;
    loop {
        match Box::pin(line.app.host.converse(asked, &scribe, line.record.clone())).await {
            Err(error) if error.is_temporary() && Instant::now() < give_up => {
                tracing::warn!(call = %asked.call, error = &error as &dyn std::error::Error, "a caller waits");
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
            other => return other,
        }
    }
}
