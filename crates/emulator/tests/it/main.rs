//! The emulator through its public faces: REST, webhooks, the control API.
#![expect(clippy::unwrap_used, reason = "a test that meets what it did not expect should fail")]

mod create;
mod inbound;
mod lists;
mod opt_out;
mod receiver;
mod schedule;
mod stage;
mod statuses;
mod webhooks;
mod whatsapp;
