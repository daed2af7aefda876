//! The loop: claim, advance, commit, perform.
