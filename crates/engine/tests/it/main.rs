//! The engine through its public faces.

mod build;
mod texts;
