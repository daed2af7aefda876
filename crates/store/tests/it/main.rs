//! One suite for both databases: every case meets a fresh one.

#![expect(clippy::unwrap_used, reason = "a case that meets the unexpected has failed")]

mod backups;
mod calls;
mod commits;
mod conversations;
mod damage;
mod database;
mod definitions;
mod kills;
mod messages;
mod outages;
mod runs;
mod samples;
mod secrets;
mod tasks;
mod tls;
mod webhooks;
