//! The REST API as its callers meet it.

#![expect(clippy::unwrap_used, reason = "a harness that fails is a test that fails")]

mod agents;
pub(crate) mod caller;
mod door;
mod events;
mod idempotency;
mod openapi;
mod refusals;
mod resources;
mod runs;
