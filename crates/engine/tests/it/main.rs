//! The engine through its public faces.

mod broken;
mod build;
mod golden;
mod good;
mod outcomes;
mod reading;
mod statuses;
mod texts;
