//! The host against a made-up world: a provider that misbehaves by a seed, and crashes.

mod clock;
mod drive;
mod line;
mod simulation;
mod talk;
mod world;
