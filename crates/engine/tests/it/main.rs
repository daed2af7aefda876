//! The engine through its public faces.

mod build;
mod outcomes;
mod statuses;
mod texts;
