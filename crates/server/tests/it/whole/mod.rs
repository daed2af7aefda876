//! The whole server against the emulator.

#![expect(clippy::unwrap_used, reason = "a harness that fails is a test that fails")]

mod after_calls;
pub(crate) mod app;
mod calls;
mod conversations;
mod credentials;
mod demo;
mod followed;
mod hooks;
mod incoming_calls;
mod interviews;
mod models;
mod outages;
mod processes;
mod prompts;
mod relay;
mod retired;
mod secrets;
mod senders;
mod talks;
mod templates;
mod text_agents;
mod tools;
mod unknown_sends;
mod waiting;
mod webhooks;
mod whatsapp_agents;
