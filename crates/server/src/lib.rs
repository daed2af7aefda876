//! The binary: configuration, REST API, webhooks, clients, wiring, command line.

pub mod api;
pub mod app;
mod body;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod dev;
pub mod health;
pub mod hooks;
pub mod inbound;
pub mod keys;
pub mod metrics;
pub mod model;
pub mod outbound;
pub mod outgoing;
pub mod tokens;
pub mod tools;
pub mod voice;
pub mod voices;
