//! One suite for both databases: every case meets a fresh one.

#![expect(clippy::unwrap_used, reason = "a case that meets the unexpected has failed")]

mod commits;
mod database;
mod messages;
mod runs;
mod samples;
mod tasks;
