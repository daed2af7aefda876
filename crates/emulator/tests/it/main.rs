//! The emulator through its public faces: REST, webhooks, the control API.
#![expect(clippy::unwrap_used, reason = "a test that meets what it did not expect should fail")]

mod accounts;
mod calls;
mod control;
mod create;
mod faults;
mod guide;
mod inbound;
mod lists;
mod media;
mod models;
mod numbers;
mod opt_out;
mod receiver;
mod schedule;
mod services;
mod stage;
mod statuses;
mod webhooks;
mod whatsapp;
