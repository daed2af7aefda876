//! One suite for both databases: every case meets a fresh one.

mod commits;
mod database;
mod messages;
mod runs;
mod samples;
mod tasks;
