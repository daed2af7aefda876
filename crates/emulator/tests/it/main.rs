//! The emulator through its public faces: REST, webhooks, the control API.
#![expect(clippy::unwrap_used, reason = "a test that meets what it did not expect should fail")]

mod accounts;
mod applications;
mod calls;
mod contents;
mod control;
mod create;
mod debugger;
mod faults;
mod guide;
mod inbound;
mod lists;
mod lookups;
mod media;
mod models;
mod numbers;
mod opt_out;
mod receiver;
mod relay;
mod schedule;
mod services;
mod stage;
mod statuses;
mod streams;
mod tls;
mod webhooks;
mod whatsapp;
