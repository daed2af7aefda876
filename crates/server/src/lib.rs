//! The binary: configuration, REST API, webhooks, clients, wiring, command line.

pub mod app;
mod body;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod dev;
pub mod hooks;
pub mod inbound;
pub mod keys;
pub mod outbound;
pub mod tokens;
