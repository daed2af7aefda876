//! The wire formats through their public faces.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod callbacks;
mod calls;
mod live;
mod messages;
mod overrides;
mod resources;
mod signatures;
mod twiml;
mod voice_twiml;

use twilio::form::Pairs;

/// Pairs from literals.
fn pairs(list: &[(&str, &str)]) -> Pairs {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
