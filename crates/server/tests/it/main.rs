//! The one integration-test binary of this crate.

mod kill;
mod tidy;
mod whole;
