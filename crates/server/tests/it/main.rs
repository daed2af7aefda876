//! The one integration-test binary of this crate.

mod api;
mod cli;
mod kill;
mod tidy;
mod whole;
